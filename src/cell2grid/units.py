"""Quantities at the door: a number, a range or a distribution of numbers, with a unit that cell2grid knows.

The number is read by a fixed grammar (that of distributions is in ``distributions.py``) and the unit by a second one;
only then does pint, on the definitions in ``units.txt``, say what the unit is worth. Each currency and each counted
noun is a dimension of its own. Exchange rates are dated facts of a study and live there, not here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from cell2grid.distributions import Distribution, parse_distribution
from cell2grid.errors import UnitError

if TYPE_CHECKING:
    import pint

# '.93' is a number, but not behind another point: '0...5' may be meant as a range
_NUMBER = r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d{1,30})(?:\.\d{1,30})?|(?<!\.)\.\d{1,30})(?:[eE][+-]?\d{1,3})?"
_MAGNITUDE = re.compile(rf"\s*({_NUMBER})(?:\s*\.\.\s*({_NUMBER}))?(?:\s*\.\.\s*({_NUMBER}))?\s*(.*?)\s*")
_UNIT = re.compile(r"[A-Za-z][A-Za-z_0-9]{0,30}(?:[/*][A-Za-z][A-Za-z_0-9]{0,30}){0,4}")
_LONGEST = 200
_LONGEST_NAMED = 2000
PLACEHOLDER = "item"
_WORDS_FOR_POWERS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}


@dataclass(frozen=True, slots=True)
class Magnitude:
    """A number or a distribution of numbers, and its unit as spelled by ``canonical``.

    ``low`` = ``mode`` = ``high`` for one number. Else nothing is ever drawn outside ``low`` to ``high``, and ``mode``
    is what stands for all of it in a middle case: the mode where one was written, else the median.
    """

    low: float
    mode: float
    high: float
    unit: str
    distribution: Distribution | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """The two numbers to which a figure is moved by itself; see ``Distribution.ends``."""
        return (self.low, self.high) if self.distribution is None else self.distribution.ends

    def to(self, unit: str) -> Magnitude:
        """The same magnitude in another unit of the same kind.

        >>> parse_magnitude("10000 system/year").to("item/month").mode
        833.3333333333333
        """
        low, mode, high = (convert(value, self.unit, unit) for value in (self.low, self.mode, self.high))
        # units differ by a factor alone: degrees are told on one scale only
        there = None if self.distribution is None else self.distribution.scaled(convert(1.0, self.unit, unit))
        return Magnitude(low, mode, high, unit, there)


def parse_magnitude(text: str, *, unit: str | None = None) -> Magnitude:
    """The magnitude that ``text`` spells: ``3.9 MWh/system``, ``24 .. 36 month``, ``normal(120, 10) MW``.

    Parameters
    ----------
    text
        A number, ``low .. high`` (uniform), ``low .. mode .. high`` (triangular) or a distribution by its name, then a
        unit (``ratio`` where there is none).
    unit
        Convert to this unit; a unit of another kind is an error.

    Raises
    ------
    UnitError
        The text has another form, the number is not finite, the range falls, the distribution cannot be, or the unit is
        not known.

    >>> parse_magnitude("100MW", unit="MW").mode
    100.0
    >>> parse_magnitude("pert(20, 24, 48) month", unit="year").mode
    2.0
    """
    named = parse_distribution(text) if len(text) <= _LONGEST_NAMED else None
    magnitude = _numeric(text) if named is None else _distributed(*named)
    return magnitude if unit is None else magnitude.to(unit)


def _distributed(distribution: Distribution, unit: str) -> Magnitude:
    low, high = distribution.support
    return Magnitude(low, min(max(distribution.middle, low), high), high, canonical(unit or "ratio"), distribution)


def _numeric(text: str) -> Magnitude:
    """One number, or a range of two or three."""
    match = _MAGNITUDE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise UnitError(f"'{text[:60]}' is not a quantity; write a number, then a unit, as in '3.9 MWh/system'")
    numbers = [float(part.replace(",", "")) for part in match.group(1, 2, 3) if part is not None]
    if not all(math.isfinite(number) for number in numbers):
        raise UnitError(f"'{text[:60]}' is not finite; write an ordinary number")
    if numbers != sorted(numbers):
        raise UnitError(f"range '{text[:60]}' falls; write the lowest number first")
    low, high = numbers[0], numbers[-1]
    mode = numbers[1] if len(numbers) == 3 else low + (high - low) / 2
    kind = {2: "uniform", 3: "triangular"}.get(len(numbers))
    distribution = None if kind is None else Distribution(kind, tuple(numbers))
    return Magnitude(low, mode, high, canonical(match.group(4) or "ratio"), distribution)


@lru_cache(maxsize=4096)
def canonical(unit: str) -> str:
    """The unit spelled our way: no spaces, ``percent`` for ``%``, counted nouns in the singular.

    Raises
    ------
    UnitError
        The unit has another form, or a name in it is not in ``units.txt``.

    >>> canonical("systems / year")
    'system/year'
    """
    text = unit.replace("%", "percent").replace(" ", "")
    text = f"ratio{text}" if text.startswith("/") else text
    if not _UNIT.fullmatch(text):
        raise UnitError(f"'{unit[:60]}' is not a unit; write names joined by '/', as in 'USD/kW/year'")
    return "".join(part if part in "/*" else _name(part) for part in re.split(r"([/*])", text))


def convert(value: float, unit: str, to: str) -> float:
    """``value`` of ``unit`` in the unit ``to``; ``item`` in ``to`` stands for whichever noun ``unit`` counts.

    Raises
    ------
    UnitError
        The two are not of one kind, as systems and vehicles, or CNY and USD, are not.

    >>> convert(39.0, "GWh/year", "MWh/year")
    39000.0
    """
    if unit == to:
        return value
    factor, kind = _worth(unit)
    target_factor, target_kind = _worth(to)
    if kind != target_kind and not _fits_item(kind, to):
        raise UnitError(
            f"'{unit}' cannot be turned into '{to}': they measure different things{_hint(kind, target_kind)}"
        )
    return value * (factor / target_factor)


def same_kind(unit: str, other: str) -> bool:
    """Whether the two units measure the same thing (``item`` matches any counted noun)."""
    kind, other_kind = _worth(unit)[1], _worth(other)[1]
    return kind == other_kind or _fits_item(kind, other) or _fits_item(other_kind, unit)


def counted_noun(unit: str) -> str | None:
    """The noun that the unit counts, or None.

    >>> counted_noun("system/year"), counted_noun("MWh")
    ('system', None)
    """
    nouns = [name.removeprefix("[count_").removesuffix("]") for name in _worth(unit)[1] if name.startswith("[count_")]
    return nouns[0] if len(nouns) == 1 else None


def currency(unit: str) -> str | None:
    """The currency in the unit, or None.

    >>> currency("USD/kWh")
    'USD'
    """
    for name in _worth(unit)[1]:
        if name.startswith("[currency_"):
            return name.removeprefix("[currency_").removesuffix("]")
    return None


def written(value: float, decimals: int) -> str:
    """The number with so many decimals, and with more (at most eight) where it would show fewer than two figures.

    >>> written(20120.0, 2), written(0.1634, 2), written(0.00402, 2), written(0.0, 1), written(-1e-12, 1)
    ('20,120.00', '0.16', '0.0040', '0.0', '0.0')
    """
    if 5e-9 <= abs(value) < 1.0:
        decimals = min(max(decimals, 1 - math.floor(math.log10(abs(value)))), 8)
    text = f"{value:,.{decimals}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


@cache
def names() -> frozenset[str]:
    """Every name of ``units.txt``, long and short."""
    lines = resources.files("cell2grid").joinpath("units.txt").read_text(encoding="utf-8").splitlines()
    found = set()
    for line in lines:
        name, *rest = (part.strip() for part in line.split("#")[0].split("="))
        if name:
            found.update([name, *rest[1:]])
    return frozenset(found)


def _name(name: str) -> str:
    if name in names():
        return _short().get(name, name)
    if name.endswith("s") and name[:-1] in names():
        return _short().get(name[:-1], name[:-1])
    raise UnitError(f"unit '{name}' is not known{_scaled(name) or _near(name)}; units.txt lists the units that are")


def _scaled(name: str) -> str:
    """What to write for a number that stands in words, as in ``20 billion USD``; nothing where none does."""
    power = next((power for word, power in _WORDS_FOR_POWERS.items() if name.lower().startswith(word)), None)
    return "" if power is None else f" (in place of the word write 'e{power}' behind the number, as in '20e{power}')"


def _near(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, names(), n=1, cutoff=0.6)
    return f" (did you mean '{near[0]}'?)" if near else ""


@cache
def _short() -> Mapping[str, str]:
    """Long names of energy, power, mass and length to the symbols that people write."""
    lines = resources.files("cell2grid").joinpath("units.txt").read_text(encoding="utf-8").splitlines()
    short = {}
    for line in lines:
        name, *rest = (part.strip() for part in line.split("#")[0].split("="))
        if len(rest) > 1 and name not in {"hour", "second", "minute"}:
            short[name] = rest[1]
    return {**short, "h": "hour", "s": "second", "min": "minute"}


@cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint

    path = resources.files("cell2grid").joinpath("units.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    return pint.UnitRegistry(lines, on_redefinition="raise")


@lru_cache(maxsize=4096)
def _worth(unit: str) -> tuple[float, Mapping[str, float]]:
    """The unit's worth in root units, and its dimensions with their powers."""
    root = _registry().Quantity(1.0, canonical(unit)).to_root_units()
    kind = {str(name): float(str(power)) for name, power in root.dimensionality.items()}
    return float(root.magnitude), kind


def _fits_item(kind: Mapping[str, float], unit: str) -> bool:
    """Whether ``unit`` counts items, and is of this kind once every noun is an item (module/pack is item/item)."""
    if PLACEHOLDER not in re.split(r"[/*]", canonical(unit)):
        return False
    return _any_noun(kind) == _any_noun(_worth(unit)[1])


def _any_noun(kind: Mapping[str, float]) -> Mapping[str, float]:
    powers: dict[str, float] = {}
    for name, power in kind.items():
        key = f"[count_{PLACEHOLDER}]" if name.startswith("[count_") else name
        powers[key] = powers.get(key, 0.0) + power
    return {name: power for name, power in powers.items() if power}


def _hint(kind: Mapping[str, float], other: Mapping[str, float]) -> str:
    both = {*kind, *other}
    if sum(name.startswith("[currency_") for name in both) > 1:
        return "; give a dated exchange rate in the study"
    if "[energy]" in both and any(name.startswith("[count_") for name in both):
        return "; give the product's energy per item"
    return ""
