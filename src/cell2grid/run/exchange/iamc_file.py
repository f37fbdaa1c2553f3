"""IAMC data as a file that pyam reads: CSV, or an Excel book with the sheet ``data``; a column for each year."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cell2grid.errors import InputError
from cell2grid.evidence.exports.delimited import guarded, shown
from cell2grid.evidence.exports.sheets import Kind, Sheet
from cell2grid.evidence.exports.spreadsheet import write_book
from cell2grid.files import made_whole
from cell2grid.run.exchange.iamc import MONTHS, WHOLE_YEAR, Row

INDEX = ("Model", "Scenario", "Region", "Variable", "Unit")
SUBANNUAL = "Subannual"
SHEET = "data"
ENDINGS = (".csv", ".xlsx")


def check_ending(place: Path) -> None:
    """Refuse a place whose ending says no form that is written.

    Raises
    ------
    InputError
        It ends otherwise than in .csv or .xlsx.
    """
    if place.suffix.lower() not in ENDINGS:
        raise InputError(f"ends in '{place.suffix}'; name a file that ends in .csv or .xlsx", where=str(place))


def write_iamc(rows: Sequence[Row], place: Path, *, model: str) -> Path:
    """The absolute path of the file that was written, a row for each variable with a column for each year.

    Rows of months have their month in the column ``Subannual``, which is not there where all are of years.

    Raises
    ------
    InputError
        The place has another ending, cannot be written, or there is nothing to write.
    """
    check_ending(place)
    if not rows:
        raise InputError("there is nothing to write: no table of the run has a number with an IAMC variable")
    columns, records = wide(rows, model=model)
    try:
        with made_whole(place) as partial:
            if place.suffix.lower() == ".xlsx":
                kinds = {name: Kind.NUMBER if name.isdigit() else Kind.TEXT for name in columns}
                with partial.open("wb") as stream:
                    write_book([Sheet(SHEET, kinds, records)], stream)
            else:
                _write_csv(columns, records, partial)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}; name another file", where=str(place)) from None
    return place.absolute()


def wide(rows: Sequence[Row], *, model: str) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """The columns of the wide form, and its records; a year without a number is None."""
    years = [str(year) for year in sorted({row.year for row in rows})]
    months = any(row.subannual != WHOLE_YEAR for row in rows)
    columns = (*INDEX, *((SUBANNUAL,) if months else ()), *years)
    order = {name: place for place, name in enumerate((WHOLE_YEAR, *MONTHS))}
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        key = (row.scenario, row.region, row.variable, row.unit, row.subannual)
        labels = dict(zip(INDEX, (model, row.scenario, row.region, row.variable, row.unit), strict=True))
        blank = {**dict.fromkeys(columns), **labels} | ({SUBANNUAL: row.subannual} if months else {})
        found.setdefault(key, blank)[str(row.year)] = row.value
    return columns, [found[key] for key in sorted(found, key=lambda key: (*key[:4], order[key[4]]))]


def _write_csv(columns: Sequence[str], records: Sequence[dict[str, Any]], place: Path) -> None:
    with place.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(_cells(columns, record) for record in records)


def _cells(columns: Sequence[str], record: dict[str, Any]) -> Iterator[Any]:
    for name in columns:
        value = record[name]
        # all digits of a number, and no text that a spreadsheet takes for a formula
        yield guarded(shown(value)) if isinstance(value, str) else "" if value is None else repr(float(value))
