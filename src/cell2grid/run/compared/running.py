"""Two runs of a study on the same draws: as it is written, and with something left out or changed.

What is different is made in ``cell2grid.run.varied``. Where the study weighs its members by observations, both have the
members that the study as written keeps.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from cell2grid.run.asked import Progress, check_numbers, no_progress
from cell2grid.run.compared.differences import difference_rows
from cell2grid.run.compared.invested import invested
from cell2grid.run.compared.made import made
from cell2grid.run.compared.number import Number
from cell2grid.run.compared.sides import BORDERS
from cell2grid.run.compared.sold import sold
from cell2grid.run.landing import landed
from cell2grid.run.members import Draws, Members, members_of
from cell2grid.run.memory import machine_memory
from cell2grid.run.told.tables import framed
from cell2grid.run.varied import Variation, on_common_draws

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from cell2grid.study.model import Study

STAGES = ("with", "without")  # and "calibration" before them, where the study has one


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What two runs of a study differ by: the table ``compared``, and which of them is which.

    ``with_it`` is the study as written where parts of it are left out, and the changed one where figures are changed,
    so that a difference is the effect of what was named. ``written`` are the members of the study as written, of which
    all that a run tells can be told.
    """

    frame: pd.DataFrame
    with_it: Study
    without_it: Study
    written_is: str
    members: int
    seed: int
    notes: tuple[str, ...]
    variation: Variation
    written: Members


def compared(
    study: Study,
    variation: Variation,
    *,
    members: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    memory: float | None = None,
    on_progress: Progress = no_progress,
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
    asked, room = Draws(members, seed, workers, executor), (machine_memory() if memory is None else memory) / 2
    one, other = on_common_draws(study, variation.study)
    changes = bool(variation.change)
    first, second = reversed(STAGES) if changes else STAGES
    run = partial(members_of, asked=asked, memory=room, all_kept=True, also=BORDERS, on_progress=on_progress)
    written = run(one, stage=first)
    # what counterfactuals come to is told of the study as written
    varied = run(other.changed(counterfactuals={}), weighed=written.weighed, stage=second)
    notes = list(variation.notes)
    if written.weighed is not None:
        notes += [*written.weighed.notes, "calibration: both have the members that the study as written keeps"]
    with_it, without_it = (varied, written) if changes else (written, varied)
    frame = framed("compared", difference_rows(_numbers(with_it), _numbers(without_it)))
    said = "without" if changes else "with"
    return Compared(
        frame, with_it.study, without_it.study, said, members, seed, tuple(notes), variation, written.but(BORDERS)
    )


def _numbers(run: Members) -> dict[Number, NDArray[np.float64]]:
    """Every number of one of the runs that the other can have."""
    arrays = landed(run.study, run.ensemble.arrays, run.figures)
    found = {**dict(sold(run.study, arrays)), **dict(made(run.study, arrays))}
    flows = run.planned.flows
    return found if flows is None else found | dict(invested(run.written, flows, run.kept, run.draws))
