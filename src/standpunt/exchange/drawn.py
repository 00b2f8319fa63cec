"""A sample for an estimate: pairs drawn with known probabilities, kept beside the sheets in which they are labelled."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from standpunt.annotation.layers import Layer
from standpunt.annotation.sampling import SYSTEMATIC, draw, inclusion_probabilities
from standpunt.debate import default_id
from standpunt.errors import InputError, LayerError
from standpunt.exchange.annotations import Annotations
from standpunt.exchange.queue import Pair, all_pairs, predicted, write_queue
from standpunt.models.base import Model
from standpunt.storage.files import atomic_folder, write_text

SUFFIX = ".sample.json"
FILE = f"all{SUFFIX}"  # in a folder of sheets, of all its debates
_PURPOSE = "estimate"


@dataclass(frozen=True)
class DrawnPair:
    """A pair that was drawn, and the probability with which it was."""

    debate: str
    turn: int
    speaker: str
    issue: str
    probability: float


@dataclass(frozen=True)
class DrawnDebate:
    """A debate that pairs were drawn from.

    Attributes:
        sha256: the hash of its text, as layers name it.
        unnamed: the id that its report gets where nobody names it, as by `standpunt predict`.
        pairs: how many pairs there were to draw from.
        file: in which its pairs are labelled; None where none was drawn.
    """

    sha256: str
    unnamed: str
    pairs: int
    file: str | None


@dataclass(frozen=True)
class Drawn:
    """A sample: what it was drawn from, and what was drawn, in the order of debates and turns."""

    annotator: str
    issues: tuple[str, ...]
    seed: int
    debates: Mapping[str, DrawnDebate]
    pairs: tuple[DrawnPair, ...]

    @property
    def size(self) -> int:
        """How many pairs it was drawn from."""
        return sum(debate.pairs for debate in self.debates.values())

    def record(self) -> dict[str, Any]:
        """Return the sample as plain data, as it is saved."""
        return {
            "for": _PURPOSE,
            "design": SYSTEMATIC,
            "seed": self.seed,
            "annotator": self.annotator,
            "issues": list(self.issues),
            "debates": {
                name: {"sha256": one.sha256, "unnamed": one.unnamed, "pairs": one.pairs, "file": one.file}
                for name, one in self.debates.items()
            },
            "pairs": [
                {
                    "debate": pair.debate,
                    "turn": pair.turn,
                    "speaker": pair.speaker,
                    "issue": pair.issue,
                    "probability": pair.probability,
                }
                for pair in self.pairs
            ],
        }


def draw_sample(
    debates: Sequence[tuple[Annotations, Layer]],
    models: Sequence[Model],
    n: int,
    seed: int,
    out: str | os.PathLike[str],
    *,
    delimiter: str = ",",
) -> Drawn:
    """Draw pairs from one debate or several, and write them to be labelled, with their probabilities.

    All pairs of the layers' issues can be drawn, also those that are labelled already: their labels are filled in.

    Args:
        debates: each with the layer of the annotator who is going to label.
        models: where there are any, what they are unsure of is drawn more often.
        n: how many pairs are wanted, of all debates together.
        seed: of the draw.
        out: for one debate, the file to label in (see `write_queue`; the sample is written beside it, under the same
            name with `SUFFIX`); for several, a new folder with a sheet (CSV) for each and the sample in `FILE`.
        delimiter: between the cells of sheets.

    Raises:
        InputError: the layers are of several annotators or on different issues, two debates have one name, there is
            nothing to draw from, or an output file is there already.
    """
    annotator, issues = _common(debates)
    candidates = [all_pairs(annotations, layer) for annotations, layer in debates]
    frame = [(number, turn, issue) for number, own in enumerate(candidates) for turn, issue in own]
    if not frame:
        raise InputError("there is nothing to draw from: no turn but the chair's, or no issue in the layer")
    answers = None
    if models:
        parts = [predicted(a, models, own) for (a, _), own in zip(debates, candidates, strict=True)]
        answers = np.concatenate([np.mean(part, axis=0) for part in parts])
    chances = inclusion_probabilities(n, len(frame), answers)
    taken = draw(chances, seed)
    known = [layer.by_pair() for _, layer in debates]
    asked: dict[int, list[Pair]] = {}
    pairs = []
    for place in taken:
        number, turn, issue = frame[place]
        label = known[number].get((turn.ordinal, issue.name), "")
        asked.setdefault(number, []).append(Pair(turn, issue, None if answers is None else answers[place], label))
        name = debates[number][0].debate.id
        pairs.append(DrawnPair(name, turn.ordinal, turn.speaker.name, issue.name, round(float(chances[place]), 12)))
    single = len(debates) == 1
    sheets = {number: Path(out).name if single else f"{debates[number][0].debate.id}.csv" for number in asked}
    described = {
        annotations.debate.id: DrawnDebate(
            annotations.source.sha256, default_id(annotations.debate), len(candidates[number]), sheets.get(number)
        )
        for number, (annotations, _) in enumerate(debates)
    }
    drawn = Drawn(annotator, issues, seed, described, tuple(pairs))
    text = json.dumps(drawn.record(), ensure_ascii=False, indent=1) + "\n"
    if single:
        model = models[0] if models else None
        # In Label Studio's tasks an answer stands for the whole pair: what has a label is not asked again.
        shown = [pair for pair in asked.get(0, []) if Path(out).suffix == ".csv" or not pair.label]
        write_queue(out, *debates[0], shown, model, delimiter=delimiter)
        write_text(sample_beside(out), text)
        return drawn
    with atomic_folder(out) as folder:
        for number, shown in asked.items():
            write_queue(folder / sheets[number], *debates[number], shown, None, delimiter=delimiter)
        write_text(folder / FILE, text)
    return drawn


def sample_beside(file: str | os.PathLike[str]) -> Path:
    """Return where the sample of a file to label in is kept."""
    return Path(file).with_suffix(SUFFIX)


def read_drawn(path: str | os.PathLike[str]) -> Drawn:
    """Read a sample that `draw_sample` wrote.

    Raises:
        LayerError: the file cannot be read, or is no such sample.
    """
    try:
        data = json.loads(Path(path).read_bytes())
        if data["for"] != _PURPOSE:
            raise ValueError
        debates = {
            name: DrawnDebate(one["sha256"], one["unnamed"], int(one["pairs"]), one["file"])
            for name, one in data["debates"].items()
        }
        pairs = tuple(
            DrawnPair(one["debate"], int(one["turn"]), one["speaker"], one["issue"], float(one["probability"]))
            for one in data["pairs"]
        )
        drawn = Drawn(data["annotator"], tuple(data["issues"]), int(data["seed"]), debates, pairs)
    except OSError as error:
        raise LayerError(f"{path}: cannot be read ({error.strerror}); expected a sample ({SUFFIX})") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise LayerError(f"{path}: no sample that standpunt annotate next --for estimate wrote ({SUFFIX})") from None
    for number, pair in enumerate(drawn.pairs, start=1):
        if pair.debate not in drawn.debates or pair.issue not in drawn.issues or not 0 < pair.probability <= 1:
            raise LayerError(f"{path}, pair {number}: its debate, issue or probability is none of the sample's")
    return drawn


def _common(debates: Sequence[tuple[Annotations, Layer]]) -> tuple[str, tuple[str, ...]]:
    """Return the annotator and the issues that layers share."""
    annotators = sorted({layer.annotator for _, layer in debates})
    if len(annotators) > 1:
        raise InputError(f"the layers are of {' and '.join(annotators)}; give those of one annotator")
    ids = Counter(annotations.debate.id for annotations, _ in debates)
    name, times = ids.most_common(1)[0]
    if times > 1:
        raise InputError(f"{times} of the debates are called {name}; rename their folders")
    issues = debates[0][1].issues
    for other, layer in debates:
        if set(layer.issues) != set(issues):
            raise InputError(
                f"the layer on {other.debate.id} is on {', '.join(layer.issues)}, that on "
                f"{debates[0][0].debate.id} on {', '.join(issues)}; draw from debates with the same issues"
            )
    return annotators[0], issues
