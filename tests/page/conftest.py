"""A small debate with a script in it, its page, and headless Chromium."""

import shutil

import pandas as pd
import pytest

from standpunt.debate import Debate, Motion, Speaker, Turn
from standpunt.page.build import debate_page
from standpunt.page.content import Content, load_content
from standpunt.analysis.stances import stances_of_predictions
from standpunt.paths import CORPORA

FICTIONAL = CORPORA / "fictional" / "2032-02-04-zorgbegroting" / "stance.adjudicated.jsonl"
SCRIPT = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>\u2028<b>vet</b>"
CHAIR = Speaker("De voorzitter", None, "chair")
AALBERS = Speaker("Aalbers", "A & <i>B</i>", "member")
BOS = Speaker("Bos", "Bomen", "member")
MINISTER = Speaker("Minister Carels", None, "minister")


def make_debate():
    """Return five turns: chair, speech, interruption, reply, motion; the speech holds markup."""
    parts = [
        (CHAIR, "chair", "Het woord is aan de heer Aalbers.", None),
        (AALBERS, "speech", f"Bruggen moeten groen. {SCRIPT}\n\nDat is goedkoop.", None),
        (BOS, "interruption", "Groen is lelijk. Waarom geen rood?", 2),
        (AALBERS, "reply", "Groen blijft groen.", 3),
        (MINISTER, "speech", "Het kabinet wil dit niet.", None),
        (AALBERS, "motion", "De Kamer, verzoekt de regering alle bruggen groen te verven.", None),
    ]
    turns = tuple(
        Turn(f"d-{n}", n, who, kind, 1, None, f"d-{to}" if to else None, None, None, text)
        for n, (who, kind, text, to) in enumerate(parts, start=1)
    )
    request = "verzoekt de regering alle bruggen groen te verven"
    motion = Motion(7, "37000", ("Aalbers",), turns[5].text, request, "d-6", "ontraden", "Minister Carels", "d-5")
    return Debate("d", "het debat over <b>bruggen</b>", turns, (motion,))


def make_predictions():
    """Return predictions on the issue green_bridges, with gold labels that differ on turn 5."""
    rows = [
        ("d-2", 0.8, 0.1, 0.1, "favor"),
        ("d-3", 0.1, 0.7, 0.2, "against"),
        ("d-4", 0.9, 0.05, 0.05, "favor"),
        ("d-5", 0.2, 0.5, 0.3, "neutral"),
        ("d-6", 0.6, 0.2, 0.2, "favor"),
    ]
    frame = pd.DataFrame(rows, columns=["turn", "p_favor", "p_against", "p_neutral", "gold"])
    return frame.assign(debate="d", issue="green_bridges")


@pytest.fixture(scope="session")
def debate():
    return make_debate()


@pytest.fixture(scope="session")
def stances(debate):
    return stances_of_predictions(debate, make_predictions(), {(2, "green_bridges"): ((0, 21),)})


@pytest.fixture(scope="session")
def page_of(tmp_path_factory):
    """Return a function that writes the page of some content and returns its file."""

    def write(content):
        path = tmp_path_factory.mktemp("page") / "debate.html"
        path.write_text(debate_page(content), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def small_page(page_of, debate, stances):
    return page_of(Content(debate, stances, debate.title, "2031-01-01"))


@pytest.fixture(scope="session")
def fictional():
    return load_content(FICTIONAL)


@pytest.fixture(scope="session")
def fictional_page(page_of, fictional):
    return page_of(fictional)


@pytest.fixture(scope="session")
def browser():
    """Return headless Chromium, or skip."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("needs Chromium (apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser):
    """Return a function that opens a page; the test fails on anything the console complains of or any request."""
    complaints = []
    contexts = []

    def open_page(path, address="", **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith("file://") or complaints.append(request.url))
        page.goto(f"{path.as_uri()}{address}")
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
