"""The page of differences: what is on it, worst first, and that it stands alone."""

import re

import pytest

from small_debate import SCRIPT, make_debate
from standpunt.annotation.issues import load_issue
from standpunt.annotation.layers import Label, Layer
from standpunt.annotation.made_by import Answer, MadeBy
from standpunt.annotation.pair_agreement import pair_agreement
from standpunt.annotation.sources import Source
from standpunt.page.differences import Compared, differences_page

ISSUE = "no_fly_zone"
MADE = MadeBy("<b>m</b>", "llm", "2031-02-03", "0.1.0", ("favor", "against", "neutral", "none"), prompt="p" * 64)


@pytest.fixture(scope="module")
def compared():
    debate = make_debate()
    source = Source.from_debate(debate, title="bruggen", date="2031-01-01")
    jan = (Label(2, ISSUE, "favor", "Aalbers", ((0, 21),)), Label(3, ISSUE, "against", "Bos"))
    model = (Label(2, ISSUE, "against", "Aalbers", ((8, 30),)),)
    answers = (Answer(2, ISSUE, (0.1, 0.8, 0.1, 0.0)),)
    layers = [
        Layer("jan", (ISSUE,), source.sha256, jan),
        Layer("<i>m</i>", (ISSUE,), source.sha256, model, made_by=MADE, answers=answers),
    ]
    return Compared(source, debate, layers, {ISSUE: load_issue(ISSUE)})


@pytest.fixture(scope="module")
def html(compared):
    pairs = pair_agreement([(compared.source, compared.layers)], resamples=9)
    text, count = differences_page("Where they differ", [compared], pairs)
    assert count == 2
    return text


def test_opposite_sides_come_first_with_who_marked_what(html):
    first, second = re.findall(r"<article.*?</article>", html, re.DOTALL)
    assert "turn 2, Aalbers" in first
    assert "distance 0.80" in first
    assert "turn 3, Bos" in second
    assert '<mark class="favor first" title="jan">Bruggen </mark>' in first
    assert '<mark class="several first" data-sides="▼▲" title="&lt;i&gt;m&lt;/i&gt;, jan">' in first
    assert "80 %" in first
    assert "not addressed" in second
    assert load_issue(ISSUE).proposition["en"] in first.replace("&#39;", "'")


def test_models_are_called_models(html):
    assert "&lt;i&gt;m&lt;/i&gt; is a model and no person: &lt;b&gt;m&lt;/b&gt; (llm, prompt pppppppppppp)" in html


def test_nothing_from_outside_is_taken_for_markup(html):
    assert SCRIPT not in html
    assert "<script" not in html
    assert "default-src 'none'" in html
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", html)


def test_no_more_than_asked_for(compared):
    pairs = pair_agreement([(compared.source, compared.layers)], resamples=9)
    html, count = differences_page("x", [compared], pairs, most=1)
    assert (html.count("<article"), count) == (1, 2)
    assert "The 1 worst are shown." in html
