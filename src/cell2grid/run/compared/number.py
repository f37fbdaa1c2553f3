"""What a number of a comparison is of, and the stretches of time that it is of: each year, and the whole horizon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHOLE = "all"  # of periods, sides, and entities taken together
HOME, ABROAD = "home", "abroad"


class Number(NamedTuple):
    """What a number is of.

    ``kind`` is market, firm, plant or all; ``market`` and ``product`` are empty where several are taken together.
    ``side`` of what a firm sells is home in markets of the region where it is at home, of what its plants do where they
    stand there; else abroad, or all of both.
    """

    variable: str
    kind: str
    entity: str
    market: str
    product: str
    side: str
    period: str
    unit: str


Numbers: TypeAlias = "Iterator[tuple[Number, NDArray[np.float64]]]"


def stretches(labels: Sequence[str], weight: NDArray[np.float64]) -> list[tuple[str, NDArray[np.float64]]]:
    """Each year of the labels and the whole of them, with the weights of the labels within it.

    >>> stretches(["2030-12", "2031-01"], np.array([1.0, 1.0]))
    [('2030', array([1., 0.])), ('2031', array([0., 1.])), ('all', array([1., 1.]))]
    """
    years = [label[:4] for label in labels]
    found = [(year, np.where([label == year for label in years], weight, 0.0)) for year in dict.fromkeys(years)]
    return [*found, (WHOLE, weight)]


def mean_over(values: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weighted mean over the last axis of the terms that have a value; missing where none has.

    >>> mean_over(np.array([[1.0, 3.0, np.nan]]), np.array([1.0, 1.0, 1.0]))
    array([2.])
    """
    known = ~np.isnan(values) & (weight > 0.0)
    total = np.where(known, weight, 0.0).sum(axis=-1)
    above = np.where(known, values * weight, 0.0).sum(axis=-1)
    found: NDArray[np.float64] = np.divide(above, total, out=np.full_like(above, np.nan), where=total > 0.0)
    return found


def ratio_over(
    above: NDArray[np.float64], below: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weighted sums over the last axis by each other; missing where the lower one is nothing.

    >>> ratio_over(np.array([[1.0, 2.0]]), np.array([[4.0, 2.0]]), np.array([1.0, 1.0]))
    array([0.5])
    """
    known = np.isfinite(below) & np.isfinite(above) & (weight > 0.0)
    high = np.where(known, above * weight, 0.0).sum(axis=-1)
    low = np.where(known, below * weight, 0.0).sum(axis=-1)
    found: NDArray[np.float64] = np.divide(high, low, out=np.full_like(high, np.nan), where=low > 0.0)
    return found


def sides_of(home: str | None, regions: Sequence[str]) -> list[tuple[str, list[int]]]:
    """The places of regions at home, abroad, and of all; all alone where a firm is at home nowhere.

    >>> sides_of("CN", ["CN", "AU"])
    [('all', [0, 1]), ('home', [0]), ('abroad', [1])]
    """
    found = [(WHOLE, list(range(len(regions))))]
    if home is not None:
        found.append((HOME, [place for place, region in enumerate(regions) if region == home]))
        found.append((ABROAD, [place for place, region in enumerate(regions) if region != home]))
    return [(side, inside) for side, inside in found if inside]
