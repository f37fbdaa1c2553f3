"""Inputs that several plants share: by hand, then laws on chains in which all take in what they like."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plants_at_hand import solve, supply_arrays

from cell2grid.engines.supply import WRITES


def started(solved):
    return solved["started"].transpose("member", "plant", "period").values[0, :, 0]


def test_what_a_plant_that_is_held_back_leaves_goes_to_those_who_can_use_it():
    """Of 100 cells packs ask for 100 and cars for 100, 50 each; cars have seats for 10 and leave 40 to packs."""
    arrays = supply_arrays(
        [[100.0], [10.0], [100.0], [100.0]],
        makes=["cell", "seat", "pack", "vehicle"],
        needs={(2, "cell"): 1.0, (3, "cell"): 1.0, (3, "seat"): 1.0},
    )
    assert started(solve(arrays)) == pytest.approx([100.0, 10.0, 90.0, 10.0])


def test_what_the_fed_leave_brings_them_more_of_what_they_lack():
    """100 cells; packs take 1, systems 1 and a pack: 50 packs and 50 systems, whatever systems ask for at first.

    First round: packs ask for 100 and systems for 300, so that 25 packs and 25 systems are started. 50 cells are left,
    which allow 50 packs more, and with them 50 systems: each starts 25 of these.
    """
    arrays = supply_arrays(
        [[100.0], [100.0], [300.0]],
        makes=["cell", "pack", "system"],
        needs={(1, "cell"): 1.0, (2, "cell"): 1.0, (2, "pack"): 1.0},
    )
    assert started(solve(arrays)) == pytest.approx([100.0, 50.0, 50.0])


def test_what_a_shock_keeps_from_a_plant_is_asked_of_no_other_input():
    """A shock leaves a tenth of the seats that are made, 100: cars ask for 10 of 100 cells, packs for 100."""
    arrays = supply_arrays(
        [[100.0], [100.0], [100.0], [100.0]],
        makes=["cell", "seat", "pack", "vehicle"],
        needs={(2, "cell"): 1.0, (3, "cell"): 1.0, (3, "seat"): 1.0},
        input_scale={"seat": 0.1},
    )
    assert started(solve(arrays)) == pytest.approx([100.0, 100.0, 1000 / 11, 100 / 11])


@st.composite
def networks(draw):
    """Ten plants of five products in a row, each of which takes in any of those before its own, for two months."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    kinds = "abcde"
    makes = [*kinds, *rng.choice(list(kinds), 5)]
    needs = {
        (plant, kinds[taken]): float(10 ** rng.uniform(-1, 1))
        for plant, made in enumerate(makes)
        for taken in range(kinds.index(made))
        if rng.random() < 0.6
    }
    return supply_arrays(
        10 ** rng.uniform(0, 3, (2, 10, 2)) * (rng.random((2, 10, 2)) < 0.9),
        makes=makes,
        needs=needs,
        yield_rate=rng.uniform(0.3, 1, (2, 10, 2)),
        process_time=rng.choice([0.0, 0.0, 0.4, 1.2], (2, 10)),
        input_scale={kind: float(rng.choice([1.0, 1.0, 0.7])) for kind in kinds},
    )


@given(networks())
@settings(max_examples=60, deadline=None)
def test_nothing_lies_idle_that_a_plant_could_have_used(arrays):
    """What a plant could start beyond what it does, with all that is left of its inputs, is nothing."""
    solved = solve(arrays)
    begun, needs = solved["started"], arrays["input_per_item"]
    known = arrays["input_scale"].where(needs > 0, 1.0).min("product")
    more = arrays["capacity"] * known - begun
    made = [str(product) for product in arrays["product"].values if (arrays["makes"] == product).any()]
    for product in made:
        had = (solved["stock"] + solved["consumed"]).where(arrays["makes"] == product, 0.0).sum("plant")
        left = (had - (begun * needs.sel(product=product)).sum("plant")).transpose("member", "period")
        assert float(left.min()) >= -1e-9 * float(had.max() + 1)
        taken = needs.sel(product=product)
        reach = left.clip(min=0.0) / taken.where(taken > 0.0)
        more = np.minimum(more, reach.transpose(*more.dims).fillna(np.inf))
    has_inputs = (needs.sel(product=made) > 0).any("product")
    assert float((more / arrays["capacity"].clip(min=1.0)).where(has_inputs, 0.0).max()) <= 1e-7


@given(networks(), st.permutations(range(10)))
@settings(max_examples=30, deadline=None)
def test_order_of_plants_never_matters(arrays, order):
    straight, turned = solve(arrays), solve(arrays.isel(plant=list(order)))
    for name in (name for name in WRITES if "plant" in straight[name].dims):
        back = turned[name].sel(plant=straight["plant"]).transpose(*straight[name].dims)
        assert back.values == pytest.approx(straight[name].values, rel=1e-9, abs=1e-6, nan_ok=True), name


NUMBERS = st.floats(0, 1e4)


@given(st.lists(NUMBERS, min_size=7, max_size=7), st.integers(0, 6), NUMBERS)
@settings(max_examples=80, deadline=None)
def test_more_capacity_never_hurts_where_one_input_is_shared(capacity, plant, more):
    """Three plants share cells, and each has an input of its own: more of anything never lowers all that they start."""
    arrays = supply_arrays(
        [[number] for number in capacity],
        makes=["cell", "lid", "box", "bag", "pack", "tray", "rack"],
        needs={(4 + n, product): 1.0 for n, own in enumerate(["lid", "box", "bag"]) for product in ("cell", own)},
    )
    larger = arrays.copy(deep=True)
    larger["capacity"][:, plant] += more
    before, after = (started(solve(given))[4:] for given in (arrays, larger))
    assert after.sum() >= before.sum() - 1e-6
    # and a plant that its own input holds back takes nothing from the others together by being larger
    if plant >= 4 and before[plant - 4] == pytest.approx(capacity[plant - 3]) and capacity[plant - 3] < capacity[plant]:
        own = plant - 4
        assert after[own] == pytest.approx(before[own], abs=1e-6)
        assert np.delete(after, own).sum() >= np.delete(before, own).sum() - 1e-6
