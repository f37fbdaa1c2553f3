"""Which way is best for one firm while the others stand still: all of them where they are few, else a search.

The search climbs by the best move of ``ways.py`` until none gains, then tries pairs of moves, those first whose two
gains add up to most, and climbs on from the best. It begins with what the firm has decided and again with nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.plan.ways import Ways

    Way = NDArray[np.float64]
    Worth = Callable[[Sequence[Way]], NDArray[np.float64]]

MOST_TRIED = 1024  # ways of one firm that are all tried
MOST_PAIRS = 2048  # pairs of moves that are tried from one way
PAIRED = 500  # moves of which pairs are made, those that gain most
MOST_STEPS = 200  # moves of one search


@dataclass(frozen=True, slots=True)
class Searched:
    """How much of what a firm could do was tried in its last turn: ways in all, limits left aside, and ways tried."""

    firm: str
    ways: float
    tried: int
    whole: bool
    pairs_left: int  # pairs of moves from the way it ends with that were not tried

    def row(self) -> dict[str, Any]:
        """The same as keys of a document."""
        return {"firm": self.firm, "ways": self.ways, "tried": self.tried, "all": self.whole,
                "pairs_left": self.pairs_left}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Climbed:
    way: Way
    worth: float
    tried: int
    pairs_left: int


def best_way(
    ways: Ways, worth: Worth, way: Way, own: Sequence[int], firm: str, least: float, *, most_pairs: int | None = None
) -> tuple[Way, float, Searched]:
    """The best way for the rows ``own`` that was found, what it gains on ``way``, and what was tried.

    Parameters
    ----------
    worth
        What ways are worth to the firm [currency].
    least
        A gain at or below it is none [currency].
    most_pairs
        Of moves, that are tried from one way; MOST_PAIRS where nothing is said.
    """
    now = float(worth([way])[0])
    every = _few(ways, way, own)
    if every is not None:
        values = worth(every)
        top = int(values.argmax())
        gain = float(values[top]) - now
        searched = Searched(firm, ways.count(own), len(every), whole=True, pairs_left=0)
        return (every[top], gain, searched) if gain > least else (way, 0.0, searched)
    pairs = MOST_PAIRS if most_pairs is None else most_pairs
    found = _climbed(ways, worth, way, now, own, least, pairs)
    empty = way.copy()
    empty[list(own)] = 0.0
    tried = found.tried
    if not np.array_equal(empty, way) and ways.allowed(empty):
        again = _climbed(ways, worth, empty, float(worth([empty])[0]), own, least, pairs)
        tried += again.tried
        found = again if again.worth > found.worth + least else found
    searched = Searched(firm, ways.count(own), tried, whole=False, pairs_left=found.pairs_left)
    gain = found.worth - now
    return (found.way, gain, searched) if gain > least else (way, 0.0, searched)


def _few(ways: Ways, way: Way, own: Sequence[int]) -> list[Way] | None:
    """All ways of a firm; None where that is too much to try."""
    if ways.count(own) > MOST_TRIED * 16:
        return None
    found = []
    for each in ways.every(way, own):
        found.append(each)
        if len(found) > MOST_TRIED:
            return None
    return found


def _climbed(
    ways: Ways, worth: Worth, way: Way, now: float, own: Sequence[int], least: float, most_pairs: int
) -> _Climbed:
    """Where moves, and pairs of them, from a way lead."""
    tried = left = 0
    for _ in range(MOST_STEPS):
        moves = list(ways.moves(way, own))
        if not moves:
            break
        values = worth(moves)
        tried += len(moves)
        if values.max() - now <= least:
            moves, left = _pairs(ways, way, moves, values, most_pairs)
            if not moves:
                break
            values = worth(moves)
            tried += len(moves)
            if values.max() - now <= least:
                break
        top = int(values.argmax())
        way, now = moves[top], float(values[top])
    return _Climbed(way, now, tried, left)


def _pairs(
    ways: Ways, way: Way, moves: Sequence[Way], values: NDArray[np.float64], most_pairs: int
) -> tuple[list[Way], int]:
    """Pairs of moves that go together, the most promising first, and how many more there may be."""
    order = np.argsort(-values, kind="stable")[:PAIRED]
    one, other = np.triu_indices(len(order), 1)
    first = np.argsort(-(values[order][one] + values[order][other]), kind="stable")
    several = len(moves) * (len(moves) - 1) // 2
    found: list[Way] = []
    for number, place in enumerate(first):
        if len(found) == most_pairs:
            return found, several - number
        both = ways.both(way, moves[order[one[place]]], moves[order[other[place]]])
        if both is not None:
            found.append(both)
    return found, several - len(first)
