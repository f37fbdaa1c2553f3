"""Projects on prices that are easy to reckon with: 10 and 50 EUR/MWh in turn, over a year of 8,760 hours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from cell2grid.prices import PriceSeries, synthetic_year
from cell2grid.run.worth.terms import Subject, subject_of
from cell2grid.study.project_file import parse_project

BARE = """
project: bare
power: 10 MW
energy: 10 MWh
finance: {capital_cost: 100 EUR/kWh, discount_rate: 0 percent/year, life: 2 year}
"""
CELLS = """
project: with cells
power: 10 MW
energy: 20 MWh
efficiency_charge: 0.94
efficiency_discharge: 0.94
finance: {capital_cost: 150 EUR/kWh, power_cost: 40 EUR/kW, discount_rate: 6 percent/year, life: 4 year}
ageing: {cells: naumann-2020-lfp-sony}
"""


def alternating(*, high: float = 50.0, name: str = "alternating") -> PriceSeries:
    """A year of 10 and ``high`` EUR/MWh in turn."""
    price = np.tile([10.0, high], 4380)
    return replace(synthetic_year(1), price=price, name=name, currency="EUR", synthetic=False, notes=())


def subject(text: str, *series: PriceSeries, delivered: np.ndarray | None = None) -> Subject:
    """The project of a text on some prices, those in turn without any."""
    return subject_of(parse_project(text), series or [alternating()], folder=Path(), delivered=delivered)


def wavy(count: int) -> list[PriceSeries]:
    """Synthetic years that differ."""
    return [synthetic_year(seed, currency="EUR") for seed in range(1, count + 1)]
