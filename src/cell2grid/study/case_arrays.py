"""The arrays of a case file, in the names of the nomenclature: one member, one term, as ``engines.market`` reads them.

The keys are in ``case_file.py``. A region with demand is a market of its own name; a plant is called after its firm
too, as two firms may call theirs alike. Units are those of the nomenclature, with the case's one unit of quantity for
item/year and its one currency.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.nomenclature import labelled, variable
from cell2grid.study.case_file import CaseFile, CasePlant
from cell2grid.study.case_rules import widths

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray


def plants_of(case: CaseFile) -> list[tuple[str, str, CasePlant]]:
    """Firm, name and plant, in the order of the file."""
    return [(firm, name, plant) for firm, part in case.firms.items() for name, plant in part.plants.items()]


def case_arrays(case: CaseFile) -> xr.Dataset:
    """What the market engine reads of a case, with one member and one term.

    >>> from cell2grid.study.case_file import parse_case
    >>> arrays = case_arrays(parse_case('''
    ... regions: {home: {demand: {form: linear, intercept: 100, slope: 1}}}
    ... firms: {one: {plants: {works: {region: home, cost: {constant: 20}}}}}
    ... '''))
    >>> float(arrays["demand_intercept"].item()), str(arrays["plant"].item())
    (100.0, 'one/works')
    """
    import xarray as xr

    plants, markets, firms = plants_of(case), case.markets(), list(case.firms)
    values = {**_plant_values(plants), **_lane_values(case), **_quota_values(case), **_demand_values(case)}
    values["firm_interest"] = _interest(case)
    values["conduct"] = np.array([[case.conduct_in(firm, market) for market in markets] for firm in firms])
    coords = {
        "member": [0],
        "term": [0],
        "plant": [f"{firm}/{name}" for firm, name, _ in plants],
        "firm": firms,
        "other_firm": firms,
        "market": markets,
        "other_market": markets,
        "quota": [f"duties.{place}" for place in _quotas(case)],
    }
    shaped = {}
    for name, array in values.items():
        dims = variable(name).dims
        places = tuple(axis for axis, dim in enumerate(dims) if dim in ("member", "term"))
        shaped[name] = (dims, np.expand_dims(array, places) if places else array)
    return labelled(xr.Dataset(shaped, coords))


def _plant_values(plants: list[tuple[str, str, CasePlant]]) -> dict[str, NDArray[np.generic]]:
    steps = max(len(plant.cost.steps or ()) for _, _, plant in plants) or 1
    width, cost = np.zeros((len(plants), steps)), np.zeros((len(plants), steps))
    scale, power = np.zeros(len(plants)), np.ones(len(plants))
    for place, (_, _, plant) in enumerate(plants):
        said = plant.cost
        if said.steps is not None:
            width[place, : len(said.steps)] = widths(said)
            cost[place, : len(said.steps)] = [step.cost for step in said.steps]
            cost[place, len(said.steps) :] = said.steps[-1].cost
            continue
        width[place, 0] = math.inf
        cost[place, :] = said.power.c if said.power is not None else said.constant or 0.0
        if said.power is not None:
            scale[place], power[place] = said.power.scale, 1.0 / said.power.beta
    return {
        "decides": np.array([firm for firm, _, _ in plants]),
        "sales_capacity": np.array([_most(plant) for _, _, plant in plants]),
        "fixed_cost_rate": np.array([plant.fixed_cost for _, _, plant in plants]),
        "cost_step_width": width,
        "cost_step": cost,
        "cost_power_scale": scale,
        "cost_power": power,
    }


def _most(plant: CasePlant) -> float:
    """The most the plant sells: its capacity, or where its steps end."""
    covered = sum(widths(plant.cost)) if plant.cost.steps is not None else math.inf
    return covered if plant.capacity is None else min(plant.capacity, covered)


def _lane_values(case: CaseFile) -> dict[str, NDArray[np.generic]]:
    plants, markets = plants_of(case), case.markets()
    shape = (len(plants), len(markets))
    freight, least = np.full(shape, np.nan), np.full(shape, np.nan)
    on_cost, on_price, amount = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for j, (_, _, plant) in enumerate(plants):
        for m, market in enumerate(markets):
            carried = case.carried(plant.region, market)
            freight[j, m] = np.nan if carried is None else carried
    for duty in case.duties:
        m = markets.index(duty.to)
        charged = np.array([case.applies(duty, firm, plant.region) for firm, _, plant in plants])
        (on_price if duty.base == "price" else on_cost)[charged, m] += duty.rate or 0.0
        amount[charged, m] += duty.amount or 0.0
        if duty.minimum_price is not None:
            least[charged, m] = np.fmax(least[charged, m], duty.minimum_price)
    return {
        "selling_freight": freight,
        "duty_on_cost": on_cost,
        "duty_on_price": on_price,
        "duty_amount": amount,
        "least_price": least,
    }


def _quotas(case: CaseFile) -> list[int]:
    return [place for place, duty in enumerate(case.duties) if duty.quota is not None]


def _quota_values(case: CaseFile) -> dict[str, NDArray[np.generic]]:
    plants, markets = plants_of(case), case.markets()
    duties = [case.duties[place] for place in _quotas(case)]
    inside = np.zeros((len(duties), len(plants), len(markets)))
    for place, duty in enumerate(duties):
        for j, (firm, _, plant) in enumerate(plants):
            inside[place, j, markets.index(duty.to)] = float(case.applies(duty, firm, plant.region))
    more = [(duty.rate_over or 0.0) - (duty.rate or 0.0) for duty in duties]
    on_price = [duty.base == "price" for duty in duties]
    return {
        "in_quota": inside,
        "quota_amount": np.array([duty.quota or 0.0 for duty in duties]),
        "over_on_cost": np.array([0.0 if priced else extra for priced, extra in zip(on_price, more, strict=True)]),
        "over_on_price": np.array([extra if priced else 0.0 for priced, extra in zip(on_price, more, strict=True)]),
        "over_amount": np.zeros(len(duties)),
    }


def _demand_values(case: CaseFile) -> dict[str, NDArray[np.generic]]:
    demands = [region.demand for region in case.regions.values() if region.demand is not None]
    count = len(demands)
    # a curve of the other form is filled with numbers that do no harm, as engines do not look at them
    return {
        "demand_form": np.array([demand.form for demand in demands]),
        "demand_intercept": np.array([demand.intercept or 0.0 for demand in demands]),
        "demand_slope": np.array([demand.slope or 0.0 for demand in demands]),
        "cross_slope": np.zeros((count, count)),
        "demand_scale": np.array([demand.scale or 0.0 for demand in demands]),
        "demand_elasticity": np.array([demand.elasticity or 0.0 for demand in demands]),
    }


def _interest(case: CaseFile) -> NDArray[np.float64]:
    """What a firm earns of the others' profit, directly and through stakes of stakes; 1 of its own.

    With S the shares of the stakes, what belongs to whom is V = (I - S)^-1, by row: V[i, j] / V[i, i], as in
    ``formulas.ownership.attributable``; what a firm earns of itself in a circle changes no decision.
    """
    firms = list(case.firms)
    held = np.zeros((len(firms), len(firms)))
    for holder, stakes in case.stakes.items():
        for firm, share in stakes.items():
            held[firms.index(holder), firms.index(firm)] = share
    owned = np.linalg.inv(np.eye(len(firms)) - held)
    found: NDArray[np.float64] = owned / owned.diagonal()[:, None]
    return found
