"""What ``capability`` reads as plain arrays, for the reference in numpy and the compiled form alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.errors import EngineError

if TYPE_CHECKING:
    import xarray as xr

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

IMMEDIATE, LINEAR, TRANCHES, LOGISTIC = 0, 1, 2, 3
# what is learned by making is counted where the making is
CURVES = {"immediate": IMMEDIATE, "learning": IMMEDIATE, "linear": LINEAR, "tranches": TRANCHES, "logistic": LOGISTIC}
MOST_OUTAGES = 100_000.0  # of one plant in one member over all months, as expected
_WHOLE_MONTH = 1e-9  # months; ages that step by one month to within this are stepped through by multiplication
_MONTHLY_DIMS = ("plant", "tranche", "period")


class PlantArrays(NamedTuple):
    """Plants by member, in the units of the nomenclature; all C-contiguous.

    ``curve`` (plant) is a number of CURVES; ``even`` (plant, tranche) is the first period from which on the age steps
    by one whole month, or the number of periods where it never does; ``plant_even`` (plant) is the same of
    ``plant_age``. ``month_starts`` (period + 1) is the day on which each month begins, counted from the first month,
    and ``month_of_day`` the month in which each whole day begins. ``draw`` (member) is the place of a member in the
    streams of random numbers and ``stream`` (plant) the key of each.
    """

    curve: Integers
    tranche_capacity: Floats  # (member, plant, tranche)
    tranche_open: Floats  # (plant, tranche, period)
    tranche_age: Floats  # (plant, tranche, period)
    even: Integers
    months_to_nameplate: Floats  # (member, plant)
    plant_age: Floats  # (plant, period)
    plant_even: Integers
    yield_start: Floats  # (member, plant), and the same below
    yield_steady: Floats
    yield_months: Floats
    outage_every: Floats
    outage_lasts: Floats
    outage_leaves: Floats
    stream: Words
    draw: Words
    month_starts: Floats
    month_of_day: Integers


def plant_arrays(arrays: xr.Dataset) -> PlantArrays:
    """The READS of ``capability`` as plain arrays.

    Raises
    ------
    EngineError
        A curve is unknown; a number is missing or out of its bounds; outages are too many to follow one by one.
    """
    by_plant = {
        name: _plain(arrays, name, "member", "plant")
        for name in (
            *("months_to_nameplate", "yield_start", "yield_steady", "yield_months"),
            *("outage_every", "outage_lasts", "outage_leaves"),
        )
    }
    opened = {name: _plain(arrays, name, *_MONTHLY_DIMS) for name in ("tranche_open", "tranche_age")}
    capacity = _plain(arrays, "tranche_capacity", "member", "plant", "tranche")
    plant_age, days = _plain(arrays, "plant_age", "plant", "period"), _plain(arrays, "days", "period")
    _check(arrays, by_plant, capacity, opened, plant_age, days)
    starts = np.concatenate([[0.0], np.cumsum(days)])
    return PlantArrays(
        curve=np.array([_curve(str(name)) for name in arrays["ramp_curve"].values], dtype=np.int64),
        tranche_capacity=capacity,
        **opened,
        even=_even_from(opened["tranche_age"]),
        plant_age=plant_age,
        plant_even=_even_from(plant_age),
        **by_plant,
        stream=np.ascontiguousarray(arrays["outage_stream"].values).astype(np.int64).view(np.uint64),
        draw=np.ascontiguousarray(arrays["draw"].values).astype(np.int64).view(np.uint64),
        month_starts=starts,
        month_of_day=_months_of_days(starts),
    )  # fmt: skip


def _months_of_days(starts: Floats) -> Integers:
    """The month in which each whole day begins; the last month for the day on which all are over."""
    found = np.searchsorted(starts, np.arange(int(starts[-1]) + 1), side="right").astype(np.int64) - 1
    months: Integers = np.minimum(found, starts.size - 2)
    return months


def _plain(arrays: xr.Dataset, name: str, *dims: str) -> Floats:
    return np.ascontiguousarray(arrays[name].transpose(*dims).values, dtype=np.float64)


def _curve(name: str) -> int:
    if name not in CURVES:
        raise EngineError(f"capability: ramp curve '{name}' is not one of {', '.join(CURVES)}")
    return CURVES[name]


def _even_from(ages: Floats) -> Integers:
    """The first period from which on ages (…, period) are known and step by one month; their number where none is."""
    periods = ages.shape[-1]
    with np.errstate(invalid="ignore"):
        stepping = np.abs(np.diff(ages, axis=-1) - 1.0) <= _WHOLE_MONTH
    # a period is even where it is open and every step after it is one month
    after = np.concatenate([stepping, np.ones((*ages.shape[:-1], 1), dtype=bool)], axis=-1)[..., :periods]
    even = np.flip(np.logical_and.accumulate(np.flip(after, axis=-1), axis=-1), axis=-1)
    even &= (ages >= 0) & np.isfinite(ages)
    first = np.where(even.any(axis=-1), even.argmax(axis=-1), periods)
    months: Integers = first.astype(np.int64)
    return months


def _check(
    arrays: xr.Dataset,
    by_plant: dict[str, Floats],
    capacity: Floats,
    opened: dict[str, Floats],
    plant_age: Floats,
    days: Floats,
) -> None:
    """Refuse what would give a plausible wrong answer, or one that never comes."""
    plants = [str(name) for name in arrays["plant"].values] if "plant" in arrays.coords else None
    every, lasts = by_plant["outage_every"], by_plant["outage_lasts"]
    fails = ~np.isnan(every)
    bounds: list[tuple[str, npt.NDArray[np.bool_], str]] = [
        ("days", ((days > 0) & (days <= 366))[None], "above 0, at most 366"),
        ("tranche_capacity", (capacity >= 0) & np.isfinite(capacity), "0 or more"),
        ("tranche_open", _share(opened["tranche_open"]), "from 0 to 1"),
        ("tranche_age", ~np.isnan(opened["tranche_age"]), "a number"),
        ("plant_age", ~np.isnan(plant_age), "a number"),
        ("months_to_nameplate", _length(by_plant["months_to_nameplate"]), "0 or more"),
        ("yield_start", _share(by_plant["yield_start"]), "from 0 to 1"),
        ("yield_steady", _share(by_plant["yield_steady"]), "from 0 to 1"),
        ("yield_months", _length(by_plant["yield_months"]), "0 or more"),
        ("outage_every", np.where(fails, every > 0, True), "above 0"),
        ("outage_lasts", np.where(fails, _length(lasts), True), "0 or more"),
        ("outage_leaves", np.where(fails, _share(by_plant["outage_leaves"]), True), "from 0 to 1"),
    ]
    for name, fine, expected in bounds:
        if not fine.all():
            place = tuple(int(index) for index in np.argwhere(~fine.astype(bool))[0])
            raise EngineError(f"capability: '{name}' at {place} is out of its bounds, expected {expected}")
    expected_outages = np.where(fails, days.sum() / np.where(fails, every + lasts, np.inf), 0.0)
    if expected_outages.size and expected_outages.max() > MOST_OUTAGES:
        worst = int(np.argwhere(expected_outages == expected_outages.max())[0][1])
        named = f"plant '{plants[worst]}'" if plants else f"plant number {worst}"
        raise EngineError(
            f"capability: {named} has about {expected_outages.max():,.0f} outages over all months, above"
            f" {MOST_OUTAGES:,.0f}; stops as short as that belong in its availability"
        )


def _share(values: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray((values >= 0) & (values <= 1))


def _length(values: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray((values >= 0) & np.isfinite(values))
