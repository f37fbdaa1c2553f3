"""What a firm can do: how many blocks it decides on and when, and which of its plants it idles or closes.

A way is an array by row and term: rows of options have blocks, rows of standing plants that can be idled or closed have
OPEN, IDLE or CLOSED. Which way is best is in ``searching.py``, what ways are worth in ``response.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.plan.arrays import Inputs

    Way = NDArray[np.float64]

OPEN, IDLE, CLOSED = 0.0, 1.0, 2.0
FEW = 12  # blocks at once up to which every number is a move


class Ways:
    """The ways of a plan: ``kept`` are the plants, by place among all, whose states are rows after the options'."""

    def __init__(self, inputs: Inputs, kept: Sequence[int]) -> None:
        self.inputs, self.kept, self.options = inputs, tuple(kept), len(inputs.options)
        given = inputs.plan
        self.most = np.minimum(given.most_at_once, given.most[:, None])

    def nothing(self) -> Way:
        """Nothing is built, and all plants stay open."""
        return np.zeros((self.options + len(self.kept), len(self.inputs.terms.labels)))

    def states(self, way: Way) -> tuple[Way, Way]:
        """The part of each plant's standing capacity that is open, and that is idle (plant, term)."""
        is_open = np.ones((len(self.inputs.plants), way.shape[1]))
        is_idle = np.zeros_like(is_open)
        is_open[list(self.kept)] = way[self.options :] == OPEN
        is_idle[list(self.kept)] = way[self.options :] == IDLE
        return is_open, is_idle

    def count(self, own: Sequence[int]) -> float:
        """How many ways the rows ``own`` have between them, limits left aside."""
        terms, many = len(self.inputs.terms.labels), 1.0
        for row in own:
            if row < self.options:
                many *= float(np.prod(self.most[row] + 1.0))
                continue
            idles, closes = self._can(row)
            many *= 2.0**terms + closes * (2.0**terms - 1.0) if idles else 1.0 + closes * terms
        return many

    def every(self, way: Way, own: Sequence[int]) -> Iterator[Way]:
        """All ways of the rows ``own`` while the others stand as they are, as far as limits allow them."""
        for each in product(*(self._of_row(row) for row in own)):
            other = way.copy()
            other[list(own)] = each
            if self.allowed(other):
                yield other

    def _can(self, row: int) -> tuple[bool, bool]:
        """Whether the plant of a row can be idled, and closed."""
        plant, given = self.kept[row - self.options], self.inputs.plan
        return bool(np.isfinite(given.idle_cost[plant]).any()), bool(np.isfinite(given.closing_cost[plant]))

    def _of_row(self, row: int) -> Iterator[tuple[float, ...]]:
        """Whatever can stand in a row."""
        terms = len(self.inputs.terms.labels)
        if row < self.options:
            yield from product(*(map(float, range(int(most) + 1)) for most in self.most[row]))
            return
        idles, closes = self._can(row)
        for end in range(terms if not closes else 0, terms + 1):
            for before in product((OPEN, IDLE) if idles else (OPEN,), repeat=end):
                yield (*before, *[CLOSED] * (terms - end))

    def moves(self, way: Way, own: Sequence[int]) -> Iterator[Way]:
        """Ways one move away: another number of blocks in a decision, one block or all of it elsewhere, or a plant that
        is in another state over a stretch of terms."""
        seen = {way.tobytes()}
        for other in self._moved(way, own):
            if other.tobytes() not in seen and self.allowed(other):
                seen.add(other.tobytes())
                yield other

    def _moved(self, way: Way, own: Sequence[int]) -> Iterator[Way]:
        places = [(row, int(term)) for row in own if row < self.options for term in np.flatnonzero(self.most[row] > 0)]
        for at in places:
            for blocks in self._numbers(at, way[at]):
                yield _with(way, {at: blocks})
        for taken, added in product(places, places):
            if taken != added and way[taken] > 0.0:
                for blocks in {1.0, float(way[taken])}:
                    yield _with(way, {taken: way[taken] - blocks, added: way[added] + blocks})
        for row in own:
            if row >= self.options:
                yield from self._other_states(way, row)

    def _numbers(self, at: tuple[int, int], now: float) -> set[float]:
        most = int(self.most[at])
        return set(map(float, range(most + 1))) if most <= FEW else {0.0, now - 1.0, now + 1.0, float(most)}

    def _other_states(self, way: Way, row: int) -> Iterator[Way]:
        idles, closes = self._can(row)
        terms = way.shape[1]
        for first in range(terms):
            for after in range(first + 1, terms + 1):
                for state in (OPEN, IDLE) if idles else (OPEN,):
                    other = way.copy()
                    other[row, first:after] = state
                    yield other
            if closes:
                other = way.copy()
                other[row, first:] = CLOSED
                yield other

    def both(self, way: Way, one: Way, other: Way) -> Way | None:
        """The way that has two moves from ``way`` made; None where they do not go together."""
        first, second = one != way, other != way
        in_one_row = first[self.options :].any(axis=1) & second[self.options :].any(axis=1)
        if (first & second).any() or in_one_row.any():
            return None
        joined = np.where(first, one, np.where(second, other, way))
        return joined if self.allowed(joined) else None

    def allowed(self, way: Way) -> bool:
        """Whether a way keeps to the most of options, to limits on spending and capacity, and to what plants can."""
        blocks, given = way[: self.options], self.inputs.plan
        if (blocks < 0.0).any() or (blocks.sum(axis=1) > given.most).any() or (blocks > given.most_at_once).any():
            return False
        return self._states_can_be(way) and _spends_no_more(self.inputs, blocks) and self._stands_no_more(way)

    def _states_can_be(self, way: Way) -> bool:
        """What is closed stays closed, and what is idle opens again only where that has a cost."""
        state = way[self.options :]
        before, after = state[:, :-1], state[:, 1:]
        final = np.isnan(self.inputs.plan.restart_cost[list(self.kept)])[:, None]
        wrong = ((before == CLOSED) & (after != CLOSED)) | ((before == IDLE) & (after == OPEN) & final)
        return not wrong.any()

    def _stands_no_more(self, way: Way) -> bool:
        given, terms = self.inputs.plan, way.shape[1]
        if not len(given.capacity_bound):
            return True
        is_open, is_idle = self.states(way)
        stands = given.standing_capacity[0] * (is_open + is_idle)
        for row, term in zip(*np.nonzero(way[: self.options] > 0.0), strict=True):
            opened = given.opened[row, : terms - term]
            stands[given.option_plant[row], term:] += way[row, term] * given.block[row] * opened
        return not (given.capacity_member @ stands > given.capacity_bound * (1.0 + 1e-9)).any()

    def words(self, way: Way) -> str:
        """A way in words."""
        labels, names = self.inputs.terms.labels, self.inputs.options
        parts = [f"{way[row, term]:.0f} of {names[row]} in {labels[term]}"
                 for row, term in zip(*np.nonzero(way[: self.options] > 0.0), strict=True)]  # fmt: skip
        for row, plant in enumerate(self.kept, start=self.options):
            for state, word in ((IDLE, "idle"), (CLOSED, "closed")):
                when = np.flatnonzero(way[row] == state)
                if len(when):
                    parts.append(f"{self.inputs.plants[plant]} {word} from {labels[when[0]]}")
        return " and ".join(parts) or "nothing"


def _with(way: Way, cells: dict[tuple[int, int], float]) -> Way:
    other = way.copy()
    for at, value in cells.items():
        other[at] = value
    return other


def _spends_no_more(inputs: Inputs, blocks: Way) -> bool:
    given, terms = inputs.plan, blocks.shape[1]
    if not len(given.spending_bound):
        return True
    decided = given.spending[0] * blocks ** given.scale_exponent[:, None] * (blocks > 0.0)
    spent = np.zeros_like(decided)
    for age in range(terms):
        spent[:, age:] += decided[:, : terms - age] * given.spending_profile[:, age, None]
    for group in np.unique(given.spending_group):
        inside = given.spending_group == group
        total = given.spending_member @ spent[:, inside].sum(axis=1)
        if (total > given.spending_bound[:, inside].min(axis=1) * (1.0 + 1e-9)).any():
            return False
    return True
