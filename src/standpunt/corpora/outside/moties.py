"""Motions of the Tweede Kamer with the cabinet's advice and the votes by party, from a JSON Lines file.

One JSON object a line (`.gz` allowed), with at least `zaak_id`, `date`, `agendapunt`, `text`, `sponsors` (pairs of name
and party), `kabinetsappreciatie` and `votes`. The file is the user's; none of it ships.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.annotation.issues import Issue
from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import read_records

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


def _check(record: dict[str, Any]) -> None:
    """Refuse, with a TypeError or KeyError, a record whose fields are not what the rows are made of."""
    if not all(isinstance(record[name], str) for name in ("zaak_id", "date")):
        raise TypeError
    if not isinstance(record["text"], str | None):
        raise TypeError
    if not isinstance(record["kabinetsappreciatie"], str | None):
        raise TypeError
    for name, party in record.get("sponsors") or []:
        if not (isinstance(name, str) and isinstance(party, str | None)):
            raise TypeError


def rows(path: Path, task: str = "advice") -> Iterator[dict[str, Any]]:
    """Yield one row a motion that has a text and got an advice: the text without names, and the advice as label.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    for record in read_records(path, _check, "a motion as standpunt.corpora.outside.moties expects"):
        label = _ADVICE.get(record["kabinetsappreciatie"] or "")
        body = _BODY.search(record["text"] or "")
        if label is None or body is None:
            continue
        sponsor, party = (record.get("sponsors") or [("onbekend", None)])[0]
        yield {
            "id": record["zaak_id"],
            "debate": record.get("agendapunt") or record["date"],
            "date": record["date"],
            "language": "nl",
            "turn": record["zaak_id"],
            "speaker": sponsor,
            "party": party,
            "role": "member",
            "issue": ISSUE.name,
            "proposition": ISSUE.proposition["nl"],
            "text": " ".join(body[1].split()),
            "label": label,
        }


DATA_SET = DataSet("moties", "stance/moties.jsonl.gz", ("advice",), rows, issue=ISSUE)
