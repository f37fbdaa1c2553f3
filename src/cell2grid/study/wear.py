"""How a store ages and what is done about it: cells, temperature, augmentation and the supplier's warranty.

The parameter sets of cells are files of ``study/cells``, named after their papers and read in ``cell_file.py``; the
equations are in docs/formulation/ageing.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from cell2grid.study.quantity import Frozen, In, Quantity, Share

Year = Annotated[Quantity, In("year", at_least=1, at_most=100)]


class TemperatureColumn(Frozen):
    """A column of temperatures of another file."""

    file: Annotated[str, Field(min_length=1, max_length=1000)]
    """A CSV, Parquet or Excel file, beside the file that names it unless its path is absolute."""
    column: Annotated[str, Field(min_length=1, max_length=200)] = "temperature"
    """The header of the column [degC]."""


def _one_or_column(value: object) -> str:
    return "of a file" if isinstance(value, (dict, TemperatureColumn)) else "one"


Temperature = Annotated[
    Annotated[Annotated[Quantity, In("degC", at_least=-60, at_most=100)], Tag("one")]
    | Annotated[TemperatureColumn, Tag("of a file")],
    Discriminator(_one_or_column),
]


class Ageing(Frozen):
    """How the cells lose capacity, by use and by time."""

    cells: Annotated[str, Field(min_length=1, max_length=100)]
    """A parameter set by the name of its paper; ``cell2grid cells`` lists them."""
    temperature: Temperature | None = None
    """Of the cells; 25 degC without it."""
    scale: Annotated[Quantity, In("ratio", at_least=0, at_most=100)] | None = None
    """What the paper's losses are multiplied with: other makes, better or worse cooling; 1 without it."""
    end_of_life: Share | None = None
    """The share of its first capacity at which a store ends its life, unless it is augmented; 0 without it."""
    wear: Literal["opportunity", "replacement", "none"] = "opportunity"
    """What a lost MWh of capacity is worth when each schedule is made: what it would still have earned, what putting
    it back costs, or nothing."""


class Augmentation(Frozen):
    """Capacity that is added to the store, or a new store in the place of the old."""

    year: Year | None = None
    """At the beginning of which operating year."""
    below: Share | None = None
    """Instead, at the beginning of each year in which the store holds less than this share of its first energy."""
    to: Share | None = None
    """Up to which share of the first energy; 100 percent without this and ``energy``."""
    energy: Annotated[Quantity, In("MWh", at_least=0)] | None = None
    """How much, instead of ``to``."""
    replace: bool = False
    """Whether the old store is taken out."""
    cost: Quantity | None = None
    """What it costs, USD/kWh of that day's money before learning; the project's own cost of energy without this."""

    @model_validator(mode="after")
    def _one_moment(self) -> Augmentation:
        if (self.year is None) == (self.below is None):
            raise ValueError("an augmentation has either 'year' or 'below'; write one of them")
        if self.to is not None and self.energy is not None:
            raise ValueError("'to' and 'energy' both say how much; keep one")
        return self


class Retention(Frozen):
    """What is promised to be left."""

    year: Year
    """At the end of which operating year."""
    share: Share
    """The least share of the first capacity."""


class Warranty(Frozen):
    """What the supplier of the cells asks for and promises."""

    cycles_per_year: Annotated[Quantity, In("ratio/year", at_least=0)] | None = None
    """Most full cycles in a year, as in '365 ratio/year'."""
    throughput: Annotated[Quantity, In("MWh", at_least=0)] | None = None
    """Most energy drawn from the store over ``years``."""
    mean_level: Share | None = None
    """Highest mean level over a year at which the store rests, as a share of what it holds."""
    years: Annotated[Quantity, In("year", at_least=1, at_most=100)] | None = None
    """How long the warranty lasts; the project's life without it."""
    retention: Annotated[tuple[Retention, ...], Field(max_length=100)] = ()
    """What is promised to be left, by year."""
    keep: bool = True
    """Whether the schedule keeps to the cycles and the throughput; if not, what breaks them is only said."""
