"""Sums over parts at one time: plants, phases, models or firms against the total that a sentence gives of them.

A total is known by its words (``combined``, ``in total``, ``together``), by a subject that names each part, or by the
phases of one project. Only where the words say that the parts are all of it does a difference fail. Sums over time are
``sums_over_time.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from cell2grid.evidence.arithmetic import figures, matching, scope
from cell2grid.evidence.arithmetic.figures import figure
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.matching import Match
from cell2grid.evidence.arithmetic.standing import MOST_BESIDE, Standing
from cell2grid.evidence.arithmetic.verdicts import AGREES, compared
from cell2grid.evidence.records import Check, Claim, Verdict

KIND = "sum"
ORDER = 11
_SHARES = "Contoso had 31.2%, Fabrikam 17.5% and Adatum 9.9%."
_TOGETHER = "Together the three had a combined share of {}."
_PHASES = ("The first phase is rated at 50 MW.", "The second phase adds 150 MW.", "At {} it is the largest.")


def _shares(total: float, **check: object) -> Example:
    rows = (("Contoso", 31.2), ("Fabrikam", 17.5), ("Adatum", 9.9))
    share = {"measure": "share", "unit": "percent"}
    parts = tuple(
        {**share, "subject": who, "value": value, "text": f"{value}%", "said": _SHARES} for who, value in rows
    )
    whole = {**share, "subject": "Contoso", "value": total, "text": f"{total}%", "said": _TOGETHER.format(f"{total}%")}
    return Example((*parts, whole), ({"computed": 58.6, **check},))


def _phases(total: int, *checks: dict[str, object]) -> Example:
    rows = ((50, "50 MW"), (150, "150 MW"), (total, f"{total} MW"))
    power = {"measure": "power", "unit": "MW", "subject": "Adatum park"}
    claims = tuple(
        {**power, "value": value, "text": text, "said": said.format(text)}
        for (value, text), said in zip(rows, _PHASES, strict=True)
    )
    return Example(claims, checks)


_STAFF = "The plant employs 1,400 people, of whom 900 work on cells, 300 on packs and {} in research."


def _staff(rest: int, *checks: dict[str, object]) -> Example:
    said = _STAFF.format(rest)
    rows = ((1400, "1,400 people", "jobs"), (900, "900", "count"), (300, "300", "count"), (rest, f"{rest}", "count"))
    claims = tuple(
        {"measure": measure, "value": value, "text": text, "unit": "person", "said": said}
        for value, text, measure in rows
    )
    return Example(claims, checks)


EXAMPLES = (
    _staff(200, {"stated": 1400, "computed": 1400, "verdict": "holds"}),
    _staff(150),
    _shares(58.6, residual=0, verdict="holds"),
    _shares(58.5, tolerance=0.2, verdict="rounding"),
    _shares(55.0, residual=-3.6, verdict="fails"),
    _phases(200, {"computed": 200, "verdict": "holds"}),
    _phases(340),
)
_TOTAL = re.compile(
    r"\b(?:total(?:s|led|ling|ing)?|altogether|combined|together|in all|overall|sum of|aggregate|jointly)\b", re.I
)
_ALL_OF_IT = re.compile(r"\b(?:made up of|consist(?:s|ing) of|compris(?:es|ing)|split (?:into|between)|namely)\b", re.I)
_OF_WHICH = re.compile(r":\s|\bof (?:which|whom|these|them)\b|\b(?:including|comprising|consisting of|namely)\b", re.I)
_COUNTS = {"two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_NOT_ADDED = frozenset({"change", "price", "utilisation", "duration", "unit_energy", "duty", "milestone"})
_NEAR = 60


def found(standing: Standing) -> Found:
    """One check for each total of which the parts stand in its sentence, the one before it, or its story's phases."""
    checks: list[Check] = []
    for told in standing.stories():
        added = [claim for claim in told if claim.measure not in _NOT_ADDED and figure(claim) is not None]
        checks += _by_words(added)
        checks += _by_names(added)
        checks += _listed(added)
        checks += _by_phases(added)
    return list({check.claims: check for check in checks}.values()), []


# --- totals by their words ------------------------------------------------------------------------------------------


def _by_words(told: Sequence[Claim]) -> Iterator[Check]:
    sentences: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in told:
        sentences[claim.start, claim.quote].append(claim)
    before: list[Claim] = []
    for here in sentences.values():
        if len(here) <= MOST_BESIDE and _TOTAL.search(here[0].quote):
            yield from _totals(here, before)
        before = here


def _totals(here: Sequence[Claim], before: Sequence[Claim]) -> Iterator[Check]:
    for whole in here:
        beside = _beside(whole)
        if not _TOTAL.search(beside) or scope.is_base(whole):
            continue
        same = [claim for claim in here if claim is not whole and _part_of(claim, whole)]
        parts = same if len(same) > 1 else [claim for claim in before if _part_of(claim, whole)]
        if len(parts) > 1:
            counted = any(_COUNTS.get(word.lower()) == len(parts) for word in re.findall(r"\w+", beside))
            yield from _told(whole, parts, sure=counted or _ALL_OF_IT.search(whole.quote) is not None)


def _beside(claim: Claim) -> str:
    """The words right around a figure, to the end of its clause."""
    at = claim.quote.find(claim.value_text)
    if claim.value_start is not None and claim.start is not None:
        at = claim.value_start - claim.start
    left = re.split(r"[;:,]\s", claim.quote[max(0, at - _NEAR) : at])[-1]
    right = re.split(r"[;:,]\s", claim.quote[at + len(claim.value_text) :][:_NEAR])[0]
    return f"{left} {right}"


def _part_of(claim: Claim, whole: Claim) -> bool:
    of = (claim.measure, figures.kind(claim.unit), claim.period_start, claim.period_end)
    size, total = figure(claim, whole.unit), figure(whole)
    if of != (whole.measure, figures.kind(whole.unit), whole.period_start, whole.period_end):
        return False
    return size is not None and total is not None and size.value < total.value and not scope.is_base(claim)


def _told(whole: Claim, parts: Sequence[Claim], *, sure: bool) -> Iterator[Check]:
    sizes = [size for part in parts if (size := figure(part, whole.unit)) is not None]
    stated = figure(whole)
    if stated is None or len(sizes) != len(parts):
        return
    check = compared(KIND, (whole, *parts), stated, figures.total(sizes), whole.unit, f"{len(parts)} parts of a total")
    if check.verdict in AGREES or (sure and check.verdict is Verdict.FAILS):
        yield check


# --- totals that are followed by their parts ------------------------------------------------------------------------


def _listed(told: Sequence[Claim]) -> Iterator[Check]:
    """A total with its parts behind it: 1,400 people, of whom 900 ... and 500 ...; told only where they add up."""
    sentences: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in told:
        sentences[claim.start, claim.quote].append(claim)
    for here in sentences.values():
        if 3 <= len(here) <= MOST_BESIDE and _OF_WHICH.search(here[0].quote):
            places = sorted({matching.in_sentence(claim): claim for claim in here}.items())
            yield from _split([claim for _, claim in places])


def _split(here: Sequence[Claim]) -> Iterator[Check]:
    for i, whole in enumerate(here):
        behind = [claim for claim in here[i + 1 :] if figures.kind(claim.unit) == figures.kind(whole.unit)]
        if len(behind) < 2 or scope.is_base(whole):
            continue
        between = matching.between(whole, behind[0]) or ""
        days = {(claim.period_start, claim.period_end) for claim in behind}
        if _OF_WHICH.search(between) and len(days) == 1 and not any(scope.is_base(claim) for claim in behind):
            yield from _told(whole, behind, sure=False)
            return


# --- totals by the names of their subjects --------------------------------------------------------------------------


def _by_names(told: Sequence[Claim]) -> Iterator[Check]:
    """Firms named together with one figure, of which each has its own: A and B hold 60 %, A 35 % and B 25 %."""
    alone: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in told:
        if claim.subject and ";" not in claim.subject:
            alone[_of(claim)].append(claim)
    for whole in told:
        members = (whole.subject or "").split(";")
        if len(members) < 2:
            continue
        parts = [_only(name, alone[_of(whole)]) for name in members]
        known = [part for part in parts if part is not None]
        if len(known) == len(members):
            yield from _told(whole, known, sure="each" not in scope.scope(whole)["part"])


def _of(claim: Claim) -> tuple[object, ...]:
    return (claim.measure, figures.kind(claim.unit), claim.period_start, claim.period_end, matching.words(claim.object))


def _only(name: str, claims: Sequence[Claim]) -> Claim | None:
    own = [claim for claim in claims if matching.names(name, claim.subject) == Match.SAME]
    return own[0] if len(own) == 1 else None


# --- phases of a project --------------------------------------------------------------------------------------------


def _by_phases(told: Sequence[Claim]) -> Iterator[Check]:
    """The phases of one project against a figure of the whole of it; told only where they agree."""
    projects: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in told:
        if claim.measure in ("power", "energy", "capacity", "investment", "jobs") and claim.subject:
            projects[claim.measure, figures.kind(claim.unit), matching.words(claim.subject)].append(claim)
    for claims in projects.values():
        if not 3 <= len(claims) <= MOST_BESIDE:
            continue
        phases: dict[str, Claim] = {}
        for claim in claims:
            named = scope.phase(claim)
            if named is not None:
                phases.setdefault(named, claim)
        wholes = [claim for claim in claims if scope.phase(claim) is None]
        for one, other in combinations(phases.values(), 2):
            for whole in wholes:
                yield from _told(whole, [one, other], sure=False)
