"""HiGHS on the same question, written from the equations at the grid side; also through scipy.

The linear program lets an asset charge and discharge at once, which pays where the price is negative. The
mixed-integer program forbids it with one yes or no in each step with a negative price, and nowhere else.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from benchmarks.dispatch.table import Run
from cell2grid.engines.dispatch import Case

SIMPLEX: dict[str, Any] = {"solver": "simplex"}
INTERIOR: dict[str, Any] = {"solver": "ipx", "run_crossover": "off"}
HIPO: dict[str, Any] = {"solver": "hipo", "run_crossover": "off"}
TIGHT: dict[str, Any] = {
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
    "mip_feasibility_tolerance": 1e-10,
}


@dataclass(frozen=True)
class Model:
    """Columns charge, discharge, energy, then a yes (charge) or no for each of the steps ``torn``."""

    cost: np.ndarray
    low: np.ndarray
    high: np.ndarray
    matrix: csc_array
    row_low: np.ndarray
    row_high: np.ndarray
    torn: np.ndarray


def model(case: Case, *, exclusive: bool) -> Model:
    """The case as rows and columns: the energy balance, the cycle caps, and the yes-or-no steps."""
    steps, hours = len(case.price), case.step_hours
    inward, outward = case.efficiency_charge * hours, hours / case.efficiency_discharge
    one = eye_array(steps, format="csc")
    carried = csc_array((np.ones(steps - 1), (np.arange(1, steps), np.arange(steps - 1))), shape=(steps, steps))
    torn = np.flatnonzero(case.price < 0.0) if exclusive else np.empty(0, np.int64)
    yes = csr_array((np.ones(len(torn)), (np.arange(len(torn)), torn)), shape=(len(torn), steps))
    none, chosen = csr_array((len(torn), steps)), eye_array(len(torn))
    caps = np.zeros((len(case.cycle_caps), steps))
    for row, cap in zip(caps, case.cycle_caps, strict=True):
        row[cap.first : cap.last + 1] = outward[cap.first : cap.last + 1]
    blank = csr_array(caps.shape)
    limit_in, limit_out = case.charge_limit[torn], case.discharge_limit[torn]
    rows = [
        hstack([one.multiply(-inward[:, None]), one.multiply(outward[:, None]), one - carried, csr_array(yes.T * 0)]),
        hstack([blank, csr_array(caps), blank, csr_array((len(caps), len(torn)))]),
        hstack([yes, none, none, chosen.multiply(-limit_in[:, None])]),
        hstack([none, yes, none, chosen.multiply(limit_out[:, None])]),
    ]
    first = np.zeros(steps)
    first[0] = case.start
    floor = np.zeros(steps)
    floor[-1] = case.end
    money, most = case.price * hours, np.array([cap.energy for cap in case.cycle_caps])
    wear, unbounded = case.throughput_cost * hours, -np.inf
    return Model(
        cost=np.concatenate([money + wear, wear - money, np.zeros(steps + len(torn))]),
        low=np.concatenate([np.zeros(2 * steps), floor, np.zeros(len(torn))]),
        high=np.concatenate(
            [case.charge_limit, case.discharge_limit, np.full(steps, case.energy_capacity), np.ones(len(torn))]
        ),
        matrix=csc_array(vstack(rows)),
        row_low=np.concatenate([first, np.full(len(most) + 2 * len(torn), unbounded)]),
        row_high=np.concatenate([first, most, np.zeros(len(torn)), limit_out]),
        torn=torn,
    )


def available(settings: dict[str, Any]) -> bool:
    """Whether this build of HiGHS has the solver; one that lacks it says so and takes another."""
    solver = highspy.Highs()
    solver.silent()
    return all(solver.setOptionValue(name, value) == highspy.HighsStatus.kOk for name, value in settings.items())


def solver_of(problem: Model, settings: dict[str, Any], limit: float) -> highspy.Highs:
    """HiGHS with the problem in it; every option and the problem must have been taken."""
    made = highspy.HighsLp()
    made.num_row_, made.num_col_ = problem.matrix.shape
    made.col_cost_, made.col_lower_, made.col_upper_ = problem.cost, problem.low, problem.high
    made.row_lower_, made.row_upper_ = problem.row_low, problem.row_high
    made.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    made.a_matrix_.start_, made.a_matrix_.index_ = problem.matrix.indptr, problem.matrix.indices
    made.a_matrix_.value_ = problem.matrix.data
    if len(problem.torn):
        plain = len(problem.cost) - len(problem.torn)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        made.integrality_ = [kinds[0]] * plain + [kinds[1]] * len(problem.torn)
    solver = highspy.Highs()
    solver.silent()
    for name, value in {"time_limit": limit, **settings}.items():
        assert solver.setOptionValue(name, value) == highspy.HighsStatus.kOk, f"HiGHS refuses {name} = {value}"
    assert solver.passModel(made) == highspy.HighsStatus.kOk
    return solver


def solved(problem: Model, settings: dict[str, Any], *, limit: float = 600.0) -> Run:
    """HiGHS on a model that is ready: the solve alone."""
    solver = solver_of(problem, settings, limit)
    began = time.perf_counter()
    assert solver.run() != highspy.HighsStatus.kError
    seconds = time.perf_counter() - began
    stopped = solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit
    assert stopped or solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Run(seconds, -solver.getInfo().objective_function_value, stopped)


def by_scipy(problem: Model) -> Run:
    """The linear program through scipy."""
    rows = len(problem.row_low)
    assert np.array_equal(problem.row_low, problem.row_high), f"{rows} rows are not all equations"
    began = time.perf_counter()
    found = linprog(
        problem.cost,
        A_eq=problem.matrix,
        b_eq=problem.row_high,
        bounds=np.column_stack([problem.low, problem.high]),
        method="highs",
    )
    assert found.success, found.message
    return Run(time.perf_counter() - began, -found.fun)


def proved(problem: Model, *, limit: float = 600.0) -> tuple[float, float]:
    """What a mixed-integer solve has in hand and what it proves, both free of its tolerances.

    The directions found are fixed and the linear program that is left is solved to its vertex.
    """
    solver = solver_of(problem, TIGHT | {"mip_rel_gap": 1e-11, "mip_abs_gap": 1e-6}, limit)
    assert solver.run() != highspy.HighsStatus.kError
    bound = -solver.getInfo().mip_dual_bound
    plain = len(problem.cost) - len(problem.torn)
    charges = np.round(np.asarray(solver.getSolution().col_value)[plain:])
    steps = plain // 3
    high = problem.high.copy()
    high[problem.torn[charges == 0.0]] = 0.0
    high[steps + problem.torn[charges == 1.0]] = 0.0
    low = problem.low.copy()
    low[plain:] = high[plain:] = charges
    fixed = Model(problem.cost, low, high, problem.matrix, problem.row_low, problem.row_high, np.empty(0, np.int64))
    return solved(fixed, SIMPLEX | {k: v for k, v in TIGHT.items() if not k.startswith("mip")}).value, bound
