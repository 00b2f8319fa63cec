"""What a model of comments says of motions: read once, averaged, and one half where a party has no text."""

import numpy as np
import pandas as pd
import pytest

tool = pytest.importorskip("study_vote_comments", reason="the folder tools is not in a source distribution")

TEXTS = pd.DataFrame(
    [
        ("m1", "A", tool.SAID, "Meer geld.", "Dat moet.", 0.5),
        ("m1", "A", tool.SAID, "Meer geld.", "Dat kan niet.", 0.4),
        ("m1", "B", tool.SAID, "Meer geld.", "Dat moet.", 0.1),
        ("m1", "A", tool.WROTE, "Meer geld.", "Dat moet.", 0.3),
    ],
    columns=["motion", "party", "source", "proposition", "text", "near"],
)
PAIRS = pd.DataFrame(
    {"motion": "m1", "party": ["A", "B"], "day": "2025-01-01", "voted": "2025-01-02", "vote": [True, False]}
    | dict.fromkeys(tool.CONTROLS, 0.6)
)


class Reader:
    """For where the text says "moet"; it counts what it reads."""

    labels = ("against", "favor", "neutral")
    seen = 0

    def predict_proba(self, rows):
        Reader.seen += len(rows)
        return np.array([[0.1, 0.8, 0.1] if "moet" in row["text"] else [0.4, 0.2, 0.4] for row in rows])


@pytest.fixture
def reader(monkeypatch):
    monkeypatch.setattr(tool.Model, "load", lambda folder: Reader())
    Reader.seen = 0
    return Reader


def test_a_text_is_read_once_and_what_was_read_is_kept(reader, tmp_path):
    first = tool.read(TEXTS.iloc[:1], tmp_path)
    assert first["side"].tolist() == pytest.approx([np.log(8)])
    both = tool.read(TEXTS, tmp_path)
    assert reader.seen == 2
    assert dict(zip(both["text"], both["side"], strict=True)) == pytest.approx(
        {"Dat moet.": np.log(8), "Dat kan niet.": np.log(0.5)}
    )


def test_a_reading_is_the_mean_of_the_log_odds_and_one_half_without_a_text(reader, tmp_path):
    pairs = tool.with_readings(PAIRS, TEXTS, tool.read(TEXTS, tmp_path))
    odds = (np.log(8) + np.log(0.5)) / 2
    assert pairs[tool.SAID].tolist() == pytest.approx([1 / (1 + np.exp(-odds)), 8 / 9])
    assert pairs[tool.WROTE].tolist() == pytest.approx([8 / 9, 0.5])
    assert pairs[f"near, {tool.SAID}"].tolist() == [0.5, 0.1]
    # Nothing was voted on before these debates, so that a reading weighs nothing beside the control.
    assert pairs[f"{tool.CONTROLS[0]} + {tool.SAID}"].tolist() == pytest.approx([0.6, 0.6])


def test_directions_are_of_length_one_less_what_the_texts_share():
    class Vectors:
        def vectors(self, texts, store):
            return np.array([[1.0, 1.0], [1.0, -1.0]])

    assert tool.centred(Vectors(), None, ["a", "b"]).tolist() == [[0.0, 1.0], [0.0, -1.0]]
