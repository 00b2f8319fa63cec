"""One file of many: read, predicted debate by debate, written. A process or machine of its own can do it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from standpunt.errors import ReadError
from standpunt.prediction.description import Description
from standpunt.prediction.folder import UNDATED, FileTask
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
    """

    file: str
    rows: int = 0
    error: str | None = None
    warnings: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()


def predict_file(predictor: Predictor, task: FileTask) -> Done:
    """Do one file; a file that cannot be read is no reason to stop."""
    years: dict[str, list[pd.DataFrame]] = {}
    warnings: list[str] = []
    issues: dict[str, None] = {}
    try:
        for debate in read_debates(task.file, partial=task.partial, date=task.date or None):
            warnings += warnings_of(debate)
            year = debate.date[:4] if debate.date else UNDATED
            asked = predictor.asked(debate)
            issues |= dict.fromkeys(issue.name for issue in asked)
            frame = predictor.on(debate, issues=asked)
            years.setdefault(year, []).append(frame.assign(file=task.name, date=debate.date))
    except ReadError as error:
        return Done(task.name, error=str(error).replace(task.file, task.name, 1))
    return Done(task.name, task.write(years), warnings=tuple(warnings), issues=tuple(issues))


def predict_elsewhere(description: Description, task: FileTask) -> Done:
    """Do one file in a process that has no predictor yet."""
    return predict_file(Predictor.described(description), task)
