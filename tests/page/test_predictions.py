"""Files of predictions become content; what is wrong with one is said with its file, row and column."""

import pandas as pd
import pytest

from small_debate import make_predictions
from standpunt.annotation.issues import load_issues
from standpunt.annotation.layers import STANCES
from standpunt.errors import InputError
from standpunt.models import build
from standpunt.models.controls.majority import MajorityConfig
from standpunt.page.content import load_content
from standpunt.page.predictions import predicted_evidence
from standpunt.prediction.files import predict_files
from standpunt.prediction.header import DebateNote, Header, header_file
from standpunt.prediction.output import write_predictions
from standpunt.prediction.predictor import Predictor
from standpunt.prediction.reading import read_predictions
from standpunt.prediction.texts import predict_texts
from standpunt.readers import read_debate

CLAIM = {"component": "claim", "frame": None, "relation": None, "text_start": 0, "text_end": 9}
SPAN = {"evidence_start": 0, "evidence_end": 9}


@pytest.fixture
def written(tmp_path):
    """Return a function that writes predictions, with columns changed in the second row, and returns the file."""

    def write(suffix=".csv", **changed):
        frame = make_predictions().drop(columns="gold").assign(label="favor").astype(object)
        for name, value in changed.items():
            first = {"arguments": [], "knows_issue": True, **SPAN}.get(name, frame.get(name, pd.Series([None]))[0])
            frame[name] = pd.Series([first, value, *[first] * 3], dtype=object)
        path = tmp_path / f"out{suffix}"
        write_predictions(frame, path)
        return path

    return write


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"p_favor": "x"}, "p_favor is 'x'; expected a probability from 0 to 1"),
        ({"p_favor": 7}, r"p_favor is 7\S*; expected a probability"),
        ({"p_favor": None}, "p_favor is missing"),
        ({"turn": None}, "turn is missing"),
        ({**SPAN, "evidence_start": "a"}, "evidence_start is 'a'"),
        ({**SPAN, "evidence_end": None}, "evidence_end is missing"),
        ({**SPAN, "evidence_start": 30}, r"evidence_start is 30\S*; expected a place from 0 on, before evidence_end"),
        ({"knows_issue": "perhaps"}, "knows_issue is 'perhaps'; expected true or false"),
        ({"arguments": None}, "arguments is (missing|'null'); expected a list"),
        ({"arguments": "no list"}, "arguments is .*no list"),
        ({"arguments": [{"a": 1}]}, "arguments is .*a.*: 1"),
        ({"arguments": [CLAIM | {"text_end": 0}]}, "arguments is .*component"),
    ],
)
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_wrong_value_is_named_with_its_row(written, changed, message, suffix):
    path = written(suffix, **changed)
    with pytest.raises(InputError, match=rf"out{suffix}, row 2: {message}"):
        read_predictions(path)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_what_the_model_knew_is_read_as_it_was_written(tmp_path, suffix):
    frame = make_predictions().assign(knows_issue=[True, False, True, False, False])
    write_predictions(frame, tmp_path / f"out{suffix}")
    read = read_predictions(tmp_path / f"out{suffix}")["knows_issue"]
    assert (read.dtype, read.tolist()) == (bool, [True, False, True, False, False])


def test_a_column_that_is_missing_is_named(tmp_path):
    frame = make_predictions()
    for given, missing in (
        (frame.drop(columns="issue"), "issue"),
        (frame.drop(columns="p_neutral"), "p_neutral"),
        (frame.assign(evidence_start=0), "evidence_end"),
        (frame.assign(arguments="[]"), "label"),
    ):
        given.to_csv(tmp_path / "out.csv", index=False)
        with pytest.raises(InputError, match=f"out.csv: no column {missing};"):
            read_predictions(tmp_path / "out.csv")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_without_rows_is_refused(tmp_path, suffix):
    write_predictions(make_predictions().iloc[:0], tmp_path / f"out{suffix}")
    with pytest.raises(InputError, match=f"out{suffix}: it has no rows"):
        read_predictions(tmp_path / f"out{suffix}")


@pytest.mark.parametrize("debate", ["12469e48", "06512222"])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_an_id_that_looks_like_a_number_stays_what_it_is(tmp_path, suffix, debate):
    path = tmp_path / f"out{suffix}"
    write_predictions(make_predictions().assign(debate=debate, turn=f"{debate}-2"), path)
    assert set(read_predictions(path)["debate"]) == {debate}


def test_evidence_beyond_its_turn_is_refused(debate, written):
    frame = read_predictions(written(evidence_start=0, evidence_end=50_000))
    with pytest.raises(InputError, match="green_bridges in turn d-3 ends at 50000, the turn has 34 characters"):
        predicted_evidence(debate, frame)


def test_the_page_says_on_how_many_pairs_the_model_abstains_and_which_it_is(tmp_path):
    report = tmp_path / "verslag.txt"
    report.write_text("Mevrouw Waterman (Oeverpartij):\nVoorzitter. Bruggen moeten groen.\n", encoding="utf-8")
    debate = read_debate(report)
    frame = make_predictions().iloc[:2].assign(debate=debate.id, turn=debate.turns[0].id, p_none=0.0)
    write_predictions(frame.assign(issue=["a", "b"], label=["favor", "abstain"]), tmp_path / "out.csv")
    content = load_content(tmp_path / "out.csv", transcript=report, model="standpunt-nl")
    assert content.stances["issue"].tolist() == ["a"]
    assert content.notices == ("The model abstains on 1 of 2 pairs of a turn and an issue; they are left out.",)
    assert "Model: standpunt-nl (two_stage), trained for task stance_joint on fictional" in content.origin
    assert "macro-F1 by its card: fictional, test 0." in content.origin
    assert "name it with --model" in load_content(tmp_path / "out.csv", transcript=report).origin
    assert content.title == "verslag"


@pytest.fixture
def predicted(tmp_path):
    """Return a function that writes what a saved model predicts for a report, as the command does, and its files."""
    report = tmp_path / "reports" / "verslag.txt"
    report.parent.mkdir()
    turns = [
        "De voorzitter:\nHet woord is aan mevrouw Waterman.",
        "Mevrouw Waterman (Oeverpartij):\nBruggen zijn groen.",
    ]
    report.write_text(
        "\n\n".join([*turns, "De voorzitter:\nDank u.", "De heer Pot (Geel):\nNiet waar."]) + "\n", "utf-8"
    )
    model = build(MajorityConfig(name="mine"), (*STANCES, "none"), load_issues(["no_fly_zone"]))
    model.fit([{"label": "favor", "text": "x", "issue": "no_fly_zone"}]).save(tmp_path / "models" / "mine")

    def write(suffix=".csv", **options):
        predictor = Predictor.load(tmp_path / "models" / "mine", ["no_fly_zone"], anyway=True, **options)
        debate, path = read_debate(report, date="2040-05-14"), tmp_path / "out" / f"out{suffix}"
        path.parent.mkdir(exist_ok=True)
        notes = [DebateNote.of(debate, report, path)]
        write_predictions(predictor.on(debate), path, header=Header.of(predictor, path, ["no_fly_zone"], notes))
        return path, report

    return write


@pytest.fixture
def without_transcripts(monkeypatch):
    monkeypatch.delenv("STANDPUNT_TRANSCRIPTS", raising=False)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_the_report_and_the_model_are_found_by_what_predictions_say(predicted, without_transcripts, suffix):
    path, _ = predicted(suffix)
    content = load_content(path)
    assert [turn.ordinal for turn in content.debate.turns] == [1, 2, 3, 4]
    assert (content.date, content.language) == ("2040-05-14", "nl")
    assert "Model: mine (majority), trained for task" in content.origin
    assert "the model mine" in content.reliability.head[0]
    assert len(content.stances) == 2
    assert "no_fly_zone" in content.issues


def test_a_report_that_moved_is_found_among_the_transcripts(predicted, monkeypatch):
    path, report = predicted()
    report.rename(report.with_name("moved.txt"))
    monkeypatch.setenv("STANDPUNT_TRANSCRIPTS", str(report.parent))
    assert len(load_content(path).debate.turns) == 4


def test_without_the_report_the_page_shows_what_the_rows_hold(predicted, without_transcripts):
    path, report = predicted()
    report.write_text(report.read_text("utf-8").replace("groen", "geel"), "utf-8")
    with pytest.raises(InputError, match=r"give the report, which was \.\./reports/verslag\.txt, that they were made"):
        load_content(path)
    path, _ = predicted(text=True)
    report.unlink()
    content = load_content(path)
    assert [(turn.speaker.name, turn.text) for turn in content.debate.turns] == [
        ("Waterman", "Bruggen zijn geel."),
        ("Pot", "Niet waar."),
    ]
    assert content.notices[0].startswith("The text is what the predictions hold")
    header_file(path).unlink()
    assert len(load_content(path).stances) == 2


def test_texts_of_a_table_are_shown_where_they_were_kept(predicted, tmp_path, without_transcripts):
    predicted()
    predictor = Predictor.load(tmp_path / "models" / "mine", ["no_fly_zone"], anyway=True, alone=True, text=True)
    rows, path = predict_texts(predictor, ["Een brug.", "Geen brug."]), tmp_path / "texts.parquet"
    header = Header.of(predictor, path, ["no_fly_zone"])
    write_predictions(rows, path, header=header)
    assert [turn.text for turn in load_content(path).debate.turns] == ["Een brug.", "Geen brug."]
    write_predictions(rows.drop(columns="text"), tmp_path / "bare.parquet", header=header)
    with pytest.raises(InputError, match=r"bare\.parquet: predictions hold no text and, as those on a table of texts"):
        load_content(tmp_path / "bare.parquet")


def test_the_header_of_other_rows_and_the_model_that_did_not_make_them_are_refused(predicted, without_transcripts):
    path, _ = predicted()
    with pytest.raises(InputError, match=r"made by mine \(version \w{12}\), and not by standpunt-nl"):
        load_content(path, model="standpunt-nl")
    pd.read_csv(path).assign(model_version="abc").to_csv(path, index=False)
    with pytest.raises(InputError, match=r"the rows are of a model abc, and its header is about mine"):
        load_content(path)


def test_a_debate_of_a_folder_of_predictions(predicted, tmp_path, without_transcripts):
    _, report = predicted()
    report.with_name("tweede.txt").write_text(report.read_text("utf-8").replace("groen", "geel"), "utf-8")
    predictor = Predictor.load(tmp_path / "models" / "mine", ["no_fly_zone"], anyway=True)
    out = tmp_path / "folder"
    predict_files(predictor, [report, report.with_name("tweede.txt")], out, date="2040-05-14")
    first, second = (load_content(out, debate=name) for name in ("verslag", "tweede.txt"))
    assert ["groen" in content.debate.turns[1].text for content in (first, second)] == [True, False]
    assert load_content(out, debate=first.debate.id).debate == first.debate
    assert (first.date, len(first.stances), len(first.debate.turns)) == ("2040-05-14", 2, 4)
    for name, message in (
        (None, r"folder: its predictions are about 2 debates \(\w+ of \w+\.txt, .*choose one with --debate"),
        ("verslga", r"unknown debate or report of the predictions 'verslga': did you mean 'verslag'\?"),
    ):
        with pytest.raises(InputError, match=message):
            load_content(out, debate=name)
