"""Small studies of single figures drawn by a seed, in which features of the chain come together in all ways."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

_REGIONS = ("north", "south", "west")
_MONTHS = [f"2030-{month:02d}" for month in range(1, 13)]
_FIRST, _DAYS = date(2030, 1, 1), 365


def random_study(seed: int) -> dict[str, Any]:
    """Cells, packs and vehicles made of them in three regions, with markets, orders, duties and shocks."""
    draw = random.Random(seed)
    plants = {
        f"{product}s-{number}": _plant(draw, product)
        for product in ("cell", "pack", "vehicle")
        for number in range(draw.choice([0, 1, 1, 2]) if product == "vehicle" else draw.choice([1, 2]))
    }
    lanes = _lanes(draw)
    return {
        "study": f"drawn-{seed}",
        "horizon": {"start": _MONTHS[0], "end": _MONTHS[-1]},
        "sources": {"page": {"title": "A page", "publisher": "p", "date": "2030"}},
        "regions": {"north": {"currency": "EUR"}, "south": {"currency": "USD"}, "west": {"currency": "CNY"}},
        "firms": {"firm": {}, "other": {}},
        "products": {
            "cell": {"counted_in": "cell"},
            "pack": {"counted_in": "pack", "energy": "0.5 MWh/pack [page]"},
            "vehicle": {"counted_in": "vehicle"},
            "seat": {"counted_in": "module", "external": "assumed: there are seats"},
        },
        "plants": plants,
        "lanes": lanes,
        "markets": _markets(draw, {plant["makes"] for plant in plants.values()}),
        "orders": {f"order-{number}": _order(draw, plants) for number in range(draw.randrange(5))},
        "duties": [_duty(draw) for _ in range(draw.randrange(3))],
        "shocks": {f"shock-{number}": _shock(draw, plants) for number in range(draw.randrange(5))},
        "exchange_rates": [
            {"day": "2029-01-01 [page]", "rate": "1.25 USD/EUR [page]"},
            {"day": "2029-02-01 [page]", "rate": "7.5 CNY/EUR [page]"},
            {"day": "2029-03-01 [page]", "rate": "0.14 USD/CNY [page]"},
        ],
    }


def _figure(draw: random.Random, low: float, high: float, unit: str) -> str:
    number = draw.choice([low, high, round(draw.uniform(low, high), 2), round(draw.uniform(low, high), 2)])
    return f"{number:g} {unit} [page]"


def _day(draw: random.Random, first: int = 0, last: int = _DAYS - 1) -> date:
    return _FIRST + timedelta(days=draw.randint(first, last))


def _some(draw: random.Random, parts: dict[str, Any], likely: float = 0.4) -> dict[str, Any]:
    return {key: part for key, part in parts.items() if draw.random() < likely}


def _plant(draw: random.Random, makes: str) -> dict[str, Any]:
    most = {"cell": 900, "pack": 200, "vehicle": 120}[makes]
    plant: dict[str, Any] = {"owner": draw.choice(["firm", "other"]), "region": draw.choice(_REGIONS), "makes": makes}
    blocks = [
        {
            "capacity": _figure(draw, 5, most, f"{makes}/month"),
            "opens": f"{_day(draw, -400, 200)} [page]",
        }
        for _ in range(draw.choice([1, 1, 2, 3]))
    ]
    plant |= {"tranches": blocks} if len(blocks) > 1 else blocks[0]
    stop = _day(draw, -300, 300)
    shift = _day(draw, 0, 200)
    plant |= _some(
        draw,
        {
            "ramp": draw.choice(
                [
                    {
                        "curve": draw.choice(["linear", "tranches", "logistic"]),
                        "months_to_nameplate": _figure(draw, 1, 15, "month"),
                    },
                    {
                        "curve": "learning",
                        "items_to_nameplate": _figure(draw, 5, most * 3, makes),
                        "starts_at": _figure(draw, 1, 98, "percent"),
                    },
                ]
            ),
            "yield": draw.choice(
                [
                    _figure(draw, 50, 100, "percent"),
                    {
                        "start": _figure(draw, 0, 60, "percent"),
                        "steady": _figure(draw, 60, 100, "percent"),
                        "months_to_steady": _figure(draw, 1, 12, "month"),
                    },
                ]
            ),
            "availability": _figure(draw, 60, 100, "percent"),
            "process_time": _figure(draw, 1, 120, "day"),
            "stock_limit": _figure(draw, 0, most / 2, makes),
            "shutdowns": [
                {
                    "start": f"{stop} [page]",
                    "end": f"{stop + timedelta(days=draw.randrange(60))} [page]",
                    "every_year": True,
                    "leaves": _figure(draw, 0, 100, "percent"),
                }
            ],
            "priority": "contract-date",
            "allocation": _allocation(draw, plant["region"]),
        },
    )
    if draw.random() < 0.3:
        plant["nameplate_hours"] = "100 hour/week [page]"
        plant["shifts"] = [
            {"start": f"{shift} [page]", "hours": _figure(draw, 0, 160, "hour/week")},
            {
                "start": f"{shift + timedelta(days=30)} [page]",
                "end": f"{shift + timedelta(days=70)} [page]",
                "hours": _figure(draw, 0, 160, "hour/week"),
            },
        ]
    if makes != "cell":
        plant["inputs"] = [{"product": "cell", "per_item": _figure(draw, 1, 5, f"cell/{makes}")}]
    if makes == "vehicle":
        plant["inputs"] += [
            {"product": "pack", "per_item": "1 pack/vehicle [page]"},
            {"product": "seat", "per_item": "5 module/vehicle [page]"},
        ]
    return plant


def _allocation(draw: random.Random, home: str) -> list[dict[str, Any]]:
    def rule(**when: Any) -> dict[str, Any]:
        share = {"export_share": _figure(draw, 0, 100, "percent")}
        return {**when, "first": draw.choice(["home", "exports", home, *_REGIONS]), **_some(draw, share, 0.6)}

    if draw.random() < 0.5:
        return [rule(quarter_half=half) for half in draw.choice([("first",), ("second",), ("first", "second")])]
    return [
        rule(quarter_months=[1, 3], end="2030-08"),
        rule(quarter_months=[2]),
        rule(quarter_half="second", start="2030-12"),
    ][: draw.choice([1, 2])]


def _lanes(draw: random.Random) -> list[dict[str, Any]]:
    ways = [
        {
            "origin": origin,
            "destination": other,
            "lead_time": _figure(draw, 0, 80, "day"),
            **_some(draw, {"cost": _figure(draw, 0, 300, f"{draw.choice(['EUR', 'USD', 'CNY'])}/pack")}),
        }
        for origin in _REGIONS
        for other in _REGIONS
        if origin != other
    ]
    for way in ways:
        if "cost" in way:
            way["product"] = "pack"
    return ways + [
        {key: value for key, value in way.items() if key not in ("cost", "product")} for way in ways if "product" in way
    ]


def _markets(draw: random.Random, made: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for region in _REGIONS:
        for product in sorted(made):
            if draw.random() < 0.5:
                continue
            rows: list[dict[str, Any]] = []
            for start in sorted(draw.sample(_MONTHS, draw.choice([1, 1, 2, 3]))):
                most = {"cell": 500, "pack": 150, "vehicle": 80}[product]
                row: dict[str, Any] = {"start": start, "quantity": _figure(draw, 0, most, f"{product}/month")}
                if draw.random() < 0.25:
                    row = {"start": start, "unlimited": "assumed: a queue"}
                if product == "pack" and draw.random() < 0.5:
                    row["price"] = _figure(draw, 100, 900, f"{draw.choice(['EUR', 'USD', 'CNY'])}/pack")
                rows.append(row)
            found[f"{product}s-{region}"] = {"region": region, "product": product, "demand": rows}
    return found


def _order(draw: random.Random, plants: dict[str, Any]) -> dict[str, Any]:
    plant = draw.choice(sorted(plants))
    product = plants[plant]["makes"]
    ordered = _day(draw)
    order: dict[str, Any] = {
        "region": draw.choice(_REGIONS),
        "plant": plant,
        "product": product,
        "quantity": _figure(draw, 1, 900, product),
        "ordered": f"{ordered} [page]",
    }
    if draw.random() < 0.6:
        order["wanted"] = (
            f"{min(ordered + timedelta(days=draw.randrange(100)), _FIRST + timedelta(days=_DAYS - 1))} [page]"
        )
        if draw.random() < 0.6:
            order["late_damages"] = _figure(draw, 1, 9, f"{draw.choice(['EUR', 'USD'])}/{product}/day")
            if draw.random() < 0.6:
                order["late_damages_most"] = _figure(draw, 10, 400, f"{draw.choice(['EUR', 'CNY'])}/{product}")
    return order


def _duty(draw: random.Random) -> dict[str, Any]:
    start = _day(draw)
    optional = {
        "origin": draw.choice(_REGIONS),
        "firm": draw.choice(["firm", "other"]),
        "product": draw.choice(["pack", "cell"]),
        "base": draw.choice(["price", "customs"]),
        "end": f"{start + timedelta(days=draw.randrange(200))} [page]",
    }
    rate = {"rate": _figure(draw, 0, 90, "percent"), "start": f"{start} [page]"}
    return {"destination": draw.choice(_REGIONS), **rate, **_some(draw, optional)}


def _shock(draw: random.Random, plants: dict[str, Any]) -> dict[str, Any]:
    origin, destination = draw.sample(_REGIONS, 2)
    target: dict[str, Any] = draw.choice(
        [
            {"plant": draw.choice(sorted(plants)), "what": draw.choice(["output", "exports"])},
            {"plant": draw.choice(sorted(plants)), "what": "exports"},
            {"region": origin, "what": "lane"},
            {"lane": {"origin": origin, "destination": destination}},
            {"lane": {"origin": origin, "destination": destination, "product": "pack"}},
            {"product": "cell"},
        ]
    )
    start = _day(draw, 0, 300)
    lasts = draw.randint(1, (_FIRST + timedelta(days=_DAYS) - start).days)
    ends: dict[str, Any] = draw.choice(
        [{"lasts": f"{lasts - 0.5:g} day [page]"}, {"end": f"{start + timedelta(days=lasts - 1)} [page]"}]
    )
    shock = {**target, "leaves": _figure(draw, 0, 100, "percent"), "start": f"{start} [page]", **ends}
    if "lane" in target or target.get("what") == "lane":
        shock |= _some(draw, {"delay": _figure(draw, 1, 60, "day")})
    return shock
