"""The dispatch kernel beside HiGHS and scipy on the same prices, in one run: ``python -m benchmarks.dispatch``.

Prices are those of the synthetic year, cut off at zero, so that a linear program has the exact answer; the row of
negative prices compares with the mixed-integer problem. Each program gets the problem as arrays and is timed on the
solve alone, the best of ``REPEATS``. ``--quick`` runs each size once, shortened, without judging the times.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array, eye_array, hstack

from cell2grid.engines.dispatch import Case, asset_case, checked, schedule
from cell2grid.prices import synthetic_year

REPEATS = 5
ASSET = {
    "power": 100.0,
    "energy": 400.0,
    "efficiency_charge": 0.94,
    "efficiency_discharge": 0.94,
    "start_fraction": 0.5,
    "end_fraction": 0.5,
}


@dataclass(frozen=True)
class Size:
    """A named series: its resolution [minute], whether its negative prices stay, and how many steps are used."""

    name: str
    resolution_minutes: int
    negative: bool
    steps: int | None = None
    peers: bool = True


SIZES = (
    Size("week of hours", 60, False, 168),
    Size("year of hours", 60, False),
    Size("year of hours, with negative prices", 60, True, peers=False),
    Size("year of quarter-hours", 15, False, peers=False),
    Size("year of five minutes", 5, False, peers=False),
)


def case_of(size: Size, steps: int | None = None) -> Case:
    year = synthetic_year(1, resolution_minutes=size.resolution_minutes)
    price = year.price if size.negative else np.maximum(year.price, 0.0)
    count = min(filter(None, (steps, size.steps, len(price))))
    return checked(asset_case(price[:count], year.step_hours[:count], **ASSET))  # type: ignore[arg-type]


def balance(case: Case) -> csc_array:
    """The rows s[t] - s[t-1] - eta_c c dt + d dt / eta_d = 0 over the columns charge, discharge, energy."""
    steps = len(case.price)
    carried = csc_array((np.ones(steps - 1), (np.arange(1, steps), np.arange(steps - 1))), shape=(steps, steps))
    one = eye_array(steps, format="csc")
    return csc_array(
        hstack(
            [
                one.multiply(-case.efficiency_charge * case.step_hours[:, None]),
                one.multiply(case.step_hours[:, None] / case.efficiency_discharge),
                one - carried,
            ]
        )
    )


def columns(case: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Cost, lower and upper bounds of the columns, and the right-hand side."""
    money = case.price * case.step_hours
    low = np.zeros(3 * len(money))
    low[-1] = case.end_fraction * case.energy_capacity
    high = np.concatenate([case.charge_limit, case.discharge_limit, np.full(len(money), case.energy_capacity)])
    right = np.zeros(len(money))
    right[0] = case.start
    return np.concatenate([money, -money, np.zeros(len(money))]), low, high, right


def by_highs(case: Case) -> tuple[float, float]:
    cost, low, high, right = columns(case)
    matrix = balance(case)
    problem = highspy.HighsLp()
    problem.num_row_, problem.num_col_ = matrix.shape
    problem.col_cost_, problem.col_lower_, problem.col_upper_ = cost, low, high
    problem.row_lower_ = problem.row_upper_ = right
    problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    problem.a_matrix_.start_, problem.a_matrix_.index_ = matrix.indptr, matrix.indices
    problem.a_matrix_.value_ = matrix.data
    solver = highspy.Highs()
    solver.silent()
    assert solver.passModel(problem) == highspy.HighsStatus.kOk
    began = time.perf_counter()
    assert solver.run() == highspy.HighsStatus.kOk
    return time.perf_counter() - began, -solver.getInfo().objective_function_value


def by_scipy(case: Case) -> tuple[float, float]:
    cost, low, high, right = columns(case)
    matrix = balance(case)
    began = time.perf_counter()
    found = linprog(cost, A_eq=matrix, b_eq=right, bounds=np.column_stack([low, high]), method="highs")
    assert found.success
    return time.perf_counter() - began, -found.fun


def by_cell2grid(case: Case) -> tuple[float, float]:
    began = time.perf_counter()
    best = schedule(case)
    return time.perf_counter() - began, best.value


PROGRAMS: dict[str, Callable[[Case], tuple[float, float]]] = {
    "cell2grid": by_cell2grid,
    "highspy LP": by_highs,
    "scipy linprog": by_scipy,
}


def measured(size: Size, steps: int | None, repeats: int) -> dict[str, tuple[float, float]]:
    """Best time [second] and objective of each program; the peers only where a linear program is exact."""
    case = case_of(size, steps)
    by_cell2grid(case)
    programs = PROGRAMS if size.peers else {"cell2grid": by_cell2grid}
    found = {}
    for name, program in programs.items():
        runs = [program(case) for _ in range(repeats if name == "cell2grid" else min(repeats, 2))]
        found[name] = (min(seconds for seconds, _ in runs), runs[0][1])
    own = found["cell2grid"][1]
    for name, (_, objective) in found.items():
        assert abs(objective - own) <= 1e-7 * max(1.0, abs(own)), f"{name} finds {objective}, cell2grid {own}"
    return found


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="each size once, shortened")
    quick = parser.parse_args(arguments).quick
    print(f"{platform.machine()}, Python {platform.python_version()}, highspy {highspy.Highs().version()}")
    print(f"{'series':<38}{'steps':>9}  {'program':<14}{'ms':>12}{'ratio':>10}")
    for size in SIZES:
        found = measured(size, 168 if quick else None, 1 if quick else REPEATS)
        steps = len(case_of(size, 168 if quick else None).price)
        own = found["cell2grid"][0]
        for name, (seconds, _) in found.items():
            print(f"{size.name:<38}{steps:>9,}  {name:<14}{seconds * 1000:>12.3f}{seconds / own:>9.0f}x")


if __name__ == "__main__":
    main()
