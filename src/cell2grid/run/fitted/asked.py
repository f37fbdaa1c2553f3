"""What a study asks to be fitted, as the numbers of ``formulas.fitting``: unknowns by path, bounds, priors, reports.

Unknowns and reports are taken in the order of their names, so that their order in the file changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.fitting import Prior, Problem
from cell2grid.study.quantity import Quantity, figures
from cell2grid.study.refusals import dotted
from cell2grid.units import same_kind

if TYPE_CHECKING:
    from cell2grid.distributions import Distribution
    from cell2grid.study.model import Fit, Observation, Study
    from cell2grid.study.varying import Unknown
    from cell2grid.units import Magnitude

_QUANTILES = 400  # by which mean and deviation of a distribution are reckoned


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The unknowns and the observations of a fit, both in the order of their names; those used come first.

    ``problem`` knows the used observations alone.
    """

    study: Study
    fit: Fit
    paths: tuple[str, ...]
    figures: dict[str, Quantity]
    """Every figure of the study by its path."""
    observations: dict[str, Observation]
    used: int
    problem: Problem

    @property
    def units(self) -> dict[str, str]:
        """The unit in which each unknown is written."""
        return {path: self.figures[path].unit for path in self.paths}

    def unknown(self, path: str) -> Unknown:
        """What the study says of an unknown."""
        return self.fit.unknowns[path]

    def title(self, path: str) -> str:
        """An unknown in words."""
        return self.unknown(path).title or path

    def deviation(self, name: str, modelled: float | None = None) -> float:
        """One standard deviation of an observation, or of a report of what was modelled of it."""
        seen = self.observations[name].value
        return deviation(self.fit, seen.unit, seen.value if modelled is None else modelled)


def asked_of(study: Study) -> Asked:
    """What a study asks to be fitted.

    Raises
    ------
    StudyError
        It asks for nothing.
    """
    fit = study.fit
    if fit is None:
        raise StudyError(
            f"study '{study.study}' has nothing to fit; add 'fit' with 'unknowns' (figures by their path, with low and"
            " high), 'on' (observations) and 'tolerance'"
        )
    paths = tuple(sorted(fit.unknowns))
    every = {dotted(path): figure for path, figure in figures(study) if isinstance(figure, Quantity)}
    names = sorted(study.observations, key=lambda name: (name not in fit.on, name))
    used = names[: len(fit.on)]
    units = [every[path].unit for path in paths]
    low, high, priors = zip(
        *(_between(fit.unknowns[path], unit) for path, unit in zip(paths, units, strict=True)), strict=True
    )
    observed = [study.observations[name].value for name in used]
    problem = Problem(
        paths,
        np.array(low),
        np.array(high),
        np.array([one.value for one in observed]),
        np.array([deviation(fit, one.unit, one.value) for one in observed]),
        tuple(priors),
    )
    return Asked(study, fit, paths, every, {name: study.observations[name] for name in names}, len(used), problem)


def deviation(fit: Fit, unit: str, value: float) -> float:
    """One standard deviation of a report: the part that is tolerated of it, or the least one of its kind."""
    found = abs(value) * fit.tolerance.to("ratio").mode
    if fit.least is not None and same_kind(fit.least.unit, unit):
        found = max(found, fit.least.to(unit).mode)
    return found


def _between(unknown: Unknown, unit: str) -> tuple[float, float, Prior | None]:
    """The bounds of an unknown, no wider than where its prior is cut off, and what the prior adds."""
    low, high = unknown.low.to(unit).mode, unknown.high.to(unit).mode
    if unknown.prior is None:
        return low, high, None
    prior = unknown.prior.to(unit)
    if prior.distribution is not None and prior.distribution.open_tails:
        # where draws of it end is no bound: reports that contradict it may say more
        return low, high, _prior(prior)
    return max(low, prior.low), min(high, prior.high), _prior(prior)


def _prior(magnitude: Magnitude) -> Prior | None:
    """A prior as a normal, or a normal of the logarithm; a uniform one says no more than its ends.

    Of triangles, PERT and empirical ones it is the normal of the same mean and deviation, between the same ends.
    """
    found = magnitude.distribution
    if found is None or found.kind == "uniform":
        return None
    if found.kind in ("normal", "lognormal"):
        centre, spread, _, _ = found.normal_terms()
        if spread == 0.0:
            return None
        logarithmic = found.kind == "lognormal"
        return Prior(float(np.exp(centre)) if logarithmic else centre, spread, logarithmic)
    return Prior(*_moments(found))


def _moments(found: Distribution) -> tuple[float, float]:
    values = np.array([found.quantile((place + 0.5) / _QUANTILES) for place in range(_QUANTILES)])
    return float(values.mean()), float(values.std())
