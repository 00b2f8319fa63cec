import pandas as pd
import pytest

from fictional_predictions import write_folder
from predicted_rows import a_few
from standpunt.analysis.compared import compare_predictions
from standpunt.errors import InputError
from standpunt.prediction.output import write_predictions
from standpunt.prediction.stored import open_predictions


@pytest.fixture
def places(tmp_path):
    """Return a file and a folder with the same rows."""
    write_predictions(a_few(), tmp_path / "all.csv")
    return tmp_path / "all.csv", write_folder(a_few(), tmp_path / "all")


def test_a_file_and_a_folder_are_read_alike(places):
    file, folder = map(open_predictions, places)
    assert {*folder.columns} == {*file.columns, "year"}
    names = ["debate", "turn", "issue", "p_favor"]
    for one, other in (
        (file.rows(names), folder.rows(names)),
        (file.rows(names, ["none"]), folder.rows(names, ["none"])),
        (file.distinct(["debate", "party"]), folder.distinct(["debate", "party"])),
    ):
        order = list(one)
        one, other = (frame.sort_values(order, ignore_index=True) for frame in (one, other))
        pd.testing.assert_frame_equal(one, other, check_dtype=False)
    assert len(file.rows()) == len(folder.rows()) == 22
    assert file.header() is folder.header() is None


def test_a_damaged_file_in_a_folder_is_told_whoever_reads_it(places):
    file, folder = places
    next(folder.glob("year=2031/*.parquet")).write_bytes(b"PAR1 no more")
    with pytest.raises(InputError, match=r"all: cannot be read \(.*predict into a new folder"):
        compare_predictions([file, folder])
