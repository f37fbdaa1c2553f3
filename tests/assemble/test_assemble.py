"""Claims into a study: a case by hand, then what never matters, then what must stop it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.assemble.evidence import evidence_of_study
from cell2grid.assemble.filling import assemble_study, write_assembled
from cell2grid.errors import EvidenceError, StudyError
from cell2grid.evidence.keeping.store import open_store
from cell2grid.evidence.records import Claim, Document, Label, Pages, Story, Tier
from cell2grid.study.loader import LoadedStudy, load_study

STUDY = """# pack plants of one maker
study: packs
horizon: {start: 2026-01, end: 2026-12}
regions: {PL: {name: Poland}, DE: {name: Germany}}
firms: {volta: {name: Volta Cells, aliases: [Volta]}, rhein: {name: Rhein Motoren}, wisla: {name: Wisla Packs}}
products: {pack: {counted_in: pack, energy: "? MWh/pack"}}
stakes:
  - {company: wisla, holder: volta, share: "50 percent [assumed: nothing is known]"}
  - {company: wisla, holder: rhein, share: "? percent"}
plants:
  wroclaw:
    name: Wroclaw pack plant
    owner: volta
    region: PL
    makes: pack
    capacity: "? pack/year"  # to be filled
    opens: "2026-01 [assumed: soon]"
observations:
  spring-exports:
    {variable: exports, of: wroclaw, start: 2026-04, end: 2026-06, value: "9000 pack [assumed: to be replaced]"}
"""


def claim(measure: str, subject: str, value: float, unit: str, text: str, **slots: Any) -> Claim:
    quote = f"{subject}: {text}"
    place = {"quote": quote, "start": 0, "end": len(quote), "value_text": text, "value_start": 0, "value_end": 1}
    numbers = {"value": value, "low": slots.pop("low", value), "high": slots.pop("high", value)}
    document = slots.pop("document", "a" * 64)
    return Claim(
        document=document, story="s1", frame=measure, measure=measure, subject=subject, unit=unit, tier=Tier.A,
        **place, **numbers, **slots,
    )  # fmt: skip


CAPACITY = claim("capacity", "Volta Wroclaw pack plant", 120_000, "pack/year", "120,000 packs a year")
ENERGY = claim("unit_energy", "pack", 0.081, "MWh/pack", "81 kWh", approx="about", low=0.078, high=0.085)
HALF = claim("stake", "Volta Cells AB", 55, "percent", "55%", object="Wisla Packs")
REST = claim("stake", "Rhein Motoren AG", 40, "percent", "40%", object="Wisla Packs")
SPRING = claim(
    "exports", "Volta", 9_240, "pack", "9,240", period_start="2026-04-01", period_end="2026-06-30", direction=None
)
SUMMER = claim("exports", "Volta", 8_100, "pack", "8,100", period_start="2026-07-01", period_end="2026-09-30")
OTHER = claim("capacity", "Rhein Motoren car plant", 300_000, "vehicle/year", "300,000 cars a year")
ALL = [CAPACITY, ENERGY, HALF, REST, SPRING, SUMMER, OTHER]


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedStudy:
    path = tmp_path / "packs.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return load_study(path, unfilled=True)


def test_each_figure_takes_the_claim_that_speaks_of_it(loaded: LoadedStudy) -> None:
    assembly = assemble_study(loaded, ALL)
    assert {change.path: change.after for change in assembly.changes} == {
        "products.pack.energy": f"0.081 MWh/pack [claim {ENERGY.id}]",
        "stakes.0.share": f"55 percent [claim {HALF.id}]",
        "stakes.1.share": f"40 percent [claim {REST.id}]",
        "plants.wroclaw.capacity": f"120000 pack/year [claim {CAPACITY.id}]",
        "observations.spring-exports.value": f"9240 pack [claim {SPRING.id}]",
    }
    assert assembly.gaps == ()
    assert "# to be filled" in assembly.text
    assert assembly.text.startswith("# pack plants of one maker")
    assert '-    capacity: "? pack/year"  # to be filled' in assembly.diff


def test_what_no_claim_backs_is_a_gap_and_stays_as_it_was(loaded: LoadedStudy) -> None:
    assembly = assemble_study(loaded, [CAPACITY])
    reasons = {gap.path: gap.reason for gap in assembly.gaps}
    assert set(reasons) == {
        "products.pack.energy",
        "stakes.0.share",
        "stakes.1.share",
        "observations.spring-exports.value",
    }
    assert "still to be filled" in reasons["products.pack.energy"]
    assert "assumed: nothing is known" in reasons["stakes.0.share"]
    assert 'energy: "? MWh/pack"' in assembly.text


@given(order=st.randoms(use_true_random=False))
def test_order_of_claims_never_matters(order: random.Random) -> None:
    folder = Path(__file__).parent
    loaded = LoadedStudy(*_parsed(folder / "packs.yaml"))
    shuffled = [*ALL, claim("capacity", "Wroclaw pack plant", 120_000, "pack/year", "120,000")]
    straight = assemble_study(loaded, shuffled).text
    order.shuffle(shuffled)
    assert assemble_study(loaded, shuffled).text == straight


def _parsed(path: Path) -> tuple[Any, Path, Any]:
    from cell2grid.study.loader import study_of
    from cell2grid.study.yaml_tree import parse_tree

    tree = parse_tree(STUDY, name=path.name)
    return study_of(tree, unfilled=True), path, tree


def test_two_claims_that_disagree_stop_it_and_are_both_named(loaded: LoadedStudy) -> None:
    rival = claim("capacity", "Wroclaw pack plant", 150_000, "pack/year", "150,000 packs a year")
    with pytest.raises(EvidenceError) as stopped:
        assemble_study(loaded, [*ALL, rival])
    message = str(stopped.value)
    assert CAPACITY.id in message
    assert rival.id in message
    assert f"--choose plants.wroclaw.capacity={CAPACITY.id}" in message

    chosen = assemble_study(loaded, [*ALL, rival], choose={"plants.wroclaw.capacity": rival.id[:8]})
    assert f"150000 pack/year [claim {rival.id}]" in chosen.text
    spanned = assemble_study(loaded, [*ALL, rival], ranges=["plants.wroclaw.capacity"])
    assert '"120000 .. 150000 pack/year [claim ' in spanned.text
    kept = assemble_study(loaded, [*ALL, rival], keep_conflicts=True)
    assert '"? pack/year"' in kept.text
    assert [conflict.path for conflict in kept.conflicts] == ["plants.wroclaw.capacity"]


def test_a_claim_against_a_sourced_figure_of_the_study_is_a_conflict_too(tmp_path: Path) -> None:
    path = tmp_path / "packs.yaml"
    sources = "sources: {report: {title: Yearly report, publisher: Volta, date: 2026-03-01}}\nregions"
    text = STUDY.replace("regions", sources, 1).replace('"? pack/year"', '"90000 pack/year [report]"')
    path.write_text(text, encoding="utf-8")
    loaded = load_study(path, unfilled=True)
    with pytest.raises(
        EvidenceError, match=rf"claim {CAPACITY.id} says .* and the study says 90000 pack/year \[report\]"
    ):
        assemble_study(loaded, [CAPACITY])
    assert assemble_study(loaded, [CAPACITY], keep_conflicts=True).text == text
    chosen = assemble_study(loaded, [CAPACITY], choose={"plants.wroclaw.capacity": CAPACITY.id})
    assert f"120000 pack/year [claim {CAPACITY.id}]" in chosen.text


@pytest.mark.parametrize("subject", ["Volta Energy", "Rhein Motoren", "Volta Gdansk pack plant", None])
def test_a_name_that_says_something_else_fits_nothing(loaded: LoadedStudy, subject: str | None) -> None:
    stranger = claim("capacity", "x", 90_000, "pack/year", "90,000 packs a year").corrected(subject=subject)
    assert assemble_study(loaded, [stranger]).changes == ()


@pytest.mark.parametrize("subject", ["Volta", "Volta Cells AB", "Volta's Wroclaw pack plant", "Volta Poland factory"])
def test_a_name_may_carry_owner_place_and_kind(loaded: LoadedStudy, subject: str) -> None:
    named = claim("capacity", subject, 90_000, "pack/year", "90,000 packs a year")
    assert [change.path for change in assemble_study(loaded, [named]).changes] == ["plants.wroclaw.capacity"]


def test_a_choice_that_names_nothing_is_refused(loaded: LoadedStudy) -> None:
    with pytest.raises(EvidenceError, match=r"no claim fits 'plants\.gdansk\.capacity'"):
        assemble_study(loaded, ALL, choose={"plants.gdansk.capacity": CAPACITY.id})
    with pytest.raises(EvidenceError, match="names 0 of the claims"):
        assemble_study(loaded, ALL, choose={"plants.wroclaw.capacity": "ffff"})
    with pytest.raises(EvidenceError, match=r"no claim fits 'plants\.gdansk\.capacity'"):
        assemble_study(loaded, ALL, ranges=["plants.gdansk.capacity"])


def test_claims_within_each_others_digits_agree(loaded: LoadedStudy) -> None:
    rounded = claim("exports", "Volta", 9_200, "pack", "about 9,200", approx="about", low=9_000, high=9_400,
                    period_start="2026-04-01", period_end="2026-06-30")  # fmt: skip
    assembly = assemble_study(loaded, [SPRING, rounded])
    change = next(change for change in assembly.changes if change.path.startswith("observations"))
    assert change.after == f"9240 pack [claim {SPRING.id}; claim {rounded.id}]"


def test_over_agrees_with_more_and_not_with_less(loaded: LoadedStudy) -> None:
    spring = {"period_start": "2026-04-01", "period_end": "2026-06-30"}
    over = claim("exports", "Volta", 9_000, "pack", "9,000", approx="over", low=9_000, high=None, **spring)
    change = next(each for each in assemble_study(loaded, [SPRING, over]).changes if "exports" in each.path)
    assert change.after.startswith("9240 pack")
    more = claim("exports", "Volta", 9_900, "pack", "9,900", approx="over", low=9_900, high=None, **spring)
    with pytest.raises(EvidenceError, match="9,900"):
        assemble_study(loaded, [SPRING, more])
    spanned = assemble_study(loaded, [SPRING, more], ranges=["observations.spring-exports.value"])
    assert '"9240 .. 9900 pack [claim' in spanned.text


def test_a_filled_study_that_breaks_a_rule_is_not_written(loaded: LoadedStudy, tmp_path: Path) -> None:
    too_much = claim("stake", "Volta Cells", 75, "percent", "75%", object="Wisla Packs")
    assembly = assemble_study(loaded, [too_much, REST])
    with pytest.raises(StudyError, match="115"):
        write_assembled(assembly, loaded, tmp_path / "filled.yaml", tmp_path / "claims.db")
    assert not (tmp_path / "filled.yaml").exists()


def test_evidence_holds_the_claims_a_study_names(loaded: LoadedStudy, tmp_path: Path) -> None:
    store_path = tmp_path / "claims.db"
    with open_store(store_path, create=True) as store:
        store.add(_pages(ALL))
    filled = write_assembled(assemble_study(loaded, ALL), loaded, tmp_path / "sub" / "filled.yaml", store_path)
    again = load_study(filled)
    assert again.study.store == "../claims.db"
    evidence = evidence_of_study(again)
    assert evidence["used"]["plants.wroclaw.capacity"] == [CAPACITY.id]
    assert {row["id"] for row in evidence["claims"]} == {each.id for each in (CAPACITY, ENERGY, HALF, REST, SPRING)}
    assert json.loads(json.dumps(evidence)) == evidence
    store_path.unlink()
    with pytest.raises(EvidenceError, match=r"claims\.db"):
        evidence_of_study(again)


def _pages(claims: list[Claim]) -> Pages:
    text = "Volta's pack plant in Wroclaw makes 120,000 packs a year.\n"
    document = Document("a" * 64, "volta.txt", "txt", text, title="Volta", publisher="A paper", date="2026-07-01")
    story = Story("s1", document.id, Label.CORE, 0, len(text), "Volta", "2026-07-01", "metadata")
    return Pages((document,), (story,), (), tuple(claims))


def test_a_study_that_names_claims_and_no_store_says_so(tmp_path: Path) -> None:
    path = tmp_path / "packs.yaml"
    text = STUDY.replace('"? pack/year"', '"1 pack/year [claim abcdef01]"').replace("? ", "1 ")
    text = text.replace('"1 MWh/pack"', '"1 MWh/pack [assumed: x]"').replace('"1 percent"', '"1 percent [assumed: x]"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError, match="--store FILE"):
        evidence_of_study(load_study(path))


def test_two_sources_that_name_one_page_both_have_its_evidence(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(
        "The Wroclaw pack plant has an annual capacity of 90,000 packs.\n", encoding="utf-8"
    )
    about = "{title: Packs, publisher: Volta, date: 2026-03-01, page: page.md}"
    text = STUDY.replace("regions", f"sources: {{one: {about}, two: {about}}}\nregions", 1)
    text = text.replace("? pack/year", "90000 pack/year [one]").replace("? MWh/pack", "1 MWh/pack [two]")
    path = tmp_path / "packs.yaml"
    path.write_text(text.replace("? percent", "5 percent [two]"), encoding="utf-8")
    assert list(evidence_of_study(load_study(path))["used"]) == ["plants.wroclaw.capacity"]


def test_a_place_that_cannot_be_written_is_the_callers_error(loaded: LoadedStudy, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StudyError, match="cannot be written"):
        write_assembled(assemble_study(loaded, ALL), loaded, tmp_path / "file" / "study.yaml", tmp_path / "claims.db")
