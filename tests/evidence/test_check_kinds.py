"""Every kind of check on its own examples: claims of invented firms with all checks and derived values that they give.

What holds across kinds is ``test_checks.py``, what they find on pages ``test_checks_on_pages.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from cell2grid.evidence.arithmetic.kinds import Example, Kind, kinds
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.records import Claim, Label, Story

ROOT = Path(__file__).resolve().parents[2]
KINDS = kinds()
CASES = [
    pytest.param(kind, example, id=f"{kind.module}-{i}")
    for kind in KINDS
    for i, example in enumerate(kind.examples, start=1)
]
NAMES = {"sum", "product", "ratio", "stakes", "duration", "currency", "change", "agreement", "plan", "impossible"}


def claims_of(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Claim], list[Story]]:
    """The rows of an example as claims, each sentence at a place of its own on its page."""
    claims, stories = [], {}
    places: dict[tuple[str, str], int] = {}
    for i, row in enumerate(rows):
        document = str(row.get("document", "page"))
        text = str(row.get("text", f"{row['value']}"))
        said = str(row.get("said", f"{text} is what sentence {i} of {document} says."))
        start = places.setdefault((document, said), 1000 * len(places))
        at = start + said.index(text)
        period = row.get("period", (None, None))
        claims.append(
            Claim(
                document=document,
                story="s",
                frame="test",
                measure=row["measure"],
                subject=row.get("subject", "Contoso"),
                object=row.get("object"),
                quote=said,
                start=start,
                end=start + len(said),
                value_text=text,
                value_start=at,
                value_end=at + len(text),
                value=None if row["value"] is None else float(row["value"]),
                low=row.get("low"),
                high=row.get("high"),
                unit=row["unit"],
                approx=row.get("approx"),
                period_start=period[0],
                period_end=period[1],
            )
        )
        stories[document] = Story("s", document, Label.CORE, 0, None, anchor_date=row.get("told"))
    return claims, list(stories.values())


def fits(record: object, row: Mapping[str, Any]) -> bool:
    return all(
        getattr(record, name) == (pytest.approx(value) if isinstance(value, float | int) else value)
        for name, value in row.items()
    )


@pytest.mark.parametrize(("kind", "example"), CASES)
def test_a_kind_finds_what_its_examples_hold_and_nothing_else(kind: Kind, example: Example) -> None:
    checks, derived = kind.found(Standing(*claims_of(example.claims)))
    assert len(checks) == len(example.checks), checks
    for check, row in zip(checks, example.checks, strict=True):
        assert fits(check, row), check
        assert check.kind == kind.name
    assert len(derived) == len(example.derived), derived
    for value, row in zip(derived, example.derived, strict=True):
        assert fits(value, row), value


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.module)
def test_each_kind_shows_what_it_finds_and_what_it_leaves(kind: Kind) -> None:
    assert kind.name in NAMES
    assert any(example.checks for example in kind.examples)
    assert len(kind.examples) >= 2


@pytest.mark.parametrize("name", sorted({kind.name for kind in KINDS}))
def test_the_formula_of_each_kind_is_on_its_page_and_pinned_by_tests(name: str) -> None:
    page = (ROOT / "docs/formulation/checks.md").read_text(encoding="utf-8")
    section = next(part for part in re.split(r"^## ", page, flags=re.MULTILINE) if part.splitlines()[0] == name)
    assert "{math}" in section
    pinned = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", section)
    assert pinned
    for path, test in pinned:
        assert re.search(rf"^def {test}\(", (ROOT / path).read_text(encoding="utf-8"), flags=re.MULTILINE), test
    assert f"| {name} |" in (ROOT / "docs/how-to/check.md").read_text(encoding="utf-8")
    assert f"`{name}`" in (ROOT / "docs/reference/json.md").read_text(encoding="utf-8")


def test_all_names_of_checks_have_a_kind() -> None:
    assert {kind.name for kind in KINDS} == NAMES
    assert list(KINDS) == sorted(KINDS, key=lambda kind: kind.order)
