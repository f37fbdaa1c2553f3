"""The best objective by dynamic programming on a lattice of levels: exact where all levels and limits lie on it.

A store whose limits, capacity and ends are whole multiples of one unit of stored energy needs no other level: the
value is piecewise linear, and a best choice bends only where a limit or a piece does. ``limits`` takes what one stored
MWh costs and one drawn earns; ``rewards`` takes any money by change of level, for sites and tables whose bends lie
on the lattice. Nothing here is shared with the package. Cases off the lattice: ``dispatch_oracle.py``.
"""

from __future__ import annotations

import numba
import numpy as np

NEVER = -np.inf


def unit_of(step_hours: float, power: float, efficiency_charge: int, efficiency_discharge: int) -> float:
    """The unit [MWh] in which a charge and a discharge of one step are whole; efficiencies in whole percent.

    With 94 and 94: charge .94 P h = 2209 units and discharge P h / .94 = 2500 units of 2 P h / 4700.
    """
    one, other = efficiency_charge * efficiency_discharge, 10_000
    common = np.gcd(one, other)
    # charge / discharge = (one / common) / (other / common), and the discharge is other / common units
    return power * step_hours * 100.0 / efficiency_discharge / (other // common)


@numba.njit
def _above(value: np.ndarray, most: int, price: float, best: np.ndarray) -> None:
    """best[s] = max over x in s .. s + most of value[x] - price (x - s): the window's best by a falling queue."""
    levels = len(value)
    queue = np.empty(levels, np.int64)
    head = tail = 0
    for s in range(levels - 1, -1, -1):
        gain = value[s] - price * s
        while tail > head and value[queue[tail - 1]] - price * queue[tail - 1] <= gain:
            tail -= 1
        queue[tail] = s
        tail += 1
        while queue[head] > s + most:
            head += 1
        best[s] = value[queue[head]] - price * (queue[head] - s)


@numba.njit
def limits(
    buy: np.ndarray,
    sell: np.ndarray,
    most_in: np.ndarray,
    most_out: np.ndarray,
    lowest: np.ndarray,
    highest: np.ndarray,
    start: int,
    terminal: np.ndarray,
) -> float:
    """The value at ``start`` of never charging and discharging in one step; prices per unit, all else in units.

    ``terminal`` is the worth of each level after the last step, and its length the number of levels.
    """
    levels = len(terminal)
    value = terminal.copy()
    charged, mirrored, drawn = np.empty(levels), np.empty(levels), np.empty(levels)
    for t in range(len(buy) - 1, -1, -1):
        value[: lowest[t]] = NEVER
        value[highest[t] + 1 :] = NEVER
        _above(value, most_in[t], buy[t], charged)
        mirrored[:] = value[::-1]
        _above(mirrored, most_out[t], -sell[t], drawn)
        for s in range(levels):
            value[s] = max(charged[s], drawn[levels - 1 - s])
    return value[start]


@numba.njit
def rewards(
    reward: np.ndarray, most_out: int, lowest: np.ndarray, highest: np.ndarray, start: int, terminal: np.ndarray
) -> float:
    """The value at ``start`` where step t pays ``reward[t, change + most_out]`` for a change of level in units.

    A change that is not allowed pays -inf. Each change is tried at each level.
    """
    levels, changes = len(terminal), reward.shape[1]
    value, before = terminal.copy(), np.empty(levels)
    for t in range(reward.shape[0] - 1, -1, -1):
        for s in range(levels):
            best = NEVER
            for j in range(changes):
                x = s + j - most_out
                if lowest[t] <= x <= highest[t]:
                    best = max(best, value[x] + reward[t, j])
            before[s] = best
        value[:] = before
    return value[start]
