"""The asset that a command is given: an asset file or a unit of a PyPSA network, set beside the prices in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cell2grid.errors import InputError

if TYPE_CHECKING:
    from cell2grid.engines.dispatch import Asset
    from cell2grid.prices import PriceSeries
    from cell2grid.study.asset_file import ColumnOf


@dataclass(frozen=True, slots=True, eq=False)
class GivenAsset:
    """An asset in plain numbers, over the time steps of the prices where it changes.

    ``currency`` is that of its costs, None where they are in the money of the prices. ``columns`` are the files that
    its series came from. ``ignored`` gives a reason for each field of a network that was not used.
    """

    name: str | None
    numbers: Asset
    currency: str | None
    columns: Mapping[str, ColumnOf]
    ignored: Mapping[str, str]
    notes: tuple[str, ...]


def given_asset(path: Path, series: PriceSeries, *, unit: str | None = None) -> GivenAsset:
    """The asset of a YAML file, or of a storage unit in a PyPSA network (a folder of CSV files, or .nc).

    Parameters
    ----------
    path
        The asset file, or the network.
    series
        The prices, to whose time steps what changes with time is aligned.
    unit
        The storage unit of a network that has several.

    Raises
    ------
    StudyError, InputError, PriceError
        The file or network is refused, its costs are in another currency than the prices, or a series of it has other
        time steps.
    """
    given = _from_network(path, series, unit) if _is_network(path) else _from_file(path, series, unit)
    if given.currency is not None and series.currency is not None and given.currency != series.currency:
        raise InputError(
            f"costs are in {given.currency} and the prices in {series.currency}; write both in one currency",
            where=str(path),
        )
    return given


def _is_network(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() in (".nc", ".nc4", ".netcdf")


def _from_network(path: Path, series: PriceSeries, unit: str | None) -> GivenAsset:
    from cell2grid.prices import Profile, aligned
    from cell2grid.study.pypsa.reading import read_pypsa

    found = read_pypsa(path, unit=unit)
    numbers = dict(found.asset)
    for key, value in numbers.items():
        if getattr(value, "ndim", 0):
            profile = Profile(
                timestep=found.timestep, step_hours=found.step_hours, power=value, name=f"{path}: {key}",
                offsets=series.offsets, zone=series.zone,
            )  # fmt: skip
            numbers[key] = aligned(profile, series, cut=True)
    return GivenAsset(found.name, cast("Asset", numbers), None, {}, found.ignored, found.notes)


def _from_file(path: Path, series: PriceSeries, unit: str | None) -> GivenAsset:
    from cell2grid.run.columns import column_beside
    from cell2grid.study.asset_file import read_asset

    if unit is not None:
        raise InputError(
            f"--unit '{unit}' names a storage unit of a network, and this is an asset file", where=str(path)
        )
    file = read_asset(path)
    numbers = file.numbers(lambda key, column: column_beside(path.parent, key, column, series))
    return GivenAsset(file.asset, cast("Asset", numbers), file.currency, file.columns(), {}, ())
