"""The compiled parts of the dispatch, each against plain arithmetic or against one another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines import dispatch
from cell2grid.engines.dispatch import blocks, kernel
from cell2grid.engines.dispatch.highs import whole
from cell2grid.engines.dispatch.kernel import concave
from cell2grid.engines.dispatch.kernel.slide import slid
from cell2grid.engines.dispatch.steps import steps_of
from cell2grid.prices import synthetic_year

ROOM = 400
SEGMENTS = st.lists(st.tuples(st.integers(-5, 5), st.integers(1, 4)), min_size=1, max_size=8)


def plain_maximum(slopes: np.ndarray, lengths: np.ndarray, cost: float, length: float, level: float) -> float:
    """The largest f(x) - cost (x - level) for x within ``length`` above a level, looked for at every end in reach."""
    levels = np.concatenate([[0.0], np.cumsum(lengths)])
    values = np.concatenate([[0.0], np.cumsum(slopes * lengths)])
    ends = [level, level + length, *(x for x in levels if level <= x <= level + length)]
    within = np.clip(ends, 0.0, levels[-1])
    return float((np.interp(within, levels, values) - cost * (within - level)).max())


@settings(max_examples=200, deadline=None)
@given(SEGMENTS, st.integers(-4, 4), st.sampled_from([0.05, 0.5, 1.0, 2.0, 3.0, 7.0, 20.0]))
def test_the_sliding_maximum_is_that_of_all_levels_in_reach(
    segments: list[tuple[int, int]], cost: int, length: float
) -> None:
    slopes, lengths = (np.array(column, dtype=float) for column in zip(*segments, strict=True))
    found = np.zeros((2, 8 * ROOM))
    at, rises = slid(
        slopes,
        lengths,
        0,
        len(slopes),
        float(cost),
        length,
        found[0],
        found[1],
        np.zeros((4, 8 * ROOM)),
        8 * ROOM,
        1e-13,
    )
    got_slopes, got_lengths = found[:, at:]
    high = float(lengths.sum())
    assert got_lengths.sum() == pytest.approx(high + length, abs=1e-9)
    assert rises == (got_slopes[:-1] < got_slopes[1:]).sum()
    ends = np.concatenate([[-length], -length + np.cumsum(got_lengths)])
    rise = np.concatenate([[0.0], np.cumsum(got_slopes * got_lengths)])
    values = rise - rise[-1] + float((slopes * lengths).sum())
    for level in np.arange(-length, high + 1e-9, 0.25):
        expected = plain_maximum(slopes, lengths, float(cost), length, level)
        assert np.interp(level, ends, values) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=14), st.data())
def test_the_fast_walk_of_a_plain_store_is_that_of_the_general_kernel(price: list[int], data: st.DataObject) -> None:
    case = dispatch.asset_case(
        np.array(price, dtype=float),
        power=float(data.draw(st.integers(1, 5))),
        discharge_power=float(data.draw(st.integers(0, 5))),
        energy=float(data.draw(st.integers(2, 8))),
        efficiency_charge=data.draw(st.sampled_from([0.5, 0.8, 1.0])),
        efficiency_discharge=data.draw(st.sampled_from([0.5, 0.9, 1.0])),
        throughput_cost=data.draw(st.sampled_from([0.0, 0.0, 3.0])),
        start_fraction=data.draw(st.sampled_from([0.0, 0.5, 1.0])),
        end_fraction=data.draw(st.sampled_from([0.0, 0.3])),
    )
    steps = steps_of(case)
    energy, value = kernel.plan_steps(steps)
    if np.isnan(value):
        return
    buy, sell = np.ascontiguousarray(steps.cost[:, 1]), np.ascontiguousarray(steps.cost[:, 0])
    most_in, most_out = np.ascontiguousarray(steps.flow[:, 2]), np.ascontiguousarray(-steps.flow[:, 0])
    fast, worth = concave.plan(buy, sell, most_in, most_out, case.energy_capacity, case.start, case.end)
    assert worth == pytest.approx(value, abs=1e-9)
    # of two ways that earn the same both take the one that moves less
    assert fast == pytest.approx(energy, abs=1e-9)


@pytest.mark.parametrize("room", [0, 300])
def test_a_schedule_made_in_blocks_is_the_one_made_at_once(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no room to keep anything each block is made twice, and the answer is the same to the last digit."""
    year = synthetic_year(4, resolution_minutes=30)
    price = year.price[:3000] - 20.0
    case = dispatch.asset_case(
        price, year.step_hours[:3000], power=10.0, energy=40.0, efficiency_charge=0.9, efficiency_discharge=0.9
    )
    steps = steps_of(case)
    energy, value = kernel.plan_steps(steps)
    monkeypatch.setattr(blocks, "ROOM", room)
    monkeypatch.setattr(blocks, "SHORT_BLOCK", 100)
    monkeypatch.setattr(blocks, "BLOCK", 700)
    again, worth = blocks.planned(steps, deadline=float("inf"))
    assert worth == value
    assert (again == energy).all()


def test_a_piece_that_only_rounding_leaves_is_no_piece() -> None:
    """0.1 + 0.2 MW of load under an import limit of 0.3 MW leave nothing to charge with, and not 5e-17 MW."""
    case = dispatch.asset_case(
        np.array([-5.0, 9.0, -7.0, 8.0]), power=1.0, energy=2.0, efficiency_charge=0.8, start_fraction=0.5,
        load=0.1, auxiliary_load=0.2, import_limit=np.array([0.3, 1.0, 0.3, 1.0]),
    )  # fmt: skip
    found = dispatch.schedule(case)
    assert found.charge[0] == found.charge[2] == 0.0
    assert found.value == pytest.approx(whole(case).value, abs=1e-9)


def test_flows_that_rounding_parts_in_a_row_are_one() -> None:
    """A load beyond the import limit leaves one flow to a step, which five breakpoints spell with other last digits."""
    case = dispatch.asset_case(
        np.array([50.0, 90.0, -55.0, 27.0]), power=4.0, energy=5.0, efficiency_charge=0.8, self_discharge=0.05,
        start_fraction=0.9, import_limit=np.array([1.3, 5.7, 2.4, 5.7]), load=np.array([1.7, 3.3, 3.1, 3.3]),
        buy_adder=5.0, efficiency_charge_by_power=((0.2, 0.7), (0.6, 0.9), (1.0, 0.8)),
        efficiency_discharge_by_power=((0.5, 0.9), (1.0, 0.95)),
    )  # fmt: skip
    lengths = np.diff(steps_of(case).flow, axis=1)
    assert ((lengths == 0.0) | (lengths > 1e-9)).all()
    assert dispatch.schedule(case).value == pytest.approx(whole(case).value, abs=1e-7)


def test_both_ways_at_once_within_limits_that_change() -> None:
    """15 for the MWh held, then at -5 both ways: 4 MW taken earn 20, and with 2 MW stored nothing is sent: 35."""
    case = dispatch.asset_case(
        np.array([15.0, 15.0, -5.0]), power=4.0, discharge_power=np.array([4.0, 2.0, 2.0]), energy=2.0,
        efficiency_charge=0.5, start_fraction=0.5, mode="relaxed",
    )  # fmt: skip
    assert dispatch.schedule(case).value == 35.0


def test_a_short_step_beside_a_large_store_takes_no_longer() -> None:
    """A piece a millionth of the store long parts it into a million blocks, which are passed over at once."""
    price = np.array([-30.0, -10.0, 40.0, -20.0, 60.0] * 4)
    case = dispatch.asset_case(price, 1e-4, power=1.0, energy=100.0, efficiency_charge=0.9, start_fraction=0.5)
    assert dispatch.schedule(case).value == pytest.approx(whole(case).value, abs=1e-9)
