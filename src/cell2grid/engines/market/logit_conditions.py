"""The conditions of a price game under logit demand as a mixed complementarity problem, scaled, with derivatives.

An offer is a variant in a market; a lane is a plant that can bring it there. Variables: each lane's part of its offer,
the price of each offer, what a firm earns for each possible buyer, and scarcities. Parts of an offer, and capacities by
their logarithms, keep the conditions near straight lines where hardly anybody buys. The game is laid out and judged in
``logit.py``.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from cell2grid.engines.market.lanes import summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]


SOFT = 1e-3
"""Part of a capacity that is added to it and to what is made, so that the logarithm of an idle plant's has an end."""


class Choice(NamedTuple):
    """A price game: L lanes, O offers, J plants, C choice sets, F firms."""

    plant: Places  # (L,)
    market: Places  # (L,)
    offer: Places  # (L,)
    cost: Floats  # (L,)
    keeps: Floats  # (L,)
    capacity: Floats  # (J,)
    offer_variant: Places  # (O,)
    offer_market: Places  # (O,)
    offer_firm: Places  # (O,)
    offer_choice: Places  # (O,)
    utility: Floats  # (O,)
    sensitivity: Floats  # (C,)
    size: Floats  # (C,)
    conduct: Floats  # (F, C)


def shares_at(choice: Choice, price: Floats) -> tuple[Floats, Floats]:
    """Part of the possible buyers that takes each offer (O,), and that takes none (C,)."""
    value = choice.utility - choice.sensitivity[choice.offer_choice] * price
    highest = np.zeros(len(choice.size))  # that of buying nothing
    np.maximum.at(highest, choice.offer_choice, value)
    part = np.exp(value - highest[choice.offer_choice])
    none = np.exp(-highest)
    whole = none.copy()
    np.add.at(whole, choice.offer_choice, part)
    return part / whole[choice.offer_choice], none / whole


class LogitConditions:
    """F, its derivative, a box and a start for ``mcp``."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        lanes, offers = len(choice.plant), len(choice.utility)
        self.money = float(max(np.max(np.abs(choice.cost), initial=0.0), np.max(1.0 / choice.sensitivity)))
        self.pairs, pair = np.unique(np.stack([choice.offer_firm, choice.offer_choice]), axis=1, return_inverse=True)
        self.pair = pair.reshape(-1)
        reached = np.isin(np.arange(len(choice.capacity)), choice.plant)
        self.bound = np.nonzero(np.isfinite(choice.capacity) & reached)[0]
        ends = np.cumsum([0, lanes, offers, self.pairs.shape[1], len(self.bound)])
        self.part, self.price, self.earned, scarcity = (np.arange(a, b) for a, b in pairwise(ends))
        self.size = int(ends[-1])
        self.scarcity = np.full(len(choice.capacity), -1, dtype=np.int64)
        self.scarcity[self.bound] = scarcity
        self.lower, self.upper = np.full(self.size, -np.inf), np.full(self.size, np.inf)
        self.lower[self.part], self.lower[scarcity], self.lower[self.earned] = 0.0, 0.0, 0.0
        self.ask = choice.cost / self.money / choice.keeps
        self.least = np.full(offers, np.inf)
        np.minimum.at(self.least, choice.offer, self.ask)
        self.lower[self.price] = self.least - 0.01  # no price lies below cost
        self.buyers = choice.size[choice.offer_choice]  # (O,)
        self.steep = 1.0 / choice.sensitivity[choice.offer_choice] / self.money  # (O,)
        self.hold = choice.conduct[choice.offer_firm, choice.offer_choice]

    def _margin(self, x: Floats) -> Floats:
        """What an offer's last item must earn: the mark-up on what is kept of its price, and what it takes from the
        firm's other offers."""
        kept = summed(self.choice.offer, self.choice.keeps * x[self.part], len(self.steep))
        return np.asarray(self.hold * (self.steep * kept + x[self.earned[self.pair]]))

    def _made(self, x: Floats, share: Floats) -> Floats:
        """What each plant makes."""
        brought = x[self.part] * (share * self.buyers)[self.choice.offer]
        return summed(self.choice.plant, brought, len(self.choice.capacity))

    def value(self, x: Floats) -> Floats:
        """F at a point."""
        choice = self.choice
        share, _ = shares_at(choice, x[self.price] * self.money)
        worth = np.where(self.scarcity[choice.plant] >= 0, x[self.scarcity[choice.plant]], 0.0)
        margin = self._margin(x)
        value = np.zeros(self.size)
        value[self.part] = margin[choice.offer] + choice.cost / self.money + worth
        value[self.part] -= choice.keeps * x[self.price[choice.offer]]
        value[self.price] = summed(choice.offer, x[self.part], len(share)) - 1.0
        value[self.earned] = x[self.earned] - summed(self.pair, share * margin, len(self.earned))
        limit = choice.capacity[self.bound]
        made = np.maximum(self._made(x, share)[self.bound], 0.0)
        value[self.scarcity[self.bound]] = np.log((limit * (1.0 + SOFT)) / (made + SOFT * limit))
        return value

    def slope(self, x: Floats) -> sparse.csc_array:
        """The derivative of F at a point."""
        choice = self.choice
        share, _ = shares_at(choice, x[self.price] * self.money)
        margin, factor = self._margin(x), (self.hold * self.steep)
        one, other, by = self._share_slopes(share)
        lane, mate = np.nonzero(choice.offer[:, None] == choice.offer)
        entries = [
            (self.part[lane], self.part[mate], factor[choice.offer[lane]] * choice.keeps[mate]),
            (self.part, self.earned[self.pair[choice.offer]], self.hold[choice.offer]),
            (self.part, self.price[choice.offer], -choice.keeps),
            (self.price[choice.offer], self.part, np.ones(len(self.part))),
            (self.earned, self.earned, np.ones(len(self.earned))),
            (self.earned[self.pair], self.earned[self.pair], -share * self.hold),
            (self.earned[self.pair[choice.offer]], self.part, -(share * factor)[choice.offer] * choice.keeps),
            (self.earned[self.pair[one]], self.price[other], -margin[one] * by),
            *self._slopes_of_limits(x, share, (one, other, by)),
        ]
        i, k, v = (np.concatenate(part) for part in zip(*entries, strict=True))
        return sparse.csc_array((v, (i, k)), shape=(self.size, self.size))

    def _slopes_of_limits(
        self, x: Floats, share: Floats, slopes: tuple[Places, Places, Floats]
    ) -> list[tuple[Places, Places, Floats]]:
        """Derivatives of capacities, and of what lanes lack by scarcities."""
        choice = self.choice
        one, other, by = slopes
        scarce = np.nonzero(self.scarcity[choice.plant] >= 0)[0]
        rows = self.scarcity[choice.plant]
        made = np.maximum(self._made(x, share), 0.0)
        with np.errstate(invalid="ignore"):
            steep = 1.0 / (made + SOFT * choice.capacity)
        bought = share * self.buyers
        # each scarce lane's row with each price that changes the share of its offer
        lane, place = np.nonzero((choice.offer[scarce][:, None] == one) & (by != 0.0))
        lane = scarce[lane]
        moved = -steep[choice.plant[lane]] * x[self.part[lane]] * self.buyers[choice.offer[lane]] * by[place]
        return [
            (self.part[scarce], rows[scarce], np.ones(len(scarce))),
            (rows[scarce], self.part[scarce], -(steep[choice.plant] * bought[choice.offer])[scarce]),
            (rows[lane], self.price[other[place]], moved),
        ]

    def _share_slopes(self, share: Floats) -> tuple[Places, Places, Floats]:
        """How each offer's share changes with each price of its choice set."""
        one, other = np.nonzero(self.choice.offer_choice[:, None] == self.choice.offer_choice)
        change = share[one] * share[other] - np.where(one == other, share[one], 0.0)
        return one, other, change / self.steep[one]

    def start(self) -> Floats:
        """Prices of firms that hardly anybody buys from, sold by the plant that costs least."""
        choice = self.choice
        cheap = (self.ask <= self.least[choice.offer]).astype(float)
        x = np.zeros(self.size)
        x[self.price] = self.least + self.hold * self.steep
        x[self.part] = cheap / summed(choice.offer, cheap, len(self.least))[choice.offer]
        share, _ = shares_at(choice, x[self.price] * self.money)
        x[self.earned] = summed(self.pair, share * self._margin(x), len(self.earned))
        return x

    def found(self, x: Floats) -> tuple[Floats, Floats, Floats]:
        """Prices by offer, quantities by lane and scarcities by plant."""
        choice = self.choice
        scarcity = np.zeros(len(choice.capacity))
        scarcity[self.bound] = np.maximum(x[self.scarcity[self.bound]], 0.0) * self.money
        price = x[self.price] * self.money
        share, _ = shares_at(choice, price)
        part = np.where(x[self.part] > 1e-13, x[self.part], 0.0)
        return price, part * (share * self.buyers)[choice.offer], scarcity
