"""Energy and reserve together: cases by hand, the equations, laws, and scipy as the second opinion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reserve_oracle import oracle

from cell2grid.engines import dispatch, reserves
from cell2grid.engines.dispatch.case import Case, asset_case
from cell2grid.engines.dispatch.highs import whole
from cell2grid.engines.reserves import Product, co_optimised, horizon, product
from cell2grid.errors import InfeasibleError, InputError, NotConvergedError

DAY = 60.0 + 40.0 * np.sin(np.arange(48) * 2.0 * np.pi / 24.0) + 5.0 * np.cos(np.arange(48) * 1.7)


def battery(price: np.ndarray, hours: np.ndarray | float = 1.0, **asset: object) -> Case:
    chosen = {
        "power": 10.0,
        "energy": 40.0,
        "efficiency_charge": 0.9,
        "efficiency_discharge": 0.95,
        "start_fraction": 0.5,
        "end_fraction": 0.5,
        **asset,
    }
    return asset_case(price, hours, **chosen)  # type: ignore[arg-type]


def test_one_product_in_one_step_earns_its_price() -> None:
    """10 MW at 8 a MW and hour for an hour, nothing called, energy for 15 minutes held: 10 x 0.25 = 2.5 of 10 MWh.

    Standing still, all 10 MW are free both ways: 80.
    """
    case = asset_case(np.array([50.0]), power=10.0, energy=20.0, start_fraction=0.5, end_fraction=0.5)
    fcr = product(case, "fcr", capacity_price=8.0, duration_up=0.25, duration_down=0.25)
    best = co_optimised(case, [fcr])
    assert best.award.tolist() == [[10.0]]
    assert (best.value, best.capacity_revenue.tolist(), best.revenue) == (80.0, [80.0], 0.0)
    assert best.method == "highs lp"
    assert best.bound == pytest.approx(80.0)


def test_a_duration_holds_energy_behind_an_award() -> None:
    """2 h behind each MW up, at 0.5 out of the store: each MW holds 4 MWh. Of 12 MWh 3 MW can be awarded, not 10."""
    case = asset_case(
        np.array([0.0]), power=10.0, energy=20.0, efficiency_discharge=0.5, start_fraction=0.6, end_fraction=0.6
    )
    best = co_optimised(case, [product(case, "up", up=True, capacity_price=5.0, duration_up=2.0)])
    assert best.award[0, 0] == pytest.approx(3.0)
    assert best.value == pytest.approx(15.0)


def test_a_duration_holds_room_for_an_award_down() -> None:
    """2 h at 0.5 into the store: each MW down needs room for 1 MWh; 8 of 20 MWh are free, so 8 MW."""
    case = asset_case(
        np.array([0.0]), power=10.0, energy=20.0, efficiency_charge=0.5, start_fraction=0.6, end_fraction=0.6
    )
    best = co_optimised(case, [product(case, "down", down=True, capacity_price=5.0, duration_down=2.0)])
    assert best.award[0, 0] == pytest.approx(8.0)


def test_calls_move_energy_and_are_paid() -> None:
    """8 MW up called for half of each hour, at 100: two hours move 4 MWh each out of a store of 10 MWh at 0.8.

    Each MW awarded in both hours draws 0.5 / 0.8 = 0.625 MWh an hour; 10 MWh / 1.25 = 8 MW. Pay: 8 x 2 for capacity
    of 1, and 8 MWh x 100. Selling at 0 earns nothing.
    """
    case = asset_case(
        np.zeros(2), power=0.0, discharge_power=10.0, energy=10.0, efficiency_discharge=0.8, start_fraction=1.0
    )
    terms = {"capacity_price": 1.0, "activation_up": 0.5, "activation_price_up": 100.0}
    block = product(case, "up", up=True, block_hours=2.0, **terms)
    best = co_optimised(case, [block])
    assert best.award[:, 0].tolist() == pytest.approx([8.0, 8.0])
    assert best.activation_revenue[0] == pytest.approx(800.0)
    assert best.value == pytest.approx(816.0)
    assert best.energy.tolist() == pytest.approx([5.0, 0.0])


def test_calls_down_fill_the_store_and_cost() -> None:
    """5 MW down called a fifth of an hour at 30: 1 MWh is taken for 30, and at 0.9 stores 0.9; wear of 2 is 2."""
    case = asset_case(
        np.array([1000.0]), power=5.0, energy=10.0, efficiency_charge=0.9, throughput_cost=2.0, discharge_power=0.0
    )
    down = product(case, "down", down=True, capacity_price=40.0, activation_down=0.2, activation_price_down=30.0)
    best = co_optimised(case, [down])
    assert best.energy[0] == pytest.approx(0.9)
    assert best.activation_revenue[0] == pytest.approx(-30.0)
    assert best.value == pytest.approx(5.0 * 40.0 - 30.0 - 2.0)


def test_the_price_of_a_call_is_the_market_price_and_an_adder() -> None:
    case = battery(np.array([20.0, 30.0]))
    one = product(case, "both", capacity_price=0.0, activation_adder_up=5.0, activation_adder_down=-7.0)
    assert one.activation_price_up.tolist() == [25.0, 35.0]
    assert one.activation_price_down.tolist() == [13.0, 23.0]


def test_a_symmetric_product_takes_both_sides_and_an_asymmetric_one_only_its_own() -> None:
    """Selling 10 of 10 MW in the dear hour leaves nothing up; a downward product could then have 20 MW.

    Up: giving up x MW of sales at 100 for x MW at 30 does not pay. Down at 30: 10 + 10 = 20 MW, 600.
    """
    case = asset_case(np.array([100.0]), power=10.0, energy=20.0, start_fraction=1.0)
    both, up, down = (
        product(case, name, capacity_price=30.0, **ways)  # type: ignore[arg-type]
        for name, ways in (("both", {}), ("up", {"up": True}), ("down", {"down": True}))
    )
    assert co_optimised(case, [both]).value == pytest.approx(1000.0)
    assert co_optimised(case, [up]).value == pytest.approx(1000.0)
    best = co_optimised(case, [down])
    assert best.value == pytest.approx(1600.0)
    assert best.award[0, 0] == pytest.approx(20.0)


def test_a_block_has_one_award() -> None:
    """Two hours as one block, capacity at 10 and 50, 10 MWh to sell at 30 and 45, 10 MW out and none in.

    By the hour: 10 MWh sold at 30, and 10 MW at 50: 800. As a block an award of x earns 60 x and leaves 10 - x MW of
    each hour to sales: up to x = 5 each MW costs 45 - 30, beyond it 45 + 30. So x = 5: 300 + 5 x 45 + 5 x 30 = 675.
    """
    case = asset_case(np.array([30.0, 45.0]), power=0.0, discharge_power=10.0, energy=10.0, start_fraction=1.0)
    prices = np.array([10.0, 50.0])
    hourly = co_optimised(case, [product(case, "up", up=True, capacity_price=prices)])
    block = co_optimised(case, [product(case, "up", up=True, capacity_price=prices, block_hours=2.0)])
    assert hourly.value == pytest.approx(10 * 30.0 + 10 * 50.0)
    assert block.value == pytest.approx(675.0)
    assert block.award[:, 0].tolist() == pytest.approx([5.0, 5.0])


def test_blocks_are_counted_from_midnight() -> None:
    case = battery(np.zeros(6))
    assert product(case, "a", capacity_price=1.0, block_hours=4.0, first_hour=2.0).block.tolist() == [0, 0, 1, 1, 1, 1]
    half = battery(np.zeros(6), 0.5)
    assert product(half, "a", capacity_price=1.0, block_hours=1.0).block.tolist() == [0, 0, 1, 1, 2, 2]


def test_blocks_of_a_year_of_five_minutes_stay_on_the_hour() -> None:
    """Twelve times a twelfth of an hour, added up 100,000 times, is not quite whole: each block still has 48 steps."""
    steps = 105_120
    one = product(
        asset_case(np.zeros(steps), 1.0 / 12.0, power=1.0, energy=1.0), "a", capacity_price=1.0, block_hours=4.0
    )
    assert set(np.bincount(one.block).tolist()) == {48}


def test_awards_and_flow_share_the_limits_and_the_store() -> None:
    case = battery(DAY - 40.0)
    products = [
        product(case, "fcr", capacity_price=9.0, duration_up=0.5, duration_down=0.5, activation_up=0.05,
                activation_down=0.05, block_hours=4.0),
        product(case, "up", up=True, capacity_price=6.0, duration_up=1.0, activation_up=0.1),
        product(case, "down", down=True, capacity_price=4.0, duration_down=1.0, activation_down=0.1, most=3.0),
    ]  # fmt: skip
    best = co_optimised(case, products)
    fcr, up, down = best.award.T
    net = best.discharge - best.charge
    assert (net + fcr + up).max() <= 10.0 + 1e-6
    assert (-net + fcr + down).max() <= 10.0 + 1e-6
    assert down.max() <= 3.0
    before = np.concatenate([[20.0], best.energy[:-1]])
    for level in (before, best.energy):
        assert (level - (0.5 * fcr + up) / 0.95).min() >= -1e-6
        assert (level + (0.5 * fcr + down) * 0.9).max() <= 40.0 + 1e-6
    stored = 0.9 * (best.charge + 0.05 * fcr + 0.1 * down)
    drawn = (best.discharge + 0.05 * fcr + 0.1 * up) / 0.95
    assert np.abs(best.energy - before - stored + drawn).max() < 1e-9
    assert (np.diff(fcr.reshape(-1, 4), axis=1) == 0.0).all()
    assert best.value == pytest.approx(best.revenue + best.capacity_revenue.sum() + best.activation_revenue.sum())
    assert (best.award > 0.0).any(axis=0).all()


def test_a_least_bid_is_kept_by_a_yes_or_no() -> None:
    """Only 3 MW are free for up; a least bid of 4 MW leaves none, one of 2 MW leaves all 3."""
    case = asset_case(np.array([0.0]), power=10.0, energy=20.0, start_fraction=0.15, end_fraction=0.15)
    for least, awarded in ((4.0, 0.0), (2.0, 3.0)):
        best = co_optimised(case, [product(case, "up", up=True, capacity_price=5.0, duration_up=1.0, least=least)])
        assert best.award[0, 0] == pytest.approx(awarded)
    assert co_optimised(case, [product(case, "up", up=True, capacity_price=5.0, least=4.0)]).method == "highs lp"
    assert co_optimised(
        case, [product(case, "up", up=True, capacity_price=5.0, duration_up=1.0, least=4.0)]
    ).method == "highs milp"  # fmt: skip


def test_the_grid_connection_bounds_the_awards() -> None:
    """6 MW may be sent, the sun sends 4: 2 MW of 10 can be promised upward; downward 5 MW may come in, and 4 + 5."""
    case = asset_case(
        np.array([50.0]),
        power=10.0,
        energy=40.0,
        start_fraction=0.5,
        end_fraction=0.5,
        generation=4.0,
        export_limit=6.0,
        import_limit=5.0,
    )
    up = co_optimised(case, [product(case, "up", up=True, capacity_price=5.0)])
    assert up.award[0, 0] == pytest.approx(2.0)
    assert up.value == pytest.approx(4 * 50.0 + 2 * 5.0)
    down = co_optimised(case, [product(case, "down", down=True, capacity_price=5.0)])
    assert down.award[0, 0] == pytest.approx(9.0)


def test_negative_prices_are_not_used_both_ways_and_the_method_says_what_it_took() -> None:
    """A full store at -50: the linear problem would take and send at once; the hull half of it; the rule forbids it."""
    case = asset_case(
        np.array([-50.0, -50.0]),
        power=10.0,
        energy=10.0,
        efficiency_charge=0.8,
        efficiency_discharge=0.8,
        start_fraction=1.0,
        end_fraction=1.0,
    )
    up = product(case, "up", up=True, capacity_price=1.0)
    best = co_optimised(case, [up])
    assert float((best.charge * best.discharge).max()) == 0.0
    assert best.method == "highs milp"
    assert best.value == pytest.approx(oracle(case, [up]), abs=1e-6)
    relaxed = co_optimised(replace(case, mode="relaxed"), [up])
    assert relaxed.value > best.value + 1.0
    assert relaxed.method == "highs lp"


def test_without_products_the_value_is_that_of_dispatch() -> None:
    for price in (DAY, DAY - 50.0):
        case = battery(price, throughput_cost=1.0, self_discharge=0.002)
        assert co_optimised(case, []).value == pytest.approx(whole(case).value, rel=1e-8)


values = st.integers(-40, 120).map(float)


@st.composite
def cases(draw: st.DrawFn, steps: int | None = None) -> Case:
    count = draw(st.integers(1, 5)) if steps is None else steps

    def series(numbers: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(numbers, min_size=count, max_size=count)))

    site: dict[str, object] = {}
    if draw(st.booleans()):
        site["generation"] = series(st.sampled_from([0.0, 1.0, 5.0]))
        site["load"] = series(st.sampled_from([0.0, 2.0]))
        site["export_limit"] = draw(st.sampled_from([3.0, 50.0]))
        site["import_limit"] = draw(st.sampled_from([4.0, 50.0]))
    if draw(st.booleans()):
        site["buy_adder"], site["sell_adder"] = draw(st.sampled_from([(5.0, -3.0), (-5.0, 2.0)]))
    if draw(st.booleans()):
        site["cycles_per_day"] = draw(st.sampled_from([0.25, 1.0]))
    if draw(st.booleans()):
        site["terminal_worth"] = ((3.0, 40.0), (2.0, 10.0))
    return asset_case(
        series(values),
        series(st.sampled_from([0.25, 1.0, 2.0])),
        power=series(st.sampled_from([0.0, 2.0, 4.0])) + 1.0,
        discharge_power=series(st.sampled_from([0.0, 3.0])),
        energy=draw(st.sampled_from([2.0, 6.0])),
        efficiency_charge=draw(st.sampled_from([0.5, 0.9, 1.0])),
        efficiency_discharge=draw(st.sampled_from([0.6, 0.95, 1.0])),
        start_fraction=draw(st.sampled_from([0.0, 0.5, 1.0])),
        end_fraction=draw(st.sampled_from([0.0, 0.5])),
        cyclic=draw(st.booleans()),
        self_discharge=draw(st.sampled_from([0.0, 0.01])),
        energy_floor=draw(st.sampled_from([0.0, 0.1])),
        energy_ceiling=draw(st.sampled_from([0.9, 1.0])),
        throughput_cost=draw(st.sampled_from([0.0, 3.0])),
        mode=draw(st.sampled_from(["exclusive", "relaxed"])),
        **site,  # type: ignore[arg-type]
    )


@st.composite
def products_of(draw: st.DrawFn, case: Case) -> list[Product]:
    def one(number: int) -> Product:
        count = len(case.price)
        ways = draw(st.sampled_from([{}, {"up": True}, {"down": True}]))
        share, hours = st.sampled_from([0.0, 0.1, 0.5]), st.sampled_from([0.0, 0.25, 1.0])
        return product(
            case,
            f"product {number}",
            capacity_price=np.array(draw(st.lists(st.integers(-2, 40), min_size=count, max_size=count)), float),
            duration_up=draw(hours),
            duration_down=draw(hours),
            activation_up=draw(share),
            activation_down=draw(share),
            activation_adder_up=draw(st.sampled_from([0.0, 20.0])),
            activation_adder_down=draw(st.sampled_from([0.0, -20.0])),
            least=draw(st.sampled_from([0.0, 0.0, 1.5])),
            most=draw(st.sampled_from([1.0, 2.0, np.inf])),
            block_hours=draw(st.sampled_from([0.25, 2.0])),
            **ways,  # type: ignore[arg-type]
        )

    return [one(number) for number in range(draw(st.integers(0, 2)))]


cases_and_products = cases().flatmap(lambda case: st.tuples(st.just(case), products_of(case)))


@settings(max_examples=200, deadline=None)
@given(cases_and_products)
def test_any_small_case_earns_what_scipy_finds(drawn: tuple[Case, list[Product]]) -> None:
    case, products = drawn
    expected = oracle(case, products)
    if np.isnan(expected):
        with pytest.raises(InfeasibleError):
            co_optimised(case, products)
        return
    best = co_optimised(case, products)
    assert best.value == pytest.approx(expected, rel=1e-6, abs=1e-5)
    assert best.bound >= best.value
    if case.mode == "exclusive":
        assert float(np.minimum(best.charge, best.discharge).max()) == 0.0
    for i, one in enumerate(products):
        awarded = best.award[:, i]
        assert ((awarded == 0.0) | (awarded >= one.least)).all()


@settings(max_examples=40, deadline=None)
@given(cases_and_products, st.sampled_from([0.0, 0.3, 2.0]))
def test_laws_of_a_product(drawn: tuple[Case, list[Product]], more: float) -> None:
    """A product never hurts, a higher price of capacity never lowers the value, a longer duration never raises it."""
    case, products = drawn
    try:
        none = co_optimised(case, []).value
    except InfeasibleError:
        return
    value = co_optimised(case, products).value
    allowed = 1e-5 * max(1.0, abs(value))
    assert value >= none - allowed
    dearer = [replace(one, capacity_price=one.capacity_price + more) for one in products]
    assert co_optimised(case, dearer).value >= value - allowed
    longer = [
        replace(one, duration_up=one.duration_up + more * one.up, duration_down=one.duration_down + more * one.down)
        for one in products
    ]
    assert co_optimised(case, longer).value <= value + allowed


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


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"capacity_price": float("nan")}, "capacity_price of timestep 0 is nan"),
        ({"capacity_price": np.r_[np.zeros(47), np.inf]}, "capacity_price of timestep 47 is inf"),
        ({"capacity_price": np.zeros(3)}, "a series has 3 values"),
        ({"duration_up": -1.0}, "duration_up is -1"),
        ({"duration_down": float("inf")}, "duration_down is inf"),
        ({"activation_up": 1.5}, "activation_up of timestep 0 is 1.5"),
        ({"activation_price_down": float("nan")}, "activation_price_down of timestep 0 is nan"),
        ({"least": -1.0}, "least is -1"),
        ({"most": float("nan")}, "most of timestep 0 is nan"),
        ({"block_hours": 0.0}, "block_hours is 0"),
        ({"block": np.zeros(3, int)}, "block has 3"),
        ({"up": False, "down": False}, "neither upward nor downward"),
    ],
)
def test_an_impossible_product_is_refused_by_name(terms: dict, words: str) -> None:
    case = battery(DAY)
    with pytest.raises(InputError, match=words) as refused:
        co_optimised(case, [product(case, "mine", **{"capacity_price": 1.0, **terms})])
    assert "'mine'" in str(refused.value)


def test_two_products_of_one_name_are_refused() -> None:
    case = battery(DAY)
    twice = [product(case, "fcr", capacity_price=1.0)] * 2
    with pytest.raises(InputError, match="'fcr' stands 2 times"):
        co_optimised(case, twice)


@pytest.mark.parametrize(
    "table", ["efficiency_charge_by_power", "efficiency_discharge_by_power", "charge_by_level", "discharge_by_level"]
)
def test_features_that_reserve_does_not_cover_are_refused_by_name(table: str) -> None:
    case = replace(battery(DAY), **{table: ((0.5, 0.9), (1.0, 0.8))})
    with pytest.raises(InputError, match=table):
        co_optimised(case, [])


def test_an_end_out_of_reach_is_named() -> None:
    with pytest.raises(InfeasibleError, match="timestep"):
        co_optimised(battery(DAY[:2], start_fraction=0.0, end_fraction=1.0), [])


def test_no_time_is_an_error_that_names_the_gap() -> None:
    case = battery(DAY)
    with pytest.raises(NotConvergedError, match="time limit"):
        co_optimised(case, [product(case, "up", up=True, capacity_price=3.0)], time_limit=0.0)


def test_rows_of_products_may_come_in_any_order() -> None:
    case = battery(DAY)
    one = product(case, "one", capacity_price=5.0, duration_up=0.5, duration_down=0.5)
    other = product(case, "other", up=True, capacity_price=7.0, duration_up=1.0)
    first, second = co_optimised(case, [one, other]), co_optimised(case, [other, one])
    assert first.value == pytest.approx(second.value, rel=1e-9)
    assert second.names == ("other", "one")


def test_dispatch_is_left_as_it_is() -> None:
    assert set(dispatch.WRITES) & {"award", "co_optimised_value"} == set()


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


def test_labelled_arrays_give_the_same_plan() -> None:
    case = battery(DAY, generation=2.0, export_limit=9.0)
    one = product(case, "one", capacity_price=5.0, duration_up=0.5, duration_down=0.5, block_hours=4.0)
    plain = co_optimised(case, [one])
    asset = dispatch.asset_arrays(
        DAY,
        power=10.0,
        energy=40.0,
        efficiency_charge=0.9,
        efficiency_discharge=0.95,
        start_fraction=0.5,
        end_fraction=0.5,
        generation=2.0,
        export_limit=9.0,
    )
    solved = reserves.solve(asset.merge(reserves.product_arrays([one])))
    assert float(solved["co_optimised_value"]) == plain.value
    assert solved["award"].sel(service="one").values.tolist() == plain.award[:, 0].tolist()
    assert solved.attrs["method"] == plain.method
