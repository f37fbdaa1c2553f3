"""Spatial price equilibrium where supply prices, transport costs and demand prices are affine in all quantities.

A quantity is shipped from one region to another only where the price paid there covers the price asked here and the
cost between (Samuelson 1952; Takayama and Judge 1971; Nagurney 1999, doi:10.1007/978-1-4757-3005-0). Prices and costs
may depend on every other quantity, and by other amounts than these depend on them, so that no convex programme need
exist. Firms that hold back, capacities and duties are in ``complementarity.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from cell2grid.engines.market.lemke import lemke
from cell2grid.engines.market.mcp import mcp
from cell2grid.errors import EngineError, NotConvergedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

REFUSED_ABOVE = 1e-8


class SpatialEquilibrium(NamedTuple):
    """What is shipped and at which prices; ``residual`` is relative to the largest price or quantity."""

    flow: Vector  # (S, D) item/year
    supply_price: Vector  # (S,) currency/item
    transport_cost: Vector  # (S, D) currency/item
    demand_price: Vector  # (D,) currency/item
    residual: float


def spatial_equilibrium(
    supply_intercept: Vector,
    supply_matrix: Vector,
    transport_intercept: Vector,
    transport_matrix: Vector,
    demand_intercept: Vector,
    demand_matrix: Vector,
) -> SpatialEquilibrium:
    """Flows between S supply and D demand regions, and the prices that go with them.

    Parameters
    ----------
    supply_intercept, supply_matrix
        (S,), (S, S): price asked = intercept + matrix x what each region supplies.
    transport_intercept, transport_matrix
        (S, D), (S, D, S, D): cost of a lane = intercept + what each flow adds to it.
    demand_intercept, demand_matrix
        (D,), (D, D): price paid = intercept - matrix x what each region buys.

    Returns
    -------
    SpatialEquilibrium
        For each lane: flow >= 0, supply price + transport cost >= demand price, and equal where anything flows.

    Raises
    ------
    EngineError
        Where arrays do not fit each other or hold what is not a number.
    NotConvergedError
        Where neither Newton steps nor pivots end at an equilibrium; with upward demand there may be none.

    Examples
    --------
    One region asks 2 + s, carrying costs 1, the other pays 9 - 2d: 3 + q = 9 - 2q, so q = 2 at a price of 5.

    >>> one = np.ones
    >>> found = spatial_equilibrium(2 * one(1), one((1, 1)), one((1, 1)), 0 * one((1, 1, 1, 1)), 9 * one(1),
    ...     2 * one((1, 1)))
    >>> found.flow.round(9).tolist(), found.demand_price.round(9).tolist()
    ([[2.0]], [5.0])
    """
    parts = [np.asarray(part, float) for part in (supply_intercept, supply_matrix, transport_intercept,
                                                  transport_matrix, demand_intercept, demand_matrix)]  # fmt: skip
    _check(parts)
    s0, s_matrix, c0, c_matrix, d0, d_matrix = parts
    sources, targets = c0.shape
    lanes = sources * targets
    out = np.kron(np.eye(sources), np.ones((1, targets)))  # (S, SD): what each source sends
    into = np.kron(np.ones((1, sources)), np.eye(targets))  # (D, SD): what each target gets
    matrix = out.T @ s_matrix @ out + c_matrix.reshape(lanes, lanes) + into.T @ d_matrix @ into
    constant = (s0[:, None] + c0 - d0).ravel()
    flow, residual = _complementary(matrix, constant)
    if not residual <= REFUSED_ABOVE:
        raise NotConvergedError(
            f"no spatial equilibrium found: the conditions are still violated by {residual:.3g} (relative), at most "
            f"{REFUSED_ABOVE:g} is taken; check that demand prices fall and supply prices rise"
        )
    q = flow.reshape(sources, targets)
    cost = c0 + (c_matrix.reshape(lanes, lanes) @ flow).reshape(sources, targets)
    return SpatialEquilibrium(q, s0 + s_matrix @ q.sum(axis=1), cost, d0 - d_matrix @ q.sum(axis=0), residual)


def _check(parts: list[Vector]) -> None:
    """Refuses arrays that do not fit each other."""
    names = ("supply_intercept", "supply_matrix", "transport_intercept", "transport_matrix", "demand_intercept",
             "demand_matrix")  # fmt: skip
    s0, _, _, _, d0, _ = parts
    s, d = len(np.atleast_1d(s0)), len(np.atleast_1d(d0))
    shapes = ((s,), (s, s), (s, d), (s, d, s, d), (d,), (d, d))
    for name, part, shape in zip(names, parts, shapes, strict=True):
        if part.shape != shape:
            raise EngineError(f"{name} has the shape {part.shape}, expected {shape}; give a value by region or lane")
        if not np.all(np.isfinite(part)):
            raise EngineError(f"{name} holds a value that is not a finite number; give one for each region or lane")


def _complementary(matrix: Vector, constant: Vector) -> tuple[Vector, float]:
    """The point that meets the conditions best, by Newton steps or else by pivots, with its relative residual."""
    money = float(np.max(np.abs(constant), initial=0.0)) or 1.0
    steep = float(np.max(np.abs(np.diag(matrix)), initial=0.0)) or 1.0
    goods = money / steep
    scaled = sparse.csc_array(matrix / steep)
    count = len(constant)

    def value(x: Vector) -> Vector:
        return np.asarray(scaled @ x + constant / money)

    found = mcp(value, lambda _: scaled, np.zeros(count), np.full(count, np.inf), np.full(count, 0.1 / count))
    best = np.maximum(found.x, 0.0)
    if not found.converged and count <= 1000:
        pivoted = lemke(matrix / steep, constant / money)
        if pivoted is not None and _violation(value, pivoted) < _violation(value, best):
            best = pivoted
    return best * goods, _violation(value, best)


def _violation(value: Callable[[Vector], Vector], x: Vector) -> float:
    """The largest of what must be 0: the smaller of flow and what it lacks, in parts of the largest of each."""
    lack = value(x)
    largest = max(float(np.max(x, initial=0.0)), 1e-300)
    worst = np.max(np.abs(np.minimum(x / max(largest, 1.0), lack)), initial=0.0)
    return float(worst) if np.all(np.isfinite(lack)) else np.inf
