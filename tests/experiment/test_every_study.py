"""Every study that ships runs, with few rows and tiny encoders: each value of its sweep, not each combination of them.

A model that an earlier study has run on the same task is left out: models do not know of protocols and corpora. The
other values are run with `text_only`, which learns from words and takes no time.
"""

import os
import re

import pytest

from standpunt.cli.plan import CONFIG_NAME, make_plan
from standpunt.experiment.run import run
from standpunt.results.summary import summarise_folder

studies = pytest.importorskip("studies", reason="the folder tools is not in a source distribution")

FILES = {path.parent.name: path for path in sorted(studies.EXPERIMENTS.glob(f"*/{CONFIG_NAME}.yaml"))}
# Thirty rows are too few for the shots that a study draws, a tiny encoder has two layers, and what ships does not
# fit onto one.
FITTING = {
    "few-labels": {"split.pool": "2"},
    "multitask-nl": {"model.decomposed_layers": "1"},
    "split.shots=8": {"split.shots": "1"},
    "split.shots=32": {"split.shots": "2"},
    "model=pair_reader": {"model": "pair_reader", "model.start_from": "null"},
    "model=fine_tuned": {"model": "fine_tuned", "model.decomposed_layers": "1"},
}


def plan_runs():
    """Return for each study the settings of the runs to try."""
    tried, runs = set(), {}
    for name, path in FILES.items():
        swept = {key: values for key, values in studies.swept(name).items() if key != "seed"}
        named = re.search(r"override task: (\w+)", path.read_text("utf-8"))
        task = swept.get("task", [named[1] if named else "stance"])[0]
        usual = {key: "text_only" if key == "model" else values[0] for key, values in swept.items()}
        others = [(key, value) for key, values in swept.items() for value in values if value != usual[key]]
        runs[name] = [usual, *(usual | {key: value} for key, value in others if (key, task, value) not in tried)]
        tried |= {("model", task, model) for model in swept.get("model", ())}
    return runs


RUNS = plan_runs()


def overrides(name, settings):
    fitted = FITTING.get(name, {}) | settings
    for key, value in settings.items():
        fitted |= FITTING.get(f"{key}={value}", {})
    return [f"{key}={value}" for key, value in fitted.items()]


@pytest.mark.slow
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning", "error::FutureWarning")
@pytest.mark.parametrize("name", FILES)
def test_study_runs(name, tmp_path, monkeypatch, tiny_cache, capfd):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments").symlink_to(studies.EXPERIMENTS)  # corpora that a study names by their path
    monkeypatch.setenv("STANDPUNT_CACHE", str(tiny_cache))
    monkeypatch.delenv("STANDPUNT_ENCODERS", raising=False)
    plan = make_plan(FILES[name].parent, CONFIG_NAME, ("debug=smoke", "limit_rows=30"), multirun=False)
    configs = [plan.compose(*overrides(name, settings)) for settings in RUNS[name]]
    if lacking := studies.not_at_hand(configs):
        pytest.skip(f"not at hand: {', '.join(lacking)}")
    for number, config in enumerate(configs):
        done = run(config, tmp_path / name, job=number)
        assert done.finished, (done.folder / "error.log").read_text("utf-8")
    assert capfd.readouterr() == ("", "")
    summary = summarise_folder(tmp_path / name)
    assert {row["model"] for row in summary.scores.to_dict("records")} == {config.model.name for config in configs}
    assert summary.tables


def test_what_is_there_is_not_skipped():
    at_hand = {name: studies.at_hand(name) for name in ("fictional", "tk-ukraine", "moties")}
    texts, data = (bool(os.environ.get(name)) for name in ("STANDPUNT_TRANSCRIPTS", "STANDPUNT_DATA"))
    assert at_hand == {"fictional": True, "tk-ukraine": texts, "moties": data}


def test_each_value_of_each_sweep_is_tried():
    tried = {(key, value) for runs in RUNS.values() for settings in runs for key, value in settings.items()}
    swept = {(key, value) for name in FILES for key, values in studies.swept(name).items() for value in values}
    assert {pair for pair in swept if pair[0] != "seed"} <= tried
