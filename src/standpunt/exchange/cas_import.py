"""UIMA CAS XMI back: the typed annotations of a file become the layers of its annotator."""

from __future__ import annotations

import warnings
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standpunt.annotation.arguments import Sentence
from standpunt.annotation.layers import Label
from standpunt.annotation.nuance import NUANCE_FIELDS, read_nuance
from standpunt.debate import Span, Turn
from standpunt.errors import LayerError
from standpunt.exchange.annotations import Annotations
from standpunt.exchange.cas import (
    ARGUMENT_LAYER,
    EVIDENCE,
    LINK,
    SENTENCE,
    STANCE,
    STANCE_LAYER,
    TURN,
    TYPES,
    require_cassis,
)
from standpunt.exchange.collector import Collector

if TYPE_CHECKING:
    from cassis import Cas

# What a document type declaration could make a parser do is not wanted, and no CAS has one.
_DECLARATION = b"<!DOCTYPE"


def import_cas(paths: Iterable[Path], debate: Annotations, annotator: str | None = None) -> Annotations:
    """Read XMI files, one an annotator; TypeSystem.xml must lie beside each.

    Args:
        paths: the files.
        debate: the debate they are about; its own layers do not count.
        annotator: whose annotations they are, where the name in the file is not right (INCEpTION copies the first
            annotator's to all); only with one file.

    Raises:
        LayerError: a file cannot be read, is about another text, lacks what says whose layers it holds, or an
            annotation in it is wrong.
        InputError: dkpro-cassis is not installed.
    """
    require_cassis()
    collector = Collector(debate)
    paths = list(paths)
    if annotator is not None and len(paths) > 1:
        raise LayerError(f"{len(paths)} files with one annotator {annotator!r}; name it for one file at a time")
    taken: set[str] = set()
    for path in paths:
        _File(path, _load(path), collector).read(annotator, taken)
    return collector.annotations()


def _load(path: Path) -> Cas:
    import cassis

    types_path = path.parent / TYPES
    try:
        raw, types_raw = path.read_bytes(), types_path.read_bytes()
    except OSError as error:
        raise LayerError(
            f"{error.filename}: cannot be read ({error.strerror}); expected XMI with {TYPES} beside it"
        ) from None
    if _DECLARATION in raw or _DECLARATION in types_raw:
        raise LayerError(f"{path}: a document type declaration; no CAS needs one, and it is not read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of types that are not ours and not in the type system
            types = cassis.load_typesystem(types_raw.decode("utf-8"))
            cas = cassis.load_cas_from_xmi(raw.decode("utf-8"), typesystem=types, lenient=True)
        if not isinstance(cas.sofa_string, str):
            raise TypeError("no text")
    except Exception as error:  # whatever a library raises on a file it cannot read
        raise LayerError(f"{path}: not a UIMA CAS as XMI ({type(error).__name__}: {str(error)[:80]})") from None
    return cas


class _File:
    """One CAS: its turns, and what stands on them."""

    def __init__(self, path: Path, cas: Cas, collector: Collector) -> None:
        self._path, self._cas, self._collector = path, cas, collector
        self._text = cas.sofa_string or ""
        self._turns: list[tuple[int, int, Turn]] = []
        for item in self._all(TURN):
            where = self._where(item)
            turn = collector.turn(item.ordinal, where)
            collector.text(turn, self._text[item.begin : item.end] == turn.text, where)
            self._turns.append((item.begin, item.end, turn))
        self._turns.sort(key=lambda place: place[:2])
        self._begins = [begin for begin, _, _ in self._turns]

    def read(self, annotator: str | None, taken: set[str]) -> None:
        """Declare the layers that the file says it holds and hand over what is in them."""
        headers = [*self._all(STANCE_LAYER), *self._all(ARGUMENT_LAYER)]
        names = {annotator or str(item.annotator) for item in headers}
        if len(names) != 1 or not headers:
            raise LayerError(
                f"{self._path}: expected one annotator in StanceLayer and ArgumentLayer, got "
                f"{', '.join(sorted(names)) or 'none'}; it was not exported by standpunt, or these layers were lost"
            )
        (name,) = names
        if name in taken:
            raise LayerError(f"{self._path}: a second file of annotator {name}")
        taken.add(name)
        for item in headers:
            where = f"{self._path}, {_short(item.type.name)}"
            self._collector.source(item.sha256, where)
            codebook = item.codebook if type(item.codebook) is int else None
            if item.type.name == STANCE_LAYER:
                issues = item.issues.split("\n") if item.issues else ()
                self._collector.stance_layer(name, issues, where, codebook)
            else:
                self._collector.argument_layer(name, where, codebook)
        self._stance(name)
        self._sentences(name)

    def _stance(self, name: str) -> None:
        evidence: dict[tuple[int, str], list[tuple[int, int, Span]]] = {}
        for item in self._all(EVIDENCE):
            turn, span = self._turn_and_span(item)
            # What an annotator added has no rank and comes last.
            rank = item.rank if type(item.rank) is int else len(self._text)
            evidence.setdefault((turn.ordinal, str(item.issue)), []).append((rank, span[0], span))
        for item in self._all(STANCE):
            turn, _ = self._turn_and_span(item)
            self._declared(name, "stance", item)
            spans = tuple(span for _, _, span in sorted(evidence.pop((turn.ordinal, str(item.issue)), [])))
            nuance = read_nuance(_finer(item), self._where(item))
            label = Label(turn.ordinal, str(item.issue), str(item.label), turn.speaker.name, spans, nuance)
            self._collector.label(name, label, self._where(item))
        for ordinal, issue in evidence:
            raise LayerError(f"{self._path}: evidence on {issue} in turn {ordinal}, which has no stance on it")

    def _sentences(self, name: str) -> None:
        links: dict[int, tuple[str, Span]] = {}
        for item in self._all(LINK):
            where = self._where(item)
            if item.Governor is None or item.Dependent is None:
                raise LayerError(f"{where}: a link without both ends")
            turn, target = self._turn_and_span(item.Dependent)
            if self._turn_and_span(item.Governor)[0] != turn:
                raise LayerError(f"{where}: a link from one turn to another; a premise and its claim are of one turn")
            if item.Governor.xmiID in links:
                raise LayerError(f"{where}: a second link of one premise")
            links[item.Governor.xmiID] = str(item.relation), target
        for item in self._all(SENTENCE):
            turn, span = self._turn_and_span(item)
            self._declared(name, "arguments", item)
            relation, target = links.pop(item.xmiID, (None, None))
            sentence = Sentence(
                turn.ordinal, span, turn.speaker.name, str(item.component), item.frame, relation, target
            )
            self._collector.sentence(name, sentence, self._where(item))
        if links:
            raise LayerError(f"{self._path}: a Link whose Governor is no Argument; it goes from a premise to its claim")

    def _declared(self, name: str, kind: str, item: Any) -> None:
        if not self._collector.has(name, kind):
            raise LayerError(f"{self._where(item)}: the file does not say that it holds a layer of {kind}")

    def _all(self, kind: str) -> Sequence[Any]:
        if not self._cas.typesystem.contains_type(kind):
            return ()
        return self._cas.select(kind)

    def _turn_and_span(self, item: Any) -> tuple[Turn, Span]:
        """Return the turn that an annotation stands in, and its span in that turn's text."""
        whole = type(item.begin) is int and type(item.end) is int
        index = bisect_right(self._begins, item.begin) - 1 if whole else -1
        if index < 0 or item.end > self._turns[index][1]:
            raise LayerError(f"{self._where(item)}: it does not lie within one turn")
        begin, _, turn = self._turns[index]
        return turn, (item.begin - begin, item.end - begin)

    def _where(self, item: Any) -> str:
        return f"{self._path}, {_short(item.type.name)} at {item.begin}-{item.end}"


def _finer(item: Any) -> dict[str, object]:
    """Return the finer fields of a stance; files made before codebook 2 have no such features."""
    truth = {"true": True, "false": False}
    values = {name: getattr(item, name, None) or None for name in NUANCE_FIELDS}
    return {name: truth.get(value, value) if isinstance(value, str) else value for name, value in values.items()}


def _short(name: str) -> str:
    return name.rpartition(".")[2]
