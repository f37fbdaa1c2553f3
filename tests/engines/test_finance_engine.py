"""The finance engine: a project by hand, each equation, members that never begin, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from cell2grid.engines import finance
from cell2grid.errors import EngineError, InputError

PROJECT = {
    "yearly_revenue": 75.0,
    "yearly_discharged_energy": 40.0,
    "yearly_charging_cost": 20.0,
    "capital_cost": 100.0,
    "fixed_cost": 0.0,
    "discount_rate": 0.25,
    "life": 2.0,
    "degradation": 0.0,
    "commissioning": 24.0,
}


def arrays(members: int = 1, **changes: object) -> xr.Dataset:
    return xr.Dataset(
        {
            name: (("member", "project"), np.broadcast_to(np.asarray(value, np.float64), (members, 2)))
            for name, value in {**PROJECT, **changes}.items()
        },
        coords={"project": ["north", "south"]},
    )


def test_the_hand_solved_project() -> None:
    """-100 + 75/1.25 + 75/1.5625 = 8, two years from now: 5.12. Paid back after 1 + 25/75 years."""
    solved = finance.solve(arrays())
    assert solved["cash_flow"].sel(project="north").values.tolist() == [[-100.0, 75.0, 75.0]]
    assert solved["npv"].values.tolist() == [pytest.approx([5.12, 5.12])]
    assert solved["payback"].values.tolist() == [pytest.approx([4.0 / 3.0] * 2)]
    assert solved["irr"].values.tolist() == [pytest.approx([0.31872930440883945] * 2)]
    assert solved["cash_flow"].attrs["units"] == "currency"


def test_cash_flow_has_year_0_at_commissioning_and_the_longest_life() -> None:
    solved = finance.solve(arrays(life=[1.0, 3.5]))
    assert solved["cash_flow"].dims == ("member", "project", "year")
    assert solved["year"].values.tolist() == [0, 1, 2, 3, 4]
    assert solved["cash_flow"].values[0].tolist() == [[-100.0, 75.0, 0.0, 0.0, 0.0], [-100.0, 75.0, 75.0, 75.0, 37.5]]


def test_npv_falls_with_a_later_commissioning() -> None:
    solved = finance.solve(arrays(commissioning=[0.0, 12.0]))
    assert solved["npv"].values.tolist() == [pytest.approx([8.0, 6.4])]
    assert len(set(solved["irr"].values[0].tolist())) == 1


def test_lcos_counts_charging_and_fixed_cost() -> None:
    solved = finance.solve(arrays(discount_rate=0.0, fixed_cost=[0.0, 40.0]))
    assert solved["lcos"].values.tolist() == [[140.0 / 80.0, 220.0 / 80.0]]


def test_irr_count_says_why_there_is_no_rate() -> None:
    solved = finance.solve(arrays(yearly_revenue=[75.0, -5.0]))
    assert solved["irr_count"].values.tolist() == [[1.0, 0.0]]
    assert np.isnan(solved["irr"].values).tolist() == [[False, True]]


def test_a_member_that_never_begins_has_no_figures() -> None:
    solved = finance.solve(arrays(members=2, commissioning=[[np.nan, 24.0], [24.0, 24.0]]))
    for name in finance.WRITES:
        missing = np.isnan(solved[name].values).reshape(2, 2, -1).all(axis=-1)
        assert missing.tolist() == [[True, False], [False, False]], name


def test_the_order_of_dims_does_not_matter() -> None:
    given = arrays(members=3, capital_cost=[[100.0, 90.0], [80.0, 70.0], [60.0, 50.0]])
    one, other = finance.solve(given), finance.solve(given.transpose("project", "member"))
    xr.testing.assert_identical(one, other)


def test_a_thousand_members_are_each_their_own_case() -> None:
    capital = np.random.default_rng(1).uniform(50.0, 200.0, (1000, 2))
    solved = finance.solve(arrays(members=1000, capital_cost=capital))
    alone = finance.solve(arrays(capital_cost=capital[417:418]))
    for name in finance.WRITES:
        np.testing.assert_array_equal(solved[name].values[417], alone[name].values[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"capital_cost": [1.0, -1.0]}, "project 'south': capital_cost is -1"),
        ({"life": [0.0, 1.0]}, "project 'north': life is 0, expected a number from 1 to 100"),
        ({"discount_rate": -1.0}, "discount_rate is -1"),
        ({"yearly_revenue": float("nan")}, "yearly_revenue is nan"),
        ({"fixed_cost": float("inf")}, "fixed_cost is inf"),
        ({"degradation": 1.2}, "degradation is 1.2"),
        ({"commissioning": -3.0}, "commissioning is -3 months"),
    ],
)
def test_an_impossible_figure_is_refused_by_project_and_name(change: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        finance.solve(arrays(**change))


def test_a_missing_variable_is_a_fault_of_the_caller() -> None:
    with pytest.raises(EngineError, match="'life' is missing"):
        finance.solve(arrays().drop_vars("life"))


def test_no_members_are_refused() -> None:
    with pytest.raises(InputError, match="no project or no member"):
        finance.solve(arrays(members=0))
