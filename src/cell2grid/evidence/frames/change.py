"""Change against a base period: signed, so that a fall is negative; "up 1.3x" keeps both of its readings."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._change_words import (
    AHEAD,
    AMOUNT_AHEAD,
    AMOUNT_BEHIND,
    AMOUNT_OF,
    BEHIND,
    BY,
    FLOWS,
    THING,
)
from cell2grid.evidence.frames._pricing import priced
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
_SHARES = frozenset({"percent", "percentage_point", "ratio", "basis_point"})
_AMOUNTS = frozenset({"count", "currency", "energy", "mass", "power"})


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """A change where a percentage, multiple or amount stands beside a word of rise or fall, not behind "to"."""
    if quantity.noun == "stake" or (quantity.unit not in _SHARES and quantity.kind not in _AMOUNTS):
        return None
    sign = _sign(quantity, scene) if quantity.unit in _SHARES else _sign_of_amount(quantity, scene)
    if sign == 0:
        return None
    value = None if quantity.value is None else sign * abs(quantity.value)
    thing = _thing(quantity, scene)
    unit = quantity.unit
    return Slots(
        "change",
        subject=_whose(quantity, scene, thing),
        object=thing,
        unit=unit,
        value=value,
        direction="up" if sign > 0 else "down",
        alternatives=readings(scene.text, quantity) if sign > 0 and unit in _SHARES else (),
    )


def _sign(quantity: Quantity, scene: Scene) -> int:
    if quantity.noun == "multiple":  # doubled, a threefold rise, halved; twice as many only compares
        word = scene.text[quantity.start : quantity.end].lower()
        return 0 if word in {"twice", "thrice"} else 1 if quantity.unit == "ratio" else -1
    before = scene.before(quantity, 80)
    printed = _PRINTED.search(scene.text[: quantity.start + 1])
    if printed is not None and quantity.unit in {"percent", "percentage_point"}:
        return 1 if printed.group("sign") == "+" else -1
    ahead = AHEAD.search(before)
    behind = BEHIND.match(scene.after(quantity, 50))
    if behind is not None and not re.match(
        r"^\s*(?:lower|higher|more|less|below)\s+than\s+(?:\d|half)", scene.after(quantity)
    ):
        return 1 if behind.group("up") else -1
    if quantity.unit == "ratio" and _TIMES.search(before) and _AS_MUCH.match(scene.after(quantity)):
        return 1
    if ahead is None:
        return _said_twice(quantity, scene) or _goes_on(quantity, scene) or _sign_of(BY.search(before))
    if re.search(
        r"\b(?:ma[dk]e|makes|making|set|set to make)\s+up\s+(?:only\s+|just\s+|about\s+|nearly\s+)*$", before, re.I
    ):
        return 0
    word = (ahead.group("up") or ahead.group("down")).lower()
    whole = before[ahead.start() :].lower()
    if word in {"more", "less", "higher", "lower"} and "than" in whole:
        return 0
    if quantity.unit == "ratio" and word in {"more", "less"}:
        return 0
    return _sign_of(ahead)


_PRINTED = re.compile(r"(?:^|[\s(|/])(?P<sign>[+−–-])\s?\d?$")
_TIMES = re.compile(
    r"\b(?:was|were|is|are|reached|came to|equal to)\s+(?:about\s+|nearly\s+|over\s+|more than\s+)?$", re.I
)
_AS_MUCH = re.compile(
    r"^\s*(?:(?:those|that|the (?:level|figure|number|volume|amount))\s+(?:of|in|a)\b|as (?:many|much|high)\b|what\b)",
    re.I,
)
_AND = re.compile(r"\s+(?:(?:in|to|for|from|on|at)\s+[^,.;\d]{2,30}?,?\s+)?and\s+(?:by\s+)?")
_AND_THING = re.compile(
    r"(?:,|\band)\s+(?:those\s+of\s+)?(?:[\w-]+\s+)?(?:exports|imports|sales|deliveries|production|output|revenue|profit|prices)"
    r"\s+(?:by\s+)?$"
)


_AND_THOSE = re.compile(r"(?:,|\band)\s+(?:those|that)\s+(?:of|at|from|in)\s+[^,;.\d]{2,30}\s$")


def _goes_on(quantity: Quantity, scene: Scene) -> int:
    """The sign of the change before, where a percentage goes on from it (42 % in value and 8 % in volume)."""
    before = [q for q in scene.quantities if q.end <= quantity.start and q.unit in _SHARES and q.start in scene.read]
    slots = scene.read[before[-1].start][1] if before else None
    if slots is None or slots.measure != "change":
        return 0
    between = scene.text[before[-1].end : quantity.lead]
    joined = _AND.fullmatch(between) or (
        before[-1].unit == quantity.unit and (_AND_THING.search(between) or _AND_THOSE.search(between))
    )
    return 0 if not joined else 1 if slots.direction == "up" else -1


def _said_twice(quantity: Quantity, scene: Scene) -> int:
    """The sign of a change right before that a percentage says again (up 2,900 yuan or 3.8 %)."""
    earlier = scene.earlier(quantity)
    again = earlier is not None and re.fullmatch(r",?\s*(?:or|\()\s*", scene.text[earlier[2].end : quantity.lead])
    if earlier is None or earlier[1].measure != "change" or not again:
        return 0
    return 1 if earlier[1].direction == "up" else -1


def _sign_of(found: re.Match[str] | None) -> int:
    return 0 if found is None else 1 if found.group("up") else -1


def _sign_of_amount(quantity: Quantity, scene: Scene) -> int:
    """The sign of an amount that flows or prices rose or fell by (rose by 3,100 to 21,400; 730 more than in June)."""
    if "/" in quantity.unit and quantity.kind != "currency":
        return 0
    of = AMOUNT_OF.search(scene.before(quantity, 60))
    if of is not None and scene.earlier(quantity) is not None:
        return _sign_of(of)
    found = AMOUNT_AHEAD.search(scene.before(quantity, 60))
    if found is None and quantity.kind == "currency":
        found = BY.search(scene.before(quantity, 80)) or _UP_OR_DOWN.search(scene.before(quantity, 20))
        found = found or _INCREASE.match(scene.after(quantity))
    earlier = scene.earlier(quantity)
    priced_before = earlier is not None and earlier[1].measure == "price"
    if found is not None and (priced_before or FLOWS.search(scene.text[: quantity.start])):
        return _sign_of(found)
    more = AMOUNT_BEHIND.match(scene.after(quantity))
    return _sign_of(more) if more is not None and scene.earlier(quantity) is not None else 0


_UP_OR_DOWN = re.compile(r"\b(?:(?P<up>up)|(?P<down>down))\s+(?:a further\s+|about\s+|nearly\s+)?$", re.I)
_INCREASE = re.compile(r"^\s+(?:(?P<up>increase|rise|gain|jump)|(?P<down>decrease|drop|fall|decline|cut))\b", re.I)


def _whose(quantity: Quantity, scene: Scene, thing: str | None) -> str | None:
    """The goods of a change of price, or the thing that rose; None where the common rules are to say."""
    earlier = scene.earlier(quantity)
    if earlier is not None and earlier[1].measure in {"price", "share"} and earlier[1].subject is not None:
        return earlier[1].subject
    if thing is None or _OF_PRICE.search(thing) or _TO_PRICE.match(scene.after(quantity, 80)):
        return priced(scene, quantity)
    return None


_OF_PRICE = re.compile(r"\b(?:prices?|costs?)$")
_TO_PRICE = re.compile(
    r"^[^.;]{0,30}?\s(?:to|at)\s+(?:[A-Z]{0,3}[$€£¥]\s?)?[\d.,]+(?:\s\w+)?\s*"
    r"(?:/|per\b|an?\s+(?:tonne|ton|kilogram|kg)\b)"
)


def _thing(quantity: Quantity, scene: Scene) -> str | None:
    """What has changed: the nearest word for a measure before the figure, else right behind it."""
    behind = re.match(r"^\s*(?:[\w-]+\s+){0,3}?(?:in|of)\s+(?:[\w’'-]+\s+){0,4}?", scene.after(quantity))
    after = (
        THING.search(scene.text, quantity.end, quantity.end + 60)
        if behind and BEHIND.match(scene.after(quantity))
        else None
    )
    ahead = list(THING.finditer(scene.text, 0, quantity.start))
    found = after or (ahead[-1] if ahead else None)
    if found is not None:
        return found.group().lower()
    if _TO_PRICE.match(scene.after(quantity, 80)):
        return "price"
    earlier = scene.earlier(quantity)
    return earlier[1].measure if earlier is not None and earlier[1].measure != "change" else None
