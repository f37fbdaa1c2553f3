"""What a number without a unit measures, by the words around it and the figures before it in its sentence.

People where they are employed, what a label names, the unit of the figure that it is held against or is a part of, the
goods that are spoken of. The words are data (``vocabulary/bare_numbers.yaml``); the goods of the sentences before are
``carry.py``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from cell2grid.evidence.quantities.counted_nouns import counted_noun
from cell2grid.evidence.quantities.denominators import denominator_after
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.vocabulary import table

LEVELS = frozenset({"energy", "power", "mass", "area", "currency"})
_ASIDE = frozenset({"ratio", "percent", "percentage_point", "duration", "basis_point"})


def measured_by_context(
    text: str,
    quantity: Quantity,
    before: list[Quantity],
    goods: str | None,
    count: str | None,
    level: Quantity | None = None,
) -> Quantity | None:
    """The bare quantity with its unit, or None where nothing says what it measures.

    ``before`` are the quantities before it in the sentence, ``goods`` what the story speaks of, ``count`` the last
    counted unit of the sentence right before, ``level`` the last load, mass, area or sum of the paragraph.
    """
    found = _labelled(text, quantity) or _part_of(text, quantity, before, count) or _to_one(text, quantity, before)
    found = found or _like_level(text, quantity, before, level)
    if found is None and _words().behind.match(text, quantity.end):
        found = _people(text, quantity) or _times(text, quantity) or _held_against(text, quantity, before)
        found = found or _share_in_row(text, quantity, before) or _goods(text, quantity, before, goods, count)
    if found is None or "/" in found.unit or found.kind not in {"count", "energy", "mass", "currency"}:
        return found
    per = denominator_after(text, found.end, found.kind)
    return found if per is None else replace(found, end=per[0], unit=f"{found.unit}/{per[1]}")


_TARGET = re.compile(r"\b(?:[Tt]arget|[Gg]oal|[Ff]orecast|[Gg]uidance)\b(?:\s(?:for|by|in)\s[^.;:\d]{2,30})?:\s*$")
_GIVES = re.compile(
    r"[A-Z][\w.-]*\s(?:contribut(?:es|ed)|accounts?\sfor|accounted\sfor|adds?|added)\s$|[A-Z][\w.-]*\s\($"
)


def _like_level(text: str, quantity: Quantity, before: list[Quantity], level: Quantity | None) -> Quantity | None:
    """The unit of the paragraph's last level, for a number of its size that a name gives or that is its target."""
    if level is None or before or not quantity.digits:
        return None
    ahead = text[max(0, quantity.lead - 60) : quantity.lead]
    given = quantity.factor >= 1e6 and level.factor >= 1e6 and _GIVES.search(ahead)
    aimed = level.factor == quantity.factor and _TARGET.search(ahead)
    return _like(quantity, level) if given or aimed else None


class _Words:
    """The patterns of the words around a bare number."""

    def __init__(self) -> None:
        rows = table("bare_numbers")
        ahead, having, phrases = ("|".join(rows[name]) for name in ("ahead", "having", "phrases_ahead"))
        behind, flows = ("|".join(rows[name]).replace("*", r"\w*") for name in ("behind", "flows"))
        held, employed = "|".join(rows["held_against"]), "|".join(rows["employed"])
        what = r"(?:total|figure|number|sales|exports|deliveries|output|production|it)\s+(?:is|was|were|of|to|at)?\s*"
        self.ahead = re.compile(
            rf"(?:\b(?:{ahead}|{having})\s+(?:the\s+|a\s+total\s+of\s+)?|\b(?:{phrases})\s+|[,:(]\s*|\b{what})$", re.I
        )
        self.having = re.compile(rf"\b(?:{having}|further|another)\s+$", re.I)
        self.behind = re.compile(rf"\s*(?:[,.;)]|$)|\s+(?:{behind})\b|\s+[a-z]{{3,}}ed\b", re.I)
        self.flow = re.compile(rf"\b(?:{flows})\b", re.I)
        self.employed = re.compile(
            rf"\b(?:{employed})\b(?:[^.;\d]{{0,40}}|[^.;]{{0,24}}\d[\d,.]*\s(?:today|now),\s)$", re.I
        )
        self.held = re.compile(rf"\b(?:{held}|{phrases})\.?\s+(?:the\s+)?$", re.I)
        named, be = "|".join(rows["ratios"]), "is|was|of|at|stood at|came to|reached|rose to|fell to"
        self.ratio = re.compile(rf"\b(?:{named})(?:\s+(?:ratio|multiple))?\s*(?::|\b(?:{be})\b)\s*$", re.I)
        self.not_goods = frozenset(rows["not_goods"])


@cache
def _words() -> _Words:
    return _Words()


def _like(quantity: Quantity, other: Quantity) -> Quantity:
    return replace(quantity, unit=other.unit, kind=other.kind)


_LABEL = re.compile(r"(?:^|\n|[.;]\s)[ \t]*(?:[-*•]\s*)?\**(?P<label>[A-Z][\w &/()-]{2,40})\**:\**\s*$")
_ENDS = re.compile(r"[ \t]*(?:[,.;(|\n]|$)")


def _labelled(text: str, quantity: Quantity) -> Quantity | None:
    """What the label before a number counts (Operating jobs: 6)."""
    label = _LABEL.search(text, max(0, quantity.lead - 60), quantity.lead) if _ENDS.match(text, quantity.end) else None
    noun = None if label is None else counted_noun(f" {label.group('label')}", 0)
    return None if noun is None else replace(quantity, unit=noun.name, kind="count")


_OF_WHICH = re.compile(r"\b(?:of|among)\s+(?:which|whom|them|these|those)\s+$", re.I)
_OF_THEM = re.compile(r"\s+of\s+(?:them|these|those|which)\b", re.I)
_MORE_THAN = re.compile(r"\s+(?:less|more|fewer)(?:\s+than\b|[,.;]|$)", re.I)


def _part_of(text: str, quantity: Quantity, before: list[Quantity], count: str | None) -> Quantity | None:
    """The unit of a whole that a number is a part of (1,930 people, of whom 1,240), or more or less than (730 more).

    The whole may be that of the sentence before (It has 30 buses. Four of them are new).
    """
    levels = [other for other in before if other.kind in LEVELS or other.kind == "count"]
    if not quantity.digits and quantity.factor == 1:  # of sums and loads no four are a part
        levels = [other for other in levels if other.kind == "count"]
    if not levels:
        said = count is not None and not quantity.digits and _OF_THEM.match(text, quantity.end)
        return replace(quantity, unit=count.split("/")[0], kind="count") if said and count is not None else None
    if _OF_WHICH.search(text, max(0, quantity.lead - 24), quantity.lead) or _OF_THEM.match(text, quantity.end):
        level = levels[-1]
    elif _MORE_THAN.match(text, quantity.end):
        counted = [other for other in levels if other.unit not in _words().not_goods]
        level = (counted or levels)[-1]
    else:
        return None
    whole = level.kind == "count" or quantity.factor > 1 or level.factor == 1
    return replace(quantity, unit=level.unit.split("/")[0], kind=level.kind) if whole else None


_TO = re.compile(r"\s(?:each\s)?(?:to|instead of|rather than)\s")


def _to_one(text: str, quantity: Quantity, before: list[Quantity]) -> Quantity | None:
    """The unit of a count in words that goes to another (from two shifts to one)."""
    if quantity.digits or quantity.factor > 1 or not before or before[-1].kind != "count" or before[-1].number > 20:
        return None
    return _like(quantity, before[-1]) if _TO.fullmatch(text[before[-1].end : quantity.lead]) else None


def _people(text: str, quantity: Quantity) -> Quantity | None:
    """People where the words before speak of those employed (employs 800, its headcount doubled to 620)."""
    if not quantity.digits or quantity.number != int(quantity.number) or quantity.number < 10:
        return None
    said = _words().employed.search(text, max(0, quantity.lead - 70), quantity.lead)
    return replace(quantity, unit="person", kind="count") if said else None


def _times(text: str, quantity: Quantity) -> Quantity | None:
    """A ratio that is told by its name (book-to-bill was 1.6)."""
    said = _words().ratio.search(text, max(0, quantity.lead - 50), quantity.lead) if quantity.factor == 1 else None
    return None if said is None else replace(quantity, unit="ratio", kind="ratio")


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_ROW = re.compile(r"^\s(?:in|for)\s[A-Z][^.;]{2,24}?(?:,|,?\sand)\s$")
_IN_MONTH = re.compile(rf"\s(?:in|for)\s(?:{_MONTHS})\b")
_DATED_AND = re.compile(r"^\s(?:(?:this|last|next)\s(?:year|month|quarter)|in\s(?:20\d\d|[A-Z][a-z]+))(?:,|,?\sand)\s$")
_DATED = re.compile(r"\s(?:in|by)\s(?:20\d\d|[A-Z])|\s(?:this|last|next)\s(?:year|month|quarter)\b")


def _is_aside(text: str, quantity: Quantity) -> bool:
    """Whether a quantity stands in brackets."""
    return text[: quantity.lead].rstrip().endswith("(")


def _held_against(text: str, quantity: Quantity, before: list[Quantity]) -> Quantity | None:
    """The unit of the level before, where the number is one that it came from, goes to or is compared with."""
    levels = [other for other in before if other.kind not in _ASIDE]
    if not levels or levels[-1].kind not in LEVELS or not (quantity.digits or quantity.factor > 1):
        return None
    level = levels[-1]
    if level.kind == "currency" and len(levels) > 1 and levels[-2].kind == "currency" and _is_aside(text, level):
        level = levels[-2]  # the sum in the page's own money, not what it comes to in another
    between = text[level.end : quantity.lead]
    row = _ROW.search(between) is not None and _IN_MONTH.match(text, quantity.end) is not None
    row = row or (_DATED_AND.search(between) is not None and _DATED.match(text, quantity.end) is not None)
    held = _words().held.search(text, max(0, quantity.lead - 40), quantity.lead)
    named = level.kind == "currency" and quantity.factor > 1 and _NAME_AHEAD.search(text, 0, quantity.lead)
    if not row and not named and not (held and (level.kind != "currency" or quantity.factor > 1 or level.factor == 1)):
        return None
    return _like(quantity, level)


_NAMED_NEXT = re.compile(
    r"^(?:\s(?:of|in)\s(?:[a-z-]+\s?){1,4})?(?:\s*,|\s+and|\s*;)\s(?:and\s)?(?:[\w.&’'-]+\s){0,3}?"
    r"(?:[A-Z][\w.&’'-]*,?\s){1,3}(?:with\s)?$|^\s(?:[\w-]+\s){0,4}instead\sof\s$"
)
_ROW_GOES_ON = re.compile(r"\s*(?:[,.;)]|and\b|$)")


def _share_in_row(text: str, quantity: Quantity, before: list[Quantity]) -> Quantity | None:
    """A percentage in a row that says per cent once, at its head (Germany took 37 per cent, Romania 19)."""
    if not before or before[-1].kind != "percent" or not quantity.digits or not 0 < quantity.number <= 100:
        return None
    between = text[before[-1].end : quantity.lead]
    fits = quantity.factor == 1 and _NAMED_NEXT.search(between) and _ROW_GOES_ON.match(text, quantity.end)
    return _like(quantity, before[-1]) if fits else None


_NAME_AHEAD = re.compile(r"(?:[A-Z][\w.-]*|\bremaining|\bother)\s+$")
_OF_THESE = re.compile(r"\W*(?:Of|Among|Out of)\s+(?:these|those|them|which|that|this)\b")
_THAT_NUMBER = re.compile(r"\W*(?:That|This|The)\s(?:number|figure|total|count)\b")
_IT_IS = re.compile(r"\bit\s(?:is|was|has|had|will\sbe)\s(?:now\s|only\s|just\s|still\s)?$", re.I)
_PRICED = re.compile(r"\b(?:shares?|stock|index|prices?)\b", re.I)


def _goods(
    text: str, quantity: Quantity, before: list[Quantity], goods: str | None, count: str | None
) -> Quantity | None:
    """The goods that a number counts: those counted before it, or those that its sentence or the story speaks of."""
    words, start = _words(), max(0, quantity.lead - 40)
    counted = [q for q in before if q.kind == "count"]
    row = _in_named_row(text, quantity, counted, count or goods)
    if not (row or words.ahead.search(text, start, quantity.lead)):
        return None
    money = [q for q in before if q.kind == "currency"]
    if money and money[-1] is before[-1] and quantity.factor > 1:
        return _like(quantity, money[-1])
    if not _is_count(text, quantity, counted, count):
        return None
    other = [q for q in before if q.kind not in {"count", "bare", "ratio"}]
    flows = words.flow.search(text) is not None and not (_PRICED.search(text) and not counted)
    in_sentence = counted and (not other or other[-1].start < counted[-1].start)
    held = words.held.search(text, start, quantity.lead) is not None
    things = [q for q in counted if q.unit.split("/")[0] not in words.not_goods] if held else []
    number = _THAT_NUMBER.match(text) is not None or _IT_IS.search(text, start, quantity.lead) is not None
    number = number and count is not None and quantity.number >= 10
    unit = (
        (things or counted)[-1].unit
        if in_sentence
        else (goods or count)
        if (flows and not number) or (row and count is None)
        else count
    )
    told = counted or flows or number or row or _OF_THESE.match(text) or words.having.search(text, start, quantity.lead)
    return replace(quantity, unit=unit.split("/")[0], kind="count") if unit is not None and told else None


def _in_named_row(text: str, quantity: Quantity, counted: list[Quantity], count: str | None) -> bool:
    """Whether a number stands right behind a name in a row of them (Saudi Arabia 6,200, UAE 4,100)."""
    if _NAME_AHEAD.search(text, 0, quantity.lead) is None:
        return False
    return bool(counted) or (count is not None and len(re.findall(r"[A-Z][\w.-]*\s\d{1,3},\d{3}\b", text)) > 1)


def _is_count(text: str, quantity: Quantity, counted: list[Quantity], count: str | None) -> bool:
    """Whether a number may count things at all: small ones and words only in a row with another count."""
    if not quantity.digits and quantity.number != 0:
        return bool(counted) and re.search(r"(?:[:,]|\band)\s*$", text[: quantity.lead]) is not None
    size = quantity.value if quantity.value is not None else quantity.low
    small = quantity.digits and abs(size or 0.0) < 100 and quantity.number != 0
    return not small or bool(counted) or count is not None
