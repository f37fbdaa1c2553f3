"""Real price years, against figures worked out by another method on a lattice of levels."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from dispatch_oracle import oracle

from cell2grid.engines import dispatch

ASSET = {
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


@pytest.mark.parametrize(
    ("name", "revenue"),
    [("prices-de-2016-2017.csv", 5944665.2292), ("prices-pjm-2017-2018.csv", 5587221.7021)],
)
def test_two_years_with_negative_prices_earn_the_exact_figure(shared: Path, name: str, revenue: float) -> None:
    best = dispatch.solve(dispatch.asset_arrays(prices(shared, name), **ASSET))  # type: ignore[arg-type]
    assert float(best["revenue"]) == pytest.approx(revenue, abs=1e-4)
    assert float((best["charge"] * best["discharge"]).max()) == 0.0


def test_a_year_of_prices_not_below_zero_earn_what_highs_finds(shared: Path) -> None:
    price = np.maximum(prices(shared, "prices-de-2016-2017.csv"), 0.0)[:8760]
    best = dispatch.solve(dispatch.asset_arrays(price, **ASSET))  # type: ignore[arg-type]
    limit = np.full(len(price), 100.0)
    expected = oracle(
        price,
        np.ones(len(price)),
        limit,
        limit,
        energy=400.0,
        efficiency_charge=0.94,
        efficiency_discharge=0.94,
        start=200.0,
        end=200.0,
        exclusive=False,
    )
    assert best.attrs["method"] == "dynamic programming"
    assert float(best["revenue"]) == pytest.approx(expected, rel=1e-9)
