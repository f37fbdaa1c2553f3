"""Rules that say how long a project takes to build from what other projects took: the model's, and three naive ones.

Each is a function of the projects that are known and of the one that is asked for. How they are held against a record
is in ``years_held_out.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.formulas.held_out import least_absolute

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.record_check.projects import Project

Rule = Callable[[Sequence["Project"], Sequence["Project"]], "NDArray[np.float64]"]
MODEL = "site and power"


def site_time(known: Sequence[Project]) -> tuple[float, float]:
    """The days that any site takes, and the days that each megawatt adds: d = a + b P by least absolute miss.

    It is a study's ``construction`` after the last delivery, where the plant that delivers is no bottleneck.
    """
    base, per_power = least_absolute(_columns(known, "power"), _days(known))
    return float(base), float(per_power)


def by_power(known: Sequence[Project], asked: Sequence[Project]) -> NDArray[np.float64]:
    """a + b P [day]: a time for the site and one for each megawatt that is connected."""
    found: NDArray[np.float64] = _columns(asked, "power") @ np.array(site_time(known))
    return found


def by_energy(known: Sequence[Project], asked: Sequence[Project]) -> NDArray[np.float64]:
    """a + b E [day]: a time for the site and one for each megawatt-hour that is set up; missing without an energy."""
    sized = [project for project in known if not math.isnan(project.energy)]
    if not sized:
        return np.full(len(asked), np.nan)
    found: NDArray[np.float64] = _columns(asked, "energy") @ least_absolute(_columns(sized, "energy"), _days(sized))
    return found


def median(known: Sequence[Project], asked: Sequence[Project]) -> NDArray[np.float64]:
    """The median of the known projects, whatever is asked for."""
    return np.full(len(asked), float(np.median(_days(known))))


def nearest_in_size(known: Sequence[Project], asked: Sequence[Project]) -> NDArray[np.float64]:
    """What the project of nearest power took; the earlier one of two that are as near."""
    sizes, days = np.log([project.power for project in known]), _days(known)
    return np.array([days[int(np.argmin(abs(sizes - math.log(project.power))))] for project in asked])


def last_begun(known: Sequence[Project], asked: Sequence[Project]) -> NDArray[np.float64]:
    """What the known project took whose construction began last before this one; the first of all where none did."""
    found = []
    for project in asked:
        before = [one for one in known if one.start <= project.start]
        found.append((max(before, key=_begun) if before else min(known, key=_begun)).days)
    return np.array(found)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        MODEL: by_power,
        "site and energy": by_energy,
        "median": median,
        "nearest in size": nearest_in_size,
        "last begun": last_begun,
    }
)
NAIVE = ("median", "nearest in size", "last begun")


def _days(projects: Sequence[Project]) -> NDArray[np.float64]:
    return np.array([project.days for project in projects])


def _columns(projects: Sequence[Project], size: str) -> NDArray[np.float64]:
    return np.array([[1.0, getattr(project, size)] for project in projects])


def _begun(project: Project) -> tuple[object, ...]:
    return project.start, project.name
