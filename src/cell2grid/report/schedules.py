"""A dispatched schedule as a file: CSV, Parquet or NetCDF, by the ending of its name.

A row is a time step. Columns are named after the variable and its unit (``charge_mw``, ``energy_mwh``); prices and
water values are per MWh in the money that the column ``currency`` names. Stamps are in UTC and mark where a step
begins; ``local_time`` has what clocks of a zone show. Figures of the whole schedule are in NetCDF alone. What the
charts draw of a schedule is in ``dispatched.py``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import InputError
from cell2grid.files import made_whole
from cell2grid.nomenclature import variables
from cell2grid.report.dispatched import local_times

if TYPE_CHECKING:
    import xarray as xr

# what comes first, in this order; any other variable of the schedule follows in its own
FIRST = ("step_hours", "price", "charge", "discharge", "energy")
_SUFFIXES = {"MW": "_mw", "MWh": "_mwh"}
_AT_ONCE = 50_000
FORMATS = (".csv", ".parquet", ".nc")


def write_schedule(
    schedule: xr.Dataset, place: Path, *, currency: str | None = None, zone: str | None = None, utc: bool = True
) -> Path:
    """The absolute path of the file that was written, beside its place and then renamed.

    Parameters
    ----------
    schedule
        Variables over ``timestep`` (UTC stamps), as the dispatch engine gives them, with ``price``.
    place
        A name that ends in .csv, .parquet or .nc.
    currency
        The ISO 4217 code of the money, where it is known.
    zone
        The IANA zone of the column ``local_time``; without it there is none.
    utc
        Whether the stamps are known to be UTC; those that are not are written without saying so.

    Raises
    ------
    InputError
        The ending is another one, the schedule has no stamps, the zone is not known, or the file cannot be written.

    >>> import tempfile, xarray as xr
    >>> stamps = np.array(["2025-01-01T00", "2025-01-01T01"], "datetime64[s]")
    >>> steps = xr.Dataset({"price": ("timestep", [41.5, -3.0])}, {"timestep": stamps})
    >>> path = write_schedule(steps, Path(tempfile.mkdtemp()) / "schedule.csv", currency="EUR")
    >>> print(path.read_text().splitlines()[2])
    2025-01-01T01:00:00Z,-3.0,EUR
    """
    place = Path(place)
    check_place(place)
    if "timestep" not in schedule.coords:
        raise InputError("schedule: it has no stamps, so no file is written; give it those of the prices")
    writers = {".csv": _write_csv, ".parquet": _write_parquet, ".nc": _write_netcdf}
    columns = _columns(schedule, currency, zone, utc=utc)
    try:
        with made_whole(place) as partial:
            writers[place.suffix.lower()](partial, schedule, columns)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}; name another file", where=str(place)) from None
    return place.absolute()


def check_place(place: Path) -> None:
    """Refuse a place where no schedule can be written, before the work is done and not after.

    Raises
    ------
    InputError
        The ending is none of ``FORMATS``, the place is a folder, or its own folder does not exist.
    """
    if place.is_dir():
        raise InputError("is a folder; name a file, as in schedule.csv", where=str(place))
    if place.suffix.lower() not in FORMATS:
        raise InputError(
            f"a schedule is written as {', '.join(FORMATS)}, not as '{place.suffix}'; name the file so",
            where=str(place),
        )
    if not place.absolute().parent.is_dir():
        raise InputError(f"the folder {place.absolute().parent} does not exist; make it first", where=str(place))


def _columns(schedule: xr.Dataset, currency: str | None, zone: str | None, *, utc: bool) -> dict[str, Any]:
    """The columns of a schedule, from left to right; stamps as numpy has them."""
    stamps = schedule["timestep"].values.astype("datetime64[us]")
    columns: dict[str, Any] = {"timestep": local_times(stamps, None) if utc else stamps}
    if zone is not None:
        columns["local_time"] = _clock(stamps, zone)
    over = [str(name) for name, array in schedule.data_vars.items() if array.dims == ("timestep",)]
    for name in sorted(over, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST)):
        values = schedule[name].values
        if name == "step_hours" and len(values) and (values == values[0]).all():
            continue
        columns[f"{name}{_SUFFIXES.get(_unit(schedule, name), '')}"] = values
    if currency is not None:
        columns["currency"] = np.full(len(stamps), currency, dtype=object)
    return columns


def _unit(schedule: xr.Dataset, name: str) -> str:
    row = variables().get(name)
    return str(schedule[name].attrs.get("units", row.unit if row is not None else ""))


def _clock(stamps: np.ndarray[Any, np.dtype[np.datetime64]], zone: str) -> np.ndarray[Any, np.dtype[np.object_]]:
    """What clocks of the zone show, with their offset: ``2025-03-30T03:00:00+02:00``."""
    local = local_times(stamps, zone).tz_localize(None).to_numpy().astype("datetime64[s]")
    ahead = (local - stamps.astype("datetime64[s]")).astype(np.int64) // 60
    kinds, which = np.unique(ahead, return_inverse=True)
    words = np.array([f"{'-' if of < 0 else '+'}{abs(of) // 60:02d}:{abs(of) % 60:02d}" for of in kinds.tolist()])
    return np.char.add(np.datetime_as_string(local, unit="s"), words[which]).astype(object)


def _write_csv(place: Path, schedule: xr.Dataset, columns: Mapping[str, Any]) -> None:
    with place.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(columns) + "\n")
        for first in range(0, schedule.sizes["timestep"], _AT_ONCE):
            texts = [_texts(values[first : first + _AT_ONCE]) for values in columns.values()]
            file.writelines(",".join(row) + "\n" for row in zip(*texts, strict=True))


def _texts(values: Any) -> Iterator[str]:
    """The cells of a column as text: the shortest that gives the same number again, nothing where there is none."""
    if getattr(values.dtype, "kind", "M") == "M":
        zone = "Z" if getattr(values, "tz", None) is not None else ""
        plain = values.tz_localize(None).to_numpy() if zone else values
        return (text + zone for text in np.datetime_as_string(plain.astype("datetime64[s]"), unit="s").tolist())
    if values.dtype.kind == "f":
        return ("" if number != number else repr(number) for number in values.tolist())
    return (str(value) for value in values.tolist())


def _write_parquet(place: Path, schedule: xr.Dataset, columns: Mapping[str, Any]) -> None:
    import duckdb
    import pandas as pd

    units = {name: _named_unit(schedule, name) for name in columns}
    told = json.dumps({name: unit for name, unit in units.items() if unit}).replace("'", "''")
    target = str(place).replace("'", "''")
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("frame", pd.DataFrame(dict(columns)))
        kept = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{units: '{told}'}}"
        connection.execute(f"COPY (SELECT * FROM frame) TO '{target}' ({kept})")


def _named_unit(schedule: xr.Dataset, column: str) -> str:
    """The unit of a column of the file."""
    for name in schedule.data_vars:
        unit = _unit(schedule, str(name))
        if column == f"{name}{_SUFFIXES.get(unit, '')}":
            return unit
    return ""


def _write_netcdf(place: Path, schedule: xr.Dataset, columns: Mapping[str, Any]) -> None:
    currency = columns["currency"][0] if "currency" in columns and len(columns["currency"]) else None
    whole = schedule.copy()
    if "local_time" in columns:
        whole = whole.assign_coords(local_time=("timestep", columns["local_time"]))
    for name in whole.data_vars:
        unit = _unit(schedule, str(name))
        row = variables().get(str(name))
        said = {"long_name": row.sentence} if row is not None else {}
        whole[name].attrs.update(units=unit.replace("currency", currency) if currency else unit, **said)
    whole.attrs.update({"currency": currency} if currency else {})
    packed = {"zlib": True, "complevel": 1, "shuffle": True}
    floats = [str(name) for name, array in whole.data_vars.items() if array.dtype.kind == "f" and array.ndim]
    whole.to_netcdf(place, engine="h5netcdf", encoding=dict.fromkeys(floats, packed))
