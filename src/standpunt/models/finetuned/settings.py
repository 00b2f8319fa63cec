"""What a cross-encoder is configured with."""

from __future__ import annotations

from dataclasses import dataclass, field

from standpunt.encoders.precision import FLOAT32, PRECISIONS
from standpunt.errors import require
from standpunt.models.windows.model import WindowedConfig

TUNINGS = ("lora", "full")
STANDARD, SEGMENTS, MEAN = "standard", "segments", "mean"
HEADS = (STANDARD, SEGMENTS, MEAN)


@dataclass
class CrossEncoderConfig(WindowedConfig):
    """How the encoder is tuned and how turns are read.

    Beside the settings of `standpunt.models.windows.model.WindowedConfig`:

    Attributes:
        start_from: the folder of a model of this family to train on from, with the same encoder and tuning, and no
            higher rank; only its weights are taken, those of a label where the name is the same.
        decomposed_layers: lower layers that read proposition and window separately, once each, and are not trained (see
            `standpunt.models.finetuned.network`): training and predicting cost what the layers above cost.
        head: "segments" compares the means of the two texts (see `standpunt.models.finetuned.network`); "mean" is for
            an encoder of sentences, which reads both as one text (see `standpunt.models.finetuned.mean_network`);
            "standard" is the head that transformers has for the encoder, so that others open the model without this
            package. By default it is the standard one where everything is trained, and else "segments", the only one
            on decomposed layers.
        tuning: "lora" trains low-rank additions to every linear layer (E. Hu et al., LoRA, ICLR 2022) and the head,
            "full" everything but the embeddings.
        lora_rank: rank of the additions.
        trained_layers: with the head "mean", how many of the upper layers get additions; by default all of them, as
            in an encoder that has fewer.
        base_precision: with the head "mean", the precision of the encoder's own weights, "auto" for what is measured
            to be faster (see `standpunt.encoders.precision`).
        prompt: with the head "mean", the name of one of the encoder's prompts, put before both texts.
        sides: whether the proposition is read with what is said for it and against it, where its issue defines that.
        nearest: how many windows of a turn are read, those whose words are nearest to the definition of the issue; 0
            reads all of them.
        context: whether each window is read behind the end of the turn that is answered; give `max_tokens` room.
        context_words: how many words of that turn are read, its last ones.
        epochs: passes over the training examples at most.
        batch_size: examples an update.
        accumulate: forward passes an update is divided into.
        learning_rate: the highest of the schedule, see `standpunt.models.finetuned.schedule.Schedule`.
        weight_decay: of matrices; vectors have none.
        patience: evaluations on dev without a better loss after which training stops; 0 never stops early.
        evaluate_every: updates between evaluations on dev; 0 evaluates after each epoch.
        negate: share of training rows whose proposition is turned into its opposite by rule (Dutch), the label with it.
        n_seeds: trainings whose probabilities are averaged.
        auxiliary: other tasks that the same encoder learns, each with columns of its own, and the corpus that has their
            rows, e.g. {component: fictional, frame: fictional}; see `CrossEncoder.answering`.
        auxiliary_layer: the annotator whose labels of those tasks are learnt.
        auxiliary_weight: what each of those tasks weighs against the model's own.
        checkpoints: a folder to resume from after a kill; other trainings may use it as well.
        checkpoint_every: updates between checkpoints.
    """

    name: str = "cross_encoder"
    family: str = "cross_encoder"
    start_from: str | None = None
    decomposed_layers: int = 0
    head: str | None = None
    tuning: str = "lora"
    lora_rank: int = 32
    trained_layers: int | None = None
    base_precision: str = FLOAT32
    prompt: str | None = None
    sides: bool = False
    nearest: int = 0
    context: bool = False
    context_words: int = 40
    epochs: int = 3
    batch_size: int = 16
    accumulate: int = 1
    learning_rate: float = 5e-4
    weight_decay: float = 0.01
    patience: int = 2
    evaluate_every: int = 0
    negate: float = 0.0
    n_seeds: int = 1
    auxiliary: dict[str, str] = field(default_factory=dict)
    auxiliary_layer: str = "adjudicated"
    auxiliary_weight: float = 1.0
    checkpoints: str | None = None
    checkpoint_every: int = 500

    def __post_init__(self) -> None:
        super().__post_init__()
        require(self.tuning in TUNINGS, "model.tuning", self.tuning, f"one of {', '.join(TUNINGS)}")
        require(self.decomposed_layers >= 0, "model.decomposed_layers", self.decomposed_layers, "0 or more")
        if self.head is None:
            self.head = STANDARD if self.tuning == "full" and not self.decomposed_layers else SEGMENTS
        require(self.head in HEADS, "model.head", self.head, f"one of {', '.join(HEADS)}")
        whole = self.head == SEGMENTS or self.decomposed_layers == 0
        require(whole, "model.head", self.head, f"{SEGMENTS} where model.decomposed_layers is not 0")
        require(self.lora_rank >= 1, "model.lora_rank", self.lora_rank, "1 or more")
        require(self.nearest >= 0, "model.nearest", self.nearest, "0 or more")
        if self.head == MEAN:
            require(self.tuning == "lora", "model.tuning", self.tuning, f"lora with the head {MEAN}")
            layers = self.trained_layers
            require(layers is None or layers >= 1, "model.trained_layers", layers, "1 or more, or null")
            precisions = ", ".join(PRECISIONS)
            require(
                self.base_precision in PRECISIONS, "model.base_precision", self.base_precision, f"one of {precisions}"
            )
        else:
            for name, usual in (("trained_layers", None), ("base_precision", FLOAT32), ("prompt", None)):
                value = getattr(self, name)
                require(
                    value == usual,
                    f"model.{name}",
                    value,
                    f"{'null' if usual is None else usual}, unless model.head is {MEAN}",
                )
        require(self.context_words >= 1, "model.context_words", self.context_words, "1 or more")
        require(self.epochs >= 1, "model.epochs", self.epochs, "1 or more")
        require(self.batch_size >= 1, "model.batch_size", self.batch_size, "1 or more")
        require(self.accumulate >= 1, "model.accumulate", self.accumulate, "1 or more")
        require(self.learning_rate > 0, "model.learning_rate", self.learning_rate, "a number above 0")
        require(self.weight_decay >= 0, "model.weight_decay", self.weight_decay, "0 or more")
        require(self.patience >= 0, "model.patience", self.patience, "0 or more")
        require(self.evaluate_every >= 0, "model.evaluate_every", self.evaluate_every, "0 or more")
        require(self.checkpoint_every >= 1, "model.checkpoint_every", self.checkpoint_every, "1 or more")
        require(self.n_seeds >= 1, "model.n_seeds", self.n_seeds, "1 or more")
        require(0 <= self.negate <= 1, "model.negate", self.negate, "a number from 0 to 1")
        require(self.auxiliary_weight > 0, "model.auxiliary_weight", self.auxiliary_weight, "a number above 0")
