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

import numpy as np

_LEAF = 1 << 31
_HAS_LEAF = 1 << 8
_PAGE = 256


def compile_charsmap(replacements: Mapping[str, str]) -> bytes:
    """Compile a table; the character NUL cannot be replaced and is passed over."""
    blob, starts = bytearray(), {}
    for value in sorted(set(replacements.values())):
        starts[value] = len(blob)
        blob += value.encode() + b"\0"
    trie = _double_array(_tree({key: starts[value] for key, value in replacements.items() if key != "\0"}))
    return struct.pack("<I", len(trie)) + trie + bytes(blob)


def _tree(starts: Mapping[str, int]) -> dict[int, object]:
    """Return nested mappings by byte; under 0 stands where a replacement starts."""
    root: dict[int, object] = {}
    for key, start in starts.items():
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})  # ty: ignore[invalid-assignment]
        node[0] = start
    return root


def _double_array(root: dict[int, object]) -> bytes:
    units, used, bases = np.zeros(_PAGE, np.uint32), np.zeros(_PAGE, bool), set()
    used[0] = True
    free = 1
    queue: deque[tuple[int, dict[int, object], int]] = deque([(0, root, 0)])
    while queue:
        place, node, byte = queue.popleft()
        labels = np.array(sorted(node))
        base = free
        while True:
            while base | 255 >= len(units):
                units = np.concatenate([units, np.zeros(len(units), np.uint32)])
                used = np.concatenate([used, np.zeros(len(used), bool)])
            if base not in bases and not used[base ^ labels].any():
                break
            base += 1
        bases.add(base)
        used[base ^ labels] = True
        while used[free] and free + 1 < len(used):
            free += 1
        units[place] = byte | (_HAS_LEAF if 0 in node else 0) | (place ^ base) << 10
        for label, child in node.items():
            if label == 0:
                units[base] = int(child) | _LEAF  # ty: ignore[invalid-argument-type]
            else:
                queue.append((base ^ label, child, label))  # ty: ignore[invalid-argument-type]
    return units[: (int(np.flatnonzero(used).max()) | 255) + 1].astype("<u4").tobytes()
