"""Rows as plain records, divided into those to fit on and those held out, and as weighted examples to train on."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from standpunt.annotation.layers import OPPOSITE
from standpunt.corpora.rows import NONE, PROBABILITIES, WEIGHT, Rows, column, column_names
from standpunt.debate import Span, overlaps
from standpunt.models.shares import label_shares, weight_of
from standpunt.models.windows.cutting import PART, Reading
from standpunt.text.negation import negated

READ = (
    "debate", "language", "issue", "proposition", "text", PART, "context", "label", PROBABILITIES, WEIGHT, "evidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A pair of texts, the first a proposition, with the column of its label and how much it counts.

    `among`: the first column of the labels it can have and the one behind the last; all columns by default.
    """

    first: str
    second: str
    label: int
    weight: float = 1.0
    among: tuple[int, int] | None = None


def records(rows: Rows, names: Sequence[str] | None = READ) -> list[dict[str, Any]]:
    """Return columns of rows (all, without `names`; what is not there is left out) as records that have `evidence`."""
    if isinstance(rows, Sequence):
        rows_wanted = [{name: row[name] for name in names or row if name in row} for row in rows]
    else:
        known = column_names(rows)
        kept = [name for name in names or known if name in known]
        values = zip(*(column(rows, name) for name in kept), strict=True)
        rows_wanted = [dict(zip(kept, row, strict=True)) for row in values]
    for record in rows_wanted:
        spans = record.get("evidence")  # pandas makes arrays of lists
        record["evidence"] = [] if spans is None else [(int(start), int(end)) for start, end in spans]
    return rows_wanted


def fitted_and_held(
    train: Rows, dev: Rows | None, share: float, seed: int, names: Sequence[str] | None = READ
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the records to fit on and those to stop early and calibrate on: `dev`, or else a share of `train`."""
    if dev is None:
        return divide(records(train, names), share, seed)
    return records(train, names), records(dev, names)


def divide(rows: list[dict[str, Any]], share: float, seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Divide rows into those to fit and those to stop early and calibrate on.

    They are divided by issue, or by debate where there is only one issue. What is chosen on those held out should hold
    of rows that count in full, so that rows of less weight are among them only where there are no others.
    """
    full = [row for row in rows if weight_of(row) >= 1] or rows
    unit = "issue" if len({row["issue"] for row in full}) > 1 else "debate"
    counts = Counter(row.get(unit) for row in full)
    names = sorted(counts, key=str)
    random.Random(seed).shuffle(names)
    held = set()
    for name in names[:-1]:
        if sum(counts[other] for other in held) >= share * len(full):
            break
        held.add(name)
    return [row for row in rows if row.get(unit) not in held], [row for row in full if row.get(unit) in held]


def examples(
    rows: Sequence[dict[str, Any]],
    labels: Sequence[str],
    reading: Reading,
    *,
    class_weights: bool,
    none_per_row: float,
    negate: float = 0.0,
    said: Callable[[dict[str, Any], str], str] | None = None,
    choose: Callable[[dict[str, Any], tuple[Span, ...]], tuple[Span, ...]] | None = None,
    seed: int,
) -> list[Example]:
    """Turn rows into weighted pairs of proposition and window.

    A row whose label has evidence is read in the windows that hold some of it, a row with label "none" in one window
    drawn by chance, other rows in all their windows (of which `choose` may leave some); windows of a row share its
    weight. A row that a model labelled counts for each label as much as the model found it probable, and a row of a
    corpus with a weight counts that much (see `standpunt.models.shares`).

    Args:
        rows: labelled records.
        labels: the label scheme.
        reading: what is read at a time.
        class_weights: whether labels weigh the same together, however many rows each has.
        none_per_row: how many rows with label "none" are kept for each of the others.
        negate: share of rows whose proposition is turned into its opposite, and the label with it.
        said: how the proposition of a row, or its opposite, is read; by default as it stands.
        choose: which of the windows of a row are read where no evidence tells; by default all.
        seed: what is drawn by chance is drawn from it.
    """
    draw = random.Random(seed)
    addressed = [row for row in rows if row["label"] != NONE]
    unaddressed = [row for row in rows if row["label"] == NONE]
    keep = min(len(unaddressed), round(none_per_row * len(addressed)))
    chosen = addressed + (draw.sample(unaddressed, keep) if addressed else unaddressed)
    divided = [label_shares(row, labels) for row in chosen]
    total = sum(weight_of(row) for row in chosen)
    counts: dict[str, float] = {}
    for shares in divided:
        for label, share in shares.items():
            counts[label] = counts.get(label, 0.0) + share
    made = []
    for row, shares in zip(chosen, divided, strict=True):
        spans = reading.spans(row)
        holding = tuple(span for span in spans if overlaps(span, row["evidence"])) if row["label"] != NONE else ()
        spans = holding or (spans if choose is None else choose(row, spans))
        if row["label"] == NONE:
            spans = (draw.choice(spans),)
        proposition, turned = row["proposition"], {}
        opposite = negated(proposition) if negate and draw.random() < negate else None
        if opposite and shares.keys() <= {*OPPOSITE, NONE}:
            proposition, turned = opposite, OPPOSITE
        first = proposition if said is None else said(row, proposition)
        for label, share in shares.items():
            weight = share * (total / (len(counts) * counts[label]) if class_weights else 1.0) / len(spans)
            index = labels.index(turned.get(label, label))
            made += [Example(first, reading.text(row, span), index, weight) for span in spans]
    return made
