"""The asset that a call of ``dispatch`` describes: an asset file or a network, and the options that go before it.

The site around it is read in ``site``; ``magnitude`` and ``money`` read one option each, for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cell2grid.cli.dispatch.options import Quantity
from cell2grid.errors import InputError, UnitError

if TYPE_CHECKING:
    from cell2grid.cli.assets import GivenAsset
    from cell2grid.engines.dispatch import Asset
    from cell2grid.prices import PriceSeries

_EXAMPLES = {"MW": "100MW", "MWh": "400MWh", "ratio": "0.94", "ratio/hour": "0.0005/hour"}
# what an option of an asset replaces in its file
_REPLACED = {
    "efficiency_charge": ("efficiency_charge_by_power",),
    "efficiency_discharge": ("efficiency_discharge_by_power",),
    "start_fraction": ("cyclic",),
    "end_fraction": ("cyclic",),
    "terminal_value": ("terminal_worth", "cyclic"),
    "cyclic": ("start_fraction", "end_fraction", "terminal_value", "terminal_worth"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetAsked:
    """The options of the asset, as they were written; None where they were not."""

    asset: Path | None
    unit: str | None
    power: Quantity
    energy: Quantity
    discharge_power: Quantity
    efficiency_charge: Quantity
    efficiency_discharge: Quantity
    start: Quantity
    end: Quantity
    cyclic: bool
    self_discharge: Quantity
    auxiliary_load: Quantity
    throughput_cost: Quantity
    terminal_value: Quantity
    cycles_per_year: float | None
    cycles_per_day: float | None
    mode: str | None


def checked(asked: AssetAsked) -> None:
    """Refuse options of the asset that contradict one another, before any file is read.

    Raises
    ------
    InputError
        Two options say different things, or one is none of its choices.
    """
    if asked.mode not in (None, "exclusive", "relaxed"):
        raise InputError(f"--mode is '{asked.mode[:40]}', expected exclusive or relaxed")
    if asked.unit is not None and asked.asset is None:
        raise InputError("--unit names a storage unit of a network: give the network as --asset")
    if asked.cyclic:
        for option in ("start", "end", "terminal_value"):
            if getattr(asked, option) is not None:
                raise InputError(
                    f"--cyclic and {_named(option)} exclude each other: the level at the start is chosen, and that at "
                    "the end is the same; leave one out"
                )
    for option in ("cycles_per_year", "cycles_per_day"):
        cycles = getattr(asked, option)
        if cycles is not None and not 0.0 <= cycles <= 1e6:
            raise InputError(f"{_named(option)} is {cycles:g}, expected 0 to 1,000,000 full cycles")


def asset_numbers(asked: AssetAsked, currency: str | None) -> tuple[dict[str, Any], str | None]:
    """What the options alone say of the asset [MW, MWh, ratio, currency/MWh], and the currency of its costs.

    Raises
    ------
    InputError, UnitError
        A number is missing, has another unit, is a range, or is below 0.
    """
    read: dict[str, Any] = {}
    for option, unit, field in (
        ("power", "MW", "power"),
        ("energy", "MWh", "energy"),
        ("discharge_power", "MW", "discharge_power"),
        ("efficiency_charge", "ratio", "efficiency_charge"),
        ("efficiency_discharge", "ratio", "efficiency_discharge"),
        ("start", "ratio", "start_fraction"),
        ("end", "ratio", "end_fraction"),
        ("self_discharge", "ratio/hour", "self_discharge"),
        ("auxiliary_load", "MW", "auxiliary_load"),
    ):
        text = getattr(asked, option)
        if text is None and asked.asset is None and option in ("power", "energy"):
            raise InputError(f"{_named(option)} is missing; give it as in '{_named(option)} {_EXAMPLES[unit]}'")
        if text is not None:
            read[field] = magnitude(_named(option), text, unit)
    for option in ("throughput_cost", "terminal_value"):
        text = getattr(asked, option)
        if text is not None:
            read[option], currency = money(_named(option), text, currency)
    if read.get("throughput_cost", 0.0) < 0.0:
        raise InputError(f"--throughput-cost '{asked.throughput_cost}' is below 0, expected 0 or more")
    for option in ("cycles_per_year", "cycles_per_day", "mode"):
        if getattr(asked, option) is not None:
            read[option] = getattr(asked, option)
    if asked.cyclic:
        read["cyclic"] = True
    return read, currency


def whole_asset(asked: AssetAsked, said: dict[str, Any], series: PriceSeries) -> tuple[Asset, GivenAsset | None]:
    """The asset over the steps of the prices: that of the file, with what the options say in its place.

    Raises
    ------
    InputError, StudyError, PriceError
        As ``given_asset``.
    """
    if asked.asset is None:
        ends = {} if asked.cyclic else {"start_fraction": 0.5, "end_fraction": 0.5}
        return cast("Asset", {**ends, **said}), None
    from cell2grid.cli.assets import given_asset

    given = given_asset(asked.asset, series, unit=asked.unit)
    numbers: dict[str, Any] = dict(given.numbers)
    for field in said:
        for replaced in _REPLACED.get(field, ()):
            numbers.pop(replaced, None)
    return cast("Asset", {**numbers, **said}), given


def magnitude(option: str, text: str, unit: str) -> float:
    """The one number in ``unit``, 0 or more, that an option gives.

    Raises
    ------
    InputError, UnitError
        It is missing, a range, below 0, or of another kind.
    """
    from cell2grid.units import parse_magnitude

    example = _EXAMPLES[unit]
    if not text.strip():
        raise InputError(f"{option} is missing; give it as in '{option} {example}'")
    try:
        given = parse_magnitude(text)
        if given.unit == "ratio" and unit != "ratio" and given.mode != 0.0:
            raise UnitError(f"'{text}' has no unit")
        found = given if given.unit == "ratio" else given.to(unit)
    except UnitError as error:
        message = error.message.partition("; write")[0]
        raise UnitError(f"{message}; write it as in '{option} {example}'", where=option) from None
    if found.low != found.high:
        raise InputError(f"'{text}' is a range, expected one number, as in '{option} {example}'", where=option)
    if found.mode < 0.0:
        raise InputError(f"'{text}' is below 0, expected 0 or more, as in '{option} {example}'", where=option)
    return found.mode


def money(option: str, text: str, prices_in: str | None) -> tuple[float, str | None]:
    """The money per MWh that an option gives, which may be below 0, and the currency of the prices if either is said.

    Raises
    ------
    InputError, UnitError
        It is a range, no money per energy, or in another currency.
    """
    from cell2grid.units import convert, currency, parse_magnitude

    example = f"'{option} 2{prices_in or 'USD'}/MWh'"
    try:
        given = parse_magnitude(text)
    except UnitError as error:
        message = error.message.partition("; write")[0]
        raise UnitError(f"{message}; write it as in {example}", where=option) from None
    if given.low != given.high:
        raise InputError(f"{option} '{text}' is a range, expected one number, as in {example}")
    if given.unit == "ratio":
        return given.mode, prices_in
    paid_in = currency(given.unit)
    if paid_in is None or (prices_in is not None and paid_in != prices_in):
        raise UnitError(
            f"{option} is in {given.unit}, expected {prices_in or 'a currency'}/MWh; give both in one currency"
        )
    try:
        return convert(given.mode, given.unit, f"{paid_in}/MWh"), paid_in
    except UnitError as error:
        raise UnitError(f"{error.message}; as in '{option} 2{paid_in}/MWh'", where=option) from None


def _named(option: str) -> str:
    return f"--{option.replace('_', '-')}"
