"""The ``entities`` command, and how listings, checks and studies see what it decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cell2grid.cli import app
from cell2grid.errors import EvidenceError, InputError
from cell2grid.evidence.keeping.store import open_store
from cell2grid.evidence.records import Claim, Document, Label, Pages, Story, Tier

STUDY = """study: turku
horizon: {start: 2025-03, end: 2026-02}
regions: {FI: {}}
firms: {orsa: {name: Orsa Cells}}
products: {pack: {counted_in: pack}}
plants:
  turku: {owner: orsa, region: FI, makes: pack, opens: "2025-03 [assumed: the page]", capacity: "? pack/year"}
"""


SAID = {
    "one": "{subject} sent {value} packs abroad in 2025, a filing shows.",
    "two": "Exports of {subject} came to {value} last year.",
}


def _claim(page: str, subject: str, measure: str, value: float, unit: str, **slots: Any) -> Claim:
    quote = SAID[page].format(subject=subject, value=f"{value:,.0f}")
    words = f"{value:,.0f}"
    at = quote.index(words)
    place = (quote, 0, len(quote), words, at, at + len(words))
    return Claim(page, "s1", measure, measure, subject, *place, value, value, value, unit, tier=Tier.A, **slots)


@pytest.fixture
def store(tmp_path: Path) -> str:
    path = tmp_path / "claims.db"
    year = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
    with open_store(path, create=True) as opened:
        for page, subject, value in (("one", "Orsa Cells", 4000.0), ("two", "Orsa Packs Oyj", 3000.0)):
            claims = [_claim(page, subject, "exports", value, "pack", **year)]
            if page == "two":
                claims.append(_claim(page, subject, "capacity", 9000.0, "pack/year"))
            text = " ".join(claim.quote for claim in claims)
            document = Document(page, f"{page}.txt", "text", text)
            opened.add(Pages((document,), (Story("s1", page, Label.CORE, 0, len(text)),), (), tuple(claims)))
    return str(path)


def _called(*arguments: str) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def _said(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def _make_one(store: str) -> None:
    _called("entities", "--store", store, "--name", "Orsa Cells", "--new", "firm", "--reviewer", "M")
    _called("entities", "--store", store, "--name", "Orsa Packs Oyj", "--is", "Orsa Cells", "--reviewer", "M")


def test_unknown_names_are_listed_with_what_they_may_be(store: str) -> None:
    found = _called("entities", "--store", store)
    assert (found["total"], [each["name"] for each in found["names"]]) == (2, ["Orsa Packs Oyj", "Orsa Cells"])
    assert found["names"][0]["documents"] == ["two.txt"]
    assert _called("entities", "--store", store, "--limit", "1")["total"] == 2
    assert "2 names that no entity has, 1 shown" in _said("entities", "--store", store, "--limit", "1")


def test_a_decision_is_kept_with_reviewer_and_note(store: str) -> None:
    arguments = ("--name", "Orsa Cells", "--apart", "Orsa Packs Oyj", "--reviewer", "M", "--note", "another town")
    made = _called("entities", "--store", store, *arguments)["decision"]
    assert (made["decision"], made["other"], made["reviewer"], made["note"]) == (
        *("apart", "Orsa Packs Oyj", "M", "another town"),
    )
    assert "is taken back" in _said("entities", "--store", store, "--name", "Orsa Cells", "--undo", "--reviewer", "M")


def test_listings_see_two_names_as_one_only_after_the_decision(store: str) -> None:
    asked = ("claims", "--store", store, "--subject", "Orsa Cells")
    before = _called(*asked)["claims"]
    _make_one(store)
    after = _called(*asked)["claims"]
    assert ({row["subject"] for row in before}, {row["entity"] for row in before}) == ({"Orsa Cells"}, {None})
    assert {row["subject"] for row in after} == {"Orsa Cells", "Orsa Packs Oyj"}
    assert {row["entity"] for row in after} == {"firm:orsa-cells"}


def test_checks_compare_two_names_only_after_the_decision(store: str) -> None:
    def agreements() -> list[Any]:
        return [each for each in _called("check", "--store", store)["checks"] if each["kind"] == "agreement"]

    assert agreements() == []
    _make_one(store)
    (found,) = agreements()
    assert {found["stated"], found["computed"]} == {4000.0, 3000.0}


def test_a_study_is_filled_under_either_name_only_after_the_decision(store: str, tmp_path: Path) -> None:
    (tmp_path / "turku.yaml").write_text(STUDY, encoding="utf-8")
    asked = ("assemble", str(tmp_path / "turku.yaml"), "--store", store, "--accept-tier", "A", "--out")
    assert _called(*asked, str(tmp_path / "before.yaml"))["filled"] == []
    _make_one(store)
    (filled,) = _called(*asked, str(tmp_path / "after.yaml"))["filled"]
    assert filled["path"] == "plants.turku.capacity"


def test_an_entity_is_shown_with_its_names_days_and_parts(store: str) -> None:
    _make_one(store)
    row = _called("entities", "Orsa Packs Oyj", "--store", store)["entity"]
    assert (row["id"], [each["name"] for each in row["names"]]) == ("firm:orsa-cells", ["Orsa Cells", "Orsa Packs Oyj"])
    shown = _said("entities", "SK On", "--store", store)
    assert all(words in shown for words in ("firm:sk-on", "SK Innovation", "2021-10-01", "KR"))


def test_without_a_store_the_gazetteer_is_asked_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "firm:byd" in _said("entities", "比亚迪")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(EvidenceError, match=r"there is no store 'other\.db'"):
        _said("entities", "BYD", "--store", "other.db")


@pytest.mark.parametrize(
    "arguments",
    [("--name", "A"), ("--is", "B"), ("--name", "A", "--is", "B", "--undo"), ("CATL", "--name", "A", "--undo")],
)
def test_half_a_decision_or_two_are_refused(store: str, arguments: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="--name"):
        _said("entities", "--store", store, *arguments)
