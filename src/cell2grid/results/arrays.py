"""Arrays of a run folder as a netCDF file, out and in: variables of the nomenclature, checked on both ways."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cell2grid.errors import EngineError, RunFolderError
from cell2grid.nomenclature import require, variables

if TYPE_CHECKING:
    import xarray as xr


def write_arrays(arrays: xr.Dataset, path: Path) -> None:
    """Write the arrays, packed."""
    packed = {"zlib": True, "complevel": 1, "shuffle": True}
    encoding = {
        str(name): packed
        for name, array in arrays.data_vars.items()
        if array.dtype.kind == "f" and array.ndim and array.size
    }
    arrays.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def read_arrays(folder: Path) -> xr.Dataset:
    """The arrays of a run folder.

    Raises
    ------
    RunFolderError
        The file cannot be read, or a variable is not as the nomenclature says.
    """
    import xarray as xr

    path = folder / "results.nc"
    try:
        with xr.open_dataset(path, engine="h5netcdf") as opened:
            arrays = opened.load()
    except (OSError, ValueError, KeyError) as error:
        raise RunFolderError(f"{path} cannot be read: {error}; run the study again") from None
    check_arrays(arrays, RunFolderError)
    return arrays


def check_arrays(arrays: xr.Dataset | None, kind: Callable[[str], Exception]) -> None:
    """Refuse arrays that are not as the nomenclature says, by an error of ``kind``."""
    if arrays is None:
        return
    known = variables()
    strange = [str(name) for name in arrays.data_vars if str(name) not in known]
    if strange:
        raise kind(f"results.nc: variable '{strange[0]}' is not in the nomenclature")
    try:
        require(arrays, [str(name) for name in arrays.data_vars], of="results.nc")
    except EngineError as error:
        raise kind(str(error)) from None
