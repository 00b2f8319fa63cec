"""Some files of many: read, predicted debate by debate, written together. A process of its own can do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from standpunt.errors import ReadError
from standpunt.prediction.description import Description
from standpunt.prediction.folder import UNDATED, FileTask, part_of, write_predictions_of
from standpunt.prediction.header import DebateNote
from standpunt.prediction.ledger import Key, Rows
from standpunt.prediction.predictor import Predictor
from standpunt.readers import read_debates
from standpunt.readers.inspection import warnings_of


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file.

    Attributes:
        file: its name, as given.
        rows: how many it has.
        error: why it could not be read.
        warnings: what is doubtful about how it was read.
        issues: names of those that its debates were asked about.
        replaces: what the folder calls what the file was before, whose rows are to be dropped now.
    """

    file: str
    rows: int = 0
    error: str | None = None
    warnings: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    replaces: tuple[Key, ...] = ()


def predict_block(predictor: Predictor, tasks: Sequence[FileTask], folder: Path) -> list[Done]:
    """Do files whose rows go together; one that cannot be read is no reason to stop."""
    years: dict[str, list[Rows]] = {}
    notes: list[DebateNote] = []
    done = []
    for task in tasks:
        try:
            frames, own_notes, said = _read(predictor, task, folder)
        except ReadError as error:
            done.append(Done(task.name, error=str(error).replace(task.file, task.name, 1)))
            continue
        for year, own in frames.items():
            years.setdefault(year, []).append(Rows(task.key, own))
        notes += own_notes
        done.append(said)
    if years:
        write_predictions_of(folder, years, predictor, notes)
    return done


def predict_elsewhere(description: Description, tasks: Sequence[FileTask], folder: Path) -> list[Done]:
    """Do files in a process that has no predictor yet."""
    return predict_block(Predictor.described(description), tasks, folder)


def _read(
    predictor: Predictor, task: FileTask, folder: Path
) -> tuple[dict[str, list[pd.DataFrame]], list[DebateNote], Done]:
    """Return the rows of a file by year, what its debates are, and what is to be said of it once they are written.

    Raises:
        ReadError: the file cannot be read.
    """
    years: dict[str, list[pd.DataFrame]] = {}
    warnings: list[str] = []
    issues: dict[str, None] = {}
    notes = []
    for debate in read_debates(task.file, partial=task.partial, date=task.date or None):
        warnings += warnings_of(debate)
        year = debate.date[:4] if debate.date else UNDATED
        asked = predictor.asked(debate)
        issues |= dict.fromkeys(issue.name for issue in asked)
        frame = predictor.on(debate, issues=asked)
        years.setdefault(year, []).append(frame.assign(file=task.name))
        notes.append(DebateNote.of(debate, task.file, part_of(folder, year)))
    rows = sum(len(frame) for frames in years.values() for frame in frames)
    return years, notes, Done(task.name, rows, None, tuple(warnings), tuple(issues), task.replaces)
