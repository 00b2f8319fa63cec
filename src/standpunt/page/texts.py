"""The text that predictions are on: the report that they name, one among the transcripts, or what the rows hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import cast

import pandas as pd

from standpunt.corpora.transcripts import VARIABLE, find_transcript, transcripts_paths
from standpunt.debate import Debate, Kind, Role, Speaker, Turn
from standpunt.errors import InputError, ReadError
from standpunt.prediction.header import DebateNote, Header
from standpunt.readers import TableOptions, read_debates

_TURN = ("turn", "speaker", "party", "role", "kind", "text")


def text_of_predictions(
    path: Path, frame: pd.DataFrame, header: Header | None, transcript: str | os.PathLike[str] | None, name: str | None
) -> tuple[Debate, bool]:
    """Return the debate that predictions are on, and whether it is the whole of it.

    Args:
        path: the file of predictions.
        frame: its rows.
        header: what it says of itself.
        transcript: the report. Without it, the one that the header names is taken if it is still the same; else one of
            the transcripts; else what the rows hold, which is not what the chair says.
        name: which debate, where the rows are on several.

    Raises:
        InputError: there is no text, it is another one, or the debate has to be named.
        ReadError: the report that was given cannot be read.
    """
    known = list(dict.fromkeys(frame["debate"]))
    wanted = [one for one in known if name in (None, one)]
    if transcript is not None:
        debates = [debate for debate in read_debates(transcript, partial=True) if debate.id in wanted]
        if len(debates) != 1:
            raise InputError(
                f"{path}: {len(debates)} of the debates of {os.fspath(transcript)} have predictions in it; expected "
                f"one (its predictions are about {', '.join(known[:5])}); choose with --debate"
            )
        return _dated(debates[0], header.debate(debates[0].id) if header else None), True
    if len(wanted) != 1:
        raise InputError(
            f"{path}: its predictions are about {len(known)} debates ({', '.join(known[:5])}), "
            + ("none of them the one named; " if name else "")
            + "choose one with --debate"
        )
    note = header.debate(wanted[0]) if header else None
    found = next(_candidates(path, note), None) if note else None
    if found is not None:
        return _dated(found, note), True
    if "text" in frame:
        return _of_rows(path, frame[frame["debate"] == wanted[0]], wanted[0], note), False
    if header is not None and not header.debates:
        raise InputError(
            f"{path}: predictions hold no text and, as those on a table of texts, do not say where it lies; have it "
            "written too (standpunt predict --text), or give the report with --transcript"
        )
    named = f", which was {note.file}," if note and note.file else ""
    raise InputError(
        f"{path}: predictions hold no text; give the report{named} that they were made from with --transcript, put it "
        f"among the transcripts ({VARIABLE}), or have the text written too (standpunt predict --text)"
    )


def _candidates(path: Path, note: DebateNote) -> Iterator[Debate]:
    """Yield the debate from where it may be, if it is there and the same."""
    if note.file:
        report = path.absolute().parent / note.file
        with suppress(ReadError, TypeError):  # moved, or another file by now: it is looked for elsewhere
            table = None if note.table is None else TableOptions(**note.table)
            found = read_debates(report, partial=True, table=table)
            yield from (debate for debate in found if debate.sha256 == note.sha256)
    if places := transcripts_paths():
        debate = find_transcript(note.sha256, places)
        if debate is not None:
            yield debate


def _dated(debate: Debate, note: DebateNote | None) -> Debate:
    """Return a debate under the id of the rows, with the date that was given for it."""
    return replace(debate, date=debate.date or (note and note.date))


def _of_rows(path: Path, rows: pd.DataFrame, name: str, note: DebateNote | None) -> Debate:
    """Return the turns that the rows hold as a debate; turns that have no row are not in it."""
    for column in _TURN:
        if column not in rows:
            raise InputError(
                f"{path}: no column {column}; expected predictions as standpunt predict --text writes them"
            )
    once = rows.drop_duplicates("turn")
    if "ordinal" in once:
        once = once.sort_values("ordinal", kind="stable")
    once = once.astype(object).where(once.notna(), None)
    there = {*once["turn"]}
    turns = []
    for ordinal, row in enumerate(once.to_dict("records"), start=1):
        speaker = Speaker(str(row["speaker"] or "?"), row["party"], cast(Role, row["role"]))
        answers = row.get("replies_to")
        turns.append(
            Turn(
                row["turn"], ordinal, speaker, cast(Kind, row["kind"]), 1, None, answers if answers in there else None,
                None, None, str(row["text"] or ""),
            )
        )  # fmt: skip
    first = once.iloc[0] if len(once) else {}
    title = note.title if note else first.get("title")
    date = note.date if note else first.get("date")
    return Debate(name, str(title or ""), tuple(turns), date=date)
