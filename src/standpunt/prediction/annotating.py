"""A model as an annotator: what it says of a debate becomes a layer like that of anybody else."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from standpunt import __version__
from standpunt.annotation.issues import Issue
from standpunt.annotation.layers import NONE, Label, Layer
from standpunt.annotation.made_by import Answer, MadeBy
from standpunt.annotation.standoff import check_name
from standpunt.corpora.corpus import ADJUDICATED, AnnotatedDebate
from standpunt.corpora.rows import answered, row
from standpunt.errors import InputError
from standpunt.models.base import Model
from standpunt.prediction.checks import check_language
from standpunt.prediction.predictor import ABSTAIN, VERSION_DIGITS, Predictor

if TYPE_CHECKING:
    from standpunt.models.llm.family import Llm

# What an answer of a language model depends on beside its prompt.
_ASKED_WITH = (
    "base_url", "temperature", "seed", "max_tokens", "answers", "probabilities", "top_logprobs", "quotation", "schema",
    "options",
)  # fmt: skip


@dataclass(frozen=True)
class ModelAnnotator:
    """A model that annotates debates.

    Attributes:
        model: a trained model, or a language model that needs no training.
        name: of the annotator; by default that of the model.
        anyway: whether it answers also what it was not made for, see `Predictor`.
    """

    model: Model
    name: str
    anyway: bool = False

    def __post_init__(self) -> None:
        check_name(self.name, "the layer to write")
        if self.name == ADJUDICATED:
            raise InputError(f"annotator {ADJUDICATED!r} is whoever decided between annotators; give the model another")

    @cached_property
    def language_model(self) -> Llm | None:
        """The model, where it is a language model that is asked."""
        model: Any = self.model
        return model if model.family == "llm" else None

    def made_by(self, item: AnnotatedDebate, issues: Sequence[Issue]) -> MadeBy:
        """Return what the header of its layer on a debate says of it; no question is put.

        Raises:
            InputError: the server of a language model lists none.
            StandpuntError: it cannot be reached, and the model has no name in the configuration.
        """
        model, asked = self.model, self.language_model
        prompt = settings = None
        if asked is not None:
            rows = [
                row(item.debate.id, item.debate.date, turn, issue, language=item.source.language, context=context)
                for turn in item.debate.turns
                if turn.speaker.role != "chair"
                for context in [answered(item.debate, turn)]
                for issue in issues
            ]
            prompt = _sha256(asked.knowing({issue.name: issue for issue in issues}).messages(rows))
            settings = _sha256({name: getattr(asked.config, name) for name in _ASKED_WITH})
        return MadeBy(
            model=model.config.name if asked is None else file_or_name(asked.language_model),
            family=model.family,
            date=datetime.now(UTC).date().isoformat(),
            standpunt=__version__,
            labels=model.labels,
            definitions={issue.name: issue.sha256[:VERSION_DIGITS] for issue in issues},
            version=model.seal,
            prompt=prompt,
            settings=settings,
            trained_on=tuple(sorted(model.corpora_behind)),
        )

    def ask(self, item: AnnotatedDebate, issues: Sequence[Issue]) -> Any:
        """Return what the model says of every turn that is not the chair's on every issue; see `Predictor.on`.

        Raises:
            InputError: an issue is not defined in the language of the debate, or the model was not made for it.
        """
        check_language(tuple(issues), item.source.language)
        predictor = Predictor(
            self.model,
            issues,
            brought_up=False,
            evidence=self.model.tells_evidence,
            language=item.source.language,
            anyway=self.anyway,
        )
        return predictor.on(item.debate)

    def layer(self, item: AnnotatedDebate, issues: Sequence[Issue]) -> Layer:
        """Return its layer on a debate.

        The layer has a label where a label other than "none" is the most probable, and the probabilities of every pair
        beside it. A language model whose server gives no probabilities has none in the layer, and a pair on which it
        gave no answer is marked there.

        Raises:
            InputError: see `ask`.
            StandpuntError: a language model cannot be reached, or its budget is used up; what was answered is kept.
        """
        made_by = self.made_by(item, issues)
        frame = self.ask(item, issues)
        asked = self.language_model
        said = "the model" if asked is None else asked.probabilities_from
        labels, answers = [], []
        for one in frame.to_dict("records"):
            pair = one["ordinal"], one["issue"]
            silent = one["label"] == ABSTAIN
            if silent or said is not None:
                given = None if silent else tuple(float(one[f"p_{label}"]) for label in self.model.labels)
                answers.append(Answer(*pair, given))
            if not silent and one["label"] != NONE:
                labels.append(Label(*pair, one["label"], one["speaker"], _evidence(one)))
        layer = Layer(
            self.name,
            tuple(issue.name for issue in issues),
            item.source.sha256,
            tuple(labels),
            made_by=replace(made_by, probabilities=said),
            answers=tuple(answers),
        )
        layer.check(item.debate, item.source, f"the layer of {self.name}")
        return layer


def file_or_name(model: str) -> str:
    """Return the name of a model on a server; of one that is a file there, without the way to it."""
    return re.split(r"[/\\]", model)[-1] if model.startswith("/") or "\\" in model else model


def annotator_name(model: str) -> str:
    """Return the name of an annotator for that of a model: its last part, with what file names can hold."""
    last = file_or_name(model).rstrip("/").rpartition("/")[2].removesuffix(".gguf")
    return re.sub(r"[^\w.-]+", "-", last).strip("-. ")


def _evidence(one: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    start = one.get("evidence_start")
    return ((start, one["evidence_end"]),) if isinstance(start, int) else ()


def _sha256(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()
