"""How far each figure moves the NPV of a project, one at a time, with all others at the middle: a tornado.

A figure with a range goes to both of its ends; on request every other goes up and down by the same part. What share
of the spread each source has when all vary together is in ``shares.py``. Equations: docs/formulation/sensitivity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import InputError
from cell2grid.run.sensitivity.alike import valued
from cell2grid.run.sensitivity.changes import (
    AskedFigures,
    asset_figures,
    bounds_at,
    number,
    priced,
    unit_at,
    with_asset_figure,
)
from cell2grid.run.worth.terms import Members, Subject, members_of
from cell2grid.units import same_kind

if TYPE_CHECKING:
    from cell2grid.study.quantity import Quantity

LARGEST_SWING = 0.9
# price years that are each tried as the first, or as the only one
MOST_PRICE_YEARS = 20
# members of a variant: its low end, then its high end; or one for each price year
_LOW, _HIGH = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One figure at two values [unit], and the NPV at each [currency]; NaN where it is never commissioned there."""

    figure: str
    text: str
    unit: str
    low: float
    high: float
    npv_low: float
    npv_high: float
    swung: bool = False

    @property
    def width(self) -> float:
        """How far apart the two are [currency]."""
        return abs(self.npv_high - self.npv_low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado:
    """The bars, the widest first, the NPV with every figure at its middle, and what a reader must know."""

    bars: tuple[Bar, ...]
    npv_middle: float
    swing: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Asked:
    """A bar before its NPVs are known: members for each of its values."""

    figure: str
    text: str
    unit: str
    values: tuple[float, ...]
    members: tuple[Members, ...]
    labels: tuple[str, ...] = ()
    swung: bool = False


def tornado(
    subject: Subject,
    *,
    swing: float | None = None,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Tornado:
    """The NPV at both ends of every range of the project, all else at the middle.

    Parameters
    ----------
    swing
        What every figure without a range is moved by up and down, as a part of it; also the prices, and the numbers
        of the asset that are no choice of size. None: only the ranges.
    workers
        Processes that share the lives; the result does not depend on it.
    on_progress
        Called with the lives that are done and those there are; a figure that leaves the schedule alone needs none.

    Raises
    ------
    InputError
        A swing that is not between 0 and 0.9; and as ``valuing.outcome``.
    """
    if swing is not None and not 0.0 < swing <= LARGEST_SWING:
        raise InputError(f"swing is {swing:g}, expected above 0 to {LARGEST_SWING:g}; write 0.1 for a tenth")
    figures = AskedFigures()
    middle = members_of(subject, figures)
    asked = [*_ranges(subject, figures), *_price_years(subject)]
    if swing is not None:
        asked += _swings(subject, figures, swing)
    every = [middle, *(members for one in asked for members in one.members)]
    worths = [
        float(found.arrays["npv"].values[0, 0]) for found in valued(every, workers=workers, on_progress=on_progress)
    ]
    bars, place = [], 1
    for one in asked:
        bars.append(_bar(one, worths[place : place + len(one.members)]))
        place += len(one.members)
    ordered = sorted(bars, key=lambda bar: (-np.nan_to_num(bar.width, nan=np.inf), bar.figure))
    return Tornado(bars=tuple(ordered), npv_middle=worths[0], swing=swing, notes=tuple(_notes(ordered, worths[0])))


def _ranges(subject: Subject, figures: AskedFigures) -> Iterator[_Asked]:
    """Each figure with a range at its ends, and the deliveries at the month by which 10 and 90 % are there."""
    for path, quantity in figures.quantities.items():
        if quantity.magnitude.low < quantity.magnitude.high:
            yield _Asked(
                figure=path,
                text=quantity.text,
                unit=quantity.unit,
                values=quantity.magnitude.ends,
                members=_ends(subject, path),
            )
    if subject.delivered is not None and np.unique(subject.delivered).size > 1:
        members = _ends(subject, "commissioning")
        months = tuple(float(np.broadcast_to(one.money.commissioning, 1)[0]) for one in members)
        text = "the deliveries of the study: the months by which 10 % and 90 % of members operate"
        yield _Asked(figure="commissioning", text=text, unit="month", values=months, members=members)


def _ends(subject: Subject, path: str) -> tuple[Members, Members]:
    return members_of(subject, AskedFigures({path: "low"})), members_of(subject, AskedFigures({path: "high"}))


def _price_years(subject: Subject) -> Iterator[_Asked]:
    """The price years that the project is worth least and most with: each for all years, or each as the first."""
    years, count = subject.prices.years, len(subject.prices.years)
    if count == 1:
        return
    tried = sorted({round(place) for place in np.linspace(0, count - 1, min(count, MOST_PRICE_YEARS))})
    drawn = subject.project.prices.years == "drawn"
    life = 200
    orders = [[place] if drawn else [(place + year) % count for year in range(life)] for place in tried]
    yield _Asked(
        figure="prices.years",
        text="each for the whole life" if drawn else "each as the first year, the others after it",
        unit=f"{subject.prices.currency or subject.currency}/MWh",
        values=tuple(float(np.average(years[place].price, weights=years[place].step_hours)) for place in tried),
        members=tuple(members_of(subject, AskedFigures(), order=order) for order in orders),
        labels=tuple(years[place].label for place in tried),
    )


def _swings(subject: Subject, figures: AskedFigures, swing: float) -> Iterator[_Asked]:
    """What has no range, each a part lower and higher, as far as its bounds let it."""
    for path, quantity in figures.quantities.items():
        if quantity.magnitude.low == quantity.magnitude.high and quantity.value != 0.0:
            values = _swung(subject, path, quantity, swing)
            members = [
                members_of(subject, AskedFigures(instead={path: number(value, quantity.unit)})) for value in values
            ]
            yield _of_swing(path, quantity.text, quantity.unit, values, members)
    for path, quantity in asset_figures(subject):
        if quantity.value != 0.0 and path not in figures.quantities:
            values = _swung(subject, path, quantity, swing)
            changed = [with_asset_figure(subject, path, number(value, quantity.unit)) for value in values]
            members = [members_of(one, AskedFigures()) for one in changed]
            yield _of_swing(path, quantity.text, unit_at(path, quantity), values, members)
    values = (1.0 - swing, 1.0 + swing)
    members = [members_of(priced(subject, value), AskedFigures()) for value in values]
    yield _of_swing("prices", "every price times", "ratio", values, members)


def _of_swing(path: str, text: str, unit: str, values: tuple[float, float], members: Sequence[Members]) -> _Asked:
    return _Asked(figure=path, text=text, unit=unit, values=values, members=tuple(members), swung=True)


def _swung(subject: Subject, path: str, quantity: Quantity, swing: float) -> tuple[float, float]:
    """The value a part lower and a part higher, within what the model allows."""
    part = abs(quantity.value) * swing
    low, high = quantity.value - part, quantity.value + part
    bounds = bounds_at(subject, path)
    if bounds is None or not same_kind(quantity.unit, bounds[2]):
        return low, high
    least, most, unit = bounds
    scale = number(1.0, quantity.unit).to(unit).mode
    return max(low, least / scale), min(high, most / scale)


def _bar(asked: _Asked, worths: list[float]) -> Bar:
    low, high, text = _LOW, _HIGH, asked.text
    if asked.labels:
        low, high = int(np.argmin(worths)), int(np.argmax(worths))
        text = f"{asked.labels[low]} .. {asked.labels[high]} ({text})"
    return Bar(
        figure=asked.figure,
        text=text,
        unit=asked.unit,
        low=asked.values[low],
        high=asked.values[high],
        npv_low=worths[low],
        npv_high=worths[high],
        swung=asked.swung,
    )


def _notes(bars: Sequence[Bar], middle: float) -> Iterator[str]:
    if np.isnan(middle):
        yield "tornado: at the middle of all ranges the project is never commissioned, so its NPV is not known"
    for bar in bars:
        if np.isnan(bar.npv_high) != np.isnan(middle):
            yield f"tornado: {bar.figure} has no NPV at one end, where the project is never commissioned"
    still = [bar.figure for bar in bars if bar.width == 0.0 and not bar.swung]
    if still:
        yield f"tornado: {', '.join(sorted(still))} has a range and moves nothing"
    if not bars:
        yield "tornado: no figure has a range and there is one price year; give ranges, or a swing for all figures"
