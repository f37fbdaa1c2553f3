"""What an array of a line may hold: every refusal names the station, the value and the bound.

A file's own refusals, with line and column, are in ``cell2grid.study.line_file``; these hold for every caller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.line.times import MOST_DRAWN
from cell2grid.errors import InputError
from cell2grid.formulas.service_times import DISTRIBUTIONS, ONE_NUMBER, deviation_range, possible, whole_stages

if TYPE_CHECKING:
    import xarray as xr

FEWEST_ITEMS, MOST_ITEMS = 100, 100_000_000
MOST_STATIONS, LARGEST_BUFFER, MOST_MACHINES, LARGEST_BATCH = 1_000, 1_000_000, 100_000, 1_000_000
MOST_PLACES, MOST_COMPLETIONS = 20_000_000, 10_000_000_000
SHORTEST_SECONDS, LONGEST_SECONDS = 1e-6, 1e9
MOST_REWORK, MOST_SCRAP = 0.99, 0.9999
# failures within the mean time of one item
MOST_FAILURES = 1e6


def check(arrays: xr.Dataset) -> None:
    """Refuse a line that cannot be run.

    Raises
    ------
    InputError
        A time, a share, a count or a buffer lies outside its range.
    """
    names = names_of(arrays)
    _check_size(arrays, names)
    for j, name in enumerate(names):
        of = {str(key): arrays[key].values[j] for key in arrays.data_vars if arrays[key].dims == ("station",)}
        _check_counts(name, of)
        check_time(name, "service", str(of["service_distribution"]), of["service_mean"], of["service_deviation"])
        _check_failures(name, of)
        if of["setup_mean"] != 0.0:
            check_time(name, "setup", str(of["setup_distribution"]), of["setup_mean"], of["setup_deviation"])
    _check_work(arrays)


def names_of(arrays: xr.Dataset) -> list[str]:
    """The names of the stations; their places where they have none."""
    if "station" in arrays.coords:
        return [str(name) for name in arrays["station"].values]
    return [str(place) for place in range(arrays.sizes["station"])]


def check_time(name: str, what: str, kind: str, mean: float, deviation: float) -> None:
    """Refuse a time whose distribution is not known, or whose mean or deviation it cannot have."""
    if kind not in DISTRIBUTIONS:
        raise InputError(f"station '{name}': distribution '{kind}' of {what} is not one of {', '.join(DISTRIBUTIONS)}")
    if not SHORTEST_SECONDS <= mean <= LONGEST_SECONDS:
        raise InputError(
            f"station '{name}': {what}_mean is {mean:g} s, expected from {SHORTEST_SECONDS:g} to {LONGEST_SECONDS:g} s"
        )
    if kind in ONE_NUMBER:
        return
    if not possible(kind, mean, deviation):
        least, most = deviation_range(kind, mean)
        raise InputError(
            f"station '{name}': {what}_deviation is {deviation:g} s, expected from {least:g} s to {most:g} s of a "
            f"{kind} time of {mean:g} s"
        )
    if kind == "erlang" and not whole_stages(mean, deviation):
        raise InputError(
            f"station '{name}': {what}_deviation is {deviation:g} s, which makes {(mean / deviation) ** 2:.3g} stages "
            f"of {mean:g} s, expected a whole number; take gamma"
        )


def _check_size(arrays: xr.Dataset, names: list[str]) -> None:
    stations = len(names)
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


def _check_counts(name: str, of: dict[str, float]) -> None:
    for key, most in (("machines", MOST_MACHINES), ("batch_size", LARGEST_BATCH), ("setup_every", MOST_ITEMS)):
        value = of[key]
        if not 1 <= value <= most or value != int(value):
            raise InputError(f"station '{name}': {key} is {value:g}, expected a whole number from 1 to {most:,}")
    if of["setup_mean"] != 0.0 and of["setup_every"] < of["batch_size"]:
        raise InputError(
            f"station '{name}': setup_every is {of['setup_every']:g}, below its batch of {of['batch_size']:g} items; "
            "it is set up between batches at most"
        )
    for key, share in (("scrap_share", MOST_SCRAP), ("rework_share", MOST_REWORK)):
        if not 0.0 <= of[key] <= share:
            raise InputError(f"station '{name}': {key} is {of[key]:g}, expected from 0 to {share:g}")


def _check_failures(name: str, of: dict[str, float]) -> None:
    between = of["time_between_failures"]
    if between == np.inf:
        return
    least = of["service_mean"] / MOST_FAILURES
    if not (between > 0.0 and between >= least):
        raise InputError(
            f"station '{name}': time_between_failures is {between:g} s, expected above 0 and at least {least:g} s, "
            f"the mean time of an item over {MOST_FAILURES:,.0f}"
        )
    check_time(name, "repair", str(of["repair_distribution"]), of["repair_mean"], of["repair_deviation"])


def _check_work(arrays: xr.Dataset) -> None:
    """Refuse what would not fit into memory, or never end."""
    items = int(arrays["items"])
    places = int(np.minimum(arrays["buffer"].values, items).sum() + arrays["machines"].values.sum())
    if places > MOST_PLACES:
        raise InputError(f"the line has {places:,} places in buffers and machines, expected at most {MOST_PLACES:,}")
    completions = items * times_an_item(arrays)
    if completions > MOST_COMPLETIONS:
        raise InputError(
            f"{items:,} items through {arrays.sizes['station']} stations are {completions:,.0f} completions and "
            f"repairs, expected at most {MOST_COMPLETIONS:,}; send fewer items"
        )


def times_an_item(arrays: xr.Dataset) -> float:
    """Times that are drawn for one item on its way: at each station with rework, and the failures in it."""
    again = 1.0 / (1.0 - arrays["rework_share"].values)
    failures = arrays["service_mean"].values * again / arrays["time_between_failures"].values
    return float((again + np.minimum(failures, MOST_DRAWN)).sum())
