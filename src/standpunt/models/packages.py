"""One sentence where a package that a family needs is not installed."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from standpunt.errors import InputError


@contextmanager
def installed(name: str) -> Generator[None]:
    """Say in one sentence which package the model `name` lacks.

    Raises:
        InputError: a package cannot be imported within the block.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or str(error)).partition(".")[0]
        raise InputError(
            f"model {name} needs the package {package}, which is not installed; install it (pip install {package}) or "
            "take a model that does without"
        ) from error
