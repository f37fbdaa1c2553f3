"""The whole dispatch problem of a case as columns and rows, with yes-or-no columns for the choices asked for.

Energies are shares of the energy capacity and money is a share of the dearest price, so that a solver's tolerances
mean the same for every case. Four rules are choices, not limits: never charge and discharge at once, never import
and export at once, and the pieces of a curve of charging or of discharging one after the other. Each is held by its
convex hull where it is likely to bind, and by a yes or no in the steps that ``Choices`` names; ``highs`` adds steps
until the answer keeps all rules. Equations: docs/formulation/dispatch.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import fall
from cell2grid.engines.dispatch.case import Case, PriceFall
from cell2grid.engines.dispatch.highs.curves import Curve, Moves, curves, level_lines, moves
from cell2grid.engines.dispatch.highs.solver import Blocks, Problem

Floats = npt.NDArray[np.float64]

# a flow of less than this share of the energy capacity is no flow
NONE = 1e-12
Integers = npt.NDArray[np.int64]
Steps = npt.NDArray[np.bool_]

RULES = ("direction", "meter", "charge order", "discharge order")
Choices = dict[str, Steps]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where the parts of the problem lie: columns by timestep (and piece), rows by timestep.

    ``imported`` is None where the price of a step is that of its one direction; then no site stands behind the meter.
    ``limits`` are the most of the two sides of a rule, ``widths`` the pieces (timestep, piece) of a curve, both as
    shares of the capacity.
    """

    charge: Integers
    discharge: Integers
    energy: Integers
    before: Integers
    exported: Integers | None
    imported: Integers | None
    balance: Integers
    caps: Integers
    cyclic: Integers
    worth: Integers
    limits: dict[str, tuple[Floats, Floats]]
    widths: dict[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A case with what follows from it once: its curves, moves, level limits, and the units of the problem."""

    case: Case
    inward: Curve
    outward: Curve
    moves: Moves
    lines: dict[str, list[tuple[float, float]]]
    metered: bool
    money: float

    @property
    def steps(self) -> int:
        """The number of timesteps."""
        return len(self.case.price)

    @property
    def unit(self) -> float:
        """The currency of one unit of the objective."""
        return self.money * self.case.energy_capacity


def question(case: Case) -> Question:
    """The case with what follows from it.

    Raises
    ------
    InputError
        A table is not concave where it must be, or not rising.
    """
    inward, outward = curves(case)
    same = bool(np.all(case.buy_price == case.sell_price))
    site = case.generation is not None or case.load is not None
    limited = case.import_limit is not None or case.export_limit is not None
    both = case.mode == "relaxed" and (limited or not same)
    prices = np.concatenate([case.buy_price, case.sell_price, [case.throughput_cost]])
    if case.price_fall is not None:
        prices = np.append(prices, fall.steepest(case.price_fall))
    worths = [worth for _, worth in case.terminal_worth or ()]
    return Question(
        case=case,
        inward=inward,
        outward=outward,
        moves=moves(case, inward, outward),
        lines={
            "charge": level_lines("charge_by_level", case.charge_by_level),
            "discharge": level_lines("discharge_by_level", case.discharge_by_level),
        },
        metered=site or both or case.price_fall is not None,
        money=float(np.abs(np.concatenate([prices, worths])).max()) or 1.0,
    )


def nothing(question: Question) -> Choices:
    """No choice in any timestep."""
    return {rule: np.zeros(question.steps, dtype=bool) for rule in RULES}


def build(question: Question, decided: Choices, *, tight: bool = True) -> tuple[Problem, Layout]:
    """The problem with a yes or no for each rule in the timesteps ``decided``, and where its parts lie.

    ``tight`` cuts the powers of a step to what its levels allow; without it each limit stands in one place only.
    """
    case, blocks, each = question.case, Blocks(), np.arange(question.steps)
    size, hours = case.energy_capacity, case.step_hours
    into, out = _powers(question, tight)
    buy, sell = (np.zeros(question.steps),) * 2 if question.metered else (case.buy_price, case.sell_price)
    cost = case.throughput_cost
    charge = _pieces(blocks, into, (buy + cost) / question.money)
    discharge = _pieces(blocks, out, (cost - sell) / question.money)
    energy = blocks.column(case.lowest / size, np.maximum(case.highest, case.lowest) / size)
    before, cyclic = _before(blocks, case, energy)
    balance = blocks.row(
        0.0,
        0.0,
        each,
        (energy, 1.0),
        (np.concatenate([before, energy[:-1]]), -case.kept),
        *((charge[:, i], -rate) for i, rate in enumerate(question.inward.rates)),
        *((discharge[:, i], rate) for i, rate in enumerate(question.outward.rates)),
    )
    worth = _worth(blocks, question, energy)
    caps = [
        blocks.total(
            cap.energy / size,
            *((discharge[cap.first : cap.last + 1, i], rate) for i, rate in enumerate(question.outward.rates)),
        )
        for cap in case.cycle_caps
    ]
    exported, imported, grid = _site(blocks, question, charge, discharge)
    for name, columns, limit in (("charge", charge, case.charge_limit), ("discharge", discharge, case.discharge_limit)):
        for empty, slope in question.lines[name]:
            most = limit * hours / size
            blocks.row(-np.inf, most * empty, each, *((part, 1.0) for part in columns.T), (energy, -most * slope))
    layout = Layout(
        charge=charge,
        discharge=discharge,
        energy=energy,
        before=before,
        exported=exported,
        imported=imported,
        balance=balance,
        caps=np.concatenate([np.zeros(0, np.int64), *caps]),
        cyclic=cyclic,
        worth=worth,
        limits={"direction": (into.sum(axis=1), out.sum(axis=1)), "meter": grid},
        widths={"charge order": into, "discharge order": out},
    )
    _rules(blocks, question, layout, decided)
    return blocks.problem(), layout


def fixed(problem: Problem, column: Floats) -> Problem:
    """The linear problem that is left once the whole-numbered columns are what ``column`` says."""
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[problem.whole] = upper[problem.whole] = np.round(column[problem.whole])
    return replace(problem, lower=lower, upper=upper, whole=np.zeros(0, np.int64))


def _powers(question: Question, tight: bool) -> tuple[Floats, Floats]:
    """The most energy of each piece (timestep, piece) in and out, as shares of the capacity."""
    case, limits = question.case, question.moves
    charge, discharge = limits.charge, limits.discharge
    if tight and case.mode == "exclusive":
        # one direction alone never moves more than the levels allow; tight limits make tight choices
        first = (case.lowest[-1], case.highest[-1]) if case.cyclic else (case.start, case.start)
        least = np.concatenate([[first[0]], case.lowest[:-1]]) * case.kept
        most = np.concatenate([[first[1]], case.highest[:-1]]) * case.kept
        room = np.maximum(case.highest - least, 0.0) / case.step_hours
        stock = np.maximum(most - case.lowest, 0.0) / case.step_hours
        charge = np.minimum(charge, question.inward.back(room))
        discharge = np.minimum(discharge, question.outward.back(stock))
    scale = (case.step_hours / case.energy_capacity)[:, None]
    inward, outward = question.inward.pieces(charge) * scale, question.outward.pieces(discharge) * scale
    # what rounding leaves of a limit is none; its inverse, in a rule, would be beyond what HiGHS takes
    return np.where(inward > NONE, inward, 0.0), np.where(outward > NONE, outward, 0.0)


def _pieces(blocks: Blocks, most: Floats, cost: Floats) -> Integers:
    return np.column_stack([blocks.column(0.0, part, cost) for part in most.T])


def _before(blocks: Blocks, case: Case, energy: Integers) -> tuple[Integers, Integers]:
    """The column of the energy before the first step, and the row that makes it the last level where cyclic."""
    size = case.energy_capacity
    if not case.cyclic:
        start = np.array([case.start / size])
        return blocks.column(start, start), np.zeros(0, np.int64)
    before = blocks.column(0.0, np.ones(1))
    last = np.array([len(energy) - 1])
    return before, blocks.row(0.0, 0.0, last, (energy[-1:], 1.0), (before, -1.0))


def _worth(blocks: Blocks, question: Question, energy: Integers) -> Integers:
    """The row that splits the last level into the pieces of its worth, if it has one."""
    case, size = question.case, question.case.energy_capacity
    if not case.terminal_worth:
        return np.zeros(0, np.int64)
    length = np.array([length for length, _ in case.terminal_worth]) / size
    length = np.append(length, max(1.0 - float(length.sum()), 0.0))
    worth = np.array([*(worth for _, worth in case.terminal_worth), 0.0]) / question.money
    pieces = blocks.column(0.0, np.minimum(length, 1.0), -worth)
    last = np.array([question.steps - 1])
    number = blocks.row(0.0, 0.0, last, (energy[-1:], 1.0))
    blocks.enter(np.full(len(pieces), number[0]), pieces, -1.0)
    if worth[-2] < 0.0 < length[-1]:
        # what lies beyond a table that ends below zero is worth nothing, which is more: first fill the table
        full = blocks.column(0.0, np.ones(1))
        blocks.whole.append(full)
        blocks.row(-np.inf, 0.0, last, (pieces[-1:], 1.0), (full, -1.0))
        for piece, most in zip(pieces[:-1], length[:-1], strict=True):
            blocks.row(0.0, np.inf, last, (np.array([piece]), 1.0), (full, -most))
    return number


def _site(
    blocks: Blocks, question: Question, charge: Integers, discharge: Integers
) -> tuple[Integers | None, Integers | None, tuple[Floats, Floats]]:
    """The columns of energy sold and bought at the grid connection, and the most of each."""
    case, each = question.case, np.arange(question.steps)
    none = np.zeros(question.steps)
    if not question.metered:
        return None, None, (none, none)
    scale = case.step_hours / case.energy_capacity
    sun = none if case.generation is None else case.generation
    load = none if case.load is None else case.load
    limit_out = np.inf if case.export_limit is None else case.export_limit
    limit_in = np.inf if case.import_limit is None else case.import_limit
    most_out = np.clip(sun - load + question.moves.discharge, 0.0, limit_out) * scale
    most_in = np.minimum(load + question.moves.charge, limit_in) * scale
    # where both prices are one, one column of either sign does
    same = case.buy_price == case.sell_price
    exported = blocks.column(np.where(same, -most_in, 0.0), most_out, -case.sell_price / question.money)
    imported = blocks.column(0.0, np.where(same, 0.0, most_in), case.buy_price / question.money)
    curtailed = blocks.column(0.0, sun * scale)
    net = (sun - load) * scale
    blocks.row(
        net,
        net,
        each,
        (exported, 1.0),
        (imported, -1.0),
        (curtailed, 1.0),
        *((part, 1.0) for part in charge.T),
        *((part, -1.0) for part in discharge.T),
    )
    if case.price_fall is not None:
        _falling(blocks, question, case.price_fall, exported, imported)
    return exported, imported, (most_out, most_in)


def _falling(blocks: Blocks, question: Question, given: PriceFall, exported: Integers, imported: Integers) -> None:
    """What the site's own sales take off their income in each step: above every tangent."""
    each, hours = np.arange(question.steps), question.case.step_hours
    rates = 2.0 * given.slope[:, None] * given.points / question.money
    at_zero = -given.slope[:, None] * given.points**2 * hours[:, None] / question.unit
    most = np.abs(at_zero).max(axis=1)
    # twice the dearest tangent is beyond what any export within the range costs
    lost = blocks.column(-most, 2.0 * most + np.abs(rates).max(axis=1) * _widest(question), np.ones(question.steps))
    for rate, first in zip(rates.T, at_zero.T, strict=True):
        blocks.row(first, np.inf, each, (lost, 1.0), (exported, -rate), (imported, rate))


def _widest(question: Question) -> Floats:
    """The most energy that passes the grid connection in each step, either way, as a share of the capacity."""
    case = question.case
    none = np.zeros(question.steps)
    behind = sum((none if part is None else part for part in (case.generation, case.load)), none)
    return (behind + case.charge_limit + case.discharge_limit) * case.step_hours / case.energy_capacity


def _rules(blocks: Blocks, question: Question, layout: Layout, decided: Choices) -> None:
    """The rows that keep the rules: a yes or no where decided, the convex hull where a rule is likely to bind."""
    sides: dict[str, tuple[list[Integers], list[Integers]]] = {
        "direction": (list(layout.charge.T), list(layout.discharge.T))
    }
    if layout.exported is not None and layout.imported is not None:
        sides["meter"] = ([layout.exported], [layout.imported])
    for rule, (one, other) in sides.items():
        _one_of_two(blocks, one, other, layout.limits[rule], decided[rule], likely(question, rule))
    for rule, columns in (("charge order", layout.charge), ("discharge order", layout.discharge)):
        _in_order(blocks, columns, layout.widths[rule], decided[rule], likely(question, rule))


def likely(question: Question, rule: str) -> Steps:
    """The timesteps in which breaking a rule could pay; a guess that costs only time where it is wrong."""
    case = question.case
    low = np.minimum(case.buy_price, case.sell_price)
    if rule == "meter":
        return case.sell_price > case.buy_price
    if rule == "direction":
        if case.mode == "relaxed":
            return np.zeros(question.steps, dtype=bool)
        if question.metered:
            return low < 0.0
        inward, outward = question.inward.rates, question.outward.rates
        back = inward.min() / outward.max(), inward.max() / outward.min()
        earned, paid = case.sell_price - case.throughput_cost, case.buy_price + case.throughput_cost
        pays: Steps = (earned * back[0] > paid) | (earned * back[1] > paid)
        return pays
    bends = np.diff(question.inward.rates) > 0.0 if rule == "charge order" else np.diff(question.outward.rates) < 0.0
    return np.full(question.steps, bends.any()) | (low < 0.0)


def _one_of_two(
    blocks: Blocks,
    one: list[Integers],
    other: list[Integers],
    limits: tuple[Floats, Floats],
    decided: Steps,
    hull: Steps,
) -> None:
    real = (limits[0] > 0.0) & (limits[1] > 0.0)
    at = np.flatnonzero(hull & real & ~decided)
    if len(at):
        terms = [(part[at], 1.0 / limit[at]) for side, limit in zip((one, other), limits, strict=True) for part in side]
        blocks.row(-np.inf, 1.0, at, *terms)
    at = np.flatnonzero(decided & real)
    if len(at):
        first = blocks.column(0.0, np.ones(len(at)))
        blocks.whole.append(first)
        blocks.row(-np.inf, 0.0, at, *((part[at], 1.0) for part in one), (first, -limits[0][at]))
        blocks.row(-np.inf, limits[1][at], at, *((part[at], 1.0) for part in other), (first, limits[1][at]))


def _in_order(blocks: Blocks, columns: Integers, widths: Floats, decided: Steps, hull: Steps) -> None:
    for i in range(columns.shape[1] - 1):
        at = np.flatnonzero((decided | hull) & (widths[:, i + 1] > 0.0))
        full = blocks.column(0.0, np.ones(len(at)))
        blocks.whole.append(full[decided[at]])
        blocks.row(0.0, np.inf, at, (columns[at, i], 1.0), (full, -widths[at, i]))
        blocks.row(-np.inf, 0.0, at, (columns[at, i + 1], 1.0), (full, -widths[at, i + 1]))
