"""What landing goods costs, in plain loops: freight, duties by the day, and damages for orders that come late.

Part of the independent program ``plain_chain.py``, and written as that is: from the pages alone, for one member.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from plain_reading import INF, days_of, lane_of, next_month, number_of
from plain_serving import Order

from cell2grid.study.model import Study
from cell2grid.units import currency


def landing(study: Study, orders: list[Order], out: Any, months: list[date]) -> dict[str, Any]:
    found: dict[str, Any] = {"freight_cost": {}, "duty_cost": {}, "late_damages": {}, "late_share": {}, "late_days": {}}
    for name, plant in study.plants.items():
        money = _money(study, name, orders)
        for region in study.regions:
            way = lane_of(study, name, region) if region != plant.region else None
            freight = math.nan if way is None or way.cost is None else _in(study, way.cost, money)
            found["freight_cost"][name, region] = [x * freight for x in out["shipped"][name, region]]
            found["duty_cost"][name, region] = [
                items * _duty(study, name, region, month, freight, money)
                for items, month in zip(out["delivered"][name, region], months, strict=True)
            ]
    for order in orders:
        money = _money(study, order.plant, orders)
        share, days, damages = _late(study, order, out["order_delivered"][order.name], months, money)
        found["late_share"][order.name] = share
        found["late_days"][order.name] = days
        found["late_damages"][order.name] = damages
    return found


def _money(study: Study, name: str, orders: list[Order]) -> str | None:
    """The one currency in which all that the plant's goods cost is counted."""
    plant = study.plants[name]
    ways = [way for way in study.lanes if way.origin == plant.region and way.product in (None, plant.makes)]
    reached = {plant.region, *(way.destination for way in ways)}
    figures = [way.cost for way in ways]
    for market in study.markets.values():
        if market.product == plant.makes and market.region in reached:
            figures += [row.price for row in market.demand]
    figures += [figure for o in orders if o.plant == name for figure in (o.part.late_damages, o.part.late_damages_most)]
    used = sorted({str(currency(figure.unit)) for figure in figures if figure is not None})
    if len(used) < 2:
        return used[0] if used else None
    for money in [study.regions[plant.region].currency, *used]:
        if money and all(own == money or _rate(study, own, money) is not None for own in used):
            return money
    return None


def _rate(study: Study, own: str, money: str) -> float | None:
    """Units of ``money`` for one of ``own``, by the latest rate between the two."""
    best: tuple[date, float] | None = None
    for row in study.exchange_rates:
        over, under = row.rate.unit.split("/")
        value = float(row.rate.value)
        for pair, rate in (((under, over), value), ((over, under), 1 / value)):
            if pair == (own, money) and (best is None or row.day.first > best[0]):
                best = (row.day.first, rate)
    return None if best is None else best[1]


def _in(study: Study, figure: Any, money: str | None) -> float:
    own = str(currency(figure.unit))
    rate = 1.0 if own == money else _rate(study, own, str(money))
    assert rate is not None
    return float(figure.value) * rate


def _duty(study: Study, name: str, region: str, month: date, freight: float, money: str | None) -> float:
    """Duties on one item that arrives in the month."""
    plant = study.plants[name]
    if region == plant.region:
        return 0.0
    price = math.nan
    for market in study.markets.values():
        if (market.region, market.product) == (region, plant.makes):
            rows = [row for row in market.demand if row.start <= f"{month:%Y-%m}"]
            if rows:
                row = max(rows, key=lambda row: row.start)
                price = math.nan if row.price is None else _in(study, row.price, money)
    days = days_of(month)
    total = 0.0
    for duty in study.duties:
        if duty.destination != region or duty.origin not in (None, plant.region):
            continue
        if duty.firm not in (None, plant.owner) or duty.product not in (None, plant.makes):
            continue
        part = sum(duty.start.first <= day and (duty.end is None or day <= duty.end.last) for day in days) / len(days)
        if part:
            # where freight is not known, nothing is taken off the price
            base = price if duty.base == "price" or math.isnan(freight) else max(price - freight, 0.0)
            total += part * number_of(duty.rate, "ratio") * base
    return total


def _late(study: Study, order: Order, come: list[float], months: list[date], money: str | None) -> Any:
    """Part late, mean days late and damages; items arrive evenly over the days of a month."""
    if order.wanted is None:
        return math.nan, math.nan, math.nan
    ends = order.wanted + timedelta(days=1)
    over = [(month, next_month(month)) for month in months]
    spans = [(max((a - ends).days, 0), max((b - ends).days, 0), (b - a).days) for a, b in over]
    missing = order.quantity - sum(come)
    last = spans[-1][1]

    def area(x: float, cap: float) -> float:
        return x * x / 2 if x <= cap else cap * cap / 2 + cap * (x - cap)

    late = sum(items * (e - b) / n for items, (b, e, n) in zip(come, spans, strict=True)) + missing * (last > 0)
    days = sum(items * (area(e, INF) - area(b, INF)) / n for items, (b, e, n) in zip(come, spans, strict=True))
    days += missing * last
    damages = math.nan
    if order.part.late_damages is not None:
        rate = _in(study, order.part.late_damages, money)
        most = order.part.late_damages_most
        cap = INF if most is None else _in(study, most, money) / rate
        paid = sum(items * (area(e, cap) - area(b, cap)) / n for items, (b, e, n) in zip(come, spans, strict=True))
        damages = rate * (paid + missing * min(last, cap))
    return late / order.quantity, days / order.quantity, damages
