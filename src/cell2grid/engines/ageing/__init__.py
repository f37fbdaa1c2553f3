"""How the cells of a store lose capacity with time and use, by published semi-empirical models.

``age`` takes a run of levels and moves a state on; ``solve`` repeats a duty cycle over years. The parameter sets are
files of ``study/cells``, read in ``study.cell_file``; ``run.life.cells`` makes ``Cells`` of them. What a year's
schedule is and what a lost megawatt-hour is worth belong to ``run.worth``. Equations: docs/formulation/ageing.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.aged import Aged, Outside, age, cells_warnings, health_of
from cell2grid.engines.ageing.cells import STRESSORS, Cells, cells_of_numbers, fresh
from cell2grid.engines.ageing.rainflow import Cycles, rainflow
from cell2grid.engines.ageing.years import Years, age_over_years
from cell2grid.nomenclature import labelled, require

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "READS",
    "STRESSORS",
    "WRITES",
    "Aged",
    "Cells",
    "Cycles",
    "Outside",
    "Years",
    "age",
    "age_over_years",
    "cells_warnings",
    "duty_arrays",
    "fresh",
    "health_of",
    "rainflow",
    "solve",
    "years_arrays",
]

READS = (
    *("level", "start_fraction", "step_hours", "cell_temperature"),
    *("ageing_law", "ageing_parameter", "ageing_scale", "service_years"),
)
WRITES = ("state_of_health", "calendar_loss", "cycle_loss", "full_cycles", "resistance")


def solve(arrays: xr.Dataset) -> xr.Dataset:
    """What a duty cycle that is repeated over years makes of new cells, at the end of each year.

    Parameters
    ----------
    arrays
        The READS: ``level`` [ratio] at the end of each ``timestep`` and before the first one ``start_fraction``, the
        lengths [hour] and temperatures [degC] of the steps, and the cells, as ``duty_arrays`` has them. Levels are
        shares of what the store holds at each time.

    Raises
    ------
    EngineError
        A variable is missing or has other dims or another unit.
    InputError
        A number is not finite or outside its range.

    The equations are those of docs/formulation/ageing.md.

    >>> import numpy as np
    >>> from cell2grid.run.life.cells import cells_named
    >>> day = np.repeat([0.0, 0.5, 1.0, 0.5, 0.0], [16, 2, 2, 2, 3])
    >>> arrays = duty_arrays(cells_named("gasper-2023-lfp-250ah"), day, np.ones(24), 25.0, years=20)
    >>> solve(arrays)["state_of_health"].values[[0, 9, 19]].round(3)
    array([0.982, 0.895, 0.824])
    """
    require(arrays, READS, of="ageing")
    cells = cells_of_numbers(str(arrays["ageing_law"].item()), arrays["ageing_parameter"].values)
    aged = age_over_years(
        cells,
        np.concatenate([[float(arrays["start_fraction"])], arrays["level"].values]),
        arrays["step_hours"].values,
        arrays["cell_temperature"].values,
        float(arrays["service_years"]),
        scale=float(arrays["ageing_scale"]),
    )
    return years_arrays(aged)


def duty_arrays(
    cells: Cells,
    level: npt.ArrayLike,
    step_hours: npt.ArrayLike,
    celsius: npt.ArrayLike = 25.0,
    *,
    years: float,
    scale: float = 1.0,
) -> xr.Dataset:
    """The READS of this engine, from plain numbers as ``age_over_years`` takes them."""
    import xarray as xr

    levels, lengths = np.asarray(level, dtype=np.float64), np.asarray(step_hours, dtype=np.float64)
    return xr.Dataset(
        {
            "level": ("timestep", levels[1:]),
            "start_fraction": ((), levels[0]),
            "step_hours": ("timestep", lengths),
            "cell_temperature": ("timestep", np.broadcast_to(np.asarray(celsius, dtype=np.float64), lengths.shape)),
            "ageing_law": ((), cells.law),
            "ageing_parameter": ("parameter", cells.packed),
            "ageing_scale": ((), scale),
            "service_years": ((), years),
        }
    )


def years_arrays(aged: Years) -> xr.Dataset:
    """The WRITES of this engine, with the years counted from 1."""
    import xarray as xr

    found = {
        "state_of_health": aged.health,
        "calendar_loss": aged.calendar_loss,
        "cycle_loss": aged.cycle_loss,
        "full_cycles": aged.full_cycles,
        "resistance": aged.resistance,
    }
    coords = {"year": np.arange(1, len(aged.health) + 1)}
    return labelled(xr.Dataset({name: ("year", values) for name, values in found.items()}, coords))
