"""Rules on announced projects: their money is money, and their days follow one another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cell2grid.study.model import Study
from cell2grid.study.refusals import Problem
from cell2grid.study.rules.figures import count_problems
from cell2grid.study.rules.investing import WHOLE
from cell2grid.study.rules.money import add_rate, exchangeable, form_problems
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import currency


def announced_projects_fit(study: Study) -> Iterator[Problem]:
    """Each project's money is money and can be added to the others', and its stages are in their order."""
    money = plan_currency(study)
    for name, project in study.announced.items():
        path: KeyPath = ("announced", name)
        if not project.money.unfilled:
            yield from form_problems((*path, "money"), project.money, WHOLE)
            own = currency(project.money.unit)
            if not exchangeable(study.exchange_rates, own, money):
                text = f"'{project.money.text}' is in {own}, and investment is added up in {money}"
                yield Problem((*path, "money"), f"{text}; {add_rate(str(money), own)}")
        if project.capacity is not None:
            yield from count_problems(
                project.capacity, study.products[project.product], (*path, "capacity"), project.product
            )
        if project.completed is not None and project.cancelled is not None:
            text = f"'{project.cancelled.text}' gives up what was complete on {project.completed.text}; keep one"
            yield Problem((*path, "cancelled"), text)
        stages = [(key, getattr(project, key)) for key in ("announced", "started", "completed", "cancelled")]
        known = [(key, day) for key, day in stages if day is not None and not day.unfilled]
        for (before, first), (key, day) in pairwise(known):
            if day.last < first.first:
                text = f"{day.text} is before the day on which it was {before}, {first.text}; correct one of the two"
                yield Problem((*path, key), text)


def plan_currency(study: Study) -> str | None:
    """The currency in which investment is added up: the plan's, or competition's, or that of the first project."""
    if study.investment is not None:
        return study.investment.currency
    if study.competition is not None:
        return study.competition.currency
    for project in study.announced.values():
        found = currency(project.money.unit)
        if found is not None:
            return found
    return None
