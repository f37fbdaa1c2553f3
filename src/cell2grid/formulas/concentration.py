"""How concentrated a market is: the share of the largest four firms, and the index of Herfindahl and Hirschman.

Where only a part of the market is known by name, both have a low and a high end. What counts as concentrated is a
matter of law and stands in a data file of ``run/owners``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cell2grid.errors import InputError

_ROUNDING = 1e-9
LARGEST = 4


@dataclass(frozen=True, slots=True)
class Concentration:
    """Both measures with their ends: ``ratio`` (CR4) [ratio], ``index`` (HHI) from 0 to 10,000."""

    ratio_low: float
    ratio_high: float
    index_low: float
    index_high: float


def concentration(
    shares: Sequence[float], *, largest_unknown: float | None = None, unknown_may_be_named: bool = False
) -> Concentration:
    """CR4 and HHI of firms with these shares of a market [ratio]; what they leave of it is unknown.

    At the low end the unknown part belongs to countless small firms. At the high end it is as concentrated as it can
    be: that of the largest named firm where it ``unknown_may_be_named``; else of firms no larger than
    ``largest_unknown``, as where all firms above it are named; else of one firm.

    Raises
    ------
    InputError
        A share is negative or no number, or they add up to more than 1.

    >>> found = concentration([0.4, 0.3, 0.1], largest_unknown=0.1)
    >>> round(found.index_low, 6), round(found.index_high, 6), round(found.ratio_low, 6), round(found.ratio_high, 6)
    (2600.0, 2800.0, 0.8, 0.9)
    """
    for share in shares:
        if not math.isfinite(share) or share < 0.0:
            raise InputError(f"share {share} is no part of a market; write a number from 0 to 1")
    known = sum(shares)
    if known > 1.0 + _ROUNDING:
        raise InputError(f"shares add up to {known:.6g}, above 1; correct one")
    if largest_unknown is not None and not largest_unknown > 0.0:
        raise InputError(f"largest_unknown is {largest_unknown}, expected above 0; leave it out where it is not known")
    unknown = max(1.0 - known, 0.0) if known < 1.0 - _ROUNDING else 0.0
    whole = _with_unknown(list(shares), unknown, largest_unknown, unknown_may_be_named)
    return Concentration(_ratio(shares), _ratio(whole), _index(shares), _index(whole))


def _with_unknown(shares: list[float], unknown: float, largest: float | None, named: bool) -> list[float]:
    """All shares where the unknown part is as concentrated as it can be."""
    if unknown <= 0.0:
        return shares
    if named and shares:
        ordered = sorted(shares, reverse=True)
        return [ordered[0] + unknown, *ordered[1:]]
    if largest is None or largest >= unknown:
        return [*shares, unknown]
    firms = min(int(unknown / largest + _ROUNDING), 1_000_000)
    return [*shares, *[largest] * firms, max(unknown - firms * largest, 0.0)]


def _ratio(shares: Sequence[float]) -> float:
    return min(sum(sorted(shares, reverse=True)[:LARGEST]), 1.0)


def _index(shares: Sequence[float]) -> float:
    return min(10_000.0 * math.fsum(share * share for share in shares), 10_000.0)
