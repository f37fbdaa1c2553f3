"""What a reader must know before believing a project's money: synthetic prices, prices of another region, short ones.

The charts print these on themselves and the findings end with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.marks import rows
from cell2grid.report.provenance import called, study_of
from cell2grid.study.model import Study

if TYPE_CHECKING:
    from cell2grid.results import Results

SYNTHETIC = "synthetic prices"


def price_caveats(study: Study, project: str) -> tuple[str, ...]:
    """What is not real about the prices of a project, in words; empty where they are its own region's from a file."""
    part = study.projects.get(project)
    series = None if part is None or part.prices is None else study.prices.get(part.prices)
    if part is None or series is None:
        return ()
    found = []
    if series.file is None:
        found.append(f"{SYNTHETIC}: a made-up year, not those of any market")
    if series.region != part.region:
        found.append(
            f"illustrative: prices of another region ({called(study, series.region)}, "
            f"the project is in {called(study, part.region)})"
        )
    return tuple(found)


def caveats(results: Results, project: str) -> tuple[str, ...]:
    """All caveats of a project's money: of its prices, and those that the run itself noted."""
    found = list(price_caveats(study_of(results), project))
    reasons = [str(reason) for reason in results.manifest.get("illustrative", ())]
    noted = [reason.partition(": ")[2] for reason in reasons if reason.partition(": ")[0] == project]
    # what the run says of region and origin is worded above already
    found += [f"illustrative: {reason}" for reason in noted if not reason.startswith("prices are ")]
    frame = rows(results, "projects")
    if not frame.empty:
        frame = frame[(frame["project"] == project) & frame["illustrative"].astype(bool)]
        notes = [str(note) for note in frame["note"].dropna().unique() if str(note).strip()]
        if not found:
            found = [note if "illustrative" in note else f"illustrative: {note}" for note in notes]
    return tuple(dict.fromkeys(found))
