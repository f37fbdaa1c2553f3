"""How a plant and its prices follow the size of what it makes, what its yields lose, and how cost falls with output.

The structure is that of BatPaC (Knehr and others 2022, doi:10.2172/1877590).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike


def scaled(base: Numbers, ratio: Numbers, exponent: Numbers) -> Floats:
    """Labour, capital or floor of a step at ``ratio`` times the rate of the baseline plant.

    x = base ratio^exponent.

    >>> float(scaled(100.0, 4.0, 0.5))
    200.0
    """
    found: Floats = np.asarray(base, np.float64) * np.asarray(ratio, np.float64) ** np.asarray(exponent, np.float64)
    return found


def unit_price(price: Numbers, ratio: Numbers, exponent: Numbers) -> Floats:
    """The price of a part that is bought ``ratio`` times as often as for the baseline plant.

    What it costs in a year grows as ratio^exponent, so that price = base ratio^(exponent − 1).

    >>> float(unit_price(8.0, 4.0, 0.5))
    4.0
    """
    return scaled(price, ratio, np.asarray(exponent, np.float64) - 1.0)


def passed(yields: Iterable[Numbers]) -> Floats:
    """The part of what is put in that is good after all these yields [ratio].

    >>> float(passed([0.5, 0.5]))
    0.25
    """
    part = np.ones(())
    for one in yields:
        part = part * np.asarray(one, np.float64)
    return np.asarray(part, np.float64)


def bought(amount: Numbers, part: Numbers, reused: Numbers = 0.0) -> Floats:
    """What must be bought for each kWh of good cells, where ``part`` of what is put in ends in them.

    Of what is put in, amount / part, ``reused`` comes back in the plant.

    >>> float(bought(1.0, 0.5)), float(bought(1.0, 0.5, 0.75))
    (2.0, 0.5)
    """
    found: Floats = np.asarray(amount, np.float64) / np.asarray(part, np.float64)
    return found * (1.0 - np.asarray(reused, np.float64))


def scrap_credit(amount: Numbers, part: Numbers, price: Numbers, recovered: Numbers, worth: Numbers) -> Floats:
    """What recycling of scrap brings for each kWh of good cells.

    credit = amount (1 / part − 1) recovered worth price.

    >>> float(scrap_credit(1.0, 0.5, 10.0, 0.8, 0.5))
    4.0
    """
    lost = np.asarray(amount, np.float64) * (1.0 / np.asarray(part, np.float64) - 1.0)
    found: Floats = lost * np.asarray(recovered, np.float64) * np.asarray(worth, np.float64)
    return found * np.asarray(price, np.float64)


def learning_factor(rate: Numbers, made: Numbers, before: Numbers) -> Floats:
    """What cost has become when ``made`` has been made in all, as a part of what it was at ``before``.

    factor = (1 − rate)^log2(made / before): each doubling takes ``rate`` (Ziegler and Trancik 2021,
    doi:10.1039/D0EE02681F, 20 % for all types of lithium-ion cells).

    >>> float(learning_factor(0.2, 4.0, 1.0).round(12))
    0.64
    """
    doublings = np.log2(np.asarray(made, np.float64) / np.asarray(before, np.float64))
    found: Floats = (1.0 - np.asarray(rate, np.float64)) ** doublings
    return found
