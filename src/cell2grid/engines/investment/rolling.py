"""A plan by somebody who looks ahead only some terms at a time: each window is planned, its first terms are kept.

What a block costs is charged to a window by the part of its use within the horizon that falls into it, so that a plant
which outlives the window is not charged to it alone. What was decided is then held in the plan of the whole horizon,
which tells what it costs in truth and what foresight would have saved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cell2grid.engines.investment.columns import unit_costs
from cell2grid.engines.investment.plan import DIMS, Decisions, Labels, Plan, Planned, fixed, numbered
from cell2grid.engines.investment.planned import best
from cell2grid.errors import EngineError, InfeasibleError

if TYPE_CHECKING:
    from cell2grid.engines.investment.plan import Floats


class Rolled(NamedTuple):
    """What is decided with short foresight, and with perfect foresight beside it."""

    planned: Planned  # over the whole horizon, with the decisions of the windows
    perfect: Planned
    regret: float  # currency: how much more the first costs than the second, at least 0
    windows: tuple[tuple[int, int], ...]  # first term, and the one after the last, of each window


def rolling(
    given: Plan,
    labels: Labels | None = None,
    *,
    window: int,
    step: int = 1,
    expected: Floats | None = None,
    lasting: Floats | None = None,
    perfect: Planned | None = None,
    **more: Any,
) -> Rolled:
    """The plan that comes of looking ahead ``window`` terms, deciding on ``step`` of them, and looking again.

    Parameters
    ----------
    given
        The numbers of the whole horizon.
    labels
        What messages call the entities.
    window, step
        Terms that are seen, and terms that are decided on each time; ``step`` is at most ``window``.
    expected
        The yearly growth of demand [1/year] that one who looks from a term on expects of each market after it (market,
        term); nan where it is known how much will be asked for. Known demand where nothing is given.
    lasting
        For how many years growth is expected to go on (market, term); as far as one looks where nothing is given.
    perfect
        The plan with perfect foresight where it is known.
    more
        What ``best`` takes: whole, gap, seconds, threads, any_gap.

    Raises
    ------
    EngineError
        A window or step below 1, or a step beyond the window.
    InfeasibleError
        A window has no plan after what was decided before it; the message names its terms.

    Costs that are the same in every term make foresight worthless:

    >>> from cell2grid.engines.investment.plan import plan
    >>> case = plan(
    ...     demand=[[[8.0, 8.0, 8.0]]], unserved_cost=20.0, standing_capacity=6.0, step_cost=5.0,
    ...     option_plant=[0], block=[4.0], most=[1], most_at_once=[[1, 1, 1]], block_cost=[[[35.0, 35.0, 35.0]]],
    ... )
    >>> rolling(case, window=1).regret
    0.0
    """
    if not 1 <= step <= window:
        raise EngineError(f"investment: a window of {window} terms in steps of {step}, expected 1 <= step <= window")
    named = numbered(given) if labels is None else labels
    terms = len(given.years)
    held = fixed(given)
    windows = []
    for first in range(0, terms, step):
        end = min(first + window, terms)
        windows.append((first, end))
        years = np.inf if lasting is None else lasting[:, first]
        seen_now = given if expected is None else believed(given, expected[:, first], first, years)
        found = _window(seen_now, named, held, (first, end), more)
        # who sees the end and knows what comes decides all that is left; who only expects it looks again
        kept = terms if end == terms and expected is None else min(first + step, terms)
        held = _kept(held, found.decisions, first, kept)
        if kept == terms:
            break
    planned = best(given, named, held=held, **more)
    seen = best(given, named, **more) if perfect is None else perfect
    # a plan of short sight is one that foresight could have made, too: the better of the two is what it reaches
    if planned.objective < seen.objective:
        seen = planned._replace(bound=max(seen.bound, -np.inf), gap=_gap(planned.objective, seen.bound))
    return Rolled(planned, seen, planned.objective - seen.objective, tuple(windows))


def believed(given: Plan, growth: Floats, first: int, lasting: Floats | float = np.inf) -> Plan:
    """The plan as it looks from term ``first`` to one who expects each market's demand to grow from there at a rate.

    Demand of a later term is that of ``first`` times (1 + growth) ^ years between the middles of both, at most
    ``lasting`` of them; where the growth (market) is nan it is the true one.

    >>> from cell2grid.engines.investment.plan import plan
    >>> case = plan(demand=[[[100.0, 110.0, 90.0]]], standing_capacity=200.0, step_cost=5.0)
    >>> believed(case, np.array([0.5]), 0).demand.tolist()
    [[[100.0, 150.0, 225.0]]]
    >>> believed(case, np.array([0.5]), 0, lasting=1.0).demand.tolist()
    [[[100.0, 150.0, 150.0]]]
    """
    middle = np.cumsum(given.years) - given.years / 2.0
    ahead = np.minimum(middle - middle[first], np.reshape(lasting, (-1, 1)))
    later = given.demand[:, :, first, None] * (1.0 + growth[:, None]) ** ahead
    seen = np.where(np.isnan(growth)[:, None] | (np.arange(len(middle)) <= first), given.demand, later)
    return given._replace(demand=seen)


def _gap(objective: float, bound: float) -> float:
    return max(objective - bound, 0.0) / max(abs(objective), 1e-300)


def _window(given: Plan, labels: Labels, held: Decisions, terms: tuple[int, int], more: dict[str, Any]) -> Planned:
    first, end = terms
    past = Decisions(*(part[..., :end] for part in held))
    try:
        return best(truncated(given, end), labels, held=past, **more)
    except InfeasibleError as error:
        seen = labels.term[first] if end == first + 1 else f"{labels.term[first]} to {labels.term[end - 1]}"
        raise InfeasibleError(
            f"plan with foresight of {seen}, after what was decided before: {error.message}"
        ) from None


def _kept(held: Decisions, found: Decisions, first: int, end: int) -> Decisions:
    """What is held, and what was found for the terms from ``first`` to before ``end``."""
    parts = []
    for before, now in zip(held, found, strict=True):
        part = np.array(before)
        part[..., first:end] = now[..., first:end]
        parts.append(part)
    return Decisions(*parts)


def truncated(given: Plan, end: int) -> Plan:
    """The plan of the terms before ``end``, each block charged by its use in them.

    The part of its cost, less what is got back at the horizon's end, is the discounted time that it is open before
    ``end`` by that in the whole horizon; all of it where it does not open before ``end``.

    >>> from cell2grid.engines.investment.plan import plan
    >>> case = plan(
    ...     demand=[[[1.0, 1.0, 1.0, 1.0]]], option_plant=[0], block=[1.0], most=[1], most_at_once=[[1, 1, 1, 1]],
    ...     block_cost=[[[12.0, 12.0, 12.0, 12.0]]], opened=[[0.0, 1.0, 1.0, 1.0]],
    ... )
    >>> truncated(case, 3).block_cost.tolist()
    [[[8.0, 6.0, 12.0]]]
    """
    fixed_free = given._replace(fixed_cost=np.zeros_like(given.fixed_cost))
    charged = _share(given, end) * unit_costs(fixed_free) / given.discount
    cut: dict[str, Any] = {}
    for name, dims in DIMS.items():
        if dims.endswith("T"):
            cut[name] = getattr(given, name)[..., :end]
    cut["block_cost"] = charged[..., :end]
    cut["salvage"] = np.zeros_like(charged[..., :end])
    return given._replace(**cut)


def _share(given: Plan, end: int) -> Floats:
    """The part (O, T) of a block's discounted time open within the horizon that is before ``end``."""
    terms = len(given.years)
    yearly = given.discount * given.years
    before, whole = np.zeros((2, len(given.block), terms))
    for term in range(terms):
        use = given.opened[:, : terms - term] * yearly[term:]
        whole[:, term] = use.sum(axis=1)
        before[:, term] = use[:, : max(end - term, 0)].sum(axis=1)
    share: Floats = np.where(before > 0.0, before / np.where(whole > 0.0, whole, 1.0), 1.0)
    return share
