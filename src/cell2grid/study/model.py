"""The study as one frozen model, and all its parts by name. What the fields mean is beside them, and in the schema.

The parts are in ``plants.py``, ``trade.py``, ``competing.py``, ``investing.py``, ``varying.py``, ``projects.py`` and
``records.py``; rules across parts (owners that
exist, stakes up to 100 %, dates inside the horizon) in ``rules.py``; reading the file is ``loader.py``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from cell2grid.study.competing import Competition, ConductOf, Cross, PriceWar, StockToClear, Substitution
from cell2grid.study.cost_curve import CostCurve, CostStep
from cell2grid.study.investing import (
    BuildOption,
    Expectation,
    Incentive,
    Investment,
    Limit,
    Project,
    Scenario,
    Standing,
)
from cell2grid.study.money import Contract, Debt, Finance, Learning, Subsidy, Tax
from cell2grid.study.plants import (
    Allocation,
    Firm,
    Location,
    Month,
    Name,
    Named,
    Need,
    Outages,
    Plant,
    PlantTechnology,
    Product,
    Ramp,
    Region,
    Shift,
    Shutdown,
    Stake,
    StorageTechnology,
    Supply,
    Technology,
    Tranche,
    YieldCurve,
)
from cell2grid.study.projects import Order, PlacedOrder, PriceSeries, StorageProject
from cell2grid.study.quantity import Frozen
from cell2grid.study.records import Calibration, Correlation, Counterfactual, ExchangeRate, LaneOf, Observation, Shock
from cell2grid.study.trade import Demand, Duty, Lane, Market
from cell2grid.study.varying import Fit, Streams, Unknown, Variant
from cell2grid.study.wear import Ageing, Augmentation, Warranty

__all__ = [
    "Ageing",
    "Allocation",
    "Augmentation",
    "BuildOption",
    "Calibration",
    "Competition",
    "ConductOf",
    "Contract",
    "Correlation",
    "CostCurve",
    "CostStep",
    "Counterfactual",
    "Cross",
    "Debt",
    "Demand",
    "Duty",
    "ExchangeRate",
    "Expectation",
    "Finance",
    "Firm",
    "Fit",
    "Horizon",
    "Incentive",
    "Investment",
    "Lane",
    "LaneOf",
    "Learning",
    "Limit",
    "Location",
    "Market",
    "Month",
    "Name",
    "Named",
    "Need",
    "Observation",
    "Order",
    "Outages",
    "PlacedOrder",
    "Plant",
    "PlantTechnology",
    "PriceSeries",
    "PriceWar",
    "Product",
    "Project",
    "Ramp",
    "Region",
    "Scenario",
    "Shift",
    "Shock",
    "Shutdown",
    "Source",
    "Stake",
    "Standing",
    "StockToClear",
    "StorageProject",
    "StorageTechnology",
    "Streams",
    "Study",
    "Subsidy",
    "Substitution",
    "Supply",
    "Tax",
    "Technology",
    "Tranche",
    "Unknown",
    "Variant",
    "Warranty",
    "YieldCurve",
]


_DATE = r"^\d{4}(-\d{2}){0,2}$"
_DATE_SCHEMA = {"type": ["string", "integer"], "pattern": _DATE, "examples": ["2025-02-12", "2025-02"]}


def _year_as_text(value: object) -> object:
    # YAML reads a date that is a year as a number
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Horizon(Frozen):
    """The months that the study covers."""

    start: Month
    """The first month."""
    end: Month
    """The last month, included."""


class Source(Frozen):
    """A public document that figures come from."""

    title: str
    """Its title."""
    publisher: str
    """Who published it."""
    date: Annotated[str, BeforeValidator(_year_as_text), Field(pattern=_DATE), WithJsonSchema(_DATE_SCHEMA)]
    """When it was published: a year, a month or a day."""
    url: str | None = None
    """Where it is."""
    note: str | None = None
    """What a reader should know of it, such as how the date was inferred."""
    page: str | None = None
    """The page with the figures: a path beside the study file, or a brief that ships."""


class Study(Frozen):
    """A whole study."""

    study: Name
    """The name of the study."""
    title: str | None = None
    """One line that says what it is about."""
    store: str | None = None
    """The store of its claims: a path beside the study file."""
    horizon: Horizon
    """The months that it covers."""
    members: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    """How many draws the ensemble has; every range is drawn anew for each."""
    seed: Annotated[int, Field(ge=0)] = 1
    """The seed of the draws; the same seed gives the same draws."""
    sampling: Literal["random", "sobol", "latin-hypercube"] = "random"
    """How members are spread over the ranges: each by itself, or all of them evenly."""
    correlations: Annotated[tuple[Correlation, ...], Field(max_length=1000)] = ()
    """Figures that are not drawn independently of each other."""
    sources: dict[Name, Source] = {}
    """The documents that figures cite by their key, as in '[source-key]'."""
    regions: dict[Name, Region] = {}
    """Countries and market areas."""
    products: dict[Name, Product] = {}
    """What plants make and take in."""
    technologies: dict[Name, Technology] = {}
    """What plants or storage projects of a kind have in common; those of the library need not be repeated."""
    firms: dict[Name, Firm] = {}
    """Companies."""
    stakes: Annotated[tuple[Stake, ...], Field(max_length=5000)] = ()
    """Who owns what part of whom."""
    supplies: Annotated[tuple[Supply, ...], Field(max_length=10_000)] = ()
    """Who is known to supply whom."""
    plants: dict[Name, Plant] = {}
    """Factories."""
    lanes: tuple[Lane, ...] = ()
    """Ways between regions."""
    duties: tuple[Duty, ...] = ()
    """Duties on what crosses into a region."""
    markets: dict[Name, Market] = {}
    """Who buys what where."""
    prices: dict[Name, PriceSeries] = {}
    """Prices of energy."""
    projects: dict[Name, StorageProject] = {}
    """Storage projects."""
    orders: dict[Name, PlacedOrder] = {}
    """What markets and regions have ordered from plants, besides the projects' orders."""
    shocks: dict[Name, Shock] = {}
    """What disturbed a plant, a lane, an input or a market, and when."""
    observations: dict[Name, Observation] = {}
    """What the world reported, to hold results against."""
    calibration: Calibration | None = None
    """The observations that members are weighed by; none where nothing is said."""
    groups: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1, max_length=500)]] = {}
    """Firms, plants or markets that are counted together where something was reported of all of them."""
    competition: Competition | None = None
    """Markets as firms make them; without it what markets take is as their demand says."""
    investment: Investment | None = None
    """What could be built, and by which rules."""
    announced: dict[Name, Project] = {}
    """Plants and enlargements that were announced, with their money."""
    variants: dict[Name, Variant] = {}
    """The same study with something different."""
    streams: Streams | None = None
    """How a variant is drawn; written by its run, and not by hand."""
    fit: Fit | None = None
    """Figures that are fitted to reported ones; none where nothing is said."""
    counterfactuals: dict[Name, Counterfactual] = {}
    """The same study without some of its shocks."""
    exchange_rates: tuple[ExchangeRate, ...] = ()
    """What currencies were worth in each other."""
