"""A life by hand, its laws, and what it refuses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InfeasibleError, InputError
from cell2grid.run.life.case import Addition, Life, LifeCase, PriceYear, WarrantyLimits
from cell2grid.run.life.life import live
from cell2grid.run.life.operation import Market, Operation

ALTERNATING = PriceYear("alternating", np.tile([10.0, 50.0], 4380), np.ones(8760))
# two cycles in four hours: one with a spread of 40 currency/MWh, one with 4
WIDE_AND_NARROW = PriceYear("wide and narrow", np.tile([10.0, 50.0, 10.0, 14.0], 2190), np.ones(8760))


class Stretch(NamedTuple):
    """What a stretch did to the cells of ``PowerOfUse``."""

    state: tuple[float, float]
    health: float
    resistance: float
    calendar_loss: float
    cycle_loss: float


@dataclass(frozen=True)
class PowerOfUse:
    """Cells that lose ``use`` times a power of their full cycles, and ``time`` a year."""

    use: float
    power: float = 1.0
    time: float = 0.0

    def fresh(self, cells: Any, /) -> tuple[float, float]:
        return 0.0, 0.0

    def age(self, cells: Any, state: Any, level: Any, step_hours: Any, celsius: Any, *, scale: float = 1.0) -> Stretch:
        cycles, years = state
        moved, passed = cycles + np.abs(np.diff(level)).sum() / 2.0, years + step_hours.sum() / 8760.0
        calendar = scale * self.time * (passed - years)
        cycle = scale * self.use * (moved**self.power - cycles**self.power)
        health = 1.0 - scale * (self.time * passed + self.use * moved**self.power)
        return Stretch((moved, passed), health, 1.0 + passed / 10.0, calendar, cycle)


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


def earned(life: Life) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Market revenue by operating year."""
    return life.sales - life.charging_cost


def worth_of(case: LifeCase, life: Life) -> float:
    """What the wear cost is to raise: discounted market revenue less what is added."""
    ends = (1.0 + case.discount_rate) ** -np.arange(1.0, case.years + 1.0)
    return float((earned(life) - life.addition_cost * (1.0 + case.discount_rate)) @ ends)


def test_each_year_earns_the_spread_on_what_is_left_by_hand() -> None:
    """4,380 cycles of 1 MWh at 50 - 10 earn 175,200; a tenth of the capacity is gone each year.

    Revenue 175,200, 157,680 and 141,912; discharged 4,380, 3,942 and 3,547.8 MWh, charged the same.
    """
    found = live(a_case(fade=0.1))
    np.testing.assert_allclose(earned(found), [175_200, 157_680, 141_912], rtol=1e-12)
    np.testing.assert_allclose(found.discharged_energy, [4380, 3942, 3547.8], rtol=1e-12)
    np.testing.assert_allclose(found.charged_energy, found.discharged_energy, rtol=1e-12)
    np.testing.assert_allclose(found.capacity, [1.0, 0.9, 0.81], rtol=1e-12)
    np.testing.assert_allclose(found.state_of_health, [0.9, 0.81, 0.729], rtol=1e-12)
    np.testing.assert_allclose(found.full_cycles, [4380, 3942, 3547.8], rtol=1e-12)
    np.testing.assert_allclose(found.mean_level, [0.5] * 3, rtol=1e-3)
    assert found.settled
    assert found.ended is None
    assert found.price_year == ("alternating",) * 3
    assert found.methods == ("dynamic programming",)


def test_the_wear_cost_settles_where_it_is_by_hand() -> None:
    """A cycle takes 1e-4 MWh and moves 2 MWh through the meter; a MWh of capacity earns 2,190 (40 + 4) a year.

    A MWh lost in year 1 is worth 96,360 in year 2: 5e-5 x 96,360 = 4.818 for each MWh through the meter, 9.636 for a
    cycle. The spread of 4 no longer pays in year 1: 2,190 cycles, 87,600 earned, 0.219 lost. Year 2 has nothing after
    it: no wear cost, 4,380 cycles on 0.781 MWh, 75,257.16.
    """
    case = a_case(2, price_years=(WIDE_AND_NARROW,), cells="any")
    found = live(case, law=PowerOfUse(1e-4))
    np.testing.assert_allclose(found.capacity_worth, [96_360, 0], rtol=1e-9)
    np.testing.assert_allclose(found.wear_cost, [4.818, 0], rtol=1e-9)
    np.testing.assert_allclose(earned(found), [87_600, 75_257.16], rtol=1e-9)
    np.testing.assert_allclose(found.cycle_loss, [0.219, 0.4380 * 1.0], rtol=1e-9)
    np.testing.assert_allclose(found.full_cycles, [2190, 4380 * 0.781], rtol=1e-9)
    assert found.settled
    free = live(replace(case, wear="none"), law=PowerOfUse(1e-4))
    np.testing.assert_allclose(earned(free), [96_360, 96_360 * 0.562], rtol=1e-9)
    assert not free.wear_cost.any()


def test_a_later_year_is_discounted_and_has_its_price_factor_by_hand() -> None:
    """At 25 % and twice the prices in year 2, a lost MWh is worth 2 x 96,360 / 1.25 = 154,176, and 7.7088 a MWh."""
    case = a_case(2, price_years=(WIDE_AND_NARROW,), cells="any", discount_rate=0.25, price_factor=np.array([1.0, 2.0]))
    found = live(case, law=PowerOfUse(1e-4))
    np.testing.assert_allclose(found.capacity_worth, [154_176, 0], rtol=1e-9)
    np.testing.assert_allclose(found.wear_cost, [7.7088, 0], rtol=1e-9)


def test_worth_by_replacement_is_what_replacing_costs() -> None:
    """Replacing a MWh costs 200,000: 5e-5 x 200,000 = 10 for each MWh in year 1.

    0.781 MWh are left; a cycle of them takes as much from the cells: 10 / 0.781 = 12.8041, in the last year too.
    """
    case = a_case(2, price_years=(WIDE_AND_NARROW,), cells="any", wear="replacement", replacement_cost=200_000.0)
    found = live(case, law=PowerOfUse(1e-4))
    np.testing.assert_allclose(found.wear_cost, [10.0, 10.0 / 0.781], rtol=1e-9)
    np.testing.assert_allclose(found.full_cycles, [2190, 2190 * 0.781], rtol=1e-9)


def test_a_lost_megawatt_hour_that_is_put_back_is_worth_what_that_costs() -> None:
    """Filled up before year 2 at 30,000 a MWh: a loss in year 1 is worth 30,000, and 1.5 for each MWh."""
    addition = Addition(year=1, cost=np.full(2, 30_000.0))
    case = a_case(2, price_years=(WIDE_AND_NARROW,), cells="any", additions=(addition,), discount_rate=0.1)
    found = live(case, law=PowerOfUse(1e-4))
    np.testing.assert_allclose(found.capacity_worth, [30_000, 0], rtol=1e-9)
    np.testing.assert_allclose(found.wear_cost, [1.5, 0], rtol=1e-9)
    np.testing.assert_allclose(found.capacity, [1.0, 1.0], rtol=1e-9)
    np.testing.assert_allclose(found.added_energy, [0.0, 0.438], rtol=1e-9)
    np.testing.assert_allclose(found.addition_cost, [0.0, 13_140], rtol=1e-9)


def test_losses_that_slow_down_make_an_early_cycle_cheaper_by_hand() -> None:
    """Losses by the root of use, u = 0.001: after F cycles one more takes u / (2 sqrt F), whenever it was cycled.

    Each year cycles 4,380 times, the spread of 40 pays for all; slope 175,200. A cycle in year 1 of 4 is missed in the
    years 2 to 4 by u / 2 (1/sqrt 4,380 + 1/sqrt 8,760 + 1/sqrt 13,140) = 1.7259e-5 MWh and costs 3.0238, 1.5119 for
    each of its two MWh.
    """
    found = live(a_case(4, cells="any"), law=PowerOfUse(0.001, 0.5))
    missed = 0.0005 * (np.array([1, 2, 3]) * 4380.0) ** -0.5
    costs = 175_200 * np.array([missed.sum(), missed[1:].sum(), missed[2:].sum(), 0.0])
    # the power is fitted to whole years, whose mean losses stand for their middles
    np.testing.assert_allclose(found.wear_cost, costs / 2.0, rtol=0.25)
    straight = 0.001 * np.sqrt(4380.0) / 4380.0 * 3 * 175_200 / 2.0
    assert found.wear_cost[0] < 0.6 * straight


def test_a_store_that_is_too_small_ends_its_life_and_earns_nothing_more() -> None:
    """0.9, 0.81, 0.729 at the ends of years 1 to 3; below 80 % after the third."""
    found = live(a_case(6, fade=0.1, end_of_life=0.8))
    assert found.ended == 3
    np.testing.assert_allclose(found.operated, [1, 1, 1, 0, 0, 0])
    assert not earned(found)[3:].any()
    assert not found.state_of_health[3:].any()
    assert any("end of life: 72.9%" in note and "operating year 3" in note for note in found.notes)


def test_capacity_is_worth_the_time_by_which_the_store_lasts_longer() -> None:
    """Without wear cost half is lost in year 1, which ends the life; saving the narrow cycles saves later years."""
    case = a_case(6, price_years=(WIDE_AND_NARROW,), cells="any", end_of_life=0.6)
    law = PowerOfUse(1e-4)
    free, found = live(replace(case, wear="none"), law=law), live(case, law=law)
    assert free.ended == 1
    assert found.ended == 2
    assert worth_of(case, found) > worth_of(case, free)


def test_the_last_year_is_cut_to_its_share() -> None:
    """Half of year 3: half the revenue of a whole one, and the root of a year's fade."""
    found = live(a_case(3, fade=0.1, life=2.5))
    np.testing.assert_allclose(earned(found), [175_200, 157_680, 70_956], rtol=1e-12)
    np.testing.assert_allclose(found.operated, [1.0, 1.0, 0.5])
    np.testing.assert_allclose(found.state_of_health[-1], 0.81 * np.sqrt(0.9))
    worn = live(a_case(3, cells="any", life=2.5), law=PowerOfUse(1e-6, time=0.02))
    np.testing.assert_allclose(worn.calendar_loss, [0.02, 0.02, 0.01], rtol=1e-9)
    np.testing.assert_allclose(worn.cycle_loss, [0.00438, 0.00438, 0.00219], rtol=1e-3)


def test_a_price_year_of_any_length_stands_for_8760_hours() -> None:
    """Two days and 366 days of the same hours earn, and age, as the year does."""
    law, whole = PowerOfUse(1e-6, time=0.02), live(a_case(2, cells="any"), law=PowerOfUse(1e-6, time=0.02))
    for hours in (48, 8784):
        prices = PriceYear("other", np.tile([10.0, 50.0], hours // 2), np.ones(hours), np.full(hours, 20.0))
        found = live(a_case(2, cells="any", price_years=(prices,)), law=law)
        np.testing.assert_allclose(earned(found), earned(whole), rtol=1e-9)
        np.testing.assert_allclose(found.state_of_health, whole.state_of_health, rtol=1e-9)


def test_price_years_come_in_the_order_that_is_named() -> None:
    other = PriceYear("other", np.tile([10.0, 30.0], 4380), np.ones(8760))
    found = live(a_case(3, price_years=(ALTERNATING, other), order=(1, 0, 1), price_factor=np.array([1.0, 1.0, 0.5])))
    assert found.price_year == ("other", "alternating", "other")
    np.testing.assert_allclose(earned(found), [87_600, 175_200, 43_800], rtol=1e-12)


def test_what_an_asset_has_by_price_year_goes_with_it() -> None:
    by_year = {"sell_adder": (0.0, np.full(8760, -10.0))}
    found = live(a_case(2, price_years=(ALTERNATING, ALTERNATING), order=(1, 0), by_year=by_year))
    np.testing.assert_allclose(earned(found), [131_400, 175_200], rtol=1e-12)


def test_additions_come_in_their_year_or_when_too_little_is_left() -> None:
    """0.9 and 0.81 left; in year 3 half a MWh more; below 75 % after that never."""
    costs = np.array([1.0, 2.0, 3.0, 4.0])
    by_year = live(a_case(4, fade=0.1, additions=(Addition(year=2, energy=0.5, cost=costs),)))
    np.testing.assert_allclose(by_year.capacity, [1.0, 0.9, 1.31, 1.179], rtol=1e-12)
    np.testing.assert_allclose(by_year.addition_cost, [0, 0, 1.5, 0])
    below = live(a_case(4, fade=0.1, additions=(Addition(below=0.85, to=0.95, cost=costs),)))
    np.testing.assert_allclose(below.capacity, [1.0, 0.9, 0.95, 0.855], rtol=1e-12)
    np.testing.assert_allclose(below.added_energy, [0, 0, 0.14, 0], rtol=1e-12)


def test_a_replacement_is_a_new_store_with_new_cells() -> None:
    costs = np.full(4, 2.0)
    found = live(
        a_case(4, cells="any", additions=(Addition(year=2, replace=True, to=1.2, cost=costs),)),
        law=PowerOfUse(0.0, time=0.1),
    )
    np.testing.assert_allclose(found.capacity, [1.0, 0.9, 1.2, 1.08], rtol=1e-12)
    np.testing.assert_allclose(found.resistance, [1.1, 1.2, 1.1, 1.2], rtol=1e-12)
    np.testing.assert_allclose(found.addition_cost, [0, 0, 2.4, 0], rtol=1e-12)


def test_a_store_that_holds_more_than_it_is_filled_up_to_gets_nothing_and_that_is_said() -> None:
    addition = Addition(year=1, to=0.8, cost=np.full(3, 9.0))
    found = live(a_case(3, fade=0.1, additions=(addition,)))
    assert found.added_energy.tolist() == [0, 0, 0]
    assert found.notes == (
        "augmentation: operating year 2 would get nothing, as it is to be filled up to 0.8 MWh and holds 0.9 MWh; it "
        "was left out",
    )


def test_nothing_is_replaced_by_less() -> None:
    found = live(a_case(3, fade=0.1, additions=(Addition(year=1, replace=True, to=0.5, cost=np.ones(3)),)))
    np.testing.assert_allclose(found.capacity, [1.0, 0.9, 0.81], rtol=1e-12)
    assert any("a new store of 0.5 MWh in the place of one that holds 0.9 MWh" in note for note in found.notes)


def test_an_augmentation_carries_the_life_on() -> None:
    found = live(a_case(4, fade=0.1, end_of_life=0.85, additions=(Addition(below=0.85, cost=np.ones(4)),)))
    assert found.ended is None
    np.testing.assert_allclose(found.capacity, [1.0, 0.9, 1.0, 0.9], rtol=1e-12)


def test_a_store_that_has_lost_everything_earns_nothing() -> None:
    found = live(a_case(3, fade=1.0))
    np.testing.assert_allclose(earned(found), [175_200, 0, 0])
    assert "no capacity is left, and none is scheduled" in found.methods


def test_a_warranty_that_is_kept_caps_the_cycles_while_it_lasts() -> None:
    found = live(a_case(3, fade=0.1, warranty=WarrantyLimits(cycles_per_year=1000.0, years=2.0)))
    np.testing.assert_allclose(found.full_cycles, [1000, 900, 4380 * 0.81], rtol=1e-9)
    assert not found.notes


def test_years_that_the_warranty_holds_are_scheduled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wear cost below the multiplier of the cap moves no schedule; that of the last year is 0 in any case."""
    asked: list[int] = []
    operate = Market.operate

    def counted(market: Market, year: int, *rest: float) -> Operation:
        asked.append(year)
        return operate(market, year, *rest)

    monkeypatch.setattr(Market, "operate", counted)
    limits = WarrantyLimits(cycles_per_year=1000.0, years=2.0)
    found = live(a_case(3, warranty=limits, cells=object()), law=PowerOfUse(1e-5))
    assert found.settled
    assert found.wear_cost[0] > 0.0
    assert asked == [0, 1, 2] + [2] * (len(asked) - 3)


def test_a_throughput_that_is_kept_is_shared_out_over_its_years() -> None:
    found = live(a_case(3, fade=0.5, warranty=WarrantyLimits(throughput=9000.0)))
    # 3,000 in year 1; 2,190 of the 3,000 in year 2, all that half a store can; 1,095 of the 3,810 left in year 3
    np.testing.assert_allclose(found.discharged_energy, [3000, 2190, 1095], rtol=1e-9)


def test_a_warranty_that_is_not_kept_is_reported_with_both_figures() -> None:
    limits = WarrantyLimits(
        cycles_per_year=1000.0, throughput=5000.0, mean_level=0.4, retention=((1, 0.95), (2, 0.8)), keep=False
    )
    notes = live(a_case(3, fade=0.1, warranty=limits)).notes
    said = "\n".join(notes)
    assert len(notes) == 4
    assert "warranty: 4380 full cycles of what the store holds in operating year 1, limit 1000 a year" in said
    assert "warranty: 8322 MWh drawn by the end of operating year 2, limit 5000 MWh" in said
    assert "warranty: a mean level of 50.0% in operating year 1, limit 40.0%" in said
    assert "warranty: 90.0% is left at the end of operating year 1, 95.0% are promised" in said


def test_caps_by_day_that_keep_the_year_need_no_other() -> None:
    asset = {"power": 1.0, "energy": 1.0, "cycles_per_day": 1.0}
    prices = PriceYear("two days", np.tile([10.0, 50.0], 24), np.ones(48))
    kept = live(a_case(1, asset=asset, price_years=(prices,), warranty=WarrantyLimits(cycles_per_year=400.0)))
    np.testing.assert_allclose(kept.full_cycles, [365.0], rtol=1e-6)
    less = live(a_case(1, asset=asset, price_years=(prices,), warranty=WarrantyLimits(cycles_per_year=182.5)))
    np.testing.assert_allclose(less.full_cycles, [182.5], rtol=1e-6)
    assert any("HiGHS" in method or "caps on cycles" in method for method in less.methods)


def test_a_site_is_counted_without_what_it_earns_by_itself() -> None:
    """A load of 0.5 MW behind the meter costs the same with and without the store, but for what the store saves."""
    asset = {"power": 1.0, "energy": 1.0, "load": 0.5, "sell_adder": -20.0}
    found = live(a_case(1, asset=asset))
    # of each MWh half serves the load at 50, half is sold at 30
    np.testing.assert_allclose(earned(found), [4380 * (0.5 * 50 + 0.5 * 30 - 10)], rtol=1e-9)
    assert any("what the store adds" in note for note in found.notes)


def test_the_own_cost_of_throughput_stays_beside_the_wear_cost() -> None:
    """A spread of 4 does not pay 2 x 2.5; revenue has no wear cost in it."""
    asset = {"power": 1.0, "energy": 1.0, "throughput_cost": 2.5}
    found = live(a_case(1, asset=asset, price_years=(WIDE_AND_NARROW,)))
    np.testing.assert_allclose(earned(found), [87_600], rtol=1e-9)


def test_a_life_that_starts_from_its_own_wear_cost_stays_there() -> None:
    case = a_case(5, price_years=(WIDE_AND_NARROW,), cells="any", discount_rate=0.05)
    first = live(case, law=PowerOfUse(2e-5, time=0.01))
    again = live(case, law=PowerOfUse(2e-5, time=0.01), wear_from=first.wear_cost)
    assert again.rounds == 1
    np.testing.assert_array_equal(again.sales, first.sales)
    too_high = live(case, law=PowerOfUse(2e-5, time=0.01), wear_from=np.full(1, 1e6))
    assert too_high.settled
    np.testing.assert_allclose(too_high.wear_cost, first.wear_cost, rtol=0.02, atol=0.5)


def test_what_does_not_settle_says_so_and_keeps_the_better() -> None:
    case = a_case(6, price_years=(WIDE_AND_NARROW,), cells="any", discount_rate=0.05)
    found = live(case, law=PowerOfUse(6e-5, 0.95, 0.01), rounds=1, wear_from=np.full(6, 1e3))
    assert not found.settled
    assert found.rounds == 1
    assert any("not settled after 1 rounds" in note for note in found.notes)
    free = live(replace(case, wear="none"), law=PowerOfUse(6e-5, 0.95, 0.01))
    assert worth_of(case, found) >= worth_of(case, free)


prices_of_two_days = st.lists(st.integers(-20, 120), min_size=24, max_size=48)
laws = st.builds(
    PowerOfUse,
    use=st.floats(1e-6, 2e-4),
    power=st.sampled_from([0.5, 0.75, 1.0, 1.2]),
    time=st.floats(0.0, 0.05),
)


@st.composite
def lived_cases(draw: st.DrawFn) -> LifeCase:
    """Small stores on short price years, with losses, additions and ends of life."""
    rows = draw(st.lists(prices_of_two_days, min_size=1, max_size=2))
    years = draw(st.integers(1, 6))
    additions = draw(
        st.sampled_from(
            [
                (),
                (Addition(below=0.9, cost=np.full(years, 1e4)),),
                (Addition(year=1, energy=0.4, cost=np.full(years, 2e4)),),
                (Addition(year=2, replace=True, cost=np.full(years, 1e4)),),
            ]
        )
    )
    return a_case(
        years,
        asset={"power": 1.0, "energy": draw(st.sampled_from([1.0, 2.5])), "efficiency_charge": 0.9},
        price_years=tuple(PriceYear(str(i), np.array(row, float), np.ones(len(row))) for i, row in enumerate(rows)),
        order=tuple(draw(st.integers(0, len(rows) - 1)) for _ in range(years)),
        life=years - draw(st.sampled_from([0.0, 0.25])),
        discount_rate=draw(st.sampled_from([0.0, 0.08])),
        cells="any",
        additions=additions,
        end_of_life=draw(st.sampled_from([0.0, 0.7])),
    )


@settings(max_examples=60, deadline=None)
@given(lived_cases(), laws)
def test_wear_cost_never_makes_a_life_worse_and_agrees_with_what_it_leads_to(case: LifeCase, law: PowerOfUse) -> None:
    found, free = live(case, law=law), live(replace(case, wear="none"), law=law)
    assert worth_of(case, found) >= worth_of(case, free) - 1e-9 * (1.0 + abs(worth_of(case, free)))
    assert (found.wear_cost >= 0.0).all()
    if found.settled and found.wear_cost.any():
        moved = found.charged_energy + found.discharged_energy
        cycled = moved > 0.0
        losses = found.cycle_loss[cycled] * case.asset["energy"] / moved[cycled]
        implied = losses * np.maximum(found.capacity_worth[cycled], 0.0)
        spread = free.sales.sum() / free.discharged_energy.sum() - free.charging_cost.sum() / free.charged_energy.sum()
        assert np.abs(implied - found.wear_cost[cycled]).max() <= 0.0101 * spread
        assert found.residual <= 0.01


@settings(max_examples=60, deadline=None)
@given(lived_cases(), laws)
def test_energy_and_capacity_are_balanced(case: LifeCase, law: PowerOfUse) -> None:
    """What is charged is discharged but for losses; capacity is what was there, less losses, more additions."""
    found = live(case, law=law)
    # paid for charging in the last hour, a store may end its year full
    kept = 0.9 * found.charged_energy - found.discharged_energy
    rounds = [8760.0 / case.price_years[index].step_hours.sum() for index in case.order]
    assert (kept >= -1e-6).all()
    assert (kept <= found.capacity * found.operated * rounds + 1e-6).all()
    first = case.asset["energy"]
    lasted = found.operated > 0.0
    if not any(addition.replace for addition in case.additions):
        left = 1.0 + np.cumsum(found.added_energy / first - found.calendar_loss - found.cycle_loss)
        np.testing.assert_allclose(found.state_of_health[lasted], left[lasted], rtol=1e-9, atol=1e-9)
    assert (found.added_energy >= 0.0).all()
    assert (found.addition_cost >= 0.0).all()


@settings(max_examples=40, deadline=None)
@given(prices_of_two_days, st.floats(0.0, 0.3), st.floats(0.1, 3.0), st.floats(0.0, 2.0))
def test_more_capacity_never_hurts(prices: list[int], fade: float, energy: float, more: float) -> None:
    year = PriceYear("any", np.array(prices, float), np.ones(len(prices)))
    small, large = (
        live(a_case(3, price_years=(year,), asset={"power": 1.0, "energy": e}, fade=fade, wear="none"))
        for e in (energy, energy + more)
    )
    assert (earned(large) >= earned(small) - 1e-9 * (1.0 + np.abs(earned(small)))).all()


@settings(max_examples=30, deadline=None)
@given(lived_cases(), laws)
def test_without_scale_nothing_wears(case: LifeCase, law: PowerOfUse) -> None:
    found = live(replace(case, scale=0.0, additions=()), law=law)
    np.testing.assert_allclose(found.capacity, case.asset["energy"])
    assert not found.wear_cost.any()
    assert not (found.calendar_loss + found.cycle_loss).any()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"life": 0.0}, "life is 0, expected a number from 1e-09 to 200 year"),
        ({"life": float("nan")}, "life is nan"),
        ({"life": 2.0}, "life is 2 year, and the order names 3 years"),
        ({"discount_rate": -1.0}, "discount_rate is -1"),
        ({"scale": -0.1}, "scale is -0.1"),
        ({"fade": 1.5}, "fade is 1.5"),
        ({"end_of_life": 2.0}, "end_of_life is 2"),
        ({"order": (0, 1, 0)}, "operating year 2 has price year 1 of 1"),
        ({"order": ()}, "a life of 0 operating years"),
        ({"price_factor": np.array([1.0, np.inf, 1.0])}, "price_factor is not a finite number for each of 3"),
        ({"asset": {"power": 1.0, "energy": 0.0}}, "energy of the new store is 0"),
        ({"additions": (Addition(year=1, cost=np.ones(2)),)}, "augmentation 1: its cost"),
        ({"additions": (Addition(year=1, energy=-1.0, cost=np.ones(3)),)}, "'energy' of augmentation 1 is -1"),
        ({"replacement_cost": float("nan")}, "replacement_cost is not one finite number"),
        ({"by_year": {"load": (1.0, 2.0)}}, "'load' is given for 2 price years, expected 1"),
        (
            {"asset": {"power": 1.0, "energy": 1.0, "efficiency_charge": 2.0}},
            "operating year 1 .*efficiency_charge is 2",
        ),
        ({"price_years": (PriceYear("gap", np.array([1.0, np.nan]), np.ones(2)),)}, "prices of gap"),
    ],
)
def test_a_figure_out_of_range_is_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        live(a_case(3, **changes))


def test_a_year_without_a_schedule_is_named() -> None:
    with pytest.raises(InfeasibleError, match=r"operating year 1 \(prices of alternating\)"):
        live(a_case(2, asset={"power": 1e-6, "energy": 1.0, "end_fraction": 1.0}))
