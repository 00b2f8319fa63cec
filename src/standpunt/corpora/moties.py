"""Motions of the Tweede Kamer with the cabinet's advice and the votes by party, from a JSON Lines file.

One JSON object a line (`.gz` allowed), with at least `zaak_id`, `date`, `agendapunt`, `text`, `sponsors` (pairs of name
and party), `kabinetsappreciatie` and `votes`. The file is the user's; none of it ships.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.annotation.issues import Issue
from standpunt.errors import InputError

TASK = "advice"
# What the official source calls the advice; the other values say that there is none.
_ADVICE = {
    "Oordeel Kamer": "oordeel Kamer",
    "Ontraden": "ontraden",
    "Ontraden, tenzij gewijzigd": "ontraden",
    "Ontijdig": "ontijdig",
    "Verzocht motie aan te houden": "ontijdig",
    "Overbodig": "overbodig",
}
# The printed motion without its head and the names below it, which would tell the party.
_BODY = re.compile(r"De Kamer,(.*?)(?:en )?gaat over tot de orde", re.DOTALL)
ISSUE = Issue(
    "motion",
    proposition={"nl": "De Kamer neemt de motie aan.", "en": "The House adopts the motion."},
    definition={"nl": "Wat de motie vraagt.", "en": "What the motion asks for."},
    pro={"nl": "Voor de motie.", "en": "For the motion."},
    con={"nl": "Tegen de motie.", "en": "Against the motion."},
)


def read_motions(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a file.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                try:
                    record = json.loads(line)
                    _check(record)
                except (ValueError, KeyError, TypeError):
                    raise InputError(
                        f"{path}, line {number}: not a motion as standpunt.corpora.moties expects"
                    ) from None
                yield record
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"{path}: cannot be read ({reason}); set paths.data (or STANDPUNT_DATA) to the folder of your data sets"
        ) from None


def _check(record: dict[str, Any]) -> None:
    """Refuse, with a TypeError or KeyError, a record whose fields are not what the rows are made of."""
    if not all(isinstance(record[name], str) for name in ("zaak_id", "date", "text")):
        raise TypeError
    if not isinstance(record["kabinetsappreciatie"], str | None):
        raise TypeError
    for name, party in record.get("sponsors") or []:
        if not (isinstance(name, str) and isinstance(party, str | None)):
            raise TypeError


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield one row a motion that got an advice: its text without names, and the advice as label."""
    for record in read_motions(path):
        label = _ADVICE.get(record["kabinetsappreciatie"] or "")
        body = _BODY.search(record["text"])
        if label is None or body is None:
            continue
        sponsor, party = (record.get("sponsors") or [("onbekend", None)])[0]
        yield {
            "id": record["zaak_id"],
            "debate": record.get("agendapunt") or record["date"],
            "date": record["date"],
            "turn": record["zaak_id"],
            "speaker": sponsor,
            "party": party,
            "role": "member",
            "issue": ISSUE.name,
            "proposition": ISSUE.proposition["nl"],
            "text": " ".join(body[1].split()),
            "label": label,
        }
