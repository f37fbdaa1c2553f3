"""Listings of claims: each filter, the order, and that they find what trying every claim finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import listing
from cell2grid.evidence.keeping.listing import Filed, Source
from cell2grid.evidence.keeping.store import Store, open_store
from cell2grid.evidence.records import Claim, Document, Label, Pages, Story, Tier

FIRMS = ("Škoda Auto", "Trey Research", "Trey Cells", "宁德时代", "100%_Green")
OBJECTS = (None, "Trey Cells", "Alpine Ski House")
PERIODS = ((None, None), ("2024-01-01", "2024-12-31"), (None, "2024-06-30"), ("2025-03-01", None), ("2025-05-01",) * 2)
MEASURES = (("exports", "vehicle"), ("stake", "percent"), ("price", "USD/kWh"))


def made(number: int) -> Pages:
    """An invented page of five claims, which go through all the firms, periods and measures above."""
    document = f"{number:064x}"
    claims = []
    for index in range(5):
        key = number * 5 + index
        measure, unit = MEASURES[key % 3]
        start, end = PERIODS[key % 5]
        value = None if key % 7 == 0 else float(key % 13)
        claims.append(
            Claim(
                *(document, f"s{index % 2}", f"{measure} frame", measure, FIRMS[(key * 3) % 5]),
                *(f"Sentence {key}.", index * 20, index * 20 + 12, str(key), index * 20 + 9, index * 20 + 11),
                *(value, value, value, unit),
                object=OBJECTS[key % 3] if measure == "stake" else None,
                period_start=start,
                period_end=end,
                tier=(Tier.A, Tier.B, Tier.C)[key % 3 if key % 2 else 0],
            )
        )
    stories = tuple(Story(f"s{i}", document, label, i * 60, i * 60 + 60) for i, label in enumerate(Label) if i < 2)
    known = Document(
        *(document, f"news/{number}.txt", "text", "x" * 120),
        title=("Größe zählt", None)[number % 2],
        publisher=("Cell Weekly", "The Harbour Post")[number % 2],
        url=f"https://news.example/{number}",
    )
    return Pages((known,), stories, (), tuple(claims))


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    clock = Clock()
    with open_store(tmp_path_factory.mktemp("listing") / "claims.db", create=True, now=clock) as opened:
        for number in range(1, 13):
            clock.now += timedelta(hours=12)
            opened.add(made(number))
        every = opened.claims()
        clock.now += timedelta(days=1)
        opened.accept_all([claim.id for claim in every[::3]], reviewer="M")
        for claim in every[1::9]:
            opened.decide(claim.id, "reject", reviewer="M")
        opened.decide(every[5].id, "edit", reviewer="M", corrected=every[5].corrected(subject="Adatum"))
        again = made(2)
        opened.add(replace(again, claims=again.claims[:3]))
        yield opened


def fits(filed: Filed, filters: dict[str, Any], labels: dict[tuple[str, str], str]) -> bool:
    """What the filters mean, tried on one claim."""
    claim = filed.claim
    words = "\n".join(filter(None, (claim.document, *filed.source[:3], filed.source.url))).casefold()
    start, end = filters.get("start"), filters.get("end")
    dated = bool(claim.period_start or claim.period_end)
    return all(
        (
            all(
                getattr(claim, name) == filters.get(name, getattr(claim, name)) for name in ("tier", "measure", "frame")
            ),
            all(
                filters.get(name) is None or filters[name].casefold() in (getattr(claim, name) or "\0").casefold()
                for name in ("subject", "object")
            ),
            filters.get("source", "").casefold() in words,
            filters.get("document") in (None, claim.document),
            filters.get("label") in (None, labels[claim.document, claim.story]),
            start is None or (dated and (claim.period_end or "9") >= start),
            end is None or (dated and (claim.period_start or "0") <= end),
        )
    )


_FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "tier": st.sampled_from(("A", "B", "C")),
        "measure": st.sampled_from(("exports", "stake", "price", "none")),
        "frame": st.sampled_from(("exports frame", "none")),
        "subject": st.sampled_from(("škoda", "TREY", "trey c", "宁德", "%", "_", "nobody", "")),
        "object": st.sampled_from(("cells", "ski", "nobody")),
        "source": st.sampled_from(("weekly", "GRÖSSE", "news/3", "example/1", f"{3:064x}", "%", "nowhere")),
        "document": st.sampled_from((f"{4:064x}", f"{2:064x}")),
        "label": st.sampled_from(("core", "other", "copy")),
        "start": st.sampled_from(("2023-01-01", "2024-07-01", "2025-05-01", "2030-01-01")),
        "end": st.sampled_from(("2030-12-31", "2031-12-31")),
        "status": st.sampled_from(("open", "accepted", "edited", "rejected", "superseded", "standing", "all")),
        "as_of": st.sampled_from(("2026-01-01", "2026-01-04", "2026-01-07", "2026-01-08")),
    },
)


@pytest.mark.parametrize("few", [0, 20_000], ids=["tried one by one", "led by the narrowest"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=_FILTERS, limit=st.one_of(st.none(), st.integers(1, 9)))
def test_filters_find_what_trying_every_claim_finds(
    few: int, monkeypatch: pytest.MonkeyPatch, store: Store, filters: dict[str, Any], limit: int | None
) -> None:
    monkeypatch.setattr(listing, "_FEW", few)
    labels = {(story.document, story.id): story.label.value for story in store.stories()}
    known = {name: filters[name] for name in ("status", "as_of") if name in filters}
    tried = [each for each in store.filed(**known) if fits(each, filters, labels)]
    assert list(store.filed(**filters, limit=limit)) == tried[:limit]
    assert store.count(**filters) == len(tried)


def test_wide_and_small_letters_are_one(store: Store) -> None:
    assert {each.claim.subject for each in store.filed(subject="ＴＲＥＹ　ｃｅｌｌｓ")} == {"Trey Cells"}
    assert {each.claim.subject for each in store.filed(subject="ŠKODA")} == {"Škoda Auto"}
    assert {each.claim.subject for each in store.filed(subject="100%_")} == {"100%_Green"}


def test_a_claim_comes_with_the_page_it_is_from(store: Store) -> None:
    first = store.filed(limit=1)[0]
    assert first.source == Source("news/1.txt", None, "The Harbour Post", None, "https://news.example/1")
    assert first.recorded_at.startswith("2026-01-01T12:00")


def test_claims_come_in_the_order_of_pages_and_a_correction_beside_what_it_corrects(store: Store) -> None:
    filed = store.filed(status="all")
    places = [(int(each.claim.document, 16), each.claim.value_start) for each in filed]
    assert places == sorted(places)
    at = next(index for index, each in enumerate(filed) if each.status == "edited")
    assert filed[at + 1].claim.subject == "Adatum"
    assert [each.claim.id for each in store.filed(status="all", descending=True)] == [
        each.claim.id for each in reversed(filed)
    ]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", ["value", "period", "recorded", "subject", "measure"])
def test_claims_are_sorted_with_what_is_unsaid_last(store: Store, sort: str, descending: bool) -> None:
    slots = {"period": "period_end"}
    filed = store.filed(sort=sort, descending=descending)
    values = [each.recorded_at if sort == "recorded" else getattr(each.claim, slots.get(sort, sort)) for each in filed]
    said = [value for value in values if value is not None]
    assert values == [*sorted(said, reverse=descending), *[None] * (len(values) - len(said))]
    assert [each.claim.id for each in store.filed(sort=sort, descending=descending, limit=7)] == [
        each.claim.id for each in filed[:7]
    ]


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"status": "odd"}, "status 'odd' is not known; it is one of open"),
        ({"tier": "D"}, "tier 'D' is not known; it is one of A, B, C"),
        ({"label": "advert"}, "it is one of core, other, copy, furniture"),
        ({"sort": "size"}, "it is one of page, value"),
        ({"start": "2024-13-01"}, "not a day"),
        ({"end": "2024"}, "not a day"),
        ({"start": "2024-02-01", "end": "2024-01-01"}, "ends before it begins"),
        ({"limit": 0}, "give 1 or more"),
        ({"colour": "red"}, "filter 'colour' is not known"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(store: Store, filters: dict[str, Any], message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        store.filed(**filters)


def test_a_listing_is_read_as_it_is_taken_and_waits_for_no_writer(store: Store) -> None:
    taken = store.each_filed(status="all")
    first = next(taken)
    store.add(made(90))
    rest = list(taken)
    assert first.claim.document == f"{1:064x}"
    assert len(rest) + 1 == 61
    assert store.count(status="all") == 66
