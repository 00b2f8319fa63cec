"""What predictions say of themselves: versions in each row, a header in Parquet's metadata or in a file beside."""

import json
import os

import pytest

from standpunt.annotation.issues import load_issue, load_issues
from standpunt.debate import Debate, Speaker, Turn
from standpunt.errors import InputError
from standpunt.models import build
from standpunt.models.base import Model
from standpunt.models.controls.majority import MajorityConfig
from standpunt.prediction.columns import described
from standpunt.prediction.destination import check_file
from standpunt.prediction.folder import header_of_folder, part_of, read_predictions, write_predictions_of
from standpunt.prediction.header import DebateNote, Header, header_file, read_header
from standpunt.prediction.ledger import Key, Rows
from standpunt.prediction.output import write_predictions
from standpunt.prediction.predictor import Predictor

LABELS = ("favor", "against", "neutral", "none")
ISSUES = ("no_fly_zone", "frozen_assets")
CHAIR, SMIT, POT = Speaker("De voorzitter", None, "chair"), Speaker("Smit", "Geel", "member"), "Minister Pot"


@pytest.fixture
def debate():
    parts = [(CHAIR, "chair", "Het woord is aan mevrouw Smit.", None), (SMIT, "speech", "De brug moet geel.", None)]
    parts.append((Speaker(POT, None, "minister"), "interruption", "Dat is duur.", "d-2"))
    turns = tuple(
        Turn(f"d-{n}", n, who, kind, 1, None, to, None, None, text)
        for n, (who, kind, text, to) in enumerate(parts, start=1)
    )
    return Debate("d", "het debat over de brug", turns, date="2040-05-14")


@pytest.fixture
def folder(tmp_path):
    model = build(MajorityConfig(name="majority"), LABELS, load_issues(ISSUES))
    model.fit([{"label": "favor", "text": "x", "issue": "no_fly_zone"}])
    model.save(tmp_path / "models" / "mine")
    return tmp_path / "models" / "mine"


def predictor(folder, **options):
    return Predictor.load(folder, [*ISSUES], anyway=True, **options)


def test_each_row_says_who_when_and_what_made_it(folder, debate):
    frame = predictor(folder).on(debate)
    who = frame.drop_duplicates("turn")[["debate", "title", "date", "speaker", "party", "replies_to"]]
    assert who.fillna("").to_numpy().tolist() == [
        ["d", "het debat over de brug", "2040-05-14", "Smit", "Geel", ""],
        ["d", "het debat over de brug", "2040-05-14", POT, "", "d-2"],
    ]
    seal = json.loads((folder / "model.json").read_text("utf-8"))["sha256"]
    assert set(frame["model"]) == {"majority"}
    assert set(frame["model_version"]) == {seal[:12]}
    for name in ISSUES:
        assert set(frame.loc[frame["issue"] == name, "issue_version"]) == {load_issue(name).sha256[:12]}
    assert "text" not in frame
    assert described(frame.columns).keys() == {*frame.columns}


def test_the_text_of_a_turn_is_there_where_it_is_wanted(folder, debate):
    frame = predictor(folder, text=True).on(debate)
    assert frame["text"].tolist() == ["De brug moet geel."] * 2 + ["Dat is duur."] * 2
    assert predictor(folder).description.fingerprint != predictor(folder, text=True).description.fingerprint


def test_a_model_that_was_never_saved_or_has_learnt_since_has_no_version(folder, debate):
    model = Model.load(folder)
    assert model.seal == json.loads((folder / "model.json").read_text("utf-8"))["sha256"]
    model.fit([{"label": "against", "text": "x", "issue": "no_fly_zone"}])
    frame = Predictor(model, [*ISSUES], anyway=True).on(debate)
    assert frame["model_version"].isna().all()
    model.save(folder.with_name("other"))
    assert Model.load(folder.with_name("other")).seal == model.seal


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_the_whole_header_is_read_again(folder, debate, tmp_path, suffix):
    one, out = predictor(folder, min_confidence=0.3), tmp_path / "out" / f"a{suffix}"
    out.parent.mkdir()
    notes = [DebateNote.of(debate, tmp_path / "report.txt", out)]
    header = Header.of(one, out, ["frozen_assets"], notes)
    write_predictions(one.on(debate), out, header=header)
    assert header_file(out).exists() is (suffix != ".parquet")
    assert read_header(out) == header
    assert header.model.place == "../models/mine"
    assert header.issues == (load_issue("frozen_assets"),)
    assert header.options["min_confidence"] == 0.3
    noted = header.debate("d")
    assert (noted.file, noted.sha256, noted.turns, noted.date) == ("../report.txt", debate.sha256, 3, "2040-05-14")
    if suffix != ".parquet":
        assert json.loads(header_file(out).read_text("utf-8"))["columns"]["speaker"] == "who speaks"
        write_predictions(one.on(debate), out)  # without a header, the older one is not left beside it
    else:
        write_predictions(one.on(debate), out)
    assert read_header(out) is None


def test_a_damaged_header_is_said(tmp_path):
    (tmp_path / "a.csv.header.json").write_text('{"columns": {}}', encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv\.header\.json: damaged; remove it to read the predictions without"):
        read_header(tmp_path / "a.csv")


def test_a_header_is_no_more_overwritten_than_the_file(tmp_path):
    (tmp_path / "a.csv.header.json").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv\.header\.json: exists already; give --force"):
        check_file(tmp_path / "a.csv", [], [])
    check_file(tmp_path / "a.csv", [], [], force=True)
    check_file(tmp_path / "a.parquet", [], [])
    with pytest.raises(InputError, match=r"a\.csv\.header\.json: one of the files that are read"):
        check_file(tmp_path / "a.csv", [tmp_path / "a.csv.header.json"], [], force=True)


def test_parquet_of_a_folder_has_headers_with_the_issues_of_its_rows(folder, debate, tmp_path):
    one = predictor(folder)
    frame = one.on(debate, issues=one.issues[:1]).assign(file="report.txt")
    notes = [
        DebateNote.of(debate, tmp_path / "report.txt", part_of(tmp_path / "out", "2040")),
        DebateNote("gone", "of a file that changed", None, "0" * 64, 1, None),
    ]
    write_predictions_of(tmp_path / "out", {"2040": [Rows(Key("a", "b"), [frame])]}, one, notes)
    (path,) = (tmp_path / "out").glob("year=2040/*.parquet")
    assert [issue.name for issue in read_header(path).issues] == ["no_fly_zone"]
    assert read_header(path).model.place == "../../models/mine"
    assert read_predictions(tmp_path / "out")["date"].tolist() == ["2040-05-14"] * 2
    whole = header_of_folder(tmp_path / "out")
    assert [issue.name for issue in whole.issues] == ["no_fly_zone"]
    assert [(note.id, note.sha256, note.file) for note in whole.debates] == [
        (debate.id, debate.sha256, "../../report.txt")
    ]
    assert header_of_folder(tmp_path) is None


def test_a_report_whose_name_is_no_text_is_spelt_out(debate, tmp_path):
    note = DebateNote.of(debate, tmp_path / os.fsdecode(b"caf\xe9.txt"), tmp_path / "out.parquet")
    assert note.file == "caf\\udce9.txt"
