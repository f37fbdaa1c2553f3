"""The period of a figure in a row of figures beside a row of periods (4, 6 and 9 GWh in May, June, July).

Where a sentence has no such rows, ``figure_periods.py`` finds the date of a figure.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

from cell2grid.evidence.claims.scene import Scene
from cell2grid.evidence.dates.calendar_spans import Period
from cell2grid.evidence.dates.date_expressions import DateExpression
from cell2grid.evidence.quantities.quantity import Quantity


def listed_period(scene: Scene, quantity: Quantity) -> Period | None:
    """The month of a figure in a row of months and figures said in the same order (respectively)."""
    for first, last, months in months_in_rows(scene):
        row = _figure_row(scene, quantity, first, last, len(months))
        if quantity in row:
            return months[row.index(quantity)]
    return None


def _figure_row(scene: Scene, quantity: Quantity, first: int, last: int, count: int) -> list[Quantity]:
    """As many figures of one unit as there are months, in a row behind or before them; empty where they are no row."""
    alike = [q for q in scene.quantities if q.unit == quantity.unit and q.kind == quantity.kind]
    row = [q for q in alike if q.start > last][:count] or [q for q in alike if q.end < first][-count:]
    gaps = [scene.text[a.end : b.start] for a, b in pairwise(row)]
    said = re.search(r"\brespectively\b|\beach\b", scene.text) is not None
    close = all(
        _ROW_GAP.fullmatch(gap) if said else re.fullmatch(r"\s*(?:,|(?:[a-z]+\s+){0,2}and\s)\s*\w*\s*", gap)
        for gap in gaps
    )
    return row if len(row) == count and close and not any(_PARTS_ROW.search(gap) for gap in gaps) else []


_ROW_GAP = re.compile(r"[^.;]{0,60}")
_PARTS_ROW = re.compile(r"\b(?:in|to|from)\s")
_AND = re.compile(r"\s*(?:,\s*(?:and\s+)?|and|&|or)\s*")


def months_in_rows(scene: Scene) -> list[tuple[int, int, list[Period]]]:
    """The rows of two months or years or more that a sentence names: where each begins and ends, and its months."""
    rows: list[tuple[int, int, list[Period]]] = []
    for found, meant in scene.dates:
        single = _single_months(found, meant)
        if not single:
            continue
        follows = rows and _AND.fullmatch(scene.text[rows[-1][1] : found.start])
        if follows:
            begun, _, months = rows.pop()
            rows.append((begun, found.end, months + single))
        else:
            rows.append((found.start, found.end, single))
    return [row for row in rows if len(row[2]) > 1]


def _single_months(found: DateExpression, meant: Period | None) -> list[Period]:
    """The months that an expression names one by one (May and June); none for a span of them (May to July)."""
    if meant is None or meant.start is None or meant.end is None:
        return []
    if (found.form == "month" and "edge" not in found.parts) or (found.form == "year" and "edge" not in found.parts):
        return [meant]
    if (
        found.form == "years"
        and meant.end.year == meant.start.year + 1
        and _LISTED.fullmatch(found.parts.get("dash", ""))
    ):
        return [
            Period(meant.start, meant.start.replace(month=12, day=31)),
            Period(meant.end.replace(month=1, day=1), meant.end),
        ]
    if found.form == "months" and re.fullmatch(r"\s*(?:and|&|,|or)\s*", found.parts.get("dash", "")):
        return [Period(meant.start, _month_end(meant)), Period(_last_month_start(meant), meant.end)]
    return []


_LISTED = re.compile(r"\s*(?:and|&|,|or)\s*")


def _month_end(meant: Period) -> date:
    assert meant.start is not None
    following = (meant.start.replace(day=1) + timedelta(days=32)).replace(day=1)
    return following - timedelta(days=1)


def _last_month_start(meant: Period) -> date:
    assert meant.end is not None
    return meant.end.replace(day=1)
