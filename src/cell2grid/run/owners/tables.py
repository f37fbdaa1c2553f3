"""The tables of a run that tell of owners: stakes, links of supply and concentration, on the days when they change.

Their columns are listed in ``cell2grid.results.TABLES``; shares are ratios.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from cell2grid.formulas.calendar import days_in, first_day
from cell2grid.formulas.ownership.control import MAJORITY
from cell2grid.formulas.ownership.graph import change_days
from cell2grid.run.owners.companies import Company, companies, stakes_on
from cell2grid.run.owners.links import links
from cell2grid.run.owners.markets import markets
from cell2grid.study.stakes import days_of, holdings

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.run.owners.companies import Stakes
    from cell2grid.run.owners.found import Owners
    from cell2grid.study.model import Study

MOST_DAYS = 60  # of a study whose stakes change more often, the last ones


def owner_tables(study: Study) -> dict[str, pd.DataFrame]:
    """The tables of a run, on the first day of the horizon and each on which something changes; none without owners.

    >>> from cell2grid.study.loader import load_study
    >>> sorted(owner_tables(load_study("beijing-era").study)), owner_tables(load_study("giga-shanghai-2022").study)
    (['concentration', 'owners', 'supplies'], {})
    """
    if not study.stakes and not study.supplies:
        return {}
    owned: list[dict[str, Any]] = []
    concentrated: list[dict[str, Any]] = []
    linked: list[dict[str, Any]] = []
    for day in days(study):
        stakes = stakes_on(study, day, threshold=MAJORITY, quota=MAJORITY)
        owned += [row for company in companies(stakes) for row in _owner_rows(company, day)]
        concentrated += _market_rows(study, stakes, day)
        linked += _link_rows(study, day)
    return _frames(owned, linked, concentrated)


def tables_of(found: Owners) -> dict[str, pd.DataFrame]:
    """The same tables for the one day of ``found``."""
    owned = [row for company in found.companies for row in _owner_rows(company, found.day)]
    linked = _link_rows(found.study, found.day)
    return _frames(owned, linked, _market_rows(found.study, found.stakes, found.day))


def days(study: Study) -> list[date]:
    """The first day of the horizon, and those within it on which a stake, a link or an open plant changes."""
    end = study.horizon.end
    first, last = first_day(study.horizon.start), first_day(end).replace(day=days_in(end))
    changes = {first, *change_days(holdings(study))}
    for row in study.supplies:
        since, until = days_of(row)
        changes.add(since)
        if until < date.max:
            changes.add(date.fromordinal(until.toordinal() + 1))
    for plant in study.plants.values():
        changes |= {opens.first for opens in (plant.opens, *(block.opens for block in plant.tranches)) if opens}
    return sorted(day for day in changes if first <= day <= last)[-MOST_DAYS:]


def owner_reads(study: Study) -> Mapping[str, tuple[str, ...]]:
    """The paths of the figures that what is told of owners was made from."""
    shares = [f"stakes.{place}.{key}" for place, key in _written(study.stakes, ("share", "since", "until"))]
    votes = [f"stakes.{place}.{key}" for place, key in _written(study.stakes, ("votes",))]
    sizes = [
        f"plants.{name}.{key}"
        for name, plant in study.plants.items()
        for key in ("capacity", "opens")
        if getattr(plant, key) is not None
    ]
    found = {
        "attributable_share": shares,
        "voting_power": [*shares, *votes],
        "concentration_ratio": [*shares, *sizes],
        "concentration_index": [*shares, *sizes],
    }
    return {name: tuple(paths) for name, paths in found.items() if study.stakes and paths}


def _written(rows: Sequence[Any], keys: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    for place, row in enumerate(rows):
        for key in keys:
            if getattr(row, key) is not None:
                yield place, key


def _owner_rows(company: Company, day: date) -> Iterator[dict[str, Any]]:
    shared = {"company": company.company, "day": day.isoformat(), "unit": "ratio"}
    for row in company.holders:
        low, high = row.banzhaf if row.banzhaf is not None else (None, None)
        yield {
            **shared,
            "holder": row.holder,
            "direct": None if row.direct is None else row.direct.middle,
            "attributable_low": row.attributable[0],
            "attributable_high": row.attributable[1],
            "votes": None if row.votes is None else row.votes.middle,
            "control": row.control,
            "power_low": low,
            "power_high": high,
        }
    if company.unknown[1] > 0.0 or company.unattributed > 0.0:
        # the row of nobody named
        ends = {"attributable_low": 0.0, "attributable_high": company.unattributed}
        yield {**shared, "holder": None, "direct": company.unknown[1], **ends, "control": "unknown"}


def _link_rows(study: Study, day: date) -> list[dict[str, Any]]:
    return [
        {
            "supplier": link.supplier,
            "customer": link.customer,
            "supplier_firm": link.supplier_firm,
            "customer_firm": link.customer_firm,
            "product": link.product,
            "day": day.isoformat(),
            "share_low": None if link.share is None else link.share[0],
            "share_high": None if link.share is None else link.share[1],
            "basis": link.basis,
            "reference": link.sources,
        }
        for link in links(study, day)
    ]


def _market_rows(study: Study, stakes: Stakes, day: date) -> list[dict[str, Any]]:
    return [
        {
            "product": row.product,
            "basis": row.basis,
            "day": day.isoformat(),
            "firms": row.firms,
            "cr4_low": row.found.ratio_low,
            "cr4_high": row.found.ratio_high,
            "hhi_low": row.found.index_low,
            "hhi_high": row.found.index_high,
        }
        for row in markets(study, stakes, day)
    ]


def _frames(
    owned: list[dict[str, Any]], linked: list[dict[str, Any]], concentrated: list[dict[str, Any]]
) -> dict[str, pd.DataFrame]:
    from cell2grid.run.told.tables import framed

    found = {"owners": owned, "supplies": linked, "concentration": concentrated}
    return {name: framed(name, rows) for name, rows in found.items()}
