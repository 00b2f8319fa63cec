"""Plots of a debate; each draws on the axes given, or on new ones, and returns them (needs matplotlib)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from standpunt.analysis.stance_map import side
from standpunt.debate import CABINET
from standpunt.evaluation.trust import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Blue and orange are told apart under every common colour blindness; shapes say the same.
COLOURS = {"favor": "#0a5ea8", "against": "#b34700", "mixed": "#7b8087", "neutral": "#7b8087"}
MARKERS = {"favor": "^", "against": "v", "mixed": "D", "neutral": "D"}
_FAINT = {"favor": "#5591c8", "against": "#cf7236", "mixed": "#7b8087"}
_STRONG = 0.6


def plot_stance_map(
    cells: pd.DataFrame,
    ax: Axes | None = None,
    *,
    titles: Mapping[str, str] | None = None,
    levels: Mapping[str, Level] | None = None,
    names: Mapping[str, str] | None = None,
) -> Axes:
    """Draw a stance map: shape and colour are the stance, size the certainty, the bar below the interval.

    Cells with a single turn are hollow, hatched ones are not addressed, ≠ marks those with disputed turns.

    Args:
        cells: as `standpunt.analysis.stance_map.stance_map` returns them.
        ax: where to draw; by default a new figure of a fitting size.
        titles: what to call issues, by name.
        levels: what the answers on issues are good for (see `standpunt.evaluation.trust`): what is not to be trusted is
            drawn struck and without colour, and what is a hint or was not measured with a question mark.
        names: what to call parties and speakers, where not by their names.
    """
    from matplotlib.patches import Rectangle

    titles, levels, names = titles or {}, levels or {}, names or {}

    issues = cells.groupby("issue", sort=False)["turns"].sum().sort_values(ascending=False, kind="stable").index
    addressed = cells["holder"].value_counts(sort=False)
    holders = sorted(addressed.index, key=lambda name: (name == CABINET, -addressed[name], name))
    labels = [titles.get(issue, issue.replace("_", " ")) for issue in issues]
    longest = max((len(line) for label in labels for line in label.split("\n")), default=0)
    lines = max((label.count("\n") for label in labels), default=0)
    ax = ax or _axes(max(1.6, 0.085 * longest) + 0.55 * len(holders), 1.6 + max(0.45, 0.2 * (lines + 1)) * len(issues))
    by_cell = {(row["issue"], row["holder"]): row for row in cells.to_dict("records")}
    for y, issue in enumerate(issues):
        for x, holder in enumerate(holders):
            cell = by_cell.get((issue, holder))
            if cell is None:
                ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, hatch="////", fill=False, ec="#d8dade", lw=0))
                continue
            lean = side(cell["value"])
            colour = (COLOURS if abs(cell["value"]) >= _STRONG else _FAINT)[lean]
            level = levels.get(issue)
            if level == "untrusted":
                colour = COLOURS["mixed"]
                ax.plot([x - 0.4, x + 0.4], [y - 0.42, y + 0.24], color="#1d2126", lw=1.2, zorder=3)
            elif level in ("hint", "unmeasured"):
                ax.text(x - 0.46, y - 0.26, "?", ha="left", va="center", fontsize=9, color="#1d2126", weight="bold")
            size = 160 * (0.4 + 0.6 * cell["certainty"]) ** 2
            face = colour if cell["turns"] > 1 and level != "untrusted" else "none"
            ax.scatter(x, y - 0.08, s=size, marker=MARKERS[lean], facecolors=face, edgecolors=colour, linewidths=1.6)
            ax.plot([x - 0.38, x + 0.38], [y + 0.36] * 2, color="#d8dade", lw=1, zorder=0)
            ax.plot([x + 0.38 * cell["low"], x + 0.38 * cell["high"]], [y + 0.36] * 2, color=colour, lw=2.5)
            ax.plot(x + 0.38 * cell["value"], y + 0.36, "o", color="#1d2126", ms=2.5)
            if cell["disputed"]:
                ax.text(x + 0.44, y - 0.2, "≠", ha="right", va="center", fontsize=9, color="#7a1f7a")
    ax.set(xlim=(-0.5, len(holders) - 0.5), ylim=(len(issues) - 0.5, -0.5))
    ax.set_xticks(range(len(holders)), [names.get(holder, holder) for holder in holders], rotation=90)
    ax.set_yticks(range(len(issues)), labels)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set_xticks(np.arange(len(holders) + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(len(issues) + 1) - 0.5, minor=True)
    ax.grid(which="minor", color="#d8dade", lw=0.8)
    ax.tick_params(which="minor", length=0)
    ax.spines[:].set_visible(False)
    return ax


def plot_course(course: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the stance over the course of the debate, a row an issue, with the running mean.

    Args:
        course: as `standpunt.analysis.course.stance_course` returns it.
        ax: where to draw; by default a new figure of a fitting size.
    """
    issues = list(course["issue"].value_counts().index)
    ax = ax or _axes(9, 1 + 0.5 * len(issues))
    for y, issue in enumerate(issues):
        part = course[course["issue"] == issue]
        ax.axhline(y, color="#d8dade", lw=0.8, zorder=0)
        for stance, rows in part.groupby("stance"):
            heights = y - 0.3 * rows["value"]
            ax.scatter(rows["ordinal"], heights, s=16, marker=MARKERS[str(stance)], color=COLOURS[str(stance)])
        ax.plot(part["ordinal"], y - 0.3 * part["mean"], color="#1d2126", lw=0.8, alpha=0.6)
    ax.set(ylim=(len(issues) - 0.5, -0.5), xlabel="turn")
    ax.set_yticks(range(len(issues)), [issue.replace("_", " ") for issue in issues])
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    return ax


def plot_replies(pairs: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw who answers whom: the number of turns, and below it how often they take the same and the opposite side.

    Args:
        pairs: as `standpunt.analysis.replies.replies` returns them.
        ax: where to draw; by default a new figure of a fitting size.
    """
    names = sorted(set(pairs["holder"]) | set(pairs["to"]), key=lambda name: (name == CABINET, name))
    ax = ax or _axes(1.6 + 0.6 * len(names), 1.6 + 0.6 * len(names))
    counts = np.full((len(names), len(names)), np.nan)
    for row in pairs.to_dict("records"):
        y, x = names.index(row["holder"]), names.index(row["to"])
        counts[y, x] = row["replies"]
        dark = row["replies"] > 0.6 * pairs["replies"].max()
        text = f"{row['replies']}\n{row['agree']} = {row['disagree']} ≠" if row["agree"] or row["disagree"] else ""
        ax.text(x, y, text or row["replies"], ha="center", va="center", fontsize=7, color="white" if dark else "black")
    ax.imshow(counts, cmap="Greys", vmin=0, aspect="auto")
    ax.set_xticks(range(len(names)), names, rotation=90)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="answered", ylabel="answers")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def plot_frame_shares(shares: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the share of each frame among the premises of the two sides, with the intervals.

    Args:
        shares: as `standpunt.analysis.frames.frame_shares` returns them.
        ax: where to draw; by default a new figure of a fitting size.
    """
    frames = list(dict.fromkeys(shares["frame"]))
    ax = ax or _axes(7, 1.4 + 0.42 * len(frames))
    for name, shift in (("favor", -0.14), ("against", 0.14)):
        rows = shares[shares["side"] == name]
        if rows.empty:
            continue
        heights = rows["frame"].map(frames.index) + shift
        ax.hlines(heights, rows["low"], rows["high"], color=COLOURS[name], lw=2)
        label = f"{name} ({rows['of'].iloc[0]} premises, {rows['speakers'].iloc[0]} speakers)"
        ax.scatter(rows["share"], heights, s=36, marker=MARKERS[name], color=COLOURS[name], label=label, zorder=2)
    ax.set(ylim=(max(len(frames), 1) - 0.5, -0.5), xlabel="share of the side's premises")
    ax.set_xlim(left=-0.02)
    ax.set_yticks(range(len(frames)), [frame.replace("_", " ") for frame in frames])
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color="#d8dade", lw=0.8)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)
    if frames:
        ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1))
    return ax


def _axes(width: float, height: float) -> Axes:
    from matplotlib import pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]
