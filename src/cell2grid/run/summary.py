"""What ``cell2grid run`` says of a run: one plain document of its observations, counterfactuals, projects and dates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from cell2grid.results import Results


def run_summary(results: Results, folder: Path) -> dict[str, Any]:
    """The run as a JSON document: missing numbers are null.

    ``counterfactual`` is the first of ``counterfactuals``, or null; a share is in percent.
    """
    cases = counterfactuals(results)
    return {
        "study": results.manifest["study"],
        "out": str(folder),
        "members": results.manifest["members"],
        "seed": results.manifest["seed"],
        "observations": records(results, "observations"),
        "counterfactual": next(iter(cases.values()), None),
        "counterfactuals": cases,
        "deliveries": records(results, "deliveries"),
        "projects": records(results, "projects"),
        "illustrative": list(results.manifest["illustrative"]),
        "defaults": list(results.manifest["defaults"]),
        "not_used": list(results.manifest["not_used"]),
        "wall_seconds": round(sum(results.manifest["wall_seconds"].values()), 3),
    }


def counterfactuals(results: Results) -> dict[str, dict[str, Any]]:
    """Each counterfactual by name: its exports and their share as mean, p10, p90 and unit, and what it leaves out."""
    cases: dict[str, dict[str, Any]] = {}
    for row in records(results, "counterfactuals"):
        case = cases.setdefault(row["name"], {"name": row["name"], "without": row["without"].split(", ")})
        case[row["quantity"]] = {key: row[key] for key in ("mean", "p10", "p90", "unit")}
    return cases


def records(results: Results, table: str) -> list[dict[str, Any]]:
    """The rows of a table as plain values; a number that is missing is None."""
    return [
        {name: _plain(value) for name, value in row.items()} for row in results.tables[table].to_dict(orient="records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
