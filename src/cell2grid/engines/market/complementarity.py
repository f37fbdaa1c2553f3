"""Equilibria of any market game by its conditions: right where no convex programme is, and slower than water-filling.

``complementarity`` takes everything that a ``Game`` can say: products that stand in for each other, quotas with two
rates, undertakings of a least price, duties on the selling price with scarce capacity, costs in steps or by powers,
interests, and any conduct. The conditions are laid out in ``conditions.py``, searched by ``mcp.py`` and judged by
``residual.py``; the equations are in docs/formulation/market-methods.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.market.conditions import Conditions
from cell2grid.engines.market.demand import price_at
from cell2grid.engines.market.game import METHODS, Equilibrium
from cell2grid.engines.market.lanes import case_of
from cell2grid.engines.market.lemke import pivoted
from cell2grid.engines.market.mcp import mcp, natural_residual
from cell2grid.engines.market.ranges import unique
from cell2grid.engines.market.residual import residual

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.game import Game

REFUSED_ABOVE = 1e-6
"""Residual above which a case has no answer: its prices and sales are nan."""
MOST_PIVOTED = 1500
"""Variables up to which a case whose conditions are straight lines is also tried by pivots."""


def complementarity(game: Game, start: Equilibrium | None = None) -> Equilibrium:
    """Equilibrium of each case of a game; nan with the residual that was reached where none was found.

    Parameters
    ----------
    game
        Any game, as ``game.py`` describes it.
    start
        An equilibrium of a game of the same sizes, from which the search begins; its nan cases are not used.

    Returns
    -------
    Equilibrium
        With ``residual`` of all conditions, ``unique`` by ``ranges.py`` and its ``method``.

    Examples
    --------
    Two Cournot firms at cost 10 sell to demand 40 - Q: each (40 - 10) / 3.

    >>> from cell2grid.engines.market.game import Game
    >>> lane, plant, market, none = np.zeros((1, 2, 1)), np.zeros((1, 2)), np.ones((1, 1)), np.zeros((1, 0))
    >>> found = complementarity(Game(
    ...     firm=np.arange(2), interest=np.eye(2), capacity=plant + np.inf, step_width=lane + np.inf,
    ...     step_cost=lane + 10.0, power_scale=plant, power_exponent=plant + 1.0, freight=lane, duty_on_cost=lane,
    ...     duty_on_price=lane, duty_amount=lane, least_price=lane + np.nan, in_quota=np.zeros((0, 2, 1), bool),
    ...     quota=none, over_on_cost=none, over_on_price=none, over_amount=none, isoelastic=np.zeros(1, bool),
    ...     intercept=40.0 * market, slope=market, cross_slope=np.zeros((1, 1, 1)), scale=market, elasticity=market,
    ...     conduct=lane + 1.0))
    >>> found.sales[0, :, 0].round(6).tolist(), float(found.price[0, 0].round(6))
    ([10.0, 10.0], 20.0)
    """
    cases, plants, markets = game.freight.shape
    sales, over = np.full((cases, plants, markets), np.nan), np.zeros((cases, plants, markets))
    scarcity, licence = np.zeros((cases, plants)), np.zeros((cases, len(game.in_quota)))
    reached = np.zeros(cases)
    for b in range(cases):
        reached[b] = _one_case(game, b, start, (sales, over, scarcity, licence))
    known = np.where(np.isnan(sales), 0.0, sales)
    judged = residual(game, known, over=over, scarcity=scarcity, licence=licence)
    lost = np.isnan(sales).any(axis=(1, 2)) | (judged > REFUSED_ABOVE)
    judged = np.where(lost, np.maximum(judged, reached), judged)
    price = np.where(lost[:, None], np.nan, price_at(game, known.sum(axis=1)))
    sales[lost] = np.nan
    sole, method = np.ones(cases, dtype=np.bool_), np.full(cases, METHODS.index("complementarity"), dtype=np.int8)
    found = Equilibrium(price, sales, over, scarcity, licence, judged, sole, method)
    return found._replace(unique=unique(game, found))


def _by_pivots(conditions: Conditions, best: NDArray[np.float64], least: float) -> tuple[NDArray[np.float64], float]:
    """What pivots find where Newton steps went round, with its residual; the best so far where that is no better.

    So it is with a firm whose plants keep different parts of the price in one market: its profit is not concave.
    """
    lower, upper = conditions.lower, conditions.upper
    found = pivoted(conditions.linear.toarray(), conditions.constant, lower, upper)
    if found is None:
        return best, least
    residual = natural_residual(found, conditions.value(found), lower, upper)
    return (found, residual) if residual < least else (best, least)


def _one_case(game: Game, b: int, start: Equilibrium | None, into: tuple[NDArray[np.float64], ...]) -> float:
    """Puts what was found of case b into the arrays; comes back with the residual that was reached."""
    sales, over, scarcity, licence = into
    case = case_of(game, b)
    if not len(case.plant):
        sales[b] = 0.0
        return 0.0
    conditions = Conditions(case)
    origin, smoothing = conditions.start(), 0.1
    if start is not None and np.all(np.isfinite(start.sales[b])):
        lane = (b, case.plant, case.market)
        origin, smoothing = conditions.start(start.sales[lane] - start.over[lane], start.over[lane]), 1e-3
    ended = mcp(conditions.value, conditions.slope, conditions.lower, conditions.upper, origin, smoothing=smoothing)
    x, reached = ended.x, ended.residual
    if not ended.converged and conditions.straight() and conditions.size <= MOST_PIVOTED:
        x, reached = _by_pivots(conditions, x, reached)
    found = conditions.found(x)
    sales[b], over[b] = 0.0, 0.0
    sales[b, case.plant, case.market] = found.sales
    over[b, case.plant, case.market] = found.over
    scarcity[b], licence[b] = found.scarcity, found.licence
    return reached
