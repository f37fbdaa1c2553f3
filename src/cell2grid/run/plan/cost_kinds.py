"""What a plan costs, by kind: expected over the scenarios and discounted to the horizon's start.

All kinds together are the objective of the engine ``investment``; duties are what is left of it, since a duty on a cost
that rises by steps depends on which step was shipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.investment.plan import Plan, Planned

KINDS = (
    *("capital", "fixed", "renewal", "salvage", "making", "freight", "duties", "incentives", "standing", "unserved"),
)  # fmt: skip
_NOTHING = 1e-9  # of the objective: a remainder below it is rounding


def cost_kinds(given: Plan, found: Planned, renewal: NDArray[np.float64] | None = None) -> dict[str, float]:
    """Money by kind [currency]; salvage and incentives are got back, and below nothing.

    ``renewal`` is what of the fixed cost of a block keeps it as new [currency/year] (scenario, option, term).
    """
    once = given.probability[:, None] * given.discount
    yearly = once * given.years
    built = found.decisions.built
    scaled = np.where(built > 0.0, built ** given.scale_exponent[:, None], 0.0)
    open_years, kept = _open_years(given), np.zeros_like(given.fixed_cost) if renewal is None else renewal
    freight = np.nan_to_num(given.freight)
    costs = {
        "capital": float(np.einsum("wt,wot,wot->", once, scaled, given.block_cost)),
        "fixed": float(np.einsum("w,wot,wot,ot->", given.probability, scaled, given.fixed_cost - kept, open_years)),
        "renewal": float(np.einsum("w,wot,wot,ot->", given.probability, scaled, kept, open_years)),
        "salvage": -float(given.end_discount * np.einsum("w,wot,wot->", given.probability, scaled, given.salvage)),
        "making": float(np.einsum("wt,wjt->", yearly, making_cost(given, found.output))),
        "freight": float(np.einsum("wt,wjmt,wjmt->", yearly, found.sales, freight)),
        "incentives": -float(np.einsum("wt,wt->", yearly, _paid(given, found))),
        "standing": _standing(given, found, once, yearly),
        "unserved": float(np.einsum("wt,wmt,wmt->", yearly, found.unserved, np.nan_to_num(given.unserved_cost))),
    }
    rest = found.objective - sum(costs.values())
    costs["duties"] = 0.0 if abs(rest) <= _NOTHING * max(abs(found.objective), 1.0) else rest
    return {name: costs[name] for name in KINDS}


def _open_years(given: Plan) -> NDArray[np.float64]:
    """The discounted years in which a block that is decided on in a term is open (option, term)."""
    terms = len(given.years)
    yearly = given.discount * given.years
    found = np.zeros((len(given.block), terms))
    for term in range(terms):
        found[:, term] = given.opened[:, : terms - term] @ yearly[term:]
    return found


def making_cost(given: Plan, output: NDArray[np.float64]) -> NDArray[np.float64]:
    """What making costs [currency/year] (scenario, plant, term): the cheapest steps first."""
    ends = np.cumsum(given.step_width, axis=2)
    begin = np.concatenate([np.zeros_like(ends[:, :, :1]), ends[:, :, :-1]], axis=2)
    begin = np.minimum(begin, np.finfo(np.float64).max)  # behind a step without end there is nothing
    part = np.clip(output[:, :, None, :] - begin, 0.0, given.step_width)
    found: NDArray[np.float64] = (part * given.step_cost).sum(axis=2)
    return found


def _paid(given: Plan, found: Planned) -> NDArray[np.float64]:
    """What is paid for items out of entitled blocks [currency/year] (scenario, term); what pays most comes first."""
    from cell2grid.engines.investment.building import entitled

    scenarios, _, terms = given.standing_capacity.shape
    paid = np.zeros((scenarios, terms))
    if not len(given.incentive_option):
        return paid
    ages, amounts = np.arange(terms), entitled(given)
    for plant in np.unique(given.option_plant):
        for scenario in range(scenarios):
            for term in range(terms):
                pairs: list[tuple[float, float]] = []
                for option in np.flatnonzero(given.option_plant == plant):
                    for decided in ages[: term + 1]:
                        blocks = found.decisions.built[scenario, option, decided]
                        amount = float(amounts[option, decided, term])
                        if blocks > 0.0 and amount > 0.0:
                            share = given.ready[option, term - decided]
                            pairs.append((amount, float(blocks * given.block[option] * share)))
                left = float(found.output[scenario, plant, term])
                for amount, items in sorted(pairs, reverse=True):
                    paid[scenario, term] += amount * min(items, left)
                    left -= min(items, left)
    return paid


def _standing(given: Plan, found: Planned, once: NDArray[np.float64], yearly: NDArray[np.float64]) -> float:
    """What keeping, idling, opening again and closing plants costs."""
    is_open, is_idle = found.decisions.open, found.decisions.idle
    total = np.einsum("wt,wjt,jt->", yearly, is_open, given.open_cost)
    total += np.einsum("wt,wjt,jt->", yearly, is_idle, np.nan_to_num(given.idle_cost))
    first = np.broadcast_to(1.0 - given.starts_idle[:, None], (*is_open.shape[:2], 1))
    before = np.concatenate([first, is_open[:, :, :-1]], axis=2)
    restarted = np.maximum(is_open - before, 0.0)
    total += np.einsum("wt,wjt,j->", once, restarted, np.nan_to_num(given.restart_cost))
    closed = 1.0 - is_open - is_idle
    newly = np.diff(closed, axis=2, prepend=0.0)
    total += np.einsum("wt,wjt,j->", once, newly, np.nan_to_num(given.closing_cost))
    return float(total)
