from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from standpunt.evaluation.condition import CONDITION
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig, SearchConfig
from standpunt.experiment.run import run
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.models.controls.majority import MajorityConfig
from standpunt.results.comparison import compare
from standpunt.results.summary import summarise_folder

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

CONFIG = Config(
    name="mine",
    corpus=CorpusConfig("fictional"),
    model=MajorityConfig(),
    evaluation=EvaluationConfig(resamples=20, confidence=0.8),
    save_model=False,
    limit_rows=40,
    limit_folds=3,
)


@pytest.fixture(scope="module")
def layers(tmp_path_factory):
    """Return the folder of two runs on labels of different annotators."""
    folder = tmp_path_factory.mktemp("layers")
    for job, layer in enumerate(("adjudicated", "lm-a")):
        run(replace(CONFIG, corpus=CorpusConfig("fictional", layer)), folder, job=job)
    return folder


def titles(folder: Path) -> list[str]:
    return [table.title for table in summarise_folder(folder).tables if " rows, " in table.title]


def test_models_and_seeds_share_a_table(tmp_path):
    for job, one in enumerate((CONFIG, replace(CONFIG, seed=1), replace(CONFIG, model=PartyConfig()))):
        run(one, tmp_path, job=job)
    summary = summarise_folder(tmp_path)
    assert [row[0] for row in summary.tables[0].rows] == ["majority", "party_only"]
    assert titles(tmp_path) == ["fictional, leave one speaker out: 5 rows, 3 speakers"]


def test_where_a_model_keeps_things_makes_no_other_model_of_it(tmp_path):
    for job in range(2):
        run(replace(CONFIG, seed=job), tmp_path, job=job)
    for place, folder in enumerate(sorted(tmp_path.iterdir())):
        settings = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
        settings["model"] |= {"checkpoints": f"runs/{place}", "members": {"vectors": {"cache": f"{place}"}}}
        (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    assert [row[0] for row in summarise_folder(tmp_path).tables[0].rows] == ["majority"]
    assert [name for one in compare([tmp_path]) for name, _ in one.evaluations] == ["majority"]


def test_what_changes_no_result_makes_no_table_of_its_own(tmp_path):
    run(CONFIG, tmp_path)
    run(replace(CONFIG, seed=1, fail_fast=True, search=SearchConfig(trials=3)), tmp_path, job=1)
    assert len(titles(tmp_path)) == 1
    ((_, evaluation),) = compare([tmp_path])[0].evaluations
    assert evaluation.seeds == 2


def test_what_else_differs_is_never_merged_and_is_named(layers):
    shown = titles(layers)
    assert [title.partition(":")[0] for title in shown] == [
        "fictional, leave one speaker out, corpus.layer=adjudicated",
        "fictional, leave one speaker out, corpus.layer=lm-a",
    ]


def test_scores_say_of_which_table_they_are(layers, tmp_path):
    scores = summarise_folder(layers).scores
    assert list(scores)[:3] == ["corpus", "part", "scope"]
    assert set(scores["settings"]) == {"corpus.layer=adjudicated", "corpus.layer=lm-a"}
    assert set(scores["protocol"]) == {"leave_one_out"}
    assert not scores.duplicated([*CONDITION, "settings", "model", "by", "group", "metric"]).any()
    assert list(summarise_folder(tmp_path / "nothing").scores) == []


def test_the_note_names_the_mass_that_was_asked_for(layers):
    assert "80 % of resamples" in summarise_folder(layers).tables[0].notes[0]
