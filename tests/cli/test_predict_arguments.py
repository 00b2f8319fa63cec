"""`standpunt predict --arguments`."""

import json
import shutil

import pandas as pd
import pytest

from standpunt.storage.paths import MODELS

NAME = "standpunt-nl-arguments"


def test_each_format_has_the_arguments_with_their_places_in_the_file(standpunt, trained, fictional_report, tmp_path):
    for suffix in ("csv", "parquet"):
        done = standpunt(
            "predict", "--issues", "all", trained, fictional_report, "--arguments", NAME, "--out", f"out.{suffix}"
        )
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    frame = pd.read_parquet(tmp_path / "out.parquet")
    cells = [list(records) for records in frame["arguments"]]
    assert [json.loads(cell) for cell in pd.read_csv(tmp_path / "out.csv")["arguments"]] == cells
    source = fictional_report.read_text(encoding="utf-8")
    records = [record for records in cells for record in records]
    assert len(records) > 50
    for record in records:
        assert "".join(source[record["start"] : record["end"]].split()) == "".join(record["text"].split())
        assert record["component"] in ("claim", "premise")
        assert (record["frame"] is not None) == (record["component"] == "premise")
    for ranked in cells:
        assert [record["relevance"] for record in ranked] == sorted((r["relevance"] for r in ranked), reverse=True)


@pytest.mark.parametrize("out", ["out.csv", "out"])
@pytest.mark.parametrize(
    ("models", "why"),
    [
        ("nothing", "known are"),
        ("./nothing", "no such model folder"),
        ("component", "a single model, of task component"),
        ("mixed", "expected one of task frame"),
        ("partly", "it has no folder link"),
    ],
)
def test_what_is_no_argument_model_is_told_in_one_line(
    standpunt, trained, fictional_report, tmp_path, out, models, why
):
    if out == "out":
        (tmp_path / out).mkdir()
    shutil.copytree(MODELS / NAME / "component", tmp_path / "component")
    for folder in ("mixed", "partly"):
        shutil.copytree(MODELS / NAME, tmp_path / folder)
    shutil.rmtree(tmp_path / "partly" / "link")
    shutil.rmtree(tmp_path / "mixed" / "frame")
    shutil.copytree(tmp_path / "component", tmp_path / "mixed" / "frame")
    done = standpunt("predict", "--issues", "all", trained, fictional_report, "--out", out, "--arguments", models)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert why in done.stderr
    assert not list(tmp_path.rglob("*.csv")) + list(tmp_path.rglob("*.parquet"))


def test_an_argument_model_is_no_stance_model(standpunt, fictional_report):
    done = standpunt("predict", MODELS / NAME / "component", fictional_report, "--out", "out.csv")
    assert done.returncode == 2
    assert "about sentences" in done.stderr


def test_a_very_long_sentence_and_a_turn_of_one_word(standpunt, trained, tmp_path):
    long = "Er moet een no-flyzone komen " + "en nog een " * 1667 + "want dat is veilig."
    turns = (
        "De voorzitter:\nHet woord is aan mevrouw Smit.",
        f"Mevrouw Smit (Geel):\n{long}",
        "De heer Jansen (Blauw):\nNee.",
    )
    (tmp_path / "report.txt").write_text("\n\n".join(("Aan de orde is het debat.", *turns)) + "\n", encoding="utf-8")
    done = standpunt("predict", "--issues", "all", trained, "report.txt", "--arguments", NAME, "--out", "out.csv")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert len(pd.read_csv(tmp_path / "out.csv")) == 4
