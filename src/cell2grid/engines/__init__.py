"""The engines: arrays in, arrays out. Each file has READS and WRITES in names of the nomenclature, and ``solve``.

An engine sees formulas and the nomenclature, and neither database, file, clock nor hidden random state.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

from cell2grid.errors import EngineError

if TYPE_CHECKING:
    import xarray as xr

ENGINES = (
    "adequacy",
    "ageing",
    "capability",
    "dispatch",
    "finance",
    "investment",
    "landing",
    "line",
    "market",
    "reserves",
    "supply",
)


class Engine(Protocol):
    """What every file of this folder offers."""

    READS: tuple[str, ...]
    WRITES: tuple[str, ...]

    def solve(self, arrays: xr.Dataset) -> xr.Dataset:
        """The WRITES that follow from the READS."""
        ...


def engine(name: str) -> Engine:
    """The engine of one name.

    >>> "output" in engine("supply").WRITES
    True
    """
    if name not in ENGINES:
        raise EngineError(f"engine '{name}' is not one of {', '.join(ENGINES)}")
    return cast(Engine, importlib.import_module(f"cell2grid.engines.{name}"))
