"""European day-ahead prices of ENTSO-E's transparency platform, asked for through entsoe-py.

A document (A44) holds time series, each of periods with a start, an end, a resolution and points; with curve type A03 a
point that is left out repeats the one before. Of auctions with several sequences the first is the coupled one (SDAC).
Since October 2025 most zones have quarter hours; hours before are repeated over them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cell2grid.errors import InputError, PriceError
from cell2grid.prices import cells
from cell2grid.prices.found import MOST_ROWS
from cell2grid.prices.market_frames import MOST_CHARACTERS, column, seconds_of, series_of, table, without_library

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.prices.series import PriceSeries

ABOUT = "European bidding zones, day-ahead prices, through entsoe-py"
ZONES = "a bidding zone as entsoe-py names it: DE_LU, FR, NO_2, IT_NORD"
_KEY = "ENTSOE_API_KEY"
_CLOCK = "Europe/Brussels"  # market days of the coupled auction are those of Central European time
_SEQUENCED = ("DE_LU", "AT")
_DAYS_AT_ONCE = 90  # a document holds at most 100 days
_MOST_STEPS = 40_000  # a year of quarter hours
_STEPS = {"PT15M": 900, "PT30M": 1800, "PT60M": 3600, "PT1H": 3600}


class _Read(NamedTuple):
    seconds: list[int]
    prices: list[float]


def key_name(zone: str) -> str | None:
    """The variable with the platform's security token."""
    return _KEY


def fetch(zone: str, start: date, end: date, *, key: str | None) -> pd.DataFrame:
    """Prices by UTC stamp, with their currency, from one day of Central European time to before another.

    Raises
    ------
    InputError
        entsoe-py is not installed, or does not know the zone.
    """
    try:
        from entsoe.entsoe import EntsoeRawClient
        from entsoe.mappings import lookup_area
    except ImportError:
        raise without_library("entsoe-py") from None
    import pandas as pd

    try:
        lookup_area(zone)
    except ValueError:
        raise InputError(f"entsoe: '{zone[:40]}' is no bidding zone; give {ZONES}") from None
    client, parts = EntsoeRawClient(api_key=key or ""), []
    sequence: Any = 1 if zone in _SEQUENCED else None
    while start < end:
        stop = min(start + timedelta(days=_DAYS_AT_ONCE), end)
        first, last = (pd.Timestamp(day, tz=_CLOCK) for day in (start, stop))
        text = client.query_day_ahead_prices(zone, start=first, end=last, sequence=sequence)
        frame = _frame(text)
        stamps = pd.to_datetime(frame["timestep"], utc=True)
        parts.append(frame[((stamps >= first) & (stamps < last)).to_numpy()])
        start = stop
    return pd.concat(parts, ignore_index=True)


def series(data: pd.DataFrame | pd.Series | str, *, zone: str) -> PriceSeries:
    """The day-ahead prices of a zone [currency/MWh].

    Parameters
    ----------
    data
        The XML of a document, the table of ``fetch``, or the series of entsoe-py's ``query_day_ahead_prices``.
    zone
        The bidding zone, which names the series.

    Raises
    ------
    PriceError
        The document is none of prices, or a step is missing or stands twice with two prices.
    """
    import pandas as pd

    if isinstance(data, str) and data.lstrip("\ufeff \n\r\t").startswith("<"):
        data = _frame(data)
    elif isinstance(data, pd.Series):
        data = pd.DataFrame({"timestep": data.index, "price": data.to_numpy()})
    frame = table(data, "entsoe")
    seconds, aware = seconds_of(column(frame, ("timestep",), "entsoe"), "entsoe")
    if not aware:
        raise PriceError("stamps without offset; save those of entsoe-py with their offsets", where="entsoe")
    return series_of(
        seconds,
        column(frame, ("price",), "entsoe"),
        aware=aware,
        source="entsoe",
        name=f"ENTSO-E {zone}",
        zone=_CLOCK,
        currency=_currency(frame),
    )


def _currency(frame: pd.DataFrame) -> str | None:
    if "currency" not in frame.columns:
        return None
    said = sorted(set(frame["currency"].astype(str)) - {"", "None", "nan"})
    if len(said) > 1:
        raise PriceError(f"prices in {' and '.join(said)}; take the days of one currency", where="entsoe")
    return said[0] if said else None


def _frame(text: str) -> pd.DataFrame:
    """The points of a document: ``timestep`` [UTC], ``price``, ``currency``."""
    import pandas as pd

    root = _root(text)
    found = [each for each in root if _name(each) == "TimeSeries"]
    sequences = [_text(each, "classificationSequence_AttributeInstanceComponent.position") for each in found]
    if "1" in sequences:
        found = [each for each, number in zip(found, sequences, strict=True) if number in ("1", "")]
    points, currencies, left = _Read([], []), [], MOST_ROWS
    for each in found:
        if _text(each, "price_Measure_Unit.name").upper() not in ("MWH", ""):
            raise PriceError(f"prices per {_text(each, 'price_Measure_Unit.name')[:20]}, expected MWH", where="entsoe")
        for period in (below for below in each if _name(below) == "Period"):
            before = len(points.seconds)
            _read_period(period, _text(each, "curveType") == "A03", points, left)
            left -= len(points.seconds) - before
            currencies += [_text(each, "currency_Unit.name")] * (len(points.seconds) - before)
    stamps = pd.to_datetime(np.array(points.seconds, dtype=np.int64), unit="s", utc=True)
    return pd.DataFrame({"timestep": stamps, "price": points.prices, "currency": currencies})


def _root(text: str) -> Any:
    """The document, of which no entity is resolved."""
    from lxml import etree  # type: ignore[import-untyped,unused-ignore]

    if len(text) > MOST_CHARACTERS:
        raise PriceError(
            f"{len(text):,} characters, at most {MOST_CHARACTERS:,} are read; take fewer days", where="entsoe"
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PriceError(f"not XML: {str(error)[:100]}; save the document again", where="entsoe") from None
    if _name(root) == "Acknowledgement_MarketDocument":
        reason = next((each.text for each in root.iter() if _name(each) == "text"), None)
        raise PriceError(f"the platform says: {str(reason)[:200]}; check zone and days", where="entsoe")
    if _name(root) != "Publication_MarketDocument":
        raise PriceError(f"a document of {_name(root)[:60]}, expected Publication_MarketDocument", where="entsoe")
    return root


def _read_period(period: Any, repeats: bool, points: _Read, left: int) -> None:
    """Add the points of one period; those that are left out repeat the one before, where the curve says so."""
    interval = next((each for each in period if _name(each) == "timeInterval"), None)
    said = _text(period, "resolution")
    step = _STEPS.get(said)
    if interval is None or step is None:
        raise PriceError(f"a period with the resolution '{said[:20]}', expected {', '.join(_STEPS)}", where="entsoe")
    first, last = (cells.stamp_of(_text(interval, name), True, "entsoe")[0] for name in ("start", "end"))
    count, most = (last - first) // step, min(left, _MOST_STEPS)
    if not 0 < count <= most or (last - first) % step:
        raise PriceError(f"a period of {count:,} steps of {said}, expected 1 to {most:,} whole ones", where="entsoe")
    given = dict(_points(period))
    if not given or min(given) < 1 or max(given) > count or (1 not in given and repeats):
        raise PriceError(f"points of a period of {count} steps lie outside it", where="entsoe")
    price = 0.0
    for position in range(1, count + 1):
        if position in given:
            price = given[position]
        elif not repeats:
            continue
        points.seconds.append(first + (position - 1) * step)
        points.prices.append(price)


def _points(period: Any) -> Iterator[tuple[int, float]]:
    for point in (each for each in period if _name(each) == "Point"):
        position, price = _text(point, "position"), _text(point, "price.amount")
        if not re.fullmatch(r"\d{1,9}", position) or not re.fullmatch(r"-?\d{1,12}(\.\d{1,12})?", price):
            raise PriceError(f"a point at '{position[:20]}' with the price '{price[:20]}'", where="entsoe")
        yield int(position), float(price)


def _name(element: Any) -> str:
    """The name of an element without its namespace; comments have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: Any, name: str) -> str:
    found = next((each for each in element if _name(each) == name), None)
    return "" if found is None or found.text is None else found.text.strip()
