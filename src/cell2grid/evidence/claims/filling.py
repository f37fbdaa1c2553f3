"""The slots that a frame leaves open, filled by the common rules: whose figure it is, and of which period.

What the sentence says in so many words goes first: the name in a row that belongs to a figure ("respectively"), or the
name between two figures of a kind ("followed by B with 22"). Then come ``subjects.py`` and ``figure_periods.py``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cell2grid.evidence.claims.figure_periods import period_of
from cell2grid.evidence.claims.rows_of_periods import months_in_rows
from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.claims.subjects import fitting, subject_of
from cell2grid.evidence.dates.calendar_spans import Period
from cell2grid.evidence.naming.discourse import Mention
from cell2grid.evidence.quantities.quantity import Quantity

_HOLDERS = frozenset({"firm", "unknown", "venture", "plant", "project", "group", "country", "product", "place"})


def filled(slots: Slots, quantity: Quantity, scene: Scene) -> Slots:
    """The slots of a frame with subject and period by the common rules, where the frame leaves them open."""
    inherited = list(slots.inherited)
    subject, carried = _subject(slots, quantity, scene)
    if subject is not None and subject != slots.subject and "subject" in inherited:
        inherited.remove("subject")
    inherited += ["subject"] * carried
    if "subject" in inherited and _says_it(scene, quantity, subject):
        inherited = [slot for slot in inherited if slot != "subject"]
    meant, period_carried = slots.period, False
    if meant is None and not slots.timeless:
        measure = "deliveries" if slots.flows else slots.measure
        meant, period_carried = period_of(scene, quantity, stock=slots.stock, measure=measure)
    inherited += ["period"] * (period_carried or _lacks_period(slots, meant))
    return replace(slots, subject=subject, period=meant, inherited=tuple(dict.fromkeys(inherited)))


_FLOWS = frozenset({"exports", "sales", "deliveries", "production", "revenue", "profit"})


def _lacks_period(slots: Slots, meant: Period | None) -> bool:
    """Whether a figure that can only be so in some period has none: then not every slot stands in its sentence."""
    return meant is None and not slots.timeless and (slots.flows or slots.measure in _FLOWS)


def _subject(slots: Slots, quantity: Quantity, scene: Scene) -> tuple[str | None, bool]:
    named = respective(scene, quantity) or between_figures(scene, quantity, slots.measure)
    if named is not None:
        return named.name, named.inherited
    paired = _paired(scene, quantity)
    if paired is not None:
        return paired.name, True  # two by two, yet not said to be so
    row = _row_of_figures(scene, quantity) if slots.subject is None and _RESPECTIVELY.search(scene.text) else []
    dated = any(len(months) == len(row) for _, _, months in months_in_rows(scene)) if row else False
    if len(row) > 1 and not dated:
        # rows that do not match: no sure subject
        return subject_of(scene, quantity, slots.kinds or fitting(slots.measure, slots.object))[0], True
    if slots.subject is not None:
        return slots.subject, False
    fronted = _fronted(scene, quantity)
    if fronted is not None:
        return fronted.name, fronted.inherited
    subject, carried = subject_of(scene, quantity, slots.kinds or fitting(slots.measure, slots.object))
    earlier = scene.earlier(quantity)
    pointed = earlier is not None and any(
        m.name == subject and m.inherited and earlier[2].end <= m.start < quantity.start for m in scene.mentions
    )
    same = earlier is not None and earlier[1].measure == slots.measure and not pointed
    if carried and same and earlier is not None and earlier[1].subject is not None:
        return earlier[1].subject, "subject" in earlier[1].inherited
    return subject, carried and not _is_named(scene, quantity, subject)


def _within(scene: Scene, mention: Mention) -> bool:
    """Whether a mention is only a part of a longer one (the owner in the name of a plant)."""
    length = mention.end - mention.start
    return any(o.start <= mention.start and mention.end <= o.end and o.end - o.start > length for o in scene.mentions)


_WITH = re.compile(r"^\W*(?:With|At)\s+(?:(?:an?|only|just|some|about|around|nearly|over)\s+)*$")


def _fronted(scene: Scene, quantity: Quantity) -> Mention | None:
    """The name behind the comma where a sentence begins with its figure (With 41 GWh, A ranked seventh)."""
    if not _WITH.match(scene.text[: quantity.lead]):
        return None
    comma = scene.text.find(",", quantity.end)
    behind = [
        m for m in scene.mentions if comma < m.start <= comma + 6 and m.kind in _HOLDERS and not _within(scene, m)
    ]
    return behind[0] if comma >= 0 and behind else None


_OWN = frozenset({"firm", "unknown", "venture", "plant", "project"})


def _is_named(scene: Scene, quantity: Quantity, subject: str | None) -> bool:
    """Whether the sentence itself names the subject that "it" stands for, and nothing else that it could stand for."""
    named = {m.name for m in scene.mentions if m.end <= quantity.start and m.kind in _OWN and not m.inherited}
    told = [m for m in scene.mentions if m.name == subject and not m.inherited and m.end <= quantity.start]
    return named == {subject} and any(m.preposition in {"", "owner"} for m in told)


_SAID_IT = re.compile(
    r"\s+(?:(?:has|have|had)\s+)?(?:said|says|announced|reported|confirmed|disclosed|told\s+\w+)\b[^.;,]{0,40}?\b(?:it|its|they|their)\b",
    re.I,
)


def _says_it(scene: Scene, quantity: Quantity, subject: str | None) -> bool:
    """Whether who is meant by "it" is who says it in the same sentence (A said on Monday it had won an order)."""
    told = [m for m in scene.mentions if m.kind in _OWN and not m.preposition and not m.inherited]
    if not told or told[0].name != subject or told[0].end > quantity.start:
        return False
    return _SAID_IT.match(scene.text, told[0].end) is not None


_RESPECTIVELY = re.compile(r"\brespective(?:ly)?\b")
_IN_ROW = re.compile(
    r"\s*(?:,\s*(?:and\s+|or\s+)?|and\s+|&\s*)(?:(?:the|its|their|that of|those of|by|from|in|at|of)\s+)*(?:the\s+)?"
)


def respective(scene: Scene, quantity: Quantity) -> Mention | None:
    """The name that belongs to a figure where names and figures stand in two rows of one length (respectively)."""
    if not _RESPECTIVELY.search(scene.text):
        return None
    figures = _row_of_figures(scene, quantity)
    if len(figures) < 2:
        return None
    for names in _rows_of_names(scene):
        if len(names) == len(figures):
            return names[figures.index(quantity)]
    return None


_BARE_ROW = re.compile(r"\s*(?:,\s*(?:and\s+)?|and\s+)")


def _paired(scene: Scene, quantity: Quantity) -> Mention | None:
    """The name that a figure of two may belong to, where two names stand before two figures (A and B have 3 and 4)."""
    figures = _row_of_figures(scene, quantity)
    if len(figures) != 2 or not _BARE_ROW.fullmatch(scene.text[figures[0].end : figures[1].lead]):
        return None
    rows = [row for row in _rows_of_names(scene) if row[-1].end <= figures[0].start]
    return rows[-1][figures.index(quantity)] if rows and len(rows[-1]) == 2 else None


def _row_of_figures(scene: Scene, quantity: Quantity) -> list[Quantity]:
    """The figures of one unit that stand in a row with a figure."""
    alike = [q for q in scene.quantities if q.unit == quantity.unit and q.kind == quantity.kind]
    row: list[Quantity] = []
    for other in alike:
        gap = scene.text[row[-1].end : other.lead] if row else ""
        if row and not re.fullmatch(r"[^.;]{0,60}?(?:,|\band\b)[^.;]{0,40}", gap):
            if quantity in row:
                return row
            row = []
        row.append(other)
    return row if quantity in row else []


def _rows_of_names(scene: Scene) -> list[list[Mention]]:
    """The rows of names of one kind in a sentence (A, B and C), the longest stretch of each."""
    outer = [
        m
        for m in scene.mentions
        if m.kind in _HOLDERS
        and not any(
            o is not m and o.start <= m.start and m.end <= o.end and o.end - o.start > m.end - m.start
            for o in scene.mentions
        )
    ]
    rows: list[list[Mention]] = []
    for mention in outer:
        if rows and _IN_ROW.fullmatch(scene.text[rows[-1][-1].end : mention.start]):
            rows[-1].append(mention)
        else:
            rows.append([mention])
    return [row for row in rows if len(row) > 1]


_AND_THEN = re.compile(r",|;|\b(?:and|while)\b")
_FOLLOWED = re.compile(
    r"[^,;.\d]{0,40}?(?:,\s*(?:and\s+|while\s+|then\s+)?|;\s*(?:and\s+)?|\s+and\s+|\s+while\s+)"
    r"(?:(?:followed by|ahead of|before|trailed by|with|then|by)\s+)?(?:(?:the|state-owned|rival|its|local)\s+)*"
)
_HAS = re.compile(
    r"(?:[’']s)?,?\s*\(?\s*(?:(?:with|at|on|had|has|have|took|took in|by|was|came|were|next|second|third|fourth|fifth"
    r"|sold|made|built|exported|delivered|shipped|produced|to|for|a|an|the|only|just|another|some|of|and|contributed"
    r"|accounted|accounting|holding|held|holds|reached|shared?)\s*)*(?:about|around|nearly|over|almost)?\s*"
)


def between_figures(scene: Scene, quantity: Quantity, measure: str) -> Mention | None:
    """The name between a figure and the one of its kind before it, where nothing but the name changes."""
    before = [q for q in scene.quantities if q.end <= quantity.start and q.unit == quantity.unit]
    if not before or before[-1].start not in scene.read or scene.read[before[-1].start][1].measure != measure:
        return None
    first = before[-1].end
    names = [
        m
        for m in scene.mentions
        if first <= m.start
        and m.end <= quantity.lead
        and m.kind in _HOLDERS - {"place", "product"}
        and not any(
            o is not m and o.start <= m.start and m.end <= o.end and o.end - o.start > m.end - m.start
            for o in scene.mentions
        )
    ]
    if not names or (len(names) > 1 and not _AND_THEN.search(scene.text[names[-2].end : names[-1].start])):
        return None
    name, first = names[-1], names[-2].end if len(names) > 1 else first
    leads = _FOLLOWED.fullmatch(_undated(scene, first, name.start))
    return name if leads and _HAS.fullmatch(scene.text[name.end : quantity.lead]) else None


def _undated(scene: Scene, start: int, end: int) -> str:
    """The words between two places without the dates among them."""
    text = scene.text[start:end]
    for found, _ in reversed(scene.dates):
        if start <= found.start and found.end <= end:
            text = text[: found.start - start] + text[found.end - start :]
    return text
