"""The minutes of a municipal council, as taken from the PDF: a debate an agenda item.

A sitting goes through twenty items in a day, each with its own speakers, terms and motions, so an item is a debate, as
it is in the XML formats; one that is interrupted and taken up again is one debate still. What comes before the first
item is a debate of its own ("Opening"), and so are the votes at the end ("Stemmingen"), in which members explain how
they voted. What the chair says a vote came to is put beside the motion in the item where it was submitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from standpunt.debate import Debate
from standpunt.readers.formats import Format
from standpunt.readers.minutes.sitting import Sitting

_HEAD = 3000  # characters in which a report says what it is
_COUNCIL = re.compile(r"\b(?:gemeenteraad|raadsvergadering|raad (?:van|der) (?:de )?gemeente|provinciale staten)\b")
_MINUTES = re.compile(r"\W*(?:\d+\s+)?(?:(?:concept|ontwerp)\W*)?(?:notulen|verslag|vergadering|raadsvergadering)\b")
_CHAIR = re.compile(r"^ *De voorzitter(?P<mark>[.:])(?= +\S)", re.MULTILINE)


def sniff(text: str) -> bool:
    """Tell the minutes of a council from the plain text of a printed report.

    They say in their head that they are a council's, and a speaker's first words stand behind the label, which ends in
    a full stop; in a colon only where the text begins as minutes do.
    """
    head = text.lstrip("\ufeff \t\r\n\f")[:_HEAD].casefold()
    if not _COUNCIL.search(head):
        return False
    chair = _CHAIR.search(text)
    return chair is not None and (chair["mark"] == "." or _MINUTES.match(head) is not None)


def parse(text: str, *, debate_id: str | None = None, partial: bool = False) -> Iterator[Debate]:
    """Read the minutes of a sitting, an agenda item a debate.

    Args:
        text: the decoded report; offsets of the results count its characters.
        debate_id: the id to give the first debate; from the second on "-2", "-3" and so on is added.
        partial: accept a text that breaks off in the middle of a sentence.

    Yields:
        The debates in the order in which their items were first taken up. Items without speech yield none.

    Raises:
        ReadError: nobody speaks, or the text breaks off.
    """
    sitting = Sitting(text)
    if not partial:
        sitting.refuse_truncated()
    yield from sitting.debates(debate_id)


FORMAT = Format(
    "minutes",
    xml=False,
    sniff=lambda report: sniff(report.text),
    read=lambda report, debate_id: parse(report.text, debate_id=debate_id, partial=report.partial),
)
