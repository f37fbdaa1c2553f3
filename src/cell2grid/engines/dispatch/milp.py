"""The best schedule where "never charge and discharge at once" binds: a mixed-integer problem for HiGHS.

A step with buy < sell (a negative price, and losses) would pay a store for doing both. One direction per such step
is a yes or no. The first problem leaves all of them open (each step then lies in the convex hull of its two
directions) and its optimum is a bound; the steps in which it still does both get their yes or no, and so on until
none does both: a solution of a looser problem that keeps the rule is the best of the tight one. With each direction
known the problem is concave, and ``kernel_concave`` gives the schedule without a solver's tolerances.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel_concave import Store, plan
from cell2grid.errors import EngineError, InfeasibleError, NotConvergedError

if TYPE_CHECKING:
    from highspy import Highs, HighsLp

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

METHOD = "highs milp"
# what the schedule may fall short of the proved bound, relative to the money that changes hands
GAP = 1e-9
# a smaller flow beside a larger one is the solver's tolerance, not a decision
SMALL = 1e-7


@dataclass(frozen=True, slots=True)
class _Answer:
    """What HiGHS found: the energy stored and drawn in each step, and the proved bound on the objective."""

    stored: Floats
    drawn: Floats
    bound: float


def plan_exclusive(store: Store, *, time_limit: float) -> tuple[Floats, float, str]:
    """The energy after each step [MWh] of the best schedule, its value, and the method's name.

    Raises
    ------
    NotConvergedError
        The time ran out, or the schedule is not proved the best.
    """
    deadline = time.monotonic() + time_limit
    torn = np.flatnonzero((store.buy < store.sell) & (store.most_in > 0.0) & (store.most_out > 0.0))
    decided = np.zeros(len(torn), dtype=bool)
    small = SMALL * store.full
    answer = _solve(store, torn, decided, deadline, 0.0)
    turnover = float(answer.stored @ np.abs(store.buy) + answer.drawn @ np.abs(store.sell))
    while True:
        both = (answer.stored[torn] > small) & (answer.drawn[torn] > small) & ~decided
        if not both.any():
            break
        decided |= both
        answer = _solve(store, torn, decided, deadline, 0.1 * GAP * turnover)
    energy, value = plan(*_directed(store, torn, answer.stored[torn] > answer.drawn[torn]))
    allowed = GAP * max(1.0, turnover)
    if answer.bound - value > allowed:
        raise NotConvergedError(
            f"storage asset: the schedule earns {value:.2f} and the bound is {answer.bound:.2f}, a gap of "
            f"{answer.bound - value:.3g}, allowed {allowed:.3g}; shorten the horizon"
        )
    return energy, value, METHOD


def _directed(store: Store, torn: Integers, charges: npt.NDArray[np.bool_]) -> Store:
    """The store once each torn step may only charge, or only discharge."""
    buy, sell, most_in, most_out = (part.copy() for part in store[:4])
    most_out[torn[charges]] = 0.0
    most_in[torn[~charges]] = 0.0
    # a step that lacks one direction has one price, whichever of the two it keeps
    sell = np.where((buy < sell) & (most_out == 0.0), buy, sell)
    buy = np.where((buy < sell) & (most_in == 0.0), sell, buy)
    return store._replace(buy=buy, sell=sell, most_in=most_in, most_out=most_out)


def _solve(store: Store, torn: Integers, decided: npt.NDArray[np.bool_], deadline: float, gap: float) -> _Answer:
    """One problem, with a yes or no for the decided among the torn steps, to an absolute ``gap`` [currency]."""
    import highspy

    steps = len(store.buy)
    # prices and flows are scaled to numbers near one, where the solver's tolerances mean the same for every case
    money = float(np.abs(np.concatenate([store.buy, store.sell])).max())
    unit = money * store.full
    solver = _solver(_problem(_scaled(store, money), torn, decided), deadline - time.monotonic(), gap / unit)
    if solver.run() == highspy.HighsStatus.kError:
        raise EngineError("dispatch: HiGHS refused to run; please report the prices and the asset")
    status, info = solver.getModelStatus(), solver.getInfo()
    found = -info.objective_function_value * unit
    bound = -info.mip_dual_bound * unit if decided.any() else found
    if status == highspy.HighsModelStatus.kInfeasible:
        raise InfeasibleError(
            f"storage asset: after the last timestep ({steps - 1}) {store.end:g} MWh cannot be stored; lower the end"
        )
    if status == highspy.HighsModelStatus.kTimeLimit:
        raise NotConvergedError(
            f"storage asset: the time limit passed with {int(decided.sum())} yes-or-no steps of {steps}: found "
            f"{found:.2f}, bound {bound:.2f}, a gap of {bound - found:.3g}; shorten the horizon or allow more time"
        )
    if status != highspy.HighsModelStatus.kOptimal:
        raise NotConvergedError(
            f"storage asset: HiGHS stopped with '{solver.modelStatusToString(status)}' before an answer was proved; "
            "shorten the horizon"
        )
    flows = np.asarray(solver.getSolution().col_value) * store.full
    return _Answer(flows[:steps], flows[steps : 2 * steps], bound)


def _scaled(store: Store, money: float) -> Store:
    """The store with its energy as a share of ``full`` and its prices as a share of ``money``."""
    full = store.full
    return Store(
        store.buy / money,
        store.sell / money,
        store.most_in / full,
        store.most_out / full,
        1.0,
        store.start / full,
        store.end / full,
    )


def _solver(problem: HighsLp, seconds: float, gap: float) -> Highs:
    """HiGHS with the problem in it, one thread, and tolerances as tight as it takes them."""
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, Any] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "time_limit": max(seconds, 0.0),
        "mip_rel_gap": 0.1 * GAP,
        "mip_abs_gap": gap,
        "primal_feasibility_tolerance": 1e-9,
        "dual_feasibility_tolerance": 1e-9,
        "mip_feasibility_tolerance": 1e-9,
    }
    for name, value in options.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise EngineError(f"dispatch: HiGHS does not take the option {name} = {value}")
    if solver.passModel(problem) != highspy.HighsStatus.kOk:
        raise EngineError("dispatch: HiGHS did not take the problem; please report the prices and the asset")
    return solver


def _problem(store: Store, torn: Integers, decided: npt.NDArray[np.bool_]) -> HighsLp:
    """Columns: stored, drawn and energy of each step, then one direction (1 = charge) of each torn step."""
    import highspy
    from scipy.sparse import csc_array, eye_array, hstack, vstack

    buy, sell, most_in, most_out, full, start, end = store
    steps, count = len(buy), len(torn)
    each, pick = np.arange(steps), np.arange(count)
    one = eye_array(steps, format="csc")
    carried = csc_array((np.ones(steps - 1), (each[1:], each[:-1])), shape=(steps, steps))
    balance = hstack([-one, one, one - carried, csc_array((steps, count))])
    chosen = csc_array((np.ones(count), (pick, torn)), shape=(count, steps))
    none, diagonal = csc_array((count, steps)), csc_array((np.ones(count), (pick, pick)), shape=(count, count))
    inward = hstack([chosen, none, none, diagonal.multiply(-most_in[torn][:, None])])
    outward = hstack([none, chosen, none, diagonal.multiply(most_out[torn][:, None])])
    matrix = csc_array(vstack([balance, inward, outward]))

    first = np.zeros(steps)
    first[0] = start
    floor = np.zeros(steps)
    floor[-1] = end
    problem = highspy.HighsLp()
    problem.num_row_, problem.num_col_ = matrix.shape
    problem.col_cost_ = np.concatenate([buy, -sell, np.zeros(steps + count)])
    problem.col_lower_ = np.concatenate([np.zeros(2 * steps), floor, np.zeros(count)])
    problem.col_upper_ = np.concatenate([most_in, most_out, np.full(steps, full), np.ones(count)])
    problem.row_lower_ = np.concatenate([first, np.full(2 * count, -highspy.kHighsInf)])
    problem.row_upper_ = np.concatenate([first, np.zeros(count), most_out[torn]])
    problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    problem.a_matrix_.start_ = matrix.indptr
    problem.a_matrix_.index_ = matrix.indices
    problem.a_matrix_.value_ = matrix.data
    if decided.any():
        kinds = np.array([highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger])
        problem.integrality_ = [
            *[highspy.HighsVarType.kContinuous] * (3 * steps),
            *kinds[decided.astype(int)],
        ]
    return problem
