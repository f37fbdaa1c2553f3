"""The commands on evidence, called as a user calls them."""

from __future__ import annotations

import io
import json
import os
import pty
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cell2grid.cli import app
from cell2grid.cli.keyboard import next_key, next_line
from cell2grid.errors import EvidenceError, InputError
from cell2grid.evidence.keeping.store import open_store
from cell2grid.evidence.records import Claim, Document, Label, Pages, Story, Tier

TEXT = "Woodgrove holds 70% of Adatum Cells, Tailspin holds 45%."


def stake(holder: str, words: str, value: float) -> Claim:
    at = TEXT.index(words)
    place = (TEXT, 0, len(TEXT), words, at, at + len(words))
    return Claim(
        "page", "s1", "stake", "stake", holder, *place, value, None, None, "percent", object="Adatum Cells", tier=Tier.A
    )


@pytest.fixture
def store(tmp_path: Path) -> str:
    path = tmp_path / "claims.db"
    document = Document("page", "page.txt", "txt", TEXT, title="Who holds [b]Adatum[/b]", publisher="The Paper")
    with open_store(path, create=True) as opened:
        claims = (stake("Woodgrove", "70%", 70.0), stake("Tailspin", "45%", 45.0))
        opened.add(Pages((document,), (Story("s1", "page", Label.CORE, 0, len(TEXT)),), (), claims))
    return str(path)


def called(*arguments: str, keys: str | None = None) -> str:
    result = CliRunner().invoke(app, list(arguments), input=keys, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_check_prints_and_keeps_what_it_found(store: str) -> None:
    document = json.loads(called("check", "--store", store, "--json"))
    (found,) = document["checks"]
    assert (found["kind"], found["stated"], found["computed"], found["residual"], found["verdict"]) == (
        *("stakes", 100.0, 115.0, -15.0, "fails"),
    )
    assert document["derived"] == []
    with open_store(store) as opened:
        assert [check.verdict for check in opened.checks()] == ["fails"]
    assert "fails" in called("check", "--store", store)


def test_a_rejected_claim_is_not_checked(store: str) -> None:
    called("review", "--store", store, "--reviewer", "M", keys="s\nr\nwrong firm\n")
    assert json.loads(called("check", "--store", store, "--json"))["checks"] == []


def test_claims_are_listed_and_filtered(store: str) -> None:
    rows = json.loads(called("claims", "--store", store, "--json"))["claims"]
    assert [(row["subject"], row["document"], row["status"]) for row in rows] == [
        ("Woodgrove", "page.txt", "open"),
        ("Tailspin", "page.txt", "open"),
    ]
    for filters, count in (
        (("--subject", "tail"), 1),
        (("--measure", "price"), 0),
        (("--tier", "a"), 2),
        (("--source", "the paper"), 2),
        (("--source", "elsewhere"), 0),
        (("--as-of", "2020-01-01"), 0),
        (("--status", "accepted"), 0),
    ):
        assert len(json.loads(called("claims", "--store", store, "--json", *filters))["claims"]) == count
    assert "Woodgrove" in called("claims", "--store", store)


def test_review_lists_accepts_in_bulk_and_reads_a_pipe(store: str) -> None:
    waiting = json.loads(called("review", "--store", store, "--list", "--json"))["queue"]
    assert [row["value_text"] for row in waiting] == ["70%", "45%"]
    assert "2 claims to decide" in called("review", "--store", store, "--list")
    said = called("review", "--store", store, "--reviewer", "M", keys="e\nsubject=Woodgrove AB\n\nq\n")
    assert "1 edited" in said
    assert "70%" in said
    tally = json.loads(called("review", "--store", store, "--reviewer", "M", "--json", keys=""))
    assert tally == {"accepted": 0, "edited": 0, "rejected": 0, "merged": 0, "skipped": 0, "left": 1}
    assert json.loads(called("review", "--store", store, "--accept-tier", "a", "--json")) == {"accepted": 1}
    with open_store(store) as opened:
        assert [claim.subject for claim in opened.accepted()] == ["Woodgrove AB", "Tailspin"]


def test_only_tier_a_is_accepted_in_bulk(store: str) -> None:
    result = CliRunner().invoke(app, ["review", "--store", store, "--accept-tier", "B"])
    assert isinstance(result.exception, EvidenceError)


@pytest.mark.parametrize("command", ["check", "claims", "review"])
def test_a_missing_store_is_an_error_of_the_call(command: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [command, "--store", str(tmp_path / "none.db")])
    assert isinstance(result.exception, EvidenceError)
    assert result.exception.exit_status == 2


def test_a_key_is_a_line_of_a_pipe_and_a_press_on_a_terminal() -> None:
    pipe = io.StringIO("Accept\n\n")
    assert [next_key(pipe), next_key(pipe), next_key(pipe)] == ["a", " ", ""]
    assert next_line(io.StringIO("some words\r\n")) == "some words"
    keyboard, terminal = pty.openpty()
    with os.fdopen(terminal, "r", encoding="utf-8", closefd=True) as stream:
        os.write(keyboard, b"R")
        assert next_key(stream) == "r"
        os.write(keyboard, b"\x1b[A")
        assert next_key(stream) == "\x1b"
        os.write(keyboard, b"\x04")
        assert next_key(stream) == ""
    os.close(keyboard)


# --- read -----------------------------------------------------------------------------------------------------------

PAGE = "Oslo, 3 May 2025\n\nMorrow opened a plant in Arendal. The plant has a capacity of 1,500 modules a year.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    (pages / "north").mkdir(parents=True)
    (pages / "north" / "morrow.txt").write_text(PAGE, encoding="utf-8")
    (pages / "table.md").write_text("Freyr shipped 12 MWh of cells in June 2024.\n", encoding="utf-8")
    return pages


def test_read_prints_what_each_page_holds_in_the_agreed_form(folder: Path, tmp_path: Path) -> None:
    document = json.loads(called("read", str(folder), "--store", str(tmp_path / "c.db"), "--json"))
    assert [each["path"] for each in document["documents"]] == ["north/morrow.txt", "table.md"]
    assert {"documents", "stories", "claims", "quantities", "derived", "failures"} <= document.keys()
    texts = {"north/morrow.txt": PAGE, "table.md": (folder / "table.md").read_text(encoding="utf-8")}
    assert document["claims"]
    for claim in document["claims"]:
        text = texts[claim["document"]]
        assert text[claim["start"] : claim["end"]] == claim["quote"]
        assert text[claim["value_start"] : claim["value_end"]] == claim["value_text"]
    assert {"id", "label", "anchor_date", "anchor_from"} <= document["stories"][0].keys()
    assert {each["value"] for each in document["quantities"]} >= {1500.0, 12.0}


def test_reading_twice_adds_nothing_and_prints_the_same(folder: Path, tmp_path: Path) -> None:
    arguments = ("read", str(folder), "--store", str(tmp_path / "c.db"), "--json")
    first, second = json.loads(called(*arguments)), json.loads(called(*arguments))
    assert first.pop("added")["documents"] == 2
    assert second.pop("added") == {"documents": 0, "stories": 0, "claims": 0}
    assert first == second
    assert "0 new" in called(*arguments[:-1])


def test_a_page_that_fails_in_a_folder_is_reported_and_the_rest_goes_on(folder: Path, tmp_path: Path) -> None:
    (folder / "broken.txt").write_bytes(b"caf\xe9 of 5 MW")
    result = CliRunner().invoke(app, ["read", str(folder), "--store", str(tmp_path / "c.db"), "--json"])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert [each["path"] for each in document["failures"]] == ["broken.txt"]
    assert len(document["documents"]) == 2
    assert "not UTF-8" in result.stderr


@pytest.mark.parametrize("name", ["broken.txt", "missing.txt"])
def test_a_named_page_that_fails_makes_the_call_fail_after_the_rest_is_stored(
    folder: Path, tmp_path: Path, name: str
) -> None:
    (folder / "broken.txt").write_bytes(b"caf\xe9 of 5 MW")
    store = str(tmp_path / "c.db")
    result = CliRunner().invoke(app, ["read", str(folder / name), str(folder / "table.md"), "--store", store])
    assert result.exit_code == 2
    assert name in result.stderr
    with open_store(store) as opened:
        assert [each.path for each in opened.documents()] == ["table.md"]


def test_nothing_read_is_an_error_and_leaves_no_store(tmp_path: Path) -> None:
    store = tmp_path / "c.db"
    result = CliRunner().invoke(app, ["read", str(tmp_path / "none"), "--store", str(store), "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["claims"] == []
    assert not store.exists()


def test_the_day_of_the_pages_can_be_given(folder: Path, tmp_path: Path) -> None:
    arguments = ("read", str(folder / "table.md"), "--store", str(tmp_path / "c.db"), "--json")
    (story, *_) = json.loads(called(*arguments, "--date", "2024-07-02"))["stories"]
    assert (story["anchor_date"], story["anchor_from"]) == ("2024-07-02", "given")
    result = CliRunner().invoke(app, [*arguments, "--date", "July"])
    assert result.exception is not None
    assert "is not a day" in str(result.exception)


def test_a_filter_that_fits_nothing_says_what_there_is(store: str) -> None:
    result = CliRunner().invoke(app, ["claims", "--store", store, "--measure", "steak", "--json"])
    assert json.loads(result.stdout) == {"claims": []}
    assert "those of the store are: stake" in result.stderr
    with pytest.raises(EvidenceError, match="--tier 'D' is not one of A, B, C"):
        called("claims", "--store", store, "--tier", "D")


def test_checks_are_shown_by_kind_verdict_and_subject_with_their_lines(store: str) -> None:
    for filters, count in (
        (("--kind", "stakes"), 1),
        (("--kind", "sum"), 0),
        (("--verdict", "fails"), 1),
        (("--verdict", "cannot say"), 0),
        (("--subject", "adatum"), 1),
        (("--subject", "tailspin"), 1),
        (("--subject", "northwind"), 0),
        (("--as-of", "2020-01-01"), 0),
    ):
        assert len(json.loads(called("check", "--store", store, "--json", *filters))["checks"]) == count
    assert "page.txt:1" in called("check", "--store", store)
    assert "no check fits" in called("check", "--store", store, "--kind", "sum")


def test_an_unknown_kind_or_verdict_names_those_there_are(store: str) -> None:
    for option, value in (("--kind", "sums"), ("--verdict", "true")):
        with pytest.raises(InputError, match=f"{option} '{value}' is no .*; it is one of "):
            called("check", "--store", store, option, value)


def test_checks_as_of_a_day_are_not_kept(store: str) -> None:
    called("check", "--store", store, "--as-of", "2020-01-01")
    with open_store(store) as opened:
        assert opened.checks() == ()
