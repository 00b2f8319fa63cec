"""A language model in the commands: run, compare, predict, arguments, a count beforehand, and the prompt."""

import json
from dataclasses import replace

import pandas as pd
import pytest
import yaml

from standpunt.annotation.issues import load_issues
from standpunt.models import build
from standpunt.models.llm.settings import LlmConfig
from standpunt.models.provenance import Provenance
from standpunt.tasks import PARTS, TASKS

JOINT = TASKS["stance_joint"].labels
ISSUES = ("no_fly_zone", "frozen_assets")


def record(**more):
    return {"language": "nl", "issue": "no_fly_zone", "proposition": "P", "text": "Ja.", "label": "favor", **more}


def language_model(server, labels, **settings):
    """Return a model that was fitted on two rows, and shows none of them."""
    config = LlmConfig(base_url=server.url, calibration_rows=0, cache="answers")
    rows = [record(label=label, text=f"Nummer {label}.") for label in labels]
    return build(replace(config, **settings), labels, load_issues(ISSUES)).fit(rows)


@pytest.fixture
def saved(server, tmp_path):
    folder = tmp_path / "model"
    language_model(server, JOINT).save(folder)
    return folder


def experiment(folder, server, corpus, **model):
    settings = {
        "defaults": ["config", {"override model": "llm"}, {"override split": "leave_one_issue_out"}, "_self_"],
        "name": "asked", "limit_rows": 40, "limit_folds": 2, "evaluation": {"resamples": 20},
        "corpus": {"name": corpus}, "task": {"name": "stance"},
        "model": {"base_url": server.url, "calibration_rows": 5, **model},
    }  # fmt: skip
    (folder / "experiment.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")


@pytest.mark.slow
def test_a_sweep_compares_it_with_controls_and_a_second_one_asks_nothing(standpunt, server, corpus, tmp_path):
    experiment(tmp_path, server, corpus, examples=2)
    count = standpunt("run", ".", "-m", "model=llm,majority", "model.name=x", "--dry-run")
    assert count.returncode == 2  # majority has no such setting, as in the run itself
    arguments = ("run", ".", "-m", "seed=0,1")
    counted = standpunt(*arguments, "--dry-run")
    assert counted.returncode == 0, counted.stderr
    assert not (tmp_path / "runs").exists()
    assert server.asked == []
    done = standpunt(*arguments)
    assert done.returncode == 0, done.stderr
    assert f"questions: {len(server.asked)} (0 more" in counted.stdout
    assert f"kleintje: {len(server.asked)} questions asked" in done.stderr
    asked = len(server.asked)
    again = standpunt(*arguments)
    assert again.returncode == 0
    assert len(server.asked) == asked
    assert "kleintje: 0 questions asked" in again.stderr
    environments = [json.loads(path.read_text()) for path in tmp_path.glob("runs/asked/*/*/environment.json")]
    assert sum(entry["asked"] for item in environments for entry in item["language_models"]) == asked
    runs = sorted(tmp_path.glob("runs/asked/sweep-*"))
    models = pd.read_parquet(next(runs[0].glob("*/predictions.parquet")))
    assert models["temperature"].notna().all()
    compared = standpunt("compare", *sorted(runs[0].glob("2*")))
    assert compared.returncode == 0, compared.stderr


@pytest.mark.slow
def test_two_stages_ask_only_about_what_the_first_passes_on(standpunt, server, corpus, tmp_path):
    experiment(tmp_path, server, corpus)
    settings = yaml.safe_load((tmp_path / "experiment.yaml").read_text())
    second = settings.pop("model") | {"name": "llm", "family": "llm"}
    settings |= {"model": {"second": second, "second_none": False}, "task": {"name": "stance_joint"}, "limit_rows": 400}
    settings["defaults"][1] = {"override model": "two_stage"}
    (tmp_path / "experiment.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    done = standpunt("run", ".")
    assert done.returncode == 0, done.stderr
    (predictions,) = tmp_path.glob("runs/asked/*/predictions.parquet")
    frame = pd.read_parquet(predictions)
    pairs = frame[frame["scope"] == "all"]
    assert 0 < len(server.asked) < len(pairs)
    (model,) = tmp_path.glob("runs/asked/*/model")
    assert json.loads((model / "second" / "model.json").read_text())["family"] == "llm"


def test_predictions_have_evidence_and_abstain_where_there_is_no_answer(
    standpunt, server, saved, fictional_report, tmp_path
):
    refused = []

    def refuse_some(handler, body):
        if len(refused) < 3:
            refused.append(body)
            return handler._send(200, {"choices": [{"message": {"content": None, "refusal": "No."}}]})
        return handler._send(200, server.answer(body))

    server.always = refuse_some
    arguments = ("predict", saved, fictional_report, "--issues", ",".join(ISSUES), "--evidence")
    counted = standpunt(*arguments, "--dry-run")
    assert counted.returncode == 0, counted.stderr
    assert server.asked == []
    done = standpunt(*arguments, "--out", "out.parquet")
    assert done.returncode == 0, done.stderr
    frame = pd.read_parquet(tmp_path / "out.parquet")
    assert f"questions: {len(server.asked)} (" in counted.stdout
    assert len(server.asked) <= len(frame)
    assert (frame["label"] == "abstain").sum() >= 3
    assert f"{len(server.asked)} questions asked" in done.stderr
    assert "3 refused" in done.stderr
    with_evidence = frame[frame["evidence"].notna()]
    assert set(with_evidence["label"]) <= {"favor", "against", "neutral"}
    assert len(with_evidence)
    assert frame.loc[frame["label"].isin(["none", "abstain"]), "evidence"].isna().all()
    asked = len(server.asked)
    assert standpunt(*arguments, "--out", "again.parquet").returncode == 0
    assert len(server.asked) == asked
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "again.parquet"), frame)


@pytest.mark.slow
def test_arguments_can_be_found_by_a_language_model(standpunt, server, trained, fictional_report, tmp_path):
    for part in PARTS:
        model = language_model(server, TASKS[part].labels, cache=str(tmp_path / "answers"))
        model.provenance = Provenance(part, ["fictional"], 2)
        model.save(tmp_path / "arguments" / part)
    done = standpunt(
        "predict", trained, fictional_report, "--issues", "all", "--arguments", "./arguments", "--out", "o.csv"
    )
    assert done.returncode == 0, done.stderr
    systems = {body["messages"][0]["content"] for body in server.asked}
    assert len(systems) >= 2  # components and frames, and links where there are claims
    assert all(said.startswith("Je codeert teksten") for said in systems)


def test_a_count_of_what_asks_nothing_is_one_sentence(standpunt, trained, fictional_report):
    done = standpunt("predict", trained, fictional_report, "--issues", "all", "--dry-run")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "it asks no language model" in done.stderr
    done = standpunt("run", "baselines", "--dry-run")
    assert done.returncode == 2
    assert "no run of this experiment asks a language model" in done.stderr


def test_a_server_that_is_not_there_is_one_sentence(standpunt, tmp_path, fictional_report, server):
    language_model(server, JOINT, base_url="http://127.0.0.1:1/v1", tries=1).save(tmp_path / "gone")
    done = standpunt("predict", "./gone", fictional_report, "--issues", "no_fly_zone", "--out", "out.csv")
    assert done.returncode == 1
    assert "http://127.0.0.1:1/v1: it cannot be reached (1 try); start the server" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_the_prompt_of_a_turn_is_printed(standpunt, server, saved, fictional_report):
    done = standpunt("llm", "show", "no_fly_zone", fictional_report, "--turn", "4")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("--- system\nJe codeert standpunten")
    issue = load_issues(["no_fly_zone"])["no_fly_zone"]
    assert issue.definition["nl"] in done.stdout
    assert (
        standpunt("llm", "show", "no_fly_zone", fictional_report, "--turn", "4", "--model", saved).stdout == done.stdout
    )
    assert "- none" not in standpunt("llm", "show", "no_fly_zone", fictional_report, "--turn", "4", "--no-none").stdout
    english = standpunt("llm", "show", "no_fly_zone", fictional_report, "--turn", "4", "--language", "en")
    assert issue.definition["en"] in english.stdout
    assert server.asked == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--turn", "9999"], "turns, and turn 9999 is asked for"),
        (["--turn", "4", "--model", "TRAINED"], "a model of family party; expected one of family llm"),
        (["--turn", "4", "--templates", "/nowhere"], "expected templates among"),
        (["--turn", "4", "--model", "TRAINED", "--no-none"], "leave out --templates and --no-none"),
    ],
)
def test_a_prompt_that_cannot_be_printed_is_one_sentence(standpunt, trained, fictional_report, arguments, said):
    given = [trained if item == "TRAINED" else item for item in arguments]
    done = standpunt("llm", "show", "no_fly_zone", fictional_report, *given)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
