"""Whole years of each linear feature of the dispatch, against HiGHS, with the dual prices of its balance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dispatch_ledger import Flows, Ledger
from dispatch_oracle import answer
from dispatch_questions import price_year, sun_year

from cell2grid.engines import dispatch

STEPS = 8760
PRICE = np.maximum(price_year(1), 1.0)
RANDOM = np.random.default_rng(1)
ASSET: dict[str, Any] = {
    "power": 100.0,
    "energy": 400.0,
    "efficiency_charge": 0.94,
    "efficiency_discharge": 0.92,
    "start_fraction": 0.5,
}
CASES: dict[str, tuple[np.ndarray, dict[str, Any]]] = {
    "relaxed below zero": (PRICE - 40.0, {"mode": "relaxed"}),
    "standing loss and limits that change": (
        PRICE,
        {"self_discharge": 0.002, "power": RANDOM.uniform(0.0, 100.0, STEPS).round(1), "discharge_power": 80.0},
    ),
    "floor, ceiling and worth at the end": (
        PRICE,
        {
            "energy_floor": RANDOM.uniform(0.0, 0.3, STEPS).round(3),
            "energy_ceiling": RANDOM.uniform(0.6, 1.0, STEPS).round(3),
            "terminal_worth": ((100.0, 80.0), (100.0, 45.0), (200.0, 10.0)),
        },
    ),
    "limits near full and empty": (
        PRICE,
        {
            "charge_by_level": ((0.0, 1.0), (0.6, 1.0), (0.8, 0.8), (1.0, 0.1)),
            "discharge_by_level": ((0.0, 0.2), (0.3, 1.0), (1.0, 1.0)),
        },
    ),
    "cyclic with throughput cost": (PRICE, {"cyclic": True, "throughput_cost": 4.0}),
    "hybrid plant with a load": (
        PRICE,
        {
            "generation": sun_year(1, 150.0),
            "load": RANDOM.uniform(10.0, 60.0, STEPS).round(1),
            "import_limit": 120.0,
            "export_limit": 90.0,
            "buy_adder": 18.0,
            "sell_adder": -1.0,
        },
    ),
    "cycles of a year": (PRICE, {"cycles_per_year": 200.0}),
    "cycles of a day": (PRICE, {"cycles_per_day": 0.9}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_year_of_hours_earns_what_highs_finds(name: str) -> None:
    price, change = CASES[name]
    asset: dict[str, Any] = ASSET | change
    # at prices above zero never both at once is no rule of its own, and the problem is linear
    expected = answer(price, **asset | {"mode": "relaxed"}).objective
    best = dispatch.schedule(dispatch.checked(dispatch.asset_case(price, **asset)))
    ledger, flows = Ledger(price, 1.0, asset), Flows(best.charge, best.discharge, best.energy)
    assert ledger.broken_rules(flows) == []
    assert best.value == pytest.approx(ledger.earned(flows), rel=1e-9)
    assert best.value == pytest.approx(expected, rel=1e-8)
