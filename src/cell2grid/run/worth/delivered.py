"""When a project is commissioned by the deliveries of a study: the members of its ensemble as a distribution."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.errors import StudyError
from cell2grid.study.project_file import OfStudy

if TYPE_CHECKING:
    from cell2grid.study.project_file import ProjectFile

Floats = npt.NDArray[np.float64]


def commissioning_of_study(project: ProjectFile, folder: Path, *, workers: int = 1) -> Floats | None:
    """Months after the valuation at which the study's members commission the project; NaN where one never does.

    None where the project file does not name a study. The study runs with its own members and seed.

    Raises
    ------
    StudyError
        The study cannot be read or simulated, has no such project, or the project has no order; or the valuation is
        after a member's commissioning.
    """
    asked = project.commissioning
    if not isinstance(asked, OfStudy):
        return None
    from cell2grid.run.ensemble import simulate
    from cell2grid.study.loader import load_study
    from cell2grid.study.refusals import near

    beside = folder / asked.study
    loaded = load_study(beside if beside.is_file() else asked.study)
    study = loaded.study
    ordered = [name for name, part in study.projects.items() if part.order is not None]
    if asked.project not in ordered:
        raise StudyError(
            f"commissioning.project: '{asked.project}' is no project with an order in study '{study.study}'; "
            f"{near(asked.project, ordered, what='projects with an order')}"
        )
    arrays = simulate(study, members=study.members, seed=study.seed, workers=workers).arrays
    months = np.asarray(arrays["commissioning"].sel(order=asked.project).values, np.float64)
    later = _months_to_valuation(project, study.horizon.start)
    found = months - later
    early = np.nanmin(found) if np.isfinite(found).any() else 0.0
    if early < 0.0:
        raise StudyError(
            f"valuation: {project.valuation} is {-early:.1f} months after the earliest commissioning in study "
            f"'{study.study}'; value the project on a day up to it"
        )
    return np.sort(found)


def _months_to_valuation(project: ProjectFile, start: str) -> float:
    """Months from the start of the study's horizon to the valuation; 0 where the file names no day."""
    if project.valuation is None:
        return 0.0
    year, month = (int(part) for part in start.split("-"))
    day = project.valuation.first
    return (day.year - year) * 12.0 + (day.month - month) + (day.day - 1) / 30.4375
