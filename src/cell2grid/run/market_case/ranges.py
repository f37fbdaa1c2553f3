"""Where sales are not the only ones at their prices: from what to what each could be, and no number for what is open.

What could be sold besides is found by ``engines/market/ranges.py``. Prices, quantities, scarcity and the profits of
firms are the same in all of them; who sells how much is not, nor what rests on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.run.market_case.naming import number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.game import Equilibrium, Game
    from cell2grid.study.case_file import CaseFile

_NO_WIDTH = 1e-6  # of what is sold in the largest market


def tell_ranges(case: CaseFile, game: Game, found: Equilibrium, document: dict[str, Any]) -> None:
    """Put the ranges into the document, and None in the place of each number that is not told by the prices.

    Where so many sales could move that the engine leaves the ranges out, no sale is told at all.
    """
    from cell2grid.engines.market.ranges import ranges

    reached = ranges(game, found)
    if np.isnan(reached.low).any():
        _tell_nothing(document)
        return
    most = max(document["quantities"].values())
    bought = np.array([document["quantities"][market] for market in case.markets()])
    low, high = (np.nan_to_num(part[0]) for part in (reached.share_low, reached.share_high))
    document["shares_range"] = _pairs(case, low, high)
    document["sales_range"] = _pairs(case, low * bought, high * bought)
    open_to = (high - low) * bought > _NO_WIDTH * most
    _of_firms(case, document, open_to)
    lanes = reached.high[0] - reached.low[0] > _NO_WIDTH * most
    _of_plants(document, lanes, reached.total_low[0], reached.total_high[0], _NO_WIDTH * most)
    charged = (game.duty_on_cost[0] > 0.0) | (game.duty_on_price[0] > 0.0) | (game.duty_amount[0] > 0.0)
    charged |= game.in_quota.any(axis=0)
    for m, market in enumerate(case.markets()):
        if (lanes[:, m] & charged[:, m]).any():
            document["duty_revenue"][market] = None


def _tell_nothing(document: dict[str, Any]) -> None:
    """Put None in the place of all that rests on who sells how much."""
    for told in ("sales", "shares"):
        document[told] = {firm: dict.fromkeys(parts) for firm, parts in document[told].items()}
    for told in ("revenues", "cr4", "hhi", "duty_revenue"):
        document[told] = dict.fromkeys(document[told])
    for plant in document["plants"]:
        plant["sales"] = dict.fromkeys(plant["sales"])
        plant["output"] = plant["utilisation"] = plant["profit"] = plant["margin"] = None


def _pairs(case: CaseFile, low: NDArray[np.float64], high: NDArray[np.float64]) -> dict[str, dict[str, list[float]]]:
    return {
        firm: {market: [float(low[i, m]), float(high[i, m])] for m, market in enumerate(case.markets())}
        for i, firm in enumerate(case.firms)
    }


def _of_firms(case: CaseFile, document: dict[str, Any], open_to: NDArray[np.bool_]) -> None:
    for i, firm in enumerate(case.firms):
        for m, market in enumerate(case.markets()):
            if open_to[i, m]:
                document["sales"][firm][market] = document["shares"][firm][market] = None
                document["cr4"][market] = document["hhi"][market] = None
        if open_to[i].any():
            document["revenues"][firm] = None


def _of_plants(
    document: dict[str, Any],
    lanes: NDArray[np.bool_],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    no_width: float,
) -> None:
    for j, plant in enumerate(document["plants"]):
        for market, is_open in zip(plant["sales"], lanes[j], strict=True):
            if is_open:
                plant["sales"][market] = None
        if lanes[j].any():
            plant["profit"] = plant["margin"] = None
        if high[j] - low[j] > no_width:
            plant["output_range"] = [number(low[j]), number(high[j])]
            plant["output"] = plant["utilisation"] = None
