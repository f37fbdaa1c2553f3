"""A record of storage projects, read from a CSV file with the columns of the public tracker of Megapack projects.

Read are ``name``, ``type``, ``power_mw``, ``capacity_mwh`` (or ``estimate_mwh``), ``no_of_battery_units``,
``start_construction`` and ``start_operation``; other columns are of no use here. Every row that cannot be used is
counted under its reason. The rules that are held against the record are in ``rules.py``.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cell2grid.errors import InputError
from cell2grid.files import plain_size

NEEDED = ("name", "power_mw", "start_construction", "start_operation")
MOST_BYTES = 50_000_000
MOST_ROWS = 200_000
MOST_POWER = 1e6  # MW; more than any grid takes
MIDDLE = 15  # the day that stands for a month of which the day is not given


@dataclass(frozen=True, slots=True)
class Project:
    """A project that was built: how large it is, and from when to when it was built."""

    name: str
    type: str
    power: float
    """[MW]"""
    energy: float
    """[MWh]; missing where the record has none."""
    units: float
    """Battery units; missing where the record has none."""
    start: date
    operation: date
    month_only: bool
    """Whether one of the two days is known by its month alone; its middle stands for it."""

    @property
    def days(self) -> float:
        """From the start of construction to operation."""
        return float((self.operation - self.start).days)


@dataclass(frozen=True, slots=True)
class Left:
    """Rows that were left out, and why."""

    reason: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """The rows of a file: which can be used, and why the others cannot."""

    file: str
    rows: int
    projects: tuple[Project, ...]
    left_out: tuple[Left, ...]
    types: Mapping[str, int]
    """How many rows are of each type, in small letters; untyped ones are not counted."""

    def typed(self, prefix: str) -> int:
        """How many rows are of a type that begins with ``prefix``."""
        return sum(count for name, count in self.types.items() if name.startswith(prefix.lower()))


def read_record(path: Path) -> ProjectRecord:
    """The projects of a CSV file with both dates and a size, and the others by the reason why they are left out.

    Raises
    ------
    InputError
        The file is missing, no text, too large, or lacks a column.
    """
    rows = _rows(path)
    used: list[Project] = []
    left: dict[str, list[str]] = {}
    types: dict[str, int] = {}
    for row in rows:
        kind = row.get("type", "").lower()
        if kind:
            types[kind] = types.get(kind, 0) + 1
        found = _project(row)
        if isinstance(found, Project):
            used.append(found)
        else:
            left.setdefault(found, []).append(row["name"] or "a row without a name")
    reasons = tuple(Left(reason, tuple(names)) for reason, names in sorted(left.items(), key=lambda row: -len(row[1])))
    ordered = sorted(used, key=lambda project: (project.start, project.operation, project.name))
    return ProjectRecord(path.name, len(rows), tuple(ordered), reasons, types)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        if (size := plain_size(path)) > MOST_BYTES:
            raise InputError(f"'{path}' has {size:,} bytes, above {MOST_BYTES:,}; give a smaller file")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise InputError(f"'{path}' cannot be read: {reason}; give a CSV file of projects") from None
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header)
        found: list[dict[str, str]] = []
        for row in reader:
            if len(found) >= MOST_ROWS:
                raise InputError(f"'{path}' has more than {MOST_ROWS:,} rows; give a smaller file")
            if row:
                found.append(dict(zip(header, (cell.strip() for cell in [*row, *[""] * len(header)]), strict=False)))
    except csv.Error as error:
        raise InputError(
            f"'{path}' is no CSV file: {error}; write one row a line, text with commas in quotes"
        ) from None
    return found


def _check_header(path: Path, header: Iterable[str]) -> None:
    names = list(header)
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise InputError(
            f"'{path}' has no column '{missing[0]}'; it needs {', '.join(NEEDED)}, and may have type, capacity_mwh,"
            " estimate_mwh and no_of_battery_units"
        )
    twice = [name for name in NEEDED if names.count(name) > 1]
    if twice:
        raise InputError(f"'{path}' has the column '{twice[0]}' twice; keep one")


def _project(row: Mapping[str, str]) -> Project | str:
    """The project of a row, or why it is left out."""
    if not row["start_construction"] and not row["start_operation"]:
        return "neither date"
    for column in ("start_construction", "start_operation"):
        if not row[column]:
            return f"no {column}"
    start, start_month = _day(row["start_construction"])
    operation, operation_month = _day(row["start_operation"])
    if start is None or operation is None:
        return "a date that is no day or month"
    if operation <= start:
        return "operates before its construction begins, or on the same day"
    power = _number(row["power_mw"])
    if not 0.0 < power <= MOST_POWER:
        return "no power above nought"
    energy = _number(row.get("capacity_mwh", ""))
    if math.isnan(energy):
        energy = _number(row.get("estimate_mwh", ""))
    return Project(
        name=row["name"] or "a row without a name",
        type=row.get("type", "").lower(),
        power=power,
        energy=energy,
        units=_number(row.get("no_of_battery_units", "")),
        start=start,
        operation=operation,
        month_only=start_month or operation_month,
    )


def _day(text: str) -> tuple[date | None, bool]:
    """The day of an ISO date, and whether only its month is given."""
    month_only = len(text) == len("2023-10")
    try:
        return date.fromisoformat(f"{text}-{MIDDLE}" if month_only else text), month_only
    except ValueError:
        return None, month_only


def _number(text: str) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        return math.nan
    return value if math.isfinite(value) and value > 0.0 else math.nan
