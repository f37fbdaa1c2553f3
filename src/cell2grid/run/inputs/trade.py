"""What plants are asked for and what shocks leave of it: the arrays that ``supply`` reads besides those of its plants.

Lanes are in ``lanes.py``, orders in ``orders.py``, who is served first in ``serving.py``, shocks in ``shocks.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import items_of
from cell2grid.run.inputs.lanes import lane_values
from cell2grid.run.inputs.orders import order_labels, order_values
from cell2grid.run.inputs.serving import serving_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.inputs.plants import Values
    from cell2grid.run.inputs.shocks import Shocks
    from cell2grid.study.model import Demand, Study

TINY = np.finfo(np.float64).tiny


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

    >>> from cell2grid.run.drawn.figures import Figures
    >>> from cell2grid.run.inputs.shocks import Shocks
    >>> from cell2grid.study.loader import load_study
    >>> study, figures, periods = load_study("shanghai-megapack").study, Figures(1, first=0, count=2), ["2025-03"]
    >>> values = supply_values(study, figures, periods, Shocks(study, figures, periods))
    >>> dims, lead_time = values["lead_time"]
    >>> dims, lead_time.shape[0]
    (('member', 'plant', 'destination', 'period'), 2)
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
