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
    near = dispatch.schedule(faded, near=first)
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
            dispatch.schedule(dispatch.checked(case), near=like(near))
        return
    found = dispatch.schedule(case, near=like(near))
    assert found.value == pytest.approx(cold.value, rel=1e-8, abs=1e-8 * (1.0 + float(np.abs(price).sum())))
    drawn = multiplier.drawn_energy(case, found).sum()
    assert drawn <= case.cycle_caps[0].energy + 1e-8 * max(1.0, case.energy_capacity)


def like(drawn_cost: float) -> dispatch.Schedule:
    """Another schedule, of which the multiplier alone is looked at."""
    none = np.zeros(1)
    return dispatch.Schedule(
        energy=none, charge=none, discharge=none, start=0.0, value=0.0, bound=0.0, method="", drawn_cost=drawn_cost
    )
