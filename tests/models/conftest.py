"""Rows to train on and one trained model of every shipped model configuration, and a few beside."""

from dataclasses import replace
from functools import cache

import pytest
from hydra import compose, initialize_config_dir

from standpunt.annotation.issues import load_issues
from standpunt.experiment.config import register_schema, to_config
from standpunt.models import build
from standpunt.storage.paths import configs_dir
from standpunt.testing import LABELS, contract_rows

SHIPPED = sorted(path.stem for path in (configs_dir() / "model").glob("*.yaml"))
# What is shipped with an encoder is tested with a tiny one, and with little training.
CROSS = {"epochs": 2, "lora_rank": 4, "learning_rate": 1e-3, "window_words": 60, "max_tokens": 96, "batch_size": 32}
WORDS = {"name": "tfidf", "family": "tfidf"}
MEMBERS = {"members": {"words": WORDS, "all": {"name": "m", "family": "majority"}}}
CHANGED = {
    "cross_encoder": {**CROSS, "n_seeds": 2},
    "cross_encoder, full": {**CROSS, "tuning": "full", "head": "standard"},
    "cross_encoder, standard": {**CROSS, "head": "standard"},
    "cross_encoder, context": {**CROSS, "epochs": 1, "context": True, "context_words": 20},
    "llm": {"examples": 4, "choose": "words", "balanced": False, "calibration_rows": 20},
    "collective": {"base": WORDS, "folds": 2},
    "collective_gemma": {"base": {"name": "m", "family": "majority"}, "folds": 2},
    "collective_taught": {"base": {"name": "m", "family": "majority"}, "folds": 2},
    "embeddings": {"window_words": 60, "max_tokens": 96},
    "nli": {"window_words": 30, "max_tokens": 96},
    "blend": MEMBERS,
    "pairs_gemma": {**CROSS, "n_seeds": 2, "trained_layers": 2},
    "poles": {"window_words": 60, "max_tokens": 96, "epochs": 2, "n_seeds": 2},
    "poles_gemma": {"window_words": 60, "max_tokens": 96, "epochs": 2, "n_seeds": 2},
    "poles_taught": {"window_words": 60, "max_tokens": 96, "epochs": 2, "n_seeds": 2},
    "words_and_poles": MEMBERS,
    "words_and_poles_gemma": MEMBERS,
    "words_and_poles_taught": MEMBERS,
    "two_stage": {"second": WORDS},
}
NAMES = sorted({*SHIPPED, *CHANGED})
SLOW = ("cross_encoder", "nli", "pairs_gemma", "poles_gemma", "poles_taught")


@cache
def compose_model(name):
    register_schema()
    with initialize_config_dir(config_dir=str(configs_dir()), version_base="1.3"):
        return to_config(compose("config", [f"model={name}"])).model


def pytest_generate_tests(metafunc):
    """Ask for `model_name` and run once for every shipped model configuration."""
    if "model_name" in metafunc.fixturenames:
        names = [pytest.param(name, marks=pytest.mark.slow if name.startswith(SLOW) else ()) for name in NAMES]
        metafunc.parametrize("model_name", names, scope="session")


@pytest.fixture(scope="session")
def dataset():
    """Sixty rows spread over the fictional corpus: all labels, all issues, some speakers without a party."""
    return contract_rows()


@pytest.fixture(scope="session")
def rows(dataset):
    return dataset.to_list()


@pytest.fixture(scope="session")
def tiny_encoder(rows, tmp_path_factory):
    """Return the folder of an encoder with random weights."""
    from tiny_bert import save_tiny_bert

    return str(save_tiny_bert(tmp_path_factory.mktemp("encoder"), [row["text"] for row in rows]))


@pytest.fixture(scope="session")
def tiny_nli(rows, tmp_path_factory):
    """Return the folder of an NLI model with random weights."""
    from tiny_bert import save_tiny_bert

    texts, answers = [row["text"] for row in rows], ["neutral", "ENTAILMENT", "contradiction"]
    return str(save_tiny_bert(tmp_path_factory.mktemp("nli"), texts, labels=answers))


@pytest.fixture(scope="session")
def tiny_gemma(rows, tmp_path_factory):
    """Return the folder of a sentence encoder with prompts, pooling and dense layers, with random weights."""
    from tiny_gemma import save_tiny_gemma

    return str(save_tiny_gemma(tmp_path_factory.mktemp("gemma") / "tiny", [row["text"] for row in rows]))


@pytest.fixture(scope="session")
def language_model():
    """Return the address of a server that answers as a language model does, by the examples it is shown."""
    from fake_llm import FakeLlm

    fake = FakeLlm()
    yield fake.url
    fake.close()


# Which tiny encoder stands for that of a configuration, by its name.
TINY = {"pairs_gemma": "tiny_gemma", "poles_gemma": "tiny_gemma", "nli": "tiny_nli"}


@pytest.fixture(scope="session")
def make(rows, request):
    """Return a function that builds an untrained model of a shipped configuration, with a tiny encoder if with one."""
    issues = load_issues(sorted({row["issue"] for row in rows}))

    def untrained(name, labels=LABELS, **changes):
        config = compose_model(name.partition(",")[0])
        if config.family == "llm":
            changes = {"base_url": request.getfixturevalue("language_model"), "cache": None, **changes}
        if hasattr(config, "encoder"):
            encoder = request.getfixturevalue(TINY.get(config.name, "tiny_encoder"))
            changes = {"encoder": encoder, **changes}
        return build(replace(config, **{**CHANGED.get(name, {}), **changes}), labels, issues)

    return untrained


@pytest.fixture
def saved(make, rows, tmp_path):
    """Return the folder of a small saved model."""
    folder = tmp_path / "model"
    make("majority").fit(rows).save(folder)
    return folder


@pytest.fixture
def trained_on(monkeypatch):
    """Let cross-encoders stay as they are; return the examples (`train`, `dev`) that their training was given."""
    seen = {}

    def finetune(network, tokenizer, train, dev, *_, **__):
        seen.update(train=train, dev=dev)
        network.eval()
        return {"updates": 0}

    monkeypatch.setattr("standpunt.models.finetuned.cross_encoder.finetune", finetune)
    return seen
