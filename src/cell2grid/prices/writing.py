"""A price series as a clean file, CSV or Parquet, which ``read_prices`` reads back as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from cell2grid.errors import InputError
from cell2grid.files import made_whole, write_whole
from cell2grid.prices.series import PriceSeries


def write_prices(series: PriceSeries, place: Path) -> Path:
    """The absolute path of the file, after the series was written: stamps where steps begin, and prices.

    Stamps end in ``Z`` where they are known to be UTC, and have no offset where they were taken as UTC.

    Raises
    ------
    InputError
        The name ends neither in .csv nor in .parquet, or the file cannot be written.
    """
    ending = place.suffix.lower()
    if ending not in (".csv", ".parquet"):
        raise InputError("prices are written as .csv or .parquet; name such a file", where=str(place))
    header = f"price [{series.unit}]" if series.currency else "price"
    try:
        if ending == ".csv":
            return write_whole(place, _csv(series, header))
        with made_whole(place) as partial:
            _write_parquet(series, header, partial)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}; name another file", where=str(place)) from None
    return place.absolute()


def _csv(series: PriceSeries, header: str) -> str:
    stamps = np.datetime_as_string(series.timestep, unit="s", timezone="UTC" if series.offsets else "naive")
    rows = zip(stamps.tolist(), map(repr, series.price.tolist()), strict=True)
    return f"timestep,{header}\n" + "".join(f"{stamp},{price}\n" for stamp, price in rows)


def _write_parquet(series: PriceSeries, header: str, place: Path) -> None:
    import duckdb

    columns = {
        "seconds": series.timestep.astype("datetime64[s]").astype(np.int64),
        "price": np.ascontiguousarray(series.price),
    }
    path = str(place).replace("'", "''")
    # seconds since 1970 are UTC: with a zone the stamps are read back as such
    stamp = "make_timestamptz(seconds * 1000000)" if series.offsets else "make_timestamp(seconds * 1000000)"
    settings: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    with duckdb.connect(config=settings) as engine:
        engine.register("columns", columns)
        engine.execute(
            f"COPY (SELECT {stamp} AS timestep, price AS \"{header}\" FROM columns) TO '{path}' "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
