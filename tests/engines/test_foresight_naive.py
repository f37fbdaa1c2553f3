"""Fixed rules learnt from the past: by hand, within the limits, and blind to what comes."""

from __future__ import annotations

import numpy as np
import pytest
from forecasts_at_hand import hours_from

from cell2grid.engines.dispatch import asset_case, checked, schedule
from cell2grid.engines.foresight import naive
from cell2grid.errors import InputError
from cell2grid.prices import synthetic_year


def test_fixed_hours_by_hand() -> None:
    """Past days: 12 h at 10, then 12 h at 50; the asset of 1 MW and 4 MWh fills in four of the first and empties in
    four of the second, whatever comes. Today's prices are the hours themselves: it pays for each MWh the hour in which
    it came, and the other way round. What it earns is the sum of four late hours less that of four early ones."""
    day = np.repeat([10.0, 50.0], 12)
    case = asset_case(np.arange(24.0), power=1.0, energy=4.0)
    done = naive(case, np.tile(day, 3), hours_from("2025-01-06", 96))
    charged, discharged = np.flatnonzero(done.charge), np.flatnonzero(done.discharge)
    assert len(charged) == len(discharged) == 4
    assert charged.max() < 12 <= discharged.min()
    assert done.value == float(discharged.sum() - charged.sum())
    assert done.method == "naive, fixed hours"


def test_price_bounds_by_hand() -> None:
    """Past prices alternate between 10 and 30: bounds of 10 and 30 earn most. Of 12, 9, 50, 31, 8, 40 it buys the 9 and
    the 8, and sells at 50 and 40; at 31 it is empty already."""
    past = np.tile([10.0, 30.0], 24)
    case = asset_case(np.array([12.0, 9.0, 50.0, 31.0, 8.0, 40.0]), power=1.0, energy=1.0)
    done = naive(case, past, hours_from("2025-01-06", 54), rule="bounds")
    assert done.energy.tolist() == [0.0, 1.0, 0.0, 0.0, 1.0, 0.0]
    assert done.value == 50.0 - 9.0 + 40.0 - 8.0
    assert done.method == "naive, price bounds"


@pytest.mark.parametrize("rule", ["hours", "bounds"])
@pytest.mark.parametrize("minutes", [60, 15])
def test_limits_and_ends_are_kept_and_the_future_moves_nothing(rule: str, minutes: int) -> None:
    year = synthetic_year(3, resolution_minutes=minutes)
    day = 24 * 60 // minutes
    past, stop, cut = 40 * day, 60 * day, 7 * day + 3
    price = year.price[:stop]
    limit = np.where(np.arange(stop - past) % day < day // 2, 1.0, 0.25)
    asset = {
        "power": limit, "energy": 2.0, "efficiency_charge": 0.9, "start_fraction": 0.5, "end_fraction": 0.75,
        "energy_floor": 0.1, "self_discharge": 0.002, "throughput_cost": 1.0,
    }  # fmt: skip
    found = []
    for prices in (price, np.where(np.arange(stop) > past + cut, -3.0 * price, price)):
        case = asset_case(prices[past:], minutes / 60.0, **asset)
        done = naive(case, prices[:past], year.timestep[:stop], rule=rule)
        assert (done.charge <= limit).all()
        assert (done.discharge <= limit).all()
        assert (done.energy >= case.lowest - 1e-9).all()
        assert (done.energy <= case.highest + 1e-9).all()
        assert done.value <= schedule(checked(case)).value + 1e-6
        found.append(done.energy)
    # the rule itself does not look at prices in the one form, and only at the step's own in the other
    assert np.array_equal(found[0][: cut + 1], found[1][: cut + 1])
    assert found[0].max() > 0.9 * 2.0


def test_what_cannot_be_learnt_is_refused() -> None:
    case = asset_case(np.ones(4), power=1.0, energy=1.0)
    stamps = hours_from("2025-01-06", 24)
    with pytest.raises(InputError, match="rule 'luck' is none of hours, bounds"):
        naive(case, np.ones(20), stamps, rule="luck")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="learnt from 20 h of past prices"):
        naive(case, np.ones(20), stamps)
    with pytest.raises(InputError, match="learnt from 0 h"):
        naive(case, np.empty(0), stamps[:4])
    with pytest.raises(InputError, match="a limit by level"):
        naive(
            asset_case(np.ones(4), power=1.0, energy=1.0, charge_by_level=((0.0, 1.0), (1.0, 0.2))), np.ones(20), stamps
        )
