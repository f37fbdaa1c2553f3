"""Checks of quotients: a stated share against the part and the whole, a utilisation against production and capacity.

The part and the whole are found by name, object, period and unit, never by whether they give the stated share: a pair
that is only likely is reported where it agrees and kept silent where it does not. Hours as energy over power are in
``derived.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cell2grid.evidence.arithmetic import figures, matching
from cell2grid.evidence.arithmetic.figures import Figure, clean, compare, figure, quotient
from cell2grid.evidence.arithmetic.matching import Match
from cell2grid.evidence.records import Check, Claim, Verdict

_LEVELS = frozenset({"production", "deliveries", "sales", "exports", "revenue", "capacity", "count", "energy", "power"})
_MOST_LEVELS = 200
_DAYS_PER_YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class _Pair:
    """A part and a whole that a share may be of; the best pair sorts first."""

    part: Claim
    whole: Claim
    part_match: int
    whole_match: tuple[int, ...]
    sure: bool
    apart: tuple[float, ...]

    @property
    def rank(self) -> tuple[object, ...]:
        match = (self.part_match, *self.whole_match)
        return (not self.sure, *(-each for each in match), *self.apart, self.part.id, self.whole.id)


class _Levels:
    """Claims that a share may be of, by page and period and by period alone."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._on_page: dict[tuple[str, tuple[int, int] | None], list[Claim]] = defaultdict(list)
        self._by_name: dict[tuple[tuple[int, int] | None, str], list[Claim]] = defaultdict(list)
        for claim in claims:
            found = figure(claim)
            if claim.measure in _LEVELS and found and found.value >= 0 and matching.words(claim.subject):
                self._on_page[claim.document, matching.period(claim)].append(claim)
                self._by_name[matching.period(claim), matching.words(claim.subject)[0]].append(claim)

    def around(self, share: Claim) -> list[Claim]:
        """The levels of the share's page and period; of its sentence those without a period as well."""
        dated = self._on_page.get((share.document, matching.period(share)), [])
        undated = self._on_page.get((share.document, None), [])
        beside = [claim for claim in undated if matching.same_sentence(claim, share)]
        found = {claim.id: claim for claim in (*dated, *beside)}
        return sorted(found.values(), key=lambda claim: matching.distance(claim, share))[:_MOST_LEVELS]

    def anywhere(self, share: Claim) -> list[Claim]:
        """The levels of the share's period on any page that begin with a word the share names."""
        of = matching.period(share)
        names = {*matching.words(share.subject)[:1], *matching.telling(share.object)} if of else set()
        found = {claim.id: claim for name in names for claim in self._by_name.get((of, name), [])[:_MOST_LEVELS]}
        return list(found.values())


def shares(claims: Sequence[Claim]) -> Iterator[Check]:
    """One check for each stated share of which the part and the whole are stated for the same period."""
    levels = _Levels(claims)
    for share in claims:
        stated = figure(share, "percent") if share.measure == "share" else None
        if stated is None:
            continue
        pairs = _pairs(share, levels.around(share))
        if not any(pair.sure for pair in pairs):
            pairs += [pair for pair in _pairs(share, levels.anywhere(share)) if pair.sure]
        yield from _share(share, stated, pairs)


def _share(share: Claim, stated: Figure, pairs: Sequence[_Pair]) -> Iterator[Check]:
    for pair in sorted(pairs, key=lambda each: each.rank)[:1]:
        part, whole = figure(pair.part, pair.whole.unit), figure(pair.whole)
        computed = quotient(part, whole) if part and whole else None
        if computed is None:
            continue
        found = _check((share, pair.part, pair.whole), stated, computed.times(100.0), "percent", "part of whole")
        if pair.sure or found.verdict != Verdict.FAILS:
            yield found


def _pairs(share: Claim, levels: Sequence[Claim]) -> list[_Pair]:
    parts = [(claim, match) for claim in levels if (match := _part_match(share, claim))]
    found = []
    for part, part_match in parts:
        value = figure(part)
        for whole in levels:
            size = figure(whole, part.unit)
            if whole.measure != part.measure or value is None or size is None or not value.value < size.value:
                continue
            whole_match = _whole_match(share, part, whole)
            if whole_match is not None:
                sure = part_match >= Match.SAME and whole_match[0] == 1
                apart = (*_apart(share, part), *_apart(share, whole), size.value)
                found.append(_Pair(part, whole, int(part_match), whole_match, sure, apart))
    return found


def _part_match(share: Claim, part: Claim) -> int:
    """How sure it is that ``part`` is the share-holder's own figure: by subject, or by what is counted."""
    holder = matching.who(share)
    by_subject = Match.NO if matching.who(part) == () else matching.subjects(share, part)
    by_object = Match.SAME if holder and not matching.missing(holder, matching.counted(part)) else Match.NO
    by_sentence = Match.UNSAID if matching.same_sentence(share, part) else Match.NO
    if not holder:
        return int(by_sentence)
    return int(max(by_subject, by_object, by_sentence))


def _whole_match(share: Claim, part: Claim, whole: Claim) -> tuple[int, ...] | None:
    """(all words of the share's object are said of the whole, how few are not, how few others are), or None."""
    wanted = matching.telling(share.object)
    offered = (*matching.telling(whole.subject), *matching.counted(whole))
    if not wanted:
        apart = matching.names(part.subject, whole.subject) != Match.SAME or part.object != whole.object
        return (0, 0, 0) if apart and share.document == whole.document else None
    if matching.missing(wanted, offered) == len(wanted):
        return None
    unsaid = matching.missing(wanted, (*offered, whole.measure))
    others = matching.missing(offered, (*wanted, *matching.words(share.object)))
    return (int(not unsaid), -unsaid, -others)


def _apart(share: Claim, claim: Claim) -> tuple[float, ...]:
    away = claim.document != share.document
    return (
        float(away),
        float(not matching.same_sentence(share, claim)),
        0.0 if away else matching.distance(share, claim),
    )


# --- utilisation ----------------------------------------------------------------------------------------------------


def utilisations(claims: Sequence[Claim]) -> Iterator[Check]:
    """One check for each stated utilisation of which production and capacity of the same plant are stated."""
    made: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    able: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.measure == "production" and figure(claim) and claim.subject:
            made[matching.words(claim.subject), matching.period(claim)].append(claim)
        if claim.measure == "capacity" and figure(claim) and claim.subject and figures.parts(claim.unit)[1]:
            able[matching.words(claim.subject)].append(claim)
    for used in claims:
        stated = figure(used, "percent") if used.measure == "utilisation" else None
        of, name = matching.period(used), matching.words(used.subject)
        if stated is None or of is None:
            continue
        outputs, plants = made.get((name, of), []), able.get(name, [])
        if outputs and plants:
            yield from _utilisation(used, stated, matching.nearest(used, outputs), matching.nearest(used, plants))


def _utilisation(used: Claim, stated: Figure, output: Claim, plant: Claim) -> Iterator[Check]:
    of = matching.period(used)
    noun = figures.parts(plant.unit)[0]
    capacity, produced = figure(plant, f"{noun}/year"), figure(output, noun)
    if of is None or capacity is None or produced is None:
        return
    years = (of[1] - of[0] + 1) / _DAYS_PER_YEAR
    # a calendar year is one year, leap or not
    computed = quotient(produced, capacity.times(round(years, 2)))
    if computed is not None:
        note = "production over capacity"
        yield _check((used, output, plant), stated, computed.times(100.0), "percent", note)


def _check(claims: Sequence[Claim], stated: Figure, computed: Figure, unit: str, note: str) -> Check:
    comparison = compare(stated, computed)
    return Check(
        "ratio",
        tuple(claim.id for claim in claims),
        clean(stated.value),
        clean(computed.value),
        unit,
        comparison.residual,
        comparison.tolerance,
        comparison.verdict,
        note,
    )
