"""Numbers, units and periods in the words of a sentence: ``97,200 vehicles``, ``January to June 2022``.

Only the wording lives here. What is worth saying is chosen in ``findings.py``; units themselves are known to
``cell2grid.units``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from cell2grid import units
from cell2grid.errors import UnitError

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SCALES = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"))
_ABBREVIATIONS = frozenset(
    {*("Wh", "kWh", "MWh", "GWh", "TWh", "W", "kW", "MW", "GW"), *("t", "kg", "kt", "m", "km", "m2", "ha", "percent")}
)


def rounded(value: float, digits: int = 3) -> str:
    """The number with so many significant digits, thousands separated, millions and more in words.

    >>> rounded(97182.4), rounded(1_224_000), rounded(0.03649), rounded(-1234.5)
    ('97,200', '1.22 million', '0.0365', '−1,230')
    """
    if not math.isfinite(value):
        return "unknown"
    if value == 0:
        return "0"
    for scale, word in _SCALES:
        if abs(float(f"{value:.{digits}g}")) >= scale:
            return rounded(value / scale, digits) + word
    kept = float(f"{value:.{digits}g}")
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(kept))))
    text = f"{abs(kept):,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"−{text}" if kept < 0 else text


def told_apart(values: Iterable[float], digits: int = 3) -> list[str]:
    """The numbers rounded to so many digits, or to as many more as it takes that no two different ones read the same.

    >>> told_apart([0.5, 1.0]), told_apart([1000.2, 1000.4, 1000.2])
    (['0.5', '1'], ['1,000.2', '1,000.4', '1,000.2'])
    """
    numbers = list(values)
    for more in range(digits, 13):
        words = [rounded(number, more) for number in numbers]
        if len(set(words)) == len(set(numbers)):
            return words
    return [rounded(number, digits) for number in numbers]


def scaled(largest: float) -> tuple[float, str]:
    """What to divide numbers up to this size by, and the word for it.

    >>> scaled(1.8e7), scaled(930.0)
    ((1000000.0, 'million'), (1.0, ''))
    """
    for scale, word in _SCALES:
        if largest >= scale:
            return scale, word.strip()
    return 1.0, ""


def exact(value: float) -> str:
    """The number as it was reported, thousands separated and nothing rounded away; round billions in words.

    >>> exact(97182.0), exact(3.9), exact(1_220_000), exact(92e9), exact(1_000_000_001.0)
    ('97,182', '3.9', '1,220,000', '92 billion', '1,000,000,001')
    """
    if not math.isfinite(value):
        return "unknown"
    for scale, word in _SCALES[:2]:
        if abs(value) >= scale and round(value / scale, 3) * scale == value:
            return exact(value / scale) + word
    text = f"{abs(value):,.10f}".rstrip("0").rstrip(".")
    return f"−{text}" if value < 0 else text


def plural(noun: str) -> str:
    """The plural of a counted noun.

    >>> plural("system"), plural("battery"), plural("bus")
    ('systems', 'batteries', 'buses')
    """
    if noun in _ABBREVIATIONS:
        return noun
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def article(noun: str) -> str:
    """``a`` or ``an`` before the noun.

    >>> article("hour"), article("month"), article("item")
    ('an', 'a', 'an')
    """
    return "an" if noun[0] in "aeiou" or noun == "hour" else "a"


def unit_words(unit: str, *, many: bool = True) -> str:
    """The unit as it follows a number in a sentence.

    >>> unit_words("system/month"), unit_words("GWh/year"), unit_words("percent"), unit_words("USD/MWh")
    ('systems a month', 'GWh a year', '%', 'USD a MWh')
    """
    if unit in {"ratio", ""}:
        return ""
    first, *rest = unit.split("/")
    known = {"percent": "%", "percentage_point": "percentage points", "currency": "currency units"}
    word = known.get(first) or (plural(first) if many else first)
    if units_currency(first):
        word = first
    return " ".join([word, *(f"{article(name)} {name}" for name in rest)]).replace("*", " ")


def units_currency(unit: str) -> str | None:
    """The currency in the unit, or None, also where the unit is one that ``units.txt`` does not list."""
    try:
        return units.currency(unit)
    except UnitError:
        return None


def amount(value: float, unit: str, *, reported: bool = False) -> str:
    """A number with its unit; a ratio is told in percent, and ``reported`` keeps every digit.

    >>> amount(97182.0, "vehicle"), amount(97182.0, "vehicle", reported=True), amount(0.4811, "ratio")
    ('97,200 vehicles', '97,182 vehicles', '48.1 %')
    >>> amount(-12_340_000, "USD"), amount(1.0, "system/month")
    ('USD −12.3 million', '1 system a month')
    >>> amount(73.8, "USD/MWh")
    'USD 73.8 a MWh'
    """
    if unit.split("/")[0] == "ratio":
        value, unit = 100 * value, unit.replace("ratio", "percent", 1)
    number = exact(value) if reported else rounded(value)
    if units_currency(unit) == unit.split("/")[0]:
        return f"{unit.split('/')[0]} {number} {unit_words(unit).partition(' ')[2]}".strip()
    return f"{number} {unit_words(unit, many=number != '1')}".strip()


def between(low: float, high: float, unit: str) -> str:
    """A range with its unit: ``109,000 to 121,000 vehicles``; one amount where both ends read the same.

    >>> between(109_000, 121_000, "vehicle"), between(0.51, 0.54, "ratio"), between(1e6, 2e6, "USD")
    ('109,000 to 121,000 vehicles', '51 to 54 %', 'USD 1 million to 2 million')
    """
    if unit.split("/")[0] == "ratio":
        low, high, unit = 100 * low, 100 * high, unit.replace("ratio", "percent", 1)
    if rounded(low) == rounded(high):
        return amount(high, unit)
    if units_currency(unit) == unit.split("/")[0]:
        money, _, per = unit_words(unit).partition(" ")
        return f"{money} {rounded(low)} to {rounded(high)} {per}".strip()
    return f"{rounded(low)} to {amount(high, unit)}"


def month(text: str) -> str:
    """A month in words.

    >>> month("2022-01")
    'January 2022'
    """
    return f"{MONTHS[int(text[5:7]) - 1]} {text[:4]}"


def period(start: str, end: str) -> str:
    """A stretch of months in words.

    >>> period("2022-01", "2022-06"), period("2022-01", "2022-01"), period("2021-12", "2022-02")
    ('January to June 2022', 'January 2022', 'December 2021 to February 2022')
    >>> period("2024-01", "2024-12")
    '2024'
    """
    start, end = start[:7], end[:7]
    if start == end:
        return month(start)
    if start[:4] == end[:4]:
        if start[5:] == "01" and end[5:] == "12":
            return start[:4]
        return f"{MONTHS[int(start[5:7]) - 1]} to {month(end)}"
    return f"{month(start)} to {month(end)}"


def shortened(text: str) -> str:
    """The text with its months by their first three letters.

    >>> shortened("exports, January to June 2022")
    'exports, Jan to Jun 2022'
    """
    for name in MONTHS:
        text = text.replace(f"{name} ", f"{name[:3]} ")
    return text


def during(start: str, end: str) -> str:
    """A stretch of months as it stands in a sentence.

    >>> during("2022-01", "2022-06"), during("2024-01", "2024-12")
    ('from January to June 2022', 'in 2024')
    """
    words = period(start, end)
    return f"from {words}" if " to " in words else f"in {words}"


def listed(parts: list[str]) -> str:
    """Parts joined as a sentence lists them.

    >>> listed(["one", "two", "three"])
    'one, two and three'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def sentence(text: str) -> str:
    """The text with a large first letter.

    >>> sentence("plant fjord makes 3 GWh")
    'Plant fjord makes 3 GWh'
    """
    return text[:1].upper() + text[1:]


def title(name: str) -> str:
    """A name of the study as a heading: dashes and underscores become spaces, the first letter is large.

    >>> title("harbour-works_2031")
    'Harbour works 2031'
    """
    words = name.replace("_", " ").replace("-", " ")
    return sentence(words)
