"""Limits on what firms sell, kept in the answer of the markets: a place under each has a price, one for all.

Where markets would pass a limit, each sale that counts towards it bears the price of a place besides its other costs,
as of a quota above which nothing may be sold; who sells keeps it. The price is the least at which the limit is kept,
found by false position case by case (the Illinois rule, M. Dowell and P. Jarratt 1971, doi:10.1007/BF01934364), limit
after limit until all are. Equations: docs/formulation/plan.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import NotConvergedError
from cell2grid.nomenclature import variable

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.market.game import Game
    from cell2grid.run.plan.arrays import Inputs

    Vector = NDArray[np.float64]
    # what the markets come to in some cases where sales (case, plant, market, term) bear so much more an item
    Answer = Callable[[Vector, NDArray[np.intp]], xr.Dataset]
    At = Callable[[Vector, NDArray[np.intp]], tuple[xr.Dataset, Vector, Vector]]

KEPT = 1e-7  # of what counts towards a limit: a limit passed by less is kept
NARROW = 1e-7  # of a price: two that are nearer are one
NEAR = 1.05  # times a price that is guessed: where the search for one begins
MOST_DOUBLINGS = 60
MOST_STEPS = 100
MOST_SWEEPS = 20


@dataclass(frozen=True, slots=True, eq=False)
class SalesLimits:
    """The limits on sales of a plan by the plants, markets and terms of its game."""

    names: tuple[str, ...]
    weight: Vector  # (limit, plant, market)
    bound: Vector  # (limit, term); infinite where none

    @property
    def charged(self) -> Vector:
        """What a sale needs of a limit (limit, plant, market); what makes room for others is not paid for it."""
        return np.maximum(self.weight, 0.0)


def sales_limits_of(inputs: Inputs, game: Game) -> SalesLimits | None:
    """The limits on sales of a study; None where it has none."""
    given = inputs.plan
    if not len(given.sales_weight):
        return None
    plants, markets = ([names.index(name) for name in own] for names, own in
                       ((inputs.plants, game.plants), (inputs.markets, game.markets)))  # fmt: skip
    weight = given.sales_weight[:, plants][:, :, markets]
    monthly = given.sales_bound[0][:, inputs.terms.terms.place]
    bound = np.full((len(weight), len(game.terms.labels)), np.inf)
    for term, months in enumerate(game.terms.weight > 0.0):
        held = np.isfinite(monthly[:, months])
        mostly = held.mean(axis=1) >= 0.5
        bound[mostly, term] = np.where(held, monthly[:, months], 0.0).sum(axis=1)[mostly] / held.sum(axis=1)[mostly]
    return SalesLimits(inputs.labels.sales_limit, weight, bound)


def kept_within(
    limits: SalesLimits, game: Game, answer: Answer, cases: int, guess: Vector
) -> tuple[xr.Dataset, Vector]:
    """What markets come to with all limits kept, and the price of a place under each (case, limit, term).

    ``guess`` (limit, term) is near to what these prices may be; nothing where that is not known.

    Raises
    ------
    NotConvergedError
        No price of a place keeps a limit, or limits move each other without end; the message names one.
    """
    price = np.zeros((cases, *limits.bound.shape))
    found = answer(_borne(limits, price), np.arange(cases))
    dearest = max(float(np.nanmax(np.nan_to_num(found["market_price"].values, posinf=0.0), initial=0.0)), 1e-9)
    most = np.maximum(limits.charged.max(axis=(1, 2), initial=0.0), 1e-12)[:, None]
    begin = np.where(guess > 0.0, NEAR * guess, dearest / most)
    for _ in range(MOST_SWEEPS):
        wrong = _wrong(limits, found, price)
        if not wrong.any():
            return _with_rents(limits, game, found, price), price
        for row in np.flatnonzero(wrong.any(axis=(0, 2))):
            found = _keep(limits, answer, price, int(row), begin[row])
    first = np.argwhere(_wrong(limits, found, price).any(axis=0))[0]
    raise NotConvergedError(
        f"plan: {limits.names[first[0]]} is not kept in term {first[1] + 1} of the markets after {MOST_SWEEPS} rounds"
        " over all limits; leave out one of those that bind the same sales"
    )


def _borne(limits: SalesLimits, price: Vector) -> Vector:
    borne: Vector = np.einsum("blt,ljm->bjmt", price, limits.charged)
    return borne


def _counted(limits: SalesLimits, found: xr.Dataset) -> tuple[Vector, Vector]:
    """What sales are above each limit, and what counts towards it in all (case, limit, term)."""
    sold = found["sales"].transpose("member", "plant", "market", "term").values
    total = np.einsum("bjmt,ljm->blt", sold, limits.weight)
    size = np.einsum("bjmt,ljm->blt", sold, np.abs(limits.weight))
    above = np.where(np.isfinite(limits.bound), total - np.where(np.isfinite(limits.bound), limits.bound, 0.0), -1.0)
    return above, np.maximum(size, np.where(np.isfinite(limits.bound), np.abs(limits.bound), 0.0))


def _wrong(limits: SalesLimits, found: xr.Dataset, price: Vector) -> NDArray[np.bool_]:
    """Where a limit is passed, or a place has a price though places are left."""
    above, size = _counted(limits, found)
    wrong: NDArray[np.bool_] = (above > KEPT * size) | ((price > 0.0) & (above < -10.0 * KEPT * size))
    return wrong & np.isfinite(limits.bound)


def _keep(limits: SalesLimits, answer: Answer, price: Vector, row: int, begin: Vector) -> xr.Dataset:
    """What markets come to once the price under one limit, put into ``price``, keeps it with the others as they are."""

    def at(each: Vector, cases: NDArray[np.intp]) -> tuple[xr.Dataset, Vector, Vector]:
        price[:, row] = each
        found = answer(_borne(limits, price)[cases], cases)
        above, size = _counted(limits, found)
        return found, above[:, row], KEPT * size[:, row]

    every = np.arange(len(price))
    low = np.zeros((price.shape[0], price.shape[2]))
    _, above, small = at(low, every)
    binds = above > small
    high = np.where(binds, begin, 0.0)
    f_low, (_, f_high, small) = above, at(high, every)
    for _ in range(MOST_DOUBLINGS):
        short = binds & (f_high > 0.0)
        if not short.any():
            break
        low, f_low = np.where(short, high, low), np.where(short, f_high, f_low)
        high = np.where(short, 2.0 * high, high)
        _, f_high, small = at(high, every)
    else:
        raise NotConvergedError(
            f"plan: {limits.names[row]} is kept at no price of a place under it: buyers take goods from where they may"
            " not come at any price; give demand a straight line, or let something be made that does not count"
        )
    low, high, f_low, f_high = _closed_in(at, binds, (low, high, f_low, f_high), small)
    jumps = binds & (f_high < -small)
    left = at(low, every)[0] if jumps.any() else None
    right = at(high, every)[0]
    if left is None:
        return right
    gap = np.where(jumps, f_low - f_high, 1.0)
    return _between(left, right, np.where(jumps, np.clip(f_low / gap, 0.0, 1.0), 1.0))


def _closed_in(
    at: At,
    binds: NDArray[np.bool_],
    ends: tuple[Vector, Vector, Vector, Vector],
    small: Vector,
) -> tuple[Vector, Vector, Vector, Vector]:
    """Prices at which a limit is passed and kept, as near to each other as what is sold asks for, and by how much."""
    low, high, f_low, f_high = ends
    g_low, g_high, side = f_low, f_high, np.zeros(f_low.shape, np.int64)
    for _ in range(MOST_STEPS):
        open_ = binds & (np.abs(f_high) > 0.1 * small) & (high - low > NARROW * high)
        if not open_.any():
            break
        fall = np.where(open_, g_low - g_high, 1.0)
        next_ = np.where(open_, high + g_high / np.where(fall > 0.0, fall, 1.0) * (high - low), high)
        inside = (next_ > low) & (next_ < high)
        next_ = np.where(open_ & ~inside, (low + high) / 2.0, next_)
        cases = np.flatnonzero(open_.any(axis=1))
        f = f_high.copy()
        f[cases], small[cases] = at(np.where(open_, next_, high), cases)[1:]
        over = open_ & (f > 0.0)
        under = open_ & ~over
        # an end that stays a second time weighs half, so that both come nearer
        g_high = np.where(under, f, np.where(over & (side > 0), g_high / 2.0, g_high))
        g_low = np.where(over, f, np.where(under & (side < 0), g_low / 2.0, g_low))
        side = np.where(over, 1, np.where(under, -1, side))
        low, f_low = np.where(over, next_, low), np.where(over, f, f_low)
        high, f_high = np.where(under, next_, high), np.where(under, f, f_high)
    return low, high, f_low, f_high


def _between(left: xr.Dataset, right: xr.Dataset, part: Vector) -> xr.Dataset:
    """The mix of two answers by case and term: where sales jump at a price, any mix of both sides is one at it."""
    import xarray as xr

    share = xr.DataArray(part, dims=("member", "term"))
    mixed = {}
    for name in right.data_vars:
        one, other = left[name], right[name]
        if not np.issubdtype(other.dtype, np.floating) or not {"member", "term"} <= set(other.dims):
            mixed[name] = other
            continue
        both = (one * (1.0 - share) + other * share).transpose(*other.dims)
        mixed[name] = both.where(share < 1.0, other).transpose(*other.dims).assign_attrs(other.attrs)
    return right.assign(mixed)


def _with_rents(limits: SalesLimits, game: Game, found: xr.Dataset, price: Vector) -> xr.Dataset:
    """What was paid for places given back to those who sell."""
    import xarray as xr

    if not (price > 0.0).any():
        return found
    sold = found["sales"].transpose("member", "plant", "market", "term").values
    by_lane = _borne(limits, price) * sold
    coords = {name: found[name] for name in ("member", "plant", "market", "term")}
    paid = xr.DataArray(by_lane, coords, ("member", "plant", "market", "term"))
    by_plant = paid.sum("market")
    worth = (found["sales"] * found["market_price"]).sum("market")
    by_firm = np.zeros(found["firm_profit"].shape)
    firms = list(found["firm"].values)
    for one in game.stretches:
        inside = slice(one.first, one.after)
        for plant, firm in enumerate(one.decides):
            by_firm[:, firms.index(firm), inside] += by_plant.values[:, plant, inside]
    changed = {
        "firm_profit": found["firm_profit"].transpose("member", "firm", "term") + by_firm,
        "plant_profit": found["plant_profit"] + by_plant,
        "duty_revenue": found["duty_revenue"] - paid.sum("plant"),
        "plant_margin": found["plant_margin"] + by_plant / worth.where(worth > 0.0),
    }
    return found.assign(
        {name: each.transpose(*variable(name).dims).assign_attrs(found[name].attrs) for name, each in changed.items()}
    )
