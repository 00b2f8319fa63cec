"""Which column of a table holds what: told by its name, and of the text also by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice

from standpunt.errors import InputError, unknown_name
from standpunt.storage.tables.table import Row, Table

# What columns are called, in the order in which they are taken; with "_" for blanks and dashes, in lower case.
NAMES = {
    "text": (
        "text", "tekst", "texte", "body", "content", "inhoud", "speech", "speech_text", "full_text", "turn_text",
        "message", "bericht", "comment", "reactie", "utterance", "tweet", "opinion", "answer", "antwoord",
    ),
    "id": ("id", "text_id", "turn_id", "doc_id", "document_id", "row_id", "speech_id", "message_id", "uuid", "nr"),
    "speaker": (
        "speaker", "spreker", "speaker_name", "name", "naam", "author", "auteur", "orateur", "redner", "user",
    ),
    "party": ("party", "partij", "fractie", "speaker_party", "party_name", "faction", "partei", "parti", "groupe"),
    "role": ("role", "rol", "functie", "speaker_role"),
    "date": ("date", "datum", "day", "dag", "date_of_debate", "created_at", "timestamp"),
    "debate": (
        "debate", "debat", "debate_id", "sitting", "sitting_id", "session", "meeting", "vergadering", "sid", "thread",
        "conversation",
    ),
    "title": ("title", "titel", "debate_title", "title_nl", "subject", "onderwerp"),
    "order": ("i", "ordinal", "order", "volgnummer", "speechnumber", "speech_number", "turn_number", "position"),
    "kind": ("kind", "turn_kind"),
    "replies_to": ("replies_to", "reply_to", "in_reply_to", "in_reply_to_id", "parent", "parent_id"),
    "language": ("language", "lang", "taal"),
    # Of labelled texts.
    "label": ("label", "stance", "gold", "gold_label", "standpunt", "houding"),
    "issue": ("issue", "kwestie", "topic"),
    "proposition": ("proposition", "stelling", "statement", "target", "claim"),
    "part": ("part", "split"),
}  # fmt: skip
_SAMPLE = 200  # rows that are looked at
_WORDS = 3.0  # that a text has on average, where its column is not called one
_SHOWN = 12
_NUMBER_OR_DAY = re.compile(r"\d+(?:[.,]\d+)?|\d{1,4}([-/.])\d{1,2}\1\d{1,4}")
_LABELLED = ("label", "issue", "proposition", "part")  # which are read where a table is trained on


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that hold a text and what is known of it; None for what a table lacks."""

    text: str
    id: str | None = None
    speaker: str | None = None
    party: str | None = None
    role: str | None = None
    date: str | None = None
    debate: str | None = None
    title: str | None = None
    order: str | None = None
    kind: str | None = None
    replies_to: str | None = None
    language: str | None = None
    label: str | None = None
    issue: str | None = None
    proposition: str | None = None
    part: str | None = None

    @property
    def sentence(self) -> str:
        """What is read from where, for people."""
        known = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in _LABELLED}
        named = [name if name == column else f"{name} from {column}" for name, column in known.items() if column]
        return f"columns: {', '.join(named)}"


def columns_of(table: Table, given: Mapping[str, str] | None = None) -> Columns:
    """Tell which column of a table holds what.

    Args:
        table: the table.
        given: columns that are named, by what they hold (a field of `Columns`); an empty name takes none for it.

    Raises:
        InputError: a column that is named is not there, or none or several could hold the texts.
    """
    named = dict(given or {})
    for what, column in named.items():
        if what not in NAMES:
            raise unknown_name("kind of column", what, NAMES)
        if column and column not in table.columns:
            raise InputError(f"{table.path}: {unknown_name('column', column, table.columns)}")
    plain = {_plain(name): name for name in reversed(table.columns)}
    found: dict[str, str | None] = {}
    taken = {column for column in named.values() if column}
    for what, names in NAMES.items():
        if what in named:
            found[what] = named[what] or None
        elif what != "text":
            candidates = (plain[name] for name in names if name in plain)
            found[what] = next((column for column in candidates if column not in taken), None)
    text = found.pop("text", None)
    if text is None:
        text = _text_column(table, plain, {column for column in found.values() if column})
    others = {what: None if column == text else column for what, column in found.items()}
    return replace(Columns(text), **others)


def _text_column(table: Table, plain: Mapping[str, str], others: set[str]) -> str:
    """Return the column of the texts: the one that is called so, or else the one that looks like it."""
    sample = list(islice(table.rows(), _SAMPLE))
    called = [plain[name] for name in NAMES["text"] if name in plain]
    holding = [name for name in called if _mean_words(sample, name) > 0] or called
    if len(holding) > 1:
        sure = [name for name in holding if _mean_words(sample, name) >= _WORDS]
        holding = sure or holding
    if not holding:
        holding = [name for name in table.columns if name not in others and _mean_words(sample, name) >= _WORDS]
    if len(holding) > 1:
        raise InputError(
            f"{table.path}: columns {' and '.join(map(repr, holding))} could both hold the texts; name one with "
            "--text-column (text_column=...)"
        )
    if not holding:
        shown = ", ".join(table.columns[:_SHOWN]) + (" and more" if len(table.columns) > _SHOWN else "")
        raise InputError(
            f"{table.path}: no column holds texts of several words (its columns are {shown}); name it with "
            "--text-column (text_column=...)"
        )
    if not called and _without_names(table, holding[0]):
        raise InputError(
            f"{table.path}: the first line ({', '.join(table.columns)[:80]}) looks like a row, not like the names of "
            "columns; put a line with names above it, or say that these are names with --text-column (text_column=...)"
        )
    return holding[0]


def _without_names(table: Table, text: str) -> bool:
    """Tell whether the first line holds a text and a number or day, as rows do, where names should be."""
    return len(text.split()) >= _WORDS and any(_NUMBER_OR_DAY.fullmatch(name) for name in table.columns)


def _mean_words(rows: Sequence[Row], column: str) -> float:
    """Return how many words the cells of a column have on average, those that hold anything."""
    cells = [cell for row in rows if isinstance(cell := row.cells.get(column), str) and cell.strip()]
    return sum(len(cell.split()) for cell in cells) / len(cells) if cells else 0.0


def _plain(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def parse_columns(pairs: Iterable[str], text: str | None = None) -> dict[str, str]:
    """Read "party=fractie" and the like.

    Raises:
        InputError: one is not of that form, or something is named twice.
    """
    named = {"text": text} if text is not None else {}
    for pair in pairs:
        what, sign, column = pair.partition("=")
        if not sign or not what.strip():
            raise InputError(f"column {pair!r}; expected what it holds and its name, such as party=fractie")
        if what.strip() in named:
            raise InputError(f"column {pair!r}: {what.strip()} is named twice")
        named[what.strip()] = column.strip()
    return named
