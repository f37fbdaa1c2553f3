"""The financial model 'Single Owner' of NREL-PySAM, set so that its conventions are ours (docs/formulation/finance.md).

Reserves, construction finance, state tax and fees are nothing; the debt is served once a year from year 1; money of a
year falls at its end in both. SAM raises costs from the second year on, and its discount rate is real.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

YEARS = 20
POWER = 10_000.0  # kW
CAPITAL = 50e6
SCHEDULES = ("macrs_5", "macrs_15", "sl_20")
PLAIN = {
    "ppa_soln_mode": 1,
    "ppa_price_input": (0.1,),
    "ppa_escalation": 1.5,
    "ppa_multiplier_model": 0,
    "dispatch_factors_ts": [1.0] * 8760,
    "gen": [POWER] * 8760,
    "analysis_period": YEARS,
    "system_capacity": POWER,
    "total_installed_cost": CAPITAL,
    "om_capacity": (0.0,),
    "om_fixed": (200_000.0,),
    "om_fuel_cost": (0.0,),
    "insurance_rate": 0.5,
    "inflation_rate": 2.5,
    "real_discount_rate": 6.4,
    "salvage_percentage": 5.0,
    "construction_financing_cost": 0.0,
    "cost_debt_fee": 0.0,
    "dscr_reserve_months": 0.0,
    "months_working_reserve": 0.0,
    "reserves_interest": 0.0,
    "federal_tax_rate": (21.0,),
    "state_tax_rate": (0.0,),
    "itc_fed_percent": (0.0,),
    "depr_fedbas_method": 0,
    "debt_option": 0,
    "debt_percent": 0.0,
    "payment_option": 0,
    "term_tenor": 15,
    "term_int_rate": 6.0,
}


def single_owner(*, depreciation: str = "macrs_5", **changes: object) -> dict[str, npt.NDArray[np.float64]]:
    """The outputs of SAM by name, flows by year from 0; ``changes`` are its own names and units."""
    import PySAM.Singleowner

    model = PySAM.Singleowner.default("CustomGenerationProfileSingleOwner")
    allocated = {f"depr_alloc_{name}_percent": 100.0 * (name == depreciation) for name in SCHEDULES}
    qualified = {f"depr_itc_fed_{name}": float(name == depreciation) for name in SCHEDULES}
    for name, value in {**PLAIN, **allocated, **qualified, **changes}.items():
        model.value(name, value)
    model.execute(0)
    return {name: np.asarray(value, np.float64) for name, value in model.Outputs.export().items()}
