"""Rows are loaded once while the files they are made of stay the same, and again when one changes."""

import json
import shutil

import pytest

from standpunt.corpora.loading import load_rows
from standpunt.errors import InputError
from standpunt.storage.paths import CORPORA
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


def test_languages_are_those_of_the_reports(corpus):
    assert load(corpus).languages == ("nl",)
    source = corpus / DEBATE / "source.json"
    given = json.loads(source.read_text(encoding="utf-8")) | {"language": "fr"}
    source.write_text(json.dumps(given), encoding="utf-8")
    assert load(corpus).languages == ("fr",)
    assert load_rows(str(corpus), get_task("frame"), layer="lm-a").languages == ("fr",)


def test_contrast_set_has_issues_to_choose_from():
    def chosen(**options):
        rows = load_rows("contrast", get_task("stance"), layer="adjudicated", **options).rows
        return set(rows["issue"])

    assert chosen() > {"no_fly_zone", "frozen_assets"}
    assert chosen(issues=["no_fly_zone"]) == chosen(among=["no_fly_zone", "never_heard_of"]) == {"no_fly_zone"}
    for options in ({"issues": ["no_fly_zone", "never_heard_of"]}, {"among": ["never_heard_of"]}):
        with pytest.raises(InputError, match="corpus contrast: no row in it is about never_heard_of"):
            chosen(**options)
