"""Markets in which buyers choose among the firms' own variants by price: a study's groups of form ``logit``.

Each firm sells a variant of its own in each market of a group, at a price of its own; what the named firms leave of the
sales at the reference price, somebody outside the study sells, and counts as not bought. Cases are solved one by one
(``engines/market/logit.py``), and told in the words of the other markets. Those are in ``game.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.nomenclature import variable

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.engines.market.logit import LogitDemand
    from cell2grid.run.market.demand import Points
    from cell2grid.run.market.money import Money
    from cell2grid.study.model import Study

    Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """The groups of a game: their markets and plants, and what buyers think of each firm's variant.

    ``utility`` (member, firm, market, term) at a price of nothing, ``sensitivity`` and ``size`` (member, group, term);
    ``group`` (market) is the group of each market. A group in which nobody asks has no size.
    """

    markets: tuple[str, ...]
    plants: tuple[str, ...]
    group: NDArray[np.int64]
    utility: Values
    sensitivity: Values
    size: Values

    def in_terms(self, terms: slice) -> Choices:
        """The groups in some of the terms."""
        cut = {name: getattr(self, name)[..., terms] for name in ("utility", "sensitivity", "size")}
        return replace(self, **cut)


def logit_markets(study: Study) -> list[tuple[str, ...]]:
    """The markets of each group of form ``logit``."""
    found = () if study.competition is None else study.competition.substitution
    return [rule.markets for rule in found if rule.form == "logit"]


def choices_of(
    money: Money, points: Points, plants: Sequence[str], markets: Sequence[str], firms: Sequence[str]
) -> Choices | None:
    """The groups of form ``logit`` of a study's markets; None where it has none.

    With Q and P the quantity and mean price of a group, e its elasticity, s the part of a firm in what is sold and S_0
    that of all possible buyers who do not buy of the named firms, sensitivity a = e / (P S_0), and a variant's utility
    is ln(s (1 - outside) / S_0) + a P_m, split among the markets of the group as their quantities.

    Raises
    ------
    StudyError
        A firm that sells in a group has no share there.
    """
    study, figures = money.study, money.figures
    groups = logit_markets(study)
    if not groups or study.competition is None:
        return None
    names = [name for group in groups for name in group]
    places = [markets.index(name) for name in names]
    shape = (figures.count, len(firms), len(names), len(money.terms.labels))
    utility = np.full(shape, -np.inf)
    sensitivity, size = np.ones((2, figures.count, len(groups), shape[-1]))
    kept = [number for number, rule in enumerate(study.competition.substitution) if rule.form == "logit"]
    column = 0
    for row, number in enumerate(kept):
        rule, path = study.competition.substitution[number], f"competition.substitution.{number}"
        inside = places[column : column + len(rule.markets)]
        asked, price, answer = (part[:, inside] for part in points)
        total = asked.sum(axis=1)
        safe = np.where(total > 0.0, total, 1.0)
        part = asked / safe[:, None]
        mean, elasticity = ((part * of).sum(axis=1) for of in (price, answer))
        shares = {
            firm: figures.drawn("demand_scale", f"{path}.shares.{firm}", share, "ratio")
            for firm, share in rule.shares.items()
        }
        assert rule.outside is not None
        outside = figures.drawn("demand_scale", f"{path}.outside", rule.outside, "ratio")
        named = np.minimum(sum(shares.values(), np.zeros(figures.count)), 1.0)
        nothing = (outside + (1.0 - outside) * (1.0 - named))[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            sensitivity[:, row] = np.where(total > 0.0, elasticity / (mean * nothing), 1.0)
            size[:, row] = total / (1.0 - outside[:, None])
            for place, firm in enumerate(firms):
                if firm in shares:
                    bought = (shares[firm] * (1.0 - outside))[:, None, None] * part
                    level = np.log(bought / nothing[:, None]) + sensitivity[:, row, None] * price
                    utility[:, place, column : column + len(rule.markets)] = np.where(asked > 0.0, level, -np.inf)
        column += len(rule.markets)
    products = {study.markets[name].product for name in names}
    able = tuple(name for name in plants if study.plants[name].makes in products)
    group = np.repeat(np.arange(len(groups)), [len(one) for one in groups])
    return Choices(tuple(names), able, group, utility, sensitivity, size)


def check_deciders(study: Study, plants: Sequence[str], decides: Sequence[str]) -> None:
    """Refuse a plant in a group whose firm has no share there: what buyers think of it nobody has said.

    Raises
    ------
    StudyError
        With the firm and the group.
    """
    found = () if study.competition is None else study.competition.substitution
    for number, rule in enumerate(found):
        products = {study.markets[name].product for name in rule.markets}
        for plant, firm in zip(plants, decides, strict=True):
            if rule.form == "logit" and study.plants[plant].makes in products and firm not in rule.shares:
                raise StudyError(
                    f"competition.substitution.{number}.shares: '{firm}' decides over plant '{plant}', and has no part"
                    " of what is sold at the reference price; add it, as small as it may be"
                )


class _Case(NamedTuple):
    """One member in one term, (plant, market) and so on; filled in as it is solved."""

    price: Values  # (firm, market)
    sales: Values  # (plant, market)
    scarcity: Values  # (plant)
    residual: float
    outside: Values  # (group)


def chosen(choices: Choices, arrays: xr.Dataset) -> xr.Dataset:
    """The writes of ``market`` for the markets of the groups, from the arrays that it reads, with ``decides``.

    Raises
    ------
    NotConvergedError
        The conditions of an equilibrium of prices are not met.
    """
    part = arrays.sel(plant=list(choices.plants), market=list(choices.markets))
    firms = [str(name) for name in arrays["firm"].values]
    deciding = np.array([firms.index(str(name)) for name in part["decides"].values], dtype=np.int64)
    read = {name: _values(part, name) for name in _READ}
    made = read["cost_step"][:, :, 0, None] + read["selling_freight"]
    cost = (1.0 + read["duty_on_cost"]) * made + read["duty_amount"]
    keeps = 1.0 / (1.0 + read["duty_on_price"])
    members, plants, markets, terms = cost.shape
    price = np.full((members, len(firms), markets, terms), np.nan)
    sales, scarcity = np.zeros(cost.shape), np.zeros((members, plants, terms))
    residual = np.zeros((members, terms))
    surplus = np.zeros((members, len(choices.size[0]), terms))
    conduct = read["conduct"]
    for m, t in np.ndindex(members, terms):
        holds = np.stack([conduct[m, :, choices.group == g, t].mean(axis=0) for g in range(choices.size.shape[1])], 1)
        one = _solved(choices, (m, t), cost[m, :, :, t], read["sales_capacity"][m, :, t], keeps[m, :, :, t],
                      deciding, holds)  # fmt: skip
        price[m, :, :, t], sales[m, :, :, t], scarcity[m, :, t] = one.price, one.sales, one.scarcity
        residual[m, t] = one.residual
        surplus[m, :, t] = choices.size[m, :, t] / choices.sensitivity[m, :, t] * -np.log(one.outside)
    paid = np.nan_to_num(price[:, deciding]) * sales
    kept = np.nan_to_num(price[:, deciding] * keeps - cost) * sales
    duties = paid - kept - np.nan_to_num(made) * sales
    return _told(choices, part, deciding, sales, scarcity, paid, kept, duties, residual, surplus)


_READ = (
    *("cost_step", "selling_freight", "duty_on_cost", "duty_on_price", "duty_amount", "conduct", "sales_capacity"),
    "fixed_cost_rate",
)


def _values(arrays: xr.Dataset, name: str) -> Values:
    values: Values = arrays[name].transpose(*variable(name).dims).values
    return values


def _solved(
    choices: Choices,
    case: tuple[int, int],
    cost: Values,
    capacity: Values,
    keeps: Values,
    deciding: NDArray[np.int64],
    conduct: Values,
) -> _Case:
    from cell2grid.engines.market.logit import LogitDemand, logit_equilibrium

    m, t = case
    # a group in which nobody asks yet sells nothing at any price
    asked = choices.size[m, :, t] > 0.0
    demand: LogitDemand = LogitDemand(
        choices.utility[m, :, :, t], choices.sensitivity[m, :, t], np.where(asked, choices.size[m, :, t], 1.0)
    )
    closed = np.where((capacity > 0.0)[:, None] & asked[choices.group], cost, np.nan)
    found = logit_equilibrium(
        closed, capacity, demand, variant=deciding, keeps=keeps, group=choices.group, conduct=conduct
    )
    outside = np.where(asked, found.outside, 1.0)
    return _Case(found.price, found.quantity, found.scarcity, found.residual, outside)


def _told(
    choices: Choices,
    part: xr.Dataset,
    deciding: NDArray[np.int64],
    sales: Values,
    scarcity: Values,
    paid: Values,
    kept: Values,
    duties: Values,
    residual: Values,
    surplus: Values,
) -> xr.Dataset:
    """What the groups come to, in the variables of ``market``; a price is the mean of the variants', by sales."""
    import xarray as xr

    own = (np.arange(part.sizes["firm"])[:, None] == deciding).astype(np.float64)  # (firm, plant)
    total, by_plant = sales.sum(axis=1), sales.sum(axis=2)
    price = np.divide(paid.sum(axis=1), total, out=np.full_like(total, np.nan), where=total > 0.0)
    share = np.einsum("fp,bpmt->bfmt", own, sales)
    share = np.divide(share, total[:, None], out=np.zeros_like(share), where=total[:, None] > 0.0)
    fixed = _values(part, "fixed_cost_rate")
    capacity = _values(part, "sales_capacity")
    earned, revenue = kept.sum(axis=2), paid.sum(axis=2)
    profit = earned - fixed
    whole = np.stack([total[:, choices.group == g].sum(axis=1) for g in range(surplus.shape[1])], axis=1)
    split = np.divide(total, whole[:, choices.group], out=np.zeros_like(total), where=total > 0.0)
    largest = np.sort(share, axis=1)[:, ::-1]
    values = {
        "market_price": price,
        "sales": sales,
        "market_sales": total,
        "plant_sales": by_plant,
        "sales_utilisation": np.divide(
            by_plant, capacity, out=np.full_like(by_plant, np.nan), where=np.isfinite(capacity) & (capacity > 0.0)
        ),
        "market_share": share,
        "scarcity_rent": scarcity,
        "firm_revenue": np.einsum("fp,bpt->bft", own, revenue),
        "firm_profit": np.einsum("fp,bpt->bft", own, profit),
        "plant_profit": profit,
        "plant_margin": np.divide(earned, revenue, out=np.full_like(earned, np.nan), where=revenue > 0.0),
        "consumer_surplus": surplus[:, choices.group] * split,
        "duty_revenue": duties.sum(axis=1),
        "market_cr4": largest[:, :4].sum(axis=1),
        "market_hhi": 1e4 * (share**2).sum(axis=1),
        "stationarity_residual": residual,
        "unique_sales": np.ones_like(residual),
    }
    coords = {dim: part[dim] for dim in ("member", "plant", "market", "firm", "term")}
    return xr.Dataset({name: (variable(name).dims, array) for name, array in values.items()}, coords)


def joined(plain: xr.Dataset, choosing: xr.Dataset, arrays: xr.Dataset) -> xr.Dataset:
    """Both parts of a game as one, by the labels of all plants and markets."""
    import xarray as xr

    labels = {dim: arrays[dim].values for dim in ("plant", "market")}
    found = {}
    for name in plain.data_vars:
        if name not in choosing:
            found[name] = plain[name]
            continue
        one, other = plain[name], choosing[name]
        apart = [dim for dim in labels if dim in one.dims]
        if apart:
            wide = [each.reindex({dim: labels[dim] for dim in apart}) for each in (one, other)]
            whole = wide[0].fillna(wide[1])
            # nobody sells on from a group into a market of another kind
            found[name] = whole.fillna(0.0) if name == "sales" else whole
        elif name == "stationarity_residual":
            found[name] = one.where(one > other, other)
        elif name == "unique_sales":
            found[name] = one.where(one < other, other)
        else:
            found[name] = one + other
    return xr.Dataset(found)
