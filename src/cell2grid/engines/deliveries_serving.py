"""How one plant serves one month: what it has on hand, the limit on exports, and what shocks set aside.

All numbers are arrays over members. Who waits in which month is said by ``deliveries.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOME, ABROAD = False, True


class OnHand:
    """What a plant has left to give in a month, what of it may go abroad, and what is set aside to go abroad later.

    Exports take at most ``exports_normal``, and in a month with a shock at most ``exports_now`` of it. The difference
    is set aside: it waits in stock for its way abroad, and home does not get it. ``kept`` is what waits from before.

    >>> ten, four, one = np.array([10.0]), np.array([4.0]), np.array([1.0])
    >>> hand = OnHand(ten, exports_normal=four, exports_now=one, kept=0 * ten)
    >>> float(hand.take(np.array([6.0]), abroad=True)[0]), float(hand.take(ten, abroad=False)[0])
    (1.0, 6.0)
    >>> float(hand.waiting[0])
    3.0
    """

    def __init__(
        self,
        items: NDArray[np.float64],
        *,
        exports_normal: NDArray[np.float64],
        exports_now: NDArray[np.float64],
        kept: NDArray[np.float64],
    ) -> None:
        self.left = items.copy()
        self.waiting = np.zeros_like(items)
        self._normal_left = exports_normal
        self._now_left = exports_now
        self._kept = kept

    def take(self, wanted: NDArray[np.float64], *, abroad: bool) -> NDArray[np.float64]:
        """Hand out what is wanted, as far as it reaches."""
        free = np.maximum(self.left - self.waiting, 0.0)
        if not abroad:
            taken = np.minimum(wanted, np.maximum(free - self._kept, 0.0))
            self.left = self.left - taken
            return taken
        normal = np.minimum(np.minimum(wanted, free), self._normal_left)
        taken = np.minimum(normal, self._now_left)
        self._normal_left = self._normal_left - normal
        self._now_left = self._now_left - taken
        self._kept = np.maximum(self._kept - normal, 0.0)
        self.waiting = self.waiting + (normal - taken)
        self.left = self.left - taken
        return taken


def sides_in_turn(first_served: float) -> tuple[tuple[bool, ...], ...]:
    """Home and abroad in the order in which they are served; both at once where no rule says who is first.

    >>> sides_in_turn(1.0)
    ((True,), (False,))
    """
    if first_served > 0:
        return (ABROAD,), (HOME,)
    if first_served < 0:
        return (HOME,), (ABROAD,)
    return ((HOME, ABROAD),)


def to_markets(hand: OnHand, demand: NDArray[np.float64], abroad: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What each market gets: in proportion to demand; then those without limit share what is left equally.

    Where the limit on exports binds, home gets what that leaves.

    Parameters
    ----------
    demand
        (member, market) in items; infinite where a market takes all that is left.
    abroad
        (market): whether it lies in another region than the plant's.
    """
    unlimited = np.isinf(demand)
    limited = np.where(unlimited, 0.0, demand)
    given = np.zeros_like(demand)
    for wanted, weight in ((limited, limited), (demand, unlimited.astype(float))):
        if not weight.any():
            continue
        for side, items in _of_sides(hand, wanted, weight, abroad):
            total = weight[:, side].sum(axis=1)
            part = np.divide(items, total, out=np.zeros_like(items), where=total > 0)
            given[:, side] += weight[:, side] * part[:, None]
    return given


def _of_sides(
    hand: OnHand, wanted: NDArray[np.float64], weight: NDArray[np.float64], abroad: NDArray[np.bool_]
) -> list[tuple[NDArray[np.bool_], NDArray[np.float64]]]:
    """What exports get, at most their proportional part and the limit, and what home gets of the rest."""
    both = weight.sum(axis=1)
    outside = weight[:, abroad].sum(axis=1)
    part = np.divide(outside, both, out=np.zeros_like(both), where=both > 0)
    reach = np.maximum(hand.left - hand.waiting, 0.0) * part
    exports = hand.take(np.minimum(_total(wanted, weight, abroad), reach), abroad=ABROAD)
    home = hand.take(_total(wanted, weight, ~abroad), abroad=HOME)
    return [(abroad, exports), (~abroad, home)]


def _total(wanted: NDArray[np.float64], weight: NDArray[np.float64], side: NDArray[np.bool_]) -> NDArray[np.float64]:
    total: NDArray[np.float64] = np.where(weight[:, side] > 0, wanted[:, side], 0.0).sum(axis=1)
    return total
