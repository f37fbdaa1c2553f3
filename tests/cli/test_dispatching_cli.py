"""The command ``dispatch`` as a user calls it: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from cell2grid.prices import read_prices, synthetic_year

ASSET = ["--power", "4MW", "--energy", "6MWh", "--start", "0", "--end", "0"]


@pytest.fixture
def hand(tmp_path: Path) -> Path:
    path = tmp_path / "hand.csv"
    rows = [f"2025-01-01T0{hour}:00:00,{price}" for hour, price in enumerate([10, 50, 10, 5000, 10])]
    path.write_text("\n".join(["timestep,price", *rows, ""]))
    return path


def test_the_hand_case_prints_one_document(called, hand: Path) -> None:
    """Buy 4 at 10, sell 4 at 50, buy 4 at 10, sell 4 at 5000: 20,120; 8 of 6 MWh sold are 1.33 cycles."""
    status, out, err = called("dispatch", hand, *ASSET, "--json")
    document = json.loads(out)
    assert (status, err) == (0, "")
    assert document["revenue"] == document["objective"] == 20120.0
    assert document["method"] == "dynamic programming"
    assert document["charged_mwh"] == document["discharged_mwh"] == 8.0
    assert document["cycles"] == pytest.approx(8.0 / 6.0)
    assert (document["timesteps"], document["resolution_minutes"]) == (5, 60.0)
    assert 0.0 < document["kernel_seconds"] < 1.0
    assert document["synthetic"] is False


def test_the_schedule_file_holds_every_step(called, hand: Path, tmp_path: Path) -> None:
    out = tmp_path / "schedule.csv"
    status, printed, _ = called("dispatch", hand, *ASSET, "--out", out, "--json")
    assert (status, json.loads(printed)["schedule"]) == (0, str(out))
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    flows = ["charge_mw", "discharge_mw", "energy_mwh"]
    assert list(rows[0]) == ["timestep", "price", *flows, "water_value_low", "water_value_high"]
    assert [float(row["charge_mw"]) - float(row["discharge_mw"]) for row in rows] == [4.0, -4.0, 4.0, -4.0, 0.0]
    assert [float(row["energy_mwh"]) for row in rows] == [4.0, 0.0, 4.0, 0.0, 0.0]
    assert rows[3]["timestep"] == "2025-01-01T03:00:00"
    assert read_prices(out).price.tolist() == [10.0, 50.0, 10.0, 5000.0, 10.0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hand.csv", "schedule.csv"]


def test_stamps_with_offsets_come_back_in_utc(called, tmp_path: Path) -> None:
    prices, out = tmp_path / "prices.csv", tmp_path / "schedule.csv"
    prices.write_text("timestep,price\n2025-03-30T01:30+01:00,1\n2025-03-30T03:00+02:00,9\n")
    assert called("dispatch", prices, *ASSET, "--out", out)[0] == 0
    assert [line.split(",")[0] for line in out.read_text().splitlines()[1:]] == [
        "2025-03-30T00:30:00Z",
        "2025-03-30T01:00:00Z",
    ]


def test_the_words_tell_what_the_battery_does(called, hand: Path) -> None:
    status, out, _ = called("dispatch", hand, *ASSET, "--currency", "EUR")
    assert status == 0
    assert "20,120.00" in out
    assert "buys at 10.00 and sells at 2,525.00 EUR/MWh" in out
    assert "stands still in 20%" in out


def test_the_synthetic_year_says_that_it_is_one(called) -> None:
    arguments = ["dispatch", "--synthetic", "1", *ASSET, "--throughput-cost", "0.001 USD/kWh"]
    document = json.loads(called(*arguments, "--json")[1])
    assert document["synthetic"] is True
    assert document["timesteps"] == 8760
    assert document["currency"] == "USD"
    moved = document["charged_mwh"] + document["discharged_mwh"]
    assert document["objective"] == pytest.approx(document["revenue"] - moved)
    words = called(*arguments)[1]
    assert "no market has set them" in words
    assert "negative in 277 time steps" in words


def test_a_year_of_hours_takes_the_kernel_a_few_milliseconds(called, tmp_path: Path) -> None:
    """The aim is 2 ms on a machine of its own; ten times that still tells a kernel from a solver."""
    year = synthetic_year(2)
    path = tmp_path / "year.csv"
    rows = zip(year.timestep, np.maximum(year.price, 0.0), strict=True)
    path.write_text("timestep,price\n" + "".join(f"{stamp},{price}\n" for stamp, price in rows))
    document = json.loads(called("dispatch", path, *ASSET, "--json")[1])
    assert document["kernel_seconds"] < 0.02


def test_discharge_power_and_columns_can_be_named(called, tmp_path: Path) -> None:
    path = tmp_path / "market.csv"
    path.write_text(",Day ahead\n2025-01-01 00:00,1\n2025-01-01 01:00,100\n2025-01-01 02:00,90\n")
    arguments = ["dispatch", path, *ASSET, "--price-column", "Day ahead", "--discharge-power", "3000 kW", "--json"]
    assert json.loads(called(*arguments)[1])["revenue"] == 3 * 100 + 1 * 90 - 4 * 1


REFUSED = [
    (["--power", "4MW"], 2, "--energy is missing"),
    (["--power", "4MWh", "--energy", "6MWh"], 2, "--power: 'MWh' cannot be turned into 'MW'"),
    (["--power", "4..5MW", "--energy", "6MWh"], 2, "--power: '4..5MW' is a range"),
    (["--power", "100", "--energy", "6MWh"], 2, "--power: '100' has no unit; write it as in '--power 100MW'"),
    (["--power", "0MW", "--energy", "6MWh"], 2, "0 MW in every timestep"),
    (["--power", "4MW", "--energy", "0MWh"], 2, "energy_capacity is 0"),
    (["--power", "-4MW", "--energy", "6MWh"], 2, "--power: '-4MW' is below 0"),
    ([*ASSET, "--efficiency-charge", "0"], 2, "efficiency_charge is 0"),
    ([*ASSET, "--efficiency-charge", "nan"], 2, "--efficiency-charge: 'nan' is not a quantity"),
    ([*ASSET, "--start", "1.5"], 2, "start_fraction is 1.5"),
    ([*ASSET, "--throughput-cost", "2 CNY/MWh", "--currency", "EUR"], 2, "expected EUR/MWh"),
    ([*ASSET, "--throughput-cost", "2 MW"], 2, "--throughput-cost is in MW"),
    ([*ASSET, "--throughput-cost", "2 EUR"], 2, "--throughput-cost: 'EUR' cannot be turned into 'EUR/MWh'"),
    ([*ASSET, "--throughput-cost", "1 .. 2"], 2, "is a range"),
    ([*ASSET, "--currency", "XXX"], 2, "XXX"),
    ([*ASSET, "--currency", "MWh"], 2, "not a currency"),
    ([*ASSET, "--currency", "XXQ"], 2, "--currency: 'XXQ' is not a currency that cell2grid knows; write it as in"),
    ([*ASSET, "--throughput-cost", "nanEUR/MWh"], 2, "as in '--throughput-cost 2USD/MWh'"),
    ([*ASSET, "--throughput-cost", "2XXQ/MWh", "--currency", "EUR"], 2, "as in '--throughput-cost 2EUR/MWh'"),
    ([*ASSET, "--efficiency-charge", "0...5"], 2, "--efficiency-charge: "),
    ([*ASSET, "--sheet", "spot"], 2, "hand.csv: sheet 'spot' is asked for, and only workbooks (.xlsx, .xlsm)"),
    ([*ASSET, "--price-column", "spot"], 2, "hand.csv:1: no column 'spot'"),
    ([*ASSET, "--synthetic", "1"], 2, "either a price file or"),
    (["--power", "0.1MW", "--energy", "6MWh", "--start", "0", "--end", "1"], 3, "at most 0.5 MWh can be stored"),
]


@pytest.mark.parametrize(("arguments", "expected", "words"), REFUSED)
def test_a_wrong_call_gets_one_message(called, hand: Path, arguments: list[str], expected: int, words: str) -> None:
    status, out, err = called("dispatch", hand, *arguments, "--json")
    assert (status, out) == (expected, "")
    assert err.startswith("error: ")
    assert words in err
    assert "Traceback" not in err


def test_a_schedule_that_cannot_be_written_is_refused_first(called, hand: Path, tmp_path: Path) -> None:
    assert called("dispatch", hand, *ASSET, "--out", tmp_path)[0] == 2
    status, _, err = called("dispatch", hand, *ASSET, "--out", tmp_path / "none" / "schedule.csv")
    assert status == 2
    assert "does not exist; make it first" in err


def test_an_old_schedule_stays_where_the_new_one_fails(called, hand: Path, tmp_path: Path) -> None:
    out = tmp_path / "schedule.csv"
    out.write_text("kept")
    hand.write_text(hand.read_text().replace("5000", "nan"))
    status, _, err = called("dispatch", hand, *ASSET, "--out", out)
    assert (status, out.read_text()) == (2, "kept")
    assert "hand.csv:5: price 'nan' is not a number" in err


SITE = ["--power", "50MW", "--energy", "100MWh", "--start", "0", "--end", "0", "--currency", "EUR"]


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.csv"
    path.write_text("timestep,price\n2025-06-01T10:00Z,10\n2025-06-01T11:00Z,60\n")
    return path


def beside(prices: Path, name: str, header: str, numbers: list[float]) -> Path:
    path = prices.with_name(name)
    rows = [f"2025-06-01T{10 + hour}:00Z,{number}" for hour, number in enumerate(numbers)]
    path.write_text("\n".join([f"timestep,{header}", *rows, ""]))
    return path


def test_a_hybrid_plant_moves_what_the_connection_cannot_take(called, two: Path) -> None:
    """120 and 40 MW of sun behind 80 MW: 40 of the first hour are stored and sold in the second, at 60.

    With it 80 x 10 + 80 x 60 = 5,600, without it 80 x 10 + 40 x 60 = 3,200.
    """
    shares = beside(two, "pv.csv", "share", [0.6, 0.2])
    wind = beside(two, "wind.csv", "wind [kW]", [60_000, 20_000])
    arguments = ["--pv", shares, "--pv-capacity", "100MW", "--wind", wind, "--grid-limit", "80MW", "--no-import"]
    document = json.loads(called("dispatch", two, *SITE, *arguments, "--json")[1])
    assert document["revenue"] == pytest.approx(5600.0)
    site = document["site"]
    assert site["exported_mwh"] == pytest.approx(160.0)
    assert (site["imported_mwh"], site["curtailed_mwh"]) == (0.0, 0.0)
    assert site["revenue_without_asset"] == pytest.approx(3200.0)
    assert site["asset_adds"] == pytest.approx(2400.0)
    words = called("dispatch", two, *SITE, *arguments)[1]
    assert "at its export limit in 2 time steps" in words
    assert "the site would earn 3,200.00 EUR" in words


def test_a_load_is_served_and_adders_are_added(called, two: Path) -> None:
    """20 MW: 40 MWh at 10 + 5 serve both hours: -600; without the battery 20 x 15 + 20 x 65 = 1,600 is paid."""
    arguments = ["--load", "20MW", "--no-export", "--buy-adder", "5EUR/MWh", "--sell-adder", "-3EUR/MWh"]
    document = json.loads(called("dispatch", two, *SITE, *arguments, "--json")[1])
    assert document["revenue"] == pytest.approx(-600.0)
    assert document["site"]["revenue_without_asset"] == pytest.approx(-1600.0)
    load = beside(two, "load.csv", "load [MW]", [20.0, 20.0])
    arguments[1] = str(load)
    assert json.loads(called("dispatch", two, *SITE, *arguments, "--json")[1])["revenue"] == pytest.approx(-600.0)


def test_a_load_that_only_the_asset_can_serve_has_no_baseline(called, two: Path) -> None:
    """30 MW in the second hour behind 20 MW: 10 MWh must have been stored in the first, when 10 are drawn."""
    load = beside(two, "load.csv", "load [MW]", [10.0, 30.0])
    arguments = ["--load", load, "--import-limit", "20MW", "--no-export"]
    document = json.loads(called("dispatch", two, *SITE, *arguments, "--json")[1])
    assert document["revenue"] == pytest.approx(-20 * 10 - 20 * 60)
    assert document["site"]["revenue_without_asset"] is None
    assert "Without the asset the load could not be served" in called("dispatch", two, *SITE, *arguments)[1]


def test_the_asset_s_own_load_goes_with_the_asset(called, two: Path) -> None:
    arguments = ["--auxiliary-load", "1MW", "--load", "20MW", "--no-export"]
    site = json.loads(called("dispatch", two, *SITE, *arguments, "--json")[1])["site"]
    assert site["revenue_without_asset"] == pytest.approx(-20 * 10 - 20 * 60)
    assert site["load_mwh"] == pytest.approx(42.0)


def test_cycles_count_what_is_drawn_and_are_capped(called, two: Path) -> None:
    """Half a cycle of 100 MWh may be drawn: 50 MWh, of which 45 are sent at an efficiency of 0.9."""
    arguments = ["--efficiency-discharge", "0.9", "--cycles-per-day", "0.5", "--timezone", "Europe/Berlin"]
    document = json.loads(called("dispatch", two, *SITE, *arguments, "--json")[1])
    assert (document["drawn_mwh"], document["cycles"]) == (pytest.approx(50.0), pytest.approx(0.5))
    assert document["discharged_mwh"] == pytest.approx(45.0)


def test_days_of_a_cap_are_those_of_local_clocks(called, tmp_path: Path) -> None:
    """Berlin's midnight is 22:00 UTC: two swings before and one after it; with a cycle a day, two of three are done."""
    path = tmp_path / "night.csv"
    rows = [f"2025-06-01T{18 + hour}:00Z,{price}" for hour, price in enumerate([0, 10, 0, 20, 0, 30])]
    path.write_text("\n".join(["timestep,price", *rows, ""]))
    asset = ["--power", "1MW", "--energy", "1MWh", "--start", "0", "--end", "0", "--cycles-per-day", "1", "--json"]
    local = json.loads(called("dispatch", path, *asset, "--timezone", "Europe/Berlin")[1])
    assert local["revenue"] == pytest.approx(20.0 + 30.0)
    assert local["method"].startswith("highs")
    assert "2 caps on cycles" in local["reason"]
    assert json.loads(called("dispatch", path, *asset, "--timezone", "UTC")[1])["revenue"] == pytest.approx(30.0)


def test_what_a_linear_program_would_overstate_is_said(called, tmp_path: Path) -> None:
    path = tmp_path / "paid.csv"
    path.write_text("timestep,price\n2025-01-01T00:00Z,-50\n2025-01-01T01:00Z,-40\n")
    asset = ["--power", "1MW", "--energy", "1MWh", "--start", "1", "--end", "1", "--efficiency-charge", "0.8"]
    document = json.loads(called("dispatch", path, *asset, "--json")[1])
    relaxed = json.loads(called("dispatch", path, *asset, "--mode", "relaxed", "--json")[1])
    assert document["relaxed_value"] == pytest.approx(relaxed["objective"])
    assert document["relaxed_value"] > document["objective"] + 1.0
    assert (document["mode"], relaxed["mode"], relaxed["relaxed_value"]) == ("exclusive", "relaxed", None)
    assert "one battery cannot do that" in called("dispatch", path, *asset)[1]


def test_an_asset_file_is_read_and_options_go_before_it(called, two: Path) -> None:
    asset = two.with_name("asset.yaml")
    asset.write_text("{asset: quay, power: 50 MW, energy: 100 MWh, throughput_cost: 1 EUR/MWh, cyclic: true}\n")
    document = json.loads(called("dispatch", two, "--asset", asset, "--json")[1])
    assert (document["currency"], document["start_mwh"]) == ("EUR", document["end_mwh"])
    assert document["objective"] == pytest.approx(50 * (60 - 10) - 100)
    options = ["--start", "1", "--end", "0", "--power", "20MW"]
    changed = json.loads(called("dispatch", two, "--asset", asset, *options, "--json")[1])
    assert changed["start_mwh"] == 100.0
    assert changed["revenue"] == pytest.approx(20 * 10 + 20 * 60)


def test_what_was_sold_a_day_ahead_is_changed_on_the_day(called, two: Path) -> None:
    """Sold: 50 at 60, bought at 10. On the day 5 and 90: keep it, and no more fits: 2,500.

    With 80 and 20 on the day: sell back what was bought (50 x 80) and buy back what was sold (50 x 20): 2,500 + 3,000.
    """
    same = beside(two, "same.csv", "price", [5.0, 90.0])
    kept = json.loads(called("dispatch", two, *SITE, "--intraday", same, "--json")[1])
    assert (kept["revenue"], kept["intraday"]["gain"]) == (pytest.approx(2500.0), pytest.approx(0.0))
    turned = beside(two, "turned.csv", "price", [80.0, 20.0])
    changed = json.loads(called("dispatch", two, *SITE, "--intraday", turned, "--json")[1])
    assert changed["intraday"]["day_ahead_revenue"] == pytest.approx(2500.0)
    assert changed["intraday"]["gain"] == pytest.approx(3000.0)
    assert changed["revenue"] == changed["objective"] == pytest.approx(5500.0)
    assert changed["bound"] == pytest.approx(5500.0)


def test_reserve_is_sold_beside_energy(called, two: Path) -> None:
    """A flat price earns nothing: 50 MW held upward for two hours at 7 each, with an hour of energy behind them."""
    two.write_text("timestep,price\n2025-06-01T10:00Z,20\n2025-06-01T11:00Z,20\n")
    services = two.with_name("services.yaml")
    services.write_text("services: [{name: spin, direction: up, duration: 1 hour, price: 7 EUR/MW/hour}]\n")
    asset = ["--power", "50MW", "--energy", "100MWh", "--currency", "EUR", "--reserve", services]
    out = two.with_name("plan.csv")
    document = json.loads(called("dispatch", two, *asset, "--out", out, "--json")[1])
    (product,) = document["reserve"]["products"]
    assert product["product"] == "spin"
    assert document["objective"] == pytest.approx(700.0)
    assert product["capacity_revenue"] == pytest.approx(7.0 * 2.0 * product["mean_award_mw"])
    assert document["reserve"]["reserve_adds"] == pytest.approx(product["capacity_revenue"])
    assert document["objective"] == pytest.approx(document["bound"])
    assert "award_spin_mw" in out.read_text().splitlines()[0]
    assert "reserve adds" in called("dispatch", two, *asset)[1]


CONTRADICTIONS = [
    (["--no-export", "--export-limit", "5MW"], "--no-export and --export-limit contradict"),
    (["--grid-limit", "5MW", "--import-limit", "6MW"], "--import-limit is 6 MW and --grid-limit"),
    (["--no-import", "--no-export", "--grid-limit", "5MW"], "leave nothing that --grid-limit"),
    (["--cyclic", "--start", "0.2"], "--cyclic and --start exclude"),
    (["--mode", "both"], "--mode is 'both'"),
    (["--foresight", "oracle"], "--foresight is 'oracle'"),
    (["--foresight", "rolling", "--reserve", "r.yaml"], "--foresight rolling is another question"),
    (["--foresight", "compare", "--intraday", "i.csv"], "choose one of the methods"),
    (["--window", "48h"], "--window says nothing to --foresight perfect"),
    (["--foresight", "naive", "--forecast", "yesterday"], "--forecast says nothing to --foresight naive"),
    (["--foresight", "rolling", "--forecast", "yesteryear"], "did you mean 'yesterday'"),
    (["--foresight", "rolling", "--published", "25:00"], "no time of day"),
    (["--foresight", "rolling", "--window", "soon"], "--window 'soon' is no length"),
    (["--train", "9"], "no two time steps are left"),
    (["--pv-capacity", "5MW"], "--pv-capacity says how --pv is read"),
    (["--load", "much"], "--load: 'much' is neither a file that exists nor a power"),
    (["--load", "5MW", "--load-column", "a"], "--load-column says how a file is read"),
    (["--unit", "a"], "give the network as --asset"),
    (["--cycles-per-day", "-1"], "--cycles-per-day is -1"),
    (["--buy-adder", "5USD/MWh"], "expected EUR/MWh"),
    (["--self-discharge", "2MW"], "--self-discharge: 'MW' cannot be turned into 'ratio/hour'"),
    (["--report", "page.pdf"], "a page is written as .html"),
    (["--out", "schedule.txt"], "a schedule is written as .csv, .parquet, .nc"),
]


@pytest.mark.parametrize(("arguments", "words"), CONTRADICTIONS)
def test_options_that_contradict_are_refused(called, two: Path, arguments: list[str], words: str) -> None:
    asset = ["--power", "5MW", "--energy", "6MWh", "--currency", "EUR"]
    status, out, err = called("dispatch", two, *asset, *arguments, "--json")
    assert (status, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_a_load_that_cannot_be_served_is_named_with_its_step(called, two: Path) -> None:
    status, _, err = called("dispatch", two, *SITE, "--load", "90MW", "--import-limit", "20MW")
    assert status == 3
    assert "the load of timestep 0 is 90 MW" in err


def test_a_profile_of_other_steps_is_refused_with_what_to_do(called, two: Path) -> None:
    sun = two.with_name("sun.csv")
    sun.write_text(
        "timestep,pv [MW]\n2025-06-01T10:00Z,1\n2025-06-01T10:30Z,3\n2025-06-01T11:00Z,5\n2025-06-01T11:30Z,7\n"
    )
    status, _, err = called("dispatch", two, *SITE, "--pv", sun)
    assert status == 2
    assert "resample one" in err
    document = json.loads(called("dispatch", two, *SITE, "--pv", sun, "--resample", "1h", "--json")[1])
    assert document["site"]["generated_mwh"] == pytest.approx(8.0)


def test_a_number_may_begin_with_its_point(called, two: Path) -> None:
    one, other = (
        json.loads(called("dispatch", two, *SITE, "--efficiency-charge", text, "--grid-limit", limit, "--json")[1])
        for text, limit in ((".93", ".5MW"), ("0.93", "0.5MW"))
    )
    assert one["objective"] == other["objective"] == pytest.approx(0.5 * 60 * 0.93 - 0.5 * 10)


def test_a_sheet_is_that_of_the_workbook_among_two_files(called, two: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.create_sheet("spot")
    for row in (("timestep", "price"), ("2025-06-01T10:00Z", 10), ("2025-06-01T11:00Z", 60)):
        book["spot"].append(row)
    book.save(two.with_name("book.xlsx"))
    call = ["dispatch", two.with_name("book.xlsx"), *SITE, "--intraday", two, "--sheet", "spot", "--json"]
    assert json.loads(called(*call)[1])["revenue"] == pytest.approx(50 * 60 - 50 * 10)


def test_a_column_without_unit_is_a_share_of_the_capacity_that_is_given(called, two: Path) -> None:
    """0.6 and 0.2 of 25 MW for an hour each are 20 MWh."""
    sun = beside(two, "sun.csv", "pv", [0.6, 0.2])
    call = ["dispatch", two, *SITE, "--pv", sun]
    document = json.loads(called(*call, "--pv-capacity", "25MW", "--json")[1])
    assert document["site"]["generated_mwh"] == pytest.approx(20.0)
    status, _, err = called(*call)
    assert status == 2
    assert "as in 'pv [MW]'" in err
    assert "--pv-capacity 25MW" in err


@pytest.mark.parametrize(
    ("header", "numbers", "words"),
    [
        ("pv", [0.6, 20.0], "share 20 is above the whole capacity of 25 MW"),
        ("pv_kw", [0.6, 0.2], "does not say its unit"),
        ("pv [furlong]", [0.6, 0.2], "is in furlong, no unit of power"),
    ],
)
def test_what_may_be_no_share_is_not_taken_as_one(
    called, two: Path, header: str, numbers: list[float], words: str
) -> None:
    sun = beside(two, "sun.csv", header, numbers)
    status, _, err = called("dispatch", two, *SITE, "--pv", sun, "--pv-capacity", "25MW")
    assert status == 2
    assert words in err


def test_a_battery_of_a_house_is_told_in_kwh_and_hundredths_of_cents(called, hand: Path) -> None:
    """4 W of 6 Wh on the hand case: 20,120 / 10^6 of money, and 8 Wh each way; the JSON stays in MWh."""
    call = ["dispatch", hand, "--power", "4W", "--energy", "6Wh", "--start", "0", "--end", "0", "--currency", "EUR"]
    rows = {
        cells[1].strip(): (cells[2].strip(), cells[3].strip())
        for cells in (line.split("│") for line in called(*call)[1].splitlines())
        if len(cells) == 5
    }
    assert rows["revenue"] == ("0.020", "EUR")
    assert rows["charged"] == rows["discharged"] == ("0.0080", "kWh")
    document = json.loads(called(*call, "--json")[1])
    assert document["charged_mwh"] == pytest.approx(8e-6)
    assert document["revenue"] == pytest.approx(0.02012)
