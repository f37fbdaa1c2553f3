"""Duties: what is charged on whose goods, in per cent; the subject is who is charged, else the goods."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.dates.calendar_spans import Period
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._things import last_found, thing_before, thing_of
from cell2grid.evidence.naming.discourse import Mention
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 12
MEASURES = ("duty",)
EXAMPLES = (
    Example(
        "Brazil will charge a duty of 35% on imported electric cars from July 2026.",
        ({"value_text": "35%", "value": 35, "unit": "percent", "period_start": "2026-07-01"},),
    ),
    Example(
        "SAIC faces an additional tariff of 35.3 per cent in the European Union.",
        ({"value_text": "35.3 per cent", "value": 35.3, "subject": "SAIC"},),
    ),
    Example(
        "Canada imposed a 100% surtax on electric vehicles made in China.",
        ({"value_text": "100%", "value": 100, "unit": "percent", "subject": "electric vehicles made in China"},),
    ),
    Example(
        "Geely faces 18.8%, SAIC 35.3% and Tesla 7.8% in countervailing duties.",
        (
            {"value_text": "18.8%", "subject": "Geely"},
            {"value_text": "35.3%", "subject": "SAIC"},
            {"value_text": "7.8%", "subject": "Tesla"},
        ),
    ),
)
_DUTY = (
    r"(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|surtax(?:es)?|countervailing|anti-?dumping"
    r"|(?:import|customs|border|additional|consumption|excise|purchase) (?:tax(?:es)?|charges?))"
)
_WORD = re.compile(rf"\b{_DUTY}\b", re.I)
_AHEAD = re.compile(rf"\b(?:{_DUTY}|levied|levy)\b(?:[^.;]|\.\d){{0,70}}$", re.I)
_BEHIND = re.compile(rf"^\s+(?:[\w-]+\s+){{0,4}}?{_DUTY}\b", re.I)
_ROW_BEHIND = re.compile(
    rf"^(?:[^.;%\d]{{0,50}}\d[\d.]*\s?(?:%|per\s?cent)){{1,5}}[^.;%\d]{{0,24}}\b(?:in|of)\s+(?:\w+\s+){{0,3}}?{_DUTY}\b",
    re.I,
)
_CHARGED = re.compile(
    r"\b(?:fac(?:e|es|ed|ing)|pay(?:s|ing)?|paid|charged|hit\s+with|subject\s+to|attracts?|rates?\s+(?:are|is|was|were|of)"
    r"|assigned|given|set\s+at)\s+(?:an?\s+|just\s+|only\s+|about\s+|the\s+)*$",
    re.I,
)
_ROW_ON = re.compile(
    r"(?:(?:,|\band)\s+(?:(?!\d)[^.;%]){2,50}|\b(?:to|and|from|or|instead of|against|versus|rather than)\s+)$"
)
_OTHER = re.compile(
    r"\b(?:rose|fell|sales|exports|share|margins?|profits?|prices?|returns?|yields?|market|value-added|VAT|capacity|growth)\b[^.;]{0,30}$",
    re.I,
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """A duty where a percentage stands beside a word for one, or is charged where the sentences before name one."""
    if quantity.unit != "percent" or _OTHER.search(scene.before(quantity, 40)):
        return None
    inherited: tuple[str, ...] = ()
    if not _says_so(quantity, scene):
        earlier = scene.earlier(quantity)
        if earlier is not None and earlier[1].measure == "duty" and _ROW_ON.search(scene.text[: quantity.lead]):
            inherited = tuple(slot for slot in earlier[1].inherited if slot == "measure")
        elif _is_spoken_of(scene) and (
            _CHARGED.search(scene.before(quantity, 30)) or _FOR_FIRM.match(scene.after(quantity))
        ):
            inherited = ("measure",)
        else:
            return None
    subject, carried = _charged(quantity, scene)
    return Slots(
        "duty",
        subject=subject,
        object=_goods(quantity, scene),
        stock=True,
        period=_since(quantity, scene),
        inherited=inherited + ("subject",) * carried,
    )


_CHARGES_NOW = re.compile(
    r"\b(?:charg(?:es|ed|ing)|levies|imposes?|imposed)\s+(?:an?\s+)?(?:(?:combined|total|further|extra)\s+)?$", re.I
)
_ON_GOODS = re.compile(
    r"^\s+on\s+(?:all\s+|imported\s+|[A-Z][a-z]+\s+)?(?:[\w-]+\s+){0,2}?(?:cells|batteries|packs|cars|vehicles|EVs|buses|imports|goods|steel|graphite|modules)\b"
)
_FOR_FIRM = re.compile(r"^\s+for\s+(?:the\s+)?[A-Z]")


def _says_so(quantity: Quantity, scene: Scene) -> bool:
    return bool(
        _BEHIND.match(scene.after(quantity))
        or _AHEAD.search(scene.clause_before(quantity)[-90:])
        or _ROW_BEHIND.match(scene.text[quantity.end :])
        or (_CHARGES_NOW.search(scene.before(quantity, 50)) and _ON_GOODS.match(scene.after(quantity)))
    )


def _is_spoken_of(scene: Scene) -> bool:
    """Whether the sentence, the one before, or a figure shortly before speaks of duties."""
    return bool(_WORD.search(scene.text) or _WORD.search(scene.previous)) or scene.recent("duty", 2) is not None


_PAYERS = frozenset({"firm", "unknown", "venture", "group"})
_CHARGES = re.compile(
    r"\b(?:charg(?:e|es|ed|ing)|hits?|slapp?(?:s|ed)?|tax(?:es|ed)?|levied\s+on|imposed\s+on)\s+(?:the\s+)?$", re.I
)
_FACES = re.compile(
    r"\b(?:(?:will|would|must|to)\s+)?(?:fac(?:e|es|ed)|pays?|paid|(?:is|are|was|were|be)\s+(?:now\s+)?(?:charged|subject\s+to"
    r"|hit\s+with)|attracts?|attracted|gets?|got)\b",
    re.I,
)
_GOODS = re.compile(
    rf"\b(?:{_DUTY}|levied|imposed|charged?|charges|levy|%|per\s?cent|rates?)\s+"
    r"(?:(?:of|up to|at)\s+[^.;,]{2,24}?\s)?on\s+(?:all\s+)?"
    r"(?P<goods>(?:(?!\b(?:goes|go|went|rises?|falls?|climbs?|stands?|stood|applie[sd]|apply|takes?|to|of|by|at|was|were|is|are|will|would|has|have|had|rose|fell|took|since|until|that|which"
    r"|after|last|this|in\s+(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|\d)|from\s+(?:\d|January|February|March|April|May|June|July|August|September|October|November|December))\b)"
    r"[^.,;:()\d]){3,60}?)(?=\s+(?:goes|go|went|rises?|falls?|climbs?|stands?|stood|applie[sd]|apply|takes?|to|of|by|at|was|were|is|are|will|would|has|have|had|rose|fell|took|since|until|that|which"
    r"|after|last|this)\b|(?<!made)(?<!built)(?<!produced)(?<!assembled)\s+in\b|[.,;:()]|\s+from\s+(?:\d|[A-Z][a-z]+\s+\d)|$)",
    re.I,
)


def _charged(quantity: Quantity, scene: Scene) -> tuple[str | None, bool]:
    """Who is charged: a firm the words name, else the goods; (None, False) leaves it to the common rules."""
    behind = re.match(r"\s+(?:each\s+)?for\s+(?:the\s+)?", scene.text[quantity.end :])
    firms = [m for m in scene.mentions if m.kind in _PAYERS]
    if behind is not None:
        place = quantity.end + behind.end()
        named = [m for m in firms if place - 4 <= m.start <= place]
        if named:
            return named[0].name, named[0].inherited
    some = _FOR_SOME.match(scene.text, quantity.end)
    if some is not None:
        return some.group("some"), True
    made = _made_by(quantity, scene, firms)
    if made is not None:
        return made.name, made.inherited
    hit = [m for m in firms if m.end <= quantity.lead and _CHARGES.search(scene.text[: m.start])]
    if hit and quantity.lead - hit[-1].end < 40:
        return hit[-1].name, hit[-1].inherited
    fence = max((q.end for q in scene.quantities if q.end <= quantity.start and q.unit == "percent"), default=0)
    if any(fence <= m.start and m.end <= quantity.lead and not m.preposition for m in firms):
        return None, False
    on = [m for m in firms if fence <= m.start and m.end <= quantity.lead and m.preposition in {"on", "for", "against"}]
    if on:
        return on[-1].name, on[-1].inherited
    faced = last_found(_FACES, scene.text, scene.clause(quantity)[0], quantity.lead)
    if faced is not None:
        return thing_of(scene, quantity, _FACES), False
    goods = _goods_found(quantity, scene)
    return (None, False) if goods is None else (goods, False)


def _since(quantity: Quantity, scene: Scene) -> Period | None:
    """Since when a duty is charged that goes on from one before it; None leaves it to the common rules."""
    earlier = scene.earlier(quantity)
    said = earlier[1].period if earlier is not None and earlier[1].measure == "duty" else None
    dated = earlier is not None and any(found.start >= earlier[2].end for found, _ in scene.dates)
    return said if said is not None and said.end is None and not dated else None


_FOR_SOME = re.compile(r"\s+for\s+(?P<some>(?:an?|one|two|three|some|all|most|any|other|many)\s+(?:other\s+)?[a-z-]+)")
_MADE_BY = re.compile(
    r"\s+on\s+(?:(?:those|that|[a-z-]+(?:\s+[a-z-]+){0,3})\s+)"
    r"(?:(?:made|built|produced|assembled|sold|exported)\s+)?(?:in\s+[A-Z][\w ]{2,20}\s)?(?:by|of|from)\s+(?:the\s+)?"
)


def _made_by(quantity: Quantity, scene: Scene, firms: list[Mention]) -> Mention | None:
    """Whose goods a duty is on, where that stands right behind it (17 % on cars made by A, 19 % on those of B)."""
    found = _MADE_BY.match(scene.text, quantity.end)
    return next((m for m in firms if found is not None and m.start == found.end()), None)


def _goods_found(quantity: Quantity, scene: Scene) -> str | None:
    found = _GOODS.search(scene.text)
    if found is None:
        return None
    plain = re.sub(r"^(?:imported|imports\s+of|the|goods\s+such\s+as)\s+", "", found.group("goods").strip())
    return plain or None


def _goods(quantity: Quantity, scene: Scene) -> str | None:
    """On what the duty is: the goods behind "on", else those said to face it."""
    goods = _goods_found(quantity, scene)
    if goods is not None:
        return goods
    faced = last_found(_FACES, scene.text, scene.clause(quantity)[0], quantity.lead)
    return thing_before(scene, scene.clause(quantity)[0], faced.start()) if faced is not None else None
