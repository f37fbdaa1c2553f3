"""What firms build when each earns the most that it can, given what the others build and how the markets answer.

Firms move one after the other, each to what is best for it while the others stand still; a pass is one turn of all. It
ends where nobody has changed a block in a pass and prices have stood still: a Nash equilibrium in the builds that were
tried. Where a firm has few ways of building all of them are tried, else those that are one move away, again and again.
Equations: docs/formulation/plan.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from cell2grid.errors import NotConvergedError
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.plan.arrays import Inputs, plan_inputs
from cell2grid.run.plan.deciding import alike, learned_by
from cell2grid.run.plan.options import Capital, capital_of
from cell2grid.run.plan.response import Answers, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cell2grid.study.model import Study

    Blocks = NDArray[np.float64]
    Learned = Mapping[str, NDArray[np.float64]]

MOST_TRIED = 1024  # ways of building of one firm that are all tried
MOST_PASSES = 50
MOST_STEPS = 200  # moves of one firm in a pass
PRICES_STAND = 1e-4  # relative change below which a price stands still
WORTHWHILE = 1e-7  # of what is at stake: a gain below it is none


class Answering(Protocol):
    """What answers to ways of building: who invests in each option, and what each way is worth to each firm."""

    firms: tuple[str, ...]
    investor: tuple[str, ...]

    def of(self, ways: Sequence[Blocks], capital: Capital) -> Answers:
        """What each way of building, blocks by (option, term), comes to."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One turn of all firms: blocks that changed, the largest move of a price, and the most that a firm gained."""

    number: int
    blocks_changed: int
    price_change: float
    gain: float
    firm: str | None
    moved: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """The pass as a row of the table ``plan_passes``."""
        said = {"pass": self.number, "blocks_changed": self.blocks_changed, "price_change": self.price_change}
        return {**said, "gain": self.gain, "firm": self.firm, "moved": ", ".join(self.moved) or None}


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Where firms stand still: blocks (option, term), the passes that led there, and whether all ways were tried."""

    built: Blocks
    capital: Capital
    learned: Learned
    passes: tuple[Pass, ...]
    all_tried: bool


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """What firms build in the end, what they are worth with it and before, and what they build if others move first.

    ``other`` is None where it is the same, or where those do not stand still.
    """

    inputs: Inputs
    response: Response
    found: Settled
    worth: Mapping[str, float]
    before: Mapping[str, float]
    other: Blocks | None


def profitable(study: Study) -> Built:
    """What each firm builds for its profit, in an equilibrium of all of them.

    Raises
    ------
    NotConvergedError
        Builds come back to what they were without standing still, or passes run out; the message names them, with what
        a firm could still gain.
    """
    inputs = plan_inputs(study)
    response = Response(inputs)
    firms = tuple(dict.fromkeys(response.investor))
    found = settled(study, inputs, response, firms)
    other: Blocks | None = None
    if len(firms) > 1:
        try:
            second = settled(study, inputs, response, firms[::-1]).built
            other = None if np.array_equal(second, found.built) else second
        except NotConvergedError:
            other = None
    both = response.of([found.built, np.zeros_like(found.built)], found.capital).worth
    worth, before = (dict(zip(response.firms, map(float, row), strict=True)) for row in both)
    return Built(inputs, response, found, worth, before, other)


def settled(study: Study, inputs: Inputs, response: Answering, firms: Sequence[str]) -> Settled:
    """Where firms that move in an order stand still, from nothing built.

    Raises
    ------
    NotConvergedError
        As of ``profitable``.
    """
    capital, learned = inputs.capital[0], dict[str, "NDArray[np.float64]"]()
    built = np.zeros((len(inputs.options), len(inputs.terms.labels)))
    price = response.of([built], capital).price[0]
    passes: list[Pass] = []
    states, seen = [built], {built.tobytes(): 0}
    for number in range(1, MOST_PASSES + 1):
        after, turn, all_tried = _turn(inputs, response, capital, built, firms)
        now = response.of([after], capital).price[0]
        moved, changed = _moved(price, now), round(float(np.abs(after - built).sum()))
        passes.append(Pass(number, changed, moved, *turn))
        left = learned_by(study, inputs, after)
        same = alike(left, learned)
        built, price = after, now
        if changed == 0 and moved < PRICES_STAND and same:
            return Settled(built, capital, learned, tuple(passes), all_tried)
        if not same:
            learned = left
            capital = capital_of(study, MiddleFigures(), inputs.terms, inputs.blocks, learned)
            seen.clear()
        elif changed and built.tobytes() in seen:
            raise _cycle(inputs, states[seen[built.tobytes()] :], passes)
        seen[built.tobytes()] = len(states)
        states.append(built)
    last = passes[-1]
    raise NotConvergedError(
        f"plan: not converged after {MOST_PASSES} passes: in the last {last.blocks_changed} blocks changed, prices"
        f" moved by {last.price_change:.2g}, and {last.firm} gained {last.gain:,.0f} {inputs.currency}; take larger"
        " blocks or fewer options"
    )


def _moved(before: NDArray[np.float64], now: NDArray[np.float64]) -> float:
    """The largest change of a price, of itself."""
    known = np.isfinite(before) & np.isfinite(now) & (np.abs(before) > 0.0)
    return float((np.abs(now - before)[known] / np.abs(before)[known]).max(initial=0.0))


def _turn(
    inputs: Inputs, response: Answering, capital: Capital, built: Blocks, firms: Sequence[str]
) -> tuple[Blocks, tuple[float, str | None, tuple[str, ...]], bool]:
    """What is built after each firm has moved once, the most that one gained by it, which, and who moved."""
    gain, who, movers, all_tried = 0.0, None, [], True
    for firm in firms:
        after, gained, whole = _best(inputs, response, capital, built, firm)
        all_tried = all_tried and whole
        if not np.array_equal(after, built):
            movers.append(firm)
            built = after
        if gained > gain:
            gain, who = gained, firm
    return built, (gain, who, tuple(movers)), all_tried


def _best(
    inputs: Inputs, response: Answering, capital: Capital, built: Blocks, firm: str
) -> tuple[Blocks, float, bool]:
    """What is best for a firm while the others stand still, what it gains, and whether all it could do was tried."""
    own = [place for place, name in enumerate(response.investor) if name == firm]
    place, gained = response.firms.index(firm), 0.0
    every = _all_ways(inputs, built, own)
    for _ in range(1 if every is not None else MOST_STEPS):
        ways = every if every is not None else list(_moves(inputs, built, own))
        worth = response.of([built, *ways], capital).worth[:, place]
        top = int(worth.argmax())
        more = float(worth[top] - worth[0])
        if more <= WORTHWHILE * max(abs(float(worth[0])), float(capital.cost[own].max(initial=0.0))):
            break
        built, gained = ways[top - 1], gained + more
    return built, gained, every is not None


def _all_ways(inputs: Inputs, built: Blocks, own: Sequence[int]) -> list[Blocks] | None:
    """All that a firm can build while the others stand still; None where that is too much to try."""
    most = np.minimum(inputs.plan.most_at_once[own], inputs.plan.most[own][:, None])
    free = [(place, term) for row, place in enumerate(own) for term in np.flatnonzero(most[row] > 0)]
    counts = [int(most[own.index(place), term]) + 1 for place, term in free]
    if np.prod(np.array(counts, dtype=np.float64)) > MOST_TRIED * 16:
        return None
    found = []
    for each in product(*(range(count) for count in counts)):
        way = built.copy()
        way[own] = 0.0
        for (place, term), blocks in zip(free, each, strict=True):
            way[place, term] = blocks
        if allowed(inputs, way):
            found.append(way)
        if len(found) > MOST_TRIED:
            return None
    return found


def _moves(inputs: Inputs, built: Blocks, own: Sequence[int]) -> Iterator[Blocks]:
    """Ways of building one move away: a block more, a block fewer, or a block at another time or of another option."""
    most = np.minimum(inputs.plan.most_at_once, inputs.plan.most[:, None])
    places = [(place, term) for place in own for term in np.flatnonzero(most[place] > 0)]
    fewer = [at for at in places if built[at] > 0.0]
    for taken in (None, *fewer):
        for added in (None, *places):
            if taken == added:
                continue
            way = built.copy()
            if taken is not None:
                way[taken] -= 1.0
            if added is not None:
                way[added] += 1.0
            if allowed(inputs, way):
                yield way


def allowed(inputs: Inputs, built: Blocks) -> bool:
    """Whether blocks keep to the most of each option, and to limits on spending and capacity."""
    given = inputs.plan
    if (built.sum(axis=1) > given.most).any() or (built > given.most_at_once).any():
        return False
    terms = built.shape[1]
    times = built ** given.scale_exponent[:, None] * (built > 0.0)
    if len(given.spending_bound):
        decided = given.spending[0] * times
        spent = np.zeros_like(decided)
        for age in range(terms):
            spent[:, age:] += decided[:, : terms - age] * given.spending_profile[:, age, None]
        for group in np.unique(given.spending_group):
            inside = given.spending_group == group
            total = given.spending_member @ spent[:, inside].sum(axis=1)
            if (total > given.spending_bound[:, inside].min(axis=1) * (1.0 + 1e-9)).any():
                return False
    if len(given.capacity_bound):
        stands = given.standing_capacity[0].copy()
        for place in range(len(built)):
            for term in np.flatnonzero(built[place] > 0.0):
                opened = given.opened[place, : terms - term]
                stands[given.option_plant[place], term:] += built[place, term] * given.block[place] * opened
        if (given.capacity_member @ stands > given.capacity_bound * (1.0 + 1e-9)).any():
            return False
    return True


def blocks_in_words(inputs: Inputs, built: Blocks) -> str:
    """What is built, in words."""
    parts = [
        f"{built[place, term]:.0f} of {name} in {inputs.terms.labels[term]}"
        for place, name in enumerate(inputs.options)
        for term in np.flatnonzero(built[place] > 0.0)
    ]
    return " and ".join(parts) or "nothing"


def _cycle(inputs: Inputs, states: Sequence[Blocks], passes: Sequence[Pass]) -> NotConvergedError:
    """The error that names what builds go round between."""
    said = [blocks_in_words(inputs, built) for built in states[:3]]
    more = f" and {len(states) - 3} more" if len(states) > 3 else ""
    last = passes[-1]
    return NotConvergedError(
        f"plan: not converged: builds cycle between {'; '.join(said)}{more}; in the last pass {last.firm} gained"
        f" {last.gain:,.0f} {inputs.currency} and prices moved by {last.price_change:.2g}; take other blocks or windows"
    )
