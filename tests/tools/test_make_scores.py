"""The tool that counts how often a model is right on labelled real debates."""

import json
import shutil

import pandas as pd
import pytest
import yaml

from standpunt.annotation.layers import STANCES
from standpunt.corpora.corpus import debate_folders, load_corpus
from standpunt.evaluation.trust import tallies
from standpunt.models import Model, build
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.results.runs import Run
from standpunt.storage.paths import CORPORA

tool = pytest.importorskip("make_scores", reason="the folder tools is not in a source distribution")
NAMES = ("2032-02-04-zorgbegroting", "2032-05-12-huurprijzen")


@pytest.fixture
def corpus(tmp_path):
    """Return a corpus of two debates that says it is of real ones."""
    folder = tmp_path / "real"
    for name in NAMES:
        shutil.copytree(CORPORA / "fictional" / name, folder / name)
    card = {"title": "real", "synthetic": False, "parts": {"dev": [NAMES[1]]}}
    (folder / "corpus.yaml").write_text(yaml.safe_dump(card))
    return folder


@pytest.fixture
def model(tmp_path, corpus):
    loaded = load_corpus(str(corpus))
    rows = loaded.rows(with_none=True).to_list()
    known = dict(list(loaded.issues.items())[:2])
    build(PartyConfig("mine", "party"), (*STANCES, "none"), known).fit(rows).save(tmp_path / "model")
    return tmp_path / "model"


def test_a_model_is_measured_on_issues_that_it_knows_and_on_others(model, corpus, capsys):
    tool.main(str(model), [str(corpus)], [])
    known, new = Model.load(model).scores.measurements
    assert {*known.issues} == {*Model.load(model).issues}
    assert not {*known.issues} & {*new.issues}
    assert (known.known, new.known, known.cross_validated, new.cross_validated) == (True, False, False, False)
    assert known.corpora == new.corpora == ("real",)
    rows = load_corpus(str(corpus)).rows(with_none=True)
    assert known.pairs + new.pairs == len(rows)
    assert new.overall.labelled + known.overall.labelled == sum(label != "none" for label in rows["label"])
    assert f"real: {known.overall.right} of {known.overall.labelled} right" in capsys.readouterr().out


def test_what_it_was_trained_on_and_what_is_invented_is_refused(model):
    loaded = Model.load(model)
    with pytest.raises(SystemExit, match="invented debates"):
        list(tool.unseen(loaded, "fictional"))
    loaded.provenance.corpora = ["fictional"]
    with pytest.raises(SystemExit, match="trained on it"):
        list(tool.unseen(loaded, "fictional"))


def test_debates_are_divided_whole_and_each_is_held_out_once(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "FOLDS", 2)
    tool.divide(tmp_path / "folds", [str(corpus)])
    held = [[path.name for path in debate_folders(tmp_path / "folds" / f"held-{fold}")] for fold in range(2)]
    rest = [[path.name for path in debate_folders(tmp_path / "folds" / f"rest-{fold}")] for fold in range(2)]
    assert sorted(held) == sorted(rest) == [[NAMES[0]], [NAMES[1]]]
    for fold in range(2):
        assert held[fold] != rest[fold]
        card = yaml.safe_load((tmp_path / "folds" / f"rest-{fold}" / "corpus.yaml").read_text())
        assert card.get("parts") == ({"dev": [NAMES[1]]} if rest[fold] == [NAMES[1]] else None)
        assert len(load_corpus(str(tmp_path / "folds" / f"rest-{fold}")).debates) == 1


def test_answers_of_runs_leave_out_what_several_are_about(tmp_path, monkeypatch, capsys):
    debates = [path.name for path in debate_folders(CORPORA / "tk-debates")][:2]
    runs = []
    for place, debate in enumerate(debates):
        folder = tmp_path / f"run-{place}"
        folder.mkdir()
        held = f"held-{place}"
        (folder / "status.json").write_text(json.dumps({"state": "finished"}))
        config = {"model": {"name": "mine"}, "corpus": {"name": "fictional"}, "evaluation": {"test": [held]}}
        (folder / "config.yaml").write_text(yaml.safe_dump(config))
        (folder / "environment.json").write_text(json.dumps({"data": {held: "0" * 64}}))
        rows = [(f"own_{place}", "favor", "favor"), (f"own_{place}", "none", "against"), ("both", "favor", "favor")]
        frame = pd.DataFrame(rows, columns=["issue", "gold", "predicted"]).assign(debate=debate, corpus=held)
        other = frame.assign(corpus="fictional")
        everything = pd.concat([frame.assign(scope="all"), frame.assign(scope="addressed"), other.assign(scope="all")])
        everything.to_parquet(folder / "predictions.parquet")
        runs.append(Run.load(folder))
    found = tool.cross_validated(runs)
    assert "left out, since debates of several runs are about it: both" in capsys.readouterr().out
    own = pd.DataFrame({"issue": "own_0", "gold": ["favor", "none"], "predicted": ["favor", "against"]})
    assert found.issues["own_0"] == tallies(own, STANCES)["own_0"]
    assert (found.corpora, found.known, found.cross_validated, found.pairs) == (("tk-debates",), False, True, 4)
