"""The risk of a region and the capacity credit: cases solved by hand, draws, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from cell2grid.engines.adequacy import Store, System, Units, capacity_credit
from cell2grid.engines.adequacy.convolution import expected, table
from cell2grid.engines.adequacy.kernel.outages import capacities, philox
from cell2grid.engines.adequacy.system import arrays_of, transition
from cell2grid.errors import InputError

# one unit whose state is new in each hour, beside 50 MW that never fail; load in the last two hours of a day alone
DAY = np.array([0.0] * 22 + [100.0, 80.0])
UNIT = Units(name="unit", capacity=50.0, forced_outage_rate=0.1, repair_time=0.01)
STORE = Store(name="store", charge_power=10.0, discharge_power=10.0, energy=10.0, credited=True)


def _by_hand(**changes):
    parts = {"net_load": DAY, "units": (UNIT,), "stores": (STORE,), "firm_capacity": 50.0}
    return System(**{**parts, **changes})


def test_a_credit_worked_by_hand():
    """Down (0.1), the unit leaves 50 and 30 MWh unserved: 8 MWh a day without the store.

    With it and x MW more load, first hour: down, 50 + x − 10; up, the store sends x and keeps 10 − x. In the second,
    down: 30 + x after a first hour down, 30 + x − (10 − x) after one up; up, nothing. In all
    0.1 (40 + x) + 0.01 (30 + x) + 0.09 (20 + 2x) = 6.1 + 0.29 x, which is 8 at x = 1.9/0.29 = 6.5517.
    Firm capacity f leaves 0.1 (50 − f) + 0.1 (30 − f) = 6.1 at f = 9.5.
    """
    found = capacity_credit(_by_hand())
    assert found.converged
    assert found.elcc.value == pytest.approx(1.9 / 0.29, rel=0.01)
    assert found.elcc.low <= 1.9 / 0.29 <= found.elcc.high
    assert found.efc.value == pytest.approx(9.5, rel=0.02)
    assert found.without.unserved.value == pytest.approx(8.0 * 365.0, rel=0.03)
    assert found.with_it.unserved.value == pytest.approx(6.1 * 365.0, rel=0.03)


def test_hours_and_days_worked_by_hand():
    """A shortfall in each of two hours with 0.1: 0.2 hours a day, and on 1 − 0.9² = 0.19 of days."""
    found = capacity_credit(_by_hand()).without
    assert found.hours.value == pytest.approx(0.2 * 365.0, rel=0.03)
    assert found.days.value == pytest.approx(0.19 * 365.0, rel=0.03)
    assert found.expected.hours == pytest.approx(0.2 * 365.0, rel=1e-12)
    assert found.expected.unserved == pytest.approx(8.0 * 365.0, rel=1e-12)
    assert found.expected.exact


def test_what_never_runs_out_is_worth_its_power():
    """A store that lasts for ever gives 10 MW in each hour, as firm capacity does: both credits are 10 MW."""
    found = capacity_credit(
        _by_hand(stores=(Store(name="s", charge_power=0.0, discharge_power=10.0, energy=1e6, credited=True),))
    )
    assert found.elcc.value == pytest.approx(10.0, rel=1e-9)
    assert found.efc.value == pytest.approx(10.0, rel=1e-6)


def test_the_credit_of_hours_worked_by_hand():
    """Hours held instead of energy: with x > 0 more load the first hour down, or the second, is short as before.

    The store covers x in the first hour that the unit is up, and the second has 20 MW to spare, so that hours stay 0.2
    a day up to x = 10: the credit, the most load that adds no hours, is all of the power.
    """
    found = capacity_credit(_by_hand(), metric="lole")
    assert found.elcc.value == pytest.approx(10.0, rel=1e-6)


def test_the_credit_of_sun_is_that_of_the_hours_in_which_load_is_high():
    """30 MW of sun in the first of the two hours: 0.1 × 20 + 0.1 × 30 = 5 MWh; x more: 0.1 (20 + x) + 0.1 (30 + x), and
    with the unit up x beyond the spare 30 and 20: 8 at x = 15."""
    sun = np.array([0.0] * 22 + [30.0, 0.0])
    found = capacity_credit(_by_hand(stores=(), credited_output=sun))
    assert found.elcc.value == pytest.approx(15.0, rel=0.01)
    assert found.with_it.expected.unserved == pytest.approx(5.0 * 365.0, rel=1e-12)


def test_the_credit_of_a_unit_that_never_fails_is_its_capacity():
    firm = Units(name="firm", capacity=7.0, credited=True)
    found = capacity_credit(_by_hand(units=(UNIT, firm), stores=()))
    assert found.elcc.value == pytest.approx(7.0, rel=1e-9)


def test_maintenance_takes_capacity_from_the_hours_that_it_covers():
    """Half of the unit is away in the second hour: 0.1 × 50 + 0.1 × 30 + 0.9 × 5 = 12.5 MWh a day."""
    away = Units(
        name="unit", capacity=50.0, forced_outage_rate=0.1, repair_time=0.01, available=np.r_[np.ones(23), 0.5]
    )
    found = capacity_credit(_by_hand(units=(away,)))
    assert found.without.expected.unserved == pytest.approx(12.5 * 365.0, rel=1e-12)
    assert found.without.unserved.value == pytest.approx(12.5 * 365.0, rel=0.03)


def test_outages_last_as_long_as_their_repair():
    """The chance of each state one hour later is that of exponential times, and the mean share down is the rate."""
    unit = Units(name="one", capacity=1.0, forced_outage_rate=0.2, repair_time=5.0)
    system = System(net_load=np.zeros(200_000), units=(unit,))
    up, none = np.empty(200_000), np.empty(200_000)
    capacities(0, arrays_of(system, seed=3).fleet, up, none)
    fail, mend = transition(unit, 1.0)
    before, after = up[:-1] > 0.5, up[1:] > 0.5
    assert np.mean(~after[before]) == pytest.approx(fail, rel=0.03)
    assert np.mean(after[~before]) == pytest.approx(mend, rel=0.03)
    assert 1.0 - up.mean() == pytest.approx(0.2, rel=0.03)
    # (1 − q) and q times what is left of a difference after an hour: λ + μ = 1/(5 × 0.8)
    assert fail + mend == pytest.approx(1.0 - np.exp(-1.0 / 4.0), rel=1e-12)


def test_draws_are_those_of_the_published_generator():
    """The first known answer of Philox 4x32-10, counter and key 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8."""
    words = [int((share - 2.0**-53) * 2.0**53) for share in philox(np.uint64(0), 0, 0)]
    assert words == [0x6627E8D5E169C58D >> 11, 0xBC57AC4C9B00DBD8 >> 11]


def test_a_table_of_uneven_capacities_keeps_its_mean():
    units = [Units(name=str(i), capacity=37.123457 * (i + 1), forced_outage_rate=0.1) for i in range(9)]
    made = table([(one.capacity, one) for one in units])
    assert made.chance.sum() == pytest.approx(1.0, rel=1e-12)
    mean = float(made.chance @ (made.step * np.arange(len(made.chance))))
    assert mean == pytest.approx(0.9 * sum(one.capacity for one in units), rel=1e-9)


def test_the_numbers_are_the_same_for_any_number_of_workers():
    one, three = (capacity_credit(_by_hand(), samples=20_000, workers=workers) for workers in (1, 3))
    assert one == three


def test_no_risk_gives_no_number_but_a_reason():
    found = capacity_credit(_by_hand(net_load=0.4 * DAY))
    assert found.elcc is None
    assert found.efc is None
    assert "no shortfall" in found.reason
    assert "load_scale" in found.reason


def test_a_rare_risk_says_that_it_rests_on_few_samples():
    rare = Units(name="unit", capacity=50.0, forced_outage_rate=0.001, repair_time=0.01)
    found = capacity_credit(_by_hand(units=(rare,)), samples=20_000)
    assert not found.converged
    assert any("Only" in note for note in found.notes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"net_load": np.zeros(5)}, "5 h in 5 steps, expected at least a day"),
        ({"net_load": np.r_[DAY[:-1], np.nan]}, "net load is nan in step 23"),
        ({"credited_output": np.ones(3)}, "3 values for 24 steps"),
        ({"firm_capacity": -1.0}, "firm capacity is -1"),
        ({"units": (Units(name="u", capacity=-1.0),)}, "units 'u': capacity is -1"),
        ({"units": (Units(name="u", capacity=1.0, forced_outage_rate=1.0),)}, "is 1, expected at least 0 and below 1"),
        ({"units": (UNIT, UNIT)}, "'unit' stands twice"),
        ({"stores": (Store(name="s", charge_power=1, discharge_power=1, energy=np.inf),)}, "energy is inf"),
        ({"step_hours": 0.0}, "the steps last 0 h"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changes, words):
    with pytest.raises(InputError, match=words):
        capacity_credit(_by_hand(**changes))


def test_samples_and_tolerance_have_bounds():
    with pytest.raises(InputError, match="samples is 5, expected from 100"):
        capacity_credit(_by_hand(), samples=5)
    with pytest.raises(InputError, match="tolerance is 0"):
        capacity_credit(_by_hand(), tolerance=0.0)


def test_convolution_is_for_regions_without_stores():
    assert expected(_by_hand(), credited=True) is None
    assert expected(_by_hand(), credited=False) is not None
