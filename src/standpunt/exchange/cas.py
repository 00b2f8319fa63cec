"""UIMA CAS XMI, as INCEpTION reads it: a file a debate and annotator, and the type system they share."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from standpunt.annotation.nuance import Nuance
from standpunt.annotation.standoff import check_name
from standpunt.debate import Debate
from standpunt.errors import InputError
from standpunt.exchange.annotations import Annotations, refuse_existing
from standpunt.storage.files import atomic_folder

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

TYPES = "TypeSystem.xml"
# INCEpTION takes layers of one's own from this name space.
SPACE = "webanno.custom."
TURN, STANCE, EVIDENCE, SENTENCE, LINK = (
    f"{SPACE}{name}" for name in ("Turn", "Stance", "Evidence", "Argument", "Link")
)
STANCE_LAYER, ARGUMENT_LAYER = f"{SPACE}StanceLayer", f"{SPACE}ArgumentLayer"
_STRING, _INTEGER = "uima.cas.String", "uima.cas.Integer"
_HEADER = ("annotator", "title", "date", "language", "sha256")
_FEATURES = {
    TURN: ("turn", "speaker", "party", "role", "kind"),
    STANCE: ("issue", "label", "leaning", "conditional", "asks"),
    EVIDENCE: ("issue",),
    SENTENCE: ("component", "frame"),
    LINK: ("relation",),
    STANCE_LAYER: (*_HEADER, "issues"),
    ARGUMENT_LAYER: _HEADER,
}
_NUMBERS = {
    TURN: "ordinal",
    STANCE: "strength",
    EVIDENCE: "rank",
    STANCE_LAYER: "codebook",
    ARGUMENT_LAYER: "codebook",
}
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export_cas(annotations: Annotations, out: str | os.PathLike[str]) -> None:
    """Write TypeSystem.xml and ANNOTATOR.xmi for each annotator to a new folder.

    Raises:
        InputError: the folder exists and is not empty, dkpro-cassis is not installed, or the text holds a character
            that XML cannot.
        StandpuntError: writing failed; nothing is left behind.
    """
    refuse_existing(out)
    require_cassis()
    for name in annotations.annotators:
        check_name(name, str(out))
    text, begins = whole_text(annotations.debate)
    if unwritable := _UNWRITABLE.search(text):
        raise InputError(f"{annotations.source.title!r}: XML cannot hold the character {unwritable[0]!r} of its text")
    types = type_system()
    with atomic_folder(out) as folder:
        types.to_xml(folder / TYPES)
        for name in annotations.annotators:
            _cas(annotations, name, text, begins, types).to_xmi(folder / f"{name}.xmi", pretty_print=True)


def require_cassis() -> None:
    """Make sure that dkpro-cassis is installed.

    Raises:
        InputError: it is not.
    """
    try:
        import cassis  # noqa: F401
    except ImportError:
        raise InputError("UIMA CAS needs dkpro-cassis; install it with pip install 'standpunt[exchange]'") from None


def whole_text(debate: Debate) -> tuple[str, dict[int, int]]:
    """Return all turns as one text, each below its speaker, and where the text of each turn begins, by ordinal."""
    parts: list[str] = []
    begins: dict[int, int] = {}
    length = 0
    for turn in debate.turns:
        party = f" ({turn.speaker.party})" if turn.speaker.party else ""
        head = f"{turn.speaker.name}{party}:\n"
        begins[turn.ordinal] = length + len(head)
        parts.append(f"{head}{turn.text}\n\n")
        length += len(parts[-1])
    return "".join(parts), begins


def type_system() -> TypeSystem:
    """Return the types: turns, stance, evidence, sentences, links as a relation layer, and what layers there are."""
    from cassis import TypeSystem

    types = TypeSystem()
    for name, features in _FEATURES.items():
        header = name in (STANCE_LAYER, ARGUMENT_LAYER)
        made = types.create_type(name, "uima.cas.AnnotationBase" if header else "uima.tcas.Annotation")
        for feature in features:
            types.create_feature(made, feature, _STRING)
        if name in _NUMBERS:
            types.create_feature(made, _NUMBERS[name], _INTEGER)
    # The names that INCEpTION gives the ends of a relation: from the premise (governor) to its claim (dependent).
    for end in ("Governor", "Dependent"):
        types.create_feature(types.get_type(LINK), end, SENTENCE)
    return types


def _finer(nuance: Nuance) -> dict[str, object]:
    """Return the finer fields as features; a tag set of INCEpTION holds words, so truth is "true" or "false"."""
    return {name: json.dumps(value) if isinstance(value, bool) else value for name, value in nuance.record().items()}


def _cas(annotations: Annotations, name: str, text: str, begins: dict[int, int], types: TypeSystem) -> Cas:
    from cassis import Cas

    cas = Cas(types)
    cas.sofa_string = text
    cas.sofa_mime = "text/plain"
    made: dict[str, Any] = {kind: types.get_type(kind) for kind in _FEATURES}
    source = annotations.source
    header = {"title": source.title, "date": source.date, "language": source.language, "sha256": source.sha256}
    for turn in annotations.debate.turns:
        begin, speaker = begins[turn.ordinal], turn.speaker
        features = {"speaker": speaker.name, "party": speaker.party, "role": speaker.role, "kind": turn.kind}
        cas.add(made[TURN](begin=begin, end=begin + len(turn.text), ordinal=turn.ordinal, turn=turn.id, **features))
    if stance := annotations.stance.get(name):
        issues = "\n".join(stance.issues)
        cas.add(made[STANCE_LAYER](annotator=name, codebook=stance.codebook, issues=issues, **header))
        for label in stance.labels:
            begin = begins[label.turn]
            end = begin + len(annotations.debate.turn(label.turn).text)
            finer = _finer(label.nuance) if label.nuance else {}
            cas.add(made[STANCE](begin=begin, end=end, issue=label.issue, label=label.label, **finer))
            for rank, (first, last) in enumerate(label.evidence, start=1):
                cas.add(made[EVIDENCE](begin=begin + first, end=begin + last, issue=label.issue, rank=rank))
    if arguments := annotations.arguments.get(name):
        cas.add(made[ARGUMENT_LAYER](annotator=name, codebook=arguments.codebook, **header))
        spans = {}
        for one in arguments.sentences:
            begin, end = (begins[one.turn] + offset for offset in one.span)
            spans[one.turn, one.span] = made[SENTENCE](begin=begin, end=end, component=one.component, frame=one.frame)
            cas.add(spans[one.turn, one.span])
        for one in arguments.sentences:
            if one.target:
                premise, claim = spans[one.turn, one.span], spans[one.turn, one.target]
                # INCEpTION wants a relation to cover its dependent end.
                place = {"begin": claim.begin, "end": claim.end}
                cas.add(made[LINK](**place, Governor=premise, Dependent=claim, relation=one.relation))
    return cas
