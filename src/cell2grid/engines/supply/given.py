"""The numbers that both forms of the ledger read, and the ledger that both fill, as plain arrays.

Who is who on the dims is in ``network.py``. All that scales what a plant could start is one product here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.engines.supply.network import Network

# what is left of nameplate when all of these have taken their part
SCALES = ("ramp", "availability", "shutdown_scale", "outage_scale", "shift_scale", "shock_scale")
# where markets make their own price, plants start what these take
FOLLOWS = ("sales_scale",)


class Given(NamedTuple):
    """Numbers by member, in the units of the nomenclature; C-contiguous float64."""

    startable: NDArray[np.float64]  # (member, plant, period): without what is learned and what the line holds
    yield_rate: NDArray[np.float64]  # (member, plant, period)
    process_time: NDArray[np.float64]  # (member, plant)
    stock_limit: NDArray[np.float64]  # (member, plant)
    learning_items: NDArray[np.float64]  # (member, plant)
    learning_start: NDArray[np.float64]  # (member, plant)
    needs: NDArray[np.float64]  # (member, plant, product)
    input_scale: NDArray[np.float64]  # (member, product, period)
    turn_share: NDArray[np.float64]  # (plant, period, turn)
    export_share: NDArray[np.float64]  # (member, plant, period, turn)
    export_scale: NDArray[np.float64]  # (member, plant, period)
    lane_scale: NDArray[np.float64]  # (member, lane, period)
    lead_time: NDArray[np.float64]  # (member, lane, period)
    demand: NDArray[np.float64]  # (member, market, period)
    quantity: NDArray[np.float64]  # (member, order)
    # where markets make their price, what each plant has sold where; without rows where none does
    sold: NDArray[np.float64] = np.empty((0, 0, 0))  # (member, edge of the network, term) item/year; inf elsewhere
    month_share: NDArray[np.float64] = np.empty((0, 0, 0))  # (member, plant, period): of it what the month sells
    term: NDArray[np.int64] = np.empty(0, np.int64)  # (period)


class Ledger(NamedTuple):
    """What was made and where it went; zeros until a form of the ledger fills it."""

    started: NDArray[np.float64]  # (member, plant, period), and so on to the blank line
    output: NDArray[np.float64]
    scrapped: NDArray[np.float64]
    work_in_progress: NDArray[np.float64]
    consumed: NDArray[np.float64]
    learned: NDArray[np.float64]
    stock: NDArray[np.float64]
    waiting: NDArray[np.float64]
    at_sea: NDArray[np.float64]

    shipped: NDArray[np.float64]  # (member, lane, period)
    delivered: NDArray[np.float64]  # (member, lane, period)
    order_delivered: NDArray[np.float64]  # (member, order, period)


def given(arrays: xr.Dataset, net: Network) -> Given:
    """The READS of the engine as plain arrays, of lanes only those of the network."""
    startable = _values(arrays, "capacity", "member", "plant", "period").copy()
    for name in (*SCALES, *(name for name in FOLLOWS if name in arrays)):
        startable *= _values(arrays, name, "member", "plant", "period")
    monthly, plants = ("member", "plant", "period"), ("member", "plant")
    return Given(
        startable=startable,
        yield_rate=_values(arrays, "yield_rate", *monthly),
        process_time=_values(arrays, "process_time", *plants),
        stock_limit=_values(arrays, "stock_limit", *plants),
        learning_items=_values(arrays, "learning_items", *plants),
        learning_start=_values(arrays, "learning_start", *plants),
        needs=_values(arrays, "input_per_item", "member", "plant", "product"),
        input_scale=_values(arrays, "input_scale", "member", "product", "period"),
        turn_share=_values(arrays, "turn_share", "plant", "period", "turn"),
        export_share=_values(arrays, "export_share", "member", "plant", "period", "turn"),
        export_scale=_values(arrays, "export_scale", *monthly),
        lane_scale=_lanes(arrays, "lane_scale", net),
        lead_time=_lanes(arrays, "lead_time", net),
        demand=_values(arrays, "market_demand", "member", "market", "period"),
        quantity=_values(arrays, "order_quantity", "member", "order"),
        **_sold(arrays, net),
    )


def _sold(arrays: xr.Dataset, net: Network) -> dict[str, NDArray[Any]]:
    """What plants have sold in markets that make their price, and how a term's sales are spread over its months."""
    if "sales" not in arrays:
        return {}
    sales = arrays["sales"].transpose("member", "plant", "market", "term").values
    plant = np.repeat(np.arange(sales.shape[1]), np.diff(net.edge_from))
    terms = {str(label): place for place, label in enumerate(arrays["term"].values)}
    places = [terms[str(label)] for label in arrays["month_term"].values]
    on_edges = np.where(np.isnan(sales), np.inf, sales)[:, plant, net.edge_market]
    return {
        "sold": np.require(on_edges, np.float64, ["C", "W"]),
        "month_share": _values(arrays, "month_share", "member", "plant", "period"),
        "term": np.require(np.array(places, dtype=np.int64), requirements=["C", "W"]),
    }


def blank(numbers: Given, net: Network) -> Ledger:
    """A ledger of the right shapes in which nothing has happened."""
    monthly = numbers.startable.shape
    members, _, months = monthly
    lanes, orders = numbers.lane_scale.shape, (members, len(net.order_plant), months)
    shapes = {"shipped": lanes, "delivered": lanes, "order_delivered": orders}
    return Ledger(**{name: np.zeros(shapes.get(name, monthly)) for name in Ledger._fields})


def _lanes(arrays: xr.Dataset, name: str, net: Network) -> NDArray[np.float64]:
    dense = arrays[name].transpose("member", "plant", "destination", "period").values
    return np.require(dense[:, net.lane_plant, net.lane_place], np.float64, ["C", "W"])


def _values(arrays: xr.Dataset, name: str, *dims: str) -> NDArray[np.float64]:
    # one layout and one kind of array: for another the kernel would be compiled anew
    return np.require(arrays[name].transpose(*dims).values, np.float64, ["C", "W"])
