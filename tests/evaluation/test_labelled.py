"""Probabilities beside the rows that they are of."""

import numpy as np
import pandas as pd

from small_debate import make_predictions
from standpunt.annotation.layers import STANCES
from standpunt.evaluation.labelled import answers, labelled


def test_each_label_has_a_column_and_the_most_probable_one_is_named():
    rows = pd.DataFrame({"id": ["a", "b"]})
    table = labelled(rows, np.array([[0.25, 0.75], [0.5, 0.5]]), ("favor", "none"), "predicted")
    assert table.to_dict("list") == {
        "id": ["a", "b"], "p_favor": [0.25, 0.5], "p_none": [0.75, 0.5], "predicted": ["none", "favor"],
    }  # fmt: skip
    assert list(rows) == ["id"]
    empty = labelled(rows.iloc[:0], np.zeros((0, 2)), ("favor", "none"), "label")
    assert list(empty) == ["id", "p_favor", "p_none", "label"]


def test_answers_without_a_label_are_the_most_probable_ones():
    assert answers(make_predictions(), STANCES).tolist() == ["favor", "against", "favor", "against", "favor"]


def test_a_label_is_the_answer_where_there_is_one():
    frame = make_predictions().assign(label="abstain")
    assert set(answers(frame, STANCES)) == {"abstain"}
