"""Money whose name several countries share (peso, dinar, crown, ¥): whose it is, by the countries that the page names.

A mark or word of one country alone is ``units_written.py``. The names and the words for their countries are data
(``vocabulary/shared_currencies.yaml``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from cell2grid.evidence.quantities.plurals import singular
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.vocabulary import table

LOOK = 20_000  # characters of a page in which its countries are counted


def settled(text: str, quantities: tuple[Quantity, ...], page: str) -> tuple[Quantity, ...]:
    """The quantities of a sentence with the currency that a shared name means on the page.

    >>> from cell2grid.evidence.quantities.lexer import lex
    >>> text = "Sales rose to ¥90 billion."
    >>> [q.unit for q in settled(text, lex(text).quantities, "Osaka: the maker earned 3 billion yen.")]
    ['JPY']
    """
    if not any(quantity.kind == "currency" for quantity in quantities):
        return quantities
    return tuple(_settled(text, quantity, page) if quantity.kind == "currency" else quantity for quantity in quantities)


def shares_name(text: str, quantities: tuple[Quantity, ...]) -> bool:
    """Whether a quantity of a sentence is in money that only its page settles.

    >>> from cell2grid.evidence.quantities.lexer import lex
    >>> [shares_name(text, lex(text).quantities) for text in ("It cost ¥90 million.", "It cost $90 million.")]
    [True, False]
    """
    money = (quantity for quantity in quantities if quantity.kind == "currency")
    return any(_name(text[each.start : each.end], each.unit.partition("/")[0]) is not None for each in money)


def _settled(text: str, quantity: Quantity, page: str) -> Quantity:
    code, slash, per = quantity.unit.partition("/")
    name = _name(text[quantity.start : quantity.end], code)
    if name is None:
        return quantity
    return replace(quantity, unit=f"{_meant(name, page[:LOOK])}{slash}{per}")


def _name(written: str, code: str) -> str | None:
    """The shared name in the words of a quantity, unless another word makes it one country's (Serbian dinars)."""
    shared = table("shared_currencies")
    found = [name for word in re.findall(r"[^\W\d]+|[¥￥]", written) if (name := singular(word.lower())) in shared]
    if not found or code not in shared[found[-1]]:
        return None
    of_one_country = re.search(rf"[A-Z][a-z]+\s+{found[-1]}", written)
    return None if of_one_country else found[-1]


@lru_cache(maxsize=64)
def _meant(name: str, page: str) -> str:
    """The code of the country that the page speaks of most; the first one where it speaks of none."""
    rows: dict[str, str] = table("shared_currencies")[name]
    counts = {code: len(re.findall(rf"(?<![A-Za-z])(?:{words})", page)) for code, words in rows.items()}
    return max(counts, key=lambda code: counts[code])
