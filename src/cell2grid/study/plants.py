"""The parts of a study that make things: regions, products, firms, stakes, technologies and plants.

What is carried and sold is in ``trade.py``, storage on the grid in ``projects.py``, what happened in ``records.py``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cell2grid.study.cost_curve import CostCurve
from cell2grid.study.quantity import Day, Frozen, In, Quantity, Share

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", examples=["2025-02"])]


class Named(Frozen):
    """Something that pages call by several names."""

    name: str | None = None
    """The name that charts show; the key where there is none."""
    aliases: tuple[str, ...] = ()
    """Other names that pages use for it."""


class Location(Frozen):
    """A point on the map."""

    latitude: Annotated[Quantity, In("degree", at_least=-90, at_most=90)]
    """Degrees north of the equator; south is negative."""
    longitude: Annotated[Quantity, In("degree", at_least=-180, at_most=180)]
    """Degrees east of Greenwich; west is negative."""


class Region(Named):
    """A country or a market area."""

    currency: str | None = None
    """Its currency by ISO 4217, such as CNY."""
    location: Location | None = None
    """Where it is drawn on the map; of a country, by its code or name, that is known."""


class Product(Named):
    """What a plant makes, or takes in."""

    counted_in: str
    """The noun that counts it, in the singular, as in units.txt: system, vehicle, pack, cell."""
    energy: Annotated[Quantity, In("MWh/item", at_least=0)] | None = None
    """What one item stores."""
    external: str | None = None
    """Why plants can always have it from outside the study: a key of sources, or 'assumed: reason'."""


class Firm(Named):
    """A company."""

    region: Name | None = None
    """Where it is at home."""
    capital: Quantity | None = None
    """What its owners have paid in, or have promised to, as in '1000000000 CNY'."""


class Stake(Frozen):
    """What part of a company a holder owns. A later row of the same holder replaces the earlier one."""

    company: Name
    """The firm that is owned."""
    holder: Name
    """The firm that owns."""
    share: Share
    """The part that is owned; the shares of a company may leave a rest that is unknown."""
    votes: Share | None = None
    """The part of the votes, where it is another than that of the shares."""
    since: Day | None = None
    """The first day of the stake."""
    until: Day | None = None
    """The last day, included; none where nothing is said."""


class Supply(Frozen):
    """Who supplies whom, as it is known: a link between firms or plants, from which no delivery is computed."""

    supplier: Name
    """The firm or plant that delivers."""
    customer: Name
    """The firm or plant that is supplied."""
    product: Name
    """What is delivered."""
    share: Share | None = None
    """The part of what the customer takes of the product that comes from this supplier."""
    since: Day | None = None
    """The first day of it."""
    until: Day | None = None
    """The last day, included; none where nothing is said."""
    source: str | None = None
    """Where the link is known from: a key of sources, or 'assumed: reason'; a figure of it with its source will do."""


class Ramp(Frozen):
    """How a plant learns to use its capacity after it opens.

    ``immediate``: at once. ``linear``: in equal steps. ``tranches``: capacity comes in equal blocks, one a quarter.
    ``logistic``: an S-curve that reaches 99 % at ``months_to_nameplate``. ``learning``: by what has been made, from
    ``starts_at`` to 99 % after ``items_to_nameplate``.
    """

    curve: Literal["immediate", "linear", "tranches", "logistic", "learning"]
    """The form of the ramp."""
    months_to_nameplate: Annotated[Quantity, In("month", at_least=0)] | None = None
    """Months from the opening to the whole capacity; every curve by time but ``immediate`` needs it."""
    items_to_nameplate: Annotated[Quantity, In("item", at_least=0)] | None = None
    """Items made until the whole capacity is learned; only ``learning`` takes it, and needs it."""
    starts_at: Share | None = None
    """The share of capacity with which ``learning`` begins."""


class YieldCurve(Frozen):
    """Good items per item started, by the age of the plant: from ``start`` to 99 % of the way to ``steady``."""

    start: Share
    """At the opening."""
    steady: Share
    """Of a settled plant."""
    months_to_steady: Annotated[Quantity, In("month", at_least=0)]
    """Months from the opening until 99 % of the way is gone."""


class Shutdown(Frozen):
    """A stop that is planned, such as a holiday or a change of the line."""

    start: Day
    """The first day."""
    end: Day
    """The last day, included."""
    leaves: Share | None = None
    """The part of normal that is left; nothing where it is not said."""
    every_year: bool = False
    """Whether it comes again on the same days of every later year."""


class Outages(Frozen):
    """Stops that nobody plans: times between them and their lengths are exponential."""

    every: Annotated[Quantity, In("day", at_least=1e-3)]
    """The mean time from the end of one to the beginning of the next."""
    lasts: Annotated[Quantity, In("day", at_least=0)]
    """How long one lasts, on average."""
    leaves: Share | None = None
    """The part of normal that is left; nothing where it is not said."""


class Shift(Frozen):
    """How many hours of a week the plant works, from a day on until the next row begins."""

    start: Day
    """The first day."""
    end: Day | None = None
    """The last day, included; after it the plant works the hours that its nameplate is for."""
    hours: Annotated[Quantity, In("hour/week", at_least=0, at_most=168)]
    """Hours worked in a week; more than the nameplate's are overtime."""


class Tranche(Frozen):
    """A block of capacity and when it opens."""

    capacity: Annotated[Quantity, In("item/month", at_least=0, or_unit="MWh/month")]
    """Items, or their energy, that the block makes in a year or month."""
    opens: Day
    """Its first day; with ``lead_time`` the likeliest."""
    decided: Month | None = None
    """The month from whose first day ``lead_time`` counts."""
    lead_time: Annotated[Quantity, In("month", at_least=0, at_most=240)] | None = None
    """How long after ``decided`` it opens, to the month; a range is drawn for each member."""


class Need(Frozen):
    """How many items of another product of the study one item takes."""

    product: Name
    """The product that is taken in; a plant of the study makes it, or it is ``external``."""
    per_item: Annotated[Quantity, In("item/item", at_least=0)]
    """Items of it for one item that is made, as in '12 module/pack'."""


class Allocation(Frozen):
    """Who is served first in which months, and how much of what is on hand exports may take."""

    quarter_months: tuple[Literal[1, 2, 3], ...] = ()
    """The months of each quarter that the rule speaks of: 1, 2, 3 for the first to the third."""
    quarter_half: Literal["first", "second"] | None = None
    """Instead of months, the half of each quarter that the rule speaks of; its middle month is split evenly."""
    first: Name
    """Who is served first: ``home``, ``exports``, or a region."""
    export_share: Share | None = None
    """The most that exports take of what is on hand; all of it where nothing is said."""
    start: Month | None = None
    """The first month of the rule."""
    end: Month | None = None
    """The last month of the rule."""


class Plant(Named):
    """A factory: who owns it, where it stands, what it makes, how much and since when."""

    owner: Name
    """The firm that owns it."""
    region: Name
    """Where it stands."""
    location: Location | None = None
    """Its point on the map; that of its region where nothing is said."""
    makes: Name
    """The product it makes."""
    technology: Name | None = None
    """A technology of kind plant, of the study or of the library, for what is not said here."""
    capacity: Annotated[Quantity, In("item/month", at_least=0, or_unit="MWh/month")] | None = None
    """Nameplate capacity in items, or in their energy, a year or month."""
    opens: Day | None = None
    """The first day of production."""
    tranches: tuple[Tranche, ...] = ()
    """Blocks of capacity, each with its own opening, instead of ``capacity`` and ``opens``."""
    construction_began: Day | None = None
    """When the building of the plant began."""
    ramp: Ramp | None = None
    """How it learns to use its capacity."""
    yield_rate: Share | YieldCurve | None = Field(default=None, alias="yield")
    """Good items per item started, as one share or as a curve over the age of the plant."""
    availability: Share | None = None
    """The part of a month in which it can run, shocks, shutdowns and outages apart."""
    shutdowns: Annotated[tuple[Shutdown, ...], Field(max_length=200)] = ()
    """Stops that are planned."""
    outages: Outages | None = None
    """Stops that nobody plans."""
    nameplate_hours: Annotated[Quantity, In("hour/week", at_least=1, at_most=168)] | None = None
    """The hours of a week that its capacity is for; ``shifts`` need it."""
    shifts: Annotated[tuple[Shift, ...], Field(max_length=200)] = ()
    """The hours that it works, where they are not the nameplate's."""
    process_time: Annotated[Quantity, In("day", at_least=0, at_most=365)] | None = None
    """From the start of an item to its end; what is between is work in progress."""
    stock_limit: Annotated[Quantity, In("item", at_least=0, or_unit="MWh")] | None = None
    """The most that it can keep of what it made; what finds no room stays on the line, and stops it."""
    priority: Literal["first-come", "contract-date"] = "first-come"
    """Which orders are served first: by the day of the order, or by the day on which they are wanted."""
    inputs: tuple[Need, ...] = ()
    """What one item takes of other products."""
    allocation: Annotated[tuple[Allocation, ...], Field(max_length=100)] = ()
    """Who is served first, by the months of a quarter."""
    marginal_cost: Quantity | CostCurve | None = None
    """Money for one item made, as in '280 USD/system', or by output; a market that makes its own price asks for it."""
    cash_cost: Quantity | None = None
    """Money for one item below which making it does not pay; what one more item costs where nothing is said."""
    fixed_cost: Quantity | None = None
    """Money for a year, whatever is made, as in '40000000 USD/year'; taken off the profit."""


class PlantTechnology(Named):
    """What plants of a kind have in common; a plant's own figures come first."""

    kind: Literal["plant"]
    """plant, for technologies of plants."""
    ramp: Ramp | None = None
    """How such a plant learns to use its capacity."""
    yield_rate: Share | YieldCurve | None = Field(default=None, alias="yield")
    """Good items per item started, as one share or as a curve over the age of the plant."""
    availability: Share | None = None
    """The part of a month in which such a plant can run, shocks, shutdowns and outages apart."""
    outages: Outages | None = None
    """Stops that nobody plans."""
    process_time: Annotated[Quantity, In("day", at_least=0, at_most=365)] | None = None
    """From the start of an item to its end."""


class StorageTechnology(Named):
    """What storage projects of a kind have in common."""

    kind: Literal["storage"]
    """storage, for technologies of storage projects."""
    efficiency_charge: Annotated[Quantity, In("ratio", at_least=1e-6, at_most=1)]
    """Energy stored per energy taken from the grid."""
    efficiency_discharge: Annotated[Quantity, In("ratio", at_least=1e-6, at_most=1)]
    """Energy sent to the grid per energy drawn from the store."""
    fade: Annotated[Quantity, In("percent/year", at_least=0, at_most=100)] | None = None
    """Part of the capacity that is lost in a year."""


Technology = Annotated[PlantTechnology | StorageTechnology, Field(discriminator="kind")]
