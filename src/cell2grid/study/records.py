"""The parts of a study about what happened: shocks, observations, counterfactuals and exchange rates."""

from __future__ import annotations

from typing import Literal

from cell2grid.study.plants import Month, Name
from cell2grid.study.quantity import Day, Frozen, Quantity, Share


class Shock(Frozen):
    """Something that scales a plant's output, or its exports, between two days."""

    plant: Name
    """The plant it hits."""
    what: Literal["output", "exports"] = "output"
    """What it scales."""
    leaves: Share
    """The part of normal that is left: 0 percent is a stop."""
    start: Day
    """The first day."""
    end: Day
    """The last day, included."""


class Observation(Frozen):
    """What the world reported: a result is held against it, and nothing is computed from it."""

    variable: Name
    """A variable of the nomenclature, such as exports or output."""
    of: Name
    """The plant, project, region or firm of the study that was observed."""
    start: Month
    """The first month of what was counted."""
    end: Month
    """The last month, included."""
    value: Quantity
    """The total of these months, one number."""


class Counterfactual(Frozen):
    """The same study without some of its shocks, the same draws otherwise.

    With X the exports of ``plant`` from ``start`` to ``end``, the share is X / (``total`` - ``own`` + X).
    """

    without: tuple[Name, ...]
    """The shocks that are left out."""
    plant: Name
    """The plant whose exports are counted."""
    start: Month
    """The first month."""
    end: Month
    """The last month, included."""
    total: Quantity
    """What was reported for all exporters together."""
    own: Quantity
    """What was reported for this plant, a part of the total."""


class ExchangeRate(Frozen):
    """What one unit of a currency was worth in another on a day."""

    day: Day
    """The day of the rate."""
    rate: Quantity
    """The rate, as in '7.246 CNY/USD [source-key]'."""
