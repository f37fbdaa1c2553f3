"""Markets in which buyers choose among the firms' own variants by price: a study's groups of form ``logit``.

Each firm sells a variant of its own in each market of a group, at a price of its own; what the named firms leave of the
sales at the reference price, somebody outside the study sells, and counts as not bought. Cases are solved by
``engines/market/logit.py``, and told in the words of the other markets. Those are in ``game.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

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


def chosen(choices: Choices, arrays: xr.Dataset) -> xr.Dataset:
    """The writes of ``market`` for the markets of the groups, from the arrays that it reads, with ``decides``.

    A market's price is the mean of its variants' by sales, and its buyers' surplus a part of its group's by sales.

    Raises
    ------
    NotConvergedError
        The conditions of an equilibrium of prices are not met.
    """
    from cell2grid.engines.market.arrays import by_case, case_name, game_of, written
    from cell2grid.engines.market.game import METHODS, Equilibrium
    from cell2grid.engines.market.logit import solve_logit
    from cell2grid.engines.market.logit_lanes import LogitDemand
    from cell2grid.engines.market.telling import told

    part = arrays.sel(plant=list(choices.plants), market=list(choices.markets), other_market=list(choices.markets))
    game = game_of(part)
    utility, sensitivity, size = (_by_case(of) for of in (choices.utility, choices.sensitivity, choices.size))
    demand = LogitDemand(utility, sensitivity, size, choices.group)
    found = solve_logit(game, demand, named=lambda case: case_name(arrays, case))
    each, sold = found.price[:, game.firm], found.sales.sum(axis=1)
    paid = (np.nan_to_num(each) * found.sales).sum(axis=1)
    mean = np.divide(paid, sold, out=np.full_like(sold, np.nan), where=sold > 0.0)
    whole = Equilibrium(mean, found.sales, found.over, found.scarcity, found.licence, found.residual, found.unique,
                        np.full(len(sold), METHODS.index("interior-point"), dtype=np.int8))  # fmt: skip
    values = told(game, whole, by_case(part, "fixed_cost_rate"), each)
    surplus = demand.size / demand.price_sensitivity * -np.log(found.outside)
    of_group = sold @ (choices.group[:, None] == np.arange(demand.size.shape[1]))
    split = np.divide(sold, of_group[:, choices.group], out=np.zeros_like(sold), where=sold > 0.0)
    return written(part, values | {"consumer_surplus": surplus[:, choices.group] * split})


def _by_case(values: Values) -> Values:
    """Values by member and, last, term, as cases."""
    whole = np.moveaxis(values, -1, 1)
    return np.ascontiguousarray(whole.reshape(-1, *whole.shape[2:]))


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
