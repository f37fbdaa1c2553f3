"""Items through a serial line with finite buffers, by a max-plus recursion; compiled by numba on plain records.

No events and no clock. Machines of a station are alike and items may overtake on them, so that only sorted times
matter: the n-th start waits for the (n − c)-th machine to be empty, the n-th to be finished leaves as the n-th, and
enters when the next station has a place. A station is looked at again only when its next load needs a machine, and
then it first lets go the load that is finished soonest, which may need the same of the station behind it; the walk
down and up again is the order in which all maxima are known. An event list that gives the same times stands in
``tests/engines/line/line_events.py``; records are made in ``stations.py``.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from cell2grid.engines.line.times import drawn, repairs
from cell2grid.formulas.counter import share, word

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
_ONE, _TWO = np.uint64(1), np.uint64(2)
# after so many rounds an item is let go; with at most 99 % sent again this never matters
_MOST_ROUNDS = 10_000


@numba.njit(cache=True, nogil=True, error_model="numpy")
def advance(line: Any, finishes: Floats, emptied: Floats, entries: int, edges: Floats, tally: Integers) -> None:
    """Send so many more items into the line; what they cause is carried on in ``line``. Compiled.

    ``line`` has a record for each station (``stations.STATION``). ``finishes`` keeps a heap for each station of when
    the loads on its machines are finished and of when those that leave will have left, ``emptied`` a ring of when
    machines were empty. ``tally`` has the good items that have left, how many of them make a group, how many the
    present group has, and how many groups were noted: ``edges`` takes for each the time of its last item and the good
    items up to then, after a first row with the time of the last good item.
    """
    for _ in range(entries):
        if not line[0].ready:
            _make_ready(line, finishes, emptied, edges, tally)
        # the first station never waits for items
        _admit(line, finishes, 0, line[0].free)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _make_ready(line: Any, finishes: Floats, emptied: Floats, edges: Floats, tally: Integers) -> None:
    """Find when the first station has a machine for its next load, and whatever must be known before that."""
    last = len(line) - 1
    j = 0
    while True:
        s = line[j]
        if s.left == 0 and _must_let_go(finishes, s):
            s.occupied -= 1
            s.finish = soonest(finishes, s.heap_at, s.occupied)
            s.leaving, s.left = s.finish, s.batch
        while s.left > 0:
            if s.scrap > 0.0 and share(s.scrap_key, np.uint64(s.gone)) <= s.scrap:
                s.scrapped += 1
            elif j == last:
                count(edges, tally, s.leaving)
            else:
                if not line[j + 1].ready:
                    break
                s.leaving = max(s.leaving, emptied[line[j + 1].room])
                _admit(line, finishes, j + 1, s.leaving)
            s.left -= 1
            s.gone += 1
            if s.left == 0:
                s.blocked += s.leaving - s.finish
                push(finishes, s.heap_at + s.machines, s.emptying, s.leaving)
                s.emptying += 1
        if s.left > 0:
            j += 1
            continue
        if _must_let_go(finishes, s):
            continue
        _take_machine(finishes, emptied, s)
        if j == 0:
            return
        j -= 1


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _must_let_go(finishes: Floats, s: Any) -> bool:
    """Whether the load that is finished soonest must leave before it is known which machine is empty first.

    Good items leave in the order in which they are finished, so that the next machine is that of the first load; but
    one whose items are all scrapped is empty at once, before that of a load which waits for room.
    """
    if s.occupied + s.emptying < s.machines or s.occupied == 0:
        return False
    return bool(s.emptying == 0 or (s.scrap > 0.0 and finishes[s.heap_at] < finishes[s.heap_at + s.machines]))


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _take_machine(finishes: Floats, emptied: Floats, s: Any) -> None:
    """Note when the machine of the next load is empty: from the beginning, or when a load has gone."""
    if s.occupied + s.emptying == s.machines:
        s.emptying -= 1
        s.free = soonest(finishes, s.heap_at + s.machines, s.emptying)
    s.ready = True
    emptied[s.ring_at + s.write] = s.free
    s.write += 1
    if s.write == s.ring:
        s.write = 0


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _admit(line: Any, finishes: Floats, j: int, arrival: float) -> None:
    """Let an item enter a station; the last of a load starts the machine."""
    s = line[j]
    s.arrivals += arrival
    s.loaded += 1
    s.until_room -= 1
    if s.until_room == 0:
        s.until_room = s.batch
        s.room += 1
        if s.room == s.ring_at + s.ring:
            s.room = s.ring_at
    if s.loaded < s.batch:
        return
    s.ready = False
    start = max(arrival, s.free)
    s.starved += start - s.free
    # the first station's items come when they are wanted, up to rounding
    s.waited += max(0.0, s.batch * start - s.arrivals)
    finish = start + occupied_for(s, np.uint64(s.started))
    s.started += 1
    s.loaded, s.arrivals = 0, 0.0
    push(finishes, s.heap_at, s.occupied, finish)
    s.occupied += 1


@numba.njit(cache=True, nogil=True, error_model="numpy")
def occupied_for(s: Any, number: np.uint64) -> float:
    """How long a load keeps its machine busy [second]: setup, work, and repairs."""
    worked = drawn(s.kind, s.first, s.second, s.key, number)
    if s.rework > 0.0:
        key, rounds = word(s.rework_key, number), np.uint64(0)
        while share(key, rounds) <= s.rework and rounds < _TWO * np.uint64(_MOST_ROUNDS):
            worked += drawn(s.kind, s.first, s.second, word(key, rounds + _ONE), np.uint64(0))
            rounds += _TWO
    s.working += worked
    busy = worked
    if s.setup_every > 0:
        if s.since_setup >= s.setup_every:
            s.since_setup -= s.setup_every
            setup = drawn(s.setup_kind, s.setup_first, s.setup_second, s.setup_key, number)
            s.setup += setup
            busy += setup
        s.since_setup += s.batch
    if s.fails_every > 0.0:
        key = word(s.fail_key, number)
        down = repairs(worked, s.fails_every, s.repair_kind, s.repair_first, s.repair_second, s.repair_mean, key)
        s.down += down
        busy += down
    return busy


@numba.njit(cache=True, nogil=True, error_model="numpy")
def count(edges: Floats, tally: Integers, time: float) -> None:
    """Count a good item that leaves; what leaves at one time is never cut apart."""
    if tally[2] >= tally[1] and time > edges[0, 0]:
        tally[3] += 1
        edges[tally[3], 0], edges[tally[3], 1] = edges[0, 0], tally[0]
        tally[2] = 0
    edges[0, 0] = time
    tally[0] += 1
    tally[2] += 1


@numba.njit(cache=True, nogil=True, error_model="numpy")
def push(heap: Floats, at: int, held: int, time: float) -> None:
    """Put a time into the heap of so many times that begins at ``at``; its first is the soonest."""
    place = held
    while place > 0:
        above = (place - 1) // 2
        if heap[at + above] <= time:
            break
        heap[at + place] = heap[at + above]
        place = above
    heap[at + place] = time


@numba.njit(cache=True, nogil=True, error_model="numpy")
def soonest(heap: Floats, at: int, left: int) -> float:
    """Take the soonest time from the heap that begins at ``at``, in which so many are left."""
    first, moved = heap[at], heap[at + left]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= left:
            break
        if below + 1 < left and heap[at + below + 1] < heap[at + below]:
            below += 1
        if heap[at + below] >= moved:
            break
        heap[at + place] = heap[at + below]
        place = below
    heap[at + place] = moved
    return float(first)
