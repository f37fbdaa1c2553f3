"""Investment: what is built where and when, at the least cost or for the most profit, on HiGHS through highspy.

``plan.py`` is what is given and found as plain arrays, ``planned.py`` finds it; ``solve`` is the same by names of the
nomenclature. A plan with foresight of some terms at a time is in ``rolling.py``, one for several futures in
``stochastic.py``. What it costs to build is made of formulas in ``cell2grid.formulas.investing``; what the market
answers to a plan is ``market``, and bringing both together is the caller's. Equations: docs/formulation/plan.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import EngineError
from cell2grid.nomenclature import labelled, require, variable

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.engines.investment.plan import Labels, Plan, Planned

# what a field of ``Plan`` is called in the nomenclature
NAMES = {
    "probability": "scenario_probability",
    "years": "term_years",
    "discount": "term_discount",
    "end_discount": "end_discount",
    "standing_capacity": "standing_capacity",
    "step_width": "making_step_width",
    "step_cost": "making_step_cost",
    "freight": "planned_freight",
    "duty_on_cost": "planned_duty_on_cost",
    "duty_amount": "planned_duty_amount",
    "in_quota": "in_quota",
    "quota": "planned_quota",
    "over_on_cost": "planned_over_on_cost",
    "over_amount": "planned_over_amount",
    "input_use": "market_input",
    "open_cost": "open_cost",
    "idle_cost": "idle_cost",
    "restart_cost": "restart_cost",
    "closing_cost": "closing_cost",
    "starts_idle": "starts_idle",
    "option_plant": "option_plant",
    "block": "block_capacity",
    "ready": "block_ready",
    "opened": "block_opened",
    "most": "most_blocks",
    "most_at_once": "most_blocks_at_once",
    "block_cost": "block_cost",
    "fixed_cost": "block_fixed_cost",
    "salvage": "block_salvage",
    "spending": "block_spending",
    "spending_profile": "spending_profile",
    "scale_exponent": "scale_exponent",
    "incentive_option": "incentive_option",
    "incentive_amount": "incentive_amount",
    "incentive_first": "incentive_first",
    "incentive_last": "incentive_last",
    "incentive_terms": "incentive_terms",
    "demand": "planned_demand",
    "unserved_cost": "unserved_cost",
    "offer_width": "offer_width",
    "offer_value": "offer_value",
    "sales_weight": "sales_weight",
    "sales_bound": "sales_bound",
    "spending_member": "spending_member",
    "spending_group": "spending_group",
    "spending_bound": "spending_bound",
    "capacity_member": "capacity_member",
    "capacity_bound": "capacity_bound",
}
READS = tuple(sorted(NAMES.values()))
WRITES = (
    "blocks_built",
    "idle_share",
    "open_share",
    "plan_bound",
    "plan_cost",
    "plan_gap",
    "plan_objective",
    "plan_residual",
    "planned_capacity",
    "planned_output",
    "planned_price",
    "planned_sales",
    "planned_spending",
    "taken_offers",
    "unserved_demand",
)
_LETTERS = {
    "W": "scenario", "T": "term", "J": "plant", "S": "step", "M": "market", "O": "option", "I": "incentive",
    "G": "offer", "Q": "quota", "L": "sales_limit", "P": "spending_limit", "C": "capacity_limit",
}  # fmt: skip
_BY_AGE = ("ready", "opened", "spending_profile")


def solve(
    arrays: xr.Dataset, *, whole: bool = True, gap: float = 0.01, revealed: int | None = None, seconds: float = 600.0
) -> xr.Dataset:
    """What is built, made, sold and spent in the plan of least expected cost, by scenario and term.

    Parameters
    ----------
    arrays
        The READS with dims and units of the nomenclature. A freight is missing where a plant cannot sell; a cost of
        idling, restarting or closing where that cannot be; a cost of unserved demand where all of it must be met. An
        option names its plant, an incentive its option, by label.
    whole
        Blocks and states in whole numbers.
    gap
        How far the objective may be from the best, relative to itself.
    revealed
        The term from which on each scenario has decisions of its own; all decisions are one without it.
    seconds
        When to stop.

    Returns
    -------
    The WRITES.

    Raises
    ------
    InfeasibleError, UnboundedError, NotConvergedError
        There is no plan, or none was found in time.
    EngineError
        A variable is missing, has other dims or another unit, or a number is out of its bounds.

    The equations are on the formulation page ``plan``.
    """
    from cell2grid.engines.investment.planned import best

    require(arrays, READS, of="investment")
    given = _given(arrays)
    found = best(given, _labels(arrays), whole=whole, gap=gap, revealed=revealed, seconds=seconds)
    return written(arrays, found)


def _given(arrays: xr.Dataset) -> Plan:
    from cell2grid.engines.investment.plan import DIMS, WHOLE, Plan

    found: dict[str, Any] = {}
    for field, dims in DIMS.items():
        array = arrays[NAMES[field]].transpose(*_dims(field, dims))
        if field in ("option_plant", "incentive_option"):
            dim = "plant" if field == "option_plant" else "option"
            found[field] = _places(field, array.values, list(arrays[dim].values))
            continue
        values = np.asarray(array.values, np.float64)
        if field in WHOLE:
            if not (values == np.round(values)).all():
                raise EngineError(f"investment: {NAMES[field]} has a number that is missing or not whole")
            values = values.astype(np.int64)
        found[field] = values
    return Plan(**found)


def _dims(field: str, dims: str) -> tuple[str, ...]:
    named = [_LETTERS[dim] for dim in dims]
    return (*named[:-1], "age") if field in _BY_AGE else tuple(named)


def _places(field: str, names: Any, labels: list[Any]) -> Any:
    unknown = [name for name in names if name not in labels]
    if unknown:
        raise EngineError(f"investment: {NAMES[field]} names '{unknown[0]}', which is no label of its dim")
    return np.array([labels.index(name) for name in names], np.int64)


def _labels(arrays: xr.Dataset) -> Labels:
    from cell2grid.engines.investment.plan import Labels

    dims = ("term", "plant", "market", "option", "scenario", "sales_limit", "spending_limit", "capacity_limit")
    return Labels(*(tuple(str(name) for name in arrays[dim].values) for dim in dims))  # type: ignore[arg-type]


def written(arrays: xr.Dataset, found: Planned) -> xr.Dataset:
    """What was found as the WRITES, by the labels of dims that ``arrays`` has."""
    import xarray as xr

    values = {
        "blocks_built": found.decisions.built,
        "idle_share": found.decisions.idle,
        "open_share": found.decisions.open,
        "plan_bound": np.asarray(found.bound),
        "plan_cost": found.cost,
        "plan_gap": np.asarray(found.gap),
        "plan_objective": np.asarray(found.objective),
        "plan_residual": np.asarray(found.residual),
        "planned_capacity": found.capacity,
        "planned_output": found.output,
        "planned_price": found.price,
        "planned_sales": found.sales,
        "planned_spending": found.spent,
        "taken_offers": found.taken,
        "unserved_demand": found.unserved,
    }
    dims = ("scenario", "term", "plant", "market", "option", "offer")
    coords = {dim: arrays[dim] for dim in dims if dim in arrays.coords}
    return labelled(xr.Dataset({name: (variable(name).dims, value) for name, value in values.items()}, coords))
