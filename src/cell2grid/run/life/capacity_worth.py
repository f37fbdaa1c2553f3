"""What a MWh of capacity is worth that use takes from the store: what it would still have earned, or cost to put back.

``wear.py`` turns it into the wear cost of a schedule. Equations: docs/formulation/value.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.run.life.blocks import Block

if TYPE_CHECKING:
    from cell2grid.run.life.case import LifeCase
    from cell2grid.run.life.operation import Market
    from cell2grid.run.life.path import OperatedYear, Path

Floats = npt.NDArray[np.float64]

# how strongly losses may slow down, or gain speed, as they grow
SLOWEST, FASTEST = -9.0, 0.9


def capacity_worth(case: LifeCase, market: Market, path: Path, *, bend: float, end_worth: float) -> Floats:
    """What a MWh of capacity that is lost in an operating year is worth at its end [currency/MWh].

    What it would still have earned, year after year until the end of the life or until it is put back (then what that
    costs) or taken out with the old store; or its replacement; or nothing.

    Parameters
    ----------
    bend
        The power of the losses so far that the loss by each MWh of throughput goes with (``loss_bend``): below 0 an
        early loss is partly made up for by slower losses later, at 0 it stays.
    end_worth
        What a MWh more at the end of the last operated year is worth, for the time by which the store lasts longer.
    """
    if case.wear == "none":
        return np.zeros(case.years)
    if case.wear == "replacement":
        return np.array(np.broadcast_to(case.replacement_cost, case.years), dtype=np.float64)
    years = path.years
    # a life that comes to last longer goes on with what its end is worth
    found = np.full(case.years, end_worth)
    ahead = [end_worth * _weight(block, bend) for block in years[-1].worn.blocks]
    for year in range(len(years) - 1, -1, -1):
        if year < len(years) - 1:
            ahead = _one_year_back(case, years[year], years[year + 1], ahead, market.slope(year + 1), bend)
        found[year] = _mean_worth(years[year], ahead, bend)
    return found


def loss_bend(path: Path) -> float:
    """The power of the losses so far that the loss by each MWh of throughput goes with, fitted to the first store.

    0 where losses go with throughput, -1 where they go with its root; 0 where there are too few years to tell.
    """
    sizes, rates = [], []
    for year in path.years:
        if year.added.replaces:
            break
        before, after = year.added.blocks[0].cycled, year.worn.blocks[0].cycled
        moved = year.operation.drawn * year.share
        if moved > 0.0 and after > before and year.capacity > 0.0:
            sizes.append(np.log((before + after) / 2.0))
            rates.append(np.log((after - before) / moved * year.capacity))
    if len(sizes) < 3 or np.ptp(sizes) < 1e-9:
        return 0.0
    return float(np.clip(np.polyfit(sizes, rates, 1)[0], SLOWEST, FASTEST))


def end_worth(case: LifeCase, path: Path) -> float:
    """What a MWh more is worth where the life ends for lack of capacity: a year's earnings over a year's loss.

    [currency/MWh]; 0 where the life lasts as long as it should.
    """
    last = path.years[-1]
    lost = (last.worn.calendar_loss + last.worn.cycle_loss) / last.share if last.share > 0.0 else 0.0
    if path.ended is None or case.wear != "opportunity" or lost <= 0.0:
        return 0.0
    return max(last.operation.earned, 0.0) / lost


def _one_year_back(
    case: LifeCase, year: OperatedYear, later: OperatedYear, ahead: list[float], slope: float, bend: float
) -> list[float]:
    """What a loss in each block is worth at the end of a year, from what it is worth a year later."""
    if later.added.replaces:
        return [0.0] * len(year.worn.blocks)
    found = []
    for block, then in zip(year.worn.blocks, ahead, strict=False):
        if later.added.fills:
            found.append(later.added.cost / later.added.energy * _weight(block, bend))
        else:
            found.append((slope * later.share * _weight(block, bend) + then) / (1.0 + case.discount_rate))
    return found


def _mean_worth(year: OperatedYear, ahead: list[float], bend: float) -> float:
    """The mean over the blocks of what is worth what cycling took from each."""
    lost = worth = 0.0
    for before, after, each in zip(year.added.blocks, year.worn.blocks, ahead, strict=True):
        taken = after.energy * (after.cycled - before.cycled)
        lost += taken
        worth += taken * each * _left(before.cycled, after.cycled, bend)
    if lost > 0.0:
        return worth / lost
    # nothing was cycled: what a first loss would be worth
    energy = sum(block.energy for block in year.worn.blocks)
    weighed = (block.energy * each / _weight(block, bend) for block, each in zip(year.worn.blocks, ahead, strict=True))
    return sum(weighed) / energy


def _weight(block: Block, bend: float) -> float:
    """The loss by a MWh of throughput at the losses of a block, but for a factor."""
    return float(block.cycled**bend) if bend != 0.0 and block.cycled > 0.0 else 1.0


def _left(before: float, after: float, bend: float) -> float:
    """What is left at a year's end of a loss within it, over the loss and the weight then."""
    if bend == 0.0 or after <= before:
        return 1.0
    grown = after ** (1.0 - bend) - before ** (1.0 - bend)
    return float(grown / ((1.0 - bend) * (after - before)))
