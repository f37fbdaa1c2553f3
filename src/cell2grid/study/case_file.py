"""Case files: firms with plants, regions with buyers, and what lies between them, in plain numbers.

A case is one market game at one time: all money is in one currency and all quantities are in one unit, whatever they
are, so that no number carries a unit or a source. What of it cannot be together is in ``case_rules.py``, its arrays are
made in ``case_arrays.py``; studies with dates, units and sources have ``competing.py``. The equations are in
docs/formulation/market.md.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from cell2grid.study.quantity import Frozen
from cell2grid.study.refusals import Problem, model_problems, refusal
from cell2grid.study.yaml_tree import Tree, load_tree, parse_tree

MOST = 1e15  # the largest number that is taken
LEAST = 1e-15  # the smallest that is not 0
MOST_LANES = 200_000
PRICE_TAKING = ("competitive", "price-taking")
_HIGHEST_RATE = 100.0
_SLOPES = "demand that slopes up, or not at all, has no equilibrium; write how far the price falls with one more"
_ELASTIC = "demand that slopes up has no equilibrium; write the percent less at a price one percent higher"


def _number(
    *, at_least: float | None = None, above: float | None = None, at_most: float = MOST, why: str = "write one that is"
) -> BeforeValidator:
    """A check that a value is one plain number within its bounds; its words are those of a refusal."""

    def check(value: Any) -> float:
        if isinstance(value, str):
            raise ValueError(
                f"'{value[:60]}' is text; a case has plain numbers in one currency and one unit, as in 12.5"
            )
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError(f"{_shown(value)} is not a number; write one, as in 12.5")
        number = float(value) if abs(value) <= MOST else math.inf
        if not math.isfinite(number):
            raise ValueError(f"{value!r} is not from {-MOST:g} to {MOST:g}; write a number that is, or leave it out")
        if above is not None and number <= above:
            raise ValueError(f"{number:g} is not above {above:g}; {why}")
        if at_least is not None and number < at_least:
            raise ValueError(f"{number:g} is below {at_least:g}, the least it can be")
        if number > at_most:
            raise ValueError(f"{number:g} is above {at_most:g}, the most it can be")
        if 0.0 < abs(number) < LEAST:
            raise ValueError(f"{number:g} is too near 0 to be told from it; write 0, or a larger number")
        return number

    return BeforeValidator(check)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    return repr(value) if isinstance(value, (bool, str)) else f"a {'mapping' if isinstance(value, dict) else 'list'}"


def _mapping(value: Any) -> Any:
    """Nothing, as in ``S:`` alone on a line, is a mapping without keys."""
    return {} if value is None else value


def _conduct(value: Any) -> Any:
    """Conduct as it is written, of all regions or by region."""
    if isinstance(value, dict):
        return {region: _conduct_of(one, f" in '{region}'") for region, one in value.items()}
    return _conduct_of(value)


def _conduct_of(value: Any, where: str = "") -> Any:
    if value in ("cournot", *PRICE_TAKING):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.0 <= value <= 1.0:
        said = f"{value:g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else _shown(value)
        raise ValueError(f"{said}{where} is not cournot (1), competitive (0) or a number between 0 and 1")
    return float(value)


def _steps(value: Any) -> Any:
    """Steps in pairs are a width and a cost."""
    if not isinstance(value, (tuple, list)):
        return value
    return tuple(
        {"width": step[0], "cost": step[1]} if isinstance(step, (tuple, list)) and len(step) == 2 else step
        for step in value
    )


Positive = Annotated[float, _number(above=0.0)]
NotNegative = Annotated[float, _number(at_least=0.0)]
Rate = Annotated[float, _number(at_least=0.0, at_most=_HIGHEST_RATE)]
Part = Annotated[float, _number(above=0.0, at_most=1.0)]
Conduct = Literal["cournot", "competitive", "price-taking"] | float
Label = Annotated[str, Field(min_length=1, max_length=100)]


class Demand(Frozen):
    """What a region buys at each price: ``linear`` price = intercept - slope x quantity, or ``isoelastic`` quantity =
    scale x price ^ -elasticity."""

    form: Literal["linear", "isoelastic"]
    """Which of the two curves."""
    intercept: Annotated[float, _number(above=0.0, why="nobody would pay anything")] | None = None
    """The price at which nothing is bought, of ``linear``."""
    slope: Annotated[float, _number(above=0.0, why=_SLOPES)] | None = None
    """How far the price falls with one more, of ``linear``; written above 0."""
    scale: Positive | None = None
    """What is bought at a price of 1, of ``isoelastic``."""
    elasticity: Annotated[float, _number(above=0.0, at_most=1000.0, why=_ELASTIC)] | None = None
    """How many percent less is bought at a price one percent higher, of ``isoelastic``; written above 0."""


class Region(Frozen):
    """A region; without ``demand`` it only makes."""

    demand: Demand | None = None
    """What its buyers take."""


class Power(Frozen):
    """One more costs c + (scale x quantity) ^ (1 / beta)."""

    c: NotNegative = 0.0
    """What the first costs."""
    scale: NotNegative
    """What the quantity is multiplied by before the power is taken."""
    beta: Annotated[float, _number(at_least=0.01, at_most=100.0)] = 1.0
    """The larger, the less steeply costs rise at last; 1 is a straight line."""


class Step(Frozen):
    """A part of a plant's output that costs the same for each."""

    cost: NotNegative
    """What one of this part costs."""
    width: Positive | None = None
    """How much of the output it covers; the last step may go without, and then has no end."""
    up_to: Positive | None = None
    """The output at which it ends, instead of its width."""


class Cost(Frozen):
    """What one more costs to make, by output; one of three ways to say it."""

    constant: NotNegative | None = None
    """The same for each."""
    power: Power | None = None
    """Rising by a power."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=50), BeforeValidator(_steps)] | None = None
    """Rising in steps, or pairs of a width and a cost."""


class CasePlant(Frozen):
    """A plant: where it stands, how much it can sell, and what one more costs."""

    region: Label
    """Where it stands."""
    capacity: NotNegative | None = None
    """The most it can sell; without it nothing limits it."""
    cost: Cost
    """What one more costs to make."""
    fixed_cost: NotNegative = 0.0
    """What it costs whatever it makes."""


class CaseFirm(Frozen):
    """A firm: how it sells, and what its plants can do."""

    conduct: Annotated[Conduct | dict[Label, Conduct], BeforeValidator(_conduct)] = "cournot"
    """``cournot``: it sells less to keep the price up; ``competitive``: it takes the price as it is; or a number
    between 0 (competitive) and 1 (Cournot); or any of these by region, with ``cournot`` where none stands."""
    plants: Annotated[dict[Label, CasePlant], Field(max_length=1000), BeforeValidator(_mapping)]
    """Its plants."""


class CaseDuty(Frozen):
    """A duty on what comes into a region: a rate, an amount, a quota with two rates, or a price undertaking."""

    to: Label
    """The region that levies it."""
    firm: Label | None = None
    """The firm whose goods pay it; all firms without it."""
    from_: Annotated[Label | None, Field(alias="from")] = None
    """The region where the goods are made; all but ``to`` without it."""
    rate: Rate | None = None
    """The part of the base that is paid, 0.25 for 25 %; of a quota, within it."""
    base: Literal["customs", "price"] = "customs"
    """``customs``: rate x (cost + freight) is added; ``price``: the seller is left with the price / (1 + rate)."""
    amount: NotNegative | None = None
    """What each pays besides, or instead."""
    quota: NotNegative | None = None
    """What all to whom the row applies may bring in together at ``rate``; what is more pays ``rate_over``."""
    rate_over: Rate | None = None
    """The part of the base that is paid above the quota."""
    minimum_price: Positive | None = None
    """A price undertaking: sold at this or more, instead of what the row would say; other rows that apply are paid."""


class CaseFile(Frozen):
    """Regions, firms, and what carrying and duties cost between regions."""

    case: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """What the case is called."""
    currency: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    """What money is counted in; for headings alone."""
    item: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    """What is counted, as in ``GWh`` or ``vehicle``; for headings alone."""
    regions: Annotated[dict[Label, Annotated[Region, BeforeValidator(_mapping)]], Field(min_length=1, max_length=200)]
    """The regions."""
    firms: Annotated[dict[Label, CaseFirm], Field(min_length=1, max_length=1000)]
    """The firms."""
    freight: dict[Label, dict[Label, NotNegative]] = {}
    """What carrying one from a region to another costs. A lane that is missing cannot ship; within a region it is 0."""
    duties: Annotated[tuple[CaseDuty, ...], Field(max_length=5000)] = ()
    """Duties; all rows that apply add."""
    stakes: dict[Label, dict[Label, Part]] = {}
    """What part of another firm's profit belongs to a firm that does not decide over it, by holder and firm."""

    def markets(self) -> list[str]:
        """The regions with buyers, in the order of the file."""
        return [name for name, region in self.regions.items() if region.demand is not None]

    def carried(self, origin: str, destination: str) -> float | None:
        """The cost of carrying one from a region to another; None where no lane leads there."""
        return 0.0 if origin == destination else self.freight.get(origin, {}).get(destination)

    def conduct_in(self, firm: str, market: str) -> float:
        """The firm's conduct in a region, from 0 (price-taking) to 1 (Cournot)."""
        said = self.firms[firm].conduct
        one = said.get(market, "cournot") if isinstance(said, dict) else said
        return one if isinstance(one, float) else float(one == "cournot")

    def applies(self, duty: CaseDuty, firm: str, origin: str) -> bool:
        """Whether a duty is charged on what a firm makes in a region.

        What is made in the region that levies it pays no duty, unless ``from`` names that region, or the firm has no
        plant anywhere else, so that the row could mean nothing besides.
        """
        if duty.firm not in (None, firm):
            return False
        if duty.from_ is not None:
            return duty.from_ == origin
        return origin != duty.to or (duty.firm is not None and self.only_within(duty.firm, duty.to))

    def only_within(self, firm: str, region: str) -> bool:
        """Whether all plants of a firm stand in one region."""
        return all(plant.region == region for plant in self.firms[firm].plants.values())


def read_case(path: Path | str) -> CaseFile:
    """The case of a YAML file, checked.

    Raises
    ------
    StudyError
        The file cannot be read, has an unknown or a missing key, a number that is none or outside its range, or parts
        that cannot be together; each problem has its line and column.
    """
    return _case_of(load_tree(Path(path)))


def parse_case(text: str, *, name: str = "case") -> CaseFile:
    """The case that a YAML text spells; raises as ``read_case`` does, with ``name`` for the file.

    >>> parse_case('''
    ... regions: {home: {demand: {form: linear, intercept: 100, slope: 1}}}
    ... firms: {one: {plants: {works: {region: home, cost: {constant: 20}}}}}
    ... ''').markets()
    ['home']
    """
    return _case_of(parse_tree(text, name=name))


def _case_of(tree: Tree) -> CaseFile:
    from cell2grid.study.case_rules import problems

    if not isinstance(tree.value, dict):
        raise refusal([Problem((), "is no case; write its keys, 'regions:' and 'firms:'")], tree)
    try:
        case = CaseFile.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, CaseFile), tree) from None
    found = list(problems(case))
    if found:
        raise refusal(found, tree)
    return case
