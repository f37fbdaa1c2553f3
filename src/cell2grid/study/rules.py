"""The rules that look at several parts of a study together, one function a rule, gathered in one list.

Names and sources come first: where one is missing, the other rules have nothing to look at. What a single part may
say is in ``model.py``; the rules themselves are in ``rules_names.py``, ``rules_figures.py``, ``rules_money.py``,
``rules_projects.py``, ``rules_dates.py``, ``rules_supply.py``, ``rules_plants.py``, ``rules_orders.py``,
``rules_shocks.py``, ``rules_landing.py``, ``rules_owners.py``, ``rules_correlations.py`` and
``rules_ensemble.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cell2grid.study import (
    rules_correlations,
    rules_dates,
    rules_ensemble,
    rules_figures,
    rules_landing,
    rules_money,
    rules_names,
    rules_orders,
    rules_owners,
    rules_plants,
    rules_projects,
    rules_shocks,
    rules_supply,
)
from cell2grid.study.model import Study
from cell2grid.study.refusals import Problem, refusal

Rule = Callable[[Study], Iterator[Problem]]

NAMES: tuple[Rule, ...] = (rules_names.names_exist, rules_names.figures_have_sources, rules_names.texts_have_sources)
RULES: tuple[Rule, ...] = (
    rules_dates.horizon_is_ordered,
    rules_dates.plants_open_in_time,
    rules_dates.events_are_inside,
    rules_dates.periods_are_ordered,
    rules_dates.demand_is_ordered,
    rules_figures.products_are_counted,
    rules_figures.plants_count_their_product,
    rules_figures.markets_count_their_product,
    rules_figures.figures_are_bounded,
    rules_plants.stock_limits_count_their_product,
    rules_orders.orders_count_their_product,
    rules_figures.records_fit_their_variable,
    rules_figures.figures_are_single,
    rules_money.money_is_money,
    rules_money.currencies_can_be_exchanged,
    rules_projects.parts_of_projects_fit,
    rules_supply.capacity_is_said_once,
    rules_owners.stakes_add_up,
    rules_owners.stakes_end_after_they_begin,
    rules_owners.nobody_owns_itself_whole,
    rules_owners.capital_is_money,
    rules_owners.supplies_are_links,
    rules_plants.ramps_say_what_they_need,
    rules_plants.times_are_above_nothing,
    rules_plants.stops_and_shifts_fit,
    rules_plants.allocation_says_one_thing,
    rules_supply.lanes_are_said_once,
    rules_supply.inputs_can_be_had,
    rules_orders.orders_have_a_buyer,
    rules_orders.orders_can_be_delivered,
    rules_supply.markets_can_be_reached,
    rules_supply.projects_can_run,
    rules_landing.carried_money_is_money,
    rules_landing.damages_can_be_counted,
    rules_landing.carried_money_can_be_exchanged,
    rules_shocks.shocks_say_one_thing,
    rules_ensemble.correlated_figures_are_drawn,
    rules_correlations.correlations_can_be,
    rules_ensemble.calibration_can_weigh,
)


def problems(study: Study) -> Iterator[Problem]:
    """Everything that the rules find wrong with the study; names and sources alone where these are wrong."""
    found = [problem for rule in NAMES for problem in rule(study)]
    yield from found
    if not found:
        for rule in RULES:
            yield from rule(study)


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
