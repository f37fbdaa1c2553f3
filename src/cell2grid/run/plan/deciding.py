"""The plan of least cost for a study: solved in the middle case, with capital costs that learning brings down.

Learning depends on what is built, and what is built on learning: plans are made in turn, each at the capital costs that
the one before leads to, until nothing changes. Firms that build for their profit are in ``profit.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.investment.planned import best
from cell2grid.engines.investment.rolling import rolling
from cell2grid.engines.investment.stochastic import stochastic
from cell2grid.errors import InputError
from cell2grid.formulas.investing import learned_cost
from cell2grid.run.market.terms import MONTHS_A_YEAR
from cell2grid.run.plan.arrays import Inputs, plan_inputs
from cell2grid.run.plan.expecting import expected_growth
from cell2grid.run.plan.options import plan_of
from cell2grid.run.varied import varied
from cell2grid.study.refusals import near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.investment.plan import Planned
    from cell2grid.study.model import Study

    Learned = Mapping[str, NDArray[np.float64]]
    Futures = Mapping[str, tuple[float, float, Study]]

GAP = 0.01  # of the objective, where the study does not say; the field's own words say so too
WINDOW = 5.0  # years that are looked ahead, likewise
MOST_TURNS = 20
SECONDS = 600.0


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """A plan with what it was made from, how, and what must be known of it; money in the plan's currency.

    ``vss`` and ``evpi`` are the worth of planning for all futures and of knowing which comes, ``regret`` what short
    sight costs; None where there is one future, or all of the horizon is known.
    """

    inputs: Inputs
    found: Planned
    learned: Learned
    method: str
    notes: tuple[str, ...]
    vss: float | None = None
    evpi: float | None = None
    regret: float | None = None


def futures_of(study: Study, names: Sequence[str] = ()) -> tuple[Futures | None, list[str]]:
    """The scenarios of a study, or those that are named, with what went with parts that they leave out.

    Raises
    ------
    InputError
        A name is no scenario of the study.
    StudyError
        A scenario leaves out or changes what is not there.
    """
    scenarios = plan_of(study).scenarios
    for name in names:
        if name not in scenarios:
            text = near(name, scenarios, what="scenarios")
            raise InputError(f"--scenario '{name}' is no scenario of study '{study.study}'; {text}")
    chosen = {name: row for name, row in scenarios.items() if not names or name in names}
    if not chosen:
        return None, []
    total = sum(row.probability.to("ratio").mode for row in chosen.values())
    found: dict[str, tuple[float, float, Study]] = {}
    for name, row in chosen.items():
        base = varied(study, without=row.without, change=row.change) if row.without or row.change else study
        multiple = 1.0 if row.demand is None else row.demand.to("ratio").mode
        found[name] = (row.probability.to("ratio").mode / total, multiple, base)
    notes = []
    if len(chosen) < len(scenarios):
        notes.append(
            f"scenarios: {', '.join(chosen)} of {len(scenarios)}; their probabilities are scaled to 100 percent"
        )
    return found, notes


def gap_of(study: Study) -> float:
    """How far from the best a plan of whole blocks may be [ratio]."""
    gap = plan_of(study).gap
    return GAP if gap is None else gap.to("ratio").mode


def decided(study: Study, futures: Futures | None = None, *, seconds: float = SECONDS) -> Decided:
    """The plan of least cost, with the foresight that the study says, for one future or several.

    Raises
    ------
    InfeasibleError
        No plan keeps to all limits.
    NotConvergedError
        The time was over before the gap was reached.
    """
    learned: Learned = {}
    notes: list[str] = []
    before: NDArray[np.float64] | None = None
    for turn in range(MOST_TURNS):
        found = _once(study, plan_inputs(study, futures, learned=learned), learned, seconds)
        built = found.found.decisions.built[0]
        now = learned_by(study, found.inputs, built)
        if not now:
            break
        if before is not None and np.array_equal(np.round(built), np.round(before)) and alike(now, learned):
            notes.append(f"learning: the plan and its capital costs agree after {turn + 1} turns")
            break
        before, learned = built, now
    else:
        notes.append(
            f"learning: the plan still changed after {MOST_TURNS} turns; capital costs are those of the turn before"
        )
    return replace(found, notes=(*notes, *found.notes))


def _once(study: Study, inputs: Inputs, learned: Learned, seconds: float) -> Decided:
    """The plan at given capital costs."""
    plan, gap = plan_of(study), gap_of(study)
    notes: tuple[str, ...] = ()
    if plan.foresight == "myopic":
        years = WINDOW if plan.window is None else plan.window.to("year").mode
        window = max(round(years * MONTHS_A_YEAR / inputs.terms.length), 1)
        expected = expected_growth(study, inputs)
        growth, lasting = (None, None) if expected is None else expected
        rolled = rolling(
            inputs.plan, inputs.labels, window=window, expected=growth, lasting=lasting, gap=gap, seconds=seconds
        )
        method = f"{years:g} years of foresight, {len(rolled.windows)} windows, HiGHS"
        notes = ("foresight: gap and bound are those of a plan that knew all of the horizon",)
        bound = rolled.perfect.bound
        away = max(rolled.planned.objective - bound, 0.0) / max(abs(rolled.planned.objective), 1e-300)
        planned = rolled.planned._replace(bound=bound, gap=away, status="optimal")
        return Decided(inputs, planned, learned, method, notes, regret=rolled.regret)
    if len(inputs.scenarios) > 1:
        several = stochastic(inputs.plan, inputs.labels, gap=gap, seconds=seconds)
        if not np.isfinite(several.of_mean):
            text = "what is best for the mean of all futures is impossible in one of them; vss has no number"
            notes = (f"scenarios: {text}",)
        vss = several.value if np.isfinite(several.value) else None
        method = f"{len(inputs.scenarios)} scenarios planned for together, HiGHS"
        return Decided(inputs, several.planned, learned, method, notes, vss=vss, evpi=several.information)
    planned = best(inputs.plan, inputs.labels, gap=gap, seconds=seconds)
    return Decided(inputs, planned, learned, "perfect foresight, HiGHS", ())


def alike(one: Learned, other: Learned) -> bool:
    """Whether two states of learning are the same to a millionth."""
    return set(one) == set(other) and all(np.allclose(one[name], other[name], rtol=1e-6) for name in one)


def learned_by(study: Study, inputs: Inputs, built: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """What learning leaves of the capital cost by option (term): (C / C0) ^ log2(1 - l) of all capacity ever opened.

    C is the capacity for the product that has opened by the begin of the term, C0 that of the first term, or one block
    where there is none. No entry for options that do not learn.
    """
    options = plan_of(study).options
    found = {}
    for place, (name, option) in enumerate(options.items()):
        if option.learning is None:
            continue
        ever = cumulative(study, inputs, built, option.makes)
        first = max(float(ever[0]), float(inputs.blocks.items[place]))
        found[name] = learned_cost(option.learning.to("ratio").mode, first, ever)
    return found


def cumulative(study: Study, inputs: Inputs, built: NDArray[np.float64], product: str) -> NDArray[np.float64]:
    """The capacity for a product that has been opened by the begin of each term [item/year]."""
    starts = np.array(inputs.terms.starts)
    own = [name for name in inputs.plants if name in study.plants and study.plants[name].makes == product]
    standing = inputs.standing.monthly[[inputs.plants.index(name) for name in own]].sum(axis=0)
    ever: NDArray[np.float64] = np.maximum.accumulate(standing)[starts]
    for place, (_, option) in enumerate(plan_of(study).options.items()):
        if option.makes != product:
            continue
        for term in np.flatnonzero(built[place] > 0.0):
            age = starts - starts[term] - 1
            opened = np.where(age >= 0, inputs.blocks.opened[place][np.maximum(age, 0)], 0.0)
            ever = ever + built[place, term] * inputs.blocks.items[place] * opened
    return ever
