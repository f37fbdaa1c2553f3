"""One run of a line from empty: items in blocks, the warm-up forgotten, and what came out of the rest.

The loop itself is compiled (``kernel.py``, ``single.py``); intervals are made in ``interval.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.engines.line.checks import times_an_item
from cell2grid.engines.line.interval import BATCHES
from cell2grid.engines.line.stations import SUMS, Made, made
from cell2grid.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

Floats = npt.NDArray[np.float64]
Told = Callable[[int], None]

# a tenth of the items, or as many as the line has places, fill the line and are forgotten; never more than half
WARM_UP, MOST_WARM_UP = 0.1, 0.5
# times are noted at so many good items, so that few are held however many are sent
_NOTED = 16_384
# a group of items is made whole loads where that leaves enough groups
_FEWEST_GROUPS = 10 * BATCHES
# completions between two looks at the clock
_BLOCK = 4_000_000


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did: mean time between good items [second] in each batch, sums by station, and counts of items."""

    between: Floats
    sums: dict[str, Floats]
    machines: Floats
    batch: Floats
    scrapped: npt.NDArray[np.int64]
    good: int
    queue_grew: npt.NDArray[np.bool_]


def simulated(arrays: xr.Dataset, *, more: npt.NDArray[np.int64] | None = None, told: Told | None = None) -> Ran:
    """The run of checked arrays; ``more`` machines by station, and ``told`` hears how many items have entered.

    Raises
    ------
    InputError
        Fewer good items leave the line after the warm-up than its interval needs.
    """
    items = int(arrays["items"])
    empty = made(arrays, more)
    line = empty.records
    places = int(np.minimum(arrays["buffer"].values, items).sum() + (line["machines"] * line["batch"]).sum())
    warm_up = min(max(math.ceil(WARM_UP * items), places), int(MOST_WARM_UP * items))
    group = _group(line["machines"] * line["batch"], line["batch"], items)
    edges, tally = np.zeros((items // group + 2, 2)), np.array([0, group, 0, 0], dtype=np.int64)
    middle = warm_up + (items - warm_up) // 2
    rows = max(1, int(_BLOCK / times_an_item(arrays)))
    halves: list[dict[str, Floats]] = []
    warm_good = 0
    for begin, end in ((0, warm_up), (warm_up, middle), (middle, items)):
        _send(empty, begin, end, rows, edges, tally, told)
        halves.append({name: line[name].copy() for name in SUMS})
        for name in SUMS:
            line[name] = 0.0
        if begin == 0:
            warm_good = int(tally[0])
    between = _batches(edges[1 : tally[3] + 1], warm_good, group, items)
    sums = {name: halves[1][name] + halves[2][name] for name in SUMS}
    return Ran(
        between,
        sums,
        line["machines"].astype(float),
        line["batch"].astype(float),
        line["scrapped"].copy(),
        int(tally[0]),
        _grew(halves, line["machines"]),
    )


def _send(
    empty: Made, begin: int, end: int, rows: int, edges: Floats, tally: npt.NDArray[np.int64], told: Told | None = None
) -> None:
    """Send items ``begin`` to ``end``, so many ``rows`` at a time that it can be watched and stopped."""
    from cell2grid.engines.line.kernel import advance
    from cell2grid.engines.line.single import advance_single

    line = empty.records
    plain = bool((line["machines"] == 1).all() and (line["batch"] == 1).all() and (line["scrap"] == 0.0).all())
    for first in range(begin, end, rows):
        entries = min(rows, end - first)
        if plain:
            advance_single(line, empty.finishes, empty.emptied, first, entries, edges, tally)
        else:
            advance(line, empty.finishes, empty.emptied, entries, edges, tally)
        if told is not None:
            told(first + entries)


def _group(loads: npt.NDArray[np.int64], batch: npt.NDArray[np.int64], items: int) -> int:
    """Items between two noted times: whole loads of all machines, so that what leaves together is counted together."""
    most = items // _FEWEST_GROUPS
    least = max(1, items // _NOTED)
    whole = 1
    for load in loads:
        whole = math.lcm(whole, int(load))
        if whole > most:
            whole = int(batch.max()) if batch.max() <= most else 1
            break
    return -(-least // whole) * whole


def _batches(edges: Floats, warm_good: int, group: int, items: int) -> Floats:
    """The mean time between good items in each of ``BATCHES`` stretches after the warm-up, each nearly as many items.

    Items of a stretch differ in number where loads leave whole and some items are scrapped: a stretch counts with what
    its time is beside that of as many items at the mean, so that the mean of all is the whole time over all items.
    """
    times, counts = edges[edges[:, 1] >= warm_good].T
    each = (len(times) - 1) // BATCHES
    if each < 1:
        raise InputError(
            f"items of the line is {items:,}, of which {max(0, len(times) - 1) * group:,} good ones are counted "
            f"after the warm-up, expected at least {BATCHES * group:,}; send more items"
        )
    ends = len(times) - 1 - each * np.arange(BATCHES, -1, -1)
    seconds, good = np.diff(times[ends]), np.diff(counts[ends])
    mean = seconds.sum() / good.sum()
    return np.asarray(mean + (seconds - mean * good) / good.mean())


def _grew(halves: list[dict[str, Floats]], machines: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Where the queue was longer in the second half of the counted time than chance explains: it is not steady yet."""
    queues = []
    for half in halves[1:]:
        time = sum(half[name] for name in SUMS if name != "waited") / machines
        queues.append(np.divide(half["waited"], time, out=np.zeros_like(time), where=time > 0.0))
    return np.asarray(queues[1] > np.maximum(1.25 * queues[0], queues[0] + 25.0))
