"""The study: every part of it as a frozen model. What the words mean is in the docstrings, which the schema shows.

Rules across parts (owners that exist, stakes up to 100 %, dates inside the horizon) are in ``rules.py``; reading the
file with line and column is ``loader.py``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cell2grid.study.quantity import Day, Frozen, In, Quantity, Share

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Horizon(Frozen):
    """The first and the last month of the study, both included."""

    start: Month
    end: Month


class Source(Frozen):
    """A public document that figures come from."""

    title: str
    publisher: str
    date: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}){0,2}$")]
    url: str | None = None
    note: str | None = None
    page: str | None = Field(
        default=None,
        description="The page with the figures: a path beside the study file, or a brief that ships.",
    )


class Named(Frozen):
    """Something that pages call by several names."""

    name: str | None = None
    aliases: tuple[str, ...] = ()


class Region(Named):
    """A country or a market area; ``currency`` is ISO 4217."""

    currency: str | None = None


class Product(Named):
    """What a plant makes, counted in a noun of ``units.txt``; ``energy`` is what one item stores."""

    counted_in: str
    energy: Annotated[Quantity, In("MWh/item", at_least=0)] | None = None
    external: str | None = Field(
        default=None,
        description="Why plants can always have it from outside the study: a key of sources, or 'assumed: reason'.",
    )


class Firm(Named):
    """A company."""

    region: Name | None = None


class Stake(Frozen):
    """What part of a company a holder owns, from a day on."""

    company: Name
    holder: Name
    share: Share
    since: Day | None = None


class Ramp(Frozen):
    """How a plant learns to use its capacity after it opens.

    ``immediate``: at once. ``linear``: in equal steps. ``tranches``: capacity comes in equal blocks, one a quarter.
    ``logistic``: an S-curve that reaches 99 % at ``months_to_nameplate``.
    """

    curve: Literal["immediate", "linear", "tranches", "logistic"]
    months_to_nameplate: Annotated[Quantity, In("month", at_least=0)] | None = None


class Tranche(Frozen):
    """A block of capacity and when it opens."""

    capacity: Annotated[Quantity, In("item/month", at_least=0, or_unit="MWh/month")]
    opens: Day


class Need(Frozen):
    """How many items of another product of the study one item takes."""

    product: Name
    per_item: Annotated[Quantity, In("item/item", at_least=0)]


class Allocation(Frozen):
    """Who is served first in which months, and how much of what is on hand exports may take.

    ``quarter_months`` are 1, 2, 3 for the first to the third month of each quarter.
    """

    quarter_months: tuple[Literal[1, 2, 3], ...]
    first: Literal["home", "exports"]
    export_share: Share | None = None
    start: Month | None = None
    end: Month | None = None


class Plant(Named):
    """A factory: who owns it, where it stands, what it makes, how much and since when."""

    owner: Name
    region: Name
    makes: Name
    technology: Name | None = None
    capacity: Annotated[Quantity, In("item/month", at_least=0, or_unit="MWh/month")] | None = None
    opens: Day | None = None
    tranches: tuple[Tranche, ...] = ()
    construction_began: Day | None = None
    ramp: Ramp | None = None
    yield_rate: Share | None = Field(default=None, alias="yield")
    availability: Share | None = None
    inputs: tuple[Need, ...] = ()
    allocation: tuple[Allocation, ...] = ()


class PlantTechnology(Named):
    """What plants of a kind have in common; a plant's own figures come first."""

    kind: Literal["plant"]
    ramp: Ramp | None = None
    yield_rate: Share | None = Field(default=None, alias="yield")
    availability: Share | None = None


class StorageTechnology(Named):
    """What storage projects of a kind have in common; a project's own figures come first."""

    kind: Literal["storage"]
    efficiency_charge: Annotated[Quantity, In("ratio", at_least=1e-6, at_most=1)]
    efficiency_discharge: Annotated[Quantity, In("ratio", at_least=1e-6, at_most=1)]
    fade: Annotated[Quantity, In("percent/year", at_least=0, at_most=100)] | None = None


Technology = Annotated[PlantTechnology | StorageTechnology, Field(discriminator="kind")]


class Lane(Frozen):
    """A way from one region to another: how long it takes and what it costs an item."""

    origin: Name
    destination: Name
    product: Name | None = None
    lead_time: Annotated[Quantity, In("day", at_least=0)]
    cost: Quantity | None = None


class Duty(Frozen):
    """A duty on what crosses into a region, by origin, firm and product, from ``start`` until ``end``."""

    destination: Name
    origin: Name | None = None
    firm: Name | None = None
    product: Name | None = None
    rate: Annotated[Quantity, In("percent", at_least=0)]
    base: Literal["customs", "price"] = "customs"
    start: Day
    end: Day | None = None


class Demand(Frozen):
    """What a market takes a month, from ``start`` until the next row; ``unlimited`` takes all that is left for it."""

    start: Month
    quantity: Annotated[Quantity, In("item/month", at_least=0)] | None = None
    unlimited: str | None = Field(default=None, description="Why the market takes all it can get: 'assumed: reason'.")


class Market(Named):
    """A region's buyers of a product."""

    region: Name
    product: Name
    demand: tuple[Demand, ...]


class Order(Frozen):
    """What a project has ordered from a plant, and when; either a number of items or their energy."""

    plant: Name
    product: Name
    quantity: Annotated[Quantity, In("item", at_least=0)] | None = None
    energy: Annotated[Quantity, In("MWh", at_least=0)] | None = None
    ordered: Day
    wanted: Day | None = None


class PriceSeries(Frozen):
    """Prices of energy in a region: a file, or the synthetic year of a seed. ``currency`` is that of the prices."""

    region: Name
    currency: str
    file: str | None = None
    column: str = "price"
    synthetic: Annotated[int, Field(ge=0)] | None = Field(default=None, description="Seed of the synthetic price year.")
    source: str | None = Field(default=None, description="A key of sources, or 'assumed: reason'.")


class Finance(Frozen):
    """What a storage project costs and how its money is counted."""

    capital_cost: Quantity
    fixed_cost: Quantity | None = None
    discount_rate: Annotated[Quantity, In("percent/year", at_least=-100)]
    life: Annotated[Quantity, In("year", at_least=1, at_most=100)]


class StorageProject(Named):
    """A storage plant on the grid: its size, its order, its prices and its money."""

    region: Name
    power: Annotated[Quantity, In("MW", at_least=0)]
    energy: Annotated[Quantity, In("MWh", at_least=0)]
    technology: Name | None = None
    order: Order | None = None
    construction: Annotated[Quantity, In("month", at_least=0)] | None = None
    prices: Name | None = None
    finance: Finance | None = None


class Shock(Frozen):
    """Something that scales a plant's output, or its exports, between two days (both included).

    ``leaves`` is the share of normal that is left: 0 percent is a stop.
    """

    plant: Name
    what: Literal["output", "exports"] = "output"
    leaves: Share
    start: Day
    end: Day


class Observation(Frozen):
    """What the world reported: a result is held against it, and nothing is computed from it.

    ``variable`` is a name of the nomenclature, ``of`` a plant, project, region or firm of the study; the period is a
    month or the months from ``start`` to ``end``.
    """

    variable: Name
    of: Name
    start: Month
    end: Month
    value: Quantity


class Counterfactual(Frozen):
    """The same study without some of its shocks, the same draws otherwise.

    With X the exports of ``plant`` from ``start`` to ``end``, the share is X / (``total`` - ``own`` + X): ``total`` and
    ``own`` are what was reported for all exporters and for this plant.
    """

    without: tuple[Name, ...]
    plant: Name
    start: Month
    end: Month
    total: Quantity
    own: Quantity


class ExchangeRate(Frozen):
    """What one unit of a currency was worth in another on a day."""

    day: Day
    rate: Quantity = Field(description="As '7.246 CNY/USD [source]'.")


class Study(Frozen):
    """A whole study. Members are the draws of the ensemble; the same seed gives the same draws."""

    study: Name
    title: str | None = None
    store: str | None = Field(default=None, description="The store of its claims: a path beside the study file.")
    horizon: Horizon
    members: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    seed: Annotated[int, Field(ge=0)] = 1
    sources: dict[Name, Source] = {}
    regions: dict[Name, Region] = {}
    products: dict[Name, Product] = {}
    technologies: dict[Name, Technology] = {}
    firms: dict[Name, Firm] = {}
    stakes: tuple[Stake, ...] = ()
    plants: dict[Name, Plant] = {}
    lanes: tuple[Lane, ...] = ()
    duties: tuple[Duty, ...] = ()
    markets: dict[Name, Market] = {}
    prices: dict[Name, PriceSeries] = {}
    projects: dict[Name, StorageProject] = {}
    shocks: dict[Name, Shock] = {}
    observations: dict[Name, Observation] = {}
    counterfactuals: dict[Name, Counterfactual] = {}
    exchange_rates: tuple[ExchangeRate, ...] = ()
