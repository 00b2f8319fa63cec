"""The contract of model families as tests, also for families of one's own; needs pytest.

`class TestMine(ModelContract): config = MineConfig()` in a test file is the whole suite for one family.
"""
# ruff: noqa: D102 - tests are named for what they assert

from __future__ import annotations

import errno
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from datasets import Dataset
from numpy.typing import NDArray
from safetensors import safe_open

from standpunt.annotation.issues import load_issues
from standpunt.annotation.layers import STANCES
from standpunt.corpora.corpus import load_corpus
from standpunt.corpora.rows import column
from standpunt.errors import InputError, StandpuntError
from standpunt.models import Model, ModelConfig, build
from standpunt.models.provenance import Provenance

LABELS = STANCES


def contract_rows() -> Dataset:
    """Return sixty rows spread over the corpus `fictional`: all labels, many issues, some speakers without a party."""
    rows = load_corpus("fictional").rows()
    return rows.select(range(0, len(rows), len(rows) // 60)).select(range(60))


class ModelContract:
    """What every model family keeps to: a subclass whose name begins with "Test" is the suite for one of them.

    Attributes:
        config: of the family; the fixture `make` builds models from it and may be overridden instead.
    """

    config: ClassVar[ModelConfig]

    @pytest.fixture(scope="session")
    @classmethod
    def dataset(cls) -> Dataset:
        """Return the rows as `datasets.Dataset`."""
        return contract_rows()

    @pytest.fixture(scope="session")
    @classmethod
    def rows(cls, dataset: Dataset) -> list[dict[str, Any]]:
        """Return the rows as records."""
        return dataset.to_list()

    @pytest.fixture(scope="session")
    @classmethod
    def make(cls, rows: list[dict[str, Any]]) -> Callable[..., Model]:
        """Return a function that builds an untrained model, optionally with the labels in another order."""
        issues = load_issues(sorted({row["issue"] for row in rows}))
        return lambda labels=LABELS: build(cls.config, labels, issues)

    @pytest.fixture(scope="session")
    @classmethod
    def model(cls, make: Callable[..., Model], rows: list[dict[str, Any]]) -> Model:
        """Return a trained model; tests must not train it again."""
        trained = make().fit(rows, seed=3)
        trained.provenance = Provenance("stance", ["fictional"], len(rows), "ab" * 32, 3)
        return trained

    @pytest.fixture(scope="session")
    @classmethod
    def expected(cls, model: Model, rows: list[dict[str, Any]]) -> NDArray[np.float64]:
        """Return what it answers on the rows, shape (n_rows, n_labels): the same whenever it is asked."""
        return model.predict_proba(rows)

    def test_rows_have_all_labels_and_a_missing_party(self, rows):
        assert {row["label"] for row in rows} == set(LABELS)
        assert None in column(rows, "party")

    def test_probabilities_are_a_distribution_over_the_labels(self, model, rows):
        probabilities = model.predict_proba(rows)
        assert probabilities.shape == (len(rows), len(LABELS))
        assert np.isfinite(probabilities).all()
        assert (probabilities >= 0).all()
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-9)

    def test_prediction_is_the_most_probable_label(self, model, rows, expected):
        assert model.labels == LABELS
        assert model.predict(rows) == [LABELS[index] for index in expected.argmax(axis=1)]

    def test_columns_follow_the_order_of_the_labels(self, make, rows, expected):
        turned = make(LABELS[::-1]).fit(rows, seed=3)
        assert turned.labels == LABELS[::-1]
        np.testing.assert_allclose(turned.predict_proba(rows)[:, ::-1], expected, atol=1e-3)

    @pytest.mark.parametrize("empty", [[], Dataset.from_list([]), pd.DataFrame()], ids=["list", "Dataset", "DataFrame"])
    def test_no_rows_give_no_probabilities(self, model, empty):
        assert model.predict_proba(empty).shape == (0, len(LABELS))
        assert model.predict(empty) == []

    @pytest.mark.parametrize("shape", ["Dataset", "DataFrame of records", "DataFrame of Dataset"])
    def test_rows_of_any_shape_are_the_same(self, model, make, dataset, rows, expected, shape):
        frames = {"DataFrame of records": pd.DataFrame(rows), "DataFrame of Dataset": dataset.to_pandas()}
        given = frames.get(shape, dataset)
        np.testing.assert_array_equal(model.predict_proba(given), expected)
        np.testing.assert_array_equal(make().fit(given, seed=3).predict_proba(rows), expected)

    def test_a_subset_of_rows_gets_the_same_probabilities(self, model, rows, expected):
        chosen = [7, 8]
        if model.reads_whole_turns:
            chosen = [place for place, row in enumerate(rows) if row["debate"] == rows[7]["debate"]]
        subset = model.predict_proba([rows[place] for place in chosen])
        np.testing.assert_allclose(subset, expected[chosen], atol=1e-6)

    def test_same_seed_twice_is_identical(self, make, rows, expected):
        again = make().fit(rows, seed=3)
        np.testing.assert_array_equal(again.predict_proba(rows), expected)
        assert again.provenance.seed == 3

    def test_round_trip_changes_nothing(self, model, rows, expected, tmp_path):
        model.save(tmp_path / "model")
        loaded = Model.load(tmp_path / "model")
        assert type(loaded) is type(model)
        np.testing.assert_array_equal(loaded.predict_proba(rows), expected)
        assert loaded.predict(rows) == [LABELS[index] for index in expected.argmax(axis=1)]
        assert (loaded.labels, loaded.config) == (model.labels, model.config)
        assert list(loaded.issues) == list(model.issues)
        assert loaded.issues == model.issues
        assert loaded.provenance == model.provenance

    def test_a_loaded_model_can_be_saved_again(self, model, rows, expected, tmp_path):
        model.save(tmp_path / "one")
        Model.load(tmp_path / "one").save(tmp_path / "two")
        np.testing.assert_array_equal(Model.load(tmp_path / "two").predict_proba(rows), expected)

    def test_nothing_is_pickled(self, model, tmp_path):
        model.save(tmp_path / "model")
        files = files_of(tmp_path / "model")
        archives = [path for path in (tmp_path / "model").rglob("*") if zipfile.is_zipfile(path)]  # npz, skops, pt
        for path in archives:
            with zipfile.ZipFile(path) as archive:
                files |= {f"{path.name}/{name}": archive.read(name) for name in archive.namelist()}
        assert {"model.json", "README.md"} < set(files)
        assert not [name for name in files if name.endswith((".pkl", ".pickle", ".joblib", ".bin", ".pt", ".pth"))]
        for path in (tmp_path / "model").rglob("*.safetensors"):  # begins with the length of its header
            with safe_open(path, "numpy") as tensors:
                assert tensors.keys()
            del files[path.relative_to(tmp_path / "model").as_posix()]
        assert not [name for name, content in files.items() if content.startswith(b"\x80")]

    def test_save_refuses_a_folder_with_something_in_it(self, model, tmp_path):
        (tmp_path / "model").mkdir()
        (tmp_path / "model" / "thesis.txt").write_text("years of work")
        with pytest.raises(InputError, match="exists already"):
            model.save(tmp_path / "model")
        assert files_of(tmp_path) == {"model/thesis.txt": b"years of work"}

    def test_save_fills_an_empty_folder(self, model, rows, expected, tmp_path):
        (tmp_path / "model").mkdir()
        model.save(tmp_path / "model")
        assert Model.load(tmp_path / "model").predict(rows) == [LABELS[index] for index in expected.argmax(axis=1)]

    def test_save_refuses_a_file(self, model, tmp_path):
        (tmp_path / "model").write_text("years of work")
        with pytest.raises(InputError, match="exists already"):
            model.save(tmp_path / "model")
        assert files_of(tmp_path) == {"model": b"years of work"}

    def test_save_that_fails_half_way_leaves_nothing(self, model, tmp_path, monkeypatch):
        whole = type(model)._save_weights

        def fill_the_disk(self, folder):
            whole(self, folder)
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(type(model), "_save_weights", fill_the_disk)
        with pytest.raises(StandpuntError, match="No space left on device") as caught:
            model.save(tmp_path / "model")
        assert caught.value.exit_code == 1
        assert list(tmp_path.iterdir()) == []

    def test_label_unseen_in_training_still_has_a_column(self, make, rows):
        seen = [row for row in rows if row["label"] != "neutral"]
        probabilities = make().fit(seen).predict_proba(rows)
        assert probabilities.shape == (len(rows), len(LABELS))
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-9)
        assert (probabilities[:, 2] < 0.34).all()

    def test_training_on_one_label_only_works(self, make, rows, tmp_path):
        model = make().fit([row for row in rows if row["label"] == "against"])
        assert set(model.predict(rows)) == {"against"}
        model.save(tmp_path / "model")
        np.testing.assert_array_equal(Model.load(tmp_path / "model").predict_proba(rows), model.predict_proba(rows))

    def test_training_on_one_row_works(self, make, rows):
        assert make().fit(rows[:1]).predict(rows[:3]) == [rows[0]["label"]] * 3

    def test_unknown_label_is_refused(self, make, rows):
        with pytest.raises(InputError, match="unknown label 'favour': did you mean 'favor'"):
            make().fit([*rows, {**rows[0], "label": "favour"}])

    def test_unknown_label_to_stop_early_or_calibrate_on_is_refused(self, model, make, rows):
        strange = [{**rows[0], "label": "favour"}]
        with pytest.raises(InputError, match="unknown label 'favour'"):
            make().fit(rows, strange)
        if not model.calibrates_itself:
            with pytest.raises(InputError, match="unknown label 'favour'"):
                model.calibrate(strange)

    @pytest.mark.parametrize("empty", [[], pd.DataFrame()], ids=["list", "DataFrame"])
    def test_no_rows_to_train_on_is_refused(self, make, empty):
        with pytest.raises(InputError, match="no rows to train on"):
            make().fit(empty)

    def test_unseen_issue_party_and_words_get_an_answer(self, model, rows):
        strange = {**rows[0], "issue": "paint_bridges", "party": "Nieuw", "speaker": "Nieuw", "text": "Xyzzy plugh?"}
        probabilities = model.predict_proba([strange, {**strange, "text": ""}])
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-9)

    def test_card_names_labels_issues_and_provenance(self, model, rows, tmp_path):
        model.save(tmp_path / "model")
        card = (tmp_path / "model" / "README.md").read_text("utf-8")
        for expected in (
            f"# {model.config.name}",
            "favor, against, neutral",
            f"{len(rows)} rows of fictional",
            "seed 3",
        ):
            assert expected in card
        assert "abababababababab" in card
        counts = Counter(name for name in model.issues if f"- `{name}`: {model.issues[name].proposition['en']}" in card)
        assert counts == Counter(row_issue for row_issue in {row["issue"] for row in rows})


def files_of(folder: Path) -> dict[str, bytes]:
    """Return what the files below a folder hold, keyed by their relative path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
