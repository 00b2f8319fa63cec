"""What the files of sentence-transformers beside an encoder say: prompts, pooling, dense layers, length.

An encoder without such files is one whose sentence vector is the mean of its last layer. The layout is that of
sentence-transformers 2 to 6: `modules.json` lists the steps, each with a folder of its own (N. Reimers and I. Gurevych,
Sentence-BERT, EMNLP 2019). Nothing that a file names is imported or executed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standpunt.encoders.resolve import Encoder, hub_error
from standpunt.errors import InputError, unknown_name

MEAN = "mean"
# In the order in which several are put together.
POOLINGS = ("cls", "max", MEAN, "mean_sqrt_len_tokens", "weightedmean", "lasttoken")
# The keys of before there was `pooling_mode`.
_BEFORE = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": MEAN,
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
_NETWORK, _POOLING, _DENSE, _NORMALIZE = "Transformer", "Pooling", "Dense", "Normalize"


@dataclass(frozen=True, slots=True)
class Dense:
    """A linear layer after the pooling, and what follows it.

    Attributes:
        weights: the file with `linear.weight` and, where it has one, `linear.bias`.
        activation: the name of a class of `torch.nn`.
    """

    weights: Path
    activation: str


@dataclass(frozen=True, slots=True)
class SentenceFiles:
    """How an encoder makes one vector of a sentence.

    Attributes:
        pooling: how the vectors of the tokens become one; where there are several they stand side by side.
        include_prompt: whether the tokens of the prompt are pooled too.
        dense: the layers that the pooled vector goes through; None stands for making it one of length one.
        prompts: what is put before a text, by what it is meant for.
        default_prompt: the name of the prompt that is used where none is asked for.
        max_tokens: what is read at most.
        lower_case: whether texts are put into lower case.
    """

    pooling: tuple[str, ...] = (MEAN,)
    include_prompt: bool = True
    dense: tuple[Dense | None, ...] = ()
    prompts: Mapping[str, str] = field(default_factory=dict)
    default_prompt: str | None = None
    max_tokens: int | None = None
    lower_case: bool = False

    def prompt(self, name: str | None, encoder: str) -> str:
        """Return the prompt of a name, by default that which the encoder itself uses; empty where it has none.

        Raises:
            InputError: the encoder has no prompt of that name.
        """
        if name is None:
            return self.prompts.get(self.default_prompt or "", "")
        if not self.prompts:
            raise InputError(
                f"encoder {encoder!r} has no prompts, and model.prompt asks for {name!r}; copy the whole encoder, its "
                "config_sentence_transformers.json too, or give what is put before a text as model.prefix"
            )
        if name not in self.prompts:
            raise unknown_name(f"prompt of encoder {encoder!r} (model.prompt)", name, self.prompts)
        return self.prompts[name]


def sentence_files(encoder: Encoder) -> SentenceFiles:
    """Read what lies beside an encoder.

    Raises:
        InputError: a file is missing, damaged, or asks for something that is not known here.
    """
    modules = _json(encoder, "modules.json", list)
    if modules is None:
        return SentenceFiles()
    pooling: dict[str, Any] = {}
    dense: list[Dense | None] = []
    read: dict[str, Any] = {}
    for number, module in enumerate(modules):
        kind, path = str(module.get("type", "")).rpartition(".")[2], str(module.get("path", ""))
        if kind == _NETWORK and number == 0 and not path:
            read = _json(encoder, "sentence_bert_config.json", dict) or {}
        elif kind == _POOLING and number == 1:
            pooling = _settings(encoder, path)
        elif kind == _DENSE and pooling:
            dense.append(_dense(encoder, path))
        elif kind == _NORMALIZE and pooling:
            dense.append(None)
        else:
            raise InputError(
                f"encoder {encoder.name!r}: step {number} of its modules.json is {kind or 'without a type'}"
                f"{f' in {path}' if path else ''}; expected {_NETWORK}, {_POOLING}, then any of {_DENSE} and "
                f"{_NORMALIZE}; choose another encoder"
            )
    if not pooling:
        raise InputError(f"encoder {encoder.name!r}: its modules.json has no {_POOLING}; choose another encoder")
    said = _json(encoder, "config_sentence_transformers.json", dict) or {}
    return SentenceFiles(
        _poolings(encoder, pooling),
        bool(pooling.get("include_prompt", True)),
        tuple(dense),
        said.get("prompts") or {},
        said.get("default_prompt_name"),
        read.get("max_seq_length"),
        bool(read.get("do_lower_case", False)),
    )


def _poolings(encoder: Encoder, settings: Mapping[str, Any]) -> tuple[str, ...]:
    given = settings.get("pooling_mode") or [name for key, name in _BEFORE.items() if settings.get(key)] or [MEAN]
    names = (given,) if isinstance(given, str) else tuple(given)
    for name in names:
        if name not in POOLINGS:
            raise unknown_name(f"pooling of encoder {encoder.name!r}", str(name), POOLINGS)
    return names


def _dense(encoder: Encoder, path: str) -> Dense:
    settings = _settings(encoder, path)
    if settings.get("use_residual") or settings.get("module_input_name", "sentence_embedding") != "sentence_embedding":
        raise InputError(
            f"encoder {encoder.name!r}: its dense layer {path} is not a plain one (use_residual, module_input_name); "
            "choose another encoder"
        )
    weights = _file(encoder, f"{path}/model.safetensors")
    if weights is None:
        raise _incomplete(encoder, f"{path}/model.safetensors")
    return Dense(weights, str(settings.get("activation_function") or "Identity").rpartition(".")[2])


def _settings(encoder: Encoder, path: str) -> dict[str, Any]:
    config = _json(encoder, f"{path}/config.json", dict)
    if config is None:
        raise _incomplete(encoder, f"{path}/config.json")
    return config


def _incomplete(encoder: Encoder, name: str) -> InputError:
    return InputError(
        f"encoder {encoder.name!r}: {name} is missing from {encoder.place}, though its modules.json asks for it; copy "
        "the whole encoder again, with the folders of its pooling and dense layers"
    )


def _json(encoder: Encoder, name: str, expected: Callable[..., Any]) -> Any:
    """Return the content of one of the encoder's files; None where it has no such file."""
    path = _file(encoder, name)
    if path is None:
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        content = None
    if not isinstance(content, expected):  # ty: ignore[invalid-argument-type]
        raise InputError(f"encoder {encoder.name!r}: {path} cannot be read as its {name}; copy the encoder again")
    return content


def _file(encoder: Encoder, name: str) -> Path | None:
    """Return where one of the encoder's files is, fetched from the hub where it comes from there; None for none."""
    folder = Path(encoder.place)
    if folder.is_dir():
        return folder / name if (folder / name).is_file() else None
    from huggingface_hub import _CACHED_NO_EXIST, hf_hub_download, try_to_load_from_cache
    from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError

    try:
        kept = try_to_load_from_cache(encoder.place, name)
        if kept is _CACHED_NO_EXIST:
            return None
        return Path(kept if isinstance(kept, str) else hf_hub_download(encoder.place, name))
    except LocalEntryNotFoundError as error:  # offline, and not known to be missing
        raise hub_error(encoder, error) from None
    except EntryNotFoundError:
        return None
    except Exception as error:
        raise hub_error(encoder, error) from None
