"""A run from configuration to folder: what it leaves behind when it succeeds, and when it fails."""

import errno
import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from huggingface_hub import ModelCard

from standpunt.corpora.corpus import load_corpus
from standpunt.errors import InputError, StandpuntError
from standpunt.evaluation.condition import CONDITION
from standpunt.experiment.config import Config, CorpusConfig, EvaluationConfig, SplitConfig, TaskConfig
from standpunt.experiment.run import config_hash, execute, run
from standpunt.models import FAMILIES, ModelConfig
from standpunt.models.base import Model
from standpunt.models.collective.family import CollectiveConfig
from standpunt.models.combined.blend import BlendConfig
from standpunt.models.controls.frequencies import PartyConfig
from standpunt.models.controls.majority import Majority, MajorityConfig
from standpunt.models.frozen.embeddings import EmbeddingsConfig
from standpunt.results.runs import without_places
from standpunt.storage.paths import CORPORA

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

FILES = {
    "config.yaml", "status.json", "error.log", "metrics.json", "predictions.parquet", "environment.json", "page.html",
    "model/model.json", "model/README.md", "model/weights.json",
}  # fmt: skip
PROBABILITIES = ["p_favor", "p_against", "p_neutral"]


@pytest.fixture(autouse=True)
def no_transcripts(monkeypatch):
    monkeypatch.delenv("STANDPUNT_TRANSCRIPTS", raising=False)


def make_config(**settings):
    defaults = {
        "name": "trial",
        "corpus": CorpusConfig("fictional"),
        "model": PartyConfig(),
        "evaluation": EvaluationConfig(resamples=20),
        "limit_rows": 60,
    }
    return Config(**defaults | settings)


def evaluated_on(*corpora):
    return EvaluationConfig(resamples=20, test=list(corpora))


def files_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def no_constant(name):
    raise AssertionError(f"{name} is not JSON")


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    """Return the paths of two corpora of one's own: the fictional debates but the first, and the first."""
    paths = []
    for name, dates in (("first", ("2031-06", "2031-10")), ("second", ("2031-03",))):
        folder = tmp_path_factory.mktemp("corpora") / name
        folder.mkdir()
        (folder / "corpus.yaml").write_text("title: A part of it\nsynthetic: true\n", encoding="utf-8")
        for debate in (CORPORA / "fictional").iterdir():
            if debate.name.startswith(dates):
                shutil.copytree(debate, folder / debate.name)
        paths.append(str(folder))
    return tuple(paths)


@pytest.fixture(scope="module")
def finished(tmp_path_factory, corpora):
    first, second = corpora
    config = make_config(corpus=CorpusConfig(first), evaluation=evaluated_on(second))
    return run(config, tmp_path_factory.mktemp("runs"), job=4)


def test_folder_has_exactly_the_documented_files(finished):
    assert finished.finished
    assert files_in(finished.folder) == FILES
    assert list(finished.folder.parent.iterdir()) == [finished.folder]


def test_status(finished):
    status = finished.status
    assert (status["state"], status["job"], status["skipped"]) == ("finished", 4, {})
    assert status["seconds"] >= 0
    assert pd.Timestamp(status["started"]).utcoffset().total_seconds() == 0
    assert (finished.folder / "error.log").read_text() == ""


def test_model_is_left_out_where_it_is_not_wanted(tmp_path):
    result = run(make_config(save_model=False), tmp_path)
    assert files_in(result.folder) == {name for name in FILES if not name.startswith("model/")}


def few(rows):
    """Return the sixty rows that `limit_rows` takes."""
    return rows.select(np.linspace(0, len(rows) - 1, 60).round().astype(int))


def test_predictions_have_a_row_a_row_and_corpus(finished, corpora):
    found = {corpus: set(part["id"]) for corpus, part in finished.predictions().groupby("corpus")}
    assert len(finished.predictions()) == 120
    assert found == {corpus: set(few(load_corpus(corpus).rows())["id"]) for corpus in corpora}


def test_predictions_hold_what_can_be_looked_at(finished, corpora):
    frame = finished.predictions()
    who = ["id", "debate", "turn", "speaker", "party", "issue"]
    assert list(frame) == [*who, *CONDITION, "fold", "seed", "gold", "votes", *PROBABILITIES, "predicted"]
    assert set(frame["trained_on"]) == {corpora[0]}
    assert all(len(votes) == 2 for votes in frame["votes"])
    np.testing.assert_allclose(frame[PROBABILITIES].sum(axis=1), 1)
    assert frame["predicted"].tolist() == frame[PROBABILITIES].idxmax(axis=1).str.removeprefix("p_").tolist()
    own = frame[frame["corpus"] == corpora[0]]
    assert (own["fold"] == own["speaker"]).all()
    assert set(frame["gold"]) <= {"favor", "against", "neutral"}


def test_gold_is_that_of_the_layer(finished):
    rows = load_corpus("fictional").rows()
    gold = dict(zip(rows["id"], rows["label"], strict=True))
    frame = finished.predictions()
    assert frame["gold"].tolist() == [gold[name] for name in frame["id"]]


def test_metrics_are_json_without_nan(finished, corpora):
    metrics = json.loads((finished.folder / "metrics.json").read_text("utf-8"), parse_constant=no_constant)
    own, other = metrics
    assert [own[name] for name in CONDITION] == [corpora[0], None, "all", "leave_one_out", corpora[0]]
    assert [other[name] for name in CONDITION] == [corpora[1], None, "all", "train_test", corpora[0]]
    frame = finished.predictions().query("corpus == @corpora[0]")
    assert own["overall"]["scores"]["accuracy"]["value"] == pytest.approx((frame["gold"] == frame["predicted"]).mean())
    assert (own["overall"]["rows"], own["clusters"]) == (60, frame["speaker"].nunique())
    assert own["overall"]["scores"]["accuracy"]["spread"] is None


def test_metrics_have_the_annotators_and_the_parties(finished, corpora):
    own, _ = finished.metrics()
    assert own["annotated"] <= 60
    assert 0.5 < own["annotators"]["value"] <= 1
    assert {"mcc", "accuracy_at_80", "ece", "brier", "soft_brier"} <= set(own["overall"]["scores"])
    assert own["scaled"] is False
    assert own["parties"]


@pytest.mark.parametrize(("saved", "extra"), [(False, 0), (True, 1)])
def test_all_rows_are_trained_on_only_where_that_model_is_saved(monkeypatch, saved, extra):
    trained, fit = [], Majority._fit
    monkeypatch.setattr(Majority, "_fit", lambda self, *given: trained.append(1) or fit(self, *given))
    config = make_config(model=MajorityConfig(), split=SplitConfig(unit="issue"), save_model=saved)
    result = execute(config)
    folds = result.predictions["fold"].nunique()
    assert len(trained) == folds + extra
    assert (result.model is None) is not saved


def test_protocol_says_what_is_resampled(tmp_path, finished, corpora):
    (by_issue,) = execute(make_config(split=SplitConfig(unit="issue"))).evaluations.values()
    assert by_issue.cluster == "issue"
    assert finished.metrics()[0]["cluster"] == "speaker"


def test_temperature_is_fitted_where_the_split_has_dev_rows(tmp_path, corpora):
    folder = tmp_path / "divided"
    shutil.copytree(corpora[0], folder)
    shutil.copytree(CORPORA / "fictional" / "2031-03-04-luchtverdediging", folder / "2031-03-04-luchtverdediging")
    names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    card = {"title": "Divided", "synthetic": True, "parts": {"dev": names[1:2], "test": names[2:]}}
    (folder / "corpus.yaml").write_text(yaml.safe_dump(card), encoding="utf-8")
    config = make_config(corpus=CorpusConfig(str(folder)), split=SplitConfig(name="parts"), limit_rows=None)
    result = run(config, tmp_path / "runs")
    frame = result.predictions()
    assert frame["temperature"].nunique() == 1
    (metrics,) = result.metrics()
    assert metrics["scaled"] is True
    assert {"ece_unscaled", "brier_unscaled"} <= set(metrics["overall"]["scores"])
    assert Model.load(result.folder / "model").temperature == frame["temperature"].iloc[0]


def test_corpus_without_a_part_to_test_on_is_tested_on_as_a_whole(tmp_path, corpora):
    first, second = corpora
    folder = tmp_path / "divided"
    shutil.copytree(second, folder)
    debate = next(path.name for path in folder.iterdir() if path.is_dir())
    card = {"title": "Divided", "synthetic": True, "parts": {"dev": [debate]}}
    (folder / "corpus.yaml").write_text(yaml.safe_dump(card), encoding="utf-8")
    frame = execute(make_config(corpus=CorpusConfig(first), evaluation=evaluated_on(str(folder)))).predictions
    assert list(frame["corpus"].unique()) == [first, str(folder)]


def test_environment_says_what_the_results_depend_on(finished, corpora):
    environment = json.loads((finished.folder / "environment.json").read_text("utf-8"))
    assert set(environment) == {"versions", "git", "data", "split", "encoders"}
    assert {"python", "standpunt", "numpy", "scikit-learn"} <= set(environment["versions"])
    assert environment["git"] is None or re.fullmatch(r"[0-9a-f]{40}\+?", environment["git"])
    assert list(environment["data"]) == list(corpora)
    for digest in [environment["split"], *environment["data"].values()]:
        assert re.fullmatch(r"[0-9a-f]{64}", digest)


def test_configuration_is_kept_as_it_was_resolved(finished, corpora):
    settings = yaml.safe_load((finished.folder / "config.yaml").read_text("utf-8"))
    assert settings["model"] == {"name": "party_only", "family": "party", "smoothing": 1.0}
    assert (settings["seed"], settings["limit_rows"], settings["evaluation"]["test"]) == (0, 60, [corpora[1]])
    assert finished.config() == settings


def test_saved_model_gives_the_predictions_of_the_run(finished, corpora):
    rows = few(load_corpus(corpora[1]).rows())
    model = Model.load(finished.folder / "model")
    frame = finished.predictions().query("corpus == @corpora[1]")
    np.testing.assert_array_equal(model.predict_proba(rows), frame[PROBABILITIES].to_numpy())
    assert (model.provenance.rows, model.provenance.corpora) == (60, [corpora[0]])
    assert model.provenance.languages == ["nl"]


def test_card_of_the_saved_model_has_the_scores_of_the_run(finished):
    card = ModelCard.load(finished.folder / "model" / "README.md")
    found = {one.dataset_name: one.metric_value for one in card.data.eval_results if one.metric_type == "f1"}
    measured = [record["overall"]["scores"]["macro_f1"]["value"] for record in finished.metrics()]
    assert list(found.values()) == pytest.approx(measured, abs=1e-4)
    assert card.data.license == "apache-2.0"


def test_page_stands_alone(finished):
    page = (finished.folder / "page.html").read_text("utf-8")
    assert "party_only" in page
    assert "risk and coverage" in page
    assert "<svg" in page
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)


def test_same_configuration_twice_is_identical_but_for_the_folder(tmp_path):
    first, again = (run(make_config(), tmp_path) for _ in range(2))
    assert first.folder != again.folder
    pd.testing.assert_frame_equal(first.predictions(), again.predictions(), check_exact=True)
    assert first.metrics() == again.metrics()
    assert first.folder.name.rpartition("-")[2] == again.folder.name.rpartition("-")[2]


def test_hash_of_a_configuration_changes_with_its_results_only():
    assert config_hash(make_config(seed=1)) != config_hash(make_config())
    parts = [{"family": "embeddings", "name": "e", "cache": folder} for folder in (None, "somewhere")]
    blends = [BlendConfig(members={"a": part, "b": {"family": "majority", "name": "m"}}) for part in parts]
    assert len({config_hash(make_config(model=model)) for model in blends}) == 1
    kept = [make_config(model=EmbeddingsConfig(cache=folder)) for folder in (None, "somewhere")]
    assert config_hash(kept[0]) == config_hash(kept[1])
    moved = make_config()
    moved.paths.runs = "elsewhere"
    assert config_hash(moved) == config_hash(make_config())


def test_a_setting_that_a_family_got_later_keeps_the_hashes_of_before():
    collective = CollectiveConfig()
    # The same name stood in other families before, where leaving it out would change the hash of a run that has it.
    before = {key: value for key, value in without_places(asdict(collective)).items() if key != "class_weights"}
    assert without_places(asdict(collective)) == before
    assert without_places(asdict(CollectiveConfig(class_weights=True))) == before | {"class_weights": True}
    assert "class_weights" in without_places(asdict(EmbeddingsConfig(class_weights=False)))
    hashes = {config_hash(make_config(model=CollectiveConfig(class_weights=choice))) for choice in (False, True)}
    assert len(hashes) == 2


def test_joint_task_has_a_column_for_none(tmp_path):
    frame = run(make_config(task=TaskConfig("stance_joint")), tmp_path).predictions()
    assert list(frame)[-2:] == ["p_none", "predicted"]
    assert "none" in set(frame["gold"])


def test_what_annotators_say_of_addressed_pairs_does_not_hang_on_the_task():
    rows = {"corpus": CorpusConfig("fictional", issues=["no_fly_zone"]), "limit_rows": None}
    alone, joint = (execute(make_config(task=TaskConfig(name), **rows)) for name in ("stance", "stance_joint"))
    same = joint.predictions["scope"] == "addressed"
    assert set(joint.predictions[same]["id"]) == set(alone.predictions["id"])
    (one,) = alone.evaluations.values()
    (other,) = (found for condition, found in joint.evaluations.items() if condition.scope == "addressed")
    assert (other.annotated, other.annotators) == (one.annotated, one.annotators)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"corpus": CorpusConfig("fictionl")}, "did you mean 'fictional'"),
        ({"corpus": CorpusConfig("fictional", layer="lm-c")}, "unknown layer 'lm-c'"),
        ({"corpus": CorpusConfig("fictional", issues=["no_fly_zon"])}, "did you mean 'no_fly_zone'"),
        ({"corpus": CorpusConfig("tk-ukraine")}, "STANDPUNT_TRANSCRIPTS"),
        ({"evaluation": evaluated_on("fictionl")}, "did you mean 'fictional'"),
        ({"limit_rows": 1}, "the corpus gives 1 rows"),
    ],
    ids=str,
)
def test_what_cannot_be_had_leaves_a_folder_that_says_so(tmp_path, settings, reason):
    failed = run(make_config(**settings), tmp_path)
    assert (failed.status["state"], failed.status["exit_code"]) == ("failed", 2)
    assert reason in failed.status["error"]
    assert failed.status["error"].strip() == (failed.folder / "error.log").read_text("utf-8").strip()
    assert files_in(failed.folder) == {"config.yaml", "status.json", "error.log"}


def test_model_that_breaks_leaves_a_folder_with_its_traceback(tmp_path, monkeypatch):
    class Breaks(Majority):
        def _fit(self, train, gold, dev, seed):
            raise ZeroDivisionError("no matrix was ever that singular")

    monkeypatch.setattr(FAMILIES, "_things", dict(FAMILIES._things) | {"breaks": Breaks})
    failed = run(make_config(model=ModelConfig("broken", "breaks")), tmp_path)
    assert (failed.status["state"], failed.status["exit_code"]) == ("failed", 1)
    assert failed.status["error"] == "ZeroDivisionError: no matrix was ever that singular"
    log = (failed.folder / "error.log").read_text("utf-8")
    assert log.startswith("Traceback")
    assert "in _fit" in log


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), ValueError("no such type")])
def test_what_cannot_be_written_leaves_the_rest_and_says_so(tmp_path, monkeypatch, error):
    def refuse(*args, **kwargs):
        raise error

    monkeypatch.setattr(Majority, "_save_weights", refuse)
    failed = run(make_config(model=MajorityConfig()), tmp_path)
    assert (failed.status["state"], failed.status["exit_code"]) == ("failed", 1)
    assert "no such type" in failed.status["error"] or "No space left on device" in failed.status["error"]
    assert failed.status["error"] in (failed.folder / "error.log").read_text("utf-8")
    assert len(failed.predictions()) == 60


def test_full_disk_leaves_no_folder(tmp_path, monkeypatch):
    def fill(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", fill)
    with pytest.raises(StandpuntError, match="No space left on device"):
        run(make_config(model=MajorityConfig()), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_corpus_without_its_transcript_is_skipped_and_said_to_be(tmp_path):
    result = run(make_config(evaluation=evaluated_on("tk-ukraine")), tmp_path)
    assert result.finished
    assert "STANDPUNT_TRANSCRIPTS" in result.status["skipped"]["tk-ukraine"]
    assert set(result.predictions()["corpus"]) == {record["corpus"] for record in result.metrics()} == {"fictional"}
    assert "STANDPUNT_TRANSCRIPTS" in (result.folder / "page.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["fictional", str(CORPORA / "fictional"), f"{CORPORA}/fictional/"])
def test_corpus_trained_on_cannot_be_tested_on(name):
    with pytest.raises(InputError, match=r"evaluation\.test"):
        execute(make_config(evaluation=evaluated_on(name)))


def test_corpus_named_twice_is_tested_once(corpora):
    first, second = corpora
    config = make_config(corpus=CorpusConfig(first), evaluation=evaluated_on(second, second))
    frame = execute(config).predictions
    assert not frame.duplicated(["corpus", "part", "scope", "id"]).any()
