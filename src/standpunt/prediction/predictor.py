"""A model with what it is asked, pointed at a debate."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from standpunt import __version__
from standpunt.annotation.issues import LANGUAGE, Issue
from standpunt.corpora.motion_columns import motion_columns
from standpunt.corpora.rows import NONE, answered, row
from standpunt.debate import Debate, Span, Turn
from standpunt.errors import InputError
from standpunt.evaluation.labelled import labelled
from standpunt.models.base import Model
from standpunt.models.collective.family import Collective
from standpunt.models.collective.relations import COLUMNS as RELATED
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.models.memory import enough_memory
from standpunt.prediction.arguments import arguments_of_pairs
from standpunt.prediction.checks import (
    check_confidence,
    check_evidence,
    check_knowledge,
    check_unit,
    chosen_issues,
    made_for,
)
from standpunt.prediction.description import Description, SavedModels, asked_of

ABSTAIN = "abstain"
BATCH = 1024  # pairs at a time: what a model holds in memory does not grow with the number of turns
VERSION_DIGITS = 12  # of a hash, in the rows; headers have it whole
_TURN = (
    "debate", "title", "date", "turn", "ordinal", "speaker", "party", "role", "kind", "replies_to", "start", "end",
    "issue",
)  # fmt: skip
_KNOWS, _ANYWAY = "knows_issue", "anyway"


@dataclass(frozen=True, init=False, eq=False)
class Predictor:
    """A model with what it is asked.

    It is made once and pointed at any number of debates. Everything is checked when it is made: a mistake shows before
    a debate is read.

    Attributes:
        model: a trained model of turns.
        issues: what it may be asked about, each once.
        brought_up: whether a debate is asked only about those of the issues that it brings up itself (see
            `standpunt.prediction.brought_up`).
        min_confidence: the probability below which the label is "abstain"; None for no such limit.
        evidence: whether to tell which part of a turn carried the answer.
        arguments: the model to find premises and claims with, where they are wanted.
        language: of the debates, a code such as "nl". An issue is read in it if it is defined in it, and else in Dutch.
        drop_none: whether rows with the label "none" are left out.
        alone: whether each turn is read by itself also by a model that reads a debate as a whole.
        anyway: whether to answer also what the model was not made for: a model without the label "none", or one that
            reads no propositions on an issue that it was not trained on. The rows then have a column that says so.
        text: whether rows have the text of their turn.
        saved: where the models were loaded from; None for models that were given.
    """

    model: Model
    issues: tuple[Issue, ...] = field(repr=False)
    brought_up: bool
    min_confidence: float | None
    evidence: bool
    arguments: ArgumentModel | None
    language: str
    drop_none: bool
    alone: bool
    anyway: bool
    text: bool
    saved: SavedModels | None = field(init=False)

    def __init__(
        self,
        model: Model,
        issues: Sequence[str | Issue] | None = None,
        *,
        brought_up: bool | None = None,
        min_confidence: float | None = None,
        evidence: bool = False,
        arguments: ArgumentModel | None = None,
        language: str = LANGUAGE,
        drop_none: bool = False,
        alone: bool = False,
        anyway: bool = False,
        text: bool = False,
    ) -> None:
        """Check what is asked of a model; see the attributes.

        Args:
            model: a trained model.
            issues: issues, or names or files of them; by default those the model was trained on. A model that reads
                propositions takes an issue it was not trained on by what it has learnt from the others.
            brought_up: whether to ask only what a debate brings up; by default yes where no issues are named.
            min_confidence: the probability below which the label is "abstain".
            evidence: whether to tell which part of a turn carried the answer.
            arguments: the model to find premises and claims with.
            language: of the debates.
            drop_none: whether rows with the label "none" are left out.
            alone: whether each turn is read by itself also by a model that reads a debate as a whole.
            anyway: whether to answer also what the model was not made for.
            text: whether rows have the text of their turn.

        Raises:
            InputError: an issue is unknown, none is given and the model has none, two that differ have one name, or one
                has the name of another that the model knows; the model is not about turns, cannot tell evidence, or was
                not made for the question (see `anyway`); or `min_confidence` is no probability.
        """
        check_unit(model)
        check_confidence(min_confidence)
        chosen = chosen_issues(model, issues)
        if not anyway:
            check_knowledge(model, chosen)
        if evidence:
            check_evidence(model)
        only = issues is None if brought_up is None else brought_up
        self._set(model=model, issues=chosen, brought_up=only, min_confidence=min_confidence, evidence=evidence)
        self._set(arguments=arguments, language=language, drop_none=drop_none, alone=alone, anyway=anyway)
        self._set(text=text, saved=None)

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)  # as frozen data classes set their own fields

    @classmethod
    def load(
        cls,
        model: str | os.PathLike[str],
        issues: Sequence[str | Issue] | None = None,
        *,
        arguments: str | os.PathLike[str] | None = None,
        runtime: str = "torch",
        **options: Any,
    ) -> Predictor:
        """Make a predictor of saved models, which other processes can make again.

        Args:
            model: folder of a saved model, or the name of a shipped one.
            issues: see `Predictor`.
            arguments: folder or name of an argument model.
            runtime: "torch", or "onnx" for a cross-encoder, alone or in another model, with 8-bit weights in
                onnxruntime.
            options: the other arguments of `Predictor`.

        Raises:
            ModelError: a model cannot be loaded.
            InputError: as for `Predictor`; or the runtime is unknown, not installed, or not made for the family.
        """
        description = Description.of(model, issues, arguments=arguments, runtime=runtime, **options)
        return cls._made(description, *description.saved.load())

    @classmethod
    def described(cls, description: Description) -> Predictor:
        """Make a predictor again, in any process; a process loads the models once.

        Raises:
            ModelError: a model cannot be loaded, or is another one by now.
            InputError: the model cannot tell evidence, or the runtime is not installed or not made for it.
        """
        return cls._made(description, *description.saved.load_once())

    @classmethod
    def _made(cls, description: Description, model: Model, arguments: ArgumentModel | None) -> Predictor:
        made = cls(
            model,
            description.issues,
            brought_up=description.brought_up,
            min_confidence=description.min_confidence,
            evidence=description.evidence,
            arguments=arguments,
            language=description.language,
            drop_none=description.drop_none,
            alone=description.alone,
            anyway=description.anyway,
            text=description.text,
        )
        made._set(saved=description.saved)
        return made

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
        return Description(
            self.saved,
            self.issues,
            self.brought_up,
            self.min_confidence,
            self.evidence,
            self.language,
            self.drop_none,
            self.alone,
            self.anyway,
            self.text,
        )

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of the issues that the model was not trained on."""
        return tuple(issue.name for issue in self.issues if not self.model.knows(issue))

    def asked(self, debate: Debate) -> tuple[Issue, ...]:
        """Return the issues that a debate is asked about: all, or those that it brings up."""
        return asked_of(debate, self.issues, self.language, only_brought_up=self.brought_up)

    def on(
        self,
        debate: Debate,
        pairs: Iterable[tuple[Turn, Issue]] | None = None,
        *,
        issues: Sequence[Issue] | None = None,
    ) -> pd.DataFrame:
        """Classify every turn that is not the chair's on every issue that is asked about (see `asked`).

        Args:
            debate: the debate as read.
            pairs: the turns and issues to classify instead.
            issues: what `asked` returned, where the caller has it already.

        Returns:
            One row a (turn, issue) pair: `debate, title, date, turn, ordinal, speaker, party, role, kind, replies_to,
            start, end, issue`, where it is wanted `text`, `knows_issue`, whether the model was trained on the issue, a
            column `p_<label>` for each label of the model, and `label`, the most probable one. From a model that reads
            a debate as a whole also `label_alone`, what the turn would be called by itself. With `anyway` a column of
            that name says which rows the model was not made for. With evidence also `evidence_start, evidence_end`,
            offsets into the turn's text, and `evidence`, what stands there; missing where the label is "none", the
            model does not know, or the answer comes from the other turns of the debate. Then `trust`, what the model's
            answers on the issue are good for (see `standpunt.evaluation.trust`), and the counts `measured_right,
            measured_of` that say so, missing where the model was not measured on the issue. With an argument model also
            `arguments`, the premises and claims of the turn that concern the issue, ranked, as records (see
            `standpunt.prediction.arguments.arguments_of_pairs`); there are none where the label is "none". Last come
            `model, model_version, issue_version, standpunt_version`: the name of the model, the first digits of the
            hashes of the model (missing where it was never saved) and of the definition of the issue, and the version
            of this package.

        Raises:
            StandpuntError: there is too little memory.
        """
        if pairs is not None:
            issues = self.issues
        else:
            issues = asked = self.asked(debate) if issues is None else issues
            pairs = ((turn, issue) for turn in debate.turns if turn.speaker.role != "chair" for issue in asked)
        # Some families read more of an issue than its proposition.
        informed: Any = self.model.knowing({issue.name: issue for issue in self.issues})
        whole = informed if isinstance(informed, Collective) else None
        reader: Any = informed if whole is None else whole.base
        own = (*_TURN, "text") if self.text else _TURN
        about: list[dict[str, Any]] = []
        probabilities = [np.zeros((0, len(self.model.labels)))]
        spans: list[Span | None] = []
        silent = [np.zeros(0, dtype=bool)]
        motions = motion_columns(debate)
        for batch in _batches(pairs, whole=reader.reads_whole_debates):
            rows = [self._row(debate, turn, issue, motions) for turn, issue in batch]
            if self.evidence:
                with enough_memory("predict with", self.model.config.name):
                    values, carried = reader.predict_with_evidence(rows)
                spans += carried
            else:
                values = reader.predict_proba(rows)
            probabilities.append(values)
            silent.append(informed.abstained(rows))
            context = [self._context(issue) for _, issue in batch]
            kept = (*own, *RELATED) if whole is not None else own
            titled = [item | {"title": debate.title} for item in rows]
            about += [{name: item[name] for name in kept} | more for item, more in zip(titled, context, strict=True)]
        known = np.concatenate(probabilities)
        by_itself = [self.model.labels[index] for index in known.argmax(axis=1)]
        if whole is not None and not self.alone:
            known = whole.together(about, known)
        columns = [*own, *((_KNOWS, _ANYWAY) if self.anyway else (_KNOWS,))]
        frame = labelled(pd.DataFrame(about, columns=columns), known, self.model.labels, "label")
        if whole is not None and not self.alone:
            frame["label_alone"] = by_itself
            spans = [span if same else None for span, same in zip(spans, frame["label"] == by_itself, strict=False)]
        frame[columns[len(own) :]] = frame[columns[len(own) :]].astype(bool)  # also without rows
        if self.min_confidence is not None:
            frame["label"] = frame["label"].where(known.max(axis=1) >= self.min_confidence, ABSTAIN)
        frame["label"] = frame["label"].mask(np.concatenate(silent), ABSTAIN)
        if self.evidence:
            frame = _with_evidence(frame, debate, spans)
        frame = self._with_trust(frame)
        if self.arguments is not None:
            frame = self._with_arguments(frame, debate, self.arguments, issues)
        frame = self._with_versions(frame)
        return frame[frame["label"] != NONE].reset_index(drop=True) if self.drop_none else frame

    def _context(self, issue: Issue) -> dict[str, bool]:
        """Return what is to be said of the answers on an issue."""
        known = {_KNOWS: self.model.knows(issue)}
        return known | {_ANYWAY: not made_for(self.model, issue)} if self.anyway else known

    def _row(
        self, debate: Debate, turn: Turn, issue: Issue, motions: Mapping[str, Mapping[str, str | None]]
    ) -> dict[str, Any]:
        context, motion = answered(debate, turn), motions.get(turn.id)
        return row(debate.id, debate.date, turn, issue, language=self.language, context=context, motion=motion)

    def _with_trust(self, frame: pd.DataFrame) -> pd.DataFrame:
        counts = [self.model.scores.tally(issue) for issue in frame["issue"]]
        measured = [(one.right, one.labelled) if one.labelled else (None, None) for one in counts]
        return frame.assign(
            trust=[one.level for one in counts],
            measured_right=pd.array([right for right, _ in measured], dtype="Int64"),
            measured_of=pd.array([of for _, of in measured], dtype="Int64"),
        )

    def _with_versions(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Say in each row what made it: a row that is copied into another table is still known by it."""
        versions = {issue.name: issue.sha256[:VERSION_DIGITS] for issue in self.issues}
        return frame.assign(
            model=self.model.config.name,
            model_version=self.model.seal and self.model.seal[:VERSION_DIGITS],
            issue_version=frame["issue"].map(versions),
            standpunt_version=__version__,
        )

    def _with_arguments(
        self, frame: pd.DataFrame, debate: Debate, model: ArgumentModel, issues: Sequence[Issue]
    ) -> pd.DataFrame:
        by_pair = arguments_of_pairs(model, debate, issues, self.language)
        pairs = zip(frame["turn"], frame["issue"], frame["label"], strict=True)
        column = [[] if label == NONE else by_pair.get((turn, issue), []) for turn, issue, label in pairs]
        return frame.assign(arguments=pd.Series(column, index=frame.index, dtype=object))


def predict_debate(
    model: Model, debate: Debate, issues: Sequence[str | Issue] | None = None, **options: Any
) -> pd.DataFrame:
    """Classify every turn of a debate that is not the chair's on every issue that is asked about.

    This is `Predictor(model, issues, ...).on(debate)`, in one line. For several debates make the `Predictor` once.

    Args:
        model: a trained model.
        debate: the debate as read.
        issues: issues, or names or files of them; by default those that the model was trained on and the debate brings
            up (`brought_up=False` asks all).
        options: the other arguments of `Predictor`.

    Returns:
        One row a (turn, issue) pair; see `Predictor.on`.

    Raises:
        InputError: see `Predictor`.
    """
    return Predictor(model, issues, **options).on(debate)


def _batches(pairs: Iterable[tuple[Turn, Issue]], *, whole: bool) -> Iterator[list[tuple[Turn, Issue]]]:
    """Yield pairs some at a time, but those of a turn at once; with `whole` all of them."""
    batch: list[tuple[Turn, Issue]] = []
    for _, of_turn in groupby(pairs, key=lambda pair: pair[0].id):
        batch += of_turn
        if len(batch) >= BATCH and not whole:
            yield batch
            batch = []
    if batch:
        yield batch


def _with_evidence(frame: pd.DataFrame, debate: Debate, spans: list[Span | None]) -> pd.DataFrame:
    texts = {turn.id: turn.text for turn in debate.turns}
    known = [None if label == NONE else span for label, span in zip(frame["label"], spans, strict=True)]
    return frame.assign(
        evidence_start=pd.array([span and span[0] for span in known], dtype="Int64"),
        evidence_end=pd.array([span and span[1] for span in known], dtype="Int64"),
        evidence=[span and texts[turn][slice(*span)] for turn, span in zip(frame["turn"], known, strict=True)],
    )
