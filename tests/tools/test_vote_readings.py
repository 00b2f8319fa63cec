"""The pairs that were read by eye: how they are drawn, and that their file has no text and what the README says."""

import re
from pathlib import Path

import pandas as pd
import pytest

tool = pytest.importorskip("vote_readings", reason="the folder tools is not in a source distribution")

README = Path(tool.READINGS).parent / "README.md"


@pytest.fixture(scope="module")
def readings():
    return pd.read_csv(tool.READINGS)


def test_every_beginning_of_the_order_is_spread_over_the_debates():
    pairs = pd.DataFrame(
        {
            "debate": ["a"] * 40 + ["b"] * 20 + ["seen"] * 20,
            "motion": [f"m{n % 10}" for n in range(80)],
            "party": [f"p{n // 10}" for n in range(80)],
            "about": [n % 4 != 0 for n in range(80)],
            "seen": [n >= 60 for n in range(80)],
        }
    )
    order = tool.drawn(pairs, 3)
    assert order["drawn"].tolist() == list(range(45))
    assert set(order["debate"]) == {"a", "b"}
    assert order["about"].all()
    assert 8 <= (order.head(15)["debate"] == "a").sum() <= 12  # two of three
    again = tool.drawn(pairs.sample(frac=1, random_state=1), 3)
    assert again[["motion", "party"]].equals(order[["motion", "party"]])


def test_the_file_has_ids_sides_and_codes_and_no_text(readings):
    assert set(readings["code"].dropna()) <= set(tool.CODES)
    assert set(readings["spoke"]) == {"the request", "the subject", "neither"}
    assert set(readings["said"]) == {"for", "against", "unclear"}
    for column in ("model_side", "vote"):
        assert set(readings[column]) == {"for", "against"}
    assert readings["motion"].map(lambda motion: re.fullmatch(r"[0-9a-f-]{36}", motion) is not None).all()
    assert readings["party"].str.len().max() < 20
    assert not readings.duplicated(["pass", "motion", "party"]).any()


def test_the_readme_says_what_the_file_says(readings):
    text = README.read_text(encoding="utf-8")
    first = readings[readings["pass"] == 1]
    assert f"We read {len(first)} pairs" in text
    sample = first[first["drawn"] < tool.SAMPLE]
    for spoke, count in sample["spoke"].value_counts().items():
        told = sample[(sample["spoke"] == spoke) & (sample["said"] != "unclear")]
        cells = [str(len(told))] if len(told) else ["0"]
        for side in ("said", "model_side"):
            cells.append(f"{(told[side] == told['vote']).sum()} of {len(told)}" if len(told) else "")
        row = {"the request": "what the motion requests", "the subject": "its subject alone"}.get(
            str(spoke), str(spoke)
        )
        assert re.sub(" +", " ", f"| {row} | {count} | {' | '.join(cells)} |") in text
    wrong = first[(first["model_side"] != first["vote"]) & first["code"].notna()]
    counts = [
        int(n) for n in re.findall(r"\| (\d+) \|\n", text[text.index("the model is wrong:") :].partition("We read")[0])
    ]
    assert counts == wrong["code"].value_counts().tolist()
    assert sum(counts) == len(wrong) == 60
