"""Two runs of a study on the same draws: as it is written, and with something left out or changed.

What is different is made in ``cell2grid.run.varied``. Where the study weighs its members by observations, both have the
members that the study as written keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from cell2grid.errors import InputError
from cell2grid.run.calibration import calibrated
from cell2grid.run.chain import check_numbers
from cell2grid.run.compared.differences import difference_rows
from cell2grid.run.compared.made import made
from cell2grid.run.compared.number import Number
from cell2grid.run.compared.sides import BORDERS
from cell2grid.run.compared.sold import sold
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.drawn.sampling import design_of, places_of
from cell2grid.run.ensemble import simulate
from cell2grid.run.inputs.streams import row_names
from cell2grid.run.landing import landed
from cell2grid.run.market.game import game_of, widened
from cell2grid.run.memory import machine_memory, members_that_fit
from cell2grid.run.plan.built import with_plan
from cell2grid.run.told.tables import framed
from cell2grid.run.varied import Variation, on_common_draws

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Study

STAGES = ("with", "without")  # and "calibration" before them, where the study has one


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What two runs of a study differ by: the table ``compared``, and which of them is which.

    ``with_it`` is the study as written where parts of it are left out, and the changed one where figures are changed,
    so that a difference is the effect of what was named.
    """

    frame: pd.DataFrame
    with_it: Study
    without_it: Study
    written_is: str
    members: int
    seed: int
    notes: tuple[str, ...]
    variation: Variation


def compared(
    study: Study,
    variation: Variation,
    *,
    members: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    memory: float | None = None,
    on_progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Compared:
    """What the study differs by from the variation of it, member by member.

    Parameters
    ----------
    variation
        The study with something different, of ``cell2grid.run.varied``.
    members, seed
        Instead of the study's own.
    workers
        Processes that share the members; the results do not depend on it.
    memory
        The most that the arrays of members take [byte]; all of the machine's without it.

    Raises
    ------
    StudyError, InputError
        A study says something that cannot be simulated, or too many members are asked for.

    >>> from cell2grid.run.varied import variation
    >>> from cell2grid.study.loader import load_study
    >>> study = load_study("giga-shanghai-2022").study
    >>> found = compared(study, variation(study, without=["shocks.lockdown-stop"]), members=4)
    >>> found.frame.query("variable == 'output' and kind == 'plant' and period == '2022'")["difference"].max() < 0
    True
    """
    members, seed = members if members is not None else study.members, seed if seed is not None else study.seed
    check_numbers(members, seed, workers)
    one, other = on_common_draws(study, variation.study)
    # members are spread over as many places in both
    other = other.changed(calibration=one.calibration)
    one, other = (with_plan(part, members=members, seed=seed).study for part in (one, other))
    for part in (one, other):
        _check_room(part, members, (machine_memory() if memory is None else memory) / 2)
    asked: dict[str, Any] = {"members": members, "seed": seed, "workers": workers, "executor": executor}
    notes = list(variation.notes)
    draws: NDArray[np.int64] | None = None
    if study.calibration is not None:
        total = members * study.calibration.draws
        so_far = partial(_so_far, on_progress, "calibration", total)
        kept = calibrated(one, study.calibration, **asked, on_progress=so_far)
        draws, notes = kept.draws, [*notes, *kept.notes]
        notes.append("calibration: both have the members that the study as written keeps")
    changes = bool(variation.change)
    stages = reversed(STAGES) if changes else iter(STAGES)
    written, varied = (
        _numbers(part, asked, draws, partial(_so_far, on_progress, stage, members))
        for part, stage in zip((one, other), stages, strict=True)
    )
    with_it, without_it = ((other, varied), (one, written)) if changes else ((one, written), (other, varied))
    frame = framed("compared", difference_rows(with_it[1], without_it[1]))
    said = "without" if changes else "with"
    return Compared(frame, with_it[0], without_it[0], said, members, seed, tuple(notes), variation)


def _numbers(
    study: Study, asked: dict[str, Any], draws: NDArray[np.int64] | None, on_progress: Callable[[int], None]
) -> dict[Number, NDArray[np.float64]]:
    """Every number of one of the runs that the other can have."""
    found = simulate(study.changed(counterfactuals={}), **asked, draws=draws, on_progress=on_progress)
    members, seed = asked["members"], asked["seed"]
    design = design_of(study, seed=seed, places=places_of(study, members))
    figures = Figures(seed, first=0, count=members, rows=row_names(study), draws=draws, design=design)
    arrays = landed(study, found.arrays, figures)
    return {**dict(sold(study, _with_borders(study, arrays, figures))), **dict(made(study, arrays))}


def _with_borders(study: Study, arrays: xr.Dataset, figures: Figures) -> xr.Dataset:
    """The arrays with what carrying and borders cost in the markets, which a run does not keep."""
    game = game_of(study, figures)
    if game is None:
        return arrays
    borders = widened(game.arrays[list(BORDERS)], arrays)
    return arrays.merge(borders, compat="override", join="exact")


def _check_room(study: Study, members: int, room: float) -> None:
    kept = members_that_fit(study, members, memory=room)
    if kept < members:
        raise InputError(
            f"{members:,} members of two runs do not fit into memory, which holds about {kept:,}; take fewer --members"
        )


def _so_far(on_progress: Callable[[str, int, int], None], stage: str, total: int, done: int) -> None:
    on_progress(stage, done, total)
