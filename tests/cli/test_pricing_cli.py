"""The commands ``prices`` and ``fetch``: what they say, what they write, and that nothing is asked of the network."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from cell2grid.cli import app
from cell2grid.cli.price_options import step_minutes
from cell2grid.errors import Cell2gridError, InputError
from cell2grid.prices import read_prices
from cell2grid.prices.markets import aemo

SAMPLES = Path(__file__).parent.parent / "prices/samples"


def called(*arguments: str) -> Any:
    """What a command prints as JSON; its error is raised."""
    done = CliRunner().invoke(app, [*arguments, "--json"])
    if done.exception is not None:
        raise done.exception
    return json.loads(done.stdout)


@pytest.fixture
def prices(tmp_path: Path) -> str:
    path = tmp_path / "prices.csv"
    path.write_text(
        "timestep,price [EUR/MWh]\n2025-01-01 00:00,10\n2025-01-01 01:00,-20\n2025-01-01 02:00,\n2025-01-01 03:00,40\n"
    )
    return str(path)


def test_the_file_that_is_read_is_not_written_over(prices: str) -> None:
    before = Path(prices).read_bytes()
    with pytest.raises(InputError, match="is the file that is read"):
        called("prices", prices, "--gaps", "hold", "--out", prices)
    assert Path(prices).read_bytes() == before


def test_a_file_is_said_by_hand(prices: str) -> None:
    """Held, the prices are 10, −20, −20, 40: their mean is 2.5, and half of the time they are negative."""
    document = called("prices", prices, "--gaps", "hold", "--timezone", "Europe/Berlin")
    assert (document["mean"], document["lowest"], document["highest"]) == (2.5, -20.0, 40.0)
    assert document["negative_share"] == 0.5
    assert (document["first"], document["end"]) == ("2024-12-31T23:00:00Z", "2025-01-01T03:00:00Z")
    assert document["filled"] == 1
    assert document["filled_stretches"] == [
        {"first": "2025-01-01T01:00:00Z", "last": "2025-01-01T01:00:00Z", "steps": 1}
    ]
    assert (document["unit"], document["timezone"], document["timesteps"]) == ("EUR/MWh", "Europe/Berlin", 4)


def test_the_clean_file_is_the_series(prices: str, tmp_path: Path) -> None:
    out = tmp_path / "clean.parquet"
    document = called("prices", prices, "--gaps", "hold", "--resample", "30min", "--out", str(out))
    assert document["out"] == str(out)
    series = read_prices(out)
    assert series.price.tolist() == [10.0, 10.0, -20.0, -20.0, -20.0, -20.0, 40.0, 40.0]
    assert series.currency == "EUR"


def test_irregular_steps_are_weighed_by_their_length(tmp_path: Path) -> None:
    """15 min at 8, 45 min at 16 and, as the last, 45 min at 0: (0.25·8 + 0.75·16) / 1.75 = 8."""
    path = tmp_path / "odd.csv"
    path.write_text("timestep,price\n2025-01-01T00:00Z,8\n2025-01-01T00:15Z,16\n2025-01-01T01:00Z,0\n")
    document = called("prices", str(path), "--irregular")
    assert document["mean"] == 8.0
    assert document["resolution_minutes"] is None
    assert document["hours"] == 1.75


def test_what_was_done_is_said_in_words(prices: str) -> None:
    done = CliRunner().invoke(app, ["prices", prices, "--gaps", "interpolate", "--rate", "1.1 USD/EUR 2025-01-02"])
    assert done.exit_code == 0
    for words in (
        "1 step had no price and lie on a line",
        "Prices in EUR are turned into USD at 1.1 USD/EUR of 2025-01-02.",
        "Stamps have no offset and are taken as UTC; name their zone with --timezone.",
    ):
        assert words in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--gaps", "guess"], "gaps 'guess' is none of"),
        (["--resample", "soon"], "--resample 'soon' is no length of a step"),
        (["--resample", "3h", "--gaps", "hold"], "would reach over an end"),
        (["--out", "clean.txt"], r"clean\.txt: prices are written as \.csv or \.parquet"),
        (["--out", "none/clean.csv"], "does not exist; make it first"),
        (["--source", "aemo"], "give --source and --zone together"),
        (["--source", "epex", "--zone", "DE"], "source 'epex' is none of"),
        ([], r"prices\.csv:4: the price is missing"),
    ],
)
def test_a_wrong_call_is_refused(prices: str, arguments: list[str], words: str) -> None:
    with pytest.raises(Cell2gridError, match=words) as caught:
        called("prices", prices, *arguments)
    assert caught.value.exit_status == 2


@pytest.mark.parametrize(
    ("source", "zone"), [("aemo", "NSW1"), ("entsoe", "FR"), ("gridstatus", "CAISO/TH_SP15_GEN-APND")]
)
def test_a_saved_table_of_a_market_is_read(source: str, zone: str) -> None:
    path = next(SAMPLES.glob(f"{source}.*"))
    document = called("prices", str(path), "--source", source, "--zone", zone)
    assert document["timesteps"] > 30
    assert document["first"].endswith("Z")


def test_the_sources_are_listed() -> None:
    names = [each["name"] for each in called("fetch")["sources"]]
    assert names == ["aemo", "entsoe", "gridstatus"]


def test_what_a_market_gives_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is handed in where the network would be asked."""
    asked = []

    def given(zone: str, start: date, end: date, *, key: str | None) -> pd.DataFrame:
        asked.append((zone, start, end, key))
        return pd.read_csv(SAMPLES / "aemo.csv")

    monkeypatch.setattr(aemo, "fetch", given)
    out = tmp_path / "sa.csv"
    days = ("--from", "2025-01-01", "--to", "2025-01-02")
    document = called("fetch", "aemo", "SA1", *days, "--out", str(out), "--resample", "15min")
    assert asked == [("SA1", date(2025, 1, 1), date(2025, 1, 2), None)]
    assert (document["timesteps"], document["unit"]) == (12, "AUD/MWh")
    assert read_prices(out).timestep[0] == np.datetime64("2024-12-31T14:00")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["epex"], "source 'epex' is none of"),
        (["aemo", "SA1"], "fetch needs a zone, two days and a file"),
        (["aemo", "SA1", "--from", "May", "--to", "2025-01-02", "--out", "a.csv"], "--from 'May' is no day"),
        (["aemo", "SA1", "--from", "2025-01-02", "--to", "2025-01-02", "--out", "a.csv"], "the days from .* are none"),
        (["aemo", "XX", "--from", "2025-01-01", "--to", "2025-01-02", "--out", "a.csv"], "'XX' is none of NSW1"),
    ],
)
def test_a_wrong_question_is_refused(arguments: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        called("fetch", *arguments)


@pytest.mark.parametrize(("text", "minutes"), [("15min", 15.0), ("1h", 60.0), ("90 s", 1.5), ("1d", 1440.0)])
def test_lengths_of_steps_are_read(text: str, minutes: float) -> None:
    assert step_minutes("--resample", text) == minutes
