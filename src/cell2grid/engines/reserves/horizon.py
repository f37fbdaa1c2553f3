"""A whole horizon with many choices: a plan made in windows, made the best of its choices, and a bound that proves it.

One tree over all choices of a year takes minutes; the choices of a week depend little on those of a month later. So
the directions and bids of a plan made window by window are fixed, and the whole horizon is solved once more as a
linear problem. Its duals then price what ties the weeks together, and with those prices the weeks fall apart into
problems of their own, whose bounds add up to a bound on the whole (Lagrangian relaxation, as in Geoffrion 1974,
doi:10.1007/BFb0120690). Where the two differ by more than is allowed, one tree over all choices takes over.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.highs.solver import Problem, minimum
from cell2grid.engines.reserves.problem import NOTHING, Decided, build, likely
from cell2grid.engines.reserves.question import Question
from cell2grid.engines.reserves.solving import (
    GAP,
    LINEAR,
    MIXED,
    Plan,
    Tried,
    best_plan,
    bound_of,
    net_flow,
    settled,
    tried,
    turnover,
    value_of,
)
from cell2grid.engines.reserves.windows import rolling, spans
from cell2grid.errors import InputError, NoAnswerError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# fewer steps than these go into one tree at once
MOST_IN_A_TREE = 500
# a plan is made in windows of so many hours, with so many more that are seen
GUIDE_HOURS, GUIDE_OVERLAP = 96.0, 24.0
# the bound falls apart into parts of so many hours
PART_HOURS = 72.0


def best_of_horizon(asked: Question, *, deadline: float) -> Plan:
    """The best plan of a whole horizon, proved.

    Raises
    ------
    InfeasibleError, NotConvergedError
        As one problem does.
    """
    loose = tried(asked, NOTHING, deadline=deadline)
    if not loose.broken.choices:
        return settled(asked, loose.found, bound_of(asked, loose.answer.bound), LINEAR)
    decided = likely(asked).joined(loose.broken)
    if asked.steps <= MOST_IN_A_TREE or asked.case.cyclic:
        return best_plan(asked, deadline=deadline, decided=decided)
    guided = _guided(asked, decided, deadline)
    if guided is not None:
        run, decided = guided
        allowed = GAP * max(1.0, turnover(asked, run.found))
        bound = bound_of(asked, _bound(asked, decided, run.answer.dual, deadline))
        if bound - value_of(asked, run.found) <= allowed:
            return settled(asked, run.found, bound, MIXED)
    return best_plan(asked, deadline=deadline, decided=decided)


def _guided(asked: Question, decided: Decided, deadline: float) -> tuple[Tried, Decided] | None:
    """The whole horizon with the choices of a plan made in windows; None where no window fits or it has no answer."""
    try:
        guide = rolling(asked, GUIDE_HOURS, GUIDE_OVERLAP, deadline=deadline)
        while True:
            run = tried(asked, decided, deadline=deadline, choices=_choices(asked, guide, decided))
            if not run.broken.choices:
                return run, decided
            decided = decided.joined(run.broken)
    except (InputError, NoAnswerError):
        # blocks longer than a window, or a share of a yearly cap that one window cannot keep
        return None


def _choices(asked: Question, guide: Plan, decided: Decided) -> Floats:
    """The yes or no of the guide for all that is decided, in the order of the problem's columns."""
    flow = net_flow(asked, guide.charge, guide.discharge, guide.curtailed)
    charges, buys = guide.charge > guide.discharge, flow < 0.0
    chosen = (charges[decided.directions], buys[decided.meters], (guide.award > 0.0)[decided.bids])
    return np.concatenate(chosen).astype(np.float64)


def _bound(asked: Question, decided: Decided, dual: Floats, deadline: float) -> float:
    """A lower bound on the scaled cost of any plan, from parts of the horizon that ``dual`` prices apart."""
    problem, _ = build(asked, decided)
    try:
        cuts = np.array([span.kept for span in spans(asked.case, asked.products, PART_HOURS, 0.0)[:-1]])
    except InputError:
        return -np.inf
    rows, columns = _parts(problem, cuts)
    price = np.where(rows < 0, dual, 0.0)
    # a dual of the wrong sign for its row is rounding, and would prove nothing
    price = np.where((price > 0.0) & np.isneginf(problem.least), 0.0, price)
    price = np.where((price < 0.0) & np.isposinf(problem.most), 0.0, price)
    side = np.where(price > 0.0, problem.least, problem.most)
    total = float(np.sum(price * np.where(price == 0.0, 0.0, side)))
    cost = problem.cost - problem.matrix.T @ price
    for number in range(len(cuts) + 1):
        part = _part(problem, cost, np.flatnonzero(rows == number), np.flatnonzero(columns == number))
        answer = minimum(part, deadline)
        if answer.status != "optimal":
            return -np.inf
        total += answer.bound
    return total


def _parts(problem: Problem, cuts: Integers) -> tuple[Integers, Integers]:
    """The part of each row and of each column; a row that ties parts together has -1."""
    entries = problem.matrix.tocoo()
    row_part = np.searchsorted(cuts, problem.step, side="right")
    # rows over the whole horizon have no step of their own and say nothing of where their columns belong
    own = np.bincount(entries.row, minlength=len(row_part))[entries.row] <= MOST_IN_A_TREE
    columns = np.full(len(problem.cost), len(cuts), dtype=np.int64)
    np.minimum.at(columns, entries.col[own], row_part[entries.row[own]])
    first = np.full(len(row_part), len(cuts), dtype=np.int64)
    last = np.zeros(len(row_part), dtype=np.int64)
    np.minimum.at(first, entries.row, columns[entries.col])
    np.maximum.at(last, entries.row, columns[entries.col])
    return np.where(first == last, first, -1), columns


def _part(problem: Problem, cost: Floats, rows: Integers, columns: Integers) -> Problem:
    """The problem of some rows and columns alone."""
    return Problem(
        lower=problem.lower[columns],
        upper=problem.upper[columns],
        cost=cost[columns],
        least=problem.least[rows],
        most=problem.most[rows],
        step=problem.step[rows],
        matrix=problem.matrix[:, columns][rows, :].tocsc(),
        whole=np.flatnonzero(np.isin(columns, problem.whole)),
    )
