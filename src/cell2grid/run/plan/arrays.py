"""A study's investment as the arrays that the engine ``investment`` reads: one future, or several scenarios of it.

Costs of making, lanes and borders are those of the study's markets (``run/market``), with each option as one more
plant; what could be built and its money is in ``options.py``, limits in ``limits.py``. All figures stand at their
middle: what their spread does to a plan is in ``outcomes.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.engines.investment.checks import check
from cell2grid.engines.investment.plan import Labels, Plan, plan
from cell2grid.errors import EngineError, StudyError
from cell2grid.run.drawn.figures import MiddleFigures
from cell2grid.run.market.borders import border_values
from cell2grid.run.market.making import making_values
from cell2grid.run.market.money import Money
from cell2grid.run.plan.decision_terms import DecisionTerms, decision_terms
from cell2grid.run.plan.limits import limit_arrays
from cell2grid.run.plan.options import Blocks, Capital, blocks_of, by_age, capital_of, plan_of, with_options
from cell2grid.run.plan.quotas import Quota, quota_arrays, quota_labels, quota_notes, quotas_of
from cell2grid.run.plan.standing import Standing, standing_of
from cell2grid.units import currency

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.study.model import Study

    Arrays = dict[str, NDArray[Any]]

CURVE_STEPS = 8  # of a cost that rises by a power, over what the plant can make


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What a plan is made from: its numbers and names, and what must be known of how they were made.

    ``plants`` are those of the study that make what its markets ask for, then the options. ``capital`` is by scenario.
    """

    study: Study
    terms: DecisionTerms
    plants: tuple[str, ...]
    markets: tuple[str, ...]
    options: tuple[str, ...]
    scenarios: tuple[str, ...]
    plan: Plan
    labels: Labels
    blocks: Blocks
    capital: tuple[Capital, ...]
    standing: Standing
    notes: tuple[str, ...]

    @property
    def currency(self) -> str:
        """The currency of the plan."""
        return plan_of(self.study).currency


def planned_markets(study: Study) -> tuple[str, ...]:
    """The markets with demand to plan for: those that say how much they take."""
    return tuple(
        name for name, market in study.markets.items() if any(row.quantity is not None for row in market.demand)
    )


def plan_inputs(
    study: Study,
    scenarios: Mapping[str, tuple[float, float, Study]] | None = None,
    *,
    learned: Mapping[str, NDArray[np.float64]] | None = None,
) -> Inputs:
    """The arrays of a study's plan.

    Parameters
    ----------
    scenarios
        By name: how likely a future is, its demand as a multiple of what its study says, and its study; the study
        itself without them.
    learned
        What learning leaves of the capital cost of each option (term).

    Raises
    ------
    StudyError
        A figure is missing, of another kind or too large to plan with; a scenario leaves out what is one for all.
    """
    futures = scenarios or {"": (1.0, 1.0, study)}
    terms, markets = decision_terms(study), planned_markets(study)
    sold = {study.markets[name].product for name in markets}
    own = [name for name, plant in study.plants.items() if plant.makes in sold]
    options = tuple(plan_of(study).options)
    plants, figures = (*own, *options), MiddleFigures()
    blocks = blocks_of(study, figures, terms.months)
    standing = standing_of(study, own, markets, terms)
    pairs = [_future(name, base, study, (own, options, markets), terms) for name, (_, _, base) in futures.items()]
    found, quotas = [arrays for arrays, _ in pairs], [each for _, each in pairs]
    for place, (_, multiple, _) in enumerate(futures.values()):
        found[place]["demand"] = found[place]["demand"] * multiple
    arrays = {name: np.stack([one[name] for one in found]) for name in found[0]}
    notes = [*standing.notes, *_border_notes(study), *quota_notes(quotas[0]), *_standing_notes(study, own)]
    notes += _left_out_notes(study, {name: base for name, (_, _, base) in futures.items()})
    arrays |= quota_arrays(quotas)
    limits, limit_names = limit_arrays(study, plants, options, markets, terms, arrays)
    arrays |= limits
    arrays["probability"] = np.array([likely for likely, _, _ in futures.values()])
    arrays |= _of_options(study, terms, blocks, plants)
    arrays |= _of_standing(study, terms, own, plants)
    capital = tuple(capital_of(base, MiddleFigures(), terms, blocks, learned or {}) for _, _, base in futures.values())
    for name, part in (("block_cost", "cost"), ("fixed_cost", "fixed"), ("salvage", "salvage"), ("spending", "whole")):
        arrays[name] = np.stack([getattr(one, part) for one in capital])
    if len(capital) and len(options):
        arrays["spending_profile"] = capital[0].profile
    noun = {study.products[study.markets[name].product].counted_in for name in markets}
    labels = Labels(
        terms.labels, plants, markets, options, tuple(futures), *limit_names,
        item=noun.pop() if len(noun) == 1 else "item", currency=plan_of(study).currency, quota=quota_labels(quotas),
    )  # fmt: skip
    given = plan(years=terms.years, discount=terms.discount, end_discount=terms.end_discount, **arrays)
    try:
        check(given, labels)
    except EngineError as error:
        # the numbers are those of the study, and who wrote it can mend them
        raise StudyError(f"{error.message}; correct the figure, or write it in a larger unit") from None
    return Inputs(
        study, terms, plants, markets, options, tuple(futures), given, labels, blocks, capital, standing, tuple(notes)
    )


def _future(
    scenario: str,
    base: Study,
    study: Study,
    names: tuple[Sequence[str], Sequence[str], Sequence[str]],
    terms: DecisionTerms,
) -> tuple[Arrays, tuple[Quota, ...]]:
    """The numbers of one future by the names of all of them; what it leaves out makes, sells and asks for nothing."""
    own, options, markets = names
    if list(base.investment.options if base.investment else ()) != list(options):
        raise StudyError(f"investment.scenarios.{scenario}: leaves out an option, and what is built is one for all")
    kept = [name for name in own if name in base.plants]
    asked = [name for name in markets if name in base.markets]
    wide = without_margin(with_options(base))
    money = Money(wide, MiddleFigures(), terms.terms, plan_of(study).currency)
    there = [*kept, *options]
    standing = standing_of(base, kept, asked, terms)
    made = {name: values[0] for name, (_, values) in making_values(money, there).items()}
    borders = border_values(money, there, asked)
    border = {name: values[0] for name, (dims, values) in borders.items() if dims[0] == "member"}
    price = _prices(money, asked)
    on_price = border["duty_on_price"]
    amount = border["duty_amount"] + np.nan_to_num(price) * on_price / (1.0 + on_price)
    plants = [[*own, *options].index(name) for name in there]
    columns = [list(markets).index(name) for name in asked]
    count, terms_count = len(own) + len(options), len(terms.labels)
    width, cost = _steps(made, _reach(base, kept, standing.capacity))
    found = _blank(count, len(markets), width.shape[1], terms_count)
    if len(kept) < len(own):
        # what a future leaves out has its costs and no capacity, so that the mean of all futures has its lanes
        found = _future("", study, study, names, terms)[0] | {
            name: found[name] for name in ("standing_capacity", "demand", "unserved_cost")
        }
    found["standing_capacity"][plants[: len(kept)]] = standing.capacity
    for name, values in (("step_width", width), ("step_cost", cost)):
        found[name][plants, : values.shape[1]] = values
    lanes = np.ix_(plants, columns)
    found["freight"][lanes] = border["selling_freight"]
    found["duty_on_cost"][lanes], found["duty_amount"][lanes] = border["duty_on_cost"], amount
    found["demand"][columns] = standing.demand
    for place, name in zip(columns, asked, strict=True):
        product = base.markets[name].product
        path, figure = plan_of(base).cost_of_missing(product)
        if figure is not None:
            found["unserved_cost"][place] = money.of_item(["investment"], f"investment.{path}", figure, product)[0]
    return found, quotas_of(base, borders, price, (plants, columns), (count, len(markets)))


def _blank(plants: int, markets: int, steps: int, terms: int) -> Arrays:
    """Arrays in which nothing is made, sold or asked for."""
    return {
        "standing_capacity": np.zeros((plants, terms)),
        "step_width": np.zeros((plants, steps, terms)),
        "step_cost": np.zeros((plants, steps, terms)),
        "freight": np.full((plants, markets, terms), np.nan),
        "duty_on_cost": np.zeros((plants, markets, terms)),
        "duty_amount": np.zeros((plants, markets, terms)),
        "demand": np.zeros((markets, terms)),
        "unserved_cost": np.full((markets, terms), np.nan),
    }


def without_margin(study: Study) -> Study:
    """The study in which importers keep nothing: what they keep is no cost of meeting demand."""
    if study.competition is None or study.competition.importer_margin is None:
        return study
    return study.changed(competition=study.competition.changed(importer_margin=None))


def _prices(money: Money, markets: Sequence[str]) -> NDArray[np.float64]:
    """What an item sells for in each market and term, from which duties on the price are taken; missing if not said."""
    terms = money.terms
    price = np.full((len(markets), len(terms.labels)), np.nan)
    for place, name in enumerate(markets):
        market = money.study.markets[name]
        total, part = np.zeros(len(terms.labels)), np.zeros(len(terms.labels))
        rows = sorted(enumerate(market.demand), key=lambda row: row[1].start)
        for number, row in rows:
            later = min((other.start for _, other in rows if other.start > row.start), default=None)
            held = np.array([m >= row.start and (later is None or m < later) for m in terms.periods], dtype=np.float64)
            if row.price is None or not held.any():
                continue
            path = f"markets.{name}.demand.{number}.price"
            weight = terms.mean(held)
            total += weight * money.of_item(["investment"], path, row.price, market.product)[0]
            part += weight
        np.divide(total, part, out=price[place], where=part > 0.0)
    return price


def _reach(study: Study, kept: Sequence[str], capacity: NDArray[np.float64]) -> NDArray[np.float64]:
    """The most that each plant, and each option with all its blocks, can make [item/year]."""
    figures = MiddleFigures()
    blocks = blocks_of(study, figures, 1).items
    most = [option.most for option in plan_of(study).options.values()]
    of_plants = capacity.max(axis=1, initial=0.0) if len(kept) else np.zeros(0)
    return np.concatenate([of_plants, blocks * np.array(most, dtype=np.float64)])


def _steps(
    made: Mapping[str, NDArray[np.float64]], reach: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Widths and costs of steps (plant, step, term); a cost that rises by a power in steps at its middle heights."""
    width, cost = made["cost_step_width"], made["cost_step"]
    scale, power = made["cost_power_scale"], made["cost_power"]
    rising = (scale > 0.0).any(axis=1)
    if not rising.any():
        return width, cost
    count, steps, terms = width.shape
    most = max(steps, CURVE_STEPS)
    wide, high = np.zeros((count, most, terms)), np.zeros((count, most, terms))
    wide[:, :steps], high[:, :steps] = width, cost
    for place in np.flatnonzero(rising):
        part = np.maximum(reach[place], 1e-9) / CURVE_STEPS
        middle = (np.arange(CURVE_STEPS) + 0.5) * part
        wide[place, :CURVE_STEPS] = part
        wide[place, CURVE_STEPS - 1] = np.inf
        high[place, :CURVE_STEPS] = cost[place, 0] + (scale[place] * middle[:, None]) ** power[place]
    return wide, high


def _of_options(study: Study, terms: DecisionTerms, blocks: Blocks, plants: Sequence[str]) -> Arrays:
    """What holds for options in all futures: how blocks open, how many there can be and when one decides on them."""
    options = plan_of(study).options
    if not options:
        return {}
    at_once = np.zeros((len(options), len(terms.labels)), dtype=np.int64)
    for place, option in enumerate(options.values()):
        allowed = terms.mostly(option.start, option.end)
        at_once[place] = np.where(allowed, option.most if option.most_at_once is None else option.most_at_once, 0)
    exponent = [1.0 if one.scale_exponent is None else one.scale_exponent.to("ratio").mode for one in options.values()]
    return {
        "option_plant": np.array([plants.index(name) for name in options]),
        "block": blocks.items,
        "ready": by_age(blocks.ready, terms),
        "opened": by_age(blocks.opened, terms),
        "most": np.array([option.most for option in options.values()]),
        "most_at_once": at_once,
        "scale_exponent": np.array(exponent),
        **_incentives(study, terms),
    }


def _incentives(study: Study, terms: DecisionTerms) -> Arrays:
    """What is paid for each item out of blocks that are decided on in a stretch of terms."""
    money = Money(study, MiddleFigures(), terms.terms, plan_of(study).currency)
    rows: list[tuple[int, float, int, int, int]] = []
    for place, (name, option) in enumerate(plan_of(study).options.items()):
        for number, given in enumerate(option.incentives):
            allowed = np.flatnonzero(terms.mostly(given.start, given.end))
            if given.per_item is None or not len(allowed):
                continue
            path = f"investment.options.{name}.incentives.{number}.per_item"
            amount = money.of_item(["investment"], path, given.per_item, option.makes)[0]
            lasts = len(terms.labels)
            if given.years is not None:
                lasts = round(given.years.to("month").mode / terms.length)
            rows.append((place, float(amount[allowed[0]]), int(allowed[0]), int(allowed[-1]), lasts))
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), (), ()]
    keys = ("option", "amount", "first", "last", "terms")
    kinds = (np.int64, np.float64, np.int64, np.int64, np.int64)
    return {
        f"incentive_{key}": np.array(each, dtype=kind) for key, each, kind in zip(keys, columns, kinds, strict=True)
    }


def _of_standing(study: Study, terms: DecisionTerms, own: Sequence[str], plants: Sequence[str]) -> Arrays:
    """What keeping, idling, opening again and closing the plants of the study costs."""
    money = Money(study, MiddleFigures(), terms.terms, plan_of(study).currency)
    shape = (len(plants), len(terms.labels))
    found: Arrays = {"open_cost": np.zeros(shape), "idle_cost": np.full(shape, np.nan)}
    found |= {name: np.full(shape[0], np.nan) for name in ("restart_cost", "closing_cost")}
    for number, row in enumerate(plan_of(study).standing):
        if row.plant not in own:
            continue
        place, path = plants.index(row.plant), f"investment.standing.{number}"
        for key, yearly in (("fixed_cost", row.fixed_cost), ("renewal", row.renewal)):
            if yearly is not None:
                found["open_cost"][place] += money.of_year("investment", f"{path}.{key}", yearly)[0]
        if row.mothballed_cost is not None:
            found["idle_cost"][place] = money.of_year("investment", f"{path}.mothballed_cost", row.mothballed_cost)[0]
        for name, figure in (("restart_cost", row.restart_cost), ("closing_cost", row.closing_cost)):
            if figure is not None:
                amount = figure.to(str(currency(figure.unit))).mode
                found[name][place] = amount * money.rate(["investment"], f"{path}.{name}", figure)[0, 0]
    return found


def _standing_notes(study: Study, own: Sequence[str]) -> list[str]:
    """The plants with a choice that make nothing a market asks for, and are left out."""
    others = [row.plant for row in plan_of(study).standing if row.plant not in own]
    return (
        [f"plan: {', '.join(others)}: makes nothing that demand is planned for, and is left as it is"] if others else []
    )


def _left_out_notes(study: Study, futures: Mapping[str, Study]) -> list[str]:
    """The plants with a choice that a future leaves out: one decides on them, and pays for that, in all futures."""
    return [
        f"plan: {row.plant}: what keeping or closing it costs counts in scenario '{name}' too, which leaves it out"
        for name, base in futures.items()
        for row in plan_of(study).standing
        if row.plant in study.plants and row.plant not in base.plants
    ]


def _border_notes(study: Study) -> list[str]:
    """What of borders a plan takes more simply than the study says it."""
    notes = []
    floors = [duty.name or f"duties.{n}" for n, duty in enumerate(study.duties) if duty.minimum_price is not None]
    if floors and plan_of(study).objective == "cost":
        notes.append(f"plan: {', '.join(floors)}: a least price costs nothing where demand is met at the least cost")
    on_price = [n for n, duty in enumerate(study.duties) if duty.base == "price" and duty.rate is not None]
    unsaid = {
        duty.destination
        for n, duty in enumerate(study.duties)
        if n in on_price
        and any(
            m.region == duty.destination and all(row.price is None for row in m.demand) for m in study.markets.values()
        )
    }
    if unsaid:
        notes.append(f"plan: no price is given in {', '.join(sorted(unsaid))}, so that duties on it are not counted")
    return notes
