"""The members of a run: of a study with what its plan builds, weighed where it says so, through the engines.

Members that memory does not hold are summed up besides (``streaming.py``). What is made of the members afterwards,
projects, tables and the manifest, is in ``chain.py``; two studies are held against each other in ``compared``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from cell2grid.errors import InputError
from cell2grid.run.asked import Progress, no_progress
from cell2grid.run.calibration import Calibrated, calibrated
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.drawn.sampling import design_of, places_of
from cell2grid.run.ensemble import Ensemble, simulate
from cell2grid.run.inputs.streams import row_names
from cell2grid.run.memory import members_that_fit
from cell2grid.run.plan.built import WithPlan, is_planned, with_plan
from cell2grid.run.streaming import Streamed, streamed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cell2grid.study.model import Study


@dataclass(slots=True)
class Clock:
    """Seconds that each stage took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what is done within to a stage."""
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class Draws:
    """How members are drawn and who works on them."""

    members: int
    seed: int
    workers: int = 1
    executor: Executor | None = None

    def among(self, members: int) -> dict[str, Any]:
        """As ``simulate`` takes them, for so many members."""
        return {"members": members, "seed": self.seed, "workers": self.workers, "executor": self.executor}


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The members that were run: of which study, what they were weighed by, and the months of those not kept."""

    written: Study
    planned: WithPlan
    asked: Draws
    ensemble: Ensemble
    figures: Figures
    weighed: Calibrated | None
    whole: Streamed | None

    @property
    def study(self) -> Study:
        """The study with what its plan builds."""
        return self.planned.study

    @property
    def kept(self) -> int:
        """How many members are held in memory."""
        return self.figures.count

    @property
    def draws(self) -> NDArray[np.int64] | None:
        """Which draws the members are; None where they are the first ones."""
        return None if self.weighed is None else self.weighed.draws

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of how they were weighed and kept."""
        weighing = () if self.weighed is None else tuple(self.weighed.notes)
        return weighing + (() if self.whole is None else (self.whole.words(self.asked.members, self.kept),))

    def read_with(self) -> set[str]:
        """The paths of all figures that something was made of."""
        parts = (self.ensemble.reads, self.figures.reads)
        return {path for reads in parts for paths in reads.values() for path in paths}

    def but(self, names: Sequence[str]) -> Members:
        """The members without some of their arrays."""
        arrays = self.ensemble.arrays.drop_vars(names, errors="ignore")
        return replace(self, ensemble=replace(self.ensemble, arrays=arrays))

    def without(self, shocks: Sequence[str]) -> Ensemble:
        """The same members once more, without some of the shocks."""
        return simulate(self.study, **self.asked.among(self.kept), draws=self.draws, without=shocks)


def members_of(
    study: Study,
    asked: Draws,
    *,
    memory: float,
    weighed: Calibrated | None = None,
    also: Sequence[str] = (),
    all_kept: bool = False,
    stage: str = "members",
    clock: Clock | None = None,
    on_progress: Progress = no_progress,
) -> Members:
    """The study's members through the engines.

    Parameters
    ----------
    memory
        The most that their arrays take [byte]; the months and orders of more are summed up.
    weighed
        The members that are kept, where another study has weighed them; else the study's own calibration weighs.
    also
        What the markets read and a run does not keep, by name.
    all_kept
        Refuse members that memory does not hold, where each is asked for.
    stage
        What ``on_progress`` is told that this is.

    Raises
    ------
    StudyError, InputError, NotConvergedError
        The study cannot be simulated, does not fit into memory, or meets none of what it is weighed by.
    """
    clock = Clock() if clock is None else clock
    with clock.stage("plan"):
        if is_planned(study):
            on_progress("plan", 0, 1)
        planned = with_plan(study, members=asked.members, seed=asked.seed)
    own = planned.study
    kept = members_that_fit(own, asked.members, memory=memory)
    if all_kept and kept < asked.members:
        raise InputError(
            f"{asked.members:,} members of two runs do not fit into memory, which holds about {kept:,}; take fewer"
            " --members"
        )
    if weighed is None and own.calibration is not None:
        with clock.stage("calibration"):
            so_far = partial(_so_far, on_progress, "calibration", kept * own.calibration.draws)
            weighed = calibrated(own, own.calibration, **asked.among(kept), on_progress=so_far)
    draws = None if weighed is None else weighed.draws
    with clock.stage("members"):
        so_far = partial(_so_far, on_progress, stage, kept)
        ensemble = simulate(own, **asked.among(kept), draws=draws, also=also, on_progress=so_far)
    whole: Streamed | None = None
    if asked.members > kept:
        with clock.stage("streaming"):
            so_far = partial(_so_far, on_progress, "streaming", asked.members)
            whole = streamed(own, members=asked.members, seed=asked.seed, on_progress=so_far)
    design = design_of(own, seed=asked.seed, places=places_of(own, kept))
    figures = Figures(asked.seed, first=0, count=kept, rows=row_names(own), draws=draws, design=design)
    return Members(study, planned, asked, ensemble, figures, weighed, whole)


def _so_far(on_progress: Progress, stage: str, total: int, done: int) -> None:
    on_progress(stage, done, total)
