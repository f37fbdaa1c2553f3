"""The blocks of a store: the first one and what was added to it, each with the age of its own cells.

All blocks stand at the same level, as shares of what each still holds. How cells age is in ``engines.ageing``; without
cells a block loses a fixed share of what it holds each year. Equations: docs/formulation/value.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from cell2grid.run.life.case import Addition, LifeCase, PriceYear

Floats = npt.NDArray[np.float64]

HOURS_OF_A_YEAR = 8760.0


class Aged(Protocol):
    """What a stretch of time did to cells; losses are those of the stretch, as shares of the first capacity."""

    @property
    def state(self) -> Any:
        """What the next stretch begins with."""
        ...

    @property
    def health(self) -> float:
        """The share of the first capacity that is left."""
        ...

    @property
    def resistance(self) -> float:
        """Over that of new cells; NaN where the cells do not say."""
        ...

    @property
    def calendar_loss(self) -> float:
        """What time took."""
        ...

    @property
    def cycle_loss(self) -> float:
        """What use took."""
        ...


class AgeingLaw(Protocol):
    """How cells age; ``cell2grid.engines.ageing`` is one."""

    def fresh(self, cells: Any, /) -> Any:
        """The state of new cells."""
        ...

    def age(
        self, cells: Any, state: Any, level: Floats, step_hours: Floats, celsius: Floats | float, *, scale: float = 1.0
    ) -> Aged:
        """The cells after the steps between the levels."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A part of the store built at once: its first energy [MWh], the state of its cells and the share that is left.

    ``cycled`` is the share that use has taken so far.
    """

    energy: float
    state: Any
    health: float = 1.0
    resistance: float = 1.0
    cycled: float = 0.0

    @property
    def capacity(self) -> float:
        """What it holds [MWh]."""
        return self.energy * self.health


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """What was done at the beginning of a year; ``fills`` says that a MWh lost before is put back at ``cost``."""

    blocks: tuple[Block, ...]
    energy: float = 0.0  # [MWh]
    cost: float = 0.0  # [currency]
    fills: bool = False
    replaces: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """The blocks after a stretch, and what it took from them [MWh]; ``aged`` is what the law said of the first."""

    blocks: tuple[Block, ...]
    calendar_loss: float
    cycle_loss: float
    aged: Aged | None = None


def capacity(blocks: tuple[Block, ...]) -> float:
    """What the blocks hold together [MWh]."""
    return sum(block.capacity for block in blocks)


def new_block(case: LifeCase, law: AgeingLaw | None, energy: float) -> Block:
    """A block of new cells."""
    if law is None:
        return Block(energy, None, resistance=float("nan"))
    return Block(energy, law.fresh(case.cells))


def begun(case: LifeCase, law: AgeingLaw | None, blocks: tuple[Block, ...], year: int) -> Added:
    """The blocks at the beginning of an operating year, after what is due to be added or replaced then."""
    found = Added(blocks)
    first = float(case.asset["energy"])
    for addition in case.additions:
        held = capacity(found.blocks)
        if addition.year == year or (addition.below is not None and held < addition.below * first):
            found = _with(case, law, found, addition, held, first, year)
    return found


def _with(
    case: LifeCase, law: AgeingLaw | None, found: Added, addition: Addition, held: float, first: float, year: int
) -> Added:
    """What was done so far and one addition more."""
    if addition.energy is not None:
        energy = addition.energy
    else:
        energy = (1.0 if addition.to is None else addition.to) * first - (0.0 if addition.replace else held)
    if addition.replace and energy < held:
        return replace(found, refused=f"a new store of {energy:.6g} MWh in the place of one that holds {held:.6g} MWh")
    if energy <= 0.0:
        full = f"nothing, as it is to be filled up to {held + energy:.6g} MWh and holds {held:.6g} MWh"
        return found if addition.year is None else replace(found, refused=full)
    block = new_block(case, law, energy)
    return Added(
        (block,) if addition.replace else (*found.blocks, block),
        found.energy + energy,
        found.cost + energy * float(addition.cost[year]),
        fills=not addition.replace and (found.fills or addition.energy is None),
        replaces=found.replaces or addition.replace,
        refused=found.refused,
    )


def worn(
    case: LifeCase, law: AgeingLaw | None, blocks: tuple[Block, ...], level: Floats, prices: PriceYear, operated: float
) -> Worn:
    """The blocks after a share of a year along a level path, ``level`` being before the first step and after each."""
    if law is None:
        left = (1.0 - min(case.fade * case.scale, 1.0)) ** operated
        after = tuple(replace(block, health=block.health * left) for block in blocks)
        return Worn(after, capacity(blocks) - capacity(after), 0.0)
    path, hours, celsius = _stretched(level, prices, operated)
    renewed: list[Block] = []
    calendar = cycle = 0.0
    oldest: Aged | None = None
    for block in blocks:
        aged = law.age(case.cells, block.state, path, hours, celsius, scale=case.scale)
        oldest = aged if oldest is None else oldest
        health = max(float(aged.health), 0.0)
        by_time, by_use = float(aged.calendar_loss), float(aged.cycle_loss)
        if aged.health < 0.0:
            # no more is lost than was there
            there = block.health / max(by_time + by_use, 1e-300)
            by_time, by_use = by_time * there, by_use * there
        renewed.append(Block(block.energy, aged.state, health, float(aged.resistance), block.cycled + by_use))
        calendar += block.energy * by_time
        cycle += block.energy * by_use
    return Worn(tuple(renewed), calendar, cycle, oldest)


def _stretched(level: Floats, prices: PriceYear, operated: float) -> tuple[Floats, Floats, Floats | float]:
    """The level path, hours and temperature of ``operated`` years: from the first step on, and again from it."""
    hours, celsius = _steps_of(prices, operated)
    count = len(hours)
    if count < len(level):
        return level[: count + 1], hours, celsius
    rounds = -(-count // len(prices.step_hours))
    return np.concatenate([level[:1], np.tile(level[1:], rounds)[:count]]), hours, celsius


# a life asks for the same few years again and again
@lru_cache(maxsize=32)
def _steps_of(prices: PriceYear, operated: float) -> tuple[Floats, Floats | float]:
    """The steps of a price year, repeated and cut to ``operated`` years of 8,760 hours, and their temperature."""
    hours, wanted = prices.step_hours, operated * HOURS_OF_A_YEAR
    total = float(hours.sum())
    if abs(total - wanted) <= 1e-9 * wanted:
        return hours, prices.celsius
    rounds = int(np.ceil(wanted / total))
    ends = np.cumsum(np.tile(hours, rounds))
    count = min(int(np.searchsorted(ends, wanted * (1.0 - 1e-12))) + 1, len(ends))
    taken = np.tile(hours, rounds)[:count]
    taken[-1] -= max(float(ends[count - 1]) - wanted, 0.0)
    celsius = prices.celsius
    if isinstance(celsius, np.ndarray) and celsius.ndim:
        celsius = np.tile(celsius, rounds)[:count]
    return taken, celsius
