"""The parts of a study that stand on the grid: storage projects with their orders, prices and money.

Their technologies are in ``plants.py``, their money in ``money.py`` and the wear of their cells in ``wear.py``.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cell2grid.study.money import Contract, Finance
from cell2grid.study.plants import Location, Name, Named
from cell2grid.study.quantity import Day, Frozen, In, Quantity
from cell2grid.study.wear import Ageing, Augmentation, Warranty


class Order(Frozen):
    """What a project has ordered from a plant, and when; either a number of items or their energy."""

    plant: Name
    """The plant that delivers."""
    product: Name
    """The product of that plant."""
    quantity: Annotated[Quantity, In("item", at_least=0)] | None = None
    """A number of items."""
    energy: Annotated[Quantity, In("MWh", at_least=0)] | None = None
    """The energy of all items together; rounded up to whole items."""
    ordered: Day
    """The day of the order; orders are served first come first."""
    wanted: Day | None = None
    """The day by which the items are wanted."""
    late_damages: Quantity | None = None
    """Money for each item and day that it comes after the wanted day, as in '40 USD/system/day'."""
    late_damages_most: Quantity | None = None
    """The most that is paid for one item, as in '20000 USD/system'."""


class PlacedOrder(Order):
    """An order of a market or a region that belongs to no project of the study."""

    market: Name | None = None
    """The market that ordered; it stands where the market is."""
    region: Name | None = None
    """The region that it goes to, where no market of the study ordered."""


class PriceSeries(Frozen):
    """Prices of energy in a region: a file, or the synthetic year of a seed."""

    region: Name
    """Where they hold; a project elsewhere may use them, and its value is then marked illustrative."""
    currency: str
    """The currency of the prices by ISO 4217."""
    file: str | None = None
    """A CSV file beside the study, with a column 'timestep'."""
    column: str = "price"
    """The column of the prices in the file."""
    synthetic: Annotated[int, Field(ge=0)] | None = None
    """The seed of a synthetic price year, instead of a file."""
    source: str | None = None
    """Where the file comes from: a key of sources, or 'assumed: reason'."""


class StorageProject(Named):
    """A storage plant on the grid: its size, its order, its prices and its money."""

    region: Name
    """Where it stands."""
    location: Location | None = None
    """Its point on the map; that of its region where nothing is said."""
    power: Annotated[Quantity, In("MW", at_least=0, at_most=1e9)]
    """The most it takes from or sends to the grid."""
    energy: Annotated[Quantity, In("MWh", at_least=0, at_most=1e9)]
    """What it stores when full."""
    technology: Name | None = None
    """A technology of kind storage, of the study or of the library."""
    order: Order | None = None
    """What it has ordered from a plant of the study."""
    construction: Annotated[Quantity, In("month", at_least=0)] | None = None
    """From the last delivery to operation."""
    operated: Day | None = None
    """The day on which it was reported to operate: the modelled day is held against it, and is never made from it."""
    prices: Name | None = None
    """The prices it buys and sells at."""
    finance: Finance | None = None
    """Its costs and discount rate."""
    ageing: Ageing | None = None
    """How its cells age; without it, by the yearly fade of its technology."""
    augmentation: Annotated[tuple[Augmentation, ...], Field(max_length=50)] = ()
    """What is added to the store, or replaced in it, over its life."""
    warranty: Warranty | None = None
    """What the supplier of the cells asks for and promises."""
    contracts: Annotated[tuple[Contract, ...], Field(max_length=50)] = ()
    """What is sold by contract besides the market."""
