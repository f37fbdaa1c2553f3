"""The parts of a study that carry and sell: lanes, duties and markets.

Plants are in ``plants.py``; orders of storage projects in ``projects.py``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from cell2grid.study.plants import Month, Name, Named
from cell2grid.study.quantity import Day, Frozen, In, Quantity


class Lane(Frozen):
    """A way from one region to another. Within a region goods need none."""

    origin: Name
    """The region it starts from."""
    destination: Name
    """The region it leads to."""
    product: Name | None = None
    """The product it carries; all of them where nothing is said."""
    lead_time: Annotated[Quantity, In("day", at_least=0, at_most=3650)]
    """From leaving the plant to arrival."""
    lead_time_deviation: Annotated[Quantity, In("day", at_least=0, at_most=3650)] | None = None
    """The standard deviation of the lead time from one month's shipments to the next; none where nothing is said."""
    cost: Quantity | None = None
    """Money for one item, as in '1100 USD/vehicle'."""


class Duty(Frozen):
    """A duty on what crosses into a region, by origin, firm and product: a rate, an amount for each item, or a price
    below which nothing may be sold."""

    name: Name | None = None
    """What it is called where it is left out; its place in the list will do."""

    destination: Name
    """The region that levies it."""
    origin: Name | None = None
    """The region where the goods are made; every one where nothing is said."""
    firm: Name | None = None
    """The firm that makes them; every one where nothing is said."""
    product: Name | None = None
    """The product; every one where nothing is said."""
    rate: Annotated[Quantity, In("percent", at_least=0)] | None = None
    """The part of the base that is paid; of a quota, within it."""
    base: Literal["customs", "price"] = "customs"
    """What the rate is taken of: the value at customs, or the selling price."""
    amount: Quantity | None = None
    """Money for each item, as in '500 USD/vehicle', beside the rate or instead of it."""
    quota: Annotated[Quantity, In("item/month", at_least=0, or_unit="MWh/month")] | None = None
    """What all to whom it applies may bring in together at ``rate``; what is more pays ``rate_over``."""
    rate_over: Annotated[Quantity, In("percent", at_least=0)] | None = None
    """The part of the base that is paid above the quota."""
    minimum_price: Quantity | None = None
    """A price undertaking: goods are sold at this or more, instead of what the row would say. Other rows that apply, as
    the ordinary customs duty, are paid besides."""
    start: Day
    """The first day."""
    end: Day | None = None
    """The last day; none where nothing is said."""


class Demand(Frozen):
    """What a market takes from a month on, until the next row begins; either a quantity, or all it can get."""

    start: Month
    """The first month of the row."""
    quantity: Annotated[Quantity, In("item/month", at_least=0, or_unit="MWh/month")] | None = None
    """Items, or their energy, in a year or month."""
    unlimited: str | None = None
    """Why the market takes all it can get: a key of sources, or 'assumed: reason'."""
    price: Quantity | None = None
    """What one item sells for, as in '41000 USD/vehicle'; duties are counted where it is known. With ``elasticity``
    the price at which ``quantity`` is bought."""
    elasticity: Annotated[Quantity, In("ratio", at_least=0.001, at_most=1000)] | None = None
    """How many percent less is bought at a price one percent higher; the market then makes its own price."""
    form: Literal["linear", "isoelastic"] | None = None
    """The curve through quantity and price: straight, which is taken where nothing is said, or of one elasticity."""


class Market(Named):
    """A region's buyers of a product."""

    region: Name
    """Where they are."""
    product: Name
    """What they buy."""
    demand: tuple[Demand, ...]
    """How much, in rows that follow one another in time."""
