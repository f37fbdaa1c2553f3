"""How fast a serial line runs, which station holds it back, and what one more machine brings.

Stations in a row, each with machines that are alike, buffers between them, blocking after service: an item that is done
stays on its machine until there is room behind it. Items may overtake on the machines of a station; they start in the
order in which they come. Machines may fail while they work, be set up after so many items, load a batch and let it go
together, do items again, and scrap some. The first station always has work, the last can always put items down.

``stations`` makes records of the arrays, ``kernel`` and ``single`` have the recursion, ``simulation`` the run,
``interval`` the batch means, ``markov`` the exact answer of small exponential lines. Line files are read in
``cell2grid.study.line_file``; equations and tests: docs/formulation/line.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.nomenclature import labelled, require

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.engines.line.simulation import Ran

Floats = npt.NDArray[np.float64]

READS = ("service_mean", "service_deviation", "service_distribution", "buffer", "items", "seed")
# what is taken where an array is not there: one machine that never fails, without setup, batch, scrap and rework
MAY_READ: dict[str, float | str] = {
    "machines": 1,
    "batch_size": 1,
    "scrap_share": 0.0,
    "rework_share": 0.0,
    "time_between_failures": np.inf,
    "repair_mean": 0.0,
    "repair_deviation": 0.0,
    "repair_distribution": "exponential",
    "setup_every": 1,
    "setup_mean": 0.0,
    "setup_deviation": 0.0,
    "setup_distribution": "deterministic",
}
SHARES = ("working", "setup", "down", "blocked", "starved")
WRITES = (
    *("throughput", "throughput_low", "throughput_high", "line_yield", "good_items", *SHARES, "bottleneck"),
    *("station_capacity", "queue", "queue_time", "in_station", "station_scrapped", "queue_grew"),
)
# mean times nearer than this are equal: they were written as such
TIE = 1e-9
_WORKERS = 2


def solve(arrays: xr.Dataset, *, told: Callable[[int], None] | None = None) -> xr.Dataset:
    """The steady throughput of the line with a 95 % interval, what its stations do with their time, and the bottleneck.

    Parameters
    ----------
    arrays
        The READS, and of MAY_READ what there is: mean and standard deviation of the service time [second] and its
        distribution by station, the places of each buffer between two stations, the number of items and the seed;
        machines, batch, scrap, rework, failures with their repair and setup by station.
    told
        Is told from time to time how many items have entered.

    Returns
    -------
    xr.Dataset
        ``throughput`` with ``throughput_low`` and ``throughput_high`` [item/second] from batch means; ``working``,
        ``setup``, ``down``, ``blocked`` and ``starved`` by station, which add up to 1; ``bottleneck`` by station, 1 for
        one of them; ``station_capacity`` [item/second]; ``queue`` and ``in_station`` [item], ``queue_time`` [second];
        ``station_scrapped``, ``good_items`` [item] and ``line_yield``.

    Raises
    ------
    InputError
        A time, a share, a count or a buffer lies outside its range, or too few items are sent.

    The equations are those of docs/formulation/line.md.

    >>> import xarray as xr
    >>> solve(xr.Dataset({
    ...     "service_mean": ("station", [2.0, 4.0]), "service_deviation": ("station", [0.0, 0.0]),
    ...     "service_distribution": ("station", ["deterministic", "deterministic"]),
    ...     "buffer": ("gap", [1]), "items": ((), 1000), "seed": ((), 1)}))["throughput"].item()
    0.25
    """
    from cell2grid.engines.line.simulation import simulated

    line = completed(arrays)
    return _told_of(line, simulated(line, told=told))


def one_more(
    arrays: xr.Dataset, stations: Sequence[int] | None = None, *, told: Callable[[int], None] | None = None
) -> xr.Dataset:
    """What one more machine at a station adds to the throughput [item/second], with its 95 % interval, by station.

    The line is run again for each station with the same random numbers, two at a time; a station that is not among
    ``stations`` has NaN. ``told`` is told how many runs are done. Raises as ``solve`` does.

    >>> import xarray as xr
    >>> gained = one_more(xr.Dataset({
    ...     "service_mean": ("station", [2.0, 4.0]), "service_deviation": ("station", [0.0, 0.0]),
    ...     "service_distribution": ("station", ["deterministic", "deterministic"]),
    ...     "buffer": ("gap", [1]), "items": ((), 6000), "seed": ((), 1)}))
    >>> gained["one_more"].values.round(6).tolist()
    [0.0, 0.25]
    """
    from concurrent.futures import ThreadPoolExecutor

    import xarray as xr

    from cell2grid.engines.line.interval import gain
    from cell2grid.engines.line.simulation import simulated

    line = completed(arrays)
    count = line.sizes["station"]
    asked = range(count) if stations is None else stations
    found = np.full((3, count), np.nan)
    with ThreadPoolExecutor(_WORKERS) as workers:
        first = workers.submit(simulated, line)
        runs = {j: workers.submit(simulated, line, more=np.eye(count, dtype=np.int64)[j]) for j in asked}
        for done, (j, run) in enumerate(runs.items(), start=1):
            found[:, j] = gain(first.result().between, run.result().between)
            if told is not None:
                told(done)
    names = ("one_more", "one_more_low", "one_more_high")
    coords = {"station": line["station"]} if "station" in line.coords else {}
    return labelled(xr.Dataset({name: ("station", row) for name, row in zip(names, found, strict=True)}, coords=coords))


def completed(arrays: xr.Dataset) -> xr.Dataset:
    """The arrays with what stands where one is not there, all of them checked.

    Raises
    ------
    InputError
        A time, a share, a count or a buffer lies outside its range.
    """
    from cell2grid.engines.line.checks import check

    require(arrays, [*READS, *(name for name in MAY_READ if name in arrays)], of="line")
    count = arrays.sizes["station"]
    given = {name: ("station", np.full(count, value)) for name, value in MAY_READ.items() if name not in arrays}
    line = arrays.assign(given)
    check(line)
    return line


def _told_of(line: xr.Dataset, ran: Ran) -> xr.Dataset:
    """What is written of a run."""
    import xarray as xr

    from cell2grid.engines.line.interval import rate

    total = sum(ran.sums[name] for name in SHARES)
    # machines are busy or idle at all times, so that the sum of these times is that of the machines
    window = total / ran.machines
    shares = {name: ran.sums[name] / total for name in SHARES}
    queue = ran.sums["waited"] / window
    held = sum(shares[name] for name in SHARES if name != "starved") * ran.machines * ran.batch
    capacity = station_capacity(line)
    bottleneck = np.zeros(len(capacity))
    bottleneck[_bottleneck(capacity, shares["starved"], shares["blocked"])] = 1.0
    throughput, low, high = rate(ran.between)
    good = np.concatenate([[1.0], np.cumprod(1.0 - line["scrap_share"].values)])
    numbers = {"throughput": throughput, "throughput_low": low, "throughput_high": high, "line_yield": good[-1]}
    by_station = {
        **shares,
        "bottleneck": bottleneck,
        "station_capacity": capacity,
        "queue": queue,
        # what waits comes as fast as good items leave, and as those that are scrapped from here on
        "queue_time": queue / (throughput * good[:-1] / good[-1]),
        "in_station": queue + held,
        "station_scrapped": ran.scrapped.astype(float),
        "queue_grew": ran.queue_grew.astype(float),
    }
    coords = {"station": line["station"]} if "station" in line.coords else {}
    data = {name: ((), number) for name, number in {**numbers, "good_items": float(ran.good)}.items()}
    found = xr.Dataset({**data, **{name: ("station", row) for name, row in by_station.items()}}, coords=coords)
    return labelled(found[list(WRITES)])


def station_capacity(line: xr.Dataset) -> Floats:
    """Good items of the line [item/second] that each station would let through if it never waited.

    Its machines × batch over the mean time of a load with rework, repairs and setup, times the part of what passes it
    that leaves the line good. ``line`` has all arrays, as ``completed`` gives them.
    """
    batch = line["batch_size"].values.astype(float)
    work = line["service_mean"].values / (1.0 - line["rework_share"].values)
    between = line["time_between_failures"].values
    down = np.where(np.isfinite(between), line["repair_mean"].values / between, 0.0) * work
    setup = line["setup_mean"].values * batch / line["setup_every"].values
    good = np.cumprod((1.0 - line["scrap_share"].values)[::-1])[::-1]
    return np.asarray(line["machines"].values * batch / (work + down + setup) * good, dtype=np.float64)


def _bottleneck(capacity: Floats, starved: Floats, blocked: Floats) -> int:
    """The station of the least capacity; among equals the one that waits most evenly.

    Upstream of a bottleneck stations are blocked more than starved and downstream of it the other way round: where
    several have the least capacity, the one at that turn, whose two shares differ least, holds the line.
    """
    least = np.flatnonzero(capacity <= capacity.min() * (1.0 + TIE))
    uneven = np.abs(starved - blocked)[least]
    return int(least[np.argmin(uneven)])
