"""Equilibria by the general method: cases solved by hand, laws, and others' oracles."""

from __future__ import annotations

import numpy as np
import pytest
from market_games import plain_game

from cell2grid.engines.market.complementarity import complementarity


def test_symmetric_cournot_by_hand():
    """n firms at cost c sell to a - bQ: q = (a - c) / (b(n + 1)), p = (a + nc) / (n + 1).

    a = 100, b = 2, c = 10, n = 4: q = 90 / 10 = 9, p = 140 / 5 = 28.
    """
    found = complementarity(plain_game([10.0] * 4, slope=[2.0]))
    assert found.sales[0, :, 0] == pytest.approx([9.0] * 4)
    assert found.price[0, 0] == pytest.approx(28.0)
    assert found.residual[0] < 1e-12
    assert found.unique[0]


def test_five_firms_of_murphy_sherali_and_soyster():
    """Case 1 of the literature (doi:10.1007/BF01585096): the published quantities and price."""
    beta = np.array([1.2, 1.1, 1.0, 0.9, 0.8])
    found = complementarity(
        plain_game(
            [10.0, 8.0, 6.0, 4.0, 2.0],
            isoelastic=[True],
            scale=[[5000.0]],
            elasticity=[[1.1]],
            power_scale=[[0.2] * 5],
            power_exponent=[1.0 / beta],
        )
    )
    assert found.sales[0, :, 0] == pytest.approx([36.93251, 41.81814, 43.70658, 42.65924, 39.17895], rel=1e-6)
    assert found.price[0, 0] == pytest.approx(18.30058, rel=1e-6)
