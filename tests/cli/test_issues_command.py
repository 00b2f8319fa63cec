"""`standpunt issues suggest`, as a user calls it."""

import shutil

import pytest

from standpunt.annotation.issues import load_issue
from standpunt.storage.paths import CORPORA

DEBATE = CORPORA / "fictional" / "2031-03-04-luchtverdediging"


@pytest.mark.slow
def test_drafts_of_a_folder(standpunt, tmp_path):
    (tmp_path / "reports").mkdir()
    shutil.copy(DEBATE / "report.txt", tmp_path / "reports" / "luchtverdediging.txt")
    (tmp_path / "reports" / "leeg.txt").write_text("niets")
    done = standpunt("issues", "suggest", "reports", "--encoder", "words", "--n", 4, "--out", "drafts")
    assert done.returncode == 0, done.stderr
    assert "leeg.txt" in done.stderr
    assert done.stderr.endswith("4 drafts from 1 debates, by words: drafts\n")
    drafts = sorted((tmp_path / "drafts").glob("*.yaml"))
    assert len(drafts) == 4
    assert all(load_issue(str(draft)).name == draft.stem for draft in drafts)
    assert all(draft.stem in done.stdout for draft in drafts)
    assert "luchtverdediging, turn " in drafts[0].read_text(encoding="utf-8")
    asked = ("--issues", drafts[0], "--out", "out.csv")
    done = standpunt("predict", "standpunt-nl", "reports/luchtverdediging.txt", *asked)
    assert done.returncode == 0, done.stderr
    assert f"{drafts[0].name}: a draft, its definition, pro, con still to be written" in done.stderr
    done = standpunt("issues", "suggest", "reports", "--out", "drafts")
    assert (done.returncode, done.stderr) == (2, "standpunt: drafts: exists already; choose a new folder\n")


def test_what_is_wrong_is_said(standpunt, tmp_path):
    (tmp_path / "reports").mkdir()
    done = standpunt("issues", "suggest", "reports", "--out", "drafts")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no reports in this folder" in done.stderr
    (tmp_path / "reports" / "leeg.txt").write_text("niets")
    done = standpunt("issues", "suggest", "reports", "--out", "drafts")
    assert (done.returncode, done.stdout) == (2, "")
    assert "leeg.txt" in done.stderr
    assert not (tmp_path / "drafts").exists()
