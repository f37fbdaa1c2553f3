"""What a fleet found: how many pairs have a schedule, and for each asset its best and worst year and what lies between.

It is counted by DuckDB from ``results/*.parquet`` alone, one thread and in the order of the rows, so that the same
rows give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cell2grid.errors import RunFolderError
from cell2grid.evidence.keeping.duckdb_files import duckdb_here
from cell2grid.files import write_whole
from cell2grid.run.fleet.assets import FleetAsset
from cell2grid.run.fleet.folder import PriceFolder
from cell2grid.run.fleet.pairs import SOLVED

SHOWN = 20  # failures and notes that the summary spells out; all failures are in the results
_WHOLE_YEAR = 365 * 24
_ROWS = "(SELECT *, row_number() OVER () AS place FROM read_parquet(?))"
_PER_ASSET = f"""
SELECT asset, currency, count(*) AS price_years, count(*) FILTER (status = '{SOLVED}') AS solved,
    count(*) FILTER (status <> '{SOLVED}') AS failed, count(*) FILTER (hours < {_WHOLE_YEAR}) AS short_years,
    arg_max(series, (objective, -place)) FILTER (status = '{SOLVED}') AS best_series,
    arg_max(year, (objective, -place)) FILTER (status = '{SOLVED}') AS best_year,
    max(objective) AS best_objective,
    arg_min(series, (objective, place)) FILTER (status = '{SOLVED}') AS worst_series,
    arg_min(year, (objective, place)) FILTER (status = '{SOLVED}') AS worst_year,
    min(objective) AS worst_objective,
    fsum(objective) / count(objective) AS mean_objective,
    quantile_cont(objective, 0.1) AS p10_objective, quantile_cont(objective, 0.5) AS p50_objective,
    quantile_cont(objective, 0.9) AS p90_objective,
    fsum(revenue) / count(revenue) AS mean_revenue, fsum(cycles) / count(cycles) AS mean_cycles
FROM {_ROWS} GROUP BY asset, currency ORDER BY min(place)
"""
_FAILURES = f"""
SELECT asset, series, year, status, reason FROM {_ROWS} WHERE status <> '{SOLVED}' ORDER BY place LIMIT {SHOWN}
"""
_METHODS = f"SELECT coalesce(method, status) AS how, count(*) FROM {_ROWS} GROUP BY how ORDER BY how"


def write_summary(place: Path, assets: Sequence[FleetAsset], prices: PriceFolder) -> dict[str, Any]:
    """The summary of a fleet whose parts are all there, after it was written as JSON and as CSV."""
    files = sorted(str(file) for file in (place / "results").glob("part-*.parquet"))
    with duckdb_here(threads=1) as engine:
        rows = _records(engine, _PER_ASSET, files)
        failures = _records(engine, _FAILURES, files)
        methods = dict(engine.execute(_METHODS, [files]).fetchall())
    solved = sum(row["solved"] for row in rows)
    document = {
        "assets": len(assets),
        "series": len({year.series for year in prices.years}),
        "price_years": len(prices.years),
        "pairs": len(assets) * len(prices.years),
        "solved": solved,
        "failed": len(assets) * len(prices.years) - solved,
        "methods": methods,
        "parts": len(files),
        "ignored_files": list(prices.ignored),
        "filled": sum(year.filled for year in prices.years),
        "notes": list(prices.notes[:SHOWN]),
        "failures": failures,
        "summary": rows,
    }
    write_whole(place / "summary.csv", _as_csv(rows))
    write_whole(place / "summary.json", json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    return document


def read_summary(folder: str | Path) -> dict[str, Any]:
    """The summary of a fleet that was finished.

    Raises
    ------
    RunFolderError
        The folder is not a fleet's, or its call has not ended.
    """
    file = Path(folder) / "summary.json"
    try:
        document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RunFolderError(
            f"'{folder}' holds no finished fleet; make the call 'cell2grid fleet … --out {folder}' again: it goes on"
        ) from None
    return document


def _records(engine: Any, query: str, files: list[str]) -> list[dict[str, Any]]:
    found = engine.execute(query, [files])
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _as_csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
