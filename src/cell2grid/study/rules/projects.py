"""Rules on what the parts of a project say together: its debt and its life, contracts and dates, cells, warranty.

They hold for the projects of a study and for a project file alike. Whether each figure of money is money is in
``rules/money.py``; the models are in ``money.py`` and ``wear.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Protocol

from cell2grid.errors import StudyError
from cell2grid.formulas.finance import depreciation_names
from cell2grid.study.cell_file import cell_set
from cell2grid.study.model import Study
from cell2grid.study.money import Contract, Debt, Finance
from cell2grid.study.quantity import Quantity, figures
from cell2grid.study.refusals import Problem, near
from cell2grid.study.wear import Ageing, Augmentation, Warranty
from cell2grid.study.yaml_tree import KeyPath


class Parts(Protocol):
    """What a project of a study and a project file have in common."""

    @property
    def finance(self) -> Finance | None:
        """Its money."""

    @property
    def ageing(self) -> Ageing | None:
        """How its cells age."""

    @property
    def augmentation(self) -> tuple[Augmentation, ...]:
        """What is added to its store."""

    @property
    def warranty(self) -> Warranty | None:
        """What the supplier asks for and promises."""

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """What it sells by contract."""


def parts_of_projects_fit(study: Study) -> Iterator[Problem]:
    """What a project says of its debt, tax, contracts, cells and warranty fits together."""
    for name, project in study.projects.items():
        yield from part_problems(project, ("projects", name))


def part_problems(project: Parts, path: KeyPath = ()) -> Iterator[Problem]:
    """What does not fit together in the parts of one project."""
    if project.finance is not None:
        yield from _tax_problems(project.finance, (*path, "finance"))
        if project.finance.debt is not None:
            yield from _debt_problems(project.finance.debt, project.finance.life, (*path, "finance", "debt"))
    for place, contract in enumerate(project.contracts):
        yield from _contract_problems(contract, (*path, "contracts", place))
    if project.ageing is not None:
        yield from _cell_problems(project.ageing.cells, (*path, "ageing", "cells"))
    life = None if project.finance is None else project.finance.life
    for place, addition in enumerate(project.augmentation):
        yield from _addition_problems(addition, life, (*path, "augmentation", place))
    if project.warranty is not None:
        yield from _warranty_problems(project.warranty, (*path, "warranty"))


def _debt_problems(debt: Debt, life: Quantity, path: KeyPath) -> Iterator[Problem]:
    if debt.share is None and debt.cover is None:
        text = "has neither 'share' nor 'cover', so that its amount is not known"
        yield Problem(path, f"{text}; write 'share: 60 percent', or 'cover: 1.3 ratio' to size it by the cash")
    tenor = None if debt.tenor.unfilled else debt.tenor.to("year")
    if tenor is not None and tenor.low == tenor.high != round(tenor.high):
        text = f"'{debt.tenor.text}' is no whole year; a debt is served at the end of operating years"
        yield Problem((*path, "tenor"), f"{text}, as in '{max(round(tenor.high), 1)} year'")
    if not (debt.tenor.unfilled or life.unfilled) and debt.tenor.to("year").high > life.to("year").low:
        text = f"'{debt.tenor.text}' is longer than the life of the project, '{life.text}'"
        yield Problem((*path, "tenor"), f"{text}; pay the debt back while the project earns")


def _tax_problems(finance: Finance, path: KeyPath) -> Iterator[Problem]:
    tax, subsidy = finance.tax, finance.subsidy
    if tax is not None and tax.depreciation not in depreciation_names():
        hint = near(tax.depreciation, depreciation_names(), what="names")
        yield Problem((*path, "tax", "depreciation"), f"'{tax.depreciation}' is no depreciation; {hint}")
    if tax is None and subsidy is not None and subsidy.tax_credit is not None:
        text = f"'{subsidy.tax_credit.text}' is taken off a tax, and there is none; write 'tax' with its rate"
        yield Problem((*path, "subsidy", "tax_credit"), f"{text}, and 'losses: used' where it is used or sold at once")
    if subsidy is not None:
        for key, needed in (("credit_basis", "tax_credit"), ("years", "per_energy")):
            part = getattr(subsidy, key)
            if part is not None and getattr(subsidy, needed) is None:
                text = f"'{part.text}' says something of '{needed}', which is missing; add it, or remove this"
                yield Problem((*path, "subsidy", key), text)


def _contract_problems(contract: Contract, path: KeyPath) -> Iterator[Problem]:
    begins, ends = contract.begins, contract.ends
    if begins is not None or ends is not None:
        for key in ("from_year", "years"):
            if getattr(contract, key) is not None:
                text = "counts operating years, and the contract has dates of its own"
                yield Problem((*path, key), f"{text}; write 'begins' and 'ends', or 'from_year' and 'years'")
    known = begins is not None and ends is not None and not begins.unfilled and not ends.unfilled
    if known and begins is not None and ends is not None and ends.last < begins.first:
        yield Problem((*path, "ends"), f"{ends.text} is before it begins, {begins.text}; correct one of the two")


def _cell_problems(name: str, path: KeyPath) -> Iterator[Problem]:
    try:
        cell_set(name)
    except StudyError as error:
        yield Problem(path, f"{error}; 'cell2grid cells' lists them")


def _addition_problems(addition: Augmentation, life: Quantity | None, path: KeyPath) -> Iterator[Problem]:
    for key in ("year", "below", "to", "energy"):
        figure = getattr(addition, key)
        if figure is not None:
            yield from _range_problems(figure, (*path, key))
    yield from _idle_problems(addition, path)
    year = addition.year
    if year is None or year.unfilled:
        return
    number = year.to("year").mode
    if number != round(number):
        text = f"'{year.text}' is no whole year; an augmentation is made at the beginning of an operating year"
        yield Problem((*path, "year"), f"{text}, as in '{max(round(number), 1)} year'")
    elif life is not None and not life.unfilled and number > life.to("year").high:
        text = f"'{year.text}' is beyond the life of the project, '{life.text}'"
        yield Problem((*path, "year"), f"{text}; write a year within it")


def _idle_problems(addition: Augmentation, path: KeyPath) -> Iterator[Problem]:
    """An addition that adds nothing at all, or nothing at the moment that it names."""
    for key in ("below", "to", "energy"):
        figure = getattr(addition, key)
        if figure is not None and not figure.unfilled and figure.magnitude.high <= 0.0:
            text = f"'{figure.text}' is not above 0, so that nothing is ever added"
            yield Problem((*path, key), f"{text}; write more, or leave the augmentation out")
    below, to = addition.below, addition.to
    if below is None or to is None or below.unfilled or to.unfilled:
        return
    if to.to("ratio").mode < below.to("ratio").mode:
        text = f"'{to.text}' is less than there is when it would be added, below '{below.text}'"
        yield Problem((*path, "to"), f"{text}; fill up to a share from '{below.text}' on")


def _warranty_problems(warranty: Warranty, path: KeyPath) -> Iterator[Problem]:
    for key, figure in figures(warranty):
        if isinstance(figure, Quantity):
            yield from _range_problems(figure, (*path, *key))
    for place, row in enumerate(warranty.retention):
        if not row.year.unfilled and row.year.to("year").mode != round(row.year.to("year").mode):
            text = f"'{row.year.text}' is no whole year; what is left is promised for the end of an operating year"
            yield Problem((*path, "retention", place, "year"), text)
    for place, (before, after) in enumerate(pairwise(warranty.retention), start=1):
        row_path = (*path, "retention", place)
        if after.year.to("year").mode <= before.year.to("year").mode:
            text = f"'{after.year.text}' is not after the row before, '{before.year.text}'; sort the rows by year"
            yield Problem((*row_path, "year"), text)
        if after.share.to("ratio").mode > before.share.to("ratio").mode:
            text = f"'{after.share.text}' is more than is promised for an earlier year, '{before.share.text}'"
            yield Problem((*row_path, "share"), f"{text}; correct one of the two")


def _range_problems(figure: Quantity, path: KeyPath) -> Iterator[Problem]:
    if not figure.unfilled and figure.magnitude.low != figure.magnitude.high:
        yield Problem(path, f"'{figure.text}' is a range; one number belongs here")
