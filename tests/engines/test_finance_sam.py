"""The finance engine against NREL-PySAM's model 'Single Owner': after-tax flows, debt, cover, value and rates.

SAM counts the cash that its debt is sized by before tax, and the engine after it: sizes are compared without tax.
"""

from __future__ import annotations

import numpy as np
import pytest
import pyxirr
import xarray as xr
from projects_at_hand import finance_arrays
from singleowner_at_hand import CAPITAL, YEARS, single_owner

from cell2grid.engines import finance
from cell2grid.formulas.finance import depreciation_shares

TIGHT = {"rtol": 1e-9, "atol": 1e-3}  # of money in tens of millions
RATE = 1.064 * 1.025 - 1.0


def solved(sam: dict, *, name: str = "macrs-5", **changes: object) -> xr.Dataset:
    """The engine on the income, cost and salvage that SAM counted."""
    return finance.solve(
        finance_arrays(
            {
                "market_revenue": sam["cf_energy_value"],
                "contract_revenue": sam["cf_capacity_payment"],
                "operating_cost": sam["cf_operating_expenses"],
                "residual_value": sam["cf_net_salvage_value"],
                "yearly_discharged_energy": sam["cf_energy_net"] / 1000.0,
                "depreciation_share": depreciation_shares(name, YEARS, YEARS),
                "capital_cost": CAPITAL,
                "life": float(YEARS),
                "discount_rate": RATE,
                "equity_rate": RATE,
                "tax_rate": 0.21,
                "losses_used": 1.0,
                "debt_rate": 0.06,
                "debt_tenor": 15.0,
                "debt_repayment": 1.0,
                **changes,
            }
        )
    )


def flow(found: xr.Dataset, name: str) -> np.ndarray:
    return found[name].values[0, 0]


def agrees(found: xr.Dataset, sam: dict) -> None:
    """Flows after tax and after debt, their value and their rate of return."""
    np.testing.assert_allclose(flow(found, "equity_cash_flow"), sam["cf_project_return_aftertax"], **TIGHT)
    npv = sam["cf_project_return_aftertax_npv"][-1]
    assert flow(found, "equity_npv") == pytest.approx(npv, rel=1e-9, abs=1e-3)
    assert flow(found, "equity_irr") == pytest.approx(pyxirr.irr(sam["cf_project_return_aftertax"]), rel=1e-9)
    # SAM's own search for the rate stops at about 1e-6 of it, and does not find every one
    if np.isfinite(sam["project_return_aftertax_irr"]):
        assert flow(found, "equity_irr") == pytest.approx(sam["project_return_aftertax_irr"] / 100.0, rel=1e-5)


@pytest.mark.parametrize(("ours", "theirs"), [("macrs-5", "macrs_5"), ("macrs-15", "macrs_15")])
def test_an_unlevered_project_after_tax(ours: str, theirs: str) -> None:
    sam = single_owner(depreciation=theirs)
    found = solved(sam, name=ours)
    np.testing.assert_allclose(flow(found, "depreciation"), sam["cf_feddepr_total"], **TIGHT)
    agrees(found, sam)
    np.testing.assert_array_equal(flow(found, "equity_cash_flow"), flow(found, "cash_flow"))


@pytest.mark.parametrize(("ours", "theirs"), [(1.0, 0), (2.0, 1)])
def test_level_and_equal_principal_debt_with_tax_and_a_tax_credit(ours: float, theirs: int) -> None:
    credit = {"itc_fed_percent": (30.0,)}
    sam = single_owner(debt_percent=50.0, payment_option=theirs, **credit)
    found = solved(sam, debt_share=0.5, debt_repayment=ours, tax_credit=0.3, credit_basis=0.5)
    agrees(found, sam)
    np.testing.assert_allclose(flow(found, "debt_service"), sam["cf_debt_payment_total"], **TIGHT)
    np.testing.assert_allclose(flow(found, "interest"), sam["cf_debt_payment_interest"], **TIGHT)
    np.testing.assert_allclose(flow(found, "debt_balance"), sam["cf_debt_balance"], **TIGHT)
    np.testing.assert_allclose(flow(found, "depreciation"), sam["cf_feddepr_total"], **TIGHT)
    taken = -sam["cf_fedtax"] - sam["cf_itc_total"]
    np.testing.assert_allclose(flow(found, "equity_tax"), taken, **TIGHT)


@pytest.mark.parametrize("cover", [1.3, 2.0])
def test_debt_sized_by_its_cover(cover: float) -> None:
    sam = single_owner(
        debt_option=1, dscr=cover, ppa_price_input=(0.05,), federal_tax_rate=(0.0,), dscr_limit_debt_fraction=0
    )
    found = solved(sam, tax_rate=0.0, debt_cover_target=cover, debt_repayment=0.0)
    assert flow(found, "debt") == pytest.approx(sam["size_of_debt"], rel=1e-9)
    np.testing.assert_allclose(flow(found, "debt_service"), sam["cf_debt_payment_total"], **TIGHT)
    np.testing.assert_allclose(flow(found, "debt_balance"), sam["cf_debt_balance"], **TIGHT)
    covers = flow(found, "debt_cover")
    np.testing.assert_allclose(covers[1:16], sam["cf_pretax_dscr"][1:16], rtol=1e-9)
    agrees(found, sam)


def test_capacity_payments_and_another_inflation() -> None:
    paid = {"cp_capacity_payment_type": 1, "cp_capacity_payment_amount": (700_000.0,), "cp_capacity_payment_esc": 2.0}
    sam = single_owner(debt_percent=40.0, inflation_rate=4.0, **paid)
    assert sam["cf_capacity_payment"][1] == 700_000.0
    rate = 1.064 * 1.04 - 1.0
    agrees(solved(sam, debt_share=0.4, discount_rate=rate, equity_rate=rate), sam)


def test_a_levelised_cost_is_sam_s_cost_of_energy_where_there_is_neither_tax_nor_debt() -> None:
    """SAM's nominal LCOE is what is spent over the energy, both discounted, [cents/kWh]."""
    sam = single_owner(federal_tax_rate=(0.0,), salvage_percentage=0.0)
    found = solved(sam, tax_rate=0.0)
    assert flow(found, "lcos") == pytest.approx(sam["lcoe_nom"] * 10.0, rel=1e-9)
