"""A second program for the same question, written from the equations at the grid side and handed to HiGHS."""

from __future__ import annotations

import highspy
import numpy as np


def oracle(
    price: np.ndarray,
    hours: np.ndarray,
    power_in: np.ndarray,
    power_out: np.ndarray,
    *,
    energy: float,
    efficiency_charge: float,
    efficiency_discharge: float,
    start: float,
    end: float,
    throughput_cost: float = 0.0,
    exclusive: bool = True,
) -> float:
    """The best objective; NaN where there is no schedule. Rows are added one by one, as the equations are read."""
    solver = highspy.Highs()
    solver.silent()
    for name, value in {
        "mip_rel_gap": 1e-11,
        "mip_abs_gap": 1e-9,
        "primal_feasibility_tolerance": 1e-10,
        "dual_feasibility_tolerance": 1e-10,
        "mip_feasibility_tolerance": 1e-10,
        "threads": 1,
    }.items():
        assert solver.setOptionValue(name, value) == highspy.HighsStatus.kOk
    steps = len(price)
    infinity = highspy.kHighsInf
    for t in range(steps):
        solver.addCol((price[t] + throughput_cost) * hours[t], 0.0, power_in[t], 0, [], [])
        solver.addCol((throughput_cost - price[t]) * hours[t], 0.0, power_out[t], 0, [], [])
        solver.addCol(0.0, end if t == steps - 1 else 0.0, energy, 0, [], [])
        columns = [3 * t, 3 * t + 1, 3 * t + 2] + ([3 * t - 1] if t else [])
        values = [-efficiency_charge * hours[t], hours[t] / efficiency_discharge, 1.0] + ([-1.0] if t else [])
        before = 0.0 if t else start
        solver.addRow(before, before, len(columns), np.array(columns), np.array(values))
    if exclusive:
        for t in np.flatnonzero(price < 0):
            column = solver.getNumCol()
            solver.addCol(0.0, 0.0, 1.0, 0, [], [])
            solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
            solver.addRow(-infinity, 0.0, 2, np.array([3 * t, column]), np.array([1.0, -power_in[t]]))
            solver.addRow(-infinity, power_out[t], 2, np.array([3 * t + 1, column]), np.array([1.0, power_out[t]]))
    assert solver.run() == highspy.HighsStatus.kOk
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return float("nan")
    assert status == highspy.HighsModelStatus.kOptimal
    return -solver.getInfo().objective_function_value
