"""The revenue of a store whose own sales move the price, beside load, sun and wind and its own costs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.run.worth.moved_revenue import moved_revenue

STORE = {"power": 1.0, "energy": 1.0}


def test_beside_a_load_only_what_the_store_adds_is_counted() -> None:
    """A MWh from 10 to 50 EUR/MWh beside a load of 30 MW at the second price, each MW moving the price by 0.2.

    Alone the site pays 30 (50 + 6) = 1,680. With the store it pays 1 (10 + 0.2) and 29 (50 + 5.8), 1,628.4 in all: the
    store adds 51.6, for it makes the load cheaper. At given prices it adds 40.
    """
    found = moved_revenue(np.array([10.0, 50.0]), np.ones(2), {**STORE, "load": np.array([0.0, 30.0])}, 0.2)
    assert found.expected == pytest.approx(40.0)
    assert found.earned == pytest.approx(51.6)
    assert found.knowing == pytest.approx(51.6, rel=1e-3)
    assert found.left == pytest.approx(1.29, rel=1e-3)


def test_beside_generation_the_store_spoils_the_price_of_both() -> None:
    """10 MW of sun at both prices: alone 10 (10 - 2) + 10 (50 - 2) = 560; 9 (10 - 1.8) + 11 (50 - 2.2) = 599.6."""
    found = moved_revenue(np.array([10.0, 50.0]), np.ones(2), {**STORE, "generation": np.full(2, 10.0)}, 0.2)
    assert (found.expected, found.earned) == (pytest.approx(40.0), pytest.approx(39.6))


def test_cost_of_throughput_is_taken_off_and_what_is_stored_is_not_counted() -> None:
    """Two MWh pass the meter at 3 EUR each: 40 - 6 = 34 expected, 30 - 6 = 24 earned at a slope of 5."""
    asset = {**STORE, "throughput_cost": 3.0, "terminal_value": 1.0}
    found = moved_revenue(np.array([10.0, 50.0]), np.ones(2), asset, 5.0)
    assert (found.expected, found.earned) == (pytest.approx(34.0), pytest.approx(24.0))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 40.0), st.floats(0.0, 40.0), st.floats(0.0, 0.5), st.floats(0.0, 4.0))
def test_knowing_earns_most_and_no_slope_takes_nothing(
    seed: int, load: float, sun: float, slope: float, own: float
) -> None:
    generator = np.random.default_rng(seed)
    price, hours = generator.uniform(1.0, 90.0, 24), np.ones(24)
    asset = {"power": 10.0, "energy": 25.0, "efficiency_charge": 0.9, "throughput_cost": own}
    asset |= {"load": load * generator.random(24), "generation": sun * generator.random(24), "auxiliary_load": 0.2}
    found, flat = moved_revenue(price, hours, asset, slope), moved_revenue(price, hours, asset, 0.0)
    assert flat.left == pytest.approx(1.0)
    assert flat.earned == pytest.approx(flat.expected) == pytest.approx(found.expected)
    assert found.knowing >= found.earned - 1e-6
