"""A weekday that is not that of its date: ``Monday, March 5, 2024`` was a Tuesday.

Only dates printed with day, month and year in the sentence of a claim; other dates are counted from the story's day,
which is inferred and proves nothing.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.records import Check, Claim, Verdict
from cell2grid.evidence.vocabulary import table

KIND = "impossible"
ORDER = 93


def _example(day: str, *checks: dict[str, object]) -> Example:
    said = f"Contoso said on {day} that it had sold 900 buses."
    return Example(({"measure": "sales", "value": 900, "text": "900 buses", "unit": "bus", "said": said},), checks)


EXAMPLES = (
    _example("Tuesday, March 5, 2024,"),
    _example("Monday, March 5, 2024,", {"unit": "day", "stated": None, "verdict": "fails"}),
    _example("Friday 7 November 2025", *()),
    _example("Thursday 7 November 2025", {"unit": "day", "verdict": "fails"}),
)


def found(standing: Standing) -> Found:
    """One check for each sentence with a date whose weekday is another."""
    checks: list[Check] = []
    seen: set[tuple[str, str, str]] = set()
    for claim in standing.claims:
        for match in _dated().finditer(claim.quote) if "day" in claim.quote else ():
            key = (claim.document, claim.quote, match.group())
            if key not in seen:
                seen.add(key)
                checks += _wrong(claim, match)
    return checks, []


def _wrong(claim: Claim, match: re.Match[str]) -> list[Check]:
    calendar = table("calendar")
    months = {str(name).lower(): number for name, number in calendar["months"].items()}
    named = next(number for name, number in calendar["weekdays"].items() if name.lower() == match["weekday"].lower())
    try:
        day = date(int(match["year"]), months[(match["month"] or match["also_month"]).lower()],
                   int(match["day"] or match["also_day"]))  # fmt: skip
    except ValueError:
        note = f"there is no day '{match.group()}'"
        return [Check(KIND, (claim.id,), None, None, "day", None, None, Verdict.FAILS, note)]
    if day.weekday() == named:
        return []
    right = next(name for name, number in calendar["weekdays"].items() if number == day.weekday())
    note = f"{day.isoformat()} is a {right} and not a {match['weekday'].capitalize()}"
    return [Check(KIND, (claim.id,), None, None, "day", None, None, Verdict.FAILS, note)]


@cache
def _dated() -> re.Pattern[str]:
    calendar = table("calendar")
    month = "|".join(sorted(map(str, calendar["months"]), key=len, reverse=True))
    return re.compile(
        rf"\b(?P<weekday>{'|'.join(calendar['weekdays'])}),?\s+(?:the\s+)?(?:"
        rf"(?P<month>{month})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
        rf"|(?P<also_day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<also_month>{month})\.?),?\s+(?P<year>\d{{4}})\b",
        re.I,
    )
