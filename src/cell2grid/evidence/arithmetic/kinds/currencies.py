"""Amounts that a page gives in two currencies: the rates that they imply must agree where they are of one time.

``1 billion yuan ($138 million)`` implies 7.25 yuan to the dollar, give or take the digits printed. Pairs of one story
must agree within these; between days a rate may move a little, and rates of days far apart are held against each
other only where nothing else is near, and told only where they agree.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cell2grid.evidence.arithmetic import figures, matching
from cell2grid.evidence.arithmetic.figures import Figure, clean, figure, is_money, parts
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import compared
from cell2grid.evidence.records import Check, Claim, Reading, Verdict

KIND = "currency"
ORDER = 60
_BUILT = "Contoso will put 700 million kronor ($70 million) into the hall and {} into the line."


def _example(text: str, dollars: float, **check: object) -> Example:
    said = _BUILT.format(f"350 million kronor ({text})")
    hall = ((7e8, "700 million kronor", "SEK"), (7e7, "$70 million", "USD"))
    rows = (*hall, (3.5e8, "350 million kronor", "SEK"), (dollars, text, "USD"))
    claims = tuple(
        {"measure": "investment", "value": value, "text": words, "unit": unit, "said": said}
        for value, words, unit in rows
    )
    return Example(claims, ({"unit": "SEK/USD", **check},))


EXAMPLES = (
    _example("$35 million", 3.5e7, residual=0, verdict="holds"),
    _example("$35.3 million", 3.53e7, verdict="rounding"),
    _example("$45 million", 4.5e7, verdict="fails"),
)
# the currency that others are counted in, where a pair has it
_COUNTED_IN = ("USD", "EUR", "GBP", "CNY", "JPY")
_CONVERTED = re.compile(
    r"\s*(?:\(\s*(?:or |equivalent to |equal to |i\.e\. |around |about |approximately |roughly |nearly |some |over |=)?"
    r"|,? or |, equivalent to |, about |/\s*)(?:the equivalent of )?",
    re.I,
)
_NEAR_DAYS, _FAR_DAYS = 31, 366
# how far a rate may move in a day between pages, as a share of it, and at most
_A_DAY, _AT_MOST = 0.001, 0.03
_MOST_COMPARED = 40
_BOUNDS = frozenset({"over", "under", "at least", "at most"})


@dataclass(frozen=True, slots=True)
class _Pair:
    """One amount in two currencies, the rate that it implies, and where and when it is told."""

    rate: Figure
    text: str
    document: str
    story: str
    day: int | None
    of: tuple[int, int] | None
    claims: tuple[Claim, ...]
    place: int

    @property
    def key(self) -> tuple[object, ...]:
        return (self.day or 0, self.document, self.place, self.text)


def found(standing: Standing) -> Found:
    """One check for the pairs of two currencies that agree, and one for each that does not."""
    checks: list[Check] = []
    for unit, told in sorted(_pairs(standing).items()):
        pairs = sorted({pair.key: pair for pair in told}.values(), key=lambda pair: pair.key)
        alone: list[_Pair] = []
        for group in _groups(pairs):
            rates = {(pair.rate.value, pair.text) for pair in group}
            if len(rates) < 2:
                alone += group[:1]
            else:
                checks += _compared(group, unit)
        checks += _far_apart(alone, unit)
    return checks, []


# --- pairs of amounts -----------------------------------------------------------------------------------------------


def _pairs(standing: Standing) -> dict[str, list[_Pair]]:
    """The pairs by their unit: those of claims, and those of other stories, which are read but not claimed."""
    found_pairs: dict[str, list[_Pair]] = defaultdict(list)
    claimed = set()
    for beside in standing.sentences():
        money = [claim for claim in beside if is_money(claim.unit) and claim.value is not None]
        for one, other in pairwise(money):
            between = matching.between(one, other)
            if between is None or not _CONVERTED.fullmatch(between):
                continue
            unit, rate = _rate(one, other)
            if rate is not None:
                text = f"{one.value_text} ({other.value_text})"
                day = standing.told_on(one)
                of = matching.period(one)
                pair = _Pair(rate, text, one.document, one.story, day, of, (one, other), matching.place(one))
                found_pairs[unit].append(pair)
                claimed.add((pair.document, pair.place, text))
    for unit, pair in _read_pairs(standing.readings, standing):
        if (pair.document, pair.place, pair.text) not in claimed and unit in found_pairs:
            found_pairs[unit].append(pair)
    return found_pairs


def _read_pairs(readings: Sequence[Reading], standing: Standing) -> Iterator[tuple[str, _Pair]]:
    """The pairs among the amounts that were read: the second stands one or two signs behind the first."""
    for one, other in pairwise(readings):
        if (one.document, one.story) != (other.document, other.story) or not is_money(one.unit):
            continue
        if one.value_end is None or other.value_start is None or not 1 <= other.value_start - one.value_end <= 2:
            continue
        first, second = _claimed(one), _claimed(other)
        unit, rate = _rate(first, second)
        if rate is not None:
            text = f"{one.value_text} ({other.value_text})"
            day = standing.day_of(one.document, one.story)
            yield unit, _Pair(rate, text, one.document, one.story, day, None, (), one.value_start or 0)


def _claimed(reading: Reading) -> Claim:
    """The reading as a claim of nothing but its figure."""
    place = (reading.value_text, reading.value_start, reading.value_end)
    return Claim(
        reading.document, reading.story, "", "other", None, "", None, None, *place, reading.value, reading.low,
        reading.high, reading.unit, approx=reading.approx,
    )  # fmt: skip


def _rate(one: Claim, other: Claim) -> tuple[str, Figure | None]:
    """The unit of a rate, as ``CNY/USD``, and the rate; None where the two are of one currency or count differently."""
    (first, per), (second, also_per) = parts(one.unit), parts(other.unit)
    if first == second or per != also_per or not (is_money(one.unit) and is_money(other.unit)):
        return "", None
    above, below = one, other
    if _standing_of(first) < _standing_of(second) or (_standing_of(first) == _standing_of(second) and first > second):
        above, below = other, one
    top, bottom = _as_printed(above), _as_printed(below)
    rate = figures.quotient(top, bottom) if top is not None and bottom is not None else None
    return f"{parts(above.unit)[0]}/{parts(below.unit)[0]}", rate


def _as_printed(claim: Claim) -> Figure | None:
    """The amount without its bound: what is turned into another currency is the number that is printed."""
    amount = figure(claim)
    if amount is None or (math.isfinite(amount.high - amount.low) and claim.approx not in _BOUNDS):
        return amount
    return replace(amount, low=amount.value, high=amount.value)


def _standing_of(currency: str) -> int:
    return _COUNTED_IN.index(currency) if currency in _COUNTED_IN else len(_COUNTED_IN)


# --- rates of one time ----------------------------------------------------------------------------------------------


def _groups(pairs: Sequence[_Pair]) -> Iterable[list[_Pair]]:
    """Pairs of one time: of days that are near, and of one page where no day is known."""
    groups: list[list[_Pair]] = []
    undated: dict[str, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.day is None:
            undated[pair.document].append(pair)
        elif groups and pair.day - (groups[-1][0].day or 0) <= _NEAR_DAYS:
            groups[-1].append(pair)
        else:
            groups.append([pair])
    return [*groups, *undated.values()]


def _compared(group: Sequence[_Pair], unit: str) -> Iterator[Check]:
    """The pairs of a group against the one in their middle: one check for those that agree, one for each other."""
    middle = sorted(group, key=lambda pair: (pair.rate.value, pair.key))[(len(group) - 1) // 2]
    agreeing = [middle]
    for pair in group:
        if pair is middle:
            continue
        check = compared(KIND, (), pair.rate, _moved(middle, pair), unit)
        if check.verdict is not Verdict.FAILS:
            agreeing.append(pair)
        elif pair.claims and (middle.claims or len(group) > 2):
            yield _told(
                check, [pair, middle], f"{_words(pair)}, beside {_words(middle)}", _is_of_one_time(pair, middle)
            )
    claimed = [pair for pair in agreeing if pair.claims]
    if len(agreeing) > 1 and claimed:
        yield _agreement(agreeing[:_MOST_COMPARED], middle, unit)


def _agreement(agreeing: Sequence[_Pair], middle: _Pair, unit: str) -> Check:
    furthest = max(agreeing, key=lambda pair: (abs(pair.rate.value - middle.rate.value), pair.key))
    other = middle if furthest is not middle else next(pair for pair in agreeing if pair is not middle)
    check = compared(KIND, (), furthest.rate, _moved(other, furthest), unit)
    note = f"{len(agreeing)} pairs agree: {'; '.join(_words(pair) for pair in agreeing[:6])}"
    return _told(check, sorted(agreeing, key=lambda pair: pair.key), note, True)


def _moved(pair: _Pair, other: _Pair) -> Figure:
    """The rate of a pair as it may be on the day of another: the same within a story, else a little to either side."""
    if (pair.document, pair.story) == (other.document, other.story):
        return pair.rate
    apart = _NEAR_DAYS if pair.day is None or other.day is None else abs(pair.day - other.day)
    move = min(_A_DAY * apart, _AT_MOST) * pair.rate.value
    return replace(pair.rate, rounding=pair.rate.rounding + move)


def _is_of_one_time(pair: _Pair, other: _Pair) -> bool:
    """Whether nothing says that the amounts were turned at rates of different times."""
    return pair.of is None or other.of is None or abs(pair.of[1] - other.of[1]) <= _NEAR_DAYS


def _far_apart(alone: Sequence[_Pair], unit: str) -> Iterator[Check]:
    """Pairs near which there is no other, held against those within a year; told only where all of them agree."""
    days = [pair.day for pair in alone if pair.day is not None]
    dated = [pair for pair in alone if pair.day is not None]
    told: set[tuple[object, ...]] = set()
    for pair in dated:
        first = bisect_left(days, (pair.day or 0) - _FAR_DAYS)
        last = bisect_right(days, (pair.day or 0) + _FAR_DAYS)
        near = dated[first:last]
        key = tuple(each.key for each in near)
        if len(near) < 2 or len(near) > _MOST_COMPARED or key in told or not any(each.claims for each in near):
            continue
        told.add(key)
        low = max(each.rate.low - each.rate.rounding for each in near)
        high = min(each.rate.high + each.rate.rounding for each in near)
        if low <= high:
            middle = sorted(near, key=lambda each: (each.rate.value, each.key))[(len(near) - 1) // 2]
            check = _agreement(near, middle, unit)
            yield replace(check, note=f"{check.note}; of days within a year")


def _told(check: Check, pairs: Sequence[_Pair], note: str, sure: bool) -> Check:
    claims = tuple(claim.id for pair in pairs for claim in pair.claims)
    verdict = check.verdict
    if verdict is Verdict.FAILS and not sure:
        verdict, note = Verdict.CANNOT_SAY, f"{note}; the amounts are of different times"
    return replace(check, claims=claims, verdict=verdict, note=note)


def _words(pair: _Pair) -> str:
    return f"{pair.text} is {clean(float(f'{pair.rate.value:.5g}')):g}"
