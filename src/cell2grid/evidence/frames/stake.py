"""Stakes: who holds how many per cent of which company; ellipsis ("B with 39%") carries on from the stake before."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.attachment import antecedent
from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.claims.subjects import joined, meant, object_after, subject_of
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._change_words import BY
from cell2grid.evidence.frames._layout import row_with
from cell2grid.evidence.frames._stake_roles import holding
from cell2grid.evidence.frames._things import thing_of
from cell2grid.evidence.naming.discourse import Mention
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 10
MEASURES = ("stake",)
EXAMPLES = (
    Example(
        "Volkswagen owns 26% of Gotion High-tech.",
        ({"value_text": "26%", "value": 26, "unit": "percent", "subject": "Volkswagen", "object": "Gotion High-tech"},),
    ),
    Example(
        "Honda has a 49% stake in the venture L-H Battery Company, while LG Energy Solution holds the remaining 51%.",
        (
            {"value_text": "49%", "subject": "Honda"},
            {"value_text": "51%", "subject": "LG Energy Solution"},
        ),
    ),
    Example(
        "Stellantis has a stake of 45 per cent in Iberica Cells, followed by Renault with 40 per cent "
        "and Endesa with 15 per cent of the shares.",
        (
            {"value_text": "45 per cent", "subject": "Stellantis"},
            {"value_text": "40 per cent", "subject": "Renault"},
            {"value_text": "15 per cent", "subject": "Endesa"},
        ),
    ),
)
_BEHIND = re.compile(
    r"^(?:[- ]owned\b|\s+(?:[\w-]+\s+){0,2}?(?:stake|shareholding|equity|interest|ownership"
    r"|shares?\s+(?:in|of)\s|of the (?:shares|equity|capital|stock))"
    r"|\s+of (?:the |its )?(?:joint )?venture\b"
    r"|\s+of\s+which\s+(?:belongs?|is owned|is held)\b"
    r"|\s+of (?:the|its|their) (?:(?!of\b|in\b)[\w-]+\s+){0,3}?"
    r"(?:plant|project|company|mine|refinery|factory|firm|consortium)\b(?![’'])|\s*[-]?\s*owned by)",
    re.I,
)
_AHEAD = re.compile(
    r"\b(?:stakes?|shareholdings?|interests?|(?<!return on )equity|owns?|owned|owning|ownership|controls?|controlling"
    r"|holds?|held|holding)\b",
    re.I,
)
_SURELY = re.compile(
    r"\b(?:stakes?|shareholdings?|(?:its|their)\s+holding|(?<!return on )equity|own(?:s|ed|ing)?|ownership)\b", re.I
)
_MARKET = re.compile(
    r"^\s+(?:share\s+)?(?:of|in)\s+(?:[\w.’'-]+\s+){0,6}?(?:market|sales|exports|deliveries|production"
    r"|output|capacity|installations|registrations|total|shipments|segment)\b"
    r"|^\s+(?:market\s+)?share\b(?!\s*(?:in|of)\s+[A-Z])",
    re.I,
)
_ELLIPSIS = re.compile(
    r"\b(?:with|at|by|has|had|held|holding|holds?|took|takes|have|own(?:s|ing)?|the (?:remaining|other|rest)|another"
    r"|and|remaining|other|of)\s+(?:the\s+)?(?:remaining\s+|other\s+|another\s+|a\s+)?$"
    r"|[A-Z][\w.-]*\s+$|\($",
    re.I,
)
_HOLDERS = ("firm", "venture", "unknown", "group", "country", "person", "pronoun")


_AMONG_OWNERS = re.compile(
    r"\b(?:[Ss]hareholders|[Oo]wners|[Bb]ackers)\s+(?:include|are|were)\b[^.;]{0,90}\bwith\s+(?:about\s+|some\s+)?$"
)
_IN_WHICH = re.compile(r",?\s+in which\s+[^,;]{2,50}\b(?:holds?|has|have|owns?|controls?|held|had|took)\s+(?:an?\s+)?$")


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """A stake where the words are those of ownership, or the figure carries on from a stake before it."""
    if quantity.unit != "percent" or _MARKET.match(scene.after(quantity)) or _in_country(quantity, scene):
        return None
    inherited: tuple[str, ...] = ()
    told = holding(quantity, scene)
    if told is None and not _is_stake(quantity, scene):
        if not _carries_on(quantity, scene):
            return None
        inherited = () if _earlier_stake(quantity, scene) else ("measure",)
    if told is not None and told.holder is not None:
        holder: str | None = row_with(scene, told.holder, _HOLDERS)
        carried = told.holder.inherited
    else:
        holder, carried = _holder(quantity, scene)
    company, company_carried = (
        (told.company.name, told.company.inherited)
        if told is not None and told.company is not None
        else _company(quantity, scene, holder)
    )
    inherited += ("subject",) * carried + ("object",) * company_carried
    return Slots("stake", subject=holder, object=company, stock=True, inherited=inherited)


def _in_country(quantity: Quantity, scene: Scene) -> bool:
    """Whether a share is one in a country, so of its market (a share of 4 % in Norway)."""
    behind = re.match(r"\s+share\s+in\s+(?:the\s+)?", scene.text[quantity.end :])
    place = quantity.end + behind.end() if behind else -1
    return any(m.kind in {"country", "place"} and place - 4 <= m.start <= place for m in scene.mentions)


def _is_stake(quantity: Quantity, scene: Scene) -> bool:
    if quantity.noun == "stake" or _BEHIND.match(scene.after(quantity)):
        return True
    if quantity.noun == "split":
        return re.search(r"\b(?:venture|split|owned|partners?)\b", scene.text) is not None
    held = _HELD.search(scene.before(quantity, 24))
    if (
        held
        and not re.match(r"^\s+of\b", scene.after(quantity))
        and (_SHAREHOLDER.search(scene.text) or ("ol" in held.group() and not _SALES.search(scene.text)))
    ):
        return True
    if _LISTED.match(scene.text[: quantity.lead]) or (
        _BOUGHT.search(scene.before(quantity, 24)) and _FROM.match(scene.after(quantity))
    ):
        return True
    ahead = scene.clause_before(quantity)
    if _IN_WHICH.search(scene.text[: quantity.lead]) or _AMONG_OWNERS.search(scene.text[: quantity.lead]):
        return True
    nearest = list(_AHEAD.finditer(ahead))
    if not nearest or len(ahead) - nearest[-1].end() > 60:
        return False
    if re.search(r"\b(?:capacity|market|sales|exports?|utili[sz]ation)\b", ahead[nearest[-1].end() :]):
        return False
    return (
        _SURELY.search(ahead) is not None
        or object_after(scene, quantity, ("firm", "venture", "unknown", "project", "plant", "pronoun")) is not None
    )


# a fact sheet or a note lists who owns it (Owners: A 40%, B 35%)
_LISTED = re.compile(
    r"\W*(?:Shareholders?|Owners?|Ownership|Shareholding|Equity partners)(?:\s+(?:structure|of\s[^:.;]{2,40}))?:\s"
)
_BOUGHT = re.compile(r"\b(?:buys?|bought|acquires?|acquired|sells?|sold)\s+(?:a further\s+|another\s+)?$", re.I)
_FROM = re.compile(r"^\s+(?:from|to)\s+(?:the\s+|its\s+)?(?:parent|founders?|owners?|[A-Z])[^.;]{0,60}?\sfor\s")
_TAKES = re.compile(r"\b(?:takes?|took|buys?|bought|acquires?|acquired|gets?)\s+(?:a further\s+|another\s+)?$", re.I)
_SHAREHOLDER = re.compile(r"\b(?:shareholders?|stockholders?|co-?owners?|consortium|partners in)\b", re.I)
_SALES = re.compile(
    r"\b(?:market|sales|exports?|deliveries|registrations|rank\w*|installations|shipments|capacity)\b", re.I
)
_HELD = re.compile(r"(?:\b(?:h[eo]lds?|holding|has|had|have|owns?|owned|with)\s+(?:an?\s+|about\s+)?|\()$", re.I)


def _earlier_stake(quantity: Quantity, scene: Scene) -> bool:
    earlier = scene.earlier(quantity)
    return earlier is not None and earlier[1].measure == "stake"


def _carries_on(quantity: Quantity, scene: Scene) -> bool:
    if BY.search(scene.before(quantity, 80)) or re.search(r"\bof (?:which|whom)\s+$", scene.before(quantity, 12)):
        return False
    if _in_row(quantity, scene) or _takes(quantity, scene):
        return True
    near = _earlier_stake(quantity, scene) or (scene.earlier(quantity) is None and scene.recent("stake") is not None)
    return (
        near
        and _ELLIPSIS.search(scene.before(quantity, 40)) is not None
        and "market" not in scene.clause_text(quantity)
    )


_NEXT_IN_ROW = re.compile(r"\s*(?:,|,?\s+and)\s+")


def _in_row(quantity: Quantity, scene: Scene) -> bool | None:
    """Whether the figure stands in a bare row with a stake (51%, 34% and 15% of it), None where in no row."""
    beside = [q for q in scene.quantities if q.unit == "percent" and q is not quantity]
    before = [q for q in beside if q.end <= quantity.start]
    if before and _NEXT_IN_ROW.fullmatch(scene.text[before[-1].end : quantity.lead]):
        return True if before[-1].start in scene.read and _earlier_stake(quantity, scene) else None
    behind = next((q for q in beside if q.start >= quantity.end), None)
    if behind is not None and _NEXT_IN_ROW.fullmatch(scene.text[quantity.end : behind.lead]):
        return True if _BEHIND.match(scene.after(behind)) else None
    return None


def _takes(quantity: Quantity, scene: Scene) -> bool:
    """Whether a firm takes so much, with no word of what, where stakes were spoken of shortly before."""
    if not _TAKES.search(scene.before(quantity, 24)) or scene.recent("stake", 4) is None:
        return False
    ends = re.match(r"^\s*(?:[.;]|$)", scene.after(quantity)) is not None
    return ends and _SALES.search(scene.text) is None


_EACH = re.compile(r"\b(?:each|jointly|together|both|combined|respectively)\b")


def _holder(quantity: Quantity, scene: Scene) -> tuple[str | None, bool]:
    """Who holds: the nearest name before the figure that no other figure parts from it, else the owner by "by"."""
    headed = _LISTED.match(scene.text[: quantity.lead])
    fence = max(
        (q.end for q in scene.quantities if q.end <= quantity.start and q.unit == "percent" and q.noun != "stake"),
        default=0 if headed is None else headed.end(),
    )
    ahead = [m for m in scene.mentions if fence <= m.start and m.end <= quantity.start and m.kind in _HOLDERS]
    by = [m for m in scene.mentions if m.start >= quantity.end and m.preposition == "by" and m.kind in _HOLDERS]
    if by and re.match(r"^[\s-]*(?:owned by|(?:each\s+)?by)\b", scene.after(quantity)):
        return row_with(scene, by[0], _HOLDERS), by[0].inherited
    held = _HELD_BY.match(scene.text, quantity.end)
    if (
        held
        and by
        and by[0].start - held.end() < 40
        and not any(held.end() <= q.start < by[0].start for q in scene.quantities)
    ):
        return row_with(scene, by[0], _HOLDERS), by[0].inherited
    opened = [m for m in ahead if scene.text[m.end : quantity.lead].strip() == "("]
    if opened:
        return opened[0].name, opened[0].inherited
    told = antecedent(scene, quantity)
    if told is not None and told.kind in {*_HOLDERS, "body"}:
        return told.name, told.inherited
    ended = [(start, end) for start, end in scene.asides() if end <= quantity.start + 1]
    ahead = [m for m in ahead if not any(start < m.start and m.end < end for start, end in ended)]
    plain = [m for m in ahead if m.preposition in {"", "by", "followed", "with", "including"}]
    if plain:
        nearest = plain[0] if fence == 0 and len(plain) > 1 and _lists(scene, plain) else plain[-1]
        if _EACH.search(scene.clause_text(quantity)):
            return joined(scene, nearest, ahead, quantity, _HOLDERS)
        return meant(nearest, _HOLDERS, scene)
    ahead = [m for m in ahead if m.preposition not in {"of", "in", "from"}]
    if fence and ahead:
        return ahead[-1].name, ahead[-1].inherited
    subject, carried = subject_of(scene, quantity, _HOLDERS)
    kind = thing_of(scene, quantity, _HOLDS) if carried else None
    return (subject, carried) if kind is None else (kind, False)


_HELD_BY = re.compile(r"\s+(?:(?:of\s+(?:the\s+)?\w+\s+)?(?:is|are|was|being)\s+)?(?:held|owned)\s+by\s")
_HOLDS = re.compile(r"\b(?:h[eo]lds?|has|had|have|owns?|controls?|will\s+(?:own|hold|have))\b", re.I)


def _lists(scene: Scene, plain: list[Mention]) -> bool:
    """Whether the first name is the holder and a later one the company (X will control Y with 45 per cent)."""
    return re.search(r"\b(?:controls?|owns?|holds?)\s+$", scene.text[: plain[-1].start]) is not None


def _company(quantity: Quantity, scene: Scene, holder: str | None) -> tuple[str | None, bool]:
    opened = _IN_WHICH.search(scene.text[: quantity.lead])
    owned = [m for m in scene.mentions if opened and 0 <= opened.start() - m.end <= 24 and m.kind != "place"]
    if owned:
        return owned[-1].name, owned[-1].inherited
    if _LISTED.match(scene.text[: quantity.lead]) and scene.discourse.subject is not None:
        return scene.discourse.subject, True
    said = object_after(scene, quantity, ("firm", "venture", "unknown", "project", "plant"))
    shared = said is not None and re.search(r"\bwith\b", scene.text[quantity.end : said.start])
    if said is not None and said.name != holder and not shared:
        longer = re.match(r"(?:\s[A-Z][\w-]+)+", scene.text[said.end :]) if said.kind in {"firm", "unknown"} else None
        return (said.name + longer.group() if longer else said.name), said.inherited
    earlier = scene.earlier(quantity)
    if earlier is not None and earlier[1].measure == "stake":
        return earlier[1].object, earlier[1].object is None or "object" in earlier[1].inherited
    others = [
        m
        for m in scene.mentions
        if m.kind in {"venture", "firm", "unknown"}
        and m.name != holder
        and m.end <= quantity.start
        and scene.text[m.end : m.end + 2] != " ("
    ]
    controlled = [
        m
        for m in others
        if re.search(r"\b(?:controls?|owns?|holds?|of|in)\s+(?:the\s+)?(?:[\w-]+\s+){0,2}$", scene.text[: m.start])
    ]
    if controlled:
        return controlled[-1].name, controlled[-1].inherited
    recent = scene.recent("stake")
    if recent is not None and recent.object is not None:
        return recent.object, True
    last = scene.discourse.last
    venture = last.get("venture")
    if venture is None or venture == holder:
        candidates = (last.get("project"), last.get("firm"))
        venture = next((name for name in candidates if name is not None and name != holder), None)
    return venture, True
