"""A serial line by an event list, in plain Python: the oracle of the compiled recursion, which shares only the draws.

Station j starts its k-th load with the k-th time of its stream, and its k-th finished item is scrapped or not by the
k-th number of another; so both programs must give the same times to the last digits.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from cell2grid.formulas.counter import shares, stream_key


@dataclass
class Station:
    mean: float
    machines: int = 1
    batch: int = 1
    scrap: float = 0.0
    places: int = 0
    times: np.ndarray = field(default_factory=lambda: np.empty(0))
    luck: np.ndarray = field(default_factory=lambda: np.empty(0))
    waiting: int = 0
    free: int = 0
    loading: int = 0
    started: int = 0
    done: int = 0
    leaving: deque[int] = field(default_factory=deque)


def good_times(line: list[Station], entries: int, seed: int) -> list[float]:
    """When good items leave the line that so many enter."""
    for place, station in enumerate(line):
        numbers = np.arange(entries + 1)
        station.times = -station.mean * np.log(shares(stream_key(seed, f"line.{place}.service"), numbers))
        station.luck = shares(stream_key(seed, f"line.{place}.scrap"), numbers)
        station.free = station.machines
    return _Run(line, entries).run()


@dataclass
class _Run:
    line: list[Station]
    entries: int
    entered: int = 0
    events: list[tuple[float, int, int]] = field(default_factory=list)
    out: list[float] = field(default_factory=list)

    def run(self) -> list[float]:
        self.feed(0.0)
        while self.events:
            time, _, j = heapq.heappop(self.events)
            self.finished(j, time)
        return self.out

    def feed(self, time: float) -> None:
        first = self.line[0]
        while self.entered < self.entries and (first.free or first.loading):
            self.entered += 1
            self.load(0, time)

    def load(self, j: int, time: float) -> None:
        station = self.line[j]
        if station.loading == 0:
            station.free -= 1
        station.loading += 1
        if station.loading == station.batch:
            station.loading = 0
            heapq.heappush(self.events, (time + station.times[station.started], station.started, j))
            station.started += 1

    def finished(self, j: int, time: float) -> None:
        station = self.line[j]
        luck = station.luck[station.done : station.done + station.batch]
        station.done += station.batch
        good = int((luck > station.scrap).sum())
        if good:
            station.leaving.append(good)
            self.unload(j, time)
        else:
            self.freed(j, time)

    def unload(self, j: int, time: float) -> None:
        """Let good items go, load by load in the order in which they were finished, as long as there is room."""
        station = self.line[j]
        while station.leaving and (j + 1 == len(self.line) or self.has_room(j + 1)):
            station.leaving[0] -= 1
            gone = station.leaving[0] == 0
            if gone:
                station.leaving.popleft()
            if j + 1 == len(self.line):
                self.out.append(time)
            else:
                self.enter(j + 1, time)
            if gone:
                self.freed(j, time)

    def has_room(self, j: int) -> bool:
        station = self.line[j]
        return bool(station.free or station.loading or station.waiting < station.places)

    def enter(self, j: int, time: float) -> None:
        station = self.line[j]
        if station.free or station.loading:
            self.load(j, time)
        else:
            station.waiting += 1

    def freed(self, j: int, time: float) -> None:
        station = self.line[j]
        station.free += 1
        while station.waiting and (station.free or station.loading):
            station.waiting -= 1
            self.load(j, time)
        if j == 0:
            self.feed(time)
        else:
            self.unload(j - 1, time)
