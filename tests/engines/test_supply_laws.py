"""The ledger of plants and deliveries: what holds for every study, and that the compiled form is the reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plants_at_hand import solve, supply_arrays

from cell2grid.engines import supply
from cell2grid.engines.supply.compiled import compiled_ledger
from cell2grid.engines.supply.given import given as given_numbers
from cell2grid.engines.supply.lanes import arrivals
from cell2grid.engines.supply.network import network

MONTHS, MEMBERS = 5, 2
WANTED = st.one_of(st.floats(0, 300), st.just(np.inf))
PLACES = ["HOME", "ABROAD", "FAR"]


def _array(draw, shape, low, high):
    count = int(np.prod(shape))
    return np.array(draw(st.lists(st.floats(low, high), min_size=count, max_size=count))).reshape(shape)


def _some(draw, shape, values):
    count = int(np.prod(shape))
    return np.array(draw(st.lists(st.sampled_from(values), min_size=count, max_size=count))).reshape(shape)


@st.composite
def worlds(draw):
    """A cell plant that feeds two pack plants, which serve markets and orders anywhere by any rule and rhythm."""
    capacity = _array(draw, (MEMBERS, 3, MONTHS), 0, 200)
    markets = [(place, draw(WANTED)) for place in draw(st.lists(st.sampled_from(PLACES), max_size=3, unique=True))]
    markets += [("HOME", draw(WANTED), "cell")] if draw(st.booleans()) else []
    orders = [
        (f"p{number}", plant, region, items, month, draw(st.integers(0, 2)))
        for number, (plant, region, items, month) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        st.integers(0, 1), st.sampled_from(PLACES[:2]), st.floats(0, 500), st.integers(0, MONTHS)
                    ),
                    max_size=4,
                )
            )
        )
    ]
    regions = ["HOME", draw(st.sampled_from(PLACES[:2])), "HOME"]
    places = list(dict.fromkeys([*regions, *(m[0] for m in markets), *(o[2] for o in orders), *PLACES]))
    turns = draw(st.integers(1, 2))
    turn_share = _some(draw, (3, MONTHS, 1), [1.0, 0.5, 0.3]) if turns == 2 else np.ones((3, MONTHS, 1))
    turn_share = np.concatenate([turn_share, 1.0 - turn_share], axis=-1)[..., :turns]
    plain = draw(st.booleans())
    return supply_arrays(
        capacity,
        makes=["pack", "pack", "cell"],
        needs={(0, "cell"): draw(st.sampled_from([0.0, 0.5])), (1, "cell"): draw(st.sampled_from([0.0, 1.5]))},
        regions=regions,
        markets=markets,
        orders=orders,
        lead_time={
            **{(plant, place): _array(draw, (MONTHS,), 0, 3) for plant in (0, 1) for place in PLACES[1:]},
            (1, "HOME"): 0.5,
        },
        lane_scale={(plant, "ABROAD"): _some(draw, (MONTHS,), [0.0, 0.4, 1.0, 1.0]) for plant in (0, 1)},
        rank=_some(draw, (3, len(places), MONTHS, turns), [0.0, 1.0, 2.0]),
        turn_share=turn_share,
        export_share=_array(draw, (MONTHS,), 0, 1),
        export_scale=_some(draw, (MONTHS,), [0.0, 0.3, 1.0, 1.0]),
        yield_rate=_some(draw, (3, MONTHS), [0.0, 0.4, 1.0]),
        process_time=0.0 if plain else _some(draw, (3,), [0.0, 0.5, 1.0, 2.25, 40.0]),
        stock_limit=np.inf if plain else _some(draw, (3,), [0.0, 20.0, 150.0, np.inf]),
        learning=(np.nan, np.nan) if plain else _learning(draw),
        input_scale={"cell": _some(draw, (MONTHS,), [0.2, 1.0])},
    )


def _learning(draw):
    items = _some(draw, (3,), [np.nan, 0.0, 150.0])
    return items, np.where(np.isnan(items), np.nan, 0.3)


def _values(array):
    return array.transpose("member", "plant", "period").values


@given(worlds())
@settings(max_examples=30, deadline=None)
def test_every_item_is_accounted_for(arrays):
    """Started = good + scrap + on the line; good = taken in + shipped + in stock; shipped = delivered + at sea."""
    solved = solve(arrays)
    total = {name: _values(solved[name]).cumsum(axis=-1) for name in ("started", "output", "scrapped", "consumed")}
    shipped, delivered = (_values(solved[name].sum("destination")).cumsum(axis=-1) for name in ("shipped", "delivered"))
    on_line, stock, at_sea = (_values(solved[name]) for name in ("work_in_progress", "stock", "at_sea"))
    assert total["started"] == pytest.approx(total["output"] + total["scrapped"] + on_line, abs=1e-6)
    assert total["output"] == pytest.approx(total["consumed"] + shipped + stock, abs=1e-6)
    assert shipped == pytest.approx(delivered + at_sea, abs=1e-6)
    assert np.all(stock <= arrays["stock_limit"].transpose("member", "plant").values[..., None] + 1e-9)


@given(worlds())
@settings(max_examples=30, deadline=None)
def test_nothing_is_negative_and_no_more_is_started_than_can_be(arrays):
    solved = solve(arrays)
    for name in supply.WRITES:
        values = solved[name].values
        assert np.all(values[np.isfinite(values)] >= 0)
    learned = solved["learned"].fillna(1.0)
    assert np.all(_values(solved["started"]) <= _values(arrays["capacity"] * learned) * (1 + 1e-12))


@given(worlds())
@settings(max_examples=30, deadline=None)
def test_no_market_and_no_order_gets_more_than_it_asks(arrays):
    solved = solve(arrays)
    arrived = solved["order_delivered"].sum("period").transpose("member", "order").values
    assert np.all(arrived <= arrays["order_quantity"].values * (1 + 1e-9) + 1e-9)
    for region in arrays["destination"].values:
        asked = arrays["market_demand"].where(arrays["market_region"] == region, 0.0).sum("market")
        ordered = arrays["order_quantity"].where(arrays["order_region"] == region, 0.0).sum("order")
        shipped = solved["shipped"].sel(destination=region).sum("plant")
        assert np.all((shipped - asked - ordered).values <= 1e-6)


@given(worlds())
@settings(max_examples=30, deadline=None)
def test_exports_and_home_sales_are_all_that_is_shipped_and_what_waits_is_in_stock(arrays):
    solved = solve(arrays)
    shipped = solved["shipped"].sum("destination")
    both = solved["exports"] + solved["home_sales"]
    assert both.values == pytest.approx(shipped.transpose(*both.dims).values, rel=1e-12, abs=1e-9)
    assert float((solved["waiting"] - solved["stock"]).max()) <= 1e-9


@given(worlds())
@settings(max_examples=30, deadline=None)
def test_without_shocks_on_the_way_out_nothing_waits(arrays):
    arrays["export_scale"][:] = 1.0
    arrays["lane_scale"][:] = 1.0
    assert float(solve(arrays)["waiting"].max()) <= 1e-9


@given(worlds())
@settings(max_examples=30, deadline=None)
def test_no_market_is_short_while_a_plant_that_sells_to_it_alone_has_stock(arrays):
    """Of plants that are free to sell: no limit on exports, no shock, one turn, and one market for what they make."""
    arrays = arrays.isel(turn=[0])
    for name in ("export_share", "export_scale", "lane_scale", "turn_share"):
        arrays[name][:] = 1.0
    one = arrays["market_product"].values == "pack"
    arrays = arrays.isel(market=np.flatnonzero(one)[:1])
    solved = solve(arrays)
    demands = arrays["market_demand"].transpose("market", ...).values
    for place, demand in zip(arrays["market_region"].values, demands, strict=True):
        ordered = arrays["order_region"].values == place
        if ordered.any():
            continue
        got = solved["shipped"].sel(destination=place).isel(plant=[0, 1]).sum("plant").values
        left = solved["stock"].isel(plant=[0, 1]).sum("plant").transpose("member", "period").values
        short = np.where(np.isfinite(demand), demand, 1e9) - got
        assert np.all(np.minimum(short, left) <= 1e-6)


@given(worlds(), st.randoms())
@settings(max_examples=30, deadline=None)
def test_order_of_rows_never_matters(arrays, random):
    turned = arrays
    for dim in ("plant", "market", "order", "destination", "product"):
        places = list(range(arrays.sizes[dim]))
        random.shuffle(places)
        turned = turned.isel({dim: places})
    straight, back = solve(arrays), solve(turned)
    for name in supply.WRITES:
        array = back[name]
        for dim in ("plant", "order", "destination"):
            if dim in array.dims:
                array = array.sel({dim: straight[dim].values})
        assert array.values == pytest.approx(straight[name].values, rel=1e-9, abs=1e-7, nan_ok=True)


@given(worlds(), st.integers(1, MEMBERS - 1))
@settings(max_examples=20, deadline=None)
def test_a_member_does_not_know_of_the_others(arrays, member):
    alone, together = supply.solve(arrays.isel(member=[member])), supply.solve(arrays).isel(member=[member])
    for name in supply.WRITES:
        assert np.array_equal(alone[name].values, together[name].values, equal_nan=True)


@given(worlds())
@settings(max_examples=10, deadline=None)
def test_any_number_of_threads_gives_the_same_bytes(arrays):
    net = network(arrays)
    numbers = given_numbers(arrays, net)
    one, several = (compiled_ledger(numbers, net, threads=threads) for threads in (1, 3))
    assert all(left.tobytes() == right.tobytes() for left, right in zip(one, several, strict=True))


@st.composite
def one_plant(draw):
    """A plant on its own with orders and markets, whose output no room and no input holds back."""
    capacity = _array(draw, (1, 1, MONTHS), 0, 200)
    orders = [
        (f"p{number}", 0, place, items, month)
        for number, (place, items, month) in enumerate(
            draw(
                st.lists(
                    st.tuples(st.sampled_from(PLACES[:2]), st.floats(0, 500), st.integers(0, MONTHS - 1)), max_size=4
                )
            )
        )
    ]
    markets = [(place, draw(WANTED)) for place in draw(st.lists(st.sampled_from(PLACES), max_size=3, unique=True))]
    return supply_arrays(
        capacity,
        markets=markets,
        orders=orders,
        lead_time={(0, place): draw(st.floats(0, 3)) for place in PLACES[1:]},
        export_share=_array(draw, (MONTHS,), 0, 1),
        export_scale=_some(draw, (MONTHS,), [0.0, 0.3, 1.0]),
        first_served=_some(draw, (MONTHS,), [-1.0, 0.0, 1.0]),
        process_time=draw(st.sampled_from([0.0, 0.5, 1.25])),
    )


@given(one_plant(), st.lists(st.floats(0, 100), min_size=MONTHS, max_size=MONTHS))
@settings(max_examples=30, deadline=None)
def test_more_capacity_never_delivers_an_order_later(arrays, more):
    larger = arrays.copy(deep=True)
    larger["capacity"][:, 0] += np.array(more)
    before, after = solve(arrays), solve(larger)
    gained = after["order_delivered"].cumsum("period") - before["order_delivered"].cumsum("period")
    assert gained.size == 0 or float(gained.min()) >= -1e-6
    done_before, done_after = (np.nan_to_num(solved["delivery_month"].values, nan=np.inf) for solved in (before, after))
    assert not (done_after > done_before).any()


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_a_shorter_queue_is_served_first(arrays):
    """Of two orders of the same plant, region and first month, the one of lower rank has no item less to come."""
    solved = solve(arrays)
    lacking = arrays["order_quantity"] - solved["order_delivered"].sum("period")
    for one in range(arrays.sizes["order"]):
        for other in range(arrays.sizes["order"]):
            same = all(
                arrays[name].values[one] == arrays[name].values[other]
                for name in ("order_plant", "order_region", "order_from")
            )
            if same and arrays["order_rank"].values[one] < arrays["order_rank"].values[other]:
                served = solved["order_delivered"].isel(order=other).sum("period") > 1e-6
                full = lacking.isel(order=one) <= 1e-6 * (1 + arrays["order_quantity"].isel(order=one))
                shocked = (arrays["lane_scale"] < 1).any() or (arrays["export_scale"] < 1).any()
                on_its_way = solved["at_sea"].isel(period=-1).sum("plant") > 1e-6
                assert bool((~served | full | shocked | on_its_way).all())


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12), st.floats(0, 20))
@settings(deadline=None)
def test_what_is_shipped_arrives_or_is_on_its_way(shipped, lead_time):
    delivered, on_the_way = arrivals(np.array(shipped), np.full(len(shipped), lead_time))
    assert np.cumsum(delivered) + on_the_way == pytest.approx(np.cumsum(shipped), rel=1e-9, abs=1e-9)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12), st.floats(0, 20), st.floats(0, 5))
@settings(deadline=None)
def test_a_longer_way_never_delivers_sooner(shipped, lead_time, more):
    sooner = np.cumsum(arrivals(np.array(shipped), np.full(len(shipped), lead_time))[0])
    later = np.cumsum(arrivals(np.array(shipped), np.full(len(shipped), lead_time + more))[0])
    assert np.all(later <= sooner * (1 + 1e-9) + 1e-6)
