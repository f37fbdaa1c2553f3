"""A case with its products, and what follows from them once: the awards, the units, and where a rule may be broken.

Powers are shares of the largest limit, energy of the energy capacity and money of the largest price, so that the
solver's tolerances mean the same for every case. The rows stand in ``problem.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.case import Case
from cell2grid.engines.reserves.products import Product

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Award:
    """All awards of one product, one after the other, and the steps that each holds in.

    ``of_step`` is the number of the award that holds in each step, ``most`` the largest that each may be [MW],
    ``first`` the number of the first among the awards of all products.
    """

    product: Product
    of_step: Integers
    most: Floats
    first: int

    @property
    def numbers(self) -> Integers:
        """The number of the award of each step among those of all products."""
        return self.first + self.of_step

    @property
    def whole(self) -> slice:
        """The awards of this product among those of all products."""
        return slice(self.first, self.first + len(self.most))

    def total(self, values: Floats) -> Floats:
        """Values of the steps, summed over the steps of each award."""
        return np.bincount(self.of_step, values, len(self.most)).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Question:
    """A case and its products; both are checked."""

    case: Case
    products: tuple[Product, ...]

    @property
    def steps(self) -> int:
        """The number of time steps."""
        return len(self.case.price)

    @cached_property
    def power(self) -> float:
        """The unit of power [MW]: the largest limit."""
        return float(max(self.case.charge_limit.max(), self.case.discharge_limit.max()))

    @cached_property
    def money(self) -> float:
        """The unit of price [currency/MWh]: the largest that there is."""
        case = self.case
        series = [case.buy_price, case.sell_price, np.array([case.throughput_cost])]
        series += [np.array([worth]) for _, worth in case.terminal_worth or ()]
        for one in self.products:
            series += [one.capacity_price, one.activation_up * one.activation_price_up]
            series += [one.activation_down * one.activation_price_down]
        return max(float(np.abs(values).max()) for values in series) or 1.0

    @property
    def unit(self) -> float:
        """The currency of one unit of the objective."""
        return self.money * self.power

    @cached_property
    def awards(self) -> tuple[Award, ...]:
        """The awards of each product; one that could only be smaller than its least bid is 0."""
        case, first = self.case, 0
        found = []
        for one in self.products:
            # what the limits leave to each direction, with the flow the other way given up
            both = case.charge_limit + case.discharge_limit
            of_step = one.award_of_step
            most = np.full(int(of_step[-1]) + 1, np.inf)
            np.minimum.at(most, of_step, np.minimum(one.most, both))
            found.append(Award(one, of_step, np.where(most < one.least, 0.0, most), first))
            first += len(most)
        return tuple(found)

    def ways(self, up: bool) -> list[Award]:
        """The awards that count upward, or downward."""
        return [award for award in self.awards if (award.product.up if up else award.product.down)]

    @cached_property
    def least(self) -> Floats:
        """The least bid of each award [MW]."""
        return np.concatenate([np.zeros(0), *(np.full(len(a.most), a.product.least) for a in self.awards)])

    @cached_property
    def most(self) -> Floats:
        """The largest that each award may be [MW]."""
        return np.concatenate([np.zeros(0), *(award.most for award in self.awards)])

    @cached_property
    def award_steps(self) -> Integers:
        """The first step of each award."""
        firsts = [np.unique(award.of_step, return_index=True)[1] for award in self.awards]
        return np.concatenate([np.zeros(0, dtype=np.int64), *firsts])

    def award_money(self, award: Award) -> Floats:
        """What one MW of each award earns, with its calls and their wear [currency/MW]."""
        one, wear = award.product, self.case.throughput_cost
        called = one.activation_up * (one.activation_price_up - wear)
        called -= one.activation_down * (one.activation_price_down + wear)
        return award.total((one.capacity_price + called) * self.case.step_hours)

    @cached_property
    def two_prices(self) -> bool:
        """Whether the meter somewhere pays another price than it charges."""
        return bool(np.any(self.case.buy_price != self.case.sell_price))

    @cached_property
    def standing(self) -> Floats:
        """What would flow to the grid if the asset stood still and nothing were curtailed [MW]."""
        zero, case = np.zeros(self.steps), self.case
        return (zero if case.generation is None else case.generation) - (zero if case.load is None else case.load)

    @cached_property
    def reach(self) -> tuple[Floats, Floats]:
        """The most that could be bought and sold in each step [MW]."""
        case, zero = self.case, np.zeros(self.steps)
        load = zero if case.load is None else case.load
        generation = zero if case.generation is None else case.generation
        return case.charge_limit + load, case.discharge_limit + generation

    @cached_property
    def torn(self) -> Integers:
        """The steps in which a negative price and losses would pay for charging and discharging at once."""
        case = self.case
        price = np.minimum(case.buy_price, case.sell_price)
        buy = (price + case.throughput_cost) / case.efficiency_charge
        sell = (price - case.throughput_cost) * case.efficiency_discharge
        can = (case.charge_limit > 0.0) & (case.discharge_limit > 0.0)
        return np.flatnonzero(can & (buy < sell) & (case.mode == "exclusive"))

    @cached_property
    def torn_meters(self) -> Integers:
        """The steps in which the meter would pay for buying and selling at once."""
        buys, sells = self.reach
        return np.flatnonzero((self.case.buy_price < self.case.sell_price) & (buys > 0.0) & (sells > 0.0))
