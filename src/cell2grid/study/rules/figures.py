"""Rules on figures: what counts items counts the product's noun, and one number stands where one is needed.

The kind of unit that a single field takes is in ``model.py``; amounts that must add up are in ``rules/supply.py``,
money is in ``rules/money.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

from cell2grid.errors import UnitError
from cell2grid.nomenclature import variable
from cell2grid.study.model import Observation, Plant, Product, Study
from cell2grid.study.quantity import Quantity, figures
from cell2grid.study.refusals import Problem, near
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import PLACEHOLDER, canonical, counted_noun, currency, names, same_kind

# beyond these, items in all members and months cannot be told apart to a part of one
LARGEST, SMALLEST_ENERGY = 1e15, 1e-12


def figures_are_bounded(study: Study) -> Iterator[Problem]:
    """No figure is so large that what is counted from it would lose items or have no end."""
    for path, figure in figures(study):
        if isinstance(figure, Quantity) and not figure.unfilled:
            ends = figure.magnitude
            if max(abs(ends.low), abs(ends.high)) > LARGEST:
                text = f"'{figure.text}' is above {LARGEST:g}, the most a figure can be"
                yield Problem(path, f"{text}; correct it, or write it in a larger unit")


def products_are_counted(study: Study) -> Iterator[Problem]:
    """A product is counted in a noun of units.txt, in the singular, and its energy is that of one such item."""
    for name, product in study.products.items():
        path: KeyPath = ("products", name, "counted_in")
        if not _is_noun(product.counted_in):
            known = [noun for noun in names() if counted_noun(noun) and noun != PLACEHOLDER]
            hint = near(product.counted_in, known, what="nouns")
            text = f"'{product.counted_in}' is no noun of units.txt in the singular; {hint}"
            yield Problem(path, text)
        elif product.energy is not None:
            there: KeyPath = ("products", name, "energy")
            wrong = list(count_problems(product.energy, product, there, name))
            yield from wrong or _energy_problems(product.energy, product, there)


def _energy_problems(energy: Quantity, product: Product, path: KeyPath) -> Iterator[Problem]:
    least = 0.0 if energy.unfilled else energy.to(f"MWh/{product.counted_in}").low
    if 0.0 < least < SMALLEST_ENERGY:
        text = f"'{energy.text}' is below {SMALLEST_ENERGY:g} MWh, the least that an item stores if any"
        yield Problem(path, f"{text}; correct it")


def _is_noun(noun: str) -> bool:
    try:
        return canonical(noun) == noun != PLACEHOLDER and counted_noun(noun) == noun
    except UnitError:
        return False


def count_problems(quantity: Quantity, product: Product, path: KeyPath, name: str) -> Iterator[Problem]:
    """The quantity counts the product's noun, or is energy of a product whose energy is known."""
    noun = counted_noun(quantity.unit)
    if noun is None and product.energy is None:
        text = f"'{quantity.text}' is energy, and product '{name}' has no energy per item; add 'energy' to the product"
        yield Problem(path, text)
    elif noun is not None and noun != product.counted_in:
        text = f"'{quantity.text}' counts in '{noun}', and product '{name}' is counted in '{product.counted_in}'"
        yield Problem(path, f"{text}; write the product's noun")


def plants_count_their_product(study: Study) -> Iterator[Problem]:
    """Capacity, tranches and inputs of a plant count what it makes and takes."""
    for name, plant in study.plants.items():
        product = study.products[plant.makes]
        if plant.capacity is not None:
            yield from count_problems(plant.capacity, product, ("plants", name, "capacity"), plant.makes)
        for row, tranche in enumerate(plant.tranches):
            yield from count_problems(
                tranche.capacity, product, ("plants", name, "tranches", row, "capacity"), plant.makes
            )
        yield from _inputs_count(study, name, plant)


def _inputs_count(study: Study, name: str, plant: Plant) -> Iterator[Problem]:
    made = study.products[plant.makes].counted_in
    for row, need in enumerate(plant.inputs):
        taken = study.products[need.product].counted_in
        expected = {f"{taken}/{made}"} | ({"ratio"} if taken == made else set())
        if need.per_item.unit not in expected:
            path = ("plants", name, "inputs", row, "per_item")
            text = f"'{need.per_item.text}' is in {need.per_item.unit}; '{need.product}' for '{plant.makes}' is in"
            yield Problem(path, f"{text} {taken}/{made}")


def markets_count_their_product(study: Study) -> Iterator[Problem]:
    """Demand counts what is sold."""
    for name, market in study.markets.items():
        for row, demand in enumerate(market.demand):
            if demand.quantity is not None:
                path: KeyPath = ("markets", name, "demand", row, "quantity")
                yield from count_problems(demand.quantity, study.products[market.product], path, market.product)


def records_fit_their_variable(study: Study) -> Iterator[Problem]:
    """An observation is in the unit of its variable, or of its total; a counterfactual counts what its plant makes."""
    for name, observation in study.observations.items():
        if {"term", "calendar_year"} & set(variable(observation.variable).dims):
            continue  # of markets and of money for plants: rules/observed.py
        row, path = variable(observation.variable), ("observations", name, "value")
        makers = {*study.plants, *study.firms, *study.regions}
        fits = observation.of in (makers if "plant" in row.dims else study.projects)
        if not fits:
            place: KeyPath = ("observations", name, "of")
            whom = "plant" if "plant" in row.dims else "project"
            yield Problem(place, f"'{row.name}' is known by {whom}, and '{observation.of}' is none")
        if not _fits(observation.value, row.unit):
            whole = row.unit.removesuffix("/month")
            text = f"'{observation.value.text}' is in {observation.value.unit}; '{row.name}' is observed in {whole}"
            yield Problem(path, text)
        elif observation.of in study.plants and counted_noun(observation.value.unit) is not None:
            makes = study.plants[observation.of].makes
            yield from count_problems(observation.value, study.products[makes], path, makes)
        elif fits and "plant" in row.dims and observation.of not in study.plants:
            yield from _made_by_some(study, observation, path, anywhere="destination" in row.dims)
    for name, counterfactual in study.counterfactuals.items():
        makes = study.plants[counterfactual.plant].makes
        for key, quantity in (("total", counterfactual.total), ("own", counterfactual.own)):
            yield from count_problems(quantity, study.products[makes], ("counterfactuals", name, key), makes)
        if counterfactual.own.magnitude.high > counterfactual.total.magnitude.low:
            path = ("counterfactuals", name, "own")
            text = f"'{counterfactual.own.text}' is more than the total, '{counterfactual.total.text}'"
            yield Problem(path, f"{text}; correct one of the two")


def _made_by_some(study: Study, seen: Observation, path: KeyPath, *, anywhere: bool) -> Iterator[Problem]:
    """Some plant of the firm or region makes what was counted; what reaches a region may come from any."""
    noun = counted_noun(seen.value.unit)
    arrives = anywhere and seen.of in study.regions
    plants = [plant for plant in study.plants.values() if arrives or seen.of in (plant.region, plant.owner)]
    made = sorted({study.products[plant.makes].counted_in for plant in plants})
    if not plants:
        yield Problem((*path[:-1], "of"), f"no plant belongs to '{seen.of}'; name a plant, or whose plants they are")
    elif noun is not None and noun not in made:
        text = f"'{seen.value.text}' counts in '{noun}', and plants of '{seen.of}' make {', '.join(made)}"
        yield Problem(path, f"{text}; write what they make")


def _fits(value: Quantity, unit: str) -> bool:
    if "currency" in unit:
        money = currency(value.unit)
        return money is not None and same_kind(value.unit, unit.replace("currency", money))
    # what is counted by the month is reported as a total of months
    return any(same_kind(value.unit, kind) for kind in {unit, unit.removesuffix("/month")})


def figures_are_single(study: Study) -> Iterator[Problem]:
    """What was observed, and the size of a project, is one number and no range."""
    for path, quantity in _singles(study):
        if quantity is not None and not quantity.unfilled and quantity.magnitude.low != quantity.magnitude.high:
            yield Problem(path, f"'{quantity.text}' is a range; one number belongs here")


def _singles(study: Study) -> Iterator[tuple[KeyPath, Quantity | None]]:
    for name, observation in study.observations.items():
        yield ("observations", name, "value"), observation.value
    for name, project in study.projects.items():
        yield ("projects", name, "power"), project.power
        yield ("projects", name, "energy"), project.energy
