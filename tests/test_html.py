from dataclasses import asdict

import pandas as pd
import pytest
import yaml

from small_debate import make_debate
from standpunt.evaluation.condition import Condition
from standpunt.evaluation.scores import evaluate
from standpunt.evaluation.tables import Table
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig
from standpunt.models.controls.majority import MajorityConfig
from standpunt.results import runs
from standpunt.results.runs import Run


@pytest.fixture
def make_run(tmp_path):
    """Return a function that writes a run folder with this status and, where it finished, predictions."""

    def build(**status):
        folder = tmp_path / "20310304T120000.000000-majority-s0-0123abcd"
        folder.mkdir()
        runs.write_json(folder / runs.STATUS, {"job": 0, "seconds": 1.5, **status})
        config = Config(
            "trial <1>", model=MajorityConfig(), corpus=CorpusConfig("mine"), evaluation=EvaluationConfig(resamples=20)
        )
        (folder / runs.CONFIG).write_text(yaml.safe_dump(asdict(config)), encoding="utf-8")
        if status["state"] == runs.FINISHED:
            speakers = ["Aalbers", "Bol", "Cox", "Aalbers", "Bol", "Cox"]
            rows = pd.DataFrame({"speaker": speakers, "gold": ["favor", "against"] * 3})
            rows = rows.assign(issue="i", seed=0, predicted="favor")
            scores = evaluate(rows, ("favor", "against", "neutral"), resamples=20)
            runs.write_json(folder / runs.METRICS, [Condition("mine").record() | scores.record()])
        return Run.load(folder)

    return build


def test_a_debate_shows_its_size_and_escapes_what_it_says():
    shown = make_debate()._repr_html_()
    assert "6 turns" in shown
    assert "1 motions" in shown
    assert "A &amp; &lt;i&gt;B&lt;/i&gt;" in shown
    assert "<script>" not in shown
    assert "<b>bruggen" not in shown


def test_a_turn_shows_speaker_kind_and_text():
    turn = make_debate().turn(2)
    shown = turn._repr_html_()
    assert "Aalbers" in shown
    assert "speech" in shown
    assert "&lt;script&gt;window.hacked" in shown
    assert shown.count("<p>") == 2


def test_a_table_shows_title_cells_and_notes_escaped():
    table = Table("Scores <all>", ("model", "macro-F1"), (("a & b", "0.50"), ("c", "–")), ("Note <1>.",))
    shown = table._repr_html_()
    assert shown.count("<tr>") == 3
    for text in ("Scores &lt;all&gt;", "macro-F1</th>", ">a &amp; b</td>", "<td>0.50</td>", "Note &lt;1&gt;."):
        assert text in shown


def test_a_table_without_rows_says_so():
    assert "no rows" in Table("Differences", ("models", "p"), ())._repr_html_()


def test_a_finished_run_shows_its_scores_and_what_was_not_tested(make_run):
    run = make_run(state=runs.FINISHED, skipped={"other": "no transcript of <other>"})
    shown = run._repr_html_()
    assert "trial &lt;1&gt;: majority on mine, seed 0" in shown
    assert "finished in 1.5 s" in shown
    assert str(run.folder) in shown
    assert ">mine</td><td>6</td><td>0.33 [" in shown
    assert "macro-F1</th>" in shown
    assert "Not tested: no transcript of &lt;other&gt;" in shown


def test_a_failed_run_shows_why(make_run):
    shown = make_run(state=runs.FAILED, error="unknown corpus <mine>")._repr_html_()
    assert "failed in 1.5 s" in shown
    assert "unknown corpus &lt;mine&gt;" in shown
    assert "<table>" not in shown
