"""The cost of a technology told: one document of plain values for JSON and the terminal, and a table for the chart.

The cost itself is ``costing.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import InputError
from cell2grid.run.costing import SCOPES, CellCost, Scope, cell_cost
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.told.spread import spread

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.study.cost_file import CostCase
    from cell2grid.study.cost_parts import Published

# the rows of the accounts in words, and the kind of cost that the chart puts them into
LABELS: Mapping[str, tuple[str, str]] = {
    "materials": ("materials", "materials"),
    "purchased_items": ("purchased items", "purchased items"),
    "scrap_credit": ("recycling of scrap", "recycling of scrap"),
    "energy": ("energy", "energy"),
    "direct_labour": ("direct labour", "labour"),
    "variable_overhead": ("variable overhead", "overheads and research"),
    "general": ("general, sales, administration", "overheads and research"),
    "research": ("research and development", "overheads and research"),
    "depreciation": ("depreciation", "depreciation"),
    "profit": ("profit", "profit and warranty"),
    "warranty": ("warranty", "profit and warranty"),
}
MOST_MEMBERS = 100_000


def told_cost(
    case: CostCase,
    *,
    countries: Sequence[str] = (),
    scope: Scope = "whole",
    volume: float | None = None,
    cumulative: float | None = None,
    members: int = 1000,
    seed: int = 1,
    compare: bool = False,
) -> dict[str, Any]:
    """The cost of a kWh in each country as plain values, with the published baseline where it is asked for.

    Parameters are those of ``costing.cell_cost``; without ``countries`` it is the one that the baseline plant is in.

    Raises
    ------
    InputError
        ``members`` is out of range, or the call is not the one that the published baseline belongs to.
    StudyError
        A country is not there.
    """
    if not 1 <= members <= MOST_MEMBERS:
        raise InputError(f"members is {members}, expected from 1 to {MOST_MEMBERS:,}")
    places = tuple(dict.fromkeys(countries)) or (case.plant.reference,)
    size = case.technology.volume.to("kWh/year").mode if volume is None else volume
    baseline = told_baseline(case, countries=places, volume=size, cumulative=cumulative) if compare else None
    found = []
    for place in places:
        figures = Figures(seed, first=0, count=members)
        cost = cell_cost(case, country=place, scope=scope, volume=size, cumulative=cumulative, figures=figures)
        found.append(_country(case, cost))
    return {
        "technology": case.name,
        "title": case.technology.title,
        "plant": case.plant_name,
        "scope": scope,
        "scope_means": SCOPES[scope],
        "volume": {"value": size / 1e6, "unit": "GWh/year"},
        "currency": case.plant.currency,
        "money_of": case.plant.money_of,
        "unit": f"{case.plant.currency}/kWh",
        "cumulative": None if cumulative is None else {"value": cumulative / 1e9, "unit": "TWh"},
        "members": members,
        "seed": seed,
        "countries": found,
        "baseline": baseline,
        "notes": [*_notes(case, scope, size, cumulative), *_held_at_nothing(found)],
        "sources": [{"key": key, **source.model_dump(exclude_none=True)} for key, source in case.sources.items()],
    }


def _ends(values: np.ndarray[Any, Any]) -> dict[str, float]:
    found = spread(np.asarray(values, np.float64))
    return {"mean": found.mean, "p10": found.p10, "p50": found.p50, "p90": found.p90}


def _country(case: CostCase, cost: CellCost) -> dict[str, Any]:
    country = case.countries[cost.country]
    materials = case.technology.materials
    gigawatt_hours = cost.volume / 1e6
    return {
        "country": cost.country,
        "name": country.name,
        "total": _ends(cost.total),
        "rows": [{"component": name, "kind": LABELS[name][1], **_ends(values)} for name, values in cost.rows.items()],
        "materials": [
            {"material": key, "title": materials[key].title, "purchased": materials[key].purchased, **_ends(values)}
            for key, values in cost.materials.items()
        ],
        "steps": [
            {
                "step": key,
                "title": step.title,
                "capital": float(step.capital.mean()),
                "labour": float(step.labour.mean()),
                "area": float(step.area.mean()),
                "cost": float(step.cost.mean()),
            }
            for key, step in cost.steps.items()
        ],
        "capital": _ends(cost.capital),
        "capital_per_gwh": _ends(cost.capital / gigawatt_hours),
        "labour": float(np.asarray(sum(step.labour for step in cost.steps.values())).mean()),
        "area": float(np.asarray(sum(step.area for step in cost.steps.values())).mean()),
        "learned": float(cost.learned.mean()),
        "published": [
            {"of": one.of, "scope": one.scope, "cost": one.cost.value, "source": str(one.cost)}
            for one in country.published
        ],
    }


def told_baseline(
    case: CostCase, *, countries: Sequence[str], volume: float, cumulative: float | None = None
) -> dict[str, Any]:
    """What is published of the baseline plant beside what the model has for it, row by row.

    Raises
    ------
    InputError
        Nothing is published of the plant, or the call is not the one that it belongs to.
    """
    published = case.published
    if published is None:
        raise InputError(f"nothing is published of the plant of '{case.name}'; leave --compare out")
    size = published.volume.to("kWh/year").mode
    given = (case.name, *countries)
    if given != (published.technology, published.country) or abs(volume - size) > 1e-9 * size or cumulative is not None:
        raise InputError(
            f"the published baseline is '{published.technology}' in {published.country} at {size / 1e6:g} GWh a year, "
            "without learning; compare that call, or leave --compare out"
        )
    whole = cell_cost(case, country=published.country, scope="whole", volume=size)
    cells = cell_cost(case, country=published.country, scope="cells", volume=size)
    return {
        "name": published.name,
        "source": str(published.capital_whole),
        "capital": _against(published.capital_whole.to(whole.currency).mode, float(whole.capital[0])),
        "capital_cells": _against(published.capital_cells.to(whole.currency).mode, float(cells.capital[0])),
        "rows": _rows(published, whole),
    }


def _rows(published: Published, cost: CellCost) -> list[dict[str, Any]]:
    found = []
    for row in published.rows:
        steps = [cost.steps[key] for key in row.steps]
        capital = sum(float(step.capital[0]) for step in steps)
        labour = sum(float(step.labour[0]) for step in steps)
        found.append(
            {
                "title": row.title,
                "capital": _against(row.capital.to(cost.currency).mode, capital),
                "labour": _against(row.labour.to("hour/year").mode, labour),
            }
        )
    return found


def _against(published: float, computed: float) -> dict[str, float | None]:
    difference = None if published == 0.0 else computed / published - 1.0
    return {"published": published, "computed": computed, "difference": difference}


def _notes(case: CostCase, scope: Scope, volume: float, cumulative: float | None) -> list[str]:
    plant = case.plant
    base = plant.rates["energy"].base.to("kWh/year").mode
    found = [f"The scope is {SCOPES[scope]}; costs of another scope are not comparable."]
    found.append(f"Money is {plant.currency} of {plant.money_of}, and prices are those of the files, not today's.")
    if plant.valid is not None:
        ends = plant.valid.to("ratio")
        if not ends.low <= volume / base <= ends.high:
            found.append(
                f"The volume is {volume / base:g} times the baseline plant's; its exponents are meant for "
                f"{ends.low:g} to {ends.high:g} times."
            )
    if case.technology.energy is not None and scope != "packs":
        found.append(
            "Energy is a row of its own, taken out of the variable overhead at the prices of "
            f"{case.reference.name}, where the baseline plant stands."
        )
    if cumulative is not None:
        found.append("Learning is what the whole world's output brings; it does not say which row falls.")
        learning = case.technology.learning
        before = learning.cumulative.to("kWh").low if learning is not None else 0.0
        if cumulative < before:
            found.append(
                f"The world had made {before / 1e9:g} TWh when the prices were true, more than the "
                f"{cumulative / 1e9:g} TWh asked about: the cost is that of an earlier day."
            )
    if case.unsourced:
        more = len(case.unsourced) - 3
        named = ", ".join(case.unsourced[:3]) + (f" and {more} more" if more > 0 else "")
        found.append(f"Figures without a source: {named}.")
    return found


def _held_at_nothing(countries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where the overhead of the rules does not hold the energy that is taken out of it, which leaves none."""
    means = {
        country["name"]: row["mean"]
        for country in countries
        for row in country["rows"]
        if row["component"] == "variable_overhead"
    }
    energy = any(row["mean"] > 0.0 for country in countries for row in country["rows"] if row["component"] == "energy")
    none = [name for name, mean in means.items() if mean == 0.0]
    if not none or not energy:
        return []
    return [
        f"In {', '.join(none)} the variable overhead is less than the energy that is taken out of it, and is held "
        "at 0: the total is somewhat more than the rules of the baseline give there."
    ]


def cost_table(told: Mapping[str, Any]) -> pd.DataFrame:
    """The rows of every country as the table ``cost`` of ``cell2grid.results``."""
    import pandas as pd

    from cell2grid.results import TABLES

    rows = [
        {
            "technology": told["technology"],
            "scope": told["scope"],
            "country": country["name"],
            "component": LABELS[row["component"]][0],
            "unit": told["unit"],
            **{key: row[key] for key in ("kind", "mean", "p10", "p50", "p90")},
        }
        for country in told["countries"]
        for row in country["rows"]
    ]
    return pd.DataFrame(rows, columns=list(TABLES["cost"]))
