"""Label Studio, out: tasks with the annotations of every annotator and the output of a model, and the config."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from standpunt.annotation.arguments import Sentence
from standpunt.annotation.layers import Label
from standpunt.annotation.standoff import check_name
from standpunt.corpora.corpus import ADJUDICATED
from standpunt.debate import Debate, Span, Turn
from standpunt.errors import InputError
from standpunt.exchange.annotations import Annotations, refuse_existing
from standpunt.exchange.label_studio_config import COMPONENT, EVIDENCE, FRAME, STANCE, TEXT, labelling_config
from standpunt.storage.files import atomic_folder

TASKS, CONFIG = "tasks.json", "config.xml"
# Label Studio knows annotators by e-mail address; a name that is none becomes one here.
DOMAIN = "standpunt.invalid"


def export_label_studio(
    annotations: Annotations,
    out: str | os.PathLike[str],
    *,
    issues: Sequence[str] | None = None,
    predictions: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """Write tasks.json and config.xml to a new folder, a task a turn that is not the chair's.

    Args:
        annotations: the debate with its layers.
        out: the folder.
        issues: names of further issues that annotators may label; those of the layers are always there.
        predictions: of a model, by turn ordinal; see `standpunt.exchange.predictions`.

    Raises:
        InputError: the folder exists and is not empty, or only the chair speaks.
        StandpuntError: writing failed; nothing is left behind.
    """
    refuse_existing(out)
    for annotator in annotations.annotators:
        check_name(annotator, str(out))
    names = tuple(dict.fromkeys([*annotations.issues, *(issues or ())]))
    labels = {
        name: _by_turn((label.turn, label) for label in layer.labels) for name, layer in annotations.stance.items()
    }
    sentences = {
        name: _by_turn((sentence.turn, sentence) for sentence in layer.sentences)
        for name, layer in annotations.arguments.items()
    }
    tasks = []
    for turn in annotations.debate.turns:
        if turn.speaker.role == "chair":
            continue
        done = []
        for name in annotations.annotators:
            here, read = labels.get(name, {}).get(turn.ordinal, []), sentences.get(name, {}).get(turn.ordinal, [])
            # An annotator with a stance layer has looked at every turn, though many address no issue.
            if name in annotations.stance or read:
                result = [*_sentences(turn, read), *(item for label in here for item in _stance(turn, label))]
                who = {"email": address(name), "first_name": name, "last_name": ""}
                done.append({"completed_by": who, "ground_truth": name == ADJUDICATED, "result": result})
        tasks.append(
            {
                "id": turn.ordinal,
                "data": task_data(annotations, turn, names),
                "annotations": done,
                "predictions": [predictions[turn.ordinal]] if predictions and turn.ordinal in predictions else [],
            }
        )
    if not tasks:
        raise InputError(f"{annotations.source.title!r}: only the chair speaks; there is no turn to annotate")
    with atomic_folder(out) as folder:
        (folder / TASKS).write_text(tasks_text(tasks), encoding="utf-8")
        (folder / CONFIG).write_text(labelling_config(names, annotations.definitions), encoding="utf-8")


def task_data(annotations: Annotations, turn: Turn, issues: Sequence[str]) -> dict[str, Any]:
    """Return what annotators see of a turn, and what an import needs: the text's hash, the layers there are."""
    party = f" ({turn.speaker.party})" if turn.speaker.party else ""
    layers: list[dict[str, Any]] = [
        {"layer": "stance", "annotator": name, "codebook": layer.codebook, "issues": list(layer.issues)}
        for name, layer in sorted(annotations.stance.items())
    ]
    layers += [
        {"layer": "arguments", "annotator": name, "codebook": layer.codebook}
        for name, layer in sorted(annotations.arguments.items())
    ]
    return {
        "heading": f"{turn.speaker.name}{party}, {turn.kind}",
        "text": turn.text,
        "answered": _answered(annotations.debate, turn),
        "debate": annotations.source.title,
        "date": annotations.source.date,
        "sha256": annotations.source.sha256,
        "turn": turn.id,
        "ordinal": turn.ordinal,
        "speaker": turn.speaker.name,
        "party": turn.speaker.party,
        "role": turn.speaker.role,
        "kind": turn.kind,
        "replies_to": turn.replies_to,
        "issues": list(issues),
        "layers": layers,
    }


def stance_result(issue: str, label: str) -> dict[str, Any]:
    """Return a stance on an issue as a result of its control."""
    control = {"id": f"stance-{issue}", "from_name": f"{STANCE}{issue}", "to_name": TEXT, "type": "choices"}
    return {**control, "value": {"choices": [label]}}


def tasks_text(tasks: Iterable[Mapping[str, Any]]) -> str:
    """Return the text of a file of tasks."""
    return json.dumps(list(tasks), ensure_ascii=False, indent=1) + "\n"


def address(annotator: str) -> str:
    """Return the e-mail address of an annotator: the name itself if it is one, else one in a domain of ours.

    Such an address has small letters only, so that nothing that lowers addresses makes two annotators one.
    """
    if "@" in annotator:
        return annotator
    parts = (f"%{ord(char):02x}" if "A" <= char <= "Z" else quote(char, safe="").lower() for char in annotator)
    return f"{''.join(parts)}@{DOMAIN}"


def _by_turn(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    by_turn: dict[int, list[Any]] = {}
    for ordinal, item in pairs:
        by_turn.setdefault(ordinal, []).append(item)
    return by_turn


def _answered(debate: Debate, turn: Turn) -> str:
    if turn.replies_to is None:
        return ""
    other = debate.turn(turn.replies_to)
    return f"{other.speaker.name}: {other.text}"


def _stance(turn: Turn, label: Label) -> Iterable[dict[str, Any]]:
    yield stance_result(label.issue, label.label)
    for number, span in enumerate(label.evidence, start=1):
        yield _region(f"evidence-{label.issue}-{number}", EVIDENCE, turn, span, {"labels": [label.issue]})


def _sentences(turn: Turn, sentences: Sequence[Sentence]) -> Iterable[dict[str, Any]]:
    names = {sentence.span: f"sentence-{number}" for number, sentence in enumerate(sentences, start=1)}
    for sentence in sentences:
        name = names[sentence.span]
        yield _region(name, COMPONENT, turn, sentence.span, {"labels": [sentence.component]})
        if sentence.frame:
            yield _region(name, FRAME, turn, sentence.span, {"choices": [sentence.frame]}, "choices")
    for sentence in sentences:
        if sentence.target:
            yield {
                "type": "relation",
                "from_id": names[sentence.span],
                "to_id": names[sentence.target],
                "direction": "right",
                "labels": [sentence.relation],
            }


def _region(
    name: str, control: str, turn: Turn, span: Span, value: Mapping[str, Any], kind: str = "labels"
) -> dict[str, Any]:
    place = {"start": span[0], "end": span[1], "text": turn.text[span[0] : span[1]]}
    return {"id": name, "from_name": control, "to_name": TEXT, "type": kind, "value": {**place, **value}}
