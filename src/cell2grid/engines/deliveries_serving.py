"""How one plant serves one month: what it has on hand, orders first, then markets, and the limit on exports.

All numbers are arrays over members. Who waits in which month is said by ``deliveries.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOME, ABROAD = False, True


class OnHand:
    """What a plant has left to give in a month, and what of it may still go abroad.

    >>> hand = OnHand(np.array([10.0]), exports_at_most=np.array([4.0]))
    >>> float(hand.take(np.array([6.0]), abroad=True)[0]), float(hand.left[0])
    (4.0, 6.0)
    """

    def __init__(self, items: NDArray[np.float64], *, exports_at_most: NDArray[np.float64]) -> None:
        self.left = items.copy()
        self.exports_left = np.minimum(exports_at_most, items)

    def take(self, wanted: NDArray[np.float64], *, abroad: bool) -> NDArray[np.float64]:
        """Hand out what is wanted, as far as it reaches."""
        taken = np.minimum(wanted, self.left)
        if abroad:
            taken = np.minimum(taken, self.exports_left)
            self.exports_left = self.exports_left - taken
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
    exports = hand.take(np.minimum(_total(wanted, weight, abroad), hand.left * part), abroad=ABROAD)
    home = hand.take(_total(wanted, weight, ~abroad), abroad=HOME)
    return [(abroad, exports), (~abroad, home)]


def _total(wanted: NDArray[np.float64], weight: NDArray[np.float64], side: NDArray[np.bool_]) -> NDArray[np.float64]:
    total: NDArray[np.float64] = np.where(weight[:, side] > 0, wanted[:, side], 0.0).sum(axis=1)
    return total
