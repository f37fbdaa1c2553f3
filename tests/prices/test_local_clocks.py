"""Stamps of local clocks without offset: repeated and skipped hours resolved, days counted where they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InputError, PriceError
from cell2grid.prices import read_prices
from cell2grid.prices.found import Found
from cell2grid.prices.reading import price_series
from cell2grid.prices.zones import clock, clock_of

# days on which clocks change, and what they then count in hours
CHANGES = [
    ("Europe/Berlin", "2025-03-30", 23.0),
    ("Europe/Berlin", "2025-10-26", 25.0),
    ("America/New_York", "2025-03-09", 23.0),
    ("America/New_York", "2025-11-02", 25.0),
    ("Australia/Sydney", "2025-10-05", 23.0),
    ("Australia/Sydney", "2025-04-06", 25.0),
    ("Australia/Adelaide", "2025-04-06", 25.0),
    ("Australia/Lord_Howe", "2025-10-05", 23.5),
    ("Australia/Lord_Howe", "2025-04-06", 24.5),
    ("America/Sao_Paulo", "2018-11-04", 23.0),
    ("Asia/Kathmandu", "2025-03-30", 24.0),
]
ZONES = sorted(
    {zone for zone, _, _ in CHANGES} | {"Africa/Casablanca", "Asia/Tehran", "UTC", "+09:30", "Pacific/Chatham"}
)


def midnight(zone: str, day: str) -> datetime:
    """The first moment of a local day, in UTC."""
    moment = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC)


def local_file(tmp_path: Path, zone: str, start: datetime, steps: int, minutes: int, *, ending: str = "") -> Path:
    """A file of stamps as clocks of the zone show them; of ends on the clock of the end or of the step, if asked."""
    rows = ["timestep,price"]
    for n in range(steps):
        begin = start + timedelta(minutes=minutes * n)
        stamp = begin.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        if ending == "moment":
            stamp = (begin + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        elif ending == "step":
            stamp += timedelta(minutes=minutes)
        rows.append(f"{stamp.isoformat(sep=' ')},{n}")
    path = tmp_path / "local.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def utc(start: datetime, steps: int, minutes: int) -> np.ndarray:
    return np.datetime64(start.replace(tzinfo=None), "s") + np.arange(steps) * np.timedelta64(minutes, "m")


def test_the_25_hours_of_an_autumn_day_by_hand(tmp_path: Path) -> None:
    """Berlin, 26 October 2025: 02:00 is shown at 00:00 and at 01:00 UTC; 03:00 is 02:00 UTC."""
    path = tmp_path / "autumn.csv"
    path.write_text("timestep,price\n2025-10-26 01:00,1\n2025-10-26 02:00,2\n2025-10-26 02:00,3\n2025-10-26 03:00,4\n")
    series = read_prices(path, timezone="Europe/Berlin")
    assert series.timestep.astype(str).tolist() == [
        f"2025-10-{day}:00:00" for day in ("25T23", "26T00", "26T01", "26T02")
    ]
    assert series.offsets
    assert series.clock_changes() == [("2025-10-26T01:00:00Z", -1.0)]


@pytest.mark.parametrize("minutes", [60, 30, 15, 5])
@pytest.mark.parametrize("ending", ["", "moment", "step"])
@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_a_day_of_a_clock_change_is_whole(
    tmp_path: Path, zone: str, day: str, hours: float, ending: str, minutes: int
) -> None:
    if (hours * 60.0) % minutes:
        pytest.skip("the day has no whole number of such steps")
    start = midnight(zone, day) - timedelta(days=2)
    steps = 6 * 1440 // minutes
    path = local_file(tmp_path, zone, start, steps, minutes, ending=ending)
    series = read_prices(path, timezone=zone, stamps="end" if ending else "begin")
    np.testing.assert_array_equal(series.timestep, utc(start, steps, minutes))
    of_day = series.local_day() == np.datetime64(day, "D").astype(np.int64)
    assert series.step_hours[of_day].sum() == pytest.approx(hours)
    assert (np.diff(series.local_day()) >= 0).all()


@settings(deadline=None, max_examples=60)
@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 24 * 365 * 12),
    minutes=st.sampled_from([5, 15, 30, 60, 120]),
    steps=st.integers(300, 900),
)
def test_what_clocks_show_is_turned_back_into_utc(zone: str, hour: int, minutes: int, steps: int) -> None:
    """A whole series with all its steps is resolved exactly, wherever it begins outside a repeated hour."""
    start = np.datetime64("2012-01-01") + np.timedelta64(hour, "h")
    truth = (start + np.arange(steps) * np.timedelta64(minutes, "m")).astype("datetime64[s]").astype(np.int64)
    ruler = clock_of(zone, truth)
    local = ruler.local(truth)
    early, late, _ = ruler.readings(local)
    inside = np.flatnonzero(early != late)
    if inside.size and (inside[0] == 0 or inside[-1] == steps - 1):
        return  # a part of a repeated hour at an end does not say which it is
    found = Found(
        path=Path("local.csv"),
        header="price",
        seconds=local,
        numbers=np.zeros(steps),
        aware=False,
        line=lambda i: i + 2,
    )
    if minutes == 120 and (np.diff(local) != 7200).any():
        return  # two-hour steps skip a repeated hour, which nobody can see
    series = price_series(found, name="local", timezone=zone)
    np.testing.assert_array_equal(series.timestep.astype(np.int64), truth)


@pytest.mark.parametrize("zone", [zone for zone in ZONES if zone != "+09:30"])
def test_the_clock_agrees_with_pandas(zone: str) -> None:
    """An independent program: pandas' conversion of every half hour of three years."""
    stamps = pd.date_range("2017-12-30", "2020-01-03", freq="30min", tz="UTC")
    theirs = stamps.tz_convert(zone).tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    seconds = stamps.tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    np.testing.assert_array_equal(clock_of(zone, seconds).local(seconds), theirs)


def test_a_change_at_midnight_never_turns_days_back() -> None:
    """In Beirut clocks went from 24:00 to 23:00: the later hour belongs to the same day."""
    truth = np.arange("2019-10-26T12", "2019-10-27T12", dtype="datetime64[h]").astype("datetime64[s]").astype(np.int64)
    days = clock("Asia/Beirut", 2019, 2019).local(truth) // 86_400
    assert (np.diff(days) >= 0).all()
    assert sorted(np.bincount(days - days[0]).tolist()) == [10, 14]


def test_a_repeated_hour_that_stands_there_once_is_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "once.csv"
    path.write_text("timestep,price\n2025-10-26 01:00,1\n2025-10-26 02:00,2\n2025-10-26 03:00,4\n2025-10-26 04:00,5\n")
    with pytest.raises(PriceError, match=r"once\.csv:4: a gap of 1 step before 2025-10-26 03:00"):
        read_prices(path, timezone="Europe/Berlin")
    held = read_prices(path, timezone="Europe/Berlin", gaps="hold")
    assert held.price.tolist() == [1.0, 2.0, 2.0, 4.0, 5.0]
    assert held.filled.tolist() == [2]


def test_a_series_that_begins_in_the_second_pass_is_seen_by_its_next_step(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_text("timestep,price\n2025-10-26 02:30,1\n2025-10-26 02:45,2\n2025-10-26 03:00,3\n2025-10-26 03:15,4\n")
    series = read_prices(path, timezone="Europe/Berlin")
    assert series.timestep[0] == np.datetime64("2025-10-26T01:30")


def test_a_time_that_clocks_skipped_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "spring.csv"
    path.write_text("timestep,price\n2025-03-30 01:00,1\n2025-03-30 02:00,2\n2025-03-30 03:00,3\n")
    with pytest.raises(
        PriceError, match=r"spring\.csv:3: clocks in Europe/Berlin never show 2025-03-30 02:00.*\+01:00"
    ):
        read_prices(path, timezone="Europe/Berlin")
    fixed = read_prices(path, timezone="+01:00")
    assert fixed.timestep[0] == np.datetime64("2025-03-30T00:00")


def test_offsets_in_the_file_win_and_the_zone_counts_days(tmp_path: Path) -> None:
    path = tmp_path / "aware.csv"
    path.write_text("timestep,price\n2025-06-30T21:00Z,1\n2025-06-30T22:00Z,2\n")
    series = read_prices(path, timezone="Europe/Berlin")
    assert series.timestep[0] == np.datetime64("2025-06-30T21:00")
    assert (series.local_month() - 12 * 55).tolist() == [5, 6]
    assert series.local_time().astype(str).tolist() == ["2025-06-30T23:00:00", "2025-07-01T00:00:00"]


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berln", "did you mean 'Europe/Berlin'"),
        ("../etc/passwd", "is not known"),
        ("/etc/passwd", "is not known"),
        ("Europe", "is not known"),
        ("", "is not known"),
        ("+15:00", "farther than 14 hours"),
        ("+10:75", "farther than 14 hours"),
    ],
)
def test_a_zone_that_is_none_is_refused(tmp_path: Path, zone: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_prices(tmp_path / "never-opened.csv", timezone=zone)
    assert caught.value.exit_status == 2


def test_years_are_cut_where_local_clocks_turn(tmp_path: Path) -> None:
    start = midnight("Australia/Adelaide", "2023-12-31")
    path = local_file(tmp_path, "Australia/Adelaide", start, 24 * (1 + 366 + 3), 60)
    series = read_prices(path, timezone="Australia/Adelaide")
    years = series.years()
    assert {year: part.price.size for year, part in years.items()} == {2023: 24, 2024: 8784, 2025: 72}
    assert list(series.years(whole=True)) == [2024]
    assert years[2024].name == "local 2024"
    assert years[2024].price[0] == 24.0
    assert (years[2025].local_year() == 2025).all()
