"""Rules on who makes, owns, carries and takes what: amounts that add up, and things that can reach each other.

Too little capacity is a result of a run and no error; what can never be is an error here. Orders are in
``rules/orders.py``, how a plant runs in ``rules/plants.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from cell2grid.study.model import Study
from cell2grid.study.refusals import Problem
from cell2grid.study.yaml_tree import KeyPath

_ROUNDING = 1e-9

_Way = tuple[str, str, str | None]  # origin, destination, product


def capacity_is_said_once(study: Study) -> Iterator[Problem]:
    """A plant has either a capacity with its opening, or tranches, each with its own."""
    for name, plant in study.plants.items():
        whole = plant.capacity is not None or plant.opens is not None
        if whole and plant.tranches:
            yield Problem(("plants", name), "has tranches and a capacity or opening; keep one", key=True)
        elif not plant.tranches and plant.capacity is None:
            yield Problem(("plants", name), "has no capacity; add 'capacity' or 'tranches'", key=True)
        elif not plant.tranches and plant.opens is None:
            yield Problem(("plants", name), "has no opening; add 'opens'", key=True)


def lanes_are_said_once(study: Study) -> Iterator[Problem]:
    """There is one lane between two regions for a product, and one market for it in a region."""
    lanes: dict[tuple[str, str, str | None], int] = {}
    for index, lane in enumerate(study.lanes):
        first = lanes.setdefault((lane.origin, lane.destination, lane.product), index)
        if first != index:
            text = f"lane from '{lane.origin}' to '{lane.destination}' is there already as lanes.{first}; keep one"
            yield Problem(("lanes", index), text)
    markets: dict[tuple[str, str], str] = {}
    for name, market in study.markets.items():
        before = markets.setdefault((market.region, market.product), name)
        if before != name:
            text = f"'{market.product}' in '{market.region}' is the market '{before}' already; join the two"
            yield Problem(("markets", name), text, key=True)


def lanes_of(study: Study) -> frozenset[_Way]:
    """Every lane by its origin, destination and product."""
    return frozenset((lane.origin, lane.destination, lane.product) for lane in study.lanes)


def reaches(study: Study, lanes: frozenset[_Way], plant: str, region: str) -> bool:
    """Whether what the plant makes can get to the region: it stands there, or a lane goes there."""
    origin, product = study.plants[plant].region, study.plants[plant].makes
    return origin == region or not lanes.isdisjoint({(origin, region, product), (origin, region, None)})


def inputs_can_be_had(study: Study) -> Iterator[Problem]:
    """Each input is made by a plant that reaches the one in need, or comes from outside; no product needs itself."""
    lanes = lanes_of(study)
    for name, plant in study.plants.items():
        for row, need in enumerate(plant.inputs):
            if study.products[need.product].external is not None:
                continue
            path: KeyPath = ("plants", name, "inputs", row, "product")
            makers = [maker for maker, other in study.plants.items() if other.makes == need.product]
            if not makers:
                text = f"no plant of the study makes '{need.product}'; add one, or give the product 'external'"
                yield Problem(path, text)
                continue
            far = [maker for maker in makers if not reaches(study, lanes, maker, plant.region)]
            if len(far) == len(makers):
                text = f"no lane brings '{need.product}' from {', '.join(makers)} to '{plant.region}'; add a lane"
                yield Problem(path, text)
            elif far:
                # the engine lets all plants that take an input share all that is made of it
                text = f"'{need.product}' is also made by {', '.join(far)}, and no lane leads from there to"
                yield Problem(path, f"{text} '{plant.region}'; add a lane, or give these plants a product of their own")
    needs: dict[str, set[str]] = {}
    for plant in study.plants.values():
        needs.setdefault(plant.makes, set()).update(need.product for need in plant.inputs)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        loop = list(reversed(error.args[1]))
        makers = [name for name, plant in study.plants.items() if plant.makes in loop and plant.inputs]
        text = f"inputs run in a loop: {' needs '.join(loop)}; take one of them out"
        yield Problem(("plants", makers[0], "inputs"), text)


def markets_can_be_reached(study: Study) -> Iterator[Problem]:
    """A plant that makes the product, or could be built, reaches each market, and each row says how much in one way."""
    lanes = lanes_of(study)
    options = [] if study.investment is None else list(study.investment.options.values())
    for name, market in study.markets.items():
        makers = [plant for plant, other in study.plants.items() if other.makes == market.product]
        ways = {(option.region, market.region, option.makes) for option in options if option.makes == market.product}
        planned = any(origin == there or not lanes.isdisjoint({(origin, there, made), (origin, there, None)})
                      for origin, there, made in ways)  # fmt: skip
        if not planned and not any(reaches(study, lanes, maker, market.region) for maker in makers):
            text = f"no plant of the study can bring '{market.product}' to '{market.region}'; add a plant or a lane"
            yield Problem(("markets", name), text, key=True)
        for row, demand in enumerate(market.demand):
            if (demand.quantity is None) == (demand.unlimited is None):
                path = ("markets", name, "demand", row)
                yield Problem(path, "says how much in 'quantity' or is 'unlimited'; write one of them")


def projects_can_run(study: Study) -> Iterator[Problem]:
    """A project has a size; one with prices has a technology, one with finance prices; prices have one origin."""
    for name, project in study.projects.items():
        for key, quantity in (("power", project.power), ("energy", project.energy)):
            if not quantity.unfilled and quantity.magnitude.low <= 0:
                path = ("projects", name, key)
                yield Problem(path, f"'{quantity.text}' is not above 0; a project has a size")
        if project.prices is not None and project.technology is None:
            text = "has prices and no technology, so that its losses are not known; add 'technology'"
            yield Problem(("projects", name), text, key=True)
        if project.finance is not None and project.prices is None:
            text = "has finance and no prices, so that it earns nothing known; add 'prices'"
            yield Problem(("projects", name), text, key=True)
    for name, prices in study.prices.items():
        if (prices.file is None) == (prices.synthetic is None):
            text = "come from a 'file' or from the seed of a 'synthetic' year; write one of them"
            yield Problem(("prices", name), text, key=True)
