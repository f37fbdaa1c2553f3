"""Sums over time: the months of a year, or whatever parts of it are stated, against the year.

Parts that do not overlap are chained so that they cover the most days; where some are missing the sum is incomplete,
and what is missing is named and never filled in. Sums over plants, phases and products are ``sums_over_parts.py``.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cell2grid.evidence.arithmetic import figures, matching, scope
from cell2grid.evidence.arithmetic.figures import clean, figure
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.matching import FLOWS, Match
from cell2grid.evidence.arithmetic.scope import Alike
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import AGREES, compared
from cell2grid.evidence.records import Check, Claim, Verdict

KIND = "sum"
ORDER = 10
_SOLD = "Contoso sold 1,200 buses in January, 900 in February and 1,350 in March, or {} in the quarter."
_JANUARY, _FEBRUARY, _MARCH = ("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31")
_QUARTER = ("2026-01-01", "2026-03-31")


def _example(total: str, value: float, **check: object) -> Example:
    told = {"measure": "sales", "unit": "bus", "said": _SOLD.format(total)}
    rows = ((1200, "1,200", _JANUARY), (900, "900", _FEBRUARY), (1350, "1,350", _MARCH), (value, total, _QUARTER))
    claims = tuple({**told, "value": number, "text": text, "period": period} for number, text, period in rows)
    return Example(claims, ({"stated": value, "computed": 3450, **check},))


EXAMPLES = (
    _example("3,450", 3450, residual=0, verdict="holds"),
    _example("3,500", 3500, residual=50, tolerance=2, verdict="fails"),
    _example("3.4 thousand", 3400, tolerance=51.5, verdict="rounding"),
)
# no total has more parts than this; a table of more is left to other tools
_MOST_PARTS = 500
# a total of fewer days has no parts that pages tell of
_SHORTEST = 13
# how many figures of one period are kept to choose from
_MOST_OF_ONE_PERIOD = 4

Days = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Part:
    """A claim that may be one part of a total, and how sure the match is; the best part sorts first."""

    claim: Claim
    subject: Match
    thing: Match

    def rank(self, whole: Claim) -> tuple[object, ...]:
        limits = scope.alike(whole, self.claim)
        return (-self.subject, -self.thing, -limits, *_rank(self.claim))


class _Series:
    """The figures of one subject and object of one measure, by the days that they are of."""

    def __init__(self, first: Claim) -> None:
        self.first = first
        self.by_days: dict[Days, list[Claim]] = defaultdict(list)
        self._sorted: list[Days] | None = None

    def inside(self, of: Days) -> Iterator[tuple[Days, list[Claim]]]:
        """The figures of periods inside another, without that one itself."""
        if self._sorted is None:
            self._sorted = sorted(self.by_days)
        for i in range(bisect_left(self._sorted, of[0], key=lambda days: days[0]), len(self._sorted)):
            days = self._sorted[i]
            if days[0] > of[1]:
                return
            if days[1] <= of[1] and days != of:
                yield days, sorted(self.by_days[days], key=_rank)[:_MOST_OF_ONE_PERIOD]


def found(standing: Standing) -> Found:
    """One check for each stated total of which at least two sub-periods are stated as well."""
    flows = [claim for claim in standing.of(*sorted(FLOWS)) if matching.period(claim) and not claim.unit.count("/")]
    on_page, anywhere = _Index(flows, by_page=True), _Index(flows, by_page=False)
    seen: set[tuple[object, ...]] = set()
    checks: list[Check] = []
    for whole in flows:
        of = matching.period(whole) or (0, 0)
        stated = (whole.document, whole.measure, whole.subject, whole.object, of, whole.value, whole.unit)
        if of[1] - of[0] >= _SHORTEST and stated not in seen:
            seen.add(stated)
            checks += _sum(whole, of, _cells(whole, of, on_page, anywhere))
    return checks, []


class _Index:
    """Series of claims, to be found by a name, by a longer or shorter form of it, or by their story alone."""

    def __init__(self, claims: Iterable[Claim], *, by_page: bool) -> None:
        self._by_page = by_page
        self._series: dict[tuple[object, ...], _Series] = {}
        self._named: dict[tuple[object, ...], list[_Series]] = defaultdict(list)
        for claim in claims:
            who = matching.who(claim)
            key = (*self._of(claim), who, matching.bare_object(claim), "" if who else claim.story)
            if not who and not by_page:
                continue
            series = self._series.get(key)
            if series is None:
                series = self._series[key] = _Series(claim)
                for place in self._places(claim, who):
                    self._named[place].append(series)
            series.by_days[matching.period(claim) or (0, 0)].append(claim)

    def _of(self, claim: Claim) -> tuple[str, str, str]:
        return (claim.document if self._by_page else "", claim.measure, figures.kind(claim.unit))

    def _places(self, claim: Claim, who: tuple[str, ...]) -> set[tuple[object, ...]]:
        """Where a series is entered: under its name, each beginning and each end of it, and its story if unnamed."""
        of = self._of(claim)
        if not who:
            return {(*of, "unnamed in", claim.story), (*of, "in", claim.story)}
        if not self._by_page:
            return {(*of, who)}
        parts = {who[:n] for n in range(1, len(who) + 1)} | {who[n:] for n in range(len(who) - 1)}
        return {(*of, tuple(sorted(part))) for part in parts} | {(*of, "in", claim.story)}

    def around(self, whole: Claim) -> list[_Series]:
        """The series that a total may be of."""
        of, who = self._of(whole), matching.who(whole)
        if not self._by_page:
            return self._named.get((*of, who), [])
        if not who:
            return self._named.get((*of, "in", whole.story), [])[:_MOST_PARTS]
        shorter = {who[:n] for n in range(1, len(who))} | {who[n:] for n in range(1, len(who) - 1)}
        exact = [self._series.get((*of, part, (), "")) for part in sorted(shorter)]
        near = [
            *self._named.get((*of, tuple(sorted(who))), []),
            *(series for series in exact if series is not None),
            *self._named.get((*of, "unnamed in", whole.story), []),
        ]
        return list({id(series): series for series in near[:_MOST_PARTS]}.values())


def _cells(whole: Claim, of: Days, on_page: _Index, anywhere: _Index) -> dict[Days, _Part]:
    """The best part for each sub-period of the total, from its own page before any other."""
    near: dict[Days, list[_Part]] = defaultdict(list)
    for series in on_page.around(whole):
        subject, thing = matching.subjects(whole, series.first), matching.objects(whole, series.first)
        if Match.NO in (subject, thing):
            continue
        for days, claims in series.inside(of):
            near[days] += [
                _Part(claim, subject, thing)
                for claim in claims
                if subject != Match.UNSAID or claim.story == whole.story
            ]
    cells = {days: _best(whole, parts) for days, parts in near.items() if parts}
    for series in anywhere.around(whole):
        if series.first.measure == whole.measure and matching.objects(whole, series.first) == Match.SAME:
            for days, claims in series.inside(of):
                if days not in cells:
                    cells[days] = _best(whole, [_Part(claim, Match.SAME, Match.SAME) for claim in claims])
    return cells


def _best(whole: Claim, parts: Sequence[_Part]) -> _Part:
    return parts[0] if len(parts) == 1 else min(parts, key=lambda part: part.rank(whole))


def _rank(claim: Claim) -> tuple[object, ...]:
    """The narrowest figure first: ``under 1,000`` says nothing more where 968 is stated."""
    of = figure(claim)
    width = math.inf if of is None else (of.high - of.low) / max(abs(of.value), 1.0)
    return (width, str(claim.tier), claim.document, claim.value_start or 0, claim.id)


def _sum(whole: Claim, of: Days, cells: dict[Days, _Part]) -> Iterator[Check]:
    stated = figure(whole)
    chain = _chain(sorted(cells)) if 2 <= len(cells) <= _MOST_PARTS else []
    added = [each for days in chain if (each := figure(cells[days].claim, whole.unit)) is not None]
    if stated is None or len(chain) < 2 or len(added) < len(chain):
        return
    computed = figures.total(added)
    gaps = _gaps(chain, of)
    parts = [cells[days] for days in chain]
    check = compared(
        KIND, (whole, *(part.claim for part in parts)), stated, computed, whole.unit, f"{len(chain)} parts"
    )
    if gaps:
        # what is missing can only add to figures that are not negative
        too_much = stated.high + stated.rounding < computed.low - computed.rounding
        fails = too_much and min(each.low for each in added) >= 0
        note = f"{check.note}; nothing is stated for {', '.join(matching.written(*gap) for gap in gaps)}"
        verdict = Verdict.FAILS if fails else Verdict.INCOMPLETE
        check = replace(check, residual=clean(stated.value - computed.value), verdict=verdict, note=note)
        if 2 * sum(last - first + 1 for first, last in gaps) > of[1] - of[0] + 1 and not fails:
            return  # of less than half of it nothing follows
    yield from _judged(check, whole, parts)


def _judged(check: Check, whole: Claim, parts: Sequence[_Part]) -> Iterator[Check]:
    """The check where it may be told: what does not agree only of parts that are surely those of the total."""
    if check.verdict in AGREES:
        yield check
        return
    if any(part.subject == Match.UNSAID for part in parts):
        return
    limits = min(scope.alike(whole, part.claim) for part in parts)
    plans = {scope.planned(claim) for claim in (whole, *(part.claim for part in parts))}
    if limits < Alike.YES or len(plans) > 1:
        return
    if all(part.subject == Match.SAME and part.thing == Match.SAME for part in parts):
        yield check
    elif check.verdict == Verdict.FAILS:
        note = f"{check.note}; the parts may be of something else than the total"
        yield replace(check, verdict=Verdict.CANNOT_SAY, note=note)


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
