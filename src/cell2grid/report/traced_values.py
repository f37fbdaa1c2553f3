"""The values of a result that is traced, with their spread: from the tables of the run, else from its arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cell2grid.nomenclature import variable
from cell2grid.report.marks import rows

if TYPE_CHECKING:
    from cell2grid.results import Results

# results of an engine whose months stand in the table of deliveries
_DATES = {"delivery_month": "delivered", "commissioning": "commissioning"}
# what is told of owners: its table, the column of the company or product, and those of the two ends
_OWNED = {
    "attributable_share": ("owners", "company", ("attributable_low", "attributable_high")),
    "voting_power": ("owners", "company", ("power_low", "power_high")),
    "concentration_ratio": ("concentration", "product", ("cr4_low", "cr4_high")),
    "concentration_index": ("concentration", "product", ("hhi_low", "hhi_high")),
}
# what is told of firms in markets, by its name in the table
_OF_FIRMS = {"firm_profit": "profit", "firm_revenue": "revenue", "market_share": "share"}
_ALL = "all"


@dataclass(frozen=True, slots=True)
class ResultValue:
    """One value of a result: of whom, when, where to, its mean and spread.

    ``text`` holds a value that is no number, such as a month.
    """

    label: str
    of: str | None
    when: str | None
    mean: float | None
    p10: float | None
    p90: float | None
    unit: str
    text: str | None = None


def values_of(results: Results, name: str, entity: str | None) -> tuple[ResultValue, ...]:
    """The values of a variable, of one plant or project where ``entity`` names one; none where the run has none."""
    for find in (
        _project_values,
        _date_values,
        _monthly_values,
        _yearly_values,
        _owner_values,
        _market_values,
        _array_values,
    ):
        found = find(results, name)
        if found:
            return tuple(value for value in found if entity is None or value.of == entity)
    return ()


def observation_values(results: Results, name: str) -> tuple[ResultValue, ...]:
    """What was reported, what the model gives, and what is between."""
    found = []
    frame = rows(results, "observations")
    for row in frame[frame["name"] == name].to_dict("records") if len(frame) else []:
        when = row["start"] if row["start"] == row["end"] else f"{row['start']} to {row['end']}"
        shared = {"of": str(row["of"]), "when": when, "unit": str(row["unit"])}
        found.append(ResultValue("reported", mean=_number(row["observed"]), p10=None, p90=None, **shared))
        found.append(_spread("modelled", row, **shared))
        found.append(ResultValue("residual", mean=_number(row["residual"]), p10=None, p90=None, **shared))
    return tuple(found)


def counterfactual_values(results: Results, name: str) -> tuple[ResultValue, ...]:
    """Exports and share without the shocks."""
    frame = rows(results, "counterfactuals")
    part = frame[frame["name"] == name].to_dict("records") if len(frame) else []
    return tuple(
        _spread(f"{row['quantity']} without {row['without']}", row, of=None, when=None, unit=str(row["unit"]))
        for row in part
    )


def _project_values(results: Results, name: str) -> list[ResultValue]:
    return [
        _spread(name, row, of=str(row["project"]), when=None, unit=str(row["unit"]))
        for row in rows(results, "projects", [name]).to_dict("records")
    ]


def _date_values(results: Results, name: str) -> list[ResultValue]:
    if name not in _DATES:
        return []
    found = []
    for row in rows(results, "deliveries").to_dict("records"):
        early, middle, late = (row[f"{_DATES[name]}_{edge}"] or "after the horizon" for edge in ("p10", "p50", "p90"))
        text = f"{middle} (p10 {early}, p90 {late})"
        found.append(ResultValue(name, str(row["project"]), None, None, None, None, "month", text))
    return found


def _monthly_values(results: Results, name: str) -> list[ResultValue]:
    found = []
    for row in rows(results, "monthly", [name]).to_dict("records"):
        label = f"{name} to {row['destination']}" if row["destination"] else name
        found.append(_spread(label, row, of=str(row["entity"]), when=str(row["period"]), unit=str(row["unit"])))
    return found


def _yearly_values(results: Results, name: str) -> list[ResultValue]:
    if name != "cash_flow":
        return []
    return [
        _spread(name, row, of=str(row["project"]), when=f"year {row['year']}", unit=str(row["unit"]))
        for row in rows(results, "cash_flow").to_dict("records")
    ]


def _owner_values(results: Results, name: str) -> list[ResultValue]:
    """What is told of owners, of each company or product on each day, with its ends in place of quantiles."""
    table, of, columns = _OWNED.get(name, ("", "", ("", "")))
    found = []
    for row in rows(results, table).to_dict("records"):
        low, high = (_number(row[column]) for column in columns)
        if low is None or high is None:
            continue
        whose = row.get("holder") or row.get("basis") or "not named"
        text = f"{low:.4g} to {high:.4g}" if low != high else f"{low:.4g}"
        found.append(ResultValue(f"{name}, {whose}", str(row[of]), str(row["day"]), None, low, high, "ratio", text))
    return found


def _array_values(results: Results, name: str) -> list[ResultValue]:
    """Mean and spread over the members of a variable that no table has: one value for each plant, project or order."""
    import numpy as np

    arrays = results.arrays
    if arrays is None or name not in arrays or arrays[name].dtype.kind != "f" or "member" not in arrays[name].dims:
        return []
    array = arrays[name]
    entities = [str(dim) for dim in array.dims if dim in ("plant", "project", "market", "order")]
    found = []
    for label in arrays[entities[0]].values if entities else [None]:
        values = (array.sel({entities[0]: label}) if entities else array).values
        finite = values[np.isfinite(values)]
        if finite.size:
            low, high = np.quantile(finite, (0.1, 0.9))
            spread = {"mean": float(finite.mean()), "p10": float(low), "p90": float(high)}
            of = None if label is None else str(label)
            found.append(_spread(name, spread, of=of, when=None, unit=_unit(results, name, of)))
    return found


def _unit(results: Results, name: str, of: str | None) -> str:
    """The unit of the nomenclature; what carrying and lateness cost is in the currency that the tables say."""
    unit = variable(name).unit
    for table, key, currency in (("landing", "plant", "unit"), ("orders", "order", "currency")):
        frame = rows(results, table)
        if of is not None and not frame.empty and unit.split("/")[0] == "currency":
            said = [money for money in frame.loc[frame[key] == of, currency] if isinstance(money, str)]
            if said:
                return unit.replace("currency", said[0], 1)
    return unit


def _market_values(results: Results, name: str) -> list[ResultValue]:
    """What is told of markets, their plants and firms, by term, in the money and the items of the study."""
    found = []
    for table, of in (("market", "market"), ("market_plants", "plant")):
        found += [
            _spread(name, row, of=str(row[of]), when=str(row["term"]), unit=str(row["unit"]))
            for row in rows(results, table, [name]).to_dict("records")
        ]
    for row in rows(results, "market_firms", [_OF_FIRMS[name]]).to_dict("records") if name in _OF_FIRMS else ():
        where = str(row["market"])
        if where != _ALL and name != "market_share":
            continue
        label = name if where == _ALL else f"{name} in {where}"
        found.append(_spread(label, row, of=str(row["firm"]), when=str(row["term"]), unit=str(row["unit"])))
    return found


def _spread(label: str, row: dict[str, Any], *, of: str | None, when: str | None, unit: str) -> ResultValue:
    return ResultValue(label, of, when, _number(row["mean"]), _number(row["p10"]), _number(row["p90"]), unit)


def _number(value: Any) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
