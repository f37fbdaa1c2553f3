"""Methods side by side: perfect foresight bounds them all, and what is left at the end is counted for all alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from forecasts_at_hand import perfect
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines.dispatch import asset_case
from cell2grid.engines.foresight import compared, words
from cell2grid.errors import InfeasibleError
from cell2grid.prices import read_prices, synthetic_year
from cell2grid.prices.forecasts import forecast, known_prices, read_forecast

BATTERY = {"power": 100.0, "energy": 400.0, "efficiency_charge": 0.94, "efficiency_discharge": 0.94}


def test_rows_stand_in_one_order_and_perfect_forecasts_capture_all() -> None:
    year = synthetic_year(1)
    past, stop = 24 * 30, 24 * 50
    known = known_prices(year, first=past)
    case = asset_case(year.price[past:stop], start_fraction=0.5, end_fraction=0.5, **BATTERY)
    told = [perfect(case.price), forecast("yesterday", known)]
    rows = compared(case, year.price[:past], year.timestep[:stop], told, about_forecasts=False)
    assert [row.method for row in rows] == [
        "perfect",
        "stochastic",
        "rolling, perfect, 48 h",
        "rolling, yesterday, 48 h",
        "naive, fixed hours",
        "naive, price bounds",
    ]
    shares = [row.share for row in rows]
    assert shares[0] == 1.0
    assert shares[2] == pytest.approx(1.0, abs=0.02)
    assert all(share is not None and share <= 1.0 + 1e-9 for share in shares)
    assert all(row.left >= 0.0 for row in rows)
    said = words(case, rows)
    assert "does best: it captures" in said[1]
    assert "end at 200 MWh or more; what is left above that earns nothing" in said[2]


@given(
    st.integers(0, 50),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.sampled_from([0.0, 0.5]),
    st.sampled_from([None, 40.0, -10.0]),
    st.sampled_from([0.25, 4.0, 30.0]),
    st.sampled_from(["exclusive", "relaxed"]),
)
@settings(max_examples=12, deadline=None)
def test_no_method_beats_perfect_foresight(
    seed: int, start: float, end: float, worth: float | None, hours: float, mode: str
) -> None:
    """``compared`` raises where one does; negative prices are among these."""
    year = synthetic_year(seed)
    past, stop = 24 * 120, 24 * 140
    known = known_prices(year, first=past)
    asset = {"power": 1.0, "energy": hours, "efficiency_charge": 0.9, "efficiency_discharge": 0.9, "mode": mode}
    if worth is not None:
        asset["terminal_value"] = worth
    case = asset_case(year.price[past:stop], start_fraction=start, end_fraction=end, **asset)
    rows = compared(case, year.price[:past], year.timestep[:stop], [forecast("last_week", known)])
    assert rows[0].value == max(row.value for row in rows)


def test_a_site_leaves_out_what_does_not_cover_it_and_says_so() -> None:
    year = synthetic_year(1)
    known = known_prices(year)
    case = asset_case(year.price[:48], load=0.5, **BATTERY)
    rows = compared(case, np.empty(0), year.timestep[:48], [forecast("yesterday", known)], window_hours=12.0)
    assert [row.method for row in rows] == ["perfect", "rolling, yesterday, 12 h"]
    said = words(case, rows)
    assert "The stochastic and naive methods are left out: they do not cover a load." in said
    assert any("window by window" in sentence for sentence in said)


def test_where_nothing_can_be_earned_there_is_no_share() -> None:
    case = asset_case(np.full(24 * 20, 5.0), **BATTERY)
    year = synthetic_year(1)
    rows = compared(case, np.full(24 * 20, 5.0), year.timestep[: 24 * 40])
    assert rows[0].value == 0.0
    assert all(row.share is None for row in rows)
    assert "not above 0" in words(case, rows)[1]


def test_an_end_out_of_reach_is_refused_before_any_method_runs() -> None:
    case = asset_case(np.ones(24), power=1.0, energy=100.0, end_fraction=1.0)
    with pytest.raises(InfeasibleError, match="end_fraction 1 asks for 100 MWh"):
        compared(case, np.ones(24 * 20), synthetic_year(1).timestep[: 24 * 21])


@pytest.mark.parametrize("market", ["de-2016-2017", "pjm-2017-2018"])
def test_shares_on_a_year_of_two_markets(shared: Path, market: str) -> None:
    """A year of hours that the methods have not seen, after a year that they may learn from. The bands are wide: they
    hold what is known of such methods (50 to 90 % of perfect foresight, arXiv:2108.06000), not a figure."""
    path = shared / f"data/prices-{market}.csv"
    series = read_prices(path, price_column="Real price")
    past = 24 * 364
    known = known_prices(series, first=past)
    told = [forecast("yesterday", known), read_forecast(path, known, column="DNN Ensemble")]
    case = asset_case(series.price[past:], start_fraction=0.5, end_fraction=0.5, **BATTERY)
    share = {row.method: row.share for row in compared(case, series.price[:past], series.timestep, told)}
    assert all(value is not None for value in share.values())
    assert 0.6 < share["stochastic"] < 0.95
    assert 0.5 < share["rolling, yesterday, 48 h"] < share["rolling, prices-" + market + ", DNN Ensemble, 48 h"] < 0.99
    assert max(share["naive, fixed hours"], share["naive, price bounds"]) < share["stochastic"]
