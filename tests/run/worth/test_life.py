"""A life by hand, its laws, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np

from cell2grid.run.worth.case import LifeCase, PriceYear
from cell2grid.run.worth.life import live

ALTERNATING = PriceYear("alternating", np.tile([10.0, 50.0], 4380), np.ones(8760))


def a_case(years: int = 3, **changes: Any) -> LifeCase:
    """A store of 1 MW and 1 MWh, without losses, on hours of 10 and 50 currency/MWh."""
    said: dict[str, Any] = {
        "asset": {"power": 1.0, "energy": 1.0},
        "price_years": (ALTERNATING,),
        "order": (0,) * years,
        "price_factor": np.ones(years),
        "life": float(years),
        "discount_rate": 0.0,
    }
    return LifeCase(**{**said, **changes})


def test_each_year_earns_the_spread_on_what_is_left_by_hand() -> None:
    """4,380 cycles of 1 MWh at 50 - 10 earn 175,200; a tenth of the capacity is gone each year.

    Revenue 175,200, 157,680 and 141,912; discharged 4,380, 3,942 and 3,547.8 MWh, charged the same.
    """
    found = live(a_case(fade=0.1))
    np.testing.assert_allclose(found.sales - found.charging_cost, [175_200, 157_680, 141_912], rtol=1e-12)
    np.testing.assert_allclose(found.discharged_energy, [4380, 3942, 3547.8], rtol=1e-12)
    np.testing.assert_allclose(found.charged_energy, found.discharged_energy, rtol=1e-12)
    np.testing.assert_allclose(found.capacity, [1.0, 0.9, 0.81], rtol=1e-12)
    np.testing.assert_allclose(found.state_of_health, [0.9, 0.81, 0.729], rtol=1e-12)
    np.testing.assert_allclose(found.full_cycles, [4380.0] * 3, rtol=1e-12)
    assert found.settled
    assert found.ended is None
    assert found.price_year == ("alternating",) * 3
