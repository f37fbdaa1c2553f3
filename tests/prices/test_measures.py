"""Units and currencies of price files: said by the header or the caller, converted at a dated rate, never guessed."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from cell2grid.errors import InputError, PriceError
from cell2grid.prices import csv_file, read_prices
from cell2grid.prices.measures import ExchangeRate, price_unit


def written(tmp_path: Path, header: str, *prices: str) -> Path:
    path = tmp_path / "prices.csv"
    rows = (f"2025-01-01T{hour:02}Z;{price}\n" for hour, price in enumerate(prices or ("10", "20")))
    path.write_text(f"timestep;{header}\n" + "".join(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "currency", "factor"),
    [
        ("price [EUR/MWh]", "EUR", 1.0),
        ("price (€/MWh)", "EUR", 1.0),
        ("EUR/MWh", "EUR", 1.0),
        ("price [EUR / kWh]", "EUR", 1000.0),
        ("price [ct/kWh]", None, 10.0),
        ("price [EURct/kWh]", "EUR", 10.0),
        ("price [EUR cents per kWh]", "EUR", 10.0),
        ("price [p/kWh]", "GBP", 10.0),
        ("price [£/MWh]", "GBP", 1.0),
        ("price [$/MWh]", None, 1.0),
        ("price [DKK/MWH]", "DKK", 1.0),
        ("price [USD/GWh]", "USD", 0.001),
        ("price", None, 1.0),
        ("price [spot]", None, 1.0),
    ],
)
def test_the_header_says_the_unit(tmp_path: Path, header: str, currency: str | None, factor: float) -> None:
    series = read_prices(written(tmp_path, header))
    assert series.currency == currency
    assert series.price.tolist() == [10.0 * factor, 20.0 * factor]
    assert len(series.notes) == (factor != 1.0)


def test_a_currency_that_the_file_does_not_say_is_the_callers(tmp_path: Path) -> None:
    assert read_prices(written(tmp_path, "price [$/MWh]"), currency="AUD").unit == "AUD/MWh"
    assert read_prices(written(tmp_path, "price"), unit="ct/kWh", currency="EUR").price.tolist() == [100.0, 200.0]
    assert read_prices(written(tmp_path, "price"), unit="EUR/kWh").unit == "EUR/MWh"


def test_a_dated_rate_converts_by_hand(tmp_path: Path) -> None:
    """10 EUR/MWh at 1.08 USD/EUR are 10.8 USD/MWh."""
    series = read_prices(written(tmp_path, "price [EUR/MWh]"), rate="1.08 USD/EUR 2025-01-02")
    np.testing.assert_allclose(series.price, [10.8, 21.6], rtol=1e-15)
    assert series.unit == "USD/MWh"
    assert series.notes == ("prices in EUR are turned into USD at 1.08 USD/EUR of 2025-01-02",)


@pytest.mark.parametrize(
    ("header", "options", "words"),
    [
        ("price [EUR/MWh]", {"currency": "USD"}, "the prices are in EUR, and USD is asked for; give the exchange rate"),
        ("price", {"rate": "1.08 USD/EUR 2025-01-02"}, "the currency of the prices is not known; give the unit"),
        ("price [GBP/MWh]", {"rate": "1.08 USD/EUR 2025-01-02"}, "prices in GBP cannot be turned into USD"),
        ("price [EUR/MWh]", {"rate": "1.08 USD/EUR 2025-01-02", "currency": "GBP"}, "cannot be turned into GBP"),
        ("price [EUR/MWh]", {"unit": "EUR/kWh"}, "the header says EUR/MWh, and the unit given is EUR/kWh"),
        ("price [EUR/MWh]", {"unit": "USD/MWh"}, "the header says EUR/MWh, and the unit given is USD/MWh"),
        ("price [EUR/kWh]", {"price": "9e8"}, r"a price is 9e\+11 per MWh, beyond 1e\+09"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    tmp_path: Path, header: str, options: dict[str, str], words: str
) -> None:
    price = options.get("price", "10")
    given = {name: value for name, value in options.items() if name != "price"}
    with pytest.raises(PriceError, match=words):
        read_prices(written(tmp_path, header, price, price), **given)


@pytest.mark.parametrize(
    "text",
    [
        "1.08",
        "1.08 USD/EUR",
        "USD/EUR 2025-01-02",
        "1.08 USD/EUR 2025-02-30",
        "0 USD/EUR 2025-01-02",
        "nan USD/EUR 2025-01-02",
        "1 USD/USD 2025-01-02",
        "-1 USD/EUR 2025-01-02",
    ],
)
def test_a_rate_without_value_pair_or_day_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="exchange rate"):
        ExchangeRate.of(text)


def test_a_unit_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'EUR' is no unit of a price"):
        read_prices(written(tmp_path, "price"), unit="EUR")


@pytest.mark.parametrize("text", ["MWh", "EUR", "EUR/MW", "m/s", "a/b/c", "x" * 100 + "/MWh", ""])
def test_what_is_no_unit_of_a_price_is_none(text: str) -> None:
    assert price_unit(text) is None


def test_a_comma_for_decimals_is_read_where_it_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "price", "10,5", "-2,25")
    assert read_prices(path, decimal=",").price.tolist() == [10.5, -2.25]
    with pytest.raises(PriceError, match=r"csv:2: price '10,5' is not a number; write a point"):
        read_prices(path)
    with pytest.raises(PriceError, match=r"csv:2: price '1.000,5' is not a number; write it without points"):
        read_prices(written(tmp_path, "price", "1.000,5", "1"), decimal=",")


@pytest.mark.parametrize(
    ("first", "second"),
    [("2025/01/31 00:00", "2025/01/31 01:00:00"), ("31.01.2025 00:00", "31.01.2025 01:00")],
)
def test_dates_that_can_be_one_day_only_are_read(tmp_path: Path, first: str, second: str) -> None:
    path = tmp_path / "dates.csv"
    path.write_text(f"timestep,price\n{first},1\n{second},2\n")
    assert read_prices(path).timestep[1] == np.datetime64("2025-01-31T01:00")


def test_packed_files_are_read_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "timestep,price\n2025-01-01T00Z,1\n2025-01-01T01Z,2\n"
    path = tmp_path / "de.csv.gz"
    half = text.index("2025-01-01T01")
    path.write_bytes(gzip.compress(text[:half].encode()) + gzip.compress(text[half:].encode()))
    series = read_prices(path)
    assert (series.price.tolist(), series.name) == ([1.0, 2.0], "de")
    monkeypatch.setattr(csv_file, "MOST_BYTES", 5_000)
    path.write_bytes(gzip.compress(b"\n" * 1_000_000))
    with pytest.raises(PriceError, match=r"unpacks to more than 5,000 bytes"):
        read_prices(path)
    path.write_bytes(gzip.compress(text.encode())[:-12])
    with pytest.raises(PriceError, match="ends too early"):
        read_prices(path)
    path.write_bytes(gzip.compress(b"") * 100)
    with pytest.raises(PriceError, match="more than 64 parts"):
        read_prices(path)
    path.write_bytes(text.encode())
    with pytest.raises(PriceError, match="not gzip"):
        read_prices(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("timestep,price" + ",a" * 2_000 + "\n", "2,002 columns, at most 1,000 are read"),
        ("timestep,price\n" + "," * 100_000 + "\n", r"csv:2: the line has more than 65,536 characters"),
        ("timestep,price\n2025-01-01T00Z," + "1" * 200_000, "the line has more than"),
    ],
)
def test_lines_and_columns_without_end_are_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "long.csv"
    path.write_text(text)
    with pytest.raises(PriceError, match=words):
        read_prices(path)


def test_the_line_is_exact_far_down_with_blank_lines_between(tmp_path: Path) -> None:
    stamps = np.datetime64("2025-01-01T00:00") + np.arange(5_000) * np.timedelta64(5, "m")
    lines = ["timestep,price", *(f"{stamp},1" for stamp in stamps.tolist())]
    lines[4_000] = lines[4_000].replace(",1", ",x")
    lines.insert(100, "")
    lines.insert(2_000, " , ")
    path = tmp_path / "far.csv"
    path.write_text("\n".join(lines))
    with pytest.raises(PriceError, match=r"far\.csv:4003: price 'x' is not a number"):
        read_prices(path)


def test_105_120_rows_are_read_in_half_a_second(tmp_path: Path) -> None:
    """Of the processor's time, the best of three, for the machine may do other things."""
    import time

    stamps = np.datetime_as_string(np.datetime64("2025-01-01T00:00") + np.arange(105_120) * np.timedelta64(5, "m"))
    path = tmp_path / "year.csv"
    path.write_text("timestep,price\n" + "".join(f"{stamp}Z,{i % 977 / 10}\n" for i, stamp in enumerate(stamps)))
    seconds = []
    for _ in range(3):
        began = time.process_time()
        assert read_prices(path).price.size == 105_120
        seconds.append(time.process_time() - began)
    assert min(seconds) < 0.5
