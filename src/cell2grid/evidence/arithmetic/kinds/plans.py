"""Plans against what came of them: a planned, expected or targeted figure and the figure reported for that time.

A flow is compared with the flow of the same period; a stock that was to be reached by a day with the first figure
reported from then on. The check fails where they differ, which says that the plan was not kept and not that a page is
wrong. Dates that were planned are ``plans_of_dates.py``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cell2grid.evidence.arithmetic import figures, matching, scope
from cell2grid.evidence.arithmetic.figures import figure
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.matching import FLOWS, Match
from cell2grid.evidence.arithmetic.scope import Alike
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import compared, in_time
from cell2grid.evidence.records import Check, Claim

KIND = "plan"
ORDER = 85
_YEAR = ("2025-01-01", "2025-12-31")


def _example(
    text: str, value: int, *checks: dict[str, object], said: str = "Contoso sold {} buses in 2025."
) -> Example:
    of = {"measure": "sales", "unit": "bus", "period": _YEAR}
    plan = "Contoso expects to sell 12,000 buses in 2025."
    claims = (
        {**of, "value": 12_000, "text": "12,000 buses", "said": plan, "document": "one", "told": "2025-01-20"},
        {**of, "value": value, "text": text, "said": said.format(text), "document": "two", "told": "2026-01-15"},
    )
    return Example(claims, checks)


EXAMPLES = (
    _example("12,000", 12_000, {"stated": 12_000, "computed": 12_000, "verdict": "holds"}),
    _example("9,800", 9_800, {"stated": 12_000, "computed": 9_800, "residual": 2_200, "verdict": "fails"}),
    _example("9,800", 9_800, said="Contoso sold {} buses in Norway in 2025."),
    _example("9,800", 9_800, said="Contoso now hopes to sell {} buses in 2025."),
)
# an investment is one of several; what it came to is another
_FLOWS = tuple(sorted(FLOWS - {"investment"}))
_STOCKS = ("capacity", "power", "energy", "jobs")
# how long after the day of a plan its outcome is told
_LATEST = 184
_EARLIEST = 31
_MOST_OUTCOMES = 20


def found(standing: Standing) -> Found:
    """One check for each plan of which the outcome is stated."""
    told: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in standing.of(*_FLOWS, *_STOCKS):
        if matching.who(claim):
            told[_of(claim)].append(claim)
    checks: list[Check] = []
    for claims in told.values():
        if len(claims) > 1:
            checks += _of_one_thing(claims, standing)
    return checks, []


def _of_one_thing(claims: Sequence[Claim], standing: Standing) -> list[Check]:
    """The checks of the plans for one measure of one subject."""
    standing_for = [claim for claim in claims if not scope.is_base(claim)]
    plans = [claim for claim in standing_for if scope.planned(claim, standing.told_on(claim))]
    if not plans:
        return []
    planned = {claim.id for claim in plans}
    outcomes = _Outcomes([claim for claim in standing_for if claim.id not in planned], standing)
    checks: dict[tuple[object, ...], Check] = {}
    for plan in plans:
        outcome = None if "period" in plan.inherited else outcomes.of(plan)
        check = None if outcome is None else _told(plan, outcome)
        if outcome is not None and check is not None:
            checks.setdefault((plan.document, plan.value, plan.low, plan.unit, outcome.id), check)
    return list(checks.values())


class _Outcomes:
    """What was reported of one thing and not planned: flows by their period, stocks by the day that they are of."""

    def __init__(self, claims: Iterable[Claim], standing: Standing) -> None:
        self._standing = standing
        self._flows: dict[tuple[str | None, str | None], list[Claim]] = defaultdict(list)
        self._stocks: list[tuple[int, str, Claim]] = []
        for claim in claims:
            if claim.measure in FLOWS:
                self._flows[claim.period_start, claim.period_end].append(claim)
            elif (day := self._day(claim)) is not None:
                self._stocks.append((day, claim.id, claim))
        self._stocks.sort(key=lambda each: each[:2])

    def _day(self, claim: Claim) -> int | None:
        """The day that a stock is of: the one that is said, else that of the story which says it is so."""
        day = claim.period_end or claim.period_start
        dated = matching.days(day, day)
        return dated[0] if dated is not None else self._standing.told_on(claim)

    def of(self, plan: Claim) -> Claim | None:
        """The first figure that tells what came of a plan, limited as the plan is."""
        told = self._same_period(plan) if plan.measure in FLOWS else self._reached(plan)
        same = [claim for claim in told if matching.subjects(plan, claim) in (Match.SAME, Match.RELATED)]
        after = [claim for claim in same if self._is_later(plan, claim) and scope.alike(plan, claim) is Alike.YES]
        return min(after, key=lambda claim: (self._standing.told_on(claim) or 0, claim.id)) if after else None

    def _same_period(self, plan: Claim) -> Sequence[Claim]:
        return () if plan.period_end is None else self._flows.get((plan.period_start, plan.period_end), ())

    def _reached(self, plan: Claim) -> Sequence[Claim]:
        """The stocks of the year after the day by which, or from which, the plan is to be reached."""
        day = plan.period_end if plan.period_start is None else plan.period_start
        due = matching.days(day, day)
        if due is None:
            return []
        first = bisect_left(self._stocks, due[0] - _EARLIEST, key=lambda each: each[0])
        last = bisect_left(self._stocks, due[0] + _LATEST, key=lambda each: each[0])
        return [claim for _, _, claim in self._stocks[first : min(last, first + _MOST_OUTCOMES)]]

    def _is_later(self, plan: Claim, claim: Claim) -> bool:
        """Whether an outcome is told after the plan; in one story both may stand beside each other."""
        planned_on, told_on = self._standing.told_on(plan), self._standing.told_on(claim)
        if (plan.document, plan.story) == (claim.document, claim.story):
            return plan.measure in FLOWS
        return planned_on is not None and told_on is not None and told_on > planned_on


def _of(claim: Claim) -> tuple[object, ...]:
    return (claim.measure, figures.kind(claim.unit), matching.tail(claim), matching.bare_object(claim))


def _told(plan: Claim, outcome: Claim) -> Check | None:
    stated, computed = figure(plan), figure(outcome, plan.unit)
    if stated is None or computed is None:
        return None
    when = in_time(plan.period_start, plan.period_end)
    then = in_time(outcome.period_start, outcome.period_end) if outcome.period_end else "without a day"
    check = compared(KIND, (plan, outcome), stated, computed, plan.unit)
    return replace(check, note=f"planned {plan.value_text} {when}, reported {outcome.value_text} {then}")
