"""Prices of firms whose variants buyers choose among, and nothing, by multinomial logit, within what plants can make.

Each firm sets the price of its variant in each market, knowing how buyers go over to others (Bertrand-Nash), for what
it earns itself and by its interests in others. At constant cost and without interests it earns 1 / (a (1 - S)) above
cost, S its share and a the sensitivity to price (Anderson, de Palma, Thisse 1992; Nocke, Schutz 2018,
doi:10.3982/ECTA14720); interests of 1 both ways price as one owner would. Costs may rise with output, capacities and
quotas bind. A price war of sellers of the same good is in ``price_war.py``, quantities that firms set in
``complementarity.py``. The equations are in docs/formulation/market-methods.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.market.box_search import searched
from cell2grid.engines.market.logit_conditions import LogitConditions
from cell2grid.engines.market.logit_residual import LogitEquilibrium, bought_at, residual_of
from cell2grid.errors import EngineError, NotConvergedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.game import Game
    from cell2grid.engines.market.logit_lanes import LogitDemand

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

REFUSED_ABOVE = 1e-8
_AT_ONCE = 250_000  # entries of the matrices that are solved together, so that they stay in the cache
_OF_CASES = ("capacity", "step_width", "step_cost", "power_scale", "power_exponent", "freight", "duty_on_cost",
             "duty_on_price", "duty_amount", "quota", "over_on_cost", "over_on_price", "over_amount",
             "conduct")  # fmt: skip


def solve_logit(
    game: Game, demand: LogitDemand, *, named: Callable[[int], str] = lambda case: f"case {case}"
) -> LogitEquilibrium:
    """The equilibrium of each case of a price game, none with a residual above 1e-8.

    Parameters
    ----------
    game
        As ``game.py`` describes it; of ``conduct`` 1 is Bertrand and 0 price-taking, a part of the mark-up between. Its
        curves of demand are not read, and least prices are refused.
    demand
        Utilities, sensitivities, possible buyers, and the choice set of each market.
    named
        What a case is called in an error.

    Returns
    -------
    LogitEquilibrium
        Of plants of one firm those that cost least sell.

    Raises
    ------
    EngineError
        Where arrays do not fit each other or hold what cannot be.
    NotConvergedError
        Where no point meets the conditions, as with a single firm and nobody who may buy nothing.

    Examples
    --------
    Two firms at cost 1 with utility 2, a = 1: each price less cost is 1 / (1 - s).

    >>> from cell2grid.engines.market.game import Game
    >>> from cell2grid.engines.market.logit_lanes import LogitDemand
    >>> lane, plant, market, none = np.zeros((1, 2, 1)), np.zeros((1, 2)), np.ones((1, 1)), np.zeros((1, 0))
    >>> game = Game(
    ...     firm=np.arange(2), interest=np.eye(2), capacity=plant + np.inf, step_width=lane + np.inf,
    ...     step_cost=lane + 1.0, power_scale=plant, power_exponent=plant + 1.0, freight=lane, duty_on_cost=lane,
    ...     duty_on_price=lane, duty_amount=lane, least_price=lane + np.nan, in_quota=np.zeros((0, 2, 1), bool),
    ...     quota=none, over_on_cost=none, over_on_price=none, over_amount=none, isoelastic=np.zeros(1, bool),
    ...     intercept=market, slope=market, cross_slope=np.zeros((1, 1, 1)), scale=market, elasticity=market,
    ...     conduct=lane + 1.0)
    >>> found = solve_logit(game, LogitDemand(lane + 2.0, market, 100.0 * market, np.zeros(1, int)))
    >>> abs(found.price - 1.0 - 1.0 / (1.0 - found.share)).round(9).tolist()
    [[[0.0], [0.0]]]
    """
    _check(game, demand)
    cases = len(game.capacity)
    of_market = np.isfinite(game.freight).any(axis=0).sum(axis=0) + game.in_quota.any(axis=0).sum(axis=0)
    widest = max((int(of_market[demand.group == c].sum()) for c in range(demand.size.shape[1])), default=0)
    border = game.capacity.shape[1] + len(game.in_quota)
    at_once = max(1, _AT_ONCE // max(1, int(of_market.sum()) * (widest + 2 * border)))
    parts = []
    for first in range(0, max(cases, 1), at_once):
        some = np.arange(first, min(first + at_once, cases))
        parts.append(_solved(_cases(game, some), _asked(demand, some)))
    found = LogitEquilibrium(*(np.concatenate(one) for one in zip(*parts, strict=True)))
    worst = int(np.argmax(found.residual)) if cases else 0
    if cases and not found.residual[worst] <= REFUSED_ABOVE:
        raise NotConvergedError(
            f"market: {named(worst)} has no equilibrium of prices that was found: its conditions are "
            f"{found.residual[worst]:.3g} of the highest price or of possible buyers off, above {REFUSED_ABOVE:g}; "
            "check that somebody may buy nothing"
        )
    return found


def _cases(game: Game, which: Places) -> Game:
    return game._replace(**{name: getattr(game, name)[which] for name in _OF_CASES})


def _asked(demand: LogitDemand, which: Places) -> LogitDemand:
    return demand._replace(**{name: getattr(demand, name)[which] for name in ("utility", "price_sensitivity", "size")})


def _solved(game: Game, demand: LogitDemand) -> LogitEquilibrium:
    """The equilibria of some cases with their residuals, however large."""
    conditions = LogitConditions(game, demand)
    with np.errstate(all="ignore"):
        start = conditions.start()
    z, _ = searched(conditions, start) if conditions.size else (start, None)
    with np.errstate(all="ignore"):
        found = _found(game, demand, conditions, z)
    found = found._replace(residual=residual_of(game, demand, found))
    return found._replace(unique=_unique(game, conditions, found))


def _found(game: Game, demand: LogitDemand, conditions: LogitConditions, z: Floats) -> LogitEquilibrium:
    """What a point says, in items and money."""
    lanes = conditions.lanes
    cases, plants, markets = game.freight.shape
    price = np.full((cases, len(game.interest), markets), np.nan)
    paid = (conditions.utility - z[:, conditions.v]) / conditions.steep
    price[:, lanes.offer_firm, lanes.offer_market] = np.where(conditions.offered, paid, np.nan)
    share, outside = bought_at(demand, price)
    part = conditions.at(z).part
    part = np.where(part > 1e-13, part, 0.0)
    brought = part * (share[:, lanes.offer_firm, lanes.offer_market] * conditions.buyers)[:, lanes.offer]
    sales, over = np.zeros((2, cases, plants, markets))
    for lane in range(len(lanes.plant)):
        at = (slice(None), lanes.plant[lane], lanes.market[lane])
        sales[at] += brought[:, lane]
        if lanes.over[lane]:
            over[at] = brought[:, lane]
    cost, scarce = conditions.costs(z)
    # what a power adds is that of the sales themselves, which are nothing where the search leaves next to nothing
    made = sales.sum(axis=2)[:, conditions.powered]
    scale, exponent = (of[:, conditions.powered] for of in (game.power_scale, game.power_exponent))
    cost[:, conditions.powered] += np.where(scale > 0.0, (scale * made) ** exponent, 0.0) - conditions.rise(z)
    scarce, licence = np.maximum(scarce, 0.0), np.maximum(conditions.licences(z), 0.0)
    sole = np.ones(cases, dtype=np.bool_)
    found = LogitEquilibrium(price, share, outside, sales, over, cost, scarce, licence, np.zeros(cases), sole)
    return found._replace(licence=_of_nothing(game, conditions, found))


def _of_nothing(game: Game, conditions: LogitConditions, found: LogitEquilibrium) -> Floats:
    """Licence prices with those of quotas of nothing, at which nobody would come in within them."""
    licence = found.licence.copy()
    lanes = conditions.lanes
    for q in np.flatnonzero((game.quota <= 0.0).any(axis=0)):
        inside = np.flatnonzero(lanes.in_quota[q] > 0.0)
        plant, market = lanes.plant[inside], lanes.market[inside]
        bears = conditions.lanes.bears[:, inside]
        net = lanes.keeps[:, inside] * found.price[:, game.firm[plant], market] - bears * found.cost[:, plant]
        net = net - lanes.carry[:, inside] - found.scarcity[:, plant]
        most = np.nan_to_num(net).max(axis=1, initial=0.0)
        licence[:, q] = np.where(game.quota[:, q] <= 0.0, most, licence[:, q])
    return licence


def _unique(game: Game, conditions: LogitConditions, found: LogitEquilibrium) -> NDArray[np.bool_]:
    """Whether no sales can change at the same prices: no other parts of what is sold bring every offer the same.

    What is bought of each variant follows from the prices; plants of a firm may share it in several ways where neither
    a rising cost, nor the end of a step, a capacity or a quota that binds, nor what is kept of the price tells them.
    """
    lanes = conditions.lanes
    unique = np.ones(len(found.sales), dtype=np.bool_)
    if not conditions.several.any():
        return unique
    first = found.sales - found.over
    sold = np.where(lanes.over, found.over[:, lanes.plant, lanes.market], first[:, lanes.plant, lanes.market])
    made = found.sales.sum(axis=2)
    low, high = (np.abs(made[..., None] - np.cumsum(game.step_width, axis=-1)), made[..., None])
    told = (found.scarcity > 0.0) | (game.power_scale > 0.0) | (low <= 1e-9 * high).any(axis=2)
    for b in range(len(unique)):
        active = sold[b] > 0.0
        rows = [
            conditions.of_offer.T,
            conditions.of_offer.T * lanes.keeps[b],
            conditions.of_plant.T[told[b]],
            lanes.in_quota[found.licence[b] > 0.0],
        ]
        matrix = np.concatenate(rows)[:, active]
        unique[b] = int(np.linalg.matrix_rank(matrix)) == int(active.sum())
    return unique


def _check(game: Game, demand: LogitDemand) -> None:
    """Refuse arrays that do not fit each other, and numbers that cannot be.

    Raises
    ------
    EngineError
        With the name of what is wrong.
    """
    cases, plants, markets = game.freight.shape
    firms, sets = len(game.interest), demand.size.shape[-1]
    shapes = {
        "utility": (demand.utility.shape, (cases, firms, markets)),
        "price_sensitivity": (demand.price_sensitivity.shape, (cases, sets)),
        "size": (demand.size.shape, (cases, sets)),
        "group": (demand.group.shape, (markets,)),
        "capacity": (game.capacity.shape, (cases, plants)),
        "conduct": (game.conduct.shape, (cases, firms, markets)),
        "duty_on_price": (game.duty_on_price.shape, (cases, plants, markets)),
    }
    for name, (shape, expected) in shapes.items():
        if shape != expected:
            raise EngineError(f"{name} of a logit game has the shape {shape}, expected {expected}")
    if np.any(demand.group >= sets) or np.any(demand.group < 0):
        raise EngineError("a market's choice set is not among those that demand has")
    if not (np.all(demand.price_sensitivity > 0.0) and np.all(demand.size >= 0.0)):
        raise EngineError("price sensitivity must be above 0, and possible buyers no fewer than 0")
    if np.any(np.isnan(demand.utility)) or np.any(demand.utility == np.inf) or np.any(np.isnan(game.capacity)):
        raise EngineError("a utility or a capacity of a logit game is not a number")
    if not np.isnan(game.least_price).all():
        raise EngineError("least prices of quantities that are sold have no meaning where firms set prices")
