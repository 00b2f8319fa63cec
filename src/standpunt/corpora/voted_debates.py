"""Debates whose motions were voted on: which party spoke, and whether it voted for each motion.

A vote is the stance that a party itself takes on a proposition, and nobody annotated it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from standpunt.annotation.issues import Issue
from standpunt.debate import Debate, Motion, Turn
from standpunt.errors import InputError
from standpunt.parliament.motion_matching import Match, MotionIndex
from standpunt.parliament.voted_motions import VotedMotion, VotedMotions, members_of, read_voted_motions
from standpunt.parliament.votes import FOR
from standpunt.readers import read_debates
from standpunt.text.letters import unaccented

MOTIONS = "stance/moties.jsonl.gz"
REPORTS = ("debates/tk_2024/*.txt.gz", "debates/tk_likich/*.jsonl.gz", "formats/vlos/*.xml.gz")
ADVICE = "set paths.data (or STANDPUNT_DATA) to the folder of your data sets"
# What the titles of the debates of the Tweede Kamer in experiments/campaign/tk-held say, and no other's.
# Nothing is trained on what was said or voted there, and nothing is chosen on it.
HELD_BACK = ("registratieplicht voor verkooppunten van tabaksproducten", "(36410-VI)")
_HELD_BACK, _READ_BEFORE = "in a debate that is held back to test on", "read in another debate as well"


@dataclass(frozen=True)
class VotedDebate:
    """A debate with those of its motions whose vote is known.

    Attributes:
        debate: as read.
        day: ISO 8601.
        matches: its motions and the votes on them.
        left_out: how many of its motions have none, by why.
    """

    debate: Debate
    day: str
    matches: tuple[Match, ...]
    left_out: Mapping[str, int]

    @property
    def name(self) -> str:
        """The day and the title, which tell debates apart."""
        return f"{self.day} {self.debate.title}"


@dataclass(frozen=True)
class Pair:
    """A motion and a party that spoke in its debate, voted on it, and is not one of its `sponsors`."""

    voted: VotedMotion
    motion: Motion
    party: str
    sponsors: tuple[str, ...]
    in_favor: bool


@dataclass(frozen=True)
class VotedDebates:
    """The debates of a folder of data sets whose votes are known, with all votes of its file.

    Attributes:
        debates: in the order of their days.
        votes: the file of motions.
        members: the party of those who sign motions, by name as `standpunt.text.letters.unaccented` gives it.
        left_out: how many motions of the reports have no vote, by why.
    """

    debates: tuple[VotedDebate, ...]
    votes: VotedMotions
    members: Mapping[str, str]
    left_out: Mapping[str, int]


def read_voted_debates(data: Path) -> VotedDebates:
    """Read the motions of a folder of data sets (`MOTIONS`) and those reports (`REPORTS`) that have some of them.

    Raises:
        InputError: there is no such file, it cannot be read, or no report has a motion that it knows.
    """
    votes = read_voted_motions(data / MOTIONS, advice=ADVICE)
    files = [path for pattern in REPORTS for path in sorted(data.glob(pattern))]
    return voted_debates((debate for path in files for debate in read_debates(path, partial=True)), votes, data)


def voted_debates(debates: Iterable[Debate], votes: VotedMotions, where: object) -> VotedDebates:
    """Match debates to the votes on their motions; those without any are left out, and those of `HELD_BACK`.

    A motion counts for the first debate that it is read in. So whoever trains on all debates but one has the votes on
    none of its motions.

    Raises:
        InputError: no motion has a vote; `where` names the reports.
    """
    index = MotionIndex(votes.motions, votes.unusable)
    speakers: dict[str, set[str]] = {}
    found: list[VotedDebate] = []
    left_out: Counter[str] = Counter()
    known_motions: set[str] = set()
    for debate in debates:
        for turn in debate.turns:
            if turn.speaker.role == "member" and turn.speaker.party:
                speakers.setdefault(turn.speaker.name, set()).add(turn.speaker.party)
        if any(held in debate.title for held in HELD_BACK):
            left_out[_HELD_BACK] += len(debate.motions)
            continue
        matched = index.match(debate.motions, debate.date)
        own = Counter(matched.left_out)
        new = tuple(match for match in matched.matches if match.voted.id not in known_motions)
        own[_READ_BEFORE] += len(matched.matches) - len(new)
        known_motions.update(match.voted.id for match in new)
        left_out.update(+own)
        if new and matched.day is not None:
            found.append(VotedDebate(debate, matched.day, new, dict(+own)))
    if not found:
        counted = "; ".join(f"{why}: {count}" for why, count in left_out.items()) or "they have no motions"
        raise InputError(
            f"{where}: no motion of the reports there was voted on ({counted}); expected reports of debates of the "
            "Tweede Kamer, and the votes on their motions"
        )
    ordered = tuple(sorted(found, key=lambda item: item.name))
    known = {name: next(iter(parties)) for name, parties in speakers.items() if len(parties) == 1}
    moved = {unaccented(name) for name in speakers.keys() - known.keys()}  # or two members of one name
    members = {name: party for name, party in members_of(votes.motions, known).items() if name not in moved}
    return VotedDebates(ordered, votes, members, dict(left_out))


def sponsors_of(voted: VotedMotion, members: Mapping[str, str]) -> tuple[str, ...]:
    """Return the parties of those who signed a motion, in the order of their names; unknown ones are left out."""
    parties = (members.get(unaccented(name)) for name in voted.signed)
    return tuple(dict.fromkeys(party for party in parties if party))


def pairs_of(item: VotedDebate, members: Mapping[str, str]) -> tuple[list[Pair], dict[str, int]]:
    """Return the pairs of a debate, and how many are of no use, by why.

    Parties that signed a motion are left out, since they say what they want in its own words. Where the party of one
    who signed it is not known, all are: it may be any of them.
    """
    parties = {turn.speaker.party for turn in spoken(item.debate)}
    pairs: list[Pair] = []
    left_out: Counter[str] = Counter()
    for match in item.matches:
        sponsors = sponsors_of(match.voted, members)
        known = match.voted.signed and all(unaccented(name) in members for name in match.voted.signed)
        for party in sorted(party for party in parties if party):
            if not known:
                left_out["nobody knows which parties signed the motion"] += 1
            elif party in sponsors:
                left_out["the party signed the motion"] += 1
            elif party in match.voted.divided:
                left_out["as many of the party were for as against"] += 1
            elif party not in match.voted.votes:
                left_out[f"no vote of {party}" if _votes_nowhere(item, party) else "the party did not vote"] += 1
            else:
                pairs.append(Pair(match.voted, match.motion, party, sponsors, match.voted.votes[party] == FOR))
    return pairs, dict(left_out)


def spoken(debate: Debate, party: str | None = None) -> Iterator[Turn]:
    """Yield the turns of members, or of those of a party, in which no motion is read."""
    for turn in debate.turns:
        own = turn.speaker.party
        if turn.speaker.role == "member" and turn.kind != "motion" and own and party in (None, own):
            yield turn


def voted_issue(voted: VotedMotion, motion: Motion) -> Issue:
    """Return what a motion asks as an issue, named by the motion's id in the source of the votes."""
    request = motion.request or voted.request or motion.text
    both = {"nl": request, "en": request}
    return Issue(voted.id, both, both, {"nl": "Voor.", "en": "For."}, {"nl": "Tegen.", "en": "Against."})


def _votes_nowhere(item: VotedDebate, party: str) -> bool:
    return all(party not in match.voted.votes for match in item.matches)
