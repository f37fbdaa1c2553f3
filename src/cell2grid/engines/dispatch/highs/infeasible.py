"""Why a case has no schedule: the first timestep whose limits cannot be met, and the limit by name.

The problem is cut after a timestep by freeing all later rows; halving finds the first cut that has no schedule. In
that timestep one limit after the other is lifted until there is one, and what could be had of it is the figure that
the message gives beside the one asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.highs.problem import Choices, Layout, Question, build
from cell2grid.engines.dispatch.highs.solver import Problem, minimum
from cell2grid.errors import Cell2gridError, InfeasibleError, NotConvergedError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Limit:
    """A limit of one timestep: the problem without it, what to make least to see how far it is missed, and words."""

    problem: Problem
    least: Floats
    unit: float
    message: str


def refused(question: Question, decided: Choices, deadline: float) -> Cell2gridError:
    """The error that names the limit and the first timestep that cannot be met."""
    step = None
    # what forbids a schedule may be seen only where the powers are cut to what the levels allow
    for tight in (False, True):
        problem, layout = build(question, decided, tight=tight)
        problem = replace(problem, cost=np.zeros_like(problem.cost))
        step = _first(problem, question.steps, deadline)
        if step is not None:
            break
    if step is None:
        return NotConvergedError(
            "storage asset: HiGHS finds no schedule and no timestep that forbids one within the time limit; "
            "allow more time, or bring the limits nearer to each other in size"
        )
    cut = _cut(problem, step)
    for limit in _limits(question, cut, layout, step):
        answer = minimum(replace(limit.problem, cost=limit.least), deadline)
        if answer.status == "optimal":
            found = abs(float(limit.least @ answer.column)) * limit.unit
            return InfeasibleError(f"storage asset: {limit.message.format(found=found)}")
    return InfeasibleError(
        f"storage asset: the limits of timestep {step} leave no schedule ({question.case.mode} mode): power, levels "
        "and the grid connection contradict each other; widen them there or before"
    )


def _first(problem: Problem, steps: int, deadline: float) -> int | None:
    """The first timestep up to which there is no schedule; None where all cuts have one, or the time is over."""
    low, high = -1, steps - 1
    while high - low > 1:
        middle = (low + high) // 2
        status = minimum(_cut(problem, middle), deadline).status
        if status not in ("optimal", "infeasible"):
            return None
        low, high = (low, middle) if status == "infeasible" else (middle, high)
    return high if minimum(_cut(problem, high), deadline).status == "infeasible" else None


def _cut(problem: Problem, step: int) -> Problem:
    """The problem without the rows of later timesteps."""
    return _freed(problem, np.flatnonzero(problem.step > step))


def _freed(problem: Problem, rows: Integers) -> Problem:
    least, most = problem.least.copy(), problem.most.copy()
    least[rows], most[rows] = -np.inf, np.inf
    return replace(problem, least=least, most=most)


def _limits(question: Question, cut: Problem, layout: Layout, step: int) -> list[_Limit]:
    """The limits that may be at fault in a timestep, the likeliest first."""
    load = _load_limit(question, cut, layout, step)
    levels = _level_limits(question, cut, layout, step)
    return [*load, *_cap_limits(question, cut, layout, step), *_cyclic_limit(question, cut, layout, step), *levels]


def _pick(cut: Problem, columns: Integers | int, weight: float = 1.0) -> Floats:
    least = np.zeros_like(cut.cost)
    least[columns] = weight
    return least


def _load_limit(question: Question, cut: Problem, layout: Layout, step: int) -> list[_Limit]:
    case = question.case
    if case.load is None or case.import_limit is None or layout.imported is None or layout.exported is None:
        return []
    short = float(question.moves.least_net[step])
    if short <= 0.0:
        return []
    # one of the two columns buys; lift the limit of each
    lower, upper = cut.lower.copy(), cut.upper.copy()
    bound = 2.0 * float(case.load[step]) * case.step_hours[step] / case.energy_capacity + upper[layout.imported[step]]
    lower[layout.exported[step]], upper[layout.imported[step]] = -bound, bound
    least = _pick(cut, layout.imported[step]) + _pick(cut, layout.exported[step], -1.0)
    sun = 0.0 if case.generation is None else float(case.generation[step])
    return [
        _Limit(
            replace(cut, lower=lower, upper=upper),
            least,
            case.energy_capacity / float(case.step_hours[step]),
            f"load of timestep {step} is {case.load[step]:g} MW and cannot be served: generation gives {sun:g} MW, the "
            f"import limit is {case.import_limit[step]:g} MW and at least {{found:g}} MW must come from the grid, with "
            "all that the store can hold; raise the import limit, the power or the energy, or lower the load",
        )
    ]


def _cap_limits(question: Question, cut: Problem, layout: Layout, step: int) -> list[_Limit]:
    limits, case = [], question.case
    for cap, row in zip(case.cycle_caps, layout.caps, strict=True):
        if not cap.first <= step:
            continue
        drawn = cut.matrix[[int(row)], :].toarray().ravel()
        lifted = _freed(cut, np.array([row]))
        limits.append(
            _Limit(
                lifted,
                drawn,
                case.energy_capacity,
                f"cycle cap of timesteps {cap.first} to {cap.last} allows {cap.energy:g} MWh to be drawn from the "
                f"store, and {{found:g}} MWh must be to meet the limits up to timestep {step}; raise the cap, or "
                "change the end, the level limits or the load",
            )
        )
    return limits


def _cyclic_limit(question: Question, cut: Problem, layout: Layout, step: int) -> list[_Limit]:
    if not len(layout.cyclic) or step < question.steps - 1:
        return []
    return [
        _Limit(
            _freed(cut, layout.cyclic),
            _pick(cut, layout.energy[step], -1.0),
            question.case.energy_capacity,
            "cyclic: no level is the same before the first and after the last timestep; at most {found:g} MWh can be "
            "stored at the end; raise the power, or lower the load, the floors or the standing loss",
        )
    ]


def _level_limits(question: Question, cut: Problem, layout: Layout, step: int) -> list[_Limit]:
    case, column = question.case, layout.energy[step]
    lower, upper = cut.lower.copy(), cut.upper.copy()
    floor, ceiling = float(case.lowest[step]), float(case.highest[step])
    lower[column], upper[column] = -1e6, 1e6
    floored = 0.0 if case.energy_floor is None else float(case.energy_floor[step]) * case.energy_capacity
    name, change = (
        (f"end_fraction {case.end_fraction:g} asks for", "lower the end")
        if step == question.steps - 1 and not case.cyclic and case.end > floored
        else ("energy_floor asks for", "lower the floor")
    )
    return [
        _Limit(
            replace(cut, lower=lower),
            _pick(cut, column, -1.0),
            case.energy_capacity,
            f"after timestep {step} at most {{found:g}} MWh can be stored, and {name} {floor:g} MWh; {change}, raise "
            "the start or the charge limit, or lengthen the horizon",
        ),
        _Limit(
            replace(cut, upper=upper),
            _pick(cut, column),
            case.energy_capacity,
            f"after timestep {step} at least {{found:g}} MWh are stored, and energy_ceiling allows {ceiling:g} MWh; "
            "raise the ceiling, lower the start, or raise the discharge or export limit",
        ),
    ]
