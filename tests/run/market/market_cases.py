"""Studies of a market written out one feature at a time, as trees that are what a YAML file holds."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

Tree = dict[str, Any]


def base() -> Tree:
    """Three makers in two countries; the heron's works is small and the rail's is dear."""
    return {
        "study": "three-makers",
        "horizon": {"start": "2030-01", "end": "2031-06"},
        "sources": {"page": {"title": "Three makers", "publisher": "The Harbour Gazette", "date": "2030"}},
        "regions": {"HU": {"currency": "EUR"}, "TR": {"currency": "USD"}},
        "firms": {"heron": {"region": "HU"}, "rail": {"region": "TR"}, "swift": {"region": "TR"}, "fund": {}},
        "products": {"pack": {"counted_in": "pack", "energy": "0.5 MWh/pack [page]"}},
        "plants": {
            "lake": _plant("heron", "HU", "400 pack/year", "22 EUR/pack"),
            "bay": _plant("rail", "TR", "1100 pack/year", "35 EUR/pack"),
            "cape": _plant("swift", "TR", "5000 pack/year", "30 EUR/pack"),
        },
        "lanes": [
            {"origin": "HU", "destination": "TR", "lead_time": "0 day [page]", "cost": "6 EUR/pack [page]"},
            {"origin": "TR", "destination": "HU", "lead_time": "0 day [page]", "cost": "8 EUR/pack [page]"},
        ],
        "markets": {
            "plain": {"region": "HU", "product": "pack", "demand": [_row("2030-01", 900, 110, 1.2)]},
            "straits": {"region": "TR", "product": "pack", "demand": [_row("2030-01", 700, 95, 0.8)]},
        },
        "competition": {"currency": "EUR"},
        "exchange_rates": [{"day": "2030-02-01 [page]", "rate": "1.25 USD/EUR [page]"}],
    }


def _plant(owner: str, region: str, capacity: str, cost: str) -> Tree:
    plant = {"owner": owner, "region": region, "makes": "pack", "opens": "2029-01 [page]"}
    return plant | {"capacity": f"{capacity} [page]", "marginal_cost": f"{cost} [page]"}


def _row(start: str, quantity: float, price: float, elasticity: float, **more: str) -> Tree:
    figures = {"quantity": f"{quantity} pack/year", "price": f"{price} EUR/pack", "elasticity": f"{elasticity} ratio"}
    return {"start": start, **{key: f"{text} [page]" for key, text in figures.items()}, **more}


def _duty(**said: str) -> Tree:
    """A duty on what comes to Hungary from 2030-04-11 on."""
    row = {"destination": "HU", "start": "2030-04-11 [page]"}
    words = ("origin", "firm", "product", "base", "name")
    return row | {key: text if key in words else f"{text} [page]" for key, text in said.items()}


def _duties(*rows: Tree) -> Callable[[Tree], None]:
    return lambda tree: tree.update(duties=list(rows))


def _competition(**said: Any) -> Callable[[Tree], None]:
    return lambda tree: tree["competition"].update(said)


def _all(*edits: Callable[[Tree], None]) -> Callable[[Tree], None]:
    return lambda tree: [edit(tree) for edit in edits] and None


def _ramps(tree: Tree) -> None:
    tree["plants"]["lake"] |= {
        "opens": "2030-03-12 [page]",
        "ramp": {"curve": "logistic", "months_to_nameplate": "9 month [page]"},
        "yield": {"start": "70 percent [page]", "steady": "96 percent [page]", "months_to_steady": "8 month [page]"},
    }
    tree["plants"]["bay"] |= {
        "availability": "85 percent [page]",
        "shutdowns": [{"start": "2030-08-01 [page]", "end": "2030-08-20 [page]", "every_year": True}],
    }


def _orders(tree: Tree) -> None:
    order = {"plant": "lake", "product": "pack", "region": "TR", "quantity": "90 pack [page]"}
    tree["orders"] = {"port": order | {"ordered": "2030-05-04 [page]"}}
    tree["products"]["van"] = {"counted_in": "vehicle"}
    tree["plants"]["garage"] = _plant("rail", "TR", "240 vehicle/year", "9 EUR/vehicle") | {
        "makes": "van",
        "inputs": [{"product": "pack", "per_item": "1.5 pack/vehicle [page]"}],
    }


def _costs(tree: Tree) -> None:
    steps = [(18, "20 pack/month"), (31, "45 pack/month"), (64, None)]
    tree["plants"]["lake"]["marginal_cost"] = {
        "steps": [
            {"cost": f"{cost} EUR/pack [page]"} | ({"up_to": f"{end} [page]"} if end else {}) for cost, end in steps
        ]
    }
    tree["plants"]["bay"]["marginal_cost"] = {
        "constant": "15 USD/pack [page]",
        "rise": "28 USD/pack [page]",
        "at": "500 pack/year [page]",
        "power": "1.7 ratio [page]",
    }
    tree["plants"]["cape"] |= {"marginal_cost": "52 EUR/MWh [page]", "fixed_cost": "4000 USD/year [page]"}
    tree["duties"] = [_duty(rate="11 percent")]


def _curves(tree: Tree) -> None:
    tree["markets"]["plain"]["demand"] = [_row("2030-01", 900, 110, 2.2, form="isoelastic")]
    rows = [_row("2030-01", 700, 95, 0.8), _row("2030-09", 1300, 140, 1.4)]
    tree["markets"]["straits"]["demand"] = rows
    days = {"start": "2030-05-10 [page]", "end": "2030-07-04 [page]"}
    tree["shocks"] = {"slump": {"market": "straits", "leaves": "40 percent [page]", **days}}


def _substitutes(tree: Tree) -> None:
    tree["products"]["box"] = {"counted_in": "pack"}
    tree["plants"]["yard"] = _plant("heron", "HU", "800 pack/year", "41 EUR/pack") | {"makes": "box"}
    tree["plants"]["shed"] = _plant("swift", "HU", "300 pack/year", "28 EUR/pack") | {"makes": "box"}
    tree["markets"]["boxes"] = {"region": "HU", "product": "box", "demand": [_row("2030-01", 500, 80, 1.5)]}
    pair = {"between": ["plain", "boxes"], "strength": "0.6 ratio [page]"}
    tree["competition"]["substitution"] = [{"form": "matrix", "markets": ["plain", "boxes"], "cross": [pair]}]


def _stakes(tree: Tree) -> None:
    def stake(company: str, holder: str, share: int, **more: str) -> Tree:
        return {"company": company, "holder": holder, "share": f"{share} percent [page]"} | more

    tree["stakes"] = [
        stake("rail", "heron", 30),
        stake("rail", "fund", 15, votes="40 percent [page]"),
        stake("fund", "swift", 55),
        stake("heron", "rail", 10),
        stake("swift", "heron", 20, since="2031-01 [page]"),
    ]


def _rates(tree: Tree) -> None:
    tree["lanes"][0]["cost"] = "9 USD/pack [page]"
    tree["plants"]["cape"]["marginal_cost"] = "41 USD/pack [page]"
    tree["exchange_rates"] = [
        {"day": "2031-01-15 [page]", "rate": "0.7 EUR/USD [page]"},
        {"day": "2030-05-01 [page]", "rate": "1.3 USD/EUR [page]"},
    ]
    tree["competition"] = {"currency": "USD"}


CONDUCT = [
    {"value": "0.6 ratio [page]"},
    {"value": "price-taking", "firm": "swift", "start": "2030-06", "end": "2030-10"},
    {"value": "cournot", "market": "straits", "firm": "swift"},
    {"value": "0.25 ratio [page]", "start": "2031-05"},
]
QUOTA = {"name": "packs", "product": "pack", "rate": "4 percent", "rate_over": "22 percent", "quota": "150 pack/year"}
UNDERTAKING = {"firm": "swift", "minimum_price": "118 USD/pack"}

_EDITS: dict[str, Callable[[Tree], None]] = {
    "as it is": lambda tree: None,
    "by the month": _competition(every="month"),
    "ramps, yields and stops": _ramps,
    "orders and inputs": _orders,
    "curves of cost": _costs,
    "curves of demand": _curves,
    "a duty on customs": _duties(_duty(rate="17 percent"), _duty(rate="5 percent", firm="rail", amount="3 USD/pack")),
    "a duty on the price": _all(
        _duties(
            _duty(rate="17 percent", base="price"), _duty(rate="30 percent", origin="HU"), _duty(amount="2 EUR/pack")
        ),
        _competition(importer_margin="12 percent [page]"),
    ),
    "a duty that ends": _duties(_duty(rate="25 percent", end="2031-02-09")),
    "a quota": _duties(_duty(**QUOTA)),
    "a quota on the price": _duties(_duty(**QUOTA, base="price", firm="swift")),
    "an undertaking": _duties(_duty(**UNDERTAKING)),
    "conduct": _competition(conduct=CONDUCT),
    "a price war": _competition(price_war={"start": "2030-10", "end": "2031-02", "firms": ["swift", "rail"]}),
    "substitutes": _substitutes,
    "stakes": _stakes,
    "stakes and more votes": _all(_stakes, _competition(control="60 percent [page]")),
    "exchange rates": _rates,
}


def case(name: str) -> Tree:
    """The study of one feature."""
    tree = copy.deepcopy(base())
    _EDITS[name](tree)
    return tree


CASES = list(_EDITS)
