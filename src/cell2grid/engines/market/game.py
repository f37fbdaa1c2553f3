"""The numbers of a market game as plain arrays: what every method of ``engines.market`` reads, and what it fills.

A case is one member in one period; cases share nothing but who owns what. Quantities are rates [item/year], money is in
one currency. F firms, J plants, M markets, S steps of cost, Q quotas, B cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Game(NamedTuple):
    """What is given; C-contiguous float64 but for ``firm`` (int64), ``isoelastic`` and ``in_quota`` (bool).

    With X what a plant sells and P the price of a market, its firm earns P / (1 + duty_on_price) an item, and one
    more costs it (1 + duty_on_cost) x (mc(X) + freight) + duty_amount, with mc(X) = level of the step of X +
    (power_scale x X) ^ power_exponent; the firm takes the value at customs, mc(X) + freight, as it is.
    """

    firm: NDArray[np.int64]  # (J,): who decides over the plant
    interest: NDArray[np.float64]  # (F, F): what a firm earns of the other's profit; 1 of its own
    capacity: NDArray[np.float64]  # (B, J) item/year; inf where none binds
    step_width: NDArray[np.float64]  # (B, J, S) item/year; 0 for steps that a plant does not have, inf for the last
    step_cost: NDArray[np.float64]  # (B, J, S) currency/item; rises from step to step
    power_scale: NDArray[np.float64]  # (B, J) year/item to the power's measure; 0 where there is none
    power_exponent: NDArray[np.float64]  # (B, J)
    freight: NDArray[np.float64]  # (B, J, M) currency/item; nan where the plant cannot sell
    duty_on_cost: NDArray[np.float64]  # (B, J, M) ratio
    duty_on_price: NDArray[np.float64]  # (B, J, M) ratio
    duty_amount: NDArray[np.float64]  # (B, J, M) currency/item
    least_price: NDArray[np.float64]  # (B, J, M) currency/item: sold at this price or not at all; nan where none
    in_quota: NDArray[np.bool_]  # (Q, J, M): which sales count against a quota
    quota: NDArray[np.float64]  # (B, Q) item/year
    over_on_cost: NDArray[np.float64]  # (B, Q) ratio: what is paid above the quota besides the duties above
    over_on_price: NDArray[np.float64]  # (B, Q) ratio: added to duty_on_price
    over_amount: NDArray[np.float64]  # (B, Q) currency/item
    isoelastic: NDArray[np.bool_]  # (M,)
    intercept: NDArray[np.float64]  # (B, M) linear: P = intercept - slope Q - sum of cross_slope x the others' Q
    slope: NDArray[np.float64]  # (B, M)
    cross_slope: NDArray[np.float64]  # (B, M, M): 0 on the diagonal
    scale: NDArray[np.float64]  # (B, M) isoelastic: Q = scale P ^ -elasticity
    elasticity: NDArray[np.float64]  # (B, M)
    conduct: NDArray[np.float64]  # (B, F, M): 1 Cournot, 0 price-taking


class Equilibrium(NamedTuple):
    """What was found, case by case.

    ``residual`` is the largest violation of the conditions of an equilibrium over all plants and markets, relative to
    the price of the market, and of sales against capacities and quotas relative to what is sold in the markets.
    """

    price: NDArray[np.float64]  # (B, M) currency/item; what the first buyer would pay where nothing is sold
    sales: NDArray[np.float64]  # (B, J, M) item/year
    over: NDArray[np.float64]  # (B, J, M) item/year of these sales that pay the rate above a quota
    scarcity: NDArray[np.float64]  # (B, J) currency/item that one more item of capacity would bring
    licence: NDArray[np.float64]  # (B, Q) currency/item that a place in the quota is worth
    residual: NDArray[np.float64]  # (B,)
    unique: NDArray[np.bool_]  # (B,): whether the sales are the only ones at these prices
    method: NDArray[np.int8]  # (B,): place in METHODS


METHODS = ("water-filling", "interior-point", "complementarity", "clarabel")
