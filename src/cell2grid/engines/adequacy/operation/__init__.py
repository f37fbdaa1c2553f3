"""What one store can do for the operation of a region: its peak, what it curtails, and how fast its load changes.

``best_operation`` says what the store could do for each aim alone, and gives one schedule that serves all of them in
a stated order; ``measured`` gives the same measures of any schedule. Peak alone and curtailment alone are exact passes
over the steps (``kernel.py``); ramps and the joint schedule are linear programs (``joint.py``). The store knows the
net load in advance. Risk of outages is not seen here: it is in ``credit.py``, beside this folder.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cell2grid.engines.adequacy.operation.case import AIMS, Aim, Measures, Operation, Schedule, checked, measured
from cell2grid.engines.adequacy.operation.joint import Joint, best_in_order
from cell2grid.engines.adequacy.operation.kernel import least_curtailed, least_peak
from cell2grid.errors import InputError

__all__ = ["AIMS", "Aim", "Best", "Measures", "Operation", "Schedule", "best_operation", "checked", "measured"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Best:
    """A region before and after, by measure; ``alone`` is the best of each aim where nothing else counts.

    An aim that was not proved in time is missing in ``alone``; ``notes`` says so.
    """

    before: Measures
    after: Measures
    alone: dict[Aim, float]
    schedule: Schedule
    order: tuple[Aim, ...]
    method: str
    notes: tuple[str, ...] = field(default_factory=tuple)


def best_operation(case: Operation, *, order: Sequence[Aim] = AIMS, time_limit: float = 120.0) -> Best:
    """What the store could do at best for each aim, and the schedule that serves them in ``order``.

    Parameters
    ----------
    case
        The region and the store.
    order
        The aims; each is served as well as it can be without taking anything from those before it. Among schedules
        that serve all alike, the one that moves the least energy.
    time_limit
        Seconds that HiGHS may take in all; what is not proved by then is left out, with a note.

    Raises
    ------
    InputError
        A number is outside its bounds, or an aim stands twice or is none.

    >>> day = np.array([10.0] * 12 + [30.0, 40.0] + [10.0] * 10)
    >>> best = best_operation(Operation(load=day, charge_power=10.0, discharge_power=10.0, energy=15.0))
    >>> best.before.peak, round(best.after.peak, 6), round(best.alone["peak"], 6)
    (40.0, 30.0, 30.0)
    """
    if not order or len(set(order)) != len(order) or not set(order) <= set(AIMS):
        raise InputError(f"order is {', '.join(order) or 'empty'}, expected {', '.join(AIMS)} in any order, each once")
    checked(case)
    deadline = time.monotonic() + time_limit
    alone: dict[Aim, float] = {"peak": least_peak(case), "curtailment": least_curtailed(case)}
    notes: list[str] = []
    ramp = best_in_order(case, ("ramp",), None, deadline)
    found: Joint = best_in_order(case, tuple(order), alone["peak"], deadline)
    notes += found.notes
    after = measured(case, found.schedule)
    if ramp.proved:
        alone["ramp"] = min(measured(case, ramp.schedule).ramp, after.ramp)
        said = (
            f"Of a schedule for the ramp alone: {note[0].lower()}{note[1:]}" for note in ramp.notes if note not in notes
        )
        notes += said if alone["ramp"] < after.ramp else ()
    return Best(
        before=measured(case, None),
        after=after,
        alone=alone,
        schedule=found.schedule,
        order=tuple(order),
        method="bisection for the peak, linear programs by HiGHS in order",
        notes=tuple(dict.fromkeys(notes)),
    )
