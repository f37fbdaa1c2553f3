"""How a case is scheduled: on known prices, without foresight, or both side by side; and what that took.

Which prices come before and how they are forecast is said in ``foresight``, reserve in ``reserve``;
what the answers mean in words, in ``words``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from cell2grid.cli.output import waiting
from cell2grid.errors import Cell2gridError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cell2grid.cli.dispatch.foresight import Foresight
    from cell2grid.cli.dispatch.reserve import Reserved
    from cell2grid.engines.dispatch import Case, Schedule
    from cell2grid.engines.foresight import Row, Settlement
    from cell2grid.prices import PriceSeries

    Floats = NDArray[np.float64]

Answered = TypeVar("Answered")

KERNEL_STEPS = 600


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What was done, and what is known of how good it is.

    ``figures`` are those of ``dispatch.outcome``; ``bound`` [currency] is what no schedule exceeds, None where none is
    known; ``relaxed`` [currency] what a linear program would claim, None where it claims no more or was not asked.
    ``water`` [currency/MWh] are the water values from below and above, on known prices. ``rows`` hold perfect
    foresight and the methods without it, ``settlement`` what two markets pay, ``reserve`` what awards do.
    """

    best: Schedule
    figures: dict[str, Any]
    seconds: float
    bound: float | None
    relaxed: float | None = None
    water: tuple[Floats, Floats] | None = None
    rows: tuple[Row, ...] = ()
    settlement: Settlement | None = None
    reserve: Reserved | None = None
    notes: tuple[str, ...] = ()


def perfect(case: Case, time_limit: float) -> Answer:
    """The best schedule on known prices."""
    from cell2grid.engines import dispatch as engine

    with waiting("dispatch"):
        best, seconds = _best(case, time_limit)
        return Answer(
            best=best,
            figures=engine.outcome(best, case),
            seconds=seconds,
            bound=best.bound,
            relaxed=_relaxed(case, time_limit),
            water=engine.water_values(case, best),
        )


def without_foresight(case: Case, known: Foresight, time_limit: float) -> Answer:
    """What one method without foresight does, beside the best schedule on known prices."""
    from cell2grid.engines import dispatch as engine
    from cell2grid.engines.foresight.comparison import row

    engine.checked(case)
    with waiting("dispatch"):
        best, took = _best(case, time_limit)
    with known.watched() as method:
        done, seconds = timed(lambda: method(case), lambda: method(beginning(case)))
    rows = (row(case, best, best, took), row(case, done, best, seconds))
    return Answer(
        best=done.schedule,
        figures=engine.outcome(done.schedule, case),
        seconds=seconds,
        bound=best.bound,
        rows=rows,
        notes=done.notes,
    )


def side_by_side(case: Case, known: Foresight, time_limit: float) -> Answer:
    """The best schedule on known prices, and beside it what each method without foresight earns."""
    best = perfect(case, time_limit)
    known.warm(beginning(case))
    return replace(best, rows=tuple(known.compared(case)))


def on_the_day(case: Case, sold: Answer, intraday: PriceSeries, known: Foresight | None) -> Answer:
    """What is done where ``sold`` was sold a day ahead and intraday prices change it."""
    import numpy as np

    from cell2grid.engines import dispatch as engine
    from cell2grid.engines.foresight import redispatched

    told = None if known is None else known.of_intraday(intraday)
    window = 24.0 if known is None else known.window
    with waiting("on the day"):
        done, seconds = timed(
            lambda: redispatched(case, sold.best, intraday.price, forecast=told, window_hours=window), None
        )
    best = done.actual if isinstance(done.actual, engine.Schedule) else done.actual.schedule
    today = replace(case, price=intraday.price)
    figures = engine.outcome(best, today)
    moved = case.throughput_cost * (figures["charged_energy"] + figures["discharged_energy"])
    # both incomes are net of the throughput cost and hold what the last energy is worth
    later = figures["objective"] - figures["revenue"] + moved
    figures |= {"objective": done.value, "revenue": done.value + moved - later}
    bound = done.day_ahead + best.bound - float(np.sum(intraday.price * done.committed * case.step_hours))
    return Answer(
        best=best,
        figures=figures,
        seconds=sold.seconds + seconds,
        bound=bound if np.isfinite(bound) else None,
        rows=sold.rows,
        settlement=done,
        notes=sold.notes,
    )


def timed(work: Callable[[], Answered], first: Callable[[], Any] | None) -> tuple[Answered, float]:
    """What ``work`` gives and the seconds it took; ``first`` loads and compiles its method on a small case before."""
    if first is not None:
        # a beginning that has no answer has compiled what there is to compile
        with suppress(Cell2gridError):
            first()
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began


def beginning(case: Case, most: int = 2) -> Case:
    """The first steps of a case, which go the same way through the same methods as all of it."""
    import numpy as np

    from cell2grid.engines.dispatch import CycleCap

    def first(name: str) -> Any:
        value = getattr(case, name)
        return value[:most].copy() if isinstance(value, np.ndarray) else value

    cut = {name: first(name) for name in case.__slots__}
    # a negative price of the case stands for all
    cut["price"][0] = case.price.min()
    steps = len(cut["price"])
    cut["cycle_caps"] = tuple(CycleCap(0, steps - 1, cap.energy) for cap in case.cycle_caps[:2])
    cut["end_fraction"] = 0.0
    return type(case)(**cut)


def _best(case: Case, time_limit: float) -> tuple[Schedule, float]:
    """The best schedule on known prices, and the seconds it took."""
    from cell2grid.engines.dispatch import schedule
    from cell2grid.engines.dispatch.steps import reason_for_solver

    # the kernel takes another way through long series; HiGHS needs no more than to be loaded
    most = KERNEL_STEPS if reason_for_solver(case) is None and len(case.cycle_caps) < 2 else 2
    return timed(
        lambda: schedule(case, time_limit=time_limit), lambda: schedule(beginning(case, most), time_limit=time_limit)
    )


def _relaxed(case: Case, time_limit: float) -> float | None:
    """What a linear program that lets it charge and discharge at once would claim, where that is cheap to say."""
    from cell2grid.engines import dispatch as engine
    from cell2grid.engines.dispatch.steps import reason_for_solver

    losses = case.efficiency_charge * case.efficiency_discharge < 1.0
    loose = replace(case, mode="relaxed")
    asks_solver = reason_for_solver(loose) is not None or len(case.cycle_caps) > 1 or (case.cyclic and case.cycle_caps)
    if case.mode == "relaxed" or asks_solver or not losses or not (case.price < 0.0).any():
        return None
    return engine.schedule(loose, time_limit=time_limit).value
