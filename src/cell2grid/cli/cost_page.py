"""The page of a cost: headline figures, findings and every figure it rests on, handed to the report with the table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cell2grid.report.alone import Told
    from cell2grid.study.cost_file import CostCase


def cost_page(case: CostCase, frame: pd.DataFrame, told: Mapping[str, Any], page: Path) -> Path:
    """The path of the page that was written.

    Raises
    ------
    InputError
        The page cannot be written.
    """
    from cell2grid.report.value_page import write_worth_page

    size = told["volume"]
    return write_worth_page(
        {"cost": frame},
        page,
        kind="cost",
        name=f"{told['title']}: {size['value']:g} {size['unit']}",
        figures=_figures(told),
        findings=_findings(told),
        assumptions=_assumptions(case),
        notes=told["notes"],
        method=f"accounts of the plant '{told['plant']}', {told['members']:,} members, seed {told['seed']}",
    )


def _figures(told: Mapping[str, Any]) -> list[Told]:
    from cell2grid.report.alone import Told

    rows = []
    for one in told["countries"]:
        total, capital = one["total"], one["capital_per_gwh"]
        text = f"{total['mean']:.1f} {told['unit']} (80 % of members: {total['p10']:.1f} to {total['p90']:.1f})"
        means = (
            f"{told['scope_means']}; equipment of {capital['mean'] / 1e6:.0f} million {told['currency']} a GWh a year"
        )
        rows.append(Told(f"cost of a kWh, {one['name']}", text, means))
    return rows


def _findings(told: Mapping[str, Any]) -> list[str]:
    """What came out, in sentences."""
    found = []
    for one in told["countries"]:
        dearest = max(one["rows"], key=lambda row: float(row["mean"]))
        share = dearest["mean"] / one["total"]["mean"]
        found.append(f"In {one['name']}, {dearest['kind']} make {share:.0%} of the cost.")
    if len(told["countries"]) > 1:
        ordered = sorted(told["countries"], key=lambda one: float(one["total"]["mean"]))
        more = ordered[-1]["total"]["mean"] / ordered[0]["total"]["mean"] - 1.0
        found.append(f"A kWh costs {more:.0%} more in {ordered[-1]['name']} than in {ordered[0]['name']}.")
    return found


def _assumptions(case: CostCase) -> list[Told]:
    from cell2grid.report.alone import Told
    from cell2grid.study.quantity import figures

    parts = (("technology", case.technology), ("plant", case.plant), ("countries", dict(case.countries)))
    told = []
    for name, part in parts:
        for path, figure in figures(part, (name,)):
            sources = "; ".join(map(str, figure.sources)) or "no source given"
            told.append(Told(".".join(map(str, path)), figure.text, sources))
    return told
