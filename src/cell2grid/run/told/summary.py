"""What ``cell2grid run`` says of a run: one plain document of its observations, counterfactuals, projects and dates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cell2grid.run.told.predictive import coverage

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
        "sampling": results.manifest.get("sampling", "random"),
        "observations": records(results, "observations"),
        "predictive": predictive(results),
        "calibration": calibration(results),
        "fit": records(results, "fit") if "fit" in results.tables else [],
        "operating": operating(results),
        "counterfactual": next(iter(cases.values()), None),
        "counterfactuals": cases,
        "without": without(results),
        "deliveries": records(results, "deliveries"),
        "orders": records(results, "orders") if "orders" in results.tables else [],
        "landing": records(results, "landing") if "landing" in results.tables else [],
        "markets": markets(results),
        "variance": records(results, "variance") if "variance" in results.tables else [],
        "projects": records(results, "projects"),
        "illustrative": list(results.manifest["illustrative"]),
        "defaults": list(results.manifest["defaults"]),
        "not_used": list(results.manifest["not_used"]),
        "notes": list(results.manifest["notes"]),
        "wall_seconds": round(sum(results.manifest["wall_seconds"].values()), 3),
    }


def markets(results: Results) -> dict[str, Any] | None:
    """Prices, firms, plants, flows and groups of markets that make their price; None where the study has none."""
    if "market" not in results.tables:
        return None
    parts = ("market", "market_firms", "market_plants", "market_flows", "market_groups")
    return {name.removeprefix("market_") if name != "market" else "prices": records(results, name) for name in parts}


def predictive(results: Results) -> dict[str, Any]:
    """Where each observation lies among the members, and how many of those held out and of those used are inside."""
    rows = records(results, "predictive") if "predictive" in results.tables else []
    return {**coverage(rows), "observations": rows}


def operating(results: Results) -> dict[str, Any] | None:
    """When projects operate and were reported to, with the mean absolute miss [day]; None where none was reported."""
    rows = records(results, "operating") if "operating" in results.tables else []
    if not rows:
        return None
    missed = [abs(row["missed"]) for row in rows if row["missed"] is not None]
    return {
        "projects": rows,
        "inside_80": sum(bool(row["inside_80"]) for row in rows),
        "mean_absolute_error": sum(missed) / len(missed) if missed else None,
    }


def calibration(results: Results) -> dict[str, Any] | None:
    """What the members were weighed by, how many they are worth, and what it did to the figures; None without one."""
    told = results.manifest.get("calibration")
    if told is None or "calibration" not in results.tables:
        return None
    return {**told, "figures": records(results, "calibration")}


def without(results: Results) -> dict[str, Any] | None:
    """The shocks that the run was held against and what they did to it; None where it was held against none."""
    if "without" not in results.tables:
        return None
    return {"shocks": list(results.manifest["without"]), "differences": records(results, "without")}


def counterfactuals(results: Results) -> dict[str, dict[str, Any]]:
    """Each counterfactual by name: exports and share as mean, p10, p90 and unit; what it leaves out and assumes."""
    cases: dict[str, dict[str, Any]] = {}
    for row in records(results, "counterfactuals"):
        case = cases.setdefault(row["name"], {"name": row["name"], "without": row["without"].split(", ")})
        case[row["quantity"]] = {key: row[key] for key in ("mean", "p10", "p90", "unit")}
    for case in cases.values():
        left_out = tuple(f"shocks.{shock}." for shock in case["without"])
        told = assumptions(results, "exports")
        case["assumptions"] = [row for row in told if not row["path"].startswith(left_out)]
    return cases


def assumptions(results: Results, variable: str) -> list[dict[str, str]]:
    """The figures behind a variable that rest on assumptions of the study: path, figure and reason."""
    from cell2grid.study.model import Study
    from cell2grid.study.quantity import figures

    study = Study.model_validate_json(results.study_json)
    read = set(results.manifest["reads"].get(variable, ()))
    told = []
    for path, figure in figures(study):
        name = ".".join(map(str, path))
        if name in read:
            reasons = [source.assumed.strip() for source in figure.sources if source.assumed]
            told += [{"path": name, "figure": figure.text, "reason": reason} for reason in reasons]
    return told


def records(results: Results, table: str) -> list[dict[str, Any]]:
    """The rows of a table as plain values; a number that is missing is None."""
    return [
        {name: _plain(value) for name, value in row.items()} for row in results.tables[table].to_dict(orient="records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
