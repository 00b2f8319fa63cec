"""Files of predictions become content; what is wrong with one is said with its file, row and column."""

import pandas as pd
import pytest

from small_debate import make_predictions
from standpunt.errors import InputError
from standpunt.page.content import load_content
from standpunt.page.predictions import predicted_evidence, read_predictions
from standpunt.prediction.output import write_predictions
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
