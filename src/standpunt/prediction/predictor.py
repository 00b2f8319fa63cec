"""A model with what it is asked, pointed at a debate."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from standpunt.annotation.issues import LANGUAGE, Issue
from standpunt.corpora.rows import NONE, answered, row
from standpunt.debate import Debate, Span, Turn
from standpunt.errors import InputError
from standpunt.evaluation.labelled import labelled
from standpunt.models.base import Model
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.models.memory import enough_memory
from standpunt.prediction.arguments import arguments_of_pairs
from standpunt.prediction.checks import check_confidence, check_evidence, check_unit, chosen_issues
from standpunt.prediction.description import Description, SavedModels

ABSTAIN = "abstain"
BATCH = 1024  # pairs at a time: what a model holds in memory does not grow with the number of turns
_CONTEXT = ["debate", "turn", "ordinal", "speaker", "party", "role", "kind", "start", "end", "issue"]


@dataclass(frozen=True, init=False, eq=False)
class Predictor:
    """A model with what it is asked.

    It is made once and pointed at any number of debates. Everything is checked when it is made: a mistake shows before
    a debate is read.

    Attributes:
        model: a trained model of turns.
        issues: what it is asked about, each once.
        min_confidence: the probability below which the label is "abstain"; None for no such limit.
        evidence: whether to tell which part of a turn carried the answer.
        arguments: the model to find premises and claims with, where they are wanted.
        language: of the debates, a code such as "nl". An issue is read in it if it is defined in it, and else in Dutch.
        saved: where the models were loaded from; None for models that were given.
    """

    model: Model
    issues: tuple[Issue, ...] = field(repr=False)
    min_confidence: float | None
    evidence: bool
    arguments: ArgumentModel | None
    language: str
    saved: SavedModels | None = field(init=False)

    def __init__(
        self,
        model: Model,
        issues: Sequence[str | Issue] | None = None,
        *,
        min_confidence: float | None = None,
        evidence: bool = False,
        arguments: ArgumentModel | None = None,
        language: str = LANGUAGE,
    ) -> None:
        """Check what is asked of a model; see the attributes.

        Args:
            model: a trained model.
            issues: issues, or names or files of them; by default those the model was trained on. A model takes an issue
                it was not trained on by what it has learnt from the others.
            min_confidence: the probability below which the label is "abstain".
            evidence: whether to tell which part of a turn carried the answer.
            arguments: the model to find premises and claims with.
            language: of the debates.

        Raises:
            InputError: an issue is unknown, none is given and the model has none, two that differ have one name, the
                model is not about turns or cannot tell evidence, or `min_confidence` is no probability.
        """
        check_unit(model)
        check_confidence(min_confidence)
        if evidence:
            check_evidence(model)
        self._set(model=model, issues=chosen_issues(model, issues), min_confidence=min_confidence, evidence=evidence)
        self._set(arguments=arguments, language=language, saved=None)

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)  # as frozen data classes set their own fields

    @classmethod
    def load(
        cls,
        model: str | os.PathLike[str],
        issues: Sequence[str | Issue] | None = None,
        *,
        min_confidence: float | None = None,
        evidence: bool = False,
        arguments: str | os.PathLike[str] | None = None,
        language: str = LANGUAGE,
        runtime: str = "torch",
    ) -> Predictor:
        """Make a predictor of saved models, which other processes can make again.

        Args:
            model: folder of a saved model, or the name of a shipped one.
            issues: see `Predictor`.
            min_confidence: see `Predictor`.
            evidence: see `Predictor`.
            arguments: folder or name of the model to find premises and claims with.
            language: see `Predictor`.
            runtime: "torch", or "onnx" for a cross-encoder, alone or in another model, with 8-bit weights in
                onnxruntime.

        Raises:
            ModelError: a model cannot be loaded.
            InputError: as for `Predictor`; or the runtime is unknown, not installed, or not made for the family.
        """
        saved = SavedModels.find(model, arguments, runtime)
        loaded, finder = saved.load()
        made = cls(
            loaded,
            issues,
            min_confidence=min_confidence,
            evidence=evidence,
            arguments=finder,
            language=language,
        )
        made._set(saved=saved)
        return made

    @classmethod
    def described(cls, description: Description) -> Predictor:
        """Make a predictor again, in any process; a process loads the models once.

        Raises:
            ModelError: a model cannot be loaded, or is another one by now.
        """
        model, arguments = description.saved.load_once()
        return cls(
            model,
            description.issues,
            min_confidence=description.min_confidence,
            evidence=description.evidence,
            arguments=arguments,
            language=description.language,
        )

    @property
    def description(self) -> Description:
        """Names and settings to make it again by, and its identity.

        Raises:
            InputError: its models were given and not loaded from a folder.
        """
        if self.saved is None:
            raise InputError(
                f"model {self.model.config.name}: it was not loaded from a folder, so that no other process can load "
                "it; save it, and make the predictor with Predictor.load"
            )
        return Description(self.saved, self.issues, self.min_confidence, self.evidence, self.language)

    def on(self, debate: Debate, pairs: Iterable[tuple[Turn, Issue]] | None = None) -> pd.DataFrame:
        """Classify every turn that is not the chair's on every issue.

        Args:
            debate: the debate as read.
            pairs: the turns and issues to classify instead.

        Returns:
            One row a (turn, issue) pair: `debate, turn, ordinal, speaker, party, role, kind, start, end, issue`, a
            column `p_<label>` for each label of the model, and `label`, the most probable one. With evidence also
            `evidence_start, evidence_end`, offsets into the turn's text, and `evidence`, what stands there; missing
            where the label is "none" or the model does not know. With an argument model also `arguments`, the premises
            and claims of the turn that concern the issue, ranked, as records (see
            `standpunt.prediction.arguments.arguments_of_pairs`); there are none where the label is "none".

        Raises:
            StandpuntError: there is too little memory.
        """
        if pairs is None:
            pairs = ((turn, issue) for turn in debate.turns if turn.speaker.role != "chair" for issue in self.issues)
        # Some families read more of an issue than its proposition.
        informed: Any = self.model.knowing({issue.name: issue for issue in self.issues})
        pairs = iter(pairs)
        about: list[dict[str, Any]] = []
        probabilities = [np.zeros((0, len(self.model.labels)))]
        spans: list[Span | None] = []
        size = None if self.model.reads_whole_debates else BATCH
        while batch := list(islice(pairs, size)):
            rows = [self._row(debate, turn, issue) for turn, issue in batch]
            if self.evidence:
                with enough_memory("predict with", self.model.config.name):
                    values, carried = informed.predict_with_evidence(rows)
                spans += carried
            else:
                values = informed.predict_proba(rows)
            probabilities.append(values)
            about += [{name: item[name] for name in _CONTEXT} for item in rows]
        known = np.concatenate(probabilities)
        frame = labelled(pd.DataFrame(about, columns=_CONTEXT), known, self.model.labels, "label")
        if self.min_confidence is not None:
            frame["label"] = frame["label"].where(known.max(axis=1) >= self.min_confidence, ABSTAIN)
        if self.evidence:
            frame = _with_evidence(frame, debate, spans)
        if self.arguments is not None:
            frame = self._with_arguments(frame, debate, self.arguments)
        return frame

    def _row(self, debate: Debate, turn: Turn, issue: Issue) -> dict[str, Any]:
        return row(debate.id, debate.date, turn, issue, language=self.language, context=answered(debate, turn))

    def _with_arguments(self, frame: pd.DataFrame, debate: Debate, model: ArgumentModel) -> pd.DataFrame:
        by_pair = arguments_of_pairs(model, debate, self.issues, self.language)
        pairs = zip(frame["turn"], frame["issue"], frame["label"], strict=True)
        column = [[] if label == NONE else by_pair.get((turn, issue), []) for turn, issue, label in pairs]
        return frame.assign(arguments=pd.Series(column, index=frame.index, dtype=object))


def predict_debate(
    model: Model,
    debate: Debate,
    issues: Sequence[str | Issue] | None = None,
    *,
    min_confidence: float | None = None,
    evidence: bool = False,
    arguments: ArgumentModel | None = None,
    language: str = LANGUAGE,
) -> pd.DataFrame:
    """Classify every turn of a debate that is not the chair's on every issue.

    This is `Predictor(model, issues, ...).on(debate)`, in one line. For several debates make the `Predictor` once.

    Args:
        model: a trained model.
        debate: the debate as read.
        issues: issues, or names or files of them; by default those the model was trained on.
        min_confidence: the probability below which the label is "abstain".
        evidence: whether to tell which part of the turn carried the answer.
        arguments: the model to find premises and claims with, where they are wanted.
        language: of the debate.

    Returns:
        One row a (turn, issue) pair; see `Predictor.on`.

    Raises:
        InputError: see `Predictor`.
    """
    predictor = Predictor(
        model, issues, min_confidence=min_confidence, evidence=evidence, arguments=arguments, language=language
    )
    return predictor.on(debate)


def _with_evidence(frame: pd.DataFrame, debate: Debate, spans: list[Span | None]) -> pd.DataFrame:
    texts = {turn.id: turn.text for turn in debate.turns}
    known = [None if label == NONE else span for label, span in zip(frame["label"], spans, strict=True)]
    return frame.assign(
        evidence_start=pd.array([span and span[0] for span in known], dtype="Int64"),
        evidence_end=pd.array([span and span[1] for span in known], dtype="Int64"),
        evidence=[span and texts[turn][slice(*span)] for turn, span in zip(frame["turn"], known, strict=True)],
    )
