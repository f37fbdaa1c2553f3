"""HiGHS on a plan's problem: one run, every return code read, and how far the answer is from an optimum's conditions.

highspy takes a cost that is not a number for an optimum and drops rows that it rejects, so that numbers are checked
before and counts after. What columns and rows mean is in ``columns.py`` and ``building.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from cell2grid.errors import EngineError

if TYPE_CHECKING:
    from cell2grid.engines.investment.problem import Floats, Linear

Status = Literal["optimal", "infeasible", "unbounded", "stopped"]
LARGEST = 1e15  # a number of the problem beyond this is not one that doubles can add to others


class Answer(NamedTuple):
    """What HiGHS found, in the units of the solver; ``found`` is infinite where there is no answer."""

    status: Status
    said: str
    column: Floats
    dual: Floats
    found: float
    bound: float


def solver(linear: Linear, *, seconds: float, gap: float, threads: int) -> Any:
    """HiGHS with the problem in it.

    Raises
    ------
    EngineError
        A number is not finite, or HiGHS refuses the problem or an option.
    """
    import highspy

    _check(linear)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, Any] = {
        "output_flag": False,
        "threads": threads,
        "random_seed": 0,
        "time_limit": max(seconds, 0.0),
        "mip_rel_gap": gap,
        "mip_abs_gap": 0.0,
    }
    if not linear.whole.any():
        # Devex pricing; CPU seconds against HiGHS's own choice of steepest edge (HiGHS 1.15, at 2026-11):
        #   columns   16,900  44,000  81,600  204,000
        #   Devex       0.06    0.27    0.46     1.6
        #   its own     0.07    0.28    0.62     2.0     interior point with crossover takes four times as long
        options["simplex_dual_edge_weight_strategy"] = 1
    for name, value in options.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise EngineError(f"investment: HiGHS does not take the option {name} = {value}")
    matrix = linear.matrix
    parts = (linear.cost, linear.lower, linear.upper, linear.least, linear.most)
    places = (matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data)
    whole = linear.whole.astype(np.int32)
    form = (int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), linear.offset)
    height, width = matrix.shape
    if highs.passModel(width, height, matrix.nnz, *form, *parts, *places, whole) != highspy.HighsStatus.kOk:
        raise EngineError("investment: HiGHS did not take the problem; please report the plan")
    if (highs.getNumRow(), highs.getNumCol(), highs.getNumNz()) != (height, width, matrix.nnz):
        raise EngineError("investment: HiGHS dropped part of the problem; please report the plan")
    return highs


def minimum(
    linear: Linear, *, seconds: float, gap: float = 0.0, threads: int = 1, start: Floats | None = None
) -> Answer:
    """The least cost of the problem; whole numbers to a gap relative to it, within a time, from a first answer."""
    import highspy

    highs = solver(linear, seconds=seconds, gap=gap, threads=threads)
    if start is not None:
        first = highspy.HighsSolution()
        first.col_value = start.tolist()
        # one that HiGHS does not take costs time and nothing else
        highs.setSolution(first)
    if highs.run() == highspy.HighsStatus.kError:
        raise EngineError("investment: HiGHS refused to run; please report the plan")
    model = highs.getModelStatus()
    if model == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        # presolve cannot tell; without it the two are told apart
        if highs.setOptionValue("presolve", "off") != highspy.HighsStatus.kOk or highs.run() == (
            highspy.HighsStatus.kError
        ):
            raise EngineError("investment: HiGHS refused to run without presolve; please report the plan")
        model = highs.getModelStatus()
    kinds: dict[Any, Status] = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnbounded: "unbounded",
        highspy.HighsModelStatus.kModelEmpty: "optimal",
    }
    status = kinds.get(model, "stopped")
    info, solution = highs.getInfo(), highs.getSolution()
    column, dual = np.array(solution.col_value, np.float64), np.array(solution.row_dual, np.float64)
    there = len(column) == len(linear.cost) and bool(np.isfinite(column).all()) and _feasible(linear, column)
    if status == "optimal" and not there:
        raise EngineError("investment: HiGHS says optimal and its numbers are none; please report the plan")
    found = float(linear.cost @ column) + linear.offset if there else np.inf
    if linear.whole.any():
        bound = float(info.mip_dual_bound)
    else:
        bound = found - _duality_gap(linear, column, dual) if status == "optimal" else -np.inf
    return Answer(status, highs.modelStatusToString(model), column, dual, found, bound)


def _feasible(linear: Linear, column: Floats) -> bool:
    """Whether an answer keeps to the bounds and rows within a thousandth of a unit, and so is one at all."""
    activity = linear.matrix @ column
    largest = max(1.0, float(np.abs(column).max(initial=0.0)))
    worst = max(
        float(np.maximum(linear.least - activity, activity - linear.most).max(initial=0.0)),
        float(np.maximum(linear.lower - column, column - linear.upper).max(initial=0.0)),
    )
    return worst <= 1e-4 * largest


def _duality_gap(linear: Linear, column: Floats, dual: Floats) -> float:
    """What the answer costs more than its duals prove, reduced costs below the solver's tolerance left aside."""
    side = np.where(dual > 0.0, linear.least, linear.most)
    rows = float(np.where(dual == 0.0, 0.0, dual * np.where(np.isfinite(side), side, 0.0)).sum())
    reduced = linear.cost - linear.matrix.T @ dual
    end = np.where(reduced > 0.0, linear.lower, linear.upper)
    columns = float((reduced * np.where(np.isfinite(end), end, 0.0)).sum())
    return max(float(linear.cost @ column) - rows - columns, 0.0)


def residual(linear: Linear, answer: Answer) -> float:
    """The largest violation of the conditions of an optimum of a linear problem.

    Of bounds and rows relative to the largest column, of the signs of duals and reduced costs relative to the largest
    cost, and of the duality gap relative to the objective.
    """
    column, dual = answer.column, answer.dual
    activity = linear.matrix @ column
    size = max(1.0, float(np.abs(column).max(initial=0.0)))
    price = max(1.0, float(np.abs(linear.cost).max(initial=0.0)))
    primal = max(
        float(np.maximum(linear.least - activity, activity - linear.most).max(initial=0.0)),
        float(np.maximum(linear.lower - column, column - linear.upper).max(initial=0.0)),
    )
    reduced = linear.cost - linear.matrix.T @ dual
    signs = (
        np.where(np.isposinf(linear.upper), -reduced, 0.0),
        np.where(np.isneginf(linear.least), dual, 0.0),
        np.where(np.isposinf(linear.most), -dual, 0.0),
    )
    wrong = max(float(each.max(initial=0.0)) for each in signs)
    gap = _duality_gap(linear, column, dual) / max(1.0, abs(answer.found))
    return max(primal / size, wrong / price, gap)


def _check(linear: Linear) -> None:
    for name, values in {"cost": linear.cost, "number": linear.matrix.data}.items():
        if not (np.abs(values) <= LARGEST).all():
            raise EngineError(
                f"investment: a {name} of the problem is not finite or beyond {LARGEST:g}; check the plan"
            )
    for name, values in {
        "bound": linear.lower,
        "upper bound": linear.upper,
        "side": linear.least,
        "end": linear.most,
    }.items():
        if np.isnan(values).any():
            raise EngineError(f"investment: a {name} of the problem is not a number; please report the plan")
