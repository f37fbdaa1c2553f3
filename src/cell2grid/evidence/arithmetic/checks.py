"""The checks: arithmetic over claims that says whether the figures of the pages agree with one another.

Sums over sub-periods and stakes against 100 % are here; shares and quotients are in ``ratios.py``, products and what
follows from claims without being stated in ``derived.py``. Which claims belong together is decided by
``matching.py``, what their digits allow by ``figures.py``. No check knows any page.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cell2grid.evidence.arithmetic import figures, matching
from cell2grid.evidence.arithmetic.derived import durations, products
from cell2grid.evidence.arithmetic.figures import Figure, clean, compare, figure
from cell2grid.evidence.arithmetic.matching import Match
from cell2grid.evidence.arithmetic.ratios import shares, utilisations
from cell2grid.evidence.records import Check, Claim, Derived, Document, Story, Verdict

# measures of which the months of a year add up to the year
FLOWS = frozenset({"production", "deliveries", "sales", "exports", "revenue", "profit", "investment"})
# no total has more parts than this; a table of more is left to other tools
_MOST_PARTS = 500
_AGREEING = FLOWS | {"capacity", "unit_energy", "power", "energy", "stake", "capital", "utilisation", "jobs", "area"}

Days = tuple[int, int]


def check(
    claims: Iterable[Claim], stories: Iterable[Story] = (), documents: Iterable[Document] = ()
) -> tuple[tuple[Check, ...], tuple[Derived, ...]]:
    """What the arithmetic over the claims finds, and the values that follow from them and are stated nowhere.

    The order of the claims does not matter, nor do claims that have nothing to do with a check. A claim of a story
    that copies another counts for nothing. ``documents`` is not needed yet.

    A half-year whose months add up:

    >>> from cell2grid.evidence.records import Claim
    >>> def exported(n, start, end):
    ...     return Claim("page", "s", "exports", "exports", "Contoso", "", n, n, str(n), n, n, n, n, n, "vehicle",
    ...                  period_start=start, period_end=end)
    >>> months = [exported(40, "2026-01-01", "2026-01-31"), exported(2, "2026-02-01", "2026-02-28")]
    >>> found, _ = check([*months, exported(42, "2026-01-01", "2026-02-28")])
    >>> found[0].kind, found[0].computed, found[0].verdict.value
    ('sum', 42.0, 'holds')
    """
    standing = matching.evidence(claims, stories)
    made, from_products = products(standing)
    lasting, from_durations = durations(standing)
    found = [*sums(standing), *made, *shares(standing), *utilisations(standing), *lasting]
    return (*found, *stakes(standing), *agreements(standing)), (*from_products, *from_durations)


# --- sums over sub-periods ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """A claim that may be one part of a total, and how sure the match is; the best part sorts first."""

    claim: Claim
    subject: Match
    thing: Match
    width: float

    @property
    def rank(self) -> tuple[object, ...]:
        claim = self.claim
        return (-self.subject, -self.thing, self.width, str(claim.tier), claim.value_start or 0, claim.id)

    @property
    def sure(self) -> bool:
        return self.subject == Match.SAME and self.thing == Match.SAME


def sums(claims: Sequence[Claim]) -> Iterator[Check]:
    """One check for each stated total of which at least two sub-periods are stated as well."""
    flows = [claim for claim in claims if claim.measure in FLOWS and matching.period(claim) and figure(claim)]
    local: dict[tuple[str, ...], list[tuple[Days, str, Claim]]] = defaultdict(list)
    elsewhere: dict[tuple[object, ...], dict[Days, _Part]] = defaultdict(dict)
    for claim in flows:
        for key in _families(claim):
            local[key].append((matching.period(claim) or (0, 0), claim.id, claim))
        _keep_best(elsewhere[_exactly(claim)], _Part(claim, Match.SAME, Match.SAME, _width(claim)))
    for family in local.values():
        family.sort()
    seen = set()
    for whole in flows:
        stated = (whole.document, *_exactly(whole), matching.period(whole), whole.value, whole.unit)
        if stated not in seen:
            seen.add(stated)
            related = {other.id: other for key in _families_of_parts(whole) for other in _inside(local[key], whole)}
            yield from _sum(whole, _cells(whole, related.values(), elsewhere[_exactly(whole)]))


def _inside(family: Sequence[tuple[Days, str, Claim]], whole: Claim) -> Iterator[Claim]:
    """The claims of a sorted family whose periods lie inside that of the total."""
    of = matching.period(whole) or (0, 0)
    for i in range(bisect_left(family, of[0], key=lambda entry: entry[0][0]), len(family)):
        days, _, claim = family[i]
        if days[0] > of[1]:
            return
        if _within(days, of):
            yield claim


def _families(claim: Claim) -> set[tuple[str, ...]]:
    """The families a claim belongs to: two claims share one only where their subjects may be the same."""
    of = (claim.document, claim.measure, figures.kind(claim.unit))
    name = matching.who(claim)
    in_story = (*of, "in", claim.story)
    if not name:
        return {in_story, (*of, "unnamed in", claim.story)}
    return {in_story, (*of, "first", name[0]), (*of, "last", name[-1])}


def _families_of_parts(whole: Claim) -> set[tuple[str, ...]]:
    """The families in which the parts of a total may be."""
    of = (whole.document, whole.measure, figures.kind(whole.unit))
    unnamed = (*of, "unnamed in", whole.story)
    in_story = (*of, "in", whole.story)
    return {*_families(whole) - {in_story}, unnamed} if matching.who(whole) else {in_story}


def _exactly(claim: Claim) -> tuple[object, ...]:
    kind = figures.kind(claim.unit)
    return (claim.measure, kind, matching.who(claim) or claim.id, matching.bare_object(claim))


def _width(claim: Claim) -> float:
    found = figure(claim)
    return math.inf if found is None else (found.high - found.low) / max(abs(found.value), 1.0)


def _keep_best(cells: dict[Days, _Part], part: _Part) -> None:
    days = matching.period(part.claim)
    if days is not None and (days not in cells or part.rank < cells[days].rank):
        cells[days] = part


def _cells(whole: Claim, related: Iterable[Claim], elsewhere: dict[Days, _Part]) -> dict[Days, _Part]:
    """The best part for each sub-period of the total, from its own page before any other."""
    of = matching.period(whole)
    cells: dict[Days, _Part] = {}
    for claim in related:
        subject, thing = matching.subjects(whole, claim), matching.objects(whole, claim)
        if subject == Match.UNSAID and claim.story != whole.story:
            continue
        if Match.NO not in (subject, thing):
            _keep_best(cells, _Part(claim, subject, thing, _width(claim)))
    others = {days: part for days, part in elsewhere.items() if of and _within(days, of)}
    return {**others, **cells}


def _within(days: Days, of: Days) -> bool:
    return of[0] <= days[0] and days[1] <= of[1] and days != of


def _sum(whole: Claim, cells: dict[Days, _Part]) -> Iterator[Check]:
    of, stated = matching.period(whole), figure(whole)
    chain = _chain(sorted(cells)) if len(cells) <= _MOST_PARTS else []
    found = [figure(cells[days].claim, whole.unit) for days in chain]
    added = [each for each in found if each is not None]
    if of is None or stated is None or len(chain) < 2 or len(added) < len(chain):
        return
    computed = figures.total(added)
    gaps = _gaps(chain, of)
    comparison = compare(stated, computed)
    verdict, note = comparison.verdict, f"{len(chain)} parts"
    if gaps:
        # what is missing can only add to figures that are not negative
        room = stated.high + stated.rounding - (computed.low - computed.rounding)
        too_much = room < 0 and min(each.low for each in added) >= 0
        verdict = Verdict.FAILS if too_much else Verdict.INCOMPLETE
        note = f"{note}; nothing is stated for {', '.join(matching.written(*gap) for gap in gaps)}"
    if verdict == Verdict.FAILS and not all(cells[days].sure for days in chain):
        verdict, note = Verdict.CANNOT_SAY, f"{note}; the parts may be of something else than the total"
    unnamed = any(cells[days].subject == Match.UNSAID for days in chain)
    if unnamed and verdict not in (Verdict.HOLDS, Verdict.ROUNDING):
        return
    ids = (whole.id, *(cells[days].claim.id for days in chain))
    yield Check(
        "sum",
        ids,
        clean(stated.value),
        clean(computed.value),
        whole.unit,
        clean(stated.value - computed.value) if gaps else comparison.residual,
        comparison.tolerance,
        verdict,
        note,
    )


def _chain(periods: Sequence[Days]) -> list[Days]:
    """The periods that do not overlap and cover the most days; of equals, the fewest."""
    periods = sorted(periods, key=lambda days: (days[1], days[0]))
    ends = [last for _, last in periods]
    best: list[tuple[int, int]] = [(0, 0)]
    taken: list[tuple[bool, int]] = []
    for i, (first, last) in enumerate(periods):
        before = bisect_left(ends, first)
        with_it = (best[before][0] + last - first + 1, best[before][1] - 1)
        taken.append((with_it > best[i], before))
        best.append(max(with_it, best[i]))
    chain, i = [], len(periods)
    while i:
        is_taken, before = taken[i - 1]
        if is_taken:
            chain.append(periods[i - 1])
        i = before if is_taken else i - 1
    return chain[::-1]


def _gaps(chain: Sequence[Days], of: Days) -> list[Days]:
    gaps, next_day = [], of[0]
    for first, last in chain:
        if first > next_day:
            gaps.append((next_day, first - 1))
        next_day = last + 1
    return [*gaps, (next_day, of[1])] if next_day <= of[1] else gaps


# --- stakes ---------------------------------------------------------------------------------------------------------


def stakes(claims: Sequence[Claim]) -> Iterator[Check]:
    """One check for each company of which a page names two holders or more: what they hold against 100 %."""
    holders: dict[tuple[str, tuple[str, ...]], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.measure == "stake" and claim.object and figures.worth(claim.unit, "percent") and figure(claim):
            holders[claim.document, matching.words(claim.object)].append(claim)
    for held in holders.values():
        counted = _one_per_holder(held)
        found = [each for each in (figure(claim, "percent") for claim in counted) if each is not None]
        if len(counted) > 1 or found[0].low > 100:
            yield _stakes(counted, figures.total(found))


def _one_per_holder(claims: Sequence[Claim]) -> list[Claim]:
    """The narrowest figure for each holder; ``a majority`` says nothing more where 51 % is stated."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda each: (_width(each), each.value_start or 0, each.id)):
        if not any(_same_holding(claim, other) for other in kept):
            kept.append(claim)
    return sorted(kept, key=lambda each: (each.value_start or 0, each.id))


def _same_holding(claim: Claim, other: Claim) -> bool:
    match = matching.names(claim.subject, other.subject)
    if match == Match.SAME:
        return True
    one, two = figure(claim, "percent"), figure(other, "percent")
    overlap = one is not None and two is not None and one.low <= two.high and two.low <= one.high
    return match == Match.RELATED and overlap


def _stakes(claims: Sequence[Claim], held: Figure) -> Check:
    comparison = compare(Figure(100.0, 100.0, 100.0, 0.0), held)
    verdict, note = comparison.verdict, f"{len(claims)} holders"
    if verdict == Verdict.FAILS and held.value < 100:
        verdict, note = Verdict.INCOMPLETE, f"{note}; unknown {clean(100 - held.value):g} %"
    return Check(
        "stakes",
        tuple(claim.id for claim in claims),
        100.0,
        clean(held.value),
        "percent",
        comparison.residual,
        comparison.tolerance,
        verdict,
        note,
    )


# --- the same figure on two pages -----------------------------------------------------------------------------------


def agreements(claims: Sequence[Claim]) -> Iterator[Check]:
    """One check for each further page that states a figure which another page states as well."""
    said: dict[tuple[object, ...], dict[str, Claim]] = defaultdict(dict)
    for claim in claims:
        if claim.measure in _AGREEING and claim.subject and figure(claim):
            pages = said[(*_exactly(claim), matching.words(claim.object), claim.period_start, claim.period_end)]
            if claim.document not in pages or _width(claim) < _width(pages[claim.document]):
                pages[claim.document] = claim
    for pages in said.values():
        first, *others = pages.values()
        for other in others:
            yield from _agreement(first, other)


def _agreement(one: Claim, other: Claim) -> Iterator[Check]:
    stated, again = figure(one), figure(other, one.unit)
    if stated is None or again is None:
        return
    comparison = compare(stated, again)
    found = Check(
        "agreement",
        (one.id, other.id),
        clean(stated.value),
        clean(again.value),
        one.unit,
        comparison.residual,
        comparison.tolerance,
        comparison.verdict,
        "two pages",
    )
    dated = one.period_start is not None or one.period_end is not None
    if found.verdict == Verdict.FAILS and not dated:
        found = replace(found, verdict=Verdict.CANNOT_SAY, note="two pages; the figure may have changed in between")
    yield found
