"""Events of a plant before it was there: production, deliveries or operation that end before construction began.

Only within one page, of one plant or project, and where no second line, phase or expansion is spoken of: what is built
again has produced before. How milestones came as planned is ``plans_of_dates.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict

from cell2grid.evidence.arithmetic import matching, scope
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import spelled
from cell2grid.evidence.records import Check, Claim, Verdict

KIND = "impossible"
ORDER = 92


def _example(opened: tuple[str, str], *checks: dict[str, object], more: str = "") -> Example:
    of = {"value": None, "unit": "", "subject": "Fabrikam Örebro plant", "measure": "milestone"}
    began = {
        **of, "object": "construction began", "text": "began", "period": ("2024-05-01", "2024-05-31"),
        "said": f"Construction of Fabrikam's {more}Örebro plant began in May 2024.",
    }  # fmt: skip
    operation = {
        **of, "object": "operation", "text": "opened", "period": opened,
        "said": f"Fabrikam's Örebro plant opened in {opened[0]}.",
    }  # fmt: skip
    return Example((began, operation), checks)


EXAMPLES = (
    _example(("2025-09-01", "2025-09-30")),
    _example(("2023-09-01", "2023-09-30"), {"unit": "day", "residual": -214, "verdict": "fails"}),
    _example(("2023-09-01", "2023-09-30"), more="enlarged "),
)
_LATER = frozenset(
    {
        *("completed", "trial production", "commissioning", "production", "operation", "first product"),
        *("first delivery", "first export"),
    }
)
_MADE = frozenset({"production", "exports", "deliveries"})
_AGAIN = re.compile(
    r"\b(?:second|third|fourth|new|another|further|additional|expan\w+|enlarge\w*|extension|rebuil\w+|phase|stage"
    r"|re-?open\w*|restart\w*|resum\w+|convert\w*|conversion|upgrade\w*|former|old|existing|replac\w+)\b",
    re.I,
)


def found(standing: Standing) -> Found:
    """One check for each event of a plant that ended before its construction began."""
    began: dict[tuple[str, tuple[str, ...]], list[Claim]] = defaultdict(list)
    for claim in standing.claims:
        if claim.measure == "milestone" and claim.object == "construction began" and claim.period_start:
            began[claim.document, matching.who(claim)].append(claim)
    checks: list[Check] = []
    for claim in standing.claims if began else ():
        is_event = claim.measure == "milestone" and claim.object in _LATER
        starts = began.get((claim.document, matching.who(claim)), []) if is_event or claim.measure in _MADE else []
        if len({start.period_start for start in starts}) == 1 and matching.who(claim):
            checks += _told(claim, starts[0])
    return checks, []


def _told(event: Claim, start: Claim) -> list[Check]:
    ended, begun = (
        matching.days(event.period_end, event.period_end),
        matching.days(start.period_start, start.period_start),
    )
    if ended is None or begun is None or ended[0] >= begun[0] or _AGAIN.search(f"{event.quote} {start.quote}"):
        return []
    if scope.is_base(event) or not matching.is_facility(event.subject):
        return []
    what = event.object if event.measure == "milestone" else event.measure
    when = spelled(event.period_start, event.period_end)
    note = f"{what} in {when}, before construction began in {spelled(start.period_start, start.period_end)}"
    residual = float(ended[0] - begun[0])
    return [Check(KIND, (event.id, start.id), None, None, "day", residual, None, Verdict.FAILS, note)]
