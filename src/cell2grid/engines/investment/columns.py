"""The columns of a plan and what each costs: decisions, states of plants, capacity that grows, and what is sold.

The rows that bind them are in ``building.py``. A column stands where it can be other than zero, so that a lane that
does not exist or an option outside its window takes no room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.investment.problem import Problem

if TYPE_CHECKING:
    import numpy.typing as npt

    from cell2grid.engines.investment.plan import Decisions, Floats, Plan

    Places = npt.NDArray[np.intp]
    Numbers32 = npt.NDArray[np.int32]

NONE = -1


class Weights(NamedTuple):
    """What money of a term counts in the objective."""

    once: Floats  # (W, T): money of the term
    yearly: Floats  # (W, T): money a year, all of the term


class Choices(NamedTuple):
    """Columns of blocks: ``blocks`` blocks of an option in a term for each one of the column."""

    option: Places
    term: Places
    blocks: Floats
    one_of_several: npt.NDArray[np.bool_]  # whether other columns stand for other counts of the same decision
    column: Numbers32  # (W, D): the same column for all scenarios that cannot be told apart


class States(NamedTuple):
    """Columns of plants that can be mothballed or closed, by (W, place in ``plant``, T); NONE where there is none."""

    plant: Places
    open: Numbers32
    idle: Numbers32
    closed: Numbers32
    restart: Numbers32


class Flows(NamedTuple):
    """Columns of sales: a scenario, plant, market and term each, and the step of cost where it is split by steps."""

    scenario: Places
    plant: Places
    market: Places
    term: Places
    step: Places  # NONE where the plant's output is pooled
    column: Numbers32


class Made(NamedTuple):
    """Columns of output by step of cost, of plants whose output is pooled over markets."""

    scenario: Places
    plant: Places
    step: Places
    term: Places
    column: Numbers32


class Columns(NamedTuple):
    """All columns of a plan."""

    choices: Choices
    states: States
    grown: Numbers32  # (W, J, T): capacity that options have added and that can be used; NONE before any can be
    flows: Flows
    made: Made
    stepped: npt.NDArray[np.bool_]  # (J,): output by steps of cost
    unserved: tuple[Places, ...]  # scenario, market, term
    unserved_column: Numbers32
    taken: tuple[Places, ...]  # scenario, market, step, term
    taken_column: Numbers32


def weights(given: Plan) -> Weights:
    """What money of each term counts: probability x discount factor, and x years where it is by the year."""
    once = given.probability[:, None] * given.discount
    return Weights(once, once * given.years)


def columns(given: Plan, problem: Problem, revealed: int, held: Decisions, *, whole: bool) -> Columns:
    """All columns, added to the problem; decisions of terms before ``revealed`` are one for all scenarios."""
    counts = weights(given)
    branch = _branches(given, revealed)
    choices = _choices(given, problem, counts, branch, held, whole=whole)
    states = _states(given, problem, counts, branch, held, whole=whole)
    grown = _grown(given, problem, choices, branch)
    stepped = ((given.step_width > 0.0).any(axis=(0, 3)).sum(axis=1) > 1) | np.isfinite(
        np.where(given.step_width > 0.0, given.step_width, np.inf)
    ).any(axis=(0, 2, 3))
    works = (given.standing_capacity > 0.0) | (grown != NONE)
    flows = _flows(given, problem, counts, works, stepped)
    made = _made(given, problem, counts, works, stepped & ~_split(given, stepped))
    q = problem.quantity_unit
    left = np.nonzero(np.isfinite(given.unserved_cost) & (given.demand > 0.0))
    cost = given.unserved_cost[left] * counts.yearly[left[0], left[2]]
    # without an upper bound, that one more item of demand never costs more than leaving it unserved
    unserved = problem.columns(cost, unit=q, scenario=left[0])
    bought = np.nonzero(given.offer_width > 0.0)
    value = -given.offer_value[bought] * counts.yearly[bought[0], bought[3]]
    taken = problem.columns(value, upper=given.offer_width[bought], unit=q, scenario=bought[0])
    return Columns(choices, states, grown, flows, made, stepped, left, unserved, bought, taken)


def unit_costs(given: Plan) -> Floats:
    """What a block that is decided on in a term costs in all (W, O, T), at the begin of the horizon.

    What it costs to build, its fixed cost in each term in which it is open, less what is got back at the end.
    """
    terms = len(given.years)
    yearly = given.discount * given.years
    opened = np.zeros((len(given.block), terms))
    for term in range(terms):
        opened[:, term] = given.opened[:, : terms - term] @ yearly[term:]
    return given.discount * given.block_cost + given.fixed_cost * opened - given.end_discount * given.salvage


def _branches(given: Plan, revealed: int) -> Places:
    """The scenario (W, T) whose decisions a scenario shares: the first until the future is revealed, then its own."""
    shared = np.arange(len(given.years)) < revealed
    return np.where(shared, 0, np.arange(len(given.probability))[:, None])


def _choices(
    given: Plan, problem: Problem, counts: Weights, branch: Places, held: Decisions, *, whole: bool
) -> Choices:
    most = np.minimum(given.most_at_once, given.most[:, None])
    cost = np.einsum("w,wot->wot", given.probability, unit_costs(given))
    parts: list[tuple[Places, Places, Floats, npt.NDArray[np.bool_]]] = []
    straight = (given.scale_exponent == 1.0)[:, None] | (most <= 1) | (not whole)
    option, term = np.nonzero((most > 0) & straight)
    parts.append((option, term, np.ones(len(option)), np.zeros(len(option), np.bool_)))
    option, term = np.nonzero((most > 0) & ~straight)
    sizes = most[option, term]
    count = np.concatenate([np.zeros(0), *(np.arange(1.0, size + 1.0) for size in sizes)])
    parts.append((np.repeat(option, sizes), np.repeat(term, sizes), count, np.ones(len(count), np.bool_)))
    option, term, count, several = (np.concatenate(part) for part in zip(*parts, strict=True))
    upper = np.where(several, 1.0, most[option, term])
    scale = cost_counts(given, option, term, count, several)
    # parts of blocks are counted in what they add, which keeps the numbers of their rows near to one
    block = given.block[option]
    unit = np.where((block > 0.0) & (not whole), problem.quantity_unit / np.where(block > 0.0, block, 1.0), 1.0)
    column = np.full((len(branch), len(option)), NONE, np.int32)
    for scenario in range(len(branch)):
        own = branch[scenario, term] == scenario
        shared = branch[:, term] == scenario
        total = np.where(shared[:, own], cost[:, option[own], term[own]], 0.0).sum(axis=0) * scale[own]
        built = held.built[scenario, option[own], term[own]]
        wanted = np.where(several[own], built == count[own], built)
        free = np.isnan(built)
        lower = np.where(free, 0.0, wanted)
        most_of_it = np.where(free, upper[own], wanted)
        new = problem.columns(total, lower=lower, upper=most_of_it, unit=unit[own], whole=whole)
        column[scenario, own] = new
    first = branch[:, term]
    return Choices(option, term, count, several, column[first, np.arange(len(option))])


def cost_counts(given: Plan, option: Places, term: Places, count: Floats, several: npt.NDArray[np.bool_]) -> Floats:
    """How many times the cost of one block a column of blocks costs, for each one of the column."""
    exponent = given.scale_exponent[option]
    most = np.maximum(np.minimum(given.most_at_once[option, term], given.most[option]), 1.0)
    # in parts of blocks the cost of n ^ e is the straight line to the most at once: the hull of the whole numbers
    counts: Floats = np.where(several, count**exponent, most ** (exponent - 1.0))
    return counts


def _states(given: Plan, problem: Problem, counts: Weights, branch: Places, held: Decisions, *, whole: bool) -> States:
    idles = np.isfinite(given.idle_cost).any(axis=1)
    closes = np.isfinite(given.closing_cost)
    plant = np.flatnonzero(idles | closes | (given.starts_idle > 0.0))
    scenarios, terms = branch.shape
    shape = (scenarios, len(plant), terms)
    found = States(plant, *(np.full(shape, NONE, np.int32) for _ in range(4)))
    closing = np.where(closes, given.closing_cost, 0.0)[plant]
    falling = given.discount - np.append(given.discount[1:], 0.0)  # closed once is closed in every later term
    restarts = np.isfinite(given.restart_cost[plant])
    yearly, once = counts.yearly[:, None, :], counts.once[:, None, :]
    idle_cost = np.where(np.isfinite(given.idle_cost), given.idle_cost, 0.0)[plant]
    may_idle = np.isfinite(given.idle_cost[plant]) | (given.starts_idle[plant] > 0.0)[:, None]
    costs = {
        "open": yearly * given.open_cost[plant],
        "idle": yearly * idle_cost,
        "closed": given.probability[:, None, None] * closing[:, None] * falling,
        "restart": once * np.where(restarts, given.restart_cost[plant], 0.0)[:, None],
    }
    may = {
        "open": np.ones(shape[1:], np.bool_),
        "idle": may_idle,
        "closed": np.broadcast_to(closes[plant][:, None], shape[1:]),
        "restart": np.broadcast_to(restarts[:, None], shape[1:]),
    }
    for kind, cost in costs.items():
        column = getattr(found, kind)
        for scenario in range(scenarios):
            own = np.nonzero((branch[scenario] == scenario) & may[kind])
            shared = branch[:, own[1]] == scenario
            total = np.where(shared, np.broadcast_to(cost, shape)[:, own[0], own[1]], 0.0).sum(axis=0)
            value = np.full(len(own[0]), np.nan)
            if kind in ("open", "idle"):
                value = getattr(held, kind)[scenario, plant[own[0]], own[1]]
            free = np.isnan(value)
            upper = np.inf if kind == "restart" else np.where(free, 1.0, value)
            new = problem.columns(
                total, lower=np.where(free, 0.0, value), upper=upper, whole=whole and kind != "restart"
            )
            column[scenario][own] = new
        column[:] = column[branch[:, None, :], np.arange(len(plant))[:, None], np.arange(terms)]
    return found


def _grown(given: Plan, problem: Problem, choices: Choices, branch: Places) -> Numbers32:
    """The columns of capacity that options have added, from the first term in which there can be any."""
    scenarios, terms = branch.shape
    first = np.full(len(given.standing_capacity[0]), terms)
    usable = given.ready > 0.0
    age = np.where(usable.any(axis=1), usable.argmax(axis=1), terms)
    np.minimum.at(first, given.option_plant[choices.option], choices.term + age[choices.option])
    plant, term = np.nonzero(np.arange(terms) >= first[:, None])
    column = np.full((scenarios, len(first), terms), NONE, np.int32)
    for scenario in range(scenarios):
        own = branch[scenario, term] == scenario
        column[scenario, plant[own], term[own]] = problem.columns(np.zeros(own.sum()), unit=problem.quantity_unit)
    kept: Numbers32 = column[branch[:, None, :], np.arange(len(first))[:, None], np.arange(terms)]
    return kept


def _split(given: Plan, stepped: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Plants (J,) whose sales are split by steps of cost, because a duty is charged on that cost."""
    charged = (given.duty_on_cost > 0.0).any(axis=(0, 2, 3))
    above = (given.over_on_cost > 0.0).any(axis=(0, 2))
    charged |= (given.in_quota[above] > 0.0).any(axis=(0, 2))
    split: npt.NDArray[np.bool_] = stepped & charged
    return split


def wanted(given: Plan) -> npt.NDArray[np.bool_]:
    """Whether anything can be sold in a market (W, M, T)."""
    buys = (given.demand > 0.0) | (given.offer_width > 0.0).any(axis=2)
    takes_in: npt.NDArray[np.bool_] = np.any(given.input_use > 0.0, axis=0)
    found: npt.NDArray[np.bool_] = buys | takes_in[:, None]
    return found


def _flows(
    given: Plan, problem: Problem, counts: Weights, works: npt.NDArray[np.bool_], stepped: npt.NDArray[np.bool_]
) -> Flows:
    lanes = np.isfinite(given.freight) & works[:, :, None, :] & wanted(given)[:, None]
    split = _split(given, stepped)
    pooled = np.nonzero(lanes & ~split[:, None, None])
    steps = np.nonzero(
        (lanes & split[:, None, None])[:, :, :, None] & (given.step_width > 0.0)[:, :, None]
    )  # scenario, plant, market, step, term
    parts = [(*pooled, np.full(len(pooled[0]), NONE)), (*steps[:3], steps[4], steps[3])]
    scenario, plant, market, term, step = (np.concatenate(part) for part in zip(*parts, strict=True))
    lane = (scenario, plant, market, term)
    making = given.step_cost[scenario, plant, np.where(stepped[plant], step, 0), term]
    making = np.where(stepped[plant] & (step == NONE), 0.0, making)
    cost = (1.0 + given.duty_on_cost[lane]) * (making + given.freight[lane]) + given.duty_amount[lane]
    column = problem.columns(cost * counts.yearly[scenario, term], unit=problem.quantity_unit, scenario=scenario)
    return Flows(scenario, plant, market, term, step, column)


def _made(
    given: Plan, problem: Problem, counts: Weights, works: npt.NDArray[np.bool_], pooled: npt.NDArray[np.bool_]
) -> Made:
    there = (given.step_width > 0.0) & works[:, :, None] & pooled[:, None, None]
    scenario, plant, step, term = np.nonzero(there)
    place = (scenario, plant, step, term)
    cost = given.step_cost[place] * counts.yearly[scenario, term]
    upper = given.step_width[place]
    return Made(*place, problem.columns(cost, upper=upper, unit=problem.quantity_unit, scenario=scenario))
