"""The ledger of one member after the other, compiled: the same rules as in ``plain.py``.

A member knows of no other, so that members may be shared out over threads in any way: ``compiled.py`` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.supply.kernel_making import ROUNDING, Line, line_of, make
from cell2grid.engines.supply.kernel_serving import Hands, compiled, inlined, serve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.supply.given import Given, Ledger
    from cell2grid.engines.supply.network import Network


@inlined
def hands_of(plants: int, edges: int, markets: int, orders: int, waiting: NDArray[np.float64]) -> Hands:
    """Hands in which nothing is; what waits is that of the line."""
    by_plant, by_market = np.zeros((10, plants)), np.zeros((6, markets))
    by_edge, by_order = np.zeros((3, edges)), np.zeros((2, orders))
    return Hands(
        by_plant[0], by_plant[1], by_plant[2], by_plant[3], waiting, by_plant[4], by_plant[5], by_plant[6],
        by_plant[7],
        by_market[0], by_market[1], by_market[2], by_market[3], by_market[4], by_market[5],
        by_plant[8], by_plant[9],
        by_edge[0], by_edge[1], by_edge[2],
        by_order[0], by_order[1],
    )  # fmt: skip


@compiled
def fill(numbers: Given, net: Network, ledger: Ledger, first: int, last: int) -> None:
    """Fill in the ledger of the members ``first`` to ``last - 1``."""
    plants, months = numbers.startable.shape[1], numbers.startable.shape[2]
    products, markets, orders = numbers.needs.shape[2], numbers.demand.shape[1], numbers.quantity.shape[1]
    order_shipped = np.zeros((1, orders, months))
    line = line_of(plants, products)
    hands = hands_of(plants, net.edge_market.size, markets, orders, line.waiting)
    for m in range(first, last):
        order_shipped[:] = 0.0
        line.stock[:] = 0.0
        line.waiting[:] = 0.0
        line.held[:] = 0.0
        line.made[:] = 0.0
        for p in range(plants):
            line.whole[p] = int(min(np.floor(numbers.process_time[m, p]), months + 1.0))
            line.rest[p] = numbers.process_time[m, p] - np.floor(numbers.process_time[m, p])
        for o in range(orders):
            hands.backlog[o] = numbers.quantity[m, o]
        for t in range(months):
            make(numbers, net, ledger, line, m, t)
            take_in(numbers, net, ledger, line, hands, m, t)
            serve(numbers, net, ledger, order_shipped, hands, m, t)
            close(numbers, ledger, line, hands, m, t)
        arrive(numbers, net, ledger, order_shipped, m)


@inlined
def take_in(numbers: Given, net: Network, ledger: Ledger, line: Line, hands: Hands, m: int, t: int) -> None:
    """What plants take in from the makers of their inputs, and what that leaves on hand."""
    asked, line_stock, need_from, need = line.asked, line.stock, net.need_from, net.need
    started, needs, makes, fresh = ledger.started, numbers.needs, net.makes, line.fresh
    line_has, ledger_consumed, left = line.has, ledger.consumed, hands.left
    asked[:] = 0.0
    for p in range(line_stock.size):
        for n in range(need_from[p], need_from[p + 1]):
            asked[need[n]] += started[m, p, t] * needs[m, p, need[n]]
    for p in range(line_stock.size):
        q = makes[p]
        has = line_stock[p] + fresh[p]
        consumed = 0.0
        if asked[q] > 0.0 and line_has[q] > 0.0:
            share = asked[q] / line_has[q]
            # rounding leaves no crumb in stock, and takes none that is not there
            consumed = has * (1.0 if share > 1.0 - ROUNDING else share)
        ledger_consumed[m, p, t] = consumed
        left[p] = max(has - consumed, 0.0)


@inlined
def close(numbers: Given, ledger: Ledger, line: Line, hands: Hands, m: int, t: int) -> None:
    """What finds room in the stock, and what is held up on the line."""
    line_stock, hands_left, line_fresh, yield_rate = line.stock, hands.left, line.fresh, numbers.yield_rate
    stock_limit, whole, started, rest = numbers.stock_limit, line.whole, ledger.started, line.rest
    line_held, waiting, aside, made = line.held, line.waiting, hands.aside, line.made
    output, scrapped, coming, work_in_progress = ledger.output, ledger.scrapped, line.coming, ledger.work_in_progress
    ledger_stock, ledger_waiting = ledger.stock, ledger.waiting
    for p in range(line_stock.size):
        left, fresh, good = hands_left[p], line_fresh[p], yield_rate[m, p, t]
        too_much = min(max(left - stock_limit[m, p], 0.0), fresh)
        held = too_much / good if too_much > 0.0 and good > 0.0 else 0.0
        on_line = held
        for before in range(min(whole[p], t + 1)):
            on_line += started[m, p, t - before]
        if whole[p] <= t:
            on_line += rest[p] * started[m, p, t - whole[p]]
        line_held[p], line_stock[p] = held, left - too_much
        waiting[p] = min(aside[p], line_stock[p])
        made[p] += fresh - too_much
        output[m, p, t] = fresh - too_much
        scrapped[m, p, t] = max(coming[p] - held - (fresh - too_much), 0.0)
        work_in_progress[m, p, t] = on_line
        ledger_stock[m, p, t], ledger_waiting[m, p, t] = line_stock[p], waiting[p]


@inlined
def arrive(numbers: Given, net: Network, ledger: Ledger, order_shipped: NDArray[np.float64], m: int) -> None:
    """What arrives in each month, and what is on its way at its end."""
    startable, lane_plant, shipped, delivered = numbers.startable, net.lane_plant, ledger.shipped, ledger.delivered
    at_sea, order_lane, order_delivered = ledger.at_sea, net.order_lane, ledger.order_delivered
    months = startable.shape[2]
    for lane in range(lane_plant.size):
        p = lane_plant[lane]
        for t in range(months):
            items = shipped[m, lane, t]
            if items <= 0.0:
                continue
            whole, rest = lead(numbers, m, lane, t)
            land(delivered[m, lane], items, t, whole, rest)
            for later in range(t, min(t + whole, months)):
                at_sea[m, p, later] += items
            if t + whole < months:
                at_sea[m, p, t + whole] += rest * items
    for o in range(order_shipped.shape[1]):
        for t in range(months):
            if order_shipped[0, o, t] > 0.0:
                whole, rest = lead(numbers, m, order_lane[o], t)
                land(order_delivered[m, o], order_shipped[0, o, t], t, whole, rest)


@inlined
def lead(numbers: Given, m: int, lane: int, t: int) -> tuple[int, float]:
    """Whole months and the part of one that what leaves in a month takes."""
    lead_time, startable = numbers.lead_time, numbers.startable
    time = lead_time[m, lane, t]
    whole = np.floor(time)
    return int(min(whole, startable.shape[2] + 1.0)), time - whole


@inlined
def land(arrived: NDArray[np.float64], items: float, t: int, whole: int, rest: float) -> None:
    """Add items that leave in a month to the months in which they arrive."""
    if t + whole < arrived.size:
        arrived[t + whole] += (1.0 - rest) * items
    if t + whole + 1 < arrived.size:
        arrived[t + whole + 1] += rest * items
