"""What every model of the package keeps to, whatever its family."""

import errno
import zipfile
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from datasets import Dataset
from safetensors import safe_open
from skops.io import get_untrusted_types

from standpunt.errors import InputError, StandpuntError
from standpunt.models import Model

LABELS = ("favor", "against", "neutral")


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_probabilities_are_a_distribution_over_the_labels(model, rows):
    probabilities = model.predict_proba(rows)
    assert probabilities.shape == (len(rows), len(LABELS))
    assert np.isfinite(probabilities).all()
    assert (probabilities >= 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-9)


def test_prediction_is_the_most_probable_label(model, rows):
    assert model.labels == LABELS
    assert model.predict(rows) == [LABELS[index] for index in model.predict_proba(rows).argmax(axis=1)]


def test_columns_follow_the_order_of_the_labels(model, model_name, make, rows):
    turned = make(model_name, LABELS[::-1]).fit(rows, seed=3)
    assert turned.labels == LABELS[::-1]
    np.testing.assert_allclose(turned.predict_proba(rows)[:, ::-1], model.predict_proba(rows), atol=1e-3)


@pytest.mark.parametrize("empty", [[], Dataset.from_list([]), pd.DataFrame()], ids=["list", "Dataset", "DataFrame"])
def test_no_rows_give_no_probabilities(model, empty):
    assert model.predict_proba(empty).shape == (0, len(LABELS))
    assert model.predict(empty) == []


@pytest.mark.parametrize("shape", ["Dataset", "DataFrame of records", "DataFrame of Dataset"])
def test_rows_of_any_shape_are_the_same(model, model_name, make, dataset, rows, shape):
    frames = {"DataFrame of records": pd.DataFrame(rows), "DataFrame of Dataset": dataset.to_pandas()}
    given = frames.get(shape, dataset)
    expected = model.predict_proba(rows)
    np.testing.assert_array_equal(model.predict_proba(given), expected)
    np.testing.assert_array_equal(make(model_name).fit(given, seed=3).predict_proba(rows), expected)


def test_a_subset_of_rows_gets_the_same_probabilities(model, rows):
    np.testing.assert_allclose(model.predict_proba(rows[7:9]), model.predict_proba(rows)[7:9], atol=1e-6)


def test_same_seed_twice_is_identical(model, model_name, make, rows):
    again = make(model_name).fit(rows, seed=3)
    np.testing.assert_array_equal(again.predict_proba(rows), model.predict_proba(rows))
    assert again.provenance.seed == 3


def test_round_trip_changes_nothing(model, rows, tmp_path):
    model.save(tmp_path / "model")
    loaded = Model.load(tmp_path / "model")
    assert type(loaded) is type(model)
    np.testing.assert_array_equal(loaded.predict_proba(rows), model.predict_proba(rows))
    assert loaded.predict(rows) == model.predict(rows)
    assert (loaded.labels, loaded.config) == (model.labels, model.config)
    assert list(loaded.issues) == list(model.issues)
    assert loaded.issues == model.issues
    assert loaded.provenance == model.provenance


def test_a_loaded_model_can_be_saved_again(model, rows, tmp_path):
    model.save(tmp_path / "one")
    Model.load(tmp_path / "one").save(tmp_path / "two")
    np.testing.assert_array_equal(Model.load(tmp_path / "two").predict_proba(rows), model.predict_proba(rows))


def test_nothing_is_pickled(model, tmp_path):
    model.save(tmp_path / "model")
    files = files_of(tmp_path / "model")
    for path in (tmp_path / "model").rglob("*.skops"):
        assert get_untrusted_types(file=path) == []
        with zipfile.ZipFile(path) as archive:
            files |= {f"{path.name}/{name}": archive.read(name) for name in archive.namelist()}
    assert {"model.json", "README.md"} < set(files)
    assert not [name for name in files if name.endswith((".pkl", ".pickle", ".joblib", ".bin", ".pt", ".pth"))]
    for path in (tmp_path / "model").rglob("*.safetensors"):  # begins with the length of its header
        with safe_open(path, "numpy") as tensors:
            assert tensors.keys()
        del files[path.relative_to(tmp_path / "model").as_posix()]
    assert not [name for name, content in files.items() if content.startswith(b"\x80")]


def test_save_refuses_a_folder_with_something_in_it(model, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="exists already"):
        model.save(tmp_path / "model")
    assert files_of(tmp_path) == {"model/thesis.txt": b"years of work"}


def test_save_fills_an_empty_folder(model, rows, tmp_path):
    (tmp_path / "model").mkdir()
    model.save(tmp_path / "model")
    assert Model.load(tmp_path / "model").predict(rows) == model.predict(rows)


def test_save_refuses_a_file(model, tmp_path):
    (tmp_path / "model").write_text("years of work")
    with pytest.raises(InputError, match="exists already"):
        model.save(tmp_path / "model")
    assert files_of(tmp_path) == {"model": b"years of work"}


def test_save_that_fails_half_way_leaves_nothing(model, tmp_path, monkeypatch):
    whole = type(model)._save_weights

    def fill_the_disk(self, folder):
        whole(self, folder)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(model), "_save_weights", fill_the_disk)
    with pytest.raises(StandpuntError, match="No space left on device") as caught:
        model.save(tmp_path / "model")
    assert caught.value.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_label_unseen_in_training_still_has_a_column(model_name, make, rows):
    seen = [row for row in rows if row["label"] != "neutral"]
    probabilities = make(model_name).fit(seen).predict_proba(rows)
    assert probabilities.shape == (len(rows), len(LABELS))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-9)
    assert (probabilities[:, 2] < 0.34).all()


def test_training_on_one_label_only_works(model_name, make, rows, tmp_path):
    model = make(model_name).fit([row for row in rows if row["label"] == "against"])
    assert set(model.predict(rows)) == {"against"}
    model.save(tmp_path / "model")
    np.testing.assert_array_equal(Model.load(tmp_path / "model").predict_proba(rows), model.predict_proba(rows))


def test_training_on_one_row_works(model_name, make, rows):
    assert make(model_name).fit(rows[:1]).predict(rows[:3]) == [rows[0]["label"]] * 3


def test_unknown_label_is_refused(model_name, make, rows):
    with pytest.raises(InputError, match="unknown label 'favour': did you mean 'favor'"):
        make(model_name).fit([*rows, {**rows[0], "label": "favour"}])


def test_no_rows_to_train_on_is_refused(model_name, make):
    with pytest.raises(InputError, match="no rows to train on"):
        make(model_name).fit([])


def test_unseen_issue_party_and_words_get_an_answer(model, rows):
    strange = {**rows[0], "issue": "paint_bridges", "party": "Nieuw", "speaker": "Nieuw", "text": "Xyzzy plugh?"}
    probabilities = model.predict_proba([strange, {**strange, "text": ""}])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-9)


def test_card_names_labels_issues_and_provenance(model, rows, tmp_path):
    model.save(tmp_path / "model")
    card = (tmp_path / "model" / "README.md").read_text("utf-8")
    for expected in (f"# {model.config.name}", "favor, against, neutral", f"{len(rows)} rows of fictional", "seed 3"):
        assert expected in card
    assert "abababababababab" in card
    counts = Counter(name for name in model.issues if f"- `{name}`: {model.issues[name].proposition['en']}" in card)
    assert counts == Counter(row_issue for row_issue in {row["issue"] for row in rows})
