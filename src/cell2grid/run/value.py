"""What the study's storage projects earn and are worth: prices, one dispatched year, and the money of a life.

The schedule is that of one price year at the middle of the technology's figures; the money is counted in each member,
from the commissioning that deliveries gave it. The engines are ``dispatch`` and ``finance``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas import finance
from cell2grid.run.life.life import lives
from cell2grid.run.worth.exchange import exchange_rate
from cell2grid.run.worth.money import LifeYears, MoneyTerms, finance_arrays, money_arrays
from cell2grid.run.worth.money_terms import money_of, money_terms
from cell2grid.run.worth.of_study import has_life, study_members, subject_of_study
from cell2grid.run.worth.telling import lives_notes, money_sentence
from cell2grid.run.worth.valuing import Lived, Outcome, life_years
from cell2grid.study.quantity import Day

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.prices import PriceSeries
    from cell2grid.run.drawn.figures import Figures
    from cell2grid.study.model import StorageProject, StorageTechnology, Study

HOURS_OF_A_YEAR = 8760.0
WHOLE_YEAR = 363 * 24.0  # hours; a file that lacks a day or two at its ends is a year


@dataclass(frozen=True, slots=True, eq=False)
class Dispatched:
    """One project's schedule over its price series, and why its value is illustrative, if it is."""

    project: str
    schedule: xr.Dataset
    prices: PriceSeries
    currency: str
    reasons: tuple[str, ...]
    folder: Path = Path()

    @property
    def years(self) -> float:
        """The length of the price series [year]."""
        return float(self.prices.step_hours.sum()) / HOURS_OF_A_YEAR

    def yearly(self, variable: str) -> float:
        """An amount of the schedule, brought to a year."""
        return float(self.schedule[variable]) / self.years


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """The money of the projects that have finance, the currency each is counted in, the lives of those that age,
    and what a reader must know of each."""

    arrays: xr.Dataset
    currencies: Mapping[str, str]
    notes: Mapping[str, str]
    outcomes: Mapping[str, Outcome]
    told: Mapping[str, tuple[str, ...]]


def dispatched(study: Study, project: str, folder: Path | None, figures: Figures) -> Dispatched | None:
    """The best schedule of a project against its prices; None where it has none.

    Raises
    ------
    StudyError
        The project has prices and no technology of kind storage.
    PriceError
        The price file cannot be read.
    """
    from cell2grid.engines import engine

    part = study.projects[project]
    if part.prices is None:
        return None
    prices, reasons = _prices(study, part, folder)
    technology = _technology(study, project)
    arrays = prices.to_dataset()
    power, energy = part.power.to("MW").mode, part.energy.to("MWh").mode
    limit = ("timestep", np.full(arrays.sizes["timestep"], power))
    arrays = arrays.assign(
        charge_limit=limit,
        discharge_limit=limit,
        energy_capacity=energy,
        efficiency_charge=technology.efficiency_charge.to("ratio").mode,
        efficiency_discharge=technology.efficiency_discharge.to("ratio").mode,
        # an empty store at both ends: nothing that was not bought is sold
        start_fraction=0.0,
        end_fraction=0.0,
        throughput_cost=0.0,
    )
    for name in ("power", "energy"):
        figures.note("revenue", f"projects.{project}.{name}")
    for name in ("efficiency_charge", "efficiency_discharge"):
        figures.note("revenue", f"technologies.{part.technology}.{name}")
    schedule = engine("dispatch").solve(arrays)
    return Dispatched(project, schedule, prices, study.prices[part.prices].currency, tuple(reasons), folder or Path())


def valued(
    study: Study,
    schedules: Mapping[str, Dispatched],
    commissioning: Mapping[str, NDArray[np.float64]],
    figures: Figures,
    *,
    workers: int = 1,
) -> Valued | None:
    """Cash flow, NPV, IRR, cost of storage and payback of each project with prices and finance, by member.

    Parameters
    ----------
    commissioning
        Month after the start of the horizon by member, of projects with an order; a project without one is taken to
        operate from the start.
    workers
        Processes that share the lives of projects whose cells age; the results do not depend on it.

    Raises
    ------
    StudyError
        A cost is in no currency, or in another one than the prices and no exchange rate is given.
    """
    from cell2grid.engines import engine

    names = [name for name in schedules if study.projects[name].finance is not None]
    if not names:
        return None
    begins = {name: commissioning.get(name, np.zeros(figures.count)) for name in names}
    lived = {
        name: _lived(study, name, schedules[name], begins[name], figures, workers)
        for name in names
        if has_life(study.projects[name])
    }
    columns = {name: _money(study, name, schedules[name], begins[name], figures, lived.get(name)) for name in names}
    unordered = [name for name in names if name not in commissioning]
    notes = dict.fromkeys(unordered, "no order: taken to operate from the start of the horizon")
    read = finance_arrays(columns)
    solved = read.merge(engine("finance").solve(read), compat="override", join="exact")
    told = {name: tuple(_told(study, name, schedules[name], lived.get(name))) for name in names}
    outcomes = {name: Outcome(one.members, one.lives, solved.sel(project=[name])) for name, one in lived.items()}
    return Valued(solved, {name: _money_of(study, name) for name in names}, notes, outcomes, told)


def _told(study: Study, project: str, schedule: Dispatched, lived: Lived | None) -> Iterator[str]:
    """In which money amounts are, how prices became the years of the life, and what is known of the lives."""
    finance = study.projects[project].finance
    assert finance is not None
    yield f"money is {money_sentence(finance, study.horizon.start)}"
    raised = "no inflation raises them" if finance.inflation is None else "inflation raises them"
    if lived is None:
        yield f"prices are brought to one year ({schedule.prices.name}), which stands for each operating year; {raised}"
        return
    labels = dict.fromkeys(year.label for year in lived.members.cases[0].price_years)
    yield f"price years ({', '.join(labels)}) follow one another over the life, and again from the first; {raised}"
    yield from lives_notes(lived)


def _prices(study: Study, project: StorageProject, folder: Path | None) -> tuple[PriceSeries, list[str]]:
    """The price series, and why a value on these prices is illustrative."""
    from cell2grid.prices import read_prices, synthetic_year

    series = study.prices[str(project.prices)]
    reasons = []
    if series.file is not None:
        path = (folder or Path()) / series.file
        prices = read_prices(path, price_column=series.column, currency=series.currency, name=project.prices)
    else:
        seed = study.seed if series.synthetic is None else series.synthetic
        prices = synthetic_year(seed, year=int(study.horizon.start[:4]), currency=series.currency)
        reasons.append("prices are synthetic and no market's")
    if series.region != project.region:
        reasons.append(f"prices are of region {series.region}, the project stands in {project.region}")
    hours = float(prices.step_hours.sum())
    if hours < WHOLE_YEAR:
        days = hours / 24.0
        reasons.append(f"prices cover {days:.3g} day{'' if days == 1 else 's'}, which stand for the whole year")
    return prices, reasons


def _technology(study: Study, project: str) -> StorageTechnology:
    name = study.projects[project].technology
    technology = study.technologies.get(name) if name else None
    if technology is None or technology.kind != "storage":
        raise StudyError(
            f"projects.{project}: has prices and no technology of kind storage; name one that gives its efficiencies"
        )
    return technology


def _money_of(study: Study, project: str) -> str:
    finance = study.projects[project].finance
    assert finance is not None  # valued() takes projects with finance only
    return money_of(finance, f"projects.{project}.finance")


def _lived(
    study: Study,
    project: str,
    schedule: Dispatched,
    commissioning: NDArray[np.float64],
    figures: Figures,
    workers: int,
) -> Lived:
    """The lives of a project whose store the study lets age, by member."""
    technology = _technology(study, project)
    subject = subject_of_study(study, project, technology, schedule.prices, schedule.currency, schedule.folder)
    members = study_members(subject, study, project, figures, commissioning)
    return Lived(members, tuple(lives(members.cases, workers=workers)))


def _money(
    study: Study,
    project: str,
    schedule: Dispatched,
    commissioning: NDArray[np.float64],
    figures: Figures,
    lived: Lived | None,
) -> dict[str, NDArray[np.float64]]:
    """What the engine ``finance`` reads of one project, by member, in the currency of its capital cost.

    ``fixed_cost`` and ``degradation`` are told besides.
    """
    part = study.projects[project]
    assert part.finance is not None
    fade = np.zeros(figures.count)
    if lived is not None:
        terms = lived.members.money
        years = life_years(lived.members, lived.lives)
    else:
        # before the finance, so that the trace names the market first
        money = _money_of(study, project)
        rate = exchange_rate(study.exchange_rates, schedule.currency, money, figures, "market_revenue")
        terms = _terms(study, project, commissioning, figures)
        technology = _technology(study, project)
        if technology.fade is not None:
            fade = figures.drawn("degradation", f"technologies.{part.technology}.fade", technology.fade, "ratio/year")
        years = _fading(schedule, rate, fade, np.broadcast_to(np.asarray(terms.life, np.float64), (figures.count,)))
    found = money_arrays(terms, years)
    return {**found, "fixed_cost": np.broadcast_to(terms.fixed_cost, (figures.count,)), "degradation": fade}


def _terms(study: Study, project: str, commissioning: NDArray[np.float64], figures: Figures) -> MoneyTerms:
    part, path = study.projects[project], f"projects.{project}"
    assert part.finance is not None
    return money_terms(
        part.finance,
        part.contracts,
        power=part.power.to("MW").mode,
        energy=part.energy.to("MWh").mode,
        figures=figures,
        path=f"{path}.finance",
        contracts_path=f"{path}.contracts",
        exchange_rates=study.exchange_rates,
        commissioning=commissioning,
        valuation=Day.model_validate(study.horizon.start),
        sizes=path,
    )


def _fading(
    schedule: Dispatched, rate: NDArray[np.float64], fade: NDArray[np.float64], life: NDArray[np.float64]
) -> LifeYears:
    """The same year of prices again and again, a little less each time, to the end of the life."""
    years = int(np.ceil(life.max()))

    def amount(first: NDArray[np.float64]) -> NDArray[np.float64]:
        return finance.yearly(first, fade, life, years)

    charging, revenue = (schedule.yearly(name) * rate for name in ("charging_cost", "revenue"))
    return LifeYears(
        sales=amount(revenue + charging),
        charging_cost=amount(charging),
        discharged_energy=amount(np.full(life.shape, schedule.yearly("discharged_energy"))),
        addition_cost=np.zeros((life.size, years)),
        operated=finance.year_shares(life, years),
    )
