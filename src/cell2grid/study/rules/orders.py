"""Rules on orders, of projects and placed by markets and regions: what is ordered where, for whom, and by when.

Too late or too little is a result of a run and no error; an order that can never be met is an error here. The money
of an order that comes late is in ``rules/landing.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

from cell2grid.study.model import Order, Study
from cell2grid.study.refusals import Problem
from cell2grid.study.rules.figures import count_problems
from cell2grid.study.rules.supply import lanes_of, reaches
from cell2grid.study.yaml_tree import KeyPath


def orders_of(study: Study) -> Iterator[tuple[KeyPath, Order, str]]:
    """Every order with its path and the region that it goes to: those of projects, then those placed besides."""
    for name, project in study.projects.items():
        if project.order is not None:
            yield ("projects", name, "order"), project.order, project.region
    for name, order in study.orders.items():
        region = study.markets[order.market].region if order.market is not None else order.region
        if region is not None:
            yield ("orders", name), order, region


def orders_have_a_buyer(study: Study) -> Iterator[Problem]:
    """A placed order is a market's or goes to a region, and is called like no order of a project."""
    for name, order in study.orders.items():
        path: KeyPath = ("orders", name)
        if (order.market is None) == (order.region is None):
            said = "has no buyer" if order.market is None else "has both 'market' and 'region'"
            yield Problem(path, f"{said}; write the market that ordered, or the region that it goes to", key=True)
        elif order.market is not None and study.markets[order.market].product != order.product:
            text = f"'{order.market}' buys '{study.markets[order.market].product}', and the order is of"
            yield Problem((*path, "market"), f"{text} '{order.product}'; name a market of it, or 'region'")
        if name in study.projects and study.projects[name].order is not None:
            text = f"project '{name}' has an order, which is called so too; give this one another name"
            yield Problem(path, text, key=True)


def orders_can_be_delivered(study: Study) -> Iterator[Problem]:
    """An order says how much of what its plant makes, and a lane brings it to where it goes."""
    lanes = lanes_of(study)
    for path, order, region in orders_of(study):
        if (order.quantity is None) == (order.energy is None):
            yield Problem(path, "says how much in 'quantity' or in 'energy'; write one of them", key=True)
        makes = study.plants[order.plant].makes
        if order.product != makes:
            others = sorted(name for name, plant in study.plants.items() if plant.makes == order.product)
            said = f"{', '.join(others)} would" if others else "no plant of the study does"
            text = f"'{order.product}' can never be delivered: plant '{order.plant}' makes '{makes}', and {said}"
            step = "order from another plant" if others else "add one that makes it"
            yield Problem((*path, "product"), f"{text}; order what it makes, or {step}")
        elif not reaches(study, lanes, order.plant, region):
            origin = study.plants[order.plant].region
            text = f"can never be delivered: no lane goes from '{origin}', where '{order.plant}' stands, to"
            yield Problem((*path, "plant"), f"{text} '{region}'; add a lane")


def orders_count_their_product(study: Study) -> Iterator[Problem]:
    """What is ordered counts the product's noun, or is its energy."""
    for path, order, _ in orders_of(study):
        for key, quantity in (("quantity", order.quantity), ("energy", order.energy)):
            if quantity is not None:
                yield from count_problems(quantity, study.products[order.product], (*path, key), order.product)
