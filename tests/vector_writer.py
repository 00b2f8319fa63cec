"""Vectors written to a store, for processes side by side: what they import is little."""

import numpy as np

from standpunt.models.frozen.vector_store import VectorStore


def vectors(seed, texts):
    rng = np.random.default_rng(seed)
    return {text: rng.normal(size=8).astype(np.float32) for text in texts}


def write(folder, number):
    texts = [f"text {n}" for n in range(50 * number, 50 * number + 100)]
    store = VectorStore(folder, b"one")
    for start in range(0, 100, 10):
        store.write(vectors(number, texts[start : start + 10]).items())
