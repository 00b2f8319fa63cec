"""Rows are loaded once while the files they are made of stay the same, and again when one changes."""

import json
import shutil

import pytest

from standpunt.corpora.loading import load_rows
from standpunt.paths import CORPORA
from standpunt.tasks import get_task

DEBATE = "2031-03-04-luchtverdediging"


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "small"
    shutil.copytree(CORPORA / "fictional" / DEBATE, folder / DEBATE)
    (folder / "corpus.yaml").write_text("title: One debate\nsynthetic: true\n", encoding="utf-8")
    return folder


def load(folder, **options):
    return load_rows(str(folder), get_task("stance"), layer="adjudicated", **options)


def test_rows_are_remembered_while_nothing_changes(corpus):
    assert load(corpus) is load(corpus)
    assert load(corpus, issues=["no_fly_zone"]).issues.keys() == {"no_fly_zone"}
    assert load(corpus).issues.keys() > {"no_fly_zone"}


def test_a_changed_label_is_seen(corpus):
    before = load(corpus)
    layer = corpus / DEBATE / "stance.adjudicated.jsonl"
    lines = layer.read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if '"favor"' in line)
    changed = json.loads(lines[place]) | {"label": "against"}
    layer.write_text("\n".join([*lines[:place], json.dumps(changed), *lines[place + 1 :], ""]), encoding="utf-8")
    after = load(corpus)
    assert after.sha256 != before.sha256
    assert sum(a != b for a, b in zip(before.rows["label"], after.rows["label"], strict=True)) == 1
