"""One schedule out of two that are equally good at a multiplier, so that a cap between them is met exactly.

Where every step is concave, any mix of the two levels is as good as they are. Where a step at a negative price charges
in one and discharges in the other, no mix of that step is; there the two are taken piece by piece between the times at
which their levels meet, and only a piece without such a step is mixed. ``schedule.py`` searches the multiplier.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.case import Case

Floats = npt.NDArray[np.float64]

# levels this share of the store apart have met
SAME = 1e-12


def shares(
    over: Floats, under: Floats, amounts: Floats, torn: npt.NDArray[np.bool_], need: float, room: float
) -> Floats:
    """How much of ``over`` each step takes, the rest being of ``under``, so that ``need`` is met if it can be.

    ``over`` and ``under`` are levels after the steps [MWh]; ``amounts`` is what each step adds to the capped amount in
    ``over`` beyond ``under``; ``torn`` marks the steps that cannot be mixed. ``room`` is the energy capacity.

    >>> levels = np.array([4.0, 0.0, 4.0, 0.0]), np.zeros(4)
    >>> shares(*levels, np.array([0.0, 4.0, 0.0, 4.0]), np.zeros(4, bool), 6.0, 10.0)
    array([1. , 1. , 0.5, 0.5])
    """
    meet = np.abs(over - under) <= SAME * room
    meet[-1] = True
    piece = np.concatenate([[0], np.cumsum(meet)[:-1]])
    count = int(piece[-1]) + 1
    gain = np.bincount(piece, weights=amounts, minlength=count)
    whole = np.bincount(piece, weights=torn, minlength=count) > 0
    share = np.zeros(count)
    free = float(gain[~whole & (gain > 0.0)].sum())
    # what the free pieces cannot give comes from whole ones, the largest that fit first
    for i in sorted(np.flatnonzero(whole & (gain > 0.0)), key=lambda i: -gain[i]):
        if need <= free:
            break
        if gain[i] <= need:
            share[i] = 1.0
            need -= gain[i]
    for i in np.flatnonzero(~whole & (gain > 0.0)):
        share[i] = min(1.0, need / gain[i])
        need -= share[i] * gain[i]
        if need <= 0.0:
            break
    found: Floats = share[piece]
    return found


def torn_between(case: Case, over: Floats, under: Floats) -> npt.NDArray[np.bool_]:
    """The steps in which one schedule charges, the other discharges, and doing both would be paid for.

    ``over`` and ``under`` are charge less discharge at the grid side [MW].
    """
    opposite = over * under < 0.0
    return opposite & ((case.buy_price < 0.0) | (case.sell_price < 0.0) | (case.sell_price > case.buy_price))
