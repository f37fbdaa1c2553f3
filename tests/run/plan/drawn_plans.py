"""Small studies of what could be built, of single figures drawn by a seed, in which rules come together in all ways."""

from __future__ import annotations

import random
from typing import Any

PAGE = "[page]"
WORTH = {"EUR": 1.0, "CNY": 7.8}


def random_plan(seed: int) -> dict[str, Any]:
    """Two or three works and one or two that could be built, in two regions, over two to four years."""
    draw = random.Random(seed)
    every = draw.choice(["year", "year", "quarter"])
    last = draw.choice([2028, 2029]) if every == "year" else 2027
    firms = ["heron", "otter"]
    options = {f"new-{number}": _option(draw, firms, every) for number in range(draw.randint(1, 2))}
    plants = {f"old-{number}": _plant(draw, firms) for number in range(draw.randint(1, 3))}
    return {
        "study": f"drawn-{seed}",
        "horizon": {"start": "2026-01", "end": f"{last}-12"},
        "sources": {"page": {"title": "A page", "publisher": "p", "date": "2026"}},
        "regions": {"east": {"currency": "CNY"}, "west": {"currency": "EUR"}},
        "firms": {name: {} for name in firms},
        "products": {"pack": {"counted_in": "pack", "energy": f"0.5 MWh/pack {PAGE}"}},
        "plants": plants,
        "lanes": [_lane(draw, "east", "west"), _lane(draw, "west", "east")],
        "duties": [_duty(draw, firms) for _ in range(draw.randrange(3))],
        "markets": {region: _market(draw, region) for region in ("east", "west")},
        "investment": {
            "currency": draw.choice(["EUR", "EUR", "CNY"]),
            "every": every,
            "gap": f"0 percent {PAGE}",
            "discount_rate": draw.choice([f"0 percent/year {PAGE}", _figure(draw, 2, 15, "percent/year")]),
            "unserved_cost": _money(draw, 60, 300, "/pack"),
            "options": options,
            "standing": [_standing(draw, name) for name in plants if draw.random() < 0.5],
            "limits": [_limit(draw, list(options.values())) for _ in range(draw.randrange(3))],
            **_some(draw, {"construction_rate": _figure(draw, 0, 12, "percent/year"), "scenarios": _scenarios(draw)}),
        },
        "exchange_rates": [
            {"day": f"{year}-0{draw.randint(1, 9)}-1{draw.randint(0, 9)} {PAGE}", "rate": f"{rate:.4g} CNY/EUR {PAGE}"}
            for year, rate in ((2026, draw.uniform(7, 8)), (2027, draw.uniform(7, 9)))
        ],
    }


def _figure(draw: random.Random, low: float, high: float, unit: str) -> str:
    return f"{draw.uniform(low, high):.4g} {unit} {PAGE}"


def _money(draw: random.Random, low: float, high: float, per: str = "") -> str:
    own = draw.choice(["EUR", "EUR", "CNY"])
    return _figure(draw, low * WORTH[own], high * WORTH[own], own + per)


def _some(draw: random.Random, parts: dict[str, Any], likely: float = 0.4) -> dict[str, Any]:
    return {key: part for key, part in parts.items() if draw.random() < likely}


def _plant(draw: random.Random, firms: list[str]) -> dict[str, Any]:
    plant = {
        "owner": draw.choice(firms),
        "region": draw.choice(["east", "west"]),
        "makes": "pack",
        "capacity": _figure(draw, 10, 120, "pack/year"),
        "opens": draw.choice([f"2024-01 {PAGE}", f"2026-0{draw.randint(2, 9)}-11 {PAGE}"]),
        "marginal_cost": _cost(draw),
    }
    parts = {
        "ramp": {"curve": "linear", "months_to_nameplate": _figure(draw, 2, 20, "month")},
        "yield": _figure(draw, 70, 100, "percent"),
        "availability": _figure(draw, 70, 100, "percent"),
    }
    return plant | _some(draw, parts, 0.3)


def _cost(draw: random.Random) -> Any:
    if draw.random() < 0.7:
        return _money(draw, 10, 60, draw.choice(["/pack", "/pack", "/MWh"]))
    low, high = sorted(draw.uniform(10, 70) for _ in range(2))
    return {
        "steps": [
            {"cost": f"{low:.4g} EUR/pack {PAGE}", "up_to": _figure(draw, 1, 6, "pack/month")},
            {"cost": f"{high:.4g} EUR/pack {PAGE}"},
        ]
    }


def _lane(draw: random.Random, origin: str, destination: str) -> dict[str, str]:
    cost = _money(draw, 1, 15, "/pack")
    return {"origin": origin, "destination": destination, "lead_time": f"0 day {PAGE}", "cost": cost}


def _duty(draw: random.Random, firms: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = {"destination": draw.choice(["east", "west"])}
    said["start"] = draw.choice([f"2025-03 {PAGE}", f"2027-0{draw.randint(1, 9)}-1{draw.randint(0, 9)} {PAGE}"])
    kind = draw.choice(["customs", "price", "amount"])
    if kind == "amount":
        said["amount"] = _money(draw, 1, 20, "/pack")
    else:
        said |= {"rate": _figure(draw, 3, 60, "percent"), "base": kind}
        if draw.random() < 0.5:
            over = {"quota": _figure(draw, 2, 19, "pack/year"), "rate_over": _figure(draw, 61, 120, "percent")}
            said |= over | {"product": "pack"}
    return said | _some(draw, {"firm": draw.choice(firms), "end": f"2027-11-2{draw.randint(0, 9)} {PAGE}"}, 0.3)


def _market(draw: random.Random, region: str) -> dict[str, Any]:
    rows = [{"start": "2026-01", "quantity": _figure(draw, 20, 140, "pack/year")}]
    if draw.random() < 0.5:
        rows.append({"start": f"2027-0{draw.randint(1, 9)}", "quantity": _figure(draw, 20, 260, "pack/year")})
    price = _money(draw, 80, 160, "/pack")
    return {"region": region, "product": "pack", "demand": [row | {"price": price} for row in rows]}


def _option(draw: random.Random, firms: list[str], every: str) -> dict[str, Any]:
    most = 20 if every == "year" else 11
    lead = draw.choice([0, 6, 9, most]) if draw.random() < 0.6 else round(draw.uniform(0, most), 2)
    option = {
        "firm": draw.choice(firms),
        "region": draw.choice(["east", "west"]),
        "makes": "pack",
        "block": _figure(draw, 10, 60, "pack/year"),
        "most": draw.randint(1, 3),
        "lead_time": f"{lead} month {PAGE}",
        "capital_cost": _money(draw, 300, 4000),
        "marginal_cost": _cost(draw),
    }
    shares = {"share": _figure(draw, 5, 40, "percent"), "end": draw.choice(["2026-12", "2027-06"])}
    items = {"per_item": _money(draw, 1, 15, "/pack"), "years": f"{draw.choice([1, 2])} year {PAGE}"}
    parts = {
        "most_at_once": draw.randint(1, option["most"]),
        draw.choice(["start", "end"]): draw.choice(["2026-05", "2026-10", "2027-01"]),
        "scale_exponent": _figure(draw, 0.5, 1, "ratio"),
        "fixed_cost": _figure(draw, 1, 6, "percent/year"),
        "salvage": _figure(draw, 10, 80, "percent"),
        "ramp": {"curve": "linear", "months_to_nameplate": _figure(draw, 2, 20, "month")},
        "incentives": draw.choice([[shares], [items], [shares, items | {"start": "2027-01"}]]),
    }
    found = option | _some(draw, parts, 0.35)
    found |= {"life": _figure(draw, 5, 20, "year")} if "salvage" in found and draw.random() < 0.5 else {}
    later = {"renewal": _figure(draw, 1, 8, "percent/year"), "preparation": f"{round(lead / 3, 2)} month {PAGE}"}
    return found | _some(draw, later, 0.35)


def _standing(draw: random.Random, plant: str) -> dict[str, Any]:
    row = {"plant": plant, "fixed_cost": _money(draw, 100, 2500, "/year")}
    if draw.random() < 0.7:
        row |= {"mothballed_cost": _money(draw, 5, 100, "/year"), "restart_cost": _money(draw, 1, 200)}
    if draw.random() < 0.7:
        row["closing_cost"] = _money(draw, 5, 300)
    return row


def _limit(draw: random.Random, options: list[dict[str, Any]]) -> dict[str, Any]:
    bound = draw.choice(options)
    kind = draw.choice(["local-content", "exports", "spending", "capacity", "sales"])
    said: dict[str, Any] = {"kind": kind}
    if kind == "local-content" or (kind == "exports" and draw.random() < 0.5):
        said["share"] = _figure(draw, 10, 70, "percent")
    elif kind == "spending":
        said["money"] = _money(draw, 500, 8000, "/year")
    else:
        said |= {"quantity": _figure(draw, 80, 300, "pack/year"), "product": "pack"}
    parts = {"region": bound["region"], "start": "2026-08", "end": draw.choice(["2027-05", "2027-12"])}
    if kind in ("spending", "capacity"):
        parts["firm"] = bound["firm"]
    return said | _some(draw, parts)


def _scenarios(draw: random.Random) -> dict[str, Any]:
    part = draw.randint(20, 80)
    return {
        "low": {"probability": f"{part} percent {PAGE}", "demand": _figure(draw, 0.4, 0.9, "ratio")},
        "high": {"probability": f"{100 - part} percent {PAGE}", "demand": _figure(draw, 1, 1.8, "ratio")},
    }
