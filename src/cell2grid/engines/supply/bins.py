"""Sums of many members with few numbers kept: mean, deviation and quantiles by counts in bins; compiled.

The bounds of the bins of each cell come from the first members (``PILOT``), a little wider than what these span; what
lies beyond is counted in one bin on each side, whose ends are the least and the most of all members. A quantile is as
exact as its bin is wide, and the width comes back with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 126  # with one on each side 128 counts of two bytes, four lines of a cache
PILOT = 256  # members that the bounds come from
MARGIN = 0.25  # of what the first members span, on each side
NARROWEST = 1e-9  # of the largest value, or of one item: the least width of what the bins cover
MOST_MEMBERS = 65_000  # that a count of two bytes can hold

compiled = numba.njit(cache=True, nogil=True, error_model="numpy")
# sums in any order, so that several numbers are added at once; the order hangs on no thread
summing = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "nnan", "nsz", "contract"})


class Bins(NamedTuple):
    """Counts and sums of each cell; values are counted from the lower bound in widths of a bin."""

    low: NDArray[np.float64]  # (cell)
    width: NDArray[np.float64]  # (cell)
    total: NDArray[np.float64]  # (cell): sum of the values
    square: NDArray[np.float64]  # (cell): sum of their squares
    least: NDArray[np.float64]  # (cell)
    most: NDArray[np.float64]  # (cell)
    counts: NDArray[np.unsignedinteger]  # (cell, bin)


def empty_bins(cells: int, counts: type[np.unsignedinteger] = np.uint16) -> Bins:
    """Bins without bounds in which nothing has been counted; more than MOST_MEMBERS members need larger counts."""
    return Bins(
        low=np.zeros(cells),
        width=np.zeros(cells),
        total=np.zeros(cells),
        square=np.zeros(cells),
        least=np.full(cells, np.inf),
        most=np.full(cells, -np.inf),
        counts=np.zeros((cells, BINS + 2), counts),
    )


@summing
def widen(bins: Bins, first: int, step: int, values: NDArray[np.float64], members: int) -> None:
    """Let the bounds of cells, ``step`` apart from the ``first`` on, reach to the first values (cell, member)."""
    lows, highs = bins.least, bins.most
    for row in range(len(values)):
        cell = first + row * step
        least, most = lows[cell], highs[cell]
        for i in range(members):
            least = min(least, values[row, i])
            most = max(most, values[row, i])
        lows[cell], highs[cell] = least, most


@compiled
def set_bounds(bins: Bins, first: int, last: int) -> None:
    """Take what the first members span, and a margin, as what the bins of the cells cover."""
    for cell in range(first, last):
        least, most = bins.least[cell], bins.most[cell]
        if least > most:  # no value is known: what comes lies in the bins on the sides
            least = most = 0.0
        span = max(most - least, NARROWEST * max(abs(least), abs(most), 1.0))
        low = least - MARGIN * span
        if least >= 0.0:
            low = max(low, 0.0)
        bins.low[cell] = low
        bins.width[cell] = (most + MARGIN * span - low) / BINS


@summing
def count(
    bins: Bins, first: int, step: int, values: NDArray[np.float64], members: int, place: NDArray[np.int32]
) -> None:
    """Count values (cell, member) into cells ``step`` apart from the ``first`` on; ``place`` is room by member.

    Cells are told of together, for handing on so many arrays takes longer than one of them.
    """
    lows, widths, totals, squares = bins.low, bins.width, bins.total, bins.square
    leasts, mosts, counts = bins.least, bins.most, bins.counts
    for row in range(len(values)):
        cell = first + row * step
        low, per, least, most = lows[cell], 1.0 / widths[cell], leasts[cell], mosts[cell]
        total = square = 0.0
        for i in range(members):
            value = values[row, i]
            least = min(least, value)
            most = max(most, value)
            steps = (value - low) * per
            total += steps
            square += steps * steps
            place[i] = np.int32(min(max(steps + 1.0, 0.0), BINS + 1.0))
        totals[cell] += total
        squares[cell] += square
        leasts[cell], mosts[cell] = least, most
        for i in range(members):
            counts[cell, place[i]] += 1


@compiled
def count_known(bins: Bins, known: NDArray[np.int64], values: NDArray[np.float64], pilot: bool) -> None:
    """Count values (cell, member) where they are known, and how many are; a ``pilot`` only finds what they span."""
    room, place = np.empty((1, values.shape[1])), np.empty(values.shape[1], np.int32)
    for cell in range(values.shape[0]):
        members = 0
        for i in range(values.shape[1]):
            if not np.isnan(values[cell, i]):
                room[0, members] = values[cell, i]
                members += 1
        if pilot:
            widen(bins, cell, 1, room, members)
        else:
            count(bins, cell, 1, room, members, place)
            known[cell] += members


class Summary(NamedTuple):
    """Mean, standard deviation and quantiles by cell, and how far a quantile may be from that of the members."""

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    quantiles: NDArray[np.float64]  # (quantile, …)
    error: NDArray[np.float64]  # (quantile, …)


def summed_up(bins: Bins, members: int | NDArray[np.int64], quantiles: tuple[float, ...]) -> Summary:
    """What the bins say of all members, or of so many as are known in each cell; nothing where none is.

    A quantile lies between two members, and each of these in a bin, within which members are taken as evenly spread:
    it is no further from theirs than from the lower end of the one bin to the upper end of the other.
    """
    known = np.broadcast_to(np.asarray(members, dtype=np.int64), bins.low.shape)
    some = known > 0
    mean = np.divide(bins.total, known, out=np.full(known.shape, np.nan), where=some)
    spread = np.maximum(bins.square / np.maximum(known, 1) - mean**2, 0.0)
    edges = bins.low[:, None] + bins.width[:, None] * np.arange(BINS + 1)
    ends = np.column_stack([np.minimum(bins.least, edges[:, 0]), edges, np.maximum(bins.most, edges[:, -1])])
    # nothing is beyond the least and the most
    least, most = np.where(some, bins.least, 0.0), np.where(some, bins.most, 0.0)
    ends = np.clip(ends, least[:, None], most[:, None])
    counts = bins.counts.astype(np.int64)
    reached = np.cumsum(counts, axis=1)
    found, error = np.empty((2, len(quantiles), len(bins.low)))
    for number, share in enumerate(quantiles):
        place = share * np.maximum(known - 1, 0)
        below, lower, _ = _member(counts, reached, ends, np.floor(place))
        above, _, upper = _member(counts, reached, ends, np.ceil(place))
        found[number] = np.where(some, below + (place - np.floor(place)) * (above - below), np.nan)
        error[number] = np.where(some, upper - lower, np.nan)
    return Summary(bins.low + bins.width * mean, bins.width * np.sqrt(spread), found, error)


def _member(
    counts: NDArray[np.int64], reached: NDArray[np.int64], ends: NDArray[np.float64], place: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The value of the member at a place in the order, from 0, by cell, and the ends of its bin."""
    cells = np.arange(len(ends))
    row = np.minimum((reached <= place[:, None]).sum(axis=1), BINS + 1)
    inside = counts[cells, row]
    part = (place - (reached[cells, row] - inside) + 0.5) / np.maximum(inside, 1)
    lower, upper = ends[cells, row], ends[cells, row + 1]
    return lower + part * (upper - lower), lower, upper
