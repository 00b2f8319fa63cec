import pandas as pd
import pytest

import standpunt
from fictional_predictions import write_folder
from predicted_rows import predicted
from standpunt.analysis.across.collection import COLUMNS, Collection, stances
from standpunt.errors import InputError
from standpunt.prediction.output import write_predictions
from standpunt.prediction.places import MANIFEST


def test_stances_are_the_rows_that_take_one_with_values_and_holders(folder):
    table = stances(folder)
    assert tuple(table) == COLUMNS
    assert len(table) == 18  # of 22 rows four have "none"
    first = table.iloc[0]
    assert (first["debate"], first["holder"], first["stance"], first["quote"]) == (
        "d0", "A & <i>B</i>", "favor", "Passage d0 2 green_bridges.",
    )  # fmt: skip
    assert first["value"] == pytest.approx((0.8 - 0.05) / 0.9)
    assert first["addressed"] == pytest.approx(0.9)
    assert first["p_favor"] + first["p_against"] + first["p_neutral"] == pytest.approx(1)
    holders = table.set_index("speaker")["holder"].to_dict()
    assert holders["Minister Carels"] == "cabinet"
    assert holders["Mevrouw Gast"] is None


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_file_has_the_stances_that_a_folder_has(rows, folder, tmp_path, suffix):
    write_predictions(rows, tmp_path / f"all{suffix}")
    alone, together = Collection.read(tmp_path / f"all{suffix}"), Collection.read(folder)
    assert (alone.model, alone.notices) == (together.model, together.notices)
    pd.testing.assert_frame_equal(alone.stances, together.stances, check_dtype=False)
    pd.testing.assert_frame_equal(alone.debates, together.debates, check_dtype=False)


def test_what_is_wrong_in_a_file_is_told_with_its_row(rows, tmp_path):
    rows.loc[2, "p_favor"] = 7.0
    write_predictions(rows, tmp_path / "all.csv")
    with pytest.raises(InputError, match=r"all\.csv, row 3: p_favor is 7.0; expected a probability"):
        stances(tmp_path / "all.csv")
    with pytest.raises(InputError, match=r"none\.csv: there is no such file; make one with standpunt predict"):
        stances(tmp_path / "none.csv")


def test_is_a_public_name(folder):
    assert len(standpunt.stances(folder)) == 18


def test_debates_are_all_of_them_also_those_without_a_stance(rows, tmp_path):
    silent = predicted("d9", 1, "Bomen", 0.05, 0.05, none=0.85, date="2030-01-01")
    collection = Collection.read(write_folder(pd.concat([rows, pd.DataFrame([silent])]), tmp_path / "more"))
    assert list(collection.debates["debate"]) == ["d9", "d0", "d1", "d2", "d3"]
    assert list(collection.debates["turns"]) == [1, 5, 5, 5, 7]
    assert collection.model == "small"
    assert collection.notices == ("1 of 18 stances are of speakers without a party and count for none",)


def test_pairs_on_which_the_model_abstains_are_left_out(rows, tmp_path):
    rows.loc[0, "label"] = "abstain"
    assert len(stances(write_folder(rows, tmp_path / "out"))) == 17


def test_a_debate_in_two_files_counts_once_and_that_is_said(rows, tmp_path):
    copy = rows[rows["debate"].isin(["d1", "d2"])].assign(file="d1.txt, copied")
    rows.loc[rows["debate"] == "d2", "file"] = "d1.txt, copied"  # which is the only one that has d2
    copy = copy[copy["debate"] == "d1"]
    collection = Collection.read(write_folder(pd.concat([rows, copy], ignore_index=True), tmp_path / "out"))
    assert len(collection.stances) == 18
    assert any("1 debate lies in more than one file and counts once (d1)" in said for said in collection.notices)


def test_what_is_missing_is_said_in_a_sentence(rows, tmp_path):
    bare = rows.drop(columns=["title", "party", "speaker", "evidence", "trust", "measured_right", "measured_of"])
    collection = Collection.read(write_folder(bare.assign(role="member"), tmp_path / "out"))
    assert list(collection.debates["title"]) == ["d0", "d1", "d2", "d3"]
    assert collection.stances[["holder", "speaker", "quote", "trust"]].isna().all(axis=None)
    said = " ".join(collection.notices)
    for part in ("no column party", "no column speaker", "neither evidence nor arguments nor text"):
        assert part in said


def test_debates_without_a_date_are_counted(rows, tmp_path):
    rows.loc[rows["debate"] == "d0", "date"] = None
    collection = Collection.read(write_folder(rows, tmp_path / "out"))
    assert any(said.startswith("1 of 4 debates has no date (YYYY-MM-DD) and counts") for said in collection.notices)


@pytest.mark.parametrize("day", ["3 februari", "2031-13-01", "2031-02-30"])
def test_what_is_no_day_is_no_date(rows, tmp_path, day):
    folder = write_folder(rows, tmp_path / "out")
    path = next(folder.glob("year=2031/*.parquet"))
    pd.read_parquet(path).assign(date=day).to_parquet(path)
    collection = Collection.read(folder)
    assert collection.debates["date"].isna().sum() == 1
    assert collection.stances["date"].isna().sum() == 4


def test_a_stance_rests_on_evidence_then_arguments_then_the_turn(rows, tmp_path):
    rows["text"] = "All of it."
    rows["arguments"] = [[{"text": "An argument."}] if n % 2 == 0 else [] for n in range(len(rows))]
    table = stances(write_folder(rows.drop(columns="evidence"), tmp_path / "out"))
    assert set(table["quote"]) == {"An argument.", "All of it."}
    assert table["quote"].iloc[0] == "An argument."


def test_several_models_are_refused(rows, tmp_path):
    rows.loc[3:, ["model", "model_version"]] = ["other", "xyz"]
    with pytest.raises(InputError, match=r"predictions of 2 models \(other xyz, small abc\).*folder of its own"):
        stances(write_folder(rows, tmp_path / "out"))


def test_two_definitions_of_an_issue_are_refused(rows, tmp_path):
    rows.loc[0, "issue_version"] = "other"
    with pytest.raises(InputError, match="predictions on green_bridges by more than one definition"):
        stances(write_folder(rows, tmp_path / "out"))


def test_a_folder_of_several_folders_is_refused(rows, tmp_path):
    for name in ("one", "two"):
        write_folder(rows, tmp_path / "runs" / name)
    with pytest.raises(InputError, match=r"holds 2 folders of predictions \(one, two\).*name one of them"):
        stances(tmp_path / "runs")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda place: None, "there is no such folder; make one with standpunt predict"),
        (lambda place: place.write_text("x"), "no predictions; expected a folder or a file"),
        (lambda place: place.with_suffix(".csv").write_text("x"), "there is no such folder"),
        (lambda place: place.mkdir(), "no predictions in it"),
        (lambda place: (place.mkdir(), (place / "status.json").write_text("{}")), "the folder of a run"),
        (lambda place: (place.mkdir(), (place / MANIFEST).write_text("{}")), "no predictions in it"),
    ],
    ids=["nothing", "file", "file-beside", "empty", "run", "begun"],
)
def test_what_is_no_folder_of_predictions_is_refused(tmp_path, make, message):
    make(tmp_path / "place")
    with pytest.raises(InputError, match=message):
        stances(tmp_path / "place")


def test_rows_without_probabilities_are_refused(rows, tmp_path):
    with pytest.raises(InputError, match="no column p_against; expected stances"):
        stances(write_folder(rows.drop(columns="p_against"), tmp_path / "out"))


def test_a_damaged_file_is_told_in_a_sentence(folder):
    next(folder.glob("year=2031/*.parquet")).write_bytes(b"PAR1 no more")
    with pytest.raises(InputError, match=r"predictions: cannot be read \(.*predict into a new folder"):
        stances(folder)


def test_probabilities_that_are_none_are_refused(rows, tmp_path):
    rows.loc[0, "p_favor"] = 7.0
    with pytest.raises(InputError, match="p_favor has values that are no probability"):
        stances(write_folder(rows, tmp_path / "out"))
