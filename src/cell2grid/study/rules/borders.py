"""Rules on duties: each says what is paid, a quota what is paid above it, and an undertaking a price that buyers pay.

What applies to what is in ``run/landing.py``; markets are in ``rules/market.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

from cell2grid.study.model import Demand, Duty, Study
from cell2grid.study.refusals import Problem
from cell2grid.study.rules.figures import count_problems
from cell2grid.study.rules.landing import money_of_item_problems
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import currency, same_kind

_CHARGED = ("rate", "amount", "quota", "rate_over")


def duties_say_what_is_paid(study: Study) -> Iterator[Problem]:
    """A duty has a rate, an amount or a minimum price; each is of its kind and none contradicts another."""
    for row, duty in enumerate(study.duties):
        path: KeyPath = ("duties", row)
        if duty.rate is None and duty.amount is None and duty.minimum_price is None:
            yield Problem(path, "says nothing that is paid; add 'rate', 'amount' or 'minimum_price'")
        if duty.minimum_price is not None:
            charged = [f"{key} '{said.text}'" for key in _CHARGED if (said := getattr(duty, key)) is not None]
            if charged:
                text = f"'{duty.minimum_price.text}' stands instead of what its row says besides: {', '.join(charged)}"
                yield Problem(
                    (*path, "minimum_price"), f"{text}; keep one, or write a row for what is paid all the same"
                )
        if duty.minimum_price is not None and not duty.minimum_price.unfilled:
            yield from money_of_item_problems(study, (*path, "minimum_price"), duty.minimum_price, duty.product)
        yield from _quota_problems(study, duty, path)


def _quota_problems(study: Study, duty: Duty, path: KeyPath) -> Iterator[Problem]:
    if duty.quota is None:
        if duty.rate_over is not None:
            text = f"'{duty.rate_over.text}' is paid above a quota, and there is none; add 'quota'"
            yield Problem((*path, "rate_over"), text)
        return
    if duty.rate_over is None:
        text = f"'{duty.quota.text}' limits what comes in at the rate; add 'rate_over' for what is more"
        yield Problem((*path, "quota"), text)
    elif not duty.rate_over.unfilled and (duty.rate is None or not duty.rate.unfilled):
        within = 0.0 if duty.rate is None else duty.rate.to("percent").mode
        if duty.rate_over.to("percent").mode < within:
            text = f"'{duty.rate_over.text}' is below the rate within the quota; write what more than it pays"
            yield Problem((*path, "rate_over"), text)
    if duty.product is None:
        text = f"'{duty.quota.text}' is a quota of no product; add 'product'"
        yield Problem((*path, "quota"), text)
        return
    wrong = list(count_problems(duty.quota, study.products[duty.product], (*path, "quota"), duty.product))
    yield from wrong or _above_demand(study, duty, path)


def _above_demand(study: Study, duty: Duty, path: KeyPath) -> Iterator[Problem]:
    """A quota that is more than its market could ever take limits nothing."""
    if duty.quota is None or duty.quota.unfilled:
        return
    for name, market in study.markets.items():
        if (market.region, market.product) != (duty.destination, duty.product):
            continue
        rows = [row for row in market.demand if row.quantity is not None]
        if len(rows) < len(market.demand) or any(
            not same_kind(duty.quota.unit, r.quantity.unit) for r in rows if r.quantity
        ):
            continue
        most = 0.0
        for row in rows:
            # a straight line reaches (1 + elasticity) times its point at a price of nothing
            more = row.elasticity.to("ratio").high if row.elasticity is not None and row.form != "isoelastic" else 0.0
            most = max(most, 0.0 if row.quantity is None else row.quantity.to(duty.quota.unit).high * (1.0 + more))
        if duty.quota.magnitude.low > most:
            text = f"'{duty.quota.text}' is above all that market '{name}' takes, {most:g} {duty.quota.unit}"
            yield Problem((*path, "quota"), f"{text}; it limits nothing: correct it, or leave it out")


def least_prices_are_paid(study: Study) -> Iterator[Problem]:
    """Some buyer of a market pays the minimum price: it is below the price at which nothing is bought."""
    for row, duty in enumerate(study.duties):
        if duty.minimum_price is None or duty.minimum_price.unfilled:
            continue
        for name, market in study.markets.items():
            if market.region != duty.destination or duty.product not in (None, market.product):
                continue
            least = duty.minimum_price
            chokes = [_choke(one, least.unit) for one in market.demand]
            known = [choke for choke in chokes if choke is not None]
            highest = max(known, default=None)
            if highest is not None and len(known) == len(chokes) and least.magnitude.low >= highest:
                text = f"'{least.text}' is not below {highest:g} {least.unit}, at which market '{name}' buys nothing"
                yield Problem(("duties", row, "minimum_price"), f"{text}; write less")


def _choke(row: Demand, unit: str) -> float | None:
    """The highest of the prices, in ``unit``, at which a straight line buys nothing; None where it has none."""
    price, elasticity = row.price, row.elasticity
    if price is None or elasticity is None or row.form == "isoelastic" or price.unfilled or elasticity.unfilled:
        return None
    if currency(price.unit) is None or not same_kind(price.unit, unit):
        return None
    return price.to(unit).high * (1.0 + 1.0 / elasticity.to("ratio").low)
