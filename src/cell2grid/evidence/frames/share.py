"""Shares: how many per cent of a market, of sales or exports somebody has; ellipsis carries it on."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.claims.subjects import subject_of
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 30
MEASURES = ("share",)
EXAMPLES = (
    Example(
        "CALB accounted for 6.7% of global battery installations in 2024.",
        ({"value_text": "6.7%", "value": 6.7, "unit": "percent", "subject": "CALB", "period_start": "2024-01-01"},),
    ),
    Example(
        "Panasonic had a market share of 3.9 per cent in the first quarter of 2025, followed by SK On "
        "with 4.1 per cent.",
        (
            {"value_text": "3.9 per cent", "subject": "Panasonic", "period_start": "2025-01-01"},
            {"value_text": "4.1 per cent", "subject": "SK On", "period_start": "2025-01-01"},
        ),
    ),
    Example(
        "Electric cars made up 88.9% of Norway's new registrations in 2024.",
        ({"value_text": "88.9%", "value": 88.9, "period_end": "2024-12-31"},),
    ),
)
_THING = (
    r"(?:market|sales|exports?|imports?|deliver(?:y|ies)|production|output|registrations|installations"
    r"|shipments|total|volume|demand|supply|revenues?|money|segment|sector|trade|sold|exported|fleet"
    r"|investments?|spending|capacity additions|workforce|group|business"
    r"|reserves|resources|stock|patents)"
)
_BEHIND = re.compile(
    rf"^\s+of\s+(?:[a-z-]+\s+){{0,3}}(?:cars|vehicles|buses|trucks|cells|batteries|packs)\s+(?:[a-z-]+\s+){{0,3}}"
    rf"(?:were|was|are|is|went|came|use)\b|^\s+(?:market\s+)?share\b(?!holder)|^\s+(?:of"
    rf"|in)\s+(?:(?!capacity\b)[\w’'.&-]+\s+){{0,8}}?{_THING}\b",
    re.I,
)
_AHEAD = re.compile(
    r"\b(?:account(?:s|ed|ing)?\s+for|ma[dk](?:e|es|ing)\s+up|represent(?:s|ed|ing)?|compris(?:e[sd]?"
    r"|ing)|constitut(?:e[sd]?|ing)|(?:combined |market )?shares?\b(?!\s+(?:price|in|rose|fell))"
    r"|command(?:s|ed|ing)?|captur(?:e[sd]|ing)|contribut(?:e[sd]?|ing)|directing|makes? up"
    r"|stood for)\b(?:[^.;]|\.\d){0,60}$"
    r"|\b(?:led|leads|leading|topped|tops|dominat\w+)\b[^.;]{0,30}"
    r"\b(?:sales|market|segment|ranking|table|list|field)\b"
    r"[^.;]{0,90}\bwith\s+(?:an?\s+)?$",
    re.I,
)
_TOOK_OF = re.compile(r"\b(?:took|takes|bought|received|absorbed|got)\s+(?:about\s+|some\s+|nearly\s+|over\s+)?$")
_OF_WHICH = re.compile(
    r"\bof which\s+(?P<part>[a-z][\w-]*(?:\s[\w-]+){0,4}?)\s+(?:accounted|accounts|made up|makes up"
    r"|represented|contributed)"
    r"\s+(?:for\s+)?(?:\w+\s+){0,2}$"
)
_ELLIPSIS = re.compile(
    r"(?:\b(?:with|at|by|took|had|has|held|holds|on|for|to|from|and|second|third|of|was)\s+(?:an?\s+"
    r"|the\s+)?(?:another\s+|just\s+|only\s+|some\s+|combined\s+|nearly\s+)*|\(\s*)$",
    re.I,
)
_NAMED = re.compile(r"(?:,|\band)\s+[A-Z][\w.-]*(?:\s[A-Z][\w.-]*)?\s$")


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """A share where the words are those of a part of a whole, or the figure carries on from a share before it."""
    if quantity.unit != "percent":
        return None
    ahead = scene.clause_before(quantity)
    behind = _BEHIND.match(scene.after(quantity, 90)) or re.match(r"^\s+of (?:all|the total)\b", scene.after(quantity))
    of_them = re.match(r"^\s+of\s+(?:them|these|those|it|the total)\b", scene.after(quantity))
    behind = behind or (of_them if _TOOK_OF.search(scene.before(quantity, 30)) else None)
    inherited: tuple[str, ...] = ()
    if not behind and not _AHEAD.search(ahead[-110:]):
        if not _carries_on(quantity, scene):
            return None
        earlier = scene.earlier(quantity)
        inherited = () if earlier is not None and earlier[1].measure == "share" else ("measure",)
    subject, carried = _subject(quantity, scene)
    thing = _whole(quantity, scene)
    return Slots("share", subject=subject, object=thing, inherited=inherited + ("subject",) * carried)


def _carries_on(quantity: Quantity, scene: Scene) -> bool:
    earlier = scene.earlier(quantity)
    near = (earlier is not None and earlier[1].measure in {"share", "change"}) or scene.recent("share", 2) is not None
    said = scene.recent("share", 2)
    if earlier is not None and earlier[1].measure == "share" and _NAMED.search(scene.before(quantity, 40)):
        return True
    return (near and said is not None and _ELLIPSIS.search(scene.before(quantity, 40)) is not None) or (
        earlier is not None
        and earlier[1].measure == "share"
        and _ELLIPSIS.search(scene.before(quantity, 40)) is not None
    )


def _subject(quantity: Quantity, scene: Scene) -> tuple[str | None, bool]:
    """Whose share: in an ellipsis the name between the last figure and this one."""
    fence = max((q.end for q in scene.quantities if q.end <= quantity.start and q.unit == "percent"), default=0)
    kinds = {"firm", "unknown", "venture", "group", "country"}
    between = [m for m in scene.mentions if fence <= m.start and m.end <= quantity.start and m.kind in kinds]
    followed = [m for m in between if m.preposition in {"by", ""} and (not m.possessive or m.kind == "country")]
    if fence and followed and not re.search(r",\s(?:which|who|whose|where)\s", scene.text[: quantity.start]):
        return followed[-1].name, followed[-1].inherited
    compared = re.search(r"\b(?:from|against|than|compared with)\s+(?:[\w-]+\s+){0,2}$", scene.before(quantity, 30))
    earlier = scene.earlier(quantity)
    if compared and earlier is not None and earlier[1].measure == "share" and not followed:
        return earlier[1].subject, "subject" in earlier[1].inherited
    part = _OF_WHICH.search(scene.text[: quantity.start])
    if part is not None:
        return part.group("part"), False
    said = scene.recent("share")
    if compared and said is not None and not followed and re.match(r"(?:This|That|It)\b", scene.text):
        return said.subject, True
    return _among(scene, quantity) or subject_of(
        scene, quantity, ("firm", "venture", "unknown", "group", "country", "plant")
    )


def _among(scene: Scene, quantity: Quantity) -> tuple[str, bool] | None:
    """The firms of a combined share that are listed behind "including" or in a dash (A, B and C)."""
    if not re.search(r"\b(?:combined|together|collective(?:ly)?|jointly)\b", scene.text):
        return None
    firms = [
        m
        for m in scene.mentions
        if m.end <= quantity.start and m.kind in {"firm", "unknown"} and not m.possessive and not m.inherited
    ]
    if len(firms) < 2:
        return None
    gap = scene.text[firms[0].end : firms[-1].start]
    return (";".join(dict.fromkeys(m.name for m in firms)), False) if not re.search(r"\d%", gap) else None


def _whole(quantity: Quantity, scene: Scene) -> str | None:
    found = re.match(
        r"\s+(?:market share|share)?\s*(?:of|in)\s+(?:the\s+)?(?P<whole>[^.,;()]{3,60}?)(?=\s+(?:in"
        r"|during|for|last|this|by|with|from|on|over|between|between|since|at)\b|[.,;()]|$)",
        scene.after(quantity, 100),
    )
    return found.group("whole").strip() if found else None
