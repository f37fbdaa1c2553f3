"""A plan from arrays to arrays: checked, built, solved, its whole numbers fixed, and read back in the caller's units.

Refusals of plans without an answer are in ``infeasible.py``; plans that look ahead a few terms at a time in
``rolling.py``, several futures in ``stochastic.py``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.engines.investment.building import Model, model
from cell2grid.engines.investment.checks import check
from cell2grid.engines.investment.columns import unit_costs, weights
from cell2grid.engines.investment.diving import dived, entities
from cell2grid.engines.investment.infeasible import refused
from cell2grid.engines.investment.parts import (
    Part,
    held_of_part,
    joined,
    labels_of_part,
    parts_of,
    plan_of_part,
)
from cell2grid.engines.investment.plan import Decisions, Labels, Plan, Planned, fixed, numbered
from cell2grid.engines.investment.solving import Answer, minimum, residual
from cell2grid.errors import NotConvergedError, UnboundedError

if TYPE_CHECKING:
    from cell2grid.engines.investment.plan import Floats
    from cell2grid.engines.investment.problem import Linear

_ROUNDING = 1e-9  # of a gap
RESIDUAL = 1e-5  # a linear answer that violates its conditions by more is none


def best(
    given: Plan,
    labels: Labels | None = None,
    *,
    held: Decisions | None = None,
    revealed: int | None = None,
    whole: bool = True,
    gap: float = 0.01,
    seconds: float = 600.0,
    threads: int = 1,
    any_gap: bool = False,
) -> Planned:
    """The plan of least expected cost, what buyers pay taken off.

    Parameters
    ----------
    given
        The numbers.
    labels
        What messages call the entities; by their places where there are none.
    held
        Decisions that are fixed beforehand, nan where they are free.
    revealed
        The term from which on each scenario has decisions of its own; before it they are one. All are one without it.
    whole
        Blocks and states in whole numbers; in parts they give a bound, with a scale exponent below 1 a low one.
    gap
        How far the objective may be from the best, relative to itself.
    seconds
        When to stop; threads that HiGHS may use.
    any_gap
        Take the best plan that was found in time, with its gap stated, instead of refusing it.

    Raises
    ------
    InfeasibleError
        No plan keeps to all limits; it names those that contradict each other.
    UnboundedError
        A plan can earn without bound.
    NotConvergedError
        The time was over before the gap was reached.
    EngineError
        A number of the plan is not finite, out of its bounds or of another shape.

    A plant for 6 a term at 5 apiece meets 8, what is left is bought for 20; a block of 4 for 30 saves 15 x 2 in a term:

    >>> from cell2grid.engines.investment.plan import plan
    >>> case = plan(
    ...     demand=[[[8.0, 8.0, 8.0]]], unserved_cost=20.0, standing_capacity=6.0, step_cost=5.0,
    ...     option_plant=[0], block=[4.0], most=[1], most_at_once=[[1, 1, 1]], block_cost=[[[35.0, 35.0, 35.0]]],
    ... )
    >>> best(case).decisions.built.tolist(), best(case).objective
    ([[[1.0, 0.0, 0.0]]], 155.0)
    """
    deadline = time.monotonic() + seconds
    named = numbered(given) if labels is None else labels
    check(given, named)
    held = fixed(given) if held is None else held
    revealed = len(given.years) if revealed is None else revealed
    parts = parts_of(given) if whole and len(given.block) else []
    if len(parts) > 1:
        more = {"revealed": revealed, "gap": gap, "threads": threads, "any_gap": any_gap}
        apart = _apart(given, named, held, parts, deadline=deadline, more=more)
        # gaps of parts that earn and parts that cost may be more of what is left of both
        if apart.gap <= gap + _ROUNDING or apart.status != "optimal":
            return apart
    built = model(given, held, revealed=revealed, whole=whole)
    linear = built.problem.linear()
    answer = _searched(built, linear, deadline=deadline, gap=gap, threads=threads)
    _judge(given, named, built, answer, gap=gap, any_gap=any_gap, deadline=deadline)
    bound = answer.bound
    if linear.whole.any():
        # the whole numbers as they are, and what is sold to the last digit, with prices
        exact = np.round(answer.column[linear.whole])
        lower, upper = linear.lower.copy(), linear.upper.copy()
        lower[linear.whole] = upper[linear.whole] = exact
        settled = linear._replace(lower=lower, upper=upper, whole=np.zeros_like(linear.whole))
        linear, answer = settled, minimum(settled, seconds=max(deadline - time.monotonic(), 60.0), threads=threads)
        if answer.status != "optimal":
            raise NotConvergedError(
                f"plan: with its whole numbers fixed HiGHS says '{answer.said}'; ask for another gap"
            )
    worst = residual(linear, answer)
    if worst > RESIDUAL:
        raise NotConvergedError(
            f"plan: the answer violates its conditions by {worst:.1e}, more than {RESIDUAL:g} allowed"
        )
    return _read(given, built, answer, bound=min(bound, answer.found), residual=worst, whole=whole, gap=gap)


def _apart(
    given: Plan, labels: Labels, held: Decisions, parts: list[Part], *, deadline: float, more: dict[str, Any]
) -> Planned:
    """The plans of parts that have nothing in common, one after the other, as one."""
    found = []
    for part in parts:
        own = plan_of_part(given, part), labels_of_part(labels, part)
        left = max(deadline - time.monotonic(), 0.0)
        found.append(best(*own, held=held_of_part(held, part), seconds=left, **more))
    return joined(given, parts, found)


def _searched(built: Model, linear: Linear, *, deadline: float, gap: float, threads: int) -> Answer:
    """What HiGHS finds; where whole numbers are asked for to a gap, the plan of rounding where that is within it."""

    def left() -> float:
        return max(deadline - time.monotonic(), 0.0)

    if not linear.whole.any() or gap <= 0.0:
        return minimum(linear, seconds=left(), gap=gap, threads=threads)
    relaxed = minimum(linear._replace(whole=np.zeros_like(linear.whole)), seconds=left(), threads=threads)
    if relaxed.status != "optimal":
        return minimum(linear, seconds=left(), gap=gap, threads=threads)
    decided = entities(linear, built.columns.choices)
    start = dived(linear, decided, deadline=time.monotonic() + left() / 4.0, threads=threads)
    if start is not None:
        found = float(linear.cost @ start) + linear.offset
        if found - relaxed.bound <= gap * abs(found):
            return Answer("optimal", "within the gap of the linear plan", start, relaxed.dual, found, relaxed.bound)
    return minimum(linear, seconds=left(), gap=gap, threads=threads, start=start)


def _judge(
    given: Plan, labels: Labels, built: Model, answer: Answer, *, gap: float, any_gap: bool, deadline: float
) -> None:
    """Refuse what is no answer."""
    if answer.status == "infeasible":
        raise refused(given, labels, built, seconds=max(deadline - time.monotonic(), 10.0))
    if answer.status == "unbounded":
        raise UnboundedError("plan: it earns without bound; look for inputs that make more than they take, or prices")
    if answer.status == "stopped":
        away = (answer.found - answer.bound) / max(abs(answer.found), 1e-300)
        if not np.isfinite(answer.found):
            raise NotConvergedError(f"plan: no plan was found in time (HiGHS: {answer.said}); allow more time")
        if not any_gap or not np.isfinite(answer.bound):
            raise NotConvergedError(
                f"plan: stopped in time with a plan that may be {away:.1%} from the best, asked for {gap:.1%}; "
                "allow more time or a wider gap"
            )


def _read(
    given: Plan, built: Model, answer: Answer, *, bound: float, residual: float, whole: bool, gap: float
) -> Planned:
    problem, found = built.problem, built.columns
    money, q = problem.money_unit, problem.quantity_unit
    # one number more, which is nothing, for the places of columns that are not there (NONE)
    value = np.append(answer.column * problem.column_unit(), 0.0)
    decisions = _decisions(given, built, value)
    if whole:
        decisions = Decisions(*(np.round(part) for part in decisions))
    flows = found.flows
    sales = np.zeros(given.freight.shape)
    np.add.at(sales, (flows.scenario, flows.plant, flows.market, flows.term), value[flows.column])
    unserved, taken = np.zeros(given.demand.shape), np.zeros(given.offer_width.shape)
    unserved[found.unserved] = value[found.unserved_column]
    taken[found.taken] = value[found.taken_column]
    price = np.full(given.demand.shape, np.nan)
    counts = weights(given).yearly
    for rows in problem.places_of("demand"):
        scenario, market, term = rows.places
        dual = answer.dual[rows.first : rows.first + rows.size]
        price[scenario, market, term] = dual * (money / q) / counts[scenario, term]
    objective, proved = answer.found * money, bound * money
    away = max(objective - proved, 0.0) / max(abs(objective), 1e-12 * money)
    return Planned(
        decisions=decisions,
        capacity=_capacity(given, built, decisions, value),
        output=sales.sum(axis=2),
        sales=sales,
        unserved=unserved,
        taken=taken,
        price=price,
        spent=spent(given, decisions.built, whole=whole),
        cost=_costs(given, built, value, decisions.built, whole=whole),
        objective=objective,
        bound=proved,
        gap=away,
        residual=residual,
        whole=whole,
        status="optimal" if away <= gap + _ROUNDING else "stopped",
    )


def _decisions(given: Plan, built: Model, value: Floats) -> Decisions:
    choices, states = built.columns.choices, built.columns.states
    blocks = np.zeros(given.block_cost.shape)
    scenarios = np.arange(len(given.probability))[:, None]
    np.add.at(blocks, (scenarios, choices.option, choices.term), choices.blocks * value[choices.column])
    open_ = np.ones(given.standing_capacity.shape)
    idle = np.zeros(given.standing_capacity.shape)
    for part, column in ((open_, states.open), (idle, states.idle)):
        part[:, states.plant] = value[column]
    return Decisions(blocks, open_, idle)


def _capacity(given: Plan, built: Model, decisions: Decisions, value: Floats) -> Floats:
    capacity: Floats = given.standing_capacity * decisions.open + value[built.columns.grown]
    return capacity


def times_one_block(given: Plan, built: Floats, *, whole: bool) -> Floats:
    """How many times the cost of one block the blocks that are decided on together cost (W, O, T).

    n ^ e of whole blocks; in parts, the straight line from nothing to the most at once.
    """
    if whole:
        times: Floats = np.maximum(built, 0.0) ** given.scale_exponent[:, None]
        return times
    most = np.maximum(np.minimum(given.most_at_once, given.most[:, None]), 1.0)
    straight: Floats = built * most ** (given.scale_exponent[:, None] - 1.0)
    return straight


def spent(given: Plan, built: Floats, *, whole: bool) -> Floats:
    """Money for blocks by the term in which it is spent (W, O, T), not discounted.

    >>> from cell2grid.engines.investment.plan import plan
    >>> case = plan(
    ...     demand=[[[0.0, 0.0]]], option_plant=[0], block=[1.0], most=[4], most_at_once=[[4, 4]],
    ...     block_cost=[[[10.0, 10.0]]], spending_profile=[[0.3, 0.7]], scale_exponent=[0.5],
    ... )
    >>> spent(case, np.array([[[4.0, 0.0]]]), whole=True).tolist()
    [[[6.0, 14.0]]]
    """
    decided = given.spending * times_one_block(given, built, whole=whole)
    money = np.zeros(decided.shape)
    terms = decided.shape[2]
    for age in range(terms):
        money[:, :, age:] += decided[:, :, : terms - age] * given.spending_profile[:, age, None]
    return money


def _costs(given: Plan, built: Model, value: Floats, decided: Floats, *, whole: bool) -> Floats:
    """The objective in each scenario."""
    building = (unit_costs(given) * times_one_block(given, decided, whole=whole)).sum(axis=(1, 2))
    operating = built.problem.cost_by_scenario(value[:-1], len(given.probability)) / given.probability
    total: Floats = building + operating + _standing(given, built, value)
    return total


def _standing(given: Plan, built: Model, value: Floats) -> Floats:
    """What keeping, mothballing, restarting and closing plants costs, by scenario."""
    states = built.columns.states
    yearly = given.discount * given.years
    always = np.ones(len(given.open_cost), np.bool_)
    always[states.plant] = False
    cost = np.full(len(given.probability), float((given.open_cost[always] * yearly).sum()))
    of = {kind: value[getattr(states, kind)] for kind in states._fields[1:]}
    there = {name: np.nan_to_num(getattr(given, name)[states.plant]) for name in ("restart_cost", "closing_cost")}
    cost += (of["open"] * given.open_cost[states.plant] * yearly).sum(axis=(1, 2))
    cost += (of["idle"] * np.nan_to_num(given.idle_cost[states.plant]) * yearly).sum(axis=(1, 2))
    cost += (of["restart"] * there["restart_cost"][:, None] * given.discount).sum(axis=(1, 2))
    closings = np.diff(of["closed"], axis=2, prepend=0.0)
    total: Floats = cost + (closings * there["closing_cost"][:, None] * given.discount).sum(axis=(1, 2))
    return total
