"""One operating year of a store: its best schedule at the prices of its year, and what that comes to in 8,760 hours.

``Market`` holds what the years of a life share: their prices at each factor, the asset, the supplier's cap on cycles,
and what one more MWh of capacity earns in a year. Ageing is in ``blocks.py``. Equations: docs/formulation/value.md.
"""

from __future__ import annotations

import pickle
from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import Case, CycleCap, Schedule, asset_case, checked, outcome, schedule
from cell2grid.engines.dispatch.multiplier import metered, room_for_cost
from cell2grid.engines.dispatch.site import money_rate
from cell2grid.errors import Cell2gridError
from cell2grid.run.life.warranty import most_drawn

if TYPE_CHECKING:
    from cell2grid.run.life.case import LifeCase

Floats = npt.NDArray[np.float64]
# the slope of what a year earns over capacity, by what it was found for
Slopes = MutableMapping[bytes, float]

LEAST_CAPACITY = 1e-6  # MWh; the engine schedules nothing smaller
# where the slope of a year's earnings is taken, as a share of the first energy, unless the life ends at another
LOWER_SHARE = 0.8
_MONEY = ("throughput_cost", "terminal_value", "terminal_worth", "buy_adder", "sell_adder")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation:
    """What a year's schedule comes to, brought to 8,760 hours: [currency], [MWh], shares.

    ``earned`` is market revenue less the asset's own cost of throughput, without the wear cost. ``level`` is what is
    stored as a share of what can be, before the first step and after each. The schedule is the best one at every wear
    cost of ``bears`` [currency/MWh], from the least to the most: a cap on cycles may hold it.
    """

    sales: float = 0.0
    charging_cost: float = 0.0
    earned: float = 0.0
    charged: float = 0.0
    discharged: float = 0.0
    drawn: float = 0.0
    mean_level: float = 0.0
    level: Floats
    bears: tuple[float, float] = (0.0, float("inf"))
    schedule: Schedule | None = None

    @property
    def throughput(self) -> float:
        """The energy through the meter, both ways [MWh]."""
        return self.charged + self.discharged


class Market:
    """The prices and the asset of a life, of which each operating year asks its schedule.

    ``slopes`` is a dictionary that the markets of many lives may share: what was found once is not found again.
    """

    def __init__(self, case: LifeCase, slopes: Slopes | None = None) -> None:
        self._case = case
        self._slopes: Slopes = {} if slopes is None else slopes
        self._templates: dict[tuple[int, float], Case] = {}
        self._without: dict[tuple[int, float], float] = {}
        self._names: dict[int, bytes] = {}
        # by price year: the last two capacities, and what a MWh drawn was worth to the cap at them without wear cost
        self._held: dict[int, list[tuple[float, float]]] = {}
        self.first_energy = float(case.asset["energy"])
        self._own_cost = float(case.asset.get("throughput_cost", 0.0))

    def operate(self, year: int, capacity: float, wear_cost: float, most: float) -> Operation:
        """The best schedule of an operating year with so much capacity [MWh] and wear cost [currency/MWh].

        ``most`` is what may be drawn from the store in 8,760 hours [MWh].

        Raises
        ------
        InputError, InfeasibleError, NotConvergedError
            As ``schedule`` of the dispatch engine; the message has the operating year and its prices.
        """
        index = self._case.order[year]
        prices = self._case.price_years[index]
        if capacity < LEAST_CAPACITY:
            return Operation(level=np.zeros(len(prices.price) + 1))
        factor = float(self._case.price_factor[year])
        try:
            question = self._question(index, factor, capacity, wear_cost, most)
            in_cost = wear_cost * metered(question)
            near = self._expected(index, capacity) * factor - in_cost
            best = schedule(question, time_limit=self._case.time_limit, near=near)
        except Cell2gridError as error:
            raise type(error)(
                f"operating year {year + 1} (prices of {prices.label}): {error.message}", where=error.where
            ) from None
        if best.drawn_cost > 0.0 and factor > 0.0:
            self._held[index] = [*self._held.get(index, []), (capacity, (best.drawn_cost + in_cost) / factor)][-2:]
        return self._amounts(index, factor, question, best, wear_cost)

    def _expected(self, index: int, capacity: float) -> float:
        """What a MWh drawn may be worth to the cap, from the last two capacities on a price year; 0 where not known.

        A line through both, no farther than twice as far as they are apart.
        """
        held = self._held.get(index, [])
        if not held:
            return 0.0
        (first, low), (last, high) = held[0], held[-1]
        if first == last:
            return high
        return high + (high - low) * min(max((capacity - last) / (last - first), -2.0), 2.0)

    def slope(self, year: int) -> float:
        """What one more MWh of capacity earns in an operating year of 8,760 hours [currency/MWh].

        The slope of the best schedule's objective between the first energy and the share at which the life ends (80
        percent where that says nothing), without wear cost. Proportional to the price factor where no other money is
        in the asset, so that years that differ in it alone share two schedules.
        """
        index, factor = self._case.order[year], float(self._case.price_factor[year])
        end = self._case.end_of_life
        share = end if 0.0 < end <= 0.95 else LOWER_SHARE
        proportional = factor > 0.0 and not any(np.any(self._of(index).get(name, 0.0)) for name in _MONEY)
        priced = 1.0 if proportional else factor
        held = (share * self.first_energy, self.first_energy)
        # of a throughput that is kept to each year has its part
        most = [
            most_drawn(self._case, 0, energy, 0.0) if year < self._case.warranty.years else np.inf for energy in held
        ]
        key = self._name(index) + pickle.dumps((priced, held, most))
        if key not in self._slopes:
            values = []
            for energy, drawn in zip(held, most, strict=True):
                question = self._question(index, priced, energy, 0.0, drawn)
                values.append(schedule(question, time_limit=self._case.time_limit).value)
            rise = (values[1] - values[0]) / (held[1] - held[0])
            self._slopes[key] = rise / self._case.price_years[index].years
        return self._slopes[key] * (factor if proportional else 1.0)

    def _of(self, index: int) -> dict[str, Any]:
        """The asset with the series of one price year."""
        return {**self._case.asset, **{name: series[index] for name, series in self._case.by_year.items()}}

    def _template(self, index: int, factor: float) -> Case:
        """The checked question of a price year at a factor, for the first energy."""
        if (index, factor) not in self._templates:
            prices = self._case.price_years[index]
            asset = self._of(index)
            self._templates[index, factor] = checked(asset_case(prices.price * factor, prices.step_hours, **asset))
            self._without[index, factor] = self._earned_without(index, factor, asset)
        return self._templates[index, factor]

    def _question(self, index: int, factor: float, capacity: float, wear_cost: float, most: float) -> Case:
        """The template for another capacity; caps in cycles and the room at the end go with it."""
        template = self._template(index, factor)
        share = capacity / self.first_energy
        caps = tuple(CycleCap(cap.first, cap.last, cap.energy * share) for cap in template.cycle_caps)
        if most < np.inf:
            caps = _capped(caps, len(template.price), most * self._case.price_years[index].years)
        worth = template.terminal_worth
        if "terminal_value" in self._case.asset:
            worth = ((capacity, float(self._case.asset["terminal_value"])),)
        return replace(
            template,
            energy_capacity=capacity,
            throughput_cost=self._own_cost + wear_cost,
            cycle_caps=caps,
            terminal_worth=worth,
        )

    def _earned_without(self, index: int, factor: float, asset: dict[str, Any]) -> float:
        """What the site earns over a price year without the store and what runs it [currency]."""
        if "load" not in asset and "generation" not in asset:
            return 0.0
        prices = self._case.price_years[index]
        asset.pop("auxiliary_load", None)
        site = asset_case(prices.price * factor, prices.step_hours, **asset)
        return float(money_rate(site, np.zeros(len(site.price))) @ site.step_hours)

    def _amounts(self, index: int, factor: float, question: Case, best: Schedule, wear_cost: float) -> Operation:
        found = outcome(best, question)
        years = self._case.price_years[index].years
        charged, discharged, drawn, cost = (
            float(found[name]) / years
            for name in ("charged_energy", "discharged_energy", "drawn_energy", "charging_cost")
        )
        revenue = (float(found["revenue"]) - self._without[index, factor]) / years
        level = np.concatenate([[best.start], best.energy]) / question.energy_capacity
        middle = (level[:-1] + level[1:]) / 2.0
        return Operation(
            sales=revenue + cost,
            charging_cost=cost,
            earned=revenue - self._own_cost * (charged + discharged),
            charged=charged,
            discharged=discharged,
            drawn=drawn,
            mean_level=float(middle @ question.step_hours / question.step_hours.sum()),
            level=level,
            bears=(wear_cost, wear_cost + room_for_cost(question, best)),
            schedule=best,
        )

    def _name(self, index: int) -> bytes:
        """What tells the asset and the prices of one price year from all others."""
        if index not in self._names:
            prices = self._case.price_years[index]
            said = (sorted(self._of(index).items()), prices.price, prices.step_hours)
            self._names[index] = blake2b(pickle.dumps(said), digest_size=16).digest()
        return self._names[index]


def _capped(caps: tuple[CycleCap, ...], steps: int, most: float) -> tuple[CycleCap, ...]:
    """The caps with one over all steps, which those of the days may make needless."""
    whole = [cap.energy for cap in caps if cap.last - cap.first == steps - 1]
    days = tuple(cap for cap in caps if cap.last - cap.first < steps - 1)
    most = min([most, *whole])
    if days and sum(cap.energy for cap in days) <= most:
        return days
    return (*days, CycleCap(0, steps - 1, most))
