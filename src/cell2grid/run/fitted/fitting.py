"""A study's unknown figures fitted to what was reported: the estimate, intervals, what is told, and draws.

The study's other figures stay at their middle for the estimate and the profiles, and are drawn for each member for the
draws. What is said of it is in ``telling.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import InputError
from cell2grid.formulas.draws import standard_uniform
from cell2grid.formulas.fitting import (
    Estimate,
    Posterior,
    Profile,
    Told,
    estimated,
    posterior,
    profiles,
    told_apart,
)
from cell2grid.formulas.fitting.least_squares import MOST_STEPS
from cell2grid.run.fitted.asked import Asked, asked_of
from cell2grid.run.fitted.modelled import Modelled
from cell2grid.study.quantity import ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.study.model import Study

MOST_MEMBERS = 100_000
# the most steps of each, which are the calls of ``on_progress``
STAGES = {"fit": MOST_STEPS, "profiles": 5 * MOST_STEPS, "draws": MOST_STEPS}


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What was found of a study's unknowns; observations in the order of ``asked``, those used first."""

    asked: Asked
    estimate: Estimate
    told: Told
    profiles: tuple[Profile, ...]
    as_written: NDArray[np.float64]
    """(observation,) with the figures as the study has them."""
    draws: Posterior | None
    """None where no draws were asked for."""
    reported: NDArray[np.float64]
    """(draw, observation) what would be reported: each draw with the noise of a report."""
    rivals: dict[str, NDArray[np.float64]]
    """By path, what figures that unknowns are told against are in the member of each draw (draw)."""
    members: int
    seed: int
    varied: tuple[str, ...]
    """Paths of other figures that are ranges, and drawn for each member."""
    runs: int


def fit_of(
    study: Study,
    *,
    members: int | None = None,
    seed: int | None = None,
    on_progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Fitted:
    """The study's unknowns fitted to the observations that it names, and what they say of the others.

    Parameters
    ----------
    members, seed
        Of the draws, instead of the study's own; no members, no draws.
    on_progress
        Called with the stage, the steps that are done in it, and the most there can be.

    Raises
    ------
    StudyError
        The study has nothing to fit, or an unknown is nothing that the engines read.
    NotConvergedError
        The model has no answer between the bounds, or the fit comes to no end.
    """
    members, seed = study.members if members is None else members, study.seed if seed is None else seed
    if not 0 <= members <= MOST_MEMBERS:
        raise InputError(f"members is {members}, expected 0 to {MOST_MEMBERS:,}")
    asked, say = asked_of(study), _Progress(on_progress)
    model, problem = Modelled(asked), asked.problem
    written = np.array([[asked.figures[path].value for path in asked.paths]])
    as_written = model.as_written()
    say.stage("fit")
    found = estimated(problem, model.middle, first=written[0], seed=seed, on_progress=say)
    units = [asked.units[path] for path in asked.paths]
    told = told_apart(asked.paths, units, found.values, problem.width, found.slopes[: asked.used])
    say.stage("profiles")
    told_by = profiles(problem, model.middle, found, on_progress=say)
    varied = tuple(path for path in sorted(model.reads & _ranges(study)) if path not in asked.paths)
    say.stage("draws")
    draws = _draws(asked, model, found, members=members, seed=seed, say=say) if members else None
    reported = np.zeros((0, len(as_written))) if draws is None else _reported(asked, draws.modelled, seed)
    rivals = {} if draws is None else _rivals(asked, model, draws, members=members, seed=seed)
    say.stage("")
    return Fitted(asked, found, told, told_by, as_written, draws, reported, rivals, members, seed, varied, model.runs)


def _ranges(study: Study) -> set[str]:
    return {path for path, _ in ranges(study)}


def _draws(
    asked: Asked, model: Modelled, found: Estimate, *, members: int, seed: int, say: Callable[[int], None]
) -> Posterior:
    """Draws of the unknowns with what the study says of all observations for each."""
    of_members = model.of_members(members, seed)
    rows = of_members(np.tile(found.values, (members, 1)))
    alike = bool((rows == rows[:1]).all())
    return posterior(
        asked.problem, of_members, members=members, first=found.values, alike=alike, seed=seed, on_progress=say
    )


def _rivals(
    asked: Asked, model: Modelled, draws: Posterior, *, members: int, seed: int
) -> dict[str, NDArray[np.float64]]:
    """What each figure that an unknown is told against is for the draws, where it is no unknown itself."""
    named = {asked.unknown(path).against: asked.units[path] for path in asked.paths}
    return {
        path: model.of_each_member(path, unit, members, seed)[draws.member]
        for path, unit in named.items()
        if path is not None and path not in asked.paths
    }


def _reported(asked: Asked, modelled: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """What would be reported of modelled values: normal about them, as wide as reports are taken to be."""
    from scipy.special import ndtri

    found = modelled.copy()
    for column, name in enumerate(asked.observations):
        shares = standard_uniform(seed, f"fit report {name}", first=0, count=len(modelled))
        scores = ndtri(np.clip(shares, 2.0**-53, 1.0 - 2.0**-53))
        wide = np.array([asked.deviation(name, value) for value in modelled[:, column]])
        found[:, column] = modelled[:, column] + wide * scores
    return found


class _Progress:
    """Counts the steps of a stage for those who wait; most stages end long before they must."""

    def __init__(self, on_progress: Callable[[str, int, int], None]) -> None:
        self._say, self._stage, self._done = on_progress, "", 0

    def stage(self, name: str) -> None:
        """End the stage before, and begin one; none ends the last."""
        if self._stage:
            self._say(self._stage, STAGES[self._stage], STAGES[self._stage])
        self._stage, self._done = name, 0

    def __call__(self, step: int) -> None:
        """One more step."""
        self._done = min(self._done + 1, STAGES[self._stage])
        self._say(self._stage, self._done, STAGES[self._stage])
