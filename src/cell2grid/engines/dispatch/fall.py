"""A price that falls with the site's own sales, held by tangents: what export costs, and what one more MW of it earns.

The square of the export is the largest of its tangents, from below, so that what is found with them is never less than
what is true: a bound. ``impact`` chooses the points, ``site`` says what the asset's power means for export. Arrays are
by timestep, or by (timestep, power) where that is said. Equations: docs/formulation/dispatch.md.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.case import PriceFall

Floats = npt.NDArray[np.float64]


def edges(given: PriceFall) -> Floats:
    """The exports between which one tangent holds, by (timestep, edge) [MW]: halfway between two points."""
    middle: Floats = (given.points[:, :-1] + given.points[:, 1:]) / 2.0
    return middle


def cost(given: PriceFall, export: Floats) -> Floats:
    """What the sales themselves take off their income in an hour, by timestep [currency/hour]."""
    point = _point(given, export[:, None])[:, 0]
    lost: Floats = given.slope * point * (2.0 * export - point)
    return lost


def rate(given: PriceFall, sell: Floats, buy: Floats, export: Floats) -> Floats:
    """What one more MWh of export earns, by (timestep, power) [currency/MWh], within a piece."""
    price = np.where(export > 0.0, sell[:, None], buy[:, None])
    earned: Floats = price - 2.0 * given.slope[:, None] * _point(given, export)
    return earned


def steepest(given: PriceFall) -> float:
    """The most that one more MW of export takes off what all of it earns [currency/MWh]."""
    return float((2.0 * given.slope[:, None] * np.abs(given.points)).max())


def best_export(given: PriceFall, sell: Floats, buy: Floats) -> Floats:
    """The export that earns the most where it is free, by timestep [MW]; infinite where more always earns more.

    Prices [currency/MWh]; no step is paid more for sending than for taking (``site.curves_are_plain``).
    """
    edge = np.sort(np.column_stack([edges(given), np.zeros(len(sell))]), axis=1)
    middle = np.column_stack([edge[:, 0] - 1.0, (edge[:, :-1] + edge[:, 1:]) / 2.0, edge[:, -1] + 1.0])
    lost = rate(given, sell, buy, middle) < 0.0
    place = np.where(lost.any(axis=1), lost.argmax(axis=1), middle.shape[1])
    bounded = np.column_stack([np.full(len(sell), -np.inf), edge, np.full(len(sell), np.inf)])
    best: Floats = np.take_along_axis(bounded, place[:, None], axis=1)[:, 0]
    return best


def _point(given: PriceFall, export: Floats) -> Floats:
    """The point whose tangent holds at each export, by (timestep, power) [MW]."""
    points = given.points
    point = np.repeat(points[:, :1], export.shape[1], axis=1)
    for i, edge in enumerate(edges(given).T, start=1):
        np.copyto(point, points[:, i, None], where=export > edge[:, None])
    return point
