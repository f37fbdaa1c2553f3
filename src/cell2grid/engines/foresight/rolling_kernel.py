"""The rolling horizon, compiled: a plan of the window at each step, of which the first steps are carried out."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel import plan
from cell2grid.engines.foresight.store import Store

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# what stored energy is worth where a window ends before the horizon does
NOTHING, MEAN_PRICE, VALUES = 0, 1, 2


class Ends(NamedTuple):
    """What stored energy is worth at the end of a window: nothing, the mean price, or a value for each step.

    The window of step t has the segments ``at[t]`` to ``at[t + 1]`` of ``worth`` [currency/MWh] and ``length`` [MWh],
    from empty upwards.
    """

    kind: int
    at: Integers
    worth: Floats
    length: Floats


@numba.njit(cache=True, nogil=True)
def follow(
    store: Store,
    expected: Floats,
    first: int,
    window_end: Integers,
    every: int,
    ends: Ends,
    level: float,
    energy: Floats,
) -> float:
    """Write the energy after each step into ``energy``, from step ``first`` on, and give back the last level.

    Row i of ``expected`` has the prices that step ``first`` + i * ``every`` expects of itself and of those after it;
    its window ends before step ``window_end[i]``. NaN where a window has no plan.
    """
    steps = len(energy)
    for row in range(len(expected)):
        t = first + row * every
        last = window_end[row]
        price = expected[row, : last - t]
        buy = (price + store.buy_add[t:last]) / store.efficiency_charge
        sell = (price + store.sell_add[t:last]) * store.efficiency_discharge
        if last == steps:
            worth, length = store.end_worth, store.end_length
        elif ends.kind == VALUES:
            worth, length = (
                ends.worth[ends.at[t] : ends.at[t + 1]],
                ends.length[ends.at[t] : ends.at[t + 1]],
            )
        else:
            worth, length = np.zeros(1), np.full(1, store.highest[t:last].max())
            if ends.kind == MEAN_PRICE:
                worth[0] = sell.mean()
        planned, value = plan(
            buy,
            sell,
            store.most_in[t:last],
            store.most_out[t:last],
            store.kept[t:last],
            store.lowest[t:last],
            store.highest[t:last],
            level,
            worth,
            length,
        )
        if np.isnan(value):
            return np.nan
        done = min(every, last - t)
        energy[t : t + done] = planned[:done]
        level = planned[done - 1]
    return level
