"""What the plants of the ledger make: cases by hand, then laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plants_at_hand import solve, supply_arrays

from cell2grid.engines.supply import READS, WRITES
from cell2grid.errors import EngineError

SHARE = st.floats(0, 1)


def one(solved, name, plant=0):
    return solved[name].transpose("member", "plant", "period").values[0, plant]


def test_output_by_hand():
    # 1,000 a month, half learned, runs 80 % of the time, a shock leaves a quarter: 100 are started;
    # 90 % of them are good: 90 leave the line, 10 are scrap
    arrays = supply_arrays([[1000.0]], ramp=0.5, availability=0.8, shock_scale=0.25, yield_rate=0.9)
    assert one(solve(arrays), "output") == pytest.approx([90.0], rel=1e-12)


def test_scrapped_by_hand():
    arrays = supply_arrays([[1000.0]], ramp=0.5, availability=0.8, shock_scale=0.25, yield_rate=0.9)
    assert one(solve(arrays), "scrapped") == pytest.approx([10.0], rel=1e-12)


def test_output_energy_by_hand():
    # 90 systems of 3.9 MWh are 351 MWh
    arrays = supply_arrays([[100.0]], yield_rate=0.9, energy=3.9)
    assert one(solve(arrays), "output_energy") == pytest.approx([0.351], rel=1e-12)


def test_utilisation_by_hand():
    # 90 of 100 that are open; where nothing is open there is no utilisation, not a utilisation of nothing
    arrays = supply_arrays([[0.0, 100.0]], yield_rate=0.9)
    assert one(solve(arrays), "utilisation") == pytest.approx([np.nan, 0.9], rel=1e-12, nan_ok=True)


def test_consumed_by_hand():
    # 200 cells a month; north wants 10 packs of 16 cells, south 5 of 16: 240 cells.
    # Both get 200/240: 8 1/3 and 4 1/6 packs started, and every cell is used
    arrays = supply_arrays(
        [[200.0], [10.0], [5.0]], makes=["cell", "pack", "pack"], needs={(1, "cell"): 16.0, (2, "cell"): 16.0}
    )
    solved = solve(arrays)
    assert [float(one(solved, "output", plant)[0]) for plant in range(3)] == pytest.approx([200.0, 25 / 3, 25 / 6])
    assert [float(one(solved, "consumed", plant)[0]) for plant in range(3)] == pytest.approx([200.0, 0.0, 0.0])


def test_scrapped_packs_have_taken_their_cells():
    # 10 packs started of which half are good still took 160 cells; 40 of the 200 are left
    arrays = supply_arrays([[200.0], [10.0]], makes=["cell", "pack"], needs={(1, "cell"): 16.0})
    arrays["yield_rate"][:, 1] = 0.5
    solved = solve(arrays)
    assert one(solved, "output", 1) == pytest.approx([5.0])
    assert one(solved, "consumed", 0) == pytest.approx([160.0])


def test_shortage_goes_down_a_chain_of_three():
    # 80 cells feed 5 packs of 16; systems want 2 × 4 packs and get 5: 1.25 systems; order of plants is no matter
    arrays = supply_arrays(
        [[2.0], [10.0], [80.0]],
        makes=["system", "pack", "cell"],
        needs={(0, "pack"): 4.0, (1, "cell"): 16.0},
    )
    assert one(solve(arrays), "output", 0) == pytest.approx([1.25])


def test_two_plants_that_make_an_input_give_in_proportion():
    # 30 and 10 cells, 20 are taken: 15 and 5
    arrays = supply_arrays([[30.0], [10.0], [20.0]], makes=["cell", "cell", "pack"], needs={(2, "cell"): 1.0})
    solved = solve(arrays)
    assert [float(one(solved, "consumed", plant)[0]) for plant in range(2)] == pytest.approx([15.0, 5.0])


def test_products_that_feed_each_other_are_refused():
    arrays = supply_arrays([[1.0], [1.0]], makes=["a", "b"], needs={(0, "b"): 1.0, (1, "a"): 1.0})
    with pytest.raises(EngineError, match="feed each other in a loop"):
        solve(arrays)


def test_an_input_that_no_plant_makes_comes_from_outside():
    # a shock leaves 30 % of it in the second month
    arrays = supply_arrays([[10.0, 10.0]], needs={(0, "cell"): 4.0}, input_scale={"cell": [1.0, 0.3]})
    assert one(solve(arrays), "started") == pytest.approx([10.0, 3.0])


def test_a_plant_that_lacks_what_comes_from_outside_asks_for_less_of_the_rest():
    """Of 100 cells packs ask for 100 and cars, with seats for 10, for 10 and not for 100: each gets 100/110 of it."""
    arrays = supply_arrays(
        [[100.0], [100.0], [100.0]],
        makes=["cell", "pack", "vehicle"],
        needs={(1, "cell"): 1.0, (2, "cell"): 1.0, (2, "seat"): 5.0},
        input_scale={"seat": 0.1},
    )
    solved = solve(arrays)
    assert one(solved, "started", 1) == pytest.approx([1000 / 11])
    assert one(solved, "started", 2) == pytest.approx([100 / 11])
    assert one(solved, "stock", 0) == pytest.approx([0.0])


def test_a_plant_of_an_unlisted_product_is_refused():
    arrays = supply_arrays([[1.0]]).assign(makes=("plant", ["bus"]))
    with pytest.raises(EngineError, match="'bus'"):
        solve(arrays)


@pytest.mark.parametrize("process_time", [0.0, 0.5, 1.0, 2.25])
def test_a_long_line_that_is_held_up_starts_what_leaves_it_and_does_not_swing(process_time):
    """100 a month could be made and 50 are wanted: with room for 20, all 50 leave in every month from the first on.

    The line fills up to what it holds at full pace and one month more, 100 (L + 1); then 50 start a month, as 50 leave.
    """
    markets = [("HOME", 50.0)]
    arrays = supply_arrays([[100.0] * 24], markets=markets, process_time=process_time, stock_limit=20.0)
    solved = solve(arrays)
    settled = int(process_time) + 4
    assert one(solved, "started")[settled:] == pytest.approx([50.0] * (24 - settled))
    assert one(solved, "home_sales")[settled:] == pytest.approx([50.0] * (24 - settled))
    full = 100.0 * (process_time + 1.0) - 50.0
    assert one(solved, "work_in_progress")[settled:] == pytest.approx([full] * (24 - settled))


@st.composite
def chains(draw, *, mixed=True):
    """Cells feed packs feed systems, two plants of each, in two members and three months; ``mixed``: also by cells."""
    shape = (2, 6, 3)

    def numbers(low, high):
        count = int(np.prod(shape))
        values = draw(st.lists(st.floats(low, high), min_size=count, max_size=count))
        return np.array(values).reshape(shape)

    kinds = ["cell", "cell", "pack", "pack", "system", "system"]
    needs = {(2, "cell"): draw(st.floats(0.1, 20)), (3, "cell"): draw(st.floats(0.1, 20))}
    needs |= {(4, "pack"): draw(st.floats(0.1, 20)), (5, "pack"): 1.0}
    needs |= {(5, "cell"): draw(st.floats(0.1, 2))} if mixed else {}
    return supply_arrays(
        numbers(0, 1e4), makes=kinds, needs=needs, yield_rate=numbers(0.01, 1), shock_scale=numbers(0, 1)
    )


@given(chains())
@settings(max_examples=60, deadline=None)
def test_no_more_is_taken_in_than_is_made_and_no_less_than_is_used(arrays):
    solved = solve(arrays)
    started = solved["output"] + solved["scrapped"]
    used = (started * arrays["input_per_item"]).sum("plant")
    for product in ("cell", "pack"):
        makers = arrays["makes"] == product
        taken = solved["consumed"].where(makers, 0.0).sum("plant").values
        before = solved["stock"].shift(period=1, fill_value=0.0)
        made = (solved["output"] + before).where(makers, 0.0).sum("plant").values
        assert taken == pytest.approx(
            used.sel(product=product).transpose("member", "period").values, rel=1e-9, abs=1e-9
        )
        assert np.all(taken <= made * (1 + 1e-12))


@settings(deadline=None)  # the first example compiles the kernel
@given(st.floats(1, 1e6), st.floats(0.01, 1), st.floats(1e-3, 1e3))
def test_an_input_that_is_short_is_taken_in_to_the_last_crumb(cells, good, per_pack):
    """A pack plant that asks for twice the good cells that there are leaves none in stock, not 1e-10 of one."""
    packs = 2 * cells * good / per_pack
    arrays = supply_arrays([[cells], [packs]], makes=["cell", "pack"], needs={(1, "cell"): per_pack}, yield_rate=good)
    solved = solve(arrays).isel(member=0, plant=0, period=0)
    assert float(solved["consumed"]) == float(solved["output"])


@given(chains(), st.permutations(range(6)))
@settings(max_examples=40, deadline=None)
def test_order_of_plants_never_matters(arrays, order):
    turned = solve(arrays.isel(plant=list(order)))
    straight = solve(arrays)
    for name in (name for name in WRITES if "plant" in straight[name].dims):
        given_back = turned[name].sel(plant=straight["plant"]).transpose(*straight[name].dims)
        assert given_back.values == pytest.approx(straight[name].values, rel=1e-9, abs=1e-9, nan_ok=True)


@given(chains(mixed=False), st.integers(0, 1), st.floats(0, 1e4))
@settings(max_examples=60, deadline=None)
def test_more_capacity_for_an_input_never_hurts_those_who_take_it_in(arrays, plant, more):
    """Of plants with one input: where one takes two, more of the first lets it use up more of the second."""
    larger = arrays.copy(deep=True)
    larger["capacity"][:, plant] += more
    before, after = solve(arrays)["output"], solve(larger)["output"]
    for made in ("cell", "pack"):
        makers = arrays["makes"] == made
        gained = (after - before).where(makers, 0.0).sum("plant")
        assert float(gained.min()) >= -1e-6


@given(SHARE, SHARE)
@settings(max_examples=30, deadline=None)
def test_a_shock_takes_its_part_and_no_more(ramp, left):
    normal = one(solve(supply_arrays([[50.0]], ramp=ramp)), "output")
    shocked = one(solve(supply_arrays([[50.0]], ramp=ramp, shock_scale=left)), "output")
    assert shocked == pytest.approx(normal * left, rel=1e-12, abs=1e-12)


@given(SHARE, SHARE, SHARE)
@settings(deadline=None)
def test_a_plant_on_its_own_never_makes_more_than_its_capacity(ramp, shock, good):
    solved = solve(supply_arrays([[50.0]], ramp=ramp, shock_scale=shock, yield_rate=good))
    assert 0 <= one(solved, "output")[0] <= 50.0 * (1 + 1e-12)
    assert one(solved, "scrapped")[0] >= -1e-12


def test_the_order_of_dims_does_not_matter():
    arrays = supply_arrays(np.arange(6.0).reshape(1, 2, 3))
    turned = arrays.transpose("period", "plant", "member", ...)
    assert np.array_equal(solve(turned)["output"].values, solve(arrays)["output"].values)


def test_what_is_read_is_not_changed():
    arrays = supply_arrays([[10.0], [5.0]], makes=["cell", "pack"], needs={(1, "cell"): 4.0}, yield_rate=0.5)
    before = arrays.copy(deep=True)
    solve(arrays)
    assert arrays.identical(before)
    assert set(READS) <= set(map(str, arrays.data_vars))
