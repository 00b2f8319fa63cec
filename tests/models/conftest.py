"""Rows to train on and one trained model of every shipped model configuration."""

import pytest
from hydra import compose, initialize_config_dir

from standpunt.annotation.issues import load_issues
from standpunt.config import register_schema, to_config
from standpunt.corpora.corpus import load_corpus
from standpunt.corpora.rows import column
from standpunt.models import build
from standpunt.models.base import Provenance
from standpunt.paths import configs_dir

LABELS = ("favor", "against", "neutral")
SHIPPED = sorted(path.stem for path in (configs_dir() / "model").glob("*.yaml"))


def compose_model(name):
    register_schema()
    with initialize_config_dir(config_dir=str(configs_dir()), version_base="1.3"):
        return to_config(compose("config", [f"model={name}"])).model


def pytest_generate_tests(metafunc):
    """Ask for `model_name` and run once for every shipped model configuration."""
    if "model_name" in metafunc.fixturenames:
        metafunc.parametrize("model_name", SHIPPED, scope="session")


@pytest.fixture(scope="session")
def dataset():
    """Sixty rows spread over the fictional corpus: all labels, all issues, some speakers without a party."""
    rows = load_corpus("fictional").rows()
    chosen = rows.select(range(0, len(rows), len(rows) // 60)).select(range(60))
    assert set(column(chosen, "label")) == set(LABELS)
    assert None in column(chosen, "party")
    return chosen


@pytest.fixture(scope="session")
def rows(dataset):
    return dataset.to_list()


@pytest.fixture(scope="session")
def make(rows):
    """Return a function that builds an untrained model of a shipped configuration."""
    issues = load_issues(sorted({row["issue"] for row in rows}))
    return lambda name, labels=LABELS: build(compose_model(name), labels, issues)


@pytest.fixture(scope="session")
def model(model_name, make, rows):
    """Return a trained model; tests must not train it again."""
    trained = make(model_name).fit(rows, seed=3)
    trained.provenance = Provenance("stance", ["fictional"], len(rows), "ab" * 32, 3)
    return trained


@pytest.fixture
def saved(make, rows, tmp_path):
    """Return the folder of a small saved model."""
    folder = tmp_path / "model"
    make("majority").fit(rows).save(folder)
    return folder
