"""Listings and groups as files, each of the kind that its name ends in: written beside its place and renamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cell2grid.errors import EvidenceError
from cell2grid.evidence.exports.json_pieces import pieces
from cell2grid.evidence.exports.sheets import Sheet
from cell2grid.files import made_whole

SUFFIXES = (".csv", ".json", ".parquet", ".xlsx")


def require_suffix(place: Path) -> str:
    """The ending of the file's name, which says what it becomes.

    Raises
    ------
    EvidenceError
        It is not one of ``SUFFIXES``.
    """
    suffix = place.suffix.lower()
    if suffix not in SUFFIXES:
        raise EvidenceError(f"'{place}' ends in none of {', '.join(SUFFIXES)}; the ending says what is written")
    return suffix


def write(place: Path, sheet: Sheet) -> int:
    """How many rows went into the file; JSON is a list under the name of the sheet.

    Raises
    ------
    EvidenceError
        The ending is not known, the file cannot be written, or Excel has not so many rows.
    """
    writer = _WRITERS[require_suffix(place)]
    try:
        with made_whole(place) as partial:
            return writer(sheet, partial)
    except OSError as error:
        raise EvidenceError(f"'{place}' cannot be written: {error.strerror or error}") from error


def _csv(sheet: Sheet, place: Path) -> int:
    from cell2grid.evidence.exports.delimited import write_csv

    with place.open("w", encoding="utf-8", newline="") as stream:
        return write_csv(sheet, stream)


def _parquet(sheet: Sheet, place: Path) -> int:
    from cell2grid.evidence.exports.parquet import write_parquet

    return write_parquet(sheet, place)


def _xlsx(sheet: Sheet, place: Path) -> int:
    from cell2grid.evidence.exports.spreadsheet import write_xlsx

    # where no file can be written is known before the rows are read
    with place.open("wb") as stream:
        return write_xlsx(sheet, stream)


def _json(sheet: Sheet, place: Path) -> int:
    count = 0

    def records() -> Iterator[Mapping[str, Any]]:
        nonlocal count
        for record in sheet.records:
            yield record
            count += 1

    with place.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(pieces({sheet.name: records()}))
        stream.write("\n")
    return count


_WRITERS = {".csv": _csv, ".json": _json, ".parquet": _parquet, ".xlsx": _xlsx}
