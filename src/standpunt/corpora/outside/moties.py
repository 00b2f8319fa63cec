"""Motions of the Tweede Kamer with the cabinet's advice and the votes by party, from a JSON Lines file.

One JSON object a line (`.gz` allowed), with at least `zaak_id`, `date`, `agendapunt`, `text`, `sponsors` (pairs of name
and party), `kabinetsappreciatie` and `votes`. The file is the user's; none of it ships.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.annotation.issues import Issue
from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import plain, read_records
from standpunt.parliament.voted_motions import ADVICE, body_of, check_record
from standpunt.tasks import get_task

ISSUE = Issue(
    "motion",
    proposition={"nl": "De Kamer neemt de motie aan.", "en": "The House adopts the motion."},
    definition={"nl": "Wat de motie vraagt.", "en": "What the motion asks for."},
    pro={"nl": "Voor de motie.", "en": "For the motion."},
    con={"nl": "Tegen de motie.", "en": "Against the motion."},
)


def rows(path: Path, task: str = "advice") -> Iterator[dict[str, Any]]:
    """Yield one row a motion that has a text and got an advice: the text without names, and the advice as label.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    for record in read_records(path, check_record, "a motion as standpunt.corpora.outside.moties expects"):
        label = ADVICE.get(record["kabinetsappreciatie"] or "")
        body = body_of(record["text"])
        if label not in get_task(task).labels or body is None:
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
            "text": plain(body),
            "label": label,
        }


DATA_SET = DataSet("moties", "stance/moties.jsonl.gz", ("advice",), rows, issue=ISSUE)
