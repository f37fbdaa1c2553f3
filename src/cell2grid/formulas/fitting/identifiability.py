"""Which unknowns the observations tell apart: the singular values of what they move, and the ways that move nothing.

A direction among the unknowns, each measured by its range, is told as well as its singular value says: by how many
standard deviations of what was reported the modelled values move along the whole of it. Priors are left out, for what
they say is not observed. How far an unknown can go while the others make up for it is in ``profile.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cell2grid.formulas.fitting.problem import Array

# deviations for the whole range: a solver's last digits make some of the first, and less than one is within the noise
NOTHING, HARDLY = 1e-3, 1.0
_ALIKE = 0.05
Kind = Literal["nothing", "sum", "difference", "product", "ratio", "weighted sum", "together"]


@dataclass(frozen=True, slots=True)
class Blind:
    """Unknowns that can move together while hardly a modelled value does: near the estimate, only ``kind`` is told."""

    names: tuple[str, ...]
    kind: Kind
    weight: float
    """Of a weighted sum: what one of the second unknown counts in the first."""
    lost: int
    """How many of their combinations are not told."""

    @property
    def words(self) -> str:
        """One sentence of it.

        >>> Blind(("a.capacity", "b.capacity"), "sum", 1.0, 1).words
        'a.capacity and b.capacity only as a sum'
        """
        listed = " and ".join((", ".join(self.names[:-1]), self.names[-1])) if len(self.names) > 1 else self.names[0]
        if self.kind == "nothing":
            return f"{listed} not at all"
        if self.kind == "weighted sum":
            sign = "+" if self.weight >= 0.0 else "-"
            return f"{listed} only as {self.names[0]} {sign} {abs(self.weight):.3g} x {self.names[1]}"
        if self.kind == "together":
            return f"{listed} only together: {len(self.names) - self.lost} of {len(self.names)} combinations"
        return f"{listed} only as a {self.kind}"


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """How many unknowns the observations tell, and what they leave open."""

    singular: tuple[float, ...]
    """Deviations for the whole range along each direction, the best told first."""
    rank: int
    """Directions that move anything."""
    told: int
    """Directions that move by a deviation or more."""
    blind: tuple[Blind, ...]


def told_apart(names: Sequence[str], units: Sequence[str], values: Array, width: Array, slopes: Array) -> Told:
    """Which combinations of the unknowns the observations tell.

    Parameters
    ----------
    values, width
        (unknown,) the estimate and the ranges, in ``units``.
    slopes
        (observation, unknown) what was modelled moves by, in deviations for the whole range, priors left out.

    >>> slopes = np.array([[3.0, 3.0]])
    >>> told_apart(["a", "b"], ["t", "t"], np.array([2.0, 5.0]), np.ones(2), slopes).blind[0].words
    'a and b only as a sum'
    """
    count = len(names)
    _, sizes, across = np.linalg.svd(np.where(np.isfinite(slopes), slopes, 0.0), full_matrices=True)
    singular = np.zeros(count)
    singular[: len(sizes)] = sizes
    told = int((singular >= HARDLY).sum())
    blind = tuple(_blind(names, units, values, width, across[told:]))
    return Told(tuple(float(size) for size in singular), int((singular > NOTHING).sum()), told, blind)


def _blind(names: Sequence[str], units: Sequence[str], values: Array, width: Array, lost: Array) -> Iterator[Blind]:
    """The ways that are not told, in as few unknowns each as can be."""
    ways = _echelon(lost)
    touched = [frozenset(np.flatnonzero(np.abs(way) > _ALIKE * np.abs(way).max()).tolist()) for way in ways]
    for group in _groups(touched):
        members = sorted(frozenset().union(*(touched[place] for place in group)))
        said = tuple(names[place] for place in members)
        if len(members) == 1:
            yield Blind(said, "nothing", 0.0, 1)
        elif len(members) == 2 and len(group) == 1:
            way = (ways[group[0]] * width)[members]
            same = units[members[0]] == units[members[1]]
            yield Blind(said, *_pair(way, values[members], same=same), 1)
        else:
            yield Blind(said, "together", 0.0, len(group))


def _pair(way: Array, values: Array, *, same: bool) -> tuple[Kind, float]:
    """What stays the same along a way of two unknowns: way = (dθ₁, dθ₂)."""
    slope = float(way[1] / way[0])
    if same and abs(slope + 1.0) <= _ALIKE:
        return "sum", 1.0
    if same and abs(slope - 1.0) <= _ALIKE:
        return "difference", -1.0
    if (values != 0.0).all():
        relative = slope * float(values[0] / values[1])
        if abs(relative - 1.0) <= _ALIKE:
            return "ratio", 0.0
        if abs(relative + 1.0) <= _ALIKE:
            return "product", 0.0
    return "weighted sum", -1.0 / slope


def _echelon(ways: Array) -> Array:
    """The same space by ways with as many noughts as elimination with full pivots gives."""
    ways = ways.copy()
    free = list(range(len(ways)))
    while free:
        row, column = np.unravel_index(int(np.argmax(np.abs(ways[free]))), (len(free), ways.shape[1]))
        at = free.pop(int(row))
        ways[at] = ways[at] / ways[at, column]
        for other in range(len(ways)):
            if other != at:
                ways[other] = ways[other] - ways[other, column] * ways[at]
    return ways


def _groups(touched: Sequence[frozenset[int]]) -> Iterator[list[int]]:
    """The ways that share an unknown, together."""
    left = list(range(len(touched)))
    while left:
        group = [left.pop(0)]
        reached = set(touched[group[0]])
        grown = True
        while grown:
            more = [place for place in left if touched[place] & reached]
            grown = bool(more)
            for place in more:
                left.remove(place)
                group.append(place)
                reached |= touched[place]
        yield group
