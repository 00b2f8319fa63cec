"""How the benchmarks take the time of a page in a browser."""

from pathlib import Path

from playwright.sync_api import Browser

_REPEATS = 5
# From the start of the navigation until the script is done and a frame was painted.
_PAINTED = """async () => {
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now();
}"""


def opened(browser: Browser, path: Path) -> list[float]:
    """Return the seconds until a page is painted, in a new tab each time."""
    taken = []
    for _ in range(_REPEATS):
        page = browser.new_page()
        page.goto(path.as_uri())
        taken.append(page.evaluate(_PAINTED) / 1000)
        page.close()
    return taken
