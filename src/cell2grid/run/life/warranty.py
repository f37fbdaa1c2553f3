"""What the supplier of the cells asks for and promises: the cap it puts on a year's schedule, and what breaks it.

Equations: docs/formulation/value.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cell2grid.run.life.case import LifeCase, WarrantyLimits
    from cell2grid.run.life.path import OperatedYear

# what is over a limit by no more is at it, but for rounding
ROUNDING = 1e-6


def most_drawn(case: LifeCase, year: int, capacity: float, drawn_before: float) -> float:
    """The most energy that may be drawn from the store in an operating year of 8,760 hours [MWh].

    ``inf`` where no limit is kept. Cycles are of what the store holds now; of the throughput, each year left has its
    share of what is left.
    """
    limits = case.warranty
    if not limits.keep or year >= limits.years:
        return float("inf")
    most = limits.cycles_per_year * capacity
    if limits.throughput < np.inf:
        left = min(limits.years, case.life) - year
        most = min(most, max(limits.throughput - drawn_before, 0.0) / left)
    return most


def broken(case: LifeCase, years: Sequence[OperatedYear]) -> tuple[str, ...]:
    """What of the warranty a life does not keep: each limit in the first year that breaks it, with both figures."""
    found, drawn, said = [], 0.0, set()
    for number, year in enumerate(years):
        drawn += year.operation.drawn * year.share
        for what, sentence in _broken_in(case.warranty, number, year, drawn):
            if what not in said:
                said.add(what)
                found.append(f"warranty: {sentence}")
    return tuple(found)


def _broken_in(limits: WarrantyLimits, number: int, year: OperatedYear, drawn: float) -> list[tuple[str, str]]:
    """The limits that one year breaks, by what they are about."""
    found, name, over = [], f"operating year {number + 1}", 1.0 + ROUNDING
    if number < limits.years:
        cycles = year.operation.drawn / year.capacity if year.capacity > 0.0 else 0.0
        if cycles > limits.cycles_per_year * over:
            said = f"{cycles:.4g} full cycles of what the store holds in {name}, limit {limits.cycles_per_year:.4g}"
            found.append(("cycles", f"{said} a year"))
        if drawn > limits.throughput * over:
            found.append(
                ("throughput", f"{drawn:.6g} MWh drawn by the end of {name}, limit {limits.throughput:.6g} MWh")
            )
        level = year.operation.mean_level
        if level > limits.mean_level * over:
            found.append(("level", f"a mean level of {level:.1%} in {name}, limit {limits.mean_level:.1%}"))
    for promised, share in limits.retention:
        health = year.worn.blocks[0].health
        if promised == number + 1 and health < share * (1.0 - ROUNDING):
            found.append(
                (f"retention {promised}", f"{health:.1%} is left at the end of {name}, {share:.1%} are promised")
            )
    return found
