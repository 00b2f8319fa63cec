"""A look at layer files: whether they hold together, what is in them, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from standpunt.annotation.arguments import ArgumentLayer
from standpunt.annotation.layers import Layer
from standpunt.annotation.sources import SOURCE, Source
from standpunt.annotation.standoff import check_speaker, layer_kind
from standpunt.debate import Debate
from standpunt.errors import LayerError

COLUMNS = ("file", "layer", "annotator", "text", "turns", "records", "labels", "oddities")
# Finds the text a source describes; None where it is not at hand.
FindText = Callable[[Path, Source], Debate | None]


def inspect_layer(path: Path, find_text: FindText) -> dict[str, Any]:
    """Check a layer file against its source description, its text where that is at hand, and its sister layers.

    Args:
        path: the layer; its `source.json` lies beside it.
        find_text: gives the debate that a source describes.

    Returns:
        A record with `COLUMNS`: `text` tells whether the anchors were checked in the text or only against the turns of
        `source.json`; `labels` counts what was labelled; `oddities` counts what is missing or out of order.

    Raises:
        LayerError: the layer cannot be read, holds a wrong label or anchor, or belongs to another text.
    """
    source = Source.load(path.parent / SOURCE)
    debate = find_text(path.parent, source)
    kind = layer_kind(path)
    if kind == "arguments":
        layer: Layer | ArgumentLayer = ArgumentLayer.load(path)
        places: list[tuple[Any, ...]] = [(item.turn, item.span) for item in layer.sentences]
        anchors = [(item.turn, item.speaker) for item in layer.sentences]
        labels = Counter(item.component for item in layer.sentences)
    else:
        layer = Layer.load(path)
        places = [(label.turn, label.issue) for label in layer.labels]
        anchors = [(label.turn, label.speaker) for label in layer.labels]
        labels = Counter(label.label for label in layer.labels)
    if debate is not None:
        layer.check(debate, source, str(path))
    else:
        _check_without_text(anchors, layer.sha256, source, path)
    record = _stance(layer, path) if isinstance(layer, Layer) else _arguments(layer, debate)
    record["out of order"] = sum(later < earlier for earlier, later in pairwise(places))
    return {
        "file": str(path),
        "layer": kind,
        "annotator": layer.annotator,
        "text": debate is not None,
        "turns": len({turn for turn, _ in anchors}),
        "records": len(anchors),
        "labels": dict(sorted(labels.items())),
        "oddities": {name: count for name, count in record.items() if count},
    }


def _stance(layer: Layer, path: Path) -> dict[str, int]:
    labelled = {label.issue for label in layer.labels}
    record = {
        "without evidence": sum(not label.evidence for label in layer.labels),
        "issue without a label": sum(issue not in labelled for issue in layer.issues),
    }
    sisters = [Layer.load(other) for other in sorted(path.parent.glob("stance.*.jsonl")) if other != path]
    sisters = [sister for sister in sisters if sister.annotator != "adjudicated"]
    if layer.annotator == "adjudicated" and sisters:
        pairs = [sister.by_pair() for sister in sisters]
        agreed = {pair for pair in pairs[0] if len({other.get(pair) for other in pairs}) == 1}
        anybody = set().union(*pairs)
        record["agreed pair missing"] = len(agreed - layer.by_pair().keys())
        record["agreed pair decided otherwise"] = sum(
            layer.by_pair().get(pair, pairs[0][pair]) != pairs[0][pair] for pair in agreed
        )
        record["pair no annotator labelled"] = len(layer.by_pair().keys() - anybody)
    return record


def _arguments(layer: ArgumentLayer, debate: Debate | None) -> dict[str, int]:
    if debate is None:
        return {}
    spans: dict[int, list[tuple[int, int]]] = {}
    for item in layer.sentences:
        spans.setdefault(item.turn, []).append(item.span)
    return {
        "turn not read": sum(t.speaker.role != "chair" and t.ordinal not in spans for t in debate.turns),
        "text outside sentences": sum(
            not _covered(debate.turn(ordinal).text, parts) for ordinal, parts in spans.items()
        ),
    }


def _covered(text: str, spans: list[tuple[int, int]]) -> bool:
    rest = list(text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    return not "".join(rest).strip()


def _check_without_text(anchors: list[tuple[int, str]], sha256: str, source: Source, path: Path) -> None:
    """Check what can be checked without the text: turns exist, and are spoken by whom the layer says."""
    if sha256 != source.sha256:
        raise LayerError(f"{path}: the layer names another text ({sha256[:12]}) than {SOURCE} does")
    for ordinal, speaker in anchors:
        if not 1 <= ordinal <= len(source.turns):
            raise LayerError(f"{path}: there is no turn {ordinal}; the debate has {len(source.turns)}")
        turn = source.turns[ordinal - 1]
        check_speaker(ordinal, turn.speaker, turn.role, speaker, str(path))
