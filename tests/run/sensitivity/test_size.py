"""What a size is worth: by hand, at its limits, and the same with and without the lives that sizes share."""

from __future__ import annotations

import numpy as np
import pytest
from subjects_at_hand import BARE, CELLS, alternating, subject, wavy

from cell2grid.errors import InfeasibleError, InputError
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.life.case import Life
from cell2grid.run.life.life import live
from cell2grid.run.sensitivity.alike import AMOUNTS, Likeness, lives_alike
from cell2grid.run.sensitivity.best_size import best_size
from cell2grid.run.sensitivity.changes import resized
from cell2grid.run.sensitivity.size import size_map
from cell2grid.run.sensitivity.tables import size_table
from cell2grid.run.worth.own_sales import own_sales
from cell2grid.run.worth.terms import members_of
from cell2grid.run.worth.valuing import outcome

LIMITED = BARE + "export_limit: 12 MW\n"


def test_the_worth_of_a_size_is_what_it_earns_less_what_it_costs() -> None:
    """In each of 4,380 pairs of hours P min(h, 1) MWh are bought at 10 and sold at 50 EUR/MWh.

    Over 2 years without discount a power P earns 2 · 4,380 · 40 P min(h, 1) = 350,400 P min(h, 1), and costs
    100,000 P h. So 10 MW are worth 1,252,000 EUR at half an hour, 2,504,000 at one and 1,504,000 at two.
    """
    found = size_map(subject(BARE), [5.0, 10.0, 20.0], [0.5, 1.0, 2.0])
    worths = {(size.power, size.hours): size.npv for size in found.sizes}
    assert [worths[10.0, hours] for hours in (0.5, 1.0, 2.0)] == pytest.approx([1_252_000.0, 2_504_000.0, 1_504_000.0])
    assert worths[5.0, 1.0] == pytest.approx(1_252_000.0)
    assert (found.best.power, found.best.hours, found.best.energy) == (20.0, 1.0, 20.0)
    # a rate of return r has 100 = 175.2 / (1 + r) + 175.2 / (1 + r)², so 1 + r = 0.876 + √(0.876² + 1.752)
    assert found.best.irr == pytest.approx(0.876 + np.sqrt(0.876**2 + 1.752) - 1.0)
    assert found.best.npv_per_capital == pytest.approx(5_008_000.0 / 2_000_000.0)


def test_a_price_takers_best_power_is_a_bound_and_that_is_said() -> None:
    found = size_map(subject(BARE), [5.0, 10.0, 20.0], [0.5, 1.0, 2.0])
    assert found.linear_in_power
    assert found.at_bound == ("power",)
    assert any("the best power is always a bound or none" in note for note in found.notes)
    # three lives, one for each number of hours, stand for nine sizes
    assert found.lives_run == 3


def test_a_limit_of_the_connection_sets_the_power() -> None:
    """More than 12 MW cannot be sent: the energy that is worth having is 12 MWh at any power, and power is free."""
    found = size_map(subject(LIMITED), [6.0, 12.0, 18.0], [0.5, 1.0, 2.0])
    worths = {(size.power, size.hours): size.npv for size in found.sizes}
    assert worths[12.0, 1.0] == pytest.approx(350_400.0 * 12 - 100_000.0 * 12)
    assert worths[18.0, 1.0] == pytest.approx(350_400.0 * 12 - 100_000.0 * 18)
    assert (found.best.power, found.best.hours) == (12.0, 1.0)
    assert not found.linear_in_power
    assert found.at_bound == ()
    assert found.lives_run == 9


def test_a_size_that_loses_money_is_not_to_be_built() -> None:
    dear = BARE.replace("100 EUR/kWh", "1000 EUR/kWh")
    found = size_map(subject(dear), [5.0, 10.0, 20.0], [1.0])
    assert found.best.power == 5.0
    assert any("the best is not to build" in note for note in found.notes)


def test_every_price_year_is_held_for_the_whole_life() -> None:
    """At 50 EUR/MWh 10 MW and 1 hour are worth 2,504,000 EUR; at 30 half of the revenue is left: 752,000."""
    asked = subject(BARE, alternating(), alternating(high=30.0, name="lower"))
    [found] = size_map(asked, [10.0], [1.0]).sizes
    assert (found.npv_low, found.npv_high) == pytest.approx((752_000.0, 2_504_000.0))
    assert found.npv == pytest.approx(1_628_000.0)
    fewer = size_map(subject(BARE, *wavy(4)), [10.0], [1.0], most_price_years=2)
    assert len(fewer.price_years) == 2
    assert any("2 of 4 price years are taken" in note for note in fewer.notes)


def test_costs_in_all_stay_and_costs_by_energy_follow() -> None:
    fixed = BARE.replace("100 EUR/kWh", "1000000 EUR")
    found = size_map(subject(fixed), [5.0, 10.0, 20.0], [1.0])
    assert {size.capital_cost for size in found.sizes} == {1_000_000.0}
    assert any("capital cost is the same at every size" in note for note in found.notes)


@pytest.mark.parametrize(
    "more",
    [
        "",
        "augmentation: [{year: 3 year, to: 95 percent}]\n",
        "warranty: {throughput: 20000 MWh}\n",
        "auxiliary_load: 0.1 MW\n",
    ],
)
def test_a_shared_life_is_the_life_of_its_own_size(more: str) -> None:
    """The lives that sizes share are those that each would have by itself.

    One power is twice the other, so that prices which tie are decided alike: other powers may take another of several
    best schedules, which wears the store by a few hundredths of a percent more or less.
    """
    asked = subject(CELLS + more, *wavy(1))
    cases = [members_of(resized(asked, power, 2.0), MiddleFigures()).cases[0] for power in (8.0, 4.0)]
    known: dict[bytes, Life] = {}
    shared = lives_alike(cases, known=known)
    assert len(known) == 1
    for case, found in zip(cases, shared, strict=True):
        alone = live(case)
        for name in (*AMOUNTS, "state_of_health", "full_cycles"):
            assert getattr(found, name) == pytest.approx(getattr(alone, name), rel=1e-6, abs=1e-9), name


@pytest.mark.parametrize(
    ("more", "shares"),
    [
        ("", True),
        ("auxiliary_load: 0.1 MW\n", True),
        ("augmentation: [{year: 3 year, to: 95 percent}]\n", True),
        ("warranty: {throughput: 20000 MWh}\n", True),
        ("augmentation: [{year: 3 year, energy: 2 MWh}]\n", False),
        ("export_limit: 7 MW\n", False),
        ("load: 3 MW\n", False),
    ],
)
def test_what_has_a_size_of_its_own_is_never_shared(more: str, shares: bool) -> None:
    asked = subject(CELLS + more, *wavy(1))
    tell = Likeness()
    one, other = (members_of(resized(asked, power, 2.0), MiddleFigures()).cases[0] for power in (10.0, 4.0))
    assert (tell(one) == tell(other)) is shares


def test_the_map_does_not_depend_on_the_order_of_sizes_or_on_workers() -> None:
    asked = subject(CELLS, *wavy(2))
    one = size_map(asked, [5.0, 10.0], [1.0, 2.0])
    other = size_map(asked, [10.0, 5.0, 10.0], [2.0, 1.0], workers=2)
    assert [size.npv for size in one.sizes] == [size.npv for size in other.sizes]


def test_a_map_at_the_projects_own_size_says_what_value_says() -> None:
    asked = subject(CELLS, *wavy(1))
    [found] = size_map(asked, [10.0], [2.0]).sizes
    alone = outcome(asked, MiddleFigures()).arrays
    assert found.npv == pytest.approx(float(alone["npv"].values[0, 0]), rel=1e-9)
    assert found.irr == pytest.approx(float(alone["irr"].values[0, 0]), rel=1e-9)
    assert found.lcos == pytest.approx(float(alone["lcos"].values[0, 0]), rel=1e-9)


def test_own_sales_lower_the_worth_as_the_test_of_the_price_taker_says() -> None:
    """A power that falls on its own prices is worth what ``own_sales`` finds for a schedule that knows."""
    moved = CELLS + "prices: {slope: 0.2 EUR/MWh/MW}\n"
    asked = subject(moved, *wavy(1))
    # more sizes than are found by themselves, so that some are drawn between others
    found = size_map(asked, np.linspace(10.0, 60.0, 6).tolist(), [2.0])
    assert not found.linear_in_power
    for size in found.sizes[1:5:3]:
        own = resized(asked, size.power, 2.0)
        middle = outcome(own, MiddleFigures())
        exact = own_sales(own, middle, 0.2)
        taker = float(middle.arrays["npv"].values[0, 0])
        assert size.npv == pytest.approx(exact.npv_knowing, abs=0.01 * abs(taker - exact.npv_knowing))


def test_the_search_finds_the_best_size_between_those_of_a_grid() -> None:
    """At most 12 MW can be sent and an hour is enough: 12 MW and 1 hour, which no size of the coarse grid is."""
    found = best_size(subject(LIMITED), (5.0, 22.0), (0.4, 3.1), tolerance=0.005)
    assert found.converged
    assert found.best.energy == pytest.approx(12.0, rel=0.02)
    assert found.best.npv == pytest.approx(250_400.0 * 12, rel=0.02)
    assert found.valuations == len(found.tried) <= 100
    again = best_size(subject(LIMITED), (5.0, 22.0), (0.4, 3.1), tolerance=0.005)
    assert [size.npv for size in again.tried] == [size.npv for size in found.tried]


def test_the_search_looks_along_the_hours_where_power_is_linear() -> None:
    found = best_size(subject(BARE), (5.0, 20.0), (0.4, 3.1))
    assert found.linear_in_power
    assert found.best.power == 20.0
    assert found.best.hours == pytest.approx(1.0, abs=0.03)
    assert found.at_bound == ("power",)


def test_a_debt_that_no_size_can_serve_is_said() -> None:
    text = BARE.replace(
        "life: 2 year", "life: 2 year, debt: {rate: 5 percent/year, tenor: 2 year, share: 100 percent}"
    ).replace("100 EUR/kWh", "200 EUR/kWh")
    found = size_map(subject(text), [10.0], [1.0, 4.0])
    assert np.isfinite(found.sizes[0].npv)
    assert np.isnan(found.sizes[1].npv)
    assert "debt" in found.sizes[1].refused
    assert any("1 of 2 sizes have no value" in note for note in found.notes)
    with pytest.raises(InfeasibleError, match="no size has a value"):
        size_map(subject(text), [10.0], [4.0])


@pytest.mark.parametrize(
    ("powers", "hours", "said"),
    [
        ([], [1.0], "power: there is no value"),
        ([0.0], [1.0], "power is 0 MW"),
        ([10.0], [float("nan")], "hours is nan"),
        ([10.0], [2000.0], "hours is 2000 hour"),
        (np.linspace(1, 100, 60).tolist(), np.linspace(1, 8, 60).tolist(), "60 × 60 sizes"),
    ],
)
def test_sizes_that_are_none_are_refused(powers: list[float], hours: list[float], said: str) -> None:
    with pytest.raises(InputError, match=said):
        size_map(subject(BARE), powers, hours)


@pytest.mark.parametrize(
    ("power", "hours", "more", "said"),
    [
        ((20.0, 5.0), (1.0, 2.0), {}, "power falls"),
        ((5.0, float("inf")), (1.0, 2.0), {}, "power is from 5 to inf"),
        ((5.0, 20.0), (1.0, 2.0), {"tolerance": 0.0}, "tolerance is 0"),
        ((5.0, 20.0), (1.0, 2.0), {"most_valuations": 3}, "valuations is 3"),
        ((5.0, 20.0), (1.0, 2.0), {"most_price_years": 0}, "price years is 0"),
    ],
)
def test_bounds_that_are_none_are_refused(power: tuple, hours: tuple, more: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        best_size(subject(BARE), power, hours, **more)


def test_the_table_has_one_best_size() -> None:
    found = size_map(subject(BARE), [5.0, 10.0], [1.0, 2.0])
    frame = size_table(found.sizes, found.best, "bare", "EUR")
    assert frame["best"].sum() == 1
    assert frame.loc[frame["best"], "power"].item() == 10.0
