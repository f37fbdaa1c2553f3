"""What ``dispatch`` writes: the schedule as a file, and a page of charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.cli.dispatch.words import Told

_FIGURES = ("charged_energy", "discharged_energy", "drawn_energy", "charging_cost", "revenue", "objective")
_SITE = ("net_export", "curtailed")


def checked(out: Path | None, report: Path | None) -> None:
    """Refuse files that cannot be written before the work is done, not after.

    Raises
    ------
    InputError
        A name has another ending, is a folder, or lies in a folder that does not exist.
    """
    if out is not None:
        from cell2grid.report.schedules import check_place

        check_place(out)
    if report is not None:
        if report.is_dir():
            raise InputError("is a folder; name a file, as in '--report page.html'", where=str(report))
        if report.suffix.lower() not in (".html", ".htm"):
            raise InputError("a page is written as .html; name such a file", where=str(report))
        if not report.absolute().parent.is_dir():
            raise InputError(f"the folder {report.absolute().parent} does not exist; make it first", where=str(report))


def schedule_of(told: Told) -> xr.Dataset:
    """The schedule over its time steps, with the figures of the whole."""
    import xarray as xr

    case, answer, series = told.case, told.answer, told.series
    names = ("charge", "discharge", "energy", *(_SITE if case.has_site else ()))
    steps: dict[str, Any] = {"price": case.price, **{name: answer.figures[name] for name in names}}
    units: dict[str, str] = {}
    if answer.water is not None:
        steps["water_value_low"], steps["water_value_high"] = answer.water
    if told.intraday is not None and answer.settlement is not None:
        steps["intraday_price"], units["intraday_price"] = told.intraday.price, "currency/MWh"
        steps["committed"], units["committed"] = answer.settlement.committed, "MW"
    if answer.reserve is not None:
        for name, award in answer.reserve.awards().items():
            steps[name], units[name] = award, "MW"
    steps["step_hours"] = case.step_hours
    found = xr.Dataset(
        {
            **{name: ("timestep", values, _unit(name, units)) for name, values in steps.items()},
            **{name: ((), float(answer.figures[name])) for name in _FIGURES},
        },
        coords={"timestep": series.timestep.astype("datetime64[ns]")},
        attrs={"method": answer.best.method},
    )
    return found


def write(told: Told, out: Path) -> Path:
    """The absolute path of the schedule that was written."""
    from cell2grid.report.schedules import write_schedule

    series = told.series
    return write_schedule(schedule_of(told), out, currency=series.currency, zone=series.zone, utc=series.offsets)


def write_page(told: Told, report: Path, *, name: str, asset: Mapping[str, Any], findings: Sequence[str]) -> Path:
    """The absolute path of the page that was written."""
    from cell2grid.report.dispatch_page import write_dispatch_page

    series = told.series
    notes = ("The prices are synthetic: no market has set them.",) if series.synthetic else ()
    return write_dispatch_page(
        schedule_of(told),
        report,
        name=f"{name} on {series.name}",
        assumptions=list(_assumptions(asset)),
        findings=[sentence for sentence in findings if sentence not in notes],
        notes=notes,
        currency=series.currency,
        zone=series.zone,
    )


def _unit(name: str, units: Mapping[str, str]) -> dict[str, str]:
    return {"units": units[name]} if name in units else {}


def _assumptions(asset: Mapping[str, Any]) -> Any:
    """Each number of the asset and its site, with what it means."""
    import numpy as np

    from cell2grid.report.dispatch_page import Told as Line
    from cell2grid.study.asset_file import FIELDS, meaning_of, unit_of

    for key in FIELDS:
        if key not in asset:
            continue
        value, unit = asset[key], unit_of(key)
        if isinstance(value, np.ndarray):
            text = f"{value.min():g} to {value.max():g} {unit}, a value for each step"
        elif isinstance(value, tuple):
            text = ", ".join(f"({first:g}, {second:g})" for first, second in value)
        else:
            text = (
                f"{value:g} {unit}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
            )
        yield Line(key.replace("_", " "), text.replace("ratio", "").strip(), meaning_of(key))
