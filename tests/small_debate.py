"""A debate of six turns with markup in it, and predictions about it, for the tests of analysis and page."""

import pandas as pd

from standpunt.analysis.stances import stances_of_predictions
from standpunt.debate import Debate, Motion, Speaker, Turn

SCRIPT = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>\u2028<b>vet</b>"
CHAIR = Speaker("De voorzitter", None, "chair")
AALBERS = Speaker("Aalbers", "A & <i>B</i>", "member")
BOS = Speaker("Bos", "Bomen", "member")
MINISTER = Speaker("Minister Carels", None, "minister")


def make_debate():
    """Return six turns: chair, speech, interruption, reply, the minister, a motion; the speech holds markup."""
    parts = [
        (CHAIR, "chair", "Het woord is aan de heer Aalbers.", None),
        (AALBERS, "speech", f"Bruggen moeten groen. {SCRIPT}\n\nDat is goedkoop.", None),
        (BOS, "interruption", "Groen is lelijk. Waarom geen rood?", 2),
        (AALBERS, "reply", "Groen blijft groen.", 3),
        (MINISTER, "speech", "Het kabinet wil dit niet.", None),
        (AALBERS, "motion", "De Kamer, verzoekt de regering alle bruggen groen te verven.", None),
    ]
    turns = tuple(
        Turn(f"d-{n}", n, who, kind, 1, None, f"d-{to}" if to else None, None, None, text)
        for n, (who, kind, text, to) in enumerate(parts, start=1)
    )
    request = "verzoekt de regering alle bruggen groen te verven"
    motion = Motion(7, "37000", ("Aalbers",), turns[5].text, request, "d-6", "ontraden", "Minister Carels", "d-5")
    return Debate("d", "het debat over <b>bruggen</b>", turns, (motion,))


def make_predictions():
    """Return predictions on the issue green_bridges, with gold labels that differ on turn 5."""
    rows = [
        ("d-2", 0.8, 0.1, 0.1, "favor"),
        ("d-3", 0.1, 0.7, 0.2, "against"),
        ("d-4", 0.9, 0.05, 0.05, "favor"),
        ("d-5", 0.2, 0.5, 0.3, "neutral"),
        ("d-6", 0.6, 0.2, 0.2, "favor"),
    ]
    frame = pd.DataFrame(rows, columns=["turn", "p_favor", "p_against", "p_neutral", "gold"])
    return frame.assign(debate="d", issue="green_bridges")


def make_stances():
    """Return the stances of these predictions, with the evidence of the first."""
    return stances_of_predictions(make_debate(), make_predictions(), {(2, "green_bridges"): ((0, 21),)})
