"""Rules on dates: the horizon, what must lie inside it, and what must come before what."""

from __future__ import annotations

from collections.abc import Iterator

from cell2grid.study.model import Order, Study
from cell2grid.study.quantity import Day
from cell2grid.study.refusals import Problem
from cell2grid.study.yaml_tree import KeyPath

MOST_MONTHS = 600


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _known(day: Day | None) -> bool:
    return day is not None and not day.unfilled


def horizon_is_ordered(study: Study) -> Iterator[Problem]:
    """The last month is not before the first, and not too far from it."""
    start, end = study.horizon.start, study.horizon.end
    months = _month_number(end) - _month_number(start) + 1
    path = ("horizon", "end")
    if months < 1:
        yield Problem(path, f"{end} is before horizon.start, {start}; write a later month")
    if months > MOST_MONTHS:
        yield Problem(path, f"{start} to {end} are {months} months, above {MOST_MONTHS}; write an earlier end")


def plants_open_in_time(study: Study) -> Iterator[Problem]:
    """A plant, and each tranche of it, opens before the horizon ends and after its construction began."""
    for name, plant in study.plants.items():
        opens: list[tuple[KeyPath, Day]] = []
        if plant.opens is not None:
            opens.append((("plants", name, "opens"), plant.opens))
        opens += [
            (("plants", name, "tranches", row, "opens"), tranche.opens) for row, tranche in enumerate(plant.tranches)
        ]
        for row, tranche in enumerate(plant.tranches):
            if (tranche.decided is None) != (tranche.lead_time is None):
                text = (
                    "needs both 'decided' and 'lead_time' where an opening is drawn; add the other, or leave both out"
                )
                yield Problem(("plants", name, "tranches", row), text)
        for path, day in opens:
            if day.unfilled:
                continue
            if day.month > study.horizon.end:
                yield _outside(study, path, day.text)
            began = plant.construction_began
            if began is not None and not began.unfilled and began.first > day.last:
                text = f"{day.text} is before construction began, {began.text}; correct one of the two"
                yield Problem(path, text)


def events_are_inside(study: Study) -> Iterator[Problem]:
    """Shocks, orders, demand, observations and counterfactuals lie inside the horizon."""
    for path, day in _days(study):
        if not day.unfilled and not study.horizon.start <= day.month <= study.horizon.end:
            yield _outside(study, path, day.text)
    for path, month in _months(study):
        if not study.horizon.start <= month <= study.horizon.end:
            yield _outside(study, path, month)


def _days(study: Study) -> Iterator[tuple[KeyPath, Day]]:
    for name, shock in study.shocks.items():
        yield ("shocks", name, "start"), shock.start
        if shock.end is not None:
            yield ("shocks", name, "end"), shock.end
    for path, order in _orders(study):
        yield (*path, "ordered"), order.ordered
        if order.wanted is not None:
            yield (*path, "wanted"), order.wanted


def _orders(study: Study) -> Iterator[tuple[KeyPath, Order]]:
    for name, project in study.projects.items():
        if project.order is not None:
            yield ("projects", name, "order"), project.order
    for name, order in study.orders.items():
        yield ("orders", name), order


def _months(study: Study) -> Iterator[tuple[KeyPath, str]]:
    for name, market in study.markets.items():
        for row, demand in enumerate(market.demand):
            yield ("markets", name, "demand", row, "start"), demand.start
    for name, observation in study.observations.items():
        yield ("observations", name, "start"), observation.start
        yield ("observations", name, "end"), observation.end
    for name, counterfactual in study.counterfactuals.items():
        yield ("counterfactuals", name, "start"), counterfactual.start
        yield ("counterfactuals", name, "end"), counterfactual.end


def _outside(study: Study, path: KeyPath, text: str) -> Problem:
    start, end = study.horizon.start, study.horizon.end
    return Problem(path, f"{text} is outside the horizon, {start} to {end}; correct the date or widen the horizon")


def periods_are_ordered(study: Study) -> Iterator[Problem]:
    """What has a start and an end does not end before it starts."""
    for path, start, end in _day_periods(study):
        if _known(start) and end is not None and not end.unfilled and end.last < start.first:
            yield Problem(path, f"{end.text} is before its start, {start.text}; correct one of the two")
    for path, start_month, end_month in _month_periods(study):
        if start_month is not None and end_month is not None and end_month < start_month:
            yield Problem(path, f"{end_month} is before its start, {start_month}; correct one of the two")


def _day_periods(study: Study) -> Iterator[tuple[KeyPath, Day, Day | None]]:
    for name, shock in study.shocks.items():
        yield ("shocks", name, "end"), shock.start, shock.end
    for index, duty in enumerate(study.duties):
        yield ("duties", index, "end"), duty.start, duty.end
    for path, order in _orders(study):
        yield (*path, "wanted"), order.ordered, order.wanted


def _month_periods(study: Study) -> Iterator[tuple[KeyPath, str | None, str | None]]:
    for name, observation in study.observations.items():
        yield ("observations", name, "end"), observation.start, observation.end
    for name, counterfactual in study.counterfactuals.items():
        yield ("counterfactuals", name, "end"), counterfactual.start, counterfactual.end
    for name, plant in study.plants.items():
        for row, rule in enumerate(plant.allocation):
            yield ("plants", name, "allocation", row, "end"), rule.start, rule.end


def demand_is_ordered(study: Study) -> Iterator[Problem]:
    """A market's rows follow one another in time."""
    for name, market in study.markets.items():
        if not market.demand:
            path: KeyPath = ("markets", name, "demand")
            yield Problem(path, f"demand has no row; write '- {{start: {study.horizon.start}, quantity: …}}'")
        for row, (before, after) in enumerate(zip(market.demand, market.demand[1:], strict=False), start=1):
            if after.start <= before.start:
                path = ("markets", name, "demand", row, "start")
                yield Problem(path, f"{after.start} is not after the row before, {before.start}; sort the rows")
