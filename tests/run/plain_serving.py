"""Who is served what in a month, in plain loops: turn by turn, rank by rank, orders before markets, round by round.

Part of the independent program ``plain_chain.py``, and written as that is: from the pages alone, for one member.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from plain_reading import (
    INF,
    Turn,
    arrive,
    count_of,
    demand_of,
    items_of,
    lead_of,
    left_at_end,
    number_of,
    on_lane,
    on_plant,
    rank_of,
    turns_of,
)

from cell2grid.study.model import Study


@dataclass
class Order:
    name: str
    plant: str
    region: str
    quantity: float
    begins: int
    wanted: date | None
    ordered: date
    part: Any
    construction: float = 0.0
    left: float = 0.0


def orders_of(study: Study, months: list[date]) -> list[Order]:
    """All orders in the order of their plants' queues."""
    rows = [(name, project.order, project.region, project) for name, project in study.projects.items() if project.order]
    for name, placed in study.orders.items():
        region = placed.region or study.markets[str(placed.market)].region
        rows.append((name, placed, region, None))
    found = []
    for name, part, region, project in rows:
        energy = study.products[part.product].energy
        if part.quantity is not None:
            quantity = items_of(study, part.quantity, part.product, "")
        else:
            noun = study.products[part.product].counted_in
            quantity = float(math.ceil(part.energy.to("MWh").mode / energy.to(f"MWh/{noun}").mode - 1e-9))
        begins = count_of(part.ordered.first) - count_of(months[0])
        wanted = None if part.wanted is None else part.wanted.last
        construction = number_of(project.construction, "month") if project is not None else 0.0
        order = Order(name, part.plant, region, quantity, begins, wanted, part.ordered.first, part, construction)
        order.left = quantity
        found.append(order)

    def place(order: Order) -> tuple[Any, ...]:
        if study.plants[order.plant].priority == "first-come":
            return (order.plant, False, order.ordered, order.ordered, order.name)
        return (order.plant, order.wanted is None, order.wanted or date.max, order.ordered, order.name)

    return sorted(found, key=place)


@dataclass
class _Offer:
    """What a plant has left of a turn's offer, and how it may use it."""

    room: float
    normal: float  # what may still go abroad in a normal month
    now: float  # what may still go abroad as ports are
    kept: float  # of what has waited for its way abroad, what home does not get


_Edge = tuple[str, str]  # plant and market


class Month:
    """Who is served in one month: turn by turn, rank by rank, orders before markets."""

    def __init__(
        self, study: Study, waiting: dict[str, float], orders: list[Order], left: dict[str, float], at: Any, out: Any
    ) -> None:
        self.study, self.orders, self.out = study, orders, out
        self.number, self.month = at
        self.left = left  # still at the plant
        self.on_hand = dict(left)
        self.aside = dict.fromkeys(study.plants, 0.0)  # of it, what shocks keep from leaving
        self.before = waiting  # what has waited for its way abroad, and is not used yet
        self.missing = {name: demand_of(study, name, self.month) for name in study.markets}
        self.asked = dict(self.missing)
        self.wanted = {order.name: order.left for order in orders if order.begins <= self.number}
        self.offers: dict[str, _Offer] = {}
        self.ranks: dict[tuple[str, str], int] = {}
        self.ports = {name: left_at_end(on_plant(study, name, "exports"), self.month) for name in study.plants}

    def serve(self) -> None:
        plans = {name: turns_of(self.study, name, self.month) for name in self.study.plants}
        for turn in range(max(len(plan) for plan in plans.values())):
            self.offers, self.ranks = {}, {}
            for name, plan in plans.items():
                if turn < len(plan):
                    self._offer(name, plan[turn])
            for name, offer in self.offers.items():
                offer.kept = min(self.before[name], offer.room, self._wanted_abroad(name))
            for rank in (0, 1):
                self._serve_orders(rank)
                self._serve_markets(rank)

    def _offer(self, name: str, turn: Turn) -> None:
        free = max(self.left[name] - self.aside[name], 0.0)
        room = free if turn.last else min(turn.part * self.on_hand[name], free)
        waits = min(self.before[name], room)
        normal = waits + turn.most * (room - waits)
        self.offers[name] = _Offer(room, normal, normal * self.ports[name], 0.0)
        for region in self.study.regions:
            if lead_of(self.study, name, region, self.month) is not None:
                self.ranks[name, region] = rank_of(turn.first, self.study.plants[name].region, region)

    def _sells(self, name: str, market: str) -> bool:
        part = self.study.markets[market]
        return part.product == self.study.plants[name].makes and (name, part.region) in self.ranks

    def _is_home(self, name: str, market: str) -> bool:
        return self.study.markets[market].region == self.study.plants[name].region

    def _wanted_abroad(self, name: str) -> float:
        """What markets abroad ask of the plant, in proportion to what is offered, and what its orders ask."""
        plant, whole = self.study.plants[name], 0.0
        for market, asked in self.asked.items():
            sellers = [seller for seller in self.offers if self._sells(seller, market)]
            offered = sum(self.offers[seller].room for seller in sellers)
            if name in sellers and not self._is_home(name, market) and self.offers[name].room > 0:
                whole += asked if asked == INF else asked * self.offers[name].room / offered
        mine = [order for order in self.orders if order.plant == name and order.region != plant.region]
        return whole + sum(self.wanted.get(order.name, 0.0) for order in mine)

    # --- orders

    def _serve_orders(self, rank: int) -> None:
        for order in self.orders:
            name, region = order.plant, order.region
            if self.ranks.get((name, region)) != rank or order.name not in self.wanted:
                continue
            offer, wanted = self.offers[name], self.wanted[order.name]
            if region == self.study.plants[name].region:
                would = does = min(wanted, max(offer.room - offer.kept, 0.0))
            else:
                would = min(wanted, offer.room, offer.normal)
                does = min(would * self._open(name, region), offer.now)
            self._send(name, region, would, does)
            self.wanted[order.name] -= would
            order.left -= does
            lead = lead_of(self.study, name, region, self.month) or 0.0
            arrive(self.out["order_delivered"][order.name], self.number, does, lead)

    def _open(self, name: str, region: str) -> float:
        """The part that the lane lets through."""
        return left_at_end(on_lane(self.study, name, region), self.month)

    def _send(self, name: str, region: str, would: float, does: float) -> None:
        """``would`` leaves what others are served from; ``does`` leaves the plant; what is between is set aside."""
        offer = self.offers[name]
        offer.room -= would
        self.left[name] -= does
        self.out["shipped"][name, region][self.number] += does
        lead = lead_of(self.study, name, region, self.month) or 0.0
        arrive(self.out["delivered"][name, region], self.number, does, lead)
        if region != self.study.plants[name].region:
            offer.normal -= would
            offer.now -= does
            offer.kept = max(offer.kept - would, 0.0)
            self.before[name] = max(self.before[name] - would, 0.0)
            self.aside[name] += would - does

    # --- markets

    def _serve_markets(self, rank: int) -> None:
        limited = [market for market, demand in self.missing.items() if demand < INF]
        endless = [market for market in self.missing if market not in limited]
        self._ask(self._edges(limited, (rank,)))
        # what shocks keep from a market, plants that no shock holds may bring instead
        asked, self.asked = self.asked, dict(self.missing)
        self._ask([edge for edge in self._edges(limited, range(rank + 1)) if self._unhurt(*edge)])
        self.asked = {market: min(asked[market], self.missing[market]) for market in asked}
        self._ask(self._edges(endless, (rank,)))

    def _edges(self, markets: list[str], ranks: Any) -> list[_Edge]:
        return [
            (name, market)
            for name in self.offers
            for market in markets
            if self._sells(name, market) and self.ranks[name, self.study.markets[market].region] in ranks
        ]

    def _unhurt(self, name: str, market: str) -> bool:
        if self._is_home(name, market):
            return True
        return self.ports[name] >= 1 and self._open(name, self.study.markets[market].region) >= 1

    def _ask(self, edges: list[_Edge]) -> None:
        """Markets ask in proportion to what plants can give, again and again until nothing more is given."""
        for _ in range(200):
            asks = {edge: ask for edge in edges if (ask := self._of(edge, edges)) > 0}
            if sum([self._give(name, asks) for name in self.offers]) <= 1e-12 * sum(self.on_hand.values()):
                return

    def _can(self, edge: _Edge) -> float:
        offer = self.offers[edge[0]]
        return max(offer.room - offer.kept if self._is_home(*edge) else min(offer.room, offer.normal), 0.0)

    def _of(self, edge: _Edge, edges: list[_Edge]) -> float:
        """What the market asks of the plant."""
        can = self._can(edge)
        if can <= 0 or self.asked[edge[1]] <= 0:
            return 0.0
        return self.asked[edge[1]] * can / sum(self._can(other) for other in edges if other[1] == edge[1])

    def _give(self, name: str, asks: dict[_Edge, float]) -> float:
        """Scarce items in proportion to what is asked, evenly where all ask for all; home gets what exports may not."""
        offer = self.offers[name]
        mine = {market: ask for (plant, market), ask in asks.items() if plant == name}
        weight = {market: 1.0 if ask == INF else ask for market, ask in mine.items()}
        far = [market for market in mine if not self._is_home(name, market)]
        near = [market for market in mine if self._is_home(name, market)]
        part = sum(weight[market] for market in far) / sum(weight.values()) if mine else 0.0
        to_far = min(sum(mine[market] for market in far), offer.room * part, offer.normal)
        to_near = min(
            sum(mine[market] for market in near), max(offer.room - to_far - max(offer.kept - to_far, 0.0), 0.0)
        )
        would = {}
        for side, items in ((far, to_far), (near, to_near)):
            whole = sum(weight[market] for market in side)
            would |= {market: items * weight[market] / whole for market in side}
        does = dict(would)
        for market in far:
            does[market] *= self._open(name, self.study.markets[market].region)
        leaving = sum(does[market] for market in far)
        for market in far:
            does[market] *= min(offer.now / leaving, 1.0) if leaving > 0 else 0.0
        for market in mine:
            self._send(name, self.study.markets[market].region, would[market], does[market])
            self.asked[market] -= would[market] if self.asked[market] < INF else 0.0
            self.missing[market] -= does[market] if self.missing[market] < INF else 0.0
        return sum(would.values())
