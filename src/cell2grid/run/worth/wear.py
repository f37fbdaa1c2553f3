"""The wear cost of each operating year: what each MWh through the meter takes from the store, at what that is worth.

``settled`` walks a life again and again until the wear costs that made its schedules are those that the schedules lead
to. A life is never given back that is worth less than the one without wear cost. Equations: docs/formulation/value.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cell2grid.run.worth.blocks import AgeingLaw
from cell2grid.run.worth.case import LifeCase
from cell2grid.run.worth.operation import Market
from cell2grid.run.worth.path import OperatedYear, Path, walked, worth

Floats = npt.NDArray[np.float64]

# wear costs that change by less than this share of the price spread earned are settled
TOLERANCE = 0.01
# how much of the way to the new wear cost is gone, at least
LEAST_STEP = 1.0 / 16.0
# a life that is worth this much less is worth as much, but for rounding
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settled:
    """A path, what a lost MWh was held to be worth on it [currency/MWh], and how it was come to."""

    path: Path
    capacity_worth: Floats
    settled: bool = True
    rounds: int = 0
    residual: float = 0.0
    notes: tuple[str, ...] = ()


def settled(case: LifeCase, market: Market, law: AgeingLaw | None, wear_from: Floats | None, rounds: int) -> Settled:
    """The life whose wear costs agree with what they lead to, or the better one without wear cost.

    Parameters
    ----------
    wear_from
        Wear costs to begin with [currency/MWh], such as those of a similar life.
    rounds
        The most walks through the life, besides the one without wear cost.
    """
    free = walked(case, market, law, np.zeros(case.years))
    spread = earned_spread(free)
    losses = np.array([year.loss_by_throughput for year in free.years])
    if case.wear == "none" or spread <= 0.0 or not (np.nan_to_num(losses) > 0.0).any():
        return Settled(path=free, capacity_worth=capacity_worth(case, market, free))
    search = _Search(case, market, free)
    wear_cost = search.implied(free)
    if wear_from is not None:
        wear_cost = np.where(np.arange(case.years) < len(free.years), wear_from, wear_cost)
    path, step, change = free, np.ones(case.years), np.zeros(case.years)
    best, residual = free, np.inf
    for number in range(1, rounds + 1):
        path = walked(case, market, law, wear_cost, path)
        if worth(case, path) > worth(case, best):
            best = path
        before, change = change, search.implied(path) - wear_cost
        residual = float(np.abs(change[: len(path.years)]).max()) / spread
        if residual <= TOLERANCE:
            return _not_worse(case, market, Settled(
                path=path, capacity_worth=capacity_worth(case, market, path), rounds=number, residual=residual,
            ), free)  # fmt: skip
        step = _next_step(step, before, change)
        wear_cost = wear_cost + step * change
    said = f"wear cost: not settled after {rounds} rounds, off by {residual:.1%} of the price spread; " + (
        "the life without wear cost is worth more than each that was tried"
        if best is free
        else "of the lives that were tried the one that is worth most is shown"
    )
    return Settled(
        path=best, capacity_worth=capacity_worth(case, market, best),
        settled=False, rounds=rounds, residual=residual, notes=(said,),
    )  # fmt: skip


def capacity_worth(case: LifeCase, market: Market, path: Path) -> Floats:
    """What a MWh of capacity that is lost in an operating year is worth at its end [currency/MWh].

    What it would still have earned, year after year until the end of the life or until it is put back (then what that
    costs) or taken out with the old store; or its replacement; or nothing.
    """
    if case.wear == "none":
        return np.zeros(case.years)
    if case.wear == "replacement":
        return np.array(np.broadcast_to(case.replacement_cost, case.years), dtype=np.float64)
    found, keep = np.zeros(case.years), 1.0 + case.discount_rate
    for year in range(len(path.years) - 2, -1, -1):
        later = path.years[year + 1]
        if later.added.replaces:
            found[year] = 0.0
        elif later.added.fills:
            found[year] = later.added.cost / later.added.energy
        else:
            found[year] = (market.slope(year + 1) * later.share + found[year + 1]) / keep
    return found


def earned_spread(path: Path) -> float:
    """What a MWh was sold for less what a MWh was bought for [currency/MWh]; 0 where nothing was traded."""
    sales, cost, sold, bought = (
        sum(getattr(year.operation, name) * year.share for year in path.years)
        for name in ("sales", "charging_cost", "discharged", "charged")
    )
    return sales / sold - cost / bought if sold > 0.0 and bought > 0.0 else 0.0


class _Search:
    """What a path implies for the wear cost, with the losses of the life without wear cost where nothing is cycled."""

    def __init__(self, case: LifeCase, market: Market, free: Path) -> None:
        self._case, self._market = case, market
        # a life that ends early without wear cost may last longer with it
        last = _losses(free.years, case.years, np.zeros(case.years))[len(free.years) - 1]
        self._losses = _losses(free.years, case.years, np.full(case.years, last))

    def implied(self, path: Path) -> Floats:
        """The wear cost that a path leads to [currency/MWh]."""
        worths = capacity_worth(self._case, self._market, path)
        found: Floats = _losses(path.years, self._case.years, self._losses) * np.maximum(worths, 0.0)
        return found


def _not_worse(case: LifeCase, market: Market, found: Settled, free: Path) -> Settled:
    """What was found, or the life without wear cost where that is worth more."""
    more = worth(case, free) - worth(case, found.path)
    if more <= ROUNDING * abs(worth(case, free)):
        return found
    said = f"wear cost: none; the life without it is worth {more:.4g} more than the one whose wear cost settled"
    free_worth = capacity_worth(case, market, free)
    return replace(found, path=free, capacity_worth=free_worth, notes=(said,))


def _next_step(step: Floats, before: Floats, change: Floats) -> Floats:
    """How much of the way to the implied wear cost to go: to where the last two changes, drawn on, come to nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn_on = step * before / (before - change)
    found: Floats = np.where((before == 0.0) | ~(drawn_on > 0.0), 1.0, np.clip(drawn_on, LEAST_STEP, 1.0))
    return found


def _losses(years: tuple[OperatedYear, ...], count: int, otherwise: Floats) -> Floats:
    """The capacity lost by throughput in each year [MWh/MWh], another's where nothing passed the meter."""
    found = np.full(count, np.nan)
    found[: len(years)] = [year.loss_by_throughput for year in years]
    return np.where(np.isnan(found), otherwise, found)
