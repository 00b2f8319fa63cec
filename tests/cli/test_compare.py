"""`standpunt compare`."""

import re

import pytest

from standpunt.results.runs import runs_in


@pytest.mark.slow
def test_sweep_is_compared_and_written(standpunt, tmp_path):
    done = standpunt("run", "baselines", "debug=smoke", "evaluation.test=[]", "-m", "model=majority,issue_only")
    assert done.returncode == 0, done.stderr
    sweep = re.search(r"^run folder: (.+)$", done.stdout, re.M)[1]
    done = standpunt("compare", sweep, "--resamples", "50", "--out", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert "issue_only − majority" in done.stdout
    assert "page: out/page.html" in done.stdout
    assert (tmp_path / "out" / "page.html").is_file()
    one = runs_in(tmp_path / sweep)[0].folder
    again = standpunt("compare", one, one, "--resamples", "50")
    assert "paired differences" not in again.stdout
    assert "majority" in again.stdout


def test_what_is_no_run_is_one_sentence(standpunt, tmp_path):
    (tmp_path / "empty").mkdir()
    done = standpunt("compare", "empty", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == "standpunt: empty: no finished run in it; expected the folder of a run or of a sweep"
