"""Texts that stand alone, the rows of a table: a row a text and issue, in their order, none lost."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner
from datasets import Dataset

from standpunt.analysis.compared import compare_predictions
from standpunt.annotation.issues import load_issues
from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.sources import Source
from standpunt.cli.predict import predict
from standpunt.errors import InputError
from standpunt.models import build
from standpunt.models.collective.family import CollectiveConfig
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.models.controls.majority import MajorityConfig
from standpunt.page.content import load_content
from standpunt.prediction import texts as module
from standpunt.prediction.header import read_header
from standpunt.prediction.predictor import Predictor
from standpunt.prediction.texts import predict_texts, survey, table_of_texts
from standpunt.readers import read_debates

ISSUES = ["no_fly_zone", "frozen_assets"]
LABELS = ("favor", "against", "neutral", "none")
TEXTS = ["Er moet een no-flyzone komen.", "Geen denken aan een no-flyzone.", "Iets over de brug."]


@pytest.fixture(scope="module")
def model():
    """Return a model that goes by the party: Geel is in favor, Blauw against, all others say nothing."""
    said = (("Geel", "favor"), ("Blauw", "against"), ("Rood", "none"), ("Rood", "neutral"), ("Rood", "none"))
    rows = [{"party": party, "role": "member", "issue": "no_fly_zone", "label": label} for party, label in said]
    return build(PartyConfig(name="party"), LABELS, load_issues(ISSUES)).fit(rows)


@pytest.fixture
def folder(model, tmp_path):
    model.save(tmp_path / "model")
    return tmp_path / "model"


def records():
    return [
        {"id": f"r{n}", "tekst": text, "fractie": party, "datum": "13-03-2025"}
        for n, (text, party) in enumerate(zip(TEXTS, ("Geel", "Blauw", None), strict=True))
    ]


@pytest.mark.parametrize("form", [pd.DataFrame, Dataset.from_list, list])
def test_records_of_any_form_are_answered_in_their_order(model, form):
    frame = predict_texts(model, form(records()), ISSUES, anyway=True)
    assert frame["turn"].tolist() == ["r0", "r0", "r1", "r1", "r2", "r2"]
    assert frame["issue"].tolist() == ISSUES * 3
    assert frame["label"].tolist()[:4] == ["favor", "favor", "against", "against"]
    assert frame["party"].fillna("").tolist()[::2] == ["Geel", "Blauw", ""]
    assert set(frame["date"]) == {"2025-03-13"}
    assert frame["ordinal"].tolist() == [1, 1, 2, 2, 3, 3]
    assert {"model", "model_version", "issue_version", "standpunt_version"} <= {*frame}


def test_a_list_of_texts_will_do(model):
    frame = predict_texts(model, TEXTS, ["no_fly_zone"], anyway=True, text=True)
    assert frame["text"].tolist() == TEXTS
    assert frame["turn"].tolist() == ["list of texts-1", "list of texts-2", "list of texts-3"]


def test_chunks_make_no_difference(model, monkeypatch):
    many = [
        {"id": f"a{n}", "text": text, "reply_to": f"a{n - 5}" if n > 4 else None} for n, text in enumerate(TEXTS * 9)
    ]
    whole = predict_texts(model, many, ISSUES, anyway=True)
    monkeypatch.setattr(module, "CHUNK", 4)
    again = predict_texts(model, many, ISSUES, anyway=True)
    same = (whole.astype(object).fillna("") == again.astype(object).fillna("")).all()
    assert same.all(), same
    assert whole["replies_to"].tolist()[10] == "a0"


def test_the_text_that_is_answered_is_read_wherever_it_stands(monkeypatch):
    monkeypatch.setattr(module, "CHUNK", 1)
    model = build(MajorityConfig(name="m"), LABELS, load_issues(ISSUES)).fit([{"label": "none"}])
    seen = []
    monkeypatch.setattr(type(model), "_predict_proba", lambda self, rows: seen.extend(rows) or self_probabilities(rows))
    rows = [
        {"id": "b", "text": "Nee.", "reply_to": "a"},
        {"id": "a", "text": "Ja?"},
        {"id": "c", "text": "x", "reply_to": "?"},
    ]
    frame = predict_texts(model, rows, ["no_fly_zone"], anyway=True)
    assert [row["context"] for row in seen] == ["Ja?", "", ""]
    assert frame["replies_to"].fillna("").tolist() == ["a", "", "?"]  # passed through, also where it is not there


def self_probabilities(rows):
    import numpy as np

    return np.full((len(rows), 4), 0.25)


def test_a_row_without_text_is_not_lost_and_addresses_nothing(model, tmp_path):
    rows = [{"id": 1, "text": "Een no-flyzone, ja.", "party": "Geel"}, {"id": 2, "text": " ", "party": "Geel"}]
    frame = predict_texts(model, rows, ["no_fly_zone"], anyway=True)
    assert frame["label"].tolist() == ["favor", "none"]
    assert frame.loc[1, ["p_favor", "p_against", "p_neutral", "p_none"]].tolist() == [0, 0, 0, 1]
    pd.DataFrame(rows).to_csv(tmp_path / "a.csv", index=False)
    found = survey(*table_of_texts(tmp_path / "a.csv"))
    assert (found.texts, found.empty, found.first_empty) == (2, 1, ("line 3",))
    assert found.sentence.startswith("1 of 2 rows have no text (line 3)")


def test_a_record_that_holds_nothing_keeps_its_place(model, tmp_path):
    frame = pd.DataFrame({"text": [None, "Een no-flyzone, ja.", float("nan")], "party": [None, "Geel", None]})
    assert predict_texts(model, frame, ["no_fly_zone"], anyway=True)["label"].tolist() == ["none", "favor", "none"]
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_json(tmp_path / "a.jsonl", orient="records", lines=True)
    for name in ("a.parquet", "a.jsonl"):
        found = survey(*table_of_texts(tmp_path / name))
        assert (found.texts, found.empty) == (3, 2)
    (tmp_path / "a.csv").write_text("text\nEen no-flyzone.\n\nEen brug.\n", "utf-8")
    assert survey(*table_of_texts(tmp_path / "a.csv")).texts == 2  # an empty line is none


def test_a_model_of_whole_debates_reads_texts_one_by_one(model):
    whole = build(
        CollectiveConfig(name="whole", base={"name": "party", "family": "party"}), LABELS, load_issues(ISSUES)
    )
    whole.base = model
    with pytest.raises(InputError, match="reads a debate as a whole, and these texts stand alone; make the predictor"):
        predict_texts(Predictor(whole, ISSUES, anyway=True), TEXTS)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Een tekst.", r"texts is the text 'Een tekst\.'; expected a list of texts, such as"),
        ([], "list of texts: it is empty"),
        (
            [1, 2],
            r"texts: list whose row 1 is of type int \(for no text give an empty one\); expected texts or records in",
        ),
        (["a b c", None], "texts: list whose row 2 is of type NoneType"),
        (pd.DataFrame([["a b c", "b"]], columns=["text", "text"]), "DataFrame: the column 'text' is there twice"),
        (
            pd.DataFrame({"text": ["a b c"] * 2, "id": [1, 1]}),
            "DataFrame, row 2, column id: the id '1' is that of row 1",
        ),
        (pd.DataFrame({"text": ["", " "]}), "DataFrame: column text holds no text in any of"),
    ],
)
def test_what_are_no_texts_is_said(model, given, said):
    with pytest.raises(InputError, match=said):
        predict_texts(model, given, ISSUES, anyway=True)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_the_command_streams_a_table_into_a_file(folder, tmp_path, monkeypatch, suffix):
    monkeypatch.setattr(module, "CHUNK", 2)
    pd.DataFrame(records()).to_csv(tmp_path / "t.csv", sep=";", index=False, encoding="cp1252")
    out = tmp_path / f"o{suffix}"
    options = ["--issues", ",".join(ISSUES), "--anyway", "--out", str(out)]
    done = CliRunner().invoke(predict, [str(folder), str(tmp_path / "t.csv"), *options])
    assert done.exit_code == 0, done.exception
    assert (
        "t.csv: CSV of texts that stand alone; delimiter semicolon; columns: text from tekst, id, party" in done.stderr
    )
    assert "6 rows (3 texts)" in done.stderr
    if suffix == ".csv":
        frame = pd.read_csv(out)
    elif suffix == ".jsonl":
        frame = pd.DataFrame(map(json.loads, out.read_text("utf-8").splitlines()))
    else:
        frame = pd.read_parquet(out)
    assert frame["turn"].tolist() == ["r0", "r0", "r1", "r1", "r2", "r2"]
    assert frame["label"].tolist()[:4] == ["favor", "favor", "against", "against"]
    header = read_header(out)
    assert ([issue.name for issue in header.issues], header.options["alone"]) == (ISSUES, True)


def test_texts_with_ids_are_found_again_and_labels_are_laid_beside_them(folder, tmp_path, monkeypatch):
    table, out = tmp_path / "t.csv", tmp_path / "o.csv"
    arguments = [str(folder), str(table), "--issues", "no_fly_zone", "--anyway", "--force", "--out", str(out)]
    pd.DataFrame(records()).to_csv(table, index=False)
    assert CliRunner().invoke(predict, arguments).exit_code == 0
    (debate,) = read_debates(table)
    assert load_content(out).debate.turns == debate.turns
    (tmp_path / "corpus" / "t").mkdir(parents=True)
    source = Source.from_debate(debate, title="t", date="2025-03-13")
    source.save(tmp_path / "corpus" / "t" / "source.json")
    labels = (Label(1, "no_fly_zone", "favor", debate.turns[0].speaker.name),)
    layer = tmp_path / "corpus" / "t" / "stance.anna.jsonl"
    Layer("anna", ("no_fly_zone",), source.sha256, labels).save(layer, source)
    ((_, scored),) = compare_predictions([out], [layer], resamples=10).frames
    assert scored["gold"].tolist() == ["favor", "none", "none"]
    assert scored["speaker"].tolist() == ["r0", "r1", "r2"]  # the table does not say who they are of
    for change, options in (({"id": None}, []), ({}, ["--column", "debate=fractie"])):  # called otherwise there
        pd.DataFrame(records()).assign(**change).to_csv(table, index=False)
        done = CliRunner().invoke(predict, [*arguments, *options])
        assert done.exit_code == 0, done.exception
        assert read_header(out).debates == ()
    pd.DataFrame(records()).to_csv(table, index=False)
    monkeypatch.setattr(module, "SAMPLE", 2)
    assert CliRunner().invoke(predict, arguments).exit_code == 0
    assert read_header(out).debates == ()  # of a large table no page is made


def test_a_bad_cell_leaves_no_file(folder, tmp_path):
    (tmp_path / "t.csv").write_text("text,datum\nEen no-flyzone ja.,2025-03-13\nNee nee nee.,gisteren\n", "utf-8")
    out = tmp_path / "o.csv"
    arguments = [str(folder), str(tmp_path / "t.csv"), "--issues", "no_fly_zone", "--anyway", "--out", str(out)]
    done = CliRunner().invoke(predict, arguments)
    assert "t.csv, line 3, column datum: 'gisteren' is no day" in str(done.exception)
    assert not out.exists()
    done = CliRunner().invoke(predict, [*arguments, "--column", "date=", "--date", "2025-03-14"])
    assert done.exit_code == 0, done.exception
    assert set(pd.read_csv(out)["date"]) == {"2025-03-14"}


def test_a_table_of_debates_is_predicted_as_debates(folder, tmp_path):
    turns = [
        {"debat": "De brug", "spreker": "De voorzitter", "rol": "voorzitter", "tekst": "Mevrouw Smit."},
        {
            "debat": "De brug",
            "spreker": "Smit",
            "rol": "lid",
            "fractie": "Geel",
            "tekst": "Er moet een no-flyzone komen.",
        },
        {"debat": "De brug", "spreker": "Pot", "rol": "lid", "fractie": "Blauw", "tekst": "Waarom dan?"},
    ]
    pd.DataFrame(turns).to_csv(tmp_path / "t.tsv", sep="\t", index=False)
    out = tmp_path / "o.csv"
    arguments = [str(folder), str(tmp_path / "t.tsv"), "--issues", "no_fly_zone", "--anyway", "--out", str(out)]
    done = CliRunner().invoke(predict, arguments)
    assert done.exit_code == 0, done.exception
    assert "t.tsv: TSV of debates" in done.stderr
    frame = pd.read_csv(out)
    assert frame["title"].tolist() == ["De brug"] * 2
    assert frame["kind"].tolist() == ["speech", "interruption"]
    assert len(load_content(out).debate.turns) == 3  # the page finds the table
    pd.DataFrame(turns).rename(columns={"spreker": "wie"}).to_csv(tmp_path / "t.tsv", sep="\t", index=False)
    done = CliRunner().invoke(predict, [*arguments, "--force", "--column", "speaker=wie"])
    assert done.exit_code == 0, done.exception
    assert len(load_content(out).debate.turns) == 3  # also where its columns were named
    done = CliRunner().invoke(predict, [*arguments, "--as", "texts", "--force"])
    assert done.exit_code == 0, done.exception
    assert pd.read_csv(out)["kind"].tolist() == ["speech"] * 3
    done = CliRunner().invoke(predict, [str(folder), str(tmp_path / "t.tsv"), str(tmp_path / "t.tsv"), "--as", "texts",
                                        "--anyway", "--out", str(tmp_path / "many")])  # fmt: skip
    assert "are for one table; give one file" in str(done.exception)
