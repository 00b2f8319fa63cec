"""What the columns of a row say of the motion that its turn reads: who else signed it, and what the cabinet advised."""

from __future__ import annotations

from collections.abc import Mapping

from standpunt.debate import Debate
from standpunt.text.letters import unaccented

APPROVED, REJECTED = "approved", "rejected"
BETWEEN = "; "  # the parties of a motion's sponsors
# "Overbodig" says neither: some motions are superfluous since they ask for what is done, others for what is not wanted.
_ADVICE = {"oordeel Kamer": APPROVED, "overgenomen": APPROVED, "ontraden": REJECTED, "ontijdig": REJECTED}


def motion_columns(debate: Debate) -> Mapping[str, Mapping[str, str | None]]:
    """Return, by turn, the columns `sponsors` and `advice` of the turns that read a motion.

    Sponsors are the parties of the members who signed it beside its reader, as far as they speak in the debate; a name
    that two parties have is left out. Advice is
    "approved" or "rejected", None where there is none or it says neither.
    """
    found: dict[str, set[str]] = {}
    for turn in debate.turns:
        if turn.speaker.party and turn.speaker.role == "member":
            found.setdefault(unaccented(turn.speaker.name), set()).add(turn.speaker.party)
    parties = {name: next(iter(several)) for name, several in found.items() if len(several) == 1}
    columns = {}
    for motion in debate.motions:
        own = debate.turn(motion.turn).speaker.party
        signed = dict.fromkeys(parties.get(unaccented(name)) for name in motion.submitters)
        columns[motion.turn] = {
            "sponsors": BETWEEN.join(party for party in signed if party and party != own) or None,
            "advice": _ADVICE.get(motion.advice or ""),
        }
    return columns
