"""Rows to experiment on, from an annotated corpus or from a data set of the user's."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standpunt.annotation.issues import LANGUAGE, Issue, shipped_issue
from standpunt.corpora.corpus import corpus_folder, load_corpus, shipped_corpora
from standpunt.corpora.outside.data_set import DATA_SETS, DataSet
from standpunt.corpora.rows import PROBABILITIES, SYNTHETIC, WEIGHT, column
from standpunt.corpora.sentence_rows import argument_annotators, argument_rows
from standpunt.corpora.transcripts import transcripts_paths
from standpunt.errors import InputError, unknown_name
from standpunt.tasks import SENTENCE, Task

if TYPE_CHECKING:
    from datasets import Dataset

_TRAINED_ON = (
    "id", "debate", "date", "language", "turn", "speaker", "party", "role", "kind", "replies_to", "sponsors",
    "advice", "issue", "proposition", "context", "text", "label", "sentence", "sentences", "distance",
)  # fmt: skip


@dataclass(frozen=True)
class LoadedRows:
    """Rows with a name and the definitions of their issues.

    `annotators` are those whose labels they have; there are none of data sets. `half_filled` says what of their layers
    looks as if nobody had come to it.
    """

    name: str
    rows: Dataset
    issues: dict[str, Issue]
    annotators: tuple[str, ...] = ()
    half_filled: str = ""

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the texts."""
        said = column(self.rows, "language") if "language" in self.rows.column_names else [None]
        return tuple(sorted({language or LANGUAGE for language in said}))

    @cached_property
    def sha256(self) -> str:
        """The hash over ids, texts and labels."""
        digest = hashlib.sha256()
        for key in zip(*(column(self.rows, name) for name in ("id", "text", "label")), strict=True):
            digest.update("\x1f".join(key).encode())
        return digest.hexdigest()


def load_rows(
    name: str,
    task: Task,
    *,
    layer: str,
    path: str | None = None,
    data: str = "data",
    transcripts: str | None = None,
    issues: Sequence[str] | None = None,
    among: Sequence[str] | None = None,
) -> LoadedRows:
    """Load the rows of a corpus or data set for a task.

    Args:
        name: an annotated corpus by name or path, or one of `DATA_SETS`.
        task: what is classified.
        layer: the annotator whose labels count, see `standpunt.corpora.corpus.chosen_layer`; data sets have one label a
            row.
        path: the file of a data set that does not ship.
        data: the folder in which such files are looked for where no path is given.
        transcripts: where texts are looked for that do not ship.
        issues: the issues wanted; all by default. Tasks over sentences have none.
        among: instead of `issues`: those of these that are annotated here, at least one. It does not hold of data sets
            whose issues are their own.

    Raises:
        InputError: unknown names, unreadable files, a data set that is not made for the task or has no row for it.
        TranscriptMissing: the text of a debate was not found.
    """
    if name in DATA_SETS.names():
        data_set = DATA_SETS.get(name)
        file = Path(path) if path else data_set.path(data)
        return _about(_outside(data_set, task, file, _state([file])), issues, among if data_set.of_debates else None)
    if task.data_set is not None:
        raise InputError(f"configuration: task {task.name} is made for corpus {task.data_set}, not {name}")
    if "/" not in name and name not in shipped_corpora() and not Path(name).is_dir():
        raise unknown_name("corpus", name, (*shipped_corpora(), *DATA_SETS.names()))
    if task.unit == SENTENCE and issues is not None:
        raise InputError(f"configuration: task {task.name} is about no issue; leave corpus.issues out")
    state = _state([corpus_folder(name), *transcripts_paths(transcripts)])
    chosen = tuple(None if names is None else tuple(names) for names in (issues, among))
    return _annotated(name, task, layer, transcripts, *chosen, state)


def _about(loaded: LoadedRows, issues: Sequence[str] | None, among: Sequence[str] | None) -> LoadedRows:
    """Keep the rows of a data set that are about these issues; see `load_rows`."""
    if issues is None and among is None:
        return loaded
    issues_of_rows = np.array(column(loaded.rows, "issue"))
    wanted = list(among or ()) if issues is None else list(issues)
    lacking = sorted({*wanted} - {*issues_of_rows})
    if not {*wanted} & {*issues_of_rows} or (issues is not None and lacking):
        raise InputError(f"corpus {loaded.name}: no row in it is about {', '.join(lacking) or 'an issue trained on'}")
    return replace(loaded, rows=loaded.rows.select(np.flatnonzero(np.isin(issues_of_rows, wanted))))


def joined(parts: Sequence[Dataset]) -> Dataset:
    """Put rows of several corpora together, with the columns that models train on."""
    from datasets import Dataset

    if len(parts) == 1:
        return parts[0]
    columns = (*_TRAINED_ON, PROBABILITIES, WEIGHT, SYNTHETIC)
    names = [name for name in columns if any(name in part.column_names for part in parts)]
    records = [
        {name: row.get(name) for name in names} | {"evidence": row.get("evidence") or []}
        for part in parts
        for row in part
    ]
    return Dataset.from_list(records)


def _data_set(records: Iterable[dict[str, Any]], name: str, task: Task) -> Dataset:
    from datasets import Dataset

    rows = list(records)
    if not rows:
        raise InputError(f"corpus {name}: no row for task {task.name} in it; choose another task, or look at its files")
    return Dataset.from_list(rows)


def _state(places: Iterable[Path]) -> frozenset[tuple[str, int, int]]:
    """Return names, sizes and times of change of the files that rows are made of.

    Rows are remembered while these stay the same, so that the jobs of a sweep load a corpus once.
    """
    files = [file for place in places for file in (place, *place.rglob("*")) if file.is_file()]
    return frozenset((str(file), (known := file.stat()).st_size, known.st_mtime_ns) for file in files)


@lru_cache(maxsize=4)
def _annotated(
    name: str,
    task: Task,
    layer: str,
    transcripts: str | None,
    issues: tuple[str, ...] | None,
    among: tuple[str, ...] | None,
    state: Hashable,
) -> LoadedRows:
    if task.unit == SENTENCE:
        rows = _data_set(argument_rows(name, task.name, layer=layer, transcripts=transcripts), name, task)
        return LoadedRows(name, rows, {}, argument_annotators(name, layer))
    corpus = load_corpus(name, transcripts=transcripts)
    if among is not None:
        issues = tuple(issue for issue in among if issue in corpus.issues)
        if not issues:
            raise InputError(f"corpus {name}: none of the issues {', '.join(among)} is annotated in it")
    rows = corpus.rows(layer=layer, issues=issues, with_none=task.with_none)
    present = sorted(set(column(rows, "issue")))
    annotators = corpus.annotators(layer)
    if not any(item.layer(layer).labels for item in corpus.debates):
        # Rows there may be, of turns that address no issue; but nobody has looked at them.
        raise InputError(f"corpus {name}: {' and '.join(annotators)} labelled nothing yet; see standpunt annotate next")
    half_filled = corpus.half_filled(layer, issues)
    return LoadedRows(name, rows, {issue: corpus.issues[issue] for issue in present}, annotators, half_filled)


@lru_cache(maxsize=16)  # a study may put many data sets together
def _outside(data_set: DataSet, task: Task, file: Path, state: Hashable) -> LoadedRows:
    name, issue = data_set.name, data_set.issue
    if task.name not in data_set.tasks:
        raise InputError(
            f"configuration: corpus {name} is made for task {' or '.join(data_set.tasks)}, not {task.name}"
        )
    rows = _data_set(data_set.rows(file, task.name), name, task)
    issues = {issue.name: issue} if issue else {}
    if data_set.defined:
        named = ((own, shipped_issue(own)) for own in sorted(set(column(rows, "issue"))))
        issues |= {own: known for own, known in named if known is not None}
    return LoadedRows(name, rows, issues)
