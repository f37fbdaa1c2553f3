"""A study's price war as the arrays that ``engines.market.price_war`` reads besides those of the markets.

What follows from a war is in docs/formulation/price-war.md. Stocks that are sold off are none of the ledger's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.run.drawn.figures import items_of
from cell2grid.run.market.terms import MONTHS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cell2grid.run.inputs.plants import Values
    from cell2grid.run.market.money import Money

NAMES = ("war", "cash_cost", "exit_after", "stock_clearing", "term_months")


def war_values(
    money: Money, plants: Sequence[str], firms: Sequence[str], markets: Sequence[str], making: NDArray[np.float64]
) -> Values:
    """Who fights where and when, cash costs, patience and stocks, by name with their dims; nothing without a war.

    ``making`` (member, plant, step, term) is what items cost to make: of a plant without ``cash_cost`` its first item.
    """
    study, figures, terms = money.study, money.figures, money.terms
    war = None if study.competition is None else study.competition.price_war
    if war is None:
        return {}
    part = terms.within(war.start, war.end)
    fights = [[_in(firm, war.firms) and _in(market, war.markets) for market in markets] for firm in firms]
    cash = making[:, :, 0].copy()
    for place, name in enumerate(plants):
        cost = study.plants[name].cash_cost
        if cost is not None:
            cash[:, place] = money.of_item(["cash_cost"], f"plants.{name}.cash_cost", cost, study.plants[name].makes)
    patience = np.full(figures.count, np.inf)
    if war.exit_after is not None:
        patience = figures.drawn("exit_after", "competition.price_war.exit_after", war.exit_after, "month")
    return {
        "war": (("firm", "market", "term"), np.array(fights, dtype=np.float64)[:, :, None] * part),
        "cash_cost": (("member", "plant", "term"), cash),
        "exit_after": (("member",), patience),
        "stock_clearing": (("member", "plant", "term"), _stocks(money, plants)),
        "term_months": (("term",), np.count_nonzero(terms.weight, axis=1).astype(np.float64)),
    }


def _in(name: str, names: Sequence[str]) -> bool:
    return not names or name in names


def _stocks(money: Money, plants: Sequence[str]) -> NDArray[np.float64]:
    """What is sold off of stocks in each term, by the year (member, plant, term)."""
    study, figures, terms = money.study, money.figures, money.terms
    found = np.zeros((figures.count, len(plants), len(terms.labels)))
    war = None if study.competition is None else study.competition.price_war
    months = np.arange(len(terms.periods))
    for row, stock in enumerate(war.stocks if war is not None else ()):
        if war is None or stock.plant not in plants:
            continue
        path, product = f"competition.price_war.stocks.{row}", study.plants[stock.plant].makes
        items = items_of(study, figures, "stock_clearing", f"{path}.quantity", stock.quantity, product)
        over = figures.drawn("stock_clearing", f"{path}.over", stock.over, "month")
        since = months - sum(month < war.start for month in terms.periods)
        # whole months, and of the last one what is left of it
        part = np.where(since >= 0, np.clip(over[:, None] - since, 0.0, 1.0), 0.0)
        found[:, plants.index(stock.plant)] += MONTHS_A_YEAR * terms.mean(part * (items / over)[:, None])
    return found
