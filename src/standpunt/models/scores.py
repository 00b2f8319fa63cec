"""How well a model did on labelled real debates, by issue: a file beside the model that names it by its seal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from standpunt.errors import ModelError
from standpunt.evaluation.trust import Tally
from standpunt.storage.files import write_text

SCORES = "scores.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Measurement:
    """A model held against the labels of debates that it was not trained on.

    Attributes:
        corpora: the corpora that the labels are of.
        debates: the debates.
        sha256: the hash of ids, texts and labels of the rows.
        known: whether the model was trained on their issues (on other debates).
        cross_validated: whether the answers are of models with the same settings, each trained without the debates it
            answered on and without their issues. So something is known of the debates that a model was trained on, too.
        pairs: how many pairs of a turn and an issue were asked.
        overall: the counts on all of them.
        issues: the counts by issue.
    """

    corpora: tuple[str, ...]
    debates: tuple[str, ...]
    sha256: str
    known: bool
    cross_validated: bool
    pairs: int
    overall: Tally
    issues: Mapping[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scores:
    """All measurements of a model; where several are about an issue, the first one counts."""

    measurements: tuple[Measurement, ...] = ()

    def on(self, issue: str) -> Measurement | None:
        """Return the measurement that an issue is in, None where there is none."""
        return next((one for one in self.measurements if issue in one.issues), None)

    def tally(self, issue: str) -> Tally:
        """Return what was counted on an issue, nothing where it was not measured."""
        found = self.on(issue)
        return found.issues[issue] if found else Tally()

    def overall(self, *, known: bool) -> Measurement | None:
        """Return the first measurement on issues that the model was trained on, or was not."""
        return next((one for one in self.measurements if one.known is known), None)


def write_scores(folder: Path, scores: Scores, model: str) -> None:
    """Write the scores of a model beside it.

    Args:
        folder: of the model.
        scores: what was measured.
        model: the seal of its manifest, by which scores of another model are told.

    Raises:
        StandpuntError: writing failed; an older file is untouched.
    """
    record = {"format": FORMAT, "model": model, "measurements": [asdict(one) for one in scores.measurements]}
    write_text(folder / SCORES, json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def read_scores(folder: Path, model: str) -> Scores:
    """Return the scores that lie beside a model; none where there is no such file.

    Raises:
        ModelError: the file is damaged, or of another model.
    """
    path = folder / SCORES
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Scores()
    except (OSError, ValueError):
        raise ModelError(f"{path}: not valid JSON; remove it, or measure the model again") from None
    try:
        if record["format"] != FORMAT:
            raise ModelError(f"{path}: expected format {FORMAT}; this version of standpunt cannot read it")
        if record["model"] != model:
            raise ModelError(f"{path}: the scores of another model; remove them, or measure this one")
        return Scores(tuple(_measurement(one) for one in record["measurements"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: damaged ({error}); remove it, or measure the model again") from None


def _measurement(record: Mapping[str, Any]) -> Measurement:
    return Measurement(
        corpora=_names(record["corpora"]),
        debates=_names(record["debates"]),
        sha256=str(record["sha256"]),
        known=bool(record["known"]),
        cross_validated=bool(record["cross_validated"]),
        pairs=int(record["pairs"]),
        overall=_tally(record["overall"]),
        issues={str(name): _tally(counts) for name, counts in record["issues"].items()},
    )


def _tally(record: Mapping[str, Any]) -> Tally:
    made = Tally(**{name: int(value) for name, value in record.items()})
    if not 0 <= made.right <= min(made.labelled, made.shown) or not 0 <= made.commonest <= made.labelled:
        raise ValueError(f"{made} cannot have been counted")
    return made


def _names(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
