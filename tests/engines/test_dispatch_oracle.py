"""The second program of the dispatch itself: its books balance, and on a lattice it says what a lattice says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dispatch_lattice import limits, rewards, unit_of
from dispatch_ledger import Flows, Ledger, site_rewards
from dispatch_oracle import answer
from dispatch_questions import Asset, questions
from hypothesis import given, settings
from hypothesis import strategies as st

HAND = np.array([10.0, 50.0, 10.0, 5000.0, 10.0])


def test_the_hand_solved_case_earns_its_sum_and_prices_a_stored_mwh() -> None:
    """4 MW, 6 MWh, no losses: -40 + 200 - 40 + 20,000 = 20,120.

    A MWh more after the first step would save a purchase at 10 in the third, but only 2 MWh could be held until then:
    what 4 MW leave unsold is worth 10. After the third step it is full enough for the 4 MW of the fourth: again 10.
    """
    found = answer(HAND, power=4.0, energy=6.0)
    assert found.objective == pytest.approx(20120.0, rel=1e-12)
    assert found.water_value is not None
    assert found.water_value[2:] == pytest.approx([10.0, 10.0, 10.0])


@settings(max_examples=300, deadline=None)
@given(questions())
def test_its_flows_keep_the_rules_and_earn_its_objective(question: tuple[np.ndarray, Any, Asset]) -> None:
    price, hours, asset = question
    found = answer(price, hours, **asset)
    if found.charge is None:
        assert np.isnan(found.objective)
        return
    # what the solver leaves of a flow that should be zero is no flow
    charge, discharge = (np.where(flow > 1e-8, flow, 0.0) for flow in (found.charge, found.discharge))
    ledger, flows = Ledger(price, hours, asset), Flows(charge, discharge, found.energy)
    rules = set(ledger.broken_rules(flows)) - {"balance"}
    assert not rules
    assert ledger.imbalance(flows) < 1e-6
    assert ledger.earned(flows) == pytest.approx(found.objective, rel=1e-7, abs=1e-5)


def whole(draw: st.DrawFn, steps: int, low: int, high: int) -> np.ndarray:
    return np.array(draw(st.lists(st.integers(low, high), min_size=steps, max_size=steps)))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_it_says_what_a_lattice_says_of_a_store_on_prices(data: st.DataObject) -> None:
    """Limits, floors and ceilings of whole units, what a MWh costs and earns changing apart, and worth at the end."""
    draw, steps, room = data.draw, data.draw(st.integers(1, 8)), data.draw(st.integers(2, 30))
    price, adder = whole(draw, steps, -50, 80) * 1.0, whole(draw, steps, -5, 20) * 1.0
    most_in, most_out = whole(draw, steps, 0, 7), whole(draw, steps, 0, 9)
    lowest, highest = whole(draw, steps, 0, room // 2), whole(draw, steps, room // 2, room)
    start, worth = draw(st.integers(0, room)), draw(st.integers(0, 60)) * 1.0
    unit, cost = 0.25, 2.0
    expected = limits(
        (price + adder + cost) / 0.8 * unit,
        (price - cost) * 0.5 * unit,
        most_in,
        most_out,
        lowest,
        highest,
        start,
        np.arange(room + 1) * worth * unit,
    )
    found = answer(
        price,
        power=most_in * unit / 0.8,
        discharge_power=most_out * unit * 0.5,
        energy=room * unit,
        efficiency_charge=0.8,
        efficiency_discharge=0.5,
        start_fraction=start / room,
        energy_floor=lowest / room,
        energy_ceiling=highest / room,
        buy_adder=adder,
        throughput_cost=cost,
        terminal_value=worth,
    )
    assert found.objective == pytest.approx(expected if np.isfinite(expected) else np.nan, abs=1e-6, nan_ok=True)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_it_says_what_a_lattice_says_of_a_site(data: st.DataObject) -> None:
    """A MWh charged stores 0.8 and one discharged draws 2: with whole megawatts at the meter all bends are on 0.4."""
    draw, steps, room = data.draw, data.draw(st.integers(1, 6)), data.draw(st.integers(2, 30))
    price = whole(draw, steps, -50, 80) * 1.0
    power, start = draw(st.integers(1, 3)), draw(st.integers(0, room))
    asset = {
        "power": power,
        "energy": room * 0.4,
        "efficiency_charge": 0.8,
        "efficiency_discharge": 0.5,
        "start_fraction": start / room,
        "buy_adder": whole(draw, steps, -20, 20),
        "generation": whole(draw, steps, 0, 5),
        "load": whole(draw, steps, 0, 4),
        "import_limit": whole(draw, steps, 0, 6),
        "export_limit": whole(draw, steps, 0, 6),
    }
    expected = rewards(
        *site_rewards(price, asset, units_in=2, units_out=5),
        np.zeros(steps, np.int64),
        np.full(steps, room),
        start,
        np.zeros(room + 1),
    )
    found = answer(price, **asset)
    assert found.objective == pytest.approx(expected if np.isfinite(expected) else np.nan, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("efficiency", [94, 95, 80])
def test_the_unit_of_a_lattice_holds_whole_charges_and_discharges(efficiency: int) -> None:
    unit = unit_of(0.5, 100.0, efficiency, efficiency)
    for flow in (50.0 * efficiency / 100.0, 50.0 / (efficiency / 100.0)):
        assert flow / unit == pytest.approx(round(flow / unit), abs=1e-9)
