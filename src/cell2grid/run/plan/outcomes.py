"""What becomes of a plan month by month where lead times are drawn: what can be made, and what demand is missed.

Builds and states of plants are as planned; each month is met at the least cost by what is open then. Months of members
in which as much can be made are one case, so that many members cost little more than few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.engines.investment.plan import fixed, plan
from cell2grid.engines.investment.planned import best
from cell2grid.run.plan.builds import Build, added_capacity
from cell2grid.run.told.spread import spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.plan.arrays import Inputs

MOST_CASES = 5000  # in one problem
STEP = 0.01  # of a block: capacities nearer than that are one case
SMALL = 1e-9  # of demand: less than that missed is rounding
DEAR = 10.0  # times the dearest item: what a missed one costs where the study says nothing


@dataclass(frozen=True, slots=True, eq=False)
class Missed:
    """Demand that is not met (member, market, month) and demand (market, month), both in items a year."""

    unserved: NDArray[np.float64]
    demand: NDArray[np.float64]


def missed(inputs: Inputs, builds: Sequence[Build], is_open: NDArray[np.float64], figures: Figures) -> Missed:
    """The demand that is missed in each month of each member, where the middle scenario's demand is asked for.

    Parameters
    ----------
    is_open
        The part of each plant's standing capacity that is open (plant, term).
    """
    months, plants = inputs.terms.months, len(inputs.plants)
    place = inputs.terms.terms.place
    own = plants - len(inputs.options)
    standing = inputs.standing.monthly * is_open[:own][:, place]
    added = added_capacity(inputs, builds, figures)
    step = np.maximum(inputs.blocks.items, 1e-300)[:, None] * STEP
    added = np.floor(added / step + 1e-9) * step
    demand = inputs.standing.asked
    unserved = np.zeros((figures.count, len(inputs.markets), months))
    cases: list[tuple[int, NDArray[np.float64], NDArray[np.int64]]] = []
    for month in range(months):
        unique, where = np.unique(added[:, :, month], axis=0, return_inverse=True)
        for number, row in enumerate(unique):
            capacity = np.concatenate([standing[:, month], row])
            cases.append((month, capacity, np.flatnonzero(where.ravel() == number)))
    for first in range(0, len(cases), MOST_CASES):
        chunk = cases[first : first + MOST_CASES]
        found = _least_cost(inputs, chunk, place)
        for row, (month, _, members) in enumerate(chunk):
            unserved[members, :, month] = found[row]
    return Missed(unserved, demand)


def _least_cost(
    inputs: Inputs, cases: Sequence[tuple[int, NDArray[np.float64], NDArray[np.int64]]], place: NDArray[np.int64]
) -> NDArray[np.float64]:
    """What is not served in each case (case, market) [item/year]."""
    given = inputs.plan
    months = np.array([month for month, _, _ in cases])
    terms = place[months]
    capacity = np.stack([each for _, each, _ in cases])[:, :, None]

    def at(values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values of the first scenario in each case, as scenarios of one term."""
        found: NDArray[np.float64] = np.moveaxis(values[0][..., terms], -1, 0)[..., None]
        return found

    dearest = float(np.nanmax(given.step_cost) + np.nanmax(np.nan_to_num(given.freight))) * DEAR + 1.0
    cost = at(given.unserved_cost)
    arrays: dict[str, Any] = {
        "standing_capacity": capacity,
        "demand": inputs.standing.asked[:, months].T[:, :, None],
        "unserved_cost": np.where(np.isnan(cost), dearest, cost),
        "years": np.ones(1),
        **{name: at(getattr(given, name)) for name in ("step_width", "step_cost", "freight", "duty_on_cost")},
        "duty_amount": at(given.duty_amount),
    }
    if len(given.in_quota):
        arrays["in_quota"] = given.in_quota
        arrays |= {name: at(getattr(given, name)) for name in ("quota", "over_on_cost", "over_amount")}
    if len(given.sales_weight):
        arrays["sales_weight"], arrays["sales_bound"] = given.sales_weight, at(given.sales_bound)
    case = plan(**arrays)
    found = best(case, held=fixed(case, opened=1.0, idle=0.0), whole=False)
    lost = found.unserved[:, :, 0]
    unserved: NDArray[np.float64] = np.where(lost > SMALL * case.demand[:, :, 0], lost, 0.0)
    return unserved


def missed_rows(inputs: Inputs, found: Missed) -> list[dict[str, Any]]:
    """A row for each market and term with demand: how much is asked for, and what of it is missed, in items a year."""
    rows = []
    terms = inputs.terms.terms
    lost, asked = terms.mean(found.unserved), terms.mean(found.demand)
    for place, name in enumerate(inputs.markets):
        noun = inputs.study.products[inputs.study.markets[name].product].counted_in
        for term, label in enumerate(terms.labels):
            if asked[place, term] <= 0.0:
                continue
            said = spread(lost[:, place, term])
            numbers = {"mean": said.mean, "p10": said.p10, "p90": said.p90}
            rows.append(
                {"market": name, "term": label, "demand": asked[place, term], **numbers, "unit": f"{noun}/year"}
            )
    return rows
