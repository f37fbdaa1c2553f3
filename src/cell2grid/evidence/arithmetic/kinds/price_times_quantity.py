"""Price times quantity is the amount of money: 20 GWh at 90 USD/kWh are 1.8 billion USD.

Only within one sentence that has one price, one quantity that the price is of, and one amount in its currency; and only
a price that is said to be that of the quantity (``at``, ``for``, ``each``) can fail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cell2grid.evidence.arithmetic import figures, scope
from cell2grid.evidence.arithmetic.figures import Figure, figure, is_money, parts, printed, worth
from cell2grid.evidence.arithmetic.kinds import Example, Found
from cell2grid.evidence.arithmetic.standing import Standing
from cell2grid.evidence.arithmetic.verdicts import AGREES, compared
from cell2grid.evidence.records import Check, Claim

KIND = "product"
ORDER = 22
_SOLD = "Adatum sold 20 MWh of packs at $150 per kWh, for {} in all."


def _sold(amount: str, value: float, **check: object) -> Example:
    said = _SOLD.format(amount)
    claims = (
        {"measure": "sales", "value": 20, "text": "20 MWh", "unit": "MWh", "said": said},
        {"measure": "price", "value": 150, "text": "$150 per kWh", "unit": "USD/kWh", "said": said},
        {"measure": "revenue", "value": value, "text": amount, "unit": "USD", "said": said},
    )
    return Example(claims, ({"stated": value, "computed": 3e6, "unit": "USD", **check},) if check else ())


EXAMPLES = (
    _sold("$3.0 million", 3e6, verdict="holds"),
    _sold("$3.1 million", 3.1e6, verdict="rounding"),
    _sold("$5.0 million", 5e6, verdict="fails"),
)
_OF_IT = re.compile(r"\b(?:at|for|price of|priced at|costing|each|apiece)\b(?:\s+\w+){0,2}\s*$", re.I)
_QUANTITIES = frozenset({"sales", "deliveries", "supplies", "energy", "exports", "production", "count", "power"})
_AMOUNTS = frozenset({"revenue", "investment", "sales", "exports", "capital", "other", "supplies"})


def found(standing: Standing) -> Found:
    """One check for each sentence that states a quantity, its price and the amount."""
    checks: list[Check] = []
    priced = {(claim.document, claim.story, claim.start, claim.quote): claim for claim in standing.of("price")}
    for price in priced.values():
        beside = standing.sentence(price)
        if len([claim for claim in beside if claim.measure == "price"]) == 1:
            checks += _priced(price, beside)
    return checks, []


def _priced(price: Claim, beside: Sequence[Claim]) -> list[Check]:
    currency, per = parts(price.unit)
    each = figure(price)
    if not per or not is_money(price.unit) or each is None or scope.is_base(price):
        return []
    amounts = _distinct([claim for claim in beside if claim.unit == currency and claim.measure in _AMOUNTS])
    sold = _distinct([claim for claim in beside if claim.measure in _QUANTITIES and _counts(claim, per)])
    if len(amounts) != 1 or len(sold) != 1:
        return []
    quantity, amount = figure(sold[0], per), figure(amounts[0])
    if quantity is None or amount is None:
        return []
    equation = f"{printed(quantity.value)} {per} x {printed(each.value)} {price.unit}"
    computed: Figure = figures.product(quantity, each)
    check = compared(KIND, (amounts[0], sold[0], price), amount, computed, currency, equation)
    alone = len(_distinct(list(beside))) == 3
    return [check] if check.verdict in AGREES or (alone and _is_of_it(price)) else []


def _counts(claim: Claim, per: str) -> bool:
    return worth(claim.unit, per) is not None and figure(claim) is not None


def _distinct(claims: Sequence[Claim]) -> list[Claim]:
    """One claim for each place of the sentence; a supply is told again as the energy that it is."""
    return list({(claim.value_start, claim.value_text): claim for claim in claims}.values())


def _is_of_it(price: Claim) -> bool:
    at = price.quote.find(price.value_text)
    return _OF_IT.search(price.quote[max(0, at - 40) : at]) is not None
