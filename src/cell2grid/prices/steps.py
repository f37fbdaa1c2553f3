"""Rows of a file as time steps: local clocks turned into UTC, ends into beginnings, and the one usual spacing found.

The policy is to stop: a stamp twice, out of order or of another spacing is an error that names its row, for a series
mended by guesswork gives a plausible wrong revenue. What may be mended is what was asked for: rows that stand twice
here, missing rows in ``filling``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from cell2grid.errors import PriceError
from cell2grid.prices.cells import MENDS
from cell2grid.prices.found import Found
from cell2grid.prices.zones import Clock, clock_of

Stamps = Literal["begin", "end"]
Duplicates = Literal["error", "same", "last"]
Seconds = npt.NDArray[np.int64]
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in order of time: where each step begins [UTC second], its number, and its place among the rows found.

    ``usual`` is the spacing of a regular series [second], 0 of an irregular one. ``clock`` is that of the zone.
    """

    found: Found
    begins: Seconds
    numbers: npt.NDArray[np.float64]
    places: Seconds
    usual: int
    clock: Clock | None
    notes: tuple[str, ...] = ()


def rows_in_time(
    found: Found,
    *,
    timezone: str | None,
    stamps: Stamps,
    duplicates: Duplicates,
    irregular: bool,
    gaps: bool,
    noun: str,
) -> Rows:
    """The rows of a file in order of time.

    Parameters
    ----------
    found
        What a reader found.
    timezone
        The zone whose clocks wrote stamps that have no offset.
    stamps
        Whether a stamp marks the beginning or the end of its step.
    duplicates
        What becomes of rows with one stamp: an error; ``same`` keeps one where the numbers are the same; ``last``
        keeps the last.
    irregular
        Whether steps may have any lengths.
    gaps
        Whether rows may be missing, to be filled.
    noun
        What the numbers are.

    Raises
    ------
    PriceError
        Fewer than two rows, a local time that never was, a stamp twice, out of order or of another spacing.
    """
    if found.seconds.size < 2:
        count = found.seconds.size
        raise PriceError(
            f"{count} row{'' if count == 1 else 's'} of {noun}s, expected at least 2: "
            "one row does not say how long its time step is",
            where=str(found.path),
        )
    clock = None if timezone is None else clock_of(timezone, found.seconds)
    begins, length = _begins(found, clock, stamps, irregular)
    rows = Rows(found, begins, found.numbers, np.arange(begins.size), 0, clock)
    rows = _single(rows, duplicates)
    usual = length or _usual(np.diff(rows.begins))
    wrong = _wrong(np.diff(rows.begins), usual, irregular=irregular, gaps=gaps and (found.aware or clock is not None))
    if wrong.size:
        i = int(wrong[0])
        raise PriceError(
            _complaint(rows, i, usual, named=clock is not None), where=found.where(int(rows.places[i + 1]))
        )
    if rows.begins.size < 2:
        raise PriceError(
            "1 row is left, expected at least 2: one does not say how long its step is", where=str(found.path)
        )
    return replace(rows, usual=0 if irregular else usual)


def shown(second: int | np.int64, clock: Clock | None) -> str:
    """A UTC second as local clocks show it, to the minute or second."""
    local = int(second) if clock is None else int(clock.local(np.array([second]))[0])
    text = str(np.datetime64(local, "s")).replace("T", " ")
    return text.removesuffix(":00") if text.endswith(":00") else text


def lengths(rows: Rows, stamps: Stamps) -> Seconds:
    """How long each step is [second]; of irregular ones the last is as long as the one before (the first, of ends)."""
    if rows.usual:
        return np.full(rows.begins.size, rows.usual, dtype=np.int64)
    steps = np.diff(rows.begins)
    if stamps == "end":
        # beginnings were made of ends: the last step ends at its stamp
        last = _utc(rows.found, rows.clock)[int(rows.places[-1])] - rows.begins[-1]
        return np.append(steps, last)
    return np.append(steps, steps[-1])


def _begins(found: Found, clock: Clock | None, stamps: Stamps, irregular: bool) -> tuple[Seconds, int]:
    """Where each step begins [UTC second], and the spacing where the stamps had to be moved by it."""
    if stamps == "begin":
        return _utc(found, clock), 0
    length = _usual(np.diff(found.seconds))
    if irregular:
        ends = _utc(found, clock)
        return np.concatenate([[2 * ends[0] - ends[1]], ends[:-1]]), 0
    if found.aware or clock is None or not clock.changes.size:
        return _utc(found, clock) - length, length
    # an end is written as clocks show it then, or as the clock of its step goes on: 02:00, which is 03:00 in spring
    moved = replace(found, seconds=found.seconds - length)
    ways = [_resolved(found, clock)[0] - length, _resolved(moved, clock)[0]]
    never = [_resolved(each, clock)[1].size for each in (found, moved)]
    odd = [int((np.diff(way) != length).sum()) + skipped for way, skipped in zip(ways, never, strict=True)]
    if odd[1] < odd[0]:
        return _utc(moved, clock), length
    return _utc(found, clock) - length, length


def _utc(found: Found, clock: Clock | None) -> Seconds:
    """The stamps as UTC seconds; stamps without offset are of the clock, or taken as UTC.

    Raises
    ------
    PriceError
        Clocks of the zone never showed a stamp.
    """
    if found.aware or clock is None:
        return found.seconds
    utc, never = _resolved(found, clock)
    if never.size:
        i = int(never[0])
        raise PriceError(
            f"clocks in {clock.zone} never show {shown(found.seconds[i], None)}: they go forward over it; name the "
            "zone of the stamps, or a fixed offset such as +01:00 where they know no summer time",
            where=found.where(i),
        )
    return utc


def _resolved(found: Found, clock: Clock) -> tuple[Seconds, Seconds]:
    """Local stamps as UTC, of those shown twice the reading that their order tells; and the places never shown."""
    local = found.seconds
    early, late, once = clock.readings(local)
    utc = early.copy()
    twice = np.flatnonzero(early != late)
    # rows that follow one another inside one repeated stretch
    starts = twice[np.flatnonzero(np.diff(twice, prepend=-2) > 1)]
    stops = twice[np.flatnonzero(np.diff(twice, append=local.size + 2) > 1)] + 1
    if starts.size <= clock.changes.size + 1:
        usual = _usual(np.diff(local))
        for first, stop in zip(starts.tolist(), stops.tolist(), strict=True):
            turn = _turn(utc, early, late, local, first, stop, usual)
            utc[turn:stop] = late[turn:stop]
    return utc, np.flatnonzero(~once)


def _turn(utc: Seconds, early: Seconds, late: Seconds, local: Seconds, first: int, stop: int, usual: int) -> int:
    """The row from which a repeated stretch is the second time: where clocks go back, or what the spacing says."""
    back = np.flatnonzero(np.diff(local[first:stop]) <= 0)
    if back.size:
        return first + int(back[0]) + 1
    # the stretch stands there once: it is the second time only if that leaves no gap, and the first would
    if first > 0:
        second = late[first] - utc[first - 1] == usual and early[first] - utc[first - 1] != usual
    elif stop < local.size:
        second = early[stop] - late[stop - 1] == usual and early[stop] - early[stop - 1] != usual
    else:
        second = False
    return first if second else stop


def _single(rows: Rows, duplicates: Duplicates) -> Rows:
    """The rows with one for each stamp, where that was asked for."""
    again = np.flatnonzero(np.diff(rows.begins) == 0) + 1
    if duplicates == "error" or not again.size:
        return rows
    if duplicates == "same":
        one, other = rows.numbers[again - 1], rows.numbers[again]
        unlike = np.flatnonzero(~((one == other) | (np.isnan(one) & np.isnan(other))))
        if unlike.size:
            i = int(again[unlike[0]])
            raise PriceError(
                f"stamp {shown(rows.begins[i], rows.clock)} stands twice with {rows.numbers[i - 1]:g} and "
                f"{rows.numbers[i]:g}, here and on {rows.found.row(int(rows.places[i - 1]))}; remove one, or keep "
                "the last",
                where=rows.found.where(int(rows.places[i])),
            )
    kept = np.ones(rows.begins.size, dtype=bool)
    kept[again - 1] = False
    said = f"{again.size:,} row{'' if again.size == 1 else 's'} with the stamp of the row before: the last was kept"
    return replace(
        rows,
        begins=rows.begins[kept],
        numbers=rows.numbers[kept],
        places=rows.places[kept],
        notes=(*rows.notes, said),
    )


def _usual(steps: Seconds) -> int:
    """The most frequent spacing [second], the shorter of two that are as frequent."""
    ahead = steps[steps > 0]
    if not ahead.size:
        return _HOUR
    kinds, counts = np.unique(ahead, return_counts=True)
    return int(kinds[int(counts.argmax())])


def _wrong(steps: Seconds, usual: int, *, irregular: bool, gaps: bool) -> Seconds:
    """The places of steps that are not as they may be."""
    if irregular:
        return np.flatnonzero(steps <= 0)
    wrong = steps != usual
    if gaps:
        missing = (steps > usual) & (steps % usual == 0)
        for length in np.unique(steps[missing]):
            if not _often(steps, int(length)):
                wrong &= steps != length
    return np.flatnonzero(wrong)


def _often(steps: Seconds, length: int) -> bool:
    """Whether a spacing that is not the usual one stands there too often to be a gap."""
    count = int((steps == length).sum())
    return count > 2 and count * 10 > steps.size


def _complaint(rows: Rows, i: int, usual: int, *, named: bool) -> str:
    """What is wrong between row i and the next, whose stamps are not the usual step apart, and what to do."""
    steps = np.diff(rows.begins)
    step = int(steps[i])
    stamp = shown(rows.begins[i + 1], rows.clock)
    earlier = rows.found.row(int(rows.places[i]))
    if not rows.found.aware and not named and abs(step - usual) == _HOUR and _near_a_change(rows.begins[i + 1]):
        happened = "skipped" if step > usual else "repeated"
        return (
            f"an hour is {happened} at {stamp}, as local clocks do near this date; write the stamps in UTC or with "
            "their offset (2025-03-30T03:00+02:00), or name their zone with --timezone"
        )
    if step == 0:
        return f"stamp {stamp} stands twice, here and on {earlier}; remove one"
    if step < 0:
        return f"stamp {stamp} is earlier than that of {earlier}; sort the rows by time"
    if step % usual or _often(steps, step):
        return (
            f"stamp {stamp} comes {_minutes(step)} after {earlier}, the usual step is {_minutes(usual)}: "
            "resolutions are mixed; give one resolution a file, or ask for irregular steps"
        )
    missing = step // usual - 1
    return (
        f"a gap of {missing} step{'' if missing == 1 else 's'} before {stamp}: it comes {_minutes(step)} after "
        f"{earlier}, expected {_minutes(usual)}; {MENDS}"
    )


def _minutes(seconds: int) -> str:
    return f"{seconds / 60:g} min"


def _near_a_change(second: np.int64) -> bool:
    """Whether clocks change somewhere at about this local time: Sunday before five, in spring or autumn."""
    stamp = np.datetime64(int(second), "s").astype(object)
    return stamp.weekday() == 6 and stamp.hour < 5 and stamp.month in (3, 4, 9, 10, 11)
