"""What a terminal shows while a command works, and that a log or a pipe gets none of it."""

import re
import subprocess

import pytest

from terminal import terminal, words

pytestmark = pytest.mark.slow  # whole commands, experiments or readings

MAJORITY = "defaults: [config, override model: majority, _self_]\nname: mine\nsave_model: false\n"


@pytest.fixture
def on_terminal(start):
    """Return a function that runs the program with standard error on a terminal and returns all that this shows."""

    def call(*arguments, **options):
        with terminal() as screen:
            process = start(*arguments, stderr=screen.theirs, env={"TERM": "xterm", "COLUMNS": "100"}, **options)
            shown = screen.shown()
            output, _ = process.communicate(timeout=300)
        return subprocess.CompletedProcess(arguments, process.returncode, output, shown)

    return call


def is_whole(shown):
    """Tell whether the cursor is there again."""
    return shown.count("\x1b[?25l") == shown.count("\x1b[?25h") > 0


@pytest.fixture
def report(tmp_path, fictional_report):
    (tmp_path / "debat.txt").write_bytes(fictional_report.read_bytes())
    return "debat.txt"


def test_predict_shows_what_it_does_before_it_has_loaded_anything(on_terminal, trained, report, tmp_path):
    done = on_terminal("predict", trained, report, "--out", "out.csv")
    assert (done.returncode, done.stdout) == (0, "")
    shown = words(done.stderr)
    assert shown.index("loading the model") < shown.index("classifying debat.txt") < shown.index("rows (")
    assert is_whole(done.stderr)
    assert (tmp_path / "out.csv").is_file()


def test_predict_of_several_files_counts_them(on_terminal, trained, report, tmp_path):
    (tmp_path / "other.txt").write_bytes((tmp_path / report).read_bytes().replace(b"Voorzitter.", b"Dank."))
    done = on_terminal("predict", trained, report, "other.txt", "--out", "out")
    assert done.returncode == 0
    assert "loading the model" in words(done.stderr)
    assert "2/2" in words(done.stderr)
    assert is_whole(done.stderr)


def test_mistake_ends_the_bar_and_is_said_below_it(on_terminal, trained, report):
    done = on_terminal("predict", trained, report, "--issues", "no_fly_zon", "--out", "out.csv")
    assert done.returncode == 2
    assert words(done.stderr).rstrip().splitlines()[-1].lstrip().startswith("standpunt: unknown issue 'no_fly_zon'")
    assert is_whole(done.stderr)


def test_run_shows_what_it_does_from_its_configuration_to_its_tables(on_terminal, standpunt, tmp_path, corpus):
    (tmp_path / "mine.yaml").write_text(MAJORITY, encoding="utf-8")
    arguments = ("run", "mine.yaml", f"corpus.name={corpus}")
    done = on_terminal(*arguments)
    assert done.returncode == 0
    shown = words(done.stderr)
    steps = (
        "reading the configuration", "loading the program", f"loading corpus {corpus}", "majority, fold by fold",
        "scoring", "writing the run", "making the tables",
    )  # fmt: skip
    assert sorted(steps, key=shown.index) == list(steps)
    assert "run folder: " in done.stdout
    assert not any(step in done.stdout for step in steps)
    assert is_whole(done.stderr)
    quiet = standpunt(*arguments)
    assert (quiet.returncode, quiet.stderr) == (0, "")


def test_a_sweep_shows_its_runs_and_what_each_does(on_terminal, tmp_path, corpus):
    (tmp_path / "mine.yaml").write_text(MAJORITY, encoding="utf-8")
    done = on_terminal("run", "-m", "mine.yaml", f"corpus.name={corpus}", "model=majority,party_only")
    assert done.returncode == 0
    shown = words(done.stderr)
    assert shown.index("majority, fold by fold") < shown.index("[1/2] finished") < shown.index("[2/2] finished")
    assert shown.index("majority, fold by fold") < shown.index("party_only, fold by fold")
    assert is_whole(done.stderr)


def test_compare_shows_that_it_compares(on_terminal, standpunt, tmp_path, corpus):
    (tmp_path / "mine.yaml").write_text(MAJORITY, encoding="utf-8")
    made = standpunt("run", "mine.yaml", f"corpus.name={corpus}")
    folder = re.search(r"^run folder: (.+)$", made.stdout, re.M)[1]
    done = on_terminal("compare", folder, "--resamples", "20", "--out", "out")
    shown = words(done.stderr)
    assert shown.index("comparing runs") < shown.index("tables, plots and page")
    assert "comparing runs" not in done.stdout
    assert done.stdout.rstrip().endswith("page: out/page.html")
    assert is_whole(done.stderr)
    quiet = standpunt("compare", folder, "--resamples", "20")
    assert (quiet.returncode, quiet.stderr) == (0, "")


def test_choosing_what_to_annotate_says_which_model_is_loaded(on_terminal, corpus, trained, tmp_path):
    (layer, *_) = sorted((tmp_path / "small").glob("*/stance.lm-a.jsonl"))
    done = on_terminal("annotate", "next", layer, "--model", trained, "--n", "2", "--out", "todo.csv")
    assert done.returncode == 0, done.stderr
    shown = words(done.stderr)
    assert shown.index("choosing pairs") < shown.index(f"loading {trained}"[:40]) < shown.index("2 pairs of")
    assert is_whole(done.stderr)
