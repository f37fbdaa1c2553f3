"""Milestones of plants and projects: announced, construction began, trial production, operation, first export.

A milestone has no number: its ``value_text`` is the words that tell it, its object which milestone it is, its period
when it was or is to be. Only what the words say plainly is kept: with a date, or as having happened. The words
themselves are ``vocabulary/milestones.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.claims.subjects import subject_of
from cell2grid.evidence.dates.calendar_spans import Period
from cell2grid.evidence.dates.date_expressions import DateExpression
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._milestone_words import Deed, deeds
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 90
MEASURES = ("milestone",)
EXAMPLES = (
    Example(
        "Construction of Verkor's Dunkirk gigafactory began in November 2022.",
        (
            {
                "value_text": "Construction of Verkor's Dunkirk gigafactory began",
                "value": None,
                "unit": "",
                "subject": "Verkor Dunkirk gigafactory",
                "object": "construction began",
                "period_start": "2022-11-01",
                "period_end": "2022-11-30",
            },
        ),
    ),
    Example(
        "ACC's plant in Douvrin is due to start mass production by the end of 2026.",
        (
            {
                "value_text": "is due to start mass production",
                "subject": "ACC Douvrin plant",
                "object": "production",
                "period_start": None,
                "period_end": "2026-12-31",
            },
        ),
    ),
    Example(
        "Neoen's Collie battery was connected to the grid in August 2024 and went into operation in March 2025.",
        (
            {
                "value_text": "was connected to the grid",
                "object": "commissioning",
                "period_start": "2024-08-01",
                "period_end": "2024-08-31",
            },
            {
                "value_text": "went into operation",
                "subject": "Neoen Collie battery",
                "object": "operation",
                "period_start": "2025-03-01",
                "period_end": "2025-03-31",
            },
        ),
    ),
)


def tells(text: str) -> bool:
    """Whether a sentence has the words of a milestone, so that it is worth reading without any quantity."""
    return any(deed.done or _DATED.search(text) for deed in deeds(text))


_DATED = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:last|this|next|following) (?:year|month|week|quarter)|(?:today|yesterday|ago|later|quarter|half))\b|\d"
)
_SITES = frozenset({"plant", "project", "venture"})
_TELLERS = ("plant", "project", "venture", "firm", "unknown", "group", "pronoun")


def events(scene: Scene) -> Iterator[tuple[Quantity, Slots]]:
    """The milestones that a sentence tells, each as a quantity without a number over its words."""
    told = deeds(scene.text)
    scene.happened.clear()
    seen: set[tuple[str, str | None, Period | None]] = set()
    for place, deed in enumerate(told):
        following = told[place + 1].start if place + 1 < len(told) else len(scene.text)
        before = told[place - 1].end if place else 0
        when = _when(scene, deed, before, following)
        if when is None and not deed.done:
            continue
        read = _about(scene, deed)
        if read is None or (deed.name, read[0], when) in seen:
            continue
        subject, carried = read
        seen.add((deed.name, subject, when))
        yield (
            _wordless(deed),
            Slots(
                "milestone",
                subject=subject,
                object=deed.name,
                period=when,
                stock=True,
                inherited=("subject",) * carried,
            ),
        )


def _wordless(deed: Deed) -> Quantity:
    """The words of a milestone in the place of a quantity: no number, no unit."""
    return Quantity(deed.start, deed.end, deed.start, deed.end, 0.0, None, None, None, "", "milestone", digits=False)


_OBJECT = re.compile(
    r"\s+(?:(?:of|on|at|for|in|from|with)\s+)?(?:plans?\s+(?:for|to\s+\w+)\s+)?(?:construction\s+of\s+)?"
    r"(?:(?:the|a|an|its|their|his|our|this|that|both)\s+)?(?:(?:new|first|second|third|planned|proposed|initial|next)\s+)*"
    r"(?:(?:stages?|phases?|parts?|blocks?|half|works?|construction)\s+(?:of|on|at)\s+(?:(?:the|its|their|a|an)\s+)?)?"
    r"(?:[\d.,/MGWh-]+\s+)*(?:[A-Z\d][\w-]*\s+){0,3}"
)
_SUBJECT_GAP = re.compile(
    r"(?:\s+(?:in|near|at|of|for|with|between|outside)\s+(?:(?!\b(?:and|that|which|will|was|is)\b)[^,.;]){2,60}"
    r"|,\s[^,;]{2,70},|\s\([^)]{1,40}\)|,?\s+which)*\s*"
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+|first\s+)?\w+", re.I)


def _about(scene: Scene, deed: Deed) -> tuple[str, bool] | None:
    """Of what a milestone is: the plant or project that its words end in, hold or follow, else whose deed it is."""
    inside = [m for m in scene.mentions if deed.start <= m.start and m.end <= deed.end and m.kind in _SITES]
    behind = [m for m in scene.mentions if m.start >= deed.end and m.kind in _SITES]
    opened = [m for m in scene.mentions if m.start == deed.end + 1 and "naugurat" in scene.text[deed.start : deed.end]]
    if opened:
        return opened[0].name, opened[0].inherited
    if behind and _OBJECT.fullmatch(_undated(scene, deed.end, behind[0].start)):
        return behind[0].name, behind[0].inherited
    if inside:
        return inside[-1].name, inside[-1].inherited
    ahead = [m for m in scene.mentions if m.end <= deed.start and m.kind in _SITES and not m.possessive]
    near = ahead[-1] if ahead and _SUBJECT_GAP.fullmatch(scene.text[ahead[-1].end : deed.start]) else None
    if near is not None and near.preposition in {"", "owner"} and not _only_said(scene, deed):
        return near.name, near.inherited
    if deed.manner == "site" or (near is None and _is_other(scene, deed)):
        return None
    subject, carried = subject_of(scene, _wordless(deed), _TELLERS)
    unnamed = carried and re.search(r"(?<!^)\b[A-Z]\w+\s$", scene.text[: deed.start])
    return None if subject is None or unnamed else (subject, carried)


def _undated(scene: Scene, start: int, end: int) -> str:
    """The words between two places without the dates among them (in 2027 at the Ulm plant → at the)."""
    text = scene.text[start:end]
    for found, _ in reversed(scene.dates):
        if start <= found.start and found.end <= end:
            ahead = re.sub(rf"{re.escape(found.opening)}(?:\s+the)?\s*$", "", text[: found.start - start])
            text = f"{ahead.rstrip()} {text[found.end - start :].lstrip()}"
    return _DUE.sub(" ", text)


_DUE = re.compile(
    r"\s+(?:is|was|are|were|will be)\s+(?:now\s+)?(?:planned|scheduled|due|expected|slated|set|targeted)\s+(?:for\s+)?"
)


def _only_said(scene: Scene, deed: Deed) -> bool:
    """Whether a plant stands before a verb that is done to it, yet in the active voice (the venture announced)."""
    active = deed.name in {"announced", "approved", "cancelled"} and deed.manner == "site"
    return active and _PASSIVE.match(scene.text, deed.start) is None


def _is_other(scene: Scene, deed: Deed) -> bool:
    """Whether the clause before a milestone ends in something that is no name: whose milestone it is stays open."""
    words = re.search(r"([\w-]+)\s*$", scene.text[: deed.start])
    return (
        deed.manner == "deed"
        and words is not None
        and words.group(1).lower() in {"cars", "shares", "vehicles", "talks"}
    )


_PARTS = re.compile(
    r"[;:]|\b(?:will|would|is|are|was|were|has|have|had|which|who|that|while|but|after|before|when|as|said|says)\b"
)
_TELLING = re.compile(
    r"\b(?:said|says|told|announced|reported|confirmed|according|published|posted|wrote|statement)\b[^,;]{0,30}$", re.I
)
_NO_DATE = frozenset({"weekday", "same_period", "decade"})
_NOUN_GAP = re.compile(
    r"(?:\s+(?:of|at|in|for|on)\s+[^,.;]{2,50}?)?(?:\s+(?:is|was|are|were|will be|being))?(?:\s+(?:now|currently))?"
    r"(?:\s+(?:planned|scheduled|due|expected|slated|set|targeted|foreseen|envisaged|to\s+\w+|take place|took place"
    r"|following))*",
    re.I,
)


def _when(scene: Scene, deed: Deed, before: int, following: int) -> Period | None:
    """The date of a milestone: right behind its words before another milestone comes, else ahead of them."""
    for found, meant in scene.dates:
        if found.start < deed.end or found.start >= following:
            continue
        if _dates_behind(scene, deed, found, following):
            return _taken(scene, deed, found, meant)
        break
    if deed.manner == "noun":
        return None
    for found, meant in reversed(scene.dates):
        if found.end <= deed.start and found.start >= before and _dates_ahead(scene, deed, found):
            return _taken(scene, deed, found, meant)
    return None


def _taken(scene: Scene, deed: Deed, found: DateExpression, meant: Period | None) -> Period | None:
    """The period of a date, which is then no date of a capacity beside it, unless that is what is expanded."""
    if deed.name != "expansion":
        scene.happened.add(found.start)
    return meant


def _dates_behind(scene: Scene, deed: Deed, found: DateExpression, following: int) -> bool:
    between = re.sub(r"\b(?:[a-z]+\s+){0,2}$", "", scene.text[deed.end : found.start]) if found.opening else ""
    between = between or scene.text[deed.end : found.start]
    heads_next = following - found.end < 40 and re.search(r"\band\s+(?:\w+\s+)?$", scene.text[: found.start])
    if heads_next and following < len(scene.text):
        return False
    if deed.manner == "noun":
        return _NOUN_GAP.fullmatch(between.rstrip()) is not None
    return len(between) <= 110 and _PARTS.search(between) is None and found.form not in _NO_DATE


def _dates_ahead(scene: Scene, deed: Deed, found: DateExpression) -> bool:
    between = scene.text[found.end : deed.start]
    told = _TELLING.search(scene.text[: found.start])
    dateline = re.search(r"\s(?:--?|—|–)\s", between)
    return (
        len(between) <= 110 and not (told or dateline) and _PARTS.search(between) is None and found.form not in _NO_DATE
    )
