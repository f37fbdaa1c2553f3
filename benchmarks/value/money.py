"""The money of a project, beside NREL-PySAM's model 'Single Owner' on the same income and cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from benchmarks.dispatch.table import Report
from benchmarks.value.subject import of_tests, timed
from cell2grid.engines import finance
from cell2grid.formulas.finance import depreciation_shares


def rows(report: Report) -> None:
    """One project with tax and half its cost in debt, and many members of it in one call."""
    peer = of_tests("singleowner_at_hand.py")
    sam = peer["single_owner"](debt_percent=50.0)
    members = 50 if report.quick else 10_000
    one, many = arrays(peer, sam, 1), arrays(peer, sam, members)
    finance.solve(one)
    report.part("20 years of money: tax by MACRS, half of the cost in debt")
    rounds = 1 if report.quick else 20
    alone, found = timed(lambda: finance.solve(one), rounds)
    whole, all_of_them = timed(lambda: finance.solve(many), 1 if report.quick else 3)
    model = prepared(peer)
    executed, _ = timed(lambda: model.execute(0), rounds)
    report.line(f"  cell2grid, one project: {alone * 1e3:,.2f} ms; {members:,} at once: {whole * 1e3:,.1f} ms")
    report.line(f"  PySAM Singleowner, set up, executed alone: {executed * 1e3:,.2f} ms")
    report.line(
        f"  ratio of one: {executed / alone:,.1f}; of one among {members:,}: {executed / (whole / members):,.0f}"
    )
    theirs = float(sam["cf_project_return_aftertax_npv"][-1])
    report.judge("NPV to the owners, beside PySAM", float(found["equity_npv"].values[0, 0]), theirs, 1e-9)
    report.judge("the last of many beside PySAM", float(all_of_them["equity_npv"].values[-1, 0]), theirs, 1e-9)


def prepared(peer: dict[str, Any]) -> Any:
    """The model with the inputs of the oracle, which has been executed once."""
    import PySAM.Singleowner

    model = PySAM.Singleowner.default("CustomGenerationProfileSingleOwner")
    for name, value in {**peer["PLAIN"], "debt_percent": 50.0}.items():
        model.value(name, value)
    model.execute(0)
    return model


def arrays(peer: dict[str, Any], sam: dict[str, np.ndarray], members: int) -> xr.Dataset:
    """The READS of the finance engine from what SAM counted before tax and debt."""
    years, rate = peer["YEARS"], 1.064 * 1.025 - 1.0
    flows = {
        "market_revenue": sam["cf_energy_value"],
        "operating_cost": sam["cf_operating_expenses"],
        "residual_value": sam["cf_net_salvage_value"],
        "yearly_discharged_energy": sam["cf_energy_net"] / 1000.0,
        "depreciation_share": depreciation_shares("macrs-5", years, years),
    }
    numbers = {
        "capital_cost": peer["CAPITAL"],
        "life": float(years),
        "discount_rate": rate,
        "equity_rate": rate,
        "tax_rate": 0.21,
        "losses_used": 1.0,
        "debt_rate": 0.06,
        "debt_tenor": 15.0,
        "debt_share": 0.5,
        "debt_repayment": 1.0,
        "debt_cover_target": np.nan,
    }
    found: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}
    for name in finance.READS:
        if name in finance.checks.AMOUNTS:
            values = np.zeros(years + 1)
            given = np.asarray(flows.get(name, 0.0), np.float64)
            values[: given.size] = given
            found[name] = (("member", "project", "year"), np.broadcast_to(values, (members, 1, years + 1)))
        else:
            found[name] = (("member", "project"), np.full((members, 1), numbers.get(name, 0.0)))
    return xr.Dataset(found, coords={"project": ["plant"], "year": np.arange(years + 1)})
