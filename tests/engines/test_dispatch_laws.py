"""Laws that every best schedule keeps, whatever the features: more room never hurts, a rule never gains."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dispatch_ledger import Flows, Ledger
from dispatch_questions import FEATURES, Asset, decimals, price_year, questions, sun_year
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cell2grid.engines import dispatch
from cell2grid.errors import InfeasibleError, InputError

YEAR: Asset = {
    "power": 100.0,
    "energy": 400.0,
    "efficiency_charge": 0.93,
    "efficiency_discharge": 0.95,
    "start_fraction": 0.5,
    "end_fraction": 0.5,
}
SITE: Asset = {
    "generation": sun_year(2, 140.0),
    "load": 30.0,
    "export_limit": 90.0,
    "buy_adder": 12.0,
    "sell_adder": -1.5,
}
# tables refer to the largest limit or to the capacity, so that "more" of it changes them as well
TABLES = {"charge_by_power", "discharge_by_power", "charge_by_level", "discharge_by_level"}
FIXED = tuple(sorted(set(FEATURES) - TABLES))


def value(price: np.ndarray, hours: Any, asset: Asset) -> float:
    """What the best schedule earns; minus infinity where there is none."""
    try:
        return dispatch.schedule(dispatch.checked(dispatch.asset_case(price, hours, **asset))).value
    except (InfeasibleError, InputError):
        return -np.inf


def no_less(more: float, less: float) -> bool:
    return more >= less - 1e-7 * max(1.0, abs(less)) if np.isfinite(less) else True


@settings(max_examples=80, deadline=None)
@given(questions())
def test_leave_to_charge_and_discharge_at_once_never_hurts(question: tuple[np.ndarray, Any, Asset]) -> None:
    price, hours, asset = question
    assert no_less(value(price, hours, asset | {"mode": "relaxed"}), value(price, hours, asset | {"mode": "exclusive"}))


@settings(max_examples=80, deadline=None)
@given(questions(FIXED[:0]), st.data())
def test_more_power_never_hurts(question: tuple[np.ndarray, Any, Asset], data: st.DataObject) -> None:
    price, hours, asset = question
    for name in data.draw(st.lists(st.sampled_from(FIXED), max_size=4, unique=True)):
        asset |= data.draw(FEATURES[name](len(price)))
    asset = {"discharge_power": asset["power"], **asset}
    more = asset | {name: 1.3 * np.asarray(asset[name]) for name in ("power", "discharge_power")}
    assert no_less(value(price, hours, more), value(price, hours, asset))


@settings(max_examples=80, deadline=None)
@given(questions(), decimals(1.0, 3.0))
def test_a_wider_connection_and_more_sun_never_hurt(question: tuple[np.ndarray, Any, Asset], more: float) -> None:
    price, hours, asset = question
    asset = {"export_limit": 3.0, "import_limit": 4.0, "generation": 2.0, **asset}
    wider = asset | {name: more * asset[name] for name in ("export_limit", "import_limit", "generation")}
    assert no_less(value(price, hours, wider), value(price, hours, asset))


@settings(max_examples=80, deadline=None)
@given(questions(), decimals(0.0, 2.0))
def test_a_cap_on_cycles_never_gains(question: tuple[np.ndarray, Any, Asset], cycles: float) -> None:
    price, hours, asset = question
    free = {name: what for name, what in asset.items() if not name.startswith("cycles")}
    capped = free | {"cycles_per_day": cycles}
    assert no_less(value(price, hours, free), value(price, hours, capped))
    assert no_less(value(price, hours, free | {"cycles_per_day": 2.0 * cycles}), value(price, hours, capped))


@settings(max_examples=80, deadline=None)
@given(questions(), st.data())
def test_the_value_is_convex_in_the_prices(question: tuple[np.ndarray, Any, Asset], data: st.DataObject) -> None:
    """One schedule serves all prices, and what it earns is a sum over them: a mean of prices earns no more."""
    price, hours, asset = question
    other = np.array(data.draw(st.lists(st.integers(-60, 100), min_size=len(price), max_size=len(price)))) * 1.0
    middle = value((price + other) / 2.0, hours, asset)
    assume(np.isfinite(middle))
    assert no_less((value(price, hours, asset) + value(other, hours, asset)) / 2.0, middle)


@settings(max_examples=60, deadline=None)
@given(questions(("relaxed", "cycles_per_year")))
def test_the_value_is_concave_in_the_cycles_of_a_linear_problem(question: tuple[np.ndarray, Any, Asset]) -> None:
    price, hours, asset = question
    low, high = asset["cycles_per_year"], 2.0 * asset["cycles_per_year"] + 300.0
    few, some, many = (
        value(price, hours, asset | {"cycles_per_year": cycles}) for cycles in (low, (low + high) / 2.0, high)
    )
    assert no_less(some, (few + many) / 2.0)


@pytest.mark.parametrize("change", [{}, SITE])
def test_a_year_split_into_half_hours_never_loses(change: Asset) -> None:
    """What an hour did can be done in both of its halves; at a negative price the halves may do better apart."""
    price, fine = (
        price_year(2, 5.0),
        {name: np.repeat(what, 2) if np.ndim(what) else what for name, what in change.items()},
    )
    assert no_less(value(np.repeat(price, 2), 0.5, YEAR | fine), value(price, 1.0, YEAR | change))


def test_a_year_above_zero_split_into_half_hours_earns_the_same() -> None:
    price = np.maximum(price_year(2, 30.0), 0.5)
    assert value(np.repeat(price, 2), 0.5, YEAR) == pytest.approx(value(price, 1.0, YEAR), rel=1e-11)


@pytest.mark.parametrize("change", [{}, {"throughput_cost": 3.0}, {"self_discharge": 0.001}, SITE])
def test_the_rest_of_a_best_year_is_a_best_rest(change: Asset) -> None:
    """Bellman: from the level in which half the year leaves the store, the other half alone earns what it did."""
    price, asset, half = price_year(4, 12.0), YEAR | change, 4380
    best = dispatch.schedule(dispatch.checked(dispatch.asset_case(price, **asset)))
    ledger = Ledger(price, 1.0, asset)
    flows = Flows(best.charge, best.discharge, best.energy)
    moved = asset.get("throughput_cost", 0.0) * (best.charge + best.discharge)
    first = float((ledger.money(flows) - moved)[:half].sum())
    rest = {name: what[half:] if np.ndim(what) else what for name, what in asset.items()}
    rest["start_fraction"] = min(1.0, max(0.0, best.energy[half - 1] / 400.0))
    assert first + value(price[half:], 1.0, rest) == pytest.approx(best.value, rel=1e-9)


def test_more_of_a_store_never_hurts_over_a_year() -> None:
    price, empty = price_year(5, 10.0), YEAR | {"start_fraction": 0.0, "end_fraction": 0.0}
    one = value(price, 1.0, empty)
    assert value(price, 1.0, empty | {"energy": 500.0}) > one
    assert value(price, 1.0, empty | {"power": 120.0}) > one


def test_lower_losses_never_hurt_a_year_above_zero() -> None:
    """Below zero they may: there a loss is energy for which one is paid."""
    price = np.maximum(price_year(5, 30.0), 0.5)
    one = value(price, 1.0, YEAR)
    assert value(price, 1.0, YEAR | {"efficiency_charge": 0.95}) > one
    assert value(price, 1.0, YEAR | {"self_discharge": 0.001}) < one


def test_the_value_is_convex_and_falling_in_the_throughput_cost() -> None:
    """The most over all schedules of what falls with the cost in a straight line each."""
    price = price_year(6, 10.0)
    found = np.array([value(price, 1.0, YEAR | {"throughput_cost": float(cost)}) for cost in range(0, 60, 4)])
    assert (np.diff(found) <= 1e-6).all()
    assert (np.diff(found, 2) >= -1e-6).all()


def test_prices_in_another_currency_earn_that_currency() -> None:
    price = price_year(7, 10.0)
    changed = value(7.5 * price, 1.0, YEAR | {"throughput_cost": 15.0})
    assert changed == pytest.approx(7.5 * value(price, 1.0, YEAR | {"throughput_cost": 2.0}), rel=1e-11)
