from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.formulas.cell_cost import (
    ROWS,
    Rules,
    Year,
    accounts,
    bought,
    invested,
    learning_factor,
    passed,
    scaled,
    scrap_credit,
    unit_price,
)

PARTS = st.floats(0.01, 1.0)
RATIOS = st.floats(0.01, 100.0)
MONEY = st.floats(0.0, 1e9)


def _one(value: float) -> np.ndarray:
    return np.full(1, value)


def _rules(**given_: float) -> Rules:
    plain = dict.fromkeys(Rules.__dataclass_fields__, 0.0)
    return Rules(**{name: _one(value) for name, value in {**plain, "equipment_life": 10.0, **given_}.items()})


BATPAC = _rules(
    building_depreciation=0.05, overhead_of_labour=0.4, overhead_of_depreciation=0.2, general_of_labour=0.25,
    general_of_depreciation=0.25, research_of_depreciation=0.4, launch_of_materials=0.05, launch_of_labour=0.1,
    working_capital=0.15, profit_of_investment=0.05, warranty=0.056,
)  # fmt: skip


def _year(**given_: float) -> Year:
    plain = dict.fromkeys(Year.__dataclass_fields__, 0.0)
    return Year(**{name: _one(value) for name, value in {**plain, **given_}.items()})


def test_the_accounts_of_a_year_by_hand():
    """Depreciation 1000/10 + 0.05 × 400 = 120; overhead 0.4 × 200 + 0.2 × 120 = 104, of which 30 is energy at home.

    So energy 40 and overhead 74; worked 200 + 74 + 40 = 314; general 0.25 × 314 + 0.25 × 120 = 108.5; research
    0.4 × 120 = 48. Invested: 1000 + 400 + launch 0.05 × 600 + 0.1 × 314 = 61.4 + working 0.15 × (600 − 10 + 314) =
    135.6, in all 1597, profit 79.85. Before warranty 500 + 100 − 10 + 40 + 200 + 74 + 108.5 + 48 + 120 + 79.85 =
    1260.35, warranty 70.5796.
    """
    year = _year(
        materials=500, purchased_items=100, scrap_credit=10, energy=40, reference_energy=30, direct_labour=200,
        equipment=1000, building=400,
    )  # fmt: skip
    rows = {name: float(row[0]) for name, row in accounts(year, BATPAC).items()}
    assert rows == pytest.approx(
        {
            "materials": 500, "purchased_items": 100, "scrap_credit": -10, "energy": 40, "direct_labour": 200,
            "variable_overhead": 74, "general": 108.5, "research": 48, "depreciation": 120, "profit": 79.85,
            "warranty": 70.5796,
        }
    )  # fmt: skip
    assert tuple(rows) == ROWS
    kinds = {name: float(one[0]) for name, one in invested(year, BATPAC, _one(314.0)).items()}
    assert kinds == pytest.approx({"equipment": 1000, "building": 400, "launch": 61.4, "working_capital": 135.6})


def test_energy_at_home_prices_changes_no_sum():
    """Within the overhead or apart, a plant where the baseline stands pays the same."""
    inside = accounts(_year(direct_labour=1000, equipment=1e4), BATPAC)
    apart = accounts(_year(direct_labour=1000, equipment=1e4, energy=50, reference_energy=50), BATPAC)
    assert sum(float(row[0]) for row in inside.values()) == pytest.approx(sum(float(row[0]) for row in apart.values()))


def test_overhead_never_falls_below_zero():
    assert float(accounts(_year(direct_labour=1, reference_energy=100), BATPAC)["variable_overhead"][0]) == 0.0


def test_scrap_that_is_worth_its_price_costs_nothing():
    """At half yield 2 kg are bought for one; all of the second kilogram comes back at its price."""
    assert float(bought(1.0, 0.5) * 10.0 - scrap_credit(1.0, 0.5, 10.0, 1.0, 1.0)) == 10.0


def test_a_price_falls_by_what_the_exponent_says():
    """A yearly cost that grows as the 0.85th power of the number: ten times as many, each 0.708 of the price."""
    assert float(unit_price(1.0, 10.0, 0.85)) == pytest.approx(10**-0.15)


def test_each_doubling_takes_its_part():
    assert learning_factor(0.2, [1.0, 2.0, 8.0], 1.0).tolist() == pytest.approx([1.0, 0.8, 0.512])


@given(small=RATIOS, more=st.floats(1.0, 100.0), exponent=st.floats(0.0, 1.0))
def test_a_larger_step_is_never_dearer_for_each_item(small: float, more: float, exponent: float):
    one = float(scaled(1.0, small, exponent)) / small
    other = float(scaled(1.0, small * more, exponent)) / (small * more)
    assert other <= one * (1 + 1e-12)


@given(yields=st.lists(PARTS, min_size=1, max_size=6), better=PARTS, recovered=PARTS, worth=PARTS)
def test_a_higher_yield_is_never_dearer(yields: list[float], better: float, recovered: float, worth: float):
    part = float(passed(yields))
    higher = part + (1.0 - part) * better

    def cost(at: float) -> float:
        return float(bought(1.0, at) * 10.0 - scrap_credit(1.0, at, 10.0, recovered, worth))

    assert 0.0 < part <= 1.0
    assert cost(higher) <= cost(part) * (1 + 1e-12)


@given(*[MONEY] * 6)
def test_no_part_of_the_cost_lowers_the_sum(materials, parts, energy, labour, equipment, building):
    base = {
        "materials": materials, "purchased_items": parts, "energy": energy, "reference_energy": energy,
        "direct_labour": labour, "equipment": equipment, "building": building,
    }  # fmt: skip
    total = sum(float(row[0]) for row in accounts(_year(**base), BATPAC).values())
    for name in ("materials", "direct_labour", "equipment", "building"):
        more = sum(float(row[0]) for row in accounts(_year(**{**base, name: base[name] + 1e6}), BATPAC).values())
        assert more > total
