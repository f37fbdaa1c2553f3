"""The claim store: what is added, what stays, and what it refuses."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping.store import Added, Store, open_store
from cell2grid.evidence.keeping.store_file import StoreFile
from cell2grid.evidence.records import Check, Claim, Derived, Document, Label, Pages, Reading, Story, Tier, Verdict


def page(name: str, *claims: Claim, text: str = "") -> Pages:
    document = Document(name, f"{name}.txt", "txt", text or f"text of {name}")
    story = Story("s1", name, Label.CORE, 0, len(document.text))
    reading = Reading(name, "s1", "7 GWh", 0, 5, 7.0, None, None, "GWh")
    return Pages((document,), (story,), (reading,), claims)


def claim(document: str, value: float, *, at: int = 0, measure: str = "energy", **slots: object) -> Claim:
    known = Claim(
        document=document,
        story="s1",
        frame="test",
        measure=measure,
        subject="Northvolt",
        quote=f"a sentence with {value}",
        start=at,
        end=at + 20,
        value_text=str(value),
        value_start=at + 3,
        value_end=at + 6,
        value=value,
        low=value,
        high=value,
        unit="GWh",
        tier=Tier.A,
    )
    return replace(known, **slots, id="") if slots else known


class Clock:
    """A clock that moves on by a day each time it is read."""

    def __init__(self) -> None:
        self.day = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.day += timedelta(days=1)
        return self.day


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "claims.db", create=True, now=Clock()) as opened:
        yield opened


def test_what_goes_in_comes_out(store: Store) -> None:
    first = claim("a", 7.0, alternatives=({"value": 8.0},), inherited=("subject",))
    pages = page("a", first)
    assert store.add(pages) == Added(1, 1, 1)
    assert store.documents() == pages.documents
    assert store.stories() == pages.stories
    assert store.readings() == pages.readings
    assert store.claims() == (first,)
    assert store.claims()[0].alternatives == ({"value": 8.0},)
    assert store.claim(first.id[:6]) == first
    assert store.document("a.txt") == store.document("a") == pages.documents[0]
    assert store.paths() == {"a": "a.txt"}


def test_reading_a_page_twice_adds_nothing(store: Store) -> None:
    pages = page("a", claim("a", 7.0), claim("a", 9.0, at=30))
    store.add(pages)
    assert store.add(pages) == Added(0, 0, 0)
    assert len(store.claims()) == 2
    assert len(store.stories()) == 1


def test_a_newer_extractor_adds_its_claims_and_the_old_ones_stay(store: Store) -> None:
    old, kept, new = claim("a", 7.0), claim("a", 9.0, at=30), claim("a", 7.5)
    store.add(page("a", old, kept))
    assert store.add(page("a", kept, new)) == Added(0, 1, 1)
    assert set(store.claims()) == {kept, new}
    assert store.claims(status="superseded") == (old,)
    assert set(store.claims(status="all")) == {old, kept, new}
    assert len(store.stories()) == 1
    assert store.claims(as_of="2026-01-02") == (old, kept)
    assert store.claims(as_of=date(2026, 1, 1)) == ()


def test_filters_pick_by_measure_subject_document_and_tier(store: Store) -> None:
    power = claim("a", 5.0, at=9, measure="power", subject="Fluence Energy", tier=Tier.B)
    store.add(page("a", claim("a", 7.0), power))
    store.add(page("b", claim("b", 3.0)))
    assert store.claims(measure="power") == store.claims(subject="fluence") == store.claims(tier="B") == (power,)
    assert len(store.claims(document="a")) == len(store.claims(document="a.txt")) == 2
    assert store.claims(subject="%") == ()
    with pytest.raises(EvidenceError, match="not in store"):
        store.claims(document="c")
    with pytest.raises(EvidenceError, match="status 'odd'"):
        store.claims(status="odd")


def test_only_accepted_claims_and_successors_of_edited_ones_reach_a_study(store: Store) -> None:
    taken, edited, refused, open_a, open_b = (claim("a", float(i), at=40 * i) for i in range(5))
    open_b = replace(open_b, tier=Tier.B)
    store.add(page("a", taken, edited, refused, open_a, open_b))
    corrected = edited.corrected(subject="Morrow Batteries")
    store.decide(taken.id, "accept", reviewer="M")
    store.decide(edited.id, "edit", reviewer="M", corrected=corrected, note="the firm is named above")
    store.decide(refused.id, "reject", reviewer="M")
    assert store.accepted() == (taken, corrected)
    assert store.accepted(tier="A") == (taken, corrected, open_a)
    assert store.claims(status="edited") == (edited,)
    assert store.claim(edited.id).subject == "Northvolt"


def test_decisions_are_appended_and_the_last_one_counts(store: Store) -> None:
    first = claim("a", 1.0)
    store.add(page("a", first))
    corrected = first.corrected(unit="MWh")
    store.decide(first.id, "edit", reviewer="M", corrected=corrected)
    assert store.accepted() == (corrected,)
    store.decide(first.id, "withdraw", reviewer="M")
    assert store.accepted() == ()
    assert store.claims() == (first,)
    assert [made.decision for made in store.decisions()] == ["edit", "withdraw"]
    assert [made.decided_at[:10] for made in store.decisions()] == ["2026-01-03", "2026-01-04"]
    assert store.accept_all([first.id, first.id], reviewer="M") == 1
    assert store.claims(status="accepted") == (first,)
    assert store.claims(status="accepted", as_of="2026-01-04") == ()


@pytest.mark.parametrize(
    ("decision", "slots", "message"),
    [
        ("approve", {}, "decision 'approve'"),
        ("edit", None, "comes with a corrected claim"),
        ("accept", {"unit": "MWh"}, "comes with a corrected claim"),
        ("edit", {}, "must differ"),
        ("edit", {"document": "b"}, "same document"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(
    store: Store, decision: str, slots: dict[str, object] | None, message: str
) -> None:
    first = claim("a", 1.0)
    store.add(page("a", first))
    with pytest.raises(EvidenceError, match=message):
        store.decide(
            first.id,
            decision,
            reviewer="M",
            corrected=None if slots is None or decision == "approve" else first.corrected(**slots),
        )
    with pytest.raises(EvidenceError, match="needs a reviewer"):
        store.decide(first.id, "accept", reviewer=" ")
    assert store.decisions() == ()


def test_an_id_that_is_unknown_or_could_be_several_is_refused(store: Store) -> None:
    store.add(page("a", claim("a", 1.0), claim("a", 2.0, at=50)))
    ids = sorted(each.id for each in store.claims())
    with pytest.raises(EvidenceError, match="not in store"):
        store.claim("zz")
    with pytest.raises(EvidenceError, match="not in store"):
        store.claim("")
    store.add(page("b", *(claim("b", float(i), at=i * 30) for i in range(40))))
    first = [each.id[0] for each in store.claims()]
    shared = next(letter for letter in first if first.count(letter) > 1)
    with pytest.raises(EvidenceError, match="could be several"):
        store.claim(shared)
    assert store.claim(ids[0]).id == ids[0]


def test_the_last_run_of_the_checks_is_kept_beside_the_earlier_ones(store: Store, tmp_path: Path) -> None:
    check = Check("ratio", ("x", "y"), 16.0, 15.9, "percent", 0.1, 0.5, Verdict.ROUNDING, "note")
    value = Derived("capacity", "S", 39.0, 37.0, 41.0, "GWh/year", ("x",), "a * b")
    store.save_checks([check], [value])
    store.save_checks([check], [value])
    assert (store.checks(), store.derived()) == ((check,), (value,))
    store.save_checks([], [])
    assert (store.checks(), store.derived()) == ((), ())
    with sqlite3.connect(tmp_path / "claims.db") as connection:
        assert connection.execute("SELECT count(*) FROM check_runs").fetchone() == (2,)


def test_evidence_of_claims_holds_quotes_documents_and_checks(store: Store) -> None:
    first, second = claim("a", 1.0), claim("a", 2.0, at=50)
    store.add(page("a", first, second))
    mine = Check("sum", (first.id,), 1.0, 1.0, "GWh", 0.0, 0.5, Verdict.HOLDS)
    other = Check("sum", (second.id,), 1.0, 1.0, "GWh", 0.0, 0.5, Verdict.HOLDS)
    store.save_checks([mine, other], [])
    kept = store.evidence_of([first.id])
    assert [row["id"] for row in kept["claims"]] == [first.id]
    assert kept["claims"][0]["quote"] == first.quote
    assert kept["claims"][0]["document"] == kept["documents"][0]["id"]
    assert kept["documents"][0]["path"] == "a.txt"
    assert [row["claims"] for row in kept["checks"]] == [[first.id]]
    assert [row["id"] for row in kept["documents"]] == ["a"]


def test_a_missing_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="cell2grid read PAGES"):
        open_store(tmp_path / "none.db")
    with pytest.raises(EvidenceError, match="is a folder"):
        open_store(tmp_path, create=True)
    with pytest.raises(EvidenceError, match="folder of store"):
        open_store(tmp_path / "no" / "claims.db", create=True)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database at all")
    with pytest.raises(EvidenceError, match="not a claim store"):
        open_store(text, create=True)
    assert text.read_text() == "not a database at all"
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE things (id INTEGER)")
    connection.close()
    before = foreign.read_bytes()
    for create in (False, True):
        with pytest.raises(EvidenceError, match="no claim store"):
            open_store(foreign, create=create)
    assert foreign.read_bytes() == before
    empty = tmp_path / "empty.db"
    empty.touch()
    with pytest.raises(EvidenceError, match="not a claim store"):
        open_store(empty)


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    open_store(path, create=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE cell2grid SET value = '999' WHERE key = 'schema'")
    connection.close()
    with pytest.raises(EvidenceError, match=r"schema 999.*update cell2grid"):
        open_store(path)


def test_a_damaged_store_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    with open_store(path, create=True) as store:
        for i in range(30):
            store.add(page(f"d{i}", claim(f"d{i}", 1.0), text="x" * 9000))
    content = bytearray(path.read_bytes())
    content[100:40_000] = b"\xff" * 39_900
    path.write_bytes(bytes(content))
    with pytest.raises(EvidenceError, match=r"damaged|cannot be used"), open_store(path) as store:
        store.claims()


def test_a_page_that_fails_half_way_leaves_nothing(store: Store) -> None:
    good = page("a", claim("a", 1.0))
    broken = replace(good, claims=(*good.claims, replace(claim("a", 2.0, at=50), quote=None)))  # type: ignore[arg-type]
    with pytest.raises(EvidenceError, match="cannot be used"):
        store.add(broken)
    assert store.documents() == ()
    assert store.add(good) == Added(1, 1, 1)


def test_a_writer_waits_for_the_other_and_says_so_when_it_takes_too_long(store: Store) -> None:
    impatient = StoreFile(store.path, wait=0.01)
    with store._file.writing(), pytest.raises(EvidenceError, match="another process"), impatient.writing():
        pass
    impatient.close()


_FILL = """
import sys
from cell2grid.evidence.records import Claim, Document, Label, Pages, Reading, Story
from cell2grid.evidence.keeping.store import open_store

def page(name):
    document = Document(name, f"{name}.txt", "text", "Trey Research sold modules. " * 99, "Modules", "The Quay")
    story = Story("s1", name, Label.CORE, 0, 2000)
    claims = tuple(
        Claim(name, "s1", "sales", "sales", f"Firm {i}", "It sold modules.", i * 20, i * 20 + 15,
              str(i), i * 20, i * 20 + 1, float(i), None, None, "module")
        for i in range(30)
    )
    readings = tuple(
        Reading(name, "s1", c.value_text, c.value_start, c.value_end, c.value, None, None, c.unit) for c in claims
    )
    return Pages((document,), (story,), readings, claims)

with open_store(sys.argv[1], create=True) as store:
    for i in range(int(sys.argv[3])):
        store.add(page(f"{sys.argv[2]}-{i}"))
        print(i, flush=True)
"""


def test_two_processes_read_into_one_store(tmp_path: Path) -> None:
    path = str(tmp_path / "claims.db")
    running = [
        subprocess.Popen([sys.executable, "-c", _FILL, path, name, "20"], stdout=subprocess.PIPE) for name in ("a", "b")
    ]
    assert [each.communicate()[0].count(b"\n") for each in running] == [20, 20]
    assert [each.returncode for each in running] == [0, 0]
    with open_store(path) as store:
        assert len(store.documents()) == 40
        assert store.count() == 40 * 30
        assert [len({each.claim.document for each in store.filed(source=f"{name}-")}) for name in ("a", "b")] == [
            20,
            20,
        ]


def test_a_kill_leaves_a_usable_store_with_every_page_before_it(tmp_path: Path) -> None:
    path = str(tmp_path / "claims.db")
    said = 0
    for name, pages in (("a", 1), ("b", 4), ("c", 9)):
        running = subprocess.Popen([sys.executable, "-c", _FILL, path, name, "100000"], stdout=subprocess.PIPE)
        assert running.stdout is not None
        for _ in range(pages):
            running.stdout.readline()
        running.kill()
        said += pages + running.communicate()[0].count(b"\n")
    with open_store(path, create=True) as store:
        stored = store.documents()
        # a page may be stored whose number was not said any more
        assert said <= len(stored) <= said + 3
        for document in stored:
            assert store.count(document=document.id) == 30
        assert (len(store.stories()), len(store.readings())) == (len(stored), 30 * len(stored))
        assert store.count(subject="firm 7") == len(stored)
        assert store.add(page("after", claim("after", 1.0))) == Added(1, 1, 1)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
