"""What debates argue about: clusters of claims and requests, the most widely discussed first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Chosen on the seven debates of tk-debates (experiments/discovery).
JOINED = 0.15  # the least mean cosine of the sentences of a cluster
BELONGS = 0.5  # the least cosine with a cluster's centre of any other sentence that belongs to it
ALIKE = 0.6  # two clusters whose centres are as near are one matter
FEWEST_TURNS, FEWEST_SPEAKERS = 3, 2
_FEWEST_WORDS, _SHORTEST = 6, 4  # of a claim, and of any other sentence
_MOST = 4000  # claims of a debate that are compared with one another: their distances take 130 MB
# What such a claim is about is the order of business.
_PROCEDURE = re.compile(
    r"\b(?:moties?|amendement(?:en)?|oordeel|interrupties?|termijn|motions?|amendments?)\b", re.IGNORECASE
)
_TURN = 0.5  # what a turn counts beside a speaker


@dataclass(frozen=True)
class Suggestion:
    """A matter that is argued about.

    Attributes:
        sayings: the sentences about it, as `sayings_of` has them, the most central first, with `likeness`, the cosine
            with the centre.
        centre: its vector.
    """

    sayings: pd.DataFrame
    centre: NDArray[np.float32]

    @property
    def turns(self) -> list[tuple[str, int]]:
        """The turns in which it is spoken about, as debate and ordinal."""
        pairs = self.sayings[["debate", "ordinal"]].drop_duplicates().sort_values(["debate", "ordinal"])
        return [(str(debate), int(ordinal)) for debate, ordinal in pairs.itertuples(index=False)]

    @property
    def speakers(self) -> int:
        """How many people speak about it."""
        return len(self.sayings[["speaker", "holder"]].drop_duplicates())

    @property
    def debates(self) -> int:
        """In how many debates."""
        return self.sayings["debate"].nunique()

    @property
    def holders(self) -> Counter[str]:
        """In how many turns each party, or the cabinet, speaks about it."""
        return Counter(self.sayings.drop_duplicates(["debate", "ordinal"])["holder"].tolist())

    @property
    def motions(self) -> int:
        """How many motions ask for something about it."""
        return len(self.sayings[self.sayings["request"]].drop_duplicates(["debate", "ordinal"]))

    @property
    def width(self) -> float:
        """How widely it is discussed: speakers, and half as much turns."""
        return self.speakers + _TURN * len(self.turns)


def suggest(sayings: pd.DataFrame, vectors: NDArray[np.float32], n: int | None = None) -> list[Suggestion]:
    """Find what debates argue about.

    Within each debate, claims and requests are brought together by average linkage of the cosine of their vectors; a
    matter is such a cluster, or a single request, with all other sentences that are near its centre. Of two matters
    that are alike, in one debate or in several, the narrower goes into the wider. Matters of fewer than `FEWEST_TURNS`
    turns or `FEWEST_SPEAKERS` people are left out.

    Args:
        sayings: as `standpunt.analysis.discovery.sayings.sayings_of` returns them.
        vectors: of the sentences, of length one; see there.
        n: how many are wanted at most; all by default.

    Returns:
        Suggestions, the most widely discussed first.
    """
    found: list[Suggestion] = []
    for _, places in sorted(sayings.reset_index(drop=True).groupby("debate").indices.items()):
        found += _of_debate(sayings.iloc[places], vectors[places])
    found.sort(key=_place)
    kept: list[Suggestion] = []
    for one in found:
        nearest = max(range(len(kept)), key=lambda place: float(kept[place].centre @ one.centre), default=None)
        if nearest is not None and float(kept[nearest].centre @ one.centre) >= ALIKE:
            if set(one.sayings["debate"]) - set(kept[nearest].sayings["debate"]):
                kept[nearest] = _joined(kept[nearest], one)
            continue
        kept.append(one)
    return sorted(kept, key=_place)[:n]


def _of_debate(sayings: pd.DataFrame, vectors: NDArray[np.float32]) -> Iterator[Suggestion]:
    words = sayings["text"].str.split().str.len().to_numpy()
    procedure = sayings["text"].str.contains(_PROCEDURE).to_numpy()
    about = (sayings["claim"] & ~procedure) | sayings["request"]
    seeds = np.flatnonzero(about.to_numpy() & (words >= _FEWEST_WORDS))
    if len(seeds) > _MOST:
        seeds = np.sort(np.random.default_rng(0).choice(seeds, _MOST, replace=False))
    if len(seeds) < FEWEST_TURNS:
        return
    clusters = _clusters(vectors[seeds])
    together = [seeds[clusters == cluster] for cluster in range(clusters.max() + 1)]
    single = [np.array([place]) for place in seeds[sayings["request"].to_numpy()[seeds]]]
    for members in (*together, *single):
        centre = vectors[members].mean(axis=0)
        centre /= max(float(np.linalg.norm(centre)), 1e-9)
        likeness = vectors @ centre
        belongs = (likeness >= BELONGS) & (words >= _SHORTEST)
        belongs[members] = True
        told = sayings[belongs].assign(likeness=likeness[belongs])
        suggestion = Suggestion(told.sort_values("likeness", ascending=False, kind="stable"), centre)
        if len(suggestion.turns) >= FEWEST_TURNS and suggestion.speakers >= FEWEST_SPEAKERS:
            yield suggestion


def _clusters(vectors: NDArray[np.float32]) -> NDArray[np.int_]:
    from sklearn.cluster import AgglomerativeClustering

    distances = np.clip(1.0 - vectors @ vectors.T, 0.0, None)
    return AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - JOINED
    ).fit_predict(distances)


def _place(suggestion: Suggestion) -> tuple[float, tuple[str, int]]:
    """Return what suggestions are sorted by: the widest first, of equal ones that which begins first."""
    return -suggestion.width, suggestion.turns[0]


def _joined(first: Suggestion, second: Suggestion) -> Suggestion:
    both = pd.concat([first.sayings, second.sayings]).drop_duplicates(["debate", "ordinal", "sentence"])
    return Suggestion(both.sort_values("likeness", ascending=False, kind="stable"), first.centre)
