"""What a number without a unit measures, by the words around it and the figures before it in its sentence.

People where they are employed, the unit of the figure that it is held against, the goods that are spoken of. The goods
of the sentences before are ``carry.py``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cell2grid.evidence.quantities.denominators import denominator_after
from cell2grid.evidence.quantities.quantity import Quantity

_AHEAD = re.compile(
    r"(?:\b(?:to|add(?:s|ed|ing)?|reach|reaches|top(?:s|ped)?|exceed(?:s|ed)?|make|build|and|or|than|from|between|with|was|were|at|of|another|further|sending|sent|export(?:s|ed|ing)"
    r"|imported|after|producing|selling|making|building|shipping|exporting|sold|shipped|delivered|delivering|produced|made|built|contribut(?:ed|ing|es)|took|hit"
    r"|reached|totall?ed|averaged|only|just|including|against|but|by|for|installed|it|which|whom)\s+(?:the\s+"
    r"|a\s+total\s+of\s+)?|\b(?:double|triple|twice|times|half)\s+the\s+|\b(?:last|previous|prior)\s+year[’']s\s+|[,:(]\s*|\b(?:total|figure|number|sales|exports|deliveries|output"
    r"|production|it)\s+(?:is|was|were|of|to|at)?\s*)$",
    re.I,
)
_NAME_AHEAD = re.compile(r"(?:[A-Z][\w.-]*|\bremaining|\bother)\s+$")
_BEHIND = re.compile(
    r"^(?:\s*(?:[,.;)]|$)|\s+(?:in|abroad|overseas|of (?:them|these|those|which|that|the same|last|a year)|from|to|for"
    r"|and|or|last|this|a year|a month|a week|a day|during|between|it|the|respectively|by|were|was|on|at|went|outside"
    r"|worldwide|year|units|per|compared|with|against|when|today|once|now|next|since|so far|annually|over|through"
    r"|had|came|than|left|cars|each|as)\b)",
    re.I,
)
_FLOW = re.compile(
    r"\b(?:export|import|sold|sale|deliver|produc|shipp|ship|number|figure|total|output|built|made"
    r"|registr|contribut|send|sent|imports|followed)\w*\b",
    re.I,
)


_OF_THESE = re.compile(r"\W*(?:Of|Among|Out of)\s+(?:these|those|them|which|that|this)\b")


_ROW = re.compile(r"^\s(?:in|for)\s[A-Z][^.;]{2,24}?(?:,|,?\sand)\s$")
_IN_MONTH = re.compile(
    r"\s(?:in|for)\s(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_EMPLOYED = re.compile(
    r"\b(?:employ(?:s|ed|ing)?|headcount|workforce|payroll|staff(?:ing)?)\b(?:[^.;\d]{0,40}|[^.;]{0,24}\d[\d,.]*\s(?:today|now),\s)$",
    re.I,
)
_HELD_AGAINST = re.compile(
    r"\b(?:from|to|than|against|versus|vs\.?|another|further|with|(?:double|triple|twice|times|half)\s+the"
    r"|year[’']s|target of|goal of|forecast of|average of|total of|peak of|low of)\s+$",
    re.I,
)
_LEVELS = frozenset({"energy", "power", "mass", "area", "currency"})
_ASIDE = frozenset({"ratio", "percent", "percentage_point", "duration", "basis_point"})


def measured_by_context(
    text: str, quantity: Quantity, before: list[Quantity], goods: str | None, count: str | None
) -> Quantity | None:
    """The bare quantity with its unit, or None where nothing says what it measures.

    ``before`` are the quantities before it in the sentence, ``goods`` what the story speaks of, ``count`` the last
    counted unit of the sentence right before.
    """
    if not _BEHIND.match(text[quantity.end : quantity.end + 24]):
        return None
    found = _people(text, quantity) or _held_against(text, quantity, before)
    found = found or _goods(text, quantity, before, goods, count)
    if found is None or "/" in found.unit or found.kind not in {"count", "energy", "mass", "currency"}:
        return found
    per = denominator_after(text, found.end, found.kind)
    return found if per is None else replace(found, end=per[0], unit=f"{found.unit}/{per[1]}")


def _people(text: str, quantity: Quantity) -> Quantity | None:
    """People where the words before speak of those employed (employs 800, its headcount doubled to 620)."""
    if not quantity.digits or quantity.number != int(quantity.number) or quantity.number < 10:
        return None
    said = _EMPLOYED.search(text, max(0, quantity.lead - 70), quantity.lead)
    return replace(quantity, unit="person", kind="count") if said else None


def _held_against(text: str, quantity: Quantity, before: list[Quantity]) -> Quantity | None:
    """The unit of the level before, where the number is one that it came from, goes to or is compared with."""
    levels = [other for other in before if other.kind not in _ASIDE]
    if not levels or levels[-1].kind not in _LEVELS or not quantity.digits:
        return None
    level, ahead = levels[-1], text[max(0, quantity.lead - 40) : quantity.lead]
    between = text[level.end : quantity.lead]
    row = _ROW.search(between) is not None and _IN_MONTH.match(text, quantity.end) is not None
    money = level.kind == "currency"
    if not row and not (_HELD_AGAINST.search(ahead) and (not money or quantity.factor > 1 or level.factor == 1)):
        return None
    return replace(quantity, unit=level.unit, kind=level.kind)


def _goods(
    text: str, quantity: Quantity, before: list[Quantity], goods: str | None, count: str | None
) -> Quantity | None:
    """The goods that a number counts: those counted before it, or those that its sentence or the story speaks of."""
    ahead = text[max(0, quantity.lead - 40) : quantity.lead]
    counted = [q for q in before if q.kind == "count"]
    if not (_AHEAD.search(ahead) or (counted and _NAME_AHEAD.search(ahead))):
        return None
    money = [q for q in before if q.kind == "currency"]
    if money and money[-1] is before[-1] and quantity.factor > 1:
        return replace(quantity, unit=money[-1].unit, kind="currency")
    other = [q for q in before if q.kind not in {"count", "bare", "ratio"}]
    flows = _FLOW.search(text)
    size = quantity.value if quantity.value is not None else quantity.low
    small = quantity.digits and abs(size or 0.0) < 100 and quantity.number != 0
    if not quantity.digits and quantity.number != 0 and not (counted and re.search(r"(?:[:,]|\band)\s*$", ahead)):
        return None
    if small and not counted and count is None:
        return None
    in_sentence = counted and (not other or other[-1].start < counted[-1].start)
    unit = counted[-1].unit if in_sentence else (goods or count) if flows else count
    if unit is None or not (counted or flows or _OF_THESE.match(text)):
        return None
    return replace(quantity, unit=unit.split("/")[0], kind="count")
