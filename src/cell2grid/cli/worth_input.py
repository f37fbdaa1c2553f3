"""The project and the prices that ``value`` and ``size`` are given, read and joined, and how prices are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.errors import InputError

if TYPE_CHECKING:
    from cell2grid.prices import PriceSeries
    from cell2grid.run.worth.terms import Subject
    from cell2grid.study.project_file import ProjectFile

ProjectArgument = Annotated[Path, typer.Argument(metavar="PROJECT.yaml", help="The project: its size, wear and money.")]
Prices = Annotated[
    list[Path] | None,
    typer.Option(metavar="PRICES.csv", help="Prices instead of the project's own; give it again for more years."),
]
Synthetic = Annotated[
    int | None, typer.Option(metavar="SEED", help="The synthetic year of a seed, which no market set, for prices.")
]
PriceColumn = Annotated[str | None, typer.Option(help="The column of prices; the project's, else 'price'.")]
Workers = Annotated[int, typer.Option(help="Cores to use. The results are the same for any number.")]
Seed = Annotated[int, typer.Option(help="Seed of the draws.")]


def given_subject(
    path: Path,
    prices: list[Path] | None,
    synthetic: int | None,
    reading: dict[str, Any],
    *,
    workers: int = 1,
) -> Subject:
    """The project with its prices and, where it names a study, with the deliveries of that.

    Parameters
    ----------
    reading
        How price files are read: keyword arguments of ``read_prices``.

    Raises
    ------
    StudyError, PriceError, InputError
        The project or its prices are refused, or there are no prices.
    """
    from cell2grid.run.worth.delivered import commissioning_of_study
    from cell2grid.run.worth.terms import subject_of
    from cell2grid.study.project_file import read_project

    project = read_project(path)
    series = _series(project, path.parent, prices, synthetic, reading)
    delivered = commissioning_of_study(project, path.parent, workers=workers)
    return subject_of(project, series, folder=path.parent, delivered=delivered)


def _series(
    project: ProjectFile, folder: Path, prices: list[Path] | None, synthetic: int | None, reading: dict[str, Any]
) -> list[PriceSeries]:
    from cell2grid.prices import read_prices, synthetic_year

    said = project.prices
    currency = reading.pop("currency", None) or said.currency
    if synthetic is not None:
        if prices:
            raise InputError("give either --prices or --synthetic SEED for the synthetic year")
        return [synthetic_year(synthetic, currency=currency)]
    files = list(prices or ([folder / said.file] if said.file is not None else []))
    if not files:
        raise InputError(
            "the project has no prices; give --prices PRICES.csv, write 'prices: {file: PRICES.csv}' in the project "
            "file, or take --synthetic SEED",
        )
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice is not None:
        raise InputError(f"--prices {twice} stands twice; give each file once")
    column = reading.pop("price_column", None) or said.column
    return [read_prices(file, price_column=column, currency=currency, **reading) for file in files]
