"""The kernel's schedule in bounded memory: block after block of time steps, back and then forward.

What the walk forward needs of a block is kept while there is room for it, and made again from the value at the block's
end where there is none; long smooth ramps of negative prices at short steps make that many segments.
"""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel import plan_steps
from cell2grid.engines.dispatch.kernel.sweep import DONE, TOO_MANY, Steps, Swept, Value, ending, sweep, worth_at
from cell2grid.engines.dispatch.kernel.walk import walk
from cell2grid.errors import NotConvergedError

Floats = npt.NDArray[np.float64]

BLOCK = 16_384  # steps; a year of hours is one block
SHORT_BLOCK = 512
# segments (16 bytes each) that may be kept for the walk forward, of all blocks and of one
ROOM = 1_000_000
_NO_PATH = np.empty(0)


def planned(steps: Steps, *, deadline: float) -> tuple[Floats, float]:
    """The energy after each step of the best schedule [MWh], and its value; NaN where there is none.

    Raises
    ------
    NotConvergedError
        The clock (``time.monotonic``) passed the deadline between two blocks.
    """
    count = len(steps.money)
    if _is_concave(steps):
        return _concave(steps)
    if count <= SHORT_BLOCK:
        return plan_steps(steps)
    values, kept = _back(steps, BLOCK if count < 20 * BLOCK else 4 * BLOCK, deadline)
    worth = worth_at(values[-1][1], steps.start, steps.room) if values[-1][0] == 0 else np.nan
    energy = np.full(count, np.nan)
    if np.isnan(worth):
        return energy, worth
    stored = steps.start
    for (first, _), (last, after) in zip(reversed(values[1:]), reversed(values[:-1]), strict=True):
        stored = _forward(steps, first, last, after, kept.get(first), stored, energy, deadline)
    return energy, worth


def _is_concave(steps: Steps) -> bool:
    """Whether the faster kernel has the answer: two prices that never pay for both ways, and a store of one size."""
    return bool(
        steps.cost.shape[1] == 2
        and (steps.outward == 1).all()
        and (steps.flow[:, 1] == 0.0).all()
        and (steps.cost[:, 0] <= steps.cost[:, 1]).all()
        and (steps.money == steps.cost[:, 0] * -steps.flow[:, 0]).all()
        and is_one_size(steps)
    )


def is_one_size(steps: Steps) -> bool:
    """Whether a store has the same room in every step, keeps all of it, and is worth nothing at the end."""
    return bool(
        len(steps.end_worth) == 1
        and steps.end_worth[0] == 0.0
        and (steps.kept == 1.0).all()
        and not steps.lowest[:-1].any()
        and (steps.highest == steps.end_length[0]).all()
    )


def _concave(steps: Steps) -> tuple[Floats, float]:
    from cell2grid.engines.dispatch.kernel.concave import plan

    most_in, most_out = np.ascontiguousarray(steps.flow[:, 2]), np.ascontiguousarray(-steps.flow[:, 0])
    buy, sell = np.ascontiguousarray(steps.cost[:, 1]), np.ascontiguousarray(steps.cost[:, 0])
    full, end = float(steps.highest[0]), float(steps.lowest[-1])
    if steps.start + float(most_in.sum()) < end * (1.0 - 1e-12):
        return np.full(len(buy), np.nan), float("nan")
    energy, value = plan(buy, sell, most_in, most_out, full, float(steps.start), end)
    return energy, float(value)


def marginals(steps: Steps, before: Floats) -> Floats:
    """What one MWh less and one more in the store is worth in each step, along the levels before the steps [MWh].

    By (timestep, 2) [currency/MWh]; infinite where the level has nowhere to go.
    """
    count = len(steps.money)
    found = np.empty((count, 2))
    after = ending(steps)
    for last in range(count, 0, -BLOCK):
        first = max(last - BLOCK, 0)
        swept = sweep(steps, first, last, after, False, before[first:last], -1)
        found[first:last] = swept.marginal
        after = swept.now
    return found


def _back(steps: Steps, block: int, deadline: float) -> tuple[list[tuple[int, Value]], dict[int, Swept]]:
    """The value before the first step of each block, from the end on, and what there was room to keep of them."""
    last = len(steps.money)
    values, kept, used = [(last, ending(steps))], {}, 0
    while last > 0:
        _check(deadline, last)
        first = max(last - block, 0)
        swept = sweep(steps, first, last, values[-1][1], True, _NO_PATH, max(ROOM - used, 0))
        if swept.ended == TOO_MANY:
            # shorter blocks are passed without keeping anything, and can be made again one by one
            block = SHORT_BLOCK
            first = max(last - block, 0)
            swept = sweep(steps, first, last, values[-1][1], False, _NO_PATH, -1)
        else:
            kept[first] = swept
            used += len(swept.slopes)
        if swept.ended != DONE:
            break
        values.append((first, swept.now))
        last = first
    return values, kept


def _forward(
    steps: Steps, first: int, last: int, after: Value, swept: Swept | None, stored: float, energy: Floats,
    deadline: float,
) -> float:  # fmt: skip
    """Walk through one block and give back the energy after it."""
    if swept is None:
        _check(deadline, first)
        swept = sweep(steps, first, last, after, True, _NO_PATH, -1)
    return float(walk(steps, first, last, stored, swept, energy))


def _check(deadline: float, step: int) -> None:
    if time.monotonic() > deadline:
        raise NotConvergedError(
            f"storage asset: the time limit passed at timestep {step}; allow more time, shorten the horizon, or take "
            "longer steps"
        )
