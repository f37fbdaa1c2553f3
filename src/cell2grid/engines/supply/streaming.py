"""Mean, deviation and quantiles of the months of plain plants over very many members, in little memory.

Which plants are plain, and the compiled part, are in ``kernel_streaming.py``; how quantiles are kept is in
``bins.py``. Plants with orders, lanes, inputs, limits or time on the line go through ``solve``, chunk by chunk.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.supply.bins import BINS, MOST_MEMBERS, Bins, Summary, empty_bins, summed_up
from cell2grid.errors import EngineError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.capability.arrays import PlantArrays
    from cell2grid.engines.supply.kernel_streaming import Plain

QUANTILES = (0.1, 0.5, 0.9)
VARIABLES = ("output", "home_sales", "stock")
PIECES = 8  # at least so many pieces of work, so that threads have some to share


def plain_summary(
    given: PlantArrays, world: Plain, *, quantiles: tuple[float, ...] = QUANTILES, threads: int | None = None
) -> Mapping[str, Summary]:
    """Output, sales and stock of each plant and month over all members, each as (plant, period).

    Parameters
    ----------
    given, world
        What ``capability`` reads, and what the ledger of plain plants reads besides.
    threads
        That share the markets; the bytes do not depend on it.

    Raises
    ------
    EngineError
        There are no members, or a factor is not a number of at least 0.
    """
    from cell2grid.engines.supply.kernel_streaming import run_market

    members = given.draw.size
    _check(world, members)
    plants, months = world.scale.shape
    markets = [market for market in (-1, *range(len(world.demand))) if (world.market == market).any()]
    parts = -(-PIECES // max(len(markets), 1))
    parts = max(parts, -(-members // MOST_MEMBERS))
    edges = [members * part // parts for part in range(parts + 1)]

    def piece(market: int, part: int) -> tuple[NDArray[np.int64], list[Bins]]:
        mine = np.flatnonzero(world.market == market).astype(np.int64)
        output, sales, stock = (empty_bins(mine.size * months) for _ in VARIABLES)
        run_market(given, world, mine, market, output, sales, stock, edges[part], edges[part + 1])
        return mine, [output, sales, stock]

    work = [(market, part) for market in markets for part in range(parts)]
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        pieces = list(pool.map(lambda asked: piece(*asked), work))
    found = {name: _blank(plants, months, len(quantiles)) for name in VARIABLES}
    for first in range(0, len(work), parts):
        mine = pieces[first][0]
        for number, name in enumerate(VARIABLES):
            one = summed_up(_joined([bins[number] for _, bins in pieces[first : first + parts]]), members, quantiles)
            for whole, part in zip(found[name], one, strict=True):
                whole[..., mine, :] = part.reshape(*whole.shape[:-2], mine.size, months)
    return found


def _blank(plants: int, months: int, quantiles: int) -> Summary:
    shape = (plants, months)
    return Summary(np.empty(shape), np.empty(shape), np.empty((quantiles, *shape)), np.empty((quantiles, *shape)))


def _joined(parts: list[Bins]) -> Bins:
    """The bins of the same cells whose members were counted apart."""
    first = parts[0]
    if len(parts) == 1:
        return first
    counts = np.zeros((len(first.low), BINS + 2), np.uint64)
    for part in parts:
        counts += part.counts
    return first._replace(
        total=np.sum([part.total for part in parts], axis=0),
        square=np.sum([part.square for part in parts], axis=0),
        least=np.min([part.least for part in parts], axis=0),
        most=np.max([part.most for part in parts], axis=0),
        counts=counts,
    )


def _check(world: Plain, members: int) -> None:
    if members == 0:
        raise EngineError("supply: there are no members to sum up")
    for name in ("scale", "scale_by_member", "demand", "demand_by_member"):
        values = getattr(world, name)
        if not (values >= 0.0).all():
            raise EngineError(f"supply: {name} of plain plants has a number that is missing or below 0")
