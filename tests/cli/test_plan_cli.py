"""The ``plan`` command on the terminal: words, JSON, a run folder that a report is made of, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HARBOUR = Path(__file__).parents[1] / "run/plan/harbour.yaml"


def test_words_tell_builds_money_and_what_is_missed(called) -> None:
    status, out, _ = called("plan", HARBOUR)
    said = " ".join(out.split())
    assert status == 0
    for words in ("What is built", "heron-west", "west-hall", "closed", "in all", "Money spent on plants", "2027"):
        assert words in said


def test_of_much_missed_demand_the_largest_parts_are_told(called, tmp_path: Path) -> None:
    """A town that asks for a pack more each year, and of which a plant of sixty meets 60 in 100 to 105: the four
    quarters of the first of six years miss the smallest part."""
    one = Path(__file__).parents[1] / "run/plan/one_town.py"
    text = one.read_text(encoding="utf-8").partition('TOWN = """')[2].partition('"""')[0]
    rows = ", ".join(f'{{start: {2026 + year}-01, quantity: "{100 + year} pack/year [gazette]"}}' for year in range(6))
    text = text.replace('{start: 2026-01, quantity: "100 pack/year [gazette]"}', rows).replace("2027-12", "2031-12")
    text = text.replace("  currency: EUR\n", "  currency: EUR\n  every: quarter\n").replace("300 EUR", "300000 EUR")
    (tmp_path / "town.yaml").write_text(text, encoding="utf-8")
    status, out, _ = called("plan", tmp_path / "town.yaml", "--members", "1")
    assert status == 0
    shown = [line for line in out.splitlines() if line.startswith("│town ")]
    assert (len(shown), any("2026 Q" in line for line in shown)) == (20, False)
    assert "4 more, in which a smaller part is missed, are in --json" in " ".join(out.split())


def test_json_is_one_document_with_every_key(called) -> None:
    status, out, _ = called("plan", HARBOUR, "--members", "5", "--json")
    told = json.loads(out)
    assert status == 0
    page = (Path(__file__).parents[2] / "docs/reference/json.md").read_text(encoding="utf-8")
    section = page[page.index("### plan\n") :].partition("\n### ")[0]
    assert [key for key in told if f"`{key}`" not in section] == []
    for name in ("builds", "closures", "capacity", "unserved"):
        assert [key for key in told[name][0] if f"`{key}`" not in section] == [], name
    for name in ("rows", "totals"):
        assert [key for key in told["flows"][name][0] if f"`{key}`" not in section] == []
    assert sum(told["costs"].values()) == pytest.approx(told["objective"])


def test_a_run_folder_makes_a_report_with_its_chart(called, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    status, out, _ = called("plan", HARBOUR, "--members", "5", "--out", folder, "--json")
    assert (status, json.loads(out)["out"]) == (0, str(folder))
    assert called("report", folder)[0] == 0
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "<svg" in text
    assert "harbour" in text
    # a folder of another study is not replaced
    other = tmp_path / "other.yaml"
    other.write_text(HARBOUR.read_text(encoding="utf-8").replace("study: harbour", "study: another"), encoding="utf-8")
    status, _, err = called("plan", other, "--out", folder)
    assert status == 2
    assert "another" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--objective", "joy"], "not one of cost, profit"),
        (["--every", "month"], "not one of year, quarter"),
        (["--foresight", "none"], "not one of perfect, myopic"),
        (["--scenario", "boom"], "is no scenario"),
        (["--objective", "profit"], "no 'competition'"),
        (["--members", "0"], "members is 0"),
    ],
)
def test_what_cannot_be_asked_is_refused(called, arguments: list[str], words: str) -> None:
    status, out, err = called("plan", HARBOUR, *arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_a_study_without_investment_is_refused(called) -> None:
    status, _, err = called("plan", "giga-shanghai-2022")
    assert status == 2
    assert "has no investment" in err


def test_a_plan_that_cannot_be_names_limit_and_entity_and_ends_with_three(called, tmp_path: Path) -> None:
    text = HARBOUR.read_text(encoding="utf-8").replace(
        '  unserved_cost: "12000 EUR/pack [assumed: what a pack brings]"\n', ""
    )
    page = tmp_path / "hard.yaml"
    page.write_text(
        text.replace("limits:\n", 'limits:\n    - {kind: sales, region: WE, quantity: "100 pack/year [gazette]"}\n'),
        encoding="utf-8",
    )
    status, out, err = called("plan", page)
    assert (status, out) == (3, "")
    assert "west" in err
    assert "limits.0 (sales)" in err
