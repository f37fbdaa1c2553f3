"""One figure at a time: the NPV at the ends of ranges by hand, what a swing may move, what is never commissioned."""

from __future__ import annotations

import numpy as np
import pytest
from subjects_at_hand import BARE, CELLS, alternating, subject, wavy

from cell2grid.errors import InputError
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.sensitivity import alike
from cell2grid.run.sensitivity.tables import tornado_table
from cell2grid.run.sensitivity.tornado import tornado
from cell2grid.run.worth.valuing import outcome

RANGED = BARE.replace("100 EUR/kWh", "80 .. 100 .. 150 EUR/kWh").replace(
    "life: 2 year", "life: 2 year, fixed_cost: 10 .. 20 EUR/kW/year"
)


def test_the_ends_of_a_range_are_valued_with_all_else_at_the_middle() -> None:
    """10 MW and 10 MWh earn 3,504,000 EUR in two years and cost 15 EUR/kW · 10,000 kW · 2 = 300,000 EUR to run.

    So they are worth 3,204,000 less 10,000 kWh at 80, 100 and 150 EUR; and at 10 or 20 EUR/kW a year 100,000 EUR more
    or less than at 15.
    """
    found = tornado(subject(RANGED))
    assert found.npv_middle == pytest.approx(2_204_000.0)
    assert [bar.figure for bar in found.bars] == ["finance.capital_cost", "finance.fixed_cost"]
    cost, fixed = found.bars
    assert (cost.low, cost.high, cost.unit) == (80.0, 150.0, "EUR/kWh")
    assert (cost.npv_low, cost.npv_high) == pytest.approx((2_404_000.0, 1_704_000.0))
    assert (fixed.npv_low, fixed.npv_high) == pytest.approx((2_304_000.0, 2_104_000.0))
    assert cost.width > fixed.width
    assert found.notes == ()


def test_a_distribution_goes_to_its_tenths_from_its_middle() -> None:
    """As above with a cost of 100 ± 10 EUR/kWh: 100 - 1.28155 * 10 = 87.1845, and 10,000 kWh of 12.8155 are 128,155."""
    text = RANGED.replace("80 .. 100 .. 150 EUR/kWh", '"normal(100, 10) EUR/kWh"')
    assert text != RANGED
    found = tornado(subject(text))
    assert found.npv_middle == pytest.approx(2_204_000.0)
    cost = found.bars[0]
    assert (cost.low, cost.high) == pytest.approx((87.1845, 112.8155), abs=1e-3)
    assert cost.npv_low - found.npv_middle == pytest.approx(128_155.2, abs=1.0)
    assert found.npv_middle - cost.npv_high == pytest.approx(128_155.2, abs=1.0)


def test_only_what_the_store_lives_by_has_a_life_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two costs change no schedule: one life is run for five valuations; the ends of the growth need two more."""
    run: list[int] = []
    own = alike.lives
    monkeypatch.setattr(alike, "lives", lambda cases, **more: run.append(len(cases)) or own(cases, **more))
    tornado(subject(RANGED))
    tornado(subject(RANGED + "prices: {growth: 0 .. 2 percent/year}\n"))
    assert run == [1, 3]


def test_price_years_are_tried_as_the_project_has_them() -> None:
    """At 50 EUR/MWh each year earns 1,752,000 EUR, at 30 half of it: drawn 3,504,000 or 1,752,000 less 1,000,000.

    One after the other it is a year of each in any order, and nothing changes without discount.
    """
    years = alternating(), alternating(high=30.0, name="lower")
    cycled = tornado(subject(BARE, *years))
    [bar] = cycled.bars
    assert bar.figure == "prices.years"
    assert (bar.npv_low, bar.npv_high) == pytest.approx((1_628_000.0, 1_628_000.0))
    drawn = tornado(subject(BARE + "prices: {years: drawn}\n", *years))
    [bar] = drawn.bars
    assert (bar.npv_low, bar.npv_high) == pytest.approx((752_000.0, 2_504_000.0))
    assert (bar.low, bar.high) == pytest.approx((20.0, 30.0))
    assert "lower" in bar.text


def test_a_swing_moves_each_figure_by_its_part_and_no_further_than_it_may_go() -> None:
    """A tenth: prices change the revenue of 3,504,000 by 350,400; 100 EUR/kWh the cost of 1,000,000 by 100,000.

    An efficiency of 95 percent may go to 85.5 and not beyond 100.
    """
    found = tornado(subject(BARE + "efficiency_discharge: 95 percent\n"), swing=0.1)
    bars = {bar.figure: bar for bar in found.bars}
    assert {"prices", "efficiency_discharge", "finance.capital_cost", "finance.life"} <= {*bars}
    assert "power" not in bars
    assert (bars["efficiency_discharge"].low, bars["efficiency_discharge"].high) == pytest.approx((85.5, 100.0))
    cost = bars["finance.capital_cost"]
    assert cost.npv_low - cost.npv_high == pytest.approx(200_000.0)
    # 9,500 MWh a year of 4,380 · 10 · 0.95 sold at 50: revenue 4380 · 10 · (47.5 - 10) · 2 = 3,285,000
    assert bars["prices"].npv_high - bars["prices"].npv_low == pytest.approx(0.2 * 3_285_000.0)
    assert all(bar.swung for bar in found.bars)


def test_efficiencies_of_a_technology_swing_too() -> None:
    found = tornado(subject(BARE + "technology: lfp-4h\n"), swing=0.05)
    bars = {bar.figure: bar for bar in found.bars}
    assert bars["technology.efficiency_charge"].npv_low < found.npv_middle


def test_wear_and_temperature_move_the_worth_as_one_expects() -> None:
    text = CELLS.replace("lfp-sony}", "lfp-sony, scale: 0.5 .. 1.5 ratio, temperature: 15 .. 35 degC}")
    asked = subject(text, *wavy(1))
    found = tornado(asked)
    bars = {bar.figure: bar for bar in found.bars}
    for name in ("ageing.scale", "ageing.temperature"):
        assert bars[name].npv_low > found.npv_middle > bars[name].npv_high
    assert found.npv_middle == pytest.approx(
        float(outcome(asked, MiddleFigures()).arrays["npv"].values[0, 0]), rel=1e-9
    )


def test_the_tornado_is_the_same_for_any_number_of_workers() -> None:
    text = CELLS.replace("lfp-sony}", "lfp-sony, scale: 0.5 .. 1.5 ratio}")
    asked = subject(text, *wavy(2))
    assert tornado(asked).bars == tornado(asked, workers=2).bars


def test_deliveries_go_to_the_months_by_which_a_tenth_and_nine_tenths_are_there() -> None:
    """The 10th and the 90th of 100 members, counted from 0: months 10 and 90; and never where the rest are lost."""
    text = BARE.replace("discount_rate: 0", "discount_rate: 5")
    [bar] = tornado(subject(text, delivered=np.arange(100.0))).bars
    assert (bar.figure, bar.low, bar.high) == ("commissioning", 10.0, 90.0)
    assert bar.npv_low > bar.npv_high
    lost = np.where(np.arange(100) < 80, np.arange(100.0), np.nan)
    found = tornado(subject(text, delivered=lost))
    assert np.isnan(found.bars[0].npv_high)
    assert any("never commissioned" in note for note in found.notes)
    never = tornado(subject(text, delivered=np.full(4, np.nan)))
    assert np.isnan(never.npv_middle)
    assert any("at the middle of all ranges the project is never commissioned" in note for note in never.notes)


def test_a_project_without_ranges_says_so() -> None:
    found = tornado(subject(BARE))
    assert found.bars == ()
    assert any("no figure has a range" in note for note in found.notes)


@pytest.mark.parametrize("swing", [0.0, -0.1, 1.0, float("nan")])
def test_a_swing_that_is_none_is_refused(swing: float) -> None:
    with pytest.raises(InputError, match="swing is"):
        tornado(subject(BARE), swing=swing)


def test_the_table_has_the_bars_in_their_order() -> None:
    found = tornado(subject(RANGED))
    frame = tornado_table(found, "bare", "EUR")
    assert frame["figure"].tolist() == [bar.figure for bar in found.bars]
    assert set(frame["npv_middle"]) == {found.npv_middle}
