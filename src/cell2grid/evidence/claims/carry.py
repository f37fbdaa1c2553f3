"""What a bare number or "units" counts, where only the words before can say: 60 vehicles in March, zero in April.

The goods of a sentence come first, then those of the sentences before; a number that nothing explains is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from cell2grid.evidence.claims.bare_numbers import measured_by_context
from cell2grid.evidence.quantities.counted_nouns import counted_noun
from cell2grid.evidence.quantities.quantity import Quantity

_GOODS = re.compile(
    r"(?P<vehicle>\b(?:vehicles?|cars?|pick-?ups?|EVs?|NEVs?|BEVs?|PHEVs?|automobiles?|SUVs?|sedans?|hybrids?"
    r"|carmakers?|automakers?"
    r"|Model [3YSX])\b)|(?P<system>\b(?:[Mm]egapacks?|[Pp]owerwalls?|storage systems?|BESS)\b)"
    r"|(?P<cell>\b(?:battery )?cells\b)|(?P<scooter>\b(?:e-)?scooters?\b)|(?P<two_wheeler>\b[Tt]wo-wheelers?\b)"
    r"|(?P<three_wheeler>\b[Tt]hree-wheelers?\b)|(?P<bus>\bbuses\b)"
    r"|\b(?:export|import|shipp|sold|sell|deliver)\w*\s(?:of\s)?(?:[a-z-]+\s){0,3}(?P<battery>batteries\b)"
    r"|(?P<van>\bvans?\b)|(?P<truck>\btrucks?\b)|(?P<container>\bcontainers?\b)|(?P<motorcycle>\bmotorcycles?\b)"
)
# what a page counts by the deed and not by the thing: 2,100 deliveries are so many vehicles
_COUNTED_FLOWS = frozenset({"unit", "export", "sale", "delivery", "import", "registration"})
_OF_WHAT = re.compile(r"\s+of\s+(?:its|the|their|a|an)\s+")


def goods_of(text: str) -> str | None:
    """The goods that a sentence speaks of, by the first word for one; None where it names none.

    >>> goods_of("Kia's EV exports rose"), goods_of("Profit rose")
    ('vehicle', None)
    """
    found = _GOODS.search(text)
    return None if found is None or found.lastgroup is None else found.lastgroup.replace("_", "-")


def with_units(
    text: str,
    quantities: tuple[Quantity, ...],
    goods_before: Callable[[], str | None],
    count: str | None,
    level: Quantity | None = None,
) -> tuple[list[Quantity], set[int]]:
    """The quantities with the unit of each bare number and "unit" found, and the starts of those carried over.

    ``goods_before`` gives what the sentences before counted, and is asked only where a quantity needs it; ``count``
    is the last counted unit of the sentence right before, ``level`` the last load, mass, area or sum of the paragraph.
    """
    found: list[Quantity] = []
    carried: set[int] = set()
    if not any(quantity.kind == "bare" or quantity.unit.partition("/")[0] in _COUNTED_FLOWS for quantity in quantities):
        return list(quantities), carried
    own = goods_of(text)
    goods = own or goods_before()
    for quantity in quantities:
        base, slash, per = quantity.unit.partition("/")
        if quantity.kind == "count" and base in _COUNTED_FLOWS:
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
            counted = measured_by_context(text, quantity, found, goods, count, level)
            if counted is None:
                continue
            if not any(q.kind == "count" for q in found) and own is None:
                carried.add(quantity.start)
            quantity = counted
        found.append(quantity)
    return found, carried
