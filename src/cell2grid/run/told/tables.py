"""The tables of a run folder, made from the arrays of a run: one function a table, rows in the order of the study.

Their columns are listed in ``cell2grid.results.TABLES``; the rows of observations and counterfactuals come from
``record.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.formulas.calendar import month_after
from cell2grid.nomenclature import variable
from cell2grid.results import TABLES
from cell2grid.run.told.spread import spread, spreads

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.value import Dispatched, Valued
    from cell2grid.study.model import Study

    Sums = tuple[NDArray[np.float64], NDArray[np.float64]]

MONTHLY = (
    "output",
    "output_energy",
    "utilisation",
    "scrapped",
    "consumed",
    "capacity",
    "ramp",
    "learned",
    "shock_scale",
    "exports",
    "home_sales",
    "work_in_progress",
    "stock",
    "waiting",
    "at_sea",
    "shipped",
    "delivered",
    "order_delivered",
    "order_share",
)
# the money of a project: what a reader asks first comes first
WORTH = ("npv", "irr", "lcos", "payback", "yearly_revenue", "capital_cost", "fixed_cost")
# and what its owners and lenders see, where it borrows
LENT = ("equity_npv", "equity_irr", "debt", "debt_cover_least")


def framed(table: str, rows: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> pd.DataFrame:
    """The rows, or columns, as a frame with the table's columns in their order."""
    import pandas as pd

    return pd.DataFrame(rows, columns=list(TABLES[table]))


def monthly(study: Study, arrays: xr.Dataset, sums: Mapping[str, Sums] | None = None) -> pd.DataFrame:
    """Mean and quantiles over the members of each monthly variable, by plant or order and destination.

    ``sums`` are mean and quantiles by variable where more members were run than ``arrays`` hold.
    """
    import pandas as pd

    nouns = {str(plant): str(noun) for plant, noun in zip(arrays["plant"].values, arrays["noun"].values, strict=True)}
    buys = dict(zip(map(str, arrays["order"].values), map(str, arrays["order_plant"].values), strict=True))
    nouns |= {order: nouns[plant] for order, plant in buys.items()}
    parts = [part for name in MONTHLY for part in _entities(arrays, name, nouns, (sums or {}).get(name))]
    if not parts:
        return framed("monthly", [])
    return pd.concat(parts, ignore_index=True)[list(TABLES["monthly"])]


def _entities(arrays: xr.Dataset, name: str, nouns: Mapping[str, str], sums: Sums | None) -> list[pd.DataFrame]:
    """One frame for each plant or order, and destination that a lane leads to; none where no member has a value."""
    import pandas as pd

    row = variable(name)
    values = arrays[name].transpose(*row.dims).values
    if 0 in values.shape:
        return []
    mean, quantiles = spreads(values) if sums is None else sums
    entities = [str(label) for label in arrays[row.dims[1]].values]
    frames = []
    for place in np.ndindex(mean.shape[:-1]):
        entity = entities[place[0]]
        if np.isnan(mean[place]).all() or (len(place) == 2 and not _reached(arrays, place)):
            continue
        columns = {
            "variable": name,
            "entity": entity,
            "destination": str(arrays["destination"].values[place[1]]) if len(place) == 2 else None,
            "period": arrays["period"].values.astype(object),
            "mean": mean[place],
            **{label: quantile[place] for label, quantile in zip(("p10", "p50", "p90"), quantiles, strict=True)},
            "unit": row.unit.replace("item", nouns[entity]),
        }
        frames.append(pd.DataFrame(columns).dropna(subset=["mean"]))
    return frames


def _reached(arrays: xr.Dataset, place: tuple[int, ...]) -> bool:
    lead = arrays["lead_time"].transpose("plant", "destination", "period", "member").values[place]
    return bool(np.isfinite(lead).all(axis=-1).any())


def counterfactual_months(
    study: Study, arrays: xr.Dataset, by_month: Mapping[str, NDArray[np.float64]]
) -> dict[str, pd.DataFrame]:
    """The exports of each counterfactual's plant by month, with its shocks and without; no table without cases."""
    rows = []
    periods = [str(period) for period in arrays["period"].values]
    for name, without in by_month.items():
        plant = study.counterfactuals[name].plant
        written = arrays["exports"].sel(plant=plant).transpose("member", "period").values
        unit = f"{study.products[study.plants[plant].makes].counted_in}/month"
        for case, values in (("with", written), ("without", without)):
            mean, (p10, _, p90) = spreads(values)
            for place, period in enumerate(periods):
                numbers = {"mean": mean[place], "p10": p10[place], "p90": p90[place]}
                rows.append({"name": name, "case": case, "period": period, **numbers, "unit": unit})
    return {"counterfactual_months": framed("counterfactual_months", rows)} if rows else {}


def deliveries(study: Study, arrays: xr.Dataset) -> pd.DataFrame:
    """When each order is complete and its project operates, and the share of members in which it never is."""
    nouns = dict(zip(arrays["plant"].values, arrays["noun"].values, strict=True))
    rows = []
    for name in arrays["order"].values:
        order = arrays.sel(order=name)
        plant = str(order["order_plant"].values)
        row: dict[str, Any] = {
            "project": str(name),
            "plant": plant,
            "ordered": str(order["ordered"].values),
            "items": float(order["order_quantity"].mean()),
            "unit": str(nouns[plant]),
            "undelivered": float(np.isnan(order["delivery_month"].values).mean()),
        }
        for event, column in (("delivery_month", "delivered"), ("commissioning", "commissioning")):
            # what belongs to no project of the study does not begin to operate
            known = event == "delivery_month" or name in study.projects
            months = months_of_members(order[event].values, study.horizon.start) if known else (None, None, None)
            row |= {f"{column}_{label}": month for label, month in zip(("p10", "p50", "p90"), months, strict=True)}
        rows.append(row)
    return framed("deliveries", rows)


def months_of_members(counted: NDArray[np.float64], start: str) -> tuple[str | None, str | None, str | None]:
    """The months by which 10, 50 and 90 % of the members are done; None where fewer of them ever are.

    A month counts as its middle, so that half a month more is the next.

    >>> months_of_members(np.array([0.0, 1.0, 13.0, np.nan]), "2025-01")
    ('2025-01', '2025-02', None)
    """
    done = np.where(np.isnan(counted), np.inf, counted)
    quantiles = np.quantile(done, (0.1, 0.5, 0.9), method="inverted_cdf")
    low, middle, high = (
        month_after(start, int(np.floor(months + 0.5))) if np.isfinite(months) else None for months in quantiles
    )
    return low, middle, high


def projects(schedules: Mapping[str, Dispatched], money: Valued | None) -> pd.DataFrame:
    """What each dispatched project earns in a year of its prices, and what it is worth over its life."""
    rows = []
    for name, schedule in schedules.items():
        notes = list(schedule.reasons)
        if money is not None and name in money.notes:
            notes.append(money.notes[name])
        shared = {"project": name, "illustrative": bool(schedule.reasons), "note": "; ".join(notes)}
        for column in ("revenue", "charging_cost", "discharged_energy"):
            flat = dict.fromkeys(("mean", "p10", "p90"), schedule.yearly(column))
            unit = f"{variable(column).unit.replace('currency', schedule.currency)}/year"
            rows.append({**shared, "variable": column, **flat, "unit": unit})
        if money is None or name not in money.currencies:
            continue
        one = money.arrays.sel(project=name)
        begins, unserved = one["operation_start"].values, float(one["debt_unserved"].mean())
        if unserved > 0.0:
            notes.append(f"its debt cannot be served in {unserved:.1%} of members")
        for column in (*WORTH, *(LENT if (one["debt"].values > 0.0).any() else ())):
            values = one[column].values
            found = spread(values)
            unit = variable(column).unit.replace("currency", money.currencies[name])
            numbers = {"mean": found.mean, "p10": found.p10, "p90": found.p90}
            note = "; ".join([*notes, *_without_value(column, values, begins)])
            rows.append({**shared, "variable": column, **numbers, "unit": unit, "note": note})
    return framed("projects", rows)


def _without_value(column: str, values: NDArray[np.float64], commissioning: NDArray[np.float64]) -> list[str]:
    """Why some members have no value, and how many they are: the spread is that of the others."""
    waiting = np.isnan(commissioning)
    never = np.isnan(values) & ~waiting
    reasons = {
        "payback": "never pays back",
        "irr": "has no one rate of return",
        "equity_irr": "has no one rate of return",
        "lcos": "sends out no energy",
        "debt_cover_least": "borrows nothing",
    }
    said = []
    if (np.isnan(values) & waiting).any():
        said.append(f"not delivered within the horizon in {waiting.mean():.1%} of members")
    if never.any():
        said.append(f"{reasons.get(column, 'has no value')} in {never.mean():.1%} of members")
    return said


def cash_flow(money: Valued | None) -> pd.DataFrame:
    """What each project pays and earns in each year from its commissioning, year 0."""
    import pandas as pd

    if money is None:
        return framed("cash_flow", [])
    parts = []
    for name, currency in money.currencies.items():
        flows = money.arrays["cash_flow"].sel(project=name).transpose("member", "year").values
        mean, (p10, _, p90) = spreads(flows)
        years = money.arrays["year"].values.astype(np.int64)
        columns = {"project": name, "year": years, "mean": mean, "p10": p10, "p90": p90, "unit": currency}
        parts.append(pd.DataFrame(columns).dropna(subset=["mean"]))
    return pd.concat(parts, ignore_index=True)


def lives(money: Valued) -> dict[str, pd.DataFrame]:
    """The lives of projects whose stores age, and what each member came to; no table where there is none."""
    import pandas as pd

    from cell2grid.run.worth.valuing import delayed
    from cell2grid.run.worth.worth_tables import delay_table, life_table, members_table

    if not money.outcomes:
        return {}
    found = [(name, one, money.currencies[name]) for name, one in money.outcomes.items()]
    return {
        "life": pd.concat([life_table(one, name, unit) for name, one, unit in found], ignore_index=True),
        "members": pd.concat([members_table(one, name, unit) for name, one, unit in found], ignore_index=True),
        "delay": pd.concat([delay_table(delayed(one), name, unit) for name, one, unit in found], ignore_index=True),
    }


def dispatch(schedules: Mapping[str, Dispatched]) -> pd.DataFrame:
    """The schedule of each project, step by step; stamps are UTC."""
    import pandas as pd

    parts = []
    for name, schedule in schedules.items():
        stamps = np.datetime_as_string(schedule.prices.timestep, unit="s")
        columns = {column: schedule.schedule[column].values for column in ("charge", "discharge", "energy")}
        columns |= {"price": schedule.prices.price, "timestep": np.char.add(stamps, "Z").astype(object)}
        frame = pd.DataFrame({"project": name, **columns, "currency": schedule.currency})
        parts.append(frame[list(TABLES["dispatch"])])
    return pd.concat(parts, ignore_index=True) if parts else framed("dispatch", [])
