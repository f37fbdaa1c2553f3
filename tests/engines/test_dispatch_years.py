"""Whole years with negative prices, against a lattice of levels that is exact without a gap; real years among them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dispatch_lattice import limits, rewards, unit_of
from dispatch_ledger import Flows, Ledger, site_rewards
from dispatch_questions import price_year, sun_year

from cell2grid.engines import dispatch

ASSET: dict[str, Any] = {
    "power": 100.0,
    "energy": 400.0,
    "efficiency_charge": 0.94,
    "efficiency_discharge": 0.94,
    "start_fraction": 0.5,
    "end_fraction": 0.5,
}


def prices(shared: Path, name: str) -> np.ndarray:
    with (shared / "data" / name).open(encoding="utf-8", newline="") as file:
        return np.array([float(row["Real price"]) for row in csv.DictReader(file)])


def earned(price: np.ndarray, asset: dict[str, Any], hours: float = 1.0) -> float:
    """The value of the package's schedule, once it keeps the rules and earns what it says."""
    best = dispatch.schedule(dispatch.checked(dispatch.asset_case(price, hours, **asset)))
    ledger, flows = Ledger(price, hours, asset), Flows(best.charge, best.discharge, best.energy)
    assert ledger.broken_rules(flows) == []
    scale = float(np.abs(ledger.money(flows)).sum())
    assert best.value == pytest.approx(ledger.earned(flows), abs=1e-9 * scale)
    return best.value


def on_lattice(price: np.ndarray, asset: dict[str, Any], percent: int, hours: float = 1.0) -> float:
    """The same by dynamic programming over all levels that a plain store can reach."""
    unit, power, efficiency = unit_of(hours, asset["power"], percent, percent), asset["power"] * hours, percent / 100.0
    levels, steps = round(asset["energy"] / unit), len(price)
    terminal = np.where(np.arange(levels + 1) >= round(asset["end_fraction"] * levels), 0.0, -np.inf)
    return limits(
        price / efficiency * unit,
        price * efficiency * unit,
        np.full(steps, round(power * efficiency / unit)),
        np.full(steps, round(power / efficiency / unit)),
        np.zeros(steps, np.int64),
        np.full(steps, levels),
        round(asset["start_fraction"] * levels),
        terminal,
    )


@pytest.mark.parametrize(
    ("name", "revenue"),
    [("prices-de-2016-2017.csv", 5944665.2292), ("prices-pjm-2017-2018.csv", 5587221.7021)],
)
def test_two_years_with_negative_prices_earn_the_exact_figure(shared: Path, name: str, revenue: float) -> None:
    price = prices(shared, name)
    found = earned(price, ASSET)
    assert found == pytest.approx(revenue, abs=1e-4)
    assert found == pytest.approx(on_lattice(price, ASSET, 94), rel=1e-11)


@pytest.mark.parametrize("percent", [80, 90, 95])
@pytest.mark.parametrize("level", [25.0, 5.0, -15.0])
def test_any_year_of_hours_earns_what_the_lattice_says(percent: int, level: float) -> None:
    price = price_year(percent, level)
    asset = ASSET | {"efficiency_charge": percent / 100.0, "efficiency_discharge": percent / 100.0}
    # whole units: one stored MWh of 80 and 80 is 4/5 of a purchase, and of 1/.8 a MWh drawn
    unit = unit_of(1.0, 100.0, percent, percent)
    asset["energy"] = 2.0 * round(200.0 / unit) * unit
    assert earned(price, asset) == pytest.approx(on_lattice(price, asset, percent), rel=1e-10)


def test_half_a_year_of_quarter_hours_earns_what_the_lattice_says() -> None:
    price = price_year(15, 10.0, 17_520)
    unit = unit_of(0.25, 100.0, 80, 80)
    asset = ASSET | {"efficiency_charge": 0.8, "efficiency_discharge": 0.8, "energy": 2.0 * round(150.0 / unit) * unit}
    assert earned(price, asset, 0.25) == pytest.approx(on_lattice(price, asset, 80, 0.25), rel=1e-10)


def test_a_year_of_limits_floors_fees_and_a_worth_at_the_end_is_that_of_the_lattice() -> None:
    random, price, steps = np.random.default_rng(3), price_year(3, 8.0), 8760
    unit, room = unit_of(1.0, 100.0, 80, 80), 80
    most_in, most_out = random.integers(0, 17, steps), random.integers(0, 26, steps)
    lowest, highest = random.integers(0, 15, steps), random.integers(50, room + 1, steps)
    fee, cost, worth = random.uniform(0.0, 9.0, steps).round(2), 1.5, 20.0
    asset = {
        "power": most_in * unit / 0.8,
        "discharge_power": most_out * unit * 0.8,
        "energy": room * unit,
        "efficiency_charge": 0.8,
        "efficiency_discharge": 0.8,
        "start_fraction": 0.5,
        "energy_floor": lowest / room,
        "energy_ceiling": highest / room,
        "buy_adder": fee,
        "throughput_cost": cost,
        "terminal_value": worth,
    }
    expected = limits(
        (price + fee + cost) / 0.8 * unit,
        (price - cost) * 0.8 * unit,
        most_in,
        most_out,
        lowest,
        highest,
        room // 2,
        np.arange(room + 1) * worth * unit,
    )
    assert earned(price, asset) == pytest.approx(expected, rel=1e-10)


def test_a_year_of_a_site_with_sun_and_load_is_that_of_the_lattice() -> None:
    """0.8 MWh stored for one charged and 2 drawn for one discharged: with whole megawatts all bends are on 0.4 MWh."""
    random, price, steps, room = np.random.default_rng(8), price_year(8, 15.0), 8760, 60
    asset = {
        "power": 6.0,
        "energy": room * 0.4,
        "efficiency_charge": 0.8,
        "efficiency_discharge": 0.5,
        "start_fraction": 0.5,
        "buy_adder": random.integers(0, 15, steps) * 1.0,
        "sell_adder": -2.0,
        "generation": np.round(sun_year(8, 9.0)),
        "load": random.integers(0, 5, steps) * 1.0,
        "import_limit": random.integers(5, 9, steps) * 1.0,
        "export_limit": random.integers(0, 7, steps) * 1.0,
    }
    table = site_rewards(price, asset, units_in=2, units_out=5)
    bounds = np.zeros(steps, np.int64), np.full(steps, room)
    assert earned(price, asset) == pytest.approx(rewards(*table, *bounds, room // 2, np.zeros(room + 1)), rel=1e-10)
