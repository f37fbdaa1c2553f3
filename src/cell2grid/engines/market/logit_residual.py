"""How far prices and sales are from an equilibrium of firms that set prices under logit demand.

Written from the definitions on arrays of all plants and markets, and shares nothing with the search: what buyers take
at these prices, what a firm gains by a higher one, what each plant's next item lacks, and what binds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.market.residual import cost_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.game import Game
    from cell2grid.engines.market.logit_lanes import LogitDemand

    Floats = NDArray[np.float64]

_HARDLY = 1e-12  # of the possible buyers: what fewer take has no price that matters
_AT_EDGE = 1e-9  # of its output by which a plant counts as at the end of a step


class LogitEquilibrium(NamedTuple):
    """Prices and sales at which no firm can earn more by another price of its own."""

    price: Floats  # (B, F, M) currency/item; nan where no plant can bring the variant
    share: Floats  # (B, F, M) ratio: of all possible buyers
    outside: Floats  # (B, C) ratio: possible buyers who buy nothing
    sales: Floats  # (B, J, M) item/year
    over: Floats  # (B, J, M) item/year of these that pay the rate above a quota
    cost: Floats  # (B, J) currency/item that the last item costs to make
    scarcity: Floats  # (B, J) currency/item that one more item of capacity would bring
    licence: Floats  # (B, Q) currency/item that a place in the quota is worth
    residual: Floats  # (B,): the largest violation, relative to the highest price and the buyers of a choice set
    unique: NDArray[np.bool_]  # (B,): whether the sales are the only ones at these prices


def bought_at(demand: LogitDemand, price: Floats) -> tuple[Floats, Floats]:
    """Part of the possible buyers that takes each variant (B, F, M) at prices that may be nan, and none (B, C)."""
    share = np.zeros(price.shape)
    outside = np.ones(demand.size.shape)
    for c in range(demand.size.shape[1]):
        inside = demand.group == c
        value = demand.utility[:, :, inside] - demand.price_sensitivity[:, c, None, None] * price[:, :, inside]
        value = np.where(np.isnan(value) | (demand.size[:, c, None, None] <= 0.0), -np.inf, value)
        highest = np.maximum(value.max(axis=(1, 2), initial=-np.inf), 0.0)
        part, none = np.exp(value - highest[:, None, None]), np.exp(-highest)
        whole = part.sum(axis=(1, 2)) + none
        share[:, :, inside], outside[:, c] = part / whole[:, None, None], none / whole
    return share, outside


def residual_of(game: Game, demand: LogitDemand, found: LogitEquilibrium) -> Floats:
    """The largest violation of the conditions of each case (B,) [ratio]; inf where something is no number."""
    with np.errstate(all="ignore"):
        share, _ = bought_at(demand, found.price)
        buyers = np.where(demand.size > 0.0, demand.size, 1.0)
        price = np.nan_to_num(found.price)
        money = np.stack(
            [price[:, :, demand.group == c].max(axis=(1, 2), initial=0.0) for c in range(buyers.shape[1])], axis=1
        )
        money = np.where(money > 0.0, money, 1.0)
        units = (money[:, demand.group], buyers[:, demand.group])
        worst = [
            _of_prices(game, demand, found, share, units),
            _of_plants(game, found, units),
            _of_quotas(game, found, units),
        ]
        least = np.minimum(found.sales - found.over, found.over) / units[1][:, None]
        worst.append(-least.min(axis=(1, 2), initial=0.0))
        whole = np.maximum.reduce(worst)
        sound = [np.isfinite(one).all(axis=tuple(range(1, one.ndim))) for one in (found.sales, found.cost, whole)]
    return np.where(np.logical_and.reduce(sound), np.maximum(whole, 0.0), np.inf)


def _lane_gains(game: Game, found: LogitEquilibrium) -> tuple[Floats, Floats, Floats, Floats]:
    """What an item earns within and above quotas, nan where none can be sold so, and what is kept of its price."""
    inside = game.in_quota.astype(float)
    on_price, on_cost, amount, place = (
        np.einsum("bq,qjm->bjm", one, inside)
        for one in (game.over_on_price, game.over_on_cost, game.over_amount, found.licence)
    )
    low, high = 1.0 / (1.0 + game.duty_on_price), 1.0 / (1.0 + game.duty_on_price + on_price)
    price = found.price[:, game.firm]
    value = found.cost[..., None] + game.freight
    rent = found.scarcity[..., None]
    within = low * price - (1.0 + game.duty_on_cost) * value - game.duty_amount - rent - place
    above = high * price - (1.0 + game.duty_on_cost + on_cost) * value - game.duty_amount - amount - rent
    can = (game.capacity > 0.0)[..., None]
    counted = game.in_quota.any(axis=0)
    return np.where(can, within, np.nan), np.where(can & counted, above, np.nan), low, high


def _of_prices(
    game: Game, demand: LogitDemand, found: LogitEquilibrium, share: Floats, units: tuple[Floats, Floats]
) -> Floats:
    """Firms' gains from other prices, plants' from other lanes, and what is brought against what is bought (B,)."""
    money, goods = units
    owns = (np.arange(game.interest.shape[0])[:, None] == game.firm).astype(float)
    within, above, low, high = _lane_gains(game, found)
    first = found.sales - found.over

    def by_firm(values: Floats) -> Floats:
        return np.asarray(np.einsum("fj,bjm->bfm", owns, np.nan_to_num(values)))

    sold = by_firm(found.sales)
    worst: Floats = (np.abs(sold - share * goods[:, None]) / goods[:, None]).max(axis=(1, 2), initial=0.0)
    net = by_firm(within * first) + by_firm(above * found.over)
    earned = np.where(sold > 0.0, net / sold, 0.0)
    kept = np.where(sold > 0.0, (by_firm(low * first) + by_firm(high * found.over)) / sold, 0.0)
    for c in range(demand.size.shape[1]):
        m = demand.group == c
        whole = (share[:, :, m] * earned[:, :, m]).sum(axis=2) @ game.interest.T  # what each firm counts of all
        wanted = game.conduct[:, :, m] * (kept[:, :, m] / demand.price_sensitivity[:, c, None, None] + whole[..., None])
        off = np.where(share[:, :, m] > _HARDLY, np.abs(earned[:, :, m] - wanted), 0.0)
        worst = np.maximum(worst, off.max(axis=(1, 2), initial=0.0) / money[:, m][:, 0])
    taken = (share > _HARDLY)[:, game.firm]
    for gain, part in ((within, first), (above, found.over)):
        lack = (earned[:, game.firm] - gain) / money[:, None]
        off = np.maximum(-lack, np.minimum(lack, part / goods[:, None]))
        off = np.where(np.isnan(gain), part / goods[:, None], np.where(taken, off, 0.0))
        worst = np.maximum(worst, off.max(axis=(1, 2), initial=0.0))
    return worst


def _of_plants(game: Game, found: LogitEquilibrium, units: tuple[Floats, Floats]) -> Floats:
    """Capacities, scarcities and the costs that the last items are said to have (B,)."""
    made = found.sales.sum(axis=2)
    can = np.isfinite(game.freight)
    money, goods = (np.where(can, one[:, None], 0.0).max(axis=2, initial=0.0) for one in units)
    money, goods = (np.where(one > 0.0, one, 1.0) for one in (money, goods))
    room = np.where(game.capacity > 0.0, (game.capacity - made) / goods, 0.0)
    worst = np.abs(np.minimum(room, found.scarcity / money)).max(axis=1, initial=0.0)
    worst = np.maximum(worst, np.where(game.capacity > 0.0, 0.0, made / goods).max(axis=1, initial=0.0))
    low = cost_between(game, made * (1.0 - _AT_EDGE))[0]
    high = cost_between(game, made * (1.0 + _AT_EDGE))[1]
    off = np.maximum(np.maximum(low - found.cost, found.cost - high), 0.0) / money
    return np.asarray(np.maximum(worst, np.where(game.capacity > 0.0, off, 0.0).max(axis=1, initial=0.0)))


def _of_quotas(game: Game, found: LogitEquilibrium, units: tuple[Floats, Floats]) -> Floats:
    """Quotas: kept, and worth something only where full (B,)."""
    worst = np.zeros(len(found.sales))
    for q, inside in enumerate(game.in_quota):
        if inside.any():
            money, goods = (one[:, inside.any(axis=0)].max(axis=1) for one in units)
            room = (game.quota[:, q] - (found.sales - found.over)[:, inside].sum(axis=1)) / goods
            worst = np.maximum(worst, np.abs(np.minimum(room, found.licence[:, q] / money)))
    return worst
