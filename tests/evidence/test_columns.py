"""The columns beside the store: what DuckDB sums up is what Python sums up, also as of a day, after any change."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import columns
from cell2grid.evidence.keeping.store import Store, open_store
from cell2grid.evidence.records import Claim, Document, Pages, Tier

FIRMS = ("Nordic Cells", "Škoda Auto", "Trey Research")
DATES = (("2025-01-01", "2025-01-31"), (None, "2025-02-10"), ("2026-03-01", None), (None, None))


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def page(number: int, claims: int = 8) -> Pages:
    document = f"{number:064x}"
    made = []
    for index in range(claims):
        key = number * 3 + index
        start, end = DATES[key % 4]
        value = None if key % 5 == 0 else float(key % 17)
        made.append(
            Claim(
                *(document, "s1", "sales", ("sales", "price")[key % 2], FIRMS[key % 3] if key % 11 else None),
                *("It sold some.", index * 20, index * 20 + 13, str(key), index * 20, index * 20 + 1),
                *(value, value, value, ("vehicle", "USD")[key % 2]),
                object="Trey Research" if key % 4 == 1 else None,
                period_start=start,
                period_end=end,
                tier=(Tier.A, Tier.B)[key % 2],
            )
        )
    return Pages((Document(document, f"{number}.txt", "text", "words", "News"),), (), (), tuple(made))


def filled(path: Path, clock: Clock) -> Store:
    store = open_store(path, create=True, now=clock)
    for number in range(1, 7):
        clock.now += timedelta(days=1)
        store.add(page(number))
    clock.now += timedelta(days=1)
    store.accept_all([claim.id for claim in store.claims()[::2]], reviewer="M")
    clock.now += timedelta(days=1)
    for claim in store.claims()[1::5]:
        store.decide(claim.id, "reject", reviewer="M")
    store.add(page(1, 5))
    return store


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that no test changes."""
    with filled(tmp_path_factory.mktemp("columns") / "claims.db", Clock()) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with filled(tmp_path / "claims.db", clock) as opened:
        yield opened


def parts(store: Store) -> list[str]:
    return sorted(path.name for path in Path(f"{store.path}.columns").glob("*.parquet"))


def summed(store: Store, by: tuple[str, ...], **filters: Any) -> dict[tuple[Any, ...], tuple[float, ...]]:
    """The same in plain Python, from a listing."""
    groups: dict[tuple[Any, ...], list[float | None]] = defaultdict(list)
    for claim in store.claims(**filters):
        day = claim.period_end or claim.period_start
        slots = {"month": day and day[:7], "year": day and day[:4]}
        key = tuple(slots[name] if name in slots else getattr(claim, name) for name in by)
        groups[(*key, claim.unit)].append(claim.value)
    found = {}
    for key, values in groups.items():
        said = [value for value in values if value is not None]
        figures = (sum(said), sum(said) / len(said), min(said), max(said)) if said else (None,) * 4
        found[key] = (len(values), *figures)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"status": "accepted"},
        {"status": "all"},
        {"status": "rejected"},
        {"status": "superseded"},
        {"status": "standing", "as_of": "2026-01-08"},
        {"as_of": "2026-01-05"},
        {"as_of": "2025-12-31"},
        {"as_of": "2026-01-04T00:00Z", "measure": "sales"},
        {"subject": "škoda", "tier": "A"},
        {"object": "TREY", "frame": "sales"},
        {"source": "3.txt"},
        {"document": f"{4:064x}"},
        {"start": "2025-02-01"},
        {"start": "2025-02-11", "end": "2026-12-31"},
        {"end": "2025-01-31", "status": "open"},
        {"subject": "nobody"},
    ],
    ids=str,
)
@pytest.mark.parametrize("by", [("subject", "measure", "month"), ("year",), ("tier", "object", "frame")])
def test_groups_are_those_of_a_listing(kept: Store, by: tuple[str, ...], filters: dict[str, Any]) -> None:
    rows = kept.totals(by, **filters)
    found = {tuple(row[name] for name in (*by, "unit")): tuple(row.values())[len(by) + 1 :] for row in rows}
    assert found == summed(kept, by, **filters)
    assert len(found) == len(rows)
    assert kept.totals(by, **filters, limit=2) == rows[:2]


def test_a_part_stays_and_what_is_new_goes_into_further_ones(store: Store, clock: Clock) -> None:
    store.totals(["subject"])
    before = parts(store)
    assert [name.split("-")[0] for name in before] == ["claims", "standings"]
    times = {name: (Path(f"{store.path}.columns") / name).stat().st_mtime_ns for name in before}
    store.totals(["measure"])
    assert parts(store) == before
    clock.now += timedelta(days=1)
    store.add(page(9))
    assert sum(row["claims"] for row in store.totals(["measure"])) == store.count()
    assert len(parts(store)) == 3
    assert {name: (Path(f"{store.path}.columns") / name).stat().st_mtime_ns for name in before} == times


def test_many_small_parts_become_one(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_ROWS", 20)
    for number in range(20, 40):
        clock.now += timedelta(days=1)
        store.add(page(number, 3))
        assert sum(row["claims"] for row in store.totals(["measure"])) == store.count()
    assert len([name for name in parts(store) if name.startswith("claims")]) < 16
    assert store.totals(["subject", "month"]) == sorted(
        store.totals(["subject", "month"]),
        key=lambda row: tuple((row[name] is None, row[name] or "") for name in ("subject", "month", "unit")),
    )


def test_columns_of_another_store_are_not_taken_for_this_one(store: Store, tmp_path: Path) -> None:
    store.totals(["subject"])
    with open_store(tmp_path / "other.db", create=True) as other:
        other.add(page(3))
        shutil.copytree(f"{store.path}.columns", f"{other.path}.columns")
        assert sum(row["claims"] for row in other.totals(["measure"])) == 8
        assert sum(row["claims"] for row in other.totals(["measure"], status="accepted")) == 0


def test_what_a_killed_refresh_leaves_does_no_harm(store: Store) -> None:
    store.totals(["subject"])
    folder = Path(f"{store.path}.columns")
    (folder / f".{parts(store)[0]}.partial").write_bytes(b"half")
    double = folder / parts(store)[0].replace("claims-000000001", "claims-000000002")
    double.write_bytes((folder / parts(store)[0]).read_bytes())
    assert sum(row["claims"] for row in store.totals(["measure"])) == store.count()
    assert len(parts(store)) == 2
    assert not list(folder.glob(".*.partial"))


def test_a_store_may_have_any_name(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_MOST_SMALL", 1)
    with open_store(tmp_path / "it's [1] * claims?.db", create=True, now=clock) as store:
        for number in range(1, 4):
            store.add(page(number))
            assert sum(row["claims"] for row in store.totals(["measure"])) == store.count()


def test_an_empty_store_has_no_groups(tmp_path: Path) -> None:
    with open_store(tmp_path / "claims.db", create=True) as store:
        assert store.totals(["subject"]) == []


@pytest.mark.parametrize(
    ("by", "filters", "message"),
    [
        (["colour"], {}, "counted by 'colour'; take one or more of subject"),
        ([], {}, "take one or more of subject"),
        (["subject"], {"label": "core"}, "no label"),
        (["subject"], {"sort": "value"}, "no order but their own"),
    ],
)
def test_what_cannot_be_counted_is_refused(kept: Store, by: list[str], filters: dict[str, Any], message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        kept.totals(by, **filters)
