"""The Australian market (NEM): dispatch prices of AEMO as NEMOSIS compiles them, or as OpenElectricity gives them.

Stamps are on the market's clock, ten hours ahead of UTC all year, and mark the end of a five-minute interval
(SETTLEMENTDATE; OpenElectricity keeps it under ``interval``). Of intervals with an intervention the run that sets the
price is the one with INTERVENTION 0 (AEMO, MMS Data Model, table DISPATCHPRICE).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cell2grid.errors import InputError, PriceError
from cell2grid.prices.market_frames import chosen, column, seconds_of, series_of, table, without_library

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.prices.series import PriceSeries

ABOUT = "Australia's National Electricity Market, dispatch prices of 5 minutes, through nemosis"
ZONES = "a region: NSW1, QLD1, SA1, TAS1 or VIC1"
_REGIONS = ("NSW1", "QLD1", "SA1", "TAS1", "VIC1")
_CLOCK = "+10:00"


def key_name(zone: str) -> str | None:
    """None: AEMO's files are open."""
    return None


def fetch(zone: str, start: date, end: date, *, key: str | None) -> pd.DataFrame:
    """The DISPATCHPRICE rows of a region from one day of market time to before another.

    Raises
    ------
    InputError
        NEMOSIS is not installed, or the region is none.
    """
    if zone not in _REGIONS:
        raise InputError(f"aemo: '{zone[:40]}' is none of {', '.join(_REGIONS)}; choose one")
    try:
        from nemosis import dynamic_data_compiler  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise without_library("nemosis") from None
    from platformdirs import user_cache_path

    folder = Path(user_cache_path("cell2grid")) / "nemosis"
    folder.mkdir(parents=True, exist_ok=True)
    # intervals are named by their end, and those after the start are taken: the days are whole
    frame: pd.DataFrame = dynamic_data_compiler(
        f"{start:%Y/%m/%d} 00:00:00",
        f"{end:%Y/%m/%d} 00:00:00",
        "DISPATCHPRICE",
        str(folder),
        select_columns=["SETTLEMENTDATE", "REGIONID", "INTERVENTION", "RRP"],
        filter_cols=["REGIONID"],
        filter_values=([zone],),
        fformat="parquet",
        keep_csv=False,
    )
    return frame


def series(data: pd.DataFrame | str, *, zone: str) -> PriceSeries:
    """The dispatch prices of a region [AUD/MWh], over the five minutes before each stamp.

    Raises
    ------
    PriceError
        A column or the region is missing, an interval is missing or stands twice with two prices.

    >>> rows = "2025/01/01 00:05:00,SA1,0,80\\n2025/01/01 00:10:00,SA1,0,-5\\n"
    >>> prices = series("SETTLEMENTDATE,REGIONID,INTERVENTION,RRP\\n" + rows, zone="SA1")
    >>> prices.timestep[0], prices.price.tolist()
    (np.datetime64('2024-12-31T14:00:00'), [80.0, -5.0])
    """
    rows = chosen(table(data, "aemo"), ("REGIONID", "REGION", "network_region", "region"), zone, "aemo")
    if "INTERVENTION" in rows.columns:
        rows = rows[rows["INTERVENTION"].astype(str).str.partition(".")[0].eq("0").to_numpy()]
        if rows.empty:
            raise PriceError(f"no row of '{zone}' has INTERVENTION 0, the run that sets the price", where="aemo")
    seconds, aware = seconds_of(column(rows, ("SETTLEMENTDATE", "interval"), "aemo"), "aemo")
    made = series_of(
        seconds,
        column(rows, ("RRP", "price"), "aemo"),
        aware=aware,
        source="aemo",
        name=f"AEMO {zone}",
        zone=_CLOCK,
        currency="AUD",
        stamps="end",
    )
    if "interval" in rows.columns and made.resolution_minutes != 5.0:
        raise PriceError(
            f"OpenElectricity's intervals of {made.resolution_minutes:g} minutes begin at their stamp or end there: "
            "ask for those of 5 minutes",
            where="aemo",
        )
    return made
