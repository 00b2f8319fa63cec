"""A classifier of pairs of texts that an encoder of sentences reads as one text.

Proposition and window stand in one sequence, behind the encoder's own prompt; the mean of its last layer goes into one
linear layer. An encoder of sentences has no token that stands between two texts, and was trained to be pooled by the
mean: a head on that mean starts from what it knows.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput

from standpunt.models.finetuned.parts import MEAN

_SPREAD = 0.003  # of the fresh head: its first answers are the shares of the labels


class MeanConfig(PretrainedConfig):
    """What is put before every pair, how many of the upper layers are trained, and the labels."""

    model_type = MEAN

    def __init__(self, prompt: str = "", trained_layers: int | None = None, **others: Any) -> None:
        """Set up; `others` are what every configuration has, such as `id2label`."""
        self.prompt = prompt
        self.trained_layers = trained_layers
        super().__init__(**others)


class MeanClassifier(PreTrainedModel):
    """An encoder with a linear head over the mean of its last layer.

    Where the encoder's weights are in bfloat16, what is multiplied with them is too; the head computes in float32.
    """

    config_class = MeanConfig
    base_model_prefix = "encoder"

    def __init__(self, config: MeanConfig, encoder: PreTrainedModel) -> None:
        """Put a fresh head on an encoder.

        Raises:
            ValueError: layers are to be kept, and it has none that can be told apart.
        """
        super().__init__(config)
        self.head = nn.Linear(encoder.config.hidden_size, int(config.num_labels or 0))
        nn.init.normal_(self.head.weight, std=_SPREAD)
        self._kept = _kept(encoder, config.trained_layers)
        self.encoder = encoder

    @classmethod
    def on(
        cls, encoder: PreTrainedModel, labels: dict[int, str], *, prompt: str = "", trained_layers: int | None = None
    ) -> MeanClassifier:
        """Put a fresh head on an encoder; see `MeanConfig`.

        Raises:
            ValueError: layers are to be kept, and it has none that can be told apart.
        """
        ids = {label: index for index, label in labels.items()}
        return cls(MeanConfig(prompt, trained_layers, id2label=labels, label2id=ids), encoder)

    def get_input_embeddings(self) -> nn.Module:
        """Return the embeddings of the encoder."""
        return self.encoder.get_input_embeddings()

    def frozen(self, parameter: str) -> bool:
        """Tell whether a parameter, by its name in this network, belongs to what is never trained."""
        return parameter.startswith(self._kept)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None, **others: Any
    ) -> SequenceClassifierOutput:
        """Return logits, shape (n_texts, n_labels), for encoded texts, shape (n_texts, n_tokens)."""
        if attention_mask is None:
            attention_mask = torch.ones_like(input_ids)
        kind = input_ids.device.type
        half = next(self.encoder.get_input_embeddings().parameters()).dtype == torch.bfloat16
        with torch.autocast(kind, dtype=torch.bfloat16, enabled=half or torch.is_autocast_enabled(kind)):
            hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        with torch.autocast(kind, enabled=False):
            mask = attention_mask[..., None].float()
            mean = (hidden.float() * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1)
            return SequenceClassifierOutput(logits=self.head(mean))


def _kept(encoder: PreTrainedModel, trained_layers: int | None) -> tuple[str, ...]:
    """Return how the names of all parameters begin that are not trained: embeddings, and the layers below others."""
    modules = dict(encoder.named_modules())
    words = next(name for name, part in modules.items() if part is encoder.get_input_embeddings())
    kept = [f"encoder.{words}.", "encoder.embeddings."]
    if trained_layers is None:
        return tuple(kept)
    n_layers = encoder.config.num_hidden_layers
    lists = [name for name, part in modules.items() if isinstance(part, nn.ModuleList) and len(part) == n_layers]
    if not lists:
        raise ValueError("model.trained_layers must be null, since its layers cannot be told apart")
    return (*kept, *(f"encoder.{lists[0]}.{layer}." for layer in range(n_layers - trained_layers)))
