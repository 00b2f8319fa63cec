"""How long the page of a debate takes to build and until it can be used, and how large it is; for it and ten times it.

STANDPUNT_TRANSCRIPTS=... python benchmarks/page.py [LAYER]
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
from playwright.sync_api import sync_playwright

from browser import opened
from standpunt.page.build import debate_page
from standpunt.page.content import Content, load_content
from standpunt.storage.paths import CORPORA


def repeat(content: Content, times: int) -> Content:
    """Return a debate that many times over, with all its stances and arguments."""
    n = len(content.debate.turns)
    turns = tuple(
        replace(
            turn,
            id=f"{turn.id}-{k}",
            ordinal=turn.ordinal + k * n,
            replies_to=f"{turn.replies_to}-{k}" if turn.replies_to else None,
        )
        for k in range(times)
        for turn in content.debate.turns
    )
    stances = pd.concat([content.stances.assign(ordinal=content.stances["ordinal"] + k * n) for k in range(times)])
    sentences = tuple(replace(item, turn=item.turn + k * n) for k in range(times) for item in content.sentences)
    debate = replace(content.debate, turns=turns, motions=())
    return replace(content, debate=debate, stances=stances.reset_index(drop=True), sentences=sentences)


def main() -> None:
    """Print a line for the debate and one for ten times the debate."""
    default = CORPORA / "tk-ukraine" / "2025-09-11" / "stance.adjudicated.jsonl"
    content = load_content(sys.argv[1] if len(sys.argv) > 1 else default)
    chromium = shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for times in (1, 10):
            long = content if times == 1 else repeat(content, times)
            start = time.perf_counter()
            html = debate_page(long)
            built = time.perf_counter() - start
            path = Path(folder) / "debate.html"
            path.write_text(html, encoding="utf-8")
            ready = opened(browser, path)
            print(
                f"{len(long.debate.turns)} turns: {len(html.encode()) / 1e6:.2f} MB, built in {built:.1f} s, usable "
                f"after {statistics.median(ready):.2f} s (median of {len(ready)}, {min(ready):.2f} to {max(ready):.2f})"
            )
        browser.close()


if __name__ == "__main__":
    main()
