"""Who is served what in one month, in numpy over all members at once: orders, then markets, rank by rank, turn by turn.

What a shock keeps from leaving is set aside: it has left the room that others are served from, and is still in stock.
A market has two counts: ``asked`` falls by what would leave in a normal month, ``missing`` by what leaves. What shocks
keep from a market, plants without a shock may bring in their stead. Making is ``plain.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.supply.given import Given
    from cell2grid.engines.supply.network import Network

CRUMB = 1e-12  # rounds of asking end when one gives no more than this part of all that is on hand


def served(
    numbers: Given,
    net: Network,
    month: int,
    on_hand: NDArray[np.float64],
    waiting: NDArray[np.float64],
    backlog: NDArray[np.float64],
    shipped: NDArray[np.float64],
    order_shipped: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is left at each plant, and what of it waits for its way abroad (member, plant).

    ``shipped`` and ``order_shipped`` are filled in for the month, ``backlog`` falls by what leaves.
    """
    hands = _Hands(numbers, net, month, on_hand, waiting, backlog)
    for turn in range(numbers.turn_share.shape[-1]):
        hands.begin(turn)
        for level in range(net.levels[month, turn]):
            hands.to_orders(level, order_shipped, shipped)
            hands.to_markets(level, shipped)
    backlog -= hands.order_left
    return hands.left, hands.aside


class _Hands:
    """What each plant has left in the month, and what each market and order still wants of it."""

    def __init__(
        self,
        numbers: Given,
        net: Network,
        month: int,
        on_hand: NDArray[np.float64],
        waiting: NDArray[np.float64],
        backlog: NDArray[np.float64],
    ) -> None:
        self.numbers, self.net, self.month = numbers, net, month
        self.on_hand, self.left = on_hand, on_hand.copy()
        self.free = on_hand.copy()  # left, less what has been set aside in this month
        self.aside = np.zeros_like(on_hand)
        self.before = waiting.copy()  # what waits since earlier months, and has not been used for exports
        self.missing = numbers.demand[:, :, month].copy()
        self.asked = self.missing.copy()
        self.order_asked = np.where(net.order_from <= month, backlog, 0.0)
        self.order_left = np.zeros_like(backlog)
        self.lane_scale = numbers.lane_scale[:, :, month]
        self.sells, self.lane = net.market_lane >= 0, np.maximum(net.market_lane, 0)  # (plant, market)
        self.scale = numbers.export_scale[:, :, month]
        self.abroad = self.sells & net.abroad[self.lane]
        self.sold = _sold(numbers, net, month)
        self.turn = 0
        self.room, self.normal, self.now, self.kept = (np.zeros_like(on_hand) for _ in range(4))

    def begin(self, turn: int) -> None:
        """Offer what the turn offers, and count what of it may go abroad."""
        self.turn = turn
        last = self.net.last_turn[:, self.month]
        share = self.numbers.turn_share[:, self.month, turn]
        offered = np.where(turn == last, self.free, np.minimum(share * self.on_hand, self.free))
        self.room = np.where((turn <= last) & ((share > 0) | (turn == last)), offered, 0.0)
        old = np.minimum(self.before, self.room)
        self.normal = old + self.numbers.export_share[:, :, self.month, turn] * (self.room - old)
        self.now = self.normal * self.scale
        self.kept = np.minimum(old, self._wanted_abroad())

    def _edges(self, level: int, *, up_to: bool = False) -> NDArray[np.bool_]:
        """(plant, market): served at this level; ``up_to``, or at one before."""
        at = self.net.level[self.lane, self.month, self.turn]
        found: NDArray[np.bool_] = self.sells & (((at >= 0) & (at <= level)) if up_to else (at == level))
        return found

    def _wanted_abroad(self) -> NDArray[np.float64]:
        """What markets and orders abroad want of each plant; markets ask in proportion to what is offered."""
        lanes = self.sells & (self.net.level[self.lane, self.month, self.turn] >= 0)
        offered = self.room[:, :, None] * lanes
        total = offered.sum(axis=1, keepdims=True)
        part = np.divide(offered, total, out=np.zeros_like(offered), where=total > 0)
        # an infinite demand times nothing would be no number
        asked = np.where(part > 0, np.where(part > 0, part, 1.0) * self.asked[:, None, :], 0.0)
        wanted: NDArray[np.float64] = np.where(self.abroad, asked, 0.0).sum(axis=2)
        for order, (plant, lane) in enumerate(zip(self.net.order_plant, self.net.order_lane, strict=True)):
            if self.net.abroad[lane]:
                wanted[:, plant] += self.order_asked[:, order]
        return wanted

    def to_orders(self, level: int, order_shipped: NDArray[np.float64], shipped: NDArray[np.float64]) -> None:
        """Serve the orders of a level in the order of their queue."""
        for order in self.net.queue:
            plant, lane = self.net.order_plant[order], self.net.order_lane[order]
            if self.net.level[lane, self.month, self.turn] != level:
                continue
            wanted, scale = self.order_asked[:, order], self.lane_scale[:, lane]
            if self.net.abroad[lane]:
                normal = np.minimum(np.minimum(wanted, self.room[:, plant]), self.normal[:, plant])
                taken = np.minimum(normal * scale, self.now[:, plant])
                self._gone_abroad(plant, normal, taken)
            else:
                normal = np.minimum(wanted, np.maximum(self.room[:, plant] - self.kept[:, plant], 0.0))
                taken = normal * scale
            self._gone(plant, normal, taken)
            self.order_asked[:, order] -= normal
            self.order_left[:, order] += taken
            order_shipped[:, order, self.month] += taken
            shipped[:, lane, self.month] += taken

    def _gone(self, plant: int | slice, normal: NDArray[np.float64], taken: NDArray[np.float64]) -> None:
        self.room[:, plant] = np.maximum(self.room[:, plant] - normal, 0.0)
        self.free[:, plant] = np.maximum(self.free[:, plant] - normal, 0.0)
        self.left[:, plant] = np.maximum(self.left[:, plant] - taken, 0.0)

    def _gone_abroad(self, plant: int | slice, normal: NDArray[np.float64], taken: NDArray[np.float64]) -> None:
        self.normal[:, plant] = np.maximum(self.normal[:, plant] - normal, 0.0)
        self.now[:, plant] = np.maximum(self.now[:, plant] - taken, 0.0)
        self.before[:, plant] = np.maximum(self.before[:, plant] - normal, 0.0)
        self.kept[:, plant] = np.maximum(self.kept[:, plant] - normal, 0.0)
        # what rounding takes is kept by no shock
        self.aside[:, plant] += np.where(normal - taken > CRUMB * normal, normal - taken, 0.0)

    def to_markets(self, level: int, shipped: NDArray[np.float64]) -> None:
        """Serve the markets of a level: those with a limit, then those that take all that is left."""
        edges = self._edges(level)
        if not edges.any():
            return
        limited = np.isfinite(self.missing)
        self._rounds(edges & limited[:, None, :], shipped)
        if (limited & (self.missing > self.asked)).any():
            scale = self.lane_scale[:, self.lane]
            open_now = (scale >= 1.0) & (~self.abroad | (self.scale[:, :, None] >= 1.0))
            asked, self.asked = self.asked, self.missing.copy()
            self._rounds(self._edges(level, up_to=True) & open_now & limited[:, None, :], shipped)
            self.asked = np.minimum(asked, self.missing)
        self._rounds(edges & ~limited[:, None, :], shipped)

    def _rounds(self, edges: NDArray[np.bool_], shipped: NDArray[np.float64]) -> None:
        """Markets ask the plants in proportion to what these can give, until all are served or nothing is left."""
        crumb = CRUMB * self.on_hand.sum(axis=1)
        for _ in range(2 * len(self.net.home) + 2):
            given = self._round(edges, shipped)
            if not (given > crumb).any():
                return

    def _round(self, edges: NDArray[np.bool_], shipped: NDArray[np.float64]) -> NDArray[np.float64]:
        """One asking; back comes what it gave in all (member)."""
        abroad = self.abroad
        want, weight = self._asks(edges)
        far, near = (np.where(side, weight, 0.0).sum(axis=2) for side in (abroad, ~abroad))
        far_want, near_want = (np.where(side, want, 0.0).sum(axis=2) for side in (abroad, ~abroad))
        part = np.divide(far, far + near, out=np.zeros_like(far), where=far > 0)
        give_far = np.minimum(np.minimum(far_want, self.room * part), self.normal)
        kept = np.maximum(self.kept - give_far, 0.0)
        give_near = np.minimum(near_want, np.maximum(self.room - give_far - kept, 0.0))
        per_far = np.divide(give_far, far, out=np.zeros_like(far), where=far > 0)
        per_near = np.divide(give_near, near, out=np.zeros_like(near), where=near > 0)
        normal = weight * np.where(abroad, per_far[:, :, None], per_near[:, :, None])
        taken = normal * self.lane_scale[:, self.lane]
        leaving = np.where(abroad, taken, 0.0).sum(axis=2)
        within = np.divide(self.now, leaving, out=np.ones_like(leaving), where=leaving > self.now)
        taken = np.where(abroad, taken * within[:, :, None], taken)
        went_far = np.where(abroad, taken, 0.0).sum(axis=2)
        everything = slice(None)
        self._gone_abroad(everything, give_far, went_far)
        self._gone(everything, give_far + give_near, taken.sum(axis=2))
        self.asked = np.maximum(self.asked - normal.sum(axis=1), 0.0)
        if self.sold is not None:
            self.sold = np.maximum(self.sold - normal, 0.0)
        self.missing = np.maximum(self.missing - taken.sum(axis=1), 0.0)
        for plant, market in zip(*np.nonzero(self.sells), strict=True):
            shipped[:, self.lane[plant, market], self.month] += taken[:, plant, market]
        given: NDArray[np.float64] = (give_far + give_near).sum(axis=1)
        return given

    def _asks(self, edges: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How much each market asks of each plant, and with what weight where the plant is short."""
        near = np.maximum(self.room - self.kept, 0.0)
        far = np.minimum(self.room, self.normal)
        able = np.where(edges, np.where(self.abroad, far[:, :, None], near[:, :, None]), 0.0)
        if self.sold is not None:
            able = np.minimum(able, self.sold)
        total = able.sum(axis=1, keepdims=True)
        part = np.divide(able, total, out=np.zeros_like(able), where=total > 0)
        ask = (able > 0) & (self.asked[:, None, :] > 0)
        unlimited = np.isinf(self.asked)[:, None, :]
        finite = np.where(unlimited, 0.0, self.asked[:, None, :])
        each = part * finite
        if self.sold is not None:
            each = np.where(np.isfinite(self.sold), np.minimum(each, able), each)
        want = np.where(ask, np.where(unlimited, np.inf, each), 0.0)
        return want, np.where(ask, np.where(unlimited, 1.0, each), 0.0)


def _sold(numbers: Given, net: Network, month: int) -> NDArray[np.float64] | None:
    """What each plant has sold to each market in the month (member, plant, market); infinite where nobody says."""
    if not numbers.sold.shape[0]:
        return None
    found = np.full((numbers.startable.shape[0], *net.market_lane.shape), np.inf)
    plant = np.repeat(np.arange(net.market_lane.shape[0]), np.diff(net.edge_from))
    on_edges = numbers.sold[:, :, numbers.term[month]]
    share = numbers.month_share[:, plant, month]
    found[:, plant, net.edge_market] = np.where(np.isinf(on_edges), np.inf, np.nan_to_num(on_edges) * share)
    return found
