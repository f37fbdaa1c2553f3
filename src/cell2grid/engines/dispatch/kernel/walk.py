"""Forward through the time steps along what a sweep back recorded; compiled by numba on plain arrays.

``sweep.py`` makes the record.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel.lists import compiled
from cell2grid.engines.dispatch.kernel.sweep import Steps, Swept

Floats = npt.NDArray[np.float64]


@compiled
def walk(steps: Steps, first: int, last: int, stored: float, swept: Swept, energy: Floats) -> float:
    """Write the energy after the steps ``first`` to ``last`` - 1 into ``energy`` and give back the last of it."""
    for t in range(first, last):
        row = t - first
        left = steps.kept[t] * stored
        count = swept.held[row]
        if count < 0:
            stored = _toward(left, steps.flow[t], swept.target[row])
        else:
            begin = swept.at[row]
            stored = _best(
                swept.slopes[begin : begin + count],
                swept.lengths[begin : begin + count],
                swept.high[row],
                left,
                steps.flow[t],
                steps.cost[t],
            )
        stored = min(max(stored, steps.lowest[t]), steps.highest[t])
        energy[t] = stored
    return stored


@compiled
def _toward(left: float, flow: Floats, target: Floats) -> float:
    """The level after a step that uses each piece up to its level."""
    level = left + flow[0]
    for j in range(len(target)):
        if flow[j + 1] <= flow[j]:
            continue
        # zero flow is the level itself, not its neighbour by rounding
        whole = left if flow[j + 1] == 0.0 else left + flow[j + 1]
        if whole <= target[j]:
            level = whole
        else:
            return float(max(level, target[j]))
    return float(level)


@compiled
def _best(slopes: Floats, lengths: Floats, high: float, left: float, flow: Floats, cost: Floats) -> float:
    """The level after a step, from among all the ends of segments and of pieces within reach."""
    pieces = len(cost)
    # from the highest level within reach down: x, and what it is worth beside the first
    j, i = pieces - 1, len(slopes) - 1
    level = left + flow[pieces]
    while j >= 0 and left + flow[j] >= high:
        level = left + flow[j]
        j -= 1
    level = min(level, high)
    below = high
    while i >= 0 and below - lengths[i] >= level:
        below -= lengths[i]
        i -= 1
    best, gain, most = level, 0.0, 0.0
    nearest = abs(level - left)
    while j >= 0 and i >= 0:
        down_piece = left if flow[j] == 0.0 else left + flow[j]
        down_segment = below - lengths[i]
        down = max(down_piece, down_segment)
        gain += (cost[j] - slopes[i]) * (level - down)
        level = down
        away = abs(level - left)
        if gain > most or (gain == most and away < nearest):
            best, most, nearest = level, gain, away
        if down_segment >= down:
            below = down_segment
            i -= 1
        if down_piece >= down:
            j -= 1
    return float(best)
