"""The valuation of a project file from Python: what the command ``value`` prints and writes, as one object.

The valuation itself is in ``valuing.py``, its tables in ``worth_tables.py`` and its document in ``telling.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.errors import InputError
from cell2grid.prices import PriceSeries, read_prices
from cell2grid.run.worth.delivered import commissioning_of_study
from cell2grid.run.worth.telling import document
from cell2grid.run.worth.terms import subject_of
from cell2grid.run.worth.valuing import Worth, worth
from cell2grid.run.worth.worth_tables import tables
from cell2grid.study.project_file import ProjectFile, read_project

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Prices = PriceSeries | Path | str


@dataclass(frozen=True, slots=True, eq=False)
class ProjectValue:
    """What a project is worth: as tables, as arrays, and as the document that ``cell2grid value --json`` prints."""

    worth: Worth

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every table by its name: life, cash_flow, members, delay."""
        return tables(self.worth)

    @property
    def arrays(self) -> xr.Dataset:
        """All that was counted, by member, project and year, with units; the middle case where there is one member."""
        return (self.worth.spread or self.worth.middle).arrays

    def document(self) -> dict[str, Any]:
        """npv, irr, lcos, payback, debt_cover, state_of_health, the yearly table, assumptions with sources, notes."""
        return document(self.worth)


def value_project(
    project: ProjectFile | Path | str,
    *,
    prices: Prices | Sequence[Prices] = (),
    members: int = 1,
    seed: int = 1,
    workers: int = 1,
    folder: Path | str | None = None,
) -> ProjectValue:
    """What a storage project is worth over its life.

    Parameters
    ----------
    project
        A project file, or what ``read_project`` made of one.
    prices
        Price series or files of them, in their order; the project's own without it.
    members
        Draws of every range; 1 values the middle of them alone.
    seed
        Of the draws; the same seed gives the same members, whatever the number of workers.
    folder
        Where the files that the project names are; that of the project file without it.

    Raises
    ------
    StudyError, PriceError, InputError
        The project or its prices are refused, or there are no prices.
    InfeasibleError, NotConvergedError
        There is no schedule within the limits, or the debt cannot be served.

    >>> from cell2grid.prices import synthetic_year
    >>> from cell2grid.study.project_file import parse_project
    >>> money = "{capital_cost: 100 EUR/kWh, discount_rate: 7 percent/year, life: 2 year}"
    >>> hill = parse_project(f"{{project: hill, power: 1 MW, energy: 2 MWh, finance: {money}}}")
    >>> found = value_project(hill, prices=synthetic_year(1, currency="EUR"))
    >>> found.document()["capital_cost"], found.tables["cash_flow"]["year"].tolist()
    (200000.0, [0, 1, 2])
    """
    beside = Path() if folder is None else Path(folder)
    if not isinstance(project, ProjectFile):
        beside = Path(project).parent if folder is None else beside
        project = read_project(project)
    given = [prices] if isinstance(prices, (PriceSeries, Path, str)) else list(prices)
    if not given and project.prices.file is not None:
        given = [beside / project.prices.file]
    if not given:
        raise InputError("the project has no prices; give 'prices', or write 'prices: {file: PRICES.csv}' in its file")
    said = project.prices
    series = [
        one if isinstance(one, PriceSeries) else read_prices(one, price_column=said.column, currency=said.currency)
        for one in given
    ]
    delivered = commissioning_of_study(project, beside, workers=workers)
    subject = subject_of(project, series, folder=beside, delivered=delivered)
    return ProjectValue(worth(subject, members=members, seed=seed, workers=workers))
