"""``dispatch --slope`` and ``--slope-from``: the test of given prices as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

ASSET = ["--power", "10MW", "--energy", "10MWh", "--start", "0", "--end", "0"]


@pytest.fixture
def hand(tmp_path: Path) -> Path:
    path = tmp_path / "hand.csv"
    path.write_text("timestep,price [EUR/MWh]\n2025-01-01T00:00,20\n2025-01-01T01:00,60\n")
    return path


@pytest.fixture
def market(tmp_path: Path) -> tuple[Path, Path]:
    """Ten days of prices that rise by 0.5 EUR/MWh for each MW of load but for noise, and that load."""
    random, hours = np.random.default_rng(0), np.arange(240)
    load = 50.0 + 20.0 * np.sin(hours * np.pi / 12.0) - 60.0 * (hours > 200) + random.normal(size=240)
    price = 30.0 + 0.5 * load + random.normal(size=240)
    stamps = [str(np.datetime64("2025-01-01T00") + hour) + ":00" for hour in hours]
    files = []
    for name, header, values in (("prices", "price [EUR/MWh]", price), ("load", "residual [MW]", load)):
        path = tmp_path / f"{name}.csv"
        rows = [f"{stamp},{value:.4f}" for stamp, value in zip(stamps, values, strict=True)]
        path.write_text("\n".join([f"timestep,{header}", *rows, ""]))
        files.append(path)
    return files[0], files[1]


@pytest.mark.parametrize("slope", ["2", "2 EUR/MWh/MW", "2000 EUR/MWh/GW"])
def test_the_hand_case_expects_400_earns_nothing_and_could_earn_100(called, hand: Path, slope: str) -> None:
    """10 MW from 20 to 60 are 400; a slope of 2 moves both prices to 40; 5 MW earn 5 (50 - 30)."""
    status, out, err = called("dispatch", hand, *ASSET, "--slope", slope, "--json")
    document = json.loads(out)
    test = document["price_impact"]
    assert (status, err) == (0, "")
    assert document["objective"] == test["taker_expected"] == 400.0
    assert test["taker_earned"] == pytest.approx(0.0, abs=1e-9)
    assert test["objective"] == pytest.approx(100.0, abs=0.02)
    assert test["overstated"] == pytest.approx(300.0, abs=0.02)
    assert 0.0 <= test["gap"] <= 0.02
    assert (test["slope"], test["slope_unit"], test["estimate"]) == (2.0, "EUR/MWh/MW", None)


def test_without_a_slope_nothing_is_tested(called, hand: Path) -> None:
    assert json.loads(called("dispatch", hand, *ASSET, "--json")[1])["price_impact"] is None


def test_the_words_say_what_given_prices_overstate(called, hand: Path) -> None:
    _, out, _ = called("dispatch", hand, *ASSET, "--slope", "2 EUR/MWh/MW")
    words = " ".join(out.split())
    assert "that schedule earns 0.00, and one that knows it" in words
    assert "Given prices overstate what it can earn by 75.0%." in words


def test_a_slope_is_estimated_from_a_load_that_may_be_below_zero(called, market: tuple[Path, Path]) -> None:
    prices, load = market
    assert "-" in load.read_text().partition("\n")[2].replace("2025-", "")
    status, out, _ = called("dispatch", prices, *ASSET, "--slope-from", load, "--slope-column", "residual", "--json")
    test = json.loads(out)["price_impact"]
    assert status == 0
    assert test["estimate"]["low"] < 0.5 < test["estimate"]["high"]
    assert test["slope"] == pytest.approx(0.5, abs=0.1)
    assert (test["estimate"]["told"], test["estimate"]["count"], test["estimate"]["lags"]) == (True, 239, 24)
    assert test["taker_earned"] <= test["objective"] < test["taker_expected"]


def test_an_estimate_that_tells_nothing_tests_nothing_and_says_so(called, market: tuple[Path, Path]) -> None:
    prices, load = market
    rows = load.read_text().splitlines()
    values = np.random.default_rng(3).permutation([row.split(",")[1] for row in rows[1:]])
    shuffled = [f"{row.split(',')[0]},{value}" for row, value in zip(rows[1:], values, strict=True)]
    load.write_text("\n".join([rows[0], *shuffled, ""]))
    status, out, _ = called("dispatch", prices, *ASSET, "--slope-from", load, "--json")
    test = json.loads(out)["price_impact"]
    assert (status, test["estimate"]["told"]) == (0, False)
    assert test["taker_earned"] is test["objective"] is test["gap"] is None
    words = " ".join(called("dispatch", prices, *ASSET, "--slope-from", load)[1].split())
    assert "cannot be tested with it; give a slope with --slope" in words


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--slope", "0.1", "--slope-from", "load.csv"], "leave one out"),
        (["--slope-column", "load"], "--slope-from FILE"),
        (["--slope", "0.1 USD/MWh/MW"], "expected EUR/MWh/MW"),
        (["--slope", "0.1 EUR/MWh"], "different things"),
        (["--slope", "0.1..0.2 EUR/MWh/MW"], "range"),
        (["--slope", "2e6"], "1,000,000"),
        (["--slope", "nothing"], "write it as in"),
        (["--slope", "0.1", "--foresight", "naive"], "--foresight naive"),
        (["--slope", "0.1", "--intraday", "hand.csv"], "--intraday"),
        (["--slope-from", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_options_that_contradict_are_refused(called, hand: Path, options: list[str], said: str) -> None:
    status, out, err = called("dispatch", hand, *ASSET, *options)
    assert (status, out) == (2, "")
    assert said in err


def test_a_load_that_never_changes_is_refused_by_its_name(called, market: tuple[Path, Path]) -> None:
    prices, load = market
    rows = load.read_text().splitlines()
    load.write_text("\n".join([rows[0], *(f"{row.split(',')[0]},5" for row in rows[1:]), ""]))
    status, _, err = called("dispatch", prices, *ASSET, "--slope-from", load)
    assert status == 2
    assert "load.csv" in err
    assert "no slope can be told" in err
