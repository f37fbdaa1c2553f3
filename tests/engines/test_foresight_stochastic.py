"""Stochastic dynamic programming: by hand, against a tree of all paths on HiGHS, and against perfect foresight."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from forecasts_at_hand import hours_from, perfect
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_tree import best_expected, chance_of

from cell2grid.engines.dispatch import asset_case, checked, schedule
from cell2grid.engines.foresight import Fit, stochastic
from cell2grid.engines.foresight.markov import fitted
from cell2grid.engines.foresight.stochastic_kernel import Carried, Period, carry_back, execute
from cell2grid.engines.foresight.store import store_of
from cell2grid.errors import InputError
from cell2grid.prices import synthetic_year
from cell2grid.prices.forecasts import forecast, known_prices


def period_of(price: np.ndarray, chance: np.ndarray, **asset: object) -> Period:
    """The steps of an asset whose price [step, state] moves with the same chances in every step."""
    steps = len(price)
    store = store_of(checked(asset_case(np.zeros(steps), **asset)))  # type: ignore[arg-type]
    return Period(
        buy=(price + store.buy_add[:, None]) / store.efficiency_charge,
        sell=(price + store.sell_add[:, None]) * store.efficiency_discharge,
        most_in=store.most_in,
        most_out=store.most_out,
        kept=store.kept,
        low=np.concatenate([[store.start], store.lowest]),
        high=np.concatenate([[store.start], store.highest]),
        chance=chance[None],
        kind=np.zeros(steps, np.int64),
        end_worth=store.end_worth,
        end_length=store.end_length,
    )


def carried(period: Period, state: np.ndarray | None = None, longest: int = 10_000) -> Carried:
    steps = len(period.buy)
    path = np.zeros(steps, np.int64) if state is None else state
    return carry_back(period, path, np.full(steps, state is not None), np.empty((0, 0)), longest)


def test_two_states_by_hand() -> None:
    """1 MW, 1 MWh, no losses, empty. Now 20 for sure; then 10 or 50, alike likely. Buying now and selling then only at
    50 earns 50/2 + 10/2 - 20 = 10, for at 10 it sells too; not to buy earns nothing."""
    price = np.array([[20.0, 20.0], [10.0, 50.0]])
    period = period_of(price, np.full((2, 2), 0.5), power=1.0, energy=1.0)
    assert carried(period).first.tolist() == [10.0, 10.0]


def test_waiting_is_worth_what_it_may_find_by_hand() -> None:
    """Full, 30 now, then 10 or 40 alike, then nothing: to sell now earns 30, to wait 25; at 24 now it waits. With a
    worth of 15 in the end the 10 is not taken: to wait is worth (15 + 40) / 2 = 27.5."""
    chance = np.full((2, 2), 0.5)
    asset = {"power": 1.0, "energy": 1.0, "start_fraction": 1.0}
    for now, worth, best in ((30.0, 0.0, 30.0), (24.0, 0.0, 25.0), (24.0, 15.0, 27.5)):
        price = np.array([[now, now], [10.0, 40.0]])
        period = period_of(price, chance, **asset, terminal_value=worth)
        assert carried(period).first.tolist() == [best, best]


chains = st.tuples(st.integers(2, 3), st.integers(2, 4), st.integers(0, 10_000), st.booleans())
assets = st.fixed_dictionaries(
    {
        "power": st.sampled_from([1.0, 0.7]),
        "energy": st.sampled_from([1.0, 2.5]),
        "discharge_power": st.sampled_from([1.0, 0.4]),
        "efficiency_charge": st.sampled_from([1.0, 0.9]),
        "efficiency_discharge": st.sampled_from([1.0, 0.8]),
        "start_fraction": st.sampled_from([0.0, 0.3, 1.0]),
        "end_fraction": st.sampled_from([0.0, 0.2]),
    },
    optional={
        "self_discharge": st.sampled_from([0.1]),
        "throughput_cost": st.sampled_from([3.0]),
        "terminal_worth": st.sampled_from([((0.5, 40.0), (1.0, 10.0)), ((5.0, 25.0),)]),
        "energy_ceiling": st.sampled_from([0.9, 1.0]),
        "buy_adder": st.sampled_from([4.0]),
    },
)


def chain(states: int, steps: int, seed: int, negative: bool) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    price = random.integers(-40 if negative else 0, 90, (steps, states)).astype(np.float64)
    chance = random.random((states, states)) ** 2 + 0.02
    return price, chance / chance.sum(axis=1, keepdims=True)


@given(chains, assets)
@settings(max_examples=60, deadline=None)
def test_the_value_is_that_of_the_tree_of_all_paths(drawn: tuple[int, int, int, bool], asset: dict) -> None:
    price, chance = chain(*drawn)
    period = period_of(price, chance, **asset)
    first = np.eye(price.shape[1])
    found = carried(period)
    expected = [best_expected(period, one, float(period.low[0])) for one in first]
    assert found.first == pytest.approx(expected, rel=1e-9, abs=1e-7)
    assert found.error == 0.0


@given(chains, assets)
@settings(max_examples=25, deadline=None)
def test_what_is_done_earns_on_average_what_was_expected(drawn: tuple[int, int, int, bool], asset: dict) -> None:
    """Over all paths, weighted by their chance; where no price pays for doing both at once."""
    price, chance = chain(drawn[0], drawn[1], drawn[2], False)
    period = period_of(price, chance, **asset)
    steps, states = price.shape
    first, average = np.full(states, 1.0 / states), 0.0
    for path in product(range(states), repeat=steps):
        at = np.arange(steps), np.array(path)
        kept = carried(period, np.array(path))
        energy = np.empty(steps)
        buy, sell = period.buy[at], period.sell[at]
        execute(
            buy, sell, period.most_in, period.most_out, period.kept, period.low[1:], period.high[1:],
            kept.own_at, kept.own_level, kept.own_slope, float(period.low[0]), energy,
        )  # fmt: skip
        change = energy - period.kept * np.concatenate([[period.low[0]], energy[:-1]])
        money = float(np.sum(np.where(change > 0.0, -buy * change, -sell * change)))
        below = np.concatenate([[0.0], np.cumsum(period.end_length)[:-1]])
        money += float(np.sum(np.clip(energy[-1] - below, 0.0, period.end_length) * period.end_worth))
        average += chance_of(period, first, path) * money
    assert average == pytest.approx(float(first @ carried(period).first), rel=1e-9, abs=1e-8)


def test_a_chain_without_chance_is_perfect_foresight() -> None:
    price = np.maximum(synthetic_year(1).price[:600], 0.0)
    asset = {
        "power": 1.0,
        "energy": 4.0,
        "efficiency_charge": 0.9,
        "efficiency_discharge": 0.9,
        "self_discharge": 0.001,
    }
    period = period_of(price[:, None], np.ones((1, 1)), **asset)
    best = schedule(checked(asset_case(price, **asset)))
    assert carried(period).first[0] == pytest.approx(best.value, rel=1e-9)


def test_a_forecast_without_error_makes_it_perfect() -> None:
    series = synthetic_year(1)
    price, past = np.maximum(series.price[: 24 * 60], 0.0), 24 * 30
    case = asset_case(price[past:], power=1.0, energy=4.0, efficiency_charge=0.9, efficiency_discharge=0.9)

    class Perfect:
        name = "perfect"

        def prices(self, first: int, last: int, leads: int) -> np.ndarray:
            at = np.minimum(np.arange(first, last)[:, None] + np.arange(leads) + past, len(price) - 1)
            return price[at]

    done = stochastic(case, price[:past], series.timestep[: 24 * 60], forecast=Perfect())
    assert done.value == pytest.approx(schedule(checked(case)).value, rel=1e-6)
    assert done.method == "stochastic, perfect"


def test_a_grid_that_is_thinned_keeps_its_bound_on_the_error() -> None:
    price, chance = chain(3, 60, 7, False)
    period = period_of(price, chance, power=0.31, discharge_power=0.173, energy=1.0, efficiency_charge=0.93)
    exact, thin = carried(period), carried(period, longest=12)
    assert exact.longest > 40
    assert exact.error < 1e-9
    assert 1e-3 < thin.error < 30.0
    assert (np.abs(exact.first - thin.first) <= thin.error).all()
    assert (exact.first != thin.first).any()


def test_a_price_that_is_not_yet_known_changes_no_earlier_step() -> None:
    """Not through the fits that follow, nor through a forecast."""
    series, past, cut = synthetic_year(5), 24 * 40, 24 * 25 + 3
    stamps = series.timestep[: 24 * 80]
    other = series.price[: 24 * 80].copy()
    other[past + cut + 1 :] = 250.0 - 3.0 * other[past + cut + 1 :]
    for named in (None, "last_week"):
        found = []
        for price in (series.price[: 24 * 80], other):
            case = asset_case(price[past:], power=1.0, energy=4.0, efficiency_charge=0.9, efficiency_discharge=0.9)
            told = None
            if named is not None:
                changed = type(series)(
                    timestep=stamps, price=price, step_hours=series.step_hours[: 24 * 80], name="changed"
                )
                told = forecast(named, known_prices(changed, first=past))
            found.append(stochastic(case, price[:past], stamps, forecast=told).energy)
        assert np.array_equal(found[0][: cut + 1], found[1][: cut + 1])
        assert not np.array_equal(found[0], found[1])


def test_at_negative_prices_it_never_does_both_and_says_what_it_expects() -> None:
    series = synthetic_year(2)
    half = 24 * 150
    stop = half + 24 * 60
    assert (series.price[half:stop] < 0.0).any()
    asset = {"power": 1.0, "energy": 3.0, "efficiency_charge": 0.85, "efficiency_discharge": 0.85, "end_fraction": 0.5}
    case = asset_case(series.price[half:stop], start_fraction=0.5, **asset)
    done = stochastic(case, series.price[:half], series.timestep[:stop])
    assert (done.charge * done.discharge == 0.0).all()
    assert done.energy[-1] >= 1.5 - 1e-9
    assert "hull" in done.notes[0]
    best = schedule(checked(case)).value
    assert 0.4 * best < done.value < best
    relaxed = stochastic(
        asset_case(case.price, start_fraction=0.5, mode="relaxed", **asset), series.price[:half], series.timestep[:stop]
    )
    assert relaxed.value == done.value
    assert any("relaxed" in note for note in relaxed.notes)


def test_states_and_chances_of_a_price_that_flips_by_hand() -> None:
    """Noise of two equal levels that alternates every step: two states, their means 10 below and above the calendar's
    price, and next to no chance to stay."""
    stamps = hours_from("2025-01-06", 24 * 56 + 1)
    flip = np.where(np.arange(len(stamps)) % 2 == 0, 10.0, -10.0) * np.where(
        np.arange(len(stamps)) // 24 % 2 == 0, 1, -1
    )
    lattice = fitted(100.0 + flip, stamps, states=2)
    prices = lattice.prices(stamps)
    assert np.allclose(prices.mean(axis=1), 100.0, atol=1.0)
    assert np.allclose(prices[:, 1] - prices[:, 0], 20.0, atol=2.0)
    assert (lattice.states(stamps, 100.0 + flip) == (flip > 0.0)).mean() > 0.99
    assert np.allclose(lattice.chance.sum(axis=2), 1.0)
    assert (lattice.chance[:23, 0, 1] > 0.95).all()
    assert np.allclose(lattice.share.sum(axis=1), 1.0)


def test_a_season_is_learnt_from_a_year_and_not_from_less() -> None:
    stamps = hours_from("2024-01-01", 24 * 366)
    price = 50.0 + 20.0 * np.cos(2.0 * np.pi * np.arange(len(stamps)) / len(stamps))
    assert np.hypot(*fitted(price, stamps).season) == pytest.approx(20.0, rel=0.02)
    assert fitted(price[: 24 * 200], stamps[: 24 * 200]).season.tolist() == [0.0, 0.0]


def test_prices_that_never_change_make_a_lattice() -> None:
    stamps = hours_from("2024-01-01", 24 * 20)
    lattice = fitted(np.full(len(stamps), 7.0), stamps)
    assert np.allclose(lattice.prices(stamps), 7.0)
    assert np.isfinite(lattice.chance).all()


@pytest.mark.parametrize(
    ("past", "asset", "fit", "said"),
    [
        (24 * 10, {}, None, "240 prices over 10.0 days to learn from, expected 14 days or more"),
        (0, {}, None, "0 prices"),
        (24 * 30, {"load": 1.0}, None, "a load is not covered without foresight"),
        (24 * 30, {"cycles_per_day": 1.0}, None, "a cap on cycles is not covered"),
        (24 * 30, {"cyclic": True}, None, "cyclic"),
        (24 * 30, {}, Fit(states=0), "0 states"),
    ],
)
def test_what_it_does_not_cover_is_refused_by_name(past: int, asset: dict, fit: Fit | None, said: str) -> None:
    series = synthetic_year(1)
    case = asset_case(series.price[past : past + 48], power=1.0, energy=2.0, **asset)
    with pytest.raises(InputError, match=said):
        stochastic(case, series.price[:past], series.timestep[: past + 48], fit=fit)


def test_stamps_of_another_number_are_refused() -> None:
    series = synthetic_year(1)
    case = asset_case(series.price[:48], power=1.0, energy=2.0)
    with pytest.raises(InputError, match="40 stamps for 480 past prices and 48 steps"):
        stochastic(case, series.price[:480], series.timestep[:40])
    with pytest.raises(InputError, match="refit_hours is 0"):
        Fit(refit_hours=0.0)
    with pytest.raises(InputError, match="price lattice"):
        stochastic(
            case, series.price[:480], series.timestep[:528], forecast=perfect(case.price), fit=Fit(past_hours=1.0)
        )
