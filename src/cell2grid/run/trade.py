"""A study's lanes, markets, orders and calendar of allocation as the arrays that the engine ``deliveries`` reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.calendar import quarter_month
from cell2grid.run.figures import items_of
from cell2grid.run.lanes import lane_values
from cell2grid.run.orders import order_labels, order_values
from cell2grid.run.plants import shock_scale
from cell2grid.run.serving import serving_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.figures import Figures
    from cell2grid.run.plants import Values
    from cell2grid.run.shocks import Shocks
    from cell2grid.study.model import Allocation, Demand, Lane, Order, Study

TINY = np.finfo(np.float64).tiny
WHOLE_ITEM = 1e-9  # an order by energy is rounded up to whole items, but not for a difference of rounding


def supply_labels(study: Study) -> dict[str, tuple[str, list[str]]]:
    """The words on plants' regions, markets and orders that ``supply`` reads, by name with the dim they lie on."""
    return {
        "plant_region": ("plant", [plant.region for plant in study.plants.values()]),
        "market_region": ("market", [market.region for market in study.markets.values()]),
        "market_product": ("market", [market.product for market in study.markets.values()]),
        **order_labels(study),
    }


def supply_values(study: Study, figures: Figures, periods: Sequence[str], shocks: Shocks) -> Values:
    """The numbers that ``supply`` reads besides those of its plants, by name with their dims.

    Raises
    ------
    StudyError
        Two lanes or two rules of allocation say different things of the same case; an order has no size.
    """
    shape = (figures.count, len(study.plants), len(periods))
    export_scale = np.ones(shape)
    for place, (name, plant) in enumerate(study.plants.items()):
        export_scale[:, place] = shocks.of_plant(plant, name, "exports")
    input_scale = np.ones((figures.count, len(study.products), len(periods)))
    for place, product in enumerate(study.products):
        input_scale[:, place] = shocks.of_input(product)
    demand = _demand(study, figures, periods)
    for place, name in enumerate(study.markets):
        left = shocks.of_market(name)
        # a part of all that is left is not known; nothing of it is nothing
        demand[:, place] = np.where(left > 0.0, demand[:, place] * np.maximum(left, TINY), 0.0)
    return {
        **serving_values(study, figures, periods),
        **lane_values(study, figures, periods, shocks),
        **order_values(study, figures, periods),
        "export_scale": (("member", "plant", "period"), export_scale),
        "input_scale": (("member", "product", "period"), input_scale),
        "market_demand": (("member", "market", "period"), demand),
    }


def orders(study: Study) -> dict[str, Order]:
    """The orders of the study's projects, by project."""
    return {name: project.order for name, project in study.projects.items() if project.order is not None}


def regions(study: Study) -> list[str]:
    """Every region that the study names, in the order of their first mention."""
    named = [
        *study.regions,
        *(plant.region for plant in study.plants.values()),
        *(market.region for market in study.markets.values()),
        *(project.region for project in study.projects.values()),
    ]
    return list(dict.fromkeys(named))


def trade_labels(study: Study) -> dict[str, tuple[str, list[str]]]:
    """The words that ``deliveries`` reads, by name with the dim they lie on."""
    placed = orders(study)
    return {
        "plant_region": ("plant", [plant.region for plant in study.plants.values()]),
        "market_region": ("market", [market.region for market in study.markets.values()]),
        "market_product": ("market", [market.product for market in study.markets.values()]),
        "order_plant": ("project", [order.plant for order in placed.values()]),
        "order_region": ("project", [study.projects[name].region for name in placed]),
        "ordered": ("project", [order.ordered.first.isoformat() for order in placed.values()]),
    }


def trade_values(study: Study, figures: Figures, periods: Sequence[str], without: Sequence[str] = ()) -> Values:
    """The numbers that ``deliveries`` reads besides output, by name with their dims.

    Raises
    ------
    StudyError
        Two lanes or two rules of allocation say different things of the same case; an order has no size, or no lane
        leads to it.
    """
    first_served, export_share = _allocation(study, figures, periods)
    export_scale = np.ones(export_share.shape)
    for place, name in enumerate(study.plants):
        export_scale[:, place] = shock_scale(study, figures, name, "exports", periods, without)
    monthly = ("member", "plant", "period")
    values: Values = {
        "first_served": (("plant", "period"), first_served),
        "export_share": (monthly, export_share),
        "export_scale": (monthly, export_scale),
        "lead_time": (("member", "plant", "destination"), _lead_time(study, figures)),
        "market_demand": (("member", "market", "period"), _demand(study, figures, periods)),
    }
    quantity, construction = _orders(study, figures)
    values["order_quantity"] = (("member", "project"), quantity)
    values["construction"] = (("member", "project"), construction)
    _check_order_lanes(study, values["lead_time"][1])
    return values


def _allocation(
    study: Study, figures: Figures, periods: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Who is first (plant, period), and the largest share of exports (member, plant, period)."""
    first_served = np.zeros((len(study.plants), len(periods)))
    export_share = np.ones((figures.count, len(study.plants), len(periods)))
    for place, (name, plant) in enumerate(study.plants.items()):
        for month, period in enumerate(periods):
            found = [number for number, rule in enumerate(plant.allocation) if _applies(rule, period)]
            if len(found) > 1:
                raise StudyError(
                    f"plants.{name}.allocation: rules {found[0]} and {found[1]} both speak of {period};"
                    " give them other quarter_months, or a start and an end"
                )
            for number in found:
                rule = plant.allocation[number]
                first_served[place, month] = 1.0 if rule.first == "exports" else -1.0
                path = f"plants.{name}.allocation.{number}"
                figures.note("first_served", f"{path}.first")
                if rule.export_share is not None:
                    share = figures.drawn("export_share", f"{path}.export_share", rule.export_share, "ratio")
                    export_share[:, place, month] = share
    return first_served, export_share


def _applies(rule: Allocation, period: str) -> bool:
    inside = (rule.start or period) <= period <= (rule.end or period)
    return inside and quarter_month(period) in rule.quarter_months


def _lead_time(study: Study, figures: Figures) -> NDArray[np.float64]:
    """Months from each plant to each region; missing where no lane leads. At home it is none unless a lane says so."""
    places = regions(study)
    lead = np.full((figures.count, len(study.plants), len(places)), np.nan)
    for row, plant in enumerate(study.plants.values()):
        for column, region in enumerate(places):
            number = _lane(study.lanes, plant.region, region, plant.makes)
            if number is not None:
                path = f"lanes.{number}.lead_time"
                lead[:, row, column] = figures.drawn("lead_time", path, study.lanes[number].lead_time, "month")
            elif region == plant.region:
                lead[:, row, column] = 0.0
    return lead


def _lane(lanes: Sequence[Lane], origin: str, destination: str, product: str) -> int | None:
    """The number of the lane for a product; one that names the product comes before one for all."""
    for wanted in (product, None):
        found = [
            number
            for number, lane in enumerate(lanes)
            if (lane.origin, lane.destination, lane.product) == (origin, destination, wanted)
        ]
        if len(found) > 1:
            raise StudyError(
                f"lanes {found[0]} and {found[1]} both lead from {origin} to {destination};"
                " keep one, or name a product in each"
            )
        if found:
            return found[0]
    return None


def _demand(study: Study, figures: Figures, periods: Sequence[str]) -> NDArray[np.float64]:
    """What each market takes in each month; nothing before its first row (member, market, period)."""
    demand = np.zeros((figures.count, len(study.markets), len(periods)))
    for place, (name, market) in enumerate(study.markets.items()):
        rows = sorted(enumerate(market.demand), key=lambda row: row[1].start)
        for number, row in rows:
            path = f"markets.{name}.demand.{number}"
            from_then = [month for month, period in enumerate(periods) if period >= row.start]
            demand[:, place, from_then] = _taken(study, figures, path, row, market.product)[:, None]
    return demand


def _taken(study: Study, figures: Figures, path: str, row: Demand, product: str) -> NDArray[np.float64]:
    if row.quantity is not None:
        return items_of(study, figures, "market_demand", f"{path}.quantity", row.quantity, product, "/month")
    if row.unlimited is None:
        raise StudyError(f"{path}: give a quantity, or say in unlimited why the market takes all that is left for it")
    figures.note("market_demand", f"{path}.unlimited")
    return np.full(figures.count, np.inf)


def _orders(study: Study, figures: Figures) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Items ordered, an energy rounded up to whole items, and months of construction (member, project)."""
    placed = orders(study)
    quantity = np.zeros((figures.count, len(placed)))
    construction = np.zeros_like(quantity)
    for place, (name, order) in enumerate(placed.items()):
        path = f"projects.{name}.order"
        figures.note("ordered", f"{path}.ordered")
        if order.quantity is not None:
            quantity[:, place] = figures.drawn("order_quantity", f"{path}.quantity", order.quantity, "item")
        elif order.energy is not None:
            items = items_of(study, figures, "order_quantity", f"{path}.energy", order.energy, order.product)
            quantity[:, place] = np.ceil(items - WHOLE_ITEM)
        else:
            raise StudyError(f"{path}: has no size; give quantity or energy")
        months = study.projects[name].construction
        if months is not None:
            written = f"projects.{name}.construction"
            construction[:, place] = figures.drawn("construction", written, months, "month")
    return quantity, construction


def _check_order_lanes(study: Study, lead_time: NDArray[np.float64]) -> None:
    plants, places = list(study.plants), regions(study)
    for name, order in orders(study).items():
        region = study.projects[name].region
        if np.isnan(lead_time[:, plants.index(order.plant), places.index(region)]).any():
            origin = study.plants[order.plant].region
            raise StudyError(
                f"projects.{name}.order: no lane leads from {origin}, where plant '{order.plant}' stands, to {region};"
                f" add one to lanes"
            )
