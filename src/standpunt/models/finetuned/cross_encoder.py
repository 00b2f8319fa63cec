"""Fine-tuned cross-encoder: a transformer reads the proposition and a window of the turn together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from scipy.special import softmax

from standpunt.annotation.issues import Issue
from standpunt.corpora.rows import Rows, language_of
from standpunt.debate import Span
from standpunt.encoders.device import best_device, set_threads
from standpunt.encoders.named import hub_id
from standpunt.encoders.precision import FLOAT32, Computing, chosen, note
from standpunt.encoders.resolve import Encoder, check_length, check_same, quiet, resolve_encoder
from standpunt.errors import InputError, ModelError, unknown_name
from standpunt.models.base import Model, ModelConfig
from standpunt.models.cards import CardFacts
from standpunt.models.finetuned.adapters import (
    check_shape,
    in_words,
    load_additions,
    save_additions,
    shape_of,
    to_half_precision,
    with_additions,
)
from standpunt.models.finetuned.checkpoints import Checkpoints
from standpunt.models.finetuned.finetune import finetune
from standpunt.models.finetuned.fresh import fresh_classifier, fresh_mean_classifier, set_first_guess
from standpunt.models.finetuned.heads import MAIN, Heads, copy_weights, weighing
from standpunt.models.finetuned.opening import opened_by
from standpunt.models.finetuned.pairs import logits
from standpunt.models.finetuned.parts import SEGMENTS as TWO_MEANS
from standpunt.models.finetuned.parts import is_frozen, take_encoder, unwrapped
from standpunt.models.finetuned.schedule import Schedule
from standpunt.models.finetuned.settings import MEAN, SEGMENTS, STANDARD, CrossEncoderConfig
from standpunt.models.frozen.vectors import PROBE, mean_vectors
from standpunt.models.sides import definition, with_sides
from standpunt.models.windows.cutting import Reading, cut
from standpunt.models.windows.examples import Example, examples, fitted_and_held
from standpunt.models.windows.model import Answers, Records, WindowedModel
from standpunt.models.windows.nearest import nearest, nearest_spans
from standpunt.models.windows.pooling import Pooling
from standpunt.text.likeness import Ngrams

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

POOLING, WORDS = "pooling.json", "words.safetensors"
_DIGITS = 5  # of a probe that is saved


class CrossEncoder(WindowedModel):
    """A classifier over pairs of proposition and window, pooled to the turn.

    In training, a row whose label has evidence is read in the windows that hold some of it; other rows in all their
    windows, which share the row's weight (see `standpunt.models.windows.examples`).
    """

    config_class = CrossEncoderConfig
    weighs_rows = True
    config: CrossEncoderConfig
    _task = MAIN  # the one whose columns are read
    _probe: list[float]  # what the encoder makes of a sentence without additions
    _computing: Computing

    def __init__(self, config: ModelConfig, labels: Sequence[str], issues: Mapping[str, Issue]) -> None:
        """Set up, untrained, with one task."""
        super().__init__(config, labels, issues)
        self._heads = Heads({MAIN: self.labels})
        self._poolings: dict[str, Pooling] = {}
        self._ngrams = Ngrams()

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        wanted = self.config.auxiliary
        if set(wanted) != set(self.auxiliary):
            raise InputError(
                f"model.auxiliary names {', '.join(wanted)} and the model was given rows of "
                f"{', '.join(self.auxiliary) or 'no task'}; it works for the model of an experiment, not for a part "
                "of it"
            )
        self._open()
        train_rows, dev_rows = fitted_and_held(train, dev, self.config.dev_share, seed)
        if self.config.nearest:
            self._ngrams.fit(sorted({row["text"] for row in train_rows}))
        self._heads = Heads({MAIN: self.labels} | {task: other.labels for task, other in self.auxiliary.items()})
        train_examples = self._heads.placed(MAIN, self._examples(train_rows, seed, negate=True))
        dev_examples = self._heads.placed(MAIN, self._examples(dev_rows, seed))
        divided = {
            task: fitted_and_held(other.train, other.dev, self.config.dev_share, seed)
            for task, other in self.auxiliary.items()
        }
        for side_examples, side in ((train_examples, 0), (dev_examples, 1)):
            total = sum(example.weight for example in side_examples) * self.config.auxiliary_weight
            for task, parts in divided.items() if side_examples else ():  # without dev rows of its own it has none
                side_examples += self._auxiliary(task, parts[side], total, seed)
        self._members: list[Any] = []
        self._facts = []
        checkpoints = Checkpoints(Path(self.config.checkpoints)) if self.config.checkpoints else None
        for member in range(self.config.n_seeds):
            network, self._tokenizer = self._network(seed + member, train_examples)
            facts = finetune(
                network,
                self._tokenizer,
                train_examples,
                dev_examples,
                self._schedule(),
                seed=seed + member,
                checkpoints=checkpoints,
                watch=self.watch,
            )
            self._facts.append(facts)
            if self.config.tuning == "lora":
                to_half_precision(network)
            self._members.append(network)
        self._pool_by(dev_rows)
        self._poolings = dict.fromkeys(divided, Pooling())
        for task, (_, held) in divided.items():
            other = self.answering(task)
            other._pool_by(held)
            self._poolings[task] = other._pooling
        if checkpoints is not None:
            checkpoints.remove()

    def answering(self, task: str) -> WindowedModel:
        """Return the same network as a model of a task that it learnt; see `Model.answering`."""
        known = [name for name in self._heads.labels if name != self._task]
        if task not in known:
            if task == self.provenance.task:
                return self
            raise unknown_name(f"auxiliary task of model {self.config.name}", task, known)
        other = copy(self)
        other.labels, other._task, other.card = self._heads.labels[task], task, None
        other._pooling = self._poolings[task]
        other.provenance = replace(self.provenance, task=task)
        return other

    def _open(self) -> None:
        """Find the encoder and choose how it is run."""
        config = self.config
        self._encoder = resolve_encoder(config.encoder)
        self._computing = Computing(config.base_precision, config.threads)
        if config.head == MEAN:
            self._computing = chosen(config.base_precision, config.threads, best_device())
            note(self._encoder.name, self._computing)
        set_threads(self._computing.threads)

    @cached_property
    def _reading(self) -> Reading:
        config = self.config
        if not config.context:
            return Reading(config.window_words)
        return Reading(config.window_words, config.context_words, str(self._encoder.tokenizer().sep_token))

    def _schedule(self) -> Schedule:
        config = self.config
        return Schedule(
            epochs=config.epochs,
            batch_size=config.batch_size,
            accumulate=config.accumulate,
            learning_rate=config.learning_rate,
            weight_decay=config.weight_decay,
            max_tokens=config.max_tokens,
            patience=config.patience,
            evaluate_every=config.evaluate_every,
            checkpoint_every=config.checkpoint_every,
        )

    def _examples(self, rows: Sequence[dict[str, Any]], seed: int, *, negate: bool = False) -> list[Example]:
        """Turn rows into weighted pairs of proposition and window."""
        config = self.config
        return self._made(rows, self.labels, config.none_per_row, seed, negate=config.negate if negate else 0.0)

    def _made(
        self, rows: Records, labels: Sequence[str], none_per_row: float, seed: int, *, negate: float = 0.0
    ) -> list[Example]:
        """Return the examples of a task, read as its rows are read in prediction."""
        return examples(
            rows,
            labels,
            self._reading,
            class_weights=self.config.class_weights,
            none_per_row=none_per_row,
            negate=negate,
            said=self._said,
            choose=self._nearest_spans if self.config.nearest else None,
            seed=seed,
        )

    def _said(self, row: dict[str, Any], proposition: str) -> str:
        """Return how a proposition is read beside a row."""
        if not self.config.sides:
            return proposition
        return with_sides(proposition, self.issues.get(row.get("issue", "")), language_of(row))

    def _asked(self, row: dict[str, Any]) -> str:
        """Return what the windows of a row are to be near to."""
        return definition(row["proposition"], self.issues.get(row.get("issue", "")), language_of(row))

    def _nearest_spans(self, row: dict[str, Any], spans: tuple[Span, ...]) -> tuple[Span, ...]:
        texts = [self._reading.text(row, span) for span in spans]
        return nearest_spans(spans, texts, self._asked(row), self.config.nearest, self._ngrams)

    def _auxiliary(self, task: str, rows: Records, total: float, seed: int) -> list[Example]:
        """Return the examples of another task; they weigh `total` together."""
        task_examples = self._made(rows, self._heads.labels[task], len(rows), seed)  # "none" is a label like any other
        return self._heads.placed(task, weighing(task_examples, total) if task_examples else [])

    def _network(self, seed: int, examples: Sequence[Example]) -> tuple[Any, PreTrainedTokenizerBase]:
        """Return a network ready to be trained, and its tokenizer.

        It is the base encoder with a fresh head, or the model to start from.
        """
        import torch

        torch.manual_seed(seed)
        network: Any
        start = self._start() if self.config.start_from else None
        tokenizer, network = self._encoder.tokenizer(), self._fresh(examples)
        if start is not None and self.config.tuning == "full":  # its encoder and vocabulary are its own
            tuned = start._members[0].to("cpu")
            tokenizer = start._tokenizer
            take_encoder(network, tuned)
        check_length(self.config.max_tokens, network.base_model, tokenizer)
        if self.config.tuning == "full":
            for name, parameter in network.named_parameters():
                parameter.requires_grad_(not is_frozen(network, name))
        else:
            self._probe = [round(float(value), _DIGITS) for value in self._vector(network, tokenizer)]
            network = with_additions(network, self.config.lora_rank, hub_id(self.config.encoder))
        if start is not None:
            copy_weights(network, start._members[0], self._heads.names, start._heads.names)
        return network.to(best_device()), tokenizer

    def _fresh(self, examples: Sequence[Example]) -> Any:
        """Return the base encoder with a fresh head whose first guess is the share of each label."""
        network = self._untrained()
        set_first_guess(network, self._heads.names, examples)
        return network

    def _untrained(self) -> Any:
        config = self.config
        if config.head == MEAN:
            return fresh_mean_classifier(
                self._encoder,
                self._heads.names,
                precision=self._computing.precision,
                prompt=config.prompt,
                trained_layers=config.trained_layers,
            )
        return fresh_classifier(
            self._encoder,
            self._heads.names,
            standard=config.head == STANDARD,
            decomposed_layers=config.decomposed_layers,
        )

    def _vector(self, network: Any, tokenizer: PreTrainedTokenizerBase) -> NDArray[np.float32]:
        """Return what the encoder of a network makes of a sentence, shape (width,)."""
        return mean_vectors(network.base_model.eval(), tokenizer, [PROBE], self.config.max_tokens)[0]

    def _start(self) -> Any:
        """Return the model to start from."""
        folder = Path(str(self.config.start_from))
        other: Any = Model.load(folder)
        if other.family != self.family:
            raise ModelError(f"{folder}: of family {other.family}; model.start_from needs a cross_encoder")
        theirs, ours = _build_of(other.config), _build_of(self.config)
        rank, most = (config.lora_rank if config.tuning == "lora" else 0 for config in (other.config, self.config))
        if theirs != ours or rank > most:
            made = in_words(theirs | ({"lora_rank": rank} if rank else {}))
            needed = in_words(ours | ({"lora_rank": f"{most} or less"} if most else {}))
            raise ModelError(f"{folder}: made with {made}; model.start_from needs a model made with {needed}")
        return other

    def _windows(self, rows: Records) -> Answers:
        set_threads(self._computing.threads)
        owners, spans = cut(rows, self._reading)
        texts = [self._reading.text(rows[at], span) for at, span in zip(owners, spans, strict=True)]
        if self.config.nearest:
            kept = nearest(owners, texts, [self._asked(row) for row in rows], self.config.nearest, self._ngrams)
            owners, spans, texts = owners[kept], [spans[at] for at in kept], [texts[at] for at in kept]
        firsts = [self._said(row, row["proposition"]) for row in rows]
        pairs = [(firsts[at], text) for at, text in zip(owners, texts, strict=True)]
        total = np.zeros((len(pairs), len(self.labels)))
        for network in self._members:
            values = logits(network, self._tokenizer, pairs, max_tokens=self.config.max_tokens)
            total += softmax(self._heads.columns_of(self._task, values), axis=1)
        return total / len(self._members), owners, spans

    def _save_weights(self, folder: Path) -> None:
        for member, network in enumerate(self._members):
            place = folder if member == 0 else folder / f"member-{member}"
            if self.config.tuning == "lora":
                save_additions(network, place)
                continue
            with quiet():
                network.save_pretrained(place)
        if self.config.tuning == "full":  # additions belong to an encoder that has its tokenizer
            self._tokenizer.save_pretrained(folder)
        pooling = asdict(self._pooling) | {"training": self._facts}
        if self.config.tuning == "lora":
            pooling["base"] = shape_of(self._members[0].get_base_model())
            pooling["probe"] = self._probe
        if len(self._heads.labels) > 1:
            pooling |= {"answers": self._task, "heads": dict(self._heads.labels)}
            pooling["poolings"] = {task: asdict(settings) for task, settings in self._poolings.items()}
        (folder / POOLING).write_text(json.dumps(pooling, indent=1) + "\n", encoding="utf-8")
        if self.config.nearest:
            save_file({"rarity": self._ngrams.rarity}, folder / WORDS)

    def _load_weights(self, folder: Path) -> None:
        pooling = json.loads((folder / POOLING).read_text(encoding="utf-8"))
        self._facts, base = pooling.pop("training"), {}
        if self.config.tuning == "lora":
            base, self._probe = pooling.pop("base"), pooling.pop("probe")
        self._task = pooling.pop("answers", MAIN)
        heads = pooling.pop("heads", {MAIN: self.labels})
        self._heads = Heads({task: tuple(labels) for task, labels in heads.items()})
        self._poolings = {task: Pooling(**settings) for task, settings in pooling.pop("poolings", {}).items()}
        self._pooling = Pooling(**pooling)
        if self.config.tuning == "full":  # the encoder is in the folder
            self._encoder = Encoder(self.config.encoder, str(folder))
            self._computing = Computing(FLOAT32, self.config.threads)
        else:
            self._open()
        if self.config.nearest:
            self._ngrams = Ngrams(load_file(folder / WORDS)["rarity"].astype(np.float32))
        self._tokenizer = self._encoder.tokenizer()
        self._members = []
        for member in range(self.config.n_seeds):
            place = folder if member == 0 else folder / f"member-{member}"
            self._members.append(self._load_member(place, base))
        # A model of before there was a choice does not say which head it has.
        if unwrapped(self._members[0]).config.model_type == TWO_MEANS:
            self.config = replace(self.config, head=SEGMENTS)

    def _load_member(self, place: Path, base: dict[str, Any]) -> Any:
        if self.config.tuning == "full":
            from transformers import AutoModelForSequenceClassification

            import standpunt.models.finetuned.network  # noqa: F401 - makes its class known

            with quiet():
                return AutoModelForSequenceClassification.from_pretrained(place).to(best_device()).eval()
        network = self._untrained()
        check_shape(network, base, self._encoder.name)
        check_same(self._encoder, self._vector(network, self._tokenizer), np.array(self._probe))
        return load_additions(network, place).to(best_device()).eval()

    def card_facts(self) -> CardFacts:
        """Return what its card says, with how transformers or peft opens it where it has a head of theirs."""
        facts = super().card_facts()
        if self.config.head != STANDARD or len(self._heads.labels) > 1:
            return facts
        library, others = opened_by(self.config.tuning, self.config.encoder, self.labels)
        return replace(facts, library=library, others=others)

    def describe(self) -> dict[str, Any]:
        """Return the pooling rule and what is known of the training."""
        return {"pooling": asdict(self._pooling), "training": self._facts}


def _build_of(config: CrossEncoderConfig) -> dict[str, Any]:
    """Return the settings that two models must share for one to take the weights of the other."""
    names = ("encoder", "decomposed_layers", "trained_layers", "head", "tuning")
    return {name: getattr(config, name) for name in names}
