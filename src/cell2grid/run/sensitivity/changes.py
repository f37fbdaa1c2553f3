"""A project with one thing changed: its size, a number of its asset, its prices; and which figures its value reads.

``tornado.py`` and ``size.py`` ask for the worth of what comes from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from cell2grid.run.drawn.figures import Figures, MiddleFigures
from cell2grid.run.worth.terms import Subject
from cell2grid.study.asset_file import FIELDS, unit_of
from cell2grid.study.quantity import Frozen, Quantity, bounds_in
from cell2grid.units import Magnitude

if TYPE_CHECKING:
    from cell2grid.study.project_file import ProjectFile

Floats = npt.NDArray[np.float64]

EFFICIENCIES = ("efficiency_charge", "efficiency_discharge")
# what of the asset is a choice of its owner and no uncertain number
_CHOSEN = {"power", "energy", "discharge_power", "start_fraction", "end_fraction", "cycles_per_year", "cycles_per_day"}


def number(value: float, unit: str) -> Quantity:
    """A figure that is one number."""
    return Quantity(text=f"{value:.12g} {unit}".removesuffix(" ratio"), magnitude=Magnitude(value, value, value, unit))


def with_project(subject: Subject, project: ProjectFile) -> Subject:
    """The subject with another project file, whose asset takes the place of the first one's."""
    steady = project.numbers(lambda key, column: None)
    for key in project.columns():
        del steady[key]
    beyond = {key: value for key, value in subject.prices.asset.items() if key not in FIELDS}
    return replace(subject, project=project, prices=replace(subject.prices, asset={**beyond, **steady}))


def resized(subject: Subject, power: float, hours: float) -> Subject:
    """The subject with another power [MW] and ``hours`` of storage at it.

    What else of the asset and of the warranty is in MW or MWh and belongs to the store goes with its power or energy:
    power sent out, its own load, what is stored at the end, the throughput that is warranted. What belongs to the
    site (connection, load, generation), an augmentation in MWh and costs in all stay.
    """
    project = subject.project
    first = _fixed(project.power, "MW"), _fixed(project.energy, "MWh")
    wider, larger = power / first[0], power * hours / first[1]
    parts: dict[str, Any] = {"power": number(power, "MW"), "energy": number(power * hours, "MWh")}
    for key in ("discharge_power", "auxiliary_load"):
        part = getattr(project, key)
        if isinstance(part, Quantity):
            parts[key] = number(part.to("MW").mode * wider, "MW")
    if project.terminal_worth is not None:
        parts["terminal_worth"] = tuple(
            (number(length.to("MWh").mode * larger, "MWh"), worth) for length, worth in project.terminal_worth
        )
    warranty = project.warranty
    if warranty is not None and warranty.throughput is not None:
        throughput = number(warranty.throughput.to("MWh").mode * larger, "MWh")
        parts["warranty"] = warranty.changed(throughput=throughput)
    return with_project(subject, project.changed(**parts))


def _fixed(part: Any, unit: str) -> float:
    """The one number that a power or an energy is; 1 where it changes with time, which ``members_of`` refuses."""
    return part.to(unit).mode if isinstance(part, Quantity) and part.to(unit).mode > 0.0 else 1.0


def priced(subject: Subject, factor: float) -> Subject:
    """The subject with all its prices times a factor."""
    years = tuple(replace(year, price=year.price * factor) for year in subject.prices.years)
    return replace(subject, prices=replace(subject.prices, years=years))


def asset_figures(subject: Subject) -> Iterator[tuple[str, Quantity]]:
    """The numbers of the asset that could be others, by their path: those of the file, or of its technology."""
    project = subject.project
    for key in FIELDS:
        part = getattr(project, key)
        if isinstance(part, Quantity) and key not in _CHOSEN:
            yield key, part
    if subject.technology is None:
        return
    for key in EFFICIENCIES:
        if getattr(project, key) is None and getattr(project, f"{key}_by_power") is None:
            yield f"technology.{key}", getattr(subject.technology, key)


def with_asset_figure(subject: Subject, path: str, quantity: Quantity) -> Subject:
    """The subject with another number at a path that ``asset_figures`` gave."""
    return with_project(subject, subject.project.changed(**{path.removeprefix("technology."): quantity}))


def unit_at(path: str, quantity: Quantity) -> str:
    """The unit in which a figure is told: its own, or that of the asset's key where it was written without one."""
    of_asset = unit_of(path.removeprefix("technology."))
    return of_asset if quantity.unit == "ratio" and of_asset.startswith("currency") else quantity.unit


def bounds_at(subject: Subject, path: str) -> tuple[float, float, str] | None:
    """The least and the most that a figure of the project may be, and their unit; None where its model has none."""
    steps = path.split(".")
    part: Any = subject.project
    if steps[0] == "technology":
        part, steps = subject.technology, steps[1:]
    for step in steps[:-1]:
        part = part[int(step)] if isinstance(part, tuple) else getattr(part, step, None)
    if not isinstance(part, Frozen) or steps[-1] not in type(part).model_fields:
        return None
    info = type(part).model_fields[steps[-1]]
    bound = next(bounds_in((*info.metadata, info.annotation)), None)
    if bound is None:
        return None
    low = -np.inf if bound.at_least is None else bound.at_least
    return low, np.inf if bound.at_most is None else bound.at_most, bound.unit


class AskedFigures(MiddleFigures):
    """The middle case, which remembers each figure it was asked for; those of ``instead`` have another value.

    ``quantities`` holds them by path.
    """

    def __init__(
        self,
        ends: Mapping[str, Literal["low", "high"]] | None = None,
        instead: Mapping[str, Quantity] | None = None,
    ) -> None:
        super().__init__(ends)
        self._instead = instead or {}
        self.quantities: dict[str, Quantity] = {}

    def drawn(self, variable: str, path: str, quantity: Quantity, unit: str) -> Floats:
        """The figure at its middle, at an end, or another in its place."""
        self.quantities[path] = quantity
        return super().drawn(variable, path, self._instead.get(path, quantity), unit)


class CountedFigures(Figures):
    """Draws as ``Figures`` makes them, which remember the paths of all that has a range."""

    def __init__(self, seed: int, *, first: int, count: int) -> None:
        super().__init__(seed, first=first, count=count)
        self.ranges: dict[str, None] = {}

    def share(self, path: str) -> Floats:
        """As in ``Figures``."""
        self.ranges[path] = None
        return super().share(path)
