"""Rows as `standpunt predict` writes them into a folder, a few of them, made by hand."""

import pandas as pd

SCRIPT = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"


def predicted(debate, ordinal, party, favor, against, *, none=0.1, issue="green_bridges", **more):
    """Return a row: a turn of a party in a debate, with its probabilities."""
    shares = {"favor": favor, "against": against, "neutral": 1 - favor - against - none, "none": none}
    row = {
        "debate": debate,
        "title": f"Debat {debate}",
        "date": "2031-02-03",
        "turn": f"{debate}-{ordinal}",
        "ordinal": ordinal,
        "speaker": f"Speaker of {party}",
        "party": party,
        "role": "member",
        "kind": "speech",
        "issue": issue,
        "knows_issue": True,
        **{f"p_{label}": share for label, share in shares.items()},
        "label": max(shares, key=shares.get),
        "evidence": f"Passage {debate} {ordinal} {issue}.",
        "trust": "usable",
        "measured_right": 9,
        "measured_of": 10,
        "model": "small",
        "model_version": "abc",
        "issue_version": "def",
        "file": f"{debate}.txt",
    }
    return row | more


def a_few():
    """Return rows of four debates in three years: A in favor, B against, a minister, a guest, a turn without a stance.

    The title of the last debate, its speaker and its passage have markup in them.
    """
    rows = []
    for number, year in enumerate((2031, 2032, 2033, 2033)):
        about = {"date": f"{year}-0{number + 1}-03"}
        debate = f"d{number}"
        rows += [
            predicted(debate, 2, "A & <i>B</i>", 0.8, 0.05, **about),
            predicted(debate, 3, "Bomen", 0.1, 0.7, **about),
            predicted(debate, 4, "A & <i>B</i>", 0.7, 0.1, speaker="Aalbers", **about),
            predicted(debate, 5, None, 0.2, 0.5, role="minister", speaker="Minister Carels", **about),
            predicted(debate, 6, "Bomen", 0.05, 0.05, none=0.85, **about),
        ]
    rows.append(predicted("d3", 7, None, 0.6, 0.2, role="guest", speaker="Mevrouw Gast", date="2033-04-03"))
    rows.append(predicted("d3", 8, "Bomen", 0.6, 0.2, issue="tunnels", date="2033-04-03"))
    frame = pd.DataFrame(rows)
    last = frame["debate"] == "d3"
    frame.loc[last, "title"] = f"Bruggen {SCRIPT}"
    frame.loc[last & (frame["ordinal"] == 2), ["speaker", "evidence"]] = [f"Bos {SCRIPT}", f"Groen. {SCRIPT}"]
    return frame
