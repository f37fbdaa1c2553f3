"""Market sources: one suite over all of them on samples in their formats (invented prices), then each alone."""

from __future__ import annotations

import builtins
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cell2grid.errors import InputError, PriceError
from cell2grid.prices import PriceSeries, read_prices, write_prices
from cell2grid.prices.markets import aemo, entsoe, fetched, gridstatus, sources

SAMPLES = Path(__file__).parent / "samples"
# of each source: its sample, a zone in it, the first stamp, steps, minutes, currency and clock
FACTS = {
    "aemo": ("aemo.csv", "SA1", "2024-12-31T14:00", 36, 5.0, "AUD", "+10:00"),
    "entsoe": ("entsoe.xml", "DE_LU", "2025-09-29T22:00", 192, 15.0, "EUR", "Europe/Brussels"),
    "gridstatus": (
        "gridstatus.csv",
        "CAISO/TH_NP15_GEN-APND",
        "2025-03-08T08:00",
        47,
        60.0,
        "USD",
        "America/Los_Angeles",
    ),
}


def text_of(name: str) -> str:
    return (SAMPLES / FACTS[name][0]).read_text(encoding="utf-8")


def read(name: str) -> PriceSeries:
    return sources()[name].series(text_of(name), zone=FACTS[name][1])


def test_each_source_has_a_sample_and_each_sample_a_source() -> None:
    assert sorted(FACTS) == sorted(sources())
    assert {fact[0] for fact in FACTS.values()} | {"README.md"} == {path.name for path in SAMPLES.iterdir()}


@pytest.mark.parametrize("name", FACTS)
def test_a_sample_becomes_a_series(name: str) -> None:
    _, _, first, steps, minutes, currency, clock = FACTS[name]
    series = read(name)
    assert series.timestep[0] == np.datetime64(first)
    assert (series.price.size, series.resolution_minutes, series.currency, series.zone) == (
        steps,
        minutes,
        currency,
        clock,
    )
    assert series.regular
    assert series.offsets
    assert not series.synthetic
    assert not series.filled.size
    assert np.isfinite(series.price).all()


@pytest.mark.parametrize("name", FACTS)
def test_what_is_written_of_it_is_read_back(name: str, tmp_path: Path) -> None:
    series = read(name)
    again = read_prices(write_prices(series, tmp_path / "clean.parquet"))
    np.testing.assert_array_equal(again.timestep, series.timestep)
    np.testing.assert_array_equal(again.price, series.price)


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("text", ["", "nothing\n1\n", "<html></html>", "<a", '{"a": 1}'])
def test_text_that_is_none_of_its_is_refused(name: str, text: str) -> None:
    with pytest.raises(PriceError) as caught:
        sources()[name].series(text, zone=FACTS[name][1])
    assert name in str(caught.value)


@pytest.mark.parametrize("name", FACTS)
def test_a_row_that_is_missing_is_no_series(name: str) -> None:
    """Of the rows of a zone, one in the middle is taken out: its step is named as a gap."""
    if name == "entsoe":
        text = text_of(name).replace("A03", "A01")
    else:
        zone = FACTS[name][1].rpartition("/")[2]
        lines = text_of(name).splitlines(keepends=True)
        mine = [i for i, line in enumerate(lines) if f",{zone}," in line and not line.endswith("DATE\n")]
        text = "".join(line for i, line in enumerate(lines) if i != mine[len(mine) // 2 + 3])
    with pytest.raises(PriceError, match=r"gap|mixed|not where the next begins"):
        sources()[name].series(text, zone=FACTS[name][1])


@pytest.mark.parametrize("name", FACTS)
def test_the_network_is_asked_only_through_a_library_that_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_libraries(library: str, *arguments: Any, **more: Any) -> Any:
        if library.partition(".")[0] in ("entsoe", "gridstatus", "nemosis"):
            raise ImportError(library)
        return imported(library, *arguments, **more)

    imported = builtins.__import__
    monkeypatch.setenv("ENTSOE_API_KEY", "secret")
    monkeypatch.setattr(builtins, "__import__", no_libraries)
    with pytest.raises(InputError, match=r"pip install 'cell2grid\[markets\]'") as caught:
        fetched(name, FACTS[name][1], date(2025, 1, 1), date(2025, 1, 2))
    assert caught.value.exit_status == 2
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", FACTS)
def test_days_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="the days from 2025-01-02 to 2025-01-02 are none"):
        fetched(name, FACTS[name][1], date(2025, 1, 2), date(2025, 1, 2))


def test_a_source_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="source 'epex' is none of aemo, entsoe, gridstatus"):
        fetched("epex", "DE", date(2025, 1, 1), date(2025, 1, 2))


@pytest.mark.parametrize(("name", "zone"), [("entsoe", "DE_LU"), ("gridstatus", "PJM/51288")])
def test_a_key_that_is_not_there_is_named(name: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    variable = sources()[name].key_name(zone)
    assert variable is not None
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(InputError, match=f"needs a key for '{zone}'; put it into the environment as {variable}"):
        fetched(name, zone, date(2025, 1, 1), date(2025, 1, 2))


def test_what_a_library_says_never_shows_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(zone: str, start: date, end: date, *, key: str | None) -> pd.DataFrame:
        raise RuntimeError(f"401 for https://example.org/api?securityToken={key}")

    monkeypatch.setenv("ENTSOE_API_KEY", "secret-token")
    monkeypatch.setattr(entsoe, "fetch", refuses)
    with pytest.raises(InputError, match=r"did not give 'FR' \(RuntimeError: 401 .*securityToken=…\)") as caught:
        fetched("entsoe", "FR", date(2025, 1, 1), date(2025, 1, 2))
    assert "secret-token" not in str(caught.value)


@pytest.mark.parametrize(("name", "zone"), [("aemo", "WEM"), ("gridstatus", "CAISO"), ("gridstatus", "EPEX/DE")])
def test_a_zone_that_is_none_is_refused(name: str, zone: str) -> None:
    with pytest.raises(InputError, match=r"is none of|is no operator"):
        fetched(name, zone, date(2025, 1, 1), date(2025, 1, 2))


# ---- AEMO


def test_an_intervention_does_not_set_the_price() -> None:
    series = read("aemo")
    assert series.price.max() < 100.0
    assert (series.price < 0.0).any()


def test_market_time_has_no_summer() -> None:
    """Two o'clock on 5 October 2025 is skipped in Sydney, and is there in market time."""
    stamps = pd.date_range("2025-10-05 00:05", "2025-10-05 06:00", freq="5min")
    frame = pd.DataFrame({"SETTLEMENTDATE": stamps, "REGIONID": "NSW1", "RRP": 50.0})
    series = aemo.series(frame, zone="NSW1")
    assert series.price.size == 72
    assert series.clock_changes() == []
    assert series.local_time()[0] == np.datetime64("2025-10-05T00:00")


def test_open_electricity_names_intervals_by_their_end_too() -> None:
    stamps = pd.date_range("2025-01-01 00:05", periods=3, freq="5min", tz="Australia/Brisbane")
    frame = pd.DataFrame({"interval": stamps, "network_region": "NSW1", "price": [1.0, 2.0, 3.0]})
    assert aemo.series(frame, zone="NSW1").timestep[0] == np.datetime64("2024-12-31T14:00")
    hours = frame.assign(interval=pd.date_range("2025-01-01", periods=3, freq="h", tz="Australia/Brisbane"))
    with pytest.raises(PriceError, match="ask for those of 5 minutes"):
        aemo.series(hours, zone="NSW1")


def test_a_region_without_rows_names_those_that_have() -> None:
    with pytest.raises(PriceError, match="no row of 'VIC1'; the table has 'NSW1', 'SA1'"):
        aemo.series(text_of("aemo"), zone="VIC1")


# ---- ENTSO-E


@pytest.mark.filterwarnings("ignore")
def test_the_document_is_read_as_entsoe_py_reads_it() -> None:
    """An independent program on the hours and on the quarter hours of the coupled auction."""
    parsers = pytest.importorskip("entsoe.parsers")
    text = text_of("entsoe")
    coupled = text[: text.index("  <TimeSeries>\n    <mRID>3<")] + "</Publication_MarketDocument>"
    theirs = parsers.parse_prices(coupled)
    series = read("entsoe")
    np.testing.assert_allclose(series.price[:96:4], theirs["60min"].to_numpy(), rtol=0)
    np.testing.assert_allclose(series.price[96:], theirs["15min"].to_numpy(), rtol=0)
    frame = pd.concat([theirs["60min"], theirs["15min"]])
    np.testing.assert_array_equal(entsoe.series(frame, zone="DE_LU").price, series.price)
    assert "prices are repeated" in series.notes[-1]


def test_points_that_are_left_out_repeat_the_one_before() -> None:
    """Of the first day the points 4 and 5 are left out, hours 3 and 4: they repeat hour 2."""
    price = read("entsoe").price
    assert price[12] == price[16] == price[8]
    assert price[20] != price[8]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("PT15M", "P1Y", "resolution 'P1Y'"),
        ("2025-10-01T22:00Z", "9999-10-01T22:00Z", "outside the years"),
        ("2025-10-01T22:00Z", "2199-10-01T22:00Z", "steps of PT15M, expected 1 to"),
        ("<position>1<", "<position>0<", "lie outside it"),
        ("<position>2<", "<position>999<", "lie outside it"),
        ("<position>2<", "<position>x<", "a point at 'x'"),
        (">MWH<", ">KWH<", "prices per KWH, expected MWH"),
        ("<mRID>invented", "<!-- --><mRID>&lol;", "not XML"),
        ("Publication_MarketDocument", "Acknowledgement_MarketDocument", "the platform says"),
        ("Publication_MarketDocument", "GL_MarketDocument", "a document of GL_MarketDocument"),
    ],
)
def test_a_document_that_is_wrong_is_refused(old: str, new: str, words: str) -> None:
    with pytest.raises(PriceError, match=words):
        entsoe.series(text_of("entsoe").replace(old, new), zone="DE_LU")


def test_a_document_of_entities_is_refused_soon() -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    text = text_of("entsoe").replace("<Publication", f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{levels}]><Publication', 1)
    with pytest.raises(PriceError):
        entsoe.series(text.replace("invented", "&a11;").replace("60M", "&a11;"), zone="DE_LU")


def test_fetched_days_are_asked_in_parts_and_cut_to_the_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client is handed in: it gives the document of two days whatever is asked."""
    client = pytest.importorskip("entsoe.entsoe")
    asked: list[tuple[str, Any]] = []

    class Client:
        def __init__(self, api_key: str) -> None:
            asked.append(("key", api_key))

        def query_day_ahead_prices(self, zone: str, start: Any, end: Any, sequence: int | None) -> str:
            asked.append((zone, (start, end, sequence)))
            return text_of("entsoe")

    monkeypatch.setattr(client, "EntsoeRawClient", Client)
    monkeypatch.setenv("ENTSOE_API_KEY", "token")
    frame = fetched("entsoe", "DE_LU", date(2025, 7, 1), date(2025, 10, 1))
    assert [name for name, _ in asked] == ["key", "DE_LU", "DE_LU"]
    assert asked[1][1][2] == 1
    series = entsoe.series(frame, zone="DE_LU")
    assert series.timestep[0] == np.datetime64("2025-09-29T22:00")
    assert (series.price.size, series.resolution_minutes) == (24, 60.0)


# ---- gridstatus


def test_a_spring_day_of_a_location_has_23_hours() -> None:
    series = read("gridstatus")
    assert np.unique(series.local_day(), return_counts=True)[1].tolist() == [24, 23]
    south = gridstatus.series(text_of("gridstatus"), zone="caiso/TH_SP15_GEN-APND")
    np.testing.assert_allclose(series.price - south.price, 3.0, atol=1e-9)


def test_several_markets_must_be_told_apart() -> None:
    text = text_of("gridstatus")
    both = text + text.partition("\n")[2].replace("DAY_AHEAD_HOURLY", "REAL_TIME_HOURLY")
    with pytest.raises(PriceError, match="prices of DAY_AHEAD_HOURLY, REAL_TIME_HOURLY; name one"):
        gridstatus.series(both, zone="CAISO/TH_NP15_GEN-APND")
    one = gridstatus.series(both, zone="CAISO/TH_NP15_GEN-APND/REAL_TIME_HOURLY")
    np.testing.assert_array_equal(one.price, read("gridstatus").price)


def test_canadian_prices_are_in_canadian_dollars() -> None:
    text = text_of("gridstatus")
    assert gridstatus.series(text, zone="IESO/TH_NP15_GEN-APND").currency == "CAD"


def test_stamps_without_offset_are_refused() -> None:
    bare = text_of("gridstatus").replace("-08:00", "").replace("-07:00", "")
    with pytest.raises(PriceError, match="stamps without offset"):
        gridstatus.series(bare, zone="CAISO/TH_NP15_GEN-APND")
