"""A table of character replacements as the precompiled map that fast tokenizers read.

`tokenizers.normalizers.Precompiled` takes what SentencePiece compiles: the size of a double-array trie (u32), the trie
over the UTF-8 bytes of what is replaced, and the replacements, each ended by a zero byte. The units are those of
darts-clone: a leaf holds where its replacement starts and has the highest bit set; another unit holds its byte, whether
a leaf follows (bit 8), and from bit 10 what its place is XORed with to find its children.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

_LEAF = 1 << 31
_HAS_LEAF = 1 << 8
_END = 0  # the label of a leaf


@dataclass
class _Node:
    """What follows after some bytes; `start` is where the replacement of just these bytes starts."""

    children: dict[int, _Node] = field(default_factory=dict)
    start: int | None = None


def compile_charsmap(replacements: Mapping[str, str]) -> bytes:
    """Compile a table; the character NUL cannot be replaced and is passed over."""
    blob, starts = bytearray(), {}
    for value in sorted(set(replacements.values())):
        starts[value] = len(blob)
        blob += value.encode() + b"\0"
    root = _Node()
    for key, value in replacements.items():
        if key != "\0":
            node = root
            for byte in key.encode():
                node = node.children.setdefault(byte, _Node())
            node.start = starts[value]
    trie = _double_array(root)
    return struct.pack("<I", len(trie)) + trie + bytes(blob)


def _double_array(root: _Node) -> bytes:
    units: dict[int, int] = {}
    taken, bases = {0}, set()
    # What did not fit a set of labels once never will: places are only ever taken.
    tried: dict[frozenset[int], int] = {}
    queue = deque([(0, root, 0)])
    while queue:
        place, node, byte = queue.popleft()
        labels = frozenset(node.children if node.start is None else (*node.children, _END))
        base = tried.get(labels, 1)
        # Two nodes with one base would find each other's children.
        while base in bases or any(base ^ label in taken for label in labels):
            base += 1
        tried[labels] = base + 1
        bases.add(base)
        taken.update(base ^ label for label in labels)
        units[place] = byte | (place ^ base) << 10
        if node.start is not None:
            units[place] |= _HAS_LEAF
            units[base] = node.start | _LEAF
        queue += [(base ^ label, child, label) for label, child in node.children.items()]
    size = (max(taken) | 255) + 1
    return struct.pack(f"<{size}I", *(units.get(place, 0) for place in range(size)))
