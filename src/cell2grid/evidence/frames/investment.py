"""Investment: what is put into plants, projects and supply chains, at home and abroad."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 55
MEASURES = ("investment",)
EXAMPLES = (
    Example(
        "Toyota will invest $13.9 billion in its battery plant in North Carolina.",
        ({"value_text": "$13.9 billion", "value": 13.9e9, "unit": "USD", "subject": "Toyota"},),
    ),
    Example(
        "Korean battery makers spent 21.4 trillion won abroad in 2023.",
        (
            {
                "value_text": "21.4 trillion won",
                "value": 21.4e12,
                "unit": "KRW",
                "subject": "Korean battery makers",
                "period_start": "2023-01-01",
                "direction": "abroad",
            },
        ),
    ),
    Example(
        "Investment in Germany's cell industry fell to just 1.2 billion euros in 2024.",
        (
            {
                "value_text": "1.2 billion euros",
                "value": 1.2e9,
                "unit": "EUR",
                "subject": "Germany",
                "period_end": "2024-12-31",
            },
        ),
    ),
)
_AHEAD = re.compile(
    r"\b(?:invest(?:s|ed|ing|ment|ments|or)?|spend(?:s|ing)?|spent|outlays?|cost(?:s|ing|ed)?|capex"
    r"|capital (?:expenditures?|spending)|pour(?:s|ed|ing)?|putting|put|commit(?:s|ted|ting|ment)?|inject(?:s|ed"
    r"|ing)?|earmark\w*|allocat\w+|funding|budget(?:ed)?|financ\w+|provid(?:e[sd]?|ing)\s+another|grants?|aid|subsid\w+|contribut\w+)\b",
    re.I,
)
_BEHIND = re.compile(
    r"^\s*(?:\([^)]{0,40}\)\s*)?(?:in\s+(?:[\w-]+\s+){0,3}?(?:aid|investment|investments|funding"
    r"|grants?|capital expenditure)\b|(?:[\w-]+\s+){0,4}?(?:investments?|gigafactory|factory|plants?"
    r"|projects?|site|facility|complex|expansion|outlay|programme|program|battery plant)\b"
    r"|(?:(?:is|was|were|has been|had been|have been|will be|went|goes|go)\s+(?:being\s+)?(?:invested|spent"
    r"|poured|put|earmarked|committed|into))|\s*invested\b|will be invested"
    r"|that\s+(?:\w+\s+){1,3}(?:put|invested|spent|poured))",
    re.I,
)
_BUILT_FOR = re.compile(
    r"\b(?:buil[dt]|install|construct|factory|gigafactory|plant|project)\w*\b[^.;]{0,60}\bfor\s+$", re.I
)
_ANNOUNCED = re.compile(
    r"\b(?:announc|pledg|promis|plann)\w+\s+(?:(?:new\s+)?(?:projects|plants|factories)\s+)?(?:worth\s+|of\s+|totall?ing\s+)?"
    r"(?:(?:more than|over|about|some|nearly|almost|around)\s+)?$",
    re.I,
)
_ANNOUNCED_FOR = re.compile(r"^\s+(?:for|in|on|towards?|to build)\b", re.I)
_ORDERED = re.compile(
    r"\b(?:lines?|machines?|machinery|equipment|tools)\b[^.;]{0,40}\b(?:ordered|bought)\b[^.;\d]{0,30}\bfor\s+$", re.I
)
_OTHER = re.compile(
    r"\b(?:revenue|turnover|sales of|profit|loss|earnings|income|valued at|market value|market cap"
    r"|valuation|debt|loan|price|backlog|fine|salary|dividend|contract|deal|order)\b",
    re.I,
)
_SMALLEST = 1e4  # in any currency: less than that is what a piece costs
_ABROAD = re.compile(r"\b(?:abroad|overseas|foreign|outbound|offshore|outside)\b", re.I)
_THAT_WENT = re.compile(
    r"\s+(?:that\s+|which\s+)?(?:(?:they|it|was|were|the \w+|\w+ firms|\w+ companies)\s+)"
    r"(?:spent|invested|put|poured|committed)\s+(?P<where>at home|domestically|abroad|overseas)\b",
    re.I,
)
_BESIDE = re.compile(r"\s+(?P<where>at home|domestically|abroad|overseas)\b", re.I)
_HOME = re.compile(r"\b(?:at home|domestic(?:ally)?)\b", re.I)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Investment where the nearest words of money are those of putting it into something."""
    if quantity.kind != "currency" or (("/" in quantity.unit) and not quantity.unit.endswith("/year")):
        return None
    ahead = scene.clause_before(quantity)[-110:]
    words = [found.end() for found in _AHEAD.finditer(ahead)]
    others = [found.end() for found in _OTHER.finditer(ahead)]
    behind = _BEHIND.match(scene.after(quantity, 70)) or _BUILT_FOR.search(ahead) or _ORDERED.search(ahead)
    behind = behind or (_ANNOUNCED.search(ahead) if _ANNOUNCED_FOR.match(scene.after(quantity)) else None)
    if _is_small(quantity) and not re.search(r"\binvest|\bspen[dt]", ahead, re.I):
        return None  # what one of something costs
    earlier = scene.earlier(quantity)
    part = earlier is not None and earlier[1].measure == "investment" and "of which" in scene.text[: quantity.start]
    if not words and not behind and not part:
        return None
    size = quantity.value if quantity.value is not None else quantity.high
    if size is not None and size < _SMALLEST:
        return None
    if others and (not words or others[-1] > words[-1]) and not behind:
        return None
    return Slots("investment", direction=_direction(scene, quantity), alternatives=_yearly(scene, quantity))


def _is_small(quantity: Quantity) -> bool:
    size = quantity.value if quantity.value is not None else quantity.high
    return quantity.digits and quantity.factor == 1 and size is not None and size < SMALLEST


SMALLEST = 1e4  # in any currency: what is put into a plant is more


def _direction(scene: Scene, quantity: Quantity) -> str | None:
    """Whether it goes abroad or stays at home: the nearest word that says so in the clause."""
    beside = _BESIDE.match(scene.after(quantity))
    if beside is not None:
        return "home" if _HOME.fullmatch(beside.group("where")) else "abroad"
    relative = _THAT_WENT.match(scene.after(quantity, 80))
    if relative is not None:
        return "home" if _HOME.fullmatch(relative.group("where")) else "abroad"
    clause = scene.clause_text(quantity)
    place = quantity.start - scene.clause(quantity)[0]
    ahead = [
        (place - word.end(), name)
        for name, pattern in (("abroad", _ABROAD), ("home", _HOME))
        for word in pattern.finditer(clause, 0, place)
    ]
    found = ahead or [
        (word.start() - place, name)
        for name, pattern in (("abroad", _ABROAD), ("home", _HOME))
        for word in pattern.finditer(clause)
    ]
    return min(found)[1] if found else None


def _yearly(scene: Scene, quantity: Quantity) -> tuple[dict[str, object], ...]:
    """An average of several years may be meant by the year."""
    annual = re.search(r"\b(?:annual|yearly|a year|average)\b", scene.clause_before(quantity)[-120:])
    return ({"unit": f"{quantity.unit}/year"},) if annual and "/" not in quantity.unit else ()
