"""The command ``fleet`` as a user calls it: what it prints, refuses and ends with."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

HAND = "name,power,energy,start,end\nbig,4MW,6MWh,0,0\nsmall,1MW,6MWh,0,0\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two price files with two columns each, and two assets."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prices").mkdir()
    for name, prices in (("north", (10, 50, 10, 5000, 10)), ("south", (30, 10, 40, 20, 60))):
        rows = [f"2025-01-01T0{hour}:00:00,{price},{2 * price}" for hour, price in enumerate(prices)]
        (tmp_path / f"prices/{name}.csv").write_text("\n".join(["timestep,price,twice", *rows, ""]))
    (tmp_path / "prices/README.md").write_text("where these come from")
    (tmp_path / "assets.csv").write_text(HAND)
    return tmp_path


@pytest.fixture
def called(called):
    """Run ``fleet`` with arguments; the exit status, standard output and standard error come back."""

    return partial(called, "fleet")


def test_the_document_has_a_row_an_asset(called, folder: Path) -> None:
    """The big asset earns 20,120 in the north and 4·30 + 4·40 = 280 in the south."""
    status, out, err = called("assets.csv", "--prices", "prices", "--out", "out", "--currency", "EUR", "--json")
    document = json.loads(out)
    assert status == 0
    assert "dispatch" in err
    assert (document["assets"], document["price_years"], document["pairs"], document["failed"]) == (2, 2, 4, 0)
    assert document["ignored_files"] == ["README.md"]
    big = document["summary"][0]
    assert (big["best_objective"], big["worst_objective"], big["currency"]) == (20120.0, 280.0, "EUR")
    held = json.loads((folder / "out/summary.json").read_text())
    assert {**document, "out": 0, "wall_seconds": 0} == {**held, "out": 0, "wall_seconds": 0}
    assert (folder / "out/summary.csv").read_text().startswith("asset,currency,price_years")


def test_a_call_in_words_names_the_best_year_and_the_folder(called, folder: Path) -> None:
    status, out, _ = called("assets.csv", "--prices", "prices", "--out", "out", "--workers", "2")
    assert status == 0
    assert "20,120.00" in out
    assert "north 2025" in out
    assert "4 of 4 pairs have a schedule: 2 assets × 2 price years." in out
    assert "not price files: README.md" in out


def test_several_columns_are_several_series(called, folder: Path) -> None:
    columns = ("--price-column", "price", "--price-column", "twice")
    status, out, _ = called("assets.csv", "--prices", "prices", "--out", "out", *columns, "--json")
    assert status == 0
    big = json.loads(out)["summary"][0]
    assert (big["best_series"], big["best_objective"]) == ("north:twice", 40240.0)
    assert json.loads(out)["series"] == 4


def test_a_bad_price_file_is_named_before_any_work(called, folder: Path) -> None:
    (folder / "prices/south.csv").write_text("timestep,price\n2025-01-01T00:00,1\n2025-01-01T01:00,x\n")
    status, out, err = called("assets.csv", "--prices", "prices", "--out", "out")
    assert (status, out) == (2, "")
    assert "prices/south.csv:3: price 'x' is not a number" in err
    assert not (folder / "out").exists()


def test_where_no_pair_has_a_schedule_the_status_is_three(called, folder: Path) -> None:
    (folder / "assets.csv").write_text("name,power,energy,start,end\nfull,1kW,6MWh,0,1\n")
    status, out, err = called("assets.csv", "--prices", "prices", "--out", "out", "--json")
    document = json.loads(out)
    assert (status, document["solved"], document["failed"]) == (3, 0, 2)
    assert document["failures"][0]["status"] == "infeasible"
    assert "none of 2 pairs has a schedule; the first, asset 'full' in 'north' 2025:" in err
    # where one has, the others do not decide the status
    (folder / "assets.csv").write_text("name,power,energy,start,end\nfull,1kW,6MWh,0,1\nbig,4MW,6MWh,0,0\n")
    status, out, _ = called("assets.csv", "--prices", "prices", "--out", "other")
    assert status == 0
    assert "full, north 2025: infeasible" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["assets.csv", "--prices", "nowhere"], "nowhere: there is no such folder of price files"),
        (["nothing.csv", "--prices", "prices"], "nothing.csv: the file cannot be read"),
        (["assets.csv", "--prices", "prices", "--mode", "both"], "--mode is 'both', expected exclusive or relaxed"),
        (["assets.csv", "--prices", "prices", "--workers", "0"], "--workers is 0"),
        (["assets.csv", "--prices", "prices", "--price-column", "eur"], "no column 'eur'"),
        (["assets.csv", "--prices", "prices", "--currency", "XYZ"], "XYZ"),
        (["assets.csv", "--prices", "prices", "--price-column", "price", "--price-column", "price"], "stands twice"),
    ],
)
def test_a_wrong_call_is_refused(called, folder: Path, arguments: list[str], message: str) -> None:
    status, out, err = called(*arguments, "--out", "out")
    assert (status, out) == (2, "")
    assert message in " ".join(err.split())
    assert not (folder / "out/results").exists()


def test_another_fleet_in_the_same_folder_is_refused(called, folder: Path) -> None:
    assert called("assets.csv", "--prices", "prices", "--out", "out")[0] == 0
    status, _, err = called("assets.csv", "--prices", "prices", "--out", "out", "--mode", "relaxed")
    assert status == 2
    assert "differs in assets" in err
    assert called("assets.csv", "--prices", "prices", "--out", "out", "--mode", "relaxed", "--fresh")[0] == 0


def test_two_files_of_one_name_are_refused(called, folder: Path) -> None:
    (folder / "prices/north.parquet").write_bytes(b"")
    status, _, err = called("assets.csv", "--prices", "prices", "--out", "out")
    assert status == 2
    assert "would both be the series 'north'" in err
