"""The exception family of the package: one clear sentence each, shown without a traceback on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

_FEW, _NEAREST = 20, 5  # names that are listed whole, and how many of more than that are


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
    """Return the error for an unknown `name`, with the nearest known one or, where none is near, those there are.

    Where there are many, the nearest few are named: those that have a word of the name, then those written most alike.

    Args:
        what: what the name stands for, e.g. "issue".
        name: the name that was given.
        known: the names that exist.
    """
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        hint = f"did you mean {close[0]!r}?"
    elif len(names) > _FEW:
        hint = f"nearest of {len(names)} are {', '.join(_nearest(name, names))}"
    else:
        hint = f"known are {', '.join(names) or 'none'}"
    return InputError(f"unknown {what} {name!r}: {hint}")


def _nearest(name: str, names: Sequence[str]) -> list[str]:
    words = set(re.split(r"[\W_]+", name.lower())) - {""}
    alike = get_close_matches(name, names, n=len(names), cutoff=0.0)
    return sorted(alike, key=lambda known: -len(words & set(known.lower().split("_"))))[:_NEAREST]
