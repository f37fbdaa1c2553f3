"""Forecasts from a file: each step by its stamp, each forecast from when it was made, and nothing sooner."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cell2grid.errors import InputError, PriceError
from cell2grid.prices import PriceSeries, read_prices
from cell2grid.prices.forecasts import known_prices, read_forecast


@pytest.fixture
def two_days() -> PriceSeries:
    """Steps of 6 h: prices 0 to 7 on two days."""
    stamps = np.datetime64("2025-03-01T00", "s") + np.arange(8) * np.timedelta64(6, "h")
    return PriceSeries(timestep=stamps, price=np.arange(8.0), step_hours=np.full(8, 6.0), name="two days")


def written(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def wide(folder: Path) -> Path:
    rows = [f"2025-03-0{1 + step // 4}T{step % 4 * 6:02}:00:00,{10 + step}" for step in range(8)]
    return written(folder / "wide.csv", "stamp,told", *rows)


def test_a_wide_forecast_counts_from_its_hour_of_the_day_before(tmp_path: Path, two_days: PriceSeries) -> None:
    """The second day is told (14 … 17) from noon of the first on: in the step of 6 o'clock it is not yet, and the
    same times of the first day stand for it: 10 as told, and then what this row itself holds, 1 as it came."""
    told = read_forecast(wide(tmp_path), known_prices(two_days), column="told", carry_error=False)
    assert told.prices(0, 3, 6).tolist() == [
        [0.0, 11.0, 12.0, 13.0, 10.0, 11.0],
        [1.0, 12.0, 13.0, 10.0, 11.0, 12.0],
        [2.0, 13.0, 14.0, 15.0, 16.0, 17.0],
    ]
    early = read_forecast(wide(tmp_path), known_prices(two_days), column="told", made_hour=6.0, carry_error=False)
    assert early.prices(1, 2, 6).tolist() == [[1.0, 12.0, 13.0, 14.0, 15.0, 16.0]]


def test_of_a_long_forecast_the_latest_made_by_then_counts(tmp_path: Path, two_days: PriceSeries) -> None:
    old = [f"2025-02-28T12:00,{stamp}Z,50" for stamp in two_days.timestep.astype(str)]
    new = ["2025-03-01T07:00+01:00,2025-03-01T18:00+00:00,77"]
    path = written(tmp_path / "long.csv", "made_at,timestep,price", *old, *new)
    told = read_forecast(path, known_prices(two_days), carry_error=False)
    assert told.prices(0, 2, 4).tolist() == [[0.0, 50.0, 50.0, 50.0], [1.0, 50.0, 77.0, 50.0]]


def test_parquet_holds_the_same(tmp_path: Path, two_days: PriceSeries) -> None:
    import duckdb

    csv, parquet = wide(tmp_path), tmp_path / "wide.parquet"
    duckdb.execute(f"copy (select stamp::timestamp as stamp, told from read_csv('{csv}')) to '{parquet}'")
    known = known_prices(two_days)
    found = [read_forecast(path, known, column="told").prices(0, 8, 6) for path in (csv, parquet)]
    assert np.array_equal(*found)


def test_the_published_forecasts_of_a_market_are_near_its_prices(shared: Path) -> None:
    path = shared / "data/prices-de-2016-2017.csv"
    series = read_prices(path, price_column="Real price")
    known = known_prices(series, first=24 * 364)
    told = read_forecast(path, known, column="LEAR Ensemble").prices(0, 24 * 300, 24)[::24]
    came = series.price[known.first : known.first + 24 * 300].reshape(-1, 24)
    error = np.abs(told - came)[:, 1:].mean()
    assert 2.0 < error < 6.0


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        ("timestep,told", "2025-03-01T00,dear", "price 'dear' is no number"),
        ("timestep,told", "2025-03-01T00,nan", "price 'nan' is no number"),
        ("timestep,told", "2025-03-01T00,1e12", "price '1e12' is no number within"),
        ("timestep,told", "first of March,4", "not an ISO 8601 stamp"),
        ("timestep,told", "2025-03-01T00", "1 cells, the header has 2"),
        ("timestep,tolt", "2025-03-01T00,4", "no column 'told'; the header has 'timestep', 'tolt'"),
        ("timestep,told,told", "2025-03-01T00,4,4", "more than one column 'told'"),
        ("timestep,told", "", "no row of forecasts"),
        ("", "", "no column 'timestep'"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(
    tmp_path: Path, two_days: PriceSeries, header: str, row: str, said: str
) -> None:
    path = written(tmp_path / "bad.csv", header, row)
    with pytest.raises(PriceError, match=said):
        read_forecast(path, known_prices(two_days), column="told")


def test_a_step_without_a_forecast_is_named(tmp_path: Path, two_days: PriceSeries) -> None:
    path = written(tmp_path / "short.csv", "timestep,price", *(f"2025-03-01T{hour:02},1" for hour in (0, 6, 12, 18)))
    with pytest.raises(
        InputError, match="4 of 8 steps have no forecast made in time, the first at 2025-03-02T00:00:00"
    ):
        read_forecast(path, known_prices(two_days))
    late = written(tmp_path / "late.csv", "made_at,timestep,price", *(f"2025-04-01,{t},1" for t in two_days.timestep))
    with pytest.raises(InputError, match="8 of 8 steps have no forecast made in time"):
        read_forecast(late, known_prices(two_days))


def test_files_that_are_none_are_refused(tmp_path: Path, two_days: PriceSeries) -> None:
    known = known_prices(two_days)
    with pytest.raises(PriceError, match="cannot be read"):
        read_forecast(tmp_path / "none.csv", known)
    (tmp_path / "odd.csv").write_bytes(b"\xff\xfe\x00a,b\n")
    with pytest.raises(PriceError, match="neither UTF-8 text nor Parquet"):
        read_forecast(tmp_path / "odd.csv", known)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(PriceError, match="no Parquet that can be read"):
        read_forecast(tmp_path / "broken.parquet", known)
    with pytest.raises(InputError, match="made at hour 25"):
        read_forecast(wide(tmp_path), known, made_hour=25.0)
