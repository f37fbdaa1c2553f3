"""From pages to claims: the real pages and their labels, broken pages, and places that reproduce the text."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.evidence.reading import read_page, read_pages
from cell2grid.evidence.records import Claim, Document, Label, Pages


@pytest.fixture(scope="module")
def read(shared: Path) -> list[Pages]:
    return list(read_pages([shared / "seeds"]))


def _labelled(shared: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((shared / "data" / "seed-quantities.csv").read_text(encoding="utf-8"))))


def _core(pages: Pages) -> list[Claim]:
    """The claims of quantities in core stories: a milestone has none."""
    core = {story.id for story in pages.stories if story.label is Label.CORE}
    return [claim for claim in pages.claims if claim.story in core and claim.measure != "milestone"]


def _found(read: list[Pages], **slots: object) -> list[Claim]:
    return [c for pages in read for c in pages.claims if all(getattr(c, key) == value for key, value in slots.items())]


# measure, value, unit, subject ("*": any), first and last day ("": none, "*": any), other slots
ROWS: list[tuple[str, float, str, str, str, str, dict[str, str]]] = [
    ("capacity", 10000, "system/year", "Tesla Shanghai Megapack factory", "", "", {}),
    ("unit_energy", 3.9, "MWh/system", "Megapack", "", "", {"approx": "about"}),
    ("exports", 97182, "vehicle", "Tesla", "2022-01-01", "2022-06-30", {}),
    ("exports", 202000, "vehicle", "China", "2022-01-01", "2022-06-30", {}),
    ("exports", 1220000, "vehicle", "China", "2022-01-01", "2022-06-30", {}),
    ("exports", 40499, "vehicle", "Tesla China", "2022-01-01", "2022-01-31", {}),
    ("exports", 33315, "vehicle", "Tesla China", "2022-02-01", "2022-02-28", {}),
    ("exports", 60, "vehicle", "Tesla China", "2022-03-01", "2022-03-31", {}),
    ("exports", 0, "vehicle", "Tesla China", "2022-04-01", "2022-04-30", {}),
    ("exports", 22340, "vehicle", "Tesla", "2022-05-01", "2022-05-31", {"approx": "over"}),
    ("exports", 968, "vehicle", "Tesla", "2022-06-01", "2022-06-30", {}),
    ("stake", 51, "percent", "CATL", "", "", {"object": "Beijing Era New Energy Technology"}),
    ("stake", 39, "percent", "BAIC", "", "", {"object": "Beijing Era New Energy Technology"}),
    ("stake", 5, "percent", "Xiaomi Auto", "", "", {"object": "Beijing Era New Energy Technology"}),
    ("capital", 1e9, "CNY", "Beijing Era New Energy Technology", "", "", {}),
    ("capital", 138e6, "USD", "Beijing Era New Energy Technology", "", "", {"approx": "about"}),
    ("power", 500, "MW", "Tongliao BESS", "", "", {}),
    ("energy", 2000, "MWh", "Tongliao BESS", "", "", {}),
    ("utilisation", 49, "percent", "China factories assembling EVs", "2023-01-01", "2023-12-31", {}),
    ("utilisation", 36.5, "percent", "China battery factories", "2023-01-01", "2023-12-31", {}),
    ("share", 46, "percent", "BYD;Geely;Chery;Changan", "2025-01-01", "2025-01-31", {}),
    ("share", 38, "percent", "BYD;Geely;Chery;Changan", "2024-01-01", "2024-12-31", {}),
    ("share", 48, "percent", "Tesla", "2022-01-01", "2022-06-30", {}),
    ("investment", 92e9, "USD", "China", "2021-01-01", "2022-12-31", {}),
    ("investment", 15e9, "USD", "*", "2024-01-01", "2024-12-31", {"direction": "home"}),
]


def _slots(row: tuple[str, float, str, str, str, str, dict[str, str]]) -> dict[str, object]:
    measure, value, unit, subject, start, end, others = row
    slots: dict[str, object] = {"measure": measure, "value": float(value), "unit": unit, **others}
    slots |= {"period_start": start or None, "period_end": end or None}
    return slots if subject == "*" else {**slots, "subject": subject}


MUST = [_slots(row) for row in ROWS]


@pytest.mark.parametrize("slots", MUST, ids=[f"{row['measure']}-{row['value']:g}" for row in MUST])
def test_what_the_real_pages_must_give(read: list[Pages], slots: dict[str, object]) -> None:
    assert _found(read, **slots)


def test_quantities_of_core_stories_against_the_labels(read: list[Pages], shared: Path) -> None:
    rows = _labelled(shared)
    wanted = found = taken = right = traps = 0
    units = {"Megapack": "system"}
    for pages in read:
        (document,) = pages.documents
        own = [row for row in rows if row["doc"] == document.path]
        for row in own:
            start, end = int(row["char_start"]), int(row["char_end"])
            hits = [c for c in _core(pages) if c.value_start < end and start < c.value_end]
            if row["kind"] in {"trap", "ordinal"}:
                traps += bool(hits)
            elif row["scope"] == "core" and row["kind"] in {"measure", "verbal"}:
                noun = row["unit"].split(":")[-1]
                unit = units.get(noun, noun)
                wanted += 1
                found += any(c.value == float(row["value"]) and c.unit.split("/")[0] == unit for c in hits)
        labelled = [(int(r["char_start"]), int(r["char_end"])) for r in own if r["kind"] in {"measure", "verbal"}]
        for claim in _core(pages):
            taken += 1
            right += any(claim.value_start < end and start < claim.value_end for start, end in labelled)
    assert wanted >= 30
    assert found / wanted >= 0.97
    assert right / taken >= 0.97
    assert traps == 0


def test_periods_of_core_quantities_against_the_labels(read: list[Pages], shared: Path) -> None:
    rows = _labelled(shared)
    total = right = 0
    for row in rows:
        full_days = len(row["period_start"]) == 10 and len(row["period_end"]) == 10
        if row["scope"] not in {"core", "core_repeat"} or row["kind"] not in {"measure", "verbal"} or not full_days:
            continue
        start, end = int(row["char_start"]), int(row["char_end"])
        document = next(pages for pages in read if pages.documents[0].path == row["doc"])
        claims = [c for c in _core(document) if c.value_start < end and start < c.value_end]
        total += 1
        right += any((c.period_start, c.period_end) == (row["period_start"], row["period_end"]) for c in claims)
    assert total >= 20
    assert right / total >= 0.9


def test_copies_and_furniture_give_no_claims(read: list[Pages]) -> None:
    for pages in read:
        quiet = {s.id for s in pages.stories if s.label in {Label.COPY, Label.FURNITURE}}
        assert not [claim for claim in pages.claims if claim.story in quiet]
        other = {s.id for s in pages.stories if s.label is Label.OTHER}
        assert all(claim.frame for claim in pages.claims if claim.story in other)


def test_a_page_that_breaks_is_a_failure_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Verkor opens in Dunkirk\n\nIt makes 16 GWh of cells a year at the plant.")
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe broken")
    (tmp_path / "c.html").write_text("<html><body><script>alert(1)</script></body></html>")
    (tmp_path / "d.txt").write_text("Kia exported 9,000 cars in May 2024.")
    steps: list[tuple[int, int]] = []
    found = list(read_pages([tmp_path], on_page=lambda done, of: steps.append((done, of))))
    assert [bool(pages.claims) for pages in found] == [True, False, False, True]
    assert [failure[0] for pages in found for failure in pages.failures] == ["b.txt", "c.html"]
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_fault_of_the_reader_costs_one_page_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("Verkor makes 16 GWh of cells a year at the plant.")
    (tmp_path / "b.txt").write_text("Kia exported 9,000 cars in May 2024.")

    def stumble(document: Document, **asked: Any) -> Pages:
        if document.path == "a.txt":
            raise ZeroDivisionError("none to divide by")
        return read_page(document, **asked)

    monkeypatch.setattr("cell2grid.evidence.reading.read_page", stumble)
    first, second = read_pages([tmp_path])
    assert first.failures[0][0] == "a.txt"
    assert "a fault of cell2grid (ZeroDivisionError in test_reading.py, line" in first.failures[0][1]
    assert second.claims


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="2025-02-12"):
        list(read_pages([], date="yesterday"))


def test_html_gives_quotes_without_places(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(
        "<html><body><article><h1>Verkor opens in Dunkirk</h1><p>Verkor&#8217;s plant in Dunkirk has an annual\n"
        " capacity of <b>16&nbsp;GWh</b>, the company said, and will supply cells to several makers of cars.</p>"
        "</article></body></html>"
    )
    (pages,) = read_pages([page])
    claim = next(c for c in pages.claims if c.measure == "capacity")
    assert (claim.start, claim.end, claim.value_start, claim.value_end) == (None, None, None, None)
    assert claim.value_text == "16 GWh"
    assert claim.unit == "GWh/year"
    assert "annual capacity of 16 GWh, the company said" in claim.quote


PARTS = [
    *(
        "Kia exported 9,000 cars in May 2024. ",
        "The figure dropped to 60 in June. ",
        "Acme holds 51% of Iberica Cells. ",
    ),
    *("\n\n", "\r\n", "\ufeff", "\u200b", "\u202eabc\u202c ", "🔋 12 GWh a year ", "about $138 million "),
    "# Title\n",
    *("Related articles\n", "half of it, ", "zero vehicles. ", "2.3 trillion won; ", "9" * 400 + " ", "(up 1.3x) "),
    *("第106万辆。", "x " * 40),
]


@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=12)), max_size=14))
@settings(max_examples=150, deadline=None)
def test_places_always_reproduce_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    pages = read_page(Document("a" * 64, "p.txt", "text", text), date="2024-07-01")
    for claim in pages.claims:
        assert text[claim.start : claim.end] == claim.quote
        assert text[claim.value_start : claim.value_end] == claim.value_text
        assert claim.start <= claim.value_start < claim.value_end <= claim.end
    for reading in pages.readings:
        assert text[reading.value_start : reading.value_end] == reading.value_text
    assert len({claim.id for claim in pages.claims}) == len(pages.claims)


@pytest.mark.parametrize(
    "text", ["9" * 200_000, "word " * 40_000, "1,000 GWh " * 2_000, "\n" * 100_000, "A. " * 30_000]
)
def test_a_hostile_page_takes_bounded_time(text: str, within) -> None:
    with within(20):
        read_page(Document("a" * 64, "p.txt", "text", text))


def test_a_page_without_metadata_is_called_after_its_one_story_and_its_day() -> None:
    text = "Adatum opens a plant in Turku\n\nThe Turku plant has a capacity of 9 GWh a year, the firm said."
    (document,) = read_page(Document("page", "turku.txt", "text", text), date="2026-03-04").documents
    assert (document.title, document.date) == ("Adatum opens a plant in Turku", "2026-03-04")
    named = Document("page", "turku.txt", "text", text, title="From the wire", date="2026-03-05")
    (document,) = read_page(named, date="2026-03-04").documents
    assert (document.title, document.date) == ("From the wire", "2026-03-05")


def test_a_day_that_a_sentence_speaks_of_is_not_the_day_of_the_page() -> None:
    text = "Adatum opens a plant in Turku\n\nOn 3 March 2025 Adatum said that it had exported 90 packs."
    pages = read_page(Document("page", "turku.txt", "text", text))
    assert pages.stories[0].anchor_from == "dated sentence"
    assert pages.documents[0].date is None


def test_milestones_of_the_pages_with_their_dates(read: list[Pages]) -> None:
    told = {(claim.object, claim.period_start) for claim in _found(read, measure="milestone")}
    assert {
        ("construction began", "2024-05-01"),
        ("operation", "2025-02-01"),
        ("first export", "2025-03-01"),
        ("trial production", None),
    } <= told
