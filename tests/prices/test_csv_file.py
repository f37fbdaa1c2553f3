"""Price files: what is read, and the one clear message for each way in which a file can be wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from cell2grid.errors import PriceError
from cell2grid.prices import csv_file, read_prices


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "prices.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def hourly(*stamps: str, price: str = "1.5") -> str:
    return "timestep,price\n" + "".join(f"{stamp},{price}\n" for stamp in stamps)


def test_three_hours_are_read(tmp_path: Path) -> None:
    series = read_prices(
        written(tmp_path, "timestep,price\n2025-01-01 00:00,10\n2025-01-01 01:00,-2.5\n2025-01-01 02:00,3e1\n"),
        currency="EUR",
    )
    assert series.price.tolist() == [10.0, -2.5, 30.0]
    assert series.step_hours.tolist() == [1.0, 1.0, 1.0]
    assert series.timestep[0] == np.datetime64("2025-01-01T00:00")
    assert (series.name, series.unit, series.resolution_minutes) == ("prices", "EUR/MWh", 60.0)
    assert not series.synthetic


def test_the_dataset_is_what_the_engine_reads(tmp_path: Path) -> None:
    arrays = read_prices(written(tmp_path, hourly("2025-01-01", "2025-01-02"))).to_dataset()
    assert arrays["step_hours"].values.tolist() == [24.0, 24.0]
    assert arrays["timestep"].dtype == "datetime64[ns]"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_may_be_parted_by_comma_semicolon_or_tab(tmp_path: Path, delimiter: str) -> None:
    text = f"timestep{delimiter}price\n2025-01-01T00{delimiter}1\n2025-01-01T01{delimiter}2\n"
    assert read_prices(written(tmp_path, text)).price.tolist() == [1.0, 2.0]


def test_an_unnamed_first_column_is_the_time(tmp_path: Path) -> None:
    text = ",Day ahead,Forecast\n2025-01-01 00:00:00,7,8\n2025-01-01 00:30:00,9,8\n"
    series = read_prices(written(tmp_path, text), price_column="Day ahead")
    assert series.price.tolist() == [7.0, 9.0]
    assert series.resolution_minutes == 30.0


def test_both_columns_can_be_named(tmp_path: Path) -> None:
    text = "price,start,spot\n0,2025-01-01T00Z,7\n0,2025-01-01T01Z,9\n"
    series = read_prices(written(tmp_path, text), price_column="spot", time_column="start")
    assert series.price.tolist() == [7.0, 9.0]


def test_a_byte_order_mark_windows_line_ends_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    text = "\ufefftimestep,price\r\n2025-01-01T00,1\r\n\r\n2025-01-01T01,2\r\n\r\n"
    assert read_prices(written(tmp_path, text)).price.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(("day", "hours"), [("2025-03-30", 23), ("2025-10-26", 25), ("2025-06-01", 24)])
def test_days_of_23_and_25_hours_are_whole_with_offsets(tmp_path: Path, day: str, hours: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=berlin).astimezone(ZoneInfo("UTC"))
    stamps = [(first + timedelta(hours=n)).astimezone(berlin).isoformat() for n in range(hours)]
    series = read_prices(written(tmp_path, hourly(*stamps)))
    assert series.price.size == hours
    last = datetime.fromisoformat(stamps[-1])
    assert (last.hour, last.date().isoformat()) == (23, day)


def local(day: str, minutes: int, zone: str) -> list[str]:
    """The local stamps, without offset, of one day that has a clock change."""
    start = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    steps = (start + timedelta(minutes=minutes * n) for n in range(20 * 60 // minutes))
    return [step.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat() for step in steps]


@pytest.mark.parametrize("minutes", [60, 30, 15, 5])
@pytest.mark.parametrize(
    ("day", "zone", "word"),
    [
        ("2025-03-30", "Europe/Berlin", "skipped"),
        ("2025-10-26", "Europe/Berlin", "repeated"),
        ("2025-03-09", "America/New_York", "skipped"),
        ("2025-11-02", "America/New_York", "repeated"),
        ("2025-10-05", "Australia/Sydney", "skipped"),
        ("2025-04-06", "Australia/Sydney", "repeated"),
    ],
)
def test_a_clock_change_in_local_time_is_named(tmp_path: Path, day: str, zone: str, word: str, minutes: int) -> None:
    path = written(tmp_path, hourly(*local(day, minutes, zone)))
    with pytest.raises(PriceError, match=rf"csv:\d+: an hour is {word} .* clocks .* offset"):
        read_prices(path)


REFUSED = {
    "gap": (hourly("2025-01-01T00", "2025-01-01T01", "2025-01-01T04", "2025-01-01T05"), r"csv:4: a gap of 2 steps"),
    "one missing": (hourly("2025-01-01T00", "2025-01-01T01", "2025-01-01T03"), "csv:4: a gap of 1 step before"),
    "twice": (hourly("2025-01-01T00", "2025-01-01T01", "2025-01-01T01"), "csv:4: .* stands twice, here and on line 3"),
    "all one stamp": (hourly("2025-01-01T00", "2025-01-01T00", "2025-01-01T00"), "csv:3: .* stands twice"),
    "unsorted": (hourly("2025-01-01T01", "2025-01-01T02", "2025-01-01T00"), "csv:4: .* sort the rows"),
    "backward": (hourly("2025-01-01T02", "2025-01-01T01", "2025-01-01T00"), "csv:3: .* sort the rows"),
    "mixed": (
        hourly(*[f"2025-01-01T0{n}" for n in range(6)], "2025-01-01T05:15", "2025-01-01T05:30"),
        "csv:8: .*mixed",
    ),
    "half and half": (
        hourly(
            *[f"2025-01-01T0{n}:00" for n in range(9)],
            *[f"2025-01-01T08:{n:02}" for n in range(5, 60, 5)],
        ),
        "csv:3: .* resolutions are mixed",
    ),
    "one row": (hourly("2025-01-01T00"), "1 row of prices, expected at least 2"),
    "no row": ("timestep,price\n", "0 rows of prices"),
    "empty": ("", "csv:1: the file is empty"),
    "blank": ("\n \n", "csv:1: the file is empty"),
    "nan": (hourly("2025-01-01T00", price="NaN"), "csv:2: price 'NaN' is not a number"),
    "infinite": (hourly("2025-01-01T00", price="inf"), "csv:2: price 'inf' is not a number"),
    "overflow": (hourly("2025-01-01T00", price="1e999"), "csv:2: price '1e999' is beyond 1e"),
    "no price": (hourly("2025-01-01T00", price=""), "csv:2: the price is missing"),
    "word": (hourly("2025-01-01T00", price="n/a"), "csv:2: price 'n/a' is not a number"),
    "underscore": (hourly("2025-01-01T00", price="1_0"), "csv:2: price '1_0' is not a number"),
    "comma": ("timestep;price\n2025-01-01;10,5\n", "csv:2: .* write a point for the decimals"),
    "thousands": (
        "timestep;price\n2025-01-01;1,000.5\n",
        "csv:2: .* write it without commas between thousands, and a point for the decimals",
    ),
    "bad stamp": (hourly("01/02/2025"), "csv:2: '01/02/2025' is not an ISO 8601 stamp"),
    "impossible stamp": (hourly("2025-02-30"), "csv:2: '2025-02-30' is not an ISO"),
    "far stamp": (hourly("0001-01-01T00:00+14:00"), "csv:2: .*outside the years 1900 to 2200"),
    "some offsets": (hourly("2025-01-01T00", "2025-01-01T01Z"), "csv:3: .* has an offset, unlike"),
    "ragged": ("timestep,price\n2025-01-01,1\n2025-01-02\n", "csv:3: 1 cells, the header has 2"),
    "no header": ("2025-01-01,1\n2025-01-02,1\n", "csv:1: no column 'price'"),
    "other column": ("timestep,Price\n2025-01-01,1\n", "csv:1: no column 'price'; did you mean 'Price'"),
    "price twice": ("timestep,price,price\n2025-01-01,1,2\n", "csv:1: column 'price' stands 2 times"),
    "no time": ("moment,price\n2025-01-01,1\n", "csv:1: no column 'timestep'.*--time-column"),
    "numbers only": ("1\n2\n", "csv:1: the first line is no header"),
    "quote": ('timestep,price\n2025-01-01,"1\n', "csv:[23]: not CSV"),
    "long cell": (hourly("2025-01-01T00", price="1" * 2000), "csv:2: price .1{40}. is beyond"),
    "fraction of a second": (hourly("2025-01-01T00:00:00.0", "2025-01-01T00:00:00.5"), "whole seconds"),
    "latin-1": (b"timestep,price\n2025-01-01,1\nf\xfcr,2\n", "csv:3: byte 0xfc is not UTF-8"),
    "binary": (b"PK\x03\x04\0\0timestep", "csv:1: the file is binary"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_wrong_file_gets_one_clear_message(tmp_path: Path, what: str) -> None:
    text, words = REFUSED[what]
    with pytest.raises(PriceError, match=words) as caught:
        read_prices(written(tmp_path, text))
    assert caught.value.exit_status == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match=r"none\.csv: the file cannot be read: No such file"):
        read_prices(tmp_path / "none.csv")


def test_a_folder_is_no_price_file(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match="Is a directory"):
        read_prices(tmp_path)


def test_a_file_beyond_the_bound_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, hourly("2025-01-01T00", "2025-01-01T01"))
    monkeypatch.setattr(csv_file, "MOST_BYTES", 10)
    with pytest.raises(PriceError, match="at most 10 are read"):
        read_prices(path)


def test_a_market_file_as_published_is_read(shared: Path) -> None:
    series = read_prices(shared / "data" / "prices-de-2016-2017.csv", price_column="Real price")
    assert series.price.size == 17_472
    assert series.price[0] == 13.78
    assert series.timestep[-1] == np.datetime64("2017-12-31T23:00")
