"""The page of one dispatched schedule: its figures, its charts, what was assumed. One HTML file without a script.

It needs no run folder, as the report of a study does (``page.py``); it shares that page's charts and style. The
schedule itself goes into a file of its own (``schedules.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from cell2grid.nomenclature import variables
from cell2grid.report import sections
from cell2grid.report.alone import Told, written
from cell2grid.report.dispatched import NO_CURRENCY, Dispatched, of_schedule
from cell2grid.report.page import drawn_up
from cell2grid.report.wording import units_currency
from cell2grid.version import __version__

if TYPE_CHECKING:
    import xarray as xr


def write_dispatch_page(
    schedule: xr.Dataset,
    out: Path,
    *,
    name: str,
    assumptions: Sequence[Told] = (),
    findings: Sequence[str] = (),
    notes: Sequence[str] = (),
    currency: str | None = None,
    zone: str | None = None,
) -> Path:
    """The absolute path of the page that was written; it is written beside and renamed when whole.

    Parameters
    ----------
    schedule
        As ``dispatched.of_schedule`` reads it; each single number in it that the nomenclature knows is a figure.
    name
        What was dispatched on what prices; the title.
    assumptions
        The asset and all that the schedule rests on.
    findings
        Sentences on what the schedule does.
    notes
        What a reader must know before believing it, as that prices are made up; printed on every chart.
    currency
        The ISO 4217 code of the money, where it is known.
    zone
        The IANA zone whose days and hours are counted; UTC without it.

    Raises
    ------
    InputError
        The schedule lacks prices or stamps, the zone is not known, or the page cannot be written.
    """
    text = html(
        schedule, name=name, assumptions=assumptions, findings=findings, notes=notes, currency=currency, zone=zone
    )
    return written(text, out)


def html(
    schedule: xr.Dataset,
    *,
    name: str,
    assumptions: Sequence[Told] = (),
    findings: Sequence[str] = (),
    notes: Sequence[str] = (),
    currency: str | None = None,
    zone: str | None = None,
) -> str:
    """The page as text; parameters as ``write_dispatch_page``."""
    asset = of_schedule(schedule, name=name, currency=currency, zone=zone, notes=notes)
    drawing = [_picture(asset, chart) for chart in _charts()]
    first, last = asset.steps["time"].iloc[0], asset.steps["time"].iloc[-1]
    return drawn_up(
        "dispatch.html",
        title=name,
        version=__version__,
        stretch=f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}, {asset.clock}",
        steps=len(asset.steps),
        notes=tuple(notes),
        findings=tuple(findings),
        figures=figures(schedule, asset.currency),
        pictures=[finished() for finished in drawing],
        assumptions=tuple(assumptions),
        method=str(schedule.attrs.get("method", "")),
    )


def figures(schedule: xr.Dataset, currency: str) -> list[Told]:
    """Each single number of the schedule that the nomenclature knows, in the order of the nomenclature."""
    found = []
    for name, row in variables().items():
        if name in schedule.data_vars and not schedule[name].dims and schedule[name].dtype.kind in "fiu":
            unit = row.unit.replace("currency", currency)
            found.append(Told(row.label, _amount(float(schedule[name]), unit), row.sentence))
    return found


def _amount(value: float, unit: str) -> str:
    """The number to the cent or a tenth, with its unit, also where it is not known which money it is."""
    number = f"{value:,.2f}" if NO_CURRENCY in unit or units_currency(unit) else f"{value:,.1f}"
    return f"{number} {unit.replace(NO_CURRENCY, 'currency units')}".replace("-", "−")


def _charts() -> tuple[ModuleType, ...]:
    from cell2grid.report.charts import dispatch_capture, dispatch_duration, dispatch_hours, dispatch_months

    return dispatch_hours, dispatch_duration, dispatch_months, dispatch_capture


def _picture(asset: Dispatched, chart: ModuleType) -> sections.Pending:
    frame = chart.numbers([asset]).drop(columns="project")
    return sections.picture(
        lambda width: chart.picture([asset], width=width), frame, title=chart.TITLE, says=sections.said_by(chart),
        name=chart.__name__.rpartition(".")[2], prefix="dispatch",
    )  # fmt: skip


__all__ = ["Told", "figures", "html", "write_dispatch_page"]
