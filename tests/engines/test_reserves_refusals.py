"""What energy and reserve together refuse, by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from reserve_cases import DAY, battery

from cell2grid.engines.reserves import co_optimised, product
from cell2grid.errors import InfeasibleError, InputError, NotConvergedError


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"capacity_price": float("nan")}, "capacity_price of timestep 0 is nan"),
        ({"capacity_price": np.r_[np.zeros(47), np.inf]}, "capacity_price of timestep 47 is inf"),
        ({"capacity_price": np.zeros(3)}, "a series has 3 values"),
        ({"duration_up": -1.0}, "duration_up is -1"),
        ({"duration_down": float("inf")}, "duration_down is inf"),
        ({"activation_up": 1.5}, "activation_up of timestep 0 is 1.5"),
        ({"activation_price_down": float("nan")}, "activation_price_down of timestep 0 is nan"),
        ({"least": -1.0}, "least is -1"),
        ({"most": float("nan")}, "most of timestep 0 is nan"),
        ({"block_hours": 0.0}, "block_hours is 0"),
        ({"block": np.zeros(3, int)}, "block has 3"),
        ({"up": False, "down": False}, "neither upward nor downward"),
    ],
)
def test_an_impossible_product_is_refused_by_name(terms: dict, words: str) -> None:
    case = battery(DAY)
    with pytest.raises(InputError, match=words) as refused:
        co_optimised(case, [product(case, "mine", **{"capacity_price": 1.0, **terms})])
    assert "'mine'" in str(refused.value)


def test_two_products_of_one_name_are_refused() -> None:
    case = battery(DAY)
    twice = [product(case, "fcr", capacity_price=1.0)] * 2
    with pytest.raises(InputError, match="'fcr' stands 2 times"):
        co_optimised(case, twice)


@pytest.mark.parametrize(
    "table", ["efficiency_charge_by_power", "efficiency_discharge_by_power", "charge_by_level", "discharge_by_level"]
)
def test_features_that_reserve_does_not_cover_are_refused_by_name(table: str) -> None:
    case = replace(battery(DAY), **{table: ((0.5, 0.9), (1.0, 0.8))})
    with pytest.raises(InputError, match=table):
        co_optimised(case, [])


def test_an_end_out_of_reach_is_named() -> None:
    with pytest.raises(InfeasibleError, match="timestep"):
        co_optimised(battery(DAY[:2], start_fraction=0.0, end_fraction=1.0), [])


def test_no_time_is_an_error_that_names_the_gap() -> None:
    case = battery(DAY)
    with pytest.raises(NotConvergedError, match="time limit"):
        co_optimised(case, [product(case, "up", up=True, capacity_price=3.0)], time_limit=0.0)
