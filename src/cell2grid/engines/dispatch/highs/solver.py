"""HiGHS with a problem in it: blocks of columns and rows as they are added, one run, and the proof of its optimum.

Numbers are as the caller scales them; what they mean is in ``problem``. highspy takes a cost that is not a
number for an optimum and drops what it rejects, so every number is checked to be finite and every return code read.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from cell2grid.errors import EngineError

if TYPE_CHECKING:
    from highspy import Highs
    from scipy.sparse import csc_array

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Term = tuple[Integers, Floats | float]

TOLERANCE = 1e-9


@dataclass(slots=True, eq=False)
class Blocks:
    """A problem as it grows, to be minimised; each row has the timestep before which it does not matter."""

    columns: list[tuple[Floats, Floats, Floats]] = field(default_factory=list)
    sides: list[tuple[Floats, Floats, Integers]] = field(default_factory=list)
    entries: list[tuple[Integers, Integers, Floats]] = field(default_factory=list)
    whole: list[Integers] = field(default_factory=list)
    width: int = 0
    height: int = 0

    def column(self, lower: Floats | float, upper: Floats, cost: Floats | float = 0.0) -> Integers:
        """The numbers of new columns, one for each number of ``upper``."""
        lower, cost = (np.broadcast_to(np.asarray(part, np.float64), upper.shape) for part in (lower, cost))
        self.columns.append((lower, upper, cost))
        self.width += len(upper)
        return np.arange(self.width - len(upper), self.width)

    def row(self, lower: Floats | float, upper: Floats | float, step: Integers, *terms: Term) -> Integers:
        """The numbers of new rows, one for each number of ``step``; a term is columns and their coefficients."""
        number = np.arange(self.height, self.height + len(step))
        sides = (np.broadcast_to(np.asarray(part, np.float64), step.shape) for part in (lower, upper))
        self.sides.append((*sides, step))  # type: ignore[arg-type]
        for columns, coefficient in terms:
            self.enter(number, columns, coefficient)
        self.height += len(step)
        return number

    def total(self, upper: float, *terms: Term) -> Integers:
        """The number of one new row, of all timesteps: a sum over columns that stays at or below ``upper``."""
        number = np.array([self.height])
        self.sides.append((np.array([-np.inf]), np.array([upper]), np.array([0])))
        for columns, coefficient in terms:
            self.enter(np.full(len(columns), self.height), columns, coefficient)
        self.height += 1
        return number

    def enter(self, rows: Integers, columns: Integers, coefficient: Floats | float) -> None:
        """Put coefficients where the numbers of rows and columns, pair by pair, say."""
        self.entries.append((rows, columns, np.broadcast_to(np.asarray(coefficient, np.float64), columns.shape)))

    def problem(self) -> Problem:
        """The problem of all blocks."""
        from scipy.sparse import coo_array

        lower, upper, cost = (np.concatenate(part) for part in zip(*self.columns, strict=True))
        least, most, step = (np.concatenate(part) for part in zip(*self.sides, strict=True))
        row, column, value = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        matrix = coo_array((value, (row, column)), shape=(self.height, self.width)).tocsc()
        whole = np.concatenate([np.zeros(0, np.int64), *self.whole])
        return Problem(lower, upper, cost, least, most, step, matrix, whole)


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Columns, rows and the whole-numbered columns of one problem; ``step`` is the timestep of each row."""

    lower: Floats
    upper: Floats
    cost: Floats
    least: Floats
    most: Floats
    step: Integers
    matrix: csc_array
    whole: Integers


Status = Literal["optimal", "infeasible", "time", "other"]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What HiGHS found; ``bound`` is below every value that the problem can take, ``found`` is infinite without one."""

    status: Status
    said: str
    column: Floats
    dual: Floats
    found: float
    bound: float


def minimum(problem: Problem, deadline: float, *, gap: float = 0.0) -> Answer:
    """The least cost of a problem, to an absolute ``gap`` where it has whole-numbered columns.

    Raises
    ------
    EngineError
        A number is not finite, or HiGHS refuses the problem or an option.
    """
    answer = _searched(problem, deadline, gap, presolve="choose")
    if len(problem.whole) == 0 or answer.status not in ("optimal", "infeasible"):
        return answer
    # HiGHS 1.15.1 has proved optima that were none, in one of some thousand searches at these tolerances (a cyclic
    # store of nine steps with losses by power lost 0.5 %); a second search along another way contradicts it there
    other, least = _searched(problem, deadline, gap, presolve="off"), 1e-9 * max(1.0, abs(answer.found))
    if other.status != "optimal" or (answer.status == "optimal" and other.found >= answer.found - least):
        return answer
    return replace(other, bound=min(answer.bound, other.bound)) if answer.status == "optimal" else other


def _searched(problem: Problem, deadline: float, gap: float, *, presolve: str) -> Answer:
    """What HiGHS finds in one search."""
    import highspy

    solver = _solver(problem, deadline - time.monotonic(), gap)
    if solver.setOptionValue("presolve", presolve) != highspy.HighsStatus.kOk:
        raise EngineError(f"dispatch: HiGHS does not take the option presolve = {presolve}")
    if solver.run() == highspy.HighsStatus.kError:
        raise EngineError("dispatch: HiGHS refused to run; please report the prices and the asset")
    kinds: dict[Any, Status] = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        # every column has finite bounds, so that "or unbounded" cannot be
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
        highspy.HighsModelStatus.kTimeLimit: "time",
    }
    model, info, solution = solver.getModelStatus(), solver.getInfo(), solver.getSolution()
    status = kinds.get(model, "other")
    column, dual = np.asarray(solution.col_value), np.asarray(solution.row_dual)
    exists = len(column) == len(problem.cost) and bool(np.isfinite(column).all())
    found = float(problem.cost @ column) if status == "optimal" or exists else np.inf
    if len(problem.whole):
        bound = float(info.mip_dual_bound)
    else:
        bound = proved(problem, dual) if len(dual) == len(problem.least) else -np.inf
    if status == "optimal" and not exists:
        raise EngineError("dispatch: HiGHS says optimal and gives no numbers; please report the prices and the asset")
    return Answer(status, solver.modelStatusToString(model), column, dual, found, bound)


def proved(problem: Problem, dual: Floats) -> float:
    """A lower bound on the cost of a linear problem from any duals of its rows, by weak duality.

    ``sum_i min(y_i l_i, y_i u_i) + sum_j min over [l_j, u_j] of (c - A'y)_j x_j``: true whatever the solver's
    tolerances were.
    """
    y = np.where((dual > 0.0) & np.isneginf(problem.least), 0.0, dual)
    y = np.where((y < 0.0) & np.isposinf(problem.most), 0.0, y)
    side = np.where(y > 0.0, problem.least, problem.most)
    rows = np.where(y == 0.0, 0.0, y * np.where(y == 0.0, 0.0, side))
    reduced = problem.cost - problem.matrix.T @ y
    columns = np.where(reduced > 0.0, problem.lower, problem.upper) * reduced
    return float(rows.sum() + columns.sum())


def _solver(problem: Problem, seconds: float, gap: float) -> Highs:
    """HiGHS with the problem in it, one thread, and tolerances as tight as it takes them."""
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, Any] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "time_limit": max(seconds, 0.0),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": gap,
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
        "mip_feasibility_tolerance": TOLERANCE,
        # trees of smaller problems in search of a good answer took nine tenths of the time (22 s against 2 s for a
        # year with a daily cap and 125 choices); branching finds it as soon
        "mip_heuristic_run_rins": False,
        "mip_heuristic_run_rens": False,
        "mip_heuristic_run_root_reduced_cost": False,
        # CPU seconds of a linear problem in this form (prices of 0 and more, HiGHS 1.15, one core at 2026-11):
        #   steps     8,760  35,040  70,080  105,120
        #   simplex    0.15    0.88    2.3      4.3
        #   interior    -      2.9    13.5     25.2     with crossover, to the same optimum
        "solver": "simplex" if not len(problem.whole) else "choose",
    }
    for name, value in options.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise EngineError(f"dispatch: HiGHS does not take the option {name} = {value}")
    if solver.passModel(_highs_lp(problem)) != highspy.HighsStatus.kOk:
        raise EngineError("dispatch: HiGHS did not take the problem; please report the prices and the asset")
    if (solver.getNumRow(), solver.getNumCol()) != problem.matrix.shape:
        raise EngineError("dispatch: HiGHS dropped part of the problem; please report the prices and the asset")
    return solver


def _highs_lp(problem: Problem) -> Any:
    """The problem in the form that highspy takes, once its numbers are known to be finite."""
    import highspy

    whole = {"lower": problem.lower, "upper": problem.upper, "cost": problem.cost, "matrix": problem.matrix.data}
    for name, values in whole.items():
        if not np.isfinite(values).all():
            raise EngineError(f"dispatch: a {name} of the problem for HiGHS is not finite; please report the case")
    if np.isnan(problem.least).any() or np.isnan(problem.most).any():
        raise EngineError("dispatch: a side of the problem for HiGHS is not a number; please report the case")
    form = highspy.HighsLp()
    form.num_row_, form.num_col_ = problem.matrix.shape
    form.col_cost_ = problem.cost
    form.col_lower_, form.col_upper_ = problem.lower, problem.upper
    form.row_lower_, form.row_upper_ = problem.least, problem.most
    form.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    form.a_matrix_.start_ = problem.matrix.indptr
    form.a_matrix_.index_ = problem.matrix.indices
    form.a_matrix_.value_ = problem.matrix.data
    if len(problem.whole):
        kinds = np.full(len(problem.cost), highspy.HighsVarType.kContinuous, dtype=object)
        kinds[problem.whole] = highspy.HighsVarType.kInteger
        form.integrality_ = list(kinds)
    return form
