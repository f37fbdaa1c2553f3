"""What a study says of each month, in plain loops over its days: capacity, hours, yield, shocks, lanes and turns.

Part of the independent program ``plain_chain.py``, and written as that is: from the pages alone, for one member.
"""

from __future__ import annotations

import math
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cell2grid.study.model import Plant, Study

DAY = 12 / 365  # of a month: a year has twelve months and 365 days
INF = math.inf


def months_of(study: Study) -> list[date]:
    """The first day of each month of the horizon."""
    day, last = (date.fromisoformat(f"{month}-01") for month in (study.horizon.start, study.horizon.end))
    found = []
    while day <= last:
        found.append(day)
        day = next_month(day)
    return found


def next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def days_of(month: date) -> list[date]:
    return [month + timedelta(days=number) for number in range(monthrange(month.year, month.month)[1])]


def count_of(day: date) -> int:
    """Months of the calendar from a fixed one on."""
    return day.year * 12 + day.month


def _open_share(opens: date, month: date) -> float:
    days = days_of(month)
    return sum(day >= opens for day in days) / len(days)


def _age(opens: date, month: date) -> float:
    """Months since the opening, in the middle of what the month has left of it; a month of the calendar counts 1."""
    if next_month(month) <= opens:
        return 0.0
    share = _open_share(opens, opens.replace(day=1))
    whole = count_of(month) - count_of(opens)
    return share / 2 if whole == 0 else share + whole - 0.5


def items_of(study: Study, quantity: Any, product: str, unit: str) -> float:
    """A number of items, also where an energy is written; ``unit`` is '' or '/month'."""
    noun = study.products[product].counted_in
    energy = study.products[product].energy
    if energy is not None and quantity.unit.split("/")[0] in ("MWh", "GWh", "kWh", "TWh"):
        return float(quantity.to(f"MWh{unit}").mode) / float(energy.to(f"MWh/{noun}").mode)
    return float(quantity.to(f"{noun}{unit}").mode)


def number_of(quantity: Any, unit: str, missing: float = 0.0) -> float:
    return missing if quantity is None else float(quantity.to(unit).mode)


def _blocks(study: Study, plant: Plant) -> list[tuple[float, date]]:
    rows = [(row.capacity, row.opens) for row in plant.tranches] or [(plant.capacity, plant.opens)]
    return [(items_of(study, capacity, plant.makes, "/month"), opens.first) for capacity, opens in rows if opens]


def _of_curve(curve: str, age: float, length: float) -> float:
    if length == 0 or curve in ("immediate", "learning"):
        return 1.0
    if curve == "linear":
        return min(age / length, 1.0)
    if curve == "tranches":
        return min((math.floor(age / 3) + 1) / math.ceil(length / 3), 1.0)
    steepness = 2 * math.log(99) / length
    return 1 / (1 + math.exp(-steepness * (age - length / 2)))


def can_start(study: Study, name: str, month: date) -> tuple[float, float]:
    """Nameplate that is open, and what could be started of it before learning, inputs and room [item/month]."""
    plant = study.plants[name]
    curve = "immediate" if plant.ramp is None else plant.ramp.curve
    length = 0.0 if plant.ramp is None else number_of(plant.ramp.months_to_nameplate, "month")
    nameplate = learned = 0.0
    for capacity, opens in _blocks(study, plant):
        part = capacity * _open_share(opens, month)
        nameplate += part
        learned += part * _of_curve(curve, _age(opens, month), length) if part else 0.0
    scale = number_of(plant.availability, "ratio", 1.0)
    for left in (_left_by_shutdowns(plant, month), _worked(plant, month), _left_by_shocks(study, name, month)):
        scale *= left
    return nameplate, learned * scale


def _left_by_shutdowns(plant: Plant, month: date) -> float:
    total = 0.0
    for day in days_of(month):
        left = 1.0
        for stop in plant.shutdowns:
            if any(begin <= day <= end for begin, end in _occurrences(stop, day)):
                left *= number_of(stop.leaves, "ratio")
        total += left
    return total / len(days_of(month))


def _occurrences(stop: Any, day: date) -> list[tuple[date, date]]:
    """The times of a shutdown that may hold the day: the first, and where it comes every year, those of later years."""
    begin, end = stop.start.first, stop.end.last
    if not stop.every_year:
        return [(begin, end)]
    later = range(begin.year, day.year + 1)
    return [(_in_year(begin, year), _in_year(end, year + end.year - begin.year)) for year in later]


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def _worked(plant: Plant, month: date) -> float:
    """Hours worked of those that the nameplate is for: a row holds until its end, or until the next row begins."""
    if not plant.shifts:
        return 1.0
    usual = number_of(plant.nameplate_hours, "hour/week")
    total = 0.0
    for day in days_of(month):
        hours = usual
        begun = [row for row in plant.shifts if row.start.first <= day]
        if begun:
            row = max(begun, key=lambda row: row.start.first)
            if row.end is None or day <= row.end.last:
                hours = number_of(row.hours, "hour/week")
        total += hours / usual
    return total / len(days_of(month))


def good_share(study: Study, name: str, month: date) -> float:
    plant = study.plants[name]
    curve = plant.yield_rate
    if curve is None:
        return 1.0
    if not hasattr(curve, "steady"):
        return number_of(curve, "ratio")
    start, steady = number_of(curve.start, "ratio"), number_of(curve.steady, "ratio")
    length = number_of(curve.months_to_steady, "month")
    if length == 0:
        return steady
    age = _age(min(opens for _, opens in _blocks(study, plant)), month)
    return float(steady - (steady - start) * math.exp(-math.log(100) * age / length))


def _there(shock: Any, day: date) -> float:
    """The part of the day on which the shock is there."""
    begin = shock.start.first
    if day < begin:
        return 0.0
    lasts = (shock.end.last - begin).days + 1 if shock.end is not None else number_of(shock.lasts, "day")
    return min(max(lasts - (day - begin).days, 0.0), 1.0)


def _left_of_day(shocks: list[Any], day: date) -> float:
    left = 1.0
    for shock in shocks:
        left *= 1 - _there(shock, day) * (1 - number_of(shock.leaves, "ratio", 1.0))
    return left


def _mean_left(shocks: list[Any], month: date) -> float:
    days = days_of(month)
    return sum(_left_of_day(shocks, day) for day in days) / len(days)


def left_at_end(shocks: list[Any], month: date) -> float:
    """What could not leave on a day leaves on the next free one: only what comes after the last free day waits."""
    waits = 0.0
    for day in days_of(month):
        left = _left_of_day(shocks, day)
        waits = 0.0 if left >= 1 else waits + (1 - left)
    return 1 - waits / len(days_of(month))


def on_plant(study: Study, name: str, what: str) -> list[Any]:
    region = study.plants[name].region
    shocks = [shock for shock in study.shocks.values() if shock.plant == name or shock.region == region]
    return [shock for shock in shocks if (shock.what or "output") == what]


def _left_by_shocks(study: Study, name: str, month: date) -> float:
    return _mean_left(on_plant(study, name, "output"), month)


def on_lane(study: Study, name: str, destination: str) -> list[Any]:
    origin, made = study.plants[name].region, study.plants[name].makes
    if origin == destination:
        return []
    found = []
    for shock in study.shocks.values():
        way = shock.lane
        if way is not None:
            hit = (way.origin, way.destination) == (origin, destination) and way.product in (None, made)
        else:
            hit = shock.what == "lane" and shock.region in (origin, destination)
        if hit:
            found.append(shock)
    return found


def input_part(study: Study, product: str, month: date) -> float:
    return _mean_left([shock for shock in study.shocks.values() if shock.product == product], month)


def demand_of(study: Study, name: str, month: date) -> float:
    market = study.markets[name]
    rows = [row for row in market.demand if count_of(date.fromisoformat(f"{row.start}-01")) <= count_of(month)]
    if not rows:
        return 0.0
    row = max(rows, key=lambda row: row.start)
    hit = [s for s in study.shocks.values() if s.market == name or (s.what == "demand" and s.region == market.region)]
    left = _mean_left(hit, month)
    if row.unlimited is not None:
        return 0.0 if left == 0 else INF
    return items_of(study, row.quantity, market.product, "/month") * left


def lane_of(study: Study, name: str, destination: str) -> Any:
    """The lane of the plant's product, or that of all products."""
    plant = study.plants[name]
    ways = [way for way in study.lanes if (way.origin, way.destination) == (plant.region, destination)]
    for product in (plant.makes, None):
        for way in ways:
            if way.product == product:
                return way
    return None


def lead_of(study: Study, name: str, destination: str, month: date) -> float | None:
    """Months from the gate to the destination; None where no lane leads."""
    if study.plants[name].region == destination:
        return 0.0
    way = lane_of(study, name, destination)
    if way is None:
        return None
    days = number_of(way.lead_time, "day")
    for shock in on_lane(study, name, destination):
        if shock.delay is not None:
            in_month = days_of(month)
            part = sum(_there(shock, day) for day in in_month) / len(in_month)
            days += part * number_of(shock.delay, "day")
    return days * DAY


def arrive(into: list[float], month: int, items: float, lead: float) -> None:
    """Items that leave evenly over a month arrive in two months that follow each other."""
    whole = math.floor(lead + 1e-12)
    late = max(lead - whole, 0.0)
    for shift, part in ((whole, 1 - late), (whole + 1, late)):
        if month + shift < len(into):
            into[month + shift] += items * part


@dataclass
class Turn:
    part: float
    first: str | None
    most: float
    last: bool


def turns_of(study: Study, name: str, month: date) -> list[Turn]:
    plant = study.plants[name]
    place = (month.month - 1) % 3 + 1
    text = f"{month:%Y-%m}"
    whole, halves = None, {}
    for rule in plant.allocation:
        if (rule.start or "") > text or text > (rule.end or "9999-12"):
            continue
        if place in rule.quarter_months or (rule.quarter_half, place) in (("first", 1), ("second", 3)):
            whole = rule
        elif rule.quarter_half is not None and place == 2:
            halves[rule.quarter_half] = rule

    def turn(part: float, rule: Any, *, last: bool) -> Turn:
        if rule is None:
            return Turn(part, None, 1.0, last)
        return Turn(part, rule.first, number_of(rule.export_share, "ratio", 1.0), last)

    if halves:
        return [turn(0.5, halves.get("first"), last=False), turn(0.5, halves.get("second"), last=True)]
    return [turn(1.0, whole, last=True)]


def rank_of(first: str | None, home: str, destination: str) -> int:
    if first is None:
        return 0
    if first in ("home", "exports"):
        return 0 if (destination == home) == (first == "home") else 1
    return 0 if destination == first else 1
