"""The test of the price-taker assumption that a call of ``dispatch`` asks for: its slope, its answer, both in words.

The slope is given, or estimated from a load beside the prices. The schedule that the call prints and writes is still
that at given prices; what the asset does to them stands beside it.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.cli.dispatch.options import Quantity
from cell2grid.cli.output import waiting
from cell2grid.errors import InputError, UnitError
from cell2grid.units import written

if TYPE_CHECKING:
    from cell2grid.cli.dispatch.prices import PricesAsked
    from cell2grid.engines.dispatch import Case
    from cell2grid.engines.dispatch.impact import Impact
    from cell2grid.prices import PriceSeries, Slope

_EXAMPLE = "'--slope \"0.01 {}/MWh/MW\"'"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactAsked:
    """The options of the slope, as they were written; None where they were not."""

    slope: Quantity
    slope_from: Path | None
    slope_column: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tested:
    """The slope [currency/MWh/MW] and where it is from, what the test found, and the seconds it took.

    ``found`` is None where the estimate is not told apart from zero, so that nothing can be tested with it.
    """

    slope: float
    estimate: Slope | None
    found: Impact | None
    seconds: float
    unit: str
    money: str
    notes: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """What the JSON document holds of it."""
        found, estimate = self.found, self.estimate
        return {
            "slope": self.slope,
            "slope_unit": self.unit,
            "estimate": None if estimate is None else _document(estimate),
            "taker_expected": None if found is None else found.taker_expected,
            "taker_earned": None if found is None else found.taker_earned,
            "objective": None if found is None else found.objective,
            "gap": None if found is None else found.gap,
            "overstated": None if found is None else found.taker_expected - found.objective,
            "concave": None if found is None else found.concave,
            "rounds": None if found is None else found.rounds,
            "seconds": self.seconds,
        }

    def sentences(self) -> list[str]:
        """What the test says."""
        return [*self._about_slope(), *self._about_schedule(), *self.notes]

    def _about_slope(self) -> list[str]:
        estimate = self.estimate
        if estimate is None:
            return []
        said = [
            f"From {estimate.count:,} changes of price and load, a MW more of sales lowers the price by "
            f"{estimate.value:.3g} {self.unit} (95 % interval {estimate.low:.3g} to {estimate.high:.3g}); what else "
            "moves both is in that figure."
        ]
        said += estimate.notes()
        if not estimate.told:
            said.append("Whether the asset takes prices as given cannot be tested with it; give a slope with --slope.")
        return said

    def _about_schedule(self) -> list[str]:
        found, money = self.found, self.money
        if found is None:
            return []
        said = [
            f"Taking prices as given, it expects {written(found.taker_expected, 2)} {money}; where each MW of its own "
            f"sales lowers the price by {self.slope:.3g} {self.unit}, that schedule earns "
            f"{written(found.taker_earned, 2)}, and one that knows it {written(found.objective, 2)}."
        ]
        lost = found.taker_expected - found.objective
        if found.taker_expected > 0.0:
            said.append(f"Given prices overstate what it can earn by {lost / found.taker_expected:.1%}.")
        if found.gap > 1e-3 * max(abs(found.objective), abs(found.taker_expected)):
            said.append(f"A better schedule that knows it might earn up to {written(found.gap, 2)} {money} more.")
        return said


def checked(asked: ImpactAsked, foresight: str, *, reserve: bool, intraday: bool) -> None:
    """Refuse options of the slope that contradict one another or the rest of the call, before any file is read.

    Raises
    ------
    InputError
        There are two slopes, a column without its file, or a schedule without foresight, intraday or with reserve.
    """
    if asked.slope is not None and asked.slope_from is not None:
        raise InputError("--slope gives the slope and --slope-from a file to estimate it from; leave one out")
    if asked.slope_column is not None and asked.slope_from is None:
        raise InputError("--slope-column says how --slope-from is read, and there is none; give --slope-from FILE")
    if asked.slope is None and asked.slope_from is None:
        return
    option = "--slope" if asked.slope is not None else "--slope-from"
    if foresight != "perfect" or reserve or intraday:
        other = "--reserve" if reserve else "--intraday" if intraday else f"--foresight {foresight}"
        raise InputError(f"{option} tests a schedule on known prices of one market; leave out {other}")


def tested(
    asked: ImpactAsked, case: Case, series: PriceSeries, prices: PricesAsked, *, time_limit: float
) -> Tested | None:
    """The test of the case with the slope that was asked for; None where none was.

    Raises
    ------
    InputError, UnitError, PriceError
        The slope is none, or its file cannot be read or has other steps than the prices.
    """
    from cell2grid.engines.dispatch.impact import with_impact

    unit, money = f"{series.currency or 'currency'}/MWh/MW", series.currency or "currency units"
    estimate, notes = None, tuple[str, ...]()
    if asked.slope is not None:
        slope = _given(asked.slope, series.currency)
    elif asked.slope_from is not None:
        estimate, notes = _estimated(asked.slope_from, asked.slope_column, series, prices)
        slope = estimate.value
    else:
        return None
    began = time.perf_counter()
    found = None
    if estimate is None or estimate.told:
        with waiting("price impact"):
            found = with_impact(case, slope, time_limit=time_limit)
    seconds = time.perf_counter() - began
    return Tested(slope=slope, estimate=estimate, found=found, seconds=seconds, unit=unit, money=money, notes=notes)


def _given(text: str, prices_in: str | None) -> float:
    """The slope that an option gives [currency/MWh/MW]."""
    from cell2grid.units import convert, currency, parse_magnitude

    example = _EXAMPLE.format(prices_in or "EUR")
    try:
        given = parse_magnitude(text)
    except UnitError as error:
        message = error.message.partition("; write")[0]
        raise UnitError(f"{message}; write it as in {example}", where="--slope") from None
    if given.low != given.high:
        raise InputError(f"--slope '{text}' is a range, expected one number, as in {example}")
    value = given.mode
    if given.unit != "ratio":
        paid_in = currency(given.unit)
        if paid_in is None or (prices_in is not None and paid_in != prices_in):
            raise UnitError(f"--slope is in {given.unit}, expected {prices_in or 'a currency'}/MWh/MW, as in {example}")
        try:
            value = convert(value, given.unit, f"{paid_in}/MWh/MW")
        except UnitError as error:
            raise UnitError(f"{error.message}; write it as in {example}", where="--slope") from None
    if not 0.0 <= value <= 1e6:
        raise InputError(f"--slope '{text}' is {value:g}, expected 0 to 1,000,000: sales lower the price by it")
    return value


def _estimated(
    path: Path, column: str | None, series: PriceSeries, prices: PricesAsked
) -> tuple[Slope, tuple[str, ...]]:
    """The slope of the prices in a load that stands beside them, and what was done to its file."""
    from cell2grid.cli.dispatch.prices import beside
    from cell2grid.prices import estimated_slope, read_profile

    profile = read_profile(path, column=column, signed=True, **prices.timing(series))
    load = beside(profile, series, prices)
    # errors hang together for a day, whatever the steps
    lags = min(round(24.0 * 60.0 / series.resolution_minutes), len(load) // 4)
    try:
        found = estimated_slope(series.price, load, lags=lags)
    except InputError as error:
        raise InputError(f"{error.message}; or give a slope with --slope", where=str(path)) from None
    return found, tuple(f"{path.name}: {note}" for note in profile.notes)


def _document(estimate: Slope) -> dict[str, Any]:
    return {
        "low": estimate.low,
        "high": estimate.high,
        "told": estimate.told,
        "count": estimate.count,
        "lags": estimate.lags,
        "estimator": estimate.method,
        "steeper_at_peak": estimate.steeper_at_peak,
        "quarters": [asdict(quarter) for quarter in estimate.quarters],
    }
