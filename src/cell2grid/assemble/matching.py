"""Which claim fits which figure of a study: same measure, a name that fits, the same period, a unit of the same kind.

Two accepted claims that disagree are a conflict, and never averaged. Where to write what is found is ``filling.py``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cell2grid.assemble.slots import Slot, words
from cell2grid.errors import UnitError
from cell2grid.evidence.records import Claim
from cell2grid.units import convert, same_kind


@dataclass(frozen=True, slots=True)
class Match:
    """A figure of the study and the claims that state it, the most exact first."""

    slot: Slot
    claims: tuple[Claim, ...]

    @property
    def conflict(self) -> bool:
        """Whether two of the claims, or a claim and the study's own sourced figure, leave no value that both allow."""
        spans = [interval(claim, self.slot.unit) for claim in self.claims]
        if self.slot.sourced is not None:
            spans.append(self.slot.sourced)
        return max(low for low, _ in spans) > min(high for _, high in spans)


def interval(claim: Claim, unit: str) -> tuple[float, float]:
    """The lowest and the highest value that the claim allows, in ``unit``.

    A printed number allows half of its last digit either way, and a word like *about* its own interval; *over* and
    *under* leave one side open.
    """
    numbers = [number for number in (claim.value, claim.low, claim.high) if number is not None]
    low, high = min(numbers), max(numbers)
    if claim.approx is not None:
        low = -math.inf if claim.low is None else low
        high = math.inf if claim.high is None else high
    if claim.approx is None and claim.low == claim.high:
        half = _last_digit(claim.value_text, claim.value) / 2
        low, high = low - half, high + half
    return convert(low, claim.unit, unit), convert(high, claim.unit, unit)


Same = Callable[[str], Iterable[str]]


def matches(places: Iterable[Slot], claims: Sequence[Claim], same: Same = lambda _: ()) -> tuple[Match, ...]:
    """For each place that some claim fits, the claims that fit it, whatever the order of the claims.

    ``same`` gives the other names of what a claim calls by one name.
    """
    by_measure: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=lambda claim: claim.id):
        by_measure.setdefault(claim.measure, []).append(claim)
    found = []
    for slot in places:
        fitting = [claim for claim in by_measure.get(slot.measure, []) if fits(claim, slot, same)]
        if fitting:
            found.append(Match(slot, tuple(sorted(fitting, key=lambda claim: _order(claim, slot)))))
    return tuple(found)


def fits(claim: Claim, slot: Slot, same: Same = lambda _: ()) -> bool:
    """Whether the claim speaks of the slot's figure; ``same`` is that of ``matches``."""
    if claim.value is None and (claim.low is None or claim.high is None):
        return False
    if not _same_measure(claim.unit, slot.unit) or not _name_fits(claim.subject, slot.names, slot.extras, same):
        return False
    if slot.objects and not _name_fits(claim.object, slot.objects, slot.extras, same):
        return False
    if slot.period is not None and (claim.period_start, claim.period_end) != slot.period:
        return False
    return not slot.confirms or _states_the_same(claim, slot)


def _same_measure(unit: str, other: str) -> bool:
    try:
        return same_kind(unit, other)
    except UnitError:  # a page may count nouns that no study can use
        return False


def _states_the_same(claim: Claim, slot: Slot) -> bool:
    if slot.figure is None:
        return False
    low, high = interval(claim, slot.unit)
    return low <= slot.figure.to(slot.unit).mode <= high


def _name_fits(said: str | None, names: frozenset[frozenset[str]], extras: frozenset[str], same: Same) -> bool:
    """Whether a page's name for something is one of ours, with nothing more than words that cannot mislead."""
    if said is None:
        return False
    called = [words(each) for each in (said, *same(said))]
    return any(name and name <= spoken and spoken - name <= extras for name in names for spoken in called)


def _order(claim: Claim, slot: Slot) -> tuple[float, str]:
    low, high = interval(claim, slot.unit)
    return high - low, claim.id


def _last_digit(text: str, value: float | None) -> float:
    """What one unit of the last printed digit is worth: 10000 of '1.22 million', 1 of '40,499'."""
    match = re.search(r"\d[\d,]*(?:\.(\d+))?", text)
    if match is None or not value:
        return 0.0
    printed = float(match.group().replace(",", ""))
    decimals = len(match.group(1) or "")
    return abs(value) / printed * 10.0**-decimals if printed else 0.0
