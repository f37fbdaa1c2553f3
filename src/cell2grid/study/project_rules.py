"""Rules on a project file: what its keys must say together. ``project_file.py`` has the keys.

What holds for the projects of a study as well is in ``rules/money.py`` and ``rules/projects.py``, and what holds for
every asset in ``asset_file.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cell2grid.study.asset_file import FIELDS, ColumnOf, asset_problems
from cell2grid.study.model import StorageTechnology
from cell2grid.study.project_file import OfStudy, ProjectFile
from cell2grid.study.quantity import Day, figures
from cell2grid.study.refusals import Problem, near
from cell2grid.study.rules.money import (
    SLOPE,
    Money,
    add_rate,
    amounts,
    currency_problems,
    exchange_problems,
    exchangeable,
    form_problems,
    rate_problems,
)
from cell2grid.study.rules.projects import part_problems
from cell2grid.study.shipped import library, shipped_studies
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import currency


def problems(project: ProjectFile) -> Iterator[Problem]:
    """Everything that the rules find wrong with a project file."""
    yield from asset_problems(project)
    for path, figure in figures(project):
        # asset_problems has those of the asset's keys
        if figure.unfilled and path[0] not in FIELDS:
            yield Problem(path, f"'{figure.text}' is not filled in; write the figure")
    yield from _size_problems(project)
    yield from _money_problems(project)
    yield from part_problems(project)
    yield from _date_problems(project)
    yield from _technology_problems(project)


def study_problems(project: ProjectFile, folder: Path) -> Iterator[Problem]:
    """A study that the commissioning names and that is neither a file of the folder nor one that ships."""
    when = project.commissioning
    if isinstance(when, OfStudy) and not (folder / when.study).is_file() and when.study not in shipped_studies():
        hint = near(when.study, shipped_studies(), what="studies that ship")
        text = f"'{when.study}' is neither a file beside the project file nor a study that ships; {hint}"
        yield Problem(("commissioning", "study"), text)


def _size_problems(project: ProjectFile) -> Iterator[Problem]:
    if isinstance(project.power, ColumnOf):
        text = "is a column; a project has one power, by which its costs are counted"
        yield Problem(("power",), f"{text}; write it, and what changes in 'discharge_power' or a limit")
    elif project.power.magnitude.high <= 0.0:
        yield Problem(("power",), f"'{project.power.text}' is not above 0 MW; a project has a size")


def _money_problems(project: ProjectFile) -> Iterator[Problem]:
    part = list(amounts(project.finance, project.contracts, project.augmentation, ()))
    slope = project.prices.slope
    if slope is not None and not slope.unfilled:
        part.append((("prices", "slope"), slope, SLOPE))
    if slope is not None and project.prices.slope_from is not None:
        yield Problem(("prices", "slope_from"), "says again what slope says; keep one of the two", key=True)
    for path, figure, form in part:
        yield from form_problems(path, figure, form)
    if project.prices.currency is not None:
        yield from currency_problems(("prices", "currency"), project.prices.currency)
    yield from rate_problems(project.exchange_rates)
    yield from _exchange_problems(project, part)


def _exchange_problems(project: ProjectFile, part: list[Money]) -> Iterator[Problem]:
    money, prices, rates = currency(project.finance.capital_cost.unit), project.prices.currency, project.exchange_rates
    own = [each for each in part if each[0] != ("prices", "slope")]
    yield from exchange_problems(own, money, rates)
    if not exchangeable(rates, prices, money):
        text = f"'{prices}' is not the currency of the capital cost, {money}; {add_rate(str(money), prices)}"
        yield Problem(("prices", "currency"), text)
    if prices is not None and project.currency not in (None, prices):
        text = f"the costs of the asset are in {project.currency}, and the prices in {prices}"
        yield Problem(("prices", "currency"), f"{text}; write both in one currency")
    slope = project.prices.slope
    if slope is not None and not exchangeable(rates, currency(slope.unit), prices or money):
        text = f"'{slope.text}' is in {currency(slope.unit)}, and the prices in {prices or money}"
        yield Problem(("prices", "slope"), f"{text}; {add_rate(str(prices or money), currency(slope.unit))}")


def _date_problems(project: ProjectFile) -> Iterator[Problem]:
    when, valuation = project.commissioning, project.valuation
    # a day that is not filled in is before all others
    if isinstance(when, Day) and valuation is not None and not when.unfilled and when.first < valuation.first:
        text = f"{when.text} is before the valuation, {valuation.text}"
        yield Problem(("commissioning",), f"{text}; value the project on a day up to its commissioning")
    if valuation is not None or isinstance(when, Day):
        return
    for place, contract in enumerate(project.contracts):
        for key in ("begins", "ends"):
            day = getattr(contract, key)
            if day is not None and not day.unfilled:
                path: KeyPath = ("contracts", place, key)
                text = f"{day.text} is a date, and the project has none to count it from"
                yield Problem(path, f"{text}; add the day of its 'valuation'")


def _technology_problems(project: ProjectFile) -> Iterator[Problem]:
    name = project.technology
    known = [key for key, file in library().items() if isinstance(file.technology, StorageTechnology)]
    if name is not None and name not in known:
        hint = near(name, known, what="storage technologies")
        yield Problem(("technology",), f"'{name}' is no technology of kind storage of the library; {hint}")
