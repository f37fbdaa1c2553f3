"""Text cells as stamps and numbers: many at once, or one at a time with the exact complaint.

Stamps are ISO 8601, with or without an offset; dates may have slashes where the year comes first, and points where the
day does (``2025/01/31``, ``31.01.2025``). ``01/02/2025`` is read in no way, for it is two days.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from cell2grid.errors import PriceError
from cell2grid.prices.found import Measured, Wanted

FIRST_YEAR, LAST_YEAR = 1900, 2200
MENDS = "mend the file: this reader fills nothing in unless a policy for gaps is asked for"
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_PLAIN = set("0123456789+-.eE")
_MISSING = {"", "-", "nan", "na", "n/a", "n/e", "#n/a", "null", "none"}
_NAIVE, _AWARE = datetime(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)
_YEAR_FIRST = re.compile(r"\d{4}/\d\d/\d\d(?!\d)")
_DAY_FIRST = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})(?!\d)")

Where = Callable[[int], str]
Place = Callable[[], str]


def stamps(cells: Sequence[str], aware: bool | None, where: Where) -> tuple[npt.NDArray[np.int64], bool]:
    """Seconds since 1970-01-01 of each stamp, on UTC where stamps have offsets, and whether they have.

    Parameters
    ----------
    cells
        The stamps as text.
    aware
        Whether earlier stamps of the file had offsets; None for the first.
    where
        The file and line of a place in ``cells``.

    Raises
    ------
    PriceError
        The first stamp that cannot be read, with its line.
    """
    try:
        read = list(map(datetime.fromisoformat, cells))
        offsets = read[0].tzinfo is not None
        if aware is None or aware == offsets:
            origin = _AWARE if offsets else _NAIVE
            seconds = np.fromiter(((stamp - origin).total_seconds() for stamp in read), np.float64, len(read))
            whole = seconds.astype(np.int64)
            years = np.array([whole.min(), whole.max()]).astype("datetime64[s]").astype("datetime64[Y]")
            first, last = (years.astype(np.int64) + 1970).tolist()
            if (whole == seconds).all() and first >= FIRST_YEAR and last <= LAST_YEAR:
                return whole, offsets
    except (ValueError, TypeError):
        pass
    each = []
    for i, cell in enumerate(cells):
        second, offsets = stamp_of(cell, aware, where(i) if i == 0 else _lazy(where, i))
        aware = offsets
        each.append(second)
    return np.array(each, dtype=np.int64), bool(aware)


def _lazy(where: Where, i: int) -> Place:
    return lambda: where(i)


def stamp_of(cell: str, aware: bool | None, where: str | Place) -> tuple[int, bool]:
    """Seconds since 1970-01-01 of one stamp, and whether it has an offset.

    Raises
    ------
    PriceError
        It cannot be read, is no whole second, or has an offset where others have none.

    >>> stamp_of("31.01.2025 00:00", None, "here")
    (1738281600, False)
    """
    shown = cell.strip()[:40]
    try:
        stamp = datetime.fromisoformat(_year_first(cell.strip()))
    except ValueError:
        raise _error(
            f"'{shown}' is not an ISO 8601 stamp; write it as in 2025-03-30T01:00+01:00 or 2025-03-30 00:00", where
        ) from None
    offsets = stamp.tzinfo is not None
    if aware is not None and aware != offsets:
        raise _error(
            f"stamp '{shown}' {'lacks' if aware else 'has'} an offset, unlike those before; "
            "write all stamps in one way",
            where,
        )
    return whole_second(stamp, shown, where), offsets


def whole_second(stamp: datetime, shown: str, where: str | Place) -> int:
    """Seconds since 1970-01-01 of a stamp within the years that are read.

    Raises
    ------
    PriceError
        It lies outside, or between two seconds.
    """
    if not FIRST_YEAR <= stamp.year <= LAST_YEAR:
        raise _error(f"stamp '{shown}' lies outside the years {FIRST_YEAR} to {LAST_YEAR}; correct it", where)
    since = stamp - (_NAIVE if stamp.tzinfo is None else _AWARE)
    if since.microseconds:
        raise _error(f"stamp '{shown}' has a fraction of a second, expected whole seconds; round the stamps", where)
    return since // timedelta(seconds=1)


def numbers(cells: Sequence[str], wanted: Wanted, where: Where) -> npt.NDArray[np.float64]:
    """The numbers of text cells; NaN for a cell without one where that may be.

    Raises
    ------
    PriceError
        The first cell that is no number within the bounds, with its line.
    """
    measured = wanted.measured
    joined = "".join(cells)
    if wanted.decimal == "." and joined.isascii() and set(joined) <= _PLAIN:
        try:
            read = np.fromiter(map(float, cells), np.float64, len(cells))
        except ValueError:
            pass
        else:
            if (read >= measured.lowest).all() and (read <= measured.highest).all():
                return read
    return np.array([number_of(cell, wanted, _lazy(where, i)) for i, cell in enumerate(cells)], dtype=np.float64)


def number_of(cell: str, wanted: Wanted, where: str | Place) -> float:
    """The number of one text cell; NaN where it has none and that may be.

    Raises
    ------
    PriceError
        It is no number, or beyond the bounds.
    """
    text, noun = cell.strip(), wanted.measured.noun
    if wanted.missing and text.lower() in _MISSING:
        return math.nan
    point = text.replace(",", ".") if wanted.decimal == "," and "." not in text else text
    if not _NUMBER.fullmatch(point) or not point.isascii():
        if not text:
            raise _error(f"the {noun} is missing; {MENDS}", where)
        raise _error(f"{noun} '{text[:40]}' is not a number; {_hint(text, wanted.decimal)}", where)
    return within(float(point), text, wanted.measured, where)


def within(number: float, text: str, measured: Measured, where: str | Place) -> float:
    """The number, which lies within the bounds.

    Raises
    ------
    PriceError
        It lies beyond one.
    """
    if math.isnan(number):
        raise _error(f"{measured.noun} '{text[:40]}' is not a number; {MENDS}", where)
    if number < measured.lowest and measured.lowest == 0.0:
        raise _error(f"{measured.noun} '{text[:40]}' is below 0, expected 0 or more; correct it", where)
    if not measured.lowest <= number <= measured.highest:
        raise _error(
            f"{measured.noun} '{text[:40]}' is beyond {measured.highest:g}{measured.per}, the largest that is read; "
            "correct it",
            where,
        )
    return number


def _hint(text: str, decimal: str) -> str:
    if decimal == "," and "." in text:
        return "write it without points between thousands, and a comma for the decimals"
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return "write it without commas between thousands, and a point for the decimals"
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return "write a point for the decimals, or say that they have a comma"
    return MENDS


def _year_first(text: str) -> str:
    if _YEAR_FIRST.match(text):
        return text.replace("/", "-", 2)
    day_first = _DAY_FIRST.match(text)
    if day_first:
        day, month, year = day_first.groups()
        return f"{year}-{month}-{day}{text[10:]}"
    return text


def _error(message: str, where: str | Place) -> PriceError:
    return PriceError(message, where=where if isinstance(where, str) else where())
