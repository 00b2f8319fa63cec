"""What votes add on labelled turns: the same rows and the same resamples for both, and seeds taken together."""

import numpy as np
import pandas as pd
import pytest

tool = pytest.importorskip("study_votes_beside_turns", reason="the folder tools is not in a source distribution")


def said(p_favor, seed=0):
    gold = ["favor", "against"] * (len(p_favor) // 2)
    frame = pd.DataFrame({"id": [str(n) for n in range(len(gold))], "gold": gold, "seed": seed, "p_neutral": 0.0})
    frame["debate"] = [f"d{n // 4}" for n in range(len(gold))]
    frame["p_favor"], frame["p_against"] = p_favor, 1 - np.array(p_favor)
    return frame.assign(predicted=np.where(frame["p_favor"] > 0.5, "favor", "against"))


def test_a_model_gains_nothing_over_itself():
    frame = said(np.linspace(0, 1, 24))
    scores = tool.scored({"without": frame, "with": frame.sample(frac=1, random_state=0)}, "debate", 50)
    assert [(gain.value, gain.low, gain.high) for gain in scores["gain"].values()] == [(0.0, 0.0, 0.0)] * 2


def test_seeds_are_means_and_rows_without_a_side_have_no_rank():
    right, wrong = said([0.9, 0.1] * 8), said([0.1, 0.9] * 8, seed=1)
    neutral = right.iloc[:4].assign(id=["a", "b", "c", "d"], gold="neutral", predicted="neutral")
    both = {"without": wrong.assign(seed=0), "with": pd.concat([right, wrong])}
    scores = tool.scored(both, "debate", 50)
    assert scores["with"]["AUC"].value == pytest.approx(0.5)
    assert scores["gain"]["AUC"].value == pytest.approx(0.5)
    assert tool.scored({"": pd.concat([right, neutral])}, "debate", 50)[""]["AUC"].value == pytest.approx(1.0)


def test_a_folder_without_runs_is_told(tmp_path):
    with pytest.raises(tool.InputError, match="no finished run; see the commands in"):
        tool.runs_of(tmp_path)
