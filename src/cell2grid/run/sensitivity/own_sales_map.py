"""What a project's own sales leave of its market revenue at each size, where prices fall with what it sends.

The share is found at a few sizes, as ``own_sales.py`` finds it at one, and drawn between them over power and then
hours by cubics that keep to the trend (Fritsch and Butland 1984, doi:10.1137/0905021). Equations:
docs/formulation/size.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cell2grid.run.processes import worker_processes
from cell2grid.run.worth.moved_revenue import moved_revenue

if TYPE_CHECKING:
    from cell2grid.run.life.case import LifeCase

Floats = npt.NDArray[np.float64]

# sizes along each axis between which the share is drawn; so many or fewer are each found by themselves
NODES = 4
_Question = tuple[Floats, Floats, dict[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class OwnSalesMap:
    """The share of market revenue that is left [ratio], by (hours, power, price year)."""

    powers: Floats
    hours: Floats
    left: Floats

    def at(self, power: float, hours: float) -> Floats:
        """The share at a size within the bounds, by price year.

        >>> found = OwnSalesMap(np.array([10.0, 20.0]), np.array([2.0]), np.array([[[1.0], [0.8]]]))
        >>> found.at(15.0, 2.0).round(3).tolist()
        [0.9]
        """
        by_hours = _between(self.powers, self.left.swapaxes(0, 1), power)
        return _between(self.hours, by_hours, hours)


def _between(places: Floats, values: Floats, place: float) -> Floats:
    """The values along the first axis at a place among others."""
    from scipy.interpolate import PchipInterpolator

    found: Floats = values[0] if len(places) == 1 else PchipInterpolator(places, values, axis=0)(place)
    return found


def own_sales_map(
    cases_at: Callable[[float, float], Sequence[LifeCase]],
    slope: float,
    powers: Sequence[float],
    hours: Sequence[float],
    *,
    workers: int = 1,
) -> OwnSalesMap:
    """The share of market revenue that a schedule which knows how it moves prices still earns, over sizes.

    Parameters
    ----------
    cases_at
        The cases at a power [MW] and hours [hour], one for each price year, which is its only one.
    slope
        What the price falls by with each MW that is sent [currency/MWh/MW].

    Raises
    ------
    InputError, InfeasibleError, NotConvergedError
        As ``engines.dispatch.impact.with_impact``.
    """
    nodes = [_nodes(axis) for axis in (powers, hours)]
    cases = [cases_at(float(power), float(long)) for long in nodes[1] for power in nodes[0]]
    asked = [_question(case) for every in cases for case in every]
    task = partial(_left, slope)
    if workers > 1 and len(asked) > 1:
        with worker_processes(min(workers, len(asked))) as pool:
            found = list(pool.map(task, asked, chunksize=max(1, len(asked) // (4 * workers))))
    else:
        found = [task(one) for one in asked]
    left = np.array(found).reshape(len(nodes[1]), len(nodes[0]), len(cases[0]))
    return OwnSalesMap(nodes[0], nodes[1], left)


def _nodes(values: Sequence[float]) -> Floats:
    places = np.unique(np.asarray(values, np.float64))
    return places if len(places) <= NODES else np.linspace(places[0], places[-1], NODES)


def _question(case: LifeCase) -> _Question:
    place = case.order[0]
    year = case.price_years[place]
    series = {name: values[place] for name, values in case.by_year.items()}
    return year.price, year.step_hours, {**case.asset, **series}


def _left(slope: float, question: _Question) -> float:
    price, step_hours, asset = question
    return moved_revenue(price, step_hours, asset, slope).left
