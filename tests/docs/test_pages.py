"""What the pages of concepts and cookbook show is what happens."""

import pytest
from pages import DOCS, PAGES, run_page

from standpunt.splits import PROTOCOLS


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)  # a page may import the files it shows
    monkeypatch.setattr(PROTOCOLS, "_things", dict(PROTOCOLS._things))  # and register what is in them
    run_page((DOCS / page).read_text("utf-8"), tmp_path)


def test_all_kinds_of_pages_are_found():
    assert {"index.md", "concepts/corpus.md", "cookbook/own-model.md"} <= set(PAGES)


@pytest.mark.parametrize(
    "text",
    [
        "```python\nprint(1)\n```\n\n```text\n2\n```\n",
        "```python\n1 / 0\n```\n",
        "```console\n$ python -c 'print(1)'\n2\n```\n",
        "```console\n$ python -c 'raise SystemExit(2)'\n```\n",
    ],
    ids=["printed", "raises", "command prints", "command fails"],
)
def test_a_page_that_is_wrong_is_noticed(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)  # a page may import the files it shows
    monkeypatch.setattr(PROTOCOLS, "_things", dict(PROTOCOLS._things))  # and register what is in them
    with pytest.raises((AssertionError, ZeroDivisionError)):
        run_page(text, tmp_path)
