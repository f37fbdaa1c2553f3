"""Who supplies whom: the two sides of an order, a contract or a delivery, by the grammar around a quantity.

The sentence is laid out with marks (``_layout.py``), so that names play no part in the patterns. What becomes of the
sides is ``supplies.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from cell2grid.evidence.claims.scene import Scene
from cell2grid.evidence.frames._layout import laid_out, sides
from cell2grid.evidence.naming.discourse import Mention
from cell2grid.evidence.quantities.quantity import Quantity

_PARTIES = frozenset({"firm", "unknown", "venture", "project", "plant", "pronoun", "group", "body"})
_TRIGGER = re.compile(
    r"\b(?:suppl(?:y|ies|ied|ying|ier)|deliver(?:s|ed|ing|y|ies)?|provid(?:e|es|ed|ing)|ship(?:s|ped|ping)?|s[eo]ll?d?"
    r"|orders?|ordered|ordering|contract(?:s|ed)?|agreements?|deals?|buy(?:s|ing)?|bought|purchas(?:e|es|ed|ing)"
    r"|procure[sd]?|sourc(?:e|es|ed|ing)|contracted|award(?:s|ed)?|picks?|picked|selects?|selected|ch[o]o?se[ns]?)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Roles:
    """The supplier and the customer of a quantity; ``agreed`` where it is ordered or contracted."""

    supplier: Mention
    customer: Mention | None
    agreed: bool


def roles(quantity: Quantity, scene: Scene) -> Roles | None:
    """Who supplies a quantity and to whom, where the grammar says both or a supply is plainly agreed; else None."""
    if not _TRIGGER.search(scene.text):
        return None
    parties = sides(scene, _PARTIES)
    text = laid_out(quantity, scene, parties)
    for pattern in _patterns():
        found = pattern.search(text)
        if found is None:
            continue
        named = {name: parties[int(place)] for name, place in found.groupdict().items() if place is not None}
        supplier, customer = named.get("s"), named.get("c")
        agreed = _AGREED.search(found.group()) is not None
        if supplier is None or (customer is not None and supplier.name == customer.name):
            return None
        return Roles(supplier, customer, agreed) if agreed or re.search(_SURE, found.group(), re.I) else None
    return None


def by_supplier(told: Roles | None) -> dict[str, Any]:
    """The subject of a quantity that is supplied, as slots: the supplier, carried over where only pointed at."""
    if told is None:
        return {}
    return {"subject": told.supplier.name, "inherited": ("subject",) * told.supplier.inherited}


_S, _C = r"«(?P<s>\d+)»(?:[’']s)?", r"«(?P<c>\d+)»(?:[’']s)?"
_G = r"[^«»#;]{0,70}?"
_WIDE = r"(?:[^«»#;]|«\d+»){0,110}?"
_SUPPLY = (
    r"\b(?:suppl(?:y|ies|ied|ying)|deliver(?:s|ed|ing)?|provid(?:e|es|ed|ing)|ship(?:s|ped|ping)?"
    r"|sell(?:s|ing)?|sold)\b"
)
_SURE = r"\bsuppl(?:y|ies|ied|ying)\b"
_BUY = (
    r"\b(?:order(?:s|ed|ing)?|buy(?:s|ing)?|bought|purchas(?:e|es|ed|ing)|procur(?:e|es|ed|ing)|sourc(?:e|es|ed|ing)"
    r"|contracted|tak(?:e|es|ing)|took)\b"
)
_DEAL = r"\b(?:contracts?|agreements?|deals?|orders?|pact|memorandum|letter of intent|MoU|call-off)\b"
_WON = (
    r"\b(?:won|wins?|winning|landed|lands|bagged|bags|clinched|clinches|booked|books|secured|secures|received|receives"
    r"|obtained|picked up|scored|signed)\b"
)
_SIGNED = (
    r"\b(?:sign(?:s|ed)?|inked|inks|sealed|seals|struck|strikes|concluded|concludes|reached|has|have|agreed|announced"
    r"|entered into|closed)\b"
)
_OF = r"\b(?:for|of|worth|covering|totalling|totaling|valued at|involving|to\s+(?:supply|deliver|provide|ship|sell))\b"
_AGREED = re.compile(
    rf"{_DEAL}|{_BUY}|\b(?:will|would|shall|agreed|awarded|selects?|selected|ch[o]o?ses?|chosen|picks?|picked|due)\b"
    r"|\bto\s+(?:supply|deliver|provide|ship|sell|buy|purchase|be\s+supplied)\b",
    re.I,
)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """The ways in which two sides and a quantity stand together, the surest first."""
    described = r"\b(?:supplier|maker|manufacturer|producer|integrator)\s+"
    return tuple(
        re.compile(pattern, re.I)
        for pattern in (
            # X was supplied by Y with n; X will be supplied with n by Y
            rf"{_C}{_G}\b(?:supplied|provided)\s+by\s+{_S}{_G}\bwith\b{_G}#",
            rf"{_C}{_G}\b(?:supplied|provided)\s+with\b{_G}#{_G}\bby\s+(?:the\s+)?{_S}",
            # n will be supplied (to X) by Y; n ordered by X from Y
            rf"#{_G}\b(?:supplied|delivered|provided|shipped)\s+to\s+{_G}{_C}{_G}\bby\s+{_G}{_S}",
            rf"#{_G}\b(?:ordered|bought|purchased)\s+by\s+{_G}{_C}{_G}\bfrom\s+{_G}{_S}",
            # X buys n from Y, X signed a contract with Y to buy n
            rf"{_C}{_WIDE}{_BUY}{_G}#{_WIDE}\bfrom\s+(?:[\w-]+\s+){{0,5}}{_S}",
            rf"{_C}{_G}{_DEAL}{_G}\b(?:with|from)\b{_G}{_S}{_G}\b(?:to\s+(?:buy|purchase|procure|take|source)|for\s+the\s+(?:purchase|delivery)\s+of)\b{_G}#",
            # X buys ~ from Y and n from Z
            rf"{_C}{_G}{_BUY}{_G}~{_G}\bfrom\s+(?:[\w-]+\s+){{0,5}}«\d+»,?\s+and\s+#\s+from\s+(?:[\w-]+\s+){{0,5}}{_S}",
            # X signed a contract with the supplier Y for n
            rf"{_C}{_G}{_SIGNED}{_G}{_DEAL}\s+with\s+(?:[\w-]+\s+){{0,4}}?{described}{_S}{_G}\bfor\b{_G}#",
            # X awarded Y a contract for n, X gave Y an order of n, X awarded n to Y
            rf"{_C}{_G}\b(?:award(?:s|ed|ing)?|gave|gives|handed|given)\b{_G}{_S}{_G}{_DEAL}{_G}#",
            rf"{_C}{_G}\b(?:award(?:s|ed|ing)?|gave|gives|handed|given)\b{_G}{_S}{_G}#{_G}{_DEAL}",
            rf"{_C}{_G}\b(?:award(?:s|ed)?|placed|places)\b{_G}#{_G}(?:{_DEAL}{_G})?\b(?:to|with)\b{_G}{_S}",
            rf"{_C}{_G}\b(?:placed|places|plac(?:e|ing))\b{_G}{_DEAL}{_G}\bwith\b{_G}{_S}{_G}\bfor\b{_G}#",
            rf"{_C}{_G}\b(?:placed|places)\b{_G}{_DEAL}{_G}\bfor\b{_G}#{_G}\bwith\b{_G}{_S}",
            # X chose Y to supply n
            rf"{_C}{_G}\b(?:select(?:s|ed)?|ch[o]o?ses?|chosen|picks?|picked|tapp?(?:s|ed)|appoint(?:s|ed)|contracted|commissioned|hired)\b{_G}{_S}{_G}\b(?:to\s+(?:supply|deliver|provide|build)|for|as)\b{_G}#",
            rf"{_S}{_G}\b(?:was|were|been|is)\s+(?:chosen|selected|picked|appointed|contracted)\s+by\b{_G}{_C}{_G}\b(?:to\s+(?:supply|deliver|provide)|for)\b{_G}#",
            # Y won an order from X for n; Y won an order for n from X; Y won an n order from X
            rf"{_S}{_G}{_WON}{_G}{_DEAL}{_G}\b(?:from|by)\b{_G}{_C}{_G}{_OF}{_G}#",
            rf"{_S}{_G}{_WON}{_G}{_DEAL}{_G}{_OF}{_G}#{_G}\b(?:from|by)\b{_G}{_C}",
            rf"{_S}{_G}{_WON}{_G}#{_G}{_DEAL}{_G}\b(?:from|by)\b{_G}{_C}",
            # Y supplies X with n; Y signed a contract with X to supply n
            rf"{_S}{_G}{_SUPPLY}\s+(?:[\w’'-]+\s+){{0,5}}?{_C}{_G}\bwith\b{_G}#",
            rf"{_S}{_G}{_DEAL}{_G}\b(?:with|from)\b{_G}{_C}{_G}\bto\s+(?:supply|deliver|provide|ship|sell)\b{_G}#",
            # Y will supply n to X (its project)
            rf"{_S}{_G}{_SUPPLY}{_G}#{_G}\b(?:to|for)\s+(?:[\w-]+\s+){{0,4}}?{_C}",
            # Y has contracted n to X
            rf"{_S}{_G}\b(?:contracted|committed|allocated){_G}#{_G}\bto\s+(?:[\w-]+\s+){{0,5}}?{_C}",
            # Y will supply n: no customer named
            rf"{_S}(?=[^#]*\b(?:will|to|{_DEAL[2:-2]})\b){_G}{_SURE}{_G}#",
        )
    )
