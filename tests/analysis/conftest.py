"""The small debate and what a model says of it."""

import pytest

from small_debate import make_debate, make_predictions
from standpunt.analysis.stances import stances_of_predictions


@pytest.fixture(scope="session")
def debate():
    return make_debate()


@pytest.fixture(scope="session")
def stances(debate):
    return stances_of_predictions(debate, make_predictions(), {(2, "green_bridges"): ((0, 21),)})
