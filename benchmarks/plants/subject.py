"""Plants of many regions that ramp, fail, scrap and sell at home; the same in all parts of the benchmark.

One block of capacity a plant, an S-curve of 12 to 30 months, a yield that settles, an outage of ten days every two
hundred, and in each region a market whose demand grows over the years and differs by member.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from cell2grid.engines.capability.arrays import LOGISTIC, PlantArrays
from cell2grid.engines.supply.kernel_streaming import Plain

REGIONS = 20
DAYS = 30.4375  # of a month, on average
Found = TypeVar("Found")


@dataclass(frozen=True)
class Subject:
    """What ``capability`` reads, and what the ledger of plain plants reads besides."""

    given: PlantArrays
    world: Plain

    @property
    def size(self) -> tuple[int, int, int]:
        """Plants, months and members."""
        return (*self.world.scale.shape, self.given.draw.size)

    def members(self, count: int) -> Subject:
        """The same of the first members."""
        first = {
            name: values[:count]
            for name, values in self.given._asdict().items()
            if name in ("tranche_capacity", "months_to_nameplate", "draw")
            or (name.startswith(("yield_", "outage_")) and values.ndim == 2)
        }
        world = self.world._replace(
            scale_by_member=self.world.scale_by_member[:count], demand_by_member=self.world.demand_by_member[:count]
        )
        return Subject(self.given._replace(**first), world)


def subject(plants: int, months: int, members: int, *, seed: int = 1) -> Subject:
    """So many plants, months and members; a member and a plant are the same in every size."""
    random = np.random.default_rng(seed)
    regions = min(REGIONS, plants)
    opens = random.integers(0, 60, plants)
    age = np.arange(months)[None, None, :] + 0.5 - opens[:, None, None]
    starts = np.round(np.arange(months + 1) * DAYS)
    month_of_day = np.minimum(np.searchsorted(starts, np.arange(int(starts[-1]) + 1), side="right") - 1, months - 1)

    def by_plant(low: float, high: float) -> np.ndarray:
        return random.uniform(low, high, (members, plants))

    given = PlantArrays(
        curve=np.full(plants, LOGISTIC),
        tranche_capacity=by_plant(80.0, 120.0)[:, :, None],
        tranche_open=(age >= 0).astype(float),
        tranche_age=age,
        even=opens[:, None].astype(np.int64),
        months_to_nameplate=by_plant(12.0, 30.0),
        plant_age=age[:, 0],
        plant_even=opens.astype(np.int64),
        yield_start=by_plant(0.6, 0.7),
        yield_steady=by_plant(0.9, 0.95),
        yield_months=by_plant(12.0, 30.0),
        outage_every=np.full((members, plants), 200.0),
        outage_lasts=np.full((members, plants), 10.0),
        outage_leaves=np.zeros((members, plants)),
        stream=np.arange(plants).astype(np.uint64),
        draw=np.arange(members).astype(np.uint64),
        month_starts=starts,
        month_of_day=month_of_day.astype(np.int64),
    )
    demand = np.linspace(10.0, 80.0, months)[None] * np.full((regions, 1), plants / regions)
    world = Plain(
        market=np.arange(plants) % regions,
        scale=np.ones((plants, months)),
        scale_by_member=by_plant(0.95, 1.0),
        demand=np.ascontiguousarray(demand),
        demand_by_member=random.uniform(0.7, 1.3, (members, regions)),
    )
    return Subject(PlantArrays(*(np.ascontiguousarray(values) for values in given)), world)


def processor(work: Callable[[], Found]) -> tuple[float, Found]:
    """Seconds of processor time that all threads take, which others on the machine change little; what was found."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def timed(work: Callable[[], Found], *, rounds: int = 1) -> tuple[float, Found]:
    """The least time of some rounds [second], and what the last one found."""
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - began)
    return best, found
