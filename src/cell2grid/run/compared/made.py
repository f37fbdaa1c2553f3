"""What plants make and ship, how far they are used, and what carrying costs, by year: numbers without a market."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.nomenclature import variable
from cell2grid.run.compared.number import WHOLE, Number, Numbers, ratio_over, sides_of, stretches
from cell2grid.run.market.told import home_of
from cell2grid.run.without import by_plant
from cell2grid.study.rules.landing import plant_currency

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.study.model import Study

FLOWS = ("output", "home_sales", "exports", "delivered")
CARRIED = ("freight_cost", "duty_cost")


def made(study: Study, arrays: xr.Dataset) -> Numbers:
    """Totals by year of what flows, and utilisation, of each plant and of each firm's plants of a product."""
    periods = [str(period) for period in arrays["period"].values]
    months = stretches(periods, np.ones(len(periods)))
    flows = {name: by_plant(arrays, name) for name in (*FLOWS, *(part for part in CARRIED if part in arrays))}
    capacity = arrays["capacity"].transpose("member", "plant", "period").values
    places = {str(name): place for place, name in enumerate(arrays["plant"].values)}
    for kind, entity, product, side, plants in _groups(study):
        rows = [places[name] for name in plants]
        noun = study.products[product].counted_in
        for period, weight in months:
            where = (kind, entity, "", product, side, period)
            for name in FLOWS:
                total = flows[name][:, rows].sum(axis=1) @ weight
                yield Number(name, *where, variable(name).unit.replace("item", noun).removesuffix("/month")), total
            used = ratio_over(flows["output"][:, rows].sum(axis=1), capacity[:, rows].sum(axis=1), weight)
            if not np.isnan(used).all():
                yield Number("utilisation", *where, "ratio"), used
            money = {plant_currency(study, name) for name in plants}
            for name in CARRIED:
                if name in flows and len(money) == 1 and None not in money:
                    total = flows[name][:, rows].sum(axis=1) @ weight
                    if np.isfinite(total).any():
                        yield Number(name, *where, str(next(iter(money)))), total


def _groups(study: Study) -> list[tuple[str, str, str, str, list[str]]]:
    """Kind, entity, product, side and plants of each plant, and of the plants that a firm owns."""
    found = [("plant", name, plant.makes, WHOLE, [name]) for name, plant in study.plants.items()]
    for firm in study.firms:
        owned = [name for name, plant in study.plants.items() if plant.owner == firm]
        home = home_of(study, firm, owned)
        for product in dict.fromkeys(study.plants[name].makes for name in owned):
            plants = [name for name in owned if study.plants[name].makes == product]
            for side, inside in sides_of(home, [study.plants[name].region for name in plants]):
                found.append(("firm", firm, product, side, [plants[place] for place in inside]))
    return found
