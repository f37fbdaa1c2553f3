"""A schedule made exact: what HiGHS found within its tolerances, put on the balance and inside every limit.

Levels are followed from the first step on, each the nearest to the solver's that can be reached, lies within its
bounds and leaves the next ones within reach; the powers follow from the levels. What that costs is seen in ``earned``,
which ``highs`` holds against the proved bound. Equations: docs/formulation/dispatch.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import fall
from cell2grid.engines.dispatch.case import Case
from cell2grid.engines.dispatch.highs.problem import Question

Floats = npt.NDArray[np.float64]

# how far a limit may be missed [share of the largest power or energy]: rounding only
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Energy after each step [MWh], powers [MW], and the money of each step with the terminal value in the last.

    ``missed`` is the largest share by which a limit is missed: beyond ``ROUNDING`` this is no schedule.
    """

    energy: Floats
    charge: Floats
    discharge: Floats
    money: Floats
    missed: float

    @property
    def value(self) -> float:
        """What the plan earns [currency]."""
        return float(self.money.sum())


def exact(question: Question, start: float, energy: Floats, charge: Floats) -> Plan:
    """The plan nearest to levels [MWh] and charging powers [MW] that a solver found."""
    case = question.case
    start = energy[-1] if case.cyclic else start
    level = _followed(question, float(start), energy)
    before = np.concatenate([[start], level[:-1]])
    change = (level - case.kept * before) / case.step_hours
    into, out = question.inward.back(np.maximum(change, 0.0)), question.outward.back(np.maximum(-change, 0.0))
    into, out = np.clip(into, 0.0, case.charge_limit), np.clip(out, 0.0, case.discharge_limit)
    money = earned(case, into, out)
    if case.mode == "relaxed":
        both_in = np.clip(np.maximum(charge, into), 0.0, case.charge_limit)
        both_out = np.clip(question.outward.back(np.maximum(question.inward.of(both_in) - change, 0.0)), 0.0, None)
        both_out = np.minimum(both_out, case.discharge_limit)
        # the charging power that balances exactly what is drawn
        both_in = np.clip(
            question.inward.back(np.maximum(change + question.outward.of(both_out), 0.0)), 0.0, case.charge_limit
        )
        other = earned(case, both_in, both_out)
        better = other > money
        into, out, money = (
            np.where(better, a, b) for a, b in zip((both_in, both_out, other), (into, out, money), strict=True)
        )
    missed = _missed(question, float(start), level, into, out)
    money = np.where(np.isfinite(money), money, 0.0)
    money[-1] += case.worth_of_end(float(level[-1]))
    return Plan(level, into, out, money, missed)


def earned(case: Case, charge: Floats, discharge: Floats) -> Floats:
    """What each step earns [currency] at its best use of the grid connection; -inf where its limits cannot be met."""
    least, most = _grid(case, charge, discharge)
    ends = [least, most, np.clip(0.0, least, most)]
    if case.price_fall is not None:
        ends += [np.clip(edge, least, most) for edge in fall.edges(case.price_fall).T]
    money = np.max([_sold(case, y) for y in ends], axis=0)
    value = (money - case.throughput_cost * (charge + discharge)) * case.step_hours
    return np.where(least - most > ROUNDING * _largest(case), -np.inf, value)


def _sold(case: Case, export: Floats) -> Floats:
    """What an export earns in an hour [currency/hour]."""
    rate: Floats = np.where(export >= 0.0, case.sell_price, case.buy_price) * export
    return rate if case.price_fall is None else rate - fall.cost(case.price_fall, export)


def _grid(case: Case, charge: Floats, discharge: Floats) -> tuple[Floats, Floats]:
    """The least and the most power to the grid that curtailment and the connection leave to choose from [MW]."""
    none = np.zeros(len(charge))
    sun = none if case.generation is None else case.generation
    load = none if case.load is None else case.load
    sent = sun - load + discharge - charge
    least = np.maximum(sent - sun, -np.inf if case.import_limit is None else -case.import_limit)
    most = np.minimum(sent, np.inf if case.export_limit is None else case.export_limit)
    return least, most


def _largest(case: Case) -> float:
    parts = (case.charge_limit, case.discharge_limit, case.load, case.generation)
    return max(float(part.max()) for part in parts if part is not None)


def _followed(question: Question, start: float, energy: Floats) -> Floats:
    """The levels nearest to ``energy`` that can be reached one after the other."""
    case, moves = question.case, question.moves
    low, high = _bounds(question, energy)
    down, up, kept = moves.lowest.tolist(), moves.highest.tolist(), case.kept.tolist()
    aim, lines = energy.tolist(), _level_limits(question)
    level, now = [], start
    for t in range(len(aim)):
        base = kept[t] * now
        least, most = max(base + down[t], low[t]), min(base + up[t], high[t])
        for into, empty, slope in lines:
            # into the store at most empty + slope * level, or out of it
            if into and slope[t] < 1.0:
                most = min(most, (base + empty[t]) / (1.0 - slope[t]))
            elif not into and slope[t] > -1.0:
                least = max(least, (base - empty[t]) / (1.0 + slope[t]))
        now = min(max(aim[t], least), most)
        level.append(now)
    return np.array(level)


def _bounds(question: Question, energy: Floats) -> tuple[list[float], list[float]]:
    """The levels after each step from which the later bounds can still be met."""
    case = question.case
    low, high, kept = case.lowest.tolist(), case.highest.tolist(), case.kept.tolist()
    down, up = question.moves.lowest.tolist(), question.moves.highest.tolist()
    if case.cyclic:
        low[-1] = high[-1] = float(energy[-1])
    for t in range(len(low) - 1, 0, -1):
        if kept[t] > 0.0:
            low[t - 1] = max(low[t - 1], (low[t] - up[t]) / kept[t])
            high[t - 1] = min(high[t - 1], (high[t] - down[t]) / kept[t])
    return low, high


def _level_limits(question: Question) -> list[tuple[bool, list[float], list[float]]]:
    """Limits by level where the energy is linear in the power: whether inward, at empty [MWh] and slope, by step."""
    case, parts = question.case, []
    for name, curve, limit in (
        ("charge", question.inward, case.charge_limit),
        ("discharge", question.outward, case.discharge_limit),
    ):
        # where it is not linear the solver's own levels stand, and ``missed`` tells
        if len(curve.power) == 2 and case.mode == "exclusive":
            most = curve.of(limit) * case.step_hours
            parts += [
                (name == "charge", (most * empty).tolist(), (most * slope / case.energy_capacity).tolist())
                for empty, slope in question.lines[name]
            ]
    return parts


def _missed(question: Question, start: float, level: Floats, charge: Floats, discharge: Floats) -> float:
    """The largest share by which a balance, a level, a limit by level, a cap or the grid connection is missed."""
    case, size = question.case, question.case.energy_capacity
    before = np.concatenate([[start], level[:-1]])
    drawn = question.outward.of(discharge) * case.step_hours
    stored = question.inward.of(charge) * case.step_hours
    moved = max(float(drawn.max()), float(stored.max()), size)
    energies = [
        (case.lowest - level) / size,
        (level - case.highest) / size,
        np.abs(level - case.kept * before - stored + drawn) / moved,
    ]
    for cap in case.cycle_caps:
        total = float(drawn[cap.first : cap.last + 1].sum())
        energies.append(np.array([(total - cap.energy) / max(cap.energy, moved)]))
    if case.cyclic:
        energies.append(np.array([abs(level[-1] - start) / size]))
    least, most = _grid(case, charge, discharge)
    powers = [least - most]
    for name, power, limit in (("charge", charge, case.charge_limit), ("discharge", discharge, case.discharge_limit)):
        powers += [power - limit * (empty + slope * level / size) for empty, slope in question.lines[name]]
    largest = _largest(case)
    return max(*(float(part.max()) for part in energies), *(float(part.max()) / largest for part in powers))
