"""The price years of a project: price series cut into years, and what changes with time cut with them.

Years run for twelve months from the first stamp of a file. What is left of a file beyond its whole years is left out
and said; a file shorter than a year is one price year, brought to a year when its money is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import PriceError, StudyError
from cell2grid.run.columns import column_beside, temperature_beside
from cell2grid.run.life.case import PriceYear
from cell2grid.study.wear import TemperatureColumn

if TYPE_CHECKING:
    from cell2grid.prices import PriceSeries, Slope
    from cell2grid.study.project_file import ProjectFile

WHOLE_YEAR = 363 * 24.0  # hours; a file that lacks a day or two at its ends is a year
NEARLY_A_YEAR = 340 * 24.0  # what is left beyond whole years and is this long stands for a year, which is said
MOST_YEARS = 200


@dataclass(frozen=True, slots=True, eq=False)
class PriceYears:
    """The price years, the asset's keyword arguments of each, their money, and what a reader must know of them."""

    years: tuple[PriceYear, ...]
    asset: dict[str, Any]
    by_year: dict[str, tuple[Any, ...]]
    currency: str | None
    notes: tuple[str, ...]
    synthetic: bool
    slope: Slope | None = None  # estimated, where the project names a load


def years_of(project: ProjectFile, series: Sequence[PriceSeries], folder: Path) -> PriceYears:
    """The price years of all the series, in their order.

    Raises
    ------
    StudyError, PriceError
        The series are in two currencies, or more years than are taken; a column of the project has other time steps.
    """
    currency = _one_currency(project, series)
    years: list[PriceYear] = []
    changing: dict[str, list[Any]] = {}
    notes: list[str] = []
    steady: dict[str, Any] = {}
    for one in series:
        cuts, left = _cuts(one)
        if left:
            notes.append(left)
        numbers = project.numbers(lambda key, column, one=one: column_beside(folder, key, column, one))  # type: ignore[misc]
        columns = {key: numbers.pop(key) for key in project.columns()}
        steady = numbers
        celsius, note = _temperatures(project, folder, one)
        if note:
            notes.append(note)
        for first, stop in cuts:
            part = one.part(first, stop)
            warmth = celsius[first:stop] if isinstance(celsius, np.ndarray) else celsius
            years.append(PriceYear(_label(part), part.price, part.step_hours, warmth))
            for key, values in columns.items():
                changing.setdefault(key, []).append(values[first:stop])
    if len(years) > MOST_YEARS:
        raise PriceError(f"the prices cover {len(years)} years, more than {MOST_YEARS}; give fewer")
    short = [year for year in years if year.years * 8760.0 < WHOLE_YEAR]
    notes += [f"prices of {year.label} cover {_days(year.years)}, which stand for the whole year" for year in short]
    made_up = [one.name for one in series if one.synthetic]
    notes += [f"prices of {name} are synthetic and no market's" for name in made_up]
    by_year = {key: tuple(values) for key, values in changing.items()}
    slope = _slope(project, series, folder)
    notes += [] if slope is None else slope.notes()
    return PriceYears(_told_apart(years), steady, by_year, currency, tuple(dict.fromkeys(notes)), bool(made_up), slope)


def _days(years: float) -> str:
    """A length in days, or in hours where it is less than one, as it is told.

    >>> _days(1 / 365), _days(0.25), _days(2 / 8760)
    ('1 day', '91.2 days', '2 hours')
    """
    number, unit = (years * 365.0, "day") if years * 8760.0 > 23.9 else (years * 8760.0, "hour")
    text = f"{number:.3g}"
    return f"{text} {unit}{'' if text == '1' else 's'}"


def _one_currency(project: ProjectFile, series: Sequence[PriceSeries]) -> str | None:
    if not series:
        raise StudyError("prices: the project has none; add 'prices: {file: PRICES.csv}', or give --prices")
    said = {one.currency for one in series if one.currency is not None}
    if len(said) > 1:
        raise PriceError(f"the prices are in {' and '.join(sorted(said))}; bring them to one currency, as with --rate")
    return next(iter(said), None) or project.prices.currency


def _cuts(series: PriceSeries) -> tuple[list[tuple[int, int]], str | None]:
    """Where each year of twelve months begins and stops, and what is left out."""
    edges = series.edges()
    first = np.datetime64(int(edges[0]), "s")
    cuts, begin = [], 0
    for year in range(1, MOST_YEARS + 2):
        stop = int(np.searchsorted(edges, _years_on(first, year).astype(np.int64)))
        if stop >= len(edges):
            break
        cuts.append((begin, stop))
        begin = stop
    count = len(edges) - 1
    rest = float(series.step_hours[begin:].sum())
    if begin < count and (not cuts or rest >= NEARLY_A_YEAR):
        return [*cuts, (begin, count)], None
    if begin < count and rest >= 24.0:
        return cuts, f"the last {rest / 24.0:.0f} days of {series.name} make no whole year and are left out"
    return cuts, None


def _years_on(stamp: np.datetime64, years: int) -> np.datetime64:
    """The same moment so many calendar years later; 29 February becomes 1 March."""
    month = stamp.astype("datetime64[M]")
    later: np.datetime64 = (month + 12 * years).astype("datetime64[s]") + (stamp - month.astype("datetime64[s]"))
    return later


def _label(part: PriceSeries) -> str:
    local = part.local_time()
    first, last = local[0], local[-1]
    same = first.astype("datetime64[Y]") == last.astype("datetime64[Y]")
    months = " to ".join(dict.fromkeys((str(first)[:7], str(last)[:7])))
    whole = same and float(part.step_hours.sum()) >= WHOLE_YEAR
    return f"{part.name} {str(first)[:4] if whole else months}"


def _told_apart(years: list[PriceYear]) -> tuple[PriceYear, ...]:
    """Labels are of one year each: those that stand twice are numbered."""
    seen: dict[str, int] = {}
    labelled = []
    for year in years:
        seen[year.label] = seen.get(year.label, 0) + 1
        again = seen[year.label]
        labelled.append(year if again == 1 else replace(year, label=f"{year.label} ({again})"))
    return tuple(labelled)


def _slope(project: ProjectFile, series: Sequence[PriceSeries], folder: Path) -> Slope | None:
    """What a MW more of sales lowers the price by, estimated over all the series."""
    from cell2grid.prices import estimated_slope

    column = project.prices.slope_from
    if column is None:
        return None
    loads = np.concatenate([column_beside(folder, "load", column, one) for one in series])
    return estimated_slope(np.concatenate([one.price for one in series]), loads)


def _temperatures(project: ProjectFile, folder: Path, series: PriceSeries) -> tuple[Any, str | None]:
    """Of the cells over the steps; a number for each member is set in ``terms.py`` and stands as NaN here."""
    warmth = project.ageing.temperature if project.ageing is not None else None
    if isinstance(warmth, TemperatureColumn):
        return temperature_beside(folder, warmth, series)
    return float("nan"), None
