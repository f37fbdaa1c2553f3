"""Profit in a period, a loss being negative; revenue is ``revenue.py``."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.claims.subjects import EARNERS
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 45
MEASURES = ("profit",)
EXAMPLES = (
    Example(
        "Wärtsilä made a net profit of €503 million in 2024.",
        (
            {
                "value_text": "€503 million",
                "value": 503e6,
                "unit": "EUR",
                "subject": "Wärtsilä",
                "period_start": "2024-01-01",
            },
        ),
    ),
    Example(
        "SK On posted an operating loss of 299.3 billion won in the first quarter of 2025.",
        ({"value_text": "299.3 billion won", "value": -299.3e9, "unit": "KRW", "subject": "SK On"},),
    ),
    Example(
        "Li Auto's net income fell to 1.1 billion yuan in the second quarter of 2024.",
        (
            {
                "value_text": "1.1 billion yuan",
                "value": 1.1e9,
                "unit": "CNY",
                "subject": "Li Auto",
                "period_start": "2024-04-01",
            },
        ),
    ),
)
_PROFIT = re.compile(r"\b(?:profits?|net income|operating income|earnings|EBITDA|EBIT)\b(?! call)", re.I)
_LOSS = re.compile(r"\b(?:net |operating |quarterly |annual )?loss(?:es)?\b", re.I)
_EARNED = re.compile(r"\b(?:earned|earns|netted)\s+(?:about\s+|nearly\s+|over\s+|some\s+|more than\s+)?$", re.I)
_LOST = re.compile(r"\b(?:lost|loses?|losing)\s+(?:about\s+|nearly\s+|over\s+|some\s+|more than\s+)?$", re.I)
_OTHER = re.compile(
    r"\b(?:revenues?|turnover|sales|invest\w*|backlog|costs?|spend\w*|exports?|cash|debt|capital"
    r"|write-?down|charge)\b",
    re.I,
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Profit or loss where the nearest word of money says so."""
    if quantity.kind != "currency" or "/" in quantity.unit:
        return None
    ahead = scene.clause_before(quantity)[-100:]
    places = {
        name: [found.end() for found in pattern.finditer(ahead)]
        for name, pattern in (("profit", _PROFIT), ("loss", _LOSS), ("other", _OTHER))
    }
    last = {name: found[-1] if found else -1 for name, found in places.items()}
    none_said = max(last["profit"], last["loss"], last["other"]) < 0
    on_sales = re.match(r"^\s+on\s+(?:[\w-]+\s+){0,2}?(?:sales|revenues?|turnover)\b", scene.after(quantity))
    if none_said and _EARNED.search(ahead) and (on_sales or not _OTHER.search(scene.after(quantity, 24))):
        return Slots("profit", kinds=EARNERS)
    if _LOST.search(ahead) and max(last["profit"], last["loss"]) < 0 and quantity.value is not None:
        return Slots("profit", value=-abs(quantity.value), kinds=EARNERS)
    carried = _carries_on(quantity, scene)
    if carried is not None:
        return carried
    if max(last["profit"], last["loss"]) <= last["other"] or _PART.search(ahead[max(last["profit"], last["loss"]) :]):
        behind = re.match(
            r"^\s+(?:in|of)\s+(?:[\w-]+\s+){0,2}?(?:profits?|net income|earnings)\b", scene.after(quantity)
        )
        return Slots("profit", kinds=EARNERS) if behind else None
    lost = last["loss"] > last["profit"]
    value = -abs(quantity.value) if lost and quantity.value is not None else None
    return Slots("profit", value=value, kinds=EARNERS)


# a loss that includes a charge of so much: the charge is no loss of its own
_PART = re.compile(r"\b(?:includ(?:es?|ed|ing)|because of|due to|owing to)\b[^.;]{0,30}$", re.I)
_AND_IN = re.compile(r"\s(?:in|for)\s[^.;,\d]{2,40}?(?:,|,?\sand)\s(?:of\s)?")
_BEATS = re.compile(
    r"\b(?:beats?|beating|miss(?:ed|ing)|topp(?:ed|ing)|exceed(?:s|ed|ing)|above|below)\b[^.;\d]{0,20}$", re.I
)
_ESTIMATE = re.compile(r"^\s+(?:[\w-]+\s+){0,4}?(?:average|consensus|estimates?|forecasts?|expected|projected)\b", re.I)


def _carries_on(quantity: Quantity, scene: Scene) -> Slots | None:
    """A profit or loss that goes on from the one before: of another period, or what analysts had expected."""
    earlier = scene.earlier(quantity)
    if earlier is not None and earlier[1].measure == "profit" and earlier[2].unit == quantity.unit:
        if not _AND_IN.fullmatch(scene.text[earlier[2].end : quantity.lead]) or quantity.value is None:
            return None
        lost = earlier[1].value is not None and earlier[1].value < 0
        return Slots("profit", value=-abs(quantity.value) if lost else None, subject=earlier[1].subject, kinds=EARNERS)
    expected = _BEATS.search(scene.before(quantity, 50)) and _ESTIMATE.match(scene.after(quantity))
    said = scene.recent("profit") if expected and earlier is None else None
    return (
        None if said is None else Slots("profit", subject=said.subject, inherited=("measure", "subject"), kinds=EARNERS)
    )
