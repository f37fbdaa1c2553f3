"""The ``export`` command: which files it writes, from which claims, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from cell2grid.cli import app
from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping.store import open_store
from cell2grid.evidence.records import Claim, Document, Label, Pages, Story, Tier


def stake(page: int, holder: str | None, value: float, tier: Tier = Tier.A) -> Claim:
    quote = f"{holder} holds {value:g}% of Birka Storage."
    place = (f"{page:064x}", "s1", "stake", "stake", holder, quote, 0, len(quote), f"{value:g}%", 5, 9)
    return Claim(*place, value, value, value, "percent", object="Birka Storage", tier=tier)


def filled(path: Path, pages: list[int]) -> str:
    with open_store(path, create=True) as store:
        for number in pages:
            known = Document(f"{number:064x}", f"{number}.txt", "text", "words", "Stakes", "The Quay", "2025-02-01")
            claims = (
                stake(number, "Vasa Invest", 10.0 * number),
                stake(number, None, 5.0),
                stake(number, "Orsa", 7, Tier.B),
            )
            store.add(Pages((known,), (Story("s1", known.id, Label.CORE, 0, 5),), (), claims))
    return str(path)


@pytest.fixture
def store(tmp_path: Path) -> str:
    path = filled(tmp_path / "claims.db", [1, 2, 3])
    with open_store(path) as opened:
        opened.accept_all([claim.id for claim in opened.claims(source="1.txt")], reviewer="M")
    return path


def called(*arguments: str) -> Any:
    result = CliRunner().invoke(app, ["export", *arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_folder_gets_all_three_of_what_is_accepted(store: str, tmp_path: Path) -> None:
    done = called("--store", store, "--to", str(tmp_path / "out" / "new"))
    assert [(each["format"], each["count"]) for each in done["files"]] == [("parquet", 3), ("json-ld", 3), ("bods", 5)]
    names = sorted(path.name for path in (tmp_path / "out" / "new").iterdir())
    digest = done["files"][0]["rows_sha256"]
    assert names == [f"claims-{digest[:16]}.parquet", "claims.jsonld", "stakes.bods.json"]
    assert done["left_out"] == [{"claim": stake(1, None, 5.0).id, "reason": "no holder is named"}]
    assert duckdb.sql(f"SELECT DISTINCT status FROM '{done['files'][0]['path']}'").fetchall() == [("accepted",)]
    said = CliRunner().invoke(app, ["export", "--store", store, "--to", str(tmp_path / "out" / "new")]).stdout
    assert "5 statements" in said
    assert "no holder is named" in said


def test_the_name_of_the_snapshot_is_that_of_its_claims_whatever_their_order(tmp_path: Path) -> None:
    done = [
        called(
            *("--store", filled(tmp_path / f"{name}.db", pages), "--to", str(tmp_path / name)),
            *("--parquet", "--accept-tier", "A"),
        )["files"][0]
        for name, pages in (("a", [1, 2, 3]), ("b", [3, 1, 2]), ("c", [1, 2]))
    ]
    names = [Path(each["path"]).name for each in done]
    assert names[0] == names[1] != names[2]
    assert Path(done[0]["path"]).read_bytes() == Path(done[1]["path"]).read_bytes()


@pytest.mark.parametrize(
    ("name", "options", "found"),
    [
        ("some.parquet", (), "parquet"),
        ("some.jsonld", (), "json-ld"),
        ("some.bods.json", (), "bods"),
        ("some.json", ("--bods",), "bods"),
        ("some.json", ("--json-ld",), "json-ld"),
        ("some.parquet", ("--parquet",), "parquet"),
    ],
)
def test_a_file_is_of_the_format_its_name_ends_in(
    store: str, tmp_path: Path, name: str, options: tuple[str, ...], found: str
) -> None:
    (written,) = called("--store", store, "--to", str(tmp_path / "new" / name), *options)["files"]
    assert (written["format"], written["path"]) == (found, str(tmp_path / "new" / name))
    assert [path.name for path in (tmp_path / "new").iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "options"),
    [("some.json", ()), ("some.xlsx", ()), ("some.jsonld", ("--bods",)), ("some.parquet", ("--parquet", "--bods"))],
)
def test_a_name_that_says_no_format_or_another_is_refused(
    store: str, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    with pytest.raises(EvidenceError, match="does not say one format"):
        called("--store", store, "--to", str(tmp_path / name), *options)
    assert not (tmp_path / name).exists()


def test_tier_a_goes_out_unreviewed_where_it_is_asked_for(store: str, tmp_path: Path) -> None:
    place = str(tmp_path / "c.parquet")
    assert called("--store", store, "--to", place, "--accept-tier", "a")["files"][0]["count"] == 7
    statuses = duckdb.sql(f"SELECT status, count(*) FROM '{place}' GROUP BY ALL ORDER BY ALL").fetchall()
    assert statuses == [("accepted", 3), ("open", 4)]
    assert called("--store", store, "--to", place, "--status", "open")["files"][0]["count"] == 6
    with pytest.raises(EvidenceError, match="only tier A"):
        called("--store", store, "--to", place, "--accept-tier", "B")


def test_the_store_as_it_was_known_then_goes_out(store: str, tmp_path: Path) -> None:
    arguments = ("--store", store, "--to", str(tmp_path / "c.bods.json"), "--as-of", "2020-01-01")
    assert called(*arguments)["files"][0]["count"] == 0
    assert json.loads((tmp_path / "c.bods.json").read_text(encoding="utf-8")) == []
    result = CliRunner().invoke(app, ["export", *arguments])
    assert "nothing to export" in result.stderr
    for bad in ("tomorrow", "9999-01-01"):
        with pytest.raises(EvidenceError, match=bad):
            called(*arguments[:-1], bad)


def test_what_cannot_be_written_is_an_error_of_the_call(store: str) -> None:
    for name in ("/dev/null/x", "/dev/null/x.jsonld", "/dev/null/x.parquet"):
        with pytest.raises(EvidenceError, match="cannot be written"):
            called("--store", store, "--to", name)
