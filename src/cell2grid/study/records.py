"""The parts of a study about what happened: shocks, observations, counterfactuals and exchange rates."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cell2grid.study.plants import Month, Name
from cell2grid.study.quantity import Day, Frozen, In, Quantity, Share


class LaneOf(Frozen):
    """A lane by where it leads, and the product where it carries one alone."""

    origin: Name
    """The region it starts from."""
    destination: Name
    """The region it leads to."""
    product: Name | None = None
    """The product; all that it carries where nothing is said."""


class Shock(Frozen):
    """What hits one plant, lane, region, input or market for some days: it scales, stops or delays.

    Of a region every plant in it is hit (``output``, ``exports``), every lane that touches it (``lane``), or every
    market in it (``demand``).
    """

    plant: Name | None = None
    """The plant it hits; one of plant, region, lane, product and market is given."""
    region: Name | None = None
    """The region it hits."""
    lane: LaneOf | None = None
    """The lane it hits."""
    product: Name | None = None
    """The input it hits: what plants can have of this product."""
    market: Name | None = None
    """The market it hits."""
    what: Literal["output", "exports", "lane", "input", "demand"] | None = None
    """What it scales: of a plant or region ``output`` where nothing is said; of the others their own kind."""
    leaves: Share | None = None
    """The part of normal that is left: 0 percent is a stop."""
    delay: Annotated[Quantity, In("day", at_least=0)] | None = None
    """Days that a lane takes longer."""
    probability: Share | None = None
    """How likely it comes at all; it comes in every member where nothing is said."""
    start: Day
    """The first day."""
    end: Day | None = None
    """The last day, included; either this or ``lasts``."""
    lasts: Annotated[Quantity, In("day", at_least=0)] | None = None
    """How long it lasts, instead of ``end``; a range is drawn for each member."""


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


class Calibration(Frozen):
    """Reported figures that members are weighed by; without it nothing that was reported is an input.

    A member with the modelled values m of the observed o has the weight exp(-sum of ((m - o) / (o * tolerance))^2 / 2),
    and members are drawn anew by their weights.
    """

    on: Annotated[tuple[Name, ...], Field(min_length=1, max_length=200)]
    """The observations that members are weighed by; the others stay a test."""
    tolerance: Share
    """How far from what was reported a member may be: one standard deviation, as a part of it."""
    least: Quantity | None = None
    """The least standard deviation, for reported figures near nothing, as in '500 vehicle'."""
    draws: Annotated[int, Field(ge=1, le=1000)] = 20
    """How many members are drawn for each that is kept."""


class Correlation(Frozen):
    """Two figures of the study that are high together, or against one another."""

    between: tuple[str, str]
    """The paths of two figures that are ranges or distributions, as in 'plants.north.capacity'."""
    value: Annotated[float, Field(ge=-1, le=1)]
    """The correlation of their ranks' normal scores, from -1 to 1."""


class ExchangeRate(Frozen):
    """What one unit of a currency was worth in another on a day."""

    day: Day
    """The day of the rate."""
    rate: Quantity
    """The rate, as in '7.246 CNY/USD [source-key]'."""
