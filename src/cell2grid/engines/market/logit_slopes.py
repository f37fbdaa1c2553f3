"""Derivatives of the conditions of price games under logit demand, in blocks of choice sets that meet in plants.

Which entries there can be is laid out once for all cases (``Pairs``); ``slope_of`` fills them in at a point. What they
are derivatives of is in ``logit_conditions.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.market.box_search import Bordered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.logit_conditions import At, LogitConditions

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

SOFT = 1e-3
"""Part of a limit that is added to it and to what is made, so that the logarithm of an idle plant's has an end."""


class Pairs:
    """Where the entries of the derivative stand."""

    def __init__(self, conditions: LogitConditions) -> None:
        lanes, choice = conditions.lanes, conditions.lanes.offer_choice
        sets, width = conditions.shape
        # pairs of offers of one choice set, those of the first together
        self.one, self.other = np.nonzero(choice[:, None] == choice)
        self.first = np.searchsorted(self.one, np.arange(len(choice)))
        number = np.full((len(choice), len(choice)), -1, dtype=np.int64)
        number[self.one, self.other] = np.arange(len(self.one))

        def flat(row: Places, column: Places) -> Places:
            """Places in the blocks, taken as one row."""
            return np.asarray((conditions.block[row] * width + conditions.row[row]) * width + conditions.row[column])

        # lanes by utilities: each lane with all offers of its choice set
        lane, offer = np.nonzero(choice[lanes.offer][:, None] == choice)
        self.lane_offer = number[lanes.offer[lane], offer]
        self.own = np.flatnonzero(lanes.offer[lane] == offer)
        self.own_lane = lane[self.own]
        self.by_utility = flat(conditions.lack[lane], conditions.v[offer])
        # lanes by the parts of lanes that share an offer
        split = conditions.split
        lane, part = np.nonzero(choice[lanes.offer][:, None] == choice[lanes.offer[split]])
        self.lane_part, self.part = number[lanes.offer[lane], lanes.offer[split[part]]], split[part]
        self.by_part = flat(conditions.lack[lane], conditions.pi[part])
        self.sums = flat(conditions.v[lanes.offer[split]], conditions.pi)
        # lanes by what makes their plants dearer, by place in the border
        limits = conditions.limits
        self.limit_lane, self.limit = np.nonzero(lanes.plant[:, None] == limits.plant)
        self.power_lane, self.power = np.nonzero(lanes.plant[:, None] == conditions.powered)
        self.quota_lane, self.quota = np.nonzero(lanes.in_quota.T)
        self.sets = sets


def slope_of(conditions: LogitConditions, z: Floats) -> Bordered:
    """The derivative of the conditions at a point, what a case does not have left as it is."""
    pairs, at = conditions.pairs, conditions.at(z)
    cases, (sets, width), border = len(z), conditions.shape, conditions.size - conditions.inner
    inner = np.zeros((cases, sets * width * width))
    _lacks(conditions, at, inner)
    inner[:, pairs.sums] = 1.0
    sides = np.zeros((cases, sets, width, border))
    _costs(conditions, z, sides)
    rows = np.zeros((cases, border, conditions.inner))
    _limits(conditions, at, rows)
    core = np.zeros((cases, border, border))
    places = conditions.h - conditions.inner
    core[:, places, places] = 1.0
    found = Bordered(inner.reshape(cases, sets, width, width), sides, np.zeros((cases, sets, border, width)), core)
    found.rows[:, conditions.block, :, conditions.row] = np.moveaxis(rows, 2, 0)
    _leave(conditions, found)
    return found


def _lacks(conditions: LogitConditions, at: At, inner: Floats) -> None:
    """How what lanes lack rises with utilities and with the parts of lanes."""
    pairs, lanes, hold = conditions.pairs, conditions.lanes, conditions.hold
    one, other = pairs.one, pairs.other
    firm, choice = lanes.offer_firm, lanes.offer_choice
    if conditions.alone:
        mine = firm[one] == firm[other]
        through = np.where(mine, 1.0 / (1.0 - at.held[:, choice[one], firm[one]]), 0.0)
    else:
        through = conditions.through(at.held)[:, choice[one], firm[one], firm[other]]
    earned = through * (at.margin * at.share)[:, other]
    whole = np.add.reduceat(earned, pairs.first, axis=1)
    by_utility = hold[:, one] * (earned - whole[:, one] * at.share[:, other])
    values = by_utility[:, pairs.lane_offer]
    values[:, pairs.own] += lanes.keeps[:, pairs.own_lane]
    inner[:, pairs.by_utility] = values
    if len(conditions.split):
        by_kept = hold[:, one] * ((one == other) + through * (hold * at.share)[:, other])
        inner[:, pairs.by_part] = by_kept[:, pairs.lane_part] * lanes.keeps[:, pairs.part]


def _costs(conditions: LogitConditions, z: Floats, sides: Floats) -> None:
    """How what lanes lack rises with what makes their plants dearer, and with the worth of places in quotas."""
    lanes, limits, pairs = conditions.lanes, conditions.limits, conditions.pairs
    steep = conditions.steep[:, lanes.offer]
    borne = steep * lanes.bears
    for lane, place, variable, values in (
        (pairs.limit_lane, pairs.limit, conditions.psi,
         np.where(limits.full[pairs.limit], steep[:, pairs.limit_lane], borne[:, pairs.limit_lane])
         * conditions.money[:, limits.plant[pairs.limit]]),
        (pairs.power_lane, pairs.power, conditions.h,
         borne[:, pairs.power_lane] * conditions.rise(z)[:, pairs.power]),
        (pairs.quota_lane, pairs.quota, conditions.lam,
         steep[:, pairs.quota_lane] * conditions.quota_money[:, pairs.quota]),
    ):  # fmt: skip
        row = conditions.lack[lane]
        sides[:, conditions.block[row], conditions.row[row], variable[place] - conditions.inner] = values


def _limits(conditions: LogitConditions, at: At, rows: Floats) -> None:
    """How the room below limits and quotas, and what powers add, change with utilities and parts."""
    lanes, limits, game = conditions.lanes, conditions.limits, conditions.game
    split, choice = conditions.split, lanes.offer_choice
    bought = (at.share * conditions.buyers)[:, lanes.offer]
    brought = at.part * bought
    by_plant = np.zeros((len(rows), at.made.shape[1], len(choice)))
    for some in (np.flatnonzero(~lanes.over), np.flatnonzero(lanes.over)):
        by_plant[:, lanes.plant[some], lanes.offer[some]] += brought[:, some]
    powered = conditions.powered
    of_part = (bought[:, None, split], conditions.of_plant.T[:, split], lanes.in_quota[:, split])
    for variable, whole, weigh, factor in (
        (conditions.psi, by_plant[:, limits.plant], of_part[1][limits.plant],
         steepness(limits.end, at.made[:, limits.plant])),
        (conditions.h, by_plant[:, powered], of_part[1][powered],
         game.power_exponent[:, powered] / (at.made[:, powered] + conditions.tiny())),
        (conditions.lam, (brought[:, None] * lanes.in_quota) @ conditions.of_offer, of_part[2],
         steepness(game.quota, at.used)),
    ):  # fmt: skip
        if len(variable):
            place = (variable - conditions.inner)[:, None]
            by_v = whole - (whole @ conditions.in_set)[..., choice] * at.share[:, None]
            rows[:, place, conditions.v] = -factor[..., None] * by_v
            rows[:, place, conditions.pi] = -factor[..., None] * weigh * of_part[0]


def steepness(limit: Floats, taken: Floats) -> Floats:
    """How fast the logarithm of the room below a limit falls with what is taken; 0 of none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.isfinite(limit) & (limit > 0.0), 1.0 / (np.maximum(taken, 0.0) + SOFT * limit), 0.0)


def _leave(conditions: LogitConditions, found: Bordered) -> None:
    """Rows and columns of what a case does not have as those of the identity, and of what blocks do not reach."""
    inner, sides, rows, core = found
    cases, sets, width, _ = inner.shape
    stays = np.ones((cases, sets, width), dtype=np.bool_)
    stays[:, conditions.block, conditions.row] = conditions.fixed[:, : conditions.inner]
    inner[stays] = 0.0
    np.swapaxes(inner, 2, 3)[stays] = 0.0
    sides[stays] = 0.0
    np.swapaxes(rows, 2, 3)[stays] = 0.0
    case, block, row = np.nonzero(stays)
    inner[case, block, row, row] = 1.0
    still = conditions.fixed[:, conditions.inner :]
    np.moveaxis(sides, 3, 1)[still] = 0.0
    np.swapaxes(rows, 1, 2)[still] = 0.0
    core[still] = 0.0
    np.swapaxes(core, 1, 2)[still] = 0.0
    case, place = np.nonzero(still)
    core[case, place, place] = 1.0
