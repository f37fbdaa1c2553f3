"""The tables ``places`` and ``flows``: where a study's plants, plans, projects and markets are, and what moves.

A place that the study does not locate is put in the middle of its country or wide region, and says so; one whose region
is neither is left off the map, which says so. Flows are totals over the horizon: what plants take in of one another,
what leaves them for each region, and what reaches each order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.formulas.calendar import months_between
from cell2grid.run.told.spread import spread
from cell2grid.study.atlas import middle_of

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Study
    from cell2grid.study.plants import Location

MONTHS = 12.0  # of a year


def places(study: Study, arrays: xr.Dataset) -> list[dict[str, Any]]:
    """A row for each plant, announced plant, project and market that is on the map: what it makes, stores or gets.

    Of what was announced and not given up, it is the capacity, or else the money.
    """
    years = len(months_between(study.horizon.start, study.horizon.end)) / MONTHS
    rows = []
    for name, plant in study.plants.items():
        made = float(_total(arrays["output"].sel(plant=name)).mean()) / years
        noun = study.products[plant.makes].counted_in
        kind = "planned" if study.investment is not None and name in study.investment.options else "plant"
        rows.append(_row(study, kind, name, plant.region, plant.location, made, f"{noun}/year"))
    for name, plan in study.announced.items():
        if plan.cancelled is None:
            figure = plan.money if plan.capacity is None else plan.capacity
            rows.append(_row(study, "planned", name, plan.region, None, figure.value, figure.unit))
    for name, project in study.projects.items():
        energy = project.energy.to("MWh").mode
        rows.append(_row(study, "project", name, project.region, project.location, energy, "MWh"))
    for name, market in study.markets.items():
        makers = [plant for plant in study.plants if study.plants[plant].makes == market.product]
        reached = arrays["delivered"].sel(plant=makers, destination=market.region)
        got = float(_total(reached).mean()) / years
        noun = study.products[market.product].counted_in
        rows.append(_row(study, "market", name, market.region, None, got, f"{noun}/year"))
    return [row for row in rows if row["latitude"] is not None]


def flows(study: Study, arrays: xr.Dataset) -> list[dict[str, Any]]:
    """A row for each flow of the horizon that is not nothing in all members, with the spread of its total."""
    found = [*_taken_in(study, arrays), *_shipped(study, arrays), *_to_orders(study, arrays)]
    return [
        {"kind": kind, "origin": origin, "target": target, "product": product, **_spread(values), "unit": unit}
        for kind, origin, target, product, values, unit in found
        if values.any()
    ]


_Flow = tuple[str, str, str, str, "NDArray[np.float64]", str]


def _taken_in(study: Study, arrays: xr.Dataset) -> Iterator[_Flow]:
    """What each plant takes in of each maker of an input, in proportion to what its makers gave."""
    for product, row in study.products.items():
        makers = [name for name, plant in study.plants.items() if plant.makes == product]
        need = arrays["input_per_item"].sel(product=product)
        takers = [name for name in study.plants if bool((need.sel(plant=name) > 0).any())]
        taken = {name: _total(arrays["started"].sel(plant=name)) * need.sel(plant=name).values for name in takers}
        of_all = sum(taken.values(), np.zeros(arrays.sizes["member"]))
        for maker in makers:
            given = _total(arrays["consumed"].sel(plant=maker))
            for taker in takers:
                share = np.divide(taken[taker], of_all, out=np.zeros_like(of_all), where=of_all > 0)
                yield "input", maker, taker, product, given * share, row.counted_in


def _shipped(study: Study, arrays: xr.Dataset) -> Iterator[_Flow]:
    for name, plant in study.plants.items():
        noun = study.products[plant.makes].counted_in
        for region in map(str, arrays["destination"].values):
            left = _total(arrays["shipped"].sel(plant=name, destination=region))
            yield "home" if region == plant.region else "abroad", name, region, plant.makes, left, noun


def _to_orders(study: Study, arrays: xr.Dataset) -> Iterator[_Flow]:
    for name in map(str, arrays["order"].values):
        order = arrays.sel(order=name)
        product = study.plants[str(order["order_plant"].values)].makes
        arrived = _total(order["order_delivered"])
        yield "order", str(order["order_region"].values), name, product, arrived, study.products[product].counted_in


def _total(array: xr.DataArray) -> NDArray[np.float64]:
    """The sum over all but the members."""
    values: NDArray[np.float64] = array.sum([dim for dim in array.dims if dim != "member"]).values
    return values


def _spread(values: NDArray[np.float64]) -> dict[str, float]:
    found = spread(values)
    return {"mean": found.mean, "p10": found.p10, "p90": found.p90}


def _middle(study: Study, region: str) -> tuple[float, float] | None:
    """Where a region is: where the study says, or the middle of the country or wide region of its name."""
    said = study.regions.get(region)
    if said is not None and said.location is not None:
        return said.location.latitude.to("degree").mode, said.location.longitude.to("degree").mode
    return middle_of(region, (said.name or "") if said is not None else "")


def _row(
    study: Study, kind: str, entity: str, region: str, location: Location | None, amount: float, unit: str
) -> dict[str, Any]:
    of_region = location is None
    if location is None:
        at = _middle(study, region)
    else:
        at = location.latitude.to("degree").mode, location.longitude.to("degree").mode
    latitude, longitude = at if at is not None else (None, None)
    return {
        "kind": kind,
        "entity": entity,
        "region": region,
        "latitude": latitude,
        "longitude": longitude,
        "of_region": of_region,
        "mean": amount,
        "unit": unit,
    }
