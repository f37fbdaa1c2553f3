"""Invented studies with single figures, each leaning on one feature of the chain, as changes of one small study."""

from __future__ import annotations

import copy
from typing import Any

_SOURCE = " [page]"
_YEAR = [f"2030-{month:02d}" for month in range(1, 13)]

BASE: dict[str, Any] = {
    "study": "chain",
    "horizon": {"start": "2030-01", "end": "2030-12"},
    "sources": {"page": {"title": "A page", "publisher": "p", "date": "2030"}},
    "regions": {"north": {"currency": "EUR"}, "south": {"currency": "USD"}, "west": {"currency": "CNY"}},
    "firms": {"firm": {}, "other": {}},
    "products": {"cell": {"counted_in": "cell"}, "pack": {"counted_in": "pack", "energy": "2 MWh/pack [page]"}},
    "plants": {
        "packs": {
            "owner": "firm",
            "region": "north",
            "makes": "pack",
            "capacity": "100 pack/month [page]",
            "opens": "2029-06 [page]",
        }
    },
    "lanes": [
        {"origin": "north", "destination": "south", "lead_time": "40 day [page]"},
        {"origin": "north", "destination": "west", "lead_time": "10 day [page]"},
        {"origin": "south", "destination": "north", "lead_time": "35 day [page]"},
    ],
    "markets": {
        "homes": {
            "region": "north",
            "product": "pack",
            "demand": [{"start": "2030-01", "quantity": "40 pack/month [page]"}],
        },
        "yards": {
            "region": "south",
            "product": "pack",
            "demand": [{"start": "2030-01", "quantity": "30 pack/month [page]"}],
        },
        "docks": {
            "region": "west",
            "product": "pack",
            "demand": [{"start": "2030-03", "unlimited": "assumed: a queue"}],
        },
    },
}


def _sourced(tree: Any) -> Any:
    """Figures written short as ``=12 pack`` with the source that all of them have."""
    if isinstance(tree, dict):
        return {key: _sourced(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_sourced(value) for value in tree]
    return tree[1:] + _SOURCE if isinstance(tree, str) and tree.startswith("=") else tree


def _case(plant: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    """The small study with more said of its plant, and with other parts added or put in their place."""
    tree = copy.deepcopy(BASE)
    tree["plants"]["packs"].update(plant or {})
    for key, value in parts.items():
        if isinstance(tree.get(key), dict):
            tree[key].update(value)
        else:
            tree[key] = value
    if "tranches" in tree["plants"]["packs"]:
        del tree["plants"]["packs"]["capacity"], tree["plants"]["packs"]["opens"]
    tree["markets"] = {key: value for key, value in tree["markets"].items() if value is not None}
    return dict(_sourced(tree))


def _ramp(curve: str, **more: str) -> dict[str, Any]:
    return {
        "tranches": [
            {"capacity": "=600 pack/year", "opens": "=2030-02-10"},
            {"capacity": "=120 MWh/month", "opens": "=2029-11-20"},
            {"capacity": "=30 pack/month", "opens": "=2030-06"},
        ],
        "ramp": {"curve": curve, **more},
    }


def _plant(makes: str, region: str, capacity: int, **more: Any) -> dict[str, Any]:
    figures = {"capacity": f"={capacity} {makes}/month", "opens": "=2029-06"}
    return {"owner": "firm", "region": region, "makes": makes, **figures, **more}


_CELLS = {
    "cells-a": _plant("cell", "north", 300, **{"yield": "=90 percent"}),
    "cells-b": _plant("cell", "south", 100, opens="=2030-03-11"),
}
_NEEDS = [{"product": "cell", "per_item": "=4 cell/pack"}]
_CARS = {
    "vehicle": {"counted_in": "vehicle"},
    "seat": {"counted_in": "module", "external": "assumed: there are seats"},
}
_CHAIN = {
    **_CELLS,
    "cars": _plant(
        "vehicle",
        "north",
        60,
        inputs=[
            {"product": "pack", "per_item": "=1 pack/vehicle"},
            {"product": "cell", "per_item": "=1.5 cell/vehicle"},
            {"product": "seat", "per_item": "=5 module/vehicle"},
        ],
        process_time="=20 day",
    ),
}
_STREET = {
    "street": {
        "region": "north",
        "product": "vehicle",
        "demand": [{"start": "2030-02", "quantity": "=400 vehicle/year"}],
    }
}
_STOP = {"leaves": "=0 percent"}


def _order(quantity: int, region: str, ordered: str, **more: str) -> dict[str, str]:
    return {
        "plant": "packs",
        "product": "pack",
        "region": region,
        "quantity": f"={quantity} pack",
        "ordered": f"={ordered}",
        **more,
    }


_ORDERS = {
    "one": _order(150, "south", "2030-01-20", wanted="=2030-05-10"),
    "two": _order(90, "west", "2030-02-03", wanted="=2030-03-31", late_damages="=40 EUR/pack/day"),
    "three": _order(
        400,
        "north",
        "2030-02-03",
        wanted="=2030-04",
        late_damages="=3 USD/pack/day",
        late_damages_most="=250 USD/pack",
    ),
    "four": _order(30, "south", "2030-01-02"),
    "five": _order(2000, "west", "2030-07-02", wanted="=2030-08-15", late_damages="=1 EUR/pack/day"),
}
_RATES = [
    {"day": "=2029-01-01", "rate": "=1.2 USD/EUR"},
    {"day": "=2029-06-01", "rate": "=0.8 EUR/USD"},
    {"day": "=2029-06-01", "rate": "=7.9 CNY/EUR"},
]

CASES: dict[str, dict[str, Any]] = {
    "as it is": _case(),
    "linear": _case(_ramp("linear", months_to_nameplate="=5.5 month")),
    "tranches of a ramp": _case(_ramp("tranches", months_to_nameplate="=11 month")),
    "logistic": _case(_ramp("logistic", months_to_nameplate="=9 month")),
    "immediate": _case(_ramp("immediate")),
    "learning": _case(_ramp("learning", items_to_nameplate="=500 pack", starts_at="=15 percent")),
    "yield curve": _case(
        {
            **_ramp("immediate"),
            "yield": {"start": "=40 percent", "steady": "=95 percent", "months_to_steady": "=8 month"},
            "process_time": "=50 day",
            "stock_limit": "=25 pack",
            "availability": "=85 percent",
        }
    ),
    "shutdowns of every year": _case(
        {
            "shutdowns": [
                {"start": "=2030-02-20", "end": "=2030-03-02", "leaves": "=30 percent"},
                {"start": "=2029-12-24", "end": "=2030-01-05", "every_year": True},
                {"start": "=2028-02-29", "end": "=2028-03-01", "every_year": True, "leaves": "=50 percent"},
            ]
        },
        horizon={"start": "2030-01", "end": "2032-03"},
    ),
    "shifts": _case(
        {
            "nameplate_hours": "=120 hour/week",
            "shifts": [
                {"start": "=2030-06-11", "end": "=2030-07-20", "hours": "=160 hour/week"},
                {"start": "=2030-02-15", "hours": "=60 hour/week"},
                {"start": "=2030-04-10", "hours": "=0 hour/week"},
            ],
        }
    ),
    "stock limit": _case(
        {"stock_limit": "=60 MWh", "process_time": "=12 day", "yield": "=80 percent"},
        markets={
            "docks": None,
            "homes": {
                "region": "north",
                "product": "pack",
                "demand": [
                    {"start": "2030-01", "quantity": "=10 pack/month"},
                    {"start": "2030-06", "unlimited": "assumed: a queue"},
                ],
            },
        },
    ),
    "process time of months": _case({"process_time": "=100 day", "yield": "=90 percent"}),
    "cells that are short": _case(
        {"inputs": _NEEDS, "process_time": "=5 day"}, plants=_CHAIN, products=_CARS, markets=_STREET
    ),
    "cells that are kept": _case(
        {"inputs": _NEEDS, "opens": "=2030-05-10", "stock_limit": "=7 pack"},
        plants={**_CHAIN, "cells-a": _plant("cell", "north", 300, stock_limit="=500 cell", process_time="=9 day")},
        products=_CARS,
        markets={**_STREET, "docks": None},
    ),
    "an input that is made here and comes from outside too": _case(
        {"inputs": _NEEDS},
        plants=_CELLS,
        products={"cell": {"counted_in": "cell", "external": "assumed: cells are sold everywhere"}},
    ),
    "an input that is hit": _case(
        {"inputs": _NEEDS},
        plants=_CHAIN,
        products=_CARS,
        markets=_STREET,
        shocks={
            "thin": {"product": "cell", "leaves": "=35 percent", "start": "=2030-03-05", "lasts": "=50.5 day"},
            "seats": {"product": "seat", "leaves": "=10 percent", "start": "=2030-08", "end": "=2030-09"},
        },
    ),
    "lanes that stop": _case(
        shocks={
            "canal": {
                "lane": {"origin": "north", "destination": "south"},
                **_STOP,
                "start": "=2030-03-20",
                "end": "=2030-05-09",
            },
            "slow": {
                "lane": {"origin": "north", "destination": "south", "product": "pack"},
                "delay": "=25 day",
                "start": "=2030-07-10",
                "lasts": "=40 day",
            },
            "half": {
                "region": "west",
                "what": "lane",
                "leaves": "=40 percent",
                "delay": "=9 day",
                "start": "=2030-09-25",
                "end": "=2030-11-03",
            },
        },
        orders=_ORDERS,
        exchange_rates=_RATES,
    ),
    "a port that stops": _case(
        {"allocation": [{"quarter_months": [1, 3], "first": "home", "export_share": "=60 percent"}]},
        shocks={
            "port": {"plant": "packs", "what": "exports", **_STOP, "start": "=2030-04-10", "end": "=2030-06-20"},
            "strike": {
                "region": "north",
                "what": "exports",
                "leaves": "=50 percent",
                "start": "=2030-08-20",
                "end": "=2030-09-30",
            },
        },
        orders=_ORDERS,
        exchange_rates=_RATES,
    ),
    "a region that is hit": _case(
        {"inputs": _NEEDS},
        plants=_CELLS,
        shocks={
            "flood": {"region": "north", "leaves": "=20 percent", "start": "=2030-03-05", "lasts": "=33.3 day"},
            "more": {"plant": "packs", "leaves": "=50 percent", "start": "=2030-03-20", "end": "=2030-04-20"},
            "slump": {
                "region": "south",
                "what": "demand",
                "leaves": "=70 percent",
                "start": "=2030-06",
                "end": "=2030-07-20",
            },
            "shut": {"market": "docks", **_STOP, "start": "=2030-08-05", "end": "=2030-10"},
        },
    ),
    "halves of quarters": _case(
        {
            "allocation": [
                {"quarter_half": "first", "first": "exports", "export_share": "=80 percent"},
                {"quarter_half": "second", "first": "home", "export_share": "=35 percent"},
            ]
        },
        orders={"four": _ORDERS["four"]},
        shocks={"port": {"plant": "packs", "what": "exports", **_STOP, "start": "=2030-04-20", "end": "=2030-05-25"}},
    ),
    "one half": _case(
        {"allocation": [{"quarter_half": "second", "first": "south", "export_share": "=50 percent"}]},
        orders=_ORDERS,
        exchange_rates=_RATES,
    ),
    "a region first": _case(
        {
            "allocation": [
                {"quarter_months": [1, 2], "first": "south", "end": "2030-08"},
                {"quarter_months": [3], "first": "home", "export_share": "=20 percent"},
            ],
            "stock_limit": "=50 pack",
        }
    ),
    "two plants in a market": _case(
        plants={
            "packs-2": _plant(
                "pack", "south", 70, allocation=[{"quarter_half": "first", "first": "exports"}], owner="other"
            )
        },
        lanes=[
            *BASE["lanes"],
            {"origin": "south", "destination": "west", "lead_time": "=0 day", "product": "pack"},
            {"origin": "south", "destination": "west", "lead_time": "=90 day"},
        ],
        orders={"one": _ORDERS["one"], "mine": {**_ORDERS["four"], "plant": "packs-2"}},
    ),
    "orders that come first": _case(orders=_ORDERS, exchange_rates=_RATES),
    "orders by their contracts": _case({"priority": "contract-date"}, orders=_ORDERS, exchange_rates=_RATES),
    "duties": _case(
        lanes=[
            {**BASE["lanes"][0], "cost": "=15 EUR/pack"},
            {**BASE["lanes"][1], "cost": "=200 CNY/pack", "product": "pack"},
        ],
        markets={
            "yards": {
                "region": "south",
                "product": "pack",
                "demand": [
                    {"start": "2030-01", "quantity": "=30 pack/month", "price": "=900 USD/pack"},
                    {"start": "2030-05", "quantity": "=20 MWh/month", "price": "=500 EUR/pack"},
                ],
            }
        },
        duties=[
            {"destination": "south", "rate": "=10 percent", "start": "=2030-02-10"},
            {
                "destination": "south",
                "origin": "north",
                "firm": "firm",
                "rate": "=25 percent",
                "base": "price",
                "start": "=2030-06-11",
                "end": "=2030-09-20",
            },
            {"destination": "south", "firm": "other", "rate": "=60 percent", "start": "=2030-01-01"},
        ],
        orders=_ORDERS,
        exchange_rates=_RATES,
    ),
}
