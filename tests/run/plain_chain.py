"""The chain of plants, deliveries and landing once more, for one member, in plain loops over months: an oracle.

Written from docs/formulation (capability, production, deliveries, shocks, landing) and docs/reference/study-file.md
alone; it reads the model of the study and shares no code with ``cell2grid.engines`` and ``cell2grid.run``. It takes
studies whose figures are single numbers and leaves out what is drawn: ranges, random outages, deviations of lead times
and shocks that come by chance. All results are dicts by name, and lists by month.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from plain_landing import landing
from plain_reading import DAY, INF, arrive, can_start, good_share, input_part, items_of, months_of, number_of
from plain_serving import Month, Order, orders_of

from cell2grid.study.model import Study


@dataclass
class State:
    """What a plant has at a moment, and what it has done month by month."""

    stock: float = 0.0
    waiting: float = 0.0
    held: float = 0.0
    made: float = 0.0
    at_sea: float = 0.0
    on_line: float = 0.0
    leaving: list[float] = field(default_factory=list)  # what comes off the line by month
    full: float = 0.0  # what would be on its way had the plant always started all that it could
    passing: list[float] = field(default_factory=list)  # and what of that would come off by month


def plain_chain(study: Study) -> dict[str, Any]:
    """What the study's plants start, make, ship and deliver, and what landing it costs; see the module."""
    months = months_of(study)
    orders = orders_of(study, months)
    plants, regions = list(study.plants), list(study.regions)
    states = {name: State(leaving=[0.0] * len(months), passing=[0.0] * len(months)) for name in plants}
    rows = ("capacity", "started", "output", "scrapped", "work_in_progress", "consumed", "stock", "waiting", "at_sea")
    out: dict[str, Any] = {row: {name: [0.0] * len(months) for name in plants} for row in (*rows, "exports")}
    out["home_sales"] = {name: [0.0] * len(months) for name in plants}
    for row in ("shipped", "delivered"):
        out[row] = {(name, region): [0.0] * len(months) for name in plants for region in regions}
    out["order_delivered"] = {order.name: [0.0] * len(months) for order in orders}
    for number, month in enumerate(months):
        on_hand = _make(study, states, out, number, month)
        waiting = {name: state.waiting for name, state in states.items()}
        served = Month(study, waiting, orders, on_hand, (number, month), out)
        served.serve()
        for name, state in states.items():
            state.waiting = served.aside[name]
        _keep(study, states, on_hand, out, number, month)
    _finish(orders, out)
    out.update(landing(study, orders, out, months))
    return out


def _make(study: Study, states: dict[str, State], out: Any, number: int, month: date) -> dict[str, float]:
    """Items that each plant has on hand after other plants have taken theirs."""
    wants: dict[str, float] = {}
    for name, plant in study.plants.items():
        out["capacity"][name][number], could = can_start(study, name, month)
        could *= _learned(study, name, states[name].made)
        state = states[name]
        # what is held up stands first where the line is emptier than it could be, then in the way of what is started
        empty = state.full - (state.on_line - state.held)
        wants[name] = max(could - max(state.held - empty, 0.0), 0.0)
        # what shocks leave of inputs is known first, and nothing is asked for further than that
        needed = [need.product for need in plant.inputs if _per_item(study, name, need) > 0]
        wants[name] *= min([1.0, *(input_part(study, product, month) for product in needed)])
        arrive(state.passing, number, could, number_of(study.plants[name].process_time, "day") * DAY)
        state.full += could - state.passing[number]
    for name in study.plants:
        _run_line(study, states[name], name, 0.0, out, number, month)
    _share(study, states, wants, out, number, month)
    for rounds in range(60):
        further = _could(study, states, wants, out, number, month, orderly=rounds >= 20)
        if not any(further.values()):
            break
        _share(study, states, further, out, number, month)
    on_hand = {name: _before(states[name], study, name, number, month) for name in study.plants}
    for name, plant in study.plants.items():
        for need in plant.inputs:
            taken = _per_item(study, name, need) * out["started"][name][number]
            makers = [other for other, plant in study.plants.items() if plant.makes == need.product]
            if study.products[need.product].external is None:
                for maker in makers:
                    whole = sum(_before(states[m], study, m, number, month) for m in makers)
                    if whole > 0:
                        share = _before(states[maker], study, maker, number, month) / whole
                        out["consumed"][maker][number] += taken * share
    return {name: on_hand[name] - out["consumed"][name][number] for name in study.plants}


def _share(study: Study, states: Any, asks: dict[str, float], out: Any, number: int, month: date) -> None:
    """Start what is asked, as far as the inputs go, each shared in proportion to what is asked of it."""
    before = {product: _taken(study, out, product, number) for product in study.products}
    fed: dict[str, float] = {}
    for product in _makers_first(study):
        for name in _makers(study, product):
            parts = [fed[need.product] for need in study.plants[name].inputs if _per_item(study, name, need) > 0]
            _run_line(study, states[name], name, asks[name] * min([1.0, *parts]), out, number, month)
        asked = sum(
            _per_item(study, name, need) * asks[name]
            for name, plant in study.plants.items()
            for need in plant.inputs
            if need.product == product
        )
        fed[product] = 1.0
        if study.products[product].external is None and asked > 0:
            has = sum(_before(states[name], study, name, number, month) for name in _makers(study, product))
            fed[product] = min(1.0, max(has - before[product], 0.0) / asked)


def _could(
    study: Study, states: Any, wants: dict[str, float], out: Any, number: int, month: date, *, orderly: bool
) -> dict[str, float]:
    """What each plant could start more of were it alone to ask; ``orderly``: none after the first that could."""
    found = dict.fromkeys(study.plants, 0.0)
    room: dict[str, float] = {}
    first = None
    for product in _makers_first(study):
        has = sum(_before(states[name], study, name, number, month) for name in _makers(study, product))
        room[product] = has - _taken(study, out, product, number) if study.products[product].external is None else INF
        if room[product] <= 1e-12 * has:
            room[product] = 0.0
        for name in _makers(study, product):
            more = wants[name] - out["started"][name][number]
            for need in study.plants[name].inputs:
                if _per_item(study, name, need) > 0:
                    more = min(more, room[need.product] / _per_item(study, name, need))
            if more <= 1e-12 * wants[name] or (orderly and first not in (None, product)):
                continue
            first, found[name] = first or product, more
            within = max(1.0 - number_of(study.plants[name].process_time, "day") * DAY, 0.0)
            room[product] += good_share(study, name, month) * within * more
    return found


def _makers(study: Study, product: str) -> list[str]:
    return [name for name, plant in study.plants.items() if plant.makes == product]


def _taken(study: Study, out: Any, product: str, number: int) -> float:
    """What has been taken in of a product in the month."""
    return sum(
        _per_item(study, name, need) * out["started"][name][number]
        for name, plant in study.plants.items()
        for need in plant.inputs
        if need.product == product
    )


def _before(state: State, study: Study, name: str, number: int, month: date) -> float:
    return state.stock + good_share(study, name, month) * _off(state, number)


def _off(state: State, number: int) -> float:
    """What stands at the end of the line: what comes off in the month and what was held there."""
    return state.leaving[number] + state.held


def _per_item(study: Study, name: str, need: Any) -> float:
    taken, made = study.products[need.product].counted_in, study.products[study.plants[name].makes].counted_in
    return float(need.per_item.to(f"{taken}/{made}").mode)


def _makers_first(study: Study) -> list[str]:
    """Products, each after those that go into it."""
    needs: dict[str, set[str]] = {product: set() for product in study.products}
    for plant in study.plants.values():
        needs[plant.makes] |= {need.product for need in plant.inputs}
    found: list[str] = []
    while len(found) < len(needs):
        found += [product for product in needs if product not in found and needs[product] <= set(found)]
    return found


def _learned(study: Study, name: str, made: float) -> float:
    ramp = study.plants[name].ramp
    if ramp is None or ramp.curve != "learning":
        return 1.0
    start = number_of(ramp.starts_at, "ratio")
    items = items_of(study, ramp.items_to_nameplate, study.plants[name].makes, "")
    if start >= 0.99:
        return start
    return 1 - (1 - start) * math.exp(-math.log(100 * (1 - start)) * made / items)


def _run_line(study: Study, state: State, name: str, started: float, out: Any, number: int, month: date) -> None:
    out["started"][name][number] += started
    state.on_line += started
    arrive(state.leaving, number, started, number_of(study.plants[name].process_time, "day") * DAY)


def _keep(study: Study, states: Any, on_hand: dict[str, float], out: Any, number: int, month: date) -> None:
    """What is left goes to stock; what finds no room is held up on the line and stays work in progress."""
    for name, plant in study.plants.items():
        state = states[name]
        limit = INF if plant.stock_limit is None else items_of(study, plant.stock_limit, plant.makes, "")
        good = good_share(study, name, month)
        off = _off(state, number)
        excess = min(max(on_hand[name] - limit, 0.0), good * off)
        state.held = excess / good if good > 0 else 0.0
        output = good * off - excess
        scrapped = off - state.held - output
        state.stock = on_hand[name] - excess
        state.on_line -= output + scrapped
        state.made += output
        state.waiting = min(state.waiting, state.stock)
        for row, value in (
            ("output", output),
            ("scrapped", scrapped),
            ("work_in_progress", state.on_line),
            ("stock", state.stock),
            ("waiting", state.waiting),
        ):
            out[row][name][number] = value
        regions = list(study.regions)
        shipped = {region: out["shipped"][name, region][number] for region in regions}
        state.at_sea += sum(shipped.values()) - sum(out["delivered"][name, region][number] for region in regions)
        out["at_sea"][name][number] = state.at_sea
        out["home_sales"][name][number] = shipped[plant.region]
        out["exports"][name][number] = sum(shipped.values()) - shipped[plant.region]


def _finish(orders: list[Order], out: Any) -> None:
    out["delivery_month"], out["commissioning"], out["order_share"] = {}, {}, {}
    for order in orders:
        come, shares, complete = 0.0, [], math.nan
        for number, items in enumerate(out["order_delivered"][order.name]):
            come += items
            shares.append(min(1.0, come / order.quantity))
            if math.isnan(complete) and come >= (1 - 1e-9) * order.quantity:
                complete = float(number)
        out["delivery_month"][order.name] = complete
        out["commissioning"][order.name] = complete + order.construction
        out["order_share"][order.name] = shares
