"""Risks of a region over sampled outages: batch by batch, with every question put to the same outages.

``Simulation`` keeps what it has sampled: a question that comes again with more batches costs only the new ones. The
numbers do not depend on how many workers there are. What is asked, and when there are samples enough, is said in
``credit.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.engines.adequacy.system import System, arrays_of, transition
from cell2grid.errors import EngineError, InputError

Floats = npt.NDArray[np.float64]

LEAST_SAMPLES = 100
# steps that are simulated for each question where the number of samples is not said, and at the very most
USUAL_STEPS, MOST_STEPS = 200_000_000, 20_000_000_000
MOST_SAMPLES = 10_000_000
# what a change of a unit's state, and a step of each of several stores, cost beside a step of one store (2026-11)
_CHANGE, _SHARING = 3.0, 5.0
# samples are kept for the next question as far as this holds them [byte]
_MOST_KEPT = 2**28
# batches: enough for an interval, few enough to be kept for each question
_BATCHES = 4096
_PIECES = 8

# places in the last axis of what is sampled
UNSERVED, HOURS, DAYS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: the risk with or without what is credited, and with some load added [MW]."""

    credited: bool
    added: float = 0.0


def most_samples(system: System, samples: int | None) -> int:
    """How many samples of a system may be drawn: fewer, the more steps, failing units and stores it has.

    Raises
    ------
    InputError
        The number that is asked for is too small for an interval, or too large to wait for.

    >>> most_samples(System(net_load=np.ones(8760)), None)
    22831
    """
    steps = len(system.net_load)
    if samples is None:
        return min(max(int(USUAL_STEPS / work_of(system)), LEAST_SAMPLES), MOST_SAMPLES)
    most = MOST_STEPS // steps
    if not LEAST_SAMPLES <= samples <= most:
        raise InputError(
            f"samples is {samples:,}, expected from {LEAST_SAMPLES} to {most:,} for a horizon of {steps:,} steps"
        )
    return samples


def work_of(system: System) -> float:
    """What a sample of a system costs, in steps of a region that has one store and few units."""
    steps, stores = len(system.net_load), len(system.stores)
    changes = 0.0
    for units in system.units:
        fail, mend = transition(units, system.step_hours)
        # as many fail as are repaired
        changes += units.count * 2.0 * fail * (1.0 - units.forced_outage_rate) if mend > 0.0 else 0.0
    return steps * (1.0 + _CHANGE * changes + (_SHARING * stores if stores > 1 else 0.0))


class Simulation:
    """The sampled risks of one system: sums over batches of samples, for each question.

    Questions may add load up to ``most_added`` [MW]: samples in which that much is spare all the time are drawn once,
    and left out from then on.
    """

    def __init__(
        self, system: System, *, seed: int, samples: int, workers: int = 1, most_added: float = math.inf
    ) -> None:
        self.arrays = arrays_of(system, seed=seed)
        self.per_year = system.per_year
        self.batch = max(samples // _BATCHES, 1)
        self.most_batches = samples // self.batch
        self.workers = workers
        self.most_added = most_added
        self._found: dict[Ask, Floats] = {}
        self._marked = 0  # batches
        self._lacking = np.zeros(0, np.int64)  # samples
        self._kept = np.zeros((0, 2, len(system.net_load)))  # of the first of those

    def risks(self, asks: Sequence[Ask], batches: int) -> list[Floats]:
        """For each question the yearly risk in each batch (batch, 3) [MWh/year, hour/year, day/year]."""
        if any(ask.added > self.most_added for ask in asks):
            raise EngineError(f"adequacy: more load is asked about than {self.most_added:g} MW")
        known = {ask: len(self._found.get(ask, ())) for ask in asks}
        for start in sorted({count for count in known.values() if count < batches}):
            new = [ask for ask, count in known.items() if count == start]
            found = self._sampled(new, start, batches)
            for k, ask in enumerate(new):
                before = self._found.get(ask, np.zeros((0, 3)))
                self._found[ask] = np.concatenate([before, found[:, k]])
        return [self._found[ask][:batches] for ask in asks]

    def _sampled(self, asks: Sequence[Ask], start: int, stop: int) -> Floats:
        from cell2grid.engines.adequacy.kernel import sampled, walked

        found = np.zeros((stop - start, len(asks), 3))
        credited = np.array([int(ask.credited) for ask in asks], np.int64)
        added = np.array([ask.added for ask in asks], np.float64)
        self._mark(stop)
        ends = np.searchsorted(self._lacking, np.array([start, stop]) * self.batch)
        samples = self._lacking[ends[0] : ends[1]]
        batches = samples // self.batch
        kept = self._drawn(int(ends[0]), int(ends[1]))

        def work(first: int, last: int) -> None:
            inside = slice(*np.searchsorted(batches, np.array([first, last]) + start))
            rows = batches[inside] - (first + start)
            if kept is None:
                sampled(samples[inside], rows, *self.arrays, credited, added, found[first:last])
            else:
                walked(kept[inside], rows, *self.arrays[1:], credited, added, found[first:last])

        self._share(work, stop - start)
        return found * (self.per_year / self.batch)

    def _drawn(self, first: int, last: int) -> Floats | None:
        """What is left in each step of these lacking samples, drawn once; None where they are too many to keep."""
        from cell2grid.engines.adequacy.kernel import drawn

        fleet, region = self.arrays.fleet, self.arrays.region
        steps, have = len(region.spare), len(self._kept)
        if last * steps * 16 > _MOST_KEPT:
            self._kept = np.zeros((0, 2, steps))
            return None
        if have < last:
            more = np.empty((last - have, 2, steps))
            samples = self._lacking[have:last]
            self._share(lambda start, stop: drawn(samples[start:stop], fleet, region, more[start:stop]), len(more))
            self._kept = np.concatenate([self._kept, more])
        return self._kept[first:last]

    def _mark(self, batches: int) -> None:
        """Find the samples in which something may be lacking, up to so many batches."""
        from cell2grid.engines.adequacy.kernel import marked

        if batches <= self._marked:
            return
        first = self._marked * self.batch
        marks = np.zeros(batches * self.batch - first, np.bool_)

        def work(start: int, stop: int) -> None:
            marked(first + start, self.arrays.fleet, self.arrays.region, self.most_added, marks[start:stop])

        if self.most_added < math.inf:
            self._share(work, len(marks))
        else:
            marks[:] = True
        self._lacking = np.concatenate([self._lacking, first + np.flatnonzero(marks)])
        self._marked = batches

    def _share(self, work: Callable[[int, int], None], count: int) -> None:
        """Do ``work`` on all of 0 to ``count``, in pieces that the workers take in turn."""
        if self.workers == 1:
            work(0, count)
            return
        edges = np.linspace(0, count, min(self.workers * _PIECES, count) + 1).astype(int).tolist()
        with ThreadPoolExecutor(self.workers) as threads:
            list(threads.map(work, edges[:-1], edges[1:]))


def error_of(batches: Floats) -> float:
    """The standard error of the mean over batches.

    >>> round(error_of(np.array([1.0, 2.0, 3.0, 4.0])), 6)
    0.645497
    """
    return float(np.std(batches, ddof=1)) / math.sqrt(len(batches)) if len(batches) > 1 else math.inf
