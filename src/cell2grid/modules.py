"""The modules of a folder, found by themselves: a new frame, check, chart, forecast or source is one new file."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType


def modules(package: str) -> dict[str, ModuleType]:
    """Every module of a package by the name of its file, in the order of the names; names with ``_`` first are not.

    >>> "output" in modules("cell2grid.report.charts")
    True
    """
    folder = import_module(package)
    names = sorted(found.name for found in pkgutil.iter_modules(folder.__path__) if not found.name.startswith("_"))
    return {name: import_module(f"{package}.{name}") for name in names}
