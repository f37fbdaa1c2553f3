"""Shares: how many per cent of a market, of sales or exports somebody has; ellipsis carries it on."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.claims.subjects import subject_of
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._things import last_found, thing_before, thing_of
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
    r"|reserves|resources|stock|patents|electricity|parts|turnover)"
)
_BEHIND = re.compile(
    rf"^\s+of\s+(?:[a-z-]+\s+){{0,3}}(?:cars|vehicles|buses|trucks|cells|batteries|packs)\s+(?:[a-z-]+\s+){{0,3}}"
    rf"(?:were|was|are|is|went|came|use)\b|^\s+(?:market\s+)?share\b(?!holder)|^\s+(?:of"
    rf"|in)\s+(?:(?!capacity\b)[\w’'.&-]+\s+){{0,8}}?{_THING}\b"
    r"|^\s+of\s+(?:(?:all|the|our|its|their|those|these|that|them|it)\s+)?(?:(?!capacity\b)[\w.,’'-]+\s+){0,9}?"
    r"(?:are|is|were|was|went|goes|go|comes?|came)\b"
    r"|^\s+(?:came|comes?|stem(?:s|med)|originat(?:es?|ed))\s+from\b",
    re.I,
)
_AHEAD = re.compile(
    r"\b(?:account(?:s|ed|ing)?\s+for|ma[dk](?:e|es|ing)\s+up|represent(?:s|ed|ing)?|compris(?:e[sd]?"
    r"|ing)|constitut(?:e[sd]?|ing)|(?:combined|market|global|their|total)\s+shares?|share\b(?!\s+(?:price|capital|in\b))"
    r"|command(?:s|ed|ing)?|captur(?:e[sd]|ing)|contribut(?:e[sd]?|ing)|directing"
    r"|stood for|taking|absorbing|CR\d\d?|concentration(?:\s+ratio)?)\b(?:[^.;]|\.\d){0,60}$"
    r"|\b(?:led|leads|leading|topped|tops|dominat\w+)\b[^.;]{0,30}"
    r"\b(?:sales|market|segment|ranking|table|list|field)\b"
    r"[^.;]{0,90}\bwith\s+(?:an?\s+)?$"
    r"|\b(?:rank(?:s|ed)|came|comes|finished|placed|was|is)\s+(?:in\s+)?(?:first|second|third|fourth|fifth|sixth|seventh"
    r"|eighth|ninth|tenth|last|top|\d{1,2}th)\b[^.;\d]{0,40}\b(?:with|at|on)\s+(?:an?\s+|just\s+|only\s+)?$",
    re.I,
)
_OF_THEM = re.compile(
    r"\b(?:of|among)\s+(?:the|all|its|their|those|these|them|which|whom|every|new)\b(?:[^.;%]|\.\d){0,90}$", re.I
)
_PART_BEHIND = re.compile(
    r"^\s+(?:was|were|is|are|went|goes|go|came|come|had|have|has|use[ds]?|will)\s+(?!(?:higher|lower|more|less|up|down)\b)\w",
    re.I,
)
_TOOK_OF = re.compile(r"\b(?:took|takes|bought|received|absorbed|got)\s+(?:about\s+|some\s+|nearly\s+|over\s+)?$")
_OF_WHICH = re.compile(
    r"\bof which\s+(?P<part>[a-z][\w-]*(?:\s[\w-]+){0,4}?)\s+(?:accounted|accounts|made up|makes up"
    r"|represented|contributed)"
    r"\s+(?:for\s+)?(?:\w+\s+){0,2}$"
)
_ELLIPSIS = re.compile(
    r"(?:\b(?:forecasts?|expects?|predicts?|sees|against|versus|with|at|by|took|had|has|held|holds|on|for|to|from|and|second|third|of|was)\s+(?:an?\s+"
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
    behind = behind or (
        _PART_BEHIND.match(scene.after(quantity)) if _OF_THEM.search(scene.before(quantity, 100)) else None
    )
    inherited: tuple[str, ...] = ()
    if not behind and not _AHEAD.search(ahead[-110:]):
        if not _carries_on(quantity, scene):
            return None
        earlier = scene.earlier(quantity)
        inherited = () if earlier is not None and earlier[1].measure == "share" else ("measure",)
    subject, carried = _subject(quantity, scene)
    thing = _whole(quantity, scene)
    return Slots("share", subject=subject, object=thing, inherited=inherited + ("subject",) * carried)


_TAXED = re.compile(r"\b(?:tax(?:es)?|rebates?|interest|VAT|discount|efficiency|returns?|yield|margins?)\b", re.I)


def _carries_on(quantity: Quantity, scene: Scene) -> bool:
    if _TAXED.search(scene.clause_before(quantity)):
        return False
    earlier = scene.earlier(quantity)
    near = (earlier is not None and earlier[1].measure in {"share", "change"}) or scene.recent("share", 2) is not None
    said = scene.recent("share", 2)
    points = earlier is not None and earlier[1].measure == "change" and earlier[2].unit == "percentage_point"
    if points and re.search(r"\bto\s+(?:only\s+|just\s+|about\s+)?$", scene.before(quantity, 20)):
        return "share" in {slots.measure for _, slots in scene.read.values()} or said is not None
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
    source = _source(quantity, scene)
    if source is not None:
        return source
    kinds = {"firm", "unknown", "venture", "group", "country"}
    between = [m for m in scene.mentions if fence <= m.start and m.end <= quantity.start and m.kind in kinds]
    followed = [m for m in between if m.preposition in {"by", ""} and (not m.possessive or m.kind == "country")]
    if fence and followed and not re.search(r",\s(?:which|who|whose|where)\s", scene.text[: quantity.start]):
        return followed[-1].name, followed[-1].inherited
    compared = re.search(r"\b(?:from|against|than|compared with)\s+(?:[\w-]+\s+){0,2}$", scene.before(quantity, 30))
    earlier = scene.earlier(quantity)
    if compared and earlier is not None and earlier[1].measure in {"share", "change"} and not followed:
        return earlier[1].subject, "subject" in earlier[1].inherited
    part = _OF_WHICH.search(scene.text[: quantity.start])
    if part is not None:
        return part.group("part"), False
    said = scene.recent("share")
    if compared and said is not None and not followed and re.match(r"(?:This|That|It)\b", scene.text):
        return said.subject, True
    told = _thing(quantity, scene, fence)
    if told is not None:
        return told, False
    return _among(scene, quantity) or subject_of(
        scene, quantity, ("firm", "venture", "unknown", "group", "country", "plant")
    )


_TAKES = re.compile(
    r"\b(?:account(?:s|ed|ing)?\s+for|ma[dk](?:e|es|ing)\s+up|represent(?:s|ed|ing)?|compris(?:e[sd]?|ing)"
    r"|constitut(?:e[sd]?|ing)|command(?:s|ed|ing)?|captur(?:e[sd]|ing)|contribut(?:e[sd]?|ing)|stood\s+for|t[ao]ke?s?|took"
    r"|held|holds?|had|has|won|gained|reached)\b",
    re.I,
)
_SHARE_OF = re.compile(
    r"(?<![’']s )(?<!\bits )(?<!\btheir )(?<!s[’'] )\bshare\s+of\s+(?:the\s+)?"
    r"(?P<part>(?:(?!\b(?:in|of|on|at|among|was|is|were|rose|fell)\b)[^\W\d][\w’'-]*\s+){1,5})"
    r"(?:(?:in|of|among|on)\b[^.;\d]{2,60})?(?:was|is|rose|fell|climbed|grew|reached|stood|dropped|slipped|jumped"
    r"|increased|declined|came|hit|averaged|doubled|has|had|to|from)\b",
    re.I,
)
_SO_FOR = re.compile(
    r"[^;]{0,80}?(?:,|\b(?:and|while))\s+(?P<part>[^\W\d](?:(?!\band\b)[\w’' -]){1,40}?)"
    r"(?:\s+(?:for|at|with|on|took|had|held))?\s*"
)
_MARKET = re.compile(
    r"\b(?:markets?|sales|exports|total|registrations|deliveries|installations|demand|segment)\b", re.I
)


def _thing(quantity: Quantity, scene: Scene, fence: int) -> str | None:
    """What has the share where that is no firm: electric cars, LFP, the share of hybrids."""
    of = last_found(_SHARE_OF, scene.text, scene.clause(quantity)[0], quantity.lead)
    if of is not None and not _MARKET.search(of.group("part")):
        return thing_before(scene, of.start("part"), of.end("part"))
    earlier = scene.earlier(quantity)
    goes_on = _SO_FOR.fullmatch(scene.text[fence : quantity.lead]) if fence else None
    if goes_on is not None and re.match(r"(?:behind|ahead|followed|trailed|before)\b", goes_on.group("part")):
        return None
    if goes_on is not None and earlier is not None and earlier[1].measure == "share":
        start, stop = fence + goes_on.start("part"), fence + goes_on.end("part")
        return thing_before(scene, start, stop)
    told = thing_of(scene, quantity, _TAKES)
    return None if told is not None and re.fullmatch(r"(?:market\s)?shares?", told) else told


def _source(quantity: Quantity, scene: Scene) -> tuple[str, bool] | None:
    """Where a part comes from, or whom brackets give it to: 57 % came from Korea; Repsol (40 %)."""
    held = [m for m in scene.mentions if scene.text[m.end : quantity.lead].strip() == "(" and m.start < quantity.lead]
    if held:
        return held[0].name, held[0].inherited
    behind = re.match(r"\s+(?:(?:came|comes?|stem(?:s|med))\s+)?from\s+(?:the\s+)?", scene.text[quantity.end :])
    if behind is None or "from" in scene.before(quantity, 8):
        return None
    place = quantity.end + behind.end()
    named = [m for m in scene.mentions if m.start in range(place - 4, place + 1)]
    widest = max(named, key=lambda m: m.end, default=None)
    return None if widest is None else (widest.name, widest.inherited)


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
        r"|were|was|is|are|went|came|during|for|last|this|by|with|from|on|over|between|between|since|at)\b|[.,;()]|$)",
        scene.after(quantity, 100),
    )
    whole = found.group("whole").strip() if found else None
    return None if whole is None or _A_TIME.match(whole) or re.search(r"[’']s(?:\s\d|$)", whole) else whole


_A_TIME = re.compile(
    r"\d|(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?:the\s+)?(?:first|second|third|fourth|same|last|past|previous|next)\s+(?:half|quarter|year|month|\w+\s+months)"
)
