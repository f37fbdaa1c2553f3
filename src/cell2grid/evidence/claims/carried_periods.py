"""The period that a figure takes from the sentences before, or from the headline, where its own sentence says none.

The dates of its own sentence are ``figure_periods.py``; what the story told of time so far ``story_time.py``.
"""

from __future__ import annotations

import re
from datetime import date

from cell2grid.evidence.claims.scene import Said, Scene
from cell2grid.evidence.dates.calendar_spans import Period

_FLOWS = frozenset(
    {
        *("exports", "sales", "deliveries", "production", "share", "revenue", "profit", "change", "utilisation"),
        "energy",
    }
)
_STORY = 12  # sentences over which the period of a story's figures goes on, where none is said since
_POINTS_BACK = re.compile(r"(?:Among|Of|Out of|That|This|These|Those|The (?:figure|number|total)|It|They|Its)\b")


def carried_period(scene: Scene, measure: str) -> tuple[Period | None, bool]:
    """The period of the same measure, or of another flow, right before; then of the story and of its headline."""
    said = scene.said.get(measure)
    if said is not None and said.period is not None and scene.number - said.sentence <= 2:
        return said.period, True
    latest = _latest([said for said in scene.said.values() if _lasts(said.period) or _is_open(said.period)])
    if latest is not None and scene.number - latest.sentence <= 1:
        flows = measure in _FLOWS and latest.measure in _FLOWS
        if flows or measure == "change" or _POINTS_BACK.match(scene.text):
            return latest.period, True
    if measure not in _FLOWS | {"price"}:
        return None, False
    context = scene.context
    spoken = context is not None and latest_number(scene) < context[0] and scene.number - context[0] <= 2
    if spoken and context is not None and measure in _FLOWS:
        return context[1], True
    last = _latest([said for said in scene.said.values() if said.measure in _FLOWS and _lasts(said.period)])
    if last is not None and scene.number - last.sentence <= _STORY:
        return last.period, True
    return (scene.reported, True) if scene.reported is not None and measure in _FLOWS else (None, False)


def _lasts(period: Period | None) -> bool:
    """Whether a period is a closed stretch of more than a day."""
    return period is not None and None not in (period.start, period.end) and period.start != period.end


def _is_open(period: Period | None) -> bool:
    return period is not None and period.start is not None and period.end is None


def _latest(said: list[Said]) -> Said | None:
    """What was said last, and of that the newest: not the year that it was compared with."""
    return max(said, key=lambda s: (s.sentence, (s.period and s.period.end) or date.max), default=None)


def latest_number(scene: Scene) -> int:
    """The number of the last sentence that gave a figure a period; -9 where none did."""
    return max((said.sentence for said in scene.said.values() if said.period is not None), default=-9)
