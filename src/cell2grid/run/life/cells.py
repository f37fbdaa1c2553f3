"""The ageing of cells by name, and of a duty cycle that is repeated over years.

The parameter sets are read in ``study.cell_file``, the laws are in ``engines.ageing``; the life of a project, with a
schedule of its own in each year, is ``life.py``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.ageing import Cells, age_over_years, cells_warnings, years_arrays
from cell2grid.study.cell_file import cell_set

if TYPE_CHECKING:
    import numpy.typing as npt
    import xarray as xr


@lru_cache(maxsize=64)
def cells_named(name: str) -> Cells:
    """The plain numbers of a parameter set.

    Raises
    ------
    StudyError
        No set has the name; the nearest ones are said.

    >>> cells_named("naumann-2020-lfp-sony").paper
    'Naumann 2020'
    """
    found = cell_set(name).cells
    return Cells(
        name=name,
        law=found.law,
        parameters=found.parameters,
        tables=found.tables,
        fitted=found.ranges,
        chemistry=found.chemistry,
        title=found.title,
        paper=found.paper,
        doi=found.doi,
    )


def state_of_health(
    level: npt.ArrayLike,
    step_hours: npt.ArrayLike = 1.0,
    *,
    cells: str | Cells,
    years: int,
    temperature: npt.ArrayLike = 25.0,
    scale: float = 1.0,
    conserve_throughput: bool = False,
) -> xr.Dataset:
    """What a duty cycle leaves of new cells at the end of each year: health, losses, full cycles and resistance.

    Parameters
    ----------
    level
        The levels at the ends of the steps [ratio], one more than there are steps, of a day, a year or any time. They
        are repeated end to end over the years.
    step_hours
        The length of all steps, or of each [hour].
    cells
        A parameter set by name, as ``cell2grid cells`` lists them, or one of your own.
    years
        Years of 8,760 hours, 1 to 100.
    temperature
        Of the cells, one for all or one for each step [degC].
    scale
        What the published losses are multiplied with.
    conserve_throughput
        Levels are those of a new store, and their swings grow as it fades, as far as 0 and 1, so that the energy
        stays; otherwise they are shares of what the store holds at each time, and the energy falls with it.

    Returns
    -------
    ``state_of_health``, ``calendar_loss``, ``cycle_loss``, ``full_cycles`` and ``resistance`` [ratio] by ``year``;
    ``attrs["notes"]`` says which fitted ranges were left.

    Raises
    ------
    StudyError
        No set has the name.
    InputError
        A number is not finite or outside its range, or lengths do not fit.

    >>> import numpy as np
    >>> day = np.repeat([0.0, 0.5, 1.0, 0.5, 0.0], [16, 2, 2, 2, 3])
    >>> aged = state_of_health(day, cells="naumann-2020-lfp-sony", years=10)
    >>> round(float(aged["state_of_health"][-1]), 3), round(float(aged["resistance"][-1]), 3)
    (0.902, 1.318)
    """
    made = cells_named(cells) if isinstance(cells, str) else cells
    lengths = np.asarray(step_hours, dtype=np.float64)
    if lengths.ndim == 0:
        lengths = np.full(max(np.size(level) - 1, 0), lengths)
    aged = age_over_years(made, level, lengths, temperature, years, scale=scale, keep_throughput=conserve_throughput)
    found = years_arrays(aged)
    found.attrs.update(cells=made.name, notes=tuple(cells_warnings(made, aged.runs)))
    return found
