"""What every model of the package keeps to, whatever its family."""

from functools import partial

import pytest

from standpunt.testing import ModelContract


class TestShipped(ModelContract):
    @pytest.fixture(scope="session")
    @classmethod
    def make(cls, model_name, make):
        return partial(make, model_name)
