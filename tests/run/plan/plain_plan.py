"""The plan of a study at the least cost once more, as a mixed-integer programme written out by name: an oracle.

Written from docs/formulation/plan.md and docs/reference/study-file.md alone; it reads the model of the study, shares no
code with ``cell2grid.engines`` and ``cell2grid.run``, and is solved by ``scipy.optimize.milp``. Figures are single
numbers, foresight is perfect, and learning, expectations and the profit objective are left out.
"""

from __future__ import annotations

import itertools
import math
from datetime import date
from typing import Any

from plain_chain import plain_chain
from plain_programme import Programme, Term
from plain_reading import demand_of, items_of, months_of, next_month, number_of

from cell2grid.study.model import Study
from cell2grid.units import currency

INF = math.inf


class Plan:
    """The programme of a study, built part by part; ``least`` is what the best plan costs."""

    def __init__(self, study: Study) -> None:
        self.study, self.said = study, study.investment
        size = 12 if self.said.every == "year" else 3
        months = months_of(study)
        firsts = range(0, len(months), size)
        self.terms = [Term(list(range(f, f + size)), months[f : f + size], f / 12) for f in firsts]
        self.size, self.years = size, len(months) / 12
        self.rate = number_of(self.said.discount_rate, "ratio/year")
        self.futures = [
            (name, number_of(row.probability, "ratio"), number_of(row.demand, "ratio", 1.0))
            for name, row in self.said.scenarios.items()
        ] or [("all", 1.0, 1.0)]
        self.makers = {name: (plant.region, plant.makes, plant.owner) for name, plant in study.plants.items()}
        self.makers |= {name: (row.region, row.makes, row.firm) for name, row in self.said.options.items()}
        self.programme = Programme()
        self._blocks()
        self._states()
        for name, chance, demand in self.futures:
            for t in range(len(self.terms)):
                self._operate(name, chance, demand, t)
        for limit in self.said.limits:
            self._limit(limit)

    def least(self, *, whole: bool = True) -> float:
        return self.programme.least(whole=whole)

    # -- money and time

    def _held(self, row: Any) -> list[bool]:
        """The terms of which half lies between a row's months, or else the one with most of them."""
        parts = [term.inside(row.start, row.end) for term in self.terms]
        if max(parts) < 0.5 and max(parts) > 0:
            return [t == parts.index(max(parts)) for t in range(len(parts))]
        return [part >= 0.5 for part in parts]

    def discount(self, years: float) -> float:
        return float((1 + self.rate) ** -years)

    def worth(self, t: int) -> float:
        """What money a year of a term counts."""
        term = self.terms[t]
        return self.discount(term.before + term.years / 2) * term.years

    def money(self, quantity: Any, t: int, product: str | None = None, per: str = "") -> float:
        if quantity is None:
            return 0.0
        own = currency(quantity.unit)
        if product is not None and quantity.unit.split("/")[1] in ("kWh", "MWh"):
            row = self.study.products[product]
            amount = quantity.to(f"{own}/MWh").mode * row.energy.to(f"MWh/{row.counted_in}").mode
        else:
            noun = per if product is None else f"/{self.study.products[product].counted_in}"
            amount = quantity.to(f"{own}{noun}").mode
        return float(amount * self._exchange(own, self.terms[t].middle))

    def _exchange(self, own: str | None, day: date) -> float:
        goal = self.said.currency
        if own == goal:
            return 1.0
        known = []
        for row in self.study.exchange_rates:
            top, bottom = row.rate.unit.split("/")
            if {top, bottom} == {own, goal}:
                known.append((row.day.first, row.rate.value if top == goal else 1 / row.rate.value))
        known.sort(key=lambda pair: pair[0])
        latest = [rate for first, rate in known if first <= day]
        return latest[-1] if latest else known[0][1]

    def _by_age(self, option: Any, *, ramped: bool) -> list[float]:
        """Mean over the months of each age of the part that is open, as far as its ramp."""
        lead = number_of(option.lead_time, "month")
        length = 0.0 if option.ramp is None else number_of(option.ramp.months_to_nameplate, "month")
        found = []
        for age in range(len(self.terms)):
            parts = []
            for month in range(age * self.size, (age + 1) * self.size):
                part = max(month + 1.0 - max(float(month), lead), 0.0)
                middle = (max(float(month), lead) + month + 1) / 2 - lead
                ramp = min(middle / length, 1.0) if ramped and length > 0 else 1.0
                parts.append(part * ramp)
            found.append(sum(parts) / self.size)
        return found

    # -- blocks

    def _blocks(self) -> None:
        for name, option in self.said.options.items():
            at_once = min(option.most_at_once or option.most, option.most)
            exponent = number_of(option.scale_exponent, "ratio", 1.0)
            every = {}
            for t in range(len(self.terms)):
                allowed = self._held(option)[t]
                counts = {self.programme.variable(("built", name, t), at_once if allowed else 0, whole=True): 1.0}
                if exponent < 1:  # one yes or no for each count
                    counts = {}
                    for n in range(1, at_once + 1):
                        choice = self.programme.variable(("count", name, t, n), float(allowed), whole=True)
                        self.programme.pay(choice, self._of_block(option, t) * n**exponent)
                        counts[choice] = float(n)
                    self.programme.row(dict.fromkeys(counts, 1.0), 0, 1)
                    self.programme.row(counts | {("built", name, t): -1.0}, 0, 0)
                else:
                    self.programme.pay(("built", name, t), self._of_block(option, t))
                every["built", name, t] = 1.0
            self.programme.row(every, 0, option.most)

    def _capital(self, option: Any, t: int) -> float:
        return self.money(option.capital_cost, t)

    def _of_block(self, option: Any, t: int) -> float:
        """A block's capital with interest at its opening, less incentives and salvage, and its yearly cost."""
        term, capital = self.terms[t], self._capital(option, t)
        lead = number_of(option.lead_time, "month") / 12
        interest = number_of(self.said.construction_rate, "ratio/year", self.rate)
        grown = 1.0
        building = lead - number_of(option.preparation, "month") / 12
        if building > 0 and interest != 0:
            grown = ((1 + interest) ** building - 1) / (building * math.log(1 + interest))
        shares = [number_of(row.share, "ratio") for row in option.incentives if self._held(row)[t]]
        paid = capital * (1 - sum(shares)) * grown * self.discount(term.before + lead)
        yearly = capital * (number_of(option.fixed_cost, "ratio/year") + number_of(option.renewal, "ratio/year"))
        fixed = sum(
            yearly * part * self.worth(t + age)
            for age, part in enumerate(self._by_age(option, ramped=False))
            if t + age < len(self.terms)
        )
        life = number_of(option.life, "year", 15.0)
        used = (self.years - term.before - lead) / life
        own = capital * (1 - sum(shares))
        left = own * number_of(option.salvage, "ratio") * max(0.0, 1 - used) * self.discount(self.years)
        return paid + fixed - left

    # -- plants that stand

    def _states(self) -> None:
        said = {row.plant: row for row in self.said.standing}
        for name in self.study.plants:
            row = said.get(name)
            for t, term in enumerate(self.terms):
                now = ("open", name, t), ("idle", name, t), ("closed", name, t), ("restart", name, t)
                can = 1.0, float(row is not None and row.mothballed_cost is not None)
                can = (*can, float(row is not None and row.closing_cost is not None), 1.0)
                for variable, most in zip(now, can, strict=True):
                    self.programme.variable(variable, most, whole=True)
                self.programme.row(dict.fromkeys(now[:3], 1.0), 1, 1)
                if t:
                    self.programme.row({now[2]: 1.0, ("closed", name, t - 1): -1.0}, 0, INF)
                    self.programme.row({now[0]: 1.0, ("open", name, t - 1): -1.0, now[3]: -1.0}, -INF, 0)
                if row is not None:
                    once = self.discount(term.before + term.years / 2)
                    self.programme.pay(now[0], self.worth(t) * self.money(row.fixed_cost, t, per="/year"))
                    self.programme.pay(now[1], self.worth(t) * self.money(row.mothballed_cost, t, per="/year"))
                    self.programme.pay(now[3], once * self.money(row.restart_cost, 0))
                    self.programme.pay(now[2], once * self.money(row.closing_cost, 0))
                    if t + 1 < len(self.terms):
                        nxt = self.terms[t + 1]
                        later = self.discount(nxt.before + nxt.years / 2)
                        self.programme.pay(now[2], -later * self.money(row.closing_cost, 0))

    def standing(self, name: str, t: int) -> float:
        """Capacity a year of a plant as it stands."""
        if not hasattr(self, "_ledger"):
            quiet = self.study.changed(markets={}, investment=None, competition=None)
            self._ledger = plain_chain(quiet)["output"]
        return 12 * sum(self._ledger[name][place] for place in self.terms[t].places) / len(self.terms[t].places)

    # -- what is made and sold in a term

    def _operate(self, future: str, chance: float, demand: float, t: int) -> None:
        programme, worth = self.programme, chance * self.worth(t)
        arriving: dict[str, dict[Any, float]] = {market: {} for market in self.study.markets}
        for maker, (region, product, firm) in self.makers.items():
            leaving = {}
            for step, (cost, width) in enumerate(self._steps(maker, t)):
                on_step = {}
                for market, buyers in self.study.markets.items():
                    if buyers.product != product or not self._reaches(region, buyers.region, product):
                        continue
                    for above in self._subsets(region, firm, market):
                        sale = programme.variable(("sale", future, maker, market, step, t, above))
                        programme.pay(sale, worth * self._landed(region, firm, market, cost, t, above))
                        on_step[sale] = arriving[market][sale] = leaving[sale] = 1.0
                programme.row(on_step, 0, width) if on_step else None
            self._within_capacity(future, maker, leaving, t)
            if maker in self.said.options:
                self._paid_by_the_item(future, maker, leaving, worth, t)
        for market, sales in arriving.items():
            buyers = self.study.markets[market]
            asked = demand * sum(12 * demand_of(self.study, market, month) for month in self.terms[t].months)
            missing = programme.variable(("missing", future, market, t))
            programme.pay(missing, worth * self.money(self.said.cost_of_missing(buyers.product)[1], t, buyers.product))
            programme.row(sales | {missing: 1.0}, asked / len(self.terms[t].months), asked / len(self.terms[t].months))
        self._share_quotas(future, t)

    def _applying(self, region: str, firm: str, market: str) -> list[tuple[int, Any]]:
        """The duties, by their place, on what a firm makes in a region and sells in a market."""
        buyers, found = self.study.markets[market], []
        for number, duty in enumerate(self.study.duties):
            wanted = (duty.destination, buyers.region), (duty.origin, region), (duty.firm, firm)
            wanted = (*wanted, (duty.product, buyers.product))
            if buyers.region != region and all(said is None or said == is_ for said, is_ in wanted):
                found.append((number, duty))
        return found

    def _subsets(self, region: str, firm: str, market: str) -> list[tuple[int, ...]]:
        """The quotas above which an item may be: every choice of those that it counts against."""
        counted = [number for number, duty in self._applying(region, firm, market) if duty.quota is not None]
        return [above for size in range(len(counted) + 1) for above in itertools.combinations(counted, size)]

    def _share_quotas(self, future: str, t: int) -> None:
        sales = [key for key in self.programme.places if key[0] == "sale" and key[1] == future and key[5] == t]
        for number, duty in enumerate(self.study.duties):
            if duty.quota is None or self._in_force(duty, self.terms[t]) == 0:
                continue
            inside = [
                key
                for key in sales
                if number not in key[6]
                and number in dict(self._applying(self.makers[key[2]][0], self.makers[key[2]][2], key[3]))
            ]
            if inside:
                most = 12 * items_of(self.study, duty.quota, duty.product, "/month")
                self.programme.row(dict.fromkeys(inside, 1.0), 0, most)

    def _reaches(self, origin: str, destination: str, product: str) -> bool:
        if origin == destination:
            return True
        return any(
            (lane.origin, lane.destination) == (origin, destination) and lane.product in (None, product)
            for lane in self.study.lanes
        )

    def _steps(self, maker: str, t: int) -> list[tuple[float, float]]:
        row = self.study.plants.get(maker) or self.said.options[maker]
        cost = row.marginal_cost
        if not hasattr(cost, "steps"):
            return [(self.money(cost, t, row.makes), INF)]
        found, before = [], 0.0
        for step in cost.steps:
            end = INF if step.up_to is None else 12 * items_of(self.study, step.up_to, row.makes, "/month")
            found.append((self.money(step.cost, t, row.makes), end - before))
            before = end
        return found

    def _landed(self, region: str, firm: str, market: str, cost: float, t: int, above: tuple[int, ...]) -> float:
        """An item made, carried and let in, above some quotas."""
        buyers, term = self.study.markets[market], self.terms[t]
        if buyers.region == region:
            return cost
        lane = self._lane(region, buyers.region, buyers.product)
        freight = self.money(lane.cost, t, buyers.product)
        total, of_price = cost + freight, 0.0
        for number, duty in self._applying(region, firm, market):
            part = self._in_force(duty, term)
            rate = number_of(duty.rate_over if number in above else duty.rate, "ratio")
            total += part * self.money(duty.amount, t, buyers.product)
            if duty.base == "price":
                of_price += part * rate
            else:
                total += part * rate * (cost + freight)
        return total + (self._price(market, t) * of_price / (1 + of_price) if of_price else 0.0)

    def _lane(self, origin: str, destination: str, product: str) -> Any:
        ways = [way for way in self.study.lanes if (way.origin, way.destination) == (origin, destination)]
        return next((way for way in ways if way.product == product), None) or next(w for w in ways if w.product is None)

    def _in_force(self, duty: Any, term: Term) -> float:
        last = date.max if duty.end is None else duty.end.last
        parts = []
        for month in term.months:
            days = (next_month(month) - month).days
            inside = [duty.start.first <= date.fromordinal(month.toordinal() + day) <= last for day in range(days)]
            parts.append(sum(inside) / days)
        return sum(parts) / len(parts)

    def _price(self, market: str, t: int) -> float:
        rows = [row for row in self.study.markets[market].demand if row.start <= f"{self.terms[t].months[0]:%Y-%m}"]
        return self.money(max(rows, key=lambda row: row.start).price, t, self.study.markets[market].product)

    def _stands(self, maker: str, t: int, *, ramped: bool) -> tuple[dict[Any, float], float]:
        """Capacity as weights of decisions: of blocks decided so far."""
        option = self.said.options[maker]
        block = 12 * items_of(self.study, option.block, option.makes, "/month")
        parts = self._by_age(option, ramped=ramped)
        return {("built", maker, before): block * parts[t - before] for before in range(t + 1)}, block

    def _within_capacity(self, future: str, maker: str, leaving: dict[Any, float], t: int) -> None:
        if maker in self.said.options:
            room = self._stands(maker, t, ramped=True)[0]
        else:
            room = {("open", maker, t): self.standing(maker, t)}
        self.programme.row(leaving | {name: -weight for name, weight in room.items()}, -INF, 0)

    def _paid_by_the_item(self, future: str, maker: str, leaving: dict[Any, float], worth: float, t: int) -> None:
        option = self.said.options[maker]
        paid_for = {}
        for number, row in enumerate(option.incentives):
            if row.per_item is None:
                continue
            held, parts = self._held(row), self._by_age(option, ramped=True)
            if True not in held:
                continue
            lasts = INF if row.years is None else round(12 * number_of(row.years, "year") / self.size)
            opens = next((age for age, part in enumerate(self._by_age(option, ramped=False)) if part >= 0.5), INF)
            block = 12 * items_of(self.study, option.block, option.makes, "/month")
            paid = self.programme.variable(("paid", future, maker, number, t))
            self.programme.pay(paid, -worth * self.money(row.per_item, held.index(True), option.makes))
            entitled = {
                ("built", maker, before): -block * parts[t - before]
                for before in range(t + 1)
                if held[before] and opens <= t - before < opens + lasts
            }
            self.programme.row({paid: 1.0} | entitled, -INF, 0)
            paid_for[paid] = 1.0
        if paid_for:
            self.programme.row(paid_for | dict.fromkeys(leaving, -1.0), -INF, 0)

    # -- limits

    def _limit(self, limit: Any) -> None:
        held = self._held(limit)
        if limit.kind == "spending":
            for year in sorted({int(term.before) for term, is_ in zip(self.terms, held, strict=True) if is_}):
                here = [t for t, term in enumerate(self.terms) if held[t] and int(term.before) == year]
                self._spending(limit, year, min(self.money(limit.money, t, per="/year") for t in here))
            return
        for t in range(len(self.terms)):
            if held[t]:
                (self._capacity if limit.kind == "capacity" else self._of_sales)(limit, t)

    def _counts(self, limit: Any, maker: str, *, place: bool = True) -> bool:
        region, product, firm = self.makers[maker]
        wanted = (limit.product, product), (limit.firm, firm), (limit.region if place else None, region)
        return all(said is None or said == is_ for said, is_ in wanted)

    def _of_sales(self, limit: Any, t: int) -> None:
        regions = list(self.study.regions) if limit.region is None else [limit.region]
        share = number_of(limit.share, "ratio")
        amount = INF if limit.quantity is None else 12 * self._amount(limit)
        for future, _, _ in self.futures:
            sales = [key for key in self.programme.places if key[0] == "sale" and key[1] == future and key[5] == t]
            sales = [key for key in sales if self._counts(limit, key[2], place=False)]
            if limit.kind == "sales":
                here = [key for key in sales if limit.region in (None, self.study.markets[key[3]].region)]
                self.programme.row(dict.fromkeys(here, 1.0), 0, amount)
                continue
            for region in regions:
                weights = {}
                for key in sales:
                    made, sold = self.makers[key[2]][0], self.study.markets[key[3]].region
                    if limit.kind == "local-content" and sold == region:
                        weights[key] = share - 1 if made == region else share
                    elif limit.kind == "exports" and made == region:
                        if limit.quantity is not None:
                            weights[key] = float(sold != region)
                        else:
                            weights[key] = 1 - share if sold != region else -share
                high = amount if limit.kind == "exports" and limit.quantity is not None else 0.0
                self.programme.row(weights, -INF, high)

    def _amount(self, limit: Any) -> float:
        product = limit.product or next(iter(self.study.products))
        return items_of(self.study, limit.quantity, product, "/month")

    def _capacity(self, limit: Any, t: int) -> None:
        weights: dict[Any, float] = {}
        for maker in self.makers:
            if not self._counts(limit, maker):
                continue
            if maker in self.said.options:
                weights |= self._stands(maker, t, ramped=False)[0]
            else:
                weights |= dict.fromkeys([("open", maker, t), ("idle", maker, t)], self.standing(maker, t))
        self.programme.row(weights, -INF, 12 * self._amount(limit))

    def _spending(self, limit: Any, year: int, most: float) -> None:
        """Money spent in a year, evenly over the lead time; quarters of a year count together."""
        weights: dict[Any, float] = {}
        for name, option in self.said.options.items():
            if not self._counts(limit, name):
                continue
            lead = number_of(option.lead_time, "month")
            exponent = number_of(option.scale_exponent, "ratio", 1.0)
            for before in range(len(self.terms)):
                since = 12 * year - before * self.size
                inside = max(0.0, min(since + 12.0, lead) - max(float(since), 0.0))
                if lead == 0:
                    inside, lead_ = float(since <= 0 < since + 12), 1.0
                else:
                    lead_ = lead
                money = self._capital(option, before) * inside / lead_
                if exponent < 1:
                    for n in range(1, min(option.most_at_once or option.most, option.most) + 1):
                        weights["count", name, before, n] = money * n**exponent
                else:
                    weights["built", name, before] = money
        self.programme.row(weights, -INF, most)
