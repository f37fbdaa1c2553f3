"""What a project is worth at each size: a map of NPV over power and hours of storage.

Every price year is held for the whole life once, so that a size has as many NPVs as there are price years. The best
size between those of the map is looked for in ``best_size.py``; what changes with the size is in ``changes.py``, and
which lives need no run of their own in ``alike.py``. Equations: docs/formulation/size.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InfeasibleError, InputError
from cell2grid.formulas.finance import irr
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.life.case import Life
from cell2grid.run.sensitivity.alike import outcomes
from cell2grid.run.sensitivity.changes import resized
from cell2grid.run.sensitivity.own_sales_map import OwnSalesMap, own_sales_map
from cell2grid.run.worth.own_sales import slope_of
from cell2grid.run.worth.terms import Members, Subject, members_of
from cell2grid.run.worth.valuing import settled
from cell2grid.study.quantity import Quantity

Floats = npt.NDArray[np.float64]

# the least and the most of a power and of hours, with their unit
LIMITS = {"power": (1e-3, 1e6, "MW"), "hours": (0.05, 1000.0, "hour")}
MOST_SIZES = 2_500
MOST_PRICE_YEARS = 5
# values that lie this close to a line, against the largest of them, lie on it
ON_A_LINE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """What one size is worth, the mean over the price years and the least and the most of them; NaN where unknown.

    ``power`` [MW], ``hours`` [hour], ``energy`` [MWh], money [currency], ``irr`` [1/year] of the mean cash flow,
    ``lcos`` [currency/MWh], ``npv_per_capital`` [ratio]. ``refused`` says why it has no value.
    """

    power: float
    hours: float
    energy: float
    npv: float = float("nan")
    npv_low: float = float("nan")
    npv_high: float = float("nan")
    irr: float = float("nan")
    lcos: float = float("nan")
    capital_cost: float = float("nan")
    refused: str = ""

    @property
    def npv_per_capital(self) -> float:
        """NPV for each unit of capital cost."""
        return self.npv / self.capital_cost if self.capital_cost > 0.0 else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeMap:
    """The sizes by hours and then power, the best of them by mean NPV, and what a reader must know."""

    sizes: tuple[Sized, ...]
    best: Sized
    at_bound: tuple[str, ...]
    linear_in_power: bool
    price_years: tuple[str, ...]
    lives_run: int
    notes: tuple[str, ...]


def size_map(
    subject: Subject,
    powers: Sequence[float],
    hours: Sequence[float],
    *,
    most_price_years: int = MOST_PRICE_YEARS,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> SizeMap:
    """The worth of the project at every power [MW] and number of hours [hour], each range at its middle.

    Parameters
    ----------
    most_price_years
        Where there are more, so many of them are taken, evenly over their order.
    workers
        Processes that share the lives; the result does not depend on it.
    on_progress
        Called with the lives that are done and those there are.

    Raises
    ------
    InputError
        A power, a number of hours or of price years that is none, or too many sizes.
    InfeasibleError
        No size has a value.
    """
    powers = _axis("power", powers)
    hours = _axis("hours", hours)
    if len(powers) * len(hours) > MOST_SIZES:
        raise InputError(f"{len(powers)} × {len(hours)} sizes are more than {MOST_SIZES:,}; give a coarser grid")
    valuation = Valuation(subject, most_price_years, workers)
    asked = [(power, long) for long in hours for power in powers]
    valuation.prepare(powers, hours)
    found = valuation.of(asked, on_progress)
    best = best_of(found)
    linear = linear_in_power(found)
    bounds = at_bounds(best, powers, hours)
    return SizeMap(
        sizes=tuple(found),
        best=best,
        at_bound=bounds,
        linear_in_power=linear,
        price_years=valuation.labels,
        lives_run=valuation.lives_run,
        notes=(*valuation.notes(), *notes_on(found, best, bounds, linear)),
    )


def checked_bounds(name: str, bounds: tuple[float, float]) -> tuple[float, float]:
    """The lower and the upper bound of ``power`` or ``hours``.

    Raises
    ------
    InputError
        They fall, or lie outside what a project can have.
    """
    least, most, unit = LIMITS[name]
    low, high = (float(value) for value in bounds)
    if not (least <= low <= most and least <= high <= most):
        raise InputError(f"{name} is from {low:g} to {high:g} {unit}, expected within {least:g} to {most:,.0f} {unit}")
    if high < low:
        raise InputError(f"{name} falls from {low:g} to {high:g} {unit}; write the lower bound first")
    return low, high


def _axis(name: str, values: Sequence[float]) -> list[float]:
    """The values in rising order, each once."""
    low, high, unit = LIMITS[name]
    found = sorted({float(value) for value in values})
    if not found:
        raise InputError(f"{name}: there is no value; give at least one")
    for value in found:
        if not low <= value <= high:
            raise InputError(f"{name} is {value:g} {unit}, expected {low:g} to {high:,.0f} {unit}")
    return found


class Valuation:
    """What sizes are worth; lives that were run are kept for sizes that are asked for later."""

    def __init__(self, subject: Subject, most_price_years: int = MOST_PRICE_YEARS, workers: int = 1) -> None:
        count = len(subject.prices.years)
        if most_price_years < 1:
            raise InputError(f"price years is {most_price_years}, expected 1 or more")
        if not isinstance(subject.project.power, Quantity):
            raise InputError("power: is a column; a size has one power, so write one, as in '100 MW'")
        self._subject, self._workers = subject, workers
        self._orders = sorted({round(place) for place in np.linspace(0, count - 1, min(count, most_price_years))})
        self._known: dict[bytes, Life] = {}
        self._moved: OwnSalesMap | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The price years that are taken."""
        return tuple(self._subject.prices.years[place].label for place in self._orders)

    @property
    def lives_run(self) -> int:
        """How many lives were run so far."""
        return len(self._known)

    def prepare(self, powers: Sequence[float], hours: Sequence[float]) -> None:
        """Find what the project's own sales leave of its revenue within these sizes, where its file has a slope."""
        slope = slope_of(self._subject)
        if slope is not None and slope > 0.0:
            self._moved = own_sales_map(
                lambda power, long: self._members(power, long).cases, slope, powers, hours, workers=self._workers
            )

    def of(
        self,
        sizes: Sequence[tuple[float, float]],
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> list[Sized]:
        """The worth of each (power [MW], hours [hour])."""
        asked = [self._members(power, hours) for power, hours in sizes]
        # the lives of one size are run before other processes would have begun
        workers = self._workers if len(sizes) > 1 else 1
        found = outcomes(asked, workers=workers, on_progress=on_progress, known=self._known)
        return [self._sized(*size, members, lives) for size, members, lives in zip(sizes, asked, found, strict=True)]

    def _members(self, power: float, hours: float) -> Members:
        """One member for each price year that is taken, held for the whole life."""
        subject = resized(self._subject, power, hours)
        each = [members_of(subject, MiddleFigures(), order=[place]) for place in self._orders]
        count = len(each)
        return replace(
            each[0],
            cases=tuple(one.cases[0] for one in each),
            case_of=np.arange(count),
            money=repeated(each[0].money, count),
            scale=np.repeat(each[0].scale, count),
            price_rate=np.repeat(each[0].price_rate, count),
        )

    def _sized(self, power: float, hours: float, members: Members, lives: tuple[Life, ...]) -> Sized:
        try:
            arrays = settled(members, lives, kept=self._kept(power, hours, lives)).arrays
        except InfeasibleError as error:
            return Sized(power=power, hours=hours, energy=power * hours, refused=error.message)
        npv, lcos = arrays["npv"].values[:, 0], arrays["lcos"].values[:, 0]
        flow = arrays["cash_flow"].transpose("member", "project", "year").values[:, 0].mean(axis=0)
        rate = irr(flow).rate if np.isfinite(flow).all() else None
        return Sized(
            power=power,
            hours=hours,
            energy=power * hours,
            npv=float(npv.mean()),
            npv_low=float(npv.min()),
            npv_high=float(npv.max()),
            irr=float("nan") if rate is None else rate,
            lcos=float(lcos.mean()),
            capital_cost=float(arrays["capital_cost"].values[0, 0]),
        )

    def _kept(self, power: float, hours: float, lives: Sequence[Life]) -> Floats | None:
        """What the own sales leave of market revenue, by (price year, operating year)."""
        if self._moved is None:
            return None
        years = max(len(life.operated) for life in lives)
        return np.repeat(self._moved.at(power, hours)[:, None], years, axis=1)

    def notes(self) -> list[str]:
        """What a reader must know of the price years, and of what stays as it is when the size changes."""
        project, years = self._subject.project, self._subject.prices.years
        found = []
        if len(self._orders) < len(years):
            found.append(f"{len(self._orders)} of {len(years)} price years are taken: {', '.join(self.labels)}")
        fixed = [
            f"augmentation {number}" for number, one in enumerate(project.augmentation, 1) if one.energy is not None
        ]
        finance = project.finance
        fixed += [
            key.replace("_", " ")
            for key in ("capital_cost", "site_cost", "fixed_cost", "residual_value")
            if (cost := getattr(finance, key)) is not None and "/" not in cost.unit and cost.unit != "percent"
        ]
        if self._moved is not None:
            found.append(
                f"prices fall with what the project sends: {self._moved.left.min():.1%} to {self._moved.left.max():.1%}"
                " of the market revenue of a price taker is left, drawn between "
                f"{len(self._moved.powers)} × {len(self._moved.hours)} sizes"
            )
        if fixed:
            found.append(f"{', '.join(fixed)} is the same at every size, as the project file has it in all")
        unsettled = sum(not life.settled for life in self._known.values())
        if unsettled:
            found.append(f"the wear cost of {unsettled} of {len(self._known)} lives did not settle; see value for more")
        return [*found, *self._subject.prices.notes]


def repeated(terms: Any, count: int) -> Any:
    """The terms of one member's money for several members."""
    changed: dict[str, Any] = {}
    for each in fields(terms):
        value = getattr(terms, each.name)
        if isinstance(value, np.ndarray) and value.shape == (1,):
            changed[each.name] = np.repeat(value, count)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            changed[each.name] = tuple(repeated(one, count) for one in value)
    return replace(terms, **changed)


def best_of(sizes: Sequence[Sized]) -> Sized:
    """The size with the highest mean NPV; the smaller one where two are worth the same.

    Raises
    ------
    InfeasibleError
        None has a value.
    """
    known = [size for size in sizes if np.isfinite(size.npv)]
    if not known:
        why = next((size.refused for size in sizes if size.refused), "the project is never commissioned")
        raise InfeasibleError(f"no size has a value: {why}")
    return max(known, key=lambda size: (size.npv, -size.power, -size.hours))


def at_bounds(best: Sized, powers: Sequence[float], hours: Sequence[float]) -> tuple[str, ...]:
    """Which of power and hours lies at an end of what was tried."""
    return tuple(
        name
        for name, value, tried in (("power", best.power, powers), ("hours", best.hours, hours))
        if len(tried) > 1 and value in (min(tried), max(tried))
    )


def linear_in_power(sizes: Sequence[Sized]) -> bool:
    """Whether the NPV at each number of hours lies on a line over power, of three powers or more."""
    rows: dict[float, list[Sized]] = {}
    for size in sizes:
        if np.isfinite(size.npv):
            rows.setdefault(size.hours, []).append(size)
    long = [row for row in rows.values() if len(row) > 2]
    return bool(long) and all(_on_a_line(row) for row in long)


def _on_a_line(row: Sequence[Sized]) -> bool:
    powers, worths = (np.array([getattr(size, name) for size in row]) for name in ("power", "npv"))
    first, last = int(powers.argmin()), int(powers.argmax())
    slope = (worths[last] - worths[first]) / (powers[last] - powers[first])
    off = np.abs(worths - worths[first] - slope * (powers - powers[first])).max()
    return bool(off <= ON_A_LINE * np.abs(worths).max())


def notes_on(sizes: Sequence[Sized], best: Sized, bounds: Sequence[str], linear: bool) -> list[str]:
    """What the sizes say together: a best at a bound, a value that does not depend on power, none worth building."""
    found = []
    refused = [size for size in sizes if size.refused]
    if refused:
        found.append(f"{len(refused)} of {len(sizes)} sizes have no value: {refused[0].refused}")
    if best.npv < 0.0:
        found.append(
            "no size that was tried is worth what it costs; the best is not to build, and the least loss is shown"
        )
    if linear:
        found.append(
            "at each number of hours the NPV lies on a line over power, as nothing limits a price taker: the best "
            "power is always a bound or none, and what sets it is not in this project; to find one, give a slope of "
            "prices, a limit of the connection or a load"
        )
    outside = [name for name in bounds if not (linear and name == "power")]
    if outside:
        found.append(
            f"the best {' and '.join(outside)} lies at a bound of what was tried; a wider range may hold better"
        )
    return found
