"""One number with what it measures: its magnitude, the unit or counted noun behind it, and what it is per.

Which numbers there are is ``numbers.py``; several of them together ``joining.py``; bounds and names ``lexer.py``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cell2grid.evidence.quantities.counted_nouns import counted_noun
from cell2grid.evidence.quantities.denominators import denominator_after
from cell2grid.evidence.quantities.magnitudes import magnitude_after
from cell2grid.evidence.quantities.numbers import Numeral, may_hold_number, part_after
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.quantities.units_written import Unit, currency_before, unit_after

_LETTER_BEFORE = re.compile(r"(?:(?<!\dx)(?<!\d×)(?<=[A-Za-zÀ-žΑ-я])|[A-Za-zÀ-žΑ-я][-–]|\d[.,:/]|[#_@^])\Z")
_RUNS_ON = re.compile(r"[.,]\d|\^")  # 12.5.6, 1,2345 and 10^6 are no plain numbers
# marks without width inside a number: which number is meant nobody can say, so that it is none
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_UNSEEN_BEFORE = re.compile(rf"\d[.,]?[{_UNSEEN}]+[.,]?\Z")
_UNSEEN_AFTER = re.compile(rf"[.,]?[{_UNSEEN}]+[.,]?\d")
_MINUS = re.compile(r"(?:^|[\s(])[-−–]\Z|\b[Mm]inus\s\Z")
_WITH_DENOMINATOR = {"energy", "power", "currency", "count", "mass", "duration"}
_PER_YEAR_BEFORE = re.compile(r"(?:每年|年产能?|年产量|年产能力)[约达为近超过到了]{0,3}\Z")


def _is_parted(text: str, start: int, end: int) -> bool:
    """Whether marks without width part a number from other digits."""
    if text.isascii():
        return False
    return bool(_UNSEEN_AFTER.match(text, end) or _UNSEEN_BEFORE.search(text[max(0, start - 6) : start]))


def measured(text: str, numeral: Numeral, *, behind_unit: bool = False, floor: int = 0) -> Quantity | None:
    """One number with its magnitude, unit and denominator; None where it is part of a name or an idiom.

    ``behind_unit`` says that the letter before the number is that of a unit (100MW-400MWh), not of a name;
    ``floor`` is where the quantity before ends, whose unit is no mark of this one.

    >>> from cell2grid.evidence.quantities.numbers import numerals
    >>> measured("it makes 16 GWh a year", numerals("it makes 16 GWh a year")[0]).unit
    'GWh/year'
    """
    start = numeral.start
    currency = currency_before(text, start) if numeral.kind in {"digits", "halfof", "article"} else None
    currency = None if currency is not None and currency[0] < floor else currency
    named = currency is None and not behind_unit and numeral.kind == "digits"
    if named and _LETTER_BEFORE.search(text[max(0, start - 2) : start]):
        return None
    if numeral.kind == "digits" and (_RUNS_ON.match(text, numeral.end) or _is_parted(text, start, numeral.end)):
        return None
    first = start if currency is None else currency[0]
    factor, end = magnitude_after(text, numeral, currency is not None)
    unit = _behind(text, numeral, end) if currency is None else _money(text, end, currency[1])
    if unit is None:
        return None
    unit_end, name = unit.end, unit.name
    added = 0.0
    if unit.kind == "duration":
        unit_end, added = part_after(text, unit_end)  # an hour and a half
    if name and unit.kind in _WITH_DENOMINATOR and "/" not in name:
        per = denominator_after(text, unit_end, unit.kind)
        if per is not None and not (unit.kind == "duration" and per[1] in {"year", "month"}):
            unit_end, name = per[0], f"{name}/{per[1]}"
            then = denominator_after(text, unit_end, "percent") if unit.kind == "currency" else None
            if then is not None:  # per MW per month
                unit_end, name = then[0], f"{name}/{then[1]}"
        elif unit.kind in {"energy", "count", "mass"} and _PER_YEAR_BEFORE.search(text[max(0, start - 10) : start]):
            name = f"{name}/year"
    value = float(f"{numeral.value * factor * unit.scale + added:.15g}")  # 8.03 billion, not its binary neighbour
    sign = _MINUS.search(text, max(0, first - 6), first) if numeral.kind == "digits" else None
    if sign is not None:
        value, first = -value, first - len(sign.group().lstrip(" (\u00a0"))
    return Quantity(
        first, unit_end, start, end, numeral.value, value, value, value, name, unit.kind, None, unit.written,
        factor * unit.scale, numeral.kind == "digits",
    )  # fmt: skip


def _money(text: str, end: int, code: str) -> Unit:
    """A currency marked before its number; its name may be said again behind (US$5 million dollars)."""
    after = unit_after(text, end)
    return Unit(after.end if after is not None and after.name == code else end, code, "currency")


_OF_THEM = re.compile(r"\s+of(?:\s+(?:the|its|their|these|those))?")
_OF_A_POINT = re.compile(r"\s+of\s+an?(?=\s+(?:percentage|per\s?cent|basis)\b)")
_POINTS = re.compile(r"(?:\s|-)points?\b(?!\s(?:of|in|where|at|on)\b)")
_OF_SHARES = re.compile(r"%|\bper\s?cent\b|\bmargin|\bshare\b|\brate\b|\butili[sz]ation\b")
_DEGREE_BETWEEN = re.compile(
    r"\s?(?:\+|-plus|-odd|plus|odd|or more|or so|or fewer|or less)(?=[\s-])|\+(?=[A-Za-z])|[余多]"
)
_HYPHEN = re.compile(r"-(?!to-)[A-Za-z]")
_OF_THESE = re.compile(
    r"\s+of\s+(?:the|its|their|these|those|(?:four|six|seven|eight|nine)?teen|ten|eleven|twelve|\d{1,4})"
    r"(?:\s+(?:world|country|company|group|firm)[’']s)?(?=\s)"
)


def _behind(text: str, numeral: Numeral, end: int) -> Unit | None:
    """The unit or noun behind a number; one of kind bare where only the sentence can say; None for no quantity."""
    if numeral.kind == "fraction":
        return _fraction(text, numeral)
    if numeral.kind == "rest":
        return Unit(end, "percent", "percent", "fraction")  # the remaining fifth
    if numeral.kind in {"vague", "group"}:
        of = _OF_THEM.match(text, end)
        return counted_noun(text, of.end()) if of else None
    point = _OF_A_POINT.match(text, end)
    unit = _unit(text, numeral, end if point is None else point.end())
    if unit is not None:
        return unit if unit.kind else None
    points = _POINTS.match(text, end)
    if points is not None and _OF_SHARES.search(text):
        return Unit(points.end(), "percentage_point", "percentage_point", "points")
    between = _DEGREE_BETWEEN.match(text, end)
    if between is not None:  # 300+ MW, 300 or more workers
        return _unit(text, numeral, between.end()) or counted_noun(text, between.end()) or Unit(end, "", "bare")
    if _is_glued(text, end):
        return None
    return _noun(text, numeral, end)


def _is_glued(text: str, end: int) -> bool:
    """Whether a letter stands right behind a number that no unit begins with (a 5G phone)."""
    return text[end : end + 1].isascii() and (text[end : end + 1].isalpha() or text[end : end + 1] == "_")


def _unit(text: str, numeral: Numeral, end: int) -> Unit | None:
    """The unit behind a number; one without a kind where an idiom stands there (one day)."""
    unit = unit_after(text, end)
    if unit is None or (unit.kind == "ratio" and _no_ratio(text, numeral, unit.end)):
        return None
    ones = numeral.kind == "word" and numeral.value == 1 and unit.kind == "duration"
    return Unit(end, "", "") if ones and _idiom(text, numeral) else unit


def _noun(text: str, numeral: Numeral, end: int) -> Unit | None:
    """The noun that a number counts, its own or that of a row (two of the lines)."""
    hyphen = _HYPHEN.match(text, end) is not None
    if hyphen and numeral.value == 0:
        return None  # zero-emission
    ones = numeral.value == 1 and numeral.kind in {"word", "digits", "article"}
    noun = counted_noun(text, end, singular_too=ones or hyphen)
    if noun is not None and not (ones and _idiom(text, numeral)):
        return noun
    more = _MORE.match(text, end)
    noun = counted_noun(text, more.end()) if more is not None else None
    if noun is not None:
        return noun
    size = _SIZE.match(text, end) if 2 <= numeral.value <= 999 else None
    noun = counted_noun(text, size.end()) if size is not None else None
    if noun is not None:  # two 200 MW/400 MWh batteries: the size is a quantity of its own
        return replace(noun, end=end)
    if hyphen or (numeral.kind in {"halfof", "article", "some"} and end == numeral.end):
        return None
    of_these = _OF_THESE.match(text, end)
    noun = _of_these(text, of_these.end()) if of_these is not None and numeral.value != 1 else None
    if noun is not None and of_these is not None and may_hold_number(text[of_these.start() : noun.end]):
        return replace(noun, end=end)  # three of fourteen lines: fourteen is a quantity too
    return noun or Unit(end, "", "bare")


_HOW_MANY = re.compile(r"\s(?:(?:some|about|nearly|roughly|over)\s)?\d[\d,.]*(?:\s(?:thousand|million))?(?=\s)")


def _of_these(text: str, end: int) -> Unit | None:
    """The noun or unit of a whole, over its own number (15,000 of the 40,000 cars)."""
    number = _HOW_MANY.match(text, end)
    place = end if number is None else number.end()
    return counted_noun(text, place) or (None if number is None else unit_after(text, place))


_MORE = re.compile(r"\s(?:more|further|additional|extra|other)(?=\s[a-z])")  # 60 more people
_MEASURE = r"\d[\d.,]*[\s-]?(?:[GMk]Wh|[GMk]W|[GMk]VA|Ah|V|hour|day|week|month|year|inch|foot|tonne|megawatt|gigawatt)"
_SIZE = re.compile(rf"\s(?:{_MEASURE}(?:-hour)?)(?:\s?[/,]\s?{_MEASURE}(?:-hour)?)?(?=\s[a-z])")
_ONE_OF = re.compile(
    r"[ -](?:of|another|day|time|way|thing|or|by|could|must|might|stop|side|hand|year\s+later)\b", re.I
)
_FOR_ONE = re.compile(
    r"\b(?:materials?|costs?|prices?|energy|labou?r|parts)\s(?:for|of)\s$", re.I
)  # material for one cell
_THAT_ONE = re.compile(r"\b(?:no|any|every|some|each|this|that|the|number|which|at)\s$", re.I)


def _idiom(text: str, numeral: Numeral) -> bool:
    """Whether "one" is no count: one of the, one another, one day, no one, at one time."""
    before = text[max(0, numeral.start - 12) : numeral.start]
    costed = _FOR_ONE.search(text, max(0, numeral.start - 24), numeral.start)
    return bool(_ONE_OF.match(text, numeral.end)) or bool(_THAT_ONE.search(before)) or costed is not None


_NO_RATIO = re.compile(r"\s*(?:square|new roman|now|(?:a|per|each|every)\s+(?:year|month|week|day|quarter)\b)", re.I)


def _no_ratio(text: str, numeral: Numeral, end: int) -> bool:
    """Whether "times" is no multiple: Times Square, three times a year, the Financial Times."""
    before = text[max(0, numeral.start - 16) : numeral.start].lower()
    return _NO_RATIO.match(text, end) is not None or before.endswith("the financial ")


_NO_PART = re.compile(
    r"\b(?:first|second|latter|last|other|third|and a|the|year|this|that|next|better|in|one and a)\s*-?$", re.I
)
_PART_OF = re.compile(
    r"\s+(?:of|the|its|their|all|that|as|his|what)\b|\s+(?:from|in|to|since|compared|year)\b|[.,;)]|$", re.I
)
_ENDS_THERE = re.compile(
    r"\s+(?:last|this|next|on|over|at|for|between|during|within|than|and|but|while|when|after|before|by)\b", re.I
)
_OF_WHOLE = re.compile(r"\s+(?:of|the|its|their|all|as|that)\b")
_ONE_MORE = re.compile(
    r"\b(?:building|build|builds|adding|add|adds|opening|planning|ordering|starting|launching)\s+$", re.I
)
_REACHED = re.compile(
    r"\b(?:by|to|about|around|nearly|almost|over|than|roughly|at|up|down|least|only|just|another)\s+$", re.I
)


def _fraction(text: str, numeral: Numeral) -> Unit | None:
    """A fraction in words is a percentage where it is a part of something, nothing where it is a stretch of time."""
    before = text[max(0, numeral.start - 14) : numeral.start]
    part = _PART_OF.match(text, numeral.end)
    third = _ONE_MORE.search(text, max(0, numeral.start - 30), numeral.start) and not _OF_WHOLE.match(text, numeral.end)
    if third or _NO_PART.search(before) or (part is None and not _ENDS_THERE.match(text, numeral.end)):
        return None
    if part is None:  # ran it at less than a third last year
        return Unit(numeral.end, "percent", "percent", "fraction") if _REACHED.search(before) else None
    timely = "uarter" in text[numeral.start : numeral.end] and not _OF_WHOLE.match(text, numeral.end)
    if timely and not _REACHED.search(before):
        return None  # three quarters, in which sales fell
    return Unit(numeral.end, "percent", "percent", "fraction")
