"""The problem that all programs get: 100 plants, 10 regions, 10 products, month by month over ten years.

Each region has one plant for each product. A plant sells its product in all regions at a freight by distance, its
output has four steps of cost, its capacity grows by what is added in a month, and demand that grows with the seasons is
met or left unserved at a cost. A month has 10 shipments, 4 steps of output, 1 addition and 1 capacity of each plant,
and the unserved demand of each of 100 markets: 1,700 columns, 204,000 in 120 months.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

REGIONS, PRODUCTS, MONTHS, STEPS = 10, 10, 120, 4
UNSERVED = 400.0


@dataclass(frozen=True)
class Expansion:
    """Numbers by region of the plant r, product p, region of the market m, step s and month t."""

    demand: np.ndarray  # (m, p, t) item/year
    standing: np.ndarray  # (r, p) item/year
    width: np.ndarray  # (r, p, s) item/year; inf for the last
    cost: np.ndarray  # (r, p, s) currency/item
    freight: np.ndarray  # (r, m) currency/item
    capital: np.ndarray  # (r, p, t) currency for an item/year that is decided on in the month, worth at the begin
    lead: int  # months from decision to opening
    months: int

    @property
    def weight(self) -> np.ndarray:
        """What a yearly amount in a month counts: a twelfth, at 8 percent a year."""
        return 1.08 ** (-np.arange(self.months) / 12.0) / 12.0


def expansion(months: int = MONTHS) -> Expansion:
    """The numbers, the same at each call."""
    draw = np.random.default_rng(7)
    time = np.arange(months)
    base = draw.uniform(20.0, 100.0, (REGIONS, PRODUCTS, 1))
    growth = draw.uniform(0.0, 0.10, (REGIONS, PRODUCTS, 1))
    season = 1.0 + 0.1 * np.sin(2.0 * np.pi * (time / 12.0 + draw.uniform(0.0, 1.0, (REGIONS, PRODUCTS, 1))))
    demand = base * (1.0 + growth) ** (time / 12.0) * season
    standing = draw.uniform(30.0, 90.0, (REGIONS, PRODUCTS))
    first = draw.uniform(40.0, 90.0, (REGIONS, PRODUCTS, 1))
    cost = first * (1.0 + 0.1 * np.arange(STEPS))
    width = np.broadcast_to(standing[:, :, None] * 0.3, (REGIONS, PRODUCTS, STEPS)).copy()
    width[:, :, -1] = np.inf
    place = draw.uniform(0.0, 1.0, (REGIONS, 2))
    freight = 30.0 * np.linalg.norm(place[:, None] - place[None], axis=2)
    overnight = draw.uniform(80.0, 160.0, (REGIONS, PRODUCTS, 1))
    left = 1.0 - time / months  # what is used up within the horizon
    capital = overnight * left * 1.08 ** (-time / 12.0) + 1e-3
    return Expansion(demand, standing, width, cost, freight, capital, 0, months)
