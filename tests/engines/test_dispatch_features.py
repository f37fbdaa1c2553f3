"""Every feature of the dispatch, alone and with others, against a problem that HiGHS solves from the equations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dispatch_ledger import Flows, Ledger
from dispatch_oracle import answer
from dispatch_questions import FEATURES, Asset, questions
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines import dispatch
from cell2grid.errors import InfeasibleError, InputError


def agree(price: np.ndarray, hours: Any, asset: Asset) -> dispatch.Schedule | None:
    """The schedule of the package, once it is feasible, earns what it says, and says what HiGHS says."""
    expected = answer(price, hours, **asset).objective
    case = dispatch.asset_case(price, hours, **asset)
    if np.isnan(expected):
        with pytest.raises((InfeasibleError, InputError)):
            dispatch.schedule(dispatch.checked(case))
        return None
    best = dispatch.schedule(dispatch.checked(case))
    ledger, flows = Ledger(price, hours, asset), Flows(best.charge, best.discharge, best.energy)
    assert ledger.broken_rules(flows) == []
    scale = max(1.0, float(np.abs(ledger.money(flows)).sum()))
    assert best.value == pytest.approx(ledger.earned(flows), rel=1e-9, abs=1e-9 * scale)
    assert best.value == pytest.approx(expected, rel=1e-7, abs=1e-7 * scale)
    return best


@pytest.mark.parametrize("name", sorted(FEATURES))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_each_feature_alone_earns_what_highs_finds(name: str, data: st.DataObject) -> None:
    agree(*data.draw(questions((name,))))


@settings(max_examples=200, deadline=None)
@given(questions())
def test_features_together_earn_what_highs_finds(question: tuple[np.ndarray, Any, Asset]) -> None:
    agree(*question)


@pytest.mark.parametrize(
    "change",
    [{}, {"mode": "relaxed", "auxiliary_load": 0.1}, {"discharge_by_level": ((0.0, 0.0), (0.5, 1.0), (1.0, 1.0))}],
)
def test_an_end_above_the_ceiling_is_named_whatever_the_method(change: Asset) -> None:
    asset = {"power": 8.0, "energy": 6.0, "start_fraction": 0.5, "end_fraction": 1.0, "energy_ceiling": 0.8, **change}
    with pytest.raises(InfeasibleError, match=r"end_fraction is 1 and energy_ceiling of the last timestep \(1\) 0\.8"):
        dispatch.checked(dispatch.asset_case(np.array([1.0, 20.0]), **asset))


def test_a_cyclic_store_that_cannot_move_stays_at_any_level_that_it_may_hold() -> None:
    """Nothing may be bought and nothing is there to be sold again: all that comes back to its level is to stand still.

    Of 9 MWh at least 0.38, so 3.42, and at most 0.5, so 4.5, are held throughout.
    """
    floor = np.array([0.04, 0.34, 0.24, 0.29, 0.36, 0.13, 0.38, 0.29, 0.16])
    ceiling = np.array([0.82, 0.51, 0.65, 0.5, 0.57, 0.73, 0.86, 0.73, 0.73])
    asset: Asset = {"power": 0.53, "energy": 9.0, "cyclic": True, "import_limit": 0.0}
    asset |= {"energy_floor": floor, "energy_ceiling": ceiling, "buy_adder": 36.22, "sell_adder": 24.64}
    best = agree(floor, 1.0, asset | {"efficiency_charge": 0.5, "efficiency_discharge": 0.6})
    assert best is not None
    assert best.value == pytest.approx(0.0, abs=1e-9)
    assert 3.42 - 1e-9 <= best.energy.min() <= best.energy.max() <= 4.5 + 1e-9


def test_an_optimum_that_one_search_of_highs_misses_is_found() -> None:
    """HiGHS 1.15.1 proves 110.469 to be the best here, in the form and with the options of the package."""
    price = np.array([1.49, 1.64, 0.16, 17.18, 0.83, 27.83, 0.0, 1.28, 1.89])
    asset: Asset = {"power": 2.42, "energy": 12.0, "cyclic": True, "self_discharge": 0.01, "sell_adder": 38.38}
    asset |= {
        "efficiency_charge_by_power": ((0.1, 0.7), (0.25, 0.85), (1.0, 0.9)),
        "efficiency_discharge": 0.94,
        "auxiliary_load": np.array([0.33, 0.28, 0.33, 0.29, 0.1, 0.17, 0.48, 0.21, 0.01]),
    }
    best = agree(price, 0.25, asset)
    assert best is not None
    assert best.value == pytest.approx(110.97774401, abs=1e-8)


def test_both_at_once_behind_a_connection_draws_as_much_as_it_may() -> None:
    """In the first step 0.49 MW discharged and 0.19 charged leave the 0.3 MW of the load: a corner of three limits."""
    power = np.array([0.19, 0.19, 5.29, 3.4, 2.74, 1.28, 3.0, 5.71, 1.43, 0.01])
    price = np.array([1.28, 8.98, -7.49, 2.56, 100.0, -33.52, -14.35, -4.8, -15.88, 2.33])
    asset: Asset = {"power": power, "discharge_power": 1.6, "energy": 5.6, "mode": "relaxed", "export_limit": 0.0}
    asset |= {"load": np.array([0.3, 1.76, 2.53, 0.82, 2.75, 1.28, 1.63, 1.28, 4.32, 1.56]), "energy_floor": 0.26}
    asset |= {"efficiency_charge": 0.94, "start_fraction": 0.5, "end_fraction": 0.5}
    best = agree(price, 0.5, asset)
    assert best is not None
    assert best.discharge[0] - best.charge[0] == pytest.approx(0.3, abs=1e-9)


def test_a_load_that_an_empty_store_cannot_serve_is_named_with_any_table() -> None:
    """0.57 MW for 2 h from the store are 0.57 / .7 * 2 = 1.63 MWh of its 1.5: without sun it cannot be served."""
    asset: Asset = {"power": 5.27, "energy": 1.5, "start_fraction": 0.3, "import_limit": 0.0, "load": 0.57}
    asset |= {
        "efficiency_discharge_by_power": ((0.25, 0.7), (0.5, 0.85), (1.0, 0.95)),
        "charge_by_level": ((0.0, 1.0), (0.5, 1.0), (0.75, 0.875), (1.0, 0.5)),
        "generation": np.array([2.56, 7.99, 2.44, 0.0]),
        "efficiency_charge": 0.94,
    }
    case = dispatch.checked(dispatch.asset_case(np.array([4.0, -1.43, 8.41, 3.5]), 2.0, **asset))
    with pytest.raises(InfeasibleError, match=r"load of timestep 3 is 0\.57 MW and cannot be served"):
        dispatch.schedule(case)


def test_a_cyclic_store_that_only_loses_is_empty_throughout() -> None:
    """What is lost cannot be bought again: of all levels that come back to themselves there is 0 MWh."""
    asset: Asset = {"power": 0.5, "energy": 1.0, "cyclic": True, "self_discharge": 0.4, "import_limit": 0.0}
    asset |= {"efficiency_discharge_by_power": ((1.0, 0.7),), "efficiency_charge": 0.5}
    best = agree(np.zeros(8), 2.0, asset)
    assert best is not None
    assert best.energy.max() <= 1e-12
