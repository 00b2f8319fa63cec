"""Predictions of models side by side: how far they agree, and their scores where there are labels."""

import pandas as pd
import pytest

from small_debate import make_debate, make_predictions
from standpunt.analysis.compared import compare_predictions
from standpunt.annotation.issues import load_issue
from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.sources import Source
from standpunt.errors import InputError
from standpunt.prediction.header import DebateNote, Header, ModelNote
from standpunt.prediction.output import write_predictions

ISSUE = "no_fly_zone"


@pytest.fixture
def write(tmp_path):
    """Return a function that writes the predictions of a model, with the answers on some turns turned round."""

    def predictions(model, *turned, suffix=".csv", corpora=("fictional",), **columns):
        debate = make_debate()
        frame = make_predictions().drop(columns="gold").assign(issue=ISSUE, p_none=0.0, model=model)
        turn = {one.id: one for one in debate.turns}
        frame["ordinal"] = [turn[name].ordinal for name in frame["turn"]]
        frame["speaker"] = [turn[name].speaker.name for name in frame["turn"]]
        frame["party"] = [turn[name].speaker.party for name in frame["turn"]]
        swapped = frame["turn"].isin(turned)
        frame.loc[swapped, ["p_favor", "p_against"]] = frame.loc[swapped, ["p_against", "p_favor"]].to_numpy()
        path = tmp_path / f"{model}{suffix}"
        note = DebateNote(debate.id, debate.title, None, debate.sha256, len(debate.turns), None)
        made = ModelNote(model, "0" * 64, "tfidf", "stance_joint", corpora, None)
        header = Header("0.1.0", made, (load_issue(ISSUE),), "nl", {}, (note,))
        write_predictions(frame.assign(**columns), path, header=header)
        return path

    return predictions


@pytest.fixture
def layer(tmp_path):
    folder = tmp_path / "corpus" / "bruggen"
    folder.mkdir(parents=True)
    source = Source.from_debate(make_debate(), title="bruggen", date="2040-05-14")
    source.save(folder / "source.json")
    labels = tuple(
        Label(ordinal, ISSUE, label, make_debate().turn(ordinal).speaker.name)
        for ordinal, label in ((2, "favor"), (3, "against"), (4, "favor"), (6, "favor"))
    )
    Layer("anna", (ISSUE,), source.sha256, labels).save(folder / "stance.anna.jsonl", source)
    return folder / "stance.anna.jsonl"


def test_how_far_two_models_agree(write):
    compared = compare_predictions([write("one"), write("two", "d-3", "d-5", suffix=".parquet")], resamples=50)
    assert compared.names == ("one", "two")
    (row,) = compared.agreement().to_dict("records")
    assert (row["pairs"], row["same"], row["sides"], row["opposite"]) == (5, 0.6, 5, 2)
    assert compared.disagreements()["turn"].tolist() == ["d-3", "d-5"]
    assert compared.main_table().rows[0][:4] == ("one", "two", "5", "0.60")
    assert compared.agreement(by_issue=True)["issue"].tolist() == [ISSUE]


def test_files_are_told_apart_where_models_have_one_name(write, tmp_path):
    (tmp_path / "b").mkdir()
    first = write("one")
    other = first.rename(tmp_path / "b" / "one.csv")
    names = compare_predictions([other, write("one", "d-2")], resamples=10).names
    assert names == (f"one ({other})", f"one ({tmp_path / 'one.csv'})")


def test_rows_that_only_one_has_are_left_out_and_said(write, tmp_path):
    short = write("two")
    pd.read_csv(short).iloc[:3].to_csv(short, index=False)
    compared = compare_predictions([write("one"), short], resamples=10)
    assert len(compared.rows) == 3
    assert compared.notes == ("one: 2 of 5 rows have no counterpart and are left out.",)


def test_an_issue_that_was_defined_otherwise_is_said(write):
    paths = [write("one", issue_version="aaa"), write("two", issue_version="bbb")]
    assert compare_predictions(paths, resamples=10).notes == (f"Issue {ISSUE} was defined otherwise for some of them.",)


def test_labels_score_them_and_no_text_is_needed(write, layer):
    one, two = write("one"), write("two", "d-2", suffix=".jsonl")
    comparison = compare_predictions([one, two], [layer], resamples=50)
    frames = dict(comparison.frames)
    assert frames["one"]["gold"].tolist() == ["favor", "against", "favor", "none", "favor"]
    right = {name: int((frame["gold"] == frame["predicted"]).sum()) for name, frame in frames.items()}
    assert right == {"one": 4, "two": 3}
    (gap,) = comparison.differences
    assert (gap.only_first, gap.only_second) == (0, 1)


def test_with_labels_a_single_model_is_scored(write, layer):
    assert len(compare_predictions([write("one", label="abstain")], [layer], resamples=50).evaluations) == 1


def test_folder_of_tables_is_written(write, tmp_path):
    compare_predictions([write("one"), write("two", "d-3")], resamples=10).write(tmp_path / "out")
    found = pd.read_csv(tmp_path / "out" / "disagreements.csv")
    assert found[["turn", "one", "two"]].to_numpy().tolist() == [["d-3", "against", "favor"]]
    assert "one" in (tmp_path / "out" / "page.html").read_text("utf-8")
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"comparison.md", "agreement.csv", "issues.csv"}


def test_what_cannot_be_compared_is_said(write, layer, tmp_path):
    one = write("one")
    with pytest.raises(InputError, match=r"one\.csv: one set of predictions; give another"):
        compare_predictions([one])
    with pytest.raises(InputError, match="no turn and issue in common"):
        compare_predictions([one, write("two", debate="elsewhere")])
    with pytest.raises(InputError, match="three was trained on corpus corpus; on these labels"):
        compare_predictions([write("three", corpora=("corpus",))], [layer])
    with pytest.raises(InputError, match=r"nowhere\.csv: no such file"):
        compare_predictions([one, tmp_path / "nowhere.csv"])
    frame = pd.read_csv(one)
    pd.concat([frame, frame.iloc[:1]]).to_csv(one, index=False)
    with pytest.raises(InputError, match=r"one\.csv: turn d-2 on no_fly_zone is there twice"):
        compare_predictions([one, write("two")])


def test_labels_of_another_text_are_refused(write, layer):
    source = layer.parent / "source.json"
    source.write_text(source.read_text("utf-8").replace(make_debate().sha256, "0" * 64), "utf-8")
    with pytest.raises(InputError, match="a text that no predictions are about; they are about 'het debat over"):
        compare_predictions([write("one")], [layer])
