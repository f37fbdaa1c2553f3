"""FLToptim, dynamic programming on convex piecewise-linear costs in C++ (Girard 2013), on the same question.

Its control is the energy stored or drawn inside the store. It refuses a negative price with losses. The fused entry
of flat arrays is the fastest of its forms; the documented two calls are timed beside it.
"""

from __future__ import annotations

import time

import numpy as np

from benchmarks.dispatch.table import Run
from cell2grid.engines.dispatch import Case

FUSED = "FLToptim, fused arrays"
TWO_CALLS = "FLToptim, documented calls"


def bounds(case: Case) -> tuple[list[float], ...]:
    """Least and most change in a step, and least and most energy after it, from the start [MWh]: lists, as it takes."""
    floor = np.full(len(case.price), -case.start)
    floor[-1] += case.end
    return (
        (-case.discharge_limit * case.step_hours / case.efficiency_discharge).tolist(),
        (case.charge_limit * case.step_hours * case.efficiency_charge).tolist(),
        floor.tolist(),
        np.full(len(case.price), case.energy_capacity - case.start).tolist(),
    )


def earned(case: Case, change: list[float]) -> float:
    """What a change of the energy in each step earns."""
    moved = np.asarray(change)
    bought, sold = case.price / case.efficiency_charge, case.price * case.efficiency_discharge
    return -float(np.sum(np.where(moved > 0.0, bought, sold) * moved))


def fused(case: Case, limits: tuple[list[float], ...]) -> Run:
    """The prices as slopes and breaks, solved in one call."""
    from FLToptim import Pycplfunctionvec

    began = time.perf_counter()
    two = case.price > 0.0
    pieces = np.where(two, 2, 1).astype(np.int32)
    last = np.cumsum(pieces, dtype=np.int64) - 1
    slopes, breaks = np.empty(last[-1] + 1), np.full(last[-1] + 1, -np.inf)
    slopes[last - two] = case.price * case.efficiency_discharge
    slopes[last] = case.price / case.efficiency_charge
    breaks[last[two]] = 0.0
    change = Pycplfunctionvec().OptimMargIntBatched(slopes, breaks, np.zeros(len(two)), pieces, *limits)
    seconds = time.perf_counter() - began
    return Run(seconds, earned(case, change))


def two_calls(case: Case, limits: tuple[list[float], ...]) -> Run:
    """The calls of its manual: the cost functions of the prices, then the schedule."""
    from FLToptim import GenCostFunctionFromMarketPrices

    began = time.perf_counter()
    costs = GenCostFunctionFromMarketPrices(case.price, case.efficiency_charge, case.efficiency_discharge)
    change = costs.OptimMargInt(*limits)
    seconds = time.perf_counter() - began
    return Run(seconds, earned(case, change))
