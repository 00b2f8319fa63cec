"""Scores with intervals, from the predictions of one run or of the seeds of one model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standpunt.errors import unknown_name
from standpunt.evaluation.annotators import VOTES, annotator_agreement, shares
from standpunt.evaluation.calibration import scaled
from standpunt.evaluation.condition import CONDITION, Condition
from standpunt.evaluation.metrics import POLES, metric_names
from standpunt.evaluation.positions import positions
from standpunt.evaluation.probabilities import brier, cross_entropy, ece, selective_accuracy
from standpunt.evaluation.ranking import auc
from standpunt.evaluation.resampling import UNDEFINED, Resamples, Score, resampled_means, resampled_metrics

# In a contrast set: the share of pairs of which both rows are right.
PAIRS = "pair_accuracy"
ACCURACY_AT_80 = "accuracy_at_80"
# How well favor is told from against, whatever the threshold: over all rows that take a side.
SIDES_AUC = "favor_against_auc"
# A scheme with this label is about every pair of turn and issue, and most of a speaker's turns then hold no position.
NO_STANCE = "none"
# The columns that tell who holds a position, and what their macro-F1 over issues is called.
HOLDERS = {"speaker": "speaker_macro_f1", "party": "party_macro_f1"}
# A data set of thousands of statements gets no scores for each of them.
MAX_GROUPS = 60
CLUSTERS = ("speaker", "debate", "party", "issue", "turn")


@dataclass(frozen=True, slots=True)
class Group:
    """Scores on some of the rows, those of an issue or a party: how many there are, and the scores by metric."""

    rows: int
    scores: dict[str, Score]

    def score(self, metric: str) -> Score:
        """Return a score, undefined where these rows do not have it."""
        return self.scores.get(metric, UNDEFINED)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All scores on a set of rows.

    Attributes:
        overall: on all of them.
        issues: on those of each issue; none where there are over 60 of them.
        parties: on those of each party, likewise; "none" has the rows without a party.
        clusters: how many there were to resample.
        cluster: what they are.
        seeds: how many trainings the scores are means over.
        warnings: what makes a score mean less than it seems to.
        confidence: mass of the intervals.
        annotators: macro-F1 of one annotator against another on these rows, where there are two.
        annotated: the number of rows that both labelled.
        scaled: whether temperatures were fitted, so that scores before (`*_unscaled`) stand beside those after.
        condition: what was scored and how it was trained, where the predictions say so.
    """

    overall: Group
    issues: dict[str, Group]
    parties: dict[str, Group]
    clusters: int
    cluster: str
    seeds: int
    warnings: tuple[str, ...]
    confidence: float = 0.95
    annotators: Score | None = None
    annotated: int = 0
    scaled: bool = False
    condition: Condition | None = None

    @property
    def scores(self) -> dict[str, Score]:
        """The scores on all rows, by metric."""
        return self.overall.scores

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self.overall.rows

    def groups(self, by: str) -> dict[str, Group]:
        """Return the scores by "issue" or by "party"."""
        return {"issue": self.issues, "party": self.parties}[by]

    def score(self, metric: str) -> Score:
        """Return a score on all rows, undefined where they do not have it."""
        return self.overall.score(metric)

    def record(self) -> dict[str, Any]:
        """Return everything as plain data; a score that is not defined is null."""
        data = asdict(self)
        groups = [data["overall"], *data["issues"].values(), *data["parties"].values()]
        scores = [score for group in groups for score in group["scores"].values()]
        for score in [*scores, *([data["annotators"]] if data["annotators"] else [])]:
            score.update({key: None if np.isnan(value) else value for key, value in score.items()})
        return (data.pop("condition") or {}) | data


def evaluate(
    predictions: pd.DataFrame,
    labels: Sequence[str],
    *,
    cluster: str = "speaker",
    resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Evaluation:
    """Score predictions, with percentile bootstrap intervals over clusters.

    Rows of one speaker (or debate) are not independent, so whole clusters are resampled; every seed sees the same
    resamples, and the interval is that of the mean over seeds.

    Args:
        predictions: columns `seed`, `issue`, `gold`, `predicted` and the cluster's; every seed covers the same rows.
            With `p_<label>` for every label, probabilities are scored too; with `temperature`, before scaling as well;
            with `votes`, against the shares of the annotators; with `party`, per party; with the columns of a
            `Condition`, which they share, the result has it.
        labels: the label scheme.
        cluster: the column whose values are resampled whole.
        resamples: number of bootstrap resamples.
        confidence: mass of the interval.
        seed: seed of the bootstrap.

    Raises:
        InputError: there is no column named `cluster`.
    """
    if cluster not in predictions.columns:
        raise unknown_name("cluster", cluster, CLUSTERS)
    predictions = predictions.reset_index(drop=True)
    draws = Resamples.draw(predictions[cluster], resamples, confidence, seed)
    # What confusion matrices are made of, as Python's own strings: it is taken apart once for each issue and party.
    answers = predictions[["seed", "gold", "predicted"]].astype({"gold": object, "predicted": object})
    overall = _group(answers, np.ones(len(predictions), bool), labels, draws)
    if "pair" in predictions and predictions["pair"].notna().all():
        overall.scores[PAIRS] = _pairs(predictions, draws)
    columns = [f"p_{label}" for label in labels]
    if set(columns) <= set(predictions):
        overall.scores.update(_probability_scores(predictions, predictions[columns].to_numpy(), labels, draws))
        if {*POLES} <= set(labels):
            overall.scores.update(_side_scores(predictions, labels, draws))
    annotators, annotated = None, 0
    if VOTES in predictions:
        one = (predictions["seed"] == predictions["seed"].min()).to_numpy()
        annotators, annotated = annotator_agreement(predictions[one], labels, draws.subset(one))
    parties = predictions["party"].fillna("none") if "party" in predictions else pd.Series(dtype=str)
    return Evaluation(
        overall,
        _groups(answers, predictions["issue"], labels, draws),
        _groups(answers, parties, labels, draws),
        draws.clusters,
        cluster,
        predictions["seed"].nunique(),
        tuple(_warnings(predictions)),
        confidence,
        annotators,
        annotated,
        "ece_unscaled" in overall.scores,
        Condition.from_rows(predictions) if set(CONDITION) <= set(predictions) else None,
    )


def _groups(answers: pd.DataFrame, values: pd.Series, labels: Sequence[str], draws: Resamples) -> dict[str, Group]:
    """Return the scores on the rows of each value; none where there are too many values."""
    names = sorted(values.unique())
    if len(names) > MAX_GROUPS:
        return {}
    return {str(name): _group(answers, (values == name).to_numpy(), labels, draws) for name in names}


def _group(answers: pd.DataFrame, chosen: NDArray[np.bool_], labels: Sequence[str], draws: Resamples) -> Group:
    """Return the scores from confusion matrices on some of the rows."""
    part, some = answers[chosen], draws.subset(chosen)
    scored = np.array([label in set(part["gold"]) for label in labels])
    per_seed, drawn = resampled_metrics(part, labels, scored, some)
    named = enumerate(metric_names(labels))
    scores = {name: some.score(per_seed[:, place], drawn[:, place]) for place, name in named}
    return Group(int(chosen.sum() / answers["seed"].nunique()), scores)


def _probability_scores(
    predictions: pd.DataFrame, probabilities: NDArray[np.float64], labels: Sequence[str], draws: Resamples
) -> dict[str, Score]:
    """Score probabilities, shape (n_rows, n_labels); before temperature scaling as well where it took place."""
    seeds = pd.factorize(predictions["seed"], sort=True)[0]
    gold = (predictions["gold"].to_numpy()[:, None] == np.array(labels)).astype(float)
    right = (predictions["gold"] == predictions["predicted"]).to_numpy()
    result = {
        ACCURACY_AT_80: _accuracy_at(probabilities.max(axis=1), right, seeds, draws),
        **_calibration(probabilities, gold, right, seeds, draws, ""),
        "log_loss": resampled_means(cross_entropy(probabilities, gold), seeds, draws),
    }
    if "temperature" in predictions and predictions["temperature"].notna().all():
        before = scaled(probabilities, 1 / predictions["temperature"].to_numpy())
        result |= _calibration(before, gold, right, seeds, draws, "_unscaled")
    if VOTES in predictions:
        target = shares(predictions[VOTES], labels)
        known = np.asarray(~np.isnan(target).any(axis=1))
        if known.any():
            given, part = (probabilities[known], target[known]), draws.subset(known)
            result["soft_cross_entropy"] = resampled_means(cross_entropy(*given), seeds[known], part)
            result["soft_brier"] = resampled_means(brier(*given), seeds[known], part)
    return result


def _side_scores(predictions: pd.DataFrame, labels: Sequence[str], draws: Resamples) -> dict[str, Score]:
    """Score how well sides are told apart, and the positions of speakers and parties where the rows tell them."""
    taken = predictions["gold"].isin(POLES).to_numpy()
    seeds = pd.factorize(predictions["seed"], sort=True)[0]
    lean = (predictions["p_favor"] - predictions["p_against"]).to_numpy()
    favor = (predictions["gold"] == "favor").to_numpy()
    everything = np.ones((1, draws.clusters), int)
    parts = [taken & (seeds == seed) for seed in np.unique(seeds)]
    sides = [(lean[part], favor[part], draws.codes[part]) for part in parts]
    per_seed = np.array([auc(*given, everything)[0] for given in sides])
    drawn = np.array([auc(*given, draws.weights) for given in sides])
    result = {SIDES_AUC: draws.subset(taken).score(per_seed, drawn.mean(axis=0))} if taken.any() else {}
    for holder, name in HOLDERS.items():
        if (
            NO_STANCE not in labels
            and {"debate", "issue", holder} <= set(predictions)
            and predictions[holder].notna().any()
        ):
            result[name] = _positions(predictions, labels, draws, holder)
    return result


def _positions(predictions: pd.DataFrame, labels: Sequence[str], draws: Resamples, holder: str) -> Score:
    """Score macro-F1 over the positions of holders; a position counts to the cluster of the first of its turns."""
    held = positions(predictions, labels, holder)
    some = Resamples(draws.codes[held["first"].to_numpy()], draws.weights, draws.confidence)
    scored = np.array([label in set(held["gold"]) for label in labels])
    per_seed, drawn = resampled_metrics(held, labels, scored, some)
    place = metric_names(labels).index("macro_f1")
    return some.score(per_seed[:, place], drawn[:, place])


def _calibration(
    probabilities: NDArray[np.float64],
    gold: NDArray[np.float64],
    right: NDArray[np.bool_],
    seeds: NDArray[np.int_],
    draws: Resamples,
    suffix: str,
) -> dict[str, Score]:
    confidence = probabilities.max(axis=1)
    errors = np.array([ece(confidence[seeds == seed], right[seeds == seed]) for seed in np.unique(seeds)])
    return {
        f"ece{suffix}": draws.score(errors, np.array([])),
        f"brier{suffix}": resampled_means(brier(probabilities, gold), seeds, draws),
    }


def _accuracy_at(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], seeds: NDArray[np.int_], draws: Resamples
) -> Score:
    everything = np.ones((1, draws.clusters), int)
    per_seed, drawn = [], []
    for seed in np.unique(seeds):
        given = (confidence[seeds == seed], right[seeds == seed], draws.codes[seeds == seed])
        per_seed.append(selective_accuracy(*given, everything)[0])
        drawn.append(selective_accuracy(*given, draws.weights))
    return draws.score(np.array(per_seed), np.mean(drawn, axis=0))


def _pairs(predictions: pd.DataFrame, draws: Resamples) -> Score:
    """Score the share of pairs that are right as a whole; a pair lies in one cluster."""
    right = (predictions["gold"] == predictions["predicted"]).to_numpy()
    seeds = pd.factorize(predictions["seed"], sort=True)[0]
    table = pd.DataFrame({"seed": seeds, "pair": predictions["pair"], "right": right, "cluster": draws.codes})
    pairs = table.groupby(["seed", "pair"]).agg(right=("right", "all"), cluster=("cluster", "first")).reset_index()
    whole = Resamples(pairs["cluster"].to_numpy(), draws.weights, draws.confidence)
    return resampled_means(pairs["right"].to_numpy(float), pairs["seed"].to_numpy(), whole)


def _warnings(predictions: pd.DataFrame) -> list[str]:
    answers = predictions["predicted"].unique()
    if len(answers) == 1 and predictions["gold"].nunique() > 1:
        return [f"answers {answers[0]!r} for every row"]
    return []
