"""Who holds the floor: from the order of the speakers and the words of the chair.

The chair gives the floor; whoever speaks while another holds it interrupts; what the holder says after that is a reply.
A printed report does not mark any of this, so the chair's sentences are read for who is called and as what, and the
order of the debate (members, cabinet, members, cabinet) decides where the chair says nothing that tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from standpunt.debate import Kind, Speaker
from standpunt.names import mentions
from standpunt.sentences import rough_sentences

_OFFICES = {
    "minister": re.compile(r"\b(?:minister|premier|kabinet)"),
    "state secretary": re.compile(r"\b(?:staatssecretaris|kabinet)"),
}
_CABINET = tuple(_OFFICES)
# All patterns but this one are matched against case-folded text.
_SOMEBODY = re.compile(
    r"(?:[Dd]e heer|[Mm]eneer|[Mm]evrouw|[Cc]ollega|[Hh]et lid|[Mm]inister|[Ss]taatssecretaris)\s+[A-ZÀ-Þ]"
)
_NAMED = r"(?:de heer|meneer|mevrouw|collega|het lid|minister|staatssecretaris)\s+"
# "I give the floor to", "the next speaker is", "we shall listen to", "your own term", ...
_GIVES = re.compile(
    "|".join(
        [
            r"woord (?:is |gaat |geef ik |dan )?(?:graag |nu |weer |dan |eerst )*(?:aan|voor)\b",
            r"geef (?:ik )?(?:\w+ ){0,4}het woord",
            r"(?:volgende|eerste|tweede|derde|laatste) spreker",
            r"(?:gaan|kunnen) we (?:\w+ ){0,3}(?:luisteren )?naar\b",
            r"(?:ga|gaan|kom|komen) (?:ik|we|wij) (?:\w+ ){0,3}(?:bij|toe aan)\b",
            r"nodig (?:ik )?(?:\w+ ){0,3}uit",
            r"stokje over aan",
            r"aan de beurt",
            r"ten slotte (?:is )?(?:het woord|de heer|mevrouw)",
            r"luisteren naar",
            r"spreekgestoelte",
            r"gaat (?:namens|spreken namens)|\bnamens (?:de|zijn|haar) fractie",
            r"\buw (?:eigen )?(?:eerste |tweede )?termijn",
            r"zijde van de kamer",
        ]
    )
)
# Only a sentence with one of these words is looked at more closely.
_GIVES_WORDS = frozenset(
    ("woord", "spreker", "naar", "bij", "toe", "uit", "stokje", "beurt", "slotte", "luisteren")
    + ("spreekgestoelte", "namens", "termijn", "zijde")
)
_INTERRUPTS_WORDS = frozenset(
    ("vraag", "vragen", "interruptie", "interrumpeert", "interrumperen", "kort", "korte", "afrondend", "afronding")
    + ("reageert", "reageren", "reactie", "opmerking", "microfoon", "interruptiemicrofoon", "vervolg", "vervolgvraag")
    + ("keer", "herkansing")
)
_WORD = re.compile(r"\w+")
# "Mr A, Party" or "Mr A of Party", but not "Mr A, briefly".
_NO_PARTY = r"kort|graag|u\b|gaat|aan\b|heel|nog|ga\b|afrond|tot slot"
_WITH_PARTY = re.compile(rf"{_NAMED}[^,.?!]{{2,40}}?(?:,\s*(?!{_NO_PARTY})\S|\s+(?:van|namens)\s+\S)")
_OFFICE = r"de (?:minister(?:-president)?|staatssecretaris|premier)[^,?!]{0,60}"
_ALONE = re.compile(
    r"^\W*(?:(?:nu|dan|en|allereerst|vervolgens|tot slot)\s+)?"
    rf"(?:{_NAMED}[^,.?!]{{2,40}}|{_OFFICE})(?:,? tot slot)?[.?!]*$"
)
_FIRST_A_QUESTION = re.compile(r"\binterruptie[^,]*$|\bvraag van\b")
_SECOND_TERM = re.compile(r"(?:tweede|derde|volgende) termijn|re- en dupliek|repliek")
_OPENS_SPEECH = re.compile(
    r"^(?:(?:heel )?(?:dank|bedankt)\b[^.?!]{0,60}|meneer de |mevrouw de )?(?:,\s*)?voorzitter\b"
)
_LONG = 90

Cue = Literal["floor", "interruption", "named"]
Mark = Literal["floor", "interruption"]


class Contribution(NamedTuple):
    """What the floor is worked out from.

    The speaker, the text, whether it is a motion, the stage directions just before it, and what the format says itself:
    that it is spoken with the floor ("floor") or while another has it ("interruption").
    """

    speaker: Speaker
    text: str
    is_motion: bool = False
    pauses: frozenset[str] = frozenset()
    mark: Mark | None = None


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
    announced_term: bool = False
    paused: bool = False  # a suspension since somebody other than the chair spoke
    holder_last: int | None = None  # index of the holder's latest turn
    unanswered: int | None = None  # index of the interruption the holder has not answered yet


def assign_floor(contributions: Sequence[Contribution]) -> list[Place]:
    """Work out kind, term, floor and the turn replied to for every contribution, in order."""
    state = _State()
    places: list[Place] = []
    chair_text: str | None = None  # what the chair said since the last other speaker
    paused = False
    for index, item in enumerate(contributions):
        paused = paused or bool(item.pauses & {"suspension", "closing"})
        if item.speaker.role == "chair":
            chair_text = f"{chair_text}\n{item.text}" if chair_text else item.text
            if _SECOND_TERM.search(item.text.casefold()) and state.cabinet_spoke:
                state.announced_term = True
            # After a suspension nobody holds the floor until the chair gives it again.
            holder = None if paused or state.holder is None else state.holder.name
            places.append(Place("chair", state.term, holder, None))
            continue
        if "suspension" in item.pauses:
            chair_text = None  # what the chair said before it suspended gives nobody the floor
        if paused and item.speaker != state.holder:
            state.holder = None
        state.paused = paused
        if item.is_motion:
            places.append(_motion(item, index, state))
        elif item.speaker == state.holder and not (chair_text and _raises_order(item.text)):
            places.append(_holder(item, index, state))
        elif _takes_floor(contributions, index, chair_text, state):
            _give_floor(item.speaker, state)
            places.append(_holder(item, index, state))
        else:
            places.append(_other(item, index, state))
        chair_text, paused = None, False
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
    opening = text[:90].casefold()
    return "punt van orde" in opening or "ordevoorstel" in opening


def _opens_speech(text: str) -> bool:
    """Tell whether a turn begins by addressing the chair, as speeches do."""
    return _OPENS_SPEECH.search(text[:100].casefold()) is not None


def _give_floor(speaker: Speaker, state: _State) -> None:
    if speaker.role in _CABINET:
        state.cabinet_spoke = True
    elif state.cabinet_spoke and (state.announced_term or state.paused or speaker in state.had_floor):
        # Members have the floor again after the cabinet: the chair has opened the next term, or it is somebody's second
        # time. (A member who follows a minister for the first time, as in an opening round, begins no term.)
        state.term += 1
        state.cabinet_spoke = False
        state.announced_term = False
        state.had_floor = set()
    state.holder, state.holder_last, state.unanswered = speaker, None, None
    state.had_floor.add(speaker)


def _takes_floor(contributions: Sequence[Contribution], index: int, chair_text: str | None, state: _State) -> bool:
    item = contributions[index]
    speaker = item.speaker
    if item.mark is not None:
        return item.mark == "floor"
    if chair_text is None:
        return state.holder is None and not _raises_order(item.text) and _opens_speech(item.text)
    cue = chair_cue(chair_text, speaker)
    if _raises_order(item.text):
        return False
    if speaker.role in _CABINET:
        # The cabinet's turn has come once a minister is called; before that only an explicit cue counts.
        return cue == "floor" or (cue != "interruption" and (state.paused or state.holder is None))
    if state.cabinet_spoke:
        # During the cabinet's term a member gets the floor only where the chair opens the next term.
        opens_term = state.paused or state.announced_term
        return opens_term and (cue == "floor" or (cue == "named" and _opens_speech(item.text)))
    if cue == "floor":
        return True
    if cue == "interruption" or speaker in state.had_floor:
        return False
    return state.holder is None or _reads_like_speech(contributions, index, state)


def _reads_like_speech(contributions: Sequence[Contribution], index: int, state: _State) -> bool:
    """Where the chair's words do not tell: a motion follows, or it addresses the chair and is long or not answered."""
    item = contributions[index]
    if index + 1 < len(contributions) and contributions[index + 1].is_motion:
        return contributions[index + 1].speaker == item.speaker
    if not _opens_speech(item.text):
        return False
    following = next((c for c in contributions[index + 1 :] if c.speaker.role != "chair"), None)
    return len(item.text.split()) >= _LONG or (following is not None and following.speaker != state.holder)


def chair_cue(text: str, speaker: Speaker) -> Cue | None:
    """Read the chair's words for how `speaker` is called: to the floor, to interrupt, or by name only.

    The last sentence that tells wins ("The floor is Mr A's. Oh, first a question from Ms B.").
    """
    cue: Cue | None = None
    office = _OFFICES.get(speaker.role)
    for sentence in rough_sentences(text):
        folded = sentence.casefold()
        words = frozenset(_WORD.findall(folded))
        names_speaker = mentions(folded, speaker.name) or bool(office and office.search(folded))
        if not names_speaker and _SOMEBODY.search(sentence):
            if _gives(folded, words) or _WITH_PARTY.search(folded):
                cue = None  # somebody else was called; what follows may change that
            continue
        if _gives(folded, words) and not _FIRST_A_QUESTION.search(folded):
            cue = "floor"
        elif _interrupts(folded, words) and (
            names_speaker or len(folded.split()) <= 6 or "interruptie" in words or " een vraag" in folded
        ):
            cue = "interruption"
        elif names_speaker and _WITH_PARTY.search(folded):
            cue = "floor"
        elif names_speaker and cue in (None, "named"):
            cue = "floor" if speaker.role in _CABINET and _ALONE.search(folded) else "named"
    return cue


def _gives(sentence: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(_GIVES_WORDS) and _GIVES.search(sentence) is not None


def _interrupts(sentence: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(_INTERRUPTS_WORDS) or "punt van orde" in sentence
