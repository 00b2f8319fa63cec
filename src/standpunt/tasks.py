"""Tasks: which rows are classified, with which labels."""

from __future__ import annotations

from dataclasses import dataclass

from standpunt.annotation.layers import STANCES
from standpunt.corpora.rows import NONE
from standpunt.errors import unknown_name


@dataclass(frozen=True, slots=True)
class Task:
    """A classification task over (turn, issue) pairs.

    Attributes:
        name: the name used in configurations.
        labels: the label scheme, in column order.
        with_none: whether pairs that do not address the issue are rows too.
        data_set: the data set of the user's that the task is made for; None for annotated corpora.
    """

    name: str
    labels: tuple[str, ...]
    with_none: bool = False
    data_set: str | None = None


TASKS = {
    task.name: task
    for task in (
        Task("stance", STANCES),
        Task("stance_joint", (*STANCES, NONE), with_none=True),
        Task("advice", ("oordeel Kamer", "ontraden", "ontijdig", "overbodig"), data_set="moties"),
    )
}


def get_task(name: str) -> Task:
    """Return a task by name.

    Raises:
        InputError: there is no such task.
    """
    if name not in TASKS:
        raise unknown_name("task", name, TASKS)
    return TASKS[name]
