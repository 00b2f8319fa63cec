"""What votes of earlier days tell of a vote: the controls beside which reading a debate is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.analysis.voting.low_rank import fit_low_rank
from standpunt.corpora.voted_debates import Pair, sponsors_of
from standpunt.errors import InputError
from standpunt.parliament.coalitions import coalition_on
from standpunt.parliament.voted_motions import ADVICE, VotedMotion
from standpunt.parliament.votes import FOR

# Chosen on motions of 2024 that none of the debates at hand is about.
_RANK, _PENALTY, _HALF_LIFE = 4, 10.0, 300  # the last in days
_WORDS, _WORDS_LENGTH, _SEEN = 100, 1.5, 3  # numbers for the words of a motion, their length, motions that have a word
_SMOOTHING = 5.0  # votes that a rate over all is worth
_ADVICES = (None, *dict.fromkeys(ADVICE.values()))
# By name, what of a motion the low-rank model is told.
LOW_RANK: dict[str, tuple[str, ...]] = {
    "share of ayes": (),
    "advice": ("advice",),
    "motion's words": ("words",),
    "past votes": ("sponsors",),
    "past votes, advice": ("sponsors", "advice"),
    "past votes, advice, words": ("sponsors", "advice", "words"),
}
RATES = ("majority", "coalition", "agreement")
CONTROLS = (*RATES, *LOW_RANK)


class Past:
    """The votes of all days before a day."""

    def __init__(self, votes: Sequence[VotedMotion], members: Mapping[str, str], day: str) -> None:
        """Take the earlier ones of `votes`; those of the day itself are not known on it.

        Raises:
            InputError: there are none.
        """
        self._votes = [vote for vote in votes if vote.voted < day]
        self._members, self._day = members, day
        if not self._votes:
            raise InputError(f"no vote before {day} in the file of motions; expected some to learn from")
        self._parties = sorted({party for vote in self._votes for party in vote.votes})

    def predict(self, pairs: Sequence[Pair]) -> pd.DataFrame:
        """Return the probability that the party of each pair votes for its motion, a column a control.

        Of the pairs only the party and what is known of the motion before the vote is read.

        Raises:
            InputError: a motion was voted on before the day.
        """
        for pair in pairs:
            if pair.voted.voted < self._day:
                raise InputError(f"motion {pair.voted.id} was voted on before {self._day}; it is no test of that day")
        columns = {name: self._by_rate(pairs, key) for name, key in self._rates().items()}
        columns["agreement"] = self._agreement(pairs)
        columns |= {name: self._by_low_rank(pairs, parts) for name, parts in LOW_RANK.items()}
        return pd.DataFrame(columns)[list(CONTROLS)]

    @cached_property
    def _cast(self) -> NDArray[np.float64]:
        """Votes: 1 for, 0 against, nan for none; shape (n_motions, n_parties)."""
        table = [[_vote(vote, party) for party in self._parties] for vote in self._votes]
        return np.array(table, dtype=float)

    def _rates(self) -> dict[str, Callable[[VotedMotion, str], object]]:
        return {"majority": lambda motion, party: None, "coalition": self._sides}

    def _sides(self, motion: VotedMotion, party: str) -> tuple[bool, bool]:
        coalition = coalition_on(motion.tabled)
        return party in coalition, not coalition.isdisjoint(sponsors_of(motion, self._members))

    def _by_rate(self, pairs: Sequence[Pair], key: Callable[[VotedMotion, str], object]) -> NDArray[np.float64]:
        """Return how often parties were for a motion where `key` says the same of party and motion."""
        counts: dict[object, list[float]] = {}
        for vote, row in zip(self._votes, self._cast, strict=True):
            for party, value in zip(self._parties, row, strict=True):
                if not np.isnan(value):
                    counted = counts.setdefault(key(vote, party), [0.0, 0.0])
                    counted[0] += value
                    counted[1] += 1
        over_all = float(np.nanmean(self._cast))
        found = [counts.get(key(pair.voted, pair.party), [0.0, 0.0]) for pair in pairs]
        return np.array([(favor + _SMOOTHING * over_all) / (number + _SMOOTHING) for favor, number in found])

    def _agreement(self, pairs: Sequence[Pair]) -> NDArray[np.float64]:
        """Return how often the party was for motions that parties of this one's sponsors signed, a mean over them."""
        signed = self._sponsors(self._votes)
        own = dict(zip(self._parties, np.nanmean(self._cast, axis=0), strict=True))
        known = ~np.isnan(self._cast)
        favor = signed.T @ np.nan_to_num(self._cast)  # (n_sponsors, n_parties)
        number = signed.T @ known
        shares = []
        for pair in pairs:
            own_share = own.get(pair.party, float(np.nanmean(self._cast)))
            if pair.party not in self._parties:
                shares.append(own_share)
                continue
            at = self._parties.index(pair.party)
            sponsors = [s for s in sponsors_of(pair.voted, self._members) if s in self._parties]
            places = [self._parties.index(sponsor) for sponsor in sponsors]
            rates = (favor[places, at] + _SMOOTHING * own_share) / (number[places, at] + _SMOOTHING)
            shares.append(float(rates.mean()) if places else own_share)
        return np.array(shares)

    def _sponsors(self, motions: Sequence[VotedMotion]) -> NDArray[np.float64]:
        """Return which parties signed motions, shape (n_motions, n_parties)."""
        table = np.zeros((len(motions), len(self._parties)))
        for row, motion in zip(table, motions, strict=True):
            for party in sponsors_of(motion, self._members):
                if party in self._parties:
                    row[self._parties.index(party)] = 1
        return table

    def _by_low_rank(self, pairs: Sequence[Pair], parts: Sequence[str]) -> NDArray[np.float64]:
        asked = list({pair.voted.id: pair.voted for pair in pairs}.values())
        features = self._features([*self._votes, *asked], parts)
        today = date.fromisoformat(self._day)
        ages = np.array([(today - date.fromisoformat(vote.voted)).days for vote in self._votes])
        weights = 0.5 ** (ages / _HALF_LIFE)
        number = len(self._votes)
        model = fit_low_rank(features[:number], self._cast, weights, rank=_RANK, penalty=_PENALTY)
        given = dict(zip([motion.id for motion in asked], model.predict(features[number:]), strict=True))
        mean = float(np.average(np.nanmean(self._cast, axis=1), weights=weights))
        return np.array(
            [
                given[pair.voted.id][self._parties.index(pair.party)] if pair.party in self._parties else mean
                for pair in pairs
            ]
        )

    def _features(self, motions: Sequence[VotedMotion], parts: Sequence[str]) -> NDArray[np.float64]:
        """Return what is told of motions, shape (n_motions, n_features): at least a column of zeros."""
        columns = [np.zeros((len(motions), 1))]
        if "sponsors" in parts:
            signed, first = self._sponsors(motions), np.zeros((len(motions), len(self._parties)))
            for row, motion in zip(first, motions, strict=True):
                for party in sponsors_of(motion, self._members)[:1]:
                    if party in self._parties:
                        row[self._parties.index(party)] = 1
            columns += [first, signed]
        if "advice" in parts:
            columns.append(np.array([[motion.advice == one for one in _ADVICES] for motion in motions], dtype=float))
        if "words" in parts:
            columns.append(self._words(motions))
        return np.hstack(columns)

    def _words(self, motions: Sequence[VotedMotion]) -> NDArray[np.float64]:
        """Return the words of motions as a few numbers; what is learnt of words is learnt from earlier motions."""
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        texts = [f"{motion.title.partition(' over ')[2]} {motion.text or ''}" for motion in motions]
        vectorizer = TfidfVectorizer(min_df=_SEEN, sublinear_tf=True)
        rows = vectorizer.fit_transform(texts[: len(self._votes)])
        width = min(_WORDS, rows.shape[1] - 1, rows.shape[0] - 1)
        svd = TruncatedSVD(width, random_state=0).fit(rows)
        numbers = svd.transform(vectorizer.transform(texts))
        return _WORDS_LENGTH * numbers / np.linalg.norm(numbers, axis=1, keepdims=True).clip(1e-9)


def _vote(vote: VotedMotion, party: str) -> float:
    return float("nan") if party not in vote.votes else float(vote.votes[party] == FOR)
