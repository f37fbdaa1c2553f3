"""Rules on the money of what is carried: freight, prices that duties are counted from, and damages of late orders.

Each is money for one item; what one plant's goods cost and sell for can be brought to one currency. The money of
projects is in ``rules/money.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

from cell2grid.study.model import Duty, Plant, Study
from cell2grid.study.quantity import Quantity
from cell2grid.study.refusals import Problem
from cell2grid.study.rules.figures import count_problems
from cell2grid.study.rules.money import add_rate, exchangeable
from cell2grid.study.rules.orders import orders_of
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import currency, same_kind

_Sum = tuple[KeyPath, Quantity, str | None]  # the figure and the product it is for; None where it is for all


def carried_money_is_money(study: Study) -> Iterator[Problem]:
    """Freight and prices are money per item of their product, damages by the day too; none is below nothing."""
    for path, figure, product in _sums(study):
        per_day = path[-1] == "late_damages"
        if figure.unfilled:
            continue
        if not per_day:
            yield from money_of_item_problems(study, path, figure, product)
            continue
        money = currency(figure.unit)
        noun = "vehicle" if product is None else study.products[product].counted_in
        if money is None or not same_kind(figure.unit, f"{money}/item/day"):
            text = f"'{figure.text}' is no money per item and day; write '40 {money or 'USD'}/{noun}/day'"
            yield Problem(path, text)
        elif figure.magnitude.low < 0:
            yield Problem(path, f"'{figure.text}' is below 0, the least it can be; correct it")
        elif product is not None:
            yield from count_problems(figure, study.products[product], path, product)


def money_of_item_problems(study: Study, path: KeyPath, figure: Quantity, product: str | None) -> Iterator[Problem]:
    """The figure is money for one item of the product, or for its energy where that is known, and not below 0."""
    money = currency(figure.unit)
    made = None if product is None else study.products[product]
    for_energy = money is not None and made is not None and same_kind(figure.unit, f"{money}/MWh")
    if not for_energy and (money is None or not same_kind(figure.unit, f"{money}/item")):
        noun = "vehicle" if made is None else made.counted_in
        if money is not None and made is None and same_kind(figure.unit, f"{money}/MWh"):
            text = f"'{figure.text}' is for energy, and of no one product whose energy is known; say 'product'"
            yield Problem(path, f"{text} in a row of its own, or write '1100 {money}/vehicle'")
            return
        energy = "" if made is None or made.energy is None else f" or '70 {money or 'USD'}/kWh'"
        text = f"'{figure.text}' is no money per item; write '1100 {money or 'USD'}/{noun}'{energy}"
        yield Problem(path, text)
    elif figure.magnitude.low < 0:
        yield Problem(path, f"'{figure.text}' is below 0, the least it can be; correct it")
    elif product is not None and made is not None:
        yield from count_problems(figure, made, path, product)


def _sums(study: Study) -> Iterator[_Sum]:
    for index, lane in enumerate(study.lanes):
        if lane.cost is not None:
            yield ("lanes", index, "cost"), lane.cost, lane.product
    for name, market in study.markets.items():
        for row, demand in enumerate(market.demand):
            if demand.price is not None:
                yield ("markets", name, "demand", row, "price"), demand.price, market.product
    for index, duty in enumerate(study.duties):
        if duty.amount is not None:
            yield ("duties", index, "amount"), duty.amount, duty.product
    for path, order, _ in orders_of(study):
        for key, figure in (("late_damages", order.late_damages), ("late_damages_most", order.late_damages_most)):
            if figure is not None:
                yield (*path, key), figure, order.product


def damages_can_be_counted(study: Study) -> Iterator[Problem]:
    """Damages are for days after a day that is wanted, and what is the most of them has damages to limit."""
    for path, order, _ in orders_of(study):
        if order.late_damages is not None and order.wanted is None:
            text = f"'{order.late_damages.text}' is for days after the one that is wanted; add 'wanted'"
            yield Problem((*path, "late_damages"), text)
        if order.late_damages_most is not None and order.late_damages is None:
            text = f"'{order.late_damages_most.text}' limits damages, and there are none; add 'late_damages'"
            yield Problem((*path, "late_damages_most"), text)


def money_of(study: Study, plant: str) -> list[tuple[KeyPath, Quantity]]:
    """Every figure of money that what the plant makes is carried or sold for, with its path."""
    made, origin = study.plants[plant].makes, study.plants[plant].region
    ways = [lane for lane in study.lanes if lane.origin == origin and lane.product in (None, made)]
    reached = {origin, *(lane.destination for lane in ways)}
    own = {path for path, order, _ in orders_of(study) if order.plant == plant}
    found = []
    for path, figure, product in _sums(study):
        part = {
            "lanes": path[0] == "lanes" and study.lanes[int(path[1])] in ways,
            "markets": path[0] == "markets" and product == made and study.markets[str(path[1])].region in reached,
            "duties": path[0] == "duties" and _is_levied(study.duties[int(path[1])], study.plants[plant], reached),
        }
        if part.get(str(path[0]), path[:-1] in own):
            found.append((path, figure))
    return found


def _is_levied(duty: Duty, plant: Plant, reached: set[str]) -> bool:
    pairs = ((duty.origin, plant.region), (duty.firm, plant.owner), (duty.product, plant.makes))
    return duty.destination in reached - {plant.region} and all(wanted in (None, own) for wanted, own in pairs)


def plant_currency(study: Study, plant: str) -> str | None:
    """The currency that the plant's freight, duties and damages are counted in; None where it has no money.

    The one that all is in; of several, that of the plant's region, or else the first by its code, into which all the
    others can be exchanged.
    """
    used = sorted({str(currency(figure.unit)) for _, figure in money_of(study, plant)})
    region = study.regions.get(study.plants[plant].region)
    at_home = [] if region is None or region.currency is None or len(used) < 2 else [region.currency]
    for money in [*at_home, *used]:
        if all(exchangeable(study.exchange_rates, own, money) for own in used):
            return money
    return None


def carried_money_can_be_exchanged(study: Study) -> Iterator[Problem]:
    """What a plant's goods are carried and sold for is in one currency, or there are dated rates to bring it there."""
    for plant in study.plants:
        figures = [row for row in money_of(study, plant) if not row[1].unfilled and currency(row[1].unit) is not None]
        if not figures or plant_currency(study, plant) is not None:
            continue
        (_, first), *rest = figures
        money = currency(first.unit)
        for path, figure in rest:
            own = currency(figure.unit)
            if not exchangeable(study.exchange_rates, own, money):
                text = f"'{figure.text}' is in {own}, and '{first.text}' of the same plant '{plant}' in {money}"
                yield Problem(path, f"{text}; {add_rate(str(money), own)}")
                break
