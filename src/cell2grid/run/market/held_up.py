"""What shocks on lanes and exports leave of what plants can sell abroad in a term: nothing, or no more than so much.

What a shock holds up waits and leaves later (``run/inputs/shocks.py``), so that a way limits a term only by what is
still waiting when it ends. A stop closes the way; a part is a limit on what is sold over it, which the engine takes as
a quota that nobody would pay the rate above of. The equations are in docs/formulation/shocks.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import NotConvergedError
from cell2grid.nomenclature import labelled
from cell2grid.run.market.terms import MONTHS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.market.terms import Terms

STOPPED = 1e-6  # of what a plant could sell: less than that on a way is nothing
_LIMITED = 1.0 - 1e-9
_ABOVE = 2.0  # times the price at which the limit alone would be sold: nobody pays that
_MISSED = 1e-6
_OF_QUOTAS = ("in_quota", "quota_amount", "over_on_cost", "over_on_price", "over_amount")


@dataclass(frozen=True, slots=True, eq=False)
class _Limit:
    """How much may be sold together (member, term) [item/year] over some ways (plant, market), infinite without end."""

    name: str
    ways: NDArray[np.bool_]
    most: NDArray[np.float64]


def held_up(
    given: xr.Dataset,
    arrays: xr.Dataset,
    free: NDArray[np.float64],
    abroad: NDArray[np.bool_],
    terms: Terms,
    apart: Sequence[str] = (),
) -> xr.Dataset:
    """What ``market`` reads, with ways that shocks close and limits on those that they narrow.

    Parameters
    ----------
    given
        What ``market`` reads but what plants can sell.
    arrays
        What ``supply`` reads, by the labels of all plants and markets.
    free
        What each plant of the game could sell in each month (member, plant, period).
    abroad
        Whether a market lies in another region than the plant (plant, market).
    apart
        Markets that take no limits: only stops count there.
    """
    if "war" in given:
        return given
    plants, markets = (list(given[dim].values) for dim in ("plant", "market"))
    lane, exports = _scales(arrays, plants, markets, abroad)
    if not _holds(lane, exports):
        return given
    whole = MONTHS_A_YEAR * terms.mean(free)
    by_lane = MONTHS_A_YEAR * terms.mean(free[:, :, None] * left_by_end(lane, terms))
    by_plant = MONTHS_A_YEAR * terms.mean(free * left_by_end(exports, terms))
    closed = (by_lane <= STOPPED * whole[:, :, None]) | ((by_plant <= STOPPED * whole)[:, :, None] & abroad[:, :, None])
    freight = given["selling_freight"].transpose("member", "plant", "market", "term")
    given = given.assign(selling_freight=freight.copy(data=np.where(closed, np.nan, freight.values)))
    # what counts against a quota of a duty pays the rates above of every quota where it is above one
    able = abroad & ~(given["in_quota"].transpose("quota", "plant", "market").values > 0.0).any(axis=0)
    able &= np.isfinite(freight.values).any(axis=(0, 3)) & ~np.isin(markets, list(apart))
    limits = []
    for row, plant in enumerate(plants):
        ways = np.zeros_like(able)
        ways[row] = able[row]
        limits.append(_Limit(f"exports of {plant}", ways, _most(by_plant[:, row], whole[:, row])))
        for column in np.flatnonzero(able[row]):
            ways = np.zeros_like(able)
            ways[row, column] = True
            name = f"{plant} to {markets[column]}"
            limits.append(_Limit(name, ways, _most(by_lane[:, row, column], whole[:, row])))
    return _with_limits(given, [one for one in limits if one.ways.any() and np.isfinite(one.most).any()])


def left_by_end(scale: NDArray[np.float64], terms: Terms) -> NDArray[np.float64]:
    """The part of what is made in each month that has left by the end of its term (…, period).

    >>> from cell2grid.run.market.terms import grouped
    >>> left_by_end(np.array([0.0, 0.5, 0.5]), grouped(["2030-01", "2030-02", "2030-03"], ["2030"] * 3)).tolist()
    [0.75, 0.75, 0.5]
    """
    waits, place = 1.0 - scale, terms.place
    for month in range(len(place) - 2, -1, -1):
        if place[month] == place[month + 1]:
            waits[..., month] *= waits[..., month + 1]
    left: NDArray[np.float64] = 1.0 - waits
    return left


def shipped_when_free(
    arrays: xr.Dataset, found: xr.Dataset, free: NDArray[np.float64], abroad: NDArray[np.bool_], terms: Terms
) -> xr.Dataset:
    """What ``supply`` reads, with sales over ways that shocks hold up in the months in which they let goods out.

    The markets have counted the shocks, so that the ledger holds up only what leaves on ways that others use too.

    Parameters
    ----------
    arrays
        What ``supply`` reads, with what was sold (``capacities.followed``).
    found
        What ``market`` found, by the labels of the game.
    """
    import xarray as xr

    plants, markets = ([str(name) for name in found[dim].values] for dim in ("plant", "market"))
    lane, exports = _scales(arrays, plants, markets, abroad)
    if not _holds(lane, exports):
        return arrays
    leaves = _leaving(np.where(abroad[:, :, None], lane * exports[:, :, None], 1.0), free, terms)
    can = MONTHS_A_YEAR * terms.mean(leaves)
    part = leaves / np.where(can > 0.0, can, 1.0)[..., terms.place]
    sales = found["sales"].transpose("member", "plant", "market", "term").values[..., terms.place] * part
    periods = np.array(terms.periods, dtype=object)
    every = xr.DataArray(
        sales,
        {"plant": plants, "market": markets, "term": periods},
        ("member", "plant", "market", "term"),
    ).reindex(plant=arrays["plant"].values, market=arrays["market"].values)
    demand, share = arrays["market_demand"].copy(), arrays["month_share"].copy()
    demand.loc[{"market": markets}] = xr.DataArray(sales.sum(axis=1), dims=("member", "market", "period"))
    share.loc[{"plant": plants}] = 1.0
    return labelled(
        _counted(arrays, plants, markets)
        .drop_dims("term")
        .assign(sales=every, month_term=(("period",), periods), market_demand=demand, month_share=share)
    )


def _counted(arrays: xr.Dataset, plants: Sequence[str], markets: Sequence[str]) -> xr.Dataset:
    """The arrays without the shocks on ways that only markets of the game use."""
    lane, exports = arrays["lane_scale"].copy(), arrays["export_scale"].copy()
    home = dict(zip(arrays["plant"].values, arrays["plant_region"].values, strict=True))
    makes = dict(zip(arrays["plant"].values, arrays["makes"].values, strict=True))
    used = set(zip(arrays["order_plant"].values, arrays["order_region"].values, strict=True))
    for name, region, product in zip(
        arrays["market"].values, arrays["market_region"].values, arrays["market_product"].values, strict=True
    ):
        if name not in markets:
            used |= {(plant, region) for plant in plants if makes[plant] == product}
    for plant in plants:
        for region in arrays["destination"].values:
            if (plant, region) not in used:
                lane.loc[{"plant": plant, "destination": region}] = 1.0
        if not any(who == plant and region != home[plant] for who, region in used):
            exports.loc[{"plant": plant}] = 1.0
    return arrays.assign(lane_scale=lane, export_scale=exports)


def _leaving(scale: NDArray[np.float64], free: NDArray[np.float64], terms: Terms) -> NDArray[np.float64]:
    """What leaves in each month on each way if all of it were sent there (member, plant, market, period)."""
    found = np.empty(np.broadcast_shapes(scale.shape, free[:, :, None].shape))
    waits = np.zeros(found.shape[:-1])
    for month, term in enumerate(terms.place):
        if month and term != terms.place[month - 1]:
            waits = np.zeros_like(waits)
        waits = waits + free[:, :, None, month]
        found[..., month] = scale[..., month] * waits
        waits = waits - found[..., month]
    return found


def _scales(
    arrays: xr.Dataset, plants: Sequence[str], markets: Sequence[str], abroad: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What shocks let out in each month on each way (member, plant, market, period), and of all exports of a plant."""
    places = {region: place for place, region in enumerate(arrays["destination"].values)}
    to = [places[region] for region in arrays["market_region"].sel(market=list(markets)).values]
    lane = arrays["lane_scale"].sel(plant=list(plants)).transpose("member", "plant", "destination", "period").values
    exports = arrays["export_scale"].sel(plant=list(plants)).transpose("member", "plant", "period").values
    return np.where(abroad[:, :, None], lane[:, :, to], 1.0), exports


def _holds(*scales: NDArray[np.float64]) -> bool:
    return any(scale.min(initial=1.0) < 1.0 for scale in scales)


def _most(can: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    limited: NDArray[np.float64] = np.where((can < _LIMITED * whole) & (can > STOPPED * whole), can, np.inf)
    return limited


def _with_limits(given: xr.Dataset, limits: Sequence[_Limit]) -> xr.Dataset:
    import xarray as xr

    if not limits:
        return given
    most = np.stack([one.most for one in limits], axis=1)
    over = ("member", "quota", "term")
    rows = xr.Dataset(
        {
            "in_quota": (("quota", "plant", "market"), np.stack([one.ways for one in limits]).astype(np.float64)),
            "quota_amount": (over, most),
            "over_on_cost": (over, np.zeros_like(most)),
            "over_on_price": (over, np.zeros_like(most)),
            "over_amount": (over, np.stack([_dearest(given, one) for one in limits], axis=1)),
        },
        {"quota": np.array([one.name for one in limits], dtype=object)},
    )
    held = given[list(_OF_QUOTAS)].drop_vars([name for name in ("plant", "market", "member", "term") if name in given])
    whole = xr.concat([held.transpose(*_first(held)), rows], dim="quota", data_vars="all", join="exact")
    return labelled(given.drop_dims("quota").assign_coords(quota=whole["quota"]).merge(whole))


def _first(held: xr.Dataset) -> list[str]:
    return [dim for dim in ("member", "quota", "plant", "market", "term") if dim in held.dims]


def _dearest(given: xr.Dataset, limit: _Limit) -> NDArray[np.float64]:
    """More than anybody pays in the markets of a limit that is full (member, term) [currency/item]."""
    markets = np.flatnonzero(limit.ways.any(axis=0))
    curves = {
        name: given[name].transpose("member", "market", "term").values[:, markets]
        for name in ("demand_intercept", "demand_scale", "demand_elasticity")
    }
    each = np.where(np.isfinite(limit.most), limit.most, 1.0)[:, None] / len(markets)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        curved = (curves["demand_scale"] / each) ** (1.0 / curves["demand_elasticity"])
    bent = (given["demand_form"].values[markets] == "isoelastic")[:, None]
    price = np.where(bent, np.nan_to_num(curved, posinf=1e12), curves["demand_intercept"])
    dearest: NDArray[np.float64] = _ABOVE * np.clip(price, 0.0, 1e12).max(axis=1)
    return dearest


def check_held(given: xr.Dataset, found: xr.Dataset, quotas: Sequence[str]) -> None:
    """Refuse sales above a limit that a shock sets; ``quotas`` are those of duties, which have a rate above.

    Raises
    ------
    NotConvergedError
        More is sold over a way than it lets out.
    """
    names = [str(name) for name in given["quota"].values if str(name) not in quotas]
    if not names:
        return
    rows = given.sel(quota=names)
    sold = np.einsum(
        "qpm,bpmt->bqt",
        rows["in_quota"].transpose("quota", "plant", "market").values,
        np.nan_to_num(found["sales"].transpose("member", "plant", "market", "term").values),
    )
    most = rows["quota_amount"].transpose("member", "quota", "term").values
    over = sold > most * (1.0 + _MISSED)
    if over.any():
        member, row, term = (int(part[0]) for part in np.nonzero(over))
        raise NotConvergedError(
            f"market: {names[row]} sell {sold[member, row, term]:,.6g} items a year in {found['term'].values[term]},"
            f" and a shock lets out {most[member, row, term]:,.6g}; leave the shock out, or stop the way in whole"
        )
