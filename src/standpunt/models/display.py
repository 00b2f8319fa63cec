"""How a model shows itself, on a line and in a notebook: what it is, what it answers, what it learnt from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from standpunt import html
from standpunt.models.cards import languages_text

if TYPE_CHECKING:
    from standpunt.models.base import Model


_MEASURED = ("labelled debates", "issues it was trained on", "stances", "found", "right of those given")


def line(model: Model) -> str:
    """Return a model on one line: its class, its name, its labels and what it was trained on."""
    return f"<{type(model).__name__} {model.config.name!r}: {', '.join(model.labels)}; {_trained_on(model)}>"


def as_html(model: Model) -> str:
    """Return a model as a card for a notebook."""
    facts = [
        f"{_a(structure(model.config))} model for the task {model.provenance.task}",
        f"answers {', '.join(model.labels)}",
        _trained_on(model),
        f"language: {languages_text(model.provenance.languages)}",
    ]
    measured = [
        (
            ", ".join(one.corpora) + (", cross-validated" if one.cross_validated else ""),
            "yes" if one.known else "no",
            str(one.overall.labelled),
            f"{one.overall.share:.0%}",
            f"{one.overall.share_of_shown:.0%}",
        )
        for one in model.scores.measurements
    ]
    body = html.table(_MEASURED, measured, text=(0, 1)) if measured else ""
    if model.issues:
        body += html.folded(f"knows {len(model.issues)} issues", ", ".join(model.issues))
    if model.reads_issue:
        body += html.paragraph("It also answers on issues that it was not trained on, by what defines them.")
    return html.card(model.config.name, facts, body)


def structure(settings: Any) -> str:
    """Return the family of a model, with the families of those that it is made of: "blend (tfidf, poles)"."""
    values = [getattr(settings, field.name) for field in fields(settings)]
    values += [inner for value in values if isinstance(value, Mapping) for inner in value.values()]
    parts = [structure(value) for value in values if is_dataclass(value) and hasattr(value, "family")]
    return f"{settings.family} ({', '.join(parts)})" if parts else settings.family


def _trained_on(model: Model) -> str:
    provenance = model.provenance
    if not provenance.rows:
        return "not trained here, or it is not recorded on what"
    corpora = f" of {', '.join(provenance.corpora)}" if provenance.corpora else ""
    return f"trained on {provenance.rows:,} rows{corpora}"


def _a(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
