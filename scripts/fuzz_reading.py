"""Reads spoilt pages until the time is over, and stops at the first that breaks the reader or its promises.

``.venv/bin/python scripts/fuzz_reading.py --minutes 10``. Pages are the held-out ones, cut, joined, repeated, with
letters of every script, digits, marks and bytes put in. What breaks is written to a file that is named, so that it can
become a test. A page may be refused by a PageError; it may take no longer than ``SLOWEST``.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

from cell2grid.errors import PageError
from cell2grid.evidence.pages.extraction import Extractor
from cell2grid.evidence.pages.page import read_document
from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Document, Pages

PAGES = Path(__file__).parents[1] / "tests" / "evidence" / "held_out"
SLOWEST = 30.0  # seconds of a page of up to some hundred kilobytes
ODD = (
    "\u200b\u200f\u202e\ufeff\u00a0\u2009\u2066\u0000\u0085\u2028😀🔋万亿億٣४½²³%‰€¥$₹–—−‐…«»“”'\"<>&;|\\/#*_~^()[]{}"
    "0123456789,.:-+ \t\n\r"
)
SNIPPETS = (
    "1,234,567.89 GWh", "between 5 and", "US$", "up to", "from 3% to", "twice", "12万辆", "3.2亿元", "Q3 FY26",
    "by the end of", "a year earlier", "respectively", "9" * 400, "1e999", "-", "2025-13-45", "31 February",
    "the company",
    "<div>" * 300, "&lt;" * 200, "&#x1F50B;", "<script>", "]]>", "http://", "@", "1 and " * 200, "(" * 500, "A" * 3000,
)  # fmt: skip


def spoilt(rng: random.Random, seeds: list[str]) -> str:
    """A page made of others, changed in a few places."""
    text = rng.choice(seeds)
    for _ in range(rng.randint(1, 8)):
        kind = rng.randrange(8)
        at = rng.randint(0, len(text))
        end = min(len(text), at + rng.randint(0, 400))
        if kind == 0:
            text = text[:at] + text[end:]
        elif kind == 1:
            text = text[:at] + text[at:end] * rng.randint(2, 20) + text[end:]
        elif kind == 2:
            other = rng.choice(seeds)
            text = text[:at] + other[rng.randint(0, len(other)) :][:2000] + text[at:]
        elif kind == 3:
            text = text[:at] + "".join(rng.choice(ODD) for _ in range(rng.randint(1, 40))) + text[at:]
        elif kind == 4:
            text = text[:at] + rng.choice(SNIPPETS) + text[at:]
        elif kind == 5:
            text = text[:at] + text[at:end].swapcase() + text[end:]
        elif kind == 6:
            text = text[:at] + "".join(chr(rng.randrange(32, 0x2FFFF)) for _ in range(20)) + text[at:]
        else:
            text = text[:at] + text[at:end].replace(" ", rng.choice(["", "\n", "\u00a0", "  "])) + text[end:]
    return "".join(letter for letter in text[:200_000] if not 0xD800 <= ord(letter) < 0xE000)


def broken(document: Document, told: Pages) -> str | None:
    """The promise that a reading breaks, or None."""
    at = 0
    for story in told.stories:
        if document.has_offsets and story.start is not None and story.end is not None:
            if not at <= story.start <= story.end <= len(document.text):
                return f"story {story.start} to {story.end} is out of order"
            at = story.end
    for each in (*told.readings, *told.claims):
        if document.has_offsets and document.text[each.value_start : each.value_end] != each.value_text:
            return f"'{each.value_text[:60]}' is not at {each.value_start}"
        numbers = [number for number in (each.value, each.low, each.high) if number is not None]
        if not all(math.isfinite(number) for number in numbers):
            return f"'{each.value_text[:60]}' is read as {numbers}"
        if each.low is not None and each.high is not None and each.low > each.high:
            return f"'{each.value_text[:60]}' has the interval {each.low} to {each.high}"
    return None


def one(page: Path, extractor: Extractor) -> str | None:
    """What is wrong with the reading of a file, or None."""
    began = time.monotonic()
    try:
        document = read_document(page, page.name, extractor)
        fault = broken(document, read_page(document))
    except PageError:
        fault = None
    except Exception:
        fault = traceback.format_exc()
    seconds = time.monotonic() - began
    return fault or (f"it took {seconds:.1f} s" if seconds > SLOWEST else None)


def main() -> None:
    """Read spoilt pages until the time is over."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=10.0)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    rng = random.Random(asked.seed)
    found = [page for page in PAGES.rglob("*") if page.suffix in {".txt", ".md", ".html"}]
    seeds = [page.read_bytes().decode() for page in sorted(found)]
    until = time.monotonic() + 60 * asked.minutes
    folder = Path(tempfile.mkdtemp(prefix="spoilt-"))
    count = 0
    with Extractor() as extractor:
        while time.monotonic() < until:
            page = folder / f"page{rng.choice(['.txt', '.txt', '.md', '.html'])}"
            content = spoilt(rng, seeds).encode()
            if rng.random() < 0.05:
                content = bytes(byte ^ (rng.random() < 0.01) for byte in content)
            page.write_bytes(content)
            count += 1
            fault = one(page, extractor)
            if fault is not None:
                print(f"page {count} of seed {asked.seed}, kept as {page}: {fault}")
                sys.exit(1)
            page.unlink()
    folder.rmdir()
    print(f"{count:,} spoilt pages in {asked.minutes:g} min, none broke the reader")


if __name__ == "__main__":
    main()
