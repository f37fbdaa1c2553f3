"""What the charts of a schedule draw, by hand on four hours, then as laws on any schedule."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.report.dispatched import (
    Dispatched,
    by_day,
    by_hour,
    by_part,
    capture,
    duration,
    of_run,
    of_schedule,
)
from cell2grid.results import Results


def schedule(
    price: list[float],
    net: list[float],
    *,
    start: str = "2025-03-01",
    minutes: int = 60,
    zone: str | None = None,
    hours: list[float] | None = None,
) -> Dispatched:
    """One asset that discharges where ``net`` is positive and charges where it is negative [MW]."""
    stamps = np.datetime64(start, "s") + np.arange(len(price)) * np.timedelta64(minutes * 60, "s")
    power = np.array(net)
    columns = {"price": np.array(price), "charge": np.maximum(-power, 0.0), "discharge": np.maximum(power, 0.0)}
    arrays = {name: ("timestep", values) for name, values in {**columns, "energy": np.zeros(len(price))}.items()}
    if hours is not None:
        arrays["step_hours"] = ("timestep", np.array(hours))
    return of_schedule(xr.Dataset(arrays, {"timestep": stamps}), name="heath", currency="EUR", zone=zone)


def test_prices_met_by_hand():
    """Charged 2 MWh at 10 and 2 at 20: paid 15. Sold 3 MWh at 40: received 40. Mean of 10, 20, 40, 60 is 32.5.

    Three MWh at 3 MW fit into the dearest hour alone: 60. Four MWh at 2 MW take the two cheapest hours: 15.
    """
    found = capture(schedule([10, 20, 40, 60], [-2, -2, 3, 0]))
    assert found.paid == 15.0
    assert found.received == 40.0
    assert found.mean == 32.5
    assert found.dearest == 60.0
    assert found.cheapest == 15.0


def test_steps_of_half_an_hour_move_half_the_energy():
    """4 MW in half an hour at 10 cost 20; 4 MW in half an hour at 50 bring 100."""
    what, parts = by_part(schedule([10, 50], [-4, 4], minutes=30))
    assert what == "day"
    assert parts[["bought", "sold", "paid", "received", "revenue"]].to_numpy().tolist() == [[2, 2, 20, 100, 80]]


def test_steps_of_unlike_length_count_by_their_hours():
    found = capture(schedule([10, 40], [-1, 1], hours=[1.0, 3.0]))
    assert found.mean == (10 + 3 * 40) / 4


def test_money_of_negative_prices_keeps_its_sign():
    """Charging 1 MWh at −20 pays −20, which is received; discharging 1 MWh at −5 brings −5."""
    _, parts = by_part(schedule([-20, -5], [-1, 1]))
    assert parts.loc[0, ["paid", "received", "revenue"]].tolist() == [-20.0, -5.0, 15.0]


def test_a_day_that_only_buys_has_no_captured_spread():
    days = by_day(schedule([10, 30] * 12 + [20, 50] * 12, [-1, 0] * 12 + [-1, 1] * 12))
    assert days["captured"].isna().tolist() == [True, False]
    assert days["captured"].iloc[1] == 30.0
    assert days["offered"].tolist() == [20.0, 30.0]


def test_an_asset_that_never_moves_has_a_mean_price_and_no_other():
    found = capture(schedule([10, 20], [0, 0]))
    assert found.mean == 15.0
    assert all(math.isnan(price) for price in (found.received, found.paid, found.dearest, found.cheapest))


def test_hours_are_those_of_the_zone():
    """Three o'clock UTC on 1 March is four o'clock in Berlin; on 31 March it is five."""
    for day, hour in (("2025-03-01T03:00", 4), ("2025-03-31T03:00", 5)):
        _, cells = by_hour(schedule([1.0], [5.0], start=day, zone="Europe/Berlin"))
        assert cells["hour"].tolist() == [hour]
        assert cells["discharge"].tolist() == [5.0]


def test_a_step_longer_than_an_hour_counts_in_each_hour_it_covers():
    _, cells = by_hour(schedule([1, 1], [-4, 4], minutes=180))
    assert cells["hour"].tolist() == [0, 1, 2, 3, 4, 5]
    assert cells["charge"].tolist() == [4, 4, 4, 0, 0, 0]


def test_five_minutes_make_the_mean_power_of_their_hour():
    _, cells = by_hour(schedule([1.0] * 12, [6.0] * 6 + [0.0] * 6, minutes=5))
    assert cells["discharge"].tolist() == [3.0]


@pytest.mark.parametrize(
    ("days", "columns", "parts"), [(3, "day", "day"), (300, "week", "month"), (900, "month", "month")]
)
def test_a_long_schedule_is_told_in_coarser_parts(days: int, columns: str, parts: str):
    asset = schedule([1.0, 2.0] * days, [-1.0, 1.0] * days, minutes=720)
    assert by_hour(asset)[0] == columns
    assert by_part(asset)[0] == parts


def test_a_schedule_without_prices_is_refused():
    with pytest.raises(InputError, match="'price' is missing"):
        of_schedule(xr.Dataset({"charge": ("timestep", [1.0])}), name="heath")


def test_an_unknown_zone_is_refused():
    with pytest.raises(InputError, match="time zone 'Mars/Olympus' is not known"):
        schedule([1.0], [1.0], zone="Mars/Olympus")


def test_of_many_projects_the_first_are_drawn_and_the_rest_counted(results: Results):
    table = results.tables["dispatch"]
    many = pd.concat([table.assign(project=f"heath-{number}") for number in range(9)], ignore_index=True)
    assets = of_run(replace(results, tables={**results.tables, "dispatch": many}))
    assert len(assets) == 6
    assert assets[-1].notes[-1] == "3 more are in the tables of the run folder"
    assert assets[0].steps["hours"].eq(1.0).all()
    assert assets[0].steps["price"].tolist() == table["price"].tolist()


numbers = st.lists(
    st.tuples(
        st.floats(-500, 3000, allow_nan=False),
        st.floats(-100, 100).filter(lambda power: power == 0.0 or abs(power) > 1e-6),
    ),
    min_size=1,
    max_size=120,
)


@settings(max_examples=60, deadline=None)
@given(numbers, st.sampled_from([5, 15, 30, 60, 240]))
def test_parts_add_up_to_the_whole(steps: list[tuple[float, float]], minutes: int):
    asset = schedule([price for price, _ in steps], [power for _, power in steps], minutes=minutes)
    _, parts = by_part(asset)
    whole = sum(price * power for price, power in steps) * asset.steps["hours"].iloc[0]
    assert parts["revenue"].sum() == pytest.approx(whole, abs=1e-6)
    _, cells = by_hour(asset)
    assert cells["charge"].ge(0).all()
    assert cells[["charge", "discharge"]].max().max() <= max(abs(power) for _, power in steps) + 1e-9


@settings(max_examples=60, deadline=None)
@given(numbers, st.integers(1, 50))
def test_the_duration_curve_falls_and_covers_all_hours(steps: list[tuple[float, float]], bins: int):
    asset = schedule([price for price, _ in steps], [power for _, power in steps])
    curve = duration(asset, bins)
    assert len(curve) <= bins
    assert curve["ends"].iloc[-1] == pytest.approx(len(steps))
    assert (np.diff(curve["price"]) <= 1e-9).all()
    assert (curve["lowest"] <= curve["price"] + 1e-9).all()
    assert (curve["price"] <= curve["highest"] + 1e-9).all()
    moved = float(np.sum((curve["ends"] - curve["begins"]) * (curve["charging"] + curve["discharging"])))
    assert moved == pytest.approx(sum(power != 0.0 for _, power in steps))


@settings(max_examples=60, deadline=None)
@given(numbers)
def test_nobody_sells_dearer_than_in_the_dearest_hours(steps: list[tuple[float, float]]):
    found = capture(schedule([price for price, _ in steps], [power for _, power in steps]))
    slack = 1e-6
    assert not found.received > found.dearest + slack
    assert not found.paid < found.cheapest - slack
