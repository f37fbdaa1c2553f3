"""From the drawn money of a project to what the finance engine reads: each line by hand, laws, and SAM end to end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines import finance
from cell2grid.errors import StudyError
from cell2grid.run.worth.money import ContractTerms, LifeYears, MoneyTerms, finance_arrays, money_arrays

TERMS = MoneyTerms(power=10.0, capital_cost=100.0, discount_rate=0.1, life=3.0)


def life(*shares: float, members: int = 1, sales: float = 30.0, added: tuple[float, ...] = ()) -> LifeYears:
    """Years that are operated in part, with 30 of sales, 10 of charging and 4 MWh in a whole one."""
    operated = np.tile(np.array(shares or (1.0, 1.0, 1.0)), (members, 1))
    additions = np.zeros(operated.shape)
    additions[:, : len(added)] = added
    return LifeYears(
        sales=sales * operated,
        charging_cost=10.0 * operated,
        discharged_energy=4.0 * operated,
        addition_cost=additions,
        operated=operated,
    )


def amounts(name: str, terms: MoneyTerms, years: LifeYears | None = None) -> list[float]:
    return money_arrays(terms, years or life())[name][0].tolist()


def test_without_inflation_all_money_is_of_the_valuation_date() -> None:
    """Fixed 6, 0.5 for each of 4 MWh, and 2 % of 100: 10 a year. 7 of new cells for year 2 are paid in year 1."""
    terms = replace(TERMS, fixed_cost=6.0, variable_cost=0.5, insurance=0.02, residual_value=5.0)
    years = life(added=(0.0, 7.0))
    assert amounts("market_revenue", terms, years) == [0.0, 20.0, 20.0, 20.0]
    assert amounts("yearly_charging_cost", terms, years) == [0.0, 10.0, 10.0, 10.0]
    assert amounts("yearly_discharged_energy", terms, years) == [0.0, 4.0, 4.0, 4.0]
    assert amounts("operating_cost", terms, years) == [0.0, 10.0, 10.0, 10.0]
    assert amounts("augmentation_cost", terms, years) == [0.0, 7.0, 0.0, 0.0]
    assert amounts("residual_value", terms, years) == [0.0, 0.0, 0.0, 5.0]


def test_inflation_raises_money_from_the_valuation_to_the_day_it_is_paid() -> None:
    """50 % a year, and a year until commissioning: 100 becomes 150, of which a grant of 10 makes 15; year 1 is 2.25."""
    terms = replace(TERMS, inflation=0.5, commissioning=12.0, fixed_cost=4.0, grant=10.0, residual_value=16.0)
    found = money_arrays(terms, life(added=(0.0, 8.0)))
    assert found["capital_cost"].tolist() == [150.0]
    assert found["grant"].tolist() == [15.0]
    assert found["market_revenue"][0].tolist() == [0.0, 45.0, 67.5, 101.25]
    assert found["operating_cost"][0].tolist() == [0.0, 9.0, 13.5, 20.25]
    assert found["augmentation_cost"][0].tolist() == [0.0, 18.0, 0.0, 0.0]
    assert found["residual_value"][0, 3] == 16.0 * 1.5**4


def test_what_is_prepaid_is_not_raised() -> None:
    """Half of 100 now and half of it a year later, at 50 % inflation: 50 + 75 = 125, of which 50 is prepaid."""
    found = money_arrays(replace(TERMS, inflation=0.5, commissioning=12.0, prepaid_share=0.5), life())
    assert found["capital_cost"].tolist() == [125.0]
    assert found["prepaid_share"].tolist() == [0.4]


def test_nominal_prices_stand_and_costs_rise() -> None:
    terms = replace(TERMS, inflation=0.5, price_basis="nominal", price_growth=0.1, fixed_cost=4.0)
    assert amounts("market_revenue", terms) == pytest.approx([0.0, 20.0, 22.0, 24.2])
    assert amounts("operating_cost", terms) == pytest.approx([0.0, 6.0, 9.0, 13.5])


def test_a_capacity_contract_pays_for_power_that_counts_beside_the_market() -> None:
    """10 MW, half of it sold, 80 % counted, 3 a MW and year: 12; from year 2 for a year and a half."""
    contract = ContractTerms(kind="capacity", price=3.0, share=0.5, derating=0.8, from_year=2.0, years=1.5)
    terms = replace(TERMS, contracts=(contract,))
    assert amounts("contract_revenue", terms) == pytest.approx([0.0, 0.0, 12.0, 6.0])
    assert amounts("market_revenue", terms) == [0.0, 20.0, 20.0, 20.0]


def test_a_contract_with_dates_is_lost_by_a_late_project() -> None:
    """A contract of the months 6 to 30, 1 a MW and year: in time, half of year 1, all of 2, half of 3; then later."""
    contract = ContractTerms(kind="capacity", price=1.0, begins=6.0, ends=30.0)
    terms = replace(TERMS, contracts=(contract,), commissioning=np.array([0.0, 12.0, 24.0, 36.0]))
    paid = money_arrays(terms, life(members=4))["contract_revenue"]
    assert paid[:, 1:].tolist() == [[5.0, 10.0, 5.0], [10.0, 5.0, 0.0], [5.0, 0.0, 0.0], [0.0, 0.0, 0.0]]


def test_a_price_is_indexed_by_its_part_of_inflation() -> None:
    def paid(indexed: float) -> list[float]:
        contract = ContractTerms(kind="capacity", price=1.0, indexed=indexed)
        return amounts("contract_revenue", replace(TERMS, contracts=(contract,), inflation=0.5))

    assert paid(0.0) == [0.0, 10.0, 10.0, 10.0]
    assert paid(0.5) == pytest.approx([0.0, 12.5, 15.625, 19.53125])
    assert paid(1.0) == pytest.approx([0.0, 15.0, 22.5, 33.75])


def test_tolling_takes_its_share_of_the_market_and_leaves_the_levelised_cost() -> None:
    """60 % tolled at 2 a MW and year for year 1 and half of year 2: 12 and 6; the market leaves 8, 14 and 20."""
    contract = ContractTerms(kind="tolling", price=2.0, share=0.6, years=1.5)
    terms = replace(TERMS, contracts=(contract,))
    assert amounts("contract_revenue", terms) == pytest.approx([0.0, 12.0, 6.0, 0.0])
    assert amounts("market_revenue", terms) == pytest.approx([0.0, 8.0, 14.0, 20.0])
    for name in ("yearly_charging_cost", "yearly_discharged_energy"):
        assert amounts(name, terms) == amounts(name, TERMS)


def test_tolling_more_than_the_whole_power_is_refused() -> None:
    first = ContractTerms(kind="tolling", price=2.0, share=0.6, years=1.0)
    with pytest.raises(StudyError, match=r"tolling sells 1\.2 of the power in operating year 1"):
        money_arrays(replace(TERMS, contracts=(first, first)), life())
    apart = (first, replace(first, from_year=2.0))
    assert amounts("market_revenue", replace(TERMS, contracts=apart)) == pytest.approx([0.0, 8.0, 8.0, 20.0])


def test_a_life_that_ends_within_a_year_cuts_costs_contracts_and_subsidy() -> None:
    """Half of year 3: fixed 3 of 6, tolling of all leaves nothing, 0.25 a MWh on 4, 4 and 2; 5 left in year 3."""
    contract = ContractTerms(kind="tolling", price=1.0)
    terms = replace(TERMS, life=2.5, fixed_cost=6.0, contracts=(contract,), subsidy_per_energy=0.25, residual_value=5.0)
    years = life(1.0, 1.0, 0.5)
    assert amounts("operating_cost", terms, years) == [0.0, 6.0, 6.0, 3.0]
    assert amounts("contract_revenue", terms, years) == [0.0, 10.0, 10.0, 5.0]
    assert amounts("market_revenue", terms, years) == [0.0, 0.0, 0.0, 0.0]
    assert amounts("subsidy_revenue", terms, years) == [0.0, 1.0, 1.0, 0.5]
    assert amounts("residual_value", terms, years) == [0.0, 0.0, 0.0, 5.0]


def test_a_store_that_ends_early_is_worth_what_is_left_in_its_last_year() -> None:
    found = money_arrays(replace(TERMS, residual_value=5.0, fixed_cost=6.0), life(1.0, 1.0, 0.0))
    assert found["residual_value"][0].tolist() == [0.0, 0.0, 5.0, 0.0]
    assert found["operating_cost"][0].tolist() == [0.0, 6.0, 6.0, 0.0]


def test_a_subsidy_ends_with_its_years() -> None:
    terms = replace(TERMS, subsidy_per_energy=0.5, subsidy_years=1.25)
    assert amounts("subsidy_revenue", terms) == [0.0, 2.0, 0.5, 0.0]


def solved(terms: MoneyTerms, years: LifeYears) -> dict[str, float]:
    found = finance.solve(finance_arrays({"heath": money_arrays(terms, years)}))
    return {str(name): float(found[name].values[0, 0]) for name in found if found[name].ndim == 2}


@settings(deadline=None)
@given(st.floats(0.0, 0.3), st.floats(0.0, 0.3), st.floats(0.0, 60.0), st.sampled_from([0.0, 0.3, 1.0]))
def test_money_of_the_year_at_a_nominal_rate_is_worth_what_real_money_is_at_a_real_rate(
    inflation: float, real: float, late: float, prepaid: float
) -> None:
    """The law that ties inflation, commissioning and discounting together, where neither tax nor debt is nominal."""
    contract = ContractTerms(kind="capacity", price=1.5, begins=6.0, ends=40.0)
    terms = replace(
        TERMS, discount_rate=real, commissioning=late, prepaid_share=prepaid, contracts=(contract,), residual_value=9.0
    )
    # a grant is a part of the capital cost as it is paid, of which some is not raised where it is prepaid
    terms = replace(terms, fixed_cost=3.0, grant=5.0 if prepaid == 0.0 else 0.0, subsidy_per_energy=0.1)
    years = life(added=(0.0, 4.0, 2.0))
    nominal = replace(terms, inflation=inflation, discount_rate=(1.0 + real) * (1.0 + inflation) - 1.0)
    assert solved(nominal, years)["npv"] == pytest.approx(solved(terms, years)["npv"], abs=1e-8)
    assert solved(nominal, years)["lcos"] > 0.0


def test_projects_of_different_lives_stand_side_by_side() -> None:
    long, short = money_arrays(TERMS, life()), money_arrays(replace(TERMS, life=1.0), life(1.0))
    both = finance.solve(finance_arrays({"long": long, "short": short}))
    for name, alone in (("long", long), ("short", short)):
        one = finance.solve(finance_arrays({name: alone}))
        assert both["npv"].sel(project=name).item() == one["npv"].item()


def test_a_member_that_never_begins_is_left_out() -> None:
    terms = replace(TERMS, commissioning=np.array([0.0, np.nan]), inflation=0.02)
    found = finance.solve(finance_arrays({"heath": money_arrays(terms, life(members=2))}))
    assert np.isnan(found["npv"].values[:, 0]).tolist() == [False, True]


def test_money_end_to_end_is_that_of_sam() -> None:
    """Costs raised by inflation, a capacity contract, MACRS, tax credit and level debt, from terms to the equity flow.

    SAM's costs are those of year 1, ours of the valuation a year before; the insurance is a part of the whole cost.
    """
    sam_model = pytest.importorskip("PySAM.Singleowner")
    model = sam_model.default("CustomGenerationProfileSingleOwner")
    told = {
        "ppa_soln_mode": 1,
        "ppa_price_input": (0.1,),
        "ppa_escalation": 2.5,
        "ppa_multiplier_model": 0,
        "dispatch_factors_ts": [1.0] * 8760,
        "gen": [10_000.0] * 8760,
        "degradation": (1.0,),
        "analysis_period": 20,
        "system_capacity": 10_000.0,
        "total_installed_cost": 50e6,
        "om_capacity": (12.0,),
        "om_production": (1.5,),
        "om_fixed": (200_000.0,),
        "om_fuel_cost": (0.0,),
        "insurance_rate": 0.5,
        "inflation_rate": 2.5,
        "real_discount_rate": 6.4,
        "construction_financing_cost": 0.0,
        "cost_debt_fee": 0.0,
        "dscr_reserve_months": 0.0,
        "months_working_reserve": 0.0,
        "reserves_interest": 0.0,
        "federal_tax_rate": (25.0,),
        "state_tax_rate": (0.0,),
        "itc_fed_percent": (30.0,),
        "depr_fedbas_method": 0,
        "depr_alloc_sl_20_percent": 0.0,
        "depr_alloc_macrs_5_percent": 100.0,
        "depr_itc_fed_macrs_5": 1.0,
        "debt_option": 0,
        "debt_percent": 60.0,
        "payment_option": 0,
        "term_tenor": 12,
        "term_int_rate": 7.0,
        "cp_capacity_payment_type": 1,
        "cp_capacity_payment_amount": (300_000.0,),
        "cp_capacity_payment_esc": 2.5,
    }
    for name, value in told.items():
        model.value(name, value)
    model.execute(0)
    first = 1.025
    terms = MoneyTerms(
        power=10.0,
        capital_cost=50e6,
        fixed_cost=(200_000.0 + 12.0 * 10_000.0) / first,
        variable_cost=1.5 / first,
        insurance=0.005 / first,
        discount_rate=1.064 * 1.025 - 1.0,
        inflation=0.025,
        life=20.0,
        tax_rate=0.25,
        depreciation="macrs-5",
        losses_used=True,
        tax_credit=0.3,
        credit_basis=0.5,
        debt_rate=0.07,
        debt_tenor=12.0,
        debt_share=0.6,
        contracts=(ContractTerms(kind="capacity", price=30_000.0 / first),),
    )
    left = 0.99 ** np.arange(20.0)[None]
    years = LifeYears(
        sales=8_760_000.0 / first * left,
        charging_cost=0.0 * left,
        discharged_energy=87_600.0 * left,
        addition_cost=0.0 * left,
        operated=np.ones((1, 20)),
    )
    found = finance.solve(finance_arrays({"heath": money_arrays(terms, years)}))
    theirs = np.array(model.Outputs.cf_project_return_aftertax)
    np.testing.assert_allclose(found["equity_cash_flow"].values[0, 0], theirs, rtol=1e-9, atol=1e-2)
    assert found["equity_npv"].item() == pytest.approx(model.Outputs.cf_project_return_aftertax_npv[-1], rel=1e-9)
    assert found["debt"].item() == pytest.approx(model.Outputs.size_of_debt, rel=1e-9)
