"""Project files: one storage project by itself, with its asset, its commissioning, its prices, its wear and its money.

A project file has the keys of an asset file (``asset_file.py``), those of a study's project (``projects.py``), and its
own: the day it is valued at, and when it is commissioned. Sources are optional here. Ranges are drawn for each member.
What its parts must say together is in ``project_rules.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, ValidationError

from cell2grid.study.asset_file import AssetFile, ColumnOf
from cell2grid.study.money import Contract, Finance
from cell2grid.study.plants import Name
from cell2grid.study.quantity import Day, Frozen, In, Quantity
from cell2grid.study.records import ExchangeRate
from cell2grid.study.refusals import Problem, model_problems, refusal
from cell2grid.study.wear import Ageing, Augmentation, Warranty
from cell2grid.study.yaml_tree import Tree, load_tree, parse_tree


class OfStudy(Frozen):
    """The project of a study whose deliveries say when this one is commissioned."""

    study: Annotated[str, Field(min_length=1, max_length=1000)]
    """A study file, beside the project file unless its path is absolute, or the name of one that ships."""
    project: Name
    """The project of that study, with an order."""


def _kind_of_commissioning(value: Any) -> str:
    if isinstance(value, (dict, OfStudy)):
        return "of a study"
    if isinstance(value, Quantity):
        return "months"
    text = value.partition("[")[0] if isinstance(value, str) else ""
    return "months" if "month" in text else "day"


Commissioning = Annotated[
    Annotated[OfStudy, Tag("of a study")]
    | Annotated[Annotated[Quantity, In("month", at_least=0, at_most=600)], Tag("months")]
    | Annotated[Day, Tag("day")],
    Discriminator(_kind_of_commissioning),
]


class ProjectPrices(Frozen):
    """The prices that the project buys and sells at, and how they stand for the years of its life."""

    file: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    """A CSV, Parquet or Excel file, beside the project file unless its path is absolute."""
    column: Annotated[str, Field(min_length=1, max_length=200)] = "price"
    """The column of the prices."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    """The currency of the prices by ISO 4217, where the file does not say it."""
    basis: Literal["real", "nominal"] = "real"
    """Whether inflation raises the prices each year from the valuation date, or they stand as they are."""
    growth: Annotated[Quantity, In("percent/year", at_least=-50, at_most=100)] | None = None
    """What the prices grow by each year besides inflation, from the first operating year."""
    years: Literal["cycled", "drawn"] = "cycled"
    """Which price year stands for which year of the life: one after the other and again from the first, in each member
    from a first one that is drawn; or each drawn by itself."""
    slope: Quantity | None = None
    """What the price falls by with each MW that the project sends, as in 0.01 EUR/MWh/MW."""
    slope_from: ColumnOf | None = None
    """Instead, a column of the region's load less sun and wind beside the prices, which the slope is estimated from."""


class ProjectFile(AssetFile):
    """One storage project. Its name, power, energy and finance must be there."""

    project: Annotated[str, Field(min_length=1, max_length=100)]
    """What the project is called."""
    technology: Name | None = None
    """A technology of kind storage of the library, for the efficiencies that are not said here."""
    valuation: Day | None = None
    """The day all money is counted back to; the day of commissioning without it."""
    commissioning: Commissioning | None = None
    """When it begins to operate: a day, months after the valuation, or the project of a study; at once without it."""
    prices: ProjectPrices = ProjectPrices()
    """Its prices; ``--prices`` comes first."""
    finance: Finance
    """Its costs, debt, tax and discount rate."""
    ageing: Ageing | None = None
    """How its cells age; without it, by the yearly fade of its technology, or not at all."""
    augmentation: Annotated[tuple[Augmentation, ...], Field(max_length=50)] = ()
    """What is added to the store, or replaced in it, over its life."""
    warranty: Warranty | None = None
    """What the supplier of the cells asks for and promises."""
    contracts: Annotated[tuple[Contract, ...], Field(max_length=50)] = ()
    """What is sold by contract besides the market."""
    exchange_rates: tuple[ExchangeRate, ...] = ()
    """What currencies were worth in each other, each with its day."""


def read_project(path: Path | str) -> ProjectFile:
    """The project of a YAML file, checked.

    Raises
    ------
    StudyError
        The file cannot be read, has an unknown or a missing key, a figure without its unit, of another kind or outside
        its range, or parts that do not fit together; each problem has its line and column.
    """
    from cell2grid.study.project_rules import study_problems

    tree = load_tree(Path(path))
    project = _project_of(tree)
    found = list(study_problems(project, Path(path).parent))
    if found:
        raise refusal(found, tree)
    return project


def parse_project(text: str, *, name: str = "project") -> ProjectFile:
    """The project that a YAML text spells; raises as ``read_project`` does, with ``name`` for the file.

    >>> money = "{capital_cost: 250 EUR/kWh, discount_rate: 7 percent/year, life: 20 year}"
    >>> parse_project(f"{{project: hill, power: 100 MW, energy: 400 MWh, finance: {money}}}").finance.life.text
    '20 year'
    """
    return _project_of(parse_tree(text, name=name))


def _project_of(tree: Tree) -> ProjectFile:
    if not isinstance(tree.value, dict):
        raise refusal([Problem((), "is no project; write its keys, as in 'power: 100 MW'")], tree)
    try:
        project = ProjectFile.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, ProjectFile), tree) from None
    from cell2grid.study.project_rules import problems

    found = list(problems(project))
    if found:
        raise refusal(found, tree)
    return project
