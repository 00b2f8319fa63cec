"""Which vote belongs to which motion of a report: by dossier and number, else by the words of the request."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from standpunt.debate import Motion
from standpunt.parliament.voted_motions import VotedMotion
from standpunt.text.duplicates import words_of

NGRAM = 3  # words
SAME = 0.8  # share of a request's n-grams that the voted motion has too, to be the same
OTHER = 0.5  # below which it is another motion
DAYS = 14  # between the day of a debate and that on which a motion of it was tabled, in its changed form
AGREEING = 3  # motions of one day tell the day of a debate whose report does not

NO_VOTE_IN_FILE = "no vote on it in the file"

By = Literal["number", "words"]


@dataclass(frozen=True, slots=True)
class Match:
    """A motion of a report and the vote on it; `by` says how the two were found to be one."""

    motion: Motion
    voted: VotedMotion
    by: By


@dataclass(frozen=True)
class Matches:
    """What was matched, in the order of the report, and how many motions were not, by why.

    `day` is that of the debate, None where nothing tells it.
    """

    matches: tuple[Match, ...]
    left_out: Mapping[str, int]
    day: str | None


class MotionIndex:
    """The voted motions of a file, to look up those of reports."""

    def __init__(
        self, voted: Iterable[VotedMotion], unusable: Mapping[tuple[str | None, int | None], str] | None = None
    ) -> None:
        """Index them by number and by the words of their text; `unusable` as in `VotedMotions`."""
        self.voted = tuple(voted)
        self._unusable = unusable or {}
        self._numbered = {(one.dossier, one.number): one for one in self.voted if one.number is not None}
        self._grams = [_grams(one.text or "") for one in self.voted]
        self._having: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, grams in enumerate(self._grams):
            for gram in grams:
                self._having[gram].append(place)
        self._places = {one.id: place for place, one in enumerate(self.voted)}

    def match(self, motions: Sequence[Motion], day: str | None = None) -> Matches:
        """Match the motions of a debate.

        A motion that was changed before the vote has another number and, where the change is small, the words of the
        request; it counts as the same where it has `SAME` of them. What is doubtful is left out and counted: a number
        that another text has, words that several voted motions have, one voted motion for two of the report, a motion
        of another day, and words alone where nothing tells the day. The same motion may be tabled again months later.

        Args:
            motions: as read.
            day: the day of the debate, ISO 8601; by default the one on which most of the motions that were found had
                been tabled, if there are `AGREEING` of them.
        """
        left_out: Counter[str] = Counter()
        found: list[Match] = []
        for motion in motions:
            match = self._of(motion)
            if isinstance(match, Match):
                found.append(match)
            else:
                left_out[match] += 1
        begin = day or _commonest(match.voted.tabled for match in found)
        taken = Counter(match.voted.id for match in found)
        kept = []
        for match in found:
            if begin is None and match.by == "words":
                left_out["it has no number, and the day of the debate is not known"] += 1
            elif begin is not None and not _near(match.voted.tabled, begin):
                left_out["a motion of another day has its words"] += 1
            elif taken[match.voted.id] > 1:
                left_out["one vote for two motions of the report"] += 1
            else:
                kept.append(match)
        return Matches(tuple(kept), dict(left_out), begin)

    def _of(self, motion: Motion) -> Match | str:
        """Return the match, or why there is none."""
        request = _grams(motion.request or motion.text)
        dossier = "".join((motion.dossier or "").split())
        numbered = self._numbered.get((dossier, motion.number)) if isinstance(motion.number, int) else None
        if numbered is not None:
            share = self._share(request, self._places[numbered.id])
            if numbered.text is None or share >= OTHER:
                return Match(motion, numbered, "number")
        if not request:
            return "neither a number nor a request"
        hits: Counter[int] = Counter(place for gram in request for place in self._having.get(gram, ()))
        like = sorted((count / len(request), place) for place, count in hits.items() if count >= OTHER * len(request))
        same = [place for share, place in like if share >= SAME]
        if len(same) > 1:
            return "several motions have its words"
        if same:
            return Match(motion, self.voted[same[0]], "words")
        if numbered is not None:
            return "another motion has its number"
        if like:
            return "its words were changed before the vote"
        return self._unusable.get((dossier, motion.number), NO_VOTE_IN_FILE)

    def _share(self, request: frozenset[tuple[str, ...]], place: int) -> float:
        return len(request & self._grams[place]) / max(len(request), 1)


def _grams(text: str) -> frozenset[tuple[str, ...]]:
    words = words_of(text)
    return frozenset(zip(*(words[start:] for start in range(NGRAM)), strict=False))


def _commonest(days: Iterable[str]) -> str | None:
    counts = Counter(days).most_common(1)
    return counts[0][0] if counts and counts[0][1] >= AGREEING else None


def _near(tabled: str, begin: str) -> bool:
    after = date.fromisoformat(tabled) - date.fromisoformat(begin)
    return timedelta(days=-DAYS) <= after <= timedelta(days=DAYS)
