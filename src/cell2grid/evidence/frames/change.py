"""Change against a base period: signed, so that a fall is negative; "up 1.3x" keeps both of its readings."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.multiples import readings
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 20
MEASURES = ("change",)
EXAMPLES = (
    Example(
        "Sales of Kia in Europe fell 8.1% year on year in the first quarter of 2025.",
        ({"value_text": "8.1%", "value": -8.1, "unit": "percent", "direction": "down", "period_start": "2025-01-01"},),
    ),
    Example(
        "Gotion's exports were up 41 percent from a year earlier in 2024.",
        ({"value_text": "41 percent", "value": 41, "direction": "up"},),
    ),
    Example(
        "Leapmotor's deliveries rose 2.1x in March 2025.",
        ({"value_text": "2.1x", "value": 2.1, "unit": "ratio", "direction": "up"},),
    ),
    Example(
        "Output of Mahindra more than doubled in 2024.",
        ({"value_text": "doubled", "value": 2, "unit": "ratio", "direction": "up", "approx": "over"},),
    ),
    Example(
        "In 2024 SK On recorded a 19.5% drop in revenue.",
        ({"value_text": "19.5%", "value": -19.5, "direction": "down", "period_start": "2024-01-01"},),
    ),
)
_UP = (
    r"up|rose|risen|ris(?:e|es|ing)|increas(?:e|es|ed|ing)|gr[eo]w(?:n|s|ing)?|growth|climb(?:s|ed|ing)?"
    r"|jump(?:s|ed|ing)?|surg(?:e|es|ed|ing)|gain(?:s|ed|ing)?|advanc(?:e|ed)|soar(?:s|ed|ing)?|expan(?:d"
    r"|ds|ded|sion)|higher|more|added|leap(?:t|ed)?|spik(?:e|ed)|bounced|rebound(?:ed)?|upturn|grew|增长"
    r"|lifted|raised|improv(?:e[sd]?|ing)|widen(?:s|ed|ing)?"
)
_DOWN = (
    r"down|fell|fall(?:s|en|ing)?|drop(?:s|ped|ping)?|declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)"
    r"|plung(?:e|es|ed|ing)|plummet(?:s|ed|ing)?|slump(?:s|ed|ing)?|slip(?:s|ped|ping)?|shr[aiu]nk(?:ing)?"
    r"|reduc(?:e|ed|tion|ing)|lower|less|fewer|slid(?:e|ing)?|tumbl(?:e|ed|ing)|sank|sunk|contract(?:ed"
    r"|ion)|cut|eas(?:ed|ing)|dip(?:s|ped)?|lost|crash(?:ed)?|下降|weaker|cheaper|narrow(?:s|ed|ing)?|worsen(?:s|ed|ing)?"
)
_DEGREE = (
    r"(?:\s+(?:by|of|as much as|a further|another|an?|about|around|nearly|almost|over|more than|some"
    r"|roughly|just|only|sharply|slightly|year[- ]on[- ]year|on year|the most|or)\b|,)*"
)
_AHEAD = re.compile(rf"(?:\b(?P<up>{_UP})|\b(?P<down>{_DOWN})){_DEGREE}\s*$", re.I)
_BEHIND = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?(?:year[- ]on[- ]year\s+|annual\s+|annualised\s+|sequential\s+|quarterly\s+"
    r"|monthly\s+|on-year\s+|net\s+|sharp\s+|further\s+)*(?:(?P<up>up\s+(?=on|from|year)|increase|rise|growth|jump|gain"
    r"|surge|uptick|more than|higher|improvement|expansion|premium|advance|more|larger|bigger|wider)"
    r"|(?P<down>down\s+(?=on|from|year)|drop|fall"
    r"|decline|decrease|reduction|plunge|slump|cut|less than|lower|fewer|below|discount|dip|slide"
    r"|contraction|less|smaller|narrower))\b",
    re.I,
)
_THING = re.compile(
    r"\b(?:(?:vehicle|car|EV|NEV|electric car|net|storage|overseas|domestic|battery"
    r"|segment)\s+)?(?:exports?|sales|revenues?|profits?|deliveries|production|output|prices?"
    r"|installations|shipments|registrations|demand|investment|spending|shares|capacity|share|market"
    r"|imports?|costs?|income|margin|earnings)\b",
    re.I,
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """A change where a percentage or multiple stands right beside a word of rise or fall, not behind "to" or "from"."""
    if quantity.unit not in {"percent", "percentage_point", "ratio", "basis_point"} or quantity.noun == "stake":
        return None
    sign = _sign(quantity, scene)
    if sign == 0:
        return None
    value = None if quantity.value is None else sign * abs(quantity.value)
    return Slots(
        "change",
        object=_thing(quantity, scene),
        value=value,
        direction="up" if sign > 0 else "down",
        alternatives=readings(scene.text, quantity) if sign > 0 else (),
    )


def _sign(quantity: Quantity, scene: Scene) -> int:
    if quantity.noun == "multiple":  # doubled, a threefold rise, halved; twice as many only compares
        word = scene.text[quantity.start : quantity.end].lower()
        return 0 if word in {"twice", "thrice"} else 1 if quantity.unit == "ratio" else -1
    ahead = _AHEAD.search(scene.before(quantity, 60))
    behind = _BEHIND.match(scene.after(quantity, 50))
    if behind is not None and not re.match(
        r"^\s*(?:lower|higher|more|less|below)\s+than\s+(?:\d|half)", scene.after(quantity)
    ):
        return 1 if behind.group("up") else -1
    if ahead is None:
        return 0
    if re.search(r"\b(?:ma[dk]e|makes|making|set|set to make)\s+up\s*$", scene.before(quantity, 20), re.I):
        return 0
    word = (ahead.group("up") or ahead.group("down")).lower()
    whole = scene.before(quantity, 60)[ahead.start() :].lower()
    if word in {"more", "less", "higher", "lower"} and "than" in whole:
        return 0
    if quantity.unit == "ratio" and word in {"more", "less"}:
        return 0
    return 1 if ahead.group("up") else -1


def _thing(quantity: Quantity, scene: Scene) -> str | None:
    """What has changed: the nearest word for a measure before the figure, else right behind it."""
    behind = re.match(r"^\s*(?:[\w-]+\s+){0,3}?(?:in|of)\s+(?:[\w’'-]+\s+){0,4}?", scene.after(quantity))
    after = (
        _THING.search(scene.text, quantity.end, quantity.end + 60)
        if behind and _BEHIND.match(scene.after(quantity))
        else None
    )
    ahead = list(_THING.finditer(scene.text, 0, quantity.start))
    found = after or (ahead[-1] if ahead else None)
    if found is not None:
        return found.group().lower()
    earlier = scene.earlier(quantity)
    return earlier[1].measure if earlier is not None and earlier[1].measure != "change" else None
