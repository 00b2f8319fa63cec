"""Pictures of results: scores per issue, and what abstaining buys. They return the axes, to go on with in a notebook.

Colours are those of M. Okabe and K. Ito (2008), told apart by the colour-blind; every model has a marker and a line
style of its own as well. Text and axes take the colour of the page around them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standpunt.evaluation.probabilities import COVERAGE, risk_coverage
from standpunt.evaluation.scores import Evaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES = ("-", "--", "-.", ":")
WIDTH = 9.0  # inches
FIRST = 0.05  # curves begin at this coverage: on fewer rows they are noise
INK = "#0a0b0c"  # in an SVG it becomes the colour of the text of the page
_STYLE: dict[Any, Any] = {
    "font.size": 10, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK,
    "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
    "svg.hashsalt": "standpunt", "figure.facecolor": "none", "axes.facecolor": "none",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Picture:
    """A drawing with its title. It is drawn when its SVG or PNG is first asked for: either takes a while.

    Attributes:
        title: of the drawing.
        height: in inches; every picture is `WIDTH` wide.
        plot: draws on axes and returns them.
    """

    title: str
    height: float
    plot: Callable[[Axes], Axes]

    @cached_property
    def svg(self) -> str:
        """The drawing to put into a page, in the colour of its text."""
        body = self._drawn("svg", metadata={"Date": None, "Creator": None}).decode("utf-8")
        body = body[body.index("<svg") :].replace(INK, "currentColor")
        return re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)

    @cached_property
    def png(self) -> bytes:
        """The drawing on white."""
        return self._drawn("png", dpi=150, facecolor="white")

    def _drawn(self, form: str, **options: Any) -> bytes:
        """Draw without pyplot, which would want a screen where there is one."""
        import matplotlib
        from matplotlib.figure import Figure

        file = io.BytesIO()
        with matplotlib.rc_context(_STYLE):
            figure = Figure(figsize=(WIDTH, self.height))
            self.plot(figure.subplots())
            figure.savefig(file, format=form, bbox_inches="tight", **options)
        return file.getvalue()


def plot_issues(entries: Sequence[tuple[str, Evaluation]], ax: Axes | None = None) -> Axes:
    """Draw macro-F1 per issue with its interval, a mark a model; issues with most rows first.

    Args:
        entries: (model name, evaluation) on the same rows.
        ax: where to draw; a new figure of the right size by default.
    """
    first = entries[0][1]
    issues = sorted(first.issues, key=lambda issue: first.issues[issue].rows)
    if ax is None:
        ax = _axes(_issues_height(entries))
    places = np.arange(len(issues))
    for number, (model, evaluation) in enumerate(entries):
        scores = [evaluation.issues[issue].score("macro_f1") for issue in issues]
        values = np.array([[score.value, score.low, score.high] for score in scores])
        offset = (0.5 - (number + 0.5) / len(entries)) * 0.72
        ax.hlines(places + offset, values[:, 1], values[:, 2], color=_colour(number), linewidth=1.4)
        ax.plot(values[:, 0], places + offset, MARKERS[number % 7], color=_colour(number), markersize=5, label=model)
    for place in places[1:]:
        ax.axhline(place - 0.5, color=INK, linewidth=0.4, alpha=0.25)
    ax.set_yticks(places, [f"{issue} ({first.issues[issue].rows})" for issue in issues])
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.6, len(issues) - 0.4), xlabel="macro-F1, with its interval")
    ax.tick_params(axis="y", length=0)
    _legend(ax)
    return ax


def plot_risk_coverage(entries: Sequence[tuple[str, pd.DataFrame]], ax: Axes | None = None) -> Axes:
    """Draw the share of wrong answers over the share of rows that are answered, the surest first.

    Args:
        entries: (model name, predictions with `p_<label>`), the seeds of a model taken together.
        ax: where to draw; a new figure by default.
    """
    ax = ax or _axes(4.2)
    for number, (model, frame) in enumerate(entries):
        columns = [name for name in frame if name.startswith("p_")]
        confidence = frame[columns].max(axis=1).to_numpy()
        coverage, risk = risk_coverage(confidence, (frame["gold"] == frame["predicted"]).to_numpy())
        drawn = coverage >= FIRST
        # Up to its first level a model has no order to abstain by: the line is level there.
        x, y = np.concatenate([[FIRST], coverage[drawn]]), np.concatenate([risk[drawn][:1], risk[drawn]])
        ax.plot(
            x, y, LINES[number % 4], color=_colour(number), marker=MARKERS[number % 7], markevery=[-1], markersize=6,
            clip_on=False, label=model,
        )  # fmt: skip
    ax.axvline(COVERAGE, color=INK, linewidth=0.8, alpha=0.5, linestyle=(0, (1, 2)))
    ax.set(
        xlim=(0, 1), xlabel="coverage: share of the rows answered, surest first", ylabel="risk: share of these wrong"
    )
    ax.set_ylim(bottom=0)
    _legend(ax)
    return ax


def issues_picture(title: str, entries: Sequence[tuple[str, Evaluation]]) -> Picture:
    """Draw `plot_issues` as a picture."""
    return Picture(title, _issues_height(entries), lambda ax: plot_issues(entries, ax))


def risk_coverage_picture(title: str, entries: Sequence[tuple[str, pd.DataFrame]]) -> Picture:
    """Draw `plot_risk_coverage` as a picture."""
    return Picture(title, 4.2, lambda ax: plot_risk_coverage(entries, ax))


def _issues_height(entries: Sequence[tuple[str, Evaluation]]) -> float:
    return 1.4 + len(entries[0][1].issues) * (0.22 + 0.13 * len(entries))


def _axes(height: float) -> Axes:
    from matplotlib import pyplot as plt

    # Outside the context: a notebook turns interactive here, and the context would undo it.
    figure = plt.figure(figsize=(WIDTH, height), facecolor="none")
    with plt.rc_context(_STYLE):
        return figure.subplots()


def _colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def _legend(ax: Axes) -> None:
    """Put the legend beside the drawing, where it covers nothing."""
    ax.legend(loc="upper left", bbox_to_anchor=(1.03, 1.0), borderaxespad=0, frameon=False)
