"""How often the 95 % intervals of positions over many debates hold the truth, beside other ways of resampling.

Debates and speakers differ from each other and are drawn by chance; the truth is the mean over all that could have been
drawn. A cell has so many debates, of one or two of its speakers each, with one to four turns.

python benchmarks/coverage.py [REPEATS]
"""

from __future__ import annotations

import sys
from collections import defaultdict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.analysis.across.positions import positions

_CELLS = ((1, 1), (2, 2), (3, 2), (5, 2), (5, 5), (10, 3), (20, 5), (20, 15))  # debates, speakers
_SPREADS = {"debates differ more": (0.6, 0.4, 0.6), "speakers differ more": (0.3, 0.8, 0.5)}  # debate, speaker, turn
_LEANS = (0.0, 0.7)
_RESAMPLES = 500
_TAILS = (0.025, 0.975)


def cell(
    debates: int, speakers: int, lean: float, spreads: tuple[float, ...], rng: np.random.Generator
) -> pd.DataFrame:
    """Return the turns of one cell, by chance."""
    of_debate, of_speaker = rng.normal(0, spreads[0], debates), rng.normal(0, spreads[1], speakers)
    rows = [
        (
            f"d{debate}",
            f"s{speaker}",
            np.tanh(lean + of_debate[debate] + of_speaker[speaker] + rng.normal(0, spreads[2])),
        )
        for debate in range(debates)
        for speaker in rng.choice(speakers, min(speakers, rng.integers(1, 3)), replace=False)
        for _ in range(rng.integers(1, 5))
    ]
    frame = pd.DataFrame(rows, columns=["debate", "speaker", "value"])
    return frame.assign(holder="P", issue="i", addressed=1.0, turn=range(len(frame)), date=None)


def intervals(frame: pd.DataFrame, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Return the interval of a cell by each way of resampling."""
    found = positions(frame, ("party",), min_turns=1, min_debates=1, resamples=_RESAMPLES).iloc[0]
    values = frame["value"].to_numpy()
    turns = values[rng.integers(len(values), size=(_RESAMPLES, len(values)))].mean(axis=1)
    return {
        "debates and speakers, one more unknown": (found["low"], found["high"]),
        "debates and speakers": _drawn(frame, ("debate", "speaker"), rng),
        "debates": _drawn(frame, ("debate",), rng),
        "turns": tuple(np.quantile(turns, _TAILS)),
    }


def _drawn(frame: pd.DataFrame, names: tuple[str, ...], rng: np.random.Generator) -> tuple[float, float]:
    weights: NDArray[np.float64] = np.ones((_RESAMPLES, len(frame)))
    for name in names:
        codes, found = pd.factorize(frame[name])
        weights *= rng.multinomial(len(found), np.full(len(found), 1 / len(found)), size=_RESAMPLES)[:, codes]
    weights = weights[weights.sum(axis=1) > 0]
    low, high = np.quantile(weights @ frame["value"].to_numpy() / weights.sum(axis=1), _TAILS)
    return float(low), float(high)


def main() -> None:
    """Print a line for each kind of cell: how often each interval holds the truth, and how wide it is."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    rng = np.random.default_rng(1)
    for debates, speakers in _CELLS:
        held, wide = defaultdict(list), defaultdict(list)
        for spreads in _SPREADS.values():
            for lean in _LEANS:
                truth = np.tanh(lean + rng.normal(0, float(np.linalg.norm(spreads)), 400_000)).mean()
                for _ in range(repeats):
                    for name, (low, high) in intervals(cell(debates, speakers, lean, spreads, rng), rng).items():
                        held[name].append(low - 1e-9 <= truth <= high + 1e-9)
                        wide[name].append(high - low)
        said = "; ".join(f"{name} {np.mean(held[name]):.2f} (width {np.mean(wide[name]):.2f})" for name in held)
        print(f"{debates} debates, {speakers} speakers: {said}", flush=True)


if __name__ == "__main__":
    main()
