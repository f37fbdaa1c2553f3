"""The life of a storage project: its schedule, its capacity and what is added to it, year by year, with wear fed back.

``live`` runs one life and ``lives`` many, in processes. The walk through the years is in ``path.py``, the wear cost in
``wear.py``; money beyond the market is counted in ``valuing.py``. Equations: docs/formulation/value.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cell2grid.run.life.blocks import AgeingLaw, capacity
from cell2grid.run.life.case import Life, LifeCase
from cell2grid.run.life.checks import checked_life
from cell2grid.run.life.operation import Market, Slopes
from cell2grid.run.life.parcels import packed, unpacked
from cell2grid.run.life.path import OperatedYear
from cell2grid.run.life.warranty import broken
from cell2grid.run.life.wear import Settled, settled
from cell2grid.run.processes import worker_processes

if TYPE_CHECKING:
    from cell2grid.engines.dispatch import Schedule

Floats = npt.NDArray[np.float64]


def live(
    case: LifeCase,
    *,
    wear_from: Floats | None = None,
    rounds: int = 20,
    slopes: Slopes | None = None,
    law: AgeingLaw | None = None,
) -> Life:
    """What comes of a storage project over its life, with the wear of its cells in each schedule.

    Parameters
    ----------
    case
        The project, its prices and its wear: [MW], [MWh], [currency/MWh], [hour], [year].
    wear_from
        Wear costs by operating year [currency/MWh] to begin with, as those of a similar life.
    rounds
        The most walks through the life until the wear cost settles.
    slopes
        A dictionary that lives on the same prices may share, so that what a MWh of capacity earns is found once.
    law
        How cells age; ``cell2grid.engines.ageing`` without it.

    Raises
    ------
    InputError, InfeasibleError, NotConvergedError
        A number is outside its range, or a year has no schedule; the message has the operating year.

    The equations are those of docs/formulation/value.md.

    >>> import numpy as np
    >>> from cell2grid.run.life.case import LifeCase, PriceYear
    >>> alternating = PriceYear("alternating", np.tile([10.0, 50.0], 4380), np.ones(8760))
    >>> case = LifeCase(
    ...     asset={"power": 1.0, "energy": 1.0}, price_years=(alternating,), order=(0, 0), price_factor=np.ones(2),
    ...     life=2.0, discount_rate=0.05, fade=0.1,
    ... )
    >>> found = live(case)
    >>> (found.sales - found.charging_cost).round(6).tolist(), found.capacity.tolist()
    ([175200.0, 157680.0], [1.0, 0.9])
    """
    checked_life(case)
    if law is None and case.cells is not None:
        from cell2grid.engines import ageing

        law = ageing
    if case.cells is None:
        law = None
    start = None if wear_from is None else _as_long(wear_from, case.years)
    market = Market(case, slopes)
    return _life(case, market, settled(case, market, law, start, max(rounds, 1)))


def lives(
    cases: Sequence[LifeCase],
    *,
    workers: int = 1,
    on_progress: Callable[[int], None] = lambda done: None,
    law: AgeingLaw | None = None,
) -> list[Life]:
    """The life of each case, in their order; the wear cost of each is looked for from that of the first.

    Parameters
    ----------
    cases
        Those that say the same are run once. The first, best the one at the middle of all ranges, is run by itself and
        keeps its first schedule; the others come without.
    workers
        Processes; the lives are the same for any number.
    on_progress
        Called with the number of cases that are done.
    law
        How cells age; ``cell2grid.engines.ageing`` without it.

    Raises
    ------
    InputError, InfeasibleError, NotConvergedError
        As ``live``.
    """
    if not cases:
        return []
    parcels, arrays = packed(cases)
    slopes: Slopes = {}
    found = {parcels[0]: live(cases[0], slopes=slopes, law=law)}
    members = Counter(parcels)
    done = members[parcels[0]]
    on_progress(done)
    others = [parcel for parcel in dict.fromkeys(parcels) if parcel not in found]
    task = partial(_one, wear_from=found[parcels[0]].wear_cost, scale=cases[0].scale, law=law)
    # closed at once where the work is interrupted, so that its processes are
    with closing(_each(task, others, arrays, slopes, min(workers, len(others)))) as made:
        for parcel, life in zip(others, made, strict=True):
            found[parcel] = life
            done += members[parcel]
            on_progress(done)
    return [found[parcel] for parcel in parcels]


def _each(
    task: Callable[..., Life], parcels: list[bytes], arrays: dict[bytes, Any], slopes: Slopes, workers: int
) -> Generator[Life, None, None]:
    """The lives of parcels in their order, here or in processes that get the long series once."""
    if workers <= 1:
        yield from (task(parcel, (arrays, slopes)) for parcel in parcels)
        return
    with worker_processes(workers, _receive, (arrays, slopes)) as pool:
        yield from pool.map(task, parcels, chunksize=max(1, min(16, len(parcels) // (4 * workers))))


# what the parcels that come to this process share; set once, where it is a worker
_received: tuple[dict[bytes, Any], Slopes] = ({}, {})


def _receive(arrays: dict[bytes, Any], slopes: Slopes) -> None:
    """Keep what the parcels to come share."""
    global _received
    _received = (arrays, slopes)


def _one(
    parcel: bytes,
    shared: tuple[dict[bytes, Any], Slopes] | None = None,
    *,
    wear_from: Floats,
    scale: float,
    law: AgeingLaw | None,
) -> Life:
    """The life of one parcel, without its first schedule, which would be the most of what is sent back.

    ``wear_from`` is of cells that lose ``scale`` times what their paper says: losses, and what they cost, go with it.
    """
    arrays, slopes = _received if shared is None else shared
    case: LifeCase = unpacked(parcel, arrays)
    begun = wear_from * (case.scale / scale) if scale > 0.0 else wear_from
    return replace(live(case, wear_from=begun, slopes=slopes, law=law), first_schedule=None)


def _as_long(wear_from: Floats, years: int) -> Floats:
    """Wear costs for so many years, of which the last is repeated."""
    given = np.maximum(np.nan_to_num(np.atleast_1d(np.asarray(wear_from, np.float64)), posinf=0.0), 0.0)
    return np.concatenate([given, np.full(max(years - len(given), 0), given[-1] if len(given) else 0.0)])[:years]


def _life(case: LifeCase, market: Market, found: Settled) -> Life:
    """The arrays of a path by operating year; zero where the store's life had ended."""
    years = found.path.years
    first = market.first_energy

    def by_year(value: Callable[[OperatedYear], float]) -> Floats:
        amounts = np.zeros(case.years)
        amounts[: len(years)] = [value(year) for year in years]
        return amounts

    def amount(name: str) -> Floats:
        return by_year(lambda year: getattr(year.operation, name) * year.share)

    operated = by_year(lambda year: year.share)
    lasted = np.arange(case.years) < len(years)
    return Life(
        sales=amount("sales"),
        charging_cost=amount("charging_cost"),
        discharged_energy=amount("discharged"),
        charged_energy=amount("charged"),
        full_cycles=amount("drawn") / first,
        mean_level=by_year(lambda year: year.operation.mean_level),
        capacity=by_year(lambda year: year.capacity),
        state_of_health=by_year(lambda year: capacity(year.worn.blocks) / first),
        calendar_loss=by_year(lambda year: year.worn.calendar_loss / first),
        cycle_loss=by_year(lambda year: year.worn.cycle_loss / first),
        resistance=by_year(lambda year: year.worn.blocks[0].resistance),
        wear_cost=np.where(lasted, found.path.wear_cost, 0.0),
        capacity_worth=np.where(lasted, found.capacity_worth, 0.0),
        added_energy=by_year(lambda year: year.added.energy),
        addition_cost=by_year(lambda year: year.added.cost),
        operated=operated,
        price_year=tuple(case.price_years[index].label for index in case.order),
        settled=found.settled,
        rounds=found.rounds,
        residual=found.residual,
        ended=found.path.ended,
        first_schedule=years[0].operation.schedule,
        notes=(*found.notes, *_notes(case, years, found.path.ended)),
        methods=tuple(dict.fromkeys(_method(year.operation.schedule) for year in years)),
    )


def _method(schedule: Schedule | None) -> str:
    if schedule is None:
        return "no capacity is left, and none is scheduled"
    return f"{schedule.method}: {schedule.reason}" if schedule.reason else schedule.method


def _notes(case: LifeCase, years: Sequence[OperatedYear], ended: int | None) -> tuple[str, ...]:
    """What a reader must know of a life: its early end, what was not added, what breaks the warranty."""
    found = []
    if ended is not None:
        held = capacity(years[-1].worn.blocks) / float(case.asset["energy"])
        found.append(
            f"end of life: {held:.1%} of the first energy is left at the end of operating year {ended}, below "
            f"{case.end_of_life:.1%}; the project operates no longer"
        )
    for number, year in enumerate(years):
        if year.added.refused:
            found.append(f"augmentation: operating year {number + 1} would get {year.added.refused}; it was left out")
    if {"load", "generation"} & {*case.asset, *case.by_year}:
        found.append("market revenue: what the store adds to what its site earns without it")
    return (*found, *_outside(case, years), *broken(case, years))


def _outside(case: LifeCase, years: Sequence[OperatedYear]) -> list[str]:
    """The ranges that the cells' paper fitted and the life left."""
    from cell2grid.engines.ageing import Aged, cells_warnings

    runs = [year.worn.aged for year in years if isinstance(year.worn.aged, Aged)]
    return cells_warnings(case.cells, runs) if case.cells is not None and runs else []
