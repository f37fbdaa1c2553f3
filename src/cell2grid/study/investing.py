"""The parts of a study about investment: what could be built where, what was announced, and by which rules one chooses.

What plants are is in ``plants.py``, competition in ``competing.py``, what is left out or changed in ``varying.py``. The
equations are in docs/formulation/plan.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cell2grid.study.cost_curve import CostCurve
from cell2grid.study.plants import Month, Name, Named, Ramp
from cell2grid.study.quantity import Day, Frozen, In, Quantity, Share


class Incentive(Frozen):
    """What a region pays towards a plant that is decided on in these months."""

    share: Share | None = None
    """The part of the capital cost that it pays."""
    per_item: Quantity | None = None
    """Money for each item made, as in '35 USD/kWh' of its energy or '3000 USD/vehicle'."""
    years: Annotated[Quantity, In("year", at_least=0, at_most=100)] | None = None
    """For how many years after opening ``per_item`` is paid; to the end of the horizon without it."""
    start: Month | None = None
    """The first month of decision."""
    end: Month | None = None
    """The last month of decision."""


class BuildOption(Named):
    """A plant that a firm could build: where, in which blocks, in what time, and for how much."""

    firm: Name
    """The firm that would own it."""
    region: Name
    """Where it would stand."""
    makes: Name
    """The product it would make."""
    block: Annotated[Quantity, In("item/month", at_least=0, or_unit="MWh/month")]
    """The capacity of one block; whole blocks are built."""
    most: Annotated[int, Field(ge=1, le=1000)] = 10
    """The most blocks in all."""
    most_at_once: Annotated[int, Field(ge=1, le=1000)] | None = None
    """The most blocks that are decided on at one time; as many as ``most`` where nothing is said."""
    start: Month | None = None
    """The first month in which it can be decided on."""
    end: Month | None = None
    """The last month in which it can be decided on."""
    lead_time: Annotated[Quantity, In("month", at_least=0, at_most=240)]
    """From the decision to the opening; a range is drawn for each member, and its middle is planned with."""
    preparation: Annotated[Quantity, In("month", at_least=0, at_most=240)] | None = None
    """The part of the lead time before building begins, in which nothing is spent; none where nothing is said."""
    capital_cost: Quantity
    """Money for one block at prices of the horizon's start, as in '7340000000 EUR'."""
    scale_exponent: Annotated[Quantity, In("ratio", at_least=0.1, at_most=1)] | None = None
    """Blocks built together cost one block times their number to this power; 1 where nothing is said."""
    learning: Annotated[Quantity, In("percent", at_least=0, at_most=99)] | None = None
    """What each doubling of all capacity for the product takes from the capital cost."""
    marginal_cost: Quantity | CostCurve
    """Money for one item made, or by output."""
    fixed_cost: Annotated[Quantity, In("percent/year", at_least=0, at_most=100)] | None = None
    """Yearly cost that does not depend on output, as a part of the capital cost."""
    renewal: Annotated[Quantity, In("percent/year", at_least=0, at_most=100)] | None = None
    """What keeping it as new takes from the opening on, as a part of the capital cost; money of the stage 'renewed'."""
    salvage: Share | None = None
    """What is got back at the horizon's end of the capital cost, less what regions paid of it and straight-line
    depreciation over ``life``."""
    life: Annotated[Quantity, In("year", at_least=1, at_most=100)] | None = None
    """The years over which it is depreciated; 15 where nothing is said."""
    ramp: Ramp | None = None
    """How it learns to use its capacity."""
    incentives: Annotated[tuple[Incentive, ...], Field(max_length=100)] = ()
    """What the region pays."""


class Standing(Frozen):
    """What keeping, idling or closing an existing plant costs and brings; plants without a row stay open."""

    plant: Name
    """The plant."""
    fixed_cost: Quantity | None = None
    """Money for a year in which it is open, as in '40000000 USD/year'; none where nothing is said."""
    renewal: Quantity | None = None
    """Money that keeping it as new takes in a year in which it is open, besides; of the stage 'renewed'."""
    mothballed_cost: Quantity | None = None
    """Money for a year in which it is idle and kept; it cannot be idled without it."""
    restart_cost: Quantity | None = None
    """Money to open it again."""
    closing_cost: Quantity | None = None
    """Money to close it for good; it cannot be closed without it."""


class Limit(Frozen):
    """A limit on what is planned; what is not said holds for all."""

    kind: Literal["local-content", "exports", "spending", "capacity", "sales"]
    """local-content: the least part of a region's sales that is made there. exports: the most that leaves a region.
    spending: the most money in a year. capacity: the most capacity that stands. sales: the most that is sold."""
    firm: Name | None = None
    """The firm it binds."""
    region: Name | None = None
    """The region: of the market for local content and sales, of the plant for the others."""
    product: Name | None = None
    """The product."""
    share: Share | None = None
    """The part, of local content, or of exports in what is made."""
    quantity: Annotated[Quantity, In("item/month", at_least=0, or_unit="MWh/month")] | None = None
    """The amount, of exports, capacity or sales."""
    money: Quantity | None = None
    """Money a year, of spending."""
    start: Month | None = None
    """The first month."""
    end: Month | None = None
    """The last month."""


class Scenario(Frozen):
    """One future that a plan must do for: figures of the study that are different in it."""

    probability: Share
    """How likely it is; the scenarios of a study add up to 100 percent."""
    demand: Annotated[Quantity, In("ratio", at_least=0, at_most=1000)] | None = None
    """All demand as a multiple of the study's."""
    change: dict[str, str] = {}
    """Figures by their paths, with what stands there instead, as in 'duties.eu-cars.rate': '0 percent [assumed: …]'."""
    without: tuple[str, ...] = ()
    """Parts that are left out: 'duties.NAME', 'shocks.NAME', 'plants.NAME', 'firms.NAME'."""


class Expectation(Frozen):
    """How much more of a product those who look ahead expect to be asked for; what is not said holds for all."""

    growth: Literal["as-before"] | Annotated[Quantity, In("percent/year", at_least=-99, at_most=1000)]
    """The yearly growth from the time of the decision on; ``as-before``: that of the months before it."""
    over: Annotated[Quantity, In("year", at_least=1, at_most=100)] | None = None
    """The years of which ``as-before`` takes the mean growth, as far as the horizon holds them; the last where nothing
    is said."""
    lasting: Annotated[Quantity, In("year", at_least=0, at_most=100)] | None = None
    """For how many years it is expected to go on, after which demand stands; as far as one looks without it."""
    market: Name | None = None
    """The market."""
    product: Name | None = None
    """The product."""
    start: Month | None = None
    """The first month of decisions that are made with it."""
    end: Month | None = None
    """The last month of such decisions; later ones know what will be asked for unless another row says otherwise."""


class Investment(Frozen):
    """By which rules plants are built."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """The currency of the plan."""
    objective: Literal["cost", "profit"] = "cost"
    """cost: demand is met at the least cost of all. profit: each firm builds what pays it, given what others build."""
    every: Literal["year", "quarter"] = "year"
    """How often one decides."""
    foresight: Literal["perfect", "myopic"] = "perfect"
    """perfect: all of the horizon is known. myopic: so many years as ``window``, again each time."""
    window: Annotated[Quantity, In("year", at_least=1, at_most=100)] | None = None
    """The years that are looked ahead; 5 where nothing is said."""
    expectations: Annotated[tuple[Expectation, ...], Field(max_length=1000)] = ()
    """What the short-sighted expect of demand; without it, what it will be. A later row replaces an earlier one."""
    discount_rate: Annotated[Quantity, In("percent/year", at_least=-50, at_most=1000)]
    """What makes later money worth less."""
    construction_rate: Annotated[Quantity, In("percent/year", at_least=0, at_most=1000)] | None = None
    """Interest on what is spent before a plant opens; the discount rate where nothing is said."""
    unserved_cost: Quantity | dict[Name, Quantity] | None = None
    """Money for an item of demand that is not met, of all products or by product; a plan that leaves some is impossible
    without it."""
    options: dict[Name, BuildOption] = {}
    """What could be built."""
    standing: Annotated[tuple[Standing, ...], Field(max_length=5000)] = ()
    """What existing plants cost."""
    limits: Annotated[tuple[Limit, ...], Field(max_length=5000)] = ()
    """Limits on the plan."""
    scenarios: dict[Name, Scenario] = {}
    """Futures that are planned for together."""
    gap: Annotated[Quantity, In("percent", at_least=0, at_most=50)] | None = None
    """How far from the best a plan of whole blocks may be; 1 percent where nothing is said."""

    def cost_of_missing(self, product: str) -> tuple[str, Quantity | None]:
        """What an item of a product's demand costs that is not met, and where that is said; None where it is not."""
        if isinstance(self.unserved_cost, dict):
            return f"unserved_cost.{product}", self.unserved_cost.get(product)
        return "unserved_cost", self.unserved_cost


class Project(Frozen):
    """A plant or an enlargement that was announced, and what became of it: money by the day of each stage."""

    firm: Name
    """The firm that invests."""
    region: Name
    """Where."""
    product: Name
    """What is to be made."""
    money: Quantity
    """What it is to cost, as in '12000000000 CNY'."""
    capacity: Annotated[Quantity, In("item/month", at_least=0, or_unit="MWh/month")] | None = None
    """What it is to make."""
    announced: Day
    """The day on which it was announced."""
    started: Day | None = None
    """The day on which building began."""
    completed: Day | None = None
    """The day on which it was complete."""
    cancelled: Day | None = None
    """The day on which it was given up."""
