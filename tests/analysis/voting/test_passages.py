"""Where a party stands, told from its passages."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from standpunt.analysis.voting.passages import WEIGHTS, WORDINGS, read_passages, sides_of_parties
from standpunt.corpora.voted_debates import read_voted_debates
from standpunt.debate import Span
from standpunt.models.frozen.poles import Compared
from voted_data import write_data


class Halves:
    """Stands for a trained model: two windows a turn, of which the first is for and the second, nearer, is against."""

    labels = ("against", "favor")

    def __init__(self, issues=None):
        self.issues = issues or {}

    def knowing(self, issues):
        return Halves(issues)

    def compared(self, rows):
        self.asked = rows
        spans: list[Span] = []
        for row in rows:
            middle = len(row["text"]) // 2
            spans += [(0, middle), (middle, len(row["text"]))]
        logits = np.tile([[-1.0, 1.0], [2.0, 0.0]], (len(rows), 1))
        return Compared(logits, np.tile([0.0, 3.0], len(rows)), np.repeat(np.arange(len(rows)), 2), spans)


@pytest.fixture(scope="module")
def item(tmp_path_factory):
    return read_voted_debates(write_data(tmp_path_factory.mktemp("data"))).debates[0]


@pytest.mark.parametrize("wording", WORDINGS.values())
def test_every_passage_of_a_member_is_compared_with_every_motion(item, wording):
    read = read_passages(Halves(), item, wording)
    assert set(read["motion"]) == {match.voted.id for match in item.matches}
    assert set(read["party"]) == {"Geel", "Paars", "Rood", "Groen"}
    texts = {turn.id: turn.text for turn in item.debate.turns}
    for turn, start, end in read[["turn", "start", "end"]].itertuples(index=False):
        assert 0 <= start < end <= len(texts[turn])
        assert "verzoekt" not in texts[turn]  # the motions themselves are left out
    assert sorted(set(read["side"])) == [-2.0, 2.0]


def test_sides_by_hand():
    passages = pd.DataFrame(
        {
            "motion": ["m"] * 5 + ["n"],
            "party": ["Rood"] * 4 + ["Geel"] * 2,
            "near": [1.0, 3.0, 2.0, 0.0, -1.0, 0.5],
            "side": [2.0, -1.0, 0.5, 4.0, 1.5, -0.5],
        }
    )
    sides = sides_of_parties(passages).set_index(["motion", "party"])
    assert list(sides.index) == [("m", "Geel"), ("m", "Rood"), ("n", "Geel")]
    rood = sides.loc["m", "Rood"]
    assert rood["near"] == 3.0
    assert rood["the nearest"] == pytest.approx(expit(-1.0))
    assert rood["the 3 nearest"] == pytest.approx(expit(0.5))
    assert rood["the 10 nearest"] == rood["all alike"] == pytest.approx(expit(5.5 / 4))
    shares = np.exp([1.0, 3.0, 2.0, 0.0]) / np.exp([1.0, 3.0, 2.0, 0.0]).sum()
    assert rood["the nearer the more"] == pytest.approx(expit(shares @ [2.0, -1.0, 0.5, 4.0]))
    assert sides.loc["n", "Geel"][list(WEIGHTS)].tolist() == pytest.approx([expit(-0.5)] * len(WEIGHTS))
