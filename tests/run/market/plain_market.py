"""The markets of a study once more, for one member, in plain loops: an oracle.

Written from docs/formulation (competition, market) and docs/reference/study-file.md alone; it reads the model of the
study and shares no code with ``cell2grid.engines`` and ``cell2grid.run``. Figures are single numbers. What plants make
is that of ``plain_chain.py``, who decides is in ``plain_deciding.py``, equilibria in ``plain_equilibrium.py``. Price
wars are their conduct only: exits and stocks that are sold off are left out, and so are prices of variants (logit).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from plain_chain import plain_chain
from plain_deciding import deciders
from plain_equilibrium import INF, Conditions, Curve, Game, Line, NotFoundError, Parcel, Vector, found_at
from plain_reading import days_of, demand_of, items_of, lane_of, months_of, next_month, number_of

from cell2grid.study.model import Study
from cell2grid.units import currency

NAN = math.nan


@dataclass
class Term:
    label: str
    places: list[int]  # of its months in the horizon
    months: list[date]

    @property
    def middle(self) -> date:
        return self.months[0] + (next_month(self.months[-1]) - self.months[0]) // 2

    def mean(self, values: list[float]) -> float:
        return sum(values) / len(values)


def terms_of(study: Study) -> list[Term]:
    found: dict[str, Term] = {}
    for place, month in enumerate(months_of(study)):
        label = f"{month:%Y}" if study.competition.every == "year" else f"{month:%Y-%m}"
        term = found.setdefault(label, Term(label, [], []))
        term.places.append(place)
        term.months.append(month)
    return list(found.values())


def money_of(study: Study, quantity: Any, product: str | None, term: Term) -> float:
    """Money for an item (or for a year, without product), in the currency of the competition."""
    if quantity is None:
        return 0.0
    own, goal = currency(quantity.unit), study.competition.currency
    if product is None:
        amount = quantity.to(f"{own}/year").mode
    elif quantity.unit.split("/")[1] in ("kWh", "MWh", "GWh"):
        noun = study.products[product].counted_in
        amount = quantity.to(f"{own}/MWh").mode * study.products[product].energy.to(f"MWh/{noun}").mode
    else:
        amount = quantity.to(f"{own}/{study.products[product].counted_in}").mode
    if own == goal:
        return float(amount)
    known = []
    for row in study.exchange_rates:
        top, bottom = row.rate.unit.split("/")
        if {top, bottom} == {own, goal}:
            value = row.rate.value
            known.append((row.day.first, value if top == goal else 1.0 / value))
    known.sort(key=lambda row: row[0])
    latest = [worth for day, worth in known if day <= term.middle]
    return float(amount * (latest[-1] if latest else known[0][1]))


def priced(study: Study) -> list[str]:
    return [name for name, market in study.markets.items() if any(row.elasticity is not None for row in market.demand)]


# -- what plants can sell


def free_rates(study: Study) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """By plant and month what can be sold and the nameplate that is open [item/month]."""
    quiet = {name: market for name, market in study.markets.items() if name not in priced(study)}
    ledger = plain_chain(study.changed(markets=quiet, competition=None))
    rises: dict[str, list[float]] = {}
    for plant, stock in ledger["stock"].items():
        most, rises[plant] = 0.0, []
        for held in stock:
            rises[plant].append(max(held - most, 0.0))
            most = max(most, held)
    return rises, ledger["capacity"]


def parcels_of(study: Study, name: str, term: Term) -> list[Parcel]:
    plant = study.plants[name]
    cost = plant.marginal_cost
    if not hasattr(cost, "steps"):
        return [Parcel(INF, money_of(study, cost, plant.makes, term))]
    if not cost.steps:
        power = number_of(cost.power, "ratio", 1.0)
        rise = money_of(study, cost.rise, plant.makes, term)
        at = 12 * items_of(study, cost.at, plant.makes, "/month") if cost.at is not None else 1.0
        return [Parcel(INF, money_of(study, cost.constant, plant.makes, term), rise, at, power)]
    found, before = [], 0.0
    for step in cost.steps:
        end = INF if step.up_to is None else 12 * items_of(study, step.up_to, plant.makes, "/month")
        found.append(Parcel(end - before, money_of(study, step.cost, plant.makes, term)))
        before = end
    return found


# -- borders


def _applies(duty: Any, study: Study, plant: Any, market: Any) -> bool:
    if plant.region == market.region or duty.destination != market.region:
        return False
    wanted = ((duty.origin, plant.region), (duty.firm, plant.owner), (duty.product, plant.makes))
    return all(said is None or said == is_ for said, is_ in wanted)


def _in_force(duty: Any, term: Term) -> float:
    last = date.max if duty.end is None else duty.end.last
    parts = [[duty.start.first <= day <= last for day in days_of(month)] for month in term.months]
    return term.mean([sum(days) / len(days) for days in parts])


def lines_of(study: Study, term: Term, quotas: dict[str, float]) -> list[Line]:
    """Who can sell where; goods under a quota have a second line for what is above it."""
    lines = []
    margin = number_of(study.competition.importer_margin, "ratio")
    for name, plant in study.plants.items():
        for buyers in priced(study):
            market = study.markets[buyers]
            home = market.region == plant.region
            lane = None if home else lane_of(study, name, market.region)
            if market.product != plant.makes or (lane is None and not home):
                continue
            freight = 0.0 if home else money_of(study, lane.cost, plant.makes, term)
            line, above = Line(name, buyers, freight), Line(name, buyers, freight)
            for place, duty in enumerate(study.duties):
                part = _in_force(duty, term)
                if not _applies(duty, study, plant, market) or part == 0.0:
                    continue
                amount = part * money_of(study, duty.amount, plant.makes, term)
                rate, over = (number_of(found, "ratio") for found in (duty.rate, duty.rate_over))
                if duty.quota is not None:
                    line.quotas.append(duty.name or f"duties.{place}")
                    quotas[line.quotas[-1]] = 12 * items_of(study, duty.quota, plant.makes, "/month")
                for way, paid in ((line, rate), (above, over if duty.quota is not None else rate)):
                    way.amount += amount
                    if duty.base == "price":
                        way.on_price += part * paid
                    else:
                        way.on_cost += part * paid
                if duty.minimum_price is not None and part >= 0.5:
                    least = money_of(study, duty.minimum_price, plant.makes, term)
                    line.least = above.least = max(line.least or least, least)
            for way in (line, above) if line.quotas else (line,):
                if not home:
                    way.on_price = (1 + way.on_price) / (1 - margin) - 1
                lines.append(way)
    return lines


# -- buyers


def curves_of(study: Study, term: Term) -> dict[str, Curve]:
    found, points = {}, {}
    for name in priced(study):
        market = study.markets[name]
        asked = []
        for month in term.months:
            rows = [row for row in market.demand if row.start <= f"{month:%Y-%m}"]
            if rows:
                row = max(rows, key=lambda row: row.start)
                price = money_of(study, row.price, market.product, term)
                asked.append((12 * demand_of(study, name, month), price, number_of(row.elasticity, "ratio"), row.form))
        whole = sum(row[0] for row in asked)
        if whole == 0.0:
            continue
        quantity = whole / len(term.months)
        price, elasticity = (sum(row[0] * row[place] for row in asked) / whole for place in (1, 2))
        points[name] = quantity
        if asked[0][3] == "isoelastic":
            found[name] = Curve("isoelastic", scale=quantity * price**elasticity, elasticity=elasticity)
        else:
            slope = price / (elasticity * quantity)
            found[name] = Curve("linear", intercept=price * (1 + 1 / elasticity), slope=slope)
    for group in study.competition.substitution:
        for pair in group.cross:
            if pair.between[0] in found and pair.between[1] in found:
                one, other = (found[name] for name in pair.between)
                slope = number_of(pair.strength, "ratio") * math.sqrt(one.slope * other.slope)
                one.cross[pair.between[1]] = other.cross[pair.between[0]] = slope
                one.intercept += slope * points[pair.between[1]]
                other.intercept += slope * points[pair.between[0]]
    return found


# -- how firms sell


def conduct_of(study: Study, firm: str, market: str, term: Term) -> float:
    by_month = []
    for month in term.months:
        text, value = f"{month:%Y-%m}", 1.0
        for row in study.competition.conduct:
            named = row.firm in (None, firm) and row.market in (None, market)
            if named and (row.start or "") <= text <= (row.end or "9999-12"):
                words = {"cournot": 1.0, "price-taking": 0.0}
                value = words[row.value] if isinstance(row.value, str) else number_of(row.value, "ratio")
        war = study.competition.price_war
        if war is not None and war.start <= text <= (war.end or "9999-12"):
            fights = (not war.firms or firm in war.firms) and (not war.markets or market in war.markets)
            value = 0.0 if fights else value
        by_month.append(value)
    return term.mean(by_month)


# -- all of it


def plain_market(study: Study) -> dict[str, dict[str, Any]]:
    """By term what the study's markets come to: numbers by plant, market, firm or pairs of these."""
    rises, open_ = free_rates(study)
    return {term.label: _solved(study, term, rises, open_) for term in terms_of(study)}


def _solved(study: Study, term: Term, rises: Any, open_: Any) -> dict[str, Any]:
    quotas: dict[str, float] = {}
    curves = curves_of(study, term)
    lines = [line for line in lines_of(study, term, quotas) if line.market in curves]
    decides, interest = deciders(study, term.middle)
    able = {line.plant for line in lines_of(study, term, {})}  # also who finds no buyers in this term
    plants = [name for name in study.plants if name in able]
    capacity = {name: 12 * term.mean([rises[name][place] for place in term.places]) for name in plants}
    game = Game(
        decides={name: decides[name] for name in plants},
        interest=interest,
        conduct={(firm, m): conduct_of(study, firm, m, term) for firm in decides.values() for m in curves},
        capacity=capacity,
        parcels={name: parcels_of(study, name, term) for name in plants},
        lines=[line for line in lines if capacity[line.plant] > 0],
        curves=curves,
        quotas=quotas,
    )
    conditions, v = _with_undertakings(game)
    nameplate = {name: 12 * term.mean([open_[name][place] for place in term.places]) for name in plants}
    return _told(study, term, game, conditions, v, nameplate)


def _with_undertakings(game: Game) -> tuple[Conditions, Vector]:
    """Where the others alone keep the price below what was undertaken, nothing is sold under the undertaking."""
    try:
        return found_at(game)
    except NotFoundError:
        if not any(line.least is not None for line in game.lines):
            raise
    game.lines = [line for line in game.lines if line.least is None]
    return found_at(game)


def _told(
    study: Study, term: Term, game: Game, conditions: Conditions, v: Vector, nameplate: dict[str, float]
) -> dict[str, Any]:
    sold = conditions.sold(v)
    sales: dict[tuple[str, str], float] = {}
    for place, line in enumerate(game.lines):
        sales[line.plant, line.market] = sales.get((line.plant, line.market), 0.0) + float(v[place])
    total = {name: sum(x for (plant, _), x in sales.items() if plant == name) for name in nameplate}
    out: dict[str, Any] = {
        "market_price": {market: conditions.price(market, sold) for market in conditions.markets},
        "sales": sales,
        "market_sales": sold,
        "plant_sales": total,
        "sales_capacity": game.capacity,
        "nameplate_capacity": nameplate,
        "sales_utilisation": {name: total[name] / game.capacity[name] for name in total if game.capacity[name] > 0},
        "nameplate_utilisation": {name: total[name] / nameplate[name] for name in total if nameplate[name] > 0},
        "licence_price": {name: float(v[conditions.licences[n]]) for n, name in enumerate(conditions.quotas)},
    }
    out.update(_shares(game, sales, sold))
    out.update(_money(study, term, game, conditions, v, out))
    return out


def _shares(game: Game, sales: Any, sold: dict[str, float]) -> dict[str, Any]:
    share: dict[tuple[str, str], float] = {}
    for (plant, market), quantity in sales.items():
        if sold[market] > 0:
            key = game.decides[plant], market
            share[key] = share.get(key, 0.0) + quantity / sold[market]
    by = {m: sorted((s for (_, other), s in share.items() if other == m), reverse=True) for m in sold if sold[m] > 0}
    return {
        "market_share": share,
        "market_hhi": {market: 1e4 * sum(part**2 for part in parts) for market, parts in by.items()},
        "market_cr4": {market: sum(parts[:4]) for market, parts in by.items()},
    }


def _of_last_item(parcels: list[Parcel], made: float) -> float:
    """What the last item cost: at the end of a step, that of the step that ends."""
    left = made
    for parcel in parcels[:-1]:
        if left <= parcel.width * (1 + 1e-9):
            return parcel.cost(left)
        left -= parcel.width
    return parcels[-1].cost(left)


def _money(study: Study, term: Term, game: Game, conditions: Conditions, v: Vector, out: Any) -> dict[str, Any]:
    price, margin = out["market_price"], number_of(study.competition.importer_margin, "ratio")
    profit, duties = {}, dict.fromkeys(price, 0.0)
    revenue: dict[str, float] = {}
    for name, sold in out["plant_sales"].items():
        left, made = sold, 0.0
        for parcel in game.parcels[name]:
            part = min(left, parcel.width)
            made += parcel.area(part)
            left -= part
        profit[name] = -made - money_of(study, study.plants[name].fixed_cost, None, term)
    for place, line in enumerate(game.lines):
        quantity, paid = float(v[place]), price[line.market]
        last = _of_last_item(game.parcels[line.plant], out["plant_sales"][line.plant])
        levied = line.on_cost * (last + line.freight) + line.amount
        profit[line.plant] += quantity * (line.kept * paid - line.freight - levied)
        foreign = study.plants[line.plant].region != study.markets[line.market].region
        at_border = paid * (1 - margin) if foreign else paid
        duties[line.market] += quantity * (at_border - line.kept * paid + levied)
        firm = game.decides[line.plant]
        revenue[firm] = revenue.get(firm, 0.0) + quantity * paid
    surplus = {}
    for market, sold in out["market_sales"].items():
        curve = game.curves[market]
        if curve.form == "linear":
            crossed = sum(slope * out["market_sales"].get(other, 0.0) for other, slope in curve.cross.items())
            surplus[market] = 0.5 * curve.slope * sold**2 + 0.5 * crossed * sold
        elif curve.elasticity > 1:
            surplus[market] = price[market] * sold / (curve.elasticity - 1)
    firms: dict[str, float] = {}
    for name, earned in profit.items():
        firms[game.decides[name]] = firms.get(game.decides[name], 0.0) + earned
    return {
        "plant_profit": profit,
        "firm_profit": firms,
        "firm_revenue": revenue,
        "duty_revenue": duties,
        "consumer_surplus": surplus,
    }
