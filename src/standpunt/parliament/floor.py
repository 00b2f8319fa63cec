"""Who holds the floor: from the order of the speakers and the words of the chair.

The chair gives the floor; whoever speaks while another holds it interrupts; what the holder says after that is a reply.
A printed report does not mark any of this, so the chair's sentences are read for who is called and as what (see
`standpunt.parliament.cues`), and the order of the debate (members, cabinet, members, cabinet) decides where the chair
says nothing that tells. Some reports leave out the chair's calls; there a turn that addresses somebody is taken for a
speech.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from standpunt.debate import CABINET_ROLES, Kind, Speaker
from standpunt.parliament import cues
from standpunt.parliament.names import mentions
from standpunt.text.sentences import rough_sentences

_WORD = re.compile(r"\w+")
_LONG = 90

Cue = Literal["floor", "interruption", "named"]
Mark = Literal["floor", "interruption"]


class Contribution(NamedTuple):
    """What the floor is worked out from.

    The speaker, the text, whether it is a motion, the stage directions just before it, and what the format says itself:
    that it is spoken with the floor ("floor") or while another has it ("interruption"). `called` is the surname by
    which the chair calls the speaker, where the report prints more of the name.
    """

    speaker: Speaker
    text: str
    is_motion: bool = False
    pauses: frozenset[str] = frozenset()
    mark: Mark | None = None
    called: str | None = None


class Place(NamedTuple):
    """The place of a contribution in the debate; `replies_to` is an index into the sequence."""

    kind: Kind
    term: int
    floor: str | None
    replies_to: int | None


@dataclass(slots=True)
class _State:
    holder: Speaker | None = None
    term: int = 1
    cabinet_spoke: bool = False  # in this term
    had_floor: set[Speaker] = field(default_factory=set)  # in this term
    announced: int | None = None  # the term the chair has opened since the cabinet spoke
    terms_are_named: bool = False  # somewhere in the debate
    calls_are_printed: bool = True
    paused: bool = False  # a suspension since somebody other than the chair spoke
    holder_last: int | None = None  # index of the holder's latest turn
    unanswered: int | None = None  # index of the interruption the holder has not answered yet


def assign_floor(contributions: Sequence[Contribution], *, calls_printed: bool | None = None) -> list[Place]:
    """Work out kind, term, floor and the turn replied to for every contribution, in order.

    Args:
        contributions: all of a debate.
        calls_printed: whether the report has the words with which the chair calls speakers; by default this debate
            tells (see `calls_are_printed`).
    """
    announced = [announced_term(item.text) if item.speaker.role == "chair" else None for item in contributions]
    state = _State(
        terms_are_named=any(term and term > 1 for term in announced[_first_of_cabinet(contributions) :]),
        calls_are_printed=calls_are_printed(contributions) if calls_printed is None else calls_printed,
    )
    places: list[Place] = []
    said: list[str] = []  # by the chair since the last other speaker
    paused = False
    for index, item in enumerate(contributions):
        paused = paused or bool(item.pauses & {"suspension", "closing"})
        if item.speaker.role == "chair":
            said.append(item.text)
            if state.cabinet_spoke:
                state.announced = announced[index] or state.announced
            # After a suspension nobody holds the floor until the chair gives it again.
            holder = None if paused or state.holder is None else state.holder.name
            places.append(Place("chair", state.term, holder, None))
            continue
        if "suspension" in item.pauses:
            said = []  # what the chair said before it suspended gives nobody the floor
        if paused and item.speaker != state.holder:
            state.holder = None
        state.paused = paused
        if item.is_motion:
            places.append(_motion(item, index, state))
        elif item.speaker == state.holder and not (said and _raises_order(item.text)):
            places.append(_holder(item, index, state))
        elif _takes_floor(contributions, index, said, state):
            _give_floor(item.speaker, state)
            places.append(_holder(item, index, state))
        else:
            places.append(_other(item, index, state))
        said, paused = [], False
    return places


def _motion(item: Contribution, index: int, state: _State) -> Place:
    if state.holder != item.speaker:
        _give_floor(item.speaker, state)
    state.holder_last, state.unanswered = index, None
    return Place("motion", state.term, item.speaker.name, None)


def _holder(item: Contribution, index: int, state: _State) -> Place:
    answered, state.unanswered = state.unanswered, None
    state.holder_last = index
    return Place("speech" if answered is None else "reply", state.term, item.speaker.name, answered)


def _other(item: Contribution, index: int, state: _State) -> Place:
    if state.holder is None or _raises_order(item.text):
        return Place("procedural", state.term, state.holder.name if state.holder else None, None)
    state.unanswered = index
    return Place("interruption", state.term, state.holder.name, state.holder_last)


def _raises_order(text: str) -> bool:
    """Tell whether a turn begins with a point of order."""
    return _speaks_of_order(text[:90].casefold())


def _speaks_of_order(folded: str) -> bool:
    return any(words in folded for words in cues.ORDER)


def _opens_speech(text: str, *, to: re.Pattern[str] = cues.TO_CHAIR) -> bool:
    """Tell whether a turn begins by addressing the chair, as speeches do."""
    return to.search(text[:100].casefold()) is not None


def _is_long(text: str) -> bool:
    return len(text.split()) >= _LONG


def _first_of_cabinet(contributions: Sequence[Contribution]) -> int:
    return next((n for n, item in enumerate(contributions) if item.speaker.role in CABINET_ROLES), len(contributions))


def calls_are_printed(contributions: Iterable[Contribution]) -> bool:
    """Tell whether the report has the words with which the chair calls speakers.

    If so, nearly all long turns of members that open as speeches do follow such words; if they are left out, few do.
    """
    called, uncalled = count_calls(contributions)
    return called > uncalled or called + uncalled < 2


def count_calls(contributions: Iterable[Contribution]) -> tuple[int, int]:
    """Count the long turns of members that open as speeches: those that the chair calls, and those it does not.

    A format that marks the floor prints the calls: all are counted as called.
    """
    called = uncalled = 0
    last: Speaker | None = None  # of the floor, by and large
    said: list[str] = []
    for item in contributions:
        if item.mark is not None:
            return 2, 0
        if item.speaker.role == "chair":
            said.append(item.text)
            continue
        opens = item.speaker.role == "member" and _opens_speech(item.text, to=cues.TO_ANYBODY)
        if opens and item.speaker != last and _is_long(item.text):
            is_called = chair_cue("\n".join(said), item.speaker, item.called) is not None
            called, uncalled = called + is_called, uncalled + (not is_called)
        last, said = item.speaker, []
    return called, uncalled


def _give_floor(speaker: Speaker, state: _State) -> None:
    if speaker.role in CABINET_ROLES:
        state.cabinet_spoke = True
    elif state.cabinet_spoke and (state.announced or state.paused or speaker in state.had_floor):
        # Members have the floor again after the cabinet. A term begins where the chair says so or, if no later term is
        # ever named, where it is somebody's second time. (A round that opens the debate, of a rapporteur say, and a
        # member who follows a minister for the first time begin none.)
        if state.announced:
            state.term = max(state.term, state.announced)
        elif state.calls_are_printed and not state.terms_are_named:
            state.term += 1
        state.cabinet_spoke = False
        state.announced = None
        state.had_floor = set()
    state.holder, state.holder_last, state.unanswered = speaker, None, None
    state.had_floor.add(speaker)


def _takes_floor(contributions: Sequence[Contribution], index: int, said: Sequence[str], state: _State) -> bool:
    item = contributions[index]
    speaker = item.speaker
    if item.mark is not None:
        return item.mark == "floor"
    if _raises_order(item.text):
        return False
    cue = chair_cue("\n".join(said), speaker, item.called) if said else None
    if speaker.role == "guest" and _is_long(item.text):
        return cue != "interruption"  # who is let in to speak is not always called by name
    if not state.calls_are_printed:
        if cue == "floor" and cues.GIVES.search(" ".join(said).casefold()):
            return True  # "Mr A, one more thing?" gives nothing
        may_be_speech = cue != "interruption" or _is_long(item.text)
        return may_be_speech and _reads_like_speech(contributions, index, state)
    if not said:
        return state.holder is None and _opens_speech(item.text)
    if speaker.role in CABINET_ROLES:
        # The cabinet's turn has come once a minister is called; before that only an explicit cue counts.
        return cue == "floor" or (cue != "interruption" and (state.paused or state.holder is None))
    if state.cabinet_spoke:
        # During the cabinet's term a member gets the floor only where the chair opens the next term.
        opens_term = state.paused or state.announced is not None
        return opens_term and (cue == "floor" or (cue == "named" and _opens_speech(item.text)))
    if cue == "floor":
        return True
    if cue == "interruption" or speaker in state.had_floor:
        return False
    return state.holder is None or _reads_like_speech(contributions, index, state)


def _reads_like_speech(contributions: Sequence[Contribution], index: int, state: _State) -> bool:
    """Where the chair's words do not tell: a motion follows, or it addresses the chair and is long or not answered.

    Where the chair's words are not printed an address to anybody will do, and the cabinet's turns need no more: a
    minister who was asked answers.
    """
    item = contributions[index]
    if index + 1 < len(contributions) and contributions[index + 1].is_motion:
        return contributions[index + 1].speaker == item.speaker
    long = _is_long(item.text)
    if state.calls_are_printed:
        opens = _opens_speech(item.text)
    else:
        opens = _opens_speech(item.text, to=cues.TO_ANYBODY)
        if item.speaker.role in CABINET_ROLES and (opens or long):
            return True
    if not opens:
        return False
    later = (contributions[place] for place in range(index + 1, len(contributions)))
    following = next((item for item in later if item.speaker.role != "chair"), None)
    return long or following is None or following.speaker != state.holder


def announced_term(text: str) -> int | None:
    """Return which term the chair opens for the members, from 1; the last sentence that tells wins."""
    folded = text.casefold()
    announced: int | None = None
    if not any(part in folded for part in cues.TERM_PARTS):
        return None
    for sentence in rough_sentences(folded):
        if any(part in sentence for part in cues.TERM_PARTS) and not cues.NOT_NOW.search(sentence):
            announced = next((term for term, pattern in cues.TERMS.items() if pattern.search(sentence)), announced)
    return announced


def chair_cue(text: str, speaker: Speaker, called: str | None = None) -> Cue | None:
    """Read the chair's words for how `speaker` is called: to the floor, to interrupt, or by name only.

    The name looked for is `called`, if it is given, or else the speaker's.

    The last sentence that tells wins ("The floor is Mr A's. Oh, first a question from Ms B.").
    """
    cue: Cue | None = None
    office, name = cues.OFFICES.get(speaker.role), (called or speaker.name).casefold()
    for sentence in rough_sentences(cues.TITLE_STOP.sub(r"\1", text)):
        folded = sentence.casefold()
        words = frozenset(_WORD.findall(folded))
        names_speaker = mentions(folded, name) or bool(office and office.search(folded))
        if not names_speaker and cues.SOMEBODY.search(sentence):
            if _gives(folded, words) or cues.WITH_PARTY.search(folded):
                cue = None  # somebody else was called; what follows may change that
            continue
        if _gives(folded, words) and not cues.QUESTION.search(folded):
            cue = "floor"
        elif _interrupts(folded, words) and (
            names_speaker or len(folded.split()) <= 6 or cues.INTERRUPTS.search(folded)
        ):
            cue = "interruption"
        elif names_speaker and cues.WITH_PARTY.search(folded.replace(name, "naam")):
            cue = "floor"  # the "van" of "Van Dijk" is no party's
        elif names_speaker and cue in (None, "named"):
            cue = "floor" if speaker.role in CABINET_ROLES and cues.ALONE.search(folded) else "named"
    return cue


def _gives(sentence: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(cues.GIVES_WORDS) and cues.GIVES.search(sentence) is not None


def _interrupts(sentence: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(cues.INTERRUPTS_WORDS) or _speaks_of_order(sentence)
