"""The ``claims`` command: filters, sums by group, and files, called as a user calls it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from cell2grid.cli import app, claims
from cell2grid.errors import EvidenceError
from cell2grid.evidence.exports import spreadsheet
from cell2grid.evidence.keeping.store import open_store
from cell2grid.evidence.records import Claim, Document, Label, Pages, Story, Tier

FIRMS = ("Birka Storage", "=SUM(A1)", "Vasa Cells")


def made(number: int) -> Claim:
    place = (
        f"It shipped {number} packs.",
        number * 30,
        number * 30 + 20,
        str(number),
        number * 30 + 11,
        number * 30 + 12,
    )
    return Claim(
        *("page", "s1", "deliveries", ("deliveries", "stake")[number % 2], FIRMS[number % 3], *place),
        *(float(number), float(number), float(number), ("pack", "percent")[number % 2]),
        object="Orsa Mines" if number % 2 else None,
        period_start=f"202{number % 5}-01-01",
        period_end=f"202{number % 5}-03-31",
        tier=(Tier.A, Tier.B)[number % 2],
    )


@pytest.fixture
def store(tmp_path: Path) -> str:
    path = tmp_path / "claims.db"
    document = Document("page", "page.txt", "text", "words", title="=1+1", publisher="The Paper")
    with open_store(path, create=True) as opened:
        opened.add(
            Pages((document,), (Story("s1", "page", Label.CORE, 0, 900),), (), tuple(made(n) for n in range(1, 13)))
        )
    return str(path)


def called(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["claims", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def values(store: str, *arguments: str) -> list[float]:
    return [row["value"] for row in json.loads(called("--store", store, "--json", *arguments))["claims"]]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--object", "orsa"), [1, 3, 5, 7, 9, 11]),
        (("--from", "2024-01-01"), [4, 9]),
        (("--to", "2020-12-31"), [5, 10]),
        (("--from", "2021-04-01", "--to", "2022-01-01"), [2, 7, 12]),
        (("--frame", "deliveries", "--limit", "2"), [1, 2]),
        (("--document", "page.txt", "--tier", "b"), [1, 3, 5, 7, 9, 11]),
        (("--label", "core", "--limit", "1"), [1]),
        (("--label", "other"), []),
        (("--subject", "VASA", "--sort", "value", "--descending"), [11, 8, 5, 2]),
        (("--source", "the paper", "--measure", "stake", "--limit", "2"), [1, 3]),
        (("--as-of", "2020-01-01"), []),
    ],
)
def test_filters_keep_what_they_say(store: str, arguments: tuple[str, ...], found: list[float]) -> None:
    assert values(store, *arguments) == found


def test_a_table_shows_so_many_and_says_that_there_are_more(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_SHOWN", 5)
    said = called("--store", store)
    assert "5 claims" in said
    assert "there are more than these 5" in said
    assert "there are more" not in called("--store", store, "--limit", "7")
    assert "7 claims" in called("--store", store, "--limit", "7")


def test_csv_is_printed_and_guarded(store: str) -> None:
    rows = list(csv.DictReader(io.StringIO(called("--store", store, "--csv", "--subject", "=sum"))))
    assert {row["subject"] for row in rows} == {"'=SUM(A1)"}
    assert {row["title"] for row in rows} == {"'=1+1"}
    assert [float(row["value"]) for row in rows] == [1, 4, 7, 10]
    assert rows[0]["quote"] == "It shipped 1 packs."


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet", ".xlsx"])
def test_a_file_is_of_the_kind_its_name_ends_in(store: str, suffix: str, tmp_path: Path) -> None:
    place = tmp_path / "new" / f"claims{suffix}"
    assert f"wrote 6 claims to {place}" in called("--store", store, "--tier", "A", "--out", str(place))
    found: list[Any]
    if suffix == ".csv":
        found = [float(row["value"]) for row in csv.DictReader(io.StringIO(place.read_text(encoding="utf-8")))]
    elif suffix == ".json":
        found = [row["value"] for row in json.loads(place.read_text(encoding="utf-8"))["claims"]]
    elif suffix == ".parquet":
        found = [value for (value,) in duckdb.sql(f"SELECT value FROM '{place}'").fetchall()]
    else:
        grid = load_workbook(place).active
        column = [cell.value for cell in grid[1]].index("value")
        found = [row[column].value for row in grid.iter_rows(min_row=2)]
    assert found == [2, 4, 6, 8, 10, 12]
    document = json.loads(called("--store", store, "--tier", "A", "--out", str(place), "--json"))
    assert document == {"out": str(place), "count": 6}
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_groups_are_counted_and_summed(store: str, tmp_path: Path) -> None:
    groups = json.loads(called("--store", store, "--by", "subject, month", "--measure", "stake", "--json"))["groups"]
    assert groups[0] == {
        "subject": "=SUM(A1)",
        "month": "2021-03",
        "unit": "percent",
        "claims": 1,
        "sum": 1.0,
        "mean": 1.0,
        "lowest": 1.0,
        "highest": 1.0,
    }
    said = called("--store", store, "--by", "measure")
    assert "2 groups" in said
    assert "deliveries" in said
    called("--store", store, "--by", "measure", "--out", str(tmp_path / "groups.xlsx"))
    grid = load_workbook(tmp_path / "groups.xlsx").active
    assert [[cell.value for cell in row] for row in grid] == [
        ["measure", "unit", "claims", "sum", "mean", "lowest", "highest"],
        ["deliveries", "pack", 6, 42, 7, 2, 12],
        ["stake", "percent", 6, 36, 6, 1, 11],
    ]


def test_more_claims_than_a_workbook_holds_are_refused_before_it_is_written(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 6)
    place = tmp_path / "claims.xlsx"
    with pytest.raises(EvidenceError, match="at most 5 claims"):
        called("--store", store, "--tier", "A", "--out", str(place))
    assert "wrote 5 claims" in called("--store", store, "--tier", "A", "--limit", "5", "--out", str(place))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--out", "claims.ods"), "ends in none of"),
        (("--from", "May"), "write it as 2026-01-31"),
        (("--as-of", "9999-01-01"), "still to come"),
        (("--sort", "size"), "it is one of page, value"),
        (("--limit", "0"), "give 1 or more"),
        (("--by", "colour"), "take one or more of"),
        (("--status", "nope"), "status 'nope' is not known"),
        (("--document", "none.txt"), "is not in store"),
    ],
)
def test_what_cannot_be_asked_is_an_error_of_the_call(store: str, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(EvidenceError, match=message) as refused:
        called("--store", store, *arguments)
    assert refused.value.exit_status == 2
