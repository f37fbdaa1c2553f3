"""Parquet price files: times, texts and numbers of every type, and what is refused."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from cell2grid.errors import PriceError
from cell2grid.prices import parquet_file, read_prices, synthetic_year, write_prices


def written(tmp_path: Path, query: str, name: str = "prices.parquet") -> Path:
    path = tmp_path / name
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def rows(stamp: str, price: str) -> str:
    return f"SELECT {stamp} AS timestep, {price} AS price FROM range(3) AS r(i)"


HOURS = "TIMESTAMP '2025-01-01 00:00:00' + INTERVAL (i) HOUR"


@pytest.mark.parametrize(
    "stamp",
    [
        HOURS,
        f"({HOURS})::TIMESTAMP_NS",
        f"({HOURS})::TIMESTAMP_MS",
        f"strftime({HOURS}, '%Y-%m-%d %H:%M')",
        f"strftime({HOURS}, '%Y/%m/%d %H:%M:%S')",
        f"strftime({HOURS}, '%d.%m.%Y %H:%M')",
    ],
)
@pytest.mark.parametrize("price", ["i * 2.5", "(i * 2.5)::FLOAT", "(i * 2.5)::DECIMAL(8, 2)", "(i * 2.5)::VARCHAR"])
def test_times_and_numbers_of_any_type_are_read(tmp_path: Path, stamp: str, price: str) -> None:
    series = read_prices(written(tmp_path, rows(stamp, price)), currency="EUR")
    assert series.price.tolist() == [0.0, 2.5, 5.0]
    assert series.timestep.astype(str).tolist() == [f"2025-01-01T0{hour}:00:00" for hour in range(3)]
    assert not series.offsets


def test_times_with_a_zone_are_utc(tmp_path: Path) -> None:
    series = read_prices(written(tmp_path, rows("make_timestamptz((i * 3600 + 1735686000) * 1000000)", "i")))
    assert series.offsets
    assert series.timestep[0] == np.datetime64("2024-12-31T23:00")


def test_days_are_read(tmp_path: Path) -> None:
    series = read_prices(written(tmp_path, rows("DATE '2025-01-01' + i::INTEGER", "i")))
    assert series.step_hours.tolist() == [24.0, 24.0, 24.0]


def test_a_name_with_marks_of_a_pattern_is_that_file(tmp_path: Path) -> None:
    written(tmp_path, rows(HOURS, "9"), "a1.parquet")
    (tmp_path / "a1.parquet").rename(tmp_path / "a[1]*?.parquet")
    written(tmp_path, rows(HOURS, "7"), "a1.parquet")
    assert read_prices(tmp_path / "a[1]*?.parquet").price.tolist() == [9.0] * 3


@pytest.mark.parametrize(
    ("stamp", "price", "words"),
    [
        (HOURS, "CASE i WHEN 1 THEN NULL ELSE i END", r"prices\.parquet, row 2: the price is missing"),
        (HOURS, "CASE i WHEN 2 THEN 'NaN'::DOUBLE ELSE i END", "row 3: the price is missing"),
        (HOURS, "CASE i WHEN 2 THEN 'inf'::DOUBLE ELSE i END", r"row 3: price 'inf' is beyond 1e\+09 per MWh"),
        (HOURS, "CASE i WHEN 1 THEN 'ten' ELSE '1' END", "row 2: price 'ten' is not a number"),
        (HOURS, "[i]", "column 'price' is of type .*, expected numbers"),
        ("i", "i", "column 'timestep' is of type BIGINT, expected stamps"),
        ("CASE i WHEN 1 THEN NULL ELSE TIMESTAMP '2025-01-01' END", "i", "row 2: the stamp is missing"),
        ("TIMESTAMP '0900-01-01 00:00:00' + INTERVAL (i) HOUR", "i", "row 1: .* outside the years 1900 to 2200"),
        ("TIMESTAMP '2025-01-01' + INTERVAL (i * 500) MILLISECOND", "i", "row 2: .* whole seconds"),
        ("TIMESTAMP '2025-01-01' + INTERVAL (i * i) HOUR", "i", r"prices\.parquet, row 3: a gap of 2 steps"),
        (HOURS, "i + 1e12", "row 1: price '1000000000000.0' is beyond"),
    ],
)
def test_what_is_wrong_is_said_with_its_row(tmp_path: Path, stamp: str, price: str, words: str) -> None:
    with pytest.raises(PriceError, match=words) as caught:
        read_prices(written(tmp_path, rows(stamp, price)))
    assert caught.value.exit_status == 2


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"\0" * 200 + b"PAR1", b"timestep,price\n1,2\n"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(data)
    with pytest.raises(PriceError, match="not a Parquet file that can be read"):
        read_prices(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match=r"none\.parquet: the file cannot be read: No such file"):
        read_prices(tmp_path / "none.parquet")


def test_too_many_rows_are_refused_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "MOST_ROWS", 2)
    with pytest.raises(PriceError, match="3 rows, at most 2 are read"):
        read_prices(written(tmp_path, rows(HOURS, "i")))


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("currency", ["EUR", None])
def test_what_is_written_is_read_back(tmp_path: Path, ending: str, currency: str | None) -> None:
    year = synthetic_year(5, currency=currency)
    again = read_prices(write_prices(year, tmp_path / f"it's clean.{ending}"))
    np.testing.assert_array_equal(again.timestep, year.timestep)
    np.testing.assert_array_equal(again.price, year.price)
    assert again.currency == currency
    assert not again.offsets


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_stamps_that_are_utc_are_written_as_such(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "local.csv"
    path.write_text("timestep,price [EUR/MWh]\n2025-07-01 00:00,1\n2025-07-01 01:00,2\n")
    again = read_prices(write_prices(read_prices(path, timezone="Asia/Kolkata"), tmp_path / f"clean.{ending}"))
    assert again.offsets
    assert again.timestep[0] == np.datetime64("2025-06-30T18:30")
