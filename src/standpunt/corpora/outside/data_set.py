"""What a data set is that is no folder of annotated debates: a file of the user's, and how it becomes rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standpunt.annotation.issues import Issue
from standpunt.registry import Registry


@dataclass(frozen=True, eq=False)  # there is one of each name; an issue has no hash
class DataSet:
    """A data set by name.

    Attributes:
        name: as configurations give it.
        file: where it is looked for in the folder of data sets (`paths.data`): a file, or a folder of files.
        tasks: the tasks that it has labels for.
        rows: yields the rows of a file for a task: mappings with `label` and those columns of
            `standpunt.corpora.rows.row` that it has values for, `language` among them, and a column `part` ("train",
            "dev", others to test on) where it is divided. It raises InputError, naming the line, where the file is not
            what is expected.
        issue: the one that all rows are about, where there is one. Else its statements are its issues, and nothing
            defines them beyond their wording.
        of_debates: whether its issues are those of annotated corpora.
        defined: whether its issues may have the names of issues that ship, and are then these.
    """

    name: str
    file: str
    tasks: tuple[str, ...]
    rows: Callable[[Path, str], Iterator[dict[str, Any]]]
    issue: Issue | None = None
    of_debates: bool = False
    defined: bool = False

    def path(self, data: str) -> Path:
        """Return the place of its file in the folder of data sets."""
        return Path(data) / self.file


DATA_SETS: Registry[DataSet] = Registry(
    "data set",
    "standpunt.data_sets",
    {name: f"standpunt.corpora.outside.{name}:DATA_SET" for name in (
        "be_speech_vote", "bundestag_vote", "cimt", "elecdeb", "handeset", "ibm_claim_stance", "moties", "motion_pairs",
        "perspectrum", "serbparl", "sick_nl", "stellingen", "stemwijzer", "table", "unsc", "vast", "votes",
        "wahlomat_de", "xstance",
    )}
    | {"contrast": "standpunt.corpora.contrast:DATA_SET"},
)  # fmt: skip
