"""The votes on the motions of debates, from whichever file has them, and what a reader of them must know."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from standpunt.debate import Debate, MotionVote
from standpunt.errors import InputError
from standpunt.parliament.motion_matching import NO_VOTE_IN_FILE, MotionIndex
from standpunt.parliament.voted_motions import NO_VOTE, TWICE, read_voted_motions
from standpunt.parliament.votes import EXPECTED, SPLIT, join_votes, key_of, read_votes
from standpunt.storage.json_lines import json_lines


@dataclass(frozen=True)
class DebateVotes:
    """Votes that were read for a debate.

    Attributes:
        votes: those on its motions; of a file of the votes of a day, all of the file.
        motions: how many motions the debate has.
        left_out: how many of them have no vote, by why.
        parties: those that spoke in the debate and are in none of the votes on its motions.
    """

    votes: tuple[MotionVote, ...]
    motions: int
    left_out: Mapping[str, int]
    parties: tuple[str, ...]

    @property
    def note(self) -> str:
        """What a reader of the votes must know, empty where every motion has one and every party is in some."""
        parts = [f"{why}: {count}" for why, count in self.left_out.items()]
        without = sum(self.left_out.values())
        said = [f"{without} of {self.motions} motions have no vote ({'; '.join(parts)})"] if parts else []
        if self.parties:
            said.append(f"in no vote on a motion: {', '.join(self.parties)}, who spoke")
        return "; ".join(said)


def debate_votes(path: str | os.PathLike[str], debates: Sequence[Debate]) -> list[DebateVotes]:
    """Read how the motions of debates were voted on: from the votes of a day, or from a file of motions.

    Args:
        path: what `standpunt fetch tk --votes` writes, or a file as `standpunt.parliament.voted_motions` reads.
        debates: whose motions are looked up; see `MotionIndex.match` for a file of motions.

    Returns:
        The votes for each debate; those from a file of motions have dossier and number of the report.

    Raises:
        InputError: the file cannot be read, is neither, or has no vote on a motion of the debates.
    """
    _, first = next(iter(json_lines(Path(path), EXPECTED)), ("", {}))
    if "zaak_id" in first:
        read = read_voted_motions(path)
        index = MotionIndex(read.motions, read.unusable)
        found = [_summed(debate, *_from_motions(index, debate)) for debate in debates]
    else:
        votes = read_votes(path)
        found = [_summed(debate, votes, _without(debate, votes)) for debate in debates]
    motions = sum(one.motions for one in found)
    left_out = sum((Counter(one.left_out) for one in found), Counter[str]())
    if not motions:
        raise InputError(f"{os.fspath(path)}: the report has no motions that the votes in it can be on; leave it out")
    if motions == left_out.total():
        why = "; ".join(f"{why}: {count}" for why, count in left_out.items())
        raise InputError(
            f"{os.fspath(path)}: no vote in it is on one of the {motions} motions of the report ({why}); expected the "
            "votes on these motions"
        )
    return found


def _summed(debate: Debate, votes: Sequence[MotionVote], left_out: Mapping[str, int]) -> DebateVotes:
    voted = {party for _, vote in join_votes(debate.motions, votes) if vote for party in vote.votes}
    spoke = {turn.speaker.party for turn in debate.turns if turn.speaker.role == "member" and turn.speaker.party}
    # Where no party is named, as after a show of hands in a council, none is unknown.
    return DebateVotes(tuple(votes), len(debate.motions), left_out, tuple(sorted(spoke - voted)) if voted else ())


def _from_motions(index: MotionIndex, debate: Debate) -> tuple[list[MotionVote], Mapping[str, int]]:
    """Return the votes that a file of motions has, and how many motions of the debate have none, by why."""
    matched = index.match(debate.motions, debate.date)
    left_out = Counter(matched.left_out)
    votes = []
    for motion, voted in ((match.motion, match.voted) for match in matched.matches):
        if motion.number is None:
            left_out["it has no number in the report"] += 1
            continue
        votes.append(
            MotionVote(
                dossier=key_of(motion)[0],
                number=motion.number,
                title=voted.title,
                result=voted.result,
                votes=dict(voted.votes) | dict.fromkeys(voted.divided, SPLIT),
                by_person=voted.by_person,
            )
        )
    return votes, dict(left_out)


def _without(debate: Debate, votes: Sequence[MotionVote]) -> dict[str, int]:
    """Count the motions of a debate that the votes of a day do not tell of, by why."""
    known, read = (Counter(map(key_of, items)) for items in (votes, debate.motions))
    left_out: Counter[str] = Counter()
    for motion, vote in join_votes(debate.motions, votes):
        if vote is None and motion.number is None:
            left_out["it has no number in the report"] += 1
        elif vote is None:
            key = key_of(motion)
            why = TWICE if known[key] > 1 or read[key] > 1 else NO_VOTE_IN_FILE
            left_out[why] += 1
        elif not vote.votes and not vote.counts:
            left_out[f"{NO_VOTE} ({vote.result})" if vote.result else NO_VOTE] += 1
    return dict(left_out)
