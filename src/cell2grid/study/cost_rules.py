"""What pydantic cannot see in a cost file: money of one currency, amounts that fit rates, names that are there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from cell2grid.study.cost_parts import CostCountry, CostPlant, CostTechnology, Material, Step
from cell2grid.study.quantity import Frozen, Quantity, figures
from cell2grid.study.refusals import Problem, near
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import convert, same_kind

_MOST = 1e18


def country_problems(countries: Mapping[str, CostCountry], currency: str | None, at: KeyPath) -> Iterator[Problem]:
    """Figures of countries in the wrong unit, or in another currency than the plant's."""
    for key, country in countries.items():
        here = (*at, key)
        yield from _unfilled(country, here)
        if currency is not None and country.currency != currency:
            yield Problem(
                (*here, "currency"), f"'{country.currency}' is not '{currency}', the plant's; give its figures in that"
            )
        money = country.currency
        for name, per in (("wage", "hour"), ("electricity", "kWh"), ("heat", "kWh")):
            yield from _kind(getattr(country, name), f"{money}/{per}", (*here, name))
        for i, published in enumerate(country.published):
            yield from _kind(published.cost, f"{money}/kWh", (*here, "published", i, "cost"))


def plant_problems(plant: CostPlant, at: KeyPath) -> Iterator[Problem]:
    """Rates, streams and money of a plant that do not fit together."""
    yield from _unfilled(plant, at)
    for key, rate in plant.rates.items():
        here = (*at, "rates", key)
        low = rate.base.magnitude.low
        if not rate.base.unit.endswith("/year") or not 0.0 < low <= rate.base.magnitude.high < _MOST:
            message = f"'{rate.base.text}' is no yearly rate above 0; write it as in '211e6 cell/year'"
            yield Problem((*here, "base"), message)
        yield from _known(rate.stream, plant.streams, (*here, "stream"), "streams")
        for i, part in enumerate(rate.of):
            yield from _known(part, plant.rates, (*here, "of", i), "rates")
            if part in plant.rates and plant.rates[part].of:
                yield Problem((*here, "of", i), f"rate '{part}' is itself a sum; name what it is the sum of")
    if "energy" not in plant.rates:
        yield Problem((*at, "rates"), "'energy' is missing; add what the plant makes in a year")
    elif not same_kind(plant.rates["energy"].base.unit, "kWh/year"):
        yield Problem((*at, "rates", "energy", "base"), "is no energy in a year; write it as in '50 GWh/year'")
    for key, step in plant.steps.items():
        yield from _step_problems(step, plant, (*at, "steps", key))
    yield from _kind(plant.accounts.land_and_building, f"{plant.currency}/m2", (*at, "accounts", "land_and_building"))


def _step_problems(step: Step, plant: CostPlant, at: KeyPath) -> Iterator[Problem]:
    yield from _known(step.rate, plant.rates, (*at, "rate"), "rates")
    yield from _kind(step.capital, plant.currency, (*at, "capital"))
    for i, factor in enumerate(step.factors):
        if factor.per is not None:
            yield from _known(factor.by, plant.rates, (*at, "factors", i, "by"), "rates")
            yield from _known(factor.per, plant.rates, (*at, "factors", i, "per"), "rates")


def technology_problems(technology: CostTechnology, plant: CostPlant) -> Iterator[Problem]:
    """Parts of a technology that its plant does not know, or that the plant needs and that are not there."""
    at: KeyPath = ("technology",)
    # an inline plant is looked at as every plant is
    yield from (problem for problem in _unfilled(technology, at) if problem.path[1] != "plant")
    if technology.currency != plant.currency:
        message = f"'{technology.currency}' is not '{plant.currency}', the plant's; give its prices in that"
        yield Problem((*at, "currency"), message)
    if technology.volume.magnitude.low != technology.volume.magnitude.high:
        yield Problem((*at, "volume"), f"'{technology.volume.text}' is a range; write one number")
    for key, material in technology.materials.items():
        yield from _material_problems(material, plant, (*at, "materials", key))
    for key, amount in technology.design.items():
        yield from _known(key, plant.rates, (*at, "design", key), "rates")
        if key in plant.rates:
            yield from _per_kwh(amount, plant.rates[key].base.unit, (*at, "design", key))
    yield from _missing_rates(technology, plant, at)
    yield from _missing_sizes(technology, plant, at)


def _material_problems(material: Material, plant: CostPlant, at: KeyPath) -> Iterator[Problem]:
    yield from _known(material.stream, plant.streams, (*at, "stream"), "streams")
    yield from _known(material.drives, plant.rates, (*at, "drives"), "rates")
    yield from _known(material.cheaper_with, plant.rates, (*at, "cheaper_with"), "rates")
    unit, per, last = material.amount.unit.rpartition("/")
    if not per or last != "kWh":
        yield Problem((*at, "amount"), f"'{material.amount.text}' is no amount in each kWh; write '1.3 kg/kWh'")
        return
    yield from _bounded(material.amount, (*at, "amount"))
    yield from _kind(material.price, f"{plant.currency}/{unit}", (*at, "price"))
    if material.drives in plant.rates and not same_kind(f"{unit}/year", plant.rates[material.drives].base.unit):
        base = plant.rates[material.drives].base.unit
        yield Problem((*at, "drives"), f"'{material.drives}' is in {base}, and the material in {unit}")
    if (material.recovered is None) != (material.worth is None):
        yield Problem(at, "needs 'recovered' and 'worth' together, or neither")
    if (material.cheaper_with is None) != (material.exponent is None):
        yield Problem(at, "needs 'cheaper_with' and 'exponent' together, or neither")


def _missing_rates(technology: CostTechnology, plant: CostPlant, at: KeyPath) -> Iterator[Problem]:
    driven = {one.drives for one in technology.materials.values()}
    needed = {step.rate for step in plant.steps.values()}
    needed |= {name for step in plant.steps.values() for one in step.factors if one.per for name in (one.by, one.per)}
    needed |= {one.cheaper_with for one in technology.materials.values() if one.cheaper_with in plant.rates}
    needed |= {part for name in needed if name in plant.rates for part in plant.rates[name].of}
    for name in sorted(needed):
        rate = plant.rates.get(name)
        if rate is None or rate.of or name == "energy":
            continue
        if name in driven and name in technology.design:
            message = f"rate '{name}' is driven by a material too; keep one of the two"
            yield Problem((*at, "design", name), message, key=True)
        elif name not in driven and name not in technology.design:
            unit = rate.base.unit.rpartition("/")[0]
            message = f"nothing says how much of '{name}' a kWh has; add '{name}: … {unit}/kWh' to design"
            yield Problem((*at, "design") if technology.design else at, message, key=bool(technology.design))


def _missing_sizes(technology: CostTechnology, plant: CostPlant, at: KeyPath) -> Iterator[Problem]:
    sizes = {one.by for step in plant.steps.values() for one in step.factors if one.per is None}
    for name in sorted(sizes - set(technology.sizes) - set(plant.rates)):
        yield Problem(at, f"size '{name}' of the plant is missing; add '{name}: 1 ratio' to sizes")
    for name in technology.sizes:
        yield from _known(name, sizes, (*at, "sizes", name), "sizes")


def _unfilled(part: Frozen, at: KeyPath) -> Iterator[Problem]:
    for path, figure in figures(part, at):
        if figure.unfilled:
            yield Problem(path, f"'{figure.text}' is still to be filled; write the figure")


def _known(name: str | None, known: Iterable[str], at: KeyPath, what: str) -> Iterator[Problem]:
    if name is not None and name not in known:
        yield Problem(at, f"'{name}' is none of the plant's {what}; {near(name, known, what=what)}")


def _kind(quantity: Quantity, unit: str, at: KeyPath) -> Iterator[Problem]:
    if not same_kind(quantity.unit, unit):
        yield Problem(at, f"'{quantity.text}' is in {quantity.unit}; a quantity in {unit} belongs here")
    else:
        yield from _bounded(quantity, at)


def _per_kwh(quantity: Quantity, yearly: str, at: KeyPath) -> Iterator[Problem]:
    unit = f"{yearly.rpartition('/')[0]}/kWh"
    yield from _kind(quantity, unit, at)
    if same_kind(quantity.unit, unit) and convert(quantity.magnitude.low, quantity.unit, unit) <= 0.0:
        yield Problem(at, f"'{quantity.text}' is not above 0; write how much of it a kWh has")


def _bounded(quantity: Quantity, at: KeyPath) -> Iterator[Problem]:
    magnitude = quantity.magnitude
    if not quantity.unfilled and not (0.0 <= magnitude.low <= magnitude.high < _MOST and math.isfinite(magnitude.high)):
        yield Problem(at, f"'{quantity.text}' is not from 0 to {_MOST:g}; write a figure within")
