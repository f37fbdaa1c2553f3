"""What plants start in one month of one member with the inputs they get, compiled: the rules of ``plain_making.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.supply.kernel_serving import inlined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.supply.given import Given, Ledger
    from cell2grid.engines.supply.network import Network

ROUNDING = 1e-12  # all of an input is taken in when no more than this part of it is left
FAIR_ROUNDS = 20  # in which all ask; then those who feed ask before those who are fed, which comes to an end


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

    up: NDArray[np.float64]  # what a round of sharing out asks to start
    at_once: NDArray[np.float64]  # the part of what is started that comes off in the same month

    asked: NDArray[np.float64]  # (product), and so on to the end
    fed: NDArray[np.float64]  # the part of what is asked that can be had
    has: NDArray[np.float64]  # what its makers have of it in all
    taken: NDArray[np.float64]  # and what of that has been taken in by earlier rounds
    room: NDArray[np.float64]  # what could be had of it at most in a further round


@inlined
def line_of(plants: int, products: int) -> Line:
    """Lines on which nothing is."""
    by_plant, by_product = np.zeros((10, plants)), np.zeros((5, products))
    return Line(
        by_plant[0], by_plant[1], by_plant[2], by_plant[3], by_plant[4], by_plant[5], by_plant[6],
        np.zeros(plants, np.int64), by_plant[7], by_plant[8], by_plant[9],
        by_product[0], by_product[1], by_product[2], by_product[3], by_product[4],
    )  # fmt: skip


@inlined
def make(numbers: Given, net: Network, ledger: Ledger, line: Line, m: int, t: int) -> None:
    """What is started, and what comes off the line: inputs are shared out until nobody can use what is left."""
    begin_month(numbers, net, ledger, line, m, t)
    share_out(numbers, net, ledger, line, m, t)
    if net.again.any():
        products = line.asked.size
        for turn in range(FAIR_ROUNDS + products * (products + 1)):
            if not ask_again(numbers, net, ledger, line, m, t, turn >= FAIR_ROUNDS):
                break
            share_out(numbers, net, ledger, line, m, t)


@inlined
def begin_month(numbers: Given, net: Network, ledger: Ledger, line: Line, m: int, t: int) -> None:
    """What could be started and is asked for it, and what comes off the line of what was started before."""
    input_scale, startable, learning_items, held = (
        numbers.input_scale, numbers.startable, numbers.learning_items, line.held
    )  # fmt: skip
    learned, made, learning_start, line_ready = ledger.learned, line.made, numbers.learning_start, line.ready
    need_from, need, needs, started, line_up = net.need_from, net.need, numbers.needs, ledger.started, line.up
    asked, fed, taken, coming, at_once = line.asked, line.fed, line.taken, line.coming, line.at_once
    line_whole, line_rest = line.whole, line.rest
    for q in range(asked.size):
        asked[q] = taken[q] = 0.0
        # what shocks leave of an input is known before others are asked for
        fed[q] = min(input_scale[m, q, t], 1.0)
    for p in range(held.size):
        ready = startable[m, p, t]
        items = learning_items[m, p]
        if np.isnan(items):
            learned[m, p, t] = np.nan
        else:
            share = learned_share(made[p], items, learning_start[m, p])
            learned[m, p, t] = share
            ready *= share
        if held[p] > 0.0:
            ready = max(ready - in_the_way(numbers, ledger, line, m, t, p), 0.0)
        if need_from[p + 1] > need_from[p]:
            ready *= part_fed(numbers, net, line, m, p)
        line_ready[p] = line_up[p] = ready
        for n in range(need_from[p], need_from[p + 1]):
            asked[need[n]] += ready * needs[m, p, need[n]]
        whole, rest = line_whole[p], line_rest[p]
        coming[p] = held[p]
        if 0 < whole <= t:
            coming[p] += (1.0 - rest) * started[m, p, t - whole]
        if rest > 0.0 and whole + 1 <= t:
            coming[p] += rest * started[m, p, t - whole - 1]
        at_once[p] = 1.0 - rest if whole == 0 else 0.0


@inlined
def share_out(numbers: Given, net: Network, ledger: Ledger, line: Line, m: int, t: int) -> None:
    """Let plants start what their inputs allow of what they ask; plants that feed come before plants that are fed."""
    started, line_up, coming, fresh, at_once = ledger.started, line.up, line.coming, line.fresh, line.at_once
    line_asked, line_fed, line_has, line_taken = line.asked, line.fed, line.has, line.taken
    plants, line_from, need_from, stock, yield_rate = (
        net.line,
        net.line_from,
        net.need_from,
        line.stock,
        numbers.yield_rate,
    )
    for place in range(net.feeding.size):
        q = net.feeding[place]
        has = 0.0
        for i in range(line_from[place], line_from[place + 1]):
            p = plants[i]
            begun = line_up[p]
            if need_from[p + 1] > need_from[p]:
                begun *= part_fed(numbers, net, line, m, p)
            started[m, p, t] += begun
            coming[p] += at_once[p] * begun
            fresh[p] = yield_rate[m, p, t] * coming[p]
            has += stock[p] + fresh[p]
        line_has[q] = has
        line_fed[q] = 1.0
        if line_from[place + 1] > line_from[place] and has - line_taken[q] < line_asked[q]:
            line_fed[q] = max(has - line_taken[q], 0.0) / line_asked[q]


@inlined
def ask_again(numbers: Given, net: Network, ledger: Ledger, line: Line, m: int, t: int, in_turn: bool) -> bool:
    """Find what each plant could still start were it alone to ask for what is left; whether any could.

    ``in_turn``: only those ask before whom none could, so that rounds come to an end.
    """
    started, line_up, ready, at_once, yield_rate = ledger.started, line.up, line.ready, line.at_once, numbers.yield_rate
    need_from, need, needs, plants, line_from = net.need_from, net.need, numbers.needs, net.line, net.line_from
    asked, taken, line_has, room = line.asked, line.taken, line.has, line.room
    asked[:] = 0.0
    taken[:] = 0.0
    for p in range(ready.size):
        for n in range(need_from[p], need_from[p + 1]):
            taken[need[n]] += started[m, p, t] * needs[m, p, need[n]]
    asks_from = -1  # how deep those are fed who ask first
    for place in range(net.feeding.size):
        q = net.feeding[place]
        left = line_has[q] - taken[q]
        left = left if left > ROUNDING * line_has[q] else 0.0
        for i in range(line_from[place], line_from[place + 1]):
            p = plants[i]
            up = ready[p] - started[m, p, t]
            for n in range(need_from[p], need_from[p + 1]):
                if needs[m, p, need[n]] > 0.0:
                    up = min(up, room[need[n]] / needs[m, p, need[n]])
            if up <= ROUNDING * ready[p] or (in_turn and 0 <= asks_from < net.depth[place]):
                up = 0.0
            elif asks_from < 0:
                asks_from = net.depth[place]
            line_up[p] = up
            left += yield_rate[m, p, t] * at_once[p] * up
            for n in range(need_from[p], need_from[p + 1]):
                asked[need[n]] += up * needs[m, p, need[n]]
        room[q] = left if line_from[place + 1] > line_from[place] else np.inf
    return asks_from >= 0


@inlined
def part_fed(numbers: Given, net: Network, line: Line, m: int, p: int) -> float:
    """The part of what plant ``p`` asks that its inputs allow."""
    need_from, needs, need, fed = net.need_from, numbers.needs, net.need, line.fed
    part = 1.0
    for n in range(need_from[p], need_from[p + 1]):
        if needs[m, p, need[n]] > 0.0:
            part = min(part, fed[need[n]])
    return part


@inlined
def in_the_way(numbers: Given, ledger: Ledger, line: Line, m: int, t: int, p: int) -> float:
    """Places that held items take from those that are started: all but the ones left empty on the line before."""
    line_held, line_whole, startable, learning_items = line.held, line.whole, numbers.startable, numbers.learning_items
    learned, rest, ledger_started = ledger.learned, line.rest, ledger.started
    held = line_held[p]
    if held <= 0.0:
        return 0.0
    whole = line_whole[p]
    for before in range(min(whole + 1, t)):
        u = t - 1 - before
        able = startable[m, p, u]
        if not np.isnan(learning_items[m, p]):
            able *= learned[m, p, u]
        held -= (1.0 if before < whole else rest[p]) * (able - ledger_started[m, p, u])
    places: float = max(held, 0.0)
    return places


@inlined
def learned_share(made: float, items: float, start: float) -> float:
    """As ``formulas.ramp.learned_share``, for one plant."""
    if items <= 0.0:
        return 1.0
    steepness = np.log(max((1.0 - start) / 0.01, 1.0))
    left: float = (1.0 - start) * np.exp(-steepness * made / max(items, 1e-6))
    return 1.0 - left
