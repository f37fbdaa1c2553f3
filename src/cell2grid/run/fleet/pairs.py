"""One asset on one price year: its row, and its schedule where that is wanted.

An asset that has no schedule in a year gets a row with the reason, and stops nothing. Which of the many pairs run at
once, and in which process, is in ``working.py``; the columns of the files are here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from cell2grid.errors import Cell2gridError, InfeasibleError, InputError, NotConvergedError
from cell2grid.run.fleet.assets import FleetAsset
from cell2grid.run.fleet.folder import PriceYear, YearPrices

if TYPE_CHECKING:
    from cell2grid.engines.dispatch import Case, Schedule

# the columns of results/*.parquet, one row a pair, and of schedules/*.parquet, one row a step of a pair
RESULTS: Mapping[str, str] = MappingProxyType(
    {
        "asset": "VARCHAR",
        "series": "VARCHAR",
        "year": "BIGINT",
        "timesteps": "BIGINT",
        "hours": "DOUBLE",
        "filled": "BIGINT",
        **dict.fromkeys(("revenue", "objective", "charged_mwh", "discharged_mwh", "cycles"), "DOUBLE"),
        "currency": "VARCHAR",
        "method": "VARCHAR",
        "status": "VARCHAR",
        "reason": "VARCHAR",
    }
)
SCHEDULES: Mapping[str, str] = MappingProxyType(
    {
        "asset": "VARCHAR",
        "series": "VARCHAR",
        "year": "BIGINT",
        "timestep": "TIMESTAMP_S",
        **dict.fromkeys(("price", "charge_mw", "discharge_mw", "energy_mwh"), "DOUBLE"),
    }
)
SOLVED = "solved"

Solve = Callable[["Case"], "Schedule"]


class Pair(NamedTuple):
    """The row of one pair, and the columns of its schedule where one was asked for and found."""

    row: dict[str, Any]
    schedule: dict[str, Any] | None


def pair_of(
    asset: FleetAsset, year: PriceYear, prices: YearPrices, solve: Solve, *, with_schedule: bool = False
) -> Pair:
    """The row of an asset in a price year; ``solve`` finds the schedule of a checked case.

    Raises
    ------
    Cell2gridError
        A fault of ours; what the case lacks is a reason in the row.
    """
    from cell2grid.engines import dispatch

    row: dict[str, Any] = dict.fromkeys(RESULTS)
    row |= {"asset": asset.name, "series": year.series, "year": year.year, "currency": year.currency}
    row |= {"timesteps": year.count, "hours": year.hours, "filled": year.filled}
    try:
        fields = {**asset.fields, "day": prices.day} if "cycles_per_day" in asset.fields else asset.fields
        case = dispatch.checked(dispatch.asset_case(prices.price, prices.step_hours, **fields))
        best = solve(case)
    except (InfeasibleError, InputError, NotConvergedError) as error:
        return Pair(row | {"status": _status(error), "reason": error.message}, None)
    found = dispatch.outcome(best, case)
    row |= {
        "revenue": found["revenue"],
        "objective": found["objective"],
        "charged_mwh": found["charged_energy"],
        "discharged_mwh": found["discharged_energy"],
        "cycles": found["drawn_energy"] / case.energy_capacity,
        "method": best.method,
        "reason": best.reason,
        "status": SOLVED,
    }
    if not with_schedule:
        return Pair(row, None)
    columns = {
        f"{name}_{unit}": found[name] for name, unit in (("charge", "mw"), ("discharge", "mw"), ("energy", "mwh"))
    }
    return Pair(row, {"timestep": prices.timestep, "price": prices.price, **columns})


def _status(error: Cell2gridError) -> str:
    if isinstance(error, InfeasibleError):
        return "infeasible"
    return "not converged" if isinstance(error, NotConvergedError) else "refused"
