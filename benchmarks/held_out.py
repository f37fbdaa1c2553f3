"""How well pages are read that are labelled by hand: ``python -m benchmarks.held_out fourth fifth`` prints the tables.

A set is a folder of pages with ``expected.yaml`` (a row for each quantity of a core story: value_text, value or
[low, high], units, measures, subjects, object, first and last day; ``*`` is not judged, ``|`` parts what is right
alike) and ``marks.yaml`` (texts that must not be read, texts that may be, and the label of each stretch). The tables
of docs/reference/reading-quality.md are made with it; the tests of the reader judge with it.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from cell2grid.evidence.reading import read_pages
from cell2grid.evidence.records import Claim, Label, Pages

HELD_OUT = Path(__file__).parents[1] / "tests" / "evidence" / "held_out"
SETS = ("fourth", "fifth", "sixth", "seventh", "eighth")


@dataclass
class Judged:
    """What was found on the pages of some sets: counts in all, by measure, and what went wrong in words."""

    counts: Counter[str] = field(default_factory=Counter)
    by_measure: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faults: list[str] = field(default_factory=list)

    def share(self, right: str, of: str) -> float:
        return self.counts[right] / max(1, self.counts[of])


def folder_of(name: str) -> Path:
    """The folder of a set by its name, or a folder elsewhere."""
    return HELD_OUT if name == "first" else HELD_OUT / name if (HELD_OUT / name).is_dir() else Path(name)


def judged(sets: Iterable[str]) -> Judged:
    """The judgement over all pages of the sets."""
    result = Judged()
    for name in sets:
        folder = folder_of(name)
        expected = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
        marks_file = folder / "marks.yaml"
        marks = yaml.safe_load(marks_file.read_text(encoding="utf-8")) if marks_file.exists() else {}
        for pages in read_pages([folder / page for page in sorted(expected)]):
            for document in pages.documents:
                if document.path in expected:
                    _page(pages, expected[document.path], marks.get(document.path) or {}, result)
    return result


def _page(pages: Pages, rows: list[list[Any]], marks: dict[str, Any], result: Judged) -> None:
    (document,) = pages.documents
    core = {story.id for story in pages.stories if story.label is Label.CORE}
    told = once([claim for claim in pages.claims if claim.story in core])
    free = list(told)
    for row in rows:
        claim = taken(free, row)
        _row(claim, row, document.path, result)
    may_be = [str(text) for text in marks.get("open") or []]
    left = [claim for claim in free if not any(_overlaps(text, claim.value_text) for text in may_be)]
    result.counts["claims"] += len(told) - len(free) + len(left)
    result.faults += [f"{document.path}: '{claim.value_text}' is read and not asked for" for claim in left]
    for trap in marks.get("traps") or []:
        pattern = rf"(?<![\w.,]){re.escape(str(trap))}(?!\w)"
        if any(re.search(pattern, claim.value_text) for claim in told):
            result.counts["traps"] += 1
            result.faults.append(f"{document.path}: the trap '{trap}' is taken")
    if marks.get("labels") and document.has_offsets:
        _labels(pages, marks["labels"], result)


def once(claims: list[Claim]) -> list[Claim]:
    """The claims of quantities, each once: no milestone, no supply beside the quantity's own claim."""
    own = {(claim.quote, claim.value_text) for claim in claims if claim.measure not in {"milestone", "supplies"}}
    return [
        claim
        for claim in claims
        if claim.measure != "milestone" and not (claim.measure == "supplies" and (claim.quote, claim.value_text) in own)
    ]


def taken(free: list[Claim], row: list[Any]) -> Claim | None:
    """The claim that a row asks for, taken out of the free ones; of several the one with its very text."""
    same = [claim for claim in free if _is_value(claim, row[1], str(row[2]))]
    exact = [claim for claim in same if claim.value_text == str(row[0])]
    near = [claim for claim in same if _overlaps(claim.value_text, str(row[0]))]
    chosen = (exact or near or same or [None])[0]
    if chosen is not None:
        free.remove(chosen)
    return chosen


def _overlaps(one: str, other: str) -> bool:
    return one in other or other in one


def _is_value(claim: Claim, value: Any, units: str) -> bool:
    if units != "*" and claim.unit not in units.split("|"):
        return False
    if isinstance(value, list):
        return claim.value is None and (claim.low, claim.high) == (float(value[0]), float(value[1]))
    return claim.value is not None and math.isclose(claim.value, float(value), rel_tol=1e-6, abs_tol=1e-12)


def _row(claim: Claim | None, row: list[Any], page: str, result: Judged) -> None:
    measure = "not judged" if row[3] == "*" else str(row[3]).split("|")[0]
    each = result.by_measure[measure]
    result.counts["asked"] += 1
    each["asked"] += 1
    if claim is None:
        result.faults.append(f"{page}: '{row[0]}' is not read")
        return
    result.counts["found"] += 1
    each["found"] += 1
    wrong = _wrong(claim, row, result.counts)
    tier = f"tier {claim.tier}"
    for counts in (result.counts, each):
        counts[tier] += 1
        counts[f"{tier} right"] += not wrong
    if wrong:
        result.faults.append(f"{page}: {claim.tier} '{claim.value_text}': {'; '.join(wrong)}")


def _wrong(claim: Claim, row: list[Any], counts: Counter[str]) -> list[str]:
    """The slots of a claim that are not as asked, each in words."""
    _, _, _, measure, subject, thing, start, end = row
    days = [_day_right(start, claim.period_start), _day_right(end, claim.period_end)]
    said = f"{claim.period_start} to {claim.period_end} for {start} to {end}"
    slots = [("period", (start, end) != ("*", "*"), all(days), said)]
    for name, wanted, told in (
        ("measure", measure, claim.measure),
        ("subject", subject, claim.subject),
        ("object", thing, claim.object),
    ):
        is_judged = wanted not in {"*", None}
        # an analyst takes Eve Energy for EVE Energy
        right = (told or "").casefold() in str(wanted).casefold().split("|")
        slots.append((name, is_judged, right, f"{told} for {wanted}"))
    for name, is_judged, right, _ in slots:
        counts[name] += is_judged
        counts[f"{name} right"] += is_judged and right
    return [f"{name} {words}" for name, is_judged, right, words in slots if is_judged and not right]


def _day_right(wanted: Any, told: str | None) -> bool:
    return bool(wanted == "*" or (None if wanted is None else str(wanted)) == told)


def _labels(pages: Pages, labels: list[list[Any]], result: Judged) -> None:
    (document,) = pages.documents
    stretches = [(story.start or 0, story.end or 0, story.label.value) for story in pages.stories]
    for place, letter in enumerate(document.text):
        if letter.isspace():
            continue
        wanted = [label for start, label in labels if start <= place][-1]
        told = next((label for start, end, label in stretches if start <= place < end), None)
        result.counts["letters"] += 1
        result.counts["letters right"] += told == wanted


# -- tables ----------------------------------------------------------------------------------------------------------

_LINES = (
    ("quantities found with value and unit (recall)", "found", "asked"),
    ("claims that are a quantity (precision)", "found", "claims"),
    ("measure of a quantity found", "measure right", "measure"),
    ("subject", "subject right", "subject"),
    ("period", "period right", "period"),
    ("tier A right in every slot", "tier A right", "tier A"),
    ("tier B right in every slot", "tier B right", "tier B"),
    ("tier A of what is found", "tier A", "found"),
    ("characters under the right label", "letters right", "letters"),
)


def interval(right: int, of: int) -> tuple[float, float]:
    """Wilson's interval of a share, at 95 % (doi:10.1080/01621459.1927.10502953)."""
    if of == 0:
        return 0.0, 1.0
    z, share = 1.959964, right / of
    middle = share + z * z / (2 * of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of)


def cell(right: int, of: int) -> str:
    """A share with its counts and its interval, or a dash."""
    if of == 0:
        return "–"
    low, high = interval(right, of)
    return f"{right} of {of} ({right / of:.3f}, {low:.2f}–{high:.2f})"


def tables(result: Judged) -> str:
    """The judgement as two Markdown tables: in all, and by measure."""
    counts = result.counts
    rows = ["| | right |", "|---|---|"]
    rows += [f"| {words} | {cell(counts[right], counts[of])} |" for words, right, of in _LINES]
    rows += [f"| traps taken | {counts['traps']} |", ""]
    rows += ["| measure | found | tier A right | tier B right |", "|---|---|---|---|"]
    for measure, each in sorted(result.by_measure.items()):
        parts = (("found", "asked"), ("tier A right", "tier A"), ("tier B right", "tier B"))
        rows.append(f"| {measure} | " + " | ".join(cell(each[right], each[of]) for right, of in parts) + " |")
    return "\n".join(rows)


def main() -> None:
    asked = [name for name in sys.argv[1:] if not name.startswith("-")] or list(SETS)
    result = judged(asked)
    if "--faults" in sys.argv:
        print("\n".join(result.faults), end="\n\n")
    print(tables(result))


if __name__ == "__main__":
    main()
