"""What a technology costs in a plant of a size and a country: rows of the year's accounts and of each process step.

Figures with a range are drawn for each member; a figure that several countries share has the same draw in all. The
files are read in ``cell2grid.study.cost_file``, the formulas are ``cell2grid.formulas.cell_cost``; the equations are in
docs/formulation/cost.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InfeasibleError, InputError, StudyError
from cell2grid.formulas.cell_cost import (
    ROWS,
    Rules,
    Year,
    accounts,
    bought,
    learning_factor,
    passed,
    scaled,
    scrap_credit,
    unit_price,
)
from cell2grid.run.drawn.figures import Figures, MiddleFigures
from cell2grid.study.refusals import near

if TYPE_CHECKING:
    from cell2grid.study.cost_file import CostCase
    from cell2grid.study.cost_parts import Material, Step
    from cell2grid.study.quantity import Quantity

Floats = npt.NDArray[np.float64]
Scope = Literal["whole", "cells", "packs"]
SCOPES: Mapping[str, str] = {
    "whole": "cells, modules and packs",
    "cells": "cells alone, without modules and packs",
    "packs": "assembly of modules and packs alone, without cells",
}


@dataclass(frozen=True, slots=True)
class StepCost:
    """A process step: labour [hour/year], equipment [currency], floor [m2], and what it costs [currency/kWh].

    The cost is direct labour and what is written off of equipment and floor; overheads are not shared out to steps.
    """

    title: str
    labour: Floats
    capital: Floats
    area: Floats
    cost: Floats


@dataclass(frozen=True, slots=True)
class CellCost:
    """The cost of a kWh, one number a member: ``rows`` by account, ``materials`` by what is bought, ``steps``.

    Money is that of ``currency`` in the year ``money_of``; ``learned`` is what learning leaves of every row.
    """

    technology: str
    country: str
    scope: Scope
    volume: float
    currency: str
    money_of: int
    rows: Mapping[str, Floats]
    materials: Mapping[str, Floats]
    steps: Mapping[str, StepCost]
    learned: Floats

    @property
    def total(self) -> Floats:
        """The sum of the rows [currency/kWh]."""
        return np.asarray(sum(self.rows.values()), np.float64)

    @property
    def capital(self) -> Floats:
        """Equipment of all steps [currency]."""
        return np.asarray(sum(step.capital for step in self.steps.values()), np.float64)


def cell_cost(
    case: CostCase,
    *,
    country: str | None = None,
    scope: Scope = "whole",
    volume: float | None = None,
    cumulative: float | None = None,
    figures: Figures | None = None,
) -> CellCost:
    """The cost of a kWh of a case.

    Parameters
    ----------
    case
        Technology, plant and countries, as ``study.cost_file.cost_case`` reads them.
    country
        Where the plant stands; where the baseline plant does, without one.
    scope
        ``cells``, ``packs`` (assembly without the cells) or the ``whole``.
    volume
        What is made in a year [kWh]; that of the technology without one.
    cumulative
        What the world has made in all [kWh] when the cost is paid; without one nothing is learned.
    figures
        The draws of figures with a range; the middle of each without them.

    Raises
    ------
    StudyError
        The country is not there, or nothing is said of learning.
    InputError
        A number is not above zero.
    InfeasibleError
        A part of the cost overflows.
    """
    place = case.plant.reference if country is None else country
    if place not in case.countries:
        known = near(place, case.countries, what="countries")
        raise StudyError(f"country '{place[:60]}' is not there in {case.plant.currency}; {known}")
    size = case.technology.volume.to("kWh/year").mode if volume is None else volume
    for name, number in (("volume", size), ("cumulative output", cumulative)):
        if number is not None and not 1.0 <= number <= 1e18:
            raise InputError(f"{name} is {number:g} kWh, expected from 1 to 1e18")
    with np.errstate(all="ignore"):
        found = _Reckoning(case, place, scope, size, figures or MiddleFigures()).cost(cumulative)
    if not np.isfinite(found.total).all():
        raise InfeasibleError(
            f"the cost of '{case.name}' at {size:g} kWh a year is no finite number; make figures and exponents smaller"
        )
    return found


class _Reckoning:
    """One case in one country at one size, with its draws."""

    def __init__(self, case: CostCase, country: str, scope: Scope, volume: float, figures: Figures) -> None:
        self.case, self.country, self.scope, self.volume, self.figures = case, country, scope, volume, figures
        self.money = case.plant.currency
        self._cell_yield = self.drawn(case.plant.cell_yield, "plant.cell_yield", "ratio")
        self._parts: dict[str | None, Floats] = {None: np.ones(())}
        self._ratios: dict[str, Floats] = {}

    def drawn(self, quantity: Quantity, path: str, unit: str) -> Floats:
        return self.figures.drawn("cost", path, quantity, unit)

    def part(self, stream: str | None) -> Floats:
        """What of a stream ends in good cells."""
        if stream not in self._parts:
            yields = self.case.plant.streams[str(stream)]
            drawn = [self.drawn(one, f"plant.streams.{stream}.{name}", "ratio") for name, one in yields.items()]
            self._parts[stream] = passed([*drawn, self._cell_yield])
        return self._parts[stream]

    def ratio(self, name: str) -> Floats:
        """A rate as a multiple of the baseline plant's."""
        if name not in self._ratios:
            rate = self.case.plant.rates[name]
            base = self.drawn(rate.base, f"plant.rates.{name}.base", rate.base.unit)
            self._ratios[name] = self.flow(name) / base
        return self._ratios[name]

    def flow(self, name: str) -> Floats:
        """What flows in a year, in the unit of the rate's base."""
        rate = self.case.plant.rates[name]
        unit = rate.base.unit
        if rate.of:
            return np.asarray(sum(self.flow(part) for part in rate.of), np.float64)
        if name == "energy":
            kwh = self.case.technology.volume.model_validate(f"{self.volume!r} kWh/year").to(unit).mode
            return np.full((), kwh)
        per_kwh = f"{unit.rpartition('/')[0]}/kWh"
        if name in self.case.technology.design:
            amount = self.drawn(self.case.technology.design[name], f"technology.design.{name}", per_kwh)
            return self.volume * amount / self.part(rate.stream)
        driving = [(key, one) for key, one in self.case.technology.materials.items() if one.drives == name]
        amounts = [self.amount(key, one, per_kwh) / self.part(one.stream) for key, one in driving]
        return self.volume * np.asarray(sum(amounts), np.float64)

    def amount(self, key: str, material: Material, unit: str) -> Floats:
        return self.drawn(material.amount, f"technology.materials.{key}.amount", unit)

    def within(self, scope: str) -> bool:
        return self.scope in ("whole", scope)

    def step(self, key: str, step: Step) -> dict[str, Floats]:
        """Labour, capital and floor of a step in the baseline's country."""
        kinds = {"labour": "hour/year", "capital": self.money, "area": "m2"}
        found = {}
        for kind, unit in kinds.items():
            base = self.drawn(getattr(step, kind), f"plant.steps.{key}.{kind}", unit)
            exponent = self.drawn(getattr(step, f"{kind}_exponent"), f"plant.steps.{key}.{kind}_exponent", "ratio")
            found[kind] = scaled(base, self.ratio(step.rate), exponent)
        for i, factor in enumerate(step.factors):
            exponent = self.drawn(factor.exponent, f"plant.steps.{key}.factors.{i}.exponent", "ratio")
            if factor.per is None:
                size = self.drawn(self.case.technology.sizes[factor.by], f"technology.sizes.{factor.by}", "ratio")
            else:
                size = self.ratio(factor.by) / self.ratio(factor.per)
            for kind in factor.of:
                found[kind] = scaled(found[kind], size, exponent)
        return found

    def material(self, key: str, material: Material) -> tuple[Floats, Floats]:
        """What a material costs and what its scrap brings [currency/kWh]."""
        at, unit = f"technology.materials.{key}", material.amount.unit
        amount, part = self.amount(key, material, unit), self.part(material.stream)
        price = self.drawn(material.price, f"{at}.price", f"{self.money}/{unit.rpartition('/')[0]}")
        if material.cheaper_with is not None and material.exponent is not None:
            exponent = self.drawn(material.exponent, f"{at}.exponent", "ratio")
            price = unit_price(price, self.ratio(material.cheaper_with), exponent)
        shares = {
            name: 0.0 if share is None else self.drawn(share, f"{at}.{name}", "ratio")
            for name, share in (
                ("reused", material.reused), ("recovered", material.recovered), ("worth", material.worth)
            )
        }  # fmt: skip
        cost = bought(amount, part, shares["reused"]) * price
        # what is reused is not lost, so that only the rest can be recovered from scrap
        kept = 1.0 - np.asarray(shares["reused"])
        return cost, scrap_credit(amount, part, price, shares["recovered"], shares["worth"]) * kept

    def at(self, name: str, unit: str, country: str) -> Floats:
        quantity = getattr(self.case.countries[country], name)
        return self.drawn(quantity, f"countries.{country}.{name}", unit)

    def energy(self, country: str) -> Floats:
        """What energy costs in a year in a country; packs take none that is known."""
        taken = self.case.technology.energy
        if taken is None or not self.within("cells"):
            return np.zeros(())
        power = self.drawn(taken.electricity, "technology.energy.electricity", "ratio")
        heat = self.drawn(taken.heat, "technology.energy.heat", "ratio")
        paid = power * self.at("electricity", f"{self.money}/kWh", country)
        return self.volume * (paid + heat * self.at("heat", f"{self.money}/kWh", country))

    def rules(self) -> tuple[Rules, Floats]:
        accounts_ = self.case.plant.accounts
        units = {"equipment_life": "year", "building_depreciation": "ratio/year"}
        drawn = {
            one.name: self.drawn(
                getattr(accounts_, one.name), f"plant.accounts.{one.name}", units.get(one.name, "ratio")
            )
            for one in fields(Rules)
        }
        land = self.drawn(accounts_.land_and_building, "plant.accounts.land_and_building", f"{self.money}/m2")
        return Rules(**drawn), land

    def learned(self, cumulative: float | None) -> Floats:
        if cumulative is None:
            return np.ones(())
        learning = self.case.technology.learning
        if learning is None:
            raise StudyError(f"'{self.case.name}' says nothing of learning; add 'learning: {{rate, cumulative}}' to it")
        rate = self.drawn(learning.rate, "technology.learning.rate", "ratio")
        before = self.drawn(learning.cumulative, "technology.learning.cumulative", "kWh")
        return learning_factor(rate, cumulative, before)

    def cost(self, cumulative: float | None) -> CellCost:
        """All rows, one number a member."""
        case, volume = self.case, self.volume
        there = self.at("capital", "ratio", self.country) / self.at("capital", "ratio", case.plant.reference)
        wage = self.at("wage", f"{self.money}/hour", self.country)
        rules, land = self.rules()
        flat = np.zeros(self.figures.count)
        learned = self.learned(cumulative) + flat
        steps = {}
        for key, step in case.plant.steps.items():
            if self.within(step.scope):
                made = {kind: number + flat for kind, number in self.step(key, step).items()}
                made["capital"] = made["capital"] * there
                floor = land * there * made["area"]
                paid = made["capital"] / rules.equipment_life + rules.building_depreciation * floor
                paid = (paid + wage * made["labour"]) / volume * learned
                steps[key] = StepCost(step.title, made["labour"], made["capital"], made["area"], paid)
        supplied = {key: one for key, one in case.technology.materials.items() if self.within(one.scope)}
        costs = {key: self.material(key, one) for key, one in supplied.items()}
        kinds = {False: flat, True: flat}
        for key, one in supplied.items():
            kinds[one.purchased] = kinds[one.purchased] + costs[key][0] * volume
        year = Year(
            materials=kinds[False],
            purchased_items=kinds[True],
            scrap_credit=flat + sum((credit for _, credit in costs.values()), flat) * volume,
            energy=self.energy(self.country) + flat,
            reference_energy=self.energy(case.plant.reference) + flat,
            direct_labour=flat + wage * sum((step.labour for step in steps.values()), flat),
            equipment=flat + sum((step.capital for step in steps.values()), flat),
            building=flat + land * there * sum((step.area for step in steps.values()), flat),
        )
        rows = accounts(year, rules)
        return CellCost(
            technology=case.name,
            country=self.country,
            scope=self.scope,
            volume=volume,
            currency=self.money,
            money_of=case.plant.money_of,
            rows={name: rows[name] / volume * learned for name in ROWS},
            materials={key: cost * learned + flat for key, (cost, _) in costs.items()},
            steps=steps,
            learned=learned,
        )
