"""A study's storage project as the subject of a valuation: its parts, its prices, and its figures by their paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.run.drawn.figures import Figures
from cell2grid.run.worth.price_years import years_of
from cell2grid.run.worth.terms import Members, Subject, members_of
from cell2grid.study.project_file import ProjectFile, ProjectPrices
from cell2grid.study.quantity import Day

if TYPE_CHECKING:
    from pathlib import Path

    from cell2grid.prices import PriceSeries
    from cell2grid.study.model import StorageProject, StorageTechnology, Study

Floats = npt.NDArray[np.float64]
_OF_PROJECT = ("finance", "contracts", "ageing", "augmentation", "warranty", "power", "energy")


def has_life(part: StorageProject) -> bool:
    """Whether the study says how the project's store lives, beyond a yearly fade of its revenue.

    >>> from cell2grid.study.loader import load_study
    >>> has_life(load_study("shanghai-megapack").study.projects["assumed-project"])
    False
    """
    return part.ageing is not None or part.warranty is not None or bool(part.augmentation)


def subject_of_study(
    study: Study, name: str, technology: StorageTechnology, series: PriceSeries, currency: str, folder: Path
) -> Subject:
    """The project of a study with its prices, its technology and its cells.

    Raises
    ------
    StudyError, PriceError
        As ``subject_of``.
    """
    from cell2grid.run.life.cells import cells_named

    part = study.projects[name]
    project = ProjectFile.model_construct(
        project=part.name or name,
        power=part.power,
        energy=part.energy,
        valuation=Day.model_validate(study.horizon.start),
        prices=ProjectPrices(currency=currency),
        finance=part.finance,
        ageing=part.ageing,
        augmentation=part.augmentation,
        warranty=part.warranty,
        contracts=part.contracts,
        exchange_rates=study.exchange_rates,
    )
    cells = None if part.ageing is None else cells_named(part.ageing.cells)
    return Subject(project, years_of(project, [series], folder), technology, cells, None, folder)


def study_members(subject: Subject, study: Study, name: str, figures: Figures, commissioning: Floats) -> Members:
    """The lives and the money of a study's members, whose commissioning deliveries gave.

    Raises
    ------
    StudyError, InputError
        As ``members_of``.
    """
    return members_of(subject, OfProject(figures, name, study.projects[name].technology), commissioning=commissioning)


class OfProject(Figures):
    """The figures of a study under the paths that a project file has for them.

    >>> figures = Figures(1, first=0, count=2)
    >>> own = OfProject(figures, "north", None).share("finance.life")
    >>> bool((own == figures.share("projects.north.finance.life")).all())
    True
    """

    def __init__(self, figures: Figures, name: str, technology: str | None) -> None:
        super().__init__(figures.seed, first=figures.first, count=figures.count)
        self._figures, self._name, self._technology = figures, name, technology

    def share(self, path: str) -> Floats:
        """As of the study's own figure."""
        return self._figures.share(self._path(path))

    def note(self, variable: str, path: str) -> None:
        """Remember that ``variable`` was made from the study's figure."""
        self._figures.note(variable, self._path(path))

    def _path(self, path: str) -> str:
        first, _, rest = path.partition(".")
        if first in _OF_PROJECT:
            return f"projects.{self._name}.{path}"
        if first == "technology":
            return f"technologies.{self._technology}.{rest}"
        return f"projects.{self._name}.{path}" if first == "prices" else path
