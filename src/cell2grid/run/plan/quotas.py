"""Quotas of a study's duties as a plan reads them: who counts against each, how much it lets in, what more pays.

A future may leave a duty out or let others count against it, so that a quota is one for several futures where its name
and those who count against it are the same, and holds for nobody in the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.run.market.borders import quota_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cell2grid.run.inputs.plants import Values
    from cell2grid.study.model import Study

    Vector = NDArray[np.float64]


class Quota(NamedTuple):
    """A quota of one future; plants and markets are all of the plan."""

    name: str
    counts: Vector  # (plant, market): 1 where sales count against it
    amount: Vector  # (term,) item/year; infinite where it does not hold
    on_cost: Vector  # (term,) ratio of the cost of making and freight that more pays besides
    over: Vector  # (plant, market, term) currency/item likewise

    def is_one_with(self, other: Quota) -> bool:
        """Whether both are the same quota in different futures."""
        return self.name == other.name and np.array_equal(self.counts, other.counts)


def quotas_of(
    study: Study, borders: Values, price: Vector, places: tuple[Sequence[int], Sequence[int]], shape: tuple[int, int]
) -> tuple[Quota, ...]:
    """The quotas of one future.

    Parameters
    ----------
    borders
        What ``border_values`` has found for its plants and markets.
    price
        What an item sells for (market, term) [currency/item], from which duties on the price are taken.
    places, shape
        Where its plants and markets stand among those of the plan, and how many these are.

    A duty on the price at rate r takes P r / (1 + r), so that o above a quota takes P (1 / (1 + r) - 1 / (1 + r + o)).
    """
    values = {name: each[1] for name, each in borders.items()}
    found = []
    for number, name in enumerate(quota_names(study)):
        own = values["in_quota"][number]
        if not own.any():
            continue
        within = 1.0 + values["duty_on_price"][0]
        above = within + values["over_on_price"][0, number]
        least = np.nan_to_num(price) * own[:, :, None] * (1.0 / within - 1.0 / above)
        counts, over = np.zeros(shape), np.zeros((*shape, price.shape[1]))
        lanes = np.ix_(*places)
        counts[lanes], over[lanes] = own, least
        amount, on_cost = (values[key][0, number] for key in ("quota_amount", "over_on_cost"))
        found.append(Quota(name, counts, amount, on_cost, over))
    return tuple(found)


def quota_arrays(futures: Sequence[Sequence[Quota]]) -> Mapping[str, Vector]:
    """The arrays of all futures; none where no future has a quota."""
    rows: list[Quota] = []
    for quotas in futures:
        rows += [one for one in quotas if not any(one.is_one_with(row) for row in rows)]
    if not rows:
        return {}
    free = [row._replace(amount=np.full_like(row.amount, np.inf), on_cost=0.0 * row.on_cost, over=0.0 * row.over)
            for row in rows]  # fmt: skip
    held = [
        [next((one for one in quotas if one.is_one_with(row)), none) for row, none in zip(rows, free, strict=True)]
        for quotas in futures
    ]
    return {
        "in_quota": np.stack([row.counts for row in rows]),
        "quota": np.array([[one.amount for one in future] for future in held]),
        "over_on_cost": np.array([[one.on_cost for one in future] for future in held]),
        "over_amount": np.array([[one.over for one in future] for future in held]),
    }


def quota_labels(futures: Sequence[Sequence[Quota]]) -> tuple[str, ...]:
    """What each quota of ``quota_arrays`` is called."""
    rows: list[Quota] = []
    for quotas in futures:
        rows += [one for one in quotas if not any(one.is_one_with(row) for row in rows)]
    return tuple(row.name for row in rows)


def quota_notes(quotas: Sequence[Quota]) -> list[str]:
    """The quotas above which a part of the price is paid, and that share a sale with another such quota."""
    on_price = [one for one in quotas if (one.over > 0.0).any()]
    shared = [
        one.name
        for one in on_price
        if any(other is not one and ((one.counts > 0.0) & (other.counts > 0.0)).any() for other in on_price)
    ]
    if not shared:
        return []
    return [f"plan: {', '.join(shared)}: what is paid above each of these quotas is counted as if it were the only one"]
