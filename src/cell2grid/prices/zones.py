"""The clock of a time zone as arrays: local time from UTC, and UTC from local time.

Zones come from the IANA data of the machine through ``zoneinfo``; a fixed offset such as ``+10:00`` is a zone without
clock changes. All times are whole seconds since 1970-01-01, on UTC or on the local clock. Which of two readings of a
repeated hour a row of a file means is decided in ``steps``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError

Seconds = npt.NDArray[np.int64]

_DAY = 86_400
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?")
_FARTHEST_HOURS = 14
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one zone over a span of years.

    ``changes`` are the UTC seconds at which clocks change, ``offsets`` the seconds that local clocks are ahead of UTC
    before, between and after them.
    """

    zone: str
    changes: Seconds
    offsets: Seconds

    def local(self, utc: Seconds) -> Seconds:
        """What local clocks show at UTC seconds, as seconds since 1970-01-01.

        >>> berlin = clock("Europe/Berlin", 2025, 2025)
        >>> berlin.local(np.array([1_743_296_399, 1_743_296_400])).astype("datetime64[s]").astype(str).tolist()
        ['2025-03-30T01:59:59', '2025-03-30T03:00:00']
        """
        shown: Seconds = utc + self.offsets[np.searchsorted(self.changes, utc, side="right")]
        return shown

    def readings(self, local: Seconds) -> tuple[Seconds, Seconds, npt.NDArray[np.bool_]]:
        """The first and the last UTC second at which clocks show a local time, and whether they ever show it.

        The two differ in the hour that is repeated as clocks go back. A time that is skipped as they go forward has
        none: what stands for it is the time as the clock before the change would have gone on.
        """
        begins = self.changes + self.offsets[1:]  # what clocks show right after each change
        ends = self.changes + self.offsets[:-1]  # and would have shown without it
        first = np.searchsorted(ends, local, side="right")
        last = np.searchsorted(begins, local, side="right")
        shown = first <= last
        return local - self.offsets[np.minimum(first, last)], local - self.offsets[last], shown


@lru_cache(maxsize=64)
def clock(zone: str, first_year: int, last_year: int) -> Clock:
    """The clock of a zone from the first to the last year.

    Raises
    ------
    InputError
        The zone has no such name, or its offset is beyond 14 hours.

    >>> clock("Australia/Lord_Howe", 2025, 2025).offsets.tolist()  # clocks change by half an hour
    [39600, 37800, 39600]
    """
    found = _zone(zone)
    start = _EPOCH.replace(year=max(first_year, 2)) - timedelta(days=2)
    days = (datetime(last_year, 12, 31, tzinfo=UTC) - start).days + 3
    changes, offsets = [], [_ahead(found, start)]
    for day in range(days):
        before, after = start + timedelta(days=day), start + timedelta(days=day + 1)
        if _ahead(found, after) != offsets[-1]:
            changes.append(_change(found, before, after))
            offsets.append(_ahead(found, after))
    return Clock(zone, np.array(changes, dtype=np.int64), np.array(offsets, dtype=np.int64))


def check_zone(zone: str) -> str:
    """The name of a zone, after it was found.

    Raises
    ------
    InputError
        There is no such zone.
    """
    _zone(zone)
    return zone


def clock_of(zone: str | None, utc_or_local: Seconds) -> Clock:
    """The clock of a zone over the years of some stamps, with a margin; UTC without a zone."""
    if zone is None or not utc_or_local.size:
        return Clock("UTC", np.empty(0, np.int64), np.zeros(1, np.int64))
    years = np.array([utc_or_local.min(), utc_or_local.max()]).astype("datetime64[s]").astype("datetime64[Y]")
    first, last = (years.astype(np.int64) + 1970).tolist()
    return clock(zone, int(first), int(last))


def _zone(zone: str) -> tzinfo:
    known = _OFFSET.fullmatch(zone.strip())
    if known is not None:
        sign, hours, minutes = known.groups()
        ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if ahead > timedelta(hours=_FARTHEST_HOURS) or int(minutes or 0) > 59:
            raise InputError(
                f"time zone '{zone}': no clock is farther than {_FARTHEST_HOURS} hours from UTC; correct it"
            )
        return timezone(-ahead if sign == "-" else ahead)
    try:
        # a name is looked up as a file: names with dots or a root are refused there
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        near = get_close_matches(zone[:60], available_timezones(), n=1, cutoff=0.6)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise InputError(
            f"time zone '{zone[:60]}' is not known; {hint}give an IANA name, as in Europe/Berlin, or an offset, "
            "as in +10:00"
        ) from None


def _ahead(zone: tzinfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _change(zone: tzinfo, before: datetime, after: datetime) -> int:
    """The UTC second, between two moments with different offsets, from which the later offset holds."""
    low, high = (int((moment - _EPOCH).total_seconds()) for moment in (before, after))
    earlier = _ahead(zone, before)
    while high - low > 1:
        middle = (low + high) // 2
        if _ahead(zone, _EPOCH + timedelta(seconds=middle)) == earlier:
            low = middle
        else:
            high = middle
    return high
