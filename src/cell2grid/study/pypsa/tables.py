"""The tables of a PyPSA network in files, out and in: a folder of CSV files, or NetCDF. PyPSA itself is not needed.

A component has a static table (a row for each name) and a table over the snapshots for each attribute that changes.
Both forms are those of PyPSA 1.x (``export_to_csv_folder``, ``export_to_netcdf``). What the tables say of an asset is
known in ``pypsa/reading.py`` and ``pypsa/writing.py``.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.errors import InputError
from cell2grid.files import made_whole, plain_size, put_in_place

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

MOST_BYTES = 256_000_000
# of these the reader needs rows; of the rest only that they are there
_READ = ("storage_units", "generators", "buses", "loads", "links", "lines", "transformers", "stores")
_OURS = "cell2grid"
# the version of PyPSA whose files these are
_FORM = "1.4.0"


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """One kind of component: a row for each name, and over the snapshots a column for each name by attribute."""

    static: pd.DataFrame
    series: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """A network in tables; ``others`` are the components that were not read, ``ours`` whether this package wrote it.

    ``piecewise`` are the attributes of storage units that are curves, and ``generators marginal_cost`` of other kinds.
    """

    snapshots: pd.DataFrame
    components: Mapping[str, Component]
    meta: Mapping[str, Any]
    others: tuple[str, ...] = ()
    piecewise: tuple[str, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether the network was first written by this package."""
        return _OURS in self.meta


def write_tables(tables: Tables, place: Path, *, name: str) -> Path:
    """The absolute path of the folder, or of the file where the name ends in .nc, that now holds the network.

    Raises
    ------
    InputError
        The place is a folder that holds something else, or cannot be written.
    """
    place = Path(place).absolute()
    try:
        if place.suffix.lower() == ".nc":
            with made_whole(place) as partial:
                _dataset(tables, name).to_netcdf(partial, engine="h5netcdf")
            return place
        return _write_folder(tables, place, name)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror or error}; give another place", where=str(place)
        ) from None


def read_tables(place: Path) -> Tables:
    """The network that lies in a folder of CSV files or in a NetCDF file.

    Raises
    ------
    InputError
        There is no such network, it has no snapshots or no storage units, or a file in it cannot be read.
    """
    place = Path(place)
    if place.is_dir():
        return _read_folder(place)
    if place.is_file() and place.suffix.lower() in (".nc", ".nc4", ".netcdf"):
        return _read_netcdf(place)
    if place.is_file():
        raise InputError("is no network that is read here; give a folder of CSV files or a .nc file", where=str(place))
    raise InputError("there is no such folder or file; check the path", where=str(place))


def _write_folder(tables: Tables, place: Path, name: str) -> Path:
    if place.exists() and not place.is_dir():
        raise InputError("is a file; name a folder, or a file that ends in .nc", where=str(place))
    if place.is_dir() and any(place.iterdir()) and not _is_ours(place):
        raise InputError("holds something that cell2grid did not write; name another folder", where=str(place))
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f".{place.name}.partial-{os.getpid()}")
    try:
        partial.mkdir()
        _fill(tables, partial, name)
        put_in_place(partial, place)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return place


def _is_ours(folder: Path) -> bool:
    try:
        return _OURS in json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False


def _fill(tables: Tables, folder: Path, name: str) -> None:
    (folder / "network.csv").write_text(f"name,pypsa_version\n{_quoted(name)},{_FORM}\n", encoding="utf-8")
    (folder / "meta.json").write_text(json.dumps(dict(tables.meta)), encoding="utf-8")
    tables.snapshots.to_csv(folder / "snapshots.csv")
    for kind, component in tables.components.items():
        component.static.to_csv(folder / f"{kind}.csv", index_label="name")
        for attribute, frame in component.series.items():
            frame.to_csv(folder / f"{kind}-{attribute}.csv")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""').replace("\n", " ") + '"'


def _dataset(tables: Tables, name: str) -> xr.Dataset:
    """The tables as PyPSA lays them out in NetCDF."""
    import xarray as xr

    variables: dict[str, Any] = {}
    coords: dict[str, Any] = {"snapshots": tables.snapshots.index.to_numpy()}
    for column in tables.snapshots.columns:
        variables[f"snapshots_{column}"] = ("snapshots", tables.snapshots[column].to_numpy())
    for kind, component in tables.components.items():
        coords[f"{kind}_i"] = component.static.index.to_numpy().astype(str)
        for attribute in component.static.columns:
            values = component.static[attribute].to_numpy()
            variables[f"{kind}_{attribute}"] = (f"{kind}_i", values.astype(str) if values.dtype.kind == "O" else values)
        for attribute, frame in component.series.items():
            dim = f"{kind}_t_{attribute}_i"
            coords[dim] = frame.columns.to_numpy().astype(str)
            variables[f"{kind}_t_{attribute}"] = (("snapshots", dim), frame.to_numpy())
    attrs = {"network_name": name, "network_pypsa_version": _FORM, "meta": json.dumps(dict(tables.meta)), "crs": "{}"}
    return xr.Dataset(variables, coords, attrs)


def _read_folder(folder: Path) -> Tables:
    snapshots = _csv(folder / "snapshots.csv", "it has no snapshots")
    snapshots = snapshots if "snapshot" in snapshots.columns else snapshots.rename_axis("snapshot").reset_index()
    kinds = sorted({path.name.removesuffix(".csv").partition("-")[0] for path in folder.glob("*.csv")})
    known = {kind for kind in kinds if kind in _READ and (folder / f"{kind}.csv").is_file()}
    components, piecewise = {}, []
    for kind in sorted(known):
        series = {}
        for path in sorted(folder.glob(f"{kind}-*.csv")):
            attribute = path.name.removesuffix(".csv").removeprefix(f"{kind}-")
            if attribute.endswith("-pw"):
                piecewise.append(_curve(kind, attribute.removesuffix("-pw")))
            else:
                series[attribute] = _named(_csv(path, "it is missing"), columns=True)
        components[kind] = Component(_named(_csv(folder / f"{kind}.csv", "it is missing")), series)
    others = [kind for kind in kinds if kind not in {*known, "network", "snapshots", "carriers"}]
    meta = _json(folder / "meta.json")
    return Tables(snapshots.reset_index(drop=True), components, meta, tuple(others), tuple(piecewise))


def _curve(kind: str, attribute: str) -> str:
    """A cost in pieces, with its kind of component where that is no storage unit."""
    return attribute if kind == "storage_units" else f"{kind} {attribute}"


def _named(frame: pd.DataFrame, *, columns: bool = False) -> pd.DataFrame:
    """The table with names as text, also those that look like numbers."""
    if columns:
        return frame.rename(columns=str).reset_index(drop=True)
    return frame.set_axis(frame.index.map(str), axis="index")


def _csv(path: Path, missing: str) -> pd.DataFrame:
    import pandas as pd

    try:
        if plain_size(path) > MOST_BYTES:
            raise InputError(f"is larger than {MOST_BYTES:,} bytes, the most that is read; cut it", where=str(path))
        frame: pd.DataFrame = pd.read_csv(path, index_col=0, dtype={0: str}, encoding="utf-8")
    except OSError as error:
        said = missing if isinstance(error, FileNotFoundError) else (error.strerror or str(error))
        raise InputError(f"cannot be read: {said}; export the network from PyPSA again", where=str(path)) from None
    except (ValueError, UnicodeError, pd.errors.ParserError) as error:
        said = str(error).splitlines()[0][:200]
        raise InputError(f"is no CSV table: {said}; export the network from PyPSA again", where=str(path)) from None
    return frame


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _read_netcdf(path: Path) -> Tables:
    import pandas as pd
    import xarray as xr

    try:
        with xr.open_dataset(path, engine="h5netcdf") as opened:
            arrays = opened.load()
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"cannot be read: {error}; export the network from PyPSA again", where=str(path)) from None
    if "snapshots" not in arrays.dims:
        raise InputError("cannot be read: it has no snapshots; export the network from PyPSA again", where=str(path))
    names = [str(name) for name in arrays.data_vars]
    count = arrays.sizes["snapshots"]
    told = {n.removeprefix("snapshots_"): arrays[n].values for n in names if n.startswith("snapshots_")}
    snapshots = pd.DataFrame(told, index=range(count))
    if "snapshot" not in snapshots:
        snapshots.insert(0, "snapshot", arrays["snapshots"].values)
    kinds = [
        str(name).removesuffix("_i") for name in arrays.coords if str(name).endswith("_i") and "_t_" not in str(name)
    ]
    components = {kind: _component(arrays, kind) for kind in kinds if kind in _READ}
    piecewise = [
        _curve(kind, n.removeprefix(f"{kind}_pw_")) for kind in _READ for n in names if n.startswith(f"{kind}_pw_")
    ]
    others = [kind for kind in kinds if kind not in (*_READ, "carriers") and "_pw_" not in kind]
    try:
        meta = json.loads(arrays.attrs.get("meta", "{}"))
    except ValueError:
        meta = {}
    return Tables(snapshots, components, meta if isinstance(meta, dict) else {}, tuple(others), tuple(piecewise))


def _component(arrays: xr.Dataset, kind: str) -> Component:
    import pandas as pd

    index = pd.Index([str(name) for name in arrays[f"{kind}_i"].values])
    static, series = {}, {}
    for name, array in arrays.data_vars.items():
        attribute = str(name).removeprefix(f"{kind}_")
        if array.dims == (f"{kind}_i",) and str(name).startswith(f"{kind}_"):
            static[attribute] = array.values
        elif str(name).startswith(f"{kind}_t_") and array.ndim == 2:
            attribute = attribute.removeprefix("t_")
            flat = array.transpose("snapshots", ...)
            columns = [str(column) for column in flat[flat.dims[1]].values]
            series[attribute] = pd.DataFrame(flat.values, columns=columns)
    return Component(pd.DataFrame(static, index=index), series)
