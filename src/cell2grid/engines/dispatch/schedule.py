"""The best schedule of a case: by the kernel where it is exact, by HiGHS elsewhere, and which of the two it was.

``steps.py`` says what a case offers, ``blocks.py`` runs the kernel on it, ``multiplier.py`` keeps a cap on cycles or a
cyclic level, and ``highs`` is the other way. Equations: docs/formulation/dispatch.md.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import site
from cell2grid.engines.dispatch.case import Case
from cell2grid.errors import EngineError

Floats = npt.NDArray[np.float64]

DYNAMIC_PROGRAMMING = "dynamic programming"
# the two ways of adding up the same money may differ by rounding only: as a share of the money that changes hands, and
# of all that is at stake, of which the method adds up every step's
AGREEMENT = 1e-9
_ROUNDING = 64.0 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schedule:
    """The energy after each step [MWh], the powers at the grid side [MW], and what the method claims for them.

    ``value`` is the objective [currency] and ``bound`` what no schedule can exceed. ``reason`` says why the case went
    to HiGHS, where it did. ``drawn_cost`` and ``end_cost`` [currency/MWh] are the multipliers of a cycle cap and of a
    cyclic level. ``water_value`` is None where the kernel can give it (``water_values``).
    """

    energy: Floats
    charge: Floats
    discharge: Floats
    start: float
    value: float
    bound: float
    method: str
    reason: str | None = None
    drawn_cost: float = 0.0
    end_cost: float = 0.0
    water_value: Floats | None = None


def schedule(case: Case, *, time_limit: float = 600.0, near: float = 0.0) -> Schedule:
    """The best schedule of a checked case, exact to rounding or within 1e-9 of a proved bound.

    Parameters
    ----------
    time_limit
        Seconds that may be taken.
    near
        Where the multiplier of a cap on cycles may lie [currency/MWh], from a like case; it saves time only.

    Raises
    ------
    InfeasibleError
        No schedule keeps all bounds; the message names the first timestep that cannot.
    NotConvergedError
        The time passed before a schedule was proved the best.
    """
    deadline = time.monotonic() + time_limit
    reason = reason_for_highs(case)
    best = None
    if reason is None:
        best = _by_kernel(case, deadline, near)
        reason = "a cap or cyclic level that no mix of two schedules meets without charging and discharging at once"
    if best is None:
        best = _by_highs(case, deadline, reason)
    check_value(case, best)
    return best


def reason_for_highs(case: Case) -> str | None:
    """Why a case goes to HiGHS from the start; None where the kernel is asked first."""
    from cell2grid.engines.dispatch.steps import reason_for_solver

    reason = reason_for_solver(case)
    if reason is None and len(case.cycle_caps) > 1:
        reason = f"{len(case.cycle_caps)} caps on cycles at once"
    if reason is None and case.cyclic and case.cycle_caps:
        reason = "a cap on cycles of a cyclic schedule"
    return reason


def water_values(case: Case, best: Schedule) -> tuple[Floats, Floats]:
    """What one MWh more, and one less, in the store is worth in each step [currency/MWh].

    The dual of the energy balance lies between the two; they differ where the value has a kink at the level. Infinite
    where the level has nowhere to go.
    """
    if best.water_value is not None:
        return best.water_value, best.water_value
    from cell2grid.engines.dispatch.blocks import marginals
    from cell2grid.engines.dispatch.steps import steps_of

    steps = steps_of(case, drawn_cost=best.drawn_cost, end_cost=best.end_cost)
    found = marginals(steps, np.concatenate([[best.start], best.energy[:-1]]))
    return found[:, 1].copy(), found[:, 0].copy()


def earned(case: Case, charge: Floats, discharge: Floats, energy: Floats) -> float:
    """The objective of a schedule [currency], counted from its powers at the grid side."""
    return _counted(case, charge, discharge, energy)[0]


def _counted(case: Case, charge: Floats, discharge: Floats, energy: Floats) -> tuple[float, float]:
    """The objective of a schedule, and the money that changes hands [currency]."""
    by_step = money_by_step(case, charge, discharge)
    moved = case.throughput_cost * float((charge + discharge) @ case.step_hours)
    objective = float(by_step.sum()) - moved + case.worth_of_end(float(energy[-1]))
    return objective, float(np.abs(by_step).sum()) + moved


def money_by_step(case: Case, charge: Floats, discharge: Floats) -> Floats:
    """What each step earns at the grid connection [currency]."""
    return site.money_rate(case, discharge - charge) * case.step_hours


def _by_highs(case: Case, deadline: float, reason: str | None) -> Schedule:
    from cell2grid.engines.dispatch.highs import whole

    found = whole(case, time_limit=max(deadline - time.monotonic(), 0.0))
    start = float(found.energy[-1]) if case.cyclic else case.start
    return Schedule(
        energy=found.energy,
        charge=found.charge,
        discharge=found.discharge,
        start=start,
        value=found.value,
        bound=found.bound,
        method=found.method,
        reason=reason,
        water_value=found.water_value,
    )


def _by_kernel(case: Case, deadline: float, near: float) -> Schedule | None:
    """The best schedule by the kernel; None where a multiplier's schedules leave a gap."""
    from cell2grid.engines.dispatch.multiplier import capped, capped_near, cyclic

    if case.cyclic:
        return cyclic(case, deadline)
    if case.cycle_caps and near > 0.0 and (found := capped_near(case, deadline, near)) is not None:
        return found
    free = solved(case, deadline)
    if free is None:
        from cell2grid.engines.dispatch.reach import refused

        raise refused(case)
    return capped(case, deadline, free) if case.cycle_caps else free


def solved(
    case: Case, deadline: float, *, drawn_cost: float = 0.0, end_cost: float = 0.0, start: float | None = None
) -> Schedule | None:
    """The best schedule by the kernel at given multipliers, counted in its value; None where there is none."""
    from cell2grid.engines.dispatch.blocks import planned
    from cell2grid.engines.dispatch.steps import flows_of, steps_of

    if start is None and drawn_cost == end_cost == 0.0 and (fast := _plain(case)) is not None:
        return fast
    steps = steps_of(case, drawn_cost=drawn_cost, end_cost=end_cost)
    if start is not None:
        steps = steps._replace(start=start)
    energy, value = planned(steps, deadline=deadline)
    if np.isnan(value):
        return None
    charge, discharge = flows_of(case, energy, steps.start, drawn_cost=drawn_cost)
    return Schedule(
        energy=energy,
        charge=charge,
        discharge=discharge,
        start=steps.start,
        value=value,
        bound=value,
        method=DYNAMIC_PROGRAMMING,
        drawn_cost=drawn_cost,
        end_cost=end_cost,
    )


def _plain(case: Case) -> Schedule | None:
    """The schedule of a battery alone on its prices, by the fast walk; None where that is not all there is to it."""
    series = (
        case.energy_floor,
        case.energy_ceiling,
        case.efficiency_charge_by_power,
        case.efficiency_discharge_by_power,
        case.price_fall,
    )
    if case.has_site or case.self_discharge != 0.0 or case.terminal_worth or any(part is not None for part in series):
        return None
    from cell2grid.engines.dispatch.kernel.plain import plain

    found, energy, charge, discharge, value = plain(
        case.price,
        case.step_hours,
        case.charge_limit,
        case.discharge_limit,
        case.energy_capacity,
        case.efficiency_charge,
        case.efficiency_discharge,
        case.throughput_cost,
        case.start,
        case.end,
    )
    if not found:
        return None
    return Schedule(
        energy=energy,
        charge=charge,
        discharge=discharge,
        start=case.start,
        value=value,
        bound=value,
        method=DYNAMIC_PROGRAMMING,
    )


def check_value(case: Case, best: Schedule) -> None:
    """The value claimed is what the schedule earns, step by step."""
    counted, turnover = _counted(case, best.charge, best.discharge, best.energy)
    apart = abs(counted - best.value) - AGREEMENT * max(1.0, turnover)
    if not (apart <= 0.0 or apart <= _ROUNDING * _at_stake(case)):
        raise EngineError(
            f"dispatch: the method claims {best.value!r} and the schedule earns {counted!r}; they should agree to "
            "1e-9: please report the prices and the asset"
        )


def _at_stake(case: Case) -> float:
    """What all steps would turn over at full power [currency], from which the kernel counts down.

    Where the price falls steeply, that is many times what the best schedule moves.
    """
    idle = np.zeros(len(case.price))
    least, most = site.power_range(case)
    ends = (money_by_step(case, np.maximum(-least, 0.0), idle), money_by_step(case, idle, np.maximum(most, 0.0)))
    return float(sum(np.abs(end).sum() for end in ends))
