"""Stations as the compiled recursion has them: a record each, with what it is told, where it stands and what it did.

What an array may hold is checked in ``checks.py`` before. The loop over items is in ``kernel.py``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.engines.line import times
from cell2grid.formulas.counter import stream_key

if TYPE_CHECKING:
    import xarray as xr

Floats = npt.NDArray[np.float64]
Records = npt.NDArray[np.void]

KINDS = {
    "deterministic": times.DETERMINISTIC,
    "exponential": times.EXPONENTIAL,
    "lognormal": times.LOGNORMAL,
    "uniform": times.UNIFORM,
    "triangular": times.TRIANGULAR,
    "gamma": times.GAMMA,
    "erlang": times.GAMMA,
    "weibull": times.WEIBULL,
}
_TOLD = [
    *(("machines", "i8"), ("batch", "i8"), ("scrap", "f8"), ("rework", "f8")),
    *(("kind", "i8"), ("first", "f8"), ("second", "f8")),
    *(("fails_every", "f8"), ("repair_mean", "f8"), ("repair_kind", "i8"), ("repair_first", "f8")),
    *(("repair_second", "f8"), ("setup_every", "i8"), ("setup_kind", "i8"), ("setup_first", "f8")),
    *(("setup_second", "f8"), ("key", "u8"), ("rework_key", "u8"), ("scrap_key", "u8"), ("fail_key", "u8")),
    *(("setup_key", "u8"), ("heap_at", "i8"), ("ring_at", "i8"), ("ring", "i8")),
]
_STANDS = [
    *(
        ("ready", "i8"),
        ("occupied", "i8"),
        ("emptying", "i8"),
        ("loaded", "i8"),
        ("left", "i8"),
        ("started", "i8"),
        ("gone", "i8"),
    ),
    *(("write", "i8"), ("room", "i8"), ("until_room", "i8"), ("since_setup", "i8")),
    *(("free", "f8"), ("finish", "f8"), ("leaving", "f8"), ("arrivals", "f8")),
]
SUMS = ("starved", "blocked", "working", "setup", "down", "waited")
STATION = np.dtype([*_TOLD, *_STANDS, *((name, "f8") for name in SUMS), ("scrapped", "i8")], align=True)


@dataclass(frozen=True, slots=True)
class Made:
    """Records, and the room for finishes and empty machines that they point into."""

    records: Records
    finishes: Floats
    emptied: Floats


def made(arrays: xr.Dataset, more: npt.NDArray[np.int64] | None = None) -> Made:
    """Empty stations; ``more`` are machines that each has beside those of the arrays."""
    count = arrays.sizes["station"]
    line = np.zeros(count, STATION)
    plain = {name: arrays[name].values for name in arrays.data_vars}
    line["machines"] = plain["machines"] + (0 if more is None else more)
    line["batch"], line["scrap"], line["rework"] = plain["batch_size"], plain["scrap_share"], plain["rework_share"]
    between = plain["time_between_failures"]
    line["fails_every"] = np.where(np.isfinite(between), between, 0.0)
    line["repair_mean"] = plain["repair_mean"]
    line["setup_every"] = np.where(plain["setup_mean"] > 0.0, plain["setup_every"], 0.0)
    for name, before in (("service", ""), ("repair", "repair_"), ("setup", "setup_")):
        told = zip(*(plain[f"{name}_{part}"] for part in ("distribution", "mean", "deviation")), strict=True)
        numbers = np.array([two_numbers(str(kind), float(mean), float(deviation)) for kind, mean, deviation in told])
        line[f"{before}kind"], line[f"{before}first"], line[f"{before}second"] = numbers.T
    _give_keys(line, arrays)
    return _with_room(line, plain["buffer"], int(arrays["items"]))


def two_numbers(kind: str, mean: float, deviation: float) -> tuple[int, float, float]:
    """The kind of a distribution as ``times.drawn`` takes it, and its two numbers, from mean and deviation.

    >>> two_numbers("uniform", 60.0, 12.0 / 3**0.5)
    (3, 48.0, 24.0)
    """
    first, second = mean, 0.0
    if mean > 0.0 and kind == "lognormal":
        second = math.sqrt(math.log1p((deviation / mean) ** 2))
        first = math.log(mean) - second**2 / 2.0
    elif kind == "uniform":
        first, second = mean - math.sqrt(3.0) * deviation, 2.0 * math.sqrt(3.0) * deviation
    elif kind == "triangular":
        first, second = mean - math.sqrt(6.0) * deviation, math.sqrt(6.0) * deviation
    elif mean > 0.0 and kind in ("gamma", "erlang"):
        first = (mean / deviation) ** 2
        second = mean / first
    elif mean > 0.0 and kind == "weibull":
        first = _inverse_shape(deviation / mean)
        second = mean / math.gamma(1.0 + first)
    return KINDS[kind], first, second


def _inverse_shape(variation: float) -> float:
    """One over the shape of the Weibull distribution of this deviation over its mean."""
    from scipy.optimize import brentq
    from scipy.special import gammaln

    wanted = math.log1p(variation**2)
    return float(brentq(lambda p: gammaln(1.0 + 2.0 * p) - 2.0 * gammaln(1.0 + p) - wanted, 1e-9, 100.0, xtol=1e-14))


def _give_keys(line: Records, arrays: xr.Dataset) -> None:
    """Streams of random numbers by the names of the stations: a change to one leaves the draws of the others."""
    seed = int(arrays["seed"])
    names = arrays["station"].values if "station" in arrays.coords else range(len(line))
    for j, name in enumerate(names):
        keys = {"key": "service", "rework_key": "rework", "scrap_key": "scrap", "fail_key": "fails"}
        for field, what in {**keys, "setup_key": "setup"}.items():
            line[field][j] = stream_key(seed, f"line.{name}.{what}")


def _with_room(line: Records, buffer: npt.NDArray[np.float64], items: int) -> Made:
    """Heaps and rings, and the station's place in them before the first item.

    Item n has room where its load that began a buffer of items before it has a machine: load ⌊(n − b) / B⌋.
    """
    batch = line["batch"]
    before = np.minimum(np.concatenate([[0], buffer]), items).astype(np.int64)
    line["ring"] = -(-before // batch) + 1
    line["ring_at"] = np.concatenate([[0], np.cumsum(line["ring"])[:-1]])
    # two heaps a station: when loads on machines are finished, and when those that are leaving will have left
    line["heap_at"] = np.concatenate([[0], np.cumsum(2 * line["machines"])[:-1]])
    line["room"] = line["ring_at"] + (-before // batch) % line["ring"]
    line["until_room"] = batch - (-before) % batch
    return Made(line, np.zeros(2 * int(line["machines"].sum())), np.zeros(int(line["ring"].sum())))
