"""A study's limits on a plan as rows of weights and bounds: on sales, on spending and on capacity.

Limits that name no region or product hold for each of them where they are parts, and for all together where they are
amounts. Equations: docs/formulation/plan.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import MiddleFigures, item_energy
from cell2grid.run.market.money import Money
from cell2grid.run.market.terms import MONTHS_A_YEAR
from cell2grid.run.plan.options import plan_of
from cell2grid.units import same_kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cell2grid.run.plan.decision_terms import DecisionTerms
    from cell2grid.study.investing import Limit
    from cell2grid.study.model import Study

Row = tuple[str, "NDArray[np.float64]", "NDArray[np.float64]"]  # what it is called, weights and bound


class _Places:
    """Who makes what where, and which markets are where, in the order of the plan."""

    def __init__(self, study: Study, plants: Sequence[str], markets: Sequence[str]) -> None:
        options = plan_of(study).options
        self.makers = [
            (study.plants[name].owner, study.plants[name].region, study.plants[name].makes)
            if name in study.plants
            else (options[name].firm, options[name].region, options[name].makes)
            for name in plants
        ]
        self.markets = [(study.markets[name].region, study.markets[name].product) for name in markets]

    def plants(self, limit: Limit, *, region: str | None = None, product: str | None = None) -> NDArray[np.bool_]:
        """The plants of the limit's firm that stand in a region and make a product."""
        return np.array(
            [
                limit.firm in (None, firm) and region in (None, where) and product in (None, makes)
                for firm, where, makes in self.makers
            ],
            dtype=bool,
        )

    def sold(self, *, region: str | None, product: str | None) -> NDArray[np.bool_]:
        """The markets of a product in a region."""
        return np.array(
            [region in (None, where) and product in (None, wanted) for where, wanted in self.markets], dtype=bool
        )


def limit_arrays(
    study: Study,
    plants: Sequence[str],
    options: Sequence[str],
    markets: Sequence[str],
    terms: DecisionTerms,
    arrays: Mapping[str, NDArray[Any]],
) -> tuple[dict[str, NDArray[Any]], tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Weights, members and bounds of all limits, and what each row is called: of sales, of spending, of capacity.

    Raises
    ------
    StudyError
        An energy limits products together that have another energy each.
    """
    places = _Places(study, plants, markets)
    rows: dict[str, list[Row]] = {"sales": [], "spending": [], "capacity": []}
    for number, limit in enumerate(plan_of(study).limits):
        held = terms.mostly(limit.start, limit.end)
        name = f"limits.{number} ({limit.kind})"
        if limit.kind == "spending":
            rows["spending"].append(_spending(study, limit, number, name, options, terms, held))
        elif limit.kind == "capacity":
            weight = places.plants(limit, region=limit.region, product=limit.product).astype(np.float64)
            weight *= _measure(study, limit, name, places)
            amount = _amount(study, limit, number, held)
            one = weight[weight > 0.0]
            if len(one) and one.max() > one.min() * (1.0 + 1e-9):
                raise StudyError(f"investment.{name}: products have another energy each; name a product in each limit")
            rows["capacity"].append((name, (weight > 0.0).astype(np.float64), amount / (one[0] if len(one) else 1.0)))
        else:
            rows["sales"] += [
                (what, weight, bound) for what, weight, bound in _sales(study, limit, number, name, places, held)
            ]
    found: dict[str, NDArray[Any]] = {}
    scenarios = len(arrays["demand"])
    for kind, key in (("sales", "weight"), ("spending", "member"), ("capacity", "member")):
        if rows[kind]:
            found[f"{kind}_{key}"] = np.stack([weight for _, weight, _ in rows[kind]])
            bound = np.stack([bound for _, _, bound in rows[kind]])
            found[f"{kind}_bound"] = np.repeat(bound[None], scenarios, axis=0) if kind == "sales" else bound
    years = np.array([start // int(MONTHS_A_YEAR) for start in terms.starts])
    found["spending_group"] = years
    names = tuple(tuple(what for what, _, _ in rows[kind]) for kind in ("sales", "spending", "capacity"))
    return found, (names[0], names[1], names[2])


def _spending(
    study: Study,
    limit: Limit,
    number: int,
    name: str,
    options: Sequence[str],
    terms: DecisionTerms,
    held: NDArray[np.bool_],
) -> Row:
    """Money a year on the options of a firm, in a region and for a product."""
    known = plan_of(study).options
    counts = [
        limit.firm in (None, known[one].firm)
        and limit.region in (None, known[one].region)
        and limit.product in (None, known[one].makes)
        for one in options
    ]
    bound = np.full(len(held), np.inf)
    if limit.money is not None:
        money = Money(study, MiddleFigures(), terms.terms, plan_of(study).currency)
        bound = np.where(held, money.of_year("investment", f"investment.limits.{number}.money", limit.money)[0], np.inf)
    return name, np.array(counts, dtype=np.float64), bound


def _sales(
    study: Study, limit: Limit, number: int, name: str, places: _Places, held: NDArray[np.bool_]
) -> Iterator[Row]:
    """Rows of weights on what each plant sells in each market: local content, exports, sales."""
    shape = (len(places.makers), len(places.markets))
    if limit.kind == "local-content":
        least = 0.0 if limit.share is None else limit.share.to("ratio").mode
        for place, (region, product) in enumerate(places.markets):
            if not places.sold(region=limit.region, product=limit.product)[place]:
                continue
            weight = np.zeros(shape)
            weight[places.plants(limit, product=product), place] = least
            weight[places.plants(limit, region=region, product=product), place] -= 1.0
            yield f"{name} in {region}", weight, np.where(held, 0.0, np.inf)
        return
    if limit.kind == "exports" and limit.share is not None:
        most = limit.share.to("ratio").mode
        for region, product in dict.fromkeys((where, makes) for _, where, makes in places.makers):
            own = places.plants(limit, region=region, product=product)
            if limit.region not in (None, region) or limit.product not in (None, product) or not own.any():
                continue
            weight = np.where(own[:, None] & _abroad(places, region)[None, :], 1.0 - most, 0.0)
            weight -= np.where(own[:, None] & ~_abroad(places, region)[None, :], most, 0.0)
            yield f"{name} from {region}", weight, np.where(held, 0.0, np.inf)
        return
    measure = _measure(study, limit, name, places)
    amount = _amount(study, limit, number, held)
    if limit.kind == "sales":
        here = places.sold(region=limit.region, product=limit.product)
        own = places.plants(limit, product=limit.product)
        yield name, np.where(own[:, None] & here[None, :], measure[:, None], 0.0), amount
        return
    for region in dict.fromkeys(where for _, where, _ in places.makers):
        own = places.plants(limit, region=region, product=limit.product)
        if limit.region in (None, region) and own.any():
            leaves = own[:, None] & _abroad(places, region)[None, :]
            yield f"{name} from {region}", np.where(leaves, measure[:, None], 0.0), amount


def _abroad(places: _Places, region: str) -> NDArray[np.bool_]:
    return ~places.sold(region=region, product=None)


def _measure(study: Study, limit: Limit, name: str, places: _Places) -> NDArray[np.float64]:
    """What one item of each plant counts in the limit's amount: 1, or its energy [MWh]."""
    if limit.quantity is None or not same_kind(limit.quantity.unit, "MWh/month"):
        return np.ones(len(places.makers))
    figures = MiddleFigures()
    each = np.array([float(item_energy(study, figures, makes)[0]) for _, _, makes in places.makers])
    if np.isnan(each).any():
        raise StudyError(f"investment.{name}: '{limit.quantity.text}' is energy, and a product has none for an item")
    return each


def _amount(study: Study, limit: Limit, number: int, held: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The bound in each term, in items or MWh a year."""
    if limit.quantity is None:
        return np.full(len(held), np.inf)
    energy = same_kind(limit.quantity.unit, "MWh/month")
    rate = limit.quantity.to("MWh/month" if energy else "item/month").mode
    return np.where(held, MONTHS_A_YEAR * rate, np.inf)
