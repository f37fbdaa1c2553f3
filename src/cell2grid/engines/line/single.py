"""The recursion of ``kernel.py`` for lines in which each station has one machine, no batches and no scrap; compiled.

All stations then move in step: when item n enters the line, station j lets item n − j − 1 go and takes item n − j, so
that nothing needs to be asked whether it is ready. Times are drawn for a few hundred items at once. It gives the same
times as ``kernel.py``, to the last digit.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from cell2grid.engines.line.kernel import count, occupied_for
from cell2grid.engines.line.times import DETERMINISTIC, EXPONENTIAL
from cell2grid.formulas.counter import share

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
# items whose times are drawn together: as many as stay in the fastest memory
DRAWN = 256


@numba.njit(cache=True, nogil=True, error_model="numpy")
def advance_single(
    line: Any, finishes: Floats, emptied: Floats, first: int, entries: int, edges: Floats, tally: Integers
) -> None:
    """Send the items from ``first`` on into the line; arguments as ``kernel.advance`` takes them. Compiled."""
    stations = len(line)
    busy = np.empty((DRAWN, stations))
    sums = np.zeros((3, stations))
    at, size = line["ring_at"].copy(), line["ring"].copy()
    write = line["write"].copy()
    for begin in range(first, first + entries, DRAWN):
        rows = min(DRAWN, first + entries - begin)
        for j in range(stations):
            _draw(line[j], busy, j, begin - j, rows)
        _move(begin, rows, busy, finishes, emptied, at, size, write, sums, edges, tally)
    for j in range(stations):
        line[j].write = write[j]
        line[j].blocked += sums[0, j]
        line[j].starved += sums[1, j]
        line[j].waited += sums[2, j]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _draw(s: Any, busy: Floats, j: int, first: int, rows: int) -> None:
    """How long the station is busy with each of the next items; those before the first are none."""
    begin = max(0, -first)
    plain = s.rework == 0.0 and s.setup_every == 0 and s.fails_every == 0.0
    if plain and s.kind == EXPONENTIAL:
        mean, key, total = s.first, s.key, 0.0
        for row in range(begin, rows):
            time = -mean * math.log(share(key, np.uint64(first + row)))
            busy[row, j] = time
            total += time
        s.working += total
    elif plain and s.kind == DETERMINISTIC:
        busy[begin:rows, j] = s.first
        s.working += s.first * max(0, rows - begin)
    else:
        for row in range(begin, rows):
            busy[row, j] = occupied_for(s, np.uint64(first + row))
    s.started += max(0, rows - begin)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _move(
    begin: int,
    rows: int,
    busy: Floats,
    finishes: Floats,
    emptied: Floats,
    at: Integers,
    size: Integers,
    write: Integers,
    sums: Floats,
    edges: Floats,
    tally: Integers,
) -> None:
    """Let the items of some rows enter, and all others move on."""
    stations = len(at)
    for row in range(rows):
        top = min(begin + row, stations - 1)
        behind, room = 0.0, 0.0
        for j in range(top, -1, -1):
            finish = finishes[2 * j]
            leave = max(finish, room)
            sums[0, j] += leave - finish
            if j < top:
                start = max(leave, behind)
                sums[1, j + 1] += start - behind
                sums[2, j + 1] += start - leave
                finishes[2 * j + 2] = start + busy[row, j + 1]
            elif begin + row >= stations:
                count(edges, tally, leave)
            place = write[j]
            emptied[at[j] + place] = leave
            place = place + 1 if place + 1 < size[j] else 0
            write[j] = place
            room, behind = emptied[at[j] + place], leave
        finishes[0] = behind + busy[row, 0]
