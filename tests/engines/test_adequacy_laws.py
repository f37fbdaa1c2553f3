"""What must hold of any region: more storage leaves no more unserved, more load no less, and so on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines.adequacy import Store, System, Units, capacity_credit
from cell2grid.engines.adequacy.simulation import UNSERVED, Ask, Simulation, most_samples

SAMPLES = 400


@st.composite
def regions(draw):
    load = draw(st.lists(st.floats(20.0, 140.0), min_size=24, max_size=48))
    units = tuple(
        Units(
            name=f"unit {i}",
            capacity=draw(st.floats(5.0, 60.0)),
            count=draw(st.integers(1, 2)),
            forced_outage_rate=draw(st.floats(0.0, 0.4)),
            repair_time=draw(st.floats(0.1, 50.0)),
        )
        for i in range(draw(st.integers(1, 4)))
    )
    power = draw(st.floats(0.5, 40.0))
    store = Store(
        name="store",
        charge_power=power,
        discharge_power=power,
        energy=draw(st.floats(0.5, 200.0)),
        efficiency_charge=draw(st.floats(0.5, 1.0)),
        efficiency_discharge=draw(st.floats(0.5, 1.0)),
        start_fraction=draw(st.floats(0.0, 1.0)),
        credited=True,
    )
    return System(net_load=np.array(load), units=units, stores=(store,))


def _unserved(system, added=0.0):
    (found,) = Simulation(system, seed=7, samples=SAMPLES).risks([Ask(True, added)], SAMPLES)
    return found[:, UNSERVED]


def _slack(system):
    return 1e-6 * float(np.abs(system.net_load).max()) * len(system.net_load) * 365.0


@settings(max_examples=25, deadline=None)
@given(regions(), st.floats(1.0, 3.0))
def test_more_storage_never_adds_to_what_is_unserved(system, factor):
    store = system.stores[0]
    larger = replace(store, energy=store.energy * factor)
    stronger = replace(larger, charge_power=store.charge_power * factor, discharge_power=store.discharge_power * factor)
    before = _unserved(system)
    for more in (larger, stronger):
        assert (_unserved(replace(system, stores=(more,))) <= before + _slack(system)).all()


@settings(max_examples=25, deadline=None)
@given(regions(), st.floats(0.0, 50.0))
def test_more_load_never_takes_from_what_is_unserved(system, added):
    assert (_unserved(system, added) >= _unserved(system) - _slack(system)).all()


@settings(max_examples=15, deadline=None)
@given(regions())
def test_the_credit_is_between_nought_and_the_power(system):
    for metric in ("eue", "lole"):
        found = capacity_credit(system, samples=SAMPLES, metric=metric)
        for figure in (found.elcc, found.efc):
            if figure is not None:
                assert (
                    0.0 <= figure.low <= figure.value <= figure.high <= system.stores[0].discharge_power * (1 + 1e-12)
                )


@settings(max_examples=10, deadline=None)
@given(regions(), st.randoms(use_true_random=False))
def test_the_order_of_units_changes_nothing(system, random):
    shuffled = list(system.units)
    random.shuffle(shuffled)
    assert capacity_credit(system, samples=SAMPLES) == capacity_credit(
        replace(system, units=tuple(shuffled)), samples=SAMPLES
    )


@settings(max_examples=10, deadline=None)
@given(regions())
def test_a_store_without_power_has_no_credit(system):
    none = replace(system.stores[0], charge_power=0.0, discharge_power=0.0)
    found = capacity_credit(replace(system, stores=(none,)), samples=SAMPLES)
    assert found.elcc is None or found.elcc.value == 0.0
    assert found.with_it.unserved == found.without.unserved


@settings(max_examples=10, deadline=None)
@given(regions())
def test_a_store_in_two_equal_parts_is_one_store(system):
    store = system.stores[0]
    half = replace(
        store, charge_power=store.charge_power / 2, discharge_power=store.discharge_power / 2, energy=store.energy / 2
    )
    halves = replace(system, stores=(replace(half, name="left"), replace(half, name="right")))
    assert _unserved(halves) == pytest.approx(_unserved(system), abs=_slack(system), rel=1e-6)


def test_many_units_and_stores_leave_fewer_samples_where_none_are_asked():
    """The budget is of work: steps of units that fail and of stores, and never below what an interval needs."""

    def most(count, stores=1, asked=None):
        units = Units(name="gas", capacity=1.0, count=count, forced_outage_rate=0.05, repair_time=30.0)
        held = tuple(Store(name=f"{i}", charge_power=1.0, discharge_power=1.0, energy=2.0) for i in range(stores))
        return most_samples(System(net_load=np.ones(8760), units=(units,), stores=held), asked)

    assert most(1) > most(500) > most(10_000) >= 100
    assert most(1, stores=20) < most(1) / 20
    # a number that is asked for is the caller's
    assert most(10_000, asked=5000) == 5000


@pytest.mark.parametrize("workers", [1, 2])
def test_samples_that_are_kept_say_the_same_as_those_drawn_anew(workers, monkeypatch):
    gas = Units(name="gas", capacity=10.0, count=12, forced_outage_rate=0.1, repair_time=20.0)
    store = Store(name="store", charge_power=5.0, discharge_power=5.0, energy=10.0, credited=True)
    system = System(net_load=np.full(48, 100.0), units=(gas,), stores=(store,))
    kept = capacity_credit(system, samples=2000, workers=workers)
    monkeypatch.setattr("cell2grid.engines.adequacy.simulation._MOST_KEPT", 0)
    assert capacity_credit(system, samples=2000) == kept
