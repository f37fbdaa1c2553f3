"""What a store does for a region, and what it is worth in capacity: a region file, its series and the engine joined.

``region_adequacy`` reads the series beside the file, asks the engine, and gives tables and one document. Region files
are read in ``cell2grid.study``, equations stand in docs/formulation/adequacy.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cell2grid.engines.adequacy import TOLERANCE, Credit, Figure, Risk, Store, System, Units, capacity_credit
from cell2grid.engines.adequacy.operation import Best, Measures, Operation, Schedule, best_operation, measured
from cell2grid.engines.adequacy.operation import checked as checked_operation
from cell2grid.engines.adequacy.operation.case import needed_curtailment
from cell2grid.nomenclature import variable
from cell2grid.run.region_series import RegionSeries, given_schedule, read_series
from cell2grid.study.region_file import RegionFile, StoreFile

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

_MEASURES = {"peak": ("peak_net_load", "peak"), "curtailment": ("curtailed_energy", "curtailed")}
_MEASURES |= {"ramp": ("largest_ramp", "ramp")}
_RISKS = {"loss_of_load": "hours", "loss_of_load_days": "days", "unserved_energy": "unserved"}
_BEST = "best"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Benefit:
    """What a schedule of the store does: measures before and after, and the best of each aim alone, where asked."""

    before: Measures
    after: Measures
    alone: dict[str, float]
    schedule: Schedule
    order: tuple[str, ...]
    source: str
    method: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adequacy:
    """What was found for a region: ``benefit`` where it has a store, ``credit`` where it has units.

    ``tables`` has ``load`` (timestep, ``hour`` where nothing has stamps, before, after [MW]) and ``benefit`` (variable,
    unit, before, after, change).
    ``reason`` says why the capacity credit that was asked cannot be told; empty where it can.
    """

    region: RegionFile
    series: RegionSeries
    benefit: Benefit | None
    credit: Credit | None
    credited: str | None
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def reason(self) -> str:
        """Why the capacity credit cannot be told; empty where it can, or is not asked."""
        return "" if self.credit is None or self.credited is None else self.credit.reason

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``load`` and ``benefit``, as far as they were asked."""
        import pandas as pd

        found = {}
        if self.benefit is not None:
            nets = {"before": self.benefit.before.net_load, "after": self.benefit.after.net_load}
            found["load"] = pd.DataFrame({**self.series.begins, **nets})
        columns = ["variable", "unit", "before", "after", "change"]
        found["benefit"] = pd.DataFrame(
            [(name, variable(name).unit, before, after, after - before) for name, before, after in self._changes()],
            columns=columns,
        )
        return found

    def _changes(self) -> list[tuple[str, float, float]]:
        rows: list[tuple[str, float, float]] = []
        if self.benefit is not None:
            for name, part in _MEASURES.values():
                rows.append((name, getattr(self.benefit.before, part), getattr(self.benefit.after, part)))
        if self.credit is not None and self.credited is not None:
            for name, part in _RISKS.items():
                without, with_it = (getattr(risk, part).value for risk in (self.credit.without, self.credit.with_it))
                rows.append((name, without, with_it))
        return rows

    def schedule_table(self) -> pd.DataFrame:
        """The series before and after with what the store does, step by step [MW]; for a file."""
        import pandas as pd

        if self.benefit is None:
            raise ValueError("region: it has no storage, so there is no series before and after")
        schedule = self.benefit.schedule
        return pd.DataFrame(
            {
                "timestep": self.series.timestep,
                "before_mw": self.benefit.before.net_load,
                "after_mw": self.benefit.after.net_load,
                "charge_mw": schedule.charge,
                "discharge_mw": schedule.discharge,
                "curtailed_mw": schedule.curtailed,
            }
        )

    def document(self) -> dict[str, Any]:
        """All figures as plain values, each with its unit; the keys are listed in docs/reference/json.md."""
        return {
            "region": self.region.region,
            "timesteps": len(self.series.timestep),
            "resolution_minutes": self.series.step_hours * 60.0,
            "hours": len(self.series.timestep) * self.series.step_hours,
            "load_scale": self.region.load_scale,
            "benefit": None if self.benefit is None else _benefit_document(self.benefit),
            "adequacy": None if self.credit is None else _credit_document(self.credit, self.credited),
            "notes": list(self.notes),
        }


def region_adequacy(
    region: RegionFile,
    folder: Path,
    *,
    samples: int | None = None,
    seed: int = 1,
    tolerance: float = TOLERANCE,
    workers: int = 1,
    time_limit: float = 120.0,
) -> Adequacy:
    """What the store of a region does for its load, and the risk and capacity credit by its units.

    Parameters
    ----------
    region
        The region, as ``read_region`` gives it.
    folder
        Where the files of its series are looked for.
    samples, seed, tolerance, workers
        Of the outages, as ``engines.adequacy.capacity_credit`` has them.
    time_limit
        Seconds that HiGHS may take for the schedule.

    Raises
    ------
    PriceError
        A series cannot be read.
    InputError
        Series have other time steps, last less than a day, or a number is outside its bounds.

    >>> from cell2grid.study.region_file import parse_region
    >>> isle = parse_region("{region: isle, load: 90 MW, units: [{name: gas, count: 2, capacity: 60 MW, "
    ...                     "forced_outage_rate: 0.1, mean_time_to_repair: 20 h}]}")
    >>> found = region_adequacy(isle, Path(), samples=100)
    >>> found.credit.without.expected.hours
    1664.4
    """
    series = read_series(region, folder)
    benefit = None if region.storage is None else _benefit(region, series, folder, time_limit)
    credit, credited = None, None
    if region.units:
        of = region.credited
        credited = of if of != "storage" or region.storage is not None else None
        credit = capacity_credit(
            _system(region, series, credited),
            metric=region.metric,
            samples=samples,
            seed=seed,
            tolerance=tolerance,
            workers=workers,
        )
    notes = [*series.notes, *(benefit.notes if benefit else ()), *(credit.notes if credit else ())]
    return Adequacy(region=region, series=series, benefit=benefit, credit=credit, credited=credited, notes=tuple(notes))


def _system(region: RegionFile, series: RegionSeries, credited: str | None) -> System:
    """The region as the engine of adequacy takes it."""
    output = {"solar": series.solar, "wind": series.wind}
    net = series.load - series.firm_import - sum(part for name, part in output.items() if name != credited)
    units = []
    for group, available in zip(region.units, series.available, strict=True):
        rate, repair = group.outages()
        units.append(
            Units(
                name=group.name,
                capacity=group.capacity.to("MW").mode,
                count=group.count,
                forced_outage_rate=rate,
                repair_time=repair,
                available=available,
                credited=group.name == credited,
            )
        )
    stores = [_store(one, one.name or f"existing {i + 1}", False) for i, one in enumerate(region.existing_storage)]
    if region.storage is not None:
        stores.append(_store(region.storage, region.storage.name or "storage", credited == "storage"))
    return System(
        net_load=net,
        step_hours=series.step_hours,
        units=tuple(units),
        stores=tuple(stores),
        credited_output=output.get(credited or ""),
        day=series.day,
    )


def _store(store: StoreFile, name: str, credited: bool) -> Store:
    start = 1.0 if store.start is None else store.start
    return Store(name=name, start_fraction=start, credited=credited, **store.numbers())


def _benefit(region: RegionFile, series: RegionSeries, folder: Path, time_limit: float) -> Benefit:
    """What the store does for the load: the best that it could, or what the schedule that is given does."""
    assert region.storage is not None
    case = Operation(
        load=series.load,
        renewable=series.solar + series.wind,
        must_run=series.must_run,
        export_limit=series.export_limit,
        step_hours=series.step_hours,
        start_fraction=region.storage.start,
        **region.storage.numbers(),
    )
    notes = list(_operation_notes(case))
    if region.schedule is None:
        best: Best = best_operation(case, order=region.order, time_limit=time_limit)
        return Benefit(
            before=best.before,
            after=best.after,
            alone={str(aim): value for aim, value in best.alone.items()},
            schedule=best.schedule,
            order=tuple(map(str, best.order)),
            source=_BEST,
            method=best.method,
            notes=(*notes, *best.notes),
        )
    charge, discharge = given_schedule(region.schedule, folder, series, region.timezone)
    schedule = Schedule(charge, discharge, needed_curtailment(case, case.net + charge - discharge))
    notes += _beyond_limits(checked_operation(case), schedule)
    return Benefit(
        before=measured(case, None),
        after=measured(case, schedule),
        alone={},
        schedule=schedule,
        order=(),
        source=region.schedule.file,
        method="the schedule that is given",
        notes=tuple(notes),
    )


def _operation_notes(case: Operation) -> list[str]:
    before = measured(case, None)
    notes = []
    if before.curtailed <= 0.0:
        notes.append("Nothing is curtailed without the store, so that there is no curtailment to avoid.")
    if before.peak <= 0.0:
        notes.append("Sun and wind cover the load in every step: there is no peak of net load to shave.")
    forced = (np.asarray(case.must_run) - np.asarray(case.export_limit)) > case.load
    if np.any(forced):
        hours = float(np.sum(np.broadcast_to(forced, case.steps))) * case.step_hours
        notes.append(f"In {hours:g} h must_run finds no room in load and exports even with all sun and wind curtailed.")
    return notes


def _beyond_limits(case: Operation, schedule: Schedule) -> list[str]:
    """What a given schedule does that the store of the file could not."""
    notes = []
    for name, values in (("charge", schedule.charge), ("discharge", schedule.discharge)):
        most = case.charge_power if name == "charge" else case.discharge_power
        if values.max() > most * (1.0 + 1e-6) + 1e-9:
            notes.append(f"The schedule has {name}s of {values.max():g} MW, above the {most:g} MW of the storage.")
    moved = schedule.charge * case.efficiency_charge - schedule.discharge / case.efficiency_discharge
    level = np.concatenate([[0.0], np.cumsum(moved) * case.step_hours])
    swing = float(level.max() - level.min())
    if swing > case.energy * (1.0 + 1e-6) + 1e-9:
        notes.append(
            f"The schedule moves the level by {swing:g} MWh, more than the {case.energy:g} MWh of the storage."
        )
    return notes


def _benefit_document(benefit: Benefit) -> dict[str, Any]:
    found: dict[str, Any] = {"schedule": benefit.source, "order": list(benefit.order), "method": benefit.method}
    for aim, (name, part) in _MEASURES.items():
        before, after = (getattr(each, part) for each in (benefit.before, benefit.after))
        found[name] = {
            "unit": variable(name).unit,
            "before": before,
            "after": after,
            "change": after - before,
            "alone": benefit.alone.get(aim),
        }
    curtailed = found["curtailed_energy"]
    # what rounding leaves of a change is none
    change = 0.0 if abs(curtailed["change"]) <= 1e-9 * curtailed["before"] else curtailed["change"]
    curtailed["share_avoided"] = 0.0 - change / curtailed["before"] if curtailed["before"] > 0.0 else None
    return found


def _credit_document(credit: Credit, credited: str | None) -> dict[str, Any]:
    power = credit.power
    told = credited is not None and credit.elcc is not None
    return {
        "credit_of": credited,
        "metric": credit.metric,
        "method": "sequential Monte Carlo of unit outages",
        "samples": credit.samples,
        "seed": credit.seed,
        "tolerance": credit.tolerance,
        "converged": credit.converged,
        "without": _risk_document(credit.without),
        "with": None if credited is None else _risk_document(credit.with_it),
        "power": None if credited is None else power,
        "elcc": _figure_document(credit.elcc, "MW") if told else None,
        "elcc_share": credit.elcc.value / power if told and credit.elcc is not None and power > 0.0 else None,
        "efc": _figure_document(credit.efc, "MW") if told else None,
        "reason": credit.reason if credited is not None else "",
    }


def _risk_document(risk: Risk) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: _figure_document(getattr(risk, part), variable(name).unit) for name, part in _RISKS.items()
    }
    by = risk.expected
    found["convolution"] = (
        None if by is None else {"loss_of_load": by.hours, "unserved_energy": by.unserved, "exact": by.exact}
    )
    return found


def _figure_document(figure: Figure | None, unit: str) -> dict[str, Any] | None:
    if figure is None:
        return None
    error = figure.error if np.isfinite(figure.error) else None
    return {"value": figure.value, "unit": unit, "low": figure.low, "high": figure.high, "standard_error": error}
