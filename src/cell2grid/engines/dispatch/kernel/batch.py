"""The kernels over many rows of prices, compiled by numba; ``batch.py`` hands them blocks of rows.

A row whose prices never pay for both ways at once takes the faster walk of ``concave.py``, any other the sweep
of ``kernel``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel import value_steps
from cell2grid.engines.dispatch.kernel.concave import plan
from cell2grid.engines.dispatch.kernel.lists import compiled
from cell2grid.engines.dispatch.kernel.sweep import Steps

Floats = npt.NDArray[np.float64]


class Rows(NamedTuple):
    """What all rows share: the limits of each step [MWh], what is added to its price, losses and bounds.

    ``plain`` says that the store has one size, loses nothing while it stands and is worth nothing at the end. The rest
    is as in ``Steps`` and ``Case``.
    """

    most_out: Floats
    most_in: Floats
    buy_adder: Floats
    sell_adder: Floats
    throughput_cost: float
    efficiency_charge: float
    efficiency_discharge: float
    relaxed: bool
    plain: bool
    kept: Floats
    lowest: Floats
    highest: Floats
    start: float
    end_worth: Floats
    end_length: Floats


@compiled
def worths(prices: Floats, rows: Rows, found: Floats) -> None:
    """Put what the best schedule on each row of ``prices`` is worth into ``found``; NaN where there is none."""
    steps = prices.shape[1]
    buy, sell = np.empty(steps), np.empty(steps)
    flow, cost = np.empty((steps, 3)), np.empty((steps, 2))
    money, outward = np.empty(steps), np.empty(steps, np.int64)
    end = rows.lowest[-1]
    reached = rows.start + rows.most_in.sum() >= end * (1.0 - 1e-12)
    for i in range(len(prices)):
        torn = False
        for t in range(steps):
            buy[t] = (prices[i, t] + rows.buy_adder[t] + rows.throughput_cost) / rows.efficiency_charge
            sell[t] = (prices[i, t] + rows.sell_adder[t] - rows.throughput_cost) * rows.efficiency_discharge
            torn |= buy[t] < sell[t]
        if rows.plain and not torn:
            if reached:
                found[i] = plan(buy, sell, rows.most_in, rows.most_out, rows.highest[0], rows.start, end)[1]
            else:
                found[i] = np.nan
            continue
        for t in range(steps):
            flow[t, 0], flow[t, 1], flow[t, 2] = -rows.most_out[t], 0.0, rows.most_in[t]
            cost[t, 0], cost[t, 1] = sell[t], buy[t]
            money[t], outward[t] = sell[t] * rows.most_out[t], 1
            if rows.relaxed and buy[t] < sell[t] and rows.most_in[t] > 0.0 and rows.most_out[t] > 0.0:
                # paid for losing: with both, what is stored comes before what is no longer drawn
                flow[t, 1] = rows.most_in[t] - rows.most_out[t]
                cost[t, 0], cost[t, 1] = buy[t], sell[t]
                outward[t] = 1 if flow[t, 1] <= 0.0 else 0
        found[i] = value_steps(
            Steps(
                flow, cost, money, outward, rows.kept, rows.lowest, rows.highest,
                rows.start, rows.end_worth, rows.end_length, rows.highest.max(),
            )
        )  # fmt: skip
