"""Long horizons of energy and reserve: windows, and the proof of a whole from its parts."""

from __future__ import annotations

import numpy as np
import pytest
from reserve_cases import DAY, battery

from cell2grid.engines import reserves
from cell2grid.engines.reserves import co_optimised, horizon, product
from cell2grid.errors import InputError


def test_windows_give_a_lower_bound_and_say_so() -> None:
    random = np.random.default_rng(5)
    price = np.tile(DAY, 7) + random.normal(0.0, 20.0, 336) - 30.0
    case = battery(price, cycles_per_year=300.0)
    products = [
        product(case, "fcr", capacity_price=random.uniform(0.0, 15.0, 336), duration_up=0.5, duration_down=0.5,
                activation_up=0.05, activation_down=0.05, block_hours=4.0, least=1.0),
        product(case, "up", up=True, capacity_price=random.uniform(0.0, 15.0, 336), duration_up=1.0, activation_up=0.1),
    ]  # fmt: skip
    best = co_optimised(case, products)
    seen: list[tuple[int, int]] = []
    rolled = co_optimised(case, products, window=96.0, overlap=24.0, progress=lambda done, of: seen.append((done, of)))
    assert rolled.value <= best.value + 1e-6 * abs(best.value)
    assert rolled.value >= 0.95 * best.value
    assert rolled.bound == np.inf
    assert "windows of 96 h with 24 h of overlap" in rolled.method
    assert seen[0] == (72, 336)
    assert seen[-1] == (336, 336)
    assert rolled.energy[-1] >= 20.0 - 1e-6
    drawn = (rolled.discharge + 0.05 * rolled.award[:, 0] + 0.1 * rolled.award[:, 1]) / 0.95
    assert drawn.sum() <= 300.0 * 336 / 8760 * 40.0 + 1e-6
    assert rolled.value == pytest.approx(
        rolled.revenue + rolled.capacity_revenue.sum() + rolled.activation_revenue.sum()
    )


def test_a_window_leaves_a_level_from_which_the_end_can_be_reached() -> None:
    """0.9 x 1 MW an hour fills 20 of 40 MWh in 23 hours: the first day may not sell what the end asks for."""
    price = np.concatenate([np.full(24, 90.0), np.full(24, 100.0)])
    case = battery(price, power=1.0, end_fraction=1.0)
    rolled = co_optimised(case, [], window=12.0, overlap=0.0)
    assert rolled.energy[-1] >= 40.0 - 1e-6


@pytest.mark.parametrize(
    ("window", "overlap", "words"),
    [
        (24.0, 24.0, "overlap is 24 h and the window 24 h"),
        (3.0, 0.0, "the next such end is 4 h away"),
        (-1.0, None, "the window is -1 h"),
        (None, 3.0, "an overlap of 3 h without a window"),
        (float("nan"), None, "the window is nan h"),
    ],
)
def test_a_window_that_does_not_fit_is_refused(window: float | None, overlap: float | None, words: str) -> None:
    case = battery(DAY)
    block = product(case, "fcr", capacity_price=1.0, block_hours=4.0)
    with pytest.raises(InputError, match=words):
        co_optimised(case, [block], window=window, overlap=overlap)


def test_a_cyclic_horizon_is_not_rolled() -> None:
    with pytest.raises(InputError, match="cyclic"):
        co_optimised(battery(DAY, cyclic=True), [], window=24.0)


def test_a_long_horizon_is_proved_from_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three weeks of hours with many negative prices: the plan from parts is that of one tree over all choices."""
    random = np.random.default_rng(11)
    price = np.tile(DAY, 11)[:504] + random.normal(0.0, 15.0, 504) - 55.0
    case = battery(price)
    products = [
        product(case, "fcr", capacity_price=random.uniform(0.0, 8.0, 504), duration_up=0.5, duration_down=0.5,
                activation_up=0.05, activation_down=0.05, block_hours=4.0, least=1.0),
        product(case, "down", down=True, capacity_price=random.uniform(0.0, 5.0, 504), duration_down=1.0),
    ]  # fmt: skip
    parts = co_optimised(case, products)
    monkeypatch.setattr(horizon, "MOST_IN_A_TREE", 505)
    tree = co_optimised(case, products)
    assert parts.method == tree.method == "highs milp"
    turnover = np.abs(price * (parts.discharge - parts.charge)).sum() + parts.capacity_revenue.sum()
    assert parts.value == pytest.approx(tree.value, abs=2e-6 * turnover)
    assert tree.value <= parts.bound + 1e-6 * turnover
    assert parts.value <= tree.bound + 1e-6 * turnover
    assert float(np.minimum(parts.charge, parts.discharge).max()) == 0.0


def test_a_horizon_beyond_a_year_of_hours_is_rolled_unless_a_window_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserves, "MOST_AT_ONCE", 47)
    monkeypatch.setattr(reserves, "KEPT_STEPS", 30)
    monkeypatch.setattr(reserves, "OVERLAP_HOURS", 12.0)
    case = battery(DAY)
    assert co_optimised(case, []).method == "highs lp, windows of 36 h with 12 h of overlap"
    assert co_optimised(case, [], window=48.0, overlap=0.0).method == "highs lp, windows of 48 h with 0 h of overlap"
