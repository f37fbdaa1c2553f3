"""What one more item costs the plants of a study's markets to make, in steps or by a power, and what they cost anyway.

What carrying it and bringing it in costs is in ``borders.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import items_of
from cell2grid.run.market.terms import MONTHS_A_YEAR
from cell2grid.study.model import CostCurve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cell2grid.run.inputs.plants import Values
    from cell2grid.run.market.money import Money
    from cell2grid.study.quantity import Quantity

_STEPS = ("cost_step", "cost_step_width")
_POWER = ("cost_power_scale",)


def making_values(money: Money, plants: Sequence[str]) -> Values:
    """The cost of making of each plant by member and term, by name with their dims.

    Raises
    ------
    StudyError
        A plant does not say what an item costs it; a cost rises so steeply or so slowly that no number holds it.
    """
    count, terms = money.figures.count, len(money.terms.labels)
    depth = max((_depth(money.study.plants[name].marginal_cost) for name in plants), default=1)
    width, level = np.zeros((2, count, len(plants), depth, terms))
    scale, exponent = np.zeros((count, len(plants), terms)), np.ones((count, len(plants), terms))
    fixed = np.zeros((count, len(plants), terms))
    for place, name in enumerate(plants):
        plant, path = money.study.plants[name], f"plants.{name}.marginal_cost"
        cost = plant.marginal_cost
        if cost is None:
            raise StudyError(f"plants.{name}: does not say what an item costs; add marginal_cost")
        if not isinstance(cost, CostCurve):
            width[:, place, 0], level[:, place, 0] = np.inf, money.of_item(_STEPS[:1], path, cost, plant.makes)
        elif cost.steps:
            _fill_steps(money, path, cost, plant.makes, width[:, place], level[:, place])
        else:
            width[:, place, 0] = np.inf
            if cost.constant is not None:
                level[:, place, 0] = money.of_item(_STEPS[:1], f"{path}.constant", cost.constant, plant.makes)
            scale[:, place], exponent[:, place] = _power(money, path, cost, plant.makes)
        if plant.fixed_cost is not None:
            fixed[:, place] = money.of_year("fixed_cost_rate", f"plants.{name}.fixed_cost", plant.fixed_cost)
    by_plant = ("member", "plant", "term")
    return {
        "cost_step_width": (("member", "plant", "step", "term"), width),
        "cost_step": (("member", "plant", "step", "term"), level),
        "cost_power_scale": (by_plant, scale),
        "cost_power": (by_plant, exponent),
        "fixed_cost_rate": (by_plant, fixed),
    }


def _depth(cost: Quantity | CostCurve | None) -> int:
    return max(len(cost.steps), 1) if isinstance(cost, CostCurve) else 1


def _fill_steps(
    money: Money,
    path: str,
    curve: CostCurve,
    product: str,
    width: NDArray[np.float64],
    level: NDArray[np.float64],
) -> None:
    """The widths and costs of a curve's steps (member, step, term); the last one has no end."""
    reached = np.zeros(money.figures.count)
    before = np.full(level[:, 0].shape, -np.inf)
    for number, step in enumerate(curve.steps):
        where = f"{path}.steps.{number}"
        # drawn costs may cross, and what costs less is made first
        level[:, number] = np.maximum(money.of_item(_STEPS, f"{where}.cost", step.cost, product), before)
        before = level[:, number]
        if step.up_to is None:
            width[:, number] = np.inf
            continue
        ends = MONTHS_A_YEAR * items_of(
            money.study, money.figures, "cost_step_width", f"{where}.up_to", step.up_to, product, "/month"
        )
        width[:, number] = np.maximum(ends - reached, 0.0)[:, None]
        reached = np.maximum(ends, reached)


def _power(
    money: Money, path: str, curve: CostCurve, product: str
) -> tuple[NDArray[np.float64], NDArray[np.float64] | float]:
    """What output is multiplied by before the power is taken, and the power (member, term)."""
    if curve.rise is None:
        return np.zeros((money.figures.count, len(money.terms.labels))), 1.0
    if curve.at is None:
        raise StudyError(f"{path}: rises and does not say by which output; add 'at', as in '10000 system/year'")
    rise = money.of_item(_POWER, f"{path}.rise", curve.rise, product)
    at = MONTHS_A_YEAR * items_of(
        money.study, money.figures, "cost_power_scale", f"{path}.at", curve.at, product, "/month"
    )
    power = np.ones(money.figures.count)
    if curve.power is not None:
        money.figures.note("cost_power_scale", f"{path}.power")
        power = money.figures.drawn("cost_power", f"{path}.power", curve.power, "ratio")
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        scale = rise ** (1.0 / power[:, None]) / at[:, None]
    if not np.isfinite(scale).all() or ((rise > 0.0) & (scale <= 0.0)).any():
        raise StudyError(
            f"{path}: rises by a power of {power.min():g} to {rise.max():g} {money.target} at {at.min():g} items a"
            " year, which no number holds; write a power nearer to 1, or an output above 0"
        )
    return scale, np.broadcast_to(power[:, None], scale.shape)
