"""Prices, sales, shares, profits and utilisation of markets, firms and plants, by year and at home and abroad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.run.compared.number import (
    ABROAD,
    HOME,
    WHOLE,
    Number,
    Numbers,
    mean_over,
    ratio_over,
    sides_of,
    stretches,
)
from cell2grid.run.compared.sides import profit_by_market
from cell2grid.run.market.terms import terms_of
from cell2grid.run.market.told import ITEMS, UTILISATIONS, Sold, deciders, home_of, sold_in

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Study

OF_MARKETS = ("market_sales", "consumer_surplus", "duty_revenue", "market_hhi")
IN_ALL = ("consumer_surplus", "duty_revenue")


def sold(study: Study, arrays: xr.Dataset) -> Numbers:
    """The numbers of a run's markets; none where no market makes its own price."""
    found = sold_in(study, arrays)
    if found is None:
        return
    weight = np.array([float(np.count_nonzero(row)) for row in terms_of(study).weight])
    periods = stretches(found.terms, weight)
    yield from _markets(found, periods)
    yield from _firms(found, periods)
    yield from _plants(found, periods)


_Periods = Sequence[tuple[str, "NDArray[np.float64]"]]


def _markets(sold: Sold, periods: _Periods) -> Numbers:
    values = {name: sold.values(name) for name in OF_MARKETS}
    for place, name in enumerate(sold.markets):
        product = sold.study.markets[name].product
        noun = sold.noun([product])
        quantity = np.nan_to_num(sold.sales[:, :, place].sum(axis=1))
        for period, weight in periods:
            where = ("market", name, name, product, WHOLE, period)
            price = ratio_over(np.nan_to_num(sold.price[:, place]) * quantity, quantity, weight)
            # where nothing is sold, what the first buyer would pay
            price = np.where(np.isnan(price), mean_over(sold.price[:, place], weight), price)
            yield Number("market_price", *where, sold.unit("market_price", noun)), price
            for kind in OF_MARKETS:
                yield Number(kind, *where, sold.unit(kind, noun)), mean_over(values[kind][:, place], weight)
    for kind in IN_ALL:
        # what is not known of one market is not known of all
        total = values[kind].sum(axis=1)
        for period, weight in periods:
            yield Number(kind, "all", WHOLE, "", "", WHOLE, period, sold.unit(kind, ITEMS)), mean_over(total, weight)


def _firms(sold: Sold, periods: _Periods) -> Numbers:
    by_plant = deciders(sold)
    profits = profit_by_market(sold)
    for firm in dict.fromkeys(name for names in by_plant for name in names):
        own = np.array([[name == firm for name in names] for names in by_plant], dtype=np.float64)
        theirs = [place for place, row in enumerate(own) if row.any()]
        home = home_of(sold.study, firm, [sold.plants[place] for place in theirs])
        sales = np.einsum("bpmt,pt->bmt", np.nan_to_num(sold.sales), own)
        profit = np.einsum("bpmt,pt->bmt", profits, own)
        yield from _sales_of(sold, firm, home, sales, periods)
        yield from _profit_of(sold, firm, home, profit, periods)
        yield from _use_of(sold, firm, home, own, periods)
    total = np.nan_to_num(sold.values("firm_profit")).sum(axis=1)
    for period, weight in periods:
        unit = sold.unit("firm_profit", ITEMS)
        yield Number("firm_profit", "all", WHOLE, "", "", WHOLE, period, unit), mean_over(total, weight)


def _sales_of(sold: Sold, firm: str, home: str | None, sales: NDArray[np.float64], periods: _Periods) -> Numbers:
    """Sales and shares by product at home and abroad, and in each market."""
    total = np.nan_to_num(sold.sales).sum(axis=1)
    markets = [sold.study.markets[name] for name in sold.markets]
    for product in dict.fromkeys(market.product for market in markets):
        noun = sold.noun([product])
        places = [place for place, market in enumerate(markets) if market.product == product]
        groups = [
            (side, "", [places[part] for part in inside])
            for side, inside in sides_of(home, [markets[place].region for place in places])
        ]
        groups += [(_side(home, markets[place].region), sold.markets[place], [place]) for place in places]
        for side, market, inside in groups:
            theirs, of_all = sales[:, inside].sum(axis=1), total[:, inside].sum(axis=1)
            for period, weight in periods:
                where = ("firm", firm, market, product, side, period)
                yield Number("sales", *where, sold.unit("sales", noun)), mean_over(theirs, weight)
                yield Number("market_share", *where, "ratio"), ratio_over(theirs, of_all, weight)


def _side(home: str | None, region: str) -> str:
    return WHOLE if home is None else HOME if region == home else ABROAD


def _profit_of(sold: Sold, firm: str, home: str | None, profit: NDArray[np.float64], periods: _Periods) -> Numbers:
    """Profit in all, which holds fixed cost of plants that sell nothing too, and what comes from home and abroad."""
    unit = sold.unit("firm_profit", ITEMS)
    place = [str(name) for name in sold.arrays["firm"].values].index(firm)
    whole = sold.values("firm_profit")[:, place]
    regions = [sold.study.markets[name].region for name in sold.markets]
    parts = [
        (side, whole if side == WHOLE else profit[:, inside].sum(axis=1)) for side, inside in sides_of(home, regions)
    ]
    for side, values in parts:
        for period, weight in periods:
            yield Number("firm_profit", "firm", firm, "", "", side, period, unit), mean_over(values, weight)


def _use_of(sold: Sold, firm: str, home: str | None, own: NDArray[np.float64], periods: _Periods) -> Numbers:
    """Utilisation of the plants of a product that stand at home, abroad, and of all."""
    plants = [sold.study.plants[name] for name in sold.plants]
    sales = np.nan_to_num(sold.values("plant_sales"))
    for product in dict.fromkeys(plant.makes for plant, row in zip(plants, own, strict=True) if row.any()):
        places = [place for place, plant in enumerate(plants) if plant.makes == product and own[place].any()]
        for side, inside in sides_of(home, [plants[place].region for place in places]):
            rows = [places[part] for part in inside]
            for name, below in UTILISATIONS.items():
                above = np.einsum("bpt,pt->bt", sales[:, rows], own[rows])
                most = np.einsum("bpt,pt->bt", sold.values(below)[:, rows], own[rows])
                for period, weight in periods:
                    yield (
                        Number(name, "firm", firm, "", product, side, period, "ratio"),
                        ratio_over(above, most, weight),
                    )


def _plants(sold: Sold, periods: _Periods) -> Numbers:
    values = {name: sold.values(name) for name in ("plant_sales", "plant_profit", *UTILISATIONS.values())}
    for place, name in enumerate(sold.plants):
        product = sold.study.plants[name].makes
        noun = sold.noun([product])
        for period, weight in periods:
            where = ("plant", name, "", product, WHOLE, period)
            for kind in ("plant_sales", "plant_profit"):
                yield Number(kind, *where, sold.unit(kind, noun)), mean_over(values[kind][:, place], weight)
            for kind, below in UTILISATIONS.items():
                used = ratio_over(values["plant_sales"][:, place], values[below][:, place], weight)
                yield Number(kind, *where, "ratio"), used
