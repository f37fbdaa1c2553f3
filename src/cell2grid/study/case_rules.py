"""Rules on a case file: what its parts must say together, so that there is one market game and it has an answer.

The keys and the bounds of single numbers are in ``case_file.py``. What a region buys at a price is reckoned here from
the curve of its demand, for bounds alone; prices are found by ``engines.market``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from cell2grid.study.case_file import LEAST, MOST_LANES, CaseDuty, CaseFile, CasePlant, Cost, Demand
from cell2grid.study.refusals import Problem, near
from cell2grid.study.yaml_tree import KeyPath

_OF_FORM = {"linear": ("intercept", "slope"), "isoelastic": ("scale", "elasticity")}
_WAYS = ("constant", "power", "steps")
_ROUNDING = 1e-9


def problems(case: CaseFile) -> Iterator[Problem]:
    """Everything that the rules find wrong with a case; what rests on several parts only where each is right."""
    found = [*_demand_problems(case), *_firm_problems(case), *_name_problems(case), *_stake_problems(case)]
    yield from found
    if not found:
        later = [*_duty_problems(case), *_reach_problems(case)]
        yield from later
        if not later:
            yield from _existence_problems(case)


def cost_from(plant: CasePlant) -> float:
    """What the first item costs the plant to make."""
    if plant.cost.steps is not None:
        return plant.cost.steps[0].cost
    return plant.cost.power.c if plant.cost.power is not None else plant.cost.constant or 0.0


def widths(cost: Cost) -> list[float]:
    """How much output each step covers; infinite for a last one without an end."""
    found, reached = [], 0.0
    for step in cost.steps or ():
        width = math.inf if step.width is None and step.up_to is None else step.width
        width = (step.up_to or 0.0) - reached if width is None else width
        found.append(width)
        reached += width
    return found


def bought(demand: Demand, price: float) -> float:
    """What is bought at a price."""
    if demand.intercept is not None and demand.slope is not None:
        return max((demand.intercept - price) / demand.slope, 0.0)
    if price <= 0.0:
        return math.inf
    try:
        return float((demand.scale or 0.0) * price ** -(demand.elasticity or 0.0))
    except OverflowError:
        return math.inf


def _demand_problems(case: CaseFile) -> Iterator[Problem]:
    if not case.markets():
        yield Problem(("regions",), "no region has a demand, so that nothing can be sold; add one")
    for name, region in case.regions.items():
        if region.demand is None:
            continue
        path: KeyPath = ("regions", name, "demand")
        needed = _OF_FORM[region.demand.form]
        for key in (key for keys in _OF_FORM.values() for key in keys):
            given = getattr(region.demand, key) is not None
            if given and key not in needed:
                yield Problem((*path, key), f"{region.demand.form} demand has no {key}; take it out", key=True)
            elif not given and key in needed:
                yield Problem(path, f"{region.demand.form} demand needs '{key}'; add it")


def _firm_problems(case: CaseFile) -> Iterator[Problem]:
    for name, firm in case.firms.items():
        at: KeyPath = ("firms", name)
        if not firm.plants:
            yield Problem((*at, "plants"), f"firm '{name}' has no plant; give it one, or take the firm out")
        for called, plant in firm.plants.items():
            there = (*at, "plants", called)
            if plant.region not in case.regions:
                hint = near(plant.region, case.regions, what="regions")
                yield Problem((*there, "region"), f"'{plant.region}' is no region; {hint}")
            yield from _cost_problems(plant, (*there, "cost"))
    plants = sum(len(firm.plants) for firm in case.firms.values())
    if plants * len(case.markets()) > MOST_LANES:
        text = f"{plants:,} plants and {len(case.markets()):,} regions with demand are more than {MOST_LANES:,} pairs"
        yield Problem(("firms",), f"{text}, the most that is taken; put small ones together")


def _cost_problems(plant: CasePlant, path: KeyPath) -> Iterator[Problem]:
    cost = plant.cost
    given = [way for way in _WAYS if getattr(cost, way) is not None]
    if len(given) != 1:
        said = f"says it {len(given)} times, with {' and '.join(given)}" if given else "says nothing"
        yield Problem(path, f"{said}; write one of 'constant: 20', 'power: {{c, scale, beta}}' and 'steps: [...]'")
    if cost.steps is None:
        return
    before = None
    for place, step in enumerate(cost.steps):
        at = (*path, "steps", place)
        if step.width is not None and step.up_to is not None:
            yield Problem(at, "has a width and an up_to, which say the same; keep one")
        elif step.width is None and step.up_to is None and place < len(cost.steps) - 1:
            yield Problem(at, "has no end, and another step follows; write its width, or up_to")
        elif widths(cost)[place] <= 0.0:
            yield Problem(at, f"up_to {step.up_to:g} is not above where the step before it ends; write a rising output")
        if before is not None and step.cost < before:
            yield Problem(
                (*at, "cost"), f"{step.cost:g} is below {before:g}, the cost of the step before; costs of steps rise"
            )
        before = step.cost
    covered = sum(widths(cost))
    if plant.capacity is not None and plant.capacity > covered * (1 + _ROUNDING):
        text = f"its steps end at {covered:g}, below its capacity of {plant.capacity:g}"
        yield Problem((*path, "steps"), f"{text}; let the last step go without an end, or lower the capacity")


def _name_problems(case: CaseFile) -> Iterator[Problem]:
    """Regions and firms that are named and are not there."""
    named: list[tuple[KeyPath, str, Iterable[str], str]] = []
    for origin, lanes in case.freight.items():
        named.append((("freight", origin), origin, case.regions, "region"))
        named += [(("freight", origin, to), to, case.regions, "region") for to in lanes]
    for place, duty in enumerate(case.duties):
        named.append((("duties", place, "to"), duty.to, case.regions, "region"))
        if duty.from_ is not None:
            named.append((("duties", place, "from"), duty.from_, case.regions, "region"))
        if duty.firm is not None:
            named.append((("duties", place, "firm"), duty.firm, case.firms, "firm"))
    for name, firm in case.firms.items():
        if isinstance(firm.conduct, dict):
            named += [
                (("firms", name, "conduct", region), region, case.markets(), "region with demand")
                for region in firm.conduct
            ]
    for path, name, known, what in named:
        if name not in known:
            plural = "regions with demand" if what == "region with demand" else f"{what}s"
            yield Problem(
                path, f"'{name}' is no {what}; {near(name, known, what=plural)}", key=path[0] in ("freight", "firms")
            )
    for region, lanes in case.freight.items():
        if lanes.get(region):
            text = f"{lanes[region]:g} within '{region}'; freight within a region is 0, so take it out"
            yield Problem(("freight", region, region), text)


def _stake_problems(case: CaseFile) -> Iterator[Problem]:
    held: dict[str, float] = {}
    for holder, stakes in case.stakes.items():
        if holder not in case.firms:
            text = f"'{holder}' is no firm, and who decides over no plant changes nothing"
            yield Problem(("stakes", holder), f"{text}; {near(holder, case.firms, what='firms')}", key=True)
        for firm, share in stakes.items():
            path: KeyPath = ("stakes", holder, firm)
            if firm not in case.firms:
                yield Problem(path, f"'{firm}' is no firm; {near(firm, case.firms, what='firms')}", key=True)
            elif firm == holder:
                yield Problem(path, "a firm cannot hold a stake in itself; take it out", key=True)
            held[firm] = held.get(firm, 0.0) + share
            if held[firm] > 1.0 - _ROUNDING:
                text = f"{held[firm]:.4g} of '{firm}' belongs to others then, and nothing to who decides over it"
                yield Problem(path, f"{text}; put its plants under the holder, or lower a share")


def _duty_problems(case: CaseFile) -> Iterator[Problem]:
    for place, duty in enumerate(case.duties):
        at: KeyPath = ("duties", place)
        demand = case.regions[duty.to].demand
        if demand is None:
            yield Problem((*at, "to"), f"'{duty.to}' has no demand, so that nothing is sold there; take the duty out")
            continue
        yield from _parts_of(duty, at)
        if not any(_charged(case, duty)):
            origin = "anywhere" if duty.from_ is None else f"in '{duty.from_}'"
            who = "nobody makes" if duty.firm is None else f"'{duty.firm}' makes nothing"
            yield Problem(at, f"{who} {origin} what the duty of '{duty.to}' could be charged on; take it out")
        if duty.minimum_price is not None and duty.minimum_price >= (demand.intercept or math.inf):
            text = f"{duty.minimum_price:g} is not below {demand.intercept:g}, at which '{duty.to}' buys nothing"
            yield Problem((*at, "minimum_price"), f"{text}; lower it")


def _parts_of(duty: CaseDuty, at: KeyPath) -> Iterator[Problem]:
    charged = [key for key in ("rate", "amount", "quota", "rate_over") if getattr(duty, key) is not None]
    if duty.minimum_price is not None and charged:
        yield Problem(at, f"has a minimum_price, which stands instead of {' and '.join(charged)}; keep one of the two")
    elif duty.minimum_price is None and not charged:
        yield Problem(at, "says neither rate, amount, quota nor minimum_price; write what is paid")
    if (duty.quota is None) != (duty.rate_over is None):
        lacking, given = ("rate_over", "quota") if duty.rate_over is None else ("quota", "rate_over")
        yield Problem(at, f"has a {given} and no {lacking}; a quota has two rates")
    elif duty.rate_over is not None and duty.rate_over < (duty.rate or 0.0):
        text = f"{duty.rate_over:g} above the quota is below {duty.rate or 0.0:g} within it"
        yield Problem((*at, "rate_over"), f"{text}; swap them, or take the quota out")


def _charged(case: CaseFile, duty: CaseDuty) -> Iterator[tuple[str, str]]:
    """The plants on whose goods a duty is charged."""
    for name, firm in case.firms.items():
        for called, plant in firm.plants.items():
            if case.applies(duty, name, plant.region):
                yield name, called


def _reaching(case: CaseFile, market: str) -> Iterator[tuple[str, CasePlant, float]]:
    """The firms and plants that can sell in a region, with the cost of carrying."""
    for name, firm in case.firms.items():
        for plant in firm.plants.values():
            carried = case.carried(plant.region, market)
            if carried is not None:
                yield name, plant, carried


def _reach_problems(case: CaseFile) -> Iterator[Problem]:
    for market in case.markets():
        if not any(True for _ in _reaching(case, market)):
            text = f"no plant can reach '{market}': none stands there, and no lane of 'freight' leads there from one"
            yield Problem(("regions", market), f"{text}; add a lane, as in 'freight: {{ORIGIN: {{{market}: 5}}}}'")


def _existence_problems(case: CaseFile) -> Iterator[Problem]:
    """Where no price can clear a market, and limits that can never be reached."""
    for market in case.markets():
        demand = case.regions[market].demand
        if demand is not None and demand.form == "isoelastic":
            yield from _isoelastic_problems(case, market, demand.elasticity or 0.0)
    for place, duty in enumerate(case.duties):
        demand = case.regions[duty.to].demand
        if duty.quota is None or demand is None:
            continue
        lowest = min((cost_from(plant) + carried for _, plant, carried in _reaching(case, duty.to)), default=0.0)
        most = bought(demand, lowest)
        if 0.0 < most * (1 + _ROUNDING) < duty.quota:
            text = (
                f"{duty.quota:g} is above {most:g}, all that '{duty.to}' buys at {lowest:g}, the lowest price at which"
            )
            text += " anybody could sell there; the rate above the quota is never paid"
            yield Problem(("duties", place, "quota"), f"{text}: lower the quota, or write the rate alone")


def _isoelastic_problems(case: CaseFile, market: str, elasticity: float) -> Iterator[Problem]:
    path: KeyPath = ("regions", market, "demand", "elasticity")
    open_to = [row for row in _reaching(case, market) if row[1].capacity != 0.0]
    firms = list(dict.fromkeys(name for name, _, _ in open_to))
    if not firms:
        yield Problem(path[:2], f"every plant that can reach '{market}' has a capacity of 0, and its price has no end")
        return
    lowest = min(cost_from(plant) + carried for _, plant, carried in open_to)
    demand = case.regions[market].demand
    if demand is not None and lowest > 0.0 and bought(demand, lowest) < LEAST:
        text = f"at {lowest:g}, the lowest cost at which anybody could deliver, '{market}' buys less than {LEAST:g}"
        yield Problem((*path[:3], "scale"), f"{text}, which is nothing; write what is bought at a price of 1")
    conduct = [case.conduct_in(name, market) for name in firms]
    # at a price without end each firm would hold elasticity / conduct of the market, and less with stakes in others:
    # together they must want it all
    wanted = sum(elasticity / one if one > 0.0 else math.inf for one in conduct)
    if wanted <= 1.0 + _ROUNDING:
        who = f"'{firms[0]}' alone sells" if len(firms) == 1 else f"{len(firms)} firms sell"
        text = f"{elasticity:g} is too low: {who} in '{market}', and selling less always brings more, at any price"
        least = 1.0 / sum(1.0 / one for one in conduct)
        yield Problem(path, f"{text}; write more than {least:g}, another conduct, or one more firm")
    yield from _giving_away(case, market, elasticity)


def _giving_away(case: CaseFile, market: str, elasticity: float) -> Iterator[Problem]:
    """Firms that sell at no cost and without an end, and want all of an iso-elastic market at any price above 0."""
    taxed = [duty for duty in case.duties if duty.to == market and (duty.amount or duty.minimum_price is not None)]
    free = [
        name
        for name, plant, carried in _reaching(case, market)
        if cost_from(plant) + carried == 0.0
        and _endless(plant)
        and not any(case.applies(duty, name, plant.region) for duty in taxed)
    ]
    conduct = [case.conduct_in(name, market) for name in dict.fromkeys(free)]
    # one that holds back keeps to elasticity / conduct of the market at no cost, and to less with stakes in others
    if 0.0 in conduct:
        name = next(name for name in free if case.conduct_in(name, market) == 0.0)
        text = f"firm '{name}' takes the price as it is and sells in '{market}' at no cost and without an end"
    elif not case.stakes and sum(elasticity / one for one in conduct) > 1.0 + _ROUNDING:
        name = free[0]
        text = f"firm '{name}' sells in '{market}' at no cost and without an end, where more always brings more"
    else:
        return
    yield Problem(("firms", name), f"{text}; give the plant a capacity or a cost")


def _endless(plant: CasePlant) -> bool:
    """Whether what the first item costs is what any number of them costs."""
    if plant.capacity is not None or (plant.cost.power is not None and plant.cost.power.scale > 0.0):
        return False
    return plant.cost.steps is None or math.isinf(widths(plant.cost)[0])
