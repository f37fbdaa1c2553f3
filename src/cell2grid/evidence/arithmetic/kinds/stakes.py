"""What the holders of one company hold, against 100 %: more fails, less is incomplete and what is missing is unknown.

Stakes of different days are not added; where a holder has several figures (``from 25 % to 51 %``), only what holds of
each of them is said. The shares of a market are ``shares_of_a_whole.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cell2grid.evidence.arithmetic import figures, matching, scope
from cell2grid.evidence.arithmetic.figures import Figure, clean, figure
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.matching import Match
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import compared
from cell2grid.evidence.records import Check, Claim, Verdict

KIND = "stakes"
ORDER = 50


def _example(*holders: tuple[str, float], **check: object) -> Example:
    stake = {"measure": "stake", "object": "Adatum Cells", "unit": "percent"}
    claims = tuple({**stake, "subject": name, "value": held, "text": f"{held:g}%"} for name, held in holders)
    return Example(claims, ({"stated": 100, **check},) if check else ())


EXAMPLES = (
    _example(("Contoso", 60), ("Fabrikam", 40), computed=100, verdict="holds"),
    _example(("Contoso", 51), ("Fabrikam", 39), ("Litware", 5), computed=95, residual=5, verdict="incomplete"),
    _example(("Contoso", 60), ("Fabrikam", 39.9), tolerance=0.55, verdict="rounding"),
    _example(("Contoso", 60), ("Fabrikam", 45), residual=-5, verdict="fails"),
    _example(("Contoso", 51)),
)
_WHOLE = Figure(100.0, 100.0, 100.0, 0.0)
_MOST_DAYS_APART = 45
# a share of votes that is asked for is nobody's stake
_VOTES = re.compile(r"\s*(?:of|in)\s+(?:(?:the|all|its|voting)\s+)*(?:votes?|voters|creditors|ballots)\b", re.I)


def found(standing: Standing) -> Found:
    """One check for each company of which a page names two holders or more at one time."""
    companies: dict[tuple[str, tuple[str, ...]], list[Claim]] = defaultdict(list)
    for claim in standing.of("stake"):
        if claim.object and figures.worth(claim.unit, "percent") and not scope.is_base(claim) and _holder(claim):
            companies[claim.document, matching.words(claim.object)].append(claim)
    checks: list[Check] = []
    for told in companies.values():
        for held in _at_one_time(told):
            checks += _against_all(held)
    return checks, []


def _holder(claim: Claim) -> tuple[str, ...]:
    """The words of the holder; none where it is the company itself, or votes that are asked for."""
    name = matching.words(claim.subject)
    asked = _VOTES.match(claim.quote, matching.in_sentence(claim) + len(claim.value_text))
    return () if asked or name == matching.words(claim.object) else name


def _at_one_time(told: Sequence[Claim]) -> Iterator[list[Claim]]:
    """Stakes of one day: those said of a day with those said of none."""
    dated = sorted((day[1], claim.id, claim) for claim in told if (day := _day(claim)) is not None)
    undated = [claim for claim in told if _day(claim) is None]
    if not dated:
        yield undated
        return
    group: list[Claim] = []
    last = dated[0][0]
    for on, _, claim in dated:
        if on - last > _MOST_DAYS_APART:
            yield group
            group = []
        group.append(claim)
        last = on
    yield [*group, *undated]


def _day(claim: Claim) -> tuple[int, int] | None:
    start, end = claim.period_start or claim.period_end, claim.period_end or claim.period_start
    return matching.days(start, end)


def _against_all(told: Sequence[Claim]) -> Iterator[Check]:
    holders = _by_holder(told)
    counted = [claims[0] for claims in holders]
    held = [each for claim in counted if (each := figure(claim, "percent")) is not None]
    if not held or (len(held) == 1 and held[0].low <= 100):
        return
    least = figures.total([_least(claims) for claims in holders])
    computed = figures.total(held)
    check = compared(KIND, counted, _WHOLE, computed, "percent", f"{len(counted)} holders")
    if check.verdict is Verdict.FAILS and computed.value < 100:
        unknown = f"{check.note}; unknown {clean(100 - computed.value):g} %"
        yield replace(check, verdict=Verdict.INCOMPLETE, note=unknown)
    elif check.verdict is Verdict.FAILS and least.low - least.rounding <= 100:
        note = f"{check.note}, some with several figures; with the least of them {clean(least.value):g} %"
        yield replace(check, verdict=Verdict.CANNOT_SAY, note=note)
    elif check.verdict is not Verdict.FAILS or _are_rivals(counted):
        yield check


def _by_holder(told: Sequence[Claim]) -> list[list[Claim]]:
    """The figures of each holder, the one that counts first; a holder of all is the others together."""
    ranked = sorted(told, key=lambda each: (_width(each), each.value_start or 0, each.id))
    holders: list[list[Claim]] = []
    for claim in ranked:
        same = next((claims for claims in holders if _same_holding(claim, claims[0])), None)
        if same is None:
            holders.append([claim])
        else:
            same.append(claim)
    if len(holders) > 2:
        parts = [claims for claims in holders if not _is_all(claims[0])]
        holders = parts if len(parts) > 1 else holders
    return sorted(holders, key=lambda claims: (claims[0].value_start or 0, claims[0].id))


def _is_all(claim: Claim) -> bool:
    """Whether one holder has everything, as a consortium of the others has."""
    held = figure(claim, "percent")
    return held is not None and held.low >= 100


def _width(claim: Claim) -> float:
    held = figure(claim, "percent")
    return float("inf") if held is None else held.high - held.low


def _same_holding(claim: Claim, other: Claim) -> bool:
    match = matching.names(claim.subject, other.subject)
    if match == Match.SAME:
        return True
    one, two = figure(claim, "percent"), figure(other, "percent")
    overlap = one is not None and two is not None and one.low <= two.high and two.low <= one.high
    return match == Match.RELATED and overlap


def _least(claims: Sequence[Claim]) -> Figure:
    sizes = [each for claim in claims if (each := figure(claim, "percent")) is not None]
    return min(sizes, key=lambda each: each.low)


def _are_rivals(counted: Sequence[Claim]) -> bool:
    """Whether the holders hold beside each other: none of them is named together with others, planned or a base."""
    plans = {scope.planned(claim) for claim in counted}
    return len(plans) == 1 and all(";" not in (claim.subject or "") for claim in counted)
