"""Prices: money per kilowatt-hour, tonne, vehicle or unit, and what something is sold for."""

from __future__ import annotations

import re
from typing import Any

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._pricing import priced
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 44
MEASURES = ("price",)
EXAMPLES = (
    Example(
        "Battery packs cost $115 per kWh on average in 2024, BloombergNEF found.",
        ({"value_text": "$115 per kWh", "value": 115, "unit": "USD/kWh"},),
    ),
    Example(
        "Lithium carbonate traded at 72,000 yuan a tonne in Wuxi in June 2025.",
        ({"value_text": "72,000 yuan a tonne", "value": 72000, "unit": "CNY/tonne", "period_start": "2025-06-01"},),
    ),
    Example(
        "The Renault 5 is priced from 24,990 euros in France.",
        ({"value_text": "24,990 euros", "value": 24990, "unit": "EUR"},),
    ),
)
_PRICED = re.compile(
    r"\b(?:pric(?:e[sd]?|ing)|sells? for|sold for|starts? at|retails? (?:at|for)|tariff of|fetch\w*"
    r"|traded? at|settled at|sells?\s[^.;,\d]{2,50}\s(?:for|at)(?=\s*$)"
    r"|(?:sold|selling)\s[^;]{2,60}\sat(?=\s*$)|swapped\sfor"
    r"|(?:buses|cars|vehicles|packs|cells|batteries|models|trucks|scooters|systems|containers|chargers)\s+(?:now\s+)?costs?"
    r"|material\s(?:for\s[^.;,\d]{2,40}\s)?(?:cost|came\sto|comes\sto)"
    r"|\b(?:tariffs?|bids?|quotes?)\s[^.;,\d]{0,60}?(?:was|is|were|are|at|came\sto|stood\sat)(?=\s+(?:only\s|just\s)?$)"
    r")\b[^.;]{0,40}$",
    re.I,
)


_EARNED = re.compile(
    r"\b(?:revenues?|turnover|profits?|earnings|income|takings)\s+(?:of|was|were|is|at|came to)\s+(?:[a-z]+\s+){0,2}$"
)
_CARRIES = re.compile(r"\b(?:from|to|and|than|against|versus|or|with|(?:by|in)\s+(?:19|20)\d\d)\s+(?:the\s+)?$")


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """A price where money stands per energy, mass or piece, or behind a word of price."""
    if quantity.kind != "currency":
        return None
    _, _, per = quantity.unit.partition("/")
    if per in {"year", "month", "quarter", "week", "day"}:
        return None
    if per and _EARNED.search(scene.clause_before(quantity)[-50:]):
        return None
    earlier = scene.earlier(quantity)
    goes_on = (
        earlier is not None
        and earlier[1].measure == "price"
        and earlier[2].unit.partition("/")[0] == quantity.unit
        and _CARRIES.search(scene.before(quantity, 30)) is not None
    )
    if earlier is not None and goes_on:
        return Slots("price", unit=earlier[1].unit or earlier[2].unit, **_of(earlier[1].subject, earlier[1].inherited))
    if earlier is not None and earlier[1].measure == "price" and _one_from(quantity, scene):
        return Slots("price", unit=earlier[1].unit or earlier[2].unit, **_of(earlier[1].subject, earlier[1].inherited))
    said = scene.recent("price")
    if not per and said is not None and _goes_on(quantity, scene):
        return Slots("price", unit=said.unit, subject=said.subject, inherited=("measure", "subject", "unit"))
    if (
        per
        or _PER_PIECE.match(scene.after(quantity))
        or _PRICED.search(scene.clause_before(quantity)[-60:])
        or _costs_little(quantity, scene)
    ):
        return Slots("price", **_of(priced(scene, quantity), ()))
    return None


_THEY_WERE = re.compile(
    r"\b(?:they|it|that|those|prices?)(?:\s+(?:was|were|is|are|cost|came\s+to)|[’'](?:s|re))\s+(?:(?!\bworth\b)[a-z]+\s+){0,2}$"
    r"|\b(?:ha[ds]\s+(?:offered|bid|quoted)|offered|bid|quoted)\s+(?:only\s+|just\s+)?$",
    re.I,
)


_ONE_FROM = re.compile(
    r",?\s(?:and\s|but\s|while\s)?(?:one|those|that|the\ssame)\s(?:[a-z]+\s)?(?:from|in|of|by)\s[^,;.\d]{2,30}\s"
)


def _one_from(quantity: Quantity, scene: Scene) -> bool:
    """Whether a sum is the price of another of the same (a pack from Riga costs €90 per kWh, one from Seoul €70)."""
    before = [q for q in scene.quantities if q.end <= quantity.start]
    same = bool(before) and before[-1].unit.partition("/")[0] == quantity.unit
    return same and _ONE_FROM.fullmatch(scene.text[before[-1].end : quantity.lead]) is not None


def _goes_on(quantity: Quantity, scene: Scene) -> bool:
    """Whether a sum says what the goods of the sentence before cost elsewhere (In China they were $51)."""
    said = scene.recent("price")
    same = said is not None and said.unit.partition("/")[0] == quantity.unit
    return same and scene.earlier(quantity) is None and _THEY_WERE.search(scene.before(quantity, 24)) is not None


def _of(subject: str | None, inherited: tuple[str, ...]) -> dict[str, Any]:
    return {"subject": subject, "inherited": tuple(slot for slot in inherited if slot == "subject")}


def _costs_little(quantity: Quantity, scene: Scene) -> bool:
    """Whether what something costs is the price of one: below what any plant costs."""
    costs = re.search(r"\bcosts?\s+(?:only\s+|just\s+|about\s+|around\s+)?$", scene.clause_before(quantity))
    size = quantity.value if quantity.value is not None else quantity.high
    return costs is not None and size is not None and size < LARGEST_PRICE


_PER_PIECE = re.compile(r"^\s+(?:per|apiece|each)\b(?!\s+(?:year|month|quarter|week|day|hour|cent))", re.I)
LARGEST_PRICE = 1e5  # in any currency: dearer things that "cost" are plants and projects
