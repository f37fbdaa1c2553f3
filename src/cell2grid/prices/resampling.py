"""A series over steps of another length, with what it says of energy kept.

A step that covers several gets their mean over time, a step inside one repeats it, and one across an edge gets each
part by its length; so the sum of number times hours is the same before and after, over the whole and over every step.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError, PriceError
from cell2grid.prices.found import MOST_ROWS
from cell2grid.prices.series import PriceSeries, Profile
from cell2grid.prices.zones import clock_of

AnySeries = TypeVar("AnySeries", PriceSeries, Profile)
Seconds = npt.NDArray[np.int64]
_DAY = 86_400


def resampled(series: AnySeries, minutes: float, *, cut: bool = False) -> AnySeries:
    """The series over steps of so many minutes, with price times hours (or power times hours) kept in every step.

    Steps that divide a day begin where local clocks show a multiple of them; others begin where the series does.

    Parameters
    ----------
    series
        Prices, or a profile of power.
    minutes
        The length of the new steps [minute], a whole number of seconds.
    cut
        Leave out what lies before the first whole step and after the last; without it such ends are refused.

    Raises
    ------
    InputError
        The length is not above 0 or no whole number of seconds.
    PriceError
        A new step would reach over an end of the series, or there would be too many steps.

    >>> hours = PriceSeries(timestep=np.array(["2025-01-01T00", "2025-01-01T01"], dtype="datetime64[s]"),
    ...                     step_hours=np.ones(2), price=np.array([10.0, 40.0]), name="two hours")
    >>> resampled(hours, 40).price
    array([10., 25., 40.])
    """
    length = _length(minutes)
    edges = series.edges()
    grid = _grid(series, edges, length, cut)
    value = "price" if isinstance(series, PriceSeries) else "power"
    pieces = np.unique(np.concatenate([edges[(edges > grid[0]) & (edges < grid[-1])], grid]))
    spans = np.diff(pieces)
    old = np.searchsorted(edges, pieces[:-1], side="right") - 1
    first = np.searchsorted(pieces, grid[:-1])
    numbers = getattr(series, value)[old]
    means = np.add.reduceat(numbers * spans, first) / length
    # what lies inside one step is repeated to the last bit
    alone = np.diff(np.append(first, spans.size)) == 1
    means = np.where(alone, numbers[first], means)
    made = np.zeros(series.timestep.size, dtype=bool)
    made[series.filled] = True
    notes: tuple[str, ...] = series.notes
    lost = (edges[-1] - edges[0]) - (grid[-1] - grid[0])
    if lost:
        notes = (*notes, f"{lost / 3600.0:g} hours at the ends are no whole steps of {minutes:g} minutes and were cut")
    changed: dict[str, Any] = {value: means}
    return replace(
        series,
        timestep=grid[:-1].astype("datetime64[s]"),
        step_hours=np.full(grid.size - 1, length / 3600.0),
        filled=np.flatnonzero(np.logical_or.reduceat(made[old], first)),
        notes=notes,
        **changed,
    )


def _length(minutes: float) -> int:
    seconds = minutes * 60.0
    if not 0.0 < seconds < 1e10 or seconds != round(seconds):
        raise InputError(f"steps of {minutes} minutes, expected above 0 and whole seconds; give another length")
    return round(seconds)


def _grid(series: PriceSeries | Profile, edges: Seconds, length: int, cut: bool) -> Seconds:
    """Where the new steps begin, and where the last ends."""
    origin = int(edges[0])
    if _DAY % length == 0:
        # midnight on local clocks, of the offset that holds at the start
        ahead = int(clock_of(series.zone, edges[:1]).local(edges[:1])[0]) - origin
        origin = (origin + ahead) // _DAY * _DAY - ahead
    first = origin - (origin - int(edges[0])) // length * length
    last = origin + (int(edges[-1]) - origin) // length * length
    before, after = first - int(edges[0]), int(edges[-1]) - last
    if (before or after) and not cut:
        side = f"{before / 60:g} minutes before the first" if before else f"{after / 60:g} minutes after the last"
        raise PriceError(
            f"steps of {length / 60:g} minutes would reach over an end: {side} whole step are left; ask to cut them, "
            "or choose another length",
            where=series.name,
        )
    if last <= first:
        raise PriceError(f"the series is shorter than one step of {length / 60:g} minutes", where=series.name)
    if (last - first) // length > MOST_ROWS:
        raise PriceError(f"more than {MOST_ROWS:,} steps; choose longer ones", where=series.name)
    return np.arange(first, last + 1, length, dtype=np.int64)
