"""Run folders side by side: one table, and one small page that stands alone.

Each row is a number that two runs can both have: a monthly variable by plant, destination and year, an observation, a
counterfactual, a project's money or date. Means over the members are compared; the spread of a difference is left to
the work on the market. Charts of a single run are in ``charts``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.errors import InputError, RunFolderError
from cell2grid.files import write_whole
from cell2grid.nomenclature import variables

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.results import Results

_KEY = ("table", "variable", "entity", "destination", "period", "unit")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The runs as they were called, and one row a number: its key and one value a run, None where a run has none."""

    runs: Mapping[str, Mapping[str, Any]]
    rows: Sequence[tuple[tuple[str, ...], tuple[float | None, ...]]]

    def document(self) -> dict[str, Any]:
        """The comparison as a JSON document; a difference is the value less that of the first run."""
        return {
            "runs": [{"folder": folder, **run} for folder, run in self.runs.items()],
            "rows": [
                {
                    **dict(zip(_KEY, key, strict=True)),
                    "values": list(values),
                    "differences": [_difference(value, values[0]) for value in values],
                }
                for key, values in self.rows
            ],
        }


def compare_runs(runs: Mapping[str, Results]) -> Comparison:
    """The runs side by side, the first one being what the others are held against.

    Raises
    ------
    InputError
        There are fewer than two.
    """
    if len(runs) < 2:
        raise InputError(f"{len(runs)} run folder given, expected at least 2 different ones; add another DIR")
    columns = [numbers(results) for results in runs.values()]
    keys = list(dict.fromkeys(key for column in columns for key in column))
    rows = [(key, tuple(column.get(key) for column in columns)) for key in keys]
    about = {
        folder: {key: results.manifest[key] for key in ("study", "members", "seed", "cell2grid")}
        for folder, results in runs.items()
    }
    return Comparison(about, rows)


def numbers(results: Results) -> dict[tuple[str, ...], float | None]:
    """Every number of a run that can be compared, by table, variable, entity, destination, period and unit."""
    found: dict[tuple[str, ...], float | None] = {}
    for row in results.tables["observations"].to_dict("records"):
        key = ("observations", row["variable"], row["of"], "", _period(row["start"], row["end"]), row["unit"])
        found[key] = _number(row["mean"])
    for row in results.tables["counterfactuals"].to_dict("records"):
        case = f"{row['name']}, without {row['without']}"
        found["counterfactuals", row["quantity"], case, "", "", row["unit"]] = _number(row["mean"])
    for row in results.tables["projects"].to_dict("records"):
        found["projects", row["variable"], row["project"], "", "", row["unit"]] = _number(row["mean"])
    for row in results.tables["deliveries"].to_dict("records"):
        found["deliveries", "undelivered", row["project"], "", "", "ratio"] = _number(row["undelivered"])
    found.update(_yearly(results.tables["monthly"]))
    return found


def write_page(comparison: Comparison, path: Path) -> Path:
    """The page, as an absolute path: one HTML file that needs no other.

    Raises
    ------
    RunFolderError
        It cannot be written.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(loader=PackageLoader("cell2grid.report"), autoescape=True, undefined=StrictUndefined)
    environment.filters["number"] = _shown
    text = environment.get_template("comparison.html").render(comparison.document())
    try:
        return write_whole(Path(path), text)
    except OSError as error:
        raise RunFolderError(f"page '{path}' cannot be written: {error.strerror}; give another --out") from None


def _yearly(monthly: pd.DataFrame) -> dict[tuple[str, ...], float | None]:
    """Means by year: flows are summed, a level is that of the year's last month, a share is the mean of its months."""
    frame = monthly.assign(year=monthly["period"].str[:4], destination=monthly["destination"].fillna("").astype(str))
    found: dict[tuple[str, ...], float | None] = {}
    keys = ["variable", "entity", "destination", "year", "unit"]
    for (name, entity, destination, year, unit), part in frame.groupby(keys, sort=False):
        months = part.sort_values("period")["mean"]
        if str(unit).endswith("/month"):
            key, value = ("monthly", name, entity, destination, year, unit.removesuffix("/month")), months.sum()
        elif name in _RISING or variables()[name].unit != "ratio":
            key, value = ("monthly", name, entity, destination, f"end of {year}", unit), months.iloc[-1]
        else:
            key, value = ("monthly", name, entity, destination, year, unit), months.mean()
        found[key] = _number(value)
    return found


_RISING = ("order_share",)  # a share of what has come by then, not of the month


def _period(start: str, end: str) -> str:
    return start if start == end else f"{start} to {end}"


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _difference(value: float | None, first: float | None) -> float | None:
    return None if value is None or first is None else value - first


def _shown(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
