"""The best schedule of a store, exact for any piecewise-linear reward of a step; compiled by numba.

``plan`` takes a store with two prices in each step as plain arrays, ``plan_steps`` and ``value_steps`` take any
``Steps``; all can be called from compiled code and hold no lock. The sweep back is in ``sweep.py``, the walk forward in
``walk.py``; ``engines/dispatch/blocks.py`` runs them in bounded memory, and ``concave.py`` is the faster walk where
nothing of this is needed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel.lists import compiled
from cell2grid.engines.dispatch.kernel.sweep import DONE, Steps, ending, sweep, worth_at
from cell2grid.engines.dispatch.kernel.walk import walk

Floats = npt.NDArray[np.float64]


@compiled
def two_price_steps(
    buy: Floats,
    sell: Floats,
    most_in: Floats,
    most_out: Floats,
    kept: Floats,
    lowest: Floats,
    highest: Floats,
    start: float,
    end_worth: Floats,
    end_length: Floats,
) -> Steps:
    """Steps that draw up to ``most_out`` at ``sell`` and store up to ``most_in`` at ``buy``, never both."""
    steps = len(buy)
    flow = np.empty((steps, 3))
    cost = np.empty((steps, 2))
    money = np.empty(steps)
    for t in range(steps):
        flow[t, 0], flow[t, 1], flow[t, 2] = -most_out[t], 0.0, most_in[t]
        cost[t, 0], cost[t, 1] = sell[t], buy[t]
        money[t] = sell[t] * most_out[t]
    room = highest.max()
    outward = np.ones(steps, np.int64)
    return Steps(flow, cost, money, outward, kept, lowest, highest, start, end_worth, end_length, room)


@compiled
def plan(
    buy: Floats,
    sell: Floats,
    most_in: Floats,
    most_out: Floats,
    kept: Floats,
    lowest: Floats,
    highest: Floats,
    start: float,
    end_worth: Floats,
    end_length: Floats,
) -> tuple[Floats, float]:
    """The energy after each step [MWh] of the best schedule of a store with two prices, and its value.

    ``buy`` is what one more stored MWh costs in each step and ``sell`` what one drawn earns [currency/MWh];
    ``most_in`` and ``most_out`` are the most that can be stored and drawn [MWh]; the rest as in ``Steps``. The value
    is NaN where no schedule keeps the bounds.
    """
    steps = two_price_steps(buy, sell, most_in, most_out, kept, lowest, highest, start, end_worth, end_length)
    return plan_steps(steps)


@compiled
def plan_steps(steps: Steps) -> tuple[Floats, float]:
    """The energy after each step of the best schedule [MWh], and its value; NaN where there is none."""
    count = len(steps.money)
    first = ending(steps)
    swept = sweep(steps, 0, count, first, True, np.empty(0), -1)
    worth = np.nan
    if swept.ended == DONE:
        worth = worth_at(swept.now, steps.start, steps.room)
    energy = np.full(count, np.nan)
    if not np.isnan(worth):
        walk(steps, 0, count, steps.start, swept, energy)
    return energy, worth


@compiled
def value_steps(steps: Steps) -> float:
    """What the best schedule is worth; NaN where there is none."""
    swept = sweep(steps, 0, len(steps.money), ending(steps), False, np.empty(0), -1)
    return worth_at(swept.now, steps.start, steps.room) if swept.ended == DONE else np.nan
