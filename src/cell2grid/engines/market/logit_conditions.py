"""The conditions of price games under logit demand for ``box_search.py``, scaled, with their derivatives.

Variables of a case: the utility that each offer leaves its buyers, u - a p; the parts of an offer that several plants
bring; what passing the end of a step, or the capacity, makes an item dearer; the logarithm of what a power adds to
cost; and what a place in a quota is worth. Utilities, and limits by their logarithms, keep the conditions near straight
lines where hardly anybody buys. Games are laid out in ``logit_lanes.py`` and judged in ``logit_residual.py``.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.market.box_search import solved
from cell2grid.engines.market.logit_lanes import Limits, LogitDemand, first_cost, lanes_of, limits_of
from cell2grid.engines.market.logit_slopes import SOFT, Pairs, slope_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.box_search import Bordered
    from cell2grid.engines.market.game import Game

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_IDLE = 2e-11
"""What a power adds to the cost of an idle plant, in units of 1 / sensitivity."""
_ROUNDS = 3  # of prices and limits in turn, to begin with
_HIGHEST = 80.0
"""Of the logarithm of what a power adds: a plant at it is dearer than anybody pays."""


class At(NamedTuple):
    """What follows from a point: shares by offer, parts and mark-ups by lane and offer."""

    share: Floats  # (B, O) of all possible buyers
    part: Floats  # (B, L) of its offer
    kept: Floats  # (B, O) ratio of the price, on the mean of the offer's sales
    held: Floats  # (B, C, F): conduct times share, by firm
    margin: Floats  # (B, O): what an offer's last item must earn, in units of 1 / sensitivity
    made: Floats  # (B, J)
    used: Floats  # (B, Q)


class LogitConditions:
    """F of many cases, its derivative, boxes and a start."""

    def __init__(self, game: Game, demand: LogitDemand) -> None:
        self.lanes, self.limits = lanes_of(game, demand), limits_of(game)
        lanes = self.lanes
        self.demand, self.game = demand, game
        self.alone = bool(np.array_equal(game.interest, np.eye(len(game.interest))))
        offers, sets = len(lanes.offer_firm), demand.size.shape[1]
        self.of_offer = np.eye(offers)[lanes.offer]  # (L, O)
        self.of_plant = np.eye(len(game.firm))[lanes.plant]  # (L, J)
        self.in_set = np.eye(sets)[lanes.offer_choice]  # (O, C)
        self.of_firm = np.eye(sets * len(game.interest))[lanes.offer_choice * len(game.interest) + lanes.offer_firm]
        self._lay_out()
        self._figures()

    def _lay_out(self) -> None:
        """Where each variable stands, and the blocks: a choice set's offers and lanes; plants and quotas between."""
        lanes, game = self.lanes, self.game
        several = self.of_offer.sum(axis=0) > 1.0
        self.several = several
        self.split = np.flatnonzero(several[lanes.offer])  # lanes that share an offer
        self.powered = np.flatnonzero((game.power_scale > 0.0).any(axis=0))
        counts = [len(several), len(self.split), len(self.limits.plant), len(self.powered), len(game.in_quota)]
        ends = np.cumsum([0, *counts])
        self.v, self.pi, self.psi, self.h, self.lam = (np.arange(a, b) for a, b in pairwise(ends))
        self.size = int(ends[-1])
        # the block of each lane's and offer's variables is its choice set; each has its row there
        choice = np.r_[lanes.offer_choice, lanes.offer_choice[lanes.offer[self.split]]]
        self.block, self.row = choice, np.zeros(len(choice), dtype=np.int64)
        for c in range(self.in_set.shape[1]):
            self.row[choice == c] = np.arange(int((choice == c).sum()))
        self.inner = len(choice)
        self.shape = (self.in_set.shape[1], int(self.row.max(initial=-1)) + 1)
        # the row of what a lane lacks: that of its part, or of its offer where it is the only one
        self.lack = self.v[lanes.offer] if len(lanes.offer) else np.zeros(0, dtype=np.int64)
        self.lack[self.split] = self.pi
        self.pairs = Pairs(self)

    def _figures(self) -> None:
        """What of a case does not change with the point, and the boxes."""
        game, demand, lanes, limits = self.game, self.demand, self.lanes, self.limits
        self.first = first_cost(game)
        self.steep = demand.price_sensitivity[:, lanes.offer_choice]  # (B, O)
        self.buyers = demand.size[:, lanes.offer_choice]  # (B, O)
        self.utility = demand.utility[:, lanes.offer_firm, lanes.offer_market]
        self.offered = lanes.open.astype(float) @ self.of_offer > 0.0  # (B, O)
        self.hold = game.conduct[:, lanes.offer_firm, lanes.offer_market]
        # what prices of a plant and of a quota's users are measured in
        unit = np.where(lanes.open, 1.0 / self.steep[:, lanes.offer], 0.0)
        self.money = _largest(unit, np.eye(len(game.firm), dtype=np.bool_)[lanes.plant].T)
        self.quota_money = _largest(unit, lanes.in_quota > 0.0)
        self.lower = np.full((len(unit), self.size), -np.inf)
        self.upper = np.full((len(unit), self.size), np.inf)
        for part in (self.pi, self.psi, self.lam):
            self.lower[:, part] = 0.0
        self.upper[:, self.psi] = limits.rise / self.money[:, limits.plant]
        self.fixed = np.zeros((len(unit), self.size), dtype=np.bool_)
        self.fixed[:, self.v] = ~self.offered
        self.fixed[:, self.pi] = ~lanes.open[:, self.split]
        idle = ~np.isin(np.arange(len(game.firm)), lanes.plant)
        self.fixed[:, self.psi] = ~np.isfinite(limits.end) | idle[limits.plant]
        self.fixed[:, self.h] = (game.power_scale[:, self.powered] <= 0.0) | idle[self.powered]
        used = lanes.open.astype(float) @ lanes.in_quota.T > 0.0
        self.fixed[:, self.lam] = ~(used & np.isfinite(game.quota) & (game.quota > 0.0))

    def of(self, which: Places) -> LogitConditions:
        """The conditions of some of the cases."""
        some = object.__new__(LogitConditions)
        some.__dict__ = dict(self.__dict__)
        for name in ("first", "steep", "buyers", "utility", "offered", "hold", "money", "quota_money", "lower",
                     "upper", "fixed"):  # fmt: skip
            setattr(some, name, getattr(self, name)[which])
        some.lanes = self.lanes._replace(
            **{name: getattr(self.lanes, name)[which] for name in ("open", "keeps", "bears", "carry")}
        )
        some.limits = Limits(self.limits.plant, self.limits.full, self.limits.end[which], self.limits.rise[which])
        some.game = self.game._replace(
            **{name: getattr(self.game, name)[which] for name in ("power_scale", "power_exponent", "quota", "capacity")}
        )
        return some

    def at(self, z: Floats) -> At:
        """What follows from a point."""
        lanes = self.lanes
        share = self.shares(z)
        part = lanes.open.astype(float)
        part[:, self.split] = z[:, self.pi]
        kept = (lanes.keeps * part) @ self.of_offer
        held, brings = (self._by_firm(share * self.hold * of) for of in (1.0, kept))
        mine = self._counted(held, brings)[:, lanes.offer_choice, lanes.offer_firm]
        brought = part * (share * self.buyers)[:, lanes.offer]
        made, used = brought @ self.of_plant, brought @ lanes.in_quota.T
        return At(share, part, kept, held, self.hold * (kept + mine), made, used)

    def _by_firm(self, values: Floats) -> Floats:
        """Values of offers added up by choice set and firm (B, C, F)."""
        return np.asarray((values @ self.of_firm).reshape(len(values), self.in_set.shape[1], -1))

    def _counted(self, held: Floats, brings: Floats) -> Floats:
        """What each firm earns of one more of all possible buyers, in units of 1 / sensitivity (B, C, F)."""
        if self.alone:
            return np.asarray(brings / (1.0 - held))
        return np.asarray((self.through(held) @ brings[..., None])[..., 0])

    def through(self, held: Floats) -> Floats:
        """(I - interest x held)^-1 interest of each choice set (B, C, F, F)."""
        interest, firms = self.game.interest, held.shape[-1]
        whole = np.broadcast_to(interest, (*held.shape, firms))
        return solved(np.eye(firms) - interest * held[..., None, :], whole)

    def shares(self, z: Floats) -> Floats:
        """Part of the possible buyers that takes each offer (B, O)."""
        v = np.where(self.offered, z[:, self.v], -np.inf)
        highest = np.zeros((len(z), self.in_set.shape[1]))
        for c in range(self.in_set.shape[1]):
            highest[:, c] = v[:, self.in_set[:, c] > 0.0].max(axis=1, initial=0.0)
        part = np.exp(v - highest @ self.in_set.T)
        whole = part @ self.in_set + np.exp(-highest)
        return np.asarray(part / (whole @ self.in_set.T))

    def costs(self, z: Floats) -> tuple[Floats, Floats]:
        """What a plant's last item costs to make, and what its capacity is worth besides (B, J)."""
        made, scarce = self.first.copy(), np.zeros_like(self.first)
        for place, (plant, full) in enumerate(zip(self.limits.plant, self.limits.full, strict=True)):
            dear = z[:, self.psi[place]] * self.money[:, plant]
            (scarce if full else made)[:, plant] += np.where(self.fixed[:, self.psi[place]], 0.0, dear)
        made[:, self.powered] += self.rise(z)
        return made, scarce

    def rise(self, z: Floats) -> Floats:
        """What powers add to cost (B, H)."""
        return np.where(self.fixed[:, self.h], 0.0, np.exp(np.minimum(z[:, self.h], _HIGHEST)))

    def licences(self, z: Floats) -> Floats:
        """What a place in each quota is worth (B, Q)."""
        return np.where(self.fixed[:, self.lam], 0.0, z[:, self.lam] * self.quota_money)

    def _lane_costs(self, z: Floats) -> Floats:
        """What the last item of each lane costs with freight, duties and all that is scarce (B, L)."""
        lanes, (cost, scarce) = self.lanes, self.costs(z)
        whole: Floats = lanes.bears * cost[:, lanes.plant] + lanes.carry + scarce[:, lanes.plant]
        return whole + self.licences(z) @ lanes.in_quota

    def value(self, z: Floats) -> Floats:
        """F at a point (B, N)."""
        lanes, limits, at = self.lanes, self.limits, self.at(z)
        cost_of = self._lane_costs(z)
        level = (self.utility - z[:, self.v])[:, lanes.offer]
        lack = at.margin[:, lanes.offer] + self.steep[:, lanes.offer] * cost_of - lanes.keeps * level
        value = np.zeros(z.shape)
        value[:, self.v] = at.part @ self.of_offer - 1.0
        value[:, self.lack] = lack
        value[:, self.psi] = _room(limits.end, at.made[:, limits.plant])
        game = self.game
        if len(self.h):
            size = game.power_scale[:, self.powered] * (at.made[:, self.powered] + self.tiny())
            value[:, self.h] = z[:, self.h] - game.power_exponent[:, self.powered] * np.log(size)
        value[:, self.lam] = _room(game.quota, at.used)
        return np.where(self.fixed, 0.0, value)

    def tiny(self) -> Floats:
        """What is added to output where a power is taken of it, so little that an idle plant costs the same (B, H)."""
        scale, exponent = (of[:, self.powered] for of in (self.game.power_scale, self.game.power_exponent))
        with np.errstate(divide="ignore", under="ignore"):
            least = (_IDLE * self.money[:, self.powered]) ** (1.0 / exponent) / np.where(scale > 0.0, scale, 1.0)
        return np.clip(least, 1e-100, 1e-14 * self.buyers.max(axis=1, initial=0.0)[:, None])

    def reach(self, z: Floats, move: Floats, longest: float) -> Floats:
        """How much of a move at most makes sense: shares rise without bound with utilities, and fall to nothing."""
        some = np.r_[self.v, self.h]
        at, by = z[:, some], move[:, some]
        dear = np.concatenate([np.zeros((len(z), len(self.v))), np.log(self.money[:, self.powered])], axis=1)
        part = np.where(by > 0.0, (np.maximum(at, dear) + longest - at) / by, np.inf)
        return np.asarray(part.min(axis=1, initial=np.inf))

    def slope(self, z: Floats) -> Bordered:
        """The derivative of F at a point."""
        return slope_of(self, z)

    def _dearer(self, z: Floats) -> Floats:
        """How much dearer all offers of a choice set are to begin with (B, O), in units of 1 / sensitivity.

        So much that the mark-up of the largest firm, with all that it counts of others, is one at these shares: where
        hardly anybody buys nothing, mark-ups are huge and steps from there go nowhere.
        """
        low, high = np.zeros((2, len(z), self.in_set.shape[1]))
        high += 2.0 + np.maximum(np.where(self.offered, z[:, self.v], 0.0).max(axis=1, initial=0.0), 0.0)[:, None]
        counts = np.minimum(np.abs(self.game.interest), 1.0)
        moved = z.copy()
        for _ in range(40):
            middle = 0.5 * (low + high)
            moved[:, self.v] = z[:, self.v] - middle @ self.in_set.T
            largest = (self._by_firm(self.shares(moved) * self.hold) @ counts.T).max(axis=2, initial=0.0)
            less = (middle + 1.0) * (1.0 - largest) < 1.0
            low, high = np.where(less, middle, low), np.where(less, high, middle)
        return np.asarray(high @ self.in_set.T)

    def start(self) -> Floats:
        """Prices somewhat above cost, of offers sold mostly by the plants that cost least, and limits near kept."""
        z = np.where(self.fixed, 0.0, 0.1) * (np.arange(self.size) >= self.inner)
        z[:, self.psi] = np.minimum(z[:, self.psi], 0.5 * self.upper[:, self.psi])
        for _ in range(_ROUNDS):
            self._price(z)
            self._limit(z)
        self._price(z)
        return z

    def _price(self, z: Floats) -> None:
        """Set prices and parts of offers by what plants cost at a point."""
        lanes = self.lanes
        steep = self.steep[:, lanes.offer]
        ask = np.where(lanes.open, steep * self._lane_costs(z) / lanes.keeps, np.inf)
        least = np.full(self.offered.shape, np.inf)
        for lane, offer in enumerate(lanes.offer):
            least[:, offer] = np.minimum(least[:, offer], ask[:, lane])
        z[:, self.v] = np.where(self.offered, self.utility - least - self.hold, 0.0)
        near = np.where(lanes.open, 0.05 + np.exp(-np.nan_to_num(ask - least[:, lanes.offer], posinf=700.0)), 0.0)
        z[:, self.v] -= np.where(self.offered, self._dearer(z), 0.0)
        whole = near @ self.of_offer
        z[:, self.pi] = (near / np.where(whole > 0.0, whole, 1.0)[:, lanes.offer])[:, self.split]

    def _limit(self, z: Floats) -> None:
        """Make dearer whose limits are passed at a point, by what keeps buyers away; set what powers add."""
        limits, game, at = self.limits, self.game, self.at(z)
        least = np.array([
            np.where(self.lanes.open, 1.0 / self.steep[:, self.lanes.offer], np.inf)[:, row].min(axis=1, initial=np.inf)
            for row in self.of_plant.T > 0.0
        ]).T  # fmt: skip
        unit = np.where(np.isfinite(least), least, 1.0) / self.money
        tight = np.clip(np.nan_to_num(np.log(at.made[:, limits.plant] / limits.end), neginf=-20.0), -20.0, 50.0)
        dear = np.maximum(z[:, self.psi] + tight * unit[:, limits.plant], 0.1 * unit[:, limits.plant])
        z[:, self.psi] = np.where(self.fixed[:, self.psi], 0.0, np.minimum(dear, 0.5 * self.upper[:, self.psi]))
        if len(self.h):
            size = game.power_scale[:, self.powered] * (at.made[:, self.powered] + self.tiny())
            top = np.log(3.0 * (unit * self.money)[:, self.powered])
            level = np.minimum(game.power_exponent[:, self.powered] * np.log(size), top)
            z[:, self.h] = np.where(self.fixed[:, self.h], 0.0, level)


def _room(limit: Floats, taken: Floats) -> Floats:
    """The logarithm of a limit against what is taken of it; 0 of none."""
    with np.errstate(invalid="ignore"):
        found = np.log(limit * (1.0 + SOFT) / (np.maximum(taken, 0.0) + SOFT * limit))
    return np.where(np.isfinite(limit) & (limit > 0.0), found, 0.0)


def _largest(unit: Floats, counts: Flags) -> Floats:
    """The largest unit (B, L) of the lanes that count (X, L), 1 where none does (B, X)."""
    found = np.ones((len(unit), len(counts)))
    for place, row in enumerate(counts):
        most = unit[:, row].max(axis=1, initial=0.0)
        found[:, place] = np.where(most > 0.0, most, 1.0)
    return found
