"""The rules that look at several parts of a study together, one function a rule, gathered in one list.

Names and sources come first: where one is missing, the other rules have nothing to look at. What a single part may
say is in ``model.py``; the rules themselves are in ``rules/names.py``, ``rules/figures.py``, ``rules/money.py``,
``rules/projects.py``, ``rules/dates.py``, ``rules/supply.py``, ``rules/plants.py``, ``rules/orders.py``,
``rules/shocks.py``, ``rules/landing.py``, ``rules/owners.py``, ``rules/expectations.py``, ``rules/correlations.py``,
``rules/market.py``, ``rules/substitution.py``, ``rules/borders.py``,
``rules/investing.py``, ``rules/plan_limits.py``, ``rules/announced.py``,
``rules/variants.py``, ``rules/fitting.py`` and ``rules/ensemble.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cell2grid.study.model import Study
from cell2grid.study.refusals import Problem, refusal
from cell2grid.study.rules import (
    announced,
    borders,
    correlations,
    dates,
    ensemble,
    expectations,
    figures,
    fitting,
    investing,
    landing,
    market,
    money,
    names,
    observed,
    orders,
    owners,
    plan_limits,
    plants,
    projects,
    shocks,
    substitution,
    supply,
    variants,
)

Rule = Callable[[Study], Iterator[Problem]]

NAMES: tuple[Rule, ...] = (
    names.names_exist,
    names.figures_have_sources,
    names.texts_have_sources,
    investing.investment_names_exist,
    market.market_names_exist,
)
RULES: tuple[Rule, ...] = (
    dates.horizon_is_ordered,
    dates.plants_open_in_time,
    dates.events_are_inside,
    dates.periods_are_ordered,
    dates.demand_is_ordered,
    figures.products_are_counted,
    figures.plants_count_their_product,
    figures.markets_count_their_product,
    figures.figures_are_bounded,
    plants.stock_limits_count_their_product,
    orders.orders_count_their_product,
    figures.records_fit_their_variable,
    figures.figures_are_single,
    money.money_is_money,
    money.currencies_can_be_exchanged,
    projects.parts_of_projects_fit,
    supply.capacity_is_said_once,
    owners.stakes_add_up,
    owners.stakes_end_after_they_begin,
    owners.nobody_owns_itself_whole,
    owners.capital_is_money,
    owners.supplies_are_links,
    plants.ramps_say_what_they_need,
    plants.times_are_above_nothing,
    plants.stops_and_shifts_fit,
    plants.allocation_says_one_thing,
    supply.lanes_are_said_once,
    supply.inputs_can_be_had,
    orders.orders_have_a_buyer,
    orders.orders_can_be_delivered,
    supply.markets_can_be_reached,
    supply.projects_can_run,
    landing.carried_money_is_money,
    landing.damages_can_be_counted,
    landing.carried_money_can_be_exchanged,
    shocks.shocks_say_one_thing,
    market.answers_are_whole,
    market.competition_has_markets,
    market.costs_of_sellers_are_known,
    market.conduct_is_of_sellers,
    market.wars_are_fought,
    substitution.substitutes_can_be,
    borders.duties_say_what_is_paid,
    borders.least_prices_are_paid,
    observed.observed_markets_fit,
    observed.observed_spending_fits,
    investing.investment_has_choices,
    investing.options_can_be_built,
    investing.standing_plants_can_be_decided_on,
    investing.costs_of_plants_are_known,
    investing.scenarios_are_whole,
    plan_limits.limits_say_one_thing,
    announced.announced_projects_fit,
    ensemble.correlated_figures_are_drawn,
    correlations.correlations_can_be,
    ensemble.calibration_can_weigh,
    variants.streams_name_figures,
    expectations.expectations_can_be_held,
)
# of a study that is right itself: each variant is checked by all rules, and what is fitted at its bounds
LAST: tuple[Rule, ...] = (variants.variants_can_be, fitting.fits_can_be)


def problems(study: Study) -> Iterator[Problem]:
    """Everything that the rules find wrong with the study; names and sources alone where these are wrong."""
    for rules in (NAMES, RULES, LAST):
        found = [problem for rule in rules for problem in rule(study)]
        yield from found
        if found:
            return


def check(study: Study) -> None:
    """Check a study that was built in Python and not read from a file.

    Raises
    ------
    StudyError
        A rule is broken.
    """
    found = list(problems(study))
    if found:
        raise refusal(found, None)
