"""A programme of named variables for ``scipy.optimize.milp``, and the terms of decision: parts of an oracle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from plain_reading import next_month
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

INF = math.inf


@dataclass
class Term:
    """A year or a quarter from the horizon's start on."""

    places: list[int]
    months: list[date]
    before: float  # years since the horizon's start

    @property
    def years(self) -> float:
        return len(self.months) / 12

    @property
    def middle(self) -> date:
        return self.months[0] + (next_month(self.months[-1]) - self.months[0]) // 2

    def inside(self, start: str | None, end: str | None) -> float:
        months = [(start or "") <= f"{month:%Y-%m}" <= (end or "9999-12") for month in self.months]
        return sum(months) / len(months)


class Programme:
    """A mixed-integer programme whose variables and rows are made as they are needed."""

    def __init__(self) -> None:
        self.places: dict[Any, int] = {}
        self.cost: list[float] = []
        self.most: list[float] = []
        self.whole: list[int] = []
        self.rows: list[tuple[dict[Any, float], float, float]] = []

    def variable(self, name: Any, most: float = INF, *, whole: bool = False) -> Any:
        self.places[name] = len(self.cost)
        self.cost.append(0.0)
        self.most.append(most)
        self.whole.append(int(whole))
        return name

    def pay(self, name: Any, amount: float) -> None:
        self.cost[self.places[name]] += amount

    def row(self, weights: dict[Any, float], low: float, high: float) -> None:
        self.rows.append((weights, low, high))

    def least(self, *, whole: bool) -> float:
        matrix = lil_matrix((len(self.rows), len(self.cost)))
        for number, (weights, _, _) in enumerate(self.rows):
            for name, weight in weights.items():
                matrix[number, self.places[name]] += weight
        rows = LinearConstraint(matrix.tocsr(), [row[1] for row in self.rows], [row[2] for row in self.rows])
        found = milp(
            np.array(self.cost),
            constraints=[rows],
            bounds=Bounds(np.zeros(len(self.cost)), np.array(self.most)),
            integrality=np.array(self.whole) if whole else None,
            options={"mip_rel_gap": 0.0},
        )
        assert found.success, found.message
        return float(found.fun)
