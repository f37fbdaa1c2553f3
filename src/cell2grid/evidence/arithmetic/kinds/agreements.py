"""The same figure from two sources: one measure of one subject and period on two pages must be one figure.

A page that repeats the sentence of another is not a second source. Figures of stocks without a day may have changed in
between, so that a difference says nothing; figures of different places, phases or goods are not compared at all. What
a plan became is ``plans.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from cell2grid.evidence.arithmetic import figures, matching, scope
from cell2grid.evidence.arithmetic.figures import figure
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.matching import FLOWS
from cell2grid.evidence.arithmetic.scope import Alike
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import AGREES, compared
from cell2grid.evidence.records import Check, Claim, Tier, Verdict

KIND = "agreement"
ORDER = 80
_YEAR = ("2025-01-01", "2025-12-31")


def _example(text: str, value: float, said: str, **check: object) -> Example:
    first = "Contoso sold 13,400 buses in 2025, an exchange filing shows."
    of = {"measure": "sales", "unit": "bus", "period": _YEAR}
    claims = (
        {**of, "value": 13_400, "text": "13,400 buses", "document": "one", "said": first},
        {**of, "value": value, "text": text, "document": "two", "said": said},
    )
    return Example(claims, (check,) if check else ())


EXAMPLES = (
    _example("13,400", 13_400, "Its 13,400 buses made Contoso the leader of 2025.", residual=0, verdict="holds"),
    _example("13.4 thousand", 13_400, "Contoso delivered 13.4 thousand buses to buyers.", verdict="holds"),
    _example("14,900", 14_900, "Contoso's sales came to 14,900 buses last year.", verdict="fails"),
    _example("14,900", 14_900, "Contoso's sales in Norway came to 14,900 buses last year."),
    _example("13,400", 13_400, "Contoso sold 13,400 buses in 2025, an exchange filing shows."),
)
STOCKS = ("capacity", "unit_energy", "power", "energy", "stake", "capital", "area", "jobs", "utilisation", "share")
_LOOK_BACK = 6
_COPIED = 0.7
# sources that differ by more than this speak of different things
_MOST_APART = 2.5
_SPECIFIC_DIGITS = 4


def found(standing: Standing) -> Found:
    """One check for each further page that states a figure which another page states as well."""
    told: dict[tuple[object, ...], dict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in standing.of(*sorted(FLOWS), *STOCKS):
        if matching.who(claim):
            told[_key(claim)][claim.document].append(claim)
    checks: list[Check] = []
    for pages in told.values():
        documents = sorted(pages, key=lambda document: (standing.told_on(pages[document][0]) or 0, document))
        for i, document in enumerate(documents):
            for earlier in reversed(documents[max(0, i - _LOOK_BACK) : i]):
                check = _agreement(pages[earlier][:_LOOK_BACK], pages[document][:_LOOK_BACK], standing)
                if check is not None:
                    checks.append(check)
                    break
    return checks, []


def _key(claim: Claim) -> tuple[object, ...]:
    who = tuple(sorted(set(matching.who(claim))))
    dated = (claim.period_start, claim.period_end)
    return (claim.measure, figures.kind(claim.unit), who, matching.bare_object(claim), dated)


def _agreement(before: Sequence[Claim], after: Sequence[Claim], standing: Standing) -> Check | None:
    """The check of the two claims of two pages that are most surely of one thing; None where none are."""
    ranked = sorted(
        (-scope.alike(one, other), not matching.same_value(one, other), one.id, other.id, one, other)
        for one in before
        for other in after
        if scope.planned(one, standing.told_on(one)) == scope.planned(other, standing.told_on(other))
    )
    for doubt, _, _, _, one, other in ranked[:1]:
        stated, again = figure(one), figure(other, one.unit)
        if stated is None or again is None or _is_copy(one.quote, other.quote):
            return None
        check = compared(KIND, (one, other), stated, again, one.unit, "two pages")
        if check.verdict in AGREES:
            return check if -doubt == Alike.YES or _is_specific(one) else None
        return _difference(check, one, other) if -doubt == Alike.YES else None
    return None


def _difference(check: Check, one: Claim, other: Claim) -> Check | None:
    """What a difference between two pages says: that one is wrong, that it may be of another time, or nothing."""
    if one.period_end is None and one.period_start is None:
        if one.measure in FLOWS or not (matching.is_facility(one.subject) or one.measure in ("stake", "unit_energy")):
            return None
        return replace(check, verdict=Verdict.CANNOT_SAY, note="two pages; the figure may have changed in between")
    low, high = sorted((abs(check.stated or 0.0), abs(check.computed or 0.0)))
    if high > _MOST_APART * low:
        if Tier.C in (one.tier, other.tier) or Tier.B in (one.tier, other.tier):
            return None
        note = "two pages; the figures lie so far apart that they may be of different things"
        return replace(check, verdict=Verdict.CANNOT_SAY, note=note)
    return check


def _is_specific(claim: Claim) -> bool:
    """Whether the figure is printed with so many digits that another one would hardly be the same by chance."""
    digits = re.sub(r"[^\d]", "", claim.value_text).strip("0")
    return len(digits) >= _SPECIFIC_DIGITS


@lru_cache(maxsize=65536)
def _is_copy(one: str, other: str) -> bool:
    """Whether one sentence repeats the other: most runs of three words of the shorter stand in the longer."""
    short, long = sorted((_runs(one), _runs(other)), key=len)
    return bool(short) and len(short & long) >= _COPIED * len(short)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+(?:[.,]\d+)*", text.lower())
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}
