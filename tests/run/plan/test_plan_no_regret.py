"""Drawn markets of two firms that build, idle and close: whatever else either had done, by a plain count, is worse.

The count is written from docs/formulation/plan.md alone: a Cournot game by best responses, every way of each firm.
"""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest
import yaml

from cell2grid.run.plan.profit import profitable
from cell2grid.study.loader import parse_study

PAGE = "[page]"
RATE = 0.08
FIRMS = ("heron", "otter")
YEARS = (2026, 2027)


class Case:
    """The figures of a study of one market, P = price (1 + 1 / e) - slope Q, over two years."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)
        self.quantity = [draw.uniform(60, 140) for _ in YEARS]
        self.price, self.elasticity = draw.uniform(40, 70), draw.uniform(0.8, 1.6)
        self.plants = {firm: (draw.uniform(15, 60), draw.uniform(5, 25)) for firm in FIRMS}
        self.keep = {firm: [draw.uniform(200, 1800), draw.uniform(5, 80), draw.uniform(1, 60), draw.uniform(1, 60)]
                     for firm in FIRMS}  # fmt: skip
        self.blocks = {firm: (draw.uniform(5, 25), draw.uniform(4, 20), draw.uniform(100, 900)) for firm in FIRMS}

    def study(self) -> dict[str, Any]:
        rows = [{"start": f"{year}-01", "quantity": f"{quantity!r} pack/year {PAGE}",
                 "price": f"{self.price!r} EUR/pack {PAGE}", "elasticity": f"{self.elasticity!r} ratio {PAGE}"}
                for year, quantity in zip(YEARS, self.quantity, strict=True)]  # fmt: skip
        plants, options, standing = {}, {}, []
        for firm in FIRMS:
            capacity, cost = self.plants[firm]
            plants[f"{firm}-old"] = {
                "owner": firm, "region": "here", "makes": "pack", "capacity": f"{capacity!r} pack/year {PAGE}",
                "opens": f"2020-01 {PAGE}", "marginal_cost": f"{cost!r} EUR/pack {PAGE}",
            }  # fmt: skip
            block, making, money = self.blocks[firm]
            options[f"{firm}-new"] = {
                "firm": firm, "region": "here", "makes": "pack", "block": f"{block!r} pack/year {PAGE}", "most": 2,
                "lead_time": f"0 month {PAGE}", "capital_cost": f"{money!r} EUR {PAGE}",
                "marginal_cost": f"{making!r} EUR/pack {PAGE}",
            }  # fmt: skip
            fixed, idle, restart, closing = self.keep[firm]
            standing.append({
                "plant": f"{firm}-old", "fixed_cost": f"{fixed!r} EUR/year {PAGE}",
                "mothballed_cost": f"{idle!r} EUR/year {PAGE}", "restart_cost": f"{restart!r} EUR {PAGE}",
                "closing_cost": f"{closing!r} EUR {PAGE}",
            })  # fmt: skip
        return {
            "study": "drawn", "horizon": {"start": "2026-01", "end": "2027-12"},
            "sources": {"page": {"title": "A page", "publisher": "p", "date": "2026"}},
            "regions": {"here": {"currency": "EUR"}}, "products": {"pack": {"counted_in": "pack"}},
            "firms": {firm: {"region": "here"} for firm in FIRMS}, "plants": plants,
            "markets": {"town": {"region": "here", "product": "pack", "demand": rows}},
            "competition": {"currency": "EUR"},
            "investment": {"currency": "EUR", "objective": "profit", "discount_rate": f"8 percent/year {PAGE}",
                           "options": options, "standing": standing},
        }  # fmt: skip

    def ways(self) -> list[tuple[tuple[int, int], tuple[str, str]]]:
        """Blocks of each year with the state of the plant in each."""
        blocks = [way for way in product(range(3), repeat=2) if sum(way) <= 2]
        states = [way for way in product("oic", repeat=2) if way[0] != "c" or way[1] == "c"]
        return list(product(blocks, states))

    def worth(self, both: dict[str, Any]) -> dict[str, float]:
        found = dict.fromkeys(FIRMS, 0.0)
        for year in range(2):
            steps = {firm: self._steps(firm, both[firm], year) for firm in FIRMS}
            for firm, earned in self._cournot(steps, year).items():
                # money comes in the middle of each month
                found[firm] += earned * sum((1 + RATE) ** -(year + (m + 0.5) / 12) for m in range(12)) / 12
        for firm in FIRMS:
            (blocks, states), before = both[firm], "o"
            fixed, idle, restart, closing = self.keep[firm]
            for year, state in enumerate(states):
                paid = {"o": fixed, "i": idle, "c": 0.0}[state]
                paid += restart * (before == "i" and state == "o") + closing * (before != "c" and state == "c")
                found[firm] -= paid * (1 + RATE) ** -(year + 0.5)
                found[firm] -= blocks[year] * self.blocks[firm][2] * (1 + RATE) ** -year
                before = state
        return found

    def _steps(self, firm: str, way: Any, year: int) -> list[tuple[float, float]]:
        """Cost and width of what a firm can make in a year, the cheapest first."""
        blocks, states = way
        block, making, _ = self.blocks[firm]
        old = self.plants[firm][0] if states[year] == "o" else 0.0
        return sorted([(self.plants[firm][1], old), (making, block * sum(blocks[: year + 1]))])

    def _cournot(self, steps: dict[str, list[tuple[float, float]]], year: int) -> dict[str, float]:
        top = self.price * (1 + 1 / self.elasticity)
        slope = self.price / self.elasticity / self.quantity[year]
        sold = dict.fromkeys(FIRMS, 0.0)
        for _ in range(300):
            for firm, other in zip(FIRMS, FIRMS[::-1], strict=True):
                sold[firm] = reached = 0.0
                for cost, width in steps[firm]:
                    reached += width
                    best = (top - slope * sold[other] - cost) / (2 * slope)
                    sold[firm] = min(max(best, sold[firm]), reached)
        price, found = top - slope * sum(sold.values()), {}
        for firm in FIRMS:
            left, spent = sold[firm], 0.0
            for cost, width in steps[firm]:
                spent += cost * min(left, width)
                left -= min(left, width)
            found[firm] = price * sold[firm] - spent
        return found


@pytest.mark.parametrize("seed", [0, 1, 8, 10, 15])
def test_whatever_else_a_firm_had_done_is_worse(seed: int) -> None:
    case = Case(seed)
    found = profitable(parse_study(yaml.safe_dump(case.study(), sort_keys=False)))
    way, words = found.found.way, {0.0: "o", 1.0: "i", 2.0: "c"}
    both = {firm: (tuple(map(int, way[row])), tuple(words[state] for state in way[2 + row]))
            for row, firm in enumerate(FIRMS)}  # fmt: skip
    stands = case.worth(both)
    assert dict(found.worth) == pytest.approx(stands, rel=1e-6, abs=1e-4)
    for firm in FIRMS:
        best = max(case.worth(both | {firm: other})[firm] for other in case.ways())
        assert best <= stands[firm] + 1e-6 * abs(stands[firm])
