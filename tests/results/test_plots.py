"""Pictures: what is drawn, that nothing lies over anything else, and that they follow the page's colours."""

from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from standpunt.evaluation.scores import evaluate
from standpunt.results.plots import INK, issues_picture, plot_issues, plot_risk_coverage, risk_coverage_picture

LABELS = ("favor", "against", "neutral")
ISSUES = ("a_very_long_name_of_an_issue_indeed", "army", "gas", "zone")


@pytest.fixture(scope="module")
def frames():
    found = []
    for number in range(6):
        rng = np.random.default_rng(number)
        probabilities = rng.dirichlet([0.5] * 3, 120)
        frame = pd.DataFrame(probabilities, columns=[f"p_{label}" for label in LABELS])
        frame["predicted"] = [LABELS[index] for index in probabilities.argmax(axis=1)]
        frame["gold"] = rng.choice(LABELS, 120)
        frame["issue"], frame["speaker"] = np.resize(ISSUES, 120), np.resize([f"s{i}" for i in range(12)], 120)
        found.append((f"model_{number}", frame.assign(seed=0)))
    return found


@pytest.fixture(scope="module")
def evaluations(frames):
    return [(model, evaluate(frame, LABELS, resamples=30)) for model, frame in frames]


def boxes(texts, ax):
    renderer = ax.figure.canvas.get_renderer()
    return [text.get_window_extent(renderer) for text in texts if text.get_text()]


@pytest.mark.parametrize("plot", ["issues", "curves"])
def test_no_words_lie_over_others_or_over_the_drawing(plot, frames, evaluations):
    ax = plot_issues(evaluations) if plot == "issues" else plot_risk_coverage(frames)
    ax.figure.canvas.draw()
    legend = ax.get_legend().get_texts()
    outlines = boxes([*ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label, ax.yaxis.label, *legend], ax)
    assert not [pair for pair in combinations(outlines, 2) if pair[0].overlaps(pair[1])]
    assert all(box.x0 > ax.bbox.x1 for box in boxes(legend, ax))


def test_every_model_has_a_mark_of_its_own(frames):
    lines = plot_risk_coverage(frames).get_lines()[:6]
    assert [line.get_label() for line in lines] == [model for model, _ in frames]
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == 6


def test_issues_with_most_rows_stand_on_top(evaluations):
    ax = plot_issues(evaluations)
    assert [text.get_text() for text in ax.get_yticklabels()] == [f"{name} (30)" for name in ISSUES]
    values = ax.get_lines()[0].get_xdata()
    assert list(values) == [evaluations[0][1].issues[name].score("macro_f1").value for name in ISSUES]


def test_curve_ends_at_the_share_of_all_rows_that_is_wrong(frames):
    model, frame = frames[0]
    line = plot_risk_coverage([(model, frame)]).get_lines()[0]
    assert line.get_xdata()[-1] == 1
    assert line.get_ydata()[-1] == pytest.approx((frame["gold"] != frame["predicted"]).mean())


def test_axes_of_ones_own_are_drawn_on(frames, evaluations):
    from matplotlib.figure import Figure

    left, right = Figure().subplots(1, 2)
    assert plot_issues(evaluations, left) is left
    assert plot_risk_coverage(frames, right) is right


def test_pictures_take_the_colour_of_the_page_and_are_the_same_twice(frames, evaluations):
    for picture in (issues_picture("t", evaluations), risk_coverage_picture("t", frames)):
        assert picture.png.startswith(b"\x89PNG")
        assert ElementTree.fromstring(picture.svg).tag.endswith("svg")
        assert "currentColor" in picture.svg
        assert INK not in picture.svg
    again = risk_coverage_picture("t", frames)
    assert (again.title, again.svg, again.png) == (picture.title, picture.svg, picture.png)
