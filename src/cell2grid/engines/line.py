"""How fast a serial line runs, and which station holds it back.

Stations in a row, one machine each, buffers between them, blocking after service: an item that is done stays on its
machine until there is room behind it. The first station always has work, the last can always put items down. Times
are deterministic, exponential or lognormal. ``line_kernel`` has the recursion; parallel machines, failures, batches
and scrap are left out. Line files are read in ``cell2grid.study.line_file``; equations and tests:
docs/formulation/line.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError
from cell2grid.nomenclature import labelled, require

if TYPE_CHECKING:
    import xarray as xr

Floats = npt.NDArray[np.float64]

READS = ("service_mean", "service_deviation", "service_distribution", "buffer", "items", "seed")
WRITES = ("throughput", "throughput_low", "throughput_high", "working", "blocked", "starved", "bottleneck")
DISTRIBUTIONS = ("deterministic", "exponential", "lognormal")

FEWEST_ITEMS, MOST_ITEMS = 100, 100_000_000
MOST_STATIONS, LARGEST_BUFFER = 1_000, 1_000_000
LONGEST_SECONDS = 1e9
# a tenth of the items fills the line and is forgotten
WARM_UP = 0.1
BATCHES = 30
# service times drawn at once, to bound the memory
DRAWN = 1 << 20
# mean times nearer than this are equal: they were written as such
TIE = 1e-9


@dataclass(slots=True)
class _Run:
    """What the line has done: the time of each batch [second], the time counted and the waiting of each station."""

    batch_seconds: Floats
    batch_items: int
    counted: Floats
    starved: Floats
    blocked: Floats


def solve(arrays: xr.Dataset) -> xr.Dataset:
    """The steady throughput of the line with a 95 % interval, the time shares of its stations, and the bottleneck.

    Parameters
    ----------
    arrays
        The READS: mean and standard deviation of the service time [second] and its distribution by station, the
        places of each buffer between two stations, the number of items and the seed.

    Returns
    -------
    xr.Dataset
        ``throughput`` with ``throughput_low`` and ``throughput_high`` [item/second] from batch means; ``working``,
        ``blocked`` and ``starved`` by station, which add up to 1; ``bottleneck`` by station, 1 for one of them.

    Raises
    ------
    InputError
        A time, a buffer or the number of items lies outside its range.

    The equations are those of docs/formulation/line.md.

    >>> import xarray as xr
    >>> solve(xr.Dataset({
    ...     "service_mean": ("station", [2.0, 4.0]), "service_deviation": ("station", [0.0, 0.0]),
    ...     "service_distribution": ("station", ["deterministic", "deterministic"]),
    ...     "buffer": ("gap", [1]), "items": ((), 1000), "seed": ((), 1)}))["throughput"].item()
    0.25
    """
    import xarray as xr

    require(arrays, READS, of="line")
    _check(arrays)
    run = _simulated(arrays)
    throughput, low, high = _interval(run.batch_seconds, run.batch_items)
    starved, blocked = run.starved / run.counted, run.blocked / run.counted
    mean = arrays["service_mean"].values.astype(np.float64)
    bottleneck = np.zeros(len(mean))
    bottleneck[_bottleneck(mean, starved, blocked)] = 1.0
    shares = {"working": 1.0 - starved - blocked, "blocked": blocked, "starved": starved, "bottleneck": bottleneck}
    coords = {"station": arrays["station"]} if "station" in arrays.coords else {}
    numbers = {"throughput": throughput, "throughput_low": low, "throughput_high": high}
    return labelled(
        xr.Dataset(
            {
                **{name: ((), number) for name, number in numbers.items()},
                **{name: ("station", share) for name, share in shares.items()},
            },
            coords=coords,
        )
    )


def _simulated(arrays: xr.Dataset) -> _Run:
    """The whole run, in blocks of items whose service times are drawn together."""
    from cell2grid.engines.line_kernel import advance

    items, stations = int(arrays["items"]), arrays.sizes["station"]
    warm_up = int(items * WARM_UP)
    batch_items = (items - warm_up) // BATCHES
    warm_up = items - batch_items * BATCHES
    # a station holds the item in work and those in the buffer before it
    places = np.minimum(np.concatenate([[0], arrays["buffer"].values]), items).astype(np.int64) + 1
    offsets = np.concatenate([[0], np.cumsum(places)[:-1]])
    ring, last = np.zeros(int(places.sum())), np.zeros(stations)
    starved, blocked = np.zeros(stations), np.zeros(stations)
    randoms = _streams(int(arrays["seed"]), stations)
    edges = np.zeros(BATCHES + 1)
    before = np.zeros(stations)
    # a block ends where the warm-up ends, so that what each station has done by then is known
    rows = max(1, DRAWN // stations)
    done = 0
    while done < items:
        block = min(rows, (warm_up if done < warm_up else items) - done)
        departures = np.empty(block)
        service = _service_times(arrays, block, randoms)
        advance(service, places, offsets, ring, last, done, warm_up, starved, blocked, departures)
        _note_edges(edges, departures, done, warm_up, batch_items)
        done += block
        if done == warm_up:
            before = last.copy()
    return _Run(np.diff(edges), batch_items, last - before, starved, blocked)


def _note_edges(edges: Floats, departures: Floats, done: int, warm_up: int, batch_items: int) -> None:
    """Put down when the last item of the warm-up and of each batch within this block left the line."""
    ends = warm_up - 1 + batch_items * np.arange(BATCHES + 1)
    here = (ends >= done) & (ends < done + len(departures))
    edges[here] = departures[ends[here] - done]


def _streams(seed: int, stations: int) -> list[np.random.Generator]:
    """A stream of random numbers for each station, so that a change to one leaves the draws of the others."""
    seeds = np.random.SeedSequence(seed).spawn(stations)
    return [np.random.Generator(np.random.PCG64(station)) for station in seeds]


def _service_times(arrays: xr.Dataset, items: int, randoms: list[np.random.Generator]) -> Floats:
    """Service times [second] by (item, station)."""
    mean = arrays["service_mean"].values
    deviation = arrays["service_deviation"].values
    kinds = arrays["service_distribution"].values
    times = np.empty((items, len(mean)))
    for j, (kind, random) in enumerate(zip(kinds, randoms, strict=True)):
        if kind == "deterministic":
            times[:, j] = mean[j]
        elif kind == "exponential":
            times[:, j] = random.standard_exponential(items) * mean[j]
        else:
            spread = np.log1p((deviation[j] / mean[j]) ** 2)
            times[:, j] = np.exp(random.standard_normal(items) * np.sqrt(spread) - spread / 2.0) * mean[j]
    return times


def _interval(batch_seconds: Floats, batch_items: int) -> tuple[float, float, float]:
    """The throughput [item/second] with its 95 % interval, from the mean time between items in each batch."""
    from scipy.special import stdtrit

    between = batch_seconds / batch_items
    mean = float(between.mean())
    half = float(stdtrit(BATCHES - 1, 0.975)) * float(between.std(ddof=1)) / BATCHES**0.5
    # rounding of equal times is no spread
    half = half if half > 1e-12 * mean else 0.0
    # few and very uneven items can leave no lower bound on the time between them, so none on the throughput
    high = 1.0 / (mean - half) if half < mean else float("inf")
    return 1.0 / mean, 1.0 / (mean + half), high


def _bottleneck(mean: Floats, starved: Floats, blocked: Floats) -> int:
    """The station that would work the largest share of the time; among equals the one that waits most evenly.

    Working shares are throughput times mean time, so the longest mean time decides. Upstream of a bottleneck stations
    are blocked more than starved and downstream of it the other way round: where several have the longest time, the
    one at that turn, whose two shares differ least, holds the line.
    """
    longest = np.flatnonzero(mean >= mean.max() * (1.0 - TIE))
    uneven = np.abs(starved - blocked)[longest]
    return int(longest[np.argmin(uneven)])


def _check(arrays: xr.Dataset) -> None:
    stations = arrays.sizes["station"]
    names = arrays["station"].values if "station" in arrays.coords else np.arange(stations)
    if not 1 <= stations <= MOST_STATIONS:
        raise InputError(f"the line has {stations} stations, expected 1 to {MOST_STATIONS}")
    if arrays.sizes["gap"] != stations - 1:
        raise InputError(
            f"the line has {stations} stations and {arrays.sizes['gap']} buffers, expected {stations - 1}: "
            "one between each two stations"
        )
    for name, low, high in (("items", FEWEST_ITEMS, MOST_ITEMS), ("seed", 0, 2**63 - 1)):
        value = arrays[name].item()
        if not low <= value <= high or value != int(value):
            raise InputError(f"{name} of the line is {value}, expected a whole number from {low:,} to {high:,}")
    for gap, places in enumerate(arrays["buffer"].values):
        if not 0 <= places <= LARGEST_BUFFER or places != int(places):
            raise InputError(
                f"buffer {gap} after station '{names[gap]}' is {places}, "
                f"expected a whole number from 0 to {LARGEST_BUFFER:,}"
            )
    for name, mean, deviation, kind in zip(
        names,
        arrays["service_mean"].values,
        arrays["service_deviation"].values,
        arrays["service_distribution"].values,
        strict=True,
    ):
        if kind not in DISTRIBUTIONS:
            raise InputError(f"station '{name}': distribution '{kind}' is not one of {', '.join(DISTRIBUTIONS)}")
        if not 0.0 < mean <= LONGEST_SECONDS:
            raise InputError(
                f"station '{name}': service_mean is {mean:g} s, expected above 0 and at most {LONGEST_SECONDS:g} s"
            )
        if kind == "lognormal" and not 0.0 < deviation <= 100.0 * mean:
            raise InputError(
                f"station '{name}': service_deviation is {deviation:g} s, expected above 0 and at most 100 means"
            )
