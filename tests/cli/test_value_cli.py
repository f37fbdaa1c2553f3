"""The command ``value`` as a user calls it: what it prints, writes and refuses, and how it ends."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from cell2grid.cli.value_words import say, unit_for

PROJECT = """project: bare
power: 10 MW
energy: 10 MWh
finance: {capital_cost: 250 EUR/kWh, discount_rate: 10 percent/year, life: 2 year}
"""
FULL = """project: whole
sources:
  offer: {title: An offer, publisher: Fabrikam, date: 2026-01}
power: 10 MW
energy: 20 MWh
technology: lfp-2h
commissioning: 2 .. 8 month
finance:
  capital_cost: "200 .. 220 EUR/kWh [offer]"
  fixed_cost: "9 EUR/kW/year [assumed: as others]"
  discount_rate: 7 percent/year
  life: 6 year
  debt: {rate: 4 percent/year, tenor: 4 year, cover: 1.3 ratio}
  tax: {rate: 20 percent}
ageing: {cells: naumann-2020-lfp-sony}
contracts:
  - {kind: capacity, price: 20 EUR/kW/year, years: 3 year}
"""
Called = Callable[..., tuple[int, str, str]]


@pytest.fixture
def called(called: Called, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Called:
    """Run ``value`` beside two projects and a week of 10 and 50 EUR/MWh in turn; status, output and error come back."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bare.yaml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "whole.yaml").write_text(FULL, encoding="utf-8")
    hours = [f"2025-01-{day + 1:02}T{hour:02}:00Z,{50 if hour % 2 else 10}" for day in range(7) for hour in range(24)]
    (tmp_path / "week.csv").write_text("\n".join(["timestep,price [EUR/MWh]", *hours, ""]), encoding="utf-8")

    return partial(called, "value")


def test_the_document_has_what_a_committee_asks_for(called: Called) -> None:
    """A week of 84 cycles of 400 EUR stands for the year: 33,600 EUR times 8,760 hours over 168."""
    status, out, _ = called("bare.yaml", "--prices", "week.csv", "--json")
    told = json.loads(out)
    earned = 84 * 400 * 8760 / 168
    assert status == 0
    assert told["npv"] == pytest.approx(-2.5e6 + earned / 1.1 + earned / 1.21)
    assert {"npv", "irr", "lcos", "payback", "debt_cover", "state_of_health", "yearly"} <= set(told)
    assert [row["year"] for row in told["yearly"]] == [0, 1, 2]
    assert told["yearly"][0]["state_of_health"] is None
    assert any("cover 7 days, which stand for the whole year" in note for note in told["notes"])


def test_members_have_a_spread_and_figures_their_sources(called: Called) -> None:
    status, out, _ = called("whole.yaml", "--prices", "week.csv", "--members", 20, "--out", "tables", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["members"]["count"] == 20
    assert told["members"]["spread"]["npv"]["p10"] < told["members"]["spread"]["npv"]["p90"]
    sources = {row["figure"]: row["sources"] for row in told["assumptions"]}
    assert sources["finance.capital_cost"] == ["An offer, Fabrikam, 2026-01"]
    assert sources["finance.fixed_cost"] == ["assumed: as others"]
    assert len(told["delay"]["npv_by_month"]) == 13
    names = {Path(file).stem for file in told["out"]}
    assert {"life", "cash_flow", "members", "delay"} <= names
    with Path("tables/members.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 20


def test_the_terminal_tells_it_in_eighty_columns(called: Called, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    status, out, err = called("whole.yaml", "--prices", "week.csv", "--members", 5, "--tornado")
    assert (status, err) == (0, "")
    tables = [line for line in out.splitlines() if line.startswith(("┏", "│", "└"))]
    assert max(map(len, tables)) <= 80
    heading = next(line for line in out.splitlines() if "health" in line and "cycles" in line)
    assert heading.replace("┃", " ").split() == [
        "year",
        "health",
        "cycles",
        "market",
        "other",
        "costs",
        "tax",
        "debt",
        "cash",
    ]
    assert "least debt cover" in out
    assert "Over 5 members" in out
    assert "finance.capital_cost" in out


def test_what_a_project_has_not_is_not_told(called: Called) -> None:
    _, out, _ = called("bare.yaml", "--prices", "week.csv")
    assert "equity" not in out
    assert "debt" not in out
    assert "other:" not in out
    assert "real: every amount is money of the day of commissioning" in out


def test_a_name_cannot_write_on_the_terminal(called: Called) -> None:
    named = PROJECT.replace("project: bare", 'project: "[red]bare[/red] \\u202e backwards"')
    Path("bare.yaml").write_text(named, encoding="utf-8")
    _, out, _ = called("bare.yaml", "--prices", "week.csv")
    assert "[red]bare[/red]" in out
    assert "\u202e" not in out


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0.0, (1.0, "")),
        (9_999.0, (1.0, "")),
        (10_000.0, (1e3, "thousand ")),
        (1e8, (1e6, "million ")),
        (3e13, (1e9, "billion ")),
        (9e18, (1e9, "billion ")),
    ],
)
def test_large_money_is_told_in_thousands_millions_and_billions(most: float, expected: tuple[float, str]) -> None:
    assert unit_for([most, -most / 2, None]) == expected


def test_a_document_without_rates_of_return_is_told(called: Called, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = called("bare.yaml", "--prices", "week.csv", "--members", 2, "--json")
    told = json.loads(out)
    told |= {"irr": None, "npv": None, "payback": None, "commissioning": None, "lcos": None}
    told["delay"]["cost_of_first_month"] = None
    for found in told["members"]["spread"].values():
        found |= dict.fromkeys(found)
    told["members"] |= {"below_zero": None, "never_commissioned": 2, "several_irr": 1}
    say(told)
    out = capsys.readouterr().out
    assert "never" in out
    assert "2 members never commissioned" in out
    assert "1 member with several rates of return" in out


def test_an_example_to_begin_with_is_printed_and_can_be_valued(called: Called) -> None:
    status, out, _ = called("--example")
    assert status == 0
    Path("mine.yaml").write_text(out, encoding="utf-8")
    status, out, _ = called("mine.yaml", "--prices", "week.csv", "--json")
    assert status == 0
    assert json.loads(out)["debt"] > 0.0


REFUSED = [
    ("capital_cost: 250", "capital_cost: -250", 2, "bare.yaml:4:25: finance.capital_cost: '-250 EUR/kWh' is below 0"),
    ("10 percent/year", "-150 percent/year", 2, "finance.discount_rate: -150 percent/year is below -99 percent/year"),
    ("life: 2 year", "life: 0 year", 2, "finance.life: 0 year is below 1 year, the least it can be"),
    ("life: 2 year", "life: 2 year, fixed_cost: 5 USD/kW/year", 2, "add a dated rate in EUR/USD to exchange_rates"),
    ("power: 10 MW", "power: 0 MW", 2, "power: '0 MW' is not above 0 MW; a project has a size"),
    ("power: 10 MW", "power: 10 MW\nageing: {cells: nobody-1999}", 2, "ageing.cells: no cells 'nobody-1999' ship"),
    (
        "project: bare",
        "project: bare\nprices: {currency: USD}",
        2,
        "'USD' is not the currency of the capital cost, EUR",
    ),
    (
        "life: 2 year",
        "life: 2 year, debt: {rate: 90 percent/year, tenor: 2 year, share: 90 percent}",
        3,
        "project 'bare': its debt of 2,250,000 cannot be served; in year 1 there is cash of",
    ),
]


@pytest.mark.parametrize(("old", "new", "status", "said"), REFUSED)
def test_what_cannot_be_valued_ends_with_field_value_and_bound(
    called: Called, old: str, new: str, status: int, said: str
) -> None:
    Path("bare.yaml").write_text(PROJECT.replace(old, new), encoding="utf-8")
    ended, out, err = called("bare.yaml", "--prices", "week.csv", "--json")
    assert (ended, out) == (status, "")
    assert err.startswith("error: ")
    assert said in err


CALLS = [
    (("bare.yaml",), "the project has no prices; give --prices PRICES.csv"),
    (("nobody.yaml", "--synthetic", "1"), "nobody.yaml: cannot be read"),
    (("bare.yaml", "--prices", "nothing.csv"), "nothing.csv: the file cannot be read"),
    (("bare.yaml", "--prices", "week.csv", "--synthetic", "1"), "give either --prices or --synthetic SEED"),
    (("bare.yaml", "--prices", "week.csv", "--prices", "week.csv"), "--prices week.csv stands twice"),
    (("bare.yaml", "--prices", "week.csv", "--members", "0"), "members is 0, expected 1 to 1000000"),
    (("bare.yaml", "--prices", "week.csv", "--workers", "0"), "workers is 0, expected 1 to 1024"),
    (("bare.yaml", "--prices", "week.csv", "--swing", "0"), "--swing is 0, expected above 0 to 90 percent"),
    (("bare.yaml", "--prices", "week.csv", "--swing", "100"), "--swing is 100, expected above 0 to 90 percent"),
    (("bare.yaml", "--prices", "week.csv", "--out", "week.csv"), "week.csv: is a file; name a folder"),
    (("bare.yaml", "--prices", "week.csv", "--rate", "1.25 EUR/USD 2025-01-02"), "give '0.8 USD/EUR 2025-01-02'"),
    (("bare.yaml", "--prices", "week.csv", "--currency", "USD"), "the prices are in EUR, and USD is asked for"),
]


@pytest.mark.parametrize(("arguments", "said"), CALLS)
def test_a_call_that_cannot_be_is_refused(called: Called, arguments: tuple[str, ...], said: str) -> None:
    status, out, err = called(*arguments)
    assert (status, out) == (2, "")
    assert said in err


def test_cash_that_never_turns_has_no_rate_and_says_so(called: Called) -> None:
    week = Path("week.csv").read_text(encoding="utf-8").replace(",50", ",10")
    Path("week.csv").write_text(week, encoding="utf-8")
    status, out, _ = called("bare.yaml", "--prices", "week.csv", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["irr"] is None
    assert told["irr_reason"] == "the cash flow never changes its sign"


def test_cash_that_turns_twice_says_which_rates_there_are(called: Called) -> None:
    """-2.5 M to build, much in the first year, and 5 M to take it away at the end: two rates make it nothing."""
    cleared = PROJECT.replace(
        "life: 2 year", "life: 2 year, residual_value: -600 EUR/kWh, subsidy: {grant: 70 percent}"
    )
    Path("bare.yaml").write_text(cleared, encoding="utf-8")
    week = Path("week.csv").read_text(encoding="utf-8").replace(",50", ",105")
    Path("week.csv").write_text(week, encoding="utf-8")
    status, out, _ = called("bare.yaml", "--prices", "week.csv", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["irr"] is None
    assert "several rates of return" in told["irr_reason"]


def test_a_life_that_ends_within_a_year_and_a_single_day_are_told_as_they_are(called: Called) -> None:
    Path("part.yaml").write_text(FULL.replace("life: 6 year", "life: 4.5 year"), encoding="utf-8")
    week = Path("week.csv").read_text(encoding="utf-8").splitlines()
    Path("day.csv").write_text("\n".join([*week[:25], ""]), encoding="utf-8")
    _, out, err = called("part.yaml", "--prices", "day.csv")
    told = " ".join(out.split())
    assert "state of health at the end" in told, err
    assert "5 years" not in told
    assert "cover 1 day, which stand for the whole year" in told
