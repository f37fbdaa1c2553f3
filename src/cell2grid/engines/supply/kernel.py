"""The ledger of one member after the other, compiled: the same rules as in ``plain.py``.

A member knows of no other, so that members may be shared out over threads in any way: ``compiled.py`` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.supply.kernel_serving import Hands, compiled, serve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.supply.given import Given, Ledger
    from cell2grid.engines.supply.network import Network

ROUNDING = 1e-12  # all of an input is taken in when no more than this part of it is left


class Line(NamedTuple):
    """What is on the lines of one member in one month."""

    stock: NDArray[np.float64]  # (plant), and so on to the blank line
    waiting: NDArray[np.float64]
    held: NDArray[np.float64]
    made: NDArray[np.float64]
    ready: NDArray[np.float64]
    coming: NDArray[np.float64]
    fresh: NDArray[np.float64]
    whole: NDArray[np.int64]  # whole months of the process time
    rest: NDArray[np.float64]  # and the part of one

    asked: NDArray[np.float64]  # (product)
    fed: NDArray[np.float64]  # (product)
    has: NDArray[np.float64]  # (product)


@compiled
def line_of(plants: int, products: int) -> Line:
    """Lines on which nothing is."""
    by_plant, by_product = np.zeros((8, plants)), np.zeros((3, products))
    return Line(
        by_plant[0], by_plant[1], by_plant[2], by_plant[3], by_plant[4], by_plant[5], by_plant[6],
        np.zeros(plants, np.int64), by_plant[7],
        by_product[0], by_product[1], by_product[2],
    )  # fmt: skip


@compiled
def hands_of(plants: int, edges: int, markets: int, orders: int, waiting: NDArray[np.float64]) -> Hands:
    """Hands in which nothing is; what waits is that of the line."""
    by_plant, by_market = np.zeros((8, plants)), np.zeros((6, markets))
    by_edge, by_order = np.zeros((2, edges)), np.zeros((2, orders))
    return Hands(
        by_plant[0], by_plant[1], by_plant[2], by_plant[3], waiting, by_plant[4], by_plant[5], by_plant[6],
        by_plant[7],
        by_market[0], by_market[1], by_market[2], by_market[3], by_market[4], by_market[5],
        by_edge[0], by_edge[1],
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


@compiled
def learned_share(made: float, items: float, start: float) -> float:
    """As ``formulas.ramp.learned_share``, for one plant."""
    if items <= 0.0:
        return 1.0
    steepness = np.log(max((1.0 - start) / 0.01, 1.0))
    left: float = (1.0 - start) * np.exp(-steepness * made / max(items, 1e-6))
    return 1.0 - left


@compiled
def make(numbers: Given, net: Network, ledger: Ledger, line: Line, m: int, t: int) -> None:
    """What is started, and what comes off the line; plants that feed come before plants that are fed."""
    line.asked[:] = 0.0
    line.fed[:] = 1.0
    for place in range(net.feeding.size):
        if net.line_from[place + 1] == net.line_from[place]:
            # what no plant makes: how much of it can be had is known before others are asked
            line.fed[net.feeding[place]] = min(numbers.input_scale[m, net.feeding[place], t], 1.0)
    for p in range(line.stock.size):
        ready = numbers.startable[m, p, t]
        items = numbers.learning_items[m, p]
        if np.isnan(items):
            ledger.learned[m, p, t] = np.nan
        else:
            share = learned_share(line.made[p], items, numbers.learning_start[m, p])
            ledger.learned[m, p, t] = share
            ready *= share
        line.ready[p] = max(ready - in_the_way(numbers, ledger, line, m, t, p), 0.0)
        line.ready[p] *= part_fed(numbers, net, line, m, p)
        for n in range(net.need_from[p], net.need_from[p + 1]):
            line.asked[net.need[n]] += line.ready[p] * numbers.needs[m, p, net.need[n]]
    for place in range(net.feeding.size):
        q = net.feeding[place]
        has = 0.0
        for i in range(net.line_from[place], net.line_from[place + 1]):
            p = net.line[i]
            start(numbers, net, ledger, line, m, t, p)
            has += line.stock[p] + line.fresh[p]
        line.has[q] = has
        line.fed[q] = 1.0
        if net.line_from[place + 1] > net.line_from[place]:
            line.fed[q] = min(numbers.input_scale[m, q, t], 1.0)
            if has < line.asked[q]:
                line.fed[q] = min(line.fed[q], has / line.asked[q])


@compiled
def part_fed(numbers: Given, net: Network, line: Line, m: int, p: int) -> float:
    """The part that the inputs of plant ``p`` which have been shared out allow."""
    part = 1.0
    for n in range(net.need_from[p], net.need_from[p + 1]):
        if numbers.needs[m, p, net.need[n]] > 0.0:
            part = min(part, line.fed[net.need[n]])
    return part


@compiled
def in_the_way(numbers: Given, ledger: Ledger, line: Line, m: int, t: int, p: int) -> float:
    """Places that held items take from those that are started: all but the ones left empty on the line before."""
    held = line.held[p]
    if held <= 0.0:
        return 0.0
    whole = line.whole[p]
    for before in range(min(whole + 1, t)):
        u = t - 1 - before
        able = numbers.startable[m, p, u]
        if not np.isnan(numbers.learning_items[m, p]):
            able *= ledger.learned[m, p, u]
        held -= (1.0 if before < whole else line.rest[p]) * (able - ledger.started[m, p, u])
    places: float = max(held, 0.0)
    return places


@compiled
def start(numbers: Given, net: Network, ledger: Ledger, line: Line, m: int, t: int, p: int) -> None:
    """What plant ``p`` starts with the inputs that it gets, and what of earlier months comes off its line."""
    ledger.started[m, p, t] = line.ready[p] * part_fed(numbers, net, line, m, p)
    whole, rest = line.whole[p], line.rest[p]
    coming = line.held[p]
    if whole <= t:
        coming += (1.0 - rest) * ledger.started[m, p, t - whole]
    if whole + 1 <= t:
        coming += rest * ledger.started[m, p, t - whole - 1]
    line.coming[p] = coming
    line.fresh[p] = numbers.yield_rate[m, p, t] * coming


@compiled
def take_in(numbers: Given, net: Network, ledger: Ledger, line: Line, hands: Hands, m: int, t: int) -> None:
    """What plants take in from the makers of their inputs, and what that leaves on hand."""
    line.asked[:] = 0.0
    for p in range(line.stock.size):
        for n in range(net.need_from[p], net.need_from[p + 1]):
            line.asked[net.need[n]] += ledger.started[m, p, t] * numbers.needs[m, p, net.need[n]]
    for p in range(line.stock.size):
        q = net.makes[p]
        has = line.stock[p] + line.fresh[p]
        consumed = 0.0
        if line.asked[q] > 0.0 and line.has[q] > 0.0:
            share = line.asked[q] / line.has[q]
            # rounding leaves no crumb in stock, and takes none that is not there
            consumed = has * (1.0 if share > 1.0 - ROUNDING else share)
        ledger.consumed[m, p, t] = consumed
        hands.left[p] = max(has - consumed, 0.0)


@compiled
def close(numbers: Given, ledger: Ledger, line: Line, hands: Hands, m: int, t: int) -> None:
    """What finds room in the stock, and what is held up on the line."""
    for p in range(line.stock.size):
        left, fresh, good = hands.left[p], line.fresh[p], numbers.yield_rate[m, p, t]
        too_much = min(max(left - numbers.stock_limit[m, p], 0.0), fresh)
        held = too_much / good if too_much > 0.0 and good > 0.0 else 0.0
        on_line = held
        for before in range(min(line.whole[p], t + 1)):
            on_line += ledger.started[m, p, t - before]
        if line.whole[p] <= t:
            on_line += line.rest[p] * ledger.started[m, p, t - line.whole[p]]
        line.held[p], line.stock[p] = held, left - too_much
        line.waiting[p] = min(hands.aside[p], line.stock[p])
        line.made[p] += fresh - too_much
        ledger.output[m, p, t] = fresh - too_much
        ledger.scrapped[m, p, t] = max(line.coming[p] - held - (fresh - too_much), 0.0)
        ledger.work_in_progress[m, p, t] = on_line
        ledger.stock[m, p, t], ledger.waiting[m, p, t] = line.stock[p], line.waiting[p]


@compiled
def arrive(numbers: Given, net: Network, ledger: Ledger, order_shipped: NDArray[np.float64], m: int) -> None:
    """What arrives in each month, and what is on its way at its end."""
    months = numbers.startable.shape[2]
    for lane in range(net.lane_plant.size):
        p = net.lane_plant[lane]
        for t in range(months):
            items = ledger.shipped[m, lane, t]
            if items <= 0.0:
                continue
            whole, rest = lead(numbers, m, lane, t)
            land(ledger.delivered[m, lane], items, t, whole, rest)
            for later in range(t, min(t + whole, months)):
                ledger.at_sea[m, p, later] += items
            if t + whole < months:
                ledger.at_sea[m, p, t + whole] += rest * items
    for o in range(order_shipped.shape[1]):
        for t in range(months):
            if order_shipped[0, o, t] > 0.0:
                whole, rest = lead(numbers, m, net.order_lane[o], t)
                land(ledger.order_delivered[m, o], order_shipped[0, o, t], t, whole, rest)


@compiled
def lead(numbers: Given, m: int, lane: int, t: int) -> tuple[int, float]:
    """Whole months and the part of one that what leaves in a month takes."""
    time = numbers.lead_time[m, lane, t]
    whole = np.floor(time)
    return int(min(whole, numbers.startable.shape[2] + 1.0)), time - whole


@compiled
def land(arrived: NDArray[np.float64], items: float, t: int, whole: int, rest: float) -> None:
    """Add items that leave in a month to the months in which they arrive."""
    if t + whole < arrived.size:
        arrived[t + whole] += (1.0 - rest) * items
    if t + whole + 1 < arrived.size:
        arrived[t + whole + 1] += rest * items
