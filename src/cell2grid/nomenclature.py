"""Every variable of the model once: its dims, unit and one sentence, read from ``nomenclature.yaml``.

Engines declare what they read and write in these names; charts, docs and the command line take labels and units
from here. The values themselves live in arrays, never here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from cell2grid.errors import EngineError

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, slots=True)
class Variable:
    """One row of the nomenclature.

    ``unit`` spells a counted noun as ``item`` where the noun is the product's (system, vehicle, …); ``equation`` is
    the formulation page and anchor that defines the variable, or None for an input; ``formula`` is the equation in one
    line of plain text, where the variable has one.
    """

    name: str
    dims: tuple[str, ...]
    unit: str
    sentence: str
    equation: str | None = None
    formula: str | None = None

    @property
    def label(self) -> str:
        """The name as words, for axes and tables.

        >>> variable("at_sea").label
        'at sea'
        """
        return self.name.replace("_", " ")


@cache
def variables() -> Mapping[str, Variable]:
    """All rows by name, in the order of the file.

    >>> variables()["output"].dims
    ('member', 'plant', 'period')
    """
    text = resources.files("cell2grid").joinpath("nomenclature.yaml").read_text(encoding="utf-8")
    rows = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return MappingProxyType(
        {
            name: Variable(
                name, tuple(row["dims"]), row["unit"], row["sentence"], row.get("equation"), row.get("formula")
            )
            for name, row in rows.items()
        }
    )


def variable(name: str) -> Variable:
    """The row of one name.

    Raises
    ------
    EngineError
        The nomenclature has no such row.
    """
    try:
        return variables()[name]
    except KeyError:
        raise EngineError(f"variable '{name}' is not in the nomenclature; add a row to nomenclature.yaml") from None


def require(arrays: xr.Dataset, names: Iterable[str], *, of: str) -> None:
    """Check that ``arrays`` holds each of ``names`` with the dims (in any order) and unit of the nomenclature.

    Raises
    ------
    EngineError
        A variable is missing, or has other dims or another unit than its row says.
    """
    for name in names:
        row = variable(name)
        if name not in arrays:
            raise EngineError(f"{of}: variable '{name}' is missing; it has {sorted(map(str, arrays.variables))}")
        array = arrays[name]
        if set(array.dims) != set(row.dims):
            raise EngineError(f"{of}: '{name}' has dims {array.dims}, the nomenclature says {row.dims}")
        unit = array.attrs.get("units", row.unit)
        if unit != row.unit:
            raise EngineError(f"{of}: '{name}' is in '{unit}', the nomenclature says '{row.unit}'")


def labelled(arrays: xr.Dataset) -> xr.Dataset:
    """The same arrays with ``units`` and ``long_name`` of the nomenclature on each variable it lists."""
    changed = arrays.copy()
    for name in changed.data_vars:
        row = variables().get(str(name))
        if row is not None:
            changed[name].attrs.update(units=row.unit, long_name=row.sentence)
    return changed
