"""What the cost of cells and packs is made of: a plant's steps and accounts, a bill of materials, countries.

Each file of ``study/costs`` is one of these with its sources. Reading, and the rules across parts, are in
``cost_file.py``; the equations are in docs/formulation/cost.md. A line's stations, which tell how fast a plant runs and
not what it costs, are in ``line_file.py``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cell2grid.study.model import Source
from cell2grid.study.plants import Name
from cell2grid.study.quantity import Frozen, In, Quantity, Share

Scope = Literal["cells", "packs"]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Exponent = Annotated[Quantity, In("ratio", at_least=0, at_most=2)]
Yield = Annotated[Quantity, In("percent", at_least=1, at_most=100)]
Hours = Annotated[Quantity, In("hour/year", at_least=0, at_most=1e12)]
Area = Annotated[Quantity, In("m2", at_least=0, at_most=1e10)]
Volume = Annotated[Quantity, In("kWh/year", at_least=1, at_most=1e15)]
Energy = Annotated[Quantity, In("ratio", at_least=0, at_most=1e4)]
Factor = Annotated[Quantity, In("ratio", at_least=1e-3, at_most=1e3)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Rate(Frozen):
    """A flow that steps scale with: cells started, area coated, material mixed in a year."""

    base: Quantity
    """How much of it the baseline plant has in a year."""
    stream: Name | None = None
    """The yields through which what the design counts in good cells has passed; the yield of cells always counts."""
    of: tuple[Name, ...] = ()
    """Rates that it is the sum of, instead of a figure of the design."""


class SizeFactor(Frozen):
    """A part of a step that grows with the size of what is made, beside the number made."""

    of: Annotated[tuple[Literal["labour", "capital", "area"], ...], Field(min_length=1)]
    """What of the step grows."""
    by: Name
    """A size of the technology, or a rate."""
    per: Name | None = None
    """A rate that ``by`` is divided by."""
    exponent: Exponent
    """The power of the size as a multiple of the baseline plant's."""


class Step(Frozen):
    """A process step of the baseline plant."""

    title: Text
    """What it does."""
    scope: Scope
    """Whether it makes cells or, of cells, modules and packs."""
    rate: Name
    """The rate that it scales with."""
    labour: Hours
    """Direct labour."""
    labour_exponent: Exponent
    """The power of labour in the rate."""
    capital: Quantity
    """Money for its equipment."""
    capital_exponent: Exponent
    """The power of capital in the rate."""
    area: Area
    """Floor."""
    area_exponent: Exponent
    """The power of the floor in the rate."""
    factors: tuple[SizeFactor, ...] = ()
    """What else it grows with."""


class Accounts(Frozen):
    """The rules by which overheads, depreciation, profit and warranty follow from labour, capital and materials."""

    land_and_building: Quantity
    """Money for each m2 of floor."""
    equipment_life: Annotated[Quantity, In("year", at_least=1, at_most=100)]
    """Years over which equipment is written off evenly."""
    building_depreciation: Annotated[Quantity, In("percent/year", at_least=0, at_most=100)]
    """What of land and building is written off in a year."""
    overhead_of_labour: Annotated[Quantity, In("percent", at_least=0, at_most=1000)]
    """Variable overhead on direct labour."""
    overhead_of_depreciation: Annotated[Quantity, In("percent", at_least=0, at_most=1000)]
    """Variable overhead on depreciation."""
    general_of_labour: Annotated[Quantity, In("percent", at_least=0, at_most=1000)]
    """General, sales and administration on direct labour with its variable overhead."""
    general_of_depreciation: Annotated[Quantity, In("percent", at_least=0, at_most=1000)]
    """General, sales and administration on depreciation."""
    research_of_depreciation: Annotated[Quantity, In("percent", at_least=0, at_most=1000)]
    """Research and development on depreciation."""
    launch_of_materials: Share
    """Launching cost on a year's materials and purchased items."""
    launch_of_labour: Share
    """Launching cost on a year's direct labour and variable overhead."""
    working_capital: Share
    """Money tied up, as a part of a year's variable cost."""
    profit_of_investment: Share
    """A year's profit on all that was invested."""
    warranty: Share
    """Warranty on all other cost."""


class CostPlant(Frozen):
    """A baseline plant: what flows through it in a year, its yields, its steps and the rules of its accounts."""

    title: Text
    """What it is called."""
    currency: Currency
    """Its money."""
    money_of: Annotated[int, Field(ge=1980, le=2100)]
    """The year of its money."""
    reference: Name
    """The country whose plants cost what the steps say."""
    valid: Factor | None = None
    """The volumes for which its exponents are meant, as multiples of the baseline plant's."""
    rates: Annotated[dict[Name, Rate], Field(min_length=1, max_length=100)]
    """The flows that steps scale with; ``energy`` is the volume itself."""
    streams: Annotated[dict[Name, dict[Name, Yield]], Field(max_length=100)]
    """What is good after each step that a material passes, before cells are inspected."""
    cell_yield: Yield
    """Cells that pass inspection, of those started."""
    steps: Annotated[dict[Name, Step], Field(min_length=1, max_length=200)]
    """The process steps."""
    accounts: Accounts
    """The rules of the accounts."""


class PublishedRow(Frozen):
    """A row of the published table, and the steps that it holds."""

    title: Text
    steps: Annotated[tuple[Name, ...], Field(min_length=1)]
    capital: Quantity
    labour: Hours


class Published(Frozen):
    """What is published of the baseline plant, and the call that it belongs to."""

    name: Text
    technology: Name
    country: Name
    volume: Volume
    capital_whole: Quantity
    capital_cells: Quantity
    rows: Annotated[tuple[PublishedRow, ...], Field(min_length=1)]


class Material(Frozen):
    """A material or a part that is bought."""

    title: Text
    """What it is called."""
    scope: Scope = "cells"
    """Whether it goes into cells or into modules and packs."""
    purchased: bool = False
    """Whether it is a finished part."""
    amount: Quantity
    """How much of it there is in each kWh of good cells."""
    price: Quantity
    """What it costs."""
    stream: Name | None = None
    """The yields that it passes; the yield of cells comes on top. Without one nothing of it is lost."""
    drives: Name | None = None
    """The rate that what is bought of it makes."""
    reused: Share | None = None
    """What of it is got back in the plant and used again, as evaporated solvent is."""
    recovered: Share | None = None
    """What of its scrap is recovered."""
    worth: Share | None = None
    """What recovered scrap brings, as a part of the price."""
    cheaper_with: Name | None = None
    """The rate that lowers its price."""
    exponent: Exponent | None = None
    """The power of its yearly cost in that rate: below 1 its price falls."""


class PlantEnergy(Frozen):
    """What the plant takes for each kWh of good cells."""

    electricity: Energy
    heat: Energy


class CostLearning(Frozen):
    """How cost falls with all that was ever made."""

    rate: Annotated[Quantity, In("percent", at_least=0, at_most=90)]
    """What each doubling takes from the cost."""
    cumulative: Annotated[Quantity, In("kWh", at_least=1, at_most=1e18)]
    """What had been made when prices were as here."""


class CostTechnology(Frozen):
    """A bill of materials for a plant to work on."""

    title: Text
    """What is made."""
    plant: Name | CostPlant
    """The plant by its name, or the plant itself."""
    currency: Currency
    """The money of its prices."""
    volume: Volume
    """What is made in a year unless asked otherwise."""
    design: Annotated[dict[Name, Quantity], Field(max_length=100)] = {}
    """What there is in each kWh of good cells of the rates that no material drives."""
    sizes: Annotated[dict[Name, Factor], Field(max_length=100)] = {}
    """Sizes as multiples of the baseline plant's."""
    materials: Annotated[dict[Name, Material], Field(min_length=1, max_length=200)]
    """What is bought."""
    energy: PlantEnergy | None = None
    """What the plant takes; without it all energy is in the variable overhead."""
    learning: CostLearning | None = None
    """How cost falls with cumulative output."""


class PublishedCost(Frozen):
    """A published cost or price of a country, beside which the model's is shown."""

    of: Text
    scope: Literal["cells", "packs", "whole"]
    cost: Quantity


class CostCountry(Frozen):
    """What differs between countries."""

    name: Text
    """What it is called."""
    currency: Currency
    """The money of its figures."""
    wage: Quantity
    """An hour of direct labour with all its charges."""
    electricity: Quantity
    """Electricity for industry."""
    heat: Quantity
    """Heat, as gas for industry."""
    capital: Factor
    """What plants cost against a country that all are compared with."""
    published: tuple[PublishedCost, ...] = ()
    """What others have published."""


class PlantFile(Frozen):
    """A plant that ships, what is published of it, and its sources."""

    plant: CostPlant
    published: Published | None = None
    sources: dict[Name, Source] = {}


class TechnologyFile(Frozen):
    """A technology, countries of its own, and sources."""

    technology: CostTechnology
    countries: Annotated[dict[Name, CostCountry], Field(max_length=100)] = {}
    sources: dict[Name, Source] = {}


class CountriesFile(Frozen):
    """The countries that ship."""

    countries: dict[Name, CostCountry]
    sources: dict[Name, Source] = {}
