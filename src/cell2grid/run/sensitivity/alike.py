"""Many valuations at once: lives that are alike are run once, and shared by all that have them.

A price taker's life for each MW depends on its hours of storage and not on its power, where no load, connection or
amount in MWh is beside it. Two cases are alike when all that is in MW and MWh is the same after it is divided by the
power, and all else is the same; their lives then differ in size alone, but that prices which tie may be decided in
another way. What is not known to scale is never shared between sizes. Equations: docs/formulation/size.md.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import fields, replace
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np

from cell2grid.run.life.case import Addition, Life, LifeCase, PriceYear, WarrantyLimits
from cell2grid.run.life.life import lives
from cell2grid.run.worth.terms import Members
from cell2grid.run.worth.valuing import Outcome, settled
from cell2grid.study.asset_file import FIELDS, unit_of

# what of a life is in MWh or in money, and goes with the size
AMOUNTS = (
    "sales",
    "charging_cost",
    "discharged_energy",
    "charged_energy",
    "capacity",
    "added_energy",
    "addition_cost",
)
# what a case is told apart by, each in its own way; another field of it is taken to hold for one size only
_PRICED = {"price_years", "order", "by_year"}
_PLAIN = {"price_factor", "life", "discount_rate", "cells", "scale", "fade", "end_of_life", "wear", "time_limit"}
_SIZED = {"asset", "additions", "warranty", "replacement_cost"}
# series that the dispatch engine reads besides the keys of an asset file, and that have no size
_WITHOUT_SIZE = {"day"}
_DIGITS = 12


def outcomes(
    asked: Sequence[Members],
    *,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    known: MutableMapping[bytes, Life] | None = None,
) -> tuple[tuple[Life, ...], ...]:
    """The lives of each of several sets of members, in their order; those alike are run once.

    Parameters
    ----------
    workers
        Processes that share the lives; the results do not depend on it.
    on_progress
        Called with the lives that are done and those that must be run.
    known
        Lives of former calls, by what tells them apart; those of this call are added.
    """
    cases = [case for members in asked for case in members.cases]
    found = lives_alike(cases, workers=workers, on_progress=on_progress, known=known)
    places = np.cumsum([0, *(len(members.cases) for members in asked)])
    return tuple(found[first:stop] for first, stop in pairwise(places))


def valued(
    asked: Sequence[Members],
    *,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Outcome, ...]:
    """The lives and the money of several sets of members, in their order; raises as ``lives`` and ``settled`` do."""
    found = outcomes(asked, workers=workers, on_progress=on_progress)
    return tuple(settled(members, own) for members, own in zip(asked, found, strict=True))


def lives_alike(
    cases: Sequence[LifeCase],
    *,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    known: MutableMapping[bytes, Life] | None = None,
) -> tuple[Life, ...]:
    """The life of each case; of cases that are alike but for their size one is run, and the others are scaled.

    ``known`` has the lives of former calls for a store of 1 MW.
    """
    tell, kept = Likeness(), {} if known is None else known
    names = [tell(case) for case in cases]
    run = {name: case for name, case in zip(reversed(names), reversed(cases), strict=True) if name not in kept}
    asked = dict(reversed(run.items()))
    on_progress(0, len(asked))
    if asked:
        found = lives(list(asked.values()), workers=workers, on_progress=lambda done: on_progress(done, len(asked)))
        for (name, case), life in zip(asked.items(), found, strict=True):
            kept[name] = _scaled(life, 1.0 / size_of(case))
    return tuple(_scaled(kept[name], size_of(case)) for name, case in zip(names, cases, strict=True))


def _scaled(life: Life, factor: float) -> Life:
    """The life of a store so many times as large; its schedule and what was said of its size are left out."""
    amounts = {name: getattr(life, name) * factor for name in AMOUNTS}
    return replace(life, **amounts, first_schedule=None, notes=())


def size_of(case: LifeCase) -> float:
    """The power by which a case is measured [MW]; 1 where it changes with time."""
    power = np.asarray(case.asset["power"], np.float64)
    return float(power) if power.ndim == 0 and power > 0.0 else 1.0


def _others(case: LifeCase) -> Iterator[tuple[str, Any]]:
    """What a case says besides what is known here."""
    for each in fields(LifeCase):
        value = getattr(case, each.name)
        if each.name not in _PRICED | _PLAIN | _SIZED and value is not each.default and np.any(value != each.default):
            yield each.name, value


class Likeness:
    """What tells cases apart but for their size, as bytes. Arrays are read once, however many cases hold them.

    >>> from cell2grid.run.life.case import LifeCase, PriceYear
    >>> year = PriceYear("flat", np.full(24, 10.0), np.ones(24))
    >>> def case(power, energy, **site):
    ...     return LifeCase(
    ...         asset={"power": power, "energy": energy, **site}, price_years=(year,), order=(0,),
    ...         price_factor=np.ones(1), life=1.0, discount_rate=0.05,
    ...     )
    >>> tell = Likeness()
    >>> tell(case(1.0, 2.0)) == tell(case(50.0, 100.0)), tell(case(1.0, 2.0)) == tell(case(1.0, 4.0))
    (True, False)
    >>> tell(case(1.0, 2.0, export_limit=5.0)) == tell(case(50.0, 100.0, export_limit=5.0))
    False
    """

    def __init__(self) -> None:
        # the arrays are kept, so that no other takes their place in memory
        self._read: dict[int, tuple[Any, bytes]] = {}

    def __call__(self, case: LifeCase) -> bytes:
        """The bytes of a case."""
        size = size_of(case)
        said: list[Any] = [self._told(getattr(case, name)) for name in sorted(_PLAIN)]
        # what a new store costs moves no life that is not weighed by it
        said.append(self._told(case.replacement_cost) if case.wear == "replacement" else None)
        said += [
            [(name, self._part(name, value, size)) for name, value in sorted(case.asset.items())],
            [self._addition(addition, size) for addition in case.additions],
            self._warranty(case.warranty, size),
        ]
        once = {index: self._year(case, index, size) for index in set(case.order)}
        said.append([once[index] for index in case.order])
        given = [(name, self._told(value)) for name, value in _others(case)]
        if given or any(not self._scales(name) for name in (*case.asset, *case.by_year)):
            said.append((given, size))
        return blake2b(pickle.dumps(said), digest_size=20).digest()

    @staticmethod
    def _scales(name: str) -> bool:
        return name in FIELDS or name in _WITHOUT_SIZE

    def _year(self, case: LifeCase, index: int, size: float) -> bytes:
        """A price year with what else changes in it."""
        year: PriceYear = case.price_years[index]
        series = [(name, self._part(name, values[index], size)) for name, values in sorted(case.by_year.items())]
        said = (self._told(year.price), self._told(year.step_hours), self._told(year.celsius), series, year.label)
        return blake2b(pickle.dumps(said), digest_size=20).digest()

    def _part(self, name: str, value: Any, size: float) -> Any:
        """A key of the asset, over the size where it is in MW or MWh."""
        if name == "terminal_worth":
            return [(self._told(length / size), self._told(worth)) for length, worth in value]
        if unit_of(name) not in ("MW", "MWh"):
            return self._told(value)
        # a series beside the store has its own size
        return (self._told(value), size) if isinstance(value, np.ndarray) else self._told(float(value) / size)

    def _addition(self, addition: Addition, size: float) -> Any:
        amount = None if addition.energy is None else addition.energy / size
        others = (addition.year, addition.below, addition.to, addition.replace)
        return [self._told(each) for each in (*others, amount, addition.cost)]

    def _warranty(self, warranty: WarrantyLimits, size: float) -> Any:
        others = (warranty.cycles_per_year, warranty.mean_level, warranty.years, warranty.retention, warranty.keep)
        return [self._told(each) for each in (*others, warranty.throughput / size)]

    def _told(self, value: Any) -> Any:
        """A value as what can be compared: numbers to twelve digits, large arrays by what their bytes come to."""
        if isinstance(value, float):
            return float(f"{value:.{_DIGITS}g}")
        if isinstance(value, np.ndarray) and value.size <= 200:
            return [self._told(each) for each in value.ravel().tolist()]
        if isinstance(value, np.ndarray):
            if id(value) not in self._read:
                digest = blake2b(np.ascontiguousarray(value).tobytes(), digest_size=20).digest()
                self._read[id(value)] = (value, digest)
            return self._read[id(value)][1]
        if isinstance(value, (tuple, list)):
            return [self._told(each) for each in value]
        return getattr(value, "name", value) if value is not None and hasattr(value, "law") else value
