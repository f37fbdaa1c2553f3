"""Rules on observations of markets, and which plants and markets the name of what was observed stands for.

Observations of what plants make month by month are in ``rules/figures.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cell2grid.nomenclature import variable, variables
from cell2grid.study.model import Observation, Study
from cell2grid.study.refusals import Problem
from cell2grid.study.rules.market import priced, sellers
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import counted_noun, currency, same_kind

USES = {"sales_utilisation": "sales_capacity", "nameplate_utilisation": "nameplate_capacity"}
RATIOS = (*USES, "market_share", "plant_margin", "market_cr4")
OF_MARKETS = ("market_price", "market_sales", "consumer_surplus", "duty_revenue", "market_cr4")
MONEY = ("firm_revenue", "firm_profit", "plant_profit", "consumer_surplus", "duty_revenue")
AMOUNTS = ("sales", "plant_sales", "market_sales")
OF_SIDES = ("plant_announcements", "plant_spending", "plant_renewal")
SIDES = ("home", "abroad")
BY_TERM = frozenset((*RATIOS, *OF_MARKETS, *MONEY, *AMOUNTS))


def chosen(study: Study, of: str, decides: Mapping[str, str], name: str) -> tuple[list[str], list[str]]:
    """The plants of ``decides`` and the markets that a name stands for, where ``decides`` has each plant's firm.

    A region stands for its markets where a result is of markets, and else for the plants that stand there. A group
    stands for its plants and those of its firms, in its markets; for all of either that it names none of. Plants are
    those that make what the markets buy, and markets those that buy what the plants make, where there are any.
    """
    plants, markets = _named(study, of, decides, name)
    bought = {study.markets[market].product for market in markets}
    plants = [plant for plant in plants if study.plants[plant].makes in bought]
    made = {study.plants[plant].makes for plant in plants}
    return plants, [market for market in markets if not plants or study.markets[market].product in made]


def _named(study: Study, of: str, decides: Mapping[str, str], name: str) -> tuple[list[str], list[str]]:
    markets = priced(study)
    every = list(decides)
    if of in study.groups:
        names = study.groups[of]
        plants = [plant for plant, firm in decides.items() if plant in names or firm in names]
        said = [market for market in markets if market in names]
        with_sellers = any(one in study.firms or one in study.plants for one in names)
        return plants if with_sellers else every, said or markets
    if of in study.plants:
        return [of] if of in decides else [], markets
    if of in study.firms:
        return [plant for plant, firm in decides.items() if firm == of], markets
    if of in study.markets:
        return every, [of] if of in markets else []
    if of in study.products:
        return (
            [plant for plant in every if study.plants[plant].makes == of],
            [market for market in markets if study.markets[market].product == of],
        )
    if name in OF_MARKETS:
        return every, [market for market in markets if study.markets[market].region == of]
    return [plant for plant in every if study.plants[plant].region == of], markets


def observed_markets_fit(study: Study) -> Iterator[Problem]:
    """An observation of markets is of something that sells there, in the unit of its variable, of one noun."""
    for name, seen in study.observations.items():
        if seen.variable not in BY_TERM:
            continue
        path: KeyPath = ("observations", name)
        if study.competition is None:
            text = f"'{seen.variable}' is of markets that make their price, and there is no 'competition'; add it"
            yield Problem((*path, "variable"), text)
            continue
        owners = {plant: study.plants[plant].owner for plant in sellers(study)}
        plants, markets = chosen(study, seen.of, owners, seen.variable)
        if not markets or (not plants and seen.of not in study.firms and seen.of not in study.groups):
            text = f"'{seen.of}' sells in no market that makes its price; name what does"
            yield Problem((*path, "of"), text)
            continue
        yield from _unit_problems(study, seen, path, plants)


def _unit_problems(study: Study, seen: Observation, path: KeyPath, plants: list[str]) -> Iterator[Problem]:
    unit = variable(seen.variable).unit.replace("currency", study.competition.currency if study.competition else "")
    written, place = seen.value.unit, (*path, "value")
    kinds = {unit, unit.removesuffix("/year")}
    nouns = sorted({study.products[study.plants[plant].makes].counted_in for plant in plants})
    if seen.variable in AMOUNTS and counted_noun(written) is None and same_kind(written, "MWh"):
        return
    if not any(same_kind(written, kind) for kind in kinds):
        money = currency(written)
        other = "; write it in the currency of competition" if money and money not in unit else ""
        yield Problem(place, f"'{seen.value.text}' is in {written}; '{seen.variable}' is observed in {unit}{other}")
    elif seen.variable not in MONEY and len(nouns) > 1:
        text = (
            f"'{seen.of}' sells what is counted in {' and '.join(nouns)}, so that its {seen.variable} is no one number"
        )
        yield Problem((*path, "of"), f"{text}; name one of them")
    elif counted_noun(written) is not None and nouns and counted_noun(written) not in nouns:
        text = f"'{seen.value.text}' counts in '{counted_noun(written)}', and '{seen.of}' sells {nouns[0]}s"
        yield Problem(place, f"{text}; write what it sells")


def observable() -> frozenset[str]:
    """The results that can be held against what was reported: those by the month, and those of markets."""
    monthly = {name for name, row in variables().items() if row.equation is not None and "period" in row.dims}
    return frozenset(monthly | BY_TERM | set(OF_SIDES))


def observed_spending_fits(study: Study) -> Iterator[Problem]:
    """What was reported of money for plants is of home or abroad, in whole years, in the currency of the plan."""
    for name, seen in study.observations.items():
        if seen.variable not in OF_SIDES:
            continue
        path: KeyPath = ("observations", name)
        if study.investment is None and not study.announced:
            text = f"'{seen.variable}' is of plants that are announced or planned, and there are none; add 'investment'"
            yield Problem((*path, "variable"), text)
        if not (seen.start.endswith("-01") and seen.end.endswith("-12")):
            yield Problem((*path, "end"), f"{seen.start} to {seen.end} are no whole years, by which money is counted")
        money = currency(seen.value.unit)
        planned = None if study.investment is None else study.investment.currency
        if money is None or not same_kind(seen.value.unit, money):
            yield Problem((*path, "value"), f"'{seen.value.text}' is no sum of money; write '92000000000 USD'")
        elif planned is not None and money != planned:
            text = f"'{seen.value.text}' is in {money}, and the plan in {planned}; write it in {planned}"
            yield Problem((*path, "value"), text)
