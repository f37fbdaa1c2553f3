"""What must be known before believing the answer to a case, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.study.case_arrays import plants_of

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.study.case_file import CaseFile

_ROUNDING = 1e-6


def notes(case: CaseFile, arrays: xr.Dataset, solved: xr.Dataset, document: Mapping[str, Any]) -> list[str]:
    """The sentences, those on the answer first and those on the file after."""
    return [*_on_sales(case, document), *_on_limits(case, arrays, solved), *_on_file(case)]


def _on_sales(case: CaseFile, document: Mapping[str, Any]) -> Iterator[str]:
    if not document["unique"]:
        told = "from what to what is told in place of a number"
        if document["sales_range"] is None:
            told = "so many could that no number stands for any of them"
        yield (
            "prices and quantities are the only ones, and who sells how much is not: firms that take the price as it "
            f"is at equal cost, or plants of one firm at equal cost, could share otherwise; {told}"
        )
    for market, quantity in document["quantities"].items():
        demand = case.regions[market].demand
        if document["prices"][market] is None:
            yield f"nothing is sold in '{market}': every plant that can reach it has a capacity of 0"
        elif quantity == 0.0 and demand is not None:
            yield (
                f"nothing is sold in '{market}': the first buyer would pay {document['prices'][market]:g}, less than "
                "any plant could deliver for"
            )
        if document["consumer_surplus"][market] is None and quantity > 0.0:
            yield f"the consumer surplus of '{market}' has no bound, as its elasticity is not above 1"


def _on_limits(case: CaseFile, arrays: xr.Dataset, solved: xr.Dataset) -> Iterator[str]:
    one = solved.isel(member=0, term=0)
    sales = one["sales"].transpose("plant", "market").values
    for q, name in enumerate(arrays["quota"].values):
        inside = arrays["in_quota"].transpose("quota", "plant", "market").values[q] > 0.5
        used, most = float(sales[inside].sum()), float(arrays["quota_amount"].values[0, q, 0])
        worth = float(one["licence_price"][q])
        if used < most * (1.0 - _ROUNDING):
            yield f"the quota of {name} is not used up: {used:g} of {most:g}"
        else:
            over = f", {used - most:g} more pay the rate above it" if used > most * (1.0 + _ROUNDING) else ""
            yield f"the quota of {name} is used up{over}; a place in it is worth {worth:g}"
    least = arrays["least_price"].transpose("plant", "market", "member", "term").values[..., 0, 0]
    price = one["market_price"].values
    for m, market in enumerate(case.markets()):
        bound = np.nanmax(least[:, m]) if np.isfinite(least[:, m]).any() else np.nan
        if np.isfinite(bound) and price[m] <= bound * (1.0 + _ROUNDING):
            held = [str(name) for name in arrays["plant"].values[least[:, m] >= price[m] * (1.0 - _ROUNDING)]]
            yield f"the price in '{market}' is at the minimum of {bound:g} or below; it holds back {', '.join(held)}"


def _on_undertakings(case: CaseFile) -> Iterator[str]:
    """Which rows are paid besides a minimum price."""
    for place, duty in enumerate(case.duties):
        if duty.minimum_price is None:
            continue
        held = [(firm, plant.region) for firm, _, plant in plants_of(case) if case.applies(duty, firm, plant.region)]
        others = [
            f"duties.{number}"
            for number, one in enumerate(case.duties)
            if one.to == duty.to and one.minimum_price is None and any(case.applies(one, *goods) for goods in held)
        ]
        if others:
            yield (
                f"duties.{place}: besides the minimum price {', '.join(others)} {'is' if len(others) == 1 else 'are'} "
                "paid on the same goods, as an ordinary customs duty is; one that the undertaking replaces must name "
                "the firms that still pay it"
            )


def _on_file(case: CaseFile) -> Iterator[str]:
    yield from _on_undertakings(case)
    for firm, name, plant in plants_of(case):
        if all(case.carried(plant.region, market) is None for market in case.markets()):
            yield f"plant '{name}' of '{firm}' can reach no region with demand, and sells nothing"
    for place, duty in enumerate(case.duties):
        if duty.firm is None or duty.from_ is not None:
            continue
        if case.only_within(duty.firm, duty.to):
            yield (
                f"duties.{place}: '{duty.firm}' makes all it sells within '{duty.to}', so that the duty is charged on "
                "that"
            )
        elif any(plant.region == duty.to for plant in case.firms[duty.firm].plants.values()):
            yield (
                f"duties.{place}: what '{duty.firm}' makes within '{duty.to}' pays no duty; write 'from: {duty.to}' in "
                "a row of its own where it should"
            )
    for holder, stakes in case.stakes.items():
        for firm, share in stakes.items():
            if share > 0.5:
                yield (
                    f"'{holder}' holds {share:.0%} of '{firm}' and does not decide over it; put its plants under "
                    f"'{holder}' where it does"
                )
