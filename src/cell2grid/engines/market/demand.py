"""What buyers pay for what is sold, market by market: inverse demand, linear or iso-elastic, and how it falls.

Plain array functions on a ``Game``; which sales are an equilibrium is said in ``residual.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.game import Game


def price_at(game: Game, sold: NDArray[np.float64]) -> NDArray[np.float64]:
    """Prices (B, M) [currency/item] at which buyers take what is ``sold`` (B, M) [item/year] in all markets.

    Linear: P = intercept - slope Q - sum over the other markets of cross_slope x Q. Iso-elastic: P = (Q / scale) ^
    (-1 / elasticity), and infinite where nothing is sold.
    """
    straight: NDArray[np.float64] = game.intercept - game.slope * sold - np.einsum("bmn,bn->bm", game.cross_slope, sold)
    if not game.isoelastic.any():
        return straight
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        curved = (sold / game.scale) ** (-1.0 / game.elasticity)
    return np.where(game.isoelastic, curved, straight)


def fall_at(game: Game, sold: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each market's price falls (B, M) [currency year/item/item] with one more item a year of its own sales.

    Linear: slope. Iso-elastic: P / (elasticity Q).
    """
    if not game.isoelastic.any():
        return game.slope
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        curved = price_at(game, sold) / (game.elasticity * sold)
    return np.where(game.isoelastic, curved, game.slope)


def bought_at(game: Game, price: NDArray[np.float64]) -> NDArray[np.float64]:
    """What buyers take (B, M) [item/year] at ``price`` (B, M), each market by itself: nothing above the intercept.

    Markets whose products stand in for each other have no such quantity of their own, and give nan.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        straight = np.maximum(game.intercept - price, 0.0) / game.slope
        curved = game.scale * price**-game.elasticity
    touched = (game.cross_slope != 0.0).any(axis=-1) | (game.cross_slope != 0.0).any(axis=-2)
    return np.where(game.isoelastic, curved, np.where(touched, np.nan, straight))
