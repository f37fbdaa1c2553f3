"""Milestones as they were planned against when they came: production due by the end of 2026 that began in 2027.

One milestone of one plant or project, planned on one page and told as done on a later one. The check holds where the
day lies within the time that was planned, and says how many days it lies behind or before it elsewhere. Planned figures
are ``plans.py``; milestones in an order that cannot be are ``order_of_events.py``.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from cell2grid.evidence.arithmetic import matching, scope
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import in_time
from cell2grid.evidence.records import Check, Claim, Verdict

KIND = "plan"
ORDER = 86


def _example(done: tuple[str, str], *checks: dict[str, object], told: str = "2027-06-01") -> Example:
    of = {"measure": "milestone", "value": None, "unit": "", "subject": "Fabrikam Örebro plant", "object": "production"}
    plan, outcome = "is due to start production", "started production"
    planned = {
        **of, "text": plan, "period": (None, "2026-12-31"), "document": "one", "told": "2025-03-01",
        "said": f"Fabrikam's Örebro plant {plan} by the end of 2026.",
    }  # fmt: skip
    came = {
        **of, "text": outcome, "period": done, "document": "two", "told": told,
        "said": f"Fabrikam's Örebro plant {outcome} in {done[0][:7]}.",
    }  # fmt: skip
    return Example((planned, came), checks)


EXAMPLES = (
    _example(("2026-11-01", "2026-11-30"), {"unit": "day", "residual": 0, "verdict": "holds"}),
    _example(("2027-02-01", "2027-02-28"), {"unit": "day", "residual": 32, "verdict": "fails"}),
    _example(("2026-01-01", "2027-12-31"), {"unit": "day", "residual": None, "verdict": "cannot_say"}),
    _example(("2027-02-01", "2027-02-28"), told="2024-06-01"),
)
_EVER = date.max.toordinal()


def found(standing: Standing) -> Found:
    """One check for each planned milestone that has come."""
    milestones: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in standing.claims:
        if claim.measure == "milestone" and claim.object and matching.who(claim) and claim.period_end:
            milestones[matching.tail(claim), claim.object].append(claim)
    checks: list[Check] = []
    for told in milestones.values():
        done = [claim for claim in told if not scope.planned(claim, standing.told_on(claim)) and claim.period_start]
        if done:
            first = min(done, key=lambda claim: (claim.period_start or "", claim.id))
            plans = [claim for claim in told if _is_plan_of(claim, first, standing)]
            seen = {(claim.document, claim.period_start, claim.period_end): claim for claim in plans[::-1]}
            checks += [_told(plan, first) for plan in seen.values()]
    return sorted(checks, key=lambda check: check.claims), []


def _is_plan_of(claim: Claim, done: Claim, standing: Standing) -> bool:
    planned_on, told_on = standing.told_on(claim), standing.told_on(done)
    earlier = planned_on is not None and told_on is not None and planned_on < told_on
    alike = scope.alike(claim, done) is not scope.Alike.NO
    same = matching.subjects(claim, done) in (matching.Match.SAME, matching.Match.RELATED)
    return earlier and alike and same and claim.document != done.document and scope.planned(claim, planned_on)


def _told(plan: Claim, done: Claim) -> Check:
    window = _days(plan.period_start, 1)[0], _days(plan.period_end, _EVER)[1]
    came = _days(done.period_start, 1)[0], _days(done.period_end, _EVER)[1]
    late: int | None = 0
    if came[0] > window[1]:
        late = came[0] - window[1]
    elif came[1] < window[0]:
        late = came[1] - window[0]
    elif not (window[0] <= came[0] and came[1] <= window[1]):
        late = None
    verdict = Verdict.CANNOT_SAY if late is None else Verdict.FAILS if late else Verdict.HOLDS
    planned, reported = in_time(plan.period_start, plan.period_end), in_time(done.period_start, done.period_end)
    note = f"{plan.object} planned {planned}, reported {reported}"
    residual = None if late is None else float(late)
    return Check(KIND, (plan.id, done.id), None, None, "day", residual, 0.0, verdict, note)


def _days(day: str | None, otherwise: int) -> tuple[int, int]:
    return matching.days(day, day) or (otherwise, otherwise)
