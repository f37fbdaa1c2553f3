"""Whom each plant serves first in which month, and how much exports may take: the calendar of allocation as arrays.

A rule for half a quarter splits its middle month: the month then has two turns, and each offers half of what is on
hand. Which way goods go is in ``lanes.py``, which order is served first in ``orders.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.calendar import quarter_month
from cell2grid.run.inputs.lanes import regions

if TYPE_CHECKING:
    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.inputs.plants import Values
    from cell2grid.study.model import Allocation, Plant, Study

SPLIT = 2  # the month of a quarter that is split between its halves
# the turns of a month, by its place in the quarter, that a half speaks of
_TURNS = {"first": {1: (0, 1), 2: (0,)}, "second": {2: (1,), 3: (0, 1)}}


def serving_values(study: Study, figures: Figures, periods: Sequence[str]) -> Values:
    """What each turn offers, who is first in it, and the most that exports take, by name with their dims.

    Raises
    ------
    StudyError
        Two rules of a plant speak of the same month.
    """
    halves = any(rule.quarter_half is not None for plant in study.plants.values() for rule in plant.allocation)
    turns = 2 if halves else 1
    places = regions(study)
    shape = (len(study.plants), len(periods), turns)
    offered = np.zeros(shape)
    offered[:, :, 0] = 1.0
    rank = np.zeros((len(study.plants), len(places), len(periods), turns))
    share = np.ones((figures.count, *shape))
    for row, (name, plant) in enumerate(study.plants.items()):
        for column, period in enumerate(periods):
            if _is_split(plant, period):
                offered[row, column] = 0.5
            for turn in range(turns):
                number = _rule(plant, name, period, turn)
                if number is None:
                    continue
                rule, path = plant.allocation[number], f"plants.{name}.allocation.{number}"
                figures.note("serving_rank", f"{path}.first")
                rank[row, :, column, turn] = [_place(rule.first, plant.region, place) for place in places]
                if rule.export_share is not None:
                    drawn = figures.drawn("export_share", f"{path}.export_share", rule.export_share, "ratio")
                    share[:, row, column, turn] = drawn
    return {
        "turn_share": (("plant", "period", "turn"), offered),
        "serving_rank": (("plant", "destination", "period", "turn"), rank),
        "export_share": (("member", "plant", "period", "turn"), share),
    }


def _place(first: str, home: str, place: str) -> float:
    """0 for what is served first, 1 for the rest."""
    if first in ("home", "exports"):
        return float((place == home) != (first == "home"))
    return float(place != first)


def _is_split(plant: Plant, period: str) -> bool:
    return quarter_month(period) == SPLIT and any(
        rule.quarter_half is not None and _in_force(rule, period) for rule in plant.allocation
    )


def _rule(plant: Plant, name: str, period: str, turn: int) -> int | None:
    """The number of the rule that speaks of a turn of a month."""
    found = [number for number, rule in enumerate(plant.allocation) if _speaks(rule, period, turn)]
    if len(found) > 1:
        raise StudyError(
            f"plants.{name}.allocation: rules {found[0]} and {found[1]} both speak of {period};"
            " give them other quarter_months, or a start and an end"
        )
    return found[0] if found else None


def _speaks(rule: Allocation, period: str, turn: int) -> bool:
    if not _in_force(rule, period):
        return False
    month = quarter_month(period)
    if rule.quarter_half is None:
        return month in rule.quarter_months
    return turn in _TURNS[rule.quarter_half].get(month, ())


def _in_force(rule: Allocation, period: str) -> bool:
    return (rule.start or period) <= period <= (rule.end or period)
