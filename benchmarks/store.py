"""The claim store at size: filling it, listing from it, summing it up as of a day: ``python -m benchmarks.store``.

The claims are invented and seeded: pages of twenty, of firms of which few are in most pages, over ten years of months.
They go in through ``Store.add``, a page a transaction, on five days in turn; then a third is accepted, a few rejected,
and every fiftieth page is read again with one claim changed. Times are of calls in one process that has the store open;
the first call is told apart. ``--keep FILE`` keeps the store, or takes the one that is there; ``--memory`` reads
folders of invented pages in a process of its own instead, and tells its peak; ``--quick`` runs each part once, small.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from cell2grid.evidence.keeping.store import Store, open_store
from cell2grid.evidence.records import Claim, Document, Label, Pages, Reading, Story, Tier

A_PAGE = 20
REPEATS = 7
FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 5
MEASURES = {
    "capacity": ("GWh/year", 6),
    "unit_energy": ("MWh", 1),
    "power": ("MW", 6),
    "energy": ("MWh", 8),
    "production": ("vehicle", 8),
    "deliveries": ("vehicle", 8),
    "sales": ("vehicle", 8),
    "exports": ("vehicle", 4),
    "share": ("percent", 5),
    "stake": ("percent", 3),
    "price": ("USD/kWh", 4),
    "revenue": ("USD", 5),
    "change": ("percent", 9),
    "count": ("system", 15),
    "other": ("CNY", 10),
}
_FIRST, _LAST = ("Nor", "Ost", "Bal", "Kar", "Lum", "Ved", "Sol", "Tor"), ("vik", "berg", "dal", "mark", "sund", "holm")
_TRADES = ("Energy", "Cells", "Motors", "Storage", "Power", "Grid", "Lithium", "Modules", "Recycling", "Logistics")
FIRMS = tuple(f"{first}{last} {trade}" for first in _FIRST for last in _LAST for trade in _TRADES)
PAPERS = ("The Harbour Post", "Cell Weekly", "Grid and Gauge", "Northern Ledger", "Plant Gazette")


class Days:
    """A clock that says one of a few days, and a microsecond more each time it is asked."""

    def __init__(self) -> None:
        self.now = FIRST_DAY

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now


def page(number: int, *, again: bool = False) -> Pages:
    """An invented page; read ``again``, its first claim reads otherwise."""
    random = Random(number)
    document = f"{number:064x}"
    quotes, claims, at = [], [], 0
    for index in range(A_PAGE):
        measure = random.choices(tuple(MEASURES), [weight for _, weight in MEASURES.values()])[0]
        # few firms are in most of the news
        firm = FIRMS[int(len(FIRMS) * random.random() ** 3)]
        value = float(random.randint(1, 999_999))
        year, month = random.randint(2017, 2026), random.randint(1, 12)
        words = f"{value:,.0f}"
        quote = f"{firm} put its {measure} of {year}-{month:02d} at {words}, page {number} said in its line {index}."
        quotes.append(quote)
        holder = measure == "stake"
        start = at + quote.index(words)
        claims.append(
            Claim(
                *(document, f"{number}-0", measure, measure, firm, quote, at, at + len(quote)),
                *(words, start, start + len(words), value, value, value, MEASURES[measure][0]),
                object=random.choice(FIRMS) if holder or random.random() < 0.15 else None,
                period_start=f"{year}-{month:02d}-01",
                period_end=f"{year}-{month:02d}-28",
                tier=random.choices((Tier.A, Tier.B, Tier.C), (45, 35, 20))[0],
            )
        )
        at += len(quote) + 1
    if again:
        claims[0] = replace(claims[0], value=1.0, low=1.0, high=1.0, id="")
    text = " ".join(quotes)
    paper = PAPERS[number % len(PAPERS)]
    known = Document(document, f"news/{number}.txt", "text", text, f"News of day {number}", paper, "2026-01-04")
    story = Story(f"{number}-0", document, Label.CORE, 0, len(text), anchor_date="2026-01-04", anchor_from="given")
    readings = tuple(
        Reading(document, story.id, *(getattr(claim, name) for name in Reading.__dataclass_fields__ if name in _BOTH))
        for claim in claims
    )
    return Pages((known,), (story,), readings, tuple(claims))


_BOTH = ("value_text", "value_start", "value_end", "value", "low", "high", "unit", "approx")


def fill(path: Path, size: int) -> dict[str, float]:
    """Seconds that adding, deciding and reading again took."""
    clock = Days()
    pages = max(DAYS, size // A_PAGE)
    seconds = {"adding": 0.0, "deciding": 0.0, "reading again": 0.0}
    random = Random(0)
    with open_store(path, create=True, now=clock) as store:
        accepted: list[str] = []
        for number in range(1, pages + 1):
            clock.now = max(clock.now, FIRST_DAY + timedelta(days=30 * (DAYS * (number - 1) // pages)))
            made = page(number)
            began = time.perf_counter()
            store.add(made)
            seconds["adding"] += time.perf_counter() - began
            accepted += [claim.id for claim in made.claims if random.random() < 0.35]
        clock.now = FIRST_DAY + timedelta(days=30 * DAYS)
        began = time.perf_counter()
        store.accept_all(accepted, reviewer="benchmark")
        for claim in accepted[::700]:
            store.decide(claim, "reject", reviewer="benchmark")
        seconds["deciding"] = time.perf_counter() - began
        clock.now += timedelta(days=30)
        again = [page(number, again=True) for number in range(1, pages + 1, 50)]
        began = time.perf_counter()
        for made in again:
            store.add(made)
        seconds["reading again"] = time.perf_counter() - began
    return seconds


SUBJECT = "norvik energy"
LISTINGS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "measure, subject, period": {
        "measure": "exports",
        "subject": SUBJECT,
        "start": "2021-01-01",
        "end": "2022-12-31",
    },
    "measure, subject of many firms, period": {"measure": "other", "subject": "nor", "start": "2021-06-01"},
    "measure": {"measure": "unit_energy"},
    "subject": {"subject": SUBJECT},
    "object": {"object": SUBJECT},
    "period that nothing has": {"start": "2031-01-01"},
    "tier": {"tier": "C"},
    "source": {"source": "cell weekly"},
    "source, one page": {"source": "news/77.txt"},
    "source and measure": {"source": "cell weekly", "measure": "stake"},
    "frame": {"frame": "price"},
    "label": {"label": "core"},
    "accepted": {"status": "accepted"},
    "rejected": {"status": "rejected"},
    "superseded": {"status": "superseded"},
    "as of a day": {"as_of": "2026-03-01", "measure": "exports", "subject": SUBJECT},
    "as of a day before all": {"as_of": "2025-01-01"},
    "measure by value": {"measure": "exports", "sort": "value", "descending": True},
    "all by value": {"sort": "value", "descending": True},
}


SUMS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "measure, month": (("measure", "month"), {}),
    "measure, month, as of a day": (("measure", "month"), {"as_of": "2026-03-10"}),
    "subject, measure, month of accepted, first 1,000": (
        ("subject", "measure", "month"),
        {"as_of": "2026-06-20", "status": "accepted", "limit": 1000},
    ),
    "subject, measure, month, as of a day, first 1,000": (
        ("subject", "measure", "month"),
        {"as_of": "2026-06-20", "limit": 1000},
    ),
    "subject, measure, month of one firm, as of a day": (
        ("subject", "measure", "month"),
        {"as_of": "2026-06-20", "subject": SUBJECT},
    ),
    "subject, measure, month, as of a day, all groups": (("subject", "measure", "month"), {"as_of": "2026-06-20"}),
}


def timed(work: Callable[[], Any], repeats: int) -> tuple[list[float], Any]:
    """Seconds of each run, and what the last gave."""
    runs, given = [], None
    for _ in range(repeats):
        began = time.perf_counter()
        given = work()
        runs.append(time.perf_counter() - began)
    return runs, given


def say(name: str, runs: list[float], count: int, bound: float) -> None:
    median = statistics.median(runs)
    late = "" if median < bound else f"  more than {bound * 1000:.0f} ms"
    print(f"  {name:<52}{count:>8,}{runs[0] * 1000:>10.1f}{median * 1000:>10.1f}{max(runs) * 1000:>10.1f}{late}")


def measure(store: Store, repeats: int) -> None:
    print(f"  {'listing, at most 100':<52}{'rows':>8}{'first':>10}{'median':>10}{'worst':>10}  ms")
    for name, filters in LISTINGS.items():
        runs, given = timed(lambda filters=filters: store.filed(**filters, limit=100), repeats)  # type: ignore[misc]
        say(name, runs, len(given), 0.1)
    folder = Path(f"{store.path}.columns")
    runs, _ = timed(lambda: store.totals(["tier"]), 1)
    size = sum(path.stat().st_size for path in folder.glob("*.parquet"))
    print(f"  laying the columns: {runs[0]:.1f} s, {size / 1e6:.0f} MB")
    runs, _ = timed(lambda: change_and_sum(store), 3)
    print(f"  a sum after a page more, columns brought up to date: {statistics.median(runs) * 1000:.0f} ms")
    print(f"  {'sum by group through DuckDB':<52}{'groups':>8}{'first':>10}{'median':>10}{'worst':>10}  ms")
    for name, (by, filters) in SUMS.items():
        runs, given = timed(lambda by=by, filters=filters: store.totals(by, **filters), repeats)  # type: ignore[misc]
        say(name, runs, len(given), 0.3)


def change_and_sum(store: Store) -> None:
    # a page that no run has added before
    number = 10_000_000
    while store.count(source=f"news/{number}.txt", limit=1):
        number += 1
    store.add(page(number))
    store.totals(["tier"])


# --- memory ---------------------------------------------------------------------------------------------------------

_SENTENCES = (
    "{firm} shipped {many:,} battery packs in March {year}, up {part}% from a year earlier.",
    "The plant in Tampere has a capacity of {many:,} modules a year.",
    "{firm} said revenue rose {part} percent to ${few} million in the quarter.",
    "{other} owns {part}% of {firm}.",
    "The project will hold {few} MW / {many} MWh of storage by the end of {year}.",
    "We see demand growing, the head of sales told reporters at the works.",
    "Workers at the site have been trained since the spring, and hiring goes on.",
    "{firm} exported {many:,} vehicles from Bremerhaven last month.",
)


def write_pages(folder: Path, pages: int) -> None:
    random = Random(1)
    folder.mkdir()
    for number in range(pages):
        sentences = [
            random.choice(_SENTENCES).format(
                firm=random.choice(FIRMS),
                other=random.choice(FIRMS),
                many=random.randint(100, 90_000),
                few=random.randint(5, 900),
                part=random.randint(2, 60),
                year=random.randint(2019, 2026),
            )
            for _ in range(20)
        ]
        text = "\n\n".join(" ".join(sentences[at : at + 4]) for at in range(0, 20, 4))
        (folder / f"{number:05d}.txt").write_text(f"Plant news {number}\n\nMay 3, 2026\n\n{text}\n", encoding="utf-8")


def peak_of_reading(folder: Path, store: Path, *options: str) -> tuple[float, float]:
    """Peak of memory [MB] and seconds of reading a folder in a process of its own."""
    script = (
        "import resource, sys; from cell2grid.cli import app; "
        "app(args=sys.argv[1:], standalone_mode=False); "
        "print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    arguments = ["read", str(folder), "--store", str(store), *options]
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    return int(done.stdout.rpartition("peak ")[2]) / 1024, time.perf_counter() - began


def memory(sizes: tuple[int, ...]) -> None:
    print("peak of memory while a folder is read, in a process of its own")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            write_pages(Path(folder) / str(size), size)
            for options in ((), ("--json",)):
                store = Path(folder) / f"{size}{''.join(options)}.db"
                peak, seconds = peak_of_reading(Path(folder) / str(size), store, *options)
                print(f"  {size:>6,} pages {' '.join(options):<7}{peak:>8.0f} MB{seconds:>8.1f} s")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1_000_000, help="claims")
    parser.add_argument("--keep", type=Path, help="where the store is kept, or is already")
    parser.add_argument("--memory", action="store_true", help="the memory of reading a folder, instead")
    parser.add_argument("--quick", action="store_true", help="everything once, small")
    asked = parser.parse_args(arguments)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    if asked.memory:
        memory((20,) if asked.quick else (1_000, 10_000))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = asked.keep or Path(folder) / "claims.db"
        if not path.exists():
            size = 2_000 if asked.quick else asked.size
            seconds = fill(path, size)
            took = ", ".join(f"{name} {value:.1f} s" for name, value in seconds.items())
            print(f"{size:,} claims: {took}; {1000 * A_PAGE * seconds['adding'] / size:.2f} ms a page of {A_PAGE}")
        with open_store(path) as store:
            print(f"{store.count(status='all'):,} claims, {path.stat().st_size / 1e6:,.0f} MB")
            measure(store, 1 if asked.quick else REPEATS)


if __name__ == "__main__":
    main()
