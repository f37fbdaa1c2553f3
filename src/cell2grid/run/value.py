"""What the study's storage projects earn and are worth: prices, one dispatched year, and the money of a life.

The schedule is that of one price year at the middle of the technology's figures; the money is counted in each member,
from the commissioning that deliveries gave it. The engines are ``dispatch`` and ``finance``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.units import currency, same_kind

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.prices import PriceSeries
    from cell2grid.run.figures import Figures
    from cell2grid.study.model import StorageProject, StorageTechnology, Study
    from cell2grid.study.quantity import Quantity

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

    @property
    def years(self) -> float:
        """The length of the price series [year]."""
        return float(self.prices.step_hours.sum()) / HOURS_OF_A_YEAR

    def yearly(self, variable: str) -> float:
        """An amount of the schedule, brought to a year."""
        return float(self.schedule[variable]) / self.years


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """The money of the projects that have finance, and the currency each is counted in."""

    arrays: xr.Dataset
    currencies: Mapping[str, str]
    notes: Mapping[str, str]


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
    return Dispatched(project, schedule, prices, study.prices[part.prices].currency, tuple(reasons))


def valued(
    study: Study,
    schedules: Mapping[str, Dispatched],
    commissioning: Mapping[str, NDArray[np.float64]],
    figures: Figures,
) -> Valued | None:
    """Cash flow, NPV, IRR, cost of storage and payback of each project with prices and finance, by member.

    Parameters
    ----------
    commissioning
        Month after the start of the horizon by member, of projects with an order; a project without one is taken to
        operate from the start.

    Raises
    ------
    StudyError
        A cost is in no currency, or in another one than the prices and no exchange rate is given.
    """
    import xarray as xr

    from cell2grid.engines import engine
    from cell2grid.nomenclature import labelled

    names = [name for name in schedules if study.projects[name].finance is not None]
    if not names:
        return None
    columns = {name: _yearly_money(study, name, schedules[name], figures) for name in names}
    unordered = [name for name in names if name not in commissioning]
    notes = dict.fromkeys(unordered, "no order: taken to operate from the start of the horizon")
    for name in names:
        columns[name]["commissioning"] = commissioning.get(name, np.zeros(figures.count))
    stacked = {
        variable: (("member", "project"), np.stack([columns[name][variable] for name in names], axis=1))
        for variable in columns[names[0]]
    }
    coords = {"member": np.arange(figures.count), "project": np.array(names, dtype=object)}
    read = labelled(xr.Dataset(stacked, coords))
    solved = read.merge(engine("finance").solve(read), compat="override", join="exact")
    return Valued(solved, {name: _money_of(study, name) for name in names}, notes)


def exchange_rate(study: Study, source: str, target: str, figures: Figures, variable: str) -> NDArray[np.float64]:
    """What a unit of currency ``source`` is worth in ``target``, by member: the study's latest rate between the two.

    Raises
    ------
    StudyError
        The study gives no rate between them.
    """
    if source == target:
        return np.ones(figures.count)
    found = []
    for number, row in enumerate(study.exchange_rates):
        for unit, backwards in ((f"{target}/{source}", False), (f"{source}/{target}", True)):
            if same_kind(row.rate.unit, unit):
                found.append((row.day.first, number, unit, backwards))
    if not found:
        raise StudyError(
            f"exchange_rates: there is no rate between {source} and {target};"
            f" add one, as in {{day: 2025-02-12, rate: '7.2 {target}/{source} [source]'}}"
        )
    _, number, unit, backwards = max(found)
    rate = figures.drawn(variable, f"exchange_rates.{number}.rate", study.exchange_rates[number].rate, unit)
    return 1.0 / rate if backwards else rate


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
    money = currency(finance.capital_cost.unit) if finance is not None else None
    if finance is None or money is None:
        raise StudyError(
            f"projects.{project}.finance.capital_cost: is in no currency; write it as '1500 CNY/kWh [source]'"
        )
    return money


def _yearly_money(study: Study, project: str, schedule: Dispatched, figures: Figures) -> dict[str, NDArray[np.float64]]:
    """What the engine ``finance`` reads of one project, by member, in the currency of its capital cost."""
    part, path, money = study.projects[project], f"projects.{project}.finance", _money_of(study, project)
    finance, technology = part.finance, _technology(study, project)
    assert finance is not None  # valued() takes projects with finance only
    rate = exchange_rate(study, schedule.currency, money, figures, "yearly_revenue")
    capital = _sized(study, project, figures, "capital_cost", finance.capital_cost, money)
    fixed = np.zeros(figures.count)
    if finance.fixed_cost is not None and same_kind(finance.fixed_cost.unit, "percent/year"):
        fixed = capital * figures.drawn("fixed_cost", f"{path}.fixed_cost", finance.fixed_cost, "ratio/year")
    elif finance.fixed_cost is not None:
        fixed = _sized(study, project, figures, "fixed_cost", finance.fixed_cost, money, "/year")
    fade = np.zeros(figures.count)
    if technology.fade is not None:
        fade = figures.drawn("degradation", f"technologies.{part.technology}.fade", technology.fade, "ratio/year")
    return {
        "yearly_revenue": schedule.yearly("revenue") * rate,
        "yearly_charging_cost": schedule.yearly("charging_cost") * rate,
        "yearly_discharged_energy": np.full(figures.count, schedule.yearly("discharged_energy")),
        "capital_cost": capital,
        "fixed_cost": fixed,
        "discount_rate": figures.drawn("discount_rate", f"{path}.discount_rate", finance.discount_rate, "ratio/year"),
        "life": figures.drawn("life", f"{path}.life", finance.life, "year"),
        "degradation": fade,
    }


def _sized(
    study: Study, project: str, figures: Figures, variable: str, cost: Quantity, money: str, time: str = ""
) -> NDArray[np.float64]:
    """A cost of the whole project in ``money``: what is given per energy or power is multiplied with its size."""
    part, path = study.projects[project], f"projects.{project}.finance.{variable}"
    own = currency(cost.unit)
    if own is None:
        raise StudyError(f"{path}: '{cost.text}' is in no currency; write it as '1500 CNY/kWh{time} [source]'")
    rate = exchange_rate(study, own, money, figures, variable)
    # told apart by how the unit is written, in any order: to pint, EUR/kW/year and EUR/kWh are one kind
    _, *per = cost.unit.split("/")
    per.sort(key=lambda divisor: same_kind(divisor, "year"))
    yearly = bool(per) and same_kind(per[-1], "year")
    for size, unit in ((part.energy, "MWh"), (part.power, "MW")):
        if yearly == bool(time) and len(per) == 1 + yearly and same_kind(per[0], unit):
            figures.note(variable, f"projects.{project}.{'energy' if unit == 'MWh' else 'power'}")
            return figures.drawn(variable, path, cost, f"{own}/{unit}{time}") * size.to(unit).mode * rate
    if yearly == bool(time) and len(per) == yearly:
        return figures.drawn(variable, path, cost, f"{own}{time}") * rate
    raise StudyError(
        f"{path}: '{cost.text}' is in {cost.unit}; give it as {own}/kWh{time}, {own}/kW{time} or {own}{time}"
    )
