"""How a cross-encoder with a standard head is opened without this package, for its card."""

from __future__ import annotations

from collections.abc import Sequence

from standpunt.encoders.named import hub_id
from standpunt.models.cards import HERE

_WITHOUT = """
Without this package, a pair of a proposition and a text of at most a window is read as by any classifier of pairs. What
`standpunt` adds is that long turns are read in windows, whose answers are pooled and calibrated.
"""
_WITH_TRANSFORMERS = f"""{_WITHOUT}
```python
from transformers import pipeline

classify = pipeline("text-classification", model="{HERE}")
classify({{"text": "Er moet een brug komen.", "text_pair": "Die brug is hard nodig."}})
```
"""
_WITH_PEFT = """
```python
from peft import AutoPeftModelForSequenceClassification
from transformers import AutoTokenizer

model = AutoPeftModelForSequenceClassification.from_pretrained("{here}", id2label={columns})
tokenizer = AutoTokenizer.from_pretrained("{base}")
model(**tokenizer("Er moet een brug komen.", "Die brug is hard nodig.", return_tensors="pt")).logits
```
"""
_ROUNDED = """
It was trained on `{encoder}`. Where that is a package with the weights of `{base}` rounded to 4 bits, logits differ a
little from those of this package.
"""


def opened_by(tuning: str, encoder: str, labels: Sequence[str]) -> tuple[str, str]:
    """Return the library that opens a model, by the name that model hubs know, and how, in Markdown.

    Args:
        tuning: "lora" or "full".
        encoder: that it was trained on.
        labels: of the columns.
    """
    if tuning != "lora":
        return "transformers", _WITH_TRANSFORMERS
    base = hub_id(encoder)
    how = _WITHOUT + _WITH_PEFT.format(here=HERE, base=base, columns=dict(enumerate(labels)))
    return "peft", how + ("" if base == encoder else _ROUNDED.format(encoder=encoder, base=base))
