"""How fast pages become stored claims, text and HTML apart, on one core: ``python -m benchmarks.reading``.

The pages are made up from a seed: a third of each is its story, with figures in every other sentence or third one,
and the rest is what stands around a story on a site, headlines, stories on other things, notes on cookies, a foot.
Each page has names and numbers of its own, so that nothing is read twice; only the pages of "site" draw the stories
below their own from the two hundred of their site. "claims" is the time from the file to the claims, "store" that
with storing them. Times are those of the processor, the best of ``REPEATS``; HTML is taken apart
in a process of its own, whose time counts too, with its start. ``--quick`` reads a few pages once.
"""

from __future__ import annotations

import argparse
import calendar
import os
import platform
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from cell2grid.evidence.keeping.store import open_store
from cell2grid.evidence.reading import read_pages

REPEATS = 3
PAGES = {"text": 300, "site": 300, "html": 60}
SYLLABLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "lan", "mer", "tal")
MONTHS = tuple(calendar.month_name)[1:]
FURNITURE = (
    "Home", "Menu", "Sign in", "Subscribe now", "Share this article", "Facebook", "Advertisement", "Most read",
    "We use cookies to give you the best experience on our site.", "© All rights reserved", "About us", "Newsletter",
)  # fmt: skip
FIGURES = (
    "{firm}'s plant in {town} exported {count:,} vehicles in {month} {year}, up {share} % from a year earlier.",
    "{firm} holds {share} % of {other}, and the rest belongs to a fund in {town}.",
    "The {town} factory has an annual capacity of {small} GWh and employs {count:,} people.",
    "{firm} will invest about ${small} million in a second line in {town} by the end of {later}.",
    "Its revenue rose to €{small}.{share} billion in the third quarter of {year}, the company said.",
    "{firm} ordered {count:,} battery containers from {other}, to be delivered from {month} {later}.",
    "The {small} MW/{double} MWh {town} project of {firm} went into operation in {month}.",
    "Deliveries fell by {share} % to {count:,} units in the first half of {year}.",
    "Prices of cells have dropped to ${small} per kWh, from ${double} a year ago, according to {other}.",
)
WORDS = (
    "{firm} said that talks with its suppliers in {town} would go on, and named no date.",
    "The works council had asked for a plan that keeps the older lines in use.",
    "“We are glad to have {other} with us on this road,” the head of the plant told reporters in {town}.",
    "Analysts had expected as much, since the makers of the region have been short of orders.",
    "It is not the first time that the ministry has looked into the matter.",
    "The company is owned by a family of the region and does not publish its accounts.",
    "Officials of the port did not answer questions, and {firm} declined to comment.",
)
ELSEWHERE = (
    "The orchestra of {town} opens its season with a concert in the old harbour, where the stage has been mended.",
    "Rain is expected over the hills, with some wind towards the evening and a clear night to follow.",
    "The museum shows letters and drawings of the painter, who lived in {town} for most of her life.",
    "Readers have sent in their favourite walks, and the best of them are told here by those who know them.",
    "The team lost at home for the second time, and its trainer spoke of a long way that lies before it.",
)


def pages(kind: str, count: int, seed: int = 20) -> Iterator[tuple[str, str]]:
    """The name and content of each page of that kind."""
    draw = random.Random(seed)
    site = [_other(draw) for _ in range(200)] if kind == "site" else None
    for number in range(count):
        lines = _lines(draw, site)
        if kind == "html":
            body = "\n".join(f"<{tag}>{line}</{tag}>" for tag, line in lines)
            yield f"{number:05d}.html", f"<!doctype html><html><body><article>{body}</article></body></html>"
        else:
            yield f"{number:05d}.txt", "\n\n".join(line for _, line in lines)


def _lines(draw: random.Random, site: list[list[tuple[str, str]]] | None) -> list[tuple[str, str]]:
    """The lines of a page with the elements that they stand in."""
    menu = [("div", line) for line in draw.sample(FURNITURE, 5)]
    head = f"{_name(draw)} to build {draw.randint(2, 90)} GWh battery plant in {_name(draw)}"
    story = [("h1", head), ("p", f"Published {draw.randint(1, 28)} {draw.choice(MONTHS)} {draw.randint(2024, 2031)}")]
    story += [("p", _paragraph(draw, (*FIGURES, *WORDS, *WORDS))) for _ in range(4)]
    others = [line for _ in range(9) for line in (_other(draw) if site is None else draw.choice(site))]
    foot = [("div", line) for line in draw.sample(FURNITURE, 7)]
    return [*menu, *story, ("h2", "Related articles"), *others, *foot]


def _other(draw: random.Random) -> list[tuple[str, str]]:
    """A headline and a paragraph about something else, with a figure now and then."""
    head = f"{_name(draw)} looks back on a year in {_name(draw)}"
    body = _paragraph(draw, (*ELSEWHERE, *ELSEWHERE, *ELSEWHERE, *WORDS, draw.choice(FIGURES)))
    return [("h2", head), ("p", body)]


def _paragraph(draw: random.Random, choice: tuple[str, ...]) -> str:
    return " ".join(draw.choice(choice).format(**_filling(draw)) for _ in range(4))


def _filling(draw: random.Random) -> dict[str, object]:
    small, year = draw.randint(2, 400), draw.randint(2024, 2031)
    return {
        "firm": f"{_name(draw)} {draw.choice(('Energy', 'Motors', 'Storage', 'Power'))}", "other": _name(draw),
        "town": _name(draw), "count": draw.randint(120, 90_000), "share": draw.randint(3, 97), "small": small,
        "double": 2 * small, "month": draw.choice(MONTHS), "year": year, "later": year + 2,
    }  # fmt: skip


def _name(draw: random.Random) -> str:
    return "".join(draw.choice(SYLLABLES) for _ in range(3)).capitalize()


def to_claims(folder: Path) -> int:
    return sum(len(found.claims) for found in read_pages([folder]))


def to_store(folder: Path) -> int:
    with tempfile.TemporaryDirectory() as place, open_store(Path(place) / "claims.db", create=True) as store:
        return sum(store.add(found).claims for found in read_pages([folder]))


def _spent() -> float:
    """Processor time [second] of this process and of those that it has started and that have ended."""
    return sum(os.times()[:4])


PHASES: dict[str, Callable[[Path], int]] = {"claims": to_claims, "store": to_store}


def measured(kind: str, count: int, repeats: int) -> dict[str, tuple[float, int, float]]:
    """Size [MB], claims and best time [second] of each phase."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, content in pages(kind, count):
            (folder / name).write_text(content, encoding="utf-8")
        size = sum(page.stat().st_size for page in folder.iterdir()) / 1e6
        found: dict[str, tuple[float, int, float]] = {}
        for phase, run in PHASES.items():
            times = []
            for _ in range(repeats):
                began = _spent()
                claims = run(folder)
                times.append(_spent() - began)
            found[phase] = (size, claims, min(times))
    return found


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few pages, once")
    quick = parser.parse_args(arguments).quick
    with tempfile.TemporaryDirectory() as place:  # the tables of words are read once in a process
        (Path(place) / "page.txt").write_text("Adatum made 3 cars in Turku.")
        to_claims(Path(place))
    print(f"{platform.machine()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    print(f"{'pages':<8}{'count':>7}{'MB':>8}{'claims':>9}  {'phase':<8}{'s':>8}{'MB/s':>8}{'us/claim':>10}")
    for kind, count in PAGES.items():
        count = 3 if quick else count
        for phase, (size, claims, seconds) in measured(kind, count, 1 if quick else REPEATS).items():
            rate = f"{seconds:>8.2f}{size / seconds:>8.2f}{1e6 * seconds / claims:>10.0f}"
            print(f"{kind:<8}{count:>7,}{size:>8.2f}{claims:>9,}  {phase:<8}{rate}")


if __name__ == "__main__":
    main()
