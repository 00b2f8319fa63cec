"""Tasks: which rows are classified, with which labels."""

from __future__ import annotations

from dataclasses import dataclass

from standpunt.annotation.arguments import COMPONENTS, FRAMES, RELATIONS
from standpunt.annotation.layers import NONE, STANCES
from standpunt.errors import unknown_name
from standpunt.evaluation.condition import ADDRESSED

TURN, SENTENCE = "turn", "sentence"


@dataclass(frozen=True, slots=True)
class Task:
    """A classification task over (turn, issue) pairs or over sentences.

    Attributes:
        name: the name used in configurations.
        labels: the label scheme, in column order.
        with_none: whether pairs that do not address the issue are rows too.
        data_set: the data set of the user's that the task is made for; None for annotated corpora.
        unit: "turn" where a row is a turn with an issue; "sentence" where it is a sentence of a turn, or two of them.
    """

    name: str
    labels: tuple[str, ...]
    with_none: bool = False
    data_set: str | None = None
    unit: str = TURN


TASKS = {
    task.name: task
    for task in (
        Task("stance", STANCES),
        Task("stance_joint", (*STANCES, NONE), with_none=True),
        Task("advice", ("oordeel Kamer", "ontraden", "ontijdig", "overbodig"), data_set="moties"),
        # What a sentence does in the argument of its turn: all at once, or in the two steps of the literature.
        Task("component", COMPONENTS, unit=SENTENCE),
        Task("argument", ("argument", NONE), unit=SENTENCE),
        Task("claim_premise", ("claim", "premise"), unit=SENTENCE),
        # What a premise appeals to, and which claim of its turn it supports or attacks.
        Task("frame", FRAMES, unit=SENTENCE),
        Task("link", (*RELATIONS, NONE), unit=SENTENCE),
    )
}
# What an argument model is made of, and the subfolders of a saved one.
PARTS = ("component", "frame", "link")


def get_task(name: str) -> Task:
    """Return a task by name.

    Raises:
        InputError: there is no such task.
    """
    if name not in TASKS:
        raise unknown_name("task", name, TASKS)
    return TASKS[name]


def labels_on(scope: str, task: Task) -> tuple[str, ...]:
    """Return the labels that count in a scope: "none" does not where the rows are those that address the issue."""
    return tuple(label for label in task.labels if label != NONE or scope != ADDRESSED)
