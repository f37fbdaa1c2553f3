"""The units in which files write prices and powers, and exchange rates between currencies.

A header such as ``price [ct/kWh]`` says its unit; where it does not, the caller must. Nothing is guessed: a currency
that differs is converted at a rate that the caller gives with its day, or refused. How money and energy are written
stands in ``price_units.yaml``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from cell2grid.errors import InputError, PriceError

_CODE = re.compile(r"[A-Z]{3}")
_RATE = re.compile(r"(?P<value>\d+(?:\.\d*)?|\.\d+) *(?P<to>[A-Z]{3})/(?P<per>[A-Z]{3})[ @]+(?P<date>\d{4}-\d\d-\d\d)")
_BRACKETS = re.compile(r"\s*[\[(]([^\[\]()]*)[\])]\s*$")


class PriceUnit(NamedTuple):
    """What one unit of a file's prices is worth in the currency per MWh."""

    text: str
    currency: str | None
    factor: float


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """How many of one currency another was worth on a day.

    >>> ExchangeRate.of("1.08 USD/EUR 2025-01-02")
    ExchangeRate(value=1.08, to='USD', per='EUR', day=datetime.date(2025, 1, 2))
    """

    value: float
    to: str
    per: str
    day: date

    @classmethod
    def of(cls, text: str) -> ExchangeRate:
        """The rate that a text such as ``1.08 USD/EUR 2025-01-02`` gives.

        Raises
        ------
        InputError
            It has another form, no day, or is not above 0.
        """
        found = _RATE.fullmatch(text.strip())
        try:
            if found is None:
                raise ValueError
            value, day = float(found["value"]), date.fromisoformat(found["date"])
        except ValueError:
            raise InputError(
                f"exchange rate '{text[:60]}': give the rate, the two currencies and its day, "
                "as in '1.08 USD/EUR 2025-01-02'"
            ) from None
        if not 0.0 < value < 1e9 or found["to"] == found["per"]:
            raise InputError(
                f"exchange rate '{text[:60]}' is {value:g}, expected above 0 and below 1e9, of two currencies"
            )
        return cls(value, found["to"], found["per"], day)

    def __str__(self) -> str:
        return f"{self.value:g} {self.to}/{self.per} of {self.day}"


def price_unit(text: str) -> PriceUnit | None:
    """What a text says of a unit of money per energy, or None where it says none.

    >>> price_unit("ct/kWh").factor, price_unit("EUR/MWh").currency, price_unit("Forecast")
    (10.0, 'EUR', None)
    """
    parts = re.split(r"\s*/\s*|\s+per\s+", text.strip(), maxsplit=1)
    if len(parts) != 2 or len(text) > 40:
        return None
    energy = _words()["energy"].get(parts[1].strip().lower())
    money = _money(parts[0].strip())
    if energy is None or money is None:
        return None
    return PriceUnit(text.strip(), money[0], _rounded(money[1] / energy))


def unit_in(header: str) -> str:
    """What a header says of its unit: the text in brackets at its end, or all of it.

    >>> unit_in("Day ahead (EUR/MWh)"), unit_in("EUR/MWh")
    ('EUR/MWh', 'EUR/MWh')
    """
    found = _BRACKETS.search(header)
    return found[1].strip() if found else header.strip()


def bare(header: str) -> str:
    """A header without the unit in brackets at its end.

    >>> bare("price [EUR/MWh]")
    'price'
    """
    return _BRACKETS.sub("", header).strip()


def conversion(
    header: str, *, unit: str | None, currency: str | None, rate: ExchangeRate | None, where: str
) -> tuple[float, str | None, tuple[str, ...]]:
    """What the prices of a column are multiplied by, the currency they are then in, and what that is in words.

    Raises
    ------
    PriceError
        Header, unit, currency and rate do not fit together.
    """
    check_currency(currency)
    given = _given(unit)
    said = price_unit(unit_in(header))
    if said and given and (said.factor != given.factor or _differ(said.currency, given.currency)):
        raise PriceError(
            f"the header says {said.text}, and the unit given is {given.text}; leave the unit away", where=where
        )
    known = given if given and (said is None or said.currency is None) else said
    factor, held, notes = (known.factor, known.currency, []) if known else (1.0, None, [])
    if known and factor != 1.0:
        notes.append(f"prices in {known.text} are multiplied by {factor:g}, to be per MWh")
    if rate is None:
        if _differ(held, currency):
            raise PriceError(
                f"the prices are in {held}, and {currency} is asked for; give the exchange rate with its day, as in "
                f"'1.08 {currency}/{held} 2025-01-02', or leave the currency away",
                where=where,
            )
        return factor, held or currency, tuple(notes)
    if held is None:
        raise PriceError(f"the currency of the prices is not known; give the unit, as in {rate.per}/MWh", where=where)
    if held != rate.per or _differ(currency, rate.to):
        raise PriceError(
            f"prices in {held} cannot be turned into {currency or rate.to} at {rate}; "
            f"{_other_way(held, currency, rate)}",
            where=where,
        )
    return factor * rate.value, rate.to, (*notes, f"prices in {held} are turned into {rate.to} at {rate}")


def _other_way(held: str, currency: str | None, rate: ExchangeRate) -> str:
    """What rate to give where ``rate`` does not begin at the currency that prices are held in."""
    wanted = currency or (rate.per if rate.to == held else rate.to)
    if (rate.to, rate.per) == (held, wanted):
        return f"it is the other way round: give '{1.0 / rate.value:.6g} {wanted}/{held} {rate.day}'"
    return f"give a rate of {wanted}/{held}"


def check_currency(currency: str | None) -> None:
    """Refuse what is no code of a currency.

    Raises
    ------
    InputError
        It is not three capital letters.
    """
    if currency is not None and not _CODE.fullmatch(currency):
        raise InputError(f"currency '{currency[:20]}' is not a code of ISO 4217; write it as in EUR")


def power_factor(header: str, *, unit: str | None, capacity: float | None, where: str) -> tuple[float, bool]:
    """How many MW one unit of a column of powers is, and whether it is a share of the capacity.

    Raises
    ------
    PriceError
        Neither header, unit nor capacity says what the numbers are, the first two differ, or a share has no capacity.
    """
    words = _words()
    said = unit_in(header).lower()
    if said not in words["power"] and said not in words["share"]:
        said = ""
    given = "" if unit is None else unit.strip().lower()
    if given and given not in words["power"] and given not in words["share"]:
        raise PriceError(f"unit '{unit}' is none of power; give MW, kW, share or percent", where=where)
    if said and given and said != given:
        raise PriceError(f"the header says {said}, and the unit given is {given}; leave the unit away", where=where)
    name = said or given
    if not name and capacity is not None and not _names_unit(header):
        # a capacity says what numbers without a unit are: shares of it
        name = "share"
    if not name:
        other = _BRACKETS.search(header)
        told = "does not say its unit" if other is None else f"is in {unit_in(header)[:20]}, no unit of power"
        raise PriceError(
            f"column '{header[:40]}' {told}; write it in the header, as in '{bare(header)[:40]} [MW]' (kW, share or "
            "percent), or give the capacity that it is a share of: 'capacity: 25 MW' in a file, or --pv-capacity 25MW",
            where=where,
        )
    if name in words["power"]:
        return words["power"][name], False
    if capacity is None or not 0.0 < capacity < math.inf:
        raise PriceError(
            f"column '{header[:40]}' holds shares of a capacity, which is {capacity}; give it in MW, above 0",
            where=where,
        )
    return words["share"][name] * capacity, True


def _names_unit(header: str) -> bool:
    """Whether a header has something in brackets, or ends in a unit of power, as ``pv_kw`` does."""
    last = re.split(r"[\s_.\-]+", header.strip().lower())[-1]
    return _BRACKETS.search(header) is not None or last in _words()["power"]


def _given(unit: str | None) -> PriceUnit | None:
    if unit is None:
        return None
    given = price_unit(unit)
    if given is None:
        raise InputError(f"'{unit[:40]}' is no unit of a price; write it as in EUR/MWh, EUR/kWh or ct/kWh")
    return given


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _money(text: str) -> tuple[str | None, float] | None:
    known = _words()["money"].get(text.lower())
    if known is not None:
        return known[0], float(known[1])
    if _CODE.fullmatch(text):
        return text, 1.0
    hundredth = re.fullmatch(r"([A-Z]{3})[ -]?(?:ct|cents?)", text)
    return (hundredth[1], 0.01) if hundredth else None


def _rounded(factor: float) -> float:
    """The factor without the last bit that 0.01 / 0.001 leaves."""
    return float(f"{factor:.12g}")


@cache
def _words() -> dict[str, Any]:
    import yaml

    text = resources.files("cell2grid.prices").joinpath("price_units.yaml").read_text(encoding="utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    return words
