"""The finance engine: a project by hand, each equation, members that never begin, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from projects_at_hand import finance_arrays

from cell2grid.engines import finance
from cell2grid.errors import EngineError, InputError

PLAIN = {
    "market_revenue": [0.0, 75.0, 75.0],
    "yearly_discharged_energy": [0.0, 40.0, 40.0],
    "yearly_charging_cost": [0.0, 20.0, 20.0],
    "operation_start": 24.0,
}


def solved(*changes: dict, **options: bool) -> xr.Dataset:
    return finance.solve(finance_arrays(*({**PLAIN, **change} for change in changes or ({},))), **options)


def row(found: xr.Dataset, name: str, project: int = 0) -> list[float]:
    return found[name].values[0, project].tolist()


def test_the_hand_solved_project() -> None:
    """-100 + 75/1.25 + 75/1.5625 = 8, two years from now: 5.12. Paid back after 1 + 25/75 years."""
    found = solved({"name": "north"}, {"name": "south"})
    assert found["cash_flow"].sel(project="north").values.tolist() == [[-100.0, 75.0, 75.0]]
    assert found["npv"].values.tolist() == [pytest.approx([5.12, 5.12])]
    assert found["payback"].values.tolist() == [pytest.approx([4.0 / 3.0] * 2)]
    assert found["irr"].values.tolist() == [pytest.approx([0.31872930440883945] * 2)]
    assert found["yearly_revenue"].values.tolist() == [[75.0, 75.0]]
    assert found["cash_flow"].attrs["units"] == "currency"


def test_without_debt_the_owners_have_the_project() -> None:
    found = solved()
    for owners, project in (("equity_cash_flow", "cash_flow"), ("equity_irr", "irr"), ("equity_npv", "npv")):
        np.testing.assert_array_equal(found[owners].values, found[project].values)
    assert np.isnan(found["debt_cover"].values).all()
    assert np.isnan(found["debt_cover_least"].values).all()
    assert row(found, "debt") == 0.0
    assert row(found, "debt_unserved") == 0.0


def test_cash_flow_is_what_comes_in_less_what_goes_out() -> None:
    """Year 0: -100 + 10. Year 1: 75 + 5 + 2 - 12 - 6 of augmentation. Year 2: 75 - 12 + 3 left."""
    found = solved(
        {
            "grant": 10.0,
            "contract_revenue": [0.0, 5.0],
            "subsidy_revenue": [0.0, 2.0],
            "operating_cost": [0.0, 12.0, 12.0],
            "augmentation_cost": [0.0, 6.0],
            "residual_value": [0.0, 0.0, 3.0],
        }
    )
    assert row(found, "cash_flow") == [-90.0, 64.0, 66.0]


def test_npv_falls_with_a_later_commissioning() -> None:
    found = solved({"operation_start": 0.0}, {"operation_start": 12.0})
    assert found["npv"].values.tolist() == [pytest.approx([8.0, 6.4])]
    assert len(set(found["irr"].values[0].tolist())) == 1


def test_what_is_prepaid_is_not_discounted_for_the_delay() -> None:
    """A year of delay: (60 + 48)/1.25 - 50/1.25 - 50 of capital = -3.6; the rates are seen from commissioning."""
    found = solved({"operation_start": 12.0, "prepaid_share": 0.5})
    assert row(found, "npv") == pytest.approx(86.4 - 40.0 - 50.0)
    assert row(found, "equity_npv") == pytest.approx(-3.6)
    assert row(found, "irr") == row(solved(), "irr")


def test_lcos_counts_all_costs_and_neither_tax_nor_debt() -> None:
    """No discount: (100 - 10 + 2 x 20 charging + 2 x 12 running + 6 added - 8 left) / 80 = 152 / 80."""
    more = {
        "discount_rate": 0.0,
        "grant": 10.0,
        "operating_cost": [0.0, 12.0, 12.0],
        "augmentation_cost": [0.0, 6.0],
        "residual_value": [0.0, 0.0, 8.0],
    }
    lent = {"tax_rate": 0.4, "debt_share": 0.5, "debt_tenor": 2.0, "subsidy_revenue": [0.0, 9.0]}
    found = solved({"discount_rate": 0.0}, more, {**more, **lent})
    assert found["lcos"].values.tolist() == [pytest.approx([140.0 / 80.0, 152.0 / 80.0, 152.0 / 80.0])]


def test_irr_count_says_why_there_is_no_rate() -> None:
    found = solved({}, {"market_revenue": [0.0, -5.0, -5.0]}, {"market_revenue": [0.0, 500.0, -600.0]})
    assert found["irr_count"].values.tolist() == [[1.0, 0.0, 2.0]]
    assert np.isnan(found["irr"].values).tolist() == [[False, True, True]]


def test_a_project_of_one_year_and_of_no_energy() -> None:
    """-100 + 112 after one year: 12 %, paid back after 100/112 of it."""
    found = solved({"life": 1.0, "market_revenue": [0.0, 112.0], "yearly_discharged_energy": 0.0})
    assert row(found, "irr") == pytest.approx(0.12, rel=1e-12)
    assert row(found, "payback") == pytest.approx(100.0 / 112.0)
    assert np.isnan(row(found, "lcos"))


def test_depreciation_tax_and_losses_carried_forward() -> None:
    """Half of 100 a year. Profit 20 - 50 = -30, then 90 - 50 = 40: the loss leaves 10, of which 40 % is 4."""
    found = solved({"market_revenue": [0.0, 20.0, 90.0], "depreciation_share": [0.0, 0.5, 0.5], "tax_rate": 0.4})
    assert row(found, "depreciation") == [0.0, 50.0, 50.0]
    assert row(found, "tax") == pytest.approx([0.0, 0.0, 4.0])
    assert row(found, "cash_flow") == pytest.approx([-100.0, 20.0, 86.0])


def test_losses_and_a_tax_credit_used_at_once() -> None:
    """A credit of 30 lowers the basis by half of it to 85. Tax: 0.4 (20 - 42.5) - 30 = -39, then 0.4 x 47.5 = 19."""
    found = solved(
        {
            "market_revenue": [0.0, 20.0, 90.0],
            "depreciation_share": [0.0, 0.5, 0.5],
            "tax_rate": 0.4,
            "losses_used": 1.0,
            "tax_credit": 0.3,
            "credit_basis": 0.5,
        }
    )
    assert row(found, "depreciation") == [0.0, 42.5, 42.5]
    assert row(found, "tax") == pytest.approx([0.0, -39.0, 19.0])


def test_an_augmentation_is_depreciated_from_its_own_year_and_the_rest_in_the_last() -> None:
    """30 spent at the end of year 1: 40 % of it in year 2, the rest in year 3 with what is left of 100."""
    found = solved(
        {
            "market_revenue": [0.0, 75.0, 75.0, 75.0],
            "life": 3.0,
            "augmentation_cost": [0.0, 30.0],
            "depreciation_share": [0.0, 0.4, 0.2, 0.2],
        }
    )
    assert row(found, "depreciation") == pytest.approx([0.0, 40.0, 20.0 + 12.0, 40.0 + 18.0])


def test_a_member_that_never_begins_has_no_figures() -> None:
    given = finance_arrays(PLAIN, {**PLAIN, "debt_share": 0.5, "debt_repayment": 1.0}, members=2)
    given["operation_start"] = (("member", "project"), [[np.nan, 24.0], [24.0, np.nan]])
    found = finance.solve(given)
    for name in finance.WRITES:
        missing = np.isnan(found[name].values).reshape(2, 2, -1).all(axis=-1)
        if name in ("debt_cover", "debt_cover_least"):
            missing[1, 0] = False  # no debt there
        assert missing.tolist() == [[True, False], [False, True]], name


def test_the_order_of_dims_does_not_matter() -> None:
    given = finance_arrays({**PLAIN, "capital_cost": [100.0, 80.0, 60.0]}, PLAIN, members=3)
    one, other = finance.solve(given), finance.solve(given.transpose("year", "project", "member"))
    xr.testing.assert_identical(one, other)


def test_a_thousand_members_are_each_their_own_case() -> None:
    capital = np.random.default_rng(1).uniform(50.0, 200.0, 1000)
    lent = {"tax_rate": 0.3, "debt_cover_target": 1.3, "debt_rate": 0.07, "debt_tenor": 2.0, "debt_share": 0.6}
    project = {**PLAIN, **lent, "depreciation_share": [0.0, 0.5, 0.5]}
    found = finance.solve(finance_arrays({**project, "capital_cost": capital}, PLAIN, members=1000))
    alone = finance.solve(finance_arrays({**project, "capital_cost": capital[417:418]}, PLAIN))
    for name in finance.WRITES:
        np.testing.assert_array_equal(found[name].values[417], alone[name].values[0], err_msg=name)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"capital_cost": -1.0}, "project 'south': capital_cost is -1, expected a number from 0"),
        ({"life": 0.0}, "project 'south': life is 0, expected a number from 1 to 100"),
        ({"life": 2.5}, "life is 2.5, expected no more than the 2 operating"),
        ({"discount_rate": -1.0}, "discount_rate is -1, expected a number from -0.99"),
        ({"equity_rate": -3.0}, "equity_rate is -3"),
        ({"market_revenue": [0.0, float("nan"), 1.0]}, "market_revenue is nan in year 1"),
        ({"market_revenue": [5.0, 1.0, 1.0]}, "market_revenue is 5, expected 0 in year 0"),
        ({"operating_cost": [0.0, float("inf")]}, "operating_cost is inf"),
        ({"tax_rate": 1.2}, "tax_rate is 1.2, expected a number from 0 to 1"),
        ({"debt_share": 0.5, "debt_tenor": 3.0}, "debt_tenor is 3 with life 2, expected no more than the life"),
        ({"debt_cover_target": 0.5}, "debt_cover_target is 0.5, expected a number from 1"),
        ({"debt_repayment": 0.5}, "debt_repayment is 0.5, expected 0, 1 or 2"),
        ({"losses_used": 0.5}, "losses_used is 0.5, expected 0"),
        ({"grant": 101.0}, "grant is 101, expected no more than the capital cost"),
        ({"operation_start": -3.0}, "operation_start is -3, expected months"),
        ({"operation_start": float("inf")}, "operation_start is inf"),
    ],
)
def test_an_impossible_figure_is_refused_by_project_and_name(change: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        solved({"name": "north"}, {"name": "south", **change})


def test_the_member_is_named_where_there_are_several() -> None:
    with pytest.raises(InputError, match="project 'p0', member 1: capital_cost is -7"):
        finance.solve(finance_arrays({**PLAIN, "capital_cost": [1.0, -7.0]}, members=2))


def test_years_that_do_not_go_from_0_are_refused() -> None:
    given = finance_arrays(PLAIN)
    with pytest.raises(InputError, match=r"year is \[1, 2, 3\], expected 0 to 2"):
        finance.solve(given.assign_coords(year=[1, 2, 3]))


def test_a_missing_variable_is_a_fault_of_the_caller() -> None:
    with pytest.raises(EngineError, match="'life' is missing"):
        finance.solve(finance_arrays(PLAIN).drop_vars("life"))


def test_no_members_are_refused() -> None:
    with pytest.raises(InputError, match="no project or no member"):
        finance.solve(finance_arrays(PLAIN).isel(member=slice(0, 0)))
