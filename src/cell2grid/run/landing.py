"""A study's freight, duties and damages as the arrays that the engine ``landing`` reads, in one currency a plant.

A duty is counted on the days on which it is in force; all duties that apply on a day add, as an additional duty adds to
the base one in law. ``customs`` is counted from the price less freight, ``price`` from the price; where no price is
known, neither is the duty. The tables are in ``landing_tables.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines import engine
from cell2grid.formulas.calendar import days_in, share_from
from cell2grid.run.drawn.figures import money_of_item
from cell2grid.run.inputs.lanes import lane_number, regions
from cell2grid.run.inputs.orders import placed_orders
from cell2grid.run.worth.exchange import exchange_rate
from cell2grid.study.rules.landing import plant_currency
from cell2grid.study.rules.money import exchangeable
from cell2grid.units import currency

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.inputs.plants import Values
    from cell2grid.study.model import Duty, Plant, Study
    from cell2grid.study.quantity import Quantity


def has_landing(study: Study) -> bool:
    """Whether the study says what carrying costs, what is paid at a border, or by when orders are wanted."""
    priced = any(row.price is not None for market in study.markets.values() for row in market.demand)
    wanted = any(one.order.wanted is not None for one in placed_orders(study).values())
    levied = (priced and bool(study.duties)) or any(duty.amount is not None for duty in study.duties)
    return any(lane.cost is not None for lane in study.lanes) or levied or wanted


def landed(study: Study, arrays: xr.Dataset, figures: Figures) -> xr.Dataset:
    """The arrays of a run with freight, duties and damages; as they came where the study speaks of none of them.

    Raises
    ------
    StudyError
        There is no rate between two currencies of a plant's goods.
    """
    if not has_landing(study):
        return arrays
    import xarray as xr

    from cell2grid.nomenclature import labelled

    periods = [str(month) for month in arrays["period"].values]
    known: Values = {"days": (("period",), np.array([days_in(month) for month in periods], dtype=np.float64))}
    read = labelled(xr.Dataset({**landing_values(study, figures, periods, arrays), **known}))
    whole = arrays.drop_vars("days", errors="ignore").merge(read, join="exact")
    return whole.merge(engine("landing").solve(whole), join="exact")


def landing_values(study: Study, figures: Figures, periods: Sequence[str], arrays: xr.Dataset | None = None) -> Values:
    """The rates that ``landing`` reads, by name with their dims; missing where nothing is known.

    Duties are of the prices that markets of their own have come to, where ``arrays`` of a run hold these.

    Raises
    ------
    StudyError
        There is no rate between two currencies.
    """
    places = regions(study)
    freight = np.full((figures.count, len(study.plants), len(places)), np.nan)
    duty = np.zeros((*freight.shape, len(periods)))
    for row, (name, plant) in enumerate(study.plants.items()):
        for column, region in enumerate(places):
            number = lane_number(study.lanes, plant.region, region, plant.makes)
            cost = None if number is None else study.lanes[number].cost
            if cost is not None:
                freight[:, row, column] = _money(study, figures, name, "freight_rate", f"lanes.{number}.cost", cost)
            if region != plant.region:
                price = _prices(study, figures, name, region, periods)
                if arrays is not None and "market_price" in arrays:
                    price = _found_prices(study, figures, name, region, arrays, price)
                duty[:, row, column] = _duties(study, figures, name, region, periods, price, freight[:, row, column])
    return {
        "freight_rate": (("member", "plant", "destination"), freight),
        "duty_rate": (("member", "plant", "destination", "period"), duty),
        **_late_values(study, figures, periods),
    }


def _money(
    study: Study, figures: Figures, plant: str, variable: str, path: str, cost: Quantity, per: str = "item"
) -> NDArray[np.float64]:
    """A cost per item in the currency of the plant, by member."""
    own = str(currency(cost.unit))
    target = plant_currency(study, plant) or own
    rate = exchange_rate(study.exchange_rates, own, target, figures, variable)
    if per == "item":
        return money_of_item(study, figures, variable, path, cost, study.plants[plant].makes) * rate
    return figures.drawn(variable, path, cost, f"{own}/{per}") * rate


def _prices(study: Study, figures: Figures, plant: str, region: str, periods: Sequence[str]) -> NDArray[np.float64]:
    """What the plant's product sells for in a region in each month (member, period); missing where it is not said."""
    price = np.full((figures.count, len(periods)), np.nan)
    for name, market in study.markets.items():
        if (market.region, market.product) != (region, study.plants[plant].makes):
            continue
        for number, row in sorted(enumerate(market.demand), key=lambda row: row[1].start):
            path = f"markets.{name}.demand.{number}.price"
            from_then = np.array([period >= row.start for period in periods])
            each = np.full(figures.count, np.nan)
            if row.price is not None:
                each = _money(study, figures, plant, "duty_rate", path, row.price)
            price[:, from_then] = each[:, None]
    return price


def _found_prices(
    study: Study, figures: Figures, plant: str, region: str, arrays: xr.Dataset, price: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The price that a market of its own has come to in each month, less what importers keep; else ``price``."""
    from cell2grid.run.market.borders import makes_its_price
    from cell2grid.run.market.terms import terms_of

    target = plant_currency(study, plant)
    if study.competition is None or not exchangeable(study.exchange_rates, study.competition.currency, target):
        return price
    for name, market in study.markets.items():
        if (market.region, market.product) == (region, study.plants[plant].makes) and makes_its_price(study, name):
            money = study.competition.currency
            rate = exchange_rate(study.exchange_rates, money, target or money, figures, "duty_rate")
            found = arrays["market_price"].sel(market=name).transpose("member", "term").values
            kept = study.competition.importer_margin
            if kept is not None:
                part = figures.drawn("duty_rate", "competition.importer_margin", kept, "ratio")
                found = found * (1.0 - part)[:, None]
            price = found[:, terms_of(study).place] * rate[:, None]
    return price


def _duties(
    study: Study,
    figures: Figures,
    name: str,
    region: str,
    periods: Sequence[str],
    price: NDArray[np.float64],
    freight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What is paid at the border of a region for one item of a plant (member, period)."""
    customs = np.maximum(price - np.nan_to_num(freight)[:, None], 0.0)
    paid = np.zeros_like(price)
    for number, row in enumerate(study.duties):
        if not applies(row, study.plants[name], region) or (row.rate is None and row.amount is None):
            continue
        figures.note("duty_rate", f"duties.{number}.start")
        in_force = share_from(row.start.first, periods)
        if row.end is not None:
            in_force = in_force - share_from(row.end.last + timedelta(days=1), periods)
        if row.rate is not None:
            rate = figures.drawn("duty_rate", f"duties.{number}.rate", row.rate, "ratio")
            base = price if row.base == "price" else customs
            # what is not in force costs nothing, also where no price is known
            paid += np.where(in_force > 0, rate[:, None] * in_force * base, 0.0)
        if row.amount is not None:
            amount = _money(study, figures, name, "duty_rate", f"duties.{number}.amount", row.amount)
            paid += amount[:, None] * in_force
    return paid


def applies(duty: Duty, plant: Plant, region: str) -> bool:
    """Whether a duty is levied in a region on what a plant makes, by its origin, firm and product."""
    return duty.destination == region and all(
        wanted in (None, is_so)
        for wanted, is_so in (
            (duty.origin, plant.region),
            (duty.firm, plant.owner),
            (duty.product, plant.makes),
        )
    )


def _late_values(study: Study, figures: Figures, periods: Sequence[str]) -> Values:
    placed = placed_orders(study)
    wanted = np.full(len(placed), np.nan)
    rate = np.full((figures.count, len(placed)), np.nan)
    most = np.full_like(rate, np.inf)
    for place, one in enumerate(placed.values()):
        order = one.order
        if order.wanted is not None:
            figures.note("order_wanted", f"{one.path}.wanted")
            day = order.wanted.last
            month = day.isoformat()[:7]
            before = sum(period < month for period in periods)
            wanted[place] = before + (day.day / days_in(month) if month in periods else 0.0)
        if order.late_damages is not None:
            path = f"{one.path}.late_damages"
            rate[:, place] = _money(study, figures, order.plant, "late_rate", path, order.late_damages, "item/day")
        if order.late_damages_most is not None:
            path = f"{one.path}.late_damages_most"
            most[:, place] = _money(study, figures, order.plant, "late_most", path, order.late_damages_most)
    return {
        "order_wanted": (("order",), wanted),
        "late_rate": (("member", "order"), rate),
        "late_most": (("member", "order"), most),
    }


def landing_notes(study: Study) -> list[str]:
    """What a reader must know of the money of a run: prices that are not said, duties that add, and how they are taken.

    >>> from cell2grid.study.loader import load_study
    >>> landing_notes(load_study("giga-shanghai-2022").study)
    []
    """
    notes = []
    for name, plant in study.plants.items():
        for region in regions(study):
            rows = [number for number, duty in enumerate(study.duties) if applies(duty, plant, region)]
            reached = lane_number(study.lanes, plant.region, region, plant.makes) is not None
            if region == plant.region or not rows or not reached:
                continue
            markets = [one for one in study.markets.values() if (one.region, one.product) == (region, plant.makes)]
            if not any(row.price is not None for market in markets for row in market.demand):
                notes.append(f"plants.{name}: no price in {region} is given, so that its duties are not counted")
            elif len(rows) > 1:
                said = ", ".join(f"duties.{number}" for number in rows)
                notes.append(f"plants.{name}: {said} apply in {region}; those in force on a day add")
    notes += [
        f"duties.{number}: what the ledger brings in pays the rate within the quota; the market knows the rate above it"
        for number, duty in enumerate(study.duties)
        if duty.quota is not None
    ]
    return notes
