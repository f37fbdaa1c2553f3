"""Debt of the finance engine: each way to pay it back by hand, laws of its size, and debt that cannot be served."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from projects_at_hand import finance_arrays

from cell2grid.engines import finance
from cell2grid.errors import InfeasibleError

SCULPTED, LEVEL, PRINCIPAL = 0.0, 1.0, 2.0
LENT = {"market_revenue": [0.0, 75.0, 75.0], "debt_rate": 0.25, "debt_tenor": 2.0}
LIFE = 8


def solved(*changes: dict, members: int = 1, **options: bool) -> xr.Dataset:
    return finance.solve(finance_arrays(*({**LENT, **change} for change in changes), members=members), **options)


def row(found: xr.Dataset, name: str, project: int = 0) -> list[float]:
    return found[name].values[0, project].tolist()


def test_sculpted_debt_is_the_worth_of_the_cash_over_its_cover() -> None:
    """Cash 75 and 75 over a cover of 1.5 is a service of 50 and 50: 50/1.25 + 50/1.5625 = 72 of debt."""
    found = solved({"debt_cover_target": 1.5})
    assert row(found, "debt") == pytest.approx(72.0)
    assert row(found, "debt_service") == pytest.approx([0.0, 50.0, 50.0])
    assert row(found, "debt_balance") == pytest.approx([72.0, 40.0, 0.0])
    assert row(found, "interest") == pytest.approx([0.0, 18.0, 10.0])
    assert row(found, "equity_cash_flow") == pytest.approx([-28.0, 25.0, 25.0])
    assert row(found, "debt_cover_least") == pytest.approx(1.5)


def test_a_sculpted_debt_that_meets_its_share_has_a_higher_and_even_cover() -> None:
    """36 % of 100 is half of 72: the service halves, and the cover doubles to 3."""
    found = solved({"debt_cover_target": 1.5, "debt_share": 0.36}, {"debt_share": 0.36})
    for project in (0, 1):
        assert row(found, "debt", project) == pytest.approx(36.0)
        assert row(found, "debt_service", project) == pytest.approx([0.0, 25.0, 25.0])
        assert row(found, "debt_cover", project)[1:] == pytest.approx([3.0, 3.0])


def test_level_and_equal_principal_service() -> None:
    """72 of debt: 72 / (1/1.25 + 1/1.5625) = 50 a year; or 36 + 18 and 36 + 9."""
    found = solved({"debt_share": 0.72, "debt_repayment": LEVEL}, {"debt_share": 0.72, "debt_repayment": PRINCIPAL})
    assert row(found, "debt_service", 0) == pytest.approx([0.0, 50.0, 50.0])
    assert row(found, "debt_service", 1) == pytest.approx([0.0, 54.0, 45.0])
    assert row(found, "debt_balance", 1) == pytest.approx([72.0, 36.0, 0.0], abs=1e-12)
    assert row(found, "debt_cover_least", 1) == pytest.approx(75.0 / 54.0)


def test_a_cover_sizes_a_level_debt_by_its_poorest_year() -> None:
    """The 60 of year 2 over 1.5 is a service of 40, and a debt of 40 (1/1.25 + 1/1.5625) = 57.6."""
    found = solved({"market_revenue": [0.0, 75.0, 60.0], "debt_cover_target": 1.5, "debt_repayment": LEVEL})
    assert row(found, "debt") == pytest.approx(57.6)
    assert row(found, "debt_cover_least") == pytest.approx(1.5)


def test_interest_and_the_fee_lower_the_tax_of_the_owners_only() -> None:
    """50 of debt at 20 % over one year, with a fee of 10 %, and half of 100 written off each year.

    Profit 75 - 50 = 25 is taxed 12.5; less interest 10 and the fee 5 it is 10, taxed 5. The owners pay
    100 - 50 + 5 = 55, and get 75 - 5 - 60 = 10 and 75 - 12.5 = 62.5. The cash 70 covers 60 by 7/6.
    """
    written = {"depreciation_share": [0.0, 0.5, 0.5], "tax_rate": 0.5}
    lent = {"debt_rate": 0.2, "debt_tenor": 1.0, "debt_share": 0.5, "debt_fee": 0.1, "debt_repayment": LEVEL}
    found = solved({**written, **lent})
    assert row(found, "tax") == pytest.approx([0.0, 12.5, 12.5])
    assert row(found, "equity_tax") == pytest.approx([0.0, 5.0, 12.5])
    assert row(found, "equity_cash_flow") == pytest.approx([-55.0, 10.0, 62.5])
    assert row(found, "cash_flow") == pytest.approx([-100.0, 62.5, 62.5])
    assert row(found, "debt_cover_least") == pytest.approx(70.0 / 60.0)


def test_sculpted_debt_and_the_tax_it_saves_settle_on_the_equation() -> None:
    """One year: service s = (90 - 0.5 (90 - 50 - i)) / 1.25 with i = D/5 and D = s/1.2.

    s = (70 + s/12) / 1.25 = 60, so D = 50 and i = 10.
    """
    found = solved(
        {
            "market_revenue": [0.0, 90.0, 90.0],
            "depreciation_share": [0.0, 0.5, 0.5],
            "tax_rate": 0.5,
            "debt_rate": 0.2,
            "debt_tenor": 1.0,
            "debt_cover_target": 1.25,
        }
    )
    assert row(found, "debt") == pytest.approx(50.0, rel=1e-12)
    assert row(found, "debt_service") == pytest.approx([0.0, 60.0, 0.0], rel=1e-12)
    assert row(found, "debt_cover")[1] == pytest.approx(1.25, rel=1e-12)


def test_a_part_of_a_year_of_the_tenor_is_dropped() -> None:
    found = solved({"life": 2.0, "debt_tenor": 1.9, "debt_share": 0.5, "debt_repayment": LEVEL})
    assert row(found, "debt_service") == pytest.approx([0.0, 62.5, 0.0])


def test_debt_without_interest_is_paid_back_in_equal_parts() -> None:
    found = solved({"debt_rate": 0.0, "debt_share": 0.5, "debt_repayment": LEVEL})
    assert row(found, "debt_service") == [0.0, 25.0, 25.0]
    assert row(found, "interest") == [0.0, 0.0, 0.0]


def test_a_cash_flow_without_a_surplus_carries_no_debt() -> None:
    found = solved({"market_revenue": [0.0, -5.0, -5.0], "debt_cover_target": 1.5})
    assert row(found, "debt") == 0.0
    assert row(found, "debt_unserved") == 0.0


def test_debt_that_cannot_be_served_is_refused_with_year_cash_and_service() -> None:
    """90 of debt at 25 % over two years is a service of 62.5, and year 2 brings 60."""
    poor = {"name": "heath", "market_revenue": [0.0, 75.0, 60.0], "debt_share": 0.9, "debt_repayment": LEVEL}
    words = r"project 'heath': its debt of 90 cannot be served; in year 2 there is cash of 60 for a service of 62.5"
    with pytest.raises(InfeasibleError, match=words):
        solved(poor)
    told = solved(poor, allow_unserved=True)
    assert row(told, "debt_unserved") == 1.0
    assert row(told, "equity_cash_flow") == pytest.approx([-10.0, 12.5, -2.5])


def test_sculpted_debt_by_a_share_beyond_the_cash_cannot_be_served() -> None:
    with pytest.raises(InfeasibleError, match="in year 1 there is cash of 40 for a service of 50"):
        solved({"market_revenue": [0.0, 40.0, 40.0], "debt_share": 0.72})
    with pytest.raises(InfeasibleError, match="in year 1 there is cash of -5 for a service of 50"):
        solved({"market_revenue": [0.0, -5.0, -5.0], "debt_share": 0.72})


def test_members_that_cannot_serve_are_marked_where_others_can() -> None:
    lent = {"debt_share": 0.9, "debt_repayment": LEVEL}
    found = solved({**lent, "capital_cost": [100.0, 300.0]}, members=2)
    assert found["debt_unserved"].values.tolist() == [[0.0], [1.0]]
    with pytest.raises(InfeasibleError, match=r"project 'p0', member 0.*in no member can it be"):
        solved({**lent, "capital_cost": [290.0, 300.0]}, members=2)


AMOUNTS = st.floats(1.0, 100.0)


@st.composite
def lending(draw: st.DrawFn) -> dict:
    income = draw(st.lists(AMOUNTS, min_size=LIFE, max_size=LIFE))
    return {
        "market_revenue": [0.0, *income],
        "capital_cost": draw(st.floats(50.0, 500.0)),
        "life": float(LIFE),
        "tax_rate": draw(st.sampled_from([0.0, 0.21, 0.5, 0.9])),
        "losses_used": draw(st.sampled_from([0.0, 1.0])),
        "depreciation_share": [0.0, *([1.0 / LIFE] * LIFE)],
        "debt_rate": draw(st.floats(0.0, 0.6)),
        "debt_tenor": float(draw(st.integers(1, LIFE))),
        "debt_cover_target": draw(st.floats(1.0, 3.0)),
        "debt_share": draw(st.sampled_from([np.nan, 0.1, 0.8])),
        "debt_repayment": draw(st.sampled_from([SCULPTED, LEVEL, PRINCIPAL])),
        "debt_fee": draw(st.sampled_from([0.0, 0.02])),
    }


@settings(max_examples=80, deadline=None)
@given(lending())
def test_principal_adds_up_to_the_debt_and_the_cover_holds(project: dict) -> None:
    found = solved(project)
    debt, service = row(found, "debt"), np.array(row(found, "debt_service"))
    interest, balance = np.array(row(found, "interest")), np.array(row(found, "debt_balance"))
    scale = 1e-9 * project["capital_cost"]
    assert (service - interest).sum() == pytest.approx(debt, abs=scale)
    assert balance[0] == pytest.approx(debt, abs=scale)
    assert balance[-1] == 0.0
    np.testing.assert_allclose(interest[1:], project["debt_rate"] * balance[:-1], atol=scale)
    worth = service * (1.0 + project["debt_rate"]) ** -np.arange(LIFE + 1.0)
    assert worth.sum() == pytest.approx(debt, abs=scale)
    if debt > scale:
        assert row(found, "debt_cover_least") >= project["debt_cover_target"] - 1e-9


@settings(max_examples=40, deadline=None)
@given(lending())
def test_a_sculpted_cover_is_even_over_the_tenor(project: dict) -> None:
    found = solved({**project, "debt_repayment": SCULPTED})
    cover = np.array(row(found, "debt_cover"))
    known = cover[~np.isnan(cover)]
    if known.size:
        np.testing.assert_allclose(known, known[0], rtol=1e-9)


@settings(max_examples=40, deadline=None)
@given(lending())
def test_debt_at_the_discount_rate_leaves_the_value_of_an_untaxed_project(project: dict) -> None:
    rate = project["debt_rate"]
    same = {"tax_rate": 0.0, "debt_fee": 0.0, "discount_rate": rate, "equity_rate": rate}
    found = solved({**project, **same})
    assert row(found, "equity_npv") == pytest.approx(row(found, "npv"), abs=1e-9 * sum(project["market_revenue"]))


@settings(max_examples=30, deadline=None)
@given(lending(), st.floats(0.01, 1000.0))
def test_all_money_times_a_number_is_all_values_times_it(project: dict, times: float) -> None:
    more = {name: np.asarray(project[name]) * times for name in ("market_revenue", "capital_cost")}
    found = solved(project, {**project, **more})
    for name in ("npv", "equity_npv", "debt"):
        one, other = found[name].values[0]
        assert other == pytest.approx(one * times, rel=1e-7, abs=1e-7 * times)


@settings(max_examples=30, deadline=None)
@given(lending(), lending())
def test_the_order_of_projects_does_not_matter(one: dict, other: dict) -> None:
    first, second = solved(one, other), solved(other, one)
    for name in finance.WRITES:
        np.testing.assert_array_equal(first[name].values, second[name].values[:, ::-1], err_msg=name)


@given(st.floats(0.0, 0.5), st.floats(0.01, 0.5), st.lists(AMOUNTS, min_size=1, max_size=LIFE))
def test_the_value_of_income_after_capital_falls_as_the_rate_rises(low: float, more: float, income: list) -> None:
    project = {"market_revenue": [0.0, *income], "life": float(len(income)), "debt_cover_target": np.nan}
    found = solved(
        {**project, "discount_rate": low, "debt_tenor": 1.0},
        {**project, "discount_rate": low + more, "debt_tenor": 1.0},
    )
    assert found["npv"].values[0, 0] > found["npv"].values[0, 1]
