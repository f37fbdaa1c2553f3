"""The parts of a study about competition: who sells how, what stands in for what, and price wars.

What plants cost is in ``cost_curve.py``, demand in ``trade.py`` with duties and lanes, what is built next in
``investing.py``. The equations are in docs/formulation/market.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cell2grid.study.plants import Month, Name
from cell2grid.study.quantity import Frozen, In, Quantity, Share

Ratio = Annotated[Quantity, In("ratio", at_least=0, at_most=1)]
Conduct = Literal["cournot", "price-taking"] | Ratio


class ConductOf(Frozen):
    """How a firm sells in a market; what is not said holds for all. A later row replaces an earlier one."""

    value: Conduct
    """``cournot``: it sells less to keep the price up; ``price-taking``: it takes the price as it is; a ratio between
    0 (price-taking) and 1 (Cournot) for what it expects of its own sales on the price."""
    firm: Name | None = None
    """The firm."""
    market: Name | None = None
    """The market."""
    start: Month | None = None
    """The first month."""
    end: Month | None = None
    """The last month."""


class Cross(Frozen):
    """How far two markets' products stand in for each other."""

    between: tuple[Name, Name]
    """The two markets, of one region."""
    strength: Ratio
    """From 0, apart, to 1, the same product: the slope of one's price in the other's sales, as a part of the geometric
    mean of both's slopes in their own."""


class Substitution(Frozen):
    """Markets of one region whose products stand in for each other, or buyers that choose among firms' variants."""

    form: Literal["matrix", "logit"]
    """matrix: linear prices that fall with the other markets' sales too. logit: each firm sells a variant of its own at
    a price of its own, and buyers choose among them and nothing."""
    markets: Annotated[tuple[Name, ...], Field(min_length=1, max_length=50)]
    """The markets of the group."""
    cross: Annotated[tuple[Cross, ...], Field(max_length=1000)] = ()
    """Of ``matrix``: each pair; pairs that are not named do not touch each other."""
    shares: dict[Name, Share] = {}
    """Of ``logit``: each firm's part of what is sold at the reference price, which tells what buyers think of it."""
    outside: Share | None = None
    """Of ``logit``: the part of the possible buyers who buy nothing at the reference price."""


class StockToClear(Frozen):
    """What a plant has in stock when a price war begins, sold off in equal parts over some months."""

    plant: Name
    """The plant."""
    quantity: Annotated[Quantity, In("item", at_least=0, or_unit="MWh")]
    """How much of it."""
    over: Annotated[Quantity, In("month", at_least=1, at_most=120)]
    """The months in which it is sold."""


class PriceWar(Frozen):
    """Months in which nobody holds back: prices fall to where capacity meets demand, and who cannot pay leaves."""

    start: Month
    """The first month."""
    end: Month | None = None
    """The last month; the end of the horizon without it."""
    firms: tuple[Name, ...] = ()
    """The firms that take part; all of them where nothing is said."""
    markets: tuple[Name, ...] = ()
    """The markets in which it is fought; all of them where nothing is said."""
    exit_after: Annotated[Quantity, In("month", at_least=1, at_most=600)] | None = None
    """A plant that sells below its cash cost for so many months on end is closed; none is without it."""
    stocks: Annotated[tuple[StockToClear, ...], Field(max_length=1000)] = ()
    """Stocks that are sold off from the first month on."""


class Competition(Frozen):
    """Markets as firms make them: who sells how much where, and at which price."""

    every: Literal["month", "year"] = "year"
    """How often the market is solved: for each month, or for the mean of each year."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """The currency in which all is compared; others are brought to it by the study's exchange rates."""
    conduct: Annotated[tuple[ConductOf, ...], Field(max_length=5000)] = ()
    """How firms sell; Cournot where nothing is said."""
    control: Annotated[Quantity, In("percent", at_least=0, at_most=100)] | None = None
    """The part of the votes above which a holder decides for a company; half where nothing is said."""
    substitution: Annotated[tuple[Substitution, ...], Field(max_length=1000)] = ()
    """Products that stand in for each other."""
    price_war: PriceWar | None = None
    """A price war."""
    importer_margin: Share | None = None
    """What importers keep of the selling price abroad; nothing where it is not said."""
