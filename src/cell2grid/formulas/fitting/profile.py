"""How far each unknown can go while the others make up for it: profiles of the least sum of squares, and intervals.

All points of all profiles are run together. A profile that stays below the mark up to a bound has an open end there:
what was observed does not say that the unknown lies within the bounds that it was given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cell2grid.formulas.fitting.estimate import Estimate
from cell2grid.formulas.fitting.least_squares import least_squares
from cell2grid.formulas.fitting.problem import Array, Model, Problem

LEVEL = 0.95
# parts of the way from the estimate to the end of a side
_PARTS = (0.2, 0.4, 0.6, 0.8, 1.0)
_REFINED = 3
# an end that is so near to a point, as a part of its way from the estimate, is told well enough from there
NEAR = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One unknown: values, what the least sum of squares rises by there, and the interval."""

    name: str
    values: Array
    """(point,) rising, the estimate among them."""
    rise: Array
    """(point,) above the least sum of all; not a number where no end was found."""
    low: float
    high: float
    open_low: bool
    """Whether the interval ends at the bound that was given, and not where the observations say."""
    open_high: bool

    @property
    def identified(self) -> bool:
        """Whether the observations and priors end the interval on both sides."""
        return not (self.open_low or self.open_high)


def mark(level: float) -> float:
    """What the least sum of squares rises by at the ends of an interval: the χ² quantile of one degree of freedom.

    S. S. Wilks (1938), doi:10.1214/aoms/1177732360.

    >>> round(mark(0.95), 4)
    3.8415
    """
    from scipy.special import ndtri

    return float(ndtri((1.0 + level) / 2.0) ** 2)


def profiles(
    problem: Problem,
    model: Model,
    estimate: Estimate,
    *,
    level: float = LEVEL,
    on_progress: Callable[[int], None] = lambda step: None,
) -> tuple[Profile, ...]:
    """A profile of each unknown with its interval: all others are fitted anew at each point.

    A. Raue et al. (2009), doi:10.1093/bioinformatics/btp358.
    """
    search = _Search(problem, model, estimate, on_progress)
    limit, away = mark(level), estimate.deviations(np.ones(len(problem.names)))
    search.add(list(_first(estimate.places, away * np.sqrt(limit))))
    search.add(list(search.short(limit)))
    for _ in range(_REFINED):
        search.add(list(search.crossings(limit)))
    return tuple(search.profile(column, limit) for column in range(len(problem.names)))


def _first(places: Array, reach: Array) -> list[tuple[int, float]]:
    """Points on both sides of each unknown, as far as half beyond where the ends will be if the model is straight."""
    asked = []
    for column, place in enumerate(places):
        for bound in (0.0, 1.0):
            way = bound - place
            whole = np.sign(way) * min(abs(way), 1.5 * reach[column]) if np.isfinite(reach[column]) else way
            asked += [(column, float(place + part * whole)) for part in _PARTS if whole]
    return asked


class _Search:
    """The points of all profiles that were found so far."""

    def __init__(self, problem: Problem, model: Model, estimate: Estimate, on_progress: Callable[[int], None]) -> None:
        self._problem, self._estimate, self._say = problem, estimate, on_progress
        self._residuals = partial(problem.objective, model)
        # by unknown: its place, the sum of squares, and where the others are
        self._points: list[list[tuple[float, float, Array]]] = [
            [(float(estimate.places[column]), estimate.total, estimate.places)] for column in range(len(problem.names))
        ]

    def add(self, asked: list[tuple[int, float]]) -> None:
        """Fit the others at each place of an unknown, from the nearest point on."""
        if not asked:
            return
        start = np.array([self._near(column, place) for column, place in asked])
        held = np.zeros(start.shape, np.bool_)
        for row, (column, place) in enumerate(asked):
            start[row, column], held[row, column] = place, True
        found = least_squares(self._residuals, start, fixed=held, rows_apart=True, on_progress=self._say)
        for row, (column, place) in enumerate(asked):
            total = float(found.chi_square[row]) if found.converged[row] else np.nan
            self._points[column].append((place, total, found.places[row]))

    def short(self, limit: float) -> list[tuple[int, float]]:
        """The bounds of sides whose farthest point is below the mark and no bound."""
        asked = []
        for column, points in enumerate(self._points):
            known = [point for point in points if np.isfinite(point[1])]
            for bound, end in ((0.0, min(known)), (1.0, max(known, key=lambda point: point[0]))):
                if end[0] != bound and end[1] - self._estimate.total < limit:
                    asked += [(column, float(end[0] + part * (bound - end[0]))) for part in (1 / 3, 2 / 3, 1.0)]
        return asked

    def crossings(self, limit: float) -> list[tuple[int, float]]:
        """Where each side is about to reach the mark."""
        found = []
        for column in range(len(self._points)):
            for side in (-1, 1):
                place, _ = self._end(column, side, limit)
                middle = float(self._estimate.places[column])
                near = min(abs(place - known[0]) for known in self._points[column]) if place is not None else 0.0
                if place is not None and near > NEAR * abs(place - middle):
                    found.append((column, place))
        return found

    def profile(self, column: int, limit: float) -> Profile:
        """The points of one unknown in order, and its interval."""
        points = sorted(self._points[column], key=lambda point: point[0])
        low, open_low = self._end(column, -1, limit)
        high, open_high = self._end(column, 1, limit)
        scale = self._problem.width[column]
        base = self._problem.low[column]
        return Profile(
            name=self._problem.names[column],
            values=base + np.array([point[0] for point in points]) * scale,
            rise=np.array([point[1] for point in points]) - self._estimate.total,
            low=float(base + (0.0 if low is None else low) * scale),
            high=float(base + (1.0 if high is None else high) * scale),
            open_low=open_low,
            open_high=open_high,
        )

    def _end(self, column: int, side: int, limit: float) -> tuple[float | None, bool]:
        """Where the profile reaches the mark on a side, and whether it never does.

        The root of the rise is nearly straight, so that it is interpolated.
        """
        middle = float(self._estimate.places[column])
        points = sorted(
            (abs(place - middle), float(np.sqrt(max(total - self._estimate.total, 0.0))))
            for place, total, _ in self._points[column]
            if np.isfinite(total) and (place - middle) * side >= 0.0
        )
        wanted = float(np.sqrt(limit))
        for place, ((near, less), (far, more)) in enumerate(pairwise(points)):
            if less < wanted <= more:
                away = _curved(points, place, wanted)
                straight = near + (far - near) * (wanted - less) / (more - less)
                return middle + side * (away if near < away <= far else straight), False
        return None, True

    def _near(self, column: int, place: float) -> NDArray[np.float64]:
        known = [point for point in self._points[column] if np.isfinite(point[1])]
        return min(known, key=lambda point: abs(point[0] - place))[2].copy()


def _curved(points: list[tuple[float, float]], place: int, wanted: float) -> float:
    """How far away the root of the rise is as wanted, by the parabola through the three points nearest to there."""
    around = points[max(place - 1, 0) : place + 2] if place else points[:3]
    roots = [root for _, root in around]
    if len(set(roots)) < 3:
        return np.nan
    total = 0.0
    for far, root in around:
        others = [other for other in roots if other != root]
        total += far * float(np.prod([(wanted - other) / (root - other) for other in others]))
    return total
