"""Members of plain plants through ``capability`` and the ledger, of which only sums are kept; compiled.

Plain are plants that keep nothing on the line, take in nothing, know no limit of stock, and sell to one market at home
or to none. A market then shares out what its own plants have, and knows of no other: it is one piece of work, in which
a block of members is held at a time, plant by plant and month by month, so that the bins of its cells stay near.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.capability.kernel import fill_plant
from cell2grid.engines.supply.bins import PILOT, Bins, compiled, count, set_bounds, summing, widen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.capability.arrays import PlantArrays

BLOCK = 64  # members at a time


class Plain(NamedTuple):
    """What the ledger of plain plants reads besides ``capability``; markets are numbers, -1 is none."""

    market: NDArray[np.int64]  # (plant)
    scale: NDArray[np.float64]  # (plant, period): what stops and shifts leave
    scale_by_member: NDArray[np.float64]  # (member, plant): what else is left, as availability
    demand: NDArray[np.float64]  # (market, period); infinite where it takes all
    demand_by_member: NDArray[np.float64]  # (member, market): a factor of it


class Block(NamedTuple):
    """Room for a block of members of the plants of one market."""

    rows: NDArray[np.float64]  # (capacity, ramp, yield and outages of one plant; period)
    fresh: NDArray[np.float64]  # (plant, period, member)
    stock: NDArray[np.float64]  # (plant, member)
    sold: NDArray[np.float64]  # (plant, member)
    part: NDArray[np.float64]  # (member)
    place: NDArray[np.int32]  # (member)


@compiled
def run_market(
    given: PlantArrays,
    world: Plain,
    plants: NDArray[np.int64],
    market: int,
    output: Bins,
    sales: Bins,
    stock: Bins,
    first: int,
    last: int,
) -> None:
    """Count the members ``first`` to ``last - 1`` of the plants of one market; the first of all set the bounds.

    Cells are numbered plant by plant in the order of ``plants``, and month by month.
    """
    months = world.scale.shape[1]
    block = Block(
        np.empty((4, months)), np.empty((plants.size, months, BLOCK)), np.empty((plants.size, BLOCK)),
        np.empty((plants.size, BLOCK)),
        np.empty(BLOCK), np.empty(BLOCK, np.int32),
    )  # fmt: skip
    for begin in range(0, min(PILOT, given.draw.size), BLOCK):
        run_block(
            given, world, plants, market, output, sales, stock, block, begin, min(BLOCK, given.draw.size - begin), True
        )
    for bins in (output, sales, stock):
        set_bounds(bins, 0, plants.size * months)
    for begin in range(first, last, BLOCK):
        run_block(given, world, plants, market, output, sales, stock, block, begin, min(BLOCK, last - begin), False)


@compiled
def run_block(
    given: PlantArrays,
    world: Plain,
    plants: NDArray[np.int64],
    market: int,
    output: Bins,
    sales: Bins,
    stock: Bins,
    block: Block,
    begin: int,
    members: int,
    pilot: bool,
) -> None:
    """One block of members; a ``pilot`` only finds what the cells span."""
    months = world.scale.shape[1]
    for i in range(plants.size):
        make(given, world, plants[i], block, i, begin, members)
        tell(output, i * months, 1, block.fresh[i], members, block.place, pilot)
    block.stock[:] = 0.0
    for t in range(months):
        share_out(world, plants.size, market, block, t, begin, members)
        sell(block, t, members)
        tell(sales, t, months, block.sold, members, block.place, pilot)
        tell(stock, t, months, block.stock, members, block.place, pilot)


@compiled
def make(given: PlantArrays, world: Plain, plant: int, block: Block, i: int, begin: int, members: int) -> None:
    """The output of one plant by month and member."""
    fresh, rows = block.fresh[i], block.rows
    for m in range(members):
        fill_plant(given, begin + m, plant, rows[0], rows[1], rows[2], rows[3])
        part = world.scale_by_member[begin + m, plant]
        for t in range(fresh.shape[0]):
            fresh[t, m] = rows[0, t] * rows[1, t] * rows[2, t] * rows[3, t] * world.scale[plant, t] * part


@summing
def share_out(world: Plain, plants: int, market: int, block: Block, t: int, begin: int, members: int) -> None:
    """The part of what its plants have that the market takes, by member."""
    part, stock, fresh = block.part, block.stock, block.fresh
    demand, by_member = world.demand, world.demand_by_member
    part[:] = 0.0
    if market < 0:
        return
    for i in range(plants):
        for m in range(members):
            part[m] += stock[i, m] + fresh[i, t, m]
    for m in range(members):
        wanted = demand[market, t] * by_member[begin + m, market]
        part[m] = wanted / part[m] if part[m] > wanted else 1.0


@summing
def sell(block: Block, t: int, members: int) -> None:
    """What each plant sells in the month, and its stock after it."""
    part, stock, fresh, sold = block.part, block.stock, block.fresh, block.sold
    for i in range(len(stock)):
        for m in range(members):
            has = stock[i, m] + fresh[i, t, m]
            gone = has * part[m]
            sold[i, m] = gone
            stock[i, m] = has - gone


@compiled
def tell(
    bins: Bins, first: int, step: int, values: NDArray[np.float64], members: int, place: NDArray[np.int32], pilot: bool
) -> None:
    """Count the values of cells, or let their bounds reach to them."""
    if pilot:
        widen(bins, first, step, values, members)
    else:
        count(bins, first, step, values, members, place)
