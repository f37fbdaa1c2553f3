"""A size map or a search in words and as one JSON document, and the ranges of sizes where none are named."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cell2grid.errors import InputError
from cell2grid.run.sensitivity.best_size import BestSize
from cell2grid.run.worth.telling import money_basis
from cell2grid.study.quantity import Quantity

if TYPE_CHECKING:
    from cell2grid.run.sensitivity.size import Sized, SizeMap
    from cell2grid.run.worth.terms import Subject
    from cell2grid.study.project_file import ProjectFile

# without bounds that are named, sizes from half to twice the project's own are tried
AROUND = (0.5, 2.0)
_FIGURES = ("power", "hours", "energy", "npv", "npv_low", "npv_high", "irr", "lcos", "capital_cost", "npv_per_capital")


def own_size(project: ProjectFile) -> tuple[float, float]:
    """The power [MW] of the project file and the hours that its store lasts at it.

    Raises
    ------
    InputError
        The power changes with time, or is nothing.
    """
    power = project.power.to("MW").mode if isinstance(project.power, Quantity) else 0.0
    if power <= 0.0:
        raise InputError("power: is a column or nothing; a size is one power, so write one, as in '100 MW'")
    return power, project.energy.to("MWh").mode / power


def around(own: float) -> tuple[float, float]:
    """The bounds around the project's own power or hours.

    >>> around(4.0)
    (2.0, 8.0)
    """
    return AROUND[0] * own, AROUND[1] * own


def size_document(subject: Subject, found: SizeMap | BestSize) -> dict[str, Any]:
    """The map, or what a search tried, as plain values; a number that is not known is None."""
    labels = list(found.price_years)
    search = None
    if isinstance(found, BestSize):
        search = {"valuations": found.valuations, "tolerance": found.tolerance, "converged": found.converged}
    sizes = found.tried if isinstance(found, BestSize) else found.sizes
    return {
        "project": subject.project.project,
        "currency": subject.currency,
        "money": money_basis(subject),
        "best": {**_told(found.best), "at_bound": list(found.at_bound)},
        "linear_in_power": found.linear_in_power,
        "map": [{**_told(size), "refused": size.refused or None} for size in sizes],
        "price_years": {
            "count": len(labels),
            "labels": labels,
            "synthetic": subject.prices.synthetic,
        },
        "search": search,
        "notes": list(found.notes),
    }


def _told(size: Sized) -> dict[str, float | None]:
    return {name: _number(getattr(size, name)) for name in _FIGURES}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def sentence(told: Mapping[str, Any]) -> str:
    """What the best size is and is worth, in a sentence."""
    best, money = told["best"], told["currency"]
    size = f"{best['power']:,.4g} MW for {best['hours']:,.3g} h ({best['energy']:,.4g} MWh)"
    count = told["price_years"]["count"]
    spread = f", from {best['npv_low']:,.0f} to {best['npv_high']:,.0f} over {count} price years" if count > 1 else ""
    rate = "no one rate of return" if best["irr"] is None else f"a rate of return of {best['irr']:.1%}"
    bound = f" It lies at the bound of {' and '.join(best['at_bound'])}." if best["at_bound"] else ""
    return f"The best size is {size}: an NPV of {best['npv']:,.0f} {money}{spread}, and {rate}.{bound}"


def figures(told: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The best size for the head of a page: names, amounts, and what they mean."""
    best, money = told["best"], told["currency"]
    count = told["price_years"]["count"]
    ends = f" (from {best['npv_low']:,.0f} to {best['npv_high']:,.0f})" if count > 1 else ""
    found = [
        ("power", f"{best['power']:,.4g} MW", "of the size that is worth most"),
        ("energy", f"{best['energy']:,.4g} MWh", f"{best['hours']:,.3g} h at that power"),
        ("net present value", f"{best['npv']:,.0f} {money}{ends}", f"the mean over {count} price year(s)"),
        ("capital cost", f"{best['capital_cost']:,.0f} {money}", "of that size"),
    ]
    if best["irr"] is not None:
        found.append(("internal rate of return", f"{best['irr']:.1%}", "of the mean cash flow"))
    if best["npv_per_capital"] is not None:
        found.append(("NPV for each unit of capital", f"{best['npv_per_capital']:.3f}", ""))
    return found
