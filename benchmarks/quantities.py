"""Quantities found in news beside two peers, on the same pages in one run: ``python -m benchmarks.quantities``.

The pages are the held-out ones whose core text is marked (tests/evidence/held_out). Each program gets that text, one
sentence at a time, and gives numbers with their units; a number is right where its value is, and right with its unit
where that is too. The peers are given more than they give: a counted noun (vehicles, jobs) may be missing from their
unit, and so may "a year"; what the date recogniser of the second calls a date is left out for it. The reader is asked
for the claims of its pages, and its unit must be the one asked for. Intervals are Wilson's, at 95 %.
"""

from __future__ import annotations

import argparse
import math
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from benchmarks.held_out import HELD_OUT, SETS, interval
from cell2grid.evidence.pages.sentences import sentences
from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Document, Label

PLAIN = {
    "percentage": "percent", "dollar": "USD", "us dollar": "USD", "united states dollar": "USD", "chinese yuan": "CNY",
    "yuan": "CNY", "renminbi": "CNY", "euro": "EUR", "pound sterling": "GBP", "british pound": "GBP", "pound": "GBP",
    "indian rupee": "INR", "rupee": "INR", "japanese yen": "JPY", "yen": "JPY", "south korean won": "KRW",
    "korean won": "KRW", "australian dollar": "AUD", "canadian dollar": "CAD", "polish zloty": "PLN",
    "swedish krona": "SEK", "norwegian krone": "NOK", "brazilian real": "BRL", "megawatt hour": "MWh",
    "gigawatt hour": "GWh", "kilowatt hour": "kWh", "terawatt hour": "TWh", "watt hour": "Wh", "megawatt": "MW",
    "gigawatt": "GW", "kilowatt": "kW", "hour": "hour", "day": "day", "week": "week", "month": "month", "year": "year",
    "minute": "minute", "tonne": "tonne", "metric ton": "tonne", "ton": "tonne", "hectare": "ha",
    "square hectometer": "ha", "square metre": "m2", "square meter": "m2", "square foot": "square_foot",
    "kilometre": "km", "kilometer": "km", "acre": "acre", "kilogram": "kg", "percentage point": "percentage_point",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """The core text of a page, and what is to be found in it: values (or ends of ranges) with the units allowed."""

    name: str
    text: str
    wanted: tuple[tuple[float | tuple[float, float], frozenset[str]], ...]


@dataclass(frozen=True)
class Number:
    """A number that a program found: its value or the ends of its range, and its unit, empty where it has none."""

    value: float | tuple[float, float]
    unit: str


def pages(limit: int | None = None) -> list[Page]:
    found = []
    for folder in SETS:
        if not (HELD_OUT / folder / "marks.yaml").exists():
            continue
        marks = yaml.safe_load((HELD_OUT / folder / "marks.yaml").read_text(encoding="utf-8"))
        expected = yaml.safe_load((HELD_OUT / folder / "expected.yaml").read_text(encoding="utf-8"))
        for name, rows in expected.items():
            labels = (marks.get(name) or {}).get("labels")
            if labels and not name.endswith(".html"):
                text = (HELD_OUT / folder / name).read_bytes().decode()
                found.append(Page(name, _core(text, labels), tuple(_wanted(row) for row in rows if row[1] is not None)))
    return found[:limit]


def _core(text: str, labels: list[tuple[int, str]]) -> str:
    ends = [start for start, _ in labels[1:]] + [len(text)]
    return "\n\n".join(text[start:end] for (start, label), end in zip(labels, ends, strict=True) if label == "core")


def _wanted(row: list[Any]) -> tuple[float | tuple[float, float], frozenset[str]]:
    value = (float(row[1][0]), float(row[1][1])) if isinstance(row[1], list) else float(row[1])
    return value, frozenset(str(row[2]).split("|"))


# -- the programs ----------------------------------------------------------------------------------------------------


def reader(text: str) -> Iterator[Number]:
    """cell2grid, on the text as a page of its own."""
    told = read_page(Document("0" * 64, "page.txt", "text", text))
    core = {story.id for story in told.stories if story.label is Label.CORE}
    for claim in told.claims:
        if claim.story in core and claim.unit:
            if claim.value is not None:
                yield Number(claim.value, claim.unit)
            elif claim.low is not None and claim.high is not None:
                yield Number((claim.low, claim.high), claim.unit)


def quantulum(text: str) -> Iterator[Number]:
    """quantulum3, sentence by sentence."""
    from quantulum3 import classifier, parser

    # its guesses between units were learnt with an old scikit-learn, whose files a new one cannot use
    classifier.USE_CLF = False
    for sentence in _sentences(text):
        for quantity in parser.parse(sentence):
            name = quantity.unit.name
            unit = "" if name == "dimensionless" else _plain(name)
            spread = quantity.uncertainty
            ends = None if spread is None else (quantity.value - spread, quantity.value + spread)
            yield Number(quantity.value if ends is None else ends, unit)


def recognizers(text: str) -> Iterator[Number]:
    """Recognizers-Text, sentence by sentence: units, currencies, percentages and numbers, without what are dates."""
    import recognizers_date_time as dates
    import recognizers_number as numbers
    import recognizers_number_with_unit as units
    from recognizers_text import Culture

    for sentence in _sentences(text):
        taken = [
            (found.start, found.end)
            for found in dates.recognize_datetime(sentence, Culture.English)
            if not found.type_name.endswith("duration")
        ]
        for recognise in (
            units.recognize_currency,
            units.recognize_dimension,
            numbers.recognize_percentage,
            numbers.recognize_number,
        ):
            for found in recognise(sentence, Culture.English):
                written = str((found.resolution or {}).get("value") or "")
                value = _number(written.rstrip("%"))
                if value is None or any(start <= found.end and found.start <= end for start, end in taken):
                    continue
                taken.append((found.start, found.end))
                unit = "percent" if written.endswith("%") else _plain(str(found.resolution.get("unit") or ""))
                yield Number(value, unit)


def _sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


def _number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None


def _plain(name: str) -> str:
    lower = name.lower().replace("-", " ").strip()
    whole, _, per = lower.partition(" per ")
    unit = PLAIN.get(whole, PLAIN.get(whole.rstrip("s"), whole))
    return unit if not per else f"{unit}/{PLAIN.get(per, per)}"


# -- how many are right ----------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What a program found on all pages."""

    asked: int = 0
    given: int = 0
    values: int = 0
    units: int = 0
    seconds: float = 0.0
    letters: int = 0


def judged(program: Callable[[str], Iterator[Number]], told: list[Page], *, strict: bool) -> Tally:
    tally = Tally()
    for page in told:
        start = time.perf_counter()
        found = list(program(page.text))
        tally.seconds += time.perf_counter() - start
        tally.letters += len(page.text.encode())
        tally.asked += len(page.wanted)
        tally.given += len(found)
        tally.values += _matched(page, found, lambda number, wanted: True)
        tally.units += _matched(page, found, _unit_right if strict else _unit_near)
    return tally


def _matched(page: Page, found: list[Number], fits: Callable[[Number, frozenset[str]], bool]) -> int:
    free = list(found)
    count = 0
    for value, allowed in page.wanted:
        hit = next((number for number in free if _same(number.value, value) and fits(number, allowed)), None)
        if hit is not None:
            free.remove(hit)
            count += 1
    return count


def _same(found: float | tuple[float, float], wanted: float | tuple[float, float]) -> bool:
    """Whether two values are one; the sign of a fall is a frame's to say, not a lexer's."""
    if isinstance(found, tuple) and isinstance(wanted, tuple):
        return _same(found[0], wanted[0]) and _same(found[1], wanted[1])
    if isinstance(found, tuple) or isinstance(wanted, tuple):
        return False
    return math.isclose(abs(found), abs(wanted), rel_tol=1e-6)


def _unit_right(number: Number, allowed: frozenset[str]) -> bool:
    return "*" in allowed or number.unit in allowed


def _unit_near(number: Number, allowed: frozenset[str]) -> bool:
    """The unit, its numerator, or none at all where what is counted is a noun."""
    base = number.unit.partition("/")[0]
    known = {unit.partition("/")[0] for unit in allowed}
    counted = not known & {*PLAIN.values(), "basis_point", "ratio"}
    return "*" in allowed or number.unit in allowed or base in known or (counted and not number.unit)


PROGRAMS = {"cell2grid": reader, "quantulum3": quantulum, "Recognizers-Text": recognizers}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="two pages only, to see that it runs")
    told = pages(2 if arguments.parse_args().quick else None)
    asked = sum(len(page.wanted) for page in told)
    print(f"{len(told)} pages, {asked} quantities of core text")
    print(f"{'':17} {'value P':>8} {'value R':>8} {'unit P':>8} {'unit R':>8} {'interval of unit R':>20} {'MB/s':>8}")
    for name, program in PROGRAMS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            list(program("It has 3 GWh."))  # tables are read once
            tally = judged(program, told, strict=program is reader)
        low, high = interval(tally.units, tally.asked)
        shares = (tally.values / tally.given, tally.values / tally.asked, tally.units / tally.given)
        cells = " ".join(f"{share:8.3f}" for share in (*shares, tally.units / tally.asked))
        print(f"{name:17} {cells} {f'{low:.3f} to {high:.3f}':>20} {tally.letters / tally.seconds / 1e6:8.3f}")


if __name__ == "__main__":
    main()
