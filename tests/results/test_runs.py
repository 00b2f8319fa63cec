import pytest

from standpunt.errors import InputError
from standpunt.results.runs import Run


def test_a_folder_of_runs_names_them(tmp_path):
    for name in ("20260101-b", "20260101-a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "status.json").write_text("{}")
    with pytest.raises(InputError, match=r"not a run; it holds runs, give one of them: 20260101-a, 20260101-b$"):
        Run.load(tmp_path)


def test_a_folder_of_predictions_names_its_files(tmp_path):
    (tmp_path / "year=2031").mkdir()
    (tmp_path / "year=2031" / "part-1.parquet").touch()
    with pytest.raises(InputError, match=r"it holds predictions, give one of its files: year=2031/part-1\.parquet$"):
        Run.load(tmp_path)


def test_any_other_folder_is_not_a_run(tmp_path):
    with pytest.raises(InputError, match=r"not a run; expected a folder with status.json"):
        Run.load(tmp_path)


@pytest.mark.parametrize("name", ["config", "metrics", "predictions"])
def test_a_file_that_is_missing_from_a_run_is_named(tmp_path, name):
    (tmp_path / "status.json").write_text("{}")
    with pytest.raises(InputError, match=rf"{name}.\w+: missing or damaged; copy the run folder again"):
        getattr(Run.load(tmp_path), name)()
