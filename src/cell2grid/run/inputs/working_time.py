"""What planned stops and shifts leave of the months of a plant, by the calendar's days.

Stops that nobody plans are in ``plant_capability.py``; what disturbs from outside are shocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.calendar import days_in, first_day, left_of_month

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.study.model import Shutdown, Study

    Spell = tuple[date, date, NDArray[np.float64]]


def shutdown_scale(study: Study, figures: Figures, plant: str, periods: Sequence[str]) -> NDArray[np.float64]:
    """What a plant's planned stops leave of each month, weighted by days (member, period).

    Stops on the same day multiply; one that comes every year lies on the same days of every later year.
    """
    spells: list[Spell] = []
    for number, stop in enumerate(study.plants[plant].shutdowns):
        path = f"plants.{plant}.shutdowns.{number}"
        leaves = np.zeros(figures.count)
        if stop.leaves is not None:
            leaves = figures.drawn("shutdown_scale", f"{path}.leaves", stop.leaves, "ratio")
        for part in ("start", "end"):
            figures.note("shutdown_scale", f"{path}.{part}")
        spells += [(first, last, leaves) for first, last in _times(stop, periods)]
    return _left(spells, periods, figures.count)


def shift_scale(study: Study, figures: Figures, plant: str, periods: Sequence[str]) -> NDArray[np.float64]:
    """Hours worked per hour that the nameplate is for, weighted by days (member, period); above 1 for overtime.

    Raises
    ------
    StudyError
        The plant has shifts, and no hours that its capacity is for.
    """
    made = study.plants[plant]
    if not made.shifts:
        return np.ones((figures.count, len(periods)))
    if made.nameplate_hours is None:
        raise StudyError(f"plants.{plant}: has shifts; give nameplate_hours, as in '120 hour/week [source]'")
    path = f"plants.{plant}"
    nameplate = figures.drawn("shift_scale", f"{path}.nameplate_hours", made.nameplate_hours, "hour/week")
    rows = sorted(enumerate(made.shifts), key=lambda row: row[1].start.first)
    next_starts = [row.start.first for _, row in rows[1:]]
    spells: list[Spell] = []
    for (number, row), follows in zip(rows, [*next_starts, None], strict=True):
        hours = figures.drawn("shift_scale", f"{path}.shifts.{number}.hours", row.hours, "hour/week")
        for part in ("start", "end"):
            if getattr(row, part) is not None:
                figures.note("shift_scale", f"{path}.shifts.{number}.{part}")
        last = row.end.last if row.end is not None else date.max
        if follows is not None:
            last = min(last, follows - timedelta(days=1))
        spells.append((row.start.first, last, hours / nameplate))
    return _left(spells, periods, figures.count)


def _times(stop: Shutdown, periods: Sequence[str]) -> Iterator[tuple[date, date]]:
    """First and last day of the stop, and of those of later years, as far as the months reach."""
    first, last = stop.start.first, stop.end.last
    yield first, last
    if stop.every_year and periods:
        for years in range(1, int(periods[-1][:4]) - first.year + 1):
            yield _years_later(first, years), _years_later(last, years)


def _years_later(day: date, years: int) -> date:
    """The same day of a later year; 28 February where that year has no 29th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + years, 2, days_in(f"{day.year + years:04d}-02"))
    return day.replace(year=day.year + years)


def _left(spells: Iterable[Spell], periods: Sequence[str], count: int) -> NDArray[np.float64]:
    left, spells = np.ones((count, len(periods))), list(spells)
    bounds = [(first_day(month), first_day(month) + timedelta(days=days_in(month) - 1)) for month in periods]
    for place, (begin, end) in enumerate(bounds):
        inside = [spell for spell in spells if spell[0] <= end and spell[1] >= begin]
        if inside:
            left[:, place] = left_of_month(inside, periods[place])
    return left
