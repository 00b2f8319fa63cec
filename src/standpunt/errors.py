"""The exception family of the package: one clear sentence each, shown without a traceback on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class StandpuntError(Exception):
    """Base of every error the package raises on purpose; the command line exits with `exit_code`."""

    exit_code = 1


class InputError(StandpuntError):
    """The user's file, name or option is wrong; the message says where, what was expected and what to do."""

    exit_code = 2


class ReadError(InputError):
    """A report cannot be read as a debate."""


class LayerError(InputError):
    """An annotation layer is malformed or does not belong to the text it was laid upon."""


class ModelError(InputError):
    """A saved model folder is missing, incomplete or damaged."""


class LeakageError(StandpuntError):
    """A split put the same unit or the same text on both sides."""


class RunError(StandpuntError):
    """A run or a sweep failed after it started."""


def require(condition: bool, key: str, value: object, expected: str) -> None:
    """Refuse a value that a configuration gives.

    Raises:
        InputError: the condition does not hold.
    """
    if not condition:
        raise InputError(f"configuration: {key} is {value}; expected {expected}")


def unknown_name(what: str, name: str, known: Iterable[str]) -> InputError:
    """Return the error for an unknown `name`, with the nearest known one or, where none is near, the whole list.

    Args:
        what: what the name stands for, e.g. "issue".
        name: the name that was given.
        known: the names that exist.
    """
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(names) or 'none'}"
    return InputError(f"unknown {what} {name!r}: {hint}")
