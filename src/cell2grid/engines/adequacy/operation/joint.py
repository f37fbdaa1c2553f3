"""One schedule that serves several aims in order: a linear program for each, solved by HiGHS.

Losses count as curtailed energy does, so that energy is never burnt in the store to look used. Where losing energy
would flatten a ramp, a step that uses both directions keeps one and the program is solved again: no schedule charges
and discharges in one step, and a note says how far from the bound that is. Equations: docs/formulation/adequacy.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from cell2grid.engines.adequacy.operation.case import Aim, Operation, Schedule, measured, needed_curtailment
from cell2grid.engines.dispatch.highs.solver import Answer, Blocks, Integers, minimum

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# what an aim that is served may give back for one that comes later, as a share
_GIVEN = 1e-8
# a loss below this is rounding, and too small a number for HiGHS
_LOSSLESS = 1e-9
# how often directions are shut before a schedule is taken as it is, and what is worth telling, as a share
_ROUNDS, _TOLD = 6, 1e-5
_UNITS = {"peak": "MW", "curtailment": "MWh", "ramp": "MW/hour"}
_WORDS = {"peak": "peak", "curtailment": "curtailment", "ramp": "largest ramp", "moved": "energy moved"}


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """A schedule, and whether each aim of the order was proved to be served as well as it can be."""

    schedule: Schedule
    proved: bool
    notes: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """The columns of the program, by what they are; powers as shares of ``scale`` [MW]."""

    charge: Integers
    discharge: Integers
    curtailed: Integers
    net: Integers
    peak: Integers
    ramp: Integers
    scale: float


def best_in_order(case: Operation, order: Sequence[Aim], least_peak: float | None, deadline: float) -> Joint:
    """The schedule that serves each aim as well as those before it allow, and moves the least energy then.

    Parameters
    ----------
    case
        The region and the store.
    order
        The aims.
    least_peak
        The least peak of all schedules, where it is known: it saves a program where the peak comes first.
    deadline
        When to stop, by the monotonic clock.
    """
    steps = case.steps
    idle = Schedule(np.zeros(steps), np.zeros(steps), needed_curtailment(case, case.net))
    if case.energy <= 0.0 or max(case.charge_power, case.discharge_power) <= 0.0:
        return Joint(idle, True)
    kept: dict[str, float] = {}
    found, notes = idle, []
    for aim in (*order, "moved"):
        if aim == "peak" and not kept and least_peak is not None:
            kept["peak"] = least_peak
            continue
        served = _served(case, aim, kept, found, deadline)
        if served.said and aim != "moved":
            notes.append(f"The {_WORDS[aim]} is not proved the least ({served.said}): the schedule is the one before.")
            return Joint(found, False, tuple(notes))
        if served.said:
            break
        if served.value > served.bound * (1.0 + _TOLD) + _TOLD and aim != "moved":
            notes.append(
                f"The {_WORDS[aim]} of the schedule is {served.value:.6g} {_UNITS[aim]}; only one that wastes energy "
                f"could have {served.bound:.6g}."
            )
        kept[aim], found = served.value, served.schedule
    return Joint(found, True, tuple(notes))


@dataclass(frozen=True, slots=True, eq=False)
class _Served:
    """What one aim came to: its value, a schedule, a bound that none is below, and why there is none."""

    value: float
    schedule: Schedule
    bound: float
    said: str = ""


def _served(case: Operation, aim: str, kept: dict[str, float], before: Schedule, deadline: float) -> _Served:
    """The least of one aim by a schedule that never charges and discharges in one step.

    Using both loses energy, which can flatten a ramp. Where the program does so, the one that moves least is tried,
    and then steps that still use both keep one of the two; the flattest schedule on the way is taken.
    """
    shut = np.zeros((2, case.steps), np.bool_)
    flattest, bound = before, -np.inf
    for _ in range(_ROUNDS):
        answer, columns = _solved(case, aim, kept, shut, deadline)
        if answer.status != "optimal":
            break
        bound = answer.found if np.isneginf(bound) else bound
        ramp = answer.found if aim == "ramp" else kept.get("ramp", np.inf)
        last = answer, columns
        for refined in (False, True):
            if refined:
                last = _solved(case, "moved", {**kept, aim: answer.found}, shut, deadline)
                if last[0].status != "optimal":
                    last = answer, columns
                    break
            schedule = _schedule(case, *last)
            now = measured(case, schedule).ramp
            if now <= ramp * (1.0 + _TOLD) + _TOLD:
                return _Served(answer.found, schedule, bound)
            flattest = min(flattest, schedule, key=lambda one: measured(case, one).ramp)
        both = _both(case, *last)
        if not both.any():
            break
        shut = shut | both
    if aim == "ramp" and np.isfinite(bound):
        return _Served(measured(case, flattest).ramp, flattest, bound)
    return _Served(np.nan, before, bound, answer.said if answer.status != "optimal" else "it would waste energy")


def _both(case: Operation, answer: Answer, columns: _Columns) -> Flags:
    """Which direction to shut, charge or discharge, in each step that uses both to lose energy."""
    taken, sent = (answer.column[part] * columns.scale for part in (columns.charge, columns.discharge))
    stored = case.efficiency_charge * taken - sent / case.efficiency_discharge
    both = np.minimum(taken, sent) > _TOLD * columns.scale
    return np.array([both & (stored < 0.0), both & (stored >= 0.0)])


def _solved(case: Operation, aim: str, kept: dict[str, float], shut: Flags, deadline: float) -> tuple[Answer, _Columns]:
    """The least of one aim, with what those before it reached kept; its value in [MW], [MWh] or [MW/hour]."""
    scale = max(float(np.abs(case.net).max()), case.charge_power, case.discharge_power, 1e-9)
    hours, step = case.step_hours, np.arange(case.steps)
    blocks = Blocks()
    wanted = {name: 1.0 if name == aim else 0.0 for name in ("peak", "curtailment", "ramp", "moved")}
    each = 1.0 - case.efficiency_charge, 1.0 / case.efficiency_discharge - 1.0
    loss = tuple(part if part > _LOSSLESS else 0.0 for part in each)
    # what is lost counts as what is curtailed
    weight = wanted["curtailment"] / case.steps
    moved = wanted["moved"] / case.steps
    charge = blocks.column(0.0, np.where(shut[0], 0.0, case.charge_power / scale), weight * loss[0] + moved)
    discharge = blocks.column(0.0, np.where(shut[1], 0.0, case.discharge_power / scale), weight * loss[1] + moved)
    # no more in any step than without the store: a ramp that is curtailed away is not the store's doing
    curtailed = blocks.column(0.0, needed_curtailment(case, case.net) / scale, weight)
    limit = kept["peak"] * (1.0 + _GIVEN) + _GIVEN * scale if "peak" in kept else 3.0 * scale
    upper = np.maximum(np.full(case.steps, limit / scale), case.floor / scale)
    net = blocks.column(case.floor / scale, upper)
    peak = blocks.column(-3.0, np.array([3.0]), wanted["peak"])
    change = kept["ramp"] * hours / scale * (1.0 + _GIVEN) + _GIVEN if "ramp" in kept else 6.0
    ramp = blocks.column(0.0, np.array([change]), wanted["ramp"])
    columns = _Columns(charge, discharge, curtailed, net, peak, ramp, scale)
    blocks.row(
        case.net / scale, case.net / scale, step, (net, 1.0), (charge, -1.0), (discharge, 1.0), (curtailed, -1.0)
    )
    _levels(blocks, case, columns)
    if max(loss) > 0.0 and case.charge_power > 0.0 and case.discharge_power > 0.0:
        share = scale / case.charge_power, scale / case.discharge_power
        blocks.row(-np.inf, 1.0, step, (charge, share[0]), (discharge, share[1]))
    if aim == "peak":
        blocks.row(-np.inf, 0.0, step, (net, 1.0), (np.repeat(peak, case.steps), -1.0))
    if aim == "ramp" or "ramp" in kept:
        every = np.repeat(ramp, case.steps - 1)
        blocks.row(-np.inf, 0.0, step[1:], (net[1:], 1.0), (net[:-1], -1.0), (every, -1.0))
        blocks.row(-np.inf, 0.0, step[1:], (net[:-1], 1.0), (net[1:], -1.0), (every, -1.0))
    if "curtailment" in kept and aim != "curtailment":
        most = kept["curtailment"] / (hours * scale)
        blocks.total(
            most * (1.0 + _GIVEN) + _GIVEN,
            (curtailed, 1.0),
            *((one, part) for one, part in zip((charge, discharge), loss, strict=True)),
        )
    answer = minimum(blocks.problem(), deadline)
    unit = {"peak": scale, "ramp": scale / hours}.get(aim, scale * hours * case.steps)
    return _in_units(answer, unit), columns


def _in_units(answer: Answer, unit: float) -> Answer:
    return replace(answer, found=answer.found * unit, bound=answer.bound * unit)


def _levels(blocks: Blocks, case: Operation, columns: _Columns) -> None:
    """The balance of the store: levels as shares of its energy."""
    step, size = np.arange(case.steps), columns.scale * case.step_hours / case.energy
    level = blocks.column(0.0, np.ones(case.steps))
    if case.start_fraction is None:
        first = blocks.column(0.0, np.ones(1))
        blocks.row(0.0, 0.0, step[:1], (level[-1:], 1.0), (first, -1.0))
    else:
        at = np.array([case.start_fraction])
        first = blocks.column(at, at)
        blocks.row(case.start_fraction, np.inf, step[:1], (level[-1:], 1.0))
    before = np.concatenate([first, level[:-1]])
    blocks.row(
        0.0,
        0.0,
        step,
        (level, 1.0),
        (before, -1.0),
        (columns.charge, -case.efficiency_charge * size),
        (columns.discharge, size / case.efficiency_discharge),
    )


def _schedule(case: Operation, answer: Answer, columns: _Columns) -> Schedule:
    """The schedule in [MW]; where both directions were used, the one that leaves the level as it is."""
    taken, sent, curtailed = (
        np.maximum(answer.column[part], 0.0) * columns.scale
        for part in (columns.charge, columns.discharge, columns.curtailed)
    )
    stored = case.efficiency_charge * taken - sent / case.efficiency_discharge
    charge = np.maximum(stored, 0.0) / case.efficiency_charge
    discharge = np.maximum(-stored, 0.0) * case.efficiency_discharge
    # what both directions at once would have burnt is curtailed instead
    more = np.maximum((taken - sent) - (charge - discharge), 0.0)
    most = np.minimum(curtailed + more, case.output)
    net = case.net + charge - discharge
    return Schedule(charge, discharge, np.maximum(most, np.clip(case.floor - net, 0.0, case.output)))
