"""Concave, piecewise-linear values of several states on one grid of levels: made, and kept short; compiled by numba.

``stochastic_kernel`` carries them back in time.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# levels this share of the store apart are one level
SAME = 1e-13
# a longer grid loses pieces whose slopes are those of their neighbours but for this share of the store's worth
SHORT, SMALL = 64, 1e-12


@numba.njit(cache=True, nogil=True)
def union(level: Floats, count: Integers, low: float, high: float) -> Floats:
    """All ends of pieces of all states, rising, from ``low``; ends a rounding apart are one."""
    ends = np.empty(count.sum())
    used = 0
    for k in range(len(count)):
        ends[used : used + count[k]] = level[k, : count[k]]
        used += count[k]
    ends.sort()
    grid = np.empty(used + 1)
    grid[0], kept, near = low, 1, SAME * (abs(low) + abs(high))
    for end in ends:
        if end > grid[kept - 1] + near:
            grid[kept] = end
            kept += 1
    if kept > 1:
        grid[kept - 1] = high
    return grid[:kept].copy()


@numba.njit(cache=True, nogil=True)
def on_grid(grid: Floats, level: Floats, slope: Floats, count: Integers) -> Floats:
    """The slopes of each state between the levels of the grid."""
    pieces = len(grid) - 1
    slopes = np.empty((len(count), pieces))
    for k in range(len(count)):
        i = 0
        for m in range(pieces):
            middle = 0.5 * (grid[m] + grid[m + 1])
            while i < count[k] - 1 and level[k, i] < middle:
                i += 1
            slopes[k, m] = slope[k, i]
    return slopes


@numba.njit(cache=True, nogil=True)
def thinned(grid: Floats, slopes: Floats, longest: int, first: int) -> tuple[Floats, Floats, float]:
    """The grid without pieces that differ from a neighbour by rounding, and of ``longest`` pieces at most.

    Neighbours, in pairs from piece ``first`` on, become one of their mean slope. That moves no value by more than the
    third that comes back.
    """
    cost = _pair_costs(grid, slopes, first)
    small = SMALL * np.abs(slopes).max() * (grid[-1] - grid[0])
    joined, total = np.zeros(len(grid) - 1, np.bool_), 0.0
    for pair in range(len(cost)):
        if cost[pair] <= small:
            joined[first + 2 * pair] = True
            total = max(total, cost[pair])
    grid, slopes = _joined(grid, slopes, joined)
    while len(grid) - 1 > longest:
        pieces = len(grid) - 1
        cost = _pair_costs(grid, slopes, 0)
        order = np.argsort(cost)[: min(pieces - 3 * longest // 4, pieces // 2)]
        total += cost[order[-1]]
        joined = np.zeros(pieces, np.bool_)
        joined[2 * order] = True
        grid, slopes = _joined(grid, slopes, joined)
    return grid, slopes, total


@numba.njit(cache=True, nogil=True)
def _pair_costs(grid: Floats, slopes: Floats, first: int) -> Floats:
    """What joining each pair of neighbours, from piece ``first`` on, moves the value by where they meet."""
    pairs = (len(grid) - 1 - first) // 2
    cost = np.zeros(pairs)
    for k in range(len(slopes)):
        for pair in range(pairs):
            m = first + 2 * pair
            cost[pair] = max(cost[pair], slopes[k, m] - slopes[k, m + 1])
    for pair in range(pairs):
        m = first + 2 * pair
        left, right = grid[m + 1] - grid[m], grid[m + 2] - grid[m + 1]
        cost[pair] *= left * right / (left + right)
    return cost


@numba.njit(cache=True, nogil=True)
def _joined(grid: Floats, slopes: Floats, joined: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The grid with each piece that is ``joined`` made one with the next."""
    kept, pieces = 0, len(grid) - 1
    new_grid, new_slopes = np.empty(pieces + 1), np.empty((len(slopes), pieces))
    new_grid[0], m = grid[0], 0
    while m < pieces:
        last = m + 1 if joined[m] else m
        width = grid[last + 1] - grid[m]
        for k in range(len(slopes)):
            rise = 0.0
            for i in range(m, last + 1):
                rise += slopes[k, i] * (grid[i + 1] - grid[i])
            new_slopes[k, kept] = rise / width if last > m else slopes[k, m]
        kept += 1
        m = last + 1
        new_grid[kept] = grid[m]
    return new_grid[: kept + 1].copy(), new_slopes[:, :kept].copy()
