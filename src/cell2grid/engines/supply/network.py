"""Who makes, takes and is served what: labels of plants, products, markets and orders as positions on their dims.

Both forms of the ledger read it. What is checked here: every name is a label, products feed each other in no loop, and
a lane leads to each order. The numbers of members stay in ``given.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.errors import EngineError

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

NONE = -1


class Network(NamedTuple):
    """Positions on the dims plant, product, market, destination, order, period and turn."""

    home: NDArray[np.int64]  # (plant): destination that is its own region
    makes: NDArray[np.int64]  # (plant): product
    makers: NDArray[np.bool_]  # (plant, product)
    feeding: NDArray[np.int64]  # (product): each after all that its plants take in
    depth: NDArray[np.int64]  # (place in ``feeding``): how many products one after the other go into it at most
    takes: NDArray[np.bool_]  # (plant, product)
    again: NDArray[np.bool_]  # (product): what is left of it may be asked for again, see ``_asked_again``
    line: NDArray[np.int64]  # plants in the feeding order of their products
    line_from: NDArray[np.int64]  # where in ``line`` the makers of each product of ``feeding`` begin, and the end
    need: NDArray[np.int64]  # products that plants take in, plant by plant
    need_from: NDArray[np.int64]  # where in ``need`` those of each plant begin, and the end
    lane_plant: NDArray[np.int64]  # (lane): only lanes to markets and orders are counted
    lane_place: NDArray[np.int64]  # (lane): destination
    abroad: NDArray[np.bool_]  # (lane): leads out of the plant's region
    market_lane: NDArray[np.int64]  # (plant, market): lane, or NONE where the plant does not sell there
    edge_market: NDArray[np.int64]  # markets that plants sell to, plant by plant
    edge_lane: NDArray[np.int64]  # and the lanes there
    edge_from: NDArray[np.int64]  # where in ``edge_market`` those of each plant begin, and the end
    order_plant: NDArray[np.int64]  # (order)
    order_lane: NDArray[np.int64]  # (order)
    order_from: NDArray[np.int64]  # (order): first month in which it waits
    queue: NDArray[np.int64]  # orders in the order in which their plants serve them
    level: NDArray[np.int64]  # (lane, period, turn): 0 is served first; NONE where the lane is missing
    levels: NDArray[np.int64]  # (period, turn): how many there are
    last_turn: NDArray[np.int64]  # (plant, period): the turn that offers all that is left


def network(arrays: xr.Dataset) -> Network:
    """The network of the arrays that the engine reads.

    Raises
    ------
    EngineError
        A plant, region or product is no label of its dim; products feed each other in a loop; no lane leads to an
        order.
    """
    plants, places, products = (_labels(arrays, dim) for dim in ("plant", "destination", "product"))
    home = _positions(arrays, "plant_region", places)
    makes = _positions(arrays, "makes", products)
    makers = np.equal.outer(makes, np.arange(len(products)))
    takes = np.logical_or.reduce(_values(arrays, "input_per_item", "member", "plant", "product") > 0, axis=0)
    order_plant = _positions(arrays, "order_plant", plants)
    order_at = _positions(arrays, "order_region", places)
    lead_time = _values(arrays, "lead_time", "member", "plant", "destination", "period")
    open_lane = np.asarray(np.logical_and.reduce(np.isfinite(lead_time), axis=0), dtype=np.bool_)
    leads = np.logical_or.reduce(open_lane, axis=-1)
    _check_orders(arrays, leads[order_plant, order_at])
    market_at = _positions(arrays, "market_region", places)
    bought = np.array([_place(product, products) for product in _labels(arrays, "market_product")], dtype=np.int64)
    sold = np.equal.outer(makes, bought) & leads[:, market_at]
    lane_plant, lane_place, lane_of = _used_lanes(sold, market_at, order_plant, order_at, home, len(places))
    market_lane = np.where(sold, lane_of[:, market_at], NONE)
    level, levels = _levels(arrays, open_lane, lane_plant, lane_place)
    feeding, depth = _feeding_order(takes, makers, products)
    line, line_from = _rows(makers.T[feeding])
    need, need_from = _rows(takes)
    edge_market, edge_from = _rows(sold)
    found = Network(
        home=home,
        makes=makes,
        makers=makers,
        feeding=feeding,
        depth=depth,
        takes=takes,
        again=_asked_again(takes, makers),
        line=line,
        line_from=line_from,
        need=need,
        need_from=need_from,
        lane_plant=lane_plant,
        lane_place=lane_place,
        abroad=lane_place != home[lane_plant],
        market_lane=market_lane,
        edge_market=edge_market,
        edge_lane=market_lane[sold],
        edge_from=edge_from,
        order_plant=order_plant,
        order_lane=lane_of[order_plant, order_at],
        order_from=np.asarray(arrays["order_from"].values, dtype=float).astype(np.int64),
        queue=_queue(arrays),
        level=level,
        levels=levels,
        last_turn=_last_turn(arrays),
    )
    # one layout of arrays: for another the kernel would be compiled anew
    return found._replace(
        **{name: np.require(values, requirements=["C", "W"]) for name, values in found._asdict().items()}
    )


def _used_lanes(
    sold: NDArray[np.bool_],
    market_at: NDArray[np.int64],
    order_plant: NDArray[np.int64],
    order_at: NDArray[np.int64],
    home: NDArray[np.int64],
    places: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Plant and destination of each lane to a market or an order, and the lane of each plant and destination."""
    used = np.zeros((len(home), places), dtype=bool)
    for plant, market in zip(*np.nonzero(sold), strict=True):
        used[plant, market_at[market]] = True
    used[order_plant, order_at] = True
    if not used.any() and used.size:
        used[0, home[0]] = True  # nothing goes there, and no array is without a lane
    lane_plant, lane_place = (place.astype(np.int64) for place in np.nonzero(used))
    lane_of = np.full(used.shape, NONE, dtype=np.int64)
    lane_of[lane_plant, lane_place] = np.arange(len(lane_plant))
    return lane_plant, lane_place, lane_of


def _rows(marked: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The columns that are marked, row by row, and where each row begins; one more is the end."""
    begins = np.concatenate([[0], np.cumsum(marked.sum(axis=1))])
    return np.nonzero(marked)[1].astype(np.int64), begins.astype(np.int64)


def _queue(arrays: xr.Dataset) -> NDArray[np.int64]:
    """Orders by their rank; those of the same rank by name, so that the order of rows does not matter."""
    rank, names = arrays["order_rank"].values.astype(float), _labels(arrays, "order")
    return np.array(sorted(range(len(names)), key=lambda place: (rank[place], names[place])), dtype=np.int64)


def _levels(
    arrays: xr.Dataset, open_lane: NDArray[np.bool_], plant: NDArray[np.int64], place: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ranks of serving as numbers without gaps over all lanes, and how many there are in each month and turn."""
    rank = _values(arrays, "serving_rank", "plant", "destination", "period", "turn")[plant, place]
    level = np.full(rank.shape, NONE, dtype=np.int64)
    levels = np.zeros(rank.shape[1:], dtype=np.int64)
    for month, turn in np.ndindex(*levels.shape):
        reached = open_lane[plant, place, month]
        found, places = np.unique(rank[reached, month, turn], return_inverse=True)
        level[reached, month, turn] = places
        levels[month, turn] = len(found)
    return level, levels


def _last_turn(arrays: xr.Dataset) -> NDArray[np.int64]:
    """The last turn of each plant and month that offers something; a later one is none to the plant."""
    share = _values(arrays, "turn_share", "plant", "period", "turn") > 0
    turns = share.shape[-1]
    last = turns - 1 - np.argmax(share[..., ::-1], axis=-1)
    return np.asarray(np.where(share.any(axis=-1), last, turns - 1), dtype=np.int64)


def _feeding_order(
    takes: NDArray[np.bool_], makers: NDArray[np.bool_], products: list[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Products after all that goes into them, and how many go into each one after the other."""
    inputs = {q: set(np.flatnonzero(takes[makers[:, q]].any(axis=0)).tolist()) for q in range(len(products))}
    order: list[int] = []
    depth: list[int] = []
    while len(order) < len(inputs):
        ready = [q for q in inputs if q not in order and inputs[q] <= set(order)]
        if not ready:
            left = ", ".join(repr(products[q]) for q in sorted(set(inputs) - set(order)))
            raise EngineError(f"supply: products {left} feed each other in a loop; cut one input")
        depth.extend([depth[-1] + 1 if depth else 0] * len(ready))
        order.extend(ready)
    return np.array(order, dtype=np.int64), np.array(depth, dtype=np.int64)


def _asked_again(takes: NDArray[np.bool_], makers: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Products made here that several plants take in, one of which may be held back by another such input."""
    made = takes & makers.any(axis=0)
    held_back = made & (made.sum(axis=1) > 1)[:, None]
    found: NDArray[np.bool_] = (made.sum(axis=0) > 1) & held_back.any(axis=0)
    return found


def _check_orders(arrays: xr.Dataset, reached: NDArray[np.bool_]) -> None:
    named = (_labels(arrays, name) for name in ("order", "order_plant", "order_region"))
    for order, plant, region, lane in zip(*named, reached, strict=True):
        if not lane:
            raise EngineError(
                f"supply: no lane leads from plant '{plant}' to region '{region}', where the order '{order}' goes"
            )


def _place(name: str, labels: list[str]) -> int:
    return labels.index(name) if name in labels else NONE


def _positions(arrays: xr.Dataset, name: str, labels: list[str]) -> NDArray[np.int64]:
    named = _labels(arrays, name)
    unknown = sorted(set(named) - set(labels))
    if unknown:
        raise EngineError(f"supply: '{unknown[0]}' in {name} is not one of {labels}")
    return np.array([labels.index(one) for one in named], dtype=np.int64)


def _labels(arrays: xr.Dataset, name: str) -> list[str]:
    return [str(label) for label in arrays[name].values]


def _values(arrays: xr.Dataset, name: str, *dims: str) -> NDArray[np.float64]:
    values: NDArray[np.float64] = arrays[name].transpose(*dims).values
    return values
