"""How far the machine's answers on a page can be trusted: a mark for each issue, and sentences for the head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from standpunt.annotation.layers import NONE, STANCES, Layer
from standpunt.annotation.sources import SOURCE, Source
from standpunt.debate import Debate
from standpunt.errors import InputError
from standpunt.evaluation.labelled import answers
from standpunt.evaluation.trust import LEVELS, Level, Tally, refuse_seen, tallies, tally, wilson
from standpunt.models.scores import Measurement, Scores
from standpunt.page.words import Words

SIGNS: dict[Level, str] = {"usable": "✓", "hint": "?", "untrusted": "✗", "unmeasured": "–"}
COLUMNS = ("trust", "measured_right", "measured_of")


@dataclass(frozen=True, slots=True)
class Mark:
    """What the answers on an issue are good for.

    Attributes:
        level: one of `LEVELS`.
        right: how many labelled turns are right, of how many; of none where nothing was counted.
        of: see `right`.
        title: what was counted, in full.
    """

    level: Level = "unmeasured"
    right: int = 0
    of: int = 0
    title: str = ""

    @property
    def sign(self) -> str:
        """The sign of its level."""
        return SIGNS[self.level]


@dataclass(frozen=True, slots=True)
class Reliability:
    """The marks of issues, by name, and what the head of the page says in plain words."""

    marks: Mapping[str, Mark] = field(default_factory=dict)
    head: tuple[str, ...] = ()

    def on(self, issue: str) -> Mark:
        """Return the mark of an issue."""
        return self.marks.get(issue, Mark())

    def signs(self, issues: Iterable[str]) -> dict[Level, str]:
        """Return the signs that occur among issues, by level."""
        levels = {self.on(issue).level for issue in issues}
        return {level: SIGNS[level] for level in LEVELS if level in levels}

    def summary(self, issues: Iterable[str], words: Words) -> str:
        """Return how many of the issues on a page are good for what, as a sentence."""
        levels = [self.on(issue).level for issue in issues]
        counts = [(level, levels.count(level)) for level in LEVELS if level in levels]
        parts = ", ".join(words(f"n_{level}", n=count) for level, count in counts)
        return words("so_here", n=len(levels), parts=parts) if parts else ""

    def beside(self, frame: pd.DataFrame, labels: str, words: Words) -> Reliability:
        """Return it with what labels of the very debate say, on issues that they are on in place of what it said.

        Args:
            frame: with columns `issue, gold, predicted`, a row a pair of a turn and an issue.
            labels: whose they are.
            words: of the page.
        """
        marks = {issue: _mark(counts, labels, False, words) for issue, counts in tallies(frame, STANCES).items()}
        here = _counts(tally(frame["gold"], frame["predicted"], STANCES))
        head = [text for text in self.head if text != words("not_measured_at_all")]
        return Reliability({**self.marks, **marks}, (*head, words("right_here", labels=labels, **here)))


def of_machine(name: str | None, words: Words) -> Reliability:
    """Return what is known where nothing was counted."""
    model = words("a_model") if name is None else words("the_model", name=name)
    return Reliability({}, (words("machine_made", model=model),))


def of_model(scores: Scores, name: str, issues: Iterable[str], words: Words) -> Reliability:
    """Return what the scores that a model carries say of the issues of a page."""
    machine = of_machine(name, words).head
    marks = {issue: _measured(scores.on(issue), issue, words) for issue in issues}
    known, new = scores.overall(known=True), scores.overall(known=False)
    said = [words("no_measurement")] if known is None and new is None else []
    if known is not None:
        counts = known.overall
        said.append(words("right_known", corpora=", ".join(known.corpora), **_counts(counts)))
    if new is not None:
        values = _counts(new.overall) | {"corpora": ", ".join(new.corpora), "debates": len(new.debates)}
        said.append(
            words("right_new", cross_validated=words("cross_validated") if new.cross_validated else "", **values)
        )
    return Reliability(marks, (*machine, *said))


def of_predictions(rows: pd.DataFrame, where: Path, words: Words, name: str | None = None) -> Reliability:
    """Return what a file of predictions says of its issues beside the answers, whatever model made it.

    Args:
        rows: the predictions.
        where: the file.
        words: of the page.
        name: of the model, where it is known.

    Raises:
        InputError: a value is not what `standpunt predict` writes.
    """
    machine = of_machine(name, words).head
    if not {*COLUMNS} <= {*rows}:
        return Reliability({}, (*machine, words("not_measured_at_all")))
    marks = {}
    for issue, level, right, of in rows.drop_duplicates("issue")[["issue", *COLUMNS]].itertuples(index=False):
        if level not in LEVELS:
            raise InputError(f"{where}: trust is {level!r} on issue {issue}; expected one of {', '.join(LEVELS)}")
        try:
            counts = (0, 0) if pd.isna(of) or pd.isna(right) else (int(right), int(of))
        except ValueError:
            raise InputError(f"{where}: measured_right on issue {issue} is {right!r}; expected a number") from None
        marks[issue] = _told(level, *counts, words)
    right, of = (sum(getattr(mark, name) for mark in marks.values()) for name in ("right", "of"))
    if not of:
        return Reliability(marks, (*machine, words("not_measured_at_all")))
    said = words("right_file", right=right, of=of, share=f"{100 * right / of:.0f}")
    return Reliability(marks, (*machine, said))


def of_collection(stances: pd.DataFrame, model: str | None, words: Words) -> Reliability:
    """Return what the predictions on many debates say of their issues, and what model made them, where they say it."""
    machine = of_machine(model, words).head
    told = stances.drop_duplicates("issue").dropna(subset=["trust"])
    marks = {
        row["issue"]: _told(row["trust"], int(row["measured_right"] or 0), int(row["measured_of"] or 0), words)
        for row in told.fillna({"measured_right": 0, "measured_of": 0}).to_dict("records")
        if row["trust"] in LEVELS
    }
    right, of = (sum(getattr(mark, name) for mark in marks.values()) for name in ("right", "of"))
    said = words("right_file", right=right, of=of, share=f"{100 * right / of:.0f}") if of else words("no_measurement")
    return Reliability(marks, (*machine, said))


def beside_labels(debate: Debate, rows: pd.DataFrame, path: Path, trained_on: Iterable[str]) -> pd.DataFrame:
    """Return predictions beside the labels of a layer for the same debate: `issue, gold, predicted`.

    Args:
        debate: the text.
        rows: predictions on its turns.
        path: the layer; its `source.json` lies beside it.
        trained_on: the corpora that the model was trained on, where that is known.

    Raises:
        LayerError: the layer cannot be read, or belongs to another text.
        InputError: the model was trained on these labels, or the layer and the predictions have no issue in common.
    """
    layer, source = Layer.load(path), Source.load(path.parent / SOURCE)
    refuse_seen(path, "the model", trained_on, ", or leave out --labels")
    layer.check(source.restore(debate), source, str(path))
    ordinals = {turn.id: turn.ordinal for turn in debate.turns if turn.speaker.role != "chair"}
    chosen = rows[rows["issue"].isin(layer.issues) & rows["turn"].isin(ordinals)]
    if chosen.empty:
        raise InputError(f"{path}: labels on {', '.join(layer.issues)}; the predictions are on none of these issues")
    gold = layer.by_pair()
    pairs = zip(chosen["turn"].map(ordinals), chosen["issue"], strict=True)
    return pd.DataFrame(
        {
            "issue": chosen["issue"].to_numpy(),
            "gold": [gold.get((int(ordinal), issue), NONE) for ordinal, issue in pairs],
            "predicted": answers(chosen, (*STANCES, NONE)).to_numpy(),
        }
    )


def _told(level: Level, right: int, of: int, words: Words) -> Mark:
    if not of:
        return Mark(level)
    low, high = (f"{100 * end:.0f}" for end in wilson(right, of))
    return Mark(level, right, of, words("trust_file", right=right, of=of, low=low, high=high))


def _measured(found: Measurement | None, issue: str, words: Words) -> Mark:
    return (
        Mark() if found is None else _mark(found.issues[issue], ", ".join(found.corpora), found.cross_validated, words)
    )


def _mark(counts: Tally, corpora: str, cross_validated: bool, words: Words) -> Mark:
    if not counts.labelled:
        return Mark()
    low, high = counts.interval
    title = words(
        "trust_title",
        corpora=corpora,
        low=f"{100 * low:.0f}",
        high=f"{100 * high:.0f}",
        commonest=counts.commonest,
        cross_validated=words("trust_cross_validated") if cross_validated else "",
        **_counts(counts),
    )
    return Mark(counts.level, counts.right, counts.labelled, title)


def _counts(counts: Tally) -> dict[str, object]:
    return {
        "right": counts.right,
        "of": counts.labelled,
        "shown": counts.shown,
        "wrong": counts.shown - counts.right,
        "share": f"{100 * counts.share:.0f}",
    }
