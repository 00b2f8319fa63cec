"""`standpunt report`."""

from standpunt.storage.paths import CORPORA

LAYER = CORPORA / "fictional" / "2032-02-04-zorgbegroting" / "stance.adjudicated.jsonl"


def test_writes_the_page(standpunt, tmp_path):
    done = standpunt("report", LAYER, "--out", "page.html")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.strip() == "70 turns, 85 stances: page.html"
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_bad_input_leaves_no_page(standpunt, tmp_path):
    done = standpunt("report", "nowhere.parquet", "--transcript", LAYER.parent / "report.txt")
    assert done.returncode == 2
    assert done.stderr.startswith("standpunt: nowhere.parquet: no such file; expected a run folder")
    assert list(tmp_path.iterdir()) == []


def test_output_must_be_html(standpunt):
    done = standpunt("report", LAYER, "--out", "page.pdf")
    assert done.returncode == 2
    assert done.stderr == "standpunt: page.pdf: expected the name of an HTML file, e.g. debate.html\n"
