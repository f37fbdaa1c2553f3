"""What carrying goods to a study's markets costs, and what is paid at their borders: duties, quotas and undertakings.

Which duty applies to what is said by ``run/landing.py``, for freight and duties of the ledger's deliveries. A duty that
is in force for a part of a term counts by that part; within it a quota is the same for a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.run.drawn.figures import items_of
from cell2grid.run.inputs.lanes import lane_number
from cell2grid.run.landing import applies
from cell2grid.run.market.terms import MONTHS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cell2grid.run.inputs.plants import Values
    from cell2grid.run.market.money import Money
    from cell2grid.study.model import Duty, Study

_BASE = {"customs": "duty_on_cost", "price": "duty_on_price"}
_OVER = {"customs": "over_on_cost", "price": "over_on_price"}
MOSTLY = 0.5  # of a term: an undertaking that is in force for as much of it binds in it


def ways(study: Study, plants: Sequence[str], markets: Sequence[str]) -> Iterator[tuple[int, int, int | None]]:
    """Place of each plant and market that the plant's product can be sold in, with the lane; None at home."""
    for row, name in enumerate(plants):
        plant = study.plants[name]
        for column, label in enumerate(markets):
            market = study.markets[label]
            if market.product != plant.makes:
                continue
            lane = lane_number(study.lanes, plant.region, market.region, plant.makes)
            if lane is not None or plant.region == market.region:
                yield row, column, None if plant.region == market.region else lane


def selling(study: Study) -> tuple[list[str], list[str]]:
    """The plants and the markets of the game: those with prices and elasticities, and who can bring goods there."""
    markets = [name for name, market in study.markets.items() if makes_its_price(study, name) and market.demand]
    everyone = list(study.plants)
    able = {row for row, _, _ in ways(study, everyone, markets)}
    return [name for row, name in enumerate(everyone) if row in able], markets


def makes_its_price(study: Study, market: str) -> bool:
    """Whether what a market takes follows from its price."""
    rows = study.markets[market].demand
    return any(row.elasticity is not None and row.price is not None and row.quantity is not None for row in rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Borders:
    """The arrays that are filled lane by lane (member, plant, market, term), and of quotas (member, quota, term)."""

    freight: NDArray[np.float64]
    on_cost: NDArray[np.float64]
    on_price: NDArray[np.float64]
    amount: NDArray[np.float64]
    least: NDArray[np.float64]
    counts: NDArray[np.float64]
    quota: NDArray[np.float64]
    over_on_cost: NDArray[np.float64]
    over_on_price: NDArray[np.float64]

    @classmethod
    def blank(cls, members: int, plants: int, markets: int, quotas: int, terms: int) -> _Borders:
        shape, over = (members, plants, markets, terms), (members, quotas, terms)
        return cls(
            *(np.full(shape, np.nan), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.full(shape, np.nan)),
            *(np.zeros((quotas, plants, markets)), np.full(over, np.inf), np.zeros(over), np.zeros(over)),
        )


def border_values(money: Money, plants: Sequence[str], markets: Sequence[str]) -> Values:
    """Freight, duties, quotas and least prices by name with their dims; freight is missing where no lane leads.

    Raises
    ------
    StudyError
        There is no rate between two currencies.
    """
    study = money.study
    quotas = [number for number, duty in enumerate(study.duties) if duty.quota is not None]
    found = _Borders.blank(money.figures.count, len(plants), len(markets), len(quotas), len(money.terms.labels))
    for row, column, lane in ways(study, plants, markets):
        plant, region = study.plants[plants[row]], study.markets[markets[column]].region
        cost = None if lane is None else study.lanes[lane].cost
        found.freight[:, row, column] = 0.0
        if cost is not None:
            path = f"lanes.{lane}.cost"
            found.freight[:, row, column] = money.of_item(["selling_freight"], path, cost, plant.makes)
        if lane is None:
            continue
        for number, duty in enumerate(study.duties):
            if applies(duty, plant, region):
                place = quotas.index(number) if number in quotas else None
                _levy(money, found, (row, column), number, place, plant.makes)
        _importers_part(money, found, (row, column))
    for place, number in enumerate(quotas):
        _limit(money, found, place, number, study.duties[number], plants)
    lanes, over = ("member", "plant", "market", "term"), ("member", "quota", "term")
    return {
        "selling_freight": (lanes, found.freight),
        "duty_on_cost": (lanes, found.on_cost),
        "duty_on_price": (lanes, found.on_price),
        "duty_amount": (lanes, found.amount),
        "least_price": (lanes, found.least),
        "in_quota": (("quota", "plant", "market"), found.counts),
        "quota_amount": (over, found.quota),
        "over_on_cost": (over, found.over_on_cost),
        "over_on_price": (over, found.over_on_price),
        "over_amount": (over, np.zeros_like(found.quota)),
    }


def quota_names(study: Study) -> list[str]:
    """What each quota is called: the name of its duty, or its place among the duties."""
    return [duty.name or f"duties.{number}" for number, duty in enumerate(study.duties) if duty.quota is not None]


def _levy(money: Money, found: _Borders, at: tuple[int, int], number: int, quota: int | None, product: str) -> None:
    """Add what one duty takes of the sales of one plant in one market."""
    where, duty = (slice(None), *at), money.study.duties[number]
    path, part = f"duties.{number}", money.terms.in_force(duty.start, duty.end)
    if duty.rate is not None:
        variable = _BASE[duty.base]
        _note_days(money, variable, path, duty)
        rate = money.figures.drawn(variable, f"{path}.rate", duty.rate, "ratio")[:, None] * part
        (found.on_cost if duty.base == "customs" else found.on_price)[where] += rate
    if duty.amount is not None:
        _note_days(money, "duty_amount", path, duty)
        found.amount[where] += part * money.of_item(["duty_amount"], f"{path}.amount", duty.amount, product)
    if duty.minimum_price is not None:
        _note_days(money, "least_price", path, duty)
        least = money.of_item(["least_price"], f"{path}.minimum_price", duty.minimum_price, product)
        found.least[where] = np.where(part >= MOSTLY, np.fmax(found.least[where], least), found.least[where])
    if quota is not None:
        found.counts[(quota, *at)] = 1.0


def _note_days(money: Money, variable: str, path: str, duty: Duty) -> None:
    for key in ("start", "end"):
        if getattr(duty, key) is not None:
            money.figures.note(variable, f"{path}.{key}")


def _limit(money: Money, found: _Borders, place: int, number: int, duty: Duty, plants: Sequence[str]) -> None:
    """What may come in at a quota's lower rate, and what is paid above it besides."""
    path, part = f"duties.{number}", money.terms.in_force(duty.start, duty.end)
    counted = [plant for row, plant in enumerate(plants) if found.counts[place, row].any()]
    if duty.quota is None or not counted:
        return
    product = money.study.plants[counted[0]].makes
    items = items_of(money.study, money.figures, "quota_amount", f"{path}.quota", duty.quota, product, "/month")
    found.quota[:, place] = np.where(part > 0.0, MONTHS_A_YEAR * items[:, None], np.inf)
    if duty.rate_over is not None:
        variable = _OVER[duty.base]
        _note_days(money, variable, path, duty)
        rate = money.figures.drawn(variable, f"{path}.rate_over", duty.rate_over, "ratio")
        if duty.rate is not None:
            rate = rate - money.figures.drawn(variable, f"{path}.rate", duty.rate, "ratio")
        over = np.maximum(rate, 0.0)[:, None] * part
        (found.over_on_cost if duty.base == "customs" else found.over_on_price)[:, place] = over / (
            1.0 if duty.base == "customs" else 1.0 - importers_share(money)[:, None]
        )


def _importers_part(money: Money, found: _Borders, at: tuple[int, int]) -> None:
    """Let the importer keep its part of the price: what the seller and customs share is the rest."""
    where = (slice(None), *at)
    found.on_price[where] = (1.0 + found.on_price[where]) / (1.0 - importers_share(money)[:, None]) - 1.0


def importers_share(money: Money) -> NDArray[np.float64]:
    """What importers keep of the selling price abroad (member) [ratio]."""
    competition = money.study.competition
    if competition is None or competition.importer_margin is None:
        return np.zeros(money.figures.count)
    path = "competition.importer_margin"
    return money.figures.drawn("duty_on_price", path, competition.importer_margin, "ratio")
