"""What names mean: by the gazetteer, by decisions, and after a decision was taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.evidence.naming.identities import Identities, standing
from cell2grid.evidence.records import NameDecision


def _made(*rows: tuple[str, str, str | None]) -> list[NameDecision]:
    return [
        NameDecision(name, decision, other, "reader", f"2026-01-{day:02}")
        for day, (name, decision, other) in enumerate(rows, 1)
    ]


def _meant(identities: Identities, name: str) -> str | None:
    known = identities.meant(name)
    return None if known is None else known.id


def test_two_names_are_one_only_once_it_is_decided() -> None:
    assert _meant(Identities(), "Orsa Cells") is None
    known = Identities(_made(("Orsa Cells", "new", "firm:orsa-cells"), ("Orsa", "is", "firm:orsa-cells")))
    assert (_meant(known, "Orsa"), _meant(known, "Orsa Cells")) == ("firm:orsa-cells", "firm:orsa-cells")
    assert known.called("Orsa;Ford") == "Orsa Cells;Ford"
    assert known.same("Orsa") == ("Orsa Cells",)
    assert known.ids("Ford;Orsa;Nobody") == "firm:ford;firm:orsa-cells;"


def test_a_decided_name_of_a_known_entity_stands_beside_those_of_the_gazetteer() -> None:
    known = Identities(_made(("Ningde Times", "is", "firm:catl")))
    entity = known.meant("Ningde Times")
    assert entity is not None
    assert {"CATL", "宁德时代", "Ningde Times"} <= set(entity.names)
    assert "Ningde Times" in known.made_one("catl")
    assert known.made_one("byd") == ()


def test_an_undone_decision_counts_no_more_and_the_one_before_does_again() -> None:
    rows = [("Orsa", "is", "firm:catl"), ("Orsa", "is", "firm:byd"), ("Orsa", "undo", None)]
    assert _meant(Identities(_made(*rows)), "Orsa") == "firm:catl"
    assert _meant(Identities(_made(*rows, ("Orsa", "undo", None))), "Orsa") is None


def test_what_was_decided_to_be_apart_is_not_what_the_gazetteer_says() -> None:
    known = Identities(_made(("Freyr", "apart", "firm:t1-energy")))
    assert _meant(Identities(), "Freyr") == "firm:t1-energy"
    assert _meant(known, "Freyr") is None
    assert known.are_apart("firm:t1-energy", "Freyr")


@pytest.mark.parametrize(("day", "id_"), [("2020-01-01", "firm:mercedes-benz"), ("2024-01-01", "firm:daimler-truck")])
def test_a_whole_name_means_whom_it_meant_on_the_day(day: str, id_: str) -> None:
    assert Identities().ids("Daimler", day=day) == id_


_ROW = st.tuples(
    st.sampled_from(["A", "B"]), st.sampled_from(["is", "apart", "undo"]), st.sampled_from(["firm:catl", "firm:byd"])
)


@given(st.lists(_ROW, max_size=12))
def test_taking_back_leaves_what_stood_before(rows: list[tuple[str, str, str]]) -> None:
    before = standing(_made(*rows))
    after = standing(_made(*rows, ("A", "is", "firm:ford"), ("A", "undo", None)))
    assert [(n, [d.other for d in each]) for n, each in sorted(after.items())] == [
        (n, [d.other for d in each]) for n, each in sorted(before.items())
    ]


@given(st.lists(_ROW, max_size=12))
def test_decisions_about_one_name_change_nothing_for_another(rows: list[tuple[str, str, str]]) -> None:
    alone = [row for row in rows if row[0] == "B"]
    assert _meant(Identities(_made(*rows)), "B") == _meant(Identities(_made(*alone)), "B")
