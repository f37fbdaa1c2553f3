"""Who sells what where at which price: the equilibrium of firms with several plants and stakes in several markets.

``game.py`` holds the numbers of a game, ``demand.py`` what buyers pay, and ``residual.py`` the conditions of an
equilibrium, by which every answer is judged. ``solving.py`` finds equilibria: by the compiled search of ``kernel.py``,
and where that does not do by ``complementarity.py``. What is built and what can be sold is settled before, in
``capability`` and ``supply``; where firms stop holding back is in ``price_war.py``.

On plain arrays, for many cases at once::

    from cell2grid.engines.market.solving import solve_game

    equilibrium = solve_game(game)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.engines.market.arrays import READS, by_case, case_name, game_of, written

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["ONLY_FOR", "READS", "WRITES", "solve"]

WRITES = (
    "consumer_surplus",
    "duty_revenue",
    "firm_profit",
    "firm_revenue",
    "licence_price",
    "market_cr4",
    "market_hhi",
    "market_price",
    "market_sales",
    "market_share",
    "plant_margin",
    "plant_profit",
    "plant_sales",
    "sales",
    "sales_utilisation",
    "scarcity_rent",
    "stationarity_residual",
    "unique_sales",
)
# what only some of the WRITES depend on
ONLY_FOR = {"fixed_cost_rate": ("firm_profit", "plant_profit")}


def solve(arrays: xr.Dataset) -> xr.Dataset:
    """Prices, sales, shares and money of each member and term, with how far each is from an equilibrium.

    Parameters
    ----------
    arrays
        The READS with dims and units of the nomenclature. Freight is missing where a plant cannot sell, capacity
        infinite where none binds; the curve that ``demand_form`` does not name may be anything.

    Returns
    -------
    The WRITES. A price is missing where no plant can sell; a firm's profit is that of the plants it decides over.

    Raises
    ------
    EngineError
        A variable is missing, or has other dims or another unit; arrays contradict each other.
    InputError
        A number is out of its bounds, as where demand slopes up.
    NotConvergedError
        A term of a member has no equilibrium that was found; with the residual that was reached.

    The equations are on the formulation page ``market``.
    """
    from cell2grid.engines.market.checks import check
    from cell2grid.engines.market.solving import solve_game
    from cell2grid.engines.market.telling import told

    check(arrays)
    game = game_of(arrays)
    markets = [str(name) for name in arrays["market"].values]
    found = solve_game(game, named=lambda case: case_name(arrays, case), markets=markets)
    return written(arrays, told(game, found, by_case(arrays, "fixed_cost_rate")))
