"""What shocks did: the run as written against the run without them, member by member on the same draws.

Each member draws all else as before, so that what is left of the difference is the shocks alone (common random numbers:
the variance of a difference is that of both less twice their covariance). Named counterfactuals of a study, held
against what was reported, are in ``record.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import InputError
from cell2grid.nomenclature import variable
from cell2grid.run.told.spread import spreads
from cell2grid.study.refusals import near

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.value import Valued
    from cell2grid.study.model import Study

FLOWS = ("output", "exports", "home_sales", "shipped", "delivered")
LEVELS = ("stock", "at_sea")
OF_ORDERS = ("delivery_month", "late_days", "late_damages")
OF_PROJECTS = ("npv",)
TOTAL, END = "total", "end"
ROUNDING = 1e-12  # of the larger of two numbers: nearer than that they are the same


def check_shocks(study: Study, without: Sequence[str]) -> None:
    """Refuse a name that is no shock of the study.

    Raises
    ------
    InputError
        A name is no shock; the message says which are near.
    """
    for name in without:
        if name not in study.shocks:
            hint = near(name, study.shocks, what="shocks")
            raise InputError(f"--without '{name}' is no shock of study '{study.study}'; {hint}")


def without_rows(
    study: Study,
    written: xr.Dataset,
    rest: xr.Dataset,
    money: Valued | None = None,
    other_money: Valued | None = None,
) -> list[dict[str, Any]]:
    """The rows of the table ``without``: of plants by month and in all, of orders, and of projects' worth.

    Parameters
    ----------
    written, rest
        The arrays of the run as the study says, and of the one without the shocks, of the same members.
    money, other_money
        The worth of the projects in each.
    """
    nouns = dict(zip(map(str, written["plant"].values), map(str, written["noun"].values), strict=True))
    periods = [str(period) for period in written["period"].values]
    rows: list[dict[str, Any]] = []
    for name in (*FLOWS, *LEVELS):
        both = [by_plant(arrays, name) for arrays in (written, rest)]
        total = [values.sum(axis=2) if name in FLOWS else values[:, :, -1] for values in both]
        unit = variable(name).unit
        for place, plant in enumerate(nouns):
            own = unit.replace("item", nouns[plant])
            whole = np.stack([values[:, place] for values in total])[:, :, None]
            monthly = np.stack([values[:, place] for values in both])
            label = TOTAL if name in FLOWS else END
            rows += _rows(name, plant, [label], whole, own.removesuffix("/month"))
            rows += _rows(name, plant, periods, monthly, own)
    rows += _of_orders(study, written, rest)
    if money is not None and other_money is not None:
        for name in OF_PROJECTS:
            for project, currency in money.currencies.items():
                found = [one.arrays[name].sel(project=project).values for one in (money, other_money)]
                unit = variable(name).unit.replace("currency", currency)
                rows += _rows(name, project, [TOTAL], np.stack(found)[:, :, None], unit)
    return rows


def by_plant(arrays: xr.Dataset, name: str) -> NDArray[np.float64]:
    """A variable by member, plant and month, all destinations together; what is not known of one counts nothing."""
    array = arrays[name]
    if "destination" in array.dims:
        array = array.sum("destination", skipna=True, min_count=1)
    values: NDArray[np.float64] = array.transpose("member", "plant", "period").values
    return values


def _of_orders(study: Study, written: xr.Dataset, rest: xr.Dataset) -> list[dict[str, Any]]:
    """When each order is complete and what part of it arrives at all; how late it is and what that costs."""
    from cell2grid.run.inputs.orders import placed_orders
    from cell2grid.study.rules.landing import plant_currency

    placed, rows = placed_orders(study), []
    for order in map(str, written["order"].values):
        share = [arrays["order_share"].sel(order=order).isel(period=-1).values for arrays in (written, rest)]
        rows += _rows("order_share", order, [END], np.stack(share)[:, :, None], variable("order_share").unit)
        for name in OF_ORDERS:
            if name not in written or name not in rest:
                continue
            found = np.stack([arrays[name].sel(order=order).values for arrays in (written, rest)])
            money = plant_currency(study, placed[order].order.plant) or "currency"
            rows += _rows(name, order, [TOTAL], found[:, :, None], variable(name).unit.replace("currency", money))
    return rows


def _rows(name: str, entity: str, periods: Sequence[str], both: NDArray[np.float64], unit: str) -> list[dict[str, Any]]:
    """A row for each period of (run, member, period), as written less without; none where no member has both."""
    difference = both[0] - both[1]
    # the same sum in another order differs in its last digit
    difference = np.where(np.abs(difference) <= ROUNDING * np.abs(both).max(axis=0), 0.0, difference)
    known = ~np.isnan(difference)
    if not known.any():
        return []
    mean, quantiles = spreads(difference)
    error = standard_error(difference)
    means = [spreads(np.where(known, values, np.nan))[0] for values in both]
    return [
        {
            "variable": name,
            "entity": entity,
            "period": period,
            "with_shocks": means[0][place],
            "without_shocks": means[1][place],
            "difference": mean[place],
            **{label: quantile[place] for label, quantile in zip(("p10", "p50", "p90"), quantiles, strict=True)},
            "error": error[place],
            "unit": unit,
        }
        for place, period in enumerate(periods)
        if known[:, place].any()
    ]


def standard_error(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The standard error of the mean over members (first axis) that have a value; missing where fewer than two have.

    >>> standard_error(np.array([[1.0], [3.0], [np.nan]]))
    array([1.])
    """
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    enough = np.maximum(count, 2)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.maximum(count, 1)
    square = np.where(known, values - mean, 0.0) ** 2
    error: NDArray[np.float64] = np.sqrt(square.sum(axis=0) / (enough - 1) / enough)
    return np.where(count >= 2, error, np.nan)
