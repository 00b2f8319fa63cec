"""The pages of many debates in headless Chromium, from file://."""

import pytest

from fictional_predictions import fictional_predictions, write_folder
from predicted_rows import a_few
from standpunt.analysis.across.collection import Collection
from standpunt.page.site.build import write_site

pytestmark = pytest.mark.slow
ALL = {"min_turns": 1, "min_debates": 1, "resamples": 50}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    return write_site(Collection.read(write_folder(a_few(), folder / "predictions")), folder / "site", **ALL)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Return the index of the pages of 200 fictional debates."""
    folder = tmp_path_factory.mktemp("large")
    collection = Collection.read(write_folder(fictional_predictions(200), folder / "predictions"))
    return write_site(collection, folder / "site", resamples=100)


@pytest.fixture(scope="module")
def some(tmp_path_factory):
    """Return the index of the pages of ten fictional debates, some issues more to be trusted than others."""
    folder = tmp_path_factory.mktemp("some")
    rows = fictional_predictions(10)
    levels = ("usable", "hint", "untrusted", "unmeasured")
    rows["trust"] = rows["issue"].map({name: levels[n % 4] for n, name in enumerate(rows["issue"].unique())})
    return write_site(Collection.read(write_folder(rows, folder / "predictions")), folder / "site", resamples=50)


def search(page, query):
    page.fill("[name=q]", query)
    page.wait_for_function("query => document.documentElement.dataset.searched === query", arg=query)
    return page.locator("#found")


def test_search_finds_in_titles_and_passages_and_leads_there(visit, small):
    page = visit(small)
    found = search(page, "passage d1")
    assert not page.locator("#overview").is_visible()
    assert page.locator("#find output").inner_text() == "4 found"
    assert found.locator(".passages li").count() == 4
    found.locator(".passages li a", has_text="Debat d1").first.click()
    page.wait_for_url("**/debates/2032-02-03-debat-d1.html#green_bridges")
    page.go_back()
    page.wait_for_selector("#found li")
    assert page.input_value("[name=q]") == "passage d1"
    page.fill("[name=q]", "")
    page.wait_for_selector("#overview:not([hidden])")


def test_a_result_that_is_pressed_leads_there_though_the_wait_for_the_next_key_ends(visit, small):
    page = visit(small)
    page.route("**/search.js", lambda route: route.continue_())  # what is searched comes after the last key
    link = search(page, "passage d1").locator(".passages li a", has_text="Debat d1").first
    link.click(delay=250)  # longer than the page waits after a key
    page.wait_for_url("**/debates/2032-02-03-debat-d1.html#green_bridges")


def test_results_stay_as_they_are_where_a_key_asks_for_nothing_else(visit, small):
    page = visit(small)
    link = search(page, "passage d1").locator("a").first.element_handle()
    search(page, "passage  D1 ")
    assert link.evaluate("link => link.isConnected")
    search(page, "passage d")
    assert not link.evaluate("link => link.isConnected")


def test_search_needs_no_accents_and_finds_nothing_where_nothing_is(visit, small):
    page = visit(small)
    assert search(page, "BRÜGGEN groen").locator(".passages li").count() == 1
    search(page, "kernenergie")
    assert page.locator("#find output").inner_text() == "Nothing has all of these words."


def test_markup_in_titles_speakers_and_passages_shows_as_text(visit, small):
    page = visit(small)
    search(page, "hacked")
    assert page.evaluate("window.hacked") is None
    assert "<script>window.hacked = 1</script>" in page.locator("#found blockquote").first.inner_text()
    assert page.locator("#found img, #found b, #found i").count() == 0


def test_an_address_searches(visit, small):
    page = visit(small, "#q=tunnels")
    page.wait_for_selector("#found li")
    assert page.locator("#found h3").first.inner_text() == "Issues (1)"


def test_a_cell_leads_to_the_party_on_the_page_of_the_issue(visit, small):
    page = visit(small)
    page.locator(".many .cell").first.click()
    page.wait_for_url("**/issues/green_bridges.html#party-a-i-b-i")
    assert page.locator(":target h3").inner_text() == "A & <i>B</i>"


def test_readable_without_its_script(browser, small):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(small.as_uri())
    assert page.locator(".many tbody tr").count() == 2
    page.click("text=Debat d0")
    page.wait_for_url("**/debates/*.html")
    assert page.locator("h1").inner_text() == "Debat d0"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_accessible_and_fits(browser, some, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    site = some.parent
    for path in (some, *(next((site / name).glob("*.html")) for name in ("issues", "parties", "debates"))):
        page.goto(path.as_uri())
        for folded in page.locator("summary").all():
            folded.click()
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        found = axe.run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
    page.goto(some.as_uri())
    search(page, "huis")
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_two_hundred_debates_are_all_there_and_can_be_searched(visit, large):
    page = visit(large)
    assert page.locator("h1").inner_text() == "200 debates, 2031 to 2045"
    assert page.locator(".debates tbody tr").count() == 200
    assert search(page, "zorgbegroting 2032").locator("ul:not(.passages) li").count() == 1
