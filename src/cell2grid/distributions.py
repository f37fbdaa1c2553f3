"""Distributions as a quantity writes them: the names, the numbers each takes, and what is left when these cannot be.

``uniform(a, b)``, ``triangular(a, m, b)``, ``pert(a, m, b)``, ``normal(mean, sd)`` and ``lognormal(mean, sd)``, both
also with ``low, high`` to cut them, and ``empirical(…)``. Units are in ``units.py``, quantiles for draws in
``formulas/draws.py``, which agrees with ``quantile`` here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from statistics import NormalDist
from types import MappingProxyType

from cell2grid.errors import UnitError

NUMBER = r"[+-]?(?:\d{1,30}(?:\.\d{1,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?"
# the share below which, and above one minus which, nothing is drawn: the distance of the numbers in [0, 1) that draws
# are made from, 8.2 standard deviations off the mean of a normal
LEAST_SHARE = 2.0**-53
_LEAST_MASS = 1e-9  # of what is cut that must be left
_MOST_VALUES = 200
_OPEN = re.compile(r"[A-Za-z][A-Za-z_-]{0,30}\s*\([^()]*")
_WORDS = re.compile(r"([A-Za-z][A-Za-z_-]{0,30})\s*\(([^()]*)\)\s*(.*)", re.DOTALL)
# how each is written, by the count of numbers it takes
_FORMS: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "normal": {2: "normal(mean, sd)", 4: "normal(mean, sd, low, high)"},
        "lognormal": {2: "lognormal(mean, sd)", 4: "lognormal(mean, sd, low, high)"},
        "uniform": {2: "uniform(low, high)"},
        "triangular": {3: "triangular(low, mode, high)"},
        "pert": {3: "pert(low, mode, high)"},
        "empirical": {},
    }
)
KINDS = tuple(_FORMS)


@dataclass(frozen=True, slots=True)
class Distribution:
    """How the numbers of a quantity lie: one of ``KINDS``, and its numbers in the order in which they are written.

    >>> Distribution("normal", (10.0, 2.0, 5.0, 15.0)).support
    (5.0, 15.0)
    """

    kind: str
    numbers: tuple[float, ...]

    @property
    def support(self) -> tuple[float, float]:
        """The least and the most that is ever drawn; an open tail ends 8.2 standard deviations off."""
        if self.kind == "empirical":
            return min(self.numbers), max(self.numbers)
        if self.kind not in ("normal", "lognormal"):
            return self.numbers[0], self.numbers[-1]
        uncut = Distribution(self.kind, self.numbers[:2])
        low, high = uncut.quantile(LEAST_SHARE), uncut.quantile(1.0 - LEAST_SHARE)
        if len(self.numbers) == 4:
            least, most = self.numbers[2:]
            return min(max(low, least), most), max(min(high, most), least)
        return low, high

    @property
    def open_tails(self) -> bool:
        """Whether it has a tail that no number in it ends."""
        return self.kind in ("normal", "lognormal") and len(self.numbers) == 2

    @property
    def middle(self) -> float:
        """The written mode of ``triangular`` and ``pert``, the median of all others."""
        if self.kind in ("triangular", "pert"):
            return self.numbers[1]
        return self.quantile(0.5)

    @property
    def ends(self) -> tuple[float, float]:
        """Where one figure is moved to by itself: the ends of ``uniform`` and ``triangular``, else 10 and 90 %.

        >>> Distribution("empirical", (1.0, 2.0, 2.0, 5.0)).ends
        (1.0, 5.0)
        """
        if self.kind in ("uniform", "triangular"):
            return self.support
        return self.quantile(0.1), self.quantile(0.9)

    def scaled(self, factor: float) -> Distribution:
        """The same distribution of numbers that are ``factor`` > 0 times as large."""
        return Distribution(self.kind, tuple(number * factor for number in self.numbers))

    def quantile(self, share: float) -> float:
        """The number below which ``share`` of the draws lie."""
        first, second, *rest = (*self.numbers, 0.0)
        if self.kind == "empirical":
            return sorted(self.numbers)[min(int(share * len(self.numbers)), len(self.numbers) - 1)]
        if self.kind == "uniform":
            return first + share * (second - first)
        if self.kind == "triangular":
            return _triangular(share, first, second, rest[0])
        if self.kind == "pert":
            from scipy.special import betaincinv

            if rest[0] == first:
                return first
            shapes = pert_shapes(first, second, rest[0])
            return first + (rest[0] - first) * float(betaincinv(*shapes, share))
        centre, spread, low, high = self.normal_terms()
        value = _normal(share, centre, spread, low, high)
        value = math.exp(min(value, 709.0)) if self.kind == "lognormal" else value
        return min(max(value, self.numbers[2]), self.numbers[3]) if len(self.numbers) == 4 else value

    def normal_terms(self) -> tuple[float, float, float, float]:
        """Mean, standard deviation, lower and upper cut of the normal: of the logarithm where it is ``lognormal``.

        sigma² = ln(1 + (sd/mean)²), mu = ln(mean) - sigma²/2.
        """
        mean, deviation = self.numbers[:2]
        low, high = self.numbers[2:] or (-math.inf, math.inf)
        if self.kind == "normal":
            return mean, deviation, low, high
        ratio = deviation / mean
        variance = math.log1p(ratio**2) if ratio < 1e100 else 2.0 * math.log(ratio)
        low, high = (math.log(cut) if cut > 0.0 else -math.inf for cut in (low, high))
        return math.log(mean) - variance / 2.0, math.sqrt(variance), low, high


def parse_distribution(text: str) -> tuple[Distribution, str] | None:
    """The distribution that ``text`` spells and the words behind it, its unit; None where it spells none.

    Raises
    ------
    UnitError
        The name is not known, or its numbers cannot be.

    >>> parse_distribution("normal(120, 10) system/year")
    (Distribution(kind='normal', numbers=(120.0, 10.0)), 'system/year')
    """
    match = _WORDS.fullmatch(text.strip())
    if match is None:
        if _OPEN.fullmatch(text.strip()):
            raise UnitError(
                f"'{text.strip()[:60]}' ends within its brackets; close them, and put quotes around the text where it"
                ' stands in braces, as in {capacity: "normal(120, 10) MW"}'
            )
        return None
    kind, inside, unit = match.groups()
    if kind not in _FORMS:
        near = get_close_matches(kind.lower(), KINDS, n=1, cutoff=0.5)
        hint = f"did you mean '{near[0]}'?" if near else f"the distributions are {', '.join(KINDS)}"
        raise UnitError(f"'{text[:60]}': distribution '{kind}' is not known; {hint}")
    shown = f"'{text[:80]}'"
    numbers = _numbers(inside, shown)
    _check_count(kind, numbers, shown)
    found = Distribution(kind, numbers)
    _check(found, shown)
    return found, unit


def pert_shapes(low: float, mode: float, high: float) -> tuple[float, float]:
    """The shapes of the beta distribution of a PERT: 1 + 4 (m - a)/(b - a), 1 + 4 (b - m)/(b - a)."""
    rise = (mode - low) / (high - low)
    return 1.0 + 4.0 * rise, 1.0 + 4.0 * (1.0 - rise)


def _numbers(inside: str, shown: str) -> tuple[float, ...]:
    if not inside.strip():
        raise UnitError(f"{shown} has no numbers; write them in the brackets, as in 'empirical(1, 2, 2, 5) day'")
    parts = inside.split(",")
    for part in parts:
        if not re.fullmatch(NUMBER, part.strip()):
            raise UnitError(
                f"{shown}: '{part.strip()[:20]}' is not a number; write numbers with commas between, and the unit"
                " behind the bracket, as in 'normal(120, 10) MW'"
            )
        if re.match(r"[+-]?0\d", part.strip()):
            raise UnitError(f"{shown}: '{part.strip()[:20]}' begins with 0; leave commas out of thousands")
    spaced = {part[:1].isspace() for part in parts[1:]}
    if len(spaced) == 2 and any(re.fullmatch(r"\d{3}(\.\d+)?", part.rstrip()) for part in parts[1:]):
        raise UnitError(
            f"{shown} can be read in two ways; leave commas out of thousands, and write ', ' between numbers"
        )
    numbers = tuple(float(part) for part in parts)
    if not all(math.isfinite(number) for number in numbers):
        raise UnitError(f"{shown} is not finite; write ordinary numbers")
    return numbers


def _check_count(kind: str, numbers: tuple[float, ...], shown: str) -> None:
    forms = _FORMS[kind]
    if forms and len(numbers) not in forms:
        raise UnitError(f"{shown} has {len(numbers)} number(s); write {' or '.join(forms.values())}")
    if len(numbers) > _MOST_VALUES:
        raise UnitError(f"{shown} has {len(numbers)} values, above {_MOST_VALUES}, the most it can have")


def _check(found: Distribution, shown: str) -> None:
    numbers = found.numbers
    if found.kind in ("normal", "lognormal"):
        _check_normal(found, shown)
    elif found.kind != "empirical":
        if numbers[0] > numbers[-1]:
            raise UnitError(f"{shown}: low {numbers[0]:g} is above high {numbers[-1]:g}; write the lowest number first")
        if not numbers[0] <= numbers[1] <= numbers[-1]:
            raise UnitError(
                f"{shown}: mode {numbers[1]:g} is outside {numbers[0]:g} to {numbers[-1]:g}; write low, mode, high"
            )
    if not all(math.isfinite(number) for number in found.support):
        raise UnitError(f"{shown} reaches beyond what a number can be; correct its numbers")


def _check_normal(found: Distribution, shown: str) -> None:
    mean, deviation, *cuts = found.numbers
    if deviation < 0.0:
        raise UnitError(f"{shown}: standard deviation {deviation:g} is below 0, the least it can be; correct it")
    if found.kind == "lognormal" and mean <= 0.0:
        raise UnitError(
            f"{shown}: mean {mean:g} is not above 0, and a lognormal quantity is; write the mean of the quantity itself"
        )
    if not cuts:
        return
    low, high = cuts
    if low > high:
        raise UnitError(f"{shown}: low {low:g} is above high {high:g}; write the lower bound first")
    left = _mass(*found.normal_terms())
    if left < _LEAST_MASS:
        raise UnitError(
            f"{shown}: bounds {low:g} to {high:g} leave {left:.2g} of the distribution, expected {_LEAST_MASS:g} or"
            " more; widen them, or write 'uniform'"
        )


def _mass(centre: float, spread: float, low: float, high: float) -> float:
    """The part of a normal between two cuts."""
    if spread == 0.0:
        return 1.0 if low <= centre <= high else 0.0
    first, last = (low - centre) / spread, (high - centre) / spread
    if first > 0.0:  # the smaller tail is told more exactly
        first, last = -last, -first
    return _below(last) - _below(first)


def _below(score: float) -> float:
    return math.erfc(-score / math.sqrt(2.0)) / 2.0


def _normal(share: float, centre: float, spread: float, low: float, high: float) -> float:
    if spread == 0.0:
        return centre
    first, last = (low - centre) / spread, (high - centre) / spread
    if first > 0.0:
        return 2.0 * centre - _normal(1.0 - share, centre, spread, 2.0 * centre - high, 2.0 * centre - low)
    below, above = _below(first), _below(last)
    part = below + share * (above - below)
    if part > 0.5:  # near 1 the part above is told more exactly
        rest = _below(-last) + (1.0 - share) * (above - below)
        return centre - spread * NormalDist().inv_cdf(max(rest, LEAST_SHARE))
    return centre + spread * NormalDist().inv_cdf(max(part, LEAST_SHARE))


def _triangular(share: float, low: float, mode: float, high: float) -> float:
    width = high - low
    if width == 0.0 or share < (mode - low) / width:
        return low + math.sqrt(share * width * (mode - low))
    return high - math.sqrt((1.0 - share) * width * (high - mode))
