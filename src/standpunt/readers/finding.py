"""Report files in folders and lists of files: more than fit on a command line."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from standpunt.errors import InputError

SUFFIXES = (".txt", ".xml", ".pdf")  # of reports; each may have .gz behind it
STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Found:
    """What there is to read.

    Attributes:
        files: those named, and those with the suffix of a report in the folders named.
        folders: how many of them were in folders, by suffix; empty where no folder was named.
        others: how many other files were, by suffix; hidden ones are not counted.
    """

    files: tuple[str, ...]
    folders: Counter[str]
    others: Counter[str]

    @property
    def sentence(self) -> str:
        """What was taken from the folders."""
        taken = f"{self.folders.total()} files taken from folders ({_counts(self.folders)})"
        left = f"; {self.others.total()} others left out ({_counts(self.others)})" if self.others else ""
        return taken + left


def find_reports(names: Sequence[str]) -> Found:
    """Return the files named, and those in the folders named, with their subfolders, in the order of their names.

    Raises:
        InputError: a folder has no reports, or cannot be read.
    """
    files: list[str] = []
    folders: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for name in names:
        if not os.path.isdir(name):
            files.append(name)
            continue
        before = len(files)
        for path in _walk(name):
            suffix = _suffix(path)
            if suffix.removesuffix(".gz") in SUFFIXES:
                folders[suffix] += 1
                files.append(path)
            else:
                others[suffix or "no suffix"] += 1
        if len(files) == before:
            raise InputError(f"{name}: no reports in this folder; expected files with {', '.join(SUFFIXES)} (or .gz)")
    return Found(tuple(files), folders, others)


def listed(place: str) -> list[str]:
    """Return the names in a list of files, a line each; of standard input for "-".

    Raises:
        InputError: the list cannot be read, or is empty.
    """
    expected = "expected the names of files, a line each"
    try:
        data = sys.stdin.buffer.read() if place == STANDARD_INPUT else Path(place).read_bytes()
    except OSError as error:
        raise InputError(f"{place}: cannot be read ({error.strerror}); {expected}") from None
    if b"\0" in data:
        raise InputError(f"{place}: a binary file; {expected}")
    lines = [line.removesuffix(b"\r") for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n")]
    names = [os.fsdecode(line) for line in lines if line.strip()]
    if not names:
        raise InputError(f"{place}: no file is named in it; {expected}")
    return names


def check_readable(files: Sequence[str]) -> None:
    """Refuse files of which none can be opened.

    Raises:
        InputError: none can be.
    """
    unreadable = [why for why in map(_unreadable, files) if why]
    if len(unreadable) == len(files):
        raise InputError(f"{unreadable[0]} ({len(files)} of {len(files)} files could not be read)")


def _walk(folder: str) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: cannot be read ({error.strerror}); expected a folder of reports")

    for place, below, names in os.walk(folder, onerror=refuse):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (os.path.join(place, name) for name in sorted(names) if not name.startswith("."))


def _suffix(path: str) -> str:
    suffixes = Path(path).suffixes[-2:]
    return "".join(suffixes if suffixes[-1:] == [".gz"] else suffixes[-1:]).lower()


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{suffix} {count}" for suffix, count in counter.most_common())


def _unreadable(file: str) -> str | None:
    """Return why a file cannot be opened, None if it can."""
    try:
        with open(file, "rb"):
            return None
    except OSError as error:
        return f"{file}: cannot be read ({error.strerror}); expected the report of a debate"
