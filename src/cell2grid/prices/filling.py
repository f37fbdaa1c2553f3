"""Gaps of a series: rows and numbers that a file lacks, filled by the one policy that was asked for, and counted.

``error``, the default of all readers, fills nothing. The other policies say of each filled step where it is; a gap that
is longer than the bound is refused by all of them, for a week that is held at one price is no week of prices.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from cell2grid.errors import PriceError
from cell2grid.prices.cells import MENDS
from cell2grid.prices.found import MOST_ROWS, Measured
from cell2grid.prices.steps import Rows, shown
from cell2grid.prices.zones import Clock

Gaps = Literal["error", "hold", "interpolate", "day-before"]
LONGEST_GAP = 24.0
_DAY = 86_400
_SAID = {
    "hold": "hold the number before",
    "interpolate": "lie on a line between their neighbours",
    "day-before": "repeat the same time of the day before",
}


def filled(rows: Rows, *, gaps: Gaps, longest_gap: float, measured: Measured) -> tuple[Rows, npt.NDArray[np.int64]]:
    """The rows without a gap, and the places that were filled.

    Parameters
    ----------
    rows
        Rows in order, of which some may lack a number, and between which some may be missing.
    gaps
        ``hold`` the number before, ``interpolate`` between neighbours, or take the same local time of the day before.
    longest_gap
        The longest gap that is filled [hour].
    measured
        What the numbers are.

    Raises
    ------
    PriceError
        A gap is longer, or nothing stands where the policy would take its number from.
    """
    first = np.flatnonzero(np.isnan(rows.numbers))[:1].tolist()
    if gaps == "error":
        for i in first:
            raise PriceError(f"the {measured.noun} is missing; {MENDS}", where=rows.found.where(int(rows.places[i])))
        return rows, np.empty(0, dtype=np.int64)
    _check_lengths(rows, longest_gap)
    whole = _with_missing_rows(rows)
    missing = np.flatnonzero(np.isnan(whole.numbers))
    if not missing.size:
        return whole, missing
    take = {"hold": _held, "interpolate": _interpolated, "day-before": _day_before}[gaps]
    numbers = take(whole, missing)
    left = np.flatnonzero(np.isnan(numbers))
    if left.size:
        i = int(left[0])
        side = {"hold": "before", "interpolate": "on both sides of", "day-before": "a day before"}[gaps]
        raise PriceError(
            f"no {measured.noun} at {shown(whole.begins[i], whole.clock)}, and none {side} it to fill it with by "
            f"'{gaps}'; cut the file or mend it",
            where=str(rows.found.path),
        )
    steps = f"{missing.size:,} step{'s' if missing.size != 1 else ''}"
    said = f"{steps} had no {measured.noun} and {_SAID[gaps]}: {_where(whole, missing)}"
    return replace(whole, numbers=numbers, notes=(*whole.notes, said)), missing


def _check_lengths(rows: Rows, longest_gap: float) -> None:
    """Refuse a gap that is longer than may be filled."""
    has = np.flatnonzero(~np.isnan(rows.numbers))
    if not has.size:
        raise PriceError("no row has a number; give another column", where=str(rows.found.path))
    begins = rows.begins[has]
    usual = rows.usual or int(np.median(np.diff(rows.begins)))
    lost = np.diff(begins) - usual
    over = np.flatnonzero(lost > longest_gap * 3600.0) if rows.usual else np.empty(0, np.int64)
    if not rows.usual:
        # rows are all there; what lacks a number is the stretch between the step after one and the next
        after = rows.begins[np.minimum(has[:-1] + 1, rows.begins.size - 1)]
        lost = np.diff(begins) * 0 + (begins[1:] - after)
        over = np.flatnonzero(lost > longest_gap * 3600.0)
    tail = rows.begins[-1] - begins[-1]
    if over.size or tail > longest_gap * 3600.0:
        i, hours = (int(has[over[0] + 1]), float(lost[over[0]])) if over.size else (rows.begins.size - 1, float(tail))
        raise PriceError(
            f"a gap of {hours / 3600.0:g} hours before {shown(rows.begins[i], rows.clock)}, at most {longest_gap:g} "
            "are filled; mend the file, or allow a longer gap by name",
            where=rows.found.where(int(rows.places[i])),
        )


def _with_missing_rows(rows: Rows) -> Rows:
    """The rows on the grid of the usual step, NaN where the file has no row."""
    if not rows.usual:
        return rows
    at = (rows.begins - rows.begins[0]) // rows.usual
    count = int(at[-1]) + 1
    if count > MOST_ROWS:
        raise PriceError(f"{count:,} steps with the gaps, at most {MOST_ROWS:,} are made", where=str(rows.found.path))
    if count == rows.begins.size:
        return rows
    numbers = np.full(count, np.nan)
    numbers[at] = rows.numbers
    places = np.zeros(count, dtype=np.int64)
    places[at] = rows.places
    return replace(
        rows,
        begins=rows.begins[0] + rows.usual * np.arange(count, dtype=np.int64),
        numbers=numbers,
        places=np.maximum.accumulate(places),
    )


def _held(rows: Rows, missing: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    last = np.where(np.isnan(rows.numbers), -1, np.arange(rows.numbers.size))
    last = np.maximum.accumulate(last)
    return np.where(last >= 0, rows.numbers[last], np.nan)


def _interpolated(rows: Rows, missing: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    has = np.flatnonzero(~np.isnan(rows.numbers))
    numbers = rows.numbers.copy()
    line = np.interp(rows.begins[missing], rows.begins[has], rows.numbers[has])
    numbers[missing] = np.where((missing > has[0]) & (missing < has[-1]), line, np.nan)
    return numbers


def _day_before(rows: Rows, missing: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    numbers = rows.numbers.copy()
    clock = rows.clock or Clock("UTC", np.empty(0, np.int64), np.zeros(1, np.int64))
    begins = rows.begins[missing]
    # where clocks showed that time twice or never, the reading nearest to 24 hours ago
    early, late, _ = clock.readings(clock.local(begins) - _DAY)
    sources = np.where(np.abs(begins - early - _DAY) <= np.abs(begins - late - _DAY), early, late)
    at = np.searchsorted(rows.begins, sources, side="right") - 1
    for i, source in zip(missing.tolist(), at.tolist(), strict=True):
        numbers[i] = numbers[source] if 0 <= source < i else np.nan
    return numbers


def _where(rows: Rows, missing: npt.NDArray[np.int64]) -> str:
    """The stretches that were filled, the first of them by name."""
    breaks = np.flatnonzero(np.diff(missing) > 1)
    starts = missing[np.concatenate([[0], breaks + 1])]
    stops = missing[np.concatenate([breaks, [missing.size - 1]])]
    named = [
        shown(rows.begins[a], rows.clock)
        if a == b
        else f"{shown(rows.begins[a], rows.clock)} to {shown(rows.begins[b], rows.clock)}"
        for a, b in zip(starts[:3].tolist(), stops[:3].tolist(), strict=True)
    ]
    more = starts.size - len(named)
    return ", ".join(named) + (f" and {more:,} more" if more else "")
