"""The kernel of ``kernel.py`` over many rows of prices, compiled by numba; ``batch.py`` hands it blocks of rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel import Steps, value_steps
from cell2grid.engines.dispatch.kernel_lists import compiled

Floats = npt.NDArray[np.float64]


@compiled
def worths(
    prices: Floats,
    most_out: Floats,
    most_in: Floats,
    buy_adder: Floats,
    sell_adder: Floats,
    throughput_cost: float,
    efficiency_charge: float,
    efficiency_discharge: float,
    relaxed: bool,
    kept: Floats,
    lowest: Floats,
    highest: Floats,
    start: float,
    end_worth: Floats,
    end_length: Floats,
    found: Floats,
) -> None:
    """Put what the best schedule on each row of ``prices`` is worth into ``found``; NaN where there is none."""
    steps = prices.shape[1]
    flow, cost = np.empty((steps, 3)), np.empty((steps, 2))
    money, outward = np.empty(steps), np.empty(steps, np.int64)
    for i in range(len(prices)):
        for t in range(steps):
            buy = (prices[i, t] + buy_adder[t] + throughput_cost) / efficiency_charge
            sell = (prices[i, t] + sell_adder[t] - throughput_cost) * efficiency_discharge
            flow[t, 0], flow[t, 1], flow[t, 2] = -most_out[t], 0.0, most_in[t]
            cost[t, 0], cost[t, 1] = sell, buy
            money[t], outward[t] = sell * most_out[t], 1
            if relaxed and buy < sell and most_in[t] > 0.0 and most_out[t] > 0.0:
                # paid for losing: with both, what is stored comes before what is no longer drawn
                flow[t, 1] = most_in[t] - most_out[t]
                cost[t, 0], cost[t, 1] = buy, sell
                outward[t] = 1 if flow[t, 1] <= 0.0 else 0
        found[i] = value_steps(Steps(flow, cost, money, outward, kept, lowest, highest, start, end_worth, end_length))
