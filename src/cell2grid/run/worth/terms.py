"""What a project file says, drawn for members: a life to run for each, and the terms of its money.

Members whose lives are the same share one. A figure at the middle of its range, or in another sample, comes by the
``Figures`` that are handed in (``run/drawn/figures.py``); what the money means is in ``money.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError, StudyError
from cell2grid.run.drawn.figures import Figures, MiddleFigures
from cell2grid.run.life.case import Addition, LifeCase, PriceYear, WarrantyLimits
from cell2grid.run.worth.exchange import exchange_rate, in_money
from cell2grid.run.worth.money import MoneyTerms
from cell2grid.run.worth.money_terms import money_of, money_terms
from cell2grid.run.worth.price_years import PriceYears, years_of
from cell2grid.study.quantity import Day, Quantity

if TYPE_CHECKING:
    from cell2grid.engines.ageing import Cells
    from cell2grid.prices import PriceSeries
    from cell2grid.study.model import StorageTechnology
    from cell2grid.study.project_file import ProjectFile
    from cell2grid.study.wear import Augmentation

Floats = npt.NDArray[np.float64]
DAYS_OF_A_MONTH = 365.25 / 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One project with all that it reads: its price years, its cells, and what deliveries say of its commissioning.

    ``delivered`` holds months after the valuation in rising order, NaN last where a delivery never comes.
    """

    project: ProjectFile
    prices: PriceYears
    technology: StorageTechnology | None
    cells: Cells | None
    delivered: Floats | None
    folder: Path

    @property
    def currency(self) -> str:
        """The money that all is counted in."""
        return money_of(self.project.finance, "finance")


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Lives to run, which of them each member has, and the terms of the members' money."""

    cases: tuple[LifeCase, ...]
    case_of: npt.NDArray[np.int64]
    money: MoneyTerms
    scale: Floats
    price_rate: Floats  # what a unit of the prices' money is worth in the project's
    name: str = "project"


def subject_of(
    project: ProjectFile, series: Sequence[PriceSeries], *, folder: Path, delivered: Floats | None = None
) -> Subject:
    """The project joined with its prices, its technology and its cells.

    Raises
    ------
    StudyError, PriceError
        A technology or a set of cells that is not there, prices or costs in money that does not fit.
    """
    from cell2grid.run.life.cells import cells_named
    from cell2grid.study.shipped import storage_technology

    prices = years_of(project, series, folder)
    if project.currency is not None and prices.currency is not None and project.currency != prices.currency:
        raise StudyError(
            f"costs of the asset are in {project.currency} and the prices in {prices.currency}; write both in one"
        )
    money = money_of(project.finance, "finance")
    if prices.currency is None:
        if project.currency not in (None, money):
            raise StudyError(
                f"prices.currency: costs of the asset are in {project.currency}, and the prices name no currency; write"
                f" 'currency: {project.currency}' in prices, or costs in {money}"
            )
        # that they are is an assumption, and every figure rests on it
        taken = f"the prices name no currency and are taken to be in {money}, as the capital cost is"
        prices = replace(prices, notes=(*prices.notes, taken))
    technology = None if project.technology is None else storage_technology(project.technology)
    cells = None if project.ageing is None else cells_named(project.ageing.cells)
    if delivered is not None:
        delivered = np.sort(delivered)  # NaN comes last
    return Subject(project, prices, technology, cells, delivered, folder)


def members_of(
    subject: Subject, figures: Figures, *, order: Sequence[int] | None = None, commissioning: Floats | None = None
) -> Members:
    """The lives and the money of the members that ``figures`` draws.

    Parameters
    ----------
    order
        The price year of each operating year, the same in every member; drawn as the project says without it.
    commissioning
        Month after the valuation by member; as the project says without it.

    Raises
    ------
    StudyError, InputError
        A figure is in another currency without a rate, or has no meaning.
    """
    project, finance = subject.project, subject.project.finance
    rate = _price_rate(subject, figures)
    if commissioning is None:
        commissioning = commissioned(subject, figures)
    money = money_terms(
        finance,
        project.contracts,
        power=_one(project, "power"),
        energy=_energy(project),
        figures=figures,
        path="finance",
        contracts_path="contracts",
        exchange_rates=project.exchange_rates,
        commissioning=commissioning,
        valuation=_valuation(project),
        price_basis=project.prices.basis,
    )
    life = np.broadcast_to(money.life, figures.count)
    years = int(np.ceil(life.max()))
    drawn = _Lives(subject, figures, life, rate, commissioning)
    orders = _orders(subject, figures, years) if order is None else np.tile(_whole(order, years), (figures.count, 1))
    cases, case_of = drawn.cases(orders)
    return Members(cases, case_of, money, drawn.scale, rate, project.project)


def commissioned(subject: Subject, figures: Figures) -> Floats:
    """When each member begins to operate [month after the valuation]; NaN where it never does."""
    when = subject.project.commissioning
    if subject.delivered is not None:
        figures.note("commissioning", "commissioning")
        places = np.minimum(
            (figures.share("commissioning") * len(subject.delivered)).astype(int), len(subject.delivered) - 1
        )
        found: Floats = subject.delivered[places]
        return found
    if isinstance(when, Quantity):
        return figures.drawn("commissioning", "commissioning", when, "month")
    if isinstance(when, Day) and subject.project.valuation is not None:
        figures.note("commissioning", "commissioning")
        days = (when.first - subject.project.valuation.first).days
        if days < 0:
            raise InputError(
                f"commissioning: {when.text} is before the valuation, {subject.project.valuation.text}; "
                "value the project on a day up to its commissioning"
            )
        return np.full(figures.count, days / DAYS_OF_A_MONTH)
    return np.zeros(figures.count)


def _valuation(project: ProjectFile) -> Day | None:
    """The day of the valuation, where the file has a day at all."""
    if project.valuation is not None:
        return project.valuation
    return project.commissioning if isinstance(project.commissioning, Day) else None


def _one(project: ProjectFile, key: str) -> float:
    """The project's power: the most of it, where it changes with time."""
    part = getattr(project, key)
    if isinstance(part, Quantity):
        return part.to("MW").mode
    raise StudyError(f"{key}: is a column; a project has one power, by which its costs are counted", where=key)


def _energy(project: ProjectFile) -> float:
    return project.energy.to("MWh").mode


def _price_rate(subject: Subject, figures: Figures) -> Floats:
    money = subject.currency
    source = subject.prices.currency or money
    return exchange_rate(subject.project.exchange_rates, source, money, figures, "market_revenue")


def _whole(order: Sequence[int], years: int) -> npt.NDArray[np.int64]:
    return np.resize(np.asarray(order, np.int64), years)


def _orders(subject: Subject, figures: Figures, years: int) -> npt.NDArray[np.int64]:
    """The price year of each operating year by (member, year), as the project says."""
    count = len(subject.prices.years)
    if isinstance(figures, MiddleFigures) or count == 1:
        return np.tile(np.arange(years) % count, (figures.count, 1))
    figures.note("market_revenue", "prices.years")
    if subject.project.prices.years == "drawn":
        shares = np.stack([figures.share(f"prices.years.{year}") for year in range(years)], axis=1)
        return np.minimum((shares * count).astype(np.int64), count - 1)
    first = np.minimum((figures.share("prices.years") * count).astype(np.int64), count - 1)
    return (first[:, None] + np.arange(years)) % count


class _Lives:
    """The numbers of the members' lives; members with the same numbers share a case."""

    def __init__(self, subject: Subject, figures: Figures, life: Floats, rate: Floats, commissioning: Floats) -> None:
        project, ageing = subject.project, subject.project.ageing
        self.subject, self.figures, self.life, self.rate = subject, figures, life, rate
        self.commissioning = commissioning
        count = figures.count
        ones = np.ones(count)
        self.scale, self.end, self.celsius, self.fade = ones, 0.0 * ones, 25.0 * ones, 0.0 * ones
        if ageing is not None:
            if ageing.scale is not None:
                self.scale = figures.drawn("scale", "ageing.scale", ageing.scale, "ratio")
            if ageing.end_of_life is not None:
                self.end = figures.drawn("end_of_life", "ageing.end_of_life", ageing.end_of_life, "ratio")
            if isinstance(ageing.temperature, Quantity):
                self.celsius = figures.drawn("temperature", "ageing.temperature", ageing.temperature, "degC")
        elif subject.technology is not None and subject.technology.fade is not None:
            self.fade = figures.drawn("fade", "technology.fade", subject.technology.fade, "ratio/year")
        self.growth = 0.0 * ones
        if project.prices.growth is not None:
            self.growth = figures.drawn("price_growth", "prices.growth", project.prices.growth, "ratio/year")
        self.costs = _addition_costs(subject, figures, commissioning, int(np.ceil(life.max())))
        self.warranty = warranty_limits(project)

    def cases(self, orders: npt.NDArray[np.int64]) -> tuple[tuple[LifeCase, ...], npt.NDArray[np.int64]]:
        """The distinct lives, and which of them each member has."""
        found: dict[bytes, int] = {}
        cases: list[LifeCase] = []
        case_of = np.zeros(self.figures.count, np.int64)
        costs = self.costs[1] if self._costs_matter else np.zeros((self.figures.count, 0))
        columns = (self.scale, self.end, self.celsius, self.fade, self.growth, self.life, self.rate)
        for member in range(self.figures.count):
            said = np.concatenate([[column[member] for column in columns], costs[member].ravel(), orders[member]])
            key = said.tobytes()
            if key not in found:
                found[key] = len(cases)
                cases.append(self._case(member, orders[member]))
            case_of[member] = found[key]
        return tuple(cases), case_of

    @property
    def _costs_matter(self) -> bool:
        ageing = self.subject.project.ageing
        return bool(self.subject.project.augmentation) or (ageing is not None and ageing.wear == "replacement")

    def _case(self, member: int, order: npt.NDArray[np.int64]) -> LifeCase:
        subject, project = self.subject, self.subject.project
        years = int(np.ceil(self.life[member]))
        warmth = float(self.celsius[member])
        own, each = self.costs[0][member], self.costs[1][member]
        return LifeCase(
            asset=_asset(subject),
            price_years=tuple(_warmed(year, warmth) for year in subject.prices.years),
            order=tuple(int(place) for place in order[:years]),
            price_factor=(1.0 + self.growth[member]) ** np.arange(years),
            life=float(self.life[member]),
            discount_rate=_real_rate(project),
            by_year=subject.prices.by_year,
            cells=subject.cells,
            scale=float(self.scale[member]),
            fade=float(self.fade[member]),
            end_of_life=float(self.end[member]),
            additions=tuple(_addition(one, cost[:years]) for one, cost in zip(project.augmentation, each, strict=True)),
            warranty=self.warranty,
            wear="none" if project.ageing is None else project.ageing.wear,
            replacement_cost=own[:years],
        )


def _warmed(year: PriceYear, celsius: float) -> PriceYear:
    if isinstance(year.celsius, np.ndarray):
        return year
    return replace(year, celsius=celsius)


def _asset(subject: Subject) -> dict[str, Any]:
    """The keyword arguments of the dispatch engine; efficiencies of the technology where the project has none."""
    asset = dict(subject.prices.asset)
    if subject.technology is not None:
        for key in ("efficiency_charge", "efficiency_discharge"):
            if key not in asset and f"{key}_by_power" not in asset:
                asset[key] = getattr(subject.technology, key).to("ratio").mode
    return asset


def _real_rate(project: ProjectFile) -> float:
    """The middle of the discount rate, without inflation: what later wear is weighed by when a schedule is made."""
    finance = project.finance
    rate = finance.discount_rate.to("ratio/year").mode
    inflation = 0.0 if finance.inflation is None else finance.inflation.to("ratio/year").mode
    return (1.0 + rate) / (1.0 + inflation) - 1.0


def _addition(said: Augmentation, cost: Floats) -> Addition:
    return Addition(
        year=None if said.year is None else round(said.year.to("year").mode) - 1,
        below=None if said.below is None else said.below.to("ratio").mode,
        to=None if said.energy is not None else (1.0 if said.to is None else said.to.to("ratio").mode),
        energy=None if said.energy is None else said.energy.to("MWh").mode,
        replace=said.replace,
        cost=cost,
    )


def _addition_costs(subject: Subject, figures: Figures, commissioning: Floats, years: int) -> tuple[Floats, Floats]:
    """What a MWh of store costs by (member, year), and by (member, augmentation, year), in the prices' money."""
    project, finance, count = subject.project, subject.project.finance, figures.count
    money, energy, power = subject.currency, _energy(project), _one(project, "power")
    sized = in_money(
        finance.capital_cost, "finance.capital_cost", money, figures, "capital_cost",
        power=power, energy=energy, exchange_rates=project.exchange_rates,
    )  # fmt: skip
    later = np.nan_to_num(commissioning)[:, None] / 12.0 + np.arange(years)
    fall = np.ones((count, years))
    if finance.learning is not None:
        each = figures.drawn("learning", "finance.learning.rate", finance.learning.rate, "ratio")
        growth = figures.drawn("learning", "finance.learning.growth", finance.learning.growth, "ratio/year")
        # a doubling takes ln 2 / ln(1 + growth) years
        fall = (1.0 - each[:, None]) ** (np.log2(1.0 + growth[:, None]) * later)
    rate = _price_rate(subject, figures)[:, None]
    own = sized[:, None] / energy * fall / rate
    rows = []
    for place, said in enumerate(project.augmentation):
        if said.cost is None:
            rows.append(own)
            continue
        path = f"augmentation.{place}.cost"
        whole = in_money(
            said.cost, path, money, figures, "augmentation_cost",
            power=power, energy=energy, exchange_rates=project.exchange_rates,
        )  # fmt: skip
        rows.append(whole[:, None] / energy * fall / rate)
    return own, np.stack(rows, axis=1) if rows else np.zeros((count, 0, years))


def warranty_limits(project: ProjectFile) -> WarrantyLimits:
    """The supplier's limits in plain numbers."""
    said = project.warranty
    if said is None:
        return WarrantyLimits()
    numbers: dict[str, Any] = {"keep": said.keep}
    for name, unit in (
        ("cycles_per_year", "ratio/year"),
        ("throughput", "MWh"),
        ("mean_level", "ratio"),
        ("years", "year"),
    ):
        part = getattr(said, name)
        if part is not None:
            numbers[name] = part.to(unit).mode
    numbers["retention"] = tuple(
        (round(row.year.to("year").mode), row.share.to("ratio").mode) for row in said.retention
    )
    return WarrantyLimits(**numbers)
