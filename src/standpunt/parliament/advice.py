"""The cabinet's advice on motions, read from what ministers say about them by number.

The advice that stands is the last one given outright. Where it hangs on a reading of the motion that the minister puts
forward, the advice is what that reading gets; where it hangs on a change of the wording, the advice is what the motion
gets as it is printed. Either way the sentence on which it hangs is the condition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from standpunt.debate import CABINET_ROLES, Motion, Turn
from standpunt.text.sentences import rough_sentences

# The patterns are matched against case-folded text.
_DOSSIER = r"\d\d ?\d{3}(?:[ -]\w+)?"
_NUMBER = rf"(?:nrs?\.?\s*)?\d{{1,6}}(?:\s*\({_DOSSIER}\))?"
_AND = r"(?:\s*,\s*(?:en\s+)?|\s+en\s+|\s*/\s*|\s+(?:t/m|tot en met)\s+)"
_LIST = rf"({_NUMBER}(?:{_AND}{_NUMBER})*)"
_NUMBERS = re.compile(
    r"\bmoties?\b(?:[^.?!:;]|\.(?=\w)|(?<=c\.s|e\.a)\.){0,120}?"
    rf"\b(?:(?:op )?(?:de )?stuk(?:ken)?\.?(?: met)?(?: de)? nrs?\.?|op (?:de )?stuk(?:ken)?\.?)\s*{_LIST}"
    rf"|\bmoties?(?:-\w+)? nrs?\.?\s*{_LIST}"
)
# "Net als bij de motie op stuk nr. 12 ...": the motion that is spoken of stays what it was. "Ik ontraad de motie op
# stuk nr. 13, net als de motie op stuk nr. 12" (`also`) speaks of both.
_COMPARED = re.compile(
    r"\b(?:(?P<also>(?:net (?:zo)?als|evenals)(?! (?:bij|in|met|voor|over|op|van)\b))|net (?:zo)?als|evenals"
    r"|zoals(?= (?:bij|in|met|voor|over|op)\b)|(?:het|de)zelfde als|gelijk aan|vergelijkbaar met|anders dan"
    r"|in tegenstelling tot|conform|overeenkomstig|in lijn met|analoog aan|verwij(?:s|zing)(?: \w+){0,3} naar|lijkt op)"
    r"(?: (?:bij|in|met|voor|over|op|van|naar|aan|de|die|het|mijn|eerdere|geval|oordeel|advies|wat)){0,5}"
    r" (?:moties?\b|op (?:de )?stuk)[^,.?!:;]*(?:nrs?\.|stuk\.|stukken\.)?\s*$"
)
_IN_LIST = re.compile(rf"(t/m |tot en met )?(?:nrs?\.?\s*)?(\d+)(?:\s*\(({_DOSSIER})\))?")
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
_AROUND = 200  # characters
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


_Key = tuple[str, int]  # dossier and number: two dossiers may share a number


class _Mention(NamedTuple):
    """The numbers from first to last, in any dossier where none is named."""

    first: int
    last: int
    dossier: str


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
    keys = {
        motion.turn: (_plain(motion.dossier or ""), motion.number)
        for motion in motions
        if isinstance(motion.number, int)
    }
    standing = {key: _Standing() for key in keys.values()}
    read: list[_Key] = []  # only what has been read can be advised on
    current: list[_Key] = []
    for turn in turns:
        if turn.id in keys:
            if keys[turn.id] not in read:
                read.append(keys[turn.id])
        elif turn.speaker.role == "chair":
            # The chair may call the next motion: "De motie-Jansen op stuk nr. 12."
            if _speaks_of_motions(turn.text):
                current = _meant(_mentions(turn.text.casefold()), read) or current
        elif turn.speaker.role in CABINET_ROLES:
            if read and (current or _speaks_of_motions(turn.text)):
                current = _read_turn(turn, standing, read, current)
        elif turn.kind == "speech":
            current = []  # a member has the floor: the cabinet is done with what it spoke of
        elif read and _speaks_of_motions(turn.text):
            # A member who interrupts names the motion that the answer will be about.
            current = _meant(_mentions(turn.text.casefold()), read) or current
    return tuple(
        replace(motion, advice=s.advice, advised_by=s.advised_by, advice_turn=s.turn, condition=s.condition)
        if motion.turn in keys and (s := standing[keys[motion.turn]]).turn
        else motion
        for motion in motions
    )


def _read_turn(turn: Turn, standing: dict[_Key, _Standing], read: list[_Key], current: list[_Key]) -> list[_Key]:
    """Take in what one turn of the cabinet says; return the motions it speaks of at its end."""
    said: list[str] = []  # on the current motions, before the sentence at hand
    for sentence in _sentences(turn.text):
        folded = sentence.casefold()
        if mentions := _mentions(folded):
            current, said = _meant(mentions, read), []
        names = _advice_in(folded)
        if names and not _only_considered(sentence, names):
            advice, condition = _weigh(sentence, names, _hinge(said))
            for key in current:
                state = standing[key]
                if state.turn == turn.id and advice not in (state.advice, _FAVOURABLE) and _has(_IF, sentence):
                    advice, condition = _second_outcome(state, advice, sentence)
                _update(state, advice, condition, turn)
        said.append(sentence)
    return current


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a turn; the full stop in "op stuk. 919" ends none."""
    begun = ""
    for sentence in rough_sentences(text):
        whole = f"{begun} {sentence}" if begun and sentence[0].isdecimal() else sentence
        if begun and whole is sentence:
            yield begun
        begun = whole if whole.endswith((" stuk.", " stukken.")) else ""
        if not begun:
            yield whole
    if begun:
        yield begun


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


def _mentions(folded: str) -> list[_Mention]:
    """Return the motions named by number in case-folded text, but those that another is only compared with."""
    mentions_of_motions: list[_Mention] = []
    if "moti" not in folded:
        return mentions_of_motions
    for match in _NUMBERS.finditer(folded):
        start = match.start(match.lastindex or 0)
        compared = _COMPARED.search(folded[max(0, start - _AROUND) : start])
        if compared and not (compared["also"] and mentions_of_motions):
            continue
        for through, number, dossier in _IN_LIST.findall(match[1] or match[2]):
            if through:
                begun = mentions_of_motions.pop()
                mentions_of_motions.append(_Mention(begun.first, int(number), _plain(dossier) or begun.dossier))
            else:
                mentions_of_motions.append(_Mention(int(number), int(number), _plain(dossier)))
    return mentions_of_motions


def _meant(mentions: Iterable[_Mention], read: Sequence[_Key]) -> list[_Key]:
    """Return which of the motions that were read are mentioned."""
    return [
        (dossier, number)
        for mention in mentions
        for dossier, number in read
        if mention.first <= number <= mention.last and mention.dossier in ("", dossier)
    ]


def _plain(dossier: str) -> str:
    """Return a dossier as "36800x": it is written with a dash, with blanks, or with neither."""
    return "".join(filter(str.isalnum, dossier.casefold()))
