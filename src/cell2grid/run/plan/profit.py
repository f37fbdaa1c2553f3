"""What firms build when each earns the most that it can, given what the others build and how the markets answer.

Firms move one after the other, each to what is best for it while the others stand still; a pass is one turn of all. It
ends where nobody has changed a block, or what becomes of a plant, in a pass and prices have stood still: a Nash
equilibrium in the ways that were tried (``searching.py``). Equations: docs/formulation/plan.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from cell2grid.errors import NotConvergedError
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.plan.arrays import Inputs, plan_inputs
from cell2grid.run.plan.deciding import alike, learned_by
from cell2grid.run.plan.options import Capital, capital_of
from cell2grid.run.plan.response import Answers, Response
from cell2grid.run.plan.searching import Searched, best_way
from cell2grid.run.plan.ways import Ways

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cell2grid.study.model import Study

    Way = NDArray[np.float64]
    Learned = Mapping[str, NDArray[np.float64]]

MOST_PASSES = 50
PRICES_STAND = 1e-4  # relative change below which a price stands still
WORTHWHILE = 1e-7  # of what is at stake: a gain below it is none


class Answering(Protocol):
    """What answers to ways: who decides on each row, which standing plants have rows, and what a way is worth."""

    firms: tuple[str, ...]
    investor: tuple[str, ...]
    kept: tuple[int, ...]
    most_pairs: int | None

    def of(self, ways: Sequence[Way], capital: Capital) -> Answers:
        """What each way comes to."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One turn of all firms: what changed of blocks and states, the largest move of a price, the largest gain."""

    number: int
    blocks_changed: int
    states_changed: int
    price_change: float
    gain: float
    firm: str | None
    moved: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """The pass as a row of the table ``plan_passes``."""
        changed = {"blocks_changed": self.blocks_changed, "states_changed": self.states_changed}
        said = {"pass": self.number, **changed, "price_change": self.price_change}
        return {**said, "gain": self.gain, "firm": self.firm, "moved": ", ".join(self.moved) or None}


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Where firms stand still: the way, the passes that led there, and what each firm tried in the last of them."""

    ways: Ways
    way: Way
    capital: Capital
    learned: Learned
    passes: tuple[Pass, ...]
    searched: tuple[Searched, ...]

    @property
    def built(self) -> Way:
        """Blocks (option, term)."""
        return self.way[: self.ways.options]

    @property
    def all_tried(self) -> bool:
        """Whether each firm tried all that it could do."""
        return all(each.whole for each in self.searched)


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
    other: Way | None


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
    other: Way | None = None
    if len(firms) > 1:
        try:
            second = settled(study, inputs, response, firms[::-1]).way
            other = None if np.array_equal(second, found.way) else second
        except NotConvergedError:
            other = None
    both = response.of([found.way, found.ways.nothing()], found.capital).worth
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
    ways = Ways(inputs, response.kept)
    way = ways.nothing()
    price = response.of([way], capital).price[0]
    passes: list[Pass] = []
    states, seen = [way], {way.tobytes(): 0}
    for number in range(1, MOST_PASSES + 1):
        after, turn, searched = _turn(ways, response, capital, way, firms)
        now = response.of([after], capital).price[0]
        blocks = round(float(np.abs(after - way)[: ways.options].sum()))
        states_changed = int((after != way)[ways.options :].sum())
        moved, changed = _moved(price, now), not np.array_equal(after, way)
        passes.append(Pass(number, blocks, states_changed, moved, *turn))
        left = learned_by(study, inputs, after[: ways.options])
        same = alike(left, learned)
        way, price = after, now
        if not changed and moved < PRICES_STAND and same:
            return Settled(ways, way, capital, learned, tuple(passes), searched)
        if not same:
            learned = left
            capital = capital_of(study, MiddleFigures(), inputs.terms, inputs.blocks, learned)
            seen.clear()
        elif changed and way.tobytes() in seen:
            raise _cycle(ways, states[seen[way.tobytes()] :], passes)
        seen[way.tobytes()] = len(states)
        states.append(way)
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
    ways: Ways, response: Answering, capital: Capital, way: Way, firms: Sequence[str]
) -> tuple[Way, tuple[float, str | None, tuple[str, ...]], tuple[Searched, ...]]:
    """What is decided after each firm has moved once, the most that one gained, who moved, what was tried."""
    gain, who, movers, searches = 0.0, None, [], []
    for firm in firms:
        own = [row for row, name in enumerate(response.investor) if name == firm]
        place = response.firms.index(firm)

        def worth(some: Sequence[Way], place: int = place) -> NDArray[np.float64]:
            return response.of(some, capital).worth[:, place]

        least = WORTHWHILE * _at_stake(ways, capital, own, abs(float(worth([way])[0])))
        after, gained, searched = best_way(ways, worth, way, own, firm, least, most_pairs=response.most_pairs)
        searches.append(searched)
        if not np.array_equal(after, way):
            movers.append(firm)
            way = after
        if gained > gain:
            gain, who = gained, firm
    return way, (gain, who, tuple(movers)), tuple(searches)


def _at_stake(ways: Ways, capital: Capital, own: Sequence[int], worth: float) -> float:
    """The largest of what a firm is worth and what one of its blocks costs."""
    blocks = [row for row in own if row < ways.options]
    return max(worth, float(capital.cost[blocks].max(initial=0.0)))


def _cycle(ways: Ways, states: Sequence[Way], passes: Sequence[Pass]) -> NotConvergedError:
    """The error that names what builds go round between."""
    said = [ways.words(way) for way in states[:3]]
    more = f" and {len(states) - 3} more" if len(states) > 3 else ""
    last = passes[-1]
    return NotConvergedError(
        f"plan: not converged: builds cycle between {'; '.join(said)}{more}; in the last pass {last.firm} gained"
        f" {last.gain:,.0f} {ways.inputs.currency} and prices moved by {last.price_change:.2g}; take other blocks or"
        " windows"
    )
