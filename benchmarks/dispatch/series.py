"""The prices and the asset of the benchmark: synthetic years, a solar trough, and prices made to be hard."""

from __future__ import annotations

from typing import Any

import numpy as np

from cell2grid.engines import dispatch
from cell2grid.prices import synthetic_year

# 100 MW and four hours; the figures that other programs were measured with
ASSET: dict[str, Any] = {
    "power": 100.0,
    "energy": 400.0,
    "efficiency_charge": 0.94,
    "efficiency_discharge": 0.94,
    "start_fraction": 0.5,
    "end_fraction": 0.5,
}
# the same with losses for which the lattice of exact levels is coarse at every time step
COARSE = ASSET | {"efficiency_charge": 0.9, "efficiency_discharge": 0.9}


def case(price: np.ndarray, hours: float, **changes: Any) -> dispatch.Case:
    """The checked case of the benchmark's asset."""
    return dispatch.checked(dispatch.asset_case(price, hours, **(ASSET | changes)))


def year(seed: int, minutes: int, *, negative: bool, steps: int | None = None) -> np.ndarray:
    """The prices of a synthetic year, cut off at zero unless negative ones may stay; a part of it begins in June."""
    price = synthetic_year(seed, resolution_minutes=minutes).price
    first = min(150 * 1440 // minutes, len(price) - (steps or len(price)))
    price = price[first:][:steps]
    return price if negative else np.maximum(price, 0.0)


def years(steps: int, minutes: int, *, negative: bool) -> np.ndarray:
    """So many steps of synthetic years end to end; from the thirteenth on their noise is made anew."""
    each = 525_600 // minutes
    made = [year(seed, minutes, negative=negative) for seed in range(min(12, -(-steps // each)))]
    random = np.random.default_rng(3)
    parts = []
    for number in range(-(-steps // each)):
        price = made[number % len(made)]
        if number >= len(made):
            price = np.round(price + random.normal(0.0, 3.0, each), 2)
        parts.append(price if negative else np.maximum(price, 0.0))
    return np.concatenate(parts)[:steps]


def solar_trough(days: int, minutes: int = 1, seed: int = 5) -> np.ndarray:
    """Days whose price sinks far below zero at noon and comes back, as smoothly as the sun: ramps without a tie.

    Every day is another depth and length, so that no two steps have one price. Long smooth negative ramps at short
    steps are what makes the value of stored energy fall into most pieces.
    """
    random = np.random.default_rng(seed)
    hour = np.arange(0.0, 24.0, minutes / 60.0)
    depth = random.uniform(60.0, 140.0, (days, 1))
    daylight = random.uniform(9.0, 14.0, (days, 1))
    sun = np.cos(np.pi * np.clip((hour - 12.5) / daylight, -0.5, 0.5))
    evening = np.exp(-0.5 * ((hour - 19.5) / 2.0) ** 2)
    smooth = 48.0 + 6.0 * np.sin(2.0 * np.pi * (hour - 4.0) / 24.0) + random.uniform(15.0, 60.0, (days, 1)) * evening
    return (smooth - depth * sun).ravel()


def hard_prices(steps: int) -> dict[str, np.ndarray]:
    """Prices that trip a careless method: ties, one price, nothing but negative ones, and mostly negative ones."""
    random = np.random.default_rng(11)
    year_of_hours = year(4, 60, negative=True, steps=steps)
    return {
        "ties: five prices": random.choice([-20.0, 0.0, 10.0, 40.0, 90.0], steps),
        "ties: whole euros": np.round(year_of_hours),
        "one price": np.full(steps, 40.0),
        "one negative price": np.full(steps, -40.0),
        "nothing but negative": -5.0 - np.abs(random.normal(0.0, 40.0, steps)),
        "26 % negative": year_of_hours - np.quantile(year_of_hours, 0.26),
        "from -1 to 1e6": np.where(random.random(steps) < 0.01, 1e6, random.uniform(-1.0, 1.0, steps)),
    }
