"""From prices to powers for the plain store in one compiled pass: losses in, ``concave`` on it, losses out.

Where a step would pay for both ways at once nothing is found, and the caller takes the general way.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel.concave import plan
from cell2grid.engines.dispatch.kernel.lists import compiled

Floats = npt.NDArray[np.float64]


@compiled
def plain(
    price: Floats,
    hours: Floats,
    charge_limit: Floats,
    discharge_limit: Floats,
    room: float,
    efficiency_charge: float,
    efficiency_discharge: float,
    throughput_cost: float,
    start: float,
    end: float,
) -> tuple[bool, Floats, Floats, Floats, float]:
    """Whether the fast walk has the answer; energy [MWh], charge and discharge [MW], and the value [currency].

    ``room`` is the energy capacity, ``start`` and ``end`` are levels [MWh]; the rest is as in ``Case``.
    """
    steps = len(price)
    buy, sell, most_in, most_out = np.empty(steps), np.empty(steps), np.empty(steps), np.empty(steps)
    reach = start
    found = True
    for t in range(steps):
        buy[t] = (price[t] + throughput_cost) / efficiency_charge
        sell[t] = (price[t] - throughput_cost) * efficiency_discharge
        most_in[t] = min(charge_limit[t] * hours[t] * efficiency_charge, room)
        most_out[t] = min(discharge_limit[t] * hours[t] / efficiency_discharge, room)
        reach += most_in[t]
        found &= sell[t] <= buy[t]
    charge, discharge = np.zeros(steps), np.zeros(steps)
    if not found or reach < end * (1.0 - 1e-12):
        return False, charge, charge, discharge, 0.0
    energy, value = plan(buy, sell, most_in, most_out, room, start, end)
    before = start
    for t in range(steps):
        change = energy[t] - before
        # what rounding leaves of a level that was carried over moves nothing
        if change > 1e-13 * room:
            charge[t] = min(change / hours[t] / efficiency_charge, charge_limit[t])
        elif -change > 1e-13 * room:
            discharge[t] = min(-change / hours[t] * efficiency_discharge, discharge_limit[t])
        before = energy[t]
    return True, energy, charge, discharge, value
