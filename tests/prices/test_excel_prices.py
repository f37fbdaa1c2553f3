"""Excel price files: dates, texts and numbers of cells, the sheet that is named, and sheets made to do harm."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook

from cell2grid.errors import PriceError
from cell2grid.prices import excel_file, read_prices

START = datetime(2025, 1, 1)
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def workbook(
    tmp_path: Path,
    rows: Sequence[Sequence[Any]],
    *,
    header: Sequence[str] = ("timestep", "price"),
    sheet: str = "Prices",
) -> Path:
    book = Workbook()
    book.active.title = sheet
    for row in (header, *rows):
        book.active.append(list(row))
    path = tmp_path / "prices.xlsx"
    book.save(path)
    return path


def hours(*prices: Any) -> list[tuple[datetime, Any]]:
    return [(START + timedelta(hours=n), price) for n, price in enumerate(prices)]


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if part == STRINGS and part not in parts:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        override = f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>'.encode()
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override)
        parts[part] = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"></sst>'
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def test_dates_and_numbers_are_read(tmp_path: Path) -> None:
    series = read_prices(workbook(tmp_path, hours(10, -2.5, 30), header=("timestep", "price [EUR/MWh]")))
    assert series.price.tolist() == [10.0, -2.5, 30.0]
    assert series.timestep.astype(str).tolist() == [f"2025-01-01T0{n}:00:00" for n in range(3)]
    assert (series.currency, series.name) == ("EUR", "prices")


def test_texts_days_and_local_clocks_are_read(tmp_path: Path) -> None:
    text = workbook(tmp_path, [("2025-03-30T01:00+01:00", "1"), ("2025-03-30T03:00+02:00", "2.5")])
    assert read_prices(text).price.tolist() == [1.0, 2.5]
    days = workbook(tmp_path, [(date(2025, 1, 1), 1), (date(2025, 1, 2), 2)])
    assert read_prices(days).step_hours.tolist() == [24.0, 24.0]
    berlin = workbook(tmp_path, [(datetime(2025, 3, 30, hour), hour) for hour in (0, 1, 3, 4)])
    assert read_prices(berlin, timezone="Europe/Berlin").step_hours.tolist() == [1.0] * 4


def test_fractions_of_a_day_that_miss_the_second_are_that_second(tmp_path: Path) -> None:
    """Five minutes are 1/288 of a day, which no float is: a year of them is still whole."""
    book = workbook(tmp_path, [(45658.0 + n / 288.0, n) for n in range(2000)])

    def as_dates(sheet: bytes) -> bytes:
        return re.sub(rb'<c r="A(\d+)" t="n"><v>', rb'<c r="A\1" s="1" t="n"><v>', sheet)

    styles = re.sub(
        rb'<cellXfs count="1">(.*?)</cellXfs>',
        rb'<cellXfs count="2">\1<xf numFmtId="22" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/></cellXfs>',
        zipfile.ZipFile(book).read("xl/styles.xml"),
        flags=re.DOTALL,
    )
    rewritten(book, "xl/styles.xml", lambda _: styles)
    rewritten(book, "xl/worksheets/sheet1.xml", as_dates)
    series = read_prices(book)
    assert (np.diff(series.timestep) == np.timedelta64(300, "s")).all()
    assert series.timestep[-1] == np.datetime64("2025-01-01") + np.timedelta64(1999 * 300, "s")


def test_the_sheet_that_is_named_is_read(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["nothing"])
    more = book.create_sheet("Day ahead")
    for row in (("timestep", "price"), *hours(1, 2)):
        more.append(row)
    path = tmp_path / "two.xlsm"
    book.save(path)
    assert read_prices(path, sheet="Day ahead").price.tolist() == [1.0, 2.0]
    with pytest.raises(PriceError, match="no sheet 'Intraday'; the workbook has 'Sheet', 'Day ahead'"):
        read_prices(path, sheet="Intraday")


def test_empty_rows_and_far_cells_are_passed_over(tmp_path: Path) -> None:
    path = workbook(tmp_path, [*hours(1, 2), (None, None), (None, None, None, "a note")])
    assert read_prices(path).price.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (hours(1, None, 3), r"prices\.xlsx, sheet 'Prices', row 3: the price is missing"),
        (hours(1, "ten", 3), "row 3: price 'ten' is not a number"),
        (hours(1, True, 3), "row 3: price 'True' is not a number"),
        (hours(1, datetime(2025, 1, 1), 3), "row 3: price '2025-01-01 00:00:00' is not a number"),
        (hours(1, "#N/A", 3), "row 3: price '#N/A' is not a number"),
        (hours(1, 1e300, 3), r"row 3: price '1e\+300' is beyond"),
        (hours(1, "1e400", 3), "row 3: price '1e400' is beyond"),
        (hours(1, "=1+1", 3), "row 3: the price is missing"),
        ([(None, 1), (START, 2)], "row 2: '' is not a stamp"),
        ([(45658.25, 1), (START, 2)], "row 2: '45658.25' is not a stamp"),
        ([("2025-01-01T00Z", 1), (START, 2)], "row 3: .* lacks an offset, unlike those before"),
        ([(START, 1), ("2025-01-01T01Z", 2)], "row 3: .* has an offset, unlike those before"),
        ([(START, 1), (START, 2)], "row 3: stamp .* stands twice, here and on row 2"),
        ([(datetime(1066, 1, 1).isoformat(), 1), (START, 2)], "row 2: .*outside the years"),
        ([(START, 1)], "1 row of prices"),
        ([], "0 rows of prices"),
    ],
)
def test_what_is_wrong_is_said_with_sheet_and_row(tmp_path: Path, rows: list[tuple[Any, Any]], words: str) -> None:
    with pytest.raises(PriceError, match=words) as caught:
        read_prices(workbook(tmp_path, rows))
    assert caught.value.exit_status == 2


def test_a_sheet_without_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match="row 1: the first row is empty"):
        read_prices(workbook(tmp_path, [], header=()))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"timestep,price\n", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(data)
    with pytest.raises(PriceError, match=r"broken\.xlsx: not a workbook that can be read"):
        read_prices(path)


def test_other_sheets_are_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match=r"sheets in \.xls are not read; save the file as \.xlsx"):
        read_prices(tmp_path / "old.xls")


HARM: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "a million empty rows between two": (SHEET, lambda data: data.replace(b'r="3"', b'r="1048576"', 1), ""),
    "a row beyond every sheet": (SHEET, lambda data: data.replace(b'<row r="3"', b'<row r="99999999999"', 1), "1 row"),
    "a size that is not its own": (
        SHEET,
        lambda data: re.sub(b'ref="[^"]*"', b'ref="A1:XFD1048576"', data, count=1),
        "",
    ),
    "one row without an end": (
        SHEET,
        lambda data: data.replace(b"</row>", b"<c/>" * 2_000_000 + b"</row>", 1),
        "part 'xl/worksheets/sheet1.xml' is too large",
    ),
    "rows without number": (
        SHEET,
        lambda data: data.replace(b"</sheetData>", b"<row/>" * 200_000 + b"</sheetData>"),
        "",
    ),
    "a text without an end": (
        SHEET,
        lambda data: data.replace(b"<v>1</v>", b"<v>" + b"1" * 3_000_000 + b"</v>", 1),
        "too large",
    ),
    "styles that unpack to much": (
        "xl/styles.xml",
        lambda data: data.replace(b"</styleSheet>", b" " * 9_000_000 + b"</styleSheet>"),
        "part 'xl/styles.xml' unpacks to .* at most 8,000,000 are read",
    ),
    "texts without number": (
        STRINGS,
        lambda data: data.replace(b"</sst>", b"<si><t>a</t></si>" * 20_000 + b"</sst>"),
        "part 'xl/sharedStrings.xml' is too large",
    ),
    "entities in the sheet": (
        SHEET,
        lambda data: re.sub(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet', data, count=1),
        "defines entities",
    ),
    "a sheet that is no XML": (SHEET, lambda data: data[: len(data) // 2], "not a workbook that can be read"),
}


@pytest.mark.parametrize("what", HARM)
def test_a_sheet_made_to_do_harm_ends_soon(tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch, within) -> None:
    monkeypatch.setattr(excel_file, "MOST_TEXTS", 10_000)
    part, change, words = HARM[what]
    path = rewritten(workbook(tmp_path, hours(1, 2)), part, change)
    with within(15):
        if not words:
            assert read_prices(path, irregular=True).price.tolist() == [1.0, 2.0]
        else:
            with pytest.raises(PriceError, match=words):
                read_prices(path)


def test_a_file_beyond_the_bound_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel_file, "MOST_PACKED", 10)
    with pytest.raises(PriceError, match="at most 10 are read"):
        read_prices(workbook(tmp_path, hours(1, 2)))
