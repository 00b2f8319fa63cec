"""What models say of the same turns, side by side: from files and folders of predictions, with labels or without."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from standpunt.annotation.agreement import MISSING, krippendorff_alpha
from standpunt.annotation.layers import NONE, STANCES, Layer
from standpunt.annotation.sources import SOURCE, Source
from standpunt.errors import InputError
from standpunt.evaluation.labelled import answers, most_probable
from standpunt.evaluation.resampling import cluster_for
from standpunt.evaluation.tables import Table, interval_text
from standpunt.evaluation.trust import refuse_seen
from standpunt.prediction.header import Header
from standpunt.prediction.stored import open_predictions
from standpunt.results.comparison import Comparison, side_by_side
from standpunt.results.page import Section, page
from standpunt.storage.files import atomic_folder

KEY = ["debate", "turn", "issue"]
SHOWN = 100  # rows on a page; the file has them all
_ABOUT = ("title", "date", "ordinal", "speaker", "party", "role", "kind", "text")


@dataclass(frozen=True)
class Predicted:
    """A file or folder of predictions.

    Attributes:
        name: of the model, or of the file where several have one name.
        path: where it lies.
        rows: one row a turn and issue, with `answer` (which may be "abstain") and `predicted`, the most probable label.
        header: what it says of itself, where it says something.
    """

    name: str
    path: Path
    rows: pd.DataFrame
    header: Header | None


@dataclass(frozen=True)
class PredictionsCompared:
    """Models on the turns and issues that all of them were asked about.

    Attributes:
        names: of the models.
        rows: one row a turn and issue, with what is known of it and a column of answers a model.
        resamples: of the intervals.
        notes: what is not compared.
    """

    names: tuple[str, ...]
    rows: pd.DataFrame
    resamples: int
    notes: tuple[str, ...]

    def agreement(self, *, by_issue: bool = False) -> pd.DataFrame:
        """Return how far every two models agree, over all rows or on each issue.

        Returns:
            `first, second`, `issue` where it is wanted, `pairs` of a turn and an issue, `same`, the share of them with
            the same answer, Krippendorff's `alpha` (nominal) with the interval of `low` and `high` from resampling
            turns, and of the pairs in which both take a side `sides`, how many, and `opposite`, how many contradict.
        """
        return self._by_issue if by_issue else self._over_all

    # Resampled once, whoever asks: the table that is printed, the file, the page.
    @cached_property
    def _over_all(self) -> pd.DataFrame:
        return pd.DataFrame(self._pairs(self.rows))

    @cached_property
    def _by_issue(self) -> pd.DataFrame:
        groups = self.rows.groupby("issue", sort=True)
        return pd.DataFrame([row for issue, part in groups for row in self._pairs(part, issue=issue)])

    def _pairs(self, rows: pd.DataFrame, **about: object) -> list[dict[str, object]]:
        return [
            {"first": first, "second": second, **about, **_agreement(rows, first, second, self.resamples)}
            for first, second in combinations(self.names, 2)
        ]

    def disagreements(self) -> pd.DataFrame:
        """Return the rows on which two models differ."""
        return self.rows[self.rows[list(self.names)].nunique(axis=1) > 1].reset_index(drop=True)

    def main_table(self) -> Table:
        """Return how far every two models agree."""
        return _table("Agreement", self.agreement(), self.notes)

    def issues_table(self) -> Table:
        """Return how far they agree on each issue."""
        return _table("Agreement on each issue", self.agreement(by_issue=True))

    def disagreements_table(self) -> Table:
        """Return the first rows of `disagreements`."""
        frame = self.disagreements()
        columns = [name for name in frame if name not in ("debate", "title", "text", "role", "kind", "ordinal")]
        shown = frame[columns].head(SHOWN).astype(object)
        shown = shown.where(shown.notna(), "–").astype(str)
        notes = (f"The first {SHOWN} of {len(frame)}.",) if len(frame) > SHOWN else ()
        rows = tuple(shown.itertuples(index=False, name=None))
        return Table(f"The {len(frame)} of {len(self.rows)} rows on which models differ", tuple(columns), rows, notes)

    def write(self, folder: Path) -> None:
        """Write a new folder in one step: comparison.md, agreement.csv, issues.csv, disagreements.csv, page.html.

        Raises:
            InputError: the folder exists and is not empty.
            StandpuntError: writing failed; nothing is left behind.
        """
        tables = [self.main_table(), self.issues_table()]
        with atomic_folder(folder) as target:
            (target / "comparison.md").write_text("\n".join(table.to_markdown() for table in tables), "utf-8")
            for name, frame in (
                ("agreement", self.agreement()),
                ("issues", self.agreement(by_issue=True)),
                ("disagreements", self.disagreements()),
            ):
                frame.to_csv(target / f"{name}.csv", index=False, float_format="%.4f")
            section = Section(tables[:1], [], [tables[1], self.disagreements_table()])
            (target / "page.html").write_text(page(f"Comparison: {', '.join(self.names)}", [section]), "utf-8")


def compare_predictions(
    paths: Sequence[str | os.PathLike[str]],
    labels: Sequence[str | os.PathLike[str]] = (),
    *,
    cluster: str | None = None,
    resamples: int = 10_000,
    confidence: float = 0.95,
) -> PredictionsCompared | Comparison:
    """Compare what models predicted for the same turns.

    Args:
        paths: files and folders that `standpunt predict` wrote.
        labels: stance layers of their debates. With them the answers are scored, as those of runs are; the debate of a
            layer is known by its hash, so that no text is needed.
        cluster: with labels, the column whose values are resampled whole; by default the debate where there are five
            or more, and else the speaker.
        resamples: number of bootstrap resamples.
        confidence: with labels, mass of the intervals.

    Raises:
        InputError: a file cannot be read, there is one only and no labels, they have no turn and issue in common, or a
            layer is about none of the debates.
        LayerError: a layer cannot be read.
    """
    given = _named([(Path(path), *_read(Path(path))) for path in paths])
    if len(given) < 2 and not labels:
        raise InputError(f"{given[0].path}: one set of predictions; give another to compare it with, or --labels LAYER")
    rows, notes = _together(given)
    if not labels:
        return PredictionsCompared(tuple(one.name for one in given), rows, resamples, notes)
    gold = _gold(given, [Path(path) for path in labels])
    frames = [(one.name, _scored(one, rows, gold)) for one in given]
    if not len(frames[0][1]):
        raise InputError(f"{', '.join(map(str, labels))}: no label on a turn and an issue that all of them answered")
    return side_by_side(
        "labels of " + ", ".join(f"{path.parent.name}/{path.name}" for path in map(Path, labels)),
        "models as they were",
        frames,
        dict.fromkeys((one.name for one in given), None),
        (*STANCES, NONE),
        cluster=cluster_for(cluster or None, "debate", frames[0][1]),
        resamples=resamples,
        confidence=confidence,
    )


def _read(path: Path) -> tuple[pd.DataFrame, Header | None]:
    if not path.exists():
        raise InputError(f"{path}: no such file; expected predictions as standpunt predict writes them")
    stored = open_predictions(path)
    frame, header = stored.rows(), stored.header()
    twice = frame.duplicated(KEY)
    if twice.any():
        first = frame[twice].iloc[0]
        raise InputError(f"{path}: turn {first['turn']} on {first['issue']} is there twice; give each row once")
    labels = (*STANCES, NONE)
    return frame.assign(predicted=most_probable(frame, labels), answer=answers(frame, labels)), header


def _named(read: Sequence[tuple[Path, pd.DataFrame, Header | None]]) -> list[Predicted]:
    """Name each after its model; where two have one name, after the file as well."""
    models = []
    for path, frame, header in read:
        named = frame["model"].dropna().unique() if "model" in frame else []
        models.append(str(named[0]) if len(named) == 1 else header.model.name if header else path.stem)
    names = [
        model if models.count(model) == 1 else f"{model} ({path})"
        for model, (path, *_) in zip(models, read, strict=True)
    ]
    return [Predicted(name, *one) for name, one in zip(names, read, strict=True)]


def _together(given: Sequence[Predicted]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the turns and issues that all were asked about, and what is left out, in words."""
    first = given[0].rows
    about = [name for name in _ABOUT if name in first]
    rows = first[[*KEY, *about, "answer"]].rename(columns={"answer": given[0].name})
    for one in given[1:]:
        other = one.rows[[*KEY, "answer"]].rename(columns={"answer": one.name})
        rows = rows.merge(other, on=KEY)
    if rows.empty:
        raise InputError(
            f"{' and '.join(str(one.path) for one in given)}: no turn and issue in common; give predictions on the "
            "same reports and issues"
        )
    notes = [
        f"{one.name}: {len(one.rows) - len(rows)} of {len(one.rows)} rows have no counterpart and are left out."
        for one in given
        if len(one.rows) > len(rows)
    ]
    notes += [f"Issue {issue} was defined otherwise for some of them." for issue in _redefined(given, {*rows["issue"]})]
    return rows, tuple(notes)


def _redefined(given: Sequence[Predicted], shared: set[str]) -> list[str]:
    versions: dict[str, set[str]] = {}
    for one in given:
        if "issue_version" in one.rows:
            known = one.rows[["issue", "issue_version"]].dropna().drop_duplicates()
            for issue, version in known.itertuples(index=False):
                versions.setdefault(issue, set()).add(version)
    return sorted(issue for issue, found in versions.items() if len(found) > 1 and issue in shared)


def _gold(given: Sequence[Predicted], paths: Sequence[Path]) -> dict[tuple[str, int, str], str]:
    """Return the labels of layers by debate (id), turn (ordinal) and issue, "none" where a layer has no label.

    The debate of a layer is the one with the hash that it names, in the header of the predictions.
    """
    by_hash = {note.sha256: note for one in given if one.header for note in one.header.debates}
    if not by_hash:
        raise InputError(
            f"{given[0].path}: it does not say what debates it is about, so labels cannot be laid beside it; predict "
            "once more (what older versions wrote does not have it)"
        )
    gold: dict[tuple[str, int, str], str] = {}
    for path in paths:
        layer, source = Layer.load(path), Source.load(path.parent / SOURCE)
        for one in given:
            refuse_seen(path, one.name, one.header.model.corpora if one.header else ())
        note = by_hash.get(source.sha256)
        if note is None or layer.sha256 != source.sha256:
            raise InputError(
                f"{path}: labels on {source.title!r} ({source.date}), a text that no predictions are about; they are "
                f"about {', '.join(sorted(repr(note.title) for note in by_hash.values()))}"
            )
        pairs = layer.by_pair()
        for ordinal, turn in enumerate(source.turns, start=1):
            if turn.role != "chair":
                gold |= {(note.id, ordinal, issue): pairs.get((ordinal, issue), NONE) for issue in layer.issues}
    return gold


def _scored(one: Predicted, shared: pd.DataFrame, gold: dict[tuple[str, int, str], str]) -> pd.DataFrame:
    """Return the rows that have a label as scores take them."""
    frame = one.rows.merge(shared[KEY], on=KEY)
    places = zip(frame["debate"], frame["ordinal"].astype(int), frame["issue"], strict=True)
    frame = frame.assign(gold=[gold.get(place) for place in places]).dropna(subset="gold")
    if "speaker" in frame:  # a text of which nobody says whose it is, is of somebody else than the others
        frame["speaker"] = frame["speaker"].astype(object).where(frame["speaker"].notna(), frame["turn"])
    return frame.assign(seed=0, id=frame["turn"].astype(str) + "/" + frame["issue"].astype(str)).reset_index(drop=True)


def _agreement(rows: pd.DataFrame, first: str, second: str, resamples: int) -> dict[str, float | int]:
    answers = rows[[first, second]].to_numpy().T
    names = sorted({*answers.ravel()})
    codes = np.searchsorted(names, answers.astype(str)) if len(names) else np.full(answers.shape, MISSING)
    turns = (rows["debate"].astype(str) + "/" + rows["turn"].astype(str)).tolist()
    alpha = krippendorff_alpha(codes, clusters=turns, resamples=resamples)
    sided = np.isin(answers, ("favor", "against")).all(axis=0)
    return {
        "pairs": len(rows),
        "same": float((answers[0] == answers[1]).mean()),
        "alpha": alpha.alpha,
        "low": alpha.low,
        "high": alpha.high,
        "sides": int(sided.sum()),
        "opposite": int((answers[0] != answers[1])[sided].sum()),
    }


def _table(title: str, frame: pd.DataFrame, notes: Sequence[str] = ()) -> Table:
    columns = ["first", "second", *(["issue"] if "issue" in frame else []), "pairs", "same", "alpha", "opposite sides"]
    rows = []
    for one in frame.to_dict("records"):
        alpha = "–" if np.isnan(one["alpha"]) else f"{one['alpha']:z.2f} {interval_text(one['low'], one['high'])}"
        about = [one["first"], one["second"], *([one["issue"]] if "issue" in one else [])]
        rows.append((*about, str(one["pairs"]), f"{one['same']:.2f}", alpha, f"{one['opposite']} of {one['sides']}"))
    return Table(title, tuple(columns), tuple(rows), tuple(notes))
