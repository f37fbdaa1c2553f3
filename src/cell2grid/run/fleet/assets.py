"""The assets of a fleet: a CSV file with one asset a row, its columns the plain fields of ``dispatch.Asset``.

A unit stands in the header (``power [MW]``) or in the cell (``100MW``); a number without one is in the unit of its
field. What is no such field is refused by name. Fields that are tables or change with time are left out: an asset that
needs them goes through ``cell2grid dispatch`` or ``dispatch.schedule``. Prices are read in ``folder.py``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from cell2grid.errors import Cell2gridError, InfeasibleError, InputError, UnitError
from cell2grid.files import plain_size

MOST_BYTES = 64_000_000
MOST_ASSETS = 100_000
LONGEST_NAME = 200
MONEY = "currency/MWh"
# unit of each field that one number can fill; the field's meaning stands at ``dispatch.Asset``
UNITS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("power", "discharge_power", "auxiliary_load", "generation", "load"), "MW"),
        **dict.fromkeys(("import_limit", "export_limit"), "MW"),
        "energy": "MWh",
        **dict.fromkeys(("efficiency_charge", "efficiency_discharge"), "ratio"),
        **dict.fromkeys(("start_fraction", "end_fraction", "energy_floor", "energy_ceiling"), "ratio"),
        "self_discharge": "ratio/hour",
        **dict.fromkeys(("throughput_cost", "terminal_value", "buy_adder", "sell_adder"), MONEY),
        "cycles_per_year": "cycle/year",
        "cycles_per_day": "cycle/day",
    }
)
WORDS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "cyclic": {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False},
        "mode": {"exclusive": "exclusive", "relaxed": "relaxed"},
    }
)
_ALSO = {"start": "start_fraction", "end": "end_fraction", "asset": "name"}
# as the command ``dispatch`` has them, so that one asset earns the same in both
_HALF_FULL = {"start_fraction": 0.5, "end_fraction": 0.5}
_HEADER = re.compile(r"\s*([^\[\](]*?)\s*(?:[\[(]([^\])]*)[\])]\s*)?")


@dataclass(frozen=True, slots=True)
class FleetAsset:
    """One asset of a fleet: its name, its line in the file and its fields in the units of ``dispatch.Asset``."""

    name: str
    line: int
    fields: Mapping[str, Any]


class _Column(NamedTuple):
    field: str
    unit: str | None


def read_assets(
    path: str | Path, *, mode: str = "exclusive", currency: str | None = None
) -> tuple[list[FleetAsset], str | None]:
    """The assets of a CSV file, and the currency that their costs are in where one is said.

    Parameters
    ----------
    path
        A header and one row an asset: ``name``, ``power``, ``energy`` and any of ``UNITS`` and ``WORDS``. An empty cell
        leaves a field as it is without one; ``start_fraction`` and ``end_fraction`` are then 0.5.
    mode
        Of the assets that do not say: ``exclusive`` or ``relaxed``.
    currency
        The currency that costs must be in, where it is known.

    Raises
    ------
    InputError, UnitError
        The file cannot be read, or a column, a cell or an asset in it is wrong; the message has the line.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "assets.csv"
    >>> _ = path.write_text("name,power [MW],energy\\nquay,100,0.4GWh\\n")
    >>> [asset], currency = read_assets(path)
    >>> asset.name, asset.fields["power"], asset.fields["energy"]
    ('quay', 100.0, 400.0)
    """
    path = Path(path)
    found: list[FleetAsset] = []
    lines: dict[str, int] = {}
    for where, line, cells in _rows(path):
        name = cells.pop("name")[0]
        if name in lines:
            raise InputError(f"asset '{name[:60]}' stands on line {lines[name]} too; give each its name", where=where)
        lines[name] = line
        fields, currency = _fields(cells, where, currency)
        fields.setdefault("mode", mode)
        if not fields.get("cyclic"):
            fields = {**_HALF_FULL, **fields}
        _check(name, fields, where)
        found.append(FleetAsset(name, line, MappingProxyType(dict(sorted(fields.items())))))
        if len(found) > MOST_ASSETS:
            raise InputError(f"more than {MOST_ASSETS:,} assets; cut the file into several fleets", where=where)
    if not found:
        raise InputError("no row of an asset stands below the header; give at least one", where=f"{path}:1")
    return found, currency


def assets_text(assets: Sequence[FleetAsset], currency: str | None) -> str:
    """The assets as CSV in the units in which they go to work; ``read_assets`` reads the same from it."""
    used = [field for field in (*UNITS, *WORDS) if any(field in asset.fields for asset in assets)]
    units = {field: UNITS.get(field, "").replace("currency", currency or "currency") for field in used}
    headings = [f"{field} [{unit}]" if unit and unit != MONEY else field for field, unit in units.items()]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", *headings])
    writer.writerows([asset.name, *(_cell(asset.fields.get(field)) for field in used)] for asset in assets)
    return text.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _rows(path: Path) -> Iterator[tuple[str, int, dict[str, tuple[str, str | None]]]]:
    """Place, line and cells of each row: the text and the header's unit by field, empty cells left out."""
    text = _text(path)
    header_line = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header_line.count), strict=True)
    try:
        columns = _columns(next(reader), f"{path}:1")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"{path}:{reader.line_num}"
            if len(cells) != len(columns):
                raise InputError(f"{len(cells)} cells, the header has {len(columns)}; mend the row", where=where)
            row = {
                column.field: (cell.strip(), column.unit)
                for column, cell in zip(columns, cells, strict=True)
                if cell.strip()
            }
            for needed in ("name", "power", "energy"):
                if needed not in row:
                    raise InputError(f"the {needed} is missing; every asset has one", where=where)
            name = row["name"][0]
            if len(name) > LONGEST_NAME or not name.isprintable():
                raise InputError(
                    f"name {name[:40]!r} is too long or has signs that are not printed; "
                    f"give at most {LONGEST_NAME} plain characters",
                    where=where,
                )
            yield where, reader.line_num, row
    except csv.Error as error:
        raise InputError(f"not CSV: {error}; mend the file", where=f"{path}:{reader.line_num}") from None


def _text(path: Path) -> str:
    try:
        if plain_size(path) > MOST_BYTES:
            raise InputError(f"the file has more than {MOST_BYTES:,} bytes; cut it into fleets", where=str(path))
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}; check the path", where=str(path)) from None
    except UnicodeDecodeError:
        raise InputError("the file is not UTF-8; save it as CSV in UTF-8", where=str(path)) from None
    if "\0" in text:
        raise InputError("the file is binary; give CSV text", where=str(path))
    if not text.strip():
        raise InputError("the file is empty; give a header and a row for each asset", where=f"{path}:1")
    return text


def _columns(header: list[str], where: str) -> list[_Column]:
    """The field and unit of each column; unknown and double ones are refused."""
    columns = []
    for heading in header:
        match = _HEADER.fullmatch(heading)
        field = re.sub(r"[\s-]+", "_", (match.group(1) if match else heading).strip().lower())
        unit = (match.group(2) or "").strip() or None if match else None
        field = _ALSO.get(field, field)
        if field not in UNITS and field not in WORDS and field != "name":
            raise InputError(f"column '{heading.strip()[:60]}' is not a field of an asset{_near(field)}", where=where)
        if unit is not None and field not in UNITS:
            raise InputError(f"column '{heading.strip()[:60]}' has no unit; write '{field}'", where=where)
        if unit is not None:
            _unit_of(field, unit, where)
        columns.append(_Column(field, unit))
    names = [column.field for column in columns]
    for field in names:
        if names.count(field) > 1:
            raise InputError(f"column '{field}' stands {names.count(field)} times; keep one", where=where)
    for needed in ("name", "power", "energy"):
        if needed not in names:
            raise InputError(f"column '{needed}' is missing; the header has {', '.join(names)[:200]}", where=where)
    return columns


def _near(field: str) -> str:
    known = ("name", *UNITS, *WORDS)
    near = get_close_matches(field, known, n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else f"; fields are {', '.join(known)}"


def _fields(
    cells: Mapping[str, tuple[str, str | None]], where: str, currency: str | None
) -> tuple[dict[str, float | bool | str], str | None]:
    """The fields of one asset in their units, and the currency of its costs."""
    fields: dict[str, float | bool | str] = {}
    for field, (text, unit) in cells.items():
        if field in WORDS:
            if text.lower() not in WORDS[field]:
                raise InputError(f"{field} is '{text[:40]}', expected {' or '.join(WORDS[field])}", where=where)
            fields[field] = WORDS[field][text.lower()]
            continue
        fields[field], said = _number(field, text, unit, where)
        if said is not None and currency is not None and said != currency:
            raise UnitError(
                f"{field} is in {said}, the prices or another cost in {currency}; give all in one currency", where=where
            )
        currency = currency or said
    return fields, currency


def _number(field: str, text: str, header_unit: str | None, where: str) -> tuple[float, str | None]:
    """The number of a cell in the unit of its field, and the currency that it names."""
    from cell2grid.units import convert, parse_magnitude

    try:
        given = parse_magnitude(text)
        bare = given.unit == "ratio" and not re.search("[a-z]", text.lower().replace("e", ""))
        unit = (header_unit or UNITS[field]) if bare else given.unit
        if given.low != given.high:
            raise UnitError(f"'{text[:40]}' is a range, expected one number")
        if unit == MONEY:
            return given.mode, None
        target, said = _unit_of(field, unit, where)
        return convert(given.mode, unit, target), said
    except UnitError as error:
        if error.where is not None:
            raise
        message = error.message.partition("; write")[0]
        raise UnitError(f"{field}: {message}; write it as in '{_example(field)}'", where=where) from None


def _unit_of(field: str, unit: str, where: str) -> tuple[str, str | None]:
    """The unit that a field's number is turned into, and the currency in ``unit``; another kind is refused."""
    from cell2grid.units import canonical, currency, same_kind

    try:
        said = currency(canonical(unit))
        target = UNITS[field].replace("currency", said) if said else UNITS[field]
        fits = target != MONEY and same_kind(unit, target)
    except UnitError as error:
        raise UnitError(f"{field}: {error.message}", where=where) from None
    if not fits:
        raise UnitError(f"{field} in '{unit[:40]}', expected it as in '{_example(field)}'", where=where)
    return target, said


def _example(field: str) -> str:
    unit = UNITS[field].replace("currency", "EUR")
    return {"MW": "100MW", "MWh": "400MWh", "ratio": "0.94", "ratio/hour": "0.0005/hour"}.get(unit, f"2{unit}")


def _check(name: str, fields: Mapping[str, Any], where: str) -> None:
    """Refuse what no price year could mend: the asset as such, on two even prices."""
    import numpy as np

    from cell2grid.engines import dispatch

    try:
        dispatch.checked(dispatch.asset_case(np.zeros(2), **fields))
    except InfeasibleError:
        return  # a longer series may do what two hours cannot
    except Cell2gridError as error:
        raise InputError(f"asset '{name[:60]}': {error.message}", where=where) from None
