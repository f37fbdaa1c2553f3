"""Laws of a run on random studies: nothing is lost, and the order of what is written does not matter."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import xarray as xr
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cell2grid.run.ensemble import simulate
from cell2grid.study.loader import parse_study
from cell2grid.study.model import Study

MEMBERS = 3
REGIONS = ("north", "south", "west")
MONTHS = [f"2030-{month:02d}" for month in range(1, 13)]
A_MONTH = st.sampled_from(MONTHS)


def _number(low: int, high: int, unit: str) -> st.SearchStrategy[str]:
    one = st.integers(low, high).map(lambda number: f"{number} {unit} [page]")
    two = st.tuples(st.integers(low, high), st.integers(low, high)).map(
        lambda ends: f"{min(ends)} .. {max(ends)} {unit} [page]"
    )
    return one | two


@st.composite
def _plant(draw: st.DrawFn, makes: str) -> dict[str, Any]:
    noun = makes
    plant: dict[str, Any] = {
        "owner": "firm",
        "region": draw(st.sampled_from(REGIONS)),
        "makes": makes,
        "capacity": draw(_number(1, 300, f"{noun}/month")),
        "opens": f"{draw(st.sampled_from(['2029-06', *MONTHS[:6]]))} [page]",
    }
    extras: dict[str, Any] = {
        "yield": "80 .. 95 percent [page]",
        "process_time": draw(_number(1, 90, "day")),
        "stock_limit": draw(_number(0, 200, noun)),
        "ramp": draw(
            st.sampled_from(
                [
                    {"curve": "linear", "months_to_nameplate": "3 .. 9 month [page]"},
                    {"curve": "learning", "items_to_nameplate": f"90 {noun} [page]", "starts_at": "20 percent [page]"},
                ]
            )
        ),
        "outages": {"every": "20 .. 60 day [page]", "lasts": "1 .. 9 day [page]"},
        "priority": "contract-date",
        "allocation": [
            {"quarter_half": "first", "first": draw(st.sampled_from(["exports", "home", *REGIONS]))},
            {"quarter_months": [3], "first": "home", "export_share": "30 .. 60 percent [page]"},
        ],
        "shutdowns": [
            {"start": f"{draw(A_MONTH)}-05 [page]", "end": "2030-12-20 [page]", "leaves": "50 percent [page]"}
        ],
    }
    keys = draw(st.sets(st.sampled_from(sorted(extras))))
    if makes == "pack":
        plant["inputs"] = [{"product": "cell", "per_item": draw(_number(1, 9, "cell/pack"))}]
    return plant | {key: extras[key] for key in sorted(keys)}


@st.composite
def _shock(draw: st.DrawFn, plants: list[str]) -> dict[str, Any]:
    target = draw(
        st.sampled_from(
            [
                *({"plant": name, "what": what} for name in plants for what in ("output", "exports")),
                *({"region": region, "what": "lane"} for region in REGIONS),
                {"lane": {"origin": "north", "destination": "west"}},
                {"product": "cell"},
                {"market": "shops"},
            ]
        )
    )
    lane = "lane" in target or target.get("what") == "lane"
    start = draw(st.integers(1, 9))
    return {
        **target,
        "leaves": draw(_number(0, 100, "percent")),
        "start": f"2030-{start:02d}-11 [page]",
        "lasts": draw(_number(1, 80, "day")),
        **({"delay": draw(_number(1, 60, "day"))} if lane else {}),
        **draw(st.sampled_from([{}, {"probability": "50 percent [page]"}])),
    }


@st.composite
def _order(draw: st.DrawFn, plants: dict[str, Any]) -> dict[str, Any]:
    plant = draw(st.sampled_from(sorted(plants)))
    product = plants[plant]["makes"]
    month = draw(st.integers(1, 9))
    return {
        "region": draw(st.sampled_from(REGIONS)),
        "plant": plant,
        "product": product,
        "quantity": draw(_number(1, 900, product)),
        "ordered": f"2030-{month:02d} [page]",
        **draw(st.sampled_from([{}, {"wanted": f"2030-{month + 2:02d}-15 [page]"}])),
    }


@st.composite
def studies(draw: st.DrawFn) -> dict[str, Any]:
    """Plants that make cells and packs of them in three regions, with lanes between all, markets, orders and shocks."""
    plants = {f"cells-{number}": draw(_plant("cell")) for number in range(draw(st.integers(1, 2)))}
    plants |= {f"packs-{number}": draw(_plant("pack")) for number in range(draw(st.integers(1, 2)))}
    lanes = [
        {
            "origin": origin,
            "destination": other,
            "lead_time": draw(_number(0, 70, "day")),
            **draw(st.sampled_from([{}, {"lead_time_deviation": "12 day [page]"}])),
        }
        for origin in REGIONS
        for other in REGIONS
        if origin != other
    ]
    return {
        "study": "drawn",
        "horizon": {"start": MONTHS[0], "end": MONTHS[-1]},
        "seed": draw(st.integers(0, 10**6)),
        "sources": {"page": {"title": "A page", "publisher": "p", "date": "2030"}},
        "regions": {name: {} for name in REGIONS},
        "firms": {"firm": {}},
        "products": {"cell": {"counted_in": "cell"}, "pack": {"counted_in": "pack"}},
        "plants": plants,
        "lanes": lanes,
        "markets": {
            "shops": {
                "region": draw(st.sampled_from(REGIONS)),
                "product": "pack",
                "demand": [{"start": MONTHS[0], "quantity": draw(_number(0, 200, "pack/month"))}],
            },
            "yards": {
                "region": draw(st.sampled_from(REGIONS)),
                "product": "cell",
                "demand": [{"start": draw(A_MONTH), "unlimited": "assumed: a queue"}],
            },
        },
        "orders": {f"order-{number}": draw(_order(plants)) for number in range(draw(st.integers(0, 3)))},
        "shocks": {f"shock-{number}": draw(_shock(sorted(plants))) for number in range(draw(st.integers(0, 3)))},
    }


def _study(tree: dict[str, Any]) -> Study:
    return parse_study(yaml.safe_dump(tree, sort_keys=False))


def _arrays(study: Study) -> xr.Dataset:
    return simulate(study, members=MEMBERS, seed=study.seed).arrays


def _total(arrays: xr.Dataset, name: str) -> np.ndarray:
    """All up to the end of each month (member, plant, period)."""
    array = arrays[name]
    array = array.sum("destination") if "destination" in array.dims else array
    return np.asarray(array.transpose("member", "plant", "period").values.cumsum(axis=-1))


def _level(arrays: xr.Dataset, name: str) -> np.ndarray:
    return np.asarray(arrays[name].transpose("member", "plant", "period").values)


CASES = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@CASES
@given(studies())
def test_what_was_started_is_somewhere_in_every_member_and_month(tree: dict[str, Any]) -> None:
    """started = on the line + scrapped + taken in + delivered + at sea + in stock, to a millionth of an item."""
    arrays = _arrays(_study(tree))
    started, scrapped, consumed, delivered, shipped, made = (
        _total(arrays, name) for name in ("started", "scrapped", "consumed", "delivered", "shipped", "output")
    )
    line, sea, stock = (_level(arrays, name) for name in ("work_in_progress", "at_sea", "stock"))
    near = {"abs": 1e-6, "rel": 0}
    assert started == pytest.approx(line + scrapped + consumed + delivered + sea + stock, **near)
    assert made == pytest.approx(consumed + shipped + stock, **near)
    assert shipped == pytest.approx(delivered + sea, **near)
    for values in (started, scrapped, consumed, delivered, line, sea, stock):
        assert (values >= -1e-9).all()
    assert (stock <= arrays["stock_limit"].values[:, :, None] + 1e-6).all()


@CASES
@given(studies())
def test_what_is_taken_in_is_what_was_made_of_it(tree: dict[str, Any]) -> None:
    """Cells that packs take are those that cell plants give; no order gets more than it asked for."""
    arrays = _arrays(_study(tree))
    makes = arrays["makes"].values
    needs = arrays["input_per_item"].transpose("member", "plant", "product").values
    product = list(arrays["product"].values).index("cell")
    asked = (_level(arrays, "started") * needs[:, :, product, None]).sum(axis=1)
    given_away = _level(arrays, "consumed")[:, makes == "cell"].sum(axis=1)
    assert given_away == pytest.approx(asked, abs=1e-6, rel=0)
    assert (_level(arrays, "consumed")[:, makes == "pack"] == 0).all()
    arrived = arrays["order_delivered"].transpose("member", "order", "period").values.sum(axis=-1)
    assert (arrived <= arrays["order_quantity"].values + 1e-6).all()


@CASES
@given(studies(), st.randoms(use_true_random=False))
def test_order_of_rows_never_matters(tree: dict[str, Any], order: random.Random) -> None:
    other = dict(tree)
    for key in ("plants", "lanes", "markets", "orders", "shocks", "regions", "products"):
        rows = list(tree[key].items() if isinstance(tree[key], dict) else tree[key])
        order.shuffle(rows)
        other[key] = dict(rows) if isinstance(tree[key], dict) else rows
    one, two = _arrays(_study(tree)), _arrays(_study(other))
    for name in ("output", "shipped", "delivered", "stock", "order_delivered", "work_in_progress", "lead_time"):
        dims = {dim: one[dim].values for dim in one[name].dims if dim not in ("member", "period")}
        assert np.allclose(two[name].sel(dims).values, one[name].values, rtol=1e-9, atol=1e-6, equal_nan=True), name
