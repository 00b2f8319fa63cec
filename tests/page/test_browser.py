"""The page in headless Chromium."""

import dataclasses

import pandas as pd
import pytest

from ended import wait_until
from standpunt.debate import Speaker
from standpunt.page.content import Content
from standpunt.page.downloads import map_csv
from standpunt.page.reliability import Mark, Reliability
from standpunt.page.words import Words

pytestmark = pytest.mark.slow
SHOWN = "[...document.querySelectorAll('article.turn:not([hidden])')].map(article => Number(article.id.slice(1)))"


def settle(page):
    """Wait for longer than the page does after a key, by its own clock: a timer that was set earlier rings earlier."""
    page.evaluate("new Promise(done => setTimeout(done, 200))")


def shown(page):
    settle(page)
    return page.evaluate(SHOWN)


def test_markup_in_the_transcript_shows_as_text(visit, small_page):
    page = visit(small_page)
    assert page.evaluate("window.hacked") is None
    assert "<script>window.hacked = 1</script>" in page.locator("#t2 .text").inner_text()
    assert page.locator("#t2 .text b, #t2 .text img, h1 b, i:not(.share i)").count() == 0


def test_filters_by_issue_party_stance_and_kind(visit, small_page):
    page = visit(small_page)
    assert shown(page) == [1, 2, 3, 4, 5, 6]
    page.select_option("[name=issue]", label="green bridges")
    assert shown(page) == [2, 3, 4, 5, 6]
    page.select_option("[name=stance]", "against")
    assert shown(page) == [3, 5]
    page.select_option("[name=who]", label="Bomen")
    assert shown(page) == [3]
    assert page.locator("output").inner_text() == "1 of 6 turns"
    page.select_option("[name=kind]", "motion")
    assert shown(page) == []
    assert page.locator("#nothing").is_visible()
    page.click("text=Clear")
    assert shown(page) == [1, 2, 3, 4, 5, 6]
    page.select_option("[name=stance]", "disputed")
    assert shown(page) == [5]


def test_search_finds_text_across_marks_and_highlights_it(visit, small_page):
    page = visit(small_page)
    page.fill("[name=q]", "GROEN")
    assert shown(page) == [2, 3, 4, 6]
    assert page.evaluate("CSS.highlights.get('search').size") == 5
    page.fill("[name=q]", "groen. </script>")  # the evidence ends after the full stop
    assert shown(page) == [2]


def test_address_names_filters_and_turns(visit, small_page):
    page = visit(small_page, "#issue=green_bridges&party=Bomen")
    assert shown(page) == [3]
    assert page.locator("[name=who] option:checked").inner_text() == "Bomen"
    page.evaluate("location.hash = 't6'")  # a hidden turn: the filters give way
    assert shown(page) == [1, 2, 3, 4, 5, 6]
    assert page.locator("#t6").is_visible()
    page.select_option("[name=kind]", "reply")
    assert shown(page) == [4]
    assert page.evaluate("location.hash") == "#kind=reply"


def test_a_cell_shows_its_evidence_and_its_turns(visit, small_page):
    page = visit(small_page)
    page.locator("[data-map=party] .cell", has=page.locator("svg")).first.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    assert panel.locator("h3").inner_text() == "A & <i>B</i>: green bridges"
    assert panel.locator("blockquote").inner_text() == "Bruggen moeten groen."
    assert panel.locator("li a").all_inner_texts() == ["Turn 2", "Turn 4", "Turn 6"]
    panel.locator("button").click()
    assert shown(page) == [2, 4, 6]


def test_after_enter_on_a_cell_the_keyboard_is_in_its_evidence_and_escape_leads_back(visit, small_page):
    page = visit(small_page)
    page.locator(".cell").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Turn 2"
    page.keyboard.press("Escape")
    assert "cell" in page.evaluate("document.activeElement.className")


def test_what_is_evidence_for_several_stances_shows_that_on_the_issue_chosen(visit, page_of, debate, stances):
    against = stances.iloc[:1].assign(issue="tunnels", stance="against")
    page = visit(page_of(Content(debate, pd.concat([stances, against], ignore_index=True), debate.title)))
    mark = page.locator("#t2 mark")
    assert mark.get_attribute("class") == "several first"
    page.select_option("[name=issue]", label="tunnels")
    assert shown(page) == [2]
    assert mark.get_attribute("class") == "first against"
    page.locator("#t2 .chip", has_text="green bridges").click()
    assert mark.get_attribute("class") == "first favor on"
    page.locator("#t2 .chip", has_text="green bridges").click()
    page.click("text=Clear")
    assert mark.get_attribute("class") == "first several"


def test_map_of_speakers(visit, small_page):
    page = visit(small_page)
    assert not page.locator("[data-map=speaker]").is_visible()
    page.click(".switch >> text=Speakers")
    assert page.locator("[data-map=speaker] thead th").all_inner_texts() == ["Aalbers", "Bos", "Minister Carels"]
    page.locator("[data-map=speaker] .cell").nth(1).click()
    assert page.locator("#panel h3").inner_text() == "Bos: green bridges"


def test_course_leads_to_the_nearest_turn(visit, small_page):
    page = visit(small_page)
    figure = page.locator(".course svg").first
    box = figure.bounding_box()
    figure.click(position={"x": box["width"] * 2.6 / 6, "y": box["height"] / 2})
    assert page.evaluate("location.hash") == "#t3"


def test_ticks_of_a_course_are_reached_with_the_keyboard(visit, small_page):
    page = visit(small_page)
    page.locator(".course .issue").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "turn 4, in favor"
    page.keyboard.press("Enter")
    page.wait_for_url("**#t4")


def test_works_with_the_keyboard_alone(visit, small_page):
    page = visit(small_page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#debate")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q"


def test_readable_without_its_script(browser, small_page):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{small_page.as_uri()}#t4")
    assert page.locator("article.turn").count() == 6
    assert page.locator("#t4").is_visible()
    assert page.locator(".course a").count() == 5
    context.close()


@pytest.mark.parametrize("width", [320, 480, 700, 900, 1000, 1300])
@pytest.mark.parametrize("script", [True, False])
def test_a_turn_that_is_led_to_begins_below_the_filters(browser, fictional_page, width, script):
    context = browser.new_context(java_script_enabled=script, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{fictional_page.as_uri()}#t20")

    def led():
        heading, filters = page.locator("#h20").bounding_box(), page.locator("#filters").bounding_box()
        return max(0, filters["y"] + filters["height"]) <= heading["y"] < 400

    page.wait_for_timeout(100)  # and what came before is laid out, which may move it once more
    assert wait_until(led, 10)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 390])
def test_accessible_and_fits(visit, fictional_page, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    page = visit(fictional_page, color_scheme=scheme, viewport={"width": width, "height": 900})
    page.locator(".cell").first.click()
    page.select_option("[name=issue]", index=1)
    settle(page)
    assert page.locator(".chip.off").count()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()


def test_prints_the_text_without_the_controls(visit, small_page):
    page = visit(small_page)
    page.emulate_media(media="print")
    assert page.locator("#t6 .text").is_visible()
    assert not page.locator("#filters").is_visible()


def test_long_debates_become_usable_at_once(visit, page_of, fictional):
    """Ten times the debate: what the script does after parsing stays a small part of the two seconds allowed."""
    debate, times = fictional.debate, 10
    turns = tuple(
        dataclasses.replace(turn, ordinal=turn.ordinal + n * len(debate.turns), id=f"{turn.id}-{n}", replies_to=None)
        for n in range(times)
        for turn in debate.turns
    )
    stances = fictional.stances.assign(turn=fictional.stances["turn"] + "-0")
    long = dataclasses.replace(debate, turns=turns, motions=())
    page = visit(page_of(Content(long, stances, "lang")))
    assert page.locator("article.turn").count() == times * len(debate.turns)
    assert page.evaluate("getComputedStyle(document.querySelector('.turn')).contentVisibility") == "auto"
    page.fill("[name=q]", "wij")
    assert 0 < len(shown(page)) < len(turns)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_cabinet_is_in_sight_whatever_else_there_is(visit, page_of, debate, stances, width):
    """With twenty parties the columns between scroll; what the map is about and the cabinet stay where they are."""
    people = [Speaker(f"Spreker {n}", f"Partij met een naam {n}", "member") for n in range(20)]
    more = tuple(
        dataclasses.replace(debate.turns[1], id=f"d-{n}", ordinal=n, speaker=speaker)
        for n, speaker in enumerate(people, start=len(debate.turns) + 1)
    )
    said = [
        stances.iloc[:1].assign(
            ordinal=turn.ordinal, turn=turn.id, speaker=turn.speaker.name, holder=turn.speaker.party, evidence=[()]
        )
        for turn in more
    ]
    long = dataclasses.replace(debate, turns=debate.turns + more)
    content = Content(long, pd.concat([stances, *said], ignore_index=True), debate.title)
    page = visit(page_of(content), viewport={"width": width, "height": 900})
    box = page.locator("[data-map=party] th.cabinet").bounding_box()
    assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("[data-map=party] thead th").last.inner_text() == "cabinet"


@pytest.mark.parametrize("kind", ["csv", "png"])
def test_the_map_is_downloaded_without_a_server(visit, page_of, debate, stances, tmp_path, kind):
    page = visit(page_of(Content(debate, stances, debate.title)))
    page.click(".switch >> text=Speakers")
    with page.expect_download() as waiting:
        page.click(f"[data-download={kind}]")
    path = tmp_path / "map"
    waiting.value.save_as(path)
    assert waiting.value.suggested_filename.endswith(f"-speaker.{kind}")
    if kind == "csv":
        assert path.read_bytes() == map_csv(Content(debate, stances, debate.title), "speaker")
    else:
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size > 5000


@pytest.mark.parametrize("language", ["en", "nl"])
def test_marks_of_the_machine_are_accessible_and_in_the_panel(visit, page_of, debate, stances, language):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    other = stances.assign(issue="tunnels")
    marks = {"green_bridges": Mark("untrusted", 18, 66, "in full"), "tunnels": Mark("hint", 17, 26, "counted")}
    content = Content(
        debate,
        pd.concat([stances, other], ignore_index=True),
        debate.title,
        reliability=Reliability(marks, ("A machine.",)),
        words=Words(language),
    )
    page = visit(page_of(content))
    page.locator("tr.untrusted .cell").first.click()
    assert "18" in page.locator("#panel .trust").inner_text()
    assert "in full" in page.locator("#panel").inner_text()
    assert page.evaluate("document.documentElement.lang") == language
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
