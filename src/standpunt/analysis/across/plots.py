"""Pictures of positions over many debates; each draws on the axes given, or on new ones (needs matplotlib)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standpunt.analysis.across.positions import TIMES
from standpunt.analysis.plots import COLOURS as SIDES
from standpunt.analysis.stance_map import side
from standpunt.debate import CABINET
from standpunt.errors import InputError, unknown_name
from standpunt.results.plots import COLOURS, LINES, MARKERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LINES = len(COLOURS)  # parties in one picture that can still be told apart
_LINE, _SOFT, _INK = "#d8dade", "#5c636b", "#1d2126"
_MOST_TICKS = 8
_COLUMNS = 4  # of small multiples


def plot_positions_over_time(
    cells: pd.DataFrame, issue: str, ax: Axes | None = None, *, parties: Sequence[str] | None = None
) -> Axes:
    """Draw the course of parties on an issue over time, each with the band of its intervals.

    Args:
        cells: as `standpunt.analysis.across.positions.positions` returns them, by party and a time.
        issue: the name of the issue.
        ax: where to draw; by default a new figure.
        parties: which, at most `MOST_LINES`; by default those with most turns on the issue.

    Raises:
        InputError: there are no such cells, or more parties are named than can be told apart.
    """
    part, time = _of_issue(cells, issue)
    most = _by_turns(part)
    if parties is None:
        parties = most[:MOST_LINES]
    for name in parties:
        if name not in most:
            raise unknown_name(f"party on {issue}", name, most)
    if len(parties) > MOST_LINES:
        raise InputError(f"parties: {len(parties)} are named; a picture can show {MOST_LINES}")
    ax = ax or _axes(8, 4.2)
    for number, name in enumerate(parties):
        rows = part[part["party"] == name].sort_values(time)
        colour = COLOURS[number]
        ax.fill_between(rows["at"], rows["low"], rows["high"], color=colour, alpha=0.12, lw=0)
        ax.plot(
            rows["at"], rows["value"], color=colour, lw=1.8, ls=LINES[number % len(LINES)],
            marker=MARKERS[number], ms=5, label=f"{name} ({rows['turns'].sum()})",
        )  # fmt: skip
    _time_axis(ax, part, time)
    ax.set_title(issue.replace("_", " "), loc="left")
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1), title="party (turns)", alignment="left")
    return ax


def plot_parties(cells: pd.DataFrame, issue: str, axes: Sequence[Axes] | None = None) -> Sequence[Axes]:
    """Draw the course of every party on an issue in a panel of its own, the others faint behind it.

    Args:
        cells: as for `plot_positions_over_time`.
        issue: the name of the issue.
        axes: where to draw, one for each party; by default a new figure.

    Raises:
        InputError: there are no such cells, or fewer axes than parties.
    """
    part, time = _of_issue(cells, issue)
    parties = _by_turns(part)
    if axes is None:
        axes = _grid(len(parties), f"{issue.replace('_', ' ')}: a panel a party")
    if len(axes) < len(parties):
        raise InputError(f"axes: there are {len(axes)} for {len(parties)} parties")
    lines = {name: part[part["party"] == name].sort_values(time) for name in parties}
    for number, (ax, name) in enumerate(zip(axes, parties, strict=False)):
        for other in parties:
            ax.plot(lines[other]["at"], lines[other]["value"], color=_LINE, lw=0.8, zorder=0)
        rows = lines[name]
        ax.fill_between(rows["at"], rows["low"], rows["high"], color=_INK, alpha=0.12, lw=0)
        if len(rows) == 1:
            ax.vlines(rows["at"], rows["low"], rows["high"], color=_INK, alpha=0.25, lw=4)
        ax.plot(rows["at"], rows["value"], color=_INK, lw=1.2)
        for row in rows.to_dict("records"):
            _mark(ax, row)
        _time_axis(ax, part, time, labels=number % _COLUMNS == 0)
        ax.set_title(f"{name} · {rows['turns'].sum()}", loc="left", fontsize=9)
    return axes


def plot_heat_map(cells: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the positions of parties on issues as a heat map, with the number of turns behind each cell.

    Colour is the position; where the interval holds zero the number stands in brackets.

    Args:
        cells: as `standpunt.analysis.across.positions.positions` returns them, by party alone or by a time alone.
        ax: where to draw; by default a new figure of a fitting size.

    Raises:
        InputError: the cells are divided by more than one thing, or there are none.
    """
    from matplotlib.colors import LinearSegmentedColormap

    by = [name for name in cells.columns[1:] if name in ("party", *TIMES)]
    if len(by) != 1:
        raise InputError("a heat map is of cells by party or by one time, as of positions(stances, ('party',))")
    if cells.empty:
        raise InputError("there are no cells to draw")
    across = by[0]
    issues = list(dict.fromkeys(cells["issue"]))
    names = sorted(cells[across].unique()) if across in TIMES else _by_turns(cells)
    longest = max(len(issue) for issue in issues)
    ax = ax or _axes(1.2 + 0.075 * longest + 0.55 * len(names), 1.5 + 0.3 * len(issues))
    values = np.full((len(issues), len(names)), np.nan)
    colours = LinearSegmentedColormap.from_list("sides", (SIDES["against"], "#f7f7f4", SIDES["favor"]))
    for row in cells.to_dict("records"):
        y, x = issues.index(row["issue"]), names.index(row[across])
        values[y, x] = row["value"]
        number = f"({row['turns']})" if row["low"] < 0 < row["high"] else f"{row['turns']}"
        ax.text(x, y, number, ha="center", va="center", fontsize=7, color="white" if abs(row["value"]) > 0.65 else _INK)
    picture = ax.imshow(values, cmap=colours, vmin=-1, vmax=1, aspect="auto")
    ax.set_xticks(range(len(names)), names, rotation=90)
    ax.set_yticks(range(len(issues)), [issue.replace("_", " ") for issue in issues])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    figure: Any = ax.get_figure(root=True)
    bar = figure.colorbar(picture, ax=ax, shrink=min(1.0, 6 / len(issues)), pad=0.02, ticks=(-1, 0, 1))
    bar.ax.set_yticklabels(["against", "mixed", "in favor"])
    bar.outline.set_visible(False)
    return ax


def _of_issue(cells: pd.DataFrame, issue: str) -> tuple[pd.DataFrame, str]:
    """Return the cells of an issue with `at`, their place on the axis of time, and the name of that time."""
    times = [name for name in TIMES if name in cells]
    if "party" not in cells or len(times) != 1:
        raise InputError(
            "a course over time is of cells by party and one time; make them with positions(stances, ('party', 'year'))"
        )
    known = list(dict.fromkeys(cells["issue"]))
    if issue not in known:
        raise unknown_name("issue of the cells", issue, known)
    part = cells[cells["issue"] == issue]
    return part.assign(at=[place_in_time(period) for period in part[times[0]]]), times[0]


def place_in_time(period: str) -> float:
    """Return where a year ("2025"), quarter ("2025-Q3") or month ("2025-09") stands on an axis of years."""
    year, _, rest = period.partition("-")
    if not rest:
        return float(year)
    return int(year) + ((int(rest[1:]) - 1) / 4 if rest.startswith("Q") else (int(rest) - 1) / 12)


def _by_turns(part: pd.DataFrame) -> list[str]:
    """Return the parties, most turns first, the cabinet last."""
    turns = part.groupby("party")["turns"].sum()
    return sorted(turns.index, key=lambda name: (name == CABINET, -turns[name], name))


def _mark(ax: Axes, row: dict[str, Any]) -> None:
    lean = side(row["value"])
    marker = {"favor": "^", "against": "v", "mixed": "D"}[lean]
    ax.plot(row["at"], row["value"], marker, color=SIDES[lean], ms=5.5)


def _time_axis(ax: Axes, part: pd.DataFrame, time: str, *, labels: bool = True) -> None:
    periods = sorted(part[time].unique())
    step = ceil(len(periods) / _MOST_TICKS)
    ax.set_xticks([place_in_time(period) for period in periods[::step]], periods[::step])
    if any(len(period) > 4 for period in periods):
        ax.tick_params(axis="x", rotation=90)
    ax.axhline(0, color=_LINE, lw=0.8, zorder=0)
    ax.set(ylim=(-1.08, 1.08))
    ax.set_yticks((-1, 0, 1), ("against", "mixed", "in favor") if labels else ("", "", ""))
    ax.tick_params(length=0, colors=_SOFT)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(_LINE)


def _grid(panels: int, title: str) -> list[Axes]:
    from matplotlib import pyplot as plt

    columns = min(_COLUMNS, panels)
    rows = ceil(panels / columns)
    figure, grid = plt.subplots(
        rows, columns, figsize=(2.3 * columns + 0.6, 1.6 * rows + 0.5), sharex=True, sharey=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    figure.suptitle(title, x=0.01, ha="left", fontsize=12)
    for ax in grid.flat[panels:]:
        ax.set_visible(False)
    return list(grid.flat[:panels])


def _axes(width: float, height: float) -> Axes:
    from matplotlib import pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]
