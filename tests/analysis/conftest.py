"""The small debate and what a model says of it."""

import pytest

from small_debate import make_debate, make_stances


@pytest.fixture(scope="session")
def debate():
    return make_debate()


@pytest.fixture(scope="session")
def stances():
    return make_stances()
