"""Rules on how a plant runs: its ramp, yield curve, stops, shifts, and whom it serves first.

What it makes and takes in, and who can reach whom, is in ``rules/supply.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from cell2grid.study.model import Allocation, Plant, PlantTechnology, Product, Ramp, Shift, Study, YieldCurve
from cell2grid.study.quantity import Quantity
from cell2grid.study.refusals import Problem, near
from cell2grid.study.rules.figures import count_problems
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import counted_noun

SIDES = ("home", "exports")
_HALVES = {"first": {1: "all", 2: "first"}, "second": {2: "second", 3: "all"}}


def ramps_say_what_they_need(study: Study) -> Iterator[Problem]:
    """A curve by time has its months, ``learning`` its items, and neither has what the other is told by."""
    for path, part in _makers(study):
        if part.ramp is not None:
            yield from ramp_problems(part.ramp, (*path, "ramp"))
    for name, plant in study.plants.items():
        ramp, path = plant.ramp, ("plants", name, "ramp")
        if ramp is None:
            ramp, path = _of_technology(study, plant), ("technologies", str(plant.technology), "ramp")
        if ramp is not None and ramp.items_to_nameplate is not None:
            product = study.products[plant.makes]
            yield from _noun_problems(ramp.items_to_nameplate, product, plant.makes, (*path, "items_to_nameplate"))


def _of_technology(study: Study, plant: Plant) -> Ramp | None:
    technology = study.technologies.get(plant.technology or "")
    return technology.ramp if technology is not None and technology.kind == "plant" else None


def _noun_problems(quantity: Quantity, product: Product, name: str, path: KeyPath) -> Iterator[Problem]:
    noun = counted_noun(quantity.unit)
    if not quantity.unfilled and noun != product.counted_in:
        text = f"'{quantity.text}' counts in '{noun}', and product '{name}' is counted in '{product.counted_in}'"
        yield Problem(path, f"{text}; write the product's noun")


def ramp_problems(ramp: Ramp, path: KeyPath) -> Iterator[Problem]:
    """The ramp has what its curve needs, and nothing that another is told by."""
    curve = ramp.curve
    takes = {"immediate": (), "learning": ("items_to_nameplate", "starts_at")}.get(curve, ("months_to_nameplate",))
    needs = takes[:1]
    for key in ("months_to_nameplate", "items_to_nameplate", "starts_at"):
        figure = getattr(ramp, key)
        if figure is None and key in needs:
            yield Problem(path, f"curve '{curve}' needs {key}; add it", key=True)
        elif figure is not None and key not in takes:
            kind = {"immediate": "has no length", "learning": "goes by what was made"}.get(curve, "goes by time")
            yield Problem((*path, key), f"curve '{curve}' takes no {key}: it {kind}; take '{figure.text}' out")
    for key in needs:
        figure = getattr(ramp, key)
        if figure is not None and _none_of_it(figure, least=key == "items_to_nameplate"):
            text = f"'{figure.text}' is not above 0; write how long the ramp is, or 'curve: immediate'"
            yield Problem((*path, key), text)
    if curve == "learning" and ramp.starts_at is not None and _none_of_it(ramp.starts_at):
        text = f"'{ramp.starts_at.text}' is not above 0, and a plant that starts with nothing never learns"
        yield Problem((*path, "starts_at"), f"{text}; write the share of its first days, as in '5 percent [source]'")


def _none_of_it(figure: Quantity | None, *, least: bool = False) -> bool:
    """Whether the figure is nothing: all of its range, or its ``least``."""
    if figure is None or figure.unfilled:
        return False
    return (figure.magnitude.low if least else figure.magnitude.high) <= 0


def _makers(study: Study) -> Iterator[tuple[KeyPath, Plant | PlantTechnology]]:
    yield from ((("plants", name), plant) for name, plant in study.plants.items())
    for name, technology in study.technologies.items():
        if technology.kind == "plant":
            yield ("technologies", name), technology


def times_are_above_nothing(study: Study) -> Iterator[Problem]:
    """What lasts, lasts some time: outages, the way to a steady yield, and what an item takes on the line."""
    for path, part in _makers(study):
        curve = part.yield_rate if isinstance(part.yield_rate, YieldCurve) else None
        lasts = None if part.outages is None else part.outages.lasts
        months = None if curve is None else curve.months_to_steady
        for keys, figure, instead in (
            (("outages", "lasts"), lasts, "leave 'outages' out"),
            (("yield", "months_to_steady"), months, "write the yield as one share"),
            (("process_time",), part.process_time, "leave 'process_time' out where an item is made at once"),
        ):
            if figure is not None and _none_of_it(figure):
                yield Problem((*path, *keys), f"'{figure.text}' is not above 0; write how long it is, or {instead}")
        if curve is not None and not (curve.start.unfilled or curve.steady.unfilled):
            if curve.start.to("ratio").low > curve.steady.to("ratio").high:
                text = f"'{curve.start.text}' is above 'steady', '{curve.steady.text}', and a yield curve rises"
                yield Problem((*path, "yield", "start"), f"{text}; correct one of the two")
            if curve.steady.to("ratio").high <= 0:
                text = f"'{curve.steady.text}' leaves no good item ever; correct it, or take the plant out"
                yield Problem((*path, "yield", "steady"), text)


def stops_and_shifts_fit(study: Study) -> Iterator[Problem]:
    """Shutdowns and shifts lie inside the horizon and end after they begin; shifts do not overlap."""
    for name, plant in study.plants.items():
        for row, stop in enumerate(plant.shutdowns):
            path: KeyPath = ("plants", name, "shutdowns", row)
            yield from _period_problems(study, path, stop.start.first, stop.end.last, again=stop.every_year)
            if stop.every_year and (stop.end.last - stop.start.first).days >= 365:
                text = f"{stop.start.text} to {stop.end.text} is a year or more and comes again every year"
                yield Problem(path, f"{text}; shorten it, or take 'every_year' out")
        if plant.shifts and plant.nameplate_hours is None:
            text = "has shifts, and no hours that its capacity is for; add 'nameplate_hours', as in '120 hour/week'"
            yield Problem(("plants", name), text, key=True)
        for row, shift in enumerate(plant.shifts):
            last = shift.start.first if shift.end is None else shift.end.last
            path = ("plants", name, "shifts", row)
            yield from _period_problems(study, path, shift.start.first, last, again=shift.end is None)
        yield from _overlapping_shifts(name, plant.shifts)


def _period_problems(study: Study, path: KeyPath, first: date, last: date, *, again: bool) -> Iterator[Problem]:
    """``again``: it goes on or comes again after its last day."""
    start, end = study.horizon.start, study.horizon.end
    if date.min in (first, last):
        return
    if last < first:
        yield Problem((*path, "end"), f"{last} is before its start, {first}; correct one of the two")
    elif first.isoformat()[:7] > end or (not again and last.isoformat()[:7] < start):
        text = f"{first} to {last} is outside the horizon, {start} to {end}"
        yield Problem((*path, "start"), f"{text}; correct the dates or widen the horizon")


def _overlapping_shifts(name: str, shifts: tuple[Shift, ...]) -> Iterator[Problem]:
    rows = sorted(enumerate(shifts), key=lambda row: (row[1].start.first, row[0]))
    for (number, before), (row, shift) in pairwise(rows):
        if shift.start.unfilled:
            continue
        same = shift.start.first == before.start.first
        if same or (before.end is not None and before.end.last >= shift.start.first):
            day_before = shift.start.first - timedelta(days=0 if same else 1)
            text = f"{shift.start.text} lies in shift {number}, which begins {before.start.text}"
            until = "keep one of the two" if same else f"end that on {day_before} or leave its end out"
            yield Problem(("plants", name, "shifts", row, "start"), f"{text}; {until}")


def allocation_says_one_thing(study: Study) -> Iterator[Problem]:
    """Rules of a plant speak of months or of a half, never of the same ones, and serve a side or a region first."""
    for name, plant in study.plants.items():
        for row, rule in enumerate(plant.allocation):
            path: KeyPath = ("plants", name, "allocation", row)
            yield from _when_problems(rule, path)
            yield from _first_problems(study, plant, rule, path)
            if (rule.start or "") > study.horizon.end or (rule.end or "9999-12") < study.horizon.start:
                period = f"{rule.start or '…'} to {rule.end or '…'}"
                bounds = f"{study.horizon.start} to {study.horizon.end}"
                yield Problem(path, f"{period} is outside the horizon, {bounds}; correct the dates")
            for other, before in enumerate(plant.allocation[:row]):
                if _overlap(rule, before):
                    text = f"speaks of the same months as rule {other}; give them other quarter_months or periods"
                    yield Problem(path, text)


def _when_problems(rule: Allocation, path: KeyPath) -> Iterator[Problem]:
    if rule.quarter_half is None and not rule.quarter_months:
        yield Problem(path, "quarter_months is empty; write some of 1, 2, 3, or quarter_half: first or second")
    elif rule.quarter_half is not None and rule.quarter_months:
        yield Problem(path, "says when in quarter_months and in quarter_half; keep one of them")
    elif len(set(rule.quarter_months)) < len(rule.quarter_months):
        months = ", ".join(map(str, rule.quarter_months))
        yield Problem((*path, "quarter_months"), f"[{months}] names a month twice; write each once")


def _first_problems(study: Study, plant: Plant, rule: Allocation, path: KeyPath) -> Iterator[Problem]:
    place: KeyPath = (*path, "first")
    if rule.first in SIDES:
        return
    if rule.first not in study.regions:
        hint = near(rule.first, [*SIDES, *study.regions], what="choices")
        yield Problem(place, f"'{rule.first}' is neither home nor exports nor a region; {hint}")
    elif rule.first != plant.region and not any(
        (lane.origin, lane.destination) == (plant.region, rule.first) and lane.product in (None, plant.makes)
        for lane in study.lanes
    ):
        text = f"no lane brings '{plant.makes}' from '{plant.region}' to '{rule.first}', so that it is never served"
        yield Problem(place, f"{text}; add a lane, or name another region")


def _overlap(rule: Allocation, other: Allocation) -> bool:
    mine, others = _parts_of_quarter(rule), _parts_of_quarter(other)
    same = any("all" in (mine[month], others[month]) or mine[month] == others[month] for month in mine.keys() & others)
    return same and (rule.start or "") <= (other.end or "9999-12") and (other.start or "") <= (rule.end or "9999-12")


def _parts_of_quarter(rule: Allocation) -> dict[int, str]:
    """The months of the quarter that the rule speaks of, and which half of each."""
    if rule.quarter_half is not None:
        return _HALVES[rule.quarter_half]
    return {int(month): "all" for month in rule.quarter_months}


def stock_limits_count_their_product(study: Study) -> Iterator[Problem]:
    """The most that a plant keeps is counted as its product is."""
    for name, plant in study.plants.items():
        if plant.stock_limit is not None and not plant.stock_limit.unfilled:
            path = ("plants", name, "stock_limit")
            yield from count_problems(plant.stock_limit, study.products[plant.makes], path, plant.makes)
