"""The entries of the gazetteer: ids and codes well formed, owners known, no name of two at the same time."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from cell2grid.errors import EvidenceError
from cell2grid.evidence.vocabulary.gazetteer import Entity, by_id, conflicts, entities, entities_of, of_kind


def _made(*rows: Any, kind: str = "firm") -> list[Entity]:
    return list(entities_of({"kind": kind, "country": "NL", "entries": list(rows)}, "test.yaml"))


def test_no_name_is_that_of_two_entries_at_the_same_time() -> None:
    assert conflicts(entities()) == []


def test_ids_are_well_formed_and_unique() -> None:
    assert len(by_id()) == len(entities())
    assert [each.id for each in entities() if not re.fullmatch(r"[a-z]+:[^\W_]+(?:-[^\W_]+)*", each.id)] == []
    assert {each.id.split(":")[0] for each in entities()} <= {each.kind for each in entities()}


def test_codes_are_well_formed_and_wikidata_items_are_of_one_entry_each() -> None:
    assert [e.id for e in entities() if e.country is not None and not re.fullmatch(r"[A-Z]{2}", e.country)] == []
    assert [e.id for e in entities() if e.wikidata is not None and not re.fullmatch(r"Q[1-9]\d*", e.wikidata)] == []
    items = Counter(e.wikidata for e in entities() if e.wikidata is not None)
    assert [item for item, times in items.items() if times > 1] == []
    states = [e for e in of_kind("country") if e.country is not None]
    assert all(e.iso is not None and re.fullmatch(r"[A-Z]{3}", e.iso) for e in states)
    assert len({e.iso for e in states}) == len(states)


def test_every_country_of_an_entry_is_a_country() -> None:
    known = {e.country for e in of_kind("country")}
    assert sorted({e.country for e in entities() if e.country is not None} - known) == []


def test_owners_and_forerunners_are_entries_and_lives_do_not_end_before_they_begin() -> None:
    names = {e.name for e in entities()}
    told = {(e.id, other) for e in entities() for other in (e.owner, e.was) if other is not None}
    assert sorted((id_, other) for id_, other in told if other not in names) == []
    lives = [(x.since, x.until) for e in entities() for x in (e, *e.aliases) if x.since and x.until]
    assert all(since <= until for since, until in lives)


def test_the_industry_is_covered_in_english_and_chinese() -> None:
    firms = of_kind("firm", "venture")
    assert len(firms) > 1000
    assert sum(any(re.search("[\u4e00-\u9fff]", name) for name in e.names) for e in firms) > 150


@pytest.mark.parametrize(
    ("rows", "clash"),
    [
        (["Acme", {"name": "Bolt", "aliases": ["Acme"]}], True),
        (
            [
                {"name": "Acme", "aliases": [{"is": "A", "until": "U"}]},
                {"name": "B", "aliases": [{"is": "A", "from": "F"}]},
            ],
            False,
        ),
        ([{"name": "Acme", "aliases": ["A"]}, {"name": "B", "aliases": [{"is": "A", "near": ["bus"]}]}], False),
        ([{"name": "Acme", "ambiguous": True}, {"name": "B", "aliases": ["Acme"]}], False),
        ([{"name": "Acme", "short": ["A"]}, {"name": "B", "short": ["A"]}], False),
    ],
)
def test_a_shared_name_needs_days_or_words_or_a_mark(rows: list[Any], clash: bool) -> None:
    from datetime import date

    days = {"U": date(2021, 12, 31), "F": date(2022, 1, 1)}
    dated = [
        row
        if isinstance(row, str)
        else {
            **row,
            **(
                {
                    "aliases": [
                        a
                        if isinstance(a, str)
                        else {k: days.get(v, v) if isinstance(v, str) else v for k, v in a.items()}
                        for a in row["aliases"]
                    ]
                }
                if "aliases" in row
                else {}
            ),
        }
        for row in rows
    ]
    assert bool(conflicts(_made(*dated))) is clash


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"aliases": ["Acme"]}, "has no name"),
        ({"name": "Acme", "colour": "red"}, "the field 'colour'"),
        ({"name": "Acme", "kind": "ship"}, "kind 'ship'"),
        ({"name": "Acme", "from": "last year"}, "'last year' is no day"),
        ({"name": "Acme", "aliases": [{"until": None}]}, "no 'is'"),
    ],
)
def test_a_bad_entry_is_refused_by_name(row: dict[str, Any], said: str) -> None:
    with pytest.raises(EvidenceError, match=re.escape(said)):
        _made(row)


def test_an_id_is_said_twice() -> None:
    assert conflicts(_made("Acme", "ACME")) == ["id 'firm:acme' is that of two entries"]
