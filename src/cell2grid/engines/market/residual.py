"""How far any sales are from an equilibrium of a ``Game``: the conditions in plain numpy, whoever found the sales.

Shares no code with the methods that look for equilibria, so that it judges them all. With P and P' the price and how
it falls, g = 1 / (1 + duty_on_price) of a sale and net sales y = g x, firm i earns by one more item of its plant j in
market m

    g P_m - mark-up - (1 + duty_on_cost)(mc(X_j) + freight) - duty_amount - scarcity_j - licence - undertaking,
    mark-up = conduct_im x sum over markets n of (-dP_n / dQ_m) x sum over plants k of interest[i, firm k] x y_kn,

which is at most 0, and 0 where it sells. The mark-up counts what its other sales lose *after* the duties on them: what
a home plant loses by one more import is not reduced by the duty on the import. Sales above a quota pay its duties
besides and need no place in it, sales within need one; an undertaking is a wedge that all who have given the same
least price in a market share, and that is there only while the price is at it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.market.demand import fall_at, price_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.game import Game

    Floats = NDArray[np.float64]

_NEAR = 1e-7  # sales that are counted as selling, and prices that are counted as at a least one


class Sales(NamedTuple):
    """Sales as the conditions see them: within quotas and free of any, and above (B, J, M)."""

    within: Floats
    over: Floats


def residual(
    game: Game,
    sales: Floats,
    *,
    over: Floats | None = None,
    scarcity: Floats | None = None,
    licence: Floats | None = None,
) -> Floats:
    """The largest violation of the conditions of an equilibrium, case by case (B,) [ratio].

    Parameters
    ----------
    sales, over
        (B, J, M) [item/year]: what is sold, and how much of it pays the rate above a quota; none where not given.
    scarcity, licence
        (B, J), (B, Q) [currency/item]. Scarcity that is not given is the one that fits best; no licence is 0.

    Violations of price are relative to the price of their market, those of sales to what is sold there, so that no
    large market hides what is wrong in a small one. A pair of which one must be 0 (sales and what is lacking to sell)
    is as far off as the smaller of the two. At the edge of a step of cost, any cost between its two sides will do.
    Infinite where an iso-elastic market gets nothing.
    """
    above = np.zeros_like(sales) if over is None else over
    given = Sales(sales - above, above)
    sold = sales.sum(axis=1)
    # where nobody can sell or nobody asks, an iso-elastic price has no meaning and no condition hangs on it
    can = np.any(np.isfinite(game.freight) & (game.capacity > 0.0)[..., None], axis=1) & (game.scale > 0.0)
    idle = game.isoelastic & ~can
    price = np.where(idle, 0.0, price_at(game, sold))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        units = _units(game, price, sold)
        worst = _of_stationarity(game, given, price, units, scarcity, licence)
        worst = np.maximum(worst, _of_quotas(game, given, licence, units))
    low = (np.minimum(given.within, given.over) / units.goods[:, None]).min(axis=(1, 2), initial=0.0)
    worst = np.maximum(worst, -low)
    return np.where(np.isnan(worst) | ~np.isfinite(price).all(axis=1), np.inf, np.maximum(worst, 0.0) + 0.0)


class _Units(NamedTuple):
    """What violations are relative to, of each market (B, M), and the largest of those a plant can sell in (B, J)."""

    money: Floats
    goods: Floats
    money_of: Floats
    goods_of: Floats


_LEAST_PART = 1e-6  # of what the first buyer would pay, and of what all would take at no price


def goods_of_markets(game: Game, sold: Floats) -> Floats:
    """What sales in a market are large or small beside (B, M) [item/year]: what is sold there, or where next to
    nothing is a part of what buyers would take at no price."""
    with np.errstate(divide="ignore", invalid="ignore"):
        asked = np.where(game.isoelastic, 0.0, np.abs(game.intercept) / game.slope)
    found = np.maximum(np.abs(sold), _LEAST_PART * np.where(np.isfinite(asked), asked, 0.0))
    return np.where(found > 0.0, found, 1.0)


def _units(game: Game, price: Floats, sold: Floats) -> _Units:
    # where nothing costs anything prices are 0 but for rounding, which is to be small beside what was asked for
    asked = np.where(game.isoelastic, 0.0, np.abs(game.intercept))
    money = np.maximum(np.abs(price), _LEAST_PART * asked)
    money = np.where(money > 0.0, money, 1.0)
    goods = goods_of_markets(game, sold)
    can = np.isfinite(game.freight)
    of = [np.where(can, one[:, None], 0.0).max(axis=2, initial=0.0) for one in (money, goods)]
    return _Units(money, goods, *(np.where(one > 0.0, one, 1.0) for one in of))


def kept(game: Game) -> tuple[Floats, Floats]:
    """What a seller keeps of the price, within and above the quota of the sale (B, J, M) [ratio]."""
    extra = _of_quota(game, game.over_on_price)
    return 1.0 / (1.0 + game.duty_on_price), 1.0 / (1.0 + game.duty_on_price + extra)


def markup(game: Game, net: Floats, fall: Floats) -> Floats:
    """What one more item of each plant takes from its firm's other sales (B, J, M) [currency/item].

    ``net`` (B, J, M) [item/year] is sales times what is kept of the price; ``fall`` (B, M) how the own price falls.
    """
    owns = (np.arange(game.interest.shape[0])[:, None] == game.firm).astype(float)
    of_firm = np.einsum("fj,bjm->bfm", owns, np.where(np.isnan(game.freight), 0.0, net))
    counted = np.einsum("fk,bkm->bfm", game.interest, of_firm)
    loss = fall[:, None] * counted + np.einsum("bnm,bfn->bfm", game.cross_slope, counted)
    taken: Floats = (game.conduct * loss)[:, game.firm]
    return taken


def cost_between(game: Game, made: Floats) -> tuple[Floats, Floats]:
    """The least and the most that one item more or less costs a plant at output ``made`` (B, J) [currency/item].

    They differ at the edge of a step only. Below all steps the first counts.
    """
    ends = np.cumsum(game.step_width, axis=-1)
    there = game.step_width > 0.0
    # the very end of the step before: a difference of widths could lie a digit off it
    begins = np.concatenate([np.zeros_like(ends[..., :1]), ends[..., :-1]], axis=-1)
    at = made[..., None]
    # the step that an item less was of, and the one that an item more would be of
    before = np.where(there & (begins < at), game.step_cost, -np.inf).max(axis=-1)
    after = np.where(there & (ends > at), game.step_cost, np.inf).min(axis=-1)
    first = np.where(there, game.step_cost, np.inf).min(axis=-1)
    low = np.where(np.isfinite(before), before, first)
    high = np.where(np.isfinite(after), after, low)
    rise = np.where(
        game.power_scale > 0.0, np.maximum(game.power_scale * np.maximum(made, 0.0), 0.0) ** game.power_exponent, 0.0
    )
    return np.asarray(low + rise), np.asarray(np.maximum(high, low) + rise)


def _of_quota(game: Game, values: Floats) -> Floats:
    """``values`` (B, Q) of the quota that each sale counts against, 0 where it counts against none (B, J, M)."""
    spread: Floats = np.einsum("bq,qjm->bjm", values, game.in_quota.astype(float))
    return spread


def _of_stationarity(
    game: Game, given: Sales, price: Floats, units: _Units, scarcity: Floats | None, licence: Floats | None
) -> Floats:
    """The worst of all plants' stationarity and capacities (B,)."""
    within, above = kept(game)
    fall = fall_at(game, (given.within + given.over).sum(axis=1))
    taken = markup(game, within * given.within + above * given.over, fall)
    place = np.zeros_like(taken) if licence is None else _of_quota(game, licence)
    tax = 1.0 + game.duty_on_cost
    dear = tax + _of_quota(game, game.over_on_cost)
    amount = game.duty_amount + _of_quota(game, game.over_amount)
    # what a sale lacks to be worth its while before the plant's own cost, and how much of that cost it bears
    lacks = taken - within * price[:, None] + tax * game.freight + game.duty_amount + place
    lacks_over = np.where(
        game.in_quota.any(axis=0), taken - above * price[:, None] + dear * game.freight + amount, np.nan
    )
    pairs = _Pairs(
        np.concatenate([lacks, lacks_over], axis=2),
        np.concatenate([tax, dear], axis=2),
        np.concatenate([given.within, given.over], axis=2),
        np.concatenate([game.least_price, game.least_price], axis=2),
        np.concatenate([price, price], axis=1),
        np.concatenate([units.money, units.money], axis=1)[:, None],
        np.concatenate([units.goods, units.goods], axis=1)[:, None],
    )
    made = (given.within + given.over).sum(axis=2)
    best = _of_plants(game, pairs, made, made, scarcity, units)
    # a plant that is all but at the edge of a step may count as at it
    ends = np.cumsum(game.step_width, axis=-1)
    ends = np.where(np.isfinite(ends), ends, 0.0)
    near = np.take_along_axis(ends, np.abs(ends - made[..., None]).argmin(axis=-1)[..., None], axis=-1)[..., 0]
    off = np.abs(near - made) / units.goods_of
    close = (off < 1e-3) & (near > 0.0)
    if close.any():
        moved = np.where(close, near, made)
        snapped = np.maximum(_of_plants(game, pairs, moved, made, scarcity, units), np.where(close, off, 0.0))
        best = np.minimum(best, snapped)
    return np.asarray(best.max(axis=1, initial=0.0))


class _Pairs(NamedTuple):
    """Sales of each plant, those above quotas beside those within (B, J, 2 M), but for ``price`` (B, 2 M) and units."""

    lacks: Floats  # nan where nothing can be sold
    bears: Floats
    sold: Floats
    least_price: Floats
    price: Floats
    money: Floats  # (B, 1, 2 M)
    goods: Floats  # (B, 1, 2 M)


_ROUNDS = 50


def _of_plants(game: Game, pairs: _Pairs, edge: Floats, made: Floats, scarcity: Floats | None, units: _Units) -> Floats:
    """The worst of each plant's conditions at its best cost within the step's two sides (B, J).

    ``edge`` is the output whose cost is taken; ``made`` the one that is held against the capacity.
    """
    low, high = cost_between(game, edge)
    room = (game.capacity - made) / units.goods_of
    rent = _best_scarcity(pairs, low, room, units) if scarcity is None else scarcity
    with_rent = pairs._replace(lacks=pairs.lacks + rent[..., None])
    wedge, barred = np.zeros_like(pairs.lacks), np.zeros(pairs.lacks.shape, dtype=np.bool_)
    # at the edge of a step the cost and a wedge are found in turn: each round halves what they are apart
    rounds = _ROUNDS if (high > low).any() and not np.isnan(pairs.least_price).all() else 1
    for _ in range(rounds):
        wanted = with_rent._replace(lacks=np.where(barred, np.nan, with_rent.lacks + wedge))
        cost = _between(wanted, low, high)
        lack = with_rent.lacks + pairs.bears * cost[..., None]
        wedge, off, barred = _undertakings(pairs, lack)
    part = pairs.sold / pairs.goods
    away = np.maximum(np.abs(np.minimum((lack + wedge) / pairs.money, part)), off)
    # what a plant without capacity lacks is the capacity, whatever it is worth
    shut = barred | np.isnan(pairs.lacks) | (game.capacity <= 0.0)[..., None]
    away = np.where(shut, np.abs(part), away)
    bound = np.abs(np.minimum(rent / units.money_of, room))
    bound = np.where(rent < 0.0, np.maximum(bound, -rent / units.money_of), bound)
    bound = np.where(room < 0.0, np.maximum(bound, -room), bound)
    worst: Floats = np.maximum(np.max(away, axis=2, initial=0.0), bound)
    return worst


def _between(pairs: _Pairs, low: Floats, high: Floats) -> Floats:
    """The cost between ``low`` and ``high`` that leaves the least violation: all need it at least, sellers no more."""
    with np.errstate(invalid="ignore"):
        wanted = -pairs.lacks / pairs.bears
    there = np.isfinite(pairs.lacks)
    selling = there & (pairs.sold > _NEAR * pairs.goods)
    least = np.where(there, wanted, -np.inf).max(axis=2, initial=-np.inf)
    most = np.where(selling, wanted, np.inf).min(axis=2, initial=np.inf)
    middle = np.where(np.isfinite(most), 0.5 * (np.maximum(least, -1e300) + np.minimum(most, 1e300)), least)
    return np.asarray(np.clip(middle, low, high))


def _best_scarcity(pairs: _Pairs, cost: Floats, room: Floats, units: _Units) -> Floats:
    """The scarcity that leaves the least violation of a plant that is at its capacity, 0 elsewhere (B, J)."""
    lack = pairs.lacks + pairs.bears * cost[..., None]
    at_price = pairs._replace(lacks=lack, bears=np.ones_like(lack))
    rent = _between(at_price, np.zeros_like(cost), np.full_like(cost, np.inf))
    gain = np.where(np.isfinite(rent), rent, 0.0)
    # as far off as the room that is left, or as the scarcity that is not asked: the smaller
    return np.where(room <= gain / units.money_of, gain, 0.0)


def _undertakings(pairs: _Pairs, lack: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The wedge of each sale under an undertaking, how far the price is off for it, and what is barred (B, J, 2 M).

    The wedge is the one that leaves the least violation of all that share it.
    """
    given: NDArray[np.bool_] = np.logical_and(~np.isnan(pairs.least_price), np.isfinite(lack))
    wedge, off = np.zeros_like(lack), np.zeros_like(lack)
    if not given.any():
        return wedge, off, given
    away = np.where(given, (pairs.price[:, None] - pairs.least_price) / pairs.money, 0.0)
    half = lack.shape[2] // 2
    asked: NDArray[np.bool_] = np.any(given[..., :half], axis=1, keepdims=True)[:, 0]
    for case, market in zip(*np.nonzero(asked), strict=True):
        row = (case, slice(None), [market, market + half])
        for least in np.unique(pairs.least_price[row][given[row]]):
            them = given[row] & (pairs.least_price[row] == least)
            if np.abs(away[row][them]).max() > _NEAR:
                continue
            needed = float(np.max(-lack[row][them]))
            selling = them & (pairs.sold[row] > _NEAR * float(pairs.goods[case, 0, market]))
            allowed = float(np.min(-lack[row][selling])) if selling.any() else needed
            wedge[row] = np.where(them, max(0.0, 0.5 * (needed + allowed)), wedge[row])
    off = np.where(wedge > 0.0, np.abs(away), 0.0)
    return wedge, off, given & (away < -_NEAR)


def _of_quotas(game: Game, given: Sales, licence: Floats | None, units: _Units) -> Floats:
    """The worst of all quotas: kept, and worth something only where full (B,)."""
    worst: Floats = np.zeros(given.within.shape[0])
    if game.in_quota.shape[0]:
        inside = game.in_quota.astype(float)
        goods, money = (
            np.where(game.in_quota.any(axis=1), one[:, None], 0.0).max(axis=2) for one in (units.goods, units.money)
        )
        room = (game.quota - np.einsum("qjm,bjm->bq", inside, given.within)) / np.where(goods > 0.0, goods, 1.0)
        paid = (np.zeros_like(game.quota) if licence is None else licence) / np.where(money > 0.0, money, 1.0)
        worst = np.abs(np.minimum(room, paid)).max(axis=1)
    stray = np.where(game.in_quota.any(axis=0), 0.0, np.abs(given.over)) / units.goods[:, None]
    return np.asarray(np.maximum(worst, stray.max(axis=(1, 2), initial=0.0)))
