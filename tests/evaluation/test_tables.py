import math

import pandas as pd
import pytest

from standpunt.evaluation.scores import Evaluation, Score
from standpunt.evaluation.tables import Table, issues_table, results_table, score_text, scores_frame

LABELS = ("favor", "against")
NAN = math.nan
PINNED = """\
## fictional, leave one speaker out: 12 rows, 3 speakers

| model | macro-F1 | favor/against F1 | F1 favor | F1 against | accuracy |
| --- | ---: | ---: | ---: | ---: | ---: |
| tfidf | 0.50 [0.40, 0.60] | 0.50 [0.40, 0.60] | 0.50 [0.40, 0.60] | – | 0.50 [0.40, 0.60] |
| majority | 0.25 [0.20, 0.30] | 0.25 [0.20, 0.30] | 0.25 [0.20, 0.30] | – | 0.25 [0.20, 0.30] |

Intervals: 95 % of resamples of whole speakers; macro-F1 over the labels that occur.
Warning: majority answers 'favor' for every row.
"""


def evaluation(value, *, spread=NAN, seeds=1, cluster="speaker", warnings=()):
    score, undefined = Score(value, value * 0.8, value * 1.2, spread), Score(NAN, NAN, NAN, NAN)
    overall = dict.fromkeys(("macro_f1", "favor_against_f1", "f1_favor", "accuracy"), score) | {"f1_against": undefined}
    scores = {"overall": overall, "army": {"macro_f1": score}, "gas": {"macro_f1": undefined}}
    return Evaluation(scores, {"overall": 12, "army": 8, "gas": 4}, 3, cluster, seeds, warnings)


@pytest.fixture
def entries():
    return [
        ("tfidf", evaluation(0.5)),
        ("majority", evaluation(0.25, warnings=("answers 'favor' for every row",))),
    ]


def test_markdown_of_results(entries):
    text = results_table("fictional", "leave one speaker out", entries, LABELS).to_markdown()
    assert "\n".join(line.rstrip() for line in text.splitlines()) + "\n" == PINNED


def test_markdown_of_issues(entries):
    assert issues_table("fictional", entries).to_markdown() == (
        "## fictional: macro-F1 per issue\n\n"
        "| issue | rows | tfidf | majority |\n"
        "| --- | ---: | ---: | ---: |\n"
        "| army | 8 | 0.50 [0.40, 0.60] | 0.25 [0.20, 0.30] |\n"
        "| gas | 4 | – | – |\n"
    )


def test_seeds_are_explained():
    table = results_table("fictional", "how", [("tfidf", evaluation(0.5, spread=0.034, seeds=3))], LABELS)
    assert table.rows[0][1] == "0.50 ±0.03 [0.40, 0.60]"
    assert "Means over 3 seeds, ± their standard deviation." in table.notes


def test_clusters_are_named_in_the_plural():
    table = results_table("fictional", "how", [("tfidf", evaluation(0.5, cluster="party"))], LABELS)
    assert "3 parties" in table.title
    assert "whole parties" in table.notes[0]


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (Score(1.0, 1.0, 1.0, NAN), "1.00 [1.00, 1.00]"),
        (Score(0.0, 0.0, 0.0, 0.0), "0.00 ±0.00 [0.00, 0.00]"),
        (Score(NAN, NAN, NAN, NAN), "–"),
    ],
)
def test_score_text(score, text):
    assert score_text(score) == text


def test_a_cell_with_a_bar_stays_one_cell():
    row = Table("t", ("model", "x"), (("a|b", "1"),)).to_markdown().splitlines()[-1]
    assert row.replace(r"\|", "").count("|") == 3


def test_scores_frame_has_a_row_a_score(entries):
    frame = scores_frame([("fictional", model, one) for model, one in entries])
    assert len(frame) == 2 * 7
    assert list(frame) == [
        "corpus", "model", "scope", "metric", "value", "low", "high", "spread", "rows", "clusters", "seeds",
    ]  # fmt: skip
    one = frame[(frame["model"] == "majority") & (frame["scope"] == "army")].iloc[0]
    assert (one["metric"], one["value"], one["rows"], one["clusters"]) == ("macro_f1", 0.25, 8, 3)


def test_scores_frame_without_scores_is_a_frame():
    assert isinstance(scores_frame([]), pd.DataFrame)
