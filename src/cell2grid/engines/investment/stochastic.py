"""A plan for several futures: decisions that are one for all of them, and what knowing the future would be worth.

The value of the stochastic solution is what it saves against the decisions of a plan for the mean of all futures, and
the expected value of perfect information what a plan for each future alone would save (J. R. Birge 1982,
doi:10.1007/BF01585113; J. R. Birge and F. Louveaux 2011, doi:10.1007/978-1-4614-0237-4, chapter 4).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cell2grid.engines.investment.plan import DIMS, Decisions, Labels, Plan, Planned, fixed, numbered
from cell2grid.engines.investment.planned import best
from cell2grid.errors import InfeasibleError


class Stochastic(NamedTuple):
    """A plan for several futures, and what it is held against. Money is expected and discounted."""

    planned: Planned
    of_mean: float  # currency: what the decisions of the plan for the mean future cost; inf where they are impossible
    alone: tuple[float, ...]  # currency: what a plan for each future alone costs in it
    value: float  # currency: the value of the stochastic solution, of_mean - objective, at least 0
    information: float  # currency: the expected value of perfect information, objective - mean of alone, at least 0


def stochastic(given: Plan, labels: Labels | None = None, *, revealed: int | None = None, **more: Any) -> Stochastic:
    """The plan of least expected cost over scenarios whose decisions before ``revealed`` are one.

    Parameters
    ----------
    given
        The numbers of all scenarios.
    labels
        What messages call the entities.
    revealed
        The term from which on one knows in which scenario one is; never within the horizon without it, so that all
        decisions are one and only what is sold differs.
    more
        What ``best`` takes: whole, gap, seconds, threads, any_gap.

    Raises
    ------
    InfeasibleError
        No decisions do for all scenarios, or a scenario has no plan even alone.

    Demand is 0 or 8, as likely as not; a block of 4 for 10 sells each at a gain of 5: (-10 + 10) a block on average,
    which is worth nothing; knowing the future, two are built in the one (-20 + 40) and none in the other: 10.

    >>> from cell2grid.engines.investment.plan import plan
    >>> case = plan(
    ...     offer_width=[[[[0.0]]], [[[8.0]]]], offer_value=5.0, option_plant=[0], block=[4.0], most=[2],
    ...     most_at_once=[[2]], block_cost=[[[10.0]], [[10.0]]],
    ... )
    >>> found = stochastic(case)
    >>> round(found.planned.objective, 9) + 0.0, found.alone, round(found.information, 9)
    (0.0, (0.0, -20.0), 10.0)
    """
    named = numbered(given) if labels is None else labels
    terms = len(given.years)
    until = terms if revealed is None else min(max(revealed, 0), terms)
    planned = best(given, named, revealed=until, **more)
    by_mean = _by_mean(given, named, until, more)
    if by_mean is not None and by_mean.objective < planned.objective:
        # within its gap the plan may miss what the mean's decisions reach; the better plan is the plan
        bound = planned.bound
        away = max(by_mean.objective - bound, 0.0) / max(abs(by_mean.objective), 1e-300)
        planned = by_mean._replace(bound=bound, gap=away)
    alone = _alone(given, named, planned, more)
    of_mean = np.inf if by_mean is None else by_mean.objective
    information = planned.objective - float(given.probability @ np.array(alone))
    if abs(information) <= 1e-12 * max(1.0, abs(planned.objective)):
        information = 0.0  # the mean of numbers that are one, up to their last digit
    return Stochastic(planned, of_mean, alone, of_mean - planned.objective, information)


def _alone(given: Plan, labels: Labels, planned: Planned, more: dict[str, Any]) -> tuple[float, ...]:
    """What a plan for each scenario alone costs; the common plan is one of its plans, where that is cheaper."""
    found = []
    for place, name in enumerate(labels.scenario):
        try:
            own = best(only(given, place), labels._replace(scenario=(name,)), **more)
        except InfeasibleError as error:
            raise InfeasibleError(f"scenario '{name}' alone: {error.message}") from None
        found.append(min(own.objective, float(planned.cost[place])))
    return tuple(found)


def _by_mean(given: Plan, labels: Labels, until: int, more: dict[str, Any]) -> Planned | None:
    """The plan with the mean future's decisions before ``until``; None where a scenario cannot do with them."""
    try:
        decisions = best(mean(given), labels._replace(scenario=("mean of all scenarios",)), **more).decisions
    except InfeasibleError:
        return None
    held = fixed(given)
    parts = []
    for free, decided in zip(held, decisions, strict=True):
        part = np.array(free)
        part[..., :until] = decided[..., :until]
        parts.append(part)
    try:
        return best(given, labels, held=Decisions(*parts), revealed=until, **more)
    except InfeasibleError:
        return None


def only(given: Plan, scenario: int) -> Plan:
    """The plan of one scenario alone.

    >>> from cell2grid.engines.investment.plan import plan
    >>> only(plan(demand=[[[8.0]], [[9.0]]]), 1).demand.tolist()
    [[[9.0]]]
    """
    own = {name: getattr(given, name)[scenario : scenario + 1] for name, dims in DIMS.items() if dims.startswith("W")}
    return given._replace(**(own | {"probability": np.ones(1)}))


def mean(given: Plan) -> Plan:
    """The plan of the mean of all scenarios; a lane that is missing in one of them is missing.

    Limits, too, are the means of those of the scenarios, and none where one scenario has none.

    >>> from cell2grid.engines.investment.plan import plan
    >>> mean(plan(demand=[[[8.0]], [[9.0]]])).demand.tolist()
    [[[8.5]]]
    """
    own = {}
    for name, dims in DIMS.items():
        if dims.startswith("W"):
            values = getattr(given, name)
            with np.errstate(invalid="ignore"):
                middle = np.tensordot(given.probability, values, axes=1)
            same = np.broadcast_to(values[0], values.shape)
            # a number that is one in all scenarios stays what it is, to the last digit and where it is infinite
            alike = ((values == same) | (np.isnan(values) & np.isnan(same))).all(axis=0)
            own[name] = np.where(alike, values[0], middle)[None]
    return given._replace(**(own | {"probability": np.ones(1)}))
