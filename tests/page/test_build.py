"""The page as text: what is in it, that it stands alone, how large it is."""

import base64
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from council import minutes
from standpunt.corpora.corpus import TranscriptMissing
from standpunt.page.build import debate_page
from standpunt.page.content import Content, load_content
from standpunt.page.figures import reliability_points, risk_coverage_points
from standpunt.readers.minutes import parse
from standpunt.storage.paths import CORPORA


def test_only_our_script_may_run(small_page):
    html = small_page.read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(scripts[-1].encode()).digest()).decode()
    assert len(scripts) == 1
    assert f"script-src 'sha256-{digest}'" in html


def test_data_cannot_end_its_script(page_of, debate, stances):
    renamed = stances.assign(issue="</script><script>\u2028alert(1)")
    html = page_of(Content(debate, renamed, debate.title)).read_text(encoding="utf-8")
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1]
    assert json.loads(data)["issues"] == ["</script><script>\u2028alert(1)"]
    assert "\u2028" not in data


def test_no_address_outside_the_page(fictional_page):
    html = fictional_page.read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", html)


def test_every_turn_and_motion_is_there(fictional, fictional_page):
    html = fictional_page.read_text(encoding="utf-8")
    assert re.findall(r'<article class="turn \w+" id="t(\d+)"', html) == [
        str(turn.ordinal) for turn in fictional.debate.turns
    ]
    assert html.count("read in turn") == len(fictional.debate.motions)


def test_motions_of_a_council_have_their_titles_and_results(page_of, stances):
    debate = next(debate for debate in parse(minutes()) if debate.motions)
    html = page_of(Content(debate, stances[:0], debate.title)).read_text(encoding="utf-8")
    assert "Motie D.1 Groen Een bankje bij elke brug</span> · Bos, Kok, El Idrissi</h3>" in html
    assert '<b lang="nl">aangenomen</b> <span lang="nl">(Voor 3, Tegen 2)</span>' in html
    assert '<b lang="nl">Tegen:</b> Blauw, Stadsbelang' in html


def test_a_debate_without_stances_is_still_readable(debate, stances):
    html = debate_page(Content(debate, stances.iloc[:0], "leeg"))
    assert 'id="map"' not in html
    assert html.count("<article") == 6


def test_only_what_can_occur_is_explained(debate, stances):
    bare = stances.assign(disputed=False, evidence=[()] * len(stances))
    html = debate_page(Content(debate, bare, debate.title))
    assert not re.search("annotators differ|Marked text|disputed</option>", html)
    html = debate_page(Content(debate, stances, debate.title))
    assert len(re.findall("annotators differ|Marked text|disputed</option>", html)) == 3


@pytest.mark.parametrize("language", ["fr", None])
def test_the_language_of_the_text_is_said_or_said_to_be_unknown(debate, stances, language):
    html = debate_page(Content(debate, stances, debate.title, language=language))
    assert f'<div id="turns" lang="{language or ""}">' in html
    assert f'<h1 lang="{language or ""}">' in html


def test_a_debate_without_a_title_has_a_heading(debate, stances):
    html = debate_page(Content(debate, stances, ""))
    assert "<title>Debate · standpunt</title>" in html
    assert re.search("<h1[^>]*>Debate</h1>", html)


@pytest.mark.parametrize("scheme", [0, 1])
def test_faint_marks_stand_out_from_the_paper(small_page, scheme):
    """Contrast of graphics by WCAG 2.2 (1.4.11): three to one, in light and in dark, also under the pointer."""
    css = small_page.read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", css.split(":root {")[1 + scheme]))
    for mark in ("favor-weak", "against-weak", "mixed"):
        for paper in ("paper", "raised"):
            light, dark = sorted((_luminance(colours[mark]), _luminance(colours[paper])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 3


def _luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_calibration_curve_has_bins_of_ten_rows_or_more():
    confidence = np.array([0.6] * 10 + [0.9] * 10)
    right = np.array([True] * 5 + [False] * 5 + [True] * 9 + [False])
    assert reliability_points(confidence, right) == [(pytest.approx(0.6), 0.5), (pytest.approx(0.9), 0.9)]
    assert len(reliability_points(confidence[:19], right[:19])) == 1


def test_risk_falls_on_the_surest_rows():
    curve = risk_coverage_points(np.array([0.9, 0.5, 0.8, 0.4]), np.array([True, False, True, True]))
    assert curve == [(0.25, 0), (0.5, 0), (0.75, pytest.approx(1 / 3)), (1, 0.25)]
    assert len(risk_coverage_points(np.linspace(0.3, 1, 500), np.ones(500, bool))) == 60


def test_page_of_the_real_debate_is_small(page_of):
    try:
        content = load_content(CORPORA / "tk-ukraine" / "2025-09-11" / "stance.adjudicated.jsonl")
    except TranscriptMissing as missing:
        pytest.skip(str(missing))
    path: Path = page_of(content)
    assert path.stat().st_size < 2_000_000
