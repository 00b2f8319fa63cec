"""Two stages: a cheap look at every pair, and another model for those that may address their issue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from standpunt.annotation.issues import Issue
from standpunt.corpora.rows import NONE, Rows
from standpunt.debate import Span
from standpunt.errors import InputError, require
from standpunt.models.base import Model, ModelConfig
from standpunt.models.building import fit_part, nested_config
from standpunt.models.combined.detector import Detector
from standpunt.models.windows.cutting import PART
from standpunt.models.windows.examples import fitted_and_held, records

SECOND = "second"
FACTS = "two_stage.json"


@dataclass
class TwoStageConfig(ModelConfig):
    """A first stage that passes on what may address its issue, and the model that reads it.

    Attributes:
        recall: share of the addressed pairs of dev that the first stage must pass on.
        window_words: words a window holds that the first stage looks at; the second stage gets the text from the first
            to the last one that passes.
        second: the configuration of the model of the second stage.
        trained: instead of training that model, the folder of a trained one, with the same labels, or with all but
            "none".
        second_none: whether a second stage that is trained here sees rows that do not address their issue.
        dev_share: share of the issues held out to choose the operating point on, where no dev rows are given.
        competing: whether the first stage holds an issue against the others that a turn is asked about, and learns how
            sure it may be from real debates (see `standpunt.models.combined.detector.Detector`). It then gives fewer
            stances, and more of them are right.
    """

    name: str = "two_stage"
    family: str = "two_stage"
    recall: float = 0.95
    window_words: int = 80
    second: Any = field(default_factory=lambda: {"name": "tfidf", "family": "tfidf"})
    trained: str | None = None
    second_none: bool = True
    dev_share: float = 0.1
    competing: bool = False

    def __post_init__(self) -> None:
        require(0 < self.recall <= 1, "model.recall", self.recall, "a number above 0, 1 at most")
        require(self.window_words >= 5, "model.window_words", self.window_words, "5 or more")
        require(0 <= self.dev_share < 1, "model.dev_share", self.dev_share, "a number from 0 to below 1")
        self.second = nested_config(self.second, "model.second", outer=self.family)

    @property
    def reads_issue(self) -> bool:
        """Yes: the first stage reads what defines the issue. Which side a turn takes is up to the second."""
        return True


class TwoStage(Model):
    """The probabilities of a pair that is passed on are the second stage's, those of "none" elsewhere the first's.

    A second stage without the label "none" divides what the first one leaves: P(label) = P(addressed) P(label |
    addressed). Of a pair that is not passed on, what is left is divided as the labels were in training; it is below one
    half. In a scheme without "none" every pair addresses its issue and is passed on whole.

    Where issues compete, give all rows of a turn at once.
    """

    config_class = TwoStageConfig
    weighs_rows = True
    calibrates_itself = True  # each of its stages
    config: TwoStageConfig

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        self._shares = self._divided(gold)
        self._detector: Detector | None = None
        if self._none is not None:
            fitted, held = fitted_and_held(train, dev, self.config.dev_share, seed, None)
            self._detector = self._untrained_detector()
            self._detector.fit(fitted, held, self.issues, NONE)
        if self.config.trained is not None:
            self.second = self._trained()
            return
        keep_none = self.config.second_none or self._none is None
        labels = self.labels
        if not keep_none:
            labels = tuple(label for label in labels if label != NONE)
            train, dev = _addressed(train), None if dev is None else _addressed(dev)
        self.second = fit_part(self.config.second, self, train, dev, seed, labels)

    def _untrained_detector(self) -> Detector:
        return Detector(self.config.window_words, self.config.recall, competing=self.config.competing)

    @property
    def _none(self) -> int | None:
        return self.labels.index(NONE) if NONE in self.labels else None

    def _divided(self, gold: NDArray[np.int_]) -> NDArray[np.float64]:
        """Return the share of each label among rows that address their issue, 0 for "none"."""
        counts = np.bincount(gold, minlength=len(self.labels)).astype(float)
        if self._none is not None:
            counts[self._none] = 0
            if counts.sum() == 0:
                counts += 1
                counts[self._none] = 0
        return counts / counts.sum()

    def _trained(self) -> Model:
        second = Model.load(Path(str(self.config.trained)))
        if {*self.labels} - {NONE} != {*second.labels} - {NONE} or not {*second.labels} <= {*self.labels}:
            raise InputError(
                f"{self.config.trained}: labels {', '.join(second.labels)}; model.trained needs a model "
                f"with {', '.join(self.labels)}, or with all but {NONE}"
            )
        self.config = replace(self.config, second=second.config)
        return second

    def knowing(self, issues: Mapping[str, Issue]) -> Self:
        """Return this model, its second stage too, with the definitions of more issues."""
        other = super().knowing(issues)
        other.second = self.second.knowing(issues)
        return other

    def shown(self) -> Sequence[Mapping[str, Any]]:
        """Return the labelled rows that the second stage shows."""
        return self.second.shown()

    @property
    def reads_whole_debates(self) -> bool:
        """Whether the second stage does."""
        return self.second.reads_whole_debates

    @property
    def reads_whole_turns(self) -> bool:
        """Whether issues compete for a turn in the first stage, or the second stage does."""
        return (self._detector is not None and self.config.competing) or self.second.reads_whole_turns

    @property
    def tells_evidence(self) -> bool:
        """Whether the second stage can tell where in a turn its answer comes from."""
        return self.second.tells_evidence

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        return self._predict(rows, evidence=False)[0]

    def predict_with_evidence(self, rows: Rows) -> tuple[NDArray[np.float64], list[Span | None]]:
        """Return probabilities, shape (n_rows, n_labels), and the span [start, end) of each text that carried them.

        The span is None where the pair was not passed on, or the second stage does not know it.
        """
        return self._predict(rows, evidence=True)

    def passed(self, rows: Rows) -> NDArray[np.int_]:
        """Return the indices of the rows that the first stage passes on."""
        if self._detector is None or len(rows) == 0:
            return np.arange(len(rows))
        return self._detector.detect(records(rows, None), self.issues).passed

    def _predict(self, rows: Rows, *, evidence: bool) -> tuple[NDArray[np.float64], list[Span | None]]:
        whole = records(rows, None)
        if self._detector is None or self._none is None:
            return self._read(whole, evidence=evidence)
        detection = self._detector.detect(whole, self.issues)
        addressed = detection.probabilities
        probabilities = addressed[:, None] * self._shares
        probabilities[:, self._none] = 1 - addressed
        spans_of_rows: list[Span | None] = [None] * len(whole)
        passed = detection.passed
        if len(passed) == 0:
            return probabilities, spans_of_rows
        parts = [span for span in detection.spans if span is not None]
        cut = [
            {**whole[index], "text": whole[index]["text"][start:end], PART: (whole[index]["text"], start)}
            for index, (start, end) in zip(passed, parts, strict=True)
        ]
        second, spans = self._read(cut, evidence=evidence)
        if NONE not in self.second.labels:
            second *= addressed[passed, None]
            second[:, self._none] = 1 - addressed[passed]
        probabilities[passed] = second
        for index, (start, _), span in zip(passed, parts, spans, strict=True):
            spans_of_rows[index] = None if span is None else (span[0] + start, span[1] + start)
        return probabilities, spans_of_rows

    def _read(self, rows: list[dict[str, Any]], *, evidence: bool) -> tuple[NDArray[np.float64], list[Span | None]]:
        """Return the second stage's probabilities in the order of our labels, 0 for one it lacks, and spans."""
        spans: list[Span | None] = [None] * len(rows)
        knows: Any = self.second  # families that can tell where their answer comes from have the method
        if evidence and self.tells_evidence:
            theirs, spans = knows.predict_with_evidence(rows)
        else:
            theirs = self.second.predict_proba(rows)
        probabilities = np.zeros((len(rows), len(self.labels)))
        probabilities[:, [self.labels.index(label) for label in self.second.labels]] = theirs
        return probabilities, spans

    def _save_weights(self, folder: Path) -> None:
        facts = {"shares": self._shares.tolist(), "detector": self._detector is not None}
        (folder / FACTS).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        if self._detector is not None:
            self._detector.save(folder)
        self.second.save(folder / SECOND, whole=self)

    def _load_weights(self, folder: Path) -> None:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        self._shares = np.array(facts["shares"])
        self._detector = None
        if facts["detector"]:
            self._detector = self._untrained_detector()
            self._detector.load(folder)
        self.second = Model.load(folder / SECOND, whole=self)

    def describe(self) -> dict[str, Any]:
        """Return the operating point of the first stage and what the second says of itself."""
        threshold = None if self._detector is None else round(self._detector.threshold, 4)
        return {"passed on from probability": threshold} | {
            f"second, {name}": fact for name, fact in self.second.describe().items()
        }


def _addressed(rows: Rows) -> list[dict[str, Any]]:
    return [record for record in records(rows, None) if record["label"] != NONE]
