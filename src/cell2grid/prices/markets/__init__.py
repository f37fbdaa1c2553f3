"""Sources of market prices: one file a source, found by itself.

Each file holds ``ABOUT`` and ``ZONES`` (what it has, and how a zone is written), ``key_name(zone)`` (the environment
variable with the key, if one is needed), ``fetch(zone, start, end, *, key)``, which alone asks the network, through the
library of the extra ``markets``, and ``series(data, *, zone)``, which makes a price series of the table or text that
came. The shared suite ``tests/prices/test_markets.py`` runs over all of them. What they share is in
``market_frames.py``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Protocol, cast

from cell2grid.errors import InputError
from cell2grid.modules import modules

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.prices.series import PriceSeries


class SourceFile(Protocol):
    """What a file of this package holds."""

    ABOUT: str
    ZONES: str

    def key_name(self, zone: str) -> str | None:
        """The environment variable that holds the key for a zone; None where none is needed."""

    def fetch(self, zone: str, start: date, end: date, *, key: str | None) -> pd.DataFrame:
        """The table of a zone from one local day to before another, asked for over the network."""

    def series(self, data: pd.DataFrame | str, *, zone: str) -> PriceSeries:
        """The prices of a zone in a table or text of the source."""


@cache
def sources() -> Mapping[str, SourceFile]:
    """Every source by the name of its file.

    >>> sorted(sources())
    ['aemo', 'entsoe', 'gridstatus']
    """
    return {name: cast(SourceFile, module) for name, module in modules(__name__).items()}


def source(name: str) -> SourceFile:
    """The source of a name.

    Raises
    ------
    InputError
        There is none.
    """
    if name not in sources():
        raise InputError(f"source '{name[:40]}' is none of {', '.join(sources())}; choose one")
    return sources()[name]


def fetched(name: str, zone: str, start: date, end: date) -> pd.DataFrame:
    """The table of a source and zone from one local day to before another; the network is asked.

    Raises
    ------
    InputError
        The source, the zone or the days are none, the key is not in the environment, the library is not installed, or
        the source does not answer.
    """
    asked = source(name)
    if not start < end:
        raise InputError(f"{name}: the days from {start} to {end} are none; the last is not included, give a later one")
    variable = asked.key_name(zone)
    key = os.environ.get(variable) if variable else None
    if variable and not key:
        raise InputError(f"{name} needs a key for '{zone[:40]}'; put it into the environment as {variable}")
    try:
        frame = asked.fetch(zone, start, end, key=key)
    except InputError:
        raise
    except Exception as error:
        # each library has errors of its own, and what they say may hold the key
        words = str(error).partition("\n")[0][:200]
        hidden = words.replace(key, "…") if key else words
        raise InputError(
            f"{name} did not give '{zone[:40]}' ({type(error).__name__}: {hidden}); try again later"
        ) from None
    if not len(frame):
        raise InputError(f"{name} has no prices of '{zone[:40]}' from {start} to {end}; check zone and days")
    return frame
