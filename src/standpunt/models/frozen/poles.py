"""Is what is said nearer to the one pole of an issue or to the other? Frozen vectors, compared in a learned way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from standpunt.annotation.layers import SIDES
from standpunt.corpora.rows import PROBABILITIES, WEIGHT, Rows, language_of
from standpunt.debate import Span
from standpunt.errors import InputError, require
from standpunt.evaluation.calibration import SMALLEST_PROBABILITY, fit_temperature, scaled
from standpunt.models.frozen.model import FrozenConfig, FrozenModel
from standpunt.models.sides import definition, poles
from standpunt.models.windows.cutting import PART, Reading, cut
from standpunt.models.windows.examples import Example, examples, fitted_and_held, records
from standpunt.models.windows.model import Records
from standpunt.text.likeness import Likeness, Ngrams

WEIGHTS, POOLING = "weights.safetensors", "pooling.json"
_CHUNK = 8192  # windows whose vectors are in memory more than once
# What the two signs that a window is about the issue count: the cosine of vectors, the logarithm of that of words.
_SHARPNESS = tuple(product((0.0, 20.0, 40.0), (0.0, 1.0, 2.0, 3.0)))
_LEAST_LIKE = 0.01  # added to the likeness of words, which may be 0
_READ = ("debate", "language", "issue", "proposition", "text", PART, "label", PROBABILITIES, WEIGHT, "evidence")


@dataclass
class PolesConfig(FrozenConfig):
    """What is embedded, and how poles and windows are compared.

    Beside the settings of `standpunt.models.frozen.model.FrozenConfig`:

    Attributes:
        rank: of the matrices of the comparison.
        epochs: passes over the training examples.
        batch_size: examples an update.
        learning_rate: the first; it falls linearly to a twentieth.
        weight_decay: of the matrices; of everything else a tenth.
        dropout: share of the numbers of a vector that an update does not see.
        n_seeds: trainings whose logits are averaged.
    """

    name: str = "poles"
    family: str = "poles"
    window_words: int = 50
    max_tokens: int = 128
    rank: int = 32
    epochs: int = 15
    batch_size: int = 128
    learning_rate: float = 3e-3
    weight_decay: float = 1.0
    dropout: float = 0.2
    n_seeds: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.rank >= 1, "model.rank", self.rank, "1 or more")
        require(self.epochs >= 1, "model.epochs", self.epochs, "1 or more")
        require(self.batch_size >= 1, "model.batch_size", self.batch_size, "1 or more")
        require(self.learning_rate > 0, "model.learning_rate", self.learning_rate, "a number above 0")
        require(self.weight_decay >= 0, "model.weight_decay", self.weight_decay, "0 or more")
        require(0 <= self.dropout < 1, "model.dropout", self.dropout, "a number from 0 to below 1")
        require(self.n_seeds >= 1, "model.n_seeds", self.n_seeds, "1 or more")


@dataclass(frozen=True)
class Compared:
    """Windows of rows, compared with the poles of their issues.

    Attributes:
        logits: shape (n_windows, n_labels).
        near: how near each is to the issue of its row, by vectors and by words, shape (n_windows,): a window weighs in
            proportion to exp(near).
        owners: the row of each, shape (n_windows,).
        spans: where [start, end) in the text of its row each stands.
    """

    logits: NDArray[np.float64]
    near: NDArray[np.float64]
    owners: NDArray[np.int_]
    spans: list[Span]


class Poles(FrozenModel):
    """Compares windows of a turn with what is said for an issue and with what is said against it.

    A window and the two poles are vectors of a frozen encoder; `standpunt.models.frozen.bilinear` learns which pole a
    window is nearer to. What it learns is the same for all issues and changes sides with the poles, so that it takes
    any issue; of the side that an issue usually finds it knows no more than the words of its poles tell. Logits of a
    turn are those of its windows, weighed by exp(s cos(window, middle of the poles)) l^k, where l is how like the words
    of the window are to those of the issue's definition (see `standpunt.text.likeness`), and s and k are chosen
    on dev.

    The poles are those of the issue's definition, each as the mean of two vectors: with and without the proposition
    before it. For an issue that has none, and a proposition that is not that of its issue, they are the proposition and
    its opposite (see `standpunt.text.negation`).

    That labels have descriptions which a text is compared with goes back to M.-W. Chang et al., Importance of Semantic
    Representation: Dataless Classification, AAAI 2008.
    """

    config_class = PolesConfig
    weighs_rows = True
    calibrates_itself = True  # by the temperature of its pooling
    config: PolesConfig

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        self._columns()
        self._open(cached=True)
        train_rows, dev_rows = fitted_and_held(train, dev, self.config.dev_share, seed, _READ)
        pairs = examples(
            train_rows,
            self.labels,
            Reading(self.config.window_words),
            class_weights=self.config.class_weights,
            none_per_row=self.config.none_per_row,
            seed=seed,
        )
        present = {pair.label for pair in pairs}
        self._absent = [label for place, label in enumerate(self.labels) if place not in present]
        places = {row["proposition"]: place for place, row in enumerate(train_rows)}
        sides = self._poles(train_rows)[:, [places[pair.first] for pair in pairs]]
        windows = [pair.second for pair in pairs]
        self._learn(self._embed(windows), sides, pairs, seed)
        self._remember_encoder()
        self._ngrams = Ngrams()
        self._ngrams.fit(sorted(set(windows)))
        self._sharpness, self._temperature = (20.0, 2.0), 1.0
        if dev_rows:
            self._pool_by(dev_rows)

    def _learn(
        self, windows: NDArray[np.float32], sides: NDArray[np.float32], pairs: Sequence[Example], seed: int
    ) -> None:
        import torch

        from standpunt.models.frozen.bilinear import BilinearSettings, fit_bilinear

        config, place = self.config, {column: at for at, column in enumerate(self._columns())}
        vectors = [torch.from_numpy(part) for part in (windows, *sides)]
        settings = BilinearSettings(
            config.epochs, config.batch_size, config.learning_rate, config.weight_decay, config.dropout
        )
        self._members = [
            fit_bilinear(
                *vectors,
                torch.tensor([place[pair.label] for pair in pairs]),
                torch.tensor([pair.weight for pair in pairs], dtype=torch.float32),
                settings,
                rank=config.rank,
                others=len(self.labels) - len(SIDES),
                seed=seed + member,
                watch=self.watch,
            )
            for member in range(config.n_seeds)
        ]

    def _columns(self) -> list[int]:
        """Return the column of each logit of a comparison: favor, against, then the other labels.

        Raises:
            InputError: the labels have no sides.
        """
        if not set(SIDES) <= set(self.labels):
            raise InputError(
                f"model {self.config.name} tells the sides of an issue apart and needs the labels {' and '.join(SIDES)}"
                f"; those of the task are {', '.join(self.labels)}"
            )
        others = [label for label in self.labels if label not in SIDES]
        return [self.labels.index(label) for label in (*SIDES, *others)]

    def _poles(self, rows: Records) -> NDArray[np.float32]:
        """Return the vectors of what is said for and against the proposition of each row, shape (2, n_rows, width)."""
        said = [poles(row["proposition"], self.issues.get(row["issue"]), language_of(row)) for row in rows]
        wordings = sorted({text for sides in said for side in sides for text in side})
        known = dict(zip(wordings, self._embed(wordings), strict=True))
        means = {side: _unit(np.sum([known[text] for text in side], axis=0)) for sides in said for side in sides}
        return np.stack([[means[side] for side in part] for part in zip(*said, strict=True)])

    def _windows(self, rows: Records) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int_], list[Span]]:
        """Return the logits of all windows, how near each is to its issue, the row of each, and its span.

        Near, shape (2, n_windows), are the cosine to the middle of the poles and the log of the likeness of words.
        """
        import torch

        reading = Reading(self.config.window_words)
        owners, spans = cut(rows, reading)
        texts = [reading.text(rows[at], span) for at, span in zip(owners, spans, strict=True)]
        windows = self._embed(texts)
        pros, cons = self._poles(rows)
        middle = _unit(pros + cons)
        defined = [definition(row["proposition"], self.issues.get(row["issue"]), language_of(row)) for row in rows]
        values = np.zeros((len(spans), len(self.labels)))
        near = np.zeros((2, len(spans)))
        columns = self._columns()
        for start in range(0, len(spans), _CHUNK):
            part = slice(start, start + _CHUNK)
            at = owners[part]
            near[0, part] = (windows[part] * middle[at]).sum(axis=1)
            asked = [defined[row] for row in at]
            likeness = Likeness.by(self._ngrams, [*texts[part], *asked])
            near[1, part] = np.log(likeness.of_pairs(texts[part], asked) + _LEAST_LIKE)
            with torch.inference_mode():
                given = [torch.from_numpy(vectors) for vectors in (windows[part], pros[at], cons[at])]
                said_by_all = torch.stack([member(*given) for member in self._members])
            values[part, columns] = said_by_all.mean(dim=0).double().numpy()
        return values, near, owners, spans

    def _pool_by(self, rows: Records) -> None:
        """Choose sharpness and temperature by the log loss on labelled rows that were not trained on."""
        values, near, owners, _ = self._windows(rows)
        gold = np.array([self.labels.index(row["label"]) for row in rows])
        losses = {}
        for sharpness in _SHARPNESS:
            pooled = self._of_rows(values, _shares(sharpness @ near, owners), owners)
            temperature = fit_temperature(pooled, gold)
            given = scaled(pooled, temperature)[np.arange(len(gold)), gold]
            losses[sharpness, temperature] = -np.log(given.clip(SMALLEST_PROBABILITY)).mean()
        self._sharpness, self._temperature = min(losses, key=lambda key: losses[key])

    def compared(self, rows: Rows) -> Compared:
        """Compare every window of rows with both poles of their issues, before windows are pooled."""
        values, near, owners, spans = self._windows(records(rows, _READ))
        return Compared(values, self._sharpness @ near, owners, spans)

    def _of_rows(
        self, values: NDArray[np.float64], shares: NDArray[np.float64], owners: NDArray[np.int_]
    ) -> NDArray[np.float64]:
        """Return the probabilities of rows from the logits of their windows; 0 for a label that was not trained on."""
        pooled = _pooled(values, shares, owners)
        pooled[:, [self.labels.index(label) for label in self._absent]] = -np.inf
        return softmax(pooled, axis=1)

    def _predict_proba(self, rows: Rows) -> NDArray[np.float64]:
        return self.predict_with_evidence(rows)[0]

    def predict_with_evidence(self, rows: Rows) -> tuple[NDArray[np.float64], list[Span]]:
        """Return probabilities, shape (n_rows, n_labels), and the span [start, end) of each text that carried them."""
        values, near, owners, spans = self._windows(records(rows, _READ))
        shares = _shares(self._sharpness @ near, owners)
        pooled = scaled(self._of_rows(values, shares, owners), self._temperature)
        own = softmax(values, axis=1)[np.arange(len(owners)), pooled.argmax(axis=1)[owners]]
        starts = np.searchsorted(owners, np.arange(len(pooled)))
        carried = [
            start + int(part.argmax()) for start, part in zip(starts, np.split(shares * own, starts[1:]), strict=True)
        ]
        return pooled, [spans[index] for index in carried]

    def _save_weights(self, folder: Path) -> None:
        import torch
        from safetensors.torch import save_file

        tensors = {
            f"{number}.{name}": value.contiguous()
            for number, member in enumerate(self._members)
            for name, value in member.state_dict().items()
        }
        learnt = {"probe": self._probe, "rarity": self._ngrams.rarity}
        save_file(tensors | {name: torch.from_numpy(value) for name, value in learnt.items()}, folder / WEIGHTS)
        pooling = {"sharpness": list(self._sharpness), "temperature": self._temperature, "absent": self._absent}
        (folder / POOLING).write_text(json.dumps(pooling, indent=1) + "\n", encoding="utf-8")

    def _load_weights(self, folder: Path) -> None:
        from safetensors.torch import load_file

        from standpunt.models.frozen.bilinear import BilinearScorer

        tensors = load_file(folder / WEIGHTS)
        pooling = json.loads((folder / POOLING).read_text(encoding="utf-8"))
        self._sharpness, self._temperature = tuple(pooling["sharpness"]), pooling["temperature"]
        self._absent = pooling["absent"]
        self._probe = tensors.pop("probe").numpy()
        self._ngrams = Ngrams(tensors.pop("rarity").numpy())
        self._members = []
        for number in range(self.config.n_seeds):
            state = {name.partition(".")[2]: value for name, value in tensors.items() if name.startswith(f"{number}.")}
            member = BilinearScorer(state["mean"], self.config.rank, len(self.labels) - len(SIDES))
            member.load_state_dict(state)
            self._members.append(member)
        self._open()
        self._check_encoder()

    def describe(self) -> dict[str, Any]:
        """Return how windows are pooled, and how the encoder was run."""
        vectors, words = self._sharpness
        learnt = {"sharpness, vectors": vectors, "sharpness, words": words, "temperature": round(self._temperature, 3)}
        return learnt | self._computed()


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True).clip(SMALLEST_PROBABILITY)


def _shares(near: NDArray[np.float64], owners: NDArray[np.int_]) -> NDArray[np.float64]:
    """Return what each window weighs in its row, the nearer the more; those of a row sum to one."""
    starts = np.searchsorted(owners, np.arange(owners[-1] + 1))
    weights = np.exp(near - np.maximum.reduceat(near, starts)[owners])
    return weights / np.add.reduceat(weights, starts)[owners]


def _pooled(values: NDArray[np.float64], shares: NDArray[np.float64], owners: NDArray[np.int_]) -> NDArray[np.float64]:
    """Return the weighted mean of the logits of each row's windows, shape (n_rows, n_labels)."""
    starts = np.searchsorted(owners, np.arange(owners[-1] + 1))
    return np.add.reduceat(values * shares[:, None], starts, axis=0)
