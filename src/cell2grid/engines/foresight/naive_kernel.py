"""Fixed rules carried out within the bounds of the store, compiled."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from cell2grid.engines.foresight.store import Store

Floats = npt.NDArray[np.float64]


@numba.njit(cache=True, nogil=True)
def keep_to(store: Store, wish: Floats, energy: Floats) -> None:
    """Write the energy after each step into ``energy`` when each stores as much as ``wish`` [MWh; below 0: draws].

    Limits and bounds come first; a bound is met at any price.
    """
    stored = store.start
    for t in range(len(wish)):
        left = store.kept[t] * stored
        stored = left + min(max(wish[t], -store.most_out[t]), store.most_in[t])
        # the bounds can be kept from wherever the last step left the level
        stored = min(max(stored, store.lowest[t]), store.highest[t])
        energy[t] = stored


@numba.njit(cache=True, nogil=True)
def wishes(price: Floats, low: float, high: float, most_in: Floats, most_out: Floats) -> Floats:
    """All in at prices of ``low`` or less, all out at ``high`` or more, nothing between."""
    wish = np.zeros(len(price))
    for t in range(len(price)):
        if price[t] <= low:
            wish[t] = most_in[t]
        elif price[t] >= high:
            wish[t] = -most_out[t]
    return wish


@numba.njit(cache=True, nogil=True)
def earned_by_bounds(store: Store, price: Floats, low: float, high: float) -> float:
    """What a store earns that keeps to two price bounds."""
    energy = np.empty(len(price))
    keep_to(store, wishes(price, low, high, store.most_in, store.most_out), energy)
    before, money = store.start, 0.0
    for t in range(len(price)):
        change = energy[t] - store.kept[t] * before
        if change > 0.0:
            money -= change * (price[t] + store.buy_add[t]) / store.efficiency_charge
        else:
            money -= change * (price[t] + store.sell_add[t]) * store.efficiency_discharge
        before = energy[t]
    return money
