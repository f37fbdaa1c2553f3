"""The ledger in numpy, month after month over all members at once: the reference that the compiled form is held to.

Here items are on the line, and find room or none; what is started with the inputs there are is ``plain_making.py``, who
is served what ``plain_serving.py``, when it arrives ``lanes.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.supply.given import blank
from cell2grid.engines.supply.lanes import arrivals
from cell2grid.engines.supply.plain_making import ROUNDING, known_part, started_of
from cell2grid.engines.supply.plain_serving import served
from cell2grid.formulas.ramp import learned_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.supply.given import Given, Ledger
    from cell2grid.engines.supply.network import Network


def plain_ledger(numbers: Given, net: Network) -> Ledger:
    """What was made and where it went, in every member and month."""
    ledger = blank(numbers, net)
    members, plants, months = numbers.startable.shape
    order_shipped = np.zeros_like(ledger.order_delivered)
    backlog, learns = numbers.quantity.copy(), np.isfinite(numbers.learning_items)
    stock, waiting, held, made = (np.zeros((members, plants)) for _ in range(4))
    able = np.zeros_like(numbers.startable)  # what could be started, were nothing short and nothing in the way
    for month in range(months):
        learned = np.where(learns, learned_share(made, numbers.learning_items, numbers.learning_start), np.nan)
        able[:, :, month] = numbers.startable[:, :, month] * np.where(learns, learned, 1.0)
        ready = np.maximum(able[:, :, month] - _in_the_way(numbers, able, ledger.started, month, held), 0.0)
        ready *= known_part(numbers, month)
        coming, fresh = started_of(numbers, net, ledger.started, month, ready, stock, held)
        consumed = _consumed(numbers, net, ledger.started[:, :, month], stock + fresh)
        on_hand = np.maximum(stock + fresh - consumed, 0.0)
        left, waiting = served(numbers, net, month, on_hand, waiting, backlog, ledger.shipped, order_shipped)
        # what finds no room has not left the line, and so is neither good nor scrap yet
        too_much = np.minimum(np.maximum(left - numbers.stock_limit, 0.0), fresh)
        good = numbers.yield_rate[:, :, month]
        held = np.divide(too_much, good, out=np.zeros_like(held), where=(good > 0) & (too_much > 0))
        stock = left - too_much
        waiting = np.minimum(waiting, stock)
        ledger.output[:, :, month] = fresh - too_much
        ledger.scrapped[:, :, month] = np.maximum(coming - held - (fresh - too_much), 0.0)
        ledger.work_in_progress[:, :, month] = held + _under_way(ledger.started, month, numbers.process_time)
        ledger.consumed[:, :, month], ledger.learned[:, :, month] = consumed, learned
        ledger.stock[:, :, month], ledger.waiting[:, :, month] = stock, waiting
        made = made + ledger.output[:, :, month]
    _arrived(numbers, net, ledger, order_shipped)
    return ledger


def _in_the_way(
    numbers: Given,
    able: NDArray[np.float64],
    started: NDArray[np.float64],
    month: int,
    held: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Places that held items take from those that are started: all but the ones left empty on the line before.

    Without the empty places a long line would swing: items that it had begun would fill the places of months in which
    it begins none.
    """
    if month == 0 or not held.any():
        return held
    empty = _under_way(able - started, month - 1, numbers.process_time)
    return np.maximum(held - empty, 0.0)


def _under_way(started: NDArray[np.float64], month: int, process_time: NDArray[np.float64]) -> NDArray[np.float64]:
    """What has been started (member, plant, period) and has not been on the line for its process time yet."""
    whole = np.floor(process_time)
    on_line = np.zeros(process_time.shape)
    for before in range(month + 1):
        part = np.where(before < whole, 1.0, np.where(before == whole, process_time - whole, 0.0))
        if not part.any():
            break
        on_line += part * started[:, :, month - before]
    return on_line


def _consumed(
    numbers: Given, net: Network, started: NDArray[np.float64], has: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What each plant gives to others as their input, in proportion to what it has."""
    consumed = np.zeros_like(has)
    for product in np.flatnonzero(net.takes.any(axis=0)):
        makers = net.makers[:, product]
        taken = (started * numbers.needs[:, :, product]).sum(axis=1)
        total = has[:, makers].sum(axis=1)
        share = np.divide(taken, total, out=np.zeros_like(total), where=total > 0)
        # rounding leaves no crumb in stock, and takes none that is not there
        share = np.where(share > 1.0 - ROUNDING, 1.0, share)
        consumed[:, makers] = has[:, makers] * share[:, None]
    return consumed


def _arrived(numbers: Given, net: Network, ledger: Ledger, order_shipped: NDArray[np.float64]) -> None:
    """Fill in what arrives and what is at sea."""
    lead = np.nan_to_num(numbers.lead_time)
    ledger.delivered[...], on_the_way = arrivals(ledger.shipped, lead)
    for lane, plant in enumerate(net.lane_plant):
        ledger.at_sea[:, plant] += on_the_way[:, lane]
    ledger.order_delivered[...], _ = arrivals(order_shipped, lead[:, net.order_lane])
