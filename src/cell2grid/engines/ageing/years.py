"""A duty cycle that is repeated over years: what is left of the cells at the end of each."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.aged import Aged, aged_over, checked_run
from cell2grid.engines.ageing.cells import Cells, fresh
from cell2grid.engines.ageing.chunks import HOLDS, KEPT
from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]
Run = tuple[Floats, Floats, Floats]  # levels, hours from 0, and temperatures [K] at the ends of steps

HOURS_OF_YEAR = 8760.0
MOST_YEARS = 100
_MOST_STEPS = 200_000_000  # of the duty cycle over all years
_SPARE = 1e-6  # hours that are none


@dataclass(frozen=True, slots=True, eq=False)
class Years:
    """What is left at the end of each year, and what happened in it; ``runs`` are its parts."""

    health: Floats
    resistance: Floats
    calendar_loss: Floats
    cycle_loss: Floats
    full_cycles: Floats
    runs: tuple[Aged, ...]


def age_over_years(
    cells: Cells,
    level: npt.ArrayLike,
    step_hours: npt.ArrayLike,
    celsius: npt.ArrayLike,
    years: float,
    *,
    scale: float = 1.0,
    keep_throughput: bool = False,
) -> Years:
    """What a duty cycle makes of new cells, repeated end to end until the years of 8,760 hours are over.

    Levels are shares of what the store holds at each time, or with ``keep_throughput`` such shares of the first
    capacity as keep the throughput. A cycle that does not end where it began goes on from its end.

    Raises
    ------
    InputError
        As ``age``; or the years are not 1 to 100; or there are too many steps.
    """
    if not (math.isfinite(years) and 1 <= years <= MOST_YEARS and years == int(years)):
        raise InputError(f"ageing: years is {years}, expected a whole number from 1 to {MOST_YEARS}")
    duty = checked_run(cells, level, step_hours, celsius, scale)
    steps = max(years * HOURS_OF_YEAR / duty[1][-1], 1.0) * len(duty[0])
    if steps > _MOST_STEPS:
        raise InputError(f"ageing: {steps:.2g} steps are over {_MOST_STEPS:.2g}; take longer steps, or fewer years")
    duty = _at_least_a_year(duty)
    held_as = KEPT if keep_throughput else HOLDS
    rows, runs = [], []
    state, at = fresh(cells), 0.0
    for _ in range(int(years)):
        parts, left = [], HOURS_OF_YEAR
        while left > _SPARE:
            part = _part(duty, at, min(at + left, duty[1][-1]))
            parts.append(aged_over(cells, state, *part, scale, held_as))
            state = parts[-1].state
            left -= float(part[1][-1])
            at += float(part[1][-1])
            if duty[1][-1] - at < _SPARE:
                at = 0.0
                duty[0][0] = duty[0][-1]
        losses = (sum(getattr(part, name) for part in parts) for name in ("calendar_loss", "cycle_loss", "full_cycles"))
        rows.append((parts[-1].health, parts[-1].resistance, *losses))
        runs += parts
    health, resistance, calendar, cycles, throughput = np.array(rows).T.copy()
    return Years(health, resistance, calendar, cycles, throughput, tuple(runs))


def _at_least_a_year(duty: Run) -> Run:
    """The duty cycle repeated until it lasts for a year."""
    levels, hours, kelvin = duty
    times = max(math.ceil(HOURS_OF_YEAR / hours[-1] - _SPARE), 1)
    after = np.arange(times)[:, None] * hours[-1]
    return (
        np.concatenate([levels[:1], np.tile(levels[1:], times)]),
        np.concatenate([hours[:1], (after + hours[1:]).ravel()]),
        np.concatenate([kelvin[:1], np.tile(kelvin[1:], times)]),
    )


def _part(duty: Run, start: float, end: float) -> Run:
    """What lies between two hours of a run; within a step the level moves evenly."""
    levels, hours, kelvin = duty
    if start <= 0.0 and end >= hours[-1]:
        return duty
    inside = (hours > start + _SPARE) & (hours < end - _SPARE)
    at = np.concatenate([[start], hours[inside], [end]])
    return np.interp(at, hours, levels), at - start, np.interp(at, hours, kelvin)
