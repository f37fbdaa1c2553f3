"""Tables of market sources as price series: what the files of ``markets`` share.

A source knows the columns of its tables, whether their stamps mark beginnings or ends, and on which clock; this file
turns them into the rows that ``steps`` checks. Where a market changed the length of its steps once, the longer steps
are repeated over the shorter ones, which keeps what they say of energy.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError, PriceError
from cell2grid.prices.cells import MENDS, whole_second
from cell2grid.prices.found import MOST_ROWS, Found
from cell2grid.prices.reading import HIGHEST_PRICE, price_series
from cell2grid.prices.resampling import resampled
from cell2grid.prices.series import PriceSeries
from cell2grid.prices.steps import Stamps

if TYPE_CHECKING:
    import pandas as pd

MOST_CHARACTERS = 100_000_000


def without_library(name: str) -> InputError:
    """The error of a source whose library is not there."""
    return InputError(f"asking this market needs {name}: pip install 'cell2grid[markets]'")


def table(data: pd.DataFrame | str, source: str) -> pd.DataFrame:
    """The rows of a source, of CSV text where it is text.

    Raises
    ------
    PriceError
        The text is no CSV, or there is too much of it.
    """
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        frame = data
    else:
        if len(data) > MOST_CHARACTERS:
            raise PriceError(
                f"{len(data):,} characters, at most {MOST_CHARACTERS:,} are read; take fewer days", where=source
            )
        try:
            frame = pd.read_csv(io.StringIO(data), dtype=str, keep_default_na=False, on_bad_lines="error")
        except (ValueError, pd.errors.ParserError) as error:
            raise PriceError(f"not CSV: {str(error)[:100]}; save the table again", where=source) from None
    if len(frame) > MOST_ROWS:
        raise PriceError(f"{len(frame):,} rows, at most {MOST_ROWS:,} are read; take fewer days", where=source)
    return frame


def column(frame: pd.DataFrame, names: tuple[str, ...], source: str) -> Any:
    """The first of some columns that a table has.

    Raises
    ------
    PriceError
        It has none.
    """
    for name in names:
        if name in frame.columns:
            return frame[name]
    has = ", ".join(f"'{str(name)[:30]}'" for name in list(frame.columns)[:12])
    raise PriceError(f"no column '{names[0]}'; the table has {has}", where=source)


def chosen(frame: pd.DataFrame, names: tuple[str, ...], value: str, source: str) -> pd.DataFrame:
    """The rows of one zone, which a table of several has, by the name in any of some columns.

    Raises
    ------
    PriceError
        The table has no row of it.
    """
    labels = column(frame, names, source).astype(str)
    marked = np.zeros(len(frame), dtype=bool)
    for name in set(names) & set(frame.columns):
        marked |= (frame[name].astype(str) == value).to_numpy()
    rows = frame[marked]
    if rows.empty:
        has = ", ".join(f"'{label[:30]}'" for label in sorted(set(labels))[:12]) or "no row"
        raise PriceError(f"no row of '{value[:40]}'; the table has {has}", where=source)
    return rows


def seconds_of(stamps: Any, source: str) -> tuple[npt.NDArray[np.int64], bool]:
    """Seconds since 1970-01-01 of a column of stamps, on UTC where they have offsets, and whether they have.

    Raises
    ------
    PriceError
        A stamp cannot be read, or some have offsets and others have none.
    """
    import pandas as pd

    taken = pd.Series(stamps).reset_index(drop=True)
    if isinstance(taken.dtype, pd.DatetimeTZDtype):
        return _whole(taken.dt.tz_convert("UTC").dt.tz_localize(None), source), True
    if not pd.api.types.is_datetime64_any_dtype(taken.dtype):
        return _of_texts(taken, source)
    return _whole(taken, source), False


def series_of(
    seconds: npt.NDArray[np.int64],
    prices: Any,
    *,
    aware: bool,
    source: str,
    name: str,
    zone: str,
    currency: str | None,
    stamps: Stamps = "begin",
) -> PriceSeries:
    """The price series of stamps and prices of one zone, sorted by time; its currency per MWh.

    Parameters
    ----------
    seconds
        Stamps in seconds since 1970-01-01.
    prices
        A price for each stamp.
    aware
        Whether stamps are on UTC; else they are on the clock of ``zone``.
    source, name
        What errors name, and what charts call the series.
    zone
        The IANA name, or offset, of the market's clock.
    currency
        The currency of the prices.
    stamps
        Whether stamps mark beginnings or ends.

    Raises
    ------
    PriceError
        A price is no finite number, a step is missing, or stands twice with two prices.
    """
    numbers = _numbers(prices, source)
    order = np.argsort(seconds, kind="stable")
    if not aware and (np.diff(seconds) < 0).any():
        # on a local clock only the order of the rows tells the two readings of a repeated hour apart
        order = np.arange(seconds.size)
    found = Found(
        path=Path(source),
        header="price",
        seconds=seconds[order],
        numbers=numbers[order],
        aware=aware,
        line=lambda i: int(order[i]) + 1,
        noun="row",
    )
    change = _change(found.seconds)
    made = price_series(
        found,
        name=name,
        currency=currency,
        timezone=zone,
        stamps=stamps,
        duplicates="same",
        irregular=change is not None and aware and stamps == "begin",
    )
    if made.regular:
        return made
    minutes = float(made.step_hours.min()) * 60.0
    note = f"steps become {minutes:g} minutes where the market's are longer: prices are repeated"
    return replace(resampled(made, minutes), notes=(*made.notes, note))


def _change(seconds: npt.NDArray[np.int64]) -> int | None:
    """The one row at which a market changed the length of its steps, to or from a multiple; None where it did not."""
    steps = np.diff(np.unique(seconds))
    turns = np.flatnonzero(np.diff(steps)) + 1
    if turns.size != 1 or not steps.size:
        return None
    one, other = int(steps[0]), int(steps[-1])
    longer, shorter = max(one, other), min(one, other)
    # a gap is one long step; a market's change is many
    many = min(int(turns[0]), steps.size - int(turns[0])) > 1
    return int(turns[0]) if many and longer % shorter == 0 and longer <= 3600 else None


def _whole(stamps: Any, source: str) -> npt.NDArray[np.int64]:
    if stamps.isna().any():
        i = int(np.flatnonzero(stamps.isna().to_numpy())[0])
        raise PriceError(f"the stamp is missing; {MENDS}", where=f"{source}, row {i + 1}")
    exact = stamps.to_numpy().astype("datetime64[us]")
    seconds = exact.astype("datetime64[s]")
    if (exact != seconds).any():
        raise PriceError("stamps have fractions of a second, expected whole seconds; round them", where=source)
    for extreme in (seconds.min(), seconds.max()) if seconds.size else ():
        whole_second(extreme.astype(object), str(extreme), source)
    return seconds.astype(np.int64)  # type: ignore[no-any-return]


def _of_texts(stamps: Any, source: str) -> tuple[npt.NDArray[np.int64], bool]:
    from cell2grid.prices import cells

    texts = [stamp.isoformat() if hasattr(stamp, "isoformat") else str(stamp) for stamp in stamps.tolist()]
    if not texts:
        return np.empty(0, np.int64), False
    return cells.stamps(texts, None, lambda i: f"{source}, row {i + 1}")


def _numbers(prices: Any, source: str) -> npt.NDArray[np.float64]:
    import pandas as pd

    numbers = pd.to_numeric(pd.Series(prices).reset_index(drop=True), errors="coerce").to_numpy(dtype=np.float64)
    wrong = np.flatnonzero(~(np.abs(numbers) <= HIGHEST_PRICE))
    if wrong.size:
        i = int(wrong[0])
        shown = str(list(prices)[i])[:40]
        raise PriceError(
            f"price '{shown}' is not a number within {HIGHEST_PRICE:g} per MWh; {MENDS}", where=f"{source}, row {i + 1}"
        )
    return np.asarray(numbers, dtype=np.float64)
