"""What the tables of the study of a pair reader say."""

import numpy as np
import pandas as pd
import pytest

study_pairs = pytest.importorskip("study_pairs", reason="the folder tools is not in a source distribution")


def predictions(favor, order=(0, 1, 2, 3)):
    """Return the predictions on four rows, of which the first two are in favor, by the probability of favor."""
    rows = [
        {
            "corpus": "c", "part": None, "protocol": "train_test", "id": f"d/{number}/i", "issue": "i", "seed": 0,
            "debate": "d", "speaker": f"s{number}", "gold": "favor" if number < 2 else "against",
            "p_favor": favor[number], "p_against": 1 - favor[number], "p_neutral": 0.0,
            "predicted": "favor" if favor[number] > 0.5 else "against",
        }
        for number in order
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_a_blend_is_the_mean_of_the_logs_whatever_the_order_of_the_rows():
    one, other = predictions([0.9, 0.4, 0.2, 0.1]), predictions([0.6, 0.8, 0.3, 0.7], order=(2, 0, 3, 1))
    made = study_pairs.blended(one, other)
    odds = np.sqrt((0.4 / 0.6) * (0.8 / 0.2))
    assert made["p_favor"].iloc[1] == pytest.approx(odds / (1 + odds), abs=1e-6)
    assert made["predicted"].tolist() == ["favor", "favor", "against", "against"]


def test_predictions_on_other_rows_are_not_blended():
    one = predictions([0.9, 0.4, 0.2, 0.1])
    with pytest.raises(ValueError, match="different rows"):
        study_pairs.blended(one, one.iloc[:3])
