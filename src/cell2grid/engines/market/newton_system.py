"""The equations of one step of Newton's method on a case, and what binds the sales of each plant together in them.

They are filled in and solved by ``newton.py``, for products that stand in for each other by ``newton_crossed.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.market.kernel_case import (
    ABOVE,
    BEARS,
    GOODS,
    LEFT,
    PART,
    RENT,
    ROOM,
    UNDER,
    Bounds,
    Case,
    Owners,
    Point,
    compiled,
    left_on_step,
)
from cell2grid.engines.market.kernel_conditions import RISE, Gaps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

LEAST_BEND = 1e-6  # what keeps sales apart that no condition tells apart, in parts of a price over what a lane carries


GIVE, BIND = range(2)
BY_OUTPUT, SCARCE, FREE, WHOLE, RENT_0, MARGIN_0, DRIFT, PUSH = range(8)


class System(NamedTuple):
    """The equations of a step, solved as far as they do not depend on what is wanted.

    What binds a plant's sales together is one push y = f + (B + B0) x change of output, with B how fast its scarcity
    and its cost at the margin rise together; both are parts of it. So no digits are lost where a plant is all but full
    or all but at the edge of a step, and B without bound.
    """

    lane: Floats  # (2, J, M): how a sale answers to its own condition; how its condition rises with the push
    plant: Floats  # (8, J)
    inside: Floats  # for each group of several and market, the inverse of its conditions in its sales (n, n)
    across: Floats  # for each group of several, the inverse of what binds its plants' outputs (n, n)
    matrix: Floats  # (M, M), factored
    pivot: Places  # (M,)
    crossed: Floats  # where prices fall with the sales of other markets, the factors of each group's conditions
    swaps: Places  # and their rows


@compiled
def empty_system(owners: Owners, plants: int, markets: int, across: bool) -> System:
    """A system of zeros; ``across`` where prices fall with the sales of other markets."""
    inner, whole = 0, 0
    for g in range(owners.group.size - 1):
        n = owners.group[g + 1] - owners.group[g]
        inner += n * n if n > 1 else 0
        whole += (n * markets + n) ** 2 if across else 0
    return System(
        np.zeros((2, plants, markets)),
        np.zeros((8, plants)),
        np.zeros(inner * markets),
        np.zeros(inner),
        np.zeros((markets, markets)),
        np.zeros(markets, np.int64),
        np.zeros(whole),
        np.zeros(plants * (markets + 1) if across else 0, np.int64),
    )


@compiled
def of_output(case: Case, bounds: Bounds, point: Point, gaps: Gaps, system: System, j: int) -> None:
    """How a plant's conditions rise with its output: by steps, by the power, and by what capacity is left."""
    answer = 0.0
    for s in range(bounds.step_end.shape[1]):
        if bounds.step_end[j, s] > 0.0:
            bend = point.step[UNDER, j, s] / point.step[PART, j, s]
            if np.isfinite(bounds.step_end[j, s]):
                bend += point.step[ABOVE, j, s] / left_on_step(bounds, point, j, s)
            answer += 1.0 / bend
    by_output = 1.0 / answer if answer > 0.0 else 0.0
    scarce = point.plant[RENT, j] / point.plant[LEFT, j] if np.isfinite(bounds.plant[ROOM, j]) else 0.0
    rise = by_output + gaps.plant[RISE, j]
    free = 1.0
    if bounds.plant[GOODS, j] > 0.0:
        free = 1.0 / (scarce + rise + bounds.money / bounds.plant[GOODS, j])
    system.plant[BY_OUTPUT, j] = by_output
    system.plant[SCARCE, j] = scarce
    system.plant[FREE, j] = free
    for m in range(bounds.goods.shape[1]):
        system.lane[BIND, j, m] = (case.lane[BEARS, j, m] * rise + scarce) * free
