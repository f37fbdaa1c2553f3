"""What happens to a piecewise-linear value in one step back in time; compiled by numba on plain arrays.

A value over the level of charge is a list of segments (slope, length) from its lowest level to its highest, kept in
``slopes[head:tail]`` and ``lengths[head:tail]``. It need not be concave: ``rises`` counts the places where the slope
grows with the level. Amounts of money are counted from the highest level down, where no steep edge gathers rounding.
``kernel`` walks through the steps with these.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

compiled = numba.njit(cache=True, nogil=True, error_model="numpy")
# for the few lines that run in every step: a call would cost more than they do
inlined = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)


@inlined
def place_of(slopes: Floats, head: int, tail: int, cost: float, rises: int) -> int:
    """Where the slopes above ``cost`` end, or -1 where slopes above it stand right of others."""
    place = tail
    while place > head and slopes[place - 1] <= cost:
        place -= 1
    if rises > 0:
        for i in range(place - 1, head - 1, -1):
            if slopes[i] <= cost:
                return -1
    return place


@inlined
def inserted(slopes: Floats, lengths: Floats, head: int, tail: int, place: int, slope: float, length: float) -> int:
    """Put a segment before ``place``; what came back is the move of head (-1) or of tail (+1), or 0 where it merged.

    There is room on both sides.
    """
    if place < tail and slopes[place] == slope:
        lengths[place] += length
        return 0
    if place > head and slopes[place - 1] == slope:
        lengths[place - 1] += length
        return 0
    if place - head < tail - place:
        for i in range(head, place):
            slopes[i - 1], lengths[i - 1] = slopes[i], lengths[i]
        slopes[place - 1], lengths[place - 1] = slope, length
        return -1
    for i in range(tail, place, -1):
        slopes[i], lengths[i] = slopes[i - 1], lengths[i - 1]
    slopes[place], lengths[place] = slope, length
    return 1


@inlined
def cut_high(
    slopes: Floats, lengths: Floats, head: int, tail: int, high: float, sliver: float
) -> tuple[int, float, int]:
    """Take ``high`` off the high end: the new tail, the value that lay there, and the rises that went with it."""
    value, gone = 0.0, 0
    while high > 0.0 and tail > head:
        taken = lengths[tail - 1] if lengths[tail - 1] <= high + sliver else high
        value += slopes[tail - 1] * taken
        lengths[tail - 1] -= taken
        high -= taken
        if lengths[tail - 1] <= sliver:
            tail -= 1
            if tail > head and slopes[tail - 1] < slopes[tail]:
                gone += 1
        elif taken <= 0.0:
            break
    return tail, value, gone


@inlined
def cut_low(slopes: Floats, lengths: Floats, head: int, tail: int, low: float, sliver: float) -> tuple[int, int]:
    """Take ``low`` off the low end: the new head, and the rises that went with it."""
    gone = 0
    while low > 0.0 and tail > head:
        if lengths[head] <= low + sliver:
            low -= lengths[head]
            head += 1
            if head < tail and slopes[head - 1] < slopes[head]:
                gone += 1
        else:
            lengths[head] -= low
            low = 0.0
    return head, gone


@compiled
def slid_hill(
    slopes: Floats,
    lengths: Floats,
    first: int,
    last: int,
    cost: float,
    length: float,
    to_slopes: Floats,
    to_lengths: Floats,
    end: int,
) -> int:
    """The best of buying up to ``length`` at ``cost``, from segments first..last-1 whose slopes above it come first.

    Written into ``to_slopes`` up to ``end``; the head of what was written comes back.
    """
    out = end
    i = last - 1
    while i >= first and slopes[i] <= cost:
        out -= 1
        to_slopes[out], to_lengths[out] = slopes[i], lengths[i]
        i -= 1
    if length > 0.0:
        if out < end and to_slopes[out] == cost:
            to_lengths[out] += length
        else:
            out -= 1
            to_slopes[out], to_lengths[out] = cost, length
    while i >= first:
        out -= 1
        to_slopes[out], to_lengths[out] = slopes[i], lengths[i]
        i -= 1
    return out


@compiled
def envelope(
    slopes_a: Floats,
    lengths_a: Floats,
    head_a: int,
    tail_a: int,
    slopes_b: Floats,
    lengths_b: Floats,
    head_b: int,
    tail_b: int,
    above: float,
    ahead: float,
    to_slopes: Floats,
    to_lengths: Floats,
    end: int,
    sliver: float,
) -> tuple[int, int]:
    """The larger of two values at each level: the head of what was written up to ``end``, and its rises.

    B reaches ``above`` higher than A (0 or more), and at its own highest level is worth ``ahead`` more than A at A's.
    A reaches at least as low as B.
    """
    out, rises, carried = end, 0, 0.0
    i, j = tail_a - 1, tail_b - 1
    left_a = lengths_a[i] if i >= head_a else 0.0
    left_b = lengths_b[j] if j >= head_b else 0.0
    lead = -ahead  # of A over B at the level reached so far
    # what only B reaches
    while above > sliver and j >= head_b:
        take = min(left_b, above)
        lead += slopes_b[j] * take
        out, rises, carried = pushed(to_slopes, to_lengths, out, end, slopes_b[j], take, rises, carried, sliver)
        above -= take
        left_b -= take
        if left_b <= sliver:
            j -= 1
            left_b = lengths_b[j] if j >= head_b else 0.0
    while i >= head_a and j >= head_b:
        take = min(left_a, left_b)
        steeper = slopes_a[i] - slopes_b[j]
        after = lead - steeper * take
        if lead >= 0.0 and after >= 0.0:
            out, rises, carried = pushed(to_slopes, to_lengths, out, end, slopes_a[i], take, rises, carried, sliver)
        elif lead <= 0.0 and after <= 0.0:
            out, rises, carried = pushed(to_slopes, to_lengths, out, end, slopes_b[j], take, rises, carried, sliver)
        else:
            cross = min(max(lead / steeper, 0.0), take)
            one, other = (slopes_a[i], slopes_b[j]) if lead > 0.0 else (slopes_b[j], slopes_a[i])
            out, rises, carried = pushed(to_slopes, to_lengths, out, end, one, cross, rises, carried, sliver)
            out, rises, carried = pushed(to_slopes, to_lengths, out, end, other, take - cross, rises, carried, sliver)
        lead = after
        left_a -= take
        left_b -= take
        if left_a <= sliver:
            i -= 1
            left_a = lengths_a[i] if i >= head_a else 0.0
        if left_b <= sliver:
            j -= 1
            left_b = lengths_b[j] if j >= head_b else 0.0
    while i >= head_a:
        out, rises, carried = pushed(to_slopes, to_lengths, out, end, slopes_a[i], left_a, rises, carried, sliver)
        i -= 1
        left_a = lengths_a[i] if i >= head_a else 0.0
    return out, rises


@compiled
def pushed(
    slopes: Floats,
    lengths: Floats,
    out: int,
    end: int,
    slope: float,
    length: float,
    rises: int,
    carried: float,
    sliver: float,
) -> tuple[int, int, float]:
    """Write one segment left of the others; one too short to matter lends its length to the next."""
    length += carried
    if length <= sliver:
        return out, rises, length
    if out < end and slopes[out] == slope:
        lengths[out] += length
        return out, rises, 0.0
    if out < end and slope < slopes[out]:
        rises += 1
    if out == 0:
        raise MemoryError("dispatch: a value of more segments than was foreseen")
    out -= 1
    slopes[out], lengths[out] = slope, length
    return out, rises, 0.0
