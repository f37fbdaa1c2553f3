"""What buyers of a study's markets would pay, in steps, for a network in which demand answers to prices.

The curves are those of the study's competition; a step has the price at its middle. Where an iso-elastic curve goes on
without end, it is followed to some multiple of what is taken at the reference price.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from cell2grid.errors import InputError
from cell2grid.formulas.calendar import months_between
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.inputs.shocks import Shocks
from cell2grid.run.market.borders import makes_its_price
from cell2grid.run.market.demand import demand_values, forms, points_of
from cell2grid.run.market.money import Money

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.plan.arrays import Inputs
    from cell2grid.study.model import Study

    Floats = NDArray[np.float64]

Buyers: TypeAlias = "Mapping[str, tuple[Floats, Floats]]"
MOST_STEPS = 1000
# an iso-elastic curve is followed so far beyond the reference quantity
REACH = 4.0


def buyers_of(study: Study, inputs: Inputs, steps: int) -> Buyers:
    """Widths [item/year] and values [currency/item] of the steps of each market that makes its price (step, term).

    Raises
    ------
    InputError
        ``steps`` is below 0, or more than a network should have.
    """
    if not 0 <= steps <= MOST_STEPS:
        raise InputError(f"{steps} steps of demand, expected 0 to {MOST_STEPS:,}; 20 tell a price to a few percent")
    names = [name for name in inputs.markets if makes_its_price(study, name)]
    if steps == 0 or not names:
        return {}
    figures = MiddleFigures()
    money = Money(study, figures, inputs.terms.terms, inputs.currency)
    shocks = Shocks(study, figures, months_between(study.horizon.start, study.horizon.end))
    points = points_of(money, names, shocks)
    curves = {name: part[0] for name, (_, part) in demand_values(money, names, points).items()}
    quantity = points.quantity[0]
    # products that stand in for another are at their reference quantity
    taken = np.einsum("mnt,nt->mt", curves.pop("cross_slope"), quantity)
    curves["demand_intercept"] = curves["demand_intercept"] - taken
    return {
        name: _steps(form, {key: part[place] for key, part in curves.items()}, quantity[place], steps)
        for place, (name, form) in enumerate(zip(names, forms(money, names), strict=True))
    }


def _steps(form: str, curve: Mapping[str, Floats], quantity: Floats, steps: int) -> tuple[Floats, Floats]:
    """Equal steps from nothing to where nobody pays any more (step, term)."""
    asked = quantity > 0.0
    if form == "linear":
        reach = np.where(asked, curve["demand_intercept"] / curve["demand_slope"], 0.0)
    else:
        reach = np.where(asked, REACH * quantity, 0.0)
    middle = (np.arange(steps)[:, None] + 0.5) / steps * reach
    if form == "linear":
        value = curve["demand_intercept"] - curve["demand_slope"] * middle
    else:
        safe = np.where(asked, middle, 1.0)
        value = (curve["demand_scale"] / safe) ** (1.0 / curve["demand_elasticity"])
    return np.broadcast_to(reach / steps, middle.shape).copy(), np.where(asked, value, 0.0)
