"""The whole dispatch problem of a case on HiGHS, for the combinations that the fast method does not cover.

The first problem leaves every choice (one direction at a time, one meter, curves of efficiency that bend the wrong
way) in its convex hull; its optimum is a bound. The levels it finds are made an exact schedule (``exact``). If
that earns the bound, it is the best; if not, the steps whose answer broke a rule get their yes or no, and so on. A
schedule comes back only within 1e-9 of a proved bound: for a linear problem the bound is weak duality on the duals
of HiGHS, true whatever its tolerances; for a mixed-integer one the bound is that of its tree.

Left out: the fast method (``kernel``), and which of the two a case goes to (``schedule``). The problem itself is in
``problem``, why there is no schedule in ``infeasible``. Equations: docs/formulation/dispatch.md.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.case import Case
from cell2grid.engines.dispatch.highs.exact import ROUNDING, Plan, exact
from cell2grid.engines.dispatch.highs.infeasible import refused
from cell2grid.engines.dispatch.highs.problem import (
    RULES,
    Choices,
    Layout,
    Question,
    build,
    fixed,
    likely,
    nothing,
    question,
)
from cell2grid.engines.dispatch.highs.solver import Answer, Problem, minimum
from cell2grid.errors import EngineError, InputError, NotConvergedError

Floats = npt.NDArray[np.float64]
Steps = npt.NDArray[np.bool_]

LINEAR: Literal["highs lp"] = "highs lp"
MIXED: Literal["highs milp"] = "highs milp"
# what the schedule may fall short of the proved bound, relative to the money that changes hands
GAP = 1e-9
STEEP = 10.0  # times the gap that is asked for may be left
# a smaller flow beside a larger one [share of the energy capacity] is the solver's tolerance, not a choice
SMALL = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Whole:
    """The best schedule of a case: energy after each step [MWh], powers [MW], value and proved bound [currency].

    ``water_value`` [currency/MWh] is what one more MWh stored after each step earns later, as the duals of the linear
    problem say it, or of the linear problem that is left once the choices of ``highs milp`` are made.
    """

    energy: Floats
    charge: Floats
    discharge: Floats
    value: float
    bound: float
    water_value: Floats
    method: Literal["highs lp", "highs milp"]


def whole(case: Case, *, time_limit: float = 600.0) -> Whole:
    """The best schedule of a checked case, with every feature of ``Case``, proved to 1e-9.

    Raises
    ------
    InputError
        A number is not finite, or a table has no linear form.
    InfeasibleError
        No schedule meets all limits; the message names the limit and the first timestep.
    NotConvergedError
        The seconds of ``time_limit`` passed, or the schedule is not proved the best.

    >>> import numpy as np
    >>> from cell2grid.engines.dispatch.case import asset_case
    >>> best = whole(asset_case(np.array([10.0, 50, 10, 5000, 10]), power=4.0, energy=6.0))
    >>> best.value, best.method
    (20120.0, 'highs lp')
    """
    deadline = time.monotonic() + time_limit
    _check_finite(case)
    asked = question(case)
    decided, allowed = nothing(asked), 0.0
    while True:
        problem, layout = build(asked, decided)
        answer = _solved(asked, problem, decided, deadline, 0.1 * allowed)
        plan, bound = _plan(asked, layout, answer), -answer.bound * asked.unit
        allowed = GAP * max(1.0, float(np.abs(plan.money).sum()))
        more = {} if _proved(plan, bound, allowed) else _broken(asked, layout, answer.column, decided)
        if not more:
            break
        decided = {rule: decided[rule] | more[rule] for rule in RULES}
    linear = _linear(problem, answer, deadline)
    settled = _plan(asked, layout, linear)
    # of several flows that earn the same, those of the linear problem may break a rule that has no choice
    plan = settled if _proved(settled, bound, allowed) else plan
    # a limit that moves with the level multiplies what the solver's tolerance leaves open
    if not _proved(plan, bound, STEEP * allowed):
        raise _not_proved(plan, bound, STEEP * allowed)
    if plan.value - bound > allowed:
        raise EngineError(
            f"dispatch: the schedule earns {plan.value!r}, above the bound {bound!r}; please report the case"
        )
    return Whole(
        energy=plan.energy,
        charge=plan.charge,
        discharge=plan.discharge,
        value=plan.value,
        bound=max(bound, plan.value),
        water_value=_water_values(asked, layout, linear),
        method=MIXED if len(problem.whole) else LINEAR,
    )


def _solved(asked: Question, problem: Problem, decided: Choices, deadline: float, gap: float) -> Answer:
    """The best answer of one problem, with its choices to an absolute ``gap`` [currency]."""
    answer = minimum(problem, deadline, gap=gap / asked.unit)
    if answer.status == "infeasible":
        raise refused(asked, decided, deadline)
    if answer.status != "optimal":
        found, bound = -answer.found * asked.unit, -answer.bound * asked.unit
        reason = "the time limit passed" if answer.status == "time" else f"HiGHS stopped with '{answer.said}'"
        raise NotConvergedError(
            f"storage asset: {reason} with {len(problem.whole)} choices in {asked.steps} timesteps: found "
            f"{found:.2f}, bound {bound:.2f}, a gap of {bound - found:.3g}; shorten the horizon or allow more time"
        )
    return answer


def _linear(problem: Problem, answer: Answer, deadline: float) -> Answer:
    """The answer itself, or that of the linear problem that is left once its choices are made."""
    if not len(problem.whole):
        return answer
    linear = minimum(fixed(problem, answer.column), deadline)
    # a choice that holds only within the tolerance of the tree may not hold exactly
    return linear if linear.status == "optimal" else answer


def _proved(plan: Plan, bound: float, allowed: float) -> bool:
    return plan.missed <= ROUNDING and bound - plan.value <= allowed


def _plan(asked: Question, layout: Layout, answer: Answer) -> Plan:
    case, size = asked.case, asked.case.energy_capacity
    charge = answer.column[layout.charge].sum(axis=1) * size / case.step_hours
    return exact(asked, case.start, answer.column[layout.energy] * size, charge)


def _broken(asked: Question, layout: Layout, column: Floats, decided: Choices) -> Choices:
    """The timesteps in which an answer breaks a rule that has no yes or no there yet; empty where none does."""
    for small in (SMALL, 1e-6 * SMALL):
        found = {rule: _breaks(asked, layout, column, rule, small) & ~decided[rule] for rule in RULES}
        if any(steps.any() for steps in found.values()):
            return {**found, "direction": _neighbours(found["direction"], likely(asked, "direction"))}
    return {}


def _neighbours(found: Steps, likely: Steps) -> Steps:
    """The steps found, and those beside them to which doing both would move next: half the rounds, measured."""
    run = np.cumsum(np.diff(likely, prepend=False))
    return found | (likely & np.isin(run, run[found & likely]))


def _breaks(asked: Question, layout: Layout, column: Floats, rule: str, small: float) -> Steps:
    none = np.zeros(asked.steps, dtype=bool)
    if rule == "direction":
        if asked.case.mode == "relaxed":
            return none
        into, out = column[layout.charge].sum(axis=1), column[layout.discharge].sum(axis=1)
        broken: Steps = (into > small) & (out > small)
        return broken
    if rule == "meter":
        if layout.exported is None or layout.imported is None:
            return none
        broken = (column[layout.exported] > small) & (column[layout.imported] > small)
        return broken & likely(asked, rule)
    name = rule.split()[0]
    pieces, most = column[getattr(layout, name)], layout.widths[rule]
    later = np.cumsum(pieces[:, ::-1], axis=1)[:, ::-1]
    broken = ((pieces[:, :-1] < most[:, :-1] - small) & (later[:, 1:] > small)).any(axis=1)
    return broken


def _water_values(asked: Question, layout: Layout, answer: Answer) -> Floats:
    """What one more MWh stored after each step earns later [currency/MWh]: the dual of the next step's balance."""
    if len(answer.dual) == 0:
        return np.full(asked.steps, np.nan)
    balance = -answer.dual[layout.balance] * asked.money
    last = answer.dual[np.concatenate([layout.worth, layout.cyclic])].sum() * asked.money
    return np.append(asked.case.kept[1:] * balance[1:], last)


def _not_proved(plan: Plan, bound: float, allowed: float) -> NotConvergedError:
    if plan.missed > ROUNDING:
        return NotConvergedError(
            f"storage asset: the schedule found misses a limit by {plan.missed:.3g} of its size, allowed "
            f"{ROUNDING:g}; bound {bound:.2f}; bring the limits nearer to each other in size"
        )
    return NotConvergedError(
        f"storage asset: the schedule earns {plan.value:.2f} and the bound is {bound:.2f}, a gap of "
        f"{bound - plan.value:.3g}, allowed {allowed:.3g}; shorten the horizon"
    )


def _check_finite(case: Case) -> None:
    for field in fields(case):
        value = getattr(case, field.name)
        if not isinstance(value, np.ndarray | float):
            continue
        # no limit at the grid connection is an infinite one
        wrong = np.isnan(value) if field.name in ("import_limit", "export_limit") else ~np.isfinite(value)
        wrong = np.atleast_1d(wrong)
        if wrong.any():
            step = int(np.argmax(wrong))
            where = f" of timestep {step}" if isinstance(value, np.ndarray) else ""
            raise InputError(
                f"storage asset: {field.name}{where} is {np.atleast_1d(value)[step]}, expected a finite number; mend it"
            )
