"""Items through a serial line with finite buffers, by the max-plus recursion; compiled by numba on plain arrays.

No events and no clock: when item n leaves station j follows from the item before it, the station before it, and the
item that must first make room after it. ``line.py`` draws the service times and makes figures of what comes out.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@numba.njit(cache=True)
def advance(
    service: Floats,
    places: Integers,
    offsets: Integers,
    ring: Floats,
    last: Floats,
    first_item: int,
    warm_up: int,
    starved: Floats,
    blocked: Floats,
    departures: Floats,
) -> None:
    """Move the next items through all stations.

    ``ring``, ``last``, ``starved`` and ``blocked`` [second] are changed in place and carried on from call to call.
    ``service`` has the times by (item, station). Station j holds ``places[j]`` items with the buffer before it, and
    ``ring`` keeps that many departures of it from ``offsets[j]`` on; ``last`` is when each station was left last.
    Waiting counts from item ``warm_up`` on. ``departures`` takes the times at which items leave the line.
    """
    items, stations = service.shape
    for row in range(items):
        item = first_item + row
        arrival = 0.0
        for j in range(stations):
            free = last[j]
            # the first station never waits for items: the recursion starts it when it is free
            start = free if j == 0 else max(arrival, free)
            finish = start + service[row, j]
            leave = finish
            if j + 1 < stations:
                # the departure, one buffer and one station ago, that makes room for this item
                room = ring[offsets[j + 1] + item % places[j + 1]]
                leave = max(finish, room)
            if item >= warm_up:
                starved[j] += start - free
                blocked[j] += leave - finish
            last[j] = leave
            ring[offsets[j] + item % places[j]] = leave
            arrival = leave
        departures[row] = arrival
