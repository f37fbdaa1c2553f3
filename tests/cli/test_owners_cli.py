"""The ``owners`` command on the terminal: words, JSON, a page, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

STUDY = """study: two
horizon: {start: 2025-01, end: 2025-12}
sources: {page: {title: A page, publisher: A paper, date: 2025-01-20}}
firms: {a: {name: "[bold]Firm A"}, b: {}, c: {}}
stakes:
  - {company: b, holder: a, share: "60 percent [page]"}
  - {company: c, holder: b, share: "60 percent [page]", since: "2025-06 [page]"}
"""


def test_words_tell_shares_control_and_what_is_unknown(called) -> None:
    status, out, err = called("owners", "beijing-era")
    assert (status, err) == (0, "")
    said = " ".join(out.split())
    for words in ("51 to 56 %", "controls", "not named", "1,000,000,000 CNY", "4,147 to 4,682", "highly concentrated"):
        assert words in said


def test_json_is_one_document_and_the_same_twice(called) -> None:
    first, second = (called("owners", "beijing-era", "--on", "2026-02", "--json")[1] for _ in range(2))
    assert first == second
    told = json.loads(first)
    assert told["on"] == "2026-02-01"
    assert told["companies"][0]["ultimate_controllers"] == ["catl"]


def test_a_day_before_all_stakes_has_none_and_says_so(called) -> None:
    status, out, _ = called("owners", "beijing-era", "--on", "2024-03-10", "--json")
    told = json.loads(out)
    assert (status, told["companies"]) == (0, [])
    assert any("no stake holds on this day" in note for note in told["notes"])


def test_a_study_without_stakes_is_told_as_one(called) -> None:
    status, out, _ = called("owners", "giga-shanghai-2022")
    assert status == 0
    assert "the study names no stakes" in out


def test_a_run_gives_output_and_the_page_stands_alone(called, tmp_path: Path) -> None:
    folder, page = tmp_path / "run", tmp_path / "owners.html"
    assert called("run", "beijing-era", "--members", "4", "--out", folder)[0] == 0
    status, out, _ = called("owners", "beijing-era", "--run", folder, "--page", page, "--json")
    told = json.loads(out)
    assert status == 0
    assert {part["firm"] for part in told["output"]} == {"beijing-era", "catl", "baic", "xiaomi-auto"}
    assert told["page"] == str(page)
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") >= 3
    assert "<script" not in text
    assert "CATL controls Beijing Era New Energy Technology." in text
    assert "It is not known to whom 5 % of Beijing Era New Energy Technology belongs." in text


def test_a_page_of_many_companies_tells_the_first_and_how_many_more(called, tmp_path: Path) -> None:
    """Fifteen works of which 60 % are held: two findings each, twelve of the thirty are told."""
    works = "".join(f"  - {{company: w{i}, holder: h, share: '60 percent [page]'}}\n" for i in range(15))
    firms = "".join(f"  w{i}: {{}}\n" for i in range(15))
    head = STUDY.partition("firms:")[0]
    (tmp_path / "many.yaml").write_text(f"{head}firms:\n  h: {{name: The Holding}}\n{firms}stakes:\n{works}")
    page = tmp_path / "many.html"
    assert called("owners", tmp_path / "many.yaml", "--page", page)[0] == 0
    text = page.read_text(encoding="utf-8")
    assert text.count("The Holding controls") == 6
    assert "18 more of the kind: see the numbers below." in text


def test_names_are_no_markup(called, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(STUDY, encoding="utf-8")
    status, out, _ = called("owners", tmp_path / "two.yaml")
    assert status == 0
    assert "[bold]Firm A" in out
    assert "36 to 100 %" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("beijing", "--json"), "'beijing' is neither a file nor a study that ships"),
        (("beijing-era", "--on", "2025"), "--on '2025' is no day; write 2025-02-11 or 2025-02"),
        (("beijing-era", "--on", "2025-02-30"), "--on '2025-02-30' is no day"),
        (("beijing-era", "--on", "?"), "--on '?' is no day"),
        (("beijing-era", "--threshold", "100"), "threshold is 100 percent of the votes, expected 0 to below 100"),
        (("beijing-era", "--threshold", "nan"), "threshold is nan percent"),
        (("beijing-era", "--quota", "10"), "quota is 10 percent of the votes, expected 50 to below 100"),
        (("beijing-era", "--run", "nowhere"), "there is no run folder 'nowhere'"),
        (("beijing-era", "--page", "page.txt"), "name a file that ends in .html"),
    ],
)
def test_what_cannot_be_asked_is_refused(called, arguments: tuple[str, ...], words: str) -> None:
    status, out, err = called("owners", *arguments)
    assert status == 2
    assert out == ""
    assert err.startswith("error: ")
    assert words in err


def test_stakes_above_all_are_refused_at_their_line(called, tmp_path: Path) -> None:
    text = STUDY + '  - {company: c, holder: a, share: "41 percent [page]", since: "2025-09 [page]"}\n'
    (tmp_path / "two.yaml").write_text(text, encoding="utf-8")
    status, _, err = called("owners", tmp_path / "two.yaml")
    assert status == 2
    assert "two.yaml:8:" in err
    assert "stakes in 'c' add up to 101 % from 2025-09-01 (b 60 %, a 41 %), above 100 %" in err


def test_firms_that_own_one_another_completely_are_refused(called, tmp_path: Path) -> None:
    text = STUDY.replace("60 percent", "100 percent") + '  - {company: a, holder: c, share: "100 percent [page]"}\n'
    (tmp_path / "two.yaml").write_text(text, encoding="utf-8")
    status, _, err = called("owners", tmp_path / "two.yaml")
    assert status == 2
    assert "from 2025-06-01 'a' → 'b' → 'c' → 'a' own one another completely" in err
