"""Sheets of claims: what goes into CSV, Excel, Parquet and JSON comes out again, and nothing of it is a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cell2grid.errors import EvidenceError
from cell2grid.evidence.exports import spreadsheet
from cell2grid.evidence.exports.delimited import guarded, shown, unguarded, write_csv
from cell2grid.evidence.exports.json_pieces import pieces
from cell2grid.evidence.exports.parquet import write_snapshot
from cell2grid.evidence.exports.sheets import CLAIM_COLUMNS, Kind, Sheet, claims_sheet, filed_row, groups_sheet
from cell2grid.evidence.exports.spreadsheet import write_xlsx
from cell2grid.evidence.exports.writing import write
from cell2grid.evidence.keeping.listing import Filed, Source
from cell2grid.evidence.records import Claim, Tier

HOSTILE = (
    *('=HYPERLINK("http://news.example","click")', "+1-2", "-5 %", "@SUM(A1:A9)", "\t=1", "\r=1", "  =1", "\u200b=1+1"),
    *("＝１＋１", "'=1", "' \t", "=cmd|'/c calc'!A0", "\n-2+3"),
)


def filed(number: int = 0, **slots: Any) -> Filed:
    known: dict[str, Any] = {
        "document": "d" * 64,
        "story": "s1",
        "frame": "change",
        "measure": "change",
        "subject": "Nordic Cells",
        "quote": "Sales of Nordic Cells fell 5 %.",
        "start": 10,
        "end": 41,
        "value_text": "fell 5 %",
        "value_start": 32,
        "value_end": 40,
        "value": -5.25,
        "low": -5.5,
        "high": None,
        "unit": "percent",
        "object": None,
        "period_start": "2025-01-01",
        "period_end": "2025-03-31",
        "direction": "down",
        "tier": Tier.A,
        "inherited": ("subject", "period"),
        "alternatives": ({"value": -4.0},),
    }
    source = Source("cells.txt", "A quarter", "The Quay", "2025-04-02", "https://news.example/1")
    claim = Claim(**{**known, "id": f"{number:016x}", **slots})
    return Filed(claim, "accepted", "2026-02-03T04:05:06.700000+00:00", source)


# --- cells --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_that_would_be_a_formula_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["5 %", "", "Škoda", "a=b", "'quoted' words", "1+1", "(-5)", "宁德时代"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text == unguarded(text)


@given(st.text(alphabet=st.one_of(st.sampled_from("='+-@ \t\r\n\u200b＝'"), st.characters())))
def test_guarding_loses_nothing_and_lets_no_formula_through(text: str) -> None:
    safe = guarded(text)
    assert unguarded(safe) == text
    assert safe.lstrip(" \n\u200b\ufeff\u3000")[:1] not in tuple("=+-@＝＋－＠\t\r")


def test_what_cannot_be_shown_is_marked() -> None:
    assert shown("a\x00b\x1b[31m\u0085c\r\nd\re") == "a�b�[31m�c\nd\ne"


def test_every_slot_of_a_claim_has_a_column() -> None:
    assert set(filed_row(filed())) == set(CLAIM_COLUMNS)
    columns = list(CLAIM_COLUMNS)
    assert columns.index("quote") - columns.index("unit") <= 2, "the sentence stands beside the value"


# --- CSV ----------------------------------------------------------------------------------------------------------


def test_csv_comes_out_as_it_went_in(tmp_path: Path) -> None:
    every = [filed(number, quote=text, subject=text) for number, text in enumerate(HOSTILE)] + [
        filed(99, quote='a,"b"\nc')
    ]
    assert write(tmp_path / "claims.csv", claims_sheet(every)) == len(every)
    with (tmp_path / "claims.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row, each in zip(rows, every, strict=True):
        assert unguarded(row["quote"]) == shown(each.claim.quote)
        assert (row["value"], row["low"], row["high"]) == ("-5.25", "-5.5", "")
        assert (row["period_end"], row["recorded_at"]) == ("2025-03-31", "2026-02-03T04:05:06.700000Z")
        assert (row["inherited"], json.loads(row["alternatives"])) == ("subject, period", [{"value": -4.0}])
    text = (tmp_path / "claims.csv").read_text(encoding="utf-8")
    assert not any(cell.strip()[:1] in "=@" for row in rows for cell in row.values() if cell.strip())
    assert "\r" not in text


def test_numbers_in_csv_stay_numbers() -> None:
    stream = io.StringIO()
    write_csv(Sheet("n", {"value": Kind.NUMBER}, iter([{"value": -1e21}, {"value": 0.1}, {"value": None}])), stream)
    assert stream.getvalue() == 'value\n-1e+21\n0.1\n""\n'


# --- Excel --------------------------------------------------------------------------------------------------------


def opened(path: Path) -> Iterator[dict[str, Any]]:
    grid = load_workbook(path).active
    names = [cell.value for cell in grid[1]]
    for row in grid.iter_rows(min_row=2):
        yield dict(zip(names, row, strict=True))


def test_nothing_in_a_workbook_is_a_formula(tmp_path: Path) -> None:
    every = [filed(n, quote=text, subject=text, value_text=text, object=text) for n, text in enumerate(HOSTILE)]
    write(tmp_path / "claims.xlsx", claims_sheet(every))
    for row, each in zip(opened(tmp_path / "claims.xlsx"), every, strict=True):
        for name in ("quote", "subject", "value_text"):
            assert row[name].value == shown(each.claim.quote)
            assert row[name].data_type == "s"
            assert row[name].quotePrefix
        assert not any(cell.data_type == "f" for cell in row.values())
        assert not any(row[name].quotePrefix for name in ("unit", "value", "start", "period_start"))


def test_a_workbook_keeps_numbers_days_and_times(tmp_path: Path) -> None:
    every = [filed(0), filed(1, value=None, low=2.0, high=3.0, period_start=None), filed(2, period_start="1899-05-01")]
    assert write(tmp_path / "claims.xlsx", claims_sheet(every)) == 3
    first, second, third = opened(tmp_path / "claims.xlsx")
    assert (first["value"].value, first["value"].data_type, first["start"].value) == (-5.25, "n", 10)
    assert first["period_start"].value == datetime(2025, 1, 1)
    assert (first["period_start"].is_date, first["period_start"].number_format) == (True, "yyyy-mm-dd")
    assert first["recorded_at"].value == datetime(2026, 2, 3, 4, 5, 6, 700000)
    assert first["date"].value == datetime(2025, 4, 2)
    assert (second["value"].value, second["low"].value, second["period_start"].value) == (None, 2.0, None)
    assert third["period_start"].value == "1899-05-01"
    grid = load_workbook(tmp_path / "claims.xlsx").active
    assert grid.freeze_panes == "A2"
    assert grid.auto_filter.ref == f"A1:{grid.cell(1, len(CLAIM_COLUMNS)).column_letter}4"
    widths = {cell.value: grid.column_dimensions[cell.column_letter].width for cell in grid[1]}
    assert widths["quote"] > widths["unit"]


def test_what_a_workbook_cannot_hold_is_marked(tmp_path: Path) -> None:
    long = "word " * 7_000
    every = [filed(0, quote="bell\x07 and vertical\x0b tab\ufffe"), filed(1, quote=long), filed(2, quote="🔋" * 20_000)]
    write(tmp_path / "claims.xlsx", claims_sheet(every))
    first, second, third = (row["quote"].value for row in opened(tmp_path / "claims.xlsx"))
    assert first == "bell� and vertical� tab�"
    assert second == f"{long[: 32_767 - 8]} … (cut)"
    assert third == f"{'🔋' * ((32_767 - 8) // 2)} … (cut)"


def test_more_rows_than_excel_has_are_refused_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert spreadsheet.MOST_ROWS == 1_048_576
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 4)
    assert write(tmp_path / "claims.xlsx", claims_sheet([filed(n) for n in range(3)])) == 3
    before = (tmp_path / "claims.xlsx").read_bytes()
    with pytest.raises(EvidenceError, match=r"at most 3 claims below the heading.*--limit"):
        write(tmp_path / "claims.xlsx", claims_sheet([filed(n) for n in range(4)]))
    assert (tmp_path / "claims.xlsx").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["claims.xlsx"]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_text_in_a_workbook(text: str) -> None:
    stream: Any = io.BytesIO()
    write_xlsx(Sheet("s", {"words": Kind.TEXT}, iter([{"words": text}])), stream)
    cell = load_workbook(stream).active["A2"]
    assert (cell.value or "") == shown(text)
    assert cell.data_type == ("s" if text else "n")


# --- Parquet and JSON -------------------------------------------------------------------------------------------------


def test_parquet_keeps_values_types_and_order(tmp_path: Path) -> None:
    every = [filed(2), filed(1, value=None, period_end=None, start=None), filed(3, value=1e300)]
    assert write(tmp_path / "claims.parquet", claims_sheet(every)) == 3
    found = duckdb.sql(f"FROM '{tmp_path / 'claims.parquet'}'")
    kinds = dict(zip(found.columns, map(str, found.types), strict=True))
    assert [kinds[name] for name in ("value", "start", "period_end", "recorded_at", "quote")] == [
        *("DOUBLE", "BIGINT", "DATE", "TIMESTAMP", "VARCHAR"),
    ]
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    assert [row["id"] for row in rows] == [each.claim.id for each in every]
    assert [row["value"] for row in rows] == [-5.25, None, 1e300]
    assert (rows[0]["period_end"], rows[0]["recorded_at"]) == (date(2025, 3, 31), datetime(2026, 2, 3, 4, 5, 6, 700000))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.text(), st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))), max_size=5)
)
def test_any_text_and_number_comes_back_from_parquet(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    place = tmp_path_factory.mktemp("parquet") / "rows.parquet"
    columns = {"words": Kind.TEXT, "value": Kind.NUMBER}
    write(place, Sheet("rows", columns, iter([{"words": words, "value": value} for words, value in rows])))
    assert duckdb.sql(f"FROM '{place}'").fetchall() == rows


def test_a_snapshot_is_the_same_whatever_the_order_and_time(tmp_path: Path) -> None:
    every = [filed(number, value=float(number)) for number in range(50)]
    later = [Filed(each.claim, each.status, "2027-01-01T00:00:00+00:00", each.source) for each in reversed(every)]
    moved = [Filed(each.claim, each.status, each.recorded_at, each.source._replace(path="x/y.txt")) for each in every]
    hashes = set()
    for name, some in (("a", every), ("b", later), ("c", moved)):
        count, digest = write_snapshot(some, tmp_path / name)
        hashes.add((count, digest, (tmp_path / name).read_bytes()))
    assert len(hashes) == 1
    other = write_snapshot([*every[:-1], filed(49, value=50.0)], tmp_path / "d")
    fewer = write_snapshot(every[:-1], tmp_path / "e")
    assert len({digest for _, digest, _ in hashes} | {other[1], fewer[1]}) == 3
    columns = duckdb.sql(f"FROM read_parquet('{tmp_path / 'a'}')").columns
    assert "recorded_at" not in columns
    assert {"quote", "document", "title", "value", "status"} <= set(columns)


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        max_size=4,
    )
)
def test_pieces_are_together_what_json_gives(document: dict[str, Any]) -> None:
    streamed = {key: iter(value) if isinstance(value, list) else value for key, value in document.items()}
    assert "".join(pieces(streamed)) == json.dumps(document, ensure_ascii=False, indent=2)


def test_json_holds_the_records_under_the_name_of_the_sheet(tmp_path: Path) -> None:
    groups = [{"month": "2025-03", "unit": "GWh", "claims": 2, "sum": 3.0, "mean": 1.5, "lowest": 1.0, "highest": 2.0}]
    assert write(tmp_path / "g.json", groups_sheet(["month"], groups)) == 1
    assert json.loads((tmp_path / "g.json").read_text(encoding="utf-8")) == {"groups": groups}
    assert write(tmp_path / "c.json", claims_sheet([filed()])) == 1
    (row,) = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["claims"]
    assert (row["document"], row["status"], row["publisher"]) == ("cells.txt", "accepted", "The Quay")


def test_a_name_that_says_no_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"ends in none of \.csv, \.json, \.parquet, \.xlsx"):
        write(tmp_path / "claims.ods", claims_sheet([]))
    with pytest.raises(EvidenceError, match="cannot be written"):
        write(Path("/dev/null/claims.csv"), claims_sheet([]))
