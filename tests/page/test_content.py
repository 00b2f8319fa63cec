"""Layers, runs and files of predictions become content; what is wrong is refused with a sentence."""

import dataclasses
import json
import shutil

import pandas as pd
import pytest

from small_debate import make_debate, make_predictions
from standpunt.analysis.stances import stances_of_predictions
from standpunt.annotation.arguments import ArgumentLayer
from standpunt.annotation.layers import STANCES
from standpunt.annotation.sources import Source
from standpunt.errors import InputError
from standpunt.page.build import debate_page
from standpunt.page.content import Content, load_content
from standpunt.parliament.debate_votes import debate_votes
from standpunt.prediction.arguments import RECORD_TYPES
from standpunt.prediction.output import write_predictions
from standpunt.readers import read_debate
from standpunt.results.runs import Run
from standpunt.storage.paths import CORPORA
from voted_data import voted_record, write_lines

NAME, OTHER = "2032-02-04-zorgbegroting", "2032-05-12-huurprijzen"
FOLDER = CORPORA / "fictional" / NAME
LAYER = FOLDER / "stance.adjudicated.jsonl"


@pytest.fixture(scope="module")
def predictions():
    """Return predictions on two fictional debates as a run keeps them, certain of the gold label."""
    parts = []
    for name in (NAME, OTHER):
        stances = load_content(CORPORA / "fictional" / name / LAYER.name).stances
        gold = {f"p_{label}": (stances["stance"] == label) * 1.0 for label in STANCES}
        part = stances[["turn", "ordinal", "speaker", "issue"]].assign(debate=name, gold=stances["stance"], **gold)
        parts.append(part.assign(predicted=part["gold"], corpus="fictional", scope="all", seed=0, fold="all"))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def run(tmp_path, predictions, monkeypatch):
    """Return the folder of a finished run."""
    folder = tmp_path / "run"
    folder.mkdir()
    config = {"model": {"name": "tfidf"}, "corpus": {"name": "fictional"}, "evaluation": {"test": []}}
    (folder / "config.yaml").write_text(json.dumps(config))
    (folder / "status.json").write_text(json.dumps({"state": "finished"}))
    again = predictions.assign(scope="addressed", p_favor=0.0, p_against=1.0)
    monkeypatch.setattr(Run, "predictions", lambda self: predictions.merge(again, how="outer"))
    monkeypatch.setattr("standpunt.results.summary.summarise", lambda runs: type("Summary", (), {"tables": ()}))
    return folder


def test_layer_comes_with_its_sisters_arguments_and_votes():
    content = load_content(CORPORA / "fictional" / "2031-06-17-veiligheidsgaranties" / LAYER.name)
    assert 0 < content.stances["disputed"].sum() < len(content.stances)
    assert content.sentences
    assert len(load_content(LAYER).votes) == len(load_content(LAYER).debate.motions)
    assert set(content.issues) >= set(content.stances["issue"])


def test_arguments_are_of_the_layer_that_covers_most_turns(tmp_path):
    """An adjudicated layer may be a sample; the page says how much is annotated."""
    folder = tmp_path / "corpus" / "debate"
    shutil.copytree(FOLDER, folder)
    source, whole = Source.load(folder / "source.json"), ArgumentLayer.load(folder / "arguments.lm-a.jsonl")
    few = {*whole.turns[:3]}
    for name in ("adjudicated", "lm-b"):
        sample = [sentence for sentence in whole.sentences if sentence.turn in few]
        layer = dataclasses.replace(whole, annotator=name, sentences=tuple(sample))
        layer.save(folder / f"arguments.{name}.jsonl", source)
    content = load_content(folder / LAYER.name)
    assert {sentence.turn for sentence in content.sentences} == {*whole.turns}
    assert f"arguments by lm-a, annotated in {len(whole.turns)} of " in content.origin
    assert content.language == "nl"


def test_run_is_shown_for_the_debate_named(run):
    content = load_content(run, debate=NAME)
    assert content.debate.id == NAME
    assert not content.stances["disputed"].any()  # the rows of the narrow scheme are left out
    assert content.stances["evidence"].map(len).sum() > 0


def test_run_about_several_debates_wants_a_name(run):
    with pytest.raises(InputError, match=f"--debate: {NAME}, {OTHER}"):
        load_content(run)
    with pytest.raises(InputError, match="no predictions about elsewhere"):
        load_content(run, debate="elsewhere")


@pytest.mark.parametrize("name", ["config.yaml", "predictions.parquet"])
def test_run_that_lacks_a_file_is_refused(run, monkeypatch, name):
    monkeypatch.undo()
    if name == "config.yaml":
        monkeypatch.setattr(
            Run, "predictions", lambda self: pd.DataFrame({"debate": [NAME], "corpus": "fictional", "scope": "all"})
        )
        (run / name).unlink()
    with pytest.raises(InputError, match=f"{name}: missing or damaged"):
        load_content(run, debate=NAME)


def test_failed_run_is_refused(run):
    (run / "status.json").write_text(json.dumps({"state": "failed", "error": "disk full"}))
    with pytest.raises(InputError, match="disk full"):
        load_content(run)


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".csv"])
def test_predictions_belong_to_the_transcript_given(tmp_path, predictions, suffix):
    debate = read_debate(FOLDER / "report.txt")
    one = predictions[predictions["debate"] == NAME]
    one = one.assign(debate=debate.id, turn=[debate.turn(int(ordinal)).id for ordinal in one["ordinal"]])
    path = tmp_path / f"predictions{suffix}"
    write_predictions(one.drop(columns=["gold", "predicted"]), path)
    content = load_content(path, transcript=FOLDER / "report.txt")
    assert len(content.stances) == len(one)
    assert "cannot tell whether a turn addresses an issue" in content.notices[0]
    assert len(content.notices) == 1
    write_predictions(one.drop(columns=["gold", "predicted"]).assign(knows_issue=False), path)
    (_, strange) = load_content(path, transcript=FOLDER / "report.txt").notices
    assert strange.startswith("The model was not trained on ")
    assert "regional hospitals" in strange
    with pytest.raises(InputError, match="--transcript"):
        load_content(path)
    with pytest.raises(InputError, match="0 of the debates"):
        load_content(path, transcript=CORPORA / "fictional" / OTHER / "report.txt")


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".csv"])
def test_predicted_evidence_and_arguments_are_shown(tmp_path, suffix):
    debate = read_debate(FOLDER / "report.txt")
    turn = next(turn for turn in debate.turns if turn.kind == "speech")
    second = turn.text.index(".") + 2
    claim = dict.fromkeys(RECORD_TYPES) | {"component": "claim", "text_start": 0, "text_end": second - 1}
    premise = claim | {
        "component": "premise", "frame": "security", "relation": "attack", "text_start": second, "text_end": second + 9
    }  # fmt: skip
    shared = {
        "debate": debate.id,
        "turn": turn.id,
        "p_favor": 0.8,
        "p_against": 0.1,
        "p_neutral": 0.1,
        "label": "favor",
    }
    rows = pd.DataFrame(
        [
            shared | {"issue": "no_fly_zone", "evidence_start": 3, "evidence_end": 9, "arguments": [premise, claim]},
            shared | {"issue": "conscription", "evidence_start": None, "evidence_end": None, "arguments": [claim]},
        ]
    ).astype({"evidence_start": "Int64", "evidence_end": "Int64"})
    path = tmp_path / f"predictions{suffix}"
    write_predictions(rows, path)
    content = load_content(path, transcript=FOLDER / "report.txt")
    assert dict(zip(content.stances["issue"], content.stances["evidence"], strict=True)) == {
        "no_fly_zone": ((3, 9),), "conscription": ()
    }  # fmt: skip
    shown = sorted((item.span, item.component, item.frame, item.relation) for item in content.sentences)
    assert shown == [((0, second - 1), "claim", None, None), ((second, second + 9), "premise", "security", "attack")]
    page = debate_page(content)
    assert 'data-part="security, attacks"' in page
    assert page.count('data-part="claim"') == 1


def test_layer_of_another_text_is_refused(tmp_path):
    folder = tmp_path / "corpus" / NAME
    shutil.copytree(FOLDER, folder)
    report = folder / "report.txt"
    report.write_text(report.read_text(encoding="utf-8").replace("Zuiderlo", "Noorderlo", 1), encoding="utf-8")
    with pytest.raises(InputError, match="turn 2"):
        load_content(folder / LAYER.name)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("notes.txt", "", "expected a run folder"),
        ("rows.jsonl", "not json", "line 1: not valid JSON; expected a run folder"),
        ("missing.jsonl", None, "cannot be read"),
        ("table.csv", "a,b\n1,2\n", "no column debate"),
        ("nothing.jsonl", "", "it has no rows"),
        ("table.parquet", "nonsense", "not a table of predictions"),
        ("empty.csv", "", "not a table of predictions"),
    ],
)
def test_what_is_no_source_is_refused(tmp_path, name, text, message):
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=message):
        load_content(path, transcript=FOLDER / "report.txt")


def test_argument_layer_points_to_the_stance_layer():
    with pytest.raises(InputError, match="give the stance layer"):
        load_content(FOLDER / "arguments.lm-a.jsonl")


def test_only_predictions_need_to_be_told_their_model():
    with pytest.raises(InputError, match="--model is for files of predictions"):
        load_content(LAYER, model="standpunt-nl")


def test_votes_that_differ_are_shown_with_what_was_said(tmp_path):
    content = make_content(motions_file(tmp_path))
    page = debate_page(content)
    assert page.index("≠</span> Bomen votes for") < page.index("Voor:</b>")
    assert "“Groen is lelijk.”" in page


def test_a_file_of_motions_has_votes_for_the_motions_of_the_debate(tmp_path):
    (vote,) = make_content(motions_file(tmp_path)).votes
    assert (vote.dossier, vote.number, vote.result) == ("37000", 7, "verworpen")
    assert vote.votes == {"Bomen": "Voor", "Geel": "Tegen"}


def motions_file(folder):
    """Write a file with the vote on the motion of the small debate."""
    head, end = "Kamerstukken\n37 000\nBruggen\nNr.\n7\nDe Kamer,\n", "en gaat over tot de orde van de dag.\nAalbers"
    text = f"{head}verzoekt de regering alle bruggen groen te verven,\n{end}"
    record = voted_record(
        7, "2030-05-01", "2030-05-07", text=text, votes={"Bomen": "Voor", "Geel": "Tegen"}, result="Stemmen - verworpen"
    )
    return write_lines(folder / "moties.jsonl", [record])


def make_content(votes):
    debate = make_debate()
    stances = stances_of_predictions(debate, make_predictions(), {(3, "green_bridges"): ((0, 16),)})
    return Content(debate, stances, "Bruggen", None, "Made up.", votes=debate_votes(votes, [debate])[0].votes)
