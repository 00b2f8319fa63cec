"""Make the pictures of the documentation from the fictional parliament, in docs/pictures.

    python tools/make_pictures.py

Needs matplotlib, playwright, pillow and Chromium.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import matplotlib
from matplotlib import pyplot as plt
from PIL import Image
from playwright.sync_api import sync_playwright

from fictional_predictions import fictional_predictions, write_folder
from standpunt.analysis.across.collection import Collection
from standpunt.analysis.plots import plot_stance_map
from standpunt.analysis.stance_map import stance_map
from standpunt.page.build import debate_page
from standpunt.page.content import Content, load_content
from standpunt.page.site.build import write_site
from standpunt.storage.paths import CORPORA

LAYER = CORPORA / "fictional" / "2031-06-17-veiligheidsgaranties" / "stance.adjudicated.jsonl"
PICTURES = Path(__file__).parents[1] / "docs" / "pictures"


def draw_map(content: Content, path: Path) -> None:
    """Draw the stance map of a debate with matplotlib."""
    matplotlib.use("Agg")
    plot_stance_map(stance_map(content.stances))
    plt.savefig(path, dpi=140)
    _shrink(path)


def photograph_page(content: Content, path: Path) -> None:
    """Photograph the page of a debate: the map with a cell chosen, and the text below it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "debate.html"
        file.write_text(debate_page(content), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1240, "height": 820}, device_scale_factor=1.5)
        page.goto(file.as_uri())
        page.locator(".cell").nth(2).click()
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=path)
        browser.close()
    _shrink(path)


def photograph_site(path: Path) -> None:
    """Photograph the index of the pages of many debates: the head, and the first issues."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        predictions = write_folder(fictional_predictions(200), Path(folder) / "predictions")
        index = write_site(Collection.read(predictions), Path(folder) / "site")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1240, "height": 820}, device_scale_factor=1.5)
        page.goto(index.as_uri())
        page.screenshot(path=path)
        browser.close()
    _shrink(path)


def _shrink(path: Path) -> None:
    Image.open(path).convert("RGB").quantize(255, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    """Make the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    content = load_content(LAYER)
    draw_map(content, PICTURES / "map.png")
    photograph_page(content, PICTURES / "page.png")
    photograph_site(PICTURES / "many.png")
    for path in sorted(PICTURES.glob("*.png")):
        print(f"{path}: {path.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
