import shutil
from dataclasses import replace

import pytest
import yaml

from standpunt.annotation.issues import load_issue
from standpunt.annotation.layers import Label
from standpunt.annotation.made_by import MadeBy
from standpunt.annotation.sources import Source
from standpunt.annotation.standoff import check_name
from standpunt.errors import InputError, LayerError
from standpunt.exchange.annotations import load_annotations, load_debate, save_annotations, updated


def test_folder_is_saved_and_loaded(folder, small):
    annotations = load_annotations(folder)
    assert (annotations.stance, annotations.arguments) == (small.stance, small.arguments)
    assert annotations.annotators == ("adjudicated", "jan@uni.nl", "leeg", "lm-a")
    assert annotations.issues == ("no_fly_zone", "frozen_assets")
    assert annotations.debate.id == "bruggen"
    assert set(annotations.definitions) == set(annotations.issues)
    bare = load_debate(folder)
    assert (bare.stance, bare.arguments, bare.debate) == ({}, {}, annotations.debate)


def test_folder_that_one_stands_in_has_its_name(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert load_debate(".").debate.id == "bruggen"


def test_layers_out_of_order_are_sorted(folder, small):
    path = folder / "stance.lm-a.jsonl"
    head, *records = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *reversed(records)]) + "\n", encoding="utf-8")
    assert load_annotations(folder).stance == small.stance


def test_issue_of_the_corpus_goes_before_a_shipped_one(folder):
    record = load_issue("no_fly_zone").record() | {"pro": {"nl": "Eigen tekst.", "en": "Own text."}}
    (folder.parent / "issues").mkdir()
    own = folder.parent / "issues" / "a.yaml"
    own.write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")
    assert load_annotations(folder).definitions["no_fly_zone"].pro["nl"] == "Eigen tekst."
    # But the name stays that of its proposition.
    own.write_text(yaml.safe_dump(record | {"proposition": record["pro"]}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.yaml: the name 'no_fly_zone' is that of an issue that ships"):
        load_annotations(folder)


def test_two_layers_of_one_annotator_are_refused(folder):
    shutil.copy(folder / "stance.lm-a.jsonl", folder / "stance.lm-z.jsonl")
    with pytest.raises(LayerError, match=r"stance\.lm-z\.jsonl: a second layer of annotator lm-a"):
        load_annotations(folder)


def test_folder_with_another_text_is_refused(folder):
    report = folder / "report.txt"
    report.write_text(report.read_text(encoding="utf-8").replace("duur", "goedkoop"), encoding="utf-8")
    with pytest.raises(LayerError, match=r"source\.json: turn 2 \(Jansen"):
        load_annotations(folder)
    with pytest.raises(LayerError, match=r"no source\.json in it; expected the folder of one debate"):
        load_annotations(folder.parent)


def test_nothing_to_write_and_nothing_written_over(folder, small, tmp_path):
    with pytest.raises(LayerError, match="there is no annotation"):
        save_annotations(small.without_layers(), tmp_path / "out")
    with pytest.raises(InputError, match="exists already"):
        save_annotations(small, folder)
    with pytest.raises(InputError, match="exists already"):
        save_annotations(small, folder / "report.txt")
    assert {path.name for path in tmp_path.iterdir()} == {"bruggen"}


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/b", "a\\b", " a", "a ", "a\nb", "a:b", "x" * 101])
def test_name_that_cannot_be_part_of_a_files(make, small, tmp_path, name):
    with pytest.raises(LayerError, match="part of file names"):
        check_name(name, "a.csv, line 2")
    made = make(small.debate, {name: [Label(2, "no_fly_zone", "favor", "Jansen")]})
    with pytest.raises(LayerError, match="part of file names"):
        save_annotations(made, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["lm-a", "José", "jan@uni.nl", "a b", "J. de Vries", "李"])
def test_name_that_can(name):
    check_name(name, "a.csv, line 2")


def test_source_goes_along(folder, small, tmp_path):
    save_annotations(load_annotations(folder), tmp_path / "out")
    assert Source.load(tmp_path / "out" / "source.json") == small.source


def test_a_layer_that_a_model_made_is_its_own_until_somebody_changes_it(small):
    made_by = MadeBy("m", "tfidf", "2031-02-03", "0.1.0", ("favor", "against", "neutral", "none"))
    name = next(iter(small.stance))
    layer = replace(small.stance[name], made_by=made_by)
    old = replace(small, stance={name: layer})
    back = replace(layer, made_by=None)  # tools know nothing of models
    assert updated(old, replace(small, stance={name: back})).stance[name] == layer
    label = Label(4, "frozen_assets", "neutral", "Jansen")
    changed = replace(back, labels=(*back.labels, label))
    assert updated(old, replace(small, stance={name: changed})).stance[name].made_by is None
