"""The tables of a run's markets: prices and sales, firms at home and abroad, plants, who sells where, and groups.

Numbers are means and quantiles over the members, by term. Their columns are in ``cell2grid.results.TABLES``; what holds
of how they were found is in ``notes.py``, what was reported of them in ``observed.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.nomenclature import variable
from cell2grid.run.market.decisions import deciding
from cell2grid.run.market.game import has_market
from cell2grid.run.market.stacks import stacks
from cell2grid.run.market.terms import terms_of
from cell2grid.run.told.spread import spreads

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Study

BY_MARKET = ("market_price", "market_sales", "consumer_surplus", "duty_revenue", "market_cr4", "market_hhi")
BY_PLANT = (
    *("plant_sales", "sales_capacity", "nameplate_capacity", "sales_utilisation", "nameplate_utilisation"),
    *("plant_margin", "plant_profit", "scarcity_rent"),
)
OF_WAR = ("price_floor", "plant_closed")  # where the study has one
ALL, HOME, ABROAD = "all", "home", "abroad"
# plants that stand where the firm that decides over them is at home, and those that do not
AT_HOME, STANDS_ABROAD = "product at home", "product abroad"
ITEMS = "item"  # what is counted where products are counted in several nouns


@dataclass(frozen=True, slots=True, eq=False)
class Sold:
    """A run's markets with what the study says of them: labels of the game alone, sales by plant and market.

    ``sales`` (member, plant, market, term) [item/year]; ``price`` (member, market, term).
    """

    study: Study
    arrays: xr.Dataset
    plants: tuple[str, ...]
    markets: tuple[str, ...]
    terms: tuple[str, ...]
    sales: NDArray[np.float64]
    price: NDArray[np.float64]
    money: str

    def values(self, name: str) -> NDArray[np.float64]:
        """A variable in the order of its dims, of the game's plants and markets."""
        found = self.arrays[name]
        labels = {"plant": list(self.plants), "market": list(self.markets)}
        found = found.sel({dim: labels[dim] for dim in labels if dim in found.dims})
        values: NDArray[np.float64] = found.transpose(*variable(name).dims).values
        return values

    def noun(self, products: Sequence[str]) -> str:
        """The noun that products are counted in; ``item`` where there are several."""
        nouns = {self.study.products[name].counted_in for name in products}
        return nouns.pop() if len(nouns) == 1 else ITEMS

    def unit(self, name: str, noun: str) -> str:
        """The unit of a variable in this study's money, of what is counted so."""
        return variable(name).unit.replace("currency", self.money).replace("item", noun)


def sold_in(study: Study, arrays: xr.Dataset) -> Sold | None:
    """The markets of a run; None where its study has none that make their price."""
    if not has_market(study) or study.competition is None or "market_price" not in arrays:
        return None
    priced = arrays["market_sales"].notnull().any(("member", "term")).values
    selling = arrays["plant_sales"].notnull().any(("member", "term")).values
    plants = tuple(str(name) for name in arrays["plant"].values[selling])
    markets = tuple(str(name) for name in arrays["market"].values[priced])
    part = arrays.sel(plant=list(plants), market=list(markets))
    return Sold(
        study,
        arrays,
        plants,
        markets,
        tuple(str(term) for term in arrays["term"].values),
        part["sales"].transpose("member", "plant", "market", "term").values,
        part["market_price"].transpose("member", "market", "term").values,
        study.competition.currency,
    )


def market_tables(study: Study, arrays: xr.Dataset) -> dict[str, pd.DataFrame]:
    """The tables of the markets; none where no market makes its own price."""
    from cell2grid.run.told.tables import framed

    sold = sold_in(study, arrays)
    if sold is None:
        return {}
    stack = stacks(study)
    taken = {name: study.markets[name].product for name in sold.markets}
    made = {name: study.plants[name].makes for name in sold.plants}
    found = {
        "market": _rows_of(sold, "market", taken, BY_MARKET),
        "market_firms": _firm_rows(sold),
        "market_plants": _rows_of(sold, "plant", made, BY_PLANT),
        "market_flows": _flow_rows(sold),
        "market_groups": _group_rows(sold),
    }
    tables = {name: framed(name, rows) for name, rows in found.items()}
    return tables if stack is None else {**tables, "supply_stack": stack}


def _spread_rows(
    sold: Sold, labels: Mapping[str, Any], name: str, values: NDArray[np.float64], unit: str
) -> list[dict[str, Any]]:
    """A row for each term of (member, term), where any member has a value."""
    known = np.atleast_1d(~np.isnan(values).all(axis=0))
    if not known.any():
        return []
    mean, quantiles = spreads(values)
    return [
        {
            **labels,
            "term": term,
            "variable": name,
            "mean": mean[place],
            **{label: row[place] for label, row in zip(("p10", "p50", "p90"), quantiles, strict=True)},
            "unit": unit,
        }
        for place, term in enumerate(sold.terms)
        if known[place]
    ]


def _rows_of(sold: Sold, dim: str, products: Mapping[str, str], kinds: Sequence[str]) -> list[dict[str, Any]]:
    """The numbers of each market or plant, by the product that it is of, and what a price war adds to them."""
    rows = []
    kinds = [*kinds, *(name for name in OF_WAR if name in sold.arrays and dim in sold.arrays[name].dims)]
    for place, (name, product) in enumerate(products.items()):
        noun = sold.noun([product])
        for kind in kinds:
            rows += _spread_rows(sold, {dim: name}, kind, sold.values(kind)[:, place], sold.unit(kind, noun))
    return rows


def _flow_rows(sold: Sold) -> list[dict[str, Any]]:
    rows = []
    firms = [names[-1] for names in deciders(sold)]
    for row, name in enumerate(sold.plants):
        plant = sold.study.plants[name]
        for column, label in enumerate(sold.markets):
            values = sold.sales[:, row, column]
            if (np.nan_to_num(values) > 0.0).any():
                labels = {"plant": name, "firm": firms[row], "region": plant.region, "market": label}
                labels |= {"destination": sold.study.markets[label].region}
                unit = sold.unit("sales", sold.noun([plant.makes]))
                rows += [
                    {key: value for key, value in one.items() if key != "variable"}
                    for one in _spread_rows(sold, labels, "sales", values, unit)
                ]
    return rows


def deciders(sold: Sold) -> list[list[str]]:
    """The firm that decides over each plant, term by term."""
    stretches = deciding(sold.study, sold.plants, terms_of(sold.study))
    return [
        [one.decides[place] for one in stretches for _ in range(one.after - one.first)]
        for place in range(len(sold.plants))
    ]


def home_of(study: Study, firm: str, plants: Sequence[str]) -> str | None:
    """Where a firm is at home: its region, or that of all its plants; None where neither is one place."""
    said = study.firms[firm].region
    places = {study.plants[name].region for name in plants}
    return said if said is not None or len(places) != 1 else places.pop()


def _firm_rows(sold: Sold) -> list[dict[str, Any]]:
    by_plant = deciders(sold)
    rows: list[dict[str, Any]] = []
    for firm in dict.fromkeys(name for names in by_plant for name in names):
        # (plant, term): whether the firm decides over the plant
        own = np.array([[name == firm for name in names] for names in by_plant], dtype=np.float64)
        theirs = [name for name, row in zip(sold.plants, own, strict=True) if row.any()]
        sales = np.einsum("bpmt,pt->bmt", sold.sales, own)
        home = home_of(sold.study, firm, theirs)
        for label, inside in _groups_of_markets(sold, home):
            if (np.nan_to_num(sales[:, inside]) > 0.0).any() or label == ALL:
                rows += _firm_in(sold, firm, label, sales, inside)
        rows += _firm_money(sold, firm, own)
    return rows


def _groups_of_markets(sold: Sold, home: str | None) -> Iterator[tuple[str, list[int]]]:
    """Each market, all of them, and those at home and abroad, with their places."""
    regions = [sold.study.markets[name].region for name in sold.markets]
    yield ALL, list(range(len(regions)))
    if home is not None:
        yield HOME, [place for place, region in enumerate(regions) if region == home]
        yield ABROAD, [place for place, region in enumerate(regions) if region != home]
    yield from ((name, [place]) for place, name in enumerate(sold.markets))


def _firm_in(sold: Sold, firm: str, label: str, sales: NDArray[np.float64], inside: list[int]) -> list[dict[str, Any]]:
    """What a firm sells in some markets, which part of all that is sold there, and what buyers pay for it."""
    labels = {"firm": firm, "market": label}
    noun = sold.noun([sold.study.markets[sold.markets[place]].product for place in inside])
    total = sold.sales[:, :, inside].sum(axis=(1, 2))
    theirs = sales[:, inside].sum(axis=1)
    revenue = np.nansum(sales[:, inside] * sold.price[:, inside], axis=1)
    share = np.divide(theirs, total, out=np.full_like(theirs, np.nan), where=total > 0.0)
    rows = []
    if noun != ITEMS:
        # what is counted in several nouns has no sum
        rows += _spread_rows(sold, labels, "sales", theirs, sold.unit("sales", noun))
        rows += _spread_rows(sold, labels, "share", share, "ratio")
    return rows + _spread_rows(sold, labels, "revenue", revenue, sold.unit("firm_revenue", noun))


def _firm_money(sold: Sold, firm: str, own: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Profit, margin and utilisation of all that a firm decides over."""
    labels = {"firm": firm, "market": ALL}
    place = [str(name) for name in sold.arrays["firm"].values].index(firm)
    profit, revenue = (sold.values(name)[:, place] for name in ("firm_profit", "firm_revenue"))
    fixed = np.einsum("bpt,pt->bt", np.nan_to_num(sold.values("fixed_cost_rate")), own)
    margin = np.divide(profit + fixed, revenue, out=np.full_like(profit, np.nan), where=revenue > 0.0)
    rows = _spread_rows(sold, labels, "profit", profit, sold.unit("firm_profit", ITEMS))
    rows += _spread_rows(sold, labels, "margin", margin, "ratio")
    theirs = [number for number, row in enumerate(own) if row.any()]
    if sold.noun([sold.study.plants[sold.plants[number]].makes for number in theirs]) != ITEMS:
        for name, below in UTILISATIONS.items():
            rows += _spread_rows(sold, labels, name, _used(sold, below, own), "ratio")
    return rows


UTILISATIONS = {"sales_utilisation": "sales_capacity", "nameplate_utilisation": "nameplate_capacity"}


def _used(sold: Sold, below: str, own: NDArray[np.float64]) -> NDArray[np.float64]:
    """What some plants sell together as a part of what they could (member, term)."""
    above = np.einsum("bpt,pt->bt", sold.values("plant_sales"), own)
    most = np.einsum("bpt,pt->bt", sold.values(below), own)
    part: NDArray[np.float64] = np.divide(above, most, out=np.full_like(above, np.nan), where=most > 0.0)
    return part


def _group_rows(sold: Sold) -> list[dict[str, Any]]:
    """Sales and utilisation of all plants that make a product, stand in a region, belong to a home, or to a group."""
    rows = []
    by_plant = deciders(sold)
    for kind, entity, inside in _groups(sold, [names[-1] for names in by_plant]):
        plants = [place for place, is_in in enumerate(inside) if is_in]
        noun = sold.noun([sold.study.plants[sold.plants[place]].makes for place in plants])
        if not plants or noun == ITEMS:
            continue
        own = np.repeat(np.array(inside, dtype=np.float64)[:, None], len(sold.terms), axis=1)
        labels = {"kind": kind, "entity": entity}
        total = np.einsum("bpt,pt->bt", sold.values("plant_sales"), own)
        rows += _spread_rows(sold, labels, "plant_sales", total, sold.unit("plant_sales", noun))
        for name, below in UTILISATIONS.items():
            rows += _spread_rows(sold, labels, name, _used(sold, below, own), "ratio")
    return rows


def _groups(sold: Sold, firms: Sequence[str]) -> Iterator[tuple[str, str, list[bool]]]:
    study = sold.study
    plants = [study.plants[name] for name in sold.plants]
    owns: dict[str, list[str]] = {}
    for name, firm in zip(sold.plants, firms, strict=True):
        owns.setdefault(firm, []).append(name)
    homes = {firm: home_of(study, firm, names) for firm, names in owns.items()}
    yield from (("product", name, [plant.makes == name for plant in plants]) for name in study.products)
    yield from (("region", name, [plant.region == name for plant in plants]) for name in study.regions)
    yield from (("home", name, [homes[firm] == name for firm in firms]) for name in study.regions)
    for name in study.products:
        makes = [plant.makes == name for plant in plants]
        at_home = [plant.region == homes[firm] for plant, firm in zip(plants, firms, strict=True)]
        yield AT_HOME, name, [made and near for made, near in zip(makes, at_home, strict=True)]
        known = [made and homes[firm] is not None for made, firm in zip(makes, firms, strict=True)]
        yield STANDS_ABROAD, name, [one and not near for one, near in zip(known, at_home, strict=True)]
    for name, members in study.groups.items():
        inside = [
            plant in members or firm in members or study.plants[plant].owner in members
            for plant, firm in zip(sold.plants, firms, strict=True)
        ]
        yield "group", name, inside
