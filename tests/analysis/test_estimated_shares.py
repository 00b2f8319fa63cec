import numpy as np
import pandas as pd
import pytest

from standpunt.analysis.estimation.corrected import FEWEST, LABELS
from standpunt.analysis.estimation.intervals import share_interval
from standpunt.analysis.estimation.ratios import Sample, coefficient, ratio, variance
from standpunt.analysis.estimation.shares import estimate_differences, estimate_shares
from standpunt.analysis.estimation.table import estimates_table
from standpunt.annotation.sampling import draw, inclusion_probabilities
from standpunt.errors import InputError

PROBABILITIES = [f"p_{label}" for label in LABELS]


def make_debates(rng, *, debates=12, turns=50, quality=3.0):
    """Make labelled pairs in which turns of a debate and of a speaker are alike, and a model that knows a little."""
    frames = []
    for debate in range(debates):
        speaker = rng.integers(0, 8, turns)
        scores = np.stack([speaker / 4 - 1, 1 - speaker / 4, np.full(turns, -1.0), np.full(turns, 1.0)], axis=1)
        scores = scores + rng.normal(0, 0.6, 4)
        chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        label = (chances.cumsum(axis=1) < rng.random((turns, 1))).sum(axis=1).clip(max=3)
        seen = np.eye(4)[label] * quality + rng.normal(0, 1, (turns, 4)) + [0.8, -0.8, 0, 0]
        frame = pd.DataFrame(np.exp(seen) / np.exp(seen).sum(axis=1, keepdims=True), columns=PROBABILITIES)
        frames.append(
            frame.assign(
                debate=f"d{debate}",
                date=f"20{20 + debate % 3}-01-01",
                turn=[f"d{debate}-{n}" for n in range(turns)],
                issue="bridges",
                speaker=[f"S{n}" for n in speaker],
                party=np.where(speaker < 4, "Rood", "Geel"),
                label=[LABELS[n] for n in label],
            )
        )
    return pd.concat(frames, ignore_index=True)


def draw_labels(rows, n, seed, *, model=True):
    chances = inclusion_probabilities(n, len(rows), rows[PROBABILITIES].to_numpy() if model else None)
    taken = draw(chances, seed)
    return rows.loc[taken, ["turn", "issue", "label"]].assign(probability=chances[taken])


def share(rows, label):
    addressed = rows[rows["label"] != "none"]
    return len(addressed) / len(rows) if label == "addressed" else (addressed["label"] == label).mean()


@pytest.fixture(scope="module")
def rows():
    return make_debates(np.random.default_rng(0))


def test_where_all_is_labelled_the_estimate_is_the_share(rows):
    labels = rows[["turn", "issue", "label"]].assign(probability=1.0)
    found = estimate_shares(rows, labels, by=["party"], cluster=())
    assert set(zip(found["party"], found["measure"], strict=True)) == {
        (party, measure)
        for party in ("Rood", "Geel")
        for measure in ("addressed", "favor", "against", "neutral", "balance")
    }
    for party, part in rows.groupby("party"):
        told = found[found["party"] == party].set_index("measure")
        for label in ("addressed", "favor", "against", "neutral"):
            assert told.loc[label, ["value", "low", "high"]].tolist() == pytest.approx([share(part, label)] * 3)
        assert told.loc["balance", "value"] == pytest.approx(share(part, "favor") - share(part, "against"))
        assert (told["labelled"] == len(part)).all()


def test_estimate_of_equal_draws_is_that_of_prediction_powered_inference():
    rng = np.random.default_rng(1)
    truth = (rng.random(400) < 0.4).astype(float)
    guess = np.clip(truth * 0.6 + rng.random(400) * 0.4, 0, 1)
    drawn = np.zeros(400, dtype=bool)
    drawn[rng.choice(400, 80, replace=False)] = True
    sample, one = Sample(np.where(drawn, 5.0, 0.0)), np.ones(400)
    trust = coefficient(truth, one, (guess, one), sample)
    labelled, all_guesses = guess[drawn], guess.mean()
    # The power-tuned coefficient is the slope of labels on predictions; it may be above 1.
    centred = labelled - labelled.mean()
    assert trust == pytest.approx(((truth[drawn] - truth[drawn].mean()) * centred).sum() / (centred**2).sum())
    estimate = ratio(truth, one, (guess, one), sample, trust)
    assert estimate.value == pytest.approx(truth[drawn].mean() - trust * (labelled.mean() - all_guesses))
    # Its variance: that of what is left, of a sample without replacement.
    left = truth[drawn] - trust * labelled
    assert variance(estimate, sample)[0] == pytest.approx(left.var(ddof=1) / 80 * (1 - 80 / 400))
    alone = ratio(truth, one, (guess, one), sample, 0.0)
    assert alone.value == pytest.approx(truth[drawn].mean())
    assert variance(alone, sample)[0] == pytest.approx(truth[drawn].var(ddof=1) / 80 * (1 - 80 / 400))


def test_coefficient_of_useless_predictions_is_nothing():
    rng = np.random.default_rng(2)
    truth = (rng.random(300) < 0.5).astype(float)
    sample = Sample(np.where(np.arange(300) < 100, 3.0, 0.0))
    assert coefficient(truth, np.ones(300), (np.full(300, 0.3), np.ones(300)), sample) == 0
    assert coefficient(truth, np.ones(300), (1 - truth, np.ones(300)), sample) == 0
    assert coefficient(truth, np.ones(300), (truth, np.ones(300)), sample) == pytest.approx(1)
    assert coefficient(truth, np.ones(300), (0.4 + truth / 5, np.ones(300)), sample) == pytest.approx(5)


@pytest.mark.parametrize("constant", [0.0, 0.1, 0.3, 1 / 3, 0.7, 1.0, 1e-6])
@pytest.mark.parametrize("drawn", [7, 100, 999])
def test_predictions_that_are_all_alike_are_not_trusted_whatever_rounding_leaves(constant, drawn):
    rng = np.random.default_rng(drawn)
    truth, rows = (rng.random(2000) < 0.5).astype(float), np.ones(2000)
    sample = Sample(np.where(np.arange(2000) < drawn, 2000 / drawn, 0.0))
    assert coefficient(truth, rows, (np.full(2000, constant), rows), sample) == 0
    assert coefficient(truth, rows, (constant + truth * 1e-6, rows), sample) == pytest.approx(1e6, rel=1e-3)


def test_variance_of_clusters_is_that_of_their_sums():
    values = np.array([1.0, 1, 0, 0, 1, 0])
    clusters = np.array([0, 0, 1, 1, 2, 2])
    sample, one = Sample(np.ones(6), (clusters,)), np.ones(6)
    estimate = ratio(values, one, (one, one), sample, 0.0)
    sums = np.array([1.0, -1.0, 0.0])  # of the deviations from one half
    assert variance(estimate, sample) == (pytest.approx(3 / 2 * (sums**2).sum() / 36), 3)
    # Crossed with what is independent of it, the sum of both less that of single rows; never less than either.
    both = Sample(np.ones(6), (clusters, np.arange(6)))
    assert variance(ratio(values, one, (one, one), both, 0.0), both)[0] == pytest.approx(3 / 2 * 2 / 36)
    single = Sample(np.ones(6), (np.zeros(6, dtype=int),))
    assert np.isnan(variance(ratio(values, one, (one, one), single, 0.0), single)[0])


def test_interval_of_a_share_stays_within_it():
    assert share_interval(0.3, 0.3 * 0.7 / 50, 10_000, 50, 0.95) == pytest.approx((0.191, 0.438), abs=0.001)
    _, high = share_interval(1.02, 0.0001, 20, 20, 0.95)
    assert high == 1
    assert np.isnan(share_interval(0.5, np.nan, 1, 20, 0.95)).all()


@pytest.mark.parametrize("predicted", [np.zeros(200), np.linspace(0, 0.02, 200)])
def test_nothing_in_twenty_is_not_nothing(predicted):
    sample, one = Sample(np.where(np.arange(200) % 10 == 0, 10.0, 0.0)), np.ones(200)
    estimate = ratio(np.zeros(200), one, (predicted, one), sample, 1.0)
    spread, number = variance(estimate, sample)
    low, high = share_interval(estimate.value, spread, number, 20, 0.95)
    assert low == pytest.approx(0, abs=0.01)
    assert 0.1 < high < 0.25


@pytest.mark.slow
def test_intervals_hold_the_truth_and_a_good_model_makes_them_narrower():
    hits, alone, counting, widths = [], [], [], []
    for seed in range(100):
        rows = make_debates(np.random.default_rng(seed))
        found = estimate_shares(
            rows, draw_labels(rows, 150, seed), measures=["addressed", "favor", "against"], cluster=()
        )
        truth = np.array([share(rows, label) for label in found["measure"]])
        hits.append((found["low"] <= truth) & (truth <= found["high"]))
        alone.append((found["labels_low"] <= truth) & (truth <= found["labels_high"]))
        counting.append((found["low"] <= found["counted"]) & (found["counted"] <= found["high"]))
        widths.append((found["high"] - found["low"]) / (found["labels_high"] - found["labels_low"]))
    # 300 intervals of 95 %.
    assert 0.91 < np.mean(hits) < 0.99
    assert 0.91 < np.mean(alone) < 0.99
    assert np.mean(widths) < 0.85
    assert np.mean(counting) < 0.7  # the model favors favor, so that counting its answers is wrong


def test_too_few_labels_have_no_interval(rows):
    found = estimate_shares(rows, draw_labels(rows, 30, 0), by=["debate"], measures=["favor"])
    assert found["low"].isna().all()
    assert (found["labelled"] < FEWEST).all()
    table = estimates_table(found, ["debate"])
    assert {row[2] for row in table.rows} == {"–"}
    assert any(note.startswith("–: fewer than 10 labelled turns, or than two clusters") for note in table.notes)


def test_year_party_and_seeds(rows):
    seeds = pd.concat([rows.assign(seed=0), rows.assign(seed=1)], ignore_index=True)
    minister = (seeds["speaker"] == "S0").to_numpy()
    seeds["role"] = np.where(minister, "minister", "member")
    seeds.loc[minister, "party"] = None
    labels = draw_labels(rows, 200, 0)
    found = estimate_shares(seeds, labels, by=["year", "party"], measures=["addressed"])
    assert sorted(set(found["year"])) == ["2020", "2021", "2022"]
    assert sorted(set(found["party"])) == ["Geel", "Rood", "cabinet"]
    assert found["rows"].sum() == len(rows)
    assert found["labelled"].sum() == 200
    same = estimate_shares(rows, labels, by=["year"], measures=["addressed"])["value"]
    assert estimate_shares(seeds, labels, by=["year"], measures=["addressed"])["value"].tolist() == pytest.approx(same)


def test_difference_is_that_of_the_shares_and_knows_what_both_have_in_common(rows):
    labels = draw_labels(rows, 300, 1)
    shares = estimate_shares(rows, labels, by=["party"]).set_index(["party", "measure"])["value"]
    found = estimate_differences(rows, labels, between="party", base="Geel").set_index("measure")
    assert set(found["party"]) == {"Rood"}
    for measure, row in found.iterrows():
        assert row["value"] == pytest.approx(shares["Rood", measure] - shares["Geel", measure])
        assert row["low"] < row["value"] < row["high"]
    # Nobody differs from a copy of himself.
    twin = pd.concat([rows, rows.assign(turn=rows["turn"] + "b", party="Twin")], ignore_index=True)
    both = pd.concat([labels, labels.assign(turn=labels["turn"] + "b")], ignore_index=True)
    only = twin[twin["party"].isin(["Rood", "Twin"])]
    red = only[only["turn"].str.removesuffix("b").isin(rows.loc[rows["party"] == "Rood", "turn"])]
    red_labels = both[both["turn"].isin(red["turn"])]
    same = estimate_differences(red, red_labels, between="party", base="Rood", cluster=["debate"])
    assert same[["value", "low", "high"]].to_numpy() == pytest.approx(0, abs=1e-9)
    with pytest.raises(InputError, match=r"unknown party 'Blauw'"):
        estimate_differences(rows, labels, between="party", base="Blauw")


def test_predictions_without_none_say_that_all_is_addressed(rows):
    addressed = rows[rows["label"] != "none"].drop(columns="p_none").reset_index(drop=True)
    scaled = addressed[PROBABILITIES[:3]].div(addressed[PROBABILITIES[:3]].sum(axis=1), axis=0)
    addressed[PROBABILITIES[:3]] = scaled
    labels = addressed.iloc[::3][["turn", "issue", "label"]].assign(probability=1 / 3)
    found = estimate_shares(addressed, labels).set_index("measure")
    assert found.loc["addressed", "value"] == 1
    assert found.loc["favor", "low"] < share(addressed, "favor") < found.loc["favor", "high"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows, labels: (rows.drop(columns="p_favor"), labels), "the predictions have no column p_favor"),
        (lambda rows, labels: (rows, labels.drop(columns="probability")), "the labels have no column probability"),
        (lambda rows, labels: (rows, labels.iloc[:0]), "the labels have no rows"),
        (lambda rows, labels: (rows, labels.assign(probability=0.0)), "probability 0.0; expected one above 0"),
        (lambda rows, labels: (rows, labels.assign(label="pro")), "unknown label 'pro'"),
        (lambda rows, labels: (rows, pd.concat([labels, labels[:1]])), "has two labels on bridges"),
        (
            lambda rows, labels: (rows, labels.assign(issue="tunnels")),
            "labelled on tunnels and the predictions have no",
        ),
        (lambda rows, labels: (pd.concat([rows, rows[:1]]), labels), "is there twice on bridges"),
        (lambda rows, labels: (rows.assign(p_none=np.nan), labels), "a row without a probability"),
    ],
)
def test_what_cannot_be_is_refused(rows, change, message):
    with pytest.raises(InputError, match=message):
        estimate_shares(*change(rows, draw_labels(rows, 50, 0)))


def test_unknown_columns_and_measures_are_named(rows):
    labels = draw_labels(rows, 50, 0)
    with pytest.raises(InputError, match="the predictions have no column region"):
        estimate_shares(rows, labels, by=["region"])
    with pytest.raises(InputError, match="unknown measure 'favour': did you mean 'favor'"):
        estimate_shares(rows, labels, measures=["favour"])
    with pytest.raises(InputError, match="confidence is 95; expected"):
        estimate_shares(rows, labels, confidence=95)
