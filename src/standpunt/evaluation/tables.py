"""Results tables: models in rows, scores with intervals in columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standpunt.evaluation.metrics import metric_names
from standpunt.evaluation.scores import OVERALL, PAIRS, Evaluation, Score

_HEADINGS = {"macro_f1": "macro-F1", "favor_against_f1": "favor/against F1", PAIRS: "both of a pair"}


@dataclass(frozen=True)
class Table:
    """A table of scores as it is shown: a title, column names, rows of text, footnotes."""

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


def score_text(score: Score) -> str:
    """Return a score as "0.53 [0.47, 0.58]", with "± spread" where there are several seeds; "–" where undefined."""
    if np.isnan(score.value):
        return "–"
    spread = "" if np.isnan(score.spread) else f" ±{score.spread:.2f}"
    return f"{score.value:.2f}{spread} [{score.low:.2f}, {score.high:.2f}]"


def results_table(
    corpus: str, protocol: str, evaluations: Sequence[tuple[str, Evaluation]], labels: Sequence[str]
) -> Table:
    """Lay the overall scores of several models on the same rows out as a table.

    Args:
        corpus: what the models are evaluated on.
        protocol: how, e.g. "leave one speaker out".
        evaluations: (model name, evaluation) in the order of the rows.
        labels: the label scheme.
    """
    first = evaluations[0][1]
    names = list(metric_names(labels))
    if PAIRS in first.scores[OVERALL]:
        names.append(PAIRS)
    columns = ("model", *(_HEADINGS.get(name, name.replace("f1_", "F1 ")) for name in names))
    rows = tuple(
        (model, *(score_text(evaluation.scores[OVERALL][name]) for name in names)) for model, evaluation in evaluations
    )
    title = f"{corpus}, {protocol}: {first.rows[OVERALL]} rows, {first.clusters} {_plural(first.cluster)}"
    share = f"{100 * first.confidence:g} % of resamples of whole {_plural(first.cluster)}"
    notes = [f"Intervals: {share}; macro-F1 over the labels that occur."]
    if first.seeds > 1:
        notes.append(f"Means over {first.seeds} seeds, ± their standard deviation.")
    notes += [f"Warning: {model} {warning}." for model, e in evaluations for warning in e.warnings]
    return Table(title, columns, rows, tuple(notes))


def issues_table(corpus: str, evaluations: Sequence[tuple[str, Evaluation]]) -> Table:
    """Lay macro-F1 per issue out as a table, one row an issue and one column a model."""
    first = evaluations[0][1]
    rows = tuple(
        (issue, str(first.rows[issue]), *(score_text(e.scores[issue]["macro_f1"]) for _, e in evaluations))
        for issue in first.scores
        if issue != OVERALL
    )
    return Table(f"{corpus}: macro-F1 per issue", ("issue", "rows", *(model for model, _ in evaluations)), rows)


def scores_frame(evaluations: Iterable[tuple[str, str, Evaluation]]) -> pd.DataFrame:
    """Return every score as a row: corpus, model, scope, metric, value, low, high, spread, rows, clusters, seeds."""
    return pd.DataFrame(
        [
            {
                "corpus": corpus, "model": model, "scope": scope, "metric": metric,
                "value": score.value, "low": score.low, "high": score.high, "spread": score.spread,
                "rows": evaluation.rows[scope], "clusters": evaluation.clusters, "seeds": evaluation.seeds,
            }
            for corpus, model, evaluation in evaluations
            for scope, scores in evaluation.scores.items()
            for metric, score in scores.items()
        ]
    )  # fmt: skip


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _plural(cluster: str) -> str:
    return {"party": "parties"}.get(cluster, f"{cluster}s")
