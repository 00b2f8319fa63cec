"""What is said in debates, sentence by sentence, as vectors: of their words, and of an encoder where there is one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.analysis.stances import position_holder
from standpunt.annotation.issues import LANGUAGE
from standpunt.debate import Debate
from standpunt.models.base import Watch
from standpunt.models.combined.arguments import ArgumentModel
from standpunt.parliament.requests import request_of
from standpunt.prediction.arguments import predict_sentences
from standpunt.text.likeness import Ngrams

SAYING_COLUMNS = ("debate", "ordinal", "sentence", "speaker", "holder", "text", "claim", "request")
_TOPICS = 100  # dimensions of the vectors of words
_ROUNDS = 3  # of the randomised decomposition
_PREFIX, _MAX_TOKENS = "query: ", 96
# All requests begin alike; what they are about comes after it.
_FORM = re.compile(
    r"^(?:[▪•●○■–−-] ?)?(?:en )?(?:verzoekt|verzoeken|spreekt|roept|draagt|nodigt|dringt)\b"
    r"(?: (?:de|het|zijn) [\w-]+)?(?: (?:uit|op|aan|erop|als haar mening))*,?(?: (?:om|dat|bij))?\s+",
    re.IGNORECASE,
)
_NEIGHBOUR = 0.5  # how much a sentence takes of the one before and the one after it


def sayings_of(debates: Iterable[Debate], model: ArgumentModel, language: str = LANGUAGE) -> pd.DataFrame:
    """Return the sentences of debates.

    Args:
        debates: as read.
        model: tells which sentences are claims.
        language: of the debates.

    Returns:
        One row a sentence that is not the chair's, in order, with `SAYING_COLUMNS`: `claim` and `request` tell whether
        it is a claim, and whether it is part of what a motion asks.
    """
    frames = []
    for debate in debates:
        sentences = predict_sentences(model, debate, language)
        turns = {turn.ordinal: turn for turn in debate.turns}
        asked = {ordinal: request_of(turn.text) for ordinal, turn in turns.items() if turn.kind == "motion"}
        spoken = [turns[ordinal] for ordinal in sentences["ordinal"]]
        frame = sentences[["ordinal", "sentence", "text"]].assign(
            debate=debate.id,
            speaker=[turn.speaker.name for turn in spoken],
            holder=[position_holder(turn) for turn in spoken],
            claim=(sentences["component"] == "claim").to_numpy(),
            request=[
                text.strip(" ,;.") in asked.get(ordinal, "")
                for ordinal, text in zip(sentences["ordinal"], sentences["text"], strict=True)
            ],
        )
        # The rest of a motion says why, in the words of its kind.
        frame.loc[frame["ordinal"].isin(asked), "claim"] = False
        frames.append(frame[list(SAYING_COLUMNS)])
    frames = frames or [pd.DataFrame(columns=list(SAYING_COLUMNS))]
    # A debate in which only the chair speaks has columns of no type, which the others would take on.
    return pd.concat(frames, ignore_index=True).astype({"claim": bool, "request": bool})


def vectors_of_sayings(
    sayings: pd.DataFrame,
    *,
    encoder: str | None = None,
    watch: Watch | None = None,
    kept: str | os.PathLike[str] | None = None,
) -> NDArray[np.float32]:
    """Return a vector for each sentence, shape (n_sentences, width).

    Vectors of words are those of latent semantic analysis (S. Deerwester et al., 1990) over character n-grams. Where
    there is an encoder, its vectors stand beside them and count as much. Every sentence takes something of its
    neighbours in the turn, since what it is about often stands there.

    Args:
        sayings: as `sayings_of` returns them.
        encoder: a hub id, a folder, or a package that carries weights (see `standpunt.encoders.resolve`).
        watch: told how many sentences the encoder has read.
        kept: a folder in which vectors of the encoder are kept for another time.

    Raises:
        InputError: the encoder cannot be loaded.
    """
    texts = [
        _FORM.sub("", text) if asked else text for text, asked in zip(sayings["text"], sayings["request"], strict=True)
    ]
    parts = [_of_words(texts)]
    if encoder is not None:
        from standpunt.encoders.resolve import resolve_encoder
        from standpunt.models.frozen.vectors import vectors_of

        loaded = vectors_of(resolve_encoder(encoder), _MAX_TOKENS, prefix=_PREFIX)
        store = loaded.store(Path(kept)) if kept is not None else None
        parts.append(loaded.vectors(texts, watch=watch, store=store))
    centred = [_centred(part, sayings["debate"]) for part in parts]
    return _with_neighbours(np.hstack(centred) / np.sqrt(len(centred)), sayings)


def _of_words(texts: Sequence[str]) -> NDArray[np.float32]:
    from sklearn.decomposition import TruncatedSVD

    ngrams = Ngrams()
    ngrams.fit(texts)
    features = ngrams.transform(texts)
    topics = min(_TOPICS, len(texts) - 1)
    if topics < 1:
        return np.ones((len(texts), 1), dtype=np.float32)
    return TruncatedSVD(topics, n_iter=_ROUNDS, random_state=0).fit_transform(features).astype(np.float32)


def _centred(vectors: NDArray[np.float32], debates: pd.Series) -> NDArray[np.float32]:
    """Return vectors of length one without what all sentences of their debate have in common."""
    codes, names = pd.factorize(debates)
    means = np.stack([vectors[codes == code].mean(axis=0) for code in range(len(names))])
    return _unit(vectors - means[codes])


def _with_neighbours(vectors: NDArray[np.float32], sayings: pd.DataFrame) -> NDArray[np.float32]:
    same = (sayings["ordinal"].diff().eq(0) & sayings["debate"].eq(sayings["debate"].shift())).to_numpy()[1:, None]
    mixed = vectors.copy()
    mixed[1:] += _NEIGHBOUR * vectors[:-1] * same
    mixed[:-1] += _NEIGHBOUR * vectors[1:] * same
    return _unit(mixed)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
