"""What a bare number or "units" counts, where only the words before can say: 60 vehicles in March, zero in April.

The goods of a sentence come first, then those of the sentences before; a number that nothing explains is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from cell2grid.evidence.quantities.counted_nouns import counted_noun
from cell2grid.evidence.quantities.quantity import Quantity

_GOODS = re.compile(
    r"(?P<vehicle>\b(?:vehicles?|cars?|pick-?ups?|EVs?|NEVs?|BEVs?|PHEVs?|automobiles?|SUVs?|sedans?|hybrids?"
    r"|carmakers?|automakers?"
    r"|Model [3YSX])\b)|(?P<system>\b(?:[Mm]egapacks?|[Pp]owerwalls?|storage systems?|BESS)\b)"
    r"|(?P<cell>\b(?:battery )?cells\b)|(?P<scooter>\b(?:(?:e-)?scooters?|[Tt]wo-wheelers?)\b)|(?P<bus>\bbuses\b)"
    r"|(?P<van>\bvans?\b)|(?P<truck>\btrucks?\b)|(?P<container>\bcontainers?\b)|(?P<motorcycle>\bmotorcycles?\b)"
)
_AHEAD = re.compile(
    r"(?:\b(?:to|and|or|than|from|between|with|was|were|at|of|another|further|sending|sent|export(?:s|ed|ing)"
    r"|imported|after|producing|selling|making|building|shipping|exporting|sold|shipped|delivered|delivering|produced|made|built|contribut(?:ed|ing|es)|took|hit"
    r"|reached|totall?ed|averaged|only|just|including|against|but|by|for|installed|it|which|whom)\s+(?:the\s+"
    r"|a\s+total\s+of\s+)?|\b(?:double|triple|twice|times|half)\s+the\s+|\b(?:last|previous|prior)\s+year[’']s\s+|[,:(]\s*|\b(?:total|figure|number|sales|exports|deliveries|output"
    r"|production|it)\s+(?:is|was|were|of|to|at)?\s*)$",
    re.I,
)
_NAME_AHEAD = re.compile(r"(?:[A-Z][\w.-]*|\bremaining|\bother)\s+$")
_BEHIND = re.compile(
    r"^(?:\s*(?:[,.;)]|$)|\s+(?:in|abroad|overseas|of (?:them|these|those|which|that)|from|to|for|and"
    r"|or|last|this|a year|during|between|it|the|respectively|by|were|was|on|at|went"
    r"|outside|worldwide|year|units|per|compared|over|through|had|came|than|left|cars|each|as)\b)",
    re.I,
)
_FLOW = re.compile(
    r"\b(?:export|import|sold|sale|deliver|produc|shipp|ship|number|figure|total|output|built|made"
    r"|registr|contribut|send|sent|imports|followed)\w*\b",
    re.I,
)


_OF_WHAT = re.compile(r"\s+of\s+(?:its|the|their|a|an)\s+")
_OF_THESE = re.compile(r"\W*(?:Of|Among|Out of)\s+(?:these|those|them|which|that|this)\b")


_ROW = re.compile(r"^\s(?:in|for)\s[A-Z][^.;]{2,24}?(?:,|,?\sand)\s$")
_IN_MONTH = re.compile(
    r"\s(?:in|for)\s(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


def goods_of(text: str) -> str | None:
    """The goods that a sentence speaks of, by the first word for one; None where it names none.

    >>> goods_of("Kia's EV exports rose"), goods_of("Profit rose")
    ('vehicle', None)
    """
    found = _GOODS.search(text)
    return None if found is None else found.lastgroup


def with_units(
    text: str, quantities: tuple[Quantity, ...], goods_before: Callable[[], str | None], count: str | None
) -> tuple[list[Quantity], set[int]]:
    """The quantities with the unit of each bare number and "unit" found, and the starts of those carried over.

    ``goods_before`` gives what the sentences before counted, and is asked only where a quantity needs it; ``count``
    is the last counted unit of the sentence right before.
    """
    found: list[Quantity] = []
    carried: set[int] = set()
    if not any(quantity.kind == "bare" or quantity.unit.startswith("unit") for quantity in quantities):
        return list(quantities), carried
    own = goods_of(text)
    goods = own or goods_before()
    for quantity in quantities:
        base, slash, per = quantity.unit.partition("/")
        if quantity.kind == "count" and base == "unit":
            of_what = _OF_WHAT.match(text, quantity.end)
            named = counted_noun(text, of_what.end() - 1, singular_too=True) if of_what else None
            before = [q for q in found if q.kind == "count" and q.unit.split("/")[0] not in {"unit"}]
            name = (
                before[-1].unit.split("/")[0]
                if before and before[-1].unit.split("/")[0] in _GOODS.groupindex
                else goods
            )
            name = named.name if named is not None and named.name != "unit" else name
            if name is not None:
                if own is None and not before:
                    carried.add(quantity.start)
                quantity = replace(quantity, unit=f"{name}{slash}{per}")
        elif quantity.kind == "bare":
            counted = _bare(text, quantity, found, goods, count)
            if counted is None:
                continue
            if not any(q.kind == "count" for q in found) and own is None:
                carried.add(quantity.start)
            quantity = counted
        found.append(quantity)
    return found, carried


def _bare(
    text: str, quantity: Quantity, before: list[Quantity], goods: str | None, count: str | None
) -> Quantity | None:
    ahead, behind = text[max(0, quantity.lead - 40) : quantity.lead], text[quantity.end : quantity.end + 24]
    in_row = any(q.kind == "count" for q in before) and _NAME_AHEAD.search(ahead)
    if not (_AHEAD.search(ahead) or in_row) or not _BEHIND.match(behind):
        return None
    alike = before[-1] if before and before[-1].kind in {"energy", "power", "mass"} else None
    if alike is not None and _ROW.search(text[alike.end : quantity.lead]) and _IN_MONTH.match(text, quantity.end):
        return replace(quantity, unit=alike.unit, kind=alike.kind)
    money = [q for q in before if q.kind == "currency"]
    if money and money[-1] is before[-1] and quantity.factor > 1:
        return replace(quantity, unit=money[-1].unit, kind="currency")
    counted = [q for q in before if q.kind == "count"]
    other = [q for q in before if q.kind not in {"count", "bare"}]
    flows = _FLOW.search(text)
    size = quantity.value if quantity.value is not None else quantity.low
    small = quantity.digits and abs(size or 0.0) < 100 and quantity.number != 0
    if not quantity.digits and quantity.number != 0 and not (counted and re.search(r"(?:[:,]|\band)\s*$", ahead)):
        return None
    if small and not counted and count is None:
        return None
    unit = (
        counted[-1].unit
        if counted and (not other or other[-1].start < counted[-1].start)
        else (goods or count)
        if flows
        else count
    )
    if unit is None:
        return None
    if not counted and not flows and not _OF_THESE.match(text):
        return None
    return replace(quantity, unit=unit.split("/")[0], kind="count")
