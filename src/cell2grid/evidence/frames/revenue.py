"""Revenue in a period: money from sales; what is left of it is ``profit.py``."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.claims.subjects import EARNERS
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.counted_nouns import nouns
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 46
MEASURES = ("revenue",)
EXAMPLES = (
    Example(
        "Sunwoda's revenue was 26.99 billion yuan in the first half of 2025.",
        (
            {
                "value_text": "26.99 billion yuan",
                "value": 26.99e9,
                "unit": "CNY",
                "subject": "Sunwoda",
                "period_end": "2025-06-30",
            },
        ),
    ),
    Example(
        "Samsung SDI booked revenue of 16.6 trillion won in 2024.",
        (
            {
                "value_text": "16.6 trillion won",
                "value": 16.6e12,
                "unit": "KRW",
                "subject": "Samsung SDI",
                "period_start": "2024-01-01",
            },
        ),
    ),
    Example(
        "Eos Energy expects 2025 revenue of $150 million to $190 million.",
        (
            {
                "value_text": "$150 million to $190 million",
                "low": 150e6,
                "high": 190e6,
                "unit": "USD",
                "subject": "Eos Energy",
            },
        ),
    ),
)
_NEAR = re.compile(
    r"\b(?:revenues?|turnover|takings|sales(?! (?:prices?|network|staff|manager|team|force|tax|target of \d))"
    r"|total income|top line)\b|营收",
    re.I,
)
_OTHER = re.compile(
    r"\b(?:profits?|loss(?:es)?|earnings|(?<!total )income|EBITDA|invest\w*|capital|backlog|costs?|spend\w*|spent"
    r"|exports?|margin|cash|debt)\b",
    re.I,
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Revenue where the nearest word of money says so."""
    if quantity.kind != "currency" or (
        "/" in quantity.unit and quantity.unit.partition("/")[2] not in nouns().values()
    ):
        return None
    ahead = scene.clause_before(quantity)[-100:]
    own = [found.end() for found in _NEAR.finditer(ahead)]
    others = [found.end() for found in _OTHER.finditer(ahead)]
    behind = re.match(r"^\s+(?:in|of)\s+(?:[\w-]+\s+){0,2}?(?:revenues?|turnover|sales)\b", scene.after(quantity))
    if behind or (own and (not others or own[-1] > others[-1])):
        return Slots("revenue", kinds=EARNERS)
    return None
