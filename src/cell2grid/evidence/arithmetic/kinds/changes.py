"""Changes against the levels they lead from and to: a rise of 12 % to 134 came from about 119.6.

The level now is of the change's own period; the level before of the year before where the words say so, of the period
before where they say that, and of either where they are silent. A multiple (``up 1.3x``) has two readings; the check
holds where one of them does and says which. A change in percent of a figure that is itself in percent is relative; one
in percentage points is the difference.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

from cell2grid.evidence.arithmetic import figures, matching, scope
from cell2grid.evidence.arithmetic.figures import clean, figure, printed
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.matching import Match
from cell2grid.evidence.arithmetic.scope import Alike
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import AGREES, compared, derived
from cell2grid.evidence.dates.calendar_spans import Period
from cell2grid.evidence.records import Check, Claim, Derived, Verdict
from cell2grid.evidence.vocabulary import table

KIND = "change"
ORDER = 70
_YEAR, _BEFORE = ("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")
_SOLD = "Contoso sold 13,400 buses in 2025, {} from {} a year earlier."


def _example(words: str, value: float, unit: str, before: str, number: float, *checks: dict[str, object]) -> Example:
    said = _SOLD.format(words, before)
    of = {"measure": "sales", "unit": "bus", "said": said}
    text = re.sub(r"^\w+ ", "", words)
    claims = (
        {**of, "value": 13_400, "text": "13,400 buses", "period": _YEAR},
        {**of, "measure": "change", "object": "sales", "value": value, "text": text, "unit": unit, "period": _YEAR},
        {**of, "value": number, "text": before, "period": _BEFORE},
    )
    return Example(claims, checks)


EXAMPLES = (
    _example("up 1,436 buses", 1_436, "bus", "11,964", 11_964, {"computed": 1_436, "verdict": "holds"}),
    _example("up 12%", 12, "percent", "11,964", 11_964, {"stated": 12, "verdict": "rounding"}),
    _example("up 25%", 25, "percent", "11,964", 11_964, {"stated": 25, "verdict": "fails"}),
    _example("down 33%", -33, "percent", "20,000", 20_000, {"computed": -33, "verdict": "holds"}),
    _example("up 1.68x", 1.68, "ratio", "5,000", 5_000, {"computed": 1.68, "verdict": "holds"}),
    _example("up 2.68x", 2.68, "ratio", "5,000", 5_000, {"computed": 2.68, "verdict": "holds"}),
)
_AROUND = 110
_PARTED = re.compile(r"[;:]|\b(?:while|whereas|but|although|though)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Base:
    """A period that a change may be counted from, and whether the words say that it is this one."""

    period: tuple[str | None, str | None]
    sure: bool


@dataclass(frozen=True, slots=True)
class _Level:
    """A claim that a change leads from or to, and how sure that is."""

    claim: Claim
    sure: bool


def found(standing: Standing) -> Found:
    """One check for each change whose levels are stated; of a multiple without the level before both readings."""
    levels = _Levels(standing)
    checks: list[Check] = []
    values: list[Derived] = []
    seen: set[tuple[object, ...]] = set()
    for change in standing.of("change"):
        now = levels.now(change)
        if now is None:
            continue
        key = (change.document, change.value, change.unit, now.claim.value, now.claim.unit, change.period_end)
        if key in seen:
            continue
        seen.add(key)
        bases = _bases(change)
        before = levels.before(change, now, bases)
        if before:
            checks += _told(change, now, before)
        elif change.unit == "ratio" and _is_multiple(change) and matching.same_sentence(change, now.claim):
            check, both = _readings(change, now.claim, bases)
            checks += check
            values += both
    return checks, values


# --- levels now and before ------------------------------------------------------------------------------------------


class _Levels:
    """Claims of levels by page and subject, and by subject alone, under the period that they are of."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._told: dict[tuple[object, ...], dict[tuple[str | None, str | None], list[Claim]]] = {}
        measures = {measure for several in table("changes")["measures"].values() for measure in several}
        for claim in standing.of(*sorted(measures)):
            who = matching.who(claim)
            for key in ((claim.document, claim.measure, who), ("", claim.measure, who)) if who else ():
                by_period = self._told.setdefault(key, defaultdict(list))
                by_period[claim.period_start, claim.period_end].append(claim)

    def now(self, change: Claim) -> _Level | None:
        """The level of the change's own period: of its sentence, else the only one of its page, else of any page."""
        measures = _measures(change)
        beside = [
            claim
            for claim in self._standing.sentence(change)
            if claim.measure in measures and _of(claim) == _of(change) and _may_be(change, claim)
        ]
        if beside:
            beside = [claim for claim in beside if not _is_parted(change, claim)]
            if not beside:
                return None  # what another clause says is of another firm or time
            nearest = matching.nearest(change, beside)
            return _Level(nearest, len({claim.value for claim in beside}) == 1 or _is_right_beside(change, nearest))
        if change.period_end is None:
            return None
        for document in (change.document, ""):
            told = [
                claim
                for measure in sorted(measures)
                for claim in self._find(document, measure, change, _of(change))
                if not scope.is_base(claim) and scope.planned(claim) == scope.planned(change)
            ]
            alike = [claim for claim in told if scope.alike(change, claim) is Alike.YES]
            if told:
                sure = len(alike) == len(told) and len({(each.value, each.unit) for each in told}) == 1
                return _Level(matching.nearest(change, alike or told), sure)
        return None

    def before(self, change: Claim, now: _Level, bases: Sequence[_Base]) -> list[_Level]:
        """The level before, in each reading of the base: in the sentence behind ``from``, else of the base's period."""
        level = now.claim
        beside = [
            claim
            for claim in self._standing.sentence(level)
            if _is_like(claim, level) and scope.is_base(claim) and not matching.same_value(claim, level)
        ]
        if beside and all(self._is_another_change_between(change, claim) for claim in beside):
            return []  # up 76 % year-on-year but down 10 % from 40,397: the level is that of the second
        beside = [claim for claim in beside if not self._is_another_change_between(change, claim)]
        if beside:
            return [_Level(matching.nearest(change, beside), now.sure and len(beside) == 1)]
        found_levels = []
        for base in bases:
            for document in (change.document, ""):
                told = [
                    claim
                    for claim in self._find(document, level.measure, level, base.period)
                    if _is_like(claim, level) and scope.alike(claim, level) is not Alike.NO
                ]
                if told:
                    alike = [claim for claim in told if scope.alike(claim, level) is Alike.YES]
                    one = len({(each.value, each.unit) for each in told}) == 1 and len(alike) == len(told)
                    found_levels.append(_Level(matching.nearest(change, alike or told), now.sure and base.sure and one))
                    break
        return found_levels

    def _is_another_change_between(self, change: Claim, base: Claim) -> bool:
        at, to = sorted((matching.in_sentence(change), matching.in_sentence(base)))
        changes = [claim for claim in self._standing.sentence(change) if claim.measure == "change"]
        return any(at < matching.in_sentence(claim) < to for claim in changes if claim.id != change.id)

    def _find(self, document: str, measure: str, like: Claim, period: tuple[str | None, str | None]) -> Sequence[Claim]:
        if period == (None, None):
            return ()
        return self._told.get((document, measure, matching.who(like)), {}).get(period, ())[:20]


def _of(claim: Claim) -> tuple[str | None, str | None]:
    return (claim.period_start, claim.period_end)


def _measures(change: Claim) -> set[str]:
    """The measures that the object of a change may mean, by its last word that says one."""
    known = _named_measures()
    named = [word for word in matching.words(change.object) if word in known]
    if named:
        return set(known[named[-1]])
    unsaid = change.unit == "percentage_point" and not change.object  # a margin is none of these
    return {"share", "utilisation", "stake"} if unsaid else set()


@cache
def _named_measures() -> dict[str, list[str]]:
    return {matching.words(str(name))[0]: measures for name, measures in table("changes")["measures"].items()}


def _may_be(change: Claim, claim: Claim) -> bool:
    """Whether a figure of the change's own sentence may be the level that it leads to."""
    subject = matching.subjects(change, claim)
    if subject == Match.NO or scope.is_base(claim) or scope.planned(claim) != scope.planned(change):
        return False
    return scope.alike(change, claim) is not Alike.NO or _is_right_beside(change, claim)


def _is_right_beside(change: Claim, claim: Claim) -> bool:
    """Whether level and change stand together: ``rose 12 % to 134``, ``134, up 12 %``."""
    between = matching.between(change, claim)
    return between is not None and len(between) <= 25 and not _is_parted(change, claim)


def _is_parted(change: Claim, claim: Claim) -> bool:
    """Whether another clause begins between the two."""
    return _PARTED.search(matching.between(change, claim) or "") is not None


def _is_like(claim: Claim, level: Claim) -> bool:
    """Whether a claim is of the measure, unit and subject of the level."""
    kinds = figures.kind(claim.unit) == figures.kind(level.unit) and claim.measure == level.measure
    return kinds and claim.id != level.id and matching.subjects(claim, level) in (Match.SAME, Match.UNSAID)


# --- the base of a change -------------------------------------------------------------------------------------------


def _bases(change: Claim) -> list[_Base]:
    """The periods that a change may be counted from, the likelier first."""
    length = _months(change.period_start, change.period_end)
    words = _words_around(change)
    year, last = _shifted(change, 12), None if length is None else _shifted(change, length)
    if _pattern("period_before").search(words) and not _pattern("year_before").search(words):
        return [_Base(last, True)] if last else []
    if year is None:
        return []
    if _pattern("year_before").search(words) or length == 12:
        return [_Base(year, True)]
    return [_Base(year, False), *([_Base(last, False)] if last else [])]


def _words_around(change: Claim) -> str:
    at = matching.in_sentence(change)
    return change.quote[max(0, at - _AROUND // 2) : at + _AROUND]


def _shifted(claim: Claim, months: int) -> tuple[str | None, str | None] | None:
    """The period that many months earlier."""
    if claim.period_end is None:
        return None
    try:
        start = date.fromisoformat(claim.period_start) if claim.period_start else None
        moved = Period(start, date.fromisoformat(claim.period_end)).shifted(-months)
    except ValueError:
        return None
    if start is not None and claim.period_start == claim.period_end:
        moved = Period(moved.end, moved.end)
    return (moved.start.isoformat() if moved.start else None, moved.end.isoformat() if moved.end else None)


@lru_cache(maxsize=65536)
def _months(start: str | None, end: str | None) -> int | None:
    """How many whole months a period has; None where it has not."""
    days = matching.days(start, end)
    if days is None:
        return None
    first, after = date.fromordinal(days[0]), date.fromordinal(days[1] + 1)
    whole = first.day == 1 and after.day == 1
    return (after.year - first.year) * 12 + after.month - first.month if whole else None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(table("changes")[name].replace(" |", "|"), re.I)


# --- what is told ---------------------------------------------------------------------------------------------------


def _told(change: Claim, now: _Level, before: Sequence[_Level]) -> Iterator[Check]:
    """The check that agrees, in any reading of base and multiple; else the first, where it is sure."""
    made = [(level, check) for level in before for check in _compared(change, now.claim, level.claim)]
    agreeing = [check for _, check in made if check.verdict in AGREES]
    if agreeing:
        yield min(agreeing, key=lambda check: abs(check.residual or 0.0))
        return
    sure = [check for level, check in made if level.sure]
    if sure:
        yield min(sure, key=lambda check: abs(check.residual or 0.0))


def _compared(change: Claim, now: Claim, before: Claim) -> Iterator[Check]:
    stated, level, base = figure(change), figure(now), figure(before, now.unit)
    if stated is None or level is None or base is None:
        return
    claims = (change, now, before)
    words = f"from {printed(base.value)} to {printed(level.value)} {now.unit}"
    in_percent = now.unit == "percent"
    if change.unit in ("percentage_point", "basis_point"):
        step = figures.difference(level, base).times(100.0 if change.unit == "basis_point" else 1.0)
        if in_percent:
            yield compared(KIND, claims, stated, step, change.unit, f"difference {words}")
        return
    if change.unit not in ("percent", "ratio"):
        # so much more or less in the unit of the level: five dollars lower
        if change.unit in (now.unit, figures.parts(now.unit)[0]):
            yield compared(KIND, claims, stated, figures.difference(level, base), now.unit, f"difference {words}")
        return
    quotient = figures.quotient(level, base)
    if quotient is None:
        return
    if change.unit == "ratio":
        yield compared(KIND, claims, stated, quotient, "ratio", f"{words}; read as grown to this many times its base")
        if not _has_digits(change):
            return  # doubled is grown to twice
        by = figures.less(quotient, 1.0)
        yield compared(KIND, claims, stated, by, "ratio", f"{words}; read as grown by this many times its base")
        return
    relative = figures.less(quotient, 1.0).times(100.0)
    check = compared(KIND, claims, stated, relative, "percent", words)
    if check.verdict is Verdict.FAILS and in_percent:
        points = compared(KIND, claims, stated, figures.difference(level, base), "percentage_point", words)
        if points.verdict in AGREES:
            check = replace(check, note=f"{words}; it would fit as percentage points")
    if check.verdict is Verdict.FAILS and 0 < (abs(relative.value) - abs(stated.value)) < 2 * stated.rounding:
        check = replace(check, note=f"{words}; its digits are cut off and not rounded")
    yield check


def _has_digits(change: Claim) -> bool:
    return any(sign.isdigit() for sign in change.value_text)


def _is_multiple(change: Claim) -> bool:
    """Whether it is a rise by a multiple that may be read in two ways: up 1.3x, 2.4-fold; doubled may not."""
    return change.direction != "down" and _has_digits(change)


def _readings(change: Claim, now: Claim, bases: Sequence[_Base]) -> tuple[list[Check], list[Derived]]:
    """Both readings of a multiple as levels before that no page states."""
    times, level = figure(change), figure(now)
    if times is None or level is None or times.value <= 0:
        return [], []
    period = bases[0].period if bases and bases[0].sure else (None, None)
    values, words = [], []
    for name, divisor in (("by", figures.less(times, -1.0)), ("to", times)):
        base = figures.quotient(level, divisor)
        if base is None:
            return [], []
        sum_of = f"(1 + {printed(times.value)})" if name == "by" else f"{printed(times.value)}"
        equation = f"{printed(level.value)} {now.unit} / {sum_of}, read as grown {name} this many times its base"
        values.append(derived(now.measure, (change, now), base, now.unit, equation, now, period))
        words.append(f"{printed(float(f'{base.value:.6g}'))} if grown {name} this many times its base")
    note = f"two readings: the level before was {' or '.join(words)}; no page states it, see the derived values"
    ids, rounding = (change.id, now.id), clean(times.rounding)
    check = Check(KIND, ids, clean(times.value), None, "ratio", None, rounding, Verdict.CANNOT_SAY, note)
    return [check], values
