"""Rules on what an item costs to make, of plants and of what could be built: money for an item, and curves that rise.

Whose costs must be known is in the rules of those who ask for them (``rules/investing.py``, ``rules/competition.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

from cell2grid.study.cost_curve import CostCurve
from cell2grid.study.model import Product, Study
from cell2grid.study.quantity import Quantity
from cell2grid.study.refusals import Problem
from cell2grid.study.rules.figures import count_problems
from cell2grid.study.rules.landing import money_of_item_problems
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import same_kind

_RISING = ("constant", "rise", "at", "power")


def making_cost_problems(study: Study, cost: Quantity | CostCurve, path: KeyPath, product: str) -> Iterator[Problem]:
    """What one more item costs: money for an item, or a curve that says one thing and rises."""
    if isinstance(cost, CostCurve):
        yield from _curve_problems(study, cost, path, product)
    else:
        yield from () if cost.unfilled else money_of_item_problems(study, path, cost, product)


def making_costs(cost: Quantity | CostCurve, path: KeyPath) -> Iterator[tuple[KeyPath, Quantity]]:
    """Every figure of money in what one more item costs, with its path."""
    if isinstance(cost, Quantity):
        yield path, cost
        return
    for row, step in enumerate(cost.steps):
        yield (*path, "steps", row, "cost"), step.cost
    for key in ("constant", "rise"):
        figure = getattr(cost, key)
        if figure is not None:
            yield (*path, key), figure


def _curve_problems(study: Study, curve: CostCurve, path: KeyPath, name: str) -> Iterator[Problem]:
    for place, figure in making_costs(curve, path):
        if not figure.unfilled:
            yield from money_of_item_problems(study, place, figure, name)
    product = study.products[name]
    rising = [key for key in _RISING if getattr(curve, key) is not None]
    if curve.steps and rising:
        yield Problem((*path, rising[0]), "a curve has steps, or a constant that rises, and not both; keep one")
    elif curve.steps:
        yield from _step_problems(curve, product, path, name)
    elif curve.constant is None:
        yield Problem(path, "says no cost; add 'steps', or 'constant'", key=True)
    else:
        yield from _rise_problems(curve, product, path, name)


def _rise_problems(curve: CostCurve, product: Product, path: KeyPath, name: str) -> Iterator[Problem]:
    if curve.rise is not None and curve.at is None:
        text = f"'{curve.rise.text}' is reached at an output that is not said; add 'at'"
        yield Problem((*path, "rise"), text)
    for key in ("at", "power"):
        figure = getattr(curve, key)
        if figure is not None and curve.rise is None:
            yield Problem((*path, key), f"'{figure.text}' says how a cost rises, and there is no 'rise'; add it")
    if curve.at is not None and not curve.at.unfilled:
        yield from count_problems(curve.at, product, (*path, "at"), name)
        if curve.at.magnitude.low <= 0:
            yield Problem((*path, "at"), f"'{curve.at.text}' is not above 0; write an output, such as the capacity")


def _step_problems(curve: CostCurve, product: Product, path: KeyPath, name: str) -> Iterator[Problem]:
    cost = end = None
    for row, step in enumerate(curve.steps):
        here: KeyPath = (*path, "steps", row)
        if step.up_to is None and row < len(curve.steps) - 1:
            yield Problem(here, "has no end, and steps follow it; add 'up_to'")
        if step.up_to is not None and not step.up_to.unfilled:
            yield from count_problems(step.up_to, product, (*here, "up_to"), name)
            yield from _rises(step.up_to, end, (*here, "up_to"), "the end", strictly=True)
            end = step.up_to
        if not step.cost.unfilled:
            yield from _rises(step.cost, cost, (*here, "cost"), "the cost", strictly=False)
            cost = step.cost


def _rises(figure: Quantity, before: Quantity | None, path: KeyPath, what: str, *, strictly: bool) -> Iterator[Problem]:
    """A step's figure is of the kind of the step before, and not below it."""
    if before is None:
        if strictly and figure.magnitude.low <= 0:
            yield Problem(path, f"'{figure.text}' is not above 0; a step covers some output")
    elif not same_kind(figure.unit, before.unit):
        yield Problem(
            path, f"'{figure.text}' is of another kind than '{before.text}' of the step before; write it alike"
        )
    else:
        now, then = figure.to(before.unit).mode, before.magnitude.mode
        if now < then or (strictly and now == then):
            text = f"'{figure.text}' is not above" if strictly else f"'{figure.text}' is below"
            yield Problem(path, f"{text} {what} of the step before, '{before.text}'; steps rise with output")
