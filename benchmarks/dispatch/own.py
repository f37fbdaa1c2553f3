"""cell2grid as the benchmark calls it: the public call, the kernel alone, and everything around it."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.dispatch.series import ASSET
from benchmarks.dispatch.table import Run
from cell2grid.engines import dispatch

PUBLIC = "cell2grid schedule"
KERNEL = "cell2grid, kernel alone"
WHOLE = "cell2grid, numbers in, powers and money out"


def scheduled(case: dispatch.Case) -> Run:
    """The public call on a checked case."""
    began = time.perf_counter()
    best = dispatch.schedule(case)
    return Run(time.perf_counter() - began, best.value)


def whole(price: np.ndarray, hours: float) -> Run:
    """From plain numbers to charge, discharge, energy and money."""
    began = time.perf_counter()
    case = dispatch.checked(dispatch.asset_case(price, hours, **ASSET))
    found = dispatch.outcome(dispatch.schedule(case), case)
    return Run(time.perf_counter() - began, float(found["objective"]))


def kernel_arguments(case: dispatch.Case) -> tuple[Any, ...]:
    """What the kernel takes, for an asset on its own at one price, without standing loss."""
    room = case.energy_capacity
    steps = len(case.price)
    lowest = np.zeros(steps)
    lowest[-1] = case.end
    return (
        (case.price + case.throughput_cost) / case.efficiency_charge,
        (case.price - case.throughput_cost) * case.efficiency_discharge,
        np.minimum(case.charge_limit * case.step_hours * case.efficiency_charge, room),
        np.minimum(case.discharge_limit * case.step_hours / case.efficiency_discharge, room),
        np.ones(steps),
        lowest,
        np.full(steps, room),
        case.start,
        np.zeros(1),
        np.full(1, room),
    )


def by_kernel(arguments: tuple[Any, ...]) -> Run:
    """The compiled recursion on arrays that are ready."""
    from cell2grid.engines.dispatch.kernel import plan

    began = time.perf_counter()
    _, value = plan(*arguments)
    return Run(time.perf_counter() - began, float(value))
