"""A cap on cycles looked for near the multiplier of a like case: it saves time and changes no value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from dispatch_questions import Asset, decimals, price_year, questions
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cell2grid.engines import dispatch
from cell2grid.engines.dispatch import multiplier
from cell2grid.engines.dispatch.schedule import earned
from cell2grid.errors import InfeasibleError, InputError

YEAR: Asset = {"power": 100.0, "energy": 400.0, "efficiency_charge": 0.94, "efficiency_discharge": 0.94}


def capped(price: np.ndarray, **asset: Any) -> dispatch.Case:
    return dispatch.checked(dispatch.asset_case(price, 1.0, **(YEAR | asset)))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The multipliers that are tried."""
    tried: list[float] = []
    known = multiplier._Tried.__init__

    def counting(self: Any, of: float, *rest: Any) -> None:
        tried.append(of)
        known(self, of, *rest)

    monkeypatch.setattr(multiplier._Tried, "__init__", counting)
    return tried


@pytest.mark.parametrize("level", [40.0, 15.0])
def test_the_next_year_of_a_store_that_fades_takes_fewer_trials(counted: list[float], level: float) -> None:
    price = price_year(1, level)
    first = dispatch.schedule(capped(price, cycles_per_year=250.0))
    faded = replace(capped(price, cycles_per_year=245.0), energy_capacity=392.0, throughput_cost=0.3)
    counted.clear()
    cold = dispatch.schedule(faded)
    trials = len(counted)
    counted.clear()
    near = dispatch.schedule(faded, near=first.drawn_cost)
    assert near.value == pytest.approx(cold.value, rel=1e-12)
    assert near.method == cold.method == multiplier.MULTIPLIER
    assert len(counted) < 0.8 * trials


@settings(max_examples=120, deadline=None)
@given(questions(), decimals(0.0, 2000.0, 0), st.one_of(decimals(0.0, 200.0), st.sampled_from([1e-9, 1e9])))
def test_wherever_it_is_looked_for_first_the_value_is_the_same(
    question: tuple[np.ndarray, Any, Asset], cycles: float, near: float
) -> None:
    price, hours, asset = question
    asset = {name: value for name, value in asset.items() if name not in ("cycles_per_day", "cyclic")}
    asset["cycles_per_year"] = cycles
    case = dispatch.asset_case(price, hours, **asset)
    try:
        cold = dispatch.schedule(dispatch.checked(case))
    except InputError:
        assume(False)
    except InfeasibleError:
        with pytest.raises(InfeasibleError):
            dispatch.schedule(dispatch.checked(case), near=near)
        return
    found = dispatch.schedule(case, near=near)
    assert found.value == pytest.approx(cold.value, rel=1e-8, abs=1e-8 * (1.0 + float(np.abs(price).sum())))
    drawn = multiplier.drawn_energy(case, found).sum()
    assert drawn <= case.cycle_caps[0].energy + 1e-8 * max(1.0, case.energy_capacity)


def test_a_cost_of_throughput_takes_the_place_of_a_caps_multiplier_by_hand() -> None:
    """Of cycles worth 40 and 90 one is allowed: the next would bring 40, or 20 for each of two MWh at the meter.

    With losses of a tenth each way a MWh drawn is 1/0.9 MWh in and 0.9 MWh out, and the next cycle brings 45 - 10/0.9.
    """
    asset: Asset = {"power": 1.0, "energy": 1.0, "cycles_per_year": 8760.0 / 4.0}
    case = dispatch.checked(dispatch.asset_case(np.array([10.0, 50.0, 10.0, 100.0]), 1.0, **asset))
    assert multiplier.room_for_cost(case, dispatch.schedule(case)) == pytest.approx(20.0)
    lossy = replace(case, efficiency_charge=0.9, efficiency_discharge=0.9)
    room = multiplier.room_for_cost(lossy, dispatch.schedule(lossy))
    assert room == pytest.approx((50.0 * 0.9 - 10.0 / 0.9) / (1.0 / 0.9 + 0.9))
    assert (
        multiplier.room_for_cost(replace(lossy, cycle_caps=()), dispatch.schedule(replace(lossy, cycle_caps=()))) == 0.0
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(-60, 120), min_size=4, max_size=24),
    st.sampled_from([1.0, 0.9]),
    st.floats(0.05, 0.95),
    st.floats(0.0, 1.0),
)
def test_a_schedule_that_a_cap_holds_stays_the_best_at_a_higher_cost_of_throughput(
    prices: list[int], efficiency: float, cap: float, share: float
) -> None:
    price = np.array(prices, float)
    asset: Asset = {"power": 1.0, "energy": 1.5, "efficiency_charge": efficiency, "efficiency_discharge": efficiency}
    free = dispatch.checked(dispatch.asset_case(price, 1.0, **asset))
    drawn = float(multiplier.drawn_energy(free, dispatch.schedule(free)).sum())
    case = replace(free, cycle_caps=(dispatch.CycleCap(0, len(price) - 1, cap * drawn),))
    best = dispatch.schedule(case)
    dearer = replace(case, throughput_cost=share * multiplier.room_for_cost(case, best))
    value = earned(dearer, best.charge, best.discharge, best.energy)
    assert dispatch.schedule(dearer).value == pytest.approx(value, rel=1e-9, abs=1e-7)
