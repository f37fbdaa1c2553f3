"""Deliveries: what holds for every study."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plants_at_hand import delivery_arrays

from cell2grid.engines.deliveries import WRITES, arrivals, solve

MONTHS, MEMBERS = 5, 2
WANTED = st.one_of(st.floats(0, 300), st.just(np.inf))


def _array(draw, shape, low, high):
    count = int(np.prod(shape))
    return np.array(draw(st.lists(st.floats(low, high), min_size=count, max_size=count))).reshape(shape)


@st.composite
def worlds(draw):
    """Two plants, markets and orders at home and abroad, any calendar, any limit, any lead time."""
    output = _array(draw, (MEMBERS, 2, MONTHS), 0, 200)
    markets = [
        (region, draw(WANTED)) for region in draw(st.lists(st.sampled_from(["HOME", "ABROAD", "FAR"]), max_size=4))
    ]
    orders = [
        (f"p{number}", plant, region, items, f"2025-0{month}-1{number}")
        for number, (plant, region, items, month) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        st.integers(0, 1), st.sampled_from(["HOME", "ABROAD"]), st.floats(0, 500), st.integers(1, 6)
                    ),
                    max_size=4,
                )
            )
        )
    ]
    lead = {(plant, region): _array(draw, (MEMBERS,), 0, 3) for plant in (0, 1) for region in ("ABROAD", "FAR")}
    return delivery_arrays(
        output,
        consumed=output * draw(st.floats(0, 1)),
        regions=["HOME", draw(st.sampled_from(["HOME", "ABROAD"]))],
        markets=markets,
        orders=orders,
        lead_time={**lead, (0, "HOME"): 0.0, (1, "HOME"): 0.5},
        export_share=np.array(draw(st.lists(st.floats(0, 1), min_size=MONTHS, max_size=MONTHS))),
        export_scale=np.array(draw(st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=MONTHS, max_size=MONTHS))),
        first_served=np.array(draw(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=MONTHS, max_size=MONTHS))),
    )


def _cumulated(array):
    return array.transpose("member", "plant", "period").values.cumsum(axis=-1)


@given(worlds())
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost(arrays):
    """Produced = taken in + delivered + at sea + in stock, cumulated, in every member and month."""
    solved = solve(arrays)
    made = _cumulated(arrays["output"]) - _cumulated(arrays["consumed"])
    arrived = _cumulated(solved["delivered"].sum("destination"))
    left = solved["at_sea"] + solved["stock"]
    assert made == pytest.approx(arrived + left.transpose("member", "plant", "period").values, rel=1e-9, abs=1e-9)


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_nothing_is_negative(arrays):
    solved = solve(arrays)
    for name in WRITES:
        values = solved[name].values
        assert np.all(values[np.isfinite(values)] >= 0)


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_exports_and_home_sales_are_all_that_is_shipped_and_exports_keep_their_limit(arrays):
    solved = solve(arrays)
    shipped = solved["shipped"].sum("destination")
    both = solved["exports"] + solved["home_sales"]
    assert both.values == pytest.approx(shipped.transpose(*both.dims).values, rel=1e-12, abs=1e-9)
    on_hand = solved["stock"] + shipped
    before = solved["waiting"].shift(period=1, fill_value=0.0)
    limit = (before + (on_hand - before) * arrays["export_share"]) * arrays["export_scale"]
    assert float((solved["exports"] - limit).max()) <= 1e-9
    assert float((solved["waiting"] - solved["stock"]).max()) <= 1e-9


@given(worlds())
@settings(max_examples=30, deadline=None)
def test_a_shock_that_leaves_all_exports_sets_nothing_aside(arrays):
    arrays["export_scale"][:] = 1.0
    assert not solve(arrays)["waiting"].values.any()


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_no_market_and_no_order_gets_more_than_it_asks(arrays):
    solved = solve(arrays)
    arrived = solved["order_delivered"].sum("period").transpose("member", "project").values
    assert np.all(arrived <= arrays["order_quantity"].values * (1 + 1e-9) + 1e-9)
    for region in ("HOME", "ABROAD", "FAR"):
        if region not in solved["destination"].values:
            continue
        asked = arrays["market_demand"].where(arrays["market_region"] == region, 0.0).sum("market")
        ordered = arrays["order_quantity"].where(arrays["order_region"] == region, 0.0).sum("project")
        shipped = solved["shipped"].sel(destination=region).sum("plant")
        assert np.all((shipped - asked - ordered).values <= 1e-6)


@given(worlds(), st.integers(0, 1), st.lists(st.floats(0, 100), min_size=MONTHS, max_size=MONTHS))
@settings(max_examples=150, deadline=None)
def test_more_output_never_delivers_an_order_later(arrays, plant, more):
    """Orders of the plant itself; another plant's may lose, for exports that nobody asks of it are not set aside."""
    own = arrays["order_plant"].values == f"plant-{plant}"
    larger = arrays.copy(deep=True)
    larger["output"][:, plant] += np.array(more)
    before, after = (solve(world).isel(project=np.flatnonzero(own)) for world in (arrays, larger))
    gained = after["order_delivered"].cumsum("period") - before["order_delivered"].cumsum("period")
    assert gained.size == 0 or float(gained.min()) >= -1e-6
    done_before, done_after = (np.nan_to_num(solved["delivery_month"].values, nan=np.inf) for solved in (before, after))
    assert not (done_after > done_before).any()


@given(worlds(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_order_of_rows_never_matters(arrays, random):
    turned = arrays
    for dim in ("plant", "market", "project", "destination"):
        places = list(range(arrays.sizes[dim]))
        random.shuffle(places)
        turned = turned.isel({dim: places})
    straight, back = solve(arrays), solve(turned)
    for name in WRITES:
        array = back[name]
        for dim in ("plant", "project", "destination"):
            if dim in array.dims:
                array = array.sel({dim: straight[dim].values})
        assert array.values == pytest.approx(straight[name].values, rel=1e-9, abs=1e-9, nan_ok=True)


@given(worlds(), st.integers(1, MEMBERS - 1))
@settings(max_examples=20, deadline=None)
def test_a_member_does_not_know_of_the_others(arrays, member):
    alone, together = solve(arrays.isel(member=[member])), solve(arrays).isel(member=[member])
    for name in WRITES:
        assert np.array_equal(alone[name].values, together[name].values, equal_nan=True)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12), st.floats(0, 20))
@settings(deadline=None)
def test_what_is_shipped_arrives_or_is_on_its_way(shipped, lead_time):
    delivered, on_the_way = arrivals(np.array(shipped), np.array(lead_time))
    assert np.cumsum(delivered) + on_the_way == pytest.approx(np.cumsum(shipped), rel=1e-9, abs=1e-9)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12), st.floats(0, 20), st.floats(0, 5))
@settings(deadline=None)
def test_a_longer_way_never_delivers_sooner(shipped, lead_time, more):
    sooner = np.cumsum(arrivals(np.array(shipped), np.array(lead_time))[0])
    later = np.cumsum(arrivals(np.array(shipped), np.array(lead_time + more))[0])
    assert np.all(later <= sooner * (1 + 1e-9) + 1e-6)
