"""The capacity credit against every state of five units and every level of the store, enumerated."""

from __future__ import annotations

import numpy as np
import pytest
from adequacy_oracle import credit, enumerated
from scipy.optimize import linprog

from cell2grid.engines.adequacy import Store, System, Units, capacity_credit
from cell2grid.engines.adequacy.kernel import Region, walk_many, walk_one
from cell2grid.engines.adequacy.kernel.stores import Stores

LOAD = [80, 75, 70, 70, 75, 80, 90, 100, 110, 115, 118, 120, 118, 115, 112, 112, 118, 125, 130, 128, 120, 110, 100, 90]
# capacity [MW], forced outage rate, mean time to repair [hour]
FIVE = [(40, 0.1, 10), (40, 0.08, 20), (30, 0.05, 8), (20, 0.1, 5), (30, 0.15, 12)]
RARE = [(60, 0.03, 20), (50, 0.02, 40), (40, 0.04, 10), (30, 0.05, 6), (30, 0.02, 30)]


def _system(units, load, power, energy):
    return System(
        net_load=np.array(load, np.float64),
        units=tuple(
            Units(name=f"unit {i}", capacity=capacity, forced_outage_rate=rate, repair_time=repair)
            for i, (capacity, rate, repair) in enumerate(units)
        ),
        stores=(Store(name="store", charge_power=power, discharge_power=power, energy=energy, credited=True),),
    )


@pytest.mark.parametrize(
    ("units", "days", "power", "energy", "seed"),
    [(FIVE, 1, 10, 20, 1), (FIVE, 1, 5, 5, 2), (FIVE, 2, 4, 12, 3), (RARE, 1, 15, 30, 4)],
)
def test_the_credit_is_within_one_percent_of_enumeration(units, days, power, energy, seed):
    exact = credit(units, LOAD * days, power=power, energy=energy)
    found = capacity_credit(_system(units, LOAD * days, power, energy), seed=seed)
    assert found.converged
    assert found.elcc.value == pytest.approx(exact, rel=0.01)


def test_risks_are_within_their_intervals_of_enumeration():
    """Four standard errors hold in all but one of 16,000 draws; convolution holds to rounding."""
    found = capacity_credit(_system(FIVE, LOAD, 10, 20), seed=5)
    for risk, store in ((found.without, {}), (found.with_it, {"power": 10, "energy": 20})):
        unserved, hours = (365.0 * value for value in enumerated(FIVE, LOAD, **store))
        assert abs(risk.unserved.value - unserved) <= 4.0 * risk.unserved.error + 1e-9 * unserved
        assert abs(risk.hours.value - hours) <= 4.0 * risk.hours.error + 1e-9 * hours
    unserved, hours = (365.0 * value for value in enumerated(FIVE, LOAD))
    assert found.without.expected.unserved == pytest.approx(unserved, rel=1e-9)
    assert found.without.expected.hours == pytest.approx(hours, rel=1e-9)


def _least_unserved(margin, stores):
    """The least unserved energy of any schedule over hourly margins [MW], by a linear program."""
    count, steps = len(stores.energy), len(margin)
    # columns by store and step: charge, discharge, level; then what is unserved in each step
    width = 3 * count * steps + steps
    cost = np.r_[np.zeros(3 * count * steps), np.ones(steps)]
    bounds, equal, equal_to, below, below_to = [], [], [], [], []
    for i in range(count):
        bounds += [(0.0, stores.charge[i])] * steps + [(0.0, stores.discharge[i])] * steps
        bounds += [(0.0, stores.energy[i])] * steps
    bounds += [(0.0, None)] * steps
    for t in range(steps):
        balance = np.zeros(width)
        for i in range(count):
            at = 3 * count * steps * 0 + 3 * i * steps
            row = np.zeros(width)
            row[at + 2 * steps + t] = 1.0
            row[at + t] = -stores.efficiency_charge[i]
            row[at + steps + t] = 1.0 / stores.efficiency_discharge[i]
            if t:
                row[at + 2 * steps + t - 1] = -1.0
            equal.append(row)
            equal_to.append(0.0 if t else stores.start[i] * stores.energy[i])
            balance[at + t], balance[at + steps + t] = 1.0, -1.0
        balance[3 * count * steps + t] = -1.0
        below.append(balance)
        below_to.append(margin[t])
    found = linprog(cost, np.array(below), below_to, np.array(equal), equal_to, bounds)
    assert found.status == 0
    return found.fun


def _walked(margin, stores, walk):
    region = Region(np.zeros(len(margin)), np.zeros(len(margin)), np.zeros(len(margin), np.int64), 1.0, 1e-12)
    found = np.zeros(3)
    walk(np.asarray(margin, np.float64), region, stores, 0.0, found)
    return found[0]


@pytest.mark.parametrize("seed", range(8))
def test_no_schedule_of_one_store_leaves_less_unserved(seed):
    draw = np.random.default_rng(seed)
    stores = Stores(*(np.array([value]) for value in (3.0, 4.0, 9.0, 0.9, 0.8, 0.5)))
    margin = draw.normal(0.0, 4.0, 20)
    assert _walked(margin, stores, walk_one) == pytest.approx(_least_unserved(margin, stores), abs=1e-7)
    assert _walked(margin, stores, walk_many) == pytest.approx(_least_unserved(margin, stores), abs=1e-7)


@pytest.mark.parametrize("seed", range(8))
def test_no_schedule_of_several_stores_leaves_less_unserved_in_a_run_of_shortfalls(seed):
    """Evans, Tindemans and Angeli (2019): the stores that can go on longest give first."""
    draw = np.random.default_rng(seed)
    discharge, energy = draw.uniform(1.0, 5.0, 4), draw.uniform(2.0, 20.0, 4)
    stores = Stores(np.ones(4), discharge, energy, np.ones(4), draw.uniform(0.7, 1.0, 4), draw.uniform(0.2, 1.0, 4))
    margin = -draw.uniform(0.0, 12.0, 15)
    assert _walked(margin, stores, walk_many) == pytest.approx(_least_unserved(margin, stores), abs=1e-6)
