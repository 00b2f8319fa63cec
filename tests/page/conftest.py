"""A small debate with a script in it, its page, and headless Chromium."""

import shutil

import pytest

from small_debate import make_debate, make_stances
from standpunt.page.build import debate_page
from standpunt.page.content import Content, load_content
from standpunt.storage.paths import CORPORA

FICTIONAL = CORPORA / "fictional" / "2032-02-04-zorgbegroting" / "stance.adjudicated.jsonl"


@pytest.fixture(scope="session")
def debate():
    return make_debate()


@pytest.fixture(scope="session")
def stances():
    return make_stances()


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
