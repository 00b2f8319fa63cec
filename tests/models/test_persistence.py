"""Model folders that are missing, damaged, or from elsewhere."""

import hashlib
import json
import pickle
import shutil

import pytest

from standpunt.errors import InputError, ModelError, StandpuntError
from standpunt.models import Model
from standpunt.models.controls.majority import Majority
from standpunt.models.persistence import _seal, reseal, write_view
from standpunt.models.provenance import Provenance


class Tripwire:
    """Notes when it is unpickled."""

    crossed = False

    def __reduce__(self):
        return setattr, (Tripwire, "crossed", True)


def change(folder, **fields):
    manifest = json.loads((folder / "model.json").read_text("utf-8"))
    (folder / "model.json").write_text(json.dumps(manifest | fields), encoding="utf-8")


def refused(folder):
    """Load a folder that must be refused, and return the message."""
    with pytest.raises(ModelError) as caught:
        Model.load(folder)
    message = str(caught.value)
    assert caught.value.exit_code == 2
    assert "\n" not in message
    assert message.startswith(str(folder))
    return message


def test_a_whole_folder_loads(saved):
    assert Model.load(saved).family == "majority"
    assert Model.load(str(saved)).labels == ("favor", "against", "neutral")


def test_missing_folder(tmp_path):
    assert "no such model folder" in refused(tmp_path / "nothing")


def test_file_instead_of_a_folder(tmp_path):
    (tmp_path / "model").write_text("")
    assert "no such model folder" in refused(tmp_path / "model")


def test_folder_without_manifest(saved):
    (saved / "model.json").unlink()
    assert "no model.json in it" in refused(saved)


@pytest.mark.parametrize("text", ["", "{", "\ufffe", "{'single': 'quotes'}"])
def test_manifest_that_is_no_json(saved, text):
    (saved / "model.json").write_text(text, encoding="utf-8")
    assert str(saved / "model.json") in refused(saved)


def test_manifest_that_is_no_text(saved):
    (saved / "model.json").write_bytes(b"\xff\xfe\x00")
    assert str(saved / "model.json") in refused(saved)


@pytest.mark.parametrize("text", ["[]", "null", "{}", '"model"'])
def test_manifest_that_is_something_else(saved, text):
    (saved / "model.json").write_text(text)
    assert "expected format 2" in refused(saved)


def test_manifest_of_another_format(saved):
    change(saved, format=1)
    assert "expected format 2" in refused(saved)


def test_unknown_family(saved):
    change(saved, family="majorty")
    assert "did you mean 'majority'" in refused(saved)


def test_issue_that_is_malformed(saved):
    change(saved, issues=[{"name": "no_fly_zone", "proposition": "Dicht."}])
    assert "proposition" in refused(saved)


@pytest.mark.parametrize("issues", [["no_fly_zone"], [{}], None, 3])
def test_issues_that_are_no_records(saved, issues):
    change(saved, issues=issues)
    assert str(saved / "model.json") in refused(saved)


@pytest.mark.parametrize(
    "fields",
    [
        {"config": None},
        {"config": []},
        {"labels": None},
        {"labels": 3},
        {"labels": "favor"},
        {"provenance": {"cats": 3}},
        {"provenance": None},
        {"files": None},
        {"files": {}},
        {"files": ["weights.json"]},
        {"family": None},
        {"family": ["majority"]},
    ],
    ids=str,
)
def test_fields_of_the_wrong_kind(saved, fields):
    change(saved, **fields)
    refused(saved)


@pytest.mark.parametrize("field", ["family", "config", "labels", "issues", "provenance", "files"])
def test_missing_field(saved, field):
    manifest = json.loads((saved / "model.json").read_text("utf-8"))
    del manifest[field]
    (saved / "model.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert str(saved / "model.json") in refused(saved)


def with_setting(folder, place, **settings):
    """Add settings at a place in the configuration of a saved model, as a newer version would."""
    manifest = json.loads((folder / "model.json").read_text("utf-8"))
    part = manifest["config"]
    for key in place:
        part = part[key]
    part |= settings
    manifest["versions"]["standpunt"] = "99.0"
    del manifest["sha256"]
    change(folder, **manifest, sha256=_seal(manifest))


@pytest.mark.parametrize("place", [(), ("members", "words")], ids=["of the model", "of one within it"])
def test_a_setting_of_a_newer_version_is_refused(make, rows, tmp_path, place):
    make("blend").fit(rows).save(tmp_path / "model")
    with_setting(tmp_path / "model", place, laplace=5.0)
    message = refused(tmp_path / "model")
    assert "setting 'laplace' of family" in message
    assert "the model was made by 99.0; install that version, or a newer one" in message


def test_an_error_with_a_sentence_of_its_own_keeps_it(saved, monkeypatch):
    def fail(*_):
        raise StandpuntError("the cache is full")

    monkeypatch.setattr(Majority, "_load_weights", fail)
    with pytest.raises(StandpuntError, match=r"^the cache is full$"):
        Model.load(saved)


def test_a_name_that_is_nearly_one_of_those_that_ship():
    with pytest.raises(ModelError, match="unknown model folder or shipped model 'standpunt-nx': did you mean"):
        Model.load("standpunt-nx")


def test_missing_weights(saved):
    (saved / "weights.json").unlink()
    assert f"{saved / 'weights.json'}: missing" in refused(saved)


@pytest.mark.parametrize(
    ("name", "file"), [("majority", "weights.json"), ("tfidf", "weights.safetensors"), ("tfidf", "words.json")]
)
def test_one_byte_changed_in_the_weights(make, rows, tmp_path, name, file):
    folder = tmp_path / "model"
    make(name).fit(rows).save(folder)
    weights = folder / file
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    assert f"{weights}: its content is not what was saved" in refused(folder)


@pytest.fixture
def words(make, rows, tmp_path):
    """Return the folder of a saved model with two files of weights, and a function that seals it as it then is."""
    folder = tmp_path / "model"
    make("tfidf").fit(rows).save(folder)

    def seal():
        manifest = json.loads((folder / "model.json").read_text("utf-8"))
        manifest["files"] = {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in manifest["files"]
        }
        del manifest["sha256"]
        change(folder, files=manifest["files"], sha256=_seal(manifest))

    return folder, seal


def test_a_sealed_folder_loads(words):
    folder, seal = words
    seal()
    assert Model.load(folder).family == "tfidf"


@pytest.mark.parametrize(
    "content", [b"", b"\x08", b"PK\x03\x04", b"\xff" * 64, pickle.dumps(Tripwire()), b'[{"ngrams": 3}]'], ids=repr
)
@pytest.mark.parametrize("name", ["weights.safetensors", "words.json"])
def test_weights_of_another_kind_are_refused_though_sealed_and_not_executed(words, name, content):
    folder, seal = words
    (folder / name).write_bytes(content)
    seal()
    assert "the weights cannot be read" in refused(folder)
    assert not Tripwire.crossed


def test_words_that_do_not_belong_to_the_weights_are_refused_though_sealed(words):
    folder, seal = words
    said = json.loads((folder / "words.json").read_text("utf-8"))
    (folder / "words.json").write_text(json.dumps(said | {"ngrams": said["ngrams"][1:]}), encoding="utf-8")
    seal()
    assert "the weights cannot be read" in refused(folder)


def test_truncated_weights(saved):
    weights = saved / "weights.json"
    weights.write_bytes(weights.read_bytes()[:-4])
    assert str(weights) in refused(saved)


def test_weights_for_other_labels(saved):
    change(saved, labels=["favor", "against"])
    refused(saved)


def test_a_card_has_the_languages_and_names_an_issue_to_try_where_the_model_has_none(make, rows, tmp_path):
    model = make("majority").fit(rows)
    model.issues = {}
    model.provenance = Provenance(corpora=["unsc"], languages=["en"])
    model.save(tmp_path / "model")
    card = (tmp_path / "model" / "README.md").read_text("utf-8")
    assert "`standpunt predict this/folder report.txt --issues no_fly_zone --out out.csv`" in card
    assert "language: [en]\ntags" in card
    assert "(language:\nen; seed 0" in card
    assert "in the table of the run that made it" in card


# One model that is kept once and answers for several.
@pytest.fixture
def whole(make, rows, tmp_path):
    """Return the folder of a whole with a model, and one part that is a view of it."""
    folder = tmp_path / "whole"
    make("majority").fit(rows).save(folder / "kept")
    (folder / "part").mkdir()
    write_view(folder / "part" / "read", folder / "kept", "stance")
    return folder


def test_a_view_is_what_the_model_answers_for_its_task(whole, rows, monkeypatch):
    assert (whole / "part" / "read" / "model.json").stat().st_size < 500
    assert [path.name for path in (whole / "part" / "read").iterdir()] == ["model.json"]
    asked = []
    monkeypatch.setattr(Majority, "answering", lambda self, task: asked.append(task) or self)
    model = Model.load(whole / "part" / "read")
    assert asked == ["stance"]
    assert (model.predict_proba(rows) == Model.load(whole / "kept").predict_proba(rows)).all()


def test_a_whole_can_be_put_elsewhere(whole, tmp_path):
    whole.rename(tmp_path / "elsewhere")
    assert Model.load(tmp_path / "elsewhere" / "part" / "read").family == "majority"


def test_a_view_without_what_it_is_of_is_refused(whole, tmp_path):
    shutil.copytree(whole / "part" / "read", tmp_path / "alone")
    assert "of a part of another model" in refused(tmp_path / "alone")


def test_a_view_of_another_model_is_refused(whole, make, rows):
    shutil.rmtree(whole / "kept")
    make("majority").fit(rows[:7]).save(whole / "kept")
    with pytest.raises(ModelError, match=r"kept: not the model that .*read/model\.json was made from; copy the whole"):
        Model.load(whole / "part" / "read")


def test_a_changed_view_is_refused(whole):
    change(whole / "part" / "read", task="frame")
    assert "its content is not what was saved" in refused(whole / "part" / "read")
    change(whole / "part" / "read", files=None)
    assert "not what was saved" in refused(whole / "part" / "read")


def test_a_task_that_the_model_did_not_learn_is_refused(whole):
    write_view(whole / "part" / "frame", whole / "kept", "frame")
    with pytest.raises(InputError, match="learns only its own task"):
        Model.load(whole / "part" / "frame")


def test_a_model_whose_part_was_replaced_is_sealed_anew(make, rows, tmp_path):
    blend = make("blend").fit(rows)
    blend.save(tmp_path / "blend")
    blend.members["all"].save(tmp_path / "kept")
    shutil.rmtree(tmp_path / "blend" / "all")
    write_view(tmp_path / "blend" / "all", tmp_path / "kept", "stance")
    assert "all" in refused(tmp_path / "blend")
    reseal(tmp_path / "blend")
    assert (Model.load(tmp_path / "blend").predict_proba(rows) == blend.predict_proba(rows)).all()
