"""Long horizons window by window: each is solved for itself, looks a little further, and hands on its level.

What comes back keeps every limit of the whole horizon, and so its value is a lower bound on the best; no window knows
what lies beyond its look-ahead. Windows end where every product begins a new block, and leave a level from which the
floors to come and the end can be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.case import Case, CycleCap
from cell2grid.engines.reserves.products import MOMENT, Product, part
from cell2grid.engines.reserves.question import Question
from cell2grid.engines.reserves.solving import GAP, LINEAR, MIXED, Method, Plan, best_plan, levels, value_of
from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Span:
    """One window: solved from ``first`` to before ``seen``, kept to before ``kept``."""

    first: int
    kept: int
    seen: int


def spans(case: Case, products: tuple[Product, ...], window: float, overlap: float) -> list[Span]:
    """The windows of a horizon; each is ``window`` hours long, of which the last ``overlap`` are seen and not kept.

    Raises
    ------
    InputError
        The overlap is not shorter than the window, or the window is shorter than the blocks of the products.
    """
    if not 0.0 <= overlap < window:
        raise InputError(
            f"reserves: the overlap is {overlap:g} h and the window {window:g} h; expected an overlap from 0 to below "
            "the window"
        )
    ends = np.cumsum(case.step_hours)
    steps = len(ends)
    # a cut lies before a step in which every product begins a block
    fresh = [np.flatnonzero(np.diff(one.award_of_step) != 0) + 1 for one in products]
    cuts = np.arange(1, steps)
    for each in fresh:
        cuts = np.intersect1d(cuts, each)
    cuts = np.append(cuts, steps)
    found, first, begins = [], 0, 0.0
    while first < steps:
        seen = _last_cut(cuts, ends, first, begins + window)
        kept = seen if seen == steps else _last_cut(cuts, ends, first, begins + window - overlap)
        found.append(Span(first, kept, seen))
        first, begins = kept, float(ends[kept - 1])
    return found


def _last_cut(cuts: Integers, ends: Floats, first: int, hour: float) -> int:
    """The last cut that lies after ``first`` and not after ``hour``."""
    after = cuts[cuts > first]
    within = after[ends[after - 1] <= hour + MOMENT]
    if not len(within):
        raise InputError(
            f"reserves: no window of this length ends where all blocks end, from timestep {first}: the next such end "
            f"is {ends[after[0] - 1] - (ends[first - 1] if first else 0.0):g} h away; give a longer window"
        )
    return int(within[-1])


def rolling(
    asked: Question,
    window: float,
    overlap: float,
    *,
    deadline: float,
    accuracy: float = GAP,
    strict: bool = True,
    progress: Progress | None = None,
) -> Plan:
    """A plan of the whole horizon from windows; its bound is infinite, for none is proved.

    A yes or no is proved to ``accuracy``; unless ``strict``, steps that are only seen need none.

    Raises
    ------
    InputError
        The window or the overlap does not fit, or the case is cyclic.
    InfeasibleError, NotConvergedError
        As one problem does.
    """
    case = asked.case
    if case.cyclic:
        raise InputError(
            "reserves: a cyclic horizon has no start to roll from; give start and end, or solve it as a whole"
        )
    floor = _reachable(case)
    pieces: list[tuple[Span, Plan, Question]] = []
    level, drawn = case.start, np.zeros(len(case.cycle_caps))
    method: Method = LINEAR
    for span in spans(case, asked.products, window, overlap):
        local = Question(_window(case, span, level, floor, drawn), _parts(asked, span))
        # what is only seen is planned again by the next window, which keeps the rules there
        until = None if strict or span.kept == span.seen else span.kept - span.first
        plan = best_plan(local, deadline=deadline, strict=until, accuracy=accuracy)
        pieces.append((span, plan, local))
        method = MIXED if plan.method == MIXED else method
        level = float(np.clip(plan.energy[span.kept - span.first], 0.0, case.energy_capacity))
        drawn = drawn + _drawn(case, span, plan, local)
        if progress is not None:
            progress(span.kept, asked.steps)
    return _joined(asked, pieces, method)


def _parts(asked: Question, span: Span) -> tuple[Product, ...]:
    return tuple(part(one, span.first, span.seen) for one in asked.products)


def _reachable(case: Case) -> Floats:
    """The least level after each step from which every later floor, and the end, can be reached [MWh]."""
    stored = case.efficiency_charge * case.charge_limit * case.step_hours
    if case.import_limit is not None:
        zero = np.zeros(len(stored))
        load = zero if case.load is None else case.load
        generation = zero if case.generation is None else case.generation
        left = np.maximum(case.import_limit - load + generation, 0.0)
        stored = np.minimum(stored, case.efficiency_charge * left * case.step_hours)
    lowest, kept = case.lowest, case.kept
    found = lowest.copy()
    for t in range(len(found) - 2, -1, -1):
        found[t] = max(lowest[t], (found[t + 1] - stored[t + 1]) / kept[t + 1])
    return found


def _window(case: Case, span: Span, level: float, floor: Floats, drawn: Floats) -> Case:
    """The case of one window: from the level handed on to one from which the rest can be reached."""
    cut = {
        field.name: getattr(case, field.name)[span.first : span.seen]
        for field in fields(case)
        if isinstance(getattr(case, field.name), np.ndarray)
    }
    full = case.energy_capacity
    return replace(
        case,
        **cut,
        start_fraction=level / full,
        end_fraction=min(float(floor[span.seen - 1]), full) / full,
        terminal_worth=case.terminal_worth if span.seen == len(case.price) else None,
        cycle_caps=tuple(_caps(case, span, drawn)),
    )


def _caps(case: Case, span: Span, drawn: Floats) -> Iterator[CycleCap]:
    """What is left of each cap for a window; one that reaches beyond it gives the window its share of the hours."""
    for cap, used in zip(case.cycle_caps, drawn.tolist(), strict=True):
        first, last = max(cap.first, span.first), min(cap.last, span.seen - 1)
        if first > last:
            continue
        hours = float(case.step_hours[first : last + 1].sum())
        left = float(case.step_hours[first : cap.last + 1].sum())
        yield CycleCap(first - span.first, last - span.first, max(cap.energy - used, 0.0) * hours / left)


def _drawn(case: Case, span: Span, plan: Plan, local: Question) -> Floats:
    """The energy drawn within each cap in the steps that are kept [MWh]."""
    out = plan.discharge.copy()
    for award in local.ways(up=True):
        out += award.product.activation_up * plan.award[award.numbers]
    energy = (out * local.case.step_hours / case.efficiency_discharge)[: span.kept - span.first]
    steps = span.first + np.arange(len(energy))
    within = [(steps >= cap.first) & (steps <= cap.last) for cap in case.cycle_caps]
    return np.array([float(energy[inside].sum()) for inside in within])


def _joined(asked: Question, pieces: list[tuple[Span, Plan, Question]], method: Method) -> Plan:
    """The kept steps of all windows as one plan."""
    flows = {
        name: np.concatenate([getattr(plan, name)[: span.kept - span.first] for span, plan, _ in pieces])
        for name in ("charge", "discharge", "curtailed")
    }
    award = np.zeros(len(asked.most))
    for span, plan, local in pieces:
        for whole, windowed in zip(asked.awards, local.awards, strict=True):
            size = span.kept - span.first
            award[whole.numbers[span.first : span.kept]] = plan.award[windowed.numbers[:size]]
    energy = levels(asked, flows["charge"], flows["discharge"], award, asked.case.start)
    found = (flows["charge"], flows["discharge"], flows["curtailed"], energy, award)
    return Plan(*found, value_of(asked, found), np.inf, method)
