"""Votes of parties on motions as stances: what a party's members said in the debate, and whether it voted for.

Reports and the file of motions are the user's; see `standpunt.corpora.voted_debates` for where they are looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from standpunt.annotation.issues import LANGUAGE
from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.voted_debates import pairs_of, read_voted_debates, spoken, voted_issue


def rows(path: Path, task: str = "stance") -> Iterator[dict[str, Any]]:
    """Yield one row a motion and a party that spoke in its debate and did not sign it: label "favor" or "against".

    The text is all that the party's members said, motions apart; the proposition is what the motion asks.

    Args:
        path: the folder of data sets.
        task: "stance".

    Raises:
        InputError: a file cannot be read or is malformed, or no motion of the reports was voted on.
    """
    voted = read_voted_debates(path)
    for item in voted.debates:
        pairs, _ = pairs_of(item, voted.members)
        said = {
            party: "\n\n".join(turn.text for turn in spoken(item.debate, party)) for party in {p.party for p in pairs}
        }
        for pair in pairs:
            issue = voted_issue(pair.voted, pair.motion)
            yield {
                "id": f"{pair.voted.id}/{pair.party}",
                "debate": item.name,
                "date": item.day,
                "language": LANGUAGE,
                "turn": f"{item.debate.id}/{pair.party}",
                "speaker": pair.party,
                "party": pair.party,
                "role": "member",
                "issue": issue.name,
                "proposition": issue.proposition[LANGUAGE],
                "text": said[pair.party],
                "label": "favor" if pair.in_favor else "against",
            }


DATA_SET = DataSet("votes", ".", ("stance",), rows)
