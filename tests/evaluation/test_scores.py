import json

import numpy as np
import pandas as pd
import pytest

from standpunt.errors import InputError
from standpunt.evaluation.calibration import scaled
from standpunt.evaluation.scores import evaluate

LABELS = ("favor", "against", "neutral")


def predictions(right, speakers, seed=0, issues=None):
    """Return a frame of rows whose gold labels alternate; `right` says for each whether the answer is."""
    gold = [LABELS[i % 2] for i in range(len(right))]
    answers = [g if ok else LABELS[1 - LABELS.index(g)] for g, ok in zip(gold, right, strict=True)]
    return pd.DataFrame(
        {
            "seed": seed,
            "issue": issues or ["army"] * len(right),
            "gold": gold,
            "predicted": answers,
            "speaker": speakers,
            "row": [f"r{i:03d}" for i in range(len(right))],
        }
    )


def score(frame, metric="accuracy", **options):
    return evaluate(frame, LABELS, **({"resamples": 400} | options)).scores[metric]


@pytest.fixture(scope="module")
def shared():
    """Ten speakers of ten rows each; all answers on a speaker are right, or all wrong."""
    return predictions([i // 10 % 2 == 0 for i in range(100)], [f"s{i // 10}" for i in range(100)])


def test_interval_by_clusters_is_wider_where_they_share_their_outcome(shared):
    by_speaker, by_row = score(shared), score(shared, cluster="row")
    assert by_speaker.value == by_row.value == 0.5
    assert by_speaker.high - by_speaker.low > 2 * (by_row.high - by_row.low)


def test_interval_lies_around_the_value(shared):
    result = score(shared)
    assert 0 <= result.low < result.value < result.high <= 1


def test_interval_of_rows_is_that_of_the_binomial(shared):
    result = score(shared, cluster="row", resamples=4000)
    assert result.high - result.low == pytest.approx(2 * 1.96 * np.sqrt(0.25 / 100), rel=0.1)


def test_higher_confidence_is_a_wider_interval(shared):
    wide, narrow = score(shared, confidence=0.99), score(shared, confidence=0.5)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_seed_of_the_bootstrap_makes_it_reproducible(shared):
    options = {"cluster": "row", "seed": 1}
    assert evaluate(shared, LABELS, **options).record() == evaluate(shared, LABELS, **options).record()
    first, second = (score(shared, cluster="row", seed=seed) for seed in (1, 2))
    assert first.value == second.value
    assert (first.low, first.high) != (second.low, second.high)


def test_order_of_rows_does_not_matter(shared):
    turned = shared.iloc[::-1].reset_index(drop=True)
    assert evaluate(turned, LABELS).record() == evaluate(shared, LABELS).record()


def test_one_seed_has_no_spread(shared):
    assert np.isnan(score(shared).spread)


def test_seeds_give_mean_and_spread():
    speakers = ["a", "a", "b", "b"]
    runs = [[True, True, True, True], [True, True, False, False], [True, False, False, False]]
    frames = [predictions(right, speakers, seed) for seed, right in enumerate(runs)]
    evaluation = evaluate(pd.concat(frames, ignore_index=True), LABELS, resamples=50)
    result = evaluation.scores["accuracy"]
    assert result.value == pytest.approx((1 + 0.5 + 0.25) / 3)
    assert result.spread == pytest.approx(np.std([1, 0.5, 0.25], ddof=1))
    assert (evaluation.seeds, evaluation.rows, evaluation.clusters) == (3, 4, 2)


def test_seeds_that_agree_have_the_interval_of_one(shared):
    both = pd.concat([shared, shared.assign(seed=1)], ignore_index=True)
    one, two = score(shared), score(both)
    assert (two.value, two.low, two.high, two.spread) == (one.value, one.low, one.high, 0)


def test_frames_of_seeds_may_repeat_their_index(shared):
    frames = [shared, shared.assign(seed=1)]
    repeated, plain = evaluate(pd.concat(frames), LABELS), evaluate(pd.concat(frames, ignore_index=True), LABELS)
    assert repeated.record() == plain.record()


def with_probabilities(frame, sure=0.8):
    """Give the answers of a frame a probability, the other two labels the rest."""
    answers = frame["predicted"].to_numpy()[:, None] == np.array(LABELS)
    values = np.where(answers, sure, (1 - sure) / 2)
    return frame.assign(**{f"p_{label}": values[:, place] for place, label in enumerate(LABELS)})


def test_probabilities_are_scored_where_they_are_there(shared):
    assert not {"ece", "brier", "accuracy_at_80"} & set(evaluate(shared, LABELS, resamples=50).scores)
    scores = evaluate(with_probabilities(shared), LABELS, resamples=50).scores
    assert scores["ece"].value == pytest.approx(0.3)
    assert np.isnan(scores["ece"].low)
    assert scores["brier"].value == pytest.approx((0.2**2 + 2 * 0.1**2 + 0.8**2 + 0.9**2 + 0.1**2) / 2)
    assert scores["log_loss"].value == pytest.approx(-(np.log(0.8) + np.log(0.1)) / 2)
    assert scores["brier"].low < scores["brier"].value < scores["brier"].high
    assert scores["accuracy_at_80"].value == pytest.approx(0.5)


def test_temperature_gives_the_scores_before_it_as_well(shared):
    plain = with_probabilities(shared, 0.9)
    columns = [f"p_{label}" for label in LABELS]
    after = plain.assign(temperature=3.0)
    after[columns] = scaled(plain[columns].to_numpy(), 3.0)
    evaluation = evaluate(after, LABELS, resamples=50)
    before = evaluate(plain, LABELS, resamples=50).scores
    assert evaluation.scaled
    assert not evaluate(plain, LABELS, resamples=50).scaled
    assert evaluation.scores["ece_unscaled"].value == pytest.approx(before["ece"].value) == pytest.approx(0.4)
    assert evaluation.scores["brier_unscaled"].value == pytest.approx(before["brier"].value)
    assert evaluation.scores["ece"].value < 0.4


def test_folds_without_a_temperature_are_not_called_scaled(shared):
    frame = with_probabilities(shared).assign(temperature=[2.0] * 50 + [None] * 50)
    assert not evaluate(frame, LABELS, resamples=50).scaled


def test_votes_give_soft_scores_and_a_ceiling():
    frame = with_probabilities(predictions([True, True, False, False], ["a", "b", "c", "d"]))
    frame["votes"] = [["favor", "favor"], ["against", "favor"], ["none", "favor"], ["none", "none"]]
    evaluation = evaluate(frame, LABELS, resamples=50)
    scores = evaluation.scores
    first = -np.log(0.8)
    second = -(np.log(0.8) + np.log(0.1)) / 2
    third = -np.log(0.1)
    assert scores["soft_cross_entropy"].value == pytest.approx((first + second + third) / 3)
    assert (evaluation.annotated, evaluation.annotators.value) == (2, pytest.approx((2 / 3 + 0) / 2))


def test_every_party_is_a_scope():
    frame = predictions([True, True, False, True], ["a", "b", "a", "b"]).assign(party=["Rood", "Rood", None, None])
    evaluation = evaluate(frame, LABELS, resamples=50)
    assert (list(evaluation.issues), list(evaluation.parties)) == (["army"], ["Rood", "none"])
    assert [group.score("accuracy").value for group in evaluation.parties.values()] == [1, 0.5]
    assert evaluation.parties["Rood"].rows == 2


def test_every_issue_is_a_scope():
    frame = predictions([True, True, False, True], ["a", "b", "a", "b"], issues=["army", "army", "gas", "gas"])
    evaluation = evaluate(frame, LABELS, resamples=50)
    assert list(evaluation.issues) == ["army", "gas"]
    assert (evaluation.rows, *(group.rows for group in evaluation.issues.values())) == (4, 2, 2)
    values = [group.score("accuracy").value for group in (evaluation.overall, *evaluation.issues.values())]
    assert values == [0.75, 1, 0.5]


def test_label_absent_from_an_issue_is_undefined_there():
    evaluation = evaluate(predictions([True, True], ["a", "b"]), LABELS, resamples=50)
    undefined = evaluation.issues["army"].score("f1_neutral")
    assert np.isnan([undefined.value, undefined.low, undefined.high]).all()
    assert evaluation.issues["army"].score("macro_f1").value == 1


def test_record_is_json_without_nan(shared):
    record = evaluate(shared, LABELS, resamples=50).record()
    assert record["overall"]["scores"]["f1_neutral"] == {"value": None, "low": None, "high": None, "spread": None}
    assert json.loads(json.dumps(record, allow_nan=False))["clusters"] == 10


def test_constant_answers_are_warned_about(shared):
    constant = evaluate(shared.assign(predicted="favor"), LABELS, resamples=50)
    assert constant.warnings == ("answers 'favor' for every row",)
    assert evaluate(shared, LABELS, resamples=50).warnings == ()


def test_constant_answers_that_are_right_are_not_warned_about():
    frame = predictions([True, False], ["a", "b"])
    assert evaluate(frame[:1], LABELS, resamples=50).warnings == ()


def test_unknown_cluster(shared):
    with pytest.raises(InputError, match="unknown cluster 'speakers': did you mean 'speaker'"):
        evaluate(shared, LABELS, cluster="speakers")


def test_clusters_may_have_no_name(shared):
    """Ministers have no party; they are one cluster together."""
    parties = shared.assign(party=[None if i < 50 else "Rood" for i in range(100)])
    evaluation = evaluate(parties, LABELS, cluster="party", resamples=50)
    assert evaluation.clusters == 2
    assert evaluation.scores["accuracy"].value == 0.5


def test_a_single_cluster_has_no_interval():
    result = score(predictions([True, False], ["a", "a"]))
    assert result.value == 0.5
    assert np.isnan([result.low, result.high]).all()


def test_an_issue_that_is_one_cluster_has_no_interval(shared):
    """Leave-one-issue-out resamples issues: what is said of one of them has nothing to resample."""
    issues = shared.assign(issue=["a" if i < 50 else "b" for i in range(100)])
    evaluation = evaluate(issues, LABELS, cluster="issue", resamples=50)
    assert np.isnan([evaluation.issues[name].score("accuracy").low for name in "ab"]).all()
    assert not np.isnan(evaluation.score("accuracy").low)
