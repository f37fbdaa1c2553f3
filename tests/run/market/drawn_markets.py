"""Small studies of single figures drawn by a seed, in which what a market knows of comes together in all ways."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

REGIONS = {"north": "EUR", "south": "USD", "west": "CNY"}
WORTH = {"EUR": 1.0, "USD": 1.2, "CNY": 7.5}
FIRMS = ["auk", "bittern", "crane", "dunlin"]
PAGE = "[page]"


class Draws(random.Random):
    """Random numbers, with the months of the study that they are for."""

    first, last = "2030-01", "2031-12"

    def day(self) -> str:
        first, last = date.fromisoformat(f"{self.first}-01"), date.fromisoformat(f"{self.last}-28")
        return f"{first + timedelta(days=self.randrange((last - first).days))} {PAGE}"


def random_market(seed: int) -> dict[str, Any]:
    """Makers of packs, and of boxes that may stand in for them, in up to three regions."""
    draw = Draws(seed)
    draw.first, draw.last = draw.choice([("2030-01", "2031-12"), ("2030-07", "2031-05"), ("2030-04", "2030-09")])
    regions = draw.sample(list(REGIONS), draw.choice([1, 2, 2, 3]))
    firms = FIRMS[: draw.randint(2, 4)]
    products = ["pack", "box"] if draw.random() < 0.35 else ["pack"]
    plants = {f"works-{number}": _plant(draw, regions, firms, products) for number in range(draw.randint(2, 5))}
    lanes = _lanes(draw, regions)
    markets = _markets(draw, regions, products)
    markets = {name: market for name, market in markets.items() if _reached(market, plants, lanes)}
    if not markets:
        return random_market(seed + 10_000)
    start, end = draw.first, draw.last
    return {
        "study": f"drawn-{seed}",
        "horizon": {"start": start, "end": end},
        "sources": {"page": {"title": "A page", "publisher": "p", "date": "2030"}},
        "regions": {name: {"currency": REGIONS[name]} for name in regions},
        "firms": {name: {} for name in (*firms, "fund")},
        "products": {
            name: {"counted_in": "pack", "energy": f"{draw.choice([0.5, 2.0])} MWh/pack {PAGE}"} for name in products
        },
        "plants": plants,
        "stakes": _stakes(draw, firms),
        "lanes": lanes,
        "duties": [_duty(draw, regions, firms, products) for _ in range(draw.randrange(4))] if len(regions) > 1 else [],
        "markets": markets,
        "shocks": _shocks(draw, plants, markets, start),
        "competition": _competition(draw, start, end, sorted({plant["owner"] for plant in plants.values()}), markets),
        "exchange_rates": _rates(draw),
    }


def _figure(draw: Draws, low: float, high: float, unit: str) -> str:
    return f"{draw.uniform(low, high):.5g} {unit} {PAGE}"


def _money(draw: Draws, low: float, high: float, per: str = "/pack") -> str:
    own = draw.choice(["EUR", "EUR", "USD", "CNY"])
    return _figure(draw, low * WORTH[own], high * WORTH[own], own + per)


def _reached(market: dict[str, Any], plants: dict[str, Any], lanes: list[dict[str, Any]]) -> bool:
    makers = {plant["region"] for plant in plants.values() if plant["makes"] == market["product"]}
    ways = [lane for lane in lanes if lane["destination"] == market["region"]]
    return market["region"] in makers or any(
        lane["origin"] in makers and lane.get("product", market["product"]) == market["product"] for lane in ways
    )


def _plant(draw: Draws, regions: list[str], firms: list[str], products: list[str]) -> dict[str, Any]:
    plant: dict[str, Any] = {
        "owner": draw.choice(firms),
        "region": draw.choice(regions),
        "makes": draw.choice(products),
        "marginal_cost": _cost(draw),
    }
    capacity = _figure(draw, 100, 3000, "pack/year")
    if draw.random() < 0.25:
        plant["tranches"] = [
            {"capacity": capacity, "opens": f"2029-0{draw.randint(1, 9)} {PAGE}"},
            {"capacity": _figure(draw, 10, 200, "pack/month"), "opens": draw.day()},
        ]
    else:
        plant |= {"capacity": capacity, "opens": draw.choice([f"2028-05 {PAGE}", f"2029-11 {PAGE}", draw.day()])}
    curve = draw.choice(["linear", "logistic", "tranches"])
    parts = {
        "ramp": {"curve": curve, "months_to_nameplate": _figure(draw, 2, 20, "month")},
        "yield": _figure(draw, 60, 100, "percent"),
        "availability": _figure(draw, 70, 100, "percent"),
        "shutdowns": [{"start": f"2030-08-{draw.randint(1, 15):02d} {PAGE}", "end": f"2030-08-22 {PAGE}"}],
        "fixed_cost": _money(draw, 100, 5000, "/year"),
    }
    return plant | {key: part for key, part in parts.items() if draw.random() < 0.35}


def _cost(draw: Draws) -> Any:
    form = draw.choice(["constant", "constant", "steps", "rise", "power"])
    if form == "constant":
        return _money(draw, 15, 60, "/pack" if draw.random() < 0.8 else "/MWh")
    if form == "steps":
        ends = sorted(draw.uniform(20, 150) for _ in range(2))
        costs = sorted(draw.uniform(15, 80) for _ in range(3))
        steps: list[dict[str, str]] = [{"cost": f"{cost:.5g} EUR/pack {PAGE}"} for cost in costs]
        for step, until in zip(steps, ends, strict=False):
            step["up_to"] = f"{until:.5g} pack/month {PAGE}"
        return {"steps": steps}
    found = {"constant": _money(draw, 10, 40), "rise": _money(draw, 5, 40), "at": _figure(draw, 300, 2000, "pack/year")}
    return found | ({"power": _figure(draw, 0.6, 3.0, "ratio")} if form == "power" else {})


def _markets(draw: Draws, regions: list[str], products: list[str]) -> dict[str, Any]:
    found = {}
    for region in regions:
        for product in products:
            if draw.random() < 0.85 or not found:
                form = draw.choice([None, None, "linear", "isoelastic"])
                rows = [_row(draw, draw.first if draw.random() < 0.9 else "2030-08", form)]
                later = draw.day()[:7]
                if draw.random() < 0.4 and later > rows[0]["start"]:
                    rows.append(_row(draw, later, form))
                found[f"{region}-{product}"] = {"region": region, "product": product, "demand": rows}
    return found


def _row(draw: Draws, start: str, form: str | None) -> dict[str, Any]:
    row = {
        "start": start,
        "quantity": _figure(draw, 300, 3000, "pack/year"),
        "price": _money(draw, 70, 160),
        "elasticity": _figure(draw, *((1.6, 3.0) if form == "isoelastic" else (0.4, 2.5)), "ratio"),
    }
    return row | ({"form": form} if form else {})


def _lanes(draw: Draws, regions: list[str]) -> list[dict[str, Any]]:
    lanes: list[dict[str, Any]] = []
    for origin in regions:
        for destination in regions:
            if origin != destination and draw.random() < 0.8:
                way = {"origin": origin, "destination": destination, "lead_time": f"0 day {PAGE}"}
                lanes.append(way | {"cost": _money(draw, 2, 15)})
                if draw.random() < 0.2:
                    lanes.append(way | {"cost": _money(draw, 2, 15), "product": "pack"})
    return lanes


def _duty(draw: Draws, regions: list[str], firms: list[str], products: list[str]) -> dict[str, Any]:
    kind = draw.choice(["customs", "customs", "price", "amount", "both", "quota", "least"])
    said: dict[str, Any] = {"destination": draw.choice(regions), "start": draw.choice([f"2029-06 {PAGE}", draw.day()])}
    filters = {"origin": draw.choice(regions), "firm": draw.choice(firms), "product": draw.choice(products)}
    said |= {key: value for key, value in filters.items() if draw.random() < 0.3}
    if draw.random() < 0.3:
        said["end"] = max(f"2031-{draw.randint(7, 12):02d}-{draw.randint(1, 28):02d}", said["start"][:10]) + f" {PAGE}"
    if kind == "least":
        return said | {"minimum_price": _figure(draw, 50, 90, "EUR/pack")}
    if kind in ("amount", "both"):
        said["amount"] = _money(draw, 1, 15)
    if kind in ("customs", "price", "both"):
        said |= {"rate": _figure(draw, 2, 40, "percent"), "base": "price" if kind == "price" else "customs"}
    if kind == "quota":
        said |= {"rate": _figure(draw, 0, 8, "percent"), "rate_over": _figure(draw, 12, 50, "percent")}
        said |= {"quota": _figure(draw, 20, 400, "pack/year"), "product": draw.choice(products)}
    return said


def _stakes(draw: Draws, firms: list[str]) -> list[dict[str, Any]]:
    stakes = []
    for number, company in enumerate(firms):
        for holder in ("fund", *firms[:number]):
            if draw.random() < 0.25:
                row: dict[str, Any] = {"company": company, "holder": holder, "share": _figure(draw, 5, 33, "percent")}
                if draw.random() < 0.3:
                    row["votes"] = _figure(draw, 30, 49, "percent") if draw.random() < 0.5 else f"33 percent {PAGE}"
                if draw.random() < 0.3:
                    row["since"] = draw.day()
                stakes.append(row)
    if draw.random() < 0.3:
        pair = draw.sample(firms, 2)
        if not any(row["company"] == pair[0] for row in stakes) and pair[0] > pair[1]:
            stakes.append({"company": pair[0], "holder": pair[1], "share": _figure(draw, 52, 95, "percent")})
    return stakes


def _shocks(draw: Draws, plants: dict[str, Any], markets: dict[str, Any], start: str) -> dict[str, Any]:
    found = {}
    days = {"start": f"{start}-{draw.randint(2, 9):02d} {PAGE}", "end": f"2030-09-{draw.randint(1, 28):02d} {PAGE}"}
    if draw.random() < 0.3:
        found["strike"] = {"plant": draw.choice(list(plants)), "leaves": _figure(draw, 20, 80, "percent"), **days}
    if draw.random() < 0.3:
        found["slump"] = {"market": draw.choice(list(markets)), "leaves": _figure(draw, 20, 80, "percent"), **days}
    return found


def _competition(draw: Draws, start: str, end: str, firms: list[str], markets: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"currency": draw.choice(["EUR", "USD"]), "every": "year"}
    if (start, end) == ("2030-04", "2030-09"):
        found["every"] = draw.choice(["year", "month"])
    rows = []
    for _ in range(draw.randrange(4)):
        row: dict[str, Any] = {
            "value": draw.choice(["cournot", "price-taking", f"{draw.uniform(0.1, 0.9):.3f} ratio {PAGE}"])
        }
        said = {
            "firm": draw.choice(firms),
            "market": draw.choice(list(markets)),
            "start": draw.choice(["2030-05", "2030-08"]),
            "end": draw.choice(["2030-09", "2031-02"]),
        }
        said["end"] = min(said["end"], end)
        said["start"] = max(said["start"], start)
        rows.append(row | {key: value for key, value in said.items() if draw.random() < 0.5})
    found["conduct"] = rows
    if draw.random() < 0.3:
        found["importer_margin"] = _figure(draw, 2, 20, "percent")
    if draw.random() < 0.3:
        found["control"] = _figure(draw, 50, 70, "percent")
    if draw.random() < 0.15:
        found["price_war"] = {"start": "2030-08", **({"firms": firms[:1]} if draw.random() < 0.5 else {})}
    for region in REGIONS:
        pair = [f"{region}-pack", f"{region}-box"]
        straight = all(name in markets and markets[name]["demand"][0].get("form") != "isoelastic" for name in pair)
        if straight and draw.random() < 0.7:
            cross = [{"between": pair, "strength": _figure(draw, 0.05, 0.8, "ratio")}]
            found.setdefault("substitution", []).append({"form": "matrix", "markets": pair, "cross": cross})
    return found


def _rates(draw: Draws) -> list[dict[str, str]]:
    rows = [("USD", "EUR"), ("CNY", "EUR"), ("CNY", "USD")]
    found = []
    for top, bottom in rows:
        for _ in range(draw.randint(1, 3)):
            rate = WORTH[top] / WORTH[bottom] * draw.uniform(0.9, 1.1)
            text = f"{rate:.5g} {top}/{bottom}" if draw.random() < 0.7 else f"{1 / rate:.5g} {bottom}/{top}"
            found.append({"day": draw.day(), "rate": f"{text} {PAGE}"})
    return found
