"""The command ``size`` as a user calls it: its map, its search, what it writes, refuses and ends with."""

from __future__ import annotations

import csv
import json
from functools import partial
from pathlib import Path

import pytest

from cell2grid.cli.size import bounds
from cell2grid.errors import InputError

PROJECT = """project: bare
power: 10 MW
energy: 10 MWh
export_limit: 12 MW
finance: {capital_cost: 100 EUR/kWh, discount_rate: 0 percent/year, life: 2 year}
"""


@pytest.fixture
def called(called, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run ``size`` on a bare project at 10 and 50 EUR/MWh in turn; exit status, standard output and error come back."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bare.yaml").write_text(PROJECT)
    for name, high in (("one", 50), ("two", 30)):
        rows = [
            f"2025-01-{day + 1:02}T{hour:02}:00Z,{high if hour % 2 else 10}" for day in range(7) for hour in range(24)
        ]
        (tmp_path / f"{name}.csv").write_text("\n".join(["timestep,price", *rows, ""]))

    return partial(called, "size")


def test_the_map_is_that_of_the_hand_case(called) -> None:
    """350,400 EUR for each MW that can be sent, up to 12, less 100,000 for each MWh; half of it at 30 EUR/MWh."""
    status, out, _ = called(
        "bare.yaml", "--prices", "one.csv", "--prices", "two.csv", "--power", "6..18", "--hours", "1..2",
        "--grid", "3x2", "--out", "sizes", "--page", "size.html", "--json",
    )  # fmt: skip
    told = json.loads(out)
    assert status == 0
    assert (told["best"]["power"], told["best"]["hours"], told["best"]["at_bound"]) == (12.0, 1.0, ["hours"])
    assert told["best"]["npv_high"] == pytest.approx(12 * 250_400.0)
    assert told["best"]["npv_low"] == pytest.approx(12 * 75_200.0)
    assert told["best"]["npv"] == pytest.approx(12 * 162_800.0)
    assert told["price_years"]["count"] == 2
    assert len(told["map"]) == 6
    with Path("sizes/size_map.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["best"] for row in rows].count("True") == 1
    page = Path("size.html").read_text(encoding="utf-8")
    assert "12 MW" in page
    assert "finance.capital_cost" in page


def test_words_show_the_map_the_best_size_and_the_bounds_that_nobody_named(called) -> None:
    status, out, _ = called("bare.yaml", "--prices", "one.csv", "--grid", "3x3")
    assert status == 0
    assert "bare: NPV [million EUR]" in out
    assert out.count("*") == 1
    assert "The best size is 12.5 MW for 1.25 h" in out
    assert "--power is not given: 5 to 20 MW are tried, half to twice the project's own" in out
    assert "cover 7 days, which stand for the whole year" in out


def test_a_search_finds_the_connection_and_an_hour(called) -> None:
    status, out, _ = called(
        "bare.yaml", "--prices", "one.csv", "--power", "5..22", "--hours", "0.4..3.1", "--search", "--json"
    )
    told = json.loads(out)
    assert status == 0
    assert told["search"]["converged"]
    assert told["best"]["energy"] == pytest.approx(12.0, rel=0.03)
    assert told["search"]["valuations"] == len(told["map"])


def test_what_says_nothing_beside_the_rest_is_named(called) -> None:
    bare = ("bare.yaml", "--prices", "one.csv", "--power", "10", "--hours", "1")
    assert "--grid 3x3 is not used: --search chooses" in called(*bare, "--search", "--grid", "3x3")[1]
    assert "--tolerance 0.1 is not used: it is for --search" in called(*bare, "--grid", "1x1", "--tolerance", "0.1")[1]
    assert "not used" not in called(*bare, "--search", "--tolerance", "0.1")[1]


def test_units_of_bounds_are_read() -> None:
    assert bounds("--power", "0.05..0.2 GW", "MW") == (50.0, 200.0)
    assert bounds("--hours", "90 .. 240 min", "hour") == (1.5, 4.0)


@pytest.mark.parametrize("text", ["", "8..1", "much", "50..200 MWh", "nan", "50-200"])
def test_bounds_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="--power"):
        bounds("--power", text, "MW")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--grid", "10"], "--grid '10'"),
        (["--grid", "0x5"], "--grid '0x5'"),
        (["--grid", "999x999"], "sizes are more than 2,500"),
        (["--power", "0..5"], "power is from 0 to 5 MW"),
        (["--hours", "1..5000"], "hours is from 1 to 5000 hour"),
        (["--hours", "8..1"], "write it as in 1..8"),
        (["--workers", "0"], "workers is 0"),
        (["--price-years", "0"], "price years is 0"),
        (["--search", "--tolerance", "0"], "tolerance is 0"),
        (["--page", "size.txt"], "is no page"),
        (["--page", "nowhere/size.html"], "does not exist"),
    ],
)
def test_what_cannot_be_is_refused_by_name(called, arguments: list[str], said: str) -> None:
    status, out, err = called("bare.yaml", "--prices", "one.csv", *arguments)
    assert (status, out) == (2, "")
    assert said in " ".join(err.split())


def test_a_debt_that_no_size_can_serve_ends_with_its_own_status(called) -> None:
    lent = PROJECT.replace(
        "life: 2 year", "life: 2 year, debt: {rate: 5 percent/year, tenor: 2 year, share: 100 percent}"
    )
    Path("lent.yaml").write_text(lent.replace("100 EUR/kWh", "900 EUR/kWh"))
    status, _, err = called("lent.yaml", "--prices", "one.csv", "--grid", "2x2")
    assert status == 3
    assert "no size has a value" in err
