"""Plants and deliveries in one ledger: what is made and where it goes, month by month, in each member of an ensemble.

What the plants could start comes from ``capability``; how much of it is started depends on what the line still holds,
on inputs from other plants and on room in the stock. What is made serves orders, then markets, and travels over lanes.
Nothing is lost: what is started is good, scrap or on the line, and what is good is taken in by other plants, delivered,
at sea or in stock. Money is ``landing``.

``plain.py`` is the reference in numpy, ``kernel.py`` the same compiled; ``network.py`` and ``given.py`` are what both
read. Summaries of many members without the arrays are ``streaming.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from cell2grid.errors import EngineError
from cell2grid.nomenclature import labelled, require, variable

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.engines.supply.given import Given, Ledger
    from cell2grid.engines.supply.network import Network

READS = (
    "availability",
    "capacity",
    "construction",
    "export_scale",
    "export_share",
    "input_per_item",
    "input_scale",
    "item_energy",
    "lane_scale",
    "lead_time",
    "learning_items",
    "learning_start",
    "makes",
    "market_demand",
    "market_product",
    "market_region",
    "order_from",
    "order_plant",
    "order_quantity",
    "order_rank",
    "order_region",
    "outage_scale",
    "plant_region",
    "process_time",
    "ramp",
    "serving_rank",
    "shift_scale",
    "shock_scale",
    "shutdown_scale",
    "stock_limit",
    "turn_share",
    "yield_rate",
)
# read where they are there: without them plants start all that they can, and markets draw on who is able to give
MAY_READ = ("month_share", "month_term", "sales", "sales_scale")
WRITES = (
    "at_sea",
    "commissioning",
    "consumed",
    "delivered",
    "delivery_month",
    "exports",
    "home_sales",
    "learned",
    "order_delivered",
    "order_share",
    "output",
    "output_energy",
    "scrapped",
    "shipped",
    "started",
    "stock",
    "utilisation",
    "waiting",
    "work_in_progress",
)
# who is served, which what is made does not depend on unless a stock is limited
TRADE = (
    *("export_scale", "export_share", "lane_scale", "lead_time", "market_demand", "market_product", "market_region"),
    *("order_from", "order_plant", "order_quantity", "order_rank", "order_region", "plant_region"),
    *("serving_rank", "turn_share"),
)
_SERVED = (
    *("at_sea", "commissioning", "delivered", "delivery_month", "exports", "home_sales", "order_delivered"),
    *("order_share", "shipped", "stock", "waiting"),
)
# what only some of the WRITES depend on
ONLY_FOR = {
    "item_energy": ("output_energy",),
    "construction": ("commissioning",),
    **dict.fromkeys(TRADE, _SERVED),
}

METHODS = ("kernel", "reference")
CLOSED = 1e-12  # items a month; a capacity up to it is none
_BOUNDED = (  # name, least, most of every number that is there
    *((name, 0.0, np.inf) for name in ("capacity", "process_time", "stock_limit", "input_per_item", "shift_scale")),
    *((name, 0.0, np.inf) for name in ("lead_time", "market_demand", "order_quantity", "learning_items")),
    *((name, 0.0, 1.0) for name in ("ramp", "availability", "shutdown_scale", "outage_scale", "yield_rate")),
    *((name, 0.0, 1.0) for name in ("lane_scale", "export_scale", "export_share", "turn_share", "learning_start")),
    *((name, 0.0, 1.0) for name in ("input_scale", "sales_scale")),
    ("sales", 0.0, np.inf),
    ("month_share", 0.0, np.inf),
)


def solve(arrays: xr.Dataset, *, method: Literal["kernel", "reference"] = "kernel") -> xr.Dataset:
    """What is made, where it goes, and when each order is complete, by member and month.

    Parameters
    ----------
    arrays
        The READS with dims and units of the nomenclature. A product that no plant makes comes from outside. A
        ``lead_time`` is missing where no lane leads, also within the plant's own region; ``market_demand`` is infinite
        where a market takes all that is left for it; ``learning_items`` is missing where a plant does not learn by
        making, ``item_energy`` where a product stores none.
    method
        ``kernel`` is compiled, ``reference`` plain numpy; both agree to 1e-9.

    Returns
    -------
    The WRITES. Months are counted from 0; ``delivery_month`` and ``commissioning`` are missing where an order is not
    complete within the horizon, ``utilisation`` in months without open capacity, ``learned`` of plants that do not
    learn by making.

    Raises
    ------
    EngineError
        A variable is missing, has other dims or another unit, or a number out of its bounds; products feed each other
        in a loop; an order names a plant or region that is no label; no lane leads to it.

    The equations are on the formulation pages ``production`` and ``deliveries``.
    """
    from cell2grid.engines.supply.given import given
    from cell2grid.engines.supply.network import network

    if method not in METHODS:
        raise EngineError(f"supply: method '{method}' is not one of {', '.join(METHODS)}")
    require(arrays, [*READS, *(name for name in MAY_READ if name in arrays)], of="supply")
    _check_bounds(arrays)
    net = network(arrays)
    numbers = given(arrays, net)
    return _written(arrays, net, numbers, _ledger(numbers, net, method))


def _ledger(numbers: Given, net: Network, method: str) -> Ledger:
    if method == "kernel":
        from cell2grid.engines.supply.compiled import compiled_ledger

        return compiled_ledger(numbers, net)
    from cell2grid.engines.supply.plain import plain_ledger

    return plain_ledger(numbers, net)


def _check_bounds(arrays: xr.Dataset) -> None:
    for name, least, most in _BOUNDED:
        if name in MAY_READ and name not in arrays:
            continue
        values = arrays[name].values
        wrong = (values < least) | (values > most)
        if wrong.any():
            raise EngineError(f"supply: {name} is {values[wrong].flat[0]:g}, expected {least:g} to {most:g}")
    for name in ("capacity", "input_per_item", "process_time", "order_quantity", "shock_scale", "yield_rate"):
        if not np.isfinite(arrays[name].values).all():
            raise EngineError(f"supply: {name} has a number that is missing or infinite")


def _written(arrays: xr.Dataset, net: Network, numbers: Given, ledger: Ledger) -> xr.Dataset:
    from cell2grid.engines.supply.completion import completion

    energy = _values(arrays, "item_energy", "member", "plant")[:, :, None] / 1000.0  # MWh to GWh
    capacity = _values(arrays, "capacity", "member", "plant", "period")
    share, delivery_month = completion(ledger.order_delivered, numbers.quantity, net.order_from)
    made = ledger._asdict()
    for name in ("shipped", "delivered"):
        by_lane = made[name]
        made[name] = np.zeros((len(capacity), len(net.home), arrays.sizes["destination"], capacity.shape[-1]))
        made[name][:, net.lane_plant, net.lane_place] = by_lane
    plants = np.arange(len(net.home))
    inside = np.zeros(made["shipped"].shape[1:3], dtype=bool)
    inside[plants, net.home] = True
    return _dataset(
        arrays,
        **made,
        output_energy=ledger.output * energy,
        utilisation=np.divide(ledger.output, capacity, out=np.full_like(capacity, np.nan), where=capacity > CLOSED),
        exports=np.where(inside[None, :, :, None], 0.0, made["shipped"]).sum(axis=2),
        home_sales=made["shipped"][:, plants, net.home],
        order_share=share,
        delivery_month=delivery_month,
        commissioning=delivery_month + _values(arrays, "construction", "member", "order"),
    )


def _values(arrays: xr.Dataset, name: str, *dims: str) -> NDArray[np.float64]:
    values: NDArray[np.float64] = arrays[name].transpose(*dims).values
    return values


def _dataset(arrays: xr.Dataset, **values: NDArray[np.float64]) -> xr.Dataset:
    import xarray as xr

    coords = {dim: arrays[dim] for dim in ("member", "plant", "destination", "order", "period")}
    return labelled(xr.Dataset({name: (variable(name).dims, array) for name, array in values.items()}, coords))
