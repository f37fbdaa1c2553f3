"""The figure in a claim as arithmetic needs it: a point, the interval its words allow, half its last printed digit.

``over 22,340`` is the point 22,340 with an interval above it; ``1.22 million`` is a point whose last printed digit is
worth 10,000, so rounding leaves it 5,000 either way. Sums, products and quotients carry all three along. Which
figures belong together is decided in ``matching.py`` and ``scope.py``; the formulas are on the page
``docs/formulation/checks.md``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cell2grid import units
from cell2grid.errors import UnitError
from cell2grid.evidence.records import Claim, Verdict

_PRINTED = re.compile(r"\d{1,30}(?:[,\u00a0\u202f '’]\d{3})*(?:\.\d{1,20})?")
_NOISE = 1e-9
# numbers that are written in words: a four-hour battery
_COUNTED_IN_WORDS = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with the interval [low, high] that its words allow and half its last digit, ``rounding``."""

    value: float
    low: float
    high: float
    rounding: float

    @property
    def approximate(self) -> bool:
        """Whether the words allow more than one value."""
        return self.low != self.high

    def times(self, factor: float) -> Figure:
        """The figure in a unit of another size."""
        low, high = sorted((_product(self.low, factor), _product(self.high, factor)))
        return Figure(self.value * factor, low, high, self.rounding * abs(factor))


def figure(claim: Claim, unit: str | None = None) -> Figure | None:
    """The figure of a claim in ``unit`` (its own where not given), or None where it has none in that unit.

    >>> from cell2grid.evidence.records import Claim
    >>> page = {"document": "d", "story": "s", "frame": "f", "quote": "", "start": 0, "end": 9}
    >>> said = {"value_text": "1.22 million", "value_start": 0, "value_end": 9, "value": 1220000.0}
    >>> claim = Claim(measure="exports", subject="X", low=None, high=None, unit="vehicle", **page, **said)
    >>> figure(claim).rounding
    5000.0
    """
    found = _as_said(claim.value, claim.low, claim.high, claim.approx, claim.value_text, claim.unit == "percent")
    if found is None or unit is None or unit == claim.unit:
        return found
    factor = worth(claim.unit, unit)
    return None if factor is None else found.times(factor)


@lru_cache(maxsize=262144)
def _as_said(
    value: float | None, low: float | None, high: float | None, approx: str | None, text: str, is_percent: bool
) -> Figure | None:
    point = value
    if point is None and low is not None and high is not None:
        point = low + (high - low) / 2
    if point is None or not math.isfinite(point):
        return None
    exact = approx is None and value is not None
    if exact or (low is None and high is None):
        low = high = point
    low = -math.inf if low is None else low
    high = math.inf if high is None else high
    # words of approximation in front of a number in words say all that is left open
    spoken = is_percent and low == high
    return Figure(point, min(low, point), max(high, point), _rounding(text, value, spoken))


@lru_cache(maxsize=65536)
def worth(unit: str, to: str) -> float | None:
    """How many of ``to`` one ``unit`` is, or None where the two measure different things.

    A noun that ``units.txt`` does not list is only worth itself.

    >>> worth("GWh", "MWh"), worth("MWh", "vehicle"), worth("parrot", "parrot")
    (1000.0, None, 1.0)
    """
    if unit == to:
        return 1.0
    try:
        return units.convert(1.0, unit, to)
    except UnitError:
        return None


@lru_cache(maxsize=65536)
def kind(unit: str) -> str:
    """One unit for all that measure the same thing, to index by.

    >>> kind("GWh") == kind("kWh"), kind("MW") == kind("MWh/year"), kind("parrot")
    (True, False, 'parrot')
    """
    above, per = parts(unit)
    if is_money(unit):
        return unit
    for base in ("MWh", "MW", "tonne", "ratio", "metre", "square_metre"):
        if worth(above, base) is not None:
            above = base
            break
    return f"{above}/{per}" if per else above


def parts(unit: str) -> tuple[str, str]:
    """What is above and what is below the bar.

    >>> parts("system/year"), parts("MWh")
    (('system', 'year'), ('MWh', ''))
    """
    above, _, per = unit.partition("/")
    return above, per


def is_money(unit: str) -> bool:
    """Whether the unit is a currency, by itself or for something.

    >>> is_money("USD"), is_money("EUR/kWh"), is_money("MWh")
    (True, True, False)
    """
    above = parts(unit)[0]
    return len(above) == 3 and above.isalpha() and above.isupper()


def is_noun(unit: str) -> bool:
    """Whether the unit counts things: it is no energy, power, mass, share, time, length or money.

    >>> is_noun("vehicle"), is_noun("MWh"), is_noun("EUR")
    (True, False, False)
    """
    measures = ("MWh", "MW", "tonne", "ratio", "hour", "metre", "square_metre")
    return bool(unit) and not is_money(unit) and all(worth(unit, other) is None for other in measures)


def total(figures: Sequence[Figure]) -> Figure:
    """The sum."""
    return Figure(
        math.fsum(each.value for each in figures),
        sum(each.low for each in figures),
        sum(each.high for each in figures),
        math.fsum(each.rounding for each in figures),
    )


def product(one: Figure, other: Figure) -> Figure:
    """The product; half digits add as |a| db + |b| da + da db."""
    corners = [_product(a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
    rounding = abs(one.value) * other.rounding + abs(other.value) * one.rounding + one.rounding * other.rounding
    return Figure(one.value * other.value, min(corners), max(corners), rounding)


def quotient(above: Figure, below: Figure) -> Figure | None:
    """The quotient of two figures that are not negative, or None where the lower one may be zero.

    ``rounding`` is the larger distance to (a - da) / (b + db) and (a + da) / (b - db).
    """
    if above.value < 0 or below.value - below.rounding <= 0 or below.low <= 0:
        return None
    value = above.value / below.value
    least = max(above.value - above.rounding, 0.0) / (below.value + below.rounding)
    most = (above.value + above.rounding) / (below.value - below.rounding)
    low = max(above.low, 0.0) / below.high if below.high < math.inf else 0.0
    return Figure(value, low, above.high / below.low, max(value - least, most - value))


def difference(one: Figure, other: Figure) -> Figure:
    """The first less the second; half digits add."""
    return Figure(one.value - other.value, one.low - other.high, one.high - other.low, one.rounding + other.rounding)


def less(figure: Figure, number: float) -> Figure:
    """The figure less an exact number."""
    return Figure(figure.value - number, figure.low - number, figure.high - number, figure.rounding)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A stated figure against a computed one.

    ``tolerance`` is how far the two may lie apart on the side on which they do; None where words such as ``over``
    leave that side open.
    """

    residual: float
    tolerance: float | None
    verdict: Verdict


def compare(stated: Figure, computed: Figure) -> Comparison:
    """How the two agree.

    They hold where they are equal or an approximation covers the difference; it is rounding where the printed digits
    do; else they fail.
    """
    residual = stated.value - computed.value
    rounding = stated.rounding + computed.rounding
    noise = _NOISE * max(abs(stated.value), abs(computed.value))
    # how far the words let the stated figure lie above the computed one, and below it
    above = (stated.value - stated.low) + (computed.high - computed.value)
    below = (stated.high - stated.value) + (computed.value - computed.low)
    if abs(residual) <= noise:
        return Comparison(0.0, bound(min(above, below) + rounding), Verdict.HOLDS)
    gap = max(stated.low - computed.high, computed.low - stated.high)
    if gap <= noise and (stated.approximate or computed.approximate):
        verdict = Verdict.HOLDS
    else:
        verdict = Verdict.ROUNDING if gap <= rounding + noise else Verdict.FAILS
    return Comparison(clean(residual), bound((above if residual > 0 else below) + rounding), verdict)


def clean(value: float) -> float:
    """The value without the last digits, which are noise of binary arithmetic."""
    return float(f"{value:.12g}")


def printed(value: float) -> str:
    """The value as an equation shows it.

    >>> printed(40_000_000.0), printed(3.9), printed(0.1 + 0.2)
    ('40,000,000', '3.9', '0.3')
    """
    return f"{clean(value):,.12g}"


def bound(value: float) -> float | None:
    """The value, or None where there is no bound."""
    return clean(value) if math.isfinite(value) else None


def _rounding(text: str, value: float | None, is_percent: bool) -> float:
    """Half the last printed digit, in the unit of the value; for words without digits what such words leave open."""
    match = _PRINTED.search(text)
    if value is None:
        return 0.0
    if match is None:
        return _spoken(value, is_percent)
    digits = re.sub(r"[^\d.]", "", match.group())
    printed = float(digits)
    decimals = len(digits.partition(".")[2])
    magnitude = abs(value) / printed if printed else 1.0
    # a magnitude word multiplies by a power of ten; anything else means that other digits were meant
    if not math.isfinite(magnitude) or magnitude <= 0 or abs(math.log10(magnitude) % 1 - 0.5) < 0.499999:
        return 0.0
    return 0.5 * float(f"1e{-decimals}") * magnitude


def _spoken(value: float, is_percent: bool) -> float:
    """What a number in words leaves open: half of a small count, half a twentieth of a fraction such as a third."""
    if is_percent:
        return 2.5 if value else 0.0
    return 0.5 if 1 <= abs(value) <= _COUNTED_IN_WORDS and float(value).is_integer() else 0.0


def _product(one: float, other: float) -> float:
    return 0.0 if 0.0 in (one, other) else one * other
