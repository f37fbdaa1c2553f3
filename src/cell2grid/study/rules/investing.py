"""Rules on investment: names, what could be built, what existing plants cost, and futures to plan for.

Limits are in ``rules/plan_limits.py``, what was announced in ``rules/announced.py``, costs by output in
``rules/cost_curves.py``. What has no feasible plan is no error here: the solver names the limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cell2grid.formulas.calendar import month_after
from cell2grid.study.investing import BuildOption, Incentive, Investment
from cell2grid.study.model import Study
from cell2grid.study.quantity import Quantity
from cell2grid.study.refusals import Problem, near
from cell2grid.study.rules.cost_curves import making_cost_problems, making_costs
from cell2grid.study.rules.figures import count_problems
from cell2grid.study.rules.landing import money_of_item_problems
from cell2grid.study.rules.money import Form, add_rate, currency_problems, exchangeable, form_problems
from cell2grid.study.rules.plants import ramp_problems
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import currency

WHOLE, YEARLY = Form({"USD": ()}), Form({"USD/year": ("year",)})
_ROUNDING = 1e-9
_PARTS = ("duties", "shocks", "plants", "firms")
# what of investment may be another figure in each future; the rest is decided before one knows which comes
_BY_FUTURE = re.compile(
    r"investment\.(unserved_cost(\..+)?|construction_rate|options\.[^.]+\."
    r"(capital_cost|fixed_cost|renewal|salvage|life|marginal_cost(\..+)?|incentives\.\d+\.share))"
)

Sum = tuple[KeyPath, Quantity]


def investment_names_exist(study: Study) -> Iterator[Problem]:
    """Firms, regions, products and plants that investment speaks of are those of the study."""
    known: dict[str, Mapping[str, object]] = {"firm": study.firms, "region": study.regions}
    known |= {"product": study.products, "plant": study.plants}
    for path, what, name in _names(study):
        if name is not None and name not in known[what]:
            yield Problem(path, f"'{name}' is not among the {what}s; {near(name, known[what], what=f'{what}s')}")


def _names(study: Study) -> Iterator[tuple[KeyPath, str, str | None]]:
    for key, project in study.announced.items():
        for what in ("firm", "region", "product"):
            yield ("announced", key, what), what, getattr(project, what)
    if study.investment is None:
        return
    for key, option in study.investment.options.items():
        path: KeyPath = ("investment", "options", key)
        yield (*path, "firm"), "firm", option.firm
        yield (*path, "region"), "region", option.region
        yield (*path, "makes"), "product", option.makes
    for row, standing in enumerate(study.investment.standing):
        yield ("investment", "standing", row, "plant"), "plant", standing.plant
    for row, limit in enumerate(study.investment.limits):
        for what in ("firm", "region", "product"):
            yield ("investment", "limits", row, what), what, getattr(limit, what)


def options_can_be_built(study: Study) -> Iterator[Problem]:
    """A block is some of its product; it can be decided on, and open, within the horizon; its money is money."""
    for name, option in {} if study.investment is None else study.investment.options.items():
        path: KeyPath = ("investment", "options", name)
        product = study.products[option.makes]
        if name in study.plants:
            yield Problem(path, f"'{name}' is the name of a plant of the study; give the option another", key=True)
        yield from count_problems(option.block, product, (*path, "block"), option.makes)
        if not option.block.unfilled and option.block.magnitude.low <= 0:
            yield Problem((*path, "block"), f"'{option.block.text}' is not above 0; write the capacity of one block")
        yield from _window_problems(study, option, path)
        yield from making_cost_problems(study, option.marginal_cost, (*path, "marginal_cost"), option.makes)
        if not option.capital_cost.unfilled:
            yield from form_problems((*path, "capital_cost"), option.capital_cost, WHOLE)
        if option.ramp is not None:
            yield from ramp_problems(option.ramp, (*path, "ramp"))
            if option.ramp.curve == "learning":
                text = "curve 'learning' goes by what is made, which a plan does not know yet; write a curve by time"
                yield Problem((*path, "ramp", "curve"), text)
        for row, incentive in enumerate(option.incentives):
            yield from _incentive_problems(study, option, incentive, (*path, "incentives", row))
        yield from _more_than_all(option, path)


def _window_problems(study: Study, option: BuildOption, path: KeyPath) -> Iterator[Problem]:
    """Decisions are in the horizon, in their order, and the earliest one leads to an opening in it."""
    horizon = study.horizon
    for key, month in (("start", option.start), ("end", option.end)):
        if month is not None and not horizon.start <= month <= horizon.end:
            text = f"{month} is outside the horizon, {horizon.start} to {horizon.end}; no decision is taken there"
            yield Problem((*path, key), f"{text}; correct the month or widen the horizon")
    if option.start is not None and option.end is not None and option.end < option.start:
        yield Problem((*path, "end"), f"{option.end} is before its start, {option.start}; correct one of the two")
    first = max(option.start or horizon.start, horizon.start)
    if first > horizon.end or option.lead_time.unfilled:
        return
    if option.preparation is not None and not option.preparation.unfilled:
        prepared, opened = option.preparation.to("month"), option.lead_time.to("month")
        if prepared.mode > opened.mode:
            text = f"'{option.preparation.text}' is a part of the lead time, '{option.lead_time.text}', and longer"
            yield Problem((*path, "preparation"), f"{text}; correct one of the two")
    opens = month_after(first, int(option.lead_time.to("month").low))
    if opens > horizon.end:
        text = f"'{option.lead_time.text}' from {first} is {opens}, after the horizon's end, {horizon.end}"
        yield Problem(
            (*path, "lead_time"), f"{text}, so that it never makes anything; widen the horizon, or leave it out"
        )


def _incentive_problems(study: Study, option: BuildOption, given: Incentive, path: KeyPath) -> Iterator[Problem]:
    if given.share is None and given.per_item is None:
        yield Problem(path, "says nothing that is paid; add 'share' or 'per_item'")
    if given.per_item is not None:
        yield from money_of_item_problems(study, (*path, "per_item"), given.per_item, option.makes)
    elif given.years is not None:
        text = f"'{given.years.text}' is for how long 'per_item' is paid, and there is none; add it"
        yield Problem((*path, "years"), text)
    if given.start is not None and given.end is not None and given.end < given.start:
        yield Problem((*path, "end"), f"{given.end} is before its start, {given.start}; correct one of the two")


def _more_than_all(option: BuildOption, path: KeyPath) -> Iterator[Problem]:
    """In no month do the incentives pay more than all of the capital cost."""
    shares = [(row, given) for row, given in enumerate(option.incentives) if given.share is not None]
    for row, given in shares:
        month = given.start or ""
        together = [
            other.share.to("percent").high
            for _, other in shares
            if other.share is not None
            and not other.share.unfilled
            and (other.start or "") <= month <= (other.end or "9999-12")
        ]
        if sum(together) > 100.0 + _ROUNDING:
            text = f"with the others of the month pays {sum(together):g} percent of the capital cost, above all of it"
            yield Problem((*path, "incentives", row, "share"), f"{text}; correct one of them")
            return


def standing_plants_can_be_decided_on(study: Study) -> Iterator[Problem]:
    """A plant has one row of what keeping, idling and closing it costs, in money, and restarts only what was idle."""
    rows: dict[str, int] = {}
    for row, standing in enumerate(() if study.investment is None else study.investment.standing):
        path: KeyPath = ("investment", "standing", row)
        first = rows.setdefault(standing.plant, row)
        if first != row:
            text = f"'{standing.plant}' is there already as investment.standing.{first}; join the two"
            yield Problem((*path, "plant"), text)
        for key, form in (
            ("fixed_cost", YEARLY),
            ("renewal", YEARLY),
            ("mothballed_cost", YEARLY),
            ("restart_cost", WHOLE),
            ("closing_cost", WHOLE),
        ):
            figure = getattr(standing, key)
            if figure is not None and not figure.unfilled:
                yield from form_problems((*path, key), figure, form)
        if standing.restart_cost is not None and standing.mothballed_cost is None:
            text = f"'{standing.restart_cost.text}' opens what was idle, and the plant cannot be idled"
            yield Problem((*path, "restart_cost"), f"{text}; add 'mothballed_cost'")


def investment_has_choices(study: Study) -> Iterator[Problem]:
    """There is something to decide on, a market to plan for, and what the objective needs is said."""
    plan, path = study.investment, ("investment",)
    if plan is None:
        return
    can_end = any(row.closing_cost is not None or row.mothballed_cost is not None for row in plan.standing)
    if not plan.options and not can_end:
        text = "has nothing to decide on; add 'options', or 'standing' with plants that can be idled or closed"
        yield Problem(path, text, key=True)
    if not any(row.quantity is not None for market in study.markets.values() for row in market.demand):
        yield Problem(path, "plans for demand, and no market of the study has a quantity; add one", key=True)
    yield from currency_problems((*path, "currency"), plan.currency)
    if plan.window is not None and plan.foresight != "myopic":
        text = f"'{plan.window.text}' is how far a myopic plan looks; write 'foresight: myopic', or leave it out"
        yield Problem((*path, "window"), text)
    yield from _missing_problems(study, plan)
    if plan.objective == "profit":
        yield from _profit_problems(study)


def _missing(study: Study, plan: Investment) -> Iterator[tuple[KeyPath, Quantity, str]]:
    """Each figure for demand that is not met, with the product; one for all comes once for each that is asked for."""
    for product in sorted({market.product for market in study.markets.values()}):
        path, figure = plan.cost_of_missing(product)
        if figure is not None and not figure.unfilled:
            yield ("investment", *path.split(".", 1)), figure, product


def _missing_problems(study: Study, plan: Investment) -> Iterator[Problem]:
    if isinstance(plan.unserved_cost, dict):
        for name in plan.unserved_cost:
            if name not in study.products:
                text = f"'{name}' is not among the products; {near(name, study.products, what='products')}"
                yield Problem(("investment", "unserved_cost", name), text)
    for path, figure, product in _missing(study, plan):
        found = list(money_of_item_problems(study, path, figure, product))
        if found:
            several = " of its own product" if isinstance(plan.unserved_cost, dict) else ", or one for each by its name"
            yield Problem(path, f"{found[0].message}{several}") if len(study.products) > 1 else found[0]
            break


def _profit_problems(study: Study) -> Iterator[Problem]:
    """Where firms build what pays them, markets make their prices and there is a firm that can build."""
    path: KeyPath = ("investment", "objective")
    if study.competition is None:
        text = "profit is earned at prices that firms make, and the study has no 'competition'; add it"
        yield Problem(path, f"{text}, or write 'objective: cost'")
    if study.investment is not None and study.investment.foresight == "myopic":
        text = "short sight is planned with at the least cost alone; write 'foresight: perfect'"
        yield Problem(("investment", "foresight"), f"{text}, or 'objective: cost'")
    if study.investment is not None and study.investment.scenarios:
        yield Problem(
            path, "futures are planned for at the least cost alone; take 'scenarios' out, or write 'objective: cost'"
        )
    for name, market in study.markets.items():
        for row, demand in enumerate(market.demand):
            here: KeyPath = ("markets", name, "demand", row)
            for key in ("price", "elasticity"):
                if demand.quantity is not None and getattr(demand, key) is None:
                    text = f"has no {key}, and profit asks what buyers pay; add it, or plan for 'objective: cost'"
                    yield Problem(here, text)


def costs_of_plants_are_known(study: Study) -> Iterator[Problem]:
    """What a plan may use has a cost for each item, in money; all money can be brought to the currency of the plan."""
    plan = study.investment
    if plan is None:
        return
    sold = {market.product for market in study.markets.values()}
    for name, plant in study.plants.items():
        path: KeyPath = ("plants", name)
        if plant.makes in sold and plant.marginal_cost is None:
            text = "has no marginal_cost, and a plan asks what an item costs; add it, as in"
            yield Problem(
                path, f"{text} '280 {plan.currency}/{study.products[plant.makes].counted_in} [source]'", key=True
            )
        elif plant.marginal_cost is not None:
            yield from making_cost_problems(study, plant.marginal_cost, (*path, "marginal_cost"), plant.makes)
    for path, figure in _sums(study):
        own = currency(figure.unit)
        if not figure.unfilled and not exchangeable(study.exchange_rates, own, plan.currency):
            text = f"'{figure.text}' is in {own}, and the plan in {plan.currency}"
            yield Problem(path, f"{text}; {add_rate(plan.currency, own)}")


def _sums(study: Study) -> Iterator[Sum]:
    """Every figure of money that a plan adds up."""
    plan = study.investment
    if plan is None:
        return
    found: list[tuple[KeyPath, Quantity | None]] = [(path, figure) for path, figure, _ in _missing(study, plan)]
    for name, option in plan.options.items():
        path: KeyPath = ("investment", "options", name)
        found.append(((*path, "capital_cost"), option.capital_cost))
        found += making_costs(option.marginal_cost, (*path, "marginal_cost"))
        found += [
            ((*path, "incentives", row, "per_item"), given.per_item) for row, given in enumerate(option.incentives)
        ]
    for row, standing in enumerate(plan.standing):
        for key in ("fixed_cost", "renewal", "mothballed_cost", "restart_cost", "closing_cost"):
            found.append((("investment", "standing", row, key), getattr(standing, key)))
    found += [(("investment", "limits", row, "money"), limit.money) for row, limit in enumerate(plan.limits)]
    for name, plant in study.plants.items():
        if plant.marginal_cost is not None:
            found += making_costs(plant.marginal_cost, ("plants", name, "marginal_cost"))
    found += [(("lanes", row, "cost"), lane.cost) for row, lane in enumerate(study.lanes)]
    found += [(("duties", row, "amount"), duty.amount) for row, duty in enumerate(study.duties)]
    for name, market in study.markets.items():
        found += [(("markets", name, "demand", row, "price"), demand.price) for row, demand in enumerate(market.demand)]
    yield from ((path, figure) for path, figure in found if figure is not None)


def scenarios_are_whole(study: Study) -> Iterator[Problem]:
    """Scenarios add up to all that can be, each of them likely to a known degree, and say what is different."""
    scenarios = {} if study.investment is None else study.investment.scenarios
    path: KeyPath = ("investment", "scenarios")
    total, known = 0.0, True
    for name, scenario in scenarios.items():
        probability = scenario.probability
        if probability.unfilled:
            known = False
            continue
        if probability.magnitude.low != probability.magnitude.high:
            yield Problem((*path, name, "probability"), f"'{probability.text}' is a range; one number belongs here")
        if probability.magnitude.high <= 0:
            text = f"'{probability.text}' never comes; leave the scenario out"
            yield Problem((*path, name, "probability"), text)
        total += probability.to("percent").mode
        for row, part in enumerate(scenario.without):
            yield from _part_problems(study, part, (*path, name, "without", row))
        for figure in scenario.change:
            if figure.startswith("investment.") and not _BY_FUTURE.fullmatch(figure):
                text = "is one for all futures: of investment only costs of options and of missing demand may differ"
                yield Problem((*path, name, "change", figure), f"{text}; leave it out", key=True)
    if scenarios and known and abs(total - 100.0) > 1e-6:
        yield Problem(path, f"add up to {total:g} percent, expected 100; correct a probability", key=True)


def _part_problems(study: Study, part: str, path: KeyPath) -> Iterator[Problem]:
    """What is left out is a duty by its name or place, a shock, a plant or a firm of the study."""
    kind, _, name = part.partition(".")
    known: list[str] = []
    if kind == "duties":
        known = [duty.name for duty in study.duties if duty.name] + [str(row) for row in range(len(study.duties))]
    elif kind in _PARTS:
        known = list(getattr(study, kind))
    if kind not in _PARTS:
        yield Problem(path, f"'{part[:60]}' is no part; write {', '.join(f'{kind}.NAME' for kind in _PARTS)}")
    elif name not in known:
        yield Problem(path, f"'{name[:60]}' is not among the {kind}; {near(name, known, what=kind)}")
