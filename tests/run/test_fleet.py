"""A fleet gives each asset what it gets alone, the same bytes on any number of workers, and failures their reason."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from cell2grid.engines import dispatch
from cell2grid.errors import InputError, PriceError, RunFolderError, UnitError
from cell2grid.prices import PriceSeries
from cell2grid.run.fleet import Fleet, parts, read_assets, read_folder, read_summary, run_fleet
from cell2grid.run.fleet.folder import calendar_years
from cell2grid.run.fleet.running import with_currency

HAND = "name,power [MW],energy,start,end\nbig,4,6MWh,0,0\nsmall,1MW,6MWh,0,0\n"


def write_prices(folder: Path, name: str, prices: Any, start: str = "2024-01-01T00:00", hours: float = 1.0) -> None:
    folder.mkdir(exist_ok=True)
    first = np.datetime64(start, "s")
    stamps = [first + np.timedelta64(round(3600 * hours * i), "s") for i in range(len(prices))]
    rows = [f"{stamp},{price}" for stamp, price in zip(stamps, prices, strict=True)]
    (folder / name).write_text("\n".join(["timestep,price", *rows, ""]), encoding="utf-8")


def fleet_of(folder: Path, assets: str, **options: Any) -> Fleet:
    (folder / "assets.csv").write_text(assets, encoding="utf-8")
    rows, currency = read_assets(folder / "assets.csv")
    prices = read_folder(folder / "prices")
    with_currency(prices, currency, folder / "assets.csv")
    return Fleet(tuple(rows), prices, **options)


def table(out: Path, name: str = "results") -> list[dict[str, Any]]:
    found = duckdb.execute("SELECT * FROM read_parquet(?)", [sorted(map(str, (out / name).glob("*.parquet")))])
    return [dict(zip([column[0] for column in found.description], row, strict=True)) for row in found.fetchall()]


def contents(out: Path) -> dict[str, str]:
    """The hash of each file below a folder."""
    files = [file for file in out.rglob("*") if file.is_file()]
    return {str(file.relative_to(out)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture
def random_fleet(tmp_path: Path) -> Path:
    """Twelve series of 60 hours with negative prices, and assets of all kinds: one impossible, one for HiGHS."""
    random = np.random.default_rng(5)
    for i in range(12):
        write_prices(tmp_path / "prices", f"s{i:02d}.csv", np.round(random.normal(20, 30, 60), 2))
    lines = [f"a{i},{5 + i}MW,{10 + 3 * i}MWh,0.9,0.95,,," for i in range(8)]
    lines += ["full,0.01MW,100MWh,,,0,1,", "daily,5MW,10MWh,0.9,0.9,0,0,0.5"]
    header = "name,power,energy,efficiency_charge,efficiency_discharge,start,end,cycles_per_day\n"
    (tmp_path / "assets.csv").write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_two_assets_in_two_years_earn_what_a_hand_finds(tmp_path: Path) -> None:
    """Year one 10, 50, 10, 5000, 10: buy and sell 4 MWh twice, 4·40 + 4·4990 = 20,120; with 1 MW 40 + 4990 = 5,030.

    Year two 10, 30, 30, 20, 20 : the big one buys 4 and sells 4 at 20 more, 80; the small one 20.
    Drawn are 8 and 4 MWh of 6, with 1 MW 2 and 1.
    """
    write_prices(tmp_path / "prices", "first.csv", [10, 50, 10, 5000, 10])
    write_prices(tmp_path / "prices", "second.csv", [10, 30, 30, 20, 20], start="2025-01-01T00:00")
    document = run_fleet(fleet_of(tmp_path, HAND, with_schedules=True), tmp_path / "out")
    rows = table(tmp_path / "out")
    assert [(row["asset"], row["series"], row["year"]) for row in rows] == [
        *(("big", "first", 2024), ("small", "first", 2024)),
        *(("big", "second", 2025), ("small", "second", 2025)),
    ]
    assert [row["objective"] for row in rows] == pytest.approx([20120.0, 5030.0, 80.0, 20.0])
    assert [row["cycles"] for row in rows] == pytest.approx([8 / 6, 2 / 6, 4 / 6, 1 / 6])
    assert {row["status"] for row in rows} == {"solved"}
    big, small = document["summary"]
    assert (big["best_series"], big["best_year"], big["best_objective"]) == ("first", 2024, pytest.approx(20120.0))
    assert (small["worst_series"], small["worst_objective"]) == ("second", pytest.approx(20.0))
    assert big["mean_objective"] == pytest.approx(10100.0)
    assert read_summary(tmp_path / "out") == document
    steps = table(tmp_path / "out", "schedules")
    assert len(steps) == 20
    moved = [row["discharge_mw"] - row["charge_mw"] for row in steps if (row["asset"], row["year"]) == ("big", 2024)]
    assert moved == pytest.approx([-4, 4, -4, 4, 0])


def test_each_pair_is_what_the_asset_gets_alone(random_fleet: Path) -> None:
    text = (random_fleet / "assets.csv").read_text(encoding="utf-8")
    fleet = fleet_of(random_fleet, text)
    run_fleet(fleet, random_fleet / "out", workers=2)
    rows = {(row["asset"], row["series"]): row for row in table(random_fleet / "out")}
    for asset in fleet.assets[:8]:
        for year in fleet.prices.years[::5]:
            prices = fleet.prices.prices(year)
            case = dispatch.checked(dispatch.asset_case(prices.price, prices.step_hours, **asset.fields))
            alone = dispatch.outcome(dispatch.schedule(case), case)
            assert rows[asset.name, year.series]["objective"] == alone["objective"]


@pytest.mark.parametrize("with_schedules", [False, True])
def test_the_bytes_are_the_same_for_any_number_of_workers(random_fleet: Path, with_schedules: bool) -> None:
    fleet = fleet_of(random_fleet, (random_fleet / "assets.csv").read_text(), with_schedules=with_schedules)
    found = []
    for workers in (1, 2, 3):
        out = random_fleet / f"out{workers}"
        run_fleet(fleet, out, workers=workers)
        found.append(contents(out))
    assert len(found[0]) == (8 if with_schedules else 6)
    assert found[0] == found[1] == found[2]


def test_a_pair_without_a_schedule_has_a_reason_and_stops_nothing(random_fleet: Path) -> None:
    document = run_fleet(fleet_of(random_fleet, (random_fleet / "assets.csv").read_text()), random_fleet / "out")
    assert (document["pairs"], document["solved"], document["failed"]) == (120, 108, 12)
    bad = [row for row in table(random_fleet / "out") if row["status"] != "solved"]
    assert {row["asset"] for row in bad} == {"full"}
    assert {row["status"] for row in bad} == {"infeasible"}
    assert all("100 MWh" in row["reason"] and row["objective"] is None for row in bad)
    by_asset = {row["asset"]: row for row in document["summary"]}
    assert (by_asset["full"]["solved"], by_asset["full"]["best_series"]) == (0, None)
    assert "highs" in " ".join(document["methods"]).lower()


def test_a_call_that_stopped_goes_on_and_ends_with_the_same_bytes(random_fleet: Path) -> None:
    fleet = fleet_of(random_fleet, (random_fleet / "assets.csv").read_text(), with_schedules=True)
    run_fleet(fleet, random_fleet / "whole")
    out = random_fleet / "out"

    class StoppedError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done >= 105:
            raise StoppedError

    with pytest.raises(StoppedError):
        run_fleet(fleet, out, workers=2, on_progress=stop)
    assert [file.name for file in (out / "results").iterdir()] == ["part-00000.parquet"]
    assert not (out / "summary.json").exists()
    kept = (out / "results/part-00000.parquet").stat().st_mtime_ns
    (out / "results/.part-00001.parquet.partial-77").write_bytes(b"half")
    first: list[int] = []
    run_fleet(fleet, out, workers=2, on_progress=lambda done, total: first.append(done))
    assert first[0] == 100
    assert (out / "results/part-00000.parquet").stat().st_mtime_ns == kept
    assert contents(out) == contents(random_fleet / "whole")


def test_a_part_that_is_cut_short_is_made_again(random_fleet: Path) -> None:
    fleet = fleet_of(random_fleet, (random_fleet / "assets.csv").read_text())
    out = random_fleet / "out"
    run_fleet(fleet, out)
    before = contents(out)
    part = out / "results/part-00001.parquet"
    part.write_bytes(part.read_bytes()[:200])
    run_fleet(fleet, out)
    assert contents(out) == before


@pytest.mark.parametrize("what", ["assets", "prices", "options"])
def test_a_folder_of_another_fleet_is_refused_with_the_way_out(tmp_path: Path, what: str) -> None:
    write_prices(tmp_path / "prices", "first.csv", [10, 50, 10, 5000, 10])
    out = tmp_path / "out"
    run_fleet(fleet_of(tmp_path, HAND), out)
    if what == "prices":
        write_prices(tmp_path / "prices", "first.csv", [10, 50, 10, 5001, 10])
    other = fleet_of(
        tmp_path, HAND.replace("1MW", "2MW") if what == "assets" else HAND, with_schedules=what == "options"
    )
    before = contents(out)
    with pytest.raises(RunFolderError, match=f"differs in {what}.*another --out, or --fresh"):
        run_fleet(other, out)
    assert contents(out) == before
    run_fleet(other, out, fresh=True)
    assert len(table(out)) == 2
    assert (out / "schedules").is_dir() == (what == "options")


def test_a_folder_that_is_no_fleets_is_left_alone(tmp_path: Path) -> None:
    write_prices(tmp_path / "prices", "first.csv", [10, 50])
    fleet = fleet_of(tmp_path, HAND)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.doc").write_text("years of work")
    for fresh in (False, True):
        with pytest.raises(RunFolderError, match="not a fleet"):
            run_fleet(fleet, tmp_path / "out", fresh=fresh)
    with pytest.raises(RunFolderError, match="is a file"):
        run_fleet(fleet, tmp_path / "out/thesis.doc")
    with pytest.raises(RunFolderError, match="no finished fleet"):
        read_summary(tmp_path / "out")
    assert contents(tmp_path / "out").keys() == {"thesis.doc"}


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    write_prices(tmp_path / "prices", "first.csv", [10, 50])
    fleet = fleet_of(tmp_path, HAND)
    with (
        parts.fleet_folder(tmp_path / "out", fleet.identity, fresh=False),
        pytest.raises(RunFolderError, match="another call"),
    ):
        run_fleet(fleet, tmp_path / "out")


def test_workers_must_be_some(tmp_path: Path) -> None:
    write_prices(tmp_path / "prices", "first.csv", [10, 50])
    with pytest.raises(InputError, match="--workers is 0"):
        run_fleet(fleet_of(tmp_path, HAND), tmp_path / "out", workers=0)


def test_parts_follow_from_the_fleet_and_hold_every_pair_once() -> None:
    for with_schedules in (False, True):
        steps = [8760, 105120, 8784, 35040] * 5
        found = parts.parts_of(steps, 37, with_schedules=with_schedules)
        assert [part.first for part in found] == [0, *(part.last for part in found[:-1])]
        assert found[-1].last == 20 * 37
        assert [part.number for part in found] == list(range(len(found)))
        for part in found:
            rows = sum(steps[pair // 37] for pair in range(part.first, part.last))
            assert part.last - part.first <= 100
            assert not with_schedules or rows <= 500_000


def test_a_series_of_several_years_is_cut_into_calendar_years(tmp_path: Path) -> None:
    """From 2024-07-01 to 2026-12-31 in steps of a day: 184, 365 and 365 of them."""
    write_prices(tmp_path / "prices", "days.csv", range(184 + 730), start="2024-07-01T00:00", hours=24.0)
    years = read_folder(tmp_path / "prices").years
    assert [(each.series, each.year, each.count) for each in years] == [
        *(("days", 2024, 184), ("days", 2025, 365), ("days", 2026, 365)),
    ]
    assert [each.first for each in years] == [0, 184, 549]


def test_a_year_turns_on_the_local_clock() -> None:
    """Central Europe's 2024 and 2025 begin at 23:00 UTC the evening before; with its zone and without."""
    stamps = np.datetime64("2023-12-31T23:00", "s") + np.arange(2 * 8760 + 24) * np.timedelta64(3600, "s")
    one = np.ones(len(stamps))
    for zone in (None, "Europe/Berlin"):
        series = PriceSeries(timestep=stamps, step_hours=one, price=one, name="de", zone=zone)
        assert calendar_years(series) == [(2024, 0, 8784), (2025, 8784, 8760)]
    # a last hour that belongs to the next year is no year of one hour
    series = PriceSeries(
        timestep=np.append(stamps, stamps[-1] + 3600), step_hours=np.append(one, 1), price=np.append(one, 1), name="de"
    )
    assert calendar_years(series) == [(2024, 0, 8784), (2025, 8784, 8761)]
    # up to 366 days stay together
    assert calendar_years(series.part(4000, 4000 + 8784)) == [(2024, 0, 8784)]


def test_prices_beyond_memory_are_read_again_and_must_not_have_changed(
    random_fleet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (random_fleet / "assets.csv").read_text()
    run_fleet(fleet_of(random_fleet, text), random_fleet / "held")
    monkeypatch.setattr("cell2grid.run.fleet.folder.HELD_BYTES", 5000)
    fleet = fleet_of(random_fleet, text)
    assert 0 < len(fleet.prices.held) < 12
    run_fleet(fleet, random_fleet / "again")
    assert contents(random_fleet / "again") == contents(random_fleet / "held")
    write_prices(random_fleet / "prices", "s11.csv", [1.0] * 60)
    with pytest.raises(PriceError, match=r"s11\.csv: the prices have changed"):
        run_fleet(fleet, random_fleet / "third")


def test_costs_and_prices_are_in_one_currency(tmp_path: Path) -> None:
    write_prices(tmp_path / "prices", "first.csv", [10, 50, 10])
    prices = read_folder(tmp_path / "prices", currency="EUR")
    with pytest.raises(UnitError, match=r"costs are in USD and the prices of first\.csv in EUR"):
        with_currency(prices, "USD", tmp_path / "assets.csv")
    fleet = fleet_of(tmp_path, "name,power,energy,throughput_cost\na,1MW,1MWh,2NOK/MWh\n")
    document = run_fleet(fleet, tmp_path / "out")
    assert document["summary"][0]["currency"] == "NOK"
