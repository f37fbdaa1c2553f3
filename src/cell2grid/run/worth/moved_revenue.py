"""The market revenue of a store whose own sales move the price, over one price year, less its own cost of throughput.

Revenue is what it is in a valuation: what the store adds to what its site earns without it, without the worth of what
is stored at the end. What becomes of it is in ``own_sales.py`` and ``own_sales_map.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRevenue:
    """What a price taker expects and earns, and what a schedule earns that knows; ``gap`` is the most it may miss.

    [currency], all less the store's own cost of throughput.
    """

    expected: float
    earned: float
    knowing: float
    gap: float

    @property
    def left(self) -> float:
        """The share of the expected revenue that a schedule which knows earns; 1 where nothing is expected."""
        return self.knowing / self.expected if self.expected > 0.0 else 1.0


def moved_revenue(price: Floats, step_hours: Floats, asset: Mapping[str, Any], slope: float) -> MovedRevenue:
    """The revenue of a store at prices that fall by ``slope`` [currency/MWh/MW] with what its site sends.

    Raises
    ------
    InputError, InfeasibleError, NotConvergedError
        As ``engines.dispatch.impact.with_impact``.

    A MWh is bought at 20 and sold at 60, less 1 EUR/MWh each way for the store itself; at 1 MW prices move by 5:

    >>> found = moved_revenue(np.array([20.0, 60.0]), np.ones(2), dict(power=1.0, energy=1.0, throughput_cost=1.0), 5.0)
    >>> found.expected, found.earned, round(found.knowing, 2)
    (38.0, 28.0, 28.0)
    """
    from cell2grid.engines.dispatch import asset_case, checked
    from cell2grid.engines.dispatch.impact import site_alone, with_impact

    question = checked(asset_case(price, step_hours, **asset))
    found = with_impact(question, slope)
    without = (0.0, 0.0)
    if "load" in asset or "generation" in asset:
        # the store brings its own load with it
        bare = {name: value for name, value in asset.items() if name != "auxiliary_load"}
        without = site_alone(checked(asset_case(price, step_hours, **bare)), slope)
    stored = [question.worth_of_end(float(one.energy[-1])) for one in (found.taker, found.taker, found.schedule)]
    return MovedRevenue(
        expected=found.taker_expected - stored[0] - without[0],
        earned=found.taker_earned - stored[1] - without[1],
        knowing=found.objective - stored[2] - without[1],
        gap=found.gap,
    )
