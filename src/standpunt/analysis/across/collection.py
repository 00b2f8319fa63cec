"""Predictions, in a folder or a file, as one table of stances over all their debates."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from standpunt.analysis.across.source import source_of
from standpunt.annotation.issues import Issue
from standpunt.annotation.layers import STANCES
from standpunt.corpora.rows import NONE
from standpunt.debate import holder_of
from standpunt.errors import InputError
from standpunt.evaluation.labelled import most_probable
from standpunt.prediction.predictor import ABSTAIN

COLUMNS = (
    "debate", "date", "turn", "ordinal", "speaker", "party", "holder", "role", "kind", "issue", "stance", "value",
    "p_favor", "p_against", "p_neutral", "addressed", "certainty", "knows_issue", "trust", "measured_right",
    "measured_of", "quote", "file",
)  # fmt: skip
DEBATES = ("debate", "title", "date", "file", "turns")
_MADE = ("issue", "model", "model_version", "issue_version")  # of which a folder has one of each issue
_SAID = ("debate", "title", "date", "file", "turn")
_NEEDED = ("debate", "turn", "issue", *(f"p_{label}" for label in STANCES))
_QUOTES = ("evidence", "arguments", "text")  # which tell what a stance rests on, the first before the others
_OPTIONAL = (
    "title", "date", "ordinal", "speaker", "party", "role", "kind", f"p_{NONE}", "label", "knows_issue", "trust",
    "measured_right", "measured_of", "file", "model", "model_version", "issue_version", *_QUOTES,
)  # fmt: skip
_MISSING = {
    "title": "debates are called by their ids",
    "party": "nobody has a party here",
    "speaker": "the turns of a debate count as those of one speaker",
    "date": "no debate has a date",
}


@dataclass(frozen=True)
class Collection:
    """The debates of a folder or a file of predictions.

    Attributes:
        folder: where the predictions lie: a folder, or a file.
        stances: one row a stance that a turn takes on an issue, with `COLUMNS`; see `stances`.
        debates: one row a debate, also of those in which no stance was found, with `DEBATES`: `turns` is how many were
            classified; `title` is the id where the predictions have none.
        model: the name of the model, where the predictions have it.
        notices: what is missing or was left out, a sentence each.
        issues: definitions of the issues, by name, where the predictions have them.
        language: of the debates, where the predictions say it.
    """

    folder: Path
    stances: pd.DataFrame
    debates: pd.DataFrame
    model: str | None
    notices: tuple[str, ...] = ()
    issues: Mapping[str, Issue] = field(default_factory=dict)
    language: str | None = None

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> Collection:
        """Read a folder or a file that `standpunt predict` wrote.

        Raises:
            InputError: it is neither, it holds predictions of several models or runs or on several definitions of an
                issue, or a column is missing without which there are no stances.
        """
        place = Path(folder)
        source = source_of(place)
        columns = source.columns
        for name in _NEEDED:
            if name not in columns:
                raise InputError(f"{place}: the predictions have no column {name}; expected stances")
        _refuse_several(place, source.distinct(_there(_MADE, columns)))
        turns = _with_dates(source.distinct(_there(_SAID, columns)))
        without = (NONE, ABSTAIN) if "label" in columns else ()
        wanted = [*_NEEDED, *_there(_OPTIONAL, columns)]
        rows = _with_dates(source.rows(wanted, without))
        _refuse_numbers(place, rows)
        notices = [f"there is no column {name}: {what}" for name, what in _MISSING.items() if name not in columns]
        if not {*_QUOTES} & {*columns}:
            notices.append(
                "the predictions have neither evidence nor arguments nor text, so no passages are shown; predict with "
                "--evidence or --text"
            )
        turns, doubled = _each_once(turns)
        if doubled:
            file = turns.drop_duplicates("debate").set_index("debate")["file"]
            rows = rows[rows["file"] == rows["debate"].map(file)]
            lie = "debate lies" if len(doubled) == 1 else "debates lie"
            names = ", ".join(doubled[:3]) + (" …" if len(doubled) > 3 else "")
            count = "counts" if len(doubled) == 1 else "count"
            notices.append(f"{len(doubled)} {lie} in more than one file and {count} once ({names})")
        debates = _debates(turns)
        undated = debates["date"].isna().sum()
        if "date" in columns and undated:
            has = "has no date (YYYY-MM-DD) and counts" if undated == 1 else "have no date (YYYY-MM-DD) and count"
            notices.append(f"{undated} of {len(debates)} debates {has} in no year; give it with predict --date")
        found = _stances(rows)
        apart = int(found["holder"].isna().sum())
        if "party" in columns and apart:
            notices.append(f"{apart} of {len(found)} stances are of speakers without a party and count for none")
        model = str(rows["model"].iloc[0]) if "model" in rows and rows["model"].notna().any() else None
        header = source.header()
        issues = {issue.name: issue for issue in header.issues} if header else {}
        return cls(place, found, debates, model, tuple(notices), issues, header.language if header else None)


def stances(folder: str | os.PathLike[str]) -> pd.DataFrame:
    """Return the stances in predictions, over all their debates.

    Args:
        folder: what `standpunt predict` wrote: a folder, or a file of one or more debates or texts.

    Returns:
        One row a stance that a turn takes on an issue, with `COLUMNS`. Pairs that the model calls "none", or on which
        it abstains, are left out, and a debate that lies in two files counts once. `holder` is the party, "cabinet" for
        ministers, state secretaries, aldermen and mayors, and missing for who has neither. `value` is the expected
        stance, from -1 (against) to 1 (in favor), `addressed` the probability that the turn addresses the issue at all
        and the three others given that it does, `certainty` the probability of `stance` over all, `quote` what the
        stance rests on: the evidence, the best argument, or all that is said in the turn, whichever the predictions
        have first. What the predictions lack is missing in all rows;
        `Collection.read(folder).notices` says what.

    Raises:
        InputError: as for `Collection.read`.
    """
    return Collection.read(folder).stances


def _there(names: Sequence[str], columns: Sequence[str]) -> list[str]:
    return [name for name in names if name in columns]


def _with_dates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose dates are days (YYYY-MM-DD) or missing."""
    if "date" not in rows:
        return rows
    texts = rows["date"].astype("string")
    days = texts.str.fullmatch(r"\d{4}-\d\d-\d\d").fillna(False)
    days &= pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce").notna()
    return rows.assign(date=texts.where(days).astype(object))


def _refuse_numbers(folder: Path, rows: pd.DataFrame) -> None:
    """Refuse probabilities that are none."""
    for name in (column for column in rows if str(column).startswith("p_")):
        if not pd.to_numeric(rows[name], errors="coerce").between(0, 1 + 1e-6).all():
            raise InputError(f"{folder}: {name} has values that are no probability from 0 to 1; predict again")


def _refuse_several(folder: Path, rows: pd.DataFrame) -> None:
    """Refuse predictions of several models, or on several definitions of an issue."""
    why = "cannot be counted together; predict each into a folder of its own"
    known = [name for name in ("model", "model_version") if name in rows]
    models = rows[known].drop_duplicates().dropna(how="all") if known else rows[:0]
    if len(models) > 1:
        names = ", ".join(sorted(" ".join(map(str, one)) for one in models.itertuples(index=False))[:5])
        raise InputError(f"{folder}: predictions of {len(models)} models ({names}), which {why}")
    if "issue_version" in rows:
        versions = rows.groupby("issue")["issue_version"].nunique()
        several = ", ".join(sorted(str(name) for name, count in versions.items() if count > 1)[:5])
        if several:
            raise InputError(f"{folder}: predictions on {several} by more than one definition, which {why}")


def _each_once(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows without those of debates that another file has too, and the ids of these debates."""
    if "file" not in rows:
        return rows, []
    first = rows.groupby("debate", sort=False)["file"].transform("min")
    kept = rows["file"].isna() | (rows["file"] == first)
    return rows[kept], sorted(map(str, rows["debate"][~kept].unique()))


def _debates(rows: pd.DataFrame) -> pd.DataFrame:
    given = rows.assign(**{name: None for name in ("title", "date", "file") if name not in rows})
    table = given.groupby("debate", sort=False).agg(
        title=("title", "first"), date=("date", "first"), file=("file", "first"), turns=("turn", "nunique")
    )
    table = _without_nan(table.reset_index())
    titled = [title.strip() if isinstance(title, str) else "" for title in table["title"]]
    table["title"] = [title or name for title, name in zip(titled, table["debate"], strict=True)]
    return table.sort_values(["date", "title", "debate"], na_position="last", ignore_index=True)[list(DEBATES)]


def _stances(rows: pd.DataFrame) -> pd.DataFrame:
    stance = most_probable(rows, (*STANCES, NONE))
    taken = stance != NONE
    if "label" in rows:
        taken &= rows["label"] != ABSTAIN
    chosen, stance = rows[taken], stance[taken]
    names = [f"p_{label}" for label in STANCES]
    probabilities = chosen[names].to_numpy(float)
    addressed = probabilities.sum(axis=1).clip(min=1e-12)
    given = probabilities / addressed[:, None]
    table = chosen.assign(
        **{name: given[:, place] for place, name in enumerate(names)},
        stance=stance,
        value=given[:, STANCES.index("favor")] - given[:, STANCES.index("against")],
        addressed=addressed,
        certainty=probabilities.max(axis=1),
        holder=_holders(chosen),
        quote=_quotes(chosen),
    )
    table = table.reindex(columns=list(COLUMNS))
    texts = [name for name in COLUMNS if table[name].dtype == object or isinstance(table[name].dtype, pd.StringDtype)]
    table[texts] = _without_nan(table[texts])
    return table.sort_values(["date", "debate", "ordinal"], kind="stable", na_position="last", ignore_index=True)


def _holders(rows: pd.DataFrame) -> list[str | None]:
    return list(map(holder_of, _texts(rows, "role"), _texts(rows, "party")))


def _quotes(rows: pd.DataFrame) -> list[str | None]:
    """Return what each stance rests on: its evidence, else its best argument, else all that is said in the turn."""
    arguments = [_first(records) for records in rows["arguments"]] if "arguments" in rows else [None] * len(rows)
    told = zip(_texts(rows, "evidence"), arguments, _texts(rows, "text"), strict=True)
    return [next(filter(None, texts), None) for texts in told]


def _first(records: Any) -> str | None:
    """Return the text of the most relevant argument of a list, None where there is none."""
    return records[0]["text"] if records is not None and len(records) else None


def _texts(rows: pd.DataFrame, name: str) -> list[str | None]:
    """Return a column of texts; None where one is missing or empty."""
    if name not in rows:
        return [None] * len(rows)
    return [text if isinstance(text, str) and text.strip() else None for text in rows[name]]


def _without_nan(frame: pd.DataFrame) -> pd.DataFrame:
    """Return texts with None where one is missing, whatever stood for it."""
    return frame.astype(object).where(frame.notna(), None)
