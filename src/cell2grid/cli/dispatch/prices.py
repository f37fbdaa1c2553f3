"""The prices that a call of ``dispatch`` runs on, and other series set beside them in time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.errors import InputError, PriceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cell2grid.prices import PriceSeries, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesAsked:
    """The options that say how prices are read, as they were written."""

    prices: Path | None
    synthetic: int | None
    price_column: str
    time_column: str | None
    currency: str | None
    price_unit: str | None
    rate: str | None
    timezone: str | None
    stamps: str
    gaps: str
    longest_gap: float
    duplicates: str
    irregular: bool
    decimal: str
    sheet: str | None
    resample: str | None

    def timing(self, series: PriceSeries) -> dict[str, Any]:
        """How a file that stands beside the prices is put in time."""
        return {
            "timezone": series.zone,
            "stamps": self.stamps,
            "gaps": self.gaps,
            "longest_gap": self.longest_gap,
            "duplicates": self.duplicates,
            "irregular": self.irregular,
            "decimal": self.decimal,
        }

    @property
    def minutes(self) -> float | None:
        """The length of the steps that were asked for [minute]."""
        from cell2grid.cli.price_options import step_minutes

        return None if self.resample is None else step_minutes("--resample", self.resample)


def checked(asked: PricesAsked) -> None:
    """Refuse options of the prices that contradict one another, before any file is read.

    Raises
    ------
    InputError, UnitError
        There is no source of prices, or two; or a currency that nobody knows.
    """
    from cell2grid.errors import UnitError

    if (asked.prices is None) == (asked.synthetic is None):
        raise InputError("give either a price file or '--synthetic SEED' for the synthetic year")
    if asked.currency is not None and not _known(asked.currency):
        raise UnitError(
            f"'{asked.currency[:20]}' is not a currency that cell2grid knows; write it as in '--currency EUR'",
            where="--currency",
        )
    if asked.synthetic is not None:
        for option in ("price_unit", "rate", "sheet"):
            if getattr(asked, option) is not None:
                raise InputError(f"--{option.replace('_', '-')} says how a price file is read; --synthetic has none")


def _known(code: str) -> bool:
    """Whether a text is the code of a currency."""
    from cell2grid.errors import UnitError
    from cell2grid.units import canonical, currency

    try:
        return currency(canonical(code)) == code
    except UnitError:
        return False


def read(asked: PricesAsked, currency: str | None) -> PriceSeries:
    """The prices over the steps that were asked for.

    Raises
    ------
    PriceError, InputError
        As ``read_prices`` and ``resampled``.
    """
    from cell2grid.prices import resampled, synthetic_year

    minutes = asked.minutes
    if asked.prices is None:
        series = synthetic_year(asked.synthetic or 0, currency=currency)
    else:
        series = _of_file(asked, asked.prices, asked.price_column, currency)
    return series if minutes is None else resampled(series, minutes, cut=True)


def beside_prices(asked: PricesAsked, path: Path, column: str, series: PriceSeries) -> PriceSeries:
    """Other prices over the same steps, in the same money.

    Raises
    ------
    PriceError
        They are in another currency, or have other time steps.
    """
    from dataclasses import replace

    from cell2grid.prices import Profile

    other = _of_file(asked, path, column, series.currency)
    if other.currency is not None and series.currency is not None and other.currency != series.currency:
        raise PriceError(
            f"prices are in {other.currency}, the others in {series.currency}; give a --rate", where=str(path)
        )
    profile = Profile(
        timestep=other.timestep, step_hours=other.step_hours, power=other.price, name=str(path),
        offsets=other.offsets, zone=other.zone, filled=other.filled, notes=other.notes,
    )  # fmt: skip
    price = beside(profile, series, asked)
    return replace(series, price=price, name=other.name, notes=other.notes, synthetic=False)


def beside(profile: Profile, series: PriceSeries, asked: PricesAsked) -> NDArray[np.float64]:
    """The numbers of a profile over the steps of the prices, resampled where the prices were."""
    from cell2grid.prices import aligned, resampled

    if asked.resample is not None and not _same_steps(profile, series):
        profile = resampled(profile, asked.minutes or 0.0, cut=True)
    return aligned(profile, series, cut=True)


def _same_steps(profile: Profile, series: PriceSeries) -> bool:
    return profile.regular and series.regular and profile.step_hours[0] == series.step_hours[0]


def _of_file(asked: PricesAsked, path: Path, column: str, currency: str | None) -> PriceSeries:
    from cell2grid.prices import read_prices
    from cell2grid.prices.reading import WORKBOOKS

    # the sheet is one of the prices; other files beside them may be of another kind
    has_sheet = path == asked.prices or path.suffix.lower() in WORKBOOKS
    return read_prices(
        path,
        price_column=column,
        time_column=asked.time_column,
        currency=currency,
        unit=asked.price_unit,
        rate=asked.rate,
        timezone=asked.timezone,
        stamps=asked.stamps,  # type: ignore[arg-type]
        gaps=asked.gaps,  # type: ignore[arg-type]
        longest_gap=asked.longest_gap,
        duplicates=asked.duplicates,  # type: ignore[arg-type]
        irregular=asked.irregular,
        decimal=asked.decimal,
        sheet=asked.sheet if has_sheet else None,
    )
