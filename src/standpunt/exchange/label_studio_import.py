"""Label Studio, in: its JSON export becomes layers again; exports that lose something are refused."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from standpunt.annotation.arguments import Sentence
from standpunt.annotation.layers import Label
from standpunt.annotation.standoff import whole_number
from standpunt.debate import Span, Turn
from standpunt.errors import LayerError
from standpunt.exchange.annotations import Annotations
from standpunt.exchange.collector import Collector
from standpunt.exchange.label_studio import DOMAIN
from standpunt.exchange.label_studio_config import COMPONENT, EVIDENCE, FRAME, STANCE

_MIN_KEYS = {"annotator", "annotation_id", "lead_time"}
_MALFORMED = (KeyError, TypeError, AttributeError, ValueError, IndexError, OverflowError)


def import_label_studio(path: Path, debate: Annotations, people: Mapping[str, str] | None = None) -> Annotations:
    """Read the annotations in a JSON export of Label Studio; what a model predicted is passed over.

    Args:
        path: the file.
        debate: the debate it is about; its own layers do not count.
        people: names of annotators by Label Studio's number or e-mail address, for exports that give numbers only.

    Raises:
        LayerError: the file is another export, is about another text, or an annotation in it is wrong.
    """
    collector = Collector(debate)
    seen: set[tuple[int, str]] = set()
    for number, task in enumerate(_tasks(path), start=1):
        where = f"{path}, task {number}"
        try:
            data, annotations = task["data"], task.get("annotations") or []
            collector.source(data["sha256"], where)
            turn = collector.turn(data["ordinal"], where)
            # Every character counts: offsets are made in the file's text.
            collector.text(turn, data["text"] == turn.text, where)
            issues = [str(issue) for issue in data["issues"]]
            # A task of annotate next asks about some of them only, and not about sentences.
            asked = [str(issue) for issue in data.get("asked", issues)]
            _declare(collector, data["layers"], where)
            done = [item for item in annotations if not item.get("was_cancelled")]
        except _MALFORMED:
            raise LayerError(
                f"{where}: not a task as standpunt exports them; expected data with sha256, ordinal, text, issues and "
                "layers, and a list of annotations"
            ) from None
        for annotation in done:
            annotator = _annotator(annotation.get("completed_by"), people or {}, where)
            if (turn.ordinal, annotator) in seen:
                raise LayerError(f"{where}: {annotator} has annotated turn {turn.ordinal} twice; keep one of the two")
            seen.add((turn.ordinal, annotator))
            if issues and not (collector.has(annotator, "stance") or collector.has(annotator, "arguments")):
                collector.stance_layer(annotator, issues, where)
            place = f"{where} (turn {turn.ordinal}), {annotator}"
            _Annotation(turn, issues, place).read(annotation.get("result"), collector, annotator)
            for issue in asked:
                collector.saw_pair(annotator, turn.ordinal, issue)
            if "asked" not in data:
                collector.read_turn(annotator, turn.ordinal)
    return collector.annotations()


def _tasks(path: Path) -> Sequence[dict[str, Any]]:
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise LayerError(f"{path}: cannot be read ({error.strerror}); expected a JSON export of Label Studio") from None
    if not text.lstrip().startswith(("[", "{")):
        raise LayerError(
            f"{path}: not JSON; an export as CSV, TSV or CoNLL does not keep the annotations of each annotator apart "
            "with their links, choose JSON in Label Studio's export"
        )
    try:
        tasks = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LayerError(f"{path}: damaged JSON ({error}); export it once more from Label Studio") from None
    if not tasks or not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise LayerError(f"{path}: expected a list of tasks, as Label Studio's JSON export gives it")
    if any("data" not in task and _MIN_KEYS & task.keys() for task in tasks):
        raise LayerError(
            f"{path}: a JSON_MIN export; it leaves out links between sentences and which frame belongs to which "
            "sentence, choose JSON in Label Studio's export"
        )
    return tasks


def _declare(collector: Collector, layers: Sequence[Mapping[str, Any]], where: str) -> None:
    for layer in layers:
        codebook = whole_number(layer["codebook"])
        if layer["layer"] == "stance":
            collector.stance_layer(layer["annotator"], layer["issues"], where, codebook)
        else:
            collector.argument_layer(layer["annotator"], where, codebook)


def _annotator(who: object, people: Mapping[str, str], where: str) -> str:
    if isinstance(who, dict):
        for key in (who.get("id"), who.get("email")):
            if str(key) in people:
                return people[str(key)]
        who = who.get("email") or who.get("id")
    if str(who) in people:
        return people[str(who)]
    if isinstance(who, str) and "@" in who:
        return unquote(who.removesuffix(f"@{DOMAIN}")) if who.endswith(f"@{DOMAIN}") else who
    if who is None:
        raise LayerError(f"{where}: an annotation without completed_by; without its annotator it belongs to no layer")
    raise LayerError(f"{where}: completed_by is {who!r}, a number of Label Studio's; say who it is: --who {who}=NAME")


class _Annotation:
    """The results of one annotator on one turn."""

    def __init__(self, turn: Turn, issues: Sequence[str], where: str) -> None:
        self._turn, self._issues, self._where = turn, issues, where
        self._stance: dict[str, str] = {}
        self._evidence: dict[str, list[Span]] = {}
        self._components: dict[str, tuple[str, Span]] = {}
        self._frames: dict[str, str] = {}
        self._links: dict[str, tuple[str, str]] = {}

    def read(self, results: object, collector: Collector, annotator: str) -> None:
        """Hand all labels and sentences to the collector."""
        for item in results if isinstance(results, list) else [results]:
            try:
                self._result(item, collector)
            except _MALFORMED:
                raise LayerError(
                    f"{self._where}: not a result that the exported config makes: {json.dumps(item)[:80]}"
                ) from None
        self._hand_over_stance(collector, annotator)
        self._hand_over_sentences(collector, annotator)

    def _result(self, item: dict[str, Any], collector: Collector) -> None:
        if item["type"] == "relation":
            self._link(item)
            return
        control, value = item["from_name"], item["value"]
        if control.startswith(STANCE):
            self._once(self._stance, control.removeprefix(STANCE), _one(value["choices"]), "stance")
        elif control == FRAME:
            self._once(self._frames, item["id"], _one(value["choices"]), "frame")
        elif control in (EVIDENCE, COMPONENT):
            span = collector.quote(self._turn, value["start"], value["end"], value.get("text"), self._where)
            if control == COMPONENT:
                self._once(self._components, item["id"], (_one(value["labels"]), span), "component")
            else:
                for issue in value["labels"]:
                    self._evidence.setdefault(issue, []).append(span)
        else:
            raise LayerError(f"{self._where}: unknown control {control!r}; it is not in the exported config")

    def _link(self, item: dict[str, Any]) -> None:
        ends = {"right": (item["from_id"], item["to_id"]), "left": (item["to_id"], item["from_id"])}
        direction = item.get("direction", "right")
        if direction not in ends:
            raise LayerError(f"{self._where}: a link in both directions; it goes from a premise to its claim")
        if not item.get("labels"):
            raise LayerError(f"{self._where}: a link that is neither support nor attack; label it or take it away")
        premise, claim = ends[direction]
        self._once(self._links, premise, (_one(item["labels"]), claim), "link")

    def _once(self, taken: dict[str, Any], key: str, value: object, what: str) -> None:
        if key in taken:
            raise LayerError(f"{self._where}: a second {what} for {key}")
        taken[key] = value

    def _hand_over_stance(self, collector: Collector, annotator: str) -> None:
        for issue in self._evidence:
            if issue not in self._stance:
                raise LayerError(f"{self._where}: evidence on {issue} but no stance on it; label it or take it away")
        for issue, label in self._stance.items():
            # A layer grows by an issue that its annotator came to label.
            collector.stance_layer(annotator, [issue] if issue in self._issues else [], self._where)
            evidence = tuple(self._evidence.get(issue, ()))
            speaker = self._turn.speaker.name
            collector.label(annotator, Label(self._turn.ordinal, issue, label, speaker, evidence), self._where)

    def _hand_over_sentences(self, collector: Collector, annotator: str) -> None:
        for name in (*self._frames, *self._links, *(claim for _, claim in self._links.values())):
            if name not in self._components:
                raise LayerError(f"{self._where}: {name} has a frame or a link but is no sentence with a component")
        for name, (component, span) in self._components.items():
            collector.argument_layer(annotator, self._where)
            relation, claim = self._links.get(name, (None, None))
            target = self._components[claim][1] if claim is not None else None
            sentence = Sentence(
                self._turn.ordinal, span, self._turn.speaker.name, component, self._frames.get(name), relation, target
            )
            place = f"{self._where}, characters {span[0]}-{span[1]}"
            collector.sentence(annotator, sentence, place)


def _one(values: Sequence[str]) -> str:
    (value,) = values
    if not isinstance(value, str):
        raise TypeError
    return value
