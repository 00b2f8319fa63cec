"""Runs side by side: what is compared, what is refused, and what is written."""

import shutil
from dataclasses import replace

import pandas as pd
import pytest
import yaml

from standpunt.errors import InputError
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig, SplitConfig, TaskConfig
from standpunt.experiment.run import run
from standpunt.models.controls.frequencies import IssueConfig, PartyConfig
from standpunt.models.controls.majority import MajorityConfig
from standpunt.results.comparison import compare, write_comparisons
from standpunt.results.runs import CONFIG as CONFIG_FILE
from standpunt.results.runs import PREDICTIONS

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

CONFIG = Config(
    name="trial",
    corpus=CorpusConfig("fictional"),
    model=MajorityConfig(),
    evaluation=EvaluationConfig(resamples=20),
    save_model=False,
    limit_rows=60,
    limit_folds=3,
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return a sweep of two models and a run of a third, and a run on fewer rows."""
    sweep, other = tmp_path_factory.mktemp("sweep"), tmp_path_factory.mktemp("other")
    run(CONFIG, sweep)
    run(replace(CONFIG, model=PartyConfig()), sweep, job=1)
    issue = run(replace(CONFIG, model=IssueConfig()), other)
    fewer = run(replace(CONFIG, limit_rows=40), other)
    return {"sweep": sweep, "issue": issue.folder, "fewer": fewer.folder}


def test_runs_and_sweeps_stand_side_by_side(folders):
    (one,) = compare([folders["sweep"], folders["issue"]], resamples=50)
    assert [model for model, _ in one.frames] == ["majority", "party_only", "issue_only"]
    assert [(gap.first, gap.second) for gap in one.differences] == [
        ("party_only", "majority"), ("issue_only", "majority"), ("issue_only", "party_only"),
    ]  # fmt: skip
    assert (one.corpus, one.protocol, one.cluster) == ("fictional", "leave one speaker out", "speaker")
    assert any("without the controls text_only, tfidf" in note for note in one.main_table().notes)


def test_a_run_with_a_setting_of_another_version_is_refused(folders, tmp_path):
    shutil.copytree(folders["sweep"], tmp_path / "sweep")
    for path in tmp_path.rglob(CONFIG_FILE):
        settings = yaml.safe_load(path.read_text("utf-8"))
        settings["split"]["apart"] = settings["split"].pop("disjoint")
        path.write_text(yaml.safe_dump(settings), "utf-8")
    with pytest.raises(InputError, match=r"^run trial: setting split\.apart is not known to standpunt .*; repeat it"):
        compare([tmp_path / "sweep"], resamples=20)


def test_disagreements_are_the_rows_on_which_answers_differ(folders):
    (one,) = compare([folders["sweep"]], resamples=20)
    frame = one.disagreements()
    (_, first), (_, second) = one.frames
    merged = first.merge(second, on="id")
    assert set(frame["id"]) == set(merged[merged["predicted_x"] != merged["predicted_y"]]["id"])
    assert list(frame)[-3:] == ["gold", "majority", "party_only"]
    assert "text" not in frame


def test_seeds_become_one_row_and_settings_tell_models_apart(tmp_path):
    for job, (smoothing, seed) in enumerate([(1.0, 0), (1.0, 1), (2.0, 0)]):
        run(replace(CONFIG, model=PartyConfig(smoothing=smoothing), seed=seed), tmp_path, job=job)
    (one,) = compare([tmp_path], resamples=20)
    seeds = {model: evaluation.seeds for model, evaluation in one.evaluations}
    assert seeds == {"party_only smoothing=1.0": 2, "party_only smoothing=2.0": 1}


def test_runs_tested_on_other_corpora_are_rows_of_their_own(tmp_path):
    for job, test in enumerate(([], ["contrast"])):
        run(replace(CONFIG, evaluation=EvaluationConfig(resamples=20, test=test)), tmp_path, job=job)
    (one,) = compare([tmp_path], resamples=20)
    names = [model for model, _ in one.frames]
    assert names == ["majority evaluation.test=[]", "majority evaluation.test=['contrast']"]


def test_same_configuration_from_two_places_is_two_rows(folders, tmp_path):
    again = run(CONFIG, tmp_path)
    (one,) = compare([folders["sweep"], again.folder], resamples=20)
    assert [model for model, _ in one.frames] == [
        f"majority ({folders['sweep']})", "party_only", f"majority ({again.folder})",
    ]  # fmt: skip


def test_protocols_may_differ_where_the_rows_are_the_same(tmp_path):
    for unit in ("speaker", "issue"):
        run(replace(CONFIG, limit_rows=20, limit_folds=None, split=SplitConfig(unit=unit)), tmp_path)
    (one,) = compare([tmp_path], resamples=20)
    assert one.protocol == "leave one speaker out or leave one issue out"
    assert {model for model, _ in one.frames} == {"majority split.unit=speaker", "majority split.unit=issue"}


def test_runs_of_before_still_compare(folders, tmp_path):
    """Predictions without votes, as the first versions wrote them."""
    old = run(CONFIG, tmp_path)
    old.predictions().drop(columns=["votes"]).to_parquet(old.folder / PREDICTIONS, index=False)
    (one,) = compare([old.folder], resamples=20)
    evaluation = one.evaluations[0][1]
    assert evaluation.annotators is None
    assert not [name for name in evaluation.scores if name.startswith("soft")]
    assert not [note for note in one.main_table().notes if note.startswith("Ceiling")]


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        (["fewer"], r"were not scored on the same rows of fictional \(\d+ and \d+\)"),
        (["nowhere"], "nowhere: no finished run in it"),
    ],
)
def test_what_cannot_be_compared_is_refused(folders, others, reason):
    with pytest.raises(InputError, match=reason):
        compare([folders["sweep"], *(folders.get(name, name) for name in others)])


def test_other_tasks_and_corpora_are_refused(folders, tmp_path):
    joint = run(replace(CONFIG, task=TaskConfig("stance_joint")), tmp_path)
    with pytest.raises(InputError, match="has task stance_joint, the first run stance"):
        compare([folders["sweep"], joint.folder])
    renamed = run(CONFIG, tmp_path)
    renamed.predictions().assign(corpus="elsewhere").to_parquet(renamed.folder / PREDICTIONS, index=False)
    with pytest.raises(InputError, match=r"different corpora .*elsewhere"):
        compare([folders["sweep"], renamed.folder])


def test_everything_is_written_in_one_step(folders, tmp_path):
    comparison = compare([folders["sweep"], folders["issue"]], resamples=20)
    write_comparisons(comparison, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "comparison.md", "results.csv", "differences.csv", "disagreements.csv", "page.html",
        "issues-1.png", "risk-coverage-1.png",
    }  # fmt: skip
    text = (tmp_path / "out" / "comparison.md").read_text("utf-8")
    assert "](risk-coverage-1.png)" in text
    assert "paired differences of macro-F1" in text
    assert len(pd.read_csv(tmp_path / "out" / "differences.csv")) == 3
    assert len(pd.read_csv(tmp_path / "out" / "disagreements.csv")) == len(comparison[0].disagreements())
    page = (tmp_path / "out" / "page.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count("<svg") == 2
    assert "src=" not in page
    with pytest.raises(InputError, match="exists already"):
        write_comparisons(comparison, tmp_path / "out")
