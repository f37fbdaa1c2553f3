"""Each rule on the years that it has not seen: the misses of the operating date, their mean, and how well it is known.

A year is that in which construction began. For each, the rules are fitted to the projects of all other years, later
ones too, and say when the projects of that year operate. The record is read in ``projects.py``, the rules are in
``rules.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import InputError
from cell2grid.formulas.held_out import bootstrap_mean, each_held_out
from cell2grid.run.record_check.rules import MODEL, NAIVE, RULES, site_time

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.record_check.projects import Project, ProjectRecord

LEAST_KNOWN = 3  # projects that a rule is fitted to
NAMED = 10  # names told of those left out


@dataclass(frozen=True, slots=True, eq=False)
class RecordCheck:
    """The record, the projects that are told of, and the days that each rule gives them (rule, project)."""

    record: ProjectRecord
    asked: tuple[Project, ...]
    kind: str | None
    said: dict[str, NDArray[np.float64]]
    seed: int

    @property
    def misses(self) -> dict[str, NDArray[np.float64]]:
        """Days by which each rule misses the operating date, late counted positive."""
        days = np.array([project.days for project in self.asked])
        return {name: said - days for name, said in self.said.items()}

    def document(self) -> dict[str, Any]:
        """The check as a JSON document; days, and 95 % intervals."""
        record, months = self.record, [project.name for project in self.asked if project.month_only]
        base, per_power = site_time(record.projects)
        return {
            "file": record.file,
            "rows": record.rows,
            "usable": len(record.projects),
            "left_out": [
                {"reason": left.reason, "count": len(left.names), "names": list(left.names[:NAMED])}
                for left in record.left_out
            ],
            "type": self.kind,
            "typed": None if self.kind is None else record.typed(self.kind),
            "tested": len(self.asked),
            "month_only": months,
            "years": sorted({project.start.year for project in self.asked}),
            "site_days": base,
            "days_per_megawatt": per_power,
            "rules": [self._rule(name) for name in self.said],
            "differences": [self._difference(name) for name in NAIVE],
            "verdict": self.verdict(),
            "projects": [self._project(place) for place in range(len(self.asked))],
        }

    def verdict(self) -> str:
        """``better`` or ``worse`` than each naive rule, where the intervals are all on that side; else ``not told
        apart``."""
        found = [self._difference(name) for name in NAIVE]
        if all(row["high"] < 0.0 for row in found):
            return "better"
        return "worse" if all(row["low"] > 0.0 for row in found) else "not told apart"

    def _rule(self, name: str) -> dict[str, Any]:
        missed = abs(self.misses[name])
        known = missed[~np.isnan(missed)]
        if not known.size:
            return {"rule": name, "tested": 0, **dict.fromkeys(("mean_absolute_error", "low", "high", "median"))}
        low, high = bootstrap_mean(known, seed=self.seed, name="projects")
        return {
            "rule": name,
            "tested": len(known),
            "mean_absolute_error": float(known.mean()),
            "low": low,
            "high": high,
            "median": float(np.median(known)),
        }

    def _difference(self, against: str) -> dict[str, Any]:
        """By how many days the model misses more than a naive rule, project by project."""
        more = abs(self.misses[MODEL]) - abs(self.misses[against])
        low, high = bootstrap_mean(more, seed=self.seed, name="projects")
        return {"rule": MODEL, "against": against, "mean": float(more.mean()), "low": low, "high": high}

    def _project(self, place: int) -> dict[str, Any]:
        project, said = self.asked[place], float(self.said[MODEL][place])
        return {
            "name": project.name,
            "power": project.power,
            "start": project.start.isoformat(),
            "operation": project.operation.isoformat(),
            "modelled": (project.start + timedelta(days=round(said))).isoformat(),
            "missed": said - project.days,
        }


def check_record(record: ProjectRecord, *, kind: str | None = None, seed: int = 1) -> RecordCheck:
    """What each rule says of the projects of each year, from those of all other years.

    Parameters
    ----------
    kind
        Only projects whose type begins so are told of; the rules are fitted to all others of the record all the same.
    seed
        Of the bootstrap.

    Raises
    ------
    InputError
        No project is of this type, or too few years or projects can be used.
    """
    projects = record.projects
    told = [place for place, project in enumerate(projects) if kind is None or project.type.startswith(kind.lower())]
    if kind is not None and not told:
        known = ", ".join(sorted({project.type for project in projects if project.type})[:NAMED]) or "none"
        raise InputError(
            f"no project with both dates in '{record.file}' has a type that begins with '{kind}'; known types: {known}"
        )
    years = [project.start.year for project in projects]
    if len(set(years)) < 2:
        raise InputError(
            f"'{record.file}' has {len(projects)} project(s) with both dates and a size, of {len(set(years))} year(s);"
            " holding out a year needs two or more"
        )
    said = {name: np.full(len(projects), np.nan) for name in RULES}
    for others, own in each_held_out(years):
        if len(others) < LEAST_KNOWN:
            raise InputError(
                f"'{record.file}' has only {len(others)} project(s) outside {years[own[0]]}; {LEAST_KNOWN} are needed"
            )
        for name, rule in RULES.items():
            said[name][own] = rule(_at(projects, others), _at(projects, own))
    return RecordCheck(
        record, tuple(projects[place] for place in told), kind, {name: days[told] for name, days in said.items()}, seed
    )


def _at(projects: Sequence[Project], places: NDArray[np.int64]) -> list[Project]:
    return [projects[int(place)] for place in places]
