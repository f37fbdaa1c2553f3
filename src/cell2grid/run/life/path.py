"""The years of a life, one after the other: what is added, the schedule at a given wear cost, and how the cells age.

A path is walked for wear costs that are given; ``wear.py`` finds those that agree with what they lead to.
Equations: docs/formulation/value.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.run.life.blocks import Added, AgeingLaw, Block, Worn, begun, capacity, new_block, worn
from cell2grid.run.life.case import LifeCase
from cell2grid.run.life.operation import Market, Operation
from cell2grid.run.life.warranty import most_drawn

Floats = npt.NDArray[np.float64]

# a capacity this share below the end of life is at it, but for rounding
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class OperatedYear:
    """One operating year: what was done at its beginning, its schedule, and what it did to the store."""

    added: Added
    capacity: float  # [MWh] at its beginning, additions included
    operation: Operation
    worn: Worn
    share: float  # of the year that lies within the life
    most_drawn: float  # [MWh] in a whole year

    @property
    def loss_by_throughput(self) -> float:
        """The capacity that cycling took for each MWh through the meter [MWh/MWh]; NaN where nothing passed."""
        moved = self.operation.throughput * self.share
        return self.worn.cycle_loss / moved if moved > 0.0 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A life at given wear costs [currency/MWh]: its years, fewer where the store's life ended early."""

    years: tuple[OperatedYear, ...]
    wear_cost: Floats
    ended: int | None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is there at the end."""
        return self.years[-1].worn.blocks


def walked(
    case: LifeCase, market: Market, law: AgeingLaw | None, wear_cost: Floats, before: Path | None = None
) -> Path:
    """The life at the wear costs of its years.

    ``before`` is another path of the same case: its first years are taken as they are, up to the first whose schedule
    the wear cost moves, for nothing but wear cost sets the paths of a case apart.
    """
    years: list[OperatedYear] = []
    for lived, cost in zip(() if before is None else before.years, wear_cost, strict=False):
        least, most = lived.operation.bears
        if not least <= cost <= most:
            break
        years.append(lived)
    blocks = years[-1].worn.blocks if years else (new_block(case, law, market.first_energy),)
    for year in range(len(years), case.years):
        added = begun(case, law, blocks, year)
        held = capacity(added.blocks)
        if year > 0 and held < case.end_of_life * market.first_energy * (1.0 - ROUNDING):
            return Path(tuple(years), wear_cost, year)
        share = min(max(case.life - year, 0.0), 1.0)
        most = most_drawn(case, year, held, sum(one.operation.drawn * one.share for one in years))
        operation = market.operate(year, held, float(wear_cost[year]), most)
        prices = case.price_years[case.order[year]]
        taken = worn(case, law, added.blocks, operation.level, prices, share)
        years.append(OperatedYear(added, held, operation, taken, share, most))
        blocks = taken.blocks
    return Path(tuple(years), wear_cost, None)


def worth(case: LifeCase, path: Path) -> float:
    """What a life earns in the market less what is added to it, at the beginning of operation [currency].

    The asset's own cost of throughput is taken off, the wear cost is not: it is no money. Where a lost MWh is held to
    be worth its replacement, so is what is left of the store at the end.
    """
    keep, total = 1.0 + case.discount_rate, 0.0
    for number, year in enumerate(path.years):
        total += year.operation.earned * year.share / keep ** (number + 1) - year.added.cost / keep**number
    if case.wear == "replacement":
        last = len(path.years) - 1
        each = float(np.broadcast_to(case.replacement_cost, case.years)[last])
        total += capacity(path.blocks) * each / keep ** (last + 1)
    return total
