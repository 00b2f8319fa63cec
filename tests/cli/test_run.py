"""`standpunt run`: single runs, sweeps, failures in them, and the experiments that ship."""

import csv
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from standpunt.results.runs import runs_in
from standpunt.storage.paths import experiments_dir

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

BARE = ("run", "baselines", "debug=smoke", "evaluation.test=[]")
MAJORITY = (*BARE, "model=majority")
SINGLE = (*MAJORITY, "hydra.mode=RUN")


def shown(done, tmp_path):
    """Return the run folder a command says it made; the command must have gone well."""
    assert done.returncode == 0, done.stderr
    folder = re.search(r"^run folder: (.+)$", done.stdout, re.M)[1]
    page = re.search(r"^page: (.+)$", done.stdout, re.M)[1]
    assert page == f"{folder}/page.html"
    assert (tmp_path / page).is_file()
    return tmp_path / folder


def rows_of(table):
    """Return the models of the first table in printed text."""
    lines = table.splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip().startswith("model"))
    body = [line.split() for line in lines[start + 2 :]]
    return [words[0] for words in body[: next(i for i, words in enumerate(body) if not words)]]


@pytest.mark.slow
def test_baselines_need_nothing_that_does_not_ship(standpunt, tmp_path):
    done = standpunt("run", "baselines", "debug=smoke", "limit_rows=30", "seed=0")
    folder = shown(done, tmp_path)
    found = runs_in(folder)
    assert done.stderr == ""
    assert [run.finished and run.config()["limit_rows"] for run in found] == [30] * 5
    assert folder.is_relative_to(tmp_path / "runs" / "baselines")
    assert rows_of(done.stdout) == ["majority", "party_only", "issue_only", "text_only", "tfidf"]
    assert re.search(r"fictional, leave one speaker out: \d+ rows, 3 speakers", done.stdout)
    assert re.search(r"Not tested: .*tk-ukraine.*STANDPUNT_TRANSCRIPTS", done.stdout)


@pytest.mark.slow
def test_run_with_encoders_is_quiet(program, tmp_path, tiny_cache):
    """What libraries say when they are imported, or to their own logs, only the installed program shows."""
    settings = ("debug=smoke", "limit_rows=30", "model=embeddings,cross_encoder")
    done = program("run", "calibration", *settings, env={"STANDPUNT_CACHE": str(tiny_cache)})
    assert [run.finished for run in runs_in(shown(done, tmp_path))] == [True, True]
    assert done.stderr == ""


def test_single_run_by_path_shows_its_table(standpunt, tmp_path):
    done = standpunt("run", experiments_dir() / "baselines", *SINGLE[2:], "save_model=true")
    folder = shown(done, tmp_path)
    assert rows_of(done.stdout) == ["majority"]
    assert folder.parent == tmp_path / "runs" / "baselines"
    assert (folder / "model" / "model.json").is_file()


def test_experiment_of_ones_own(standpunt, tmp_path):
    (tmp_path / "mine.yaml").write_text("defaults: [config, override model: majority, _self_]\nname: mine\n")
    folder = shown(standpunt("run", "mine.yaml", "debug=smoke"), tmp_path)
    assert folder.parent == tmp_path / "runs" / "mine"
    assert "mine: majority" in (folder / "page.html").read_text("utf-8")


@pytest.mark.slow
def test_sweep_over_models_and_seeds(standpunt, tmp_path):
    done = standpunt(*BARE, "-m", "model=majority,party_only", "seed=0,1")
    folder = shown(done, tmp_path)
    found = runs_in(folder)
    settings = [(run.config()["model"]["name"], run.config()["seed"]) for run in found]
    assert settings == [("majority", 0), ("majority", 1), ("party_only", 0), ("party_only", 1)]
    assert [run.status["job"] for run in found] == [0, 1, 2, 3]
    assert rows_of(done.stdout) == ["majority", "party_only"]
    assert "Means over 2 seeds" in done.stdout
    assert {"table.md", "results.csv", "page.html"} < {path.name for path in folder.iterdir()}
    with open(folder / "results.csv", encoding="utf-8", newline="") as file:
        assert {(row["model"], row["seeds"]) for row in csv.DictReader(file)} == {
            ("majority", "2"),
            ("party_only", "2"),
        }


def test_job_that_fails_does_not_take_the_others_with_it(standpunt, tmp_path):
    done = standpunt(*MAJORITY, "-m", "corpus.name=nope,fictional")
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    assert rows_of(done.stdout) == ["majority"]
    head, listed, verdict = done.stderr.strip().splitlines()
    assert head == "failed runs:"
    assert "unknown corpus 'nope'" in listed
    assert verdict.startswith("standpunt: 1 of the runs failed")
    (sweep,) = (tmp_path / "runs" / "baselines").iterdir()
    assert [run.status["state"] for run in runs_in(sweep)] == ["failed", "finished"]
    assert "unknown corpus &#39;nope&#39;" in (sweep / "page.html").read_text("utf-8")


def test_job_whose_configuration_is_refused_is_listed(standpunt):
    done = standpunt(*MAJORITY, "-m", "model.family=majority,nope")
    assert done.returncode != 0
    assert rows_of(done.stdout) == ["majority"]
    assert "unknown model family 'nope'" in done.stderr


@pytest.mark.slow
def test_setting_that_only_the_swept_models_have(standpunt, tmp_path):
    # Hydra holds "model.c=0.5" against the model that is swept away; "++" (add or override) is its way out.
    (tmp_path / "mine.yaml").write_text("defaults: [config, override model: majority, _self_]\nname: mine\n")
    done = standpunt("run", "mine.yaml", "debug=smoke", "-m", "model=tfidf,text_only", "++model.c=0.5")
    assert [run.config()["model"]["c"] for run in runs_in(shown(done, tmp_path))] == [0.5, 0.5]


@pytest.fixture
def together(standpunt, tmp_path):
    """Return a function that runs a command twice side by side and returns where its runs are."""

    def call(*command):
        with ThreadPoolExecutor(2) as pool:
            for done in pool.map(lambda _: standpunt(*command), range(2)):
                assert (done.returncode, done.stderr) == (0, "")
        return tmp_path / "runs" / "baselines"

    return call


@pytest.mark.slow
def test_runs_started_together_get_different_folders(together):
    assert [run.finished for run in runs_in(together(*SINGLE))] == [True, True]


@pytest.mark.slow
def test_sweeps_started_together_get_different_folders(together):
    assert [len(runs_in(sweep)) for sweep in together(*MAJORITY).iterdir()] == [1, 1]


def test_configuration_is_shown_and_nothing_is_run(standpunt, tmp_path):
    done = standpunt("run", "baselines", "--show-config", "seed=4")
    assert (done.returncode, done.stderr) == (0, "")
    settings = yaml.safe_load(done.stdout)
    assert (settings["name"], settings["seed"], settings["corpus"]["name"]) == ("baselines", 4, "fictional")
    assert (settings["model"]["c"], settings["split"]["folds"]) == (1.0, 5)  # left at their defaults
    done = standpunt("run", "baselines", "--show-config", "-m", "model=majority,tfidf")  # the first run of a sweep
    assert (done.returncode, yaml.safe_load(done.stdout)["model"]["name"]) == (0, "majority")
    assert list(tmp_path.iterdir()) == []
