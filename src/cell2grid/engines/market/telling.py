"""What follows from an equilibrium: sales by market and plant, shares, money, consumer surplus and concentration.

The equations are on the formulation page ``market``. Money is by the year, as quantities are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.formulas.concentration import LARGEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.game import Equilibrium, Game

    Floats = NDArray[np.float64]

_AT_EDGE = 1e-9  # of its output a plant may be off the edge of a step that it ends on


def told(game: Game, found: Equilibrium, fixed: Floats, each: Floats | None = None) -> dict[str, Floats]:
    """All that the engine writes, by case.

    ``fixed`` (B, J) [currency/year] is what plants cost whatever they make; ``each`` (B, J, M) [currency/item] what
    each plant's items sell for, the price of the market where it is not given.
    """
    sold, made = found.sales.sum(axis=1), found.sales.sum(axis=2)
    owns = (np.arange(len(game.interest))[:, None] == game.firm).astype(np.float64)
    of_firm = np.einsum("fj,bjm->bfm", owns, found.sales)
    shares = _part(of_firm, sold[:, None])
    reached = np.any(np.isfinite(game.freight) & (game.capacity > 0.0)[..., None], axis=1)
    price = np.where(reached & np.isfinite(found.price), found.price, np.nan)
    asked = price[:, None] if each is None else each
    paid = np.where(found.sales > 0.0, np.nan_to_num(asked) * found.sales, 0.0)
    duties = duties_of(game, found, each)
    spent = cost_of_making(game, made) + np.where(found.sales > 0.0, game.freight * found.sales, 0.0).sum(axis=2)
    before_fixed = paid.sum(axis=2) - spent - duties.sum(axis=2)
    profit = before_fixed - fixed
    return {
        "market_price": price,
        "sales": found.sales,
        "market_sales": sold,
        "plant_sales": made,
        "sales_utilisation": np.where(np.isfinite(game.capacity), _part(made, game.capacity), np.nan),
        "market_share": shares,
        "scarcity_rent": found.scarcity,
        "licence_price": found.licence,
        "firm_revenue": np.einsum("fj,bjm->bf", owns, paid),
        "firm_profit": np.einsum("fj,bj->bf", owns, profit),
        "plant_profit": profit,
        "plant_margin": _part(before_fixed, paid.sum(axis=2)),
        "consumer_surplus": consumer_surplus(game, sold, found.price),
        "duty_revenue": duties.sum(axis=1),
        "market_cr4": np.where(sold > 0.0, np.sort(shares, axis=1)[:, -LARGEST:].sum(axis=1), np.nan),
        "market_hhi": 10_000.0 * (shares**2).sum(axis=1),
        "stationarity_residual": found.residual,
        "unique_sales": found.unique.astype(np.float64),
    }


def duties_of(game: Game, found: Equilibrium, each: Floats | None = None) -> Floats:
    """What is paid on the sales of each plant in each market (B, J, M) [currency/year].

    On the price P / (1 + d) x d; on the value at customs, which is the cost of the plant's last item with freight; and
    for the item. What is above a quota pays its duties besides.
    """
    made = found.sales.sum(axis=2)
    value = cost_at_margin(game, made)[..., None] + np.where(found.sales > 0.0, game.freight, 0.0)
    asked = found.price[:, None] if each is None else each
    price = np.where(found.sales > 0.0, np.nan_to_num(asked, posinf=0.0), 0.0)
    extra = {
        name: np.einsum("bq,qjm->bjm", getattr(game, name), game.in_quota.astype(np.float64))
        for name in ("over_on_price", "over_on_cost", "over_amount")
    }
    within, over = found.sales - found.over, found.over
    low, high = game.duty_on_price, game.duty_on_price + extra["over_on_price"]
    on_price = price * (within * low / (1.0 + low) + over * high / (1.0 + high))
    on_cost = value * (found.sales * game.duty_on_cost + over * extra["over_on_cost"])
    taken: Floats = on_price + on_cost + found.sales * game.duty_amount + over * extra["over_amount"]
    return taken


def cost_at_margin(game: Game, made: Floats) -> Floats:
    """What one more item costs each plant to make (B, J) [currency/item]; at the edge of a step, the lower side."""
    ends = np.cumsum(game.step_width, axis=-1)
    begins = np.concatenate([np.zeros_like(ends[..., :1]), ends[..., :-1]], axis=-1)
    # an output at the edge may be a rounding above it
    there = (game.step_width > 0.0) & (begins < made[..., None] * (1.0 - _AT_EDGE))
    level = np.where(there, game.step_cost, -np.inf).max(axis=-1)
    first = np.where(game.step_width > 0.0, game.step_cost, np.inf).min(axis=-1)
    cost: Floats = np.where(np.isfinite(level), level, np.where(np.isfinite(first), first, 0.0)) + _power(game, made)
    return cost


def cost_of_making(game: Game, made: Floats) -> Floats:
    """What the whole output costs each plant to make (B, J) [currency/year]: the area under the cost of one more."""
    ends = np.cumsum(game.step_width, axis=-1)
    begins = np.concatenate([np.zeros_like(ends[..., :1]), ends[..., :-1]], axis=-1)
    on_step = np.clip(made[..., None] - np.where(np.isfinite(begins), begins, np.inf), 0.0, game.step_width)
    whole: Floats = (on_step * game.step_cost).sum(axis=-1) + _power(game, made) * made / (1.0 + game.power_exponent)
    return whole


def consumer_surplus(game: Game, sold: Floats, price: Floats) -> Floats:
    """What buyers would have paid beyond what they pay (B, M) [currency/year].

    Linear: slope x Q^2 / 2, with the half of cross_slope x Q of each other market whose product stands in for it.
    Iso-elastic: P Q / (elasticity - 1), and without bound, so missing, where the elasticity is 1 or less.
    """
    crossed = np.einsum("bmn,bm,bn->bm", game.cross_slope, sold, sold)
    straight = 0.5 * (game.slope * sold * sold + crossed)
    with np.errstate(divide="ignore", invalid="ignore"):
        curved = np.where(game.elasticity > 1.0, price * sold / (game.elasticity - 1.0), np.nan)
    return np.where(game.isoelastic, np.where(sold > 0.0, curved, 0.0), straight)


def _power(game: Game, made: Floats) -> Floats:
    """What the power of output adds to the cost of one more item (B, J)."""
    with np.errstate(over="ignore"):
        rise = np.where(game.power_scale > 0.0, (game.power_scale * np.maximum(made, 0.0)) ** game.power_exponent, 0.0)
    return np.asarray(rise)


def _part(part: Floats, whole: Floats) -> Floats:
    """``part`` of ``whole``, missing where there is nothing of it."""
    broad = np.broadcast_to(whole, part.shape)
    ratio: Floats = np.divide(part, broad, out=np.full(part.shape, np.nan), where=broad > 0.0)
    return ratio
