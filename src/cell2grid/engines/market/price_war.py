"""Price wars: firms that hold nothing back, stocks that are sold off, plants that cannot pay and close, month by month.

Each term is a market (``engines.market``) in which those who fight take the price as it is. What a term leaves, plants
that have lost money for too long, is gone from the next, so that terms are solved in turn, with all members at once.
Whether a war ends at marginal cost is asked in ``pivotal.py``. The equations are in docs/formulation/price-war.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines import market
from cell2grid.engines.market.war_stocks import merged, with_stock_plants
from cell2grid.errors import EngineError
from cell2grid.nomenclature import labelled, require, variable

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

READS = (*market.READS, "cash_cost", "exit_after", "stock_clearing", "term_months", "war")
WRITES = (*market.WRITES, "months_below", "plant_closed", "price_floor")
# parts of the price that are taken for nothing where a price is held against a cost
_ROUNDING = 1e-6


class _State(NamedTuple):
    """What a term hands to the next (member, plant): who is closed, months below cash cost on end, and by how much."""

    closed: NDArray[np.bool_]
    below: NDArray[np.float64]
    lost: NDArray[np.float64]


def fought(arrays: xr.Dataset, *, together: bool = False) -> xr.Dataset:
    """Prices, sales and closures of a war, term by term.

    Parameters
    ----------
    arrays
        The READS: those of the market engine, with the ``conduct`` of the war where it is fought, and ``war`` (firm,
        market, term), the part of the term in which the firm fights, ``cash_cost`` (missing where a plant never
        closes), ``exit_after`` (member) [month], infinite where none closes, ``stock_clearing`` [item/year] and
        ``term_months``.
    together
        Whether all plants that are due close at once. Without it they close one after another, the one furthest below
        its cash cost first, for as long as the price that this leaves is still below the cash cost of the next.

    Returns
    -------
    The WRITES. A plant that ``exit_after`` months of war on end could sell only below its cash cost is closed from the
    next term on. ``sales_utilisation`` counts what a plant makes, and not what it sells from stock.

    Raises
    ------
    EngineError
        A variable is missing or has other dims or another unit, or one is outside its range.

    The equations are on the formulation page ``price-war``.
    """
    require(arrays, READS, of="price war")
    _check(arrays)
    whole, places = with_stock_plants(arrays)
    fights = arrays["war"].transpose("firm", "market", "term").values.max(axis=0)
    shape = (arrays.sizes["member"], arrays.sizes["plant"])
    state = _State(np.zeros(shape, dtype=np.bool_), np.zeros(shape), np.zeros(shape))
    found = []
    for t in range(arrays.sizes["term"]):
        one, peace = whole.isel(term=[t]), arrays.isel(term=[t])
        solved, state = _with_closures(one, peace, state, places, together=together)
        state = _counted(peace, solved, state, fights[:, t])
        found.append(_told(one, peace, solved, state, bool(fights[:, t].any())))
    import xarray as xr

    return labelled(
        xr.concat(found, dim="term", data_vars="minimal", join="exact").drop_vars("decides", errors="ignore")
    )


def _check(arrays: xr.Dataset) -> None:
    for name in ("stock_clearing", "exit_after", "term_months", "war"):
        values = arrays[name].values
        wrong = values[~(values >= 0.0)]
        if wrong.size:
            raise EngineError(f"price war: {name} is {float(wrong[0]):g} somewhere, expected from 0")


def _with_closures(
    one: xr.Dataset, peace: xr.Dataset, state: _State, places: NDArray[np.int64], *, together: bool
) -> tuple[xr.Dataset, _State]:
    """The term's market after those that are due have closed, and who is left in what state.

    ``one`` has the plants of ``peace`` and their stocks; ``places`` are the plants that the stocks are of.
    """
    limit = peace["exit_after"].values[:, None]
    # a margin, as months of terms are added up
    due = ~state.closed & (state.below > 0.0) & (state.below >= limit - _ROUNDING)
    closed = state.closed | (due if together else _first(due, state.lost, peace))
    solved = _solved(one, closed, places)
    while not together:
        lost = _shortfall(peace, solved)
        waiting = due & ~closed & (lost > 0.0)
        again = np.flatnonzero(waiting.any(axis=1))
        if not len(again):
            break
        closed = closed | _first(waiting, lost, peace)
        part = _solved(one.isel(member=again), closed[again], places)
        solved = _replaced(solved, part, again)
    # who was due and is not below the price that is left begins to count anew
    return solved, state._replace(closed=closed, below=np.where(due & ~closed, 0.0, state.below))


def _first(due: NDArray[np.bool_], lost: NDArray[np.float64], peace: xr.Dataset) -> NDArray[np.bool_]:
    """Of those that are due the one of each member that leaves first.

    The one furthest below its cash cost; of equals the largest, as it has most to lose by staying (Ghemawat and
    Nalebuff, 1985, doi:10.2307/2555409); of equals again by name, so that the order of rows decides nothing.
    """
    size = peace["sales_capacity"].transpose("member", "plant", "term").values[..., 0]
    names = np.argsort(np.argsort(peace["plant"].values.astype(str), kind="stable"), kind="stable")
    first = np.zeros_like(due)
    for b in np.flatnonzero(due.any(axis=1)):
        candidates = np.flatnonzero(due[b])
        rounded = np.round(lost[b, candidates], 9)
        order = np.lexsort((names[candidates], -size[b, candidates], -rounded))
        first[b, candidates[order[0]]] = True
    return first


def _solved(one: xr.Dataset, closed: NDArray[np.bool_], places: NDArray[np.int64]) -> xr.Dataset:
    """The market without the closed plants, each with what is sold from its stock."""
    making = one.sizes["plant"] - len(places)
    capacity = one["sales_capacity"].transpose("member", "plant", "term").values.copy()
    capacity[:, :making, 0][closed] = 0.0
    shown = one.assign(sales_capacity=(("member", "plant", "term"), capacity))
    return merged(shown, market.solve(shown[list(market.READS)]), places)


def _replaced(solved: xr.Dataset, part: xr.Dataset, members: NDArray[np.int64]) -> xr.Dataset:
    """The same results with those of some members exchanged."""
    changed = {}
    for name in solved.data_vars:
        values = solved[name].transpose("member", ...).values.copy()
        values[members] = part[name].transpose("member", ...).values
        changed[name] = (solved[name].transpose("member", ...).dims, values)
    return solved.assign(changed)


def _shortfall(peace: xr.Dataset, solved: xr.Dataset) -> NDArray[np.float64]:
    """By how much what a plant is left with for an item is below its cash cost (member, plant) [currency/item]; 0 where
    it is not, where the plant has no cash cost or no capacity, and where it can sell nowhere."""
    lanes = ("member", "plant", "market", "term")

    def lane(name: str) -> NDArray[np.float64]:
        values: NDArray[np.float64] = peace[name].transpose(*lanes).values[..., 0]
        return values

    price = solved["market_price"].transpose("member", "market", "term").values[:, None, :, 0]
    left = (price / (1.0 + lane("duty_on_price")) - lane("duty_amount")) / (1.0 + lane("duty_on_cost"))
    left = left - lane("selling_freight")
    sold = solved["sales"].transpose(*lanes).values[..., 0]
    made = sold.sum(axis=-1)
    open_to = np.isfinite(left)
    best = np.where(open_to, left, -np.inf).max(axis=-1, initial=-np.inf)
    earned = np.where(open_to, left * sold, 0.0).sum(axis=-1)
    mean = np.divide(earned, made, out=best.copy(), where=made > 0.0)
    cash = peace["cash_cost"].transpose("member", "plant", "term").values[..., 0]
    capacity = peace["sales_capacity"].transpose("member", "plant", "term").values[..., 0]
    lost = cash - mean
    counts = np.isfinite(lost) & (capacity > 0.0) & (lost > _ROUNDING * np.maximum(np.abs(cash), np.abs(mean)))
    return np.where(counts, lost, 0.0)


def _counted(peace: xr.Dataset, solved: xr.Dataset, state: _State, fights: NDArray[np.float64]) -> _State:
    """The state after the term: months below cash cost on end, of plants that can sell where the war is fought.

    ``fights`` is the part of the term in which anybody fights, by market.
    """
    reached = np.isfinite(peace["selling_freight"].transpose("member", "plant", "market", "term").values[..., 0])
    months = (reached * fights).max(axis=-1) * float(peace["term_months"].values[0])
    lost = _shortfall(peace, solved)
    counts = (lost > 0.0) & (months > 0.0) & ~state.closed
    return _State(state.closed, np.where(counts, state.below + months, 0.0), lost)


def _told(one: xr.Dataset, peace: xr.Dataset, solved: xr.Dataset, state: _State, at_war: bool) -> xr.Dataset:
    """What the term writes, with who is closed in it and the floor of prices."""
    floor = np.full((peace.sizes["member"], peace.sizes["market"], 1), np.nan)
    if at_war:
        free = one.assign(conduct=one["conduct"] * 0.0)
        taken = solved if not one["conduct"].values.any() else market.solve(_open(free, state)[list(market.READS)])
        floor = taken["market_price"].transpose("member", "market", "term").values
    return solved.assign(
        plant_closed=(variable("plant_closed").dims, state.closed[..., None].astype(np.float64)),
        months_below=(variable("months_below").dims, state.below[..., None]),
        price_floor=(variable("price_floor").dims, floor),
    )


def _open(one: xr.Dataset, state: _State) -> xr.Dataset:
    capacity = one["sales_capacity"].transpose("member", "plant", "term").values.copy()
    capacity[:, : state.closed.shape[1], 0][state.closed] = 0.0
    return one.assign(sales_capacity=(("member", "plant", "term"), capacity))
