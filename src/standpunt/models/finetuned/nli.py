"""Zero-shot stance with a model of natural language inference: does the turn entail that its speaker agrees?"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from standpunt.corpora.rows import NONE, Rows, language_of
from standpunt.debate import Span
from standpunt.encoders.device import best_device, set_threads
from standpunt.encoders.resolve import check_length, check_same, resolve_encoder
from standpunt.errors import InputError, require
from standpunt.evaluation.calibration import BiasCorrection, fit_bias_correction
from standpunt.models.base import ModelConfig
from standpunt.models.finetuned.pairs import logits
from standpunt.models.windows.cutting import Reading, cut
from standpunt.models.windows.examples import records
from standpunt.models.windows.model import Answers, Records, WindowedModel
from standpunt.models.windows.pooling import Pooling, fit_pooling

WEIGHTS = "calibration.json"
ENTAILMENT, NEUTRAL, CONTRADICTION = "entailment", "neutral", "contradiction"
# What an answer about the hypothesis says about the stance.
STANCES = {"favor": ENTAILMENT, "neutral": NEUTRAL, "against": CONTRADICTION}
PLACE = "{proposition}"
_PROBE = ("De spreker is voor het voorstel.", "De spreker is tegen het voorstel.")


@dataclass
class NliConfig(ModelConfig):
    """Which model answers, and what it is asked.

    No weight of the network is trained: there are no `n_seeds`, no class weights, no early stopping, no gradient
    accumulation and no checkpoints here. The seed only draws the rows to calibrate on.

    Attributes:
        encoder: an NLI model, as a hub id or a folder; its labels must be named entailment, neutral and contradiction.
        language: that of the hypotheses.
        hypothesis: by language, what is entailed by a turn in favor and contradicted by one against.
        topic: by language, what is entailed by a turn that addresses the issue; asked only where the scheme has "none".
        window_words: words a window of a turn holds.
        max_tokens: what a pair is cut to, the window to half of it first.
        calibrate: whether `fit` learns how to read the answers.
        calibrate_rows: rows it learns that from, at most.
        batch_size: pairs a forward pass.
        threads: CPU threads; by default as many as torch takes.
    """

    name: str = "nli"
    family: str = "nli"
    encoder: str = "MoritzLaurer/mDeBERTa-v3-base-mnli-xnli"
    language: str = "nl"
    hypothesis: dict[str, str] = field(
        default_factory=lambda: {
            "nl": f"De spreker is het eens met deze stelling: {PLACE}",
            "en": f"The speaker agrees with this statement: {PLACE}",
        }
    )
    topic: dict[str, str] = field(
        default_factory=lambda: {
            "nl": f"Dit gaat over deze stelling: {PLACE}",
            "en": f"This is about this statement: {PLACE}",
        }
    )
    window_words: int = 80
    max_tokens: int = 320
    calibrate: bool = True
    calibrate_rows: int = 500
    batch_size: int = 32
    threads: int | None = None

    def __post_init__(self) -> None:
        for key, templates in (("hypothesis", self.hypothesis), ("topic", self.topic)):
            given = ", ".join(sorted(templates)) or "none"
            require(self.language in templates, "model.language", self.language, f"one that model.{key} has: {given}")
            for language, template in templates.items():
                require(PLACE in template, f"model.{key}.{language}", repr(template), f"a sentence with {PLACE} in it")
        require(self.window_words >= 5, "model.window_words", self.window_words, "5 or more")
        require(self.max_tokens >= 16, "model.max_tokens", self.max_tokens, "16 or more")
        require(self.calibrate_rows >= 1, "model.calibrate_rows", self.calibrate_rows, "1 or more")
        require(self.batch_size >= 1, "model.batch_size", self.batch_size, "1 or more")
        require(self.threads is None or self.threads >= 1, "model.threads", self.threads, "1 or more, or null")

    @property
    def reads_issue(self) -> bool:
        """Yes: the hypotheses are made of the proposition."""
        return True


class Nli(WindowedModel):
    """Entailment is favor, contradiction against, neither neutral; windows are pooled to the turn.

    Where the scheme has "none", a second hypothesis decides it: the probability that a window entails to be about the
    statement is that of addressing it, and its stance shares that. Before `fit`, or with `calibrate` off, this is
    zero-shot in the strict sense; `fit` learns the pooling, one slope and one bias a label, from the rows it is given
    (dev where there is one, else train: the network has seen neither).
    """

    config_class = NliConfig
    config: NliConfig

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Set a model up; see `Model`.

        Raises:
            InputError: the label scheme is not one of stances.
        """
        super().__init__(*args, **kwargs)
        if not set(STANCES) <= set(self.labels) <= {*STANCES, NONE}:
            raise InputError(
                f"model family nli answers with {', '.join(STANCES)} and {NONE}, not with {', '.join(self.labels)}; "
                "choose a task of stance or another family"
            )
        self._network: Any = None
        self._pooling = Pooling()
        self._calibration: BiasCorrection | None = None

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        self._open()
        self._pooling, self._calibration = Pooling(), None
        if not self.config.calibrate:
            return
        rows = records(train if dev is None or len(dev) == 0 else dev)
        if len(rows) > self.config.calibrate_rows:
            rows = random.Random(seed).sample(rows, self.config.calibrate_rows)
        probabilities, owners, _ = self._windows(rows)
        gold = np.array([self.labels.index(row["label"]) for row in rows])
        self._pooling = Pooling(fit_pooling(probabilities, owners, gold, self._none).sharpness)
        pooled, _ = self._pooling.pool(probabilities, owners, self._none)
        self._calibration = fit_bias_correction(pooled, gold, self.labels)

    def _open(self) -> None:
        set_threads(self.config.threads)
        if self._network is not None:
            return
        self._encoder = resolve_encoder(self.config.encoder)
        network, self._tokenizer = self._encoder.pair_classifier(), self._encoder.tokenizer()
        self._columns = _columns(self.config.encoder, network.config.id2label or {})
        check_length(self.config.max_tokens, network, self._tokenizer)
        self._network = network.to(best_device()).eval()

    def predict_with_evidence(self, rows: Rows) -> tuple[NDArray[np.float64], list[Span]]:
        """Return probabilities, shape (n_rows, n_labels), and the span [start, end) of each text that carried them."""
        self._open()
        return super().predict_with_evidence(rows)

    def _calibrated(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        return probabilities if self._calibration is None else self._calibration.apply(probabilities, self.labels)

    def _windows(self, rows: Records) -> Answers:
        reading = Reading(self.config.window_words)
        owners, spans = cut(rows, reading)
        texts = [reading.text(rows[at], span) for at, span in zip(owners, spans, strict=True)]
        propositions = [self._proposition(row) for row in rows]
        asked = [propositions[at] for at in owners]
        answers = self._answers(texts, asked, self.config.hypothesis)
        probabilities = np.zeros((len(spans), len(self.labels)))
        for label, answer in STANCES.items():
            probabilities[:, self.labels.index(label)] = answers[answer]
        if self._none is not None:
            addressed = self._answers(texts, asked, self.config.topic)[ENTAILMENT]
            probabilities *= addressed[:, None]
            probabilities[:, self._none] = 1 - addressed
        return probabilities, owners, spans

    def _answers(
        self, texts: list[str], propositions: list[str], templates: dict[str, str]
    ) -> dict[str, NDArray[np.float64]]:
        """Return the probability of each answer about each pair of a text and a hypothesis."""
        template = templates[self.config.language]
        pairs = [(text, template.replace(PLACE, said)) for text, said in zip(texts, propositions, strict=True)]
        values = softmax(self._logits(pairs), axis=1)
        return {answer: values[:, column] for answer, column in self._columns.items()}

    def _logits(self, pairs: list[tuple[str, str]]) -> NDArray[np.float64]:
        config = self.config
        return logits(self._network, self._tokenizer, pairs, max_tokens=config.max_tokens, batch_size=config.batch_size)

    def _proposition(self, row: dict[str, Any]) -> str:
        """Return the proposition in the language of the hypotheses, where its issue is known in it."""
        issue = self.issues.get(row.get("issue", ""))
        if issue is None or row["proposition"] != issue.proposition[issue.language_for(language_of(row))]:
            return row["proposition"]  # not the issue's own wording
        return issue.proposition.get(self.config.language, row["proposition"])

    def _save_weights(self, folder: Path) -> None:
        self._open()
        learnt = {
            "pooling": asdict(self._pooling),
            "calibration": None if self._calibration is None else asdict(self._calibration),
            "probe": self._logits([_PROBE])[0].tolist(),
        }
        (folder / WEIGHTS).write_text(json.dumps(learnt, indent=1) + "\n", encoding="utf-8")

    def _load_weights(self, folder: Path) -> None:
        learnt = json.loads((folder / WEIGHTS).read_text(encoding="utf-8"))
        self._pooling = Pooling(**learnt["pooling"])
        self._calibration = BiasCorrection(**learnt["calibration"]) if learnt["calibration"] else None
        self._open()
        check_same(self._encoder, self._logits([_PROBE])[0], np.array(learnt["probe"]))

    def describe(self) -> dict[str, Any]:
        """Return the pooling rule and the calibration."""
        return {"pooling": asdict(self._pooling), "calibration": self._calibration}


def _columns(encoder: str, names: Mapping[Any, str]) -> dict[str, int]:
    """Return the column of each answer, by the names in the configuration of the network.

    Raises:
        InputError: an answer has no column.
    """
    columns = {str(name).lower(): int(column) for column, name in names.items()}
    missing = [answer for answer in (ENTAILMENT, NEUTRAL, CONTRADICTION) if answer not in columns]
    if missing:
        raise InputError(
            f"encoder {encoder!r} has labels {', '.join(map(str, names.values())) or 'without names'} and none named "
            f"{' or '.join(missing)}; model family nli needs a model of natural language inference with three labels "
            "named in its config.json (id2label)"
        )
    return {answer: columns[answer] for answer in (ENTAILMENT, NEUTRAL, CONTRADICTION)}
