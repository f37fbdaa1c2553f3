"""Options by which commands take price files and profiles, and how what was read is said; the commands are elsewhere.

``read_asked`` hands the options on to ``read_prices``; ``prices`` shows what came, ``dispatch`` and others run on it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.errors import InputError

if TYPE_CHECKING:
    from cell2grid.prices import PriceSeries, Profile

PriceColumn = Annotated[str, typer.Option(help="The column of prices.")]
TimeColumn = Annotated[
    str | None,
    typer.Option(
        help="The column of stamps; without it timestep, or a first column called time, date, utc or the like."
    ),
]
Currency = Annotated[str | None, typer.Option(help="ISO 4217 code of the prices, as in EUR.")]
PriceUnit = Annotated[
    str | None, typer.Option("--unit", metavar="EUR/MWh", help="The unit of the prices, where the header has none.")
]
Rate = Annotated[
    str | None, typer.Option(metavar="RATE", help="Convert at a rate with its day: '1.08 USD/EUR 2025-01-02'.")
]
Timezone = Annotated[
    str | None,
    typer.Option(metavar="ZONE", help="The clock of stamps without offset, as in Europe/Berlin or +10:00."),
]
StampsMark = Annotated[str, typer.Option(metavar="begin|end", help="What a stamp marks of its step.")]
GapPolicy = Annotated[
    str,
    typer.Option(
        metavar="error|hold|interpolate|day-before", help="What becomes of missing rows and prices; filled is counted."
    ),
]
LongestGap = Annotated[float, typer.Option(metavar="HOURS", help="The longest gap that is filled.")]
DuplicatePolicy = Annotated[
    str, typer.Option(metavar="error|same|last", help="Rows with one stamp: keep one if the same, or the last.")
]
Irregular = Annotated[bool, typer.Option("--irregular", help="Steps may have any lengths, each to the next stamp.")]
Decimal = Annotated[str, typer.Option(metavar=".|,", help="The mark of decimals in text.")]
Sheet = Annotated[str | None, typer.Option(help="The sheet of a workbook; the first without it.")]
Resample = Annotated[
    str | None, typer.Option(metavar="15min", help="Steps of another length, which keep price times hours.")
]

_LENGTH = re.compile(r"(\d+(?:\.\d+)?) *(s|sec|min|m|h|hour|hours|d|day)")
_MINUTES = {"s": 1 / 60, "sec": 1 / 60, "min": 1, "m": 1, "h": 60, "hour": 60, "hours": 60, "d": 1440, "day": 1440}


def step_minutes(option: str, text: str) -> float:
    """The minutes of a length such as ``15min`` or ``1h``.

    Raises
    ------
    InputError
        It has another form.

    >>> step_minutes("--resample", "0.5h")
    30.0
    """
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        raise InputError(f"{option} '{text[:20]}' is no length of a step; write it as in 15min or 1h")
    return float(found[1]) * _MINUTES[found[2]]


def findings(series: PriceSeries | Profile) -> list[str]:
    """What was done to a file, and what a reader should know of its clock, in sentences."""
    said = [f"{note[0].upper()}{note[1:]}." for note in series.notes]
    for stamp, hours in series.clock_changes()[:6]:
        minutes = abs(hours) * 60.0
        said.append(f"Local clocks go {'forward' if hours > 0 else 'back'} by {minutes:g} minutes at {stamp}.")
    more = len(series.clock_changes()) - 6
    if more > 0:
        said.append(f"They change {more} more times.")
    if not series.offsets:
        said.append("Stamps have no offset and are taken as UTC; name their zone with --timezone.")
    return said


def stretches(series: PriceSeries | Profile) -> list[dict[str, Any]]:
    """The stretches of steps that were filled: the first stamp, the last and how many steps."""
    import numpy as np

    filled = series.filled
    breaks = np.flatnonzero(np.diff(filled) > 1) + 1
    return [
        {
            "first": stamp(series, int(run[0])),
            "last": stamp(series, int(run[-1])),
            "steps": int(run.size),
        }
        for run in np.split(filled, breaks)
        if run.size
    ]


def stamp(series: PriceSeries | Profile, i: int) -> str:
    """The stamp of a step; with ``Z`` where it is known to be UTC."""
    return f"{series.timestep[i].astype('datetime64[s]')}{'Z' if series.offsets else ''}"
