"""A price game under logit demand as arrays of all its cases: lanes, offers, and what costs and limits a plant.

An offer is the variant of a firm in a market; a lane is a plant that can bring it there, within quotas or above them.
The conditions on these are in ``logit_conditions.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.game import Game

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]
    Flags = NDArray[np.bool_]


class LogitDemand(NamedTuple):
    """What buyers think of each firm's variants: zero utility is that of buying nothing."""

    utility: Floats  # (B, F, M): of the firm's variant at a price of nothing; -inf where buyers do not know it
    price_sensitivity: Floats  # (B, C) item/currency: what a unit of money takes from utility
    size: Floats  # (B, C) item/year: possible buyers; 0 where nobody asks
    group: Places  # (M,): the choice set that each market's buyers see


class Lanes(NamedTuple):
    """What goes where: L lanes, those above quotas after the others, O offers; B cases first."""

    plant: Places  # (L,)
    market: Places  # (L,)
    over: Flags  # (L,): whether it pays the rate above its quotas
    offer: Places  # (L,)
    open: Flags  # (B, L)
    keeps: Floats  # (B, L) ratio of the price that is left to the seller
    bears: Floats  # (B, L) ratio: 1 and the duty on the value at customs
    carry: Floats  # (B, L) currency/item: freight with the duty on it, and duties by the item
    in_quota: Floats  # (Q, L): 1 where a sale needs a place in the quota
    offer_firm: Places  # (O,)
    offer_market: Places  # (O,)
    offer_choice: Places  # (O,)


class Limits(NamedTuple):
    """Outputs at which an item more becomes dearer by at most so much: the ends of steps of cost, and capacities."""

    plant: Places  # (T,)
    full: Flags  # (T,): whether it is the capacity, whose scarcity no customs see
    end: Floats  # (B, T) item/year; inf where there is none
    rise: Floats  # (B, T) currency/item; inf of capacities


def lanes_of(game: Game, demand: LogitDemand) -> Lanes:
    """The lanes on which something can be sold in one case at least."""
    firm = game.firm
    asked: Flags = np.asarray(demand.size[:, demand.group] > 0.0)
    runs: Flags = np.asarray(game.capacity > 0.0)
    can: Flags = np.asarray(np.isfinite(demand.utility[:, firm]) & np.isfinite(game.freight))
    can &= runs[..., None] & asked[:, None]
    counted: Flags = np.any(game.in_quota, axis=0)
    plant, market = (part.astype(np.int64) for part in np.nonzero(can.any(axis=0)))
    above = np.flatnonzero(counted[plant, market])
    over = np.r_[np.zeros(len(plant), dtype=np.bool_), np.ones(len(above), dtype=np.bool_)]
    plant, market = np.r_[plant, plant[above]], np.r_[market, market[above]]
    here = (slice(None), plant, market)
    inside = game.in_quota[:, plant, market].astype(np.float64)
    extra = {name: np.where(over, getattr(game, name) @ inside, 0.0)
             for name in ("over_on_price", "over_on_cost", "over_amount")}  # fmt: skip
    bears = 1.0 + game.duty_on_cost[here] + extra["over_on_cost"]
    inside = np.where(over, 0.0, inside)
    # a quota of nothing has no sales within it
    shut = (game.quota <= 0.0).astype(np.float64) @ inside > 0.0
    offers, offer = np.unique(np.stack([firm[plant], market]), axis=1, return_inverse=True)
    return Lanes(
        plant=plant,
        market=market,
        over=over,
        offer=offer.reshape(-1),
        open=can[here] & ~shut,
        keeps=1.0 / (1.0 + game.duty_on_price[here] + extra["over_on_price"]),
        bears=bears,
        carry=bears * np.nan_to_num(game.freight[here]) + game.duty_amount[here] + extra["over_amount"],
        in_quota=inside,
        offer_firm=offers[0],
        offer_market=offers[1],
        offer_choice=demand.group[offers[1]],
    )


def first_cost(game: Game) -> Floats:
    """What a plant's first item costs (B, J) [currency/item], but for the power."""
    there = game.step_width > 0.0
    level = np.where(there, game.step_cost, np.inf).min(axis=-1)
    return np.where(np.isfinite(level), level, 0.0)


def limits_of(game: Game) -> Limits:
    """The ends of steps that an output within capacity can pass, and capacities, without those that no case has."""
    cases, plants, steps = game.step_cost.shape
    there = game.step_width > 0.0
    ends = np.cumsum(game.step_width, axis=-1)
    later = np.where(there, game.step_cost, np.inf)
    after = np.full((cases, plants, steps), np.inf)
    for s in range(steps - 2, -1, -1):
        after[..., s] = np.minimum(after[..., s + 1], later[..., s + 1])
    rise = np.where(there & np.isfinite(after), np.where(np.isfinite(after), after, 0.0) - game.step_cost, 0.0)
    kept = (rise > 0.0) & (ends < game.capacity[..., None])
    plant, step = np.nonzero(kept.any(axis=0))
    bound = np.flatnonzero((np.isfinite(game.capacity) & (game.capacity > 0.0)).any(axis=0))
    end = np.where(kept[:, plant, step], ends[:, plant, step], np.inf)
    capacity = np.where(game.capacity[:, bound] > 0.0, game.capacity[:, bound], np.inf)
    dearer = np.where(np.isfinite(end), rise[:, plant, step], 0.0)
    return Limits(
        np.r_[plant, bound].astype(np.int64),
        np.arange(len(plant) + len(bound)) >= len(plant),
        np.concatenate([end, capacity], axis=1),
        np.concatenate([dearer, np.full(capacity.shape, np.inf)], axis=1),
    )
