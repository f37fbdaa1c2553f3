"""The command ``dispatch`` as a user calls it: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from cell2grid.cli import main
from cell2grid.prices import read_prices, synthetic_year

ASSET = ["--power", "4MW", "--energy", "6MWh", "--start", "0", "--end", "0"]


@pytest.fixture
def hand(tmp_path: Path) -> Path:
    path = tmp_path / "hand.csv"
    rows = [f"2025-01-01T0{hour}:00:00,{price}" for hour, price in enumerate([10, 50, 10, 5000, 10])]
    path.write_text("\n".join(["timestep,price", *rows, ""]))
    return path


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run the program with arguments; the exit status, standard output and standard error come back."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["cell2grid", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


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
