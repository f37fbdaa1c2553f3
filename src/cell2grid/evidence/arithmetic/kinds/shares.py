"""A stated share against the part over the whole: 97,182 of 202,000 are 48.11 %.

The part and the whole are found by name, object, period and unit, never by whether they give the stated share: a pair
that is only likely is told where it agrees and kept silent where it does not. A share of output that is exported has
the exports as its part and the production as its whole. Shares against 100 % are ``shares_of_a_whole.py``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cell2grid.evidence.arithmetic import matching, scope
from cell2grid.evidence.arithmetic.figures import Figure, figure, parts, quotient
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.matching import Match
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import AGREES, compared, interval
from cell2grid.evidence.records import Check, Claim
from cell2grid.evidence.vocabulary import table

KIND = "ratio"
ORDER = 30
_HALF = ("2026-01-01", "2026-06-30")


def _example(stated: float, text: str, **check: object) -> Example:
    of = {"measure": "exports", "unit": "vehicle", "period": _HALF}
    claims = (
        {**of, "subject": "Contoso", "value": 30_000, "text": "30,000"},
        {**of, "subject": "Norway", "value": 80_000, "text": "80,000"},
        {
            "measure": "share",
            "subject": "Contoso",
            "object": "Norway's exports",
            "value": stated,
            "text": text,
            "unit": "percent",
            "period": _HALF,
        },
    )
    return Example(claims, ({"stated": stated, "computed": 37.5, **check},))


EXAMPLES = (
    _example(37.5, "37.5%", residual=0, verdict="holds"),
    _example(38, "38%", verdict="rounding"),
    _example(48, "48%", residual=10.5, verdict="fails"),
)
_LEVELS = ("production", "deliveries", "sales", "exports", "revenue", "capacity", "count", "energy", "power", "jobs")
_MOST_LEVELS = 80
# of which measure the whole is, where the words of a share name another one than the part's
_WHOLES = {"output": "production", "production": "production", "capacity": "capacity", "sale": "sales"}
_MARKET = frozenset({"sales", "deliveries", "revenue", "energy", "power", "count"})
Days = tuple[int, int]


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


def found(standing: Standing) -> Found:
    """One check for each stated share of which the part and the whole are stated for the same period."""
    levels = _Levels(standing)
    checks: list[Check] = []
    for share in standing.of("share"):
        stated = figure(share, "percent")
        if stated is None or scope.is_base(share):
            continue
        near = levels.around(share)
        pairs = _pairs(share, near, near)
        if not any(pair.sure for pair in pairs):
            pairs += [pair for pair in _pairs(share, *levels.anywhere(share)) if pair.sure]
        checks += _share(share, stated, pairs)
    return checks, []


class _Levels:
    """Claims that a share may be of, by page and period and by period alone."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._on_page: dict[tuple[str, Days | None], list[Claim]] = defaultdict(list)
        self._places: dict[tuple[str, Days | None], list[int]] = defaultdict(list)
        self._by_name: dict[tuple[Days | None, str], list[Claim]] = defaultdict(list)
        self._by_subject: dict[tuple[Days | None, tuple[str, ...]], list[Claim]] = defaultdict(list)
        for claim in standing.claims:
            known = figure(claim) if claim.measure in _LEVELS else None
            if known is not None and known.value >= 0 and matching.words(claim.subject):
                self._on_page[claim.document, matching.period(claim)].append(claim)
                self._places[claim.document, matching.period(claim)].append(claim.value_start or 0)
                self._by_name[matching.period(claim), matching.words(claim.subject)[0]].append(claim)
                self._by_subject[matching.period(claim), matching.who(claim)].append(claim)

    def around(self, share: Claim) -> list[Claim]:
        """The levels nearest to the share of its page and period; of its sentence those without a period as well."""
        key = (share.document, matching.period(share))
        at = bisect_left(self._places.get(key, []), share.value_start or 0)
        dated = self._on_page.get(key, [])[max(0, at - _MOST_LEVELS // 2) : at + _MOST_LEVELS // 2]
        beside = [
            claim
            for claim in self._standing.sentence(share)
            if claim.measure in _LEVELS and matching.period(claim) is None and claim.subject and figure(claim)
        ]
        return list({claim.id: claim for claim in (*dated, *beside)}.values())

    def anywhere(self, share: Claim) -> tuple[list[Claim], list[Claim]]:
        """On any page the levels of the share's period that its holder has, and those that its object may name."""
        of, holder = matching.period(share), matching.who(share)
        parts = self._by_subject.get((of, holder), []) if of and holder else []
        if not parts or len(parts) > _MOST_LEVELS:
            return [], []
        near = [self._by_name.get((of, name), []) for name in sorted(set(matching.telling(share.object)))]
        return parts, [claim for claims in near if len(claims) <= _MOST_LEVELS for claim in claims]


def _share(share: Claim, stated: Figure, pairs: Sequence[_Pair]) -> Iterator[Check]:
    for pair in sorted(pairs, key=lambda each: each.rank)[:1]:
        part, whole = _as_part(pair.part, pair.whole.unit), figure(pair.whole)
        computed = quotient(part, whole) if part and whole else None
        if computed is None:
            continue
        percent = computed.times(100.0)
        note = f"part of whole: {interval(percent, '%')}"
        check = compared(KIND, (share, pair.part, pair.whole), stated, percent, "percent", note)
        if check.verdict in AGREES or (pair.sure and _of_one_scope(pair)):
            yield check


def _of_one_scope(pair: _Pair) -> bool:
    """Whether the whole is limited in nothing in which the part is not, and both or neither are planned."""
    part, whole = scope.scope(pair.part), scope.scope(pair.whole)
    limited = whole["where"] - part["where"] - set(matching.words(pair.part.subject))
    together = matching.same_sentence(pair.part, pair.whole)
    times = part["time"] == whole["time"] and part["part"] == whole["part"]
    return (together or not limited) and times and part.planned == whole.planned


def _pairs(share: Claim, of_holder: Sequence[Claim], wholes: Sequence[Claim]) -> list[_Pair]:
    held = [(claim, match) for claim in of_holder if (match := _part_match(share, claim))]
    pairs = []
    for part, part_match in held:
        for whole in wholes:
            if not _is_whole(share, part, whole):
                continue
            value, size = _as_part(part, whole.unit), figure(whole)
            if value is None or size is None or not value.value < size.value:
                continue
            whole_match = _whole_match(share, part, whole)
            if whole_match is not None:
                sure = part_match >= Match.SAME and whole_match[0] == 1
                apart = (*_apart(share, part), *_apart(share, whole), size.value)
                pairs.append(_Pair(part, whole, int(part_match), whole_match, sure, apart))
    return pairs


def _as_part(part: Claim, unit: str) -> Figure | None:
    """The part in the unit of the whole; a van is one of the vehicles."""
    above, per = parts(part.unit)
    if above in table("scopes")["counted_among"].get(parts(unit)[0], ()) and per == parts(unit)[1]:
        return figure(part)
    return figure(part, unit)


def _is_whole(share: Claim, part: Claim, whole: Claim) -> bool:
    """Whether the whole is of the measure of the part, or of the one that the share names for the same subject."""
    if whole.measure == part.measure:
        return whole is not part
    named = {_WHOLES[word] for word in matching.telling(share.object) if word in _WHOLES}
    return whole.measure in named and matching.subjects(part, whole) == Match.SAME


def _part_match(share: Claim, part: Claim) -> int:
    """How sure it is that ``part`` is the share-holder's own figure: by subject, or by what is counted."""
    if part.measure not in _MARKET and _is_of_market(share):
        return 0
    holder = matching.who(share)
    by_sentence = Match.UNSAID if matching.same_sentence(share, part) else Match.NO
    if not holder:
        return int(by_sentence)
    by_subject = Match.NO if matching.who(part) == () else matching.subjects(share, part)
    if by_subject < Match.SAME and not matching.missing(holder, matching.counted(part)):
        return int(Match.SAME)
    return int(max(by_subject, by_sentence))


def _is_of_market(share: Claim) -> bool:
    """Whether the words beside a share make it one of a market, which counts what is sold."""
    return "market" in scope.said_beside(share).lower() or "market" in matching.words(share.object)


def _whole_match(share: Claim, part: Claim, whole: Claim) -> tuple[int, ...] | None:
    """(all words of the share's object are said of the whole, how few are not, how few others are), or None."""
    wanted = matching.telling(share.object)
    if whole.measure != part.measure:
        return (1, 0, 0)
    offered = (*matching.telling(whole.subject), *matching.counted(whole))
    if not wanted:
        apart = matching.names(part.subject, whole.subject) != Match.SAME or part.object != whole.object
        return (0, 0, 0) if apart and share.document == whole.document else None
    if matching.missing(wanted, offered) == len(wanted):
        return None
    unsaid = matching.missing(wanted, (*offered, whole.measure, *matching.words(scope.said_beside(whole))))
    others = matching.missing(offered, (*wanted, *matching.words(share.object)))
    return (int(not unsaid), -unsaid, -others)


def _apart(share: Claim, claim: Claim) -> tuple[float, ...]:
    away = claim.document != share.document
    return (
        float(away),
        float(not matching.same_sentence(share, claim)),
        0.0 if away else matching.distance(share, claim),
    )
