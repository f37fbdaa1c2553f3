"""The briefs that ship: who is cited, in whose words, and what follows from reading them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from cell2grid.evidence.arithmetic.checks import check
from cell2grid.evidence.briefs import briefs
from cell2grid.evidence.reading import read_pages
from cell2grid.evidence.records import Check, Claim, Derived, Story, Verdict

BRIEFS = briefs()


def parts(page: Path) -> tuple[dict[str, str], str]:
    _, header, body = page.read_text(encoding="utf-8").split("---\n", 2)
    return {str(key): str(value) for key, value in yaml.safe_load(header).items()}, body


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+(?:[.,]\d+)*", text.lower().replace("’", "'").replace("'s", ""))
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_there_are_five_of_them() -> None:
    assert len(BRIEFS) == 5
    assert list(BRIEFS) == sorted(BRIEFS)


@pytest.mark.parametrize("page", BRIEFS, ids=lambda page: page.stem)
def test_each_brief_cites_one_article_and_says_how_its_day_is_known(page: Path) -> None:
    header, body = parts(page)
    assert {"title", "publisher", "date", "dated"} <= header.keys()
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", header["date"])
    assert 4 <= len(re.findall(r"\.\s", body)) <= 8


@pytest.mark.parametrize("page", BRIEFS, ids=lambda page: page.stem)
def test_no_nine_words_in_a_row_are_those_of_an_article(page: Path, shared: Path) -> None:
    articles = [each.read_text(encoding="utf-8") for each in sorted((shared / "seeds").glob("*.txt"))]
    assert articles
    for article in articles:
        assert not runs(page.read_text(encoding="utf-8"), 9) & runs(article, 9)


# --- what is read in them, and in the articles ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def read() -> tuple[list[Claim], list[Story]]:
    pages = list(read_pages(BRIEFS))
    assert [each.failures for each in pages] == [()] * 5
    return [claim for each in pages for claim in each.claims], [story for each in pages for story in each.stories]


HALF = ("2022-01-01", "2022-06-30")
UNSAID = (None, None)


@pytest.mark.parametrize(
    ("measure", "subject", "value", "unit", "period"),
    [
        ("capacity", "Shanghai Megapack", 10_000, "system/year", UNSAID),
        ("unit_energy", "Megapack", 3.9, "MWh/system", UNSAID),
        ("exports", "Tesla", 40_499, "vehicle", ("2022-01-01", "2022-01-31")),
        ("exports", "Tesla", 33_315, "vehicle", ("2022-02-01", "2022-02-28")),
        ("exports", "Tesla", 60, "vehicle", ("2022-03-01", "2022-03-31")),
        ("exports", "Tesla", 0, "vehicle", ("2022-04-01", "2022-04-30")),
        ("exports", "Tesla", 22_340, "vehicle", ("2022-05-01", "2022-05-31")),
        ("exports", "Tesla", 968, "vehicle", ("2022-06-01", "2022-06-30")),
        ("exports", "Tesla", 97_182, "vehicle", HALF),
        ("exports", "China", 202_000, "vehicle", HALF),
        ("exports", "China", 1_220_000, "vehicle", HALF),
        ("share", "Tesla", 48, "percent", HALF),
        ("stake", "CATL", 51, "percent", UNSAID),
        ("stake", "BAIC", 39, "percent", UNSAID),
        ("stake", "Xiaomi", 5, "percent", UNSAID),
        ("capital", "Beijing Era New Energy Technology", 1e9, "CNY", UNSAID),
        ("power", "Tongliao", 500, "MW", UNSAID),
        ("energy", "Tongliao", 2000, "MWh", UNSAID),
        ("utilisation", "assembl", 49, "percent", ("2023-01-01", "2023-12-31")),
        ("utilisation", "battery", 36.5, "percent", ("2023-01-01", "2023-12-31")),
        ("share", "BYD", 46, "percent", ("2025-01-01", "2025-01-31")),
        ("share", "BYD", 38, "percent", ("2024-01-01", "2024-12-31")),
        ("investment", "", 92e9, "USD", ("2021-01-01", "2022-12-31")),
        ("investment", "", 15e9, "USD", ("2024-01-01", "2024-12-31")),
    ],
)
def test_the_briefs_hold_the_figures_that_the_studies_need(
    read: tuple[list[Claim], list[Story]],
    measure: str,
    subject: str,
    value: float,
    unit: str,
    period: tuple[str | None, str | None],
) -> None:
    claims = [claim for claim in read[0] if claim.measure == measure and claim.value == pytest.approx(value)]
    fitting = [claim for claim in claims if (claim.unit, (claim.period_start, claim.period_end)) == (unit, period)]
    assert any(subject in (claim.subject or "") for claim in fitting), claims
    assert any(claim.tier == "A" for claim in fitting), fitting


def arithmetic(found: tuple[tuple[Check, ...], tuple[Derived, ...]]) -> set[tuple[object, ...]]:
    checks, derived = found
    compared = {(each.kind, round(each.computed or 0, 1), each.verdict) for each in checks if each.stated is not None}
    return compared | {(each.measure, each.value, each.unit) for each in derived}


EXPECTED = {
    ("capacity", 39.0, "GWh/year"),
    ("sum", 97_182.0, Verdict.HOLDS),
    ("ratio", 48.1, Verdict.ROUNDING),
    ("ratio", 16.6, Verdict.ROUNDING),
    ("duration", 4.0, "hour"),
    ("stakes", 95.0, Verdict.INCOMPLETE),
}


def test_the_arithmetic_of_the_briefs_is_found(read: tuple[list[Claim], list[Story]]) -> None:
    assert arithmetic(check(*read)) == EXPECTED


def test_the_arithmetic_of_the_articles_is_found(shared: Path) -> None:
    pages = list(read_pages([shared / "seeds"]))
    claims, stories = [c for each in pages for c in each.claims], [s for each in pages for s in each.stories]
    found = arithmetic(check(claims, stories))
    assert found >= EXPECTED
    assert not [each for each in found if each[-1] == Verdict.FAILS]
