"""Hypothesis strategies for small questions to the dispatch: prices, steps and an asset with some of its features.

``questions`` draws what ``dispatch.asset_case`` takes. Answers: ``dispatch_oracle.py``; books: ``dispatch_ledger.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

Asset = dict[str, Any]


def decimals(low: float, high: float, places: int = 2) -> st.SearchStrategy[float]:
    """Round numbers: differences below the tolerance of the solver prove nothing about the package."""
    scale = 10**places
    return st.integers(round(low * scale), round(high * scale)).map(lambda n: n / scale)


def series(steps: int, low: float, high: float) -> st.SearchStrategy[Any]:
    """One number for all steps, or one a step."""
    number = decimals(low, high)
    return st.one_of(number, st.lists(number, min_size=steps, max_size=steps).map(np.array))


@st.composite
def limits(draw: st.DrawFn, steps: int) -> Asset:
    """Both limits change with time and may be zero; in one step at least the store can charge."""
    power = np.array(draw(st.lists(decimals(0.0, 6.0), min_size=steps, max_size=steps)))
    power[draw(st.integers(0, steps - 1))] = 3.0
    return {"power": power, "discharge_power": draw(series(steps, 0.0, 6.0))}


@st.composite
def levels(draw: st.DrawFn, steps: int) -> Asset:
    return {"energy_floor": draw(series(steps, 0.0, 0.5)), "energy_ceiling": draw(series(steps, 0.5, 1.0))}


@st.composite
def terminal_worth(draw: st.DrawFn, steps: int) -> Asset:
    worth = sorted(draw(st.lists(decimals(0.0, 120.0), min_size=1, max_size=4)), reverse=True)
    return {"terminal_worth": tuple((draw(decimals(0.1, 5.0)), one) for one in worth)}


@st.composite
def efficiency_by_power(draw: st.DrawFn, side: str) -> Asset:
    """Rising, falling or neither: only some of the tables are concave. More power always gets more through."""
    shares = sorted(draw(st.lists(st.sampled_from([0.1, 0.25, 0.5, 0.8]), max_size=2, unique=True)))
    table, through = [], 0.0
    for share in [*shares, 1.0]:
        able = [
            one for one in (0.7, 0.8, 0.85, 0.9, 0.95) if (share * one if side == "charge" else share / one) > through
        ]
        efficiency = draw(st.sampled_from(able))
        through = share * efficiency if side == "charge" else share / efficiency
        table.append((share, efficiency))
    return {f"efficiency_{side}_by_power": tuple(table)}


@st.composite
def limits_by_level(draw: st.DrawFn, side: str) -> Asset:
    """Full power up to a knee, and a fall to what is left at the end; with or without a second knee."""
    knee, left = draw(st.sampled_from([0.3, 0.5, 0.8])), draw(st.sampled_from([0.0, 0.1, 0.5]))
    shares = [(0.0, 1.0), (knee, 1.0), (1.0, left)]
    if draw(st.booleans()):
        middle = (1.0 + knee) / 2.0
        shares.insert(2, (middle, 1.0 - 0.25 * (1.0 - left)))
    if side == "discharge":
        shares = [(1.0 - level, share) for level, share in reversed(shares)]
    return {f"{side}_by_level": tuple(shares)}


def pick(name: str, strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Asset]:
    return strategy.map(lambda value: {name: value})


# each takes the number of steps and gives part of an asset
FEATURES = {
    "limits": limits,
    "levels": levels,
    "self_discharge": lambda steps: pick("self_discharge", st.sampled_from([0.0005, 0.01, 0.1, 0.4])),
    "throughput_cost": lambda steps: pick("throughput_cost", decimals(0.0, 30.0)),
    "terminal_value": lambda steps: pick("terminal_value", decimals(-30.0, 120.0)),
    "terminal_worth": terminal_worth,
    "buy_adder": lambda steps: pick("buy_adder", series(steps, 0.0, 40.0)),
    "sell_adder": lambda steps: pick("sell_adder", series(steps, -40.0, 0.0)),
    "subsidy": lambda steps: pick("sell_adder", series(steps, 0.0, 40.0)),
    "import_limit": lambda steps: pick("import_limit", series(steps, 0.0, 6.0)),
    "no_import": lambda steps: st.just({"import_limit": 0.0}),
    "export_limit": lambda steps: pick("export_limit", series(steps, 0.0, 6.0)),
    "no_export": lambda steps: st.just({"export_limit": 0.0}),
    "generation": lambda steps: pick("generation", series(steps, 0.0, 8.0)),
    "load": lambda steps: pick("load", series(steps, 0.0, 5.0)),
    "auxiliary_load": lambda steps: pick("auxiliary_load", series(steps, 0.0, 0.5)),
    "charge_by_power": lambda steps: efficiency_by_power("charge"),
    "discharge_by_power": lambda steps: efficiency_by_power("discharge"),
    "charge_by_level": lambda steps: limits_by_level("charge"),
    "discharge_by_level": lambda steps: limits_by_level("discharge"),
    "cyclic": lambda steps: st.just({"cyclic": True}),
    "cycles_per_year": lambda steps: pick("cycles_per_year", decimals(0.0, 2000.0, 0)),
    "cycles_per_day": lambda steps: pick("cycles_per_day", decimals(0.0, 2.0)),
    "relaxed": lambda steps: st.just({"mode": "relaxed"}),
}


@st.composite
def questions(draw: st.DrawFn, names: tuple[str, ...] | None = None) -> tuple[np.ndarray, Any, Asset]:
    """A price series, its steps and an asset with the features named, or with some."""
    steps = draw(st.integers(1, 12))
    lowest = draw(st.sampled_from([0.0, -60.0]))
    price = np.array(draw(st.lists(decimals(lowest, 100.0), min_size=steps, max_size=steps)))
    lengths = st.sampled_from([0.25, 0.5, 1.0, 2.0, 5.0])
    hours = draw(st.one_of(lengths, st.lists(lengths, min_size=steps, max_size=steps).map(np.array)))
    asset: Asset = {"power": draw(decimals(0.5, 6.0)), "energy": draw(decimals(1.0, 12.0, 1))}
    if names is None:
        names = tuple(draw(st.lists(st.sampled_from(sorted(FEATURES)), max_size=6, unique=True)))
    for name in names:
        asset |= draw(FEATURES[name](steps))
    for side, values in (("charge", [0.5, 0.8, 0.94, 1.0]), ("discharge", [0.6, 0.94, 1.0])):
        if f"efficiency_{side}_by_power" not in asset:
            asset[f"efficiency_{side}"] = draw(st.sampled_from(values))
    if not asset.get("cyclic"):
        asset["start_fraction"] = draw(st.sampled_from([0.0, 0.3, 0.5, 1.0]))
        asset["end_fraction"] = draw(st.sampled_from([0.0, 0.0, 0.2, 0.5, 1.0]))
    return price, hours, asset


def price_year(seed: int, level: float = 40.0, steps: int = 8760) -> np.ndarray:
    """A made-up year of hours: days, weeks and seasons, noise that lasts, spikes; below zero at a low ``level``."""
    random, hour = np.random.default_rng(seed), np.arange(steps)
    noise = random.normal(0.0, 6.0, steps)
    for t in range(1, steps):
        noise[t] += 0.9 * noise[t - 1]
    day = 18.0 * np.sin((hour % 24 - 8.0) * np.pi / 12.0) - 6.0 * (hour // 24 % 7 >= 5)
    spikes = np.where(random.random(steps) < 0.004, random.exponential(200.0, steps), 0.0)
    return (level + day + 10.0 * np.cos(hour * 2.0 * np.pi / steps) + noise + spikes).round(2)


def sun_year(seed: int, peak: float, steps: int = 8760) -> np.ndarray:
    """A made-up year of solar power by hours [MW], up to ``peak``: days, seasons and clouds."""
    random, hour = np.random.default_rng(seed), np.arange(steps)
    height = np.maximum(0.0, np.sin((hour % 24 - 6.0) * np.pi / 12.0))
    season = 0.7 - 0.3 * np.cos(hour * 2.0 * np.pi / steps)
    return (peak * height * season * random.uniform(0.3, 1.0, steps)).round(2)
