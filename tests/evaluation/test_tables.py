import math
from dataclasses import replace

import pandas as pd
import pytest

from standpunt.evaluation.condition import Condition
from standpunt.evaluation.paired import Difference
from standpunt.evaluation.resampling import Score
from standpunt.evaluation.scores import Evaluation, Group
from standpunt.evaluation.tables import (
    Table,
    details_table,
    differences_table,
    groups_table,
    results_table,
    score_text,
    scores_frame,
)

LABELS = ("favor", "against")
NAN = math.nan
PINNED = """\
## fictional, leave one speaker out: 12 rows, 3 speakers

| model | macro-F1 | favor/against F1 | MCC | accuracy at 80 % | ECE |
| --- | ---: | ---: | ---: | ---: | ---: |
| tfidf | 0.50 [0.40, 0.60] | 0.50 [0.40, 0.60] | 0.50 [0.40, 0.60] | 0.50 [0.40, 0.60] | 0.10 |
| majority | 0.25 [0.20, 0.30] | 0.25 [0.20, 0.30] | 0.25 [0.20, 0.30] | 0.25 [0.20, 0.30] | 0.10 |

Intervals: 95 % of resamples of whole speakers; macro-F1 over the labels that occur.
Accuracy on the 80 % of the rows a model is surest of. ECE (calibration error) in 10 bins of equal mass, no \
temperature fitted after training.
Ceiling: one annotator against another reaches macro-F1 0.90 [0.80, 0.95] on the 11 rows that both labelled.
Warning: majority answers 'favor' for every row.
Warning: beaten.
"""


def evaluation(value, *, spread=NAN, seeds=1, cluster="speaker", warnings=()):
    score, undefined = Score(value, value * 0.8, value * 1.2, spread), Score(NAN, NAN, NAN, NAN)
    names = ("macro_f1", "favor_against_f1", "mcc", "f1_favor", "accuracy", "accuracy_at_80")
    overall = dict.fromkeys(names, score) | {"f1_against": undefined, "ece": Score(0.1, NAN, NAN, NAN)}
    overall |= {"brier": score, "soft_brier": score}
    issues = {"army": Group(8, {"macro_f1": score}), "zone": Group(4, {"macro_f1": undefined})}
    parties = {"Rood": Group(4, {"macro_f1": undefined}), "Blauw": Group(8, {"macro_f1": score})}
    ceiling = Score(0.9, 0.8, 0.95, NAN)
    return Evaluation(
        Group(12, overall), issues, parties, 3, cluster, seeds, warnings, annotators=ceiling, annotated=11
    )


@pytest.fixture
def entries():
    return [
        ("tfidf", evaluation(0.5)),
        ("majority", evaluation(0.25, warnings=("answers 'favor' for every row",))),
    ]


def test_markdown_of_results(entries):
    text = results_table("fictional", "leave one speaker out", entries, ["Warning: beaten."]).to_markdown()
    assert "\n".join(line.rstrip() for line in text.splitlines()) + "\n" == PINNED


@pytest.mark.parametrize(
    ("unit", "rows"),
    [
        ("issue", "| army | 8 | 0.50 [0.40, 0.60] |\n| zone | 4 | – |\n"),
        ("party", "| Rood | 4 | – |\n| Blauw | 8 | 0.50 [0.40, 0.60] |\n"),
    ],
)
def test_markdown_of_groups(entries, unit, rows):
    assert groups_table("fictional", entries[:1], unit).to_markdown() == (
        f"## fictional: macro-F1 per {unit}\n\n| {unit} | rows | tfidf |\n| --- | ---: | ---: |\n{rows}"
    )


def test_one_issue_says_what_the_whole_says(entries):
    only = replace(entries[0][1], issues={"army": entries[0][1].issues["army"]})
    assert groups_table("fictional", [("tfidf", only)], "issue").rows == ()


def test_what_the_main_table_leaves_out_is_in_the_details(entries):
    table = details_table("fictional", entries, LABELS)
    assert table.columns == ("model", "F1 favor", "F1 against", "accuracy", "Brier", "soft Brier")
    assert table.rows[0][1:3] == ("0.50 [0.40, 0.60]", "–")


def test_there_are_no_columns_for_scores_that_are_lacking():
    old = Evaluation(Group(2, {"macro_f1": Score(0.5, 0.4, 0.6, NAN)}), {}, {}, 3, "speaker", 1, ())
    assert results_table("fictional", "how", [("tfidf", old)]).columns == ("model", "macro-F1")


def test_seeds_are_explained():
    table = results_table("fictional", "how", [("tfidf", evaluation(0.5, spread=0.034, seeds=3))])
    assert table.rows[0][1] == "0.50 ±0.03 [0.40, 0.60]"
    assert "Means over 3 seeds, ± their standard deviation; fewer than 5 seeds say little about it." in table.notes
    mixed = [("majority", evaluation(0.5)), ("tfidf", evaluation(0.5, spread=0.034, seeds=5))]
    assert "Means over 1 to 5 seeds, ± their standard deviation." in results_table("fictional", "how", mixed).notes


def test_scaling_is_said_with_the_error_before_it():
    one = evaluation(0.5)
    one.scores["ece_unscaled"] = Score(0.3, NAN, NAN, NAN)
    notes = results_table("fictional", "how", [("tfidf", replace(one, scaled=True))]).notes
    assert "after temperature scaling on dev rows (before: tfidf 0.30)" in notes[1]


def test_differences_are_laid_out_with_both_tests():
    gap = Difference("tfidf", "majority", "macro_f1", 0.1, -0.002, 0.2, 0.06, 7, 3, 0.0001, 999, 0.12, 0.0002)
    table = differences_table("fictional", [gap], "party")
    assert table.rows == (("tfidf − majority", "+0.10 [0.00, 0.20]", "0.060", "0.120", "7", "3", "<0.001"),)
    assert "whole parties" in table.notes[0]
    assert len(table.notes) == 2


def test_differences_on_rows_of_one_cluster_stand_alone():
    gap = Difference("tfidf", "majority", "macro_f1", 0.1, NAN, NAN, NAN, 7, 3, 0.0001, 9, NAN, 0.0002)
    table = differences_table("fictional", [gap], "speaker")
    assert table.rows == (("tfidf − majority", "+0.10", "–", "–", "7", "3", "<0.001"),)
    assert table.notes[2].startswith("All rows are of one speaker")


def test_too_few_resamples_for_so_many_pairs_are_said():
    gap = Difference("tfidf", "majority", "macro_f1", 0.1, 0.05, 0.2, 0.002, 7, 3, 0.0001, 999, 0.06, 0.0002)
    assert len(differences_table("fictional", [gap] * 25, "party").notes) == 2
    said = "So few resamples allow no p (Holm) below 0.07 for 36 pairs; take more of them."
    assert differences_table("fictional", [gap] * 36, "party").notes[2] == said


def test_clusters_are_named_in_the_plural():
    table = results_table("fictional", "how", [("tfidf", evaluation(0.5, cluster="party"))])
    assert "3 parties" in table.title
    assert "whole parties" in table.notes[0]


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (Score(1.0, 1.0, 1.0, NAN), "1.00 [1.00, 1.00]"),
        (Score(0.0, 0.0, 0.0, 0.0), "0.00 ±0.00 [0.00, 0.00]"),
        (Score(NAN, NAN, NAN, NAN), "–"),
        (Score(0.5, NAN, NAN, NAN), "0.50"),
        (Score(-0.001, -0.002, 0.0, NAN), "0.00 [0.00, 0.00]"),
    ],
)
def test_score_text(score, text):
    assert score_text(score) == text


def test_a_cell_with_a_bar_stays_one_cell():
    row = Table("t", ("model", "x"), (("a|b", "1"),)).to_markdown().splitlines()[-1]
    assert row.replace(r"\|", "").count("|") == 3


def test_scores_frame_has_a_row_a_score(entries):
    condition = Condition("fictional", "test", "all", "parts", "fictional, mine")
    frame = scores_frame([(model, replace(one, condition=condition)) for model, one in entries])
    assert len(frame) == 2 * (10 + 2 + 2 + 1)
    assert list(frame) == [
        "corpus", "part", "scope", "protocol", "trained_on", "model", "by", "group", "metric", "value", "low", "high",
        "spread", "rows", "clusters", "seeds",
    ]  # fmt: skip
    assert set(frame["part"]) == {"test"}
    one = frame[(frame["model"] == "majority") & (frame["group"] == "army")].iloc[0]
    assert (one["metric"], one["value"], one["rows"], one["clusters"]) == ("macro_f1", 0.25, 8, 3)
    assert set(frame[frame["by"] == "annotators"]["value"]) == {0.9}


def test_scores_frame_without_scores_is_a_frame():
    assert isinstance(scores_frame([]), pd.DataFrame)
