"""The opposite of a Dutch proposition, by rule, so that a model must read the proposition to get the label right."""

from __future__ import annotations

import re

_ALREADY = re.compile(r"\b(?:(?:niet|geen) meer|niet|geen|nooit|niemand|nergens)\b", re.IGNORECASE)
# What a demand is made with goes before what may stand in a clause within it ("mensen die ziek zijn moeten ...").
_DEMAND = re.compile(r"\b(?:moet|moeten|mag|mogen)\b(?!,)")
_STATEMENT = re.compile(r"\b(?:kan|kunnen|is|zijn|blijft|blijven|hoort|horen|wordt|worden)\b(?!,)")
# Not the opposite of anything: "al dan niet", "niet alleen ..., maar ook"; "moet alleen" would become "not only".
_NO_OPPOSITE = re.compile(
    r"\bal dan niet\b|\bniet alleen\b|\b(?:moet|moeten|mag|mogen|kan|kunnen) alleen\b", re.IGNORECASE
)
_INDEFINITE = re.compile(r"\been\b")


def negated(proposition: str) -> str | None:
    """Return the proposition with its first modal verb negated, or its negation taken out; None where neither fits.

    The result is understood by a Dutch reader and now and then stiff ("De gemeente moet niet boeren toestaan ..."); it
    is meant for training, not for print.
    """
    if _NO_OPPOSITE.search(proposition):
        return None
    already, modal = _ALREADY.search(proposition), _DEMAND.search(proposition) or _STATEMENT.search(proposition)
    if already:
        if len(_ALREADY.findall(proposition)) > 1 or already[0].lower() not in ("niet", "geen"):
            return None
        if modal is not None and already.start() < modal.start():  # in a clause before the verb, or before it at all
            return None
        return " ".join((proposition[: already.start()] + proposition[already.end() :]).split()) or None
    if modal is None:
        return None
    rest = proposition[modal.end() :]
    # "Er moet een brug komen" is denied by "geen", most other sentences by "niet".
    indefinite = _INDEFINITE.match(rest.lstrip())
    if indefinite:
        return f"{proposition[: modal.end()]} geen{rest.lstrip()[indefinite.end() :]}"
    return f"{proposition[: modal.end()]} niet{rest}"
