"""What a quantity is counted per: a year, a month, a kilowatt-hour, a tonne, a vehicle.

The units themselves are ``units_written.py``.
"""

from __future__ import annotations

import re

from cell2grid.evidence.quantities.counted_nouns import is_plural, nouns
from cell2grid.evidence.quantities.numbers import BLANK
from cell2grid.evidence.quantities.units_written import spellings

_TIMES = "year|month|week|day|hour|quarter|annum"
_PER = re.compile(
    rf"(?:{BLANK}{{0,2}}|-)(?:/{BLANK}?|(?:per|each|every"
    rf"|an?)(?:(?!\s*\n\s*[A-Z]){BLANK}{{1,2}}|-))(?P<denominator>[A-Za-z²³][\w²³-]{{0,14}}(?:[ -]hour)?)"
    rf"|(?:/|每)(?P<chinese>[年月天日]|小时)"
)
_AGO = re.compile(rf"{BLANK}+(?:earlier|ago|before|later|prior|previously)\b")  # 3 GWh a year earlier
_ADVERB = re.compile(
    rf"{BLANK}{{1,2}}(?:of{BLANK}+(?:[\w-]+{BLANK}+){{0,3}}?(?:[a-z-]+){BLANK}+)?(?P<adverb>annually"
    rf"|yearly|monthly|weekly|daily|p\.a\.|p/a|pa\b)"
)
_OF_PER = re.compile(
    rf"{BLANK}{{1,2}}(?:of|worth of){BLANK}+(?:[\w-]+{BLANK}+){{1,4}}?(?=(?:per|a|each"
    rf"|every){BLANK}+(?:year|annum|month)\b)"
)
_PERIODS = {
    "annum": "year",
    "yr": "year",
    "p.a.": "year",
    "annually": "year",
    "yearly": "year",
    "pa": "year",
    "p/a": "year",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
    "mo": "month",
    "a": "year",
    "hr": "hour",
    "h": "hour",
    "d": "day",
    "年": "year",
    "月": "month",
    "天": "day",
    "日": "day",
    "小时": "hour",
}
_VOLUME = {"L": "L", "l": "L", "litre": "L", "liter": "L"}


def denominator_after(text: str, end: int, kind: str) -> tuple[int, str] | None:
    """Where a denominator ends and what it is (per kWh, a year, /t, annually), or None.

    >>> denominator_after("86 GWh a year", 6, "energy"), denominator_after("$165 per kWh in", 4, "currency")
    ((13, 'year'), (12, 'kWh'))
    """
    adverb = _ADVERB.match(text, end)
    if adverb is not None:
        return adverb.end(), _PERIODS[adverb.group("adverb")]
    skipped = _OF_PER.match(text, end)
    found = _PER.match(text, skipped.end() - 1 if skipped else end)
    if found is None:
        return None
    if found.group("chinese") is not None:
        return found.end(), _PERIODS[found.group("chinese")]
    written = found.group("denominator")
    slash = "/" in found.group()[:4]
    if re.fullmatch(_TIMES, written.lower()) and _AGO.match(text, found.end()):
        return None
    if re.fullmatch(_TIMES, written.lower()) or (slash and written.lower() in _PERIODS):
        return found.end(), _PERIODS.get(written.lower(), written.lower())
    if kind == "percent":
        return None
    symbols, words, _ = spellings()
    named = symbols.get(written) or words.get(written.lower().replace("-", " ")) or words.get(written.lower())
    if named is not None and named.kind not in {"ratio", "currency", "percent"}:
        return found.end(), named.name
    if written in _VOLUME and (slash or len(written) > 1):
        return found.end(), _VOLUME[written]
    noun = nouns().get(written.lower())
    plain = noun is not None and not is_plural(written)
    return (found.end(), noun) if plain and noun is not None else None
