"""How long the pages of many debates take to write, to open and to search; for 20 fictional debates and for 200.

PYTHONPATH=tools python benchmarks/many_debates.py
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from browser import opened
from fictional_predictions import fictional_predictions, write_folder
from standpunt.analysis.across.collection import Collection
from standpunt.analysis.across.positions import positions
from standpunt.page.site.build import write_site

# From the last key until the results are painted: the 120 ms that the page waits for another key are part of it.
_SEARCHED = """async (query) => {
  const input = document.querySelector("[name=q]");
  const start = performance.now();
  input.value = query;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  while (document.documentElement.dataset.searched !== query) await new Promise((done) => setTimeout(done, 2));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - start;
}"""
_QUERIES = ("kernwapens", "groene horizon europa", "no-fly", "geld", "het")


def searched(page: Page) -> tuple[float, float]:
    """Return the seconds of the first search, which reads what is searched, and the median of the others."""
    first, *others = [page.evaluate(_SEARCHED, query) / 1000 for query in _QUERIES]
    return first, median(others)


def main() -> None:
    """Print a line for each number of debates."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for number in (20, 200):
            place = Path(folder) / str(number)
            write_folder(fictional_predictions(number), place / "predictions")
            start = time.perf_counter()
            collection = Collection.read(place / "predictions")
            read = time.perf_counter() - start
            start = time.perf_counter()
            cells = positions(collection.stances, ("party", "year"))
            counted = time.perf_counter() - start
            start = time.perf_counter()
            index = write_site(collection, place / "site")
            written = time.perf_counter() - start
            files = [path for path in index.parent.rglob("*") if path.is_file()]
            largest = max(index.parent.glob("issues/*.html"), key=lambda path: path.stat().st_size)
            page = browser.new_page()
            page.goto(index.as_uri())
            first, later = searched(page)
            page.close()
            painted, painted_largest = (median(opened(browser, path)) for path in (index, largest))
            size = sum(path.stat().st_size for path in files) / 1e6
            print(
                f"{number} debates, {len(collection.stances)} stances: read in {read:.1f} s, {len(cells)} cells by "
                f"party and year in {counted:.1f} s, {len(files)} files ({size:.1f} MB) in {written:.1f} s; index "
                f"({index.stat().st_size / 1e6:.2f} MB) opens in {painted:.2f} s, the largest page "
                f"of an issue in {painted_largest:.2f} s; first search {first:.2f} s, others {later:.2f} s"
            )
        browser.close()


if __name__ == "__main__":
    main()
