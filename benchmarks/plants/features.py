"""What each feature of the ledger costs: the same plants with one feature more, as a ratio to the whole case."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.dispatch.table import Report
from benchmarks.plants.subject import Subject, processor, subject
from cell2grid.engines.capability.kernel import fill
from cell2grid.engines.supply.bins import count_known, empty_bins, set_bounds
from cell2grid.engines.supply.compiled import compiled_ledger
from cell2grid.engines.supply.given import Given
from cell2grid.engines.supply.network import NONE, Network
from cell2grid.engines.supply.streaming import plain_summary

PLANTS, MONTHS, MEMBERS = 200, 120, 64
PRODUCTS = 3  # of which the plain plants make the first
World = tuple[Given, Network]


def rows(report: Report) -> None:
    """Each feature by itself, in processor time, with what plants could start and the sums of three variables."""
    plants, months, members = (20, 24, 8) if report.quick else (PLANTS, MONTHS, MEMBERS)
    case, larger = subject(plants, months, members), subject(plants, months, 8 if report.quick else 2000)
    plain_summary(larger.given, larger.world)
    own, _ = processor(lambda: plain_summary(larger.given, larger.world))
    own /= larger.size[2]
    base = plain_world(case)
    through(case, base)
    report.part(
        f"{plants} plants x {months} months, a member at a time of {members}",
        f"  {'':<44}{'ms':>9}{'of the whole case':>20}{'of the ledger':>16}",
    )
    report.line(f"  {'the whole case, summed up as it goes':<44}{own * 1e3:>9,.2f}{1.0:>20,.1f}")
    ledger = 0.0
    for name, change in FEATURES.items():
        world = change(*base)
        through(case, world)
        seconds = min(processor(lambda world=world: through(case, world))[0] for _ in range(1 if report.quick else 3))
        seconds /= members
        ledger = ledger or seconds
        report.line(f"  {name:<44}{seconds * 1e3:>9,.2f}{seconds / own:>20,.1f}{seconds / ledger:>16,.2f}")
    made = compiled_ledger(*base).output.mean()
    report.judge(
        "mean output of the ledger", float(made), float(plain_summary(case.given, case.world)["output"].mean.mean())
    )


def through(case: Subject, world: World) -> None:
    """What plants could start, the ledger, and the sums of three of its variables."""
    plants, months, members = case.size
    fill(case.given, *(np.empty((members, plants, months)) for _ in range(4)))
    ledger = compiled_ledger(*world, threads=2)
    for values in (ledger.output, ledger.stock, ledger.shipped):
        bins = empty_bins(plants * months, np.uint32)
        by_cell = np.ascontiguousarray(values[:, :plants].reshape(members, -1).T)
        known = np.zeros(len(by_cell), np.int64)
        count_known(bins, known, by_cell, True)
        set_bounds(bins, 0, len(by_cell))
        count_known(bins, known, by_cell, False)


def plain_world(case: Subject) -> World:
    """The plain plants as the ledger of all features reads them."""
    plants, months, members = case.size
    able = [np.empty((members, plants, months)) for _ in range(4)]
    fill(case.given, *able)
    markets = len(case.world.demand)
    monthly, lane = np.ones((members, plants, months)), np.arange(plants)
    numbers = Given(
        startable=able[0] * able[1] * able[3] * case.world.scale * case.world.scale_by_member[:, :, None],
        yield_rate=able[2],
        process_time=np.zeros((members, plants)),
        stock_limit=np.full((members, plants), np.inf),
        learning_items=np.full((members, plants), np.nan),
        learning_start=np.full((members, plants), np.nan),
        needs=np.zeros((members, plants, PRODUCTS)),
        input_scale=np.ones((members, PRODUCTS, months)),
        turn_share=np.ones((plants, months, 1)),
        export_share=monthly[..., None].copy(),
        export_scale=monthly.copy(),
        lane_scale=monthly.copy(),
        lead_time=np.zeros((members, plants, months)),
        demand=case.world.demand * case.world.demand_by_member[:, :, None],
        quantity=np.zeros((members, 0)),
    )
    return numbers, _network(case.world.market, lane, np.zeros(plants, np.int64), markets, months)


def _network(market: np.ndarray, lane: np.ndarray, makes: np.ndarray, markets: int, months: int) -> Network:
    plants, none = len(market), np.zeros(0, np.int64)
    market_lane = np.full((plants, markets), NONE, np.int64)
    market_lane[lane, market] = lane
    order = np.argsort(makes, kind="stable")
    return Network(
        home=market.astype(np.int64),
        makes=makes,
        makers=np.equal.outer(makes, np.arange(PRODUCTS)),
        feeding=np.arange(PRODUCTS),
        depth=np.arange(PRODUCTS),
        takes=np.zeros((plants, PRODUCTS), bool),
        again=np.zeros(PRODUCTS, bool),
        line=order,
        line_from=np.searchsorted(makes[order], np.arange(PRODUCTS + 1)),
        need=none,
        need_from=np.zeros(plants + 1, np.int64),
        lane_plant=lane,
        lane_place=market.astype(np.int64),
        abroad=np.zeros(plants, bool),
        market_lane=market_lane,
        edge_market=market.astype(np.int64),
        edge_lane=lane,
        edge_from=np.arange(plants + 1),
        order_plant=none,
        order_lane=none.copy(),
        order_from=none.copy(),
        queue=none.copy(),
        level=np.zeros((plants, months, 1), np.int64),
        levels=np.ones((months, 1), np.int64),
        last_turn=np.zeros((plants, months), np.int64),
    )


def _inputs(numbers: Given, net: Network) -> World:
    """The second half of the plants takes in what the first half makes."""
    plants = len(net.home)
    return _fed(numbers, net, (np.arange(plants) >= plants // 2).astype(np.int64), {1: [0]}, 0.5)


def _shared(numbers: Given, net: Network) -> World:
    """The third third of the plants takes in what the others make, and the second what the first makes."""
    plants = len(net.home)
    return _fed(numbers, net, np.arange(plants) * PRODUCTS // plants, {1: [0], 2: [0, 1]}, 1.0)


def _fed(numbers: Given, net: Network, makes: np.ndarray, inputs: dict[int, list[int]], per_item: float) -> World:
    """The plants with inputs: as many items of each product that goes into what they make."""
    takes = np.array([[product in inputs.get(made, []) for product in range(PRODUCTS)] for made in makes])
    fed = _network(net.lane_place, net.lane_plant, makes, numbers.demand.shape[1], numbers.startable.shape[2])
    return numbers._replace(needs=numbers.needs + per_item * takes), fed._replace(
        takes=takes,
        again=np.array([takes[takes.sum(axis=1) > 1, product].any() for product in range(PRODUCTS)]),
        need=np.nonzero(takes)[1],
        need_from=np.concatenate([[0], np.cumsum(takes.sum(axis=1))]),
    )


def _orders(numbers: Given, net: Network) -> World:
    """An order at every plant, of two years' output."""
    plants, months = len(net.home), numbers.startable.shape[2]
    quantity = np.full((len(numbers.startable), plants), 1500.0)
    return numbers._replace(quantity=quantity), net._replace(
        order_plant=np.arange(plants),
        order_lane=np.arange(plants),
        order_from=np.arange(plants) % max(months // 2, 1),
        queue=np.arange(plants),
    )


def _turns(numbers: Given, net: Network) -> World:
    """Two turns in every month."""
    halves = np.full((*numbers.turn_share.shape[:2], 2), 0.5)
    return numbers._replace(turn_share=halves, export_share=np.repeat(numbers.export_share, 2, axis=-1)), net._replace(
        level=np.repeat(net.level, 2, axis=-1),
        levels=np.repeat(net.levels, 2, axis=-1),
        last_turn=np.ones_like(net.last_turn),
    )


def _replaced(**values: float) -> Callable[[Given, Network], World]:
    def change(numbers: Given, net: Network) -> World:
        return numbers._replace(
            **{name: np.full(getattr(numbers, name).shape, value) for name, value in values.items()}
        ), net

    return change


FEATURES: dict[str, Callable[[Given, Network], World]] = {
    "the ledger with all features, none in use": lambda numbers, net: (numbers, net),
    "stock limit": _replaced(stock_limit=50.0),
    "work in progress of a month and a half": _replaced(process_time=1.5),
    "inputs from other plants": _inputs,
    "inputs that are shared, and left by some": _shared,
    "learning by making": _replaced(learning_items=3000.0, learning_start=0.1),
    "an order at every plant": _orders,
    "lanes with a lead time of a month and a half": _replaced(lead_time=1.5),
    "lanes of which a shock closes a part": _replaced(lane_scale=0.7),
    "two turns a month": _turns,
}
