"""Where the output goes: orders and markets served from the plants' stock, shipments on their way, and arrivals.

Each month a plant serves what it has on hand: orders of projects first come first served, then markets; the calendar
of allocation says whether home or abroad comes first and how much exports may take. What a shock keeps from leaving
waits for its way abroad, and home does not get it. Shipments leave evenly over the month and arrive after the lane's
lead time. Nothing is lost: produced = taken in by other plants + delivered + at sea
+ in stock. Partial closures of lanes, priority by contract and damages come with the work on deliveries in depth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.deliveries_serving import ABROAD, OnHand, sides_in_turn, to_markets
from cell2grid.errors import EngineError
from cell2grid.nomenclature import labelled, require, variable

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

READS = (
    "construction",
    "consumed",
    "export_scale",
    "export_share",
    "first_served",
    "lead_time",
    "makes",
    "market_demand",
    "market_product",
    "market_region",
    "order_plant",
    "order_quantity",
    "order_region",
    "ordered",
    "output",
    "plant_region",
)
WRITES = (
    "at_sea",
    "commissioning",
    "delivered",
    "delivery_month",
    "exports",
    "home_sales",
    "order_delivered",
    "order_share",
    "shipped",
    "stock",
    "waiting",
)
# what only some of the WRITES depend on
ONLY_FOR = {"construction": ("commissioning",)}

ROUNDING = 1e-9  # an order is complete when no more than this part of it is missing


@dataclass(frozen=True, slots=True)
class _Network:
    """Who may be served from where, by position on the dims plant, market, project and destination."""

    market_at: NDArray[np.intp]  # destination of each market
    served_by: NDArray[np.bool_]  # (plant, market): same product, and a lane leads there
    market_abroad: NDArray[np.bool_]  # (plant, market)
    order_plant: NDArray[np.intp]
    order_at: NDArray[np.intp]
    order_abroad: NDArray[np.bool_]
    queue: list[int]  # projects in the order in which they are served
    order_from: NDArray[np.intp]  # first month in which the order waits
    home: NDArray[np.intp]  # destination that is each plant's own region

    def waiting(self, plant: int, month: int, sides: tuple[bool, ...]) -> list[int]:
        """Projects of these sides whose orders wait at the plant in the month, first come first."""
        return [
            project
            for project in self.queue
            if self.order_plant[project] == plant
            and self.order_from[project] <= month
            and bool(self.order_abroad[project]) in sides
        ]


def solve(arrays: xr.Dataset) -> xr.Dataset:
    """Shipments, arrivals, exports, home sales, stock and what is at sea, and when each order is complete.

    Parameters
    ----------
    arrays
        The READS with dims and units of the nomenclature. A ``lead_time`` is missing where no lane leads, also within
        the plant's own region; ``market_demand`` is infinite where a market takes all that is left for it.

    Returns
    -------
    The WRITES. Months are counted from 0; ``delivery_month`` and ``commissioning`` are missing where an order is not
    complete within the horizon.

    Raises
    ------
    EngineError
        A variable is missing or has other dims or another unit; an order names a plant or region that is no label;
        no lane leads to it.

    The equations are on the formulation page ``deliveries``.
    """
    require(arrays, READS, of="deliveries")
    network = _network(arrays)
    ledger = _serve(arrays, network)
    lead = _values(arrays, "lead_time", "member", "plant", "destination")
    delivered, on_the_way = arrivals(ledger.shipped, np.nan_to_num(lead))
    order_delivered, _ = arrivals(ledger.order_shipped, lead[:, network.order_plant, network.order_at])
    share, delivery_month = _completion(arrays, network, order_delivered)
    inside = np.zeros(ledger.shipped.shape[1:3], dtype=bool)
    inside[np.arange(len(network.home)), network.home] = True
    inside = inside[None, :, :, None]
    return _written(
        arrays,
        shipped=ledger.shipped,
        delivered=delivered,
        exports=np.where(inside, 0.0, ledger.shipped).sum(axis=2),
        home_sales=np.where(inside, ledger.shipped, 0.0).sum(axis=2),
        stock=ledger.stock,
        waiting=ledger.waiting,
        at_sea=on_the_way.sum(axis=2),
        order_delivered=order_delivered,
        order_share=share,
        delivery_month=delivery_month,
        commissioning=delivery_month + _values(arrays, "construction", "member", "project"),
    )


def arrivals(
    shipped: NDArray[np.float64], lead_time: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What arrives in each month, and what is on its way at its end.

    Shipments leave evenly over a month, so that with a lead time of k months and a part f of one, 1 - f of them arrive
    k months later and f in the month after.

    Parameters
    ----------
    shipped
        (…, period) in items a month.
    lead_time
        (…) in months.

    >>> delivered, on_the_way = arrivals(np.array([8.0, 0.0, 0.0]), np.array(1.25))
    >>> delivered.tolist(), on_the_way.tolist()
    ([0.0, 6.0, 2.0], [8.0, 2.0, 0.0])
    """
    whole = np.floor(lead_time)
    rest = lead_time - whole
    delivered, on_the_way = np.zeros_like(shipped), np.zeros_like(shipped)
    months = shipped.shape[-1]
    last = int(whole.max()) + 1 if whole.size else 0
    for lag in range(min(last, months - 1) + 1):
        arriving = np.where(whole == lag, 1.0 - rest, np.where(whole == lag - 1, rest, 0.0))
        under_way = np.where(whole > lag, 1.0, np.where(whole == lag, rest, 0.0))
        left = shipped[..., : months - lag]
        delivered[..., lag:] += arriving[..., None] * left
        on_the_way[..., lag:] += under_way[..., None] * left
    return delivered, on_the_way


@dataclass(slots=True)
class _Ledger:
    """What has left each plant so far, for where and for which order, and what each order still lacks."""

    shipped: NDArray[np.float64]  # (member, plant, destination, period)
    order_shipped: NDArray[np.float64]  # (member, project, period)
    backlog: NDArray[np.float64]  # (member, project)
    stock: NDArray[np.float64]  # (member, plant, period)
    waiting: NDArray[np.float64]  # (member, plant, period)


def _serve(arrays: xr.Dataset, network: _Network) -> _Ledger:
    """What leaves each plant for each destination and for each order, and what stays; month after month."""
    fresh = _values(arrays, "output", "member", "plant", "period")
    fresh = fresh - _values(arrays, "consumed", "member", "plant", "period")
    demand = _values(arrays, "market_demand", "member", "market", "period")
    share = _values(arrays, "export_share", "member", "plant", "period")
    scale = _values(arrays, "export_scale", "member", "plant", "period")
    first_served = _values(arrays, "first_served", "plant", "period")
    members, plants, months = fresh.shape
    backlog = _values(arrays, "order_quantity", "member", "project").copy()
    ledger = _Ledger(
        shipped=np.zeros((members, plants, arrays.sizes["destination"], months)),
        order_shipped=np.zeros((*backlog.shape, months)),
        backlog=backlog,
        stock=np.zeros_like(fresh),
        waiting=np.zeros_like(fresh),
    )
    on_hand, waiting = np.zeros((members, plants)), np.zeros((members, plants))
    for month in range(months):
        on_hand = on_hand + fresh[:, :, month]
        asked = _asked_of_plants(demand[:, :, month], on_hand, network.served_by)
        for plant in range(plants):
            items, before = on_hand[:, plant], waiting[:, plant]
            normal = before + share[:, plant, month] * (items - before)
            hand = OnHand(
                items,
                exports_normal=normal,
                exports_now=normal * scale[:, plant, month],
                kept=np.minimum(before, _wanted_abroad(network, ledger, plant, month, asked[:, plant])),
            )
            for sides in sides_in_turn(first_served[plant, month]):
                _serve_sides(network, ledger, hand, plant, month, sides, asked[:, plant])
            # rounding may put the last bit of what waits above what is left
            on_hand[:, plant], waiting[:, plant] = hand.left, np.minimum(hand.waiting, hand.left)
        ledger.stock[:, :, month], ledger.waiting[:, :, month] = on_hand, waiting
    return ledger


def _serve_sides(
    network: _Network,
    ledger: _Ledger,
    hand: OnHand,
    plant: int,
    month: int,
    sides: tuple[bool, ...],
    asked: NDArray[np.float64],
) -> None:
    """Orders of these sides first come first served, then their markets."""
    for project in network.waiting(plant, month, sides):
        taken = hand.take(ledger.backlog[:, project], abroad=bool(network.order_abroad[project]))
        ledger.backlog[:, project] -= taken
        ledger.order_shipped[:, project, month] += taken
        ledger.shipped[:, plant, network.order_at[project], month] += taken
    abroad = network.market_abroad[plant]
    given = to_markets(hand, np.where(np.isin(abroad, sides), asked, 0.0), abroad)
    for market in np.flatnonzero(given.any(axis=0)):
        ledger.shipped[:, plant, network.market_at[market], month] += given[:, market]


def _wanted_abroad(
    network: _Network, ledger: _Ledger, plant: int, month: int, asked: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What orders and markets abroad want of a plant in a month, by member."""
    wanted: NDArray[np.float64] = asked[:, network.market_abroad[plant]].sum(axis=1)
    for project in network.waiting(plant, month, (ABROAD,)):
        wanted = wanted + ledger.backlog[:, project]
    return wanted


def _asked_of_plants(
    demand: NDArray[np.float64], on_hand: NDArray[np.float64], served_by: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """What each market asks of each plant (member, plant, market), in proportion to what the plants have on hand."""
    has = on_hand[:, :, None] * served_by
    total = has.sum(axis=1, keepdims=True)
    part = np.divide(has, total, out=np.zeros_like(has), where=total > 0)
    # an infinite demand times nothing would be no number
    return np.where(part > 0, np.where(part > 0, part, 1.0) * demand[:, None, :], 0.0)


def _completion(
    arrays: xr.Dataset, network: _Network, order_delivered: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The part of each order that has arrived by each month's end, and the month in which it is complete."""
    quantity = _values(arrays, "order_quantity", "member", "project")[:, :, None]
    arrived = np.cumsum(order_delivered, axis=-1)
    share = np.divide(arrived, quantity, out=np.ones_like(arrived), where=quantity > 0)
    waits = np.arange(arrived.shape[-1]) >= network.order_from[:, None]
    complete = (share >= 1.0 - ROUNDING) & waits
    month = np.where(complete.any(axis=-1), complete.argmax(axis=-1), np.nan)
    return np.where(waits, np.minimum(share, 1.0), 0.0), month


def _network(arrays: xr.Dataset) -> _Network:
    destinations = _labels(arrays, "destination")
    plants = _labels(arrays, "plant")
    region, product = _labels(arrays, "plant_region"), _labels(arrays, "makes")
    home = _places(region, destinations, "region of a plant")
    market_at = _places(_labels(arrays, "market_region"), destinations, "region of a market")
    order_plant = _places(_labels(arrays, "order_plant"), plants, "plant of an order")
    order_at = _places(_labels(arrays, "order_region"), destinations, "region of an order")
    lane = np.asarray(np.isfinite(_values(arrays, "lead_time", "member", "plant", "destination")).all(axis=0))
    projects = _labels(arrays, "project")
    for project, plant, place in zip(projects, order_plant, order_at, strict=True):
        if not lane[plant, place]:
            raise EngineError(
                f"deliveries: no lane leads from plant '{plants[plant]}' to region '{destinations[place]}',"
                f" where the order of project '{project}' goes"
            )
    ordered = _labels(arrays, "ordered")
    periods = _labels(arrays, "period")
    same = np.array([[buys == made for buys in _labels(arrays, "market_product")] for made in product], dtype=bool)
    same = same.reshape(len(plants), len(market_at))
    return _Network(
        market_at=market_at,
        served_by=same & lane[:, market_at],
        market_abroad=home[:, None] != market_at[None, :],
        order_plant=order_plant,
        order_at=order_at,
        order_abroad=home[order_plant] != order_at,
        queue=sorted(range(len(projects)), key=lambda place: (ordered[place], projects[place])),
        order_from=np.array([sum(period < day[:7] for period in periods) for day in ordered], dtype=np.intp),
        home=home,
    )


def _places(names: list[str], labels: list[str], what: str) -> NDArray[np.intp]:
    unknown = sorted(set(names) - set(labels))
    if unknown:
        raise EngineError(f"deliveries: {what}, '{unknown[0]}', is not one of {labels}")
    return np.array([labels.index(name) for name in names], dtype=np.intp)


def _labels(arrays: xr.Dataset, name: str) -> list[str]:
    return [str(label) for label in arrays[name].values]


def _values(arrays: xr.Dataset, name: str, *dims: str) -> NDArray[np.float64]:
    values: NDArray[np.float64] = arrays[name].transpose(*dims).values
    return values


def _written(arrays: xr.Dataset, **values: NDArray[np.float64]) -> xr.Dataset:
    import xarray as xr

    coords = {dim: arrays[dim] for dim in ("member", "plant", "destination", "project", "period")}
    return labelled(xr.Dataset({name: (variable(name).dims, array) for name, array in values.items()}, coords))
