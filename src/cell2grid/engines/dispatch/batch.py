"""What many schedules are worth, without the schedules: one asset on many price years, or many assets on one.

The rows of prices go through the compiled kernel in blocks, on threads that share the cores; no Python runs for each
of them, and no memory beyond a few arrays of one row for each thread. Where a case has more than two prices, or asks
for HiGHS, each row goes through ``schedule``, with the same value. Files and processes: ``cell2grid.run.fleet``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import asset_case, checked, outcome, schedule
from cell2grid.engines.dispatch.case import Asset, Case
from cell2grid.engines.dispatch.checks import LARGEST
from cell2grid.errors import Cell2gridError, InputError

if TYPE_CHECKING:
    from cell2grid.engines.dispatch.kernel.batch import Rows

Floats = npt.NDArray[np.float64]

# rows that one call into the kernel takes, so that threads end together and memory stays small
BLOCK = 16


def values(
    prices: npt.ArrayLike, step_hours: Floats | float = 1.0, *, workers: int | None = None, **asset: Unpack[Asset]
) -> Floats:
    """The objective of one asset on each of many price series [currency], by (series,).

    Parameters
    ----------
    prices
        Prices by (series, timestep) [currency/MWh]; a memory map is read block by block.
    step_hours
        The lengths of the steps [hour], of all series.
    workers
        Threads; all cores without it. The values are the same for any number.
    asset
        As ``Asset`` has it.

    Raises
    ------
    InputError, InfeasibleError
        As ``schedule``; where a price is wrong the message has its series too.

    Each value is that of ``schedule`` on its row, and of equation ``objective`` in docs/formulation/dispatch.md.

    >>> import numpy as np
    >>> from cell2grid.engines.dispatch.batch import values
    >>> values(np.array([[10.0, 50, 10, 5000, 10], [30, 10, 40, 20, 60]]), power=4.0, energy=6.0)
    array([20120.,   280.])
    """
    from cell2grid.engines.dispatch.kernel.batch import worths

    rows = _rows(prices)
    threads = _threads(workers)
    template = asset_case(_row(rows, 0), step_hours, **asset)
    if not _by_kernel(template):
        return _each(threads, len(rows), lambda i: _objective(asset_case(_row(rows, i), step_hours, **asset), i))
    checked(template)
    found = np.empty(len(rows))
    shared = _shared(template)

    def fill(first: int) -> None:
        block = np.ascontiguousarray(rows[first : first + BLOCK], dtype=np.float64)
        _check_prices(block, first)
        worths(block, shared, found[first : first + len(block)])

    _map(threads, fill, range(0, len(rows), BLOCK))
    for i in np.flatnonzero(np.isnan(found)).tolist():
        # the schedule names the limit that cannot be kept
        found[i] = _objective(asset_case(_row(rows, i), step_hours, **asset), i)
    return found


def values_of_assets(
    price: Floats, step_hours: Floats | float, assets: Sequence[Asset], *, workers: int | None = None
) -> Floats:
    """The objective of each of many assets on one price series [currency], by (asset,); arguments as ``values``.

    Raises
    ------
    InputError, InfeasibleError
        As ``schedule``.

    >>> values_of_assets(np.array([10.0, 50.0]), 1.0, [{"power": 4.0, "energy": 6.0}, {"power": 1.0, "energy": 6.0}])
    array([160.,  40.])
    """
    from cell2grid.engines.dispatch.kernel.batch import worths

    def one(i: int) -> float:
        case = asset_case(price, step_hours, **assets[i])
        if not _by_kernel(case):
            return _objective(case, i)
        worth = np.empty(1)
        try:
            worths(case.price[None, :], _shared(checked(case)), worth)
        except Cell2gridError as error:
            raise _of(error, i) from None
        return float(worth[0]) if np.isfinite(worth[0]) else _objective(case, i)

    return _each(_threads(workers), len(assets), one)


def _by_kernel(case: Case) -> bool:
    """Whether a case has two prices in each step and nothing that ties its steps together, so that one walk answers."""
    from cell2grid.engines.dispatch.schedule import reason_for_highs
    from cell2grid.engines.dispatch.steps import two_prices

    return reason_for_highs(case) is None and two_prices(case) and not case.cyclic and not case.cycle_caps


def _shared(case: Case) -> Rows:
    """What all rows have of a case, whose own prices do not matter."""
    from cell2grid.engines.dispatch.blocks import is_one_size
    from cell2grid.engines.dispatch.kernel.batch import Rows
    from cell2grid.engines.dispatch.steps import steps_of

    steps = steps_of(case)
    zero = np.zeros(len(case.price))
    return Rows(
        most_out=np.ascontiguousarray(-steps.flow[:, 0]),
        most_in=np.ascontiguousarray(steps.flow[:, 2]),
        buy_adder=zero if case.buy_adder is None else case.buy_adder,
        sell_adder=zero if case.sell_adder is None else case.sell_adder,
        throughput_cost=case.throughput_cost,
        efficiency_charge=case.efficiency_charge,
        efficiency_discharge=case.efficiency_discharge,
        relaxed=case.mode == "relaxed",
        plain=is_one_size(steps),
        kept=steps.kept,
        lowest=steps.lowest,
        highest=steps.highest,
        start=float(steps.start),
        end_worth=steps.end_worth,
        end_length=steps.end_length,
    )


def _objective(case: Case, series: int) -> float:
    """The objective of one case by ``schedule``; an error says which series or asset it was."""
    try:
        return float(outcome(schedule(checked(case)), case)["objective"])
    except Cell2gridError as error:
        raise _of(error, series) from None


def _of(error: Cell2gridError, number: int) -> Cell2gridError:
    """The same error, which says of which series or asset it is."""
    return type(error)(f"number {number}: {error.message}", where=error.where)


def _rows(prices: npt.ArrayLike) -> npt.NDArray[Any]:
    rows = np.asanyarray(prices)
    if rows.ndim != 2 or 0 in rows.shape or rows.dtype.kind not in "fiu":
        raise InputError(
            f"prices are an array of {rows.dtype} of shape {rows.shape}, expected numbers by (series, timestep); "
            "a single series is prices[np.newaxis]"
        )
    return rows


def _row(rows: npt.NDArray[Any], i: int) -> Floats:
    return np.ascontiguousarray(rows[i], dtype=np.float64)


def _check_prices(block: Floats, first: int) -> None:
    """Refuse a price that is no ordinary number."""
    wrong = ~(np.abs(block) <= LARGEST)
    if wrong.any():
        row, step = np.unravel_index(int(np.argmax(wrong)), block.shape)
        raise InputError(
            f"price of series {first + row}, timestep {step} is {block[row, step]}, "
            f"expected a number from {-LARGEST:g} to {LARGEST:g}; mend the series"
        )


def _threads(workers: int | None) -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if workers is not None and workers < 1:
        raise InputError(f"workers is {workers}, expected 1 or more; leave it out to use all {cores} cores")
    return workers or cores


def _each(threads: int, count: int, one: Callable[[int], float]) -> Floats:
    found = np.empty(count)

    def fill(i: int) -> None:
        found[i] = one(i)

    _map(threads, fill, range(count))
    return found


def _map(threads: int, fill: Callable[[int], None], places: range) -> None:
    """Call ``fill`` with each place; the first error in their order is raised, and what still waits is given up."""
    if threads == 1:
        for place in places:
            fill(place)
        return
    with ThreadPoolExecutor(min(threads, len(places) or 1)) as pool:
        for _ in pool.map(fill, places):
            pass
