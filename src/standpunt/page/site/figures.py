"""The course of positions over time as SVG paths; the templates draw them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import pandas as pd

from standpunt.analysis.across.plots import place_in_time
from standpunt.analysis.stance_map import side

WIDTH, HEIGHT = 240, 64  # of a course, in units of its view box
_LEFT, _RIGHT = 8, 232
_MIDDLE, _REACH = HEIGHT / 2, HEIGHT / 2 - 8  # how far from the middle a position of 1 stands
_LABELS = 6
_ALONE = 2.5  # half the width of the bar of an interval that no other is beside


@dataclass(frozen=True, slots=True)
class Point:
    """A position at a time: where it stands, its side, how much it weighs, and its numbers."""

    x: float
    y: float
    side: str
    scale: float
    period: str
    cell: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TimeCourse:
    """Positions over time: the band of their intervals, the line, the points in order."""

    band: str
    line: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The times that all courses of a folder of pages share."""

    unit: str
    periods: tuple[str, ...]

    @property
    def ends(self) -> tuple[str, ...]:
        """The first period and the last; one where they are the same."""
        return tuple(dict.fromkeys((self.periods[0], self.periods[-1]))) if self.periods else ()

    @property
    def shown(self) -> tuple[str, ...]:
        """The periods that are written below a wide course: no more than there is room for."""
        return self.periods[:: ceil(len(self.periods) / _LABELS)]

    def place(self, period: str) -> float:
        """Return where a period stands on the horizontal axis."""
        first, last = (place_in_time(self.periods[end]) for end in (0, -1))
        if first == last:
            return WIDTH / 2
        return round(_LEFT + (place_in_time(period) - first) / (last - first) * (_RIGHT - _LEFT), 1)

    def course(self, cells: pd.DataFrame) -> TimeCourse:
        """Draw the cells of one course, a row a period."""
        rows = cells.sort_values(self.unit).to_dict("records")
        most = max((row["turns"] for row in rows), default=1)
        points = tuple(
            Point(
                self.place(row[self.unit]),
                _height(row["value"]),
                side(row["value"]),
                round(0.28 + 0.32 * (row["turns"] / most) ** 0.5, 2),
                row[self.unit],
                row,
            )
            for row in rows
        )
        line = " ".join(f"{point.x:g},{point.y:g}" for point in points)
        return TimeCourse(_band(points), line if len(points) > 1 else "", points)


def _band(points: Sequence[Point]) -> str:
    ends = [(point.x, _height(point.cell["low"]), _height(point.cell["high"])) for point in points]
    if len(ends) == 1:
        x, low, high = ends[0]
        ends = [(x - _ALONE, low, high), (x + _ALONE, low, high)]
    above = _joined((x, high) for x, _, high in ends)
    below = _joined((x, low) for x, low, _ in reversed(ends))
    return f"M{above}L{below}Z" if ends else ""


def _joined(places: Iterable[tuple[float, float]]) -> str:
    return "L".join(f"{x:g} {y:g}" for x, y in places)


def _height(value: float) -> float:
    return round(_MIDDLE - value * _REACH, 1)
