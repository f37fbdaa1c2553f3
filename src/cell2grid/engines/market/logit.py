"""Prices of firms whose variants buyers choose among, and nothing, by multinomial logit, within plants' capacities.

Each firm sets the prices of its variants, knowing how buyers go over to others (Bertrand-Nash). Without capacities all
of a firm's variants earn the same above cost, 1 / (a (1 - S)) with S the firm's share and a the sensitivity to price
(Anderson, de Palma, Thisse 1992; Nocke, Schutz 2018, doi:10.3982/ECTA14720). With them a plant's scarcity adds to its
cost; a price war of sellers of the same good is in ``price_war.py``, quantities that firms set in
``complementarity.py``. The conditions are laid out in ``logit_conditions.py``; the equations are in
docs/formulation/market-methods.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.market.lanes import summed
from cell2grid.engines.market.logit_conditions import Choice, LogitConditions, shares_at
from cell2grid.engines.market.mcp import mcp
from cell2grid.errors import EngineError, NotConvergedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

REFUSED_ABOVE = 1e-8


class LogitDemand(NamedTuple):
    """What buyers think of variants: zero utility is that of buying nothing."""

    utility: Floats  # (V, M): of each variant at a price of nothing; -inf where buyers do not know it
    price_sensitivity: Floats  # (C,) item/currency: what a unit of money takes from utility
    size: Floats  # (C,) item/year: possible buyers


class LogitEquilibrium(NamedTuple):
    """Prices and sales at which no firm can earn more by another price of its own."""

    price: Floats  # (V, M) currency/item; nan where no plant can bring the variant
    share: Floats  # (V, M) ratio: of all possible buyers
    outside: Floats  # (C,) ratio: possible buyers who buy nothing
    quantity: Floats  # (J, M) item/year: what each plant brings to each market
    scarcity: Floats  # (J,) currency/item that one more item of capacity would bring
    residual: float  # largest violation of the conditions, relative to the highest price and the number of buyers


def calibrated(
    share: Floats, outside: Floats, price: Floats, elasticity: Floats, quantity: Floats, group: Places | None = None
) -> LogitDemand:
    """The demand that sells these shares at one reference price, and falls by the elasticity when all prices rise.

    Parameters
    ----------
    share
        (V, M) [ratio] of each variant in what is sold in its choice set; they sum to 1 over it.
    outside
        (C,) [ratio] of possible buyers who buy nothing, between 0 and 1 and neither of them.
    price
        (C,) [currency/item], the same for all variants of a choice set.
    elasticity
        (C,) [ratio], above 0: percent less bought in all at prices one percent higher.
    quantity
        (C,) [item/year] that is sold in all.
    group
        (M,): the choice set of each market; one of its own where not given.

    Raises
    ------
    EngineError
        Where a figure is out of its bounds or shares do not sum to 1.

    Notes
    -----
    With S_0 the share outside, all sales 1 - S_0 fall by a p S_0 percent with a percent of price, so that
    a = elasticity / (p S_0); a variant's share s gives it the utility ln(s / S_0) + a p.

    >>> demand = calibrated(np.array([[0.6], [0.4]]), np.array([0.5]), np.array([20.0]), np.array([2.0]),
    ...     np.array([100.0]))
    >>> float(demand.price_sensitivity[0]), float(demand.size[0]), demand.utility.round(3).tolist()
    (0.2, 200.0, [[3.489], [3.084]])
    """
    places = np.arange(share.shape[1]) if group is None else np.asarray(group)
    within = (("outside", outside, 0.0, 1.0), ("price", price, 0.0, np.inf), ("elasticity", elasticity, 0.0, np.inf),
              ("quantity", quantity, 0.0, np.inf))  # fmt: skip
    for name, value, low, high in within:
        if not np.all((value > low) & (value < high)):
            raise EngineError(f"{name} of logit demand is {value}, expected above {low:g} and below {high:g}")
    for c in range(len(outside)):
        total = float(share[:, places == c].sum())
        if np.any(share < 0.0) or not abs(total - 1.0) <= 1e-6:
            raise EngineError(f"shares of choice set {c} sum to {total:g}, expected 1 of shares at or above 0")
    sensitivity = elasticity / (price * outside)
    part = share * (1.0 - outside)[places]
    with np.errstate(divide="ignore"):
        utility = np.log(part / outside[places]) + (sensitivity * price)[places]
    return LogitDemand(utility, sensitivity, quantity / (1.0 - outside))


def logit_equilibrium(
    cost: Floats,
    capacity: Floats,
    demand: LogitDemand,
    *,
    variant: Places | None = None,
    owner: Places | None = None,
    keeps: Floats | None = None,
    group: Places | None = None,
    conduct: Floats | None = None,
) -> LogitEquilibrium:
    """Prices, shares and sales of a price game among differentiated variants.

    Parameters
    ----------
    cost
        (J, M) or (J,) [currency/item]: of making, carrying and duties by the item; nan where a plant cannot sell.
    capacity
        (J,) [item/year], inf where none binds.
    demand
        Utilities (V, M), sensitivity and possible buyers (C,).
    variant, owner
        (J,): the variant that each plant makes; (V,): the firm that prices it. Each its own where not given.
    keeps
        (J, M) [ratio] of the price that is left to the seller after duties on it; all where not given.
    group
        (M,): the choice set that each market's buyers see; one of its own where not given.
    conduct
        (F, C) [ratio] of the mark-up that a firm takes, 1 Bertrand and 0 price-taking; 1 where not given.

    Returns
    -------
    LogitEquilibrium
        Of plants of one variant those that cost least sell.

    Raises
    ------
    EngineError
        Where arrays do not fit each other or hold what cannot be.
    NotConvergedError
        Where no point meets the conditions, as with a single firm and nobody who may buy nothing.

    Examples
    --------
    Two firms at cost 1 with utility 2, a = 1: each price less cost is 1 / (1 - s).

    >>> two = LogitDemand(np.full((2, 1), 2.0), np.ones(1), np.full(1, 100.0))
    >>> found = logit_equilibrium(np.ones(2), np.full(2, np.inf), two)
    >>> abs(found.price - 1.0 - 1.0 / (1.0 - found.share)).round(9).tolist()
    [[0.0], [0.0]]
    """
    choice = _choice(cost, capacity, demand, variant, owner, keeps, group, conduct)
    if not len(choice.plant):
        count = demand.utility.shape
        nothing = np.zeros((len(capacity), count[1]))
        return LogitEquilibrium(
            np.full(count, np.nan), np.zeros(count), np.ones(len(demand.size)), nothing, np.zeros(len(capacity)), 0.0
        )
    conditions = LogitConditions(choice)
    ended = mcp(conditions.value, conditions.slope, conditions.lower, conditions.upper, conditions.start())
    price, quantity, scarcity = conditions.found(ended.x)
    share, outside = shares_at(choice, price)
    worst = residual_of(choice, price, quantity, scarcity)
    if not worst <= REFUSED_ABOVE:
        raise NotConvergedError(
            f"no equilibrium of prices found: the conditions are still violated by {worst:.3g} (relative), at most "
            f"{REFUSED_ABOVE:g} is taken ({ended.reason}); check that somebody may buy nothing"
        )
    prices, shares = np.full(demand.utility.shape, np.nan), np.zeros(demand.utility.shape)
    prices[choice.offer_variant, choice.offer_market] = price
    shares[choice.offer_variant, choice.offer_market] = share
    brought = np.zeros((len(capacity), demand.utility.shape[1]))
    brought[choice.plant, choice.market] = quantity
    return LogitEquilibrium(prices, shares, outside, brought, scarcity, worst)


def residual_of(choice: Choice, price: Floats, quantity: Floats, scarcity: Floats) -> float:
    """The largest violation of the conditions at prices by offer, quantities by lane and scarcities by plant.

    Written from the definitions: a firm's gain from a higher price, what each plant's next item lacks, what is brought
    against what is bought, and capacities.
    """
    share, _ = shares_at(choice, price)
    bought = share * choice.size[choice.offer_choice]
    money, goods = float(np.max(np.abs(price))), float(np.max(choice.size))
    brought = summed(choice.offer, quantity, len(price))
    net = choice.keeps * price[choice.offer] - choice.cost - scarcity[choice.plant]
    with np.errstate(invalid="ignore", divide="ignore"):
        earned = summed(choice.offer, net * quantity, len(price)) / brought
        kept = summed(choice.offer, choice.keeps * quantity, len(price)) / brought
    earned, kept = np.nan_to_num(earned), np.nan_to_num(kept)
    worst = float(np.max(np.abs(brought - bought))) / goods
    for i, c in {(int(i), int(c)) for i, c in zip(choice.offer_firm, choice.offer_choice, strict=True)}:
        mine = (choice.offer_firm == i) & (choice.offer_choice == c)
        whole = float(share[mine] @ earned[mine])
        wanted = choice.conduct[i, c] * (kept[mine] / choice.sensitivity[c] + whole)
        # an offer that hardly anybody takes has no price that matters
        counts = share[mine] > 1e-12
        worst = max(worst, float(np.max(np.abs(earned[mine] - wanted)[counts], initial=0.0)) / money)
    lack = np.maximum(0.0, (net - earned[choice.offer]) / money)
    worst = max(worst, float(np.max(np.where(bought[choice.offer] > 1e-12 * goods, lack, 0.0), initial=0.0)))
    made = summed(choice.plant, quantity, len(choice.capacity))
    room = np.where(np.isfinite(choice.capacity), choice.capacity - made, np.inf) / goods
    return max(worst, float(np.max(np.abs(np.minimum(room, scarcity / money)), initial=0.0)))


def _choice(
    cost: Floats,
    capacity: Floats,
    demand: LogitDemand,
    variant: Places | None,
    owner: Places | None,
    keeps: Floats | None,
    group: Places | None,
    conduct: Floats | None,
) -> Choice:
    """The game by lanes and offers, with what was not given filled in and what cannot be refused."""
    plants, (variants, markets) = len(capacity), demand.utility.shape
    level = np.broadcast_to(np.asarray(cost, float).reshape(plants, -1), (plants, markets))
    makes = np.arange(plants) if variant is None else np.asarray(variant)
    prices = np.arange(variants) if owner is None else np.asarray(owner)
    places = np.arange(markets) if group is None else np.asarray(group)
    kept = np.ones((plants, markets)) if keeps is None else np.asarray(keeps, float)
    firms, sets = (int(prices.max(initial=-1)) + 1), len(demand.size)
    holds = np.ones((firms, sets)) if conduct is None else np.asarray(conduct, float)
    shapes = {
        "variant": (makes.shape, (plants,)),
        "owner": (prices.shape, (variants,)),
        "keeps": (kept.shape, (plants, markets)),
        "group": (places.shape, (markets,)),
        "conduct": (holds.shape, (firms, sets)),
        "price_sensitivity": (demand.price_sensitivity.shape, (sets,)),
    }
    for name, (shape, expected) in shapes.items():
        if shape != expected:
            raise EngineError(f"{name} of a logit game has the shape {shape}, expected {expected}")
    if np.any(makes >= variants) or np.any(makes < 0) or np.any(places >= sets) or np.any(places < 0):
        raise EngineError("a plant's variant or a market's choice set is not among those that demand has")
    if not (np.all(demand.price_sensitivity > 0.0) and np.all(demand.size > 0.0) and np.all(kept > 0.0)):
        raise EngineError("price sensitivity, possible buyers and what is kept of a price must be above 0")
    if np.any(np.isnan(demand.utility)) or np.any(demand.utility == np.inf) or np.any(np.isnan(capacity)):
        raise EngineError("a utility or a capacity of a logit game is not a number")
    there = np.isfinite(level) & (np.asarray(capacity) > 0.0)[:, None] & np.isfinite(demand.utility[makes])
    plant, market = np.nonzero(there)
    offers, offer = np.unique(np.stack([makes[plant], market]), axis=1, return_inverse=True)
    return Choice(
        plant,
        market,
        offer.reshape(-1),
        level[plant, market],
        kept[plant, market],
        np.asarray(capacity, float),
        offers[0],
        offers[1],
        prices[offers[0]],
        places[offers[1]],
        demand.utility[offers[0], offers[1]],
        demand.price_sensitivity,
        demand.size,
        holds,
    )
