"""A package that a family needs and that is not installed."""

import pytest

from standpunt.errors import InputError
from standpunt.models.packages import installed


@pytest.mark.parametrize("module", ["no_such_package", "no_such_package.within"])
def test_a_missing_package_is_named(module):
    with (
        pytest.raises(
            InputError, match=r"model words needs the package no_such_package, .*pip install no_such_package"
        ),
        installed("words"),
    ):
        __import__(module)


def test_another_error_stays_what_it_is():
    with pytest.raises(ZeroDivisionError), installed("words"):
        1 / 0  # noqa: B018
