"""A cap on cycles, and a level that ends where it began, by the multiplier of the one bound that couples all steps.

A MWh drawn costs the multiplier on top (or a MWh at the end does, and one at the start earns it). The value of the
best schedule plus multiplier times limit is convex in the multiplier and never below the answer. Two schedules on both
sides of the limit say where to look next; where all are equally good, a mix of them keeps the limit exactly, and its
money is the bound, or the caller hears that it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import fall
from cell2grid.engines.dispatch.case import Case
from cell2grid.engines.dispatch.mix import shares, torn_between
from cell2grid.engines.dispatch.schedule import AGREEMENT, DYNAMIC_PROGRAMMING, Schedule, earned, money_by_step, solved
from cell2grid.errors import InfeasibleError, NotConvergedError

Floats = npt.NDArray[np.float64]

MULTIPLIER = "dynamic programming with a multiplier"
_MOST_ROUNDS = 200
# how far from the multiplier of a like case the next is looked for, over the share by which that misses the limit; the
# least step, as a share of it; and how often it is looked for farther
_PACE, _LEAST_STEP, _MOST_NEAR = 3.0, 1e-6, 6


@dataclass(frozen=True, eq=False)
class _Tried:
    """A multiplier, what the schedule that is best for it uses of the limit and is worth without it, and how to get it.

    Most are only asked for their line, so that powers are made of the levels for those that are mixed.
    """

    multiplier: float
    amount: float
    worth: float
    make: Callable[[], Schedule]

    @cached_property
    def found(self) -> Schedule:
        """The schedule."""
        return self.make()


def capped(case: Case, deadline: float, free: Schedule) -> Schedule | None:
    """The best schedule under the one cap of a case; None where a mix leaves a gap.

    Raises
    ------
    InfeasibleError
        The bounds of level and load need more cycles than the cap has.
    """
    cap = case.cycle_caps[0]
    slack = 1e-12 * case.energy_capacity * max(1.0, cap.energy / case.energy_capacity)
    amount = float(drawn_energy(case, free).sum())
    if amount <= cap.energy + slack:
        return free
    tried = _drawing(case, deadline)
    over = _Tried(0.0, amount, free.value, lambda: free)
    under = tried(1e3 * _dearest(case))
    if under.amount > cap.energy + slack:
        raise InfeasibleError(
            f"storage asset: the cap of {cap.energy:g} MWh drawn in timesteps {cap.first} to {cap.last} is below the "
            f"{under.amount:g} MWh that the bounds of level and load need; raise the cycles, or loosen the bounds"
        )
    return _between(case, tried, over, under, cap.energy, lambda one: drawn_energy(case, one))


def capped_near(case: Case, deadline: float, near: float) -> Schedule | None:
    """The best schedule under the one cap of a case, looked for near the multiplier of a like case.

    None where the cap does not bind, or its multiplier is elsewhere, or a mix leaves a gap, or there is no schedule.
    """
    limit = case.cycle_caps[0].energy
    tried = _drawing(case, deadline)
    before, pace = tried(near), _PACE
    for _ in range(_MOST_NEAR):
        if limit <= 0.0 or np.isnan(before.worth):
            return None
        step = near * max(pace * abs(before.amount / limit - 1.0), _LEAST_STEP)
        beside = before.multiplier + (step if before.amount > limit else -step)
        if beside <= 0.0:
            return None
        after = tried(beside)
        if (after.amount > limit) != (before.amount > limit):
            over, under = (before, after) if before.amount > limit else (after, before)
            return _between(case, tried, over, under, limit, lambda one: drawn_energy(case, one))
        before, pace = after, 2.0 * pace
    return None


def room_for_cost(case: Case, best: Schedule) -> float:
    """How much dearer throughput may become [currency/MWh] while a schedule surely stays the best one of a case.

    Without standing loss, and with as little left at the end as may be, what is stored and what is drawn differ by a
    constant. So a cost of each MWh at the meter is ``metered`` times one of each MWh drawn; it takes the place of as
    much of a cap's multiplier, and nothing moves until that is used up.
    """
    from cell2grid.engines.dispatch.steps import two_prices

    plain = two_prices(case) and case.self_discharge == 0.0 and case.terminal_worth is None and not case.cyclic
    left = float(best.energy[-1]) - float(case.lowest[-1])
    if best.drawn_cost <= 0.0 or not plain or left > 1e-12 * case.energy_capacity:
        return 0.0
    return best.drawn_cost / metered(case)


def metered(case: Case) -> float:
    """The energy through the meter, both ways, for each MWh drawn [MWh/MWh], where the efficiencies are constant."""
    return 1.0 / case.efficiency_charge + case.efficiency_discharge


def _drawing(case: Case, deadline: float) -> Callable[[float], _Tried]:
    """What a multiplier on each MWh drawn leads to."""
    from cell2grid.engines.dispatch.blocks import planned
    from cell2grid.engines.dispatch.reach import refused
    from cell2grid.engines.dispatch.steps import flows_of, steps_of, two_prices

    def whole(multiplier: float) -> _Tried:
        found = solved(case, deadline, drawn_cost=multiplier)
        if found is None:
            raise refused(case)
        amount = float(drawn_energy(case, found).sum())
        return _Tried(multiplier, amount, found.value + multiplier * amount, lambda: found)

    if not two_prices(case) or case.mode != "exclusive":
        return whole
    # the multiplier is a cost of the one piece that draws, and all else of the steps stays
    steps = steps_of(case)

    def light(multiplier: float) -> _Tried:
        cost = np.column_stack([steps.cost[:, 0] - multiplier, steps.cost[:, 1]])
        energy, value = planned(steps._replace(cost=cost, money=cost[:, 0] * -steps.flow[:, 0]), deadline=deadline)
        drawn = case.kept * np.concatenate([[steps.start], energy[:-1]]) - energy
        amount = float(np.maximum(drawn, 0.0).sum())

        def made() -> Schedule:
            charge, discharge = flows_of(case, energy, steps.start)
            return Schedule(
                energy=energy,
                charge=charge,
                discharge=discharge,
                start=steps.start,
                value=value,
                bound=value,
                method=DYNAMIC_PROGRAMMING,
                drawn_cost=multiplier,
            )

        return _Tried(multiplier, amount, value + multiplier * amount, made)

    return light


def cyclic(case: Case, deadline: float) -> Schedule | None:
    """The best schedule that ends at the level at which it begins; None where a mix leaves a gap.

    Raises
    ------
    InfeasibleError
        The level cannot come back to any start.
    """
    steps = len(case.price)

    def tried(multiplier: float) -> _Tried | None:
        start = _best_start(case, multiplier)
        found = None if start is None else solved(case, deadline, end_cost=multiplier, start=start)
        if found is None:
            return None
        rise = float(found.energy[-1]) - found.start
        return _Tried(multiplier, rise, found.value + multiplier * float(found.energy[-1]), lambda: found)

    high = 1e3 * _dearest(case)
    over, under = tried(-high), tried(high)
    # a store that cannot move comes back to its level but for rounding
    slack = 1e-12 * case.energy_capacity
    if over is None or under is None or over.amount < -slack or under.amount > slack:
        raise InfeasibleError(
            f"storage asset: no level before timestep 0 can be reached again after timestep {steps - 1}; "
            "loosen the bounds of the level, or give start and end instead of a cyclic level"
        )
    for one in (over, under):
        if abs(one.amount) <= slack:
            # counted anew: the multiplier is so large that digits of the worth are gone
            value = earned(case, one.found.charge, one.found.discharge, one.found.energy)
            return replace(one.found, value=value, bound=max(value, one.worth), method=MULTIPLIER)

    def again(multiplier: float) -> _Tried:
        found = tried(multiplier)
        assert found is not None  # neither multiplier made it infeasible
        return found

    def rises(one: Schedule) -> Floats:
        last = np.zeros(steps)
        last[-1] = float(one.energy[-1]) - one.start
        return last

    return _between(case, again, over, under, 0.0, rises)


def drawn_energy(case: Case, found: Schedule) -> Floats:
    """The energy that each step of a schedule draws from the store [MWh]."""
    from cell2grid.engines.dispatch.steps import drawn_power

    return drawn_power(case, found.discharge) * case.step_hours


def _dearest(case: Case) -> float:
    """A price above all that a case knows [currency/MWh]."""
    worths = [abs(worth) for _, worth in case.terminal_worth or ()]
    prices = np.abs(np.concatenate([case.buy_price, case.sell_price]))
    if case.price_fall is not None:
        prices = prices + fall.steepest(case.price_fall)
    least = min(case.efficiency_charge, case.efficiency_discharge)
    return (float(prices.max()) + case.throughput_cost + max(worths, default=0.0) + 1.0) / least


def _best_start(case: Case, multiplier: float) -> float | None:
    """The level that is best to begin with where each MWh there earns the multiplier; None where there is none."""
    from cell2grid.engines.dispatch.kernel.sweep import DONE, ending, sweep
    from cell2grid.engines.dispatch.steps import steps_of

    steps = steps_of(case, end_cost=multiplier)
    swept = sweep(steps, 0, len(steps.money), ending(steps), False, np.empty(0), -1)
    if swept.ended != DONE:
        return None
    now = swept.now
    levels = now.high - np.concatenate([[0.0], np.cumsum(now.lengths[::-1])])
    worths = -np.concatenate([[0.0], np.cumsum((now.slopes * now.lengths)[::-1])])
    within = (levels <= case.energy_capacity) & (levels >= 0.0)
    for bound in (0.0, case.energy_capacity):
        if now.low <= bound <= now.high:
            worths = np.append(worths, np.interp(bound, levels[::-1], worths[: len(levels)][::-1]))
            levels, within = np.append(levels, bound), np.append(within, True)
    if not within.any():
        return None
    total = np.where(within, worths + multiplier * levels, -np.inf)
    return float(levels[int(np.argmax(total))])


def _between(
    case: Case,
    tried: Callable[[float], _Tried],
    over: _Tried,
    under: _Tried,
    limit: float,
    amounts: Callable[[Schedule], Floats],
) -> Schedule | None:
    """The best schedule that uses the limit, from one that uses more and one that uses no more."""
    scale = 1.0 + float(np.abs(money_by_step(case, over.found.charge, over.found.discharge)).sum())
    for _ in range(_MOST_ROUNDS):
        multiplier = (over.worth - under.worth) / (over.amount - under.amount)
        if not over.multiplier < multiplier < under.multiplier:
            multiplier = (over.multiplier + under.multiplier) / 2.0
        found = tried(multiplier)
        # what both lines promise where they cross, which nothing can be below
        least = over.worth - multiplier * (over.amount - limit)
        here = found.worth - multiplier * (found.amount - limit)
        if here <= least + 1e-14 * scale or multiplier in (over.multiplier, under.multiplier):
            return _mixed(case, over, under, multiplier, max(here, least), limit, amounts, AGREEMENT * scale)
        if found.amount > limit:
            over = found
        else:
            under = found
    raise NotConvergedError(
        f"storage asset: no multiplier of the bound on {limit:g} MWh was found in {_MOST_ROUNDS} rounds; loosen it"
    )


def _mixed(
    case: Case,
    over: _Tried,
    under: _Tried,
    multiplier: float,
    bound: float,
    limit: float,
    amounts: Callable[[Schedule], Floats],
    allowed: float,
) -> Schedule | None:
    """The mix of two schedules that uses the limit; None where it earns less than the bound by more than allowed."""
    from cell2grid.engines.dispatch.steps import flows_of

    more, less = over.found, under.found
    need = limit - under.amount
    if case.cyclic:
        share = np.full(len(more.energy), need / (over.amount - under.amount))
    else:
        torn = torn_between(case, more.charge - more.discharge, less.charge - less.discharge)
        extra = amounts(more) - amounts(less)
        share = shares(more.energy, less.energy, extra, torn, need, case.energy_capacity)
    energy = less.energy + share * (more.energy - less.energy)
    start = less.start + float(share[0]) * (more.start - less.start)
    if case.cyclic:
        start = float(energy[-1])
    charge, discharge = flows_of(case, energy, start, drawn_cost=multiplier if not case.cyclic else 0.0)
    value = earned(case, charge, discharge, energy)
    used = float(amounts(replace(less, charge=charge, discharge=discharge, energy=energy, start=start)).sum())
    if bound - value > allowed or used > limit + 1e-9 * max(abs(limit), case.energy_capacity):
        return None
    return replace(
        less,
        energy=energy,
        charge=charge,
        discharge=discharge,
        start=start,
        value=value,
        bound=max(bound, value),
        method=MULTIPLIER,
        drawn_cost=0.0 if case.cyclic else multiplier,
        end_cost=multiplier if case.cyclic else 0.0,
    )
