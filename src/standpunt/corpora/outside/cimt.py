"""CIMT: German sentences of citizen participation on traffic, marked as position, premise, both or neither.

Tab-separated files with a head, among the columns `document_id`, `content`, `code` (mpos, premise, mpos+premise,
non-arg) and `dataset`. Source: J. Romberg, S. Conrad, Citizen Involvement in Urban Planning: How Can Municipalities Be
Supported in Evaluating Public Participation Processes?, ArgMining 2021. CC BY-SA 4.0; the files are the user's.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from standpunt.corpora.outside.data_set import DataSet
from standpunt.corpora.outside.records import ADVICE, files_in, plain
from standpunt.corpora.rows import NONE
from standpunt.corpora.sentence_rows import COMPONENT_TASKS, component_label, sentence_rows
from standpunt.errors import InputError
from standpunt.storage.json_lines import text_lines

_USED = ("document_id", "content", "code", "dataset")
# As in the codebook, a sentence with position and reason is a claim.
_COMPONENTS = {"mpos": "claim", "mpos+premise": "claim", "premise": "premise", "non-arg": NONE}
_TRAIN = "CD_B"


def rows(path: Path, task: str) -> Iterator[dict[str, Any]]:
    """Yield one row a sentence; see `sentence_rows`. `path` is a file or the folder of all of them.

    A contribution stands in the columns `debate` and `turn`. The column `part` is "train" for the largest process, the
    cycling dialogue of Bonn (CD_B), and the name of the process for the others.

    Raises:
        InputError: a file cannot be read, lacks a column, or has a malformed line; the message names it.
    """
    for file in files_in(path, "dataset_*.tsv*"):
        for document, group in groupby(_records(file), key=lambda record: record["document_id"]):
            members = list(group)
            process = members[0]["dataset"]
            about = {
                "id": f"cimt/{document}",
                "debate": document,
                "date": None,
                "language": "de",
                "turn": document,
                "speaker": document,
                "party": None,
                "role": "guest",
                "part": "train" if process == _TRAIN else process,
            }
            labels = [component_label(_COMPONENTS[member["code"]], task) for member in members]
            yield from sentence_rows(about, [plain(member["content"]) for member in members], labels, task)


def _records(file: Path) -> Iterator[dict[str, str]]:
    reader = csv.DictReader(text_lines(file, ADVICE), delimiter="\t", strict=True)
    try:
        missing = [name for name in _USED if name not in (reader.fieldnames or ())]
        if missing:
            raise InputError(
                f"{file}, line 1: no column {', '.join(missing)}; expected {', '.join(_USED)}, parted by tabs"
            )
        for record in reader:
            # DictReader has None for a column that is missing, and names what is too much None.
            if None in record or None in record.values() or record["code"] not in _COMPONENTS:
                raise InputError(
                    f"{file}, line {reader.line_num}: expected {len(reader.fieldnames or ())} columns, and code one of "
                    f"{', '.join(_COMPONENTS)}"
                )
            yield record
    except csv.Error as error:
        # What could not be read begins on the line after the last that could.
        where = f"{file}, line {reader.line_num + 1}"
        raise InputError(f"{where}: not tab-separated text ({error}); close its quotes") from None


DATA_SET = DataSet("cimt", "argument/cimt", COMPONENT_TASKS, rows)
