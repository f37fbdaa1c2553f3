"""Money that goes into plants, by stage: announced, started, completed, cancelled, and year by year spent or renewed.

What was announced comes from a study's ``announced``, what is built from a plan (``builds.py``). Each stage counts the
whole money on its day; what is spent is even over the days from the start of building to the opening, and ends where a
project is given up. What keeps plants as new (``renewing.py``) is renewed. Money is brought to one currency by the rate
of the middle of the year (``run/market/money.py``).
A region is home to a firm that is at home there; the equations are in docs/formulation/plan.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.formulas.calendar import months_between
from cell2grid.run.market.money import Money
from cell2grid.run.market.terms import grouped
from cell2grid.run.told.spread import spread
from cell2grid.study.rules.announced import plan_currency
from cell2grid.units import currency

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.market.terms import Terms
    from cell2grid.study.investing import Project
    from cell2grid.study.model import Study
    from cell2grid.study.quantity import Day, Quantity

STAGES = ("announced", "started", "completed", "cancelled", "spent", "renewed")
SIDES = ("home", "abroad", "unknown")
BY_STAGE = {"plant_announcements": "announced", "plant_spending": "spent", "plant_renewal": "renewed"}
NEVER = np.nan
_ROUNDING = 1e-6  # of all money: less than that outside the horizon is none


@dataclass(frozen=True, slots=True, eq=False)
class Outlay:
    """The money of one project or build: who, where, for what, how much of which currency, and when.

    Days are counted as ``date.toordinal`` does, by member; missing where a stage is never reached. What is spent lies
    evenly between ``spent_from`` and ``spent_to``, and none of it after ``cancelled``.
    """

    name: str
    firm: str
    region: str
    product: str
    money: NDArray[np.float64]  # (member,) in the currency of ``written``
    path: str
    written: Quantity
    announced: NDArray[np.float64]
    started: NDArray[np.float64]
    completed: NDArray[np.float64]
    cancelled: NDArray[np.float64]
    spent_from: NDArray[np.float64]
    spent_to: NDArray[np.float64]
    as_stage: str = "spent"


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Money by firm, product, region, side and stage (member, year), in ``unit``; and what must be known of it."""

    unit: str
    years: tuple[int, ...]
    money: Mapping[tuple[str, str, str, str, str], NDArray[np.float64]]
    notes: tuple[str, ...] = field(default=())

    def of_side(self, side: str, stage: str) -> NDArray[np.float64]:
        """All money of a side and a stage (member, year)."""
        parts = [values for key, values in self.money.items() if key[3:] == (side, stage)]
        members = max((values.shape[0] for values in self.money.values()), default=1)
        return sum(parts, start=np.zeros((members, len(self.years))))


def side_of(study: Study, firm: str, region: str) -> str:
    """Whether a region is home to the firm, abroad, or not known to be either.

    >>> from cell2grid.study.loader import load_study
    >>> side_of(load_study("beijing-era").study, "catl", "CN")
    'home'
    """
    home = study.firms[firm].region
    return "unknown" if home is None else "home" if home == region else "abroad"


def announced_outlays(study: Study, figures: Figures) -> tuple[list[Outlay], list[str]]:
    """The outlays of the study's announced projects, and notes on stages that it does not say."""
    taken = _usual_days(study)
    outlays, open_ended, unstarted = [], [], []
    for name, project in study.announced.items():
        path, own = f"announced.{name}.money", currency(project.money.unit)
        money = figures.drawn("investment", path, project.money, str(own))
        announced, begin, end, cancelled = (_days(getattr(project, key), figures) for key in STAGES[:4])
        days = (announced, begin, end, cancelled)
        if project.started is None and project.completed is not None:
            begin = announced
            unstarted.append(name)
        if project.started is not None and project.completed is None:
            end = begin + _days_to_build(study, project, taken)
            open_ended.append(name)
        who = (project.firm, project.region, project.product)
        outlays.append(Outlay(name, *who, money, path, project.money, *days, begin, end))
    notes = []
    if open_ended:
        how = f"{np.median(taken):.0f} days, as the median of those complete" if taken else "until the horizon's end"
        notes.append(f"announced: {_listed(open_ended)} began and have no completion: money is spread over {how}")
    if unstarted:
        notes.append(f"announced: {_listed(unstarted)} have no start: money is spread from the announcement on")
    return outlays, notes


def _days(day: Day | None, figures: Figures) -> NDArray[np.float64]:
    return np.full(figures.count, NEVER if day is None else float(day.first.toordinal()))


def _usual_days(study: Study) -> list[int]:
    """How long each project that was begun and completed took [day]."""
    return sorted(
        (project.completed.first - project.started.first).days
        for project in study.announced.values()
        if project.started is not None and project.completed is not None
    )


def _days_to_build(study: Study, project: Project, taken: Sequence[int]) -> float:
    if taken:
        return float(np.median(taken))
    started = project.started.first if project.started is not None else project.announced.first
    return float(max(_end_of(study) - started.toordinal(), 1))


def _end_of(study: Study) -> int:
    year, month = map(int, study.horizon.end.split("-"))
    return date(year + month // 12, month % 12 + 1, 1).toordinal()


def _listed(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def flows_of(study: Study, outlays: Iterable[Outlay], figures: Figures, notes: Sequence[str] = ()) -> Flows:
    """The money of all outlays by year of the horizon and stage; money outside the horizon is in the notes."""
    unit = plan_currency(study) or ""
    terms = calendar_years(study)
    money, years = Money(study, figures, terms, unit), tuple(map(int, terms.labels))
    edges = np.array([date(year, 1, 1).toordinal() for year in (*years, years[-1] + 1)], dtype=np.float64)
    found: dict[tuple[str, str, str, str, str], NDArray[np.float64]] = {}
    outside = 0.0
    listed = list(outlays)
    for one in listed:
        worth = money.rate(["investment"], one.path, one.written)
        side = side_of(study, one.firm, one.region)
        for stage, share in _shares(one, edges):
            if not share.any():
                continue
            values = one.money[:, None] * share * worth
            key = (one.firm, one.product, one.region, side, stage)
            found[key] = found.get(key, 0.0) + values
        lost = 1.0 - _spent_share(one, edges).sum(axis=1)
        outside += float(np.mean(np.where(np.isfinite(one.spent_from), lost * one.money * worth[:, 0], 0.0)))
    told = list(notes)
    whole = sum(float(one.money.mean()) for one in listed)
    if outside > _ROUNDING * whole:
        told.append(
            f"investment: {outside:,.0f} {unit} of what is spent lie outside the years {years[0]} to {years[-1]}"
        )
    return Flows(unit, years, found, tuple(told))


def calendar_years(study: Study) -> Terms:
    """The years that the horizon touches, with its months."""
    months = months_between(study.horizon.start, study.horizon.end)
    return grouped(months, [month[:4] for month in months])


def _shares(one: Outlay, edges: NDArray[np.float64]) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """The part of an outlay's money that counts in each year at each stage (member, year)."""
    for stage in STAGES[:4]:
        day = getattr(one, stage)[:, None]
        yield stage, ((day >= edges[:-1]) & (day < edges[1:])).astype(np.float64)
    yield one.as_stage, _spent_share(one, edges)


def _spent_share(one: Outlay, edges: NDArray[np.float64]) -> NDArray[np.float64]:
    begin, end = one.spent_from[:, None], one.spent_to[:, None]
    long = np.maximum(end - begin, 1.0)
    stop = np.fmin(begin + long, one.cancelled[:, None])
    within = np.minimum(stop, edges[1:]) - np.maximum(begin, edges[:-1])
    share: NDArray[np.float64] = np.where(np.isfinite(within), np.maximum(within, 0.0) / long, 0.0)
    return share


def announced_flows(study: Study, figures: Figures) -> Flows:
    """The money of what was announced alone."""
    outlays, notes = announced_outlays(study, figures)
    return flows_of(study, outlays, figures, notes)


def flow_tables(flows: Flows) -> dict[str, pd.DataFrame]:
    """The tables ``investment``, by firm, product and region, and ``investment_totals``, of each side."""
    from cell2grid.run.told.tables import framed

    rows = [
        dict(zip(("firm", "product", "region", "side", "stage"), key, strict=True)) | said
        for key, values in sorted(flows.money.items())
        for said in _by_year(flows, values)
    ]
    totals = [row for row in total_rows(flows) if row["stage"] in STAGES]
    return {"investment": framed("investment", rows), "investment_totals": framed("investment_totals", totals)}


def total_rows(flows: Flows) -> list[dict[str, Any]]:
    """A row for each side and year of each stage that anything reaches, with the money of all firms and products."""
    stages = [stage for stage in STAGES if any(key[4] == stage for key in flows.money)]
    sides = [side for side in SIDES if side != "unknown" or any(key[3] == side for key in flows.money)]
    return [
        {"side": side, "stage": stage, **said}
        for stage in stages
        for side in sides
        for said in _by_year(flows, flows.of_side(side, stage), whole=True)
    ]


def _by_year(flows: Flows, values: NDArray[np.float64], *, whole: bool = False) -> Iterator[dict[str, Any]]:
    for place, year in enumerate(flows.years):
        if whole or values[:, place].any():
            found = spread(values[:, place])
            yield {"year": year, "mean": found.mean, "p10": found.p10, "p90": found.p90, "unit": flows.unit}


def overtaking(flows: Flows, stage: str = "spent") -> dict[str, Any]:
    """The first year in which more goes abroad than stays at home, of the means, and in what part of members it comes.

    Years before any in which more stays at home do not count, as where little is spent at all. ``year`` is None where
    it never does; ``p10`` to ``p90`` are over the members in which it does.
    """
    home, abroad = (flows.of_side(side, stage) for side in ("home", "abroad"))
    more = _after_home_leads(abroad, home)
    first = np.array([flows.years[int(row.argmax())] if row.any() else -1 for row in more])
    means = _after_home_leads(abroad.mean(axis=0), home.mean(axis=0))
    reached = first[first >= 0]
    ends = [int(np.quantile(reached, q, method="inverted_cdf")) if reached.size else None for q in (0.1, 0.9)]
    return {
        "stage": stage,
        "year": flows.years[int(means.argmax())] if means.any() else None,
        "p10": ends[0],
        "p90": ends[1],
        "members": float((first >= 0).mean()),
    }


def _after_home_leads(abroad: NDArray[np.float64], home: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where more goes abroad (…, year), from the first year on in which more stays at home, if there is one."""
    led = np.maximum.accumulate(home > abroad, axis=-1)
    found: NDArray[np.bool_] = (abroad > home) & (led | ~led[..., -1:])
    return found


def spending(flows: Flows, members: int) -> xr.Dataset:
    """What is announced, spent and renewed at home and abroad (member, side, calendar_year), by its variables."""
    import xarray as xr

    from cell2grid.nomenclature import labelled

    sides, dims = ("home", "abroad"), ("member", "side", "calendar_year")
    shape = (members, len(flows.years))
    values = {
        name: (dims, np.stack([np.broadcast_to(flows.of_side(side, stage), shape) for side in sides], 1))
        for name, stage in BY_STAGE.items()
    }
    coords = {
        "member": np.arange(members),
        "side": np.array(sides, dtype=object),
        "calendar_year": np.array([str(year) for year in flows.years], dtype=object),
    }
    return labelled(xr.Dataset(values, coords))
