"""North American markets: prices of a location as gridstatus gives them (``get_lmp``; ``get_spp`` of ERCOT).

A table has ``Interval Start`` and ``Interval End`` with offsets, ``Location`` and ``LMP`` (or ``SPP``), and ``Market``.
Clocks and currencies of the operators stand in ``north_america.yaml``.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cell2grid.errors import InputError, PriceError
from cell2grid.prices.market_frames import chosen, column, seconds_of, series_of, table, without_library

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.prices.series import PriceSeries

ABOUT = "markets of the United States and Canada, prices of a location, through gridstatus"
ZONES = "operator/location, or operator/location/market: CAISO/TH_NP15_GEN-APND, NYISO/N.Y.C./REAL_TIME_5_MIN"
_MARKET = "DAY_AHEAD_HOURLY"
_LOCATIONS = ("Location", "Location Name", "Location Id")


class _Asked(NamedTuple):
    operator: str
    location: str
    market: str | None


def key_name(zone: str) -> str | None:
    """The variable with the key of an operator that asks for one."""
    found: str | None = _operators()[_asked(zone).operator].get("key")
    return found


def fetch(zone: str, start: date, end: date, *, key: str | None) -> pd.DataFrame:
    """The rows of a location from one local day to before another.

    Raises
    ------
    InputError
        gridstatus is not installed, or the zone is none.
    """
    asked = _asked(zone)
    try:
        import gridstatus  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        raise without_library("gridstatus") from None
    import pandas as pd

    kind = getattr(gridstatus, asked.operator)
    operator = kind(api_key=key) if key else kind()
    clock = _operators()[asked.operator]["timezone"]
    first, last = (pd.Timestamp(day, tz=clock) for day in (start, end))
    market = asked.market or _MARKET
    ask = operator.get_spp if hasattr(operator, "get_spp") else operator.get_lmp
    frame: pd.DataFrame = ask(date=first, end=last, market=market, locations=[asked.location])
    stamps = pd.to_datetime(frame["Interval Start"], utc=True)
    return frame[((stamps >= first) & (stamps < last)).to_numpy()]


def series(data: pd.DataFrame | str, *, zone: str) -> PriceSeries:
    """The prices of a location [USD/MWh, CAD/MWh].

    Raises
    ------
    PriceError
        A column or the location is missing, several markets are mixed, or an interval is missing or cut short.
    """
    asked = _asked(zone)
    rows = chosen(table(data, "gridstatus"), _LOCATIONS, asked.location, "gridstatus")
    if "Market" in rows.columns:
        markets = sorted(set(rows["Market"].astype(str)))
        if asked.market is not None:
            rows = chosen(rows, ("Market",), asked.market, "gridstatus")
        elif len(markets) > 1:
            raise PriceError(f"prices of {', '.join(markets)}; name one in the zone", where="gridstatus")
    begins, aware = seconds_of(column(rows, ("Interval Start",), "gridstatus"), "gridstatus")
    ends, _ = seconds_of(column(rows, ("Interval End",), "gridstatus"), "gridstatus")
    if not aware:
        raise PriceError("stamps without offset; save those of gridstatus with their offsets", where="gridstatus")
    made = series_of(
        begins,
        column(rows, ("LMP", "SPP"), "gridstatus"),
        aware=aware,
        source="gridstatus",
        name=f"{asked.operator} {asked.location}",
        zone=_operators()[asked.operator]["timezone"],
        currency=_operators()[asked.operator]["currency"],
    )
    _check_lengths(begins, ends)
    return made


def _check_lengths(begins: Any, ends: Any) -> None:
    """Refuse intervals that do not end where the next begins."""
    order = np.argsort(begins, kind="stable")
    begins, ends = begins[order], ends[order]
    wrong = np.flatnonzero((begins[1:] != ends[:-1]) & (begins[1:] != begins[:-1]))
    if wrong.size or (ends <= begins).any():
        i = int(wrong[0]) if wrong.size else int(np.flatnonzero(ends <= begins)[0])
        raise PriceError(
            f"the interval from {np.datetime64(int(begins[i]), 's')}Z ends at {np.datetime64(int(ends[i]), 's')}Z, "
            "and not where the next begins; take the days again",
            where=f"gridstatus, row {int(order[i]) + 1}",
        )


def _asked(zone: str) -> _Asked:
    operator, _, rest = zone.partition("/")
    location, _, market = rest.partition("/")
    known = next((name for name in _operators() if name.upper() == operator.upper()), None)
    if known is None or not location:
        raise InputError(
            f"gridstatus: zone '{zone[:60]}' is no {ZONES.partition(':')[0]}, of {', '.join(_operators())}; "
            "as in CAISO/TH_NP15_GEN-APND"
        )
    return _Asked(known, location, market or None)


@cache
def _operators() -> dict[str, dict[str, Any]]:
    import yaml

    text = resources.files("cell2grid.prices").joinpath("north_america.yaml").read_text(encoding="utf-8")
    operators: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return operators
