"""The page of a region's adequacy: the figures of its document with the charts of its tables, handed to the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cell2grid.report.alone import Told
    from cell2grid.run.adequacy import Adequacy
    from cell2grid.study.region_file import RegionFile

_RISKS = {
    "loss_of_load": "hours with a shortfall (LOLE)",
    "loss_of_load_days": "days with a shortfall",
    "unserved_energy": "unserved energy (EUE)",
}
_CREDITS = {
    "elcc": ("capacity credit (ELCC)", "load that can be added for the same risk as without it"),
    "efc": ("equivalent firm capacity (EFC)", "power that never fails and brings the risk as low"),
}


def adequacy_page(found: Adequacy, document: Mapping[str, Any], page: Path) -> Path:
    """The path of the page that was written.

    Raises
    ------
    InputError
        The page cannot be written.
    """
    from cell2grid.report.value_page import write_worth_page

    methods = [part["method"] for part in (document["benefit"], document["adequacy"]) if part is not None]
    return write_worth_page(
        found.tables,
        page,
        kind="adequacy",
        name=f"{document['region']}: what it lacks, and what {found.credited} does for it",
        figures=_figures(document),
        findings=_findings(document),
        assumptions=_assumptions(found.region),
        notes=[*document["notes"], *([found.reason] if found.reason else [])],
        method="; ".join(methods),
    )


def _figures(document: Mapping[str, Any]) -> list[Told]:
    from cell2grid.report.alone import Told

    risk = document["adequacy"]
    if risk is None:
        return []
    rows = []
    for key, name in _RISKS.items():
        without, thereby = (risk[case][key] for case in ("without", "with"))
        text = f"{without['value']:,.2f} to {thereby['value']:,.2f} {without['unit']}"
        rows.append(Told(name, text, f"without and with {risk['credit_of']}"))
    for key, (name, means) in _CREDITS.items():
        if risk.get(key) is not None and risk[key]["value"] is not None:
            credit = risk[key]
            text = f"{credit['value']:,.2f} {credit['unit']} ({credit['low']:,.2f} to {credit['high']:,.2f})"
            rows.append(Told(name, text, f"{means}; 95 % interval of the samples"))
    return rows


def _findings(document: Mapping[str, Any]) -> list[str]:
    """What came out, in sentences."""
    found = []
    benefit, risk = document["benefit"], document["adequacy"]
    if benefit is not None:
        peak, ramp, lost = (benefit[name] for name in ("peak_net_load", "largest_ramp", "curtailed_energy"))
        found.append(f"The peak of net load falls from {peak['before']:,.1f} to {peak['after']:,.1f} {peak['unit']}.")
        if lost["before"] > 0.0:
            saved = lost["before"] - lost["after"]
            found.append(f"{saved:,.1f} of {lost['before']:,.1f} {lost['unit']} of curtailment are avoided.")
        found.append(f"The largest ramp goes from {ramp['before']:,.1f} to {ramp['after']:,.1f} {ramp['unit']}.")
    if risk is not None and risk.get("elcc_share") is not None:
        found.append(f"The capacity credit is {risk['elcc_share']:.1%} of {risk['power']:g} MW.")
    return found


def _assumptions(region: RegionFile) -> list[Told]:
    """Every figure of the region with its source; a list of many steps is told by its ends."""
    from cell2grid.report.alone import Told
    from cell2grid.study.quantity import Quantity, figures

    lists: dict[str, list[Any]] = {}
    for path, figure in figures(region):
        in_list = isinstance(path[-1], int) and isinstance(figure, Quantity)
        lists.setdefault(".".join(map(str, path[:-1] if in_list else path)), []).append(figure)
    rows = []
    for name, found in lists.items():
        text = found[0].text
        if len(found) > 1:
            low, high = (pick(found, key=lambda figure: figure.value).text for pick in (min, max))
            text = f"{len(found)} values from {low} to {high}"
        sources = dict.fromkeys(str(source) for figure in found for source in figure.sources)
        rows.append(Told(name, text, "; ".join(sources) or "no source given"))
    return rows
