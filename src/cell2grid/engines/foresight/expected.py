"""What the methods without foresight are told: forecasts of prices as blocks of rows, each made in one step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt

from cell2grid.errors import EngineError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# rows are made for this many prices at once: 16 MB
BLOCK = 2_000_000


class Expectation(Protocol):
    """A forecast: it may use what is known in the step in which a row is made, and nothing later."""

    @property
    def name(self) -> str:
        """How a table names it."""

    def prices(self, first: int, last: int, leads: int) -> Floats:
        """The prices [currency/MWh] expected in the steps ``first`` to before ``last`` of themselves and of the
        ``leads`` - 1 steps after, by (step, lead). Steps below 0 are those of the past."""


def windows(step_hours: Floats, window_hours: float) -> Integers:
    """The step before which the window of each step ends: the last to begin within ``window_hours``, or the horizon.

    >>> windows(np.ones(5), 2.0)
    array([2, 3, 4, 5, 5])
    """
    begin = np.concatenate([[0.0], np.cumsum(step_hours)[:-1]])
    ends = np.searchsorted(begin, begin + window_hours * (1.0 - 1e-9), side="left")
    return np.maximum(ends, np.arange(1, len(step_hours) + 1)).astype(np.int64)


def blocks(forecast: Expectation, price: Floats, ends: Integers, every: int) -> Iterator[tuple[int, Floats, Integers]]:
    """The first step of each block of rows, the rows of every ``every``-th step, and where their windows end.

    The price of a step is known in it, whatever the forecast says.
    """
    steps = len(price)
    leads = int((ends - np.arange(steps)).max())
    rows = max(BLOCK // leads // every, 1) * every
    for first in range(0, steps, rows):
        last = min(first + rows, steps)
        expected = np.array(forecast.prices(first, last, leads), dtype=np.float64)
        if expected.shape != (last - first, leads):
            raise EngineError(
                f"forecast '{forecast.name}' gave {expected.shape} prices, asked for {(last - first, leads)}"
            )
        expected[:, 0] = price[first:last]
        chosen = slice(None, None, every)
        block = np.ascontiguousarray(expected[chosen])
        within = np.arange(leads) < (ends[first:last][chosen] - np.arange(first, last)[chosen])[:, None]
        if not np.isfinite(block[within]).all():
            row, lead = np.argwhere(within & ~np.isfinite(block))[0]
            raise EngineError(
                f"forecast '{forecast.name}' expects {block[row, lead]} in step {first + row * every} for the step "
                f"{lead} later; a forecast is a finite number"
            )
        yield first, block, ends[first:last][chosen]
