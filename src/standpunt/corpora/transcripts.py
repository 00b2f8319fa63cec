"""Finding the transcript a layer was laid upon, by what is in it and not by what it is called."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from standpunt.annotation.recorded import digest_text
from standpunt.annotation.sources import Source, SourceTurn
from standpunt.debate import Debate
from standpunt.errors import InputError, LayerError, ReadError
from standpunt.readers import read_debates
from standpunt.readers.recorded import debate_of_source, paragraphs
from standpunt.readers.tables.columns import columns_of
from standpunt.storage.tables.opening import has_table_name, open_table

VARIABLE = "STANDPUNT_TRANSCRIPTS"
REPORT = "report"  # what a report in the folder of its debate is called, before the suffix of its format
# The hashes of the texts of tables that were read, while these do not change.
_HELD: dict[tuple[Path, int, int], frozenset[str]] = {}


class TranscriptMissing(InputError):
    """The labels are here, the text they belong to is not."""


def report_in(folder: Path) -> Path | None:
    """Return the report in the folder of a debate, `report.txt`, `report.xml`, `report.pdf`, ...; None if it has none.

    Raises:
        InputError: there are several.
    """
    reports = sorted(path for path in folder.glob(f"{REPORT}.*") if path.is_file())
    if len(reports) > 1:
        names = " and ".join(path.name for path in reports)
        raise InputError(f"{folder}: {names} lie in it; keep the one that was annotated")
    return reports[0] if reports else None


def read_report(report: Path, sha256: str) -> Debate:
    """Return the debate of a report that lies in the folder of its debate; the folder gives its id.

    A report with one debate gives that one, also where its hash is another: what differs is for the caller to say.

    Raises:
        ReadError: the report cannot be read.
        LayerError: it has several debates, and none has this hash.
    """
    debates = list(read_debates(report, debate_id=report.parent.name, partial=True))
    for debate in debates:
        if debate.sha256 == sha256 or len(debates) == 1:
            return replace(debate, id=report.parent.name)
    raise LayerError(f"{report}: none of its {len(debates)} debates is the one that was annotated ({sha256[:12]}…)")


def transcripts_paths(paths: str | os.PathLike[str] | None = None) -> tuple[Path, ...]:
    """Return where transcripts are: the places given, else those of the environment variable, else none.

    Args:
        paths: a file or folder, or several of them separated as in PATH (":", on Windows ";").

    Raises:
        InputError: a place named does not exist.
    """
    named = os.fspath(paths) if paths else os.environ.get(VARIABLE)
    if not named:
        return ()
    if os.path.exists(Path(named).expanduser()):  # unlike Path.exists it does not raise for any name
        return (Path(named).expanduser(),)
    places = tuple(Path(name).expanduser() for name in named.split(os.pathsep) if name)
    for place in places:
        if not os.path.exists(place):
            raise InputError(f"{place}: no such file or folder; expected transcripts (paths.transcripts or {VARIABLE})")
    return places


def find_transcript(sha256: str, places: Sequence[Path], *, debate_id: str | None = None) -> Debate | None:
    """Return the debate with this hash among the files and the files under folders; unreadable files are passed over.

    What a file holds is remembered while it does not change, so that a corpus of many debates reads it once.
    """
    for place in places:
        for file in _files(place):
            state = file.stat()
            if sha256 in _hashes(file, state.st_mtime_ns, state.st_size):
                return next(debate for debate in _readable(file, debate_id) if debate.sha256 == sha256)
    return None


def find_recorded(source: Source, places: Sequence[Path], *, debate_id: str | None = None) -> Debate:
    """Return the debate of a recorded source, each turn found by its text among the rows of the tables given.

    What a table holds is remembered while it does not change: a corpus of many debates reads again only those it needs.

    Raises:
        TranscriptMissing: no turn is in any of them.
        LayerError: some turns are in none of them; the message names the first.
    """
    wanted = {turn.recorded.text for turn in source.turns if turn.recorded}
    texts: dict[str, str] = {}
    tables = [file for place in places for file in _files(place) if has_table_name(file)]
    for table in tables:
        if wanted <= texts.keys():
            break
        texts |= _texts(table, wanted - texts.keys())
    lost = [(ordinal, turn) for ordinal, turn in enumerate(source.turns, 1) if _digest(turn) not in texts]
    if lost:
        ordinal, turn = lost[0]
        looked = f"the tables {', '.join(map(str, tables))}" if tables else "a table (none is there)"
        error = TranscriptMissing if len(lost) == len(source.turns) else LayerError
        raise error(
            f"{os.pathsep.join(map(str, places))}: turn {ordinal} ({turn.speaker}) of {source.title!r} ({source.date}) "
            f"is no row of {looked}, and {len(lost)} of {len(source.turns)} turns are not; nothing was loaded, give "
            "the table that was annotated"
        )
    return debate_of_source(source, [texts[_digest(turn)] for turn in source.turns], debate_id)


def _digest(turn: SourceTurn) -> str:
    return turn.recorded.text if turn.recorded else ""


def _texts(table: Path, wanted: set[str]) -> dict[str, str]:
    """Return those texts of a table that are wanted, by their hash; one that cannot be read has none."""
    state = table.stat()
    key = (table, state.st_mtime_ns, state.st_size)
    if key in _HELD and _HELD[key].isdisjoint(wanted):
        return {}
    texts, held = {}, set()
    try:
        opened = open_table(table)
        column = columns_of(opened).text
        for row in opened.rows():
            said = paragraphs(str(row.cells.get(column) or ""))
            held.add(digest := digest_text(said))
            if digest in wanted:
                texts[digest] = said
    except InputError:
        pass
    _HELD[key] = frozenset(held)
    return texts


@lru_cache(maxsize=10_000)
def _hashes(file: Path, changed: int, size: int) -> frozenset[str]:
    return frozenset(debate.sha256 for debate in _readable(file))


def _readable(file: Path, debate_id: str | None = None) -> Iterator[Debate]:
    try:
        yield from read_debates(file, debate_id=debate_id, partial=True)
    except ReadError:
        return


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    else:
        yield from sorted(path for path in place.rglob("*") if path.is_file() and not path.name.startswith("."))
