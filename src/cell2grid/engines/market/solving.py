"""The equilibria of a game, by whichever method finds them, each judged by ``residual.py`` before it is handed out.

The compiled search (``kernel.py``) takes all cases first, as if there were neither quotas nor undertakings, which is
right wherever these do not bind. What it does not find, or what the conditions refuse, goes to the complementarity
problem (``complementarity.py``), which takes everything and is slower.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal

import numpy as np

from cell2grid.engines.market.demand import price_at
from cell2grid.engines.market.game import METHODS, Equilibrium, Game
from cell2grid.engines.market.residual import residual
from cell2grid.errors import NotConvergedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.kernel_case import Owners

Method = Literal["auto", "water-filling", "interior-point", "complementarity"]

MOST_RESIDUAL = 1e-6
_CASES_AT_ONCE = 16  # cases that one call into the kernel takes, so that threads end together
_STILL = 1e-13  # of the largest sales in a market, by which the last round of water-filling moves none
_JUDGED_AT_ONCE = 2_000_000  # lanes whose conditions are checked together, so that memory stays small
_OF_CASES = frozenset(Game._fields) - {"firm", "interest", "in_quota", "isoelastic"}


def solve_game(
    game: Game,
    *,
    method: Method = "auto",
    most_residual: float = MOST_RESIDUAL,
    threads: int | None = None,
    named: Callable[[int], str] = lambda case: f"case {case}",
    markets: Sequence[str] = (),
) -> Equilibrium:
    """The equilibrium of each case of a game, none with a residual above ``most_residual``.

    Parameters
    ----------
    game
        As ``game.py`` describes it.
    method
        One method for all cases, or the fast one and the general one for what that does not find. Water-filling is for
        linear demand and costs of one step.
    threads
        How many threads solve cases; as many as there are cores where it is not said. They change no byte.
    named
        What a case is called in an error.
    markets
        What markets are called there; their number where it is not said.

    Raises
    ------
    NotConvergedError
        A case has no equilibrium, or none was found whose residual is small enough; with the residual reached.

    Examples
    --------
    Two Cournot firms at cost 10 sell to demand 40 - Q: each (40 - 10) / 3.

    >>> lane, plant, market, none = np.zeros((1, 2, 1)), np.zeros((1, 2)), np.ones((1, 1)), np.zeros((1, 0))
    >>> found = solve_game(Game(
    ...     firm=np.arange(2), interest=np.eye(2), capacity=plant + np.inf, step_width=lane + np.inf,
    ...     step_cost=lane + 10.0, power_scale=plant, power_exponent=plant + 1.0, freight=lane, duty_on_cost=lane,
    ...     duty_on_price=lane, duty_amount=lane, least_price=lane + np.nan, in_quota=np.zeros((0, 2, 1), bool),
    ...     quota=none, over_on_cost=none, over_on_price=none, over_amount=none, isoelastic=np.zeros(1, bool),
    ...     intercept=40.0 * market, slope=market, cross_slope=np.zeros((1, 1, 1)), scale=market, elasticity=market,
    ...     conduct=lane + 1.0))
    >>> found.sales[0, :, 0].round(6).tolist(), float(found.price[0, 0].round(6)), bool(found.unique[0])
    ([10.0, 10.0], 20.0, True)
    """
    if game.isoelastic.any():
        _refuse_without_end(game, named, markets)
        _refuse_given_away(game, named, markets)
    if method == "complementarity":
        found = _generally(game)
    else:
        found = _quickly(game, threads or _cores(), plainly=method == "water-filling")
        missed = np.flatnonzero(~(found.residual <= most_residual))
        if missed.size and method == "auto":
            near = found._replace(**{name: getattr(found, name).copy() for name in Equilibrium._fields})
            found = _mended(game, found, missed)
            # from where the search ended, what the general method does not find from its own start
            missed = np.flatnonzero(~(found.residual <= most_residual))
            if missed.size:
                start = near._replace(**{name: getattr(near, name)[missed] for name in Equilibrium._fields})
                found = _mended(game, found, missed, start)
    worst = int(np.argmax(np.where(np.isnan(found.residual), np.inf, found.residual))) if found.residual.size else 0
    worst_of_all = float(found.residual[worst]) if found.residual.size else 0.0
    if not worst_of_all <= most_residual:
        raise NotConvergedError(
            f"market: {named(worst)} has no equilibrium that was found: its conditions are {worst_of_all:.3g} of a "
            f"price or of sales off, above {most_residual:g}; look for contradictory limits or demand that hardly falls"
        )
    return found


def _refuse_without_end(game: Game, named: Callable[[int], str], markets: Sequence[str]) -> None:
    """Refuse iso-elastic markets in which whoever sells earns more by selling less, whatever the price.

    A firm sells only while conduct x its share / elasticity is below 1. So shares can add up to 1 only if the sum over
    firms of elasticity / conduct is above 1, price-takers counting without bound; stakes in others make them sell less.
    """
    can = np.isfinite(game.freight) & (game.capacity > 0.0)[..., None]
    sells = np.zeros(game.conduct.shape, dtype=np.bool_)
    for plant, firm in enumerate(game.firm):
        sells[:, firm] |= can[:, plant]
    with np.errstate(divide="ignore", invalid="ignore"):
        most = np.where(sells, np.where(game.conduct > 0.0, game.elasticity[:, None] / game.conduct, np.inf), 0.0)
    none = game.isoelastic & sells.any(axis=1) & (game.scale > 0.0) & ~(most.sum(axis=1) > 1.0 + 1e-9)
    if none.any():
        case, market = (int(part[0]) for part in np.nonzero(none))
        raise NotConvergedError(
            f"{_without_answer(case, market, named, markets)}: at elasticity "
            f"{game.elasticity[case, market]:g} its {int(sells[case, :, market].sum())} sellers earn more the less "
            "they sell, without end; a higher elasticity, more sellers or less conduct would bound the price"
        )


def _refuse_given_away(game: Game, named: Callable[[int], str], markets: Sequence[str]) -> None:
    """Refuse iso-elastic markets in which a plant without a limit sells at no cost and earns by each item more.

    One item more earns at least price x (what it keeps - conduct / elasticity), as its firm and those that it earns of
    sell no more than all and keep no more than the whole of the price.
    """
    levels = np.where(game.step_width > 0.0, game.step_cost, -np.inf).max(axis=-1)
    endless = np.isinf(game.capacity) & (levels <= 0.0) & (game.power_scale <= 0.0)
    free = (game.freight == 0.0) & (game.duty_amount == 0.0) & np.isnan(game.least_price) & endless[..., None]
    free &= ~game.in_quota.any(axis=0)
    elasticity = game.elasticity[:, None]  # 0 of linear demand, which is left out below
    earns = elasticity / (1.0 + game.duty_on_price) > game.conduct[:, game.firm] + 1e-9 * elasticity
    most = game.interest.max(initial=1.0) <= 1.0
    given = game.isoelastic & (game.scale > 0.0) & (free & earns).any(axis=1)
    if most and given.any():
        case, market = (int(part[0]) for part in np.nonzero(given))
        raise NotConvergedError(
            f"{_without_answer(case, market, named, markets)}: a plant without a capacity sells there at no"
            f" cost, and at elasticity {game.elasticity[case, market]:g} it earns by each item more however low the"
            " price; a capacity, a cost or linear demand would bound the sales"
        )


def _without_answer(case: int, market: int, named: Callable[[int], str], markets: Sequence[str]) -> str:
    called = f"'{markets[market]}'" if markets else market
    return f"market: {named(case)} has no equilibrium in market {called}"


def cases_of(game: Game, which: NDArray[np.intp]) -> Game:
    """The game of some of its cases."""
    return game._replace(**{name: np.ascontiguousarray(getattr(game, name)[which]) for name in _OF_CASES})


def _generally(game: Game, start: Equilibrium | None = None) -> Equilibrium:
    from cell2grid.engines.market.complementarity import complementarity

    return complementarity(game, start)


def _mended(game: Game, found: Equilibrium, missed: NDArray[np.intp], start: Equilibrium | None = None) -> Equilibrium:
    """What was found, with the cases that were missed by the general method where that does better."""
    again = _generally(cases_of(game, missed), start)
    better = np.flatnonzero(~(again.residual >= found.residual[missed]))
    changed = {}
    for name in Equilibrium._fields:
        changed[name] = getattr(found, name)
        changed[name][missed[better]] = getattr(again, name)[better]
    return Equilibrium(**changed)


def _quickly(game: Game, threads: int, *, plainly: bool = False) -> Equilibrium:
    """The equilibria of a game without its quotas and undertakings, with the residuals in the game.

    By the search, or ``plainly`` by water-filling, which says nothing of whether the sales are the only ones.
    """
    from cell2grid.engines.market.kernel import some_cases
    from cell2grid.engines.market.kernel_response import responded

    cases, plants, markets = game.freight.shape
    order, owners = _owners(game)
    market, conduct, lane, plant, step, cross = _laid_out(game, order)
    sales, scarcity = np.zeros((cases, plants, markets)), np.zeros((cases, plants))
    only = np.zeros(cases, dtype=np.bool_)

    at_once = min(_CASES_AT_ONCE, max(1, -(-cases // threads)))

    def part(first: int) -> None:
        last = min(first + at_once, cases)
        given = (first, last, owners, game.isoelastic, market, conduct, lane, plant, step, cross)
        if plainly:
            responded(*given, _STILL, sales, scarcity)
        else:
            some_cases(*given, sales, scarcity, only)

    starts = range(0, cases, at_once)
    if threads == 1 or len(starts) < 2:
        for first in starts:
            part(first)
    else:
        with ThreadPoolExecutor(min(threads, len(starts))) as pool:
            list(pool.map(part, starts))
    back = np.argsort(order)
    sales, scarcity = np.ascontiguousarray(sales[:, back]), np.ascontiguousarray(scarcity[:, back])
    sound = np.where(np.isfinite(sales), sales, 0.0)
    return Equilibrium(
        price=price_at(game, sound.sum(axis=1)),
        sales=sound,
        over=np.zeros_like(sales),
        scarcity=np.where(np.isfinite(scarcity), scarcity, 0.0),
        licence=np.zeros((cases, len(game.in_quota))),
        residual=_judged(game, sound, scarcity),
        unique=only,
        method=np.full(cases, METHODS.index("water-filling" if plainly else "interior-point"), dtype=np.int8),
    )


def _judged(game: Game, sales: NDArray[np.float64], scarcity: NDArray[np.float64]) -> NDArray[np.float64]:
    """The residual of each case, some cases at a time."""
    cases, plants, markets = sales.shape
    at_once = max(1, _JUDGED_AT_ONCE // max(1, plants * markets))
    found = [np.zeros(0)]
    for first in range(0, cases, at_once):
        some = np.arange(first, min(first + at_once, cases))
        part = game if at_once >= cases else cases_of(game, some)
        found.append(residual(part, sales[some], scarcity=scarcity[some]))
    return np.concatenate(found)


def _laid_out(game: Game, order: NDArray[np.intp]) -> tuple[NDArray[np.float64], ...]:
    """What is given as ``kernel_case.Case`` holds it, cases first, plants in ``order``."""
    bears = 1.0 + game.duty_on_cost
    lane = np.stack([1.0 / (1.0 + game.duty_on_price), bears, bears * game.freight + game.duty_amount], axis=1)
    return (
        np.stack([game.intercept, game.slope, game.scale, game.elasticity], axis=1),
        game.conduct,
        np.ascontiguousarray(lane[:, :, order]),
        np.ascontiguousarray(np.stack([game.capacity, game.power_scale, game.power_exponent], axis=1)[:, :, order]),
        np.ascontiguousarray(np.stack([game.step_width, game.step_cost], axis=1)[:, :, order]),
        game.cross_slope if _stand_in(game) else np.zeros((len(game.freight), 0, 0)),
    )


def _stand_in(game: Game) -> bool:
    """Whether products stand in for each other, and none of them goes with another, so that no price rises by sales."""
    return bool((game.cross_slope > 0.0).any() and (game.cross_slope >= 0.0).all())


def _owners(game: Game) -> tuple[NDArray[np.intp], Owners]:
    """Plants in an order in which those of a group lie together, and who decides over what in it.

    A group are firms that earn of one another, directly or through others.
    """
    from cell2grid.engines.market.kernel_case import Owners

    firms = len(game.interest)
    group = np.arange(firms)
    for one, other in zip(*np.nonzero(game.interest), strict=True):
        if group[one] != group[other]:
            group[group == group[other]] = group[one]
    order = np.lexsort((np.arange(len(game.firm)), game.firm, group[game.firm]))
    ordered = group[game.firm][order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(order) else np.zeros(0, dtype=np.int64)
    holder, held = np.nonzero(game.interest)
    return order, Owners(
        firm=np.ascontiguousarray(game.firm[order], dtype=np.int64),
        group=np.r_[starts, len(order)].astype(np.int64),
        stake_from=np.searchsorted(holder, np.arange(firms + 1)).astype(np.int64),
        stake_in=held.astype(np.int64),
        stake=np.ascontiguousarray(game.interest[holder, held], dtype=np.float64),
    )


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
