"""Where predictions may go: nothing that is read is written over, under whatever name."""

import os

import pytest

from standpunt.errors import InputError
from standpunt.prediction.destination import check_file, check_folder


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.json").write_text("{}")
    (tmp_path / "report.csv").write_text("De voorzitter:")
    (tmp_path / "issue.csv").write_text("name: a")
    (tmp_path / "linked.csv").symlink_to("report.csv")
    os.link(tmp_path / "report.csv", tmp_path / "hard.csv")
    (tmp_path / "weights.csv").symlink_to("model/model.json")
    (tmp_path / "folder").symlink_to("model")
    monkeypatch.chdir(tmp_path)
    return tmp_path


INPUTS, MODELS = ("report.csv", "issue.csv"), ("model",)


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.parametrize(
    "out", ["report.csv", "issue.csv", "linked.csv", "hard.csv", "./model/../report.csv", "absolute"]
)
def test_a_file_that_is_read_is_never_written_over(place, out, force):
    out = place / "report.csv" if out == "absolute" else out
    with pytest.raises(InputError, match="one of the files that are read; name another for --out"):
        check_file(out, INPUTS, MODELS, force=force)


@pytest.mark.parametrize("out", ["model/out.csv", "folder/out.csv", "weights.csv"])
def test_nothing_is_written_among_the_files_of_a_model(place, out):
    with pytest.raises(InputError, match="lies in the folder of a model, model"):
        check_file(out, INPUTS, MODELS, force=True)


def test_a_hard_link_to_a_file_of_a_model(place):
    os.link("model/model.json", "other.csv")
    with pytest.raises(InputError, match=r"other\.csv: one of the files that are read"):
        check_file("other.csv", INPUTS, MODELS, force=True)


def test_an_older_file_is_replaced_only_when_that_is_said(place):
    (place / "old.csv").write_text("old")
    with pytest.raises(InputError, match=r"old\.csv: exists already; give --force to replace it"):
        check_file("old.csv", INPUTS, MODELS)
    check_file("old.csv", INPUTS, MODELS, force=True)
    check_file("new.csv", INPUTS, MODELS)


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.parametrize("target", ["old.csv", "not there yet.csv"])
def test_nothing_is_written_through_a_link(place, target, force):
    (place / "old.csv").write_text("old")
    (place / "out.csv").symlink_to(target)
    with pytest.raises(InputError, match=rf"out\.csv: a link to {place / target}; remove it, or name another"):
        check_file("out.csv", INPUTS, MODELS, force=force)


@pytest.mark.parametrize(
    ("out", "why"),
    [
        ("nowhere/out.csv", "the folder nowhere does not exist"),
        ("out.xlsx", "unknown output format"),
        ("d.csv", "a folder"),
    ],
)
def test_a_file_that_cannot_be_made_is_told_beforehand(place, out, why):
    (place / "d.csv").mkdir()
    with pytest.raises(InputError, match=why):
        check_file(out, INPUTS, MODELS)


@pytest.mark.parametrize(
    ("out", "why"),
    [
        ("report.csv", "cannot be used as a folder"),
        ("report.csv/out", "nothing may be written into"),
        ("model", "lies in the folder of a model"),
        ("model/out", "lies in the folder of a model"),
        ("folder", "lies in the folder of a model"),
    ],
)
def test_a_folder_that_cannot_be_used(place, out, why):
    with pytest.raises(InputError, match=why):
        check_folder(out, INPUTS, MODELS)


def test_a_folder_with_a_file_that_is_read_among_the_predictions(place):
    (place / "out" / "year=2025").mkdir(parents=True)
    check_folder("out", INPUTS, MODELS)
    (place / "out" / "year=2025" / "part-a.parquet").symlink_to(place / "report.csv")
    with pytest.raises(InputError, match=r"part-a\.parquet: one of the files that are read; name another folder"):
        check_folder("out", INPUTS, MODELS)
    check_folder("new/one", INPUTS, MODELS)
