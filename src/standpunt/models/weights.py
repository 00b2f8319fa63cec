"""Fitted scikit-learn parts in a file that is read without executing anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED

# skops is imported where it is used: it brings torch with it, seconds that a run which saves nothing need not spend.


def write_parts(parts: Mapping[str, Any], path: Path) -> None:
    """Write the fitted parts of a model, numpy arrays and scikit-learn estimators among them, without pickle."""
    from skops import io

    io.dump(dict(parts), path, compression=ZIP_DEFLATED)  # nine tenths smaller: vocabularies are text


def read_parts(path: Path, trusted: Sequence[str] = ()) -> dict[str, Any]:
    """Read what `write_parts` wrote.

    Args:
        path: the file.
        trusted: types by name that the file may hold beyond those that skops trusts by itself.

    Raises:
        skops.io.exceptions.UntrustedTypesFoundException: the file asks for another type.
    """
    from skops import io

    return io.load(path, trusted=list(trusted))
