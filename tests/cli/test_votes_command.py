"""`standpunt votes`."""

import json

import pandas as pd
import pytest

from standpunt.readers import read_debate
from voted_data import turns, voted_records, write_data


@pytest.fixture
def data(tmp_path):
    return write_data(tmp_path / "sets")


def test_votes_are_predicted_and_scored(standpunt, tmp_path, data):
    done = standpunt("votes", "--data", str(data), "--resamples", "20", "--out", "out")
    assert done.returncode == 0, done.stderr
    for said in (
        "24 pairs, 8 motions, 2 debates",
        "past votes, advice, words",
        "AUC within a motion",
        "What reading adds",
    ):
        assert said in done.stdout
    pairs = pd.read_csv(tmp_path / "out" / "pairs.csv")
    assert len(pairs) == 24
    assert pairs["standpunt-nl"].between(0, 1).all()
    assert (pairs["voted"] >= pairs["day"]).all()
    scores = pd.read_csv(tmp_path / "out" / "scores.csv")
    assert set(scores["name"]) >= {"majority", "agreement", "standpunt-nl", "past votes + standpunt-nl"}
    assert "| past votes |" in (tmp_path / "out" / "results.md").read_text(encoding="utf-8")
    more = standpunt("votes", "--data", str(data), "--resamples", "20", "--pairs", "out/pairs.csv", "--out", "more")
    assert more.returncode == 0, more.stderr
    assert pd.read_csv(tmp_path / "more" / "pairs.csv")["standpunt-nl"].tolist() == pairs["standpunt-nl"].tolist()
    again = standpunt("votes", "--data", str(data), "--out", "out")
    assert (again.returncode, again.stderr.strip()) == (2, "standpunt: out: exists already; give a new folder")


def test_votes_of_another_parliament_are_one_sentence(standpunt, tmp_path):
    data = write_data(tmp_path / "sets", debates=[turns("De wegen", [70, 71])])
    done = standpunt("votes", "--data", str(data))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"standpunt: {data}: no motion of the reports there was voted on (no vote on it in")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_run_on_something_else_is_one_sentence(standpunt, data, tmp_path):
    (tmp_path / "empty").mkdir()
    done = standpunt("votes", "--data", str(data), "--run", "mine=empty")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("standpunt: empty: ")
    (tmp_path / "pairs.csv").write_text("a,b\n1,2\n")
    done = standpunt("votes", "--data", str(data), "--pairs", "pairs.csv")
    assert done.returncode == 2
    assert done.stderr.strip().endswith("pairs.csv: expected the pairs.csv that `standpunt votes --out` wrote")


def test_what_a_file_of_votes_does_not_tell_is_noted(standpunt, fictional_report, tmp_path):
    first, *others = motions = read_debate(fictional_report).motions
    vote = {"dossier": first.dossier, "number": first.number, "title": "Motie", "result": "aangenomen"}
    vote |= {"votes": {"Onbekend": "Voor"}, "by_person": False}
    (tmp_path / "votes.jsonl").write_text(json.dumps(vote) + "\n")
    done = standpunt("motions", fictional_report, "--votes", "votes.jsonl", "--format", "jsonl")
    assert done.returncode == 0
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["result"] for row in rows] == ["aangenomen", *(None for _ in others)]
    without, of = len(others), len(motions)
    assert f"votes.jsonl: {without} of {of} motions have no vote (no vote on it in the file: {without})" in done.stderr
    assert "in no vote on a motion: " in done.stderr


def test_votes_on_other_motions_are_refused(standpunt, fictional_report, tmp_path):
    vote = {"dossier": "1", "number": 1, "title": "Motion", "result": None, "votes": {"Labour": "Voor"}}
    (tmp_path / "votes.jsonl").write_text(json.dumps(vote | {"by_person": False}) + "\n")
    done = standpunt("motions", fictional_report, "--votes", "votes.jsonl")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("standpunt: votes.jsonl: no vote in it is on one of the ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_what_the_file_of_motions_has_of_no_use_is_counted(standpunt, tmp_path):
    records = voted_records()
    records[0]["votes"] = {}
    records[2]["text"] = records[2]["text"].replace("Nr.\n2", "Nr.\n1")
    done = standpunt("votes", "--data", str(write_data(tmp_path / "sets", records)), "--resamples", "20")
    assert done.returncode == 0, done.stderr
    assert "Left out: 1 (in the file of motions: no vote by party)." in done.stdout
    assert "Left out: 2 (in the file of motions: its number is another motion's too)." in done.stdout


def test_votes_in_other_words_are_one_sentence(standpunt, tmp_path):
    records = voted_records()
    records[3]["votes"]["Groen"] = "Aye"
    done = standpunt("votes", "--data", str(write_data(tmp_path / "sets", records)))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip().endswith(
        "moties.jsonl.gz, line 4: Groen voted 'Aye'; expected Voor, Tegen, Niet deelgenomen or Verdeeld"
    )
