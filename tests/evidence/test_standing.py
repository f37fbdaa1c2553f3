"""How claims stand: the log says at each moment what readings and decisions up to then come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.older_stores import standings_again
from cell2grid.evidence.keeping.standing import status_of
from cell2grid.evidence.keeping.store import Store, open_store
from cell2grid.evidence.records import Claim, Document, Label, Pages, Story, Tier


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def claim(document: str, value: int) -> Claim:
    place = ("Lucerne built it.", 10 * value, 10 * value + 9, str(value), 10 * value + 2, 10 * value + 3)
    number = (float(value), None, None, "GWh")
    return Claim(document, "s1", "energy", "energy", "Lucerne", *place, *number, tier=Tier.A)


def page(document: str, values: set[int]) -> Pages:
    told = Story("s1", document, Label.CORE, 0, 900)
    known = Document(document, f"{document}.txt", "text", "words " * 150)
    return Pages((known,), (told,), (), tuple(claim(document, value) for value in sorted(values)))


@pytest.mark.parametrize(
    ("decision", "replaces", "found", "status"),
    [
        (None, False, True, "open"),
        (None, False, False, "superseded"),
        ("withdraw", False, True, "open"),
        ("accept", False, False, "accepted"),
        ("edit", False, True, "edited"),
        ("reject", True, True, "rejected"),
        (None, True, False, "accepted"),
        ("withdraw", True, False, "accepted"),
    ],
)
def test_the_rule(decision: str | None, replaces: bool, found: bool, status: str) -> None:
    assert status_of(decision, replaces=replaces, found=found) == status


def test_two_times_a_day_shows_what_was_known_and_decided_then(tmp_path: Path) -> None:
    """Read on the 1st: 1, 2. Accepted on the 2nd: 1. Read again on the 3rd: 1, 3. Undone on the 4th: the accepting."""
    clock = Clock()
    with open_store(tmp_path / "claims.db", create=True, now=clock) as store:
        store.add(page("a", {1, 2}))
        clock.now += timedelta(days=1)
        store.decide(claim("a", 1).id, "accept", reviewer="M")
        clock.now += timedelta(days=1)
        store.add(page("a", {1, 3}))
        clock.now += timedelta(days=1)
        store.decide(claim("a", 1).id, "withdraw", reviewer="M")

        def stood(as_of: str) -> dict[int, str]:
            return {int(each.claim.value or 0): each.status for each in store.filed(status="all", as_of=as_of)}

        assert stood("2025-12-31") == {}
        assert stood("2026-01-01") == {1: "open", 2: "open"}
        assert stood("2026-01-02") == {1: "accepted", 2: "open"}
        assert stood("2026-01-02T00:00Z") == {1: "accepted", 2: "open"}
        assert stood("2026-01-01T23:59") == {1: "open", 2: "open"}
        assert stood("2026-01-03") == {1: "accepted", 2: "superseded", 3: "open"}
        assert stood("2026-01-03T01:30+02:00") == {1: "accepted", 2: "open"}
        assert stood("2026-01-04") == {1: "open", 2: "superseded", 3: "open"}
        assert store.accepted(as_of="2026-01-03") == (claim("a", 1),)
        assert store.accepted() == ()
        assert len(store.stories(as_of="2025-12-31")) == 0
        assert len(store.stories(as_of="2026-01-01")) == 1


@pytest.mark.parametrize(
    ("as_of", "message"),
    [
        ("2026-01-02", "still to come"),
        ("2026-01-01T00:00:01Z", "still to come"),
        ("9999-12-31", "still to come"),
        ("tomorrow", "not a day or time"),
        ("2026", "not a day or time"),
        ("20260101", "not a day or time"),
        ("2026-W01-1", "not a day or time"),
        ("2025-02-29", "not a day or time"),
        ("0001-01-01T00:00+14:00", "not a day or time"),
        ("", "not a day or time"),
    ],
)
def test_a_time_to_come_and_what_is_no_time_are_refused(as_of: str, message: str, tmp_path: Path) -> None:
    with open_store(tmp_path / "claims.db", create=True, now=Clock()) as store:
        assert store.claims(as_of="2026-01-01") == store.claims(as_of="2026-01-01T00:00Z") == ()
        with pytest.raises(EvidenceError, match=message):
            store.claims(as_of=as_of)


def test_a_clock_set_back_leaves_each_claim_one_standing(tmp_path: Path) -> None:
    clock = Clock()
    one = claim("a", 1)
    with open_store(tmp_path / "claims.db", create=True, now=clock) as store:
        store.add(page("a", {1}))
        clock.now += timedelta(days=5)
        store.decide(one.id, "accept", reviewer="M")
        clock.now -= timedelta(days=4)
        store.decide(one.id, "reject", reviewer="M")
        clock.now += timedelta(days=9)
        for day in range(1, 10):
            assert len(store.filed(status="all", as_of=f"2026-01-{day:02d}")) == 1
        assert store.filed(status="all", as_of="2026-01-05")[0].status == "open"
        assert store.filed(status="all", as_of="2026-01-06")[0].status == "rejected"


# --- the law --------------------------------------------------------------------------------------------------------

_PAGES = ("a", "b")
_VALUES = (1, 2, 3)
_reading = st.tuples(st.just("read"), st.sampled_from(_PAGES), st.sets(st.sampled_from(_VALUES)))
_deciding = st.tuples(
    st.sampled_from(("accept", "edit", "reject", "withdraw")), st.sampled_from(_PAGES), st.sampled_from(_VALUES)
)


class Oracle:
    """The same said in plain Python: everything that happened, and how a claim stands after it."""

    def __init__(self) -> None:
        self.found: dict[str, set[str]] = {page: set() for page in _PAGES}
        self.decided: dict[str, tuple[str, str | None]] = {}
        self.known: set[str] = set()

    def stands(self) -> dict[str, str]:
        replacing = {by for decision, by in self.decided.values() if decision == "edit"}
        found = set().union(*self.found.values())
        stands = {}
        for each in self.known:
            decision = self.decided.get(each, ("", None))[0]
            now = {"accept": "accepted", "edit": "edited", "reject": "rejected"}.get(decision)
            stands[each] = now or ("accepted" if each in replacing else "open" if each in found else "superseded")
        return stands


def _do(store: Store, oracle: Oracle, event: tuple[str, str, object]) -> None:
    kind, document, about = event
    if kind == "read":
        assert isinstance(about, set)
        store.add(page(document, about))
        oracle.found[document] = {claim(document, value).id for value in about}
        oracle.known |= oracle.found[document]
        return
    assert isinstance(about, int)
    one = claim(document, about)
    if one.id not in oracle.known:
        return
    corrected = replace(one, subject=f"Lucerne {len(oracle.decided)}", id="") if kind == "edit" else None
    store.decide(one.id, kind, reviewer="M", corrected=corrected)
    oracle.decided[one.id] = (kind, corrected.id if corrected else None)
    oracle.known |= {corrected.id} if corrected else set()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(_reading, _deciding), max_size=14))
def test_the_log_says_what_happened_up_to_then(events: list[tuple[str, str, object]]) -> None:
    clock = Clock()
    with TemporaryDirectory() as folder, open_store(Path(folder) / "c.db", create=True, now=clock) as store:
        oracle = Oracle()
        after: list[tuple[str, dict[str, str]]] = []
        for event in events:
            clock.now += timedelta(hours=7)
            _do(store, oracle, event)
            after.append((clock.now.isoformat(), oracle.stands()))
        for moment, stands in after:
            assert {each.claim.id: each.status for each in store.filed(status="all", as_of=moment)} == stands
        now = oracle.stands()
        for status in ("open", "accepted", "edited", "rejected", "superseded"):
            assert {each.id for each in store.claims(status=status)} == {k for k, v in now.items() if v == status}
        with store._file.reading() as connection:
            log = connection.execute(tables.standings.select().order_by(tables.standings.c.number)).all()
            again = [tuple(change) for change in standings_again(connection)]
        assert sorted(tuple(row)[1:] for row in log) == sorted(again)


def test_claims_accepted_in_bulk_stand_accepted(tmp_path: Path) -> None:
    clock: Callable[[], datetime] = Clock()
    with open_store(tmp_path / "claims.db", create=True, now=clock) as store:
        store.add(page("a", set(range(1, 1200))))
        assert store.accept_all([each.id for each in store.claims()], reviewer="M") == 1199
        assert store.count(status="accepted") == 1199
        assert store.count(status="open") == 0
