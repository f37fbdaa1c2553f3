"""One problem on HiGHS: linear first, then a yes or no for what broke a rule, until nothing does.

A looser problem whose answer keeps every rule has the answer of the tight one, so only the steps and bids that break
one are given a yes or no. What HiGHS says is cleaned of its tolerances, the energy is added up anew from the powers,
and the value is counted from the cleaned plan and held against the bound that HiGHS proves.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.highs import whole
from cell2grid.engines.dispatch.highs.solver import Answer, Problem, minimum
from cell2grid.engines.reserves.problem import NONE, NOTHING, Decided, Layout, build, likely
from cell2grid.engines.reserves.question import Question
from cell2grid.errors import EngineError, InfeasibleError, NotConvergedError

Floats = npt.NDArray[np.float64]

Method = Literal["highs lp", "highs milp"]
LINEAR: Literal["highs lp"] = "highs lp"
MIXED: Literal["highs milp"] = "highs milp"
# what a plan may fall short of its proved bound, relative to the money that changes hands: linear, and with choices
LINEAR_GAP, GAP = 1e-8, 1e-6
# a flow or award below this share of the largest limit is the solver's tolerance, not a decision
SMALL = 1e-7
# how far a cleaned plan may pass a limit, as a share of the energy capacity or of the largest limit
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Powers by step [MW], energy before the first step and after each [MWh], awards one after the other [MW].

    ``value`` is what the plan earns and ``bound`` what no plan can pass [currency].
    """

    charge: Floats
    discharge: Floats
    curtailed: Floats
    energy: Floats
    award: Floats
    value: float
    bound: float
    method: Method


_Found = tuple[Floats, Floats, Floats, Floats, Floats]


class Tried(NamedTuple):
    """One run: the problem, what HiGHS said, the first five parts of a ``Plan``, and what they break."""

    problem: Problem
    answer: Answer
    found: _Found
    broken: Decided


def tried(
    asked: Question, decided: Decided, *, deadline: float, gap: float = 0.0, choices: Floats | None = None
) -> Tried:
    """One problem with a yes or no for what is decided, to a ``gap`` [currency], or with the ``choices`` given.

    Raises
    ------
    InfeasibleError, NotConvergedError
        As ``best_plan``.
    """
    problem, at = build(asked, decided)
    if choices is not None:
        lower, upper = problem.lower.copy(), problem.upper.copy()
        lower[problem.whole] = upper[problem.whole] = choices
        problem = replace(problem, lower=lower, upper=upper, whole=NONE)
    answer = minimum(problem, deadline, gap=gap / asked.unit)
    if answer.status != "optimal":
        raise _refused(asked, answer, decided, deadline)
    found = _cleaned(asked, at, answer.column)
    return Tried(problem, answer, found, _broken(asked, at, answer.column, found, decided))


def best_plan(
    asked: Question, *, deadline: float, decided: Decided = NOTHING, strict: int | None = None, accuracy: float = GAP
) -> Plan:
    """The best plan of one problem, with a yes or no for what is ``decided`` and for what turns out to need one.

    From the step ``strict`` on, where it is given, rules may be broken; a yes or no is proved to ``accuracy``, a share
    of the money that changes hands.

    Raises
    ------
    InfeasibleError
        No schedule meets the limits, even with no award.
    NotConvergedError
        The time ran out, or the plan is not proved the best.
    """
    gap = 0.0
    while True:
        run = tried(asked, decided, deadline=deadline, gap=gap)
        broken = run.broken if strict is None else run.broken.before(strict, asked)
        if not broken.choices:
            break
        if not decided.choices:
            decided = likely(asked) if strict is None else likely(asked).before(strict, asked)
        gap = 0.1 * accuracy * max(1.0, turnover(asked, run.found))
        decided = decided.joined(broken)
    method = MIXED if decided.choices else LINEAR
    return settled(asked, run.found, bound_of(asked, run.answer.bound), method, accuracy)


def bound_of(asked: Question, least: float) -> float:
    """The bound on the value [currency] that a bound on the scaled cost is."""
    return _constant(asked) - least * asked.unit


def settled(asked: Question, found: _Found, bound: float, method: Method, accuracy: float = GAP) -> Plan:
    """The plan, once it keeps its limits and earns its bound to a stated tolerance.

    Raises
    ------
    NotConvergedError
        It does not.
    """
    value = value_of(asked, found)
    allowed = accuracy if method == MIXED else LINEAR_GAP
    _check(asked, found, value, bound, allowed * max(1.0, turnover(asked, found)))
    return Plan(*found, value, max(bound, value), method)


def _cleaned(asked: Question, at: Layout, column: Floats) -> _Found:
    """The first five parts of a ``Plan``: powers and awards within their bounds, and the energy that follows."""
    case, power = asked.case, asked.power
    charge = np.clip(column[at.charge] * power, 0.0, case.charge_limit)
    discharge = np.clip(column[at.discharge] * power, 0.0, case.discharge_limit)
    both = np.minimum(charge, discharge)
    # without losses only the difference counts; elsewhere the smaller of two is taken away if it is a tolerance
    lossless = case.efficiency_charge == case.efficiency_discharge == 1.0
    both = np.where(lossless | (both <= SMALL * power), both, 0.0)
    award = np.clip(column[at.award] * power, 0.0, asked.most)
    award[award <= 1e-9 * power] = 0.0
    # as whole as the least bid where it is that to the solver's tolerance
    award = np.where((award > 0.0) & (np.abs(award - asked.least) <= SMALL * power), asked.least, award)
    curtailed = np.zeros(asked.steps)
    if case.generation is not None:
        curtailed = np.clip(column[at.curtailed] * power, 0.0, case.generation)
    charge, discharge = _one_way(asked, charge - both, discharge - both, award)
    start = float(column[at.energy[0]]) * case.energy_capacity if case.cyclic else case.start
    return charge, discharge, curtailed, levels(asked, charge, discharge, award, start), award


def _one_way(asked: Question, charge: Floats, discharge: Floats, award: Floats) -> tuple[Floats, Floats]:
    """The powers with one direction in each step, where that leaves the level as it is and costs nothing.

    At a price of 0 the solver may waste energy that nobody misses; what is wasted is sent to the grid instead, where
    limits and upward awards leave room for it.
    """
    case = asked.case
    round_trip = case.efficiency_charge * case.efficiency_discharge
    stores = charge * round_trip >= discharge
    less_charge = np.where(stores, discharge / round_trip, charge)
    less_discharge = np.where(stores, discharge, charge * round_trip)
    called = np.zeros(asked.steps)
    for part in asked.ways(up=True):
        called += award[part.numbers]
    room = np.where(called > 0.0, case.discharge_limit - (discharge - charge) - called, np.inf)
    if case.export_limit is not None:
        room = np.minimum(room, case.export_limit - asked.standing - (discharge - charge) - called)
    small = SMALL * asked.power
    free = np.minimum(charge, discharge) > small
    free &= (less_charge - less_discharge <= room + 0.01 * small) & (case.mode == "exclusive")
    free &= np.minimum(case.buy_price, case.sell_price) >= 0.0
    return np.where(free, charge - less_charge, charge), np.where(free, discharge - less_discharge, discharge)


def levels(asked: Question, charge: Floats, discharge: Floats, award: Floats, start: float) -> Floats:
    """The energy before the first step and after each, added up from powers and expected calls [MWh]."""
    case = asked.case
    stored, drawn = charge, discharge
    for part in asked.awards:
        stored = stored + part.product.activation_down * award[part.numbers]
        drawn = drawn + part.product.activation_up * award[part.numbers]
    change = (case.efficiency_charge * stored - drawn / case.efficiency_discharge) * case.step_hours
    found, level = np.empty(asked.steps + 1), start
    found[0] = level
    for t, (kept, moved) in enumerate(zip(case.kept.tolist(), change.tolist(), strict=True)):
        level = kept * level + moved
        found[t + 1] = level
    return found


def _broken(asked: Question, at: Layout, column: Floats, found: _Found, decided: Decided) -> Decided:
    """What breaks a rule and has no yes or no yet."""
    small = SMALL * asked.power
    charge, discharge, *_, award = found
    directions = meters = NONE
    if asked.case.mode == "exclusive":
        directions = np.flatnonzero(np.minimum(charge, discharge) > small)
    if asked.two_prices:
        both = np.flatnonzero(np.minimum(column[at.bought], column[at.sold]) > SMALL)
        meters = np.intersect1d(both, asked.torn_meters)
    bids = np.flatnonzero((award > 0.0) & (award < asked.least))
    fresh = zip((directions, meters, bids), decided, strict=True)
    return Decided(*(np.setdiff1d(new, old) for new, old in fresh))


def net_flow(asked: Question, charge: Floats, discharge: Floats, curtailed: Floats) -> Floats:
    """What flows to the grid in each step, calls of reserve apart [MW]."""
    flow: Floats = asked.standing - curtailed + discharge - charge
    return flow


def meter_money(asked: Question, charge: Floats, discharge: Floats, curtailed: Floats) -> Floats:
    """What the energy market pays in each step [currency]."""
    case, flow = asked.case, net_flow(asked, charge, discharge, curtailed)
    money: Floats = np.where(flow >= 0.0, case.sell_price, case.buy_price) * flow * case.step_hours
    return money


def _award_money(asked: Question, award: Floats) -> Floats:
    """What each award earns, its calls and their wear included [currency]."""
    return np.concatenate([np.zeros(0), *(asked.award_money(a) * award[a.whole] for a in asked.awards)])


def value_of(asked: Question, found: _Found) -> float:
    """What a plan earns [currency], counted from its powers, awards and last level."""
    charge, discharge, curtailed, energy, award = found
    wear = asked.case.throughput_cost * float(((charge + discharge) * asked.case.step_hours).sum())
    money = float(meter_money(asked, charge, discharge, curtailed).sum()) + float(_award_money(asked, award).sum())
    return money - wear + asked.case.worth_of_end(float(energy[-1]))


def turnover(asked: Question, found: _Found) -> float:
    """The money that changes hands [currency]."""
    charge, discharge, curtailed, _, award = found
    energy = np.abs(meter_money(asked, charge, discharge, curtailed)).sum()
    return float(energy + np.abs(_award_money(asked, award)).sum())


def _constant(asked: Question) -> float:
    """The money of the site that no column carries [currency]."""
    if asked.two_prices:
        return 0.0
    return float(np.sum(asked.case.buy_price * asked.standing * asked.case.step_hours))


def _check(asked: Question, found: _Found, value: float, bound: float, allowed: float) -> None:
    """The cleaned plan keeps its limits, and earns what HiGHS proves, to a stated tolerance."""
    missed = _missed(asked, found)
    if missed > TOLERANCE:
        raise NotConvergedError(
            f"reserves: the plan found misses a limit by {missed:.3g} of its size, allowed {TOLERANCE:g}; bring the "
            "limits nearer to each other in size"
        )
    if abs(bound - value) > allowed:
        error = NotConvergedError if bound > value else EngineError
        raise error(
            f"reserves: the plan earns {value:.2f} and the bound is {bound:.2f}, a difference of "
            f"{abs(bound - value):.3g}, allowed {allowed:.3g}; give a shorter window"
        )


def _missed(asked: Question, found: _Found) -> float:
    """The most by which a plan passes a limit: levels as shares of the capacity, powers of the largest limit."""
    case = asked.case
    charge, discharge, curtailed, energy, award = found
    missed = [float(np.maximum(case.lowest - energy[1:], energy[1:] - case.highest).max()) / case.energy_capacity]
    if case.cyclic:
        missed.append(abs(float(energy[-1] - energy[0])) / case.energy_capacity)
    for up in (True, False):
        called, held = np.zeros(asked.steps), np.zeros(asked.steps)
        for part in asked.ways(up):
            called += award[part.numbers]
            held += award[part.numbers] * (part.product.duration_up if up else part.product.duration_down)
        held = held / case.efficiency_discharge if up else held * case.efficiency_charge
        for level in (energy[:-1], energy[1:]):
            room = level if up else case.energy_capacity - level
            missed.append(float((held - room).max()) / case.energy_capacity)
        out = called + (discharge - charge if up else charge - discharge)
        limit = case.discharge_limit if up else case.charge_limit
        missed.append(float((out - limit)[called > 0.0].max(initial=0.0)) / asked.power)
        flow = net_flow(asked, charge, discharge, curtailed) * (1.0 if up else -1.0)
        connection = case.export_limit if up else case.import_limit
        if connection is not None:
            missed.append(float((flow + called - connection).max()) / asked.power)
    return max(missed)


def _refused(asked: Question, answer: Answer, decided: Decided, deadline: float) -> Exception:
    if answer.status == "infeasible":
        # without awards the question is one of dispatch, which names the limit and the timestep
        whole(asked.case, time_limit=max(deadline - time.monotonic(), 1.0))
        return InfeasibleError(
            "reserves: no plan keeps all limits, although a schedule without reserve does; bring the limits nearer to "
            "each other in size"
        )
    reason = "the time limit passed" if answer.status == "time" else f"HiGHS stopped with '{answer.said}'"
    found, bound = (_constant(asked) - part * asked.unit for part in (answer.found, answer.bound))
    return NotConvergedError(
        f"reserves: {reason} with {decided.choices} choices in {asked.steps} timesteps: found {found:.2f}, bound "
        f"{bound:.2f}; give a shorter window or allow more time"
    )
