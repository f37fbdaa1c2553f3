"""What buyers of a study's markets ask for at which price, as curves by term; and products that stand in for others.

A row of demand is a point: the quantity that is bought at a price, and how it answers to the price there. A term in
which several rows hold, or shocks leave a part, has their quantities added and the rest weighed by these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.run.drawn.figures import items_of
from cell2grid.run.market.terms import MONTHS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cell2grid.run.inputs.plants import Values
    from cell2grid.run.inputs.shocks import Shocks
    from cell2grid.run.market.money import Money

_QUANTITY = ("demand_slope", "demand_scale")
_PRICE = ("demand_intercept", "demand_slope", "demand_scale")


class Points(NamedTuple):
    """The point of each market by member and term; ``quantity`` is 0 where nobody asks for anything."""

    quantity: NDArray[np.float64]  # (member, market, term) item/year
    price: NDArray[np.float64]  # (member, market, term) currency/item
    elasticity: NDArray[np.float64]  # (member, market, term)


def points_of(money: Money, markets: Sequence[str], shocks: Shocks) -> Points:
    """Quantity, price and elasticity of each market, weighed by quantity over the months of each term."""
    shape = (money.figures.count, len(markets), len(money.terms.labels))
    quantity, price, elasticity = np.zeros((3, *shape))
    for place, name in enumerate(markets):
        left = shocks.of_market(name)
        for number, asked, each, answer in _rows(money, name):
            # the part of each term in which the row holds, times what shocks leave then
            part = money.terms.mean(left * _holds(money, name, number))
            taken = asked[:, None] * part
            quantity[:, place] += taken
            price[:, place] += taken * each
            elasticity[:, place] += taken * answer[:, None]
    asked_for = quantity > 0.0
    nothing = ~asked_for
    return Points(
        quantity,
        np.divide(price, quantity, out=np.zeros(shape), where=asked_for),
        np.divide(elasticity, quantity, out=np.zeros(shape), where=asked_for) + nothing,
    )


def _rows(money: Money, market: str) -> list[tuple[int, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
    """The number of each row with its items a year, its price by member and term, and its elasticity."""
    study, figures = money.study, money.figures
    product, found = study.markets[market].product, []
    for number, row in enumerate(study.markets[market].demand):
        path = f"markets.{market}.demand.{number}"
        if row.quantity is None or row.price is None or row.elasticity is None:
            continue
        items = items_of(study, figures, _QUANTITY[0], f"{path}.quantity", row.quantity, product, "/month")
        figures.note(_QUANTITY[1], f"{path}.quantity")
        price = money.of_item(_PRICE, f"{path}.price", row.price, product)
        answer = figures.drawn("demand_elasticity", f"{path}.elasticity", row.elasticity, "ratio")
        for variable in ("demand_intercept", "demand_slope", "demand_scale"):
            figures.note(variable, f"{path}.elasticity")
        found.append((number, MONTHS_A_YEAR * items, price, answer))
    return found


def _holds(money: Money, market: str, number: int) -> NDArray[np.float64]:
    """1 in the months from a row's first on, up to the next row's (period)."""
    rows = money.study.markets[market].demand
    start = rows[number].start
    later = min((row.start for row in rows if row.start > start), default=None)
    months = money.terms.periods
    return np.array([month >= start and (later is None or month < later) for month in months], dtype=np.float64)


def demand_values(money: Money, markets: Sequence[str], points: Points) -> Values:
    """The curves through the points, by name with their dims.

    Linear: price = intercept - slope x sales, less what the sales of products that stand in for it take, so that the
    point is on the curve where each of these sells its own quantity. Iso-elastic: sales = scale x price^-elasticity.
    """
    asked = points.quantity > 0.0
    slope = np.divide(
        points.price,
        points.elasticity * points.quantity,
        out=np.ones_like(points.price),
        where=asked & (points.price > 0.0),
    )
    cross = _crossed(money, markets, slope, asked)
    intercept = points.price * (1.0 + 1.0 / points.elasticity) + np.einsum("bmnt,bnt->bmt", cross, points.quantity)
    with np.errstate(over="ignore"):
        scale = points.quantity * points.price**points.elasticity
    by_market = ("member", "market", "term")
    return {
        "demand_intercept": (by_market, intercept),
        "demand_slope": (by_market, slope),
        "cross_slope": (("member", "market", "other_market", "term"), cross),
        "demand_scale": (by_market, np.where(asked, scale, 1.0)),
        "demand_elasticity": (by_market, points.elasticity),
    }


def forms(money: Money, markets: Sequence[str]) -> list[str]:
    """The form of each market's curve; a straight line where nothing is said."""
    found: list[str] = []
    for name in markets:
        said = [row.form for row in money.study.markets[name].demand if row.form is not None]
        found.append(said[0] if said else "linear")
    return found


def _crossed(
    money: Money, markets: Sequence[str], slope: NDArray[np.float64], asked: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """What the price of each market falls with an item more in another (member, market, other_market, term)."""
    members, count, terms = slope.shape
    cross = np.zeros((members, count, count, terms))
    competition = money.study.competition
    for group, rule in enumerate(competition.substitution if competition is not None else ()):
        if rule.form != "matrix":
            continue
        for number, row in enumerate(rule.cross):
            one, other = (markets.index(name) for name in row.between)
            path = f"competition.substitution.{group}.cross.{number}.strength"
            strength = money.figures.drawn("cross_slope", path, row.strength, "ratio")[:, None]
            both = np.where(asked[:, one] & asked[:, other], np.sqrt(slope[:, one] * slope[:, other]), 0.0)
            cross[:, one, other] = cross[:, other, one] = strength * both
    return cross
