"""Energy and reserve together as columns and rows, with yes-or-no columns for the steps and bids asked for.

Each block of rows is one equation of docs/formulation/reserves.md. Which steps and bids get a yes or no is decided in
``solving.py``; the form that HiGHS takes is that of ``engines/dispatch/highs/solver.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.highs.solver import Blocks, Problem, Term
from cell2grid.engines.reserves.question import Award, Question

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

NONE = np.zeros(0, dtype=np.int64)
# HiGHS drops smaller coefficients, and says so; the plan is held against its limits without them
SMALLEST = 1e-9


class Decided(NamedTuple):
    """What gets a yes or no: steps for one direction, steps for one direction of the meter, awards for a least bid."""

    directions: Integers = NONE
    meters: Integers = NONE
    bids: Integers = NONE

    @property
    def choices(self) -> int:
        """How many there are."""
        return len(self.directions) + len(self.meters) + len(self.bids)

    def joined(self, others: Decided) -> Decided:
        """What is decided here or there."""
        return Decided(*(np.union1d(own, other) for own, other in zip(self, others, strict=True)))

    def before(self, step: int, asked: Question) -> Decided:
        """What of it lies before a step."""
        directions, meters, bids = self
        return Decided(directions[directions < step], meters[meters < step], bids[asked.award_steps[bids] < step])


NOTHING = Decided()


def likely(asked: Question) -> Decided:
    """The steps in which the rule of one direction may not hold by itself."""
    return Decided(asked.torn, asked.torn_meters if asked.two_prices else NONE)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where the columns lie: by timestep (energy also before the first), awards one after the other.

    ``curtailed``, ``bought`` and ``sold`` are empty where the site does not need them.
    """

    charge: Integers
    discharge: Integers
    energy: Integers
    award: Integers
    curtailed: Integers
    bought: Integers
    sold: Integers


def build(asked: Question, decided: Decided) -> tuple[Problem, Layout]:
    """The problem with a yes or no for what is decided, and where its columns lie."""
    blocks = Blocks()
    at = _columns(blocks, asked)
    _balance(blocks, asked, at)
    _caps(blocks, asked, at)
    _worth(blocks, asked, at)
    for up in (True, False):
        _power(blocks, asked, at, up)
        _held(blocks, asked, at, up)
    _meter(blocks, asked, at)
    _directions(blocks, asked, at, decided.directions)
    _one_meter(blocks, asked, at, decided.meters)
    _bids(blocks, asked, at, decided.bids)
    return blocks.problem(), at


def _columns(blocks: Blocks, asked: Question) -> Layout:
    """All columns with bounds and costs, but for the worth of the end and what is yes or no."""
    case, power, full = asked.case, asked.power, asked.case.energy_capacity
    hours = case.step_hours / asked.money
    # with two prices the money is that of the columns bought and sold
    flow = np.zeros(asked.steps) if asked.two_prices else case.buy_price * hours
    wear = case.throughput_cost * hours
    before = (0.0, full) if case.cyclic else (case.start, case.start)
    earned = np.concatenate([np.zeros(0), *(asked.award_money(award) for award in asked.awards)])
    sun = case.generation if case.generation is not None else np.zeros(0)
    metered = asked.steps if asked.two_prices else 0
    buys, sells = (reach[:metered] / power for reach in asked.reach)
    return Layout(
        charge=blocks.column(0.0, case.charge_limit / power, wear + flow),
        discharge=blocks.column(0.0, case.discharge_limit / power, wear - flow),
        energy=blocks.column(
            np.concatenate([[before[0]], case.lowest]) / full, np.concatenate([[before[1]], case.highest]) / full
        ),
        award=blocks.column(0.0, asked.most / power, -earned / asked.money),
        curtailed=blocks.column(0.0, sun / power, flow[: len(sun)]),
        bought=blocks.column(0.0, buys, (case.buy_price * hours)[:metered]),
        sold=blocks.column(0.0, sells, -(case.sell_price * hours)[:metered]),
    )


def _moved(asked: Question) -> tuple[Floats, Floats]:
    """What a full unit of power stores and draws in each step, as shares of the capacity."""
    case, scale = asked.case, asked.power / asked.case.energy_capacity
    hours = case.step_hours * scale
    return case.efficiency_charge * hours, hours / case.efficiency_discharge


def _seen(coefficients: Floats) -> Floats:
    """The coefficients, without those that HiGHS would drop."""
    return np.where(np.abs(coefficients) >= SMALLEST, coefficients, 0.0)


def _balance(blocks: Blocks, asked: Question, at: Layout) -> None:
    """Energy from step to step with the calls that are expected, and the last level tied to the first."""
    stored, drawn = _moved(asked)
    terms: list[Term] = [(at.energy[1:], 1.0), (at.energy[:-1], -asked.case.kept)]
    terms += [(at.charge, -stored), (at.discharge, drawn)]
    for award in asked.awards:
        called = award.product.activation_up * drawn - award.product.activation_down * stored
        terms.append((at.award[award.numbers], _seen(called)))
    blocks.row(0.0, 0.0, np.arange(asked.steps), *terms)
    if asked.case.cyclic:
        blocks.row(0.0, 0.0, np.array([asked.steps - 1]), (at.energy[-1:], 1.0), (at.energy[:1], -1.0))


def _caps(blocks: Blocks, asked: Question, at: Layout) -> None:
    """The most that is drawn from the store within some steps, calls included."""
    _, drawn = _moved(asked)
    for cap in asked.case.cycle_caps:
        within = slice(cap.first, cap.last + 1)
        terms: list[Term] = [(at.discharge[within], drawn[within])]
        for award in asked.ways(up=True):
            called = award.product.activation_up[within] * drawn[within]
            terms.append((at.award[award.numbers[within]], _seen(called)))
        blocks.total(cap.energy / asked.case.energy_capacity, *terms)


def _worth(blocks: Blocks, asked: Question, at: Layout) -> None:
    """What is left after the last step, from empty upwards, has its worth piece by piece."""
    case, full = asked.case, asked.case.energy_capacity
    if not case.terminal_worth:
        return
    lengths, worths = np.array(case.terminal_worth, np.float64).T
    # a unit of energy is worth as many units of money as it holds units of power
    pieces = blocks.column(0.0, lengths / full, -worths * full / asked.unit)
    blocks.total(0.0, (pieces, 1.0), (at.energy[-1:], -1.0))


def _power(blocks: Blocks, asked: Question, at: Layout, up: bool) -> None:
    """The awards of a direction and the flow of the same direction share its limit."""
    ways = asked.ways(up)
    if not ways:
        return
    out, into = (at.discharge, at.charge) if up else (at.charge, at.discharge)
    limit = asked.case.discharge_limit if up else asked.case.charge_limit
    awards: list[Term] = [(at.award[award.numbers], 1.0) for award in ways]
    blocks.row(-np.inf, limit / asked.power, np.arange(asked.steps), (out, 1.0), (into, -1.0), *awards)


def _held(blocks: Blocks, asked: Question, at: Layout, up: bool) -> None:
    """Energy behind upward awards, or room for downward ones, before and after each step."""
    case, scale = asked.case, asked.power / asked.case.energy_capacity
    behind: list[tuple[Award, float]] = []
    for award in asked.ways(up):
        one = award.product
        held = -one.duration_up / case.efficiency_discharge if up else one.duration_down * case.efficiency_charge
        if abs(held * scale) >= SMALLEST:
            behind.append((award, held * scale))
    if not behind:
        return
    share = case.energy_floor if up else case.energy_ceiling
    after = np.full(asked.steps, 0.0 if up else 1.0) if share is None else share
    # before the first step only the store itself bounds the level
    before = np.concatenate([[0.0 if up else 1.0], after[:-1]])
    every = np.arange(asked.steps)
    # the level between two steps of the same awards needs one row
    fresh = np.concatenate([[True], np.any([np.diff(award.of_step) != 0 for award, _ in behind], axis=0)])
    for steps, levels, bound in ((every[fresh], at.energy[:-1][fresh], before[fresh]), (every, at.energy[1:], after)):
        awards: list[Term] = [(at.award[award.numbers[steps]], held) for award, held in behind]
        low, high = (bound, np.inf) if up else (-np.inf, bound)
        blocks.row(low, high, steps, (levels, 1.0), *awards)


def _meter(blocks: Blocks, asked: Question, at: Layout) -> None:
    """What flows through the grid connection, with all awards of a direction called, within its limits."""
    case, every = asked.case, np.arange(asked.steps)
    standing = asked.standing / asked.power
    net: list[Term] = [(at.discharge, 1.0), (at.charge, -1.0)]
    if len(at.curtailed):
        net.append((at.curtailed, -1.0))
    if asked.two_prices:
        blocks.row(-standing, -standing, every, *net, (at.bought, 1.0), (at.sold, -1.0))
    if case.export_limit is not None:
        called: list[Term] = [(at.award[award.numbers], 1.0) for award in asked.ways(up=True)]
        blocks.row(-np.inf, case.export_limit / asked.power - standing, every, *net, *called)
    if case.import_limit is not None:
        called = [(at.award[award.numbers], -1.0) for award in asked.ways(up=False)]
        blocks.row(-case.import_limit / asked.power - standing, np.inf, every, *net, *called)


def _directions(blocks: Blocks, asked: Question, at: Layout, decided: Integers) -> None:
    """Charge or discharge: the hull where it may pay to do both, a yes or no where that was not enough."""
    limits = asked.case.charge_limit / asked.power, asked.case.discharge_limit / asked.power
    _one_of_two(blocks, (at.charge, at.discharge), limits, asked.torn, decided)


def _one_meter(blocks: Blocks, asked: Question, at: Layout, decided: Integers) -> None:
    """Buy or sell: the hull where the meter would pay for both, a yes or no where that was not enough."""
    limits = asked.reach[0] / asked.power, asked.reach[1] / asked.power
    if asked.two_prices:
        _one_of_two(blocks, (at.bought, at.sold), limits, asked.torn_meters, decided)


def _one_of_two(
    blocks: Blocks, pair: tuple[Integers, Integers], limits: tuple[Floats, Floats], torn: Integers, decided: Integers
) -> None:
    (one, other), (most, other_most) = pair, limits
    hull = np.setdiff1d(torn, decided)
    blocks.row(-np.inf, 1.0, hull, (one[hull], 1.0 / most[hull]), (other[hull], 1.0 / other_most[hull]))
    choice = _yes_or_no(blocks, len(decided))
    blocks.row(-np.inf, 0.0, decided, (one[decided], 1.0), (choice, -most[decided]))
    limit = other_most[decided]
    blocks.row(-np.inf, limit, decided, (other[decided], 1.0), (choice, limit))


def _bids(blocks: Blocks, asked: Question, at: Layout, decided: Integers) -> None:
    """No award, or the least bid and more, for the awards that were found in between."""
    if not len(decided):
        return
    steps = asked.award_steps[decided]
    choice = _yes_or_no(blocks, len(decided))
    columns, least, most = at.award[decided], asked.least[decided] / asked.power, asked.most[decided] / asked.power
    blocks.row(0.0, np.inf, steps, (columns, 1.0), (choice, -least))
    blocks.row(-np.inf, 0.0, steps, (columns, 1.0), (choice, -most))


def _yes_or_no(blocks: Blocks, count: int) -> Integers:
    choice = blocks.column(0.0, np.ones(count))
    blocks.whole.append(choice)
    return choice
