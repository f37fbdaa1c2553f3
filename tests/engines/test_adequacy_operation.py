"""What a store does for peak, curtailment and ramps: by hand, by laws, and greedy passes against linear programs."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines.adequacy.operation import Operation, best_operation, measured
from cell2grid.engines.adequacy.operation.joint import best_in_order
from cell2grid.engines.adequacy.operation.kernel import least_curtailed, least_peak
from cell2grid.errors import InputError


def test_a_peak_is_shaved_down_to_what_the_energy_allows():
    """15 MWh above a line through 30 and 40 MW: (40 − p) + (30 − p) = 15 at p = 27.5; 12.5 MW are above the 10 MW of
    the store, so that it is 30."""
    day = np.array([10.0] * 12 + [30.0, 40.0] + [10.0] * 10)
    for power, peak in ((10.0, 30.0), (20.0, 27.5)):
        best = best_operation(Operation(load=day, charge_power=power, discharge_power=power, energy=15.0))
        assert best.alone["peak"] == pytest.approx(peak, rel=1e-9)
        assert best.after.peak == pytest.approx(peak, rel=1e-6)
        assert best.before.peak == 40.0


def test_curtailment_is_avoided_up_to_what_the_store_takes():
    """Surpluses of 20 MW in two hours; 15 MW in the first, then 5 MWh of room: 40 − 20 = 20 MWh left."""
    sun = np.array([0.0, 30.0, 30.0, 0.0])
    region = Operation(load=np.full(4, 10.0), renewable=sun, charge_power=15.0, discharge_power=15.0, energy=20.0)
    best = best_operation(region, order=("curtailment", "peak"))
    assert best.before.curtailed == 40.0
    assert best.alone["curtailment"] == pytest.approx(20.0, rel=1e-12)
    assert best.after.curtailed == pytest.approx(20.0, rel=1e-6)


def test_must_run_and_exports_set_what_is_curtailed():
    """40 MW of sun, 10 MW must run and 20 MW of load: 30 MW too many, 20 MW where 10 MW can leave."""
    base = {"load": np.full(2, 20.0), "renewable": np.array([0.0, 40.0]), "must_run": 10.0}
    none = {"charge_power": 0.0, "discharge_power": 0.0, "energy": 0.0}
    assert measured(Operation(**base, **none), None).curtailed == 30.0
    assert measured(Operation(**base, **none, export_limit=10.0), None).curtailed == 20.0


def test_a_ramp_is_halved_by_a_store_that_bridges_it():
    """A step of 20 MW: in two steps of 10 with 10 MW sent, or taken, in the hour between."""
    load = np.array([0.0, 0.0, 0.0, 20.0, 20.0, 20.0]) + 50.0
    best = best_operation(
        Operation(load=load, charge_power=10.0, discharge_power=10.0, energy=10.0, start_fraction=0.5), order=("ramp",)
    )
    assert best.before.ramp == 20.0
    assert best.after.ramp < 10.0 + 1e-6


def test_losses_are_paid_and_never_made_to_look_like_use():
    """80 % each way and all surplus beyond the store: 20 MWh of room take 25 MWh, no matter how long the surplus is."""
    sun = np.array([0.0] * 12 + [40.0] * 12)
    region = Operation(
        load=np.full(24, 10.0),
        renewable=sun,
        charge_power=10.0,
        discharge_power=10.0,
        energy=20.0,
        efficiency_charge=0.8,
        efficiency_discharge=0.8,
    )
    best = best_operation(region)
    assert best.alone["curtailment"] == pytest.approx(30.0 * 12 - 25.0, rel=1e-9)
    assert best.after.curtailed == pytest.approx(30.0 * 12 - 25.0, rel=1e-6)
    assert (best.schedule.charge * best.schedule.discharge).max() == 0.0


def test_an_unknown_aim_or_one_twice_is_refused():
    region = Operation(load=np.ones(24), charge_power=1.0, discharge_power=1.0, energy=1.0)
    for order in (("peak", "peak"), ("price",), ()):
        with pytest.raises(InputError, match="order is"):
            best_operation(region, order=order)


@st.composite
def cases(draw):
    steps = draw(st.integers(4, 30))
    series = lambda most: np.array(draw(st.lists(st.floats(0.0, most), min_size=steps, max_size=steps)))  # noqa: E731
    return Operation(
        load=series(100.0),
        renewable=series(120.0),
        must_run=draw(st.floats(0.0, 30.0)),
        export_limit=draw(st.floats(0.0, 10.0)),
        step_hours=draw(st.sampled_from([0.25, 1.0, 2.0])),
        charge_power=draw(st.floats(1.0, 40.0)),
        discharge_power=draw(st.floats(1.0, 40.0)),
        energy=draw(st.floats(1.0, 100.0)),
        efficiency_charge=draw(st.floats(0.6, 1.0)),
        efficiency_discharge=draw(st.floats(0.6, 1.0)),
        start_fraction=draw(st.none() | st.floats(0.0, 1.0)),
    )


@settings(max_examples=60, deadline=None)
@given(cases())
def test_passes_over_the_steps_find_what_linear_programs_find(case):
    """The least peak by bisection and the least curtailment by emptying early, against HiGHS."""
    deadline = time.monotonic() + 60.0
    peak = best_in_order(case, ("peak",), None, deadline)
    found = measured(case, peak.schedule).peak
    assert least_peak(case) == pytest.approx(found, rel=1e-5, abs=1e-4)
    curtailment = best_in_order(case, ("curtailment",), None, deadline)
    assert least_curtailed(case) == pytest.approx(measured(case, curtailment.schedule).curtailed, rel=1e-5, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(cases())
def test_the_joint_schedule_can_be_followed_and_makes_nothing_worse(case):
    best = best_operation(case)
    schedule, size = best.schedule, max(float(case.load.max()), 1.0)
    assert (schedule.charge <= case.charge_power + 1e-6).all()
    assert (schedule.discharge <= case.discharge_power + 1e-6).all()
    assert np.minimum(schedule.charge, schedule.discharge).max() <= 1e-9 * size
    moved = case.efficiency_charge * schedule.charge - schedule.discharge / case.efficiency_discharge
    level = np.concatenate([[0.0], np.cumsum(moved) * case.step_hours])
    assert level.max() - level.min() <= case.energy + 1e-5 * size
    if case.start_fraction is None:
        assert level[-1] == pytest.approx(0.0, abs=1e-5 * size)
    assert best.after.peak <= best.before.peak + 1e-5 * size
    assert best.after.peak == pytest.approx(best.alone["peak"], rel=1e-5, abs=1e-4)
    assert best.after.curtailed <= best.before.curtailed + 1e-4 * size
    assert best.alone["curtailment"] <= best.after.curtailed + 1e-4 * size
    assert best.alone["ramp"] <= best.after.ramp + 1e-4 * size


def test_what_is_said_of_a_schedule_for_the_ramp_alone_is_not_said_of_the_one_shown() -> None:
    """The schedule for the peak has a ramp of 7.9 MW an hour; the 4.07 that are not proved are of another."""
    load = [60, 55, 50, 48, 50, 60, 75, 85, 90, 92, 94, 95, 94, 92, 91, 93, 97, 105, 112, 115, 108, 95, 80, 70]
    case = Operation(
        load=np.array(load, float), charge_power=20.0, discharge_power=20.0, energy=40.0,
        efficiency_charge=0.9, efficiency_discharge=0.9,
    )  # fmt: skip
    best = best_operation(case)
    (note,) = best.notes
    assert note.startswith(
        f"Of a schedule for the ramp alone: the largest ramp of the schedule is {best.alone['ramp']:.6g}"
    )
    assert best.after.ramp > best.alone["ramp"] + 1.0
