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

NOT_SERVED = -1  # level of a destination that no lane leads to


class Network(NamedTuple):
    """Positions on the dims plant, product, market, destination, order, period and turn."""

    home: NDArray[np.int64]  # (plant): destination that is its own region
    makes: NDArray[np.int64]  # (plant): product
    makers: NDArray[np.bool_]  # (plant, product)
    feeding: NDArray[np.int64]  # (product): each after all that its plants take in
    takes: NDArray[np.bool_]  # (plant, product)
    line: NDArray[np.int64]  # plants in the feeding order of their products
    line_from: NDArray[np.int64]  # where in ``line`` the makers of each product of ``feeding`` begin, and the end
    need: NDArray[np.int64]  # products that plants take in, plant by plant
    need_from: NDArray[np.int64]  # where in ``need`` those of each plant begin, and the end
    market_at: NDArray[np.int64]  # (market): destination
    sells: NDArray[np.bool_]  # (plant, market): same product
    edge_market: NDArray[np.int64]  # markets that plants sell to, plant by plant
    edge_from: NDArray[np.int64]  # where in ``edge_market`` those of each plant begin, and the end
    order_plant: NDArray[np.int64]  # (order)
    order_at: NDArray[np.int64]  # (order): destination
    order_from: NDArray[np.int64]  # (order): first month in which it waits
    queue: NDArray[np.int64]  # orders in the order in which their plants serve them
    level: NDArray[np.int64]  # (plant, destination, period, turn): 0 is served first; NOT_SERVED without a lane
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
    bought = _labels(arrays, "market_product")
    sells = [[buys == products[made] for buys in bought] for made in makes]
    order_plant = _positions(arrays, "order_plant", plants)
    order_at = _positions(arrays, "order_region", places)
    lead_time = _values(arrays, "lead_time", "member", "plant", "destination", "period")
    lane = np.asarray(np.logical_and.reduce(np.isfinite(lead_time), axis=0), dtype=np.bool_)
    _check_orders(arrays, np.logical_or.reduce(lane, axis=-1)[order_plant, order_at])
    level, levels = _levels(arrays, lane)
    market_at = _positions(arrays, "market_region", places)
    sold = np.array(sells, dtype=bool).reshape(len(plants), len(bought))
    feeding = _feeding_order(takes, makers, products)
    line, line_from = _rows(makers.T[feeding])
    need, need_from = _rows(takes)
    edge_market, edge_from = _rows(sold & np.logical_or.reduce(lane, axis=-1)[:, market_at])
    found = Network(
        home=home,
        makes=makes,
        makers=makers,
        feeding=feeding,
        takes=takes,
        line=line,
        line_from=line_from,
        need=need,
        need_from=need_from,
        market_at=market_at,
        sells=sold,
        edge_market=edge_market,
        edge_from=edge_from,
        order_plant=order_plant,
        order_at=order_at,
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


def _rows(marked: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The columns that are marked, row by row, and where each row begins; one more is the end."""
    begins = np.concatenate([[0], np.cumsum(marked.sum(axis=1))])
    return np.nonzero(marked)[1].astype(np.int64), begins.astype(np.int64)


def _queue(arrays: xr.Dataset) -> NDArray[np.int64]:
    """Orders by their rank; those of the same rank by name, so that the order of rows does not matter."""
    rank, names = arrays["order_rank"].values.astype(float), _labels(arrays, "order")
    return np.array(sorted(range(len(names)), key=lambda place: (rank[place], names[place])), dtype=np.int64)


def _levels(arrays: xr.Dataset, lane: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ranks of serving as numbers without gaps over all plants, and how many there are in each month and turn."""
    rank = _values(arrays, "serving_rank", "plant", "destination", "period", "turn")
    level = np.full(rank.shape, NOT_SERVED, dtype=np.int64)
    levels = np.zeros(rank.shape[2:], dtype=np.int64)
    for month, turn in np.ndindex(*levels.shape):
        reached = lane[:, :, month]
        found, places = np.unique(rank[:, :, month, turn][reached], return_inverse=True)
        level[:, :, month, turn][reached] = places
        levels[month, turn] = len(found)
    return level, levels


def _last_turn(arrays: xr.Dataset) -> NDArray[np.int64]:
    """The last turn of each plant and month that offers something; a later one is none to the plant."""
    share = _values(arrays, "turn_share", "plant", "period", "turn") > 0
    turns = share.shape[-1]
    last = turns - 1 - np.argmax(share[..., ::-1], axis=-1)
    return np.asarray(np.where(share.any(axis=-1), last, turns - 1), dtype=np.int64)


def _feeding_order(takes: NDArray[np.bool_], makers: NDArray[np.bool_], products: list[str]) -> NDArray[np.int64]:
    inputs = {q: set(np.flatnonzero(takes[makers[:, q]].any(axis=0)).tolist()) for q in range(len(products))}
    order: list[int] = []
    while len(order) < len(inputs):
        ready = [q for q in inputs if q not in order and inputs[q] <= set(order)]
        if not ready:
            left = ", ".join(repr(products[q]) for q in sorted(set(inputs) - set(order)))
            raise EngineError(f"supply: products {left} feed each other in a loop; cut one input")
        order.extend(ready)
    return np.array(order, dtype=np.int64)


def _check_orders(arrays: xr.Dataset, reached: NDArray[np.bool_]) -> None:
    named = (_labels(arrays, name) for name in ("order", "order_plant", "order_region"))
    for order, plant, region, lane in zip(*named, reached, strict=True):
        if not lane:
            raise EngineError(
                f"supply: no lane leads from plant '{plant}' to region '{region}', where the order '{order}' goes"
            )


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
