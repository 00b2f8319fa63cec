"""The opposite of a Dutch proposition, by rule, so that a model must read the proposition to get the label right."""

from __future__ import annotations

import re

_ALREADY = re.compile(r"\b(?:(?:niet|geen) meer|niet|geen|nooit|niemand|nergens)\b", re.IGNORECASE)
_MODAL = re.compile(r"\b(?:moet|moeten|mag|mogen|kan|kunnen|is|zijn|blijft|blijven|hoort|horen|wordt|worden)\b")
_INDEFINITE = re.compile(r"\been\b")
OPPOSITE = {"favor": "against", "against": "favor"}


def negated(proposition: str) -> str | None:
    """Return the proposition with its first modal verb negated, or its negation taken out; None where neither fits.

    The result is understood by a Dutch reader and now and then stiff ("De gemeente moet niet boeren toestaan ..."); it
    is meant for training, not for print.
    """
    found = _ALREADY.search(proposition)
    if found:
        if len(_ALREADY.findall(proposition)) > 1 or found[0].lower() not in ("niet", "geen"):
            return None
        return " ".join((proposition[: found.start()] + proposition[found.end() :]).split()) or None
    modal = _MODAL.search(proposition)
    if modal is None:
        return None
    rest = proposition[modal.end() :]
    # "Er moet een brug komen" is denied by "geen", most other sentences by "niet".
    indefinite = _INDEFINITE.match(rest.lstrip())
    if indefinite:
        return f"{proposition[: modal.end()]} geen{rest.lstrip()[indefinite.end() :]}"
    return f"{proposition[: modal.end()]} niet{rest}"
