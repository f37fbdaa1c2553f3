"""What shocks on lanes and exports leave of sales abroad: by hand, and that no more is sold than a way lets out."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from market_studies import changed

from cell2grid.run.compared import compared
from cell2grid.run.ensemble import simulate
from cell2grid.run.market import solved
from cell2grid.run.market.held_up import left_by_end
from cell2grid.run.market.notes import market_notes
from cell2grid.run.market.terms import grouped
from cell2grid.run.varied import variation
from cell2grid.study.model import Study

LANE = 'lane: {origin: "NO", destination: DE}'
EXPORTS = 'region: "NO", what: exports'
FJORD = 'makes: pack\n    capacity: "12000 pack/year [page]"'
BY_MONTH = ("competition: {currency: EUR}", "competition: {currency: EUR, every: month}")


def _hit(what: str, leaves: str, days: tuple[str, str], *others: tuple[str, str]) -> Study:
    """The two makers with a shock that leaves so much; the north one makes no more than 1,200 a year."""
    row = f'  strike: {{{what}, leaves: "{leaves} [page]", start: "{days[0]} [page]", end: "{days[1]} [page]"}}\n'
    small = (FJORD, 'makes: pack\n    capacity: "1200 pack/year [page]"')
    return changed(_first_only(small), ("markets:\n", f"shocks:\n{row}markets:\n"), *others)


def _first_only(pair: tuple[str, str]) -> tuple[str, str]:
    # both plants say the same, and the north one stands first
    region = '    region: "NO"\n    '
    return region + pair[0], region + pair[1]


def _of(found: xr.Dataset, term: str) -> tuple[float, float, float]:
    """The price in the south, and what the north and the south maker sell there."""
    one = found.sel(term=term, market="south-buyers").isel(member=0)
    sales = one["sales"]
    return one["market_price"].item(), sales.sel(plant="fjord").item(), sales.sel(plant="spree").item()


def test_a_stop_of_a_whole_year_leaves_the_south_to_its_own_maker() -> None:
    """Alone, the south maker sells (200 - 20) / 0.2 = 900 at 200 - 90 = 110; with imports the price is 250 / 3."""
    for what in (LANE, EXPORTS):
        study = _hit(what, "0 percent", ("2030-01-01", "2030-12-31"))
        found = solved(study, members=1)
        assert _of(found, "2030") == pytest.approx((110.0, 0.0, 900.0))
        assert _of(found, "2031") == pytest.approx((250 / 3, 1600 / 3, 1900 / 3))
        calm = solved(study, members=1, without=("strike",))
        assert _of(calm, "2030") == pytest.approx((250 / 3, 1600 / 3, 1900 / 3))


@pytest.mark.parametrize("what", [LANE, EXPORTS])
def test_a_part_that_leaves_is_the_most_that_is_sold(what: str) -> None:
    """A quarter of 1,200 a year may leave: the other answers 300 with (200 - 20 - 30) / 0.2 = 750, at 200 - 105 = 95.

    At home nothing changes: it sells 633.3 there, and the 566.7 that are left are more than it may carry.
    """
    found = solved(_hit(what, "25 percent", ("2030-02-01", "2030-02-28"), BY_MONTH), members=1)
    assert _of(found, "2030-02") == pytest.approx((95.0, 300.0, 750.0), rel=1e-6)
    assert _of(found, "2030-03") == pytest.approx((250 / 3, 1600 / 3, 1900 / 3))
    home = found["sales"].sel(plant="fjord", market="north-buyers", term="2030-02").item()
    assert home == pytest.approx(1900 / 3)
    assert float(found["stationarity_residual"].max()) < 1e-6
    assert found.sizes["quota"] == 0


def test_what_waits_leaves_within_the_year() -> None:
    """A stop from April to June ends within the year; one from April on leaves what was made before: 3 of 12 months."""
    ends = solved(_hit(LANE, "0 percent", ("2030-04-01", "2030-06-30")), members=1)
    assert _of(ends, "2030") == pytest.approx((250 / 3, 1600 / 3, 1900 / 3))
    stays = solved(_hit(LANE, "0 percent", ("2030-04-01", "2031-01-31")), members=1)
    assert _of(stays, "2030") == pytest.approx((95.0, 300.0, 750.0), rel=1e-6)


def test_curved_demand_is_held_to_the_limit_too() -> None:
    """Q = 100,000 / p: at 300 imports the other sells q where its margin is its share: p (1 - q / Q) = 20.

    With p = 100,000 / Q and q = Q - 300 that is 100,000 x 300 = 20 Q^2, so that Q = 1,224.7 and p = 81.65.
    """
    curved = ('elasticity: "1 ratio [page]"}', 'elasticity: "1 ratio [page]", form: isoelastic}')
    found = solved(_hit(LANE, "25 percent", ("2030-02-01", "2030-02-28"), BY_MONTH, curved), members=1)
    whole = np.sqrt(1.5e6)
    assert _of(found, "2030-02") == pytest.approx((1e5 / whole, 300.0, whole - 300.0), rel=1e-6)


def test_a_comparison_without_the_shock_sees_it_and_a_run_says_how_it_counts() -> None:
    study = _hit(LANE, "0 percent", ("2030-01-01", "2030-12-31"))
    frame = compared(study, variation(study, without=["shocks.strike"]), members=2).frame
    price = frame.query("variable == 'market_price' and entity == 'south-buyers' and period == '2030'").iloc[0]
    assert price["difference"] == pytest.approx(110.0 - 250 / 3)
    assert any("shocks.strike" in note and "lets out within a term" in note for note in market_notes(study))


@settings(max_examples=12, deadline=None)
@given(leaves=st.integers(0, 100), capacity=st.integers(100, 3000))
def test_never_more_is_sold_over_a_way_than_it_lets_out(leaves: int, capacity: int) -> None:
    study = _hit(LANE, f"{leaves} percent", ("2030-02-01", "2030-02-28"), BY_MONTH)
    study = study.changed(horizon=study.horizon.model_copy(update={"end": "2030-03"}))
    plants = dict(study.plants)
    size = plants["fjord"].capacity
    assert size is not None
    plants["fjord"] = plants["fjord"].changed(capacity=type(size).model_validate(f"{capacity} pack/year [page]"))
    found = solved(study.changed(plants=plants), members=1)
    abroad = found["sales"].sel(plant="fjord", market="south-buyers").isel(member=0).values
    assert abroad[1] <= leaves / 100 * capacity * (1 + 1e-6) + 1e-9
    assert abroad[1] <= abroad[0] * (1 + 1e-6)


def test_what_has_left_by_the_end_of_a_term_by_hand() -> None:
    """Half leaves in each month of a quarter: of the first month's 1 - 1/8, of the second's 3/4, of the last's 1/2."""
    months = ["2030-01", "2030-02", "2030-03"]
    half = np.full(3, 0.5)
    assert left_by_end(half, grouped(months, ["2030"] * 3)).tolist() == [0.875, 0.75, 0.5]
    assert left_by_end(half, grouped(months, months)).tolist() == [0.5, 0.5, 0.5]


def test_the_ledger_ships_what_was_sold_when_the_way_is_free() -> None:
    """Of a stop from April to June the goods of four months leave in July: 533.3 / 12 of each, and none is lost.

    A stop from April on lets nothing out after March, and before it no more than the 300 that are sold in the year.
    """
    within = simulate(_hit(LANE, "0 percent", ("2030-04-01", "2030-06-30")), members=1, seed=1).arrays
    month = 1600 / 3 / 12
    wanted = [month] * 3 + [0.0] * 3 + [4 * month] + [month] * 5
    assert _left(within, "2030") == pytest.approx(wanted, abs=1e-6)
    on = simulate(_hit(LANE, "0 percent", ("2030-04-01", "2031-01-31")), members=1, seed=1).arrays
    assert _left(on, "2030")[3:] == pytest.approx([0.0] * 9, abs=1e-6)
    assert 0.0 < sum(_left(on, "2030")) <= 300.0
    part = _hit(LANE, "25 percent", ("2030-02-01", "2030-02-28"), BY_MONTH)
    assert _left(simulate(part, members=1, seed=1).arrays, "2030")[:3] == pytest.approx([month, 25.0, month], abs=1e-6)


def _left(arrays: xr.Dataset, year: str) -> list[float]:
    shipped = arrays["shipped"].sel(plant="fjord", destination="DE", period=[f"{year}-{n:02d}" for n in range(1, 13)])
    found: list[float] = shipped.isel(member=0).values.tolist()
    return found
