"""The first screen: its six lines run as they stand, and its links lead somewhere."""

import re
from pathlib import Path

import pytest
from pages import blocks, run_page

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def test_the_six_lines_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = [body for kind, _, body in blocks(text) if kind == "python"]
    run_page(f"```python\n{code}```\n", tmp_path)
    assert len([line for line in code.splitlines() if line.strip()]) == 6


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_to_files(name):
    links = LINK.findall((ROOT / name).read_text(encoding="utf-8"))
    assert len(links) > 3
    assert [link for link in links if not (ROOT / link).exists()] == []
