"""The parts of a study that say what may be different in it: variants, their draws, and figures that are fitted.

Shocks and counterfactuals are in ``records.py``, the futures that a plan must do for in ``investing.py``.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cell2grid.study.plants import Name
from cell2grid.study.quantity import Frozen, Quantity, Share
from cell2grid.study.records import Correlation


class Variant(Frozen):
    """The same study with something different, to hold against it on the same draws."""

    title: str | None = None
    """One line that says what is different."""
    without: tuple[str, ...] = ()
    """Parts that are left out: 'plants.NAME', 'firms.NAME', 'duties.NAME', 'shocks.NAME', 'competition.price_war'."""
    change: dict[str, str] = {}
    """Figures by their paths, with what stands there instead, as in 'plants.north.capacity': '5000 system/year […]'."""


class Streams(Frozen):
    """How the figures of a variant are drawn, so that what it shares with its study is drawn alike.

    It is written into the study of a run of a variant, and not by hand.
    """

    rows: dict[str, str] = {}
    """The names by which rows of lists are drawn, by the rows' paths, where they are others than their words give."""
    dimensions: tuple[str, ...] = ()
    """The names of all figures that a Sobol sequence spreads members over, those that are left out included."""
    correlations: Annotated[tuple[Correlation, ...], Field(max_length=1000)] = ()
    """Correlations, by the names of the figures, of figures that are left out or are not drawn any more."""


class Unknown(Frozen):
    """A figure that nobody reports, and that is fitted to what is observed."""

    low: Quantity
    """The least it can be."""
    high: Quantity
    """The most it can be."""
    prior: Quantity | None = None
    """What is known of it apart from the observations, as a distribution such as 'normal(20, 4) percent'."""
    title: str | None = None
    """What it is in words; its path where nothing is said."""
    also: Annotated[tuple[str, ...], Field(max_length=500)] = ()
    """Paths of other figures that rise and fall with it in proportion, as costs of plants that fall together."""
    against: str | None = None
    """The path of a figure of its kind that it is told against, as what a rival's costs are."""


class Fit(Frozen):
    """Figures that are fitted to reported ones; what is not named in ``on`` stays a test.

    Least squares of (m - o) / (o x tolerance) with the modelled m of the observed o, and of each prior.
    """

    unknowns: Annotated[dict[str, Unknown], Field(min_length=1, max_length=50)]
    """The figures by their paths."""
    on: Annotated[tuple[Name, ...], Field(min_length=1, max_length=500)]
    """The observations that they are fitted to."""
    tolerance: Share
    """One standard deviation of what was reported, as a part of it."""
    least: Quantity | None = None
    """The least standard deviation, for reported figures near nothing."""
