"""pyam without the database that it asks for and that nothing here uses: blank modules stand in for it."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

_ABSENT = (
    *("ixmp4", "ixmp4.conf", "ixmp4.conf.settings", "ixmp4.core", "ixmp4.core.region", "ixmp4.core.unit"),
    *("ixmp4.data", "ixmp4.data.iamc", "ixmp4.data.iamc.datapoint", "ixmp4.data.iamc.datapoint.filter"),
    *("ixmp4.data.meta", "ixmp4.data.meta.filter", "ixmp4.data.run", "ixmp4.data.run.filter"),
    *("toolkit", "toolkit.client", "toolkit.client.auth", "httpx", "jwt"),
)


class _Blank(ModuleType):
    """A module in which every name is an empty class."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def pyam() -> ModuleType:
    """The library; what it lacks is blank only while it is loaded."""
    blank = []
    for name in _ABSENT:
        try:
            importlib.import_module(name)
        except ImportError:
            sys.modules[name] = _Blank(name)
            blank.append(name)
    try:
        return importlib.import_module("pyam")
    finally:
        for name in blank:
            sys.modules.pop(name, None)
