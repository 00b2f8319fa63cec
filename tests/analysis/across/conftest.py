"""A small folder of predictions."""

import pytest

from fictional_predictions import write_folder
from predicted_rows import a_few


@pytest.fixture
def rows():
    return a_few()


@pytest.fixture
def folder(rows, tmp_path):
    return write_folder(rows, tmp_path / "predictions")
