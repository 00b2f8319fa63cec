"""The page as text: what is in it, that it stands alone, how large it is."""

import base64
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from standpunt.corpora.corpus import TranscriptMissing
from standpunt.page.build import debate_page
from standpunt.page.content import Content, load_content
from standpunt.page.figures import reliability_points, risk_coverage_points
from standpunt.paths import CORPORA


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


def test_a_debate_without_stances_is_still_readable(debate, stances):
    html = debate_page(Content(debate, stances.iloc[:0], "leeg"))
    assert 'id="map"' not in html
    assert html.count("<article") == 6


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
