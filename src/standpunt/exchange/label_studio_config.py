"""The labelling config of Label Studio: which controls annotators see, and what their results are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lxml import etree

from standpunt.annotation.arguments import COMPONENTS, FRAMES, RELATIONS
from standpunt.annotation.issues import Issue
from standpunt.annotation.layers import STANCES

# Names of controls, the `from_name` of results; a stance control is followed by its issue.
TEXT, COMPONENT, FRAME, EVIDENCE, STANCE = "text", "component", "frame", "evidence", "stance_"
_COLOURS = {"claim": "#d95f02", "premise": "#1b9e77", "none": "#999999"}


def labelling_config(issues: Iterable[str], definitions: Mapping[str, Issue]) -> str:
    """Return the config for these issues: sentences with component, frame and links; stance and evidence per issue.

    All controls label the same text, so that every converter that wants one text finds it.

    Args:
        issues: names of the issues to label.
        definitions: of those that are defined; their proposition stands above the labels.
    """
    view = etree.Element("View")
    etree.SubElement(view, "Header", value="$heading")
    etree.SubElement(view, "Text", name="answered", value="$answered")
    _labels(view, COMPONENT, COMPONENTS, _COLOURS)
    issues = tuple(issues)
    if issues:
        etree.SubElement(view, "Header", value="Evidence")
        _labels(view, EVIDENCE, issues, {})
    etree.SubElement(view, "Text", name=TEXT, value="$text")
    premise = {"perRegion": "true", "whenTagName": COMPONENT, "whenLabelValue": "premise"}
    _choices(view, FRAME, FRAMES, premise)
    relations = etree.SubElement(view, "Relations")
    for relation in RELATIONS:
        etree.SubElement(relations, "Relation", value=relation)
    for issue in issues:
        known = definitions.get(issue)
        proposition = f"{issue}: {known.proposition[known.language_for()]}" if known else issue
        etree.SubElement(view, "Header", value=proposition, size="5")
        _choices(view, f"{STANCE}{issue}", STANCES, {})
    etree.indent(view)
    return etree.tostring(view, encoding="unicode") + "\n"


def _labels(view: etree._Element, name: str, values: Iterable[str], colours: Mapping[str, str]) -> None:
    control = etree.SubElement(view, "Labels", name=name, toName=TEXT)
    for value in values:
        label = etree.SubElement(control, "Label", value=value)
        if value in colours:
            label.set("background", colours[value])


def _choices(view: etree._Element, name: str, values: Iterable[str], when: Mapping[str, str]) -> None:
    control = etree.SubElement(view, "Choices", name=name, toName=TEXT, choice="single-radio")
    for key, setting in when.items():
        control.set(key, setting)
    for value in values:
        etree.SubElement(control, "Choice", value=value)
