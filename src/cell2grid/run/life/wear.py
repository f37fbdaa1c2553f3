"""The wear cost of each operating year: what each MWh through the meter takes from the store, at what that is worth.

``settled`` walks a life again and again until the wear costs that made its schedules are those that the schedules lead
to. A life is never given back that is worth less than the one without wear cost. What capacity is worth is in
``capacity_worth.py``. Equations: docs/formulation/value.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cell2grid.run.life.blocks import AgeingLaw, capacity
from cell2grid.run.life.capacity_worth import capacity_worth, end_worth, loss_bend
from cell2grid.run.life.case import LifeCase
from cell2grid.run.life.operation import Market
from cell2grid.run.life.path import OperatedYear, Path, walked, worth

Floats = npt.NDArray[np.float64]

# wear costs that change by less than this share of the price spread earned are settled
TOLERANCE = 0.01
# how much of the way to the new wear cost is gone, at least
LEAST_STEP = 1.0 / 16.0
# walks that may come no nearer before the search is given up, and what nearer is
PATIENCE = 6
NEARER = 0.9
# how far the worth of the end is moved first from that of a similar life
FIRST_PACE = 0.05
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
    search = _Search(case, market, free)
    if search.needless:
        return Settled(path=free, capacity_worth=search.worth_on(free))
    wear_cost = search.implied(free) if wear_from is None else search.begun(free, wear_from)
    path, best = free, free
    step, change = np.ones(case.years), np.zeros(case.years)
    nearest, since, number, residual = np.inf, 0, 0, np.inf
    while number < rounds and since < PATIENCE:
        number += 1
        path = walked(case, market, law, wear_cost, path)
        best = path if worth(case, path) > worth(case, best) else best
        search.look(path)
        before, change = change, search.implied(path) - wear_cost
        residual = float(np.abs(change[: len(path.years)]).max()) / search.spread
        if residual <= TOLERANCE:
            reached = Settled(path=path, capacity_worth=search.worth_on(path), rounds=number, residual=residual)
            return _not_worse(case, search, reached, free)
        nearest, since = (residual, 0) if residual < NEARER * nearest else (nearest, since + 1)
        step = _next_step(step, before, change)
        wear_cost = wear_cost + step * change
    return Settled(
        path=best,
        capacity_worth=search.worth_on(best),
        settled=False,
        rounds=number,
        residual=residual,
        notes=(_unsettled(number, residual, best is free),),
    )


def earned_spread(path: Path) -> float:
    """What a MWh was sold for less what a MWh was bought for [currency/MWh]; 0 where nothing was traded."""
    sales, cost, sold, bought = (
        sum(getattr(year.operation, name) * year.share for year in path.years)
        for name in ("sales", "charging_cost", "discharged", "charged")
    )
    return sales / sold - cost / bought if sold > 0.0 and bought > 0.0 else 0.0


class _Search:
    """What a path implies for the wear cost: losses by throughput, and what capacity is worth.

    Where nothing is cycled, the losses are those of the life without wear cost. ``end_worth`` is what a MWh more is
    worth at the end of a life that ends for lack of capacity: between 0, where it lasts as long as it should with
    capacity to spare, and the earnings of a year over its loss, where it ends early.
    """

    def __init__(self, case: LifeCase, market: Market, free: Path) -> None:
        self._case, self._market = case, market
        self.spread = earned_spread(free)
        self._bend = loss_bend(free)
        self._end_worth = end_worth(case, free)
        self._too_little, self._too_much, self._pace = 0.0, np.inf, np.inf
        # a life that ends early without wear cost may last longer with it
        last = _losses(free.years, case.years, np.zeros(case.years))[len(free.years) - 1]
        self._losses = _losses(free.years, case.years, np.full(case.years, last))

    @property
    def needless(self) -> bool:
        """Whether no schedule can gain by a wear cost: nothing is traded, lost by use, or held to be worth anything."""
        return self._case.wear == "none" or self.spread <= 0.0 or not (self._losses > 0.0).any()

    def worth_on(self, path: Path) -> Floats:
        """What a lost MWh is worth on a path [currency/MWh]."""
        return capacity_worth(self._case, self._market, path, bend=self._bend, end_worth=self._end_worth)

    def implied(self, path: Path) -> Floats:
        """The wear cost that a path leads to [currency/MWh]."""
        losses = _losses(path.years, self._case.years, self._losses)
        found: Floats = losses * np.maximum(self.worth_on(path), 0.0)
        return found

    def begun(self, free: Path, wear_from: Floats) -> Floats:
        """Wear costs to begin with, and the worth of the end that agrees with them best."""
        if self._end_worth > 0.0:
            high, most = self.implied(free), self._end_worth
            self._end_worth = 0.0
            low = self.implied(free)
            each = (high - low) / most
            if (each > 0.0).any():
                self._end_worth = max(float((wear_from - low) @ each / (each @ each)), 0.0)
                self._pace = FIRST_PACE
        return wear_from

    def look(self, path: Path) -> None:
        """Move the worth of the end to what a path says of it, or between what was too little and too much."""
        now = self._end_worth
        if path.ended is not None:
            self._too_little = max(self._too_little, now)
            further = now * (1.0 + self._pace) if now > 0.0 else np.inf
            self._move(min(end_worth(self._case, path), further))
        elif now > 0.0 and self._spare(path) > 0.5:
            self._too_much = min(self._too_much, now)
            self._move(now * (1.0 - min(self._pace, 0.5)))

    def _move(self, there: float) -> None:
        """Move the worth of the end, half the way to the other side where that is known, and faster the next time."""
        low, high = self._too_little, self._too_much
        self._end_worth = min(there, (low + high) / 2.0) if there > self._end_worth else there
        if there <= low < high < np.inf:
            self._end_worth = (low + high) / 2.0
        self._pace *= 2.0

    def _spare(self, path: Path) -> float:
        """The capacity that is left above the end of life, over a year's loss."""
        last = path.years[-1].worn
        spare = capacity(path.blocks) - self._case.end_of_life * self._market.first_energy
        return spare / max(last.calendar_loss + last.cycle_loss, 1e-300)


def _unsettled(rounds: int, residual: float, none_is_best: bool) -> str:
    """What is said of wear costs that do not settle."""
    shown = (
        "the life without wear cost is worth more than each that was tried, and is shown"
        if none_is_best
        else "of the lives that were tried the one that is worth most is shown"
    )
    return f"wear cost: not settled after {rounds} rounds, off by {residual:.1%} of the price spread; {shown}"


def _not_worse(case: LifeCase, search: _Search, found: Settled, free: Path) -> Settled:
    """What was found, or the life without wear cost where that is worth more."""
    more = worth(case, free) - worth(case, found.path)
    if more <= ROUNDING * abs(worth(case, free)):
        return found
    said = f"wear cost: none; the life without it is worth {more:.4g} more than the one whose wear cost settled"
    return replace(found, path=free, capacity_worth=search.worth_on(free), notes=(said,))


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
