"""The rows of a plan: what binds decisions, capacity, output and sales. Equations: docs/formulation/plan.md.

The columns are in ``columns.py``, the rows of limits in ``limits.py``, those of quotas in ``quotas.py``. Rows that a
plan does not need are not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cell2grid.engines.investment.columns import NONE, Columns, columns, wanted, weights
from cell2grid.engines.investment.limits import capacity_limits, sales_limits, spending_limits
from cell2grid.engines.investment.problem import Place, Problem
from cell2grid.engines.investment.quotas import quotas

if TYPE_CHECKING:
    import numpy.typing as npt

    from cell2grid.engines.investment.plan import Decisions, Floats, Plan

    Places = npt.NDArray[np.intp]


class Model(NamedTuple):
    """A problem and what its columns mean."""

    problem: Problem
    columns: Columns


def model(given: Plan, held: Decisions, *, revealed: int, whole: bool) -> Model:
    """The problem of a plan whose decisions may be fixed in part."""
    problem = Problem(*_units(given))
    found = columns(given, problem, revealed, held, whole=whole)
    scenarios = 1 if revealed >= len(given.years) else len(given.probability)
    _offset(given, problem, found)
    _growth(given, problem, found, scenarios)
    _blocks(given, problem, found, scenarios)
    _states(given, problem, found, scenarios)
    _capacity(given, problem, found)
    _steps(given, problem, found)
    _markets(given, problem, found)
    _incentives(given, problem, found)
    quotas(given, problem, found)
    sales_limits(given, problem, found)
    spending_limits(given, problem, found)
    capacity_limits(given, problem, found)
    return Model(problem, found)


def _units(given: Plan) -> tuple[float, float]:
    """Powers of two in which quantities and money are near to a thousand at their largest."""
    amounts = [given.demand, given.offer_width, given.block, given.standing_capacity]
    q = max([float(each[np.isfinite(each)].max(initial=0.0)) for each in amounts])
    counts = weights(given).yearly
    each = max(
        float(np.nanmax(np.abs(part), initial=0.0))
        for part in (given.step_cost, given.unserved_cost, given.offer_value)
    )
    money = max(each * q * float(counts.max(initial=0.0)), float(np.abs(given.block_cost).max(initial=0.0)) / 100.0)

    def unit(largest: float) -> float:
        return float(2.0 ** np.round(np.log2(largest / 1000.0))) if largest > 0.0 else 1.0

    return unit(q), unit(money)


def _offset(given: Plan, problem: Problem, found: Columns) -> None:
    """The fixed cost of plants that stay open whatever is decided."""
    always = np.ones(len(given.open_cost), np.bool_)
    always[found.states.plant] = False
    problem.offset = float((weights(given).yearly.sum(axis=0) * given.open_cost[always]).sum())


def _growth(given: Plan, problem: Problem, found: Columns, scenarios: int) -> None:
    """Capacity in use is that of the term before, and what blocks have gained in the term by their age."""
    choices, grown = found.choices, found.grown
    gain = np.diff(given.ready, axis=1, prepend=0.0)
    for scenario in range(scenarios):
        new = np.ones_like(grown[scenario], np.bool_) if scenario == 0 else grown[scenario] != grown[0]
        plant, term = np.nonzero((grown[scenario] != NONE) & new)
        if not len(plant):
            continue
        q = problem.quantity_unit
        rows = problem.rows("growth", "WJT", (np.full(len(plant), scenario), plant, term), lower=0.0, upper=0.0, unit=q)
        at = np.full(grown[scenario].shape, NONE, np.int32)
        at[plant, term] = rows
        problem.enter(rows, grown[scenario, plant, term], 1.0)
        before = np.where(term > 0, grown[scenario, plant, term - 1], NONE)
        problem.enter(rows[before != NONE], before[before != NONE], -1.0)
        for age in np.flatnonzero((gain != 0.0).any(axis=0)):
            chosen = np.flatnonzero((gain[choices.option, age] != 0.0) & (choices.term + age < len(given.years)))
            option = choices.option[chosen]
            row = at[given.option_plant[option], choices.term[chosen] + age]
            there = row != NONE
            value = -gain[option, age] * given.block[option] * choices.blocks[chosen]
            problem.enter(row[there], choices.column[scenario, chosen][there], value[there])


def _blocks(given: Plan, problem: Problem, found: Columns, scenarios: int) -> None:
    """No more blocks in all than the most, and one count of blocks at a time."""
    choices = found.choices
    at_once = np.minimum(given.most_at_once[choices.option, choices.term], given.most[choices.option])
    amount = np.where(choices.one_of_several, choices.blocks, at_once)
    possible = np.bincount(choices.option, weights=amount, minlength=len(given.block))
    bound = np.flatnonzero(possible > given.most)
    at = np.full(len(given.block), NONE, np.int32)
    several = np.flatnonzero(choices.one_of_several)
    key, where = np.unique(np.stack([choices.option[several], choices.term[several]]), axis=1, return_inverse=True)
    for scenario in range(scenarios):
        at[bound] = problem.rows(
            "most", "WO", (np.full(len(bound), scenario), bound), upper=given.most[bound].astype(np.float64)
        )
        row = at[choices.option]
        chosen = np.flatnonzero(row != NONE)
        problem.enter(row[chosen], choices.column[scenario, chosen], choices.blocks[chosen])
        one = problem.rows("one count", "WOT", (np.full(key.shape[1], scenario), *key), upper=1.0)
        problem.enter(one[where.ravel()], choices.column[scenario, several], 1.0)


def _states(given: Plan, problem: Problem, found: Columns, scenarios: int) -> None:
    """A plant is open, mothballed or closed; what is closed stays closed; opening what was mothballed is a restart."""
    states = found.states
    terms = len(given.years)
    if not len(states.plant):
        return
    place, term = (each.ravel() for each in np.indices((len(states.plant), terms)))
    for scenario in range(scenarios):
        named = (np.full(len(place), scenario), states.plant[place], term)
        one = problem.rows("state", "WJT", named, lower=1.0, upper=1.0)
        for kind in (states.open, states.idle, states.closed):
            _enter(problem, one, kind[scenario, place, term], 1.0)
        later = term > 0
        stays = problem.rows("stays closed", "WJT", tuple(each[later] for each in named), upper=0.0)
        _enter(problem, stays, states.closed[scenario, place, term - 1][later], 1.0)
        _enter(problem, stays, states.closed[scenario, place, term][later], -1.0)
        # open[t] - open[t-1] <= restart[t], where nothing but a mothballed plant can open
        was = np.where(later, 0.0, 1.0 - given.starts_idle[states.plant[place]])
        opens = problem.rows("restart", "WJT", named, upper=was)
        _enter(problem, opens, states.open[scenario, place, term], 1.0)
        _enter(problem, opens[later], states.open[scenario, place, term - 1][later], -1.0)
        _enter(problem, opens, states.restart[scenario, place, term], -1.0)


def _enter(problem: Problem, rows: npt.NDArray[np.int32], column: npt.NDArray[np.int32], value: float) -> None:
    """Put a number where there is a column."""
    there = column != NONE
    problem.enter(rows[there], column[there], value)


def _capacity(given: Plan, problem: Problem, found: Columns) -> None:
    """What a plant makes is at most its standing capacity while that is open, and what options have added."""
    flows, states = found.flows, found.states
    shape = given.standing_capacity.shape
    used = np.zeros(shape, np.bool_)
    used[flows.scenario, flows.plant, flows.term] = True
    scenario, plant, term = np.nonzero(used)
    with_states = np.full(shape[1], NONE)
    with_states[states.plant] = np.arange(len(states.plant))
    standing = given.standing_capacity[scenario, plant, term]
    always = with_states[plant] == NONE
    most = np.where(always, standing, 0.0)
    rows = problem.rows("capacity", "WJT", (scenario, plant, term), upper=most, unit=problem.quantity_unit)
    at = np.full(shape, NONE, np.int32)
    at[scenario, plant, term] = rows
    # what is pooled over markets fits where it is made: fewer steps of cost than markets keep the rows short
    sold, made = flows.step != NONE, found.made
    sold |= ~found.stepped[flows.plant]
    problem.enter(at[flows.scenario, flows.plant, flows.term][sold], flows.column[sold], 1.0)
    _enter(problem, *_known(at[made.scenario, made.plant, made.term], made.column), 1.0)
    _enter(problem, rows, found.grown[scenario, plant, term], -1.0)
    s = np.flatnonzero(~always & (standing > 0.0))
    if len(s):
        column = states.open[scenario[s], with_states[plant[s]], term[s]]
        problem.enter(rows[s], column, -standing[s])


def _steps(given: Plan, problem: Problem, found: Columns) -> None:
    """What a plant sells is what its steps of cost make; of split sales, each step makes at most its width."""
    flows, made, q = found.flows, found.made, problem.quantity_unit
    scenarios, plants, steps, terms = given.step_cost.shape
    pooled = np.flatnonzero(found.stepped[flows.plant] & (flows.step == NONE))
    at = np.full((scenarios, plants, terms), NONE, np.int32)
    used = np.zeros(at.shape, np.bool_)
    used[made.scenario, made.plant, made.term] = True
    named = np.nonzero(used)
    at[named] = problem.rows("making", "WJT", named, lower=0.0, upper=0.0, unit=q)
    problem.enter(at[made.scenario, made.plant, made.term], made.column, -1.0)
    row = at[flows.scenario[pooled], flows.plant[pooled], flows.term[pooled]]
    problem.enter(row, flows.column[pooled], 1.0)
    split = np.flatnonzero(flows.step != NONE)
    width = np.full((scenarios, plants, steps, terms), NONE, np.int32)
    place = (flows.scenario[split], flows.plant[split], flows.step[split], flows.term[split])
    wide = np.zeros(width.shape, np.bool_)
    wide[place] = True
    named = np.nonzero(wide & np.isfinite(given.step_width))
    width[named] = problem.rows("step", "WJST", named, upper=given.step_width[named], unit=q)
    _enter(problem, *_known(width[place], flows.column[split]), 1.0)


def _known(
    rows: npt.NDArray[np.int32], column: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The pairs whose row is there."""
    there = rows != NONE
    return rows[there], column[there]


def _markets(given: Plan, problem: Problem, found: Columns) -> None:
    """What is sold in a market and left unserved is its demand, what plants take in, and what buyers take besides."""
    flows = found.flows
    named = np.nonzero(wanted(given))
    need = given.demand[named]
    rows = problem.rows("demand", "WMT", named, lower=need, upper=need, unit=problem.quantity_unit)
    at = np.full(given.demand.shape, NONE, np.int32)
    at[named] = rows
    problem.enter(at[flows.scenario, flows.market, flows.term], flows.column, 1.0)
    problem.enter(at[found.unserved], found.unserved_column, 1.0)
    scenario, market, _, term = found.taken
    problem.enter(at[scenario, market, term], found.taken_column, -1.0)
    for plant, market_of in zip(*np.nonzero(given.input_use), strict=True):
        own = np.flatnonzero(flows.plant == plant)
        row = at[flows.scenario[own], market_of, flows.term[own]]
        problem.enter(row, flows.column[own], -given.input_use[plant, market_of])


def _incentives(given: Plan, problem: Problem, found: Columns) -> None:
    """Items that are paid for are made by blocks that are entitled, and no more than the plant makes."""
    if not len(given.incentive_option):
        return
    amounts = entitled(given)
    paid = [
        _paid(given, problem, found, int(option), float(amount), amounts[option] == amount)
        for option in np.unique(given.incentive_option)
        for amount in np.unique(amounts[option][amounts[option] > 0.0])
    ]
    if not paid:
        return
    scenario, plant, term, column = (np.concatenate(part) for part in zip(*paid, strict=True))
    flows, shape = found.flows, given.standing_capacity.shape
    at, used = np.full(shape, NONE, np.int32), np.zeros(shape, np.bool_)
    used[scenario, plant, term] = True
    named = np.nonzero(used)
    at[named] = problem.rows("paid output", "WJT", named, upper=0.0, unit=problem.quantity_unit)
    problem.enter(at[scenario, plant, term], column.astype(Place), 1.0)
    _enter(problem, *_known(at[flows.scenario, flows.plant, flows.term], flows.column), -1.0)


def entitled(given: Plan) -> Floats:
    """Money for an item (O, T of decision, T) out of a block, all incentives of it together."""
    terms = np.arange(len(given.years))
    found = np.zeros((len(given.block), len(terms), len(terms)))
    # a block that opens late in a term is not paid for a term of which it makes next to nothing
    mostly = given.opened >= 0.5
    opens = np.where(mostly.any(axis=1), mostly.argmax(axis=1), len(terms))
    age = terms - terms[:, None]
    which = (given.incentive_first, given.incentive_last, given.incentive_terms)
    for option, amount, first, last, lasts in zip(given.incentive_option, given.incentive_amount, *which, strict=True):
        decided = (terms >= first) & (terms <= last)
        running = (age >= opens[option]) & (age < opens[option] + lasts)
        found[option] += amount * (decided[:, None] & running)
    return found


def _paid(
    given: Plan, problem: Problem, found: Columns, option: int, amount: float, entitled: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[Any], ...]:
    """Columns of the items of one option that are paid for at one amount: scenario, plant, term and column."""
    choices = found.choices
    plant = int(given.option_plant[option])
    term = np.flatnonzero(entitled.any(axis=0) & (found.grown[0, plant] != NONE))
    scenario, term = (each.ravel() for each in np.meshgrid(np.arange(len(given.probability)), term, indexing="ij"))
    cost = -amount * weights(given).yearly[scenario, term]
    column = problem.columns(cost, unit=problem.quantity_unit, scenario=scenario)
    rows = problem.rows(
        "entitled", "WOT", (scenario, np.full(len(term), option), term), upper=0.0, unit=problem.quantity_unit
    )
    problem.enter(rows, column, 1.0)
    own = np.flatnonzero(choices.option == option)
    row, pick = (each.ravel() for each in np.meshgrid(np.arange(len(rows)), own, indexing="ij"))
    decided, at = choices.term[pick], term[row]
    share = given.ready[option, np.maximum(at - decided, 0)]
    there = (at >= decided) & entitled[decided, at] & (share > 0.0)
    row, pick, share = row[there], pick[there], share[there]
    value = -share * given.block[option] * choices.blocks[pick]
    problem.enter(rows[row], choices.column[scenario[row], pick], value)
    return scenario, np.full(len(term), plant), term, column
