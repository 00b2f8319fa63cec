"""Results tables: models in rows, scores with intervals in columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standpunt import html
from standpunt.evaluation.condition import CONDITION
from standpunt.evaluation.metrics import metric_names
from standpunt.evaluation.paired import Difference, least_p_holm
from standpunt.evaluation.probabilities import BINS
from standpunt.evaluation.resampling import UNDEFINED, Score
from standpunt.evaluation.scores import ACCURACY_AT_80, PAIRS, Evaluation

Entries = Sequence[tuple[str, Evaluation]]
ENOUGH_SEEDS = 5
_LEVEL = 0.05  # of the tests; resamples that cannot reach it are too few
_MAIN = ("macro_f1", "favor_against_f1", "mcc", ACCURACY_AT_80, "ece", PAIRS)
_HEADINGS = {
    "macro_f1": "macro-F1", "favor_against_f1": "favor/against F1", "mcc": "MCC", ACCURACY_AT_80: "accuracy at 80 %",
    "ece": "ECE", "ece_unscaled": "ECE before scaling", "brier": "Brier", "brier_unscaled": "Brier before scaling",
    "log_loss": "log loss", "soft_cross_entropy": "soft cross-entropy", "soft_brier": "soft Brier",
    PAIRS: "both of a pair",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table as it is shown: a title, column names, rows of text, footnotes."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def to_markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [f"## {self.title}", "", _line(self.columns), _line(["---", *["---:"] * (len(self.columns) - 1)])]
        lines += [_line(row) for row in self.rows]
        lines += ["", *(f"{note}  " for note in self.notes)] if self.notes else []
        return "\n".join(lines).rstrip() + "\n"

    def _repr_html_(self) -> str:
        return html.titled_table(self.title, self.columns, self.rows, self.notes)


def score_text(score: Score) -> str:
    """Return a score as "0.53 [0.47, 0.58]", with "±0.01" (spread over seeds) before the interval; "–" if undefined."""
    if np.isnan(score.value):
        return "–"
    spread = "" if np.isnan(score.spread) else f" ±{score.spread:.2f}"
    interval = "" if np.isnan(score.low) else f" {interval_text(score.low, score.high)}"
    return f"{score.value:z.2f}{spread}{interval}"


def interval_text(low: float, high: float) -> str:
    """Return an interval as "[0.47, 0.58]"."""
    return f"[{low:z.2f}, {high:z.2f}]"


def results_table(corpus: str, protocol: str, entries: Entries, warnings: Sequence[str] = ()) -> Table:
    """Lay the main scores of several models on the same rows out as a table.

    Args:
        corpus: what the models are evaluated on.
        protocol: how, e.g. "leave one speaker out".
        entries: (model name, evaluation) in the order of the rows.
        warnings: for the foot, after those of the evaluations.
    """
    first = entries[0][1]
    title = f"{corpus}, {protocol}: {first.rows} rows, {first.clusters} {_plural(first.cluster)}"
    notes = [*_notes(entries), *(f"Warning: {model} {text}." for model, e in entries for text in e.warnings), *warnings]
    return _scores_table(title, entries, [name for name in _MAIN if name in first.scores], notes)


def details_table(corpus: str, entries: Entries, labels: Sequence[str]) -> Table:
    """Lay out the overall scores that the main table leaves out: F1 per label, accuracy, scores of probabilities."""
    scores = entries[0][1].scores
    names = [
        name for name in dict.fromkeys([*metric_names(labels), *_HEADINGS]) if name in scores and name not in _MAIN
    ]
    notes = []
    if "brier" in scores:
        notes.append("Brier: summed over the labels, 0 to 2. Log loss and cross-entropy in nats.")
    if "soft_brier" in scores:
        notes.append("Soft: against the share of the annotators who gave each label.")
    return _scores_table(f"{corpus}: further scores", entries, names, notes)


def groups_table(corpus: str, entries: Entries, by: str) -> Table:
    """Lay macro-F1 per issue or party out as a table, one row an issue (party) and one column a model; none for one.

    Args:
        corpus: what the models are evaluated on.
        entries: (model name, evaluation) in the order of the columns.
        by: "issue" or "party".
    """
    several = [evaluation.groups(by) for _, evaluation in entries]
    rows = tuple(
        (
            name,
            str(group.rows),
            *(score_text(groups[name].score("macro_f1") if name in groups else UNDEFINED) for groups in several),
        )
        for name, group in several[0].items()
        if len(several[0]) > 1
    )
    return Table(f"{corpus}: macro-F1 per {by}", (by, "rows", *(model for model, _ in entries)), rows)


def differences_table(corpus: str, differences: Sequence[Difference], cluster: str) -> Table:
    """Lay paired differences of macro-F1 out as a table, one row a pair of models."""
    columns = ("models", "difference", "p", "p (Holm)", "only first right", "only second right", "McNemar p (Holm)")
    rows = tuple(
        (
            f"{d.first} − {d.second}",
            f"{d.value:+z.2f}" + ("" if np.isnan(d.low) else f" {interval_text(d.low, d.high)}"),
            *(_p(d.p), _p(d.p_holm), str(d.only_first), str(d.only_second), _p(d.mcnemar_holm)),
        )
        for d in differences
    )
    notes = (
        f"Macro-F1 of the first less that of the second; intervals and p from resampling whole {_plural(cluster)}, the "
        "same for both; Holm: corrected for all rows of this table.",
        f"McNemar's exact test takes rows for independent, which those of one {cluster} are not; go by the other p.",
    )
    least = least_p_holm(differences)
    if any(np.isnan(d.p) for d in differences):
        notes += (f"All rows are of one {cluster}: there is nothing to resample, hence no intervals and no p.",)
    elif least > _LEVEL:
        notes += (
            f"So few resamples allow no p (Holm) below {least:.2f} for {len(differences)} pairs; take more of them.",
        )
    return Table(f"{corpus}: paired differences of macro-F1", columns, rows, notes)


def scores_frame(evaluations: Iterable[tuple[str, Evaluation]]) -> pd.DataFrame:
    """Return every score as a row.

    Columns: those of a `Condition` (corpus, part, scope, protocol, trained_on), model, by, group, metric, value, low,
    high, spread, rows, clusters, seeds. `by` is "overall", "issue" or "party", and `group` the name of the issue or the
    party; by "annotators" is one annotator against another.
    """
    records = []
    for model, evaluation in evaluations:
        groups = [("overall", "", evaluation.overall)]
        groups += [(by, name, group) for by in ("issue", "party") for name, group in evaluation.groups(by).items()]
        entries = [
            (by, name, metric, score, group.rows)
            for by, name, group in groups
            for metric, score in group.scores.items()
        ]
        if evaluation.annotators is not None:
            entries.append(("annotators", "", "macro_f1", evaluation.annotators, evaluation.annotated))
        condition = evaluation.condition.record() if evaluation.condition is not None else dict.fromkeys(CONDITION)
        records += [
            condition
            | {
                "model": model, "by": by, "group": name, "metric": metric,
                "value": score.value, "low": score.low, "high": score.high, "spread": score.spread,
                "rows": rows, "clusters": evaluation.clusters, "seeds": evaluation.seeds,
            }
            for by, name, metric, score, rows in entries
        ]  # fmt: skip
    return pd.DataFrame(records)


def _scores_table(title: str, entries: Entries, names: Sequence[str], notes: Sequence[str]) -> Table:
    columns = ("model", *(_HEADINGS.get(name, name.replace("f1_", "F1 ")) for name in names))
    rows = tuple((model, *(score_text(evaluation.score(name)) for name in names)) for model, evaluation in entries)
    return Table(title, columns, rows, tuple(notes))


def _notes(entries: Entries) -> list[str]:
    """Return what the reader of a table must know: intervals, seeds, abstention and calibration, the annotators."""
    first = entries[0][1]
    share = f"{100 * first.confidence:g} % of resamples of whole {_plural(first.cluster)}"
    notes = [f"Intervals: {share}; macro-F1 over the labels that occur."]
    seeds = [evaluation.seeds for _, evaluation in entries]
    if max(seeds) > 1:
        number = str(max(seeds)) if min(seeds) == max(seeds) else f"{min(seeds)} to {max(seeds)}"
        few = "" if max(seeds) >= ENOUGH_SEEDS else f"; fewer than {ENOUGH_SEEDS} seeds say little about it"
        notes.append(f"Means over {number} seeds, ± their standard deviation{few}.")
    if "ece" in first.scores:
        before = [f"{model} {e.scores['ece_unscaled'].value:.2f}" for model, e in entries if e.scaled]
        after = f"after temperature scaling on dev rows (before: {', '.join(before)})"
        notes.append(
            "Accuracy on the 80 % of the rows a model is surest of. ECE (calibration error) in "
            f"{BINS} bins of equal mass, {after if before else 'no temperature fitted after training'}."
        )
    if first.annotators is not None:
        notes.append(
            f"Ceiling: one annotator against another reaches macro-F1 {score_text(first.annotators)} on the "
            f"{first.annotated} rows that both labelled."
        )
    return notes


def _p(value: float) -> str:
    return "–" if np.isnan(value) else "<0.001" if value < 0.001 else f"{value:.3f}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _plural(cluster: str) -> str:
    return {"party": "parties"}.get(cluster, f"{cluster}s")
