"""Price competition of firms with limited capacity: whether a price war ends at marginal cost, and at which prices.

Firms name prices and sell up to what they can make; buyers go to the cheapest first (efficient rationing). What a war
does to prices month by month, where costs differ and goods travel, is in ``engines/market/price_war.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cell2grid.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# parts of demand that are taken for none
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Pivotal:
    """Whether demand at marginal cost can be met without each firm.

    ``cover`` is the capacity of a firm's rivals as a part of demand, ``pivotal`` whether it is below 1, and
    ``largest_share`` the share of all capacity above which a firm is pivotal, 0 where all are.
    """

    cover: NDArray[np.float64]
    pivotal: NDArray[np.bool_]
    largest_share: float

    @property
    def falls_to_cost(self) -> bool:
        """Whether nobody is pivotal, so that the price falls to marginal cost."""
        return not bool(self.pivotal.any())


def pivotal(capacity: Sequence[float] | NDArray[np.float64], demand: float) -> Pivotal:
    r"""Which firms are pivotal, with ``capacity`` by firm [item/year] and ``demand`` at marginal cost [item/year].

    Marginal cost c is an equilibrium of prices where for every firm i the others cover demand: a firm that asks for
    more then sells nothing. With K = sum of all K_i,

    .. math:: K - K_i \ge D(c) \quad\text{for all } i, \qquad\text{that is}\quad K_i / K \le 1 - D(c) / K

    so that at a utilisation of u (of demand at marginal cost) the price falls to it unless one firm owns more than
    1 - u of capacity. Kreps and Scheinkman (1983), doi:10.2307/3003636; Tirole, The Theory of Industrial Organization
    (1988), section 5.3.

    Raises
    ------
    InputError
        A capacity or the demand is negative or no number, or there is no firm.

    >>> found = pivotal([40.0, 35.0, 25.0], 36.5)
    >>> found.falls_to_cost, round(found.largest_share, 6), pivotal([64.0, 36.0], 36.5).pivotal.tolist()
    (True, 0.635, [True, False])
    """
    K = np.asarray(capacity, dtype=np.float64)
    if K.ndim != 1 or not len(K):
        raise InputError(f"capacity of {K.size} firms, expected one number for each of at least one firm")
    if np.isnan(K).any() or (K < 0.0).any():
        raise InputError(f"capacity {K[np.isnan(K) | (K < 0.0)][0]:g} is no capacity; write 0 or more")
    if not 0.0 <= demand < np.inf:
        raise InputError(f"demand {demand:g} is not from 0 up; write what is bought at marginal cost")
    # summed anew for each: what an infinite one leaves cannot be had by taking it off
    rivals = np.array([np.delete(K, i).sum() for i in range(len(K))])
    whole = float(K.sum())
    largest = 1.0 if whole == np.inf else max(1.0 - demand / whole, 0.0) if whole > 0.0 else 0.0
    with np.errstate(divide="ignore"):
        cover = rivals / demand if demand > 0.0 else np.full(len(K), np.inf)
    return Pivotal(cover, cover < 1.0 - _ROUNDING, largest)


@dataclass(frozen=True, slots=True)
class WarPrices:
    """Between which prices a war is fought [currency/item], and what it ends in.

    ``cost``: the price falls to marginal cost. ``capacity``: all sell all they can make, at the price that clears that.
    ``monopoly``: one firm has all capacity, and nobody to fight with.
    ``no rest``: no price is stable; they move between ``low`` and ``high`` (an Edgeworth cycle, or prices at random).
    """

    ends_in: Literal["cost", "capacity", "monopoly", "no rest"]
    low: float
    high: float


def war_prices(
    capacity: Sequence[float] | NDArray[np.float64], cost: float, intercept: float, slope: float
) -> WarPrices:
    r"""Between which prices firms of one marginal cost undercut each other, with demand P = intercept - slope x Q.

    Nobody pivotal: marginal cost. Else, with r(K_{-i}) = (a - c - b K_{-i}) / 2b the best reply in quantities: where
    K_i <= r(K_{-i}) for the largest firm, and so for all, nobody wants to sell less, and the price clears capacity,
    a - b K. Else the largest firm does best at p^H = (a + c - b K_{-1}) / 2 on what its rivals leave, and rather sells
    at that than below p^L, at which all it can sell brings as much:

    .. math:: (p^L - c) \min(K_1, D(p^L)) = (p^H - c) (D(p^H) - K_{-1})

    Kreps and Scheinkman (1983), doi:10.2307/3003636, for two firms; the ends of the prices rest on the largest firm
    with more of them too.

    Raises
    ------
    InputError
        A number is not finite or not in its range, or nothing is bought at marginal cost.

    >>> war_prices([0.6, 0.6], 0.0, 1.0, 1.0).ends_in, war_prices([0.2, 0.2], 0.0, 1.0, 1.0)
    ('no rest', WarPrices(ends_in='capacity', low=0.6, high=0.6))
    """
    a, b, c = intercept, slope, cost
    if not (np.isfinite([a, b, c]).all() and b > 0.0 and c >= 0.0):
        raise InputError(f"cost {c:g}, intercept {a:g}, slope {b:g}: expected a cost from 0 and a slope above 0")
    if a <= c:
        raise InputError(f"intercept {a:g} is not above the cost {c:g}; nothing is bought at marginal cost")
    if pivotal(capacity, (a - c) / b).falls_to_cost:
        return WarPrices("cost", c, c)
    K = np.asarray(capacity, dtype=np.float64)
    largest = int(K.argmax())
    rivals = float(np.delete(K, largest).sum())
    if K[largest] <= (a - c - b * rivals) / (2.0 * b):
        price = float(a - b * K.sum())
        return WarPrices("capacity", price, price)
    high = (a + c - b * rivals) / 2.0
    if rivals == 0.0:
        return WarPrices("monopoly", high, high)
    profit = (high - c) * ((a - high) / b - rivals)
    # where its capacity exceeds demand at the low price, it sells demand: the lower root of (p - c)(a - p) / b = profit
    low = c + profit / float(K[largest])
    if K[largest] > (a - low) / b:
        low = (a + c - float(np.sqrt(max((a - c) ** 2 - 4.0 * b * profit, 0.0)))) / 2.0
    return WarPrices("no rest", low, high)
