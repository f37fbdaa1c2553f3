"""Rules on competition: markets that make their price, what plants that sell there say, and how firms sell.

Duties are in ``rules/borders.py``, products that stand in for each other in ``rules/substitution.py``, costs by output
in ``rules/cost_curves.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cell2grid.study.model import Demand, Study
from cell2grid.study.quantity import Quantity
from cell2grid.study.refusals import Problem, near
from cell2grid.study.rules.cost_curves import making_cost_problems, making_costs
from cell2grid.study.rules.figures import count_problems
from cell2grid.study.rules.landing import money_of_item_problems
from cell2grid.study.rules.money import Form, add_rate, currency_problems, exchangeable, form_problems
from cell2grid.study.rules.supply import lanes_of, reaches
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import currency

_YEARLY = Form({"USD/year": ("year",)})
_AnsweringParts = ("quantity", "price")


def market_names_exist(study: Study) -> Iterator[Problem]:
    """Firms, markets and plants that competition and groups speak of are those of the study."""
    for path, name, known, what in _references(study):
        if name is not None and name not in known:
            yield Problem(path, f"'{name}' is not among the {what}; {near(name, known, what=what)}")


def _references(study: Study) -> Iterator[tuple[KeyPath, str | None, Collection[str], str]]:
    # what could be built stands as a plant where it is built
    options = () if study.investment is None else study.investment.options
    counted = {*study.firms, *study.plants, *study.markets, *options}
    for group, names in study.groups.items():
        for row, name in enumerate(names):
            yield ("groups", group, row), name, counted, "firms, plants and markets"
    competition = study.competition
    if competition is None:
        return
    for row, conduct in enumerate(competition.conduct):
        yield ("competition", "conduct", row, "firm"), conduct.firm, study.firms, "firms"
        yield ("competition", "conduct", row, "market"), conduct.market, study.markets, "markets"
    for row, rule in enumerate(competition.substitution):
        path: KeyPath = ("competition", "substitution", row)
        for place, name in enumerate(rule.markets):
            yield (*path, "markets", place), name, study.markets, "markets"
        for number, cross in enumerate(rule.cross):
            for place, name in enumerate(cross.between):
                yield (*path, "cross", number, "between", place), name, rule.markets, "markets of the group"
        for name in rule.shares:
            yield (*path, "shares", name), name, study.firms, "firms"
    war = competition.price_war
    if war is not None:
        path = ("competition", "price_war")
        for place, name in enumerate(war.firms):
            yield (*path, "firms", place), name, study.firms, "firms"
        for place, name in enumerate(war.markets):
            yield (*path, "markets", place), name, study.markets, "markets"
        for place, stock in enumerate(war.stocks):
            yield (*path, "stocks", place, "plant"), stock.plant, study.plants, "plants"


def priced(study: Study) -> list[str]:
    """The markets that make their own price."""
    return [name for name, market in study.markets.items() if any(row.elasticity is not None for row in market.demand)]


def sellers(study: Study) -> list[str]:
    """The plants that can bring what they make to a market that makes its own price."""
    lanes, markets = lanes_of(study), [study.markets[name] for name in priced(study)]
    return [
        name
        for name, plant in study.plants.items()
        if any(plant.makes == one.product and reaches(study, lanes, name, one.region) for one in markets)
    ]


def answers_are_whole(study: Study) -> Iterator[Problem]:
    """A market whose demand answers to the price says quantity and price in each row, and one form of the curve."""
    for name in study.markets:
        rows = study.markets[name].demand
        path: KeyPath = ("markets", name, "demand")
        answering = name in priced(study)
        for number, row in enumerate(rows):
            yield from _row_problems(row, (*path, number), answering=answering)
        said = [(number, row.form) for number, row in enumerate(rows) if row.form is not None]
        for number, form in said[1:]:
            if answering and form != said[0][1]:
                text = f"'{form}' is not the form of row {said[0][0]}, '{said[0][1]}'; a market keeps one form"
                yield Problem((*path, number, "form"), text)


def _row_problems(row: Demand, path: KeyPath, *, answering: bool) -> Iterator[Problem]:
    if row.elasticity is None:
        if answering:
            text = "has no elasticity, and other rows of the market do; add 'elasticity', as in '1.5 ratio [source]'"
            yield Problem(path, text)
        elif row.form is not None:
            text = f"'{row.form}' is the form of a curve, and the row has no elasticity; add it or take out the form"
            yield Problem((*path, "form"), text)
        return
    for key in _AnsweringParts:
        figure = getattr(row, key)
        if figure is None:
            text = f"'{row.elasticity.text}' says how demand answers at a price and quantity; add '{key}'"
            yield Problem((*path, "elasticity"), text)
        elif not figure.unfilled and figure.magnitude.low < 0:
            yield Problem((*path, key), f"'{figure.text}' is below 0, the least it can be; correct it")
    if row.price is not None and not row.price.unfilled and row.price.magnitude.low <= 0:
        text = f"'{row.price.text}' is not above 0; a curve goes through a price that buyers pay"
        yield Problem((*path, "price"), text)


def competition_has_markets(study: Study) -> Iterator[Problem]:
    """There is a market that makes its own price, and the currency is one that is known."""
    competition = study.competition
    if competition is None:
        return
    yield from currency_problems(("competition", "currency"), competition.currency)
    if not priced(study):
        text = "no market makes its own price; add 'price' and 'elasticity' to the demand of one, or take this out"
        yield Problem(("competition",), text, key=True)
    margin = competition.importer_margin
    if margin is not None and not margin.unfilled and margin.to("percent").high >= 100:
        text = f"'{margin.text}' leaves sellers nothing of the price; write less than 100 percent"
        yield Problem(("competition", "importer_margin"), text)


def costs_of_sellers_are_known(study: Study) -> Iterator[Problem]:
    """Plants that can sell in a market that makes its price say what an item costs; all is money that can be joined."""
    competition = study.competition
    if competition is None:
        return
    able = sellers(study)
    for name, plant in study.plants.items():
        path: KeyPath = ("plants", name)
        if plant.marginal_cost is None and name in able:
            noun = study.products[plant.makes].counted_in
            text = "has no marginal_cost, and it can sell in a market that makes its price; add it, as in"
            yield Problem(path, f"{text} '280 {competition.currency}/{noun} [source]'", key=True)
        elif plant.marginal_cost is not None:
            yield from making_cost_problems(study, plant.marginal_cost, (*path, "marginal_cost"), plant.makes)
        if plant.cash_cost is not None and not plant.cash_cost.unfilled:
            yield from money_of_item_problems(study, (*path, "cash_cost"), plant.cash_cost, plant.makes)
        if plant.fixed_cost is not None and not plant.fixed_cost.unfilled:
            yield from form_problems((*path, "fixed_cost"), plant.fixed_cost, _YEARLY)
    for place, figure in _sums(study, able):
        own = currency(figure.unit)
        if not figure.unfilled and own and not exchangeable(study.exchange_rates, own, competition.currency):
            text = f"'{figure.text}' is in {own}, and competition in {competition.currency}"
            yield Problem(place, f"{text}; {add_rate(competition.currency, own)}")


def _sums(study: Study, able: Collection[str]) -> Iterator[tuple[KeyPath, Quantity]]:
    """Every figure of money that the markets compare."""
    for name in able:
        plant, path = study.plants[name], ("plants", name)
        if plant.marginal_cost is not None:
            yield from making_costs(plant.marginal_cost, (*path, "marginal_cost"))
        for key in ("cash_cost", "fixed_cost"):
            figure = getattr(plant, key)
            if figure is not None:
                yield (*path, key), figure
    regions = {study.markets[name].region for name in priced(study)}
    for name in priced(study):
        for row, demand in enumerate(study.markets[name].demand):
            if demand.price is not None:
                yield ("markets", name, "demand", row, "price"), demand.price
    for index, lane in enumerate(study.lanes):
        if lane.cost is not None and lane.destination in regions:
            yield ("lanes", index, "cost"), lane.cost
    for index, duty in enumerate(study.duties):
        for key in ("amount", "minimum_price"):
            figure = getattr(duty, key)
            if figure is not None and duty.destination in regions:
                yield ("duties", index, key), figure


def conduct_is_of_sellers(study: Study) -> Iterator[Problem]:
    """Conduct is that of firms that own plants or parts of others, in markets that make their price."""
    competition = study.competition
    if competition is None:
        return
    markets = priced(study)
    owning = {plant.owner for plant in study.plants.values()} | {stake.holder for stake in study.stakes}
    spoken: list[tuple[KeyPath, str | None, str | None]] = [
        (("competition", "conduct", row), one.firm, one.market) for row, one in enumerate(competition.conduct)
    ]
    war = competition.price_war
    if war is not None:
        spoken += [(("competition", "price_war", "firms", row), firm, None) for row, firm in enumerate(war.firms)]
        spoken += [(("competition", "price_war", "markets", row), None, one) for row, one in enumerate(war.markets)]
    for path, firm, market in spoken:
        whole = path[1] == "price_war"
        if firm is not None and firm not in owning:
            text = f"'{firm}' owns no plant and no part of a firm, so that it sells nothing; give it a plant"
            yield Problem(path if whole else (*path, "firm"), text)
        if market is not None and market not in markets:
            text = f"'{market}' does not make its own price; give its demand 'price' and 'elasticity'"
            yield Problem(path if whole else (*path, "market"), text)


def wars_are_fought(study: Study) -> Iterator[Problem]:
    """A price war and conduct lie within the horizon in order; stocks are of plants that sell, in what they make."""
    competition = study.competition
    if competition is None:
        return
    spells: list[tuple[KeyPath, str | None, str | None]] = [
        (("competition", "conduct", row), one.start, one.end) for row, one in enumerate(competition.conduct)
    ]
    war = competition.price_war
    if war is not None:
        spells.append((("competition", "price_war"), war.start, war.end))
    first, last = study.horizon.start, study.horizon.end
    for path, start, end in spells:
        for key, month in (("start", start), ("end", end)):
            if month is not None and not first <= month <= last:
                text = f"{month} is outside the horizon, {first} to {last}; correct the month or widen the horizon"
                yield Problem((*path, key), text)
        if start is not None and end is not None and end < start:
            yield Problem((*path, "end"), f"{end} is before its start, {start}; correct one of the two")
    able = sellers(study)
    for row, stock in enumerate(war.stocks if war is not None else ()):
        path = ("competition", "price_war", "stocks", row)
        if stock.plant not in able:
            text = f"'{stock.plant}' can sell in no market that makes its price; name a plant that can"
            yield Problem((*path, "plant"), text)
        makes = study.plants[stock.plant].makes
        yield from count_problems(stock.quantity, study.products[makes], (*path, "quantity"), makes)
