"""The cabinet's advice on motions, read from what ministers say about them by number.

The advice that stands is the last one given outright. Where it hangs on a reading of the motion that the minister puts
forward, the advice is what that reading gets; where it hangs on a change of the wording, the advice is what the motion
gets as it is printed. Either way the sentence on which it hangs is the condition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from standpunt.debate import Motion, Turn
from standpunt.sentences import rough_sentences

_CABINET = ("minister", "state secretary")
# The patterns are matched against case-folded text.
_NUMBERS = re.compile(
    r"\bmoties?\b[^.?!:;]{0,120}?\b(?:op )?(?:de )?stuk(?:ken)?(?: met)?(?: de)? nrs?\.?\s*"
    r"(\d{1,6}(?:(?:\s*,\s*|\s+en\s+|\s*/\s*)(?:nr\.\s*)?\d{1,6})*)"
    r"|\bmoties?(?:-\w+)? nrs?\.?\s*(\d{1,6}(?:(?:\s*,\s*|\s+en\s+)\d{1,6})*)"
)
_ADVICE = re.compile(
    r"(?P<kamer>oordeel(?: aan de)?(?: van de)? kamer|aan het oordeel van de kamer"
    r"|oordeel(?: \w+){0,5}? aan (?:de|uw) kamer)"
    r"|(?P<ontraden>ontra(?:ad|den|dt)\b)|(?P<overbodig>overbodig)"
    r"|(?P<ontijdig>ontijdig|aan te houden|aanhouden|houdt? \w+ aan\b)"
    r"|(?P<overgenomen>overgenomen|neem ik (?:graag )?over|overnemen)"
)
# To skip most sentences fast.
_STEMS = ("oordeel", "ontra", "overbodig", "ontijdig", "houd", "genomen", "neem ik", "nemen")
_NAMES = {
    "kamer": "oordeel Kamer",
    "ontraden": "ontraden",
    "overbodig": "overbodig",
    "ontijdig": "ontijdig",
    "overgenomen": "overgenomen",
}
_NEAR = 4  # sentences
_FAVOURABLE = "oordeel Kamer"
# An advice that is only considered: "I could call it superfluous", "that would lead to ...". "Zou willen ontraden" is
# merely polite.
_CONSIDERED = re.compile(
    r"\bzou\b[^.?!]{0,40}\b(?:kunnen|leiden)\b|\bkan (?:'m|hem|haar|die|deze)\b|\bkunnen (?:'m|hem|die)\b"
)
_CHANGE = re.compile(
    r"aanpas|aangepast|gewijzigd|wijzig|schrap|herformul|andere formulering|toevoeg|vervang|weglat"
    r"|\bwoord(?:en)? [^.?!]{0,60}\bweg\b|\ber [^.?!]{0,60}\bvan maak"
)
_READING = re.compile(
    r"\bals (?:ik|hij|zij|ze|u|we|wij|er|de|die|deze|dat|het(?! goed is| ware)|mevrouw|indiener)\b|\bop voorwaarde\b"
    r"|\b(?:indien|mits|wanneer|zolang|lees|lezen|uitleg|interpretatie|verstande)\b"
)
_OTHERWISE = re.compile(r"\b(?:anders|tenzij|zo niet)\b")
_IF = re.compile(r"\b(?:als|indien|wanneer|tenzij|anders|zo niet)\b|, dan\b")
_REFERS_BACK = re.compile(r"\b(?:dan|daarmee|(?:met|in|onder) (?:die|deze|dat))\b")


@dataclass(slots=True)
class _Standing:
    """The advice on one motion as it stands so far."""

    advice: str | None = None
    advised_by: str | None = None
    turn: str | None = None
    condition: str | None = None


def with_advice(motions: Iterable[Motion], turns: Sequence[Turn]) -> tuple[Motion, ...]:
    """Return the motions with the advice the cabinet gives on them in the turns that follow them."""
    motions = tuple(motions)
    standing = {motion.number: _Standing() for motion in motions if motion.number is not None}
    read_in = {motion.turn: motion.number for motion in motions}
    read: set[int] = set()  # only what has been read can be advised on
    current: list[int] = []
    for turn in turns:
        if (number := read_in.get(turn.id)) is not None:
            read.add(number)
        elif turn.speaker.role == "chair":
            # The chair may call the next motion: "De motie-Jansen op stuk nr. 12."
            if _speaks_of_motions(turn.text):
                current = [number for number in _numbers(turn.text.casefold()) if number in read] or current
        elif turn.speaker.role in _CABINET:
            if read and (current or _speaks_of_motions(turn.text)):
                current = _read_turn(turn, standing, read, current)
        elif turn.kind == "speech":
            current = []  # a member has the floor: the cabinet is done with what it spoke of
        elif read and _speaks_of_motions(turn.text):
            # A member who interrupts names the motion that the answer will be about.
            current = [number for number in _numbers(turn.text.casefold()) if number in read] or current
    return tuple(
        replace(motion, advice=s.advice, advised_by=s.advised_by, advice_turn=s.turn, condition=s.condition)
        if motion.number is not None and (s := standing[motion.number]).turn
        else motion
        for motion in motions
    )


def _read_turn(turn: Turn, standing: dict[int, _Standing], read: set[int], current: list[int]) -> list[int]:
    """Take in what one turn of the cabinet says; return the motions it speaks of at its end."""
    said: list[str] = []  # on the current motions, before the sentence at hand
    for sentence in rough_sentences(turn.text):
        folded = sentence.casefold()
        numbers = _numbers(folded)
        if numbers:
            current, said = [number for number in numbers if number in read], []
        names = _advice_in(folded)
        if names and not _only_considered(sentence, names):
            advice, condition = _weigh(sentence, names, _hinge(said))
            for number in current:
                state = standing[number]
                if state.turn == turn.id and advice not in (state.advice, _FAVOURABLE) and _has(_IF, sentence):
                    advice, condition = _second_outcome(state, advice, sentence)
                _update(state, advice, condition, turn)
        said.append(sentence)
    return current


def _speaks_of_motions(text: str) -> bool:
    return "moti" in text or "Moti" in text


def _has(pattern: re.Pattern[str], sentence: str) -> bool:
    return pattern.search(sentence.casefold()) is not None


def _advice_in(folded: str) -> list[str]:
    """Return the names of the advice given or mentioned in a case-folded sentence, in order."""
    if not any(stem in folded for stem in _STEMS):
        return []
    return [_NAMES[match.lastgroup or ""] for match in _ADVICE.finditer(folded)]


def _only_considered(sentence: str, names: list[str]) -> bool:
    """Tell whether a sentence mentions an advice without giving it; "if I may read it so, I could ..." does give it."""
    if len(set(names)) > 1 or not _has(_CONSIDERED, sentence):
        return False
    return not (_FAVOURABLE in names and _has(_READING, sentence))


def _hinge(said: list[str]) -> str | None:
    """Return the latest sentence, not far back, that puts a reading or a change of the motion forward."""
    return next(
        (sentence for sentence in reversed(said[-_NEAR:]) if _has(_READING, sentence) or _has(_CHANGE, sentence)), None
    )


def _weigh(sentence: str, names: list[str], hinge: str | None) -> tuple[str | None, str | None]:
    """Return the advice for the motion as printed or read (None: only a changed one gets any), and the condition."""
    refers_back = hinge is not None and _has(_REFERS_BACK, sentence)
    others = [name for name in names if name != _FAVOURABLE]
    otherwise = _has(_OTHERWISE, sentence) and len(set(names)) > 1
    if _has(_CHANGE, sentence) or (hinge and _has(_CHANGE, hinge) and (refers_back or otherwise)):
        condition = sentence if _has(_CHANGE, sentence) else f"{hinge} {sentence}"
        return (others[0] if others else None), (condition if _FAVOURABLE in names else None)
    if _FAVOURABLE in names and (_has(_READING, sentence) or otherwise):
        return _FAVOURABLE, sentence
    if _FAVOURABLE in names and refers_back and not others:
        return _FAVOURABLE, f"{hinge} {sentence}"
    return names[-1], sentence if otherwise else None


def _second_outcome(state: _Standing, advice: str | None, sentence: str) -> tuple[str | None, str | None]:
    """Weigh "... Otherwise I advise against it", said after another advice on the same motion."""
    condition = f"{state.condition} {sentence}" if state.condition else sentence
    if state.condition and _has(_CHANGE, state.condition):
        return advice, condition  # as printed the motion gets the second one
    return state.advice, condition


def _update(state: _Standing, advice: str | None, condition: str | None, turn: Turn) -> None:
    if advice is None:
        # Only a changed motion gets this advice; without an earlier one it is all there is to report.
        advice = state.advice or _FAVOURABLE
    if advice != state.advice:
        state.advice, state.advised_by, state.turn, state.condition = advice, turn.speaker.name, turn.id, None
    state.condition = condition or state.condition


def _numbers(folded: str) -> list[int]:
    """Return the numbers of motions named in case-folded text."""
    if "moti" not in folded:
        return []
    return [int(n) for match in _NUMBERS.finditer(folded) for n in re.findall(r"\d+", match[1] or match[2])]
