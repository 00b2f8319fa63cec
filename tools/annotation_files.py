"""What the tools share that turn files of annotators into layers."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from standpunt.debate import Debate
from standpunt.errors import InputError, StandpuntError, unknown_name
from standpunt.readers import read_debates
from standpunt.storage.json_lines import json_lines


def run(parser: argparse.ArgumentParser, work: Callable[[argparse.Namespace], None], arguments: Sequence[str]) -> None:
    """Parse the command line and do the work; an error of the package is one sentence and an exit code."""
    options = parser.parse_args(arguments)
    try:
        work(options)
    except StandpuntError as error:
        parser.exit(error.exit_code, f"{parser.prog}: {error}\n")


def find_debate(report: Path, title: str | None) -> Debate:
    """Return the debate of a report with this title, the first where none is given.

    Raises:
        InputError: the report cannot be read, or has no such debate.
    """
    titles = []
    for debate in read_debates(report):
        if title in (None, debate.title):
            return debate
        titles.append(str(debate.title))
    raise unknown_name(f"debate of {report}", str(title), titles)


def named_files(items: Iterable[str], least: int = 1) -> dict[str, Path]:
    """Return the files of arguments NAME=FILE, by name.

    Raises:
        InputError: an argument is something else, a name is there twice, or there are fewer than `least`.
    """
    files: dict[str, Path] = {}
    for item in items:
        name, _, file = item.partition("=")
        if not (name and file) or name in files:
            raise InputError(f"{item}: expected NAME=FILE, with another name for each file")
        files[name] = Path(file)
    if len(files) < least:
        raise InputError(f"decisions are on what two files differ in; got {', '.join(files)} only")
    return files


def records(path: Path, **fields: type) -> list[tuple[str, dict[str, Any]]]:
    """Return the objects of a JSON Lines file, each with its place; empty lines are passed over.

    Args:
        path: the file.
        fields: what each object must have, and of which type.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    expected = "a JSON object with " + ", ".join(f"{name} ({kind.__name__})" for name, kind in fields.items())
    placed = []
    for where, record in json_lines(path, expected):
        if not all(type(record.get(name)) is kind for name, kind in fields.items()):
            raise InputError(f"{where}: expected {expected}")
        placed.append((where, record))
    return placed
